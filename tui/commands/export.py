"""Taking what is on the desk out: export csv, export settled, export tables; and which formats there are."""

from __future__ import annotations

import sys
from collections.abc import Callable, Mapping
from typing import TYPE_CHECKING, Any

import click

from tui.commands import command as words
from tui.commands.command import argument, as_json, command, force
from tui.commands.opened_desk import desk_to_read
from tui.commands.output import Progress, counted, data_stream, listing, say, written

if TYPE_CHECKING:
    from store.formats import Listed
    from store.formats.csv.claim_columns import Exported

output = click.option("-o", "--output", metavar="FILE", help="The file to write; without it, standard output.")
excel = click.option("--excel", is_flag=True, help="Begin with a byte order mark, so that Excel reads UTF-8.")
anonymous = click.option("--anonymous", is_flag=True, help="Replace everybody's name with a number.")
raw = click.option("--raw", is_flag=True, help="Do not guard cells that a spreadsheet would run as formulas.")


@command("export", "factdesk export csv -o claims.csv", "factdesk export tables everything/")
@argument("format", "The format; `factdesk formats` lists them.", required=False)
def export(format: str | None) -> None:
    """Export the desk in a format of your choice; `factdesk formats` lists them."""
    from store.errors import Refused
    from store.formats import FORMATS

    if format is None:
        raise click.UsageError(
            "Say what: `factdesk export csv`, `factdesk export tables DIR` or another of `factdesk formats`."
        )
    raise Refused(f"There is no format “{format}”: use one of {', '.join(FORMATS)}.")


@command("formats", "factdesk formats", "factdesk formats --json")
@as_json
def formats(as_json: bool) -> None:
    """List what a desk can be written as and read from.

    Each format says what it keeps of a desk and what it loses; --json has all of it.
    """
    from store.formats import FORMATS
    from tui.text.table_columns import Head

    heads = (
        Head("Listed", lambda one: one.name),
        Head("In and out", lambda one: "in, out" if one.read else "out"),
        Head("What it is", lambda one: one.says),
        Head("Loses", lambda one: ", ".join(_loses(one))),
    )
    listing(heads, FORMATS.values(), as_json, as_plain=_plain)


def _loses(format: Listed) -> list[str]:
    from store.formats.contract import FIELDS

    return [what for what in FIELDS if format.module is not None and what in format.module.loses]


def _plain(format: Listed) -> dict[str, Any]:
    module = format.module
    told = {"name": format.name, "says": format.says, "in": format.read is not None, "broken": format.broken}
    if module is not None:
        told |= {"extensions": module.extensions, "several_files": module.many, "offsets": module.unit}
        told |= {"carries": sorted(module.carries), "loses": sorted(module.loses), "options": dict(module.options)}
    return told


@command(
    "export csv",
    "factdesk export csv -o claims.csv",
    "factdesk export csv 3 --excel -o prisoners.csv",
    "factdesk export csv | head -1",
)
@words.articles
@output
@force
@raw
@excel
@anonymous
def export_csv(articles: tuple[str, ...], output: str | None, force: bool, **how: bool) -> None:
    """Write one row per claim with its verdict, evidence and reviews as CSV.

    `factdesk import csv` reads it back. An existing file is replaced only once everything is written.
    """
    from store.formats.csv import claim_columns as csv_claims

    _write(csv_claims.write, output, articles, force, how)


@command(
    "export settled",
    "factdesk export settled -o settled.csv",
    "factdesk export settled 3 --excel -o prisoners.csv",
)
@words.articles
@output
@force
@raw
@excel
@anonymous
def export_settled(articles: tuple[str, ...], output: str | None, force: bool, **how: bool) -> None:
    """Write the settled set as CSV, one row per claim that stands.

    A row has the span, the verdict and the words that an adjudicator settled on, and why, and beside them what everyone
    said. `factdesk export csv` has the claims as their checkers left them.
    """
    from store.formats import settled

    _write(settled.write, output, articles, force, how)


def _write(
    write: Callable[..., Exported],
    output: str | None,
    articles: tuple[str, ...],
    force: bool,
    how: Mapping[str, bool],
) -> None:
    with desk_to_read() as desk:
        if output in (None, "-", "/dev/stdout"):
            write(desk, data_stream(), articles, **how)
            sys.stdout.flush()
            return
        from tui.settings import path_of

        to = path_of(str(output))

        def replacing(replace: bool) -> Exported:
            with Progress("Written") as progress:
                return write(desk, to, articles, **how, replace=replace, progress=progress)

        say(f"{counted(written(replacing, force).rows, 'claim')} written to {to}")


@command("export tables", "factdesk export tables everything/")
@argument("dir", "A new or empty folder, or that of an earlier export.")
@click.option("--force", is_flag=True, help="Replace the files of an earlier export; without it you are asked.")
@raw
@anonymous
def export_tables(dir: str, force: bool, raw: bool, anonymous: bool) -> None:
    """Write the whole desk into a folder, one CSV file per table.

    The folder also has the texts, the scheme, the history, the figures of agreement and a datapackage.json that
    explains every column. --force replaces only files of an earlier export that nobody has changed since; other files
    in the folder stay.
    """
    from store.formats import tables

    with desk_to_read() as desk:
        from tui.settings import path_of

        to = path_of(dir)

        def replacing(replace: bool) -> Exported:
            with Progress("Written") as progress:
                return tables.write(desk, to, raw=raw, anonymous=anonymous, replace=replace, progress=progress)

        rows = written(replacing, force).rows
        say(f"{counted(rows, 'row')} in {counted(len(tables.TABLES), 'table')} written to {to}")
