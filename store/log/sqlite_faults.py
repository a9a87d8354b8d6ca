"""What can go wrong with a desk's file while it is open, in words: SQLite's complaints about it, another program that
holds it, and its being deleted, moved or replaced."""

import json
import random
import shutil
import sqlite3
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

from store.errors import Busy, Damaged, Gone, ReadOnly, Refused

RESTORE = "`factdesk restore BACKUP` puts a copy made by `factdesk backup` in its place"
"""The mend of a damaged file: a copy put there by hand would meet what SQLite keeps beside the file."""

_LEAST_ROOM = 1 << 16  # bytes; what SQLite keeps beside a file it works on takes half of that


StillHeld = Callable[[bool], bool]
"""Told again and again that another program holds the file (true), and once that it no longer does; gives whether to
go on waiting."""


def patiently(
    conn: sqlite3.Connection, statement: str, where: str, patience: float, waiting: StillHeld | None = None
) -> None:
    """Run a statement that needs a lock on the file ``where``, waiting up to ``patience`` seconds for it.

    SQLite's own waiting backs off to 100 ms and lets one process starve; short random waits are fair. With ``waiting``
    that is asked instead of the clock.

    Raises:
        Busy: another process kept the lock for longer.
    """
    give_up = time.monotonic() + patience
    waited = False
    conn.execute("PRAGMA busy_timeout = 0")
    try:
        while True:
            try:
                conn.execute(statement)
                if waited and waiting is not None:
                    waiting(False)
                return
            except sqlite3.OperationalError as error:
                if "locked" not in str(error) and "busy" not in str(error):
                    raise
                waited = True
                if not waiting(True) if waiting is not None else time.monotonic() >= give_up:
                    raise Busy(
                        f"{where} has been held by another program"
                        f"{'' if waiting is not None else f' for {patience:g} seconds'}; "
                        "nothing was changed: close the other program or try again."
                    ) from None
                time.sleep(random.uniform(0.001, 0.004))
    finally:
        conn.execute(f"PRAGMA busy_timeout = {int(patience * 1000)}")


class Refusing:
    """Inside, what goes wrong with the file ``where`` is raised as the refusal that says so."""

    def __init__(self, where: str) -> None:
        self._where = where

    def __enter__(self) -> None:
        pass

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, trace: object) -> None:
        if error is None:
            return
        if isinstance(error, UnicodeEncodeError):
            raise Refused("Half a character (a lone surrogate) names nothing on a desk: write it as UTF-8.") from None
        if isinstance(error, (sqlite3.DatabaseError, UnicodeDecodeError, json.JSONDecodeError)):
            refusal = refusal_for(error, self._where)
            if refusal is not None:
                raise refusal from error


def refusal_for(error: Exception, where: str) -> Exception | None:
    """The refusal that says what an error means for the file ``where``; None when it is a fault of ours."""
    reason = "".join(character if character.isprintable() else "?" for character in str(error))
    reason = reason or "SQLite does not say how"  # Python 3.10 has no words for some damage
    said = reason.lower()
    if "full" in said or ("disk i/o" in said and not _room(where)):
        return ReadOnly(f"The disk that holds {where} is full; nothing was changed: free some room and try again.")
    if "readonly" in said or "read-only" in said or "read only" in said:
        return ReadOnly(f"{where} cannot be written; nothing was changed: check its permissions and its folder's.")
    if "locked" in said or "busy" in said:
        return Busy(f"{where} is held by another program; nothing was changed: close it there or try again.")
    if "disk i/o" in said or "unable to open" in said:
        return ReadOnly(f"{where} could not be read or written ({reason}); check the disk and the permissions.")
    damage = (
        "malformed",
        "not a database",
        "corrupt",
        "could not decode",
        "no such",
        "does not say",
        "vtable constructor failed",
    )
    if isinstance(error, ValueError) or any(sign in said for sign in damage):
        return Damaged(f"{where} is damaged ({reason}); {RESTORE}, or try `factdesk rebuild` on a copy of it.")
    return None


@contextmanager
def refusing_at(path: Path | str) -> Iterator[None]:
    """Turn SQLite's complaints about a file into refusals."""
    try:
        yield
    except (sqlite3.DatabaseError, UnicodeDecodeError) as error:
        raise refusal_for(error, str(path)) or Damaged(f"{path} could not be read ({error}): {RESTORE}.") from error


def _room(where: str) -> bool:
    """Whether there is room beside the file for what SQLite keeps there; a full disk fails without saying so."""
    try:
        return shutil.disk_usage(Path(where).resolve().parent).free >= _LEAST_ROOM
    except OSError:
        return True


_Mark = tuple[int, int] | None
"""What the system knows a file by; None for no file."""


class Presence:
    """Remembers which file was opened. Files are only looked at: to open one again lets go of the locks on it."""

    def __init__(self, path: Path, *, journal: bool) -> None:
        """``journal``: what SQLite keeps beside the file belongs to it, and is lost like it."""
        self._named = path
        self._path = path.resolve()
        names = [f"{self._path}{end}" for end in ("-wal", "-shm")] if journal else []
        self._beside = {Path(name): held for name in names if (held := _mark(Path(name)))}
        self._held = _mark(self._path)

    @property
    def lost(self) -> str:
        """What became of the file, as the beginning of a sentence; empty while it is where it was."""
        now = _mark(self._path)
        if now != self._held:
            what = "was replaced by another file" if now else "was deleted or moved"
        elif any(_mark(path) != held for path, held in self._beside.items()):
            what = "lost the -wal or -shm file beside it, which holds the newest changes,"
        else:
            return ""
        return f"{self._named} {what} while it was open here"

    def require(self) -> None:
        """Raise Gone unless the file is where it was."""
        if lost := self.lost:
            raise Gone(f"{lost}; nothing was changed: save what is open here as another file (`factdesk` offers it).")


def _mark(path: Path) -> _Mark:
    try:
        found = path.stat()
    except OSError:
        return None
    return found.st_dev, found.st_ino
