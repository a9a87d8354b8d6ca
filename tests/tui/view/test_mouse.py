"""The article view under the mouse."""

from __future__ import annotations

import pytest
from textual import events

from store.text import units
from tests.kit.at_the_view import (
    SECOND,
    TEXT,
    cell,
    click,
    drag_to,
    mark,
    mouse,
    showing,
)
from tests.kit.pilot import until
from tui.view.mouse import EDGE_SECONDS


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
        await drag_to(pilot, view, start)
        assert view.selection is None, "it has not left the character yet"
        await drag_to(pilot, view, end - 1)
        assert view.selection == (start, end)
        await drag_to(pilot, view, start)
        assert view.selection == (start, start + 1)
        await drag_to(pilot, view, 0)
        assert view.selection == (0, start + 1)
        await mouse(pilot, events.MouseUp, *cell(view, 0))
        await drag_to(pilot, view, end)
        assert view.selection == (0, start + 1), "after the release the pointer moves alone"


@pytest.mark.parametrize(("first", "last"), [(0, 4), (4, 0)])
async def test_a_drag_takes_the_characters_under_press_and_release_both_ways(first: int, last: int) -> None:
    async with showing("Crime 中文 and more") as (view, pilot):
        await mouse(pilot, events.MouseDown, *cell(view, first))
        await drag_to(pilot, view, last)
        assert view.selected_text == "Crime"


async def test_a_drag_takes_wide_characters_whole_and_ends_with_the_row() -> None:
    async with showing("Crime 中文\nnext") as (view, pilot):
        await mouse(pilot, events.MouseDown, *cell(view, 6))
        x, y = cell(view, 7)
        await mouse(pilot, events.MouseMove, x + 1, y)
        assert view.selected_text == "中文"
        await mouse(pilot, events.MouseMove, x + 20, y)
        assert view.selected_text == "中文"


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
        await until(pilot, lambda: view.scroll_offset.y >= 8, "it scrolls by itself")
        assert view.rows.row_of(view.caret) >= view.scroll_offset.y + 5
        await mouse(pilot, events.MouseMove, 20, 4)
        top = view.scroll_offset.y
        ticks: list[None] = []
        view.set_interval(EDGE_SECONDS, lambda: ticks.append(None))
        await until(pilot, lambda: len(ticks) > 2, "it would have scrolled again")
        assert view.scroll_offset.y == top, "back inside it stops"
        await mouse(pilot, events.MouseUp, 20, 4)
        assert view.selection is not None and view.selection[0] == 3


async def test_a_click_on_a_sign_in_the_margin_takes_its_claim_in_hand() -> None:
    marks = [mark("I left. They stayed."), mark("Nobody", "C2")]
    async with showing(marks=marks) as (view, pilot):
        await mouse(pilot, events.MouseDown, 2, 0)
        await mouse(pilot, events.MouseUp, 2, 0)
        assert view.active == "C2"


async def test_the_map_scrolls_to_where_it_is_pressed_and_dragged() -> None:
    async with showing(size=(80, 12)) as (view, pilot):
        x = view.size.width - 1
        await mouse(pilot, events.MouseDown, x, 11)
        assert view.scroll_offset.y == view.max_scroll_y
        await mouse(pilot, events.MouseMove, x, 0)
        assert view.scroll_offset.y == 0
        await mouse(pilot, events.MouseUp, x, 0)
        assert (view.caret, view.selection) == (0, None)
