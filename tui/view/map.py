"""The map: one column that shows where in the whole article is read, checked and left, and what is in view."""

from typing import NamedTuple

from tui.text.spans import CHECKED, OPEN, SWEPT, TAGGED, touching
from tui.view.paint import Scene

NOTHING = " "
"""The signs are those of the bar. A cell of several shows what asks for most: open, then tagged, checked, swept."""


class MapCell(NamedTuple):
    """What one cell of the map says of its rows."""

    glyph: str
    colour: str | None


class ArticleMap:
    """The map of a scene over ``height`` screen lines. Cells are worked out when first drawn."""

    def __init__(self, scene: Scene, height: int) -> None:
        self._scene = scene
        self.height = max(1, height)
        # Below a screenful each row has its own cell.
        self._scale = max(scene.layout.rows, self.height)
        self._cells: dict[int, MapCell] = {}

    def row_at(self, y: int) -> int:
        """The first row that the cell in line ``y`` stands for."""
        return min(y * self._scale // self.height, self._scene.layout.rows - 1)

    def line_of(self, row: int) -> int:
        """The line whose cell stands for ``row``."""
        return min(self.height - 1, ((row + 1) * self.height - 1) // self._scale)

    def cell(self, y: int) -> MapCell:
        """The cell in line ``y``."""
        cell = self._cells.get(y)
        if cell is None:
            cell = self._cells[y] = self._look(y)
        return cell

    def in_view(self, top: int) -> range:
        """The lines whose rows are in view while row ``top`` is the first on the screen."""
        return range(self.line_of(top), self.line_of(min(top + self.height, self._scale) - 1) + 1)

    def forget(self, start: int, end: int) -> range:
        """Work out again the cells of the text from ``start`` to ``end``; returns their lines."""
        layout = self._scene.layout
        lines = range(self.line_of(layout.row_of(start)), self.line_of(layout.row_of(max(start, end - 1))) + 1)
        for y in lines:
            self._cells.pop(y, None)
        return lines

    def _look(self, y: int) -> MapCell:
        scene = self._scene
        first, beyond = y * self._scale // self.height, (y + 1) * self._scale // self.height
        if first >= scene.layout.rows:
            return MapCell(NOTHING, None)
        start = scene.layout.row_bounds(first)[0]
        end = scene.layout.row_bounds(min(beyond, scene.layout.rows) - 1)[1]
        marks = [mark for mark in scene.marks.meeting(start, end) if not mark.suggested]
        colours = {"accent" if mark.open else mark.colour for mark in marks}
        colour = colours.pop() if len(colours) == 1 else None
        if touching(scene.residue, start, end):
            return MapCell(OPEN, colour)
        if marks:
            return MapCell(TAGGED if any(mark.open or mark.lacking for mark in marks) else CHECKED, colour)
        return MapCell(SWEPT if scene.sweeps.meeting(start, end) else NOTHING, None)
