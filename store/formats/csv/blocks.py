"""The claims of a file, written in blocks: short transactions, between which others can work.

What somebody has done on the desk since the file was checked is looked at again inside each transaction.
"""

from __future__ import annotations

import json
import marshal
import sqlite3
import time
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from typing import Any, NamedTuple

from store.desk import Desk
from store.errors import Guarded, Refused
from store.formats.csv.file import BadRow
from store.formats.snapshot import Cancelled, Stopped
from store.log import clock
from store.log.log import Log
from store.records import Progress
from store.text.quotations import quoted
from store.text.shorten import shorten

TWINS = (
    'SELECT id FROM main.claims WHERE version = ? AND start = ? AND "end" = ? AND "by" = ? AND claim_text = ?'
    " AND deleted = 0"
)
"""The claims that are the same as one with these values."""
_AMONG = "WHERE id IN (SELECT value FROM json_each(?))"
_SAME = (
    "SELECT w.key, c.id FROM json_each(?) w JOIN main.claims c ON c.version = json_extract(w.value, '$[0]')"
    " AND c.start = json_extract(w.value, '$[1]') AND c.\"end\" = json_extract(w.value, '$[2]')"
    " AND c.\"by\" = json_extract(w.value, '$[3]') AND c.claim_text = json_extract(w.value, '$[4]') AND c.deleted = 0"
)
_HOLDERS = (
    'SELECT c.article, c.number, c.version, c.start, c."end", c.id FROM json_each(?) w JOIN main.claims c'
    " ON c.article = json_extract(w.value, '$[0]') AND c.number = json_extract(w.value, '$[1]') ORDER BY c.born"
)

_ORDER = (
    "sources",
    "claims",
    "verdicts",
    "evidence",
    "comments",
    "reviews",
    "answers",
    "ticks",
    "adjudications",
    "transfers",
)
_FIRST, _LEAST, _MOST, _SECONDS = 100, 50, 500, 0.08
"""Claims in the first block, the fewest and the most in one, and how long one should hold the desk."""
_TOGETHER = 300  # claims that are put on disk in one go
_MARKS = 1 << 20

_JSON = json.JSONEncoder(ensure_ascii=False).encode

BlockRecord = dict[str, Any]


class Waiting(NamedTuple):
    """A claim that was checked: where its row stands, its person's id, its name in the file, and what to write."""

    row: int
    line: int
    person: str
    number: int
    nth: int  # how many claims had that number before it
    records: list[BlockRecord]

    @property
    def claim(self) -> BlockRecord:
        return self.records[0]

    @property
    def same(self) -> tuple[object, ...]:
        """What claims have in common that are the same."""
        claim = self.claim
        return claim["version"], claim["start"], claim["end"], self.person, claim.get("claim_text", "")


class Pile:
    """Where claims wait between being checked and being written: tables beside the desk, on disk when they are long."""

    def __init__(self, conn: sqlite3.Connection) -> None:
        self._conn = conn
        self._late: list[tuple[object, ...]] = []  # not on disk yet, as the keys are
        self._keys: dict[str, tuple[int, str]] = {}
        self._marks = bytearray(_MARKS)
        """Marked where a key was remembered: most that are asked for are new, which the disk need not be asked."""
        self.count = 0
        self.tops: dict[str, int] = {}
        """The highest number that the file names, by article."""
        conn.execute("CREATE TEMP TABLE seen (key TEXT PRIMARY KEY, row INTEGER, by TEXT) WITHOUT ROWID")
        # In the order of writing: C7 must be here before D7, and what has no number gets one after all that have.
        conn.execute(
            "CREATE TEMP TABLE waiting (late INTEGER, nth INTEGER, row INTEGER, line INTEGER, person TEXT,"
            " number INTEGER, records BLOB, PRIMARY KEY (late, nth, row)) WITHOUT ROWID"
        )

    def put(self, one: Waiting) -> None:
        late = 2 if not one.number else 1 if one.nth else 0
        records = marshal.dumps(one.records)
        values = (late, one.nth, one.row, one.line, one.person, one.number, records)
        self._late.append(values)
        if one.number:
            article = str(one.claim["article"])
            self.tops[article] = max(self.tops.get(article, 0), one.number)
        self.count += 1
        if len(self._late) >= _TOGETHER:
            self._save()

    def _save(self) -> None:
        """Put on disk what is only remembered."""
        self._conn.executemany("INSERT INTO waiting VALUES (?, ?, ?, ?, ?, ?, ?)", self._late)
        keys = [(key, row, by) for key, (row, by) in self._keys.items()]
        self._conn.executemany("INSERT OR IGNORE INTO seen VALUES (?, ?, ?)", keys)
        self._late.clear()
        self._keys.clear()

    def drop(self, rows: Sequence[int]) -> None:
        """Take the claims of rows out again."""
        self._save()
        asked = "DELETE FROM waiting WHERE row IN (SELECT value FROM json_each(?))"
        self.count -= self._conn.execute(asked, (_JSON(rows),)).rowcount

    def __iter__(self) -> Iterator[Waiting]:
        self._save()
        asked = "SELECT row, line, person, number, nth, records FROM waiting ORDER BY late, nth, waiting.row"
        for row, line, person, number, nth, records in self._conn.execute(asked):
            yield Waiting(row, line, person, number, nth, marshal.loads(records))

    def seen(self, key: str) -> tuple[int, str] | None:
        """The row of the file that had a key before, and what was remembered with it."""
        if not self._marks[hash(key) % _MARKS]:
            return None
        found = self._conn.execute("SELECT row, by FROM seen WHERE key = ?", (key,)).fetchone()
        return (int(found[0]), str(found[1])) if found else self._keys.get(key)

    def remember(self, row: int, keys: Sequence[tuple[str, str]]) -> None:
        """Remember keys as a row's, each with something of it."""
        for key, by in keys:
            self._keys.setdefault(key, (row, by))
            self._marks[hash(key) % _MARKS] = 1
        if len(self._keys) > 10 * _TOGETHER:  # rows that are here already wait for nothing
            self._save()


class _Standing:
    """What is on the desk in the places of a block, as it is inside the block's own transaction."""

    def __init__(self, log: Log, block: Sequence[Waiting]) -> None:
        ids = [one.claim["id"] for one in block]
        rows = log.rows(f"SELECT id, deleted, number FROM main.claims {_AMONG}", [_JSON(ids)])
        self.numbers = {id: number for id, _, number in rows}
        self.here = {id for id, deleted, _ in rows if not deleted}
        self.tops: dict[str, int] = {}
        """The highest number that a claim has here, by article, of those asked for."""
        self.twins: dict[int, list[str]] = {}
        for place, id in log.rows(_SAME, [_JSON([one.same for one in block])]):
            self.twins.setdefault(place, []).append(id)
        names = {(one.claim["article"], one.number) for one in block if one.number}
        self.holders: dict[tuple[str, int], list[tuple[object, ...]]] = {}
        for article, number, *holder in log.rows(_HOLDERS, [_JSON(list(names))]):
            self.holders.setdefault((article, number), []).append(tuple(holder))
        sources = [record["id"] for one in block for record in one.records if record["kind"] == "sources"]
        asked = f"SELECT id FROM main.sources {_AMONG} AND deleted = 0"
        self.sources = {id for (id,) in log.rows(asked, [_JSON(sources)])} if sources else set()


class Blocks:
    """Writes a pile. ``done`` claims are in, ``known`` came in meanwhile, ``bad`` rows no longer fit."""

    def __init__(self, desk: Desk, pile: Pile, saved: Progress | None, cancelled: Cancelled | None) -> None:
        self._desk = desk
        self._pile = pile
        self._saved = saved
        self._cancelled = cancelled
        self.done = self.known = 0
        self.bad: list[BadRow] = []
        self.notes: Counter[str] = Counter()

    def write(self, details: Mapping[str, set[tuple[str, str, str]]]) -> None:
        """Write all claims as one step of undo, and then what is told of their articles.

        Raises:
            Stopped: it was cancelled.
            Busy, ReadOnly, Damaged: the desk cannot be written (any more).
        """
        size, block = _FIRST, list[Waiting]()
        with self._telling(), self._desk.session.one_step():
            for one in self._pile:
                block.append(one)
                if len(block) >= size:
                    size = self._save(block, size)
                    block.clear()
            if block:
                self._save(block, size)
            for article, said in details.items():
                self._describe(article, said)

    @contextmanager
    def _telling(self) -> Iterator[None]:
        """Nobody is told that nothing was changed when something is in."""
        try:
            yield
        except Refused as error:
            if not self.done:
                raise
            raise error.but(f"{self.done:,} of {self._pile.count:,} claims are in and stay") from error

    def _save(self, block: Sequence[Waiting], size: int) -> int:
        """Write a block, or each claim by itself if one does not fit. Gives how many are to be in the next."""
        if self._cancelled and self._cancelled():
            raise Stopped("The import was stopped; nothing was changed.")
        began = time.monotonic()
        try:
            with self._desk.together():
                began = time.monotonic()
                standing = _Standing(self._desk.session.log, block)
                fits, known, bad = self._sorted_out(block, standing)
                anew = self._bring(fits, standing)
        except Refused as refusal:
            if type(refusal) not in (Refused, Guarded):  # it is about the desk, not about a row
                raise
            if len(block) == 1:
                self.bad.append(BadRow.of(block[0].row, block[0].line, refusal))
            else:
                for one in block:
                    self._save([one], size)
            return size
        self.done, self.known, self.bad = self.done + len(fits), self.known + known, self.bad + bad
        self.notes += Counter({"Renamed, because other claims here have that name: #.": anew})
        if self._saved:
            self._saved(self.done, self._pile.count)
        each = (time.monotonic() - began) / len(block)
        return min(_MOST, max(_LEAST, int(_SECONDS / max(each, 1e-6))))

    def _sorted_out(self, block: Sequence[Waiting], standing: _Standing) -> tuple[list[Waiting], int, list[BadRow]]:
        """What of a block still fits, how many are here by now, and what no longer fits."""
        fits, known, bad = list[Waiting](), 0, list[BadRow]()
        for place, one in enumerate(block):
            if one.claim["id"] in standing.here:
                known += 1
                continue
            try:
                if any(not self._pile.seen(f"claim {id}") for id in standing.twins.get(place, ())):
                    raise Refused(f"{quoted(shorten(one.claim['quote']))} has been tagged since: change that claim.")
                self._desk.imports.may_bring(one.claim)
            except Refused as refusal:
                bad.append(BadRow.of(one.row, one.line, refusal))
            else:
                fits.append(one)
        return fits, known, bad

    def _bring(self, block: Sequence[Waiting], standing: _Standing) -> int:
        """Write claims that fit. Gives how many had to be named again."""
        records: list[BlockRecord] = []
        anew = 0
        for one in block:
            records += self._number(one, standing)
            anew += one.number not in (0, one.claim["number"])
            for record in one.records:
                if record["kind"] != "sources" or record["id"] not in standing.sources:
                    records.append(record)
                if record["kind"] == "sources":
                    standing.sources.add(record["id"])
        self._desk.imports.bring(sorted(records, key=lambda record: _ORDER.index(record["kind"])))
        return anew

    # -- names --------------------------------------------------------------------------------------------------

    def _number(self, one: Waiting, standing: _Standing) -> list[BlockRecord]:
        """Give a claim the number that its name in the file says, unless other words have that number here.

        Gives what must be written before it so that it gets its letter too: the second of a number is D7 also when
        the first is withdrawn.
        """
        claim = one.claim
        if claim["id"] in standing.numbers:  # it was deleted here, and comes back under its name
            claim["number"] = standing.numbers[claim["id"]]
            return []
        article, span = str(claim["article"]), (claim["version"], claim["start"], claim["end"])
        holders = standing.holders.get((article, one.number), [])
        told = one.nth and any(self._pile.seen(f"claim {holder[3]}") for holder in holders)
        taken = holders and not told and span not in [holder[:3] for holder in holders]
        claim["number"] = one.number if one.number and not taken else self._next(article, standing)
        before = 0 if taken else one.nth
        first = [_withdrawn(claim, nth) for nth in range(len(holders), before)]
        held = standing.holders.setdefault((article, claim["number"]), [])
        held += [(*span, made["id"]) for made in (*first, claim)]
        return first

    def _next(self, article: str, standing: _Standing) -> int:
        """A number that no claim has, here or in the file."""
        if article not in standing.tops:
            asked = "SELECT coalesce(max(number), 0) FROM main.claims WHERE article = ?"
            standing.tops[article] = int(self._rows(asked, article)[0][0])
        self._pile.tops[article] = max(self._pile.tops.get(article, 0), standing.tops[article]) + 1
        return self._pile.tops[article]

    # -- the article --------------------------------------------------------------------------------------------

    def _describe(self, article: str, details: set[tuple[str, str, str]]) -> None:
        """Take over what the rows say of an article, when they agree and nobody has edited it here."""
        if len(details) > 1 or len(self._rows("SELECT 1 FROM main.changes WHERE item = ? LIMIT 2", article)) != 1:
            return
        title, url, published = next(iter(details))
        try:
            self._desk.articles.edit(article, title=title, url=url, published=published)
        except Refused as refusal:
            if type(refusal) is not Refused:
                raise
            self.notes[f"The details of “{shorten(title, 40)}” stay as they are here: {refusal}"] = 1

    def _rows(self, sql: str, *values: object) -> list[tuple[Any, ...]]:
        return self._desk.session.log.rows(sql, values)


def _withdrawn(claim: BlockRecord, nth: int) -> BlockRecord:
    """A claim that was withdrawn where a claim comes from, and had the same number before it."""
    kept = ("kind", "by", "created", "article", "version", "number", "start", "end", "quote", "prefix", "suffix")
    id = clock.derived("withdrawn", str(claim["article"]), str(claim["number"]), str(nth))
    return {name: claim[name] for name in kept} | {"id": id, "updated": claim["created"], "deleted": 1}
