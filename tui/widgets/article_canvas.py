"""The painted rows of the article, kept until something in them changes.

Rows are kept by their number in the text, not by their line on the screen, so scrolling by a row paints one row.
"""

from __future__ import annotations

from rich.segment import Segment
from textual.strip import Strip
from textual.widget import Widget

from tui.widgets.article_map import ArticleMap, Cell
from tui.widgets.article_paint import MAP, RowPainter, Scene
from tui.widgets.article_palette import Palette

ROWS_KEPT = 512


class _Row:
    """A painted row, and its strips for each cell of the map it has stood beside."""

    __slots__ = ("segments", "strips")

    def __init__(self, segments: list[Segment]) -> None:
        self.segments = segments
        self.strips: dict[tuple[Cell, bool], Strip] = {}


class Canvas:
    """Rows of one scene and its map, ``width`` by ``height`` cells, in the colours of ``widget``."""

    def __init__(self, widget: Widget, scene: Scene) -> None:
        self.width, self.height = widget.size
        self.map = ArticleMap(scene, self.height)
        self._scene = scene
        self._palette = Palette(widget)
        self._painter = RowPainter(scene, self._palette)
        self._rows: dict[int, _Row] = {}

    def strips(self, top: int, lines: range) -> list[Strip]:
        """What stands in these lines of the screen while row ``top`` is in its first."""
        return [self._strip(top, y) for y in lines]

    def forget(self, first: int, last: int) -> None:
        """Paint the rows from ``first`` to ``last`` again when they are next in view."""
        rows = self._rows
        if last - first < len(rows):
            for number in range(first, last + 1):
                rows.pop(number, None)
        else:
            for number in [number for number in rows if first <= number <= last]:
                del rows[number]

    def _strip(self, top: int, y: int) -> Strip:
        number = top + y
        row = self._rows.get(number)
        if row is None:
            row = self._rows[number] = _Row(self._paint(number))
            if len(self._rows) > ROWS_KEPT:
                del self._rows[next(iter(self._rows))]
        cell, in_view = self.map.cell(y, top)
        strip = row.strips.get((cell, in_view))
        if strip is None:
            segments = [*row.segments, Segment(cell.glyph, self._palette.map(cell.colour, in_view))]
            strip = Strip(segments, max(self.width, self._painter.width + MAP))
            if self._painter.width + MAP > self.width:
                strip = strip.crop(0, self.width)
            row.strips[cell, in_view] = strip
        return strip

    def _paint(self, number: int) -> list[Segment]:
        if number < self._scene.layout.rows:
            return self._painter.paint(number)
        return [Segment(" " * self._painter.width, self._palette.blank)]
