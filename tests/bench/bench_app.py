"""The whole app: a key on the article screen until it is saved and shown: ``python -m tests.bench.bench_app``."""

from __future__ import annotations

import os
import sys
import tempfile
from pathlib import Path

from store.desk import Desk
from tests.bench.bench_view import NEW_PAGE, article
from tests.bench.frames import QUICK, Between, Frames, frame_ratios, in_fresh_processes, measure, print_table, report
from tests.bench.ratios import Ratio
from tui.app import FactdeskApp
from tui.settings import Settings

LARGE, LARGE_SIZE = ("100 kB, 1 000", (100_000, 1_000)) if QUICK else ("1 MB, 10 000", (1_000_000, 10_000))
SIZES = {"5 kB, 20 claims": (5_000, 20), LARGE: LARGE_SIZE}
GOALS = {"caret": 2.0, "extend": 2.0, "scroll row": 3.0, "scroll page": 3.0, "tag": 3.0, "verdict": 3.0, "sweep": 3.0}
_GOALS = {f"{name}: {operation}": goal for name in SIZES for operation, goal in GOALS.items()}
_GOALS[f"{LARGE}: {NEW_PAGE}"] = GOALS["scroll page"]


def make_desk(path: Path, length: int, claims: int) -> None:
    """A desk with one article of ``length`` code points and about ``claims`` claims, most with a verdict."""
    text, marks, _ = article(length, claims)
    with Desk.open(path, "Bench") as desk:
        made = desk.articles.add(text, title="Bench")
        seen: set[tuple[int, int]] = set()
        kinds = [kind.key for kind in desk.scheme.active]
        with desk.together():
            for number, mark in enumerate(marks):
                if (mark.start, mark.end) not in seen:
                    seen.add((mark.start, mark.end))
                    claim = desk.claims.tag(made, mark.start, mark.end)
                    if number % 4:
                        desk.verdicts.give(claim, kinds[number % len(kinds)])


def one_run() -> dict[str, Frames]:
    os.environ["FACTDESK_CONFIG"] = tempfile.mkdtemp()
    between = Between()
    for name, (length, claims) in SIZES.items():
        folder = Path(tempfile.mkdtemp())
        make_desk(folder / "desk.db", length, claims)

        def run(keys: list[str], counted: str = "", folder: Path = folder) -> Frames:
            with Desk.open(folder / "desk.db", "Bench") as desk:
                app = FactdeskApp(desk, Settings(reviewer="Bench"), desk.articles.all()[0])
                return measure(lambda: app, keys, counted=[counted] if counted else None)

        start = ["ctrl+end", "ctrl+home", "l", "l", "ctrl+home"]
        between.keep(f"{name}: caret", run(["l"] * 50))
        between.keep(f"{name}: extend", run(["v", *["w"] * 50], "w"))
        between.keep(f"{name}: scroll row", run(["j"] * 80))
        between.keep(f"{name}: scroll page", run(["pagedown", "pageup"] * 30))
        if length > 10_000:
            between.keep(f"{name}: {NEW_PAGE}", run(["pagedown"] * 60))
        between.keep(f"{name}: tag", run([*start, *["f", "t"] * 12], "t"))
        between.keep(f"{name}: verdict", run([*start, *["right_square_bracket", "1", "2"] * 12], "2"))
        between.keep(f"{name}: sweep", run([*start, *["f", "s"] * 12], "s"))
    return between.measured


def ratios(quick: bool = False) -> list[Ratio]:
    """The app's frames against an empty app's: what is written is on the disk before its frame."""
    measured = in_fresh_processes("tests.bench.bench_app", 1 if quick else 3)
    small, large = SIZES
    found = frame_ratios(measured, _GOALS, large, small)
    return [ratio._replace(what=f"app, {ratio.what}") for ratio in found]


def main() -> None:
    if "--once" in sys.argv:
        report(one_run())
        return
    print_table(in_fresh_processes("tests.bench.bench_app"), _GOALS)


if __name__ == "__main__":
    main()
