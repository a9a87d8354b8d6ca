"""Deletion: a record goes with all that hangs on it."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from store.access.permissions import Permissions
from store.access.session import Session
from store.check.transfers import WITHDRAWN, answered
from store.log.kinds import CHILDREN, JUDGEMENTS, KINDS
from store.log.log import Edit
from store.records import (
    Adjudication,
    Article,
    Assignment,
    Claim,
    Comment,
    Evidence,
    Review,
    Source,
    Suggestion,
    Sweep,
    Tick,
    Verdict,
)

_KIND_OF: Mapping[type, str] = {
    Article: "articles",
    Claim: "claims",
    Verdict: "verdicts",
    Evidence: "evidence",
    Source: "sources",
    Sweep: "sweeps",
    Comment: "comments",
    Review: "reviews",
    Tick: "ticks",
    Adjudication: "adjudications",
    Assignment: "assignments",
    Suggestion: "suggestions",
}


Record = (
    Article
    | Claim
    | Verdict
    | Evidence
    | Source
    | Sweep
    | Comment
    | Review
    | Tick
    | Adjudication
    | Assignment
    | Suggestion
)
"""What can be deleted."""


class Deletion:
    """Deletes records of every kind."""

    def __init__(self, session: Session, may: Permissions) -> None:
        self._session = session
        self._may = may

    def delete(self, record: Record) -> None:
        """Delete a record and, in the same step of undo, all that hangs on it. The log keeps everything.

        A record that somebody has changed meanwhile stays, with all that hangs on it, until the conflict is settled.
        What people said of each other's work is taken back only by the person who said it.

        Raises:
            Refused: the set it belongs to is submitted, its claim is settled, or it is not your own; or it is an
                assignment that is submitted, or one that hides something from the person who asks.
        """
        kind = _KIND_OF[type(record)]
        with self._session.writing():
            self._session.alive(kind, record.id)
            self._may.must_be_deletable(kind, record.id)
            edits = [Edit(kind, record.id, {"deleted": 1}, record.heads)]
            if kind == "claims":
                edits += answered(self._session, record.id, WITHDRAWN)
            gone = self._session.write(edits)
            if not gone.stale:
                self._session.write(self.fallen(kind, record.id))

    def fallen(self, kind: str, id: str) -> Iterator[Edit]:
        for child in CHILDREN.get(kind, ()):
            if child in JUDGEMENTS:
                continue
            for row in self._session.rows(f'SELECT id FROM {child} WHERE "{KINDS[kind].one}" = ? AND deleted = 0', id):
                yield from self.fallen(child, row["id"])
                yield Edit(child, row["id"], {"deleted": 1})
