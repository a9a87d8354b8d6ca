"""CSV and JSON of many claims against the sqlite3 command, and one saved edit in a big desk and a small.

    python -m tests.bench.bench_export [CLAIMS]

The sqlite3 command runs the very SELECT of the export with its own CSV formatting, and is spared four things: the
line numbers, Markdown as people see it, the ISO times and the guard against formulas. For JSON Lines and W3C
annotations it prints a line of JSON for each claim, with all of its values, evidence, comments and reviews; whole
processes are compared. In process the floor is the SELECT of the CSV, its rows read and let go, in processor time, the
smallest of several turns.
"""

from __future__ import annotations

import hashlib
import os
import random
import re
import shutil
import sqlite3
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path
from statistics import median

from store.desk import Desk
from store.errors import Refused
from store.formats.csv import claim_columns as csv_claims
from store.formats.csv.cells import plain
from store.formats.snapshot import snapshot
from store.records import Claim
from store.vocabulary import Status
from tests.bench.processes import factdesk
from tests.bench.ratios import Ratio, print_ratios

EACH = 100
SMALL = 1000
MIDDLE = 10_000
ROUNDS = 3
EDITS = 300
_UUID = re.compile(r"[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}")
_TABLES = (
    "changes", "articles", "versions", "claims", "verdicts", "sources", "evidence", "comments", "reviews", "answers",
    "ticks", "adjudications", "assignments",
)  # fmt: skip

_AT = "strftime('%Y-%m-%dT%H:%M:%fZ', {} / 1000.0, 'unixepoch')"
_JSONL = """SELECT json_object('type', 'claim', 'id', c.id, 'article', c.article, 'start', c.start, 'end', c."end",
  'quote', c.quote, 'prefix', c.prefix, 'suffix', c.suffix, 'verdict', c.verdict, 'note', c.justification,
  'claim_text', c.claim_text, 'claimant', c.claimant, 'attribution', c.attribution, 'check_target', c.check_target,
  'priority', c.priority, 'person', p.name, 'name', c.name, 'types', json(c.types), 'tags', json(c.tags),
  'at', strftime('%Y-%m-%dT%H:%M:%fZ', c.created / 1000.0, 'unixepoch'),
  'evidence', (SELECT json_group_array(json_object('stance', e.stance, 'quote', e.quote, 'locator', e.locator,
    'note', e.note, 'url', s.url, 'title', s.title, 'publisher', s.publisher, 'published', s.published))
    FROM evidence e LEFT JOIN sources s ON s.id = e.source WHERE e.claim = c.id AND e.deleted = 0),
  'comments', (SELECT json_group_array(json_object('words', m.body, 'person', w.name, 'at', m.created))
    FROM comments m JOIN reviewers w ON w.id = m."by" WHERE m.claim = c.id AND m.deleted = 0),
  'reviews', (SELECT json_group_array(json_object('decision', r.decision, 'words', r.comment, 'verdict', r.verdict,
    'person', w.name, 'at', r.updated, 'reason', r.reason, 'note', r.justification, 'claim_text', r.claim_text,
    'start', r.start, 'end', r."end", 'quote', r.quote, 'stale', r.stale))
    FROM reviews_now r JOIN reviewers w ON w.id = r."by" WHERE r.claim = c.id))
FROM claims_now c JOIN reviewers p ON p.id = c."by" WHERE c.deleted = 0
ORDER BY c.article, c.start, c."end", c.id;
"""

_REPLY = """SELECT json_object('id', 'urn:uuid:' || {said}.claim || '#{motivation}-0', 'type', 'Annotation',
  'motivation', '{motivation}', 'creator', json_object('type', 'Person', 'name', p.name), 'created', {at},
  'body', json_array(json_object('type', 'TextualBody', 'value', {words}, 'purpose', '{motivation}'{own})),
  'target', 'urn:uuid:' || {said}.claim)
FROM {table} {said} JOIN reviewers p ON p.id = {said}."by" WHERE {said}.deleted = 0 ORDER BY {said}.claim, {said}.born;
"""
_W3C = f"""SELECT json_object('id', 'urn:uuid:' || c.id, 'type', 'Annotation', 'motivation', 'assessing',
  'creator', json_object('type', 'Person', 'name', p.name), 'created', {_AT.format("c.created")},
  'body', (SELECT json_group_array(json(body)) FROM (
    SELECT json_object('type', 'TextualBody', 'purpose', 'classifying', 'value', c.verdict, 'factdesk:label', c.verdict)
      AS body WHERE c.verdict <> ''
    UNION ALL SELECT json_object('type', 'TextualBody', 'purpose', 'describing', 'value', c.justification)
      WHERE c.justification <> ''
    UNION ALL SELECT json_object('type', 'TextualBody', 'purpose', 'tagging', 'value', value, 'factdesk:kind', 'type')
      FROM json_each(c.types)
    UNION ALL SELECT json_object('type', 'TextualBody', 'purpose', 'tagging', 'value', value, 'factdesk:kind', 'tag')
      FROM json_each(c.tags)
    UNION ALL SELECT json_object('type', 'SpecificResource', 'purpose', 'linking', 'source', s.url,
      'factdesk:stance', e.stance, 'factdesk:quote', e.quote, 'factdesk:locator', e.locator, 'factdesk:note', e.note,
      'factdesk:title', s.title, 'factdesk:publisher', s.publisher, 'factdesk:published', s.published)
      FROM evidence e LEFT JOIN sources s ON s.id = e.source WHERE e.claim = c.id AND e.deleted = 0)),
  'target', json_object('source', 'urn:sha256:' || v.text, 'selector', json_array(
    json_object('type', 'TextPositionSelector', 'start', c.start, 'end', c."end"),
    json_object('type', 'TextQuoteSelector', 'exact', c.quote, 'prefix', c.prefix, 'suffix', c.suffix))),
  'factdesk:claim_text', c.claim_text, 'factdesk:claimant', c.claimant, 'factdesk:attribution', c.attribution,
  'factdesk:check_target', c.check_target, 'factdesk:priority', c.priority, 'factdesk:name', c.name)
FROM claims_now c JOIN reviewers p ON p.id = c."by" JOIN versions v ON v.id = c.version WHERE c.deleted = 0
ORDER BY c.article, c.start, c."end", c.id;
""" + "".join(
    _REPLY.format(motivation=motivation, said=said, table=table, words=words, at=_AT.format(at), own=own)
    for motivation, said, table, words, at, own in (
        ("moderating", "r", "reviews_now", "r.comment", "r.updated",
         ", 'factdesk:decision', r.decision, 'factdesk:verdict', r.verdict"),
        ("replying", "m", "comments", "m.body", "m.created", ""),
    )
)  # fmt: skip
_FLOORS = {"jsonl": _JSONL, "w3c": _W3C}
"""What the sqlite3 command is asked, so that it prints the same JSON as a format: one object after the other."""


def make(path: Path, claims: int) -> None:
    """A desk of that many claims: one article of a hundred, made through the door, and copies of it row by row."""
    text = pattern(path)
    conn = sqlite3.connect(path, isolation_level=None)
    conn.execute("PRAGMA journal_mode = OFF")
    conn.execute("PRAGMA synchronous = OFF")
    conn.execute("PRAGMA cache_size = -400000")
    people = {id for (id,) in conn.execute("SELECT id FROM reviewers")}
    copies = [f"{text}\nCopy {copy}." for copy in range(1, claims // EACH)]
    shas = [hashlib.sha256(copy.encode()).hexdigest() for copy in copies]
    first = hashlib.sha256(text.encode()).hexdigest()

    def marked(value: object) -> object:
        if not isinstance(value, str):
            return value
        anew = _UUID.sub(lambda id: id[0] if id[0] in people else id[0][:-12] + "\1", value)
        return anew.replace(first, "\2")

    def rows(table: str) -> Iterator[tuple[object, ...]]:
        kept = [tuple(map(marked, row[1:])) for row in conn.execute(f"SELECT * FROM {table}").fetchall()]
        kept = [row for row in kept if "reviewers" not in row]
        for copy, sha in enumerate(shas, 1):
            mark = f"{copy:012x}"
            for row in kept:
                yield tuple(v.replace("\1", mark).replace("\2", sha) if isinstance(v, str) else v for v in row)

    conn.execute("BEGIN")
    conn.executemany("INSERT INTO texts (sha, body) VALUES (?, ?)", zip(shas, copies, strict=True))
    for table in _TABLES:
        names = [f'"{row[1]}"' for row in conn.execute(f"PRAGMA table_info({table})")][1:]
        marks = ", ".join("?" * len(names))
        conn.executemany(f"INSERT INTO {table} ({', '.join(names)}) VALUES ({marks})", rows(table))
    conn.execute("COMMIT")
    conn.execute("PRAGMA journal_mode = WAL")
    conn.close()


def pattern(path: Path) -> str:
    """One article of 3 kB with a hundred claims, all with a verdict, half with evidence, some with a comment.

    A third is reviewed, some of that is answered, and some of it settled.
    """
    chance = random.Random(7)
    words = [f"{a}{b}{c}" for a in "bdgklmnprstv" for b in "aeiou" for c in ("", "n", "st", "rd")]
    text = "\n\n".join(" ".join(chance.choices(words, k=60)) + "." for _ in range(12))
    with Desk.open(path, "Ana") as desk, desk.together():
        claims = []
        article = desk.articles.add(
            text, title="An article, “quoted”", url="https://news.example/1", published="2025-02-19"
        )
        verdicts, types = [kind.key for kind in desk.scheme.active], [kind.key for kind in desk.scheme.types]
        made = 0
        while made < EACH:
            start = chance.randrange(len(text) - 120)
            try:
                claim = desk.claims.tag(
                    article, start, start + chance.randrange(20, 120), claimant=chance.choice(["", "Ri", "Budanov"]),
                    types=chance.sample(types, chance.randrange(3)), claim_text=chance.choice(["", text[start:][:60]]),
                )  # fmt: skip
            except Refused:
                continue
            made += 1
            claims.append(claim)
            desk.verdicts.give(claim, chance.choice(verdicts), 'Because of that, and "so" on.')
            if made % 2:
                url = f"https://source.example/{chance.randrange(20)}"
                desk.evidence.add(claim, chance.choice(["supports", "refutes"]), url=url, quote="what it says")
            if made % 10 == 0:
                desk.threads.comment(claim, "Look at this again?")
    review(path, claims[::3])
    return text


def review(path: Path, claims: list[Claim]) -> None:
    """Bob's second look at some claims, Ana's answers and what Cy settled."""
    with Desk.open(path, "Ana") as ana, Desk.open(path, "Bob") as bob, Desk.open(path, "Cy") as cy:
        for turn, claim in enumerate(claims):
            if turn % 3:
                bob.reviews.decide(claim.id, "agree")
                continue
            for piece in bob.evidence.of(claim):
                bob.ticks.tick(piece, "doubted", "dead_link")
            said = bob.reviews.decide(claim.id, "change_claim_text", claim_text=f"In words that stand alone {turn}.")
            if turn % 2:
                ana.answers.answer(said, "rejected", "It is said so.")
            elif turn % 4:
                cy.settlements.adjudicate(
                    cy.comparison.group_of(claim, cy.comparison.compare(claim.article)),
                    "first_correct",
                    rationale="As it stands.",
                )


SPARED = {"line": "1", "quote_shown": "''"}
"""Columns that ask functions of ours, and what the sqlite3 command is asked in their place."""


def script(desk: Desk) -> str:
    """What the sqlite3 command is given: the tables that the export makes beside the desk, and its SELECT."""
    with snapshot(desk, text=str) as conn:
        csv_claims.prepare(conn)
        made = []
        parts = conn.execute("SELECT type, name, sql FROM temp.sqlite_master ORDER BY type").fetchall()
        for kind, name, sql in parts:
            made.append(re.sub("^CREATE", "CREATE TEMP", sql))
            for row in conn.execute(f"SELECT * FROM temp.{name}") if kind == "table" else ():
                values = ", ".join("NULL" if v is None else "'" + str(v).replace("'", "''") + "'" for v in row)
                made.append(f"INSERT INTO temp.{name} VALUES ({values})")
    made.append(f"{csv_claims.HEARD} GROUP BY r.claim")
    asked = ", ".join(f'{SPARED.get(column.name) or plain(column)} AS "{column.name}"' for column in csv_claims.COLUMNS)
    made.append(f"SELECT {asked} {csv_claims.FROM} {csv_claims.ORDER}")
    return ";\n".join(["PRAGMA cache_size = -64000", "BEGIN", *made, "COMMIT"]) + ";\n"


def export(path: Path, folder: Path) -> tuple[float, float]:
    """Seconds of the sqlite3 command and of the export, medians of turns."""
    with Desk.open(path) as desk:
        asked = script(desk)
    floor, ours = [], []
    for _ in range(ROUNDS):
        began = time.perf_counter()
        with (folder / "floor.csv").open("wb") as file:
            subprocess.run(["sqlite3", "-csv", "-header", path], input=asked.encode(), stdout=file, check=True)
        floor.append(time.perf_counter() - began)
        began = time.perf_counter()
        with Desk.open(path) as desk:
            csv_claims.write(desk, folder / "ours.csv", replace=True)
        ours.append(time.perf_counter() - began)
    return median(floor), median(ours)


def json_lines(path: Path, folder: Path, count: int) -> Iterator[Ratio]:
    """Processor time of the formats of JSON, whole processes, against the sqlite3 command that prints the same JSON."""
    for name, asked in _FLOORS.items():
        before = os.times()
        with (folder / f"floor.{name}").open("wb") as file:
            subprocess.run(["sqlite3", path], input=asked.encode(), stdout=file, check=True)
        after = os.times()
        floor = after.children_user - before.children_user + after.children_system - before.children_system
        took = factdesk(path, "export", name, "-o", folder / f"ours.{name}").seconds
        yield Ratio(f"export {name} of {count:,} claims against sqlite3", took / floor, 1.5)


def in_process(path: Path, folder: Path) -> tuple[float, float]:
    """Processor time of the same join with plain columns, read and let go, and of the export; smallest of turns."""
    asked = ", ".join(f'{SPARED.get(column.name) or plain(column)} AS "{column.name}"' for column in csv_claims.COLUMNS)
    floor, ours = [], []
    for _ in range(ROUNDS):
        with Desk.open(path) as desk:
            began = time.process_time()
            with snapshot(desk, text=str) as conn:
                csv_claims.prepare(conn)
                conn.execute(f"{csv_claims.HEARD} GROUP BY r.claim")
                for _row in conn.execute(f"SELECT {asked} {csv_claims.FROM} {csv_claims.ORDER}"):
                    pass
            floor.append(time.process_time() - began)
        with Desk.open(path) as desk:
            began = time.process_time()
            csv_claims.write(desk, folder / "ours.csv", replace=True)
            ours.append(time.process_time() - began)
    return min(floor), min(ours)


def edits(small: Path, big: Path, turns: int) -> tuple[float, float]:
    """Seconds of one saved edit in each, medians of edits made in turns."""
    took: tuple[list[float], list[float]] = ([], [])
    with Desk.open(small, "Ana") as few, Desk.open(big, "Ana") as many:
        desks = [
            (desk, [claim for claim in desk.claims.of(desk.articles.all()[0]) if claim.status != Status.SETTLED])
            for desk in (few, many)
        ]
        for turn in range(turns):
            for (desk, claims), times in zip(desks, took, strict=True):
                claim = claims[turn % len(claims)]
                began = time.perf_counter()
                desk.claims.edit(claim.id, claimant=f"Somebody {turn}")
                times.append(time.perf_counter() - began)
    return median(took[0]), median(took[1])


def ratios(quick: bool = False, count: int = 1_000_000) -> list[Ratio]:
    """One saved edit in a big desk and a small one, and the export; that needs the sqlite3 command."""
    count = min(count, 20_000) if quick else count
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        make(folder / "small.db", SMALL)
        make(folder / "big.db", count)
        make(folder / "middle.db", MIDDLE)
        join, csv = in_process(folder / "middle.db", folder)
        few, many = edits(folder / "small.db", folder / "big.db", EDITS // 6 if quick else EDITS)
        found = [Ratio(f"export csv of {MIDDLE:,} claims against the same join in process", csv / join, 1.8)]
        found += [Ratio(f"one saved edit, {count:,} claims in the file against {SMALL:,}", many / few, 1.5)]
        if shutil.which("sqlite3"):
            floor, ours = export(folder / "big.db", folder)
            found.append(Ratio(f"export csv of {count:,} claims against sqlite3 -csv", ours / floor, 1.2))
            found += json_lines(folder / "big.db", folder, count)
        else:
            print("The export is not measured: the sqlite3 command is not installed.", file=sys.stderr)
    return found


def main() -> None:
    print_ratios(ratios(count=int(sys.argv[1]) if len(sys.argv) > 1 else 1_000_000))


if __name__ == "__main__":
    main()
