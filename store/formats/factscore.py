"""FActScore: one JSON object per line for each text of a model, with its sentences and their atomic facts.

Facts have no offsets: each lies on its sentence, with its own words as the statement. Labels are ``S`` (supported),
``NS`` (not supported) and ``IR`` (irrelevant), or what the scheme gives for ``factscore``. Sentences that the text has
with marks of citation (``[1]``) are found nevertheless. Facts that a model took out are a model's.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterable, Iterator, Mapping
from typing import Any

from store.formats.contract import FIELDS, Loss, Options, Spot, Tally, Text, Unit
from store.formats.files import Files, JsonObject, Out, Problem, Wrong, each

name = "factscore"
says = "FActScore: one JSON object per line for each text, with its sentences and their atomic facts"
extensions: tuple[str, ...] = (".jsonl",)
many = False
unit: Unit = "codepoint"
carries = frozenset({"claim", "span", "claim_text", "title"})
loses = frozenset(FIELDS) - carries
partly = frozenset({"verdict", "overlap"})
needs = ""
options: Mapping[str, str] = {}

_LABELS = {"S": "supported", "NS": "refuted", "IR": "not_checkable"}
_FALSE = frozenset({"refuted", "mostly_refuted", "misleading", "mixed", "not_supported", "not_enough_evidence"})
_MARKS = re.compile(r"\s*\[\d{1,3}\]|\s+")


def sniff(head: bytes) -> bool:
    return b'"human-atomic-facts"' in head or b'"model-atomic-facts"' in head


# -- out --------------------------------------------------------------------------------------------------------


def write(texts: Iterable[Text], out: Out, options: Options) -> list[Loss]:
    tally = Tally()
    with out.file() as file:
        for text in texts:
            sentences: dict[tuple[int, int], list[Spot]] = {}
            for spot in text.spots:
                sentences.setdefault((spot.start, spot.end), []).append(spot)
            annotations = [
                {
                    "text": spots[0].quote, "start": start, "end": end, "is-relevant": True,
                    "human-atomic-facts": [_fact(spot, options, tally) for spot in spots],
                }
                for (start, end), spots in sentences.items()
            ]  # fmt: skip
            for spots in sentences.values():
                words = [spot.claim_text for spot in spots]
                for nth, spot in enumerate(spots):
                    if spot.claim_text in words[:nth]:
                        tally.lost("overlap", spot)
            line = {"topic": text.title, "output": text.text, "annotations": annotations}
            file.write((json.dumps(line, ensure_ascii=False) + "\n").encode())
    return tally.losses()


def _fact(spot: Spot, options: Options, tally: Tally) -> dict[str, Any]:
    label = ""
    if spot.verdict:
        label = options.scheme.verdict(spot.verdict).export.get(name, "")
        found = (word for word, key in _LABELS.items() if key == spot.verdict)
        label = label or next(found, "NS" if spot.verdict in _FALSE else "S")
        if _key(label, options) != spot.verdict:
            tally.lost("verdict", spot, "its label is one of three")
    return {"text": spot.claim_text} | ({"label": label} if label else {})


def _key(label: str, options: Options) -> str:
    known = options.verdict_key(label, name)
    return known or _LABELS.get(label, label)


# -- in ---------------------------------------------------------------------------------------------------------


def read(files: Files, options: Options) -> Iterator[Text | Problem]:
    return each(files, lambda line: _texts(line, options))


def _texts(line: JsonObject, options: Options) -> list[Text | Problem]:
    body = line.text("output", "text")
    spots: list[Spot] = []
    at = 0
    for number, sentence in enumerate(line.records("annotations"), 1):
        words = sentence.text("text")
        if isinstance(sentence.first("start"), int) and isinstance(sentence.first("end"), int):
            start, end = sentence.whole("start"), sentence.whole("end")
        else:
            start, end = _found(body, words, at)
            if start < 0:
                start, end = _found(body, words, 0)
            if start < 0:
                raise Wrong(f"its sentence {number} does not stand in its output")
            words, at = body[start:end], end
        for kind, machine in (("human-atomic-facts", False), ("model-atomic-facts", True)):
            if machine and sentence.each("human-atomic-facts"):
                continue
            for nth, fact in enumerate(sentence.records(kind), 1):
                label = fact.text("label")
                spots.append(
                    Spot(
                        f"{number}.{nth}", start, end, words, claim_text=fact.text("text"),
                        verdict=_key(label, options) if label else "", machine=machine,
                        person="FActScore" if machine else "",
                    )
                )  # fmt: skip
    return [Text("", body, line.text("topic"), spots=tuple(spots), where=line.where)]


def _found(body: str, words: str, after: int) -> tuple[int, int]:
    """Where a sentence stands, whatever white space and citations are between its words; -1 when it does not."""
    place = body.find(words, after)
    if place >= 0:
        return place, place + len(words)
    pieces = [re.escape(piece) for piece in _MARKS.sub(" ", words).split()]
    if not pieces:
        return -1, -1
    found = re.compile(r"(?:\s|\[\d{1,3}\])*".join(pieces)).search(body, after)
    return (found.start(), found.end()) if found else (-1, -1)
