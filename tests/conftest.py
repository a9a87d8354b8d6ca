"""What all tests share: a home of their own, the command, the sample article."""

from __future__ import annotations

import os
import shutil
from collections.abc import Callable
from pathlib import Path

import pytest
from click.testing import CliRunner, Result
from hypothesis import settings

# Property tests say what must hold, not how fast: on a busy machine an example may take its time. Where CI is set they
# try the same examples each time, so that a change is judged by itself; everywhere else new ones.
settings.register_profile("factdesk", deadline=None, derandomize="CI" in os.environ)
settings.load_profile("factdesk")


@pytest.fixture(autouse=True)
def data_folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """The folder for a person's data, where drafts are kept: no test writes into that of whoever runs it."""
    monkeypatch.setenv("XDG_DATA_HOME", str(tmp_path / "data"))
    return tmp_path / "data" / "factdesk"


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
    demo.make(path, "Reader")
    return path


@pytest.fixture
def demo(_demo_master: Path, tmp_path: Path) -> Path:
    """A demo desk of one's own: Mara and Tomas have submitted, Ines is reviewing, Reader is given work."""
    return Path(shutil.copy(_demo_master, tmp_path / "demo.db"))


@pytest.fixture(scope="session")
def sample() -> Path:
    """The sample article."""
    return next((Path(__file__).parent.parent / "seeds").glob("*.txt"))
