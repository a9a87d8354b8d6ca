"""Places: what several people marked in one text, brought together where they mean the same.

Comparing and the figures of agreement both ask here, so what stands side by side is what is counted. The rule:

1. What people say of one claim belongs together: the checker who tagged it, and everybody who reviewed it.
2. The claims of different checkers are matched one to one by the overlap of the spans as tagged, see
   `matching`; claims with the same edges thus always share a place. No checker has two claims in one place.
   Where somebody has several claims on one span, the facts of a sentence, those whose statements are most alike are
   taken together first, and what is left by age.
3. Who speaks of two claims and gives them spans that overlap by less than a half holds them for two: unless their
   edges are the same, they stay apart.

Who speaks of several claims of one place has the first word there with the claim they tagged themselves, else with
what gives a verdict, else with what begins first.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from functools import cached_property
from itertools import combinations
from typing import NamedTuple

from store.measure import matching_of_many
from store.measure.matching import HALF, Pair, joined, match, overlap
from store.text.units import Span

_MANY = 6  # people
_ALIKE = 50
"""From 0 to 100, how alike two statements must be to be taken for the same fact."""


class Mark(NamedTuple):
    """What one person said of one span of an article; an empty ``verdict`` means that none is given.

    Two people's marks of one ``id`` are of one claim, which one of them reviewed. None stands for ``types`` and
    ``sources`` of which nothing was said. Of somebody else's claim, ``tagger`` says whose it is, by name, and
    ``tagged`` where they tagged it; both are empty for your own. ``blind`` is the verdict as it was first given
    blind, where it was changed after the reveal; else None. ``text`` is the statement that the claim makes.
    """

    id: str
    start: int
    end: int
    verdict: str = ""
    types: frozenset[str] | None = frozenset()
    sources: frozenset[str] | None = frozenset()
    tagger: str = ""
    tagged: Span | None = None
    blind: str | None = None
    text: str = ""


MarkPlace = tuple[tuple[int, ...], ...]
"""For each person, which of their marks stand in a place, by their numbers, the first word first; or none."""

_At = tuple[int, int, int, int]
"""A mark where it stands: its start and end, whose of the people it is, and its number among theirs."""


def _facts_in_line(owned: list[list[tuple[Span, str]]], texts: Mapping[str, str]) -> list[list[tuple[Span, str]]]:
    """Everybody's claims in text order, and those on one span so that what is alike has the same place among them.

    Only spans on which somebody has several claims are looked at; the facts that most people state come first.
    """
    many = {span for own in owned for span, count in Counter(span for span, _ in own).items() if count > 1}
    if not many or len(owned) < 2:
        return owned
    runs: dict[Span, list[list[str]]] = {span: [[] for _ in owned] for span in many}
    for person, own in enumerate(owned):
        for span, id in own:
            if span in many:
                runs[span][person].append(id)
    places = {id: place for run in runs.values() for id, place in _places(run, texts).items()}
    return [sorted(own, key=lambda claim: (claim[0], places.get(claim[1], (0, 0)))) for own in owned]


def _places(run: Sequence[Sequence[str]], texts: Mapping[str, str]) -> dict[str, tuple[int, int]]:
    """What claims (ids) on one span, by person, are sorted by: how few state the same fact, and the fact's number."""
    from rapidfuzz.fuzz import token_sort_ratio

    facts: list[list[str]] = []
    for own in run:
        alike = [(token_sort_ratio(texts[id].casefold(), texts[fact[0]].casefold()), -n, -k)
                 for n, id in enumerate(own) for k, fact in enumerate(facts) if texts[id]]  # fmt: skip
        found: dict[int, int] = {}
        for score, n, k in sorted(alike, reverse=True):
            if score >= _ALIKE and -n not in found and -k not in found.values():
                found[-n] = -k
        for n, id in enumerate(own):
            if n in found:
                facts[found[n]].append(id)
            else:
                facts.append([id])
    return {id: (-len(fact), number) for number, fact in enumerate(facts) for id in fact}


class MarkPlaces:
    """The marks of some people, by name, brought together in places."""

    def __init__(self, people: Sequence[str], sets: Sequence[Sequence[Mark]]) -> None:
        self._sets = sets
        said: dict[str, list[_At]] = {}
        claims: dict[str, list[tuple[Span, str]]] = {}
        texts: dict[str, str] = {}
        tagged: set[str] = set()
        for p, (name, marks) in enumerate(zip(people, sets, strict=True)):
            own = claims.setdefault(name, [])
            for i, mark in enumerate(marks):
                id, start, end, *_, tagger, _, _, text = mark
                if id in said:
                    said[id].append((start, end, p, i))
                else:
                    said[id] = [(start, end, p, i)]
                if not tagger and id not in tagged:
                    tagged.add(id)
                    own.append(((start, end), id))
                    texts[id] = text
        for id, ((start, end, p, i), *_) in said.items() if len(tagged) < len(said) else ():
            if id not in tagged:  # the person who tagged it is not among the people
                mark = sets[p][i]
                claims.setdefault(mark.tagger, []).append((mark.tagged or (start, end), id))
                texts[id] = mark.text
        self._said = said
        self._owned = _facts_in_line([sorted(own) for _, own in sorted(claims.items()) if own], texts)
        self._spans = [[span for span, _ in own] for own in self._owned]

    @cached_property
    def _pairs(self) -> dict[tuple[int, int], list[Pair]]:
        people = range(len(self._spans))
        return {(p, q): match(self._spans[p], self._spans[q]) for p, q in combinations(people, 2)}

    def _joined(self, least: float) -> list[tuple[int | None, ...]]:
        rows = matching_of_many.groups_of_many(self._spans, least, self._apart) if len(self._spans) > _MANY else None
        return joined(self._spans, self._pairs, least, self._apart) if rows is None else rows

    def _apart(self, one: tuple[int, int], other: tuple[int, int]) -> bool:
        """Whether somebody holds two claims, by tagger and number, for two."""
        (span, x), (shifted, y) = self._owned[one[0]][one[1]], self._owned[other[0]][other[1]]
        if span == shifted:
            return False
        return any(
            mark[2] == another[2] and overlap(mark[:2], another[:2]) < HALF
            for mark in self._said[x]
            for another in self._said[y]
        )

    def all(self, least: float = 0.0) -> list[MarkPlace]:
        """The places in text order, with every mark in exactly one.

        Spans as tagged that overlap by less than ``least`` stay apart.
        """
        sets, said, owned = self._sets, self._said, self._owned
        found: list[tuple[_At, MarkPlace]] = []
        for row in self._joined(least):
            marked = [mark for own, k in zip(owned, row, strict=True) if k is not None for mark in said[own[k][1]]]
            here: list[tuple[int, ...]] = [()] * len(sets)
            for _, _, p, i in marked:
                here[p] += (i,)
            if len(marked) > 1:
                for p, which in enumerate(here):
                    if len(which) > 1:
                        marks = sets[p]
                        here[p] = tuple(sorted(which, key=lambda i: (bool(marks[i].tagger), not marks[i].verdict, i)))
            found.append((min(marked), tuple(here)))
        found.sort()
        return [place for _, place in found]
