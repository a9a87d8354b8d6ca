"""Articles at their addresses again: whether a page says something else than the desk's text.

What an article was read from is kept. When factdesk, or a library that it reads with, has changed since, that page
gives another text today. Such a difference does not count as a correction.
"""

from __future__ import annotations

import io
from collections.abc import Iterable, Iterator
from pathlib import PurePath
from typing import NamedTuple
from urllib.parse import urlsplit

from store.check.correction_fates import MoveCounts
from store.check.corrections import Plan
from store.desk import Desk
from store.errors import Refused
from store.formats.articles.address import article_at
from store.formats.articles.fetch import Fetcher
from store.formats.articles.reader import ArticleFile, ReadOptions, articles_of
from store.records import Article
from store.text.article_draft import Draft
from store.text.quotations import quoted
from store.text.reanchor import alike
from store.text.shorten import shorten


class Revision(NamedTuple):
    """What stands at an article's address now: ``same``, ``changed``, or ``unread`` for a reason in words.

    ``counts`` is what a correction would do; ``claims`` how many claims the article has that you may see.
    """

    article: Article
    state: str
    why: str = ""
    counts: MoveCounts = MoveCounts()
    claims: int = 0


def options_for(desk: Desk, article: Article) -> ReadOptions:
    """How an article is read again: as its page was."""
    page = desk.pages.of(article)
    return ReadOptions(captions=page is not None and "captions" in page.settings)


def plan_revision(desk: Desk, article: Article, draft: Draft) -> tuple[Plan, str]:
    """What a text that was read again would do to an article, and what has to be said of how it was read.

    Raises:
        Refused: the page says what it said, and only factdesk reads it otherwise; or as `Corrections.plan`.
    """
    reading = _reading_now(desk, article) if draft.original else ""
    if reading and alike(reading, draft.text):
        raise Refused(
            f"{quoted(shorten(article.title))} says what it said: only the way factdesk reads it has changed. "
            "To take over how it reads now, save that as a text file, and correct from the file."
        )
    note = (
        "Some of this did not change on the page: factdesk reads it otherwise than when the article came in."
        if reading
        else ""
    )
    return desk.corrections.plan(article, draft.text, draft.original), note


def _reading_now(desk: Desk, article: Article) -> str:
    """The text of the page that an article was read from, as it is read now; empty if it reads as it did."""
    page = desk.pages.of(article)
    if page is None:
        return ""
    name = page.name or PurePath(urlsplit(page.address).path).name
    file = ArticleFile(io.BytesIO(desk.pages.data(page)), page.address or name, name, page.content_type, page.address)
    try:
        draft = next(iter(articles_of(file, options_for(desk, article))))
    except Refused:
        return ""
    same = isinstance(draft, Refused) or alike(draft.text, desk.articles.text(article))
    return "" if same or isinstance(draft, Refused) else draft.text


def look_again(desk: Desk, articles: Iterable[Article], fetcher: Fetcher) -> Iterator[Revision]:
    """Look once at the address of each article. Nothing is written."""
    for article in articles:
        if not article.url:
            yield Revision(article, "unread", "it has no address; set it with `factdesk edit ARTICLE --url URL`")
            continue
        try:
            draft = article_at(article.url, fetcher, options_for(desk, article))
        except Refused as refusal:
            yield Revision(article, "unread", str(refusal))
            continue
        claims = len(desk.claims.of(article))
        if alike(desk.articles.text(article), draft.text):
            yield Revision(article, "same", claims=claims)
            continue
        try:
            plan, note = plan_revision(desk, article, draft)
        except Refused as refusal:
            yield Revision(article, "same", str(refusal), claims=claims)
            continue
        yield Revision(article, "changed", note, counts=plan.counts, claims=claims)
