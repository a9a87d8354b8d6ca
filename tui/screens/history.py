"""The history: who changed what and when, on a claim, its article or the whole desk; undo from there."""

from __future__ import annotations

from datetime import datetime

from textual import on
from textual.app import ComposeResult
from textual.widgets import Input

from store.desk import Desk
from store.records import Article, Change, Claim
from store.refusals import Unknown
from tui.actions import Scope
from tui.screens.desk_screen import DeskChanged, DeskScreen
from tui.screens.sheet import matches
from tui.widgets.bar import Bar
from tui.widgets.filter_line import FilterLine
from tui.widgets.rows import Cell, Column, Rows

PAGE = 500
"""Changes read at first; as many again each time the cursor comes to the last."""


class HistoryScreen(DeskScreen[tuple[str, str] | None]):
    """Gives the (article, claim) ids of a change that was chosen, to go there."""

    SCOPE = Scope.HISTORY
    DEFAULT_CSS = """
    HistoryScreen #history-find { margin: 0 1; display: none; }
    HistoryScreen.-finding #history-find { display: block; }
    """

    def __init__(self, desk: Desk, article: Article | None = None, claim: Claim | None = None) -> None:
        super().__init__()
        self.desk = desk
        self._article = article
        self._claim = claim
        self._reach = "claim" if claim else "article" if article else "desk"
        self._limit = PAGE
        self._read: list[Change] = []
        self._shown: list[Change] = []
        self.rows = Rows(
            header=True,
            empty="\nNothing has been changed here.",
            verb="Go there",
            hints=(*(("widen",) if article else ()), "find", "undo", "redo", "close"),
        )
        self.finder = FilterLine(self.rows, id="history-find")

    def body(self) -> ComposeResult:
        yield Bar(id="history-title")
        yield self.finder
        yield self.rows

    def on_mount(self) -> None:
        self.set_focus(self.rows)
        self.refill()

    def refill(self) -> None:
        """Read the changes anew."""
        article, claim = self._article, self._claim
        if self._reach == "claim":
            self._read = self.desk.history(claim=claim, limit=self._limit)
            about = f"of {claim.name}" if claim else ""
        elif self._reach == "article":
            self._read = self.desk.history(article, limit=self._limit)
            about = f"of “{article.title}”" if article else ""
        else:
            self._read = self.desk.history(limit=self._limit)
            about = f"of the whole desk {self.desk.path.name}"
        self.query_one("#history-title", Bar).show([(" History ", "bold accent"), (f" {about}", "")])
        self._filter(self.finder.value)

    def _filter(self, words: str) -> None:
        self._shown = [change for change in self._read if matches(words, change.sentence, change.by)]
        self.rows.show(len(self._shown), self._cells, columns=self._columns())

    def _columns(self) -> tuple[Column, ...]:
        narrow = self.size.width < 100
        where = 0 if self._reach != "desk" else 1
        return (
            Column("When", 11 if narrow else 19),
            Column("Who", 10 if narrow else 18),
            Column("What", share=2),
            Column("Where" if where else "", share=where),
        )

    def on_resize(self) -> None:
        self.rows.show(len(self._shown), self._cells, columns=self._columns())

    def _cells(self, index: int) -> tuple[Cell, ...]:
        change = self._shown[index]
        pattern = "%m-%d %H:%M" if self.size.width < 100 else "%Y-%m-%d %H:%M:%S"
        when = datetime.fromtimestamp(change.at / 1000).strftime(pattern)
        tone = "muted" if change.undoes else ""
        title = "" if self._reach != "desk" else self._title(change.article)
        return ([(when, "muted")], [(change.by, "primary")], [(change.sentence, tone)], [(title, "muted")])

    def _title(self, article: str) -> str:
        try:
            return self.desk.article(article).title if article else ""
        except Unknown:
            return "(deleted)"

    @on(Rows.Highlighted)
    def _read_on(self, event: Rows.Highlighted) -> None:
        at_end = event.index is not None and event.index == len(self._shown) - 1
        if at_end and len(self._read) == self._limit:
            self._limit += PAGE
            self.refill()

    @on(Rows.Chosen)
    def _chosen(self, event: Rows.Chosen) -> None:
        change = self._shown[event.index]
        if not change.article or self._title(change.article) == "(deleted)":
            self.say("The article of that change is not on the desk any more; undo can bring it back.")
            return
        self.dismiss((change.article, change.item if change.kind == "claims" else ""))

    @on(Input.Changed, "#history-find")
    def _typed(self, event: Input.Changed) -> None:
        event.stop()
        self._filter(event.value)

    def on_desk_changed(self, event: DeskChanged) -> None:
        self.refill()

    def action_find(self) -> None:
        self.add_class("-finding")
        self.set_focus(self.finder)

    def action_widen(self) -> None:
        reaches = [
            reach for reach, there in (("claim", self._claim), ("article", self._article), ("desk", True)) if there
        ]
        self._reach = reaches[(reaches.index(self._reach) + 1) % len(reaches)]
        self._limit = PAGE
        self.rows.cursor = 0
        self.refill()

    def action_undo(self) -> None:
        self.say(self.desk.undo().sentence)
        self.refill()

    def action_redo(self) -> None:
        self.say(self.desk.redo().sentence)
        self.refill()

    def action_close(self) -> None:
        if self.has_class("-finding"):
            self.set_focus(self.rows)
            self.remove_class("-finding")
            self.finder.value = ""
            return
        self.dismiss(None)
