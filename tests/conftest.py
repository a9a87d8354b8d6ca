"""What all tests share: a home of their own, the command, the sample article."""

from __future__ import annotations

import gc
import os
import shutil
import signal
import sys
import tempfile
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager
from pathlib import Path

import pytest
from click.testing import CliRunner, Result
from hypothesis import settings

from tests.kit import depth, desks
from tests.kit import postgresql as postgresql_kit
from tests.kit.patience import at_most

LIMIT, DEEP_LIMIT = 600.0, 3_000.0
"""Seconds that a test may take on a busy machine. No test waits for so long: it is for what would never end."""

MEMORY, ROOM = Path("/dev/shm"), 4_000_000_000
"""Where files are in memory, and how many bytes have to be free there."""

PURE = ("store/text", "store/measure", "tui/text", "tui/keys/test_keymap.py", "tui/keys/test_lexer.py",
        "store/log/test_log.py", "store/test_scheme.py", "tui/test_settings.py", "test_floors.py")  # fmt: skip
"""Tests that need no screen and hardly a desk: all of them are quick."""

LONG = ("tui/test_every_key.py", "store/review/test_review_machine.py", "store/test_desk_machine.py",
        "store/sync/test_replicas.py", "store/access/test_blindness.py", "store/formats/csv",
        "tui/test_review_story.py")  # fmt: skip
"""Tests that take seconds each: they come first, so that all cores end together."""


def pytest_addoption(parser: pytest.Parser) -> None:
    told = "try every key in every place, very large terminals, each case at each door, and six times the examples"
    parser.addoption("--deep", action="store_true", help=told)


def pytest_xdist_auto_num_workers() -> int | None:
    """Half as many again as there are cores: tests wait a good part of their time for programs, disks and clocks."""
    if "PYTEST_XDIST_AUTO_NUM_WORKERS" in os.environ:
        return None
    cores = len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1
    return cores + (cores + 1) // 2


def pytest_configure(config: pytest.Config) -> None:
    """Property tests say what must hold, not how fast: on a busy machine an example may take its time.

    Where CI is set they try the same examples each time, so that a change is judged by itself; elsewhere new ones.
    """
    gc.set_threshold(5_000, 20, 20)  # an app is much rubbish, and there is an app after an app
    depth.deep = config.getoption("--deep")
    signal.signal(signal.SIGINT, signal.default_int_handler)  # a shell's background has it ignored, and all it starts
    settings.register_profile(
        "factdesk", deadline=None, derandomize="CI" in os.environ, max_examples=depth.examples(200)
    )
    settings.load_profile("factdesk")


def pytest_ignore_collect(collection_path: Path, config: pytest.Config) -> bool | None:
    """``-m quick`` does not even read what holds no quick test."""
    if (
        config.getoption("markexpr") != "quick"
        or not collection_path.match("test_*.py")
        or _lies_in(collection_path, PURE)
    ):
        return None
    return True if "mark.quick" not in collection_path.read_text(encoding="utf-8") else None


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """``-m quick``: what is pure, and one story for each screen, which is marked where it stands."""
    items.sort(key=lambda item: not _lies_in(item.path, LONG))
    for item in items:
        if _lies_in(item.path, PURE):
            item.add_marker(pytest.mark.quick)


def _lies_in(file: Path, places: tuple[str, ...]) -> bool:
    return file.relative_to(Path(__file__).parent).as_posix().startswith(places)


def pytest_collection_finish() -> None:
    """Python looks through the tests themselves for rubbish no more, which took a fifth of all time."""
    gc.collect()
    gc.freeze()


def _at_most() -> AbstractContextManager[None]:
    return at_most(DEEP_LIMIT if depth.deep else LIMIT)


@pytest.hookimpl(wrapper=True)
def pytest_runtest_setup() -> Iterator[None]:
    with _at_most():
        return (yield)


@pytest.hookimpl(wrapper=True)
def pytest_runtest_call() -> Iterator[None]:
    with _at_most():
        return (yield)


@pytest.hookimpl(wrapper=True)
def pytest_runtest_teardown() -> Iterator[None]:
    with _at_most():
        return (yield)


@pytest.fixture(autouse=True)
def data_folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """The folder for a person's data, where drafts are kept: no test writes into that of whoever runs it."""
    monkeypatch.setenv("XDG_DATA_HOME", str(tmp_path / "data"))
    return tmp_path / "data" / "factdesk"


@pytest.fixture(autouse=True)
def new_desks(monkeypatch: pytest.MonkeyPatch) -> None:
    """New desks are copies of one; not in the tests of how one is made, ``tests/store/log``."""
    desks.opening_copies(monkeypatch)


# A desk waits for the disk at each change: tests' own files are in memory, where there is room. They end programs, but
# never the power.
if "TMPDIR" not in os.environ and os.access(MEMORY, os.W_OK) and shutil.disk_usage(MEMORY).free > ROOM:
    os.environ["TMPDIR"] = tempfile.tempdir = str(MEMORY)

# Some hundred programs are started: what one has compiled the next need not compile again.
os.environ.pop("PYTHONDONTWRITEBYTECODE", None)
sys.dont_write_bytecode = False

# Screens look the same on whatever terminal the tests are run.
os.environ |= {"TERM": "xterm-256color", "COLORTERM": "truecolor"}
os.environ.pop("NO_COLOR", None)


@pytest.fixture
def home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A folder in which settings and desk are new, and nobody is working yet."""
    monkeypatch.setenv("FACTDESK_CONFIG", str(tmp_path / "config"))
    monkeypatch.setenv("FACTDESK_DB", str(tmp_path / "desk.db"))
    monkeypatch.delenv("FACTDESK_REVIEWER", raising=False)
    monkeypatch.delenv("FACTDESK_DEBUG", raising=False)
    return tmp_path


@pytest.fixture
def ana(home: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """The same home, where Ana works."""
    monkeypatch.setenv("FACTDESK_REVIEWER", "Ana")
    return home


@pytest.fixture
def cli() -> Callable[..., Result]:
    """Run ``factdesk`` with these arguments, in this process; ``input`` is what standard input holds."""
    from tui.cli import factdesk

    def run(*args: object, input: str | bytes | None = None) -> Result:
        return CliRunner().invoke(factdesk, [str(arg) for arg in args], input=input, prog_name="factdesk")

    return run


@pytest.fixture(scope="session")
def _demo_master(tmp_path_factory: pytest.TempPathFactory) -> Path:
    from store import demo

    path = tmp_path_factory.mktemp("demo") / "demo.db"
    demo.make_demo(path, "Reader")
    return path


@pytest.fixture
def demo(_demo_master: Path, tmp_path: Path) -> Path:
    """A demo desk of one's own: Mara and Tomas have submitted, Ines is reviewing, Reader is given work."""
    return Path(shutil.copy(_demo_master, tmp_path / "demo.db"))


@pytest.fixture(scope="session")
def sample() -> Path:
    """The sample article."""
    return next((Path(__file__).parent.parent / "seeds").glob("*.txt"))


@pytest.fixture(scope="session")
def postgresql() -> Iterator[postgresql_kit.Server]:
    """A PostgreSQL server, started when the first test asks for it."""
    if not postgresql_kit.is_there():
        pytest.skip(postgresql_kit.MISSING)
    with postgresql_kit.server() as running:
        yield running
