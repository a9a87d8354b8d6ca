"""Where a file may be written: every writer against every way to name a desk."""

from __future__ import annotations

import os
import stat
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from click.testing import Result

from store.desk import Desk
from store.errors import Refused, Taken
from store.file_locks import open_to_read
from store.formats import FORMATS, agreement
from store.log.atomic_write import whole_file
from tests.kit.terminal import Terminal

Cli = Callable[..., Result]


def _summary(desk: Desk, to: Path) -> None:
    with whole_file(to, replace=True) as file:
        file.write(b"Summary")


WRITERS: dict[str, Callable[[Desk, Path], Any]] = {
    **{name: lambda desk, to, known=known: known.write(desk, to, replace=True) for name, known in FORMATS.items()},
    "figures": lambda desk, to: agreement.write(desk.agreement.report(), to, "csv", replace=True),
    "summary": _summary,
    "backup": Desk.backup,
}  # fmt: skip


def _linked(target: Path, name: str) -> Path:
    link = target.with_name(name)
    link.symlink_to(target)
    return link


def _second(target: Path, name: str) -> Path:
    link = target.with_name(name)
    os.link(target, link)
    return link


TARGETS: dict[str, Callable[[Path, Path], Path]] = {
    "the desk": lambda desk, other: desk,
    "by a roundabout way": lambda desk, other: desk.parent / "folder" / ".." / "." / desk.name,
    "by a relative way": lambda desk, other: Path(os.path.relpath(desk)),
    "by a link": lambda desk, other: _linked(desk, "claims.csv"),
    "by a link to a link": lambda desk, other: _linked(_linked(desk, "a.csv"), "claims.csv"),
    "by a second name": lambda desk, other: _second(desk, "claims.csv"),
    "its journal": lambda desk, other: Path(f"{desk}-wal"),
    "its journal by a link": lambda desk, other: _linked(Path(f"{desk}-wal"), "claims.csv"),
    "its journal by a second name": lambda desk, other: _second(Path(f"{desk}-wal"), "claims.csv"),
    "the journal's index": lambda desk, other: Path(f"{desk}-shm"),
    "the index by a second name": lambda desk, other: _second(Path(f"{desk}-shm"), "claims.csv"),
    "a journal to come": lambda desk, other: Path(f"{desk}-journal"),
    "another desk": lambda desk, other: other,
    "another desk by a link": lambda desk, other: _linked(other, "claims.csv"),
    "another desk by a second name": lambda desk, other: _second(other, "claims.csv"),
    "the journal of another desk": lambda desk, other: Path(f"{other}-wal"),
    "the same in capitals": lambda desk, other: other.with_name(f"{other.name}-WAL"),
    "through the descriptor": lambda desk, other: Path("/dev/fd", str(_held(desk))),
}


def _held(desk: Path) -> int:
    """A descriptor of the open desk."""
    here = desk.stat()
    for name in sorted(os.listdir("/dev/fd"), key=int):  # noqa: PTH208
        try:
            if os.path.samestat(os.fstat(int(name)), here):
                return int(name)
        except OSError:
            continue
    raise AssertionError("the desk is not open")


@pytest.fixture
def other(tmp_path: Path) -> Path:
    path = tmp_path / "other.db"
    with Desk.open(path, "Bo") as desk:
        desk.articles.add("It snowed.")
    return path


@pytest.fixture
def folder(desk: Desk, other: Path, tmp_path: Path) -> Iterator[Path]:
    """Where the open desk and the other stand; in the end all that was there is as it was, and the locks are held."""
    (tmp_path / "folder").mkdir()
    desk.articles.add("It rained.")
    before = {path: path.read_bytes() for path in (other,)}
    said = desk.session.log.conn.serialize() if hasattr(desk.session.log.conn, "serialize") else b""
    wal = desk.path.with_name("desk.db-wal")
    size = wal.stat().st_size
    yield tmp_path
    assert {path: path.read_bytes() for path in before} == before
    if said:
        assert desk.session.log.conn.serialize() == said
    assert wal.stat().st_size == size > 0
    code = "import sys; from store.desk import Desk; Desk.open(sys.argv[1], 'Bo').close()"
    subprocess.run([sys.executable, "-c", code, str(desk.path)], check=True)
    assert wal.exists(), "another program took the open desk's journal for left behind"
    assert not list(tmp_path.glob(".factdesk-*"))


@pytest.mark.parametrize("target", TARGETS.values(), ids=TARGETS.keys())
def test_no_writer_writes_onto_a_desk_by_any_name(
    desk: Desk, other: Path, folder: Path, target: Callable[[Path, Path], Path]
) -> None:
    to = target(desk.path, other)
    for name, write in WRITERS.items():
        with pytest.raises(Refused) as caught:
            write(desk, to)
        assert "\n" not in str(caught.value), name


@pytest.mark.parametrize("target", TARGETS.values(), ids=TARGETS.keys())
def test_no_command_writes_onto_a_desk_even_by_force(
    desk: Desk, other: Path, folder: Path, target: Callable[[Path, Path], Path], ana: Path, cli: Cli
) -> None:
    to = target(desk.path, other)
    for words in (
        ("export", "csv", "--force", "-o"),
        ("export", "settled", "--force", "-o"),
        ("export", "tables", "--force"),
        ("export", "jsonl", "--force", "-o"),
        ("share", "--force"),
        ("agreement", "--csv", "--force", "-o"),
        ("backup",),
        ("demo", "--no-open", "--db"),
    ):
        result = cli(*words, to)
        assert (result.exit_code, result.stdout) == (1, ""), words
        assert result.stderr.count("\n") == 1 and "wrong" not in result.stderr, words


@pytest.mark.parametrize("name", ["desk.db-wal", "desk.db-shm", "desk.db-journal", "desk.db-WAL", "link.db"])
@pytest.mark.parametrize("words", [("sync",), ("merge",), ("tag", 1, 0, 2, "--db"), ("articles", "--db")])
def test_no_desk_is_made_of_what_belongs_to_one(
    words: tuple[object, ...], name: str, tmp_path: Path, ana: Path, cli: Cli
) -> None:
    with Desk.open(tmp_path / "desk.db", "Ana") as desk:
        article = desk.articles.add("It rained.")
    (tmp_path / "desk.db-wal").touch()
    if name == "link.db":
        (tmp_path / name).symlink_to(tmp_path / "desk.db-wal")
    result = cli(*words, tmp_path / name)
    assert (result.exit_code, result.stdout) == (1, ""), words
    assert result.stderr.count("\n") == 1 and "wrong" not in result.stderr, words
    with Desk.open(tmp_path / "desk.db") as desk:
        assert desk.upkeep.verify() == [] and [one.id for one in desk.articles.all()] == [article.id]


@pytest.mark.parametrize("stream", ["1", "2"])
def test_output_that_the_shell_joined_to_a_desk_is_refused(desk: Desk, folder: Path, other: Path, stream: str) -> None:
    for path in (desk.path, other):
        shell = f'"$0" -m tui claims --db "$1" {stream}>> "$2"'
        run = subprocess.run(["sh", "-c", shell, sys.executable, desk.path, path], capture_output=True)
        assert run.returncode == 1 and b"leads into a desk" in run.stdout + run.stderr


def test_a_file_that_is_there_is_replaced_only_when_that_is_said(
    desk: Desk, tmp_path: Path, ana: Path, cli: Cli
) -> None:
    desk.articles.add("It rained.")
    for name, words in {
        "claims.csv": ("export", "csv", "-o"), "settled.csv": ("export", "settled", "-o"),
        "agreement.md": ("agreement", "-o"),
    }.items():  # fmt: skip
        to = tmp_path / name
        to.write_text("precious")
        to.chmod(0o640)
        result = cli(*words, to)
        assert (result.exit_code, result.stdout) == (1, "") and "--force" in result.stderr
        assert to.read_text() == "precious"
        assert cli(*words, to, "--force").exit_code == 0
        assert to.read_text(encoding="utf-8") != "precious" and stat.S_IMODE(to.stat().st_mode) == 0o640
    assert not list(tmp_path.glob(".factdesk-*"))


def test_a_file_that_comes_to_be_while_one_is_written_stays(tmp_path: Path) -> None:
    to = tmp_path / "claims.csv"
    with pytest.raises(Taken), whole_file(to) as file:
        file.write(b"mine")
        to.write_text("theirs")
    assert to.read_text() == "theirs" and [path.name for path in tmp_path.iterdir()] == ["claims.csv"]


def test_a_desk_that_comes_to_be_while_one_is_written_stays(tmp_path: Path) -> None:
    to = tmp_path / "claims.csv"
    to.write_text("old")
    with pytest.raises(Refused, match="desk"), whole_file(to, replace=True) as file:
        file.write(b"mine")
        to.unlink()
        Desk.open(to, "Ana").close()
    with Desk.open(to, create=False) as desk:
        assert desk.articles.all() == []


def test_no_reader_opens_again_what_is_open(desk: Desk, folder: Path, ana: Path, cli: Cli) -> None:
    from store import scheme
    from store.formats.articles import files as article_files
    from store.formats.csv import claim_import
    from tui.keys.keymap import KeyMap

    _linked(desk.path, "article.txt")
    _second(desk.path, "second.md")
    for path in (desk.path, folder / "article.txt", folder / "second.md", Path(f"{desk.path}-shm")):
        for read in (
            article_files.read,
            lambda path: claim_import.read(desk, path),
            scheme.load,
            KeyMap.load,
            open_to_read,
        ):
            with pytest.raises(Refused, match=r"open here|has at most"):
                read(path)
    for words in (("scheme", "use"), ("import", "csv"), ("assign", "--to", "Bo")):
        assert cli(*words, desk.path).exit_code == 1


def test_a_folder_with_the_desk_in_it_is_imported_without_it(desk: Desk, folder: Path) -> None:
    from store.formats.articles import files as article_files

    _linked(desk.path, "folder/a.txt".replace("/", "-"))
    (folder / "b.txt").write_text("It thundered.")
    refused = 0
    for file in article_files.find_files([folder]):
        try:
            article_files.read(file)
        except Refused as refusal:
            refused += "open here" in str(refusal)
    assert refused == 1


def test_somebody_at_the_terminal_is_asked(desk: Desk, tmp_path: Path, ana: Path) -> None:
    desk.articles.add("It rained.")
    to = tmp_path / "claims.csv"
    to.write_text("precious")
    program = [sys.executable, "-m", "tui", "export", "csv", "-o", to, "--db", desk.path]
    for answer, code, said in (("n", 1, "nothing was overwritten"), ("y", 0, "0 claims written")):
        with Terminal(program) as terminal:
            terminal.wait_for("Replace it? [y/N]")
            terminal.type(f"{answer}\r")
            assert terminal.finish() == code and said in terminal.seen.replace("\r\n", " ")
        assert (to.read_text(encoding="utf-8") == "precious") == (answer == "n")


def test_what_a_killed_program_left_on_its_way_is_swept_away_and_nothing_else(desk: Desk, tmp_path: Path) -> None:
    folder = tmp_path / "out"
    folder.mkdir()

    def part(letter: str, *, days: int, inside: bool = False) -> Path:
        path = folder / f".factdesk-{letter * 16}.part"
        file = path / "claims.csv" if inside else path
        file.parent.mkdir(exist_ok=True)
        file.write_text("half")
        for one in {file, path}:
            os.utime(one, (time.time() - days * 86400 - 60,) * 2)
        return path

    gone = [part("a", days=1), part("b", days=9, inside=True), part("c", days=2)]
    gone[2] = gone[2].rename(f"{gone[2]}-journal")
    kept = [part("d", days=0), part("e", days=0, inside=True), part("0", days=3).rename(folder / ".factdesk-x.part")]
    in_use = part("f", days=3)
    outside = tmp_path / "outside.txt"
    outside.write_text("mine")
    link = folder / f".factdesk-{'9' * 16}.part"
    link.symlink_to(outside)
    code = "import fcntl, sys; f = open(sys.argv[1]); fcntl.flock(f, fcntl.LOCK_EX); print('held', flush=True); input()"
    with subprocess.Popen(
        [sys.executable, "-c", code, in_use], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
    ) as other:
        assert other.stdout is not None and other.stdout.readline() == "held\n"
        desk.backup(folder / "backup.db")
        assert not any(one.exists() for one in gone) and all(one.exists() for one in [*kept, in_use, link])
        other.communicate("\n")
    FORMATS["csv"].write(desk, folder / "claims.csv")
    assert not in_use.exists() and outside.read_text() == "mine"


def test_a_part_on_its_way_is_held_while_it_is_written(tmp_path: Path) -> None:
    with whole_file(tmp_path / "a.csv") as file:
        file.write(b"half")
        (part,) = tmp_path.glob(".factdesk-*.part")
        os.utime(part, (time.time() - 10 * 86400,) * 2)
        code = (
            "import sys; from pathlib import Path; from store.log import atomic_write as a; a.sweep(Path(sys.argv[1]))"
        )
        subprocess.run([sys.executable, "-c", code, tmp_path], check=True)
        assert part.exists()
    assert (tmp_path / "a.csv").read_bytes() == b"half"
