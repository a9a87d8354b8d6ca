"""Second review in glyphs and words: what a decision is called, how it stands, and what changed since."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from typing import NamedTuple

from store.records import Claim, Decision, Evidence, Review, Verdict
from store.scheme import Scheme


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
}
NOT_YET = Look("○", "not reviewed yet", "accent")
STALE = Look("!", "changed since", "accent")

STANDINGS: Mapping[str, Look] = {
    "open": Look("!", "in dispute", "warning"),
    "accepted": Look("✓", "accepted", "success"),
    "rejected": Look("✗", "rejected", "error"),
    "settled": Look("■", "settled", "secondary"),
    "agreed": Look("✓", "agreed", "success"),
    "noted": Look("”", "noted", "secondary"),
}
"""How a review stands, whoever ended it."""


def look_of(review: Review | None) -> Look:
    """One's own review of a claim, or None, as the margin and the list show it."""
    if review is None:
        return NOT_YET
    return STALE if review.stale else decided(review)


def decided(review: Review) -> Look:
    """The decision of a review, whatever has become of it; what is proposed together is named together."""
    look = DECISIONS.get(review.decision, Look("?", review.decision.replace("_", " "), "muted"))
    if len(review.proposals) > 1:
        things = [DECISIONS[proposal].word.removeprefix("other ") for proposal in review.proposals]
        look = look._replace(word=f"other {', '.join(things[:-1])} and {things[-1]}")
    return look


class Changed(NamedTuple):
    """One thing that is not what it was; either side may be empty."""

    what: str
    before: str
    after: str


_SIMPLE = {"claim_text": "claim text", "claimant": "claimant", "attribution": "said as", "check_target": "check"}


def changes(
    seen: str, claim: Claim, verdict: Verdict | None, evidence: Sequence[Evidence], scheme: Scheme
) -> list[Changed]:
    """What has changed since a review was given.

    Args:
        seen: ``Review.seen``.
        claim: the claim as it stands.
        verdict: its checker's verdict, if there is one.
        evidence: all its evidence; only the checker's counts.
        scheme: gives verdicts and types their labels.
    """
    try:
        before = json.loads(seen)
    except ValueError:
        before = None
    if not isinstance(before, dict):
        return []
    found: list[Changed] = []
    if (before.get("start"), before.get("end")) != (claim.start, claim.end):
        found.append(Changed("span", _text(before.get("quote")), claim.quote))
    for name, label in _SIMPLE.items():
        old, new = _text(before.get(name)), getattr(claim, name)
        if old != new:
            found.append(Changed(label, old.replace("_", " "), new.replace("_", " ")))
    types = [_text(key) for key in before.get("types") or ()] if isinstance(before.get("types"), list) else []
    if types != list(claim.types):
        labels = [" · ".join(scheme.type(key).label for key in keys) for keys in (types, claim.types)]
        found.append(Changed("types", *labels))
    found += _evidence(before.get("evidence"), [piece for piece in evidence if _same(piece.by, claim.checker)])
    if "verdict" in before:
        old, new = _text(before["verdict"]), verdict.verdict if verdict else ""
        if old != new:
            found.append(Changed("verdict", *(scheme.verdict(key).label if key else "" for key in (old, new))))
        old, new = _text(before.get("justification")), verdict.justification if verdict else ""
        if old != new:
            found.append(Changed("why", old, new))
    return found


def _evidence(before: object, now: Sequence[Evidence]) -> list[Changed]:
    held = {}
    for row in before if isinstance(before, list) else ():
        if isinstance(row, list) and len(row) == 6:
            held[_text(row[0])] = [_text(value) for value in row[1:]]
    found = []
    for piece in now:
        source = piece.source.id if piece.source else ""
        new = [piece.stance, source, piece.quote, piece.locator, piece.note]
        old = held.pop(piece.id, None)
        if old is None:
            found.append(Changed("evidence", "", _told(new)))
        elif old != new:
            same = _told(old) == _told(new)
            found.append(Changed("evidence", _told(old), _told(new) + (" · another source" if same else "")))
    return [*found, *(Changed("evidence", _told(old), "") for old in held.values())]


def _told(row: Sequence[str]) -> str:
    """Stance, passage, locator and note of a piece of evidence in one line; its source is known by its id alone."""
    stance, _, quote, locator, note = row
    return " · ".join(part for part in (stance, f"“{quote}”" if quote else "", locator, note) if part)


def _text(value: object) -> str:
    return value if isinstance(value, str) else ""


def _same(one: str, other: str) -> bool:
    return one.casefold() == other.casefold()
