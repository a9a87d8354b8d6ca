"""The screen that all lists are: rows found by words, each told in full, read again when the desk changes.

A `ListScreen` takes the whole screen, a `Sheet` lies over one.
"""

from __future__ import annotations

from collections.abc import Collection, Sequence
from typing import ClassVar, Generic, TypeVar

from textual import on
from textual.app import ComposeResult
from textual.containers import Vertical
from textual.content import Content
from textual.screen import ModalScreen, ScreenResultType
from textual.widgets import Input, Static

from store.desk import Desk
from store.reports import Undone
from tui.keys.actions_and_keys import Scope
from tui.kit.bar import Bar
from tui.kit.filter_line import FilterLine
from tui.kit.rows import Cell, Column, Rows
from tui.kit.screen import DeskChanged, DeskScreen
from tui.kit.styled_text import Piece
from tui.kit.undo import Undo
from tui.text.safe import safe_block

Item = TypeVar("Item")


class ListScreen(DeskScreen[ScreenResultType], Generic[ScreenResultType, Item]):
    """A subclass reads its items in `read`, says of each what is shown, found and told, and takes it in `take`."""

    ABOUT: ClassVar[int] = 0
    """Lines below the rows in which the item under the cursor is told; 0 for none."""
    DEFAULT_CSS = """
    ListScreen #list-find { margin: 0 1; display: none; }
    ListScreen.-finding #list-find { display: block; }
    ListScreen #list-about {
        dock: bottom; margin-bottom: 1; padding: 0 1; background: $surface; color: $foreground-muted;
    }
    """

    def __init__(self, rows: Rows, desk: Desk | None = None, *, finding: bool = True, id: str | None = None) -> None:
        """``desk`` is what the items are read from again when it has changed, and what undo and redo work on."""
        super().__init__(id=id)
        self.rows = rows
        self.head = Bar(id="list-title")
        self.finder = FilterLine(rows, id="list-find") if finding else None
        self.about = Static("", markup=False, id="list-about")
        self.items: list[Item] = []
        self.shown: list[Item] = []
        self._watched = desk
        self._mark: object = None
        self._sought: str | None = None
        if desk is not None:
            self.handlers = (Undo(self, desk, self.undone),)

    def body(self) -> ComposeResult:
        yield self.head
        if self.finder is not None:
            yield self.finder
        yield from self.middle()
        if self.ABOUT:
            self.about.styles.height = self.ABOUT
            yield self.about

    def middle(self) -> ComposeResult:
        """The rows, and what stands beside them."""
        yield self.rows

    def on_mount(self) -> None:
        self.set_focus(self.first_focus())
        self.refill()
        if at := self.begin():
            self.rows.move_to(at)

    # What a subclass says

    def read(self) -> list[Item]:
        """The items, as they are now."""
        raise NotImplementedError

    def heading(self) -> tuple[Sequence[Piece], Sequence[Piece]]:
        """What stands above the rows, on the left and on the right."""
        raise NotImplementedError

    def columns(self) -> Sequence[Column] | None:
        """The columns, for the width there is; None for those that the rows have."""
        return None

    def cells(self, item: Item) -> Sequence[Cell]:
        """The cells of an item."""
        raise NotImplementedError

    def words(self, item: Item) -> tuple[str, ...]:
        """The texts in which an item is found."""
        return ()

    def key(self, item: Item) -> object:
        """By what an item is known when it is read again, so that the cursor stays on it; None: the cursor stays."""
        return None

    def detail(self, item: Item | None) -> str:
        """What there is to say about an item, or where there is none."""
        return ""

    def take(self, item: Item) -> None:
        """An item was chosen."""

    def begin(self) -> int:
        """The row the cursor begins on."""
        return 0

    def first_focus(self) -> Rows | FilterLine:
        """What has the focus at first."""
        return self.rows

    # What is shown

    @property
    def current(self) -> Item | None:
        """The item under the cursor."""
        at = self.rows.index
        return self.shown[at] if at is not None and at < len(self.shown) else None

    def refill(self) -> None:
        """Read the items again."""
        held = self.current
        key = None if held is None else self.key(held)
        self._mark = self._watched.history.mark() if self._watched else None
        self.items = self.read()
        self.head.show(*self.heading())
        self.narrow(key)

    def narrow(self, key: object = None) -> None:
        """Show the items in which the words stand that are sought, with the cursor on the one of that key."""
        self._sought = self.finder.value if self.finder else ""
        self.shown = self.found(self._sought)
        self._show(self.place(key))

    def found(self, words: str) -> list[Item]:
        """The items in which words stand; all of them for none."""
        return [item for item in self.items if matches(words, *self.words(item))]

    def place(self, key: object) -> int | None:
        """The row the cursor goes to: where the item of a key is; None where the cursor is."""
        places = (at for at, item in enumerate(self.shown) if key is not None and self.key(item) == key)
        return next(places, None)

    def _show(self, cursor: int | None = None) -> None:
        self.rows.show(len(self.shown), lambda at: self.cells(self.shown[at]), columns=self.columns(), cursor=cursor)

    def on_resize(self) -> None:
        self._show()

    def on_desk_changed(self, event: DeskChanged) -> None:
        # Far under other screens it would pay for every edit there; it looks again when it comes back.
        if self.is_current:
            self._catch_up()

    def on_screen_resume(self) -> None:
        if self._mark is not None:
            self._catch_up()

    def _catch_up(self) -> None:
        if self._watched is not None and self._watched.history.mark() != self._mark:
            self.refill()

    @on(Input.Changed, "#list-find")
    def _words_typed(self, event: Input.Changed) -> None:
        event.stop()
        if event.value != self._sought:
            self.narrow()

    @on(Rows.Highlighted)
    def _row_reached(self, event: Rows.Highlighted) -> None:
        event.stop()
        self.tell(self.current)

    def tell(self, item: Item | None) -> None:
        """Tell the item that the cursor has come to."""
        if self.ABOUT:
            self.about.update(Content(safe_block(self.detail(item))), layout=False)

    @on(Rows.Chosen)
    def _row_chosen(self, event: Rows.Chosen) -> None:
        event.stop()
        self.take(self.shown[event.index])

    # Actions

    def action_find(self) -> None:
        if self.finder is not None:
            self.add_class("-finding")
            self.set_focus(self.finder)

    def undone(self, undone: Undone) -> None:
        """Show what was undone or redone, and say it."""
        self.refill()
        self.say(undone.sentence)

    def action_close(self) -> None:
        if self.finder is not None and self.has_class("-finding"):
            self.set_focus(self.rows)
            self.remove_class("-finding")
            self.finder.value = ""
            return
        self.dismiss(None)


class Sheet(ListScreen[ScreenResultType, Item], ModalScreen[ScreenResultType]):
    """A list laid over a screen, with the line to find in it always shown."""

    SCOPE = Scope.FORM
    HINTS = ("close",)
    ABOUT = 3
    DEFAULT_CSS = """
    Sheet { align: center middle; background: $background 60%; }
    Sheet > #sheet { width: 100; max-width: 100%; height: 100%; max-height: 34; margin: 1 2 2 2;
                     background: $surface; border: round $border; }
    Sheet.-broad > #sheet { width: 132; max-height: 48; }
    Sheet.-narrow > #sheet { margin: 0 0 1 0; width: 100%; max-height: 100%; }
    Sheet #list-title { background: $surface; text-style: bold; }
    Sheet #list-find { display: block; width: 1fr; }
    Sheet Rows { background: $surface; margin-top: 1; }
    Sheet #list-about { dock: none; margin: 1 0 0 0; }
    """

    def __init__(
        self,
        title: str,
        columns: Sequence[Column],
        desk: Desk | None = None,
        *,
        finding: bool = True,
        empty: str = "Nothing matches.",
        verb: str = "Open",
        hints: Sequence[str] = ("row_down", "row_up"),
        at_row: Collection[str] = ("row_down", "row_up"),
        header: bool = False,
    ) -> None:
        rows = Rows(columns, header=header, empty=empty, verb=verb, hints=hints, at_row=at_row)
        super().__init__(rows, desk, finding=finding)
        self._title = title

    def body(self) -> ComposeResult:
        with Vertical(id="sheet"):
            yield from super().body()

    def heading(self) -> tuple[Sequence[Piece], Sequence[Piece]]:
        return [(f" {self._title}", "bold")], []

    def first_focus(self) -> Rows | FilterLine:
        return self.finder or self.rows

    def place(self, key: object) -> int | None:
        return super().place(key) or 0

    def action_mark(self) -> None:
        self.rows.action_choose()


def matches(words: str, *texts: str) -> int:
    """How well texts hold all the words: 0 for not at all, most when the first text begins with them."""
    sought = words.casefold().split()
    folded = [text.casefold() for text in texts]
    if not all(any(word in text for text in folded) for word in sought):
        return 0
    if not sought:
        return 1
    if folded[0].startswith(" ".join(sought)):
        return 4
    if all(word in folded[0] for word in sought):
        return 3
    return 2
