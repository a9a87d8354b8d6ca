"""Here desks are made as people make them."""

from __future__ import annotations

import pytest


@pytest.fixture(autouse=True)
def new_desks() -> None:
    """No copies."""
