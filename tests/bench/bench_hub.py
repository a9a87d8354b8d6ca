"""A hub on a real PostgreSQL: how long it takes, and what 1,000 people ask of it: ``python -m tests.bench.bench_hub``.

python -m tests.bench.bench_hub [CHANGES [SECONDS [PEOPLE]]]

Sending is measured against a plain ``COPY`` of the same rows into a table of the same shape, fetching against merging
the file that holds the same changes; both by the clock, since the server's work counts. Keys are timed in the app while
it takes in all of it. Then so many people save every half minute on the average and look every five seconds, each over
a connection of their own, for so many seconds: how long it takes from a save until somebody else has it, and what
fails. They do what the desk of each does at the hub; folding, which each desk does for itself, is left out. Where there
is no PostgreSQL, all of it is left out, in words.
"""

from __future__ import annotations

import asyncio
import os
import random
import statistics
import sys
import tempfile
import threading
import time
import uuid
from collections.abc import Iterator
from contextlib import closing, contextmanager
from pathlib import Path
from time import perf_counter
from typing import Any

from store.desk import Desk
from store.errors import Offline
from store.sync.contract import ROW_COLUMNS
from store.sync.hub import Hub
from store.sync.hub_address import way_to
from store.sync.postgres import Postgres
from tests.bench.bench_app import make_desk
from tests.bench.bench_merge import two_desks
from tests.bench.frames import Between, Frames, in_fresh_processes, measure, report
from tests.bench.ratios import Ratio, print_ratios
from tests.kit.postgresql import MISSING, Server, is_there, server
from tui.app import FactdeskApp
from tui.settings import Settings

SAVE, LOOK = 30.0, 5.0
"""Seconds between two saves of one person, on the average, and between two looks."""

_KEYS = "caret while 100,000 changes come in"


@contextmanager
def _hub() -> Iterator[tuple[Server, str]]:
    """A server with a hub; gives its owner's address."""
    with server(safe=True) as running:
        where = running.by_socket("owner", running.database())
        with closing(Hub(way_to(where))) as hub:
            hub.init()
        yield running, where


def _copied(where: str, rows: list[tuple[Any, ...]]) -> float:
    """Seconds that a plain COPY of the rows takes."""
    import psycopg

    columns = ", ".join(f"{name} {'bigint' if name == 'at' else 'text'}" for name in ROW_COLUMNS)
    with psycopg.connect(where, autocommit=True) as conn:
        conn.execute("DROP TABLE IF EXISTS plain")
        conn.execute(f"CREATE TABLE plain (seq bigint PRIMARY KEY, {columns}, UNIQUE (id))")
        begun = perf_counter()
        with conn.cursor().copy("COPY plain FROM STDIN") as copy:
            for row in enumerate(rows, 1):
                copy.write_row((row[0], *row[1]))
        return perf_counter() - begun


def _synced(desk: Desk, where: str) -> float:
    with closing(desk.remotes.at(where)) as remote:
        begun = perf_counter()
        desk.remotes.sync(remote)
        return perf_counter() - begun


def there_and_back(where: str, folder: Path, count: int) -> list[Ratio]:
    """All of a desk's changes to an empty hub, and from there into an empty file."""
    full, _ = two_desks(folder, count)
    with Desk.open(full, "Ana") as desk:
        rows = desk.session.log.rows(f"SELECT {', '.join(ROW_COLUMNS)} FROM changes ORDER BY seq")
        sent = _synced(desk, where)
        again = _synced(desk, where)
    plain = statistics.median(_copied(where, rows) for _ in range(3))
    with Desk.open(folder / "merged.db", "Bo") as desk:
        begun = perf_counter()
        desk.merges.merge([full])
        merged = perf_counter() - begun
    with Desk.open(folder / "fetched.db", "Bo") as desk:
        fetched = _synced(desk, where)
        assert desk.session.log.rows("SELECT count(*) FROM changes")[0][0] == len(rows)
    return [
        Ratio(f"send {len(rows):,} changes to an empty hub, against COPY", sent / plain, 3),
        Ratio("send and fetch once more with nothing new, against that", again / sent, 0.05),
        Ratio("fetch and fold them, against merging the file", fetched / merged, 1.5),
    ]


class Crowd:
    """So many people at one hub."""

    def __init__(self, where: str, people: int) -> None:
        self._way = way_to(where)
        self._people = people
        self._begun: dict[str, float] = {}
        self._end = threading.Event()
        self._lock = threading.Lock()
        self.saves: list[float] = []
        """Seconds that each save took until the hub had it, …"""
        self.looks: list[float] = []
        """… and each look until all that was new was there."""
        self.delays: list[float] = []
        """Seconds from a save until it was with another person."""
        self.errors: list[str] = []
        """What failed; a person goes on with the next look, as the app does."""

    def play(self, seconds: float) -> None:
        threads = [threading.Thread(target=self._person, args=(n,), daemon=True) for n in range(self._people)]
        for thread in threads:
            thread.start()
        time.sleep(self._people * 0.02 + seconds)
        self._end.set()
        for thread in threads:
            thread.join(60)

    def _person(self, number: int) -> None:
        dice, who = random.Random(number), str(uuid.UUID(int=number))
        if self._end.wait(dice.uniform(0, self._people * 0.02)):
            return
        try:
            with closing(Postgres(self._way)) as hub:
                last = hub.state(0).last
                save = time.monotonic() + dice.expovariate(1 / SAVE)
                while not self._end.wait(max(0.0, min(LOOK, save - time.monotonic()))):
                    try:
                        if time.monotonic() >= save:
                            save += dice.expovariate(1 / SAVE)
                            self._save(hub, who)
                        last = self._look(hub, who, last)
                    except Offline as offline:
                        self.errors.append(str(offline))
        except Exception as error:
            self.errors.append(f"{type(error).__name__}: {error}")

    def _save(self, hub: Postgres, who: str) -> None:
        id, words = str(uuid.uuid4()), "It is said that this is so, and somebody thinks it is not. " * 3
        row = (id, id, who, 1, "verdicts", id, "[]", '{"verdict": "supported", "justification": "' + words + '"}', None)
        begun = self._begun[id] = time.monotonic()
        hub.push([row], ["0001_initial"])
        self.saves.append(time.monotonic() - begun)

    def _look(self, hub: Postgres, who: str, last: int) -> int:
        begun = time.monotonic()
        state = hub.state(last)
        if state.last == last:
            return last
        rows = hub.pull(last, 5_000)
        now = time.monotonic()
        self.looks.append(now - begun)
        some = [now - self._begun[row[0]] for _, row in rows[:: max(1, len(rows) // 5)] if row[2] != who]
        self.delays += some
        return rows[-1][0]


def crowd(where: str, people: int, seconds: float) -> list[Ratio]:
    """How long it takes from a save until it is with others, and that nothing fails."""
    played = Crowd(where, people)
    played.play(seconds)
    delays, saves, looks = (sorted(found) or [0.0] for found in (played.delays, played.saves, played.looks))
    what = f"{people:,} people for {seconds:g} s"
    return [
        Ratio(f"{what}: saves and looks that failed, of 1,000",
              1000 * len(played.errors) / (len(saves) + len(played.looks)), 0, "‰"),
        Ratio(f"{what} ({len(saves):,} saves): a save, median", 1000 * statistics.median(saves), 250, "ms"),
        Ratio(f"{what}: a save, the slowest of 100", 1000 * saves[int(len(saves) * 0.99)], 2_000, "ms"),
        Ratio(f"{what} ({len(played.looks):,} looks): a look", 1000 * statistics.median(looks), 500, "ms"),
        Ratio(f"{what}: until others have it, median", 1000 * statistics.median(delays), 1000 * LOOK, "ms"),
        Ratio(f"{what}: until others have it, the slowest of 100", 1000 * delays[int(len(delays) * 0.99)],
              2000 * LOOK, "ms"),
    ]  # fmt: skip


def one_run(where: str) -> dict[str, Frames]:
    """Keys in the app while it takes in what a hub has."""
    os.environ["FACTDESK_CONFIG"] = tempfile.mkdtemp()
    folder, between = Path(tempfile.mkdtemp()), Between()
    make_desk(folder / "desk.db", 5_000, 20)

    async def begin(app: FactdeskApp) -> None:
        before = app.desk.history.mark()
        app.sync_now(where)
        while app.desk.history.mark() < before + 1_000:
            await asyncio.sleep(0.05)

    with Desk.open(folder / "desk.db", "Bench") as desk:
        app = FactdeskApp(desk, Settings(reviewer="Bench"), desk.articles.all()[0])
        between.keep(_KEYS, measure(lambda: app, ["l"] * 60, prepare=begin))
    return between.measured


def ratios(quick: bool = False, count: int = 90_000, seconds: float = 60.0, people: int = 1_000) -> list[Ratio]:
    """All of it; small when ``quick``."""
    if not is_there():
        print(f"hub: left out, {MISSING}")
        return []
    if quick:
        count, seconds, people = min(count, 5_000), min(seconds, 8.0), min(people, 40)
    with _hub() as (running, where), tempfile.TemporaryDirectory() as folder:
        found = there_and_back(where, Path(folder), count)
        if not quick:
            measured = in_fresh_processes("tests.bench.bench_hub", 3, [where])
            found.append(Ratio(f"app, {_KEYS}", measured[_KEYS].ratio, 3))
        running.sql("postgres", f"ALTER SYSTEM SET max_connections = {people + 50}")
        running.stop()
        running.start()
        fresh = running.by_socket("owner", running.database())
        with closing(Hub(way_to(fresh))) as hub:
            hub.init()
        return found + crowd(fresh, people, seconds)


def main() -> None:
    if "--once" in sys.argv:
        report(one_run(sys.argv[-1]))
        return
    given = [float(word) for word in sys.argv[1:]]
    sizes = dict(zip(("count", "seconds", "people"), given, strict=False))
    sizes = {name: int(value) if name != "seconds" else value for name, value in sizes.items()}
    print_ratios(ratios(**sizes))


if __name__ == "__main__":
    main()
