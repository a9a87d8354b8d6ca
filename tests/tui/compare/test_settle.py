"""Settling in the comparison: each outcome by its key, its reason, and taking it back."""

from __future__ import annotations

from pathlib import Path

import pytest

from store.desk import Desk
from store.records import Article
from tests.kit.at_the_article import span
from tests.kit.at_the_comparison import (
    AGREED,
    MISSED,
    OBJECTED,
    REJECTED,
    SPAN,
    VERDICT,
    at_compare,
    three_sets,
)
from tests.kit.pilot import STORY_SIZES, screen_text, write_file
from tui.review.submit import SubmitScreen


@pytest.mark.parametrize(
    ("quote", "key", "outcome", "chosen", "stands", "verdict"),
    [
        (VERDICT, "1", "first_correct", "Ana", True, "supported"),
        (VERDICT, "2", "second_correct", "Ben", True, "refuted"),
        (VERDICT, "3", "both_correct", "Ana", True, "supported"),
        (VERDICT, "4", "both_wrong", "", True, ""),
        (VERDICT, "0", "nothing_here", "", False, ""),
        (SPAN, "2", "second_correct", "Ben", True, "supported"),
        (REJECTED, "2", "second_correct", "Ben", False, ""),
        (OBJECTED, "1", "first_correct", "Ana", True, "supported"),
        (MISSED, "1", "first_correct", "Ben", True, ""),
    ],
)
async def test_each_outcome_is_one_key_and_a_reason(
    tmp_path: Path, quote: str, key: str, outcome: str, chosen: str, stands: bool, verdict: str
) -> None:
    async with at_compare(tmp_path, size=(80, 24)) as r:
        await r.to(quote)
        before = [claim._replace(status=claim.status) for claim in r.desk.claims.of(r.article)]
        await r.press(key)
        await r.because("The report says so.")
        how = r.how(quote)
        assert how is not None
        assert (how.outcome, how.chosen, how.stands, how.verdict) == (outcome, chosen, stands, verdict)
        assert (how.by, how.rationale) == ("Dana", "The report says so.")
        takes = [(take.person, take.quote, take.verdict) for take in r.at_hand.present]
        assert takes  # the next one is at hand
        for claim in r.desk.claims.of(r.article):
            old = next(one for one in before if one.id == claim.id)
            assert (claim.quote, claim.claim_text) == (old.quote, old.claim_text)


@pytest.mark.quick
async def test_what_is_settled_is_shown_with_its_reason_and_the_next_dispute_is_at_hand(tmp_path: Path) -> None:
    async with at_compare(tmp_path) as r:
        await r.to(VERDICT)
        await r.press("2")
        await r.because("Two were treated.")
        assert r.quote == SPAN
        assert "4 to settle" in await r.seen()
        await r.to(VERDICT)
        seen = await r.panel()
        assert "■ settled: Ben is right by Dana" in seen
        assert "why Two were treated." in seen and "stands ✗ Refuted" in seen


async def test_what_all_agree_on_needs_no_reason(tmp_path: Path) -> None:
    async with at_compare(tmp_path) as r:
        await r.to(AGREED)
        await r.press("3")
        how = r.how(AGREED)
        assert how is not None and (how.outcome, how.rationale) == ("both_correct", "")


async def test_without_a_reason_nothing_is_settled_and_the_last_one_can_be_taken_again(tmp_path: Path) -> None:
    async with at_compare(tmp_path) as r:
        await r.to(VERDICT)
        await r.press("1", "enter")
        assert r.said[-1] == "Say why in one line: settling a dispute needs a reason."
        assert r.how(VERDICT) is None and r.comparing.is_current
        await r.because("Seen.")
        assert r.quote == SPAN and "asked when something is settled" in screen_text(r.app)
        await r.press("2")
        assert "Enter takes again: Seen." in screen_text(r.app)
        await r.press("escape")
        assert "Enter takes again" not in screen_text(r.app)
        await r.press("2")
        await r.press("enter")
        how = r.how(SPAN)
        assert how is not None and how.rationale == "Seen."


async def test_leaving_the_question_settles_nothing_and_keeps_what_was_typed(tmp_path: Path) -> None:
    async with at_compare(tmp_path) as r:
        await r.to(VERDICT)
        await r.press("1")
        await r.write("Half a tho")
        await r.press("escape")
        assert r.how(VERDICT) is None and r.quote == VERDICT
        await r.press("2")
        await r.because("ught")
        how = r.how(VERDICT)
        assert how is not None and how.rationale == "Half a thought"


async def test_a_reason_that_settles_nothing_is_not_lost(tmp_path: Path) -> None:
    async with at_compare(tmp_path, size=(80, 24)) as r:
        await r.to(VERDICT)
        await r.press("1")
        with Desk.open(r.desk.path, "Ana") as ana:
            ana.delete(next(claim for claim in ana.claims.of(r.article) if claim.quote == VERDICT))
        await r.because("The report says so.")
        assert not r.desk.comparison.settled(r.article) and "is not on this desk" in r.said[-1]
        assert "The report says so." in screen_text(r.app)
        await r.press("escape")
        assert r.comparing.focused is r.view


async def test_of_three_one_says_who_is_right(tmp_path: Path) -> None:
    async with at_compare(tmp_path, prepare=three_sets) as r:
        await r.to(VERDICT)
        await r.press("2")
        assert "Who is right?" in screen_text(r.app) and "~ Mixed" in screen_text(r.app)
        await r.press("c")
        await r.because("Cleo has it.")
        how = r.how(VERDICT)
        assert how is not None and (how.chosen, how.verdict) == ("Cleo", "mixed")


async def test_a_person_in_the_panel_is_taken_with_enter(tmp_path: Path) -> None:
    async with at_compare(tmp_path, size=(80, 24)) as r:
        await r.to(VERDICT)
        await r.press("tab", "end", "enter")
        await r.because("So.")
        how = r.how(VERDICT)
        assert how is not None and how.chosen == "Ben"


async def test_a_merged_outcome_takes_one_ones_span_and_anothers_verdict(tmp_path: Path) -> None:
    def prepare(desk: Desk, article: Article) -> None:
        three_sets(desk, article)
        desk.be("Cleo")
        claim = next(claim for claim in desk.claims.of(article) if claim.quote == SPAN)
        desk.reviews.decide(claim.id, "change_verdict", verdict="refuted")

    async with at_compare(tmp_path, prepare=prepare, size=(80, 24)) as r:
        await r.to(SPAN)
        await r.press("5")
        assert "whose version stands?" in screen_text(r.app)
        await r.press("b", "tab", "c", "escape")
        assert "What you chose is kept" in r.said[-1]
        await r.press("5", "tab", "tab", "tab")
        await r.because("Ben's edges, Cleo's verdict.")
        how = r.how(SPAN)
        assert how is not None
        assert (how.outcome, how.quote, how.verdict) == ("merged", "inspected in 2019", "refuted")
        assert how.claim_text == f"{SPAN[:20]} it says."


async def test_ones_own_is_the_selection_a_verdict_and_words(tmp_path: Path) -> None:
    async with at_compare(tmp_path, size=(80, 24)) as r:
        await r.to(OBJECTED)
        r.view.select(*span(r.view.text, "2 500 people"))
        await r.press("6", "r")
        await r.write("2,500 people cross it.")
        await r.press("tab")
        await r.because("Counted.")
        how = r.how(OBJECTED)
        assert how is not None
        assert (how.outcome, how.quote, how.verdict) == ("own", "2 500 people", "refuted")
        assert (how.claim_text, how.rationale) == ("2,500 people cross it.", "Counted.")


async def test_ones_own_of_nothing_is_refused(tmp_path: Path) -> None:
    async with at_compare(tmp_path) as r:
        await r.to(OBJECTED)
        await r.press("6", "0", "tab")
        await r.because("So.")
        assert "needs a value" in r.said[-1] and r.how(OBJECTED) is None


async def test_all_that_is_agreed_is_settled_at_once_and_undone_at_once(tmp_path: Path) -> None:
    async with at_compare(tmp_path) as r:
        await r.press("A")
        assert r.said[-1] == "Settled 1 place that everybody agrees on."
        assert r.how(AGREED) is not None and r.how(VERDICT) is None
        await r.press("u")
        assert r.how(AGREED) is None
        await r.press("ctrl+r")
        assert r.how(AGREED) is not None


async def test_all_that_one_person_did_is_settled_after_asking(tmp_path: Path) -> None:
    async with at_compare(tmp_path) as r:
        await r.to(VERDICT)
        await r.press("1")
        await r.because("First.")
        await r.press("T")
        assert "5 places that nothing has settled yet" in screen_text(r.app)
        await r.press("b")
        await r.because("Ben was there.")
        assert r.said[-1] == "Settled 5 places as Ben has it. Of what is settled, 1 lacks a verdict."
        held = r.how(VERDICT)
        assert held is not None and held.outcome == "first_correct"
        assert [how.verdict for how in (r.how(SPAN), r.how(REJECTED)) if how] == ["supported", ""]
        assert "nothing to settle" in await r.seen()
        await r.press("u")
        assert r.how(SPAN) is None and r.how(VERDICT) is not None


async def test_a_settlement_is_taken_back_and_the_dispute_is_open_again(tmp_path: Path) -> None:
    async with at_compare(tmp_path) as r:
        await r.to(VERDICT)
        await r.press("1")
        await r.because("First.")
        await r.to(VERDICT)
        await r.press("d")
        assert r.how(VERDICT) is None and "5 to settle" in await r.seen()
        await r.press("d")
        assert r.said[-1] == "Nothing has been settled here."


async def test_what_was_settled_is_there_when_the_screen_is_opened_again_and_can_be_settled_otherwise(
    tmp_path: Path,
) -> None:
    async with at_compare(tmp_path) as r:
        await r.to(VERDICT)
        await r.press("1")
        await r.because("First.")
        await r.press("q", "=")
        await r.until(lambda: r.comparing.listening, "it listens again")
        assert "4 to settle" in await r.seen()
        await r.to(VERDICT)
        assert "settled: Ana is right" in await r.seen()
        await r.press("2")
        await r.because("On second thoughts.")
        how = r.how(VERDICT)
        assert how is not None and (how.chosen, how.rationale) == ("Ben", "On second thoughts.")
        assert r.desk.conflicts.of() == []


async def test_after_the_last_dispute_it_is_said_that_nothing_is_left(tmp_path: Path) -> None:
    async with at_compare(tmp_path) as r:
        await r.to(VERDICT)
        await r.press("1")
        await r.because("So.")
        for _ in range(4):
            await r.press("1", "enter")
        assert r.said[-1].endswith(": it needs a verdict. Nothing is left to settle. Ctrl+S submits it.")
        await r.press("m")
        assert r.said[-1] == "Nothing is left to settle here."


@pytest.mark.parametrize("size", STORY_SIZES)
async def test_what_is_settled_is_handed_in_from_here(tmp_path: Path, size: tuple[int, int]) -> None:
    async with at_compare(tmp_path, size=size) as r:
        await r.to(MISSED)
        await r.press("ctrl+s")
        assert isinstance(r.app.screen, SubmitScreen)
        seen = screen_text(r.app)
        assert "C3 is in dispute" in seen
        await r.press("ctrl+s")
        assert (
            "This cannot be submitted yet" in r.said[-1] and r.desk.assignments.mine(r.article, "adjudicator") is None
        )
        row = next(n for n, line in enumerate(seen.splitlines()) if "C3 is in dispute" in line)
        await r.press(*["down"] * (row - 1), "enter")
        assert r.comparing.is_current and r.quote == SPAN
        await r.press("T", "b")
        await r.because("Ben was there.")
        await r.press("ctrl+s", "ctrl+s")
        held = r.desk.assignments.mine(r.article, "adjudicator")
        assert held is not None and held.state == "submitted" and "■ submitted" in screen_text(r.app)
        await r.press("escape")
        assert r.comparing.is_current
        await r.until(lambda: "■ submitted" in screen_text(r.app).splitlines()[0], "the head says so")


async def test_the_settled_set_is_written_to_a_file(tmp_path: Path) -> None:
    async with at_compare(tmp_path) as r:
        await r.to(VERDICT)
        await r.press("1")
        await r.because("So.")
        await r.press("E")
        assert await write_file(r.pilot, "out.csv") == f"1 settled claim written to {tmp_path / 'out.csv'}."
        written = (tmp_path / "out.csv").read_text("utf-8")
        assert VERDICT in written and "Ben: change_verdict" in written
        await r.press("E")
        assert "is there already" in await write_file(r.pilot, "out.csv")
        await r.press("escape")
        assert r.comparing.is_current


async def test_what_others_have_to_settle_is_passed_over_and_named_when_it_is_submitted(tmp_path: Path) -> None:
    async with at_compare(tmp_path, who="Cleo", prepare=three_sets) as r:  # Cleo has judged the second claim herself
        assert "4 for you, 1 for others" in await r.seen()
        await r.press("g", "g")
        seen = []
        for _ in range(4):
            await r.press("m")
            seen.append(r.quote)
        assert SPAN in seen and VERDICT not in seen and len(set(seen)) == 4
        await r.press("ctrl+s")
        text = screen_text(r.app)
        assert isinstance(r.app.screen, SubmitScreen) and "Before it can be submitted  4" in text
        assert "C3 is in dispute" in text.partition("For others to settle")[0]
        assert "C2 is in dispute" in text.partition("For others to settle  2")[2]
