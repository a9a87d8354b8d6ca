"""What a terminal pastes when files or an address are dropped on it: paths, quoted, escaped or as file addresses."""

from __future__ import annotations

import shlex
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path
from urllib.parse import unquote, urlsplit

from store.errors import Refused
from store.formats.articles.files import is_web_address
from tui.settings import path_of

_LONGEST = 20_000
"""Code points; what is longer is a text and no list of names."""


def dropped(pasted: str) -> tuple[str, ...]:
    """The paths and addresses that a pasted text names; none when it is anything else.

    They stand one a line, or several on one parted by spaces: in quotation marks, with a backslash before a space, or
    as ``file://`` addresses. A path counts when something is there.
    """
    for words in _readings(pasted):
        if words and all(found := [*map(_place, words)]):
            return tuple(found)
    return ()


def lost_file(pasted: str) -> str:
    """The first path that names no file, of a pasted text that plainly names files to read and nothing else.

    Such a path begins at the root or at home, and ends as a file does that can be read; where it has spaces, its folder
    is there. Empty for all other words: those are a text.
    """
    for words in reversed([*_readings(pasted)]):
        if words and all(_place(word) or _lost(word) for word in words):
            return next((lost for word in words if not _place(word) and (lost := _lost(word))), "")
    return ""


def _readings(pasted: str) -> Iterator[list[str]]:
    """The words of a pasted text that may be places: its lines as they are, or parted as a shell parts them."""
    text = pasted.strip()
    if not text or len(text) > _LONGEST or "\0" in text:
        return
    lines = [line.strip() for line in text.splitlines() if line.strip()]
    yield lines
    with suppress(ValueError):  # a quotation mark has no partner
        yield [word for line in lines for word in shlex.split(line)]


def _place(word: str) -> str:
    """The path or address that a word is; empty when it is none."""
    scheme = word.partition(":")[0].lower()
    if scheme in ("http", "https") and is_web_address(word):
        return "" if any(one.isspace() for one in word) else word
    path = _path(word)
    return str(path) if path is not None and _is_there(path) else ""


def _lost(word: str) -> str:
    """The path that a word plainly is though nothing is there; empty when it is something else."""
    from store.formats.articles.reader import LISTED, SUFFIXES

    path = _path(word) if word.lower().startswith(("/", "~/", "file:")) else None
    if path is None or path.suffix.lower() not in (*SUFFIXES, *LISTED):
        return ""
    return str(path) if _is_there(path.parent) or not any(one.isspace() for one in str(path)) else ""


def _path(word: str) -> Path | None:
    """The path that a word is written as; None when it is not."""
    try:
        if word.partition(":")[0].lower() == "file":
            word = unquote(urlsplit(word).path)
        return path_of(word) if word.startswith(("/", "~", "./", "../")) else None
    except (Refused, ValueError):  # such as an address whose bracket has no partner
        return None


def _is_there(path: Path) -> bool:
    try:
        return path.exists()
    except OSError:
        return False
