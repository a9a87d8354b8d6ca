"""Folding: what an item is now, made of its changes. Pure: no file is asked.

A change says who, when, on top of which changes (``parents``), and the new values of whole parts. An item's row is
the fold of its changes in id order. Two changes of one part, neither an ancestor of the other, with different
values, are a conflict: the newest is shown, both are listed, and nobody's value is lost. Conflicts therefore come
from ancestry, never from clocks.
"""

import json
import re
from collections.abc import Iterable, Mapping, Sequence
from typing import NamedTuple

from store.log import clock
from store.log.kinds import CAREFUL, LISTS, Kind, Patch, default, fits

_ONE = len('["01234567-89ab-7def-89ab-0123456789ab"]')
"""Characters of a list of one parent, as nearly all are."""
_IS_ID = re.compile("[0-9a-f-]*").fullmatch

INVALID = "invalid"
"""The conflict part that lists changes whose values do not fit their column."""


class Entry(NamedTuple):
    """One change as it stands in the log. ``at`` is the author's wall clock in ms, for people, never for ordering."""

    id: str
    action: str
    reviewer: str
    at: int
    kind: str
    item: str
    parents: tuple[str, ...]
    patch: Patch
    undoes: str


def entry(row: Sequence[object]) -> Entry:
    """An Entry from the columns id, action, reviewer, at, kind, item, parents, patch, undoes.

    Times beyond what can be told are the first or the last that can.
    """
    id, action, reviewer, at, kind, item, parents, patch, undoes = row
    return Entry(
        str(id), str(action), str(reviewer), min(max(int(str(at)), 0), clock.LATEST), str(kind), str(item),
        _parents(str(parents)), _patch(str(patch)), str(undoes or ""),
    )  # fmt: skip


def _parents(said: str) -> tuple[str, ...]:
    if len(said) == _ONE and said[:2] == '["' and said[-2:] == '"]' and _IS_ID(said, 2, _ONE - 2):
        return (said[2:-2],)
    found = _read(said) if said != "[]" else ()
    return tuple(map(str, found)) if isinstance(found, list) else ()


def _patch(said: str) -> Patch:
    found = _read(said)
    return found if isinstance(found, dict) else {}


_decode = json.JSONDecoder().decode


def _read(said: str) -> object:
    """What a change says; nothing where another program has put what is JSON, but no value of ours."""
    try:
        return _decode(said)
    except json.JSONDecodeError:
        raise
    except (ValueError, RecursionError):  # a number of 5,000 digits, lists in lists without end
        return None


class Folded(NamedTuple):
    """An item's row and its conflicts: part → the ids of the contending changes, newest last."""

    row: dict[str, object]
    conflicts: dict[str, list[str]]


def fold(kind: Kind, entries: Sequence[Entry]) -> Folded:
    """Fold one item's changes, given in id order, into its row. Pure."""
    first, last = entries[0], entries[-1]
    state: dict[str, object] = {}
    touched: dict[str, list[int]] = {}
    invalid: list[tuple[int, str]] = []
    for index, entry in enumerate(entries):
        said: dict[str, Patch] = {}
        for column, value in entry.patch.items():
            if part := kind.homes.get(column):
                said.setdefault(part, {})[column] = value
        for part, values in said.items():
            if all(fits(column, value) for column, value in values.items()):
                state.update(values)
                touched.setdefault(part, []).append(index)
            else:
                invalid.append((index, part))
    straight = all(entry.parents == (entries[i - 1].id,) if i else not entry.parents for i, entry in enumerate(entries))
    conflicts: dict[str, list[str]] = {}
    heads = [last.id]
    if invalid or not straight:
        ancestors = ancestry(entries)
        everything = 0
        for mask in ancestors:
            everything |= mask
        heads = [entry.id for i, entry in enumerate(entries) if not everything >> i & 1]
        conflicts = _contested(kind, entries, ancestors, touched)
        if "deleted" in conflicts:
            state["deleted"] = 0
        for part, ids in conflicts.items():
            if rank := CAREFUL.get((kind.name, part)):
                state |= _most_careful(kind, part, rank, [one for one in entries if one.id in ids])
        waiting = {i for i, part in invalid if not any(ancestors[j] >> i & 1 for j in touched.get(part, ()))}
        if waiting:
            conflicts[INVALID] = [entries[i].id for i in sorted(waiting)]
    row: dict[str, object] = {"id": first.item}
    for column in kind.columns:
        value = state.get(column, default(column))
        row[column] = json.dumps(value, ensure_ascii=False) if isinstance(value, list) else value
    row |= {
        "by": first.reviewer,
        "born": first.id,
        "heads": " ".join(heads),
        "created": first.at,
        "updated": max(entry.at for entry in entries),
        "updated_by": last.reviewer,
        "conflict": int(bool(conflicts)),
    }
    return Folded(row, conflicts)


def _most_careful(kind: Kind, part: str, rank: tuple[str, ...], entries: Sequence[Entry]) -> Patch:
    """The values of the part in the change that hides most, the newest of several."""
    column, *order = rank
    places = {value: place for place, value in enumerate(order)}
    chosen = max(reversed(entries), key=lambda one: places.get(str(one.patch.get(column)), -1))
    return {name: chosen.patch[name] for name in kind.parts[part] if name in chosen.patch}


def only(kind: Kind, change: Entry) -> tuple[object, ...] | None:
    """The row of an item that has this one change, as ``fold`` gives it.

    None where a value does not fit its column, or the kind has no such column.
    """
    held = kind.blank | change.patch
    for column, value in change.patch.items():
        if type(value) is str and column in kind.texts:
            continue
        if column not in kind.homes or not fits(column, value):
            return None
        if column in LISTS:
            held[column] = _list(value) if value else "[]"
    id, at, by = change.id, change.at, change.reviewer
    return (change.item, *held.values(), by, id, id, at, at, by, 0)


_list = json.JSONEncoder(ensure_ascii=False).encode


def ancestry(entries: Sequence[Entry]) -> list[int]:
    """For each entry the set of its ancestors, as a bit mask over the entries' positions."""
    position = {entry.id: i for i, entry in enumerate(entries)}
    masks: list[int] = []
    for entry in entries:
        mask = 0
        for parent in entry.parents:
            at = position.get(parent)
            if at is not None and at < len(masks):
                mask |= masks[at] | 1 << at
        masks.append(mask)
    return masks


def _contested(
    kind: Kind, entries: Sequence[Entry], ancestors: list[int], touched: Mapping[str, list[int]]
) -> dict[str, list[str]]:
    """The parts whose newest changes did not see each other and differ, each with those changes."""
    conflicts = {}
    for part, indexes in touched.items():
        seen = 0
        for i in indexes:
            seen |= ancestors[i]
        tops = [i for i in indexes if not seen >> i & 1]
        values = {
            json.dumps([entries[i].patch.get(c, default_value(c)) for c in kind.parts[part]], sort_keys=True)
            for i in tops
        }
        if part == "deleted":
            # A delete removes only what its author had seen: an edit that no delete has seen keeps the item alive.
            gone = [i for i in tops if entries[i].patch.get("deleted")]
            beside = [
                i
                for i, entry in enumerate(entries)
                if not entry.patch.get("deleted")
                and not any(ancestors[d] >> i & 1 for d in gone)
                and any(not ancestors[i] >> d & 1 for d in gone)
            ]
            if gone and beside:
                conflicts[part] = [entries[i].id for i in sorted({*gone, *_newest(beside, ancestors)})]
        elif len(values) > 1:
            conflicts[part] = [entries[i].id for i in tops]
    return conflicts


def _newest(indexes: Sequence[int], ancestors: list[int]) -> list[int]:
    seen = 0
    for i in indexes:
        seen |= ancestors[i]
    return [i for i in indexes if not seen >> i & 1]


def changed_parts(kind: Kind, row: Mapping[str, object] | None, conflicts: Iterable[str], values: Patch) -> Patch:
    """The values of the parts that differ from the row; each part whole, a contested part kept even when equal."""
    if row is None:
        return _set_parts(kind, values)
    named = {kind.homes[column] for column in values if column in kind.homes}
    kept = set(conflicts)
    patch: Patch = {}
    for part, columns in kind.parts.items():
        if part in named:
            held = {column: _held(row, column) for column in columns}
            whole = held | {column: values[column] for column in columns if column in values}
            if part in kept or whole != held:
                patch |= whole
    return patch


def _set_parts(kind: Kind, values: Patch) -> Patch:
    """The values of the parts of a new item that are set, each part whole; whether it is deleted is always said."""
    patch: Patch = {}
    unset = kind.unset
    for part, columns in kind.parts.items():
        if any([column in values and values[column] != unset[column] for column in columns]) or (
            part == "deleted" and part in values
        ):
            for column in columns:
                patch[column] = values[column] if column in values else default_value(column)
    return patch


def default_value(column: str) -> object:
    """What an unset column reads as in Python."""
    return [] if column in LISTS else default(column)


def _held(row: Mapping[str, object], column: str) -> object:
    value = row[column]
    return json.loads(str(value)) if column in LISTS else value
