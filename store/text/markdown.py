"""Markdown: which marks of it people do not see, and words written so that it shows them as they are.

``unseen`` reads a text as CommonMark does, with the tables, ticked lists and strike-through that most programs add to
it. What it finds never reaches over a line end but for the line ends that nobody sees, such as that of a fence.
Everything here takes time in proportion to the text, whatever the text is.
"""

from __future__ import annotations

import html
import re
from bisect import bisect_right
from functools import cache
from typing import NamedTuple

_MARKUP = re.compile(r"[\\`*_{}\[\]<>#|~!$&]")

QUOTED, ITEM, PICTURE, CELL, RULE, OPEN_TASK, DONE_TASK = "▌", "•", "▣", "│", "─", "☐", "☑"
"""The signs that stand for what people see of a mark."""
SIGNS = f" {QUOTED}{ITEM}{PICTURE}{CELL}{RULE}{OPEN_TASK}{DONE_TASK}"
"""What may stand before the first word that people see."""


def escaped(text: str) -> str:
    """Words on one line that Markdown shows as they are."""
    return _MARKUP.sub(r"\\\g<0>", " ".join(text.split()))


class Stretch(NamedTuple):
    """A stretch of the source that people do not see; ``sign``, one character or none, is shown in its place.

    ``partner`` is where the mark begins that it opens or closes together with, else -1.
    """

    start: int
    end: int
    sign: str = ""
    partner: int = -1


_QUOTE = re.compile(r"[ ]{0,3}>")
_ITEM = re.compile(r"[ \t]*(?:([-*+])|\d{1,9}[.)])(?:[ \t]+|$)")
_TASK = re.compile(r"\[([ xX])\](?=[ \t])")
_HEADING = re.compile(r"[ ]{0,3}#{1,6}(?:[ \t]+|$)")
_FENCE = re.compile(r"[ \t]*(`{3,}(?=[^`\n]*$)|~{3,})")
_BREAK = re.compile(r"[ ]{0,3}(?:\*[ \t]*(?:\*[ \t]*){2,}|-[ \t]*(?:-[ \t]*){2,}|_[ \t]*(?:_[ \t]*){2,})$")
_UNDERLINE = re.compile(r"[ ]{0,3}(?:=+|-+)[ \t]*$")
_TABLE_RULE = re.compile(r"[ \t]*\|?[ \t]*:?-+:?[ \t]*(?:\|[ \t]*:?-+:?[ \t]*)*\|?[ \t]*$")
_DEFINITION = re.compile(
    r"^[ ]{0,3}\[(?!\^)([^\[\]\n]+)\]:[ \t]*(?:<[^<>\n]*>|[^\s<]\S*)"
    r"(?:[ \t]+(?:\"[^\"\n]*\"|'[^'\n]*'|\([^()\n]*\)))?[ \t]*$",
    re.MULTILINE,
)
_INDENTED = re.compile(r"(?:[ ]{4}|[ ]{0,3}\t)")
_PLAIN_START = re.compile(r"[^\W\d_]")

_INLINE = re.compile(
    r"""
    (?P<escape> \\ (?= [!-/:-@\[-`{-~\n] | \Z ) )
  | (?P<code> `+ )
  | (?P<entity> & (?: [A-Za-z][A-Za-z0-9]{1,31} | \#[0-9]{1,7} | \#[xX][0-9a-fA-F]{1,6} ) ; )
  | (?P<comment> <!-- )
  | (?P<auto> < (?: [A-Za-z][A-Za-z0-9+.-]{1,31}: [^\s<>]* | [\w.+-]+@[\w.-]+ ) > )
  | (?P<tag> < /? (?P<name> [A-Za-z][A-Za-z0-9-]* ) (?: [ \t/] [^<>\n]* )? > )
  | (?P<run> \*+ | _+ | ~+ )
  | (?P<open> !?\[ )
  | (?P<close> \] )
  | (?P<cell> \| )
    """,
    re.VERBOSE,
)
_TARGET = re.compile(
    r"\([ \t]*(?:<[^<>\n]*>|[^\s()<>]*(?:\([^\s()<>]*\)[^\s()<>]*)*)"
    r"(?:[ \t]+(?:\"[^\"\n]*\"|'[^'\n]*'|\([^()\n]*\)))?[ \t]*\)"
)
_LABEL = re.compile(r"\[([^\[\]\n]*)\]")
_PARTS = frozenset(
    [
        "br",
        "hr",
        "p",
        "div",
        "li",
        "ul",
        "ol",
        "tr",
        "td",
        "th",
        "table",
        "blockquote",
        "h1",
        "h2",
        "h3",
        "h4",
        "h5",
        "h6",
    ]
)
"""The tags that part the words before and behind them."""
_LONGEST_LABEL = 999


def unseen(text: str) -> list[Stretch]:
    """The marks of a text that people do not see, in order and without overlap."""
    return _Blocks(text).marks()


class _Piece(NamedTuple):
    """Part of a line that may hold marks inside."""

    start: int
    end: int


class _Blocks:
    """Reads a text line by line, and the lines of each paragraph together."""

    def __init__(self, text: str) -> None:
        self._text = text
        self._found: list[Stretch] = []
        self._paragraph: list[_Piece] = []
        self._table = False
        self._fence = ""
        self._fence_quoted = False
        self._in_list = self._blank_before = False
        self._labels = {_label(found[1]) for found in _DEFINITION.finditer(text)} if "]:" in text else frozenset[str]()

    def marks(self) -> list[Stretch]:
        text, at, size = self._text, 0, len(self._text)
        while at < size:
            beyond = text.find("\n", at) + 1 or size
            end = beyond - (text[beyond - 1] == "\n")
            skipped = self._line(at, end, beyond)
            at = max(beyond, skipped)
        self._flush()
        self._found.sort()
        return self._found

    def _line(self, start: int, end: int, beyond: int) -> int:
        """Read one line; gives where to go on, if that is behind the next line's beginning."""
        text = self._text
        if not self._fence and _PLAIN_START.match(text, start, end):
            self._in_list, self._blank_before = self._in_list and not self._blank_before, False
            self._paragraph.append(_Piece(start, end))
            return 0
        at = start if self._fence and not self._fence_quoted else self._quote_marks(start, end)
        if self._fence:
            self._in_fence(at, end, beyond, start)
            return 0
        if not text[at:end].strip():
            self._flush()
            self._blank_before = True
            return 0
        return self._block(start, at, end, beyond)

    def _quote_marks(self, at: int, end: int) -> int:
        while found := _QUOTE.match(self._text, at, end):
            self._found.append(Stretch(found.end() - 1, found.end(), QUOTED))
            at = found.end()
            at += self._text[at : min(at + 1, end)] == " "
        return at

    def _block(self, start: int, at: int, end: int, beyond: int) -> int:
        text, blank_before, self._blank_before = self._text, self._blank_before, False
        if fence := _FENCE.match(text, at, end):
            self._flush()
            self._fence, self._fence_quoted = fence[1], at > start
            self._whole_line(at, end, beyond, start)
        elif self._paragraph and not self._table and "|" in text[at:end] and _TABLE_RULE.match(text, at, end):
            self._table = "|" in text[slice(*self._paragraph[-1])]
            if self._table:
                self._whole_line(at, end, beyond, start)
            else:
                self._paragraph.append(_Piece(at, end))
        elif self._paragraph and at == start and not self._in_list and _UNDERLINE.match(text, at, end):
            self._flush()
            self._whole_line(at, end, beyond, start)
        elif _BREAK.match(text, at, end):
            self._flush()
            self._found += [Stretch(i, i + 1, RULE) for i in range(at, end) if text[i] in "*-_"]
        elif heading := _HEADING.match(text, at, end):
            self._flush()
            self._heading(at, heading.end(), end)
        elif not self._paragraph and _DEFINITION.match(text, at, end):
            self._whole_line(at, end, beyond, start)
        elif text.startswith("<!--", at) and not self._paragraph:
            return self._comment(at, end, beyond)
        elif (item := _ITEM.match(text, at, end)) and (self._in_list or not _INDENTED.match(text, at, end)):
            self._flush()
            self._item(item, end)
        elif (blank_before or at == 0) and not self._in_list and _INDENTED.match(text, at, end):
            self._blank_before = True  # a line of code, and so may be the next
        else:
            self._in_list = self._in_list and (not blank_before or text[at] in " \t")
            self._paragraph.append(_Piece(at, end))
        return 0

    def _in_fence(self, at: int, end: int, beyond: int, start: int) -> None:
        fence = self._text[at:end].strip()
        if fence and not fence.strip(self._fence[0]) and len(fence) >= len(self._fence):
            self._fence = ""
            self._whole_line(at, end, beyond, start)

    def _whole_line(self, at: int, end: int, beyond: int, start: int) -> None:
        """Hide a line with its line end; one that stands behind a mark for a quotation keeps it."""
        beyond = beyond if at == start else end
        if at < beyond:
            self._found.append(Stretch(at, beyond))

    def _heading(self, at: int, begin: int, end: int) -> None:
        self._found.append(Stretch(at, begin)) if at < begin else None
        line = self._text[begin:end].rstrip(" \t")
        bare = line.rstrip("#")
        if bare != line and (not bare or bare[-1] in " \t"):
            bare = bare.rstrip(" \t")
            self._found.append(Stretch(begin + len(bare), end))
            end = begin + len(bare)
        self._paragraph.append(_Piece(begin, end))
        self._flush()

    def _item(self, item: re.Match[str], end: int) -> None:
        self._in_list = True
        at = item.end()
        task = _TASK.match(self._text, at, end)
        if task:
            sign = OPEN_TASK if task[1] == " " else DONE_TASK
            if item[1]:
                self._found += (Stretch(*item.span(1), sign), Stretch(at, task.end() + 1))
            else:
                self._found.append(Stretch(*task.span(), sign))
            at = task.end()
        elif item[1]:
            self._found.append(Stretch(*item.span(1), ITEM))
        if at < end:
            self._paragraph.append(_Piece(at, end))

    def _comment(self, at: int, end: int, beyond: int) -> int:
        """Hide a comment that may run over many lines; one that nothing closes is text."""
        close = self._text.find("-->", at)
        if close < 0:
            self._paragraph.append(_Piece(at, end))
            return 0
        close += 3
        whole = self._text[close : close + 1] in ("", "\n")
        self._found.append(Stretch(at, min(close + whole, len(self._text))))
        if not whole:
            line_end = self._text.find("\n", close)
            self._paragraph.append(_Piece(close, line_end if line_end >= 0 else len(self._text)))
            return line_end + 1 if line_end >= 0 else len(self._text)
        return close + 1

    def _flush(self) -> None:
        """Read the lines of a paragraph together, and begin another."""
        if self._paragraph:
            self._found += _Inline(self._text, self._paragraph, self._labels, self._table).marks()
        self._paragraph, self._table = [], False


class _Run:
    """A row of asterisks, underscores or tildes, of which ``count`` from ``start`` on open or close nothing yet."""

    __slots__ = ("closes", "count", "opens", "sign", "size", "start")

    def __init__(self, text: str, start: int, end: int) -> None:
        self.start, self.count, self.size, self.sign = start, end - start, end - start, text[start]
        before = text[start - 1] if start else " "
        after = text[end] if end < len(text) else " "
        left = not after.isspace() and (after.isalnum() or before.isspace() or not before.isalnum())
        right = not before.isspace() and (before.isalnum() or after.isspace() or not after.isalnum())
        inside_words = self.sign != "_"
        self.opens = left and (inside_words or not right or not before.isalnum())
        self.closes = right and (inside_words or not left or not after.isalnum())
        if self.sign == "~" and self.count != 2:
            self.opens = self.closes = False

    def pairs(self, closing: _Run) -> bool:
        """Whether it opens what the other closes."""
        if self.sign != closing.sign or not self.opens:
            return False
        either = (self.closes or closing.opens) and (self.size + closing.size) % 3 == 0
        return not either or (self.size % 3 == 0 and closing.size % 3 == 0)


class _Bracket(NamedTuple):
    start: int
    picture: bool
    runs: int
    """How many runs stood before it."""


class _Inline:
    """Reads the lines of one paragraph for emphasis, links, code and the rest."""

    def __init__(self, text: str, pieces: list[_Piece], labels: frozenset[str] | set[str], table: bool) -> None:
        self._text = text
        self._pieces = pieces
        self._labels = labels
        self._table = table
        self._found: list[Stretch] = []
        self._runs: list[_Run] = []
        self._brackets: list[_Bracket] = []
        self._ticks: dict[int, list[int]] | None = None
        self._comments = True

    def marks(self) -> list[Stretch]:
        beyond = 0
        for start, end in self._pieces:
            at = max(start, beyond)
            while at < end and (found := _INLINE.search(self._text, at, end)):
                at = self._take(found, end)
            beyond = max(beyond, at)
        self._pair(self._runs)
        return self._found

    def _hide(self, start: int, end: int, sign: str = "", partner: int = -1) -> None:
        self._found.append(Stretch(start, end, sign, partner))

    def _pair_of(self, opening: tuple[int, int], closing: tuple[int, int], sign: str = "") -> None:
        self._hide(*opening, sign, closing[0])
        self._hide(*closing, "", opening[0])

    def _take(self, found: re.Match[str], end: int) -> int:
        """Take one mark in; gives where to go on."""
        start, beyond = found.span()
        match found.lastgroup:
            case "escape":
                self._hide(start, beyond)
                return min(beyond + 1, end)
            case "code":
                return self._code(start, beyond)
            case "entity":
                said = html.unescape(found[0])
                if len(said) == 1 and (said.isprintable() or said == "\u00a0"):
                    self._hide(start, beyond, said)
            case "comment":
                return self._comment(start, beyond, end)
            case "auto":
                self._pair_of((start, start + 1), (beyond - 1, beyond))
            case "tag" | "name":
                self._hide(start, beyond, " " if found["name"].lower() in _PARTS else "")
            case "run":
                self._runs.append(_Run(self._text, start, beyond))
            case "open":
                self._brackets.append(_Bracket(start, beyond - start == 2, len(self._runs)))
            case "close":
                return self._link(start, end)
            case "cell" if self._table:
                self._hide(start, beyond, CELL)
        return beyond

    def _comment(self, start: int, beyond: int, end: int) -> int:
        close = self._text.find("-->", beyond, end) if self._comments else -1
        if close < 0:
            self._comments = False
            return beyond
        self._hide(start, close + 3)
        return close + 3

    def _code(self, start: int, beyond: int) -> int:
        """Code from one row of backticks to the next of the same length."""
        if self._ticks is None:
            self._ticks = {}
            for one in self._pieces:
                for row in _ticks().finditer(self._text, *one):
                    self._ticks.setdefault(row.end() - row.start(), []).append(row.start())
        size = beyond - start
        rows = self._ticks.get(size, [])
        k = bisect_right(rows, start)
        if k == len(rows):
            return beyond
        self._pair_of((start, beyond), (rows[k], rows[k] + size))
        return rows[k] + size

    def _link(self, close: int, end: int) -> int:
        """A link or picture ends here, or only a bracket does."""
        if not self._brackets:
            return close + 1
        opening = self._brackets.pop()
        begin = opening.start + 1 + opening.picture
        beyond = self._target(begin, close, end)
        if not beyond:
            return close + 1
        if opening.picture:
            self._hide(opening.start, opening.start + 1, PICTURE)
            self._pair_of((opening.start + 1, begin), (close, beyond), " ")
        else:
            self._pair_of((opening.start, begin), (close, beyond))
            self._brackets = [one for one in self._brackets if one.picture]
        self._pair(self._runs[opening.runs :])
        del self._runs[opening.runs :]
        return beyond

    def _target(self, begin: int, close: int, end: int) -> int:
        """Where the target behind the words of a link ends; 0 when there is none."""
        text = self._text
        if target := _TARGET.match(text, close + 1, end):
            return target.end()
        if not self._labels:
            return 0
        label = _LABEL.match(text, close + 1, end)
        named = label[1] if label and label[1].strip() else text[begin:close] if close - begin < _LONGEST_LABEL else ""
        if _label(named) not in self._labels:
            return 0
        return label.end() if label else close + 1

    def _pair(self, runs: list[_Run]) -> None:
        """Find which runs open and close emphasis together."""
        stack: list[_Run] = []
        bottoms: dict[tuple[str, bool, int], int] = {}
        for run in runs:
            kind = (run.sign, run.opens, run.size % 3)
            while run.closes and run.count:
                k = next((k for k in range(len(stack) - 1, bottoms.get(kind, 0) - 1, -1) if stack[k].pairs(run)), -1)
                if k < 0:
                    bottoms[kind] = len(stack)
                    break
                opening = stack[k]
                size = 2 if opening.count >= 2 and run.count >= 2 else 1
                right = opening.start + opening.count
                self._pair_of((right - size, right), (run.start, run.start + size))
                opening.count -= size
                run.start, run.count = run.start + size, run.count - size
                del stack[k + bool(opening.count) :]
                bottoms = {one: min(depth, len(stack)) for one, depth in bottoms.items()}
            if run.opens and run.count:
                stack.append(run)


@cache
def _ticks() -> re.Pattern[str]:
    return re.compile("`+")


def _label(said: str) -> str:
    return " ".join(said.split()).casefold()
