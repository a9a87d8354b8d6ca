"""Backups, restoring them, and what a desk's file and its neighbours may be."""

from __future__ import annotations

import os
import shutil
import signal
import sqlite3
import stat
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path

import pytest
from click.testing import Result

from store.desk import Desk
from store.errors import Busy, Damaged, NotADesk, Refused
from store.log.backup import contents, restore
from store.records import Article
from tests.kit.desks import fill
from tests.kit.paths import ROOT
from tests.kit.somebody_else import NOBODY, as_somebody_else
from tests.kit.terminal import Terminal

Cli = Callable[..., Result]


def mode(path: Path) -> int:
    return stat.S_IMODE(path.stat().st_mode)


def crashed(path: Path, text: str) -> None:
    """Save an article and be killed: the desk is left with its journal beside it."""
    code = f"""
import os, sys
sys.path.insert(0, {str(ROOT)!r})
from store.desk import Desk
desk = Desk.open({str(path)!r}, "Ana")
desk.articles.add({text!r})
os.kill(os.getpid(), 9)
"""
    subprocess.run([sys.executable, "-c", code], check=False)
    assert path.with_name(f"{path.name}-wal").stat().st_size > 0


def texts(path: Path) -> list[str]:
    with Desk.open(path, create=False) as desk:
        assert desk.upkeep.verify() == []
        return [desk.articles.text(article) for article in desk.articles.all()]


@pytest.fixture
def saved(path: Path, tmp_path: Path) -> Path:
    """A backup that holds one article; the desk holds a second one by now."""
    with Desk.open(path, "Ana") as desk:
        desk.articles.add("It rained.")
        made = desk.backup(tmp_path / "backup.db")
        desk.articles.add("It snowed.")
    return made


# -- backup ---------------------------------------------------------------------------------------------------


def test_a_backup_that_is_killed_leaves_nothing_under_its_name(path: Path, tmp_path: Path) -> None:
    with Desk.open(path, "Ana") as desk:
        for number in range(40):
            desk.articles.add(f"{number} " + "It rained in Spain. " * 400)
    code = "import sys; from pathlib import Path; from store.desk import Desk\nwith Desk.open(sys.argv[1]) as desk:\n"
    code += "    print('now', flush=True); desk.backup(Path(sys.argv[2]))"
    whole = 0
    for number in range(8):
        to = tmp_path / f"copy{number}.db"
        run = subprocess.Popen([sys.executable, "-c", code, path, to], stdout=subprocess.PIPE, cwd=ROOT)
        assert run.stdout is not None and run.stdout.readline() == b"now\n"
        until = time.monotonic() + number * 0.004
        while time.monotonic() < until and not to.exists():
            pass
        run.send_signal(signal.SIGKILL)
        run.communicate()
        if to.exists():
            whole += 1
            assert contents(to).articles == 40
    assert texts(path) and whole <= 8


def test_a_backup_has_the_permissions_of_the_desk(desk: Desk, tmp_path: Path) -> None:
    for number, wanted in enumerate((0o600, 0o640, 0o660, 0o644)):
        desk.path.chmod(wanted)
        assert mode(desk.backup(tmp_path / f"{number}.db")) == wanted


as_root = pytest.mark.skipif(os.geteuid() != 0, reason="only root can be somebody else")


@as_root
def test_a_backup_that_somebody_else_makes_is_read_by_nobody_who_may_not_read_the_desk(shared: Path) -> None:
    shared.chmod(0o777)
    wanted: dict[str, int] = {}
    for held, same_group, given in (
        (0o644, False, 0o644), (0o664, False, 0o644), (0o666, False, 0o666), (0o604, False, 0o600),
        (0o444, False, 0o444), (0o640, True, 0o640), (0o660, True, 0o660), (0o644, True, 0o644),
    ):  # fmt: skip
        path = shared / f"{held:o} {same_group}.db"
        fill(path)
        if same_group:
            os.chown(path, -1, NOBODY)
        path.chmod(held)
        wanted[str(path)] = given
    made = as_somebody_else(
        """
        from pathlib import Path
        made = {}
        for path in args:
            with Desk.open(path, "Bo") as desk:
                for umask in (0o000, 0o077):
                    os.umask(umask)
                    made[str(desk.backup(Path(f"{path} {umask}")))] = path
        say(**made)
        """, *wanted,
    )  # fmt: skip
    assert len(made) == 2 * len(wanted)
    for copy, path in made.items():
        held = Path(copy).stat()
        assert (oct(mode(Path(copy))), held.st_uid, held.st_gid) == (oct(wanted[str(path)]), NOBODY, NOBODY), copy
    assert [f"{mode(Path(path)):o}" for path in wanted] == [Path(path).name.split()[0] for path in wanted]


@as_root
def test_a_file_that_somebody_else_replaces_is_read_by_nobody_who_could_not_read_it(shared: Path) -> None:
    path = shared / "desk.db"
    fill(path)
    path.chmod(0o644)
    shared.chmod(0o777)
    wanted = {shared / "664.csv": 0o644, shared / "604.csv": 0o600}
    for to in wanted:
        to.write_text("precious")
        to.chmod(int(to.stem, 8))
    as_somebody_else(
        """
        from pathlib import Path
        from store.formats import FORMATS
        with Desk.open(args[0], "Bo") as desk:
            for to in args[1:]: FORMATS["csv"].write(desk, Path(to), replace=True)
        say()
        """, str(path), *map(str, wanted),
    )  # fmt: skip
    for to, given in wanted.items():
        assert (to.read_text() != "precious", oct(mode(to)), to.stat().st_uid) == (True, oct(given), NOBODY)


# -- restore --------------------------------------------------------------------------------------------------


def test_a_backup_is_put_back_and_the_desk_is_kept_aside(path: Path, saved: Path) -> None:
    path.chmod(0o640)
    before = saved.read_bytes()
    kept = restore(path, saved)
    assert kept is not None and kept.parent == path.parent and mode(path) == mode(kept) == 0o640
    assert texts(path) == ["It rained."] and texts(kept) == ["It rained.", "It snowed."]
    assert saved.read_bytes() == before and path.stat().st_nlink == kept.stat().st_nlink == 1


def test_a_crashed_desk_is_kept_with_its_journal_and_the_backup_is_sound(path: Path, saved: Path) -> None:
    crashed(path, "It thundered.")
    kept = restore(path, saved)
    assert kept is not None and texts(path) == ["It rained."]
    assert texts(kept) == ["It rained.", "It snowed.", "It thundered."]


@pytest.mark.parametrize("damage", ["torn", "empty", "garbage", "damaged journal"])
def test_whatever_lies_there_is_replaced_and_kept_as_it_is(path: Path, saved: Path, damage: str) -> None:
    crashed(path, "It thundered.")
    wal = path.with_name("desk.db-wal")
    if damage == "damaged journal":
        wal.write_bytes(b"\x37\x7f\x06\x82" + b"x" * 9000)
    else:
        whole = path.read_bytes()
        path.write_bytes({"torn": whole[:5000], "empty": b"", "garbage": b"x" * 9000}[damage])
    before = path.read_bytes(), wal.read_bytes()
    kept = restore(path, saved)
    assert kept is not None and (kept.read_bytes(), kept.with_name(f"{kept.name}-wal").read_bytes()) == before
    assert texts(path) == ["It rained."]


def test_a_missing_desk_is_restored_too(tmp_path: Path, saved: Path) -> None:
    new = tmp_path / "new.db"
    assert restore(new, saved) is None and texts(new) == ["It rained."] and mode(new) == 0o600
    new.unlink()
    new.with_name("new.db-wal").write_bytes(b"somebody's")
    with pytest.raises(Refused, match="another desk"):
        restore(new, saved)
    assert not new.exists()


def test_an_open_desk_is_not_replaced(path: Path, saved: Path) -> None:
    with Desk.open(path, "Ana"), pytest.raises(Busy, match="open here"):
        restore(path, saved)
    code = (
        "import sys; from store.desk import Desk\nwith Desk.open(sys.argv[1], 'Bo'):\n    print(1, flush=True); input()"
    )
    run = subprocess.Popen([sys.executable, "-c", code, path], stdin=subprocess.PIPE, stdout=subprocess.PIPE, cwd=ROOT)
    assert run.stdout is not None and run.stdout.readline()
    with pytest.raises(Busy, match="another program"):
        restore(path, saved)
    run.communicate(b"\n")
    assert len(texts(path)) == 2 and {file.name for file in path.parent.iterdir()} == {"desk.db", "backup.db"}
    assert restore(path, saved) is not None


def test_what_is_no_sound_desk_is_not_restored(path: Path, saved: Path, tmp_path: Path) -> None:
    (tmp_path / "empty.db").touch()
    (tmp_path / "text.db").write_text("It rained. " * 1000)
    (tmp_path / "torn.db").write_bytes(saved.read_bytes()[:9000])
    sqlite3.connect(tmp_path / "strange.db").executescript("CREATE TABLE t (x)").connection.close()
    for name in ("empty.db", "text.db", "torn.db", "strange.db", "missing.db", "."):
        with pytest.raises(Refused) as caught:
            restore(path, tmp_path / name)
        assert "\n" not in str(caught.value), name
    os.link(path, tmp_path / "second.db")
    with pytest.raises(Refused, match="the desk itself"):
        restore(path, tmp_path / "second.db")
    assert len(texts(path)) == 2 and not list(tmp_path.glob("*before-restore*")) + list(tmp_path.glob(".fact*"))


def test_a_restore_that_is_killed_leaves_the_desk_or_the_backup(path: Path, saved: Path, tmp_path: Path) -> None:
    crashed(path, "It thundered.")
    master = tmp_path / "master"
    master.mkdir()
    for end in ("", "-wal", "-shm"):
        shutil.copy(f"{path}{end}", master)
    code = "import sys; from pathlib import Path; from store.log.backup import restore\n"
    code += "print(1, flush=True); restore(Path(sys.argv[1]), Path(sys.argv[2]))"
    for number in range(6):
        here = tmp_path / f"round{number}"
        shutil.copytree(master, here)
        run = subprocess.Popen([sys.executable, "-c", code, here / path.name, saved], stdout=subprocess.PIPE, cwd=ROOT)
        assert run.stdout is not None and run.stdout.readline()
        until = time.monotonic() + number * 0.003
        while time.monotonic() < until:
            pass
        run.kill()
        run.communicate()
        try:
            assert texts(here / path.name) in (["It rained."], ["It rained.", "It snowed.", "It thundered."])
        except Damaged as refusal:  # between two steps: it is said, and mended by the very same command
            assert "factdesk restore" in str(refusal)
        restore(here / path.name, saved)
        assert texts(here / path.name) == ["It rained."]


def test_a_backup_that_was_put_over_a_crashed_desk_by_hand_is_noticed(path: Path, saved: Path) -> None:
    crashed(path, "It thundered.")
    shutil.copy(saved, path)
    before = path.read_bytes(), path.with_name("desk.db-wal").read_bytes()
    with pytest.raises(Damaged, match="factdesk restore"):
        Desk.open(path, "Ana")
    assert (path.read_bytes(), path.with_name("desk.db-wal").read_bytes()) == before
    restore(path, saved)
    assert texts(path) == ["It rained."]


def test_the_command_asks_and_says_what_is_kept(path: Path, saved: Path, ana: Path, cli: Cli) -> None:
    refused = cli("restore", saved)
    assert (refused.exit_code, refused.stdout) == (1, "") and "--force" in refused.stderr
    program = [sys.executable, "-m", "tui", "restore", saved, "--db", path]
    with Terminal(program) as terminal:
        terminal.wait_for("[y/N]")
        terminal.type("n\r")
        assert terminal.finish() == 1 and "Nothing was changed." in terminal.seen
    assert len(texts(path)) == 2
    with Terminal(program) as terminal:
        terminal.wait_for("[y/N]")
        terminal.type("y\r")
        assert terminal.finish() == 0 and "before-restore" in terminal.seen
    assert texts(path) == ["It rained."]
    again = cli("restore", saved, "--force")
    assert again.exit_code == 0 and Path(again.stdout.strip()).exists()


def test_what_is_damaged_names_the_way_back(path: Path, ana: Path, cli: Cli) -> None:
    fill(path)
    path.write_bytes(path.read_bytes()[:6000])
    for words in (("articles",), ("verify",), ("import", ROOT / "README.md")):
        result = cli(*words)
        assert result.exit_code == 1 and "factdesk restore" in result.stderr, words


# -- what a file may be ---------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "words", [("articles",), ("verify",), ("stats",), ("backup",), ("export", "csv"), ("rebuild",)]
)
def test_an_empty_file_is_no_desk_to_a_command_that_reads(path: Path, ana: Path, cli: Cli, words: tuple[str]) -> None:
    path.touch()
    result = cli(*words)
    assert (result.exit_code, result.stdout) == (1, "") and "factdesk restore" in result.stderr
    assert path.read_bytes() == b"" and [file.name for file in ana.iterdir()] == ["desk.db"]
    sqlite3.connect(path).executescript("PRAGMA user_version = 1; PRAGMA user_version = 0").connection.close()
    before = path.read_bytes()
    assert before and cli(*words).exit_code == 1 and path.read_bytes() == before


def test_an_empty_file_with_a_journal_is_left_alone(path: Path) -> None:
    crashed(path, "It thundered.")
    path.write_bytes(b"")
    for create in (True, False):
        with pytest.raises((Damaged, NotADesk)):
            Desk.open(path, "Ana", create=create)
    path.unlink()
    with pytest.raises(Damaged):
        Desk.open(path, "Ana")
    assert path.with_name("desk.db-wal").stat().st_size > 0


@pytest.mark.parametrize("name", [":memory:", "./:memory:"])
def test_a_desk_in_memory_is_refused(
    name: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, ana: Path, cli: Cli
) -> None:
    monkeypatch.chdir(tmp_path)
    for create in (True, False):
        with pytest.raises(Refused, match="name a file"):
            Desk.open(name, "Ana", create=create)
    assert cli("articles", "--db", name).exit_code == 1 and list(tmp_path.iterdir()) == []


@pytest.mark.parametrize(
    ("folder", "umask", "wanted"),
    [(0o700, 0o022, 0o600), (0o755, 0o000, 0o600), (0o775, 0o022, 0o660), (0o2770, 0o077, 0o660),
     (0o1777, 0o022, 0o600)],
)  # fmt: skip
def test_a_new_desk_is_its_owners_or_its_groups(tmp_path: Path, folder: int, umask: int, wanted: int) -> None:
    tmp_path.chmod(folder)
    before = os.umask(umask)
    try:
        with Desk.open(tmp_path / "desk.db", "Ana") as desk:
            desk.articles.add("It rained.")
            assert {path.name: mode(path) for path in tmp_path.iterdir()} == {
                "desk.db": wanted, "desk.db-wal": wanted, "desk.db-shm": wanted,
            }  # fmt: skip
            assert mode(desk.backup(tmp_path / "copy.db")) == wanted
    finally:
        os.umask(before)


def test_a_desk_that_cannot_be_made_leaves_no_file(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    from store.log import file as opening

    monkeypatch.setattr(
        opening, "_migrate", lambda *_, **__: (_ for _ in ()).throw(sqlite3.OperationalError("disk is full"))
    )
    with pytest.raises(Refused, match="full"):
        Desk.open(tmp_path / "desk.db", "Ana")
    assert list(tmp_path.iterdir()) == []


# -- a plain copy ---------------------------------------------------------------------------------------------


def test_flushed_the_file_alone_holds_everything(desk: Desk, article: Article, tmp_path: Path) -> None:
    for start in range(8):
        desk.claims.tag(article, start, 40 + start)
    assert desk.flush()
    copy = Path(shutil.copy(desk.path, tmp_path / "copy.db"))
    assert contents(copy).claims == 8 and texts(copy) == [desk.articles.text(article)]


def test_flushing_waits_for_nobody_and_leaves_a_strange_file_alone(
    desk: Desk, article: Article, open_desk: Callable[..., Desk], tmp_path: Path
) -> None:
    bob = open_desk("Bob")
    bob.session.log.conn.execute("BEGIN")
    assert len(bob.claims.of(article)) == 0  # reads what the desk holds now, until it is done
    desk.claims.tag(article, 0, 37)
    assert not desk.flush()
    with desk.together():
        desk.claims.tag(article, 38, 60)
        assert not desk.flush()
    bob.session.log.conn.execute("COMMIT")
    assert desk.flush()
    moved = desk.path.rename(tmp_path / "moved.db")
    assert not desk.flush()
    shutil.copy(moved, desk.path)
    before = desk.path.read_bytes()
    assert not desk.flush() and desk.path.read_bytes() == before


# -- read-only ------------------------------------------------------------------------------------------------


def test_reading_a_desk_that_cannot_be_written_leaves_nothing_in_its_folder(shared: Path) -> None:
    path = shared / "desk.db"
    fill(path)
    path.chmod(0o644)
    shared.chmod(0o777)
    script = """
        with Desk.open(args[0], "Bob") as desk:
            say(found=len(desk.claims.of("1")), there=sorted(os.listdir(os.path.dirname(args[0]))))
    """
    said = as_somebody_else(script, str(path))
    assert said == {"found": 1, "there": ["desk.db"]}
    assert [file.name for file in shared.iterdir()] == ["desk.db"]


def test_a_reader_who_may_not_write_reads_what_a_writer_saves_meanwhile(shared: Path) -> None:
    path = shared / "desk.db"
    fill(path)
    path.chmod(0o644)
    shared.chmod(0o777)
    with Desk.open(path, "Ana") as desk:
        desk.articles.add("It snowed.")
        said = as_somebody_else(
            'with Desk.open(args[0], "Bob") as desk: say(found=len(desk.articles.all()))', str(path)
        )
        assert said == {"found": 2}
        desk.articles.add("It thundered.")
    assert [file.name for file in shared.iterdir()] == ["desk.db"]
    assert len(texts(path)) == 3


def test_what_a_killed_program_left_is_read_without_leaving_more(shared: Path) -> None:
    path = shared / "desk.db"
    fill(path)
    crashed(path, "It thundered.")
    path.with_name("desk.db-shm").unlink()
    path.chmod(0o644)
    path.with_name("desk.db-wal").chmod(0o644)
    shared.chmod(0o777)
    said = as_somebody_else('with Desk.open(args[0], "Bob") as desk: say(found=len(desk.articles.all()))', str(path))
    assert said == {"found": 2}
    assert sorted(file.name for file in shared.iterdir()) == ["desk.db", "desk.db-wal"]
