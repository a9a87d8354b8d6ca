"""Which article a row means, and which words of it."""

from __future__ import annotations

import json
import re
import sqlite3
from collections.abc import Mapping
from typing import NamedTuple

from store.desk import Desk
from store.errors import Refused
from store.formats.csv.cells import BadCell
from store.text import anchor, urls
from store.text.anchor import Anchor
from store.text.quotations import quoted
from store.text.shorten import shorten

NAMED_BY = ("article_id", "text_sha256", "article_url", "article_title")
"""The columns that can name a row's article; the first that knows it decides."""


_WHOLE = re.compile(r"-?\d{1,12}")


class Page(NamedTuple):
    """An article's text that rows stand in."""

    article: str
    title: str
    version: str
    sha: str


class Places:
    """Finds the places of rows on a snapshot of a desk that was made ready by ``claims.prepare``."""

    def __init__(self, desk: Desk, conn: sqlite3.Connection) -> None:
        self._desk = desk
        self._conn = conn
        self._pages: dict[tuple[str | None, ...], Page] = {}
        self._titles: dict[str, set[str]] = {}
        for column in ("article", "sha", "url", "title"):
            conn.execute(f"CREATE INDEX temp.pages_{column} ON pages({column})")

    def page(self, cells: Mapping[str, str]) -> Page:
        """The article that a row names, in the version whose text it names, else in the newest.

        Raises:
            BadCell: there is none on the desk, or more than one.
        """
        said = tuple(map(cells.get, NAMED_BY))
        if said not in self._pages:
            self._pages[said] = self._find({n: (cell or "").strip() for n, cell in zip(NAMED_BY, said, strict=True)})
        return self._pages[said]

    def _find(self, said: Mapping[str, str]) -> Page:
        column = next((name for name in NAMED_BY if said[name]), NAMED_BY[0])
        found = next((found for name in NAMED_BY if said[name] and (found := self._named(name, said[name]))), [])
        title = said["article_title"] or said["article_url"] or said[column]
        if not found:
            raise BadCell(column, f"Its article “{shorten(title)}” is not on this desk: import that first.")
        articles = {page.article for page in found}
        if len(articles) > 1 and not said["text_sha256"]:
            mend = "give its article_id or article_url"
            raise BadCell(column, f"{len(articles)} articles here are called “{shorten(title)}”: {mend}.")
        sha = said["text_sha256"].lower()
        same = [page for page in found if page.sha == sha] if sha else found
        if not same:
            wrong = f"Its article “{shorten(title)}” has another text on this desk: import that text first."
            raise BadCell("text_sha256", wrong)
        return same[0]

    def _named(self, column: str, said: str) -> list[Page]:
        """The versions of the articles of that name, the newest first."""
        if column == "article_title":
            return self._titled(said)
        if column == "article_url":
            return self._where("url IN (SELECT value FROM json_each(?))", json.dumps(urls.spellings(said)))
        return self._where(f"{'article' if column == 'article_id' else 'sha'} = ?", said.lower())

    def _titled(self, title: str) -> list[Page]:
        """By the whole title; if there is none to the letter, however it is cased and spaced."""
        found = self._where("title = ?", title)
        if not found:
            if not self._titles:
                for (known,) in self._conn.execute("SELECT DISTINCT title FROM pages"):
                    self._titles.setdefault(_alike(known), set()).add(known)
            alike = sorted(self._titles.get(_alike(title), ()))
            found = self._where("title IN (SELECT value FROM json_each(?))", json.dumps(alike))
        return found

    def _where(self, condition: str, value: str) -> list[Page]:
        asked = f"SELECT article, title, version, sha FROM pages WHERE {condition} ORDER BY number DESC"
        return [Page(*row) for row in self._conn.execute(asked, (value,))]

    def span(self, page: Page, cells: Mapping[str, str]) -> Anchor:
        """The words a row means: at its start and end, where its quote must stand, or wherever its quote stands.

        Raises:
            BadCell: they are not in the text, or in several places.
        """
        text, quote = self._desk.articles.text(page.sha), cells.get("quote", "")
        edges = [cells.get(name, "").strip() for name in ("start", "end")]
        if not any(edges):
            return _quoted(text, quote, cells)
        for name, cell in zip(("start", "end"), edges, strict=True):
            if not _WHOLE.fullmatch(cell):
                raise BadCell(name, f"Its {name} “{shorten(cell)}” is not a whole number.")
        start, end = map(int, edges)
        if quote and (start < 0 or text[start:end] != quote):
            raise BadCell(
                "quote", f"{quoted(shorten(quote))} is not the text at {start} to {end}: {_hint(text, cells)}."
            )
        try:
            span = anchor.make(text, start, end)
        except Refused as refusal:
            raise BadCell("start", str(refusal)) from None
        if not quote:
            raise BadCell("quote", f"It has no quote; at {start} to {end} stands {quoted(shorten(span.quote))}.")
        return span


def _quoted(text: str, quote: str, cells: Mapping[str, str]) -> Anchor:
    """The place of a quote that comes without offsets."""
    nth = cells.get("nth", "").strip()
    if nth and not re.fullmatch(r"[1-9]\d{0,8}", nth):
        raise BadCell(
            "nth", f"Its nth “{shorten(nth)}” is not a number from 1: write which of several places is meant."
        )
    around = cells.get("prefix", ""), cells.get("suffix", "")
    try:
        return anchor.make(text, *anchor.find_quote(text, quote.strip(), int(nth) if nth else None, *around))
    except Refused as refusal:
        mend = "" if nth or any(around) else " Write it into nth, or the words around it into prefix and suffix."
        several = "say which" in str(refusal)
        raise BadCell("quote", f"{refusal}{mend if several else ''}") from None


def _hint(text: str, cells: Mapping[str, str]) -> str:
    """Where a quote stands instead."""
    quote, before = cells["quote"], len(cells.get("prefix", ""))
    around = cells.get("prefix", "") + quote + cells.get("suffix", "")
    places = [at + before for at in _places(text, around)] or _places(text, quote)
    if len(places) == 1:
        return f"it stands at {places[0]} to {places[0] + len(quote)}"
    return f"it stands in {len(places)} other places" if places else "copy it again"


def _places(text: str, words: str) -> list[int]:
    places = []
    at = text.find(words)
    while at >= 0:
        places.append(at)
        at = text.find(words, at + 1)
    return places


def _alike(title: str) -> str:
    return " ".join(title.split()).casefold()
