"""Keeping a desk file well: backup, verify, rebuild."""

from __future__ import annotations

import hashlib
import json
import os
import sqlite3
from collections.abc import Callable, Iterator
from contextlib import suppress
from itertools import groupby
from pathlib import Path

from store.desk import Desk
from store.errors import ReadOnly, Refused
from store.library.kept_sentences import found_with, packed, parted
from store.log import fulltext
from store.log.file import refusing_at
from store.log.fold import Entry, entry, fold
from store.log.kinds import KINDS, REFERENCES
from store.log.tables import TAIL, renew

Progress = Callable[[int, int], None]
_CHUNK = 500


def backup(desk: Desk, to: Path) -> Path:
    """Copy the whole desk into a new file while others may go on working; the copy is checked before it is named.

    Raises:
        Refused: the file is already there, its folder is missing or cannot be written.
    """
    if not to.parent.is_dir():
        raise Refused(f"There is no folder {to.parent}: make it first.")
    part = to.with_name(f".{to.name}.{os.getpid()}.part")
    named = False
    try:
        to.open("xb").close()  # takes the name, or finds it taken
        named = True
        with refusing_at(to):
            copy = sqlite3.connect(part)
            try:
                desk.log.conn.backup(copy)  # in one step: in several, it starts anew at every foreign commit
                copy.execute("PRAGMA journal_mode = DELETE")
                problems = copy.execute("PRAGMA quick_check(1)").fetchone()[0]
            finally:
                copy.close()
        if problems != "ok":
            raise Refused(f"The copy does not check out ({problems}): run `factdesk verify` on {desk.path}.")
        with part.open("rb") as file:
            os.fsync(file.fileno())
        part.replace(to)
        named = False
    except FileExistsError:
        raise Refused(f"{to} is already there: name a new file, nothing was overwritten.") from None
    except OSError as error:
        raise ReadOnly(f"{to} could not be written ({error.strerror}): check the folder and the disk.") from None
    finally:
        with suppress(OSError):  # a disk that cannot be written refuses even to say that nothing is there
            part.unlink(missing_ok=True)
            if named:
                to.unlink(missing_ok=True)
    return to


def verify(desk: Desk, progress: Progress | None = None) -> list[str]:
    """Check the file, the log, the texts, their sentences, every quote, the search indexes, and the tables by the log.

    Returns:
        One sentence for each thing that is wrong; empty when all is well. ``progress`` is told items done and all.
    """
    conn = desk.log.conn
    with desk.unveiled(), desk.log.refusing():
        wrong = [
            f"The file is damaged: {row[0]}." for row in conn.execute("PRAGMA integrity_check(20)") if row[0] != "ok"
        ]
        if wrong:
            return wrong
        for sha, body in conn.execute("SELECT sha, body FROM texts"):
            if hashlib.sha256(body.encode()).hexdigest() != sha:
                wrong.append(f"The text {sha[:12]}… has been altered.")
        wrong += [
            f"The text of the version {id} is missing."
            for (id,) in conn.execute("SELECT id FROM versions WHERE text NOT IN (SELECT sha FROM texts)")
        ]
        for table in ("claims", "sweeps", "reviews", "adjudications"):
            wrong += _misquoted(desk, table)
        wrong += _strangers(conn)
        wrong += _misparted(conn)
        wrong += _indexes(desk)
        wrong += [problem for item in _items(conn, progress) for problem in _unlike(desk, item)]
        wrong += _unwritten(conn)
    return wrong


def _misquoted(desk: Desk, table: str) -> Iterator[str]:
    rows = desk.log.conn.execute(
        f'SELECT x.id, x.start, x."end" FROM {table} x'
        " JOIN versions v ON v.id = x.version JOIN texts t ON t.sha = v.text"
        ' WHERE substr(t.body, x.start + 1, x."end" - x.start) IS NOT x.quote'
    )
    for id, start, end in rows:
        yield f"The text at {start}–{end} is not the quote of the {KINDS[table].one} {id}."


def _misparted(conn: sqlite3.Connection) -> Iterator[str]:
    """Sentences that are kept and are not what is found now with what they are said to be found with."""
    rows = conn.execute(
        "SELECT s.splitter, s.edges, s.characters, t.sha, t.body FROM sentences s LEFT JOIN texts t ON t.seq = s.text"
    )
    for by, edges, characters, sha, body in rows:
        language, lines = [*by.split(",", 2), "", ""][:2]
        if body is None:
            yield "Sentences are kept of a text that is not here: run `factdesk rebuild`."
        elif by == found_with(language, lines):
            found = parted(body, language, lines)
            if (packed(found.sentences), found.characters) != (edges, characters):
                yield f"The sentences kept of the text {sha[:12]}… are not its own: run `factdesk rebuild`."


def _strangers(conn: sqlite3.Connection) -> Iterator[str]:
    """References to what is not there, and parents that are missing, younger, or of another item."""
    for kind in KINDS.values():
        for column in (*kind.columns, "by"):
            parent = REFERENCES.get(column, "reviewers" if column == "by" else "")
            if not parent:
                continue
            missing = conn.execute(
                f"SELECT count(*) FROM {kind.name}"
                f' WHERE "{column}" <> \'\' AND "{column}" NOT IN (SELECT id FROM {parent})'
            ).fetchone()[0]
            if missing:
                yield f"{missing} of the {kind.name} name a {KINDS[parent].one} that is not here."
    for id, parent, item in conn.execute(
        "SELECT c.id, p.value, o.item FROM changes c, json_each(c.parents) p LEFT JOIN changes o ON o.id = p.value"
        " WHERE o.id IS NULL OR o.item <> c.item OR o.id >= c.id"
    ):
        fault = "is missing" if item is None else "does not come before it"
        yield f"The change {id} builds on {parent}, which {fault}."


def _indexes(desk: Desk) -> Iterator[str]:
    for index in () if desk.read_only else fulltext.unfit(desk.log.conn):
        yield f"The search index {index} does not fit its table: run `factdesk rebuild`."


def _items(conn: sqlite3.Connection, progress: Progress | None) -> Iterator[list[Entry]]:
    total = conn.execute("SELECT count(*) FROM changes").fetchone()[0]
    rows = conn.execute(
        "SELECT id, action, reviewer, at, kind, item, parents, patch, undoes FROM changes ORDER BY item, id"
    )
    done = 0
    for _, entries in groupby(map(entry, rows), key=lambda change: change.item):
        item = list(entries)
        if progress and done // _CHUNK != (done + len(item)) // _CHUNK:
            progress(done, total)
        done += len(item)
        yield item


def _unlike(desk: Desk, entries: list[Entry]) -> Iterator[str]:
    """How an item's row differs from what its changes say."""
    kind = KINDS.get(entries[0].kind)
    if kind is None:
        return
    row = desk.log.row(kind.name, entries[0].item)
    said = fold(kind, entries)
    held = {column: row[column] for column in ("id", *kind.columns, *TAIL)} if row else None
    conflicts = {
        part: json.loads(versions)
        for part, versions in desk.log.conn.execute(
            "SELECT part, versions FROM conflicts WHERE item = ?", (entries[0].item,)
        )
    }
    if held != said.row or conflicts != said.conflicts:
        yield f"The {kind.one} {entries[0].item} is not what its history says: run `factdesk rebuild`."


def _unwritten(conn: sqlite3.Connection) -> Iterator[str]:
    """Rows that no change has ever made."""
    for kind in KINDS.values():
        for (id,) in conn.execute(f"SELECT id FROM {kind.name} WHERE id NOT IN (SELECT item FROM changes)"):
            yield f"The {kind.one} {id} is in no history: run `factdesk rebuild`."
    for (id,) in conn.execute("SELECT DISTINCT item FROM conflicts WHERE item NOT IN (SELECT item FROM changes)"):
        yield f"A conflict about {id} is in no history: run `factdesk rebuild`."


def rebuild(desk: Desk, progress: Progress | None = None) -> int:
    """Fold every table anew from the log, in one transaction; mends tables that something else has written to.

    Returns:
        The number of items folded.
    """
    if desk.read_only:
        raise ReadOnly(desk.read_only)
    log = desk.log
    with desk.unveiled(), log.writing(), log.refusing():
        items = log.conn.execute("SELECT DISTINCT kind, item FROM changes ORDER BY kind").fetchall()
        renew(log.conn)
        fulltext.renew(log.conn)
        for start in range(0, len(items), _CHUNK):
            if progress:
                progress(start, len(items))
            log.refold(items[start : start + _CHUNK])
    return len(items)
