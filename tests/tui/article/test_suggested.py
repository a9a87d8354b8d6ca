"""Suggestions in an article and the facts of one span, by their keys."""

from __future__ import annotations

from pathlib import Path

import pytest

from store.desk import Desk
from store.records import Article
from store.review.suggestions import Suggested
from store.scheme import load
from tests.kit.at_the_article import SENTENCES, TEXT, Room, opened, span
from tests.kit.desks import desk_at
from tests.kit.pilot import STORY_SIZES

at_every_size = pytest.mark.parametrize("size", STORY_SIZES, ids=lambda size: f"{size[0]}x{size[1]}")


def suggest(desk: Desk, article: Article) -> None:
    desk.suggestions.add_many(
        article,
        [
            Suggested(*span(TEXT, SENTENCES[0]), "Model 3", "refuted", "The bridge fell.", "It stands.", 0.83),
            Suggested(*span(TEXT, SENTENCES[1]), "Model 3", "quantity"),
            Suggested(*span(TEXT, SENTENCES[0]), "Cy", claim_text="It was spring."),
        ],
    )


def outcomes(r: Room) -> list[str]:
    return [one.outcome for one in sorted(r.desk.suggestions.of(r.article), key=lambda one: one.name)]


@at_every_size
async def test_a_suggestion_is_shown_as_such_and_accepted_amended_or_rejected_by_one_key(
    tmp_path: Path, size: tuple[int, int]
) -> None:
    with desk_at(tmp_path) as desk:
        article = desk.articles.add(TEXT, title="Bridge")
        suggest(desk, article)
        async with opened(desk, article, size=size) as r:
            assert "◇ 3 suggested" in await r.seen() and r.claims() == []
            assert r.screen.open.coverage.words_read == 0
            await r.press("Y")
            seen = await r.panel()
            assert "S1" in seen and "◇ suggested" in seen
            await r.press("1")
            assert "only suggested" in r.said[-1] and r.claims() == []
            await r.press("a")
            assert [(one.claim_text, one.verdict) for one in r.claims()] == [("The bridge fell.", "refuted")]
            assert r.in_hand == r.claims()[0] and outcomes(r) == ["accepted", "", ""]
            await r.press("Y")
            await r.press("minus")
            assert outcomes(r).count("rejected") == 1
            await r.press("u")
            assert outcomes(r) == ["accepted", "", ""]
            await r.press("u")
            assert r.claims() == [] and outcomes(r) == ["", "", ""]
            assert "◇ 3 suggested" in await r.seen()


async def test_it_is_amended_by_other_words_or_by_the_selection(tmp_path: Path) -> None:
    with desk_at(tmp_path) as desk:
        article = desk.articles.add(TEXT, title="Bridge")
        suggest(desk, article)
        async with opened(desk, article, size=(120, 40)) as r:
            await r.press("Y", "A", "end")
            await r.write(" Really.")
            await r.press("escape")
            assert r.claims() == []  # leaving decides nothing
            await r.press("A", "end", "ctrl+u")
            await r.write("The old bridge fell.")
            await r.press("ctrl+s")
            assert [claim.claim_text for claim in r.claims()] == ["The old bridge fell."]
            await r.press("Y", "Y", "v", "w", "w")
            await r.press("A")
            amended = max(r.claims(), key=lambda claim: claim.start)
            assert amended.quote == r.view.text[amended.start : amended.end] != SENTENCES[1]
            assert sorted(filter(None, outcomes(r))) == ["amended", "amended"]


async def test_the_list_of_suggestions_chooses_too(tmp_path: Path) -> None:
    with desk_at(tmp_path) as desk:
        article = desk.articles.add(TEXT, title="Bridge")
        suggest(desk, article)
        async with opened(desk, article, size=(120, 40)) as r:
            await r.press("g", "y")
            assert "3 wait for you" in await r_text(r)
            await r.press("x")
            await r.press("y")
            assert sorted(filter(None, outcomes(r))) == ["accepted", "rejected"]
            await r.press("w")
            assert "rejected" in await r_text(r) and "accepted" in await r_text(r)
            await r.press("w", "enter")
            assert r.view.active in r.screen.open.suggestions


async def r_text(r: Room) -> str:
    from tests.kit.pilot import screen_text

    await r.pilot.pause()
    return screen_text(r.app)


async def test_they_are_hidden_until_your_own_pass_is_done_if_the_scheme_says_so(tmp_path: Path) -> None:
    with desk_at(tmp_path) as desk:
        article = desk.articles.add(TEXT, title="Bridge")
        suggest(desk, article)
        desk.schemes.use(load("desk").toml.replace("version = 1\n", "version = 1\nown_pass_first = true\n", 1))
        async with opened(desk, article, size=(120, 40)) as r:
            assert "◇" not in await r.seen()
            assert any("hidden until you have submitted" in said for said in r.said)
            await r.press("Y")
            assert "No suggestion waits" in r.said[-1]


async def test_a_claim_is_split_into_facts_and_they_are_joined_by_one_key(tmp_path: Path) -> None:
    with desk_at(tmp_path) as desk:
        article = desk.articles.add(TEXT, title="Bridge")
        async with opened(desk, article, size=(120, 40)) as r:
            await r.press("t", "vertical_line", "end", "ctrl+u")
            await r.write("The bridge fell.")
            await r.press("enter")
            await r.write("It was spring.")
            await r.press("ctrl+s")
            assert [claim.claim_text for claim in r.claims()] == ["The bridge fell.", "It was spring."]
            words = r.screen.open.coverage.words_read
            seen = await r.panel()
            assert "facts     2" in seen and "& joins" in seen and "C2" in seen and "It was spring." in seen
            await r.press("right_square_bracket")
            assert r.in_hand is not None and r.in_hand.name == "C2"
            await r.press("left_square_bracket")
            assert r.in_hand is not None and r.in_hand.name == "C1"
            await r.press("o")
            assert r.in_hand is not None and r.in_hand.name == "C2"
            await r.press("L")
            listed = await r_text(r)
            assert "The bridge fell." in listed and "It was spring." in listed  # not the same words twice
            await r.press("L")
            await r.press("o", "ampersand")
            assert [claim.claim_text for claim in r.claims()] == ["The bridge fell. It was spring."]
            assert r.screen.open.coverage.words_read == words
            await r.press("u")
            assert len(r.claims()) == 2 and r.screen.open.coverage.words_read == words
            await r.press("u")
            assert [claim.claim_text for claim in r.claims()] == [""]


async def test_anothers_claim_on_the_same_words_is_made_yours_too(tmp_path: Path) -> None:
    with desk_at(tmp_path) as desk:
        article = desk.articles.add(TEXT, title="Bridge")
        place = span(TEXT, SENTENCES[0])
        desk.be("Ben")
        desk.claims.tag(article, *place, claim_text="It was spring.")
        desk.be("Ana")
        desk.claims.tag(article, *place, claim_text="The bridge fell.")
        async with opened(desk, article, size=(120, 40)) as r:
            await r.press("left_square_bracket")
            assert r.in_hand is not None and r.in_hand.name == "C2"
            await r.field("stack")
            await r.press("y")
            assert [(one.checker, one.claim_text) for one in r.claims()] == [
                ("Ben", "It was spring."), ("Ana", "The bridge fell."), ("Ana", "It was spring."),
            ]  # fmt: skip
            assert "C3 is yours" in r.said[-1]


async def test_a_suggestion_on_the_words_of_a_claim_is_accepted_in_the_panel(tmp_path: Path) -> None:
    with desk_at(tmp_path) as desk:
        article = desk.articles.add(TEXT, title="Bridge")
        suggest(desk, article)
        desk.claims.tag(article, *span(TEXT, SENTENCES[0]), claim_text="It fell down.")
        async with opened(desk, article, size=(120, 40)) as r:
            await r.press("left_square_bracket")
            assert "suggested by Model 3" in " ".join((await r.panel()).split())
            await r.field("suggestion")
            await r.press("y")
            await r.pilot.pause()
            assert [claim.claim_text for claim in r.claims()] == ["It fell down.", "The bridge fell."]
