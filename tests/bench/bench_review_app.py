"""A key of the review until it is saved and the next claim is shown: ``python -m tests.bench.bench_review_app``."""

from __future__ import annotations

import os
import sys
import tempfile
from pathlib import Path

from store.desk import Desk
from tests.bench.bench_app import SIZES, make_desk
from tests.bench.frames import Between, Frames, frame_ratios, in_fresh_processes, measure, print_table, report
from tests.bench.ratios import Ratio
from tui.app import FactdeskApp
from tui.settings import Settings

GOALS = {"agree": 3.0, "nothing here": 3.0, "propose span": 3.0, "own verdict": 3.0}
_GOALS = {f"{name}: {operation}": goal for name in SIZES for operation, goal in GOALS.items()}


def one_run() -> dict[str, Frames]:
    os.environ["FACTDESK_CONFIG"] = tempfile.mkdtemp()
    between = Between()
    for name, (length, claims) in SIZES.items():
        folder = Path(tempfile.mkdtemp())
        make_desk(folder / "desk.db", length, claims)

        def run(keys: list[str], counted: str, folder: Path = folder) -> Frames:
            with Desk.open(folder / "desk.db", "Reviewer") as desk:
                app = FactdeskApp(desk, Settings(reviewer="Reviewer"), desk.articles.all()[0], "", "")
                return measure(lambda: app, keys, counted=[counted])

        start = ["right_square_bracket"] * 5
        between.keep(f"{name}: agree", run([*start, *["a"] * 12], "a"))
        between.keep(f"{name}: nothing here", run([*start, *["right_square_bracket", "minus"] * 12], "minus"))
        between.keep(
            f"{name}: propose span", run([*start, *["right_square_bracket", "comma", "full_stop"] * 6], "comma")
        )
        between.keep(f"{name}: own verdict", run([*start, *["right_square_bracket", "1", "2"] * 6], "2"))
    return between.measured


def ratios(quick: bool = False) -> list[Ratio]:
    """The review's frames against an empty app's: what is decided is on the disk before its frame."""
    measured = in_fresh_processes("tests.bench.bench_review_app", 1 if quick else 3)
    small, large = SIZES
    found = frame_ratios(measured, _GOALS, large, small)
    return [ratio._replace(what=f"review, {ratio.what}") for ratio in found]


def main() -> None:
    if "--once" in sys.argv:
        report(one_run())
        return
    print_table(in_fresh_processes("tests.bench.bench_review_app"), _GOALS)


if __name__ == "__main__":
    main()
