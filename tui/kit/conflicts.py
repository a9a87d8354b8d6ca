"""The conflicts that wait: what two people said of one thing without seeing each other, and which of it stands."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime

from textual.widgets import Static

from store.desk import Desk
from store.records import Article, Conflict, Contender
from tui.kit.rows import Cell, Column
from tui.kit.sheet import Sheet


class ConflictsScreen(Sheet[None]):
    """Choosing a contender settles its conflict with that value; it is an ordinary change, and can be undone."""

    DEFAULT_CSS = """
    ConflictsScreen #sheet-detail { height: 6; }
    """

    def __init__(self, desk: Desk, article: Article | None = None) -> None:
        columns = (Column(width=9), Column(width=16), Column(width=16), Column(share=1))
        super().__init__(
            "Conflicts: choose what stands", columns, finding=False, empty="\nNo conflict waits.", verb="Let it stand"
        )
        self._desk = desk
        self._article = article
        self._lines: list[tuple[Conflict, Contender | None]] = []

    def find(self, words: str) -> None:
        self._lines = []
        for conflict in self._desk.conflicts.of(self._article):
            self._lines.append((conflict, None))
            self._lines += [(conflict, contender) for contender in reversed(conflict.contenders)]
        self.rows.show(len(self._lines), self._cells, cursor=self.begin())

    def begin(self) -> int:
        return 1 if self._lines else 0

    def _cells(self, index: int) -> tuple[Cell, ...]:
        conflict, contender = self._lines[index]
        if contender is None:
            return ([("≠", "bold error")], [(conflict.about, "bold")], [(conflict.part.replace("_", " "), "bold")], "")
        newest = contender is conflict.contenders[-1]
        when = f"{datetime.fromtimestamp(contender.at / 1000):%Y-%m-%d %H:%M}"
        shown = [("  shown", "accent")] if newest else [("", "")]
        return (shown, [(contender.by, "primary")], [(when, "muted")], _said(contender))

    def detail(self, index: int) -> str:
        conflict, contender = self._lines[index]
        if contender is None:
            return f"{conflict.about}: {len(conflict.contenders)} people set the {conflict.part} independently."
        return _said(contender, "\n")

    def take(self, index: int) -> None:
        conflict, contender = self._lines[index]
        if contender is None:
            self.say("Choose one of the values below it.")
            return
        chosen = contender

        def settled(_: object) -> None:
            self.find("")
            self.say(f"Settled: {chosen.by}’s {conflict.part.replace('_', ' ')} of {conflict.about} stands.")
            if not self._lines:
                self.query_one("#sheet-detail", Static).update("")

        self.write(lambda: self._desk.conflicts.settle(conflict, chosen), settled)


def _said(contender: Contender, between: str = " · ") -> str:
    return contender.words or in_words(contender.values, between)


def in_words(values: Mapping[str, object], between: str = " · ") -> str:
    """Fields and their values as people read them; a field that was emptied says so."""
    said = []
    for name, value in values.items():
        if name == "deleted":
            said.append("deleted" if value else "kept")
            continue
        text = ", ".join(map(str, value)) if isinstance(value, (list, tuple)) else str(value)
        said.append(f"{name.replace('_', ' ')}: {text or '(nothing)'}")
    return between.join(said)
