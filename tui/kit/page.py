"""Lines of text for a width of cells, and where each field stands in them: what panels are written on.

Lines and columns are cells, counted from the top left. Nothing here reads a desk or draws.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import NamedTuple

from tui.kit.styled_text import Piece, shorten, width_of
from tui.text.layout import Layout

VALUE = 11  # where values begin: a cell for the cursor's bar, the labels and a gap
STACKED = 44  # below this width long texts stand under their label
MOST_ROWS = 200  # of one text; its editor shows the rest


class Place(NamedTuple):
    """Where the panel's cursor can stand: a field of the claim by its name, or a record by kind and id."""

    kind: str
    id: str = ""


class Slot(NamedTuple):
    """A stretch of one line. ``place`` is None where the cursor cannot stand."""

    place: Place | None
    cells: int
    pieces: Sequence[Piece]


class Box(NamedTuple):
    """Where an editor goes, in cells."""

    x: int
    y: int
    width: int


@dataclass(frozen=True, slots=True)
class Edited:
    """The place that is being edited, and how many rows its editor takes."""

    place: Place
    rows: int


@dataclass
class Page:
    """The lines, the places in the order of the cursor, each with its first and last line, and the editor's box."""

    width: int
    lines: list[tuple[Slot, ...]] = field(default_factory=list)
    places: list[Place] = field(default_factory=list)
    extents: dict[Place, tuple[int, int]] = field(default_factory=dict)
    box: Box | None = None


def wrapped(text: str, cells: int, most: int = MOST_ROWS) -> list[str]:
    """Text in rows of so many cells, made safe; when there is more than ``most`` rows of it, an ellipsis behind a word
    ends the last."""
    cells = max(1, cells)
    head = text[: most * cells * 4 + 64]
    layout = Layout(head, cells)
    found = (layout.row(number) for number in range(min(layout.rows, most)))
    rows = [row.shown(row.start, row.end).rstrip() for row in found]
    if layout.rows > most or len(head) < len(text):
        words, space, _ = rows[-1].rpartition(" ")
        last = words.rstrip() if space and width_of([(rows[-1], "")]) >= cells else rows[-1]
        rows[-1] = shorten(last + "…", cells)
    return rows


def side_by_side(left: Page, right: Page, gap: int) -> Page:
    """Two pages as the columns of one, so many cells apart; the cursor goes through the left one first."""
    page = Page(left.width + gap + right.width, places=[*left.places, *right.places])
    page.extents = {**left.extents, **right.extents}
    page.box = left.box or (right.box and right.box._replace(x=right.box.x + left.width + gap))
    for number in range(max(len(left.lines), len(right.lines))):
        slots = left.lines[number] if number < len(left.lines) else ()
        free = left.width + gap - sum(slot.cells for slot in slots)
        beside = right.lines[number] if number < len(right.lines) else ()
        page.lines.append((*slots, Slot(None, free, [(" ", "")]), *beside))
    return page


class PageWriter:
    """Writes a page, line after line.

    Args:
        width: the room there is, in cells.
        key: gives the key of an action as people know it.
        edited: the place being edited; room is left there for its editor.
        drafts: texts that were typed and could not be saved.
    """

    def __init__(
        self,
        width: int,
        key: Callable[[str], str],
        edited: Edited | None = None,
        drafts: Mapping[Place, str] | None = None,
    ) -> None:
        self.page = Page(width)
        self._width = width
        self._key = key
        self._edited = edited
        self._drafts = drafts or {}
        self._value = VALUE if width >= 24 else 2
        self._inset = 2 if width < STACKED else self._value

    def _line(self, place: Place | None, pieces: Sequence[Piece]) -> None:
        self._slots(Slot(place, self._width, pieces))

    def _slots(self, *slots: Slot) -> None:
        page = self.page
        number = len(page.lines)
        page.lines.append(slots)
        for slot in slots:
            if slot.place is None:
                continue
            if slot.place not in page.extents:
                page.places.append(slot.place)
                page.extents[slot.place] = (number, number)
            else:
                page.extents[slot.place] = (page.extents[slot.place][0], number)

    def _said(self, rows: Sequence[str], x: int, tone: str, place: Place | None = None) -> None:
        for row in rows:
            self._line(place, [(" " * x, ""), (row, tone)])

    def _under(self, place: Place, text: str, tone: str = "") -> None:
        """A text of any length below what it belongs to; nothing for an empty one."""
        self._said(wrapped(text, self._width - 5) if text else [], 4, tone, place)

    def _labelled(self, label: str, value: Sequence[Piece]) -> list[Piece]:
        return [(f" {label:<{self._value - 2}} ", "muted"), *value]

    def _section(self, action: str, label: str, count: int, more: str = "") -> None:
        said: list[Piece] = [(str(count), "bold"), ("  ", "")] if count else []
        said += [(more, "accent"), ("  ", "")] if more else []
        key = self._key(action) or "Enter"
        self._line(Place(action), self._labelled(label, [*said, (f"{key} adds", "muted")]))

    def _text(self, place: Place, label: str, text: str, *, empty: str = "—", beside: bool = False) -> None:
        """A labelled text of any length, or the room for its editor."""
        stacked = not beside and self._width < STACKED
        x = 2 if stacked else self._value
        if self._edited and self._edited.place == place:
            if stacked:
                self._line(place, self._labelled(label, []))
            self._room(place, x, "" if stacked else label)
            return
        if place in self._drafts:
            self._unsaved(place, x, label)
            return
        rows = wrapped(text, self._width - x - 1) if text else []
        if not stacked or not rows:
            self._line(place, self._labelled(label, [(rows[0], "") if rows else (empty, "muted")]))
            rows = rows[1:]
        else:
            self._line(place, self._labelled(label, []))
        self._said(rows, x, "", place)

    def _room(self, place: Place, x: int, label: str = "") -> None:
        """Empty lines that an editor covers."""
        assert self._edited is not None
        self.page.box = Box(x, len(self.page.lines), max(4, self._width - x - 1))
        for number in range(self._edited.rows):
            self._line(place, self._labelled("" if number else label, []))

    def _composed(self, place: Place, x: int) -> bool:
        """The room for the editor of a text that has no label, or what was typed there and not saved."""
        if self._edited and self._edited.place == place:
            self._room(place, x)
        elif place in self._drafts:
            self._unsaved(place, x)
        else:
            return False
        return True

    def _unsaved(self, place: Place, x: int, label: str = "") -> None:
        said: Piece = ("not saved; Enter goes on", "bold warning")
        self._line(place, self._labelled(label, [said]) if label else [(" " * x, ""), said])
        self._said(wrapped(self._drafts[place], self._width - x - 1), x, "warning", place)
