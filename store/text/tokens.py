"""A text cut into tokens and pieces, numbered so that two texts can be compared.

A token is a word (with the marks inside it: ``5.2``, ``3,000``, ``don’t``) or one other character; scripts that are
written without spaces give one character a token. White space is none. A piece is roughly a sentence or a line: any cut
serves that is the same in both texts.
"""

from __future__ import annotations

import re
from bisect import bisect_left, bisect_right
from collections.abc import Sequence
from functools import cache, cached_property
from typing import Any

from store.text.units import Span

MOST_PLACES = 1000
"""Places of one run of tokens beyond which nothing is certain."""

_PIECES = re.compile(r"[.!?…]+[\"'”’»)\]]*(?=\s)|[。！？]+[」』”）)]*|\n+")
_SPACED = re.compile("[\0-\u02ff\u0370-\u0482\u048a-\u0590\u05d0-\u05ea\u1e00-\u20cf\u2100-\u2bff]*")
"""Texts of which all words are parted by spaces or marks, and all characters stand alone."""
_TOKENS = re.compile(r"\w+(?:[.,'’]\w+)*|[^\w\s]")


@cache
def _all_tokens() -> Any:
    import regex  # type: ignore[import-untyped]

    unspaced = r"\p{Han}\p{Hiragana}\p{Katakana}\p{Thai}\p{Lao}\p{Khmer}\p{Myanmar}"
    word = rf"[[\w\p{{M}}\u200d]--[{unspaced}]]"
    return regex.compile(rf"(?V1)[{unspaced}]\p{{M}}*|{word}+(?:[.,'’]{word}+)*|[^\w\s]")


def token_spans(text: str) -> list[Span]:
    """Where the tokens of a text stand."""
    pattern = _TOKENS if text.isascii() or _SPACED.fullmatch(text) else _all_tokens()
    return [match.span() for match in pattern.finditer(text)]


_Piece = tuple[tuple[int, ...], tuple[int, ...], str]
"""Where the tokens of a piece begin and end, counted from its own start, and their numbers as characters."""


class Vocabulary:
    """Numbers for words, shared by the texts that are compared; what is once cut is not cut again."""

    def __init__(self) -> None:
        self._words: dict[str, str] = {}
        self._pieces: dict[str, _Piece] = {}

    def piece(self, text: str) -> _Piece:
        """The tokens of a piece."""
        found = self._pieces.get(text)
        if found is None:
            spans = token_spans(text)
            words = self._words
            numbers = []
            for start, end in spans:
                word = text[start:end]
                number = words.get(word)
                if number is None:
                    number = words[word] = chr(len(words) % 0x110000)  # beyond that two words may share a number
                numbers.append(number)
            starts, ends = zip(*spans, strict=True) if spans else ((), ())
            found = self._pieces[text] = (starts, ends, "".join(numbers))
        return found


class Tokens:
    """The tokens of one text. ``numbers`` is a string with one character a token: equal characters, equal words.

    ``starts`` and ``ends`` are the tokens' edges in code points; ``edges`` the first token of each piece, and the
    number of all tokens at the end; ``pieces`` the numbers of each piece.
    """

    def __init__(self, text: str, vocabulary: Vocabulary) -> None:
        self.text = text
        self.starts: list[int] = []
        self.ends: list[int] = []
        self.edges: list[int] = [0]
        self.pieces: list[str] = []
        begin = 0
        for end in [*(match.end() for match in _PIECES.finditer(text)), len(text)]:
            starts, ends, numbers = vocabulary.piece(text[begin:end])
            if numbers:
                self.starts += [begin + start for start in starts]
                self.ends += [begin + at for at in ends]
                self.pieces.append(numbers)
                self.edges.append(len(self.starts))
            begin = end
        self.numbers = "".join(self.pieces)

    def __len__(self) -> int:
        return len(self.starts)

    def touched(self, start: int, end: int) -> Span:
        """The tokens that a span of code points touches, the second number exclusive."""
        return bisect_right(self.ends, start), bisect_left(self.starts, end)

    def piece_of(self, token: int) -> int:
        """The piece that a token stands in."""
        return bisect_right(self.edges, token) - 1

    def word(self, token: int) -> str:
        """A token as it is written."""
        return self.text[self.starts[token] : self.ends[token]]

    @cached_property
    def counts(self) -> dict[str, int]:
        """How often each piece stands in the text."""
        found: dict[str, int] = {}
        for piece in self.pieces:
            found[piece] = found.get(piece, 0) + 1
        return found


def places(numbers: str, run: str, most: int = MOST_PLACES) -> Sequence[int]:
    """Where a run of tokens stands among others, overlapping ones included, up to ``most`` places."""
    found: list[int] = []
    at = numbers.find(run)
    while at >= 0 and len(found) < most:
        found.append(at)
        at = numbers.find(run, at + 1)
    return found
