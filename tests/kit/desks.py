"""Desks with something on them, made through the desk's own door."""

from __future__ import annotations

import os
import shutil
import sqlite3
from collections.abc import Callable, Hashable, Iterator
from contextlib import contextmanager, suppress
from functools import cache
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any
from uuid import uuid4

import pytest

from store.desk import Desk
from store.log import file
from store.log.atomic_write import new_mode
from store.records import Article

STORY = "The bridge fell in spring. Nobody was hurt, said the mayor. It is being rebuilt."


@cache
def _empty() -> bytes:
    with TemporaryDirectory() as folder:
        Desk.open(Path(folder) / "desk.db").close()
        return (Path(folder) / "desk.db").read_bytes()


def put_a_desk(path: Path) -> None:
    """Put an empty desk where no file is: a copy of one that was made once, which is much quicker than a new one.

    It is there whole or not at all, so that others may open it at the same time.
    """
    if path.exists():
        return
    part = path.with_name(f"{path.name}.{uuid4()}")
    part.write_bytes(_empty())
    part.chmod(new_mode(path))
    with suppress(FileExistsError):  # somebody was quicker
        os.link(part, path)
    part.unlink()


def opening_copies(monkeypatch: pytest.MonkeyPatch) -> None:
    """Have ``Desk.open`` begin a new desk with such a copy."""
    open_file = file.open_file

    def opened(path: Path, *, create: bool, **how: Any) -> file.Opened:
        if create and path.parent.is_dir() and os.access(path.parent, os.W_OK) and str(path) != ":memory:":
            put_a_desk(path)
        return open_file(path, create=create, **how)

    _empty()
    monkeypatch.setattr(file, "open_file", opened)


_made: dict[Hashable, TemporaryDirectory[str]] = {}


def once(folder: Path, make: Callable[[], object], *of: Hashable) -> None:
    """Have in a folder what ``make`` puts there: made the first time, a copy of it from then on, which is much quicker.

    Nothing of it may be open when it is made. ``make`` is known by where it is written; what else it depends on is
    given as ``of``.
    """
    known = (make.__code__, *of)
    if known in _made:
        shutil.copytree(_made[known].name, folder, dirs_exist_ok=True, symlinks=True)
        return
    make()
    _made[known] = TemporaryDirectory()
    shutil.copytree(folder, _made[known].name, dirs_exist_ok=True, symlinks=True)


_filled: dict[Hashable, bytes] = {}


def put_a_filled_desk(path: Path, fill: Callable[[Desk], object], *of: Hashable) -> None:
    """Put a desk where no file is, as Ana has filled it: filled the first time, a copy from then on.

    ``fill`` is known by where it is written; what else it depends on is given as ``of``.
    """
    assert not path.exists()
    known = (fill.__code__, *of)
    if known not in _filled:
        with TemporaryDirectory() as folder:
            with desk_at(Path(folder)) as desk:
                fill(desk)
            _filled[known] = (Path(folder) / "desk.db").read_bytes()
    path.write_bytes(_filled[known])


@contextmanager
def desk_at(folder: Path, reviewer: str = "Ana") -> Iterator[Desk]:
    """An empty desk in a folder."""
    put_a_desk(folder / "desk.db")
    with Desk.open(folder / "desk.db", reviewer) as desk:
        yield desk


def shelve(desk: Desk, title: str, *, text: str = STORY, claims: int = 0, verdicts: int = 0, **details: str) -> Article:
    """Add an article with claims on its first sentences, some of them checked."""
    article = desk.articles.add(f"This is about {title}. {text}", title=title, **details)
    for number, (start, end) in enumerate(desk.coverage.sentences(article)[:claims]):
        claim = desk.claims.tag(article, start, end)
        if number < verdicts:
            desk.verdicts.give(claim, "not_checkable", "Nobody knows.")
    return article


def fill(path: Path) -> None:
    """A small desk with a claim, a verdict and evidence."""
    with Desk.open(path, "Ana") as desk:
        article = desk.articles.add("It rained on Monday. Nobody saw it.", title="Rain")
        claim = desk.claims.tag(article, 0, 20)
        desk.verdicts.give(claim, "mixed", "hm")
        desk.evidence.add(claim, "supports", url="https://a.example")


def brought(article: Article, count: int) -> list[dict[str, object]]:
    """So many claims with verdicts, as they come from another desk."""
    made: list[dict[str, object]] = []
    for n in range(count):
        when = {"by": f"Checker {n % 3}", "created": 1_000 + n, "updated": 1_000 + n + n % 2}
        id = f"0190a0a0-0000-7000-8000-{n:012}"
        made.append({
            "kind": "claims", "id": id, "article": article.id, "version": article.version, "number": n + 1,
            "start": n, "end": n + 3, "quote": "aaa", "tags": [f"t{n}"], **when,
        })  # fmt: skip
        verdict = f"0190a0a0-0000-7000-9000-{n:012}"
        made.append({"kind": "verdicts", "id": verdict, "claim": id, "verdict": "mixed", **when})
    return made


@contextmanager
def held(desk: Desk, how: str = "IMMEDIATE") -> Iterator[None]:
    """Meanwhile something else writes to the desk, and does not come to an end."""
    other = sqlite3.connect(desk.path, isolation_level=None)
    other.execute(f"BEGIN {how}")
    yield
    other.execute("ROLLBACK")
    other.close()
