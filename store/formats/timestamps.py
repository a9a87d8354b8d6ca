"""Moments as files tell them: ISO 8601 in UTC, to the millisecond."""

from __future__ import annotations

from datetime import datetime, timezone

from store.log.clock import LATEST


def to_iso(ms: int) -> str:
    """A moment (ms UTC) such as 2025-02-20T09:14:00.000Z; empty for 0, which is not a moment."""
    if not 0 < ms <= LATEST:
        return ""
    moment = datetime.fromtimestamp(ms / 1000, timezone.utc)
    return moment.isoformat(timespec="milliseconds").replace("+00:00", "Z")


def from_iso(said: str) -> int:
    """The moment in ms UTC that a text tells; 0 when it tells none. Without a zone it is UTC."""
    said = said.strip()
    try:
        moment = datetime.fromisoformat(said.removesuffix("Z") + ("+00:00" if said.endswith("Z") else ""))
        aware = moment if moment.tzinfo else moment.replace(tzinfo=timezone.utc)
        return min(max(0, round(aware.timestamp() * 1000)), LATEST)
    except (ValueError, OverflowError):
        return 0
