"""Opening a desk file: what is a desk, what is not, and how SQLite is set up for it."""

import os
import shutil
import sqlite3
import tempfile
from collections.abc import Iterator
from contextlib import closing, contextmanager, suppress
from pathlib import Path
from typing import NamedTuple

from store.errors import Damaged, NotADesk, ReadOnly, Refused
from store.file_locks import head, is_database, open_to_read
from store.log import drives, fulltext
from store.log.atomic_write import new_mode, refuse_journal
from store.log.log import Log
from store.log.migrations import STEPS, bring_up_to_date
from store.log.sqlite_faults import RESTORE, patiently, refusing_at
from store.log.tables import APPLICATION_ID

_FORMAT = slice(18, 20)
"""Where a database's head says how it is written: 1 with a rollback journal, 2 with a write-ahead log."""

STEPS_SEEN = "SELECT name FROM _sqlite_migrations WHERE migration_set = 'factdesk' ORDER BY id"
"""The SQL for the migrations that a desk has seen."""


class Opened(NamedTuple):
    """An open desk file. ``read_only`` says why nothing can be written, ``warning`` what else went wrong: sentences."""

    conn: sqlite3.Connection
    read_only: str
    warning: str = ""


def open_file(path: Path, *, create: bool, patience: float, backed_up: bool = False, update: bool = True) -> Opened:
    """Open a desk file for use from one thread.

    With ``backed_up`` a desk of an earlier factdesk is copied into the folder of its backups before it is brought up to
    date; where that cannot be done, it is said. Without ``update`` such a desk is refused.

    Raises:
        NotADesk, Damaged, Busy, Refused: each says what is wrong with the file.
    """
    _look(path, create)
    read_only = warning = ""
    with refusing_at(path), _recognising(path), _made(path):
        if not (os.access(path, os.W_OK) and os.access(path.parent, os.W_OK)):
            read_only = f"{path} cannot be written: check its permissions and its folder's, or copy it elsewhere."
            conn = connect_to_read(path, patience)
        else:
            conn = sqlite3.connect(path, isolation_level=None, timeout=patience)
        try:
            fulltext.prepare_search(conn)
            steps = steps_of(conn, path)
            if not steps and (read_only or not create):
                raise NotADesk(f"{path} is empty and not a desk: name another file, or {RESTORE}.")
            if read_only and set(steps) < set(STEPS):
                conn = _brought_up(conn, path, patience)
            if not read_only:
                unknown = [step for step in steps if step not in STEPS]
                if unknown:
                    read_only = (
                        f"{path} was written by a newer factdesk (step {unknown[0]}): "
                        "it can be read here; update factdesk to work on it."
                    )
                elif set(steps) != set(STEPS):
                    if not update:
                        raise Refused(f"{path} was written by an earlier factdesk: open it to bring it up to date.")
                    warning = _migrate(conn, path, patience, backed_up=backed_up and bool(steps))
            _set_up(conn, read_only)
        except BaseException:
            conn.close()
            raise
    return Opened(conn, read_only, warning)


@contextmanager
def _recognising(path: Path) -> Iterator[None]:
    """Refuse a file that is not a database at all.

    Its head is looked at only when SQLite does not take it.
    """
    try:
        yield
    except sqlite3.DatabaseError as error:
        if "not a database" in str(error) and not is_database(path):
            raise NotADesk(f"{path} is not a factdesk database: name another file with --db.") from error
        raise


def _look(path: Path, create: bool) -> None:
    """Refuse what plainly is not a desk before SQLite is asked."""
    if str(path) == ":memory:":
        raise Refused("A desk in memory would be lost when you close it: name a file, such as desk.db.")
    if path.is_dir():
        raise Refused(f"{path} is a folder: name a file in it, such as {path / 'desk.db'}.")
    if not path.exists():
        if not create:
            raise Refused(f"There is no desk at {path}: check the name, or open it in the app to make one.")
        if not path.parent.is_dir():
            raise Refused(f"There is no folder {path.parent} to make the desk in: make it first.")
        if not os.access(path.parent, os.W_OK):
            raise Refused(f"The folder {path.parent} cannot be written: choose another with --db.")
    system = drives.file_system(path.parent)
    if system in drives.NETWORK:
        raise Refused(
            f"{path} lies on a network drive ({system}), where SQLite cannot keep it safe: keep the desk on a disk of "
            f"this machine. {drives.INSTEAD}."
        )
    if path.exists() and not os.access(path, os.R_OK):
        raise Refused(f"{path} cannot be read: check its permissions.")
    refuse_journal(path)  # also one that is still empty, which SQLite would take for a new desk
    refuse_journal(path.resolve())
    look_beside(path)


def look_beside(path: Path) -> None:
    """Refuse a file beside which a journal lies that cannot be its own: SQLite would mix the two, or delete it.

    No file and an empty one have none, and a backup begins with one only once that has been written into its head.
    """
    journal = Path(f"{path.resolve()}-wal")
    try:
        stray = journal.stat().st_size > 0 and head(path)[_FORMAT] in (b"", b"\1\1")
    except FileNotFoundError:
        return
    if stray:
        raise Damaged(
            f"{journal} belongs to another desk than {path}, perhaps because a copy was put over a desk in use; "
            f"nothing was changed: {RESTORE}."
        )


@contextmanager
def _made(path: Path) -> Iterator[None]:
    """Make a desk's file, when there is none, with the permissions of a new desk; it goes when it stays empty."""
    made = False
    try:
        if not path.exists():
            os.close(os.open(path, os.O_RDWR | os.O_CREAT | os.O_EXCL, 0o600))
            made = True
            path.chmod(new_mode(path))
    except FileExistsError:
        pass  # somebody was quicker
    except OSError as error:
        raise ReadOnly(f"{path} could not be made ({error.strerror}): check the folder and the disk.") from None
    try:
        yield
    except BaseException:
        if not made:
            raise
        with suppress(OSError):
            if not path.stat().st_size:
                path.unlink()
        raise


def connect_to_read(path: Path, patience: float) -> sqlite3.Connection:
    """A connection that reads a file and leaves nothing beside it, not even when its program is killed.

    A desk that somebody has open is read as they go on. Any other is read as it stands now, from memory: SQLite would
    make an index beside its journal that nobody but the reader could write.
    """
    uri = path.resolve().as_uri()
    beside = [Path(f"{path.resolve()}{ending}") for ending in ("-wal", "-shm")]
    if head(path)[_FORMAT] == b"\1\1" or all(one.exists() for one in beside):
        conn = sqlite3.connect(f"{uri}?mode=ro", uri=True, isolation_level=None, timeout=patience)
        try:
            conn.execute("SELECT count(*) FROM sqlite_master").fetchone()
            return conn
        except sqlite3.OperationalError as error:
            conn.close()
            if "locked" in str(error):
                raise
    if not beside[0].exists():
        return _nameless(path) or _in_memory(_unchanging(path))
    with tempfile.TemporaryDirectory(prefix="factdesk-") as folder:  # the owner's alone
        copy = Path(folder, "desk.db")
        for source, to in ((path, copy), (beside[0], Path(f"{copy}-wal"))):
            with open_to_read(source) as file, to.open("xb") as into:
                shutil.copyfileobj(file, into)
        return _in_memory(sqlite3.connect(copy, isolation_level=None))


@contextmanager
def reading_desk(path: Path) -> Iterator[sqlite3.Connection]:
    """A connection that reads somebody's desk file, older ones as they are, and leaves it and all beside it as it is.

    Raises:
        Refused: it is not there, is not a desk, is damaged, or was written by a newer factdesk.
    """
    if not path.is_file():
        raise Refused(f"There is no file {path}: check the name.")
    if not os.access(path, os.R_OK):
        raise Refused(f"{path} cannot be read: check its permissions.")
    look_beside(path)
    with refusing_at(path), _recognising(path), closing(connect_to_read(path, 10.0)) as conn:
        steps = steps_of(conn, path)
        if not steps:
            raise NotADesk(f"{path} is empty and not a desk: name another file.")
        if newer := [step for step in steps if step not in STEPS]:
            raise Refused(f"{path} was written by a newer factdesk (step {newer[0]}): update factdesk first.")
        yield conn


def _unchanging(path: Path) -> sqlite3.Connection:
    """A connection that reads a file which nobody writes meanwhile."""
    return sqlite3.connect(f"{path.resolve().as_uri()}?mode=ro&immutable=1", uri=True, isolation_level=None)


def _nameless(path: Path) -> sqlite3.Connection | None:
    """A connection that reads a copy of a file which nobody has open; the copy has no name, and is gone with it.

    The system copies a file four times as fast as SQLite does. None where it cannot be done.
    """
    if os.name == "nt":  # a file that is open keeps its name
        return None
    try:
        with tempfile.TemporaryDirectory(prefix="factdesk-") as folder:  # the owner's alone
            conn = _unchanging(Path(shutil.copyfile(path, Path(folder, "desk.db"))))
            try:
                conn.execute("SELECT count(*) FROM sqlite_master").fetchone()
            except BaseException:
                conn.close()
                raise
            return conn
    except OSError:  # such as no room there
        return None


def _in_memory(conn: sqlite3.Connection) -> sqlite3.Connection:
    """A copy of what a connection reads, which is closed: in memory, or in a file without a name when it is large."""
    with closing(conn):
        copy = sqlite3.connect("", isolation_level=None)
        conn.backup(copy)
        return copy


def steps_of(conn: sqlite3.Connection, path: Path) -> list[str]:
    """The migrations the file has seen; empty for a new file."""
    tables = {name for (name,) in conn.execute("SELECT name FROM sqlite_master WHERE type = 'table'")}
    application = conn.execute("PRAGMA application_id").fetchone()[0]
    if application != APPLICATION_ID:
        if tables or application:
            raise NotADesk(f"{path} is a database of another program: name another file with --db.")
        return []
    return [name for (name,) in conn.execute(STEPS_SEEN)]


def _migrate(conn: sqlite3.Connection, path: Path, patience: float, *, backed_up: bool = False) -> str:
    """Bring the file to this version. The lock is taken first: what is pending is only known under it.

    Returns why no backup was made of it before, as a sentence; it is empty when one was, or none was to be.
    """
    warning = ""
    patiently(conn, "PRAGMA journal_mode = WAL", str(path), patience)
    with Log(conn, str(path), patience).writing():
        if backed_up and set(steps_of(conn, path)) < set(STEPS):
            warning = _copy_first(path, patience)
        bring_up_to_date(conn)
    return warning


def _copy_first(path: Path, patience: float) -> str:
    """Copy a file that is about to be brought up to date; gives why that could not be done."""
    from store.log.copies import BEFORE_UPDATE, copy_by_itself

    try:
        with closing(connect_to_read(path, patience)) as reader:
            copy_by_itself(reader, path, BEFORE_UPDATE)
    except (Refused, sqlite3.Error) as error:
        return f"This desk was brought up to date without a backup of it as it was. {error}"
    return ""


def _brought_up(conn: sqlite3.Connection, path: Path, patience: float) -> sqlite3.Connection:
    """A copy in memory of an older file that cannot be written, brought to this version so that it can be read."""
    copy = _in_memory(conn)
    fulltext.prepare_search(copy)
    _migrate(copy, path, patience)
    return copy


def flush(path: Path) -> bool:
    """Bring what is saved from the journal into the file itself, so that a plain copy of the file holds it.

    Nobody's reading or writing waits for it; it may be called from any thread.

    Returns:
        Whether all of it is in the file. It is not while somebody reads what the desk held before.
    """
    try:
        uri = f"{path.resolve().as_uri()}?mode=rw"
        with closing(sqlite3.connect(uri, uri=True, isolation_level=None, timeout=0)) as conn:
            conn.execute("SELECT count(*) FROM sqlite_master").fetchone()  # before that it knows of no journal
            busy, frames, written = conn.execute("PRAGMA wal_checkpoint(PASSIVE)").fetchone()
            return not busy and frames == written
    except (OSError, sqlite3.Error):
        return False


def _set_up(conn: sqlite3.Connection, read_only: str) -> None:
    conn.execute("PRAGMA cache_size = -64000")
    conn.execute("PRAGMA foreign_keys = OFF")  # a merge must never be refused; `verify` checks the references
    conn.execute("PRAGMA recursive_triggers = ON")  # or INSERT OR REPLACE would slip past the guards of the log
    if not read_only:
        conn.execute("PRAGMA journal_mode = WAL")
        conn.execute("PRAGMA synchronous = FULL")
        conn.execute("PRAGMA journal_size_limit = 67108864")
