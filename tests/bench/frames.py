"""Measuring how long a key takes to become a frame.

An app runs in process with a driver that serialises every frame as for a terminal and counts the bytes. A step (a
key or a mouse event) is timed from its way into the driver to the first frame after it, and to the last one before
the app has been silent for a while. Milliseconds depend on the machine, and on a busy one on the second: so each
operation is measured between two runs of an empty app (`Floor`), and compared with the mean of them.
"""

from __future__ import annotations

import asyncio
import json
import statistics
import subprocess
import sys
from collections.abc import Awaitable, Callable, Collection, Iterable, Mapping, Sequence
from dataclasses import asdict, dataclass, replace
from time import perf_counter
from typing import Any, TypeVar

from textual import events
from textual.app import App, ComposeResult
from textual.drivers.headless_driver import HeadlessDriver
from textual.keys import _character_to_key
from textual.widgets import Static

from tests.bench.ratios import Ratio

# Seconds without a frame after which a step has settled: more than Textual's frame, which a step in a hurry waits for.
SILENCE = 0.03
QUICK = "--quick" in sys.argv  # fewer steps
FEW = 24  # steps of a quick run
PATIENCE = 2.0  # seconds after which a step that counts and has no frame is an error
LENIENCE = 0.2  # seconds after which one that only leads up to those may have changed nothing

AnyApp = TypeVar("AnyApp", bound=App[Any])
Step = str | Callable[[], events.Event]


class Sink(HeadlessDriver):
    """A terminal that keeps what it was sent, as text, and when."""

    sent: list[str]

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.sent = []

    @property
    def is_headless(self) -> bool:
        return False  # a headless app skips serialising its frames

    def write(self, data: str) -> None:
        self.sent.append(data)


class Floor(App[None]):
    """The least an app can do: one line of text, drawn again at each key."""

    CSS = "Static { height: 1; }"

    def compose(self) -> ComposeResult:
        yield Static("0", markup=False)

    def on_mount(self) -> None:
        self.count = 0

    def on_key(self, event: events.Key) -> None:
        self.count += 1
        self.query_one(Static).update(str(self.count), layout=False)


@dataclass(frozen=True)
class Frames:
    """Medians over the steps: milliseconds to the first frame and to the last, and bytes sent."""

    first: float
    settled: float
    bytes: float
    steps: int
    floor: float = 0.0
    """Milliseconds to the first frame of the empty app, before and after."""

    @property
    def ratio(self) -> float:
        """The first frame as a multiple of the floor."""
        return self.first / self.floor


async def run_steps(
    app: AnyApp,
    steps: Iterable[Step],
    size: tuple[int, int] = (120, 40),
    prepare: Callable[[AnyApp], Awaitable[None]] | None = None,
    warm_up: int = 5,
    counted: Collection[Step] | None = None,
) -> Frames:
    """Run ``app`` and time each step but the first ``warm_up``; one of these without a frame is an error.

    With ``counted`` only these steps enter the medians; the others lead up to them.
    """
    app.driver_class = Sink
    async with app.run_test(headless=False, size=size) as pilot:
        driver = app._driver
        assert isinstance(driver, Sink)
        drawn: list[float] = []
        happened = asyncio.Event()

        def after_display() -> None:
            if driver.sent:
                drawn.append(perf_counter())
                happened.set()

        app.post_display_hook = after_display  # type: ignore[method-assign]
        if prepare is not None:
            await prepare(app)
        await pilot.pause(0.1)
        rows: list[tuple[float, float, int]] = []
        for number, step in enumerate(steps):
            event = _key(step) if isinstance(step, str) else step()
            driver.sent.clear()
            drawn.clear()
            happened.clear()
            start = perf_counter()
            driver.process_message(event)
            counts = number >= warm_up and (counted is None or step in counted)
            try:
                await asyncio.wait_for(happened.wait(), PATIENCE if counts else LENIENCE)
            except asyncio.TimeoutError:
                if counts:
                    raise
                continue
            while True:
                happened.clear()
                try:
                    await asyncio.wait_for(happened.wait(), SILENCE)
                except asyncio.TimeoutError:
                    break
            if counts:
                size_sent = sum(map(len, driver.sent))
                rows.append(((drawn[0] - start) * 1000, (drawn[-1] - start) * 1000, size_sent))
    first, settled, sent = (statistics.median(column) for column in zip(*rows, strict=True))
    return Frames(first, settled, sent, len(rows))


def measure(
    app_factory: Callable[[], AnyApp],
    keys: Iterable[Step],
    size: tuple[int, int] = (120, 40),
    prepare: Callable[[AnyApp], Awaitable[None]] | None = None,
    counted: Collection[Step] | None = None,
) -> Frames:
    """Run an app of its own through ``keys`` (Textual's key names, or makers of events)."""
    some = list(keys)[: FEW if QUICK else None]
    return asyncio.run(run_steps(app_factory(), some, size, prepare, counted=counted))


class Between:
    """Keeps the frames of operations by name, each measured between two runs of the empty app."""

    def __init__(self) -> None:
        self.measured: dict[str, Frames] = {}
        self._before = self._floor()

    def keep(self, name: str, frames: Frames) -> None:
        """Keep what has been measured since this was made, or since the last call."""
        after = self._floor()
        self.measured[name] = replace(frames, floor=(self._before + after) / 2)
        self._before = after

    def _floor(self) -> float:
        return measure(Floor, ["j"] * 30).first


def in_fresh_processes(module: str, runs: int = 3, arguments: Sequence[str] = ()) -> dict[str, Frames]:
    """Run ``python -m module --once`` several times and keep the middle one by ratio of each operation's medians.

    Each run prints what `report` prints.
    """
    found: dict[str, list[Frames]] = {}
    command = [sys.executable, "-m", module, "--once", *(["--quick"] if QUICK else []), *arguments]
    for _ in range(runs):
        done = subprocess.run(command, check=True, capture_output=True, text=True)
        for name, values in json.loads(done.stdout.splitlines()[-1]).items():
            found.setdefault(name, []).append(Frames(**values))
    return {name: sorted(each, key=lambda frames: frames.ratio)[len(each) // 2] for name, each in found.items()}


def report(measured: Mapping[str, Frames]) -> None:
    """Print a run's medians as one line of JSON."""
    print(json.dumps({name: asdict(frames) for name, frames in measured.items()}))


def print_table(measured: Mapping[str, Frames], goals: Mapping[str, float]) -> None:
    """Print each operation with a goal as a multiple of its floor; the first frame is judged.

    What follows the first frame (the panel when the caret rests, a page painted ahead) is in "settled".
    """
    print(f"{'':38}{'first':>9}{'goal':>8}{'ms':>8}{'settled':>9}{'floor':>8}{'bytes':>8}")
    for name, goal in goals.items():
        frames = measured[name]
        mark = "  over" if frames.ratio > goal else ""
        times = f"{frames.first:8.2f}{frames.settled:9.2f}{frames.floor:8.2f}"
        print(f"{name:38}{frames.ratio:8.2f}×{f'≤ {goal:g}':>8}{times}{frames.bytes:8.0f}{mark}")


def frame_ratios(measured: Mapping[str, Frames], goals: Mapping[str, float], large: str, small: str) -> list[Ratio]:
    """Each operation's first frame against the floor, and that of the large article against the small one."""
    found = [Ratio(name, measured[name].ratio, goal) for name, goal in goals.items()]
    for name in goals:
        size, _, operation = name.rpartition(": ")
        if size == large and f"{small}: {operation}" in goals:
            ratio = measured[name].ratio / measured[f"{small}: {operation}"].ratio
            found.append(Ratio(f"{large} against {small}: {operation}", ratio, 1.2))
    return found


def _key(name: str) -> events.Key:
    character = name if len(name) == 1 else None
    return events.Key(_character_to_key(name) if character else name, character)
