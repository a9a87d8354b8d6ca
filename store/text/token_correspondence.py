"""Which tokens of one text stand where in another: whole pieces first, then words in what is left, never characters.

Nothing here needs memory in the product of the texts' lengths, whatever they hold.
"""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Iterable, Iterator, Sequence
from functools import cached_property

from store.text.tokens import Tokens

_MOST = 4_000_000
"""Pairs of tokens that are differenced at once; a larger gap is first cut at what stands once in both."""
_SHINGLES = (6, 3, 1)
_ALIKE = 0.6
"""The similarity from which two pieces may be one that was edited."""
_RARE = 8
_GONE = -1

Match = tuple[int, int, int]
"""So many tokens (the third number) from the first place on stand in the other text from the second place on."""


def similarity(one: str, other: str, least: float = 0.0) -> float:
    """How alike two runs of tokens are in their order, from 0 to 1; 0 below ``least``."""
    from rapidfuzz.distance import Indel

    return Indel.normalized_similarity(one, other, score_cutoff=least)


def in_order(old: str, new: str) -> Iterator[Match]:
    """The longest common part of two runs of tokens, in their order."""
    begin = 0
    least = min(len(old), len(new))
    if old[:least] == new[:least]:
        begin = least
    else:
        while old[begin] == new[begin]:
            begin += 1
    same = 0
    while same < least - begin and old[-1 - same] == new[-1 - same]:
        same += 1
    if begin:
        yield 0, 0, begin
    yield from _between(old, new, begin, len(old) - same, begin, len(new) - same)
    if same:
        yield len(old) - same, len(new) - same, same


def _between(old: str, new: str, start: int, end: int, first: int, last: int) -> Iterator[Match]:
    if start == end or first == last:
        return
    if (end - start) * (last - first) <= _MOST:
        from rapidfuzz.distance import Indel

        for block in Indel.opcodes(old[start:end], new[first:last]):
            if block.tag == "equal":
                yield start + block.src_start, first + block.dest_start, block.src_end - block.src_start
        return
    for size in _SHINGLES:
        links = _links(_once(old, start, end, size), _once(new, first, last, size))
        if links:
            break
    at, there = start, first
    for i, j in links:
        if i < at or j < there:
            continue  # within the match before
        yield from _between(old, new, at, i, there, j)
        n = size
        while i + n < end and j + n < last and old[i + n] == new[j + n]:
            n += 1
        yield i, j, n
        at, there = i + n, j + n
    if links:
        yield from _between(old, new, at, end, there, last)


def _once(numbers: str, start: int, end: int, size: int) -> dict[str, int]:
    """The runs of so many tokens that stand once in a stretch, and where."""
    found: dict[str, int] = {}
    for at in range(start, end - size + 1):
        run = numbers[at : at + size]
        found[run] = _GONE if run in found else at
    return {run: at for run, at in found.items() if at >= 0}


def _links(old: dict[str, int], new: dict[str, int]) -> list[tuple[int, int]]:
    """The longest chain of what stands once in both that is in the same order in both."""
    pairs = [(at, new[what]) for what, at in old.items() if what in new]
    tops: list[int] = []
    ends: list[int] = []
    before: list[int] = []
    for k, (_, at) in enumerate(pairs):
        place = bisect_left(tops, at)
        before.append(ends[place - 1] if place else _GONE)
        tops[place : place + 1] = [at]
        ends[place : place + 1] = [k]
    chain = []
    k = ends[-1] if ends else _GONE
    while k >= 0:
        chain.append(pairs[k])
        k = before[k]
    return chain[::-1]


class Correspondence:
    """Which tokens of an old text stand where in a new one. ``to[i]`` is the place of the old token i, or -1."""

    def __init__(self, old: Tokens, new: Tokens) -> None:
        self.old = old
        self.new = new
        self.to = [_GONE] * len(old)
        self.back = [_GONE] * len(new)
        kept = self._pieces_in_order()
        moved = self._pieces_out_of_order(kept)
        self._words_between(kept, moved)
        self._moved_and_edited()

    def _tie(self, i: int, j: int, n: int) -> None:
        self.to[i : i + n] = range(j, j + n)
        self.back[j : j + n] = range(i, i + n)

    def _pieces_in_order(self) -> list[tuple[int, int]]:
        """The pieces that stand in both texts in one order; between those that stand once in each, the others."""
        old, new = self.old.pieces, self.new.pieces
        numbers: dict[str, str] = {}
        for piece in (*old, *new):
            numbers.setdefault(piece, chr(len(numbers) % 0x110000))
        links = _links(*(
            {piece: at for at, piece in enumerate(one.pieces) if len(piece) > 2 and one.counts[piece] == 1}
            for one in (self.old, self.new)
        ))  # fmt: skip
        mine, theirs = ("".join(map(numbers.__getitem__, pieces)) for pieces in (old, new))
        kept: list[tuple[int, int]] = []
        at = there = 0
        for i, j in [*links, (len(old), len(new))]:
            if i > at and j > there:
                for a, b, n in in_order(mine[at:i], theirs[there:j]):
                    kept += [(at + a + k, there + b + k) for k in range(n)]
            if i < len(old):
                kept.append((i, j))
            at, there = i + 1, j + 1
        for i, j in kept:
            self._tie(self.old.edges[i], self.new.edges[j], len(old[i]))
        return kept

    def _pieces_out_of_order(self, kept: Iterable[tuple[int, int]]) -> tuple[set[int], set[int]]:
        """The pieces that have moved, in both texts: they stand once on each side of what is left."""
        rests = []
        for one, taken in zip((self.old, self.new), map(set, zip(*kept, strict=True)) if kept else (set(), set()),
                              strict=True):  # fmt: skip
            rest: dict[str, int] = {}
            for at, piece in enumerate(one.pieces):
                if at not in taken and len(piece) > 3:
                    rest[piece] = _GONE if piece in rest else at
            rests.append(rest)
        moved = [(i, rests[1][piece]) for piece, i in rests[0].items() if i >= 0 and rests[1].get(piece, _GONE) >= 0]
        for i, j in moved:
            self._tie(self.old.edges[i], self.new.edges[j], len(self.old.pieces[i]))
        return {i for i, _ in moved}, {j for _, j in moved}

    def _words_between(self, kept: Sequence[tuple[int, int]], moved: tuple[set[int], set[int]]) -> None:
        """The words that stand in both between two pieces that do."""
        at = there = 0
        for i, j in [*kept, (len(self.old.pieces), len(self.new.pieces))]:
            if i > at and j > there:
                self._difference(
                    [k for k in range(at, i) if k not in moved[0]], [k for k in range(there, j) if k not in moved[1]]
                )
            at, there = i + 1, j + 1

    def _difference(self, mine: Sequence[int], theirs: Sequence[int]) -> None:
        """Tie the words of some pieces to those of others, in their order."""
        old = [token for k in mine for token in range(self.old.edges[k], self.old.edges[k + 1])]
        new = [token for k in theirs for token in range(self.new.edges[k], self.new.edges[k + 1])]
        for i, j, n in in_order("".join(self.old.pieces[k] for k in mine), "".join(self.new.pieces[k] for k in theirs)):
            for k in range(n):
                self.to[old[i + k]], self.back[new[j + k]] = new[j + k], old[i + k]

    def _moved_and_edited(self) -> None:
        """Pieces that stand elsewhere with some of their words changed."""
        pairs = []
        for k in self.leftover_old:
            piece = self.old.pieces[k]
            for other in self.sharing(self.new_by_word, piece) if len(piece) > 4 else ():
                there = self.new.pieces[other]
                if len(there) > 4 and (alike := similarity(piece, there, _ALIKE)):
                    pairs.append((-alike, k, other))
        taken: tuple[set[int], set[int]] = (set(), set())
        for _, k, other in sorted(pairs):
            if k in taken[0] or other in taken[1]:
                continue
            taken[0].add(k)
            taken[1].add(other)
            for token in range(self.old.edges[k], self.old.edges[k + 1]):
                if self.to[token] >= 0:
                    self.back[self.to[token]], self.to[token] = _GONE, _GONE
            for token in range(self.new.edges[other], self.new.edges[other + 1]):
                if self.back[token] >= 0:
                    self.to[self.back[token]], self.back[token] = _GONE, _GONE
            self._difference([k], [other])
        if taken[0]:
            for name in ("leftover_old", "leftover_new", "old_by_word", "new_by_word"):
                vars(self).pop(name, None)

    @cached_property
    def leftover_old(self) -> list[int]:
        """Pieces of the old text of which at most half stand in the new one."""
        return _leftover(self.old, self.to)

    @cached_property
    def leftover_new(self) -> list[int]:
        """Pieces of the new text of which at most half stood in the old one."""
        return _leftover(self.new, self.back)

    @cached_property
    def old_by_word(self) -> dict[str, list[int]]:
        """The leftover pieces of the old text by their words."""
        return _by_word(self.old, self.leftover_old)

    @cached_property
    def new_by_word(self) -> dict[str, list[int]]:
        """The leftover pieces of the new text by their words."""
        return _by_word(self.new, self.leftover_new)

    def sharing(self, by_word: dict[str, list[int]], piece: str) -> set[int]:
        """The pieces that share a rare word with one."""
        found: set[int] = set()
        for word in set(piece):
            there = by_word.get(word, ())
            if len(there) <= _RARE:
                found.update(there)
        return found

    def alike(self, by_word: dict[str, list[int]], tokens: Tokens, piece: str, but: int) -> list[int]:
        """The leftover pieces of a text that may be one that was edited, ``but`` for that one itself."""
        others = self.sharing(by_word, piece) - {but}
        return [k for k in others if similarity(piece, tokens.pieces[k], _ALIKE)]


def _leftover(tokens: Tokens, tied: Sequence[int]) -> list[int]:
    found = []
    for k in range(len(tokens.pieces)):
        start, end = tokens.edges[k], tokens.edges[k + 1]
        if 2 * tied[start:end].count(_GONE) >= end - start:
            found.append(k)
    return found


def _by_word(tokens: Tokens, pieces: Iterable[int]) -> dict[str, list[int]]:
    found: dict[str, list[int]] = {}
    for k in pieces:
        for word in set(tokens.pieces[k]):
            found.setdefault(word, []).append(k)
    return found
