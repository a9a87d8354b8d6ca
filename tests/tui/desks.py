"""Desks with something on them, made through the desk's own door."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from store.desk import Desk
from store.records import Article

STORY = "The bridge fell in spring. Nobody was hurt, said the mayor. It is being rebuilt."


@contextmanager
def desk_at(folder: Path, reviewer: str = "Ana") -> Iterator[Desk]:
    """An empty desk in a folder."""
    with Desk.open(folder / "desk.db", reviewer) as desk:
        yield desk


def shelve(desk: Desk, title: str, *, text: str = STORY, claims: int = 0, verdicts: int = 0, **details: str) -> Article:
    """Add an article with claims on its first sentences, some of them checked."""
    article = desk.add_article(f"This is about {title}. {text}", title=title, **details)
    for number, (start, end) in enumerate(desk.sentences(article)[:claims]):
        claim = desk.tag(article, start, end)
        if number < verdicts:
            desk.give_verdict(claim, "not_checkable", "Nobody knows.")
    return article
