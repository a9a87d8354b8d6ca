"""The list all lists are."""

from __future__ import annotations

from typing import Any

import pytest
from rich.cells import cell_len
from textual import events
from textual.app import ComposeResult

from tests.kit.pilot import screen_text, send, settle, until
from tui.keys.actions_and_keys import Scope
from tui.kit.desk_app import DeskApp
from tui.kit.rows import Column, Rows
from tui.kit.screen import DeskScreen
from tui.themes import DARK, THEMES


class ListScreen(DeskScreen[None]):
    SCOPE = Scope.FORM

    def __init__(self, rows: Rows) -> None:
        super().__init__()
        self.rows = rows
        self.chosen: list[int] = []
        self.highlighted: list[int | None] = []
        self.headers: list[int] = []

    def body(self) -> ComposeResult:
        yield self.rows

    def on_rows_chosen(self, event: Rows.Chosen) -> None:
        self.chosen.append(event.index)

    def on_rows_highlighted(self, event: Rows.Highlighted) -> None:
        self.highlighted.append(event.index)

    def on_rows_header_pressed(self, event: Rows.HeaderPressed) -> None:
        self.headers.append(event.column)


class ListApp(DeskApp):
    def __init__(self, rows: Rows) -> None:
        super().__init__()
        self.list_screen = ListScreen(rows)

    def on_mount(self) -> None:
        for theme in THEMES:
            self.register_theme(theme)
        self.theme = DARK.name
        self.push_screen(self.list_screen)


def numbered(count: int, **options: Any) -> Rows:
    columns = (Column("No", 6, right=True), Column("What", share=1))
    return Rows(columns, lambda i: (str(i), [("row ", "muted"), (f"number {i}", "bold success")]), count, **options)


async def test_keys_move_the_cursor_and_keep_it_in_sight() -> None:
    rows = numbered(100, header=True)
    async with ListApp(rows).run_test(size=(40, 12)) as pilot:
        await settle(pilot)
        for keys, expected in (
            ("j", 1),
            ("down", 2),
            ("k", 1),
            ("G", 99),
            ("up", 98),
            ("home", 0),
            ("end", 99),
            ("g g", 0),
            ("up", 0),
            ("pgdn", 10),
            ("pgdn", 20),
            ("pgup", 10),
            ("ctrl+d", 20),
        ):
            await send(pilot, *keys.split())
            assert rows.cursor == expected, keys
            assert f"row number {expected}" in screen_text(pilot.app)
        assert screen_text(pilot.app).splitlines()[0].split() == ["No", "What"]


async def test_pressing_true_keys_works_too() -> None:
    app = ListApp(numbered(10))
    async with app.run_test(size=(40, 12)) as pilot:
        await pilot.press("down", "down", "enter")
        await settle(pilot)
        assert app.list_screen.chosen == [2]


async def test_only_rows_in_sight_are_asked_for() -> None:
    asked: list[int] = []

    def row(index: int) -> tuple[str, ...]:
        asked.append(index)
        return (str(index),)

    rows = Rows((Column(share=1),), row, 10_000)
    async with ListApp(rows).run_test(size=(40, 12)) as pilot:
        await settle(pilot)
        await send(pilot, "G")
        assert set(asked) <= {*range(11), *range(9_989, 10_000)}
        asked.clear()
        await send(pilot, "k")
        assert sorted(asked) == [9_998, 9_999]
        asked.clear()
        await send(pilot, "j", "k")
        assert asked == [], "both rows are known with the cursor and without it"


async def test_a_move_draws_two_rows_anew_and_the_frame_is_what_a_full_drawing_gives() -> None:
    rows = numbered(50, header=True)
    app = ListApp(rows)
    async with app.run_test(size=(40, 12)) as pilot:
        moved: list[int] = []
        for key in ("j", "j", "G", "k", "k", "pgup", "g", "g", "pgdn", "k", "end", "home"):
            await send(pilot, key)
            before = screen_text(app)
            styles = [[segment.style for segment in rows.render_line(y)] for y in range(rows.size.height)]
            rows.notify_style_update()
            rows.refresh()
            await settle(pilot)
            assert screen_text(app) == before
            assert [[segment.style for segment in rows.render_line(y)] for y in range(rows.size.height)] == styles
            moved.append(rows.cursor)
        assert moved[:5] == [1, 2, 49, 48, 47] and moved[-2:] == [49, 0]


async def test_every_line_is_as_wide_as_the_widget_whatever_it_shows() -> None:
    hostile = [
        "\x1b[2J\x1b]0;x\x07",
        "[bold]x[/]",
        "界" * 40,
        "👩‍👩‍👧‍👦" * 20,
        "e\u0301" * 60,
        "\u202eabc",
        "a\tb\nc",
        "",
    ]
    rows = Rows((Column("[b]A", 9), Column("界", share=1)), lambda i: (hostile[i], hostile[-i]), 8, header=True)
    app = ListApp(rows)
    async with app.run_test(size=(33, 12)) as pilot:
        await settle(pilot)
        for y in range(rows.size.height):
            strip = rows.render_line(y)
            assert sum(cell_len(segment.text) for segment in strip) == 33
            assert "\x1b" not in strip.text and "\u202e" not in strip.text
        assert "[b]A" in screen_text(app)
        assert "[bold]x[…" in screen_text(app)


async def test_clicks_take_the_row_and_a_double_click_opens_it() -> None:
    app = ListApp(numbered(100, header=True))
    async with app.run_test(size=(40, 12)) as pilot:
        await settle(pilot)
        await pilot.click(Rows, offset=(10, 4))
        assert app.list_screen.rows.cursor == 3
        assert app.list_screen.chosen == []
        await pilot.click(Rows, offset=(10, 6), times=2)
        assert app.list_screen.chosen == [5]


async def test_a_click_on_a_title_names_its_column() -> None:
    app = ListApp(numbered(3, header=True))
    async with app.run_test(size=(40, 12)) as pilot:
        await settle(pilot)
        await pilot.click(Rows, offset=(3, 0))
        await pilot.click(Rows, offset=(20, 0))
        assert app.list_screen.headers == [0, 1]
        assert app.list_screen.rows.cursor == 0


async def test_a_click_on_the_scroll_mark_goes_to_that_part() -> None:
    app = ListApp(numbered(1000))
    async with app.run_test(size=(40, 11)) as pilot:
        await settle(pilot)
        await pilot.click(Rows, offset=(39, 5))
        assert app.list_screen.rows.cursor == 500


async def test_the_wheel_scrolls_and_the_cursor_stays() -> None:
    app = ListApp(numbered(100))
    async with app.run_test(size=(40, 11)) as pilot:
        await settle(pilot)
        rows = app.list_screen.rows
        for _ in range(5):
            rows.post_message(events.MouseScrollDown(rows, 5, 5, 0, 1, 0, False, False, False, 5, 5))
        await until(pilot, lambda: rows.scroll_y > 0, "it scrolls")
        assert rows.cursor == 0


async def test_what_the_cursor_is_on_is_told() -> None:
    app = ListApp(numbered(3))
    async with app.run_test(size=(40, 11)) as pilot:
        await settle(pilot)
        app.list_screen.highlighted.clear()
        await send(pilot, "j", "j", "j")
        assert app.list_screen.highlighted == [1, 2]
        app.list_screen.rows.show(0)
        await settle(pilot)
        assert app.list_screen.highlighted == [1, 2, None]


async def test_what_an_empty_list_says_is_wrapped_and_not_cut() -> None:
    said = "There is none yet: one is made once the desk is a day old, and a key saves a copy now, which is the end."
    rows = numbered(0, empty=said)
    async with ListApp(rows).run_test(size=(40, 11)) as pilot:
        await settle(pilot)
        assert " ".join(screen_text(pilot.app).split()).startswith(said)


async def test_an_empty_list_says_so_and_takes_every_key() -> None:
    rows = numbered(0, empty="Nothing\nhere.")
    app = ListApp(rows)
    async with app.run_test(size=(40, 11)) as pilot:
        await send(pilot, "j", "k", "G", "g", "g", "pgdn", "pgup", "enter")
        assert rows.index is None
        assert app.list_screen.chosen == []
        assert [line.strip() for line in screen_text(app).splitlines()[:2]] == ["Nothing", "here."]


async def test_fewer_rows_keep_the_cursor_within_them() -> None:
    rows = numbered(100)
    async with ListApp(rows).run_test(size=(40, 11)) as pilot:
        await send(pilot, "G")
        rows.show(5)
        await settle(pilot)
        assert rows.cursor == 4
        assert "row number 0" in screen_text(pilot.app)


async def test_a_touched_row_shows_what_it_now_is() -> None:
    words = ["old", "same"]
    rows = Rows((Column(share=1),), lambda i: (words[i],), 2)
    async with ListApp(rows).run_test(size=(40, 11)) as pilot:
        await settle(pilot)
        words[0] = "new"
        rows.touch(0)
        await settle(pilot)
        assert [line.strip() for line in screen_text(pilot.app).splitlines()[:2]] == ["new", "same"]


async def test_a_new_width_draws_the_rows_anew() -> None:
    rows = Rows((Column(share=1),), lambda i: ("x" * 100,), 1)
    async with ListApp(rows).run_test(size=(40, 11)) as pilot:
        await settle(pilot)
        await pilot.resize_terminal(60, 11)
        await settle(pilot)
        assert rows.render_line(0).text == " " + "x" * 57 + "… "


@pytest.mark.parametrize("theme", ["factdesk-dark", "factdesk-light", "ansi-dark", "ansi-light"])
async def test_the_cursor_can_be_told_from_the_other_rows(theme: str) -> None:
    rows = numbered(5)
    app = ListApp(rows)
    async with app.run_test(size=(40, 11)) as pilot:
        app.theme = theme
        await settle(pilot)
        first, second = ({segment.style for segment in rows.render_line(y)} for y in (0, 1))
        grounds = [{style.bgcolor for style in styles if style} for styles in (first, second)]
        reversed_ = [any(style.reverse for style in styles if style) for styles in (first, second)]
        assert grounds[0] != grounds[1] or reversed_ == [True, False]


async def test_without_colours_the_cursor_is_reversed(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("NO_COLOR", "1")
    rows = numbered(5)
    async with ListApp(rows).run_test(size=(40, 11)) as pilot:
        await settle(pilot)
        assert all(segment.style and segment.style.reverse for segment in rows.render_line(0))
        assert not any(segment.style and segment.style.reverse for segment in rows.render_line(1))
