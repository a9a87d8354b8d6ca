"""Finding words in a text as people type them: whatever the case, accents, marks and spaces. Spans as in ``units``."""

from __future__ import annotations

import re
import unicodedata
from bisect import bisect_right
from functools import cache, lru_cache

from store.text.units import Span, snap

_LOOKALIKES = {
    **dict.fromkeys("‘’‛′ʼ‚`", "'"), **dict.fromkeys("“”„‟″«»", '"'), **dict.fromkeys("‐‑‒–—―−", "-"),
}  # fmt: skip
_INVISIBLE = "\u00ad\u200b\u200c\u200d\u2060\ufe0e\ufe0f\ufeff"


@cache
def _folded_character(character: str) -> str:
    """The character without case, diacritics and typographic dress; any number of characters, none included."""
    if character in _INVISIBLE or "\ud800" <= character <= "\udfff":
        return "" if character in _INVISIBLE else character
    bare = unicodedata.normalize("NFKD", _LOOKALIKES.get(character, character).casefold())
    bare = "".join(part for part in bare if not unicodedata.combining(part))
    return unicodedata.normalize("NFKC", bare).casefold()


class _Folded:
    """A text as searches see it, and the way back to the offsets of the text itself."""

    def __init__(self, text: str) -> None:
        table = {ord(character): _folded_character(character) for character in set(text)}
        odd = "".join(map(re.escape, (chr(code) for code, folded in table.items() if len(folded) != 1)))
        # Between digits a single space, comma or apostrophe only groups them: 2 500, 2,500 and 2500 read alike.
        edit = re.compile(
            r"(?P<grouping>(?<=\d)[ ,'’\u00a0\u2009\u202f](?=\d))|(?P<space>\s{2,}|[^\S ])"
            + (f"|[{odd}]" if odd else "")
        )
        parts: list[str] = []
        self._folded_at = [0]
        self._stretches: list[tuple[int, int]] = []  # where each stretch begins in the text; its end when replaced
        length = at = 0

        def add(part: str, start: int, end: int) -> None:
            nonlocal length
            if part:
                parts.append(part)
                self._stretches.append((start, end))
                length += len(part)
                self._folded_at.append(length)

        for match in edit.finditer(text):
            start, end = match.span()
            add(text[at:start].translate(table), at, 0)
            if match.lastgroup != "grouping":
                add(" " if match.lastgroup else table[ord(match[0])], start, end)
            at = end
        add(text[at:].translate(table), at, 0)
        self.text = "".join(parts)

    def span(self, start: int, end: int) -> Span:
        """The span of the text that ``self.text[start:end]`` was made from."""
        k = bisect_right(self._folded_at, start) - 1
        begin, stop = self._stretches[k]
        left = begin if stop else begin + start - self._folded_at[k]
        k = bisect_right(self._folded_at, end - 1) - 1
        begin, stop = self._stretches[k]
        return left, stop or begin + end - self._folded_at[k]


_fold_article = lru_cache(maxsize=1)(_Folded)


def find(text: str, needle: str) -> list[Span]:
    """Where ``needle`` stands in ``text``, left to right, as spans of ``text`` that split no cluster.

    Case, diacritics, the kind of quotation mark, apostrophe or dash, and the kind and length of white space do not
    matter, nor do separators between digits: ``2500`` finds ``2 500`` and ``2,500``. An empty needle finds nothing.
    """
    wanted = _Folded(needle).text
    if not wanted:
        return []
    folded = _fold_article(text)
    found: list[Span] = []
    at = folded.text.find(wanted)
    while at >= 0:
        start, end = snap(text, *folded.span(at, at + len(wanted)))
        if not found or start >= found[-1][1]:
            found.append((start, end))
        at = folded.text.find(wanted, at + len(wanted))
    return found
