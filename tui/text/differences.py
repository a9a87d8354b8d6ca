"""How one text differs from another, word by word. Pure: what is said is as hostile as what was given."""

from __future__ import annotations

import re
from collections.abc import Sequence
from difflib import SequenceMatcher
from typing import Literal, NamedTuple

Kind = Literal["same", "gone", "new"]

_TOKEN = re.compile(r"\w+|\s+|[^\w\s]")
_MOST_WORK = 400_000
"""Pairs of tokens that are compared; texts that ask for more differ as a whole between their common ends."""


class Part(NamedTuple):
    """A stretch of text that both have, that only the old one has, or only the new one."""

    kind: Kind
    text: str


def difference(old: str, new: str) -> list[Part]:
    """The parts that lead from one text to another, in order, what is gone before what is new in its place.

    The parts that are the same or gone make up ``old``, those that are the same or new make up ``new``; no part is
    empty and no two neighbours are of one kind.
    """
    before, after = _TOKEN.findall(old), _TOKEN.findall(new)
    head = _shared(before, after)
    tail = _shared(before[head:][::-1], after[head:][::-1])
    parts: list[Part] = []
    _add(parts, "same", before[:head])
    _middle(parts, before[head : len(before) - tail], after[head : len(after) - tail])
    _add(parts, "same", before[len(before) - tail :])
    return parts


def _middle(parts: list[Part], before: Sequence[str], after: Sequence[str]) -> None:
    if len(before) * len(after) > _MOST_WORK:
        _add(parts, "gone", before)
        _add(parts, "new", after)
        return
    matcher = SequenceMatcher(None, before, after, autojunk=False)
    gone: list[str] = []
    new: list[str] = []
    for tag, low, high, first, last in matcher.get_opcodes():
        same = before[low:high]
        # A blank between two changes is not a common ground: the words around it read better as one change.
        if tag != "equal" or ((gone or new) and not "".join(same).strip() and high < len(before) and last < len(after)):
            gone += same
            new += after[first:last]
            continue
        _add(parts, "gone", gone)
        _add(parts, "new", new)
        gone, new = [], []
        _add(parts, "same", same)
    _add(parts, "gone", gone)
    _add(parts, "new", new)


def _shared(one: Sequence[str], other: Sequence[str]) -> int:
    """How many tokens two lists begin with alike."""
    count = 0
    for left, right in zip(one, other, strict=False):
        if left != right:
            break
        count += 1
    return count


def _add(parts: list[Part], kind: Kind, tokens: Sequence[str]) -> None:
    text = "".join(tokens)
    if text and parts and parts[-1].kind == kind:
        parts[-1] = Part(kind, parts[-1].text + text)
    elif text:
        parts.append(Part(kind, text))
