"""Passages: what lies between line ends that part a text. A sentence never runs beyond its passage.

A line end parts a list, a table, a transcript or a headline from what follows; in a text wrapped by hand it parts
nothing. The text's own line lengths tell which: a wrapper breaks a line where its next word would not have fitted.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from collections.abc import Set as AbstractSet
from functools import cache
from itertools import accumulate
from typing import NamedTuple

from store.text.units import Span, each_paragraph, paragraphs

NARROWEST, WIDEST = 40, 120
"""The columns at which a text may have been wrapped."""

_LINE_BEGUN = re.compile(r"\n[^\S\n]*\S")
_QUOTED = re.compile(r"[ ]{0,3}(?:>[ ]?)+")
_HEADING = re.compile(r"[ ]{0,3}#{1,6}\s")
_BULLET = re.compile(r"(?:[-*+•–—‣▪●○·→✓✔✗☐☑☒◦]|\([ivx]{1,4}\)|\(?[a-z]\))\s", re.IGNORECASE)
_NUMBERED = re.compile(r"\(?(\d{1,3})[.)]\s")
_NUMBERED_LINE = re.compile(rf"^[ \t>]*{_NUMBERED.pattern}", re.MULTILINE)
_SPEAKER = re.compile(r"(?:[^\W\d_][\w.'’-]*[ ]){0,3}[^\W\d_][\w.'’-]*: |\[\d{1,2}:\d\d(?::\d\d)?\]")
_ROW = re.compile(r"\t|[ ]{3}|\|")


class _Break(NamedTuple):
    """A single line end inside a paragraph."""

    at: int
    """Where the line feed stands."""
    width: int
    """Cells of the line before it."""
    word: int
    """Cells of the first word after it."""
    low: bool
    """The next line begins in lower case, or in a script that has no case."""
    parts: bool
    """It parts whatever the text's width is: the next line is a heading, an item, a speaker or a row of a table."""

    def fits(self, width: int) -> bool:
        """Whether one who wraps at ``width`` columns would have broken here, give or take."""
        return self.width <= width + 2 and self.width + self.word >= width - 1


class _Votes(NamedTuple):
    """How well one width explains some line ends."""

    width: int
    share: float
    """Of the line ends, those that a wrapper at this width would have made."""
    low: float
    """Of those, the share that goes on in lower case."""
    number: int
    """How many line ends voted."""


def passages(text: str, body: int = 0, lines: str = "") -> Iterator[Span]:
    """One by one, the stretches of ``text[body:]`` that no sentence runs beyond, without the blank lines between them.

    Args:
        text: any text; its paragraphs are parted by blank lines.
        body: where the text proper begins, in code points.
        lines: ``lines`` when every line end parts, ``wrapped`` when only those before headings, items, speakers and
            rows of tables do; empty to tell the two apart by the lengths of the lines.
    """
    every = ((max(start, body), end) for start, end in each_paragraph(text) if end > body)
    if not _has_line_end_inside(text):
        yield from every
        return
    blocks = list(every)
    numbers = _numbers(text)
    breaks = [_breaks(text, start, end, numbers) for start, end in blocks]
    whole = _whole_width(breaks) if not lines else 0
    for (start, end), inside in zip(blocks, breaks, strict=True):
        width = 0 if lines else whole or _own_width(inside)
        for one in inside:
            if one.parts or not (lines == "wrapped" or (width and one.fits(width))):
                if start < one.at:  # the text proper may begin at the end of a line
                    yield start, one.at
                start = one.at + 1
        yield start, end


def wrapped_at(text: str) -> int:
    """The columns at which a text as a whole is wrapped by hand; 0 when its line ends part it."""
    if not _has_line_end_inside(text):
        return 0
    numbers = _numbers(text)
    return _whole_width([_breaks(text, start, end, numbers) for start, end in paragraphs(text)])


def _has_line_end_inside(text: str) -> bool:
    """Whether a line ends with another beneath it that is not blank: looked for at line ends, which are few."""
    for begun in _LINE_BEGUN.finditer(text):
        at = begun.start() - 1
        while at >= 0 and text[at] != "\n":
            if not text[at].isspace():
                return True
            at -= 1
    return False


def _whole_width(paragraphs: Iterable[Sequence[_Break]]) -> int:
    """The width at which the line ends of a text were made by a wrapper; 0 when they were not."""
    votes = _vote([one for inside in paragraphs for one in inside])
    low_enough = votes.low >= 0.5 or (votes.low >= 0.25 and votes.number >= 4)
    even = votes.share >= 0.85 and votes.number >= 8
    return votes.width if votes.share >= 0.6 and (low_enough or even) else 0


def _own_width(inside: Sequence[_Break]) -> int:
    """The width at which one paragraph is wrapped in a text that is not."""
    votes = _vote(inside)
    return votes.width if votes.number >= 3 and votes.share >= 0.85 and votes.low >= 0.5 else 0


def _vote(breaks: Sequence[_Break]) -> _Votes:
    """The least width for which most line ends vote: each does for those at which a wrapper would have made it."""
    voters = [one for one in breaks if not one.parts]
    change = [0] * (WIDEST + 2)
    for one in voters:
        first, last = max(one.width, NARROWEST), min(one.width + one.word, WIDEST)
        if first <= last:
            change[first] += 1
            change[last + 1] -= 1
    counts = list(accumulate(change))
    most = max(counts)
    if not most:
        return _Votes(0, 0.0, 0.0, 0)
    width = counts.index(most)
    low = sum(one.low for one in voters if one.width <= width <= one.width + one.word)
    return _Votes(width, most / len(voters), low / most, len(voters))


def _breaks(text: str, start: int, end: int, numbers: AbstractSet[int]) -> list[_Break]:
    """The line ends of the paragraph ``text[start:end]``; ``numbers`` are those that begin lines of the text."""
    found = []
    lines = text[start:end].split("\n")
    bare = lines[0][_after_quote_marks(lines[0]) :].strip()
    at = start + len(lines[0])
    for line in lines[1:]:
        before, bare = bare, line[_after_quote_marks(line) :].strip()
        head = bare[: 2 * WIDEST]
        parts = bool(_HEADING.match(before) or _ROW.search(before)) or _is_line_of_its_own(head, numbers)
        found.append(_Break(at, _cells(before), _cells(_first_word(head)), _begins_low(head), parts))
        at += 1 + len(line)
    return found


def _after_quote_marks(line: str) -> int:
    return marks.end() if (marks := _QUOTED.match(line)) else 0


def _is_line_of_its_own(line: str, numbers: AbstractSet[int]) -> bool:
    """Whether a line is a heading, an item, a speaker's turn or a row of a table.

    A number begins an item when the one before it or after it begins a line, too: else it may end a date (“5. Then”).
    """
    if _HEADING.match(line) or _BULLET.match(line) or _ROW.search(line):
        return True
    if numbered := _NUMBERED.match(line):
        number = int(numbered[1])
        return number == 1 or number - 1 in numbers or number + 1 in numbers
    if speaker := _SPEAKER.match(line):
        return all(word[0].isupper() or word[0] == "[" for word in speaker[0].split())
    return False


def _numbers(text: str) -> AbstractSet[int]:
    return {int(found[1]) for found in _NUMBERED_LINE.finditer(text)}


def _begins_low(line: str) -> bool:
    first = next((character for character in line[:10] if character.isalnum()), " ")
    return first.isalpha() and not first.isupper()


def _first_word(line: str) -> str:
    """What a wrapper moves to the next line at once: up to a blank, or a single Han or kana."""
    if not line or line.isascii():
        return line.partition(" ")[0]
    parts = _ideograph().split(line.split(maxsplit=1)[0], maxsplit=1)
    return parts[0] or line[0]


def _cells(line: str) -> int:
    """Columns of a line in a terminal, near enough; a line too long to be a wrapped one is not measured."""
    if line.isascii() or len(line) > 4 * WIDEST:
        return len(line)
    return len(line) + len(_wide().findall(line)) - len(_joined().findall(line))


@cache
def _ideograph() -> re.Pattern[str]:
    return re.compile("[\u3001-\u30ff\u3400-\u4dbf\u4e00-\u9fff\uf900-\ufaff\uff01-\uff60\U00020000-\U000323af]")


@cache
def _wide() -> re.Pattern[str]:
    return re.compile(
        "[\u1100-\u115f\u2e80-\u303e\u3041-\ua4cf\uac00-\ud7a3\uf900-\ufaff\ufe30-\ufe4f\uff00-\uff60\uffe0-\uffe6"
        "\U0001f300-\U0001f64f\U0001f900-\U0001faff\U00020000-\U0003fffd]"
    )


@cache
def _joined() -> re.Pattern[str]:
    """Marks that stand over the character before them."""
    return re.compile("[\u0300-\u036f\u0483-\u0487\u0591-\u05bd\u064b-\u065f\u200b-\u200f\ufe00-\ufe0f\u00ad]")
