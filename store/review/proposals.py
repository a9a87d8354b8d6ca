"""What you say of a claim on top of what you have said before: of that, what stays and what gives way."""

from __future__ import annotations

from store.access.session import Session
from store.errors import Refused
from store.person import NOBODY, Person
from store.records import Claim, Review
from store.review.queue import is_reviewed_by
from store.review.reviews import Reviews
from store.text.units import Span
from store.vocabulary import OBJECTIONS, Decision


class Proposals:
    """What you propose of a claim, on top of what you have said of it before."""

    def __init__(self, session: Session, reviews: Reviews) -> None:
        self._session = session
        self._reviews = reviews

    def under_review(self, claim: Claim, whose: Person = NOBODY) -> bool:
        """Whether you review a claim among those of one person (nobody: of everybody else).

        So they do with one that they reported missing, once somebody has given a verdict on it.
        """
        return is_reviewed_by(self._session.me, claim, self._reviews.mine(claim) if claim.missed else None, whose.id)

    def require(self, claim: Claim, whose: Person = NOBODY) -> None:
        """Refuse a claim that is not among those under review.

        Raises:
            Refused: it is your own, or another person's than those you review.
        """
        if self.under_review(claim, whose):
            return
        if claim.checker.id == self._session.me:
            raise Refused(f"{claim.name} is yours: you cannot review your own claims.")
        those = f"{whose}'s claims" if whose and not claim.missed else "what the checkers tagged"
        raise Refused(f"{claim.name} is {claim.checker}'s: here you review {those}.")

    def span(self, claim: Claim, span: Span, held: Review | None) -> Review | None:
        """Propose another span, in code points, on top of the review that is ``held``; the claim's own span takes the
        proposal back, and gives None."""
        if held is not None and held.end and span == (claim.start, claim.end):
            self._reviews.take_back(held, Decision.CHANGE_SPAN)
            return None
        words = held.comment if held is not None and held.proposals else ""
        return self._reviews.decide(claim, Decision.CHANGE_SPAN, span=span, comment=words, seen=held)

    def text(self, claim: Claim, text: str, held: Review | None) -> Review | None:
        """Propose other words for the claim; None, and nothing is written, when they are empty or the claim's own."""
        if not text.strip() or text.strip() == claim.claim_text:
            return None
        return self._reviews.decide(
            claim, Decision.CHANGE_CLAIM_TEXT, claim_text=text, comment=_objected(held), seen=held
        )

    def verdict(self, claim: Claim, verdict: str, held: Review | None) -> Review | None:
        """Give your own verdict (a key of the scheme) as a review; the empty key takes yours back."""
        if not verdict:
            return self._reviews.clear_verdict(claim)
        return self._reviews.decide(claim, Decision.CHANGE_VERDICT, verdict=verdict, comment=_objected(held), seen=held)

    def reword(self, claim: Claim, held: Review, comment: str) -> Review:
        """Give a review again with other words; the rest of it stays.

        Raises:
            Refused: the words of the span it proposes are not in the corrected text.
        """
        if held.again == "vanished" and held.decision == Decision.CHANGE_SPAN:
            raise Refused(f"The words you proposed for {claim.name} are not in the corrected text: propose others.")
        return self._reviews.decide(
            claim,
            held.decision,
            reason=held.reason,
            comment=comment,
            span=(held.start, held.end) if held.decision == Decision.CHANGE_SPAN else None,
            claim_text=held.claim_text,
            verdict=held.verdict if held.decision == Decision.CHANGE_VERDICT else "",
            seen=held,
        )


def gave_way(held: Review | None, now: Review) -> tuple[Decision, ...]:
    """What the review that was held proposed, and the one given now does not propose any more."""
    return tuple(one for one in held.proposals if one not in now.proposals) if held else ()


def _objected(held: Review | None) -> str:
    """The words of an objection that is held, which stay with what is proposed besides."""
    return held.comment if held is not None and held.decision in OBJECTIONS else ""
