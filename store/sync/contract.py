"""What a remote is: something that holds the history of many desks and gives it to each of them.

A remote is an append-only list of changes, numbered from 1 without a gap, each id once, with the texts and pages that
they name. It knows no rule of the desk. `remotes` syncs with all of them alike; `postgres`, `folder` and `desk_file`
are the remotes there are, and one more is a class with these methods.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Sequence
from typing import NamedTuple, Protocol

LogRow = tuple[str, str, str, int, str, str, str, str, str | None]
"""A change: its id, action, reviewer, time, kind, item, parents, patch, and the action it undoes."""

Piece = tuple[str, int, bytes]
"""A piece of what an article was read from: the SHA-256 of the whole, its place, its bytes as zlib has packed them."""

ROW_COLUMNS = ("id", "action", "reviewer", "at", "kind", "item", "parents", "patch", "undoes")
"""The columns of a `LogRow`."""


class State(NamedTuple):
    """How a remote stands, and what who asks may do there."""

    epoch: str
    """Tells this remote from all others, and from one that is put in its place."""
    last: int
    """The number of its newest change; 0 when it has none."""
    id: str
    """The id of the change at the number that was asked for; empty when there is none."""
    steps: frozenset[str] = frozenset()
    """The migrations of the desks whose changes it holds: a newer factdesk's work needs that factdesk."""
    person: str = ""
    """The id of the only person whose changes it takes from who asks; empty when it takes everybody's."""
    takes: bool = True
    """Whether it takes changes from who asks."""


class Pushed(NamedTuple):
    """What a remote did with changes that were sent to it."""

    added: int
    """How many of them it did not have."""
    last: int
    """The number of its newest change now."""
    id: str
    """The id of that change."""


class Remote(Protocol):
    """Holds changes for many desks. Each method raises `Refused` with a sentence; `Offline` when it may help to wait.

    What was sent when a method returns is kept; what was being sent when one raises may be kept or not, never in part.
    """

    address: str
    """What it is remembered by; never holds a password."""

    def state(self, at: int) -> State:
        """How it stands, and the id of the change with the number ``at``."""

    def keep(self, texts: Mapping[str, str], pieces: Sequence[Piece]) -> None:
        """Keep texts under their SHA-256, and pieces of pages; those it has already are passed over."""

    def push(self, changes: Sequence[LogRow], steps: Collection[str]) -> Pushed:
        """Append those changes that it does not have, in this order, all or none.

        Raises:
            Refused: it holds one of them with different content.
        """

    def pull(self, after: int, limit: int, kinds: Collection[str] = ()) -> list[tuple[int, LogRow]]:
        """At most ``limit`` changes with greater numbers than ``after``, in their order; ``kinds``: of these alone."""

    def known(self, ids: Sequence[str]) -> set[str]:
        """Those of the ids that it has a change of."""

    def texts(self, shas: Sequence[str]) -> Mapping[str, str]:
        """Those of the texts that it has."""

    def pieces(self, body: str) -> Iterable[Piece]:
        """The pieces of a page, in their order."""

    def close(self) -> None:
        """Let go of it."""
