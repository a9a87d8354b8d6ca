"""What becomes of one item when its article is corrected."""

from __future__ import annotations

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
