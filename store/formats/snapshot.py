"""A second, reading connection on which an export sees one moment of the desk while others go on working."""

from __future__ import annotations

import re
import sqlite3
from bisect import bisect_left
from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager
from itertools import chain
from typing import BinaryIO

from store.access.blindness import Veil
from store.access.names import Names, reviewer_id
from store.desk import Desk
from store.errors import Refused
from store.log import file as opening
from store.log.log import Log
from store.text.shown_text import as_seen

Cancelled = Callable[[], bool]
_CHUNK = 1000


class Stopped(Refused):
    """It was stopped before its end; nothing of it remains."""


@contextmanager
def snapshot(desk: Desk, *, text: type[str] | type[bytes] = bytes) -> Iterator[sqlite3.Connection]:
    """A connection that reads the desk as it was last saved, and goes on seeing just that until it is closed.

    Text comes as ``text``. Its SQL knows two tables, ``people`` (id, name, and ``said``: who that is, in JSON) and
    ``kinds`` (key, label, rating: the scheme's verdicts), ``line_of(sha, start)``, the line from 1 on which a place
    in a text stands, and ``seen_words(sha, markup, start, end)``, the words that people see there.

    Raises:
        Gone: another file, or none, has the desk's name by now.
    """
    if desk.session.log.presence is not None:
        desk.session.log.presence.require()
    conn = opening.open_file(desk.path, create=False, patience=10.0).conn
    with closing(conn), desk.session.log.refusing():
        scheme = desk.scheme
        conn.execute("CREATE TEMP TABLE people (id TEXT PRIMARY KEY, name TEXT, said TEXT) WITHOUT ROWID")
        conn.execute("CREATE TEMP TABLE kinds (key TEXT PRIMARY KEY, label TEXT, rating INTEGER) WITHOUT ROWID")
        conn.executemany(
            "INSERT INTO kinds VALUES (?, ?, ?)", [(kind.key, kind.label, kind.rating) for kind in scheme.verdicts]
        )
        conn.execute("BEGIN")
        Veil(conn).keep(desk.session.me)
        said = "CASE WHEN ?3 THEN json_quote(?2) ELSE json_object('name', ?2, 'id', ?1) END"
        conn.executemany(
            f"INSERT INTO people VALUES (?1, ?2, {said})",
            [(person.id, person, person.id == reviewer_id(person)) for person in Names(conn.execute(Names.QUERY))],
        )
        text_of = _Text(conn)
        conn.create_function("line_of", 2, text_of.line_of, deterministic=True)
        conn.create_function("seen_words", 4, text_of.seen_words, deterministic=True)
        conn.text_factory = text
        yield conn


@contextmanager
def as_desk(conn: sqlite3.Connection, of: Desk) -> Iterator[Desk]:
    """A snapshot as a desk to read, for what takes more than a query; inside, text comes as ``str``."""
    held, conn.text_factory = conn.text_factory, str
    try:
        desk = Desk(Log(conn, str(of.path)), of.path, "A snapshot is only read.")
        if of.reviewer:
            desk.be(of.reviewer)
        yield desk
    finally:
        conn.text_factory = held


class _Text:
    """What stands in a text. The rows of one text come one after the other, so each is looked through once."""

    def __init__(self, conn: sqlite3.Connection) -> None:
        self._conn = conn
        self._counted = self._shown = ""
        self._breaks: list[int] = []
        self._seen = as_seen("", "")

    def line_of(self, sha: str, start: int) -> int:
        if sha != self._counted:
            self._breaks = [match.start() for match in re.finditer("\n", self._body(sha))]
            self._counted = sha
        return bisect_left(self._breaks, start) + 1

    def seen_words(self, sha: str, markup: str, start: int, end: int) -> str:
        if sha != self._shown:
            self._seen = as_seen(self._body(sha), markup)
            self._shown = sha
        return self._seen.words(start, end)

    def _body(self, sha: str) -> str:
        row = self._conn.execute("SELECT CAST(body AS BLOB) FROM texts WHERE sha = ?", (sha,)).fetchone()
        return row[0].decode() if row else ""


def check(cancelled: Cancelled | None) -> None:
    """Raise ``Stopped`` when ``cancelled`` says so."""
    if cancelled and cancelled():
        raise Stopped("The export was stopped; nothing was written.")


def pour(
    conn: sqlite3.Connection,
    sql: str,
    file: BinaryIO,
    progress: Callable[[int], None] | None = None,
    cancelled: Cancelled | None = None,
) -> int:
    """Write the lines that a query gives, one a row, to a file; gives their number.

    ``progress`` is told how many are written; when ``cancelled`` says so, ``Stopped`` is raised.
    """
    cursor = conn.execute(sql)
    count = 0
    while chunk := cursor.fetchmany(_CHUNK):
        check(cancelled)
        file.writelines(chain.from_iterable(chunk))
        count += len(chunk)
        if progress:
            progress(count)
    return count
