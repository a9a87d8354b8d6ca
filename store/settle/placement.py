"""Where words that people spoke of lie in the text as it stands, when they saw them on an earlier version of it."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from itertools import pairwise

from store.access.session import Session
from store.check.articles import Articles
from store.log.fold import Entry
from store.text.units import Span


class Placement:
    """Finds what people saw of claims again, by how corrections have moved the claims. Nothing is placed elsewhere."""

    def __init__(self, session: Session, articles: Articles) -> None:
        self._session = session
        self._articles = articles
        self._first: dict[str, str] = {}
        self._moves: dict[str, list[Entry]] = {}

    def first_version(self, article: str) -> str:
        """The id of an article's first version: what an earlier factdesk saw, it saw on that one."""
        if article not in self._first:
            asked = "SELECT id FROM main.versions WHERE article = ? AND deleted = 0 ORDER BY number, born LIMIT 1"
            rows = self._session.rows(asked, article)
            self._first[article] = str(rows[0]["id"]) if rows else ""
        return self._first[article]

    def of(self, claim: str, seen: tuple[str, Span, str], now: str) -> Span | None:
        """Where words of a claim (its id) lie on the version ``now``; None when they are not there for certain.

        ``seen`` is where they lay: the id of a version, the span on it, and the words.
        """
        version, span, quote = seen
        if claim not in self._moves:
            entries = self._session.log.entries(items=[claim])
            self._moves[claim] = [entry for entry in entries if "version" in entry.patch and "start" in entry.patch]
        followed = _followed(self._moves[claim], version, span, now)
        if followed is not None or not quote:
            return followed
        text = self._articles.text_of_version(now)
        at = text.find(quote)
        return (at, at + len(quote)) if at >= 0 and text.find(quote, at + 1) < 0 else None


def _followed(moves: Iterable[Entry], version: str, span: Span, now: str) -> Span | None:
    """The place to which corrections took a claim from a span; None when it lay elsewhere when they took it."""
    lay: dict[str, list[Span]] = {}
    for entry in moves:
        start, end = entry.patch["start"], entry.patch.get("end")
        if isinstance(start, int) and isinstance(end, int):
            lay.setdefault(str(entry.patch["version"]), []).append((start, end))
    order = list(lay)
    if version not in lay or now not in lay or order.index(now) <= order.index(version):
        return None
    return _along([lay[one] for one in order[order.index(version) : order.index(now) + 1]], span)


def _along(places: Sequence[Sequence[Span]], span: Span) -> Span | None:
    at = span
    for before, after in pairwise(places):
        if before[-1] != at:
            return None
        at = after[0]
    return at
