"""Fields: what was typed is handed over once, however the field is left."""

from __future__ import annotations

import pytest
from rich.style import Style
from textual import on
from textual.app import ComposeResult
from textual.geometry import Region
from textual.widgets import Static

from store.errors import Refused
from tests.kit.pilot import paste, screen_rows, screen_text, send, settle, type_text
from tui.keys.actions_and_keys import Scope
from tui.kit.desk_app import DeskApp
from tui.kit.editors import Left, LineEditor, TextEditor
from tui.kit.screen import DeskScreen

Editor = LineEditor | TextEditor


class FieldScreen(DeskScreen[None]):
    SCOPE = Scope.PANEL

    def __init__(self, editor: Editor) -> None:
        super().__init__()
        self.editor = editor
        self.left: list[tuple[str, str]] = []
        self.refusing = False

    def body(self) -> ComposeResult:
        yield self.editor
        yield LineEditor(id="other")
        yield Static("below", markup=False)

    def on_mount(self) -> None:
        self.set_focus(self.editor)

    @on(Left)
    def _left(self, event: Left) -> None:
        if event.editor is self.editor:
            self.left.append((event.value, event.way))
        if self.refusing:
            raise Refused("That cannot be.")


class FieldApp(DeskApp):
    field: FieldScreen

    def __init__(self, kind: type[LineEditor] | type[TextEditor], value: str = "before") -> None:
        super().__init__()
        self.kind = kind
        self.value = value

    def on_mount(self) -> None:
        self.field = FieldScreen(self.kind(self.value))
        self.push_screen(self.field)


@pytest.fixture(params=[LineEditor, TextEditor])
def app(request: pytest.FixtureRequest) -> FieldApp:
    return FieldApp(request.param)


@pytest.mark.parametrize(
    ("key", "way"), [("escape", "left"), ("ctrl+s", "done"), ("tab", "next"), ("shift+tab", "previous")]
)
async def test_leaving_by_any_key_hands_over_what_was_typed(app: FieldApp, key: str, way: str) -> None:
    async with app.run_test(size=(60, 12)) as pilot:
        await send(pilot, "end")
        await type_text(pilot, " after")
        await send(pilot, key)
        assert app.field.left == [("before after", way)]


async def test_losing_the_focus_hands_over_and_leaving_afterwards_does_not_again(app: FieldApp) -> None:
    async with app.run_test(size=(60, 12)) as pilot:
        await send(pilot, "end")
        await type_text(pilot, "!")
        app.field.set_focus(app.field.query_one("#other"))
        await settle(pilot)
        await send(pilot, "escape")
        assert app.field.left == [("before!", "away")]


async def test_what_is_put_back_can_be_undone(app: FieldApp) -> None:
    async with app.run_test(size=(60, 12)) as pilot:
        await send(pilot, "home")
        await type_text(pilot, "wrong ")
        await send(pilot, "ctrl+b")
        assert app.field.editor.typed == "before"
        await send(pilot, "ctrl+z")
        assert app.field.editor.typed == "wrong before"
        await send(pilot, "ctrl+y", "escape")
        assert app.field.left == [("before", "left")]


async def test_typing_is_undone_and_redone_word_by_word_and_no_further_than_the_field(app: FieldApp) -> None:
    async with app.run_test(size=(60, 12)) as pilot:
        await send(pilot, "end")
        await type_text(pilot, " it")
        await send(pilot, "backspace", "ctrl+z")
        assert app.field.editor.typed == "before it"
        await send(pilot, *["ctrl+z"] * 9)
        assert app.field.editor.typed == "before" and app.field.left == []
        await send(pilot, *["ctrl+y"] * 9)
        assert app.field.editor.typed == "before i"
        await type_text(pilot, "f")
        await send(pilot, "ctrl+y", "escape")
        assert app.field.left == [("before if", "left")]


async def test_cut_takes_what_is_selected_and_nothing_else(app: FieldApp) -> None:
    async with app.run_test(size=(60, 12)) as pilot:
        await send(pilot, "end", "ctrl+x")
        assert app.field.editor.typed == "before" and app.clipboard == ""
        await send(pilot, "shift+left", "shift+left", "ctrl+x")
        assert app.field.editor.typed == "befo" and app.clipboard == "re"
        await send(pilot, "home", "ctrl+v", "ctrl+z", "ctrl+z")
        assert app.field.editor.typed == "before"


async def test_what_is_typed_in_one_burst_with_its_end_is_whole(app: FieldApp) -> None:
    async with app.run_test(size=(60, 12)) as pilot:
        await send(pilot, "end", "a", "b", "←", "c", "escape", "d")
        assert app.field.left == [("beforeacb", "left")]


async def test_printable_keys_never_become_commands(app: FieldApp) -> None:
    async with app.run_test(size=(60, 12)) as pilot:
        await send(pilot, "end")
        await type_text(pilot, "?qdeRi gg1")
        assert app.screen is app.field
        assert app.field.editor.typed == "before?qdeRi gg1"


@pytest.mark.parametrize("text", ["жителі міста", "서울에서", "مرحبا", "e\u0301क्षि", "👩‍👩‍👧‍👦🇫🇷", "[bold]x[/]"])
async def test_any_script_can_be_pasted(app: FieldApp, text: str) -> None:
    async with app.run_test(size=(60, 12)) as pilot:
        await send(pilot, "end")
        await paste(pilot, text)
        await send(pilot, "escape")
        assert app.field.left == [("before" + text, "left")]


async def test_several_lines_stay_lines_in_the_one_and_become_words_in_the_other(app: FieldApp) -> None:
    async with app.run_test(size=(60, 12)) as pilot:
        await send(pilot, "end")
        await paste(pilot, " one\r\ntwo\nthree")
        await send(pilot, "ctrl+s")
        value = app.field.left[0][0]
        if isinstance(app.field.editor, LineEditor):
            assert value == "beforeone two three"
        else:
            assert value == "before one\ntwo\nthree"


async def test_control_characters_that_are_pasted_stay_in_sight_as_substitutes(app: FieldApp) -> None:
    async with app.run_test(size=(60, 12)) as pilot:
        await send(pilot, "end")
        await paste(pilot, "\x1b]0;t\x07 two\x1b[31m\x9b2J\x7f\x00\x1c.\u202e")
        shown = screen_text(app)
        assert "before␛]0;t␇ two␛[31m\ufffd2J␡␀␜.·" in shown and "\x1b" not in shown
        await type_text(pilot, "!")
        await send(pilot, "ctrl+s")
        assert app.field.left == [("before␛]0;t␇ two␛[31m\ufffd2J␡␀␜.\u202e!", "done")]


async def test_enter_leaves_the_one_and_begins_a_line_in_the_other(app: FieldApp) -> None:
    async with app.run_test(size=(60, 12)) as pilot:
        await send(pilot, "end", "enter", "x", "escape")
        if isinstance(app.field.editor, LineEditor):
            assert app.field.left[0] == ("before", "entered")
        else:
            assert app.field.left == [("before\nx", "left")]


@pytest.mark.parametrize("text", ["a\u2028b", "a\x0bb\x0cc", "a\x85b", "one\r\ntwo\n"])
async def test_a_text_nobody_changed_comes_back_as_it_was(text: str) -> None:
    app = FieldApp(TextEditor, text)
    async with app.run_test(size=(60, 12)) as pilot:
        await send(pilot, "down", "end", "escape")
        assert app.field.left == [(text, "left")]


async def test_hostile_text_is_shown_as_substitutes() -> None:
    for kind in (LineEditor, TextEditor):
        app = FieldApp(kind, "a\x1b[2Jb\u202ec")
        async with app.run_test(size=(60, 12)) as pilot:
            await settle(pilot)
            shown = screen_text(app)
            assert "a␛[2Jb·c" in shown
            assert "\x1b" not in shown and "\u202e" not in shown


async def test_quitting_saves_what_is_being_typed(app: FieldApp) -> None:
    async with app.run_test(size=(60, 12)) as pilot:
        await send(pilot, "end")
        await type_text(pilot, "!")
        await send(pilot, "ctrl+q")
        assert app.field.left == [("before!", "away")]
    assert app.return_code == 0


async def test_quitting_waits_when_what_is_typed_cannot_be_saved(app: FieldApp) -> None:
    async with app.run_test(size=(60, 12)) as pilot:
        app.field.refusing = True
        await type_text(pilot, "x")
        await send(pilot, "ctrl+q")
        assert app.is_running and app.return_code is None
        assert "x" in app.field.editor.typed
        app.field.refusing = False
        await send(pilot, "ctrl+q")
    assert app.return_code == 0


async def test_a_field_that_is_taken_away_can_be_drawn_until_the_screen_is_arranged_without_it(app: FieldApp) -> None:
    async with app.run_test() as pilot:
        await settle(pilot)
        editor = app.field.editor
        await editor.remove()
        drawn = editor.render_lines(Region(0, 0, 10, 2))
        assert [strip.text for strip in drawn] == [" " * 10] * 2


@pytest.mark.parametrize("kind", [LineEditor, TextEditor])
@pytest.mark.parametrize("colours", ["none", "sixteen"])
async def test_where_colours_are_few_the_caret_and_what_is_selected_are_seen(
    monkeypatch: pytest.MonkeyPatch, kind: type[LineEditor] | type[TextEditor], colours: str
) -> None:
    if colours == "none":
        monkeypatch.setenv("NO_COLOR", "1")
    app = FieldApp(kind, "before")
    if colours == "sixteen":
        app.theme = "ansi-dark"
    async with app.run_test() as pilot:
        await send(pilot, "home", "shift+right", "shift+right")
        row = app.field.editor.region.y
        looks = {}
        x = app.field.editor.region.x
        for segment in screen_rows(app)[row]:
            for _ in segment.text:
                style = segment.style or Style()
                looks[x] = (bool(style.reverse), bool(style.underline))
                assert all(part is None or part.is_default for part in (style.color, style.bgcolor))
                x += 1
        selected, caret, plain = looks[0], looks[2], looks[4]
        assert selected[0] and caret[0] and not plain[0]
        assert selected != caret
