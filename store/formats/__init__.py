"""What a desk can be written as and read from: one table, one module per format."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from store.formats import settled, tables
from store.formats.csv import claims as csv_claims
from store.formats.csv import reader as csv_import


@dataclass(frozen=True, slots=True)
class Format:
    """A format. ``says`` is what it is; ``write`` exports and ``read``, where there is one, imports.

    The first two arguments are the desk and the place: a path or binary stream, or the path of a folder.
    """

    name: str
    says: str
    write: Callable[..., csv_claims.Exported]
    read: Callable[..., Any] | None = None
    folder: bool = False


FORMATS: Mapping[str, Format] = {
    format.name: format
    for format in (
        Format(
            "csv",
            "one row per claim, for spreadsheets; `factdesk import csv` reads it back",
            csv_claims.write,
            csv_import.read,
        ),
        Format("settled", "one row per settled claim, with everybody's labels beside it", settled.write),
        Format("tables", "a folder with one CSV per table, every text and the scheme", tables.write, folder=True),
    )
}
