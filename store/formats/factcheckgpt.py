"""Factcheck-GPT: one JSON object per line for each answer of a model, with its sentences, their claims and evidence.

A sentence may be given without its context (``decontext``); its claims are statements on it. Evidence is an address, an
empty line and the words found there. Lists that belong together must be as long as each other.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterable, Iterator, Mapping
from typing import Any

from store.formats.contract import FIELDS, Cited, Loss, Options, Spot, Tally, Text, Unit
from store.formats.files import Files, JsonObject, Out, Problem, Wrong, each

name = "factcheckgpt"
says = "Factcheck-GPT: one JSON object per line for each answer, with sentences, claims and evidence"
extensions: tuple[str, ...] = (".jsonl",)
many = False
unit: Unit = "codepoint"
carries = frozenset({"claim", "span", "claim_text", "verdict", "title"})
loses = frozenset(FIELDS) - carries
partly = frozenset({"evidence", "overlap"})
needs = ""
options: Mapping[str, str] = {}

_STANCES = {"support": "supports", "refute": "refutes", "contradict": "refutes"}
_TRUTHS = {"true": "supported", "yes": "supported", "false": "refuted", "no": "refuted"}


def sniff(head: bytes) -> bool:
    return b'"sentence1"' in head and b'"claims"' in head


# -- out --------------------------------------------------------------------------------------------------------


def write(texts: Iterable[Text], out: Out, options: Options) -> list[Loss]:
    tally = Tally()
    with out.file() as file:
        for text in texts:
            of: dict[tuple[int, int], list[Spot]] = {}
            for spot in text.spots:
                if any(_cited(_evidence(one), one.stance) != one for one in spot.evidence):
                    tally.lost("evidence", spot, "an address, words and a stance are all that it has")
                there = of.setdefault((spot.start, spot.end), [])
                if (spot.claim_text, spot.verdict) in ((one.claim_text, one.verdict) for one in there):
                    tally.lost("overlap", spot)
                there.append(spot)
            told = (_sentence(place, spots) for place, spots in of.items())
            sentences = {f"sentence{number}": sentence for number, sentence in enumerate(told, 1)}
            line = {"prompt": text.title, "response": text.text, "sentences": sentences}
            file.write((json.dumps(line, ensure_ascii=False) + "\n").encode())
    return tally.losses()


def _sentence(place: tuple[int, int], spots: list[Spot]) -> dict[str, Any]:
    return {
        "text": spots[0].quote, "start": place[0], "end": place[1], "decontext": spots[0].quote,
        "claims": [spot.claim_text for spot in spots],
        "claim_checkworthiness": ["Factual"] * len(spots),
        "human_evidence": [[_evidence(one) for one in spot.evidence] for spot in spots],
        "human_stance": [[one.stance for one in spot.evidence] for spot in spots],
        "labels": [spot.verdict for spot in spots],
    }  # fmt: skip


def _evidence(one: Cited) -> str:
    return f"{one.url}\n\n{one.quote}"


# -- in ---------------------------------------------------------------------------------------------------------


def read(files: Files, options: Options) -> Iterator[Text | Problem]:
    return each(files, lambda line: [_text(line, options)])


def _text(line: JsonObject, options: Options) -> Text:
    body = line.text("response", "output")
    sentences = line.record("sentences").values
    order = sorted(sentences, key=lambda name: (int(found[0]) if (found := re.search(r"\d{1,9}", name)) else 0, name))
    spots: list[Spot] = []
    at = 0
    for key in order:
        sentence = line.of(sentences[key], key)
        words = sentence.text("text")
        start = sentence.first("start")
        if not isinstance(start, int) or isinstance(start, bool):
            start = body.find(words, at) if body.find(words, at) >= 0 else body.find(words)
        if start < 0:
            raise Wrong(f"its {key} does not stand in its response")
        at = max(at, start + len(words))
        spots += _claims(sentence, key, start, words, options)
    return Text("", body, line.text("prompt"), spots=tuple(spots), where=line.where)


def _claims(sentence: JsonObject, key: str, start: int, words: str, options: Options) -> Iterator[Spot]:
    claims = sentence.words("claims")
    lists: dict[str, list[Any]] = {}
    for field in ("claim_checkworthiness", "human_evidence", "human_stance", "labels"):
        lists[field] = sentence.each(field)
        if lists[field] and len(lists[field]) != len(claims):
            raise Wrong(f"its {key} has {len(claims)} claims and {len(lists[field])} of “{field}”")
    for nth, claim in enumerate(claims or ([sentence.text("decontext")] if sentence.text("decontext") else ())):
        label = lists["labels"][nth] if lists["labels"] else None
        said = str(label).casefold() if isinstance(label, str | bool) else ""
        verdict = _TRUTHS.get(said) or options.verdict_key(said, name) or (str(label) if said else "")
        worth = lists["claim_checkworthiness"][nth] if lists["claim_checkworthiness"] else ""
        tags = () if not isinstance(worth, str) or worth in ("", "Factual") else (worth,)
        found = _listed(lists["human_evidence"], nth)
        stances = _listed(lists["human_stance"], nth)
        evidence = tuple(
            _cited(one, str(stances[place]) if place < len(stances) else "context") for place, one in enumerate(found)
        )
        yield Spot(
            f"{key}.{nth + 1}", start, start + len(words), words, claim_text=claim, verdict=verdict, tags=tags,
            evidence=evidence,
        )  # fmt: skip


def _listed(lists: list[Any], nth: int) -> list[str]:
    value = lists[nth] if lists else []
    return [one for one in (value if isinstance(value, list) else [value]) if isinstance(one, str) and one]


def _cited(said: str, stance: str) -> Cited:
    url, _, words = said.partition("\n\n")
    known = next((known for word, known in _STANCES.items() if word in stance.casefold()), "context")
    if "://" not in url or " " in url.strip():
        url, words = "", said.removeprefix("\n\n")
    return Cited(known, words, url=url.strip())
