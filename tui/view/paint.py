"""One row of the article, from what is known of it to the segments on the screen: the margin, then the text."""

from collections.abc import Sequence
from itertools import chain
from typing import TYPE_CHECKING, NamedTuple

from rich.segment import Segment

from store.text.units import Span
from tui.text.layout import Layout, Row
from tui.text.spans import Mark, SpanIndex, touching
from tui.view.article_colours import Ink, TextPalette
from tui.view.margin import LEFTOVER, MARGIN, MORE, RESIDUE, SWEPT_SIGN, Sign, signs, signs_of_people

if TYPE_CHECKING:
    from store.text.coverage import Place

CARET_ROOM = 1  # the cell after the last, for a caret at a line's end or a hanging space
MAP = 1


class Scene:
    """All that is drawn. Spans and offsets are code points into ``layout.text``."""

    def __init__(
        self,
        layout: Layout,
        marks: SpanIndex | None = None,
        sweeps: SpanIndex | None = None,
        residue: "Sequence[Place]" = (),
        people: int = 0,
        focused: bool = False,
    ) -> None:
        self.layout = layout
        self.marks = SpanIndex() if marks is None else marks
        self.sweeps = SpanIndex() if sweeps is None else sweeps
        self.residue = residue
        self.place: Span | None = None
        """The selected place, one of what is left to read."""
        self.found: Sequence[Span] = ()
        self.found_at_hand = -1
        self.caret = 0
        self.selection: Span | None = None
        self.at_hand = ""
        self.together: frozenset[str] = frozenset()
        """Ids of the marks that are looked at together with the selected one, that one included."""
        self.people = people
        """How many people have a lane of their own in the margin; 0 where all marks share the lanes."""
        self.focused = focused

    @property
    def margin(self) -> int:
        """Cells before the text: its state, the lanes, and a gap that says when there are more."""
        return self.people + 2 if self.people else MARGIN

    def signs(self, row: int) -> list[Sign | None]:
        """The signs in the lanes of the row's margin."""
        start, beyond = self.layout.row_bounds(row)[0], self.layout.row_beyond(row)
        return self.signs_of(self.marks.overlapping(start, beyond), start, beyond)[0]

    def signs_of(self, marks: Sequence[Mark], start: int, beyond: int) -> tuple[list[Sign | None], bool]:
        """The signs for the marks of a row from ``start`` to ``beyond``, and whether some found no room."""
        if self.people:
            return signs_of_people(marks, self.people, start, beyond, self.together)
        return signs(marks, self.marks, start, beyond, self.at_hand)


class _Piece(NamedTuple):
    """The part of a claim that lies in a row, whole clusters. ``first_end`` is the end of the claim's first cluster
    and ``last_start`` the start of its last, if it has them here; else they are -1."""

    mark: Mark
    length: int
    start: int
    end: int
    first_end: int
    last_start: int


class RowPainter:
    """Paints the rows of one scene in one palette."""

    def __init__(self, scene: Scene, palette: TextPalette) -> None:
        self._scene = scene
        self._palette = palette

    @property
    def width(self) -> int:
        """Cells of every painted row."""
        return self._scene.margin + self._scene.layout.width + CARET_ROOM

    def paint(self, number: int) -> list[Segment]:
        """The margin and the text of a row."""
        scene = self._scene
        row = scene.layout.row(number)
        start, end = row.start, row.end
        beyond = scene.layout.row_beyond(number)
        marks = scene.marks.overlapping(start, beyond)
        sweeps = scene.sweeps.overlapping(start, end)
        residue = touching(scene.residue, start, end)
        state = " "
        if residue:
            state = LEFTOVER if all(place.leftover for place in residue) else RESIDUE
        elif sweeps:
            state = SWEPT_SIGN
        segments = self._margin(state, marks, start, beyond)
        if self._bracketed and self._bracketed[0] == start and segments[-1].text.endswith(" "):
            last = segments.pop()
            segments += [Segment(last.text[:-1], last.style), Segment("[", self._palette.blank)]
        self._text(segments, row, marks, sweeps, residue)
        self._close(segments, row, number)
        return segments

    @property
    def _bracketed(self) -> Span | None:
        """The selected place where it is told by brackets beside it, for want of colours."""
        return self._scene.place if self._palette.plain else None

    def _margin(self, state: str, marks: Sequence[Mark], start: int, beyond: int) -> list[Segment]:
        scene, palette = self._scene, self._palette
        if not marks:
            return [Segment(state.ljust(scene.margin), palette.blank)]
        lanes, crowded = scene.signs_of(marks, start, beyond)
        segments: list[Segment] = []
        blank = state
        for sign in lanes:
            if sign is None:
                blank += " "
                continue
            if blank:
                segments.append(Segment(blank, palette.blank))
                blank = ""
            mark = sign.mark
            colour = "accent" if mark.open else mark.colour
            at_hand = mark.id == scene.at_hand or mark.id in scene.together
            segments.append(Segment(sign.glyph, palette.margin(colour, at_hand)))
        segments.append(Segment(blank + (MORE if crowded else " "), palette.blank))
        return segments

    def _text(
        self,
        segments: list[Segment],
        row: Row,
        marks: Sequence[Mark],
        sweeps: Sequence[Mark],
        residue: "Sequence[Place]",
    ) -> None:
        scene, style = self._scene, self._palette.style
        start, end = row.start, row.end
        pieces = [_piece(row, mark) for mark in marks if mark.start < end]
        swept = [row.snap(sweep.start, sweep.end) for sweep in sweeps]
        bare = [row.snap(place.start, place.end) for place in residue]
        held = [row.snap(*span) for span in touching([scene.place], start, end)] if scene.place else []
        seen = scene.layout.seen
        strong = [row.snap(*span) for span in touching(seen.strong, start, end)] if seen.strong else []
        slanted = [row.snap(*span) for span in touching(seen.slanted, start, end)] if seen.slanted else []
        hits = [row.snap(*span) for span in touching(scene.found, start, end)] if scene.found else []
        low, high = scene.selection or (0, 0)
        low, high = min(max(low, start), end), min(max(high, start), end)
        brackets = self._brackets(row)
        caret_start = caret_end = -1
        if start <= scene.caret < end:
            caret_start, caret_end = row.cluster_at(scene.caret)

        cuts = {start, end, caret_start, caret_end, *((low, high) if low < high else ())}
        cuts.update(chain.from_iterable((*swept, *bare, *hits, *held, *strong, *slanted)))
        cuts.update(chain.from_iterable(piece[2:] for piece in pieces))
        cuts.update(chain.from_iterable((at, at + 1) for at in brackets))
        cuts.discard(-1)
        ordered = sorted(cuts)
        last_ink: Ink | None = None
        run = start
        for i in range(len(ordered) - 1):
            at, to = ordered[i], ordered[i + 1]
            ground = "calm"
            if bare and _within(bare, at):
                ground = "residue"
            elif swept and _within(swept, at):
                ground = "swept"
            ink = Ink(
                ground,
                self._hit(at) if hits and _within(hits, at) else 0,
                low <= at < high,
                self._caret_kind() if caret_start <= at < caret_end else 0,
                in_hand=bool(held) and _within(held, at),
                bracket=brackets.get(at, ""),
                strong=bool(strong) and _within(strong, at),
                slanted=bool(slanted) and _within(slanted, at),
            )
            if pieces:
                covering = [piece for piece in pieces if piece.start <= at < piece.end]
                if covering:
                    ink = self._claimed(ink, covering, at, to)
            if ink != last_ink:
                if last_ink is not None:
                    segments.append(Segment(last_ink.bracket or row.shown(run, at), style(last_ink)))
                last_ink, run = ink, at
        if last_ink is not None:
            segments.append(Segment(last_ink.bracket or row.shown(run, end), style(last_ink)))

    def _brackets(self, row: Row) -> dict[int, str]:
        """What stands instead of the blanks of a row beside the selected place, where it is told by that."""
        if not self._bracketed:
            return {}
        both = {self._bracketed[0] - 1: "[", self._bracketed[1]: "]"}
        return {at: sign for at, sign in both.items() if row.start <= at < row.end and row.shown(at, at + 1) == " "}

    def _close(self, segments: list[Segment], row: Row, number: int) -> None:
        """After the text: the caret or the selected newline, and blanks."""
        scene, layout = self._scene, self._scene.layout
        end = row.end
        free = layout.width + CARET_ROOM - row.width
        low, high = scene.selection or (0, 0)
        selected = low <= end < high and layout.text[end : end + 1] == "\n"
        caret = scene.caret == end and layout.row_of(end) == number
        if selected or caret:
            ink = Ink("calm", 0, selected, self._caret_kind() if caret else 0)
            segments.append(Segment(" ", self._palette.style(ink)))
            free -= 1
        elif free > 0 and self._bracketed and self._bracketed[1] == end:
            segments.append(Segment("]", self._palette.blank))
            free -= 1
        if free > 0:
            segments.append(Segment(" " * free, self._palette.blank))

    def _claimed(self, ink: Ink, covering: Sequence[_Piece], at: int, to: int) -> Ink:
        """The ink of a stretch under claims: that of the selected one, else the shortest's.

        At the ends of a claim it is the ink of that claim, so those inside the selected claim stay visible.
        """
        at_hand = self._scene.at_hand
        if self._scene.together:
            here = [piece for piece in covering if piece.mark.id in self._scene.together]
            if here:
                return self._shared(ink, here, at, to)
        if len(covering) == 1:
            top = covering[0]
            edge = to == top.first_end or at == top.last_start
        else:
            edged = [piece for piece in covering if to == piece.first_end or at == piece.last_start]
            edge = bool(edged)
            top = min(edged or covering, key=lambda piece: (piece.mark.id != at_hand, piece.length))
        mark = top.mark
        return Ink(
            *ink[:4],
            mark.colour,
            mark.open,
            mark.proposal,
            mark.id == at_hand,
            len(covering) > 1,
            edge,
            *ink[10:],
        )

    def _shared(self, ink: Ink, here: Sequence[_Piece], at: int, to: int) -> Ink:
        """The ink of a stretch under marks looked at together: underlined where all of them have it, else slanted."""
        all_of_them = len(here) == len(self._scene.together)
        top = min(here, key=lambda piece: (piece.mark.id != self._scene.at_hand, piece.length))
        edge = any(to == piece.first_end or at == piece.last_start for piece in here)
        return Ink(*ink[:4], top.mark.colour, top.mark.open, not all_of_them, True, all_of_them, edge, *ink[10:])

    def _hit(self, at: int) -> int:
        scene = self._scene
        if 0 <= scene.found_at_hand < len(scene.found):
            start, end = scene.found[scene.found_at_hand]
            if start <= at < end:
                return 2
        return 1

    def _caret_kind(self) -> int:
        return 1 if not self._scene.focused else 3 if self._scene.selection else 2


def _piece(row: Row, mark: Mark) -> _Piece:
    first, last = row.snap(mark.start, mark.end)
    return _Piece(
        mark,
        mark.end - mark.start,
        first,
        last,
        row.snap(first, first + 1)[1] if mark.start >= row.start else -1,
        row.snap(last - 1, last)[0] if mark.end <= row.end else -1,
    )


def _within(spans: Sequence[Span], offset: int) -> bool:
    return any(start <= offset < end for start, end in spans)
