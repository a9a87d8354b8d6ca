"""What a claim says, in plain sentences."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from store.desk import Desk
from store.records import Claim, Evidence
from store.scheme import Lack, Scheme


def claim_named(claim: Claim) -> str:
    """A claim by its name and its words."""
    return f"Claim {claim.name}: “{claim.quote}”."


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


def evidence_words(number: int, piece: Evidence) -> str:
    """One piece of evidence in a sentence: what it does, the passage, where that is, and the source."""
    source = piece.source
    about = (source.title, source.publisher, source.published, source.url) if source else ()
    said = [f"“{piece.quote}”" if piece.quote else "", piece.locator, *about, piece.note]
    return f"Evidence {number}, {piece.stance}: {', '.join(part for part in said if part) or 'no passage'}."


def details(desk: Desk, claim: Claim) -> Iterator[str]:
    """All that a claim says beside its quote, as far as you may see it, a sentence each."""
    with_verdict = not desk.assignments.verdict_hidden(claim)
    if claim.claim_text:
        yield f"Claim text: {claim.claim_text}"
    if claim.claimant:
        yield f"Claimant: {claim.claimant}."
    if with_verdict:
        yield f"Verdict: {verdict_words(desk.scheme, claim.verdict)}."
        if claim.justification:
            yield f"Why: {claim.justification}"
    for number, piece in enumerate(desk.evidence.of(claim), 1):
        yield evidence_words(number, piece)
    for comment in desk.threads.of(claim):
        yield f"{comment.by} says: {comment.body}"
