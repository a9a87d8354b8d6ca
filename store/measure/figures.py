"""The figures of agreement: for every two people, and for all of them when they are three or more.

What goes in are the marks of those whose set counts, article by article: a person without a set for an article, say
because it is not submitted, is left out of that article; an empty set says that nothing was marked. An article
counts for a comparison when two of its people have a set.

Marks belong together as in `alignment`, where a person has one word: their first. Any overlap makes a match for the
edges; verdicts, types and sources are compared where the spans overlap by a half or more, and for three or more people
in places of which any two claims do; or where they are of one claim.
Pooled figures are worked out from the sums over the articles, not as means of the articles' figures. An interval says
what was drawn again, see `store.measure.coefficients`: for F1, stretches of text whose claims overlap, directly or
through others; for characters, articles; else what ``n`` counts.

Anyone who looks at verdicts alone does not see what only one person marked: show the figures of a comparison together.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from itertools import combinations
from typing import Literal, NamedTuple

from store.measure import coefficients
from store.measure.alignment import Mark
from store.measure.article_counts import Behind, Marked, MarkedText, Sheet, Total, shared, total
from store.measure.coefficients import REPLICATES, Confusion, Label, Measure
from store.measure.matching import HALF, overlap

MOST_PAIRED = 20
"""People of whom every two are compared without being asked for; their pairs grow with the square."""

FIRST, AFTER = "as first given blind", "after the reveal"
"""Which verdicts a figure is made of, where some were changed once the others' could be seen."""

_KEPT = 20_000
"""Articles of comparisons whose counts are kept; of more, each is counted when it is asked for, and let go."""

FigureGroup = Literal["found", "edges", "verdict", "types", "evidence"]


@dataclass(frozen=True)
class Figure:
    """One figure. ``name`` is what it measures, ``counts`` what ``measure.n`` counts; ``measure`` has no interval yet.

    ``when`` is empty unless verdicts were changed after the reveal: it says which of them it is made of, then.
    """

    group: FigureGroup
    key: str
    name: str
    when: str
    counts: str
    measure: Measure
    _again: Callable[[], Measure] = field(repr=False, compare=False)
    _behind: Callable[[], Iterator[Behind]] = field(repr=False, compare=False)

    @property
    def words(self) -> str:
        """What it measures, and of which verdicts."""
        return f"{self.name}, {self.when}" if self.when else self.name

    @cached_property
    def interval(self) -> tuple[float, float] | None:
        """The 95 % interval, drawn when it is first asked for; None where `store.measure.coefficients` gives none."""
        if self.measure.value is None:
            return None
        found = self._again()
        return None if found.low is None or found.high is None else (found.low, found.high)

    def behind(self) -> Iterator[Behind]:
        """The claims behind the figure, article by article in text order, worked out as they are asked for."""
        return self._behind()


@dataclass(frozen=True)
class Measured:
    """Two people, or all of them, in the order of their names."""

    people: tuple[str, ...]
    kept: bool
    """Whether the figures of single articles are kept once they are worked out: they are not of very many."""
    _texts: tuple[MarkedText, ...] = field(repr=False, compare=False)
    _scheme: _Scheme = field(repr=False, compare=False)
    _held: dict[str, Sheet] = field(default_factory=dict, repr=False, compare=False)

    @property
    def articles(self) -> tuple[str, ...]:
        """The ids of the articles that are compared."""
        return tuple(text.id for text in self._texts)

    @cached_property
    def pooled(self) -> tuple[Figure, ...]:
        """The figures over all articles."""
        return self._figures(self._texts)

    @property
    def by_article(self) -> Iterable[tuple[str, tuple[Figure, ...]]]:
        """The figures of each article by itself, under its id."""
        return self._by_article if self.kept else self._each()

    @cached_property
    def _by_article(self) -> tuple[tuple[str, tuple[Figure, ...]], ...]:
        return tuple(self._each())

    def _each(self) -> Iterator[tuple[str, tuple[Figure, ...]]]:
        return ((text.id, self._figures((text,))) for text in self._texts)

    @cached_property
    def confusion(self) -> Confusion | None:
        """Who gave which verdict to the matched claims, the first person's in rows; for two people."""
        if len(self.people) != 2:
            return None
        return coefficients.confusion(self._total(self._texts).verdicts, self._scheme.verdicts)

    @cached_property
    def _blind(self) -> Measured | None:
        """The comparison of verdicts as they were first given blind; None where none was changed after the reveal."""
        if not any(name in text.revised for text in self._texts for name in self.people):
            return None
        return Measured(self.people, self.kept, tuple(text.blind for text in self._texts), self._scheme)

    @property
    def changed(self) -> bool:
        """Whether somebody changed a verdict after the reveal, so that the figures of verdicts are given both ways."""
        return self._blind is not None

    def _sheet(self, text: MarkedText) -> Sheet:
        if not self.kept:
            return Sheet(text, self.people)
        if text.id not in self._held:
            self._held[text.id] = Sheet(text, self.people)
        return self._held[text.id]

    def _total(self, texts: Sequence[MarkedText]) -> Total:
        return self._sheet(texts[0]).counted if len(texts) == 1 else total(map(self._sheet, texts))

    def _figures(self, texts: tuple[MarkedText, ...]) -> tuple[Figure, ...]:
        many, blind = len(self.people) != 2, self._blind
        earlier = tuple(text.blind for text in texts) if blind is not None else ()
        total, first = self._total(texts), blind._total(earlier) if blind is not None else None
        found: list[Figure] = []
        for kind in _KINDS:
            if (many and kind.key == "cohen_kappa") or (not self._scheme.ranks and kind.key == "alpha_ordinal"):
                continue
            both = blind is not None and kind.group == "verdict"
            found.append(self._figure(kind, texts, total, AFTER if both else ""))
            if blind is not None and first is not None and both:
                found.append(blind._figure(kind, earlier, first, FIRST))
        return tuple(found)

    def _figure(self, kind: _Kind, texts: tuple[MarkedText, ...], total: Total, when: str) -> Figure:
        scheme, many = self._scheme, len(self.people) != 2
        return Figure(
            kind.group,
            kind.key + ("_blind" if when == FIRST else ""),
            kind.words,
            when,
            kind.counts_for_many if many and kind.counts_for_many else kind.counts,
            kind.measure(total, scheme, 0) if texts else Measure(None, 0, coefficients.NEEDS_TWO),
            lambda: kind.measure(total, scheme, REPLICATES),
            lambda: (row for text in texts for row in kind.behind(self._sheet(text), scheme)),
        )


@dataclass(frozen=True)
class Report:
    """Every two people in the order of their names and, when they are three or more, all of them at the end.

    Of very many the pairs are left out unless they are asked for; ``paired`` says whether they are there.
    """

    people: tuple[str, ...]
    comparisons: tuple[Measured, ...]
    paired: bool


def report(
    articles: Iterable[Marked], ranks: Mapping[str, int], verdicts: Sequence[str], pairs: bool | None = None
) -> Report:
    """The figures of these articles, in their order.

    ``ranks`` holds the scheme's order of those verdicts that have one; ``verdicts`` are the keys that can be given, in
    the order in which they are shown. It does not matter in which order people and marks come. Fewer than two people
    make one comparison, of which every figure says that it needs two. Every two people are compared when ``pairs`` says
    so; where it says nothing, when they are at most `MOST_PAIRED`.
    """
    desk = [MarkedText(article) for article in articles]
    people = tuple(sorted({name for text in desk for name in text.marks}))
    scheme = _Scheme(ranks, tuple(verdicts))
    paired = len(people) == 2 or (len(people) <= MOST_PAIRED if pairs is None else pairs)
    compared: list[tuple[str, ...]] = list(combinations(people, 2)) if paired else []
    if len(people) != 2:
        compared.append(people)
    kept = len(compared) * len(desk) <= _KEPT
    for text in desk:
        text.kept = kept
    return Report(
        people,
        tuple(
            Measured(names, kept, tuple(text for text in desk if text.present(names) > 1), scheme) for names in compared
        ),
        paired,
    )


class _Scheme(NamedTuple):
    ranks: Mapping[str, int]
    verdicts: tuple[str, ...]


def _least_overlap(row: Iterable[Mark | None]) -> float:
    spans = [(mark.start, mark.end) for mark in row if mark]
    return min((overlap(x, y) for x, y in combinations(spans, 2)), default=0.0)


# The claims behind each group of figures


def _found_by(least: float) -> Callable[[Sheet, _Scheme], Iterator[Behind]]:
    def behind(sheet: Sheet, scheme: _Scheme) -> Iterator[Behind]:
        for row in sheet.grouped():
            same = "agreed" if _least_overlap(row) >= least else "span differs"
            yield sheet.behind(row, sheet.only(row) or same)

    return behind


def _edges_behind(sheet: Sheet, scheme: _Scheme) -> Iterator[Behind]:
    for row in sheet.grouped():
        if sum(mark is not None for mark in row) > 1:
            yield sheet.behind(row, "agreed" if _least_overlap(row) == 1 else "span differs")


def _verdicts_behind(sheet: Sheet, scheme: _Scheme) -> Iterator[Behind]:
    for row in sheet.matched():
        given = [mark.verdict for mark in row if mark and mark.verdict]
        if len(given) > 1:
            yield sheet.behind(row, "agreed" if len(set(given)) == 1 else "verdict differs")


def _ranks_behind(sheet: Sheet, scheme: _Scheme) -> Iterator[Behind]:
    for row in sheet.matched():
        given = [scheme.ranks[mark.verdict] for mark in row if mark and mark.verdict in scheme.ranks]
        if len(given) > 1:
            yield sheet.behind(row, "agreed" if len(set(given)) == 1 else "verdict differs")


def _types_behind(sheet: Sheet, scheme: _Scheme) -> Iterator[Behind]:
    for row in sheet.matched():
        given = [mark.types for mark in row if mark and mark.types is not None]
        if len(given) > 1:
            yield sheet.behind(row, "agreed" if len(set(given)) == 1 else "types differ")


def _sources_behind(sheet: Sheet, scheme: _Scheme) -> Iterator[Behind]:
    for row in sheet.matched():
        shares = [share for share in shared(row) if share is not None]
        if shares:
            yield sheet.behind(row, "agreed" if min(shares) == 1 else "sources differ")


# The figures, in the order in which they are shown


def _span_f1(which: int) -> Callable[[Total, _Scheme, int], Measure]:
    def measure(total: Total, scheme: _Scheme, replicates: int) -> Measure:
        places: Counter[tuple[int, int]] = Counter()
        for place, count in total.places.items():
            places[place[0], place[which]] += count
        return coefficients.span_f1(places, replicates)

    return measure


def _ordinal(total: Total, scheme: _Scheme, replicates: int) -> Measure:
    ranked: Counter[tuple[Label | None, ...]] = Counter()
    for pattern, count in total.verdicts.items():
        ranked[tuple(scheme.ranks.get(str(verdict)) if verdict else None for verdict in pattern)] += count
    return coefficients.krippendorff_alpha_ordinal(ranked, replicates)


def _masi(total: Total, scheme: _Scheme, replicates: int) -> Measure:
    if total.types and not any(types for pattern in total.types for types in pattern):
        return Measure(None, sum(total.types.values()), "no types given")
    return coefficients.krippendorff_alpha(total.types, coefficients.masi_distance, replicates)


def _sources(total: Total, scheme: _Scheme, replicates: int) -> Measure:
    given = {share: count for share, count in total.shared.items() if share is not None}
    return coefficients.mean(given, "no sources given" if total.verdicts else coefficients.NO_MATCH, replicates)


class _Kind(NamedTuple):
    group: FigureGroup
    key: str
    words: str
    counts: str
    counts_for_many: str
    measure: Callable[[Total, _Scheme, int], Measure]
    behind: Callable[[Sheet, _Scheme], Iterator[Behind]]


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
        lambda total, scheme, replicates: coefficients.character_alpha(total.characters, replicates), _found_by(1.0),
    ),
    _Kind(
        "edges", "mean_overlap", "mean overlap of matched spans", *_PAIRS,
        lambda total, scheme, replicates: coefficients.mean(total.overlaps, replicates=replicates), _edges_behind,
    ),
    _Kind(
        "verdict", "raw_agreement", "raw agreement", *_JUDGED,
        lambda total, scheme, replicates: coefficients.raw_agreement(total.verdicts, replicates), _verdicts_behind,
    ),
    _Kind(
        "verdict", "cohen_kappa", "Cohen's kappa", *_JUDGED,
        lambda total, scheme, replicates: coefficients.cohen_kappa(total.verdicts, replicates), _verdicts_behind,
    ),
    _Kind(
        "verdict", "alpha_nominal", "Krippendorff's alpha, nominal", *_JUDGED,
        lambda total, scheme, replicates: coefficients.krippendorff_alpha(total.verdicts, None, replicates),
        _verdicts_behind,
    ),
    _Kind("verdict", "alpha_ordinal", "Krippendorff's alpha, ordinal", *_RANKED, _ordinal, _ranks_behind),
    _Kind(
        "verdict", "gwet_ac1", "Gwet's AC1", *_JUDGED,
        lambda total, scheme, replicates: coefficients.gwet_ac1(total.verdicts, scheme.verdicts, replicates),
        _verdicts_behind,
    ),
    _Kind("types", "alpha_masi", "Krippendorff's alpha, MASI", "matched claims", "", _masi, _types_behind),
    _Kind("evidence", "shared_sources", "shared sources", *_SOURCED, _sources, _sources_behind),
)  # fmt: skip
