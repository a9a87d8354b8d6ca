"""A picker: one choice, or several, out of a few with their meaning beside them."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from tui.keys.keymap import canonical, display
from tui.kit.rows import Cell, Column
from tui.kit.sheet import Sheet, matches
from tui.text.cells import cell_len
from tui.text.safe import safe

FIND_FROM = 13
"""So many choices and more get a line to find one in."""

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


class Picker(Sheet[tuple[str, ...] | None]):
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
        finding = len(choices) >= FIND_FROM if finding is None else finding
        super().__init__(title, columns, finding=finding, verb="Mark" if multiple else "Choose")
        self._choices = list(choices)
        self._shown = list(choices)
        self._chosen = set(chosen)
        self._multiple = multiple
        self._hotkeys = {canonical(c.hotkey): i for i, c in enumerate(choices) if c.hotkey and not finding}

    def begin(self) -> int:
        return next((i for i, choice in enumerate(self._shown) if choice.key in self._chosen), 0)

    def find(self, words: str) -> None:
        ranked = [(matches(words, choice.label, choice.description), choice) for choice in self._choices]
        self._shown = [choice for rank, choice in sorted(ranked, key=lambda r: -r[0]) if rank]
        self.rows.show(len(self._shown), self._cells, cursor=0)
        self.rows.styles.height = max(3, min(20, len(self._choices)))

    def _cells(self, index: int) -> Sequence[Cell]:
        choice = self._shown[index]
        mark = "●" if choice.key in self._chosen else "○" if self._multiple else ""
        glyph = f"{choice.glyph} " if choice.glyph else ""
        return (
            [(mark, "accent")],
            [(display(choice.hotkey), "bold accent")],
            [(f"{glyph}{choice.label}", f"bold {choice.tone}")],
            [(choice.description, "muted")],
        )

    def detail(self, index: int) -> str:
        choice = self._shown[index]
        keys = display(choice.hotkey)
        return f"{keys}: {choice.description}" if cell_len(keys) > _KEYS else choice.description

    def take(self, index: int) -> None:
        choice = self._shown[index]
        if not self._multiple:
            self.dismiss((choice.key,))
            return
        self._chosen ^= {choice.key}
        self.rows.touch(index)

    def take_first(self, key: str) -> bool:
        index = self._hotkeys.get(key)
        if index is None:
            return False
        self.rows.move_to(index)
        self.take(index)
        return True

    def action_close(self) -> None:
        marked = tuple(choice.key for choice in self._choices if choice.key in self._chosen)
        self.dismiss(marked if self._multiple else None)
