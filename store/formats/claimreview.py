"""ClaimReview: the mark-up by which search engines know fact-checks, in JSON-LD by schema.org.

A file holds a list of them, or with ``--layout feed`` a ``DataFeed``. Read are files of JSON-LD and web pages with
``<script type="application/ld+json">``, several a page. The verdict is the rating: its word ``alternateName``, its
value where the scheme has a scale. A claim is left out when it lacks what the mark-up requires: a verdict, the address
where the check is published (``--site``), or, where the article claims it in its own voice, the article's address.
"""

from __future__ import annotations

import html
import json
import re
from collections.abc import Iterable, Iterator, Mapping
from typing import Any
from urllib.parse import quote as escaped

from store.formats.contract import FIELDS, Cited, Loss, Options, Spot, Tally, Text, Unit
from store.formats.files import File, Files, JsonObject, Out, Problem, Wrong, parsed
from store.formats.outgoing_texts import in_words_seen
from store.formats.timestamps import from_iso, to_iso

name = "claimreview"
says = "ClaimReview in JSON-LD by schema.org, a list or a DataFeed of the checked claims"
extensions: tuple[str, ...] = (".jsonld", ".json", ".html", ".htm")
many = False
unit: Unit = "none"
carries = frozenset({"claimant", "note"})
partly = frozenset({"claim", "verdict"})
loses = frozenset(FIELDS) - carries
needs = ""
options: Mapping[str, str] = {
    "site": "the address under which the checks are published",
    "publisher": "the organisation that publishes the checks",
    "layout": "list, or feed for a DataFeed; list unless said",
}

_SCRIPT = re.compile(rb"<script[^>]*application/ld\+json[^>]*>(.*?)</script", re.IGNORECASE | re.DOTALL)
_DEEP = 12
_SCHEMA = "https://schema.org"


def sniff(head: bytes) -> bool:
    return b"ClaimReview" in head


# -- out --------------------------------------------------------------------------------------------------------


def write(texts: Iterable[Text], out: Out, options: Options) -> list[Loss]:
    tally = Tally()
    feed = options.said.get("layout", "list") == "feed"
    with out.file() as file:
        head = {"@context": _SCHEMA, "@type": "DataFeed", "dataFeedElement": []}
        file.write(json.dumps(head).removesuffix("]}").encode() if feed else b"[")
        between = b"\n"
        for text in map(in_words_seen, texts):
            for spot in text.spots:
                if (review := claim_review(text, spot, options, tally)) is not None:
                    item = {"@type": "DataFeedItem", "dateCreated": to_iso(spot.at)[:10], "item": [review]}
                    line = json.dumps(item if feed else {"@context": _SCHEMA, **review}, ensure_ascii=False)
                    file.write(between + line.encode())
                    between = b",\n"
        file.write(b"\n]}\n" if feed else b"\n]\n")
    return tally.losses()


def claim_review(text: Text, spot: Spot, options: Options, tally: Tally) -> dict[str, Any] | None:
    """The mark-up of a claim; None when it lacks what is required, which is counted."""
    site = options.said.get("site", "")
    lacks = ""
    if not spot.verdict:
        lacks = "a claim without a verdict has no rating"
    elif not site:
        lacks = "say with --site where the checks are published"
    elif spot.attribution == "own_voice" and not text.url:
        lacks = "a claim in the article's own voice needs the article's address"
    elif spot.waits:
        lacks = "what is contested, or has other words since a correction, is not published before that is settled"
    if lacks:
        tally.lost("claim", spot, lacks)
        return None
    kind = options.scheme.verdict(spot.verdict)
    if options.verdict_key(kind.label, name) != spot.verdict:
        tally.lost("verdict", spot, "two verdicts have the same word")
    rating: dict[str, Any] = {"@type": "Rating", "alternateName": kind.label}
    if kind.rating is not None and options.scheme.rating_scale is not None:
        scale = options.scheme.rating_scale
        rating |= {"ratingValue": kind.rating, "bestRating": scale.best, "worstRating": scale.worst}
    if spot.note:
        rating["ratingExplanation"] = spot.note
    item: dict[str, Any] = {"@type": "Claim"}
    if spot.claimant:
        item["author"] = {"@type": "Person", "name": spot.claimant}
    if text.published:
        item["datePublished"] = text.published
    if text.url:
        item["appearance"] = {"@type": "NewsArticle", "url": text.url}
    own = spot.key.startswith(("http://", "https://"))  # it was read from a page
    anchor = f"#{escaped(spot.name.lower() or spot.key)}"
    review: dict[str, Any] = {
        "@type": "ClaimReview", "url": spot.key if own else f"{site}{anchor}",
        "claimReviewed": spot.claim_text or spot.quote, "itemReviewed": item, "reviewRating": rating,
    }  # fmt: skip
    if to_iso(spot.at):
        review["datePublished"] = to_iso(spot.at)[:10]
    if publisher := options.said.get("publisher", ""):
        review["author"] = {"@type": "Organization", "name": publisher}
    if urls := [cited.url for cited in spot.evidence if cited.url]:
        review["citation"] = urls
    if text.language:
        review["inLanguage"] = text.language
    return review


# -- in ---------------------------------------------------------------------------------------------------------


def read(files: Files, options: Options) -> Iterator[Text | Problem]:
    for file in files:
        try:
            blocks = _blocks(file)
        except Wrong as wrong:
            yield Problem(file.name, str(wrong))
            continue
        number = 0
        for block in blocks:
            value = parsed(block)
            if isinstance(value, str):
                yield Problem(file.name, value)
                continue
            for found in _reviews(value, 0):
                number += 1
                where = f"{file.name}, ClaimReview {number}"
                try:
                    yield _text(JsonObject(where, found), options)
                except Wrong as wrong:
                    yield Problem(where, str(wrong))
        if not number and blocks:
            yield Problem(file.name, "it holds no ClaimReview")


def _blocks(file: File) -> list[str]:
    if file.suffix not in (".html", ".htm"):
        return [file.text()]
    return [html.unescape(found.decode("utf-8", "replace")) for found in _SCRIPT.findall(file.data())]


def _reviews(value: Any, depth: int) -> Iterator[dict[str, Any]]:
    """The ClaimReviews in a value, wherever they stand."""
    if depth > _DEEP:
        return
    if isinstance(value, dict):
        kinds = value.get("@type")
        if "ClaimReview" in (kinds if isinstance(kinds, list) else [kinds]):
            yield value
            return
        value = list(value.values())
    if isinstance(value, list):
        for one in value:
            yield from _reviews(one, depth + 1)


def _text(review: JsonObject, options: Options) -> Text:
    words = review.text("claimReviewed")
    if not words.strip():
        raise Wrong("it has no claimReviewed")
    rating = review.record("reviewRating")
    label = rating.text("alternateName", "name")
    item = review.record("itemReviewed")
    who = _named(item, "author")
    publisher = _named(review, "author")
    told = review.first("citation")
    urls = [told] if isinstance(told, str) else review.each("citation")
    cited = tuple(
        Cited(url=url if isinstance(url, str) else item.of(url, "citation").text("url", "@id")) for url in urls
    )
    at = from_iso(review.text("datePublished"))
    spot = Spot(
        review.text("@id", "url"), quote=words, claim_text=words, verdict=options.verdict_key(label, name) or label,
        note=rating.text("ratingExplanation") or review.text("reviewBody"), claimant=who, person=publisher,
        at=at, evidence=tuple(one for one in cited if one.url),
    )  # fmt: skip
    return Text(
        "", words, url=_appearance(item), language=review.text("inLanguage"), published=item.text("datePublished"),
        spots=(spot,), where=review.where,
    )  # fmt: skip


def _named(of: JsonObject, field: str) -> str:
    """The name of a person or organisation, or of the first of several."""
    value = of.first(field)
    if isinstance(value, str):
        return value
    return next((one.text("name") for one in of.records(field)), "")


def _appearance(item: JsonObject) -> str:
    for field in ("firstAppearance", "appearance"):
        value = item.first(field)
        if isinstance(value, str):
            return value
        for one in item.records(field):
            if found := one.text("url", "@id"):
                return found
    return ""
