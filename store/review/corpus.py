"""Submitting many sets at once: those of your own that are finished, or those of people whose work was imported."""

from __future__ import annotations

import json
import time
from collections import Counter, defaultdict
from collections.abc import Callable, Iterable, Mapping, Sequence
from typing import NamedTuple

from store.access.people import People
from store.access.permissions import OPEN, SUBMITTED
from store.access.session import Row, Session
from store.check.articles import Articles
from store.check.assignments import Assignments
from store.check.claims import Claims
from store.check.kept_sentences import Coverages
from store.errors import Refused
from store.log.kinds import Patch
from store.log.log import Edit
from store.records import Article
from store.reports import Checked
from store.review.submission import Submissions, submitted
from store.text.coverage import Coverage
from store.vocabulary import Blind, Role

_FIRST, _MOST, _SECONDS = 10, 500, 0.08
"""Articles in the first transaction, the most in one, and how long one may hold the desk."""

_WORK = """
SELECT w.article, w."by", w.role, count(*) AS n, sum(NOT EXISTS (
  SELECT 1 FROM main.changes h JOIN main.changes o ON o.id = h.action
  WHERE h.id = w.born AND o.kind = 'reviewers' AND o.parents <> '[]')) AS by_hand
FROM (
  SELECT article, "by", born, CASE origin WHEN 'review' THEN 'reviewer' ELSE 'checker' END AS role
    FROM main.claims WHERE deleted = 0 AND article IN (SELECT value FROM json_each(?1))
  UNION ALL SELECT c.article, r."by", r.born, 'reviewer' FROM main.claims c CROSS JOIN main.reviews r ON r.claim = c.id
    WHERE c.deleted = 0 AND c.article IN (SELECT value FROM json_each(?1))
      AND r.deleted = 0 AND r.decision NOT IN ('', 'missing_claim')
) w WHERE w."by" IN (SELECT value FROM json_each(?2))
GROUP BY 1, 2, 3
"""
"""People's sets on articles: the claims and reviews in each, and how many were made here by hand.

What comes by import stands in an action that a change of the person who brought it opens: see ``Bringing.bring``.
"""

_BLIND = """
SELECT DISTINCT a.article FROM main.assignments a
WHERE a.deleted = 0 AND a.blind NOT IN ('', 'open') AND a.article IN (SELECT value FROM json_each(?1))
  AND EXISTS (SELECT 1 FROM main.assignments t WHERE t.article = a.article AND t.deleted = 0
    AND t.state <> 'submitted' AND (t.id = a.id OR t.role = 'checker' OR t.blind = 'all'))
"""
"""The articles where a submission might show somebody what is hidden from them."""


class Kept(NamedTuple):
    """A set of your own that could not be submitted; ``why`` is a sentence."""

    article: str  # its id
    role: str
    why: str


class SubmittedMany(NamedTuple):
    """What submitting many sets came to."""

    sets: Mapping[str, int]
    """How many were submitted of each person, by name."""
    checked: Checked
    """How many of the claims in them are checked, and what the others lack."""
    open_sentences: int
    """Sentences of their articles in which nothing is read, …"""
    leftovers: int
    """… and what is left of sentences that are read in part: both are kept with each submission."""
    before: int
    """Sets that were submitted before."""
    unfinished: tuple[Kept, ...]
    """Sets of your own that are not finished and stay open."""
    blind: tuple[str, ...]
    """Ids of the articles that were passed over, because somebody works blind there."""


class _Some(NamedTuple):
    """What came of some articles; ``people`` has the id of each set's person."""

    people: list[str]
    checked: Checked
    open_sentences: int
    leftovers: int
    before: int
    blind: list[str]


class Corpus:
    """Many sets, submitted as one step of undo."""

    def __init__(
        self,
        session: Session,
        articles: Articles,
        claims: Claims,
        coverage: Coverages,
        assignments: Assignments,
        people: People,
        submissions: Submissions,
    ) -> None:
        self._session = session
        self._articles = articles
        self._claims = claims
        self._coverage = coverage
        self._assignments = assignments
        self._people = people
        self._submissions = submissions

    def submit_all(self, of: Sequence[str] = (), progress: Callable[[int, int], None] | None = None) -> SubmittedMany:
        """Submit all open sets of your own that are finished; or, ``of`` people, those that came by import.

        It is done in short transactions, so that others can work meanwhile, as one step of undo, and logged under
        your name also for others' sets. Broken off, what is submitted by then stays; do it again for the rest.

        An imported set need not be finished: what its claims lack is counted. Where somebody works blind on an article
        nobody else's set is submitted, for that might show what is hidden.

        Args:
            of: names; empty for your own. Where you name yourself your imported sets are meant.
            progress: told the articles that are done and all there are.

        Raises:
            Unknown: there is nobody of that name.
            Refused: one of those people made something of their sets by hand: only they can submit them.
        """
        self._session.check_writable()
        with self._session.one_step():
            return self._imported(of, progress) if of else self._own(progress)

    # -- your own -------------------------------------------------------------------------------------------------

    def _own(self, progress: Callable[[int, int], None] | None) -> SubmittedMany:
        claims = self._session.rows(
            "SELECT DISTINCT article FROM claims c WHERE \"by\" = ?1 AND deleted = 0 AND origin <> 'review'"
            " AND NOT EXISTS (SELECT 1 FROM assignments a"
            " WHERE a.article = c.article AND +a.reviewer = ?1 AND a.deleted = 0)",
            self._session.me,
        )
        held = self._assignments.of(person=self._session.reviewer)
        sets = [(one.article, one.role) for one in held if one.state == OPEN]
        sets += [(row["article"], Role.CHECKER.value) for row in claims]
        unfinished: list[Kept] = []
        articles: dict[str, Article] = {}
        done = 0
        for place, (id, role) in enumerate(sets, 1):
            article = self._articles.get(id)
            try:
                self._submissions.submit(article, role)
            except Refused as refusal:
                if type(refusal) is not Refused:  # it is about the desk, not about the set
                    raise refusal.but(_stay(done)) if done else refusal from None
                unfinished.append(Kept(id, role, str(refusal)))
            else:
                done += 1
                articles[id] = article
            if progress:
                progress(place, len(sets))
        left = list(self._coverage.each(articles.values()))
        return SubmittedMany(
            {self._session.reviewer: done},
            self._checked_of(list(articles), [self._session.me]),
            sum(one.open_sentences for one in left),
            sum(one.leftovers for one in left),
            sum(one.state == SUBMITTED for one in held),
            tuple(unfinished),
            (),
        )

    # -- an imported corpus ---------------------------------------------------------------------------------------

    def _imported(self, of: Sequence[str], progress: Callable[[int, int], None] | None) -> SubmittedMany:
        people = {person.id: person for person in map(self._people.get, of)}
        ids = [article.id for article in self._articles.all()]
        self._refuse_by_hand(people, ids)
        found: list[_Some] = []
        at, size = 0, _FIRST
        while at < len(ids):
            began = time.monotonic()
            try:
                with self._session.writing():
                    began = time.monotonic()
                    found.append(self._submit_imported(ids[at : at + size], people))
            except Refused as refusal:
                done = sum(len(one.people) for one in found)
                raise refusal.but(_stay(done)) if done else refusal from None
            at += size
            size = max(1, min(_MOST, int(size * _SECONDS / max(time.monotonic() - began, 1e-3))))
            if progress:
                progress(min(at, len(ids)), len(ids))
        sets = Counter(person for one in found for person in one.people)
        return SubmittedMany(
            {name: sets[id] for id, name in people.items()},
            Checked.total(one.checked for one in found),
            sum(one.open_sentences for one in found),
            sum(one.leftovers for one in found),
            sum(one.before for one in found),
            (),
            tuple(id for one in found for id in one.blind),
        )

    def _refuse_by_hand(self, people: Mapping[str, str], articles: Sequence[str]) -> None:
        blind = self._worked_blind(articles)
        by_hand: dict[str, Counter[str]] = {}
        for row in self._work(people, articles):
            if row["by_hand"] and row["article"] not in blind:
                by_hand.setdefault(people[row["by"]], Counter())[row["article"]] += row["by_hand"]
        if not by_hand:
            return
        told = [
            f"{name} made {_counted(sum(where.values()), 'claim or review', 'claims or reviews')} by hand"
            f" (on {_counted(len(where), 'article', 'articles')})"
            for name, where in by_hand.items()
        ]
        raise Refused(f"{'; '.join(told)}: only they can submit those sets. Nothing was submitted.")

    def _work(self, people: Iterable[str], articles: Sequence[str]) -> list[Row]:
        return self._session.rows(_WORK, json.dumps(articles), json.dumps(list(people)))

    def _worked_blind(self, articles: Sequence[str]) -> set[str]:
        return {row["article"] for row in self._session.rows(_BLIND, json.dumps(articles))}

    def _submit_imported(self, ids: Sequence[str], people: Iterable[str]) -> _Some:
        """Submit the sets of people on some articles, in one transaction."""
        held: dict[tuple[str, str], list[Row]] = defaultdict(list)
        for row in self._session.rows(
            "SELECT * FROM main.assignments WHERE deleted = 0 AND role <> 'adjudicator'"
            " AND article IN (SELECT value FROM json_each(?))",
            json.dumps(ids),
        ):
            held[row["article"], row["reviewer"]].append(row)
        hidden = self._worked_blind(ids)
        blind, before = dict[str, None](), 0
        due: dict[str, list[tuple[str, str, Row | None]]] = defaultdict(list)
        for row in self._work(people, ids):
            article, person, role = row["article"], row["by"], row["role"]
            own = held[article, person]
            mine = [one for one in own if one["role"] == role] or [one for one in own if one["blind"] == Blind.ALL]
            if mine and mine[0]["state"] == SUBMITTED:
                before += 1
            elif article in hidden:
                blind[article] = None
            elif not row["by_hand"]:
                due[article].append((person, role, mine[0] if mine else None))
        articles = self._articles.all(of=due)
        left = list(self._coverage.each(articles))
        edits = [
            self._submission(article, covered, *one)
            for article, covered in zip(articles, left, strict=True)
            for one in due[article.id]
        ]
        if edits:
            self._session.write(edits)
        return _Some(
            [person for article in articles for person, _, _ in due[article.id]],
            self._checked_of([article.id for article in articles], people),
            sum(one.open_sentences for one in left),
            sum(one.leftovers for one in left),
            before,
            list(blind),
        )

    def _submission(self, article: Article, covered: Coverage, person: str, role: str, held: Row | None) -> Edit:
        values = submitted(article, covered)
        if held is not None:
            return Edit("assignments", held["id"], values)
        given: Patch = {"article": article.id, "reviewer": person, "role": role, "deleted": 0}
        given |= {"blind": Blind.OPEN.value, "whose": ""}
        return Edit("assignments", self._assignments.id_for(article.id, person, role), given | values)

    def _checked_of(self, articles: Sequence[str], people: Iterable[str]) -> Checked:
        """How many of people's claims on articles are checked."""
        where = (
            "c.article IN (SELECT value FROM json_each(?1, '$.articles'))"
            " AND c.\"by\" IN (SELECT value FROM json_each(?1, '$.people'))"
        )
        asked = json.dumps({"articles": list(articles), "people": list(people)})
        found = self._claims.required(where, asked, each=False)
        return Checked.total(Checked.alike(row["n"], (lack.what for lack in lacks)) for row, lacks in found)


def _stay(sets: int) -> str:
    return f"{_counted(sets, 'set is', 'sets are')} submitted and stay so"


def _counted(count: int, one: str, many: str) -> str:
    return f"{count:,} {one if count == 1 else many}"
