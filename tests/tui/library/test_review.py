"""What the library shows of second review, and how one takes one's next piece of work from it."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path

import pytest

from store.desk import Desk
from tests.kit.at_the_library import WorkApp, counted
from tests.kit.desks import shelve
from tests.kit.pilot import SIZES, failure, screen_text, send, settle, type_text
from tui import settings
from tui.library.screen import LibraryScreen
from tui.review.assignments import AssignmentsScreen

BRIDGE, CASTLE, DAM, PRISONERS = "Bridge", "Castle", "Dam", "Two North Korean"


@pytest.fixture(autouse=True)
def by_title(home: Path) -> None:
    settings.save(sort="title")


@pytest.fixture
def desk(demo: Path) -> Iterator[Desk]:
    """The demo desk with three articles more: one submitted by Mara, one new, one that Ines objects to."""
    with Desk.open(demo, "Mara") as mara:
        bridge = shelve(mara, BRIDGE, claims=2, publisher="Reuters", published="2025-03-01")
        for claim in mara.claims.of(bridge):
            mara.evidence.add(claim, "supports", url="https://example.org")
            mara.verdicts.give(claim, "supported")
        mara.submissions.submit(bridge, "checker")
        shelve(mara, CASTLE)
    with Desk.open(demo, "Reader") as desk:
        dam = shelve(desk, DAM, claims=2)
        with Desk.open(demo, "Ines") as ines:
            ines.reviews.decide(ines.claims.of(dam)[0], "needs_evidence")
        yield desk


def line(app: WorkApp, title: str) -> str:
    return next(row for row in screen_text(app).splitlines() if title in row)


def titles(app: WorkApp) -> list[str]:
    assert isinstance(app.screen, LibraryScreen)
    return [row.article.title[: len(PRISONERS)] for row in app.screen.articles.rows]


@pytest.mark.parametrize("size", SIZES)
async def test_each_article_says_where_it_stands_and_what_waits_for_whoever_looks(
    desk: Desk, size: tuple[int, int]
) -> None:
    app = WorkApp(desk)
    async with app.run_test(size=size) as pilot:
        await settle(pilot)
        roomy = size[0] >= 120
        stated = size[0] >= 120  # where there is no room for the word, the selected article's line below says it
        assert ("◑ submitted" if stated else "◑ Bridge") in line(app, BRIDGE) and (
            "0/2" in line(app, BRIDGE) or not roomy
        )
        assert ("○ new" if stated else "○ Castle") in line(app, CASTLE)
        assert ("! disputed (1)" if stated else "! ") in line(app, DAM) and "✉ 1" in line(app, DAM)
        prisoners = line(app, PRISONERS[:16])
        assert ("! disputed (1)" if stated else "! Two") in prisoners and "▹ to review" in prisoners
        assert "2/18" in line(app, PRISONERS[:16]) or not roomy
        assert "✉ 1 for you" in screen_text(app).splitlines()[0]


@pytest.mark.parametrize("size", SIZES)
async def test_what_has_no_room_in_the_row_is_told_below_in_words(desk: Desk, size: tuple[int, int]) -> None:
    app = WorkApp(desk)
    async with app.run_test(size=size) as pilot:
        await counted(pilot)
        await send(pilot, "G")
        below = " ".join(" ".join(screen_text(app).splitlines()[-5:]).split())
        for said in ("you: to review, to settle", "open thread", "Tomas: reviewed", "by Mara, Tomas", "19 Feb 2025"):
            assert said in below, (said, below)
        await send(pilot, "g", "g")
        below_it = screen_text(app).splitlines()[-4:]
        assert "Reuters" in " ".join(below_it) and "1 Mar 2025" in " ".join(below_it)


async def test_what_is_hidden_from_whoever_looks_is_not_counted(desk: Desk) -> None:
    with Desk.open(desk.path, "Mara") as mara:
        mara.assignments.assign([BRIDGE], ["Reader"], "reviewer", blind="verdict", whose="Mara")
        mara.assignments.assign([DAM], ["Cy"], "reviewer", blind="all")
    app = WorkApp(desk)
    async with app.run_test(size=(120, 40)) as pilot:
        await settle(pilot)
        assert "0/2" in line(app, BRIDGE) and "2/2" not in line(app, BRIDGE)
        assert "▹ to review, blind" in line(app, BRIDGE)


async def test_a_desk_without_second_review_keeps_its_room_for_the_rest(tmp_path: Path) -> None:
    with Desk.open(tmp_path / "own.db", "Ana") as own:
        shelve(own, DAM, claims=1, publisher="Reuters")
        app = WorkApp(own)
        async with app.run_test(size=(120, 40)) as pilot:
            await settle(pilot)
            head = screen_text(app).splitlines()[1]
            assert "Reviewed" not in head and "For you" not in head
            assert "Date" in head and "State" in head and "Changed" in head


FOUND = {
    "state:disputed": [DAM, PRISONERS],
    "state:new": [CASTLE],
    "state:submitted": [BRIDGE],
    "mine": [DAM, PRISONERS],
    "inbox": [DAM],
    "threads": [PRISONERS],
    "to:mara": [BRIDGE, PRISONERS],
    "to:ines state:disputed dam": [DAM],
    "state:final": [],
}
"""Which articles words of the filter leave."""


async def test_the_filter_knows_states_and_people(desk: Desk) -> None:
    app = WorkApp(desk)
    async with app.run_test(size=(120, 40)) as pilot:
        await send(pilot, "f")
        for words, left in FOUND.items():
            await type_text(pilot, words)
            assert titles(app) == left, words
            await send(pilot, "ctrl+u")
            assert len(titles(app)) == 4, "the filter is empty"


async def test_the_help_and_the_line_itself_tell_what_the_filter_knows(desk: Desk) -> None:
    app = WorkApp(desk)
    async with app.run_test(size=(120, 40)) as pilot:
        await send(pilot, "f")
        assert all(word in screen_text(app) for word in ("state:disputed", "mine", "to:NAME"))
        await send(pilot, "escape", "?")
        await type_text(pilot, "filter")
        await send(pilot, "down")
        assert all(word in screen_text(app) for word in ("state:disputed", "mine", "to:NAME"))


async def test_sorting_goes_by_state_and_by_what_waits(desk: Desk) -> None:
    app = WorkApp(desk)
    async with app.run_test(size=(120, 40)) as pilot:
        await send(pilot, *(["o"] * 5))
        assert "State ▼" in screen_text(app) and titles(app)[0] in (DAM, PRISONERS) and titles(app)[-1] == BRIDGE
        await send(pilot, *(["o"] * 3))
        assert "For you ▼" in screen_text(app) and titles(app)[:2] == [DAM, PRISONERS]


async def test_an_order_whose_column_has_no_room_is_told_in_the_title(desk: Desk) -> None:
    app = WorkApp(desk)
    async with app.run_test(size=(80, 24)) as pilot:
        await send(pilot, "o")
        assert "by date ▼" in screen_text(app).splitlines()[0]
        await send(pilot, "o", "o")
        assert "by " not in screen_text(app).splitlines()[0] and re.search("Checked ▼|Checke…", screen_text(app))


@pytest.mark.parametrize("size", [(20, 4), (27, 10), (40, 12), (60, 20)])
async def test_a_terminal_too_small_for_the_columns_still_shows_titles(desk: Desk, size: tuple[int, int]) -> None:
    app = WorkApp(desk)
    async with app.run_test(size=size) as pilot:
        await send(pilot, "o", "o", "o", "o", "space", "A")
        assert isinstance(app.screen, AssignmentsScreen)
        await send(pilot, "escape")
        assert isinstance(app.screen, LibraryScreen) and failure(app) is None
        if size[1] >= 10:
            assert BRIDGE in screen_text(app)


# One's next piece of work


async def test_the_next_is_ones_assignment_where_it_is_done(desk: Desk) -> None:
    app = WorkApp(desk)
    async with app.run_test(size=(120, 40)) as pilot:
        await send(pilot, "n")
        assert app.opened[-1][0] == "review" and app.opened[-1][2] == "Mara"
        for claim, _ in desk.reviews.queue("1", "Mara").claims:
            desk.reviews.decide(claim, "agree")
        desk.submissions.submit("1", "reviewer")
        await send(pilot, "n")
        assert app.opened[-1][0] == "compare" and app.opened[-1][1].startswith(PRISONERS)


async def test_a_checkers_next_is_the_article_itself(desk: Desk) -> None:
    with Desk.open(desk.path, "Mara") as mara:
        mara.assignments.assign([CASTLE], ["Cy"], "checker")
    desk.be("Cy")
    app = WorkApp(desk)
    async with app.run_test(size=(120, 40)) as pilot:
        await send(pilot, "n")
        assert app.opened == [("article", CASTLE, "")]


async def test_who_has_been_given_nothing_takes_what_is_unfinished(desk: Desk) -> None:
    desk.be("Cy")
    app = WorkApp(desk)
    async with app.run_test(size=(120, 40)) as pilot:
        await send(pilot, "n")
        assert app.opened[-1][0] == "article"
