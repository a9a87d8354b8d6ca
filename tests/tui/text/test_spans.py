from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, invariant, rule

from tui.text.spans import LANES, Mark, SpanIndex, differing, reading_order, touching

END = 3000  # several blocks
offsets = st.one_of(st.integers(0, 40), st.integers(0, END))
spans = st.tuples(offsets, offsets).map(sorted).map(lambda pair: (pair[0], max(pair[1], pair[0] + 1)))
ids = st.sampled_from([f"C{n}" for n in range(12)])


@st.composite
def apart(draw: st.DrawFn) -> list[tuple[int, int]]:
    """Spans in order, without overlap."""
    edges = sorted(draw(st.sets(st.integers(0, 60), max_size=20)))
    return [(a, b) for a, b in zip(edges[::2], edges[1::2], strict=False)]


class Indexed(RuleBasedStateMachine):
    """The index answers as a list that is searched from end to end."""

    def __init__(self) -> None:
        super().__init__()
        self.index = SpanIndex()
        self.marks: dict[str, Mark] = {}

    @rule(id=ids, span=spans)
    def add(self, id: str, span: tuple[int, int]) -> None:
        before = {mark.id: self.index.lane(mark.id) for mark in self.index}
        mark = Mark(id, *span)
        moved = self.index.add(mark)
        self.marks[id] = mark
        self.told(before, moved, id)

    @rule(id=ids)
    def remove(self, id: str) -> None:
        before = {mark.id: self.index.lane(mark.id) for mark in self.index}
        moved = self.index.remove(id)
        self.marks.pop(id, None)
        self.told(before, moved, id)

    def told(self, before: dict[str, int], moved: list[Mark], id: str) -> None:
        after = {mark.id: self.index.lane(mark.id) for mark in self.index}
        changed = {other for other in after if other != id and before[other] != after[other]}
        assert changed <= {mark.id for mark in moved}

    @rule(start=offsets, length=st.integers(0, 1500))
    def overlapping(self, start: int, length: int) -> None:
        end = start + length
        expected = [mark for mark in self.marks.values() if length and mark.start < end and mark.end > start]
        assert self.index.overlapping(start, end) == sorted(expected, key=reading_order)

    @rule(offset=offsets)
    def around(self, offset: int) -> None:
        ordered = sorted(self.marks.values(), key=reading_order)
        assert self.index.at(offset) == [mark for mark in ordered if mark.start <= offset < mark.end]
        assert self.index.next_start(offset) == next((m for m in ordered if m.start > offset), None)
        before = [mark.start for mark in ordered if mark.start < offset]
        first = next((mark for mark in ordered if before and mark.start == before[-1]), None)
        assert self.index.previous_start(offset) == first

    @invariant()
    def holds_the_same_marks(self) -> None:
        assert list(self.index) == sorted(self.marks.values(), key=reading_order)
        assert len(self.index) == len(self.marks)

    @invariant()
    def lanes_are_those_of_an_index_made_at_once(self) -> None:
        fresh = SpanIndex(self.marks.values())
        for id in self.marks:
            assert self.index.lane(id) == fresh.lane(id)


TestIndexed = Indexed.TestCase


@given(st.lists(spans, max_size=15))
def test_overlapping_marks_never_share_a_lane(pairs: list[tuple[int, int]]) -> None:
    marks = [Mark(str(n), *span) for n, span in enumerate(pairs)]
    index = SpanIndex(marks)
    for a in marks:
        for b in marks:
            if a.id < b.id and a.start < b.end and b.start < a.end and index.lane(a.id) < LANES:
                assert index.lane(a.id) != index.lane(b.id)


@given(st.lists(spans, max_size=15))
def test_a_mark_is_left_without_a_lane_only_when_all_are_taken(pairs: list[tuple[int, int]]) -> None:
    index = SpanIndex(Mark(str(n), *span) for n, span in enumerate(pairs))
    for mark in index:
        if index.lane(mark.id) == LANES:
            others = {index.lane(other.id) for other in index.at(mark.start) if other != mark}
            assert set(range(LANES)) <= others


def test_a_mark_over_the_whole_text_is_found_once_from_anywhere() -> None:
    index = SpanIndex([Mark("all", 0, 1_000_000), Mark("one", 500_000, 500_010)])
    assert [mark.id for mark in index.overlapping(499_000, 501_500)] == ["all", "one"]
    assert [mark.id for mark in index.at(999_999)] == ["all"]
    assert index.at(1_000_000) == []


@given(apart(), st.integers(0, 60), st.integers(0, 60))
def test_touching_spans_are_those_that_share_a_place(stretch: list[tuple[int, int]], a: int, b: int) -> None:
    start, end = min(a, b), max(a, b) + 1
    assert list(touching(stretch, start, end)) == [s for s in stretch if s[0] < end and s[1] > start]


@given(apart(), apart())
def test_outside_their_difference_two_sequences_agree(old: list[tuple[int, int]], new: list[tuple[int, int]]) -> None:
    changed = differing(old, new)
    if changed is None:
        assert old == new
        return
    start, end = changed
    assert [s for s in old if s[1] <= start or s[0] >= end] == [s for s in new if s[1] <= start or s[0] >= end]
    assert old != new
