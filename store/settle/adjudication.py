"""Settling what people do not agree on."""

from __future__ import annotations

import json
from collections.abc import Iterable, Sequence

from store.access import fields
from store.access.people import reviewer_id
from store.access.permissions import MISSED, SUBMITTED
from store.errors import Refused, Unknown
from store.history.words import shorten
from store.log import clock
from store.log.kinds import Patch
from store.log.log import Edit
from store.records import Adjudication, Article, Assignment, Blind, Claim, Conflict, Contender, Outcome, Role, Status
from store.review.submission import Unfinished
from store.settle.comparison import (
    AGREED,
    NOT_REVIEWED,
    ONLY,
    SPAN_DIFFERS,
    VERDICT_DIFFERS,
    Comparing,
    Comparison,
    Group,
    Take,
    standing_together,
)
from store.text.units import Span

_APART = {
    ONLY: "tagged by one alone",
    SPAN_DIFFERS: "tagged with different edges",
    VERDICT_DIFFERS: "given different verdicts",
}
"""How sets differ at a place that nobody disputes."""

_Pick = tuple[Group, Outcome, str]
"""A group, how it is settled, and as who has it."""


class Settling(Comparing):
    """The door, for the third look: side by side, and settled."""

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
        """Settle what people say of one place. Their own values stay as they are; these stand from now on.

        Args:
            group: as `compare` gives it; what was settled before is replaced if it is still what ``group`` shows.
            outcome: first_correct, second_correct, both_correct, both_wrong, merged, own or nothing_here.
            rationale: why; needed unless all agree.
            chosen: whose values are taken, for second_correct where more than one other has said something.
            verdict, span, claim_text: values for merged and own; what is left out is the first person's.

        Raises:
            Refused: one took part in it oneself and the scheme does not allow that, or something needed is missing.
        """
        if outcome not in [str(word) for word in Outcome]:
            known = ", ".join(str(word) for word in Outcome)
            raise Refused(f"“{shorten(outcome, 30)}” is no outcome: use one of {known}.")
        with self._writing() as me:
            claims = self._settleable(group)
            if not rationale.strip() and group.kind != AGREED:
                raise Refused("To settle a dispute, say why: write a rationale.")
            take = self._chosen(group, outcome, chosen)
            claim = claims[take.claim]
            given = {"verdict": verdict, "span": span, "claim_text": claim_text}
            named = [name for name, value in given.items() if value is not None]
            if outcome in (Outcome.MERGED, Outcome.OWN):
                if not named:
                    raise Refused(f"The outcome {outcome} needs a value: a verdict, a span or a claim text.")
            elif named:
                raise Refused(f"The outcome {outcome} takes what people said: a {named[0]} belongs to merged or own.")
            if verdict:
                self._givable(verdict)
            values: Patch = {
                "start": take.start, "end": take.end, "quote": take.quote, "version": claim.version,
                "verdict": take.verdict, "claim_text": take.claim_text,
            }  # fmt: skip
            if take.decision and not take.verdict:
                values["verdict"] = next((one.verdict for one in group.present if one.verdict and not one.decision), "")
            if outcome == Outcome.BOTH_WRONG:
                values["verdict"] = ""
            if verdict is not None:
                values["verdict"] = verdict
            if span is not None:
                moved = self._span(self.article(claim.article), *span)
                values |= {name: moved[name] for name in ("start", "end", "quote", "version")}
            if claim_text is not None:
                values["claim_text"] = fields.clean(claim_text)
            stands = outcome != Outcome.NOTHING_HERE and not take.rejects
            if not stands:
                values["verdict"] = ""
            self._must_meet(claim.id, str(values["verdict"]), rationale)
            taken = outcome in (Outcome.FIRST_CORRECT, Outcome.SECOND_CORRECT, Outcome.BOTH_CORRECT)
            common: Patch = {
                "reviewer": me, "outcome": outcome, "chosen": reviewer_id(take.person) if taken else "",
                "rationale": fields.clean(rationale), "deleted": 0,
            }  # fmt: skip
            edits = [self._settling(group, claim.id, common | values | {"stands": int(stands)})]
            beside = {one.claim for one in standing_together(group)[1:]}
            for id, other in claims.items():
                if id == claim.id:
                    continue
                theirs = min((one for one in group.said if one.claim == id), key=lambda one: bool(one.decision))
                own: Patch = {
                    "start": other.start, "end": other.end, "quote": other.quote, "version": other.version,
                    "verdict": "", "claim_text": other.claim_text,
                }  # fmt: skip
                both = outcome == Outcome.BOTH_CORRECT and id in beside
                if both:
                    own["verdict"] = theirs.verdict
                    self._must_meet(id, theirs.verdict, rationale)
                edits.append(self._settling(group, id, common | own | {"stands": int(both)}))
            self._write(edits)
            self._give(claim.article, me, "adjudicator", "open", "")
        rows = self._rows("SELECT * FROM adjudications WHERE id = ?", clock.derived("adjudication", claim.id))
        return self._adjudication(rows[0])

    def submit(self, article: Article | str, role: str) -> Assignment:
        """As `Submitting.submit`. An adjudicator's also settles what all who looked agree on and one may settle;
        `unsettled` tells what is not in the settled set then."""
        if role != Role.ADJUDICATOR:
            return super().submit(article, role)
        with self.together():
            try:
                groups = self.compare(article).groups
            except Refused:  # there are not two people: nothing is agreed
                groups = ()
            agreed = [one for one in groups if one.kind == AGREED and one.settled is None]
            yours = zip(agreed, self.yours(agreed), strict=True)
            self._take_many([(one, Outcome.BOTH_CORRECT, "") for one, mine in yours if mine], "agreed by all")
            return super().submit(article, role)

    def may_settle(self, group: Group) -> None:
        """Refuse, as `adjudicate` would, before anybody is asked how and why.

        Raises:
            Refused: one took part in it, something of it is hidden or not handed in, or one's set or that of whoever
                settled it is.
        """
        self._settleable(group)

    def _settleable(self, group: Group) -> dict[str, Claim]:
        """The claims of a group, by id, when one may settle it."""
        claims = {id: self.claim(id) for id in group.claims}
        if self._partial(claims.values(), group.said):
            raise Refused(
                "You took part in this yourself: somebody else has to settle it "
                "(a scheme with anyone_adjudicates = true allows it)."
            )
        if self._veiled(claims.values()):
            raise Refused("A verdict here is hidden from you as its reviewer: settle it once your review is in.")
        self._must_be_in(claims.values())
        (article,) = {claim.article for claim in claims.values()}
        self._must_be_open(article, Role.ADJUDICATOR)
        self._yielding(article, claims)
        return claims

    def _settling(self, group: Group, claim: str, values: Patch) -> Edit:
        id = clock.derived("adjudication", claim)
        row = self.log.row("adjudications", id)
        shown = group.settled is not None and claim in (group.settled.claim, *group.settled.beside)
        base: tuple[str, ...] | None = ()
        if row is not None and row["deleted"]:
            base = None
        elif shown and group.settled is not None:
            base = group.settled.heads if claim == group.settled.claim else None
        beside = [other for other in group.claims if other != claim]
        return Edit("adjudications", id, {"claim": claim, "beside": beside} | values, base)

    def _partial(self, claims: Iterable[Claim], takes: Iterable[Take] = ()) -> bool:
        """Whether one would be judge of one's own work."""
        if self.scheme.review.anyone_adjudicates:
            return False
        checkers = {claim.id: claim.checker for claim in claims}
        reviewers = self._tuples(
            "SELECT DISTINCT \"by\" FROM reviews WHERE deleted = 0 AND decision <> ''"
            " AND claim IN (SELECT value FROM json_each(?))",
            json.dumps(list(checkers)),
        )
        parties = {*(take.person for take in takes), *checkers.values(), *(self._name(by) for (by,) in reviewers)}
        return self.reviewer.casefold() in {name.casefold() for name in parties}

    def _must_be_in(self, claims: Iterable[Claim]) -> None:
        """Refuse to settle what stands in a set that is kept apart from others and not submitted yet."""
        for article, checker in dict.fromkeys((claim.article, claim.checker) for claim in claims):
            sets = [one for one in self.assignments(article) if one.role == Role.CHECKER or one.blind == Blind.ALL]
            if any(one.blind == Blind.ALL for one in sets) and any(
                one.reviewer == checker and one.state != SUBMITTED for one in sets
            ):
                raise Refused(f"{checker}'s set is kept apart from others: it can be settled once it is submitted.")

    def _veiled(self, claims: Iterable[Claim]) -> bool:
        """Whether one does not see all that would be settled."""
        return any(map(self.verdict_hidden, claims))

    def _chosen(self, group: Group, outcome: str, chosen: str) -> Take:
        first = next((take for take in group.present if not take.decision), group.present[0])
        others = [take for take in group.present if take is not first]
        if outcome == Outcome.SECOND_CORRECT:
            if chosen:
                others = [take for take in others if take.person.casefold() == chosen.casefold()]
            if len(others) == 1:
                return others[0]
            if not others:
                raise Refused(f"{chosen or 'Nobody else'} has said nothing here that could be taken.")
            names = ", ".join(take.person for take in others)
            raise Refused(f"Whose values are taken? Name one of {names}.")
        return first

    def unfinished(self, article: Article | str, role: str) -> list[Unfinished]:
        """As `Submitting.unfinished`; of an adjudicator the places that are in dispute, or in which the sets of several
        checkers differ, but for those in which one has taken part oneself."""
        if role != Role.ADJUDICATOR:
            return super().unfinished(article, role)
        try:
            groups = self.compare(article).groups
        except Refused:  # there are not two people to compare: what is in dispute is all there can be
            return super().unfinished(article, role)
        mine = self.yours(groups)
        return [one for one, yours in zip(self._open_places(article, groups), mine, strict=True) if one and yours]

    def _open_places(self, article: Article | str, groups: Sequence[Group]) -> list[Unfinished | None]:
        """Of each group what is to be settled in it; None where nothing is."""
        claims = {claim.id: claim for claim in self.claims(article)}
        found: list[Unfinished | None] = []
        for group in groups:
            here = [claims[id] for id in group.claims if id in claims]
            disputed = [claim for claim in here if claim.status == Status.DISPUTED]
            apart = group.kind not in (AGREED, NOT_REVIEWED) and (
                len(here) > 1 or (group.kind == ONLY and all(claim.origin != MISSED for claim in here))
            )
            if group.settled is not None or not (disputed or apart):
                found.append(None)
                continue
            names = ", ".join(claim.name for claim in disputed or here)
            how = f"{names} {'is' if len(disputed) == 1 else 'are'} in dispute"
            words = how if disputed else f"{names}: {_APART.get(group.kind, 'not settled')}"
            found.append(Unfinished((disputed or here)[0].id, names, words))
        return found

    def yours(self, groups: Sequence[Group]) -> list[bool]:
        """Which groups of one comparison one may settle oneself: one took no part in them, and all of them is in sight
        and submitted where it has to be."""
        ids = json.dumps([id for group in groups for id in group.claims])
        among = "(SELECT value FROM json_each(?2))"
        part: set[str] = set()
        if not self.scheme.review.anyone_adjudicates:
            part = {
                id
                for (id,) in self._tuples(
                    f'SELECT id FROM claims WHERE "by" = ?1 AND id IN {among} UNION SELECT claim FROM reviews'
                    f" WHERE \"by\" = ?1 AND deleted = 0 AND decision <> '' AND claim IN {among}",
                    self._me,
                    ids,
                )
            }
        sets = 'SELECT id, article || "by" FROM claims WHERE id IN (SELECT value FROM json_each(?))'
        checkers = dict(self._tuples(sets, ids))
        waiting = {
            row["set"]
            for row in self._rows(
                'SELECT s.article || s.reviewer AS "set" FROM main.assignments s WHERE s.deleted = 0'
                " AND s.state <> 'submitted' AND (s.role = 'checker' OR s.blind = 'all') AND EXISTS (SELECT 1"
                "  FROM main.assignments a WHERE a.article = s.article AND a.deleted = 0 AND a.blind = 'all')"
            )
        }
        me = self.reviewer.casefold()
        return [
            not any(id in part or checkers.get(id) in waiting for id in group.claims)
            and (self.scheme.review.anyone_adjudicates or not any(take.person.casefold() == me for take in group.said))
            and not self._veiled(self.claim(id) for id in (group.claims if self._veil.drawn else ()))
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
                names = ", ".join(self._called(id) for id in group.claims)
                found.append(Unfinished(group.claims[0], names, f"{names}: agreed by all who looked, and not settled"))
        return found

    def take_agreed(self, comparison: Comparison) -> int:
        """Settle all that everybody agrees on and nothing has settled yet, in one step of undo; gives how many.

        What one took part in oneself is left to others, unless the scheme lets anyone settle.
        """
        agreed: list[_Pick] = [(one, Outcome.BOTH_CORRECT, "") for one in comparison.groups if one.kind == AGREED]
        return self._take_many(self._allowed(agreed), "agreed by all")

    def take_all(self, comparison: Comparison, person: str, rationale: str) -> int:
        """Settle all that one person has said and nothing has settled yet as they have it; gives how many.

        What one took part in oneself is left to others, unless the scheme lets anyone settle.
        """
        name = next((name for name in comparison.people if name.casefold() == person.casefold()), None)
        if name is None:
            raise Unknown(f"{person} is not compared here: choose one of {', '.join(comparison.people)}.")
        picks = self._allowed(self._picks_of(comparison, name))
        if not rationale.strip():
            raise Refused("To settle disputes, say why: write a rationale.")
        return self._take_many(picks, rationale)

    def may_take(self, comparison: Comparison, person: str) -> int:
        """How many places `take_all` would settle, before anybody is asked why.

        Raises:
            Refused: none.
        """
        return len(self._allowed(self._picks_of(comparison, person)))

    def _picks_of(self, comparison: Comparison, name: str) -> list[_Pick]:
        at = comparison.people.index(name)
        picks: list[_Pick] = []
        for group in comparison.groups:
            take = group.takes[at]
            if take is not None:
                first = next((one for one in group.present if not one.decision), group.present[0])
                picks.append((group, Outcome.FIRST_CORRECT if take is first else Outcome.SECOND_CORRECT, name))
        return picks

    def _allowed(self, picks: Iterable[_Pick]) -> list[_Pick]:
        """The picks that nothing has settled yet and one may make."""
        picks = [pick for pick in picks if pick[0].settled is None]
        allowed = []
        for pick in picks:
            claims = [self.claim(id) for id in pick[0].claims]
            if not self._partial(claims, pick[0].said) and not self._veiled(claims):
                allowed.append(pick)
        if not allowed:
            yours = ": in what is left you take part yourself" if picks else ""
            raise Refused(f"There is nothing of that kind left to settle{yours}.")
        for article in {self.claim(pick[0].claims[0]).article for pick in allowed}:
            self._must_be_open(article, Role.ADJUDICATOR)
        return allowed

    def _take_many(self, picks: Sequence[_Pick], rationale: str) -> int:
        with self.together():
            for group, outcome, chosen in picks:
                self.adjudicate(group, outcome.value, chosen=chosen, rationale=rationale)
        return len(picks)

    def settle(self, conflict: Conflict, contender: Contender) -> None:
        """As `Door.settle`; between two adjudications of a place only by who may settle it, and all its claims at once.

        Whoever settled it themselves can let the other's word stand, and not their own.
        """
        if conflict.kind != "adjudications":
            super().settle(conflict, contender)
            return
        several = (conflict, *conflict.beside)
        claims = {self._row_of_adjudication(one) for one in several}
        for one in several:
            for other in one.contenders:
                claims.update(map(str, other.values.get("beside") or ()))  # type: ignore[call-overload]
        if self._partial([self.claim(id) for id in sorted(claims)]):
            raise Refused(f"You took part in {conflict.about} yourself: somebody else has to settle it.")
        if contender.by.casefold() == self.reviewer.casefold():
            others = ", ".join(one.by for one in conflict.contenders if one.by != contender.by)
            raise Refused(
                f"You settled {conflict.about} so yourself: let {others}'s word stand, or leave it to others."
            )
        with self.together():
            for one in several:
                # Of a claim that the chosen one did not settle, the word of the other is all there is.
                theirs = next((it for it in one.contenders if it.by == contender.by), one.contenders[-1])
                super().settle(one, theirs)

    def _row_of_adjudication(self, conflict: Conflict) -> str:
        """The id of the claim that a conflict is about."""
        return str((self.log.row("adjudications", conflict.item) or {})["claim"])

    def _yielding(self, article: str, claims: Iterable[str]) -> None:
        """Refuse to settle anew what another adjudicator has handed in, or what oneself settled against another."""
        mine = reviewer_id(self.reviewer)
        for row in self._rows(
            "SELECT claim, reviewer, conflict FROM adjudications WHERE deleted = 0 AND outcome <> ''"
            " AND claim IN (SELECT value FROM json_each(?))",
            json.dumps(list(claims)),
        ):
            if not row["conflict"]:
                self._must_be_open(article, Role.ADJUDICATOR, str(row["reviewer"]))
                continue
            item = clock.derived("adjudication", str(row["claim"]))
            waiting = self._rows("SELECT versions FROM conflicts WHERE item = ? AND part = 'outcome'", item)
            by = {
                change.reviewer
                for change in self.log.entries(items=[item])
                for one in waiting
                if change.id in one["versions"]
            }
            if mine in by:
                others = ", ".join(sorted(self._name(id) for id in by - {mine}))
                raise Refused(
                    f"You and {others} have settled this without seeing each other: let {others}'s word stand among "
                    "the conflicts, or leave it to somebody else."
                )

    def unsettle(self, group: Group) -> None:
        """Take back how a group was settled, so that its disputes are open again.

        Raises:
            Refused: it is not settled, or by somebody else.
        """
        if group.settled is None:
            raise Refused("Nothing has been settled here.")
        with self._writing():
            for id in (group.settled.claim, *group.settled.beside):
                rows = self._rows("SELECT * FROM adjudications WHERE claim = ? AND deleted = 0", id)
                if rows:
                    self.delete(self._adjudication(rows[0]))
