"""Formats out and in: whole processes, against the same rows written plainly, against CSV, and their memory.

    python -m tests.bench.bench_formats [CLAIMS]

An import brings articles with ten claims each, with verdicts, to an empty desk. Its floor reads the file's bytes and
writes the rows that came of it, one ``executemany`` a table, into a desk like that. An export is compared with that of
CSV. Times are processor time from a process's start to its end, the smallest of two. Memory is the most that a process
held, with four times the claims against with one.
"""

from __future__ import annotations

import sqlite3
import sys
import tempfile
from collections.abc import Callable
from functools import partial
from pathlib import Path
from time import process_time

from store.desk import Desk
from store.formats import FORMATS, MODULES
from store.formats.csv import claim_import
from store.log import fulltext
from store.log.kinds import KINDS
from tests.bench.bench_bulk import EACH, claims_file, desk_of
from tests.bench.bench_export import make
from tests.bench.processes import Failed, Used, factdesk
from tests.bench.ratios import Ratio, print_ratios

_TURNS = 2
_BROUGHT = ("jsonl", "brat")
_FLAT = ("csv", "jsonl", "brat", "w3c")
_HEAVY = {"docx": 5.0, "xmi": 5.0}
"""Formats that are judged by the milliseconds they take for a claim, and not against CSV."""


def rows_of(path: Path) -> dict[str, tuple[str, list[tuple[object, ...]]]]:
    """Everything on a desk: for each table its columns and its rows."""
    conn = sqlite3.connect(path)
    found = {}
    for table in ("texts", "changes", *KINDS):
        cursor = conn.execute(f"SELECT * FROM {table} ORDER BY seq")
        names = ", ".join(f'"{column[0]}"' for column in cursor.description)
        if rows := cursor.fetchall():
            found[table] = (names, rows)
    conn.close()
    return found


def floor(folder: Path, rows: dict[str, tuple[str, list[tuple[object, ...]]]], source: Path) -> float:
    """Processor time of reading files, and of writing those rows into an empty desk with its indexes."""
    path = Path(tempfile.mkdtemp(dir=folder)) / "desk.db"
    with Desk.open(path) as desk:
        conn = desk.session.log.conn
        begun = process_time()
        for file in [source] if source.is_file() else sorted(source.rglob("*")):
            if file.is_file():
                file.read_bytes()
        conn.execute("BEGIN IMMEDIATE")
        for table, (names, values) in rows.items():
            marks = ", ".join("?" * len(values[0]))
            conn.executemany(f"INSERT OR REPLACE INTO {table} ({names}) VALUES ({marks})", values)
        fulltext.renew_search(conn)
        conn.execute("COMMIT")
        return process_time() - begun


def _least(work: Callable[[], Used]) -> float:
    return min(work().seconds for _ in range(_TURNS))


def imports(folder: Path, claims: int) -> list[Ratio]:
    """Articles with their claims into an empty desk."""
    bodies, file = claims_file(folder, claims)
    full = desk_of(folder, "full", bodies)
    with Desk.open(full, "Ana") as desk:
        claim_import.read(desk, file)
    found = []
    for name in _BROUGHT:
        source = folder / f"source-{name}"
        factdesk(full, "export", name, "-o", source)
        brought: list[Path] = []

        def bring(name: str = name, source: Path = source, brought: list[Path] = brought) -> Used:
            brought.append(Path(tempfile.mkdtemp(dir=folder)) / "desk.db")
            return factdesk(brought[-1], "import", name, source)

        took = _least(bring)
        rows = rows_of(brought[0])
        plain = min(floor(folder, rows, source) for _ in range(_TURNS))
        what = f"import {name} of {claims // EACH:,} articles, {claims:,} spans, whole process"
        found.append(Ratio(what, took / plain, 4))
    return found


def exports(folder: Path, path: Path, claims: int) -> list[Ratio]:
    """Every format that claims are written in, against CSV."""

    def export(name: str, *options: str) -> Used:
        return factdesk(path, "export", name, "-o", Path(tempfile.mkdtemp(dir=folder)) / "out", *options)

    csv = _least(lambda: export("csv"))
    found = []
    for name in MODULES:
        module = FORMATS[name].module
        assert module is not None
        options = ["--flatten", "first"] if "flatten" in module.options else []
        try:
            took = _least(partial(export, name, *options))
        except Failed as failed:
            if not module.needs:
                raise
            print(f"{name} is not measured: {failed}", file=sys.stderr)
            continue
        if name in _HEAVY:
            found.append(
                Ratio(f"export {name} of {claims:,} claims, a claim", took * 1000 / claims, _HEAVY[name], "ms")
            )
        else:
            found.append(Ratio(f"export {name} of {claims:,} claims against csv", took / csv, 2.5))
    return found


def memory(folder: Path, few: int) -> list[Ratio]:
    """The memory of exports with four times the claims, as against with one.

    Below some 50,000 claims it only tells how SQLite's cache of 64 MB fills.
    """
    small, large = folder / "few.db", folder / "many.db"
    make(small, few)
    make(large, 4 * few)
    found = []
    for name in _FLAT:
        held = [
            factdesk(path, "export", name, "-o", Path(tempfile.mkdtemp(dir=folder)) / "out").megabytes
            for path in (small, large)
        ]
        found.append(Ratio(f"memory of export {name}, {4 * few:,} claims against {few:,}", held[1] / held[0], 1.2))
    return found


def ratios(quick: bool = False, count: int = 10_000) -> list[Ratio]:
    """Imports, exports and memory."""
    count = min(count, 1_000) if quick else count
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        make(folder / "desk.db", count)
        return [
            *imports(folder, count),
            *exports(folder, folder / "desk.db", count),
            *([] if quick else memory(folder, 50_000)),
        ]


def main() -> None:
    print_ratios(ratios(count=int(sys.argv[1]) if len(sys.argv) > 1 else 10_000))


if __name__ == "__main__":
    main()
