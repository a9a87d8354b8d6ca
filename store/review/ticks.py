"""A reviewer's look at evidence: each piece is seen, or doubted for a reason."""

from __future__ import annotations

import json

from store.access import fields
from store.access.people import People
from store.access.permissions import Permissions
from store.access.session import Session
from store.check.articles import Articles
from store.check.claims import Claims
from store.errors import Refused, Unknown
from store.log import clock
from store.log.kinds import Patch
from store.log.log import Edit
from store.records import Article, Claim, Evidence, Tick, id_of
from store.text.shorten import shorten
from store.vocabulary import Role

SEEN, DOUBTED = "seen", "doubted"
"""The marks of a tick."""


class Ticks:
    """A reviewer's look at other people's evidence."""

    def __init__(self, session: Session, may: Permissions, articles: Articles, claims: Claims, people: People) -> None:
        self._session = session
        self._may = may
        self._articles = articles
        self._claims = claims
        self._people = people

    def of(self, claim: Claim | str) -> list[Tick]:
        """Everybody's ticks on a claim's evidence."""
        rows = self._session.rows("SELECT * FROM ticks_now WHERE claim = ? ORDER BY born", id_of(claim))
        return [self._session.record(Tick, row) for row in rows]

    def looked_at(self, article: Article | str, whose: str = "") -> tuple[int, int]:
        """How many pieces of evidence you have looked at as they are now, and how many there are, on the claims that
        you review: those of ``whose`` (a name), or of everybody else."""
        article = self._articles.get(article)
        rows = self._session.rows(
            "SELECT count(*) AS pieces, ifnull(sum(EXISTS (SELECT 1 FROM ticks_now t WHERE t.evidence = e.id"
            ' AND t."by" = ?1 AND NOT t.outdated)), 0) AS seen'
            " FROM claims c JOIN evidence e ON e.claim = c.id AND e.deleted = 0 AND e.\"by\" <> ?1"
            " WHERE c.article = ?2 AND c.version = ?3 AND c.deleted = 0 AND c.origin <> 'review' AND c.\"by\" <> ?1"
            " AND (?4 = '' OR c.\"by\" = ?4)",
            self._session.me, article.id, article.version, self._people.get(whose).id if whose else "",
        )  # fmt: skip
        return rows[0]["seen"], rows[0]["pieces"]

    def tick(self, evidence: Evidence, mark: str, reason: str = "", note: str = "") -> Tick:
        """Mark someone else's evidence as seen or doubted; an empty mark removes it.

        Raises:
            Refused: the evidence is your own, there is no such mark, or a doubt has no reason.
        """
        if mark not in (SEEN, DOUBTED, ""):
            raise Refused(f"“{shorten(mark, 30)}” is not a mark: use {SEEN} or {DOUBTED}.")
        if mark == DOUBTED and not reason:
            raise Refused("To doubt evidence, say why: choose a reason of the scheme.")
        if evidence.by.id == self._session.me:
            raise Refused("This evidence is yours: someone else has to look at it.")
        with self._session.writing() as me:
            self._session.alive("evidence", evidence.id)
            self._may.must_be_unsettled(evidence.claim)
            self._may.must_be_open(self._claims.get(evidence.claim).article, Role.REVIEWER)
            id = clock.derived("tick", evidence.id, me)
            said: Patch = {"mark": mark, "reason": self.reason(reason if mark == DOUBTED else "", note), "deleted": 0}
            source = evidence.source
            about = (source.url, source.title, source.publisher, source.published) if source else ("",) * 4
            seen = [evidence.stance, evidence.quote, evidence.locator, evidence.note, *about]
            said["seen"] = json.dumps(seen, ensure_ascii=False, separators=(",", ":"))
            place: Patch = {"evidence": evidence.id, "reviewer": me}
            self._session.write([Edit("ticks", id, place | said | {"note": fields.clean(note)})])
            made = self._session.rows("SELECT *, 0 AS outdated FROM ticks WHERE id = ?", id)[0]
        return self._session.record(Tick, made)

    def reason(self, key: str, words: str) -> str:
        """A reason of the scheme by its key, given with these words; an empty key stays one."""
        if not key:
            return ""
        reason = self._session.scheme.reason(key)
        if not reason.known:
            known = ", ".join(one.key for one in self._session.scheme.reasons if not one.retired)
            raise Unknown(
                f"The scheme {self._session.scheme.id} has no reason “{shorten(key, 30)}”: use one of {known}."
            )
        if reason.retired:
            raise Refused(f"The reason “{key}” is retired in the scheme {self._session.scheme.id}: use another.")
        if reason.needs_words and not words.strip():
            raise Refused(f"“{reason.label}” says nothing by itself: add in words what is wrong, where and why.")
        return key
