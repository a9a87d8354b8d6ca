"""A desk without the names of those who worked on it, for exports: ``Person 1``, ``Person 2``, … in their place.

It is a copy of the desk, made of its history with other names and other ids for people; so they stand nowhere, neither
in columns nor in the log. Names are replaced where somebody is named as a person, and where they stand as whole words
in what people write about claims. Words of the articles, and the statements and claimants taken from them, stay as
they are.
"""

from __future__ import annotations

import json
import re
import tempfile
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from store.access.names import Names
from store.desk import Desk
from store.log.kinds import DOCUMENTS, REFERENCES

_WORDS: Mapping[str, tuple[str, ...]] = {
    "claims": ("tags",),
    "verdicts": ("justification",),
    "evidence": ("note",),
    "comments": ("body",),
    "reviews": ("reason", "comment"),
    "answers": ("reason",),
    "ticks": ("reason", "note"),
    "adjudications": ("rationale",),
    "suggestions": ("note",),
}
"""What people write about claims, by kind."""


@contextmanager
def shown_names(desk: Desk, shown: bool) -> Iterator[Desk]:
    """The desk as it is, or without names: that one is for the person who is at work here, and gone once closed."""
    if shown:
        yield desk
        return
    people = _People(desk)
    with tempfile.TemporaryDirectory(prefix="factdesk-") as folder:
        copy = Path(folder, "desk.db")
        desk.shares.write(copy, rewrite=people.rewrite)
        with Desk.open(copy, people.called(desk.reviewer) if desk.reviewer else "") as made:
            yield made


class _People:
    """Who is called what instead."""

    def __init__(self, desk: Desk) -> None:
        known = desk.people.names()
        ids = dict.fromkeys(person.id for person in known.values())
        self._names = {id: f"Person {number}" for number, id in enumerate(ids, 1)}
        self._ids = {id: Names(()).called(name).id for id, name in self._names.items()}
        self._called = {name.casefold(): self._names[person.id] for name, person in known.items()}
        self._reasons = {reason.key for reason in desk.scheme.reasons}
        longest = sorted(filter(None, known), key=len, reverse=True)
        words = "|".join(rf"(?<!\w){re.escape(name)}(?!\w)" for name in longest)
        self._known = re.compile(words or r"(?!)", re.IGNORECASE)

    def called(self, person: Any) -> str:
        """What a person is called instead."""
        return self._names.get(person.id, "Person 0")

    def rewrite(self, change: tuple[str, ...]) -> tuple[str, ...]:
        """A change with other names and ids of people."""
        id, action, reviewer, at, kind, item, parents, patch, undoes = change
        told = json.dumps(self._patch(kind, item, json.loads(patch)), ensure_ascii=False, separators=(",", ":"))
        item = self._ids.get(item, item) if kind == "reviewers" else item
        return id, action, self._ids.get(reviewer, reviewer), at, kind, item, parents, told, undoes

    def _patch(self, kind: str, item: str, patch: dict[str, Any]) -> dict[str, Any]:
        for column, value in patch.items():
            if kind == "reviewers" and column == "name":
                patch[column] = self._names.get(item, "")
            elif REFERENCES.get(column) == "reviewers":
                patch[column] = self._ids.get(value, value)
            elif column in DOCUMENTS:
                patch[column] = self._document(value)
            elif isinstance(value, str) and column in _WORDS.get(kind, ()) and value not in self._reasons:
                patch[column] = self._words(value)
            elif column == "tags" and isinstance(value, list):
                patch[column] = [self._words(word) for word in value]
        return patch

    def _words(self, words: str) -> str:
        return self._known.sub(lambda found: self._called.get(found[0].casefold(), "Person 0"), words)

    def _document(self, said: str) -> str:
        """What somebody had before them: of a claim its reason and the notes on its evidence are people's words."""
        try:
            value: Any = json.loads(said) if said else None
        except (ValueError, RecursionError):
            return said
        if isinstance(value, dict):
            if isinstance(value.get("justification"), str):
                value["justification"] = self._words(value["justification"])
            for piece in value.get("evidence", ()):
                piece[5:6] = [self._words(note) for note in piece[5:6]]
        elif isinstance(value, list) and len(value) == 8 and all(isinstance(one, str) for one in (value[2], value[7])):
            value[2], value[7] = self._words(value[2]), self._document(value[7])
        else:
            return said
        return json.dumps(value, ensure_ascii=False, separators=(",", ":"))
