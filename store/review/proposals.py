"""What you say of a claim on top of what you have said before: of that, what stays and what gives way."""

from __future__ import annotations

from store.errors import Refused
from store.records import Claim, Decision, Review
from store.review.reviews import Reviewing
from store.text.units import Span

OBJECTIONS = (
    Decision.DISAGREE, Decision.CHANGE_SPAN, Decision.CHANGE_VERDICT, Decision.CHANGE_CLAIM_TEXT,
    Decision.REJECT_CLAIM, Decision.NEEDS_EVIDENCE,
)  # fmt: skip


def under_review(desk: Reviewing, claim: Claim, whose: str = "") -> bool:
    """Whether whoever works at the desk reviews a claim among those of one person (a name; empty: of everybody else).

    So they do with one that they reported missing, once somebody has given a verdict on it.
    """
    me, checker = desk.reviewer.casefold(), claim.checker.casefold()
    if claim.origin and checker == me:
        mine = desk.my_review(claim)
        return mine is not None and mine.looks
    return not claim.origin and checker != me and (not whose or checker == whose.casefold())


def require_under_review(desk: Reviewing, claim: Claim, whose: str = "") -> None:
    """Refuse a claim that is not among those under review.

    Raises:
        Refused: it is your own, or another person's than those you review.
    """
    if under_review(desk, claim, whose):
        return
    if claim.checker.casefold() == desk.reviewer.casefold():
        raise Refused(f"{claim.name} is yours: nobody reviews their own claims.")
    those = f"{whose}'s claims" if whose and not claim.origin else "what the checkers tagged"
    raise Refused(f"{claim.name} is {claim.checker}'s: here you review {those}.")


def propose_span(desk: Reviewing, claim: Claim, span: Span, held: Review | None) -> Review | None:
    """Propose another span, in code points, on top of the review that is ``held``; the claim's own span takes the
    proposal back, and gives None."""
    if held is not None and held.end and span == (claim.start, claim.end):
        desk.take_back(held, Decision.CHANGE_SPAN)
        return None
    words = held.comment if held is not None and held.proposals else ""
    return desk.review(claim, Decision.CHANGE_SPAN, span=span, comment=words, seen=held)


def propose_text(desk: Reviewing, claim: Claim, text: str, held: Review | None) -> Review | None:
    """Propose other words for the claim; None, and nothing is written, when they are empty or the claim's own."""
    if not text.strip() or text.strip() == claim.claim_text:
        return None
    return desk.review(claim, Decision.CHANGE_CLAIM_TEXT, claim_text=text, comment=_objected(held), seen=held)


def propose_verdict(desk: Reviewing, claim: Claim, verdict: str, held: Review | None) -> Review | None:
    """Give your own verdict (a key of the scheme) as a review; the empty key takes yours back."""
    if not verdict:
        return desk.clear_verdict(claim)
    return desk.review(claim, Decision.CHANGE_VERDICT, verdict=verdict, comment=_objected(held), seen=held)


def say_again(desk: Reviewing, claim: Claim, held: Review, comment: str) -> Review:
    """Give a review anew with other words; the rest of it stays."""
    return desk.review(
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
