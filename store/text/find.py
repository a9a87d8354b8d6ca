"""Finding words in a text as people type them: whatever the case, accents, marks and spaces. Spans as in ``units``."""

from __future__ import annotations

import re
import unicodedata
from bisect import bisect_right
from functools import cache, lru_cache

from store.text.shown_text import Shown
from store.text.units import Span, snap

_LOOKALIKES = {
    **dict.fromkeys("‘’‛′ʼ‚`", "'"), **dict.fromkeys("“”„‟″«»", '"'), **dict.fromkeys("‐‑‒–—―−", "-"),
    "ı": "i", "ł": "l", "ø": "o", "đ": "d", "ٱ": "ا", "ى": "ي", "ی": "ي", "ک": "ك", "ـ": "",
}  # fmt: skip
# Where vowels are signs above or below the line: Indic scripts, Thai, Lao, Tibetan, Myanmar, Khmer and their kin.
_VOWEL_SIGNS = "[\u0900-\u109f\u1780-\u17ff\u1a20-\u1aaf\u1b00-\u1c4f\ua800-\uaaff\uabc0-\uabff\U00011000-\U00011fff]"
_NUKTA = 7  # the combining class of a dot below that people often leave out
# Thai, Lao, Myanmar, Khmer, kana and Han: nothing parts their words, so in the index each cluster is one.
_SIGNS = "\u0e31\u0e34-\u0e3a\u0e47-\u0e4e\u0eb1\u0eb4-\u0ebc\u0ec8-\u0ece\u102b-\u103e\u1056-\u1059\u17b4-\u17d3"
_UNSPACED = (
    f"[\u0e01-\u0e4e\u0e81-\u0ece\u1000-\u103f\u1050-\u1059\u1780-\u17d3\u3005-\u3007\u3041-\u30ff\u3400-\u4dbf"
    f"\u4e00-\u9fff\uf900-\ufaff\U00020000-\U000323af][{_SIGNS}]*"
)
_WORDS = "LMN"  # the categories of letters, marks and numbers
_INSIDE = "\u00ad\u200c\u200d"  # soft hyphen and joiners, of all that shows nothing, stand inside words


@cache
def _folded_character(character: str) -> str:
    """The character without case, diacritics and typographic dress; any number of characters, none included."""
    if "\ud800" <= character <= "\udfff":
        return character
    parts = [_LOOKALIKES.get(part, part) for part in unicodedata.normalize("NFKD", character.casefold())]
    bare = "".join(part for part in parts if part and not _clings(part))
    return (unicodedata.normalize("NFC", bare) if "\uac00" <= character <= "\ud7a3" else bare).casefold()


@cache
def _vowel_sign() -> re.Pattern[str]:
    return re.compile(_VOWEL_SIGNS)


def _clings(part: str) -> bool:
    """Whether a character only adds to the one before it, or shows nothing."""
    if unicodedata.category(part) == "Mn":
        return not _vowel_sign().match(part) or unicodedata.combining(part) == _NUKTA
    return unicodedata.category(part) == "Cf"


@cache
def _indexed_character(character: str) -> str:
    """The character as ``find`` sees it; a space, or apart from its neighbours, where it belongs to no word."""
    if unicodedata.category(character) == "Cf":
        return "" if character in _INSIDE else " "
    parts = _folded_character(character)
    bare = "".join(part if part < "\x80" or unicodedata.category(part)[0] in _WORDS else " " for part in parts)
    inside = unicodedata.category(character)[0] in _WORDS or not any(map(str.isalnum, bare))
    return bare if inside else f" {bare} "


@cache
def _unspaced() -> re.Pattern[str]:
    return re.compile(f"({_UNSPACED})")


def indexed(text: str) -> str:
    """What the search index holds of a text: its words as ``find`` sees them, and each cluster of a script that parts
    no words by itself. Numbers stay in their groups."""
    folded = text.casefold()
    if not folded.isascii():
        characters = {character for character in set(folded) if character > "\x7f"}
        for character in characters:
            if (word := _indexed_character(character)) != character:
                folded = folded.replace(character, word)
        if max(characters) > "\u0e00":
            folded = " ".join(_unspaced().split(folded))
    return folded


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


def find_seen(seen: Shown, needle: str) -> list[Span]:
    """Where people see ``needle``, as spans of the stored text."""
    return [seen.span(*place) for place in find(seen.text, needle)]
