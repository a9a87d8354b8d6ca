"""People's sets side by side: opening the screen, and a key until it is saved and shown.

``python -m tests.bench.bench_compare``. Two sets of 5,000 claims on one article of 1 MB.
"""

from __future__ import annotations

import asyncio
import json
import os
import subprocess
import sys
import tempfile
from collections.abc import Callable
from pathlib import Path
from time import perf_counter

from store.desk import Desk
from store.settle.comparison_groups import AGREED
from tests.bench.bench_view import article
from tests.bench.frames import SILENCE, Between, Frames, Sink, measure
from tests.bench.ratios import Ratio, print_ratios
from tui.app import FactdeskApp
from tui.compare.open_comparison import Heading
from tui.compare.screen import CompareScreen
from tui.kit.screen import DeskScreen
from tui.settings import Settings

LENGTH, CLAIMS = 1_000_000, 5_000
KEYS = {
    "next place": ["right_square_bracket"],
    "caret": ["l"],
    "settle what all agree on": ["3"],
    "settle with a reason": ["1", "enter"],
}


def make_desk(path: Path, length: int, claims: int) -> None:
    """A desk on which Ana has tagged so many claims, and Ben as many: a third the same, the others' edges differ."""
    text, marks, _ = article(length, 2 * claims)
    with Desk.open(path, "Ana") as desk:
        made = desk.articles.add(text, title="Bench")
        kinds = [kind.key for kind in desk.scheme.active]
        spans = sorted({(mark.start, mark.end) for mark in marks})[:claims]
        ids = []
        with desk.together():
            for number, (start, end) in enumerate(spans):
                claim = desk.claims.tag(made, start, end)
                desk.verdicts.give(claim, kinds[number % len(kinds)])
                ids.append(claim.id)
        desk.be("Ben")
        with desk.together():
            for number, (id, (start, end)) in enumerate(zip(ids, spans, strict=True)):
                if number % 3 == 0:
                    desk.reviews.decide(id, "agree")
                elif number % 3 == 1:
                    desk.reviews.decide(id, "change_span", span=(start, end - 1))
                else:
                    desk.reviews.decide(id, "change_verdict", verdict=kinds[(number + 1) % len(kinds)])
        desk.library.stats()  # its sentences are found and kept, so that neither screen has to wait for them


async def _opening(desk: Desk, show: Callable[[FactdeskApp], None]) -> tuple[float, float]:
    """Milliseconds until a screen's first frame, and until all of it is drawn."""
    app = FactdeskApp(desk, Settings(reviewer=desk.reviewer))
    app.driver_class = Sink
    async with app.run_test(headless=False, size=(120, 40)) as pilot:
        await pilot.pause(0.3)
        driver = app._driver
        assert isinstance(driver, Sink)
        frames: list[float] = []
        library = app.screen
        app.post_display_hook = lambda: frames.append(perf_counter()) if app.screen is not library else None  # type: ignore[method-assign]
        begun = perf_counter()
        show(app)
        while not (isinstance(app.screen, DeskScreen) and app.screen is not library and app.screen.listening):
            await asyncio.sleep(0.001)
        while perf_counter() - frames[-1] < SILENCE:
            await asyncio.sleep(SILENCE)
        return (frames[0] - begun) * 1000, (frames[-1] - begun) * 1000


def one_run(quick: bool) -> dict[str, list[float]]:
    """Milliseconds to the first frame and to the last of a screen; of keys, the first as a multiple of the floor."""
    os.environ["FACTDESK_CONFIG"] = tempfile.mkdtemp()
    path = Path(tempfile.mkdtemp()) / "desk.db"
    make_desk(path, LENGTH // 10 if quick else LENGTH, CLAIMS // 10 if quick else CLAIMS)
    found: dict[str, list[float]] = {}
    for name, show in (
        ("article", lambda app: app.open_article(app.desk.articles.all()[0])),
        ("compare", lambda app: app.open_comparison(app.desk.articles.all()[0])),
    ):
        with Desk.open(path, "Dana") as desk:
            found[name] = list(asyncio.run(_opening(desk, show)))
    between = Between()
    for name, keys in KEYS.items():
        with Desk.open(path, "Dana") as desk:
            app = FactdeskApp(desk, Settings(reviewer="Dana"))
            between.keep(name, _keys(app, keys, 12 if quick else 25))
    return found | {name: [frames.ratio] for name, frames in between.measured.items()}


def _keys(app: FactdeskApp, keys: list[str], times: int) -> Frames:
    async def prepare(app: FactdeskApp) -> None:
        app.open_comparison(app.desk.articles.all()[0])
        while not (isinstance(app.screen, DeskScreen) and hasattr(app.screen, "find_line") and app.screen.listening):
            await asyncio.sleep(0.01)
        screen = app.screen
        assert isinstance(screen, CompareScreen)
        screen.why_line.last = "So it is."
        if keys == KEYS["settle what all agree on"]:
            screen._show_only(Heading(AGREED))
        await asyncio.sleep(0.2)

    return measure(lambda: app, keys * times, prepare=prepare, counted=[keys[-1]])


def _runs(times: int, quick: bool) -> dict[str, list[float]]:
    """The middle one of the runs, for each of what is measured."""
    found: dict[str, list[list[float]]] = {}
    for _ in range(times):
        arguments = [sys.executable, "-m", "tests.bench.bench_compare", "--once", *(["--quick"] if quick else [])]
        done = subprocess.run(arguments, check=True, capture_output=True, text=True)
        for name, values in json.loads(done.stdout.splitlines()[-1]).items():
            found.setdefault(name, []).append(values)
    return {name: sorted(values)[times // 2] for name, values in found.items()}


def ratios(quick: bool = False) -> list[Ratio]:
    """Opening against the article screen on the same article; keys against an empty app's."""
    middle = _runs(1 if quick else 3, quick)
    opened, plain = middle["compare"], middle["article"]
    return [
        Ratio("compare, first frame against the article screen's", opened[0] / plain[0], 2.0),
        Ratio("compare, all drawn against the article screen", opened[1] / plain[1], 2.0),
        *(Ratio(f"compare, {name}", middle[name][0], 3.0) for name in KEYS),
    ]


def main() -> None:
    if "--once" in sys.argv:
        print(json.dumps(one_run("--quick" in sys.argv)))
        return
    print_ratios(ratios("--quick" in sys.argv))


if __name__ == "__main__":
    main()
