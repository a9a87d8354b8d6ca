"""Every wait has an end: a test that takes longer than it may fails, and the next one runs."""

from __future__ import annotations

import signal
from collections.abc import Iterator
from contextlib import contextmanager
from types import FrameType

PATIENCE = 120.0
"""Seconds until what another program or thread does is given up. It is longer than the busiest machine takes, and
shorter than the time that a test has, so that what is missing is said."""


class TookTooLong(BaseException):
    """A test is not at its end after the time it has.

    No ``Exception``, so that nothing on the way takes it for an error of the program and carries on.
    """


@contextmanager
def at_most(seconds: float) -> Iterator[None]:
    """What is done here is broken off after so many seconds, wherever it is; again each second, if it carries on."""

    def enough(number: int, frame: FrameType | None) -> None:
        raise TookTooLong(f"not done after {seconds:g} s")

    before = signal.signal(signal.SIGALRM, enough)
    signal.setitimer(signal.ITIMER_REAL, seconds, 1.0)
    try:
        yield
    finally:
        signal.setitimer(signal.ITIMER_REAL, 0)
        signal.signal(signal.SIGALRM, before)
