"""The change log: one append-only table is the truth, everything else is folded from it (see ``fold``)."""

import json
import sqlite3
import time
from collections.abc import Collection, Container, Iterable, Iterator, Mapping, Sequence
from contextlib import AbstractContextManager, contextmanager, nullcontext
from functools import cache
from json.encoder import encode_basestring
from operator import itemgetter
from types import MappingProxyType
from typing import Any, NamedTuple

from store.log import clock, fulltext, verdict_requirements
from store.log.fold import (
    ONE_PARENT,
    Entry,
    Folded,
    alone,
    ancestry,
    changed_parts,
    entries_of,
    entry,
    fold,
    only,
    onto,
)
from store.log.kinds import KINDS, Kind, Patch
from store.log.sqlite_faults import Presence, Refusing, StillHeld, patiently
from store.log.tables import TAIL, indexed_columns

_Row = tuple[object, ...]
_Held = Mapping[str, object]

_CONTENDED = "INSERT INTO main.conflicts (item, part, kind, versions) VALUES (?, ?, ?, ?)"
LOGGED = "INSERT OR FAIL INTO main.changes (id, action, reviewer, at, kind, item, parents, patch, undoes, via) VALUES "
"""Appends changes to the log: `values_of` follows once for each."""
_TEXT = "INSERT OR IGNORE INTO main.texts (sha, body) VALUES (?, ?)"
_CHUNK = 400
_BLOCK = 500  # edits whose items are read together
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


class Fold(NamedTuple):
    """Items of one kind as they are to be: their rows, and those in the list of conflicts; which of them are here, and
    what their rows hold in the columns that are indexed."""

    kind: Kind
    rows: Sequence[_Row]
    conflicts: Sequence[_Row]
    here: Sequence[str]
    held: Mapping[object, list[object]]


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

    def close(self) -> None:
        """Close the file."""
        self.conn.close()

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
            changes: list[Entry] = []
            built: dict[str, _Held | None] = {}
            standing = self._standing(block)
            for edit in block:
                id = "" if edit.item else run.next()
                item = edit.item or id
                items.append(item)
                row = held = standing.get((edit.kind, item))
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
                whole = kind.parts if undoes or always else contested
                patch = changed_parts(kind, row, whole, edit.values)
                beside = patch.keys() - edit.values.keys()
                if beside and row is not None and row is held and not always:
                    # What stands beside in a part is said anew: as the log has it, whatever became of the row.
                    told = self._seen(kind, item, heads)
                    if told is not None and any(told.row[column] != row[column] for column in beside):
                        row = told.row
                        patch = changed_parts(kind, row, whole, edit.values)
                if not patch and row is not None:
                    continue
                id, at = id or run.next(), clock.now() if edit.at is None else edit.at
                if row is not None:
                    self._mine.add(id)
                if row is held:
                    built[item] = held
                action = action or id
                who = edit.reviewer or reviewer
                changes.append(Entry(id, action, who, at, edit.kind, item, tuple(parents), patch, undoes))
            self._append(changes, built)
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
            self.conn.executemany(_TEXT, texts.items())
            fulltext.add_texts(self.conn, last)

    def keep_bytes(self, pieces: Sequence[tuple[str, int, bytes]]) -> None:
        """Keep pieces of what articles were read from, each once: its SHA-256, its number, its bytes packed by zlib.

        Must run inside ``writing()``.
        """
        with self.refusing():
            self.conn.executemany(
                "INSERT OR IGNORE INTO main.page_bytes (body, place, packed) VALUES (?, ?, ?)", pieces
            )

    def remember(self, sql: str, rows: Iterable[Sequence[object]]) -> None:
        """Write what is this file's own and not part of the log, such as how it stands to its remotes, once a row.

        Must run inside ``writing()``.
        """
        with self.refusing():
            self.conn.executemany(sql, rows)

    def aside(self, sql: str, rows: Sequence[Sequence[object]]) -> None:
        """Write derived data if the lock is free and the disk has room; otherwise skip it. Raises nothing."""
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

    def _append(self, changes: Sequence[Entry], built: Mapping[str, _Held | None] = MappingProxyType({})) -> None:
        """Append changes and fold their items.

        ``built`` holds the rows that items have before their one change here, None for what is new: the log of these
        need not be read.
        """
        made: dict[str, list[_Row]] = {}
        before: dict[object, list[object]] = {}
        conflicts: list[_Row] = []
        others: list[tuple[str, str]] = []
        forked = self._forked([change.item for change in changes if change.undoes])
        for change in changes:
            kind, held = KINDS[change.kind], built.get(change.item)
            row = None
            if held is not None and change.item not in forked:
                row = onto(kind, held, change)
                before[change.item] = [held[column] for column in indexed_columns(kind.name)]
            elif change.item in built and held is None:
                row = only(kind, change) or _folded(kind, [entry(_logged(change))], conflicts)  # as the log has it
            if row:
                made.setdefault(change.kind, []).append(row)
            else:
                others.append((change.kind, change.item))
        with self.refusing():
            self.conn.executemany(LOGGED + values_of(None), map(_logged, changes))
            for name, rows in made.items():
                self._put(KINDS[name], rows, before)
            self.conn.executemany(_CONTENDED, conflicts)
            self.refold(others)

    def _forked(self, items: Sequence[str]) -> set[str]:
        """Those of some items whose changes are not each made on the one before, so that an undo may bring back more
        than one value."""
        which, ids = fulltext.among(items)
        asked = (
            f"SELECT item FROM main.changes WHERE item {which} GROUP BY item"
            f" HAVING count(DISTINCT parents) < count(*) OR max(length(parents)) > {ONE_PARENT}"
        )
        return {item for (item,) in self.rows(asked, ids)} if items else set()

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
        self.write_fold(self.fold_items(kind, (), grouped, grouped))

    def fold_items(
        self, kind: Kind, single: Sequence[Entry], grouped: Mapping[str, Sequence[Entry]], known: Container[str]
    ) -> Fold:
        """Fold the changes of items of one kind, some of which are ``known`` here; a ``single`` one is all there is of
        its item."""
        conflicts: list[_Row] = []
        rows = _folded_alone(kind, single, conflicts)
        for entries in grouped.values():
            row = only(kind, entries[0]) if len(entries) == 1 else None
            rows.append(row or _folded(kind, entries, conflicts))
        rows.sort(key=itemgetter(0))
        named = ", ".join(f'"{column}"' for column in ("id", *indexed_columns(kind.name)))
        here = [item for item in grouped if item in known]
        which, ids = fulltext.among(here)
        held = self.rows(f"SELECT {named} FROM main.{kind.name} WHERE id {which}", ids) if here else []
        return Fold(kind, rows, conflicts, here, {id: values for id, *values in held})

    def write_fold(self, folded: Fold) -> None:
        """Write items into their table and the list of conflicts."""
        self._put(folded.kind, folded.rows, folded.held)
        self.conn.executemany("DELETE FROM main.conflicts WHERE item = ?", [(item,) for item in folded.here])
        self.conn.executemany(_CONTENDED, folded.conflicts)

    def _put(self, kind: Kind, rows: Sequence[_Row], held: Mapping[object, list[object]]) -> None:
        """Write rows of a kind: those in ``held`` are there, with these values in the columns that are indexed.

        What an index holds already is not written to it again.
        """
        places, words, anew, in_place = _writes(kind.name)
        new: list[_Row] = []
        moved: list[_Row] = []
        stay: list[_Row] = []
        for row in rows:
            before = held.get(row[0])
            where = new if before is None else stay if before == [row[place] for place in places] else moved
            where.append(row)
        other = [row[0] for row in moved if any(row[places[word]] != held[row[0]][word] for word in words)]
        speaks = any(row[places[word]] for row in new for word in words)
        with fulltext.reindexing(self.conn, kind.name, other, speaks) if other or speaks else nullcontext():
            self.conn.executemany(anew, [*new, *moved])
        if stay:
            self.conn.executemany(in_place, stay)
        if kind.name == "schemes":
            verdict_requirements.renew_requirements(self.conn)

    # -- reading ----------------------------------------------------------------------------------------------

    def rows(self, sql: str, arguments: Sequence[object] = ()) -> list[tuple[Any, ...]]:
        """All rows a statement gives; none is left half read, which would keep the journal from shrinking."""
        with self.refusing():
            return self.conn.execute(sql, arguments).fetchall()

    def written_elsewhere(self) -> int:
        """A number that changes when another opening has written to the file."""
        return int(self.rows("PRAGMA data_version")[0][0])

    def row(self, kind: str, item: str) -> dict[str, object] | None:
        """The folded row of an item, or None when the desk has no such item."""
        with self.refusing():
            cursor = self.conn.execute(f"SELECT * FROM main.{KINDS[kind].name} WHERE id = ?", (item,))
            found = cursor.fetchone()
        return dict(zip([column[0] for column in cursor.description], found, strict=True)) if found else None

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

    def heads(self, kind: str, items: Collection[str]) -> dict[str, str]:
        """The newest changes of each of those items that the desk has, by id."""
        which, ids = fulltext.among([*items])
        return dict(self.rows(f"SELECT id, heads FROM main.{KINDS[kind].name} WHERE id {which}", ids)) if items else {}

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
            return entries_of(found.fetchall())

    def _contested(self, item: str) -> set[str]:
        return {part for (part,) in self.rows("SELECT part FROM main.conflicts WHERE item = ?", (item,))}


def _logged(change: Entry) -> _Row:
    """A change as its row in the log, without its number."""
    plain = len(change.parents) == 1 and change.parents[0].replace("-", "").isalnum()  # as nearly all are
    parents = f'["{change.parents[0]}"]' if plain else _json(change.parents)
    return (*change[:6], parents, _json(change.patch), change.undoes or None)


def values_of(via: int | None) -> str:
    """The places of a change's values in ``LOGGED``; ``via`` is the remote that it came from."""
    return f"(?, ?, ?, ?, ?, ?, ?, ?, ?, {'NULL' if via is None else int(via)})"


def _folded(kind: Kind, entries: Sequence[Entry], conflicts: list[_Row]) -> _Row:
    """An item's row for its table; its rows in the list of conflicts are added to that."""
    row, contended = fold(kind, entries)
    conflicts += [
        (row["id"], part, kind.name, f"[{','.join(map(encode_basestring, ids))}]") for part, ids in contended.items()
    ]
    return tuple(row.values())


def _folded_alone(kind: Kind, changes: Sequence[Entry], conflicts: list[_Row]) -> list[_Row]:
    """The rows of items that have one change each; their rows in the list of conflicts are added to that."""
    alike: dict[tuple[str, ...], list[Entry]] = {}
    for change in changes:
        alike.setdefault(tuple(change.patch), []).append(change)
    rows: list[_Row] = []
    for some in alike.values():
        rows += alone(kind, some) or [only(kind, one) or _folded(kind, [one], conflicts) for one in some]
    return rows


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


@cache
def _writes(kind: str) -> tuple[list[int], list[int], str, str]:
    """For rows of a kind the places of what is indexed, which of these have words, and two statements.

    The first writes all of a row, the second all but what is indexed.

    A row that is not there yet is written whole by either.
    """
    columns = ["id", *KINDS[kind].columns, *TAIL]
    searched = indexed_columns(kind)
    names = ", ".join(f'"{column}"' for column in columns)
    marks = ", ".join("?" * len(columns))
    anew, in_place = (
        f"INSERT INTO main.{kind} ({names}) VALUES ({marks}) ON CONFLICT(id) DO UPDATE SET "
        + ", ".join(f'"{column}" = excluded."{column}"' for column in columns if column not in ("id", *kept))
        for kept in ((), searched)
    )
    words = [place for place, column in enumerate(searched) if column in fulltext.SEARCHED.get(kind, ())]
    return [columns.index(column) for column in searched], words, anew, in_place
