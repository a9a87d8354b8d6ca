"""What is read, of one article and of many; and sentences that are found once and then kept."""

from __future__ import annotations

import re
import sqlite3
from collections.abc import Callable
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from store.check import kept_sentences as covering
from store.check.kept_sentences import packed, unpacked
from store.desk import Desk
from store.records import Article
from store.text import sentences, units
from store.text.coverage import Hold, coverage
from tests.kit.hostile import NASTY

SOME = [*NASTY, "It rained. It snowed.", "* * *", "Er kam am 5. Mai. Dann ging er."]


@pytest.fixture
def many(desk: Desk) -> list[Article]:
    """Articles of every kind of text; some with claims, some with sweeps, some with neither."""
    for number, text in enumerate(SOME):
        text = re.sub("[\0\r\ud800-\udfff]", "", text)
        if text.strip():
            desk.articles.add(text, language=("", "de", "en-GB")[number % 3])
    articles = desk.articles.all()
    for article in articles[::3]:
        end = units.next_grapheme(desk.articles.text(article), 0)
        desk.claims.tag(article, 0, end)
        desk.delete(desk.sweeps.add(article, 0, end))
    for article in articles[1::3]:
        desk.sweeps.add(article, 0, article.length)
    return articles


def counted(desk: Desk, article: Article) -> object:
    """The coverage, found without anything that is kept."""
    text = desk.articles.text(article)
    held = [(claim.start, claim.end, Hold.TAGGED) for claim in desk.claims.of(article)]
    held += [(sweep.start, sweep.end, Hold.SWEPT) for sweep in desk.sweeps.of(article)]
    return coverage(text, sentences.sentences(text, article.language, article.lines), held)


def kept(path: Path) -> list[tuple[object, ...]]:
    conn = sqlite3.connect(path)
    found = conn.execute("SELECT sha, splitter, edges, words FROM sentences JOIN texts ON seq = text").fetchall()
    conn.close()
    return found


def no_splitting(monkeypatch: pytest.MonkeyPatch) -> None:
    def refuse(text: str, language: str = "", lines: str = "") -> list[units.Span]:
        raise AssertionError("these sentences were kept")

    monkeypatch.setattr(sentences, "sentences", refuse)


def test_many_are_covered_as_each_is_alone(desk: Desk, many: list[Article]) -> None:
    expected = [counted(desk, article) for article in many]
    assert len(many) > 10 and [desk.coverage.of(article) for article in many] == expected
    assert list(desk.coverage.each(many)) == expected


def test_sentences_are_found_once_and_then_kept(
    path: Path, desk: Desk, many: list[Article], open_desk: Callable[..., Desk], monkeypatch: pytest.MonkeyPatch
) -> None:
    expected = [counted(desk, article) for article in many]
    spans = [sentences.sentences(desk.articles.text(article), article.language) for article in many]
    assert list(desk.coverage.each(many)) == expected
    desk.close()
    assert len(kept(path)) == len({article.sha for article in many})
    no_splitting(monkeypatch)
    again = open_desk("Bob")
    assert list(again.coverage.each(many)) == expected
    assert [again.coverage.of(article) for article in many] == expected
    assert [again.coverage.sentences(article) for article in many] == spans
    assert again.library.stats().words == sum(found.words for found in expected)


def test_those_of_a_long_text_are_kept_at_once(path: Path, desk: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(covering, "_ENOUGH", 40)
    long = desk.articles.add("It rained on Monday in all of the valley. " * 3)
    short = desk.articles.add("It snowed.")
    desk.coverage.sentences(short)
    assert kept(path) == []
    desk.coverage.sentences(long)
    assert {row[0] for row in kept(path)} == {long.sha, short.sha}


def test_another_edition_finds_them_anew(
    path: Path, desk: Desk, article: Article, open_desk: Callable[..., Desk], monkeypatch: pytest.MonkeyPatch
) -> None:
    desk.coverage.of(article)
    desk.close()
    (before,) = kept(path)
    monkeypatch.setattr(covering, "EDITION", covering.EDITION + 1)
    monkeypatch.setattr(sentences, "each_sentence", lambda text, language="", lines="": iter([(0, 14)]))
    later = open_desk("Bob")
    assert later.coverage.of(article).residue == ((0, 14, False),) and later.coverage.sentences(article) == [(0, 14)]
    later.close()
    (after,) = kept(path)
    assert str(before[1]).startswith(f"en,,factdesk {covering.EDITION - 1}, ")
    assert after == (article.sha, covering.found_with("en", ""), "[0,14]", "[2]")


def test_another_language_finds_them_anew(desk: Desk, open_desk: Callable[..., Desk]) -> None:
    text = "Er kam am 5. Mai zurück. Dann ging er."
    article = desk.articles.add(text, language="en")
    desk.coverage.of(article)
    desk.close()
    later = open_desk("Ana")
    german = later.articles.edit(article, language="de")
    expected = sentences.sentences(text, "de")
    assert expected != sentences.sentences(text, "en")
    assert (
        later.coverage.sentences(german) == expected
        and [place[:2] for place in later.coverage.of(german).residue] == expected
    )


def test_other_lines_find_them_anew_and_change_no_claim(desk: Desk) -> None:
    article = desk.articles.add("Price: 5 euros\nplace: Kursk\ndate: 5 May 2024")
    claim = desk.claims.tag(article, 0, 14)
    desk.verdicts.give(claim, "not_checkable")
    claim = desk.claims.get(claim.id)
    desk.submissions.submit(article, "checker")
    assert len(desk.coverage.sentences(article)) == 3
    before = desk.claims.of(article), desk.assignments.of(article)
    wrapped = desk.articles.edit(article, lines="wrapped")
    assert len(desk.coverage.sentences(wrapped)) == 1 and desk.coverage.of(wrapped).sentences == 1
    assert (desk.claims.of(wrapped), desk.assignments.of(wrapped)) == before and desk.claims.get(claim.id) == claim
    german = desk.articles.edit(wrapped, language="de", lines="auto")
    assert german.lines == "" and len(desk.coverage.sentences(german)) == 3
    assert (desk.claims.of(german), desk.assignments.of(german)) == before
    assert desk.upkeep.verify() == []


def test_a_desk_that_is_not_to_be_written_keeps_none(path: Path, desk: Desk, article: Article) -> None:
    desk.session.read_only = "It is kept as it is."
    assert desk.coverage.of(article) == counted(desk, article)
    desk.close()
    assert kept(path) == []


def test_nobody_waits_for_the_keeping(path: Path, desk: Desk, article: Article) -> None:
    holder = sqlite3.connect(path, isolation_level=None)
    holder.execute("BEGIN IMMEDIATE")
    assert desk.coverage.of(article) == counted(desk, article)
    began = [desk.session.log.conn.execute("PRAGMA busy_timeout").fetchone()[0]]
    desk.coverage.keep()
    assert not desk.session.log.conn.in_transaction
    assert [desk.session.log.conn.execute("PRAGMA busy_timeout").fetchone()[0]] == began
    holder.execute("ROLLBACK")
    holder.close()
    assert kept(path) == [] and desk.claims.tag(article, 0, 3).name == "C1"


def test_a_full_disk_keeps_none_and_says_nothing(path: Path, desk: Desk) -> None:
    articles = [desk.articles.add(f"It rained in {number} places. " * 400) for number in range(20)]
    pages = desk.session.log.conn.execute("PRAGMA page_count").fetchone()[0]
    desk.session.log.conn.execute(f"PRAGMA max_page_count = {pages}")
    assert [found.sentences for found in desk.coverage.each(articles)] == [400] * 20
    desk.coverage.keep()
    assert not desk.session.log.conn.in_transaction and kept(path) == []


def test_what_is_being_written_is_neither_saved_nor_torn_by_it(
    path: Path, desk: Desk, article: Article, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(covering, "_ENOUGH", 1)
    with pytest.raises(ZeroDivisionError), desk.together():
        desk.claims.tag(article, 0, 3)
        desk.coverage.of(article)
        assert desk.session.log.conn.in_transaction
        raise ZeroDivisionError
    assert kept(path) == [] and desk.claims.of(article) == []


@pytest.mark.parametrize("edges", ["[0", '["a",1]', "[1,2,3]", "7", "null"])
def test_what_cannot_be_read_is_found_anew(path: Path, desk: Desk, article: Article, edges: str) -> None:
    desk.coverage.of(article)
    desk.close()
    with Desk.open(path, "Ana") as later:
        later.session.log.conn.execute("UPDATE sentences SET edges = ?", (edges,))
        assert later.coverage.of(article) == counted(later, article)
        assert any("sentences" in line for line in later.upkeep.verify())
    with Desk.open(path, "Ana") as mended:
        assert mended.upkeep.verify() == []


@pytest.mark.parametrize(
    "sql",
    [
        "UPDATE sentences SET edges = '[0,7]'",
        "UPDATE sentences SET words = '[9]'",
        "UPDATE sentences SET text = 99",
    ],
)
def test_verify_finds_what_was_altered_and_rebuild_makes_it_anew(
    path: Path, desk: Desk, article: Article, sql: str
) -> None:
    desk.coverage.of(article)
    desk.close()
    with Desk.open(path, "Ana") as later:
        assert later.upkeep.verify() == []
        later.session.log.conn.execute(sql)
        (said,) = later.upkeep.verify()
        assert "entences" in said and "factdesk rebuild" in said
        later.upkeep.rebuild()
        assert later.upkeep.verify() == []
        assert later.coverage.of(article) == counted(later, article)
    assert len(kept(path)) == 1


@given(st.lists(st.integers(0, 2_000_000), max_size=60).map(sorted))
def test_packed_spans_come_out_as_they_went_in(edges: list[int]) -> None:
    spans = list(zip(edges[::2], edges[1::2], strict=False))
    assert unpacked(packed(spans)) == spans
