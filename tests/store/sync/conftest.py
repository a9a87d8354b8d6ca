"""A desk of Ana's and one of Bob's that were one until yesterday."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from store.desk import Desk
from tests.kit.at_the_desk import FIRST, TEXT


@pytest.fixture
def theirs(tmp_path: Path, desk: Desk) -> Iterator[Desk]:
    """Bob's desk: a copy of Ana's as it was with one article and one claim of hers."""
    article = desk.articles.add(TEXT, title="Prisoners of war", url="https://example.org/war", language="en")
    desk.claims.tag(article, *FIRST)
    with Desk.open(desk.backup(tmp_path / "bob.db"), "Bob") as bob:
        yield bob
