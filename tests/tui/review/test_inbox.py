"""The checker's answers: what others propose, beside what is one's own, accepted, rejected or talked over."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from store.desk import Desk
from store.records import Article
from tests.kit.at_a_review import Reviewed, at_review
from tests.kit.at_the_article import TEXT, span
from tests.kit.pilot import STORY_SIZES, screen_text
from tui.article.screen import ArticleScreen
from tui.claim.disagreement_form import WhyForm
from tui.review.inbox import InboxScreen


def reviewed(desk: Desk, article: Article) -> None:
    """What Ben says of Ana's claims, one proposal of each kind, and one that she missed."""
    desk.be("Ben")
    first, second, third, fourth = desk.claims.of(article)
    desk.reviews.decide(first, "change_span", span=span(TEXT, "The old bridge fell"))
    desk.reviews.decide(second, "change_verdict", verdict="mixed", justification="One man limped.")
    desk.reviews.decide(third, "change_claim_text", claim_text="The bridge was inspected in 2019.")
    desk.reviews.decide(fourth, "disagree", reason="not_checkable", comment="How would one know?")
    desk.reviews.missing(article, *span(TEXT, "Some 2 500 people crossed it daily."), whose="Ana")


async def in_inbox(r: Reviewed) -> None:
    await r.press("I")
    assert isinstance(r.app.screen, InboxScreen)


@pytest.mark.parametrize("size", STORY_SIZES)
async def test_the_inbox_shows_mine_theirs_and_why(tmp_path: Path, size: tuple[int, int]) -> None:
    async with at_review(tmp_path, who="Ana", reviewing=None, size=size, prepare=reviewed) as r:
        await in_inbox(r)
        seen = screen_text(r.app)
        assert "5 wait for you" in seen
        assert "↔ other span" in seen and "[− in spring" in seen
        await r.press("down")
        seen = screen_text(r.app)
        assert "Supported" in seen and "Mixed" in seen and "One man limped." in seen
        await r.press("down")
        assert "[−“It+]" in screen_text(r.app) or "[+The bridge" in screen_text(r.app)
        await r.press("down")
        seen = screen_text(r.app)
        assert "because: Not checkable" in seen and "How would one know?" in seen


@pytest.mark.quick
async def test_accepting_makes_the_proposal_ones_own_change_and_undo_takes_it_back(tmp_path: Path) -> None:
    async with at_review(tmp_path, who="Ana", reviewing=None, prepare=reviewed) as r:
        await in_inbox(r)
        await r.press("y")
        claim = r.claim("C1")
        assert (claim.quote, claim.checker) == ("The old bridge fell", "Ana")
        review = r.review("C1")
        assert review is not None and (review.standing, review.answered_by) == ("accepted", "Ana")
        assert "4 wait for you" in screen_text(r.app)
        await r.press("u")
        assert r.claim("C1").quote == "The old bridge fell in spring."
        assert "5 wait for you" in screen_text(r.app)
        await r.press("ctrl+r", "y")
        assert r.claim("C2").verdict == "mixed"
        assert [v.justification for v in r.desk.verdicts.of(r.claim("C2")) if v.by == "Ana"] == ["One man limped."]
        await r.press("y")
        assert r.claim("C3").claim_text == "The bridge was inspected in 2019."


async def test_rejecting_asks_why_and_nothing_is_rejected_without_words(tmp_path: Path) -> None:
    async with at_review(tmp_path, who="Ana", reviewing=None, prepare=reviewed) as r:
        await in_inbox(r)
        await r.press("x")
        assert isinstance(r.app.screen, WhyForm)
        await r.press("escape")
        assert "5 wait for you" in screen_text(r.app)
        await r.press("x")
        await r.write("It says spring.")
        await r.press("ctrl+s")
        review = r.review("C1")
        assert review is not None and (review.answered, review.answer_reason) == ("rejected", "It says spring.")
        assert review.standing == "open", "it waits for an adjudicator"
        assert "4 wait for you" in screen_text(r.app)
        await r.press("A", "home")
        seen = screen_text(r.app)
        assert "rejected by Ana" in seen and "It says spring." in seen
        await r.press("u")
        assert r.review("C1") is not None and "5 wait for you" in screen_text(r.app)


@pytest.mark.parametrize("size", STORY_SIZES)
async def test_a_reply_opens_a_thread_that_is_resolved_and_opened_again(tmp_path: Path, size: tuple[int, int]) -> None:
    async with at_review(tmp_path, who="Ana", reviewing=None, size=size, prepare=reviewed) as r:
        await in_inbox(r)
        await r.press("o")
        assert "there is no thread to resolve" in r.said[-1]
        await r.press("R")
        await r.write("Are you sure?")
        await r.press("ctrl+s")
        (comment,) = r.desk.threads.of(r.claim("C1"))
        assert (comment.body, comment.by) == ("Are you sure?", "Ana")
        assert "Are you sure?" in screen_text(r.app)
        await r.press("o")
        assert r.desk.threads.of(r.claim("C1"))[0].resolved
        assert "✓ resolved" in screen_text(r.app)
        await r.press("o")
        assert not r.desk.threads.of(r.claim("C1"))[0].resolved


async def test_enter_goes_to_the_place(tmp_path: Path) -> None:
    async with at_review(tmp_path, who="Ana", reviewing=None, prepare=reviewed) as r:
        await in_inbox(r)
        await r.press("down", "down", "enter")
        assert r.uncovered and r.at_hand == "C3"


async def test_the_inbox_opens_from_the_library_for_all_articles(tmp_path: Path) -> None:
    async with at_review(tmp_path, who="Ana", reviewing=None, prepare=reviewed) as r:
        await r.press("q")
        await r.press("I")
        assert isinstance(r.app.screen, InboxScreen) and "5 wait for you" in screen_text(r.app)
        await r.press("enter")
        await r.until(lambda: isinstance(r.app.screen, ArticleScreen) and r.app.screen.listening, "the article opens")
        assert r.at_hand == "C1"


async def test_a_proposal_that_changed_meanwhile_is_not_accepted_blindly(tmp_path: Path) -> None:
    async with at_review(tmp_path, who="Ana", reviewing=None, prepare=reviewed) as r:
        await in_inbox(r)
        with Desk.open(r.desk.path, "Ben") as desk:
            claim = desk.claims.get("C1", desk.articles.all()[0])
            desk.reviews.decide(claim, "change_span", span=span(TEXT, "The old bridge"))
        await r.press("y")
        assert "Ben has changed the review of C1 since you saw it" in r.said[-1]
        assert r.claim("C1").quote == "The old bridge fell in spring."


async def test_an_empty_inbox_says_so(tmp_path: Path) -> None:
    async with at_review(tmp_path, who="Ana", reviewing=None) as r:
        await in_inbox(r)
        assert "Nothing waits for you" in screen_text(r.app)
        await r.press("y")
        assert r.said[-1] == "There is nothing here to answer."
        await r.press("q")
        assert r.uncovered


# On the article screen


@pytest.mark.parametrize("size", STORY_SIZES)
async def test_the_panel_shows_reviews_first_and_answers_them(tmp_path: Path, size: tuple[int, int]) -> None:
    async with at_review(tmp_path, who="Ana", reviewing=None, size=size, prepare=reviewed) as r:
        await r.press("!")
        assert r.at_hand == "C1"
        panel = await r.panel()
        assert "Ben" in panel and "↔ other span" in panel
        await r.row("review")
        await r.press("y")
        assert r.claim("C1").quote == "The old bridge fell"
        await r.press("escape", "!")
        assert r.at_hand == "C2"
        await r.row("review")
        await r.press("x")
        await r.write("Nobody limped.")
        await r.press("ctrl+s")
        review = r.review("C2")
        assert review is not None and (review.answered, review.answer_reason) == ("rejected", "Nobody limped.")
        await r.press("u")
        review = r.review("C2")
        assert review is not None and not review.answered


async def test_a_reply_in_the_panel_stands_under_the_review_and_resolves(tmp_path: Path) -> None:
    async with at_review(tmp_path, who="Ana", reviewing=None, size=(200, 60), prepare=reviewed) as r:
        await r.press("!")
        await r.row("review")
        await r.press("R")
        await r.write("Why?")
        await r.press("escape")
        assert "↳ Ana" in await r.panel()
        await r.press("escape", '"')
        assert r.at_hand == "C1" and "1 thread is not resolved here." in r.said
        await r.row("comment")
        await r.press("o")
        assert "✓ resolved" in await r.panel()
        await r.press("escape", '"')
        assert r.said[-1] == "Every thread here is resolved."


async def test_somebody_elses_proposal_is_not_mine_to_answer(tmp_path: Path) -> None:
    async with at_review(tmp_path, who="Cy", reviewing=None, prepare=reviewed) as r:
        await r.press("!")
        await r.row("review")
        await r.press("y")
        assert r.said[-1] == "Only Ana can answer what is proposed about C1."


async def test_what_the_checker_rejected_waits_in_the_reviewers_inbox(tmp_path: Path) -> None:
    def rejected(desk: Desk, article: Article) -> None:
        desk.be("Ben")
        review = desk.reviews.decide(desk.claims.get("C2", article), "reject_claim")
        desk.be("Ana")
        desk.answers.answer(review, "rejected", "It is one.")

    async with at_review(tmp_path, prepare=rejected, reviewing=None, size=(80, 24)) as r:
        await r.press("I")
        seen = screen_text(r.app)
        assert "1 waits for you" in seen and "rejected yours" in seen and "It is one." in seen
        await r.press("y")
        assert r.said[-1].startswith("That is what you said of C2: R replies")
        await r.press("R")
        assert re.search(r"│ *Reply +in words", screen_text(r.app)) and "Why" not in screen_text(r.app)
        await r.write("I insist.")
        await r.press("ctrl+s")
        assert "0 wait for you" in screen_text(r.app)
        await r.press("A")
        assert "rejected yours" in screen_text(r.app) and "I insist." in screen_text(r.app)


async def test_an_accepted_objection_waits_until_it_is_done(tmp_path: Path) -> None:
    def objected(desk: Desk, article: Article) -> None:
        desk.be("Ben")
        desk.reviews.decide(desk.claims.get("C2", article), "needs_evidence", comment="Where?")

    async with at_review(tmp_path, who="Ana", prepare=objected, reviewing=None) as r:
        await r.press("I", "y")
        assert r.said[-1].startswith("Accepted: C2 waits here until you have changed it.")
        assert "1 waits for you" in screen_text(r.app) and "to be done" in screen_text(r.app)
        r.desk.evidence.add(r.claim("C2"), "supports", url="https://b.example")
        await r.press("A", "A")
        assert "0 wait for you" in screen_text(r.app)
