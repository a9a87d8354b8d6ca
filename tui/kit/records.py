"""A screen of records in rows: narrowed by words, read anew when the desk changes, and undone from there."""

from __future__ import annotations

from typing import Generic, TypeVar

from textual import on
from textual.app import ComposeResult
from textual.screen import ScreenResultType
from textual.widgets import Input

from store.desk import Desk
from store.records import Undone
from tui.kit.bar import Bar
from tui.kit.filter_line import FilterLine
from tui.kit.pieces import Piece
from tui.kit.rows import Cell, Column, Rows
from tui.kit.screen import DeskChanged, DeskScreen
from tui.kit.sheet import matches
from tui.kit.undo import Undo

Record = TypeVar("Record")


class RecordsScreen(DeskScreen[ScreenResultType], Generic[ScreenResultType, Record]):
    """A subclass reads its records in `read`, and says of each what is shown and what can be found in it."""

    DEFAULT_CSS = """
    RecordsScreen #records-find { margin: 0 1; display: none; }
    RecordsScreen.-finding #records-find { display: block; }
    """

    def __init__(self, desk: Desk, rows: Rows) -> None:
        super().__init__()
        self.desk = desk
        self.handlers = (Undo(self, desk, self.undone),)
        self.rows = rows
        self.finder = FilterLine(rows, id="records-find")
        self._read: list[Record] = []
        self._shown: list[Record] = []

    def body(self) -> ComposeResult:
        yield Bar(id="records-title")
        yield self.finder
        yield self.rows

    def on_mount(self) -> None:
        self.set_focus(self.rows)
        self.refill()

    # What a subclass says

    def read(self) -> list[Record]:
        """The records, as they are now."""
        raise NotImplementedError

    def heading(self) -> tuple[list[Piece], list[Piece]]:
        """What stands above the rows, on the left and on the right."""
        raise NotImplementedError

    def words(self, record: Record) -> tuple[str, ...]:
        """The texts in which a record is found."""
        raise NotImplementedError

    def columns(self) -> tuple[Column, ...]:
        """The columns, for the width there is."""
        raise NotImplementedError

    def cells(self, record: Record) -> tuple[Cell, ...]:
        """The cells of a record."""
        raise NotImplementedError

    def place(self) -> int | None:
        """The row the cursor goes to when the rows are shown anew; None where it is."""
        return None

    # What is shown

    def refill(self) -> None:
        """Read the records anew."""
        self._read = self.read()
        self.query_one("#records-title", Bar).show(*self.heading())
        self.narrow()

    def narrow(self) -> None:
        """Show the records in which the words stand that are sought."""
        self._shown = [record for record in self._read if matches(self.finder.value, *self.words(record))]
        self._show(self.place())

    def _show(self, cursor: int | None = None) -> None:
        self.rows.show(len(self._shown), lambda at: self.cells(self._shown[at]), columns=self.columns(), cursor=cursor)

    def on_resize(self) -> None:
        self._show()

    def on_desk_changed(self, event: DeskChanged) -> None:
        self.refill()

    @on(Input.Changed, "#records-find")
    def _typed(self, event: Input.Changed) -> None:
        event.stop()
        self.narrow()

    # Actions

    def action_find(self) -> None:
        self.add_class("-finding")
        self.set_focus(self.finder)

    def undone(self, undone: Undone) -> None:
        self.say(undone.sentence)
        self.refill()

    def action_close(self) -> None:
        if self.has_class("-finding"):
            self.set_focus(self.rows)
            self.remove_class("-finding")
            self.finder.value = ""
            return
        self.dismiss(None)
