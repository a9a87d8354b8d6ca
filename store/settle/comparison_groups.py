"""Groups: what people say of one place in a text, and how far they differ."""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping, Sequence
from typing import NamedTuple

from store.measure.alignment import MarkPlace
from store.person import NOBODY, Person
from store.records import Adjudication, Article
from store.text.quotations import quoted
from store.text.shorten import shorten
from store.text.units import Span
from store.vocabulary import BARE_OBJECTIONS, NOTES, Decision

AGREED, ONLY, NOT_REVIEWED = "agreed", "only", "not_reviewed"


SPAN_DIFFERS, VERDICT_DIFFERS, OBJECTED, CLAIM_REJECTED = "span_differs", "verdict_differs", "objected", "rejected"


KINDS_OF_GROUP = (SPAN_DIFFERS, VERDICT_DIFFERS, OBJECTED, CLAIM_REJECTED, ONLY, NOT_REVIEWED, AGREED)
"""How the people of a group stand to each other, what needs settling first."""


class Take(NamedTuple):
    """What one person says of one claim: their own, or somebody else's that they reviewed."""

    person: Person
    article: str
    claim: str  # id of the claim it is about
    start: int
    end: int
    quote: str
    claim_text: str
    verdict: str  # empty when they gave none
    justification: str
    types: tuple[str, ...] | None  # None when they did not say
    sources: frozenset[str] | None  # ids of the sources they rest on; None when they did not say
    decision: str = (
        ""  # their decision as a reviewer; empty for their own claim; missing_claim: they grant they missed it
    )
    tagger: Person = NOBODY  # of somebody else's claim: who tagged it
    tagged: Span | None = None  # and where
    blind: str = ""  # the blind level their decision was given under, as in `records.Review`
    lost: bool = False  # a correction took the words that they propose away: the edges are those they saw
    unseen: bool = False  # of a claim that they granted to have missed: who reported it has not looked at their verdict
    words: str = ""  # the quote as people see it, where that is something else

    @property
    def quote_shown(self) -> str:
        """The quote as people see it."""
        return self.words or self.quote

    @property
    def rejects(self) -> bool:
        """Whether they say that there is nothing to check here."""
        return self.decision == Decision.REJECT_CLAIM


class Group(NamedTuple):
    """What the compared people say of one place in the text, and how it was settled."""

    kind: str
    takes: tuple[Take | None, ...]  # in the order of the people
    claims: tuple[str, ...]  # ids of the claims in it, the first person's first
    start: int
    end: int
    settled: Adjudication | None
    also: tuple[Take, ...] = ()  # what people say of further claims in the same place, beside their first word

    @property
    def present(self) -> tuple[Take, ...]:
        """What each person says first of the place."""
        return tuple(take for take in self.takes if take is not None)

    @property
    def to_settle(self) -> bool:
        """Whether people differ here and nobody has settled it, two have settled it differently, or a correction has
        changed the words since."""
        if self.settled is not None:
            return self.settled.conflict or bool(self.settled.again)
        return self.kind not in (AGREED, NOT_REVIEWED)

    @property
    def said(self) -> tuple[Take, ...]:
        """All that is said of the place."""
        return (*self.present, *self.also)


class Comparison(NamedTuple):
    """People's sets on one article side by side. ``unsubmitted`` are those still at work."""

    article: Article
    people: tuple[Person, ...]
    groups: tuple[Group, ...]
    unsubmitted: tuple[Person, ...]


def standing_together(group: Group) -> tuple[Take, ...]:
    """What stands of a group when all in it are right: the first's values, and of further claims those with other edges
    than the first's."""
    first = next((take for take in group.present if not take.decision), group.present[0])
    stands = [first]
    for id in group.claims:
        if id != first.claim:
            theirs = min((one for one in group.said if one.claim == id), key=lambda one: bool(one.decision))
            if (theirs.start, theirs.end) != (first.start, first.end):
                stands.append(theirs)
    return tuple(stands)


def verdict_with(group: Group, take: Take) -> str:
    """The verdict that stands with what one person says: their own, else the one they take for right.

    A reviewer who gave none takes the checker's. Who reported a claim as missing gave none either: it is given by the
    person whose set lacked it.
    """
    given = (
        one.verdict
        for one in group.said
        if one.decision in ("", Decision.MISSING_CLAIM) and (take.decision or one.claim == take.claim)
    )
    return take.verdict or next(filter(None, given), "")


def what_stands(group: Group, name: Callable[[str], str]) -> str:
    """What will stand of a group when all in it are right, as a sentence; empty where all have the same edges.

    Args:
        group: the group.
        name: gives the name of a claim, such as C7, by its id.
    """
    marks = [take for take in group.said if not take.rejects]
    if len({(take.start, take.end) for take in marks}) < 2:
        return ""
    first, *others = standing_together(group)
    if others:
        both = [f"{name(take.claim)} {quoted(shorten(take.quote_shown, 30))}" for take in (first, *others)]
        return f"{' and '.join(both)} stand, each with its own edges."
    words = quoted(shorten(first.quote_shown, 40))
    return f"{name(first.claim)} stands as {first.person} has it: {words}; no other edges do."


def _group(
    place: MarkPlace,
    sets: Sequence[Sequence[Take]],
    reviewers: Collection[str],
    order: Sequence[str],
    settled: Mapping[str, Adjudication],
) -> Group:
    takes = tuple(own[which[0]] if which else None for own, which in zip(sets, place, strict=True))
    also = tuple(own[i] for own, which in zip(sets, place, strict=True) for i in which[1:])
    said = [*(take for take in takes if take is not None), *also]
    marks = [take for take in said if not take.rejects]
    claims = tuple(dict.fromkeys(take.claim for take in said))
    absent = [name for name, take in zip(order, takes, strict=True) if take is None]
    if len(marks) < len(said):
        kind = CLAIM_REJECTED
    elif not all(name in reviewers for name in absent):
        kind = ONLY
    elif len({(take.start, take.end) for take in marks}) > 1:
        kind = SPAN_DIFFERS
    elif len({take.verdict for take in marks if take.verdict}) > 1:
        kind = VERDICT_DIFFERS
    elif any(_objects(take, marks) for take in marks):
        kind = OBJECTED
    elif len(marks) < 2 or any(take.unseen or take.decision in NOTES for take in marks):
        kind = NOT_REVIEWED
    else:
        kind = AGREED
    start, end = min(take.start for take in said), max(take.end for take in said)
    return Group(kind, takes, claims, start, end, _standing(claims, settled), also)


def _objects(take: Take, marks: Sequence[Take]) -> bool:
    """Whether a reviewer objects to a claim; to its text no longer when the checker's is what they propose."""
    if take.lost:
        return True
    if take.decision == Decision.CHANGE_CLAIM_TEXT:
        return not any(
            own.claim == take.claim and not own.decision and own.claim_text == take.claim_text for own in marks
        )
    return take.decision in BARE_OBJECTIONS


def _standing(claims: Sequence[str], settled: Mapping[str, Adjudication]) -> Adjudication | None:
    """The adjudication that speaks for some claims: the first under which one of them stands, else the first."""
    how = [settled[id] for id in claims if id in settled]
    return next((one for one in how if one.stands), how[0] if how else None)
