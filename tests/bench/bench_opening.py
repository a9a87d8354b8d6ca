"""Keys pressed in the first two seconds of a long article with many claims: ``python -m tests.bench.bench_opening``."""

from __future__ import annotations

import asyncio
import gc
import json
import os
import subprocess
import sys
import tempfile
from itertools import cycle
from pathlib import Path
from time import perf_counter, thread_time
from typing import Any, NamedTuple

from store.desk import Desk
from tests.bench.bench_app import make_desk
from tests.bench.frames import Sink, _key
from tests.bench.ratios import Ratio, print_ratios

LENGTH, CLAIMS = 1_000_000, 5_000
SECONDS = 2.0
EVERY = 0.05
"""Seconds between two keys."""
KEYS = ("right", "down", "ctrl+right", "pagedown", "up", "end")


class Waits(NamedTuple):
    """Milliseconds: the longest that a key waited for its frame, and that one callback kept the processor."""

    key: float
    callback: float
    ready: float
    which: str


async def _open(desk: Desk) -> Waits:
    from tui.app import FactdeskApp
    from tui.settings import Settings

    app = FactdeskApp(desk, Settings(reviewer="Bench"), desk.articles.all()[0])
    app.driver_class = Sink
    drawn = asyncio.Event()
    app.post_display_hook = drawn.set  # type: ignore[method-assign]
    longest, which, most, ready = 0.0, "", 0.0, 0.0
    run = asyncio.Handle._run

    def timed(handle: Any) -> None:
        nonlocal most, which
        begun = thread_time()
        run(handle)
        took = (thread_time() - begun) * 1000
        if counting and took > most:
            most, which = took, repr(handle)[:200]

    counting = True  # from the first frame on, and all that leads up to it
    asyncio.Handle._run = timed  # type: ignore[assignment,method-assign]
    try:
        async with app.run_test(headless=False, size=(120, 40)):
            driver, screen = app._driver, app.screen
            assert driver is not None
            began = perf_counter()
            for key in cycle(KEYS):
                pressed = perf_counter()
                if pressed - began > SECONDS:
                    break
                drawn.clear()
                driver.process_message(_key(key))
                await asyncio.wait_for(drawn.wait(), 10)
                longest = max(longest, (perf_counter() - pressed) * 1000)
                ready = ready or (getattr(screen, "listening", False) and (perf_counter() - began) * 1000)
                await asyncio.sleep(EVERY)
            counting = False
    finally:
        asyncio.Handle._run = run  # type: ignore[method-assign]
    return Waits(longest, most, ready, which)


def one_run(path: Path) -> Waits:
    gc.disable()  # as the command does while it starts
    with Desk.open(path, "Bench") as desk:
        return asyncio.run(_open(desk))


def measured(rounds: int) -> Waits:
    """The least of several rounds, each in a process of its own that opens the article as for the first time."""
    with tempfile.TemporaryDirectory() as name:
        path = Path(name) / "desk.db"
        make_desk(path, LENGTH, CLAIMS)
        found = []
        for _ in range(rounds + 1):
            command = [sys.executable, "-m", "tests.bench.bench_opening", "--once", str(path)]
            done = subprocess.run(command, check=True, capture_output=True, text=True, env=os.environ | {
                "FACTDESK_CONFIG": name})  # fmt: skip
            found.append(Waits(*json.loads(done.stdout.splitlines()[-1])))
    return Waits(*(min(column) for column in zip(*found[1:], strict=True)))


def ratios(quick: bool = False) -> list[Ratio]:
    """How long keys wait while the claims of a long article come in."""
    waits = measured(2 if quick else 5)
    what = "1 MB with 5,000 claims, first two seconds"
    return [
        Ratio(f"{what}: longest wait of a key", waits.key, 50, "ms"),
        Ratio(f"{what}: longest callback", waits.callback, 25, "ms"),
    ]


def main() -> None:
    if "--once" in sys.argv:
        print(json.dumps(one_run(Path(sys.argv[-1]))))
    else:
        print_ratios(ratios("--quick" in sys.argv))


if __name__ == "__main__":
    main()
