"""What a reviewer has before them: which claims they review, and which of these wait for them."""

from __future__ import annotations

from typing import NamedTuple

from store.records import Claim, Review
from store.vocabulary import Left, Status


class Queue(NamedTuple):
    """Somebody else's claims on an article in text order, each with your own review of it or None."""

    claims: tuple[tuple[Claim, Review | None], ...]

    @property
    def reviewed(self) -> int:
        """How many do not wait for you."""
        return sum(not is_due(claim, review) for claim, review in self.claims)


def is_reviewed_by(me: str, claim: Claim, review: Review | None, whose: str = "") -> bool:
    """Whether a claim is among those that a person (an id) reviews.

    One that they reported missing is, once somebody else has given a verdict on it.

    Args:
        me: the reviewer.
        claim: the claim.
        review: what they have said of it, if anything.
        whose: the id of the checker under review; empty for everybody else.
    """
    if claim.missed:
        return claim.checker.id == me and review is not None and review.looks and whose in ("", review.whose.id)
    return claim.checker.id != me and whose in ("", claim.checker.id)


def is_due(claim: Claim, review: Review | None) -> bool:
    """Whether a claim under review waits for its reviewer: it is not settled, nor reviewed as it is now."""
    return claim.status not in (Status.SETTLED, Status.SETTLE_AGAIN) and (review is None or review.stale)


def left_of(claim: Claim, review: Review | None) -> Left:
    """What is left to do on a claim that is due."""
    if claim.missed:
        return Left.NOT_LOOKED_AT
    return Left.NOT_REVIEWED if review is None else Left.CHANGED
