"""Undo and redo of very many changes: one step, in short transactions, beside others at work."""

from __future__ import annotations

import pytest

from store.desk import Desk
from store.errors import Gone
from store.records import Article
from tests.kit.desks import brought


@pytest.fixture
def long(desk: Desk) -> Article:
    """An article with 400 claims and their verdicts, brought in as one step; before it, a claim of Ana's own."""
    article = desk.articles.add("a" * 900)
    desk.claims.tag(article, 800, 810)
    desk.imports.bring(brought(article, 400))
    return article


def counts(desk: Desk) -> tuple[int, ...]:
    found = [desk.session.log.rows(f"SELECT count(*) FROM {kind} WHERE deleted = 0") for kind in ("claims", "verdicts")]
    return tuple(rows[0][0] for rows in found)


def test_a_long_undo_and_redo_are_one_step_each_in_several_transactions(desk: Desk, long: Article) -> None:
    told: list[tuple[int, int]] = []
    desk.history.undo(lambda done, all: told.append((done, all)))
    assert len(told) > 1 and told[-1] == (800, 800)
    assert counts(desk) == (1, 0) and desk.upkeep.verify() == []
    told.clear()
    desk.history.redo(lambda done, all: told.append((done, all)))
    assert len(told) > 1 and counts(desk) == (401, 400)
    desk.history.undo()
    desk.history.undo()
    assert counts(desk) == (0, 0)
    desk.history.redo()
    desk.history.redo()
    assert counts(desk) == (401, 400) and desk.conflicts.of() == [] and desk.upkeep.verify() == []


def test_a_long_undo_reads_the_history_of_many_at_a_time(desk: Desk, long: Article) -> None:
    read: list[str] = []
    desk.session.log.conn.set_trace_callback(lambda sql: read.append(sql) if "changes WHERE item" in sql else None)
    for act in (desk.history.undo, desk.history.redo):
        act()
        assert 0 < len(read) < 30
        read.clear()


def test_what_others_change_during_a_long_undo_stays(desk: Desk, bob: Desk, long: Article) -> None:
    first = desk.claims.of(long)[0]

    def meanwhile(done: int, all: int) -> None:
        if done == 100:
            bob.claims.edit(first, claimant="Bob says")

    assert "1 that others have changed since" in desk.history.undo(meanwhile).sentence
    assert counts(desk) == (2, 0) and bob.claims.get(first.id).claimant == "Bob says" and desk.conflicts.of() == []


def test_others_save_between_the_blocks_of_a_long_undo(desk: Desk, bob: Desk, long: Article) -> None:
    def meanwhile(done: int, all: int) -> None:
        if done == 100:
            bob.session.log.conn.execute("BEGIN IMMEDIATE")
            bob.session.log.conn.execute("COMMIT")  # the file is free between two blocks
            bob.articles.edit(long, title="A title")

    assert "meanwhile" not in desk.history.undo(meanwhile).sentence
    assert counts(desk) == (1, 0) and desk.articles.get(long).title == "A title"


def test_a_long_undo_that_was_broken_off_goes_on_where_it_was(desk: Desk, long: Article) -> None:
    def stop(done: int, all: int) -> None:
        raise KeyboardInterrupt

    for act, after in ((desk.history.undo, (1, 0)), (desk.history.redo, (401, 400))):
        with pytest.raises(KeyboardInterrupt):
            act(stop)
        assert counts(desk) not in {(1, 0), (401, 400)}
        act()
        assert counts(desk) == after
    desk.history.undo()
    assert counts(desk) == (1, 0) and desk.upkeep.verify() == []


def test_a_refusal_in_the_midst_of_a_long_undo_says_what_is_undone(desk: Desk, long: Article) -> None:
    assert desk.history.takes_long() and not desk.history.takes_long(redo=True)

    def lose(done: int, all: int) -> None:
        desk.path.rename(desk.path.with_suffix(".away"))

    with pytest.raises(Gone, match="100 of 800 changes are undone; ask again for the rest") as refusal:
        desk.history.undo(lose)
    assert "nothing was" not in str(refusal.value).lower()
