"""The line in which people type what to find in the article, and the places found."""

from __future__ import annotations

from bisect import bisect_left, bisect_right

from textual import events, on
from textual.app import ComposeResult
from textual.containers import Horizontal
from textual.message import Message
from textual.widgets import Input, Static
from textual.widgets.input import Selection

from store.errors import Refused
from store.text.find import find_seen
from store.text.shorten import shorten
from store.text.units import Span
from tui.kit.editors import Left, LineEditor
from tui.kit.screen import SaysRefusals
from tui.view.view import ArticleView


class _Words(LineEditor):
    """The words to find."""

    def on_hide(self, event: events.Hide) -> None:
        """Keep the focus when the line has been opened again: that it was closed is told a frame later."""
        if self.parent is not None and self.parent.has_class("-open"):
            event.prevent_default()


class FindLine(Horizontal, SaysRefusals):
    """Hidden until opened. The text shows what is found while people type; Enter goes there, Esc closes."""

    DEFAULT_CSS = """
    FindLine { height: 1; display: none; background: $panel; }
    FindLine.-open { display: block; }
    FindLine Static { width: auto; padding: 0 1; color: $foreground-muted; }
    FindLine LineEditor { width: 1fr; background: $panel; }
    """

    class Found(Message):
        """What is found, or which of it is selected, has changed."""

    def __init__(self, view: ArticleView) -> None:
        super().__init__()
        self._view = view
        self._spans: list[Span] = []
        self._at = -1

    def compose(self) -> ComposeResult:
        yield Static("find", markup=False)
        yield _Words(placeholder="words, or a number in any grouping")
        yield Static("Enter goes there · Esc closes", markup=False)

    @property
    def said(self) -> str:
        """How many places there are and which is selected; empty when nothing was sought."""
        return f"{self._at + 1} of {len(self._spans)} found" if self._spans else ""

    @property
    def _editor(self) -> LineEditor:
        return self.query_one(LineEditor)

    def open_with(self, words: str) -> None:
        """Open the line, holding some words or what was sought last, selected: typing takes their place."""
        self.add_class("-open")
        if words:
            self._editor.value = " ".join(words.split())[:200]
        self._editor.focus()
        self._editor.selection = Selection(0, len(self._editor.value))

    def seek(self, words: str, at: int) -> None:
        """Show where some words stand, and go to the place at an offset or the next behind it."""
        self._editor.value = " ".join(words.split())[:200]
        self._seek(words)
        self._at = min(bisect_left(self._spans, (at,)), len(self._spans) - 1)
        self._show(go=True)

    def step(self, by: int) -> None:
        """Go to the next place found behind the caret, or with ``by`` below 0 to the last before it; round at the ends.

        Raises:
            Refused: nothing was found, or nothing sought.
        """
        if not self._spans:
            raise Refused("Nothing was searched for yet: / finds words.")
        caret = self._view.caret
        if self._view.selecting and self._at >= 0 and caret == self._spans[self._at][1]:
            caret = self._spans[self._at][0]  # the selection ends with the selected place
        if by > 0:
            place = bisect_right(self._spans, (caret, len(self._view.text) + 1))
        else:
            place = bisect_left(self._spans, (caret,)) - 1
        self._at = place % len(self._spans)
        self._show(go=True)

    def clear(self) -> bool:
        """Show no places any more; False when there were none."""
        had = bool(self._spans)
        self._spans, self._at = [], -1
        self._show(go=False)
        return had

    def _seek(self, words: str) -> None:
        self._spans = find_seen(self._view.seen, words) if words.strip() else []
        caret = self._view.caret
        self._at = next((i for i, span in enumerate(self._spans) if span[1] > caret), 0 if self._spans else -1)

    def _show(self, *, go: bool) -> None:
        self._view.set_found(self._spans, self._at)
        if go and self._spans:
            start, end = self._spans[self._at]
            if self._view.selecting:  # what is found comes into the selection, whole
                self._view.move_to(end if end > self._view.other_end else start, select=True, scroll=False)
            else:
                self._view.clear_selection()
                self._view.move_to(start, scroll=False)
            self._view.reveal(start, end, leap=True)
        self.post_message(self.Found())

    @on(Input.Changed)
    def _typed(self, event: Input.Changed) -> None:
        event.stop()
        if self._editor.has_focus:
            self._seek(event.value)
            self._show(go=False)

    @on(Left)
    def _left(self, event: Left) -> None:
        event.stop()
        self.remove_class("-open")
        if event.way == "away":
            return
        self._view.focus()
        self._seek(event.value)
        self._show(go=event.way == "entered")
        if event.way == "entered" and event.value.strip() and not self._spans:
            raise Refused(f"“{shorten(event.value, 40)}” is not in this article.")
