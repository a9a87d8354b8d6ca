"""Sentences: where a reader checks one thing at a time. Pure functions; spans as in ``units``.

With every change of what is found here, ``splitter.EDITION`` is raised.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from itertools import pairwise

from store.text.splitter import spoken
from store.text.units import CLOSERS, MARK, Span, is_boundary, marks, next_grapheme, paragraphs, trim, unit_at

_WORD_CHARACTER = re.compile(r"[^\W_]")
_DATE_HEADER = re.compile(r"\s*date \d{4}-\d{2}-\d{2}\s")
_SURROGATE = re.compile("[\ud800-\udfff]")
_HEADING = re.compile(r"[ ]{0,3}#{1,6}\s")
_ITEM = re.compile(r"\s*[-*+•–]\s")
_NUMBERED_ITEM = re.compile(r"\s*(?:[-*+•–]|\d{1,3}[.)])\s")
_NUMBER = re.compile(r"\s*\d{1,3}[.)]\s*")
_FIRST_NUMBER = re.compile(r"^[^\S\n]*1[.)]\s", re.MULTILINE)  # else a wrapped line may begin with a date: "5. Then"
_WRAP = 120  # no text is wrapped by hand wider than this
_WINDOW = 2000
_ENDS_IN_FULL_STOP = re.compile(r"(?:\w\w|[^\w\s])[.…]\s?$")  # and not in an initial or an abbreviation's last letter
_AFTER_MAY = re.compile(r"\bMay\.\s+(?=[A-Z][a-z])")  # no abbreviation, yet sentencex may read on: "on 5 May. Nobody"
_AFTER_QUOTATION = re.compile(rf"{MARK.pattern}\s+(?=\S)")


def sentences(text: str, language: str = "") -> list[Span]:
    """The sentences, without white space around them; ``language`` is a BCP 47 tag, English when empty.

    Each sentence inside a quotation is one of its own; what introduces a quotation stays with its first sentence,
    an attribution after it with its last. Headings and list items are sentences. A newline ends no sentence in a
    paragraph wrapped by hand (no line longer than 120 characters), and every one elsewhere. A ``date YYYY-MM-DD``
    header before the first sentence belongs to none, nor does a paragraph without a letter or digit (``* * *``).
    """
    found: list[Span] = []
    readable = _SURROGATE.sub("\ufffd", text)
    header = _DATE_HEADER.match(text)
    body = header.end() if header else 0
    for first, last in paragraphs(text):
        if last <= body:
            continue
        for start, end in _blocks(text, max(first, body), last):
            edges = [start]
            for cut in sorted({*_cuts(readable, start, end, spoken(language)), end}):
                cut = cut if is_boundary(text, cut) else next_grapheme(text, cut)
                if len(edges) == 1 and cut < end and _NUMBER.fullmatch(text, start, cut):
                    continue
                if _WORD_CHARACTER.search(text, edges[-1], cut):
                    edges.append(cut)
                elif len(edges) > 1:
                    edges[-1] = cut
            found += [trim(text, left, right) for left, right in pairwise(edges)]
    return found


def _blocks(text: str, start: int, end: int) -> Iterator[Span]:
    """The paragraph, parted where its lines are headings, list items, or not wrapped by hand."""
    lines = text[start:end].split("\n")
    wrapped = max(map(len, lines)) <= _WRAP
    item = _NUMBERED_ITEM if _FIRST_NUMBER.search(text[start:end]) else _ITEM
    begin = at = start
    after_heading = False
    for line in lines:
        heading = bool(_HEADING.match(line))
        if begin < at and (not wrapped or heading or after_heading or item.match(line)):
            yield begin, at - 1
            begin = at
        after_heading = heading
        at += len(line) + 1
    yield begin, end


def _cuts(text: str, start: int, end: int, language: str, depth: int = 0) -> Iterator[int]:
    """Where sentences end inside ``text[start:end]``, in no order; at most two quotations deep."""
    from sentencex import segment  # type: ignore[import-untyped]

    quoted = marks(text, start, end)
    at = start
    while end - at > 1:
        # In one long piece sentencex takes quadratic time, so it reads a window at a time and the last sentence of
        # a window is read again at the head of the next. A quotation cut in two would not be known for one.
        stop = min(at + _WINDOW, end)
        split = unit_at(quoted, stop - 1)
        window = text[at : split[0] if split and stop < end and at < split[0] else stop]
        pieces = segment(language, window)
        if len(pieces) > 1 and "".join(pieces) == window:
            for piece in pieces[:-1]:
                at += len(piece)
                yield at
            if at + len(pieces[-1]) == end:
                break
        else:
            space = window.rfind(" ") + 1
            at += space if space and at + len(window) < end else len(window)
    if language == "en":
        yield from (found.end() for found in _AFTER_MAY.finditer(text, start, end))
    for left, right in quoted:
        if depth < 2:
            yield from _cuts(text, left + 1, right, language, depth + 1)
        # “He went home.” Then: a full stop, unlike a comma, leaves no room for an attribution.
        if _ENDS_IN_FULL_STOP.search(text, max(left + 1, right - 4), right):
            beyond = _AFTER_QUOTATION.match(text, right, end)
            if beyond and (text[beyond.end()].isupper() or text[beyond.end()] in CLOSERS):
                yield beyond.end()
