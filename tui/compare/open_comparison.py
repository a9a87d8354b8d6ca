"""The comparison that is open: people's sets on one article in groups, kept equal to the desk.

What was settled is taken in group by group; when somebody changed what is compared, all of it is compared again.
"""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Iterator, Mapping, Sequence
from string import ascii_uppercase
from typing import NamedTuple

from store.desk import Desk
from store.errors import Unknown
from store.records import REJECTED, Adjudication, Article
from store.settle.comparison_groups import (
    AGREED,
    KINDS_OF_GROUP,
    NOT_REVIEWED,
    OBJECTED,
    ONLY,
    SPAN_DIFFERS,
    VERDICT_DIFFERS,
    Comparison,
    Group,
    Take,
)
from store.vocabulary import BARE_OBJECTIONS, NOTES, Decision, Role
from tui.text.spans import Mark

KINDS: Mapping[str, tuple[str, str]] = {
    SPAN_DIFFERS: ("↔", "span differs"),
    VERDICT_DIFFERS: ("⇅", "verdict differs"),
    OBJECTED: ("!", "objected"),
    REJECTED: ("∅", "rejected: nothing here"),
    ONLY: ("◐", "only"),
    NOT_REVIEWED: ("·", "not reviewed"),
    AGREED: ("=", "agreed"),
}
"""Glyph and words of each kind of group."""

_UNJUDGED: Mapping[str, tuple[str, str]] = {
    **dict.fromkeys(map(str, BARE_OBJECTIONS), ("!", "warning")),
    Decision.REJECT_CLAIM.value: ("∅", "secondary"),
    Decision.CHANGE_SPAN.value: ("↔", "warning"),
    Decision.CHANGE_CLAIM_TEXT.value: ("!", "warning"),
    **dict.fromkeys(map(str, NOTES), ("”", "secondary")),
    Decision.MISSING_CLAIM.value: ("+", "secondary"),
}
"""Glyph and colour in the margin of a review that gives no verdict; those of a verdict come from the scheme."""

_COMPARED = frozenset(("claims", "verdicts", "reviews"))


class Heading(NamedTuple):
    """What groups are listed under: their kind and, for what only some have, the letters of those people."""

    kind: str
    letters: str = ""

    @property
    def glyph(self) -> str:
        return KINDS[self.kind][0]

    @property
    def words(self) -> str:
        return f"{KINDS[self.kind][1]} {self.letters}".rstrip()


class ComparisonNews(NamedTuple):
    """What catching up found: groups that were settled otherwise (their places), or that all was compared again.

    ``assigned`` says that somebody's set was given out, submitted or reopened.
    """

    groups: tuple[int, ...] = ()
    anew: bool = False
    assigned: bool = False

    def __bool__(self) -> bool:
        return self.anew or bool(self.groups)


class OpenComparison:
    """People's sets on one article as an adjudicator has them before them. A group is known by its place."""

    def __init__(self, desk: Desk, article: Article, people: Sequence[str] = ()) -> None:
        """
        Raises:
            Refused: there are not two people to compare.
        """
        self.desk = desk
        self.only: Heading | None = None
        """The one heading whose groups are shown; None shows all."""
        self._wanted = tuple(people)
        self._compare(article)

    def _compare(self, article: Article) -> None:
        mark = self.desk.history.mark()
        comparison = self.desk.comparison.compare(article, self._wanted)
        self._mark = mark
        self._comparison: Comparison = comparison
        self._sets = self._who_submits(comparison.article)
        self.article = comparison.article
        self.people = comparison.people
        self.unsubmitted = comparison.unsubmitted
        self.groups: list[Group] = list(comparison.groups)
        self._yours = self.desk.settlements.yours(self.groups)
        self._starts = [group.start for group in self.groups]
        self._place = {id: place for place, group in enumerate(self.groups) for id in group.claims}
        self._headings = [self._heading(group) for group in self.groups]
        self._sections: dict[Heading, list[int]] = {}
        for place, heading in enumerate(self._headings):
            self._sections.setdefault(heading, []).append(place)
        self.left: dict[Heading, int] = {
            heading: sum(self.groups[place].to_settle for place in places) for heading, places in self._sections.items()
        }
        """How many groups of each heading need settling."""

    def __len__(self) -> int:
        return len(self.groups)

    @property
    def comparison(self) -> Comparison:
        """What is compared, as it is settled now."""
        return self._comparison._replace(groups=tuple(self.groups))

    def _who_submits(self, article: Article) -> list[tuple[str, str, str, str]]:
        """Who is to submit what on the article, and how far they are."""
        return [
            (one.reviewer, one.role, one.blind, one.state)
            for one in self.desk.assignments.of(article)
            if one.role != Role.ADJUDICATOR
        ]

    def _heading(self, group: Group) -> Heading:
        if group.kind != ONLY:
            return Heading(group.kind)
        return Heading(ONLY, " ".join(letter(k) for k, take in enumerate(group.takes) if take is not None))

    # -- what there is ----------------------------------------------------------------------------------------

    def heading(self, place: int) -> Heading:
        """What a group is listed under."""
        return self._headings[place]

    def sections(self) -> dict[Heading, list[int]]:
        """The places of the groups by heading, what needs settling first."""
        order = sorted(self._sections, key=lambda heading: (KINDS_OF_GROUP.index(heading.kind), heading.letters))
        return {heading: self._sections[heading] for heading in order}

    def for_you(self, place: int) -> bool:
        """Whether a group needs settling, and who is looking may settle it."""
        return self._yours[place] and self.groups[place].to_settle

    @property
    def shares(self) -> tuple[int, int]:
        """How many groups need settling by who is looking, and how many by others."""
        yours = sum(map(self.for_you, range(len(self.groups))))
        return yours, sum(self.left.values()) - yours

    def shown(self, place: int) -> bool:
        """Whether a group is among those that are shown."""
        return self.only is None or self._headings[place] == self.only

    def place_of(self, claim: str) -> int | None:
        """The place of the group that a claim (its id) is in."""
        return self._place.get(claim)

    def next(
        self, after: tuple[int, int], *, back: bool = False, to_settle: bool = False, unsettled: bool = False
    ) -> int | None:
        """The next group shown, in text order, behind an (offset, place), or before it.

        With ``to_settle`` one that needs settling by who is looking, with ``unsettled`` one that nothing has settled
        yet.
        """
        if to_settle and not any(left for heading, left in self.left.items() if self.only in (None, heading)):
            return None
        at, place = after
        if place < 0:
            place = bisect_left(self._starts, at) - (not back)
        for other in range(place - 1, -1, -1) if back else range(place + 1, len(self.groups)):
            if (
                self.shown(other)
                and not (to_settle and not self.for_you(other))
                and not (unsettled and self.groups[other].settled)
            ):
                return other
        return None

    # -- in the text ------------------------------------------------------------------------------------------

    def marks(self) -> Iterator[Mark]:
        """A mark for every person's word on every group."""
        scheme = self.desk.scheme
        kinds = {kind.key: kind for kind in scheme.verdicts}
        lanes = {name: lane for lane, name in enumerate(self.people)}
        for group in self.groups:
            for take in group.said:
                lane = lanes[take.person]
                if not take.verdict or take.rejects:
                    glyph, colour = _UNJUDGED.get(take.decision, ("", ""))
                else:
                    kind = kinds.get(take.verdict) or scheme.verdict(take.verdict)
                    glyph, colour = kind.glyph, kind.colour
                yield Mark(mark_of(lane, take), take.start, take.end, glyph, colour, open=not glyph, lane=lane)

    def ids(self, place: int) -> tuple[str, ...]:
        """The ids of a group's marks."""
        return tuple(mark_of(self.people.index(take.person), take) for take in self.groups[place].said)

    def place_of_mark(self, id: str) -> int | None:
        """The place of the group that a mark belongs to."""
        return self._place.get(id.partition(":")[2])

    # -- keeping up -------------------------------------------------------------------------------------------

    def settled(self, place: int, how: Adjudication | None) -> None:
        """A group was settled, or is not any more."""
        self.left[self._headings[place]] -= self.groups[place].to_settle
        self.groups[place] = self.groups[place]._replace(settled=how)
        self.left[self._headings[place]] += self.groups[place].to_settle

    def choose(self, people: Sequence[str]) -> None:
        """Compare other people from now on.

        Raises:
            Refused: there are not two of them to compare; those compared before stay.
        """
        before, self._wanted = self._wanted, tuple(people)
        try:
            self._compare(self.article)
        except Exception:
            self._wanted = before
            raise
        self.only = None

    def catch_up(self) -> ComparisonNews:
        """Take in what changed on the desk since the last look.

        Raises:
            Unknown: the article was deleted.
            Refused: there are no longer two people to compare.
        """
        mark = self.desk.history.mark()
        if mark == self._mark:
            return ComparisonNews()
        items = self.desk.history.changed_since(self._mark)
        kinds = {kind for kind, _ in items}
        submitted = "assignments" in kinds and self._who_submits(self.article) != self._sets
        if submitted or kinds & {"articles", "versions", "reviewers", "transfers"} or self._changed(items):
            self._compare(self.desk.articles.get(self.article))
            if self.only not in self._headings:
                self.only = None
            return ComparisonNews(anew=True)
        self._mark = mark
        claims = self.desk.history.claims_of(item for item in items if item[0] == "adjudications")
        places = {place for claim in claims if (place := self._place.get(claim)) is not None}
        changed = []
        for place in sorted(places):
            how = self.desk.comparison.settlement(self.groups[place])
            if how != self.groups[place].settled:
                self.settled(place, how)
                changed.append(place)
        return ComparisonNews(tuple(changed), assigned="assignments" in kinds)

    def _changed(self, items: set[tuple[str, str]]) -> bool:
        """Whether something of what is compared has changed, and not just how it was settled."""
        claims = self.desk.history.claims_of(item for item in items if item[0] in _COMPARED)
        return any(claim in self._place or self._is_here(claim) for claim in claims)

    def _is_here(self, claim: str) -> bool:
        try:
            return self.desk.claims.get(claim).article == self.article.id
        except Unknown:
            return False  # it came and went between two looks


def letter(place: int) -> str:
    """The letter of a person by their place: A to Z, then A2 and so on."""
    turn, at = divmod(place, len(ascii_uppercase))
    return ascii_uppercase[at] + (str(turn + 1) if turn else "")


def mark_of(lane: int, take: Take) -> str:
    """The id of the mark that shows what the person of a lane says."""
    return f"{lane}:{take.claim}"
