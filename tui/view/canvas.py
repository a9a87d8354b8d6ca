"""The painted rows of the article, kept until something in them changes; and what lies under a cell of them.

Rows are kept by their number in the text, not by their line on the screen, so scrolling by a row paints one row.
"""

from __future__ import annotations

from rich.segment import Segment
from textual.geometry import Offset, Region
from textual.strip import Strip
from textual.widget import Widget

from tui.view.map import ArticleMap, MapCell
from tui.view.margin import Sign
from tui.view.paint import MAP, RowPainter, Scene
from tui.view.palette import TextPalette

ROWS_KEPT = 512


class _Row:
    """A painted row, and its strips for each cell of the map it has stood beside."""

    __slots__ = ("segments", "strips")

    def __init__(self, segments: list[Segment]) -> None:
        self.segments = segments
        self.strips: dict[tuple[MapCell, bool], Strip] = {}


class Canvas:
    """Rows of one scene and its map, ``width`` by ``height`` cells, in the colours of ``widget``."""

    def __init__(self, widget: Widget, scene: Scene) -> None:
        self.width, self.height = widget.size
        self.map = ArticleMap(scene, self.height)
        self._scene = scene
        self._widget = widget
        self._palette = TextPalette(widget)
        self._painter = RowPainter(scene, self._palette)
        self._console = widget.app.console
        self._rows: dict[int, _Row] = {}
        self._top = 0
        self._shown: dict[int, Strip] = {}  # by line; a frame asks for all of them, also when a caret moves

    def suits(self) -> bool:
        """Whether its colours are still those of its widget."""
        return self._palette.suits(self._widget)

    def strips(self, top: int, lines: range) -> list[Strip]:
        """What stands in these lines of the screen while row ``top`` is in its first."""
        self._begin_at(top)
        in_view = self.map.in_view(top)
        shown = self._shown
        return [shown.get(y) or shown.setdefault(y, self._strip(top, y, in_view)) for y in lines]

    def _begin_at(self, top: int) -> None:
        if top != self._top:
            self._top = top
            self._shown.clear()

    def forget(self, start: int, end: int, top: int, on_map: bool) -> list[Region]:
        """Paint the rows with the text from ``start`` to ``end`` again, and if ``on_map`` its cells of the map.

        Returns what that changes on the screen while row ``top`` is the first.
        """
        layout = self._scene.layout
        start, end = max(0, start), min(end, len(layout.text))
        first = layout.row_of(start)
        last = first if end <= start else layout.row_of(end - 1)
        rows = self._rows
        if last - first < len(rows):
            for number in range(first, last + 1):
                rows.pop(number, None)
        else:
            for number in [number for number in rows if first <= number <= last]:
                del rows[number]
        low, high = max(first - top, 0), min(last - top, self.height - 1)
        regions = [Region(0, low, self.width, high - low + 1)] if low <= high else []
        if on_map:
            lines = self.map.forget(start, end)
            if lines.start < low or lines.stop > high + 1:
                regions.append(Region(self.width - MAP, lines.start, MAP, len(lines)))
        self._begin_at(top)
        for region in regions:
            for y in region.line_range:
                self._shown.pop(y, None)
        return regions

    def is_map(self, at: Offset) -> bool:
        """Whether a cell of the widget is one of the map's."""
        return at.x >= self.width - MAP

    def offset_under(self, at: Offset, top: int) -> int:
        """The offset of the character in a cell of the widget; beside the text, of the row's nearest."""
        layout = self._scene.layout
        row = min(max(top + at.y, 0), layout.rows - 1)
        return layout.offset_at(row, at.x - self._scene.margin)

    def sign_under(self, at: Offset, top: int) -> Sign | None:
        """The claim's sign in a cell of the margin."""
        lane, row = at.x - 1, top + at.y
        if not 0 <= lane < self._scene.margin - 2 or not 0 <= row < self._scene.layout.rows:
            return None
        return self._scene.signs(row)[lane]

    def paint_ahead(self, top: int) -> None:
        """Have the page that begins with row ``top`` ready for when it comes into view, down to its sequences."""
        in_view = self.map.in_view(top)
        for y in range(self.height):
            self._strip(top, y, in_view).render(self._console)

    def _row(self, number: int) -> _Row:
        row = self._rows.get(number)
        if row is None:
            row = self._rows[number] = _Row(self._paint(number))
            if len(self._rows) > ROWS_KEPT:
                del self._rows[next(iter(self._rows))]
        return row

    def _strip(self, top: int, y: int, in_view: range) -> Strip:
        row = self._row(top + y)
        cell = self.map.cell(y)
        key = (cell, y in in_view)
        strip = row.strips.get(key)
        if strip is None:
            segments = [*row.segments, Segment(cell.glyph, self._palette.map(cell.colour, key[1]))]
            strip = Strip(segments, max(self.width, self._painter.width + MAP))
            if self._painter.width + MAP > self.width:
                strip = strip.crop(0, self.width)
            row.strips[key] = strip
        return strip

    def _paint(self, number: int) -> list[Segment]:
        if number < self._scene.layout.rows:
            return self._painter.paint(number)
        return [Segment(" " * self._painter.width, self._palette.blank)]
