"""RSS and Atom: an article an entry, with its whole text if the feed has it."""

from __future__ import annotations

import io
from collections.abc import Iterator
from typing import Any

import feedparser

from store.errors import Refused
from store.formats.articles.entry import article_of
from store.formats.articles.html import fragment
from store.formats.articles.plaintext import known_language, whole
from store.formats.articles.reader import Arrived, ArticleFile, ReadOptions
from store.text.article_draft import plain_title

WHOLE = 500
"""Code points: a summary that is shorter only announces an article, when there is an address to find it at."""


def read(file: ArticleFile, options: ReadOptions) -> Iterator[Arrived]:
    """The articles of a feed. Raises Refused when it is not a feed, or has no entries."""
    data = whole(file)
    try:
        feed = feedparser.parse(io.BytesIO(data), response_headers={"content-type": "application/xml"})
        entries, about = list(feed.entries), feed.feed
    except Exception as error:  # a parser of others, on a file of others
        raise Refused(f"{file.where}: this feed cannot be read ({type(error).__name__}); get it again.") from None
    if not entries:
        damaged = feed.get("bozo") or not feed.get("version")
        why = "this is not a feed, or it is damaged" if damaged else "it has no entries"
        raise Refused(f"{file.where}: {why}; check the file.")
    for number, entry in enumerate(entries, 1):
        yield _article(entry, about, f"{file.where}, entry {number}", options)


def _article(entry: Any, about: Any, where: str, options: ReadOptions) -> Arrived:
    try:
        texts = [_text(one, where) for one in entry.get("content", ())]
        text = max(texts, key=len, default="") or _text(entry.get("summary_detail") or {}, where)
    except Refused as refusal:
        return refusal
    address = str(entry.get("link") or "")
    if address and not texts and len(text) < WHOLE:
        text = ""
    values = {
        "text": text,
        "title": _text(entry.get("title_detail") or {}, where),
        "url": address,
        "author": str(entry.get("author") or about.get("author") or ""),
        "publisher": plain_title(str(about.get("title") or "")),
        "published": _day(entry),
        "language": _language(entry, about),
    }
    return article_of(values, where, options)


def _text(part: Any, where: str) -> str:
    value = str(part.get("value") or "")
    return fragment(value, where) if part.get("type", "") in ("text/html", "application/xhtml+xml") else value.strip()


def _day(entry: Any) -> str:
    moment = entry.get("published_parsed") or entry.get("updated_parsed")
    return f"{moment[0]:04}-{moment[1]:02}-{moment[2]:02}" if moment else ""


def _language(entry: Any, about: Any) -> str:
    details = entry.get("title_detail") or {}
    said = str(details.get("language") or about.get("language") or "").replace("_", "-")

    return known_language(said, [])
