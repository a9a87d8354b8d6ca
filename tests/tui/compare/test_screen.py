"""Comparing and settling: what an adjudicator sees, and what each key does."""

from __future__ import annotations

from pathlib import Path

import pytest

from store.desk import Desk
from store.log.log import Edit
from store.records import Article
from tests.kit.at_the_article import TEXT, opened, span
from tests.kit.at_the_comparison import (
    AGREED,
    LEFT,
    MISSED,
    OBJECTED,
    REJECTED,
    SPAN,
    VERDICT,
    Bench,
    at_compare,
    compared,
    compared_desk,
    five_sets,
    more_sets,
    three_sets,
    two_sets,
)
from tests.kit.pilot import SIZES, screen_text, settle
from tests.kit.second_review import scheme
from tui.app import FactdeskApp
from tui.compare.screen import CompareScreen
from tui.compare.settle_work import SettlingWork
from tui.kit.conflicts import ConflictsScreen
from tui.library.screen import LibraryScreen
from tui.settings import Settings

# What is seen


@pytest.mark.parametrize("size", SIZES)
async def test_every_kind_of_place_is_listed_with_its_count_and_who_has_it(
    tmp_path: Path, size: tuple[int, int]
) -> None:
    async with at_compare(tmp_path, size=size) as r:
        await r.press("L", "g", "g")
        seen = await r.seen()
        for words in ("span differs", "verdict differs", "objected", "rejected: nothing here", "only B"):
            assert f"{words}  1  1 to settle" in seen, words
        assert "5 to settle" in seen and "7 places" in seen
        assert "not submitted: A B" in seen
        await r.press("G")
        seen = await r.seen()
        assert "· not reviewed  1" in seen and "= agreed  1" in seen


@pytest.mark.parametrize("size", SIZES)
async def test_the_place_at_hand_is_told_person_by_person(tmp_path: Path, size: tuple[int, int]) -> None:
    async with at_compare(tmp_path, size=size) as r:
        await r.to(VERDICT)
        seen = await r.panel()
        assert seen.startswith("⇅ verdict differs 2 of 7 A Ana")
        assert "A Ana ✓ Supported" in seen and "B Ben ✗ Refuted other verdict" in seen
        assert "the same words" in seen and "why Two were hurt." in seen
        assert "+ supports Report" in seen
        await r.to(SPAN)
        seen = await r.panel()
        assert "[−“It was] inspected in 2019[−.]" in seen
        assert "says Just the date." in seen


async def test_the_first_place_that_needs_settling_is_at_hand_at_first(tmp_path: Path) -> None:
    async with at_compare(tmp_path) as r:
        await r.press("q", "q", "=")
        await r.until(lambda: r.comparing.is_current and r.comparing.listening, "it is open")
        assert r.quote == VERDICT


async def test_each_person_has_a_lane_and_what_both_have_differs_by_more_than_colour(tmp_path: Path) -> None:
    async with at_compare(tmp_path) as r:
        await r.to(SPAN)
        rows = await r.texts()
        assert rows[0].startswith(" AB ")
        third = next(row for row in rows if "“It was inspected in 2019." in row)
        assert third[1:3] == "✓↔"
        y = r.view.rows.row_of(r.view.text.index("inspected"))
        styles = {
            segment.text.strip(): segment.style
            for segment in r.view.render_line(y - r.view.scroll_offset.y)
            if segment.style
        }
        both = next(style for text, style in styles.items() if "nspected in 201" in text)
        one = next(style for text, style in styles.items() if text.endswith("It was"))
        assert one.italic and not both.italic and both.bold and one.bold


@pytest.mark.parametrize("size", SIZES)
async def test_five_people_stand_side_by_side(tmp_path: Path, size: tuple[int, int]) -> None:
    async with at_compare(tmp_path, prepare=five_sets, size=size) as r:
        await r.to(VERDICT)
        seen = await r.seen()
        assert " ABCDE " in seen
        assert "not submitted: A B C D E" in seen
        row = next(row for row in seen.splitlines() if "hurt, said" in row)
        assert row[1:6] == "✓✗~~~"
        for person in ("A Ana  ✓ Supported", "B Ben  ✗ Refuted", "C Cleo  ~ Mixed"):
            assert person in seen
        await r.press("tab", *(["tab"] if size[0] >= 100 else []), "end")
        assert "E Esther  ~ Mixed" in await r.seen()


async def test_keys_go_from_place_to_place_and_to_what_needs_settling(tmp_path: Path) -> None:
    async with at_compare(tmp_path) as r:
        await r.to(AGREED)
        await r.press("m")
        met = [r.quote]
        for _ in range(4):
            await r.press("m")
            met.append(r.quote)
        assert met == [VERDICT, SPAN, REJECTED, OBJECTED, MISSED]
        await r.press("m")
        assert (r.quote, r.said[-1]) == (VERDICT, "Wrapped around to the first place that needs settling.")
        await r.press("M")
        assert (r.quote, r.said[-1]) == (MISSED, "Wrapped around to the last place that needs settling.")
        await r.press("M", "M")
        assert r.quote == REJECTED
        await r.press("[", "[", "[")
        assert r.quote == AGREED
        await r.press("[")
        assert r.said[-1] == "There is no earlier place."


async def test_one_kind_can_be_shown_alone(tmp_path: Path) -> None:
    async with at_compare(tmp_path, size=(80, 24)) as r:
        await r.press("f", "3")
        seen = await r.seen()
        assert "only ! objected" in seen and r.quote == OBJECTED
        await r.press("]")
        assert r.said[-1] == "There is no later place."
        await r.press("L")
        assert "1 of 7 places" in await r.seen()
        await r.press("f", "0", "g", "g", "j", "enter")
        assert r.quote == SPAN


async def test_a_heading_in_the_list_narrows_it_and_widens_it_again(tmp_path: Path) -> None:
    async with at_compare(tmp_path) as r:
        await r.press("L", "g", "g", "enter")
        assert "1 of 7 places" in await r.seen()
        await r.press("g", "g", "enter")
        assert "1 of 7 places" not in await r.seen()


async def test_only_some_people_can_be_compared(tmp_path: Path) -> None:
    async with at_compare(tmp_path, prepare=three_sets) as r:
        await r.press("P", "j", "space", "escape")
        seen = await r.seen()
        assert " AB   A Ana  B Cleo" in seen
        assert {take.person for group in r.comparing.open.groups for take in group.present} == {"Ana", "Cleo"}
        await r.press("P", "g", "g", "space", "escape")
        assert r.said[-1] == "Comparing takes two people: mark another."


async def test_with_two_people_there_is_nobody_to_choose(tmp_path: Path) -> None:
    async with at_compare(tmp_path) as r:
        await r.press("P")
        assert r.said[-1] == "Only these two have said something here."


async def test_more_than_five_are_chosen_from_first(tmp_path: Path) -> None:
    def six(desk: Desk, article: Article) -> None:
        five_sets(desk, article)
        more_sets(desk, article, "Farid")

    async with at_compare(tmp_path, prepare=six) as r:
        await settle(r.pilot)
        assert "Whose sets are compared?" in screen_text(r.app)
        assert "Farid" in screen_text(r.app)
        await r.press("escape")
        assert len(r.comparing.open.people) == 5


# What is refused, and what others do


async def test_who_took_part_may_not_settle_and_is_told_so_before_anything_is_asked(tmp_path: Path) -> None:
    async with at_compare(tmp_path, who="Ben") as r:
        await r.to(VERDICT)
        for key in "1234560":
            r.app.clear_notifications()
            await r.press(key)
            assert r.said[-1].startswith("You took part in this yourself"), key
            assert r.app.screen is r.comparing and not r.comparing.why_line.asking, key
            assert r.how(VERDICT) is None and r.quote == VERDICT, key


async def test_who_took_part_in_all_is_told_so_before_a_reason_for_all_is_asked(tmp_path: Path) -> None:
    async with at_compare(tmp_path, who="Ben") as r:
        await r.press("T", "b")
        assert "you took part in" in r.said[-1] and not r.comparing.why_line.asking


async def test_who_has_handed_in_is_told_so_before_a_reason_is_asked(tmp_path: Path) -> None:
    def prepare(desk: Desk, article: Article) -> None:
        two_sets(desk, article)
        with Desk.open(desk.path, "Dana") as judge:
            for group in judge.comparison.compare(article).groups:
                judge.settlements.adjudicate(group, "first_correct", rationale="So.")
            judge.submissions.submit(article, "adjudicator")

    async with at_compare(tmp_path, prepare=prepare) as r:
        await r.to(VERDICT)
        await r.press("2")
        assert "is submitted: reopen it" in r.said[-1] and not r.comparing.why_line.asking


async def test_who_took_part_settles_where_the_scheme_lets_anyone(tmp_path: Path) -> None:
    def prepare(desk: Desk, article: Article) -> None:
        two_sets(desk, article)
        desk.schemes.use(scheme(anyone_adjudicates=True))

    async with at_compare(tmp_path, who="Ben", prepare=prepare) as r:
        await r.to(VERDICT)
        await r.press("2")
        await r.because("I am right.")
        assert r.how(VERDICT) is not None


async def test_two_adjudicators_at_once_are_a_conflict_that_is_shown_and_settled(tmp_path: Path) -> None:
    async with at_compare(tmp_path) as r:
        group = await r.to(VERDICT)
        await r.press("1")
        with Desk.open(r.desk.path, "Emil") as other:
            other.settlements.adjudicate(group, "second_correct", rationale="Emil says so.")
        await r.because("Dana says so.")
        await r.to(VERDICT)
        assert "≠ two people settled this without seeing each other" in await r.panel()
        assert "5 to settle" in await r.seen()
        await r.until(lambda: "≠ 1 conflict  Bridge" in screen_text(r.app).splitlines()[0], "it stands in the head")
        await r.press("C")
        assert isinstance(r.app.screen, ConflictsScreen) and "Emil" in screen_text(r.app)
        lines = screen_text(r.app).splitlines()
        first = next(i for i, line in enumerate(lines) if "≠" in line)
        down = next(i for i, line in enumerate(lines) if "Emil" in line) - first
        await r.press("g", "g", *["j"] * down, "enter", "escape")
        assert r.desk.conflicts.of() == []
        how = r.how(VERDICT)
        assert how is not None and how.rationale == "Emil says so."
        assert "4 to settle" in await r.seen()
        await r.until(lambda: "≠" not in screen_text(r.app).splitlines()[0], "it has gone from the head")


async def test_whose_word_is_in_conflict_is_marked_beside_their_name(tmp_path: Path) -> None:
    async with at_compare(tmp_path) as r:
        await r.to(VERDICT)
        assert "≠ conflict" not in await r.panel()
        claim = r.at_hand.claims[0]
        with Desk.open(r.desk.path, "Ana") as here, Desk.open(r.desk.path, "Ana") as there:
            held = here.verdicts.of(claim)[0]
            here.verdicts.justify(claim, "As the paper says.")
            there.session.write([Edit("verdicts", held.id, {"justification": "As she says."}, held.heads)])
        await r.until(lambda: "≠ 1 conflict" in screen_text(r.app).splitlines()[0], "it stands in the head")
        panel = await r.panel()
        assert panel.index("Ana") < panel.index("≠ conflict") < panel.index("Ben")


async def test_a_claim_deleted_meanwhile_is_said_and_gone(tmp_path: Path) -> None:
    async with at_compare(tmp_path) as r:
        await r.to(MISSED)
        await r.press("1")
        with Desk.open(r.desk.path, "Ben") as ben:
            ben.reviews.take_back(ben.reviews.mine(r.at_hand.claims[0]))  # type: ignore[arg-type]
        await r.because("So.")
        assert "is not on this desk" in r.said[-1] or "deleted" in r.said[-1]
        assert "4 to settle" in await r.seen()
        assert all(take.quote != MISSED for group in r.comparing.open.groups for take in group.present)


async def test_what_others_do_meanwhile_appears(tmp_path: Path) -> None:
    async with at_compare(tmp_path) as r:
        await r.to(OBJECTED)
        claim = r.at_hand.claims[0]
        await r.elsewhere(lambda desk: desk.reviews.decide(claim, "agree"), "Ben")
        assert r.at_hand.kind == "agreed" and "4 to settle" in await r.seen()
        group = r.comparing.open.groups[1]
        await r.elsewhere(lambda desk: desk.settlements.adjudicate(group, "both_wrong", rationale="No."), "Emil")
        assert "3 to settle" in await r.seen()


@pytest.mark.parametrize("size", [(80, 24), (120, 40)])
async def test_a_correction_by_somebody_else_is_taken_in_and_asks_to_settle_again(
    tmp_path: Path, size: tuple[int, int]
) -> None:
    async with at_compare(tmp_path, size=size) as r:
        for quote in (AGREED, VERDICT):
            await r.to(quote)
            await r.press("1")
            await r.because("So.")
        await r.to(VERDICT)
        assert "■ settled" in await r.panel()
        held = r.at_hand.claims
        new = TEXT.replace(VERDICT, f"So it was said. {VERDICT.replace('Nobody was', 'No man was')}")

        def update(desk: Desk) -> None:
            desk.corrections.correct(desk.corrections.plan(r.article.id, new))

        await r.elsewhere(update, "Emil")
        assert r.view.text == new and r.at_hand.claims == held  # what was at hand still is
        for take in r.at_hand.said:
            assert new[take.start : take.end] == take.quote
        now, said = r.quote, await r.panel()
        assert now != VERDICT and "! settle again" in said and "a correction has changed its words" in said
        await r.to(AGREED)
        assert "■ settled" in await r.panel() and "again" not in await r.panel()
        await r.to(now)
        await r.press("1")
        await r.because("It still holds.")
        await r.to(now)
        assert "■ settled" in await r.panel()


async def test_an_article_deleted_meanwhile_closes_the_comparison(tmp_path: Path) -> None:
    async with at_compare(tmp_path) as r:
        with Desk.open(r.desk.path, "Ana") as other:
            other.delete(other.articles.all()[0])
        r.app.look_for_others()
        await r.until(lambda: isinstance(r.app.screen, LibraryScreen), "the library is back")


async def test_where_fewer_than_two_have_said_something_it_is_said(tmp_path: Path) -> None:
    with compared_desk(tmp_path, lambda desk, article: None) as (desk, article):
        async with opened(desk, article) as r:
            await r.press("=")
            assert r.said[-1].endswith("has work by nobody to look at: comparing takes two people.")
            await r.press("q", "=")
            assert r.said[-1].endswith("comparing takes two people.")


async def test_a_blind_persons_set_is_not_shown_before_both_have_submitted(tmp_path: Path) -> None:
    def prepare(desk: Desk, article: Article) -> None:
        two_sets(desk, article)
        desk.be("Eve")
        desk.assignments.assign([article], ["Cleo"], "reviewer", blind="all")
        desk.be("Cleo")
        claim = desk.claims.tag(article, *span(desk.articles.text(article), "The old bridge"))
        desk.verdicts.give(claim, "not_checkable", "A figure of speech.")

    with compared_desk(tmp_path, prepare) as (desk, article):
        desk.be("Cleo")
        async with opened(desk, article) as r:
            await r.press("=")
            assert r.said[-1].endswith("has work by Cleo to look at: comparing takes two people.")
        desk.be("Ben")
        async with compared(desk, article) as b:
            assert b.comparing.open.people == ("Ana", "Ben")
            assert "Cleo" not in await b.seen()
        desk.be("Cleo")
        desk.submissions.submit(article, "reviewer")
        desk.be("Eve")
        async with compared(desk, article) as b:
            assert b.comparing.open.people == ("Ana", "Ben", "Cleo")


async def test_it_opens_from_the_library_and_from_the_palette(tmp_path: Path) -> None:
    async with at_compare(tmp_path) as r:
        await r.press("q", "q", "=")
        await r.until(lambda: r.comparing.is_current and r.comparing.listening, "it is open")
        await r.press("q", "enter", "ctrl+p")
        await r.write("side by side")
        await r.press("enter")
        await r.until(lambda: r.comparing.is_current and r.comparing.listening, "it is open")


async def test_it_begins_at_the_claim_that_was_at_hand(tmp_path: Path) -> None:
    with compared_desk(tmp_path) as (desk, article):
        desk.be("Dana")
        async with opened(desk, article) as room:
            await room.go(LEFT[:12])
            await room.press("=")
            r = Bench(desk, article, room.app, room.pilot)
            await r.until(lambda: r.comparing.listening, "it listens")
            assert r.quote == LEFT
            await r.press("O")
            assert room.at.startswith(LEFT[:12])


async def test_hostile_words_are_shown_and_never_obeyed(tmp_path: Path) -> None:
    def prepare(desk: Desk, article: Article) -> None:
        two_sets(desk, article)
        claim = next(claim for claim in desk.claims.of(article) if claim.quote == VERDICT)
        desk.be("Ben")
        desk.verdicts.give(claim.id, "refuted", "[b]bold[/b] \x1b[31mred\u202e")

    async with at_compare(tmp_path, prepare=prepare) as r:
        await r.to(VERDICT)
        seen = await r.seen()
        assert "[b]bold[/b]" in seen and "\x1b" not in seen and "\u202e" not in seen


async def test_a_comparison_that_is_left_before_it_is_furnished_leaves_quietly(tmp_path: Path) -> None:
    async with at_compare(tmp_path) as r:
        opened = r.app.screen
        left = CompareScreen(r.desk, r.desk.articles.all()[0], SettlingWork)
        await r.app.push_screen(left)
        await r.app.pop_screen()
        left._open_up()
        await settle(r.pilot)
        assert r.app.is_running and r.app.screen is opened


async def test_the_app_begins_with_a_comparison_and_leads_back_to_the_library(tmp_path: Path) -> None:
    async with at_compare(tmp_path) as r:
        app = FactdeskApp(r.desk, Settings(reviewer=r.desk.reviewer), r.desk.articles.all()[0], comparing=True)
        async with app.run_test(size=(80, 24)) as pilot:
            await settle(pilot)
            assert isinstance(app.screen, CompareScreen) and "to settle" in screen_text(app)
            await pilot.press("q")
            await settle(pilot)
            assert isinstance(app.screen, LibraryScreen)
