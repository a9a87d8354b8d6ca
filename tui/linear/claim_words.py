"""What a claim says, in plain sentences."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence

from store.access.fields import CLAIM, value_words
from store.check.sources import origins_said
from store.desk import Desk
from store.log.kinds import LISTS
from store.person import Person
from store.records import Claim, Evidence, Review, Source
from store.reports import Undone
from store.review.ticks import DOUBTED, SEEN
from store.scheme import Lack, Scheme
from store.text.markdown import CELL, DONE_TASK, ITEM, OPEN_TASK, PICTURE, QUOTED, RULE
from store.text.span_pieces import in_words
from store.vocabulary import Decision, field_words
from tui.claim.state_glyphs import STANDINGS, decided

_ALOUD = (
    (rf"\A\s*(?:{QUOTED}\s*)+", "quoted: "),
    (QUOTED, ""),
    (rf"{PICTURE}\s*", "picture: "),
    (rf"{DONE_TASK}\s*", "done: "),
    (rf"{OPEN_TASK}\s*", "to do: "),
    (rf"(?m)^\s*{ITEM}\s*", ""),
    (f"{RULE}+", ""),
    (rf"\A\s*{CELL}\s*|\s*{CELL}\s*\Z", ""),
    (rf"[^\S\n]*{CELL}[^\S\n]*\n\s*{CELL}[^\S\n]*", "; "),
    (rf"\s*{CELL}\s*", ", "),
)
"""The signs that the app shows for marks of Markdown, and what is said for each, in this order."""


def aloud(shown: str) -> str:
    """What people see of a text, in words alone."""
    for sign, words in _ALOUD:
        shown = re.sub(sign, words, shown)
    return shown


def claim_named(claim: Claim, me: Person | None = None) -> str:
    """A claim by its name and its words, and whose it is where that is not ``me``."""
    whose = f", {claim.checker}'s" if me and claim.checker.id != me.id else ""
    return f"Claim {claim.name}{whose}: “{aloud(claim.quote_shown)}”."


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
    said = [source.title, source.publisher, source.published, source.url]
    said += [f"{source.tier} source"] if source.tier else []
    said += [f"from {source.origin}"] if source.origin else []
    said += [f"archived at {source.archive_url}"] if source.archive_url else []
    return ", ".join(filter(None, said)) or "no source"


def evidence_words(number: int, piece: Evidence) -> str:
    """One piece of evidence in a sentence: what it does, the passage, where that is, and the source."""
    source = piece.source
    said = [
        f"“{piece.quote}”" if piece.quote else "",
        piece.locator,
        source_words(source) if source else "",
        piece.note,
        f"added by {piece.by}",
    ]
    return f"Evidence {number}, {piece.stance}: {', '.join(part for part in said if part)}."


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
    yield from _others(desk, claim)
    ticks = [tick for tick in desk.ticks.of(claim) if not tick.outdated]
    evidence = desk.evidence.of(claim)
    for number, piece in enumerate(evidence, 1):
        yield evidence_words(number, piece)
        for tick in ticks:
            if tick.evidence == piece.id and tick.mark == DOUBTED:
                yield f"{tick.by} doubts evidence {number}: {because(desk.scheme, tick.reason, tick.note)}"
            elif tick.evidence == piece.id and tick.mark == SEEN:
                yield f"{tick.by} has seen evidence {number}."
    if len(evidence) > 1 and (counted := origins_said(evidence)):
        yield f"{counted}."
    for review in desk.reviews.of(claim):
        yield review_words(desk, review)
    for number, comment in enumerate(desk.threads.of(claim), 1):
        yield f"Comment {number}, {comment.by} says: {comment.body}{' Resolved.' * comment.resolved}"


def _others(desk: Desk, claim: Claim) -> Iterator[str]:
    """What stands beside the claim's own verdict: others' verdicts, conflicts, and claims on the same words."""
    proposed = {one.by.id for one in desk.reviews.of(claim) if Decision.CHANGE_VERDICT in one.proposals}
    for given in desk.verdicts.of(claim):
        if given.by.id not in (claim.checker.id, *proposed) and (given.verdict or given.justification):
            yield f"{given.by}'s verdict: {verdict_words(desk.scheme, given.verdict)}. {given.justification}"
    if claim.conflict:
        yield "Two versions of it are in conflict: `factdesk conflicts` shows them."
    if told := in_words(claim.pieces, claim.quote, claim.start):
        yield f"It is in {told}."
    mine = claim.checker.id == desk.reviewer.id
    for other in desk.claims.of(claim.article):
        beside = other.id != claim.id and (other.start, other.end) == (claim.start, claim.end)
        if beside and (mine or other.checker.id == claim.checker.id):  # of a set under review, nobody else's
            whose = f", {other.checker}'s," if other.checker.id != claim.checker.id else ""
            yield f"{other.name}{whose} is on the same words: {other.claim_text or 'as quoted.'}"


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
        said.append(f"These words: “{aloud(review.quote_shown)}”.")
    if Decision.CHANGE_CLAIM_TEXT in review.proposals:
        said.append(f"This claim text: {review.claim_text}")
    if Decision.CHANGE_VERDICT in review.proposals:
        said.append(f"This verdict: {verdict_words(desk.scheme, review.verdict)}. {review.justification}")
    said.append(because(desk.scheme, review.reason, review.comment))
    if review.answered:
        said.append(f"{review.answered.capitalize()} by {review.answered_by}. {review.answer_reason}")
    elif review.standing not in ("agreed", "noted"):
        standing = STANDINGS.get(review.standing, STANDINGS["open"]).word
        said.append(f"{standing[:1].upper()}{standing[1:]}.")
    if review.stale:
        said.append("The claim has changed since.")
    return " ".join(filter(None, said))


def because(scheme: Scheme, reason: str, words: str) -> str:
    """The reason of an objection, and what is said beside it."""
    return " ".join(filter(None, (f"{scheme.reason(reason).label}." if reason else "", words)))
