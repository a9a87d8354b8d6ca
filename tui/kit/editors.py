"""Where people type: one line or several. What was typed is handed over when the field is left, however it is left.

While it is typed it is kept as a draft, where the field has a name; a draft that is found is put back into its field.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from os.path import commonprefix
from typing import TYPE_CHECKING, Any, Literal

from rich.text import Text
from textual import events
from textual.geometry import Region
from textual.message import Message
from textual.strip import Strip
from textual.timer import Timer
from textual.widget import Widget
from textual.widgets import Input, TextArea

from store.errors import Refused
from tui.keys.actions_and_keys import Scope
from tui.kit.screen import host_of, way
from tui.text.safe import safe

_CONTROL = re.compile(r"[\x00-\x08\x0b-\x1f\x7f-\x9f]")

if TYPE_CHECKING:
    from store.drafts import Drafts

DRAFT_SECONDS = 1.0
"""Seconds after which what is being typed is kept as a draft."""

_STEPS = 500

Way = Literal["done", "left", "entered", "next", "previous", "away"]
"""How a field was left: to have it done (Ctrl+S), only to leave it (Esc), by Enter, for its neighbours, or because the
focus was taken elsewhere. What is decided by the words of a field is never decided because it was left."""


def deciding(verb: str, *, alone: bool = True) -> tuple[str | tuple[str, str], ...]:
    """The hints of a field whose words decide something, or are asked for; ``alone`` when it has no neighbours."""
    moving = () if alone else ("next_field",)
    return (("save_field", verb), ("leave_field", "Not now"), *moving, "undo_typing", "put_back")


class Left(Message):
    """A field was left; ``value`` is what it holds."""

    def __init__(self, editor: LineEditor | TextEditor, value: str, way: Way) -> None:
        super().__init__()
        self.editor = editor
        self.value = value
        self.way = way

    @property
    def control(self) -> Widget:
        return self.editor


class _Leaving:
    """Hands over once, on the first of the ways out."""

    SCOPE = Scope.EDITOR
    HINTS: tuple[str | tuple[str, str], ...] = (("leave_field", "Done"), "next_field", "undo_typing", "put_back")
    field = ""
    """What its draft is kept under; the empty text keeps none."""
    given: str | None = None
    """What it held before anything was typed; None for what it holds when typing begins."""
    take_theirs: Callable[[], object] | None = None
    """Puts what somebody else has saved in place of what is typed; None where nobody has."""
    _open = False
    _before = ""
    _offered = False
    _drafting: Timer | None = None

    def begin(self: Any) -> None:
        """Typing begins: what the field holds now is what `action_put_back` puts back."""
        if not self._open:
            self._open = True
            self._before = self.typed if self.given is None else self.given

    @property
    def changed(self: Any) -> bool:
        """Whether it holds something else than before the typing began."""
        return bool(self.typed != self._before)

    def resume(self: Any) -> None:
        """Typing goes on: what was handed over could not be taken. What is put back stays the old value."""
        self._open = True
        self.keep()

    def put_away(self: Any, way: Way = "away") -> None:
        """Hand over what was typed, unless that is done already."""
        if not self._open:
            return
        self._open = False
        self.post_message(Left(self, self.typed, way))

    def put_away_unless_back(self: Any) -> None:
        """Hand over when the focus has gone; not when the next key has brought it back before that was told here."""
        if not (self.is_attached and self.screen.focused is self):
            self.put_away()

    # The draft

    def _drafts(self: Any) -> Drafts | None:
        host = host_of(self)
        return host.drafts if self.field and host is not None else None

    def take_up(self: Any) -> str:
        """Put a draft that is kept of this field into it, as typing that can be undone; once. Gives when it was kept,
        in words; nothing when there is none."""
        if self._offered or (drafts := self._drafts()) is None:
            return ""
        self._offered = True
        draft = drafts.of(self.field)
        if draft is None or draft.text == self.typed:
            return ""
        self.retype(draft.text)
        from tui.text.dates import minute

        return minute(draft.at).removeprefix("today ")

    def offer(self: Any) -> None:
        """Take the draft of this field up, and say so."""
        if when := self.take_up():
            self.screen.say(f"Your draft of {when} is back in this field, not saved yet. Ctrl+Z removes it.")

    def keep_soon(self: Any) -> None:
        """Something was typed: keep it as a draft before long."""
        if self._drafting is None and self._open and self.field:
            self._drafting = self.set_timer(DRAFT_SECONDS, self._keep_in_time)

    def _keep_in_time(self: Any) -> None:
        if self._drafting is not None:  # else the words were saved while this call was on its way
            self.keep()

    def keep(self: Any) -> bool:
        """Keep what is typed as a draft; False when it cannot be kept."""
        if self._drafting is not None:
            self._drafting.stop()
            self._drafting = None
        if (drafts := self._drafts()) is None:
            return False
        if self.changed:
            return bool(self.app.keep_draft(self.field, self.typed))
        drafts.drop(self.field)
        return True

    def set_aside(self: Any, way: Way) -> None:
        """It was left, and saving it would have decided something: keep what is typed, and say how it is said."""
        self.keep()
        if way != "away":
            key = self.screen.keymap.key_of(Scope.EDITOR, "save_field")
            self.screen.say(f"Nothing was sent yet. Your words stay here: {key} in the field says it.")

    def turn_to(self: Any, field: str) -> None:
        """Be another field from now on. What was typed and not saved stays a draft of the one it was, if it can be."""
        if self.keep():
            self.typed = self.given or ""
        self.field, self._offered = field, False

    def forget(self: Any) -> None:
        """What was typed is saved, or was taken out again: nothing need be kept of it."""
        if self._drafting is not None:
            self._drafting.stop()
            self._drafting = None
        if (drafts := self._drafts()) is not None:
            drafts.drop(self.field)

    def action_save_field(self) -> None:
        self.put_away("done")

    def action_leave_field(self) -> None:
        self.put_away("left")

    def action_next_field(self) -> None:
        self.put_away("next")

    def action_previous_field(self) -> None:
        self.put_away("previous")

    def action_edit_outside(self: Any) -> None:
        """Go on in the editor of ``EDITOR``; what is typed so far is kept as a draft before."""
        from tui.kit.external_editor import edited_outside

        self.keep()
        self.edited(edited_outside(self.app, self.typed))
        self.app.refresh(layout=True)

    def action_take_theirs(self) -> None:
        if self.take_theirs is None:
            raise Refused("Nobody else has saved anything in this field since you opened it.")
        self.take_theirs()

    def action_open_fields(self: Any) -> None:
        """Have the form open the fields that it has folded."""
        if (do := way(self.screen, "open_fields")) is None:
            raise Refused("Nothing is folded here: all fields are open.")
        do()

    def action_put_back(self: Any) -> None:
        if self.changed:
            self.retype(self._before)


class _Steps:
    """The values of a line before each step of typing: undoing goes back through them, redoing forward again."""

    def __init__(self) -> None:
        self._back: list[str] = []
        self._forward: list[str] = []
        self._kind = ""
        self._going = False

    def took(self, old: str, new: str) -> None:
        """The line has changed. Letters typed or deleted one after the other are one step, up to the next space."""
        if self._going:
            self._going = False
            return
        longer = len(new) - len(old)
        typed = new[_shared(old, new)] if longer == 1 else ""
        kind = {1: "" if typed.isspace() else "typed", -1: "deleted"}.get(longer, "")
        if not kind or kind != self._kind or not self._back:
            self._back = [*self._back[-_STEPS:], old]
        self._kind = kind
        self._forward.clear()

    def go(self, now: str, *, back: bool) -> str | None:
        """The value a step back or forward from ``now``; None when there is none."""
        there, behind = (self._back, self._forward) if back else (self._forward, self._back)
        if not there:
            return None
        behind.append(now)
        self._kind, self._going = "", there[-1] != now
        return there.pop()


class LineEditor(_Leaving, Input):
    """A field of one line. Enter leaves it as ``entered``. What is pasted keeps its words; line ends become spaces."""

    DEFAULT_CSS = """
    LineEditor { height: 1; border: none; padding: 0; background: $surface; }
    LineEditor:focus { border: none; background: $boost; background-tint: $foreground 8%; }
    LineEditor:ansi > .input--cursor, LineEditor:nocolor > .input--cursor {
        color: ansi_default; background: ansi_default; text-style: reverse;
    }
    LineEditor:ansi > .input--selection, LineEditor:nocolor > .input--selection {
        color: ansi_default; background: ansi_default; text-style: reverse underline;
    }
    LineEditor:ansi > .input--placeholder, LineEditor:nocolor > .input--placeholder {
        color: ansi_default; text-style: italic;
    }
    """

    def __init__(self, value: str = "", *, placeholder: str = "", id: str | None = None) -> None:
        self._steps = _Steps()
        super().__init__(value, placeholder=placeholder, id=id, select_on_focus=False, compact=True)
        self.cursor_blink = False
        self._steps = _Steps()

    @property
    def typed(self) -> str:
        """What stands in the field."""
        return self.value

    @typed.setter
    def typed(self, value: str) -> None:
        self.value = value
        self._steps = _Steps()

    def watch_value(self, old: str, new: str) -> None:
        self._steps.took(old, new)
        self.keep_soon()

    def retype(self, text: str) -> None:
        """Put a text in place of all that is typed, as a step that can be undone."""
        self.value = text
        self.cursor_position = len(text)

    def edited(self, text: str) -> None:
        """Take what was written elsewhere."""
        if (words := " ".join(_printable(text).split())) != self.value:
            self.retype(words)

    def action_cut(self) -> None:
        if not self.selection.is_empty:
            super().action_cut()

    def action_undo_typing(self) -> None:
        self._go(back=True)

    def action_redo_typing(self) -> None:
        self._go(back=False)

    def _go(self, *, back: bool) -> None:
        now = self.value
        there = self._steps.go(now, back=back)
        if there is not None:
            self.value = there
            # Behind what came back, or where something went.
            tail = _shared(now[::-1], there[::-1])
            self.cursor_position = max(len(there) - tail, _shared(now, there))

    @property
    def _value(self) -> Text:
        return Text(safe(self.value), no_wrap=True, overflow="ignore", end="")

    def _on_paste(self, event: events.Paste) -> None:
        event.stop()
        event.prevent_default()
        self.replace(" ".join(_printable(event.text).split()), *self.selection)

    def render_lines(self, crop: Region) -> list[Strip]:
        return super().render_lines(crop) if self.is_attached else _blank(crop)

    def on_focus(self) -> None:
        self.begin()
        self.offer()

    def on_blur(self) -> None:
        self.put_away_unless_back()

    async def action_submit(self) -> None:
        self.put_away("entered")


class TextEditor(_Leaving, TextArea):
    """A field of several lines, in any script. Enter begins a new line; Esc or Ctrl+S leaves."""

    DEFAULT_CSS = """
    TextEditor { border: none; padding: 0; background: $surface; }
    TextEditor:focus { border: none; }
    TextEditor:ansi .text-area--cursor, TextEditor:nocolor .text-area--cursor {
        color: ansi_default; background: ansi_default; text-style: reverse;
    }
    TextEditor:ansi .text-area--selection, TextEditor:nocolor .text-area--selection {
        color: ansi_default; background: ansi_default; text-style: reverse underline;
    }
    TextEditor:ansi .text-area--cursor-line, TextEditor:nocolor .text-area--cursor-line {
        color: ansi_default; background: ansi_default;
    }
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

    def on_text_area_changed(self) -> None:
        self.keep_soon()

    def retype(self, text: str) -> None:
        """Put a text in place of all that is typed, as a step that can be undone."""
        self.history.checkpoint()
        if changed := self._replace_via_keyboard(text, (0, 0), self.document.end):
            self.move_cursor(changed.end_location)
        self.history.checkpoint()

    def edited(self, text: str) -> None:
        """Take what was written elsewhere."""
        if text != self.typed:
            self.retype(_printable(text))

    def action_cut(self) -> None:
        if not self.selection.is_empty:
            super().action_cut()

    def action_undo_typing(self) -> None:
        self.undo()

    def action_redo_typing(self) -> None:
        self.redo()

    def get_line(self, line_index: int) -> Text:
        return Text(safe(super().get_line(line_index).plain), end="")

    async def _on_paste(self, event: events.Paste) -> None:
        event.prevent_default()
        event.stop()
        if pasted := self._replace_via_keyboard(_printable(event.text), *self.selection):
            self.move_cursor(pasted.end_location)

    def render_lines(self, crop: Region) -> list[Strip]:
        return super().render_lines(crop) if self.is_attached else _blank(crop)

    def on_focus(self) -> None:
        self.begin()
        self.offer()

    def on_blur(self) -> None:
        self.put_away_unless_back()


def _blank(crop: Region) -> list[Strip]:
    """A field that is taken away may be drawn once more, and has let go of its styles by then."""
    return [Strip.blank(crop.width)] * crop.height


def _shared(one: str, other: str) -> int:
    """How many code points two texts begin with alike."""
    return len(commonprefix((one, other)))  # noqa: RUF071 (characters are meant)


def _printable(text: str) -> str:
    """Pasted text with a visible substitute for each control character in it; line ends are newlines."""
    lines = text.replace("\r\n", "\n").replace("\r", "\n")
    return _CONTROL.sub(lambda found: safe(found[0]), lines)
