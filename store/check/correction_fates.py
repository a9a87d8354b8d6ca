"""What becomes of items when their article is corrected, and how many go where."""

from __future__ import annotations

from collections.abc import Iterable
from typing import NamedTuple

from store.access.session import Row
from store.text.reanchor import CHANGED, MOVED, OTHER_WORDS, REPLACED, VANISHED, Landing, alike
from store.text.triage import triage

CARRIED = "carried"
SPACING = "spacing"

_WORDS = frozenset({OTHER_WORDS, REPLACED})
"""Reasons for which the words themselves decide."""


class Fate(NamedTuple):
    """Where one item goes: ``outcome`` is moved, carried, changed or vanished, ``reason`` says why not just moved."""

    kind: str
    id: str
    claim: str
    heads: str
    outcome: str
    reason: str
    before: str
    start: int = 0
    end: int = 0
    restored: bool = False


class MoveCounts(NamedTuple):
    """How many claims went where in a correction, and how many stretches are to be read again."""

    moved: int = 0
    carried: int = 0
    to_check: int = 0
    gone: int = 0
    unread: int = 0

    def __str__(self) -> str:
        """In words: ``12 claims moved, 3 with small changes, 2 to check, 1 gone; 2 stretches to read again``."""
        moved = f"{self.moved:,} claim{'s' * (self.moved != 1)} moved"
        rest = ((self.carried, "with small changes"), (self.to_check, "to check"), (self.gone, "gone"))
        said = ", ".join([moved, *(f"{count:,} {what}" for count, what in rest if count)])
        again = f"; {self.unread:,} stretch{'es' * (self.unread != 1)} to read again" if self.unread else ""
        return said + again


def fate_of(row: Row, landing: Landing, old: str, new: str, language: str) -> Fate:
    """What becomes of an item, with the changed words that change nothing let through."""
    quote = old[row["start"] : row["end"]]
    made = Fate(row["kind"], row["id"], row["claim"], row["heads"], landing.outcome, landing.why, quote,
                landing.start, landing.end)  # fmt: skip
    now = new[landing.start : landing.end]
    if landing.outcome == VANISHED:
        return made
    if row["open"] and alike(row["open"], now):
        return made._replace(outcome=MOVED, reason="", restored=True)
    if landing.outcome == MOVED:
        made = made._replace(restored=bool(row["left"]))
        return made if now == quote else made._replace(outcome=CARRIED, reason=SPACING)
    if landing.why in _WORDS:
        judged = triage(old, (row["start"], row["end"]), new, (landing.start, landing.end), language)
        made = made._replace(outcome=CARRIED if judged.carried else CHANGED, reason=judged.reason)
    if row["kind"] == "sweeps" and made.outcome == CHANGED:
        return made._replace(outcome=VANISHED, start=0, end=0)
    return made


def move_counts(fates: Iterable[Fate]) -> MoveCounts:
    """How many claims, and stretches that were swept, go where."""
    fates = list(fates)
    claims = [one.outcome for one in fates if one.kind == "claims"]
    unread = sum(one.kind == "sweeps" and one.outcome == VANISHED for one in fates)
    return MoveCounts(
        claims.count(MOVED) + claims.count(CARRIED), claims.count(CARRIED), claims.count(CHANGED),
        claims.count(VANISHED), unread,
    )  # fmt: skip
