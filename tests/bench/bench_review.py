"""Twenty people reviewing one desk file at once, an edit a second each, against one person alone.

    python -m tests.bench.bench_review

Each person is a process of its own that decides on one claim after another. A save is the time `Desk.review` takes.
"""

from __future__ import annotations

import subprocess
import sys
import tempfile
import time
from pathlib import Path
from statistics import median

from store.desk import Desk
from tests.bench.ratios import Ratio, print_ratios

PEOPLE = 20
SECONDS = 10
CLAIMS = 400
ROOT = Path(__file__).parents[2]
REVIEWER = f"""
import random, sys, time
sys.path.insert(0, {str(ROOT)!r})
from store.desk import Desk
path, name, begins, seconds = sys.argv[1], sys.argv[2], float(sys.argv[3]), int(sys.argv[4])
chance = random.Random(name)
with Desk.open(path, name) as desk:
    claims = desk.claims.of("1")
    chance.shuffle(claims)
    desk.reviews.decide(claims.pop(), "agree")  # the first makes the person known
    begins += chance.random()  # people do not press keys at the same moment
    for second in range(seconds):
        time.sleep(max(0, begins + second - time.time()))
        began = time.perf_counter()
        desk.reviews.decide(claims.pop(), chance.choice(["agree", "reject_claim", "needs_evidence"]))
        print(time.perf_counter() - began, flush=True)
"""


def make(path: Path) -> None:
    """A desk with one article, all of it checked by Ana."""
    with Desk.open(path, "Ana") as desk, desk.together():
        article = desk.articles.add(" ".join(f"Claim {n}." for n in range(CLAIMS * 2)))
        for start, end in desk.coverage.sentences(article)[:CLAIMS]:
            desk.verdicts.give(desk.claims.tag(article, start, end), "mixed", "so")


def saves(path: Path, people: int, seconds: int) -> list[float]:
    """How long each save took, in seconds, of so many people at once."""
    begins = time.time() + 1 + people / 4  # when all are started
    running = [
        subprocess.Popen(
            [sys.executable, "-c", REVIEWER, str(path), f"Reviewer {n}", str(begins), str(seconds)],
            stdout=subprocess.PIPE, text=True,
        )
        for n in range(people)
    ]  # fmt: skip
    took: list[float] = []
    for one in running:
        said, _ = one.communicate(timeout=300)
        if one.returncode:
            raise SystemExit("A reviewer could not save.")
        took += map(float, said.split())
    return took


def ratios(quick: bool = False) -> list[Ratio]:
    """The median save of all at once against that of one alone."""
    with tempfile.TemporaryDirectory() as name:
        alone, together = Path(name) / "alone.db", Path(name) / "together.db"
        make(alone)
        make(together)
        seconds = 4 if quick else SECONDS
        one = median(saves(alone, 1, seconds))
        many = median(saves(together, PEOPLE, seconds))
        return [Ratio(f"saved decision, {PEOPLE} people at once against one alone", many / one, 3)]


def main() -> None:
    print_ratios(ratios("--quick" in sys.argv[1:]))


if __name__ == "__main__":
    main()
