"""The figures behind the pictures: where in an article its words stand, and when a desk gave which verdict."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from datetime import date, datetime, timedelta
from enum import IntEnum
from typing import NamedTuple

from store.records import Claim
from store.scheme import Scheme
from store.text import units
from store.text.coverage import Place
from store.text.units import Span
from store.vocabulary import Stance, Status


class Heat(IntEnum):
    """What is known of a word; what asks for most comes last."""

    SWEPT = 0
    CHECKED = 1
    REST = 2
    """A rest of a sentence too short to hide a fact."""
    LACKING = 3
    LEFTOVER = 4
    OPEN = 5
    REFUTED = 6
    DISPUTED = 7


class HeatRow(NamedTuple):
    """A paragraph: where it lies in the text (code points), what is known of each word, and its first claim's id."""

    number: int
    start: int
    end: int
    words: tuple[Heat, ...]
    claim: str

    @property
    def counts(self) -> Mapping[Heat, int]:
        """How many words are so."""
        return Counter(self.words)

    def cells(self, each: int) -> list[Heat]:
        """The paragraph in cells of so many words; a cell is what asks for most among its own."""
        return [max(self.words[at : at + each]) for at in range(0, len(self.words), each)]


def heat_of(
    text: str, claims: Iterable[Claim], sweeps: Iterable[Span], residue: Iterable[Place], scheme: Scheme
) -> list[HeatRow]:
    """An article's paragraphs that have words, in the order of the text."""
    held: list[tuple[int, int, Heat]] = [(start, end, Heat.SWEPT) for start, end in sweeps]
    known = sorted(claims, key=lambda claim: claim.start)
    for claim in known:
        held.append((claim.start, claim.end, _heat_of_claim(claim, scheme)))
    held += [(place.start, place.end, Heat.LEFTOVER if place.leftover else Heat.OPEN) for place in residue]
    held.sort(key=lambda one: one[0])
    rows: list[HeatRow] = []
    start, at, active = 0, 0, list[tuple[int, Heat]]()
    for line in text.split("\n"):
        end = start + len(line)
        words = []
        for word, beyond in units.words(text, start, end):
            while at < len(held) and held[at][0] < beyond:
                active.append((held[at][1], held[at][2]))
                at += 1
            active = [one for one in active if one[0] > word]
            words.append(max((heat for _, heat in active), default=Heat.REST))
        if words:
            first = next((claim.id for claim in known if claim.start < end and claim.end > start), "")
            rows.append(HeatRow(len(rows) + 1, start, end, tuple(words), first))
        start = end + 1
    return rows


def _heat_of_claim(claim: Claim, scheme: Scheme) -> Heat:
    if claim.status == Status.DISPUTED:
        return Heat.DISPUTED
    if claim.status in (Status.TAGGED, Status.SETTLE_AGAIN):
        return Heat.LACKING
    # A verdict says that a claim is wrong when it rests on evidence that refutes, and on none that supports.
    refutes = scheme.verdict(claim.verdict).requires_stance == (Stance.REFUTES.value,)
    return Heat.REFUTED if refutes else Heat.CHECKED


class Timeline(NamedTuple):
    """How often each verdict was given, in spans of so many ``days`` one after the other, the first from ``begins``."""

    begins: date
    days: int
    counts: Mapping[str, tuple[int, ...]]
    """By the verdict's key, in the scheme's order; those that were never given are left out."""

    def day(self, place: int) -> date:
        """The first day of a span."""
        return self.begins + timedelta(days=self.days * place)


_DAILY = 28  # up to so many days each has a span of its own


def timeline_of(given: Sequence[tuple[str, int]], order: Sequence[str], most: int = 60) -> Timeline:
    """When verdicts were given: by day, by week, or by as many weeks as keep the spans at ``most``.

    Args:
        given: each verdict's key, and when it was given (ms UTC).
        order: the keys in the order in which they are told.
        most: how many spans there may be; the days are those of this machine's clock.
    """
    days = [(key, datetime.fromtimestamp(ms / 1000).date()) for key, ms in given]
    if not days:
        return Timeline(date.today(), 1, {})
    first, last = min(day for _, day in days), max(day for _, day in days)
    length = (last - first).days + 1
    each = 1
    if length > _DAILY:
        first -= timedelta(days=first.weekday())
        weeks = (last - first).days // 7 + 1
        each = 7 * -(-weeks // most)
    spans = (last - first).days // each + 1
    counts: dict[str, list[int]] = {}
    for key, day in days:
        counts.setdefault(key, [0] * spans)[(day - first).days // each] += 1
    known = [key for key in order if key in counts]
    return Timeline(first, each, {key: tuple(counts[key]) for key in (*known, *sorted(counts.keys() - set(known)))})
