"""What the log must mean, said a second time: slowly, with sets, straight from the rows of ``changes``."""

from __future__ import annotations

import json
import sqlite3
from collections import defaultdict
from typing import Any

from store.log.kinds import KINDS, LISTS, default

Rows = list[dict[str, Any]]

HIDING = {"terms": ("open", "verdict", "all"), "state": ("submitted", "open")}
"""Parts of assignments, and what they may say from what hides least."""


def read_log(conn: sqlite3.Connection) -> Rows:
    """Every change in the order it arrived."""
    columns = ("id", "action", "reviewer", "at", "kind", "item", "parents", "patch", "undoes")
    rows = conn.execute(f"SELECT {', '.join(columns)} FROM main.changes ORDER BY seq").fetchall()
    changes = [dict(zip(columns, row, strict=True)) for row in rows]
    for change in changes:
        change["parents"], change["patch"] = json.loads(change["parents"]), json.loads(change["patch"])
    return changes


def by_item(changes: Rows) -> dict[str, Rows]:
    found: dict[str, Rows] = defaultdict(list)
    for change in sorted(changes, key=lambda change: change["id"]):
        found[change["item"]].append(change)
    return found


def seen_by(change: dict[str, Any], changes: Rows) -> set[str]:
    """The ids of all that a change was made on top of."""
    known = {other["id"]: other for other in changes}
    found: set[str] = set()
    waiting = list(change["parents"])
    while waiting:
        id = waiting.pop()
        if id in known and id not in found:
            found.add(id)
            waiting += known[id]["parents"]
    return found


def newest(changes: Rows, among: Rows) -> Rows:
    """Those changes that no other of them has seen."""
    seen = set[str]().union(*(seen_by(change, among) for change in changes))
    return [change for change in changes if change["id"] not in seen]


def contenders(touching: Rows, own: Rows) -> Rows:
    """The newest changes of a part; in place of one that undoes what settled a conflict, those it had settled."""
    tops = newest(touching, own)
    found = {one["id"]: one for top in tops for one in reopened(top, tops, touching, own) or [top]}
    return newest(sorted(found.values(), key=lambda one: one["id"]), own)


def reopened(top: dict[str, Any], tops: Rows, touching: Rows, own: Rows) -> Rows:
    """What contends when a change and what it undoes are both left out; nothing where that is no conflict."""
    seen = seen_by(top, own)
    undone = [one for one in touching if top.get("undoes") and one["id"] in seen and one["action"] == top["undoes"]]
    if not undone:
        return []
    first = min(one["id"] for one in undone)
    if any(first in seen_by(other, own) for other in tops if other is not top):
        return []
    rest = [one for one in touching if one["id"] in seen and one not in undone and first not in seen_by(one, own)]
    before = newest(rest, own)
    if len(before) == 1:
        return reopened(before[0], [before[0], *(one for one in tops if one is not top)], touching, own)
    return contenders(rest, own)


def conflicts(changes: Rows) -> set[tuple[str, str, frozenset[str]]]:
    """(item, part, ids of the contenders) of every conflict the log holds."""
    found = set()
    for item, own in by_item(changes).items():
        for part, columns in KINDS[own[0]["kind"]].parts.items():
            touching = [change for change in own if any(column in change["patch"] for column in columns)]
            tops = contenders(touching, own)
            if part == "deleted":
                deletes = [change for change in tops if change["patch"]["deleted"]]
                unseen = [change for change in own if hidden_unseen(change, deletes, own)]
                if unseen:
                    found.add((item, part, frozenset(c["id"] for c in deletes + newest(unseen, own))))
                continue
            values = {
                json.dumps([change["patch"].get(column, default(column)) for column in columns]) for change in tops
            }
            if len(values) > 1:
                found.add((item, part, frozenset(change["id"] for change in tops)))
    return found


def hidden_unseen(change: dict[str, Any], deletes: Rows, own: Rows) -> bool:
    """Whether the deletes would hide a change that none of them had seen, made without seeing all of them."""
    if not deletes or change["patch"].get("deleted"):
        return False
    seen_by_deletes = set().union(*(seen_by(delete, own) for delete in deletes))
    return change["id"] not in seen_by_deletes and not {d["id"] for d in deletes} <= seen_by(change, own)


def rows(changes: Rows) -> dict[str, dict[str, object]]:
    """The columns of every item: of each part the newest change wins; what a conflict keeps alive is not deleted.

    Of what two people said of an assignment, that wins which hides more.
    """
    waiting = conflicts(changes)
    contested = {item for item, part, _ in waiting if part == "deleted"}
    by_id = {change["id"]: change["patch"] for change in changes}
    found: dict[str, dict[str, object]] = {}
    for item, own in by_item(changes).items():
        row: dict[str, object] = {}
        for columns in KINDS[own[0]["kind"]].parts.values():
            touching = [change for change in own if any(column in change["patch"] for column in columns)]
            shown = contenders(touching, own)[-1]["patch"] if touching else {}
            for column in columns:
                said = [change["patch"][column] for change in own if column in change["patch"]]
                value = shown.get(column, said[-1] if said else [] if column in LISTS else default(column))
                row[column] = json.dumps(value, ensure_ascii=False) if column in LISTS else value
        if item in contested:
            row["deleted"] = 0
        found[item] = row
    for item, part, among in waiting:
        if hides := HIDING.get(part):
            said = [by_id[id] for id in sorted(among, reverse=True)]
            row = max(said, key=lambda row: hides.index(row["state" if part == "state" else "blind"]))
            found[item] |= {name: row[name] for name in KINDS["assignments"].parts[part]}
    return found


def listed_conflicts(conn: sqlite3.Connection) -> set[tuple[str, str, frozenset[str]]]:
    """The conflicts as the desk's own table lists them."""
    listed = conn.execute("SELECT item, part, versions FROM main.conflicts").fetchall()
    return {(item, part, frozenset(json.loads(versions))) for item, part, versions in listed}


def table_rows(conn: sqlite3.Connection) -> dict[str, dict[str, object]]:
    """Every row of every folded table, by id, without who and when; also of what is hidden from who reads it here."""
    found = {}
    for kind in KINDS.values():
        names = ", ".join(f'"{column}"' for column in kind.columns)
        for id, *values in conn.execute(f"SELECT id, {names} FROM main.{kind.name}"):
            found[id] = dict(zip(kind.columns, values, strict=True))
    return found


def visible(conn: sqlite3.Connection) -> dict[str, dict[str, object]]:
    """What stands on the desk: the rows that are not deleted, without the people themselves.

    Without how often a set was reopened: undoing a submission counts as that.
    """
    people = {id for (id,) in conn.execute("SELECT id FROM main.reviewers")}
    rows = {id: row for id, row in table_rows(conn).items() if not row["deleted"] and id not in people}
    return {id: {column: value for column, value in row.items() if column != "reopened"} for id, row in rows.items()}


def as_held(column: str, value: object) -> object:
    """A value of the log as its table holds it."""
    return json.dumps(value, ensure_ascii=False) if column in LISTS else value
