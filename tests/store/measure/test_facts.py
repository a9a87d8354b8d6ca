"""Several claims on one span: what states the same stands side by side, whoever tagged first."""

from __future__ import annotations

from itertools import permutations

import pytest

from store.measure.alignment import Mark, MarkPlaces

ANA = ["The city closes 41 schools.", "The mayor is Bea.", "It costs 3 million."]
BO = ["It will cost three million, 3 million.", "41 schools are closed by the city.", "Bea is the mayor."]
SAME = {0: 1, 1: 2, 2: 0}


def placed(*texts: list[str]) -> set[tuple[str, ...]]:
    """The statements that stand in one place."""
    sets = [
        [Mark(f"{person}{n}", 0, 40, tagger="", text=text) for n, text in enumerate(own)]
        for person, own in enumerate(texts)
    ]
    places = MarkPlaces([f"P{n}" for n in range(len(texts))], sets).all()
    return {tuple(texts[p][i] for p, which in enumerate(place) for i in which) for place in places}


@pytest.mark.parametrize("order", list(permutations(range(3))))
def test_facts_are_paired_by_what_they_say_and_not_by_age(order: tuple[int, ...]) -> None:
    assert placed(ANA, [BO[n] for n in order]) == {(ANA[n], BO[SAME[n]]) for n in range(3)}


def test_who_states_only_one_of_them_stands_beside_that_one() -> None:
    assert (ANA[2], BO[0]) in placed(ANA, BO[:1]) and (ANA[0],) in placed(ANA, BO[:1])


def test_what_is_like_nothing_is_taken_by_age() -> None:
    assert placed(["One thing.", ANA[1]], ["Quite another matter altogether", BO[2]]) == {
        (ANA[1], BO[2]), ("One thing.", "Quite another matter altogether"),
    }  # fmt: skip


def test_facts_without_words_are_taken_by_age() -> None:
    assert placed(["", ""], ["", ""]) == {("", "")}
    assert len(MarkPlaces(["A", "B"], [[Mark("a", 0, 4), Mark("b", 0, 4)], [Mark("c", 0, 4)]]).all()) == 2


def test_many_people_with_the_same_facts_share_a_place_for_each() -> None:
    assert len(placed(*[[ANA[n] for n in order] for order in permutations(range(3))])) == 3
