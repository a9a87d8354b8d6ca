"""A picture on the whole screen: its rows, what the one under the cursor says in words, and what its signs mean."""

from __future__ import annotations

from collections.abc import Callable

from store.desk import Desk
from tui.keys.actions_and_keys import Scope
from tui.kit.list_screen import ListScreen
from tui.kit.picture import Picture, PictureRow
from tui.kit.rows import Cell, Column, Rows
from tui.kit.styled_text import Piece


class PictureScreen(ListScreen[str | None, PictureRow]):
    """Gives the id of the claim that a chosen row leads to."""

    SCOPE = Scope.PICTURE
    ABOUT = 4

    def __init__(self, desk: Desk, draw: Callable[[int], Picture]) -> None:
        """``draw`` makes the picture for so many cells."""
        empty = "\nThere is nothing to draw yet."
        super().__init__(Rows((Column(share=1),), empty=empty, verb="Go there", hints=("close",)), desk, finding=False)
        self._draw = draw
        self._picture = Picture("", (), "")
        self._cells = 0

    def read(self) -> list[PictureRow]:
        self._cells = self.app.size.width
        self._picture = self._draw(self._cells - 4)
        return list(self._picture.rows)

    def on_resize(self) -> None:
        if self._cells and self._cells != self.app.size.width:
            self.refill()
        super().on_resize()

    def heading(self) -> tuple[list[Piece], list[Piece]]:
        return [(f" {self._picture.title}", "bold accent")], [(self._picture.scale, "muted")]

    def cells(self, item: PictureRow) -> tuple[Cell, ...]:
        return (item.pieces,)

    def detail(self, item: PictureRow | None) -> str:
        return f"{item.says}\n{self._picture.legend}" if item else self._picture.legend

    def take(self, item: PictureRow) -> None:
        if item.claim:
            self.dismiss(item.claim)


def heat_screen(desk: Desk, article: str) -> PictureScreen:
    """The heat map of an article, by its id."""
    from tui.kit.picture import heat_map

    title = f"“{' '.join(desk.articles.get(article).title.split())}”"
    return PictureScreen(desk, lambda cells: heat_map(title, desk.library.heat(article), cells))
