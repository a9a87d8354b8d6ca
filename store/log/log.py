"""The change log: one append-only table is the truth, everything else is folded from it (see ``fold``)."""

import json
import sqlite3
from collections.abc import Container, Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from typing import Any, NamedTuple

from store.log import clock
from store.log.faults import patiently, refusal_for
from store.log.fold import Entry, Folded, ancestry, changed_parts, entry, fold
from store.log.kinds import KINDS, Kind, Patch
from store.log.tables import TAIL

_CHUNK = 400


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
        for i, (change, ancestors) in enumerate(zip(entries, ancestry(entries), strict=True)):
            if change.id in base or change.id in self._mine:
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
        for change in self.entries(items=ids):
            if change.kind == kind.name:
                grouped.setdefault(change.item, []).append(change)
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
