"""factgenie: one JSON object per line for each output of a model, with its annotated spans.

A span has a start and its words; its type is a number whose meaning stands in the campaign: in the ``metadata`` of the
line, or said with ``--categories``. What a model annotated is a model's; a crowd's is its annotators'. Offsets are code
points.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator, Mapping
from typing import Any

from store.formats.contract import FIELDS, Loss, Options, Spot, Text, Unit
from store.formats.files import Files, JsonObject, Out, Problem, Wrong, each

name = "factgenie"
says = "factgenie: one JSON object per line for each text and annotator, with typed spans and reasons"
extensions: tuple[str, ...] = (".jsonl",)
many = False
unit: Unit = "codepoint"
carries = frozenset({"claim", "span", "overlap", "verdict", "note", "person", "title"})
loses = frozenset(FIELDS) - carries
partly: frozenset[str] = frozenset()
needs = ""
options: Mapping[str, str] = {"categories": "what its numbers for types mean, in their order, such as refuted,unproven"}

_NONE = "CLAIM"


def sniff(head: bytes) -> bool:
    return b'"setup_id"' in head and b'"output"' in head


def write(texts: Iterable[Text], out: Out, options: Options) -> list[Loss]:
    names = [_NONE, *(kind.key for kind in options.scheme.verdicts)]
    with out.file() as file:
        for number, text in enumerate(texts):
            of: dict[str, list[Spot]] = {}
            for spot in text.spots:
                of.setdefault(spot.person, []).append(spot)
            for person, spots in of.items() or [("", [])]:
                line = _line(number, text, person, spots, names)
                file.write((json.dumps(line, ensure_ascii=False) + "\n").encode())
    return []


def _line(number: int, text: Text, person: str, spots: Iterable[Spot], names: list[str]) -> dict[str, Any]:
    annotations = []
    for spot in spots:
        label = spot.verdict or spot.label or _NONE
        if label not in names:
            names.append(label)
        kind = names.index(label)
        annotations.append({"start": spot.start, "text": spot.quote, "type": kind, "reason": spot.note})
    categories = [{"name": word} for word in names]
    return {
        "dataset": "factdesk", "split": "all", "setup_id": text.title, "example_idx": number, "output": text.text,
        "annotations": annotations,
        "metadata": {"annotator_id": person, "config": {"annotation_span_categories": categories}},
    }  # fmt: skip


def read(files: Files, options: Options) -> Iterator[Text | Problem]:
    said = [word.strip() for word in options.said.get("categories", "").split(",") if word.strip()]
    whole: Text | None = None
    for found in each(files, lambda line: [_text(line, said)]):
        if isinstance(found, Problem):
            yield found
        elif whole is not None and (whole.text, whole.title) == (found.text, found.title):
            whole = whole._replace(spots=(*whole.spots, *found.spots))  # another's annotations of the same text
        else:
            if whole is not None:
                yield whole
            whole = found
    if whole is not None:
        yield whole


def _text(line: JsonObject, said: list[str]) -> Text:
    metadata = line.record("metadata")
    config = metadata.record("config")
    names = said or [one.text("name") for one in config.records("annotation_span_categories")]
    machine = metadata.text("annotator_group_type", "mode").startswith("llm") or bool(config.text("model"))
    person = metadata.text("annotator_id") or (config.text("model") if machine else "")
    spots = []
    for one in line.records("annotations"):
        start, words = one.whole("start"), one.text("text")
        kind = one.whole("type")
        if not 0 <= kind < len(names):
            raise Wrong(f"its type {kind} has no name: say what the numbers mean with --categories")
        spots.append(
            Spot("", start, start + len(words), words, label=names[kind], note=one.text("reason", "explanation"),
                 person=person, machine=machine)
        )  # fmt: skip
    return Text("", line.text("output"), line.text("setup_id"), spots=tuple(spots), where=line.where)
