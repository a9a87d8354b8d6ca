"""Setting factdesk up: the desk's scheme, your keys and settings, completion in the shell."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from tui.commands.command import argument, as_json, command
from tui.commands.common_options import chosen_file, chosen_name
from tui.commands.desks import desk_to_read, desk_to_write
from tui.commands.output import (
    counted,
    listing,
    plain,
    report,
    say,
    show_json,
    show_json_list,
    show_table,
    tell,
    terminal_width,
    write_exactly,
)
from tui.text.table_columns import Head

if TYPE_CHECKING:
    from store.scheme import Scheme, VerdictKind

SCHEME_WORDS = "The name of a scheme that comes with factdesk, or a TOML file."


@command("scheme", "factdesk scheme", "factdesk scheme --json | jq -r '.verdicts[].key'")
@as_json
def scheme(as_json: bool) -> None:
    """Show the desk's verdicts, claim types and review reasons."""
    with desk_to_read() as desk:
        _show_scheme(desk.scheme, as_json)


def _show_scheme(chosen: Scheme, as_json: bool) -> None:
    if as_json:
        show_json(_plain_scheme(chosen))
        return
    say(f"{chosen.label} ({chosen.id}, version {chosen.version})")
    columns = (
        Head("kind"),
        Head("press", right=True),
        Head("key"),
        Head("label"),
        Head("asks for", flexible=True, wrapped=True),
    )
    digits = {kind.key: str(digit) for digit, kind in enumerate(chosen.active[:9], 1)}

    def label(kind: Any) -> str:
        return f"{kind.label} (retired)" if kind.retired else str(kind.label)

    show_table(
        columns,
        [
            *(
                ("verdict", digits.get(kind.key, ""), kind.key, f"{kind.glyph} {label(kind)}", _asks(chosen, kind))
                for kind in chosen.verdicts
            ),
            *(("type", "", kind.key, label(kind), "") for kind in chosen.types),
            *(("reason", "", reason.key, reason.label, "") for reason in chosen.reasons),
        ],
    )


def _plain_scheme(chosen: Scheme) -> dict[str, Any]:
    return {name: value for name, value in plain(chosen).items() if name != "toml"}


def _asks(chosen: Scheme, kind: VerdictKind) -> str:
    """What a verdict requires, without the "…needs" that each of the sentences begins with."""
    return "; ".join(sentence.partition(" needs ")[2] for sentence in chosen.lacks(kind.key, "", []))


@command("scheme list", "factdesk scheme list")
@as_json
def list_schemes(as_json: bool) -> None:
    """List the schemes that come with factdesk."""
    from store.scheme import load, shipped

    heads = (
        Head("name", lambda one: one.id),
        Head("label", lambda one: one.label, flexible=True),
        Head("verdicts", lambda one: ", ".join(kind.key for kind in one.active), flexible=True, wrapped=True),
    )
    listing(heads, map(load, shipped()), as_json, as_plain=_plain_scheme)


@command("scheme show", "factdesk scheme show averitec4", "factdesk scheme show > ours.toml")
@argument("name", SCHEME_WORDS + " Without one: the desk's own.", required=False)
def show_scheme(name: str | None) -> None:
    """Print a scheme as TOML.

    Use it to read a scheme, or to start one of your own.
    """
    from store.scheme import load

    if name is None:
        with desk_to_read() as desk:
            text = desk.scheme.toml
    else:
        text = load(name).toml
    if sys.stdout.isatty():
        tell(text.removesuffix("\n"))
    else:
        write_exactly(text)


@command("scheme check", "factdesk scheme check ours.toml")
@argument("file", "The TOML file.")
def check_scheme(file: str) -> None:
    """Check a scheme file.

    The message names the first fault and its line.
    """
    from store.scheme import load

    found = load(Path(file))
    tell(
        f"{file}: {found.id} version {found.version} is sound: {counted(len(found.verdicts), 'verdict')}, "
        f"{counted(len(found.types), 'claim type')}, {counted(len(found.reasons), 'reason')}."
    )


@command("scheme use", "factdesk scheme use averitec4", "factdesk scheme use ours.toml")
@argument("name", SCHEME_WORDS)
@as_json
def use_scheme(name: str, as_json: bool) -> None:
    """Give the desk another scheme.

    It must have every verdict that is in use, retired if need be.
    """
    from store.scheme import load

    chosen = load(name)
    with desk_to_write(create=True) as desk:
        desk.schemes.use(chosen.toml, name)
        report(_plain_scheme(desk.scheme), as_json, f"{chosen.id} {chosen.label}")


@command("keys", "factdesk keys", "factdesk keys --json | jq '.[] | select(.id == \"tag\")'")
@as_json
def keys(as_json: bool) -> None:
    """List the app's keys, including your own.

    Your own keys are in `keys.toml` in the settings folder; `factdesk keys check` says where that is.
    """
    from tui.keys.actions import ACTIONS
    from tui.keys.keymap import KeyMap, display
    from tui.settings import keys_path
    from tui.text.tables import table_lines

    keymap = KeyMap.load(keys_path())
    for clash in keymap.clashes:
        say(clash)
    if as_json:
        show_json_list({**plain(action), "keys": [display(key) for key in keymap.keys(action)]} for action in ACTIONS)
        return
    width = terminal_width()
    if width is None:
        heads = (Head("where"), Head("keys"), Head("action"), Head("what it does"))
        show_table(heads, ((group.title, *row) for group in keymap.groups() for row in group.rows))
        return
    for group in keymap.groups():
        tell("")
        columns = (Head(group.title, flexible=True), Head(""), Head("", flexible=True, wrapped=True))
        for line in table_lines(columns, group.rows, width):
            tell(line)


@command("keys check", "factdesk keys check", "factdesk keys check ours.toml")
@argument("file", "A TOML file with a [keys] table. Without one: your own keys.toml.", required=False)
@click.pass_context
def check_keys(ctx: click.Context, file: str | None) -> None:
    """Check your key file.

    It reports unknown actions and keys, and keys that mean two things at once.
    """
    from store.errors import Refused
    from tui.keys.keymap import KeyMap
    from tui.settings import keys_path, path_of

    path = path_of(file) if file else keys_path()
    if not path.exists():
        if file:
            raise Refused(f"{path}: there is no such file; check the path.")
        say(f"You have no keys of your own; they would stand in {path}.")
        return
    clashes = KeyMap.load(path).clashes
    for clash in clashes:
        tell(clash)
    if clashes:
        ctx.exit(1)
    tell(f"{path}: all keys are fine.")


@command("config", "factdesk config", "factdesk config theme light", 'factdesk config reviewer "Ana Silva"')
@argument("setting", "Without one: all paths and settings are listed.", required=False)
@argument("value", 'The new value; "" puts the default back. Without one: its value is printed.', required=False)
@as_json
def config(setting: str | None, value: str | None, as_json: bool) -> None:
    """Show where factdesk keeps things and your settings, or change a setting.

    Each line says where the value comes from: an option, a variable of the environment, your file of settings, or
    what is usual.
    """
    from store.errors import Refused
    from tui import settings

    if setting is not None and value is not None:
        kept = settings.parsed(setting, value)
        if setting == "theme":
            from tui.themes import theme_named

            theme_named(str(kept), settings.themes_folder())  # says what is wrong in its file
        settings.save(**{setting: kept})
    rows = settings.standing(chosen_file(), chosen_name())
    if setting is None:
        listing(
            (
                Head("name", lambda row: row.name),
                Head("value", lambda row: row.value, flexible=True, wrapped=True),
                Head("from", lambda row: row.origin),
            ),
            rows,
            as_json,
        )
        return
    row = next((row for row in rows if row.name == setting), None)
    if row is None:
        raise Refused(f"There is no setting “{setting}”: it is one of {', '.join(row.name for row in rows)}.")
    report(row, as_json, row.value)
    if value and row.origin not in ("settings", "default"):
        say(f"Saved in {settings.settings_path()}, but {row.origin} says otherwise here.")


@command("completion", "factdesk completion zsh", "factdesk completion fish | source")
@argument("shell", "bash, zsh or fish.", type=click.Choice(["bash", "zsh", "fish"]), metavar="SHELL")
def completion(shell: str) -> None:
    """Print what makes your shell complete commands, articles, claims, people and verdicts.

    Put `eval "$(factdesk completion bash)"` into ~/.bashrc, the same with zsh into ~/.zshrc, or
    `factdesk completion fish | source` into ~/.config/fish/config.fish.
    """
    from click.shell_completion import get_completion_class

    context = click.get_current_context().find_root()
    made = get_completion_class(shell)
    assert made is not None
    text = made(context.command, {}, "factdesk", "_FACTDESK_COMPLETE").source()
    tell(text.replace(*_WHOLE_WORDS[shell]) if shell in _WHOLE_WORDS else text)


_WHOLE_WORDS = {
    "bash": (
        "COMPREPLY+=($value)",
        """[[ ${COMP_WORDS[COMP_CWORD]} == [\\"\\']* ]] || printf -v value %q "$value"
            COMPREPLY+=("$value")""",
    ),
    "fish": ('string split "," $completion', 'string split -m 1 "," $completion'),
}
"""What Click's scripts lack: names with spaces and commas in them stay one word."""
