"""How the time of some work grows with its size; how long it takes says little on a machine that does other things."""

from __future__ import annotations

from collections.abc import Callable
from time import process_time


def grows(work: Callable[[int], object], size: int, *, times: float) -> bool:
    """Whether work of four times the size takes at least ``times`` as long, whenever it is tried.

    Work whose time grows with the square takes 16 times as long. What disturbs only ever makes it longer, so the
    shortest of some tries is taken.
    """
    short = long = float("inf")
    for tries in range(8):
        short, long = min(short, taken(work, size)), min(long, taken(work, 4 * size))
        if tries and long < times * short + 0.01:
            return False
    return True


def taken(work: Callable[[int], object], size: int) -> float:
    """Seconds of the processor for work of a size."""
    begun = process_time()
    work(size)
    return process_time() - begun
