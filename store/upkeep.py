"""Looking after what is in a desk file: verify, rebuild."""

from __future__ import annotations

import hashlib
import json
import sqlite3
import zlib
from collections.abc import Iterator
from itertools import groupby

from store.access.session import Session
from store.check.kept_sentences import kept, parted
from store.errors import ReadOnly
from store.log import fulltext, verdict_requirements
from store.log.fold import Entry, entry, fold
from store.log.kinds import KINDS, REFERENCES, SPANS
from store.log.log import Log
from store.log.migrations import STEPS
from store.log.schema import drop_strangers, lacking, missing, strangers, supply
from store.log.tables import TAIL, renew
from store.records import Progress

_CHUNK = 500


class Upkeep:
    """Looks after a desk file."""

    def __init__(self, session: Session) -> None:
        self._session = session

    def verify(self, progress: Progress | None = None) -> list[str]:
        """Check the file, the log, the texts and their sentences, quotes, search indexes, and the tables by the log.

        Returns:
            One sentence for each thing that is wrong; empty when all is well. ``progress`` is told items done and all.
        """
        conn = self._session.log.conn
        with self._session.unveiled(), self._session.log.refusing(), self._session.log.one_moment():
            wrong = [
                f"The file is damaged: {row[0]}."
                for row in conn.execute("PRAGMA integrity_check(20)")
                if row[0] != "ok"
            ]
            if wrong:
                return wrong
            wrong, unreadable = _otherwise(conn)
            if unreadable:
                return wrong
            for sha, body in conn.execute("SELECT sha, body FROM texts"):
                if hashlib.sha256(body.encode()).hexdigest() != sha:
                    wrong.append(f"The text {sha[:12]}… has been altered.")
            wrong += [
                f"The text of the version {id} is missing."
                for (id,) in conn.execute("SELECT id FROM versions WHERE text NOT IN (SELECT sha FROM texts)")
            ]
            wrong += _altered_pages(conn)
            for table in SPANS:
                wrong += _misquoted(conn, table)
                wrong += _misplaced(conn, table)
            wrong += _misnumbered(conn)
            wrong += _mistransferred(conn)
            wrong += _strangers(conn)
            wrong += _malformed(conn)
            wrong += _misparted(conn)
            if not verdict_requirements.fit(conn):
                wrong.append("The stored requirements do not match the scheme: run `factdesk rebuild`.")
            wrong += [problem for item in _items(conn, progress) for problem in _unlike(self._session.log, item)]
            wrong += _unwritten(conn)
            wrong += _unindexed(conn)
        return wrong

    def rebuild(self, progress: Progress | None = None) -> int:
        """Make every table again from the log, in one transaction; mends tables that something else has written to.

        Returns:
            The number of items folded.
        """
        if self._session.read_only:
            raise ReadOnly(self._session.read_only)
        log = self._session.log
        with self._session.unveiled(), log.writing(), log.refusing():
            items = log.conn.execute("SELECT DISTINCT kind, item FROM changes ORDER BY kind").fetchall()
            drop_strangers(log.conn)
            renew(log.conn)
            fulltext.renew_search(log.conn)
            supply(log.conn)
            for start in range(0, len(items), _CHUNK):
                if progress:
                    progress(start, len(items))
                log.refold(items[start : start + _CHUNK])
        return len(items)


def _altered_pages(conn: sqlite3.Connection) -> Iterator[str]:
    """Pages that articles were read from and that are not here, or not as they were."""
    for (body,) in conn.execute("SELECT DISTINCT body FROM pages").fetchall():
        digest = hashlib.sha256()
        try:
            for (packed,) in conn.execute("SELECT packed FROM page_bytes WHERE body = ? ORDER BY place", (body,)):
                digest.update(zlib.decompress(packed))
        except zlib.error:
            digest.update(b"damaged")
        if digest.hexdigest() != body:
            yield f"The page {body[:12]}… that an article was read from is missing or has been altered."


def _otherwise(conn: sqlite3.Connection) -> tuple[list[str], bool]:
    """What another program made, changed or took away of the tables, views, triggers and indexes; whether more can be
    looked at. A newer factdesk has others."""
    if _newer(conn):
        return [], False
    gone = missing(conn)
    lost = lacking(conn)
    wrong = [f"The {what} {name} is not the desk's: run `factdesk rebuild`." for what, name, _ in strangers(conn)]
    wrong += [f"The {what} {name} is missing: run `factdesk rebuild`." for what, name, _ in gone]
    wrong += [f"The table {table} lacks {column}: run `factdesk rebuild`." for table, column in lost]
    return wrong, bool(lost) or any(what == "table" for what, _, _ in gone)


def _newer(conn: sqlite3.Connection) -> bool:
    """Whether a newer factdesk has made the desk's tables."""
    return any(step not in STEPS for (step,) in conn.execute("SELECT name FROM _sqlite_migrations"))


def _malformed(conn: sqlite3.Connection) -> Iterator[str]:
    """Changes that say nothing a desk would say; they are passed over."""
    for (id,) in conn.execute(
        "SELECT id FROM changes WHERE json_type(parents) <> 'array' OR json_type(patch) <> 'object'"
        " OR id NOT GLOB replace('xxxxxxxx-xxxx-xxxx-xxxx-xxxxxxxxxxxx', 'x', '[0-9a-f]')"
    ):
        yield f"The change {id} is malformed: another program has written it."


def _misparted(conn: sqlite3.Connection) -> Iterator[str]:
    """Sentences that are kept and are not what is found now with what they are said to be found with."""
    rows = conn.execute(
        "SELECT s.splitter, s.edges, s.words, t.sha, t.body FROM sentences s LEFT JOIN texts t ON t.seq = s.text"
    )
    for by, edges, words, sha, body in rows:
        if body is None:
            yield "Sentences are stored for a text that is not here: run `factdesk rebuild`."
        elif (found := parted(body, by)) and kept(found) != (edges, words):
            yield f"The sentences kept of the text {sha[:12]}… do not match it: run `factdesk rebuild`."


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


def _unindexed(conn: sqlite3.Connection) -> Iterator[str]:
    """Search indexes that do not hold what their tables do."""
    for index in () if _newer(conn) else fulltext.unfit(conn):
        yield f"The search index {index} does not match its table: run `factdesk rebuild`."


def _items(conn: sqlite3.Connection, progress: Progress | None) -> Iterator[list[Entry]]:
    total = conn.execute("SELECT count(*) FROM changes").fetchone()[0]
    rows = conn.execute(
        "SELECT id, action, reviewer, at, kind, item, parents, patch, undoes FROM changes ORDER BY item, kind, id"
    )
    done = 0
    for _, entries in groupby(map(entry, rows), key=lambda change: (change.item, change.kind)):
        item = list(entries)
        if progress and done // _CHUNK != (done + len(item)) // _CHUNK:
            progress(done, total)
        done += len(item)
        yield item


def _unwritten(conn: sqlite3.Connection) -> Iterator[str]:
    """Rows that no change has ever made."""
    for kind in KINDS.values():
        own = "SELECT item FROM changes WHERE kind = ?"
        for (id,) in conn.execute(f"SELECT id FROM {kind.name} WHERE id NOT IN ({own})", (kind.name,)):
            yield f"The {kind.one} {id} is not in the history: run `factdesk rebuild`."
    for (id,) in conn.execute(
        "SELECT DISTINCT item FROM conflicts x WHERE NOT EXISTS"
        " (SELECT 1 FROM changes c WHERE c.item = x.item AND c.kind = x.kind)"
    ):
        yield f"A conflict about {id} is not in the history: run `factdesk rebuild`."


def _misquoted(conn: sqlite3.Connection, table: str) -> Iterator[str]:
    rows = conn.execute(
        f'SELECT x.id, x.start, x."end" FROM {table} x'
        " JOIN versions v ON v.id = x.version JOIN texts t ON t.sha = v.text"
        ' WHERE substr(t.body, x.start + 1, x."end" - x.start) IS NOT x.quote'
    )
    for id, start, end in rows:
        yield f"The text at {start}–{end} is not the quote of the {KINDS[table].one} {id}."


_MOVED_ALONG = (
    "EXISTS (SELECT 1 FROM changes c JOIN changes w ON w.action = c.action AND w.item = v.id WHERE c.id ="
    " (SELECT max(m.id) FROM changes m WHERE m.item = x.id AND json_extract(m.patch, '$.version') IS NOT NULL))"
)
"""The SQL for an item that came to its version by the correction itself, so that its undo moves the item back."""


def _misplaced(conn: sqlite3.Connection, table: str) -> Iterator[str]:
    """Items on a version of another article, or on one that was taken back and ought to have taken them along.

    What somebody made on a version without knowing that another desk had taken it back waits there to be carried over.
    """
    article = "x.article" if "article" in KINDS[table].columns else "c.article"
    join = "" if article == "x.article" else "JOIN claims c ON c.id = x.claim"
    rows = conn.execute(
        f"SELECT x.id, v.deleted FROM {table} x {join} JOIN versions v ON v.id = x.version JOIN articles a"
        f' ON a.id = {article} WHERE x."end" > 0 AND x.deleted = 0 AND a.deleted = 0'
        f" AND (v.article <> {article} OR v.deleted = 1 AND EXISTS"
        " (SELECT 1 FROM versions w WHERE w.article = v.article AND w.deleted = 0)"
        f" AND {_MOVED_ALONG})"
    )
    for id, gone in rows:
        of = "that was taken back" if gone else "of another article"
        yield f"The {KINDS[table].one} {id} lies on a version of the text {of}."


def _misnumbered(conn: sqlite3.Connection) -> Iterator[str]:
    """Versions that do not follow the one they correct."""
    for id, number in conn.execute(
        "SELECT v.id, v.number FROM versions v LEFT JOIN versions p ON p.id = v.parent WHERE v.parent <> ''"
        " AND v.deleted = 0 AND (p.id IS NULL OR p.article <> v.article OR v.number NOT IN (0, p.number + 1))"
    ):
        yield f"The version {id} is number {number} and does not follow the one it corrects."
    for (id,) in conn.execute("SELECT id FROM versions WHERE number = 0 AND deleted = 0"):
        yield (
            f"A correction was broken off (version {id}): run `factdesk update` again with the same text, or undo it."
        )


def _mistransferred(conn: sqlite3.Connection) -> Iterator[str]:
    """What became of items that are not here, or of words that no earlier version has."""
    for kind in SPANS:
        for (id,) in conn.execute(
            f"SELECT t.id FROM transfers t WHERE t.kind = '{kind}' AND t.deleted = 0"
            f" AND t.item NOT IN (SELECT id FROM {kind})"
        ):
            yield f"The transfer {id} is about {_a(KINDS[kind].one)} that is not here."
    for (id,) in conn.execute(
        "SELECT t.id FROM transfers t JOIN versions v ON v.id = t.version WHERE t.deleted = 0 AND NOT EXISTS ("
        "SELECT 1 FROM versions o JOIN texts x ON x.sha = o.text WHERE o.article = v.article"
        " AND o.id <> v.id AND instr(x.body, t.before) > 0)"
    ):
        yield f"The words of the transfer {id} stand in no other version of its article."


def _a(noun: str) -> str:
    return f"an {noun}" if noun[0] in "aeiou" else f"a {noun}"


def _unlike(log: Log, entries: list[Entry]) -> Iterator[str]:
    """How an item's row differs from what its changes say."""
    kind = KINDS.get(entries[0].kind)
    if kind is None:
        return
    row = log.row(kind.name, entries[0].item)
    said = fold(kind, entries)
    held = {column: row[column] for column in ("id", *kind.columns, *TAIL)} if row else None
    conflicts = {
        part: json.loads(versions)
        for part, versions in log.conn.execute(
            "SELECT part, versions FROM conflicts WHERE item = ? AND kind = ?", (entries[0].item, kind.name)
        )
    }
    if held != said.row or conflicts != said.conflicts:
        yield f"The {kind.one} {entries[0].item} does not match its history: run `factdesk rebuild`."
