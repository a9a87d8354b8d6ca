"""The rooms of a desk and what each can do: for the page that lists them, and for tests that go through all of them."""

from __future__ import annotations

import inspect
from collections.abc import Callable, Iterator
from functools import cached_property
from typing import Any

from store.desk import Desk

EAGER = ("articles", "claims", "people", "assignments")

BETWEEN = {
    "assignments.give", "assignments.held", "assignments.hides", "assignments.id_for",
    "assignments.join_the_blind", "claims.add", "claims.record", "claims.refuse_edges", "claims.required",
    "claims.seen", "claims.span", "claims.still_open", "comparison.adjudication", "coverage.keep",
    "history.about", "history.change", "history.is_gone", "reviews.record", "settlements.open_places",
    "settlements.settle_agreed", "threads.body", "ticks.reason", "verdicts.conclude", "verdicts.must_be_givable",
}  # fmt: skip
"""What rooms have for each other and nobody else calls."""


def names() -> list[str]:
    """The names of the rooms, in the order a desk has them."""
    return [
        *EAGER,
        *(name for name, made in vars(Desk).items() if isinstance(made, cached_property) and not name.startswith("_")),
    ]


def face(desk: Desk) -> Iterator[tuple[str, Callable[..., Any]]]:
    """What can be asked of a desk and of each of its rooms, as ``claims.tag``, by room."""
    for name, method in inspect.getmembers(desk, inspect.ismethod):
        if not name.startswith("_"):
            yield name, method
    for room in names():
        for name, method in inspect.getmembers(getattr(desk, room), inspect.ismethod):
            if not name.startswith("_") and f"{room}.{name}" not in BETWEEN:
                yield f"{room}.{name}", method
