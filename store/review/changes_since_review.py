"""What has changed of a claim since it was reviewed, field by field."""

from __future__ import annotations

import json
from collections.abc import Sequence
from typing import NamedTuple

from store.access.fields import value_words
from store.records import Claim, Evidence, Review, Verdict
from store.scheme import Scheme
from store.text.quotations import quoted
from store.vocabulary import field_words


class Changed(NamedTuple):
    """One thing that is not what it was; either side may be empty."""

    what: str
    before: str
    after: str


_SIMPLE = ("claim_text", "claimant", "attribution", "check_target")


def changes(
    review: Review, claim: Claim, verdict: Verdict | None, evidence: Sequence[Evidence], scheme: Scheme
) -> list[Changed]:
    """What has changed since a review was given.

    Args:
        review: the review.
        claim: the claim as it stands.
        verdict: its checker's verdict, if there is one.
        evidence: all its evidence; only the checker's counts.
        scheme: gives verdicts and types their labels.
    """
    before = _parsed(review.seen)
    found: list[Changed] = []
    if review.again:
        gone = review.again == "vanished"
        found.append(Changed("proposed span", review.quote if gone else "", "" if gone else review.quote))
    if not isinstance(before, dict):
        return found
    here = before.get("version", claim.version) == claim.version
    place = (before.get("start"), before.get("end"), before.get("quote"))
    if place != (claim.start, claim.end, claim.quote) if here else place[2] != claim.quote:
        found.append(Changed("span", _text(before.get("quote")), claim.quote))
    for name in _SIMPLE:
        old, new = _text(before.get(name)), getattr(claim, name)
        if old != new:
            found.append(Changed(field_words(name), *(value_words(name, value) for value in (old, new))))
    types = [_text(key) for key in before.get("types") or ()] if isinstance(before.get("types"), list) else []
    if types != list(claim.types):
        labels = [" · ".join(scheme.type(key).label for key in keys) for keys in (types, claim.types)]
        found.append(Changed("types", *labels))
    own = [piece for piece in evidence if piece.by.id == claim.checker.id]
    found += _evidence(before.get("evidence"), own)
    found += _sources(_parsed(review.sources), own)
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


_ABOUT = ("url", "title", "publisher", "published")


def _sources(before: object, now: Sequence[Evidence]) -> list[Changed]:
    """What is said otherwise of the sources that are cited still."""
    held = {
        _text(row[0]): [_text(value) for value in row[1:]]
        for row in (before if isinstance(before, list) else ())
        if isinstance(row, list) and len(row) == 1 + len(_ABOUT)
    }
    cited = {piece.source.id: piece.source for piece in now if piece.source}
    return [
        Changed(f"source {name}", old, getattr(source, name))
        for id, source in cited.items()
        for name, old in zip(_ABOUT, held.get(id, ()), strict=False)
        if old != getattr(source, name)
    ]


def _parsed(said: str) -> object:
    try:
        return json.loads(said)
    except ValueError:
        return None


def _told(row: Sequence[str]) -> str:
    """Stance, passage, locator and note of a piece of evidence in one line; its source is known by its id alone."""
    stance, _, quote, locator, note = row
    return " · ".join(part for part in (stance, quoted(quote) if quote else "", locator, note) if part)


def _text(value: object) -> str:
    return value if isinstance(value, str) else ""
