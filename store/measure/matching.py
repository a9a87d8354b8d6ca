"""Whose span is whose: the spans that several people marked in one text, matched one to one.

Spans are ``(start, end)`` in code points, end exclusive. The overlap of two spans is their intersection over their
union, 0 to 1. Matching is greedy: of all pairs that overlap, the one that overlaps most is matched first, and neither
of its spans is matched again. Of pairs that overlap alike, the one that begins earlier in the text comes first: their
two spans, the smaller before the larger, are compared as tuples; copies of one span keep the order they are given in.
The rule looks at both sides alike, so it does not matter who comes first. An empty span overlaps nothing.
"""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from itertools import combinations
from typing import NamedTuple

from store.text.units import Span

HALF = 0.5
"""The overlap from which two spans count as the same claim."""

_FEW_PAIRS = 100_000
_LEAF = 8


class Pair(NamedTuple):
    """Two matched spans, by their places in the two sequences, and how far they overlap (above 0, at most 1)."""

    a: int
    b: int
    overlap: float


def overlap(x: Span, y: Span) -> float:
    """Intersection over union, 0 to 1. Lengths below 2**26 code points give equal floats for equal overlaps only."""
    shared = min(x[1], y[1]) - max(x[0], y[0])
    return shared / (max(x[1], y[1]) - min(x[0], y[0])) if shared > 0 else 0.0


def _rank(x: Span, y: Span) -> tuple[float, Span, Span]:
    """What pairs are taken by, the least first."""
    return (-overlap(x, y), x, y) if x < y else (-overlap(x, y), y, x)


def match(a: Sequence[Span], b: Sequence[Span], least: float = 0.0) -> list[Pair]:
    """The spans of ``a`` and ``b`` matched one to one by the rule above, in the order of ``a``.

    Pairs that overlap by less than ``least`` are left out. As the greedy rule comes to them last, that changes nothing
    about the others.
    """
    pairs = _by_sweep(a, b) if _few(a, b) else _by_search(a, b)
    return sorted(pair for pair in pairs if pair.overlap >= least)


def groups(sets: Sequence[Sequence[Span]], least: float = 0.0) -> list[tuple[int | None, ...]]:
    """The spans of any number of people in groups, at most one of each person: their places, or None.

    Every two people are matched with `match`. The pairs so found join their groups in the order of that rule, unless
    a person would stand in the group twice or two of its spans would not overlap, or by less than ``least``. So the
    spans of a group have a character in common, and for two people the groups are the pairs of `match` and the spans
    left alone. Groups come in text order, by their first span; every span stands in exactly one.
    """
    pairs = {(p, q): match(sets[p], sets[q], least) for p, q in combinations(range(len(sets)), 2)}
    return joined(sets, pairs, least)


def joined(
    sets: Sequence[Sequence[Span]],
    pairs: Mapping[tuple[int, int], Sequence[Pair]],
    least: float = 0.0,
    apart: Callable[[tuple[int, int], tuple[int, int]], bool] | None = None,
) -> list[tuple[int | None, ...]]:
    """The groups of `groups` from pairs that are matched already: for persons ``p < q`` by place, what `match` gave for
    their sets.

    Spans, each by person and number, that are ``apart`` never stand in one group.
    """
    if len(sets) < 3:
        return _paired(sets, [pair for found in pairs.values() for pair in found if pair.overlap >= least], apart)
    links = [
        (_rank(sets[p][pair.a], sets[q][pair.b]), p, pair.a, q, pair.b)
        for (p, q), found in pairs.items()
        for pair in found
        if pair.overlap >= least
    ]
    group_of = {(p, i): {p: i} for p, spans in enumerate(sets) for i in range(len(spans))}
    for _, p, i, q, j in sorted(links):
        one, other = group_of[p, i], group_of[q, j]
        if one.keys() & other.keys():
            continue
        overlaps = [overlap(sets[r][k], sets[s][m]) for r, k in one.items() for s, m in other.items()]
        if min(overlaps) > 0 and min(overlaps) >= least:
            if apart and any(apart(x, y) for x in one.items() for y in other.items()):
                continue
            one |= other
            for member in other.items():
                group_of[member] = one
    found = {id(group): group for group in group_of.values()}.values()
    places = [tuple(group.get(p) for p in range(len(sets))) for group in found]
    return sorted(places, key=lambda row: min((sets[p][i], p, i) for p, i in enumerate(row) if i is not None))


def _paired(
    sets: Sequence[Sequence[Span]],
    pairs: Iterable[Pair],
    apart: Callable[[tuple[int, int], tuple[int, int]], bool] | None,
) -> list[tuple[int | None, ...]]:
    """The groups of two people, or of one: their pairs, and the spans left alone."""
    if len(sets) < 2:
        return [(i,) for i in sorted(range(len(sets[0])), key=sets[0].__getitem__)] if sets else []
    a, b = sets
    both = {pair.a: pair.b for pair in pairs if not (apart and apart((0, pair.a), (1, pair.b)))}
    taken = set(both.values())
    rows: list[tuple[tuple[Span, int, int], tuple[int | None, ...]]] = []
    for i, span in enumerate(a):
        j = both.get(i)
        rows.append(((span, 0, i) if j is None or span <= b[j] else (b[j], 1, j), (i, j)))
    rows += [((span, 1, j), (None, j)) for j, span in enumerate(b) if j not in taken]
    return [row for _, row in sorted(rows)]


def _few(a: Sequence[Span], b: Sequence[Span]) -> bool:
    """Whether the pairs that overlap are few enough to be looked at one by one."""
    if len(a) * len(b) <= _FEW_PAIRS:
        return True
    starts, ends = sorted(start for start, _ in b), sorted(end for _, end in b)
    count = sum(bisect_left(starts, end) - bisect_right(ends, start) for start, end in a)
    return count <= _FEW_PAIRS


def _by_sweep(a: Sequence[Span], b: Sequence[Span]) -> list[Pair]:
    """The matching from all pairs that overlap, best first."""
    ranked = sorted((_rank(a[i], b[j]), i, j) for i, j in _overlapping(a, b))
    taken_a, taken_b = set(), set()
    pairs = []
    for (less, _, _), i, j in ranked:
        if i not in taken_a and j not in taken_b:
            taken_a.add(i)
            taken_b.add(j)
            pairs.append(Pair(i, j, -less))
    return pairs


def _overlapping(a: Sequence[Span], b: Sequence[Span]) -> Iterator[tuple[int, int]]:
    """The places of every two spans that overlap. A line sweeps the text and keeps the spans that are still open."""
    begun = [(*span, 0, i) for i, span in enumerate(a)] + [(*span, 1, j) for j, span in enumerate(b)]
    open_a: list[tuple[int, int]] = []
    open_b: list[tuple[int, int]] = []
    for start, end, side, k in sorted(begun):
        if start >= end:
            continue
        if side == 0:
            open_b = [other for other in open_b if other[0] > start]
            open_a.append((end, k))
            for _, j in open_b:
                yield k, j
        else:
            open_a = [other for other in open_a if other[0] > start]
            open_b.append((end, k))
            for _, i in open_a:
                yield i, k


def _by_search(a: Sequence[Span], b: Sequence[Span]) -> list[Pair]:
    """The same matching without looking at every pair, for texts where nearly everything overlaps.

    From a span we go to the one on the other side that the rule puts first for it, from there to the first for that,
    and so on. Each step leads to a pair that ranks higher, so the walk ends at two spans that are first for each
    other; the rule matches these before anything else that has to do with them. Then the walk goes on from the span
    before.
    """
    sides = _Side(a), _Side(b)
    pairs = []
    for origin in sorted(sides[0].copies):
        walk = [origin]
        while walk and sides[0].copies[origin]:
            side = (len(walk) - 1) % 2
            here = walk[-1]
            there = sides[1 - side].first_for(here)
            if there is None:
                break
            if len(walk) < 2 or walk[-2] != there:
                walk.append(there)
                continue
            del walk[-2:]
            x, y = (there, here) if side else (here, there)
            both = list(zip(sides[0].copies[x], sides[1].copies[y], strict=False))
            pairs += [Pair(i, j, overlap(x, y)) for i, j in both]
            sides[0].take(x, len(both))
            sides[1].take(y, len(both))
            walk = walk or [origin]
    return pairs


class _Node:
    """Spans that lie near each other, none of them matched yet, in two halves or, when they are few, one by one.

    ``starts``, ``ends`` and ``lengths`` are the least and the greatest of each; ``smallest`` is the first of the spans.
    """

    __slots__ = ("ends", "halves", "lengths", "parent", "smallest", "spans", "starts")

    def __init__(self, spans: Sequence[Span], parent: _Node | None, leaf_of: dict[Span, _Node], depth: int = 0) -> None:
        self.parent = parent
        self.spans: set[Span] = set()
        self.halves: list[_Node] = []
        if len(spans) <= _LEAF:
            self.spans.update(spans)
            leaf_of |= dict.fromkeys(spans, self)
        else:
            spans = sorted(spans, key=(lambda span: (span[1] - span[0], span)) if depth % 2 else None)
            half = len(spans) // 2
            self.halves = [_Node(part, self, leaf_of, depth + 1) for part in (spans[:half], spans[half:])]
        self.bound()

    def bound(self) -> None:
        """Find the bounds again, from spans or halves that are not empty."""
        if self.spans:
            starts, ends = zip(*self.spans, strict=True)
            lengths = [end - start for start, end in self.spans]
            self.starts, self.ends = (min(starts), max(starts)), (min(ends), max(ends))
            self.lengths = min(lengths), max(lengths)
            self.smallest = min(self.spans)
        elif len(self.halves) == 2:
            x, y = self.halves
            self.starts = min(x.starts[0], y.starts[0]), max(x.starts[1], y.starts[1])
            self.ends = min(x.ends[0], y.ends[0]), max(x.ends[1], y.ends[1])
            self.lengths = min(x.lengths[0], y.lengths[0]), max(x.lengths[1], y.lengths[1])
            self.smallest = min(x.smallest, y.smallest)
        elif self.halves:
            (x,) = self.halves
            self.starts, self.ends, self.lengths, self.smallest = x.starts, x.ends, x.lengths, x.smallest

    def most(self, x: Span) -> float:
        """What no span in here overlaps ``x`` by more than: by where they may lie, and by their lengths."""
        start, end = x
        length = end - start
        near = (min(max(start, self.starts[0]), self.starts[1]), min(max(end, self.ends[0]), self.ends[1]))
        alike = min(max(length, self.lengths[0]), self.lengths[1])
        return min(overlap(x, near), min(length, alike) / max(length, alike))


class _Side:
    """One person's spans that are not matched yet, halved again and again by start and by length.

    So most of them can be passed over unseen when the first for some span is looked for.
    """

    def __init__(self, spans: Sequence[Span]) -> None:
        self.copies: dict[Span, list[int]] = defaultdict(list)
        for i, span in enumerate(spans):
            if span[0] < span[1]:
                self.copies[span].append(i)
        self._leaf_of: dict[Span, _Node] = {}
        self._root = _Node(list(self.copies), None, self._leaf_of)

    def take(self, span: Span, count: int) -> None:
        """The first ``count`` copies of the span are matched."""
        del self.copies[span][:count]
        if self.copies[span]:
            return
        node: _Node | None = self._leaf_of[span]
        assert node is not None
        node.spans.remove(span)
        while node:
            node.halves = [half for half in node.halves if half.spans or half.halves]
            node.bound()
            node = node.parent

    def first_for(self, x: Span) -> Span | None:
        """The span, of those not matched yet, that the rule puts first for ``x``; None when none overlaps it.

        Of pairs with one span in common, the rule puts the smaller partner first when the overlap is the same.
        """
        best, first = 0.0, x
        todo = [(1.0, self._root)]
        while todo:
            most, node = todo.pop()
            if most < best or (most == best and node.smallest >= first):
                continue
            for y in node.spans:
                much = overlap(x, y)
                if much > best or (much == best > 0 and y < first):
                    best, first = much, y
            halves = [(half.most(x), half) for half in node.halves]
            halves.sort(key=lambda half: (-half[0], half[1].smallest), reverse=True)
            todo += [half for half in halves if half[0] > 0]
        return first if best else None
