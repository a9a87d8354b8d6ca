"""Settling what people do not agree on."""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator, Mapping, Sequence

from store.access import fields
from store.access.permissions import SUBMITTED, Permissions
from store.access.session import Session
from store.check.articles import Articles
from store.check.assignments import Assignments
from store.check.claims import Claims
from store.check.deletion import Deletion
from store.check.transfers import RESETTLED, answered
from store.check.verdicts import Verdicts
from store.errors import Refused, Unknown
from store.log import clock
from store.log.kinds import Patch
from store.log.log import Edit
from store.records import Adjudication, Article, Claim
from store.reports import Lacking, Unfinished
from store.settle.comparison import Comparisons
from store.settle.comparison_groups import (
    AGREED,
    NOT_REVIEWED,
    ONLY,
    SPAN_DIFFERS,
    VERDICT_DIFFERS,
    Comparison,
    Group,
    Take,
    standing_together,
    verdict_with,
)
from store.text.shorten import shorten
from store.text.units import Span
from store.vocabulary import Blind, Left, Outcome, Role, Status

_APART = {
    ONLY: "tagged by one person only",
    SPAN_DIFFERS: "tagged with different edges",
    VERDICT_DIFFERS: "given different verdicts",
}
"""How sets differ at a place that nobody disputes."""

_Pick = tuple[Group, Outcome, str]
"""A group, how it is settled, and as who has it."""


class Settlements:
    """Settling what people do not agree on."""

    def __init__(
        self,
        session: Session,
        may: Permissions,
        articles: Articles,
        claims: Claims,
        verdicts: Verdicts,
        assignments: Assignments,
        comparison: Comparisons,
        deletion: Deletion,
    ) -> None:
        self._session = session
        self._may = may
        self._articles = articles
        self._claims = claims
        self._verdicts = verdicts
        self._assignments = assignments
        self._comparison = comparison
        self._deletion = deletion

    def adjudicate(
        self,
        group: Group,
        outcome: str,
        *,
        rationale: str = "",
        chosen: str = "",
        verdict: str | None = None,
        span: Span | None = None,
        claim_text: str | None = None,
    ) -> Adjudication:
        """Settle one place of a comparison. Their own values stay as they are; these stand from now on.

        Args:
            group: as `compare` gives it; what was settled before is replaced if it is still what ``group`` shows.
            outcome: first_correct, second_correct, both_correct, both_wrong, merged, own or nothing_here.
            rationale: why; needed unless all agree.
            chosen: whose values are taken, for second_correct where more than one other has said something.
            verdict, span, claim_text: values for merged and own; what is left out is the first person's.

        Raises:
            Refused: you took part in it yourself and the scheme does not allow that, or something needed is missing.
        """
        if outcome not in [str(word) for word in Outcome]:
            known = ", ".join(str(word) for word in Outcome)
            raise Refused(f"“{shorten(outcome, 30)}” is not an outcome: use one of {known}.")
        with self._session.writing() as me:
            claims = self._settleable(group)
            if not rationale.strip() and group.kind != AGREED:
                raise Refused("To settle a dispute, say why: write a rationale.")
            take = self._chosen(group, outcome, chosen)
            if take.lost and outcome == Outcome.SECOND_CORRECT:
                raise Refused(
                    f"The words that {take.person} proposed are not in the corrected text: settle it with edges of "
                    "your own, or as somebody else has it."
                )
            claim = claims[take.claim]
            values = self._values(group, take, claim, outcome, verdict, span, claim_text)
            stands = outcome != Outcome.NOTHING_HERE and not take.rejects
            if not stands:
                values["verdict"] = ""
            self._may.must_meet(claim.id, str(values["verdict"]), rationale)
            taken = outcome in (Outcome.FIRST_CORRECT, Outcome.SECOND_CORRECT, Outcome.BOTH_CORRECT)
            common: Patch = {
                "reviewer": me, "outcome": outcome, "chosen": take.person.id if taken else "",
                "rationale": fields.clean(rationale), "deleted": 0,
            }  # fmt: skip
            edits = [self._settling(group, claim.id, common | values | {"stands": int(stands)})]
            for id, own in self._beside(group, claims, claim.id, outcome, rationale):
                edits.append(self._settling(group, id, common | own))
            for id in claims:
                edits += answered(self._session, id, RESETTLED)
            self._session.write(edits)
            self._assignments.give(claim.article, me, "adjudicator", "open", "")
        return self._comparison.settled_claims([claim.id])[0]

    def _values(
        self,
        group: Group,
        take: Take,
        claim: Claim,
        outcome: str,
        verdict: str | None,
        span: Span | None,
        claim_text: str | None,
    ) -> Patch:
        """What stands of a claim from now on: what the take says, but for the values that are given."""
        given = {"verdict": verdict, "span": span, "claim_text": claim_text}
        named = [name for name, value in given.items() if value is not None]
        if outcome in (Outcome.MERGED, Outcome.OWN):
            if not named:
                raise Refused(f"The outcome {outcome} needs a value: a verdict, a span or a claim text.")
        elif named:
            raise Refused(f"The outcome {outcome} takes what people said: a {named[0]} belongs to merged or own.")
        if verdict:
            self._verdicts.must_be_givable(verdict)
        values: Patch = {
            "start": take.start, "end": take.end, "quote": take.quote, "version": claim.version,
            "verdict": verdict_with(group, take), "claim_text": take.claim_text,
        }  # fmt: skip
        if outcome == Outcome.BOTH_WRONG:
            values["verdict"] = ""
        if verdict is not None:
            values["verdict"] = verdict
        if span is not None:
            moved = self._claims.span(self._articles.get(claim.article), *span)
            values |= {name: moved[name] for name in ("start", "end", "quote", "version")}
        if claim_text is not None:
            values["claim_text"] = fields.clean(claim_text)
        return values

    def _beside(
        self, group: Group, claims: Mapping[str, Claim], first: str, outcome: str, rationale: str
    ) -> Iterator[tuple[str, Patch]]:
        """The other claims of a group (ids), and what stands of each when the ``first`` is settled."""
        beside = {one.claim for one in standing_together(group)[1:]}
        for id, other in claims.items():
            if id == first:
                continue
            theirs = min((one for one in group.said if one.claim == id), key=lambda one: bool(one.decision))
            both = outcome == Outcome.BOTH_CORRECT and id in beside
            if both:
                self._may.must_meet(id, verdict_with(group, theirs), rationale)
            yield id, {
                "start": other.start, "end": other.end, "quote": other.quote, "version": other.version,
                "verdict": verdict_with(group, theirs) if both else "", "claim_text": other.claim_text,
                "stands": int(both),
            }  # fmt: skip

    def may_settle(self, group: Group) -> None:
        """Refuse, as `adjudicate` would, before you are asked how and why.

        Raises:
            Refused: you took part in it, something of it is hidden or not submitted, or your set or that of the person
                who settled it is.
        """
        self._settleable(group)

    def _settleable(self, group: Group) -> dict[str, Claim]:
        """The claims of a group, by id, when you may settle it."""
        claims = {id: self._claims.get(id) for id in group.claims}
        if self._may.took_part(claims.values(), (take.person for take in group.said)):
            raise Refused(
                "You took part in this yourself: someone else has to settle it "
                "(a scheme with anyone_adjudicates = true allows it)."
            )
        if self._veiled(claims.values()):
            raise Refused("A verdict here is hidden from you as its reviewer: settle it once your review is in.")
        self._must_be_in(claims.values())
        (article,) = {claim.article for claim in claims.values()}
        self._may.must_be_open(article, Role.ADJUDICATOR)
        self._yielding(article, claims)
        return claims

    def _settling(self, group: Group, claim: str, values: Patch) -> Edit:
        id = clock.derived("adjudication", claim)
        row = self._session.log.row("adjudications", id)
        shown = group.settled is not None and claim in (group.settled.claim, *group.settled.beside)
        base: tuple[str, ...] | None = ()
        if row is not None and row["deleted"]:
            base = None
        elif shown and group.settled is not None:
            base = group.settled.heads if claim == group.settled.claim else None
        beside = [other for other in group.claims if other != claim]
        return Edit("adjudications", id, {"claim": claim, "beside": beside} | values, base)

    def _must_be_in(self, claims: Iterable[Claim]) -> None:
        """Refuse to settle what stands in a set that is kept apart from others and not submitted yet."""
        for article, checker in dict.fromkeys((claim.article, claim.checker) for claim in claims):
            sets = [one for one in self._assignments.of(article) if one.role == Role.CHECKER or one.blind == Blind.ALL]
            if any(one.blind == Blind.ALL for one in sets) and any(
                one.reviewer.id == checker.id and one.state != SUBMITTED for one in sets
            ):
                raise Refused(f"{checker}'s set is kept apart from others: settle it once that set is submitted.")

    def _veiled(self, claims: Iterable[Claim]) -> bool:
        """Whether you do not see all that would be settled."""
        return any(map(self._assignments.verdict_hidden, claims))

    def _chosen(self, group: Group, outcome: str, chosen: str) -> Take:
        first = next((take for take in group.present if not take.decision), group.present[0])
        others = [take for take in group.present if take is not first]
        if outcome == Outcome.SECOND_CORRECT:
            if chosen:
                others = [take for take in others if take.person.id == self._session.called(chosen).id]
            if len(others) == 1:
                return others[0]
            if not others:
                raise Refused(f"{chosen or 'Nobody else'} has said nothing here that you could accept.")
            names = ", ".join(take.person for take in others)
            raise Refused(f"Whose version stands? Name one of {names}.")
        return first

    def _open_places(self, article: Article | str, groups: Sequence[Group]) -> list[Unfinished | None]:
        """Of each group what is to be settled in it; None where nothing is."""
        claims = {claim.id: claim for claim in self._claims.of(article)}
        found: list[Unfinished | None] = []
        for group in groups:
            here = [claims[id] for id in group.claims if id in claims]
            disputed = [claim for claim in here if claim.status == Status.DISPUTED]
            apart = group.kind not in (AGREED, NOT_REVIEWED) and (
                len(here) > 1 or (group.kind == ONLY and all(not claim.missed for claim in here))
            )
            if group.settled is not None and group.settled.again:
                names = ", ".join(claim.name for claim in here)
                found.append(Unfinished(group.settled.claim, names, Left.AGAIN))
                continue
            if group.settled is not None or not (disputed or apart):
                found.append(None)
                continue
            names = ", ".join(claim.name for claim in disputed or here)
            what = Left.DISPUTED if len(disputed) == 1 else Left.ALL_DISPUTED if disputed else Left.APART
            how = "" if disputed else _APART.get(group.kind, "not settled")
            found.append(Unfinished((disputed or here)[0].id, names, what, how))
        return found

    def yours(self, groups: Sequence[Group]) -> list[bool]:
        """Which groups of one comparison you may settle yourself: you took no part in them, and all of them is in sight
        and submitted where it has to be."""
        ids = json.dumps([id for group in groups for id in group.claims])
        among = "(SELECT value FROM json_each(?2))"
        part: set[str] = set()
        if not self._session.scheme.review.anyone_adjudicates:
            part = {
                id
                for (id,) in self._session.tuples(
                    f'SELECT id FROM claims WHERE "by" = ?1 AND id IN {among} UNION SELECT claim FROM reviews'
                    f" WHERE \"by\" = ?1 AND deleted = 0 AND decision <> '' AND claim IN {among}",
                    self._session.me,
                    ids,
                )
            }
        sets = 'SELECT id, article || "by" FROM claims WHERE id IN (SELECT value FROM json_each(?))'
        checkers = dict(self._session.tuples(sets, ids))
        waiting = {
            row["set"]
            for row in self._session.rows(
                'SELECT s.article || s.reviewer AS "set" FROM main.assignments s WHERE s.deleted = 0'
                " AND s.state <> 'submitted' AND (s.role = 'checker' OR s.blind = 'all') AND EXISTS (SELECT 1"
                "  FROM main.assignments a WHERE a.article = s.article AND a.deleted = 0 AND a.blind = 'all')"
            )
        }
        me = self._session.me
        return [
            not any(id in part or checkers.get(id) in waiting for id in group.claims)
            and (self._session.scheme.review.anyone_adjudicates or not any(take.person.id == me for take in group.said))
            and not self._veiled(self._claims.get(id) for id in (group.claims if self._session.veil.drawn else ()))
            for group in groups
        ]

    def unsettled(self, comparison: Comparison) -> list[Unfinished]:
        """What of a comparison is not in the settled set though it might be: open places, and what all who looked agree
        on. In text order."""
        found = []
        for group, left in zip(
            comparison.groups, self._open_places(comparison.article, comparison.groups), strict=True
        ):
            if left is not None:
                found.append(left)
            elif group.kind == AGREED and group.settled is None:
                names = ", ".join(self._session.claim_name(id) for id in group.claims)
                found.append(Unfinished(group.claims[0], names, Left.NOT_SETTLED))
        return found

    def take_agreed(self, comparison: Comparison) -> int:
        """Settle everything that everyone agrees on, in one step of undo; returns how many.

        What you took part in yourself is left to others, unless the scheme lets anyone settle.
        """
        agreed: list[_Pick] = [(one, Outcome.BOTH_CORRECT, "") for one in comparison.groups if one.kind == AGREED]
        return self._take_many(self._allowed(agreed), "agreed by all")

    def lacking(self, article: Article | str) -> Lacking:
        """What the claims that stand settled on an article lack to be checked."""
        settled = [self._claims.get(one.claim) for one in self._comparison.adjudications(article) if one.stands]
        return self._claims.checked(settled).lacking

    def take_all(self, comparison: Comparison, person: str, rationale: str) -> int:
        """Settle everything that is left as one person has it; returns how many.

        What you took part in yourself is left to others, unless the scheme lets anyone settle.
        """
        picks = self._allowed(self._picks_of(comparison, person))
        if not rationale.strip():
            raise Refused("To settle disputes, say why: write a rationale.")
        return self._take_many(picks, rationale)

    def may_take(self, comparison: Comparison, person: str) -> int:
        """How many places `take_all` would settle, before you are asked why.

        Raises:
            Refused: none.
        """
        return len(self._allowed(self._picks_of(comparison, person)))

    def _picks_of(self, comparison: Comparison, person: str) -> list[_Pick]:
        ids = [one.id for one in comparison.people]
        if (wanted := self._session.called(person).id) not in ids:
            raise Unknown(f"{person} is not compared here: choose one of {', '.join(comparison.people)}.")
        at = ids.index(wanted)
        picks: list[_Pick] = []
        for group in comparison.groups:
            take = group.takes[at]
            if take is not None:
                first = next((one for one in group.present if not one.decision), group.present[0])
                outcome = Outcome.FIRST_CORRECT if take is first else Outcome.SECOND_CORRECT
                picks.append((group, outcome, take.person))
        return picks

    def _allowed(self, picks: Iterable[_Pick]) -> list[_Pick]:
        """The picks that nothing has settled yet and you may make."""
        picks = [pick for pick in picks if pick[0].settled is None]
        allowed = []
        for pick in picks:
            claims = [self._claims.get(id) for id in pick[0].claims]
            if not self._may.took_part(claims, (take.person for take in pick[0].said)) and not self._veiled(claims):
                allowed.append(pick)
        if not allowed:
            yours = ": you took part in what is left" if picks else ""
            raise Refused(f"Nothing of that kind is left to settle{yours}.")
        for article in {self._claims.get(pick[0].claims[0]).article for pick in allowed}:
            self._may.must_be_open(article, Role.ADJUDICATOR)
        return allowed

    def _take_many(self, picks: Sequence[_Pick], rationale: str) -> int:
        with self._session.together():
            for group, outcome, chosen in picks:
                self.adjudicate(group, outcome.value, chosen=chosen, rationale=rationale)
        return len(picks)

    def _yielding(self, article: str, claims: Iterable[str]) -> None:
        """Refuse to settle again what another adjudicator has submitted, or what you settled against another."""
        mine = self._session.me
        for row in self._session.rows(
            "SELECT claim, reviewer, conflict FROM adjudications WHERE deleted = 0 AND outcome <> ''"
            " AND claim IN (SELECT value FROM json_each(?))",
            json.dumps(list(claims)),
        ):
            if not row["conflict"]:
                self._may.must_be_open(article, Role.ADJUDICATOR, str(row["reviewer"]))
                continue
            item = clock.derived("adjudication", str(row["claim"]))
            waiting = self._session.rows("SELECT versions FROM conflicts WHERE item = ? AND part = 'outcome'", item)
            by = {
                change.reviewer
                for change in self._session.log.entries(items=[item])
                for one in waiting
                if change.id in one["versions"]
            }
            if mine in by:
                others = ", ".join(sorted(self._session.person(id) for id in by - {mine}))
                raise Refused(
                    f"You and {others} settled this independently. Accept {others}'s decision under Conflicts, "
                    "or leave it to someone else."
                )

    def unsettle(self, group: Group) -> None:
        """Undo how a group was settled; its disputes are open again.

        Raises:
            Refused: it is not settled, or by somebody else.
        """
        if group.settled is None:
            raise Refused("Nothing has been settled here.")
        with self._session.writing():
            for id in (group.settled.claim, *group.settled.beside):
                for how in self._comparison.settled_claims([id]):
                    self._deletion.delete(how)

    def settle_agreed(self, article: Article | str) -> None:
        """Settle all that who looked at an article agree on and you may settle; nothing where less than two looked."""
        try:
            groups = self._comparison.compare(article).groups
        except Refused:
            return
        agreed = [one for one in groups if one.kind == AGREED and one.settled is None]
        yours = zip(agreed, self.yours(agreed), strict=True)
        self._take_many([(one, Outcome.BOTH_CORRECT, "") for one, mine in yours if mine], "agreed by all")

    def open_places(self, article: Article | str) -> list[Unfinished]:
        """What is to be settled on an article: places that are in dispute, or in which the sets of several checkers
        differ, but for those in which you took part yourself. In text order."""
        try:
            groups = self._comparison.compare(article).groups
        except Refused:  # there are not two people to compare: what is in dispute is all there can be
            rows = self._session.rows(
                "SELECT id, name FROM claims_now WHERE article = ? AND deleted = 0 AND status = 'disputed'"
                " ORDER BY start, id",
                self._articles.get(article).id,
            )
            return [Unfinished(row["id"], row["name"], Left.DISPUTED) for row in rows]
        mine = self.yours(groups)
        return [one for one, yours in zip(self._open_places(article, groups), mine, strict=True) if one and yours]
