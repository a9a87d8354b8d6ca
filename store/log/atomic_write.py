"""Where a file may be written, and how: whole or not at all, and never onto a desk.

Everything that writes a file passes through here: exports, summaries, agreement, backups, settings.
"""

from __future__ import annotations

import errno
import os
import re
import shutil
import stat
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import BinaryIO

from store.errors import Refused, Taken
from store.file_locks import ENDINGS, descriptors, is_database, of_database

_PART = r"\.factdesk-[0-9a-f]{16}\.part(-journal|-wal|-shm)?"
_LEFT_BEHIND = 24 * 60 * 60  # seconds after which a part that nobody has touched or holds was left by a killed program


def writable(path: Path, *, replace: bool = False) -> Path:
    """The file that a name means, links followed, when it may be written.

    Args:
        path: the name.
        replace: whether a file of that name may be replaced.

    Raises:
        Refused: it is a desk or another database, or one of the files SQLite keeps beside one, by whatever name; or it
            is a folder, or lies in none.
        Taken: a file is there, and may not be replaced.
    """
    try:
        path = path.resolve()
        refuse_desk(path)
        status = path.stat()
    except FileNotFoundError:
        if not path.parent.is_dir():
            raise Refused(f"There is no folder {path.parent} to write in: make it first.") from None
        return path
    except (OSError, RuntimeError, ValueError) as error:
        raise unwritten(path, error) from None
    if stat.S_ISDIR(status.st_mode):
        raise Refused(f"{path} is a folder: name a file in it.")
    if stat.S_ISREG(status.st_mode) and not replace:
        raise _taken(path)
    return path


def _taken(path: Path) -> Taken:
    said = f"{path} is there already: name another file, or replace it with --force; nothing was overwritten."
    return Taken(said, path)


def refuse_journal(path: Path) -> None:
    """Refuse what SQLite keeps, or will keep, beside a database, be it there or not.

    Raises:
        Refused: it is that.
        OSError: it cannot be looked at.
    """
    for ending in ENDINGS:
        name = path.name[: -len(ending)]
        if name and path.name.casefold().endswith(ending) and is_database(path.with_name(name)):
            raise Refused(f"{path} belongs to the desk {path.with_name(name)}: name another file.")


def refuse_desk(path: Path) -> None:
    """Refuse to write onto a database, or onto what SQLite keeps, or will keep, beside one.

    Raises:
        Refused: it is one.
        OSError: it cannot be looked at.
    """
    refuse_journal(path)
    if of_database(path):
        raise Refused(f"{path} is a desk or belongs to one: name another file; nothing was overwritten.")
    with suppress(FileNotFoundError):
        status = path.stat()
        if stat.S_ISREG(status.st_mode) and any(number > 2 for number in descriptors(status)):
            raise Refused(f"{path} is in use by this program: name another file.")


@contextmanager
def whole_file(path: Path, *, replace: bool = False) -> Iterator[BinaryIO]:
    """A file to write; it gets its name when all is written, and an earlier one of that name stays until then.

    A new file's permissions are those of the umask, those of one that is replaced stay: see `permit`. A device or
    pipe is written straight away.

    Raises:
        Refused, Taken: as for ``writable``; or the folder cannot be written, or the disk is full.
    """
    path = writable(path, replace=replace)
    try:
        if path.exists() and not path.is_file():
            with path.open("wb") as file:
                yield file
            return
        replaces = path.exists()
        with part_beside(path, private=replaces) as (part, file):
            yield file
            file.flush()
            if replaces:
                permit(part, path)
            os.fsync(file.fileno())
            file.close()
            give_name(part, path, replace=replace)
    except OSError as error:
        raise unwritten(path, error) from None


@contextmanager
def part_beside(path: Path, *, private: bool = False) -> Iterator[tuple[Path, BinaryIO]]:
    """A new file of a name nobody can foresee, in the folder of ``path``, open to be written; gone in the end.

    Its permissions are those of the umask, or its owner's alone when ``private``. Parts that a killed program left in
    that folder go first. What is refused inside names ``path``. Raises OSError when it cannot be made.
    """
    sweep(path.parent)
    part = path.with_name(unforeseen())
    flags = os.O_RDWR | os.O_CREAT | os.O_EXCL | getattr(os, "O_BINARY", 0)
    with os.fdopen(os.open(part, flags, 0o600 if private else 0o666), "wb") as file:
        try:
            _hold(file)
            with as_asked(path, part):
                yield part, file
        finally:
            with suppress(OSError):  # what is left to write goes nowhere when there is no room
                file.close()
            with suppress(OSError):  # a disk that cannot be written refuses even to say that nothing is there
                part.unlink(missing_ok=True)


@contextmanager
def as_asked(path: Path, part: Path) -> Iterator[None]:
    """What is refused inside names what people asked for, not what it is called on its way."""
    try:
        yield
    except Refused as refusal:
        refusal.args = (str(refusal).replace(str(part), str(path)), *refusal.args[1:])
        raise


def unforeseen() -> str:
    """A name for a file or folder on its way that nobody can foresee."""
    return f".factdesk-{os.urandom(8).hex()}.part"


def sweep(folder: Path) -> None:
    """Remove the parts that killed programs left in a folder: your own, untouched for a day and held by nobody."""
    with suppress(OSError), os.scandir(folder) as inside:
        for entry in (one for one in inside if re.fullmatch(_PART, one.name)):
            with suppress(OSError):
                _sweep_one(Path(entry.path))


def _sweep_one(part: Path) -> None:
    status = part.lstat()
    if status.st_uid != getattr(os, "getuid", lambda: status.st_uid)():
        return
    if stat.S_ISDIR(status.st_mode):
        with os.scandir(part) as inside:
            touched = max([status.st_mtime, *(one.stat(follow_symlinks=False).st_mtime for one in inside)])
        if time.time() - touched > _LEFT_BEHIND:
            shutil.rmtree(part)
    elif stat.S_ISREG(status.st_mode) and time.time() - status.st_mtime > _LEFT_BEHIND and not descriptors(status):
        with part.open("rb") as file:
            _hold(file, or_fail=True)
        part.unlink()


def _hold(file: BinaryIO, *, or_fail: bool = False) -> None:
    """Let other programs know that a part is in use. With ``or_fail``, raise OSError when somebody else has it."""
    try:
        import fcntl

        fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except ImportError:  # Windows: what is open there cannot be removed
        return
    except OSError:
        if or_fail:
            raise


def give_name(part: Path, path: Path, *, replace: bool = False) -> None:
    """Give a file that is written its name, in one step.

    Raises:
        Taken: a file of that name has come to be meanwhile, and may not be replaced.
        Refused: a desk has.
        OSError: it cannot be done.
    """
    if replace:
        refuse_desk(path)
        part.replace(path)
        return
    try:
        os.link(part, path)
    except FileExistsError:
        raise _taken(path) from None
    except OSError:  # a disk that knows no second names
        if path.exists():
            raise _taken(path) from None
        part.rename(path)


def permit(made: Path, like: Path) -> None:
    """Give a file or folder the owner, group and permissions of another, as far as you may.

    Nobody may do with it what they may not with the other: where its group has to be yours, which may hold anybody,
    all but the owner may what both the group and everybody else might. Who may read a folder may search it.
    """
    held = like.stat()
    for owner in (held.st_uid, -1):
        with suppress(OSError, AttributeError):
            os.chown(made, owner, held.st_gid)
            break
    have = made.stat()
    mode = held.st_mode & (0o3777 if stat.S_ISDIR(held.st_mode) else 0o777)
    if have.st_gid != held.st_gid:
        both = mode >> 3 & mode & 0o007
        mode = mode & 0o1700 | both << 3 | both
    if stat.S_ISDIR(have.st_mode):
        mode |= (mode & 0o444) >> 2
    made.chmod(mode)


def new_mode(path: Path) -> int:
    """The permissions of a new desk: its owner's alone, the group's as well in a folder that the group may write.

    A folder such as /tmp, where everybody may write and nobody may touch what others have, is not a group's.
    """
    mode = path.parent.stat().st_mode
    common = mode & stat.S_IWOTH and mode & stat.S_ISVTX
    return 0o660 if mode & stat.S_IWGRP and not common else 0o600


def filled(to: Path | BinaryIO, fill: Callable[[BinaryIO], int], *, replace: bool = False) -> int:
    """Write to a file, whole or not at all, or to an open stream; gives what ``fill`` gives.

    Raises:
        Refused, Taken: as for ``whole_file``; a stream that leads into a desk is refused, too.
    """
    if isinstance(to, Path):
        with whole_file(to, replace=replace) as file:
            return fill(file)
    try:
        refuse_stream(to)
        return fill(to)
    except BrokenPipeError:
        raise
    except OSError as error:
        raise unwritten("the output", error) from None


def refuse_stream(stream: BinaryIO | int) -> None:
    """Refuse an open stream, or a descriptor, that leads into a desk."""
    try:
        number = stream if isinstance(stream, int) else stream.fileno()
        bad = of_database(Path("/dev/fd", str(number)))
    except (OSError, AttributeError, ValueError):  # it is not a file, or one that cannot be looked at
        return
    if bad:
        raise Refused("The output leads into a desk, and nothing is written onto a desk: send it elsewhere.")


def unwritten(path: Path | str, error: Exception) -> Refused:
    """The refusal that says why a file could not be written."""
    number = getattr(error, "errno", None)
    if number in (errno.ENOSPC, errno.EDQUOT, errno.EFBIG):
        return Refused(f"There is no room on the disk to write {path}; nothing was written: free some and try again.")
    if isinstance(error, FileNotFoundError):
        return Refused(f"There is no folder {Path(path).parent} to write in: make it first.")
    reason = getattr(error, "strerror", None) or error
    return Refused(f"{path} could not be written ({reason}): check the folder and its permissions.")
