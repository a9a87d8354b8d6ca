"""Sweeps: stretches of a text that were read and hold nothing to check."""

from __future__ import annotations

from collections.abc import Iterable

from store.access.permissions import Permissions
from store.access.session import Session
from store.check.articles import Articles
from store.check.assignments import Assignments
from store.check.claims import Claims
from store.check.deletion import Deletion
from store.log.kinds import Patch
from store.log.log import Edit
from store.records import Article, Sweep
from store.text.units import Span
from store.vocabulary import Role


class Sweeps:
    """The sweeps on articles."""

    def __init__(
        self,
        session: Session,
        may: Permissions,
        articles: Articles,
        claims: Claims,
        assignments: Assignments,
        deletion: Deletion,
    ) -> None:
        self._session = session
        self._may = may
        self._articles = articles
        self._claims = claims
        self._assignments = assignments
        self._deletion = deletion

    def of(self, article: Article | str) -> list[Sweep]:
        """The sweeps on an article's newest version in text order."""
        article = self._articles.get(article)
        return [
            self._session.record(Sweep, row)
            for row in self._session.rows(
                'SELECT * FROM sweeps WHERE article = ? AND version = ? AND deleted = 0 ORDER BY start, "end", id',
                article.id,
                article.version,
            )
        ]

    def add(self, article: Article | str, start: int, end: int) -> Sweep:
        """Mark ``text[start:end]`` (code points) as read: nothing to check here. The same stretch is swept once.

        Raises:
            Refused: as for ``tag``.
        """
        with self._session.writing() as me:
            article = self._articles.as_read(article)
            self._may.must_be_open(article.id, Role.CHECKER)
            self._assignments.join_the_blind(article.id, me)
            span = self._claims.span(article, start, end)
            twin = self._session.rows(
                'SELECT id FROM sweeps WHERE version = ? AND start = ? AND "end" = ? AND deleted = 0',
                article.version,
                span["start"],
                span["end"],
            )
            if twin:
                id = twin[0]["id"]
            else:
                values: Patch = {name: span[name] for name in ("version", "start", "end", "quote")}
                id = self._session.write([Edit("sweeps", None, {"article": article.id, **values})]).items[0]
        return self._session.record(Sweep, self._session.rows("SELECT * FROM sweeps WHERE id = ?", id)[0])

    def add_all(self, article: Article, spans: Iterable[Span]) -> None:
        """Sweep some spans (start and end in code points) in one step of undo.

        Raises:
            Refused: one of them cannot be swept; then none is.
        """
        with self._session.together():
            for start, end in spans:
                self.add(article, start, end)

    def take_back(self, sweeps: Iterable[Sweep]) -> None:
        """Remove some sweeps in one step of undo.

        Raises:
            Refused: one of them cannot be taken back; then none is.
        """
        with self._session.together():
            for sweep in sweeps:
                self._deletion.delete(sweep)
