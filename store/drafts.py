"""Words that are being typed, kept outside the desk until they are saved: through a crash, and for the person who typed
them.

They stand in one private file a desk, in a folder of the person's own, by person and field. They are not part of the
desk: no export, no merge and nobody else ever sees them.
"""

import os
import sqlite3
import time
from collections.abc import Iterator
from contextlib import closing, contextmanager
from pathlib import Path
from typing import NamedTuple

from store.desk import Desk
from store.errors import Refused

_PATIENCE = 0.2  # seconds; another window of the same person may be writing
_TABLE = (
    "CREATE TABLE IF NOT EXISTS drafts (person TEXT, field TEXT, text TEXT, at INTEGER, PRIMARY KEY (person, field))"
)


class Typed(NamedTuple):
    """What somebody had typed. ``at`` is when, in ms UTC."""

    text: str
    at: int


class Drafts:
    """The drafts of one desk, for the person who works at it. A field is a text that names it, with a record's id in
    it."""

    def __init__(self, folder: Path, desk: Desk) -> None:
        """``folder`` is made with the first draft."""
        self._folder = folder
        self._desk = desk
        self._known_by = ""

    @property
    def path(self) -> Path | None:
        """The file. It is named by the change that the desk began with: a desk that is moved, or saved elsewhere, keeps
        its drafts, and so does one that older changes are merged into.

        A desk on which nothing was ever changed has none.
        """
        if not self._known_by:
            first = self._desk.session.log.rows("SELECT id FROM main.changes ORDER BY seq LIMIT 1")
            self._known_by = str(first[0][0]) if first else ""
        return self._folder / f"{self._known_by}.db" if self._known_by else None

    def keep(self, field: str, text: str) -> None:
        """Keep what is typed in a field, in place of what was kept of it before.

        Raises:
            Refused: it cannot be written.
        """
        if (path := self.path) is None:
            return
        try:
            self._folder.mkdir(parents=True, exist_ok=True, mode=0o700)
            os.close(os.open(path, os.O_CREAT | os.O_RDWR, 0o600))
            with self._open(path) as file:
                file.execute(_TABLE)
                row = (self._desk.reviewer.id, field, text, int(time.time() * 1000))
                file.execute("INSERT OR REPLACE INTO drafts VALUES (?, ?, ?, ?)", row)
        except (OSError, sqlite3.Error, UnicodeEncodeError) as error:
            why = error.strerror if isinstance(error, OSError) and error.strerror else str(error)
            raise Refused(
                f"{path}: drafts cannot be kept here ({why}): make the folder writable, or delete the file."
            ) from None

    def of(self, field: str) -> Typed | None:
        """What was typed in a field and not saved."""
        path = self.path
        if path is None or not path.exists():
            return None
        try:
            with self._open(path) as file:
                asked = "SELECT text, at FROM drafts WHERE person = ? AND field = ?"
                row = file.execute(asked, (self._desk.reviewer.id, field)).fetchone()
        except sqlite3.Error:  # `keep` says what is wrong with it
            return None
        return Typed(*row) if row else None

    def drop(self, field: str) -> None:
        """Forget what was typed in a field: it is saved, or is not wanted."""
        if self.of(field) is not None and (path := self.path) is not None:
            try:
                with self._open(path) as file:
                    whose = (self._desk.reviewer.id, field)
                    file.execute("DELETE FROM drafts WHERE person = ? AND field = ?", whose)
            except sqlite3.Error:
                return  # it is offered once more; what is saved is saved

    def drop_all(self, about: str) -> None:
        """Forget what was typed in all fields whose names begin with ``about`` and a slash."""
        path = self.path
        if path is None or not path.exists():
            return
        try:
            with self._open(path) as file:
                under = (self._desk.reviewer.id, len(about) + 1, f"{about}/")
                file.execute("DELETE FROM drafts WHERE person = ? AND substr(field, 1, ?) = ?", under)
        except sqlite3.Error:
            return  # as for `drop`

    @contextmanager
    def _open(self, path: Path) -> Iterator[sqlite3.Connection]:
        with closing(sqlite3.connect(path, timeout=_PATIENCE)) as file:
            file.execute("PRAGMA secure_delete = ON")
            with file:
                yield file
