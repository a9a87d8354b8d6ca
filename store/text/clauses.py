"""The clauses of a sentence: what lies between commas, dashes, semicolons, quotation marks, and words such as *that*.

No grammar is known, only marks and, for some languages, words (``clauses.toml``). A claim is often a clause, or
begins or ends with one. A bare *and* parts nothing, brackets neither; a comma in ``October 10, 2024`` is one of a date.

Pure functions over text; offsets are code points, spans end-exclusive.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from functools import cache
from pathlib import Path

from store.text import trim, units
from store.text.units import Span
from store.toml import Toml

_PHRASE = 4
"""Words. A shorter quotation is a phrase, and no clause."""
_APOSTROPHES = "'’ʼ"
_AROUND = r"[\s,;:،؛、，；：—–]"
_MARKS = r"""
    (?<!\d) , (?= \s | [”"’»\)\]] | \Z)
  | (?<=\d) , (?= [”"’»\)\]] | \Z | \s (?! [12]\d{3} \b ))    # not in: October 10, 2024
  | [;:] (?= \s | \Z) | [،؛、，；：]
  | (?<=\s) [-–—]+ (?=\s) | (?<=[^\W\d_]) — (?=[^\W\d_])
"""


def clauses(text: str, sentence: Span, language: str = "") -> list[Span]:
    """The clauses of a sentence, in order, each trimmed as a tag is; ``language`` is the code of the text's.

    One of a single word is part of the clause before it; at the start, of the one behind.
    """
    start, end = sentence
    found: list[Span] = []
    lonely = False  # whether the first word is all there is yet
    at = start
    for left, right in (*_boundaries(text, start, end, language), (end, end)):
        piece = trim.span(text, at, max(at, left))
        at = right
        words = units.words(text, *piece)
        if next(words, None) is None:
            continue
        alone = next(words, None) is None
        if found and (alone or lonely):
            found[-1] = (found[-1][0], piece[1])
            lonely = False
        else:
            found.append(piece)
            lonely = alone
    quotations = [one for one in units.marks(text, start, end) if one[1] < end]
    return [_paired(text, one, quotations) for one in found]


def _paired(text: str, clause: Span, quotations: Sequence[Span]) -> Span:
    """The clause with the partner of a quotation mark in it, where no word stands between: a word was joined to it."""

    def is_next(left: int, right: int) -> bool:
        return left <= right and next(units.words(text, left, right), None) is None

    start, end = clause
    for opening, closing in quotations:
        if start <= opening < end and is_next(end, closing) and units.is_boundary(text, closing + 1):
            end = closing + 1
        elif start <= closing < end and is_next(opening, start) and units.is_boundary(text, opening):
            start = opening
    return start, end


def conjunctions(language: str) -> re.Pattern[str] | None:
    """What finds a conjunction with the white space behind it, by the language's code; None where none is known."""
    return _words(language)[0]


def _boundaries(text: str, start: int, end: int, language: str) -> Iterator[Span]:
    """What parts the clauses: marks with the white space around them and the joined words behind, in order."""
    joined, alone = _words(language)
    raw = [(found.start(), found.end()) for found in _marks().finditer(text, start, end)]
    raw += _quotations(text, start, end)
    if alone:
        raw += [(found.start(), found.end()) for found in alone.finditer(text, start, end) if found.start() > start]
    beyond = start
    for left, right in sorted(raw):
        if right <= beyond:
            continue
        left = max(left, beyond)
        while left > beyond and text[left - 1].isspace():
            left -= 1
        while True:
            before = right
            found = _around().match(text, right, end)
            right = found.end() if found else right
            if joined and left > start and (more := joined.match(text, right, end)):
                right = more.end()
            if right == before:
                break
        yield left, right
        beyond = right


def _quotations(text: str, start: int, end: int) -> list[Span]:
    """The marks of each quotation that is more than a phrase, and of one that is opened and not closed here."""
    found: list[Span] = []
    for opening, closing in units.marks(text, start, end):
        count = 0
        for count, _ in enumerate(units.words(text, opening, closing), 1):
            if count == _PHRASE:
                break
        if closing >= end:
            found.append((opening, opening + 1))
        elif count >= _PHRASE:
            found += [(opening, opening + 1), (closing, closing + 1)]
    return found


@cache
def _marks() -> re.Pattern[str]:
    return re.compile(_MARKS, re.VERBOSE)


@cache
def _around() -> re.Pattern[str]:
    return re.compile(f"{_AROUND}+")


@cache
def _words(language: str) -> tuple[re.Pattern[str] | None, re.Pattern[str] | None]:
    """What finds the joined words of a language, with the white space behind them, and the words that part alone."""
    lists = _lists().get(language.partition("-")[0].lower())
    if not isinstance(lists, dict):
        return None, None
    joined, alone = (_any_of(str(lists[name]).split()) for name in ("joined", "alone"))
    return re.compile(rf"(?:{joined})\s*", re.IGNORECASE), re.compile(rf"(?<!\w)(?:{alone})", re.IGNORECASE)


def _any_of(words: Sequence[str]) -> str:
    """Each word whole, not before an apostrophe (*that’s*); one that ends in its own goes before a letter (*qu’il*)."""
    elided = [rf"{re.escape(word[:-1])}[{_APOSTROPHES}](?=\w)" for word in words if word[-1] in _APOSTROPHES]
    whole = "|".join(re.escape(word) for word in words if word[-1] not in _APOSTROPHES)
    return "|".join([*elided, rf"(?:{whole})(?![\w{_APOSTROPHES}])"])


@cache
def _lists() -> dict[str, object]:
    path = Path(__file__).with_name("clauses.toml")
    return dict(Toml(path.read_text(encoding="utf-8"), path.name).values)
