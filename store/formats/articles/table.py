"""Tables of articles or of addresses: CSV and TSV with named columns, one article a row."""

from __future__ import annotations

from collections.abc import Iterator

from store.errors import Refused
from store.formats.articles.entry import NAMES, article_of, columns
from store.formats.articles.reader import Arrived, ArticleFile, ReadOptions
from store.formats.csv.file import BadRow, CsvFile

_OF_CLAIMS = {"quote", "claim_id", "claim_text", "verdict"}


def read(file: ArticleFile, options: ReadOptions) -> Iterator[Arrived]:
    """The articles of a table. Raises Refused when none of its columns holds texts or addresses."""
    spellings = {name for names in NAMES.values() for name in names} | {
        said.casefold() for said in options.columns.values()
    }
    lacking = (
        f"{file.where} has no column that holds texts or addresses: name one text or url, or say which it is with "
        "--column text=NAME."
    )
    table = CsvFile(file.stream, file.where, spellings | _OF_CLAIMS, lacking)
    try:
        known = columns(table.header, options)
    except Refused as refusal:
        raise Refused(f"{file.where}: {refusal}.") from None
    if not {"text", "html", "url"} & set(known):
        if "quote" in table.header:
            raise Refused(f"{file.where}: this is a table of claims; `factdesk import csv` brings them in.")
        raise Refused(lacking)
    note = (table.note.rstrip(".").partition(": it was ")[2],) if table.note else ()
    for row in table.rows(list(known.values())):
        if isinstance(row, BadRow):
            yield Refused(f"{file.where}, {row}")
            continue
        where = f"{file.where}, row {row.number}"
        found = article_of({field: row.cells[name] for field, name in known.items()}, where, options)
        yield found._replace(notes=(*note, *found.notes)) if note and not isinstance(found, Refused) else found
