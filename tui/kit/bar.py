"""A bar of one line: something on its left, something on its right."""

from __future__ import annotations

from collections.abc import Sequence

from textual.strip import Strip
from textual.widget import Widget

from tui.kit.styled_text import Piece, Tones, fit_pieces, width_of


class Bar(Widget):
    """One line of pieces. When both sides do not fit, the right side stays and the left is
    shortened; a cell stays free between them."""

    DEFAULT_CSS = """
    Bar { height: 1; width: 1fr; background: $panel; color: $foreground; }
    """
    ALLOW_SELECT = False

    def __init__(self, left: Sequence[Piece] = (), right: Sequence[Piece] = (), *, id: str | None = None) -> None:
        super().__init__(id=id)
        self._left = list(left)
        self._right = list(right)
        self._tones = Tones(self)

    def show(self, left: Sequence[Piece] | None = None, right: Sequence[Piece] | None = None) -> None:
        """Put other pieces on a side; None leaves it as it is."""
        before = self._left, self._right
        if left is not None:
            self._left = list(left)
        if right is not None:
            self._right = list(right)
        if (self._left, self._right) != before:
            self.refresh()

    @property
    def text(self) -> str:
        """The line as it stands on the screen."""
        return self.render_line(0).text

    def sides(self, cells: int) -> tuple[Sequence[Piece], Sequence[Piece]]:
        """What is drawn left and right when there are so many cells."""
        return self._left, self._right

    def render_line(self, y: int) -> Strip:
        cells = self.content_size.width
        left, right = self.sides(cells)
        taken = min(cells, width_of(right) + 1) if right else 0
        gap = 1 if 0 < taken < cells and not right[0][0].startswith(" ") else 0
        pieces = [
            *fit_pieces(left, cells - taken - gap),
            (" " * gap, ""),
            *fit_pieces([*right, (" ", "")], taken, right=True),
        ]
        return self._tones.strip(pieces, cells)

    def notify_style_update(self) -> None:
        self._tones.forget()
        super().notify_style_update()
