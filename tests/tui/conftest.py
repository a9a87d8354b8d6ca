"""What the tests of all screens and commands share."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.kit import stylesheets

stylesheets.share()


@pytest.fixture(autouse=True)
def at_home(home: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A folder to work in, with settings and a desk of its own."""
    monkeypatch.chdir(home)
