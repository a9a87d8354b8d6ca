"""How a text is read when nobody says it: in which language, and with lines that were wrapped or not."""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

from store.text.language import guess, spoken
from store.text.language_codes import is_code, name
from store.text.paragraphs import wrapped_at
from store.text.quotations import quoted

_DIVIDED_AT_SPACES = ("th", "lo")
_TITLE = 40  # code points of a title that are shown
_NAMED = 3  # texts that are named by their titles; more are counted

_NOT_KNOWN = "language not known, read as English"


class Interpretation(NamedTuple):
    """What a text is read as."""

    language: str
    """The code of the language by whose rules its sentences are found."""
    guessed: bool
    """The language is not said, and was told from the text."""
    known: bool
    """The language is said, or could be told; else it is read as English."""
    width: int
    """The columns at which its lines were found to be wrapped by hand; 0 when they were not, or when that is said."""

    @property
    def language_words(self) -> str:
        """Such as “read as German”; empty when the language is said."""
        if not self.known:
            return _NOT_KNOWN
        return f"read as {name(self.language)}" if self.guessed else ""

    @property
    def lines_words(self) -> str:
        """Such as “wrapped at 72 columns”; empty when every line end parts, or when that is said."""
        return f"wrapped at {self.width} columns" if self.width else ""

    @property
    def marks_words(self) -> str:
        """That the language has no sentence marks; empty when it has."""
        if self.language not in _DIVIDED_AT_SPACES:
            return ""
        return f"{name(self.language)} has no sentence marks, divided at its spaces"


def interpretation(text: str, language: str = "", lines: str = "") -> Interpretation:
    """How a text is read; ``language`` and ``lines`` are what is said of it, empty when nothing is."""
    said = is_code(language.partition("-")[0])
    told = language if said else guess(text)
    return Interpretation(
        language=spoken(told, text),
        guessed=not said and bool(told),
        known=bool(told),
        width=0 if lines else wrapped_at(text),
    )


def told(read: Sequence[tuple[str, Interpretation]]) -> str:
    """What was found out about some texts, each with its title, as phrases: of several texts, each with those that it
    holds for, by title where they are few."""
    titles: dict[str, list[str]] = {}
    for title, one in read:
        for words in filter(None, (one.language_words, one.lines_words, one.marks_words)):
            titles.setdefault(words, []).append(title)
    found = sorted(titles.items(), key=lambda pair: (pair[0] == _NOT_KNOWN, -len(pair[1])))
    return "; ".join(f"{words} ({_those(some, len(read))})" if len(read) > 1 else words for words, some in found)


def _cut(title: str) -> str:
    return title if len(title) <= _TITLE else title[: _TITLE - 1].rstrip() + "…"


def _those(titles: Sequence[str], of: int) -> str:
    """Some of so many texts, in words."""
    if len(titles) == of:
        return f"all {of:,}"
    return (
        f"{len(titles):,} of {of:,}"
        if len(titles) > _NAMED
        else ", ".join(quoted(_cut(" ".join(one.split()))) for one in titles)
    )
