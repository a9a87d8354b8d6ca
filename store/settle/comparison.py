"""Comparing people's sets on one article: whose claims belong together, and how far they differ."""

import json
from collections import Counter, defaultdict
from collections.abc import Callable, Iterable, Mapping, Sequence
from typing import Any, NamedTuple

from store.access.lookup import Row
from store.access.permissions import SUBMITTED
from store.errors import Refused, Unknown
from store.history.words import shorten
from store.log.kinds import fits
from store.log.reversal import standing
from store.measure.alignment import Mark, Place, Places
from store.records import Adjudication, Article, Blind, Claim, Decision
from store.review.answers import ACCEPTED
from store.review.corpus import SubmittingMany
from store.text.quotations import quoted
from store.text.units import Span

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
    decision: str = (
        ""  # their decision as a reviewer; empty for their own claim; missing_claim: they grant they missed it
    )
    tagger: str = ""  # of somebody else's claim: who tagged it
    tagged: Span | None = None  # and where
    blind: str = ""  # the blind level their decision was given under, as in `records.Review`

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
    def said(self) -> tuple[Take, ...]:
        """All that is said of the place."""
        return (*self.present, *self.also)


class Comparison(NamedTuple):
    """People's sets on one article side by side. ``unsubmitted`` are those still at work."""

    article: Article
    people: tuple[str, ...]
    groups: tuple[Group, ...]
    unsubmitted: tuple[str, ...]


class Made(NamedTuple):
    """How somebody's submitted set on an article came about, as far as it bears on what agreement means."""

    article: str  # its id
    person: str  # a name
    apart: bool  # they were blind to all others
    decisions: Mapping[str, int]  # blind level → how many decisions on others' claims were given under it
    reopened: int  # how often the set was opened again once it had been submitted


class Sets(NamedTuple):
    """Submitted sets: article id → name → takes in text order; ``left_out`` are (article id, name) of the others.

    ``urls`` has the address of each source that the takes rest on, by its id, where it has one.
    """

    takes: Mapping[str, Mapping[str, Sequence[Take]]]
    made: tuple[Made, ...]
    left_out: tuple[tuple[str, str], ...]
    urls: Mapping[str, str]


class Settled(NamedTuple):
    """A claim of the settled set, with everybody's takes beside it."""

    claim: Claim
    adjudication: Adjudication
    takes: tuple[Take, ...]


class Comparing(SubmittingMany):
    """The door, for looking side by side at what people say, and at how it was settled."""

    # -- sets -------------------------------------------------------------------------------------------------

    def sets(self, articles: Iterable[Article | str] = ()) -> Sets:
        """The submitted sets of some articles, or of all: a person's own claims, and others' as they reviewed them.

        What counts is what each said by themselves: what a checker took over from a proposal is left as it was
        before, a claim they withdrew so counts, and one they only granted to have missed is none of theirs.
        """
        chosen = [article.id if isinstance(article, Article) else self.article(article).id for article in articles]
        chosen = chosen or [article.id for article in self.articles()]
        takes = self._takes(chosen, first=True)
        submitted: dict[tuple[str, str], bool] = {}
        apart: set[tuple[str, str]] = set()
        reopened: dict[tuple[str, str], int] = defaultdict(int)
        for row in self._rows(
            "SELECT article, reviewer, blind, state, reopened FROM assignments WHERE deleted = 0"
            " AND role <> 'adjudicator' AND article IN (SELECT value FROM json_each(?))",
            json.dumps(chosen),
        ):
            if row["state"] == SUBMITTED and (row["article"], row["reviewer"]) in self._veil.unseen:
                continue  # it is in, but it may not be seen: to call it empty would be wrong
            key = (row["article"], self._name(row["reviewer"]))
            submitted[key] = submitted.get(key, True) and row["state"] == SUBMITTED
            reopened[key] += int(row["reopened"])
            if row["blind"] == Blind.ALL:
                apart.add(key)
        people = {article: set(takes.get(article, ())) for article in chosen}
        for article, name in submitted:
            people[article].add(name)
        found: dict[str, dict[str, Sequence[Take]]] = {}
        made: list[Made] = []
        left_out: list[tuple[str, str]] = []
        for article in chosen:
            for name in sorted(people[article]):
                key = (article, name)
                if submitted.get(key):
                    own = takes.get(article, {}).get(name, [])
                    found.setdefault(article, {})[name] = own
                    decisions = Counter([take.blind for take in own if take.decision])
                    made.append(Made(article, name, key in apart, decisions, reopened[key]))
                else:
                    left_out.append(key)
        cited = {
            source for here in found.values() for own in here.values() for take in own for source in take.sources or ()
        }
        urls = self._tuples(
            "SELECT id, url FROM sources WHERE deleted = 0 AND url <> '' AND id IN (SELECT value FROM json_each(?))",
            json.dumps(sorted(cited)),
        )
        return Sets(found, tuple(made), tuple(left_out), dict(urls))

    def _takes(self, articles: Sequence[str], *, first: bool = False) -> dict[str, dict[str, list[Take]]]:
        """Everybody's takes on some articles (ids): article id → name → takes in text order.

        They are as they stand, or as each ``first`` said, before they accepted what others propose.
        """
        within = (json.dumps(list(articles)), json.dumps(self._withdrawn(articles) if first else ()))
        here = (
            "c.article IN (SELECT value FROM json_each(?1))"
            " AND (c.deleted = 0 OR c.id IN (SELECT value FROM json_each(?2)))"
        )
        sources: dict[tuple[str, str], set[str]] = {}
        for cited in (
            f'SELECT e.claim, e."by", e.source FROM claims c JOIN evidence e ON e.claim = c.id WHERE {here}',
            'SELECT e.claim, t."by", e.source FROM claims c JOIN evidence e ON e.claim = c.id'
            f" JOIN ticks t ON t.evidence = e.id AND t.deleted = 0 AND t.mark = 'seen' WHERE {here}",
        ):
            for claim, by, source in self._tuples(f"{cited} AND e.deleted = c.deleted AND e.source <> ''", *within):
                sources.setdefault((claim, by), set()).add(source)
        claims: dict[str, Take] = {}
        types = _Types()
        takes: dict[str, dict[str, list[Take]]] = {}
        said = 'LEFT JOIN verdicts v ON v.claim = c.id AND v."by" = {}."by" AND v.deleted = c.deleted'
        for id, article, by, start, end, quote, claim_text, keys, verdict, justification in self._tuples(
            'SELECT c.id, c.article, c."by", c.start, c."end", c.quote, c.claim_text, c.types,'
            f" ifnull(v.verdict, ''), ifnull(v.justification, '') FROM claims c {said.format('c')} WHERE {here}",
            *within,
        ):
            name = self._name(by)
            cites = frozenset(sources.get((id, by), ()))
            take = Take(name, article, id, start, end, quote, claim_text, verdict, justification, types[keys], cites)
            claims[id] = take
        tagged = self._unaccepted(claims, articles) if first else claims
        for take in tagged.values():
            takes.setdefault(take.article, {}).setdefault(take.person, []).append(take)
        for id, by, decision, blind, start, end, quote, claim_text, seen, verdict, justification in self._tuples(
            'SELECT r.claim, r."by", r.decision, r.blind, r.start, r."end", r.quote, r.claim_text, r.seen,'
            " ifnull(v.verdict, ''), ifnull(v.justification, '') FROM claims c"
            f" JOIN reviews r ON r.claim = c.id {said.format('r')}"
            f" WHERE {here} AND r.deleted = 0 AND r.decision NOT IN ('', 'missing_claim')",
            *within,
        ):
            theirs = claims.get(id)
            if theirs is None:
                continue  # made since the claims were read
            name = self._name(by)
            # What is agreed with is what was seen, whatever it is by now.
            saw = _decoded(seen)[0] if seen else _shown(theirs)
            if decision == Decision.AGREE:
                verdict = verdict or saw.get("verdict", "")
            if not end:
                start, end, quote = saw["start"], saw["end"], saw["quote"]
            if not claim_text:
                claim_text = saw["claim_text"]
            agreed = tuple(saw["types"]) if decision == Decision.AGREE else None
            found = sources.get((id, by))
            take = Take(
                name, theirs.article, id, start, end, quote, claim_text, verdict, justification, agreed,
                frozenset(found) if found else None, decision, theirs.person, (tagged[id].start, tagged[id].end),
                blind,
            )  # fmt: skip
            takes[theirs.article].setdefault(name, []).append(take)
        granting = (
            ()
            if first
            else self._tuples(
                "SELECT r.claim, r.whose, ifnull(v.verdict, ''), ifnull(v.justification, '') FROM claims c"
                " JOIN reviews_now r ON r.claim = c.id"
                ' LEFT JOIN verdicts v ON v.claim = c.id AND v."by" = r.whose AND v.deleted = c.deleted'
                f" WHERE {here} AND r.decision = 'missing_claim' AND r.answered = 'accepted'",
                *within,
            )
        )
        for id, by, verdict, justification in granting:
            theirs, name = claims.get(id), self._name(by)
            if theirs is None or any(take.claim == id for take in takes[theirs.article].get(name, ())):
                continue  # they have said more of it since
            found = sources.get((id, by))
            granted = theirs._replace(
                person=name, verdict=verdict, justification=justification, types=None,
                sources=frozenset(found) if found else None, decision=Decision.MISSING_CLAIM.value,
                tagger=theirs.person, tagged=(theirs.start, theirs.end),
            )  # fmt: skip
            takes[theirs.article].setdefault(name, []).append(granted)
        for people in takes.values():
            for own in people.values():
                own.sort(key=lambda take: (take.start, -take.end, take.claim))
        return takes

    def withdrawn(self, article: Article | str) -> list[Claim]:
        """The claims that their checkers deleted by accepting that there is nothing to check, in text order."""
        rows = self._rows(
            'SELECT * FROM claims_now WHERE id IN (SELECT value FROM json_each(?)) ORDER BY start, -"end", id',
            json.dumps(self._withdrawn([self.article(article).id])),
        )
        return [self._claim(row) for row in rows]

    def _withdrawn(self, articles: Sequence[str]) -> list[str]:
        found = self._tuples(
            "SELECT DISTINCT c.id FROM claims c JOIN reviews r ON r.claim = c.id JOIN answers a ON a.review = r.id"
            " WHERE c.article IN (SELECT value FROM json_each(?)) AND c.deleted = 1 AND r.deleted = 0"
            " AND r.decision = 'reject_claim' AND a.deleted = 0 AND a.outcome = 'accepted' AND a.\"by\" = c.\"by\"",
            json.dumps(list(articles)),
        )
        return [id for (id,) in found]

    def _unaccepted(self, claims: Mapping[str, Take], articles: Sequence[str]) -> dict[str, Take]:
        """The checkers' takes, by claim, without what they took over by accepting a proposal."""
        found = dict(claims)
        for id, answered in self._accepted(articles):
            # An answer keeps what it answered, and that keeps what its reviewer had seen.
            decision, _, _, start, end, claim_text, verdict, seen = json.loads(answered)
            take, before = found.get(id), json.loads(seen or "{}")
            if take is None or not before:
                continue
            if end and (take.start, take.end) == (start, end):
                take = take._replace(start=before["start"], end=before["end"], quote=before["quote"])
            if claim_text and take.claim_text == claim_text:
                take = take._replace(claim_text=before["claim_text"])
            if decision == Decision.CHANGE_VERDICT and take.verdict == verdict:
                take = take._replace(verdict=before.get("verdict", ""))
            found[id] = take
        return found

    def _accepted(self, articles: Sequence[str]) -> list[tuple[str, str]]:
        """All that checkers have accepted, the newest first: the claim's id, and what was answered.

        What stands of an answer is its last word; what was accepted before that is in the log.
        """
        found: list[tuple[str, str, str]] = []
        often: dict[str, str] = {}
        for claim, answer, outcome, deleted, answered, heads, again in self._tuples(
            "SELECT r.claim, a.id, a.outcome, a.deleted, a.seen, a.heads,"
            " EXISTS (SELECT 1 FROM main.changes h WHERE h.item = a.id AND h.id <> a.heads)"
            " FROM claims c JOIN reviews r ON r.claim = c.id JOIN answers a ON a.review = r.id"
            ' WHERE c.deleted = 0 AND c.article IN (SELECT value FROM json_each(?)) AND a."by" = c."by"',
            json.dumps(list(articles)),
        ):
            if again:
                often[answer] = claim
            elif outcome == ACCEPTED and not deleted:
                found.append((heads, claim, answered))
        for answer, claim in often.items():
            found += [
                (change.id, claim, str(change.patch["seen"]))
                for change in standing(self.log.entries(items=[answer]))
                if change.patch.get("outcome") == ACCEPTED
                and change.patch.get("seen")
                and fits("seen", change.patch["seen"])
            ]
        return [(claim, answered) for _, claim, answered in sorted(found, reverse=True)]

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

        What belongs together is said in ``store.measure.alignment``. Checkers come before reviewers, and each by name.

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
        settled = {one.claim: one for one in self.adjudications(article)}
        granted = ("", Decision.MISSING_CLAIM)
        reviewers = {
            name for name in order if name not in taggers or any(take.decision not in granted for take in takes[name])
        }
        sets = [takes[name] for name in order]
        marks = [
            [
                Mark(take.claim, take.start, take.end, take.verdict, tagger=take.tagger, tagged=take.tagged)
                for take in own
            ]
            for own in sets
        ]
        made = [_group(place, sets, reviewers, order, settled) for place in Places(order, marks).all()]
        made.sort(key=lambda group: (group.start, -group.end, group.claims))
        return Comparison(article, tuple(order), tuple(made), tuple(name for name in order if name not in done))

    # -- how it was settled ---------------------------------------------------------------------------------

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
        both = [f"{name(take.claim)} {quoted(shorten(take.quote, 30))}" for take in (first, *others)]
        return f"{' and '.join(both)} stand, each with its own edges."
    return (
        f"{name(first.claim)} stands as {first.person} has it: {quoted(shorten(first.quote, 40))}; no other edges do."
    )


_decoded = json.JSONDecoder().raw_decode
"""As ``json.loads``, in a third of the time: a desk has very many reviews."""


class _Types(dict[str, tuple[str, ...]]):
    """Lists of types by their JSON: there are few, and very many claims carry them."""

    def __missing__(self, keys: str) -> tuple[str, ...]:
        self[keys] = found = tuple(json.loads(keys))
        return found


def _shown(take: Take) -> dict[str, Any]:
    """What a review that does not say what it has seen is taken to have seen: the claim as it is."""
    names = ("start", "end", "quote", "claim_text", "verdict")
    return {name: getattr(take, name) for name in names} | {"types": take.types or ()}


def _group(
    place: Place,
    sets: Sequence[Sequence[Take]],
    reviewers: set[str],
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
        kind = REJECTED
    elif not all(name in reviewers for name in absent):
        kind = ONLY
    elif len({(take.start, take.end) for take in marks}) > 1:
        kind = SPAN_DIFFERS
    elif len({take.verdict for take in marks if take.verdict}) > 1:
        kind = VERDICT_DIFFERS
    elif any(_objects(take, marks) for take in marks):
        kind = OBJECTED
    elif len(marks) < 2 or any(take.decision == Decision.COMMENT for take in marks):
        kind = NOT_REVIEWED  # seen, and neither agreed with nor objected to
    else:
        kind = AGREED
    start, end = min(take.start for take in said), max(take.end for take in said)
    return Group(kind, takes, claims, start, end, _standing(claims, settled), also)


def _objects(take: Take, marks: Sequence[Take]) -> bool:
    """Whether a reviewer objects to a claim; to its text no longer when the checker's is what they propose."""
    if take.decision == Decision.CHANGE_CLAIM_TEXT:
        return not any(
            own.claim == take.claim and not own.decision and own.claim_text == take.claim_text for own in marks
        )
    return take.decision in (Decision.DISAGREE, Decision.NEEDS_EVIDENCE)


def _standing(claims: Sequence[str], settled: Mapping[str, Adjudication]) -> Adjudication | None:
    """The adjudication that speaks for some claims: the first under which one of them stands, else the first."""
    how = [settled[id] for id in claims if id in settled]
    return next((one for one in how if one.stands), how[0] if how else None)
