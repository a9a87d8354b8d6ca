"""Where a claim stands: offsets, the quoted words, and a little of what surrounds them.

Offsets are Unicode code points, 0-based, end exclusive, into one version's text; ``text[start:end] == quote`` holds
for every anchor. The words around it are the prefix and suffix of a W3C ``TextQuoteSelector``.
"""

from __future__ import annotations

from typing import NamedTuple

from store.errors import Refused
from store.text import units
from store.text.find import find
from store.text.quotations import quoted
from store.text.units import Span

CONTEXT = 32
"""Code points of prefix and suffix, as many as the Hypothesis client keeps."""


class Anchor(NamedTuple):
    """A span and its words; ``prefix`` and ``suffix`` are shorter than ``CONTEXT`` at the ends of the text."""

    start: int
    end: int
    quote: str
    prefix: str
    suffix: str


def make(text: str, start: int, end: int) -> Anchor:
    """The anchor of ``text[start:end]``.

    Raises ``Refused`` when an offset is negative, lies beyond the text or inside a grapheme cluster, and when the
    span is reversed, empty or only white space.
    """
    for name, offset in (("start", start), ("end", end)):
        if offset < 0:
            raise Refused(f"The {name} {offset} is negative; offsets count characters from 0.")
        if offset > len(text):
            raise Refused(
                f"The article text has {len(text)} characters; the {name} {offset} lies beyond it, "
                f"give one from 0 to {len(text)}."
            )
    if start > end:
        raise Refused(f"The start {start} comes after the end {end}; give the smaller one first.")
    if start == end:
        raise Refused(f"The span {start} to {end} is empty; the end is one past the last character.")
    for name, offset in (("start", start), ("end", end)):
        if not units.is_boundary(text, offset):
            before, after = units.snap(text, offset, offset)
            raise Refused(f"The {name} {offset} lies inside one visible character; give {before} or {after}.")
    quote = text[start:end]
    if quote.isspace():
        raise Refused(f"The span {start} to {end} holds only white space; give one that holds words.")
    return Anchor(start, end, quote, text[max(0, start - CONTEXT) : start], text[end : end + CONTEXT])


def find_quote(text: str, quote: str, nth: int | None = None, prefix: str = "", suffix: str = "") -> Span:
    """Where ``quote`` stands in ``text``, letter for letter.

    Of several places ``nth`` (from 1) picks one, or the words before it (``prefix``) and after it (``suffix``), both
    without regard to the white space next to the quote. Places may overlap; those that would split a grapheme cluster
    do not count. Raises ``Refused`` when the quote is empty, absent, or ambiguous, and when there is no such place.
    """
    if not quote:
        raise Refused("The quote is empty; give the words as they stand in the article.")
    shown = quoted(quote if len(quote) <= 60 else f"{quote[:59]}…")
    places = []
    at = text.find(quote)
    while at >= 0:
        if units.is_boundary(text, at) and units.is_boundary(text, at + len(quote)):
            places.append(at)
        at = text.find(quote, at + 1)
    if not places:
        alike = find(text, quote)
        hint = f"characters {alike[0][0]} to {alike[0][1]} read alike" if alike else "copy it from the article"
        raise Refused(f"The article does not contain {shown} letter for letter; {hint}.")
    if prefix.strip() or suffix.strip():
        around = [at for at in places if _stands_between(text, at, at + len(quote), prefix.strip(), suffix.strip())]
        if not around or (nth and places[nth - 1 : nth] not in [[at] for at in around]):
            raise Refused(
                f"{shown} does not stand in the article between those words: copy them again from the article."
            )
        places, nth = (places, nth) if nth else (around, None)
    if nth is None and len(places) > 1:
        raise Refused(f"{shown} stands {len(places)} times in the article; say which, from 1 to {len(places)}.")
    if nth is not None and not 1 <= nth <= len(places):
        times = "once" if len(places) == 1 else f"{len(places)} times"
        raise Refused(f"{shown} stands {times} in the article; there is no number {nth}.")
    start = places[(nth or 1) - 1]
    return start, start + len(quote)


def _stands_between(text: str, start: int, end: int, prefix: str, suffix: str) -> bool:
    before = text[max(0, start - len(prefix) - CONTEXT) : start].rstrip()
    after = text[end : end + len(suffix) + CONTEXT].lstrip()
    return before.endswith(prefix) and after.startswith(suffix)
