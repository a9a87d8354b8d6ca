"""The line at the foot of every screen: what was begun or said on the left, the keys of the moment on the right."""

from __future__ import annotations

from collections.abc import Sequence

from tui.widgets.bar import Bar
from tui.widgets.pieces import Piece, width_of


class HintLine(Bar):
    """Shows as many hints as fit, in their order of importance; the last one, help, always."""

    DEFAULT_CSS = """
    HintLine { dock: bottom; }
    """

    def __init__(self) -> None:
        super().__init__()
        self._hints: list[tuple[str, str]] = []
        self._begun = ""

    def hint(self, hints: Sequence[tuple[str, str]]) -> None:
        """Show hints, each a key as people know it and what it does."""
        if list(hints) != self._hints:
            self._hints = list(hints)
            self.refresh()

    def begun(self, keys: str) -> None:
        """Show the sequence of keys that was begun, or nothing any more."""
        if keys != self._begun:
            self._begun = keys
            self.refresh()

    def sides(self, cells: int) -> tuple[Sequence[Piece], Sequence[Piece]]:
        left: list[Piece] = [(" ", ""), *self._left]
        if self._begun:
            left = [(f" {self._begun} … ", "bold reverse"), (" ", ""), *self._left]
        room = cells - min(width_of(left), cells // 2) - 2
        right: list[Piece] = []
        for key, title in self._hints[:-1]:
            pieces: list[Piece] = [(key, "bold accent"), (f" {title}  ", "muted")]
            if width_of([*right, *pieces]) + self._last_width() > room:
                break
            right += pieces
        if self._hints:
            key, title = self._hints[-1]
            right += [(key, "bold accent"), (f" {title}", "muted")]
        return left, right

    def _last_width(self) -> int:
        key, title = self._hints[-1]
        return width_of([(key, ""), (f" {title}", "")])
