"""Where each code point of a text stands on a screen of a given width, and back.

Offsets are code points into the text, 0-based. Rows are screen lines, cells are terminal columns counted from the
row's first. A row holds whole grapheme clusters and is at most ``width`` cells wide, save that one space or a caret
may hang in the cell after the last: whoever draws a row keeps ``width + 1`` cells for it.
"""

from __future__ import annotations

import re
from array import array
from bisect import bisect_right
from collections import OrderedDict
from dataclasses import dataclass
from typing import NamedTuple

from rich.cells import cell_len

from store import units
from tui.text.safe import safe

# What is *not* in this class is a grapheme of its own and one cell wide, once made safe: the fast path.
_COMPLEX = re.compile(
    "[^\n\x00-\x08\x0b-\u02ff\u0370-\u0482\u048a-\u052f\u0531-\u0556\u0561-\u0587\u05d0-\u05ea"
    "\u0620-\u064a\u0660-\u066f\u200b\u200e-\u2027\u2028-\u205e\u2066-\u206f\u20a0-\u20c0\u2100-\u214f\u2190-\u21ff"
    "\u2200-\u22ff\u2500-\u25fc\ufeff\ud800-\udfff]"
)
_HANGING = " \t"
_NOT_AT_START = frozenset("、。，．・：；？！ー）］｝〕〉》」』】〙〗〟’”…‥々ゝゞ")
_NOT_AT_END = frozenset("（［｛〔〈《「『【〘〖〝‘“")
_TOO_WIDE = "…"
_ROWS_KEPT = 512


class Cluster(NamedTuple):
    """One grapheme cluster of a row: its code points, its cells and what is shown in them."""

    start: int
    end: int
    cell: int
    width: int
    shown: str


@dataclass(frozen=True, slots=True)
class _Clusters:
    """The clusters of one row that needs them, with the columns `bisect` searches."""

    clusters: tuple[Cluster, ...]
    starts: list[int]
    cells: list[int]


class Layout:
    """A text wrapped to ``width`` cells. It never changes: another width is another layout."""

    def __init__(self, text: str, width: int, tab: int = 4) -> None:
        """Wrap ``text``; ``width`` below 1 counts as 1; ``tab`` is the distance of tab stops in cells."""
        self.text = text
        self.width = max(1, width)
        self.tab = max(1, tab)
        self._shown = safe(text, keep="\n\t")
        self._starts = array("l")
        self._kept: OrderedDict[int, _Clusters | None] = OrderedDict()
        self._wrap()

    @property
    def rows(self) -> int:
        """The number of rows: at least one, and one more after a final newline."""
        return len(self._starts)

    def row_of(self, offset: int) -> int:
        """The row ``offset`` stands in; each offset, the one after the last code point included, has exactly one."""
        return max(0, bisect_right(self._starts, offset) - 1)

    def row_bounds(self, row: int) -> tuple[int, int]:
        """First offset of a row and the offset after its last code point; the newline is not part of the row."""
        start = self._starts[row]
        if row + 1 == len(self._starts):
            return start, len(self.text)
        end = self._starts[row + 1]
        return start, end - 1 if end > start and self.text[end - 1] == "\n" else end

    def row_last(self, row: int) -> int:
        """The last offset a caret can take in the row: after its text, or on its last cluster if the line goes on."""
        end = self.row_bounds(row)[1]
        return end if self.row_of(end) == row else self._cluster_before(row, end)

    def row_width(self, row: int) -> int:
        """Cells the row's text fills, a hanging space included."""
        clusters = self._clusters(row)
        start, end = self.row_bounds(row)
        return end - start if clusters is None else clusters.cells[-1]

    def cell_of(self, offset: int) -> int:
        """The first cell of the cluster at ``offset``; at the end of a row the cell after its last."""
        row = self.row_of(offset)
        clusters = self._clusters(row)
        if clusters is None:
            return offset - self._starts[row]
        return clusters.cells[bisect_right(clusters.starts, offset) - 1]

    def offset_at(self, row: int, cell: int) -> int:
        """The offset of the cluster that fills ``cell`` of ``row``; beyond either end, the row's first or last."""
        start, end = self.row_bounds(row)
        if cell <= 0:
            return start
        clusters = self._clusters(row)
        offset = start + cell if clusters is None else clusters.starts[bisect_right(clusters.cells, cell) - 1]
        return offset if offset < end else self.row_last(row)

    def cluster_at(self, offset: int) -> tuple[int, int]:
        """The bounds of the cluster that holds ``offset``; empty at the end of a row."""
        row = self.row_of(offset)
        end = self.row_bounds(row)[1]
        if offset >= end:
            return end, end
        clusters = self._clusters(row)
        if clusters is None:
            return offset, offset + 1
        i = bisect_right(clusters.starts, offset) - 1
        return clusters.starts[i], clusters.starts[i + 1]

    def shown(self, row: int, start: int, end: int) -> str:
        """What stands on the screen for the row's code points from ``start`` to ``end``, both cluster boundaries."""
        clusters = self._clusters(row)
        if clusters is None:
            return self._shown[start:end]
        first = bisect_right(clusters.starts, start) - 1
        return "".join(cluster.shown for cluster in clusters.clusters[first : bisect_right(clusters.starts, end - 1)])

    def clusters(self, row: int) -> tuple[Cluster, ...]:
        """The row's clusters from left to right."""
        clusters = self._clusters(row)
        if clusters is not None:
            return clusters.clusters
        start, end = self.row_bounds(row)
        return tuple(Cluster(i, i + 1, i - start, 1, self._shown[i]) for i in range(start, end))

    def _cluster_before(self, row: int, end: int) -> int:
        clusters = self._clusters(row)
        if clusters is None:
            return max(self._starts[row], end - 1)
        return clusters.starts[max(0, len(clusters.starts) - 2)]

    def _clusters(self, row: int) -> _Clusters | None:
        """The row's clusters, or None where each code point is one cluster and one cell."""
        kept = self._kept
        if row in kept:
            kept.move_to_end(row)
            return kept[row]
        start, end = self.row_bounds(row)
        found: _Clusters | None = None
        if _COMPLEX.search(self.text, start, end):
            clusters = []
            cell = 0
            for first, last in units.graphemes(self.text, start, end):
                shown, width = self._measure(first, last, cell)
                clusters.append(Cluster(first, last, cell, width, shown))
                cell += width
            found = _Clusters(
                tuple(clusters),
                [*(cluster.start for cluster in clusters), end],
                [*(cluster.cell for cluster in clusters), cell],
            )
        kept[row] = found
        if len(kept) > _ROWS_KEPT:
            kept.popitem(last=False)
        return found

    def _measure(self, start: int, end: int, cell: int) -> tuple[str, int]:
        """What a cluster that begins at ``cell`` shows, and how many cells wide that is."""
        shown = self._shown[start:end]
        if shown == "\t":
            width = self.tab - cell % self.tab
            if cell + width > self.width:
                width = max(1, self.width - cell)
            return " " * width, width
        width = cell_len(shown)
        if width == 0:
            # A mark with nothing to stand on gets the circle that typographers give it.
            shown = "◌" + shown
            width = cell_len(shown)
        return (shown, width) if width <= self.width else (_TOO_WIDE, 1)

    def _wrap(self) -> None:
        text, add = self.text, self._starts.append
        size = len(text)
        complex_at = self._next_complex(0)
        start = 0
        while True:
            add(start)
            end = text.find("\n", start)
            if end < 0:
                end = size
            if complex_at < start:
                complex_at = self._next_complex(start)
            if complex_at < end:
                self._wrap_clusters(start, end)
            elif end - start > self.width:
                self._wrap_simple(start, end)
            if end == size:
                return
            start = end + 1

    def _next_complex(self, start: int) -> int:
        found = _COMPLEX.search(self.text, start)
        return found.start() if found else len(self.text)

    def _wrap_simple(self, start: int, end: int) -> None:
        add, width, rfind = self._starts.append, self.width, self.text.rfind
        while end - start > width:
            space = rfind(" ", start, start + width + 1)
            start = start + width if space < 0 else space + 1
            add(start)

    def _wrap_clusters(self, start: int, end: int) -> None:
        """Wrap one line cluster by cluster: after a space, on either side of a wide cluster, else anywhere."""
        add, width, whole = self._starts.append, self.width, self._shown
        widths: dict[str, int] = {}
        row_start, cell = start, 0
        chance, chance_cell = start, 0  # where the row may end, and the cells before that place
        wide_before = False
        for first, last in units.graphemes(self.text, start, end):
            piece = whole[first:last]
            if piece == "\t":
                size = self._measure(first, last, cell)[1]
            elif piece in widths:
                size = widths[piece]
            else:
                size = widths[piece] = self._measure(first, last, cell)[1]
            if piece in _HANGING:
                cell += size
                chance, chance_cell = last, cell
                if cell > width:
                    row_start, cell = last, 0
                    add(last)
                wide_before = False
                continue
            if (size > 1 or wide_before) and first > row_start and self._may_break(first):
                chance, chance_cell = first, cell
            if cell + size > width:
                if chance > row_start:
                    row_start, cell = chance, cell - chance_cell
                    add(chance)
                if cell + size > width:
                    row_start, cell = first, 0
                    add(first)
            cell += size
            wide_before = size > 1

    def _may_break(self, at: int) -> bool:
        return self.text[at] not in _NOT_AT_START and self.text[at - 1] not in _NOT_AT_END
