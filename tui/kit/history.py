"""The history: who changed what and when, on a claim, its article or the whole desk; undo from there."""

from __future__ import annotations

from store.desk import Desk
from store.errors import Unknown
from store.records import Article, Claim
from store.reports import Change
from tui.keys.actions_and_keys import Scope
from tui.kit.list_screen import ListScreen
from tui.kit.rows import Cell, Column, Rows
from tui.kit.styled_text import Piece
from tui.text.dates import minute, moment

PAGE = 500
"""Changes read at first; as many again each time the cursor comes to the last."""


class HistoryScreen(ListScreen[tuple[str, str] | None, Change]):
    """Gives the (article, claim) ids of a change that was chosen, to go there."""

    SCOPE = Scope.HISTORY

    def __init__(self, desk: Desk, article: Article | None = None, claim: Claim | None = None) -> None:
        rows = Rows(
            header=True,
            empty="\nNothing has been changed here.",
            verb="Go there",
            hints=(*(("widen",) if article else ()), "find", "undo", "redo", "close"),
        )
        super().__init__(rows, desk)
        self.desk = desk
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

    def words(self, item: Change) -> tuple[str, ...]:
        return item.sentence, item.by

    def columns(self) -> tuple[Column, ...]:
        narrow = self.size.width < 100
        where = 0 if self._reach != "desk" else 1
        return (
            Column("When", 11 if narrow else 17),
            Column("Who", 10 if narrow else 18),
            Column("What", share=2),
            Column("Where" if where else "", share=where),
        )

    def cells(self, item: Change) -> tuple[Cell, ...]:
        when = (moment if self.size.width < 100 else minute)(item.at)
        tone = "muted" if item.undoes else ""
        title = "" if self._reach != "desk" else self._title_of(item.article)
        return ([(when, "muted")], [(item.by, "primary")], [(item.sentence, tone)], [(title, "muted")])

    def _title_of(self, article: str) -> str:
        try:
            return self.desk.articles.get(article).title if article else ""
        except Unknown:
            return "(deleted)"

    def tell(self, item: Change | None) -> None:
        if self.rows.index == len(self.shown) - 1 and len(self.items) == self._limit:
            self._limit += PAGE
            self.refill()

    def take(self, item: Change) -> None:
        if not item.article or self._title_of(item.article) == "(deleted)":
            self.say("The article of that change is not on the desk any more; undo can bring it back.")
            return
        self.dismiss((item.article, item.item if item.kind == "claims" else ""))

    def action_widen(self) -> None:
        reaches = [
            reach for reach, there in (("claim", self._claim), ("article", self._article), ("desk", True)) if there
        ]
        self._reach = reaches[(reaches.index(self._reach) + 1) % len(reaches)]
        self._limit = PAGE
        self.rows.cursor = 0
        self.refill()
