"""A picker: one choice, or several, out of a few with their meaning beside them."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from tui.keys.keymap import canonical, display
from tui.kit.list_screen import Sheet, matches
from tui.kit.rows import Cell, Column
from tui.text.cells import cell_len
from tui.text.safe import safe

FIND_FROM = 13
"""So many choices and more get a line to find one in."""

_AROUND = 11
"""The lines of a picker that are not its rows: edges, title, the line to find, and what is told below."""

_KEYS = 16
"""The cells that the keys of a choice have at most; more keys are told below."""


@dataclass(frozen=True, slots=True)
class Choice:
    """Something to choose. ``glyph`` and ``tone`` are how it looks, ``hotkey`` is a character that takes it."""

    key: str
    label: str
    glyph: str = ""
    tone: str = ""
    hotkey: str = ""
    description: str = ""


class Picker(Sheet[tuple[str, ...] | None, Choice]):
    """Gives the keys that were chosen, or None when it is closed without a choice.

    With ``multiple``, Enter marks a row and takes the mark back, and closing gives all that are marked, in the
    order of the choices. ``chosen`` are the keys that are chosen already.
    """

    DEFAULT_CSS = """
    Picker > #sheet { height: auto; }
    Picker Rows { height: auto; min-height: 3; max-height: 20; }
    """

    def __init__(
        self,
        title: str,
        choices: Sequence[Choice],
        *,
        chosen: Iterable[str] = (),
        multiple: bool = False,
        finding: bool | None = None,
    ) -> None:
        label = min(32, max((cell_len(safe(choice.label)) for choice in choices), default=8))
        hotkey = min(_KEYS, max((cell_len(display(choice.hotkey)) for choice in choices if choice.hotkey), default=0))
        columns = (Column(width=2), Column(width=hotkey), Column(width=label + 2), Column(share=1))
        self._finding = finding = len(choices) >= FIND_FROM if finding is None else finding
        super().__init__(title, columns, finding=finding, verb="Mark" if multiple else "Choose")
        self.passing = False
        """Whether Tab leaves it with what was chosen before: for one of several fields gone through."""
        self._choices = list(choices)
        self._chosen = set(chosen)
        self._multiple = multiple
        self._hotkeys = {canonical(c.hotkey): i for i, c in enumerate(choices) if c.hotkey and not finding}

    def read(self) -> list[Choice]:
        self._fit()
        return self._choices

    def on_resize(self) -> None:
        self._fit()
        super().on_resize()

    def _fit(self) -> None:
        """Leave room below the rows for what the choice under the cursor means in full."""
        self.rows.styles.height = max(3, min(20, len(self._choices), self.app.size.height - _AROUND))

    def begin(self) -> int:
        return next((i for i, choice in enumerate(self.shown) if choice.key in self._chosen), 0)

    def found(self, words: str) -> list[Choice]:
        ranked = [(matches(words, choice.label, choice.description), choice) for choice in self.items]
        return [choice for rank, choice in sorted(ranked, key=lambda r: -r[0]) if rank]

    def cells(self, item: Choice) -> Sequence[Cell]:
        choice = item
        mark = "●" if choice.key in self._chosen else "○" if self._multiple else ""
        glyph = f"{choice.glyph} " if choice.glyph else ""
        return (
            [(mark, "accent")],
            [(display(choice.hotkey), "bold accent")],
            [(f"{glyph}{choice.label}", f"bold {choice.tone}")],
            [(choice.description, "muted")],
        )

    def detail(self, item: Choice | None) -> str:
        if item is None:
            return ""
        keys = display(item.hotkey)
        return f"{keys}: {item.description}" if cell_len(keys) > _KEYS else item.description

    def take(self, item: Choice) -> None:
        if not self._multiple:
            self.dismiss((item.key,))
            return
        self._chosen ^= {item.key}
        self.rows.touch(self.shown.index(item))

    def take_first(self, key: str) -> bool:
        """Take a choice by its own key, else by its place, counted from 1; Tab passes by where that is wanted."""
        if key == "tab" and self.passing:
            self.dismiss(tuple(choice.key for choice in self._choices if choice.key in self._chosen))
            return True
        index = self._hotkeys.get(key)
        if index is None and not self._finding and key in "123456789":
            index = int(key) - 1 if int(key) <= len(self.shown) else None
        if index is None:
            return False
        self.rows.move_to(index)
        self.take(self.shown[index])
        return True

    def action_close(self) -> None:
        marked = tuple(choice.key for choice in self._choices if choice.key in self._chosen)
        self.dismiss(marked if self._multiple else None)
