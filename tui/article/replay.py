"""Replaying a check: what was done on an article, a step at a time, by hand or by itself."""

from __future__ import annotations

from textual.timer import Timer

from store.desk import Desk
from store.errors import Refused
from store.history.replay import Step
from store.records import Article
from store.text.shorten import shorten
from tui.keys.actions import Scope
from tui.kit.list_screen import ListScreen
from tui.kit.pieces import Piece
from tui.kit.rows import Cell, Column, Rows
from tui.text.dates import minute, moment

STEP_SECONDS = 0.7
"""How long a step is shown while it plays."""


class ReplayScreen(ListScreen[str | None, Step]):
    """Gives the id of the claim that a chosen step touched."""

    SCOPE = Scope.REPLAY
    ABOUT = 4

    def __init__(self, desk: Desk, article: Article) -> None:
        empty = "\nNothing was done on this article yet."
        rows = Rows(header=True, empty=empty, verb="Go there", hints=("step", "step_back", "play", "close"))
        super().__init__(rows, desk, finding=False)
        self._desk = desk
        self._article = article
        self._at = 1
        self._playing: Timer | None = None

    def read(self) -> list[Step]:
        return self._desk.history.replay(self._article)

    def found(self, words: str) -> list[Step]:
        return self.items[: self._at]

    def heading(self) -> tuple[list[Piece], list[Piece]]:
        left: list[Piece] = [(" Replay ", "bold accent"), (f" of “{shorten(self._article.title, 50)}”", "")]
        how = "plays" if self._playing else "paused"
        return left, [(f"step {min(self._at, len(self.items))} of {len(self.items)} · {how}", "bold")]

    def columns(self) -> tuple[Column, ...]:
        wide = self.size.width >= 100
        when, who = (Column("When", 18), Column("Who", 14)) if wide else (Column("When", 11), Column("Who", 9))
        return Column("", 4, right=True), when, who, Column("What", share=1)

    def cells(self, item: Step) -> tuple[Cell, ...]:
        more = f" (and {len(item.says) - 1} more)" if len(item.says) > 1 else ""
        said = f"{item.says[0]}{more}"
        return (
            [(str(item.number), "muted")],
            [((minute if self.size.width >= 100 else moment)(item.at), "muted")],
            [(item.by, "primary")],
            said,
        )

    def detail(self, item: Step | None) -> str:
        return f"Then there were {item.standing}.\n{' · '.join(item.says)}" if item else ""

    def take(self, item: Step) -> None:
        if item.claim:
            self.dismiss(item.claim)

    # Stepping

    def _go(self, to: int) -> None:
        self._at = max(1, min(to, len(self.items)))
        self.narrow()
        if self.shown:
            self.rows.move_to(len(self.shown) - 1)
        self.head.show(*self.heading())

    def _pause(self) -> None:
        if self._playing is not None:
            self._playing.stop()
            self._playing = None

    def action_step(self) -> None:
        self._pause()
        if self._at >= len(self.items):
            raise Refused("This was the last step.")
        self._go(self._at + 1)

    def action_step_back(self) -> None:
        self._pause()
        self._go(self._at - 1)

    def action_play(self) -> None:
        """Go on by itself, from the start again after the last step; or stop."""
        if self._playing is not None:
            self._pause()
            self._go(self._at)
            return
        self._playing = self.set_interval(STEP_SECONDS, self._play_on)
        self._go(1 if self._at >= len(self.items) else self._at)

    def _play_on(self) -> None:
        if self._at + 1 >= len(self.items):
            self._pause()
        self._go(self._at + 1)
