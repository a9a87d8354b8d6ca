"""Two texts word by word: what is the same in both, and what stands in one in place of what stands in the other."""

from __future__ import annotations

from typing import NamedTuple

from store.text.token_correspondence import in_order
from store.text.tokens import Tokens, Vocabulary


class Block(NamedTuple):
    """A stretch of two texts: the same in both, or what stands in one in place of what stands in the other."""

    same: bool
    start: int
    end: int
    new_start: int
    new_end: int


def difference(old: str, new: str) -> list[Block]:
    """Two texts word by word, in their order: stretches (code points) that are the same and such that are not.

    Words that are only spaced otherwise are the same.
    """
    vocabulary = Vocabulary()
    mine, theirs = Tokens(old, vocabulary), Tokens(new, vocabulary)
    blocks: list[Block] = []
    i = j = at = there = 0
    for a, b, n in [*in_order(mine.numbers, theirs.numbers), (len(mine), len(theirs), 0)]:
        if a > i or b > j:
            start, first = (mine.starts[a], theirs.starts[b]) if n else (len(old), len(new))
            _differ(blocks, old[at:start], new[there:first], at, there)
            at, there = start, first
        if n:
            end, last = mine.ends[a + n - 1], theirs.ends[b + n - 1]
            _add(blocks, Block(True, at, end, there, last))
            at, there, i, j = end, last, a + n, b + n
    if at < len(old) or there < len(new):
        _add(blocks, Block(True, at, len(old), there, len(new)))
    return blocks


def _differ(blocks: list[Block], gone: str, come: str, at: int, there: int) -> None:
    """Add what differs, without the white space around it that both have."""
    lead = tail = 0
    least = min(len(gone), len(come))
    while lead < least and gone[lead] == come[lead] and gone[lead].isspace():
        lead += 1
    while tail < least - lead and gone[-1 - tail] == come[-1 - tail] and gone[-1 - tail].isspace():
        tail += 1
    end, last = at + len(gone), there + len(come)
    _add(blocks, Block(True, at, at + lead, there, there + lead))
    _add(blocks, Block(False, at + lead, end - tail, there + lead, last - tail))
    _add(blocks, Block(True, end - tail, end, last - tail, last))


def _add(blocks: list[Block], block: Block) -> None:
    if block.start == block.end and block.new_start == block.new_end:
        return
    if blocks and blocks[-1].same == block.same:
        blocks[-1] = blocks[-1]._replace(end=block.end, new_end=block.new_end)
    else:
        blocks.append(block)
