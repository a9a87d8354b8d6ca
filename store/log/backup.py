"""Backups of a desk, and putting one back: at every moment a whole desk stands under the desk's name."""

from __future__ import annotations

import os
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from datetime import datetime
from pathlib import Path
from typing import NamedTuple

from store.errors import Busy, Damaged, ReadOnly, Refused
from store.file_locks import ENDINGS, descriptors
from store.log.atomic_write import give_name, writable
from store.log.copies import copied, keep_names
from store.log.file import look_beside, reading_desk
from store.log.log import Log

_LOCKS = 0x40000000
_LOCKED = 512
"""Where in a database file SQLite's locks are, and how many bytes they take."""


class Contents(NamedTuple):
    """What a desk file holds; ``saved`` is when something was last saved in it, in ms UTC."""

    articles: int
    claims: int
    saved: int


def backup(log: Log, to: Path) -> Path:
    """Copy the whole desk into a new file while others may go on working; the copy is checked before it is named.

    Its permissions are the desk's. Killed at any moment, it leaves nothing under the name.

    Raises:
        Refused: the file is already there, its folder is missing or cannot be written.
    """
    to = writable(to)
    try:
        with copied(log.conn, to, Path(log.where)) as part:
            give_name(part, to)
            keep_names(to.parent)
    except OSError as error:
        raise ReadOnly(f"{to} could not be written ({error.strerror}): check the folder and the disk.") from None
    return to


def contents(path: Path) -> Contents:
    """What a sound desk file holds, read without changing it or leaving a file beside it.

    Raises:
        Refused: it is not there, is not a desk, is damaged, or was written by a newer factdesk.
    """
    with reading_desk(path) as conn:
        if (problem := conn.execute("PRAGMA quick_check(1)").fetchone()[0]) != "ok":
            raise Damaged(f"{path} is damaged ({problem}): use another copy.")
        counted = [
            int(conn.execute(f"SELECT {what}").fetchone()[0])
            for what in (
                "count(*) FROM articles WHERE deleted = 0",
                "count(*) FROM claims WHERE deleted = 0",
                "coalesce(max(at), 0) FROM changes",
            )
        ]
        return Contents(*counted)


def restore(path: Path, source: Path) -> Path | None:
    """Put a backup in a desk's place. The desk that is there is kept aside, with its journal, under a name of its own.

    A damaged desk, and one whose program was killed, is replaced in the same way. The backup itself stays as it is.

    Returns:
        Where the desk that was there is kept; None when there was none.

    Raises:
        Busy: the desk is open, here or in another program.
        Refused: the backup is not a sound desk, or the desk's folder cannot be written. The desk is as it was.
    """
    path = path.resolve()
    if path.is_dir():
        raise Refused(f"{path} is a folder: name the desk's file with --db.")
    if not path.parent.is_dir():
        raise Refused(f"There is no folder {path.parent} to put the desk in: make it first.")
    if path.exists() and source.exists() and path.samefile(source):
        raise Refused(f"{source} is the desk itself: name a backup of it.")
    try:
        with reading_desk(source) as conn, copied(conn, path, path if path.exists() else None) as part, _alone(path):
            kept = _put(part, path)
            keep_names(path.parent)
            return kept
    except OSError as error:
        raise ReadOnly(
            f"{path} could not be replaced ({error.strerror}): check its folder and the disk; nothing was changed."
        ) from None


@contextmanager
def _alone(path: Path) -> Iterator[None]:
    """Inside, nobody has the file open as a desk, or can come to. Raises Busy when somebody has."""
    if not path.exists():
        yield
        return
    if descriptors(path.stat()):
        raise Busy(f"{path} is open here: close it first.")
    try:
        import fcntl
    except ImportError:  # Windows refuses by itself to replace what is open
        yield
        return
    with path.open("r+b" if os.access(path, os.W_OK) else "rb") as file:
        try:
            kind = fcntl.LOCK_EX if file.writable() else fcntl.LOCK_SH
            fcntl.lockf(file, kind | fcntl.LOCK_NB, _LOCKED, _LOCKS)
        except OSError:
            raise Busy(f"{path} is open in another program; nothing was changed: close it there first.") from None
        yield


def _put(part: Path, path: Path) -> Path | None:
    """Give the copy the desk's name; gives the name under which the desk that was there is kept.

    Killed after the one step that changes the desk, it leaves a journal beside it that is not its own: that is seen
    when the desk is opened, and gone when the backup is restored once more.
    """
    journals = [Path(f"{path}{ending}") for ending in ENDINGS]
    if path.exists():
        kept = _second_name(path)
        given = [(path, kept)]
        try:
            for journal in journals:
                if journal.exists() and not journal.name.endswith("-shm"):
                    given.append((journal, Path(f"{kept}{journal.name[len(path.name) :]}")))
                    _name(*given[-1])
            part.replace(path)
        except OSError:
            for old, new in given:
                with suppress(FileNotFoundError):
                    new.unlink() if old.exists() else new.rename(old)
            raise
    else:
        kept = None
        look_beside(path)
        give_name(part, path)
    for journal in journals:
        journal.unlink(missing_ok=True)
    return kept


def _second_name(path: Path) -> Path:
    """A new name for a desk, beside the one it has."""
    stem = f"{path.stem}-before-restore-{datetime.now():%Y-%m-%d-%H%M%S}"
    number = 1
    while True:
        kept = path.with_name(f"{stem}{f'-{number}' if number > 1 else ''}{path.suffix}")
        try:
            _name(path, kept)
            return kept
        except FileExistsError:
            number += 1


def _name(path: Path, kept: Path) -> None:
    """Give a file a new name, beside its own where the disk knows second names. Raises FileExistsError."""
    try:
        os.link(path, kept)
    except FileExistsError:
        raise
    except OSError:
        if kept.exists():
            raise FileExistsError from None
        path.rename(kept)
