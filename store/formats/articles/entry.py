"""One article of a list, from its named fields: a row of a table, a record, an entry of a feed."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from store.errors import Refused
from store.formats.articles.plaintext import ARTICLE_LIMIT_BYTES, day, known_language, mended
from store.formats.articles.reader import Arrived, ReadOptions, Unfetched
from store.text.article_draft import Draft, plain_title

NAMES: Mapping[str, tuple[str, ...]] = {
    "text": ("text", "body", "content", "article", "content_text", "article_text", "full_text", "fulltext"),
    "html": ("content_html", "html"),
    "title": ("title", "headline", "name"),
    "url": ("url", "link", "address", "href", "permalink", "external_url"),
    "author": ("author", "authors", "byline", "creator"),
    "publisher": ("publisher", "source", "site", "sitename", "outlet"),
    "published": ("published", "date", "date_published", "datepublished", "published_at", "pubdate"),
    "language": ("language", "lang"),
}
"""What the fields of an article may be called in a list, in small letters; the first that is there counts."""


def said_columns(said: Iterable[str]) -> Mapping[str, str]:
    """Which field stands in which column, from words such as ``text=Body``. Raises Refused for others."""
    found = {}
    for one in said:
        field, _, name = one.partition("=")
        if field not in NAMES or not name:
            raise Refused(f"“{one}” is not FIELD=NAME; FIELD is one of {', '.join(NAMES)}.")
        found[field] = name
    return found


def columns(names: Iterable[str], options: ReadOptions) -> dict[str, str]:
    """Under which of the names each field stands. Raises Refused for one that was said and is not there."""
    known = {name.casefold(): name for name in names}
    found: dict[str, str] = {}
    for field, spellings in NAMES.items():
        if said := options.columns.get(field):
            if said.casefold() not in known:
                raise Refused(f"there is no “{said}” to take for the {field}; there are {', '.join(known) or 'none'}")
            found[field] = known[said.casefold()]
        elif name := next((known[one] for one in spellings if one in known), ""):
            found[field] = name
    return found


def article_of(values: Mapping[str, str], where: str, options: ReadOptions) -> Arrived:
    """The article that these fields tell of; ``where`` names it."""
    notes: list[str] = []
    said = {
        "heading": plain_title(values.get("title", "")),
        "url": values.get("url", "").strip(),
        "author": plain_title(values.get("author", "")),
        "publisher": plain_title(values.get("publisher", "")),
        "published": _published(values.get("published", "").strip(), notes),
        "language": known_language(values.get("language", ""), notes),
    }
    text, mends = mended(values.get("text", ""))
    if len(text) > ARTICLE_LIMIT_BYTES:
        return Refused(f"{where}: an article has at most {ARTICLE_LIMIT_BYTES // 1_000_000} MB; split it.")
    if text.strip():
        return Draft(text, notes=(*notes, *mends), where=where).saying(said)
    if not said["url"]:
        return Refused(f"{where}: it has no text and no address; give it one of them.")
    if options.follow is None:
        return Unfetched(f"{where}: it has no text, only an address; --fetch fetches it.")
    try:
        page = options.follow(said["url"])
    except Refused as refusal:
        return Refused(f"{where}: {refusal}")
    own = {name: value for name, value in said.items() if value and name != "url"}
    return page.saying(own)._replace(notes=(*notes, *page.notes), where=where)


def _published(said: str, notes: list[str]) -> str:
    """The day, from a date as people and feeds write it."""
    if said and not said[:4].isdigit():
        from email.utils import parsedate_to_datetime

        try:
            return parsedate_to_datetime(said).date().isoformat()
        except (ValueError, TypeError, OverflowError, IndexError):
            pass
    return day(said, notes) if said else ""
