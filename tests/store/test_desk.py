"""The desk's door: articles, people, fields, and several edits as one step."""

from __future__ import annotations

import sqlite3
from pathlib import Path

import pytest

from store import upkeep
from store.access import fields
from store.desk import Desk
from store.errors import Duplicate, Nobody
from store.formats.article_files import Draft
from store.records import Article
from tests.kit.at_the_desk import FIRST, TEXT
from tests.kit.refusals import refused

# -- articles --------------------------------------------------------------------------------------------------


def test_an_article_is_given_back_with_all_that_was_said_of_it(desk: Desk) -> None:
    article = desk.add_article(
        TEXT, title=" Prisoners ", url="https://example.org/x", publisher="Post", author="Ri", published="2025-02"
    )
    assert (article.title, article.publisher, article.author, article.published) == (
        "Prisoners",
        "Post",
        "Ri",
        "2025-02",
    )
    assert (article.number, article.version_number, article.length, article.by) == (1, 1, len(TEXT), "Ana")
    assert desk.text(article) == TEXT and desk.articles() == [article]


def test_a_text_is_kept_to_the_character(desk: Desk) -> None:
    text = "a\u0301 👩\u200d👩\u200d👧 \u202eabc\t\x1b[31m [b]\n\n  ﷽ 𝒳  "
    assert desk.text(desk.add_article(text)) == text


@pytest.mark.parametrize("text", ["", " \n\t", "a\r\nb", "a\0b", "a\ud800b"])
def test_a_text_that_cannot_be_checked_or_stored_is_refused(desk: Desk, text: str) -> None:
    refused(desk, lambda: desk.add_article(text))


def test_the_same_text_or_the_same_url_is_the_same_article(desk: Desk, article: Article) -> None:
    assert desk.add_article(TEXT).id == article.id
    assert desk.add_article("Other words.", url="HTTPS://Example.org/war").id == article.id
    assert desk.text(desk.article(1)) == TEXT and len(desk.articles()) == 1


def test_adding_a_deleted_or_undone_article_again_brings_it_back_with_its_text(desk: Desk) -> None:
    article = desk.add_article(TEXT)
    desk.undo()
    again = desk.add_article(TEXT)
    assert again.id == article.id and desk.text(again) == TEXT
    desk.delete(again)
    assert desk.articles() == [] and desk.text(desk.add_article(TEXT)) == TEXT


def test_an_articles_details_change_and_its_text_does_not(desk: Desk, article: Article) -> None:
    edited = desk.edit_article(article, title="New", published="2025-02-19", language="uk")
    assert (edited.title, edited.published, edited.language, edited.sha) == ("New", "2025-02-19", "uk", article.sha)
    assert edited.url == article.url
    refused(desk, lambda: desk.edit_article(article, text="x"))
    assert "2025-02-30" in refused(desk, lambda: desk.edit_article(article, published="2025-02-30"))


def test_many_articles_come_in_as_one_step_of_undo(desk: Desk) -> None:
    told: list[int] = []
    drafts = [Draft(text=f"Article {n} says so.") for n in range(450)]
    new, known = desk.add_articles(iter([*drafts, drafts[0]]), progress=told.append)
    assert (len(new), len(known), told) == (450, 1, [200, 400, 451])
    assert "449 more" in desk.undo().sentence
    assert desk.articles() == []
    desk.redo()
    assert len(desk.articles()) == 450 and upkeep.verify(desk) == []


def test_a_cancelled_import_keeps_what_was_in(desk: Desk) -> None:
    asked = iter([False] * 250 + [True])
    new, _ = desk.add_articles((Draft(text=f"Article {n}.") for n in range(999)), cancelled=lambda: next(asked))
    assert len(new) == 250 == len(desk.articles())


# -- one step --------------------------------------------------------------------------------------------------


def test_together_is_one_step_of_undo(desk: Desk, article: Article) -> None:
    with desk.together():
        claim = desk.tag(article, *FIRST)
        desk.edit(claim, claimant="Ri")
        desk.give_verdict(claim, "mixed")
        with desk.together():
            desk.add_evidence(claim, "supports", url="https://a.example")
        desk.move(claim, 0, 30)
    assert (
        len({change.action for change in desk.history() if change.kind not in ("reviewers", "articles", "versions")})
        == 1
    )
    assert "tagged C1" in desk.undo().sentence
    assert desk.claims(article) == [] and desk.conflicts() == [] and desk.sources() == []
    desk.redo()
    shown = desk.claim("C1", article)
    assert (shown.claimant, shown.verdict, shown.evidence_count, shown.end) == ("Ri", "mixed", 1, 30)
    assert desk.conflicts() == []


def test_an_exception_leaves_nothing_of_what_was_done_together(desk: Desk, article: Article) -> None:
    before = list(desk.log.conn.iterdump())
    with pytest.raises(ZeroDivisionError), desk.together():
        desk.tag(article, *FIRST)
        desk.be("Newcomer")
        desk.sweep(article, 38, 96)
        raise ZeroDivisionError
    assert list(desk.log.conn.iterdump()) == before
    claim = desk.tag(article, *FIRST)
    assert claim.checker == "Newcomer" and [r.name for r in desk.reviewers()] == ["Ana", "Newcomer"]
    assert desk.history()[0].action != desk.history(article)[-1].action and upkeep.verify(desk) == []


def test_a_refusal_inside_does_not_end_what_is_done_together(desk: Desk, article: Article) -> None:
    with desk.together():
        desk.tag(article, *FIRST)
        with pytest.raises(Duplicate):
            desk.tag(article, *FIRST)
        desk.sweep(article, 38, 96)
    assert len(desk.claims(article)) == 1 == len(desk.sweeps(article))
    desk.undo()
    assert desk.claims(article) == [] == desk.sweeps(article)


def test_an_import_joins_what_is_done_together(desk: Desk) -> None:
    with desk.together():
        first = desk.add_article("One says so.")
        desk.add_articles([Draft(text="Two says so."), Draft(text="Three says so.")])
        desk.tag(first, 0, 3)
    desk.undo()
    assert desk.articles() == []


# -- people ----------------------------------------------------------------------------------------------------


def test_nothing_is_written_until_somebody_says_who_they_are(path: Path) -> None:
    with Desk.open(path) as desk:
        assert desk.reviewer == ""
        refused(desk, lambda: desk.add_article(TEXT), Nobody)
        refused(desk, lambda: desk.undo(), Nobody)
        desk.be("  Ana   María ")
        desk.add_article(TEXT)
        assert [r.name for r in desk.reviewers()] == ["Ana María"]


@pytest.mark.parametrize("name", ["", "  ", "a\x1b[31m", "a\nb", "a\u202eb", "x" * 81, "\u200b"])
def test_a_name_that_is_none_is_refused(desk: Desk, name: str) -> None:
    refused(desk, lambda: desk.be(name))
    assert desk.reviewer == "Ana"


def test_one_person_in_two_spellings_is_one_person(desk: Desk, article: Article) -> None:
    desk.be("ANA")
    desk.tag(article, *FIRST)
    assert [r.name for r in desk.reviewers()] == ["Ana"] and desk.claim("C1", article).checker == "Ana"


# -- fields ----------------------------------------------------------------------------------------------------


def test_line_ends_nul_and_lone_surrogates_are_mended_in_every_field(desk: Desk, article: Article) -> None:
    dirty = "a\r\nb\rc\0d\udc80e"
    clean = "a\nb\ncd\ufffde"
    claim = desk.tag(article, *FIRST, claim_text=dirty, tags=[dirty])
    assert (claim.claim_text, claim.tags) == (clean, (clean,))
    assert desk.justify(claim, dirty).justification == clean
    evidence = desk.add_evidence(claim, "supports", url="https://a.example/" + dirty, quote=dirty, note=dirty)
    assert evidence.source is not None
    assert (evidence.quote, evidence.note, evidence.source.url) == (clean, clean, "https://a.example/" + clean)
    assert desk.comment(claim, dirty).body == clean
    assert desk.edit_article(article, title=dirty).title == clean
    assert upkeep.verify(desk) == []


@pytest.mark.parametrize(
    ("one", "other", "same"),
    [
        ("https://A.example", "https://a.example/", True),
        ("HTTP://a.example/x", "http://a.example/x", True),
        ("http://a.example/X", "http://a.example/x", False),
        ("http://a.example/x", "https://a.example/x", False),
        ("http://a.example/?q=1", "http://a.example/?q=2", False),
        ("http://[bad", "http://[bad", True),
        ("  a book ", "a book", True),
    ],
)
def test_two_spellings_of_one_address(one: str, other: str, same: bool) -> None:
    assert (fields.address(one) == fields.address(other)) is same


# -- the README's ten lines ------------------------------------------------------------------------------------


def test_a_desk_is_pleasant_from_a_prompt(tmp_path: Path) -> None:
    with Desk.open(tmp_path / "desk.db", "Ana") as desk:
        article = desk.add_article("It rained on 5 May.")
        claim = desk.tag(article, 0, 19)
        desk.edit(claim, claimant="the mayor")
        desk.give_verdict(claim, "refuted", "The gauge was dry.")
        desk.add_evidence(claim, "refutes", url="https://weather.example/may", quote="0.0 mm")
        desk.delete(claim)
        assert desk.claims(article) == []
        desk.undo()
        assert desk.claims("1")[0].verdict == "refuted"
        assert [row["quote"] for row in desk.db.query("SELECT quote FROM claims_now")] == ["It rained on 5 May."]
    with pytest.raises(sqlite3.ProgrammingError):
        desk.articles()
