"""Long work in slices, between which keys are heard and frames are drawn."""

from __future__ import annotations

import asyncio
from collections.abc import Iterable
from time import perf_counter

SLICE = 0.004
"""Seconds of work at a time: with what one step takes more, less than a key may wait."""

REST = 0.002
"""Seconds in between, for keys and frames."""


async def in_slices(work: Iterable[None]) -> None:
    """Do work that yields often, and give way to keys and frames whenever it has gone on for a while."""
    begun = perf_counter()
    for _ in work:
        if perf_counter() - begun >= SLICE:
            await asyncio.sleep(REST)
            begun = perf_counter()
