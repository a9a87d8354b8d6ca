"""A hub: the remote that a PostgreSQL server holds. `hub` makes its tables and its roles.

How it grows. A hub does one thing for a desk: it appends rows, and gives those beyond a number. 1,000 reviewers who
each save every half minute and look every five seconds ask for 33 appends and 200 looks a second. Measured on two cores
that eight other programs kept busy, server and people on one machine, a disk that took 5 ms to be sure: 87 appends a
second from one connection and 150 from eight, 1,200 looks a second from one and 4,000 from eight. A saved verdict with
a justification of 180 characters takes 800 bytes of the server's disk, so a thousand people who each save 500 times a
day fill 0.4 GB a day. Appends go one after the other, under one lock, for to miss a change is worse than to wait for
one: they end first, where what is saved a second comes near to one divided by what the disk takes to be sure, some
hundreds. Then the connections: each desk keeps one open, so allow as many, or put a pooler before the server. Then the
history itself: a new desk fetches all of it, some thousand changes a second. What then?

- Several hubs, one database for each project: nothing is shared between them but the server. A desk that syncs with
  two hubs carries what one holds to the other; keep a desk for each project.
- Managed PostgreSQL does: nothing but tables, triggers and roles is used, no extension, no superuser.
- Replicas for reading serve those who only read (`hub roles --may read`): name the replica in their address.
- A backup is the server's (``pg_dump``, or continuous archiving). A hub that comes back from an old one is filled up
  again from the desks. A single desk's file is backed up by `factdesk backup`, or all the time by Litestream.

Why a plain log in PostgreSQL, and not something that syncs SQLite by itself: rqlite and dqlite need a majority of
servers for each save, so nobody works offline; cr-sqlite and the session extension merge rows by the last writer and
show no conflict; Electric gives rows out and takes none in; PowerSync is one more service that needs rules written for
it; libSQL sends each save to its server. None of them knows that a verdict and its justification belong together.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
from typing import TYPE_CHECKING, Any, NamedTuple

from store.errors import Offline, Refused
from store.sync.contract import ROW_COLUMNS, LogRow, Piece, Pushed, State
from store.sync.hub_address import Way, connect, driver
from store.sync.server_faults import Unanswered, WrongPassword, answering, hang_up, refusal

if TYPE_CHECKING:
    import psycopg

FORMAT = 1
"""The shape of a hub's tables."""

LOCK = 0x66616374
"""The lock of those who append."""

_FEW = 200
"""Up to how many changes are sent as one argument."""

_SOON, _LATE = 20.0, 120.0  # seconds that a server may take to answer a question, and to take or give a batch
_COLUMNS = ", ".join(ROW_COLUMNS)
_UNLIKE = " OR ".join(f"h.{column} IS DISTINCT FROM i.{column}" for column in ROW_COLUMNS[1:])


class _Incoming(NamedTuple):
    """Where changes on their way into the log are read from: SQL, and its arguments."""

    sql: str
    arguments: tuple[str, ...]


class Postgres:
    """A hub on a PostgreSQL server, as a `Remote`. A connection that was lost is made again by the next call."""

    def __init__(self, way: Way, ask: Callable[[str], str] | None = None) -> None:
        """Nothing is asked of the server yet.

        Args:
            way: how it is reached.
            ask: asks a person for the password when the server wants one; it is kept in memory only.
        """
        self.address = way.address
        self._way = way
        self._ask = ask
        self._password = ""
        self._made: psycopg.Connection[Any] | None = None
        self._closed = False
        self._steps: set[str] = set()
        """Steps that the hub knows of."""

    @property
    def _conn(self) -> psycopg.Connection[Any]:
        """The connection, made when there is none."""
        if self._closed:
            raise Offline(f"Syncing with {self.address} was ended.")
        if self._made is None or self._made.closed:
            self._made = self._connected()
        return self._made

    def _connected(self) -> psycopg.Connection[Any]:
        try:
            return connect(self._way, self._password)
        except driver().Error as error:
            why = refusal(self.address, error)
        if not isinstance(why, WrongPassword) or self._ask is None:
            raise why
        self._password = self._ask(self.address)
        try:
            return connect(self._way, self._password)
        except driver().Error as error:
            self._password = ""
            why = refusal(self.address, error)
        raise why

    def _rows(self, sql: str, *arguments: object, seconds: float = _SOON) -> list[tuple[Any, ...]]:
        conn = self._conn
        with answering(self.address, conn, seconds):
            return conn.execute(sql, arguments).fetchall()

    def state(self, at: int) -> State:
        """How it stands; see `Remote`."""
        reused = self._made is not None and not self._made.closed
        try:
            ((epoch, form, last, id, steps, person, may, owns),) = self._rows(_STATE, at)
        except Offline as offline:
            if not reused or isinstance(offline, Unanswered) or (self._made is not None and not self._made.closed):
                raise
            return self.state(at)  # what was lost while nothing was asked is made again
        if form > FORMAT:
            raise Refused(f"The hub at {self.address} was made by a newer factdesk: update factdesk first.")
        only = "" if owns or may != "write" else person
        return State(epoch, last, id or "", frozenset(steps), only, bool(owns or may in ("write", "bring")))

    def keep(self, texts: Mapping[str, str], pieces: Sequence[Piece]) -> None:
        """Keep texts and pieces of pages; see `Remote`."""
        conn = self._conn
        with answering(self.address, conn, _LATE), conn.transaction(), conn.cursor() as cursor:
            for table, rows in (("texts", [*texts.items()]), ("page_bytes", pieces)):
                marks = ", ".join(["%s"] * (2 if table == "texts" else 3))
                if rows:
                    cursor.executemany(f"INSERT INTO factdesk.{table} VALUES ({marks}) ON CONFLICT DO NOTHING", rows)

    def push(self, changes: Sequence[LogRow], steps: Collection[str]) -> Pushed:
        """Append changes; see `Remote`. Numbers follow the order in which appends become visible, so none is missed."""
        conn = self._conn
        with answering(self.address, conn, _LATE), conn.transaction(), conn.cursor() as cursor:
            come = self._few(cursor, changes) if len(changes) <= _FEW else self._many(cursor, changes)
            cursor.execute("SELECT pg_advisory_xact_lock(%s)", (LOCK,))
            cursor.execute(_KNOWN.format(incoming=come.sql), come.arguments)
            known = cursor.fetchall()
            for unlike in (id for id, differs in known if differs):
                raise Refused(
                    f"{self.address} and this desk both hold the change {unlike}, with different content: one of "
                    "the two was altered by another program. Nothing was sent. Run `factdesk verify` here; if this "
                    "desk is sound, tell the person who looks after the hub."
                )
            append = _APPEND_UNKNOWN if known else _APPEND
            cursor.execute(append.format(incoming=come.sql), come.arguments)
            added = cursor.rowcount
            if not self._steps >= {*steps}:
                cursor.execute(_STEPS, (list(steps),))
            cursor.execute("SELECT seq, id FROM factdesk.changes ORDER BY seq DESC LIMIT 1")
            last, id = cursor.fetchone() or (0, "")
        self._steps |= {*steps}
        return Pushed(added, last, id)

    def _few(self, cursor: psycopg.Cursor[Any], changes: Sequence[LogRow]) -> _Incoming:
        """Changes as one argument: a table for them would take longer than they do."""
        rows = [dict(zip(("n", *ROW_COLUMNS), (place, *row), strict=True)) for place, row in enumerate(changes, 1)]
        return _Incoming(f"json_to_recordset(%s::json) AS i({_SHAPE})", (json.dumps(rows, ensure_ascii=False),))

    def _many(self, cursor: psycopg.Cursor[Any], changes: Sequence[LogRow]) -> _Incoming:
        """Changes in a table of this connection's own."""
        cursor.execute(f"CREATE TEMP TABLE IF NOT EXISTS incoming ({_SHAPE}) ON COMMIT DELETE ROWS")
        with cursor.copy(f"COPY incoming (n, {_COLUMNS}) FROM STDIN") as copy:
            for place, change in enumerate(changes, 1):
                copy.write_row((place, *change))
        # What a table holds that was just filled nobody has counted: without this all of the log might be read.
        cursor.execute("SET LOCAL enable_hashjoin = off; SET LOCAL enable_mergejoin = off")
        return _Incoming("incoming i", ())

    def pull(self, after: int, limit: int, kinds: Collection[str] = ()) -> list[tuple[int, LogRow]]:
        """Changes after a number; see `Remote`."""
        chosen, arguments = ("AND kind = ANY(%s)", [list(kinds)]) if kinds else ("", [])
        asked = f"SELECT seq, {_COLUMNS} FROM factdesk.changes WHERE seq > %s {chosen} ORDER BY seq LIMIT %s"
        return [(row[0], row[1:]) for row in self._rows(asked, after, *arguments, limit, seconds=_LATE)]

    def known(self, ids: Sequence[str]) -> set[str]:
        """Those of the ids that it has; see `Remote`."""
        asked = "SELECT id FROM factdesk.changes WHERE id = ANY(%s)"
        return {id for (id,) in self._rows(asked, list(ids), seconds=_LATE)}

    def texts(self, shas: Sequence[str]) -> Mapping[str, str]:
        """Those of the texts that it has; see `Remote`."""
        asked = "SELECT sha, body FROM factdesk.texts WHERE sha = ANY(%s)"
        return dict(self._rows(asked, list(shas), seconds=_LATE))

    def pieces(self, body: str) -> Iterator[Piece]:
        """The pieces of a page; see `Remote`."""
        for (place,) in self._rows("SELECT place FROM factdesk.page_bytes WHERE body = %s ORDER BY place", body):
            asked = "SELECT body, place, packed FROM factdesk.page_bytes WHERE body = %s AND place = %s"
            for page, number, packed in self._rows(asked, body, place, seconds=_LATE):
                yield page, number, bytes(packed)

    def close(self) -> None:
        """Close the connection, from any thread."""
        self._closed = True
        if self._made is not None:
            hang_up(self._made)
            self._made.close()


_STATE = """
SELECT h.epoch, h.format, coalesce((SELECT max(seq) FROM factdesk.changes), 0),
  (SELECT id FROM factdesk.changes WHERE seq = %s), ARRAY(SELECT name FROM factdesk.steps), m.person, m.may,
  (SELECT pg_has_role(session_user, relowner, 'MEMBER') FROM pg_class WHERE oid = 'factdesk.changes'::regclass)
FROM factdesk.hub h LEFT JOIN factdesk.members m ON m.login = session_user
"""
_SHAPE = (
    "n integer, id text, action text, reviewer text, at bigint, kind text, item text, parents text, patch text, "
    "undoes text"
)
_KNOWN = f"SELECT i.id, {_UNLIKE} FROM {{incoming}} JOIN factdesk.changes h ON h.id = i.id"
_APPEND = f"""
INSERT INTO factdesk.changes (seq, {_COLUMNS})
SELECT coalesce((SELECT max(seq) FROM factdesk.changes), 0) + i.n, {_COLUMNS} FROM {{incoming}}
"""
_APPEND_UNKNOWN = f"""
INSERT INTO factdesk.changes (seq, {_COLUMNS})
SELECT coalesce((SELECT max(seq) FROM factdesk.changes), 0) + row_number() OVER (ORDER BY i.n), {_COLUMNS}
FROM {{incoming}} WHERE NOT EXISTS (SELECT 1 FROM factdesk.changes h WHERE h.id = i.id)
"""
_STEPS = "INSERT INTO factdesk.steps SELECT unnest(%s::text[]) ON CONFLICT DO NOTHING"
