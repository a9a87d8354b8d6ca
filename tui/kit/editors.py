"""Where people type: one line or several. What was typed is handed over when the field is left, however it is left."""

from __future__ import annotations

import re
from typing import Any, Literal

from rich.text import Text
from textual import events
from textual.geometry import Region
from textual.message import Message
from textual.strip import Strip
from textual.widget import Widget
from textual.widgets import Input, TextArea

from tui.keys.actions import Scope
from tui.text.safe import safe

_CONTROL = re.compile(r"[\x00-\x08\x0b-\x1f\x7f-\x9f]")

Way = Literal["done", "entered", "next", "previous", "away"]
"""How a field was left: for good, by Enter, for its neighbours, or because the focus was taken elsewhere."""


class Left(Message):
    """A field was left. ``kept`` is False when what was typed is to be forgotten; ``value`` is then the old one."""

    def __init__(self, editor: LineEditor | TextEditor, value: str, kept: bool, way: Way) -> None:
        super().__init__()
        self.editor = editor
        self.value = value
        self.kept = kept
        self.way = way

    @property
    def control(self) -> Widget:
        return self.editor


class _Leaving:
    """Hands over once, on the first of the ways out."""

    SCOPE = Scope.EDITOR
    HINTS: tuple[str | tuple[str, str], ...] = ("save_field", "next_field", "drop_edit")
    _open = False
    _before = ""

    def begin(self: Any) -> None:
        """Typing begins: what the field holds now is what `action_drop_edit` puts back."""
        if not self._open:
            self._open = True
            self._before = self.typed

    def resume(self: Any) -> None:
        """Typing goes on: what was handed over could not be taken. What is put back stays the old value."""
        self._open = True

    def put_away(self: Any, way: Way = "away", kept: bool = True) -> None:
        """Hand over what was typed, unless that is done already."""
        if not self._open:
            return
        self._open = False
        if not kept:
            self.typed = self._before
        self.post_message(Left(self, self.typed, kept, way))

    def render_lines(self: Any, crop: Region) -> list[Strip]:
        """As ever; a field that is taken away may be drawn once more, and has let go of its styles by then."""
        if not self.is_attached:
            return [Strip.blank(crop.width)] * crop.height
        lines: list[Strip] = super().render_lines(crop)  # type: ignore[misc]
        return lines

    def action_save_field(self) -> None:
        self.put_away("done")

    def action_next_field(self) -> None:
        self.put_away("next")

    def action_previous_field(self) -> None:
        self.put_away("previous")

    def action_drop_edit(self) -> None:
        self.put_away("done", kept=False)


class LineEditor(_Leaving, Input):
    """A field of one line. Enter leaves it as ``entered``. What is pasted keeps its words; line ends become spaces."""

    DEFAULT_CSS = """
    LineEditor { height: 1; border: none; padding: 0; background: $surface; }
    LineEditor:focus { border: none; background: $boost; background-tint: $foreground 8%; }
    """

    def __init__(self, value: str = "", *, placeholder: str = "", id: str | None = None) -> None:
        super().__init__(value, placeholder=placeholder, id=id, select_on_focus=False, compact=True)
        self.cursor_blink = False

    @property
    def typed(self) -> str:
        """What stands in the field."""
        return self.value

    @typed.setter
    def typed(self, value: str) -> None:
        self.value = value

    @property
    def _value(self) -> Text:
        return Text(safe(self.value), no_wrap=True, overflow="ignore", end="")

    def _on_paste(self, event: events.Paste) -> None:
        event.stop()
        event.prevent_default()
        self.replace(" ".join(_printable(event.text).split()), *self.selection)

    def on_focus(self) -> None:
        self.begin()

    def on_blur(self) -> None:
        self.put_away()

    async def action_submit(self) -> None:
        self.put_away("entered")


class TextEditor(_Leaving, TextArea):
    """A field of several lines, in any script. Enter begins a new line; Esc or Ctrl+S leaves."""

    DEFAULT_CSS = """
    TextEditor { border: none; padding: 0; background: $surface; }
    TextEditor:focus { border: none; }
    """

    def __init__(self, value: str = "", *, placeholder: str = "", id: str | None = None) -> None:
        super().__init__(value, soft_wrap=True, show_line_numbers=False, placeholder=placeholder, id=id, compact=True)
        self.cursor_blink = False
        self._given, self._loaded = value, self.text

    @property
    def typed(self) -> str:
        """What stands in the field. A text nobody changed is given back as it came, whatever its line ends."""
        return self._given if self.text == self._loaded else self.text

    @typed.setter
    def typed(self, value: str) -> None:
        self.text = value
        self._given, self._loaded = value, self.text

    def get_line(self, line_index: int) -> Text:
        return Text(safe(super().get_line(line_index).plain), end="")

    async def _on_paste(self, event: events.Paste) -> None:
        event.prevent_default()
        event.stop()
        if pasted := self._replace_via_keyboard(_printable(event.text), *self.selection):
            self.move_cursor(pasted.end_location)

    def on_focus(self) -> None:
        self.begin()

    def on_blur(self) -> None:
        self.put_away()


def _printable(text: str) -> str:
    """Pasted text with a visible substitute for each control character in it; line ends are newlines."""
    lines = text.replace("\r\n", "\n").replace("\r", "\n")
    return _CONTROL.sub(lambda found: safe(found[0]), lines)
