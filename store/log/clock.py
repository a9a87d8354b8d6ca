"""Ids that are also a clock: UUIDv7 that never runs backwards within a desk.

An id's first 48 bits are milliseconds since 1970 and the next 12 a counter, as RFC 9562 lays them out, so ids
sort by the moment they were made. ``after`` makes an id greater than the newest one the desk holds even when the
wall clock stands behind it, so every change sorts after everything its author had seen.
"""

from __future__ import annotations

import os
import time
import uuid
from functools import lru_cache

_DESK = uuid.UUID("5b0d1f0a-6a0e-5d0b-9b39-6f1c0f0fac75")


def now() -> int:
    """Milliseconds since 1970, UTC, by the wall clock."""
    return time.time_ns() // 1_000_000


def after(last: str, at: int | None = None) -> str:
    """A new id greater than ``last`` (an id, or empty), carrying the time ``at`` or now, in ms."""
    ms, count = (now() if at is None else at), 0
    if last:
        bits = uuid.UUID(last).int
        seen_ms, seen_count = bits >> 80, (bits >> 64) & 0xFFF
        if seen_ms >= ms:
            ms, count = (seen_ms, seen_count + 1) if seen_count < 0xFFF else (seen_ms + 1, 0)
    value = ms << 80 | 0x7 << 76 | count << 64 | 0b10 << 62 | int.from_bytes(os.urandom(8), "big") >> 2
    return str(uuid.UUID(int=value))


@lru_cache(maxsize=8192)
def derived(kind: str, *key: str) -> str:
    """The id of a thing that has a key of its own, so that two desks creating it meet in one item (UUIDv5)."""
    return str(uuid.uuid5(_DESK, "\x1f".join((kind, *key))))
