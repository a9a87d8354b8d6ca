"""RAGTruth: ``response.jsonl`` with what models wrote and the spans that are wrong in it, and ``source_info.jsonl``.

The label of a span is what the scheme gives for ``ragtruth`` (such as *Evident Conflict*), or its verdict; its meta the
justification. What is marked as true nevertheless (``implicit_true``) is not a mistake: it has the tag *implicit true*
and no verdict. What a model was given (``source_info``) is the evidence of every span on its text. Offsets are code
points.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator, Mapping
from typing import Any

from store.formats.contract import FIELDS, Cited, Loss, Options, Spot, Text, Unit
from store.formats.files import Files, JsonObject, Out, Problem, Wrong

name = "ragtruth"
says = "RAGTruth: what models wrote with the spans that are wrong, and what they were given"
extensions: tuple[str, ...] = (".jsonl",)
many = True
unit: Unit = "codepoint"
carries = frozenset({"claim", "span", "overlap", "verdict", "note", "title"})
loses = frozenset(FIELDS) - carries
partly: frozenset[str] = frozenset()
needs = ""
options: Mapping[str, str] = {}

_NONE = "CLAIM"
_TRUE = "implicit true"


def sniff(head: bytes) -> bool:
    return b'"label_type"' in head or (b'"source_id"' in head and b'"response"' in head)


def write(texts: Iterable[Text], out: Out, options: Options) -> list[Loss]:
    sources = []
    with out.file("response.jsonl") as file:
        for number, text in enumerate(texts, 1):
            labels = [_label(spot, options) for spot in text.spots]
            line = {
                "id": str(number), "source_id": str(number), "model": text.title, "temperature": None,
                "labels": labels, "split": "all", "quality": "good", "response": text.text,
            }  # fmt: skip
            file.write((json.dumps(line, ensure_ascii=False) + "\n").encode())
            sources.append({"source_id": str(number), "task_type": "", "source": "", "source_info": "", "prompt": ""})
    out.write("".join(json.dumps(one) + "\n" for one in sources), "source_info.jsonl")
    return []


def _label(spot: Spot, options: Options) -> dict[str, Any]:
    key = spot.verdict
    word = options.scheme.verdict(key).export.get(name, key) if key else spot.label or _NONE
    return {
        "start": spot.start, "end": spot.end, "text": spot.quote, "meta": spot.note, "label_type": word,
        "implicit_true": _TRUE in spot.tags, "due_to_null": False,
    }  # fmt: skip


def read(files: Files, options: Options) -> Iterator[Text | Problem]:
    given: dict[str, JsonObject] = {}
    responses: list[JsonObject] = []
    for file in files:
        try:
            for found in file.records():
                if isinstance(found, Problem):
                    yield found
                elif "response" in found.values:
                    responses.append(found)
                else:
                    given[found.text("source_id")] = found
        except Wrong as wrong:
            yield Problem(file.name, str(wrong))
    for response in responses:
        try:
            yield _text(response, given.get(response.text("source_id")), options)
        except Wrong as wrong:
            yield Problem(response.where, str(wrong))


def _text(response: JsonObject, given: JsonObject | None, options: Options) -> Text:
    cited = _source(given)
    quality = response.text("quality")
    spots = []
    for number, label in enumerate(response.records("labels")):
        word, true = label.text("label_type"), label.first("implicit_true") is True
        tags = [_TRUE] * true + ["due to null"] * (label.first("due_to_null") is True)
        tags += [quality] if quality not in ("", "good") else []
        spots.append(
            Spot(
                f"{response.text('id')}.{number}", label.whole("start"), label.whole("end"), label.text("text"),
                verdict="" if true else options.verdict_key(word, name),
                label="" if true or options.verdict_key(word, name) else word,
                note=label.text("meta"), tags=tuple(tags), evidence=cited,
            )
        )  # fmt: skip
    return Text("", response.text("response"), response.text("model"), spots=tuple(spots), where=response.where)


def _source(given: JsonObject | None) -> tuple[Cited, ...]:
    if given is None:
        return ()
    value = given.first("source_info")
    words = value if isinstance(value, str) else json.dumps(value, ensure_ascii=False) if value else ""
    title = given.text("source") or given.text("task_type")
    return (Cited("context", words, title=title),) if words else ()
