"""Twenty people review one desk file at once: no error, and every decision is there."""

from __future__ import annotations

from collections import Counter
from pathlib import Path

from store.desk import Desk
from tests.bench import bench_review


def test_twenty_reviewers_at_once_lose_no_decision(path: Path) -> None:
    bench_review.make(path)
    took, failed = bench_review.saves(path, bench_review.PEOPLE, 3)
    assert not failed
    assert len(took) == bench_review.PEOPLE * 3
    with Desk.open(path, "Ana") as desk:
        reviews = desk.reviews.of(desk.articles.get(1))
        assert Counter(review.by for review in reviews) == {f"Reviewer {n}": 4 for n in range(bench_review.PEOPLE)}
        assert not any(review.stale for review in reviews) and desk.conflicts.of() == []
        assert desk.upkeep.verify() == []
