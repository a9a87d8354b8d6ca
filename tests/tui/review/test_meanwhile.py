"""Reviewing what others change, hide or delete meanwhile, and what is refused."""

from __future__ import annotations

from pathlib import Path

import pytest

from store.desk import Desk
from store.records import Article
from tests.kit.at_a_review import assigned, at_review
from tests.kit.at_the_article import TEXT, span
from tests.kit.pilot import STORY_SIZES, screen_text
from tui.claim.disagreement_form import WhyForm
from tui.review.screen import ReviewScreen
from tui.review.submit import SubmitScreen

# Stale


async def test_a_changed_claim_comes_back_and_says_what_changed(tmp_path: Path) -> None:
    async with at_review(tmp_path) as r:
        await r.press("a", "a", "a", "a")
        assert "4 of 4" in await r.head()

        def change(desk: Desk) -> None:
            claim = desk.claims.get("C2", desk.articles.all()[0])
            desk.claims.edit(claim, claimant="the mayor", claim_text="Nobody was hurt when the bridge fell.")
            desk.verdicts.give(claim, "refuted", "Two people were.")

        await r.elsewhere(change)
        assert "3 of 4" in await r.head()
        await r.press("m")
        assert r.at_hand == "C2"
        panel = await r.panel()
        assert "! changed since" in panel
        for what in ("claimant", "claim text", "verdict", "why"):
            assert f"{what} now differs" in panel
        await r.press("a")
        assert "4 of 4" in await r.head()
        review = r.review("C2")
        assert review is not None and not review.stale


# Blind


@pytest.mark.parametrize("size", STORY_SIZES)
async def test_a_hidden_verdict_is_revealed_and_compared_once_one_has_given_ones_own(
    tmp_path: Path, size: tuple[int, int]
) -> None:
    async with at_review(tmp_path, size=size, prepare=assigned("verdict")) as r:
        seen = await r.seen()
        assert "verdict hidden until you give" in seen
        assert "The council says so" not in seen and seen.count("Refuted") == seen.count("7 ✗ Refuted")
        await r.press("a")
        assert "hidden until you give yours" in r.said[-1] and r.said_of("C1") == ""
        await r.press("1")
        review = r.review("C1")
        assert review is not None and review.blind == "verdict"
        assert "Ana gives another verdict" in r.said[-1]
        assert r.at_hand == "C1"
        await r.press("p")
        panel = await r.panel()
        assert "Refuted" in panel and "≠ differs" in panel and "hidden" not in panel
        await r.press("m", "1")
        assert "Ana gives the same verdict" in r.said[-1] and r.said_of("C2") == "agree"


async def test_taking_back_ones_verdict_hides_the_checkers_again(tmp_path: Path) -> None:
    async with at_review(tmp_path, prepare=assigned("verdict")) as r:
        await r.press("1")
        assert "verdict hidden until you give" not in await r.panel()
        await r.press("d")
        assert "verdict hidden until you give" in await r.panel()


async def test_where_everything_is_hidden_one_works_alone(tmp_path: Path) -> None:
    async with at_review(tmp_path, prepare=assigned("all")) as r:
        assert not isinstance(r.screen, ReviewScreen)
        assert any("This review is blind" in said for said in r.said)
        assert r.claims() == []
        await r.press("t")
        assert [claim.checker for claim in r.claims()] == ["Ben"]
        await r.press("ctrl+s")
        assert isinstance(r.app.screen, SubmitScreen)
        assert "C1 has no verdict" in screen_text(r.app)


# Refusals


async def test_ones_own_claims_are_never_reviewed(tmp_path: Path) -> None:
    async with at_review(tmp_path, who="Ana") as r:
        assert not isinstance(r.screen, ReviewScreen)
        assert "“Bridge” has no claims by anybody else to review." in r.said


async def test_ones_own_claim_among_others_is_refused(tmp_path: Path) -> None:
    def tag(desk: Desk, article: Article) -> None:
        desk.be("Ben")
        desk.claims.tag(article, *desk.coverage.sentences(article)[5])

    async with at_review(tmp_path, prepare=tag) as r:
        assert "0 of 4 reviewed" in await r.head()
        await r.go("It is being")
        await r.press("a")
        assert r.said[-1] == "C5 is yours: you cannot review your own claims."


async def test_what_is_not_under_review_here_is_not_decided_here(tmp_path: Path) -> None:
    def tag(desk: Desk, article: Article) -> None:
        desk.be("Cy")
        desk.claims.tag(article, *desk.coverage.sentences(article)[5])

    async with at_review(tmp_path, prepare=tag, reviewing="Ana") as r:
        assert "0 of 4 reviewed" in await r.head()
        await r.go("It is being")
        for key in ("a", "D", "1", "greater_than_sign", "J", "r"):
            await r.press(key)
            assert r.said[-1] == "C5 is Cy's: here you review Ana's claims.", key
        await r.press("c")
        await r.write("Is that so?")
        await r.press("escape")
        assert r.desk.reviews.of(r.claim("C5")) == [] and len(r.desk.threads.of(r.claim("C5"))) == 1
        assert "0 of 4 reviewed" in await r.head()


async def test_a_claim_deleted_while_it_is_in_hand_hands_on_to_the_next_and_is_said(tmp_path: Path) -> None:
    def twin(desk: Desk, article: Article) -> None:
        desk.be("Cy")
        start, end = desk.coverage.sentences(article)[0]
        desk.claims.tag(article, start, end - 1)

    async with at_review(tmp_path, prepare=twin, reviewing="Ana") as r:
        assert r.at_hand == "C1"
        await r.elsewhere(lambda desk: desk.delete(desk.claims.get("C1", desk.articles.all()[0])))
        assert r.said[-1] == "C1, which you had selected, has been deleted." and r.at_hand == "C2"


async def test_a_name_nobody_has_is_refused_with_those_close_to_it(tmp_path: Path) -> None:
    async with at_review(tmp_path, reviewing="Anna") as r:
        assert not isinstance(r.screen, ReviewScreen)
        assert any("Anna" in said and "Ana" in said for said in r.said)


async def test_a_claim_deleted_meanwhile_is_said_and_what_was_typed_is_kept(tmp_path: Path) -> None:
    async with at_review(tmp_path) as r:
        await r.press("D", "1")
        await r.write("I wonder")
        await r.elsewhere(lambda desk: desk.delete(desk.claims.get("C1", desk.articles.all()[0])))
        await r.press("ctrl+s")
        assert "deleted since you opened it" in r.said[-1] or "is not on this desk" in r.said[-1]
        assert isinstance(r.app.screen, WhyForm) and "I wonder" in screen_text(r.app)
        await r.press("escape")
        assert not isinstance(r.app.screen, WhyForm) and r.app.clipboard == "I wonder"


async def test_a_claim_changed_under_the_form_is_said_and_decided_on_when_that_is_meant(tmp_path: Path) -> None:
    async with at_review(tmp_path) as r:
        await r.press("D", "1")
        await r.write("Behind a paywall.")
        await r.elsewhere(
            lambda desk: desk.claims.edit(desk.claims.get("C1", desk.articles.all()[0]), claimant="the mayor")
        )
        await r.press("ctrl+s")
        assert "C1 has changed since you saw it" in r.said[-1] and isinstance(r.app.screen, WhyForm)
        await r.press("ctrl+s")
        review = r.review("C1")
        assert review is not None and (review.comment, review.stale) == ("Behind a paywall.", False)


async def test_a_claim_retagged_meanwhile_is_reviewed_as_it_is_then(tmp_path: Path) -> None:
    async with at_review(tmp_path) as r:
        start, end = span(TEXT, "The old bridge fell")
        await r.elsewhere(lambda desk: desk.claims.move(desk.claims.get("C1", desk.articles.all()[0]), start, end))
        await r.press("a")
        review = r.review("C1")
        assert review is not None and not review.stale


async def test_a_claim_settled_meanwhile_is_refused(tmp_path: Path) -> None:
    async with at_review(tmp_path) as r:
        await r.press("-")

        def settle(desk: Desk) -> None:
            article = desk.articles.all()[0]
            group = desk.comparison.group_of(desk.claims.get("C1", article), desk.comparison.compare(article))
            desk.settlements.adjudicate(group, "first_correct", rationale="The council is right.")

        await r.elsewhere(settle, "Cy")
        await r.press("[", "a")
        assert "C1 is settled by Cy" in r.said[-1] and r.said_of("C1") == "reject_claim"


async def test_the_article_can_be_deleted_under_a_review(tmp_path: Path) -> None:
    async with at_review(tmp_path) as r:
        await r.elsewhere(lambda desk: desk.delete(desk.articles.all()[0]))
        assert any("deleted" in said for said in r.said)
        assert not isinstance(r.app.screen, ReviewScreen)
