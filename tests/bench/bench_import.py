"""Import of many articles against inserting the same rows with plain sqlite3 into a table with the same search index.

The floor writes 100 rows to a statement, as is fastest with full text; times are processor time, the smallest of three.

python -m tests.bench.bench_import [ARTICLES]
"""

from __future__ import annotations

import hashlib
import random
import sqlite3
import sys
import tempfile
import time
from pathlib import Path

from store.desk import Desk
from store.text.article_draft import Draft
from tests.bench.ratios import Ratio, print_ratios

SIZE = 3000
WORDS = [f"{a}{b}{c}" for a in "bdgklmnprstv" for b in "aeiou" for c in ("", "n", "st", "rd")]


def texts(count: int) -> list[str]:
    """Prose-like texts of about 3 kB, the same every time."""
    chance = random.Random(7)
    made = []
    for _ in range(count):
        words: list[str] = []
        length = 0
        while length < SIZE:
            word = chance.choice(WORDS)
            words.append(word)
            length += len(word) + 1
        made.append(" ".join(words))
    return made


def plain(bodies: list[str], folder: Path) -> float:
    conn = sqlite3.connect(folder / f"plain{time.monotonic_ns()}.db", isolation_level=None)
    conn.executescript(
        "PRAGMA journal_mode = WAL; PRAGMA synchronous = FULL;"
        "CREATE TABLE texts (seq INTEGER PRIMARY KEY, sha TEXT NOT NULL UNIQUE, title TEXT, body TEXT NOT NULL);"
        "CREATE VIRTUAL TABLE texts_fts USING fts5(body, content='texts', content_rowid='seq',"
        " tokenize='unicode61 remove_diacritics 2');"
        "CREATE TRIGGER indexed AFTER INSERT ON texts"
        " BEGIN INSERT INTO texts_fts(rowid, body) VALUES (new.seq, new.body); END;"
    )
    began = time.process_time()
    conn.execute("BEGIN IMMEDIATE")
    for start in range(0, len(bodies), 100):
        some = bodies[start : start + 100]
        rows = [(hashlib.sha256(body.encode()).hexdigest(), body[:60], body) for body in some]
        marks = ", ".join(["(?, ?, ?)"] * len(some))
        conn.execute(f"INSERT INTO texts (sha, title, body) VALUES {marks}", [value for row in rows for value in row])
    conn.execute("COMMIT")
    took = time.process_time() - began
    conn.close()
    return took


def ours(bodies: list[str], folder: Path) -> float:
    with Desk.open(folder / f"desk{time.monotonic_ns()}.db", "Bench") as desk:
        began = time.process_time()
        new, _ = desk.articles.add_many(Draft(text=body, heading=body[:60]) for body in bodies)
        took = time.process_time() - began
        assert len(new) == len(bodies)
    return took


def ratios(quick: bool = False, count: int = 10_000) -> list[Ratio]:
    """The import of many articles."""
    count = min(count, 1000) if quick else count
    bodies = texts(count)
    floor, desk = [], []
    with tempfile.TemporaryDirectory() as folder:
        for _ in range(3):
            floor.append(plain(bodies, Path(folder)))
            desk.append(ours(bodies, Path(folder)))
    return [Ratio(f"import {count:,} articles of 3 kB against plain sqlite3", min(desk) / min(floor), 3)]


def main() -> None:
    print_ratios(ratios(count=int(sys.argv[1]) if len(sys.argv) > 1 else 10_000))


if __name__ == "__main__":
    main()
