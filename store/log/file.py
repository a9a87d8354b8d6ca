"""Opening a desk file: what is a desk, what is not, and how SQLite is set up for it."""

from __future__ import annotations

import os
import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from store.errors import Damaged, NotADesk, Refused
from store.log import fulltext
from store.log.faults import patiently, refusal_for
from store.log.log import Log
from store.log.tables import APPLICATION_ID, STEPS, migrations

_NETWORK = frozenset({"nfs", "nfs4", "cifs", "smb3", "smbfs", "9p", "fuse.sshfs", "afs", "ncpfs"})


def open_file(path: Path, *, create: bool, patience: float) -> tuple[sqlite3.Connection, str]:
    """Open a desk file for use from one thread.

    Returns:
        The connection, and why nothing can be written (a sentence; empty when it can).

    Raises:
        NotADesk, Damaged, Busy, Refused: each says what is wrong with the file.
    """
    _look(path, create)
    read_only = ""
    with refusing_at(path), _recognising(path):
        if path.exists() and not (os.access(path, os.W_OK) and os.access(path.parent, os.W_OK)):
            read_only = f"{path} cannot be written: check its permissions and its folder's, or copy it elsewhere."
            conn = _connect_to_read(path, patience)
        else:
            conn = sqlite3.connect(path, isolation_level=None, timeout=patience)
        try:
            fulltext.prepare(conn)
            steps = _steps(conn, path)
            if read_only and set(steps) < set(STEPS):
                conn = _brought_up(conn, path, patience)
            if not read_only:
                unknown = [step for step in steps if step not in STEPS]
                if unknown:
                    read_only = (
                        f"{path} was written by a newer factdesk (step {unknown[0]}): "
                        "it can be read here; update factdesk to work on it."
                    )
                elif steps != list(STEPS):
                    _migrate(conn, path, patience)
            _set_up(conn, read_only)
        except BaseException:
            conn.close()
            raise
    return conn, read_only


@contextmanager
def refusing_at(path: Path) -> Iterator[None]:
    """Turn SQLite's complaints about a file into refusals."""
    try:
        yield
    except (sqlite3.DatabaseError, UnicodeDecodeError) as error:
        raise refusal_for(error, str(path)) or Damaged(
            f"{path} could not be read ({error}): put a copy made by `factdesk backup` in its place."
        ) from error


@contextmanager
def _recognising(path: Path) -> Iterator[None]:
    """Refuse a file that is no database at all.

    Its head is looked at only when SQLite does not take it: to close a file again lets go of all locks that this
    process holds on it, and another process that ends would take the journal of an open desk for left behind.
    """
    try:
        yield
    except sqlite3.DatabaseError as error:
        if "not a database" in str(error):
            with path.open("rb") as file:
                head = file.read(16)
            if head != b"SQLite format 3\0":
                raise NotADesk(f"{path} is not a factdesk database: name another file with --db.") from error
        raise


def _look(path: Path, create: bool) -> None:
    """Refuse what plainly is no desk before SQLite is asked."""
    if path.is_dir():
        raise Refused(f"{path} is a folder: name a file in it, such as {path / 'desk.db'}.")
    if not path.exists():
        if not create:
            raise Refused(f"There is no desk at {path}: check the name, or open it in the app to make one.")
        if not path.parent.is_dir():
            raise Refused(f"There is no folder {path.parent} to make the desk in: make it first.")
        if not os.access(path.parent, os.W_OK):
            raise Refused(f"The folder {path.parent} cannot be written: choose another with --db.")
    system = _file_system(path.parent)
    if system in _NETWORK:
        raise Refused(
            f"{path} lies on a network drive ({system}), where SQLite cannot keep it safe: "
            "keep the desk on a disk of this machine."
        )
    if path.exists() and not os.access(path, os.R_OK):
        raise Refused(f"{path} cannot be read: check its permissions.")


def _file_system(folder: Path) -> str:
    """The type of the file system a folder lies on, where the system tells (Linux); else the empty string."""
    try:
        lines = Path("/proc/mounts").read_text(encoding="utf-8", errors="replace").splitlines()
        here = str(folder.resolve())
    except OSError:
        return ""
    best, system = "", ""
    for line in lines:
        fields = line.split()
        mount = fields[1].replace("\\040", " ") if len(fields) > 2 else ""
        if mount and len(mount) >= len(best) and (here == mount or here.startswith(mount.rstrip("/") + "/")):
            best, system = mount, fields[2]
    return system


def _connect_to_read(path: Path, patience: float) -> sqlite3.Connection:
    uri = path.resolve().as_uri()
    conn = sqlite3.connect(f"{uri}?mode=ro", uri=True, isolation_level=None, timeout=patience)
    try:
        conn.execute("SELECT count(*) FROM sqlite_master").fetchone()
        return conn
    except sqlite3.OperationalError as error:
        conn.close()
        if "locked" in str(error):
            raise
        # A file in WAL mode cannot be read where no -shm file may be made, unless it is promised not to change.
        return sqlite3.connect(f"{uri}?mode=ro&immutable=1", uri=True, isolation_level=None, timeout=patience)


def _steps(conn: sqlite3.Connection, path: Path) -> list[str]:
    """The migrations the file has seen; empty for a new file."""
    tables = {name for (name,) in conn.execute("SELECT name FROM sqlite_master WHERE type = 'table'")}
    application = conn.execute("PRAGMA application_id").fetchone()[0]
    if application != APPLICATION_ID:
        if tables or application:
            raise NotADesk(f"{path} is a database of another program: name another file with --db.")
        return []
    rows = conn.execute("SELECT name FROM _sqlite_migrations WHERE migration_set = 'factdesk' ORDER BY id")
    return [name for (name,) in rows]


def _migrate(conn: sqlite3.Connection, path: Path, patience: float) -> None:
    """Bring the file to this version. The lock is taken first: what is pending is only known under it."""
    from sqlite_utils import Database

    patiently(conn, "PRAGMA journal_mode = WAL", str(path), patience)
    with Log(conn, str(path), patience).writing():
        migrations().apply(Database(conn))


def _brought_up(conn: sqlite3.Connection, path: Path, patience: float) -> sqlite3.Connection:
    """A copy in memory of an older file that cannot be written, brought to this version so that it can be read."""
    copy = sqlite3.connect(":memory:", isolation_level=None)
    fulltext.prepare(copy)
    conn.backup(copy)
    conn.close()
    _migrate(copy, path, patience)
    return copy


def _set_up(conn: sqlite3.Connection, read_only: str) -> None:
    conn.execute("PRAGMA cache_size = -64000")
    conn.execute("PRAGMA foreign_keys = OFF")  # a merge must never be refused; `verify` checks the references
    conn.execute("PRAGMA recursive_triggers = ON")  # or INSERT OR REPLACE would slip past the guards of the log
    if not read_only:
        conn.execute("PRAGMA journal_mode = WAL")
        conn.execute("PRAGMA synchronous = FULL")
        conn.execute("PRAGMA journal_size_limit = 67108864")
