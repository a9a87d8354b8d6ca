"""The margin: which claims begin, go on and end in a row, as signs in three lanes.

A claim's first row shows its verdict's glyph, the rows after it a bar, the last one the bar's foot. A claim of
several rows keeps its lane, so its bar runs straight; a claim of one row takes the nearest free place.
"""

from __future__ import annotations

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
    glyph = mark.glyph or OPEN_SIGN
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
    short: list[Mark] = []
    crowded = False
    for mark in marks:
        begins, ends = mark.start >= start, mark.end <= beyond
        if begins and ends:
            short.append(mark)
            continue
        lane = lanes.lane(mark.id)
        if lane == LANES:
            crowded = True
        elif begins:
            found[lane] = Sign(glyph_of(mark), mark)
        elif found[lane] is None:
            found[lane] = Sign((FOOT if ends else CLAIM_BAR)[mark.id == at_hand], mark)
    for mark in short:
        place = min(lanes.lane(mark.id), LANES - 1)
        if found[place] is not None:
            # A foot may give way, a glyph or a bar may not.
            free = [i for i, sign in enumerate(found) if sign is None]
            place = next(iter(free or (i for i, sign in enumerate(found) if sign and sign.glyph in FOOT)), -1)
        if place < 0:
            crowded = True
        else:
            found[place] = Sign(glyph_of(mark), mark)
    return found, crowded


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
