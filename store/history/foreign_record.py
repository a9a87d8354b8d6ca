"""What a record made elsewhere must be before it is written: nothing that a desk could not show or go through."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from functools import lru_cache

from store.errors import Refused
from store.log import clock
from store.log.kinds import DOCUMENTS, KINDS, fits
from store.person import Person
from store.text.shorten import shorten

UUID = re.compile("[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}")
"""How an id is written."""

ForeignRecord = Mapping[str, object]
"""A record as ``bring`` takes it."""


def refuse_unsound(records: Iterable[ForeignRecord]) -> None:
    """Refuse records whose times cannot be told, whose documents nobody can read, or whose answers lead nowhere.

    Raises:
        Refused: one of them is so; it is named by its kind and id.
    """
    answered: dict[str, set[str]] = {}
    for record in records:
        if _is_plain(record):
            continue
        name = f"The {_one(record)} {shorten(str(record.get('id')), 40)}"
        who(record.get("by"), name)
        created, updated = record.get("created"), record.get("updated")
        if not (_is_time(created) and _is_time(updated) and created <= updated):  # type: ignore[operator]
            raise Refused(
                f"{name} must have been made before it was changed, neither past the year 9999 "
                "(in milliseconds since 1970)."
            )
        for column in DOCUMENTS & record.keys():
            if not fits(column, record[column]):
                raise Refused(f"{name} cannot have {_shown(record[column])} as its {column}.")
        contested = _contested(name, record.get("contested", ()))
        if record.get("kind") == "comments":
            replies = [record.get("reply_to", ""), *(values.get("reply_to", "") for values in contested)]
            answered[str(record.get("id"))] = {str(reply) for reply in replies}
    for id in answered:
        above, waiting = set[str](), set(answered[id])
        while waiting:
            if id in waiting:
                raise Refused(f"The comment {shorten(id, 40)} answers itself, at once or by way of others.")
            above |= waiting
            waiting = {further for one in waiting for further in answered.get(one, ())} - above


def who(said: object, of: str = "A record") -> str:
    """Somebody as a record has them, by name or by name and id: a name, or a `Person`.

    Raises:
        Refused: it is neither.
    """
    if isinstance(said, str):
        return said
    if (person := _person_of(said)) is None:
        raise Refused(f"{of} must name its author.")
    return person


def _person_of(said: object) -> Person | None:
    """The person that a record has by name and id; None for what is not one."""
    if type(said) is not dict and not isinstance(said, Mapping):
        return None
    name, id = said.get("name"), said.get("id")
    return _person(name, id) if isinstance(name, str) and isinstance(id, str) else None


@lru_cache(maxsize=256)
def _person(name: str, id: str) -> Person | None:
    """Few people are named by very many records."""
    return Person(name, id) if UUID.fullmatch(id) else None


def _is_plain(record: ForeignRecord) -> bool:
    """Whether a record is sound and has nothing that must be looked into, as nearly all are."""
    created, updated = record.get("created"), record.get("updated")
    return (
        type(created) is type(updated) is int
        and 0 <= created <= updated <= clock.LATEST
        and (type(by := record.get("by")) is str or _person_of(by) is not None)
        and record.get("kind") != "comments"
        and record.get("contested", ()) in ((), [])
        and DOCUMENTS.isdisjoint(record)
    )


def _contested(name: str, contested: object) -> list[Mapping[str, object]]:
    """The values that contend with a record; Refused unless each says for which part, by whom and when."""
    found: list[Mapping[str, object]] = []
    for one in contested if isinstance(contested, (list, tuple)) else (None,):
        if not isinstance(one, Mapping) or not isinstance(one.get("values"), Mapping):
            raise Refused(f"{name} must list what contends for its parts, each with part, values, by and at.")
        who(one.get("by"), name)
        if not isinstance(one.get("part"), str) or not _is_time(one.get("at")):
            raise Refused(f"{name} must say of each that contends which part it is, who made it, and when.")
        found.append(one["values"])
    return found


def _is_time(value: object) -> bool:
    return isinstance(value, int) and not isinstance(value, bool) and 0 <= value <= clock.LATEST


def _one(record: ForeignRecord) -> str:
    kind = KINDS.get(str(record.get("kind")))
    return kind.one if kind else "record"


def _shown(value: object) -> str:
    said = repr(value)
    return said if len(said) <= 60 else said[:59] + "…"
