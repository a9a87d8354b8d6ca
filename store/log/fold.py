"""Folding: what an item is now, made of its changes. Pure: no file is asked.

A change says who, when, on top of which changes (``parents``), and the new values of whole parts. An item's row is
the fold of its changes in id order. Two changes of one part, neither an ancestor of the other, with different
values, are a conflict: the newest is shown, both are listed, and nobody's value is lost. Conflicts therefore come
from ancestry, never from clocks.

A change with all contenders in sight settles their conflict. To undo it is to have settled nothing: then those contend
that did before, unless somebody has built on how it was settled meanwhile.
"""

import json
import random
import re
from collections.abc import Iterable, Mapping, Sequence
from functools import lru_cache
from itertools import repeat
from json.encoder import encode_basestring
from typing import Any, NamedTuple

from store.log import clock
from store.log.kinds import (
    CAREFUL,
    DOCUMENTS,
    INTEGERS,
    KINDS,
    LISTS,
    TOO_BIG,
    Kind,
    Patch,
    all_fit,
    default,
    fits,
    type_of,
)

ONE_PARENT = len('["01234567-89ab-7def-89ab-0123456789ab"]')
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


def entries_of(rows: Sequence[Sequence[Any]]) -> list[Entry]:
    """As `entry`, of many rows with values of the types that a desk keeps; what they say is read all at once."""
    if not rows:
        return []
    ids, actions, reviewers, times, kinds, items, parents, patches, undone = zip(*rows, strict=True)
    if not 0 <= min(times) <= max(times) <= clock.LATEST:
        times = tuple(min(max(at, 0), clock.LATEST) for at in times)
    undoes = [action or "" for action in undone]
    columns = (ids, actions, reviewers, times, kinds, items, *read(parents, patches), undoes)
    return list(map(Entry._make, zip(*columns, strict=True)))


def read(parents: Sequence[str], patches: Sequence[str]) -> tuple[list[tuple[str, ...]], list[Patch]]:
    """What many changes build on and what they say, from these columns of the log."""
    return list(map(_parents, parents)), _patches(patches)


def _patches(said: Sequence[str]) -> list[Patch]:
    """What many changes say. JSON that is read at once takes less than half the time.

    Between any two stands a mark that nobody can foresee: where all marks are found in their places, each of the texts
    was one value by itself.
    """
    mark = f"{random.SystemRandom().getrandbits(128):032x}"
    try:
        found = _decode("[" + f',"{mark}",'.join(said) + "]")
    except (ValueError, RecursionError):
        return [_patch(one) for one in said]
    if len(found) != 2 * len(said) - 1 or found[1::2].count(mark) != len(said) - 1:
        return [_patch(one) for one in said]
    return [patch if isinstance(patch, dict) else {} for patch in found[::2]]


def _parents(said: str) -> tuple[str, ...]:
    if len(said) == ONE_PARENT and said[:2] == '["' and said[-2:] == '"]' and _IS_ID(said, 2, ONE_PARENT - 2):
        return (said[2:-2],)
    found = _read(said) if said != "[]" else ()
    return tuple(map(str, found)) if isinstance(found, list) else ()


def _patch(said: str) -> Patch:
    found = _read(said)
    return found if isinstance(found, dict) else {}


def _no_json(word: str) -> object:
    raise json.JSONDecodeError("JSON has no such number", word, 0)


_decode = json.JSONDecoder(parse_constant=_no_json).decode


def _read(said: str) -> object:
    """What a change says; nothing where another program has put what is JSON, but no value of ours."""
    try:
        return _decode(said)
    except json.JSONDecodeError:
        raise
    except (ValueError, RecursionError):  # a number of 5,000 digits, lists in lists without end
        return None


class _Layout(NamedTuple):
    """Of a change that names certain columns: the parts it touches; the columns that the kind has, those of them with
    whole numbers, with lists, and with documents; and the types of all values, empty when a column is unknown."""

    parts: tuple[str, ...]
    columns: tuple[str, ...]
    integers: tuple[str, ...]
    lists: tuple[str, ...]
    documents: tuple[str, ...]
    types: list[type]


class Folded(NamedTuple):
    """An item's row and its conflicts: part → the ids of the contending changes, newest last."""

    row: dict[str, object]
    conflicts: dict[str, list[str]]


def _said(kind: Kind, entries: Sequence[Entry]) -> tuple[Patch, dict[str, list[int]], list[tuple[int, str]]]:
    """What changes say one after the other; for each part the places of those that touch it; and the places and parts
    of values that do not fit their column, and are passed over."""
    state: Patch = {}
    touched: dict[str, list[int]] = {}
    invalid: list[tuple[int, str]] = []
    for index, entry in enumerate(entries):
        patch = entry.patch
        layout = _layout(kind.name, tuple(patch))
        if _fit(layout, patch):
            state.update(patch)
            if not touched:
                touched = {part: [index] for part in layout.parts}
                continue
            for part in layout.parts:
                touched.setdefault(part, []).append(index)
            continue
        unfit = {kind.homes[column] for column in layout.columns if not fits(column, patch[column])}
        for part in layout.parts:
            if part in unfit:
                invalid.append((index, part))
            else:
                touched.setdefault(part, []).append(index)
        state.update({column: patch[column] for column in layout.columns if kind.homes[column] not in unfit})
    return state, touched, invalid


def fold(kind: Kind, entries: Sequence[Entry]) -> Folded:
    """Fold one item's changes, given in id order, into its row. Pure."""
    first, last = entries[0], entries[-1]
    state, touched, invalid = _said(kind, entries)
    conflicts: dict[str, list[str]] = {}
    heads = last.id
    if invalid or not _is_straight(entries):
        ancestors = ancestry(entries)
        heads = " ".join([entries[i].id for i in _newest(range(len(entries)), ancestors)])
        several = {part: indexes for part, indexes in touched.items() if len(indexes) > 1 or part == "deleted"}
        reopened = {part: _contenders(entries, ancestors, indexes) for part, indexes in several.items()}
        conflicts = _contested(kind, entries, ancestors, reopened)
        for part, tops in reopened.items():
            if tops[-1] != touched[part][-1]:
                shown = entries[tops[-1]].patch
                state.update({column: shown[column] for column in kind.parts[part] if column in shown})
        if "deleted" in conflicts:
            state["deleted"] = 0
        for part, ids in conflicts.items():
            if rank := CAREFUL.get((kind.name, part)):
                state |= _most_careful(kind, part, rank, [one for one in entries if one.id in ids])
        waiting = {i for i, part in invalid if not any(ancestors[j] >> i & 1 for j in touched.get(part, ()))}
        if waiting:
            conflicts[INVALID] = [entries[i].id for i in sorted(waiting)]
    row = {"id": first.item, **kind.blank, **state}
    for column in kind.lists:
        if isinstance(value := row[column], list):
            row[column] = _list(value)
    row |= {
        "by": first.reviewer,
        "born": first.id,
        "heads": heads,
        "created": first.at,
        "updated": max([entry.at for entry in entries]),
        "updated_by": last.reviewer,
        "conflict": int(bool(conflicts)),
    }
    return Folded(row, conflicts)


def _is_straight(entries: Sequence[Entry]) -> bool:
    """Whether each change is made on the one before it."""
    parents: tuple[str, ...] = ()
    for entry in entries:
        if entry.parents != parents:
            return False
        parents = (entry.id,)
    return True


@lru_cache(maxsize=512)
def _layout(kind: str, columns: tuple[str, ...]) -> _Layout:
    """What a change of a kind touches that names these columns."""
    homes = KINDS[kind].homes
    known = tuple(column for column in columns if column in homes)
    integers, lists, documents = (
        tuple(column for column in known if column in some) for some in (INTEGERS, LISTS, DOCUMENTS)
    )
    return _Layout(
        tuple(dict.fromkeys(homes[column] for column in known)),
        known,
        integers,
        lists,
        documents,
        [type_of(column) for column in known] if len(known) == len(columns) else [],
    )


def _fit(layout: _Layout, patch: Mapping[str, Any]) -> bool:
    """Whether the kind has all columns of a change, and each value fits its column: as `fits`, of all at once."""
    if [*map(type, patch.values())] != layout.types:
        return False
    for column in layout.integers:
        if not -TOO_BIG <= patch[column] < TOO_BIG:
            return False
    for column in layout.lists:
        if patch[column] and {*map(type, patch[column])} != {str}:
            return False
    return not layout.documents or all(fits(column, patch[column]) for column in layout.documents)


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
    patch = change.patch
    layout = _layout(kind.name, tuple(patch))
    if not _fit(layout, patch):
        return None
    held = kind.blank | patch
    for column in layout.lists:
        held[column] = _list(patch[column]) if patch[column] else "[]"
    id, at, by = change.id, change.at, change.reviewer
    return (change.item, *held.values(), by, id, id, at, at, by, 0)


def alone(kind: Kind, changes: Sequence[Entry]) -> list[tuple[object, ...]] | None:
    """As `only`, of many items with one change each, all of which name the same columns in the same order."""
    layout = _layout(kind.name, tuple(changes[0].patch))
    said: dict[str, Sequence[object]] = {}
    if layout.types:
        said = dict(zip(layout.columns, zip(*[change.patch.values() for change in changes], strict=True), strict=True))
    if len(said) < len(changes[0].patch) or not all(all_fit(column, values) for column, values in said.items()):
        return None
    for column in layout.lists:
        said[column] = [_list(value) if value else "[]" for value in said[column]]
    ids, _, by, at, _, items, *_ = zip(*changes, strict=True)
    held = (said.get(column) or repeat(value) for column, value in kind.blank.items())
    return list(zip(items, *held, by, ids, ids, at, at, by, repeat(0), strict=False))


def onto(kind: Kind, row: Mapping[str, object], change: Entry) -> tuple[object, ...] | None:
    """The row of an item as ``fold`` gives it once this change is made on top of all others, made from the row it has.

    None where the log has to say: something of the item is contended or not seen by the change, or a value does not fit
    its column. A change that undoes another has to follow a history in which each change is made on the one before.
    """
    patch = change.patch
    layout = _layout(kind.name, tuple(patch))
    if row["conflict"] or change.parents != (row["heads"],) or not _fit(layout, patch):
        return None
    held = {**row, **patch}
    for column in layout.lists:
        held[column] = _list(patch[column]) if patch[column] else "[]"
    updated = max(change.at, int(str(row["updated"])))
    by, born, created = row["by"], row["born"], row["created"]
    return (
        change.item,
        *map(held.__getitem__, kind.columns),
        by,
        born,
        change.id,
        created,
        updated,
        change.reviewer,
        0,
    )


def _list(words: Any) -> str:
    """As `json.dumps` writes a list of texts, at a third of the price."""
    return "[" + ", ".join(map(encode_basestring, words)) + "]"


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


def _contenders(entries: Sequence[Entry], ancestors: list[int], touching: list[int]) -> list[int]:
    """The newest of the changes of one part that have not seen each other, in id order; those that contended before,
    where one of them takes back how they were settled."""
    if len(touching) == 1:
        return touching
    tops = _newest(touching, ancestors)
    if not any([entries[top].undoes for top in tops]):
        return tops
    found = {one for top in tops for one in _reopened(entries, ancestors, touching, top, tops) or (top,)}
    return tops if found == set(tops) else _newest(sorted(found), ancestors)


def _reopened(
    entries: Sequence[Entry], ancestors: list[int], touching: list[int], top: int, tops: list[int]
) -> list[int]:
    """The changes that contend again because a newest one undoes what settled them; none when it settled nothing, or
    another newest one is built on that."""
    at = top
    while undoes := entries[at].undoes:
        known = [i for i in touching if ancestors[at] >> i & 1]
        undone = next((i for i in known if entries[i].action == undoes), None)
        if undone is None or any(ancestors[other] >> undone & 1 for other in tops if other != top):
            return []
        rest = [i for i in known if entries[i].action != undoes and not ancestors[i] >> undone & 1]
        before = _contenders(entries, ancestors, rest) if len(_newest(rest, ancestors)) > 1 else rest[-1:]
        if len(before) != 1:
            return before
        at = before[0]
    return []


def _contested(
    kind: Kind, entries: Sequence[Entry], ancestors: list[int], contending: Mapping[str, list[int]]
) -> dict[str, list[str]]:
    """The parts whose contenders differ, each with those changes."""
    conflicts = {}
    for part, tops in contending.items():
        if part == "deleted":
            # A delete removes only what its author had seen: an edit that no delete has seen keeps the item alive.
            gone = [i for i in tops if entries[i].patch.get("deleted")]
            if not gone:
                continue
            beside = [
                i
                for i, entry in enumerate(entries)
                if not entry.patch.get("deleted")
                and not any(ancestors[d] >> i & 1 for d in gone)
                and any(not ancestors[i] >> d & 1 for d in gone)
            ]
            if beside:
                conflicts[part] = [entries[i].id for i in sorted({*gone, *_newest(beside, ancestors)})]
        elif len(tops) > 1:
            columns = kind.parts[part]
            said = [[entries[i].patch.get(column, default_value(column)) for column in columns] for i in tops]
            if any(one != said[0] for one in said):
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
            held = {column: json.loads(str(row[column])) if column in LISTS else row[column] for column in columns}
            whole = held | {column: values[column] for column in columns if column in values}
            if part in kept or whole != held:
                patch |= whole
    return patch


def _set_parts(kind: Kind, values: Patch) -> Patch:
    """The values of the parts of a new item that are set, each part whole; whether it is deleted is always said."""
    patch: Patch = {}
    unset, homes = kind.unset, kind.homes
    said = {homes[name] for name, value in values.items() if name in homes and value != unset[name]}
    if "deleted" in values:
        said.add("deleted")
    for part, columns in kind.parts.items():
        if part in said:
            for column in columns:
                patch[column] = values[column] if column in values else default_value(column)
    return patch


def default_value(column: str) -> object:
    """What an unset column reads as in Python."""
    return [] if column in LISTS else default(column)
