"""What the tests of many formats begin with."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from store.desk import Desk
from tests.kit.desks import desk_at


@pytest.fixture
def empty(tmp_path: Path) -> Iterator[Desk]:
    """An empty desk, at which Zoe reads what others wrote."""
    (tmp_path / "empty").mkdir()
    with desk_at(tmp_path / "empty", "Zoe") as desk:
        yield desk
