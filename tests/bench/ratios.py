"""What a bench found: ratios to something measured in the same run, and what they are to reach."""

from __future__ import annotations

from collections.abc import Iterable
from typing import NamedTuple


class Ratio(NamedTuple):
    """``value`` is to be at most ``goal``, both in multiples (``×``), MB, ms or per cent (``%``)."""

    what: str
    value: float
    goal: float
    unit: str = "×"


def print_ratios(ratios: Iterable[Ratio]) -> None:
    """One line for each, those beyond their goal marked."""
    for ratio in ratios:
        over = "  over" if ratio.value > ratio.goal else ""
        value = f"{ratio.value:.0f}" if ratio.unit == "MB" else f"{ratio.value:.2f}"
        print(f"{ratio.what:58}{value:>8} {ratio.unit:2}  ≤ {ratio.goal:g}{over}", flush=True)
