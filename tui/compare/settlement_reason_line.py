"""The line in which an adjudicator says why, below what is compared, so that all of it stays in sight meanwhile."""

from __future__ import annotations

from collections.abc import Callable

from textual import on
from textual.app import ComposeResult
from textual.containers import Horizontal
from textual.widget import Widget

from store.errors import Refused
from tui.kit.bar import Bar
from tui.kit.editors import Left, LineEditor, deciding
from tui.kit.screen import SaysRefusals
from tui.kit.styled_text import shorten

IDLE = "why"
_NOT_YET = "asked when something is settled"


class _Why(LineEditor):
    HINTS = deciding("Settle")
    given = ""


class WhyLine(Horizontal, SaysRefusals):
    """Asks for a rationale of one line; Enter in the empty line takes the last one again, Esc leaves all as it is.

    What was typed and not given is there again when the same is asked.
    """

    BLANK = True  # its children cover it
    DEFAULT_CSS = """
    WhyLine { height: 1; background: $surface; }
    WhyLine > Bar { width: 40%; max-width: 44; background: $surface; }
    WhyLine > LineEditor { width: 1fr; background: $surface; }
    """

    def __init__(self) -> None:
        super().__init__()
        self.last = ""
        self._bar = Bar([(f" {IDLE}", "muted")])
        self._editor = _Why(placeholder=_NOT_YET)
        self._editor.can_focus = False
        self._then: Callable[[str], None] | None = None
        self._back: Widget | None = None
        self._given = False

    def compose(self) -> ComposeResult:
        yield self._bar
        yield self._editor

    @property
    def asking(self) -> bool:
        """Whether it asks, and can be gone to."""
        return self._editor.can_focus

    def ask(self, what: str, then: Callable[[str], None], about: str) -> None:
        """Ask why something is to be settled so; ``then`` is told; the focus goes back before the next key.

        ``about`` names, with a record's id, what the words are kept for until it is settled.
        """
        self._then = then
        if self._editor.field != about:
            self._editor.turn_to(about)
        self._back = self.screen.focused
        self._bar.show([(f" {what}: ", "bold"), ("why?", "bold accent")])
        again = "Enter takes again: "
        room = max(8, min(60, self._editor.size.width - len(again) - 1))
        self._editor.placeholder = f"{again}{shorten(self.last, room)}" if self.last else "in one line"
        self._editor.can_focus = True
        self._editor.focus()
        self._editor.cursor_position = len(self._editor.value)

    @on(Left)
    def _left(self, event: Left) -> None:
        event.stop()
        then, words = self._then, event.value.strip() or self.last
        if then is None:
            return
        settles = event.way in ("entered", "done")
        if settles and not words:
            self._editor.resume()
            raise Refused("Say why in one line: settling a dispute needs a reason.")
        if settles:
            try:
                then(words)
            except Refused:
                self._editor.resume()
                raise
            self.last, self._then, self._given = words, None, True  # the frame of what was settled goes first
            return
        self._editor.keep()
        self._rest(event.way != "away")

    def on_passed(self) -> None:
        if self._given:
            self._given, self._editor.typed = False, ""
            self._rest(self._editor.has_focus)

    def _rest(self, back: bool) -> None:
        self._then = None
        self._bar.show([(f" {IDLE}", "muted")])
        self._editor.placeholder = _NOT_YET
        if back and self._back is not None and self._back.is_attached:
            self.screen.set_focus(self._back)
        self._editor.can_focus = False
