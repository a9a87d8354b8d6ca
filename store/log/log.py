"""The change log: one append-only table is the truth, everything else is folded from it (see ``fold``)."""

import json
import sqlite3
import sys
import time
from collections.abc import Callable, Container, Iterable, Iterator, Mapping, Sequence
from contextlib import AbstractContextManager, contextmanager, nullcontext
from functools import lru_cache
from itertools import chain
from typing import Any, NamedTuple

from store.log import clock, fulltext, requirements
from store.log.faults import Refusing, StillHeld, patiently
from store.log.fold import Entry, Folded, ancestry, changed_parts, entry, fold, only
from store.log.kinds import KINDS, Kind, Patch
from store.log.presence import Presence
from store.log.tables import TAIL

_CONTENDED = "INSERT INTO main.conflicts (item, part, kind, versions) VALUES (?, ?, ?, ?)"
_LOGGED = (
    "INSERT INTO main.changes (id, action, reviewer, at, kind, item, parents, patch, undoes)"
    " VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)"
)
_CHUNK = 400
_BLOCK = 500  # edits whose items are read together
_ROWS = 300  # rows to a statement
_LONG, _PAUSE = 0.05, 0.006  # seconds: who has held the lock for so long lets others in for that time


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
        self.presence: Presence | None = None
        """Knows whether the file is still there; None for what is not a file."""
        self._refusing = Refusing(where)
        self._waiting: StillHeld | None = None
        self._turn = 0.0  # when, on the monotonic clock, it is this writer's turn again
        self._mine: set[str] = set()  # changes made through this object: the person who works here has seen them

    # -- transactions -----------------------------------------------------------------------------------------

    @contextmanager
    def writing(self) -> Iterator[None]:
        """One transaction that holds the write lock from its start; inside another it simply joins it.

        Raises:
            Busy: another process kept the lock for longer than ``patience``.
            Gone: the file is not there any more.
            ReadOnly: the file or the disk cannot take the change.
        """
        if self.conn.in_transaction:
            yield
            return
        if (wait := self._turn - time.monotonic()) > 0:
            time.sleep(wait)
        with self.refusing():
            patiently(self.conn, "BEGIN IMMEDIATE", self.where, self.patience, self._waiting)
        begun = time.monotonic()
        try:
            self._require_file()
            yield
            self._require_file()
            with self.refusing():
                self.conn.execute("COMMIT")
        except BaseException:
            if self.conn.in_transaction:
                self.conn.execute("ROLLBACK")
            raise
        ended = time.monotonic()
        self._turn = ended + _PAUSE if ended - begun > _LONG else 0.0

    def _require_file(self) -> None:
        if self.presence is not None:
            self.presence.require()

    def wait_for(self, seconds: float, waiting: StillHeld | None = None) -> None:
        """Wait so long, from now on, for a file that another program holds; a write as long as ``waiting`` says."""
        self.patience = seconds
        self._waiting = waiting
        self.conn.execute(f"PRAGMA busy_timeout = {int(seconds * 1000)}")

    @contextmanager
    def one_moment(self) -> Iterator[None]:
        """Inside, the file is read as it is at one moment, whatever others write."""
        if self.conn.in_transaction:
            yield
            return
        with self.refusing():
            self.conn.execute("BEGIN")
        try:
            yield
        finally:
            if self.conn.in_transaction:
                self.conn.execute("ROLLBACK")

    def refusing(self) -> AbstractContextManager[None]:
        """Turn SQLite's complaints about the file, and values no desk has written, into refusals."""
        return self._refusing

    # -- writing ----------------------------------------------------------------------------------------------

    def write(
        self, reviewer: str, edits: Sequence[Edit], *, action: str = "", undoes: str = "", always: bool = False
    ) -> Written:
        """Append the edits as one action and fold the items they touch. Unchanged parts leave no change.

        Must run inside ``writing()``. ``reviewer`` is the id of the author, ``action`` joins an earlier action of
        the same transaction; ``always`` records a part even when its value stays as it is. An edit on a stale base
        is compared with, and filled up from, what its author saw; several edits of one item build on each other.
        """
        run = clock.Run(self.rows("SELECT max(id) FROM main.changes")[0][0] or "")
        items: list[str] = []
        stale: set[str] = set()
        for block in _blocks(edits):
            changes, new = [], set()
            standing = self._standing(block)
            for edit in block:
                id = "" if edit.item else run.next()
                item = edit.item or id
                items.append(item)
                row = standing.get((edit.kind, item))
                heads = str(row["heads"]).split() if row else []
                contested = self._contested(item) if row and row["conflict"] else set()
                parents = heads
                if edit.base is not None and set(edit.base) != set(heads):
                    seen = self._seen(KINDS[edit.kind], item, edit.base)
                    row, contested = (seen.row, set(seen.conflicts)) if seen else (None, set())
                    parents = str(row["heads"]).split() if row else []
                    if set(parents) != set(heads):
                        stale.add(item)
                kind = KINDS[edit.kind]
                patch = changed_parts(kind, row, kind.parts if undoes or always else contested, edit.values)
                if not patch and row is not None:
                    continue
                id, at = id or run.next(), clock.now() if edit.at is None else edit.at
                if row is not None:
                    self._mine.add(id)
                elif not heads:
                    new.add(item)
                action = action or id
                who = edit.reviewer or reviewer
                changes.append(Entry(id, action, who, at, edit.kind, item, tuple(parents), patch, undoes))
            self._append(changes, new)
        return Written(action, tuple(items), frozenset(stale))

    def beside(self, edits: Sequence[Edit], action: str) -> None:
        """Append edits of one item, brought from elsewhere, that all build on it as it stands and not on each other."""
        run = clock.Run(str(self.rows("SELECT max(id) FROM main.changes")[0][0]))
        row = self.row(edits[0].kind, str(edits[0].item))
        parents = tuple(str(row["heads"]).split() if row else ())
        changes = []
        for edit in edits:
            assert edit.item is not None and edit.at is not None
            patch = edit.values
            changes.append(Entry(run.next(), action, edit.reviewer, edit.at, edit.kind, edit.item, parents, patch, ""))
        self._append(changes)

    def keep(self, texts: Mapping[str, str]) -> None:
        """Keep texts under their SHA-256, each once. Must run inside ``writing()``."""
        with self.refusing():
            last = self.rows("SELECT coalesce(max(seq), 0) FROM main.texts")[0][0]
            self._insert(list(texts.items()), _texts)
            fulltext.add_texts(self.conn, last)

    def keep_bytes(self, pieces: Sequence[tuple[str, int, bytes]]) -> None:
        """Keep pieces of what articles were read from, each once: its SHA-256, its number, its bytes packed by zlib.

        Must run inside ``writing()``.
        """
        with self.refusing():
            self.conn.executemany(
                "INSERT OR IGNORE INTO main.page_bytes (body, place, packed) VALUES (?, ?, ?)", pieces
            )

    def aside(self, sql: str, rows: Sequence[Sequence[object]]) -> None:
        """Write what can be made again: at once or, when the file is held or full, not at all. Raises nothing."""
        if self.conn.in_transaction or (self.presence is not None and self.presence.lost):
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

    def take_in(self, rows: Sequence[Sequence[object]]) -> range:
        """Append changes that were made on another desk, to the letter, and fold their items.

        Must run inside ``writing()``. Those that are here already are passed over. ``rows`` hold the columns that
        `fold.entry` reads; what a change builds on comes before it, or is here.

        Returns:
            The numbers (``seq``) that the changes have here.
        """
        ids = _json([row[0] for row in rows])
        held = set(self.rows("SELECT id FROM main.changes WHERE id IN (SELECT value FROM json_each(?))", (ids,)))
        coming = [row for row in rows if (row[0],) not in held] if held else rows
        with self.refusing():
            changes = [entry(row) for row in coming]
        items = list({change.item for change in changes})
        before = [one for at in range(0, len(items), _CHUNK) for one in self.entries(items=items[at : at + _CHUNK])]
        grouped: dict[str, dict[str, list[Entry]]] = {}
        for change in sorted([*before, *changes], key=lambda one: one.id):
            grouped.setdefault(change.kind, {}).setdefault(change.item, []).append(change)
        last = int(self.rows("SELECT coalesce(max(seq), 0) FROM main.changes")[0][0])
        with self.refusing():
            self.conn.executemany(_LOGGED, coming)
            for name, entries in grouped.items():
                if name in KINDS:  # what a newer factdesk has made of it waits in the log
                    self._fold_in(KINDS[name], entries)
        return range(last + 1, last + 1 + len(coming))

    def _append(self, changes: Sequence[Entry], new: Container[str] = ()) -> None:
        """Append changes and fold their items; of those that are ``new`` nothing else is in the log."""
        fresh: dict[str, dict[str, list[Entry]]] = {}
        others: list[tuple[str, str]] = []
        told = []
        for change in changes:
            told.append(_logged(change))
            if change.item in new:
                fresh.setdefault(change.kind, {})[change.item] = [change]
            else:
                others.append((change.kind, change.item))
        with self.refusing():
            self.conn.executemany(_LOGGED, told)
            for name, entries in fresh.items():
                self._fold_in(KINDS[name], entries, new=True)
            self.refold(others)

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

    def _fold_in(self, kind: Kind, grouped: Mapping[str, Sequence[Entry]], *, new: bool = False) -> None:
        """Fold the changes of items of one kind into its table and the list of conflicts.

        ``new``: they have none yet, and are given as they were asked for rather than as the log has them.
        """
        rows: list[tuple[object, ...]] = []
        conflicts: list[tuple[object, ...]] = []
        for entries in grouped.values():
            row = only(kind, entries[0]) if len(entries) == 1 else None
            if row is None:
                told = [entry(_logged(one)) for one in entries] if new else entries
                row, contended = _rows_of(kind, fold(kind, told))
                conflicts += contended
            rows.append(row)
        self._put(kind, rows)
        if not new:
            self.conn.executemany("DELETE FROM main.conflicts WHERE item = ?", [(item,) for item in grouped])
        self.conn.executemany(_CONTENDED, conflicts)

    def _put(self, kind: Kind, rows: Sequence[tuple[object, ...]]) -> None:
        """Write rows of a kind, many to a statement: full text writes its words out once a statement."""
        if rows:
            with fulltext.reindexing(self.conn, rows) if kind.name == "claims" else nullcontext():
                self._insert(rows, lambda count: _upsert(kind.name, count))
            if kind.name == "schemes":
                requirements.renew_requirements(self.conn)

    def _insert(self, rows: Sequence[tuple[object, ...]], statement: Callable[[int], str]) -> None:
        most = min(_ROWS, max(1, self._variables() // len(rows[0])))
        for start in range(0, len(rows), most):
            some = rows[start : start + most]
            self.conn.execute(statement(len(some)), tuple(chain.from_iterable(some)))

    def _variables(self) -> int:
        """How many values a statement may take."""
        if sys.version_info >= (3, 11):
            return self.conn.getlimit(sqlite3.SQLITE_LIMIT_VARIABLE_NUMBER)
        return 999

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

    def held(self, kind: str, items: Sequence[str]) -> dict[str, dict[str, object]]:
        """The folded rows of those items that the desk has, by id."""
        if len(items) < 2:
            return {item: row for item in items if (row := self.row(kind, item))}
        asked = f"SELECT * FROM main.{KINDS[kind].name} WHERE id IN (SELECT value FROM json_each(?))"
        with self.refusing():
            cursor = self.conn.execute(asked, (_json(items),))
            names = [column[0] for column in cursor.description]
            rows = [dict(zip(names, row, strict=True)) for row in cursor]
        return {str(row["id"]): row for row in rows}

    def known(self, kind: str, items: Iterable[str]) -> set[str]:
        """Those of the items that the desk has, by id."""
        asked = f"SELECT id FROM main.{KINDS[kind].name} WHERE id IN (SELECT value FROM json_each(?))"
        return {id for (id,) in self.rows(asked, (_json(list(items)),))}

    def _standing(self, edits: Iterable[Edit]) -> dict[tuple[str, str], dict[str, object]]:
        """The rows that edits are about, by kind and id."""
        named: dict[str, list[str]] = {}
        for edit in edits:
            if edit.item:
                named.setdefault(edit.kind, []).append(edit.item)
        return {(kind, item): row for kind, items in named.items() for item, row in self.held(kind, items).items()}

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


def _logged(change: Entry) -> tuple[object, ...]:
    """A change as its row in the log, without its number."""
    parents = _json(change.parents) if change.parents else "[]"
    return (*change[:6], parents, _json(change.patch), change.undoes or None)


def _rows_of(kind: Kind, folded: Folded) -> tuple[tuple[object, ...], list[tuple[object, ...]]]:
    """An item's row for its table, and its rows in the list of conflicts."""
    row = folded.row
    return tuple(row.values()), [(row["id"], part, kind.name, _json(ids)) for part, ids in folded.conflicts.items()]


def _blocks(edits: Iterable[Edit]) -> Iterator[list[Edit]]:
    """The edits in their order, some hundreds at a time, and no item twice among them."""
    block: list[Edit] = []
    items: set[str | None] = set()
    for edit in edits:
        if len(block) == _BLOCK or edit.item in items:
            yield block
            block, items = [], set()
        block.append(edit)
        if edit.item:
            items.add(edit.item)
    yield block


_json = json.JSONEncoder(ensure_ascii=False, separators=(",", ":")).encode


@lru_cache(maxsize=64)
def _upsert(kind: str, count: int) -> str:
    """The statement that writes so many rows of a kind."""
    columns = ["id", *KINDS[kind].columns, *TAIL]
    names = ", ".join(f'"{column}"' for column in columns)
    marks = "(" + ", ".join("?" * len(columns)) + ")"
    sets = ", ".join(f'"{column}" = excluded."{column}"' for column in columns[1:])
    values = ", ".join([marks] * count)
    return f"INSERT INTO main.{kind} ({names}) VALUES {values} ON CONFLICT(id) DO UPDATE SET {sets}"


def _texts(count: int) -> str:
    return "INSERT OR IGNORE INTO main.texts (sha, body) VALUES " + ", ".join(["(?, ?)"] * count)
