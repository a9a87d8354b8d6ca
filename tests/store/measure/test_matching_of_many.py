"""Many people's spans in one text: the groups are those of matching two by two."""

from __future__ import annotations

import random
from itertools import combinations

from hypothesis import given
from hypothesis import strategies as st

from store.measure import matching, matching_of_many
from store.text.units import Span

SPANS = st.tuples(st.integers(0, 8), st.integers(0, 4)).map(lambda at: (at[0], at[0] + at[1]))
SETS = st.lists(st.lists(SPANS, max_size=6), min_size=3, max_size=7)


def two_by_two(
    sets: list[list[Span]], least: float, apart: matching_of_many.Apart | None
) -> list[tuple[int | None, ...]]:
    pairs = {(p, q): matching.match(sets[p], sets[q]) for p, q in combinations(range(len(sets)), 2)}
    return matching.joined(sets, pairs, least, apart)


@given(SETS, st.sampled_from([0.0, 0.5, 1.0]), st.one_of(st.none(), st.integers(2, 5)))
def test_many_peoples_groups_are_those_of_every_two_people(
    sets: list[list[Span]], least: float, every: int | None
) -> None:
    def apart(x: tuple[int, int], y: tuple[int, int]) -> bool:
        same = sets[x[0]][x[1]] == sets[y[0]][y[1]]
        return not same and (x[0] * 7 + x[1] + y[0] * 7 + y[1]) % (every or 1) == 0

    asked = apart if every else None
    assert matching_of_many.groups_of_many(sets, least, asked) == two_by_two(sets, least, asked)


def test_two_hundred_people_on_one_text_are_compared_by_stacks() -> None:
    chance = random.Random(3)
    sets = [
        [(90 * k, 90 * k + 60 + chance.randrange(6)) for k in range(25) if chance.random() < 0.8] for _ in range(200)
    ]
    found = matching_of_many.groups_of_many(sets)
    assert found is not None and len(found) == 25
    assert sum(number is not None for row in found for number in row) == sum(map(len, sets))


def test_stacks_without_end_are_left_to_two_by_two() -> None:
    nested = [[(n, 10_000 - n) for n in range(p, 1_500, 3)] for p in range(3)]
    assert matching_of_many.groups_of_many(nested) is None
