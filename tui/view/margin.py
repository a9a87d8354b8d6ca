"""The margin: which claims begin, go on and end in a row, as signs in three lanes.

A claim's first row shows its verdict's glyph, the rows after it a bar, the last one the bar's foot. A claim of
several rows keeps its lane, so its bar runs straight; a claim of one row takes the nearest free place.
"""

from collections.abc import Collection, Sequence
from typing import NamedTuple

from tui.text.cells import cell_len
from tui.text.safe import safe
from tui.text.spans import LANES, Mark, SpanIndex

MARGIN = 1 + LANES + 1  # the text's state, the lanes, and a gap that says when there are more
RESIDUE, LEFTOVER, SWEPT_SIGN, MORE = "·", "◦", "–", "…"
"""An open sentence, a leftover of one in part, what is swept; and that there are more signs than fit."""
OPEN_SIGN, WIDE_GLYPH = "○", "●"
CLAIM_BAR, FOOT = ("│", "┃"), ("└", "┗")  # light, and heavy for the selected claim


class Sign(NamedTuple):
    """What stands in one cell of the margin, and for which claim."""

    glyph: str
    mark: Mark


def glyph_of(mark: Mark) -> str:
    """The one cell that stands for a claim's verdict."""
    if not mark.glyph:
        return OPEN_SIGN
    glyph = mark.glyph
    if glyph.isascii() and glyph.isprintable() and len(glyph) == 1:
        return glyph
    glyph = safe(glyph)
    return glyph if cell_len(glyph) == 1 else WIDE_GLYPH


def signs(
    marks: Sequence[Mark], lanes: SpanIndex, start: int, beyond: int, at_hand: str
) -> tuple[list[Sign | None], bool]:
    """The signs of a row that holds the text from ``start`` to ``beyond``, and whether some found no room.

    ``marks`` are the claims of the row in reading order. Where one claim ends and another begins in the same lane,
    the beginning is shown.
    """
    found: list[Sign | None] = [None] * LANES
    beginning: list[Mark] = []
    crowded = False
    for mark in marks:
        if mark.start >= start:
            beginning.append(mark)
            continue
        lane = lanes.lane(mark.id)
        if lane == LANES:
            crowded = True
        else:
            found[lane] = Sign((FOOT if mark.end <= beyond else CLAIM_BAR)[mark.id == at_hand], mark)
    free = _places_for(beginning, found, lanes, beyond)
    for mark, place in zip(beginning, free, strict=False):
        found[place] = Sign(glyph_of(mark), mark)
    return found, crowded or len(free) < len(beginning)


def _places_for(beginning: Sequence[Mark], found: Sequence[Sign | None], lanes: SpanIndex, beyond: int) -> list[int]:
    """Where the glyphs of the claims that begin in a row stand, from left to right in the order of the text.

    Those of claims that go on in the next rows begin in their lane, as long as that keeps the order. A foot may give
    way, a bar may not.
    """
    free = [place for place, sign in enumerate(found) if sign is None]
    if len(free) < len(beginning):
        free = [place for place, sign in enumerate(found) if sign is None or sign.glyph in FOOT]
    chosen: list[int] = []
    for number, mark in enumerate(beginning[: len(free)]):
        left = len(beginning[: len(free)]) - number - 1
        room = [place for place in free if not chosen or place > chosen[-1]]
        room = room[: len(room) - left]  # those after it need theirs
        lane = lanes.lane(mark.id)
        wanted = lane in room and (mark.end > beyond or not chosen)
        chosen.append(lane if wanted else room[0])
    return chosen


def signs_of_people(
    marks: Sequence[Mark], people: int, start: int, beyond: int, at_hand: Collection[str]
) -> tuple[list[Sign | None], bool]:
    """As `signs`, where each person has a lane of their own; of several beginnings in one row, the selected one is
    shown."""
    found: list[Sign | None] = [None] * people
    crowded = False
    for mark in marks:
        begins = mark.start >= start
        glyph = glyph_of(mark) if begins else (FOOT if mark.end <= beyond else CLAIM_BAR)[mark.id in at_hand]
        before = found[mark.lane]
        if before is None or (mark.id in at_hand and before.mark.id not in at_hand):
            found[mark.lane] = Sign(glyph, mark)
        if before is not None:
            crowded = crowded or before.glyph not in FOOT
            if begins and before.glyph in FOOT:
                found[mark.lane] = Sign(glyph, mark)
    return found, crowded
