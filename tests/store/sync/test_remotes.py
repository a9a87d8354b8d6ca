"""Syncing with a remote: the same promises whatever holds it, broken off anywhere, replaced, restored."""

from __future__ import annotations

import json
import random
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

from store.desk import Desk
from store.errors import Damaged, Offline, Refused
from store.sync import remotes as syncing
from store.sync.contract import LogRow, Remote
from store.sync.remotes import Synced
from store.text.article_draft import Draft, Original
from tests.kit import oracle
from tests.kit.at_the_desk import FIRST, TEXT
from tests.kit.memory_remote import Memory
from tests.kit.remote_kinds import KINDS_OF_REMOTES, KNOW_PEOPLE, MakeRemote

SECOND = (38, 60)


@pytest.fixture(params=KINDS_OF_REMOTES)
def make(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[MakeRemote]:
    """Makes a new empty remote of each kind, and opens it again for another desk."""
    made = KINDS_OF_REMOTES[request.param](request, tmp_path)
    yield made
    made.close()


@pytest.fixture
def ana(tmp_path: Path) -> Iterator[Desk]:
    with Desk.open(tmp_path / "ana.db", "Ana") as desk:
        article = desk.articles.add(TEXT, title="Prisoners of war")
        desk.claims.tag(article, *FIRST)
        yield desk


@pytest.fixture
def bo(tmp_path: Path) -> Iterator[Desk]:
    with Desk.open(tmp_path / "bo.db", "Bo") as desk:
        yield desk


def sync(desk: Desk, remote: Remote) -> Synced:
    return desk.remotes.sync(remote)


def log(desk: Desk) -> list[dict[str, Any]]:
    return sorted(oracle.read_log(desk.session.log.conn), key=lambda change: str(change["id"]))


def same(*desks: Desk) -> None:
    """All desks are one."""
    states = []
    for desk in desks:
        conn = desk.session.log.conn
        assert desk.upkeep.verify() == []
        texts = sorted(conn.execute("SELECT sha FROM texts").fetchall())
        pages = sorted(conn.execute("SELECT body, place, packed FROM page_bytes").fetchall())
        states.append((log(desk), oracle.table_rows(conn), oracle.listed_conflicts(conn), texts, pages))
    assert all(state == states[0] for state in states[1:])


def changes(desk: Desk) -> list[LogRow]:
    asked = f"SELECT {', '.join(syncing.ROW_COLUMNS)} FROM changes ORDER BY seq"
    return desk.session.log.conn.execute(asked).fetchall()


# -- the contract of a remote ---------------------------------------------------------------------------------


def test_what_is_sent_is_numbered_without_a_gap_and_each_id_once(make: MakeRemote, ana: Desk) -> None:
    remote, sent, texts = make(), changes(ana), dict(ana.session.log.rows("SELECT sha, body FROM texts"))
    assert remote.state(0)[1:3] == (0, "") and remote.pull(0, 9) == []
    remote.keep(texts, [])
    first = remote.push(sent[:2], ["0001_initial"])
    assert first == (2, 2, sent[1][0])
    assert remote.push(sent, ["0001_initial"]) == (len(sent) - 2, len(sent), sent[-1][0])
    assert remote.push(sent, ["0001_initial"])[:2] == (0, len(sent))
    again = make.again()
    assert again.pull(0, 100) == list(enumerate(sent, 1)) and again.pull(1, 2) == list(enumerate(sent, 1))[1:3]
    assert again.pull(0, 1, ["articles"]) == [row for row in enumerate(sent, 1) if row[1][4] == "articles"]
    assert again.state(2).id == sent[1][0] and again.state(len(sent) + 1).id == ""
    assert again.state(0).epoch == remote.state(9).epoch and "0001_initial" in again.state(0).steps
    assert again.known([sent[0][0], "nothing"]) == {sent[0][0]}
    assert again.texts([*texts, "nothing"]) == texts and list(again.pieces("nothing")) == []


def test_pages_come_back_in_their_order_and_texts_to_the_letter(make: MakeRemote) -> None:
    import hashlib

    remote, strange = make(), "é\u202e\x01 😀 \\ \t [b]\n" * 3
    sha = hashlib.sha256(strange.encode()).hexdigest()
    pieces = [("a" * 64, place, bytes([place, 0, 255, 10])) for place in (0, 1, 2)]
    remote.keep({sha: strange}, [pieces[2], pieces[0]])
    remote.keep({sha: strange}, pieces)
    assert list(make.again().pieces("a" * 64)) == pieces and make.again().texts([sha]) == {sha: strange}


def test_an_id_with_different_content_is_refused_and_nothing_of_what_came_with_it_is_kept(
    make: MakeRemote, ana: Desk
) -> None:
    remote, sent = make(), changes(ana)
    remote.keep(dict(ana.session.log.rows("SELECT sha, body FROM texts")), [])
    remote.push(sent[:2], [])
    altered = (*sent[1][:3], sent[1][3] + 1, *sent[1][4:])
    with pytest.raises(Refused, match=f"{sent[1][0]}.*different content"):
        remote.push([*sent[2:], altered], [])
    assert remote.state(0).last == 2 and remote.push(sent, []).added == len(sent) - 2


# -- two desks and a remote -----------------------------------------------------------------------------------


def test_two_desks_that_sync_become_one_and_nothing_is_sent_twice(make: MakeRemote, ana: Desk, bo: Desk) -> None:
    remote = make()
    assert sync(ana, remote)[1:3] == (len(changes(ana)), ())
    met = sync(bo, make.again())
    assert met.received == len(changes(ana)) and met.sent == 0 and met.waiting == 0
    bo.verdicts.give(bo.claims.of("1")[0], "mixed")
    bo.claims.edit(bo.claims.of("1")[0], claimant="Ri")
    ana.claims.edit(ana.claims.of("1")[0], claimant="Baek")
    assert bo.remotes.waiting(remote.address) == 3 and sync(bo, make.again()).sent == 3
    met = sync(ana, remote)
    assert (met.sent, met.received) == (1, 3) and [row.conflicts for row in met.rows if row.article] == [1]
    assert sync(bo, make.again()).received == 1
    assert [sync(desk, make.again())[1:3] for desk in (ana, bo)] == [(0, ()), (0, ())]
    same(ana, bo)
    assert len(bo.conflicts.of()) == 1 and remote.state(0).last == len(log(ana))


def test_pages_come_along(make: MakeRemote, ana: Desk, bo: Desk) -> None:
    data = random.Random(1).randbytes(2_500_000)
    ana.articles.add_many([Draft("It rained.", original=Original(data, "application/pdf"))])
    sync(ana, make())
    sync(bo, make.again())
    same(ana, bo)


def test_what_is_hidden_is_not_shown_by_syncing(
    make: MakeRemote, ana: Desk, bo: Desk, monkeypatch: pytest.MonkeyPatch
) -> None:
    """However many changes come, in however many parts: what hides them comes first."""
    monkeypatch.setattr(syncing, "_PULL", 3)
    for start in range(5):
        ana.claims.tag("1", start, start + 2)
    ana.assignments.assign(["1"], ["Ana", "Bo"], "checker", blind="all")
    sync(ana, make())
    seen: list[int] = []
    take = bo.merges.take

    def looking(*args: Any, **kwargs: Any) -> Any:
        taken = take(*args, **kwargs)
        seen.append(len(bo.claims.of("1")) if bo.articles.all() else 0)
        return taken

    monkeypatch.setattr(bo.merges, "take", looking)
    met = sync(bo, make.again())
    assert len(seen) > 3 and not any(seen) and bo.session.log.rows("SELECT count(*) FROM main.claims")[0][0] == 6
    assert not any("claim" in str(row) for row in met.rows) and sum(row.added for row in met.rows) < len(changes(ana))


def test_a_remote_that_was_replaced_is_filled_again(make: MakeRemote, ana: Desk, bo: Desk) -> None:
    sync(ana, make())
    sync(bo, make.again())
    bo.claims.tag("1", *SECOND)
    sync(bo, make.again())
    new = make.replaced()
    met = sync(ana, new)
    assert met.sent == len(changes(ana)) and "replaced" in met.notes[0]
    sync(bo, make.again())
    sync(ana, make.again())
    same(ana, bo)
    assert make.again().state(0).last == len(log(ana)) and sync(ana, make.again()).notes == ()


def test_a_remote_that_was_restored_from_an_old_backup_is_filled_again(
    make: MakeRemote, ana: Desk, bo: Desk, tmp_path: Path
) -> None:
    sync(ana, make())
    make.backup()
    sync(bo, make.again())
    bo.claims.tag("1", *SECOND)
    sync(bo, make.again())
    ana.claims.tag("1", 0, 5)
    sync(ana, make.again())
    make.restore()
    with Desk.open(tmp_path / "cy.db", "Cy") as cy:  # a stranger is there first
        cy.articles.add("Somebody else's.")
        sync(cy, make.again())
        assert "restored" in sync(bo, make.again()).notes[0]
        assert "restored" in sync(ana, make.again()).notes[0]
        sync(bo, make.again())
        sync(cy, make.again())
        same(ana, bo, cy)


def test_a_copy_and_a_backup_of_a_desk_sync_on(make: MakeRemote, ana: Desk, tmp_path: Path) -> None:
    sync(ana, make())
    with Desk.open(ana.backup(tmp_path / "copy.db"), "Ana") as copy:
        ana.claims.tag("1", *SECOND)
        copy.claims.tag("1", 0, 5)
        for desk in (ana, copy, ana, copy):
            sync(desk, make.again())
        same(ana, copy)


@pytest.mark.parametrize("make", KNOW_PEOPLE, indirect=True)
def test_who_may_only_write_in_their_own_name_sends_no_more_and_the_rest_goes_when_it_may(
    make: MakeRemote, ana: Desk, bo: Desk, tmp_path: Path
) -> None:
    """Ana's desk holds Bo's work from a merged file, and her own on top of it; the remote has none of it yet."""
    sync(ana, own := make.own("Ana"))
    assert sync(ana, own).held == ()
    bo.merges.merge([ana.path])
    claim = bo.claims.tag("1", *SECOND)
    ana.merges.merge([bo.path])
    ana.threads.comment(ana.claims.get(claim.id), "Yes.")
    ana.claims.tag("1", 0, 5)
    ana.assignments.assign(["1"], ["Someone new"], "checker")
    met = sync(ana, make.own("Ana"))
    assert met.held == (("Bo", 1), ("Ana", 1)) and met.sent == 4 and met.waiting == 0
    assert sync(ana, make.own("Ana")).held == met.held
    with Desk.open(tmp_path / "cy.db", "Cy") as cy:
        sync(cy, make.again())
        assert len(cy.claims.of("1")) == 2 and cy.upkeep.verify() == []
        sync(bo, make.own("Bo"))
        assert sync(ana, make.own("Ana")).held == ()
        for desk in (bo, cy):
            sync(desk, make.again())
        same(ana, bo, cy)


# -- what breaks off, and what is refused ---------------------------------------------------------------------


def test_broken_off_anywhere_it_goes_on_without_doubles(ana: Desk, bo: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    """Every call to the remote is cut once before and once after it has done its work."""
    monkeypatch.setattr(syncing, "_PUSH", 2)
    monkeypatch.setattr(syncing, "_PULL", 3)
    remote, cuts = Memory(), 0
    for number in range(12):
        ana.claims.tag("1", number, number + 2)
        bo.articles.add(f"Text {number}.")
        for desk in (ana, bo):
            for remote.cut in (number, number):
                try:
                    sync(desk, remote)
                except Offline:
                    cuts += 1
    remote.cut = None
    for desk in (ana, bo, ana):
        sync(desk, remote)
    same(ana, bo)
    assert cuts > 20 and len(remote.log) == len({change[0] for change in remote.log}) == len(log(ana))


def test_stopped_it_goes_on_where_it_was(ana: Desk, bo: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(syncing, "_PUSH", 2)
    monkeypatch.setattr(syncing, "_PULL", 2)
    remote, told = Memory(), []
    met = ana.remotes.sync(remote, cancelled=lambda: len(remote.log) >= 2, progress=lambda *now: told.append(now))
    assert met.stopped and met.sent == 2 and met.waiting == len(log(ana)) - 2 and told[-1] == (2, len(log(ana)))
    sync(ana, remote)
    asked = iter([False] * 3 + [True] * 50)
    assert bo.remotes.sync(remote, cancelled=lambda: next(asked)).stopped
    sync(bo, remote)
    sync(ana, remote)
    same(ana, bo)


def test_a_newer_factdesks_work_is_refused_and_an_older_ones_is_not(ana: Desk, bo: Desk) -> None:
    remote = Memory()
    remote.steps = {"0001_initial"}
    sync(ana, remote)
    remote.steps.add("9999_newer")
    with pytest.raises(Refused, match=r"newer factdesk.*update factdesk first"):
        sync(bo, remote)
    assert log(bo) == []


@pytest.mark.parametrize(
    ("alter", "said"),
    [
        (lambda row: (*row[:3], row[3] + 1, *row[4:]), "both hold the change .* with different content"),
        (lambda row: ("0" * 8 + row[0][8:], *row[1:]), "comes before what it builds on|builds on one"),
        (lambda row: (*row[:7], row[7].replace("{", "[", 1).replace("}", "]"), row[8]), "malformed|could not be"),
    ],
)
def test_what_no_desk_writes_is_refused_as_in_a_merge(
    ana: Desk, bo: Desk, alter: Callable[[LogRow], LogRow], said: str
) -> None:
    remote = Memory()
    sync(ana, remote)
    sync(bo, remote)
    claim = bo.claims.edit(bo.claims.of("1")[0], claimant="Ri")
    sync(bo, remote)
    sync(ana, remote)
    remote.log[-1] = alter(remote.log[-1])
    remote.epoch = "anew"
    before = log(ana)
    with pytest.raises(Damaged if "different" not in said else Refused, match=said):
        sync(ana, remote)
    assert log(ana) == before and claim and ana.upkeep.verify() == []


def test_a_text_that_is_missing_or_altered_is_refused(ana: Desk, bo: Desk) -> None:
    remote = Memory()
    sync(ana, remote)
    (sha,) = remote.kept
    remote.kept[sha] += "x"
    with pytest.raises(Damaged, match="has been altered"):
        sync(bo, remote)
    remote.kept.clear()
    with pytest.raises(Damaged, match="a text is missing"):
        sync(bo, remote)
    assert log(bo) == []


def test_several_remotes_and_forgetting_one(ana: Desk, bo: Desk) -> None:
    one, two = Memory("one"), Memory("two")
    for remote in (one, two, one):
        sync(ana, remote)
    assert [link.address for link in ana.remotes.all()] == ["one", "two"] and len(one.log) == len(two.log)
    sync(bo, one)
    bo.claims.tag("1", *SECOND)
    sync(bo, two)
    assert ana.remotes.forget("two") and not ana.remotes.forget("two")
    sync(ana, one)
    sync(ana, two)
    assert len(ana.claims.of("1")) == 2 and len(two.log) == len(log(ana)) == len({change[0] for change in two.log})


def test_what_is_remembered_of_remotes_is_in_no_export_and_no_shared_file(ana: Desk, tmp_path: Path) -> None:
    sync(ana, Memory("a secret place"))
    ana.shares.write(tmp_path / "shared.db")
    with Desk.open(tmp_path / "shared.db", "Bo") as shared:
        assert shared.remotes.all() == []
    assert json.dumps(changes(ana)).count("secret") == 0
