"""A panel: a head over lines of text, in which the cursor goes from place to place."""

from __future__ import annotations

from typing import TypeVar

from textual.app import ComposeResult
from textual.containers import Vertical

from tui.kit.bar import Bar
from tui.kit.panel_lines import PanelLines
from tui.kit.screen import SaysRefusals

Self = TypeVar("Self", bound="Panel")


class Panel(Vertical, SaysRefusals):
    """A subclass shows a page in ``lines`` and says in ``heading`` what it is."""

    DEFAULT_CSS = """
    Panel { width: 1fr; height: 1fr; background: $background; }
    Panel > Bar { background: $panel; }
    """

    def __init__(self, lines: PanelLines, *, id: str | None = None, classes: str | None = None) -> None:
        super().__init__(id=id, classes=classes)
        self.heading = Bar()
        self.lines = lines

    def compose(self) -> ComposeResult:
        yield self.heading
        yield self.lines

    def focus(self: Self, scroll_visible: bool = True) -> Self:
        """Give the focus to the lines."""
        self.lines.focus(scroll_visible)
        return self

    def action_row_up(self) -> None:
        self.lines.step(-1)

    def action_row_down(self) -> None:
        self.lines.step(1)

    def action_rows_up(self) -> None:
        self.lines.leap(-1)

    def action_rows_down(self) -> None:
        self.lines.leap(1)

    def action_first_row(self) -> None:
        self.lines.end(last=False)

    def action_last_row(self) -> None:
        self.lines.end(last=True)
