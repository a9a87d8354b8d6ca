"""The desk's door: articles, people, fields, and several edits as one step."""

from __future__ import annotations

import sqlite3
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

from store.desk import Desk
from store.errors import Duplicate, Nobody
from store.records import Article
from store.text import urls
from store.text.article_draft import Draft
from tests.kit.at_the_desk import FIRST, TEXT
from tests.kit.refusals import refused

# -- articles --------------------------------------------------------------------------------------------------


def test_an_article_is_given_back_with_all_that_was_said_of_it(desk: Desk) -> None:
    article = desk.articles.add(
        TEXT, title=" Prisoners ", url="https://example.org/x", publisher="Post", author="Ri", published="2025-02"
    )
    assert (article.title, article.publisher, article.author, article.published) == (
        "Prisoners",
        "Post",
        "Ri",
        "2025-02",
    )
    assert (article.number, article.version_number, article.length, article.by) == (1, 1, len(TEXT), "Ana")
    assert desk.articles.text(article) == TEXT and desk.articles.all() == [article]


def test_a_text_is_kept_to_the_character(desk: Desk) -> None:
    text = "a\u0301 👩\u200d👩\u200d👧 \u202eabc\t\x1b[31m [b]\n\n  ﷽ 𝒳  "
    assert desk.articles.text(desk.articles.add(text)) == text


@pytest.mark.parametrize("text", ["", " \n\t", "a\r\nb", "a\0b", "a\ud800b"])
def test_a_text_that_cannot_be_checked_or_stored_is_refused(desk: Desk, text: str) -> None:
    refused(desk, lambda: desk.articles.add(text))


def test_the_same_text_or_the_same_url_is_the_same_article(desk: Desk, article: Article) -> None:
    assert desk.articles.add(TEXT).id == article.id
    assert desk.articles.add("Other words.", url="HTTPS://Example.org/war").id == article.id
    assert desk.articles.text(desk.articles.get(1)) == TEXT and len(desk.articles.all()) == 1


def test_adding_a_deleted_or_undone_article_again_brings_it_back_with_its_text(desk: Desk) -> None:
    article = desk.articles.add(TEXT)
    desk.history.undo()
    again = desk.articles.add(TEXT)
    assert again.id == article.id and desk.articles.text(again) == TEXT
    desk.delete(again)
    assert desk.articles.all() == [] and desk.articles.text(desk.articles.add(TEXT)) == TEXT


def test_an_articles_details_change_and_its_text_does_not(desk: Desk, article: Article) -> None:
    edited = desk.articles.edit(article, title="New", published="2025-02-19", language="uk")
    assert (edited.title, edited.published, edited.language, edited.sha) == ("New", "2025-02-19", "uk", article.sha)
    assert edited.url == article.url
    refused(desk, lambda: desk.articles.edit(article, text="x"))
    assert "2025-02-30" in refused(desk, lambda: desk.articles.edit(article, published="2025-02-30"))


def test_an_article_is_found_as_it_would_be_given_back(desk: Desk, article: Article) -> None:
    desk.articles.edit(article, url="https://example.org/moved")
    for text, url in ((TEXT, ""), (TEXT, "https://other.example"), ("Another text.", "HTTPS://EXAMPLE.ORG/war")):
        found = desk.articles.find(text, url)
        assert found is not None and found.id == desk.articles.add(text, url=url).id == article.id
    assert desk.articles.find("Another text.") is None
    desk.delete(article)
    assert desk.articles.find(TEXT) is None


def test_many_articles_come_in_as_one_step_of_undo(desk: Desk) -> None:
    told: list[int] = []
    drafts = [Draft(text=f"Article {n} says so.") for n in range(450)]
    new, known = desk.articles.add_many(iter([*drafts, drafts[0]]), progress=told.append)
    assert (len(new), len(known), told) == (450, 1, [200, 400, 451])
    assert "449 more" in desk.history.undo().sentence
    assert desk.articles.all() == []
    desk.history.redo()
    assert len(desk.articles.all()) == 450 and desk.upkeep.verify() == []


def test_a_cancelled_import_keeps_what_was_in(desk: Desk) -> None:
    asked = iter([False] * 250 + [True])
    new, _ = desk.articles.add_many((Draft(text=f"Article {n}.") for n in range(999)), cancelled=lambda: next(asked))
    assert len(new) == 250 == len(desk.articles.all())


# -- one step --------------------------------------------------------------------------------------------------


def test_together_is_one_step_of_undo(desk: Desk, article: Article) -> None:
    with desk.together():
        claim = desk.claims.tag(article, *FIRST)
        desk.claims.edit(claim, claimant="Ri")
        desk.verdicts.give(claim, "mixed")
        with desk.together():
            desk.evidence.add(claim, "supports", url="https://a.example")
        desk.claims.move(claim, 0, 30)
    assert (
        len({change.action for change in desk.history.of() if change.kind not in ("reviewers", "articles", "versions")})
        == 1
    )
    assert "tagged C1" in desk.history.undo().sentence
    assert desk.claims.of(article) == [] and desk.conflicts.of() == [] and desk.evidence.sources() == []
    desk.history.redo()
    shown = desk.claims.get("C1", article)
    assert (shown.claimant, shown.verdict, shown.evidence_count, shown.end) == ("Ri", "mixed", 1, 30)
    assert desk.conflicts.of() == []


def test_an_exception_leaves_nothing_of_what_was_done_together(desk: Desk, article: Article) -> None:
    before = list(desk.session.log.conn.iterdump())
    with pytest.raises(ZeroDivisionError), desk.together():
        desk.claims.tag(article, *FIRST)
        desk.be("Newcomer")
        desk.sweeps.add(article, 38, 96)
        raise ZeroDivisionError
    assert list(desk.session.log.conn.iterdump()) == before
    claim = desk.claims.tag(article, *FIRST)
    assert claim.checker == "Newcomer" and desk.people.all() == ["Ana", "Newcomer"]
    assert desk.history.of()[0].action != desk.history.of(article)[-1].action and desk.upkeep.verify() == []


def test_a_refusal_inside_does_not_end_what_is_done_together(desk: Desk, article: Article) -> None:
    with desk.together():
        desk.claims.tag(article, *FIRST)
        with pytest.raises(Duplicate):
            desk.claims.tag(article, *FIRST)
        desk.sweeps.add(article, 38, 96)
    assert len(desk.claims.of(article)) == 1 == len(desk.sweeps.of(article))
    desk.history.undo()
    assert desk.claims.of(article) == [] == desk.sweeps.of(article)


def test_an_import_joins_what_is_done_together(desk: Desk) -> None:
    with desk.together():
        first = desk.articles.add("One says so.")
        desk.articles.add_many([Draft(text="Two says so."), Draft(text="Three says so.")])
        desk.claims.tag(first, 0, 3)
    desk.history.undo()
    assert desk.articles.all() == []


# -- people ----------------------------------------------------------------------------------------------------


def test_nothing_is_written_until_somebody_says_who_they_are(path: Path) -> None:
    with Desk.open(path) as desk:
        assert desk.reviewer == ""
        refused(desk, lambda: desk.articles.add(TEXT), Nobody)
        refused(desk, lambda: desk.history.undo(), Nobody)
        desk.be("  Ana   María ")
        desk.articles.add(TEXT)
        assert desk.people.all() == ["Ana María"]


@pytest.mark.parametrize("name", ["", "  ", "a\x1b[31m", "a\nb", "a\u202eb", "x" * 81, "\u200b"])
def test_a_name_that_is_none_is_refused(desk: Desk, name: str) -> None:
    refused(desk, lambda: desk.be(name))
    assert desk.reviewer == "Ana"


def test_one_person_in_two_spellings_is_one_person(desk: Desk, article: Article) -> None:
    desk.be("ANA")
    desk.claims.tag(article, *FIRST)
    assert desk.people.all() == ["Ana"] and desk.claims.get("C1", article).checker == "Ana"


# -- fields ----------------------------------------------------------------------------------------------------


def test_line_ends_nul_and_lone_surrogates_are_mended_in_every_field(desk: Desk, article: Article) -> None:
    dirty = "a\r\nb\rc\0d\udc80e"
    clean = "a\nb\ncd\ufffde"
    claim = desk.claims.tag(article, *FIRST, claim_text=dirty, tags=[dirty])
    assert (claim.claim_text, claim.tags) == (clean, (clean,))
    assert desk.verdicts.justify(claim, dirty).justification == clean
    evidence = desk.evidence.add(claim, "supports", url="https://a.example/" + dirty, quote=dirty, note=dirty)
    assert evidence.source is not None
    assert (evidence.quote, evidence.note, evidence.source.url) == (clean, clean, "https://a.example/" + clean)
    assert desk.threads.comment(claim, dirty).body == clean
    assert desk.articles.edit(article, title=dirty).title == clean
    assert desk.upkeep.verify() == []


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
    assert (urls.canonical(one) == urls.canonical(other)) is same


# -- the README's ten lines ------------------------------------------------------------------------------------


def test_a_desk_is_pleasant_from_a_prompt(tmp_path: Path) -> None:
    with Desk.open(tmp_path / "desk.db", "Ana") as desk:
        article = desk.articles.add("It rained on 5 May.")
        claim = desk.claims.tag(article, 0, 19)
        desk.claims.edit(claim, claimant="the mayor")
        desk.verdicts.give(claim, "refuted", "The gauge was dry.")
        desk.evidence.add(claim, "refutes", url="https://weather.example/may", quote="0.0 mm")
        desk.delete(claim)
        assert desk.claims.of(article) == []
        desk.history.undo()
        assert desk.claims.of("1")[0].verdict == "refuted"
        assert [row["quote"] for row in desk.db.query("SELECT quote FROM claims_now")] == ["It rained on 5 May."]
    with pytest.raises(sqlite3.ProgrammingError):
        desk.articles.all()


def test_another_thread_may_open_the_file_beside_also_when_others_have_written(desk: Desk, bob: Desk) -> None:
    desk.articles.add("It rained.", title="Rain")
    bob.articles.add("It snowed.", title="Snow")
    desk.session.veil.doubt()
    desk.history.mark()
    assert desk.session.rows("SELECT 1 AS x FROM articles LIMIT 1")  # what is known of people is old by now
    with ThreadPoolExecutor(1) as pool:

        def look() -> tuple[str, int]:
            with desk.beside() as other:
                return other.reviewer, len(other.articles.all())

        assert pool.submit(look).result() == ("Ana", 2)
