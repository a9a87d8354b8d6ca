"""A review that a file tells of, as records of a desk: who decided what on whose claim, and what they had before them.

A file that says whether a review is stale says enough for one: what it is about is then the claim as the file has it,
or something that is not known any more. What proposes a change must say which.
"""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from typing import Any

from store.access import fields
from store.formats.contract import Said
from store.log import clock
from store.person import Person
from store.vocabulary import Blind, Decision

_SHOWN = ("start", "end", "quote", "claim_text", "claimant", "attribution", "check_target")
_PIECE = ("id", "stance", "source", "quote", "locator", "note")
_DECISIONS = frozenset(str(word) for word in Decision if word.on_a_claim)


def is_review(heard: Said, by: Person, of: Person, body: str) -> bool:
    """Whether something said of a claim of somebody's is a review: all else is a comment.

    Args:
        heard: what the file says.
        by: who said it.
        of: whose claim it is; nobody reviews their own.
        body: the text of the claim, in which the words stand that a change of the span proposes.
    """
    proposes = {
        Decision.CHANGE_SPAN: bool(heard.end),
        Decision.CHANGE_VERDICT: bool(heard.verdict),
        Decision.CHANGE_CLAIM_TEXT: bool(heard.claim_text),
    }
    fits = not heard.end or (0 <= heard.start < heard.end and body[heard.start : heard.end] == heard.quote)
    known = heard.stale is not None and heard.decision in _DECISIONS and proposes.get(Decision(heard.decision), True)
    return known and fits and by.id != of.id


def review(made: Sequence[Mapping[str, Any]], heard: Said, by: Person, when: Mapping[str, Any]) -> list[dict[str, Any]]:
    """The records of a review, as ``desk.imports.bring`` takes them, but for the version: see `on_version`.

    Args:
        made: the records of the claim, which stands first, with its checker's verdict and evidence.
        heard: what the file says.
        by: who said it.
        when: who and when, as all records have it.
    """
    claim = made[0]
    id, checker = str(claim["id"]), claim["by"]
    found = {
        "kind": "reviews", "id": clock.derived("review", id, by.id), "claim": id, "reviewer": by.id,
        "whose": checker.id, "people": [{"name": str(checker), "id": checker.id}], "blind": Blind.OPEN.value,
        "decision": heard.decision, "reason": fields.clean(heard.reason), "comment": fields.clean(heard.words).strip(),
        "start": heard.start, "end": heard.end, "quote": heard.quote if heard.end else "",
        "claim_text": fields.clean(heard.claim_text), "seen": None if heard.stale else _state(made), **when,
    }  # fmt: skip
    if not (heard.verdict or heard.note):  # why a verdict was given stays when that is withdrawn
        return [found]
    own = {"id": clock.derived("verdict", id, by.id), "claim": id, "reviewer": by.id}
    said = {"verdict": fields.clean(heard.verdict).strip(), "justification": fields.clean(heard.note)}
    return [{"kind": "verdicts", **own, **said, **when}, found]


def _state(made: Sequence[Mapping[str, Any]]) -> dict[str, Any]:
    """A claim as its reviewer has it before them: as ``staleness.STATES`` has it, but for the version."""
    claim = made[0]
    own = (one for one in made if one["kind"] == "verdicts" and one["by"].id == claim["by"].id)
    verdict = next(own, {})
    pieces = [one for one in made if one["kind"] == "evidence"]
    return {
        **{name: claim.get(name, "") for name in _SHOWN}, "types": list(claim.get("types", ())),
        "evidence": [[piece.get(name, "") for name in _PIECE] for piece in pieces],
        "verdict": verdict.get("verdict", ""), "justification": verdict.get("justification", ""),
    }  # fmt: skip


def on_version(review: Mapping[str, Any], version: str) -> dict[str, Any]:
    """A review of a claim that lies on a version (id) of its article."""
    seen = {"version": version, **review["seen"]} if review["seen"] else None
    told = json.dumps(seen, ensure_ascii=False, separators=(",", ":")) if seen else ""
    return {**review, "seen": told, "version": version if review["end"] else ""}
