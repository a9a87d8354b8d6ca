"""What a desk can be written as and read from: one table, one module per format."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from importlib import import_module
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from store.formats.csv.claims import Exported


@dataclass(frozen=True, slots=True)
class Format:
    """A format. ``says`` is what it is; ``write`` exports and ``read``, where there is one, imports.

    The first two arguments are the desk and the place: a path or binary stream, or the path of a folder.
    """

    name: str
    says: str
    write: Callable[..., Exported]
    read: Callable[..., Any] | None = None
    folder: bool = False


def _of(module: str, name: str) -> Callable[..., Any]:
    """A function of a format's module, which is imported once it is called: a format imports only itself."""

    def call(*arguments: Any, **options: Any) -> Any:
        return getattr(import_module(f"store.formats.{module}"), name)(*arguments, **options)

    return call


FORMATS: Mapping[str, Format] = {
    format.name: format
    for format in (
        Format(
            "csv",
            "one row per claim, for spreadsheets; `factdesk import csv` reads it back",
            _of("csv.claims", "write"),
            _of("csv.reader", "read"),
        ),
        Format("settled", "one row per settled claim, with everyone's labels beside it", _of("settled", "write")),
        Format(
            "tables", "a folder with one CSV per table, every text and the scheme", _of("tables", "write"), folder=True
        ),
    )
}
