"""Another desk's file as a remote: two desks, or all desks of a house, that meet in one file.

Its own log is what a remote is: append-only, numbered, each id once. What is sent there is taken in as by a merge.
"""

from __future__ import annotations

import json
import os
from collections.abc import Collection, Iterator, Mapping, Sequence
from contextlib import closing
from pathlib import Path

from store.errors import ReadOnly, Refused
from store.log import file as opening
from store.log.log import Log
from store.log.sqlite_faults import Presence
from store.log.union import LogUnion
from store.sync.contract import ROW_COLUMNS, LogRow, Piece, Pushed, State
from store.sync.other_desk import FILE
from store.sync.staged_changes import Stage

_COLUMNS = ", ".join(ROW_COLUMNS)


class DeskFile:
    """A desk's file that others sync with."""

    def __init__(self, path: Path, mine: Path) -> None:
        """Open it, or make it.

        Args:
            path: the file.
            mine: the desk that syncs with it.

        Raises:
            Refused: it is not a desk, or cannot be written.
        """
        if path.exists() and mine.exists() and path.samefile(mine):
            raise Refused(f"{path} is this desk itself: name another file, or a folder.")
        self.address = str(path.resolve())
        self._path = path
        conn, read_only, _ = opening.open_file(path, create=True, patience=10.0, backed_up=True)
        if read_only:
            conn.close()
            raise ReadOnly(read_only)
        self._log = Log(conn, str(path), 10.0)
        self._log.presence = Presence(path, journal=True)

    def state(self, at: int) -> State:
        """How it stands; see `Remote`."""
        presence = self._log.presence
        assert presence is not None
        presence.require()
        epochs = self._log.rows("SELECT epoch FROM main.remotes WHERE id = 0")
        if not epochs:
            first = "INSERT OR IGNORE INTO main.remotes (id, address, epoch) VALUES (0, '', ?)"
            with self._log.writing():
                self._log.remember(first, [(os.urandom(16).hex(),)])
            return self.state(at)
        steps = frozenset(step for (step,) in self._log.rows(opening.STEPS_SEEN))
        last, id = self._last()
        found = self._log.rows("SELECT id FROM main.changes WHERE seq = ?", (at,)) if at != last else [(id,)]
        return State(str(epochs[0][0]), last, found[0][0] if found else "", steps)

    def _last(self) -> tuple[int, str]:
        found = self._log.rows("SELECT seq, id FROM main.changes ORDER BY seq DESC LIMIT 1")
        return found[0] if found else (0, "")

    def keep(self, texts: Mapping[str, str], pieces: Sequence[Piece]) -> None:
        """Keep texts and pieces of pages; see `Remote`."""
        with self._log.writing():
            if texts:
                self._log.keep(texts)
            self._log.keep_bytes(pieces)

    def push(self, changes: Sequence[LogRow], steps: Collection[str]) -> Pushed:
        """Take changes in as a merge does; see `Remote`."""
        with closing(Stage("This desk", self._path)) as stage:
            stage.put(list(enumerate(changes, 1)))
            other = stage.other_desk(FILE)
            union = LogUnion(self._log)
            coming = union.fold_ahead(*other.changes(other.new.changes))
            with self._log.writing():
                added = len(union.take_in(coming))
                last, id = self._last()
        return Pushed(added, last, id)

    def pull(self, after: int, limit: int, kinds: Collection[str] = ()) -> list[tuple[int, LogRow]]:
        """Changes after a number; see `Remote`."""
        chosen = "AND kind IN (SELECT value FROM json_each(?))" if kinds else ""
        asked = f"SELECT seq, {_COLUMNS} FROM main.changes WHERE seq > ? {chosen} ORDER BY seq LIMIT ?"
        rows = self._log.rows(asked, (after, *([json.dumps(list(kinds))] if kinds else []), limit))
        return [(row[0], row[1:]) for row in rows]

    def known(self, ids: Sequence[str]) -> set[str]:
        """Those of the ids that it has; see `Remote`."""
        asked = "SELECT id FROM main.changes WHERE id IN (SELECT value FROM json_each(?))"
        return {id for (id,) in self._log.rows(asked, (json.dumps(list(ids)),))}

    def texts(self, shas: Sequence[str]) -> Mapping[str, str]:
        """Those of the texts that it has; see `Remote`."""
        asked = "SELECT sha, body FROM main.texts WHERE sha IN (SELECT value FROM json_each(?))"
        return dict(self._log.rows(asked, (json.dumps(list(shas)),)))

    def pieces(self, body: str) -> Iterator[Piece]:
        """The pieces of a page; see `Remote`."""
        for (place,) in self._log.rows("SELECT place FROM main.page_bytes WHERE body = ? ORDER BY place", (body,)):
            yield from self._log.rows(
                "SELECT body, place, packed FROM main.page_bytes WHERE body = ? AND place = ?", (body, place)
            )

    def close(self) -> None:
        """Close the file."""
        self._log.close()
