"""A text as people see it: the stored text, without the marks that its mark-up hides.

The stored text is never changed, and everything that is kept lies on it. Its *offsets* are code points of the stored
text; a *place* is a code point of what people see. Where nothing is hidden the two are the same.
"""

from __future__ import annotations

from array import array
from bisect import bisect_left, bisect_right
from collections.abc import Iterable, Iterator, Sequence
from functools import cached_property, lru_cache
from itertools import chain
from typing import TYPE_CHECKING

from store.text import units
from store.text.units import Span

if TYPE_CHECKING:
    from store.text.markdown import Stretch

_CONTEXT = 64
"""Code points before a mark in which it is looked whether what stands before and behind it would join."""
_FILLER = "*"
"""What stands for hidden code points where sentences are found: they take emphasis for nothing."""


class Shown:
    """What people see of a text. ``text`` is that; ``source`` the text itself; ``marks`` what stands between them.

    No mark splits a cluster, and no two clusters join where one is left out.
    """

    def __init__(self, source: str, found: Iterable[Stretch] = ()) -> None:
        self.source = source
        self.marks: Sequence[Stretch] = ()
        self.text = source
        self._starts, self._ends, self._at = array("L"), array("L"), array("L")
        """Where each mark begins and ends, and its place."""
        if found:
            self._hide(_sound(source, found))

    def _hide(self, found: Sequence[Stretch]) -> None:
        self.marks = found
        parts: list[str] = []
        at = place = 0
        for start, end, sign, _ in found:
            parts += (self.source[at:start], sign)
            place += start - at
            self._starts.append(start)
            self._ends.append(end)
            self._at.append(place)
            place += len(sign)
            at = end
        parts.append(self.source[at:])
        self.text = "".join(parts)

    def __bool__(self) -> bool:
        """Whether people see anything else than the text itself."""
        return bool(self.marks)

    @cached_property
    def strong(self) -> Sequence[Span]:
        """The headings and what is emphasised strongly, in order and without overlap."""
        return _joined(chain(self._headings(), self._emphasised(2)))

    @cached_property
    def slanted(self) -> Sequence[Span]:
        """What is emphasised, but not strongly, in order and without overlap."""
        return _joined(self._emphasised(1))

    def _emphasised(self, length: int) -> Iterator[Span]:
        """What stands between two marks of emphasis of such a length."""
        for mark in self.marks:
            if mark.end - mark.start == length and mark.start < mark.partner and self.source[mark.start] in "*_":
                yield mark.end, mark.partner

    def _headings(self) -> Iterator[Span]:
        """What stands behind the sign of a heading, or above its underline."""
        for start, end, sign, _ in self.marks:
            hidden = self.source[start:end].strip()
            if sign or not hidden or (start and self.source[start - 1] != "\n"):
                continue
            if not hidden.strip("#"):
                yield start, self.source.find("\n", end) % (len(self.source) + 1)
            elif not hidden.strip("=") or not hidden.strip("-"):
                above = self.source.rfind("\n\n", 0, start)
                yield above + 2 if above >= 0 else 0, start

    # From one to the other

    def place(self, offset: int) -> int:
        """The place of an offset; within a mark, that of its sign, or of what stands behind it."""
        k = bisect_right(self._starts, offset) - 1
        if k < 0:
            return offset
        if offset < self._ends[k]:
            return self._at[k]
        return self._at[k] + len(self.marks[k].sign) + offset - self._ends[k]

    def offset(self, place: int) -> int:
        """The offset of a place, behind all that is hidden there."""
        k = bisect_right(self._at, place) - 1
        if k < 0:
            return place
        beyond = self._at[k] + len(self.marks[k].sign)
        return self._starts[k] if place < beyond else self._ends[k] + place - beyond

    def before(self, place: int) -> int:
        """The offset of a place, before all that is hidden there."""
        k = bisect_left(self._at, place) - 1
        if k < 0:
            return place
        return self._ends[k] + place - self._at[k] - len(self.marks[k].sign)

    def caret(self, offset: int) -> int:
        """The nearest offset at or behind one at which a caret may stand: never within or before what is hidden."""
        return self.offset(self.place(offset))

    def places(self, start: int, end: int) -> Span:
        """The places of a span, outwards to whole signs."""
        k = bisect_left(self._ends, end)
        inside = k < len(self._ends) and self._starts[k] < end < self._ends[k]
        return self.place(start), self.place(self._ends[k] if inside else end)

    def span(self, start: int, end: int) -> Span:
        """The offsets between which just these places stand: without what is hidden at either end."""
        return (self.offset(start), self.before(end)) if start < end else (self.offset(start), self.offset(start))

    def touched(self, start: int, end: int) -> bool:
        """Whether a mark shares code points with a stretch."""
        k = bisect_right(self._ends, start)
        return k < len(self._ends) and self._starts[k] < end

    def pieces(self, start: int, end: int) -> Iterator[tuple[int, int, str | None]]:
        """A stretch that cuts no mark, piece by piece: the marks with their signs, and what is seen, with None."""
        at = start
        for k in range(bisect_right(self._ends, start), bisect_left(self._starts, end)):
            mark = self.marks[k]
            if at < mark.start:
                yield at, mark.start, None
            yield mark.start, mark.end, mark.sign
            at = mark.end
        if at < end:
            yield at, end, None

    # What is asked of it

    def words(self, start: int, end: int) -> str:
        """What people see of ``source[start:end]``."""
        if not self.marks:
            return self.source[start:end]
        return self.text[slice(*self.places(start, end))]

    def fit(self, start: int, end: int) -> Span:
        """The span with its edges where people see them: what is hidden at an edge stays outside.

        Unless its partner is inside: of ``[He left](…) on Monday`` all is one span, of ``**He left**`` the words are.
        """
        if not self.marks:
            return start, end
        left, right = self.span(*self.places(start, end))
        if left == right:
            return start, end
        low, high = bisect_left(self._ends, left), bisect_left(self._starts, right)
        while low < len(self.marks) and self._ends[low] == left and self._closes(low, left, right):
            left = self._starts[low]
            low -= 1
            if low < 0:
                break
        while high < len(self.marks) and self._starts[high] == right and self._closes(high, left, right):
            right = self._ends[high]
            high += 1
        return left, right

    def _closes(self, k: int, left: int, right: int) -> bool:
        mark = self.marks[k]
        return not mark.sign and left <= mark.partner < right

    def core(self, start: int, end: int) -> Span:
        """What a claim holds of a span: no white space and no marks at its ends, as ``units.core``."""
        if not self.marks:
            return units.core(self.source, start, end)
        left, right = units.trim(self.text, *self.places(start, end))
        return self.fit(*self.span(left, right)) if left < right else (self.offset(left), self.offset(left))

    def next(self, offset: int) -> int:
        """Where a caret goes from an offset by one character."""
        return self.offset(units.next_grapheme(self.text, self.place(offset)))

    @cached_property
    def masked(self) -> str:
        """The text as long as it is, in which what is hidden says nothing: sentences are found in that."""
        parts: list[str] = []
        at = 0
        for start, end, sign, _ in self.marks:
            if sign and end - start == 1:
                continue  # a mark that begins or parts lines says that
            parts.append(self.source[at:start])
            parts += (character if character.isspace() else _FILLER for character in self.source[start:end])
            at = end
        parts.append(self.source[at:])
        return "".join(parts)


def _sound(source: str, found: Iterable[Stretch]) -> list[Stretch]:
    """The marks that can be hidden, without those whose partner cannot."""
    kept: list[Stretch] = []
    gone: set[int] = set()
    tail, at = "", 0
    for mark in found:
        start, end, sign, _ = mark
        if start < at or not (units.is_boundary(source, start) and units.is_boundary(source, end)):
            gone.add(start)
            continue
        before = (tail + source[at:start])[-_CONTEXT:]
        behind = source[end : end + _CONTEXT]
        if _joins(before, sign or behind) or (sign and _joins(sign, behind)):
            gone.add(start)
            continue
        kept.append(mark)
        tail, at = (before + sign)[-_CONTEXT:], end
    if gone:
        return _sound(source, [mark for mark in kept if mark.partner not in gone])
    return kept


def _joined(found: Iterable[Span]) -> Sequence[Span]:
    """Stretches in order, those that meet as one."""
    joined: list[Span] = []
    for start, end in sorted(found):
        if joined and start <= joined[-1][1]:
            joined[-1] = joined[-1][0], max(end, joined[-1][1])
        else:
            joined.append((start, end))
    return joined


def _joins(before: str, behind: str) -> bool:
    return bool(before and behind) and not units.is_boundary(before + behind, len(before))


@lru_cache(maxsize=4)
def _markdown(text: str) -> Shown:
    from store.text.markdown import unseen  # plain texts do without

    return Shown(text, unseen(text))


def as_seen(text: str, markup: str) -> Shown:
    """What people see of a text with some mark-up: ``markdown``, or none."""
    return _markdown(text) if markup == "markdown" else Shown(text)
