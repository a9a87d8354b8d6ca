"""Where the words of a file stand: offsets in any unit become code points of the text as a desk keeps it.

A file may count code points, UTF-16 units or bytes, and its text may have line ends and characters that no desk keeps.
What an offset means is checked by the quote beside it; where they do not agree the words are looked for near by.
"""

from __future__ import annotations

import re
from bisect import bisect_left
from itertools import accumulate
from typing import NamedTuple

from store.errors import Refused
from store.formats.contract import UNITS, Spot, Unit
from store.text import anchor, units
from store.text.anchor import Anchor
from store.text.quotations import quoted
from store.text.shorten import shorten

_AROUND = 200
"""Code points of the words before and after a quote that are looked at."""

NEAR = 200
"""Code points around an offset within which words that do not stand there are looked for."""

_CALLED = {"codepoint": "code points", "utf-16": "UTF-16 units", "byte": "bytes"}


class Ruler:
    """The offsets of one text in one unit, both ways.

    ``raw`` is the text as a file has it; the code points are those of the text as a desk keeps it, without what
    ``mended`` takes away.
    """

    def __init__(self, raw: str, unit: Unit) -> None:
        self._length = len(raw)
        self._gone = [found.start() for found in re.finditer("\r(?=\n)|\0", raw)]
        begins = len(raw) - len(raw.lstrip("\ufeff"))
        self._gone = sorted({*range(begins), *self._gone})
        self._sums: list[int] | None = None
        if unit == "utf-16" and not raw.isascii():
            self._sums = [0, *accumulate(1 + (character > "\uffff") for character in raw)]
        elif unit == "byte" and not raw.isascii():
            self._sums = [0, *accumulate(len(character.encode("utf-8", "surrogatepass")) for character in raw)]

    def code_point(self, offset: int) -> int | None:
        """The code point at an offset of the file; None when it lies outside the text or inside a character."""
        if self._sums is None:
            place = offset
        else:
            place = bisect_left(self._sums, offset)
            if place < len(self._sums) and self._sums[place] != offset:
                return None
        if not 0 <= place <= self._length:
            return None
        return place - bisect_left(self._gone, place)

    def offset(self, code_point: int) -> int:
        """The offset of a code point of a text that was not mended."""
        return self._sums[code_point] if self._sums else code_point


def recounted(spot: Spot, ruler: Ruler) -> Spot:
    """A spot of a desk with its offsets in a file's unit."""
    pieces = tuple((ruler.offset(start), ruler.offset(end)) for start, end in spot.fragments)
    return spot._replace(start=ruler.offset(spot.start), end=ruler.offset(spot.end), fragments=pieces)


class Placed(NamedTuple):
    """Where a spot stands in the desk's text; ``mend`` says in words what was corrected, empty when nothing was."""

    anchor: Anchor
    fragments: tuple[tuple[int, int], ...] = ()
    mend: str = ""


class Finder:
    """Finds the places of the spots of one text: once all are known, the unit their offsets are counted in."""

    def __init__(self, raw: str, text: str, spots: tuple[Spot, ...], unit: Unit, said: str = "") -> None:
        """``raw`` is the text as the file has it, ``text`` as the desk does; ``said`` is a unit that somebody gave."""
        self.text = text
        self._raw = raw
        self._sure = bool(said)
        self._asked: Unit = next((one for one in UNITS if one == said), unit)
        self._rulers: dict[Unit, Ruler] = {}
        wide = re.search("[\U00010000-\U0010ffff]", text)
        self._wide = wide.start() if wide else len(text)
        self.unit: Unit = self._asked
        if self._asked != "none":
            quoting = [spot for spot in spots if spot.quote and spot.start >= 0 and not spot.fragments]
            if any(not self._fits(spot, self._asked) for spot in quoting):
                others = (one for one in UNITS if one != self._asked)
                fitting = (one for one in others if all(self._fits(spot, one) for spot in quoting))
                self.unit = next(fitting, self._asked)

    @property
    def note(self) -> str:
        """That the offsets count another unit than they should, as a phrase; empty when they do not."""
        if self.unit == self._asked:
            return ""
        return f"its offsets count {_CALLED[self.unit]}, not {_CALLED[self._asked]}; they were read so"

    def place(self, spot: Spot) -> Placed:
        """Where a spot stands.

        Raises:
            Refused: its words are not there, or its offsets are not a place in the text.
        """
        quote = spot.quote.replace("\r\n", "\n").replace("\r", "\n").replace("\0", "")
        start, end = (self._at(spot.start), self._at(spot.end)) if self.unit != "none" else (None, None)
        pieces = self._pieces(spot)
        if start is None or end is None or not 0 <= start < end:
            if not quote:
                raise Refused(self._nowhere(spot))
            return self._searched(quote, spot, -1)
        if not quote and not self._sure:
            self._must_be_sure(end)
        if quote and not pieces and self.text[start:end] != quote:
            return self._searched(quote, spot, start)
        joined = " ".join(self.text[a:b] for a, b in pieces)
        if pieces and quote not in ("", self.text[start:end]) and joined.split() != quote.split():
            raise Refused(f"the pieces at {_spelt(spot.fragments)} do not read {quoted(shorten(quote, 40))}")
        wider = units.snap(self.text, start, end)
        mend = "" if wider == (start, end) else f"moved to {wider[0]} to {wider[1]}, the edges of whole characters"
        return Placed(anchor.make(self.text, *wider), pieces, mend)

    def _at(self, offset: int) -> int | None:
        return self._ruler(self.unit).code_point(offset)

    def _ruler(self, unit: Unit) -> Ruler:
        if unit not in self._rulers:
            self._rulers[unit] = Ruler(self._raw, unit)
        return self._rulers[unit]

    def _fits(self, spot: Spot, unit: Unit) -> bool:
        ruler = self._ruler(unit)
        start, end = ruler.code_point(spot.start), ruler.code_point(spot.end)
        return start is not None and end is not None and self.text[start:end] == spot.quote.replace("\r\n", "\n")

    def _pieces(self, spot: Spot) -> tuple[tuple[int, int], ...]:
        found: list[tuple[int, int]] = []
        for first, last in spot.fragments:
            start, end = self._at(first), self._at(last)
            if start is None or end is None or not (found[-1][1] if found else 0) <= start < end:
                raise Refused(f"the pieces at {_spelt(spot.fragments)} do not lie in the text one after the other")
            found.append((start, end))
        return tuple(found)

    def _must_be_sure(self, end: int) -> None:
        """Without a quote offsets cannot be checked: they must mean the same in every unit that is likely."""
        if self._wide < end:
            raise Refused(
                "it has no quote, and the text before its end has characters that some programs count as two: "
                "say how they are counted with --unit codepoint or --unit utf-16"
            )

    def _nowhere(self, spot: Spot) -> str:
        if self.unit == "none" or spot.start < 0:
            return "it has neither offsets nor a quote, so there is no place for it"
        if spot.end <= spot.start:
            return f"its start {spot.start} does not come before its end {spot.end}"
        return f"{spot.start} to {spot.end} is beyond its text, which has {len(self.text)} characters"

    def _searched(self, quote: str, spot: Spot, start: int) -> Placed:
        """The quote where it stands nearest to its offsets, else between the words around it, else the only place."""
        if start < 0 and spot.start >= 0:
            start = min(spot.start, len(self.text))
        found = _occurrences(self.text, quote)
        near = [place for place in found if start >= 0 and abs(place[0] - start) <= NEAR]
        around = [place for place in found if _between(self.text, *place, spot)]
        if len(around) == 1:
            at, end = around[0]
        elif near:
            at, end = min(near, key=lambda place: (abs(place[0] - start), place))
        elif len(found) == 1:
            at, end = found[0]
        elif found:
            raise Refused(f"{quoted(shorten(quote, 40))} stands {len(found)} times in its text, and nothing says which")
        else:
            raise Refused(f"{quoted(shorten(quote, 40))} does not stand in its text")
        made = anchor.make(self.text, at, end)
        mend = f"stands at {at} to {end}" if spot.start >= 0 and self.unit != "none" else ""
        if made.quote != quote:
            mend = f"{mend}, with other white space" if mend else f"stands at {at} to {end} with other white space"
        return Placed(made, (), f"{quoted(shorten(quote, 40))} {mend}" if mend else "")


def _occurrences(text: str, quote: str) -> list[tuple[int, int]]:
    """Where a quote stands; where it does not, where its words do, whatever white space parts them."""
    places, at = [], text.find(quote)
    while at >= 0:
        places.append((at, at + len(quote)))
        at = text.find(quote, at + 1)
    if not places and (words := quote.split()):
        places = [one.span() for one in re.finditer(r"\s+".join(map(re.escape, words)), text)]
    return [place for place in places if all(units.is_boundary(text, edge) for edge in place)]


def _between(text: str, start: int, end: int, spot: Spot) -> bool:
    before, after = " ".join(spot.prefix.split())[-_AROUND:], " ".join(spot.suffix.split())[:_AROUND]
    if not before and not after:
        return False
    told = text[max(0, start - 2 * _AROUND) : start], text[end : end + 2 * _AROUND]
    return " ".join(told[0].split()).endswith(before) and " ".join(told[1].split()).startswith(after)


def _spelt(fragments: tuple[tuple[int, int], ...]) -> str:
    return ", ".join(f"{start} to {end}" for start, end in fragments[:5])
