"""A checker, two reviewers and an adjudicator on one file, for the tests of second review."""

from __future__ import annotations

from typing import Any

from store.desk import Desk
from store.records import Claim, Review
from store.scheme import load
from store.vocabulary import Decision

SPANS = ((0, 37), (38, 96), (98, 137))
"""Three sentences of the article of ``conftest``."""


def scheme(**rules: object) -> str:
    """The desk's usual scheme with other rules of review."""
    said = "\n".join(f"{name} = {str(value).lower()}" for name, value in rules.items())
    return f"{load('desk').toml}\n[review]\n{said}\n"


def status(desk: Desk, claim: Claim | str) -> str:
    return str(desk.claims.get(claim if isinstance(claim, str) else claim.id).status)


DECISIONS: dict[str, dict[str, Any]] = {
    "agree": {},
    "disagree": {"reason": "wrong_span", "comment": "It begins later."},
    "change_span": {"span": (4, 37)},
    "change_verdict": {"verdict": "refuted", "justification": "No."},
    "change_claim_text": {"claim_text": "Two North Koreans were captured."},
    "reject_claim": {},
    "needs_evidence": {"comment": "Where?"},
    "comment": {"comment": "Hm."},
}


OBJECTIONS = [name for name in DECISIONS if Decision(name).objects]


def only(desk: Desk, claim: Claim) -> Review:
    (found,) = desk.reviews.of(claim)
    return found
