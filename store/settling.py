"""Settling what people do not agree on."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from store import clock, fields
from store.comparing import AGREED, Comparing, Comparison, Group, Take
from store.history import shorten
from store.locks import SUBMITTED
from store.log import Edit
from store.parts import Patch
from store.people import reviewer_id
from store.records import Adjudication, Blind, Claim, Conflict, Contender, Outcome, Role
from store.refusals import Refused, Unknown
from store.units import Span


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
        if not rationale.strip() and group.kind != AGREED:
            raise Refused("To settle a dispute, say why: write a rationale.")
        with self._writing() as me:
            claims = {id: self.claim(id) for id in group.claims}
            if self._partial(claims.values(), group.said):
                raise Refused(
                    "You took part in this yourself: somebody else has to settle it "
                    "(a scheme with anyone_adjudicates = true allows it)."
                )
            if self._veiled(claims.values()):
                raise Refused("A verdict here is hidden from you as its reviewer: settle it once your review is in.")
            self._must_be_in(claims.values())
            take = self._chosen(group, outcome, chosen)
            claim = claims[take.claim]
            self._must_be_open(claim.article, Role.ADJUDICATOR)
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
            taken = outcome in (Outcome.FIRST_CORRECT, Outcome.SECOND_CORRECT, Outcome.BOTH_CORRECT)
            common: Patch = {
                "reviewer": me, "outcome": outcome, "chosen": reviewer_id(take.person) if taken else "",
                "rationale": fields.clean(rationale), "deleted": 0,
            }  # fmt: skip
            edits = [self._settling(group, claim.id, common | values | {"stands": int(stands)})]
            for id, other in claims.items():
                if id == claim.id:
                    continue
                theirs = min((one for one in group.said if one.claim == id), key=lambda one: bool(one.decision))
                same = (theirs.start, theirs.end) == (take.start, take.end)
                own: Patch = {
                    "start": other.start, "end": other.end, "quote": other.quote, "version": other.version,
                    "verdict": "", "claim_text": other.claim_text,
                }  # fmt: skip
                both = outcome == Outcome.BOTH_CORRECT and not same
                if both:
                    own["verdict"] = theirs.verdict
                edits.append(self._settling(group, id, common | own | {"stands": int(both)}))
            self._write(edits)
            self._give(claim.article, me, "adjudicator", "open", "")
        rows = self._rows("SELECT * FROM adjudications WHERE id = ?", clock.derived("adjudication", claim.id))
        return self._adjudication(rows[0])

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
        parties = {take.person for take in takes}
        for claim in claims:
            parties |= {claim.checker, *(review.by for review in self.reviews(claim.id))}
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

    def take_agreed(self, comparison: Comparison) -> int:
        """Settle all that everybody agrees on and nothing has settled yet, in one step of undo; gives how many.

        What one took part in oneself is left to others, unless the scheme lets anyone settle.
        """
        return self._take_many(
            [(group, Outcome.BOTH_CORRECT, "") for group in comparison.groups if group.kind == AGREED], "agreed by all"
        )

    def take_all(self, comparison: Comparison, person: str, rationale: str) -> int:
        """Settle all that one person has said and nothing has settled yet as they have it; gives how many.

        What one took part in oneself is left to others, unless the scheme lets anyone settle.
        """
        name = next((name for name in comparison.people if name.casefold() == person.casefold()), None)
        if name is None:
            raise Unknown(f"{person} is not compared here: choose one of {', '.join(comparison.people)}.")
        if not rationale.strip():
            raise Refused("To settle disputes, say why: write a rationale.")
        at = comparison.people.index(name)
        picks = []
        for group in comparison.groups:
            take = group.takes[at]
            if take is not None:
                first = next((one for one in group.present if not one.decision), group.present[0])
                picks.append((group, Outcome.FIRST_CORRECT if take is first else Outcome.SECOND_CORRECT, name))
        return self._take_many(picks, rationale)

    def _take_many(self, picks: Sequence[tuple[Group, Outcome, str]], rationale: str) -> int:
        picks = [pick for pick in picks if pick[0].settled is None]
        allowed = []
        for pick in picks:
            claims = [self.claim(id) for id in pick[0].claims]
            if not self._partial(claims, pick[0].said) and not self._veiled(claims):
                allowed.append(pick)
        if not allowed:
            yours = ": in what is left you take part yourself" if picks else ""
            raise Refused(f"There is nothing of that kind left to settle{yours}.")
        with self.together():
            for group, outcome, chosen in allowed:
                self.adjudicate(group, outcome.value, chosen=chosen, rationale=rationale)
        return len(allowed)

    def settle(self, conflict: Conflict, contender: Contender) -> None:
        """As `Door.settle`; between two adjudications only by who may settle their claim."""
        if conflict.kind == "adjudications":
            row = self.log.row("adjudications", conflict.item) or {}
            if self._partial([self.claim(str(row.get("claim")))]):
                raise Refused(f"You took part in {conflict.about} yourself: somebody else has to settle it.")
        super().settle(conflict, contender)

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
