"""Where each code point of a text stands on a screen of a given width, and back.

Offsets are code points into the text, 0-based. Rows are screen lines, cells are terminal columns counted from the
row's first. A row holds whole grapheme clusters and is at most ``width`` cells wide, save that one space or a caret
may hang in the cell after the last: who draws a row keeps ``width + 1`` cells for it.
"""

import re
from array import array
from bisect import bisect_left, bisect_right
from collections.abc import Callable, Sequence
from functools import cache, cached_property
from typing import NamedTuple

from store.text import units
from store.text.shown_text import Shown
from tui.text.cells import cell_len, is_wide
from tui.text.safe import safe

_HANGING = " \t"
_NOT_AT_START = frozenset("、。，．・：；？！ー）］｝〕〉》」』】〙〗〟’”…‥々ゝゞ")
_NOT_AT_END = frozenset("（［｛〔〈《「『【〘〖〝‘“")
_TOO_WIDE = "…"
_ROWS_KEPT = 512
_PLAIN = frozenset(map(chr, (0x0A, *range(0x20, 0x300), *range(0x2010, 0x2028))))
"""Of these most texts are made. They are graphemes of their own and one cell wide, once made safe: the fast path."""
_SHORT = 20_000
"""Code points of a text up to which it is looked whether it is made of these alone, before the class is compiled."""


@cache
def _complex() -> re.Pattern[str]:
    """What is *not* in this class is such a grapheme, too."""
    return re.compile(
        "[^\n\x00-\x08\x0b-\u02ff\u0370-\u0482\u048a-\u052f\u0531-\u0556\u0561-\u0587\u05d0-\u05ea"
        "\u0620-\u064a\u0660-\u066f\u200b\u200e-\u2027\u2028-\u205e\u2066-\u206f\u20a0-\u20c0\u2100-\u214f\u2190-\u21ff"
        "\u2200-\u22ff\u2500-\u25fc\ufeff\ud800-\udfff]"
    )


class Cluster(NamedTuple):
    """One grapheme cluster of a row: its code points, its cells and what is shown in them."""

    start: int
    end: int
    cell: int
    width: int
    shown: str


class Row:
    """One row: the text from ``start`` to ``end``, its newline not included, cut into clusters where it has to be."""

    __slots__ = ("_cells", "_clusters", "_starts", "_text", "end", "start")

    def __init__(self, text: str, start: int, end: int, clusters: Sequence[Cluster] | None) -> None:
        """``text`` is what is shown of a row without ``clusters``, in which each code point is one of one cell."""
        self.start, self.end = start, end
        self._text = text
        self._clusters = clusters
        if clusters is not None:
            self._starts = [*(cluster.start for cluster in clusters), end]
            self._cells = [*(cluster.cell for cluster in clusters), sum(cluster.width for cluster in clusters)]

    @property
    def width(self) -> int:
        """Cells the row's text fills, a hanging space included."""
        return self.end - self.start if self._clusters is None else self._cells[-1]

    @property
    def clusters(self) -> Sequence[Cluster]:
        """The clusters from left to right."""
        if self._clusters is not None:
            return self._clusters
        return [Cluster(self.start + cell, self.start + cell + 1, cell, 1, one) for cell, one in enumerate(self._text)]

    def cell_of(self, offset: int) -> int:
        """The first cell of the cluster at ``offset``; at the row's end the cell after its last."""
        if self._clusters is None:
            return offset - self.start
        return self._cells[bisect_right(self._starts, offset) - 1]

    def offset_at(self, cell: int) -> int:
        """The offset of the cluster that fills ``cell``; beyond either end of the row, that end."""
        if cell <= 0:
            return self.start
        if self._clusters is None:
            return min(self.start + cell, self.end)
        return self._starts[bisect_right(self._cells, cell) - 1]

    def snap(self, start: int, end: int) -> tuple[int, int]:
        """The part of a span that lies in the row, outwards to whole clusters. The span shares text with the row."""
        left = start if start > self.start else self.start
        right = end if end < self.end else self.end
        if self._clusters is None:
            return left, right
        return self._starts[bisect_right(self._starts, left) - 1], self._starts[bisect_left(self._starts, right)]

    def cluster_at(self, offset: int) -> tuple[int, int]:
        """The bounds of the cluster that holds ``offset``; empty at the row's end."""
        return self.snap(offset, offset + 1) if offset < self.end else (self.end, self.end)

    def shown(self, start: int, end: int) -> str:
        """What stands on the screen for the code points from ``start`` to ``end``, both cluster boundaries."""
        if self._clusters is None:
            return self._text[start - self.start : end - self.start]
        first, last = bisect_left(self._starts, start), bisect_left(self._starts, end)
        return "".join([cluster.shown for cluster in self._clusters[first:last]])


class Layout:
    """A text wrapped to ``width`` cells, when first asked. It never changes: another width is another layout.

    What people do not see of it takes no cells: a row holds a cluster of no width for it, or one of its sign.
    """

    def __init__(self, text: str | Shown, width: int, tab: int = 4) -> None:
        """Wrap ``text``; ``width`` below 1 counts as 1; ``tab`` is the distance of tab stops in cells."""
        self.seen = text if isinstance(text, Shown) else Shown(text)
        self.text = self.seen.source
        self.width = max(1, width)
        self.tab = max(1, tab)
        self._kept: dict[int, Row] = {}

    @cached_property
    def _shown(self) -> str:
        return safe(self.text, keep="\n\t") if self.seen else self._wrapped.shown

    @cached_property
    def _starts(self) -> "array[int]":
        """The first offset of each row: what is hidden between two rows belongs to the second."""
        if not self.seen:
            return array("l", self._wrapped.starts())
        return array("l", map(self.seen.before, self._wrapped.starts()))

    @cached_property
    def _wrapped(self) -> "_Wrapped":
        return _Wrapped(self.seen.text, self.width, self.tab)

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

    def row_beyond(self, row: int) -> int:
        """The first offset that is no longer the row's; a newline, and the end of the text, belong to their row."""
        return self._starts[row + 1] if row + 1 < len(self._starts) else len(self.text) + 1

    def row_last(self, row: int) -> int:
        """The last offset a caret can take in the row: after its text, or on its last cluster if the line goes on."""
        end = self.row_bounds(row)[1]
        return end if self.row_of(end) == row else self.row(row).cluster_at(end - 1)[0]

    def row(self, row: int) -> Row:
        """The row itself."""
        kept = self._kept.get(row)
        if kept is None:
            start, end = self.row_bounds(row)
            plain = _PLAIN.issuperset(self.text[start:end]) or not _complex().search(self.text, start, end)
            plain = plain and not (self.seen.marks and self.seen.touched(start, end))
            clusters = None if plain else self._clusters(start, end)
            shown = safe(self.text[start:end]) if plain else ""  # what is plain looks the same whatever is beside it
            kept = self._kept[row] = Row(shown, start, end, clusters)
            if len(self._kept) > _ROWS_KEPT:
                del self._kept[next(iter(self._kept))]
        return kept

    def shown(self, row: int, start: int, end: int) -> str:
        """What stands on the screen for the row's code points from ``start`` to ``end``, both cluster boundaries."""
        return self.row(row).shown(start, end)

    def cell_of(self, offset: int) -> int:
        """The first cell of the cluster at ``offset``; at the end of a row the cell after its last."""
        return self.row(self.row_of(offset)).cell_of(offset)

    def offset_at(self, row: int, cell: int) -> int:
        """Where a caret goes that aims at ``cell`` of ``row``; beyond either end, the row's first or last place."""
        found = self.row(row)
        offset = found.offset_at(cell)
        return offset if offset < found.end else self.row_last(row)

    def cluster_at(self, offset: int) -> tuple[int, int]:
        """The bounds of the cluster that holds ``offset``; empty at the end of a row."""
        return self.row(self.row_of(offset)).cluster_at(offset)

    def _clusters(self, start: int, end: int) -> list[Cluster]:
        clusters = []
        cell = 0
        for first, last, sign in self.seen.pieces(start, end):
            if sign is not None:
                shown, width = _measured(safe(sign), cell, self.width, self.tab) if sign else ("", 0)
                clusters.append(Cluster(first, last, cell, width, shown))
                cell += width
                continue
            for left, right in units.graphemes(self.text, first, last):
                shown, width = _measured(self._shown[left:right], cell, self.width, self.tab)
                clusters.append(Cluster(left, right, cell, width, shown))
                cell += width
        return clusters


def _measured(shown: str, cell: int, room: int, tab: int) -> tuple[str, int]:
    """What a cluster that begins at ``cell`` shows in a row of so much room, and how many cells wide that is."""
    if shown == "\t":
        width = tab - cell % tab
        if cell + width > room:
            width = max(1, room - cell)
        return " " * width, width
    width = cell_len(shown)
    if width == 0:
        # A mark with nothing to stand on gets the circle that typographers give it.
        shown = "◌" + shown
        width = cell_len(shown)
    return (shown, width) if width <= room else (_TOO_WIDE, 1)


class _Wrapped:
    """Finds where the rows of a text begin."""

    def __init__(self, text: str, width: int, tab: int) -> None:
        self.text, self.width, self.tab = text, width, tab

    @cached_property
    def shown(self) -> str:
        return safe(self.text, keep="\n\t")

    def starts(self) -> "array[int]":
        """The first place of each row."""
        starts = array("l")
        self._wrap(starts)
        return starts

    def _wrap(self, starts: "array[int]") -> None:
        text, add = self.text, starts.append
        size = len(text)
        complex_at = size if size < _SHORT and _PLAIN.issuperset(text) else self._next_complex(0)
        start = 0
        while True:
            add(start)
            end = text.find("\n", start)
            if end < 0:
                end = size
            if complex_at < start:
                complex_at = self._next_complex(start)
            if complex_at < end:
                self._wrap_clusters(start, end, add)
            elif end - start > self.width:
                self._wrap_simple(start, end, add)
            if end == size:
                return
            start = end + 1

    def _next_complex(self, start: int) -> int:
        found = _complex().search(self.text, start)
        return found.start() if found else len(self.text)

    def _wrap_simple(self, start: int, end: int, add: Callable[[int], None]) -> None:
        width, rfind = self.width, self.text.rfind
        while end - start > width:
            space = rfind(" ", start, start + width + 1)
            start = start + width if space < 0 else space + 1
            add(start)

    def _wrap_clusters(self, start: int, end: int, add: Callable[[int], None]) -> None:
        """Wrap one line cluster by cluster: after a space, on either side of a wide cluster, else anywhere."""
        width, whole = self.width, self.shown
        widths: dict[str, int] = {}
        wides: set[str] = set()
        row_start, cell = start, 0
        chance, chance_cell = start, 0  # where the row may end, and the cells before that place
        wide_before = False
        for first, last in units.graphemes(self.text, start, end):
            piece = whole[first:last]
            if piece == "\t":
                size = _measured(piece, cell, width, self.tab)[1]
            elif piece in widths:
                size = widths[piece]
            else:
                size = widths[piece] = _measured(piece, cell, width, self.tab)[1]
                if size > 1 and is_wide(piece):
                    wides.add(piece)
            if piece in _HANGING:
                cell += size
                chance, chance_cell = last, cell
                if cell > width:
                    row_start, cell = last, 0
                    add(last)
                wide_before = False
                continue
            wide = piece in wides
            if (wide or wide_before) and first > row_start and self._may_break(first):
                chance, chance_cell = first, cell
            if cell + size > width:
                if chance > row_start:
                    row_start, cell = chance, cell - chance_cell
                    add(chance)
                if cell + size > width:
                    row_start, cell = first, 0
                    add(first)
            cell += size
            wide_before = wide

    def _may_break(self, at: int) -> bool:
        return self.text[at] not in _NOT_AT_START and self.text[at - 1] not in _NOT_AT_END
