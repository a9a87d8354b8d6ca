"""Reading articles from files and bytes.

The text stays as it was written, to the space: only what no text should hold is mended (`mended`), and every mend
is told in the draft's notes. Markdown stays Markdown; its front matter is read and taken out, for it is not part
of the article.
"""

from __future__ import annotations

import codecs
import io
import os
import re
import stat
import unicodedata
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date
from pathlib import Path, PurePath

from store.refusals import Refused

LIMIT_BYTES = 32_000_000
"""The longest file that is read, in bytes."""

TITLE_LENGTH = 100
"""The longest title made from a text, in grapheme clusters."""

SUFFIXES = (".txt", ".md", ".markdown")
"""What is taken for an article when a folder is read."""


@dataclass(frozen=True, slots=True)
class Draft:
    """An article as read, before a desk has it.

    ``published`` is YYYY, YYYY-MM or YYYY-MM-DD, and like the other fields empty when unknown. ``notes`` tells
    what was mended and how the bytes were read, a phrase each.
    """

    text: str
    title: str = ""
    url: str = ""
    publisher: str = ""
    author: str = ""
    published: str = ""
    language: str = ""
    path: Path | None = None
    notes: tuple[str, ...] = ()


def find_files(paths: Iterable[str | Path]) -> list[Path]:
    """The files to read: files as given, folders searched for articles in natural order ("2" before "10").

    Hidden files and folders are left out, links are followed, and no folder is entered twice. Raises Refused for a
    path that is missing, for a folder that cannot be read, and for one without articles.
    """
    found: list[Path] = []
    for path in map(Path, paths):
        if not stat.S_ISDIR(_stat(path).st_mode):
            found.append(path)
            continue
        inside = sorted(_walk(path), key=lambda file: _natural(file.relative_to(path)))
        if not inside:
            raise Refused(
                f"{_named(path)}: no article is in this folder; articles end in {', '.join(SUFFIXES)}."
            )
        found += inside
    return found


def read(path: str | Path) -> Draft:
    """The article in a file. Raises Refused when there is none, naming the file and the mend."""
    path = Path(path)
    where = _named(path)
    status = _stat(path)
    if stat.S_ISDIR(status.st_mode):
        raise Refused(f"{where}: this is a folder; name a file in it.")
    if stat.S_ISREG(status.st_mode) and status.st_size > LIMIT_BYTES:
        raise _too_long(where)
    try:
        with path.open("rb") as file:
            data = file.read(LIMIT_BYTES + 1)
    except OSError as error:
        raise _unreadable(where, error) from None
    draft = read_text(data, where)
    return Draft(**{name: getattr(draft, name) for name in draft.__slots__} | {"path": path})


def read_text(data: bytes, where: str) -> Draft:
    """The article in these bytes; ``where`` names them in refusals.

    ``where`` that ends like a file of plain text gets no Markdown treatment; Markdown and nameless bytes do.
    Raises Refused for bytes that are too long, empty, binary or in no encoding that could be made out.
    """
    if len(data) > LIMIT_BYTES:
        raise _too_long(where)
    if kind := next((kind for magic, kind in _MAGIC if data.startswith(magic)), ""):
        raise Refused(f"{where}: this is {kind}, not text; export it as plain text first.")
    notes: list[str] = []
    text = mended(_decoded(data, where, notes), notes)
    fields: dict[str, str] = {}
    if PurePath(where).suffix.lower() in (".md", ".markdown", ""):
        text, fields = _without_front_matter(text, notes)
    if not text.strip():
        raise Refused(f"{where}: there is no text in it; choose a file that holds an article.")
    start = 0
    if header := _DATE_HEADER.match(text):
        start = header.end()
        published = _date(header[1], notes)
        fields.setdefault("published", published)
    title = fields.pop("title", "") or _heading(text, where) or _first_sentence(text, start, fields)
    return Draft(text, _shortened(title), **fields, notes=tuple(notes))
