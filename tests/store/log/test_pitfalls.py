"""Where sqlite-utils and SQLite bite, and that this store is not bitten."""

from __future__ import annotations

import sqlite3
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

from store.desk import Desk
from store.errors import Busy, ReadOnly
from store.log.kinds import KINDS
from store.records import Article
from store.text.article_draft import Draft
from tests.kit import oracle
from tests.kit.paths import ROOT


def pragma(desk: Desk, name: str) -> object:
    return desk.session.log.conn.execute(f"PRAGMA {name}").fetchone()[0]


def statements(desk: Desk, act: Callable[[], object]) -> list[str]:
    """The SQL that an act runs, without what triggers run inside it."""
    run: list[str] = []
    desk.session.log.conn.set_trace_callback(run.append)
    try:
        act()
    finally:
        desk.session.log.conn.set_trace_callback(None)
    return [sql for sql in run if not sql.startswith("--")]


def test_a_write_takes_the_lock_before_it_reads(desk: Desk, article: Article) -> None:
    """A deferred transaction that reads first fails with "database is locked" as soon as anybody else writes."""
    claim = desk.claims.tag(article, 0, 37)
    for act in (
        lambda: desk.claims.tag(article, 0, 20),
        lambda: desk.claims.edit(claim, claimant="x"),
        lambda: desk.verdicts.give(claim, "mixed"),
        lambda: desk.history.undo(),
        lambda: desk.history.redo(),
        lambda: desk.articles.add_many([Draft(text="One says so.")]),
    ):
        run = statements(desk, act)
        assert [sql for sql in run if sql.startswith("BEGIN")] == ["BEGIN IMMEDIATE"]
        writes = [place for place, sql in enumerate(run) if sql.lstrip().startswith(("INSERT", "UPDATE", "DELETE"))]
        begin, commit = run.index("BEGIN IMMEDIATE"), run.index("COMMIT")
        assert writes and begin < writes[0] and writes[-1] < commit
        heads = [place for place, sql in enumerate(run) if "max(id)" in sql]
        assert all(begin < place for place in heads)


def test_readers_and_writers_in_turn_never_meet_a_locked_database(path: Path) -> None:
    Desk.open(path, "Ana").close()
    with Desk.open(path, "Ana") as one, Desk.open(path, "Bob") as other:
        article = one.articles.add("word " * 60)
        for number in range(0, 100, 2):
            (one, other)[number // 2 % 2].claims.tag(article, number, number + 4)
            assert len(one.claims.of(article)) == len(other.claims.of(article)) == number // 2 + 1


def test_an_import_that_fails_in_the_middle_leaves_no_part_of_its_batch(desk: Desk) -> None:
    """``insert_all`` commits every hundred rows; a failure at row 450 would leave 400."""
    before = desk.history.of()
    drafts = [Draft(text=f"Article {number}.") for number in range(150)] + [Draft(text="a\0b")]
    with pytest.raises(Exception, match="cannot be stored"):
        desk.articles.add_many(drafts)
    assert desk.articles.all() == [] and desk.history.of() == before


def test_no_table_appears_that_the_schema_does_not_name(desk: Desk, article: Article) -> None:
    """``upsert`` of sqlite-utils makes and drops a probe table; a mistyped name makes a table for good."""
    before = desk.session.log.conn.execute("SELECT type, name FROM sqlite_master ORDER BY 1, 2").fetchall()
    version = pragma(desk, "schema_version")
    claim = desk.claims.tag(article, 0, 37)
    desk.verdicts.give(claim, "mixed")
    desk.evidence.add(claim, "supports", url="https://a.example")
    desk.claims.edit(claim, claimant="x")
    desk.delete(desk.claims.get(claim.id))
    desk.history.undo()
    assert desk.session.log.conn.execute("SELECT type, name FROM sqlite_master ORDER BY 1, 2").fetchall() == before
    assert pragma(desk, "schema_version") == version
    with pytest.raises(KeyError):
        desk.session.log.row("clam", claim.id)


def test_what_an_edit_does_not_name_is_never_emptied(desk: Desk, article: Article) -> None:
    """``upsert_all`` of rows with different keys writes NULL into the missing columns."""
    one = desk.claims.tag(article, 0, 10, claimant="Ri", claim_text="a", tags=["t"])
    two = desk.claims.tag(article, 0, 20, claimant="Baek", claim_text="b", priority="high")
    with desk.together():
        desk.claims.edit(one, claimant="x")
        desk.claims.edit(two, claim_text="y")
    shown = desk.claims.get(one.id)
    assert (shown.claim_text, shown.claimant, shown.tags) == ("a", "x", ("t",))
    assert (desk.claims.get(two.id).claimant, desk.claims.get(two.id).priority) == ("Baek", "high")
    for kind in KINDS.values():
        for column in (*kind.columns, "by", "born", "heads", "created", "updated", "conflict"):
            (empty,) = desk.session.log.conn.execute(
                f'SELECT count(*) FROM {kind.name} WHERE "{column}" IS NULL'
            ).fetchone()
            assert empty == 0


def test_every_connection_is_set_up_for_safety(desk: Desk, open_desk: Callable[..., Desk]) -> None:
    for window in (desk, open_desk("Bob")):
        assert pragma(window, "journal_mode") == "wal"
        assert pragma(window, "synchronous") == 2  # FULL: what is acknowledged survives a power cut
        assert pragma(window, "foreign_keys") == 0  # a merge must never be refused
        assert pragma(window, "recursive_triggers") == 1  # REPLACE must not slip past the guards
        assert pragma(window, "busy_timeout") == 30_000
        assert window.session.log.conn.isolation_level is None


def test_waiting_for_a_lock_does_not_shorten_the_wait_of_later_reads(
    desk: Desk, article: Article, open_desk: Callable[..., Desk]
) -> None:
    hasty = open_desk("Bob", patience=0.02)
    desk.session.log.conn.execute("BEGIN IMMEDIATE")
    with pytest.raises(Busy):
        hasty.claims.tag(article, 0, 37)
    desk.session.log.conn.execute("ROLLBACK")
    assert pragma(hasty, "busy_timeout") == 20
    desk.claims.tag(article, 0, 37)
    assert pragma(desk, "busy_timeout") == 30_000


def test_tables_are_strict(desk: Desk) -> None:
    strict = dict(
        desk.session.log.conn.execute("SELECT name, strict FROM pragma_table_list WHERE schema = 'main'").fetchall()
    )
    assert all(strict[name] for name in (*KINDS, "changes", "texts", "conflicts"))


def test_the_journal_does_not_grow_behind_a_reader(desk: Desk, bob: Desk, article: Article) -> None:
    """A half-read generator pins the journal; after any reading it can be folded back into the file whole."""
    for number in range(20):
        desk.claims.tag(article, 0, 5 + number)
    (
        bob.claims.of(article),
        bob.history.of(),
        bob.library.search("kursk"),
        bob.library.shelf(),
        bob.library.stats(),
        bob.conflicts.of(),
        bob.evidence.sources(),
    )
    assert not bob.session.log.conn.in_transaction
    busy, pages, folded = desk.session.log.conn.execute("PRAGMA wal_checkpoint(TRUNCATE)").fetchone()
    assert (busy, pages) == (0, folded)


def test_the_database_handed_out_is_the_same_connection_and_types_hold(desk: Desk, article: Article) -> None:
    desk.claims.tag(article, 0, 37)
    assert desk.db.conn is desk.session.log.conn
    assert list(desk.db.query("SELECT name, start FROM claims_now")) == [{"name": "C1", "start": 0}]
    with pytest.raises(sqlite3.IntegrityError):
        desk.db.execute("INSERT INTO claims (id, start) VALUES ('x', 'many')")


def test_a_multiline_schema_runs_inside_the_transaction(tmp_path: Path) -> None:
    """``executescript`` commits first; a migration killed half way must leave an empty file, not half a desk."""
    from store.log import file as opening
    from store.log import migrations as schema

    path = tmp_path / "desk.db"
    code = f"""
import os, sys
sys.path.insert(0, {str(ROOT)!r})
from pathlib import Path
from store.log import migrations as schema
from store.desk import Desk
whole = schema.run
def half(conn, script):
    whole(conn, script)
    if script is schema.TRUTH:
        os.kill(os.getpid(), 9)
schema.run = half
Desk.open({str(path)!r}, "Ana")
"""
    assert subprocess.run([sys.executable, "-c", code], check=False).returncode == -9
    conn = sqlite3.connect(path)
    assert conn.execute("SELECT count(*) FROM sqlite_master").fetchone()[0] == 0
    conn.close()
    conn, read_only, _ = opening.open_file(path, create=True, patience=1)
    assert read_only == "" and "changes" in {n for (n,) in conn.execute("SELECT name FROM sqlite_master")}
    assert {n for (n,) in conn.execute("SELECT name FROM _sqlite_migrations")} == {*schema.STEPS}
    conn.close()


def test_offsets_count_as_sqlite_counts(desk: Desk) -> None:
    article = desk.articles.add("𝒳👍🏽 e\u0301 日本 \u202eabc ﷽ end")
    for start, end in ((0, 1), (1, 3), (4, 6), (7, 9), (10, 14), (0, article.length)):
        desk.claims.tag(article, start, end)
    wrong = desk.session.log.conn.execute(
        "SELECT count(*) FROM claims c JOIN versions v ON v.id = c.version JOIN texts t ON t.sha = v.text"
        ' WHERE substr(t.body, c.start + 1, c."end" - c.start) IS NOT c.quote'
    ).fetchone()[0]
    assert wrong == 0 and desk.upkeep.verify() == []


def test_a_read_only_connection_writes_nothing_at_all(desk: Desk, article: Article) -> None:
    desk.session.read_only = "It is kept as it is."
    before = list(desk.session.log.conn.iterdump())
    for act in (lambda: desk.claims.tag(article, 0, 5), lambda: desk.history.undo(), lambda: desk.upkeep.rebuild()):
        with pytest.raises(ReadOnly, match="kept as it is"):
            act()
    assert desk.upkeep.verify() == [] and list(desk.session.log.conn.iterdump()) == before


def test_ids_rise_in_the_order_of_arrival_even_when_the_clock_is_set_back(
    desk: Desk, article: Article, monkeypatch: pytest.MonkeyPatch
) -> None:
    from store.log import clock

    real = clock.now()
    for offset in (0, 400 * 86_400_000, -400 * 86_400_000, 0):
        monkeypatch.setattr(clock, "now", lambda offset=offset: real + offset)
        desk.sweeps.add(article, 0, 5 + len(desk.sweeps.of(article)))
    ids = [change["id"] for change in oracle.read_log(desk.session.log.conn)]
    assert ids == sorted(ids)
    desk.history.undo()
    assert len(desk.sweeps.of(article)) == 3 and desk.upkeep.verify() == []
