"""The signs of the second review, glyphs and words: what a decision is called, and how it stands."""

from __future__ import annotations

from collections.abc import Mapping
from typing import NamedTuple

from store.records import Review
from store.review.answers import DOUBT
from store.vocabulary import Decision


class Look(NamedTuple):
    """A glyph of one cell, a word, and the tone of both."""

    glyph: str
    word: str
    tone: str


DECISIONS: Mapping[str, Look] = {
    Decision.AGREE.value: Look("✓", "agreed", "success"),
    Decision.DISAGREE.value: Look("✗", "disagreed", "error"),
    Decision.CHANGE_SPAN.value: Look("↔", "other span", "warning"),
    Decision.CHANGE_VERDICT.value: Look("≠", "other verdict", "warning"),
    Decision.CHANGE_CLAIM_TEXT.value: Look("¶", "other words", "warning"),
    Decision.REJECT_CLAIM.value: Look("—", "nothing here", "error"),
    Decision.MISSING_CLAIM.value: Look("+", "was missing", "secondary"),
    Decision.NEEDS_EVIDENCE.value: Look("?", "needs evidence", "warning"),
    Decision.COMMENT.value: Look("”", "commented", "secondary"),
    DOUBT: Look("☒", "doubts evidence", "warning"),
}
NOT_YET = Look("○", "not reviewed yet", "accent")
STALE = Look("!", "changed since", "accent")
LOOK_AT = Look("!", "verdict to look at", "accent")

STANDINGS: Mapping[str, Look] = {
    "open": Look("!", "in dispute", "warning"),
    "accepted": Look("✓", "accepted", "success"),
    "rejected": Look("✗", "rejected", "error"),
    "settled": Look("■", "settled", "secondary"),
    "agreed": Look("✓", "agreed", "success"),
    "noted": Look("”", "noted", "secondary"),
}
"""How a review stands, no matter who ended it."""


def look_of(review: Review | None) -> Look:
    """Your own review of a claim, or None, as the margin and the list show it."""
    if review is None:
        return NOT_YET
    if review.looks:
        return LOOK_AT if review.stale else decided(review)
    return STALE if review.stale else decided(review)


def decided(review: Review) -> Look:
    """The decision of a review, whatever has become of it; what is proposed together is named together."""
    look = DECISIONS.get(review.decision, Look("?", review.decision.replace("_", " "), "muted"))
    if len(review.proposals) > 1:
        things = [DECISIONS[proposal].word.removeprefix("other ") for proposal in review.proposals]
        look = look._replace(word=f"other {', '.join(things[:-1])} and {things[-1]}")
    return look
