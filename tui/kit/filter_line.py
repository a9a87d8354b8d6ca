"""The line above a list in which people type what they look for."""

from __future__ import annotations

from tui.keys.actions_and_keys import Scope
from tui.kit.editors import LineEditor
from tui.kit.rows import Rows


class FilterLine(LineEditor):
    """Typing narrows the list, the arrow keys move in it, Enter takes its row. Its changes are `Input.Changed`."""

    SCOPE = Scope.FILTER

    def __init__(self, rows: Rows, *, placeholder: str = "type to find", id: str | None = None) -> None:
        super().__init__(placeholder=placeholder, id=id)
        self._rows = rows

    def hints(self) -> tuple[str | tuple[str, str], ...]:
        return tuple(dict.fromkeys((*self._rows.hints(), "close")))

    def action_row_up(self) -> None:
        self._rows.action_row_up()

    def action_row_down(self) -> None:
        self._rows.action_row_down()

    def action_rows_up(self) -> None:
        self._rows.action_rows_up()

    def action_rows_down(self) -> None:
        self._rows.action_rows_down()

    def action_choose(self) -> None:
        self._rows.action_choose()

    def action_complete(self) -> None:
        self.screen.set_focus(self._rows)
