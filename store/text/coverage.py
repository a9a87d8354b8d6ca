"""What is accounted for: how much of a text claims and sweeps cover, and which sentences they do not (the residue).

Offsets are code points, spans ``(start, end)`` with the end exclusive. A sentence is accounted for when a claim or
sweep covers a letter or digit of it. Of characters, those count that stand in a sentence and are no white space.
"""

from __future__ import annotations

import re
from bisect import bisect_left, bisect_right
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from typing import NamedTuple

from store.text.units import Span

_WORD_CHARACTER = re.compile(r"[^\W_]")


class Coverage(NamedTuple):
    """How much of an article is accounted for; ``residue`` holds the sentences that are not, in text order."""

    sentences: int
    accounted_sentences: int
    characters: int
    accounted_characters: int
    residue: tuple[Span, ...]

    @property
    def by_sentence(self) -> float:
        """The share of sentences accounted for, 0 to 1; 1 when there is none to account for."""
        return self.accounted_sentences / self.sentences if self.sentences else 1.0

    @property
    def by_character(self) -> float:
        """The share of characters accounted for, 0 to 1; 1 when there is none to account for."""
        return self.accounted_characters / self.characters if self.characters else 1.0


def coverage(text: str, sentences: Sequence[Span], claims: Iterable[Span], sweeps: Iterable[Span]) -> Coverage:
    """The coverage of ``text`` by ``claims`` and ``sweeps``; ``sentences`` are in order and do not overlap."""
    return Ledger(text, sentences, [*claims, *sweeps]).coverage


def union(spans: Iterable[Span]) -> list[Span]:
    """The stretches that one span or more covers, in order; touching ones are joined, empty spans left out."""
    joined: list[Span] = []
    for start, end in sorted(spans):
        if start >= end:
            continue
        if joined and start <= joined[-1][1]:
            joined[-1] = (joined[-1][0], max(end, joined[-1][1]))
        else:
            joined.append((start, end))
    return joined


def gaps(spans: Iterable[Span], start: int, end: int) -> list[Span]:
    """The stretches of ``start`` to ``end`` that no span covers, in order."""
    found: list[Span] = []
    for left, right in union(spans):
        if left >= end:
            break
        if start < left:
            found.append((start, left))
        start = max(start, right)
    if start < end:
        found.append((start, end))
    return found


class Ledger:
    """Keeps a text's coverage while claims and sweeps come and go, one span at a time.

    The text is cut wherever a span begins or ends. Each cut remembers how many spans lie over the stretch after it,
    so only stretches that become covered, or bare, are counted anew. Spans beyond the text count as far as it goes.
    """

    def __init__(self, text: str, sentences: Sequence[Span], spans: Iterable[Span] = ()) -> None:
        self._text = text
        self._coverage: Coverage | None = None
        self._sentences = tuple(sentences)
        self._ends = [end for _, end in self._sentences]
        self._spans = Counter(self._clip(span) for span in spans)
        self._characters = sum(self._count(start, end) for start, end in self._sentences)
        self._accounted_characters = 0
        # Letters and digits of each sentence that are covered. A sentence without any asks for nothing.
        self._covered = [0 if _WORD_CHARACTER.search(text, *span) else 1 for span in self._sentences]
        self._residue = [span for span, covered in zip(self._sentences, self._covered, strict=True) if not covered]
        change: Counter[int] = Counter({0: 0})
        for (start, end), times in self._spans.items():
            change[start] += times
            change[end] -= times
        self._cuts = sorted(change)
        self._depths: list[int] = []
        depth = 0
        for cut in self._cuts:
            depth += change[cut]
            self._depths.append(depth)
        for start, end in union(self._spans):
            self._settle(start, end, 1)

    @property
    def coverage(self) -> Coverage:
        """The coverage as it stands now."""
        if self._coverage is None:
            residue = tuple(self._residue)
            self._coverage = Coverage(
                sentences=len(self._sentences),
                accounted_sentences=len(self._sentences) - len(residue),
                characters=self._characters,
                accounted_characters=self._accounted_characters,
                residue=residue,
            )
        return self._coverage

    def add(self, span: Span) -> None:
        """One more claim or sweep lies over ``span``; the same span may be added more than once."""
        span = self._clip(span)
        self._spans[span] += 1
        for start, end, depth in self._deepen(span, 1):
            if depth == 1:
                self._settle(start, end, 1)

    def remove(self, span: Span) -> None:
        """One claim or sweep over ``span`` is gone. Raises ``KeyError`` when none is there."""
        span = self._clip(span)
        if not self._spans[span]:
            raise KeyError(span)
        self._spans[span] -= 1
        for start, end, depth in self._deepen(span, -1):
            if depth == 0:
                self._settle(start, end, -1)

    def _clip(self, span: Span) -> Span:
        start, end = max(0, span[0]), min(span[1], len(self._text))
        return (start, end) if start < end else (0, 0)

    def _deepen(self, span: Span, by: int) -> Iterator[tuple[int, int, int]]:
        """Lay ``by`` spans more over ``span``: its stretches, each with its new depth."""
        first, last = map(self._cut, span)
        for k in range(first, last):
            self._depths[k] += by
            yield self._cuts[k], self._cuts[k + 1], self._depths[k]

    def _cut(self, at: int) -> int:
        """The index of the cut at ``at``, made when there is none."""
        k = bisect_left(self._cuts, at)
        if k == len(self._cuts) or self._cuts[k] != at:
            self._cuts.insert(k, at)
            self._depths.insert(k, self._depths[k - 1])
        return k

    def _settle(self, start: int, end: int, sign: int) -> None:
        """Count what stands in a stretch that is covered from now on (``sign`` 1) or no longer (-1)."""
        self._coverage = None
        k = bisect_right(self._ends, start)
        while k < len(self._sentences) and self._sentences[k][0] < end:
            left, right = max(start, self._sentences[k][0]), min(end, self._sentences[k][1])
            self._cover(k, sign * sum(map(str.isalnum, self._text[left:right])))
            self._accounted_characters += sign * self._count(left, right)
            k += 1

    def _cover(self, k: int, characters: int) -> None:
        """So many letters and digits more of a sentence are covered, or fewer if negative."""
        before, self._covered[k] = self._covered[k], self._covered[k] + characters
        if bool(before) != bool(self._covered[k]):
            place = bisect_left(self._residue, self._sentences[k])
            if before:
                self._residue.insert(place, self._sentences[k])
            else:
                del self._residue[place]

    def _count(self, start: int, end: int) -> int:
        return sum(map(len, self._text[start:end].split()))
