"""Desks for the tests of second review."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from store.desk import Desk
from store.records import Article, Claim
from tests.kit.second_review import SPANS


@pytest.fixture
def claim(desk: Desk, article: Article) -> Claim:
    """Ana's claim with her verdict and evidence."""
    claim = desk.claims.tag(article, *SPANS[0], claim_text="Two were captured.", claimant="Ri")
    desk.evidence.add(claim, "supports", url="https://a.example", quote="two")
    desk.verdicts.give(claim, "supported", "It says so.")
    return desk.claims.get(claim.id)


@pytest.fixture
def cy(desk: Desk, open_desk: Callable[..., Desk]) -> Desk:
    return open_desk("Cy")
