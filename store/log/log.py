"""The change log: one append-only table is the truth, everything else is folded from it.

A change says who, when, on top of which changes (``parents``), and the new values of whole parts. An item's row is
the fold of its changes in id order. Two changes of one part, neither an ancestor of the other, with different
values, are a conflict: the newest is shown, both are listed, and nobody's value is lost. Conflicts therefore come
from ancestry, never from clocks.
"""

import json
import random
import shutil
import sqlite3
import time
from collections.abc import Container, Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Any, NamedTuple

from store.errors import Busy, Damaged, ReadOnly
from store.log import clock
from store.log.kinds import KINDS, LISTS, Kind, Patch, default, fits
from store.log.tables import TAIL

INVALID = "invalid"
"""The conflict part that lists changes whose values do not fit their column."""

_CHUNK = 400
_LEAST_ROOM = 1 << 16  # bytes; what SQLite keeps beside a file it works on takes half of that


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


class Edit(NamedTuple):
    """New values for an item. ``item`` None makes a new one; ``base`` is what the author saw (None: the newest)."""

    kind: str
    item: str | None
    values: Patch
    base: tuple[str, ...] | None = None
    reviewer: str = ""  # somebody else's change, brought in with its author …
    at: int | None = None  # … and its time


class Written(NamedTuple):
    """What a write did: its action's id, the items in the order of the edits, and those edited on a stale base."""

    action: str
    items: tuple[str, ...]
    stale: frozenset[str]


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
        for part, columns in kind.parts.items():
            values = {column: entry.patch[column] for column in columns if column in entry.patch}
            if not values:
                continue
            if all(fits(column, value) for column, value in values.items()):
                state.update(values)
                touched.setdefault(part, []).append(index)
            else:
                invalid.append((index, part))
    straight = all(entry.parents == (entries[i - 1].id,) if i else not entry.parents for i, entry in enumerate(entries))
    conflicts: dict[str, list[str]] = {}
    heads = [last.id]
    if invalid or not straight:
        ancestors = _ancestors(entries)
        everything = 0
        for mask in ancestors:
            everything |= mask
        heads = [entry.id for i, entry in enumerate(entries) if not everything >> i & 1]
        conflicts = _contested(kind, entries, ancestors, touched)
        if "deleted" in conflicts:
            state["deleted"] = 0
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


def _ancestors(entries: Sequence[Entry]) -> list[int]:
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
        values = {json.dumps([entries[i].patch.get(c) for c in kind.parts[part]], sort_keys=True) for i in tops}
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
    contested = set(conflicts)
    patch: Patch = {}
    for part, columns in kind.parts.items():
        if not any(column in values for column in columns):
            continue
        whole = {column: values.get(column, _held(row, column)) for column in columns}
        if row is None:
            if part == "deleted" or any(value != default_value(c) for c, value in whole.items()):
                patch |= whole
        elif part in contested or any(value != _held(row, column) for column, value in whole.items()):
            patch |= whole
    return patch


def default_value(column: str) -> object:
    """What an unset column reads as in Python."""
    return [] if column in LISTS else default(column)


def _held(row: Mapping[str, object] | None, column: str) -> object:
    if row is None:
        return default_value(column)
    value = row[column]
    return json.loads(str(value)) if column in LISTS else value


class Log:
    """The log of one open desk file and the tables folded from it."""

    def __init__(self, conn: sqlite3.Connection, where: str, patience: float = 30.0) -> None:
        """``where`` names the file in refusals; ``patience`` is how long to wait for another writer, in seconds."""
        self.conn = conn
        self.where = where
        self.patience = patience
        self._mine: set[str] = set()  # changes made through this object: whoever works here has seen them

    # -- transactions -----------------------------------------------------------------------------------------

    @contextmanager
    def writing(self) -> Iterator[None]:
        """One transaction that holds the write lock from its start; inside another it simply joins it.

        Raises:
            Busy: another process kept the lock for longer than ``patience``.
            ReadOnly: the file or the disk cannot take the change.
        """
        if self.conn.in_transaction:
            yield
            return
        with self.refusing():
            patiently(self.conn, "BEGIN IMMEDIATE", self.where, self.patience)
        try:
            yield
            with self.refusing():
                self.conn.execute("COMMIT")
        except BaseException:
            if self.conn.in_transaction:
                self.conn.execute("ROLLBACK")
            raise

    @contextmanager
    def refusing(self) -> Iterator[None]:
        """Turn SQLite's complaints about the file, and values no desk has written, into refusals."""
        try:
            yield
        except (sqlite3.DatabaseError, UnicodeDecodeError, json.JSONDecodeError) as error:
            refusal = refusal_for(error, self.where)
            if refusal is None:
                raise
            raise refusal from error

    # -- writing ----------------------------------------------------------------------------------------------

    def write(
        self, reviewer: str, edits: Sequence[Edit], *, action: str = "", undoes: str = "", always: bool = False
    ) -> Written:
        """Append the edits as one action and fold the items they touch. Unchanged parts leave no change.

        Must run inside ``writing()``. ``reviewer`` is the id of the author, ``action`` joins an earlier action of
        the same transaction; ``always`` records a part even when its value stays as it is. An edit on a stale base
        is compared with, and filled up from, what its author saw; several edits of one item build on each other.
        """
        last = self.rows("SELECT max(id) FROM main.changes")[0][0] or ""
        rows: list[tuple[object, ...]] = []
        items, stale, waiting, new = [], set(), set[str](), set[str]()
        for edit in edits:
            if edit.item in waiting:
                self._append(rows, new)
                rows, waiting, new = [], set(), set()
            kind = KINDS[edit.kind]
            last = clock.after(last)
            item = edit.item or last
            items.append(item)
            row = self.row(edit.kind, item) if edit.item else None
            heads = str(row["heads"]).split() if row else []
            contested = self._contested(item) if row and row["conflict"] else set()
            parents = heads
            if edit.base is not None and set(edit.base) != set(heads):
                seen = self._seen(kind, item, edit.base)
                row, contested = (seen.row, set(seen.conflicts)) if seen else (None, set())
                parents = str(row["heads"]).split() if row else []
                if set(parents) != set(heads):
                    stale.add(item)
            patch = changed_parts(kind, row, kind.parts if undoes or always else contested, edit.values)
            if not patch and row is not None:
                continue
            if row is not None:
                self._mine.add(last)
            elif not heads:
                new.add(item)
            waiting.add(item)
            action = action or last
            at = clock.now() if edit.at is None else edit.at
            who = edit.reviewer or reviewer
            rows.append((last, action, who, at, edit.kind, item, _json(parents), _json(patch), undoes or None))
        self._append(rows, new)
        return Written(action, tuple(items), frozenset(stale))

    def beside(self, edits: Sequence[Edit], action: str) -> None:
        """Append edits of one item, brought from elsewhere, that all build on it as it stands and not on each other."""
        last = str(self.rows("SELECT max(id) FROM main.changes")[0][0])
        row = self.row(edits[0].kind, str(edits[0].item))
        parents = _json(str(row["heads"]).split() if row else [])
        rows: list[tuple[object, ...]] = []
        for edit in edits:
            last = clock.after(last)
            patch = _json(edit.values)
            rows.append((last, action, edit.reviewer, edit.at, edit.kind, edit.item, parents, patch, None))
        self._append(rows)

    def keep(self, sha: str, text: str) -> None:
        """Keep a text under its SHA-256, once. Must run inside ``writing()``."""
        self.rows("INSERT OR IGNORE INTO main.texts (sha, body) VALUES (?, ?)", (sha, text))

    def aside(self, sql: str, rows: Sequence[Sequence[object]]) -> None:
        """Write what can be made again: at once or, when the file is held or full, not at all. Raises nothing."""
        if self.conn.in_transaction:
            return
        try:
            self.conn.execute("PRAGMA busy_timeout = 0")
            self.conn.execute("BEGIN IMMEDIATE")
            self.conn.executemany(sql, rows)
            self.conn.execute("COMMIT")
        except sqlite3.DatabaseError:  # who needs the file says what is wrong with it
            if self.conn.in_transaction:
                self.conn.execute("ROLLBACK")
        finally:
            self.conn.execute(f"PRAGMA busy_timeout = {int(self.patience * 1000)}")

    def _append(self, rows: list[tuple[object, ...]], new: Container[str] = ()) -> None:
        """Append changes and fold their items; of those that are ``new`` nothing else is in the log."""
        with self.refusing():
            self.conn.executemany(
                "INSERT INTO main.changes (id, action, reviewer, at, kind, item, parents, patch, undoes)"
                " VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)",
                rows,
            )
            made: dict[str, dict[str, list[Entry]]] = {}
            for row in rows:
                if row[5] in new:
                    made.setdefault(str(row[4]), {})[str(row[5])] = [entry(row)]
            for kind, items in made.items():
                self._fold_in(KINDS[kind], items)
            self.refold([(str(row[4]), str(row[5])) for row in rows if row[5] not in new])

    def _seen(self, kind: Kind, item: str, base: Sequence[str]) -> Folded | None:
        """The item as its editor saw it: the changes ``base``, what was written here since, and all before them."""
        entries = self.entries(items=[item])
        seen = 0
        for i, (entry, ancestors) in enumerate(zip(entries, _ancestors(entries), strict=True)):
            if entry.id in base or entry.id in self._mine:
                seen |= ancestors | 1 << i
        known = [entry for i, entry in enumerate(entries) if seen >> i & 1]
        return fold(kind, known) if known else None

    def refold(self, items: Iterable[tuple[str, str]]) -> None:
        """Fold the named (kind, item) pairs from the log into their tables, conflicts included."""
        by_kind: dict[str, list[str]] = {}
        for kind, item in dict.fromkeys(items):
            if kind in KINDS:
                by_kind.setdefault(kind, []).append(item)
        for kind, ids in by_kind.items():
            for start in range(0, len(ids), _CHUNK):
                self._refold(KINDS[kind], ids[start : start + _CHUNK])

    def _refold(self, kind: Kind, ids: list[str]) -> None:
        grouped: dict[str, list[Entry]] = {}
        for entry in self.entries(items=ids):
            if entry.kind == kind.name:
                grouped.setdefault(entry.item, []).append(entry)
        self._fold_in(kind, grouped)

    def _fold_in(self, kind: Kind, grouped: Mapping[str, Sequence[Entry]]) -> None:
        """Fold the changes of items of one kind into its table and the list of conflicts."""
        rows, conflicts = [], []
        for item, entries in grouped.items():
            folded = fold(kind, entries)
            rows.append(tuple(folded.row.values()))
            conflicts += [(item, part, kind.name, _json(ids)) for part, ids in folded.conflicts.items()]
        self.conn.executemany(_upsert(kind), rows)
        self.conn.executemany("DELETE FROM main.conflicts WHERE item = ?", [(item,) for item in grouped])
        self.conn.executemany("INSERT INTO main.conflicts (item, part, kind, versions) VALUES (?, ?, ?, ?)", conflicts)

    # -- reading ----------------------------------------------------------------------------------------------

    def rows(self, sql: str, arguments: Sequence[object] = ()) -> list[tuple[Any, ...]]:
        """All rows a statement gives; none is left half read, which would keep the journal from shrinking."""
        with self.refusing():
            return self.conn.execute(sql, arguments).fetchall()

    def row(self, kind: str, item: str) -> dict[str, object] | None:
        """The folded row of an item, or None when the desk has no such item."""
        with self.refusing():
            cursor = self.conn.execute(f"SELECT * FROM main.{KINDS[kind].name} WHERE id = ?", (item,))
            found = cursor.fetchone()
        return dict(zip((d[0] for d in cursor.description), found, strict=True)) if found else None

    def entries(self, *, items: Sequence[str] = (), action: str = "") -> list[Entry]:
        """The changes of some items, or of one action, in (item, id) order or id order."""
        marks = ",".join("?" * len(items))
        where = "action = ? ORDER BY id" if action else f"item IN ({marks}) ORDER BY item, id"
        columns = "id, action, reviewer, at, kind, item, parents, patch, undoes"
        with self.refusing():
            found = self.conn.execute(
                f"SELECT {columns} FROM main.changes WHERE {where}", (action,) if action else items
            )
            return [entry(row) for row in found]

    def _contested(self, item: str) -> set[str]:
        return {part for (part,) in self.rows("SELECT part FROM main.conflicts WHERE item = ?", (item,))}


def entry(row: Sequence[object]) -> Entry:
    """An Entry from the columns id, action, reviewer, at, kind, item, parents, patch, undoes."""
    id, action, reviewer, at, kind, item, parents, patch, undoes = row
    return Entry(
        str(id), str(action), str(reviewer), int(str(at)), str(kind), str(item),
        tuple(json.loads(str(parents))), json.loads(str(patch)), str(undoes or ""),
    )  # fmt: skip


def patiently(conn: sqlite3.Connection, statement: str, where: str, patience: float) -> None:
    """Run a statement that needs a lock on the file ``where``, waiting up to ``patience`` seconds for it.

    SQLite's own waiting backs off to 100 ms and lets one process starve; short random waits are fair.

    Raises:
        Busy: another process kept the lock for longer.
    """
    give_up = time.monotonic() + patience
    conn.execute("PRAGMA busy_timeout = 0")
    try:
        while True:
            try:
                conn.execute(statement)
                return
            except sqlite3.OperationalError as error:
                if "locked" not in str(error) and "busy" not in str(error):
                    raise
                if time.monotonic() >= give_up:
                    raise Busy(
                        f"{where} has been held by another program for {patience:g} seconds; "
                        "nothing was changed: close the other program or try again."
                    ) from None
                time.sleep(random.uniform(0.001, 0.004))
    finally:
        conn.execute(f"PRAGMA busy_timeout = {int(patience * 1000)}")


def refusal_for(error: Exception, where: str) -> Exception | None:
    """The refusal that says what an error means for the file ``where``; None when it is a fault of ours."""
    reason = "".join(character if character.isprintable() else "?" for character in str(error))
    reason = reason or "SQLite does not say how"  # Python 3.10 has no words for some damage
    said = reason.lower()
    if "full" in said or ("disk i/o" in said and not _room(where)):
        return ReadOnly(f"The disk that holds {where} is full; nothing was changed: free some room and try again.")
    if "readonly" in said or "read-only" in said or "read only" in said:
        return ReadOnly(f"{where} cannot be written; nothing was changed: check its permissions and its folder's.")
    if "locked" in said or "busy" in said:
        return Busy(f"{where} is held by another program; nothing was changed: close it there or try again.")
    if "disk i/o" in said or "unable to open" in said:
        return ReadOnly(f"{where} could not be read or written ({reason}); check the disk and the permissions.")
    damage = ("malformed", "not a database", "corrupt", "could not decode", "no such", "does not say")
    if isinstance(error, ValueError) or any(sign in said for sign in damage):
        return Damaged(
            f"{where} is damaged ({reason}); put a copy made by `factdesk backup` in its place, "
            "or try `factdesk rebuild` on a copy of it."
        )
    return None


def _room(where: str) -> bool:
    """Whether there is room beside the file for what SQLite keeps there; a full disk fails without saying so."""
    try:
        return shutil.disk_usage(Path(where).resolve().parent).free >= _LEAST_ROOM
    except OSError:
        return True


def _json(value: object) -> str:
    return json.dumps(value, ensure_ascii=False, separators=(",", ":"))


_UPSERTS: dict[str, str] = {}


def _upsert(kind: Kind) -> str:
    if kind.name not in _UPSERTS:
        columns = ["id", *kind.columns, *TAIL]
        names = ", ".join(f'"{column}"' for column in columns)
        marks = ", ".join("?" * len(columns))
        sets = ", ".join(f'"{column}" = excluded."{column}"' for column in columns[1:])
        _UPSERTS[kind.name] = (
            f"INSERT INTO main.{kind.name} ({names}) VALUES ({marks}) ON CONFLICT(id) DO UPDATE SET {sets}"
        )
    return _UPSERTS[kind.name]
