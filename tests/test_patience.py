"""A test that would never end fails, whether it is busy or only waits."""

from __future__ import annotations

import asyncio
import subprocess
import sys
import threading
from collections.abc import Callable

import pytest

from tests.kit.patience import TookTooLong, at_most


def busy() -> None:
    while True:
        pass


def wait_for_a_thread() -> None:
    threading.Event().wait()


def wait_for_a_program() -> None:
    with subprocess.Popen([sys.executable, "-c", "input()"], stdin=subprocess.PIPE) as program:
        try:
            program.wait()
        finally:
            program.kill()


def wait_in_the_loop() -> None:
    async def forever() -> None:
        while True:
            await asyncio.sleep(0)

    asyncio.run(forever())


@pytest.mark.parametrize("what", [busy, wait_for_a_thread, wait_for_a_program, wait_in_the_loop])
def test_what_never_ends_is_broken_off(what: Callable[[], None]) -> None:
    with pytest.raises(TookTooLong), at_most(0.05):
        what()
    with at_most(60.0):  # and the next one has its own time
        pass
