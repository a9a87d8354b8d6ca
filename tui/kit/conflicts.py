"""The conflicts that wait: what two people said of one thing without seeing each other, and which of it stands."""

from __future__ import annotations

from datetime import datetime
from typing import NamedTuple

from store.desk import Desk
from store.history.words import values_in_words
from store.records import Article, Conflict, Contender
from tui.kit.list_screen import Sheet
from tui.kit.rows import Cell, Column


class Stand(NamedTuple):
    """A row: a conflict, or one of the values in it."""

    conflict: Conflict
    contender: Contender | None = None


class ConflictsScreen(Sheet[None, Stand]):
    """Choosing a contender settles its conflict with that value; it is an ordinary change, and can be undone."""

    ABOUT = 6

    def __init__(self, desk: Desk, article: Article | None = None) -> None:
        columns = (Column(width=9), Column(width=16), Column(width=16), Column(share=1))
        title, empty = "Conflicts: choose what to keep", "\nNo conflict waits."
        super().__init__(title, columns, desk, finding=False, empty=empty, verb="Keep it")
        self.desk = desk
        self._article = article

    def read(self) -> list[Stand]:
        return [
            Stand(conflict, contender)
            for conflict in self.desk.conflicts.of(self._article)
            for contender in (None, *reversed(conflict.contenders))
        ]

    def key(self, item: Stand) -> object:
        return item.conflict.item, item.conflict.part, item.contender and item.contender.change

    def begin(self) -> int:
        return 1 if self.shown else 0

    def place(self, key: object) -> int | None:
        return super().place(key) or self.begin()

    def cells(self, item: Stand) -> tuple[Cell, ...]:
        conflict, contender = item
        if contender is None:
            return ([("≠", "bold error")], [(conflict.about, "bold")], [(conflict.part.replace("_", " "), "bold")], "")
        when = f"{datetime.fromtimestamp(contender.at / 1000):%Y-%m-%d %H:%M}"
        shown = [("  shown", "accent")] if contender.stands else [("", "")]
        return (shown, [(contender.by, "primary")], [(when, "muted")], _said(contender))

    def detail(self, item: Stand | None) -> str:
        if item is None:
            return ""
        conflict, contender = item
        if contender is None:
            return f"{conflict.about}: {len(conflict.contenders)} people set the {conflict.part} independently."
        return _said(contender, "\n")

    def take(self, item: Stand) -> None:
        conflict, chosen = item
        if chosen is None:
            self.say("Choose one of the values below it.")
            return

        def settled(_: object) -> None:
            self.refill()
            self.say(f"Settled: {chosen.by}’s {conflict.part.replace('_', ' ')} of {conflict.about} stands.")

        self.write(lambda: self.desk.conflicts.settle(conflict, chosen), settled)


def _said(contender: Contender, between: str = " · ") -> str:
    return contender.words or values_in_words(contender.values, between)
