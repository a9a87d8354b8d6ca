"""Whose span is whose."""

from __future__ import annotations

from itertools import combinations, permutations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from store.measure import matching
from store.measure.matching import Pair, groups, match, overlap
from store.text.units import Span
from tests.kit.depth import examples
from tests.kit.growth import grows

SPANS = st.tuples(st.integers(0, 30), st.integers(1, 14)).map(lambda span: (span[0], span[0] + span[1]))
SETS = st.lists(SPANS, max_size=14)
UNIQUE = st.lists(SPANS, max_size=8, unique=True)


def taken_one_by_one(a: list[Span], b: list[Span], least: float = 0.0) -> list[Pair]:
    """The rule as it is written down: the best of all pairs that are left, again and again."""
    pairs: list[Pair] = []
    while True:
        left = [
            (-overlap(x, y), min(x, y), max(x, y), i, j)
            for i, x in enumerate(a)
            for j, y in enumerate(b)
            if overlap(x, y) > 0 and i not in {p.a for p in pairs} and j not in {p.b for p in pairs}
        ]
        if not left:
            return sorted(pair for pair in pairs if pair.overlap >= least)
        less, _, _, i, j = min(left)
        pairs.append(Pair(i, j, -less))


@given(SPANS, SPANS)
def test_overlap_is_the_share_of_common_characters(x: Span, y: Span) -> None:
    one, other = set(range(*x)), set(range(*y))
    assert overlap(x, y) == overlap(y, x) == len(one & other) / len(one | other)


def test_an_empty_span_overlaps_nothing() -> None:
    assert overlap((3, 3), (3, 3)) == overlap((3, 3), (0, 9)) == 0
    assert match([(3, 3)], [(3, 3), (0, 9)]) == []
    assert matching._by_search([(3, 3)], [(3, 3), (0, 9)]) == []
    assert groups([[(3, 3)], [(3, 3)]]) == [(0, None), (None, 0)]


@given(SETS, SETS, st.sampled_from([0.0, 0.3, 0.5, 1.0]))
def test_matching_takes_the_best_pair_again_and_again(a: list[Span], b: list[Span], least: float) -> None:
    assert match(a, b, least) == taken_one_by_one(a, b, least)


@settings(max_examples=examples(100))
@given(
    st.lists(st.tuples(st.integers(0, 40), st.integers(1, 40)), max_size=60),
    st.lists(st.tuples(st.integers(0, 40), st.integers(1, 40)), max_size=60),
)
def test_searching_and_sweeping_find_the_same_pairs(a: list[Span], b: list[Span]) -> None:
    a = [(start, start + length) for start, length in a]
    b = [(start, start + length) for start, length in b]
    assert sorted(matching._by_search(a, b)) == sorted(matching._by_sweep(a, b))


@given(SETS, SETS)
def test_it_does_not_matter_whose_spans_come_first(a: list[Span], b: list[Span]) -> None:
    assert sorted(Pair(j, i, much) for i, j, much in match(b, a)) == match(a, b)


@given(SETS, SETS)
def test_no_two_spans_that_overlap_are_both_left_alone(a: list[Span], b: list[Span]) -> None:
    pairs = match(a, b)
    alone_a = set(range(len(a))) - {pair.a for pair in pairs}
    alone_b = set(range(len(b))) - {pair.b for pair in pairs}
    assert not any(overlap(a[i], b[j]) for i in alone_a for j in alone_b)
    assert len(alone_a) == len(a) - len(pairs) and len(alone_b) == len(b) - len(pairs)


def test_the_better_pair_wins_though_the_worse_begins_earlier() -> None:
    assert match([(0, 10), (2, 12)], [(2, 11)]) == [Pair(1, 0, 0.9)]


def test_of_pairs_that_overlap_alike_the_earlier_is_matched() -> None:
    assert match([(10, 20)], [(15, 25), (5, 15)]) == [Pair(0, 1, 5 / 15)]


@given(SETS, SETS, st.sampled_from([0.0, 0.5]))
def test_the_groups_of_two_people_are_the_pairs_and_the_spans_left_alone(
    a: list[Span], b: list[Span], least: float
) -> None:
    found = groups([a, b], least)
    assert sorted(row for row in found if None not in row) == [(pair.a, pair.b) for pair in match(a, b, least)]


@given(st.lists(SETS, max_size=4), st.sampled_from([0.0, 0.5]))
def test_every_span_stands_in_one_group_and_a_group_has_a_character_in_common(
    sets: list[list[Span]], least: float
) -> None:
    found = groups(sets, least)
    members = [(p, i) for row in found for p, i in enumerate(row) if i is not None]
    assert sorted(members) == [(p, i) for p, spans in enumerate(sets) for i in range(len(spans))]
    firsts = []
    for row in found:
        spans = [sets[p][i] for p, i in enumerate(row) if i is not None]
        firsts.append(min(spans))
        assert max(start for start, _ in spans) < min(end for _, end in spans)
        assert all(overlap(x, y) >= least for x, y in combinations(spans, 2))
    assert firsts == sorted(firsts)


@given(st.lists(UNIQUE, min_size=3, max_size=3))
def test_the_groups_do_not_depend_on_who_comes_first(sets: list[list[Span]]) -> None:
    def told(order: tuple[int, ...]) -> set[frozenset[tuple[int, int]]]:
        rows = groups([sets[p] for p in order])
        return {frozenset((order[k], i) for k, i in enumerate(row) if i is not None) for row in rows}

    assert len({frozenset(told(order)) for order in permutations(range(3))}) == 1


def test_three_people_who_marked_the_same_claim_stand_in_one_group() -> None:
    sets = [[(0, 20), (30, 40)], [(0, 18)], [(2, 20), (60, 70)]]
    assert groups(sets) == [(0, 0, 0), (1, None, None), (None, None, 1)]


def test_nobody_marked_anything() -> None:
    assert match([], []) == [] and groups([]) == [] and groups([[], []]) == []


N, LENGTH = 5_000, 1_000_000


@pytest.mark.parametrize(
    ("a", "b"),
    [
        ([(k * 200, k * 200 + 150) for k in range(N)], [(k * 200 + 20, k * 200 + 170) for k in range(N)]),
        ([(k, LENGTH - k) for k in range(N)], [(k + 1, LENGTH - k) for k in range(N)]),
        ([(N + k * 100, N + k * 100 + 10) for k in range(N)], [(k, LENGTH - k) for k in range(N)]),
        ([(5, 500)] * N, [(6, 500)] * N),
    ],
    ids=["side by side", "nested", "words in nested spans", "copies"],
)
def test_five_thousand_spans_of_each_are_matched_at_once(a: list[Span], b: list[Span]) -> None:
    assert len(match(a, b)) == N
    assert not grows(lambda many: match(a[:many], b[:many]), N // 16, times=12)
