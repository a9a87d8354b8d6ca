"""The figures of agreement, from marks to what is shown."""

from __future__ import annotations

import json
from itertools import combinations, permutations
from random import Random
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from store.measure.alignment import Mark
from store.measure.article_counts import Marked
from store.measure.coefficients import Measure, characters
from store.measure.figures import Figure, Measured, Report, report
from store.measure.figures_as_data import FIGURE_COLUMNS, as_json, as_markdown, as_rows
from store.measure.matching import match
from tests.kit.depth import examples
from tests.kit.growth import grows

VERDICTS = ["supported", "mixed", "refuted", "unclear"]
RANKS = {"supported": 3, "mixed": 2, "refuted": 1}


def marks(*said: tuple[int, int, str], who: str = "", types: str = "", sources: str = "") -> list[Mark]:
    return [
        Mark(f"{who}{k}", start, end, verdict, frozenset(types.split()), frozenset(sources.split()))
        for k, (start, end, verdict) in enumerate(said)
    ]


def figures(comparison: Measured) -> dict[str, Figure]:
    return {figure.key: figure for figure in comparison.pooled}


ANA = marks((0, 10, "supported"), (20, 30, "refuted"), (40, 50, "mixed"), (60, 70, ""), who="a", types="date")
BEN = marks((0, 10, "supported"), (20, 28, "mixed"), (48, 60, "mixed"), (90, 95, "refuted"), who="b", types="date")
TWO = report([Marked("x", 100, {"Ben": BEN, "Ana": ANA})], RANKS, VERDICTS)


def test_two_people_who_marked_one_article() -> None:
    (both,) = TWO.comparisons
    assert (TWO.people, both.people, both.articles) == (("Ana", "Ben"), ("Ana", "Ben"), ("x",))
    found = figures(both)
    assert found["span_f1_exact"].measure == Measure(2 * 1 / 8, 8)
    assert found["span_f1_half"].measure == Measure(2 * 2 / 8, 8)
    assert found["mean_overlap"].measure == Measure(pytest.approx((1 + 0.8 + 2 / 20) / 3), 3)
    assert found["raw_agreement"].measure == Measure(0.5, 2)
    assert found["alpha_masi"].measure == Measure(None, 2, "one label only")
    assert found["shared_sources"].measure == Measure(None, 0, "no sources given")
    assert found["character_alpha"].measure.n == 100
    assert both.confusion is not None and both.confusion.labels == tuple(VERDICTS)
    assert both.confusion.counts == ((1, 0, 0, 0), (0, 0, 0, 0), (0, 1, 0, 0), (0, 0, 0, 0))


def test_behind_each_figure_stand_its_claims() -> None:
    found = figures(TWO.comparisons[0])
    assert list(found["span_f1_exact"].behind()) == [
        ("x", ("a0", "b0"), "agreed"),
        ("x", ("a1", "b1"), "span differs"),
        ("x", ("a2", "b2"), "span differs"),
        ("x", ("a3", None), "only Ana"),
        ("x", (None, "b3"), "only Ben"),
    ]
    assert [row.what for row in found["span_f1_half"].behind()][:3] == ["agreed", "agreed", "span differs"]
    assert [row.what for row in found["mean_overlap"].behind()] == ["agreed", "span differs", "span differs"]
    assert list(found["cohen_kappa"].behind()) == [
        ("x", ("a0", "b0"), "agreed"),
        ("x", ("a1", "b1"), "verdict differs"),
    ]
    assert [row.what for row in found["alpha_masi"].behind()] == ["agreed", "agreed"]
    assert list(found["shared_sources"].behind()) == []


def test_claims_without_a_source_are_left_out_of_the_shared_ones() -> None:
    ana = marks((0, 9, ""), (10, 19, ""), who="a", sources="s1 s2") + marks((20, 29, ""), who="a+")
    ben = marks((0, 9, ""), who="b", sources="s2 s3") + marks((10, 19, ""), (20, 29, ""), who="b+")
    found = figures(report([Marked("x", 30, {"Ana": ana, "Ben": ben})], {}, []).comparisons[0])
    assert found["shared_sources"].measure == Measure(pytest.approx((1 / 3 + 0) / 2), 2)
    assert [row.what for row in found["shared_sources"].behind()] == ["sources differ", "sources differ"]


def test_a_match_of_whose_sources_nothing_is_said_is_a_match_without_sources() -> None:
    ana, ben = marks((0, 9, ""), who="a"), [Mark("a0", 0, 9, sources=None, tagger="Ana", tagged=(0, 9))]
    found = figures(report([Marked("x", 30, {"Ana": ana, "Ben": ben})], {}, []).comparisons[0])
    assert found["shared_sources"].measure == Measure(None, 0, "no sources given")


def test_marks_of_one_claim_belong_together_before_any_overlap() -> None:
    ana = [Mark("c1", 0, 40, "refuted"), Mark("c2", 50, 60, "mixed")]
    ben = [Mark("c1", 30, 40, "refuted"), Mark("b1", 0, 25, "mixed"), Mark("c2", 70, 80, "mixed")]
    (both,) = report([Marked("x", 100, {"Ana": ana, "Ben": ben})], RANKS, VERDICTS).comparisons
    found = figures(both)
    assert list(found["raw_agreement"].behind()) == [("x", ("c1", "c1"), "agreed"), ("x", ("c2", "c2"), "agreed")]
    assert found["mean_overlap"].measure == Measure(pytest.approx((10 / 40 + 0) / 2), 2)
    assert found["span_f1_half"].measure == Measure(0.0, 5)
    assert [row.marks for row in found["span_f1_exact"].behind()] == [(None, "b1"), ("c1", "c1"), ("c2", "c2")]
    cy = [Mark("y1", 28, 40, "refuted")]
    three = report([Marked("x", 100, {"Ana": ana, "Ben": ben, "Cy": cy})], RANKS, VERDICTS).comparisons[-1]
    assert [row.marks for row in figures(three)["span_f1_exact"].behind()] == [
        (None, "b1", None),
        ("c1", "c1", "y1"),
        ("c2", "c2", None),
    ]


def review(mark: Mark, of: str, **said: Any) -> Mark:
    return mark._replace(**{"tagger": of, "tagged": (mark.start, mark.end)} | said)


def test_two_checkers_of_one_place_and_a_reviewer_of_each_are_all_compared() -> None:
    a, b = Mark("a", 0, 10, "supported"), Mark("b", 0, 10, "refuted")
    sets = {"Ana": [a], "Ben": [b], "Cy": [review(a, "Ana")], "Dee": [review(b, "Ben")]}
    found = {one.people: figures(one) for one in report([Marked("x", 20, sets)], RANKS, VERDICTS).comparisons}
    everybody = found["Ana", "Ben", "Cy", "Dee"]
    assert everybody["raw_agreement"].measure == Measure(pytest.approx(1 / 3), 1)
    assert list(everybody["raw_agreement"].behind()) == [("x", ("a", "b", "a", "b"), "verdict differs")]
    assert everybody["span_f1_exact"].measure.value == 1.0
    assert found["Cy", "Dee"]["raw_agreement"].measure == Measure(0.0, 1)
    assert found["Ben", "Cy"]["raw_agreement"].measure == Measure(0.0, 1)


def test_who_reviews_both_twins_has_one_word_in_their_place() -> None:
    a, b = Mark("a", 0, 10, "supported"), Mark("b", 0, 10, "refuted")
    sets = {"Ana": [a], "Ben": [b], "Cy": [review(a, "Ana", verdict=""), review(b, "Ben")]}
    found = {one.people: figures(one) for one in report([Marked("x", 20, sets)], RANKS, VERDICTS).comparisons}
    assert found["Ana", "Ben", "Cy"]["raw_agreement"].measure == Measure(pytest.approx(1 / 3), 1)
    assert found["Ana", "Cy"]["span_f1_exact"].measure == Measure(1.0, 2)
    assert list(found["Ana", "Cy"]["raw_agreement"].behind()) == [("x", ("a", "b"), "verdict differs")]


def test_who_gives_two_claims_spans_far_apart_holds_them_for_two() -> None:
    whole, part = Mark("a", 0, 40, "mixed"), Mark("b", 10, 18, "refuted")
    sets = {"Ana": [whole], "Ben": [part, review(whole, "Ana")]}
    (both,) = report([Marked("x", 50, sets)], RANKS, VERDICTS).comparisons
    assert list(figures(both)["span_f1_exact"].behind()) == [
        ("x", ("a", "a"), "agreed"),
        ("x", (None, "b"), "only Ben"),
    ]


def test_what_was_not_said_is_not_compared() -> None:
    ana = [Mark("c1", 0, 9, "mixed", frozenset("d"), frozenset("s")), Mark("c2", 10, 19, "mixed", frozenset("d"))]
    ben = [Mark("c1", 0, 9, "", None, None), Mark("c2", 10, 19, "mixed", frozenset("e"))]
    found = figures(report([Marked("x", 30, {"Ana": ana, "Ben": ben})], RANKS, VERDICTS).comparisons[0])
    assert (found["raw_agreement"].measure, found["alpha_masi"].measure.n) == (Measure(1.0, 1), 1)
    assert [row.marks for row in found["alpha_masi"].behind()] == [("c2", "c2")]
    assert list(found["shared_sources"].behind()) == []


def test_an_ordinal_figure_is_there_only_where_the_scheme_gives_an_order() -> None:
    article = Marked("x", 100, {"Ana": ANA, "Ben": BEN})
    assert "alpha_ordinal" in figures(TWO.comparisons[0])
    assert "alpha_ordinal" not in figures(report([article], {}, VERDICTS).comparisons[0])


@pytest.mark.parametrize(
    ("ana", "ben", "f1", "verdict"),
    [
        ([(0, 5, "mixed")], [(9, 12, "mixed")], Measure(0.0, 2), Measure(None, 0, "0 matched")),
        ([], [(9, 12, "mixed")], Measure(0.0, 1), Measure(None, 0, "0 matched")),
        ([], [], Measure(None, 0, "nothing marked"), Measure(None, 0, "0 matched")),
        ([(0, 5, "")], [(0, 5, "mixed")], Measure(1.0, 2), Measure(None, 0, "0 judged by two")),
        ([(0, 5, "mixed")], [(0, 5, "mixed")], Measure(1.0, 2), Measure(None, 1, "one label only")),
    ],
    ids=["no overlap", "one marked nothing", "neither marked anything", "not judged by both", "one label"],
)
def test_what_is_not_defined_says_why(
    ana: list[tuple[int, int, str]], ben: list[tuple[int, int, str]], f1: Measure, verdict: Measure
) -> None:
    sets = {"A": marks(*ana, who="a"), "B": marks(*ben, who="b")}
    found = figures(report([Marked("x", 50, sets)], RANKS, VERDICTS).comparisons[0])
    assert found["span_f1_half"].measure == f1
    for key in ("cohen_kappa", "alpha_nominal", "gwet_ac1", "alpha_ordinal"):
        assert found[key].measure == verdict
    assert all(figure.interval is None for figure in found.values())


def test_one_label_only_still_has_its_raw_agreement() -> None:
    same = marks(*[(k * 10, k * 10 + 5, "mixed") for k in range(20)])
    found = figures(report([Marked("x", 300, {"A": same, "B": same})], RANKS, VERDICTS).comparisons[0])
    assert found["raw_agreement"].measure == Measure(1.0, 20)
    assert found["cohen_kappa"].measure == Measure(None, 20, "one label only")


@pytest.mark.parametrize("articles", [[], [Marked("x", 9, {"Ana": marks((0, 5, "mixed"))})], [Marked("x", 9, {})]])
def test_fewer_than_two_people_make_figures_that_need_two(articles: list[Marked]) -> None:
    found = report(articles, RANKS, VERDICTS)
    (comparison,) = found.comparisons
    assert all(figure.measure == Measure(None, 0, "needs two") for figure in comparison.pooled)
    assert comparison.by_article == ()
    assert "needs two" in "".join(as_markdown(found))


def test_two_people_who_never_marked_the_same_article_need_two() -> None:
    ana, ben = Marked("x", 100, {"Ana": ANA}), Marked("y", 100, {"Ben": BEN})
    (comparison,) = report([ana, ben], RANKS, VERDICTS).comparisons
    assert {figure.measure.why for figure in comparison.pooled} == {"needs two"}


def test_an_article_counts_only_for_those_with_a_set_for_it() -> None:
    sets = {"Ana": ANA, "Ben": BEN}
    three = report([Marked("x", 100, sets), Marked("y", 100, sets | {"Cy": ANA})], RANKS, VERDICTS)
    assert [(c.people, c.articles) for c in three.comparisons] == [
        (("Ana", "Ben"), ("x", "y")),
        (("Ana", "Cy"), ("y",)),
        (("Ben", "Cy"), ("y",)),
        (("Ana", "Ben", "Cy"), ("x", "y")),
    ]
    everyone = three.comparisons[-1]
    assert "cohen_kappa" not in figures(everyone) and everyone.confusion is None
    # In x Ana and Ben make 2 of 8 matched; in y three pairs of people make 2, 8 and 2 of 8.
    assert figures(everyone)["span_f1_exact"].measure == Measure((2 + 2 + 8 + 2) / (4 * 8), 32)
    rows = list(figures(everyone)["span_f1_exact"].behind())
    assert rows[0] == ("x", ("a0", "b0", None), "agreed") and rows[5] == ("y", ("a0", "b0", "a0"), "agreed")
    assert [row.what for row in rows if row.article == "y"][3:] == ["only Ana, Cy", "only Ben"]
    assert figures(everyone)["alpha_nominal"].measure.n == 5


def test_pooled_figures_are_those_of_the_sums_not_means_of_the_articles() -> None:
    one = Marked("x", 100, {"A": marks((0, 5, ""), who="a"), "B": marks((0, 5, ""), who="b")})
    three, single = marks((0, 5, ""), (10, 15, ""), (20, 25, ""), who="a"), marks((30, 35, ""), who="b")
    other = Marked("y", 100, {"A": three, "B": single})
    (comparison,) = report([one, other], {}, []).comparisons
    assert figures(comparison)["span_f1_exact"].measure == Measure(2 / 6, 6)
    assert [(article, row[0].measure.value) for article, row in comparison.by_article] == [("x", 1.0), ("y", 0.0)]


CLAIMS = st.builds(
    lambda start, length, verdict, types, sources: (start, start + length, verdict, types, sources),
    st.integers(0, 60),
    st.integers(1, 20),
    st.sampled_from(["", *VERDICTS, "?old"]),
    st.frozensets(st.sampled_from("de"), max_size=2),
    st.frozensets(st.sampled_from("st"), max_size=2),
)
SETS = st.lists(CLAIMS, max_size=8).map(lambda claims: [Mark(str(k), *claim) for k, claim in enumerate(claims)])
REVIEWED = st.lists(st.tuples(*[st.sampled_from(["Ana", "Ben", "Cy"])] * 2, st.integers(0, 7), CLAIMS), max_size=6)
"""Who says what of whose claim."""
DESKS = st.lists(
    st.tuples(st.dictionaries(st.sampled_from(["Ana", "Ben", "Cy"]), SETS), REVIEWED).map(lambda made: said(*made)),
    max_size=3,
)


def said(sets: dict[str, list[Mark]], reviewed: list[tuple[str, str, int, tuple[Any, ...]]]) -> dict[str, list[Mark]]:
    """What people tagged, each claim with an id of its own, and what they say of others' claims."""
    made = {name: [mark._replace(id=f"{name}{mark.id}") for mark in marks] for name, marks in sets.items()}
    found = {name: list(marks) for name, marks in made.items()}
    for name, whose, k, words in reviewed:
        theirs = made.get(whose, [])[k : k + 1]
        if name in made and name != whose and theirs and theirs[0].id not in [mark.id for mark in found[name]]:
            (mark,) = theirs
            found[name].append(Mark(mark.id, *words, tagger=whose, tagged=(mark.start, mark.end)))
    return found


def laid(desk: list[dict[str, list[Mark]]]) -> list[Marked]:
    return [Marked(f"x{k}", 90, sets) for k, sets in enumerate(desk)]


@settings(max_examples=examples(30))
@given(DESKS, st.randoms())
def test_it_does_not_matter_in_which_order_people_and_marks_come(
    desk: list[dict[str, list[Mark]]], random: Random
) -> None:
    shuffled = [
        {name: random.sample(sets[name], len(sets[name])) for name in random.sample(sorted(sets), len(sets))}
        for sets in desk
    ]
    assert as_json(report(laid(desk), RANKS, VERDICTS)) == as_json(report(laid(shuffled), RANKS, VERDICTS))


@settings(max_examples=examples(30))
@given(SETS, SETS, REVIEWED)
def test_figures_of_two_people_are_the_same_whoever_comes_first(a: list[Mark], b: list[Mark], reviewed: Any) -> None:
    turned = [({"Ana": "Ben", "Ben": "Ana"}.get(name, name), whose, *more) for name, whose, *more in reviewed]
    turned = [(name, {"Ana": "Ben", "Ben": "Ana"}.get(whose, whose), *more) for name, whose, *more in turned]
    (one,) = report([Marked("x", 90, said({"Ana": a, "Ben": b}, reviewed))], RANKS, VERDICTS).comparisons
    (other,) = report([Marked("x", 90, said({"Ana": b, "Ben": a}, turned))], RANKS, VERDICTS).comparisons
    assert [figure.measure for figure in one.pooled] == [figure.measure for figure in other.pooled]


@settings(max_examples=examples(30))
@given(DESKS)
def test_every_figure_has_a_value_or_says_why_and_behind_it_stand_the_units_it_counts(
    desk: list[dict[str, list[Mark]]],
) -> None:
    for comparison in report(laid(desk), RANKS, VERDICTS).comparisons:
        for figure in comparison.pooled:
            measure = figure.measure
            assert (measure.value is None) == bool(measure.why)
            assert measure.value is None or -1 - 1e-9 <= measure.value <= 1 + 1e-9
            rows = list(figure.behind())
            assert all(len(row.marks) == len(comparison.people) for row in rows)
            if len(comparison.people) == 2:
                if figure.group in ("edges", "verdict", "types", "evidence"):
                    assert len(rows) == measure.n
                elif figure.key != "character_alpha":
                    assert sum(mark is not None for row in rows for mark in row.marks) == measure.n
                    assert 2 * sum(row.what == "agreed" for row in rows) == round((measure.value or 0) * measure.n)


@settings(max_examples=examples(20))
@given(st.lists(SETS, min_size=3, max_size=3))
def test_what_all_found_is_what_every_two_found_together(sets: list[list[Mark]]) -> None:
    sets = [[mark._replace(id=f"{who}{mark.id}") for mark in marks] for who, marks in zip("abc", sets, strict=True)]
    spans = [[(mark.start, mark.end) for mark in sorted(marks, key=lambda m: (m.start, m.end, m.id))] for marks in sets]
    everyone = report([Marked("x", 90, dict(zip("ABC", sets, strict=True)))], RANKS, VERDICTS).comparisons[-1]
    matched = sum(len(match(a, b, 0.5)) for a, b in combinations(spans, 2))
    chances = 2 * sum(map(len, spans))
    assert figures(everyone)["span_f1_half"].measure.value == (2 * matched / chances if chances else None)
    assert {figures(everyone)["character_alpha"].measure.n} == {characters(spans, 90).length}
    again = {
        order: report([Marked("x", 90, dict(zip(order, sets, strict=True)))], RANKS, VERDICTS).comparisons[-1]
        for order in permutations("ABC")
    }
    for key in ("span_f1_exact", "span_f1_half", "character_alpha", "mean_overlap"):
        assert len({figures(comparison)[key].measure for comparison in again.values()}) == 1


# What is shown

ODD = report(
    [Marked("a|b\nc", 100, {"A|x": ANA, "B\n*y*": BEN}), Marked("z", 100, {"A|x": [], "B\n*y*": []})], RANKS, VERDICTS
)


def test_json_holds_every_figure_and_is_json() -> None:
    plain = as_json(ODD)
    assert json.loads(json.dumps(plain, allow_nan=False)) == plain
    (comparison,) = plain["comparisons"]
    assert comparison["people"] == ["A|x", "B\n*y*"] and comparison["articles"] == 2
    kappa = next(figure for figure in comparison["figures"] if figure["measure"] == "cohen_kappa")
    assert kappa["n"] == 2 and kappa["unit"] == "matched claims with two verdicts" and kappa["low"] is None
    assert [entry["article"] for entry in comparison["by_article"]] == ["a|b\nc", "z"]
    assert comparison["confusion"]["labels"] == VERDICTS


def test_rows_stand_under_their_columns() -> None:
    rows = [dict(zip(FIGURE_COLUMNS, row, strict=True)) for row in as_rows(ODD)]
    assert len(rows) == 3 * 11
    assert rows[0] == {
        "article_id": "", "annotator_a": "A|x", "annotator_b": "B\n*y*", "measure": "span_f1_exact", "unit": "claims",
        "value": 0.25, "n": 8, "low": None, "high": None, "note": "",
    }  # fmt: skip
    assert rows[-1]["value"] is None and rows[-1]["note"] == "n/a (0 matched)"
    three = report([Marked("x", 100, {"A": ANA, "B": BEN, "C": ANA})], RANKS, VERDICTS)
    last = dict(zip(FIGURE_COLUMNS, list(as_rows(three))[-1], strict=True))
    assert (last["annotator_a"], last["annotator_b"]) == ("", "") and "all: A, B, C" in last["note"]


def test_markdown_shows_names_as_they_are_and_keeps_every_row_whole() -> None:
    page = "".join(as_markdown(ODD))
    assert page == "".join(as_markdown(ODD))
    assert "## A\\|x and B \\*y\\*\n" in page
    assert "| a\\|b c | 0.250 | 0.500 |" in page
    assert "| found | span F1, same span | 0.250 | – | 8 | claims |\n" in page
    tables = [block for block in page.split("\n\n") if block.startswith("|")]
    assert len(tables) == 3
    for block in tables:
        assert len({line.replace("\\|", "").count("|") for line in block.strip().splitlines()}) == 1


def test_twenty_thousand_claims_take_a_moment() -> None:
    random = Random(4)
    desk = []
    for k in range(200):
        ana = [
            Mark(f"a{i}", i * 100, i * 100 + random.randint(20, 90), random.choice(VERDICTS), frozenset("d"))
            for i in range(50)
        ]
        ben = [mark._replace(id=f"b{mark.id}", end=mark.end + random.choice([0, 0, 9])) for mark in ana]
        ben = [mark._replace(verdict=random.choice([mark.verdict, "mixed"])) for mark in ben if random.random() < 0.9]
        desk.append(Marked(str(k), 5_000, {"Ana": ana, "Ben": ben}))
    found: Report = report(desk, RANKS, VERDICTS)
    shown = {figure.key: figure.interval for figure in found.comparisons[0].pooled}
    assert not grows(lambda many: report(desk[:many], RANKS, VERDICTS), 20, times=8)
    assert shown["cohen_kappa"] and shown["character_alpha"] and shown["mean_overlap"]
    low, high = shown["cohen_kappa"]
    assert low < (figures(found.comparisons[0])["cohen_kappa"].measure.value or 0) < high


def crowd(people: int, articles: int = 1) -> list[Marked]:
    """Articles on which so many people have each tagged one span."""
    return [
        Marked(f"a{n}", 90, {f"p{p:02}": [Mark(f"{n}-{p}", 0, 8 + p % 3, "supported")] for p in range(people)})
        for n in range(articles)
    ]


def test_every_two_of_more_than_twenty_people_are_left_out_unless_asked_for() -> None:
    assert len(report(crowd(20), RANKS, VERDICTS).comparisons) == 191
    found = report(crowd(21), RANKS, VERDICTS)
    assert [len(one.people) for one in found.comparisons] == [21] and not found.paired
    assert len(report(crowd(21), RANKS, VERDICTS, pairs=True).comparisons) == 211
    assert report(crowd(2), RANKS, VERDICTS, pairs=False).paired  # the pair is all there is


def test_figures_are_the_same_whether_what_is_counted_is_kept(monkeypatch: pytest.MonkeyPatch) -> None:
    kept = as_json(report(crowd(4, 3), RANKS, VERDICTS))
    monkeypatch.setattr("store.measure.figures._KEPT", 1)
    found = report(crowd(4, 3), RANKS, VERDICTS)
    assert not any(one.kept for one in found.comparisons)
    assert as_json(found) == kept and as_json(found) == kept
    assert [row for row in as_rows(found)] == [row for row in as_rows(found)]
