from __future__ import annotations

import random
import re
from collections.abc import AsyncIterator, Callable, Sequence
from contextlib import asynccontextmanager
from typing import Any

import pytest
from rich.cells import cell_len
from textual import events
from textual.app import App, ComposeResult
from textual.containers import Horizontal
from textual.message import Message
from textual.pilot import Pilot
from textual.strip import Strip
from textual.widgets import Static

from store import units
from tests.bench.frames import Sink
from tests.hostile import NASTY
from tests.tui.driving import send, settle
from tui.actions import ACTIONS, Scope
from tui.text.spans import Mark
from tui.widgets.article_margin import MARGIN
from tui.widgets.article_view import ArticleView

TEXT = (
    "He said: “I left. They stayed.” Nobody asked.\n"
    "\n"
    "A second paragraph, long enough to take more than one row of a narrow screen. It has an end.\n"
    "\n" + "\n".join(f"Line {n} of the rest." for n in range(60))
)
SECOND = TEXT.index("A second")


class ViewApp(App[None]):
    CSS = "ArticleView { width: 3fr; } Static { width: 1fr; }"

    def compose(self) -> ComposeResult:
        with Horizontal():
            yield ArticleView()
            yield Static("beside", markup=False)


@asynccontextmanager
async def showing(
    text: str = TEXT,
    marks: Sequence[Mark] = (),
    *,
    size: tuple[int, int] = (80, 24),
    heard: list[Message] | None = None,
    app: ViewApp | None = None,
    **shown: Any,
) -> AsyncIterator[tuple[ArticleView, Pilot[None]]]:
    """A view of the text, focused and drawn."""
    app = app or ViewApp()
    hook = None if heard is None else heard.append
    async with app.run_test(size=size, message_hook=hook, headless=app.driver_class is not Sink) as pilot:
        view = app.query_one(ArticleView)
        view.show(text, marks, **shown)
        view.focus()
        await settle(pilot)
        yield view, pilot


def lines(view: ArticleView) -> list[str]:
    return [view.render_line(y).text for y in range(view.size.height)]


def margin(view: ArticleView, y: int) -> str:
    return lines(view)[y][:MARGIN]


def cell(view: ArticleView, offset: int) -> tuple[int, int]:
    """Where on the widget the character at ``offset`` begins."""
    return view.rows.cell_of(offset) + MARGIN, view.rows.row_of(offset) - view.scroll_offset.y


def styles(strip: Strip) -> list[tuple[str, str]]:
    """Each character of a strip with its style."""
    return [(character, str(segment.style)) for segment in strip for character in segment.text]


def style_at(view: ArticleView, offset: int) -> Any:
    x, y = cell(view, offset)
    at = 0
    for segment in view.render_line(y):
        at += cell_len(segment.text)
        if x < at:
            return segment.style
    raise AssertionError("beyond the row")


def mark(quote: str, id: str = "C1", glyph: str = "✓", colour: str = "green", open: bool = False) -> Mark:
    start = TEXT.index(quote)
    return Mark(id, start, start + len(quote), glyph, colour, open)


async def mouse(pilot: Pilot[None], kind: type[events.MouseEvent], x: int, y: int, shift: bool = False) -> None:
    _send(pilot, kind, x, y, shift)
    await settle(pilot)


def _send(pilot: Pilot[None], kind: type[events.MouseEvent], x: int, y: int, shift: bool) -> None:
    pilot.app._driver.process_message(kind(None, x, y, 0, 0, 1, shift, False, False, x, y))  # type: ignore[union-attr]


async def click(pilot: Pilot[None], view: ArticleView, offset: int, times: int = 1, shift: bool = False) -> None:
    x, y = cell(view, offset)
    for _ in range(times):  # quickly, however busy the machine: clicks that are far apart are single ones
        _send(pilot, events.MouseDown, x, y, shift)
        _send(pilot, events.MouseUp, x, y, shift)
    await settle(pilot)


async def drag_to(pilot: Pilot[None], view: ArticleView, offset: int) -> None:
    await mouse(pilot, events.MouseMove, *cell(view, offset))


# Caret and selection


def test_every_action_that_moves_or_selects_is_answered_by_the_view() -> None:
    on_the_screen = {"copy", "clear"}
    for action in ACTIONS:
        if action.scope is Scope.TEXT and action.group in ("Move in the text", "Select"):
            assert hasattr(ArticleView, f"action_{action.id}") is (action.id not in on_the_screen), action.id
    assert hasattr(ArticleView, "action_cycle")


async def test_every_action_runs_on_an_empty_and_on_a_hostile_text() -> None:
    async with showing() as (view, pilot):
        for text in ("", *NASTY):
            view.show(text)
            for action in ACTIONS:
                run = getattr(view, f"action_{action.id}", None)
                if action.scope is Scope.TEXT and run:
                    run()
            await settle(pilot)
            assert all(cell_len(line) == view.size.width for line in lines(view))


async def test_moving_without_select_drops_the_selection_and_shift_extends_it() -> None:
    async with showing() as (view, _):
        view.action_next_word()
        view.action_select_next_word()
        view.action_select_right()
        assert view.selected_text == "said: “I"[: len("said: “") + 1]
        view.action_left()
        assert view.selection is None


async def test_in_select_mode_every_motion_extends_until_it_is_left() -> None:
    async with showing() as (view, _):
        view.action_select()
        view.action_next_word()
        view.action_down()
        assert view.selecting
        assert view.selection == (0, view.caret)
        view.action_select()
        assert view.selection == (0, view.caret), "leaving the mode keeps what is selected"
        view.action_right()
        assert view.selection is None


async def test_clearing_says_whether_there_was_anything_to_clear() -> None:
    async with showing() as (view, _):
        assert not view.clear_selection()
        view.action_select()
        assert view.clear_selection()
        assert not view.selecting


async def test_text_objects_select_and_widening_grows_them() -> None:
    async with showing() as (view, _):
        view.move_to(TEXT.index("stayed") + 2)
        view.action_this_word()
        assert view.selected_text == "stayed"
        view.action_widen()
        assert view.selected_text == "They stayed.”"
        view.action_this_quotation()
        assert view.selected_text == "I left. They stayed."
        view.action_this_paragraph()
        assert view.selected_text == TEXT[: TEXT.index("\n")]


async def test_swapping_ends_moves_the_caret_to_the_other_one() -> None:
    async with showing() as (view, _):
        view.select(3, 9)
        view.action_swap_ends()
        assert (view.caret, view.selection) == (3, (3, 9))
        view.action_select_left()
        assert view.selection == (2, 9)


async def test_up_and_down_keep_the_column_they_set_out_from() -> None:
    async with showing("a long first row\n\nx\nanother long row") as (view, _):
        view.move_to(9)
        view.action_down()
        view.action_down()
        assert view.caret == view.text.index("x") + 1
        view.action_down()
        assert view.caret == view.text.index("another") + 9


async def test_a_caret_never_stands_inside_a_cluster() -> None:
    async with showing("a👩‍👩‍👧‍👦b") as (view, _):
        view.move_to(4)
        assert view.caret == 1
        view.action_right()
        assert view.caret == len(view.text) - 1


async def test_a_page_moves_the_text_under_the_caret() -> None:
    async with showing() as (view, _):
        view.action_page_down()
        page = view.size.height - 2
        assert view.rows.row_of(view.caret) == page
        assert 0 < view.scroll_offset.y <= page
        view.action_page_up()
        assert (view.caret, view.scroll_offset.y) == (0, 0)


async def test_no_key_is_answered_by_the_view_itself() -> None:
    async with showing() as (view, pilot):
        await send(pilot, "pagedown", "down", "end", "ctrl+pagedown")
        assert (view.caret, view.scroll_offset.y) == (0, 0), "keys belong to whoever reads the key map"


async def test_the_caret_is_kept_in_view_with_rows_to_spare() -> None:
    async with showing() as (view, _):
        for _ in range(view.rows.rows):
            view.action_down()
            y = view.rows.row_of(view.caret) - view.scroll_offset.y
            assert 0 <= y < view.size.height
            if view.scroll_offset.y < view.max_scroll_y:
                assert y < view.size.height - 2
        assert view.caret == len(TEXT)


async def test_the_view_says_where_the_caret_went() -> None:
    heard: list[Message] = []
    async with showing(marks=[mark("I left."), mark("left", "C2")], heard=heard) as (view, pilot):
        heard.clear()
        view.select(0, TEXT.index("left") + 1)
        await settle(pilot)
        (said,) = {id(m): m for m in heard if isinstance(m, ArticleView.CaretMoved)}.values()
        assert (said.caret, said.selection) == (view.caret, (0, view.caret))
        assert (said.at, said.active) == (("C1", "C2"), "C2")


# The claim at hand


async def test_the_claim_at_hand_follows_the_caret_and_prefers_the_innermost() -> None:
    async with showing(marks=[mark("“I left. They stayed.”"), mark("left", "C2")]) as (view, _):
        assert view.active == ""
        view.move_to(TEXT.index("They"))
        assert view.active == "C1"
        view.move_to(TEXT.index("left"))
        assert view.active == "C1", "it stays in hand while the caret is in it"
        view.move_to(0)
        assert view.active == ""
        view.move_to(TEXT.index("left"))
        assert view.active == "C2"


async def test_claims_on_the_same_span_are_cycled_through() -> None:
    marks = [mark("left", id) for id in ("C1", "C2", "C3")]
    async with showing(marks=marks) as (view, _):
        view.move_to(TEXT.index("left"))
        seen = [view.active]
        for _ in range(3):
            view.action_cycle()
            seen.append(view.active)
        assert sorted(seen[:3]) == ["C1", "C2", "C3"]
        assert seen[3] == seen[0]


async def test_a_claim_taken_in_hand_is_brought_into_view() -> None:
    far = mark("Line 50 of the rest.")
    async with showing(marks=[far]) as (view, _):
        view.activate("C1")
        assert view.caret == far.start
        assert any("Line 50" in line for line in lines(view))
        view.remove_mark("C1")
        assert view.active == ""


# What is drawn


async def test_the_margin_tells_of_residue_sweeps_and_claims() -> None:
    marks = [
        mark("A second paragraph, long enough to take more than one row of a narrow screen.", glyph="✗"),
        mark("It has an end.", "C2", glyph="", open=True),
        mark("Line 0", "C3", glyph="🙂"),
    ]
    sweep = mark("Line 1 of the rest.", "S1")
    text = TEXT.index("He said"), TEXT.index("\n")
    async with showing(marks=marks, sweeps=[sweep], residue=[text]) as (view, _):
        assert margin(view, 0) == "·    "
        row = view.rows.row_of(SECOND)
        assert margin(view, row).strip().startswith("✗")
        assert margin(view, row + 1) == " └○  "
        assert margin(view, view.rows.row_of(TEXT.index("Line 0"))) == " ●   "
        assert margin(view, view.rows.row_of(sweep.start)) == "—    "


async def test_more_claims_than_lanes_are_said_to_be_there() -> None:
    async with showing(marks=[mark("I left.", f"C{n}", glyph=str(n)) for n in range(5)]) as (view, _):
        assert margin(view, 0) == " 012+"


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
    async with showing(marks=[mark("He said")], residue=[(SECOND, SECOND + 5)], size=(80, 200)) as (view, _):
        column = "".join(line[-1] for line in lines(view))
        assert column[0] == "┃"
        assert column[view.rows.row_of(SECOND)] == "·"
        assert column[view.rows.rows - 1] == " "
        view.set_residue([(0, 5)])
        assert lines(view)[0][-1] == "┇"


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


# The mouse


async def test_a_click_puts_the_caret_on_the_character_under_it() -> None:
    text = "北京 👩‍👩‍👧‍👦 cafe\u0301\tend 🇫🇷 ok"
    async with showing(text) as (view, pilot):
        for start, end in units.graphemes(text):
            x, y = cell(view, start)
            for column in range(x, cell(view, end)[0]):
                await mouse(pilot, events.MouseDown, column, y)
                await mouse(pilot, events.MouseUp, column, y)
                assert view.caret == start
                view.clear_selection()


async def test_dragging_selects_what_the_pointer_went_over() -> None:
    async with showing() as (view, pilot):
        start, end = TEXT.index("left"), TEXT.index("stayed")
        await mouse(pilot, events.MouseDown, *cell(view, start))
        await drag_to(pilot, view, end)
        assert view.selection == (start, end)
        await drag_to(pilot, view, 0)
        assert view.selection == (0, start)
        await mouse(pilot, events.MouseUp, *cell(view, 0))
        await drag_to(pilot, view, end)
        assert view.selection == (0, start), "after the release the pointer moves alone"


async def test_two_clicks_take_a_word_three_a_sentence_and_a_drag_keeps_the_unit() -> None:
    async with showing() as (view, pilot):
        place = TEXT.index("second") + 2
        await click(pilot, view, place, times=2)
        assert view.selected_text == "second"
        view.clear_selection()
        await click(pilot, view, TEXT.index("has"), times=2)
        await mouse(pilot, events.MouseDown, *cell(view, TEXT.index("has")))
        assert view.selected_text == "It has an end."
        await mouse(pilot, events.MouseUp, *cell(view, TEXT.index("has")))
        await click(pilot, view, place, times=1)
        await mouse(pilot, events.MouseDown, *cell(view, place))
        await drag_to(pilot, view, TEXT.index("long") + 2)
        assert view.selected_text == "second paragraph, long"
        await drag_to(pilot, view, SECOND)
        assert view.selected_text == "A second"


async def test_a_click_with_shift_extends_the_selection() -> None:
    async with showing() as (view, pilot):
        await click(pilot, view, 3)
        await click(pilot, view, 9, shift=True)
        assert view.selection == (3, 9)


async def test_the_wheel_scrolls_and_leaves_the_caret_alone() -> None:
    async with showing() as (view, pilot):
        await mouse(pilot, events.MouseScrollDown, 10, 5)
        assert (view.scroll_offset.y, view.caret) == (3, 0)
        await mouse(pilot, events.MouseScrollUp, 10, 5)
        assert view.scroll_offset.y == 0


async def test_holding_the_pointer_below_the_text_scrolls_and_goes_on_selecting() -> None:
    async with showing(size=(80, 10)) as (view, pilot):
        await mouse(pilot, events.MouseDown, *cell(view, 3))
        await mouse(pilot, events.MouseMove, 20, 12)
        for _ in range(200):
            await pilot.pause(0.01)
            if view.scroll_offset.y >= 8:
                break
        assert view.scroll_offset.y >= 8
        assert view.rows.row_of(view.caret) >= view.scroll_offset.y + 5
        await mouse(pilot, events.MouseMove, 20, 4)
        top = view.scroll_offset.y
        await pilot.pause(0.15)
        assert view.scroll_offset.y == top, "back inside it stops"
        await mouse(pilot, events.MouseUp, 20, 4)
        assert view.selection is not None and view.selection[0] == 3


async def test_a_click_on_a_sign_in_the_margin_takes_its_claim_in_hand() -> None:
    heard: list[Message] = []
    marks = [mark("I left. They stayed."), mark("Nobody", "C2")]
    async with showing(marks=marks, heard=heard) as (view, pilot):
        await mouse(pilot, events.MouseDown, 2, 0)
        await mouse(pilot, events.MouseUp, 2, 0)
        assert view.active == "C2"
        assert [m.id for m in heard if isinstance(m, ArticleView.ClaimClicked)][-1:] == ["C2"]


async def test_the_map_scrolls_to_where_it_is_pressed_and_dragged() -> None:
    async with showing(size=(80, 12)) as (view, pilot):
        x = view.size.width - 1
        await mouse(pilot, events.MouseDown, x, 11)
        assert view.scroll_offset.y == view.max_scroll_y
        await mouse(pilot, events.MouseMove, x, 0)
        assert view.scroll_offset.y == 0
        await mouse(pilot, events.MouseUp, x, 0)
        assert (view.caret, view.selection) == (0, None)


# Frames


class Terminal:
    """As much of a terminal as Textual's updates need: places, styles, text."""

    _CODE = re.compile(r"\x1b\[(\d+);(\d+)H|\x1b\[([\d;]*)m|\x1b\[[?\d;]*[A-Za-ln-z]|\n|[^\x1b\n]+")

    def __init__(self) -> None:
        self.cells: dict[tuple[int, int], tuple[str, str]] = {}

    def feed(self, sent: str) -> None:
        x = y = 0
        style = ""
        for code in self._CODE.finditer(sent):
            if code[1]:
                x, y = int(code[2]) - 1, int(code[1]) - 1
            elif code[3] is not None:
                style = code[3]
            elif code[0] == "\n":
                x, y = 0, y + 1
            elif code[0][0] != "\x1b":
                for start, end in units.graphemes(code[0]):
                    shown = code[0][start:end]
                    for i in range(cell_len(shown)):
                        self.cells[x + i, y] = (shown if i == 0 else "", style)
                    x += cell_len(shown)


FRAME_TEXT = (
    "Plain words that wrap around the edge of the screen, again and again, to fill some rows.\n\n"
    "北京市的士兵说他们在库尔斯克。 cafe\u0301 and 👍🏽 thumbs.\n\ttabbed\u202e hidden \x1b[31m red\n" * 12
)


@pytest.mark.parametrize("seed", range(4))
async def test_what_was_sent_piece_by_piece_is_what_a_whole_frame_shows(seed: int) -> None:
    rng = random.Random(seed)
    app = ViewApp(driver_class=Sink)
    async with showing(FRAME_TEXT, app=app, size=(60, 16)) as (view, pilot):
        sink = app._driver
        assert isinstance(sink, Sink)
        edges = [0, *(end for _, end in units.graphemes(FRAME_TEXT))]

        def span() -> tuple[int, int]:
            i = rng.randrange(len(edges) - 1)
            return edges[i], edges[min(i + rng.choice((1, 5, 40, 200)), len(edges) - 1)]

        def apart() -> list[tuple[int, int]]:
            chosen = sorted(rng.sample(edges, 8))
            return list(zip(chosen[::2], chosen[1::2], strict=True))

        moves = [
            action.id
            for action in ACTIONS
            if action.scope is Scope.TEXT and hasattr(ArticleView, f"action_{action.id}")
        ]
        operations: list[Callable[[], object]] = [
            lambda: getattr(view, f"action_{rng.choice(moves)}")(),
            lambda: getattr(view, f"action_{rng.choice(moves)}")(),
            lambda: view.put_mark(
                Mark(f"C{rng.randrange(12)}", *span(), "✓", rng.choice(("green", "red")), rng.random() < 0.3)
            ),
            lambda: view.remove_mark(f"C{rng.randrange(12)}"),
            lambda: view.put_sweep(Mark(f"S{rng.randrange(3)}", *span())),
            lambda: view.remove_sweep(f"S{rng.randrange(3)}"),
            lambda: view.set_residue(apart()),
            lambda: view.set_found(apart(), rng.randrange(4)),
            lambda: view.activate(f"C{rng.randrange(12)}", move=rng.random() < 0.5),
            lambda: view.scroll_rows(rng.choice((-5, -1, 1, 7))),
            lambda: view.select(*span()),
        ]
        terminal = Terminal()
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
                whole = Terminal()
                whole.feed("".join(sink.sent))
                sink.sent.clear()
                assert len(whole.cells) >= view.size.width * view.size.height
                for place, shown in whole.cells.items():
                    assert terminal.cells[place] == shown, (place, step)


async def test_nothing_of_a_hostile_text_reaches_the_terminal_as_a_command() -> None:
    app = ViewApp(driver_class=Sink)
    async with showing(app=app) as (view, pilot):
        sink = app._driver
        assert isinstance(sink, Sink)
        own = re.compile(r"\x1b\[[\d;?]*[A-Za-z]")
        for text in NASTY:
            sink.sent.clear()
            view.show(text, [Mark("C1", 0, max(1, len(text) // 2), "\x1b[2J", "\x1b]0;x")])
            view.action_text_end()
            await settle(pilot)
            sent = "".join(sink.sent)
            assert "\x1b[2J" not in sent and "\x1b]0;title" not in sent
            rest = own.sub("", sent).replace("\n", "")
            assert not re.search("[\x00-\x1f\x7f-\x9f\u202a-\u202e\u2066-\u2069\ud800-\udfff]", rest)
            rest.encode("utf-8")
