"""Merging another desk: what it adds, what it tells, what it refuses, and what it never does."""

from __future__ import annotations

import io
import json
import lzma
import shutil
import signal
import sqlite3
import subprocess
import sys
from collections.abc import Callable, Sequence
from pathlib import Path

import pytest

from store.desk import Desk
from store.drafts import Drafts
from store.errors import Damaged, NotADesk, Refused
from store.formats.csv import claim_columns as csv_claims
from store.log import clock, journal
from store.log.fold import Entry
from store.log.kinds import KINDS, REFERENCES
from store.log.log import Edit
from store.log.union import Coming, LogUnion
from store.sync import merge as merging
from store.sync import other_desk as looking
from store.sync.merge import Merged
from store.sync.other_desk import _ORDER
from tests.kit import depth, oracle
from tests.kit.paths import ROOT

SECOND = (38, 60)
OLD = ROOT / "tests" / "store" / "log" / "data" / "0001_initial.db.xz"


def merge(desk: Desk, *paths: Path, dry_run: bool = False) -> Merged:
    return desk.merges.merge(paths, dry_run=dry_run)[-1]


def told(merged: Merged) -> list[tuple[str, str, int, int, int]]:
    return [(row.title, row.person, row.added, row.same, row.conflicts) for row in merged.rows]


def state(desk: Desk) -> object:
    conn = desk.session.log.conn
    log = sorted(oracle.read_log(conn), key=lambda change: str(change["id"]))
    return log, oracle.table_rows(conn), oracle.listed_conflicts(conn)


# -- what it adds, and what it tells --------------------------------------------------------------------------


def test_a_merge_adds_what_is_new_and_tells_it_by_article_and_person(desk: Desk, theirs: Desk) -> None:
    theirs.verdicts.give(theirs.claims.tag("1", *SECOND), "mixed")
    theirs.claims.edit(theirs.claims.of("1")[0], claimant="Ri")
    desk.claims.edit(desk.claims.of("1")[0], claimant="Baek")
    before = desk.history.mark()
    tried = merge(desk, theirs.path, dry_run=True)
    assert desk.history.mark() == before and desk.conflicts.of() == []
    merged = merge(desk, theirs.path)
    assert told(merged) == told(tried) == [
        ("Prisoners of war", "Ana", 0, 3, 1), ("Prisoners of war", "Bob", 3, 0, 1),
        ("", "Ana", 0, 1, 0), ("", "Bob", 1, 0, 0),
    ]  # fmt: skip
    assert (merged.added, merged.same, merged.stopped) == (4, 4, False)
    assert [(one.part, {value.by for value in one.contenders}) for one in desk.conflicts.of()] == [
        ("claimant", {"Ana", "Bob"})
    ]
    assert len(desk.claims.of("1")) == 2 and desk.library.search("prisoners") and desk.upkeep.verify() == []


def test_any_order_and_any_number_of_times_gives_the_same_desk(desk: Desk, theirs: Desk, tmp_path: Path) -> None:
    theirs.claims.tag("1", *SECOND)
    desk.articles.edit(desk.articles.get("1"), title="War")
    merge(desk, theirs.path)
    merge(theirs, desk.path)
    assert state(desk) == state(theirs)
    assert merge(desk, theirs.path).added == merge(theirs, desk.path).added == 0 and state(desk) == state(theirs)
    with Desk.open(tmp_path / "new.db", "Cy") as new:
        merge(new, theirs.path, desk.path)
        assert state(new) == state(desk) and new.upkeep.verify() == []


def test_what_is_not_kept_from_looking_it_through_is_read_again(
    desk: Desk, theirs: Desk, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    for start in range(9):
        theirs.claims.edit(theirs.claims.tag("1", start, start + 3), claimant="Ri")
    desk.backup(tmp_path / "copy.db")
    merge(desk, theirs.path)
    monkeypatch.setattr(looking, "_BLOCK", 4)
    monkeypatch.setattr(looking, "_AT_HAND", 6)
    monkeypatch.setattr(merging, "_MOST", 7)
    with Desk.open(tmp_path / "copy.db", "Ana") as copy:
        merge(copy, theirs.path)
        assert state(copy) == state(desk)


def test_each_kind_names_only_kinds_that_are_taken_before_it() -> None:
    for place, kind in enumerate(_ORDER):
        named = {REFERENCES[column] for column in KINDS[kind].columns if column in REFERENCES}
        assert named <= {kind, *_ORDER[:place]}, kind


def test_what_a_newer_factdesk_says_of_a_record_waits_in_the_log(desk: Desk, theirs: Desk) -> None:
    theirs.claims.edit(theirs.claims.of("1")[0], claimant="Ri")
    alter(theirs.path, lambda row: row | {"patch": json.dumps(json.loads(row["patch"]) | {"mood": "fine"})})
    merge(desk, theirs.path)
    assert desk.claims.of("1")[0].claimant == "Ri" and desk.upkeep.verify() == []
    assert '"mood"' in str(desk.session.log.rows("SELECT patch FROM changes ORDER BY seq DESC LIMIT 1"))


@pytest.mark.parametrize("how", ["copy", "backup", "share", "killed"])
def test_copies_of_all_kinds_are_merged_and_left_as_they_are(
    desk: Desk, theirs: Desk, tmp_path: Path, how: str
) -> None:
    theirs.claims.tag("1", *SECOND)
    folder = tmp_path / "stick"
    folder.mkdir()
    other = folder / "bob.db"
    if how == "backup":
        theirs.backup(other)
    elif how == "share":
        theirs.shares.write(other)
    else:
        theirs.flush()
        shutil.copy(theirs.path, other)
        if how == "killed":
            theirs.claims.tag("1", 0, 5)
            shutil.copy(f"{theirs.path}-wal", f"{other}-wal")
    before = {file.name: file.read_bytes() for file in folder.iterdir()}
    assert merge(desk, other).added == (3 if how == "killed" else 2)
    assert {file.name: file.read_bytes() for file in folder.iterdir()} == before


def test_a_desk_of_an_earlier_factdesk_is_merged_and_stays_of_its_time(desk: Desk, tmp_path: Path) -> None:
    old = tmp_path / "old.db"
    old.write_bytes(lzma.decompress(OLD.read_bytes()))
    assert merge(desk, old).added > 10 and desk.upkeep.verify() == []
    assert old.read_bytes() == lzma.decompress(OLD.read_bytes()) and not list(tmp_path.glob("old.db-*"))
    assert len(desk.conflicts.of()) == 1 and desk.claims.of("1")[0].verdict == "mixed"


def test_older_changes_that_come_in_do_not_take_your_drafts_away(desk: Desk, tmp_path: Path) -> None:
    with Desk.open(tmp_path / "older.db", "Bob") as older:
        older.articles.add("This was here before.")
    desk.articles.add("This came later.")
    Drafts(tmp_path / "drafts", desk).keep("C1/why", "half a thought")
    merge(desk, tmp_path / "older.db")
    assert (found := Drafts(tmp_path / "drafts", desk).of("C1/why")) is not None and found.text == "half a thought"


# -- beside others, stopped, killed ---------------------------------------------------------------------------


def test_others_save_while_a_merge_goes_on(desk: Desk, theirs: Desk, bob: Desk) -> None:
    for start in range(40):
        theirs.claims.tag("1", start, start + 3)
    bob.wait_for(0)
    steps: list[int] = []

    def saves(done: int, whole: int) -> None:
        assert 0 <= done <= whole == 1000
        bob.sweeps.add("1", 40 + len(steps), 42 + len(steps))
        steps.append(done)

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(merging, "_MOST", 5)
        desk.merges.merge([theirs.path], progress=saves)
    assert len(steps) > 3 and steps[-1] == 1000 and len(desk.claims.of("1")) == 41 and desk.upkeep.verify() == []


@pytest.mark.parametrize(("same", "times"), [(False, 1), (True, 2)])
def test_changes_are_folded_again_where_somebody_has_changed_the_same_record_meanwhile(
    desk: Desk, theirs: Desk, bob: Desk, monkeypatch: pytest.MonkeyPatch, same: bool, times: int
) -> None:
    theirs.claims.edit(theirs.claims.of("1")[0], claimant="Ri")
    bob.sweeps.add("1", 30, 32)
    fold_ahead, folded = LogUnion.fold_ahead, list[int]()

    def folds(self: LogUnion, rows: Sequence[Sequence[object]], changes: Sequence[Entry]) -> Coming:
        coming = fold_ahead(self, rows, changes)
        folded.append(len(rows))
        if len(folded) == 1 and same:
            bob.claims.edit(bob.claims.of("1")[0], claimant="Baek")
        elif len(folded) == 1:
            bob.sweeps.add("1", 40, 42)
        return coming

    monkeypatch.setattr(LogUnion, "fold_ahead", folds)
    merge(desk, theirs.path)
    assert len(folded) == times and len(desk.conflicts.of()) == same and desk.upkeep.verify() == []


def test_the_journal_is_brought_into_the_file_between_blocks(
    desk: Desk, theirs: Desk, monkeypatch: pytest.MonkeyPatch
) -> None:
    for start in range(40):
        theirs.claims.tag("1", start, start + 3)
    monkeypatch.setattr(merging, "_MOST", 1)
    monkeypatch.setattr(merging, "_LEAST", 1)
    monkeypatch.setattr(journal, "_FEWEST", 1)
    monkeypatch.setattr(journal, "_PAGES", 8)
    desk.session.log.conn.execute("PRAGMA wal_checkpoint(TRUNCATE)")
    merge(desk, theirs.path)
    assert Path(f"{desk.path}-wal").stat().st_size < 60 * 4096, "40 blocks write more pages than that"


@pytest.mark.parametrize(("company", "steps"), [(True, 12), (False, 3)])
def test_the_file_is_held_for_longer_only_while_nobody_else_is_here(
    desk: Desk, theirs: Desk, bob: Desk, monkeypatch: pytest.MonkeyPatch, company: bool, steps: int
) -> None:
    desk.backup(theirs.path.with_name("sent.db"))
    with Desk.open(theirs.path.with_name("sent.db"), "Ana") as sent:
        for _ in range(210):
            sent.threads.comment(sent.claims.of("1")[0], "It is said again.")
        if company:
            bob.here.enter()
        for name, value in (("_LEAST", 1), ("_HOLD", 1e-9), ("_ALONE", 1e9)):
            monkeypatch.setattr(merging, name, value)
        told: list[int] = []
        desk.merges.merge([sent.path], progress=lambda done, whole: told.append(done))
    assert len(told) == steps


def test_a_merge_that_is_stopped_leaves_a_sound_desk_and_goes_on(desk: Desk, theirs: Desk) -> None:
    for start in range(40):
        theirs.verdicts.give(theirs.claims.tag("1", start, start + 3), "mixed")
    asked = iter([False, False, True])
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(merging, "_MOST", 5)
        (merged,) = desk.merges.merge([theirs.path], cancelled=lambda: next(asked))
    assert merged.stopped and 0 < merged.added < 81 and desk.upkeep.verify() == []
    assert merge(desk, theirs.path).added + merged.added == 81
    merge(theirs, desk.path)
    assert state(desk) == state(theirs)


MERGER = f"""
import sys, time
sys.path.insert(0, {str(ROOT)!r})
from store.desk import Desk
from store.sync import merge
merge._MOST = 5
def told(done, whole):
    print(done, flush=True)
    time.sleep(0.01)
with Desk.open(sys.argv[1], "Ana") as desk:
    desk.merges.merge([sys.argv[2]], progress=told)
"""


def test_a_merge_that_is_killed_leaves_a_sound_desk_and_goes_on(desk: Desk, theirs: Desk) -> None:
    for start in range(60):
        theirs.verdicts.give(theirs.claims.tag("1", start, start + 3), "mixed")
    counts = []
    for lines in (3, 2, 4):
        command = [sys.executable, "-c", MERGER, str(desk.path), str(theirs.path)]
        with subprocess.Popen(command, stdout=subprocess.PIPE, text=True) as merger:
            assert merger.stdout is not None
            for _ in range(lines):
                merger.stdout.readline()
            merger.send_signal(signal.SIGKILL)
        assert desk.upkeep.verify() == []
        counts.append(desk.history.mark())
    assert counts == sorted(counts) and counts[0] > 4
    merge(desk, theirs.path)
    merge(theirs, desk.path)
    assert state(desk) == state(theirs)


# -- blind review ---------------------------------------------------------------------------------------------


def test_what_is_hidden_is_neither_shown_nor_counted(desk: Desk, theirs: Desk) -> None:
    desk.assignments.assign(["1"], ["Ana", "Bob"], "checker", blind="all")
    merge(theirs, desk.path)
    theirs.verdicts.give(theirs.claims.tag("1", *SECOND, claim_text="MARK"), "not_checkable", "MARK")
    seen = {"progress": set[tuple[int, int]]()}
    (merged,) = desk.merges.merge([theirs.path], progress=lambda *step: seen["progress"].add(step))
    assert merged.added == 0 and "MARK" not in str(merged) and {whole for _, whole in seen["progress"]} == {1000}
    assert {claim.checker for claim in desk.claims.of("1")} == {"Ana"}
    assert merge(desk, theirs.path).same == merged.same
    assert len(desk.session.log.rows("SELECT 1 FROM main.claims")) == 2, "it is there, and waits"
    theirs.submissions.submit("1")
    desk.verdicts.give(desk.claims.of("1")[0], "not_checkable", "Nobody knows.")
    desk.submissions.submit("1")
    shown = merge(desk, theirs.path)
    assert shown.same > merged.same and len(desk.claims.of("1")) == 2


def test_the_work_of_the_blind_is_never_there_without_what_hides_it(desk: Desk, theirs: Desk, bob: Desk) -> None:
    theirs.claims.tag("1", *SECOND)
    theirs.assignments.assign(["1"], ["Ana", "Bob"], "checker", blind="all")
    with Desk.open(desk.path, "Ana") as watching, pytest.MonkeyPatch.context() as patch:
        patch.setattr(merging, "_MOST", 1)

        def look(done: int, whole: int) -> None:
            assert {claim.checker for claim in watching.claims.of("1")} == {"Ana"}

        desk.merges.merge([theirs.path], progress=look)
        assert len(watching.session.log.rows("SELECT 1 FROM main.claims")) == 2


@pytest.mark.parametrize("newer", ["Ana", "Bob"])
def test_while_the_terms_are_contested_those_that_hide_more_stand(desk: Desk, theirs: Desk, newer: str) -> None:
    desk.assignments.assign(["1"], ["Cy"], "checker")
    merge(theirs, desk.path)
    (mine,), (other,) = (one.assignments.of() for one in (desk, theirs))
    for one, held, blind in ((desk, mine, "verdict"), (theirs, other, "all"))[:: 1 if newer == "Bob" else -1]:
        with one.session.writing():
            one.session.write([Edit("assignments", held.id, {"blind": blind, "whose": ""})])
    merge(desk, theirs.path)
    merge(theirs, desk.path)
    assert [one.blind for one in desk.assignments.of()] == ["all"] and state(desk) == state(theirs)
    (conflict,) = desk.conflicts.of()
    assert {one.values["blind"]: one.stands for one in conflict.contenders} == {"verdict": False, "all": True}


LEVELS = [("checker", "all"), ("reviewer", "verdict"), ("reviewer", "all"), ("checker", "open"), ("reviewer", "open")]
HIDING = [(*level, first) for first in (True, False) for level in (LEVELS if first or depth.deep else LEVELS[:2])]


@pytest.mark.parametrize(("role", "blind", "first"), HIDING)
def test_a_merge_shows_what_working_on_one_desk_would_show(
    desk: Desk, theirs: Desk, tmp_path: Path, role: str, blind: str, first: bool
) -> None:
    """Bob checks on a desk of his own, or on Dee's; she sees the same of it before and after he has submitted.

    What is hidden is known before, or by the merge: at every level with ``--deep``, else at two that hide something.
    """

    def works(bob: Desk) -> None:
        claim = bob.claims.tag("1", *SECOND, claim_text="MARK")
        bob.verdicts.give(claim, "not_checkable", "MARK why")
        bob.threads.comment(claim, "MARK said")

    def gives(manager: Desk) -> None:
        level = "all" if (role, blind) == ("checker", "all") else "open"
        manager.assignments.assign(["1"], ["Bob"], "checker", blind=level)
        manager.assignments.assign(["1"], ["Dee"], role, blind=blind)

    def seen(dee: Desk) -> tuple[object, ...]:
        out = io.BytesIO()
        csv_claims.write(dee, out)
        shown = [(claim.quote, claim.claim_text, claim.verdict, claim.justification) for claim in dee.claims.of("1")]
        told = [change.sentence for change in dee.history.of() if change.by == "Bob" and "MARK" in change.sentence]
        return shown, out.getvalue().count(b"MARK"), len(told), len(dee.library.search("MARK"))

    desk.be("Dee")
    one = Path(shutil.copy(desk.backup(tmp_path / "one.db"), tmp_path / "together.db"))
    if first:
        gives(desk)
        merge(theirs, desk.path)
    else:
        gives(theirs)
    works(theirs)
    told = merge(desk, theirs.path)
    with Desk.open(one, "Dee") as dee, Desk.open(one, "Bob") as bob:
        gives(dee)
        works(bob)
        hidden = seen(dee)
        assert seen(desk) == hidden and ("MARK" not in str(told)) and (blind == "open") == ("MARK why" in str(hidden))
        for who, where in ((bob, bob), (theirs, theirs)):
            who.submissions.submit("1", "checker")
            assert where.assignments.of(person="Bob")[0].state == "submitted"
        merge(desk, theirs.path)
        assert seen(desk) == seen(dee)


def test_two_people_of_one_name_do_not_become_one_unnoticed(desk: Desk, tmp_path: Path) -> None:
    desk.articles.add("It rained.")
    with Desk.open(tmp_path / "other.db", "ana") as other, Desk.open(tmp_path / "cy.db", "Cy") as cy:
        other.articles.add("It snowed.")
        cy.assignments.assign([cy.articles.add("It hailed.")], ["Ana"], "checker")
        (told,) = desk.merges.merge([other.path], dry_run=True)
        assert told.notes[0].startswith("Ana began both desks apart") and "import csv" in told.notes[0]
        assert merge(desk, other.path).notes == told.notes and merge(desk, other.path).notes == ()
        assert merge(desk, cy.path).notes == (), "who was only given work there has begun nothing"
        with Desk.open(desk.backup(tmp_path / "copy.db"), "Ana") as copy:
            copy.articles.add("It cleared.")
            assert merge(desk, copy.path).notes == (), "a copy is no second beginning"


# -- what it refuses ------------------------------------------------------------------------------------------

Row = dict[str, object]


def alter(path: Path, change: Callable[[Row], Row], *, which: str = "max(seq)") -> None:
    """Let another program alter a change of the log."""
    conn = sqlite3.connect(path, isolation_level=None)
    conn.execute("DROP TRIGGER changes_are_fixed")
    conn.execute("PRAGMA ignore_check_constraints = ON")
    cursor = conn.execute(f"SELECT * FROM changes WHERE seq = (SELECT {which} FROM changes)")
    row = change(dict(zip((name for name, *_ in cursor.description), cursor.fetchone(), strict=True)))
    sets = ", ".join(f'"{name}" = ?' for name in row)
    conn.execute(f"UPDATE changes SET {sets} WHERE seq = ?", (*row.values(), row["seq"]))
    conn.close()


def patched(**values: object) -> Callable[[Row], Row]:
    return lambda row: row | {"patch": json.dumps(json.loads(str(row["patch"])) | values)}


LATE = f"{clock.LATEST + 1:012x}"
ALTERED: dict[str, tuple[Callable[[Row], Row], str]] = {
    "an id that is none": (lambda row: row | {"id": "x" * 36}, "malformed"),
    "an id beyond all time": (lambda row: row | {"id": f"{LATE[:8]}-{LATE[8:]}-7000-8000-000000000000"}, "malformed"),
    "a patch that is none": (lambda row: row | {"patch": "[]"}, "malformed"),
    "a number that JSON has not": (lambda row: row | {"patch": '{"start": NaN}'}, "malformed"),
    "lists in lists without end": (
        lambda row: row | {"patch": '{"tags": ' + 5000 * "[" + 5000 * "]" + "}"},
        "malformed",
    ),
    "parents without end": (lambda row: row | {"parents": 5000 * "[" + 5000 * "]"}, "malformed"),
    "a parent that is not there": (
        lambda row: row | {"parents": '["00000000-0000-7000-8000-000000000000"]'},
        "builds on one that is in neither desk",
    ),
    "a parent that comes later": (
        lambda row: row | {"parents": '["ffffffff-0000-7000-8000-000000000000"]'},
        "comes before what it builds on",
    ),
    "a claim on nothing": (patched(article="00000000-0000-7000-8000-000000000000"), "an article is missing"),
    "another quote": (patched(quote="What was never said."), "the quote in the change"),
    "somebody who is not there": (lambda row: row | {"reviewer": "nobody"}, "a reviewer is missing"),
}


@pytest.mark.parametrize("how", ALTERED)
def test_a_file_that_another_program_has_altered_is_refused(desk: Desk, theirs: Desk, how: str) -> None:
    theirs.claims.tag("1", *SECOND)
    change, why = ALTERED[how]
    alter(theirs.path, change)
    before = state(desk)
    with pytest.raises(Damaged) as refusal:
        merge(desk, theirs.path)
    assert why in str(refusal.value) and str(theirs.path) in str(refusal.value) and state(desk) == before


def test_a_text_that_was_altered_is_refused(desk: Desk, theirs: Desk) -> None:
    theirs.articles.add("This is new.")
    conn = sqlite3.connect(theirs.path, isolation_level=None)
    conn.executescript("DROP TRIGGER texts_are_fixed; UPDATE texts SET body = 'That is new.' WHERE seq = 2")
    conn.close()
    with pytest.raises(Damaged, match=r"the text .* has been altered"):
        merge(desk, theirs.path)


def test_one_change_with_two_contents_is_refused_and_how_to_find_the_altered_file_is_told(
    desk: Desk, theirs: Desk
) -> None:
    alter(theirs.path, patched(claim_text="forged"))
    before = state(desk)
    with pytest.raises(Refused, match=r"both hold the change .* with different content") as refusal:
        merge(desk, theirs.path)
    assert "factdesk verify" in str(refusal.value) and "--dry-run" in str(refusal.value) and state(desk) == before


def test_what_is_not_another_sound_desk_is_refused(desk: Desk, theirs: Desk, tmp_path: Path) -> None:
    (tmp_path / "words.txt").write_text("These are words, many of them. " * 40, encoding="utf-8")
    (tmp_path / "empty.db").touch()
    sqlite3.connect(tmp_path / "strange.db").execute("CREATE TABLE x (y)").connection.close()
    theirs.backup(tmp_path / "cut.db")
    cut = (tmp_path / "cut.db").read_bytes()
    (tmp_path / "cut.db").write_bytes(cut[: len(cut) // 3])
    theirs.backup(tmp_path / "newer.db")
    newer = sqlite3.connect(tmp_path / "newer.db")
    with newer:
        newer.execute("UPDATE _sqlite_migrations SET name = '9999' WHERE name = '0013_status'")
    newer.close()
    refused: list[tuple[Path, type[Refused], str]] = [
        (desk.path, Refused, "is this desk itself"), (tmp_path / "none.db", Refused, "There is no file"),
        (tmp_path, Refused, "There is no file"), (tmp_path / "words.txt", NotADesk, "is not a factdesk database"),
        (tmp_path / "empty.db", NotADesk, "not a desk"), (tmp_path / "strange.db", NotADesk, "of another program"),
        (tmp_path / "cut.db", Damaged, "damaged"), (tmp_path / "newer.db", Refused, "a newer factdesk"),
    ]  # fmt: skip
    before = state(desk)
    for path, kind, why in refused:
        with pytest.raises(kind, match=why) as refusal:
            merge(desk, theirs.path, path)
        assert "\n" not in str(refusal.value) and state(desk) == before, path


def test_an_article_that_is_taken_back_where_others_worked_on_it_keeps_its_text(desk: Desk, theirs: Desk) -> None:
    article = desk.articles.add("Here today. Gone tomorrow.")
    merge(theirs, desk.path)
    desk.history.undo()
    theirs.claims.tag(theirs.articles.get(article.id), 0, 11)
    theirs.articles.edit(theirs.articles.get(article.id), title="Stays")
    merge(desk, theirs.path)
    merge(theirs, desk.path)
    assert state(desk) == state(theirs) and desk.upkeep.verify() == []
    kept = desk.articles.get(article.id)
    assert kept.conflict and desk.articles.text(kept) == "Here today. Gone tomorrow."
    assert [claim.quote for claim in desk.claims.of(kept)] == ["Here today."]
