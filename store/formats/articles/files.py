"""Files and folders of articles: finding them, opening them, and reading one."""

from __future__ import annotations

import io
import os
import re
import stat
import unicodedata
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from pathlib import Path, PurePath

from store.errors import Refused
from store.file_locks import open_to_read
from store.formats.articles.reader import HTML, LISTED, SUFFIXES, ArticleFile, ReadOptions, articles_of
from store.text.article_draft import Draft

STREAM_LIMIT_BYTES = 256_000_000
"""So much is taken from what can be read once only, such as standard input."""


def is_web_address(said: str) -> bool:
    """Whether somebody means a page on the web, and not a file."""
    return "://" in said and bool(re.match(r"(?i)[a-z][a-z0-9+.-]*://", said.strip()))


def find_files(paths: Iterable[str | Path]) -> list[Path]:
    """The files to read: files as given, patterns such as ``drafts/*.md``, and folders searched for articles.

    They come in natural order ("2" before "10"). Hidden files and folders are left out, and so is the folder that a
    browser keeps beside a page it has saved. Links are followed, and no folder is entered twice. Raises Refused for a
    path that is missing, for a folder that cannot be read, and for one without articles.
    """
    found: list[Path] = []
    for path in map(Path, paths):
        if matching := _matching(path):
            found += [file for each in matching for file in (_inside(each) if each.is_dir() else [each])]
        elif not stat.S_ISDIR(_stat(path).st_mode):
            found.append(path)
        else:
            inside = _inside(path)
            if not inside:
                raise Refused(f"{named(path)}: no article is in this folder; articles end in {', '.join(SUFFIXES)}.")
            found += inside
    return found


def read(path: str | Path, options: ReadOptions | None = None) -> Draft:
    """The article in a file. Raises Refused when it holds none or several, naming the file and the remedy."""
    path = Path(path)
    with open_articles(path) as file:
        found = articles_of(file, options or ReadOptions())
        one = next(iter(found), None)
        if isinstance(one, Refused):
            raise one
        if one is None or next(iter(found), None) is not None:
            raise Refused(f"{file.where}: this file holds a list of articles; `factdesk import` brings them in.")
    return one._replace(path=path)


@contextmanager
def open_articles(path: Path) -> Iterator[ArticleFile]:
    """A file to read articles from. Raises Refused when it cannot be opened."""
    where = named(path)
    if stat.S_ISDIR(_stat(path).st_mode):
        raise Refused(f"{where}: this is a folder; name a file in it.")
    try:
        stream = open_to_read(path)
    except OSError as error:
        raise _unreadable(path, error) from None
    with stream:
        try:
            seen = stream if stream.seekable() else io.BytesIO(stream.read(STREAM_LIMIT_BYTES))
            yield ArticleFile(seen, where, path.name)
        except OSError as error:
            raise _unreadable(path, error) from None


def named(path: PurePath) -> str:
    """The path as it may stand in a sentence."""
    said = str(path)
    if said.isprintable():
        return said
    return "".join("\ufffd" if unicodedata.category(c) in {"Cc", "Cs"} else c for c in said)


def _matching(path: Path) -> list[Path]:
    """What a pattern stands for; nothing for what is not one."""
    said = str(path)
    try:
        if not any(sign in said for sign in "*?[") or path.exists():
            return []
    except (OSError, ValueError):
        return []
    import glob

    found = [Path(one) for one in glob.iglob(said, recursive=True)]  # noqa: PTH207 (a pattern may begin anywhere)
    wanted = [one for one in found if one.is_dir() or one.name.lower().endswith((*SUFFIXES, *LISTED))]
    if not wanted:
        raise Refused(f"{named(path)}: no article has a name like this; check the pattern.")
    inner = {parent for one in wanted for parent in one.parents}
    return sorted((one for one in wanted if one not in inner), key=natural)


def _inside(folder: Path) -> list[Path]:
    return sorted(_walk(folder), key=lambda file: natural(file.relative_to(folder)))


def _walk(folder: Path) -> Iterator[Path]:
    def refuse(error: OSError) -> None:
        raise _unreadable(Path(error.filename), error)

    entered: set[Path] = set()
    for place, folders, files in os.walk(folder, onerror=refuse, followlinks=True):
        here = Path(place)
        real = here.resolve()
        if real in entered:
            folders.clear()
            continue
        entered.add(real)
        pages = {page for page, ending in map(os.path.splitext, files) if ending.lower() in HTML.extensions}
        folders[:] = sorted(name for name in folders if not name.startswith(".") and not _beside(name, pages))
        for name in files:
            if not name.startswith(".") and name.lower().endswith(SUFFIXES) and (here / name).is_file():
                yield here / name


def _beside(folder: str, pages: set[str]) -> bool:
    """Whether a folder is what a browser keeps beside one of the pages: ``report_files`` for ``report.html``."""
    kept = re.fullmatch(r"(.+)[_-]\w+", folder)
    return kept is not None and kept[1] in pages


def natural(path: PurePath) -> list[list[str | int]]:
    """Sorts numbers in names by their value."""
    return [
        [int(piece) if nth % 2 else piece.casefold() for nth, piece in enumerate(re.split(r"([0-9]+)", part))]
        for part in path.parts
    ]


def _stat(path: Path) -> os.stat_result:
    try:
        return path.stat()
    except (FileNotFoundError, NotADirectoryError):
        raise Refused(f"{named(path)}: there is no such file or folder; check the path.") from None
    except (OSError, ValueError) as error:
        raise _unreadable(path, error) from None


def _unreadable(path: PurePath, error: OSError | ValueError) -> Refused:
    reason = getattr(error, "strerror", None) or "no such path is possible"
    return Refused(f"{named(path)}: it cannot be read ({reason}); make it readable or choose another.")
