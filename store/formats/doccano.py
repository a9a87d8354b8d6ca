"""doccano: one JSON object per line for each article, with the spans and their labels.

The label of a claim is its verdict, or CLAIM while it has none. Read are the keys of every generation: ``labels`` and
``annotations`` with numbers for labels and users, ``label``, and ``entities`` with ``relations``. Of a zip with several
files each is its user's. Offsets are code points, and no quote stands beside them: a text in which others would count
otherwise needs ``--unit``.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator, Mapping
from typing import Any

from store.formats.contract import COMMON_DETAILS, FIELDS, Loss, Options, Said, Spot, Tally, Text, Unit
from store.formats.files import Files, JsonObject, Out, Problem, Wrong

name = "doccano"
says = "doccano: one JSON object per line for each article, with its labelled spans"
extensions: tuple[str, ...] = (".jsonl", ".json")
many = False
unit: Unit = "codepoint"
carries = frozenset({"claim", "span", "verdict", "title", "url", "language", "markup", "publication"})
loses = frozenset(FIELDS) - carries
partly: frozenset[str] = frozenset({"overlap"})
needs = ""
options: Mapping[str, str] = {
    "labels": "what its numbers for labels mean, such as 1=supported,2=refuted",
    "users": "who its numbers for users are, such as 1=Ana,2=Bo",
}

_NONE = "CLAIM"


def sniff(head: bytes) -> bool:
    return b'"text"' in head and any(key in head for key in (b'"label"', b'"labels"', b'"entities"', b'"annotations"'))


def write(texts: Iterable[Text], out: Out, options: Options) -> list[Loss]:
    tally = Tally()
    with out.file() as file:
        for number, text in enumerate(texts, 1):
            seen: set[tuple[int, int, str]] = set()
            labels = []
            for spot in text.spots:
                label = (spot.start, spot.end, spot.verdict or spot.label or _NONE)
                if label in seen:
                    tally.lost("overlap", spot)  # nothing tells the two apart
                labels.append(label)
                seen.add(label)
            said = {field: value for field in COMMON_DETAILS if (value := getattr(text, field))}
            line = {"id": number, "text": text.text, **said, "label": labels, "Comments": []}
            file.write((json.dumps(line, ensure_ascii=False) + "\n").encode())
    return tally.losses()


def read(files: Files, options: Options) -> Iterator[Text | Problem]:
    alone = len(files) == 1
    labels, users = (_named(options.said.get(what, "")) for what in ("labels", "users"))
    for file in files:
        reader = _Lines(labels, users, "" if alone else file.stem)
        try:
            for found in file.records():
                if isinstance(found, Problem):
                    yield found
                    continue
                try:
                    yield from reader.take(found)
                except Wrong as wrong:
                    yield Problem(found.where, str(wrong))
        except Wrong as wrong:
            yield Problem(file.name, str(wrong))


def _named(said: str) -> dict[str, str]:
    """What ``1=a,2=b`` means."""
    pairs = (pair.partition("=") for pair in said.split(",") if pair.strip())
    return {key.strip(): value.strip() for key, _, value in pairs}


class _Lines:
    def __init__(self, labels: Mapping[str, str], users: Mapping[str, str], person: str) -> None:
        self._labels = labels
        self._users = users
        self._person = person

    def take(self, line: JsonObject) -> list[Text | Problem]:
        spots = [*self._plain(line), *self._entities(line)]
        nested = (key for key in ("meta", "data") if isinstance(line.first(key), dict))
        more = line.record(next(nested, "meta"))
        said: dict[str, Any] = {field: line.text(field) or more.text(field) for field in COMMON_DETAILS}
        words = line.text(*(key for key in ("text", "data") if isinstance(line.first(key), str)), "text")
        whole: list[Text | Problem] = [Text(line.text("id"), words, where=line.where, spots=tuple(spots), **said)]
        left = len(line.each("relations")), len(line.each("Comments", "comments"))
        for count, what in zip(left, ("relations", "comments on the whole text"), strict=True):
            if count:
                whole.append(Problem(line.where, f"{count} {what} left out, which a desk does not hold", mended=True))
        return whole

    def _plain(self, line: JsonObject) -> Iterator[Spot]:
        """``label`` and ``labels``: start, end and label of each."""
        for one in line.each("label", "labels"):
            if isinstance(one, str | int):
                continue  # a label of the whole text
            if not isinstance(one, list) or len(one) < 3:
                raise Wrong("a label is not start, end and name")
            start, end = (line.of({"edge": edge}, "label").whole("edge") for edge in one[:2])
            yield self._spot(line, "", start, end, one[2], self._person)

    def _entities(self, line: JsonObject) -> Iterator[Spot]:
        """``entities``, and ``annotations`` of the first generation: objects, with numbers for labels and users."""
        approver = line.text("annotation_approver")
        heard = (Said("", approver, "agree"),) if approver else ()
        for one in (*line.records("entities"), *line.records("annotations")):
            if one.first("start_offset") is None:
                continue  # a label of the whole text
            person = self._person or self._user(one)
            start, end = one.whole("start_offset"), one.whole("end_offset")
            yield self._spot(line, one.text("id"), start, end, one.first("label"), person)._replace(reviews=heard)

    def _user(self, one: JsonObject) -> str:
        number = one.text("user")
        return one.text("user_name") or self._users.get(number, "") or (f"User {number}" if number else "")

    def _spot(self, line: JsonObject, key: str, start: int, end: int, label: Any, person: str) -> Spot:
        word = line.of({"label": label}, "label").text("label")
        if word.isdecimal() and word not in self._labels:
            raise Wrong(f"its label {word} has no name: say what the numbers mean with --labels {word}=…")
        record = line.text("id")
        return Spot(f"{record}.{key}" if key else "", start, end, label=self._labels.get(word, word), person=person)
