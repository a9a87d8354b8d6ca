"""The history: who changed what and when, on a claim, its article or the whole desk; undo from there."""

from __future__ import annotations

from datetime import datetime

from textual import on

from store.desk import Desk
from store.errors import Unknown
from store.records import Article, Change, Claim
from tui.keys.actions import Scope
from tui.kit.pieces import Piece
from tui.kit.records import RecordsScreen
from tui.kit.rows import Cell, Column, Rows

PAGE = 500
"""Changes read at first; as many again each time the cursor comes to the last."""


class HistoryScreen(RecordsScreen[tuple[str, str] | None, Change]):
    """Gives the (article, claim) ids of a change that was chosen, to go there."""

    SCOPE = Scope.HISTORY

    def __init__(self, desk: Desk, article: Article | None = None, claim: Claim | None = None) -> None:
        rows = Rows(
            header=True,
            empty="\nNothing has been changed here.",
            verb="Go there",
            hints=(*(("widen",) if article else ()), "find", "undo", "redo", "close"),
        )
        super().__init__(desk, rows)
        self._article = article
        self._claim = claim
        self._reach = "claim" if claim else "article" if article else "desk"
        self._limit = PAGE

    def read(self) -> list[Change]:
        if self._reach == "claim":
            return self.desk.history.of(claim=self._claim, limit=self._limit)
        return self.desk.history.of(self._article if self._reach == "article" else None, limit=self._limit)

    def heading(self) -> tuple[list[Piece], list[Piece]]:
        about = f"of the whole desk {self.desk.path.name}"
        if self._reach == "claim" and self._claim:
            about = f"of {self._claim.name}"
        elif self._reach == "article" and self._article:
            about = f"of “{self._article.title}”"
        return [(" History ", "bold accent"), (f" {about}", "")], []

    def words(self, record: Change) -> tuple[str, ...]:
        return record.sentence, record.by

    def columns(self) -> tuple[Column, ...]:
        narrow = self.size.width < 100
        where = 0 if self._reach != "desk" else 1
        return (
            Column("When", 11 if narrow else 19),
            Column("Who", 10 if narrow else 18),
            Column("What", share=2),
            Column("Where" if where else "", share=where),
        )

    def cells(self, record: Change) -> tuple[Cell, ...]:
        pattern = "%m-%d %H:%M" if self.size.width < 100 else "%Y-%m-%d %H:%M:%S"
        when = datetime.fromtimestamp(record.at / 1000).strftime(pattern)
        tone = "muted" if record.undoes else ""
        title = "" if self._reach != "desk" else self._title(record.article)
        return ([(when, "muted")], [(record.by, "primary")], [(record.sentence, tone)], [(title, "muted")])

    def _title(self, article: str) -> str:
        try:
            return self.desk.articles.get(article).title if article else ""
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

    def action_widen(self) -> None:
        reaches = [
            reach for reach, there in (("claim", self._claim), ("article", self._article), ("desk", True)) if there
        ]
        self._reach = reaches[(reaches.index(self._reach) + 1) % len(reaches)]
        self._limit = PAGE
        self.rows.cursor = 0
        self.refill()
