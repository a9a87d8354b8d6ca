"""Comparing people's sets on one article, and settling what they do not agree on."""

from __future__ import annotations

import json
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from typing import Any, NamedTuple

from store import clock, fields
from store.assigning import SUBMITTED
from store.history import shorten
from store.log import Edit
from store.matching import groups, match
from store.parts import Patch
from store.people import reviewer_id
from store.reading import Row
from store.records import Adjudication, Article, Claim, Conflict, Contender, Decision, Outcome, Role
from store.refusals import Refused, Unknown
from store.reviewing import Reviewing
from store.units import Span

AGREED, ONLY, NOT_REVIEWED = "agreed", "only", "not_reviewed"
SPAN_DIFFERS, VERDICT_DIFFERS, OBJECTED, REJECTED = "span_differs", "verdict_differs", "objected", "rejected"
KINDS_OF_GROUP = (SPAN_DIFFERS, VERDICT_DIFFERS, OBJECTED, REJECTED, ONLY, NOT_REVIEWED, AGREED)
"""How the people of a group stand to each other, what needs settling first."""


class Take(NamedTuple):
    """What one person says of one claim: their own, or somebody else's that they reviewed."""

    person: str  # a name
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
    decision: str = ""  # their decision as a reviewer; empty for their own claim

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

    @property
    def present(self) -> tuple[Take, ...]:
        return tuple(take for take in self.takes if take is not None)


class Comparison(NamedTuple):
    """People's sets on one article side by side. ``unsubmitted`` are those still at work."""

    article: Article
    people: tuple[str, ...]
    groups: tuple[Group, ...]
    unsubmitted: tuple[str, ...]


class Sets(NamedTuple):
    """Submitted sets: article id → name → takes in text order; ``left_out`` are (article id, name) of the others."""

    takes: Mapping[str, Mapping[str, Sequence[Take]]]
    left_out: tuple[tuple[str, str], ...]


class Settled(NamedTuple):
    """A claim of the settled set, with everybody's takes beside it."""

    claim: Claim
    adjudication: Adjudication
    takes: tuple[Take, ...]


class Settling(Reviewing):
    """The door, for the third look: side by side, and settled."""

    # -- sets -------------------------------------------------------------------------------------------------

    def sets(self, articles: Iterable[Article | str] = ()) -> Sets:
        """The submitted sets of some articles, or of all: a person's own claims, and others' as they reviewed them."""
        chosen = [self.article(article).id for article in articles] or [article.id for article in self.articles()]
        takes = self._takes(chosen)
        submitted: dict[tuple[str, str], bool] = {}
        for row in self._rows(
            "SELECT article, reviewer, state FROM assignments WHERE deleted = 0 AND role <> 'adjudicator'"
            " AND article IN (SELECT value FROM json_each(?))",
            json.dumps(chosen),
        ):
            if row["state"] == SUBMITTED and (row["article"], row["reviewer"]) in self._veil.unseen:
                continue  # it is in, but it may not be seen: to call it empty would be wrong
            key = (row["article"], self._name(row["reviewer"]))
            submitted[key] = submitted.get(key, True) and row["state"] == SUBMITTED
        found: dict[str, dict[str, Sequence[Take]]] = {}
        left_out = []
        for article in chosen:
            here = takes.get(article, {})
            people = {*here, *(name for where, name in submitted if where == article)}
            for name in sorted(people):
                if submitted.get((article, name)):
                    found.setdefault(article, {})[name] = here.get(name, [])
                else:
                    left_out.append((article, name))
        return Sets(found, tuple(left_out))

    def _takes(self, articles: Sequence[str]) -> dict[str, dict[str, list[Take]]]:
        """Everybody's takes on some articles (ids): article id → name → takes in text order."""
        within = json.dumps(list(articles))
        here = "c.deleted = 0 AND c.article IN (SELECT value FROM json_each(?))"
        verdicts = {
            (claim, by): (verdict, justification)
            for claim, by, verdict, justification in self._tuples(
                'SELECT v.claim, v."by", v.verdict, v.justification FROM claims c JOIN verdicts v ON v.claim = c.id'
                f" WHERE v.deleted = 0 AND {here}",
                within,
            )
        }
        sources: dict[tuple[str, str], set[str]] = {}
        for cited in (
            f'SELECT e.claim, e."by", e.source FROM claims c JOIN evidence e ON e.claim = c.id WHERE {here}',
            'SELECT e.claim, t."by", e.source FROM claims c JOIN evidence e ON e.claim = c.id'
            f" JOIN ticks t ON t.evidence = e.id AND t.deleted = 0 AND t.mark = 'seen' WHERE {here}",
        ):
            for claim, by, source in self._tuples(f"{cited} AND e.deleted = 0 AND e.source <> ''", within):
                sources.setdefault((claim, by), set()).add(source)
        claims: dict[str, Take] = {}
        types = _Types()
        takes: dict[str, dict[str, list[Take]]] = {}
        for id, article, by, start, end, quote, claim_text, keys in self._tuples(
            'SELECT c.id, c.article, c."by", c.start, c."end", c.quote, c.claim_text, c.types FROM claims c'
            f" WHERE {here}",
            within,
        ):
            name = self._name(by)
            verdict, justification = verdicts.get((id, by), ("", ""))
            cites = frozenset(sources.get((id, by), ()))
            take = Take(name, article, id, start, end, quote, claim_text, verdict, justification, types[keys], cites)
            takes.setdefault(article, {}).setdefault(name, []).append(take)
            claims[id] = take
        for id, by, decision, start, end, quote, claim_text, seen in self._tuples(
            'SELECT r.claim, r."by", r.decision, r.start, r."end", r.quote, r.claim_text, r.seen FROM claims c'
            " JOIN reviews r ON r.claim = c.id"
            f" WHERE {here} AND r.deleted = 0 AND r.decision NOT IN ('', 'missing_claim')",
            within,
        ):
            theirs = claims.get(id)
            if theirs is None:
                continue  # made since the claims were read
            name = self._name(by)
            verdict, justification = verdicts.get((id, by), ("", ""))
            # What is agreed with is what was seen, whatever it is by now.
            saw = json.loads(seen) if seen else _shown(theirs)
            if decision == Decision.AGREE:
                verdict = verdict or saw.get("verdict", "")
            if decision != Decision.CHANGE_SPAN:
                start, end, quote = saw["start"], saw["end"], saw["quote"]
            if decision != Decision.CHANGE_CLAIM_TEXT:
                claim_text = saw["claim_text"]
            agreed = tuple(saw["types"]) if decision == Decision.AGREE else None
            found = sources.get((id, by))
            take = Take(
                name, theirs.article, id, start, end, quote, claim_text, verdict, justification, agreed,
                frozenset(found) if found else None, decision,
            )  # fmt: skip
            takes[theirs.article].setdefault(name, []).append(take)
        for people in takes.values():
            for own in people.values():
                own.sort(key=lambda take: (take.start, -take.end, take.claim))
        return takes

    # -- comparing --------------------------------------------------------------------------------------------

    def voices(self, article: Article | str) -> tuple[str, ...]:
        """The people who have said something about an article that can be compared: its checkers, then reviewers."""
        rows = self._rows(
            'SELECT DISTINCT "by", 0 AS later FROM claims WHERE article = ?1 AND deleted = 0'
            ' UNION SELECT DISTINCT r."by", 1 FROM claims c JOIN reviews r ON r.claim = c.id'
            " WHERE c.article = ?1 AND c.deleted = 0 AND r.deleted = 0 AND r.decision NOT IN ('', 'missing_claim')",
            self.article(article).id,
        )
        first: dict[str, int] = {}
        for row in rows:
            name = self._name(row["by"])
            first[name] = min(row["later"], first.get(name, 1))
        return tuple(sorted(first, key=lambda name: (first[name], name.casefold())))

    def compare(self, article: Article | str, people: Sequence[str] = ()) -> Comparison:
        """People's sets on an article side by side; without ``people`` those of everybody who has said something.

        What several people say of one claim belongs together. All else is matched by overlap, one to one, as
        ``store.matching.groups`` says. Checkers come before reviewers, and each by name.

        Raises:
            Unknown: one of the people has not worked on this desk.
            Refused: fewer than two of them have said anything about this article.
        """
        article = self.article(article)
        takes = self._takes([article.id]).get(article.id, {})
        taggers = {name for name, own in takes.items() if any(not take.decision for take in own)}
        order = sorted(takes, key=lambda name: (name not in taggers, name.casefold()))
        if people:
            wanted = list(dict.fromkeys(self.person(name).name for name in people))
            silent = [name for name in wanted if name not in takes]
            if silent:
                raise Refused(
                    f"{silent[0]} has said nothing about “{shorten(article.title, 40)}” that can be compared."
                )
            order = wanted
        if len(order) < 2:
            raise Refused(
                f"“{shorten(article.title, 40)}” has work by {order[0] if order else 'nobody'} to look at: "
                "to compare takes two people."
            )
        done = {
            one.reviewer for one in self.assignments(article) if one.state == SUBMITTED and one.role != "adjudicator"
        } - {one.reviewer for one in self.assignments(article) if one.state != SUBMITTED and one.role != "adjudicator"}
        found = self._grouped([takes[name] for name in order])
        settled = {one.claim: one for one in self.adjudications(article)}
        reviewers = {name for name in order if name not in taggers or any(take.decision for take in takes[name])}
        made = [_group(row, reviewers, order, settled) for row in found]
        made.sort(key=lambda group: (group.start, -group.end, group.claims))
        return Comparison(article, tuple(order), tuple(made), tuple(name for name in order if name not in done))

    def _grouped(self, sets: Sequence[Sequence[Take]]) -> list[list[Take | None]]:
        """Takes of one claim together, then the rest by overlap."""
        by_claim: dict[str, list[Take | None]] = {}
        for k, own in enumerate(sets):
            for take in own:
                by_claim.setdefault(take.claim, [None] * len(sets))[k] = take
        several = [row for row in by_claim.values() if sum(take is not None for take in row) > 1]
        linked = {take.claim for row in several for take in row if take is not None}
        alone = [[take for take in own if take.claim not in linked] for own in sets]
        rest = [
            [alone[k][i] if i is not None else None for k, i in enumerate(row)]
            for row in groups([[(take.start, take.end) for take in own] for own in alone])
        ]
        joined: set[int] = set()
        for pair in match([_extent(row) for row in several], [_extent(row) for row in rest]):
            one, other = several[pair.a], rest[pair.b]
            if all(a is None or b is None for a, b in zip(one, other, strict=True)):
                several[pair.a] = [a or b for a, b in zip(one, other, strict=True)]
                joined.add(pair.b)
        return several + [row for i, row in enumerate(rest) if i not in joined]

    # -- settling ---------------------------------------------------------------------------------------------

    def adjudications(self, article: Article | str) -> list[Adjudication]:
        """What has been settled on an article, in text order."""
        rows = self._rows(
            "SELECT j.* FROM adjudications j JOIN claims c ON c.id = j.claim WHERE c.article = ? AND c.deleted = 0"
            " AND j.deleted = 0 AND j.outcome <> '' ORDER BY c.start, c.\"end\" DESC, c.id, j.born",
            self.article(article).id,
        )
        return [self._adjudication(row) for row in rows]

    def settlement(self, group: Group) -> Adjudication | None:
        """How a group is settled now, or None."""
        rows = self._rows(
            "SELECT * FROM adjudications WHERE deleted = 0 AND outcome <> ''"
            " AND claim IN (SELECT value FROM json_each(?))",
            json.dumps(group.claims),
        )
        return _standing(group.claims, {row["claim"]: self._adjudication(row) for row in rows})

    def _adjudication(self, row: Row) -> Adjudication:
        return Adjudication(
            id=row["id"], claim=row["claim"], by=self._name(row["reviewer"] or row["by"]), outcome=row["outcome"],
            chosen=self._name(row["chosen"]) if row["chosen"] else "", stands=bool(row["stands"]), start=row["start"],
            end=row["end"], quote=row["quote"], verdict=row["verdict"], claim_text=row["claim_text"],
            rationale=row["rationale"], beside=tuple(json.loads(row["beside"])), **self._tail(row),
        )  # fmt: skip

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
            if self._partial(group.claims, group.present):
                raise Refused(
                    "You took part in this yourself: somebody else has to settle it "
                    "(a scheme with anyone_adjudicates = true allows it)."
                )
            if self._veiled(group):
                raise Refused("A verdict here is hidden from you as its reviewer: settle it once your review is in.")
            take = self._chosen(group, outcome, chosen)
            claim = self.claim(take.claim)
            self._unlocked(claim.article, Role.ADJUDICATOR)
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
            for id in group.claims:
                if id == claim.id:
                    continue
                other = self.claim(id)
                theirs = next(one for one in group.present if one.claim == id)
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

    def _partial(self, claims: Iterable[str], takes: Iterable[Take] = ()) -> bool:
        """Whether one would be judge of one's own work."""
        if self.scheme.review.anyone_adjudicates:
            return False
        parties = {take.person for take in takes}
        for id in claims:
            parties |= {self.claim(id).checker, *(review.by for review in self.reviews(id))}
        return self.reviewer.casefold() in {name.casefold() for name in parties}

    def _veiled(self, group: Group) -> bool:
        """Whether one does not see all that would be settled."""
        return any(self.verdict_hidden(self.claim(id)) for id in group.claims)

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
        own = [pick for pick in picks if self._partial(pick[0].claims, pick[0].present) or self._veiled(pick[0])]
        picks = [pick for pick in picks if pick not in own]
        if not picks:
            yours = ": in what is left you take part yourself" if own else ""
            raise Refused(f"There is nothing of that kind left to settle{yours}.")
        with self.together():
            for group, outcome, chosen in picks:
                self.adjudicate(group, outcome.value, chosen=chosen, rationale=rationale)
        return len(picks)

    def settle(self, conflict: Conflict, contender: Contender) -> None:
        """As `Door.settle`; between two adjudications only by who may settle their claim."""
        if conflict.kind == "adjudications":
            row = self.log.row("adjudications", conflict.item) or {}
            if self._partial([str(row.get("claim"))]):
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

    def group_of(self, claim: Claim | str, comparison: Comparison) -> Group:
        """The group of a comparison that a claim is in."""
        claim = self.claim(claim)
        for group in comparison.groups:
            if claim.id in group.claims:
                return group
        raise Unknown(f"{claim.name} is not among what is compared: its checker or reviewer is not one of the people.")

    def settled(self, article: Article | str) -> list[Settled]:
        """The settled set of an article: the claims that stand, in text order, each with everybody's takes."""
        article = self.article(article)
        takes: dict[str, list[Take]] = defaultdict(list)
        for own in self._takes([article.id]).get(article.id, {}).values():
            for take in own:
                takes[take.claim].append(take)
        claims = {claim.id: claim for claim in self.claims(article)}
        return [
            Settled(
                claims[one.claim], one, tuple(take for id in (one.claim, *one.beside) for take in takes.get(id, ()))
            )
            for one in self.adjudications(article)
            if one.stands and one.claim in claims
        ]


class _Types(dict[str, tuple[str, ...]]):
    """Lists of types by their JSON: there are few, and very many claims carry them."""

    def __missing__(self, keys: str) -> tuple[str, ...]:
        self[keys] = found = tuple(json.loads(keys))
        return found


def _shown(take: Take) -> dict[str, Any]:
    """What a review that does not say what it has seen is taken to have seen: the claim as it is."""
    names = ("start", "end", "quote", "claim_text", "verdict")
    return {name: getattr(take, name) for name in names} | {"types": take.types or ()}


def _extent(row: Sequence[Take | None]) -> Span:
    present = [take for take in row if take is not None]
    return min(take.start for take in present), max(take.end for take in present)


def _group(
    row: Sequence[Take | None], reviewers: set[str], order: Sequence[str], settled: Mapping[str, Adjudication]
) -> Group:
    present = [take for take in row if take is not None]
    marks = [take for take in present if not take.rejects]
    claims = tuple(dict.fromkeys(take.claim for take in present))
    absent = [name for name, take in zip(order, row, strict=True) if take is None]
    objects = (Decision.DISAGREE, Decision.NEEDS_EVIDENCE, Decision.CHANGE_CLAIM_TEXT)
    if len(marks) < len(present):
        kind = REJECTED
    elif not all(name in reviewers for name in absent):
        kind = ONLY
    elif len({(take.start, take.end) for take in marks}) > 1:
        kind = SPAN_DIFFERS
    elif len({take.verdict for take in marks if take.verdict}) > 1:
        kind = VERDICT_DIFFERS
    elif any(take.decision in objects for take in marks):
        kind = OBJECTED
    elif absent or any(take.decision == Decision.COMMENT for take in marks):
        kind = NOT_REVIEWED  # seen, and neither agreed with nor objected to
    else:
        kind = AGREED
    return Group(kind, tuple(row), claims, *_extent(row), _standing(claims, settled))


def _standing(claims: Sequence[str], settled: Mapping[str, Adjudication]) -> Adjudication | None:
    """The adjudication that speaks for some claims: the first under which one of them stands, else the first."""
    how = [settled[id] for id in claims if id in settled]
    return next((one for one in how if one.stands), how[0] if how else None)
