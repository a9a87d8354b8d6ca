"""The desk: one SQLite file with articles, claims, verdicts, evidence, sweeps and all of their history.

``Desk`` is the one door. Every method that changes something is one transaction, saved when it returns; it checks
what it is given, appends to the change log, and gives back the record as it now stands.
"""

from __future__ import annotations

from pathlib import Path
from types import TracebackType
from typing import TYPE_CHECKING

from store.log import file as opening
from store.log.backup import backup
from store.log.log import Log
from store.log.presence import Presence
from store.settle.adjudication import Settling

if TYPE_CHECKING:
    from sqlite_utils import Database

    from store.log.faults import StillHeld


class Desk(Settling):
    """An open desk file. Use it from one thread; open another for another thread.

    >>> with Desk.open("desk.db", "Ana") as desk:
    ...     article = desk.add_article("It rained on 5 May.")
    ...     claim = desk.tag(article, 0, 19)
    ...     desk.give_verdict(claim, "supported")
    """

    def __init__(self, log: Log, path: Path, read_only: str) -> None:
        """Use ``Desk.open``."""
        super().__init__(log, read_only)
        self.path = path

    @classmethod
    def open(cls, path: str | Path, reviewer: str = "", *, create: bool = True, patience: float = 30.0) -> Desk:
        """Open a desk file, made anew when it does not exist and ``create`` is true.

        Args:
            path: the file.
            reviewer: who is working; may be said later with ``be``.
            patience: seconds to wait while another process holds the file.

        Raises:
            NotADesk, Damaged, Busy, ReadOnly, Refused: the file cannot be opened; each says why.
        """
        where = Path(path)
        conn, read_only = opening.open_file(where, create=create, patience=patience)
        desk = cls(Log(conn, str(where), patience), where, read_only)
        desk.log.presence = Presence(where, journal=not read_only)
        if reviewer:
            desk.be(reviewer)
        return desk

    def beside(self) -> Desk:
        """Another opening of the same file, for another thread, in the name of the same person.

        Raises:
            Gone: another file, or none, has its name by now.
            Refused: as ``open`` does.
        """
        if self.log.presence is not None:
            self.log.presence.require()
        return Desk.open(self.path, self.reviewer, create=False)

    @property
    def lost(self) -> str:
        """What became of the file since it was opened, as the beginning of a sentence; empty while it is there.

        What is open can still be read, and copied by ``backup``; nothing can be saved.
        """
        return self.log.presence.lost if self.log.presence is not None else ""

    def written_elsewhere(self) -> int:
        """A number that is another one as soon as another opening of the file has written to it.

        What is written through this desk leaves it as it is; `saved_at` tells of that.

        Raises:
            Refused: the file cannot be read.
        """
        with self.log.refusing():
            return int(self.log.conn.execute("PRAGMA data_version").fetchone()[0])

    def wait_for(self, seconds: float, waiting: StillHeld | None = None) -> None:
        """Wait so long, from now on, while another program holds the file, before ``Busy`` is raised.

        With ``waiting`` a write waits instead for as long as that says: it is told again and again that the file is
        held, and once that it no longer is.
        """
        self.log.wait_for(seconds, waiting)

    def backup(self, to: Path) -> Path:
        """Copy the whole desk into a new file while others may go on working; see ``log.backup``.

        Raises:
            Refused: the file is already there, its folder is missing or cannot be written.
        """
        return backup(self.log, to)

    def flush(self) -> bool:
        """Bring what is saved from the journal into the file itself, so that a plain copy of it holds everything.

        Nobody waits for it, and unlike all else it may be called from another thread.

        Returns:
            Whether all of it is there. It is not while somebody reads what the desk held before: call it again.
        """
        return bool(self.read_only) or (not self.lost and opening.flush(self.path))

    def close(self) -> None:
        """Close the file. Everything acknowledged is already on disk."""
        self._keep_parted()
        self.log.conn.close()

    def __enter__(self) -> Desk:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()

    @property
    def db(self) -> Database:
        """The open file as a sqlite-utils ``Database``, for queries of your own. Write only through the desk.

        It hides what blind review hides from whoever looks, as the assignments are when it is asked for.
        """
        from sqlite_utils import Database

        self._veil.keep(self.reviewer)
        return Database(self.log.conn)
