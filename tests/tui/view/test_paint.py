"""What the article view draws, and what of it goes to the terminal."""

from __future__ import annotations

import random
import re
from collections.abc import Callable

import pytest
from rich.cells import cell_len

from store.text import units
from store.text.coverage import Place
from store.text.shown_text import as_seen
from tests.bench.frames import Sink
from tests.kit.at_the_view import (
    SECOND,
    TEXT,
    ViewApp,
    lines,
    margin,
    mark,
    showing,
    style_at,
)
from tests.kit.grid import Grid
from tests.kit.hostile import NASTY
from tests.kit.pilot import settle, terminal_of
from tui.keys.actions_and_keys import ACTIONS, Scope
from tui.kit.screen import way
from tui.text.spans import Mark
from tui.view.margin import MARGIN
from tui.view.view import ArticleView

# What is drawn


async def test_the_margin_tells_of_residue_sweeps_and_claims() -> None:
    marks = [
        mark("A second paragraph, long enough to take more than one row of a narrow screen.", glyph="✗"),
        mark("It has an end.", "C2", glyph="", open=True),
        mark("Line 0", "C3", glyph="🙂"),
    ]
    sweep = mark("Line 1 of the rest.", "S1")
    text = TEXT.index("He said"), TEXT.index("\n")
    async with showing(marks=marks, sweeps=[sweep], residue=[Place(*text)]) as (view, _):
        assert margin(view, 0) == "·    "
        row = view.rows.row_of(SECOND)
        assert margin(view, row).strip().startswith("✗")
        assert margin(view, row + 1) == " └○  "
        assert margin(view, view.rows.row_of(TEXT.index("Line 0"))) == " ●   "
        assert margin(view, view.rows.row_of(sweep.start)) == "–    "


async def test_more_claims_than_lanes_are_said_to_be_there() -> None:
    async with showing(marks=[mark("I left.", f"C{n}", glyph=str(n)) for n in range(5)]) as (view, _):
        assert margin(view, 0) == " 012…"


async def test_a_bar_moves_into_the_lane_that_a_removed_claim_leaves() -> None:
    first = Mark("C1", 0, SECOND + 3, "1", "green")
    second = Mark("C2", SECOND, TEXT.index("Line 8"), "2", "red")
    async with showing(marks=[first, second]) as (view, _):
        row = view.rows.row_of(TEXT.index("Line 3"))
        assert margin(view, row) == "  │  "
        view.remove_mark("C1")
        assert margin(view, row) == " │   "
        view.put_mark(first)
        assert margin(view, row) == "  │  "


async def test_a_claim_that_begins_inside_a_cluster_is_drawn_over_the_whole_of_it() -> None:
    text = "a👩‍👩‍👧‍👦b"
    async with showing(text) as (view, _):
        bare = lines(view)[0]
        view.put_mark(Mark("C1", 3, 5, "✓", "green"))
        assert lines(view)[0][MARGIN:-1] == bare[MARGIN:-1]
        assert style_at(view, 1) != style_at(view, 0)


async def test_overlaps_ends_open_claims_and_the_claim_at_hand_differ_without_colour() -> None:
    marks = [mark("I left. They stayed."), mark("They stayed.", "C2"), mark("Nobody", "C3", open=True)]
    async with showing(marks=marks) as (view, _):
        once, twice = style_at(view, TEXT.index("left")), style_at(view, TEXT.index("stayed"))
        assert (once.underline, twice.underline) != (True, True) or twice.bold
        first = style_at(view, TEXT.index("I left"))
        assert first.bold and not once.bold
        assert style_at(view, TEXT.index("obody")).italic
        view.activate("C1", move=False)
        assert style_at(view, TEXT.index("left")).bold


@pytest.mark.parametrize("theme", ["textual-dark", "textual-light", "ansi-dark", "ansi-light"])
@pytest.mark.parametrize("no_colour", [False, True])
async def test_caret_selection_claim_and_text_look_different_everywhere(
    theme: str, no_colour: bool, monkeypatch: pytest.MonkeyPatch
) -> None:
    if no_colour:
        monkeypatch.setenv("NO_COLOR", "1")
    async with showing(marks=[mark("Nobody")]) as (view, pilot):
        pilot.app.theme = theme
        await settle(pilot)
        view.select(TEXT.index("They"), TEXT.index("left"))
        await settle(pilot)
        places = [TEXT.index("left"), TEXT.index("left") + 5, TEXT.index("said"), TEXT.index("obody")]
        looks = {str(style_at(view, place)) for place in places}
        assert len(looks) == len(places)


async def test_the_map_tells_claims_residue_and_the_rest_apart() -> None:
    async with showing(marks=[mark("He said")], residue=[Place(SECOND, SECOND + 5)], size=(80, 200)) as (view, _):
        column = "".join(line[-1] for line in lines(view))
        assert column[0] == "█"
        assert column[view.rows.row_of(SECOND)] == "·"
        assert column[view.rows.rows - 1] == " "
        view.set_residue([Place(0, 5, leftover=True)])
        assert lines(view)[0][-1] == "·" and margin(view, 0).startswith("◦")


@pytest.mark.parametrize("colours", ["", "1"], ids=["many", "none"])
async def test_headings_and_emphasis_of_markdown_are_drawn_so(colours: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("NO_COLOR", raising=False)
    if colours:
        monkeypatch.setenv("NO_COLOR", colours)
    text = "# A title\n\nIt **rained** on *Monday* and after.\n\nThe **mayor** left."
    claim = Mark("C1", text.index("The"), len(text), "✓", "green")
    async with showing(as_seen(text, "markdown"), [claim]) as (view, _):
        assert style_at(view, text.index("title")).bold
        assert style_at(view, text.index("rained")).bold
        assert not style_at(view, text.index("It")).bold
        assert bool(style_at(view, text.index("Monday")).italic) == (not colours)
        assert not style_at(view, text.index("after")).italic
        assert bool(style_at(view, text.index("ayor")).bold) == (not colours)


async def test_brackets_in_the_text_are_text() -> None:
    async with showing("[bold]not markup[/] [@click=app.quit]x[/]") as (view, _):
        assert "[bold]not markup[/] [@click=app.quit]x[/]" in lines(view)[0]


async def test_a_resize_keeps_the_first_row_in_place_and_the_caret_in_view() -> None:
    async with showing(size=(80, 24)) as (view, pilot):
        view.move_to(TEXT.index("Line 40"))
        await settle(pilot)
        top = view.rows.row_bounds(view.scroll_offset.y)[0]
        for size in ((40, 12), (120, 40), (20, 8), (80, 24)):
            await pilot.resize_terminal(*size)
            await settle(pilot)
            row = view.rows.row_of(view.caret) - view.scroll_offset.y
            assert 0 <= row < view.size.height
            assert all(cell_len(line) == view.size.width for line in lines(view))
        assert abs(view.rows.row_of(top) - view.scroll_offset.y) <= view.size.height


async def test_the_first_row_stays_when_the_width_changes() -> None:
    long = "\n".join("word " * 60 for _ in range(30))
    async with showing(long) as (view, pilot):
        view.scroll_rows(40)
        await settle(pilot)
        first = view.rows.row_bounds(view.scroll_offset.y)[0]
        await pilot.resize_terminal(60, 24)
        await settle(pilot)
        start, end = view.rows.row_bounds(view.scroll_offset.y)
        assert start <= first < end


@pytest.mark.parametrize("width", range(1, 16))
async def test_the_narrowest_screens_are_drawn_without_overflow(width: int) -> None:
    async with showing("京 wide and\ttabs 👩‍👩‍👧‍👦", [Mark("C1", 0, 3, "✓", "green")], size=(width, 5)) as (view, _):
        assert {cell_len(line) for line in lines(view)} == {view.size.width}


# Frames


FRAME_TEXT = (
    "Plain words that wrap around the edge of the screen, again and again, to fill some rows.\n\n"
    "北京市的士兵说他们在库尔斯克。 cafe\u0301 and 👍🏽 thumbs.\n\ttabbed\u202e hidden \x1b[31m red\n" * 12
)


@pytest.mark.parametrize("seed", range(4))
async def test_what_was_sent_piece_by_piece_is_what_a_whole_frame_shows(seed: int) -> None:
    rng = random.Random(seed)
    app = ViewApp(driver_class=Sink)
    async with showing(FRAME_TEXT, app=app, size=(60, 16)) as (view, pilot):
        sink = terminal_of(app)
        assert isinstance(sink, Sink)
        edges = [0, *(end for _, end in units.graphemes(FRAME_TEXT))]

        def span() -> tuple[int, int]:
            i = rng.randrange(len(edges) - 1)
            return edges[i], edges[min(i + rng.choice((1, 5, 40, 200)), len(edges) - 1)]

        def apart() -> list[tuple[int, int]]:
            chosen = sorted(rng.sample(edges, 8))
            return list(zip(chosen[::2], chosen[1::2], strict=True))

        moves = [action.id for action in ACTIONS if action.scope is Scope.TEXT and way(ArticleView(), action.id)]
        operations: list[Callable[[], object]] = [
            lambda: way(view, rng.choice(moves))(),
            lambda: way(view, rng.choice(moves))(),
            lambda: view.put_mark(
                Mark(f"C{rng.randrange(12)}", *span(), "✓", rng.choice(("green", "red")), rng.random() < 0.3)
            ),
            lambda: view.remove_mark(f"C{rng.randrange(12)}"),
            lambda: view.set_sweeps(Mark(f"S{n}", *span()) for n in range(rng.randrange(3))),
            lambda: view.set_residue([Place(*span, leftover=rng.random() < 0.5) for span in apart()]),
            lambda: view.set_found(apart(), rng.randrange(4)),
            lambda: view.activate(f"C{rng.randrange(12)}", move=rng.random() < 0.5),
            lambda: view.scroll_rows(rng.choice((-5, -1, 1, 7))),
            lambda: view.select(*span()),
            lambda: view.take_place(place := span(), place[0]),
        ]
        terminal = Grid()
        app.screen.refresh()
        await settle(pilot)
        for step in range(120):
            for _ in range(rng.randint(1, 3)):
                rng.choice(operations)()
            await settle(pilot)
            terminal.feed("".join(sink.sent))
            sink.sent.clear()
            if step % 10 == 9:
                view._kept_canvas = None
                view.refresh()
                await settle(pilot)
                whole = Grid()
                whole.feed("".join(sink.sent))
                sink.sent.clear()
                assert len(whole.cells) >= view.size.width * view.size.height
                for place, shown in whole.cells.items():
                    assert terminal.cells[place] == shown, (place, step)


async def test_a_selection_that_grows_is_drawn_only_where_it_grows() -> None:
    app = ViewApp(driver_class=Sink)
    async with showing(app=app) as (view, pilot):
        sink = terminal_of(app)
        assert isinstance(sink, Sink)
        view.select(TEXT.index("Line 2"), TEXT.index("Line 5"))
        await settle(pilot)
        sink.sent.clear()
        view.move_to(TEXT.index("5 of the rest"), select=True)
        await settle(pilot)
        sent = "".join(sink.sent)
        assert "of the rest" in sent and {number for number in range(60) if f"Line {number} " in _plain(sent)} == {5}


def _plain(sent: str) -> str:
    """What was sent without its escape sequences."""
    return re.sub(r"\x1b\[[0-9;?]*[A-Za-z]", "", sent)


async def test_nothing_of_a_hostile_text_reaches_the_terminal_as_a_command() -> None:
    app = ViewApp(driver_class=Sink)
    async with showing(app=app) as (view, pilot):
        sink = terminal_of(app)
        assert isinstance(sink, Sink)
        own = re.compile(r"\x1b\[[\d;?]*[A-Za-z]")
        for text in NASTY:
            sink.sent.clear()
            view.show(text, [Mark("C1", 0, max(1, len(text) // 2), "\x1b[2J", "\x1b]0;x")])
            view.motions.action_text_end()
            await settle(pilot)
            sent = "".join(sink.sent)
            assert "\x1b[2J" not in sent and "\x1b]0;title" not in sent
            rest = own.sub("", sent).replace("\n", "")
            assert not re.search("[\x00-\x1f\x7f-\x9f\u202a-\u202e\u2066-\u2069\ud800-\udfff]", rest)
            rest.encode("utf-8")


async def test_another_theme_is_shown_at_once_also_where_nothing_else_changes() -> None:
    async with showing() as (view, pilot):
        shown = []
        for theme in ("textual-dark", "textual-light", "textual-dark"):
            pilot.app.theme = theme
            await settle(pilot)
            shown.append([segment.style for segment in view.render_line(0)])
        assert shown[0] == shown[2] != shown[1]


async def test_signs_stand_in_the_order_of_the_text() -> None:
    words = ("He said", "I left.")
    start = TEXT.index(words[0])
    marks = [
        Mark("C1", start, start + 3, "1", "green"),
        Mark("C2", start + 3, TEXT.index("Line 3"), "2", "red"),  # goes on for rows, and so has a lane of its own
    ]
    async with showing(marks=marks) as (view, _):
        assert margin(view, view.rows.row_of(start)) == " 12  "
