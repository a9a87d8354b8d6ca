"""AVeriTeC: a JSON list of claims with their questions, answers, label and justification.

A piece of evidence is a question with one answer: its note is the question where it is one, else a question is made of
its source. Labels are those that the scheme gives for ``averitec``. The format holds claims, not articles: one that is
read becomes an article of its own, unless its words stand in an article that is here under the same address.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterable, Iterator, Mapping
from typing import Any

from store.formats.contract import FIELDS, Cited, Loss, Options, Spot, Tally, Text, Unit
from store.formats.files import Files, JsonObject, Out, Problem, Wrong, each

name = "averitec"
says = "AVeriTeC: a JSON list of claims with questions and answers, label and justification"
extensions: tuple[str, ...] = (".json",)
many = False
unit: Unit = "none"
carries = frozenset({"claimant", "note"})
partly = frozenset({"claim", "verdict", "types", "evidence"})
loses = frozenset(FIELDS) - carries
needs = ""
options: Mapping[str, str] = {}

_DATE = re.compile(r"(\d{1,2})-(\d{1,2})-(\d{4})")


def sniff(head: bytes) -> bool:
    return b'"claim"' in head and b'"questions"' in head


# -- out --------------------------------------------------------------------------------------------------------


def write(texts: Iterable[Text], out: Out, options: Options) -> list[Loss]:
    tally = Tally()
    with out.file() as file:
        between = b"[\n"
        for text in texts:
            for spot in text.spots:
                if not spot.verdict:
                    tally.lost("claim", spot, "a claim without a verdict has no label")
                    continue
                line = json.dumps(_claim(text, spot, options, tally), ensure_ascii=False)
                file.write(between + line.encode())
                between = b",\n"
        file.write(b"[]\n" if between == b"[\n" else b"\n]\n")
    return tally.losses()


def _claim(text: Text, spot: Spot, options: Options, tally: Tally) -> dict[str, Any]:
    label = options.verdict_word(spot.verdict, name)
    if options.verdict_key(label, name) != spot.verdict:
        tally.lost("verdict", spot, "several verdicts have one label there")
    types = list(dict.fromkeys(options.scheme.type(kind).export.get(name, kind) for kind in spot.types))
    if spot.types and _types(types, options) != spot.types:
        tally.lost("types", spot, "several types have one name there")
    for one in spot.evidence:
        if _cited(_question(one)) != one:
            tally.lost("evidence", spot, "a question, an answer and an address are all that an answer has")
            break
    day = "-".join(reversed(text.published.split("-"))) if text.published.count("-") == 2 else None
    return {
        "claim": spot.claim_text or spot.quote, "required_reannotation": False, "label": label,
        "justification": spot.note, "claim_date": day, "speaker": spot.claimant or None,
        "original_claim_url": text.url or None, "cached_original_claim_url": None, "fact_checking_article": None,
        "reporting_source": text.publisher or None, "location_ISO_code": None, "claim_types": types,
        "fact_checking_strategies": [], "questions": [_question(one) for one in spot.evidence],
    }  # fmt: skip


def _question(one: Cited) -> dict[str, Any]:
    source = one.title or one.url or "the source"
    question = one.note if one.note.endswith("?") else f"What does {source} say?"
    answer = {
        "answer": one.quote or "No answer could be found.",
        "answer_type": "Extractive" if one.quote else "Unanswerable",
        "source_url": one.url, "source_medium": "Web text" if one.url else "", "cached_source_url": one.archive_url,
    }  # fmt: skip
    return {"question": question, "answers": [answer]}


def _types(words: Iterable[str], options: Options) -> tuple[str, ...]:
    back = {kind.export.get(name, kind.key): kind.key for kind in reversed(options.scheme.types)}
    return tuple(back.get(word, word) for word in words)


# -- in ---------------------------------------------------------------------------------------------------------


def read(files: Files, options: Options) -> Iterator[Text | Problem]:
    return each(files, lambda record: [_text(record, options)])


def _text(record: JsonObject, options: Options) -> Text:
    words = record.text("claim")
    if not words.strip():
        raise Wrong("it has no claim")
    label = record.text("label")
    evidence = tuple(
        one._replace(stance=_stance(options.verdict_key(label, name)))
        for question in record.records("questions")
        for one in _answers(question)
    )
    spot = Spot(
        record.text("claim_id"), quote=words, claim_text=words, verdict=options.verdict_key(label, name) or label,
        note=record.text("justification"), claimant=record.text("speaker"), evidence=evidence,
        types=_types(record.words("claim_types"), options),
    )  # fmt: skip
    return Text(
        "", words, url=record.text("original_claim_url"), publisher=record.text("reporting_source"),
        published=_day(record.text("claim_date")), spots=(spot,), where=record.where,
    )  # fmt: skip


def _stance(verdict: str) -> str:
    return {"supported": "supports", "refuted": "refutes"}.get(verdict, "context")


def _answers(question: JsonObject) -> Iterator[Cited]:
    asked = question.text("question")
    for answer in question.records("answers"):
        yield _cited({"question": asked, "answers": [answer.values]})


def _cited(question: Mapping[str, Any]) -> Cited:
    answer = JsonObject("", question["answers"][0])
    nothing = answer.text("answer_type") == "Unanswerable"
    words = answer.text("answer")
    if explained := answer.text("boolean_explanation"):
        words = f"{words}: {explained}"
    url = answer.text("source_url")
    return Cited(
        "context", "" if nothing else words, note=question["question"], url=url if "://" in url else "",
        title="" if "://" in url else url, archive_url=answer.text("cached_source_url"),
    )  # fmt: skip


def _day(said: str) -> str:
    """A day such as 5-1-2025 as the desk has it; empty when it is none."""
    found = _DATE.fullmatch(said.strip())
    return f"{found[3]}-{int(found[2]):02}-{int(found[1]):02}" if found else ""
