"""What a claim says, in plain sentences."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from store.access.fields import CLAIM, value_words
from store.desk import Desk
from store.log.kinds import LISTS
from store.overview import Undone
from store.person import Person
from store.records import Claim, Evidence, Review, Source
from store.review.ticks import DOUBTED
from store.scheme import Lack, Scheme
from store.vocabulary import Decision, field_words
from tui.claim.signs import decided


def claim_named(claim: Claim, me: Person | None = None) -> str:
    """A claim by its name and its words, and whose it is where that is not ``me``."""
    whose = f", {claim.checker}'s" if me and claim.checker.id != me.id else ""
    return f"Claim {claim.name}{whose}: “{claim.quote_shown}”."


def undone_words(undone: Undone, here: str) -> str:
    """What an undo or redo did, and whether that is in another article than ``here``, which is an id."""
    return undone.sentence + " (in another article)" * (undone.article not in ("", here))


def verdict_words(scheme: Scheme, key: str) -> str:
    """A verdict as people call it."""
    return scheme.verdict(key).label if key else "no verdict"


def claim_standing(desk: Desk, claim: Claim) -> str:
    """The verdict of a claim, and what it lacks."""
    label = verdict_words(desk.scheme, claim.verdict)
    lacks = desk.claims.lacking(claim.article, [claim.id]).get(claim.id, ())
    return f"{label[:1].upper()}{label[1:]}. {_lacking(lacks)}"


def _lacking(lacks: Sequence[Lack]) -> str:
    """What a claim lacks, in a sentence."""
    said = "; ".join(lack.sentence for lack in lacks) or "it lacks nothing"
    return f"{said[:1].upper()}{said[1:]}."


def source_words(source: Source) -> str:
    """A source in words: its title, who published it and when, and its address."""
    return ", ".join(filter(None, (source.title, source.publisher, source.published, source.url))) or "no source"


def evidence_words(number: int, piece: Evidence) -> str:
    """One piece of evidence in a sentence: what it does, the passage, where that is, and the source."""
    source = piece.source
    said = [
        f"“{piece.quote}”" if piece.quote else "",
        piece.locator,
        source_words(source) if source else "",
        piece.note,
    ]
    return f"Evidence {number}, {piece.stance}: {', '.join(part for part in said if part) or 'no passage'}."


def details(desk: Desk, claim: Claim) -> Iterator[str]:
    """All that a claim says beside its quote, as far as you may see it, a sentence each."""
    with_verdict = not desk.assignments.verdict_hidden(claim)
    for name in CLAIM:
        if said := _held(desk.scheme, claim, name):
            yield f"{field_words(name).capitalize()}: {said}{'.' * (name != 'claim_text')}"
    if with_verdict:
        yield f"Verdict: {verdict_words(desk.scheme, claim.verdict)}."
        if claim.justification:
            yield f"Why: {claim.justification}"
    doubts = [tick for tick in desk.ticks.of(claim) if tick.mark == DOUBTED and not tick.outdated]
    for number, piece in enumerate(desk.evidence.of(claim), 1):
        yield evidence_words(number, piece)
        for tick in doubts:
            if tick.evidence == piece.id:
                yield f"{tick.by} doubts evidence {number}: {_because(desk.scheme, tick.reason, tick.note)}"
    for review in desk.reviews.of(claim):
        yield review_words(desk, review)
    for number, comment in enumerate(desk.threads.of(claim), 1):
        yield f"Comment {number}, {comment.by} says: {comment.body}{' Resolved.' * comment.resolved}"


def _held(scheme: Scheme, claim: Claim, name: str) -> str:
    """What a field of a claim holds, as people read it."""
    held = getattr(claim, name)
    if name in LISTS:
        return ", ".join(scheme.type(one).label if name == "types" else one for one in held)
    return value_words(name, held)


def review_words(desk: Desk, review: Review) -> str:
    """What somebody says of a claim, in sentences: the decision, what is proposed, why, and what became of it."""
    who = "You" if review.by.id == desk.reviewer.id else review.by
    said = [f"{who}: {decided(review).word}."]
    if Decision.CHANGE_SPAN in review.proposals:
        said.append(f"These words: “{review.quote_shown}”.")
    if Decision.CHANGE_CLAIM_TEXT in review.proposals:
        said.append(f"This claim text: {review.claim_text}")
    if Decision.CHANGE_VERDICT in review.proposals:
        said.append(f"This verdict: {verdict_words(desk.scheme, review.verdict)}. {review.justification}")
    said.append(_because(desk.scheme, review.reason, review.comment))
    if review.answered:
        said.append(f"{review.answered.capitalize()} by {review.answered_by}. {review.answer_reason}")
    if review.stale:
        said.append("The claim has changed since.")
    return " ".join(filter(None, said))


def _because(scheme: Scheme, reason: str, words: str) -> str:
    """The reason of an objection, and what is said beside it."""
    return " ".join(filter(None, (f"{scheme.reason(reason).label}." if reason else "", words)))
