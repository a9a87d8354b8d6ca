"""What a terminal pastes when files or an address are dropped on it: paths, quoted, escaped or as file addresses."""

from __future__ import annotations

import shlex
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
    text = pasted.strip()
    if not text or len(text) > _LONGEST or "\0" in text:
        return ()
    lines = [line.strip() for line in text.splitlines() if line.strip()]
    for split in (_whole, _parted):
        found = [place for line in lines for place in split(line)]
        if found and all(found):
            return tuple(found)
    return ()


def _whole(line: str) -> list[str]:
    return [_place(line)]


def _parted(line: str) -> list[str]:
    """The places on one line, with an empty one for each word that names none."""
    try:
        return [_place(word) for word in shlex.split(line)]
    except ValueError:  # a quotation mark has no partner
        return [""]


def _place(word: str) -> str:
    """The path or address that a word is; empty when it is none."""
    scheme = word.partition(":")[0].lower()
    if scheme in ("http", "https") and is_web_address(word):
        return "" if any(one.isspace() for one in word) else word
    if scheme == "file":
        word = unquote(urlsplit(word).path)
    looks_so = word.startswith(("/", "~", "./", "../"))
    try:
        path = path_of(word) if looks_so else None
    except Refused:
        return ""
    return str(path) if path is not None and _is_there(path) else ""


def _is_there(path: Path) -> bool:
    try:
        return path.exists()
    except OSError:
        return False
