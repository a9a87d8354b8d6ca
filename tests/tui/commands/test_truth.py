"""Exit 1 is true: nothing was changed, or it is said what was; and nothing that can be foreseen “went wrong”."""

from __future__ import annotations

import os
import resource
import subprocess
import sys
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path

import click
import pytest
from click.testing import Result

from store.desk import Desk
from tests.kit import depth
from tests.kit.commands import Cli, assert_refused
from tests.kit.desks import desk_at
from tests.kit.terminal import FACTDESK
from tui.cli import HEADINGS, factdesk


def run(line: str) -> subprocess.CompletedProcess[str]:
    """Run a line of the shell, in which the program is called ``factdesk``."""
    path = f"{Path(FACTDESK).parent}{os.pathsep}{os.environ['PATH']}"
    return subprocess.run(["sh", "-c", line], capture_output=True, text=True, env={**os.environ, "PATH": path})


@pytest.fixture
def desk_file(ana: Path) -> Path:
    with Desk.open(ana / "desk.db", "Ana") as desk:
        desk.claims.tag(desk.articles.add("One. Two is here. Three.", title="Numbers"), 0, 4)
    return ana / "desk.db"


def marks(path: Path) -> int:
    with Desk.open(path) as desk:
        return desk.history.mark()


def each(words: Sequence[str], outputs: Sequence[str]) -> list[tuple[str, str]]:
    """Each command with the next of the outputs, and with all of them with ``--deep``."""
    every = [(one, into) for one in words for into in outputs]
    return every if depth.deep else [(one, outputs[n % len(outputs)]) for n, one in enumerate(words)]


CHANGING = (
    "tag 1 --quote Two", "verdict 1 C1 refuted", "comment 1 C1 hm --json", "sweep 1 17 23", "delete 1 C1", "undo",
)  # fmt: skip
READING = ("articles", "claims 1 --json", "export csv", "stats", "versions 1", "formats")


@pytest.mark.parametrize(("words", "into"), each(CHANGING, (">/dev/full", ">&-", "<&- >&-")))
def test_what_cannot_be_told_is_not_done(desk_file: Path, words: str, into: str) -> None:
    """Each command with one output that takes nothing; with all of them with ``--deep``."""
    before = marks(desk_file)
    done = run(f"factdesk {words} {into}")
    assert done.returncode == 1 and "The output could not be written" in done.stderr, done.stderr
    assert marks(desk_file) == before


@pytest.mark.parametrize("closed", ["2>&-", "2>/dev/full", "<&-"])
def test_words_that_nobody_can_read_and_input_that_is_closed_hinder_nothing(desk_file: Path, closed: str) -> None:
    before = marks(desk_file)
    done = run(f"factdesk tag 1 --quote Two {closed}")
    assert done.returncode == 0 and done.stdout.startswith("C2 ") and marks(desk_file) > before


@pytest.mark.parametrize(("words", "into"), each(READING, (">/dev/full", ">&-")))
def test_reading_into_an_output_that_is_full_or_closed_is_refused(desk_file: Path, words: str, into: str) -> None:
    """Each command with one of the two; with both with ``--deep``."""
    done = run(f"factdesk {words} {into}")
    assert done.returncode == 1 and " output" in done.stderr and "wrong" not in done.stderr, done.stderr


def test_an_import_that_is_done_and_cannot_be_told_says_that_it_is_done(desk_file: Path, tmp_path: Path) -> None:
    (tmp_path / "more.txt").write_text("One more.")
    done = run(f"factdesk import {tmp_path / 'more.txt'} >/dev/full")
    assert done.returncode == 1 and "What was done is saved" in done.stderr
    with Desk.open(desk_file) as desk:
        assert len(desk.articles.all()) == 2


@pytest.mark.parametrize(
    "words", ["merge other.db", "merge --json other.db", "sync --json other.db", "update 1 new.txt"]
)
def test_what_is_saved_as_it_goes_and_cannot_be_told_is_said_to_be_saved(
    desk_file: Path, monkeypatch: pytest.MonkeyPatch, words: str
) -> None:
    monkeypatch.chdir(desk_file.parent)
    Path("new.txt").write_text("One. Two was here. Three.")
    with Desk.open(Path("other.db"), "Bo") as desk:
        desk.articles.add("It snowed.")
    before = marks(desk_file)
    done = run(f"factdesk {words} >/dev/full")
    assert done.returncode == 1 and "What was done is saved" in done.stderr and marks(desk_file) > before


def test_an_import_on_a_disk_that_fills_says_what_is_in(ana: Path, tmp_path: Path) -> None:
    folder = tmp_path / "many"
    folder.mkdir()
    for number in range(450):
        (folder / f"{number:03}.txt").write_text(f"{number} says so. " * 200)
    main = (
        "import resource, sys; resource.setrlimit(resource.RLIMIT_FSIZE, (2_000_000, resource.RLIM_INFINITY));"
        "from tui.cli import main; sys.argv[1:] = ['import', sys.argv[1]]; main()"
    )
    done = subprocess.run([sys.executable, "-c", main, str(folder)], capture_output=True, text=True, check=False)
    with Desk.open(ana / "desk.db") as desk:
        there = len(desk.articles.all())
    assert done.returncode == 1 and 0 < there < 450, done.stderr
    assert f"{there} articles are in and stay" in done.stderr and "nothing was changed" not in done.stderr


def test_a_rating_that_no_file_can_hold_is_refused_at_the_door(ana: Path, cli: Callable[..., Result]) -> None:
    from importlib import resources

    scheme = resources.files("store.schemes").joinpath("desk.toml").read_text("utf-8")
    (ana / "big.toml").write_text(
        scheme.replace("best = 5", f"best = {2**63 + 1}").replace("rating = 5", f"rating = {2**63}")
    )
    done = cli("scheme", "use", str(ana / "big.toml"))
    assert done.exit_code == 1 and "too large" in done.output and "line " in done.output


HOSTILE = (
    "9" * 25, f"-{'9' * 25}", str(2**63), "~nouser/x", "n" * 300, "\udcff\udcfe", "a\x01b", "",
    "bad.csv", "1e999", "٣", "²",
)  # fmt: skip
GOOD = {"claim": "C1", "key": "refuted", "text": "hm", "end": "4", "start": "0", "paths": "a.txt", "people": "Bo"}


@pytest.mark.parametrize("room", [title for title in HEADINGS if title != "Try"])
def test_no_argument_of_any_verb_goes_wrong(
    room: str, ana: Path, cli: Callable[..., Result], monkeypatch: pytest.MonkeyPatch
) -> None:
    """Two of the hostile words in each place; all of them with ``--deep``."""
    monkeypatch.chdir(ana)
    (ana / "a.txt").write_text("One. Two is here. Three.")
    (ana / "bad.csv").write_bytes(b"article_id,start,end,quote\n\xff\xfe,1,2,x\n")
    assert cli("import", "a.txt").exit_code == cli("tag", "1", "0", "4").exit_code == 0
    context = click.Context(factdesk)
    for verb in HEADINGS[room]:
        command = factdesk.get_command(context, verb)
        assert command is not None
        named = [one for one in command.params if isinstance(one, click.Argument)]
        options = [one for one in command.params if isinstance(one, click.Option) and not one.is_flag]
        options = [one for one in options if one.nargs == 1]
        good = [GOOD.get(str(one.name), "1") for one in named]
        for turn, hostile in enumerate(HOSTILE if verb not in ("open", "serve") else ()):  # they go on until left
            lines = [[*good[:at], hostile, *good[at + 1 :]] for at in range(len(good))]
            lines += [[*good, one.opts[0], hostile] for one in options if one.opts[0] != "--db" or verb == "articles"]
            for words in lines if depth.deep else lines[turn % 6 :: 6]:
                done = cli(*verb.split(), *words)
                assert "Something went wrong" not in done.output, (verb, words, done.output)
                assert isinstance(done.exception, SystemExit | None), (verb, words, done.exception)


def _full_disk(cli: Cli, *words: object) -> Result:
    """Run a command on a disk that takes no file longer than what is kept beside an open desk."""
    held = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (1 << 17, held[1]))
    try:
        return cli(*words)
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, held)


ON_A_FULL_DISK: Mapping[str, Sequence[str]] = {
    "backup": ("backup", "OUT/copy.db"),
    "share": ("share", "OUT/copy.db"),
    "restore": ("restore", "kept.db", "--force", "--db", "OUT/new.db"),
    "tables": ("export", "tables", "OUT/tables"),
    "csv": ("export", "csv", "-o", "OUT/all.csv"),
}


@pytest.mark.parametrize("words", ON_A_FULL_DISK.values(), ids=ON_A_FULL_DISK.keys())
def test_a_full_disk_is_told_by_the_name_you_gave_and_nothing_stays(
    tmp_path: Path, cli: Cli, words: Sequence[str]
) -> None:
    long = "".join(f"It rained in town {n}, and the bridge fell. " for n in range(6_000))
    with desk_at(tmp_path) as desk:
        article = desk.articles.add(long, title="Long")
        desk.claims.tag(article, 0, len(long) - 1)
        desk.backup(tmp_path / "kept.db")
    out = tmp_path / "out"
    out.mkdir()
    said = [str(tmp_path / word) if word == "kept.db" else word.replace("OUT", str(out)) for word in words]
    (asked,) = (word for word in said if word.startswith(str(out)))
    result = _full_disk(cli, *said, "--as", "Ana")
    assert_refused(result, asked)
    assert ".part" not in result.stderr and not [*out.iterdir()]
