"""What benches say of a process is of that process alone."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.bench.processes import Failed, factdesk


def test_the_memory_of_a_command_is_its_own_and_not_that_of_who_started_it(tmp_path: Path) -> None:
    alone = factdesk(tmp_path / "desk.db", "formats")
    held = bytes(range(256)) * 2**20
    beside = factdesk(tmp_path / "desk.db", "formats")
    assert len(held) == 2**28 and 10 < alone.megabytes < 200
    assert beside.megabytes < 1.2 * alone.megabytes
    assert beside.seconds > 0


def test_a_command_that_fails_says_why(tmp_path: Path) -> None:
    with pytest.raises(Failed, match="There is no format “nosuch”"):
        factdesk(tmp_path / "desk.db", "export", "nosuch")
