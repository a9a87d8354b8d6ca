"""Plain tables and bars for a terminal, and for whatever reads a pipe."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from itertools import chain, zip_longest
from typing import TYPE_CHECKING

from tui.text.cells import cell_len, cut
from tui.text.safe import safe
from tui.text.spans import CHECKED, OPEN, SWEPT, TAGGED
from tui.text.table_columns import Head, Marked, ShareBar, TableCell

if TYPE_CHECKING:
    from store.text.coverage import Coverage

GAP = 2
_NARROWEST = 6
_COMFORTABLE = 24
_LONGEST = 400
"""Code points of a cell that are looked at when a table is fitted into a terminal."""


def share_bar(done: int, total: int, text: str, cells: int = 20) -> ShareBar:
    """``done`` of ``total``. It is full, or empty, only when all, or nothing, is done."""
    filled = filled_cells(done, total, cells)
    return ShareBar("█" * filled + "·" * (cells - filled), text)


def read_cells(coverage: Coverage, cells: int) -> str:
    """How much of a text is read, in so many cells: each kind of words there is has one cell at least, given four."""
    kinds = (
        (CHECKED, coverage.words_checked),
        (TAGGED, coverage.words_tagged),
        (SWEPT, coverage.words_swept),
        (OPEN, coverage.words - coverage.words_read),
    )
    total = max(1, coverage.words)
    given = [min(1, count) if cells >= len(kinds) else 0 for _, count in kinds]
    if not coverage.words:
        return CHECKED * cells
    while sum(given) < cells:
        # The next cell goes to whichever kind is furthest from its share.
        missing = [cells * count / total - had for (_, count), had in zip(kinds, given, strict=True)]
        given[missing.index(max(missing))] += 1
    return "".join(glyph * n for (glyph, _), n in zip(kinds, given, strict=True))


def filled_cells(done: float, total: float, cells: int) -> int:
    """How many of ``cells`` are filled for ``done`` of ``total``; where there is nothing to do, all of them."""
    if done >= total:
        return cells
    return min(max(round(cells * done / total), int(done > 0)), cells - 1)


def percent(done: float, total: float = 1) -> str:
    """The share in whole percent, rounded down so that 100 % means all; nothing to do is 100 %."""
    return f"{int(100 * done / total + 1e-9) if total else 100} %"  # 0.29 is a little less than 29 %


def table_lines(columns: Sequence[Head], rows: Iterable[Sequence[TableCell]], width: int | None) -> Iterator[str]:
    """The rows under their heads, a line each, every cell on one line and without control characters.

    ``width`` is the terminal's, in cells: columns are aligned and cut to fit it. Without one the cells are whole
    and stand between tabs, one row at a time.
    """
    heads = [column.title for column in columns]
    if width is None:
        for row in chain([heads], rows):
            yield "\t".join(one_line(str(cell)) for cell in row)
        return
    drawn = [[_drawn(cell) for cell in row] for row in rows]
    widths = [max(map(cell_len, cells)) for cells in zip(heads, *drawn, strict=True)]
    chosen = _chosen(widths, columns, width)
    _fit(widths, chosen, columns, width)
    for row in chain([heads], drawn):
        for cells in zip_longest(*(_pieces(row[i], widths[i], columns[i]) for i in chosen), fillvalue=""):
            placed = (_placed(cell, widths[i], columns[i]) for i, cell in zip(chosen, cells, strict=True))
            yield (" " * GAP).join(placed).rstrip()


def one_line(text: str) -> str:
    """The text on one line: white space collapsed, control characters made visible."""
    return safe(" ".join(text.split()))


def _drawn(cell: TableCell) -> str:
    if isinstance(cell, ShareBar):  # it is ours, and its figure stands under the others by the spaces before it
        return cell.drawn()
    return one_line((cell.drawn() if isinstance(cell, Marked) else str(cell))[:_LONGEST])


def _pieces(text: str, room: int, column: Head) -> list[str]:
    """A cell's text in the rows it takes."""
    if not column.wrapped:
        return [cut(text, room)]
    rows = [""]
    for word in text.split(" "):
        longer = f"{rows[-1]} {word}" if rows[-1] else word
        if rows[-1] and cell_len(longer) > room:
            rows.append(word)
        else:
            rows[-1] = longer
    return [cut(row, room) for row in rows]


def _placed(text: str, room: int, column: Head) -> str:
    space = " " * (room - cell_len(text))
    return space + text if column.right else text + space


def _chosen(widths: Sequence[int], columns: Sequence[Head], width: int) -> list[int]:
    """The columns there is room for, as their places."""
    least = [min(room, _COMFORTABLE) if column.flexible else room for room, column in zip(widths, columns, strict=True)]
    chosen = list(range(len(columns)))
    for place in reversed(range(len(columns))):
        if columns[place].spare and _total(least, chosen) > width:
            chosen.remove(place)
    return chosen


def _fit(widths: list[int], chosen: Sequence[int], columns: Sequence[Head], width: int) -> None:
    """Narrow the widest flexible columns, and when that is not enough the widest of all, until the row fits."""
    flexible = [i for i in chosen if columns[i].flexible]
    for yielding, least in ((flexible, _NARROWEST), (chosen, 1)):
        while yielding and _total(widths, chosen) > width:
            widest = max(yielding, key=lambda i: widths[i])
            if widths[widest] <= least:
                break
            widths[widest] -= 1


def _total(widths: Sequence[int], chosen: Sequence[int]) -> int:
    return sum(widths[i] for i in chosen) + GAP * (len(chosen) - 1)


def size_of(size: int) -> str:
    """How large a file is, in units that people read."""
    return f"{size / 1e6:,.1f} MB" if size >= 100_000 else f"{max(size / 1e3, 0.1):.1f} kB"
