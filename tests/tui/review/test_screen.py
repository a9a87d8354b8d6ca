"""Reviewing somebody else's claims: each decision at its key, what it leaves alone, and what it shows."""

from __future__ import annotations

from pathlib import Path

import pytest

from store.desk import Desk
from store.records import Article
from store.vocabulary import Decision
from tests.kit.at_a_review import CHECKED, Reviewed, at_review
from tests.kit.at_the_article import SENTENCES, TAGGED, TEXT, span
from tests.kit.pilot import SIZES, STORY_SIZES, screen_text
from tui.claim.disagreement_form import WhyForm
from tui.claim.state_glyphs import DECISIONS
from tui.kit.picker import Picker
from tui.review.screen import ReviewScreen


def of_ana(r: Reviewed) -> list[tuple[object, ...]]:
    """All that Ana has said, which nobody's review may change."""
    claims = [r.desk.claims.get(claim.id) for claim in r.claims() if claim.checker == "Ana"]
    return [
        (
            (c.start, c.end, c.quote, c.claim_text, c.claimant, c.types, c.heads),
            *((v.verdict, v.justification, v.heads) for v in r.desk.verdicts.of(c) if v.by == "Ana"),
            *(e.heads for e in r.desk.evidence.of(c) if e.by == "Ana"),
        )
        for c in claims
    ]


# Going through the claims


@pytest.mark.parametrize("size", SIZES)
async def test_the_first_claim_is_at_hand_and_the_count_is_always_in_sight(
    tmp_path: Path, size: tuple[int, int]
) -> None:
    async with at_review(tmp_path, size=size) as r:
        assert r.at_hand == "C1"
        assert "0 of 4 reviewed" in await r.head()
        panel = await r.panel()
        assert "C1 · 1 of 4" in panel and "○ not reviewed yet" in panel
        for number in range(1, CHECKED + 1):
            await r.press("a")
            assert f"{number} of 4 reviewed" in await r.head()
        assert [r.said_of(f"C{n}") for n in range(1, 5)] == ["agree"] * 4


@pytest.mark.quick
async def test_each_decision_brings_the_next_unreviewed_claim_to_hand(tmp_path: Path) -> None:
    async with at_review(tmp_path) as r:
        before = of_ana(r)
        await r.press("a")
        assert (r.said_of("C1"), r.at_hand) == ("agree", "C2")
        await r.press("-")
        assert (r.said_of("C2"), r.at_hand) == ("reject_claim", "C3")
        await r.press("]", "E")
        assert (r.said_of("C4"), r.at_hand) == ("needs_evidence", "C3")
        await r.press("a")
        assert r.said_of("C3") == "agree"
        assert any("Every claim is reviewed" in said for said in r.said)
        assert of_ana(r) == before


async def test_the_margin_shows_a_glyph_for_each_decision_and_the_list_its_word(tmp_path: Path) -> None:
    async with at_review(tmp_path, size=(200, 60)) as r:
        await r.press("a", "-", "E", "L")
        seen = await r.seen()
        rows = seen.splitlines()
        assert rows[1].startswith(" ✓—") and rows[3].startswith("·?○")
        for word in ("✓ agreed", "— nothing here", "? needs evidence", "○ not reviewed yet"):
            assert word in seen
        assert "○ 1 to review" in seen and "everyone else's claims" in rows[0]
        listed = [r.screen.claim_list.claim_at(i).name for i in range(4)]
        assert listed == ["C4", "C1", "C2", "C3"], "what needs a review stands first"


async def test_m_goes_to_what_needs_a_review_and_brackets_to_every_claim(tmp_path: Path) -> None:
    async with at_review(tmp_path) as r:
        await r.press("a", "a", "m")
        assert r.at_hand == "C4"
        await r.press("m")
        assert r.at_hand == "C3", "from the last it goes round to the first"
        await r.press("M")
        assert r.at_hand == "C4"
        await r.press("[", "[")
        assert r.at_hand == "C2"
        await r.press("]")
        assert r.at_hand == "C3"


async def test_away_from_the_claims_the_panel_says_how_a_review_goes_on(tmp_path: Path) -> None:
    async with at_review(tmp_path) as r:
        await r.press("ctrl+home", "f")
        panel = " ".join((await r.panel()).split())
        assert "No claim selected" in panel
        assert "m to the next claim that needs you" in panel and "t tag what the checker missed" in panel


async def test_next_dispute_goes_to_what_is_objected_to(tmp_path: Path) -> None:
    async with at_review(tmp_path) as r:
        await r.press("!")
        assert r.said[-1] == "No claim here is in dispute."
        await r.press("-", "a", "!")
        assert r.at_hand == "C1"


def test_every_decision_has_a_sign_and_a_word_of_its_own() -> None:
    looks = [DECISIONS[decision] for decision in Decision]
    assert len({look.glyph for look in looks}) == len({look.word for look in looks}) == len(looks)


# Decisions with words


@pytest.mark.parametrize("size", STORY_SIZES)
async def test_disagreeing_asks_for_a_reason_a_place_and_words(tmp_path: Path, size: tuple[int, int]) -> None:
    async with at_review(tmp_path, size=size) as r:
        await r.go("spring")
        await r.press("i", "w", "D")
        assert isinstance(r.app.screen, Picker)
        assert "Wrong span" in screen_text(r.app)
        await r.press("b")
        assert isinstance(r.app.screen, WhyForm)
        seen = screen_text(r.app)
        assert "Disagree with C1" in seen and "Wrong span" in seen and "spring" in seen
        await r.write("The council says May.")
        await r.press("ctrl+s")
        review = r.review("C1")
        assert review is not None
        assert (review.decision, review.reason) == ("disagree", "wrong_span")
        assert review.comment == "“spring”: The council says May."
        assert r.uncovered and r.at_hand == "C2"
        await r.press("[")
        panel = await r.panel()
        assert "✗ disagreed" in panel and "because: Wrong span" in panel and "in dispute" in panel


async def test_closing_the_reasons_disagrees_with_nothing(tmp_path: Path) -> None:
    async with at_review(tmp_path) as r:
        await r.press("D")
        assert isinstance(r.app.screen, Picker)
        await r.press("escape")
        assert r.uncovered and r.said_of("C1") == "" and r.at_hand == "C1"


async def test_a_reason_that_is_retired_is_not_offered_and_stays_readable(tmp_path: Path) -> None:
    async with at_review(tmp_path) as r:
        await r.press("D", "b", "ctrl+s")
        toml = r.desk.scheme.toml.replace('key = "wrong_span"', 'key = "wrong_span"\nretired = true')
        await r.elsewhere(lambda desk: desk.schemes.use(toml))
        await r.press("D")
        assert "Wrong span" not in screen_text(r.app)
        await r.press("escape", "[")
        assert "Wrong span" in await r.panel()


async def test_other_words_are_proposed_in_place_and_the_difference_is_shown(tmp_path: Path) -> None:
    async with at_review(tmp_path) as r:
        before = of_ana(r)
        await r.press("W", "ctrl+a")
        assert r.screen.panel.editor.edit is not None
        await r.press("home")
        await r.write("In 2019, t")
        await r.press("delete", "ctrl+s")
        review = r.review("C1")
        assert review is not None
        assert (review.decision, review.claim_text) == ("change_claim_text", "In 2019, the old bridge fell in spring.")
        assert r.at_hand == "C2" and of_ana(r) == before
        await r.press("[")
        assert "[+" in await r.panel() and "[−" in await r.panel()


async def test_a_comment_beside_the_text_is_what_the_command_makes_of_it(tmp_path: Path) -> None:
    def given(desk: Desk, article: Article) -> None:
        desk.be("Ana")
        desk.assignments.assign([article], ["Ben"], "reviewer", whose="Ana")

    async with at_review(tmp_path, reviewing=None, prepare=given) as r:
        await r.press("[")
        assert r.at_hand == "C4"
        for words in ("Which bridge?", "And when?"):
            await r.press("c")
            await r.write(words)
            await r.press("ctrl+s")
        review = r.review("C4")
        assert review is not None and review.comment == "Which bridge?\n\nAnd when?"
        await r.press("[", "c")
        await r.write("Only typed.")
        await r.press("escape")
        assert r.review("C3") is None and not r.desk.threads.of(r.claim("C3")), "Esc says nothing"


async def test_a_comment_counts_as_looked_at_and_never_takes_a_decision_away(tmp_path: Path) -> None:
    async with at_review(tmp_path) as r:
        await r.press("c")
        await r.write("Which bridge?")
        await r.press("ctrl+s")
        review = r.review("C1")
        assert review is not None and (review.decision, review.comment) == ("comment", "Which bridge?")
        assert r.at_hand == "C2" and r.view.has_focus
        await r.press("-", "[", "c")
        await r.write("It is an opinion.")
        await r.press("escape")
        assert r.said_of("C2") == "reject_claim"
        assert [one.body for one in r.desk.threads.of(r.claim("C2"))] == ["It is an opinion."]


async def test_words_can_be_added_to_a_decision_in_the_panel(tmp_path: Path) -> None:
    async with at_review(tmp_path) as r:
        await r.press("-", "[")
        await r.row("words")
        await r.press("enter")
        await r.write("That is a feeling.")
        await r.press("escape")
        review = r.review("C1")
        assert review is not None
        assert (review.decision, review.comment) == ("reject_claim", "That is a feeling.")


# Proposed spans


@pytest.mark.parametrize("size", STORY_SIZES)
async def test_nudging_proposes_and_moves_nothing(tmp_path: Path, size: tuple[int, int]) -> None:
    async with at_review(tmp_path, size=size) as r:
        before = of_ana(r)
        await r.press(",", ",")
        review = r.review("C1")
        assert review is not None
        assert (review.decision, review.quote) == ("change_span", "The old bridge fell in")
        assert of_ana(r) == before and r.at_hand == "C1"
        panel = await r.panel()
        assert "↔ other span" in panel and "[−" in panel
        mark = r.view.mark(f"proposed:{r.claim('C1').id}")
        assert mark is not None and mark.proposal and (mark.start, mark.end) == span(TEXT, "The old bridge fell in")
        assert "↔" in (await r.seen()).splitlines()[1][:6], "not by colour alone"


async def test_nudging_back_to_the_claims_own_edges_takes_the_proposal_back(tmp_path: Path) -> None:
    async with at_review(tmp_path) as r:
        await r.press("z", "H")
        assert r.said_of("C1") == "change_span"
        await r.press("z", "L")
        assert r.said_of("C1") == "" and r.view.mark(f"proposed:{r.claim('C1').id}") is None


async def test_a_selection_is_proposed_as_the_span(tmp_path: Path) -> None:
    async with at_review(tmp_path) as r:
        await r.go("Nobody")
        await r.press("v", "w", "w", "S")
        review = r.review("C2")
        assert review is not None and (review.decision, review.quote) == ("change_span", "Nobody was")
        assert r.claim("C2").quote == SENTENCES[1]


async def test_the_caret_in_a_proposed_span_has_its_claim_at_hand(tmp_path: Path) -> None:
    async with at_review(tmp_path) as r:
        await r.press("]", "]", "]", ".", ".")
        review = r.review("C4")
        assert review is not None and review.quote.endswith("Some 2 500")
        await r.go("Some")
        assert r.at_hand == "C4"


# Verdicts


async def test_a_digit_gives_ones_own_verdict_beside_the_checkers(tmp_path: Path) -> None:
    async with at_review(tmp_path) as r:
        before = of_ana(r)
        await r.press("1")
        review = r.review("C1")
        assert review is not None and (review.decision, review.verdict) == (
            "change_verdict",
            r.desk.scheme.active[0].key,
        )
        assert of_ana(r) == before and r.at_hand == "C1", "one goes on to say why"
        panel = await r.panel()
        assert "≠ differs" in panel and "Refuted" in panel
        await r.press("J")
        await r.write("The mayor was there.")
        await r.press("escape")
        review = r.review("C1")
        assert review is not None and review.justification == "The mayor was there."
        await r.press("0")
        assert r.said_of("C1") == ""
        assert not [v for v in r.desk.verdicts.of(r.claim("C1")) if v.by == "Ben" and v.verdict]


async def test_no_verdict_takes_back_the_verdict_alone_and_says_what_it_took(tmp_path: Path) -> None:
    async with at_review(tmp_path) as r:
        await r.press("a", "u", "0")
        assert r.said[-1].startswith("You have given no verdict on C1")
        await r.press("a", "[", "0")
        assert r.said_of("C1") == "agree" and "remove everything you said" in r.said[-1]
        await r.press("greater_than_sign", "1", "0")
        assert r.said_of("C1") == "change_span" and r.said[-1].startswith("Took back your verdict on C1.")


async def test_a_decision_that_drops_what_was_proposed_says_so(tmp_path: Path) -> None:
    async with at_review(tmp_path) as r:
        await r.press("greater_than_sign", "1")
        review = r.review("C1")
        assert review is not None and review.decisions == ("change_span", "change_verdict")
        assert "other span and verdict" in await r.panel()
        await r.press("a")
        assert r.said_of("C1") == "agree"
        assert r.said[-1] == "Your other span and other verdict for C1 gave way to “agreed”. u brings it back."
        await r.press("u")
        review = r.review("C1")
        assert review is not None and review.decisions == ("change_span", "change_verdict")


async def test_the_very_verdict_of_the_checker_is_an_agreement(tmp_path: Path) -> None:
    async with at_review(tmp_path) as r:
        place = [kind.key for kind in r.desk.scheme.active].index("refuted") + 1
        await r.press(str(place))
        assert r.said_of("C1") == "agree"
        assert "= agrees" in await r.panel()


async def test_a_verdict_is_picked_with_its_meaning_beside_it(tmp_path: Path) -> None:
    async with at_review(tmp_path) as r:
        await r.press("r")
        assert isinstance(r.app.screen, Picker)
        await r.press("s")
        review = r.review("C1")
        assert review is not None and (review.decision, review.verdict) == ("change_verdict", "supported")


async def test_evidence_of_ones_own_stands_beside_the_checkers(tmp_path: Path) -> None:
    async with at_review(tmp_path) as r:
        await r.press("e")
        await r.write("https://mayor.example/diary")
        await r.press("escape")
        assert {one.by for one in r.desk.evidence.of(r.claim("C1"))} == {"Ana", "Ben"}


# Evidence


@pytest.mark.parametrize("size", STORY_SIZES)
async def test_evidence_is_ticked_as_seen_or_doubted_for_a_reason(tmp_path: Path, size: tuple[int, int]) -> None:
    async with at_review(tmp_path, size=size) as r:
        await r.row("evidence")
        await r.press("space")
        (tick,) = r.desk.ticks.of(r.claim("C1"))
        assert (tick.mark, tick.by) == ("seen", "Ben")
        await r.press("p")
        assert "☑ seen by Ben" in await r.panel()
        await r.press("space")
        assert r.desk.ticks.of(r.claim("C1")) == []
        await r.press("x", "1")
        await r.write("Behind a paywall.")
        await r.press("ctrl+s")
        (tick,) = r.desk.ticks.of(r.claim("C1"))
        assert (tick.mark, tick.reason, tick.note) == ("doubted", "unreadable", "Behind a paywall.")
        assert "☒ doubted by Ben" in await r.panel()


# Missing claims


async def test_a_missed_claim_is_reported_where_the_checker_did_not_tag(tmp_path: Path) -> None:
    async with at_review(tmp_path) as r:
        await r.go("Some 2 500")
        await r.press("t")
        (missing,) = [claim for claim in r.claims() if claim.origin == "review"]
        assert (missing.quote, missing.checker) == (TAGGED[4], "Ben")
        assert "+ was missing" in await r.panel()
        assert "0 of 4 reviewed" in await r.head(), "it is not among those to be reviewed"
        await r.press("d")
        assert len(r.claims()) == CHECKED


async def test_tagging_what_is_tagged_already_goes_there(tmp_path: Path) -> None:
    async with at_review(tmp_path) as r:
        await r.press("]", "t")
        assert "C2 by Ana holds these words already." in r.said[-1] and r.at_hand == "C2"


# Taking back


async def test_a_decision_can_be_taken_back_changed_undone_and_redone(tmp_path: Path) -> None:
    async with at_review(tmp_path) as r:
        await r.press("a", "[", "d")
        assert r.said_of("C1") == "" and "0 of 4" in await r.head()
        await r.press("u")
        assert r.said_of("C1") == "agree" and "1 of 4" in await r.head()
        await r.press("-")
        assert r.said_of("C1") == "reject_claim"
        await r.press("u")
        assert r.said_of("C1") == "agree"
        await r.press("ctrl+r")
        assert r.said_of("C1") == "reject_claim" and r.at_hand == "C1"


async def test_taking_back_what_was_never_said_is_refused(tmp_path: Path) -> None:
    async with at_review(tmp_path) as r:
        await r.press("d")
        assert r.said[-1] == "You have said nothing about C1 that you could take back."
        assert len(r.claims()) == CHECKED, "d deletes nobody's claim here"


# From elsewhere in the app


async def test_v_opens_the_review_from_the_article_and_the_library(tmp_path: Path) -> None:
    async with at_review(tmp_path, reviewing=None) as r:
        assert not isinstance(r.screen, ReviewScreen)
        await r.press("]", "]", "V")
        await r.until(lambda: isinstance(r.app.screen, ReviewScreen) and r.screen.listening, "the review opens")
        assert r.at_hand == r.claims()[int(r.at_hand[1:]) - 1].name
        await r.press("q", "q", "V")
        await r.until(lambda: isinstance(r.app.screen, ReviewScreen) and r.screen.listening, "the review opens")
        assert "0 of 4 reviewed" in await r.head()


async def test_reviewing_somebodys_claims_walks_theirs_alone(tmp_path: Path) -> None:
    def with_cleos(desk: Desk, article: Article) -> None:
        desk.be("Cleo")
        for start, end in desk.coverage.sentences(article)[:2]:
            desk.claims.tag(article, start, end - 3)

    async with at_review(tmp_path, reviewing="Ana", prepare=with_cleos) as r:
        walked = [r.at_hand]
        for _ in range(3):
            await r.press("]")
            walked.append(r.at_hand)
        assert walked == ["C1", "C2", "C3", "C4"]
        await r.press("]")
        assert r.said[-1] == "There is no later claim to review."
        await r.press("[", "[", "[")
        assert r.at_hand == "C1"
