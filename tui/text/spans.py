"""The marks on a text, findable by place: claims, sweeps, hits.

The index keeps a list of marks for every block of code points, so a question about one row looks at one or two
blocks whatever the length of the text or of its longest mark.
"""

from bisect import bisect_left, bisect_right, insort
from collections.abc import Iterable, Iterator, Sequence
from operator import itemgetter
from typing import TYPE_CHECKING, NamedTuple, Protocol, TypeVar

from store.text.units import Span

if TYPE_CHECKING:
    from store.text.coverage import Place

BLOCK_BITS = 9  # 512 code points: about six rows
LANES = 3
CHECKED, TAGGED, SWEPT, OPEN = "█", "▓", "░", "·"
"""Words held by claims that are checked, by claims that still lack something, by sweeps alone, and by nothing."""
_STRIDES = (1024, 64, 8, 1)  # slices are compared many times faster than one span after the other


class Mark(NamedTuple):
    """A mark from ``start`` to ``end`` (code points, end-exclusive).

    ``glyph`` and ``colour`` are those of its verdict: a single-cell character and a colour name, ``#rrggbb`` or
    theme token. A mark is ``open`` while it has no verdict, ``lacking`` while it lacks something to be checked; a
    ``proposal`` is somebody's for another span. Where each person has a lane of their own, ``lane`` is theirs, from
    0. What is ``suggested`` is not a claim yet.
    """

    id: str
    start: int
    end: int
    glyph: str = ""
    colour: str = ""
    open: bool = False
    proposal: bool = False
    lane: int = 0
    lacking: bool = False
    suggested: bool = False


Key = tuple[int, int, str]
Stretch = TypeVar("Stretch", Span, "Place")
_start, _end = itemgetter(0), itemgetter(1)


class Placed(Protocol):
    """What stands somewhere in a text: a mark, a claim."""

    @property
    def id(self) -> str: ...
    @property
    def start(self) -> int: ...
    @property
    def end(self) -> int: ...


def reading_order(one: Placed) -> Key:
    """Marks and claims are read by their start, the longer first, then by id, which is by age."""
    return (one.start, -one.end, one.id)


class SpanIndex:
    """Marks by id and by place. Each has a lane: marks that overlap stand in different ones, while lanes last."""

    def __init__(self, marks: Iterable[Mark] = ()) -> None:
        self._marks: dict[str, Mark] = {mark.id: mark for mark in marks}
        self._blocks: dict[int, list[Mark]] = {}
        for mark in self._marks.values():
            for block in self._blocks_of(mark):
                self._blocks.setdefault(block, []).append(mark)
        self._order: list[Key] = sorted(map(reading_order, self._marks.values()))
        self._lanes: dict[str, int] = {}
        self._assign_lanes(0, None)

    def __len__(self) -> int:
        return len(self._marks)

    def __contains__(self, id: str) -> bool:
        return id in self._marks

    def __iter__(self) -> Iterator[Mark]:
        """All marks in reading order."""
        return (self._marks[id] for _, _, id in self._order)

    def get(self, id: str) -> Mark | None:
        return self._marks.get(id)

    def lane(self, id: str) -> int:
        """0 to ``LANES`` - 1: the leftmost lane free where the mark begins; ``LANES`` when all are taken."""
        return self._lanes[id]

    def add(self, mark: Mark) -> list[Mark]:
        """Add a mark, in place of any of the same id; returns the other marks whose lane it changed."""
        moved = self.remove(mark.id)
        self._marks[mark.id] = mark
        for block in self._blocks_of(mark):
            self._blocks.setdefault(block, []).append(mark)
        insort(self._order, reading_order(mark))
        moved += self._assign_lanes(mark.start, mark)
        return moved

    def remove(self, id: str) -> list[Mark]:
        """Remove a mark, if it is there; returns the other marks whose lane that changed."""
        mark = self._marks.pop(id, None)
        if mark is None:
            return []
        for block in self._blocks_of(mark):
            self._blocks[block].remove(mark)
        del self._order[bisect_left(self._order, reading_order(mark))]
        old_lane = self._lanes.pop(id)
        return self._assign_lanes(mark.start, mark, old_lane)

    def at(self, offset: int) -> list[Mark]:
        """The marks over ``offset``, in reading order."""
        return self.overlapping(offset, offset + 1)

    def overlapping(self, start: int, end: int) -> list[Mark]:
        """The marks that share a code point with ``start`` to ``end``, in reading order."""
        found = self.meeting(start, end)
        if len(found) > 1:
            found.sort(key=reading_order)
        return found

    def meeting(self, start: int, end: int) -> list[Mark]:
        """The marks that share a code point with ``start`` to ``end``, in no order."""
        if end <= start:
            return []
        first, last = start >> BLOCK_BITS, (end - 1) >> BLOCK_BITS
        blocks = self._blocks
        if first == last:
            return [mark for mark in blocks.get(first, ()) if mark.start < end and mark.end > start]
        # A mark is taken from the first of the asked blocks that holds it, hence once.
        return [
            mark
            for block in range(first, last + 1)
            for mark in blocks.get(block, ())
            if mark.start < end and mark.end > start and (block == first or mark.start >> BLOCK_BITS == block)
        ]

    def next_start(self, offset: int) -> Mark | None:
        """The first mark that starts after ``offset``."""
        i = bisect_left(self._order, offset + 1, key=_start)
        return self._marks[self._order[i][2]] if i < len(self._order) else None

    def previous_start(self, offset: int) -> Mark | None:
        """The last mark that starts before ``offset``; of several that start together the first."""
        i = bisect_left(self._order, offset, key=_start)
        if i == 0:
            return None
        i = bisect_left(self._order, self._order[i - 1][0], key=_start)
        return self._marks[self._order[i][2]]

    @staticmethod
    def _blocks_of(mark: Mark) -> range:
        return range(mark.start >> BLOCK_BITS, (max(mark.end, mark.start + 1) - 1 >> BLOCK_BITS) + 1)

    def _assign_lanes(self, start: int, changed: Mark | None, old_lane: int = LANES) -> list[Mark]:
        """Give lanes to the marks from ``start`` on; stop where nothing further can differ from before.

        ``changed`` is the mark just added (it has no lane yet) or removed (it had ``old_lane``).
        """
        ends = [0] * (LANES + 1)  # where each lane falls free
        old_ends = [0] * (LANES + 1)
        if start:
            for mark in self.overlapping(start - 1, start):
                if mark.start < start:
                    lane = self._lanes[mark.id]
                    ends[lane] = old_ends[lane] = max(ends[lane], mark.end)
        if changed is not None and changed.id not in self._marks:
            old_ends[old_lane] = max(old_ends[old_lane], changed.end)
        moved: list[Mark] = []
        for i in range(bisect_left(self._order, start, key=_start), len(self._order)):
            mark = self._marks[self._order[i][2]]
            at = mark.start
            if (
                changed is not None
                and at >= changed.end
                and all(max(ends[lane], at) == max(old_ends[lane], at) for lane in range(LANES))
            ):
                break
            lane = next((lane for lane in range(LANES) if ends[lane] <= at), LANES)
            ends[lane] = max(ends[lane], mark.end)
            old = self._lanes.get(mark.id)
            if old is not None:
                old_ends[old] = max(old_ends[old], mark.end)
            if old != lane:
                self._lanes[mark.id] = lane
                if old is not None:
                    moved.append(mark)
        return moved


def touching(spans: Sequence[Stretch], start: int, end: int) -> Sequence[Stretch]:
    """Those of ``spans`` (in order, without overlap) that share a code point with ``start`` to ``end``."""
    first = bisect_right(spans, start, key=_end)
    last = bisect_left(spans, end, first, key=_start)
    return spans[first:last]


def differing(old: Sequence[Stretch], new: Sequence[Stretch]) -> Span | None:
    """The stretch of text outside which the two sequences (in order, without overlap) are the same."""
    shorter = min(len(old), len(new))
    head: int = 0
    tail: int = 0
    for step in _STRIDES:
        while head + step <= shorter and old[head : head + step] == new[head : head + step]:
            head += step
    for step in _STRIDES:
        at, to = len(old) - step, len(new) - step
        while head + tail + step <= shorter and old[at - tail : len(old) - tail] == new[to - tail : len(new) - tail]:
            tail += step
    changed = [*old[head : len(old) - tail], *new[head : len(new) - tail]]
    if not changed:
        return None
    return min(map(_start, changed)), max(map(_end, changed))
