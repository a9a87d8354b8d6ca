"""Who else is here: the others are told where you are, and what the heads of the screens say of them."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from contextlib import suppress

from store.desk import Desk
from store.errors import Refused
from store.who_is_here import Present
from tui.kit.styled_text import TITLE_CELLS, Piece, shorten, width_of

LOOK_SECONDS = 1.0
"""How often others are told where you are, and looked for."""

HERE = "●"
TONE = "secondary"
_NAME, _SHORT = 24, 12  # cells of a name where there is room for it, and where there is less
SOMEBODY = "somebody"
"""Who blind review gives no name."""


class Company:
    """Everybody at a desk but you."""

    def __init__(self, desk: Desk, where: Callable[[], str], changed: Callable[[], object]) -> None:
        """``where`` gives the id of the article you work on, or nothing; ``changed`` is called when others come, go or
        move."""
        self._desk = desk
        self._where = where
        self._changed = changed
        self.present: list[Present] = []
        """The others, those first who came first."""

    def look(self) -> None:
        """Say where you are, and see where the others are."""
        with suppress(Refused):  # what is wrong with the file is said where it is read and written
            self._desk.here.enter(self._where())
            present = self._desk.here.others()
            if present != self.present:
                self.present = present
                self._changed()

    def on(self, article: str) -> list[Present]:
        """Who is at work on an article, by its id."""
        return [one for one in self.present if one.article == article]

    def said(self, present: Sequence[Present], room: int) -> list[Piece]:
        """Who is here, in so many cells: where there is little room it is said shorter, or not at all, but not cut."""
        ways = ([(said, TONE)] for said in ways_to_say(present, self._desk.reviewer.id))
        return next((way for way in ways if width_of(way) <= room), [])

    def head(self, article: str, cells: int, beside: Sequence[Piece]) -> list[Piece]:
        """What the head of an article, by its id, says of those at work on it, before what stands ``beside`` it; the
        title keeps some of its so many cells."""
        found = self.said(self.on(article), cells - width_of(beside) - TITLE_CELLS)
        return [*found, (" ·", "muted")] if found else []


def ways_to_say(present: Sequence[Present], me: str) -> list[str]:
    """Who is here, in ever fewer words; none where nobody is. ``me`` is the id of who looks."""
    others = sorted((one for one in present if one.person.id != me), key=lambda one: not one.person)
    if not others:
        return [f"{HERE} you here too"] if present else []
    names = list(dict.fromkeys(one.person or SOMEBODY for one in others))
    first, more = names[0], len(names) - 1
    if SOMEBODY in names[1:]:  # who may be several
        also, few = " and others", f"{HERE} others here"
    else:
        also, few = f" and {more} more" if more else "", f"{HERE} {len(names)} here"
    return [f"{HERE} {shorten(first, cells)}{also} here" for cells in (_NAME, _SHORT)] + ([few] if more else [HERE])
