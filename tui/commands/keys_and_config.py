"""Your keys and settings, and completion in the shell: keys, config, completion."""

from __future__ import annotations

from typing import TYPE_CHECKING

import click

from tui.commands.command import argument, as_json, command
from tui.commands.common_options import chosen_file, chosen_name
from tui.commands.output import (
    listing,
    plain,
    report,
    say,
    show_json_list,
    show_table,
    tell,
    terminal_width,
)
from tui.text.table_columns import Head

if TYPE_CHECKING:
    pass


@command("keys", "factdesk keys", "factdesk keys --json | jq '.[] | select(.id == \"tag\")'")
@as_json
def keys(as_json: bool) -> None:
    """List the app's keys, including your own.

    Your own keys are in `keys.toml` in the settings folder; `factdesk keys check` says where that is.
    """
    from tui.keys.actions_and_keys import ACTIONS
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
