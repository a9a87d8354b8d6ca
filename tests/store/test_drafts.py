"""Drafts: by person and field, in one private file beside all else, and nowhere in the desk."""

from __future__ import annotations

import shutil
import sqlite3
from collections.abc import Callable
from pathlib import Path

import pytest

from store.desk import Desk
from store.drafts import Drafts
from store.errors import Refused
from store.records import Article


def test_a_draft_is_kept_by_person_and_field_until_it_is_dropped(desk: Desk, article: Article, tmp_path: Path) -> None:
    drafts = Drafts(tmp_path / "drafts", desk)
    for words in ("half a", "half a thought\n\0👩‍👩‍👧 [bold]"):
        drafts.keep("C1/why", words)
    assert (found := drafts.of("C1/why")) is not None and found.text == words and found.at > 0
    assert drafts.of("C1/tags") is None
    desk.be("Bob")
    assert drafts.of("C1/why") is None
    desk.be("ana ")
    drafts.keep("C1/settle/why", "so")
    drafts.keep("C1/settled", "not under it")
    drafts.drop_all("C1/settle")
    assert drafts.of("C1/settle/why") is None and drafts.of("C1/settled") is not None
    drafts.drop("C1/why")
    assert drafts.of("C1/why") is None


def test_there_is_one_private_file_a_desk_and_none_before_the_first_draft(
    desk: Desk, article: Article, tmp_path: Path
) -> None:
    folder = tmp_path / "drafts"
    drafts = Drafts(folder, desk)
    assert drafts.of("x") is None and not folder.exists()
    drafts.drop("x")
    drafts.keep("x", "a secret thought")
    drafts.keep("y", "another")
    (file,) = folder.iterdir()
    assert (file.stat().st_mode & 0o777, folder.stat().st_mode & 0o777) == (0o600, 0o700)
    drafts.drop("x")
    assert b"secret" not in file.read_bytes()
    assert not any("another" in str(row) for row in desk.session.log.conn.iterdump())


def test_a_desk_that_is_moved_or_saved_elsewhere_keeps_its_drafts(desk: Desk, article: Article, tmp_path: Path) -> None:
    folder = tmp_path / "drafts"
    Drafts(folder, desk).keep("x", "words")
    copy = desk.backup(tmp_path / "copy.db")
    with Desk.open(copy, "Ana") as other, Desk.open(tmp_path / "new.db", "Ana") as new:
        assert (found := Drafts(folder, other).of("x")) is not None and found.text == "words"
        assert Drafts(folder, new).of("x") is None and Drafts(folder, new).path is None
        Drafts(folder, new).keep("x", "a desk without an article has nothing to write about")


def broken(folder: Path, file: Path) -> None:
    file.write_bytes(b"no database" * 100)


def held(folder: Path, file: Path) -> None:
    sqlite3.connect(file, isolation_level=None).execute("BEGIN EXCLUSIVE")


def in_the_way(folder: Path, file: Path) -> None:
    shutil.rmtree(folder)
    folder.write_text("a file")


@pytest.mark.parametrize("become", [broken, in_the_way])
def test_drafts_that_cannot_be_kept_are_refused_in_a_sentence(
    desk: Desk, article: Article, tmp_path: Path, become: Callable[[Path, Path], None]
) -> None:
    drafts = Drafts(tmp_path / "drafts", desk)
    drafts.keep("x", "words")
    assert drafts.path is not None
    become(tmp_path / "drafts", drafts.path)
    with pytest.raises(Refused, match="drafts cannot be kept here"):
        drafts.keep("x", "more words")
    assert drafts.of("x") is None
    drafts.drop("x")
