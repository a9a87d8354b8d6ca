"""Submitting one's set on an article: what is not finished, the lock, and opening it again."""

from __future__ import annotations

import json
from contextlib import suppress
from typing import NamedTuple

from store.access.assignments import word
from store.access.people import reviewer_id
from store.access.permissions import MISSED, OPEN, SUBMITTED
from store.errors import Refused
from store.history.words import shorten
from store.log import clock
from store.log.kinds import Patch
from store.log.log import Edit
from store.records import Article, Assignment, Blind, Role
from store.review.answers import Answering
from store.text.coverage import Place


class Unread(NamedTuple):
    """What was left unread when somebody submitted a set: places in a version of the article's text, in its order.

    ``places`` is None where it was not recorded, as by earlier editions of factdesk.
    """

    article: str
    person: str
    role: str
    version: str
    places: tuple[Place, ...] | None


class Unfinished(NamedTuple):
    """One thing that keeps a set from being submitted; ``claim`` is the id of the claim, or the first, it is about."""

    claim: str
    name: str
    words: str


class Submitting(Answering):
    """The door, for work that is finished."""

    def submit(self, article: Article | str, role: str) -> Assignment:
        """Submit one's set on an article: it is finished, and locked until `reopen`.

        The sentences and leftovers that are still unread are kept with it: see `unread`.

        Raises:
            Refused: something in it is not finished; the sentence says what.
        """
        article = self.article(article)
        role = word(Role, role, "role")
        with self._writing() as me:
            held = self.may_submit(article, role)
            id = self._give(article.id, me, role, Blind.OPEN.value, "")
            places = [(start, end, int(leftover)) for start, end, leftover in self.coverage(article).residue]
            values: Patch = {"state": SUBMITTED, "version": article.version, "unread": json.dumps(places)}
            self._write([Edit("assignments", id, values, held.heads if held else None)])
        found = self.assignment(article, role)
        assert found is not None
        return found

    def may_submit(self, article: Article | str, role: str) -> Assignment | None:
        """Refuse to submit one's set before anybody is asked about it; gives the assignment, if there is one.

        Raises:
            Refused: as for `submit`.
        """
        article = self.article(article)
        held = self.assignment(article, role)
        if held is not None and held.state == SUBMITTED:
            raise Refused(f"Your set on “{shorten(article.title, 40)}” is submitted already.")
        missing = self.unfinished(article, role)
        if missing:
            some = "; ".join(one.words for one in missing[:5])
            some += f"; and {len(missing) - 5} more" if len(missing) > 5 else ""
            raise Refused(f"This cannot be submitted yet: {some}.")
        return held

    def reopen(self, article: Article | str, role: str) -> Assignment:
        """Open one's submitted set again; how often that happened stays on record.

        Raises:
            Refused: it is not submitted; or it was kept apart from others' and a claim has been settled since.
        """
        article = self.article(article)
        with self._writing():
            held = self.assignment(article, word(Role, role, "role"))
            if held is None or held.state != SUBMITTED:
                raise Refused(f"You have submitted nothing as {role} on “{shorten(article.title, 40)}”.")
            self._may_reopen(article.id, Role(role))
            values: Patch = {"state": OPEN, "reopened": held.reopened + 1, "version": "", "unread": ""}
            self._write([Edit("assignments", held.id, values, held.heads)])
        found = self.assignment(article, role)
        assert found is not None
        return found

    def unread(self, article: Article | str) -> list[Unread]:
        """What those who checked an article had left unread when they submitted, as far as it may be seen."""
        rows = self._rows(
            "SELECT article, reviewer, role, version, unread FROM assignments WHERE article = ? AND deleted = 0"
            f" AND state = '{SUBMITTED}' AND (role = 'checker' OR blind = 'all') ORDER BY born",
            self.article(article).id,
        )
        return [
            Unread(row["article"], self._name(row["reviewer"]), row["role"], row["version"], _places(row["unread"]))
            for row in rows
            if not self._apart(row["article"], row["reviewer"])
        ]

    def unfinished(self, article: Article | str, role: str) -> list[Unfinished]:
        """What keeps one's set from being submitted: open claims of a checker, unreviewed ones of a reviewer, disputes
        of an adjudicator. In text order; empty when nothing does."""
        article = self.article(article)
        held = self.assignment(article, role)
        if role == Role.CHECKER or (role == Role.REVIEWER and held is not None and held.blind == Blind.ALL):
            return self._unchecked(article)
        if role == Role.REVIEWER:
            return self._unreviewed(article, reviewer_id(held.whose) if held and held.whose else "")
        rows = self._rows(
            "SELECT id, name FROM claims_now WHERE article = ? AND deleted = 0 AND status = 'disputed'"
            " ORDER BY start, id",
            article.id,
        )
        return [Unfinished(row["id"], row["name"], f"{row['name']} is in dispute") for row in rows]

    def _unchecked(self, article: Article) -> list[Unfinished]:
        found = []
        for claim in self.claims(article):
            if claim.checker.casefold() != self.reviewer.casefold() or claim.origin == MISSED:
                continue
            own = self._rows(
                "SELECT verdict, justification FROM verdicts WHERE id = ? AND deleted = 0",
                clock.derived("verdict", claim.id, self._me),
            )
            if not own or not own[0]["verdict"]:
                found.append(Unfinished(claim.id, claim.name, f"{claim.name} has no verdict"))
                continue
            stances = [piece.stance for piece in self.evidence(claim)]
            lacks = self.scheme.lacks(own[0]["verdict"], own[0]["justification"], stances)
            found += [Unfinished(claim.id, claim.name, f"{claim.name}: {lack}") for lack in lacks]
        return found

    def _unreviewed(self, article: Article, whose: str) -> list[Unfinished]:
        rows = self._rows(
            "SELECT c.id, c.name, c.status FROM claims_now c WHERE c.article = ?2 AND c.version = ?3"
            " AND c.deleted = 0 AND c.\"by\" <> ?1 AND c.origin = '' AND (?4 = '' OR c.\"by\" = ?4)"
            " ORDER BY c.start, c.\"end\" DESC, c.id",
            self._me, article.id, article.version, whose,
        )  # fmt: skip
        stale = {
            row["claim"]: row["stale"]
            for row in self._rows(
                "SELECT r.claim, r.stale FROM reviews_now r JOIN claims c ON c.id = r.claim"
                ' WHERE c.article = ? AND r."by" = ?',
                article.id,
                self._me,
            )
        }
        reported = self._rows(
            "SELECT c.id, c.name FROM reviews_now r JOIN claims_now c ON c.id = r.claim WHERE c.article = ?2"
            " AND r.\"by\" = ?1 AND r.decision = 'missing_claim' AND r.stale AND (?3 = '' OR r.whose = ?3)"
            " AND c.status <> 'settled' ORDER BY c.start, c.id",
            self._me, article.id, whose,
        )  # fmt: skip
        found = [
            Unfinished(row["id"], row["name"], f"{row['name']}: you have not looked at its verdict") for row in reported
        ]
        return found + [
            Unfinished(
                row["id"],
                row["name"],
                f"{row['name']} {'was changed after your review' if row['id'] in stale else 'is not reviewed'}",
            )
            for row in rows
            if row["status"] != "settled" and stale.get(row["id"], True)
        ]


def _places(unread: str) -> tuple[Place, ...] | None:
    """What is kept with a submission, as start, end and whether it is a leftover; None when that cannot be read."""
    with suppress(ValueError, TypeError, OverflowError):
        places = [Place(int(start), int(end), bool(leftover)) for start, end, leftover in json.loads(unread)]
        return tuple(place for place in places if 0 <= place.start < place.end)
    return None
