"""How much is tried: the usual run tries enough to see a fault soon, ``pytest --deep`` tries all."""

from __future__ import annotations

deep = False
"""Whether ``--deep`` was given; set before tests are collected."""


def examples(many: int) -> int:
    """So many examples of a property with ``--deep``, and a sixth of them without, two at least."""
    return many if deep else max(2, many // 6)
