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
from hashlib import sha1

_DESK = uuid.UUID("5b0d1f0a-6a0e-5d0b-9b39-6f1c0f0fac75")

LATEST = 253402214399999
"""The last moment that can be told, in ms: the end of 9999-12-30 UTC, so that it is in that year on every clock."""


def now() -> int:
    """Milliseconds since 1970, UTC, by the wall clock."""
    return time.time_ns() // 1_000_000


class Run:
    """Makes ids one after the other: each greater than the one before, and all greater than ``last``."""

    def __init__(self, last: str = "") -> None:
        """``last`` is an id, or empty."""
        try:
            bits = uuid.UUID(last).int if last else 0
        except ValueError:  # another program has put it there, and it is not a time to go by
            bits = 0
        self._ms, self._count = bits >> 80, (bits >> 64) & 0xFFF

    def next(self, at: int | None = None) -> str:
        """A new id that carries the time ``at`` or now, in ms."""
        ms = now() if at is None else at
        if ms > self._ms:
            self._ms, self._count = ms, 0
        elif self._count < 0xFFF:
            self._count += 1
        else:
            self._ms, self._count = self._ms + 1, 0
        head, tail = f"{self._ms:012x}", f"{int.from_bytes(os.urandom(8), 'big') >> 2 | 0b10 << 62:016x}"
        return f"{head[:8]}-{head[8:]}-7{self._count:03x}-{tail[:4]}-{tail[4:]}"


def after(last: str, at: int | None = None) -> str:
    """A new id greater than ``last`` (an id, or empty), carrying the time ``at`` or now, in ms."""
    return Run(last).next(at)


@lru_cache(maxsize=8192)
def derived(kind: str, *key: str) -> str:
    """The id of a thing that has a key of its own, so that two desks creating it meet in one item (UUIDv5)."""
    made = sha1(_DESK.bytes + "\x1f".join((kind, *key)).encode(errors="surrogatepass"), usedforsecurity=False).digest()
    bits = int.from_bytes(made[:16], "big") & ~(0xF000 << 64) & ~(0xC000 << 48) | 0x5 << 76 | 0b10 << 62
    told = f"{bits:032x}"
    return f"{told[:8]}-{told[8:12]}-{told[12:16]}-{told[16:20]}-{told[20:]}"
