"""Files that this process has open, and reading others without harm to them.

To close a file lets go of every POSIX lock that the process holds on it, whichever descriptor took them. A desk that
is open must therefore never be opened a second time past SQLite: another program that ends would take its journal for
left behind and delete it, with all that is saved later. What is open is read through the descriptor that is there.
"""

from __future__ import annotations

import os
import stat
from contextlib import suppress
from pathlib import Path
from typing import BinaryIO

from store.errors import Refused

HEAD = 100
"""Bytes of a database's head."""

_DATABASE = b"SQLite format 3\0"
_COMPANIONS = (
    b"\x37\x7f\x06\x82", b"\x37\x7f\x06\x83",  # a write-ahead log
    b"\x18\xe2\x2d\x00", b"\x00\x2d\xe2\x18",  # its index
    b"\xd9\xd5\x05\xf9\x20\xa1\x63\xd7",  # a rollback journal
)  # fmt: skip
ENDINGS = ("-wal", "-shm", "-journal")
"""What SQLite adds to a database's name for the files it keeps beside it."""

_DESCRIPTORS = "/dev/fd"
_MANY = 1024


def descriptors(status: os.stat_result) -> list[int]:
    """The descriptors by which this process has a file open. None on Windows, where closing lets go of nothing."""
    if os.name == "nt":
        return []
    try:
        numbers = map(int, os.listdir(_DESCRIPTORS))  # noqa: PTH208 (every article that is imported is looked at so)
    except OSError:
        numbers = map(int, range(_MANY))
    found, inode, device = [], status.st_ino, status.st_dev
    for number in numbers:
        try:
            held = os.fstat(number)
        except OSError:  # it was the listing's own
            continue
        if held.st_ino == inode and held.st_dev == device:
            found.append(number)
    return found


def head(path: Path) -> bytes:
    """The first bytes of a file, read without opening again what is open; empty for what is not a regular file.

    Raises:
        OSError: the file cannot be read.
    """
    try:
        status = path.stat()
    except (FileNotFoundError, NotADirectoryError):
        return b""
    if not stat.S_ISREG(status.st_mode):
        return b""
    for number in descriptors(status):
        with suppress(OSError):  # opened to be written only
            return os.pread(number, HEAD, 0)
    with path.open("rb") as file:
        return file.read(HEAD)


def is_database(path: Path) -> bool:
    """Whether a file is an SQLite database. Raises OSError when it cannot be read."""
    return head(path).startswith(_DATABASE)


def of_database(path: Path) -> bool:
    """Whether a file is an SQLite database or one of the files SQLite keeps beside one, by its content."""
    return head(path).startswith((_DATABASE, *_COMPANIONS))


def open_to_read(path: Path) -> BinaryIO:
    """Open a file that somebody named, unless it is a desk that this process has open.

    Raises:
        Refused: it is such a desk.
        OSError: it cannot be opened.
    """
    status = path.stat()
    if stat.S_ISREG(status.st_mode) and descriptors(status) and of_database(path):
        raise Refused(f"{path} is the desk that is open here: name another file.")
    return path.open("rb")


def read_text(path: Path, encoding: str = "utf-8-sig") -> str:
    """The text of a small file, opened as by ``open_to_read``, with its line ends as LF.

    Raises:
        Refused: it is a desk that this process has open.
        OSError, UnicodeDecodeError: it cannot be read, or is not in that encoding.
    """
    with open_to_read(path) as file:
        return file.read().decode(encoding).replace("\r\n", "\n").replace("\r", "\n")
