"""Submitting your set on an article: what is not finished, the lock, and opening it again."""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Sequence
from contextlib import suppress
from typing import NamedTuple

from store.access.permissions import OPEN, SUBMITTED, Permissions
from store.access.session import Session
from store.check.articles import Articles
from store.check.assignments import Assignments, the_only, word
from store.check.claims import WORDS_CHANGED, Claims
from store.check.evidence import Citations
from store.check.kept_sentences import Coverages
from store.errors import Refused
from store.log import clock
from store.log.fold import Entry, fold
from store.log.kinds import KINDS, Patch
from store.log.log import Edit
from store.person import Person
from store.records import ACCEPTED, Article, Assignment, Claim
from store.reports import Unfinished
from store.review.queue import is_due, left_of
from store.review.reviews import Reviews
from store.settle.adjudication import Settlements
from store.text.coverage import Coverage, Place
from store.text.shorten import shorten
from store.vocabulary import Blind, Left, Role


class Unread(NamedTuple):
    """What was left unread when somebody submitted a set: places in a version of the article's text, in its order.

    ``places`` is None where it was not recorded, as by earlier editions of factdesk.
    """

    article: str
    person: Person
    role: str
    version: str
    places: tuple[Place, ...] | None


class ChangedSet(NamedTuple):
    """What is not in a submitted set as it was when it was submitted: what was accepted, or done behind its lock."""

    assignment: str
    claims: tuple[str, ...]  # their ids, in text order
    sweeps: int

    @property
    def changes(self) -> int:
        """How many claims and sweeps."""
        return len(self.claims) + self.sweeps


_OF_CHECKER = "(c.\"by\" = s.reviewer AND c.origin <> 'review')"
_GRANTED = (
    "EXISTS (SELECT 1 FROM reviews r WHERE r.claim = c.id AND r.decision = 'missing_claim' AND r.whose = s.reviewer)"
)
_PARTS = (
    ("checker", "claims", "c", "", _OF_CHECKER),
    ("checker", "verdicts", "x", "JOIN verdicts x ON x.claim = c.id", f"({_OF_CHECKER} OR {_GRANTED})"),
    ("checker", "evidence", "x", "JOIN evidence x ON x.claim = c.id", f"({_OF_CHECKER} OR {_GRANTED})"),
    ("checker", "answers", "x", "JOIN reviews y ON y.claim = c.id JOIN answers x ON x.review = y.id",
     "y.decision = 'missing_claim' AND y.whose = s.reviewer"),
    ("checker", "sources", "x", "JOIN evidence e ON e.claim = c.id AND e.deleted = 0 JOIN sources x ON x.id = e.source",
     f'{_OF_CHECKER} AND e."by" = s.reviewer'),
    ("reviewer", "claims", "c", "", "c.\"by\" = s.reviewer AND c.origin = 'review'"),
    ("reviewer", "reviews", "x", "JOIN reviews x ON x.claim = c.id", "1"),
    ("reviewer", "verdicts", "x", "JOIN verdicts x ON x.claim = c.id", f"NOT {_OF_CHECKER}"),
    ("reviewer", "evidence", "x", "JOIN evidence x ON x.claim = c.id", f"NOT {_OF_CHECKER}"),
    ("reviewer", "ticks", "x", "JOIN evidence e ON e.claim = c.id JOIN ticks x ON x.evidence = e.id", "1"),
    ("adjudicator", "adjudications", "x", "JOIN adjudications x ON x.claim = c.id", "x.reviewer = s.reviewer"),
)  # fmt: skip
"""What a set is made of: role, kind, its name in the query, how it hangs on the claim ``c``, and what else holds of
it in the set ``s``."""

_BY_OTHERS = ("sources", "adjudications")  # parts of a set, no matter who wrote them

_SETS = (
    "WITH sets AS (SELECT n.id, n.article, n.reviewer, n.role, n.blind, (SELECT max(b.id) FROM main.changes a"
    " JOIN main.changes b ON b.action = a.action WHERE a.item = n.id"
    " AND json_extract(a.patch, '$.state') = 'submitted' AND a.id = (SELECT max(z.id) FROM main.changes z"
    " WHERE z.item = n.id AND json_extract(z.patch, '$.state') IS NOT NULL)) AS mark"
    f" FROM assignments n WHERE n.deleted = 0 AND n.state = '{SUBMITTED}' AND (?1 = '' OR n.article = ?1)) "
)


def _touched() -> str:
    """The query for all in submitted sets that has a change made after the set was submitted."""
    asked = [
        f"SELECT s.id AS assignment, s.mark, '{kind}' AS kind, {name}.id AS item, c.id AS claim, c.start, c.\"end\""
        f" FROM sets s JOIN claims c ON c.article = s.article {joined}"
        f" WHERE (s.role = '{role}'" + (" OR s.blind = 'all'" if role == "checker" else "") + f") AND {holds}"
        + ("" if kind in _BY_OTHERS else f' AND {name}."by" = s.reviewer')
        + f" AND substr({name}.heads, -36) > s.mark"
        for role, kind, name, joined, holds in _PARTS
    ]  # fmt: skip
    asked.append(
        "SELECT s.id, s.mark, 'sweeps', x.id, '', x.start, x.\"end\" FROM sets s JOIN sweeps x ON x.article = s.article"
        " AND x.\"by\" = s.reviewer WHERE (s.role = 'checker' OR s.blind = 'all') AND substr(x.heads, -36) > s.mark"
    )
    return _SETS + " UNION ALL ".join(asked) + " ORDER BY 6, 7 DESC, 5"


_TOUCHED = _touched()


class Submissions:
    """Sets that are finished: submitting them, and opening them again."""

    def __init__(
        self,
        session: Session,
        may: Permissions,
        articles: Articles,
        claims: Claims,
        evidence: Citations,
        coverage: Coverages,
        assignments: Assignments,
        reviews: Reviews,
        settlements: Settlements,
    ) -> None:
        self._session = session
        self._may = may
        self._articles = articles
        self._claims = claims
        self._evidence = evidence
        self._coverage = coverage
        self._assignments = assignments
        self._reviews = reviews
        self._settlements = settlements

    def submit(self, article: Article | str, role: str = "") -> Assignment:
        """Submit your set on an article: it is finished, and locked until `reopen`.

        Without a role it is your only open set, or what you have checked unassigned. The sentences and leftovers that
        are still unread are kept with it: see `unread`. An adjudicator's submission also settles what all who looked
        agree on and they may settle; `Settlements.unsettled` tells what is left.

        Raises:
            Refused: something in it is not finished; the sentence says what. Or no role is said, and you have several
                sets or have done nothing.
        """
        article = self._articles.get(article)
        with self._session.writing() as me:
            role = word(Role, role or self._role(article), "role")
            if role == Role.ADJUDICATOR:
                self._settlements.settle_agreed(article)
            held = self.may_submit(article, role)
            id = self._assignments.give(article.id, me, role, Blind.OPEN.value, "")
            values = submitted(article, self._coverage.of(article))
            self._session.write([Edit("assignments", id, values, held.heads if held else None)])
        found = self._assignments.mine(article, role)
        assert found is not None
        return found

    def may_submit(self, article: Article | str, role: str) -> Assignment | None:
        """Refuse to submit your set before you are asked about it; gives the assignment, if there is one.

        Raises:
            Refused: as for `submit`.
        """
        article = self._articles.get(article)
        held = self._assignments.mine(article, role)
        if held is not None and held.state == SUBMITTED:
            raise Refused(f"Your set on “{shorten(article.title, 40)}” is submitted already.")
        missing = self.unfinished(article, role)
        if missing:
            some = "; ".join(one.words for one in missing[:5])
            some += f"; and {len(missing) - 5} more" if len(missing) > 5 else ""
            raise Refused(f"This cannot be submitted yet: {some}.")
        return held

    def is_submitted(self, article: Article | str, role: str) -> bool:
        """Whether your set on an article, in a role, is submitted: nothing of it can be changed before `reopen`."""
        return self._may.is_submitted(self._articles.get(article).id, Role(word(Role, role, "role")))

    def _role(self, article: Article) -> str:
        """The role in which you have something to submit: that of your only set, or checker where you have tagged."""
        held = self._assignments.of(article, self._session.reviewer)
        if held := [one for one in held if one.state == OPEN] or held:
            return the_only(held, f"You have several sets on “{shorten(article.title, 40)}”").role
        if self._tagged(article):
            return Role.CHECKER
        raise Refused(
            f"You have done nothing on “{shorten(article.title, 40)}” yet: say --role to submit an empty set."
        )

    def reopen(self, article: Article | str, role: str = "") -> Assignment:
        """Reopen your submitted set, or without a role your only one; how often you did is kept.

        Raises:
            Refused: it is not submitted, or you have submitted several; or it was kept apart from others' and a claim
                has been settled since.
        """
        article = self._articles.get(article)
        with self._session.writing():
            role = word(Role, role, "role") if role else ""
            mine = self._assignments.of(article, self._session.reviewer)
            done = [one for one in mine if one.state == SUBMITTED and role in ("", one.role)]
            if not done:
                as_what = f" as {role}" if role else ""
                raise Refused(f"You have submitted nothing{as_what} on “{shorten(article.title, 40)}”.")
            held = the_only(done, f"You have submitted several sets on “{shorten(article.title, 40)}”")
            self._may.may_reopen(article.id, Role(held.role))
            values: Patch = {"state": OPEN, "reopened": held.reopened + 1, "version": "", "unread": ""}
            self._session.write([Edit("assignments", held.id, values, held.heads)])
        found = self._assignments.mine(article, held.role)
        assert found is not None
        return found

    def unread(self, article: Article | str) -> list[Unread]:
        """What those who checked an article had left unread when they submitted, as far as it may be seen."""
        rows = self._session.rows(
            "SELECT article, reviewer, role, version, unread FROM assignments WHERE article = ? AND deleted = 0"
            f" AND state = '{SUBMITTED}' AND (role = 'checker' OR blind = 'all') ORDER BY born",
            self._articles.get(article).id,
        )
        return [
            Unread(
                row["article"],
                self._session.person(row["reviewer"]),
                row["role"],
                row["version"],
                _places(row["unread"]),
            )
            for row in rows
            if not self._may.apart(row["article"], row["reviewer"])
        ]

    def changed(self, article: Article | str | None = None) -> dict[str, ChangedSet]:
        """What has changed in the submitted sets of an article, or of all, by the assignments' ids; those in which
        all is as it was submitted are left out, and what was changed and changed back does not count."""
        about = self._articles.get(article).id if article is not None else ""
        claims: dict[str, dict[str, None]] = {}
        sweeps: Counter[str] = Counter()
        for row in self._session.rows(_TOUCHED, about):
            if not self._differs(row["kind"], row["item"], row["mark"]):
                continue
            if row["kind"] == "sweeps":
                sweeps[row["assignment"]] += 1
            else:
                claims.setdefault(row["assignment"], {})[row["claim"]] = None
        return {one: ChangedSet(one, tuple(claims.get(one, ())), sweeps[one]) for one in {**claims, **sweeps}}

    def _differs(self, kind: str, item: str, mark: str) -> bool:
        """Whether an item says something else than after the change ``mark``."""
        entries = self._session.log.entries(items=[item])
        now, before = (self._told(kind, some) for some in (entries, [one for one in entries if one.id <= mark]))
        if kind in ("claims", "sweeps") and now and before and now["version"] != before["version"]:
            self._take_along(item, before, now)
        return now != before

    def _take_along(self, item: str, before: Patch, now: Patch) -> None:
        """Put what moved with a correction, and changed in nothing, to its new place in what was said before."""
        asked = "SELECT before FROM main.transfers WHERE item = ? AND deleted = 0 AND outcome = 'carried'"
        carried = {before for (before,) in self._session.log.rows(asked, (item,))}
        same = before["quote"] == now["quote"] or before["quote"] in carried
        for column in ("version", "start", "end", *(["quote"] if same else []), "prefix", "suffix"):
            if column in now:
                before[column] = now[column]

    def _told(self, kind: str, entries: Sequence[Entry]) -> Patch:
        """What some changes of an item come to; nothing when it is deleted or, as an answer, does not accept."""
        if not entries:
            return {}
        row = fold(KINDS[kind], entries).row
        if row["deleted"] or (kind == "answers" and row["outcome"] != ACCEPTED):
            return {}
        return {column: row[column] for column in KINDS[kind].columns if kind != "answers" or column == "outcome"}

    def unfinished(self, article: Article | str, role: str) -> list[Unfinished]:
        """What keeps your set from being submitted: open claims of a checker, unreviewed ones of a reviewer, disputes
        of an adjudicator. In text order; empty when nothing does."""
        article = self._articles.get(article)
        held = self._assignments.mine(article, role)
        if role == Role.CHECKER or (role == Role.REVIEWER and held is not None and held.blind == Blind.ALL):
            return self._unchecked(article)
        if role == Role.REVIEWER:
            return self._unreviewed(article, held.whose.id if held else "")
        return self._settlements.open_places(article)

    def _tagged(self, article: Article) -> list[Claim]:
        """Your own claims on an article; those that you reported missing are not among them."""
        me = self._session.me
        return [claim for claim in self._claims.of(article) if claim.checker.id == me and not claim.missed]

    def _unchecked(self, article: Article) -> list[Unfinished]:
        found = []
        again = {id for id, lacks in self._claims.lacking(article).items() if WORDS_CHANGED in lacks}
        for claim in self._tagged(article):
            own = self._session.rows(
                "SELECT verdict, justification FROM verdicts WHERE id = ? AND deleted = 0",
                clock.derived("verdict", claim.id, self._session.me),
            )
            if not own or not own[0]["verdict"]:
                found.append(Unfinished(claim.id, claim.name, Left.NO_VERDICT))
                continue
            stances = [piece.stance for piece in self._evidence.of(claim)]
            lacks = self._session.scheme.lacks(own[0]["verdict"], own[0]["justification"], stances)
            if claim.id in again:
                lacks = [*lacks, WORDS_CHANGED.sentence]
            found += [Unfinished(claim.id, claim.name, Left.LACKS, lack) for lack in lacks]
        return found

    def _unreviewed(self, article: Article, whose: str) -> list[Unfinished]:
        return [
            Unfinished(claim.id, claim.name, left_of(claim, review))
            for claim, review in self._reviews.under_review(article, whose).claims
            if is_due(claim, review)
        ]


def submitted(article: Article, covered: Coverage) -> Patch:
    """What a submission writes down: that it is one, and what is unread in that version of the text."""
    places = [(start, end, int(leftover)) for start, end, leftover in covered.residue]
    return {"state": SUBMITTED, "version": article.version, "unread": json.dumps(places)}


def _places(unread: str) -> tuple[Place, ...] | None:
    """What is kept with a submission, as start, end and whether it is a leftover; None when that cannot be read."""
    with suppress(ValueError, TypeError, OverflowError):
        places = [Place(int(start), int(end), bool(leftover)) for start, end, leftover in json.loads(unread)]
        return tuple(place for place in places if 0 <= place.start < place.end)
    return None
