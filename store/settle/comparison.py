"""Comparing people's sets on one article: whose claims belong together, and how far they differ."""

from __future__ import annotations

import json
from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Any, NamedTuple

from store.access.people import People
from store.access.permissions import SUBMITTED
from store.access.session import Row, Session
from store.check.articles import Articles
from store.check.assignments import Assignments
from store.check.claims import Claims
from store.errors import Refused, Unknown
from store.log.claim_status import STANDING
from store.log.kinds import fits
from store.log.undo import standing
from store.log.verdict_requirements import CHECK_AGAIN, taken
from store.measure.alignment import Mark, MarkPlaces
from store.person import Person
from store.records import ACCEPTED, Adjudication, Article, Claim
from store.settle.comparison_groups import Comparison, Group, Take, _group, _standing
from store.settle.placement import Placement
from store.text.shorten import shorten
from store.vocabulary import Blind, Decision


class Made(NamedTuple):
    """How somebody's submitted set on an article came about, as far as it bears on what agreement means."""

    article: str  # its id
    person: Person
    apart: bool  # they were blind to all others
    decisions: Mapping[str, int]  # blind level → how many decisions on others' claims were given under it
    reopened: int  # how often the set was opened again once it had been submitted


class Sets(NamedTuple):
    """Submitted sets: article id → person → takes in text order; ``left_out`` are the others.

    ``urls`` has the address of each source that the takes rest on, by its id, where it has one.
    """

    takes: Mapping[str, Mapping[Person, Sequence[Take]]]
    made: tuple[Made, ...]
    left_out: tuple[tuple[str, Person], ...]
    urls: Mapping[str, str]


class Settled(NamedTuple):
    """A claim of the settled set, with everybody's takes beside it."""

    claim: Claim
    adjudication: Adjudication
    takes: tuple[Take, ...]


_Within = tuple[str, str]
"""The articles that are looked at and the withdrawn claims that count, as JSON lists of ids."""

_HERE = (
    "c.article IN (SELECT value FROM json_each(?1)) AND (c.deleted = 0 OR c.id IN (SELECT value FROM json_each(?2)))"
    f" AND c.{STANDING}"
)
_SAID = 'LEFT JOIN verdicts v ON v.claim = c.id AND v."by" = {}."by" AND v.deleted = c.deleted'


class Comparisons:
    """People's sets on one article side by side, and how their differences were settled."""

    def __init__(
        self, session: Session, articles: Articles, claims: Claims, people: People, assignments: Assignments
    ) -> None:
        self._session = session
        self._articles = articles
        self._claims = claims
        self._people = people
        self._assignments = assignments

    # -- sets -------------------------------------------------------------------------------------------------

    def sets(self, articles: Iterable[Article | str] = ()) -> Sets:
        """The submitted sets of some articles, or of all: a person's own claims, and others' as they reviewed them.

        What counts is what each said by themselves: what a checker took over from a proposal is left as it was
        before, a claim they withdrew so counts, and one they only granted to have missed is none of theirs.
        """
        chosen = [
            article.id if isinstance(article, Article) else self._articles.get(article).id for article in articles
        ]
        chosen = chosen or [article.id for article in self._articles.all()]
        takes = self._takes(chosen, first=True)
        submitted: dict[tuple[str, Person], bool] = {}
        apart: set[tuple[str, Person]] = set()
        reopened: dict[tuple[str, Person], int] = defaultdict(int)
        for row in self._session.rows(
            "SELECT article, reviewer, blind, state, reopened FROM assignments WHERE deleted = 0"
            " AND role <> 'adjudicator' AND article IN (SELECT value FROM json_each(?))",
            json.dumps(chosen),
        ):
            if row["state"] == SUBMITTED and (row["article"], row["reviewer"]) in self._session.veil.unseen:
                continue  # it is in, but it may not be seen: to call it empty would be wrong
            key = (row["article"], self._session.person(row["reviewer"]))
            submitted[key] = submitted.get(key, True) and row["state"] == SUBMITTED
            reopened[key] += int(row["reopened"])
            if row["blind"] == Blind.ALL:
                apart.add(key)
        people = {article: set(takes.get(article, ())) for article in chosen}
        for article, name in submitted:
            people[article].add(name)
        found: dict[str, dict[Person, Sequence[Take]]] = {}
        made: list[Made] = []
        left_out: list[tuple[str, Person]] = []
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
        urls = self._session.tuples(
            "SELECT id, url FROM sources WHERE deleted = 0 AND url <> '' AND id IN (SELECT value FROM json_each(?))",
            json.dumps(sorted(cited)),
        )
        return Sets(found, tuple(made), tuple(left_out), dict(urls))

    def _takes(self, articles: Sequence[str], *, first: bool = False) -> dict[str, dict[Person, list[Take]]]:
        """Everybody's takes on some articles (ids): article id → person → takes in text order.

        They are as they stand, or as each ``first`` said, before they accepted what others propose.
        """
        within = (json.dumps(list(articles)), json.dumps(self._withdrawn(articles) if first else ()))
        placement = Placement(self._session, self._articles)
        sources = self._cited(within)
        claims = {take.claim: take for take in self._tagged(within, sources)}
        tagged = self._unaccepted(claims, articles, placement) if first else claims
        takes: dict[str, dict[Person, list[Take]]] = {}
        for take in tagged.values():
            takes.setdefault(take.article, {}).setdefault(take.person, []).append(take)
        for take in self._reviewed(within, sources, claims, tagged, placement):
            takes[take.article].setdefault(take.person, []).append(take)
        for take in () if first else self._granted(within, sources, claims):
            own = takes[take.article].setdefault(take.person, [])
            if not any(one.claim == take.claim for one in own):  # else they have said more of it since
                own.append(take)
        for row in self._session.rows(
            "SELECT id, version, markup FROM articles_now"
            " WHERE markup <> '' AND id IN (SELECT value FROM json_each(?))",
            within[0],
        ):
            for own in takes.get(row["id"], {}).values():
                own[:] = [
                    take._replace(
                        words=self._articles.quote_shown(
                            row["markup"], row["version"], take.start, take.end, take.quote
                        )
                    )
                    for take in own
                ]
        for people in takes.values():
            for own in people.values():
                own.sort(key=lambda take: (take.start, -take.end, take.claim))
        return takes

    def _cited(self, within: _Within) -> dict[tuple[str, str], set[str]]:
        """The sources that people rest on, by claim and person (ids): what they cite, and what they have seen."""
        sources: dict[tuple[str, str], set[str]] = {}
        for cited in (
            f'SELECT e.claim, e."by", e.source FROM claims c JOIN evidence e ON e.claim = c.id WHERE {_HERE}',
            'SELECT e.claim, t."by", e.source FROM claims c JOIN evidence e ON e.claim = c.id'
            f" JOIN ticks t ON t.evidence = e.id AND t.deleted = 0 AND t.mark = 'seen' WHERE {_HERE}",
        ):
            asked = f"{cited} AND e.deleted = c.deleted AND e.source <> ''"
            for claim, by, source in self._session.tuples(asked, *within):
                sources.setdefault((claim, by), set()).add(source)
        return sources

    def _tagged(self, within: _Within, sources: Mapping[tuple[str, str], set[str]]) -> Iterator[Take]:
        """What the checkers say of their own claims."""
        types = _Types()
        for id, article, by, start, end, quote, claim_text, keys, verdict, justification in self._session.tuples(
            'SELECT c.id, c.article, c."by", c.start, c."end", c.quote, c.claim_text, c.types,'
            f" ifnull(v.verdict, ''), ifnull(v.justification, '') FROM claims c {_SAID.format('c')} WHERE {_HERE}",
            *within,
        ):
            name = self._session.person(by)
            cites = frozenset(sources.get((id, by), ()))
            yield Take(name, article, id, start, end, quote, claim_text, verdict, justification, types[keys], cites)

    def _reviewed(
        self,
        within: _Within,
        sources: Mapping[tuple[str, str], set[str]],
        claims: Mapping[str, Take],
        tagged: Mapping[str, Take],
        placement: Placement,
    ) -> Iterator[Take]:
        """What the reviewers say of others' claims, by claim as it stands and as its checker ``tagged`` it."""
        for row in self._session.tuples(
            'SELECT r.claim, r."by", r.decision, r.blind, r.start, r."end", r.quote, r.claim_text, r.seen,'
            " c.version, r.version, ifnull(v.verdict, ''), ifnull(v.justification, '') FROM claims c"
            f" JOIN reviews r ON r.claim = c.id {_SAID.format('r')}"
            f" WHERE {_HERE} AND r.deleted = 0 AND r.decision NOT IN ('', 'missing_claim')",
            *within,
        ):
            id, by, decision, blind, start, end, quote, claim_text, seen, here, there, verdict, justification = row
            theirs = claims.get(id)
            if theirs is None:
                continue  # made since the claims were read
            # What is agreed with is what was seen, whatever it is by now.
            saw = _decoded(seen)[0] if seen else _shown(theirs)
            if decision == Decision.AGREE:
                verdict = verdict or saw.get("verdict", "")
            lost = bool(quote) and there != here
            if lost or not end:
                start, end, quote = saw["start"], saw["end"], saw["quote"]
                on = saw.get("version") or (placement.first_version(theirs.article) if seen else here)
                if on != here:
                    span = placement.of(id, (on, (start, end), quote), here)
                    if span is None:
                        continue  # the words that they saw are gone
                    start, end, quote = *span, quote if span != (theirs.start, theirs.end) else theirs.quote
            agreed = tuple(saw["types"]) if decision == Decision.AGREE else None
            found = sources.get((id, by))
            yield Take(
                self._session.person(by), theirs.article, id, start, end, quote, claim_text or saw["claim_text"],
                verdict, justification, agreed, frozenset(found) if found else None, decision, theirs.person,
                (tagged[id].start, tagged[id].end), blind, lost,
            )  # fmt: skip

    def _granted(
        self, within: _Within, sources: Mapping[tuple[str, str], set[str]], claims: Mapping[str, Take]
    ) -> Iterator[Take]:
        """What checkers say of claims that they granted to have missed."""
        for id, by, stale, verdict, justification in self._session.tuples(
            "SELECT r.claim, r.whose, r.stale, ifnull(v.verdict, ''), ifnull(v.justification, '') FROM claims c"
            " JOIN reviews_now r ON r.claim = c.id"
            ' LEFT JOIN verdicts v ON v.claim = c.id AND v."by" = r.whose AND v.deleted = c.deleted'
            f" WHERE {_HERE} AND r.decision = 'missing_claim' AND r.answered = 'accepted'",
            *within,
        ):
            theirs = claims.get(id)
            if theirs is None:
                continue
            found = sources.get((id, by))
            yield theirs._replace(
                person=self._session.person(by), verdict=verdict, justification=justification, types=None,
                sources=frozenset(found) if found else None, decision=Decision.MISSING_CLAIM.value,
                tagger=theirs.person, tagged=(theirs.start, theirs.end), unseen=bool(stale),
            )  # fmt: skip

    def withdrawn(self, article: Article | str) -> list[Claim]:
        """The claims that their checkers deleted by accepting that there is nothing to check, in text order."""
        rows = self._session.rows(
            'SELECT * FROM claims_now WHERE id IN (SELECT value FROM json_each(?)) ORDER BY start, -"end", id',
            json.dumps(self._withdrawn([self._articles.get(article).id])),
        )
        return [self._claims.record(row) for row in rows]

    def _withdrawn(self, articles: Sequence[str]) -> list[str]:
        found = self._session.tuples(
            "SELECT DISTINCT c.id FROM claims c JOIN reviews r ON r.claim = c.id JOIN answers a ON a.review = r.id"
            " WHERE c.article IN (SELECT value FROM json_each(?)) AND c.deleted = 1 AND r.deleted = 0"
            " AND r.decision = 'reject_claim' AND a.deleted = 0 AND a.outcome = 'accepted' AND a.\"by\" = c.\"by\"",
            json.dumps(list(articles)),
        )
        return [id for (id,) in found]

    def _unaccepted(self, claims: Mapping[str, Take], articles: Sequence[str], placement: Placement) -> dict[str, Take]:
        """The checkers' takes, by claim, without what they took over by accepting a proposal."""
        found = dict(claims)
        for id, answered in self._accepted(articles):
            # An answer keeps what it answered, and that keeps what its reviewer had seen.
            decision, _, _, start, end, claim_text, verdict, seen = json.loads(answered)
            take, before = found.get(id), json.loads(seen or "{}")
            if take is None or not before:
                continue
            if end and (take.start, take.end) == (start, end):
                take = self._unmoved(take, before, placement)
            if claim_text and take.claim_text == claim_text:
                take = take._replace(claim_text=before["claim_text"])
            if decision == Decision.CHANGE_VERDICT and take.verdict == verdict:
                take = take._replace(verdict=before.get("verdict", ""))
            found[id] = take
        return found

    def _unmoved(self, take: Take, before: Mapping[str, Any], placement: Placement) -> Take:
        """A take with the edges it had ``before``; as it is, where these words are not in the text any more."""
        ((now,),) = self._session.tuples("SELECT version FROM claims WHERE id = ?", take.claim)
        span, quote = (before["start"], before["end"]), before["quote"]
        on = before.get("version") or placement.first_version(take.article)
        place = span if on == now else placement.of(take.claim, (on, span, quote), now)
        return take._replace(start=place[0], end=place[1], quote=quote) if place else take

    def _accepted(self, articles: Sequence[str]) -> list[tuple[str, str]]:
        """All that checkers have accepted, the newest first: the claim's id, and what was answered.

        What stands of an answer is its last word; what was accepted before that is in the log.
        """
        found: list[tuple[str, str, str]] = []
        often: dict[str, str] = {}
        for claim, answer, outcome, deleted, answered, heads, again in self._session.tuples(
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
                for change in standing(self._session.log.entries(items=[answer]))
                if change.patch.get("outcome") == ACCEPTED
                and change.patch.get("seen")
                and fits("seen", change.patch["seen"])
            ]
        return [(claim, answered) for _, claim, answered in sorted(found, reverse=True)]

    # -- comparing --------------------------------------------------------------------------------------------

    def voices(self, article: Article | str) -> tuple[Person, ...]:
        """The people who have said something about an article that can be compared: its checkers, then reviewers."""
        rows = self._session.rows(
            'SELECT DISTINCT "by", 0 AS later FROM claims WHERE article = ?1 AND deleted = 0'
            ' UNION SELECT DISTINCT r."by", 1 FROM claims c JOIN reviews r ON r.claim = c.id'
            " WHERE c.article = ?1 AND c.deleted = 0 AND r.deleted = 0 AND r.decision NOT IN ('', 'missing_claim')",
            self._articles.get(article).id,
        )
        first: dict[Person, int] = {}
        for row in rows:
            name = self._session.person(row["by"])
            first[name] = min(row["later"], first.get(name, 1))
        return tuple(sorted(first, key=lambda name: (first[name], name.casefold())))

    def compare(self, article: Article | str, people: Sequence[str] = ()) -> Comparison:
        """Compare people's sets on an article; without ``people``, everyone's.

        What belongs together is said in ``store.measure.alignment``. Checkers come before reviewers, and each by name.

        Raises:
            Unknown: one of the people has not worked on this desk.
            Refused: fewer than two of them have said anything about this article.
        """
        article = self._articles.get(article)
        takes = self._takes([article.id]).get(article.id, {})
        taggers = {name for name, own in takes.items() if any(not take.decision for take in own)}
        order = sorted(takes, key=lambda name: (name not in taggers, name.casefold()))
        if people:
            wanted = list(dict.fromkeys(map(self._people.get, people)))
            silent = [name for name in wanted if name not in takes]
            if silent:
                raise Refused(
                    f"{silent[0]} has said nothing about “{shorten(article.title, 40)}” that can be compared."
                )
            order = wanted
        if len(order) < 2:
            raise Refused(
                f"“{shorten(article.title, 40)}” has work by {order[0] if order else 'nobody'} to look at: "
                "comparing takes two people."
            )
        done = {
            one.reviewer
            for one in self._assignments.of(article)
            if one.state == SUBMITTED and one.role != "adjudicator"
        } - {
            one.reviewer
            for one in self._assignments.of(article)
            if one.state != SUBMITTED and one.role != "adjudicator"
        }
        settled = {one.claim: one for one in self.adjudications(article)}
        granted = ("", Decision.MISSING_CLAIM)
        reviewers = {
            name for name in order if name not in taggers or any(take.decision not in granted for take in takes[name])
        }
        sets = [takes[name] for name in order]
        marks = [
            [
                Mark(
                    take.claim,
                    take.start,
                    take.end,
                    take.verdict,
                    tagger=take.tagger,
                    tagged=take.tagged,
                    text=take.claim_text,
                )
                for take in own
            ]
            for own in sets
        ]
        made = [_group(place, sets, reviewers, order, settled) for place in MarkPlaces(order, marks).all()]
        made.sort(key=lambda group: (group.start, -group.end, group.claims))
        return Comparison(article, tuple(order), tuple(made), tuple(name for name in order if name not in done))

    # -- how it was settled ---------------------------------------------------------------------------------

    def adjudications(self, article: Article | str) -> list[Adjudication]:
        """What has been settled on an article, in text order."""
        where = f"c.article = ? AND c.deleted = 0 AND c.{STANDING} AND j.outcome <> ''"
        return self._adjudged(where, self._articles.get(article).id)

    def settled_claims(self, claims: Iterable[str]) -> list[Adjudication]:
        """How some claims (ids) were settled, in text order; those that are not are left out."""
        where = "j.outcome <> '' AND j.claim IN (SELECT value FROM json_each(?))"
        return self._adjudged(where, json.dumps(list(claims)))

    def _adjudged(self, where: str, argument: str) -> list[Adjudication]:
        """The adjudications ``j`` of claims ``c`` that the SQL says."""
        rows = self._session.rows(
            f"SELECT j.*, {taken('j')} AS taken, {CHECK_AGAIN} AS again, a.markup FROM adjudications j"
            f" JOIN claims c ON c.id = j.claim JOIN articles a ON a.id = c.article WHERE j.deleted = 0 AND {where}"
            ' ORDER BY c.start, c."end" DESC, c.id, j.born',
            argument,
        )
        return [self._adjudication(row) for row in rows]

    def conflicts(self, group: Group) -> set[tuple[str, Person]]:
        """The claims of a group, by their ids, with each person of whose word about them two versions contend."""
        found = 'SELECT x.claim, x."by" FROM {} x WHERE x.conflict AND x.deleted = 0 AND x.claim IN {}'
        among = "(SELECT value FROM json_each(?1))"
        asked = [found.format(kind, among) for kind in ("verdicts", "reviews", "evidence")]
        asked.append(f'SELECT id, "by" FROM claims WHERE conflict AND deleted = 0 AND id IN {among}')
        rows = self._session.tuples(" UNION ".join(asked), json.dumps(list(group.claims)))
        return {(claim, self._session.person(by)) for claim, by in rows}

    def settlement(self, group: Group) -> Adjudication | None:
        """How a group is settled now, or None."""
        return _standing(group.claims, {one.claim: one for one in self.settled_claims(group.claims)})

    def _adjudication(self, row: Row) -> Adjudication:
        placed = row["taken"] != "vanished"
        start, end = (row["start"], row["end"]) if placed else (0, 0)
        return self._session.record(
            Adjudication, row, by=self._session.person(row["reviewer"] or row["by"]), start=start, end=end,
            again=row["taken"] or ("changed" if row["again"] else ""),
            quote_shown=self._articles.quote_shown(
                row["markup"], row["version"], row["start"], row["end"], row["quote"]
            ),
        )  # fmt: skip

    def group_of(self, claim: Claim | str, comparison: Comparison) -> Group:
        """The group of a comparison that a claim is in."""
        claim = self._claims.get(claim)
        for group in comparison.groups:
            if claim.id in group.claims:
                return group
        raise Unknown(f"{claim.name} is not among what is compared: its checker or reviewer is not one of the people.")

    def settled(self, article: Article | str) -> list[Settled]:
        """The settled set of an article: the claims that stand, in text order, each with everybody's takes.

        What was settled on words that a correction took away is not in it until it is settled again.
        """
        article = self._articles.get(article)
        takes: dict[str, list[Take]] = defaultdict(list)
        for own in self._takes([article.id]).get(article.id, {}).values():
            for take in own:
                takes[take.claim].append(take)
        claims = {claim.id: claim for claim in self._claims.of(article)}
        return [
            Settled(
                claims[one.claim], one, tuple(take for id in (one.claim, *one.beside) for take in takes.get(id, ()))
            )
            for one in self.adjudications(article)
            if one.stands and one.again != "vanished" and one.claim in claims
        ]


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
