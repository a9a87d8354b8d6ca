"""The tour: six steps on the sample article, gone through by real keys, left, taken up again, and not shown twice."""

from __future__ import annotations

import csv
import shutil
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path

import pytest
from textual.widget import Widget

from store import sample
from store.desk import Desk
from store.formats.articles import files
from store.records import Article
from tests.kit.at_the_article import Room, opened, span
from tests.kit.desks import desk_at
from tests.kit.pilot import STORY_SIZES, screen_text
from tui import settings
from tui.article.screen import ArticleScreen
from tui.article.tour import TourLine


@pytest.fixture
def desk(tmp_path: Path) -> AsyncIterator[Desk]:
    with desk_at(tmp_path) as desk:
        yield desk


def the_sample(desk: Desk) -> Article:
    desk.articles.add_many([files.read(sample.path())])
    return desk.articles.all()[0]


def line(r: Room) -> str:
    """What the tour says on the screen that is shown; nothing where it does not speak."""
    return " ".join(" ".join(one.text.split()) for one in r.app.screen.query(TourLine) if one.region.height)


def told() -> str:
    return settings.load().told


@asynccontextmanager
async def at_sample(desk: Desk, size: tuple[int, int] = (80, 24)) -> AsyncIterator[Room]:
    async with opened(desk, the_sample(desk) if not desk.articles.all() else desk.articles.all()[0], size=size) as r:
        yield r


async def said(r: Room, words: str) -> None:
    """Wait until the tour says some words, and see that it has room for all it says and covers nothing."""
    await r.until(lambda: words in line(r), f"the tour says {words!r}: it says {line(r)!r}")
    assert "…" not in line(r)
    screen = r.app.screen
    own = screen.query_one(TourLine).region
    assert (own.bottom, own.width) == (screen.size.height - 1, screen.size.width)
    uncovered: list[Widget] = [screen.focused] if screen.focused else []
    if isinstance(screen, ArticleScreen):
        uncovered += [screen.view, screen.panel]
    assert not [widget for widget in uncovered if widget.region.overlaps(own)]


@pytest.mark.quick
@pytest.mark.parametrize("size", STORY_SIZES, ids=lambda size: f"{size[0]}x{size[1]}")
async def test_the_tour_waits_for_each_step_and_ends_with_a_file(
    desk: Desk, size: tuple[int, int], tmp_path: Path
) -> None:
    async with at_sample(desk, size) as r:
        await said(r, "1/6 The marked sentence states a fact. t tags it. Esc Leave tour")
        await r.press("right", "t")
        await said(r, "2/6 Tagged. Is it true? 1 to 9 gives a verdict, r lists them.")
        await r.press("f")
        await said(r, "2/6 Tagged. Go back to your claim: [ or ].")
        await r.press("[", "1")
        await said(r, "3/6 Judged. Who says so? e adds evidence.")
        await r.press("e")
        await said(r, "3/6 Type or paste an address. Esc saves it and closes.")
        await r.write("https://example.org/interview")
        await r.press("escape")
        await said(r, "4/6 Saved. f goes to the next unread sentence.")
        await r.press("f")
        await said(r, "5/6 Selected. Nothing to check in it? s sweeps it.")
        await r.press("right")
        await said(r, "5/6 Selected. f goes to an unread sentence, s sweeps it.")
        await r.press("f", "s")
        await said(r, "6/6 Swept. Ctrl+E exports your work.")
        assert told() == "tour5"
        await r.press("ctrl+e")
        await said(r, "6/6 Enter takes CSV, the first: it opens in a spreadsheet.")
        await r.press("enter")
        await said(r, "6/6 Enter writes the file. You may type another name before.")
        await r.press("enter")
        await said(r, "Tour Done. That is the whole loop. f reads on, ? shows the keys. Esc Close")
        with Path("claims.csv").open(encoding="utf-8-sig", newline="") as file:
            rows = list(csv.DictReader(file))
        assert [row["verdict"] for row in rows] == ["supported"]
        await r.press("escape")
        assert line(r) == "" and told() == "no-tour0"


async def test_a_reason_is_as_good_as_evidence_and_what_is_done_early_is_not_asked_for(desk: Desk) -> None:
    async with at_sample(desk) as r:
        await said(r, "1/6")
        await r.press("f", "s", "F", "t", "1", "J")
        await r.write("Two sources say so.")
        await r.press("escape")
        await said(r, "4/6 Saved. f goes to the next unread sentence.")
        await r.press("f")
        await said(r, "6/6 Swept.")


async def test_esc_clears_what_is_selected_before_it_leaves_the_tour_and_who_left_is_not_shown_it_again(
    desk: Desk,
) -> None:
    async with at_sample(desk) as r:
        await said(r, "1/6")
        height = r.view.size.height
        await r.press("v", "w", "escape")
        await said(r, "1/6")
        await r.go("Chosun")
        await said(r, "1/6")
        await r.press("escape")
        assert line(r) == "" and r.view.size.height == height + 1
        assert r.said[-1] == "You left the tour; g ? goes on with it."
        await r.press("q", "enter")
        await r.until(lambda: r.screen.listening, "the article is open again")
        assert line(r) == ""
    async with at_sample(desk) as again:
        assert line(again) == "" and told() == "no-tour0"


async def test_help_and_palette_take_the_tour_up_where_it_was_left(desk: Desk) -> None:
    async with at_sample(desk) as r:
        await said(r, "1/6")
        await r.press("t")
        await said(r, "2/6")
        await r.press("escape", "f1")
        await r.write("tour")
        assert "g ? Tour Six steps on the sample" in " ".join(screen_text(r.app).split())
        await r.press("enter")
        await said(r, "2/6 Tagged.")
        await r.press("1")
        await said(r, "3/6")
        await r.press("escape", "escape", "ctrl+p")
        await r.write("tour")
        await r.press("enter")
        await said(r, "3/6")
        await r.press("g", "?")
        assert r.said[-1] == "The tour is the line above the foot."
        await r.press("q", "g", "?")  # from the library
        await said(r, "3/6")


async def test_a_tour_that_was_not_left_goes_on_after_a_new_start(desk: Desk) -> None:
    async with at_sample(desk) as r:
        await said(r, "1/6")
        await r.press("t")
        await said(r, "2/6")
        await r.press("ctrl+q")
    async with at_sample(desk) as again:
        await said(again, "2/6 Tagged. Go back to your claim: [ or ].")
        await again.press("[")
        await said(again, "2/6 Tagged. Is it true?")


async def test_it_does_not_go_on_in_a_set_that_is_submitted(desk: Desk) -> None:
    async with at_sample(desk) as r:
        await r.press("t")
        await said(r, "2/6")
    claim = desk.claims.of(1)[0]
    desk.verdicts.give(claim, "supported")
    desk.evidence.add(claim, "supports", quote="So it was.")
    desk.submissions.submit(1, "checker")
    async with at_sample(desk) as again:
        assert line(again) == ""
        await again.press("g", "?")
        assert line(again) == "" and "is submitted: reopen it first" in again.said[-1]


async def test_the_tour_adds_the_sample_where_it_is_missing(desk: Desk) -> None:
    async with opened(desk, text="The bridge fell.") as r:
        assert line(r) == ""
        await r.press("g", "?")
        await r.until(lambda: line(r), "the sample is open")
        await said(r, "1/6")
    assert [sample.is_it(article) for article in desk.articles.all()] == [False, True]


async def test_keys_are_named_as_they_are_bound(desk: Desk, tmp_path: Path) -> None:
    (tmp_path / "config").mkdir()
    (tmp_path / "config" / "keys.toml").write_text('[keys]\ntag = "ctrl+t"\ntag_to_end = "a"\n')
    async with at_sample(desk) as r:
        await said(r, "Ctrl+T tags it.")


@pytest.mark.parametrize("why", ["tagged", "swept", "read only", "blind", "other"])
async def test_it_is_offered_on_the_untouched_sample_alone_and_where_you_may_work(
    desk: Desk, tmp_path: Path, why: str
) -> None:
    article = the_sample(desk)
    place = span(desk.articles.text(article), "an interview with Chosun Ilbo")
    if why == "tagged":
        with Desk.open(tmp_path / "desk.db", "Ben") as other:
            other.claims.tag(article, *place)
    elif why == "swept":
        desk.sweeps.add(article, *place)
    elif why == "read only":
        desk.session.read_only = "The disk is full."
    elif why == "blind":
        desk.claims.tag(article, *place)
        desk.assignments.assign([article], ["Ben"], "reviewer", blind="all")
    else:
        article = desk.articles.add("The bridge fell.")
    with Desk.open(tmp_path / "desk.db", "Ben") as ben:
        async with opened(ben if why == "blind" else desk, article) as r:
            assert line(r) == ""
            if why in ("read only", "blind"):
                await r.press("g", "?")
                assert line(r) == "" and r.said
    assert told() == ""


async def test_what_the_tour_cannot_remember_it_tells_again(desk: Desk, tmp_path: Path) -> None:
    async with at_sample(desk) as r:
        await said(r, "1/6")
        shutil.rmtree(tmp_path / "config")
        (tmp_path / "config").write_text("a file where the folder of the settings would be")
        await r.press("t")
        await said(r, "2/6")
