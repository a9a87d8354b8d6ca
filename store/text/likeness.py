"""Words that say nearly the same: a claim that is tagged twice in an article, or copied with a word changed."""

from __future__ import annotations

from collections.abc import Sequence

from store.text import units

_ALIKE = 90.0
"""Percent of the letters that two texts share in order, from which one is nearly a copy of the other."""
_FEWEST = 3
"""Words below which everything is like something."""


def nearest(words: str, others: Sequence[str]) -> int | None:
    """Which of some texts is nearly the same as the words, by its place; None when none is.

    Case, white space and the marks between words do not count.
    """
    from rapidfuzz.fuzz import ratio
    from rapidfuzz.process import extractOne

    sought = _plain(words)
    if sought.count(" ") + 1 < _FEWEST:
        return None
    found = extractOne(sought, [_plain(other) for other in others], scorer=ratio, score_cutoff=_ALIKE)
    return found[2] if found else None


def _plain(text: str) -> str:
    return " ".join(text[start:end] for start, end in units.words(text)).casefold()
