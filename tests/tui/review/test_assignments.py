"""Giving articles out, and the screen that shows who has what."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path

import pytest

from store.desk import Desk
from tests.kit.at_the_library import WorkApp
from tests.kit.desks import desk_at, shelve
from tests.kit.pilot import SIZES, STORY_SIZES, screen_text, send, settle, type_text, until
from tui import settings
from tui.app import FactdeskApp
from tui.library.screen import LibraryScreen
from tui.review.assign_form import AssignForm
from tui.review.assignments import AssignmentsScreen

KEYS = "enter a d delete s o u ctrl+r tab w / escape j k G"


def words(app: FactdeskApp) -> str:
    """What stands on the screen, as if it were one line."""
    return re.sub(r"[│\s]+", " ", screen_text(app))


@pytest.fixture
def desk(tmp_path: Path) -> Iterator[Desk]:
    """Three articles; Ana has checked the first. Ana is at the desk; the library sorts by title."""
    settings.save(sort="title")
    with desk_at(tmp_path) as desk:
        shelve(desk, "Bridge", claims=2, verdicts=0)
        shelve(desk, "Castle")
        shelve(desk, "Dam")
        yield desk


def given(desk: Desk) -> set[tuple[str, str, str, str, str]]:
    return {
        (desk.articles.get(one.article).title, one.reviewer, one.role, one.blind, one.whose)
        for one in desk.assignments.of()
    }


# Giving out


@pytest.mark.parametrize("size", STORY_SIZES)
async def test_one_article_is_given_to_one_person_in_the_form(desk: Desk, size: tuple[int, int]) -> None:
    app = WorkApp(desk)
    async with app.run_test(size=size) as pilot:
        await send(pilot, "a")
        assert isinstance(app.screen, AssignForm) and "Assign “Bridge”" in screen_text(app)
        await type_text(pilot, "Bo")
        await send(pilot, "tab")
        assert "New here: Bo." in screen_text(app)
        await send(pilot, "r", "tab", "v")
        assert "what others said of it, is hidden" in words(app)
        await send(pilot, "tab")
        await type_text(pilot, "Ana")
        await send(pilot, "tab", "enter")
        assert isinstance(app.screen, LibraryScreen)
        assert given(desk) == {("Bridge", "Bo", "reviewer", "verdict", "Ana")}
        assert app.said()[-1] == "Given as reviewer: Bo 1 article. u takes it back."
        await send(pilot, "u")
        assert given(desk) == set()


@pytest.mark.quick
async def test_all_that_are_shown_are_given_evenly(desk: Desk) -> None:
    shelve(desk, "Fort")
    app = WorkApp(desk)
    async with app.run_test(size=(120, 40)) as pilot:
        await send(pilot, "*")
        assert "» 4 marked" in screen_text(app)
        await send(pilot, "a")
        assert "Assign 4 articles" in screen_text(app)
        await type_text(pilot, "Bo, Cy")
        await send(pilot, "tab", "c", "tab", "tab", "tab")
        await type_text(pilot, "1")
        await send(pilot, "enter")
        people = [one.reviewer for one in desk.assignments.of()]
        assert (len(people), people.count("Bo"), people.count("Cy")) == (4, 2, 2)
        assert "marked" not in screen_text(app)


async def test_only_what_the_filter_leaves_is_marked_and_marks_stay_through_it(desk: Desk) -> None:
    app = WorkApp(desk)
    async with app.run_test(size=(120, 40)) as pilot:
        await send(pilot, "f")
        await type_text(pilot, "dam")
        await send(pilot, "escape", "*", "escape")
        assert "» 1 marked" in screen_text(app)
        await send(pilot, "g", "g", "space")
        assert "» 2 marked" in screen_text(app)
        await send(pilot, "a")
        await type_text(pilot, "Bo")
        await send(pilot, "ctrl+s")
        assert {title for title, *_ in given(desk)} == {"Bridge", "Dam"}


async def test_marks_are_taken_back_one_by_one_and_all_at_once(desk: Desk) -> None:
    app = WorkApp(desk)
    async with app.run_test(size=(120, 40)) as pilot:
        await send(pilot, "space", "space", "g", "g", "space")
        assert "» 1 marked" in screen_text(app)
        await send(pilot, "escape")
        assert "marked" not in screen_text(app)
        await send(pilot, "*", "*")
        assert "marked" not in screen_text(app)


async def test_nobody_is_given_their_own_work_and_what_was_typed_stays(desk: Desk) -> None:
    app = WorkApp(desk)
    async with app.run_test(size=(120, 40)) as pilot:
        await send(pilot, "a")
        await type_text(pilot, "Ana")
        await send(pilot, "ctrl+s")
        assert app.said()[-1].startswith("“Bridge”") and "name others" in app.said()[-1] and given(desk) == set()
        assert isinstance(app.screen, AssignForm) and app.screen.editor("people").typed == "Ana"
        await send(pilot, "ctrl+u")
        await type_text(pilot, "Bo")
        await send(pilot, "ctrl+s")
        assert {person for _, person, *_ in given(desk)} == {"Bo"}


async def test_who_is_new_and_who_has_it_already_is_said(desk: Desk) -> None:
    desk.assignments.assign(["Bridge"], ["Tomas"], "reviewer")
    app = WorkApp(desk)
    async with app.run_test(size=(80, 24)) as pilot:
        await send(pilot, "a")
        await type_text(pilot, "Tomaz")
        assert "New here: Tomaz (did you mean Tomas?)." in words(app)
        await send(pilot, "ctrl+u")
        await type_text(pilot, "Tomas")
        assert "New here" not in words(app)
        await send(pilot, "ctrl+s")
        assert app.said()[-1] == "Tomas had 1 article already as reviewer."
        await send(pilot, "a")
        await type_text(pilot, "Tomas, Bo")
        await send(pilot, "ctrl+s")
        assert app.said()[-1].startswith("Given as reviewer: Bo 1 article. Tomas had 1 article already as reviewer. u")


@pytest.mark.parametrize("typed", ["0", "x", "-1"])
async def test_a_number_that_is_none_is_refused_in_words(desk: Desk, typed: str) -> None:
    app = WorkApp(desk)
    async with app.run_test(size=(120, 40)) as pilot:
        await send(pilot, "a")
        await type_text(pilot, "Bo")
        await send(pilot, "tab", "tab", "tab", "tab")
        await type_text(pilot, typed)
        await send(pilot, "enter")
        assert app.said()[-1].startswith(f"“{typed}” is not a number of people") and given(desk) == set()
        assert isinstance(app.screen, AssignForm)


async def test_a_form_in_which_nobody_is_named_gives_nothing_out(desk: Desk) -> None:
    app = WorkApp(desk)
    async with app.run_test(size=(80, 24)) as pilot:
        await send(pilot, "a", "tab", "a", "tab", "e")
        assert "nothing can be hidden" in screen_text(app)
        await send(pilot, "escape")
        assert isinstance(app.screen, LibraryScreen) and given(desk) == set()
        assert app.said() == ["Nothing is done. What you chose is kept, and is back in its field the next time."]


@pytest.mark.parametrize(
    ("key", "told"), [("n", "Nothing is hidden."), ("v", "verdict on a claim"), ("e", "tag alone")]
)
async def test_each_level_says_what_it_hides(desk: Desk, key: str, told: str) -> None:
    app = WorkApp(desk)
    async with app.run_test(size=(80, 24)) as pilot:
        await send(pilot, "a", "tab", "tab", key)
        assert told in words(app)


# Who has what


@pytest.fixture
def shared(desk: Desk) -> Desk:
    """Bo reviews Bridge blind; Ana has Castle and Dam to check, Bo has Dam too."""
    desk.assignments.assign(["Bridge"], ["Bo"], "reviewer", blind="verdict", whose="Ana")
    desk.assignments.assign(["Castle", "Dam"], ["Ana"], "checker")
    desk.assignments.assign(["Dam"], ["Bo"], "checker")
    return desk


@pytest.mark.parametrize("size", SIZES)
async def test_each_assignment_is_a_line_and_told_in_words(shared: Desk, size: tuple[int, int]) -> None:
    app = WorkApp(shared)
    async with app.run_test(size=size) as pilot:
        await send(pilot, "A")
        lines = screen_text(app).splitlines()
        bridge = next(line for line in lines if line.lstrip().startswith("Bridge") and "reviewer" in line)
        assert "Bo" in bridge and "verdicts" in bridge and "▹ open" in bridge
        assert "4 open · 0 submitted" in lines[0]
        assert "Bridge: Bo reviews Ana's set; the checker's verdict on a claim" in words(app)


async def test_the_list_narrows_to_ones_own_to_the_article_at_hand_and_to_words(shared: Desk) -> None:
    app = WorkApp(shared)
    async with app.run_test(size=(120, 40)) as pilot:
        await send(pilot, "G", "A")
        assert len(app.work.shown) == 4
        await send(pilot, "tab")
        assert {one.reviewer for one in app.work.shown} == {"Ana"} and "yours" in screen_text(app)
        await send(pilot, "tab")
        assert len(app.work.shown) == 2 and "of “Dam”" in screen_text(app)
        await send(pilot, "tab", "/")
        await type_text(pilot, "bo reviewer")
        assert [one.role for one in app.work.shown] == ["reviewer"]
        await send(pilot, "escape")
        assert len(app.work.shown) == 4
        await send(pilot, "escape")
        assert isinstance(app.screen, LibraryScreen)


async def test_ones_own_set_is_submitted_reopened_and_both_are_undone(shared: Desk) -> None:
    app = WorkApp(shared)
    async with app.run_test(size=(120, 40)) as pilot:
        await send(pilot, "A", "tab")

        def mine() -> list[tuple[str, int]]:
            return [(one.state, one.reopened) for one in shared.assignments.of(person="Ana")]

        await send(pilot, "s")
        assert mine()[0] == ("open", 0) and app.said()[-1].startswith("Not read yet")
        await send(pilot, "s")
        assert mine()[0] == ("submitted", 0) and "✓ submitted" in screen_text(app)
        await send(pilot, "s")
        assert "submitted already" in app.said()[-1]
        await send(pilot, "o")
        assert mine()[0] == ("open", 1) and "↺1" in screen_text(app)
        await send(pilot, "u")
        assert mine()[0] == ("submitted", 1)
        await send(pilot, "ctrl+r")
        assert mine()[0] == ("open", 2)
        await send(pilot, "u", "u")
        assert mine()[0] == ("open", 3)


async def test_what_is_not_finished_is_told_and_not_submitted(desk: Desk) -> None:
    desk.assignments.assign(["Bridge"], ["Ana"], "checker")
    app = WorkApp(desk)
    async with app.run_test(size=(120, 40)) as pilot:
        await send(pilot, "A")
        assert "Left: C1 has no verdict; C2 has no verdict." in words(app)
        await send(pilot, "s")
        assert app.said()[-1].startswith("This cannot be submitted yet: C1 has no verdict")
        assert desk.assignments.of()[0].state == "open"


@pytest.mark.parametrize("key", ["s", "o"])
async def test_somebody_elses_set_is_theirs_to_submit_and_to_reopen(shared: Desk, key: str) -> None:
    app = WorkApp(shared)
    async with app.run_test(size=(120, 40)) as pilot:
        await send(pilot, "A", key)
        assert app.said()[-1].startswith("That is Bo's set: only they can")
        assert {one.state for one in shared.assignments.of()} == {"open"}


async def test_an_assignment_is_taken_back_and_given_again(shared: Desk) -> None:
    app = WorkApp(shared)
    async with app.run_test(size=(120, 40)) as pilot:
        await send(pilot, "A", "d")
        assert ("Bridge", "Bo", "reviewer", "verdict", "Ana") not in given(shared)
        assert app.said()[-1] == "Took back from Bo: Bridge. u gives it again."
        await send(pilot, "u")
        assert ("Bridge", "Bo", "reviewer", "verdict", "Ana") in given(shared)


async def test_more_people_are_given_the_article_of_the_row(shared: Desk) -> None:
    app = WorkApp(shared)
    async with app.run_test(size=(120, 40)) as pilot:
        await send(pilot, "A", "a")
        assert "Assign “Bridge”" in screen_text(app)
        await type_text(pilot, "Cy")
        await send(pilot, "ctrl+s")
        assert ("Bridge", "Cy", "reviewer", "open", "") in given(shared)
        assert "Cy" in screen_text(app) and isinstance(app.screen, AssignmentsScreen)


async def test_enter_opens_ones_own_work_where_it_is_done(desk: Desk) -> None:
    desk.be("Bo")
    desk.assignments.assign(["Bridge"], ["Bo"], "reviewer", whose="Ana")
    desk.assignments.assign(["Castle"], ["Bo"], "adjudicator")
    desk.assignments.assign(["Dam"], ["Bo"], "reviewer", blind="all")
    desk.assignments.assign(["Dam"], ["Bo"], "checker")
    app = WorkApp(desk)
    async with app.run_test(size=(120, 40)) as pilot:
        for row in range(4):
            await send(pilot, "A", *(["j"] * row), "enter")
        assert app.opened == [
            ("review", "Bridge", "Ana"),
            ("compare", "Castle", ""),
            ("article", "Dam", ""),
            ("review", "Dam", ""),
        ]


async def test_what_another_process_gives_out_appears_by_itself(shared: Desk) -> None:
    app = WorkApp(shared)
    async with app.run_test(size=(120, 40)) as pilot:
        await send(pilot, "A")
        with Desk.open(shared.path, "Cy") as other:
            other.assignments.assign(["Castle"], ["Dee"], "reviewer")
        await until(pilot, lambda: "Dee" in screen_text(app), "what others gave out appears")


async def test_hostile_names_and_titles_are_shown_harmlessly(desk: Desk) -> None:
    shelve(desk, "[red]x[/red]\x1b[2J")
    desk.assignments.assign(["[red]"], ["[b]Bo[/b]"], "reviewer")
    app = WorkApp(desk)
    async with app.run_test(size=(200, 60)) as pilot:
        await send(pilot, "A", "tab", "tab", "tab")
        assert "[red]x[/red]" in screen_text(app) and "[b]Bo[/b]" in screen_text(app)
        assert "\x1b" not in screen_text(app)


async def test_every_key_on_a_desk_where_nothing_is_given_out_is_harmless(tmp_path: Path) -> None:
    with desk_at(tmp_path) as desk:
        app = WorkApp(desk)
        async with app.run_test(size=(80, 24)) as pilot:
            await send(pilot, "A", *KEYS.split())
            await settle(pilot)
            assert isinstance(app.screen, AssignmentsScreen)
            assert "There is no assignment here to do that with." in app.said()


@pytest.mark.parametrize("size", SIZES)
async def test_what_changed_in_a_submitted_set_is_shown(desk: Desk, size: tuple[int, int]) -> None:
    article = desk.articles.get("Castle")
    claim = desk.claims.tag(article, 0, 6)
    desk.verdicts.give(claim, "not_checkable", "An opinion.")
    desk.submissions.submit(article, "checker")
    desk.be("Bo")
    review = desk.reviews.decide(claim.id, "change_claim_text", claim_text="Something else.")
    desk.be("Ana")
    desk.answers.answer(review, "accepted")
    app = WorkApp(desk)
    async with app.run_test(size=size) as pilot:
        await send(pilot, "A", "k", "k", "k")
        assert ("✓ submitted ≠1" if size[0] < 160 else "✓ submitted, changed: 1") in words(app)
        assert "submitted, changed since submitted: 1" in words(app)
