"""JSON Lines: a line for each article, with its text, and after it a line for each of its claims and sweeps.

Each line is one object. ``type`` is ``article``, ``claim`` or ``sweep``; a claim belongs to the article whose line
stands before it, and names its id. Offsets are code points. What is empty is left out. Times are ISO 8601 in UTC.
A review says whether it is stale: it comes back as a review of the claim as the file has it, or of what was before.
``judge`` is who gave the verdict, where that is not who tagged the claim: what was settled comes back as their verdict.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator, Mapping
from typing import Any

from store.formats.contract import DETAILS, FIELDS, Cited, Loss, Options, Said, Spot, Statement, Tally, Text, Unit
from store.formats.files import Files, JsonObject, Out, Problem, Wrong
from store.formats.lines_by_sql import (
    CITED,
    COMMENT_ROWS,
    EVIDENCE_ROWS,
    PIECES,
    REVIEW_OWN,
    REVIEW_ROWS,
    WAITS,
    JsonMember,
    JsonText,
    always,
    fixed,
    found,
    given,
    json_object,
    kept_list,
    listed,
    moment,
    person,
    ready,
    said_text,
)
from store.formats.outgoing_texts import ANSWERED, JUDGE
from store.formats.timestamps import from_iso, to_iso
from store.log.staleness import stale_at_once

name = "jsonl"
says = "one JSON object per line: every article with its text, and its claims after it"
extensions: tuple[str, ...] = (".jsonl", ".ndjson")
many = False
unit: Unit = "codepoint"
loses = frozenset({"reviews", "settled"})
carries = frozenset(FIELDS) - loses
partly: frozenset[str] = frozenset({"reviews"})
needs = ""
options: Mapping[str, str] = {}

_OF_REVIEW = ("words", "person", "decision", "verdict", "reason", "note", "claim_text", "quote")
_ANSWERS = "without what was answered to them"
_WORDS = (
    "label",
    "verdict",
    "note",
    "claim_text",
    "claimant",
    "attribution",
    "check_target",
    "priority",
    "person",
    "judge",
    "name",
)


def sniff(head: bytes) -> bool:
    return head.lstrip().startswith(b'{"type": "article"')


# -- out --------------------------------------------------------------------------------------------------------


def write(texts: Iterable[Text], out: Out, options: Options) -> list[Loss]:
    tally = Tally()
    with out.file() as file:
        for text in texts:
            told = {field: value for field in DETAILS if (value := getattr(text, field))}
            file.write(_line({"type": "article", "id": text.key, **told, "text": text.text}))
            file.writelines(line + b"\n" for line in text.stated)
            for spot in text.spots:
                if any(review.answered for review in spot.reviews):
                    tally.lost("reviews", spot, _ANSWERS)
                file.write(_line({"type": "claim", **_claim(spot, text.key)}))
            for sweep in text.sweeps:
                file.write(_line({"type": "sweep", **_claim(sweep, text.key)}))
    return tally.losses()


def _line(value: Mapping[str, Any]) -> bytes:
    return (json.dumps(value, ensure_ascii=False) + "\n").encode("utf-8", "surrogatepass")


def _claim(spot: Spot, article: str) -> dict[str, Any]:
    told: dict[str, Any] = {"id": spot.key, "article": article}
    told |= {"start": spot.start, "end": spot.end, "quote": spot.quote, "prefix": spot.prefix, "suffix": spot.suffix}
    told |= {field: getattr(spot, field) for field in _WORDS} | {"pieces": [list(piece) for piece in spot.fragments]}
    told |= {"types": list(spot.types), "tags": list(spot.tags), "waits": list(spot.waits), "at": to_iso(spot.at)}
    told["evidence"] = [{field: value for field, value in one._asdict().items() if value} for one in spot.evidence]
    told["reviews"] = [_said(one) for one in spot.reviews]
    told["comments"] = [_said(one) for one in spot.comments]
    return {field: value for field, value in told.items() if value not in ("", [], None) or field in ("start", "end")}


def _said(one: Said) -> dict[str, Any]:
    told = one._asdict() | {"at": to_iso(one.at), "answered": ""}
    return {field: value for field, value in told.items() if value or (field == "stale" and value is not None)}


_OF_CLAIM = {
    "verdict": "c.verdict", "note": "c.justification", "claim_text": "c.claim_text", "claimant": "c.claimant",
    "attribution": "c.attribution", "check_target": "c.check_target", "priority": "c.priority",
}  # fmt: skip


def _told(**texts: str) -> list[JsonMember]:
    return [said_text(field, value) for field, value in texts.items()]


_NAME_OF_JUDGE = f"coalesce((SELECT name FROM people WHERE id = {JUDGE}), '')"
_EVIDENCE = json_object(*_told(**CITED))
_STALE = stale_at_once("(SELECT n.stale FROM reviews_now n WHERE n.id = r.id)")
_REVIEW = json_object(
    said_text("words", "r.comment"), found("person", person('r."by"')), said_text("decision", "r.decision"),
    found("verdict", REVIEW_OWN.format("verdict")), given("at", moment("r.updated")),
    said_text("reason", "r.reason"), found("note", REVIEW_OWN.format("justification")),
    said_text("claim_text", "r.claim_text"),
    given("start", "CASE WHEN r.version = c.version THEN nullif(r.start, 0) END"),
    given("end", 'CASE WHEN r.version = c.version THEN nullif(r."end", 0) END'), said_text("quote", "r.quote"),
    ready("stale", f"CASE WHEN {_STALE} THEN 'true' ELSE 'false' END"),
)  # fmt: skip
_COMMENT = json_object(
    said_text("words", "m.body"), found("person", person('m."by"')), given("at", moment("m.created"))
)
statement = Statement(
    claim=json_object(
        fixed("type", "claim"), always("id", "c.id"), always("article", "p.article"),
        ready("start", "c.start"), ready("end", 'c."end"'),
        *_told(quote="c.quote", prefix="c.prefix", suffix="c.suffix", **_OF_CLAIM),
        found("person", person('c."by"')), found("judge", _NAME_OF_JUDGE),
        ready("name", JsonText('"%s"', ("c.name",))), given("pieces", PIECES),
        kept_list("types", "c.types"), kept_list("tags", "c.tags"), given("waits", WAITS),
        given("at", moment("c.created")),
        listed("evidence", EVIDENCE_ROWS.each(_EVIDENCE)), listed("reviews", REVIEW_ROWS.each(_REVIEW)),
        listed("comments", COMMENT_ROWS.each(_COMMENT)),
    ).sql,
    sweep=json_object(
        fixed("type", "sweep"), always("id", "w.id"), always("article", "p.article"),
        ready("start", "w.start"), ready("end", 'w."end"'), said_text("quote", "w.words"),
        found("person", person('w."by"')), given("at", moment("w.created")),
    ).sql,
    lost={
        "reviews": f"EXISTS (SELECT 1 FROM reviews r WHERE {REVIEW_ROWS.which} AND {ANSWERED.format('r')})",
        "settled": "c.adjudication_id IS NOT NULL",
    },
    why={"reviews": _ANSWERS},
)  # fmt: skip
"""A line as ``write`` has it."""


# -- in ---------------------------------------------------------------------------------------------------------


def read(files: Files, options: Options) -> Iterator[Text | Problem]:
    for file in files:
        article: Text | None = None
        spots: list[Spot] = []
        sweeps: list[Spot] = []
        try:
            for found in file.records():
                if isinstance(found, Problem):
                    yield found
                    continue
                try:
                    if found.text("type") == "article":
                        fresh = _article(found)
                        if article is not None:
                            yield article._replace(spots=tuple(spots), sweeps=tuple(sweeps))
                        article, spots, sweeps = fresh, [], []
                    elif found.text("type") in ("claim", "sweep"):
                        if article is None or found.text("article") not in ("", article.key):
                            raise Wrong("its article does not stand before it")
                        (spots if found.text("type") == "claim" else sweeps).append(_spot(found))
                    else:
                        raise Wrong("its type is none of article, claim and sweep")
                except Wrong as wrong:
                    yield Problem(found.where, str(wrong))
        except Wrong as wrong:
            yield Problem(file.name, str(wrong))
        if article is not None:
            yield article._replace(spots=tuple(spots), sweeps=tuple(sweeps))


def _article(line: JsonObject) -> Text:
    return Text(line.text("id"), line.text("text"), where=line.where, **line.texts(*DETAILS))


def _spot(line: JsonObject) -> Spot:
    start, end = (line.whole(edge) if line.first(edge) is not None else -1 for edge in ("start", "end"))
    words = line.texts(*_WORDS, "quote", "prefix", "suffix")
    evidence = tuple(
        Cited(**{field: one.text(field) for field in Cited._fields if one.first(field) is not None})
        for one in line.records("evidence")
    )
    return Spot(
        line.text("id"), start, end, fragments=_pieces(line), types=line.words("types"), tags=line.words("tags"),
        waits=line.words("waits"),
        at=from_iso(line.text("at")), evidence=evidence, reviews=tuple(map(_heard, line.records("reviews"))),
        comments=tuple(map(_heard, line.records("comments"))), machine=line.first("machine") is True, **words,
    )  # fmt: skip


def _pieces(line: JsonObject) -> tuple[tuple[int, int], ...]:
    """The pieces of a span that has gaps."""
    found = [tuple(piece) if isinstance(piece, list) else () for piece in line.each("pieces")]
    if not all(len(piece) == 2 and all(type(edge) is int and abs(edge) < 10**15 for edge in piece) for piece in found):
        raise Wrong("its pieces are not pairs of whole numbers")
    return tuple((first, last) for first, last in found)


def _heard(one: JsonObject) -> Said:
    start, end = (one.whole(edge) if one.first(edge) is not None else 0 for edge in ("start", "end"))
    stale = one.first("stale") if isinstance(one.first("stale"), bool) else None
    return Said(at=from_iso(one.text("at")), start=start, end=end, stale=stale, **one.texts(*_OF_REVIEW))
