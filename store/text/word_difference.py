"""Two texts word by word: what is the same in both, and what stands in one in place of what stands in the other."""

from __future__ import annotations

from typing import NamedTuple

from store.text.correspondence import in_order
from store.text.tokens import Tokens, Vocabulary


class Block(NamedTuple):
    """A stretch of two texts: the same in both, or what stands in one in place of what stands in the other."""

    same: bool
    start: int
    end: int
    new_start: int
    new_end: int


def difference(old: str, new: str) -> list[Block]:
    """Two texts word by word, in their order: stretches (code points) that are the same and such that are not."""
    vocabulary = Vocabulary()
    mine, theirs = Tokens(old, vocabulary), Tokens(new, vocabulary)
    blocks: list[Block] = []
    i = j = at = there = 0

    def other(to: int, until: int) -> None:
        if to > at or until > there:
            blocks.append(Block(False, at, to, there, until))

    for a, b, n in in_order(mine.numbers, theirs.numbers):
        start, first = mine.starts[a], theirs.starts[b]
        if a > i or b > j:
            start = mine.starts[a]
            other(start, first)
            at, there = start, first
        end, last = mine.ends[a + n - 1], theirs.ends[b + n - 1]
        if blocks and blocks[-1].same and a == i and b == j:
            blocks[-1] = blocks[-1]._replace(end=end, new_end=last)
        else:
            blocks.append(Block(True, at, end, there, last))
        at, there, i, j = end, last, a + n, b + n
    other(len(old), len(new))
    return blocks
