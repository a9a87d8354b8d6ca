"""Articles at their addresses again: whether a page says something else than the desk's text."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import NamedTuple

from store.check.corrections import MoveCounts
from store.desk import Desk
from store.errors import Refused
from store.formats.articles.address import article_at
from store.formats.articles.fetch import Fetcher
from store.formats.articles.reader import ReadOptions
from store.records import Article
from store.text.reanchor import alike


class Revision(NamedTuple):
    """What stands at an article's address now: ``same``, ``changed``, or ``unread`` for a reason in words.

    ``counts`` is what a correction would do; ``claims`` how many claims the article has that you may see.
    """

    article: Article
    state: str
    why: str = ""
    counts: MoveCounts = MoveCounts()
    claims: int = 0


def look_again(desk: Desk, articles: Iterable[Article], fetcher: Fetcher, options: ReadOptions) -> Iterator[Revision]:
    """Look once at the address of each article. Nothing is written."""
    for article in articles:
        if not article.url:
            yield Revision(article, "unread", "it has no address; set it with `factdesk edit ARTICLE --url URL`")
            continue
        try:
            text = article_at(article.url, fetcher, options).text
        except Refused as refusal:
            yield Revision(article, "unread", str(refusal))
            continue
        claims = len(desk.claims.of(article))
        if alike(desk.articles.text(article), text):
            yield Revision(article, "same", claims=claims)
            continue
        yield Revision(article, "changed", counts=desk.corrections.plan(article, text).counts, claims=claims)
