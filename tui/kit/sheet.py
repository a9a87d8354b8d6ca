"""A sheet: a list laid over a screen, with a title, a line to find in it, and the cursor row told in full."""

from __future__ import annotations

from collections.abc import Sequence

from textual import on
from textual.app import ComposeResult
from textual.containers import Vertical
from textual.content import Content
from textual.screen import ModalScreen, ScreenResultType
from textual.widgets import Input, Static

from tui.keys.actions import Scope
from tui.kit.bar import Bar
from tui.kit.filter_line import FilterLine
from tui.kit.rows import Column, Rows
from tui.kit.screen import DeskScreen
from tui.text.safe import safe_block


class Sheet(DeskScreen[ScreenResultType], ModalScreen[ScreenResultType]):
    """A subclass fills ``rows`` in `find`, tells a row in `detail`, and takes it in `take`."""

    SCOPE = Scope.FORM
    HINTS = ("close",)
    DEFAULT_CSS = """
    Sheet { align: center middle; background: $background 60%; }
    Sheet > #sheet { width: 100; max-width: 100%; height: 100%; max-height: 34; margin: 1 2 2 2;
                     background: $surface; border: round $border; }
    Sheet.-narrow > #sheet { margin: 0 0 1 0; width: 100%; max-height: 100%; }
    Sheet #sheet-title { background: $surface; text-style: bold; }
    Sheet #sheet-find { margin: 0 1; width: 1fr; }
    Sheet Rows { background: $surface; margin-top: 1; }
    Sheet #sheet-detail { height: 3; padding: 0 1; margin-top: 1; color: $foreground-muted; }
    """

    def __init__(
        self,
        title: str,
        columns: Sequence[Column],
        *,
        finding: bool = True,
        empty: str = "Nothing matches.",
        verb: str = "Open",
        id: str | None = None,
    ) -> None:
        super().__init__(id=id)
        self._title = title
        self._sought = ""
        self.rows = Rows(columns, empty=empty, verb=verb)
        self.finder: FilterLine | None = FilterLine(self.rows, id="sheet-find") if finding else None

    def body(self) -> ComposeResult:
        with Vertical(id="sheet"):
            yield Bar([(f" {self._title}", "bold")], id="sheet-title")
            if self.finder:
                yield self.finder
            yield self.rows
            yield Static("", markup=False, id="sheet-detail")

    def on_mount(self) -> None:
        self.set_focus(self.finder or self.rows)
        self._look(self.finder.value if self.finder else "")
        self.rows.move_to(self.begin())

    def begin(self) -> int:
        """The row the cursor begins on."""
        return 0

    def find(self, words: str) -> None:
        """Show the rows that match words; all of them for none."""
        raise NotImplementedError

    def detail(self, index: int) -> str:
        """What there is to say about a row."""
        return ""

    def take(self, index: int) -> None:
        """A row was chosen."""

    @on(Input.Changed, "#sheet-find")
    def _typed(self, event: Input.Changed) -> None:
        event.stop()
        if event.value != self._sought:
            self._look(event.value)

    def _look(self, words: str) -> None:
        self._sought = words
        self.find(words)

    @on(Rows.Highlighted)
    def _tell(self, event: Rows.Highlighted) -> None:
        event.stop()
        said = "" if event.index is None or event.index >= self.rows.count else self.detail(event.index)
        self.query_one("#sheet-detail", Static).update(Content(safe_block(said)), layout=False)

    @on(Rows.Chosen)
    def _take(self, event: Rows.Chosen) -> None:
        event.stop()
        self.take(event.index)

    def action_mark(self) -> None:
        self.rows.action_choose()

    def action_close(self) -> None:
        self.dismiss(None)


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
