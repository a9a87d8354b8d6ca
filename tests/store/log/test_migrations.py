"""A desk of the first step, made before there was second review: it comes up to date and loses nothing."""

from __future__ import annotations

import lzma
import os
import sqlite3
from pathlib import Path

import pytest

from store.desk import Desk
from store.log.kinds import KINDS
from store.log.migrations import STEPS
from store.log.tables import CACHE
from tests.kit import oracle

OLD = Path(__file__).with_name("data") / "first_step.db.xz"


@pytest.fixture
def old(path: Path) -> Path:
    path.write_bytes(lzma.decompress(OLD.read_bytes()))
    return path


def held(conn: sqlite3.Connection) -> dict[str, list[dict[str, object]]]:
    """Every row of every table that the first step had, by column."""
    found = {}
    for (table,) in conn.execute("SELECT name FROM sqlite_master WHERE type = 'table'").fetchall():
        if table in (*KINDS, "changes", "texts", "conflicts"):
            cursor = conn.execute(f"SELECT * FROM {table} ORDER BY 1, 2")
            found[table] = [dict(zip((d[0] for d in cursor.description), row, strict=True)) for row in cursor]
    return found


def test_the_old_desk_is_old(old: Path) -> None:
    conn = sqlite3.connect(old)
    assert [name for (name,) in conn.execute("SELECT name FROM _sqlite_migrations")] == [STEPS[0]]
    assert "reviews" not in held(conn) and len(held(conn)["claims"]) == 3
    conn.close()


def test_an_old_desk_comes_up_to_date_and_loses_nothing(old: Path) -> None:
    conn = sqlite3.connect(old)
    before = held(conn)
    conn.close()
    with Desk.open(old, "Ana") as desk:
        after = held(desk.session.log.conn)
        for table, rows in before.items():
            assert [{name: row[name] for name in rows[0]} for row in after[table]] == rows
        assert desk.upkeep.verify() == [] and not desk.read_only
        assert oracle.table_rows(desk.session.log.conn) == oracle.rows(oracle.read_log(desk.session.log.conn))
        claim = desk.claims.of("1")[0]
        assert (claim.name, claim.verdict, claim.status, claim.conflict) == ("C1", "mixed", "tagged", True)
        assert [verdict.by for verdict in desk.verdicts.of(claim)] == ["Ana", "Bob"]
        assert len(desk.history.of()) > 10 and len(desk.conflicts.of()) == 1
        desk.be("Bob")
        assert desk.reviews.decide(claim.id, "agree").standing == "agreed"
        assert desk.upkeep.verify() == []
        desk.upkeep.rebuild()
        assert desk.upkeep.verify() == []
    with Desk.open(old, "Ana") as desk:
        assert desk.claims.get(claim.id).status == "tagged" and desk.claims.lacks(claim.id)


def test_it_has_then_the_tables_views_and_indexes_of_a_new_one(old: Path, tmp_path: Path) -> None:
    def objects(path: Path) -> set[tuple[str, str, str | None]]:
        asked = "SELECT type, name, iif(type = 'index', sql, '') FROM sqlite_master WHERE name NOT LIKE 'sqlite_%'"
        with Desk.open(path) as desk:
            return set(desk.session.log.conn.execute(asked))

    def columns(path: Path) -> dict[str, set[tuple[object, ...]]]:
        with Desk.open(path) as desk:
            asked = 'SELECT name, type, "notnull", dflt_value FROM pragma_table_info(?)'
            return {kind: set(desk.session.log.conn.execute(asked, (kind,))) for kind in KINDS}

    assert objects(old) == objects(tmp_path / "new.db") and "reviews_now" in CACHE
    assert columns(old) == columns(tmp_path / "new.db")


def test_an_old_desk_that_cannot_be_written_is_read_and_left_as_it_is(
    old: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    before = old.read_bytes()
    monkeypatch.setattr(os, "access", lambda path, mode: mode != os.W_OK)
    with Desk.open(old, "Bob") as desk:
        assert "cannot be written" in desk.read_only
        claim = desk.claims.of("1")[0]
        assert (claim.name, claim.verdict, claim.status) == ("C1", "mixed", "tagged")
        assert (
            desk.reviews.of(claim) == []
            and desk.answers.inbox() == []
            and desk.library.shelf()[0].state == "in progress"
        )
        assert len(desk.reviews.queue("1").claims) == 1 and desk.upkeep.verify() == []
    assert old.read_bytes() == before
