"""A claim by itself, to be pasted elsewhere: as text, in Markdown, or as ClaimReview."""

from __future__ import annotations

import json

from store.desk import Desk
from store.errors import Refused
from store.formats.claimreview import claim_review
from store.formats.contract import Options, Spot, Tally, Text
from store.formats.outgoing_texts import in_words_seen, texts
from store.formats.proof_markdown import claim_lines
from store.records import Claim

WAYS = {
    "text": "its words, verdict, reason and sources, a line each",
    "markdown": "the same with marks for emphasis, lists and links",
    "claimreview": "the mark-up by which search engines know fact-checks, in JSON-LD",
}
"""How a claim can be copied, with what each is."""


def claim_as(desk: Desk, claim: Claim | str, way: str, *, site: str = "") -> str:
    """A claim in one of `WAYS`; ``site`` is the address where its check is published, which ClaimReview needs.

    Raises:
        Refused: there is no such way, or the claim lacks what ClaimReview requires.
    """
    found = desk.claims.get(claim)
    options = Options(desk.scheme, said={"site": site})
    for text in map(in_words_seen, texts(desk, [found.article])):
        for spot in text.spots:
            if spot.key == found.id:
                return _as(text, spot, options, way)
    raise Refused(f"{found.name} is not on this desk any more.")


def _as(text: Text, spot: Spot, options: Options, way: str) -> str:
    if way == "markdown":
        return "\n".join(claim_lines(spot, options)) + "\n"
    if way == "text":
        return "\n".join(_plain(text, spot, options)) + "\n"
    if way == "claimreview":
        tally = Tally()
        if not options.said["site"]:
            raise Refused(
                "A ClaimReview needs the address where the check is published: give one that people can open."
            )
        review = claim_review(text, spot, options, tally)
        if review is None:
            raise Refused(f"It cannot be a ClaimReview: {tally.losses()[0].why}.")
        return json.dumps({"@context": "https://schema.org", **review}, ensure_ascii=False, indent=2) + "\n"
    raise Refused(f"A claim cannot be copied as “{way}”: use one of {', '.join(WAYS)}.")


def _plain(text: Text, spot: Spot, options: Options) -> list[str]:
    kind = options.scheme.verdict(spot.verdict)
    words = f"{spot.claim_text} (“{spot.quote}”)" if spot.claim_text else f"“{spot.quote}”"
    found = [f"{words} – {f'{kind.glyph} {kind.label}' if spot.verdict else 'no verdict'}"]
    found += [spot.note] if spot.note else []
    for one in spot.evidence:
        quoted = f": “{one.quote}”" if one.quote else ""
        found.append(f"{one.stance}: {' '.join(filter(None, (one.title, one.url))) or 'a source'}{quoted}")
    return [*found, " ".join(filter(None, (text.title, text.url)))]
