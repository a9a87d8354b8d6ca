"""What is counted of single articles, before the figures are made of it: see `figures`."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from functools import cached_property
from itertools import combinations
from operator import itemgetter
from typing import NamedTuple

from store.measure import coefficients
from store.measure.alignment import Mark, MarkPlaces
from store.measure.coefficients import Characters, Label
from store.measure.matching import HALF, Pair, joined, match, overlap
from store.text.units import Span


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


_SPAN, _IN_TEXT_ORDER = itemgetter(1, 2), itemgetter(1, 2, 0)  # start, end; and id


class MarkedText:
    """An article with everyone's marks in text order; two people's spans are matched once, when first asked for."""

    def __init__(self, article: Marked) -> None:
        self.id, self.length = article.id, article.length
        self.marks = {name: sorted(marks, key=_IN_TEXT_ORDER) for name, marks in article.marks.items()}
        self.spans: dict[str, list[Span]] = {name: list(map(_SPAN, marks)) for name, marks in self.marks.items()}
        self.kept = True  # whether what is found is kept
        self.revised = {name for name, own in article.marks.items() if any(mark.blind is not None for mark in own)}
        """Who changed a verdict after the reveal."""
        self._pairs: dict[tuple[str, str], list[Pair]] = {}

    @cached_property
    def blind(self) -> MarkedText:
        """The article with the verdicts as they were first given blind."""
        if not self.revised:
            return self
        marks = {
            name: [mark if mark.blind is None else mark._replace(verdict=mark.blind, blind=None) for mark in own]
            for name, own in self.marks.items()
        }
        text = MarkedText(Marked(self.id, self.length, marks))
        text.kept = self.kept
        return text

    def present(self, names: Iterable[str]) -> int:
        return sum(name in self.marks for name in names)

    def pairs(self, one: str, other: str) -> list[Pair]:
        if not self.kept:
            return match(self.spans[one], self.spans[other])
        if (one, other) not in self._pairs:
            self._pairs[one, other] = match(self.spans[one], self.spans[other])
        return self._pairs[one, other]


class Total(NamedTuple):
    """What is summed over articles. Of ``places``: chances, exact pairs and pairs that overlap by a half."""

    places: Counter[tuple[int, int, int]]
    characters: list[Characters]
    overlaps: Counter[float]
    verdicts: Counter[tuple[Label | None, ...]]
    types: Counter[tuple[Label | None, ...]]
    shared: Counter[float | None]


def total(sheets: Iterable[Sheet]) -> Total:
    total = Total(Counter(), [], Counter(), Counter(), Counter(), Counter())
    for sheet in sheets:
        counted = sheet.counted
        total.places.update(counted.places)
        total.characters.extend(counted.characters)
        total.overlaps.update(counted.overlaps)
        total.verdicts.update(counted.verdicts)
        total.types.update(counted.types)
        total.shared.update(counted.shared)
    return total


class Sheet:
    """One article as the people of a comparison marked it; those without a set for it are not ``present``."""

    def __init__(self, text: MarkedText, names: tuple[str, ...]) -> None:
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
    def _all_places(self) -> MarkPlaces:
        return MarkPlaces(self._present, self._marks)

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
    def counted(self) -> Total:
        """What the article adds to the sums."""
        rows = list(self.matched())
        verdicts: Counter[tuple[Label | None, ...]] = Counter(
            [tuple([(mark and mark.verdict) or None for mark in row]) for row in rows]
        )
        types: Counter[tuple[Label | None, ...]] = Counter(
            [tuple([mark and mark.types for mark in row]) for row in rows]
        )
        shares = Counter([share for row in rows for share in shared(row)])
        overlaps = Counter([pair.overlap for pairs in self._pairs.values() for pair in pairs])
        characters = coefficients.characters(self._spans, self._text.length)
        return Total(self._stretches(), [characters], overlaps, verdicts, types, shares)

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


def shared(row: Iterable[Mark | None]) -> list[float | None]:
    """What every two people's sources for a claim have in common; None where neither gave any."""
    cited = [mark.sources for mark in row if mark and mark.sources is not None]
    return [coefficients.jaccard(x, y) for x, y in combinations(cited, 2)]
