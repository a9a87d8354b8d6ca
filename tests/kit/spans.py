"""Spans of a text: what they quote, and whether they stand in order and on clusters."""

from __future__ import annotations

from collections.abc import Iterable
from itertools import pairwise

from store.text import units
from store.text.units import Span


def quoted(text: str, spans: Iterable[Span]) -> list[str]:
    return [text[start:end] for start, end in spans]


def in_order_and_apart(spans: list[Span]) -> bool:
    return all(start < end for start, end in spans) and all(a[1] <= b[0] for a, b in pairwise(spans))


def stand_on_clusters(text: str, spans: list[Span]) -> bool:
    edges = {0, len(text), *(end for _, end in units.graphemes(text))}
    return all(start in edges and end in edges for start, end in spans)
