"""Spans of several people matched one to one (stand-in until the measured one is merged)."""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

from store.units import Span


class Pair(NamedTuple):
    a: int
    b: int
    overlap: float


def match(a: Sequence[Span], b: Sequence[Span], least: float = 0.0) -> list[Pair]:
    pairs = []
    for i, (s, e) in enumerate(a):
        for j, (t, f) in enumerate(b):
            inter = min(e, f) - max(s, t)
            if inter > 0:
                pairs.append(Pair(i, j, inter / (max(e, f) - min(s, t))))
    pairs.sort(key=lambda p: (-p.overlap, a[p.a], b[p.b], p.a, p.b))
    used_a: set[int] = set()
    used_b: set[int] = set()
    found = []
    for pair in pairs:
        if pair.a not in used_a and pair.b not in used_b and pair.overlap >= least:
            used_a.add(pair.a)
            used_b.add(pair.b)
            found.append(pair)
    return sorted(found)


def groups(sets: Sequence[Sequence[Span]]) -> list[tuple[int | None, ...]]:
    made: list[list[int | None]] = []
    for k, spans in enumerate(sets):
        extents = [
            (
                min(sets[i][x][0] for i, x in enumerate(g) if x is not None),
                max(sets[i][x][1] for i, x in enumerate(g) if x is not None),
            )
            for g in made
        ]
        taken = set()
        for pair in match(extents, spans):
            made[pair.a][k] = pair.b
            taken.add(pair.b)
        for j in range(len(spans)):
            if j not in taken:
                g: list[int | None] = [None] * len(sets)
                g[k] = j
                made.append(g)
    return [tuple(g) for g in made]
