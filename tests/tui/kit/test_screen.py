"""What every screen has: keys in their order, hints, a palette, help, and refusals in words."""

from __future__ import annotations

import pytest
from rich.cells import cell_len
from textual import events
from textual.app import App, ComposeResult
from textual.containers import Container
from textual.message import Message
from textual.widget import Widget

from store.errors import Nobody, Refused
from store.glossary import TERMS
from tests.kit.pilot import SIZES, screen_text, send, settle, type_text
from tui.keys.actions_and_keys import ACTIONS, Scope
from tui.kit.command_palette import Palette
from tui.kit.desk_app import DeskApp
from tui.kit.editors import Left, LineEditor
from tui.kit.help import HelpScreen
from tui.kit.hint_line import HintLine
from tui.kit.list_screen import Sheet
from tui.kit.rows import Column, Rows
from tui.kit.screen import DeskScreen


class Hand:
    """Stands for a handler of such a place."""

    def __init__(self, text: Text) -> None:
        self.text = text

    def action_verdict(self, place: int) -> None:
        self.text.screen.done.append(f"verdict {place}")  # type: ignore[attr-defined]

    def action_nudge(self, edge: str, step: str, on: bool) -> None:
        self.text.screen.done.append(f"{edge} {'on' if on else 'back'} by a {step}")  # type: ignore[attr-defined]

    def action_tag(self) -> None:
        self.text.screen.done.append("tag")  # type: ignore[attr-defined]


class Text(Widget, can_focus=True):
    """Stands for a place with keys of its own."""

    handlers: tuple[object, ...] = ()

    SCOPE = Scope.CHECK
    HINTS = ("tag", ("justify", "Why"), "text_start")

    class Asked(Message):
        pass

    def action_tag(self) -> None:
        if self.handlers:
            raise AssertionError("its handlers are asked first")
        self.screen.done.append("tag")  # type: ignore[attr-defined]

    async def action_text_start(self) -> None:
        self.screen.done.append("text_start")  # type: ignore[attr-defined]

    def action_justify(self) -> None:
        self.screen.query_one(LineEditor).focus()

    def action_edit_claim(self) -> None:
        self.post_message(self.Asked())

    def action_delete(self) -> None:
        self.screen.done.append("delete")  # type: ignore[attr-defined]


class Around(Container):
    """Stands for what lies around such a place, with more keys for it."""

    SCOPE = Scope.TEXT


class Screen(DeskScreen[None]):
    SCOPE = Scope.ARTICLE

    def __init__(self) -> None:
        super().__init__()
        self.done: list[str] = []

    def body(self) -> ComposeResult:
        with Around():
            yield Text()
        yield LineEditor()
        yield Rows((Column(share=1),), lambda i: (f"row {i}",), 3)

    def on_mount(self) -> None:
        self.set_focus(self.query_one(Text))

    def on_left(self, event: Left) -> None:
        if event.value == "refuse me":
            raise Refused("Not now.")
        self.done.append(event.value)
        self.set_focus(self.query_one(Text))

    def on_text_asked(self) -> None:
        self.app.push_screen(Screen())

    def action_undo(self) -> None:
        raise Refused("Nothing [b]of yours[/b] is left to undo.\x1b")

    async def action_redo(self) -> None:
        raise Refused("There is nothing to redo.")

    def action_conflicts(self) -> None:
        self.run_worker(self._work, exit_on_error=False)

    async def _work(self) -> None:
        raise Refused("The work was refused.")

    def action_library(self) -> None:
        raise Nobody("Nobody has said who is working.")


class ScreenApp(DeskApp):
    asked = 0

    def on_mount(self) -> None:
        self.push_screen(Screen())

    def ask_name(self) -> None:
        self.asked += 1

    @property
    def top(self) -> Screen:
        assert isinstance(self.screen, Screen)
        return self.screen

    def said(self) -> list[str]:
        return [str(notification.message) for notification in self._notifications]


async def test_a_key_is_done_by_the_nearest_node_that_has_its_action() -> None:
    app = ScreenApp()
    async with app.run_test() as pilot:
        await send(pilot, "t", "g", "g", "ctrl+home")
        assert app.top.done == ["tag", "text_start", "text_start"]


async def test_a_key_reaches_a_handler_with_what_the_registry_says_of_it() -> None:
    app = ScreenApp()
    async with app.run_test() as pilot:
        text = app.top.query_one(Text)
        text.handlers = (Hand(text),)
        await send(pilot, "3", ",", "z", "l", "t")
        assert app.top.done == ["verdict 3", "end back by a word", "start on by a character", "tag"]


@pytest.mark.quick
async def test_a_burst_of_keys_means_the_same_as_the_keys_one_by_one() -> None:
    app = ScreenApp()
    async with app.run_test() as pilot:
        await send(pilot, "J", "d", "d", "?", "escape", "t", "J", "x", "ctrl+s", "d")
        assert app.top.done == ["dd?", "tag", "dd?x", "delete"]


@pytest.mark.quick
async def test_a_paste_stands_in_line_with_the_keys_around_it() -> None:
    app = ScreenApp()
    async with app.run_test() as pilot:
        long = "–thought–" * 2_000
        await send(pilot, "J", "d", events.Paste(long), "d", "ctrl+s", "t", "J", events.Paste("more"), "ctrl+s")
        assert app.top.done == [f"d{long}d", "tag", f"d{long}dmore"]


async def test_keys_wait_for_the_screen_that_a_key_before_them_opens() -> None:
    app = ScreenApp()
    async with app.run_test() as pilot:
        first = app.top
        await send(pilot, "t", "enter", "t", "t")
        assert app.top is not first
        assert (first.done, app.top.done) == (["tag"], ["tag", "tag"])


async def test_a_begun_sequence_is_shown_until_it_ends() -> None:
    app = ScreenApp()
    async with app.run_test() as pilot:
        await send(pilot, "g")
        assert " g …" in app.top.hint_line.text
        await send(pilot, "escape")
        assert " g …" not in app.top.hint_line.text
        assert app.top.done == []


async def test_escape_and_a_quick_key_that_arrive_as_one_are_two() -> None:
    app = ScreenApp()
    async with app.run_test() as pilot:
        await send(pilot, "J")
        await type_text(pilot, "abc")
        await send(pilot, "alt+t")
        assert app.top.done == ["abc", "tag"]


async def test_the_hint_line_follows_the_focus_and_always_ends_with_help() -> None:
    app = ScreenApp()
    async with app.run_test(size=(100, 24)) as pilot:
        await settle(pilot)
        assert app.top.hint_line.text.split() == ["t", "Tag", "J", "Why", "Ctrl+Home", "Start", "?", "Help"]
        await send(pilot, "J")
        assert app.top.hint_line.text.split()[:2] == ["Esc", "Done"]
        assert app.top.hint_line.text.split()[-2:] == ["F1", "Help"]
        await send(pilot, "escape")
        app.top.set_focus(app.top.query_one(Rows))
        await settle(pilot)
        assert app.top.hint_line.text.split()[:2] == ["Enter", "Open"]


class LineApp(App[None]):
    """One line of hints, in words of wide characters; what is clicked is written down."""

    def __init__(self) -> None:
        super().__init__()
        self.clicked: list[str] = []

    def compose(self) -> ComposeResult:
        line = HintLine()
        line.hint([("音", "音声音", "tag"), ("?", "Help", "help")])
        yield line

    def on_hint_line_clicked(self, event: HintLine.Clicked) -> None:
        self.clicked.append(event.action)


async def test_a_hint_can_be_clicked_on_every_cell_of_it() -> None:
    app = LineApp()
    async with app.run_test(size=(40, 3)) as pilot:
        await settle(pilot)
        row = app.query_one(HintLine).render_line(0).text
        begin = cell_len(row[: row.index("音")])
        found = []
        for x in range(begin - 1, begin + 11):
            app.clicked.clear()
            await pilot.click(HintLine, offset=(x, 0))
            await settle(pilot)
            found.append("".join(app.clicked))
        assert found == ["", *["tag"] * 9, "", ""]


@pytest.mark.parametrize("width", [4, 8, 20, 40])
async def test_the_hint_line_keeps_to_its_width(width: int) -> None:
    app = ScreenApp()
    async with app.run_test(size=(width, 5)) as pilot:
        await settle(pilot)
        assert app.top.hint_line.render_line(0).cell_length == width
        if width >= 20:
            assert app.top.hint_line.text.rstrip().endswith("? Help")


async def test_a_refusal_is_said_as_it_stands_and_the_screen_works_on() -> None:
    app = ScreenApp()
    async with app.run_test() as pilot:
        await send(pilot, "u", "ctrl+r", "C", "t")
        await pilot.pause()
        assert app.said() == [
            "Nothing [b]of yours[/b] is left to undo.␛",
            "There is nothing to redo.",
            "The work was refused.",
        ]
        assert all(not notification.markup for notification in app._notifications)
        assert app.top.done == ["tag"]


async def test_a_refusal_in_a_handler_or_a_callback_is_said_too() -> None:
    app = ScreenApp()
    async with app.run_test() as pilot:

        def refuse(*_: object) -> None:
            raise Refused("Not now.")

        await send(pilot, "J")
        await type_text(pilot, "refuse me")
        await send(pilot, "escape")
        assert app.said() == ["Not now."]
        app.push_screen(HelpScreen(app.keymap, [Scope.LIST]), refuse)
        await send(pilot, "escape")
        await settle(pilot)
        assert app.said() == ["Not now.", "Not now."]
        assert app.is_running


async def test_writing_without_a_name_asks_for_it_instead_of_refusing() -> None:
    app = ScreenApp()
    async with app.run_test() as pilot:
        await send(pilot, "Q")
        assert app.asked == 1
        assert app.said() == []


async def test_textuals_own_keys_do_nothing_of_their_own() -> None:
    app = ScreenApp()
    async with app.run_test() as pilot:
        await send(pilot, "ctrl+c", "tab")
        assert app.said() == []
        assert app.focused is app.top.query_one(Text)


# Palette


async def test_the_palette_lists_what_can_be_done_here_with_its_keys() -> None:
    app = ScreenApp()
    async with app.run_test(size=(120, 40)) as pilot:
        reachable = {action.id for action, _ in app.top.reachable()}
        assert {"tag", "undo", "row_down", "quit", "help", "text_start"} <= reachable
        assert not {"sweep", "save_field", "import_articles"} & reachable
        await send(pilot, "ctrl+p")
        assert isinstance(app.screen, Palette)
        shown = screen_text(app)
        assert "Ctrl+Home · g g" in shown and "To the start of the article." in shown


async def test_what_is_chosen_in_the_palette_is_done() -> None:
    app = ScreenApp()
    async with app.run_test() as pilot:
        screen = app.top
        await send(pilot, "ctrl+p")
        await type_text(pilot, "tag")
        await send(pilot, "enter")
        await settle(pilot)
        assert app.screen is screen
        assert screen.done == ["tag"]
        await send(pilot, "ctrl+p")
        await type_text(pilot, "undo")
        await send(pilot, "enter")
        await settle(pilot)
        assert app.said() == ["Nothing [b]of yours[/b] is left to undo.␛"]


async def test_the_palette_acts_on_panes_without_the_focus() -> None:
    app = ScreenApp()
    async with app.run_test() as pilot:
        await send(pilot, "ctrl+p")
        await type_text(pilot, "to the last row")
        await send(pilot, "enter")
        await settle(pilot)
        assert app.top.query_one(Rows).cursor == 2


async def test_the_palette_closes_by_its_own_key_and_by_escape() -> None:
    app = ScreenApp()
    async with app.run_test() as pilot:
        for key in ("ctrl+p", "escape"):
            await send(pilot, "ctrl+p")
            assert isinstance(app.screen, Palette)
            await send(pilot, key)
            assert isinstance(app.screen, Screen)


# Help


@pytest.mark.parametrize("size", SIZES)
async def test_help_fits_and_shows_the_keys_of_the_place_first(size: tuple[int, int]) -> None:
    app = ScreenApp()
    async with app.run_test(size=size) as pilot:
        await send(pilot, "?")
        assert isinstance(app.screen, HelpScreen)
        shown = screen_text(app)
        assert "Check" in shown
        assert "Tag the selection" in shown
        assert all(len(line) <= size[0] for line in shown.splitlines())


async def test_help_has_every_action_and_what_it_does_in_full() -> None:
    app = ScreenApp()
    async with app.run_test(size=(80, 24)) as pilot:
        await send(pilot, "?")
        assert isinstance(app.screen, Sheet)
        shown: list[str] = []
        for index in range(app.screen.rows.count):
            app.screen.rows.move_to(index)
            await settle(pilot)
            shown.append(app.screen.detail(app.screen.current))
        assert all(any(said.endswith(f": {action.help}") for said in shown) for action in ACTIONS)


async def test_help_explains_every_word_of_the_glossary() -> None:
    app = ScreenApp()
    async with app.run_test(size=(80, 24)) as pilot:
        await send(pilot, "?")
        assert isinstance(app.screen, Sheet)
        told = {app.screen.detail(item) for item in app.screen.shown}
        assert {f"{term.word}: {term.meaning}" for term in TERMS} <= told
        await type_text(pilot, "claimant")
        assert "The person or organisation" in screen_text(app)


async def test_help_is_searched_by_typing() -> None:
    app = ScreenApp()
    async with app.run_test(size=(80, 24)) as pilot:
        await send(pilot, "?")
        await type_text(pilot, "undo last")
        shown = screen_text(app)
        assert "Undo your last action" in shown
        assert "One character to the left" not in shown
        await type_text(pilot, " zebra")
        assert "No key or word matches." in screen_text(app)
        await send(pilot, "escape")
        assert isinstance(app.screen, Screen)
