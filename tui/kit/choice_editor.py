"""A field of a form that holds one of a few words, each taken by a key."""

from __future__ import annotations

from collections.abc import Sequence
from typing import ClassVar, NamedTuple

from textual import events
from textual.binding import Binding, BindingType
from textual.strip import Strip

from store.errors import Refused
from tui.kit.editors import LineEditor
from tui.kit.styled_text import Piece, Tones, fit_pieces, width_of


class Option(NamedTuple):
    """A word to choose. ``key`` is what is stored, ``hotkey`` the character that takes it."""

    key: str
    label: str
    hotkey: str
    tone: str = ""


class ChoiceEditor(LineEditor, inherit_bindings=False):
    """All choices in one line. Their keys or the arrows choose; Backspace takes the choice back where it may be empty.

    ``also`` are further characters for choices: what a keyboard has for a sign it lacks.
    """

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("left", "option_before", show=False),
        Binding("right", "option_after", show=False),
        Binding("backspace,delete", "no_option", show=False),
        Binding("enter", "submit", show=False),
    ]

    def __init__(
        self,
        value: str,
        options: Sequence[Option],
        *,
        may_be_empty: bool = False,
        also: Sequence[tuple[str, str]] = (),
    ) -> None:
        # Textual draws and styles while it takes the first value.
        self._options = tuple(options)
        self._may_be_empty = may_be_empty
        self._by_character = {option.hotkey: option.key for option in options} | dict(also)
        self._tones = Tones(self)
        super().__init__(value)

    @property
    def labels(self) -> str:
        """All its choices in words, which tell one set of choices from another."""
        return " ".join(option.label for option in self._options)

    async def _on_key(self, event: events.Key) -> None:
        event.prevent_default()
        chosen = self._by_character.get(event.character or "")
        if event.is_printable:
            event.stop()
            self.value = self.value if chosen is None else chosen

    def action_edit_outside(self) -> None:
        raise Refused("There is nothing to write here: ← and → choose.")

    def action_option_before(self) -> None:
        self._step(-1)

    def action_option_after(self) -> None:
        self._step(1)

    def action_no_option(self) -> None:
        if self._may_be_empty:
            self.value = ""

    def _step(self, by: int) -> None:
        keys = [option.key for option in self._options]
        at = keys.index(self.value) + by if self.value in keys else 0 if by > 0 else -1
        self.value = keys[at % len(keys)]

    def _on_paste(self, event: events.Paste) -> None:
        event.stop()
        event.prevent_default()

    async def _on_click(self, event: events.Click) -> None:
        event.prevent_default()
        x = event.x
        for option in self._options:
            width = width_of(self._option(option))
            if 0 <= x < width:
                self.value = option.key
            x -= width

    async def _on_mouse_down(self, event: events.MouseDown) -> None:
        event.prevent_default()

    async def _on_mouse_move(self, event: events.MouseMove) -> None:
        event.prevent_default()

    async def _on_mouse_up(self, event: events.MouseUp) -> None:
        event.prevent_default()

    def _option(self, option: Option) -> list[Piece]:
        """An option as it is drawn: its key, its word, and how it stands out when it is the one chosen."""
        chosen = option.key == self.value
        tone = f"bold {option.tone}" if chosen else "muted"
        if self.has_focus and (chosen or (not self.value and option is self._options[0])):
            tone += " reverse"
        return [("●" if chosen else "◦", tone), (f" {option.hotkey} {option.label}", tone), ("   ", "")]

    def render_line(self, y: int) -> Strip:
        cells = self.size.width
        pieces = [piece for option in self._options for piece in self._option(option)]
        return self._tones.strip(fit_pieces(pieces, cells), cells)

    def notify_style_update(self) -> None:
        self._tones.forget()
        super().notify_style_update()


class ManyEditor(ChoiceEditor):
    """As `ChoiceEditor` where there are too many choices for a line: the chosen one is shown, and its place.

    A letter takes the next choice that begins with it.
    """

    async def _on_key(self, event: events.Key) -> None:
        event.prevent_default()
        if event.is_printable:
            event.stop()
            keys = [option.key for option in self._options]
            at = keys.index(self.value) if self.value in keys else -1
            letter = (event.character or "").casefold()
            self.value = next((key for key in (*keys[at + 1 :], *keys) if key.startswith(letter)), self.value)

    async def _on_click(self, event: events.Click) -> None:
        event.prevent_default()
        self._step(1)

    def render_line(self, y: int) -> Strip:
        keys = [option.key for option in self._options]
        place = f"   {keys.index(self.value) + 1} of {len(keys)}" if self.value in keys else ""
        tone = "bold reverse" if self.has_focus else "bold"
        pieces: list[Piece] = [("← ", "muted"), (f" {self.value} ", tone), (" →", "muted"), (place, "muted")]
        return self._tones.strip(fit_pieces(pieces, self.size.width), self.size.width)
