"""Many records at once, against writing the same rows with plain sqlite3 in the same run.

python -m tests.bench.bench_bulk [CLAIMS]

Floor A is one ``executemany`` per table of the same change, claim and verdict rows into the same schema, with its
indexes, full text, write-ahead log and full synchronisation. Floor C is the same with the claims in statements of 500
rows. All times are processor time, the smallest of several rounds; that of a lock is time on the clock.
"""

from __future__ import annotations

import csv
import json
import sqlite3
import sys
import tempfile
from collections.abc import Callable, Iterator
from pathlib import Path
from time import perf_counter, process_time

from store.desk import Desk
from store.formats.csv import claim_import
from tests.bench.bench_import import texts
from tests.bench.processes import factdesk
from tests.bench.ratios import Ratio, print_ratios

EACH = 10  # claims an article
ROUNDS = 3
_COLUMNS = (
    "article_title", "start", "end", "quote", "claim_text", "claimant", "types", "tags", "verdict", "justification",
    "checker",
)  # fmt: skip
_INDEXED = {
    "claims": "INSERT INTO claims_fts(rowid, quote, claim_text, claimant)"
    " SELECT seq, folded(quote), folded(claim_text), folded(claimant) FROM claims WHERE id ",
    "verdicts": "INSERT INTO said_fts(rowid, words) SELECT seq * 16, folded(justification) FROM verdicts WHERE id ",
}
_TABLES = ("changes", "claims", "verdicts")


def claims_file(folder: Path, count: int) -> tuple[list[str], Path]:
    """Articles, and a file of claims on them as a colleague would write it: each with a checker and a verdict."""
    bodies = texts(count // EACH)
    path = folder / "claims.csv"
    with path.open("w", encoding="utf-8", newline="") as file:
        out = csv.writer(file)
        out.writerow(_COLUMNS)
        for number, body in enumerate(bodies):
            for nth in range(EACH):
                start = nth * 200
                end = body.index(" ", start + 60)
                said = body[start:end]
                verdict = ("supported", "refuted", "mixed")[nth % 3]
                out.writerow([
                    f"Article {number}", start, end, said, f"It is said that {said}", f"Speaker {nth}", "", f"t{nth}",
                    verdict, f"As {said[:40]} shows", f"Checker {number % 4}",
                ])  # fmt: skip
    return bodies, path


def least(rounds: int, *works: Callable[[int], float]) -> list[float]:
    """The smallest processor time of each of some works, done in turn so many times."""
    took: list[list[float]] = [[] for _ in works]
    for turn in range(rounds):
        for number, work in enumerate(works):
            took[number].append(work(turn))
    return [min(times) for times in took]


def desk_of(folder: Path, name: str, bodies: list[str]) -> Path:
    """A new desk with these articles."""
    path = folder / f"{name}.db"
    with Desk.open(path, "Ana") as desk, desk.together():
        for number, body in enumerate(bodies):
            desk.articles.add(body, title=f"Article {number}")
    return path


def rows_of(path: Path, since: int) -> dict[str, tuple[str, list[tuple[object, ...]]]]:
    """What an import wrote after the change of that number: for each table its columns and its rows."""
    conn = sqlite3.connect(path)
    found = {}
    for table in _TABLES:
        where = f"WHERE seq > {since}" if table == "changes" else ""
        cursor = conn.execute(f"SELECT * FROM {table} {where} ORDER BY seq")
        names = ", ".join(f'"{column[0]}"' for column in cursor.description[1:])
        found[table] = (names, [row[1:] for row in cursor])
    conn.close()
    return found


def floor(path: Path, rows: dict[str, tuple[str, list[tuple[object, ...]]]], claims_at_once: int) -> float:
    """Processor time of writing those rows to a desk with the same articles: its claims so many to a statement."""
    with Desk.open(path, "Ana") as desk:
        conn = desk.session.log.conn
        begun = process_time()
        conn.execute("BEGIN IMMEDIATE")
        for table, (names, values) in rows.items():
            marks = f"({','.join('?' * len(values[0]))})"
            indexed = _INDEXED.get(table)
            if indexed and claims_at_once > 1:
                for some in _blocks(values, claims_at_once):
                    several = ",".join([marks] * len(some))
                    told = [one for row in some for one in row]
                    conn.execute(f"INSERT INTO {table} ({names}) VALUES {several}", told)
                    conn.execute(
                        indexed + "IN (SELECT value FROM json_each(?))", [json.dumps([row[0] for row in some])]
                    )
            else:
                conn.executemany(f"INSERT INTO {table} ({names}) VALUES {marks}", values)
                if indexed:
                    conn.executemany(indexed + "= ?", [row[:1] for row in values])
        conn.execute("COMMIT")
        return process_time() - begun


def _blocks(values: list[tuple[object, ...]], size: int) -> Iterator[list[tuple[object, ...]]]:
    for start in range(0, len(values), size):
        yield values[start : start + size]


def imported(path: Path, file: Path) -> float:
    with Desk.open(path, "Ana") as desk:
        begun = process_time()
        claim_import.read(desk, file)
        return process_time() - begun


def longest_lock(path: Path, file: Path) -> float:
    """Milliseconds for which an import kept others from writing at most: from the lock until it was given back."""
    held, since = [0.0], 0.0

    def said(statement: str) -> None:
        nonlocal since
        if statement.startswith("BEGIN"):
            since = perf_counter()
        elif statement.startswith("COMMIT"):
            held.append(perf_counter() - since)

    with Desk.open(path, "Ana") as desk:
        conn = desk.session.log.conn
        conn.set_trace_callback(said)
        claim_import.read(desk, file)
        conn.set_trace_callback(None)
    return max(held) * 1000


def ratios(quick: bool = False, count: int = 10_000) -> list[Ratio]:
    """The import of claims."""
    count = min(count, 1_000) if quick else count
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        bodies, file = claims_file(folder, count)
        path = desk_of(folder, "made", bodies)
        with Desk.open(path) as desk:
            before = desk.history.mark()
        imported(path, file)
        rows = rows_of(path, before)
        copies = (desk_of(folder, f"copy{number}", bodies) for number in range(5 * ROUNDS))
        a, c, ours, process, lock = least(
            ROUNDS,
            lambda _: floor(next(copies), rows, 1),
            lambda _: floor(next(copies), rows, 500),
            lambda _: imported(next(copies), file),
            lambda _: factdesk(next(copies), "import", "csv", file).seconds,
            lambda _: longest_lock(next(copies), file),
        )
    return [
        Ratio(f"import csv of {count:,} claims with verdicts, floor A", ours / a, 4),
        Ratio("the same, floor C", ours / c, 8),
        Ratio("the same, the whole process, floor A", process / a, 4.5),
        Ratio("the same, the longest lock", lock, 200, "ms"),
    ]


def main() -> None:
    print_ratios(ratios(count=int(sys.argv[1]) if len(sys.argv) > 1 else 10_000))


if __name__ == "__main__":
    main()
