"""The driver of a real terminal: sizes of the window are told one after the other, however fast they come."""

from __future__ import annotations

import asyncio
import signal
from collections.abc import Iterator

import pytest
from textual.drivers.linux_driver import LinuxDriver

from tui.keys.terminal import TerminalDriver


@pytest.fixture
def signals() -> Iterator[None]:
    before = signal.getsignal(signal.SIGWINCH)
    yield
    signal.signal(signal.SIGWINCH, before)


async def test_a_flood_of_sizes_is_told_in_turn_and_the_last_is_not_missed(
    monkeypatch: pytest.MonkeyPatch, signals: None
) -> None:
    depths: list[int] = []
    depth = 0

    def tell(number: int, frame: object) -> None:
        nonlocal depth
        depth += 1
        depths.append(depth)
        if len(depths) == 1:  # others come while this one is told
            for _ in range(3):
                signal.raise_signal(signal.SIGWINCH)
        depth -= 1

    def start(driver: LinuxDriver) -> None:
        signal.signal(signal.SIGWINCH, tell)

    monkeypatch.setattr(LinuxDriver, "start_application_mode", start)
    driver = TerminalDriver.__new__(TerminalDriver)
    driver._writer_thread = None
    driver.start_application_mode()
    for _ in range(1_000):
        signal.raise_signal(signal.SIGWINCH)
    assert depths == []
    for _ in range(3):
        await asyncio.sleep(0)
    assert depths == [1, 1], "one for the thousand, and one for those that came while it was told"
