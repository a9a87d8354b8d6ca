"""A desk's journal while very much is written to it: brought into the file seldom, so that it is less in all."""

from __future__ import annotations

from store.log.log import Log

_PAGES = 8_000  # of the journal, after which it is brought into the file
_FEWEST = 50  # changes, however long they make it
_AS_EVER = 1_000  # SQLite's own measure


class Journal:
    """The journal of a desk from the first of many writes until it is closed."""

    def __init__(self, log: Log) -> None:
        self._conn = log.conn
        self._written = 0
        self._enough = _PAGES // 4  # a change writes some pages, or one; how many is seen the first time
        self._bring_in_after(_PAGES)

    def _bring_in_after(self, pages: int) -> None:
        """Have a write bring the journal into the file once it has so many pages; 0: no write does."""
        self._conn.execute(f"PRAGMA wal_autocheckpoint = {pages}")

    def counted(self) -> None:
        """From now on it is brought in by ``grew`` alone, between transactions, so that nobody waits for it."""
        self._bring_in_after(0)

    def grew(self, count: int) -> None:
        """So many changes more are in the journal."""
        self._written += count
        if self._written >= self._enough:
            _, pages, _ = self._conn.execute("PRAGMA wal_checkpoint(PASSIVE)").fetchone()
            self._enough = max(_FEWEST, self._written * _PAGES // max(pages, 1))
            self._written = 0

    def close(self) -> None:
        """From now on it is brought in as ever."""
        self._bring_in_after(_AS_EVER)
