"""What bad input gets: one sentence on standard error, exit code 1, nothing changed."""

from __future__ import annotations

import errno
import os
import shutil
import sqlite3
from collections.abc import Callable, Iterator
from pathlib import Path
from types import SimpleNamespace

import pytest
from click.testing import Result

from store.desk import Desk
from store.library.shelf import Library
from store.log.sqlite_faults import refusing_at
from tests.kit.commands import assert_refused, dump
from tests.kit.desks import once

Cli = Callable[..., Result]
TEXT = "One 👩‍👩‍👧‍👦 family came. One stayed.\n"


@pytest.fixture
def desk(ana: Path, cli: Cli) -> Path:
    """A desk with one article and one claim on it."""

    def made() -> None:
        article = ana / "article.txt"
        article.write_text(TEXT, "utf-8")
        assert cli("import", article).exit_code == 0
        assert cli("tag", 1, 0, 3, "--verdict", "refuted").exit_code == 0

    once(ana, made)
    return ana / "desk.db"


REFUSED = {
    "a negative start": (("tag", "1", "-5", "3"), ("-5", "negative")),
    "a negative end": (("tag", "1", "0", "-3"), ("-3", "negative")),
    "a reversed span": (("tag", "1", "9", "4"), ("9", "comes after", "4")),
    "an empty span": (("tag", "1", "4", "4"), ("empty",)),
    "an end outside the text": (("tag", "1", "0", "999"), ("999", "beyond")),
    "an end inside a grapheme": (("tag", "1", "0", "6"), ("inside one visible character",)),
    "a sweep outside the text": (("sweep", "1", "-1", "4"), ("-1", "negative")),
    "a move to a reversed span": (("move", "1", "C1", "9", "4"), ("comes after",)),
    "a quote that is not there": (("tag", "1", "--quote", "zebra"), ("“zebra”", "does not contain")),
    "a quote that is there twice": (("tag", "1", "--quote", "One"), ("2 times", "from 1 to 2")),
    "a third place of two": (("tag", "1", "--quote", "One", "--nth", "3"), ("2 times", "number 3")),
    "a span that is tagged already": (("tag", "1", "0", "3"), ("already tagged as C1",)),
    "an unknown verdict": (("verdict", "1", "C1", "wrong"), ("no verdict “wrong”", "supported")),
    "a tag with an unknown verdict": (("tag", "1", "4", "11", "--verdict", "wrong"), ("no verdict “wrong”",)),
    "an unknown claim type": (("edit", "1", "C1", "--type", "wrong"), ("no claim type “wrong”", "event")),
    "an unknown stance": (("evidence", "1", "C1", "--stance", "wrong"), ("“wrong” is not a valid stance", "refutes")),
    "an unknown attribution": (("edit", "1", "C1", "--attribution", "x"), ("“x” is not a valid attribution",)),
    "a day that is none": (("edit", "1", "--published", "2025-02-30"), ("2025-02-30", "YYYY-MM-DD")),
    "an unknown article": (("claims", "nosuch"), ("nosuch", "factdesk articles")),
    "an unknown claim": (("verdict", "1", "C9", "refuted"), ("C9", "factdesk claims")),
    "evidence that is not there": (("delete", "1", "C1", "--evidence", "1"), ("no evidence 1 on C1", "none")),
    "a comment that is not there": (("comment", "1", "C1", "x", "--edit", "2"), ("no comment 2 on C1",)),
    "a sweep that is not there": (("delete", "1", "--sweep", "0"), ("no sweep 0",)),
    "a conflict that is not there": (("conflicts", "settle", "1", "1"), ("no conflict 1",)),
    "an empty comment": (("comment", "1", "C1", "  "), ("comment is empty",)),
    "an export into no folder": (("export", "csv", "-o", "/nosuch/folder/c.csv"), ("no folder /nosuch/folder",)),
    "an export of an unknown article": (("export", "csv", "nosuch"), ("nosuch", "factdesk articles")),
    "nothing to redo": (("redo",), ("nothing to redo",)),
    "an empty name": (("undo", "--as", ""), ("name is empty",)),
    "a name with an escape": (("undo", "--as", "A\x1b[31m"), ("control character", "U+001B")),
    "nothing on standard input": (("import", "-"), ("standard input", "no text")),
    "an unknown scheme": (("scheme", "use", "nosuch"), ("nosuch", "desk")),
    "a scheme without the verdicts in use": (("scheme", "use", "proof"), ("refuted (1)", "retired")),
    "a backup into no folder": (("backup", "/nosuch/folder/b.db"), ("no folder /nosuch/folder",)),
    "a key file that is not there": (("keys", "check", "/nosuch.toml"), ("/nosuch.toml", "no such file")),
    "the app without a terminal": ((), ("terminal", "factdesk import", "claims", "export csv")),
    "opening without a terminal": (("open", "article.txt"), ("terminal", "factdesk import")),
}


@pytest.mark.parametrize("case", REFUSED)
def test_is_refused_with_one_sentence_and_nothing_changed(desk: Path, cli: Cli, case: str) -> None:
    args, words = REFUSED[case]
    before = dump(desk)
    assert_refused(cli(*args), *words)
    assert dump(desk) == before


def test_an_escape_in_a_name_does_not_reach_the_terminal_in_the_refusal(desk: Path, cli: Cli) -> None:
    assert "\x1b" not in cli("claims", "no\x1b[31msuch").stderr


def test_a_scheme_with_an_error_is_refused_with_line_and_key(desk: Path, cli: Cli, tmp_path: Path) -> None:
    own = tmp_path / "own.toml"
    own.write_text('[scheme]\nid = "own"\nversion = 1\n\n[[verdict]]\nkey = "a"\nlabel = "A"\nglyhp = "x"\n', "utf-8")
    before = dump(desk)
    for verb in ("check", "use"):
        assert_refused(cli("scheme", verb, own), str(own), "line 8", "glyhp", "glyph")
    assert dump(desk) == before


def test_a_key_file_with_an_error_is_refused_with_line_and_key(ana: Path, cli: Cli) -> None:
    own = ana / "keys.toml"
    own.write_text('[keys]\nquit = "ctrl+q"\ntga = "t"\n', "utf-8")
    assert_refused(cli("keys", "check", own), str(own), "line 3", "tga", "tag")


@pytest.fixture
def bad(tmp_path: Path) -> Iterator[dict[str, Path]]:
    """Paths that hold no article."""
    (tmp_path / "empty.txt").touch()
    (tmp_path / "blank.txt").write_text(" \n\n", "utf-8")
    (tmp_path / "binary.txt").write_bytes(bytes(range(256)) * 8)
    (tmp_path / "picture.txt").write_bytes(b"\x89PNG\r\n\x1a\n0000")
    (tmp_path / "unknown.txt").write_bytes("彼は言った".encode("shift-jis"))
    with (tmp_path / "huge.txt").open("wb") as huge:
        huge.truncate(200_000_000)
    (tmp_path / "folder").mkdir()
    names = ("empty.txt", "blank.txt", "binary.txt", "picture.txt", "unknown.txt", "huge.txt", "folder", "missing.txt")
    yield {name: tmp_path / name for name in names}


@pytest.mark.parametrize(
    ("name", "words"),
    [
        ("missing.txt", ("no such file",)),
        ("folder", ("no article is in this folder", ".txt")),
        ("empty.txt", ("no text",)),
        ("blank.txt", ("no text",)),
        ("binary.txt", ("binary",)),
        ("picture.txt", ("PNG picture",)),
        ("unknown.txt", ("encoding", "UTF-8")),
        ("huge.txt", ("at most 32 MB",)),
    ],
)
def test_a_path_without_an_article_is_refused_by_its_name(
    desk: Path, cli: Cli, bad: dict[str, Path], name: str, words: tuple[str, ...]
) -> None:
    before = dump(desk)
    assert_refused(cli("import", bad[name]), str(bad[name]), *words)
    assert dump(desk) == before


def test_a_bad_file_does_not_even_make_a_desk(ana: Path, cli: Cli, bad: dict[str, Path]) -> None:
    assert_refused(cli("import", bad["empty.txt"]))
    assert not (ana / "desk.db").exists()


def test_an_unreadable_file_is_refused(desk: Path, cli: Cli, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    locked = tmp_path / "locked.txt"
    locked.write_text("text", "utf-8")
    opened = Path.open

    def deny(path: Path, *args: object, **details: object) -> object:
        if path == locked:
            raise PermissionError(13, "Permission denied", str(path))
        return opened(path, *args, **details)  # type: ignore[call-overload]

    monkeypatch.setattr(Path, "open", deny)
    assert_refused(cli("import", locked), str(locked), "Permission denied")


def test_one_bad_file_among_many_stops_them_all_and_skip_bad_imports_the_rest(
    desk: Path, cli: Cli, bad: dict[str, Path], tmp_path: Path
) -> None:
    good = tmp_path / "good.txt"
    good.write_text("A good article.", "utf-8")
    paths = [bad["empty.txt"], good, bad["missing.txt"]]
    before = dump(desk)
    stopped = cli("import", *paths)
    assert (stopped.exit_code, stopped.stdout) == (1, "")
    first, second, end = stopped.stderr.splitlines()
    assert str(bad["empty.txt"]) in first and str(bad["missing.txt"]) in second
    assert "Nothing was imported; --skip-bad imports the other 1 article." in end
    assert dump(desk) == before
    skipped = cli("import", "--skip-bad", *paths)
    assert skipped.exit_code == 1
    assert skipped.stdout.endswith("A good article.\n")
    assert skipped.stderr.splitlines()[0].startswith("Language not known") and skipped.stderr.count("\n") == 3


def test_bad_files_alone_import_nothing_even_when_they_may_be_skipped(
    desk: Path, cli: Cli, bad: dict[str, Path]
) -> None:
    before = dump(desk)
    result = cli("import", "--skip-bad", bad["empty.txt"], bad["missing.txt"])
    assert result.exit_code == 1
    assert result.stderr.splitlines()[-1] == "factdesk: Nothing was imported."
    assert dump(desk) == before


WRITES = [
    ("tag", "1", "4", "11"),
    ("verdict", "1", "C1", "supported"),
    ("evidence", "1", "C1", "--stance", "context"),
    ("sweep", "1", "4", "11"),
    ("comment", "1", "C1", "Hello"),
    ("edit", "1", "C1", "--claimant", "Ri"),
    ("move", "1", "C1", "0", "11"),
    ("delete", "1", "C1"),
    ("undo",),
    ("import", "csv", "-"),
    ("redo",),
    ("conflicts", "settle", "1", "1"),
    ("scheme", "use", "averitec4"),
    ("import", "-"),
    ("decide", "1", "C1", "agree"),
    ("missing", "1", "4", "11"),
    ("tick", "1", "C1", "1", "seen"),
    ("answer", "1", "C1", "accept"),
    ("resolve", "1", "C1", "1"),
    ("adjudicate", "1", "--agreed"),
    ("assign", "1", "--to", "Bo"),
    ("unassign", "1", "--from", "Ana"),
    ("submit", "1"),
    ("reopen", "1"),
    ("review", "1", "--list"),
    ("summary", "1"),
    ("inbox",),
    ("next",),
    ("assignments", "--mine"),
]


@pytest.mark.parametrize("args", WRITES, ids=" ".join)
def test_a_command_of_ones_own_asks_who_works_and_without_a_terminal_refuses(
    desk: Path, cli: Cli, monkeypatch: pytest.MonkeyPatch, args: tuple[str, ...]
) -> None:
    monkeypatch.delenv("FACTDESK_REVIEWER")
    before = dump(desk)
    assert_refused(cli(*args, input="An article."), "--as NAME", "FACTDESK_REVIEWER")
    assert dump(desk) == before


def test_reading_needs_no_name(desk: Path, cli: Cli, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("FACTDESK_REVIEWER")
    for args in (["articles"], ["claims"], ["stats"], ["history"], ["show", "1"], ["verify"], ["scheme"]):
        assert cli(*args).exit_code == 0
    for args in (["threads"], ["settled", "1"], ["assignments"]):
        assert cli(*args).exit_code == 0


def test_reading_makes_no_desk(ana: Path, cli: Cli) -> None:
    for args in (["articles"], ["claims"], ["stats"], ["history"], ["verify"], ["backup"], ["undo"], ["tag", 1, 0, 1]):
        assert_refused(cli(*args), str(ana / "desk.db"))
    assert not (ana / "desk.db").exists()


def test_a_database_of_another_program_is_refused_and_left_alone(ana: Path, cli: Cli, sample: Path) -> None:
    other = ana / "other.db"
    with sqlite3.connect(other) as conn:
        conn.execute("CREATE TABLE mine (x)")
    before = other.read_bytes()
    for args in (["articles"], ["import", sample]):
        assert_refused(cli(*args, "--db", other), str(other), "another program", "--db")
    assert other.read_bytes() == before
    text = ana / "text.db"
    text.write_text("no database at all, just text", "utf-8")
    assert_refused(cli("articles", "--db", text), str(text), "not a factdesk database")


def test_a_damaged_desk_says_how_to_recover(desk: Path, cli: Cli) -> None:
    with sqlite3.connect(desk) as conn:
        conn.execute("PRAGMA wal_checkpoint(TRUNCATE)")
        conn.execute("PRAGMA journal_mode = DELETE")
    data = bytearray(desk.read_bytes())
    for page in range(1, len(data) // 4096):
        data[page * 4096 : page * 4096 + 100] = b"\xff" * 100
    desk.write_bytes(data)
    assert_refused(cli("articles"), str(desk), "damaged", "factdesk backup")
    assert desk.read_bytes() == bytes(data)


def test_a_desk_of_a_newer_factdesk_can_be_read_but_not_written(desk: Path, cli: Cli) -> None:
    with sqlite3.connect(desk) as conn:
        conn.execute(
            "INSERT INTO _sqlite_migrations (migration_set, name, applied_at) VALUES ('factdesk', 'far ahead', 'x')"
        )
    before = dump(desk)
    assert cli("claims").exit_code == 0
    assert_refused(cli("tag", 1, 4, 11), str(desk), "newer factdesk", "update")
    assert dump(desk) == before


def test_a_desk_that_cannot_be_written_can_be_read(desk: Path, cli: Cli, monkeypatch: pytest.MonkeyPatch) -> None:
    access = os.access
    monkeypatch.setattr(os, "access", lambda path, mode: mode != os.W_OK and access(path, mode))
    assert cli("claims").exit_code == 0
    assert_refused(cli("tag", 1, 4, 11), str(desk), "cannot be written")


def test_a_desk_held_by_another_program_is_refused_after_a_while(
    desk: Path, cli: Cli, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setitem(Desk.open.__func__.__kwdefaults__, "patience", 0.05)  # type: ignore[attr-defined]
    before = dump(desk)
    holder = sqlite3.connect(desk, isolation_level=None)
    holder.execute("BEGIN IMMEDIATE")
    assert_refused(cli("tag", 1, 4, 11), str(desk), "held by another program", "try again")
    holder.execute("ROLLBACK")
    holder.close()
    assert dump(desk) == before


def test_a_full_disk_is_told_and_changes_nothing(desk: Path, cli: Cli, monkeypatch: pytest.MonkeyPatch) -> None:
    opened = Desk.open

    def open_full(*args: object, **details: object) -> Desk:
        found = opened(*args, **details)  # type: ignore[arg-type]
        found.session.log.conn.execute(
            "PRAGMA max_page_count = 1"
        )  # SQLite takes the size it has for the most there is
        return found

    before = dump(desk)
    monkeypatch.setattr(Desk, "open", open_full)
    assert_refused(cli("comment", 1, "C1", "much " * 100_000), str(desk), "full", "free some room")
    assert dump(desk) == before


def test_a_full_disk_is_called_so_where_sqlite_does_not_know(
    desk: Path, cli: Cli, monkeypatch: pytest.MonkeyPatch
) -> None:
    def open_full(*args: object, **details: object) -> Desk:
        with refusing_at(desk):
            raise sqlite3.OperationalError("disk I/O error")

    monkeypatch.setattr(Desk, "open", open_full)
    assert_refused(cli("articles"), str(desk), "disk I/O error", "check the disk")
    monkeypatch.setattr(shutil, "disk_usage", lambda folder: SimpleNamespace(free=4096))
    assert_refused(cli("articles"), str(desk), "is full", "free some room")


def test_a_disk_that_cannot_be_written_refuses_what_is_taken_out(
    desk: Path, cli: Cli, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    opened = os.open

    def deny(path: Path, flags: int, *args: object, **details: object) -> int:
        if flags & os.O_EXCL and Path(path).parent == tmp_path:
            raise OSError(errno.EROFS, "Read-only file system", str(path))
        return opened(path, flags, *args, **details)  # type: ignore[arg-type]

    def keep(path: Path, missing_ok: bool = False) -> None:
        raise OSError(errno.EROFS, "Read-only file system", str(path))

    monkeypatch.setattr(os, "open", deny)
    monkeypatch.setattr(Path, "unlink", keep)
    for verb in (("export", "csv", "-o"), ("backup",), ("export", "settled", "-o")):
        assert_refused(cli(*verb, tmp_path / "out.csv"), "out.csv", "Read-only file system", "check the folder")


def test_a_guard_that_blocks_takes_the_tag_back_too(ana: Path, cli: Cli, tmp_path: Path) -> None:
    own = tmp_path / "own.toml"
    own.write_text(
        '[scheme]\nid = "own"\nversion = 1\nguard = "block"\n\n'
        '[[verdict]]\nkey = "proven"\nlabel = "Proven"\nglyph = "p"\nrequires_evidence = 1\n',
        "utf-8",
    )
    cli("import", "-", input="A claim stands here.")
    assert cli("scheme", "use", own).exit_code == 0
    before = dump(ana / "desk.db")
    assert_refused(cli("tag", 1, 0, 7, "--verdict", "proven"), "evidence")
    assert dump(ana / "desk.db") == before


def test_a_fault_of_our_own_is_one_sentence_and_a_traceback_only_when_asked_for(
    desk: Path, cli: Cli, monkeypatch: pytest.MonkeyPatch
) -> None:
    def broken(*args: object, **details: object) -> object:
        raise ZeroDivisionError("no luck")

    monkeypatch.setattr(Library, "shelf", broken)
    assert_refused(cli("articles"), "ZeroDivisionError: no luck", "FACTDESK_DEBUG=1")
    monkeypatch.setenv("FACTDESK_DEBUG", "1")
    assert isinstance(cli("articles").exception, ZeroDivisionError)


def test_settings_that_cannot_be_read_are_refused_by_name(
    desk: Path, cli: Cli, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.delenv("FACTDESK_REVIEWER")
    settings = desk.parent / "config" / "settings.toml"
    settings.parent.mkdir(exist_ok=True)
    settings.write_text("reviewer = [\n", "utf-8")
    assert_refused(cli("undo"), str(settings), "line")
