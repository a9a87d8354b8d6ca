"""The groups of `matching.groups` for many people at once, to the letter and in a fraction of the time.

Hundreds of people share few different spans, so stacks are matched here and not people two by two. A *stack* is one
span with all who marked it; who marked it twice stands in a second stack of that span, too. The people of a stack are
matched with each other, so they share a group from the start. Two stacks meet in the order of the rule; which of their
people are then matched is worked out with a bit for each person.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from itertools import groupby, product
from operator import itemgetter

from store.measure.matching import overlap
from store.text.units import Span

_MOST = 1_000_000
"""Meetings that are looked at; of more, two people at a time are quicker."""

Apart = Callable[[tuple[int, int], tuple[int, int]], bool]
Link = tuple[int, int, int, int]
"""Two matched marks: a person and the number of their mark, and the same of a person further on."""


class _Stack:
    """One span and whose it is; ``copy`` counts the stacks of the span."""

    __slots__ = ("copy", "given", "marks", "people", "span", "taken")

    def __init__(self, span: Span, copy: int) -> None:
        self.span = span
        self.copy = copy
        self.people = 0  # a bit for each
        self.marks: dict[int, int] = {}  # person → the number of their mark
        self.given: dict[int, int] = {}  # person in it → with whom their mark in it is matched
        self.taken: dict[int, int] = {}  # person → whose mark in it is matched with one of theirs

    def add(self, person: int, number: int) -> None:
        self.people |= 1 << person
        self.marks[person] = number

    def alone(self) -> None:
        """Match the people in it with each other."""
        for person in self.marks:
            self.given[person] = self.taken[person] = self.people & ~(1 << person)

    def free(self, person: int, other: _Stack) -> int:
        """Those of the other stack with whom somebody's mark in this one can still be matched."""
        return other.people & ~(self.given.get(person, 0) | other.taken.get(person, 0) | 1 << person)


class _Group:
    """Marks that belong together: at most one of each person, and every two of them overlap."""

    __slots__ = ("marks", "people", "spans", "stacks")

    def __init__(self, stack: _Stack) -> None:
        self.people = stack.people
        self.marks = dict(stack.marks)
        self.spans = {stack.span}
        self.stacks = [stack]

    def take_in(self, other: _Group) -> None:
        self.people |= other.people
        self.marks |= other.marks
        self.spans |= other.spans
        self.stacks += other.stacks

    def may_join(self, other: _Group, least: float, apart: Apart | None) -> bool:
        """Whether the rule lets two groups be one."""
        if self.people & other.people:
            return False
        for x, y in product(self.spans, other.spans):
            shared = overlap(x, y)
            if shared <= 0 or shared < least:
                return False
        return not (apart and any(apart(x, y) for x in self.marks.items() for y in other.marks.items()))


def groups_of_many(
    sets: Sequence[Sequence[Span]], least: float = 0.0, apart: Apart | None = None
) -> list[tuple[int | None, ...]] | None:
    """What `matching.joined` gives for the pairs of these sets; None where that would take too long to find here."""
    stacks = _stacks(sets)
    meetings = _meetings(stacks)
    if meetings is None:
        return None
    group_of = {stack: _Group(stack) for stack in stacks}
    for (less, _), several in groupby(meetings, key=itemgetter(0, 1)):
        if -less < least:
            break  # and all that follow overlap less
        links = [(link, stacks[x], stacks[y]) for _, _, x, y in several if (link := _match(stacks[x], stacks[y]))]
        for _, x, y in sorted(links, key=itemgetter(0)):  # the first link decides: others find things as it left them
            one, other = group_of[x], group_of[y]
            if one is not other and one.may_join(other, least, apart):
                one.take_in(other)
                group_of.update(dict.fromkeys(other.stacks, one))
    places = [tuple(map(group.marks.get, range(len(sets)))) for group in dict.fromkeys(group_of.values())]
    return sorted(places, key=lambda row: min((sets[p][i], p, i) for p, i in enumerate(row) if i is not None))


def _stacks(sets: Sequence[Sequence[Span]]) -> list[_Stack]:
    """All stacks by span; a span without length overlaps nothing, so each stands alone."""
    found: dict[tuple[object, ...], _Stack] = {}
    for person, spans in enumerate(sets):
        copies: dict[Span, int] = {}
        for number, span in enumerate(spans):
            copy = copies[span] = copies.get(span, -1) + 1
            key = (span, copy) if span[0] < span[1] else (span, copy, person)
            if key not in found:
                found[key] = _Stack(span, copy)
            found[key].add(person, number)
    for stack in found.values():
        stack.alone()
    return sorted(found.values(), key=lambda stack: (stack.span, stack.copy))


_Meeting = tuple[float, int, int, int]
"""How far two stacks overlap, below 0; a number for their spans; and the places of the stacks among all."""


def _meetings(stacks: Sequence[_Stack]) -> list[_Meeting] | None:
    """Every two stacks of different spans that overlap, in the order of the rule; None when they are too many."""
    found: list[_Meeting] = []
    begun: list[tuple[int, int, int, int]] = []  # start, end, number of the span, place of the stack
    spans: dict[Span, int] = {}
    count = len(stacks)
    for place, stack in enumerate(stacks):
        start, end = stack.span
        number = spans.setdefault(stack.span, len(spans))
        begun = [one for one in begun if one[1] > start]
        for first, last, span, other in begun:
            if span != number:  # what follows begins no earlier, so it ends what both share or is within
                shared = (end if end < last else last) - start
                found.append((-shared / ((last if last > end else end) - first), span * count + number, other, place))
        if len(found) > _MOST:
            return None
        if start < end:
            begun.append((start, end, number, place))
    found.sort()
    return found


def _match(one: _Stack, other: _Stack) -> Link | None:
    """Match the people of two stacks whose marks in them are free for each other; gives the first link, if any."""
    ahead = [(p, free) for p in one.marks if (free := one.free(p, other))]
    if not ahead:
        return None
    back = [(q, free) for q in other.marks if (free := other.free(q, one))]
    links: list[Link] = []
    for x, y, found in ((one, other, ahead), (other, one, back)):
        for person, free in found:
            x.given[person] = x.given.get(person, 0) | free
            y.taken[person] = y.taken.get(person, 0) | free
            if later := free >> person + 1:
                partner = person + (later & -later).bit_length()
                links.append((person, x.marks[person], partner, y.marks[partner]))
    return min(links)
