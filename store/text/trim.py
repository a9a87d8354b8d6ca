"""What a tag holds of the words it is put on: no closing punctuation, and no mark without its partner.

``He left.`` is tagged as ``He left``, ``known as GUR).`` as ``known as GUR``, ``“We won.`` as ``We won``. What belongs
to a word stays: ``in the U.S.``, ``-5%``, ``.5``; so do marks that are a pair: ``“We won,” he said``, ``[sic]``.

Pure functions over text; offsets are code points.
"""

from __future__ import annotations

import re
from functools import cache

from store.text import units
from store.text.units import Span

_MARKS = frozenset(".,;:!?…—–-。、，；：！？।؟۔։።،؛•‣▪◦●○▌☐☑")
"""Closing punctuation, dashes, and what stands before an item of a list or a quoted paragraph."""
_QUOTES = frozenset({*units.CLOSERS, *"".join(units.CLOSERS.values())})
_BRACKETS = {"(": ")", "[": "]", "{": "}", "（": "）", "［": "］", "【": "】"}
_EITHER = frozenset({*_BRACKETS, *_BRACKETS.values()})
_DOTTED = re.compile(r"(?<![^\W_])(?:[^\W\d_]{1,3}\.-?)+[^\W\d_]{1,2}\.\Z")
_REACH = 16
"""Code points before a full stop in which a dotted word such as ``Ph.D.`` may begin."""
_MOST = 64
"""How often a mark is looked at for its partner, and emphasis for its own; more is not prose."""


def span(text: str, start: int, end: int) -> Span:
    """The span as it is tagged; what has no word in it loses only the white space around it."""
    whole = left, right = units.core(text, start, end)
    for _ in range(_MOST):
        before = left, right
        left, right = _bare(text, left, right)
        if (left, right) != before and left < right:
            left, right = units.core(text, left, right)
        if (left, right) == before:
            break
    return (left, right) if next(units.words(text, left, right), None) else whole


def without(text: str, span: Span, conjunctions: re.Pattern[str] | None) -> Span:
    """The span of a leftover without the conjunction that it begins with, unless that is all of it."""
    found = conjunctions.match(text, *span) if conjunctions else None
    return (found.end(), span[1]) if found and found.end() < span[1] else span


def same_words(text: str, one: Span, other: Span) -> bool:
    """Whether two spans hold the very same words of the text, whatever marks stand around them."""
    return span(text, *one) == span(text, *other)


def between_words(text: str, offset: int) -> Span:
    """How far no letter and no digit stands around an offset: spans of the same words begin nowhere else."""
    start = end = min(max(offset, 0), len(text))
    while start and not text[start - 1].isalnum():
        start -= 1
    while end < len(text) and not text[end].isalnum():
        end += 1
    return start, end


def _bare(text: str, start: int, end: int) -> Span:
    """The span without white space, marks and unpaired quotation marks and brackets at its ends."""
    looks = 0
    while start < end and units.is_boundary(text, start + 1):
        looks += text[start] in _QUOTES or text[start] in _EITHER
        if looks > _MOST or not _goes(text, start, start, end):
            break
        start += 1
    while start < end and units.is_boundary(text, end - 1):
        looks += text[end - 1] in _QUOTES or text[end - 1] in _EITHER
        if looks > _MOST or not _goes(text, end - 1, start, end):
            break
        end -= 1
    return start, end


def _goes(text: str, at: int, start: int, end: int) -> bool:
    """Whether the character at an end of the span is none of the tag's."""
    mark = text[at]
    if mark.isspace():
        return True
    if mark in _MARKS:
        return not _in_a_word(text, at, start, end)
    if mark in _QUOTES:
        return not _is_apostrophe(text, at) and not any(at in pair for pair in _pairs(text, start, end))
    return mark in _EITHER and not _bracketed(text, at, start, end)


def _in_a_word(text: str, at: int, start: int, end: int) -> bool:
    """Whether a mark is part of a word: the stop of ``U.S.``, the sign of ``-5``."""
    beside = text[at - 1 : at] if at == end - 1 and at > start else text[at + 1 : at + 2]
    if not beside or beside.isspace() or beside in _MARKS:
        return False
    if text[at] == "." and at == end - 1 and _DOTTED.search(text, max(start, at - _REACH), end):
        return True
    word = units.word_at(text, at)
    return word is not None and word[0] <= at < word[1]


def _pairs(text: str, start: int, end: int) -> list[Span]:
    return [(opening, closing) for opening, closing in units.marks(text, start, end) if closing < end]


def _is_apostrophe(text: str, at: int) -> bool:
    """Whether ``’`` stands for letters left out (``’90s``) or for whose it is (``the boys’``)."""
    if text[at] != "’":
        return False
    if text[at + 1 : at + 2].isalnum():
        return True
    begin = max(text.rfind("\n", 0, at), 0)
    return text[at - 1 : at].isalnum() and text.rfind("‘", begin, at) < 0


def _bracketed(text: str, at: int, start: int, end: int) -> bool:
    """Whether a bracket at an end of the span has its partner in it."""
    opened: list[int] = []
    for found in _brackets().finditer(text, start, end):
        if found[0] in _BRACKETS:
            opened.append(found.start())
        elif opened and _BRACKETS[text[opened[-1]]] == found[0]:
            opening = opened.pop()
            if at in (opening, found.start()):
                return True
    return False


@cache
def _brackets() -> re.Pattern[str]:
    return re.compile(f"[{re.escape(''.join(_EITHER))}]")
