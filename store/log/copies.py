"""Copies of a whole desk: each is checked before it has a name, and as private as the desk; and where those lie that
factdesk makes by itself.
"""

from __future__ import annotations

import os
import shutil
import sqlite3
from collections.abc import Iterator
from contextlib import closing, contextmanager, suppress
from datetime import datetime
from pathlib import Path

from store.errors import Refused
from store.file_locks import ENDINGS
from store.log.atomic_write import give_name, new_mode, part_beside, permit, unwritten
from store.log.sqlite_faults import refusing_at

DAILY, BEFORE_UPDATE = "", "-before-update"
"""Why a copy was made, as its name ends."""

_SPARE = 1 << 24
"""Bytes that stay free on a disk on which a copy is made that nobody has asked for: people's work goes before."""


def backups_folder(path: Path) -> Path:
    """The folder in which the automatic backups of a desk lie, beside it; it may not exist."""
    path = path.resolve()
    return path.with_name(f"{path.stem}-backups")


def dated(path: Path, why: str = DAILY) -> str:
    """A name for a copy of a desk that is made now."""
    return f"{path.stem}-{datetime.now():%Y-%m-%d-%H%M%S}{why}{path.suffix}"


def copy_by_itself(conn: sqlite3.Connection, path: Path, why: str) -> Path:
    """Copy a desk into the folder of its automatic backups, which is made when it is not there.

    Raises:
        Refused: it cannot be written, there is too little room, or the desk is damaged.
    """
    path = path.resolve()
    folder = backups_folder(path)
    names = [dated(path, why), *(dated(path, f"{why}-{number}") for number in range(2, 100))]
    to = folder / next((name for name in names if not (folder / name).exists()), names[0])
    try:
        if not folder.is_dir():
            folder.mkdir(mode=0o700)
            permit(folder, path)
        size = sum(Path(f"{path}{end}").stat().st_size for end in ("", "-wal") if Path(f"{path}{end}").exists())
        if shutil.disk_usage(folder).free < size + _SPARE:
            raise Refused(f"There is too little room on the disk for {to}: free some.")
        with copied(conn, to, path) as part:
            give_name(part, to)
            keep_names(folder)
    except OSError as error:
        raise unwritten(to, error) from None
    return to


@contextmanager
def copied(conn: sqlite3.Connection, to: Path, like: Path | None) -> Iterator[Path]:
    """A checked copy of a database, of a passing name in the folder of ``to``, with the permissions of ``like``."""
    with part_beside(to, private=True) as (part, file):
        file.close()
        try:
            with refusing_at(part), closing(sqlite3.connect(part)) as copy:
                conn.backup(copy)  # in one step: in several, it starts again at every foreign commit
                copy.execute("PRAGMA journal_mode = DELETE")
                problems = copy.execute("PRAGMA quick_check(1)").fetchone()[0]
            if problems != "ok":
                raise Refused(f"The copy is not sound ({problems}): run `factdesk verify` on the desk.")
            if like is not None and like.exists():
                permit(part, like)
            else:  # a desk that was deleted while it was open is saved elsewhere
                part.chmod(new_mode(to))
            with part.open("rb") as file:
                os.fsync(file.fileno())
            yield part
        finally:
            for ending in ENDINGS:
                with suppress(OSError):
                    Path(f"{part}{ending}").unlink(missing_ok=True)


def keep_names(folder: Path) -> None:
    """Have the names in a folder on the disk, too, where the system can be told so."""
    with suppress(OSError):
        number = os.open(folder, os.O_RDONLY)
        try:
            os.fsync(number)
        finally:
            os.close(number)
