"""Merging two people's files, against inserting the same rows into one plain table in the same run.

python -m tests.bench.bench_merge [CHANGES]

Both files begin as one with a fifth as many claims. Then each person makes so many changes of their own: half are new
claims, four in ten edit claims that both have, which makes conflicts, and one in ten comments. All times are processor
time.
"""

from __future__ import annotations

import random
import shutil
import sqlite3
import sys
import tempfile
from pathlib import Path
from statistics import median
from time import process_time

from store.desk import Desk
from store.log.log import Edit
from store.records import Article
from tests.bench.ratios import Ratio, print_ratios

_BLOCK = 5_000
_LOGGED = "id, action, reviewer, at, kind, item, parents, patch, undoes"
_TEXT = " ".join(f"Word {n} is said to be true of it." for n in range(400))


def _claim(article: Article, number: int, words: str) -> Edit:
    start = 7 * (number % 1_000)
    span = {"version": article.version, "start": start, "end": start + 30, "quote": _TEXT[start : start + 30]}
    return Edit("claims", None, {"article": article.id, "number": number, **span, "claim_text": words})


def _written(desk: Desk, edits: list[Edit]) -> list[str]:
    made: list[str] = []
    for start in range(0, len(edits), _BLOCK):
        with desk.session.writing():
            made += desk.session.write(edits[start : start + _BLOCK]).items
    return made


def _work(desk: Desk, articles: list[Article], common: list[str], count: int) -> None:
    """So many changes of one person."""
    dice, edits = random.Random(desk.reviewer), []
    for number in range(count):
        lot = dice.random()
        if lot < 0.5:
            said = f"{desk.reviewer} says that word {dice.random()} is true"
            edits.append(_claim(dice.choice(articles), len(common) + number, said))
        elif lot < 0.8:
            edits.append(Edit("claims", dice.choice(common), {"tags": [f"{desk.reviewer} {dice.randrange(3)}"]}))
        elif lot < 0.9:
            edits.append(Edit("claims", dice.choice(common), {"priority": dice.choice(["high", "low"])}))
        else:
            edits.append(Edit("comments", None, {"claim": dice.choice(common), "body": f"Hm, {dice.random()}."}))
    _written(desk, edits)


def two_desks(folder: Path, count: int) -> tuple[Path, Path]:
    """Ana's file and Bo's: one until each made so many changes."""
    ana, bo = folder / "ana.db", folder / "bo.db"
    with Desk.open(ana, "Ana") as desk:
        articles = [desk.articles.add(f"{_TEXT} {n}", title=f"Article {n}") for n in range(max(2, count // 1_000))]
        number = range(count // 5)
        common = _written(desk, [_claim(articles[n % len(articles)], n, f"It is said: {n}") for n in number])
        desk.backup(bo)
        _work(desk, articles, common, count)
    with Desk.open(bo, "Bo") as desk:
        _work(desk, articles, common, count)
    return ana, bo


def floor(folder: Path, rows: list[tuple[object, ...]]) -> float:
    """Processor time of inserting these rows into one plain table, in one transaction."""
    (folder / "plain.db").unlink(missing_ok=True)
    conn = sqlite3.connect(folder / "plain.db", isolation_level=None)
    conn.execute("PRAGMA journal_mode = WAL")
    conn.execute(f"CREATE TABLE plain ({_LOGGED}, PRIMARY KEY (id))")
    begun = process_time()
    conn.execute("BEGIN IMMEDIATE")
    conn.executemany("INSERT INTO plain VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)", rows)
    conn.execute("COMMIT")
    took = process_time() - begun
    conn.close()
    return took


def merged(path: Path, other: Path) -> tuple[float, int]:
    """Processor time of merging a file, and how many changes were new."""
    with Desk.open(path, "Ana") as desk:
        begun = process_time()
        (found,) = desk.merges.merge([other])
        return process_time() - begun, found.added


def ratios(quick: bool = False, count: int = 100_000) -> list[Ratio]:
    """The first merge, and the same once more."""
    count = min(count, 5_000) if quick else count
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        ana, bo = two_desks(folder, count)
        with sqlite3.connect(ana) as conn:
            known = {id for (id,) in conn.execute("SELECT id FROM changes")}
        with sqlite3.connect(bo) as conn:
            rows = [row for row in conn.execute(f"SELECT {_LOGGED} FROM changes ORDER BY seq") if row[0] not in known]
        copy = Path(shutil.copy(ana, folder / "copy.db"))
        plain = [floor(folder, rows)]  # before, between and after: other programs at work double it
        first, new = merged(copy, bo)
        plain.append(floor(folder, rows))
        again, none = merged(copy, bo)
        plain.append(floor(folder, rows))
        assert (new, none) == (len(rows), 0)
    return [
        Ratio(f"merge of two files with {count:,} own changes each", first / median(plain), 10),
        Ratio("the same merge again, against the first", again / first, 0.1),
    ]


def main() -> None:
    print_ratios(ratios(count=int(sys.argv[1]) if len(sys.argv) > 1 else 100_000))


if __name__ == "__main__":
    main()
