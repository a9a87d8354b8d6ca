"""What articles were read from: kept once, whole, with where it comes from; nobody can alter it unnoticed."""

from __future__ import annotations

import hashlib
import random
import sqlite3
from pathlib import Path

import pytest

from store.check import pages
from store.desk import Desk
from store.errors import Refused, Unknown
from store.text.article_draft import Draft, Original

PAGE = Original(
    b"<p>It rained." * 99, "text/html; charset=utf-8", "trafilatura 2", "", "https://example.org/b",
    ("https://example.org/a",), 1_700_000_000_000, "2024-05-01T10:00:00Z",
)  # fmt: skip


def test_a_page_is_kept_with_its_article_and_goes_and_comes_with_it(desk: Desk) -> None:
    (id,), _ = desk.articles.add_many([Draft("It rained.", url="https://example.org/b", original=PAGE)])
    article = desk.articles.get(id)
    kept = desk.pages.of(article)
    assert kept is not None
    assert (kept.address, kept.redirects, kept.fetched) == (PAGE.address, PAGE.redirects, PAGE.fetched)
    assert (kept.content_type, kept.settings, kept.modified) == (PAGE.content_type, PAGE.settings, PAGE.modified)
    assert kept.body == hashlib.sha256(PAGE.data).hexdigest() and desk.pages.data(kept) == PAGE.data
    assert any("kept the page that" in change.sentence for change in desk.history.of(article))
    assert desk.upkeep.verify() == []
    desk.history.undo()
    assert desk.articles.all() == [] and desk.pages.of(article) is None
    desk.history.redo()
    assert desk.pages.of(article) == kept._replace()
    before = desk.upkeep.rebuild()
    assert before and desk.pages.of(article) == kept and desk.upkeep.verify() == []


def test_equal_bytes_are_kept_once_and_known_articles_bring_none(desk: Desk) -> None:
    one = Draft("It rained.", url="https://example.org/b", original=PAGE)
    other = Draft("It thundered.", url="https://example.org/c", original=PAGE._replace(leaves=(0, 5)))
    changed = one._replace(text="It snowed.", original=PAGE._replace(data=b"other"))
    new, _ = desk.articles.add_many([one, other])
    assert desk.articles.add_many([changed]) == ([], new[:1])
    assert len(desk.session.tuples("SELECT body FROM page_bytes")) == 1
    kept = desk.pages.of(desk.articles.get(new[1]))
    assert kept is not None and kept.leaves == (0, 5)


def test_a_large_file_is_saved_in_pieces_and_goes_on_where_it_was_left(
    desk: Desk, monkeypatch: pytest.MonkeyPatch
) -> None:
    data = random.Random(1).randbytes(3_500_000)
    saved: list[int] = []
    keep = desk.session.log.keep_bytes

    def counted(pieces: list[tuple[str, int, bytes]]) -> None:
        saved.append(sum(len(packed) for _, _, packed in pieces))
        keep(pieces)
        if len(saved) == 2:
            raise KeyboardInterrupt

    monkeypatch.setattr(desk.session.log, "keep_bytes", counted)
    draft = Draft("It rained.", original=Original(data, "application/pdf"))
    with pytest.raises(KeyboardInterrupt):
        desk.articles.add_many([draft])
    assert desk.articles.all() == [] and desk.upkeep.verify() == []
    (id,), _ = desk.articles.add_many([draft])
    assert len(saved) == 2 + 3 and max(saved) < 1_100_000
    kept = desk.pages.of(desk.articles.get(id))
    assert kept is not None and desk.pages.data(kept) == data


def test_what_is_altered_or_missing_is_found(desk: Desk, path: Path) -> None:
    desk.articles.add_many([Draft("It rained.", original=PAGE)])
    body = hashlib.sha256(PAGE.data).hexdigest()
    with sqlite3.connect(path) as other:
        with pytest.raises(sqlite3.DatabaseError, match="never edited"):
            other.execute("UPDATE page_bytes SET packed = x'00'")
        with pytest.raises(sqlite3.DatabaseError, match="never deleted"):
            other.execute("DELETE FROM page_bytes")
        (trigger,) = other.execute("SELECT sql FROM sqlite_master WHERE name = 'page_bytes_are_fixed'").fetchone()
        other.execute("DROP TRIGGER page_bytes_are_fixed")
        other.execute("UPDATE page_bytes SET packed = x'00'")
        other.execute(trigger)
    assert [said for said in desk.upkeep.verify() if body[:12] in said] == [
        f"The page {body[:12]}… that an article was read from is missing or has been altered."
    ]


def test_a_page_of_an_article_that_is_not_here_is_refused(desk: Desk) -> None:
    gone = desk.articles.add("It rained.")._replace(version="11111111-1111-4111-8111-111111111111")
    with pytest.raises(Unknown):
        desk.pages.add(gone, Original(b"<p>It rained.</p>", "text/html"))
    assert not desk.upkeep.verify()


def test_pages_can_be_added_to_a_version(desk: Desk) -> None:
    article = desk.articles.add("It rained.")
    assert desk.pages.of(article) is None
    kept = desk.pages.add(article, PAGE)
    assert desk.pages.add(article, PAGE) == kept and isinstance(kept, pages.KeptPage)


def test_a_long_import_lets_others_in_again_and_again(desk: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    """What one transaction may write is bounded, so that nobody waits for more than a moment."""
    saved: list[int] = []
    keep = desk.session.log.keep

    def counted(texts: dict[str, str]) -> None:
        saved.append(sum(map(len, texts.values())))
        keep(texts)

    monkeypatch.setattr(desk.session.log, "keep", counted)
    long = "It rained. " * 10_000
    new, _ = desk.articles.add_many(Draft(f"{n}. {long}") for n in range(30))
    assert len(new) == 30 and len(saved) >= 3
    assert max(saved) <= 1_000_000 + len(long) + 10


def test_a_page_that_was_taken_back_can_be_kept_again(desk: Desk) -> None:
    article = desk.articles.add("It rained.")
    kept = desk.pages.add(article, PAGE)
    desk.history.undo()
    assert desk.pages.of(article) is None
    assert desk.pages.add(article, PAGE).body == kept.body and desk.upkeep.verify() == []


def test_what_is_asked_by_something_that_is_no_id_is_refused_in_a_sentence(desk: Desk) -> None:
    for said in ("none", "lone \ud83d surrogate", "a\nb"):
        for ask in (desk.evidence.get, desk.articles.text_of_version):
            with pytest.raises(Refused) as caught:
                ask(said)
            assert "\n" not in str(caught.value)
