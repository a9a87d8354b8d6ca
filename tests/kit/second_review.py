"""A checker, two reviewers and an adjudicator on one file, for the tests of second review."""

from __future__ import annotations

from store.desk import Desk
from store.records import Claim
from store.scheme import load

SPANS = ((0, 37), (38, 96), (98, 137))
"""Three sentences of the article of ``conftest``."""


def scheme(**rules: object) -> str:
    """The desk's usual scheme with other rules of review."""
    said = "\n".join(f"{name} = {str(value).lower()}" for name, value in rules.items())
    return f"{load('desk').toml}\n[review]\n{said}\n"


def status(desk: Desk, claim: Claim | str) -> str:
    return str(desk.claim(claim if isinstance(claim, str) else claim.id).status)
