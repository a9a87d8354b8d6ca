"""Transfers: what became of claims and sweeps in a correction, and what people did about it."""

from __future__ import annotations

import json
from typing import NamedTuple

from store.access.permissions import Permissions
from store.access.session import Session
from store.check.articles import Articles
from store.errors import Refused
from store.log import clock
from store.log.log import Edit
from store.person import Person
from store.records import Article, Claim, id_of
from store.text.reanchor import CHANGED
from store.text.triage import ASKED
from store.vocabulary import Role

KEPT, JUDGED, RETAGGED, WITHDRAWN, RESETTLED = "kept", "judged", "retagged", "withdrawn", "settled"
"""What somebody did about words that were changed."""

_ORDER = (*ASKED, "replaced whole", "a rival", "said more than once", "its edges", "same words, other surroundings")
"""The reasons in which people are asked first, the gravest first; then what is gone."""


class Transfer(NamedTuple):
    """What became of one item (of a ``kind``) when its article was corrected, where not all its words went along.

    ``outcome`` is carried (its words changed in a way that changes nothing), changed (somebody has to look at it) or
    vanished (it stays on the old version). ``answer`` is what somebody did about it: kept, retagged, judged, withdrawn,
    settled, or restored when its old words came back; empty as long as nobody has.
    """

    id: str
    kind: str
    item: str
    claim: str  # the id of the claim it is or hangs on, or empty
    name: str  # of that claim, such as C7; empty for a sweep
    version: str  # the id of the version to which it was carried
    number: int  # of that version
    outcome: str
    reason: str
    before: str  # the old quote
    now: str  # the words it covers now; those of the old version when it has vanished
    answer: str
    by: Person  # who ran the correction
    created: int
    updated: int
    heads: tuple[str, ...]
    deleted: bool = False
    conflict: bool = False


def to_look_at(kind: str, item: str, version: str) -> dict[str, object]:
    """The record, for `Imports.bring`, of an item that comes in and has other words than when people judged it."""
    id = clock.derived("transfer", item, version)
    made: dict[str, object] = {"kind": "transfers", "id": id, "version": version, "item": item, "of": kind}
    return made | {"outcome": CHANGED, "reason": "changed before it came here", "before": ""}


def answered(session: Session, claim: str, answer: str) -> list[Edit]:
    """The edits that answer what waits for a claim or a review (its id), and for how the claim was settled."""
    rows = session.rows(
        "SELECT id FROM main.transfers WHERE deleted = 0 AND answer = '' AND (outcome = 'changed'"
        " OR outcome = 'vanished' AND ?2 IN ('retagged', 'withdrawn', iif(item = ?1, '', 'settled'))) AND (item = ?1"
        " OR item IN (SELECT id FROM main.adjudications WHERE claim = ?1))",
        claim,
        answer,
    )
    return [Edit("transfers", row["id"], {"answer": answer}) for row in rows]


class Transfers:
    """What became of claims and sweeps in corrections."""

    def __init__(self, session: Session, may: Permissions, articles: Articles) -> None:
        self._session = session
        self._may = may
        self._articles = articles

    def of(self, article: Article | str) -> list[Transfer]:
        """All transfers of an article in the order of its versions, what was carried and answered included."""
        return self._listed("v.article = ?1", self._articles.get(article).id)

    def of_claim(self, claim: Claim | str) -> list[Transfer]:
        """What became of a claim in corrections, the oldest first."""
        return self._listed("t.item = ?1", id_of(claim))

    def waiting(self, article: Article | str) -> list[Transfer]:
        """What waits on an article: claims whose words were changed, the gravest first, then those that are gone.

        A claim that was changed twice before anybody looked is listed once, with the words it had at first.
        """
        article = self._articles.get(article)
        found: dict[str, Transfer] = {}
        for one in self._listed("v.article = ?1 AND t.answer = '' AND t.outcome <> 'carried'", article.id):
            if one.kind not in ("suggestions", "reviews"):  # a proposal comes back to its reviewer
                found.setdefault(one.claim or one.item, one)
        return sorted(found.values(), key=_urgency)

    def _listed(self, where: str, argument: str) -> list[Transfer]:
        rows = self._session.rows(
            "SELECT t.*, v.number, coalesce(c.id, '') AS claim, coalesce(c.name, '') AS name,"
            " coalesce(c.quote, s.quote, r.quote, j.quote, '') AS now"
            " FROM transfers t JOIN versions v ON v.id = t.version AND v.deleted = 0"
            " LEFT JOIN sweeps s ON t.kind = 'sweeps' AND s.id = t.item"
            " LEFT JOIN reviews r ON t.kind = 'reviews' AND r.id = t.item"
            " LEFT JOIN adjudications j ON t.kind = 'adjudications' AND j.id = t.item"
            " LEFT JOIN claims_now c ON c.id = CASE t.kind WHEN 'claims' THEN t.item"
            "  WHEN 'reviews' THEN r.claim WHEN 'adjudications' THEN j.claim END"
            f" WHERE t.deleted = 0 AND {where} AND coalesce(c.deleted, s.deleted, 0) = 0"
            " AND coalesce(j.deleted, 0) = 0"
            " ORDER BY v.number, v.born, coalesce(c.start, s.start), t.born",
            argument,
        )
        return [self._session.record(Transfer, row) for row in rows]

    def keep(self, claim: Claim | str) -> None:
        """Say that a claim is still right as it stands: its verdict holds for the changed words, too.

        A claim that is settled is kept by those who may settle its article.

        Raises:
            Refused: nothing of it has changed; or it is in a submitted set, or somebody else's under your review.
        """
        id = id_of(claim)
        with self._session.writing():
            self._session.alive("claims", id)
            self._must_be_answerable(id)
            edits = answered(self._session, id, KEPT)
            if not edits:
                raise Refused(f"The words of {self._session.claim_name(id)} have not changed since you checked it.")
            self._session.write(edits)

    def _must_be_answerable(self, claim: str) -> None:
        settled = "SELECT 1 AS x FROM main.adjudications WHERE claim = ? AND deleted = 0 AND outcome <> ''"
        if self._session.rows(settled, claim):
            self._may.must_be_open(str(self._may.claim_row(claim)["article"]), Role.ADJUDICATOR)
            return
        self._may.must_be_mine(claim)

    def passed_over(self, transfers: list[Transfer]) -> None:
        """Leave claims and sweeps that are gone where they are, and say so: they are listed as waiting no more.

        Raises:
            Refused: one of them is in a submitted set, or somebody else's under your review.
        """
        with self._session.together():
            for one in transfers:
                if one.kind == "claims":
                    self._must_be_answerable(one.item)
                else:
                    self._may.must_be_changeable(one.kind, one.item)
            ids = json.dumps([one.item for one in transfers])
            rows = self._session.rows(
                "SELECT id FROM main.transfers WHERE deleted = 0 AND answer = '' AND outcome = 'vanished'"
                " AND item IN (SELECT value FROM json_each(?))",
                ids,
            )
            self._session.write([Edit("transfers", row["id"], {"answer": KEPT}) for row in rows])


def _urgency(one: Transfer) -> tuple[bool, int]:
    return one.outcome == "vanished", _ORDER.index(one.reason) if one.reason in _ORDER else len(_ORDER)
