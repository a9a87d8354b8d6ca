"""Corrections: planning and writing one, and how often spans are put wrong.

    python -m tests.bench.bench_corrections

Planning is compared with a single word difference of the two texts, writing with the same rows, one ``executemany`` a
table, into the same desk as it stood, undoing with writing. Times are processor time.
"""

from __future__ import annotations

import shutil
import sqlite3
import tempfile
import time
from collections.abc import Callable
from functools import partial
from pathlib import Path
from statistics import median
from typing import NamedTuple

from rapidfuzz.distance import Indel

from store.desk import Desk
from store.log import fulltext
from store.log.kinds import KINDS
from store.log.log import Edit
from store.text.reanchor import reanchor
from store.text.tokens import Tokens, Vocabulary
from tests.bench.corrections import KINDS as CHANGED
from tests.bench.corrections import Case, case, measured
from tests.bench.ratios import Ratio, print_ratios


class Rows(NamedTuple):
    """The columns of a table, and rows of it."""

    names: str
    values: list[tuple[object, ...]]


def _took(what: Callable[[], object]) -> float:
    """Processor seconds."""
    began = time.process_time()
    what()
    return time.process_time() - began


def _least(of: Callable[[], object], rounds: int = 5) -> float:
    """Processor seconds, the smallest of some rounds."""
    return min(_took(of) for _ in range(rounds))


def written(folder: Path, one: Case) -> tuple[float, float]:
    """Processor time of writing the correction of an article with its claims, as a multiple of the same rows', and of
    undoing it, as a multiple of writing it: each the middle of three, in turns and on copies of one desk."""
    before = folder / "before.db"
    with Desk.open(before, "Ana") as desk:
        article = desk.articles.add(one.old, title="An article")
        edits = [
            Edit("claims", None, {"article": article.id, "number": n, "version": article.version, "start": start,
                                  "end": end, "quote": one.old[start:end]})
            for n, (start, end) in enumerate(one.spans, 1)
        ]  # fmt: skip
        with desk.session.writing():
            desk.session.write(edits)
    times: list[tuple[float, float, float]] = []
    for n in range(3):
        path, plain = (Path(shutil.copy(before, folder / f"{what}{n}.db")) for what in ("desk", "plain"))
        with Desk.open(path, "Ana") as desk:
            plan = desk.corrections.plan(article, one.new)
            took = _took(partial(desk.corrections.correct, plan))
            floor = _plainly(plain, changed(before, path))
            times.append((took, floor, _took(desk.history.undo)))
    took, floor, undone = map(median, zip(*times, strict=True))
    return took / floor, undone / took


def changed(before: Path, after: Path) -> dict[str, Rows]:
    """The rows of a desk that are new or otherwise than in an earlier one, by table."""
    found = {}
    conn = sqlite3.connect(after)
    conn.execute("ATTACH DATABASE ? AS before", (str(before),))
    for table in ("texts", "changes", *KINDS):
        cursor = conn.execute(f"SELECT * FROM main.{table} EXCEPT SELECT * FROM before.{table} ORDER BY seq")
        names = ", ".join(f'"{column[0]}"' for column in cursor.description)
        if rows := cursor.fetchall():
            found[table] = Rows(names, rows)
    conn.close()
    return found


def _plainly(path: Path, rows: dict[str, Rows]) -> float:
    """Processor time of writing those rows into a desk that has those before them."""
    with Desk.open(path) as desk:
        conn = desk.session.log.conn
        began = time.process_time()
        conn.execute("BEGIN IMMEDIATE")
        for table, (names, values) in rows.items():
            sets = ", ".join(f"{name} = excluded.{name}" for name in names.split(", "))
            conn.executemany(
                f"INSERT INTO {table} ({names}) VALUES ({', '.join('?' * len(values[0]))})"
                + ("" if table in ("texts", "changes") else f" ON CONFLICT (seq) DO UPDATE SET {sets}"),
                values,
            )
            if table == "texts":
                fulltext.add_texts(conn, min(int(str(row[0])) for row in values) - 1)
        conn.execute("COMMIT")
        return time.process_time() - began


def ratios(quick: bool = False) -> list[Ratio]:
    """Where the claims of a corrected article go."""
    spans, sentences = (500, 260) if quick else (5000, 2600)
    found = []
    for kind in ("moved", "all"):
        one = case(kind, "bench", spans, sentences)

        def one_difference(old: str = one.old, new: str = one.new) -> object:
            words = Vocabulary()
            return Indel.opcodes(Tokens(old, words).numbers, Tokens(new, words).numbers)

        ratio = _least(lambda one=one: reanchor(one.old, one.new, one.spans)) / _least(one_difference)  # type: ignore[misc]
        what = f"plan {len(one.old) // 1000} kB, {spans:,} claims ({kind}) against a word difference"
        found.append(Ratio(what, ratio, 3))
    with tempfile.TemporaryDirectory() as folder:
        wrote, undone = written(Path(folder), one)
    what = f"that correction of {len(one.spans):,} claims"
    found.append(Ratio(f"write {what} against the same rows, floor A", wrote, 4))
    found.append(Ratio(f"undo {what} against writing it", undone, 2))
    for kind in CHANGED:
        figures = measured(kind, seeds=range(31, 33 if quick else 36))
        found.append(Ratio(f"silently wrong after {kind}", figures.silently_wrong, 0.5, "%"))
        found.append(Ratio(f"asked although the words stand, after {kind}", 100 - figures.moved_unasked, 5, "%"))
    return found


def main() -> None:
    print_ratios(ratios())


if __name__ == "__main__":
    main()
