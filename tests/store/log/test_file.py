"""Opening: what is a desk, what is not, and what stays readable when it cannot be written."""

from __future__ import annotations

import errno
import random
import resource
import sqlite3
import stat
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

from store.desk import Desk
from store.errors import Busy, Damaged, NotADesk, ReadOnly, Refused
from store.log import drives
from store.log.file import reading_desk
from store.log.sqlite_faults import refusal_for
from store.records import Article
from tests.kit.depth import examples
from tests.kit.desks import fill
from tests.kit.paths import ROOT
from tests.kit.somebody_else import as_somebody_else


def opening_says(path: Path, kind: type[Refused] = Refused, **how: object) -> str:
    """The refusal to open, having made sure that it is one sentence that names the file and left it as it was."""
    before = path.read_bytes() if path.is_file() else None
    with pytest.raises(kind) as caught:
        Desk.open(path, "Ana", **how)  # type: ignore[arg-type]
    assert (path.read_bytes() if path.is_file() else None) == before
    said = str(caught.value)
    assert "\n" not in said and path.name in said
    return said


READ = """
    with Desk.open(args[0], "Bob") as desk:
        (article,) = desk.articles.all()
        try:
            desk.sweeps.add(article, 0, 19)
        except refusals.ReadOnly as refusal:
            refused = str(refusal)
        say(reason=desk.read_only, refused=refused, verdict=desk.claims.of("1")[0].verdict,
            found=len(desk.library.search("rained")),
            history=len(desk.history.of()), wrong=desk.upkeep.verify(),
            residue=[place[:2] for place in desk.coverage.of("1").residue])
"""


# -- new and missing ------------------------------------------------------------------------------------------


def test_a_new_desk_is_made_and_opened_again(path: Path) -> None:
    Desk.open(path, "Ana").close()
    with Desk.open(path) as desk:
        assert (desk.reviewer, desk.read_only, desk.articles.all()) == ("", "", [])
    assert not path.with_name("desk.db-wal").exists()


def test_an_empty_file_becomes_a_desk(path: Path) -> None:
    path.touch()
    with Desk.open(path, "Ana") as desk:
        desk.articles.add("Hello there.")


def test_a_missing_file_is_made_only_when_asked(path: Path) -> None:
    assert "no desk" in opening_says(path, create=False)
    assert not path.exists()


def test_a_folder_and_a_missing_folder_are_refused(tmp_path: Path) -> None:
    assert "is a folder" in opening_says(tmp_path)
    assert "no folder" in opening_says(tmp_path / "none" / "none")
    assert not (tmp_path / "none").exists()


@pytest.mark.parametrize("name", ["o'brien", 'say "so"', "a;b -- c", "50% off?#x", "été 日本 👍", "a\\b", " lead"])
def test_any_folder_name_will_do(tmp_path: Path, name: str) -> None:
    folder = tmp_path / name
    folder.mkdir()
    path = folder / (name + ".db")
    fill(path)
    with Desk.open(path, "Ana") as desk:
        assert desk.claims.of("1")[0].verdict == "mixed" and desk.upkeep.verify() == []
        with Desk.open(desk.backup(folder / "copy 'of' it.db")) as copy:
            assert copy.history.of() == desk.history.of()


def test_six_processes_open_a_new_file_at_once(path: Path) -> None:
    code = f"""
import sys
sys.path.insert(0, {str(ROOT)!r})
from store.desk import Desk
print("ready", flush=True)
sys.stdin.readline()
with Desk.open({str(path)!r}, sys.argv[1]) as desk:
    desk.articles.add(f"Article of {{sys.argv[1]}}.")
"""
    started = [
        subprocess.Popen(
            [sys.executable, "-c", code, f"person {n}"],
            stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True,
        )
        for n in range(6)
    ]  # fmt: skip
    for process in started:
        assert process.stdout is not None and process.stdout.readline() == "ready\n"
    for process in started:
        assert process.stdin is not None
        process.stdin.write("go\n")
        process.stdin.flush()
    for process in started:
        _, wrong = process.communicate()
        assert process.returncode == 0, wrong
    with Desk.open(path) as desk:
        assert len(desk.articles.all()) == 6 == len(desk.people.all()) and desk.upkeep.verify() == []


# -- not a desk, newer, damaged -------------------------------------------------------------------------------


@pytest.mark.parametrize("content", [b"Just a letter to my aunt.", b"\x7fELF" + bytes(500), b"SQLite format 2\0" * 9])
def test_a_file_that_is_no_database_is_refused(path: Path, content: bytes) -> None:
    path.write_bytes(content)
    assert "not a factdesk database" in opening_says(path, NotADesk)


def test_another_programs_database_is_refused_and_left_alone(path: Path) -> None:
    with sqlite3.connect(path) as conn:
        conn.execute("CREATE TABLE claims (id)")
    conn.close()
    assert "another program" in opening_says(path, NotADesk)
    with sqlite3.connect(path) as conn:
        conn.execute("DROP TABLE claims")
        conn.execute("PRAGMA application_id = 77")
    conn.close()
    opening_says(path, NotADesk)


def test_a_newer_factdesks_desk_is_read_and_not_written(path: Path) -> None:
    fill(path)
    conn = sqlite3.connect(path)
    conn.execute(
        "INSERT INTO _sqlite_migrations (migration_set, name, applied_at) VALUES ('factdesk', '0099_moods', 'later')"
    )
    conn.execute("CREATE TABLE moods (id TEXT)")
    conn.commit()
    conn.close()
    with Desk.open(path, "Ana") as desk:
        assert "newer factdesk" in desk.read_only and "0099_moods" in desk.read_only
        assert desk.claims.of("1")[0].verdict == "mixed" and len(desk.library.search("rained")) == 2
        before = list(desk.session.log.conn.iterdump())
        for write in (lambda: desk.sweeps.add("1", 0, 19), desk.history.undo, lambda: desk.upkeep.rebuild()):
            with pytest.raises(ReadOnly, match="newer factdesk"):
                write()
        assert list(desk.session.log.conn.iterdump()) == before and desk.upkeep.verify() == []


def test_a_truncated_file_is_damaged_and_the_refusal_says_how_to_recover(path: Path) -> None:
    fill(path)
    whole = path.read_bytes()
    for part in (20, 100, 3000, 4096 * 2, len(whole) // 2):
        path.write_bytes(whole[:part])
        assert "backup" in opening_says(path, Damaged)


def test_damage_anywhere_is_refused_in_words_or_found_by_verify(path: Path, tmp_path: Path) -> None:
    """Bytes are flipped all over the file: every reading works or is refused, and nothing else comes out."""
    fill(path)
    whole = path.read_bytes()
    chance = random.Random(7)
    found = refused = 0
    for number in range(examples(240)):
        copy = tmp_path / f"copy{number}.db"
        broken = bytearray(whole)
        first = chance.randrange(16, len(whole))
        for place in range(first, min(first + 60, len(whole))):
            broken[place] ^= 0xA5
        copy.write_bytes(broken)
        try:
            with Desk.open(copy, "Ana") as desk:
                found += bool(desk.upkeep.verify())
                for article in desk.articles.all():
                    desk.claims.of(article), desk.coverage.of(article), desk.history.of(article)
                (
                    desk.library.search("rained"),
                    desk.library.shelf(),
                    desk.library.stats(),
                    desk.conflicts.of(),
                    desk.evidence.sources(),
                )
                desk.articles.add("It snowed on 6 May.")
                desk.history.undo()
        except (Damaged, NotADesk, ReadOnly, Refused) as refusal:
            assert "\n" not in str(refusal)
            refused += isinstance(refusal, Damaged | NotADesk)
    assert found and refused


def test_damage_that_sqlite_has_no_words_for_is_told_as_damage() -> None:
    refusal = refusal_for(sqlite3.OperationalError(), "desk.db")
    assert isinstance(refusal, Damaged) and "SQLite does not say how" in str(refusal)


# -- read-only ------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("folder_too", [False, True])
def test_a_file_that_cannot_be_written_is_read(shared: Path, folder_too: bool) -> None:
    path = shared / "desk.db"
    fill(path)
    path.chmod(0o444)
    shared.chmod(0o555 if folder_too else 0o777)
    said = as_somebody_else(READ, str(path))
    assert "cannot be written" in str(said["reason"]) and said["refused"] == said["reason"]
    assert (said["verdict"], said["found"], said["wrong"]) == ("mixed", 2, [])
    assert said["residue"] == [[21, 35]] and said["history"]


def test_a_file_in_a_folder_that_cannot_be_written_is_read(shared: Path) -> None:
    path = shared / "desk.db"
    fill(path)
    path.chmod(0o666)
    shared.chmod(0o555)
    said = as_somebody_else(READ, str(path))
    assert "cannot be written" in str(said["reason"]) and said["verdict"] == "mixed"


def test_a_desk_that_cannot_be_written_is_shared_and_backed_up(shared: Path) -> None:
    path = shared / "desk.db"
    fill(path)
    path.chmod(0o444)
    out = shared / "out"
    out.mkdir(mode=0o777)
    out.chmod(0o777)
    shared.chmod(0o555)
    script = """
        from pathlib import Path
        with Desk.open(args[0], "Bob") as desk:
            desk.shares.write(Path(args[1]) / "all.db")
            desk.shares.write(Path(args[1]) / "one.db", desk.articles.all()[:1])
            desk.backup(Path(args[1]) / "copy.db")
        say(made=sorted(one.name for one in Path(args[1]).iterdir()))
    """
    assert as_somebody_else(script, str(path), str(out))["made"] == ["all.db", "copy.db", "one.db"]
    for made in out.iterdir():
        with Desk.open(made, "Cy") as desk:
            assert desk.claims.of("1")[0].verdict == "mixed" and desk.upkeep.verify() == []


def test_what_a_killed_program_left_in_the_journal_is_read_too(shared: Path) -> None:
    path = shared / "desk.db"
    code = f"""
import os, sys
sys.path.insert(0, {str(ROOT)!r})
from tests.kit.desks import fill
from store.desk import Desk
from pathlib import Path
desk = Desk.open({str(path)!r}, "Ana")
fill(Path({str(path)!r}))
os.kill(os.getpid(), 9)
"""
    subprocess.run([sys.executable, "-c", code], check=False, cwd="/")
    assert path.with_name("desk.db-wal").stat().st_size > 0
    for file in shared.iterdir():
        file.chmod(0o444)
    shared.chmod(0o555)
    said = as_somebody_else(READ, str(path))
    assert (said["verdict"], said["wrong"]) == ("mixed", [])


def test_a_file_that_cannot_be_read_is_refused(shared: Path) -> None:
    path = shared / "desk.db"
    fill(path)
    path.chmod(0)
    script = """
        try:
            Desk.open(args[0], "Bob")
        except refusals.Refused as refusal:
            say(said=str(refusal))
    """
    assert "check its permissions" in str(as_somebody_else(script, str(path))["said"])


def test_a_new_desk_in_a_folder_that_cannot_be_written_is_refused(shared: Path) -> None:
    shared.chmod(0o555)
    script = """
        try:
            Desk.open(args[0], "Bob")
        except refusals.Refused as refusal:
            say(said=str(refusal))
    """
    assert "cannot be written" in str(as_somebody_else(script, str(shared / "desk.db"))["said"])
    assert list(shared.iterdir()) == []


def test_reading_a_read_only_desk_leaves_no_file_behind(shared: Path) -> None:
    path = shared / "desk.db"
    fill(path)
    path.chmod(0o444)
    shared.chmod(0o555)
    as_somebody_else(READ, str(path))
    assert [file.name for file in shared.iterdir()] == ["desk.db"]
    assert stat.S_IMODE(path.stat().st_mode) == 0o444


@pytest.mark.parametrize("room", [True, False])
def test_a_file_that_nobody_has_open_is_read_from_a_copy_without_a_name(
    path: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, room: bool
) -> None:
    fill(path)
    scratch = tmp_path / "scratch"
    scratch.mkdir()
    monkeypatch.setattr("tempfile.tempdir", str(scratch))

    def full(*_: object) -> Path:
        raise OSError(errno.ENOSPC, "No space left on device")

    if not room:
        monkeypatch.setattr("shutil.copyfile", full)
    with reading_desk(path) as conn:
        assert list(scratch.iterdir()) == [] and not Path(f"{path}-shm").exists()
        before = conn.execute("SELECT count(*) FROM changes").fetchone()
        with Desk.open(path, "Bob") as desk:
            desk.articles.add("This came later.")
        assert conn.execute("SELECT count(*) FROM changes").fetchone() == before


# -- full and held --------------------------------------------------------------------------------------------


def test_a_full_disk_refuses_the_edit_whole_and_goes_on_when_there_is_room(desk: Desk, article: Article) -> None:
    pages = desk.session.log.conn.execute("PRAGMA page_count").fetchone()[0]
    desk.session.log.conn.execute(f"PRAGMA max_page_count = {pages}")
    before = list(desk.session.log.conn.iterdump())
    with pytest.raises(ReadOnly, match="full") as caught, desk.together():
        for number in range(500):
            desk.articles.add(f"{number} says so. " * 50)
    assert "\n" not in str(caught.value) and not desk.session.log.conn.in_transaction
    assert list(desk.session.log.conn.iterdump()) == before
    desk.session.log.conn.execute("PRAGMA max_page_count = 1000000")
    assert desk.claims.tag(article, 0, 37).name == "C1" and desk.upkeep.verify() == []


def test_a_file_that_may_not_grow_refuses_the_edit_and_keeps_what_was_saved(path: Path) -> None:
    fill(path)
    code = f"""
import resource, sys
sys.path.insert(0, {str(ROOT)!r})
from store.desk import Desk
from store.errors import ReadOnly
with Desk.open({str(path)!r}, "Ana") as desk:
    resource.setrlimit(resource.RLIMIT_FSIZE, (300_000, resource.RLIM_INFINITY))
    saved = 0
    try:
        while saved < 500:
            desk.articles.add(f"{{saved}} says so. " * 100)
            saved += 1
    except ReadOnly as refusal:
        print(saved, refusal, flush=True)
    resource.setrlimit(resource.RLIMIT_FSIZE, (resource.RLIM_INFINITY, resource.RLIM_INFINITY))
    desk.articles.add("There is room again.")
"""
    run = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True)
    assert run.returncode == 0, run.stderr
    saved, said = run.stdout.split(" ", 1)
    assert said.count("\n") == 1 and str(path) in said
    with Desk.open(path) as desk:
        assert len(desk.articles.all()) == int(saved) + 2 and desk.upkeep.verify() == []
    assert resource.getrlimit(resource.RLIMIT_FSIZE)[0] == resource.RLIM_INFINITY


def test_an_edit_waits_for_the_lock_as_long_as_patience_lasts(
    desk: Desk, article: Article, open_desk: Callable[..., Desk]
) -> None:
    hasty = open_desk("Bob", patience=0.05)
    desk.session.log.conn.execute("BEGIN IMMEDIATE")
    with pytest.raises(Busy, match=r"0\.05 seconds") as caught:
        hasty.claims.tag(article, 0, 37)
    assert str(hasty.path) in str(caught.value)
    assert hasty.claims.of(article) == []
    desk.session.log.conn.execute("ROLLBACK")
    assert hasty.claims.tag(article, 0, 37).checker == "Bob"


def test_a_file_held_by_another_program_is_refused_after_patience(path: Path) -> None:
    fill(path)
    holder = sqlite3.connect(path, isolation_level=None)
    holder.execute("PRAGMA journal_mode = DELETE")
    holder.execute("BEGIN EXCLUSIVE")
    with pytest.raises(Busy, match="another program"):
        Desk.open(path, "Ana", patience=0.05)
    holder.execute("ROLLBACK")
    holder.close()
    with Desk.open(path, "Ana", patience=0.05) as desk:
        assert desk.claims.of("1")[0].verdict == "mixed"


def test_a_new_file_held_by_another_program_is_refused_after_patience(path: Path) -> None:
    holder = sqlite3.connect(path, isolation_level=None)
    holder.execute("BEGIN EXCLUSIVE")
    with pytest.raises(Busy):
        Desk.open(path, "Ana", patience=0.05)
    holder.close()
    Desk.open(path, "Ana").close()


def test_a_network_drive_is_refused(path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(drives, "file_system", lambda folder: "nfs4")
    said = opening_says(path)
    assert "network drive (nfs4)" in said and "`factdesk sync`" in said
    assert not path.exists()


@pytest.mark.parametrize(
    ("folder", "service"),
    [
        ("Dropbox", "Dropbox"), ("Dropbox (News Room)", "Dropbox"), ("OneDrive - The Paper", "OneDrive"),
        ("Library/Mobile Documents/com~apple~CloudDocs", "iCloud Drive"), ("Google Drive/My Drive", "Google Drive"),
        ("GoogleDrive-ana@paper.example", "Google Drive"), ("Nextcloud/desks", "Nextcloud"),
        ("Dropboxes", ""), ("desks", ""),
    ],
)  # fmt: skip
def test_folders_that_a_service_keeps_in_step_are_told(tmp_path: Path, folder: str, service: str) -> None:
    path = tmp_path / folder / "desk.db"
    said = drives.misplaced(path)
    assert drives.service_of(path) == service and bool(said) == bool(service)
    assert not service or (service in said and "`factdesk sync`" in said and "`factdesk merge`" in said)
    path.parent.mkdir(parents=True)
    (tmp_path / ".stfolder").mkdir()
    assert drives.service_of(path) == (service or "Syncthing")


def test_a_desk_carries_its_mark_and_its_tables_have_plain_names(desk: Desk) -> None:
    assert desk.session.log.conn.execute("PRAGMA application_id").fetchone()[0] == 0x66616374
    names = {
        name
        for (name,) in desk.session.log.conn.execute("SELECT name FROM sqlite_master WHERE type IN ('table', 'view')")
    }
    assert {"articles", "claims", "verdicts", "sources", "evidence", "changes", "claims_now", "open_conflicts"} <= names


def test_a_second_look_from_the_same_process_leaves_the_file_in_its_hands(tmp_path: Path) -> None:
    path = tmp_path / "desk.db"
    with Desk.open(path, "Ana") as desk:
        desk.articles.add("It fell in May.")
        with Desk.open(path, "Ana") as beside:
            assert beside.articles.all()
        other = "import sys; from store.desk import Desk; Desk.open(sys.argv[1], 'Bo').close()"
        subprocess.run([sys.executable, "-c", other, str(path)], check=True)
        assert path.with_name("desk.db-wal").exists()
