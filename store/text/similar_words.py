"""Words that say nearly the same: a claim that is tagged twice in an article, or copied with a word changed."""

from __future__ import annotations

from collections.abc import Sequence

from store.text import units

_ALIKE = 90.0
"""Percent of the letters that two texts share in order, from which one is nearly a copy of the other."""
_ROUGHLY = 65.0
"""The same of texts with all that stands between their words, from which these are looked at."""
_FEWEST = 3
"""Words below which everything is like something."""


def nearest(words: str, others: Sequence[str]) -> int | None:
    """Which of some texts is nearly the same as the words, by its place; None when none is.

    Case, white space and the marks between words do not count.
    """
    from rapidfuzz.fuzz import ratio
    from rapidfuzz.process import extract, extractOne

    sought = _plain(words)
    if sought.count(" ") + 1 < _FEWEST:
        return None
    # To find the words of every text takes very long: first of all, the texts are compared as they are.
    roughly = [other.casefold() for other in others]
    rough = extract(words.casefold(), roughly, scorer=ratio, score_cutoff=_ROUGHLY, limit=None)
    plain = {place: _plain(others[place]) for place in sorted(place for _, _, place in rough)}
    found = extractOne(sought, plain, scorer=ratio, score_cutoff=_ALIKE)
    return found[2] if found else None


def lengths(words: str) -> tuple[int, int]:
    """Between how many code points what is nearly the same as the words has."""
    plain = len(_plain(words))
    return plain * 2 // 3, 3 * len(words)


def _plain(text: str) -> str:
    return " ".join(text[start:end] for start, end in units.words(text)).casefold()
