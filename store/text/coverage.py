"""What has been read of a text, word by word, and what is left: open sentences, and leftovers of half-read ones.

A word is read when a claim or a sweep holds it, that is, touches a letter or digit of it; punctuation never counts.
A sentence is open when no word of it is read. Of a sentence in part, each run of unread words is a leftover; it counts
when it holds a digit or as many words as the scheme's ``leftover_words`` asks for.

In scripts without blanks an ideograph, or a cluster of Thai and its like, is counted for a word. As ideographs say
less than words, two of them weigh as one word where leftovers are measured, and so do four clusters.

Offsets are code points, spans ``(start, end)`` with the end exclusive.
"""

from __future__ import annotations

import re
import unicodedata
from array import array
from bisect import bisect_left, bisect_right
from collections import Counter
from collections.abc import Generator, Iterable, Iterator, Sequence
from enum import Enum
from functools import cache
from typing import NamedTuple

from store.text.shown_text import Shown
from store.text.units import Span, graphemes, is_everyday, words

LEFTOVER_WORDS = 4
"""How many words a leftover without a digit has at least to count, unless the scheme says otherwise."""

_WORD, _IDEOGRAPH, _CLUSTER = 4, 2, 1  # what each weighs, in quarters of a word
_DIGIT = re.compile("[\\d¼-¾⅐-⅞]")


@cache
def _ideographs() -> re.Pattern[str]:
    return re.compile("[\u3005-\u3007\u3041-\u3096\u3400-\u4dbf\u4e00-\u9fff\uf900-\ufaff\U00020000-\U000323af]")


@cache
def _run_on() -> re.Pattern[str]:
    """Thai, Lao, Burmese, Khmer, Tai and Ahom letters."""
    return re.compile(
        "[\u0e00-\u0eff\u1000-\u109f\u1780-\u17ff\u1950-\u19df\u1a20-\u1aaf\ua9e0-\ua9ff\uaa60-\uaadf"
        "\U00011700-\U0001174f]"
    )


class Hold(Enum):
    """What holds words: a claim that is checked, one that is tagged and still lacks something, or a sweep."""

    TAGGED = "tagged"
    CHECKED = "checked"
    SWEPT = "swept"


_UNREAD, _SWEPT, _CHECKED, _TAGGED = range(4)


def _counts_as(tagged: int, checked: int, swept: int) -> int:
    """What a word counts as that so many of each hold."""
    return _TAGGED if tagged else _CHECKED if checked else _SWEPT if swept else _UNREAD


_IN_ORDER = ((Hold.SWEPT, _SWEPT), (Hold.CHECKED, _CHECKED), (Hold.TAGGED, _TAGGED))
"""What each kind makes of the words it holds, that which wins last."""

Held = tuple[int, int, Hold]
"""A span and what it is."""


class Place(NamedTuple):
    """A place that is left to read: an open sentence, or a leftover of a sentence in part."""

    start: int
    end: int
    leftover: bool = False

    @property
    def kind(self) -> str:
        return "leftover" if self.leftover else "sentence"


class Coverage(NamedTuple):
    """How much of a text is read. Each word read counts once: as tagged before checked, and as that before swept."""

    words: int = 0
    words_read: int = 0
    words_checked: int = 0
    words_tagged: int = 0
    words_swept: int = 0
    sentences: int = 0
    """Those that have a word."""
    open_sentences: int = 0
    sentences_in_part: int = 0
    leftovers: int = 0
    """Those that count."""
    residue: tuple[Place, ...] = ()
    """The open sentences and leftovers, in text order."""

    @property
    def share(self) -> float:
        """The share of words read, 0 to 1; 1 where there is none."""
        return self.words_read / self.words if self.words else 1.0

    @property
    def percent(self) -> int:
        """The share in whole percent, rounded down: 100 only when every word is read."""
        return 100 * self.words_read // self.words if self.words else 100

    @property
    def nothing_left(self) -> bool:
        """Whether no sentence is open and no leftover counts; a few scraps may still be unread."""
        return not self.open_sentences and not self.leftovers

    @property
    def left(self) -> str:
        """What is left to read, in words: ``3 sentences, 5 leftovers``."""
        return left_in_words(self.open_sentences, self.leftovers)

    @property
    def read(self) -> str:
        """How much is read and what is left, in words: ``81 % · 3 sentences, 5 leftovers``."""
        return f"{self.percent} %" + (f" · {self.left}" if self.words_read < self.words else "")

    @classmethod
    def total(cls, of: Iterable[Coverage]) -> Coverage:
        """The figures of several texts together, without their residue."""
        figures = zip(cls()[:-1], *(one[:-1] for one in of), strict=True)
        return cls._make([*map(sum, figures), ()])


def left_in_words(open_sentences: int, leftovers: int) -> str:
    """Open sentences and leftovers in words, ``nothing left`` for none."""
    counts = ((open_sentences, "sentence"), (leftovers, "leftover"))
    parts = [f"{n:,} {noun}{'s' * (n != 1)}" for n, noun in counts if n]
    return ", ".join(parts) or "nothing left"


def coverage(
    text: str | Shown, sentences: Sequence[Span], held: Iterable[Held] = (), least: int = LEFTOVER_WORDS
) -> Coverage:
    """The coverage of ``text``; ``sentences`` are in order and do not overlap, ``least`` is for leftovers."""
    return Ledger(text, sentences, held, least).coverage


def words_of(text: str | Shown, sentences: Sequence[Span]) -> Iterator[int]:
    """How many words each sentence has, one after the other."""
    units = _Units(_seen_of(text))
    for _ in units.count(sentences):
        yield units.first[-1] - units.first[-2]


def _seen_of(text: str | Shown) -> Shown:
    return text if isinstance(text, Shown) else Shown(text)


def untouched(sentences: Sequence[Span], words: Sequence[int]) -> Coverage:
    """The coverage of a text that nothing holds, from its sentences and `words_of` them."""
    residue = tuple(Place(*span) for span, count in zip(sentences, words, strict=True) if count)
    return Coverage(sum(words), sentences=len(residue), open_sentences=len(residue), residue=residue)


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


class _Units:
    """The words of a text that are counted, in order: where their letters and digits begin and end."""

    def __init__(self, shown: Shown) -> None:
        self._shown = shown
        text = shown.text
        self.starts, self.ends = array("L"), array("L")
        self.whole: dict[int, Span] = {}
        """Words that have more to them than letters and digits at an edge, such as ``-5%``, by their place."""
        runs_on = not is_everyday(text) and bool(_ideographs().search(text) or _run_on().search(text))
        self.weights: bytearray | None = bytearray() if runs_on else None
        self.first = array("L", [0])
        """The place of each sentence's first word, and at the end how many words there are."""

    def count(self, sentences: Sequence[Span]) -> Iterator[None]:
        """Find the words of sentences; it yields after each. Words are those that people see."""
        shown = self._shown
        text = shown.text
        found = words(text)
        word = next(found, None)
        for start, end in map(shown.places, *zip(*sentences, strict=True)) if shown and sentences else sentences:
            while word is not None and word[0] < start:
                word = next(found, None)  # what stands in no sentence is not counted
            while word is not None and word[0] < end:
                self._count(text, *word)
                word = next(found, None)
            self.first.append(len(self.starts))
            yield

    def _count(self, text: str, start: int, end: int) -> None:
        if self.weights is None:
            self._add(text, start, end)
        elif _run_on().search(text, start, end):
            for cluster in graphemes(text, start, end):
                self._add(text, *cluster, _CLUSTER)
        else:
            self._add(text, start, end, _IDEOGRAPH if _ideographs().match(text, start) else _WORD)

    def _add(self, text: str, start: int, end: int, weight: int = _WORD) -> None:
        left, right = start, end
        while left < right and not text[left].isalnum():
            left += 1
        while left < right and not text[right - 1].isalnum() and unicodedata.category(text[right - 1])[0] != "M":
            right -= 1
        if left == right:
            return
        if (left, right) != (start, end):
            self.whole[len(self.starts)] = self._shown.span(start, end) if self._shown else (start, end)
        if self._shown:
            left, right = self._shown.span(left, right)
        self.starts.append(left)
        self.ends.append(right)
        if self.weights is not None:
            self.weights.append(weight)

    def touched(self, start: int, end: int) -> tuple[int, int]:
        """The words that a span touches: the place of the first, and that behind the last."""
        low = bisect_right(self.ends, start)
        return low, max(low, bisect_left(self.starts, end)) if start < end else low

    def span(self, low: int, high: int) -> Span:
        """From the beginning of the first word to the end of the last; ``high`` is the place behind the last."""
        last = high - 1
        start = self.whole[low][0] if low in self.whole else self.starts[low]
        return start, self.whole[last][1] if last in self.whole else self.ends[last]

    def weight(self, low: int, high: int) -> int:
        return _WORD * (high - low) if self.weights is None else sum(self.weights[low:high])


class Ledger:
    """Keeps a text's coverage while claims and sweeps come and go, one span at a time.

    Each word remembers how many spans of each kind hold it. A sentence is looked at again only when a word of it
    becomes read, or unread. Spans beyond the text count as far as it goes.
    """

    def __init__(
        self, text: str | Shown, sentences: Sequence[Span], held: Iterable[Held] = (), least: int = LEFTOVER_WORDS
    ) -> None:
        for _ in self._fill(text, sentences, held, least):
            pass

    @classmethod
    def in_slices(
        cls, text: str | Shown, sentences: Sequence[Span], held: Iterable[Held], least: int
    ) -> Generator[None, None, Ledger]:
        """Make a ledger and yield often meanwhile: that of a long text takes a while."""
        ledger = cls.__new__(cls)
        yield from ledger._fill(text, sentences, held, least)
        return ledger

    def _fill(self, text: str | Shown, sentences: Sequence[Span], held: Iterable[Held], least: int) -> Iterator[None]:
        self._shown = _seen_of(text)
        self._least = least * _WORD
        self._coverage: Coverage | None = None
        self._units = units = _Units(self._shown)
        yield from units.count(sentences)
        # Sentences without a word ask for nothing.
        full = [k for k in range(len(sentences)) if units.first[k] < units.first[k + 1]]
        self._sentences = [sentences[k] for k in full]
        self._first = array("L", [*(units.first[k] for k in full), len(units.starts)])
        yield
        self._spans = Counter(held)
        yield
        self._depths: dict[Hold, array[int]] = {}
        """How many of each kind hold each word."""
        self._states = bytearray(len(units.starts))
        """What each word counts as."""
        for hold, state in _IN_ORDER:
            spans = [(start, end, times) for (start, end, kind), times in self._spans.items() if kind is hold]
            self._depths[hold] = yield from self._lay(spans, state)
        self._counts = {state: self._states.count(state) for state in (_UNREAD, _SWEPT, _CHECKED, _TAGGED)}
        self._read = array("L")
        """How many words of each sentence are read."""
        self._places: list[Place] = []
        self._leftovers = 0
        self._in_part = 0
        for k, (low, high) in enumerate(zip(self._first, self._first[1:], strict=False)):
            read = high - low - self._states.count(_UNREAD, low, high)
            self._read.append(read)
            self._in_part += 0 < read < high - low
            found = self._look(k)
            self._leftovers += sum(place.leftover for place in found)
            self._places += found
            yield

    def _lay(self, spans: Iterable[tuple[int, int, int]], state: int) -> Generator[None, None, array[int]]:
        """Lay spans, each so many times, over the words, which count as that from now on; gives how many hold each."""
        change: Counter[int] = Counter()
        for start, end, times in spans:
            low, high = self._units.touched(start, end)
            change[low] += times
            change[high] -= times
            if times:
                self._states[low:high] = bytes((state,)) * (high - low)
            yield
        depths = array("l", [0]) * len(self._units.starts)
        at = depth = 0
        for place in sorted(change):
            if depth:
                depths[at:place] = array("l", [depth]) * (place - at)
            at, depth = place, depth + change[place]
            yield
        return depths

    @property
    def coverage(self) -> Coverage:
        """The coverage as it stands now."""
        if self._coverage is None:
            words, counts = len(self._units.starts), self._counts
            self._coverage = Coverage(
                words,
                words - counts[_UNREAD],
                counts[_CHECKED],
                counts[_TAGGED],
                counts[_SWEPT],
                len(self._sentences),
                len(self._places) - self._leftovers,
                self._in_part,
                self._leftovers,
                tuple(self._places),
            )
        return self._coverage

    def add(self, start: int, end: int, hold: Hold) -> None:
        """One more claim or sweep lies over a span; the same one may be added more than once."""
        self._spans[start, end, hold] += 1
        self._deepen(start, end, hold, 1)

    def remove(self, start: int, end: int, hold: Hold) -> None:
        """One claim or sweep over a span is gone. Raises ``KeyError`` when none is there."""
        if not self._spans[start, end, hold]:
            raise KeyError((start, end, hold))
        self._spans[start, end, hold] -= 1
        self._deepen(start, end, hold, -1)

    # -- what is left -----------------------------------------------------------------------------------------

    def left(self, start: int, end: int) -> list[Span]:
        """What is unread between two offsets: the whole when nothing in it is read, else each run of unread words."""
        low, high = self._units.touched(start, end)
        runs = list(self._runs(low, high))
        if runs == [(low, high)]:
            return [(start, end)]
        return [(max(start, left), min(end, right)) for left, right in (self._units.span(*run) for run in runs)]

    def first_word(self, start: int, end: int) -> int:
        """Where the first word between two offsets begins; ``start`` when there is none."""
        low, high = self._units.touched(start, end)
        return max(start, self._units.span(low, low + 1)[0]) if low < high else start

    def is_left(self, start: int, end: int) -> bool:
        """Whether exactly that span is a place that is left to read."""
        at = bisect_left(self._places, (start, end))
        return at < len(self._places) and self._places[at][:2] == (start, end)

    def next_place(self, offset: int) -> Place | None:
        """The first place left that begins at an offset or behind it."""
        at = bisect_left(self._places, (offset,))
        return self._places[at] if at < len(self._places) else None

    def previous_place(self, offset: int) -> Place | None:
        """The last place left that begins before an offset."""
        at = bisect_left(self._places, (offset,))
        return self._places[at - 1] if at else None

    # -- counting ---------------------------------------------------------------------------------------------

    def _deepen(self, start: int, end: int, hold: Hold, by: int) -> None:
        """Lay ``by`` spans more over the words of a span, and look again at the sentences in which that matters."""
        self._coverage = None
        low, high = self._units.touched(start, end)
        k = bisect_right(self._first, low) - 1
        depths, states = self._depths[hold], self._states
        tagged, checked, swept = (self._depths[kind] for kind in Hold)
        while low < high:
            beyond = min(high, self._first[k + 1])
            read = self._read[k]
            for word in range(low, beyond):
                depths[word] += by
                before, after = states[word], _counts_as(tagged[word], checked[word], swept[word])
                if before != after:
                    states[word] = after
                    self._counts[before] -= 1
                    self._counts[after] += 1
                    read += (after != _UNREAD) - (before != _UNREAD)
            if read != self._read[k]:
                self._settle(k, read)
            low, k = beyond, k + 1

    def _settle(self, k: int, read: int) -> None:
        """So many words of a sentence are read now: find its places again."""
        words = self._first[k + 1] - self._first[k]
        self._in_part += (0 < read < words) - (0 < self._read[k] < words)
        self._read[k] = read
        start, end = self._sentences[k]
        low = bisect_left(self._places, (start,))
        high = bisect_left(self._places, (end,), low)
        found = self._look(k)
        self._leftovers += sum(place.leftover for place in found)
        self._leftovers -= sum(place.leftover for place in self._places[low:high])
        self._places[low:high] = found

    def _look(self, k: int) -> list[Place]:
        """What is left of a sentence: itself, the leftovers that count, or nothing."""
        low, high = self._first[k], self._first[k + 1]
        if not self._read[k]:
            return [Place(*self._sentences[k])]
        if self._read[k] == high - low:
            return []
        found = []
        for run in self._runs(low, high):
            start, end = self._units.span(*run)
            if self._units.weight(*run) >= self._least or _DIGIT.search(self._shown.words(start, end)):
                found.append(Place(start, min(end, self._sentences[k][1]), leftover=True))
        return found

    def _runs(self, low: int, high: int) -> Iterator[tuple[int, int]]:
        """The runs of unread words among those from ``low`` to ``high``."""
        begun: int | None = None
        for word in range(low, high):
            if self._states[word] != _UNREAD:
                if begun is not None:
                    yield begun, word
                begun = None
            elif begun is None:
                begun = word
        if begun is not None:
            yield begun, high
