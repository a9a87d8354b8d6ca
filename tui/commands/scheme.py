"""The verdicts, claim types and reasons that a desk uses: scheme."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import TYPE_CHECKING, Any

from tui.commands.command import argument, as_json, command
from tui.commands.opened_desk import desk_to_read, desk_to_write
from tui.commands.output import (
    counted,
    listing,
    plain,
    report,
    say,
    show_json,
    show_table,
    tell,
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
