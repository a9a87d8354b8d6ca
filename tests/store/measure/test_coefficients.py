"""How far people agree: published examples, what is not defined, and other people's code on random data."""

from __future__ import annotations

import math
import warnings
from collections import Counter
from itertools import combinations
from random import Random
from types import SimpleNamespace

import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from store.measure import coefficients
from store.measure.coefficients import (
    Measure,
    character_alpha,
    characters,
    cohen_kappa,
    confusion,
    gwet_ac1,
    jaccard,
    krippendorff_alpha,
    krippendorff_alpha_ordinal,
    masi_distance,
    mean,
    raw_agreement,
    span_f1,
)
from store.text.units import Span
from tests.kit.depth import examples
from tests.kit.growth import grows

Row = list[str | None]
LABELS = st.sampled_from(["a", "b", "c", "d"])
PAIRS = st.lists(st.tuples(LABELS, LABELS), min_size=1, max_size=40)
SPANS = st.tuples(st.integers(0, 30), st.integers(1, 12)).map(lambda span: (span[0], span[0] + span[1]))


def table(*rows: list[int]) -> dict[tuple[str, str], int]:
    return {(f"k{i}", f"k{j}"): count for i, row in enumerate(rows) for j, count in enumerate(row)}


def units(*coders: str) -> Counter[tuple[str | None, ...]]:
    """Coders as they are printed: one label per unit, a full stop where it is missing."""
    said = [[None if label == "." else label for label in coder.split()] for coder in coders]
    return Counter(zip(*said, strict=True))


def ranks(patterns: Counter[tuple[str | None, ...]]) -> Counter[tuple[int | None, ...]]:
    return Counter(
        {
            tuple(None if label is None else int(label) for label in pattern): count
            for pattern, count in patterns.items()
        }
    )


COHEN = table([88, 14, 18], [10, 40, 10], [2, 6, 12])
PARADOX = table([80, 7], [8, 5])
FOUR_CODERS = units(
    "1 2 3 3 2 1 4 1 2 . . .", "1 2 3 3 2 2 4 1 2 5 . 3", ". 3 3 3 2 3 4 2 2 5 1 .", "1 2 3 3 2 4 4 1 2 5 1 ."
)


# Published examples


def test_cohen_1960_page_45() -> None:
    assert raw_agreement(COHEN).value == pytest.approx(0.70)
    assert cohen_kappa(COHEN) == Measure(pytest.approx(0.491525, abs=1e-6), 200)
    assert krippendorff_alpha(COHEN).value == pytest.approx(0.488462, abs=1e-6)


def test_artstein_and_poesio_2008_page_558() -> None:
    patterns = table([20, 10], [20, 50])
    assert raw_agreement(patterns).value == pytest.approx(0.70)
    assert cohen_kappa(patterns).value == pytest.approx(0.347826, abs=1e-6)
    assert krippendorff_alpha(patterns).value == pytest.approx(0.343956, abs=1e-6)


def test_kappa_falls_under_skew_where_ac1_does_not() -> None:
    assert raw_agreement(PARADOX).value == pytest.approx(0.85)
    assert cohen_kappa(PARADOX).value == pytest.approx(0.314442, abs=1e-6)
    assert gwet_ac1(PARADOX).value == pytest.approx(0.808, abs=1e-6)


def test_krippendorff_four_coders_with_missing_values() -> None:
    assert krippendorff_alpha(FOUR_CODERS).value == pytest.approx(0.743421, abs=1e-6)
    assert krippendorff_alpha_ordinal(ranks(FOUR_CODERS)).value == pytest.approx(0.815388, abs=1e-6)
    interval = krippendorff_alpha(ranks(FOUR_CODERS), lambda x, y: float((int(str(x)) - int(str(y))) ** 2))
    assert interval.value == pytest.approx(0.849107, abs=1e-6)
    assert krippendorff_alpha(FOUR_CODERS).n == 11


def test_krippendorff_binary_and_2004_page_227() -> None:
    binary = units("0 1 0 0 0 0 0 0 1 0", "0 1 1 0 0 1 0 1 0 0")
    assert krippendorff_alpha(binary).value == pytest.approx(0.095238, abs=1e-6)
    assert krippendorff_alpha_ordinal(ranks(binary)).value == pytest.approx(0.095238, abs=1e-6)
    page_227 = units("1 1 2 2 2 2 2 3 3 3 3 3", "1 2 2 2 2 2 3 3 3 3 3 3")
    assert krippendorff_alpha(page_227).value == pytest.approx(0.734104, abs=1e-6)


def test_alpha_may_be_negative() -> None:
    assert krippendorff_alpha(units("YES NO NO", "YES . NO")).value == pytest.approx(1.0)
    dresses = Counter({("YES", "NO", "NO"): 1, ("YES", "NO", None): 1})
    assert krippendorff_alpha(dresses).value == pytest.approx(-1 / 3)


def test_masi_distances() -> None:
    a, ab, bc, none = frozenset("A"), frozenset("AB"), frozenset("BC"), frozenset[str]()
    assert masi_distance(a, ab) == pytest.approx(0.6667, abs=1e-4)
    assert masi_distance(ab, bc) == pytest.approx(0.8889, abs=1e-4)
    assert (masi_distance(a, frozenset("C")), masi_distance(ab, frozenset("BA"))) == (1, 0)
    assert (masi_distance(none, none), masi_distance(none, a)) == (0, 1)


# What is not defined is said


@pytest.mark.parametrize("measure", [cohen_kappa, krippendorff_alpha, gwet_ac1, krippendorff_alpha_ordinal])
def test_one_label_only(measure) -> None:  # type: ignore[no-untyped-def]
    assert measure({(1, 1): 30}) == Measure(None, 30, "one label only")
    assert raw_agreement({(1, 1): 30}) == Measure(1.0, 30)


@pytest.mark.parametrize(
    "measure", [raw_agreement, cohen_kappa, krippendorff_alpha, gwet_ac1, krippendorff_alpha_ordinal]
)
def test_nothing_matched_and_nothing_judged_twice(measure) -> None:  # type: ignore[no-untyped-def]
    assert measure({}) == Measure(None, 0, "0 matched")
    assert measure({(1, None): 3, (None, None): 2}) == Measure(None, 0, "0 judged by two")


@pytest.mark.parametrize("measure", [raw_agreement, krippendorff_alpha, gwet_ac1, krippendorff_alpha_ordinal])
def test_one_person_only(measure) -> None:  # type: ignore[no-untyped-def]
    assert measure({(1,): 3, (2,): 1}) == Measure(None, 0, "needs two")


def test_kappa_is_nought_where_one_person_only_ever_said_one_thing() -> None:
    assert cohen_kappa(table([10, 5], [0, 0])).value == 0


def test_no_overlapping_spans_make_an_f1_of_nought_and_no_spans_none() -> None:
    assert span_f1({(1, 0): 7}) == Measure(0.0, 7)
    assert span_f1({}) == Measure(None, 0, "nothing marked")
    assert mean({}) == Measure(None, 0, "0 matched")


def test_span_f1_is_twice_the_pairs_by_the_spans_of_both() -> None:
    assert span_f1({(2, 1): 3, (1, 0): 4}) == Measure(0.6, 10)


def test_characters_say_when_nobody_or_everybody_marked_them_all() -> None:
    assert character_alpha([characters([[], []], 50)]) == Measure(None, 50, "nothing marked")
    assert character_alpha([characters([[(0, 50)], [(0, 60)]], 50)]) == Measure(None, 50, "everything marked")
    assert character_alpha([characters([[(0, 5)]], 50)]) == Measure(None, 50, "needs two")
    assert character_alpha([]) == Measure(None, 0, "nothing marked")


def test_two_people_without_sources_share_nothing_that_could_be_measured() -> None:
    assert jaccard(set(), set()) is None
    assert jaccard({"a"}, set()) == 0
    assert jaccard({"a", "b"}, {"b", "c"}) == 1 / 3


# What must hold for any data


@settings(max_examples=examples(40))
@given(PAIRS)
def test_measures_of_two_people_look_at_both_alike(pairs: list[tuple[str, str]]) -> None:
    patterns, swapped = Counter(pairs), Counter((y, x) for x, y in pairs)
    for measure in (raw_agreement, cohen_kappa, krippendorff_alpha, gwet_ac1):
        assert measure(patterns) == measure(swapped)
        assert measure(patterns) == measure(Counter(reversed(pairs)))
        found = measure(patterns)
        assert found.n == len(pairs)
        assert (found.value is None) == bool(found.why)
        assert found.value is None or -1 - 1e-9 <= found.value <= 1 + 1e-9
    if all(x == y for x, y in pairs) and len(set(pairs)) > 1:
        assert all(f(patterns).value == pytest.approx(1) for f in (cohen_kappa, krippendorff_alpha, gwet_ac1))
    counted = confusion(patterns, ["d", "z"])
    assert counted.labels[:2] == ("d", "z")
    assert sum(map(sum, counted.counts)) == len(pairs)


@settings(max_examples=examples(40))
@given(st.lists(st.tuples(*[st.one_of(st.none(), st.integers(1, 5))] * 3), min_size=1, max_size=12), st.randoms())
def test_alpha_does_not_depend_on_the_order_of_units_or_people(rows, random) -> None:  # type: ignore[no-untyped-def]
    shuffled = [tuple(random.sample(row, 3)) for row in random.sample(rows, len(rows))]
    for measure in (krippendorff_alpha, krippendorff_alpha_ordinal, raw_agreement, gwet_ac1):
        assert measure(Counter(rows)) == measure(Counter(shuffled))


@settings(max_examples=examples(40))
@given(st.lists(st.tuples(*[st.one_of(st.none(), st.integers(1, 5))] * 3), min_size=1, max_size=12))
def test_ordinal_alpha_is_what_its_definition_gives(rows: list[tuple[int | None, ...]]) -> None:
    kept = [said for row in rows if len(said := [value for value in row if value is not None]) > 1]
    n = Counter(value for said in kept for value in said)

    def squared(c: int, k: int) -> float:
        c, k = min(c, k), max(c, k)
        return (sum(n[g] for g in range(c, k + 1)) - (n[c] + n[k]) / 2) ** 2

    total = sum(n.values())
    expected = sum(n[c] * n[k] * squared(c, k) for c in n for k in n)
    found = krippendorff_alpha_ordinal(Counter(rows)).value
    if not expected:
        assert found is None
        return
    observed = sum(squared(x, y) / (len(said) - 1) for said in kept for x in said for y in said)
    assert found == pytest.approx(1 - (total - 1) * observed / expected)


@settings(max_examples=examples(40))
@given(st.lists(st.lists(SPANS, max_size=6), min_size=2, max_size=4), st.integers(1, 50))
def test_character_alpha_is_what_counting_every_character_gives(sets: list[list[Span]], length: int) -> None:
    inside = [{i for start, end in spans for i in range(start, min(end, length))} for spans in sets]
    one_by_one = krippendorff_alpha(Counter(tuple(int(i in marked) for marked in inside) for i in range(length)))
    found = character_alpha([characters(sets, length)])
    assert found.n == length
    assert found.value == (None if one_by_one.value is None else pytest.approx(one_by_one.value))
    parts = Counter(tuple(int(i in marked) for marked in inside) for i in range(length))
    parts.update({(0, 1, 0)[: len(sets)] + (0,) * (len(sets) - 3): 9})
    more = characters([[(0, 9)] if p == 1 else [] for p in range(len(sets))], 9)
    assert character_alpha([characters(sets, length), more]).value == pytest.approx(krippendorff_alpha(parts).value)


def test_a_text_of_one_megabyte_costs_no_more_than_its_spans() -> None:
    sets = [[(k * 100 + p, k * 100 + 50) for k in range(5_000)] for p in range(2)]
    assert character_alpha([characters(sets, 1_000_000)]).n == 1_000_000
    assert not grows(lambda length: character_alpha([characters(sets, length)]), 1_000_000, times=2.5)


# Others' code


@pytest.fixture(scope="module")
def others() -> SimpleNamespace:
    """What NLTK and scikit-learn reckon with. They take seconds to import: only who runs these tests waits for them."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        from nltk.metrics.agreement import AnnotationTask
        from nltk.metrics.distance import masi_distance as masi
        from sklearn.metrics import cohen_kappa_score as kappa
    return SimpleNamespace(AnnotationTask=AnnotationTask, masi=masi, kappa=kappa)


@settings(max_examples=examples(30))
@given(PAIRS)
def test_kappa_is_that_of_scikit_learn_and_nltk(others: SimpleNamespace, pairs: list[tuple[str, str]]) -> None:
    found = cohen_kappa(Counter(pairs)).value
    assume(found is not None)
    assert found == pytest.approx(others.kappa(*zip(*pairs, strict=True)))
    task = others.AnnotationTask([(who, str(k), pair[i]) for k, pair in enumerate(pairs) for i, who in enumerate("AB")])
    assert found == pytest.approx(task.kappa())
    assert raw_agreement(Counter(pairs)).value == pytest.approx(task.avg_Ao())
    assert krippendorff_alpha(Counter(pairs)).value == pytest.approx(task.alpha())


@settings(max_examples=examples(30))
@given(st.lists(st.tuples(*[st.one_of(st.none(), LABELS)] * 4), min_size=1, max_size=15))
def test_alpha_with_missing_values_is_that_of_nltk(others: SimpleNamespace, rows: list[tuple[str | None, ...]]) -> None:
    found = krippendorff_alpha(Counter(rows)).value
    assume(found is not None)
    data = [(str(p), str(k), label) for k, row in enumerate(rows) for p, label in enumerate(row) if label is not None]
    assert found == pytest.approx(others.AnnotationTask(data).alpha())


@settings(max_examples=examples(30))
@given(st.lists(st.tuples(*[st.frozensets(LABELS, min_size=1, max_size=3)] * 3), min_size=2, max_size=12))
def test_masi_and_its_alpha_are_those_of_nltk(others: SimpleNamespace, rows: list[tuple[frozenset[str], ...]]) -> None:
    for x, y in combinations(rows[0], 2):
        assert masi_distance(x, y) == pytest.approx(others.masi(x, y), abs=0.01)  # NLTK rounds 2/3 to 0.67, 1/3 to 0.33
    found = krippendorff_alpha(Counter(rows), others.masi).value
    assume(found is not None)
    data = [(str(p), str(k), types) for k, row in enumerate(rows) for p, types in enumerate(row)]
    assert found == pytest.approx(others.AnnotationTask(data, distance=others.masi).alpha())


# Intervals


def test_the_interval_of_kappa_is_near_the_one_of_large_samples() -> None:
    found = cohen_kappa(COHEN, replicates=1_000)
    assert found.low == pytest.approx(0.3916, abs=0.02) and found.high == pytest.approx(0.5915, abs=0.02)
    assert found == cohen_kappa(COHEN, replicates=1_000)


def test_the_mean_of_ten_thousand_has_the_interval_that_theory_gives() -> None:
    found = mean({0.0: 4_000, 1.0: 6_000}, replicates=2_000)
    assert found.value == 0.6 and found.low is not None and found.high is not None
    error = 1.96 * math.sqrt(0.6 * 0.4 / 10_000)
    assert found.low == pytest.approx(0.6 - error, abs=0.001) and found.high == pytest.approx(0.6 + error, abs=0.001)


@pytest.mark.parametrize("size", [12, 500, 40_000])
def test_the_limit_for_many_patterns_is_near_what_drawing_gives(size: int, monkeypatch: pytest.MonkeyPatch) -> None:
    random = Random(5)
    rows = Counter(
        (x, x if random.random() < 0.6 else random.choice("abcd")) for x in random.choices("abcd", k=max(size, 500))
    )
    drawn = krippendorff_alpha(rows, replicates=2_000)
    monkeypatch.setattr(coefficients, "_MOST_STEPS", 0)
    limit = krippendorff_alpha(rows, replicates=2_000)
    assert drawn.value == limit.value
    assert drawn.low is not None and drawn.high is not None and limit.low is not None and limit.high is not None
    width = drawn.high - drawn.low
    assert abs(drawn.low - limit.low) < 0.1 * width and abs(drawn.high - limit.high) < 0.1 * width


def test_the_limit_over_texts_is_near_what_drawing_them_gives(monkeypatch: pytest.MonkeyPatch) -> None:
    random = Random(6)
    texts = []
    for _ in range(150):
        starts = [random.randrange(900) for _ in range(6)]
        sets = [[(s + random.randrange(30), s + 60) for s in starts if random.random() < 0.8] for _ in range(3)]
        texts.append(characters(sets, 1_000))
    drawn = character_alpha(texts, 2_000)
    monkeypatch.setattr(coefficients, "_MOST_STEPS", 0)
    limit = character_alpha(texts, 2_000)
    assert drawn.low == pytest.approx(limit.low, abs=0.01) and drawn.high == pytest.approx(limit.high, abs=0.01)


def test_few_units_or_units_that_all_agree_give_no_interval() -> None:
    assert span_f1({(2, 1): 5, (1, 0): 4}, replicates=100).low is None
    assert span_f1({(2, 1): 5, (1, 0): 5}, replicates=100).low is not None
    assert raw_agreement({("a", "a"): 500}, replicates=100) == Measure(1.0, 500)
    assert krippendorff_alpha({("a", "a"): 50, ("b", "b"): 1}, replicates=100).low is None


@given(st.lists(st.integers(0, 400), min_size=1, max_size=8), st.integers(0, 99))
def test_counts_drawn_anew_add_up_and_take_nothing_from_empty_patterns(counts: list[int], seed: int) -> None:
    drawn = coefficients._drawn(Random(seed), counts, sum(counts))
    assert sum(drawn) == sum(counts) and min(drawn) >= 0
    assert not any(new for new, old in zip(drawn, counts, strict=True) if not old)


@pytest.mark.parametrize(("n", "p"), [(5, 0.3), (40, 0.9), (200, 0.04), (1_000, 0.4)])
def test_binomial_draws_have_the_right_mean_and_spread(n: int, p: float) -> None:
    random = Random(1)
    draws = [coefficients._binomial(random, n, p) for _ in range(4_000)]
    average = sum(draws) / len(draws)
    variance = sum((draw - average) ** 2 for draw in draws) / len(draws)
    assert average == pytest.approx(n * p, abs=4 * math.sqrt(n * p * (1 - p) / 4_000))
    assert variance == pytest.approx(n * p * (1 - p), rel=0.12)
