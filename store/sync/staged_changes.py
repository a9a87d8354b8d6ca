"""Where changes from a remote wait until they are looked through: a desk of nothing but a log, gone when it is closed.

What came is then taken in as another desk's file is, by `merge`: one way in, one set of refusals.
"""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Collection, Iterable, Sequence
from contextlib import closing
from pathlib import Path

from store.log.sqlite_faults import refusing_at
from store.log.tables import PAGE_BYTES, TRUTH, run
from store.sync.contract import ROW_COLUMNS, LogRow, Piece, Remote
from store.sync.other_desk import Mends, OtherDesk

_READ = 2_000  # changes that are asked of a remote at a time
_TEXTS = 100  # texts that are asked of it at a time

_TRUTH = "\n".join(line for line in TRUTH.splitlines() if not line.startswith("CREATE INDEX")) + (
    "\nCREATE INDEX changes_versions ON changes(item) WHERE kind = 'versions';"
)
_INSERT = f"INSERT INTO changes (seq, {', '.join(ROW_COLUMNS)}) VALUES ({', '.join('?' * (len(ROW_COLUMNS) + 1))})"


class Stage:
    """Changes with the texts and pages that they name. It lies in memory, or in a file without a name when large."""

    def __init__(self, name: str, mine: Path) -> None:
        """``name`` is where they come from, for refusals; ``mine`` the desk that will take them in."""
        self.name = name
        self._mine = mine
        self._conn = sqlite3.connect("", isolation_level=None)
        run(self._conn, _TRUTH)
        run(self._conn, PAGE_BYTES)
        self.last = 0
        """The number of the newest change here, as the remote counts, and …"""
        self.last_id = ""
        """… its id."""

    def fill(self, remote: Remote, after: int, until: int, most: int, kinds: Collection[str] = ()) -> int:
        """Fetch up to ``most`` changes that the remote has after a number and until another; gives how many."""
        count = 0
        while count < most and after < until:
            found = [row for row in remote.pull(after, min(_READ, most - count), kinds) if row[0] <= until]
            if not found:
                break
            self.put(found)
            after, count = found[-1][0], count + len(found)
        with refusing_at(self._mine):
            mine = sqlite3.connect(f"{self._mine.resolve().as_uri()}?mode=ro", uri=True)
        with closing(mine), refusing_at(self._mine):
            self._fetch_texts(remote, mine)
            self._fetch_pages(remote, mine)
        return count

    def put(self, changes: Sequence[tuple[int, LogRow]]) -> None:
        """Let changes wait here, each with its number."""
        with refusing_at(self.name):
            self._conn.execute("BEGIN")
            self._conn.executemany(_INSERT, ((number, *change) for number, change in changes))
            self._conn.execute("COMMIT")
        self.last, self.last_id = changes[-1][0], changes[-1][1][0]

    def keep(self, texts: Iterable[tuple[str, str]], pieces: Iterable[Piece]) -> None:
        """Let texts and pieces of pages wait here."""
        with refusing_at(self.name):
            self._conn.executemany("INSERT OR IGNORE INTO texts (sha, body) VALUES (?, ?)", texts)
            self._conn.executemany("INSERT OR IGNORE INTO page_bytes (body, place, packed) VALUES (?, ?, ?)", pieces)

    def other_desk(self, mends: Mends) -> OtherDesk:
        """What waits here, compared with the desk that will take it in."""
        other = OtherDesk(self.name, self._conn, mends)
        other.compare(self._mine)
        return other

    def close(self) -> None:
        """Let go of all that waits here."""
        self._conn.close()

    def _fetch_texts(self, remote: Remote, mine: sqlite3.Connection) -> None:
        missing = self._missing(mine, "versions", "text", "texts", "sha")
        for start in range(0, len(missing), _TEXTS):
            self.keep(remote.texts(missing[start : start + _TEXTS]).items(), ())

    def _fetch_pages(self, remote: Remote, mine: sqlite3.Connection) -> None:
        for body in self._missing(mine, "pages", "body", "page_bytes", "body"):
            for piece in remote.pieces(body):
                self.keep((), [piece])

    def _missing(self, mine: sqlite3.Connection, kind: str, column: str, table: str, key: str) -> list[str]:
        """What the changes of a kind name in a column, and neither the desk nor this place has in a table."""
        named = {
            value
            for (said,) in self._conn.execute("SELECT patch FROM changes WHERE kind = ?", (kind,))
            if isinstance(value := _of(said, column), str)
        }
        asked = f"SELECT {key} FROM {table} WHERE {key} IN (SELECT value FROM json_each(?))"
        for conn in (mine, self._conn):
            named -= {held for (held,) in conn.execute(asked, (json.dumps(sorted(named)),))}
        return sorted(named)


def _of(patch: str, column: str) -> object:
    try:
        said = json.loads(patch)
    except (ValueError, RecursionError):
        return None
    return said.get(column) if isinstance(said, dict) else None
