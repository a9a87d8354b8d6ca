"""Picking one choice, or several."""

from __future__ import annotations

from typing import Any

import pytest

from tests.kit.pilot import SIZES, screen_text, send, settle, type_text
from tui.kit.desk_app import DeskApp
from tui.kit.picker import Choice, Picker
from tui.kit.screen import DeskScreen

VERDICTS = (
    Choice("supported", "Supported", "✓", "green", "s", "The evidence bears it out."),
    Choice("refuted", "Refuted", "✗", "red", "r", "The evidence [b]contradicts[/b] it. " + "More words. " * 20),
    Choice("open", "Open", "?", "yellow", "j", "Nothing decides it."),
)
MANY = tuple(Choice(f"key{n}", f"Choice {n}", description=f"meaning {n}") for n in range(30))


class PickApp(DeskApp):
    def __init__(self, *choices: Choice, **options: Any) -> None:
        super().__init__()
        self.choices = choices
        self.options = options
        self.given: list[tuple[str, ...] | None] = []

    def on_mount(self) -> None:
        self.push_screen(DeskScreen())
        self.push_screen(Picker("Verdict", self.choices, **self.options), self.given.append)


@pytest.mark.parametrize(
    ("keys", "given"),
    [
        (("enter",), ("supported",)),
        (("down", "enter"), ("refuted",)),
        (("r",), ("refuted",)),
        (("j",), ("open",)),
        (("escape",), None),
        (("q",), None),
    ],
)
async def test_a_choice_is_taken_by_enter_or_by_its_own_key(keys: tuple[str, ...], given: object) -> None:
    app = PickApp(*VERDICTS)
    async with app.run_test() as pilot:
        await send(pilot, *keys)
        await settle(pilot)
        assert app.given == [given]


async def test_the_cursor_begins_on_what_is_chosen() -> None:
    app = PickApp(*VERDICTS, chosen=["refuted"])
    async with app.run_test() as pilot:
        await send(pilot, "enter")
        await settle(pilot)
        assert app.given == [("refuted",)]


@pytest.mark.quick
async def test_several_are_marked_and_given_in_their_order() -> None:
    app = PickApp(*VERDICTS, multiple=True, chosen=["refuted"])
    async with app.run_test() as pilot:
        await send(pilot, "G", "enter", "home", "space", "r", "escape")
        await settle(pilot)
        assert app.given == [("supported", "open")]


async def test_many_choices_are_found_by_typing() -> None:
    app = PickApp(*MANY)
    async with app.run_test() as pilot:
        await type_text(pilot, "meaning 27")
        assert "Choice 27" in screen_text(app) and "Choice 2 " not in screen_text(app)
        await send(pilot, "enter")
        await settle(pilot)
        assert app.given == [("key27",)]


async def test_marks_outlive_a_search() -> None:
    app = PickApp(*MANY, multiple=True)
    async with app.run_test() as pilot:
        await type_text(pilot, "27")
        await send(pilot, "enter", *(["backspace"] * 2), "enter", "escape")
        await settle(pilot)
        assert app.given == [("key0", "key27")]


@pytest.mark.parametrize("size", SIZES)
async def test_label_key_glyph_and_the_whole_meaning_are_shown(size: tuple[int, int]) -> None:
    app = PickApp(*VERDICTS)
    async with app.run_test(size=size) as pilot:
        await send(pilot, "down")
        shown = screen_text(app)
        assert "✗ Refuted" in shown and "[b]contradicts[/b]" in shown
        assert shown.count("More words.") > 6
