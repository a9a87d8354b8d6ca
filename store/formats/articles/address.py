"""Articles at addresses: a page is fetched, and read as what it is."""

from __future__ import annotations

import io
from collections.abc import Iterator
from urllib.parse import unquote, urlsplit

from store.errors import Refused
from store.formats.articles.fetch import Fetcher
from store.formats.articles.reader import Arrived, ArticleFile, ReadOptions, articles_of
from store.text.article_draft import Draft, Original


def articles_at(address: str, fetcher: Fetcher, options: ReadOptions) -> Iterator[Arrived]:
    """The articles at an address: one, or those of a feed or a list. What was fetched is kept with each.

    Raises:
        Refused: the page cannot be fetched, or holds no article.
    """
    page = fetcher.get(address)
    name = unquote(urlsplit(page.address).path).rpartition("/")[2]
    file = ArticleFile(io.BytesIO(page.data), page.address, name, page.content_type, page.address)
    for one in articles_of(file, options):
        if isinstance(one, Refused) or one.where:
            yield one
            continue
        kept = one.original or Original(page.data, page.content_type or "text/plain", "text")
        kept = kept._replace(address=page.address, redirects=page.redirects, fetched=page.fetched, name="")
        passed = (f"{' → '.join((*page.redirects, page.address))}",) if page.redirects else ()
        yield one._replace(notes=(*passed, *one.notes), original=kept)


def article_at(address: str, fetcher: Fetcher, options: ReadOptions) -> Draft:
    """The one article at an address. Raises Refused as ``articles_at`` does, and for a page that lists several."""
    found = articles_at(address, fetcher, options._replace(follow=None))
    one = next(found)
    if isinstance(one, Refused):
        raise one
    if one.where:
        raise Refused(f"{address}: this is a list of articles; import it by itself.")
    return one
