"""One row of the article, from what is known of it to the segments on the screen.

A row is the margin, the text and one cell of the map. The margin tells a row's story in glyphs: whether text is
unaccounted for or swept, and in three lanes which claims begin (their verdict's glyph), go on and end here.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from itertools import pairwise

from rich.cells import cell_len
from rich.segment import Segment

from store.units import Span
from tui.text.layout import Layout
from tui.text.safe import safe
from tui.text.spans import LANES, Mark, SpanIndex, touching
from tui.widgets.article_palette import Ink, Palette

MARGIN = 1 + LANES + 1  # the text's state, the lanes, and a gap that says when there are more
MAP = 1
CARET_ROOM = 1

RESIDUE, SWEPT, MORE = "·", "—", "+"
OPEN, WIDE_GLYPH = "○", "●"
GOES_ON, ENDS = ("│", "┃"), ("└", "┗")  # a claim's bar; heavy for the one at hand


@dataclass
class Scene:
    """All that is drawn. Spans and offsets are code points into ``layout.text``."""

    layout: Layout
    marks: SpanIndex = field(default_factory=SpanIndex)
    sweeps: SpanIndex = field(default_factory=SpanIndex)
    residue: Sequence[Span] = ()
    found: Sequence[Span] = ()
    found_at_hand: int = -1
    caret: int = 0
    selection: Span | None = None
    at_hand: str = ""
    focused: bool = False


@dataclass(frozen=True, slots=True)
class Sign:
    """What stands in one cell of the margin, and for which claim."""

    glyph: str
    mark: Mark


def glyph_of(mark: Mark) -> str:
    """The one cell that stands for a claim's verdict."""
    glyph = safe(mark.glyph) or OPEN
    return glyph if cell_len(glyph) == 1 else WIDE_GLYPH


def margin_signs(scene: Scene, row: int) -> tuple[list[Sign | None], bool]:
    """The signs in the row's lanes, and whether there are claims that found no room in them.

    A claim of several rows keeps its lane, so its bar runs straight; a claim of one row takes the nearest free
    place. Where one claim ends and another begins in the same lane the beginning is shown.
    """
    layout = scene.layout
    start = layout.row_bounds(row)[0]
    beyond = layout.row_bounds(row + 1)[0] if row + 1 < layout.rows else len(layout.text) + 1
    signs: list[Sign | None] = [None] * LANES
    short: list[Mark] = []
    crowded = False
    for mark in scene.marks.overlapping(start, beyond):
        begins, ends = mark.start >= start, mark.end <= beyond
        lane = scene.marks.lane(mark.id)
        if begins and ends:
            short.append(mark)
        elif lane == LANES:
            crowded = True
        elif begins:
            signs[lane] = Sign(glyph_of(mark), mark)
        elif signs[lane] is None:
            bar = ENDS if ends else GOES_ON
            signs[lane] = Sign(bar[mark.id == scene.at_hand], mark)
    for mark in short:
        lane = min(scene.marks.lane(mark.id), LANES - 1)
        place = next((i for i in (lane, *range(LANES)) if signs[i] is None), None)
        if place is None:
            # A bar may give way for its last row, a glyph may not.
            place = next((i for i, sign in enumerate(signs) if sign and sign.glyph in ENDS), None)
        if place is None:
            crowded = True
        else:
            signs[place] = Sign(glyph_of(mark), mark)
    return signs, crowded


class RowPainter:
    """Paints the rows of one scene in one palette."""

    def __init__(self, scene: Scene, palette: Palette) -> None:
        self._scene = scene
        self._palette = palette

    @property
    def width(self) -> int:
        """Cells of every painted row."""
        return MARGIN + self._scene.layout.width + CARET_ROOM

    def paint(self, row: int) -> list[Segment]:
        """The margin and the text of a row."""
        start, end = self._scene.layout.row_bounds(row)
        return [*self._margin(row, start, end), *self._text(row, start, end)]

    def _margin(self, row: int, start: int, end: int) -> list[Segment]:
        scene, palette = self._scene, self._palette
        state, style = " ", palette.blank
        if touching(scene.residue, start, end):
            state, style = RESIDUE, palette.margin(None)
        elif scene.sweeps.overlapping(start, end):
            state = SWEPT
        signs, crowded = margin_signs(scene, row)
        segments = [Segment(state, style)]
        for sign in signs:
            if sign is None:
                segments.append(Segment(" ", palette.blank))
            else:
                mark = sign.mark
                colour = "accent" if mark.open else mark.colour
                segments.append(Segment(sign.glyph, palette.margin(colour, mark.id == scene.at_hand)))
        segments.append(Segment(MORE if crowded else " ", palette.blank))
        return segments

    def _text(self, row: int, start: int, end: int) -> list[Segment]:
        scene, layout, style = self._scene, self._scene.layout, self._palette.style
        segments: list[Segment] = []
        marks = [self._clip(mark, start, end) for mark in scene.marks.overlapping(start, end)]
        sweeps = [self._snap(sweep.start, sweep.end, start, end) for sweep in scene.sweeps.overlapping(start, end)]
        residue = [self._snap(*span, start, end) for span in touching(scene.residue, start, end)]
        found = [self._snap(*span, start, end) for span in touching(scene.found, start, end)]
        at_hand = self._found_at_hand(start, end)
        low, high = scene.selection or (0, 0)
        caret = layout.cluster_at(scene.caret) if start <= scene.caret <= end else (-1, -1)
        caret_here = layout.row_of(scene.caret) == row if caret != (-1, -1) else False
        kind = 1 if not scene.focused else 3 if scene.selection else 2

        cuts = {start, end, min(max(low, start), end), min(max(high, start), end)}
        for spans in (sweeps, residue, found):
            for first, last in spans:
                cuts.update((first, last))
        for piece in marks:
            cuts.update((piece.start, piece.end, *piece.edges))
        if caret_here and caret[0] < end:
            cuts.update(caret)

        last_ink: Ink | None = None
        run = start
        for first, last in pairwise(sorted(cuts)):
            ground = "calm"
            if any(a <= first < b for a, b in residue):
                ground = "residue"
            elif any(a <= first < b for a, b in sweeps):
                ground = "swept"
            hit = int(any(a <= first < b for a, b in found))
            if hit and at_hand and at_hand[0] <= first < at_hand[1]:
                hit = 2
            ink = Ink(
                ground,
                found=hit,
                selected=low <= first < high,
                caret=kind if caret_here and caret[0] <= first < caret[1] else 0,
            )
            covering = [piece for piece in marks if piece.start <= first < piece.end]
            if covering:
                ink = self._claimed(ink, covering, first, last)
            if ink != last_ink:
                if last_ink is not None:
                    segments.append(Segment(layout.shown(row, run, first), style(last_ink)))
                last_ink, run = ink, first
        if last_ink is not None:
            segments.append(Segment(layout.shown(row, run, end), style(last_ink)))

        free = layout.width + CARET_ROOM - layout.row_width(row)
        closing = Ink(
            selected=low <= end < high and layout.text[end : end + 1] == "\n",
            caret=kind if caret_here and caret[0] == end else 0,
        )
        if closing.selected or closing.caret:
            segments.append(Segment(" ", style(closing)))
            free -= 1
        if free > 0:
            segments.append(Segment(" " * free, self._palette.blank))
        return segments

    def _claimed(self, ink: Ink, covering: list[_Piece], first: int, last: int) -> Ink:
        at_hand = self._scene.at_hand
        top = min(covering, key=lambda piece: (piece.mark.id != at_hand, piece.mark.end - piece.mark.start))
        edged = [piece for piece in covering if first in piece.firsts or last in piece.lasts]
        if edged and top not in edged:
            # The ends of a claim inside the one at hand stay visible.
            top = min(edged, key=lambda piece: piece.mark.end - piece.mark.start)
        mark = top.mark
        return ink._replace(
            colour=mark.colour,
            open=mark.open,
            proposal=mark.proposal,
            at_hand=mark.id == at_hand,
            deep=len(covering) > 1,
            edge=bool(edged),
        )

    def _clip(self, mark: Mark, start: int, end: int) -> _Piece:
        first, last = self._snap(mark.start, mark.end, start, end)
        layout = self._scene.layout
        firsts = layout.cluster_at(first) if mark.start >= start else None
        lasts = layout.cluster_at(last - 1) if mark.end <= end else None
        edges = tuple(edge for pair in (firsts, lasts) if pair for edge in pair)
        return _Piece(
            mark,
            first,
            last,
            edges,
            (firsts[0],) if firsts else (),
            (lasts[1],) if lasts else (),
        )

    def _snap(self, first: int, last: int, start: int, end: int) -> Span:
        """The part of a span in the row, outwards to whole clusters: what is cut elsewhere changes its width."""
        layout = self._scene.layout
        left = layout.cluster_at(first)[0] if first > start else start
        right = layout.cluster_at(last - 1)[1] if last < end else end
        return left, right

    def _found_at_hand(self, start: int, end: int) -> Span | None:
        scene = self._scene
        if 0 <= scene.found_at_hand < len(scene.found):
            span = scene.found[scene.found_at_hand]
            if span[0] < end and span[1] > start:
                return self._snap(*span, start, end)
        return None


@dataclass(frozen=True, slots=True)
class _Piece:
    """The part of a claim that lies in a row, snapped to clusters."""

    mark: Mark
    start: int
    end: int
    edges: tuple[int, ...]  # where the first and the last cluster begin and end
    firsts: tuple[int, ...]
    lasts: tuple[int, ...]
