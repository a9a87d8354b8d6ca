"""Many at one desk file at once: twenty people reviewing, an edit a second each, and eight programs that never pause.

    python -m tests.bench.bench_review

Each is a process of its own. A save is the time that `Reviews.decide` or `Claims.edit` takes, on the clock.
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
PROGRAMS = 8
MINUTE = 60
SAVER = f"""
import sys, time
sys.path.insert(0, {str(ROOT)!r})
from store.desk import Desk
path, name, begins, seconds = sys.argv[1], sys.argv[2], float(sys.argv[3]), int(sys.argv[4])
with Desk.open(path, name) as desk:
    claims = desk.claims.of("1")
    time.sleep(max(0, begins - time.time()))
    begins, saved = max(begins, time.time()), 0
    while time.time() < begins + seconds:
        began = time.perf_counter()
        desk.claims.edit(claims[saved % len(claims)], claimant=f"{{name}} {{saved}}")
        print(time.perf_counter() - began, flush=True)
        saved += 1
"""


def make(path: Path) -> None:
    """A desk with one article, all of it checked by Ana."""
    with Desk.open(path, "Ana") as desk, desk.together():
        article = desk.articles.add(" ".join(f"Claim {n}." for n in range(CLAIMS * 2)))
        for start, end in desk.coverage.sentences(article)[:CLAIMS]:
            desk.verdicts.give(desk.claims.tag(article, start, end), "mixed", "so")


def saves(path: Path, people: int, seconds: int, program: str = REVIEWER) -> tuple[list[float], int]:
    """How long each save took, in seconds, of so many people at once, and how many of them could not go on."""
    begins = time.time() + 1 + people / 4  # when all are started
    running = [
        subprocess.Popen(
            [sys.executable, "-c", program, str(path), f"Reviewer {n}", str(begins), str(seconds)],
            stdout=subprocess.PIPE, text=True,
        )
        for n in range(people)
    ]  # fmt: skip
    took: list[float] = []
    failed = 0
    for one in running:
        said, _ = one.communicate(timeout=300)
        failed += one.returncode != 0
        took += map(float, said.split())
    return took, failed


def ratios(quick: bool = False) -> list[Ratio]:
    """The median save of twenty at once, and the longest of eight without a pause, against one alone."""
    with tempfile.TemporaryDirectory() as name:
        paths = [Path(name) / f"{number}.db" for number in range(4)]
        for path in paths:
            make(path)
        seconds, minute = (4, 5) if quick else (SECONDS, MINUTE)
        (one, _), (many, failed) = saves(paths[0], 1, seconds), saves(paths[1], PEOPLE, seconds)
        alone, _ = saves(paths[2], 1, minute // 5, SAVER)
        busy, refused = saves(paths[3], PROGRAMS, minute, SAVER)
    print(f"{PROGRAMS} programs: {len(busy):,} saves in {minute} s, the longest {max(busy):.2f} s", file=sys.stderr)
    return [
        Ratio(f"saved decision, {PEOPLE} people at once against one alone", median(many) / median(one), 3),
        Ratio(f"longest save of {PROGRAMS} without a pause against one alone", max(busy) / median(alone), 300),
        Ratio("people and programs that could not save", failed + refused, 0, ""),
    ]


def main() -> None:
    print_ratios(ratios("--quick" in sys.argv[1:]))


if __name__ == "__main__":
    main()
