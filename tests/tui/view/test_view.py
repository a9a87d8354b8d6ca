"""The article view: caret, selection and the claim at hand."""

from __future__ import annotations

from rich.cells import cell_len
from textual.message import Message

from tests.kit.at_the_view import (
    TEXT,
    lines,
    mark,
    showing,
)
from tests.kit.hostile import NASTY
from tests.kit.pilot import send, settle
from tui.keys.actions_and_keys import ACTIONS, Scope
from tui.kit.screen import way
from tui.text.spans import Mark
from tui.view.view import ArticleView

# Caret and selection


def test_every_action_that_moves_or_selects_is_answered_by_the_view() -> None:
    on_the_screen = {"copy", "clear", "jump", "source"}
    for action in ACTIONS:
        if action.scope is Scope.TEXT and action.group in ("Move in the text", "Select"):
            assert bool(way(ArticleView(), action.id)) is (action.id not in on_the_screen), action.id


async def test_every_action_runs_on_an_empty_and_on_a_hostile_text() -> None:
    async with showing() as (view, pilot):
        for text in ("", *NASTY):
            view.show(text)
            for action in ACTIONS:
                run = way(view, action.id)
                if action.scope is Scope.TEXT and run:
                    run()
            await settle(pilot)
            assert all(cell_len(line) == view.size.width for line in lines(view))


async def test_moving_without_select_drops_the_selection_and_shift_extends_it() -> None:
    async with showing() as (view, _):
        view.motions.action_next_word()
        view.motions.action_select_next_word()
        view.motions.action_select_right()
        assert view.selected_text == "said: “I"[: len("said: “") + 1]
        view.motions.action_left()
        assert view.selection is None


async def test_in_select_mode_every_motion_extends_until_it_is_left() -> None:
    async with showing() as (view, _):
        view.action_select()
        view.motions.action_next_word()
        view.motions.action_down()
        assert view.selecting
        assert view.selection == (0, view.caret)
        view.action_select()
        assert view.selection == (0, view.caret), "leaving the mode keeps what is selected"
        view.motions.action_right()
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
        view.motions.action_this_word()
        assert view.selected_text == "stayed"
        view.motions.action_widen()
        assert view.selected_text == "They stayed"
        view.motions.action_widen()
        assert view.selected_text == "They stayed.”"
        view.motions.action_this_quotation()
        assert view.selected_text == "I left. They stayed."
        view.motions.action_this_paragraph()
        assert view.selected_text == TEXT[: TEXT.index("\n")]


async def test_swapping_ends_moves_the_caret_to_the_other_one() -> None:
    async with showing() as (view, _):
        view.select(3, 9)
        view.motions.action_swap_ends()
        assert (view.caret, view.selection) == (3, (3, 9))
        view.motions.action_select_left()
        assert view.selection == (2, 9)


async def test_up_and_down_keep_the_column_they_set_out_from() -> None:
    async with showing("a long first row\n\nx\nanother long row") as (view, _):
        view.move_to(9)
        view.motions.action_down()
        view.motions.action_down()
        assert view.caret == view.text.index("x") + 1
        view.motions.action_down()
        assert view.caret == view.text.index("another") + 9


async def test_a_caret_never_stands_inside_a_cluster() -> None:
    async with showing("a👩‍👩‍👧‍👦b") as (view, _):
        view.move_to(4)
        assert view.caret == 1
        view.motions.action_right()
        assert view.caret == len(view.text) - 1


async def test_a_page_moves_the_text_under_the_caret() -> None:
    async with showing() as (view, _):
        view.motions.action_page_down()
        page = view.size.height - 2
        assert view.rows.row_of(view.caret) == page
        assert 0 < view.scroll_offset.y <= page
        view.motions.action_page_up()
        assert (view.caret, view.scroll_offset.y) == (0, 0)


async def test_no_key_is_answered_by_the_view_itself() -> None:
    async with showing() as (view, pilot):
        await send(pilot, "pagedown", "down", "end", "ctrl+pagedown")
        assert (view.caret, view.scroll_offset.y) == (0, 0), "keys belong to whoever reads the key map"


async def test_the_caret_is_kept_in_view_with_rows_to_spare() -> None:
    async with showing() as (view, _):
        for _ in range(view.rows.rows):
            view.motions.action_down()
            y = view.rows.row_of(view.caret) - view.scroll_offset.y
            assert 0 <= y < view.size.height
            if view.scroll_offset.y < view.max_scroll_y:
                assert y < view.size.height - 2
        assert view.caret == len(TEXT)


async def test_a_claim_just_out_of_view_comes_to_a_third_of_the_height_and_the_next_moves_nothing() -> None:
    async with showing() as (view, pilot):
        below = view.rows.row_bounds(view.size.height + 1)[0]
        after = view.rows.row_bounds(view.size.height + 4)[0]
        view.set_marks([Mark("C1", below, below + 4), Mark("C2", after, after + 4)])
        view.activate("C1")
        await settle(pilot)
        assert view.rows.row_of(below) - view.scroll_offset.y == view.size.height // 3
        top = view.scroll_offset.y
        view.activate("C2")
        await settle(pilot)
        assert view.caret == after and view.scroll_offset.y == top


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
            view.motions.action_cycle()
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
