"""Desks for the store's tests."""

from __future__ import annotations

import os
import shutil
import tempfile
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from store.desk import Desk
from store.records import Article, Claim
from tests.kit.at_the_desk import TEXT
from tests.kit.desks import put_a_desk


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "desk.db"


@pytest.fixture
def open_desk(path: Path) -> Iterator[Callable[..., Desk]]:
    """Opens the same file again and again, as other windows and other people do."""
    opened: list[Desk] = []

    def open_it(reviewer: str = "Ana", **how: object) -> Desk:
        put_a_desk(path)
        desk = Desk.open(path, reviewer, **how)  # type: ignore[arg-type]
        opened.append(desk)
        return desk

    yield open_it
    for desk in opened:
        desk.close()


@pytest.fixture
def desk(open_desk: Callable[..., Desk]) -> Desk:
    """Ana's desk."""
    return open_desk("Ana")


@pytest.fixture
def bob(desk: Desk, open_desk: Callable[..., Desk]) -> Desk:
    """Bob's window on the same file."""
    return open_desk("Bob")


@pytest.fixture
def article(desk: Desk) -> Article:
    return desk.articles.add(TEXT, title="Prisoners of war", url="https://example.org/war", language="en")


@pytest.fixture
def claim(desk: Desk, article: Article) -> Claim:
    """A claim with everything on it."""
    claim = desk.claims.tag(
        article,
        0,
        37,
        claim_text="=SUM(A1)",
        claimant="Ri | Baek",
        types=["event", "quantity"],
        tags=["a|b", "c\\d", "'"],
    )
    desk.verdicts.give(claim, "refuted", 'He said "no",\nand left; it\'s so.')
    desk.evidence.add(claim, "refutes", url="https://a.example/1|2", quote="no", tier="primary", published="2025-02")
    desk.evidence.add(claim, "context", note="heard of it")
    first = desk.threads.comment(claim, "- really?")
    desk.threads.comment(claim, "@Ana yes", reply_to=first)
    return desk.claims.get(claim.id)


@pytest.fixture
def shared() -> Iterator[Path]:
    """A folder that everybody may enter, which pytest's own is not."""
    folder = Path(tempfile.mkdtemp())
    folder.chmod(0o755)
    yield folder
    for place, _, _ in os.walk(folder):
        Path(place).chmod(0o755)
    shutil.rmtree(folder)
