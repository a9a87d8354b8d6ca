"""Desks of earlier factdesks, back to the first step: each comes up to date, loses nothing, and is merged as it is."""

from __future__ import annotations

import os
import sqlite3
from contextlib import closing
from pathlib import Path

import pytest

from store.desk import Desk
from store.log.kinds import KINDS
from store.log.migrations import STEPS
from store.log.tables import CACHE
from tests.kit import oracle
from tests.kit.released import RELEASED, make, unpack


@pytest.fixture
def old(path: Path) -> Path:
    return unpack(STEPS[0], path)


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


def shape(path: Path) -> tuple[set[object], dict[str, set[object]]]:
    """The tables, views and indexes of a desk, each as it is written, and the columns of each kind."""
    written = "iif(type IN ('index', 'view'), sql, '')"
    asked = f"SELECT type, name, {written} FROM sqlite_master WHERE name NOT LIKE 'sqlite_%'"
    columns = 'SELECT name, type, "notnull", dflt_value FROM pragma_table_info(?)'
    with Desk.open(path) as desk:
        conn = desk.session.log.conn
        return set(conn.execute(asked)), {kind: set(conn.execute(columns, (kind,))) for kind in KINDS}


@pytest.mark.parametrize("step", RELEASED)
def test_a_desk_of_each_release_comes_up_to_date_loses_nothing_and_is_kept_as_it_was(step: str, path: Path) -> None:
    unpack(step, path)
    whole = path.read_bytes()
    with closing(sqlite3.connect(path)) as conn:
        seen = [name for (name,) in conn.execute("SELECT name FROM _sqlite_migrations ORDER BY id")]
        assert step in seen and set(seen) <= set(STEPS)
        before = held(conn)
    with Desk.open(path, "Ana") as desk:
        conn = desk.session.log.conn
        assert desk.upkeep.verify() == [] and not desk.read_only and not desk.warning
        after = held(conn)
        for table in ("changes", "texts"):
            assert [{name: row[name] for name in before[table][0]} for row in after[table]] == before[table]
        for kind in KINDS.keys() & before.keys():
            assert [row["id"] for row in after[kind]] == [row["id"] for row in before[kind]], kind
        assert oracle.table_rows(conn) == oracle.rows(oracle.read_log(conn))
        assert oracle.listed_conflicts(conn) == oracle.conflicts(oracle.read_log(conn)) and desk.conflicts.of()
        assert bool(desk.backups.all()) == (set(seen) != set(STEPS))
        for kept in desk.backups.all():
            assert kept.file.read_bytes()[100:] == whole[100:]
        told = oracle.table_rows(conn)
        desk.upkeep.rebuild()
        assert oracle.table_rows(conn) == told and desk.upkeep.verify() == []
    new = path.with_name("new.db")
    assert shape(path) == shape(new) and "reviews_now" in CACHE


@pytest.mark.parametrize("step", RELEASED)
def test_a_desk_of_each_release_is_merged_as_it_is(step: str, path: Path) -> None:
    other = unpack(step, path.with_name("other.db"))
    whole = other.read_bytes()
    with Desk.open(path, "Zoe") as desk:
        desk.articles.add("Mine.")
        (merged,) = desk.merges.merge([other])
        assert merged.added and desk.upkeep.verify() == [] and other.read_bytes() == whole
        assert desk.merges.merge([other])[0].added == 0
        with Desk.open(other, "Zoe") as brought:
            logs = [
                {str(change["id"]): change for change in oracle.read_log(d.session.log.conn)} for d in (desk, brought)
            ]
            assert logs[1].items() <= logs[0].items()
        assert desk.merges.merge([other])[0].added == 0  # up to date by now, it still says the same


def test_all_releases_meet_in_one_desk(path: Path) -> None:
    others = [unpack(step, path.with_name(f"{step}.db")) for step in RELEASED]
    with Desk.open(path, "Zoe") as desk, Desk.open(path.with_name("back.db"), "Zoe") as back:
        desk.merges.merge(others)
        back.merges.merge(others[::-1])
        states = [
            (oracle.table_rows(d.session.log.conn), oracle.listed_conflicts(d.session.log.conn)) for d in (desk, back)
        ]
        assert states[0] == states[1] and desk.upkeep.verify() == back.upkeep.verify() == []
        assert len(desk.articles.all()) >= 2 and desk.conflicts.of()


def test_an_answer_that_factdesk_0_2_gave_is_one(path: Path) -> None:
    with Desk.open(unpack("0002_second_review", path), "Bob") as desk:
        asked = next(review for review in desk.reviews.of(desk.claims.get("C3", 1)) if review.decision == "disagree")
        assert (asked.answered, asked.answer_reason) == ("rejected", "It did not.")
        assert [one for one in desk.conflicts.of() if one.kind == "answers"] == []


def test_the_newest_schema_has_its_file_and_how_it_was_made_still_works(path: Path) -> None:
    assert next(iter(RELEASED)) == STEPS[0] and "0002_second_review" in RELEASED
    assert STEPS[-1] in RELEASED, "run `python -m tests.kit.released`, and commit the file that it names"
    make(path)
    with Desk.open(path, "Ana") as desk:
        assert desk.upkeep.verify() == [] and len(desk.conflicts.of()) == 1


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
