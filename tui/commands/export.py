"""Taking what is on the desk out: export csv, export settled, export tables."""

from __future__ import annotations

import sys
from collections.abc import Callable
from typing import TYPE_CHECKING

import click

from tui.commands import verb as words
from tui.commands.desks import desk_to_read
from tui.commands.output import Progress, counted, data_stream, say, written
from tui.commands.verb import argument, force, verb

if TYPE_CHECKING:
    from store.formats.csv.claims import Exported

output = click.option("-o", "--output", metavar="FILE", help="The file to write; without it, standard output.")
excel = click.option("--excel", is_flag=True, help="Begin with a byte order mark, so that Excel reads UTF-8.")
raw = click.option("--raw", is_flag=True, help="Do not guard cells that a spreadsheet would run as formulas.")


@verb("export", "factdesk export csv -o claims.csv", "factdesk export tables everything/")
def export() -> None:
    """Export the desk in a format of your choice."""
    raise click.UsageError(
        "Say what: `factdesk export csv`, `factdesk export settled` or `factdesk export tables DIR`."
    )


@verb(
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
def export_csv(articles: tuple[str, ...], output: str | None, force: bool, raw: bool, excel: bool) -> None:
    """Write one row per claim with its verdict, evidence and reviews as CSV.

    `factdesk import csv` reads it back. An existing file is replaced only once everything is written.
    """
    from store.formats.csv import claims as csv_claims

    _write(csv_claims.write, output, articles, force, raw, excel)


@verb(
    "export settled",
    "factdesk export settled -o settled.csv",
    "factdesk export settled 3 --excel -o prisoners.csv",
)
@words.articles
@output
@force
@raw
@excel
def export_settled(articles: tuple[str, ...], output: str | None, force: bool, raw: bool, excel: bool) -> None:
    """Write the settled set as CSV, one row per claim that stands.

    A row has the span, the verdict and the words that an adjudicator settled on, and why, and beside them what everyone
    said. `factdesk export csv` has the claims as their checkers left them.
    """
    from store.formats import settled

    _write(settled.write, output, articles, force, raw, excel)


def _write(
    write: Callable[..., Exported], output: str | None, articles: tuple[str, ...], force: bool, raw: bool, excel: bool
) -> None:
    with desk_to_read() as desk:
        if output in (None, "-", "/dev/stdout"):
            write(desk, data_stream(), articles, raw=raw, excel=excel)
            sys.stdout.flush()
            return
        from tui.settings import path_of

        to = path_of(str(output))

        def replacing(replace: bool) -> Exported:
            with Progress("Written") as progress:
                return write(desk, to, articles, raw=raw, excel=excel, replace=replace, progress=progress)

        say(f"{counted(written(replacing, force).rows, 'claim')} written to {to}")


@verb("export tables", "factdesk export tables everything/")
@argument("dir", "A new or empty folder, or that of an earlier export.")
@click.option("--force", is_flag=True, help="Replace the files of an earlier export; without it you are asked.")
@raw
def export_tables(dir: str, force: bool, raw: bool) -> None:
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
                return tables.write(desk, to, raw=raw, replace=replace, progress=progress)

        rows = written(replacing, force).rows
        say(f"{counted(rows, 'row')} in {counted(len(tables.TABLES), 'table')} written to {to}")
