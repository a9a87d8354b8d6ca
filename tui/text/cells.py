"""How many cells of the terminal a text takes: rich's measure, mended for scripts with spacing marks.

Terminals give a spacing mark of Hindi, Bengali or Tamil (Unicode's class Mc) a cell of its own; rich gives it none, and
a row measured so runs under what stands beside it. Rich's table itself is mended, not a measure of our own put beside
it: rows, lists and panels, fields that are typed in, and what Textual crops or lays over a row, all ask that table.
A terminal that gives such a mark no cell shows a gap at the end of the row, and nothing is hidden.
"""

from __future__ import annotations

import unicodedata
from importlib import import_module
from typing import Any

from rich import cells as rich_cells
from rich.cells import cell_len

from store.text import units

__all__ = ["cell_len", "cut", "is_wide"]


def cut(text: str, cells: int) -> str:
    """The beginning of a text that fits into so many cells: whole clusters, and ``…`` when something is cut."""
    if cell_len(text) <= cells:
        return text
    taken = 1
    for start, end in units.graphemes(text):
        taken += cell_len(text[start:end])
        if taken > cells:
            return text[:start].rstrip(" ") + "…"
    return text


def is_wide(cluster: str) -> bool:
    """Whether a cluster is a wide character, beside which a row may end, not letters and marks that join."""
    return "\ufe0f" in cluster or any(cell_len(character) > 1 for character in cluster)


_LAST = 0x1D173
"""Behind the last spacing mark: looking at all that comes after would take part of each start."""


def _mend() -> None:
    """Take the spacing marks out of rich's list of characters that are not one cell wide."""
    try:
        table: Any = import_module("rich._unicode_data").load("auto").widths
    except ImportError:  # rich before 14.3
        table = import_module("rich._cell_widths").CELL_WIDTHS
    mended: list[tuple[int, int, int]] = []
    for first, last, width in table:
        if width == 0 and first < _LAST and "Mc" in map(unicodedata.category, map(chr, range(first, last + 1))):
            mended += _without_spacing_marks(first, last)
        else:
            mended.append((first, last, width))
    table[:] = mended
    rich_cells.get_character_cell_size.cache_clear()
    rich_cells.cached_cell_len.cache_clear()


def _without_spacing_marks(first: int, last: int) -> list[tuple[int, int, int]]:
    """What is left of a range of characters without width."""
    left = []
    for code in range(first, last + 1):
        if unicodedata.category(chr(code)) == "Mc":
            if first < code:
                left.append((first, code - 1, 0))
            first = code + 1
    return [*left, (first, last, 0)] if first <= last else left


_mend()
