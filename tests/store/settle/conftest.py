"""People who took part in nothing yet."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from store.desk import Desk


@pytest.fixture
def dora(desk: Desk, open_desk: Callable[..., Desk]) -> Desk:
    """Who took part in nothing."""
    return open_desk("Dora")


@pytest.fixture
def cy(desk: Desk, open_desk: Callable[..., Desk]) -> Desk:
    return open_desk("Cy")
