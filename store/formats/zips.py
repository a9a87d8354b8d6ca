"""Zip files that others have packed: one that would fill the disk, or lead out of its folder, is refused unread."""

from __future__ import annotations

import re
import zipfile
from pathlib import PurePosixPath
from typing import BinaryIO

from store.errors import Refused

MOST_FILES = 20_000
"""So many files may a zip hold."""
UNPACKED_LIMIT_BYTES = 1_000_000_000
"""So much may all of them hold together, in bytes, once they are unpacked."""

_RATIO, _SMALL = 200, 10_000_000  # no text packs better than this, but for what is small
DAMAGE = (zipfile.BadZipFile, OSError, ValueError, RuntimeError)
"""What is raised for a zip that is damaged, or packed in a way that is not known."""


def archive_in(stream: BinaryIO, where: str) -> zipfile.ZipFile:
    """The zip, or document, in a stream; ``where`` names it in refusals.

    Raises:
        Refused: it is damaged, or would unpack to far more than it is.
    """
    stream.seek(0)
    try:
        archive = zipfile.ZipFile(stream)
        members = archive.infolist()
    except DAMAGE:
        raise Refused(f"{where}: this archive or document is damaged; get it again.") from None
    sizes = [(one.file_size, max(one.compress_size, 1)) for one in members]
    whole = (sum(size for size, _ in sizes), sum(packed for _, packed in sizes))
    swells = any(size > _SMALL and size > packed * _RATIO for size, packed in (whole, *sizes))
    if swells or len(members) > MOST_FILES or whole[0] > UNPACKED_LIMIT_BYTES:
        raise Refused(f"{where}: it would unpack to far more than it is ({whole[0] / 1_000_000:,.0f} MB); check it.")
    return archive


def leads_out(name: str) -> bool:
    """Whether the name of a packed file is that of a place outside its folder."""
    parts = PurePosixPath(name.replace("\\", "/")).parts
    return ".." in parts or name.startswith(("/", "\\")) or bool(re.match("[A-Za-z]:", name))


def is_hidden(name: str) -> bool:
    """Whether a packed file is one that a system adds by itself, or hides."""
    parts = PurePosixPath(name).parts
    return any((part.startswith(".") and part != "..") or part == "__MACOSX" for part in parts)
