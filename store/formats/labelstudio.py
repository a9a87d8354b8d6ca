"""Label Studio: ``tasks.json`` with a task for each article, and ``config.xml``, the labelling config to it.

A task has an annotation for each person. A region is a claim; the choice, the words and the meta of the same id are its
verdict, its justification and statement, and what else a desk has. Offsets are UTF-16 units. Regions of a prediction
are made by a model. Cancelled annotations are left out. Of an HTML document the offsets are those of its mark-up: the
words of a region are used instead.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator, Mapping
from typing import Any
from xml.sax.saxutils import quoteattr

from store.formats.contract import COMMON_DETAILS, FIELDS, Cited, Loss, Options, Said, Spot, Text, Unit
from store.formats.files import Files, JsonObject, Out, Problem, Wrong
from store.formats.timestamps import from_iso, to_iso

name = "labelstudio"
says = "Label Studio: tasks with their annotations as JSON, and the labelling config"
extensions: tuple[str, ...] = (".json",)
many = True
unit: Unit = "utf-16"
loses = frozenset({"reviews", "discontinuous", "sweeps", "waits", "lines", "judge", "settled"})
carries = frozenset(FIELDS) - loses
partly: frozenset[str] = frozenset()
needs = ""
options: Mapping[str, str] = {"field": "the key of a task's data under which its text stands, instead of text"}

_WORDS = {"why": "note", "statement": "claim_text"}
_MORE = ("claimant", "attribution", "check_target", "priority")


def sniff(head: bytes) -> bool:
    return b'"annotations"' in head and b'"data"' in head


# -- out --------------------------------------------------------------------------------------------------------


def write(texts: Iterable[Text], out: Out, options: Options) -> list[Loss]:
    people: dict[str, int] = {}
    with out.file("tasks.json") as file:
        between = b"[\n"
        for number, text in enumerate(texts, 1):
            file.write(between + json.dumps(_task(number, text, people), ensure_ascii=False).encode())
            between = b",\n"
        file.write(b"[]\n" if between == b"[\n" else b"\n]\n")
    out.write(_config(options), "config.xml")
    return []


def _task(number: int, text: Text, people: dict[str, int]) -> dict[str, Any]:
    of: dict[str, list[Spot]] = {}
    for spot in text.spots:
        of.setdefault(spot.person, []).append(spot)
    annotations = [
        {
            "id": number * 1000 + nth, "completed_by": people.setdefault(person, len(people) + 1),
            "was_cancelled": False, "ground_truth": False, "result": [part for spot in spots for part in _region(spot)],
        }
        for nth, (person, spots) in enumerate(of.items(), 1)
    ]  # fmt: skip
    data = {field: value for field in COMMON_DETAILS if (value := getattr(text, field))}
    names = {str(people[person]): person for person in of}
    return {"id": number, "data": {"text": text.text, **data}, "meta": {"people": names}, "annotations": annotations}


def _region(spot: Spot) -> list[dict[str, Any]]:
    place = {"start": spot.start, "end": spot.end, "text": spot.quote}

    def part(asked: str, kind: str, **value: Any) -> dict[str, Any]:
        return {"id": spot.key, "from_name": asked, "to_name": "text", "type": kind, "origin": "manual",
                "value": {**place, **value}}  # fmt: skip

    more: dict[str, Any] = {field: getattr(spot, field) for field in _MORE}
    more |= {"tags": list(spot.tags), "created": to_iso(spot.at)}
    more["evidence"] = [{field: said for field, said in one._asdict().items() if said} for one in spot.evidence]
    more["comments"] = [{"words": one.words, "person": one.person, "at": to_iso(one.at)} for one in spot.comments]
    region = part("claim", "labels", labels=["CLAIM"])
    region["meta"] = {"factdesk": {field: said for field, said in more.items() if said}}
    found = [region]
    if spot.verdict:
        found.append(part("verdict", "choices", choices=[spot.verdict]))
    if spot.types:
        found.append(part("types", "choices", choices=list(spot.types)))
    found += [
        part(asked, "textarea", text=[getattr(spot, field)]) for asked, field in _WORDS.items() if getattr(spot, field)
    ]
    return found


def _config(options: Options) -> str:
    def choices(asked: str, kinds: Iterable[Any], choice: str) -> str:
        inside = "\n".join(f"    <Choice value={quoteattr(kind.key)} hint={quoteattr(kind.label)}/>" for kind in kinds)
        return f'  <Choices name="{asked}" toName="text" perRegion="true" choice="{choice}">\n{inside}\n  </Choices>\n'

    areas = "".join(
        f'  <TextArea name="{asked}" toName="text" perRegion="true" editable="true" placeholder="{asked}"/>\n'
        for asked in _WORDS
    )
    return (
        "<View>\n"
        "  <Style>.lsf-htx-richtext { white-space: pre-wrap; }</Style>\n"
        '  <Labels name="claim" toName="text">\n    <Label value="CLAIM"/>\n  </Labels>\n'
        '  <Text name="text" value="$text" granularity="symbol"/>\n'
        f"{choices('verdict', options.scheme.active, 'single-radio')}"
        f"{choices('types', options.scheme.types, 'multiple')}{areas}</View>\n"
    )


# -- in ---------------------------------------------------------------------------------------------------------


def read(files: Files, options: Options) -> Iterator[Text | Problem]:
    for file in (one for one in files if one.suffix != ".xml"):
        try:
            for found in file.records():
                if isinstance(found, Problem):
                    yield found
                    continue
                try:
                    yield from _Task(found, options.said.get("field", "")).read()
                except Wrong as wrong:
                    yield Problem(found.where, str(wrong))
        except Wrong as wrong:
            yield Problem(file.name, str(wrong))


class _Task:
    def __init__(self, task: JsonObject, field: str) -> None:
        self._task = task
        self._data = task.record("data")
        self._field = field
        self._people = task.record("meta").record("people").values
        self._left: dict[str, int] = {}

    def read(self) -> list[Text | Problem]:
        if "annotations" not in self._task.values and "predictions" not in self._task.values:
            raise Wrong("it has no annotations: export the project as JSON, not as JSON_MIN")
        text = self._text()
        spots: list[Spot] = []
        for one in self._task.records("annotations"):
            if one.first("was_cancelled") is not True:
                spots += self._spots(one, self._person(one), False)
        for one in self._task.records("predictions"):
            spots += self._spots(one, one.text("model_version") or "model", True, one.first("score"))
        said = self._data.texts(*COMMON_DETAILS) if isinstance(self._data.first("text"), str) else {}
        whole = Text(str(self._task.first("id") or ""), text, where=self._task.where, spots=tuple(spots), **said)
        told = (f"{count} of {kind} left out, which a desk does not hold" for kind, count in self._left.items())
        return [whole, *(Problem(self._task.where, words, mended=True) for words in told)]

    def _text(self) -> str:
        fields = [self._field] if self._field else ["text"]
        words = [name for name, value in self._data.values.items() if isinstance(value, str)]
        if not self._field and "text" not in words and len(words) == 1:
            fields = words
        if not isinstance(self._data.first(*fields), str):
            raise Wrong(f"its data has no “{fields[0]}”: name the key of its text with --field")
        return self._data.text(*fields)

    def _person(self, annotation: JsonObject) -> str:
        value = annotation.first("completed_by")
        if isinstance(value, dict):
            who = annotation.of(value, "completed_by")
            named = " ".join(filter(None, (who.text("first_name"), who.text("last_name"))))
            return named or who.text("email") or f"Annotator {who.text('id')}"
        if isinstance(value, list):
            raise Wrong("“completed_by” is not a person")
        known = self._people.get(str(value)) if value is not None else ""
        return known if isinstance(known, str) else f"Annotator {value}"

    def _spots(self, annotation: JsonObject, person: str, machine: bool, score: Any = None) -> list[Spot]:
        regions: dict[str, Spot] = {}
        at = from_iso(annotation.text("created_at"))
        for number, part in enumerate(annotation.records("result")):
            kind, id = part.text("type"), part.text("id") or f"region {number}"
            if kind in ("labels", "hypertextlabels", "paragraphlabels"):
                regions[id] = self._region(part, id)._replace(person=person, machine=machine)
            elif kind in ("choices", "textarea") and id in regions:
                regions[id] = _further(regions[id], part)
            else:
                what = "relations" if kind == "relation" else "answers about the whole text or of another kind"
                self._left[what] = self._left.get(what, 0) + 1
        extra = {"confidence": score} if isinstance(score, int | float) else {}
        return [spot._replace(at=spot.at or at, extra=extra) for spot in regions.values()]

    def _region(self, part: JsonObject, id: str) -> Spot:
        value = part.record("value")
        words = value.text("text")
        labels = value.words("labels", "hypertextlabels", "paragraphlabels")
        more = part.record("meta").record("factdesk")
        evidence = tuple(
            Cited(**{field: one.text(field) for field in Cited._fields if one.first(field) is not None})
            for one in more.records("evidence")
        )
        comments = tuple(
            Said(one.text("words"), one.text("person"), at=from_iso(one.text("at"))) for one in more.records("comments")
        )
        marked = isinstance(value.first("start"), str)  # a place in mark-up
        start, end = (-1, -1) if marked else (value.whole("start"), value.whole("end"))
        return Spot(
            id, start, end, words, label=labels[0] if labels else "", tags=(*more.words("tags"), *labels[1:]),
            at=from_iso(more.text("created")), evidence=evidence, comments=comments, **more.texts(*_MORE),
        )  # fmt: skip


def _further(spot: Spot, part: JsonObject) -> Spot:
    """A region with what a choice or a text of its id says."""
    value = part.record("value")
    asked, chosen = part.text("from_name"), value.words("choices")
    if part.text("type") == "textarea":
        said: dict[str, Any] = {_WORDS.get(asked, "note"): "\n".join(value.words("text"))}
        return spot._replace(**said)
    if asked == "types":
        return spot._replace(types=(*spot.types, *chosen))
    if asked == "verdict" and chosen:
        return spot._replace(verdict=chosen[0])
    return spot._replace(label=chosen[0]) if chosen else spot
