"""Assignments: who checks, reviews or adjudicates which article, how blind, and whether their set is submitted."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from difflib import get_close_matches
from typing import NamedTuple

from store.access.lookup import Row
from store.access.people import check_name, reviewer_id
from store.access.permissions import OPEN, SUBMITTED
from store.access.spread import spread
from store.errors import Refused, Unknown
from store.history.restore import Bringing
from store.history.words import shorten
from store.log import clock
from store.log.kinds import Patch
from store.log.log import Edit
from store.records import Article, Assignment, Blind, Reviewer, Role, ShelfRow, Words


class Next(NamedTuple):
    """What to work on next: an article, and the assignment of one's own to it, if there is one."""

    article: Article
    assignment: Assignment | None


class Assigning(Bringing):
    """The door, for handing out work and handing it in."""

    # -- people -----------------------------------------------------------------------------------------------

    def person(self, name: str) -> Reviewer:
        """The person of that name who has worked here or been given work.

        Raises:
            Unknown: there is none; names close to it are offered.
        """
        id = reviewer_id(name)
        rows = self._rows("SELECT id, name FROM reviewers WHERE id = ?", id)
        if not rows:
            near, names = self.near(name), [person.name for person in self.reviewers()]
            mend = f"did you mean {' or '.join(near)}?" if near else f"known are {', '.join(names[:8]) or 'none yet'}."
            raise Unknown(f"Nobody called “{shorten(name, 40)}” has worked on this desk: {mend}")
        return Reviewer(rows[0]["id"], rows[0]["name"])

    def near(self, name: str) -> list[str]:
        """The names on this desk that are nearly that one, the nearest first; at most three."""
        folded = {person.name.casefold(): person.name for person in self.reviewers()}
        return [folded[close] for close in get_close_matches(check_name(name).casefold(), list(folded), 3)]

    # -- reading ----------------------------------------------------------------------------------------------

    def assignments(self, article: Article | str | None = None, person: str = "") -> list[Assignment]:
        """The assignments on the desk, of one article, or of one person (by name), in the articles' order."""
        where, arguments = "n.deleted = 0 AND a.deleted = 0", []
        if article is not None:
            where += " AND n.article = ?"
            arguments.append(self.article(article).id)
        if person:
            where += " AND n.reviewer = ?"
            arguments.append(reviewer_id(person))
        rows = self._rows(
            f"SELECT n.* FROM assignments n JOIN articles a ON a.id = n.article WHERE {where}"
            " ORDER BY a.born, CASE n.role WHEN 'checker' THEN 0 WHEN 'reviewer' THEN 1 ELSE 2 END, n.born",
            *arguments,
        )
        return [self._assignment(row) for row in rows]

    def assignment(self, article: Article | str, role: str) -> Assignment | None:
        """One's own assignment to an article in a role, or None."""
        return self._held(self.article(article).id, role)

    def _held(self, article: str, role: str) -> Assignment | None:
        id = self._assignment_id(article, reviewer_id(self.reviewer), role) if self.reviewer else ""
        rows = self._rows("SELECT * FROM assignments WHERE id = ? AND deleted = 0", id)
        return self._assignment(rows[0]) if rows else None

    def _assignment(self, row: Row) -> Assignment:
        whose = self._name(row["whose"]) if row["whose"] else ""
        return Assignment(
            row["id"], row["article"], self._name(row["reviewer"]), row["role"], row["blind"] or Blind.OPEN.value,
            whose, row["state"] or OPEN, row["reopened"], self._name(row["by"]), **self._tail(row),
        )  # fmt: skip

    def _assignment_id(self, article: str, person: str, role: str) -> str:
        return clock.derived("assignment", article, person, role)

    def take_next(self, among: Iterable[ShelfRow] | None = None) -> Next | None:
        """What one works on next; None when nothing is left.

        First one's open assignments: what can be done now, of that what one has begun, then the order of the desk.
        Else the next article with something to check: a claim without a verdict, or words that nobody has read.

        Args:
            among: the articles to look through when nothing is assigned, as the shelf has them; without them, all.
        """
        mine = [one for one in self.assignments(person=self.reviewer) if one.state == OPEN] if self.reviewer else []
        if mine:
            begun = {
                row["article"]
                for row in self._rows(
                    'SELECT DISTINCT article FROM claims WHERE deleted = 0 AND "by" = ?1 UNION SELECT c.article'
                    ' FROM reviews r JOIN claims c ON c.id = r.claim WHERE r.deleted = 0 AND r."by" = ?1',
                    self._me,
                )
            }
            one = min(mine, key=lambda one: (not self._ready(one), one.article not in begun))
            return Next(self.article(one.article), one)
        for row in self.shelf() if among is None else among:
            if not self.is_finished(row):
                return Next(row.article, None)
        return None

    def _ready(self, one: Assignment) -> bool:
        """Whether an assignment of one's own can be done now: there is something to review, or to compare."""
        if one.role == Role.CHECKER or one.blind == Blind.ALL:
            return True
        rows = self._rows(
            'SELECT DISTINCT "by" FROM claims WHERE article = ?1 AND deleted = 0 UNION SELECT DISTINCT r."by"'
            " FROM reviews r JOIN claims c ON c.id = r.claim WHERE c.article = ?1 AND r.deleted = 0 AND ?2",
            one.article,
            int(one.role == Role.ADJUDICATOR),
        )
        people = {row["by"] for row in rows}
        if one.role == Role.ADJUDICATOR:
            return len(people) > 1
        return reviewer_id(one.whose) in people if one.whose else bool(people - {self._me})

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
    ) -> list[Assignment]:
        """Give articles to people, as one step of undo.

        Args:
            articles: the articles.
            people: names; who is new joins the desk.
            role: checker, reviewer or adjudicator.
            blind: what is hidden from them: open, verdict or all.
            whose: the checker whose set is to be reviewed; empty for whoever has tagged.
            each: how many people an article gets, chosen so that those among ``people`` have as even a load of open
                work as can be; 0 gives each article to all of them.

        A reviewer never gets their own work, an adjudicator nothing they checked or reviewed (unless the scheme lets
        anyone settle). Whoever has that assignment already keeps it. Where somebody is blind to all others, whoever
        they are compared with gets a set to submit, for nothing shows before both have submitted.

        Raises:
            Refused: nobody of the people may do an article, somebody has it already on other terms, or a word is not
                one of those allowed.
        """
        role, blind = word(Role, role, "role"), word(Blind, blind, "blind level")
        if blind != Blind.OPEN and role == Role.ADJUDICATOR:
            raise Refused("An adjudicator compares what others have said: nothing can be hidden from them.")
        if blind == Blind.VERDICT and role == Role.CHECKER:
            raise Refused("A checker gives the first verdict: there is none to hide; blind “all” hides everything.")
        if not people:
            raise Refused("Nobody was named to give the articles to.")
        chosen = [self.article(article) for article in articles]
        made: list[str] = []
        with self._writing():
            ids = list(dict.fromkeys(self._person(name) for name in people))
            reviewed = self.person(whose).id if whose else ""
            load = {
                row["reviewer"]: row["n"]
                for row in self._rows(
                    "SELECT reviewer, count(*) AS n FROM main.assignments WHERE deleted = 0 AND state <> ? GROUP BY 1",
                    SUBMITTED,
                )
            }
            parties_of = {article.id: self._parties(article.id) for article in chosen}
            jobs: list[list[str]] = []
            holding: list[set[str]] = []
            for article in chosen:
                parties = parties_of[article.id]
                barred: set[str] = set()
                if role == Role.REVIEWER:
                    barred = {reviewed} if reviewed else parties["claims"]
                elif role == Role.ADJUDICATOR and not self.scheme.review.anyone_adjudicates:
                    barred = parties["claims"] | parties["reviews"]
                able = [id for id in ids if id not in barred]
                if len(able) < (each or 1):
                    told = [id for id in ids if id in barred and not self._apart(article.id, id)]
                    own = ", ".join(map(self._name, told))
                    raise Refused(
                        f"“{shorten(article.title, 40)}” needs {each or 1} as {role}, and {len(able)} of those named "
                        f"can be that{f': {own} worked on it already' if own else ''}; name others."
                    )
                held = {id for id in able if self._has(article.id, id, role)}
                for id in [] if each else held:
                    self._same_terms(article, id, role, blind, reviewed)
                jobs.append(able)
                holding.append(held)
            for article, doing in zip(chosen, spread(jobs, holding, each, load) if each else jobs, strict=True):
                made += [self._give(article.id, id, role, blind, reviewed) for id in doing]
                if blind == Blind.ALL:
                    for id in [reviewed] if reviewed else sorted(parties_of[article.id]["claims"]):
                        self._give_set(article.id, id)
        return [self._assignment(self._rows("SELECT * FROM assignments WHERE id = ?", id)[0]) for id in made]

    def _has(self, article: str, person: str, role: str) -> bool:
        row = self.log.row("assignments", self._assignment_id(article, person, role))
        return row is not None and not row["deleted"]

    def _give(self, article: str, person: str, role: str, blind: str, whose: str) -> str:
        id = self._assignment_id(article, person, role)
        if not self._has(article, person, role):
            values: Patch = {"article": article, "reviewer": person, "role": role, "deleted": 0}
            self._write([Edit("assignments", id, values | {"blind": blind, "whose": whose, "state": OPEN})])
        return id

    def _same_terms(self, article: Article, person: str, role: str, blind: str, whose: str) -> None:
        """Refuse to give on other terms what somebody has: what they were told holds until it is taken back."""
        row = self.log.row("assignments", self._assignment_id(article.id, person, role)) or {}
        now = (row["blind"] or Blind.OPEN.value, row["whose"])
        if now == (blind, whose):
            return
        terms = ", ".join(filter(None, [f"blind: {now[0]}", f"of {self._name(str(now[1]))}" if now[1] else ""]))
        raise Refused(
            f"{self._name(person)} has “{shorten(article.title, 40)}” as {role} already ({terms}): take that back "
            "first to give it on other terms."
        )

    def _give_set(self, article: str, person: str) -> None:
        """A checker's set for somebody who is compared with one who is blind to all, unless they have a set."""
        held = self._rows(
            "SELECT 1 AS x FROM main.assignments WHERE article = ? AND +reviewer = ? AND deleted = 0"
            " AND (role = 'checker' OR blind = 'all')",
            article,
            person,
        )
        if not held:
            self._give(article, person, Role.CHECKER.value, Blind.OPEN.value, "")

    def _join_the_blind(self, article: str, me: str) -> None:
        """Whoever begins to check where somebody is still blind to all others is hidden from them, and they from it."""
        if self._rows(
            "SELECT 1 AS x FROM main.assignments WHERE article = ? AND deleted = 0 AND blind = 'all'"
            " AND state <> 'submitted' AND (whose = '' OR whose = ?) LIMIT 1",
            article,
            me,
        ):
            self._give_set(article, me)

    def bring(self, records: Iterable[Mapping[str, object]]) -> list[str]:
        """As in `Bringing`; whose claims or sweeps come in is then hidden from who is blind to all, as who tags is."""
        records = list(records)
        checked = {
            (str(record.get("article", "")), str(record.get("by", "")))
            for record in records
            if record.get("kind") in ("claims", "sweeps") and not record.get("origin")
        }
        with self._writing():
            ids = super().bring(records)
            for article, name in sorted(checked):
                self._join_the_blind(article, self._person(name))
        return ids

    def _parties(self, article: str) -> dict[str, set[str]]:
        """Who has tagged or is to check, and who has reviewed in an article, hidden or not."""
        claims = (
            "SELECT \"by\" FROM main.claims WHERE article = ?1 AND deleted = 0 AND origin = ''"
            " UNION SELECT reviewer FROM main.assignments WHERE article = ?1 AND deleted = 0 AND role = 'checker'"
        )
        reviews = (
            'SELECT DISTINCT r."by" FROM main.reviews r JOIN main.claims c ON c.id = r.claim'
            " WHERE c.article = ? AND r.deleted = 0 AND r.decision <> ''"
        )
        return {
            name: {row["by"] for row in self._rows(sql, article)}
            for name, sql in (("claims", claims), ("reviews", reviews))
        }


def word(words: type[Words], said: str, what: str) -> str:
    """A word that must be one of an enumeration. Raises Refused, with all of them, when it is not."""
    choices = [str(word) for word in words]
    if said not in choices:
        raise Refused(f"“{shorten(said, 30)}” is no {what}: use one of {', '.join(choices)}.")
    return said
