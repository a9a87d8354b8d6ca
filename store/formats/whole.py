"""Files that are written whole or not at all."""

from __future__ import annotations

import errno
import os
import shutil
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import BinaryIO

from store.errors import Refused


@contextmanager
def whole_file(path: Path) -> Iterator[BinaryIO]:
    """A file to write; it gets its name when all is written, and an earlier one of that name stays until then.

    A device or pipe is written straight away.

    Raises:
        Refused: the folder is missing or cannot be written, the name is a folder's, or the disk is full.
    """
    path = path.resolve()
    if path.is_dir():
        raise Refused(f"{path} is a folder: name a file in it.")
    part = path.with_name(f".{path.name}.{os.getpid()}.part")
    try:
        if path.exists() and not path.is_file():
            with path.open("wb") as file:
                yield file
            return
        with part.open("xb") as file:
            yield file
            file.flush()
            os.fsync(file.fileno())
        part.replace(path)
    except OSError as error:
        raise unwritten(path, error) from None
    finally:
        with suppress(OSError):  # a disk that cannot be written refuses even to say that nothing is there
            part.unlink(missing_ok=True)


def filled(to: Path | BinaryIO, fill: Callable[[BinaryIO], int]) -> int:
    """Write to a file, whole or not at all, or to an open stream; gives what ``fill`` gives.

    Raises:
        Refused: as for ``whole_file``.
    """
    if isinstance(to, Path):
        with whole_file(to) as file:
            return fill(file)
    try:
        return fill(to)
    except BrokenPipeError:
        raise
    except OSError as error:
        raise unwritten("the output", error) from None


@contextmanager
def whole_folder(path: Path) -> Iterator[Path]:
    """A folder to fill; it gets its name when all is in it.

    Raises:
        Refused: something is already there, or it cannot be made.
    """
    path = path.resolve()
    if path.exists() and not (path.is_dir() and not any(path.iterdir())):
        raise Refused(f"{path} already holds something: name a new or empty folder, nothing was overwritten.")
    part = path.with_name(f".{path.name}.{os.getpid()}.part")
    try:
        part.mkdir()
        yield part
        if path.exists():
            path.rmdir()
        part.rename(path)
    except OSError as error:
        raise unwritten(path, error) from None
    finally:
        shutil.rmtree(part, ignore_errors=True)


def unwritten(path: Path | str, error: OSError) -> Refused:
    """The refusal that says why a file could not be written."""
    if error.errno in (errno.ENOSPC, errno.EDQUOT, errno.EFBIG):
        return Refused(f"There is no room on the disk to write {path}; nothing was written: free some and try again.")
    if isinstance(error, FileNotFoundError):
        return Refused(f"There is no folder {Path(path).parent} to write in: make it first.")
    return Refused(f"{path} could not be written ({error.strerror}): check the folder and its permissions.")
