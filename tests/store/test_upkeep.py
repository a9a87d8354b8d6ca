"""Backup, verify, rebuild."""

from __future__ import annotations

import json
import os
import re
import sqlite3
import subprocess
import sys
from collections.abc import Callable
from contextlib import closing
from pathlib import Path

import pytest

from store import upkeep
from store.desk import Desk
from store.errors import Refused
from store.records import Article
from tests.kit import oracle
from tests.kit.paths import ROOT


@pytest.fixture
def full(desk: Desk, bob: Desk, article: Article) -> Desk:
    """A desk with something of every kind, and a conflict."""
    claim = desk.claims.tag(article, 0, 37, types=["event"], tags=["kursk"])
    bob.claims.edit(claim, claimant="Ri")
    desk.claims.edit(claim, claimant="Baek")
    desk.verdicts.give(claim, "mixed", "hm")
    evidence = desk.evidence.add(claim, "supports", url="https://a.example")
    desk.delete(evidence)
    desk.history.undo()
    desk.threads.comment(claim, "Hm.")
    desk.sweeps.add(article, 38, 96)
    assert desk.upkeep.verify() == [] and len(desk.conflicts.of()) == 1
    return desk


def spoil(desk: Desk, sql: str) -> None:
    """Write past the desk, as another program might."""
    other = sqlite3.connect(desk.path)
    other.executescript(sql)
    other.close()


TABLES = {
    "a field": "UPDATE claims SET claimant = 'x'",
    "a number": "UPDATE claims SET number = 9",
    "an author": "UPDATE verdicts SET \"by\" = (SELECT id FROM reviewers WHERE name = 'Bob')",
    "a time": "UPDATE comments SET updated = 5",
    "heads": "UPDATE claims SET heads = born",
    "a mark of conflict": "UPDATE claims SET conflict = 0",
    "a deletion": "UPDATE evidence SET deleted = 1",
    "a missing row": "DELETE FROM sweeps",
    "a row out of nowhere": "INSERT INTO comments SELECT NULL, 'c0ffee', claim, reply_to, body, resolved, deleted, "
    '"by", born, heads, created, updated, updated_by, conflict FROM comments',
    "a lost conflict": "DELETE FROM conflicts",
    "a conflict of others": "UPDATE conflicts SET versions = '[\"x\"]'",
    "a conflict out of nowhere": "INSERT INTO conflicts VALUES ('x', 'claimant', 'claims', '[]')",
    "a row under the id of another kind": "INSERT INTO comments SELECT NULL, (SELECT id FROM claims), claim, reply_to, "
    'body, resolved, deleted, "by", born, heads, created, updated, updated_by, conflict FROM comments',
    "a conflict of another kind": "UPDATE conflicts SET kind = 'comments'",
    "a changed view": "DROP VIEW claims_now; CREATE VIEW claims_now AS SELECT id, 'x' AS name FROM claims",
    "a missing view": "DROP VIEW open_disputes",
    "a changed trigger": "DROP TRIGGER changes_are_kept; CREATE TRIGGER changes_are_kept BEFORE DELETE ON changes "
    "BEGIN SELECT 1; END",
    "a missing trigger": "DROP TRIGGER texts_are_fixed",
    "a trigger of somebody's": "CREATE TRIGGER spy AFTER INSERT ON changes BEGIN DELETE FROM sweeps; END",
    "a trigger on a folded table": 'CREATE TRIGGER "x ""y" AFTER INSERT ON claims BEGIN DELETE FROM sweeps; END',
    "a changed index": "DROP INDEX changes_item; CREATE INDEX changes_item ON changes(item)",
    "a missing index": "DROP INDEX claims_span",
    "an index of somebody's": "CREATE UNIQUE INDEX one_each ON claims(article)",
    "a table that is a view by now": "ALTER TABLE ticks RENAME TO t; CREATE VIEW ticks AS SELECT * FROM t",
    "a view that is a table by now": "DROP VIEW ticks_now; CREATE TABLE ticks_now (x)",
    "a missing table": "DROP TABLE sweeps",
    "a missing column": "ALTER TABLE comments DROP COLUMN resolved",
    "a claim of no article": "UPDATE claims SET article = 'x'",
    "evidence of no source": "UPDATE evidence SET source = 'x'",
    "a span": "UPDATE claims SET start = 1",
    "a swept span": 'UPDATE sweeps SET "end" = 4',
    "a version without text": "UPDATE versions SET text = 'x'",
    "an unindexed claim": "DELETE FROM claims",
    "an index of claims": "INSERT INTO claims_fts(claims_fts) VALUES ('delete-all')",
    "an index of texts": "INSERT INTO texts_fts(texts_fts) VALUES ('delete-all')",
}


@pytest.mark.parametrize("sql", TABLES.values(), ids=TABLES.keys())
def test_damage_to_the_tables_is_found_and_rebuilt(full: Desk, sql: str) -> None:
    before = (
        oracle.table_rows(full.session.log.conn),
        full.conflicts.of(),
        full.history.of(),
        full.library.search("prisoners"),
    )
    spoil(full, sql)
    found = full.upkeep.verify()
    assert found and all(line.endswith(".") and "\n" not in line for line in found)
    assert full.upkeep.rebuild() > 5
    assert full.upkeep.verify() == []
    assert (
        oracle.table_rows(full.session.log.conn),
        full.conflicts.of(),
        full.history.of(),
        full.library.search("prisoners"),
    ) == before


EDITED: dict[str, tuple[str, Callable[[Desk], object]]] = {
    "another field": (
        "UPDATE claims SET claimant = 'x'",
        lambda desk: desk.claims.edit(desk.claims.of("1")[0], claim_text="Two were captured."),
    ),
    "the verdict": (
        "UPDATE verdicts SET verdict = 'refuted'",
        lambda desk: desk.verdicts.justify(desk.claims.of("1")[0], "Looked again."),
    ),
    "the place of a passage": (
        "UPDATE evidence SET locator = 'x'",
        lambda desk: desk.evidence.edit(desk.evidence.of(desk.claims.of("1")[0])[0], quote="Two of them."),
    ),
    "a publisher": (
        "UPDATE articles SET publisher = 'x'",
        lambda desk: desk.articles.edit(desk.articles.get("1"), author="Eva Ink"),
    ),
    "the title of a source": (
        "UPDATE sources SET title = 'x'",
        lambda desk: desk.evidence.edit_source(desk.evidence.sources()[0], publisher="The Paper"),
    ),
}


@pytest.mark.parametrize(("sql", "edit"), EDITED.values(), ids=EDITED.keys())
def test_what_another_program_altered_is_not_what_somebody_says_who_edits_beside_it(
    full: Desk, sql: str, edit: Callable[[Desk], object]
) -> None:
    for conflict in full.conflicts.of():
        full.conflicts.settle(conflict, conflict.contenders[0])
    last = full.history.mark()
    spoil(full, sql)
    with Desk.open(full.path, "Ana") as desk:
        edit(desk)
    (said,) = full.session.log.rows("SELECT patch FROM main.changes WHERE seq > ?", (last,))
    assert not {"x", "refuted"} & {str(value) for value in json.loads(said[0]).values()}
    full.upkeep.rebuild()
    assert full.upkeep.verify() == []


@pytest.mark.parametrize("sql", ["DROP VIEW claims_now", "DROP TABLE claims_fts", "DROP INDEX claims_span"])
def test_lost_views_and_indexes_are_made_anew(full: Desk, sql: str) -> None:
    before = full.claims.of("1")
    spoil(full, sql)
    full.upkeep.rebuild()
    assert full.claims.of("1") == before and len(full.library.search("prisoners")) == 2 and full.upkeep.verify() == []
    names = {name for (name,) in full.session.log.conn.execute("SELECT name FROM sqlite_master")}
    assert {"claims_now", "claims_fts", "claims_span"} <= names


@pytest.mark.parametrize(
    ("sql", "words"),
    [
        ("DROP TRIGGER texts_are_fixed; UPDATE texts SET body = replace(body, 'Kursk', 'Minsk')", "text .* altered"),
        (
            "DROP TRIGGER changes_are_fixed; UPDATE changes SET patch = '{\"body\": \"x\"}' WHERE kind = 'comments'",
            "match its history",
        ),
        (
            "DROP TRIGGER changes_are_fixed; UPDATE changes SET parents = '[\"x\"]' WHERE undoes <> ''",
            "x, which is missing",
        ),
        ("DROP TRIGGER changes_are_kept; DELETE FROM changes WHERE kind = 'sweeps'", "not in the history"),
        (
            "DROP TRIGGER changes_are_fixed; UPDATE changes SET parents = '[\"' || id || '\"]' WHERE kind = 'sweeps'",
            "does not come before",
        ),
        ("DROP TRIGGER texts_are_kept; DELETE FROM texts", "text of the version .* missing"),
    ],
    ids=["text", "patch", "parent", "lost change", "own parent", "lost text"],
)  # fmt: skip
def test_damage_to_the_truth_is_found(full: Desk, sql: str, words: str) -> None:
    spoil(full, sql)
    assert any(re.search(words, line) for line in full.upkeep.verify())


def test_rebuilding_a_good_desk_changes_nothing_people_see(full: Desk) -> None:
    told: list[tuple[int, int]] = []
    before = oracle.table_rows(full.session.log.conn), full.claims.of("1"), full.history.of(), full.library.shelf()
    count = full.upkeep.rebuild(lambda done, all: told.append((done, all)))
    assert (
        oracle.table_rows(full.session.log.conn),
        full.claims.of("1"),
        full.history.of(),
        full.library.shelf(),
    ) == before
    assert told and told[0] == (0, count)
    assert full.history.undo().sentence.startswith("Undid: swept")


def test_verify_tells_how_far_it_is(full: Desk) -> None:
    for number in range(600):
        full.sweeps.add("1", number % 30, 31 + number // 30)
    told: list[tuple[int, int]] = []
    assert full.upkeep.verify(lambda done, all: told.append((done, all))) == []
    assert told and told == sorted(told) and all(done <= all for done, all in told)


def test_a_backup_is_a_whole_desk_and_needs_no_other_file(full: Desk, tmp_path: Path) -> None:
    copy = full.backup(tmp_path / "copy.db")
    assert [file.name for file in tmp_path.iterdir() if "copy" in file.name] == ["copy.db"]
    with Desk.open(copy, "Ana") as other:
        assert other.history.of() == full.history.of() and other.conflicts.of() == full.conflicts.of()
        assert other.upkeep.verify() == []
        other.history.undo()
    assert full.history.of() != []


def test_a_backup_overwrites_nothing(full: Desk, tmp_path: Path) -> None:
    taken = tmp_path / "taken.db"
    taken.write_text("precious")
    for to in (taken, full.path, tmp_path / "none" / "copy.db"):
        with pytest.raises(Refused) as caught:
            full.backup(to)
        assert ("\n" not in str(caught.value) and str(to) in str(caught.value)) or "no folder" in str(caught.value)
    assert taken.read_text() == "precious" and full.upkeep.verify() == []
    assert {file.name for file in tmp_path.iterdir()} <= {"taken.db", "desk.db", "desk.db-wal", "desk.db-shm"}


def test_a_backup_that_fails_leaves_no_file(full: Desk, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(os, "fsync", lambda file: (_ for _ in ()).throw(OSError(28, "No space left on device")))
    with pytest.raises(Refused, match="No space left"):
        full.backup(tmp_path / "copy.db")
    assert not [file for file in tmp_path.iterdir() if "copy" in file.name]


def test_a_backup_under_writing_is_sound(
    path: Path, tmp_path: Path, article: Article, open_desk: Callable[..., Desk]
) -> None:
    code = f"""
import sys
sys.path.insert(0, {str(ROOT)!r})
from store.desk import Desk
with Desk.open({str(path)!r}, "Busy") as desk:
    number = 0
    while True:
        claim = desk.claims.tag("1", number % 30, number % 30 + 2 + number // 30 % 120)
        desk.verdicts.give(claim, "mixed")
        number += 1
        print(number, flush=True)
"""
    writer = subprocess.Popen([sys.executable, "-c", code], stdout=subprocess.PIPE, text=True)
    try:
        assert writer.stdout is not None
        desk = open_desk("Ana")
        counts = []
        for number in range(4):
            for _ in range(10):
                acknowledged = int(writer.stdout.readline())
            with Desk.open(desk.backup(tmp_path / f"copy{number}.db")) as copy:
                assert copy.upkeep.verify() == []
                counts.append(len(copy.claims.of("1")))
                assert counts[-1] >= acknowledged
        assert counts == sorted(set(counts))
    finally:
        writer.kill()
        writer.communicate()


def test_what_is_somebody_elses_own_beside_the_desk_is_left_alone(full: Desk) -> None:
    spoil(
        full,
        "CREATE TABLE mine (x); CREATE INDEX mine_x ON mine(x); CREATE VIEW my_claims AS SELECT * FROM claims;"
        "CREATE TRIGGER mine_t AFTER INSERT ON mine BEGIN DELETE FROM mine; END",
    )
    assert full.upkeep.verify() == []
    full.upkeep.rebuild()
    names = {name for (name,) in full.session.log.conn.execute("SELECT name FROM sqlite_master")}
    assert {"mine", "mine_x", "my_claims", "mine_t"} <= names and full.upkeep.verify() == []


def test_a_desk_that_others_write_to_meanwhile_is_sound(
    desk: Desk, article: Article, open_desk: Callable[..., Desk], monkeypatch: pytest.MonkeyPatch
) -> None:
    bob = open_desk("Bob")
    desk.claims.tag(article, 0, 37)
    monkeypatch.setattr(upkeep, "_CHUNK", 1)
    starts = iter(range(1, 30))

    def write(done: int, total: int) -> None:
        start = next(starts, 0)
        bob.verdicts.give(bob.claims.tag(article, start, start + 40) if start else bob.claims.of(article)[-1], "mixed")

    assert desk.upkeep.verify(write) == [] and len(bob.claims.of(article)) > 3


def test_a_desk_that_another_program_holds_is_looked_at_meanwhile(full: Desk) -> None:
    spoil(full, TABLES["an index of texts"])
    with closing(sqlite3.connect(full.path, isolation_level=None)) as holder:
        holder.execute("BEGIN IMMEDIATE")
        assert full.upkeep.verify() == ["The search index texts_fts does not match its table: run `factdesk rebuild`."]
    full.upkeep.rebuild()
    with closing(sqlite3.connect(full.path, isolation_level=None)) as holder:
        holder.execute("BEGIN IMMEDIATE")
        assert full.upkeep.verify() == []
