"""The list of an article's claims under review: what needs a review first, each with your decision."""

from __future__ import annotations

from collections.abc import Sequence

from store.desk import Desk
from store.records import Claim
from store.vocabulary import Decision
from tui.claim.list import SMALL, ClaimList, ListKey
from tui.claim.state_glyphs import DECISIONS, Look, look_of
from tui.kit.rows import Cell, Column
from tui.review.queue import ReviewQueue


class ReviewList(ClaimList):
    """Claims with your own decision where the list of claims has the verdict."""

    COLUMNS = (
        (84, (Column("", 1), Column("", 5), Column("Review", 18), Column("Quote", share=1), Column("Checker", 14))),
        (52, (Column("", 1), Column("", 5), Column("Review", 18), Column("Quote", share=1))),
        (0, SMALL),
    )
    UNDONE = "to review"

    def __init__(self, desk: Desk, queue: ReviewQueue, *, id: str | None = None) -> None:
        super().__init__(desk, id=id)
        self._queue = queue

    def key_of(self, claim: Claim) -> ListKey:
        return (int(not self._queue.is_due(claim.id)), *super().key_of(claim))

    def is_open(self, claim: Claim) -> bool:
        return self._queue.is_due(claim.id)

    def _look(self, claim: Claim) -> Look | None:
        if claim.id in self._queue:
            return look_of(self._queue.get(claim.id))
        return DECISIONS[Decision.MISSING_CLAIM.value] if claim.missed else None

    def _cells(self, index: int) -> Sequence[Cell]:
        mark, name, verdict, *rest = super()._cells(index)
        look = self._look(self.claim_at(index))
        if look is not None:
            narrow = self.rows.columns_shown is SMALL
            verdict = [(look.glyph if narrow else f"{look.glyph} {look.word}", look.tone)]
        return (mark, name, verdict, *rest)
