"""The figures of agreement: for every two people, and for all of them when they are three or more.

What goes in are the marks of those whose set counts, article by article: a person without a set for an article, say
because it is not submitted, is left out of that article; an empty set says that nothing was marked. An article
counts for a comparison when two of its people have a set.

Marks belong together as in `alignment`, where a person has one word: their first. Any overlap makes a match for the
edges; verdicts, types and sources are compared where the spans overlap by a half or more, and for three or more people
in places of which any two claims do; or where they are of one claim.
Pooled figures are worked out from the sums over the articles, not as means of the articles' figures. An interval says
what was drawn anew, see `store.measure.measures`: for F1, stretches of text whose claims overlap, directly or through
others; for characters, articles; else what ``n`` counts.

Whoever looks at verdicts alone does not see what only one person marked: show the figures of a comparison together.
"""

from __future__ import annotations

import gc
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from functools import cached_property
from itertools import combinations
from operator import itemgetter
from typing import Literal, NamedTuple

from store.measure import measures as agreement
from store.measure.alignment import HALF, Mark, Places
from store.measure.matching import Pair, joined, match, overlap
from store.measure.measures import REPLICATES, Characters, Confusion, Label, Measure
from store.text.units import Span

Group = Literal["found", "edges", "verdict", "types", "evidence"]


class Marked(NamedTuple):
    """An article of ``length`` code points, and the marks of each person whose set counts."""

    id: str
    length: int
    marks: Mapping[str, Sequence[Mark]]


class Behind(NamedTuple):
    """One claim behind a figure: the mark of each person, in the order of the comparison, and how they compare."""

    article: str
    marks: tuple[str | None, ...]
    what: str


@dataclass(frozen=True)
class Figure:
    """One figure. ``words`` name it, ``counts`` names what ``measure.n`` counts; ``measure`` has no interval yet."""

    group: Group
    key: str
    words: str
    counts: str
    measure: Measure
    _again: Callable[[], Measure] = field(repr=False, compare=False)
    _behind: Callable[[], Iterator[Behind]] = field(repr=False, compare=False)

    @cached_property
    def interval(self) -> tuple[float, float] | None:
        """The 95 % interval, drawn when it is first asked for; None where `store.measure.measures` gives none."""
        if self.measure.value is None:
            return None
        found = self._again()
        return None if found.low is None or found.high is None else (found.low, found.high)

    def behind(self) -> Iterator[Behind]:
        """The claims behind the figure, article by article in text order, worked out as they are asked for."""
        return self._behind()


@dataclass(frozen=True)
class Comparison:
    """Two people, or all of them, in the order of their names."""

    people: tuple[str, ...]
    _sheets: tuple[_Sheet, ...] = field(repr=False, compare=False)
    _scheme: _Scheme = field(repr=False, compare=False)

    @property
    def articles(self) -> tuple[str, ...]:
        """The ids of the articles that are compared."""
        return tuple(sheet.article for sheet in self._sheets)

    @cached_property
    def pooled(self) -> tuple[Figure, ...]:
        """The figures over all articles."""
        return self._figures(self._sheets)

    @cached_property
    def by_article(self) -> tuple[tuple[str, tuple[Figure, ...]], ...]:
        """The figures of each article by itself, under its id."""
        return tuple((sheet.article, self._figures((sheet,))) for sheet in self._sheets)

    @cached_property
    def confusion(self) -> Confusion | None:
        """Who gave which verdict to the matched claims, the first person's in rows; for two people."""
        if len(self.people) != 2:
            return None
        return agreement.confusion(_total(self._sheets).verdicts, self._scheme.verdicts)

    def _figures(self, sheets: tuple[_Sheet, ...]) -> tuple[Figure, ...]:
        total, scheme, many = _total(sheets), self._scheme, len(self.people) != 2

        def figure(kind: _Kind) -> Figure:
            return Figure(
                kind.group,
                kind.key,
                kind.words,
                kind.counts_for_many if many and kind.counts_for_many else kind.counts,
                kind.measure(total, scheme, 0) if sheets else Measure(None, 0, agreement.NEEDS_TWO),
                lambda: kind.measure(total, scheme, REPLICATES),
                lambda: (row for sheet in sheets for row in kind.behind(sheet, scheme)),
            )

        return tuple(
            figure(kind)
            for kind in _KINDS
            if not (many and kind.key == "cohen_kappa") and (scheme.ranks or kind.key != "alpha_ordinal")
        )


@dataclass(frozen=True)
class Report:
    """Every two people in the order of their names and, when they are three or more, all of them at the end."""

    people: tuple[str, ...]
    comparisons: tuple[Comparison, ...]


def report(articles: Iterable[Marked], ranks: Mapping[str, int], verdicts: Sequence[str]) -> Report:
    """The figures of these articles, in their order.

    ``ranks`` holds the scheme's order of those verdicts that have one; ``verdicts`` are the keys that can be given, in
    the order in which they are shown. It does not matter in which order people and marks come. Fewer than two people
    make one comparison, of which every figure says that it needs two.
    """
    desk = [_Text(article) for article in articles]
    people = tuple(sorted({name for text in desk for name in text.marks}))
    scheme = _Scheme(ranks, tuple(verdicts))
    compared: list[tuple[str, ...]] = list(combinations(people, 2))
    if len(people) != 2:
        compared.append(people)
    return Report(
        people,
        tuple(
            Comparison(names, tuple(_Sheet(text, names) for text in desk if text.present(names) > 1), scheme)
            for names in compared
        ),
    )


class _Scheme(NamedTuple):
    ranks: Mapping[str, int]
    verdicts: tuple[str, ...]


_SPAN, _IN_TEXT_ORDER = itemgetter(1, 2), itemgetter(1, 2, 0)  # start, end; and id


class _Text:
    """An article with everyone's marks in text order; two people's spans are matched once, when first asked for."""

    def __init__(self, article: Marked) -> None:
        self.id, self.length = article.id, article.length
        self.marks = {name: sorted(marks, key=_IN_TEXT_ORDER) for name, marks in article.marks.items()}
        self.spans: dict[str, list[Span]] = {name: list(map(_SPAN, marks)) for name, marks in self.marks.items()}
        self._pairs: dict[tuple[str, str], list[Pair]] = {}

    def present(self, names: Iterable[str]) -> int:
        return sum(name in self.marks for name in names)

    def pairs(self, one: str, other: str) -> list[Pair]:
        if (one, other) not in self._pairs:
            self._pairs[one, other] = match(self.spans[one], self.spans[other])
        return self._pairs[one, other]


class _Total(NamedTuple):
    """What is summed over articles. Of ``places``: chances, exact pairs and pairs that overlap by a half."""

    places: Counter[tuple[int, int, int]]
    characters: list[Characters]
    overlaps: Counter[float]
    verdicts: Counter[tuple[Label | None, ...]]
    types: Counter[tuple[Label | None, ...]]
    shared: Counter[float | None]


def _total(sheets: Sequence[_Sheet]) -> _Total:
    if len(sheets) == 1:
        return sheets[0].counted
    total = _Total(Counter(), [], Counter(), Counter(), Counter(), Counter())
    for sheet in sheets:
        counted = sheet.counted
        total.places.update(counted.places)
        total.characters.extend(counted.characters)
        total.overlaps.update(counted.overlaps)
        total.verdicts.update(counted.verdicts)
        total.types.update(counted.types)
        total.shared.update(counted.shared)
    return total


class _Sheet:
    """One article as the people of a comparison marked it; those without a set for it are not ``present``."""

    def __init__(self, text: _Text, names: tuple[str, ...]) -> None:
        self.article = text.id
        self._text = text
        self._names = names
        self._present = [name for name in names if name in text.marks]
        self._marks = [text.marks[name] for name in self._present]
        self._spans = [text.spans[name] for name in self._present]

    @cached_property
    def _places(self) -> list[tuple[int | None, ...]] | None:
        """What each person says first in each place; None where all tagged alone, and nothing has to be looked at."""
        ids: set[str] = set()
        for marks in self._marks:
            ids.update([mark[0] for mark in marks])
            if any([mark.tagger for mark in marks]):
                return self._first_words(0.0)
        return self._first_words(0.0) if len(ids) < sum(map(len, self._marks)) else None

    def _first_words(self, least: float) -> list[tuple[int | None, ...]]:
        return [tuple([own[0] if own else None for own in place]) for place in self._all_places.all(least)]

    @cached_property
    def _all_places(self) -> Places:
        return Places(self._present, self._marks)

    @cached_property
    def _pairs(self) -> dict[tuple[int, int], list[Pair]]:
        if self._places is not None:
            found = {}
            for p, q in combinations(range(len(self._present)), 2):
                a, b = self._spans[p], self._spans[q]
                both = [(i, j) for row in self._places if (i := row[p]) is not None and (j := row[q]) is not None]
                found[p, q] = sorted(Pair(i, j, overlap(a[i], b[j])) for i, j in both)
            return found
        return {
            (p, q): self._text.pairs(self._present[p], self._present[q])
            for p, q in combinations(range(len(self._present)), 2)
        }

    @cached_property
    def counted(self) -> _Total:
        """What the article adds to the sums."""
        rows = list(self.matched())
        verdicts: Counter[tuple[Label | None, ...]] = Counter(
            [tuple([(mark and mark.verdict) or None for mark in row]) for row in rows]
        )
        types: Counter[tuple[Label | None, ...]] = Counter(
            [tuple([mark and mark.types for mark in row]) for row in rows]
        )
        shared = Counter([share for row in rows for share in _shared(row)])
        overlaps = Counter([pair.overlap for pairs in self._pairs.values() for pair in pairs])
        characters = agreement.characters(self._spans, self._text.length)
        return _Total(self._stretches(), [characters], overlaps, verdicts, types, shared)

    def _stretches(self) -> Counter[tuple[int, int, int]]:
        """The stretches of text whose claims overlap, directly or through others: chances, exact and half pairs."""
        place_of = [[0] * len(spans) for spans in self._spans]
        claims: list[int] = []
        reach = -1
        if self._places is None:
            marks = [(*span, p, i) for p, spans in enumerate(self._spans) for i, span in enumerate(spans)]
        else:
            marks = [(*self._spans[p][i], p, i) for row in self._places for p, i in enumerate(row) if i is not None]
        for start, end, p, i in sorted(marks):
            if start >= reach:
                claims.append(0)
            reach = max(reach, end)
            claims[-1] += 1
            place_of[p][i] = len(claims) - 1
        exact, half = [0] * len(claims), [0] * len(claims)
        for (p, _), pairs in self._pairs.items():
            for pair in pairs:
                exact[place_of[p][pair.a]] += pair.overlap == 1
                half[place_of[p][pair.a]] += pair.overlap >= HALF
        others = len(self._spans) - 1
        return Counter(zip((count * others for count in claims), exact, half, strict=True))

    def matched(self) -> Iterator[tuple[Mark | None, ...]]:
        """The marks of each claim of two or more people, or whose spans overlap by a half or more, in text order."""
        if len(self._marks) == 2:
            a, b = self._marks
            rows = ((a[pair.a], b[pair.b], pair.overlap) for pair in self._pairs[0, 1])
            return ((x, y) for x, y, shared in rows if shared >= HALF or x.id == y.id)
        return (row for row in self.grouped(HALF) if sum(mark is not None for mark in row) > 1)

    def grouped(self, least: float = 0.0) -> Iterator[tuple[Mark | None, ...]]:
        """The marks in the places that `measure.alignment` makes.

        For each person present there is one mark or None.
        """
        if self._places is None:
            rows = joined(self._spans, self._pairs, least)
        else:
            rows = self._first_words(least) if least else self._places
        for row in rows:
            yield tuple(None if i is None else marks[i] for i, marks in zip(row, self._marks, strict=True))

    def behind(self, row: Sequence[Mark | None], what: str) -> Behind:
        ids = {name: mark.id for name, mark in zip(self._present, row, strict=True) if mark}
        return Behind(self.article, tuple(ids.get(name) for name in self._names), what)

    def only(self, row: Sequence[Mark | None]) -> str:
        """Who marked a claim that not all did who might have; empty when all did."""
        who = [name for name, mark in zip(self._present, row, strict=True) if mark]
        return "" if len(who) == len(self._present) else f"only {', '.join(who)}"


@contextmanager
def collector_at_rest() -> Iterator[None]:
    """Without the cyclic collector, which would walk all that was made so far again and again: none is in a cycle."""
    awake = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if awake:
            gc.enable()


def _least_overlap(row: Iterable[Mark | None]) -> float:
    spans = [(mark.start, mark.end) for mark in row if mark]
    return min((overlap(x, y) for x, y in combinations(spans, 2)), default=0.0)


def _shared(row: Iterable[Mark | None]) -> list[float | None]:
    """What every two people's sources for a claim have in common; None where neither gave any."""
    cited = [mark.sources for mark in row if mark and mark.sources is not None]
    return [agreement.jaccard(x, y) for x, y in combinations(cited, 2)]


# The claims behind each group of figures


def _found_by(least: float) -> Callable[[_Sheet, _Scheme], Iterator[Behind]]:
    def behind(sheet: _Sheet, scheme: _Scheme) -> Iterator[Behind]:
        for row in sheet.grouped():
            same = "agreed" if _least_overlap(row) >= least else "span differs"
            yield sheet.behind(row, sheet.only(row) or same)

    return behind


def _edges_behind(sheet: _Sheet, scheme: _Scheme) -> Iterator[Behind]:
    for row in sheet.grouped():
        if sum(mark is not None for mark in row) > 1:
            yield sheet.behind(row, "agreed" if _least_overlap(row) == 1 else "span differs")


def _verdicts_behind(sheet: _Sheet, scheme: _Scheme) -> Iterator[Behind]:
    for row in sheet.matched():
        given = [mark.verdict for mark in row if mark and mark.verdict]
        if len(given) > 1:
            yield sheet.behind(row, "agreed" if len(set(given)) == 1 else "verdict differs")


def _ranks_behind(sheet: _Sheet, scheme: _Scheme) -> Iterator[Behind]:
    for row in sheet.matched():
        given = [scheme.ranks[mark.verdict] for mark in row if mark and mark.verdict in scheme.ranks]
        if len(given) > 1:
            yield sheet.behind(row, "agreed" if len(set(given)) == 1 else "verdict differs")


def _types_behind(sheet: _Sheet, scheme: _Scheme) -> Iterator[Behind]:
    for row in sheet.matched():
        given = [mark.types for mark in row if mark and mark.types is not None]
        if len(given) > 1:
            yield sheet.behind(row, "agreed" if len(set(given)) == 1 else "types differ")


def _sources_behind(sheet: _Sheet, scheme: _Scheme) -> Iterator[Behind]:
    for row in sheet.matched():
        shared = [share for share in _shared(row) if share is not None]
        if shared:
            yield sheet.behind(row, "agreed" if min(shared) == 1 else "sources differ")


# The figures, in the order in which they are shown


def _span_f1(which: int) -> Callable[[_Total, _Scheme, int], Measure]:
    def measure(total: _Total, scheme: _Scheme, replicates: int) -> Measure:
        places: Counter[tuple[int, int]] = Counter()
        for place, count in total.places.items():
            places[place[0], place[which]] += count
        return agreement.span_f1(places, replicates)

    return measure


def _ordinal(total: _Total, scheme: _Scheme, replicates: int) -> Measure:
    ranked: Counter[tuple[Label | None, ...]] = Counter()
    for pattern, count in total.verdicts.items():
        ranked[tuple(scheme.ranks.get(str(verdict)) if verdict else None for verdict in pattern)] += count
    return agreement.krippendorff_alpha_ordinal(ranked, replicates)


def _masi(total: _Total, scheme: _Scheme, replicates: int) -> Measure:
    if total.types and not any(types for pattern in total.types for types in pattern):
        return Measure(None, sum(total.types.values()), "no types given")
    return agreement.krippendorff_alpha(total.types, agreement.masi_distance, replicates)


def _sources(total: _Total, scheme: _Scheme, replicates: int) -> Measure:
    given = {share: count for share, count in total.shared.items() if share is not None}
    return agreement.mean(given, "no sources given" if total.verdicts else agreement.NO_MATCH, replicates)


class _Kind(NamedTuple):
    group: Group
    key: str
    words: str
    counts: str
    counts_for_many: str
    measure: Callable[[_Total, _Scheme, int], Measure]
    behind: Callable[[_Sheet, _Scheme], Iterator[Behind]]


_CLAIMS = ("claims", "claims, once for each other person")
_PAIRS = ("matched claims", "matched pairs of claims")
_JUDGED = ("matched claims with two verdicts", "matched claims with two or more verdicts")
_RANKED = ("matched claims with two ranked verdicts", "matched claims with two or more ranked verdicts")
_SOURCED = ("matched claims with a source", "matched pairs of claims with a source")

_KINDS = (
    _Kind("found", "span_f1_exact", "span F1, same span", *_CLAIMS, _span_f1(1), _found_by(1.0)),
    _Kind("found", "span_f1_half", "span F1, overlap of 0.5 or more", *_CLAIMS, _span_f1(2), _found_by(HALF)),
    _Kind(
        "found", "character_alpha", "Krippendorff's alpha, characters", "characters", "",
        lambda total, scheme, replicates: agreement.character_alpha(total.characters, replicates), _found_by(1.0),
    ),
    _Kind(
        "edges", "mean_overlap", "mean overlap of matched spans", *_PAIRS,
        lambda total, scheme, replicates: agreement.mean(total.overlaps, replicates=replicates), _edges_behind,
    ),
    _Kind(
        "verdict", "raw_agreement", "raw agreement", *_JUDGED,
        lambda total, scheme, replicates: agreement.raw_agreement(total.verdicts, replicates), _verdicts_behind,
    ),
    _Kind(
        "verdict", "cohen_kappa", "Cohen's kappa", *_JUDGED,
        lambda total, scheme, replicates: agreement.cohen_kappa(total.verdicts, replicates), _verdicts_behind,
    ),
    _Kind(
        "verdict", "alpha_nominal", "Krippendorff's alpha, nominal", *_JUDGED,
        lambda total, scheme, replicates: agreement.krippendorff_alpha(total.verdicts, None, replicates),
        _verdicts_behind,
    ),
    _Kind("verdict", "alpha_ordinal", "Krippendorff's alpha, ordinal", *_RANKED, _ordinal, _ranks_behind),
    _Kind(
        "verdict", "gwet_ac1", "Gwet's AC1", *_JUDGED,
        lambda total, scheme, replicates: agreement.gwet_ac1(total.verdicts, scheme.verdicts, replicates),
        _verdicts_behind,
    ),
    _Kind("types", "alpha_masi", "Krippendorff's alpha, MASI", "matched claims", "", _masi, _types_behind),
    _Kind("evidence", "shared_sources", "shared sources", *_SOURCED, _sources, _sources_behind),
)  # fmt: skip
