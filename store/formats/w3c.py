"""W3C Web Annotation: an annotation collection in JSON-LD, one annotation per claim.

The target of a claim is the text by its SHA-256 (``urn:sha256:…``), with a ``TextPositionSelector`` in code points and
a ``TextQuoteSelector`` with 32 of them on each side. Its body has the verdict (``classifying``), the justification
(``describing``), types and tags (``tagging``) and the evidence (``linking``). A comment is an annotation of its own
whose target is the claim's (``replying``), a sweep one that is ``highlighting``. The texts themselves stand in the
collection under ``factdesk:texts``, so that it is whole; what the vocabulary has no word for has the prefix
``factdesk:``.

What Hypothesis exports is read, too: its rows have the same selectors.
"""

from __future__ import annotations

import hashlib
import json
import re
import shutil
import tempfile
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import ExitStack
from itertools import chain
from typing import Any

from store.formats.contract import DETAILS, FIELDS, Cited, Loss, Options, Said, Spot, Statement, Tally, Text, Unit
from store.formats.files import File, Files, JsonObject, Out, Problem, Wrong, parsed
from store.formats.lines_by_sql import (
    CITED,
    COMMENT_ROWS,
    EVIDENCE_ROWS,
    PIECES,
    REVIEW_OWN,
    REVIEW_ROWS,
    WAITS,
    HangingRows,
    JsonMember,
    JsonText,
    always,
    fixed,
    given,
    json_list,
    json_object,
    moment,
    person,
    ready,
    said_text,
    some,
)
from store.formats.outgoing_texts import JUDGE
from store.formats.timestamps import from_iso, to_iso
from store.text.shorten import shorten

name = "w3c"
says = "W3C Web Annotation in JSON-LD, one annotation per claim, with the texts"
extensions: tuple[str, ...] = (".jsonld", ".json")
many = False
unit: Unit = "codepoint"
loses = frozenset({"reviews", "discontinuous", "judge", "settled"})
carries = frozenset(FIELDS) - loses
partly: frozenset[str] = frozenset({"reviews"})
needs = ""
options: Mapping[str, str] = {"text": "the article that annotations of an unknown source belong to: its address"}

_CONTEXT = ["http://www.w3.org/ns/anno.jsonld", {"factdesk": "urn:factdesk:"}]
_OWN = ("claim_text", "claimant", "attribution", "check_target", "priority", "name")
_ID = re.compile("urn:uuid:(.+)")


def sniff(head: bytes) -> bool:
    return b"w3.org/ns/anno.jsonld" in head


# -- out --------------------------------------------------------------------------------------------------------


def write(texts: Iterable[Text], out: Out, options: Options) -> list[Loss]:
    tally = Tally()
    with ExitStack() as stack:
        file = stack.enter_context(out.file())
        head = {"@context": _CONTEXT, "type": "AnnotationPage"}
        file.write(json.dumps(head).removesuffix("}").encode() + b', "items": [')
        kept = stack.enter_context(tempfile.TemporaryFile())  # the texts stand last, and may be many
        between = b"\n"
        for text in texts:
            source = f"urn:sha256:{hashlib.sha256(text.text.encode()).hexdigest()}"
            said = {field: value for field in DETAILS if (value := getattr(text, field))}
            told = {"id": source, "article": f"urn:uuid:{text.key}", **said, "text": text.text}
            kept.write((b",\n" if kept.tell() else b"\n") + json.dumps(told, ensure_ascii=False).encode())
            annotations = _annotations(text, source, options, tally)
            for line in chain(text.stated, (json.dumps(one, ensure_ascii=False).encode() for one in annotations)):
                file.write(between + line)
                between = b",\n"
        file.write(b'\n], "factdesk:texts": [')
        kept.seek(0)
        shutil.copyfileobj(kept, file)
        file.write(b"\n]}\n")
    return tally.losses()


def _annotations(text: Text, source: str, options: Options, tally: Tally) -> Iterator[dict[str, Any]]:
    for spot in text.spots:
        yield _annotation(spot, source, "assessing", _bodies(spot, options))
        if spot.reviews:
            tally.lost("reviews", spot)
        for motivation, heard in (("moderating", spot.reviews), ("replying", spot.comments)):
            for number, one in enumerate(heard):
                said = {"type": "TextualBody", "value": one.words, "purpose": motivation}
                if one.decision:
                    said |= {"factdesk:decision": one.decision, "factdesk:verdict": one.verdict}
                yield {
                    "id": f"urn:uuid:{spot.key}#{motivation}-{number}", "type": "Annotation", "motivation": motivation,
                    **_made(one.person, one.at), "body": [said], "target": f"urn:uuid:{spot.key}",
                }  # fmt: skip
    for sweep in text.sweeps:
        yield _annotation(sweep, source, "highlighting", [])


def _annotation(spot: Spot, source: str, motivation: str, bodies: list[dict[str, Any]]) -> dict[str, Any]:
    selectors = [
        {"type": "TextPositionSelector", "start": spot.start, "end": spot.end},
        {"type": "TextQuoteSelector", "exact": spot.quote, "prefix": spot.prefix, "suffix": spot.suffix},
    ]
    own = {f"factdesk:{field}": value for field in _OWN if (value := getattr(spot, field))}
    own |= {"factdesk:waits": list(spot.waits)} if spot.waits else {}
    return {
        "id": f"urn:uuid:{spot.key}", "type": "Annotation", "motivation": motivation, **_made(spot.person, spot.at),
        "body": bodies, "target": {"source": source, "selector": selectors}, **own,
    }  # fmt: skip


def _made(person: str, at: int) -> dict[str, Any]:
    said: dict[str, Any] = {"creator": {"type": "Person", "name": person}} if person else {}
    return said | ({"created": to_iso(at)} if to_iso(at) else {})


def _bodies(spot: Spot, options: Options) -> list[dict[str, Any]]:
    found: list[dict[str, Any]] = []
    if spot.verdict:
        label = options.scheme.verdict(spot.verdict).label
        found.append({"type": "TextualBody", "purpose": "classifying", "value": spot.verdict, "factdesk:label": label})
    if spot.note:
        found.append({"type": "TextualBody", "purpose": "describing", "value": spot.note})
    for kind, words in (("type", spot.types), ("tag", spot.tags)):
        found += [{"type": "TextualBody", "purpose": "tagging", "value": word, "factdesk:kind": kind} for word in words]
    for cited in spot.evidence:
        own = {f"factdesk:{field}": value for field, value in cited._asdict().items() if value and field != "url"}
        found.append({"type": "SpecificResource", "purpose": "linking", "source": cited.url, **own})
    return found


def _made_by(who: str, at: str) -> tuple[JsonMember, JsonMember]:
    """Who made an annotation, and when."""
    creator = json_object(fixed("type", "Person"), always("name", person(who))).sql
    nobody = '\'{"type": "Person", "name": ""}\''
    return given("creator", f"nullif({creator}, {nobody})"), given("created", moment(at))


def _marking(row: str, motivation: str, bodies: JsonText, quote: Sequence[str], *own: JsonMember) -> JsonText:
    """The annotation of a claim or a sweep; ``quote`` is the SQL for its words and what stands on both sides."""
    place = json_object(
        fixed("type", "TextPositionSelector"), ready("start", f"{row}.start"), ready("end", f'{row}."end"')
    )
    exact, prefix, suffix = quote
    words = always("exact", exact), always("prefix", prefix), always("suffix", suffix)
    selectors = json_list(JsonMember(place), JsonMember(json_object(fixed("type", "TextQuoteSelector"), *words)))
    source = ready("source", JsonText('"urn:sha256:%s"', ("p.sha",)))
    return json_object(
        always("id", f"'urn:uuid:' || {row}.id"), fixed("type", "Annotation"), fixed("motivation", motivation),
        *_made_by(f'{row}."by"', f"{row}.created"), ready("body", bodies),
        ready("target", json_object(source, ready("selector", selectors))), *own,
    )  # fmt: skip


def _saying(purpose: str, value: str, *own: JsonMember) -> JsonMember:
    """A body of text, if there is a text."""
    body = json_object(fixed("type", "TextualBody"), fixed("purpose", purpose), always("value", value), *own)
    return some(f"CASE WHEN {value} <> '' THEN {JsonText(f', {body.mark}', body.values).sql} ELSE '' END")


def _tagging(kind: str) -> JsonMember:
    """Bodies for the words of a list that the desk keeps as JSON: what stands between two words is replaced."""
    marks = [fixed("type", "TextualBody"), fixed("purpose", "tagging"), ready("value", JsonText("%s"))]
    before, after = json_object(*marks, fixed("factdesk:kind", kind)).mark.split("%s")
    listed = f"substr(c.{kind}s, 2, length(c.{kind}s) - 2)"
    alone = f"replace({listed}, '\", \"', '\"{after}, {before}\"')"
    each = f"(SELECT group_concat('{before}' || json_quote(value) || '{after}', ', ') FROM json_each(c.{kind}s))"
    return some(
        f"CASE WHEN c.{kind}s = '[]' THEN '' WHEN instr(c.{kind}s, '\\') THEN ', ' || {each}"
        f" ELSE ', {before}' || {alone} || '{after}' END"
    )


def _linking() -> JsonMember:
    own = (said_text(f"factdesk:{field}", value) for field, value in CITED.items() if field != "url")
    url = always("source", f"coalesce({CITED['url']}, '')")
    body = json_object(fixed("type", "SpecificResource"), fixed("purpose", "linking"), url, *own)
    return some(f"coalesce(', ' || {EVIDENCE_ROWS.each(body)}, '')")


def _replies(motivation: str, words: str, who: str, at: str, of: HangingRows, *own: JsonMember) -> str:
    """The SQL for the annotations of a claim's reviews or comments, each behind a comma on a line of its own."""
    body = json_object(fixed("type", "TextualBody"), always("value", words), fixed("purpose", motivation), *own)
    one = json_object(
        always("id", f"'urn:uuid:' || c.id || '#{motivation}-' || {of.before}"), fixed("type", "Annotation"),
        fixed("motivation", motivation), *_made_by(who, at), ready("body", json_list(JsonMember(body))),
        always("target", "'urn:uuid:' || c.id"),
    )  # fmt: skip
    comma = "',' || char(10)"
    return f"coalesce({comma} || {of.each(one, comma)}, '')"


_LABEL = "coalesce((SELECT label FROM kinds WHERE key = c.verdict), '?' || c.verdict)"
_DECIDED = always("factdesk:decision", "r.decision"), always("factdesk:verdict", REVIEW_OWN.format("verdict"))
_CLAIM = _marking(
    "c", "assessing",
    json_list(
        _saying("classifying", "c.verdict", always("factdesk:label", _LABEL)),
        _saying("describing", "c.justification"), _tagging("type"), _tagging("tag"), _linking(),
    ),
    ("c.quote", "c.prefix", "c.suffix"),
    *(said_text(f"factdesk:{field}", f"c.{field}") for field in _OWN if field != "name"),
    ready("factdesk:name", JsonText('"%s"', ("c.name",))), given("factdesk:waits", WAITS),
)  # fmt: skip
_ANSWERING = (
    _replies("moderating", "r.comment", 'r."by"', "r.updated", REVIEW_ROWS, *_DECIDED),
    _replies("replying", "m.body", 'm."by"', "m.created", COMMENT_ROWS),
)
statement = Statement(
    claim=JsonText(f"{_CLAIM.mark}%s%s", (*_CLAIM.values, *_ANSWERING)).sql,
    sweep=_marking("w", "highlighting", JsonText("[]"), ("w.words", "''", "''")).sql,
    lost={
        "reviews": REVIEW_ROWS.any,
        "discontinuous": f"{PIECES} IS NOT NULL",
        "judge": f"{JUDGE} IS NOT NULL",
        "settled": "c.adjudication_id IS NOT NULL",
    },
)
"""A claim's annotation with those that answer it, each on a line as ``write`` has it."""


# -- in ---------------------------------------------------------------------------------------------------------


def read(files: Files, options: Options) -> Iterator[Text | Problem]:
    for file in files:
        try:
            yield from _File(file, options.said.get("text", "")).read()
        except Wrong as wrong:
            yield Problem(file.name, str(wrong))


class _File:
    """The annotations of a file, by the texts that they are about."""

    def __init__(self, file: File, otherwise: str) -> None:
        self._name = file.name
        self._file = file
        self._otherwise = otherwise
        self._texts: dict[str, Text] = {}
        self._spots: dict[str, list[Spot]] = {}
        self._sweeps: dict[str, list[Spot]] = {}
        self._heard: dict[str, list[Said]] = {}

    def read(self) -> list[Text | Problem]:
        """All of it: what people reply to an annotation may stand before it."""
        problems: list[Text | Problem] = []
        for one in self._annotations(problems):
            try:
                self._take(one)
            except Wrong as wrong:
                problems.append(Problem(one.where, str(wrong)))
        for source in {*self._spots, *self._sweeps} - self._texts.keys():
            address = source if source.startswith(("http://", "https://")) else self._otherwise
            if not address:
                count = len(self._spots.get(source, ())) + len(self._sweeps.get(source, ()))
                named = f"the source “{shorten(source, 40)}”, which is not an address" if source else "no source"
                mend = "import that article, and name its address with --text"
                problems.append(Problem(self._name, f"{count:,} of its annotations have {named}: {mend}"))
                continue
            self._texts[source] = Text("", "", url=address, where=f"{self._name}, source {source}")
        answered = {spot.key for spots in self._spots.values() for spot in spots}
        if left := sum(len(said) for key, said in self._heard.items() if key not in answered):
            told = f"{left:,} replies to what is not among its annotations were left out"
            problems.append(Problem(self._name, told, mended=True))
        return [*problems, *(self._whole(source, text) for source, text in self._texts.items())]

    def _annotations(self, problems: list[Text | Problem]) -> Iterator[JsonObject]:
        whole = parsed(self._file.text())
        if isinstance(whole, str):
            raise Wrong(whole)
        page = JsonObject(self._name, whole if isinstance(whole, dict) else {"items": whole})
        if "items" not in page.values and "first" in page.values:
            page = page.record("first")
        if page.text("type") != "Annotation" and not {"items", "rows", "factdesk:texts"} & page.values.keys():
            raise Wrong("it has no “items”: it is not a page of W3C annotations")
        for one in page.records("factdesk:texts"):
            text = Text(_bare(one.text("article")), one.text("text"), where=one.where, **one.texts(*DETAILS))
            self._texts[one.text("id")] = text
        items = [page.values] if page.text("type") == "Annotation" else page.each("items", "rows")
        for number, item in enumerate(items, 1):
            where = f"{self._name}, annotation {number}"
            if isinstance(item, dict):
                yield JsonObject(where, item)
            else:
                problems.append(Problem(where, "it is not an object"))

    def _take(self, one: JsonObject) -> None:
        one = _of_row(one) if "uri" in one.values else one
        motivations = one.words("motivation")
        targets = (
            one.each("target") if not isinstance(one.first("target"), str) else [*filter(None, one.words("target"))]
        )
        if len(targets) != 1:
            raise Wrong(f"it has {len(targets)} targets: one is read")
        if {"replying", "moderating", "commenting"} & set(motivations) and isinstance(targets[0], str):
            self._heard.setdefault(_bare(targets[0]), []).append(_heard(one))
            return
        if isinstance(targets[0], str):
            raise Wrong("its target is a whole page, without a selector")
        target = one.of(targets[0], "target")
        source = (
            target.record("source").text("id") if isinstance(target.first("source"), dict) else target.text("source")
        )
        spot = _selected(target, _described(one))
        (self._sweeps if motivations == ("highlighting",) else self._spots).setdefault(source, []).append(spot)

    def _whole(self, source: str, text: Text) -> Text:
        spots = [
            spot._replace(
                comments=tuple(said for said in self._heard.get(spot.key, ()) if not said.decision),
                reviews=tuple(said for said in self._heard.get(spot.key, ()) if said.decision),
            )
            for spot in self._spots.get(source, ())
        ]
        return text._replace(spots=tuple(spots), sweeps=tuple(self._sweeps.get(source, ())))


def _of_row(row: JsonObject) -> JsonObject:
    """A row as Hypothesis gives it, as an annotation; one that refers to others is a reply to the first of them."""
    person = row.text("user").removeprefix("acct:").partition("@")[0]
    body = [{"value": row.text("text")}]
    told = {"id": row.text("id"), "created": row.text("created"), "creator": {"type": "Person", "name": person}}
    if references := row.words("references"):
        return JsonObject(row.where, {**told, "motivation": "replying", "body": body, "target": references[0]})
    body += [{"value": tag, "purpose": "tagging"} for tag in row.words("tags")]
    target = [{"source": row.text("uri"), "selector": _quotes(one)} for one in row.records("target")]
    return JsonObject(row.where, {**told, "motivation": "commenting", "body": body, "target": target})


def _quotes(target: JsonObject) -> list[dict[str, Any]]:
    """The selectors that name the words: the positions of a row count the whole page around an article, too."""
    return [one.values for one in target.records("selector") if one.text("type") == "TextQuoteSelector"]


def _bare(id: str) -> str:
    found = _ID.fullmatch(id)
    return found[1] if found else id


def _creator(one: JsonObject) -> tuple[str, bool]:
    """Who made an annotation, and whether that is a program."""
    value = one.first("creator")
    if isinstance(value, list):
        value = value[0] if value else None
    if isinstance(value, str):
        return value, False
    who = one.of({} if value is None else value, "creator")
    return who.text("name", "nickname", "email", "id"), who.text("type") == "Software"


def _heard(one: JsonObject) -> Said:
    person, _ = _creator(one)
    bodies = _body(one)
    words = "\n".join(filter(None, (body.text("value") for body in bodies)))
    decision = next((body.text("factdesk:decision") for body in bodies if body.first("factdesk:decision")), "")
    verdict = next((body.text("factdesk:verdict") for body in bodies if body.first("factdesk:verdict")), "")
    return Said(words, person, decision, verdict, from_iso(one.text("created")))


def _body(one: JsonObject) -> list[JsonObject]:
    value = one.first("body", "bodyValue")
    if value is None:
        return []
    many = value if isinstance(value, list) else [value]
    return [one.of({"value": body} if isinstance(body, str) else body, "body") for body in many]


def _described(one: JsonObject) -> Spot:
    """What an annotation says, without where."""
    person, machine = _creator(one)
    verdict = note = label = ""
    types: list[str] = []
    tags: list[str] = []
    evidence: list[Cited] = []
    for body in _body(one):
        purpose, value = body.text("purpose"), body.text("value")
        if purpose == "classifying":
            verdict = verdict or value if "factdesk:label" in body.values else verdict
            label = label if "factdesk:label" in body.values else value
        elif purpose == "tagging":
            (types if body.text("factdesk:kind") == "type" else tags).append(value)
        elif purpose == "linking" or (body.first("source", "id") and not value):
            said = {field: body.text(f"factdesk:{field}") for field in Cited._fields if field != "url"}
            known = {field: word for field, word in said.items() if word}
            evidence.append(Cited(url=body.text("source", "id"), **known))
        elif value:
            note = f"{note}\n{value}" if note else value
    own: dict[str, Any] = {field: one.text(f"factdesk:{field}") for field in _OWN}
    return Spot(
        _bare(one.text("id")), label=label, verdict=verdict, note=note, types=tuple(types), tags=tuple(tags),
            waits=tuple(one.words("factdesk:waits")),
        person=person, machine=machine, at=from_iso(one.text("created")), evidence=tuple(evidence), **own,
    )  # fmt: skip


def _selected(target: JsonObject, spot: Spot) -> Spot:
    """A spot with the place that its selectors tell; they may be one or several, and one may refine another."""
    pending = target.records("selector")
    while pending:
        selector = pending.pop(0)
        kind = selector.text("type")
        if kind == "TextPositionSelector":
            spot = spot._replace(start=selector.whole("start"), end=selector.whole("end"))
        elif kind == "TextQuoteSelector":
            spot = spot._replace(quote=selector.text("exact"), **selector.texts("prefix", "suffix"))
        pending += selector.records("refinedBy")
    if not spot.quote and spot.start < 0:
        raise Wrong("it says where by no position and no quote")
    return spot
