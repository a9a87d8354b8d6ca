"""Everything that can be asked of a desk, in random sequences: no desk is unsound, and those that meet are one."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from tests.kit import depth
from tests.kit.postgresql import Server
from tests.kit.remote_kinds import OnAServer
from tests.kit.storm import Storm

SEEDS = [*range(200 if depth.deep else 2), 46, 60_000]
"""In the last two somebody works on a version that another person takes back: as another stands, and as none does."""


@pytest.mark.parametrize("seed", SEEDS)
def test_desks_that_do_everything_break_and_meet_end_as_one_sound_desk(seed: int) -> None:
    Storm(seed).run(40)


@pytest.fixture
def hub(postgresql: Server) -> Iterator[OnAServer]:
    made = OnAServer(postgresql)
    made.new()
    yield made
    made.close()


def test_the_same_with_a_hub(hub: OnAServer) -> None:
    Storm(1_000, hub.again).run(30)
