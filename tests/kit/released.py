"""Desks as earlier factdesks wrote them: one small file for each released schema, kept for good.

A release whose migrations are new adds its own: `python -m tests.kit.released` writes it.
"""

from __future__ import annotations

import lzma
import sqlite3
from contextlib import closing
from pathlib import Path
from tempfile import TemporaryDirectory

from store.desk import Desk
from store.log.migrations import STEPS

FOLDER = Path(__file__).parents[1] / "store" / "log" / "data"
RELEASED = {one.name.split(".")[0]: one for one in sorted(FOLDER.glob("*.db.xz"))}
"""The files, by the last migration that each has seen."""


def unpack(step: str, to: Path) -> Path:
    """Put the desk of a release where no file is."""
    with to.open("xb") as file:
        file.write(lzma.decompress(RELEASED[step].read_bytes()))
    return to


def make(path: Path) -> None:
    """A small desk with a record of most kinds, and a conflict."""
    names = ("Ana", "Ana", "Bob", "Cyd")
    desks = [Desk.open(path, name) for name in names]
    ana, also, bob, cyd = desks
    text = "It rained on Monday, and 30 people saw it. Nobody was hurt. The bridge – naïve café 😀 – fell in 1999."
    article = ana.articles.add(text, title="Rain")
    first = ana.claims.tag(article, 0, 42, claim_text="It rained.", claimant="the paper")
    cited = ana.evidence.add(first, "supports", url="https://weather.example/monday", quote="Rain all day")
    ana.verdicts.give(first, "supported", "The weather office says so.")
    second = ana.claims.tag(article, 43, 59)
    ana.verdicts.give(second, "not_checkable", "Nobody knows.")
    ana.sweeps.add(article, 60, 90)
    bob.threads.comment(first, "Which Monday?")
    bob.ticks.tick(cited, "seen")
    bob.reviews.decide(first.id, "agree")
    asked = bob.reviews.decide(second.id, "disagree", reason="missing_context", comment="Somebody was.")
    ana.answers.answer(asked, "rejected", "Nobody was.")
    bob.reviews.missing(article, 90, 101, comment="This one, too.")
    also.claims.edit(first, priority="low")
    ana.claims.edit(first, priority="high")
    cyd.assignments.assign([article], ["Ana"], "checker")
    ana.submissions.submit(article, "checker")
    for desk in desks:
        desk.close()
    with closing(sqlite3.connect(path, isolation_level=None)) as conn:
        conn.execute("PRAGMA journal_mode = DELETE")
        conn.execute("VACUUM")


if __name__ == "__main__":
    with TemporaryDirectory() as folder:
        made = Path(folder, "desk.db")
        make(made)
        to = FOLDER / f"{STEPS[-1]}.db.xz"
        to.write_bytes(lzma.compress(made.read_bytes(), preset=9 | lzma.PRESET_EXTREME))
        print(to)
