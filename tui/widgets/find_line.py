"""The line in which people type what to find in the article; hits show while they type."""

from __future__ import annotations

from textual import on
from textual.app import ComposeResult
from textual.containers import Horizontal
from textual.message import Message
from textual.widgets import Input, Static

from tui.widgets.editors import Left, LineEditor


class FindLine(Horizontal):
    """Hidden until opened. Enter goes to the hit, Esc leaves the line with the hits still shown."""

    DEFAULT_CSS = """
    FindLine { height: 1; display: none; background: $panel; }
    FindLine.-open { display: block; }
    FindLine Static { width: auto; padding: 0 1; color: $foreground-muted; }
    FindLine LineEditor { width: 1fr; background: $panel; }
    """

    class Sought(Message):
        """Words to find; ``done`` when they are typed to the end."""

        def __init__(self, words: str, done: bool) -> None:
            super().__init__()
            self.words = words
            self.done = done

    def compose(self) -> ComposeResult:
        yield Static("find", markup=False)
        yield LineEditor(placeholder="words, or a number in any grouping")

    @property
    def _editor(self) -> LineEditor:
        return self.query_one(LineEditor)

    def open_with(self, words: str) -> None:
        """Open the line, holding some words or what was sought last."""
        self.add_class("-open")
        if words:
            self._editor.value = " ".join(words.split())[:200]
        self._editor.focus()
        self._editor.cursor_position = len(self._editor.value)

    @on(Input.Changed)
    def _typed(self, event: Input.Changed) -> None:
        event.stop()
        if self._editor.has_focus:
            self.post_message(self.Sought(event.value, done=False))

    @on(Left)
    def _left(self, event: Left) -> None:
        event.stop()
        self.remove_class("-open")
        if event.way != "away":
            self.post_message(self.Sought(event.value if event.kept else "", done=True))
