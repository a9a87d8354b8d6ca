"""Assignments: who checks, reviews or adjudicates which article, how blind, and whether their set is submitted."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import NamedTuple

from store.access.people import People
from store.access.permissions import OPEN, SUBMITTED, Permissions
from store.access.session import Row, Session
from store.check.articles import Articles
from store.errors import Refused, Unknown
from store.log import clock
from store.log.kinds import Patch
from store.log.log import Edit
from store.records import Article, Assignment, Claim
from store.text.shorten import shorten
from store.vocabulary import Blind, Role, Words


class Given(NamedTuple):
    """What came of assigning articles to people: all the assignments, article by article, and the new among them."""

    all: list[Assignment]
    new: list[Assignment]


class Assignments:
    """Who checks, reviews or adjudicates which article, and how blind."""

    def __init__(self, session: Session, may: Permissions, articles: Articles, people: People) -> None:
        self._session = session
        self._may = may
        self._articles = articles
        self._people = people

    # -- reading ----------------------------------------------------------------------------------------------

    def of(self, article: Article | str | None = None, person: str = "") -> list[Assignment]:
        """The assignments on the desk, of one article, or of one person (by name), in the articles' order."""
        where, arguments = "n.deleted = 0 AND a.deleted = 0", []
        if article is not None:
            where += " AND n.article = ?"
            arguments.append(self._articles.get(article).id)
        if person:
            where += " AND n.reviewer = ?"
            arguments.append(self._session.called(person).id)
        rows = self._session.rows(
            f"SELECT n.* FROM assignments n JOIN articles a ON a.id = n.article WHERE {where}"
            " ORDER BY a.born, CASE n.role WHEN 'checker' THEN 0 WHEN 'reviewer' THEN 1 ELSE 2 END, n.born",
            *arguments,
        )
        return [self._record(row) for row in rows]

    def get(self, article: Article | str, person: str, role: str = "") -> Assignment:
        """The assignment of a person (a name) to an article: the one in that role, or their only one.

        Raises:
            Unknown: there is none.
            Refused: they have several, and no role is said.
        """
        about, person = self._articles.get(article), self._people.get(person)
        if role:
            role = word(Role, role, "role")
        found = [one for one in self.of(about, person) if role in ("", one.role)]
        if not found:
            held = f"{person} has no assignment {f'as {role} ' if role else ''}on “{shorten(about.title, 40)}”"
            raise Unknown(f"{held}: see `factdesk assignments`.")
        return the_only(found, f"{person} has several assignments on “{shorten(about.title, 40)}”")

    def mine(self, article: Article | str, role: str) -> Assignment | None:
        """Your own assignment to an article in a role, or None."""
        return self.held(self._articles.get(article).id, role)

    def held(self, article: str, role: str) -> Assignment | None:
        id = self.id_for(article, self._session.me, role)
        rows = self._session.rows("SELECT * FROM assignments WHERE id = ? AND deleted = 0", id)
        return self._record(rows[0]) if rows else None

    def _record(self, row: Row) -> Assignment:
        blind, state = row["blind"] or Blind.OPEN.value, row["state"] or OPEN
        return self._session.record(Assignment, row, blind=blind, state=state)

    def id_for(self, article: str, person: str, role: str) -> str:
        return clock.derived("assignment", article, person, role)

    # -- giving work out --------------------------------------------------------------------------------------

    def assign(
        self,
        articles: Iterable[Article | str],
        people: Sequence[str],
        role: str,
        *,
        blind: str = Blind.OPEN.value,
        whose: str = "",
        each: int = 0,
    ) -> Given:
        """Assign articles to people, in one step of undo.

        Args:
            articles: the articles.
            people: names; who is new joins the desk.
            role: checker, reviewer or adjudicator.
            blind: what is hidden from them: open, verdict or all.
            whose: the checker whose set is to be reviewed; empty for everyone who has tagged.
            each: how many people an article gets, chosen so that those among ``people`` have as even a load of open
                work as can be; 0 gives each article to all of them.

        A reviewer never gets their own work, an adjudicator nothing they checked or reviewed (unless the scheme lets
        anyone settle). Anyone who has that assignment already keeps it. Where somebody is blind to all others, those
        they are compared with get a set to submit, because nothing shows before both have submitted.

        Raises:
            Refused: nobody of the people may do an article, somebody has it already on other terms, or a word is not
                one of those allowed.
        """
        role, blind = word(Role, role, "role"), word(Blind, blind, "blind level")
        if unfit := cannot_hide(role, blind):
            raise Refused(unfit)
        if not people:
            raise Refused("Name the people who get the articles.")
        from store.access.even_shares import spread

        chosen = [self._articles.get(article) for article in articles]
        made: list[tuple[str, bool]] = []
        with self._session.writing():
            ids = list(dict.fromkeys(self._session.join(name) for name in people))
            reviewed = self._people.get(whose).id if whose else ""
            parties = {article.id: self._parties(article.id) for article in chosen}
            jobs = [self._able(article, ids, role, reviewed, each, parties[article.id]) for article in chosen]
            holding = [
                {id for id in able if self._has(article.id, id, role)}
                for article, able in zip(chosen, jobs, strict=True)
            ]
            for article, held in [] if each else zip(chosen, holding, strict=True):
                for id in held:
                    self._same_terms(article, id, role, blind, reviewed)
            doing = spread(jobs, holding, each, self._load()) if each else jobs
            for article, those, held in zip(chosen, doing, holding, strict=True):
                made += [(self.give(article.id, id, role, blind, reviewed), id not in held) for id in those]
                if blind == Blind.ALL:
                    for id in [reviewed] if reviewed else sorted(parties[article.id]["claims"]):
                        self._give_set(article.id, id)
        rows = [(self._session.rows("SELECT * FROM assignments WHERE id = ?", id)[0], new) for id, new in made]
        given = [(self._record(row), new) for row, new in rows]
        return Given([one for one, _ in given], [one for one, new in given if new])

    def _able(
        self, article: Article, ids: Sequence[str], role: str, reviewed: str, each: int, parties: Mapping[str, set[str]]
    ) -> list[str]:
        """Who of some people may do an article; Refused when they are fewer than it needs."""
        barred: set[str] = set()
        if role == Role.REVIEWER:
            barred = {reviewed} if reviewed else parties["claims"]
        elif role == Role.ADJUDICATOR and not self._session.scheme.review.anyone_adjudicates:
            barred = parties["claims"] | parties["reviews"]
        able = [id for id in ids if id not in barred]
        if len(able) < (each or 1):
            told = [id for id in ids if id in barred and not self._may.apart(article.id, id)]
            own = ", ".join(map(self._session.person, told))
            raise Refused(
                f"“{shorten(article.title, 40)}” needs {each or 1} as {role}, and {len(able)} of those named "
                f"can be that{f': {own} worked on it already' if own else ''}; name others."
            )
        return able

    def _load(self) -> dict[str, int]:
        """How many open assignments people have, by id."""
        asked = "SELECT reviewer, count(*) AS n FROM main.assignments WHERE deleted = 0 AND state <> ? GROUP BY 1"
        return {row["reviewer"]: row["n"] for row in self._session.rows(asked, SUBMITTED)}

    def _has(self, article: str, person: str, role: str) -> bool:
        row = self._session.log.row("assignments", self.id_for(article, person, role))
        return row is not None and not row["deleted"]

    def give(self, article: str, person: str, role: str, blind: str, whose: str) -> str:
        id = self.id_for(article, person, role)
        if not self._has(article, person, role):
            values: Patch = {"article": article, "reviewer": person, "role": role, "deleted": 0}
            self._session.write([Edit("assignments", id, values | {"blind": blind, "whose": whose, "state": OPEN})])
        return id

    def _same_terms(self, article: Article, person: str, role: str, blind: str, whose: str) -> None:
        """Refuse to give on other terms what somebody has: what they were told holds until it is taken back."""
        row = self._session.log.row("assignments", self.id_for(article.id, person, role)) or {}
        now = (row["blind"] or Blind.OPEN.value, row["whose"])
        if now == (blind, whose):
            return
        terms = ", ".join(
            filter(None, [f"blind: {now[0]}", f"of {self._session.person(str(now[1]))}" if now[1] else ""])
        )
        raise Refused(
            f"{self._session.person(person)} has “{shorten(article.title, 40)}” as {role} already ({terms}): take that "
            "back first to give it on other terms."
        )

    def _give_set(self, article: str, person: str) -> None:
        """A checker's set for somebody who is compared with one who is blind to all, unless they have a set."""
        held = self._session.rows(
            "SELECT 1 AS x FROM main.assignments WHERE article = ? AND +reviewer = ? AND deleted = 0"
            " AND (role = 'checker' OR blind = 'all')",
            article,
            person,
        )
        if not held:
            self.give(article, person, Role.CHECKER.value, Blind.OPEN.value, "")

    def join_the_blind(self, article: str, me: str) -> None:
        """Anyone who begins to check where somebody is still blind to all others is hidden from them, and they from
        it."""
        if self._session.rows(
            "SELECT 1 AS x FROM main.assignments WHERE article = ? AND deleted = 0 AND blind = 'all'"
            " AND state <> 'submitted' AND (whose = '' OR whose = ?) LIMIT 1",
            article,
            me,
        ):
            self._give_set(article, me)

    def _parties(self, article: str) -> dict[str, set[str]]:
        """Who has tagged or is to check, and who has reviewed in an article, hidden or not."""
        claims = (
            "SELECT \"by\" FROM main.claims WHERE article = ?1 AND deleted = 0 AND origin <> 'review'"
            " UNION SELECT reviewer FROM main.assignments WHERE article = ?1 AND deleted = 0 AND role = 'checker'"
        )
        reviews = (
            'SELECT DISTINCT r."by" FROM main.reviews r JOIN main.claims c ON c.id = r.claim'
            " WHERE c.article = ? AND r.deleted = 0 AND r.decision <> ''"
        )
        return {
            name: {row["by"] for row in self._session.rows(sql, article)}
            for name, sql in (("claims", claims), ("reviews", reviews))
        }

    def verdict_hidden(self, claim: Claim) -> bool:
        """Whether others' verdicts on a claim are hidden from the person who is looking until they give their own."""
        return self.hides(claim, self.held(claim.article, Role.REVIEWER.value))

    def hides(self, claim: Claim, held: Assignment | None) -> bool:
        if claim.checker.id == self._session.me:
            return False
        if held is None or held.blind != Blind.VERDICT or held.state != OPEN:
            return False
        mine = self._session.log.row("verdicts", clock.derived("verdict", claim.id, self._session.me))
        return not (mine and mine["verdict"] and not mine["deleted"])


def cannot_hide(role: str, blind: str) -> str:
    """Why a blind level cannot be given to somebody in a role, as a sentence; empty when it can."""
    if role == Role.ADJUDICATOR and blind != Blind.OPEN:
        return "An adjudicator compares what others have said: nothing can be hidden from them."
    if role == Role.CHECKER and blind == Blind.VERDICT:
        return "A checker gives the first verdict: there is none to hide; the level “all” hides everything."
    return ""


def the_only(held: Sequence[Assignment], several: str) -> Assignment:
    """The only one of some assignments. Raises Refused, with ``several``, when there are more."""
    if len(held) > 1:
        raise Refused(f"{several}: say --role {' or '.join(one.role for one in held)}.")
    return held[0]


def word(words: type[Words], said: str, what: str) -> str:
    """A word that must be one of an enumeration. Raises Refused, with all of them, when it is not."""
    choices = [str(word) for word in words]
    if said not in choices:
        raise Refused(f"“{shorten(said, 30)}” is not a valid {what}: use one of {', '.join(choices)}.")
    return said
