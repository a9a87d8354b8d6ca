"""Three desks of one beginning, each with a clock of its own, that merge whenever they like: they end as one desk."""

from __future__ import annotations

import shutil
import tempfile
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path
from typing import Any
from unittest.mock import patch

from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, rule

from store.desk import Desk
from store.errors import Offline, Refused
from store.log import clock
from tests.kit import oracle
from tests.kit.depth import examples
from tests.kit.memory_remote import Memory

PEOPLE = ("Ana", "Bob", "Cy")
SKEW = (-11 * 86_400_000, 0, 115 * 86_400_000)
"""How far each clock is off, in ms."""
WHERE = st.sampled_from([0, 1, 2])
PICK = st.integers(0, 30)
WORD = st.sampled_from(["", "x", "y"])
KEY = st.sampled_from(["supported", "mixed", ""])
TEXT = "abc def ghi jkl mno"


class ThreeDesks(RuleBasedStateMachine):
    """Each rule is something that somebody does on their own file, or two files that meet."""

    def __init__(self) -> None:
        super().__init__()
        self.folder = Path(tempfile.mkdtemp())
        self.desks: list[Desk] = []
        self.hub = Memory()
        self.ever: set[str] = set()
        """Every change that a desk has acknowledged."""

    def path(self, where: int) -> Path:
        return self.folder / f"{where}.db"

    @initialize(blind=st.booleans())
    def begin(self, blind: bool) -> None:
        with Desk.open(self.path(0), "Ana") as desk:
            desk.articles.add(TEXT)
            if blind:
                desk.assignments.assign(["1"], ["Ana", "Bob"], "checker", blind="all")
        for where in (1, 2):
            shutil.copy(self.path(0), self.path(where))
        self.desks = [Desk.open(self.path(where), who) for where, who in enumerate(PEOPLE)]

    def teardown(self) -> None:
        if self.desks:
            self.all_become_one_desk()
        for desk in self.desks:
            desk.close()
        shutil.rmtree(self.folder)

    def does(self, where: int, act: Callable[[Desk], object]) -> None:
        desk = self.desks[where]
        now = clock.now
        with patch.object(clock, "now", lambda: now() + SKEW[where]):
            try:
                act(desk)
            except Refused as refusal:
                assert "\n" not in str(refusal)
        self.ever |= {change["id"] for change in oracle.read_log(desk.session.log.conn)}

    def claim(self, desk: Desk, pick: int) -> Any:
        claims = desk.claims.of("1")
        if not claims:
            raise Refused("Nothing is tagged.")
        return claims[pick % len(claims)]

    @rule(where=WHERE, start=st.integers(0, 12), length=st.integers(1, 5))
    def tags(self, where: int, start: int, length: int) -> None:
        self.does(where, lambda desk: desk.claims.tag("1", start, start + length))

    @rule(where=WHERE, text=st.sampled_from([TEXT, "another one"]), title=WORD)
    def adds_or_edits_an_article(self, where: int, text: str, title: str) -> None:
        self.does(where, lambda desk: desk.articles.edit(desk.articles.add(text), title=title))

    @rule(where=WHERE, pick=PICK, claimant=WORD, tags=st.lists(WORD, max_size=2, unique=True))
    def edits(self, where: int, pick: int, claimant: str, tags: list[str]) -> None:
        self.does(where, lambda desk: desk.claims.edit(self.claim(desk, pick), claimant=claimant, tags=tags))

    @rule(where=WHERE, pick=PICK, key=KEY, why=WORD, url=st.sampled_from(["", "https://a.example"]))
    def checks(self, where: int, pick: int, key: str, why: str, url: str) -> None:
        self.does(where, lambda desk: desk.verdicts.give(self.claim(desk, pick), key, why))
        if url:
            self.does(where, lambda desk: desk.evidence.add(self.claim(desk, pick), "supports", url=url, note=why))

    @rule(where=WHERE, pick=PICK, start=st.integers(0, 12))
    def deletes_comments_or_sweeps(self, where: int, pick: int, start: int) -> None:
        self.does(where, lambda desk: desk.threads.comment(self.claim(desk, pick), "Hm."))
        self.does(where, lambda desk: desk.sweeps.add("1", start, start + 4))
        self.does(where, lambda desk: desk.delete(self.claim(desk, pick + 1)))

    @rule(where=WHERE, redo=st.booleans())
    def undoes(self, where: int, redo: bool) -> None:
        self.does(where, lambda desk: desk.history.redo() if redo else desk.history.undo())

    @rule(where=WHERE, pick=PICK, choice=PICK)
    def settles(self, where: int, pick: int, choice: int) -> None:
        def settle(desk: Desk) -> None:
            if found := desk.conflicts.of():
                one = found[pick % len(found)]
                desk.conflicts.settle(one, one.contenders[choice % len(one.contenders)])

        self.does(where, settle)

    @rule(where=WHERE, submits=st.booleans(), blind=st.sampled_from(["open", "all"]))
    def assigns_or_submits(self, where: int, submits: bool, blind: str) -> None:
        if submits:
            self.does(where, lambda desk: desk.submissions.submit("1"))
        else:
            self.does(where, lambda desk: desk.assignments.assign(["1"], [PEOPLE[where]], "checker", blind=blind))

    @rule(here=WHERE, there=WHERE, how=st.sampled_from(["live", "backup", "share"]), stops=st.booleans())
    def merges(self, here: int, there: int, how: str, stops: bool) -> None:
        if here == there:
            return
        path = self.path(there)
        if how != "live":
            path = self.folder / f"{how}.db"
            path.unlink(missing_ok=True)
            if how == "backup":
                self.desks[there].backup(path)
            else:
                self.desks[there].shares.write(path)
        before = len(oracle.read_log(self.desks[here].session.log.conn))
        (told,) = self.desks[here].merges.merge([path], dry_run=True)
        assert len(oracle.read_log(self.desks[here].session.log.conn)) == before
        asked = iter([False, *[True] * 50])
        (merged,) = self.desks[here].merges.merge([path], cancelled=lambda: stops and next(asked))
        if not stops:
            assert merged.rows == told.rows

    @rule(where=WHERE, cut=st.one_of(st.none(), st.integers(0, 6)))
    def syncs(self, where: int, cut: int | None) -> None:
        """With one hub for all, whose wire may be cut before or after any call."""
        self.hub.cut = cut
        with suppress(Offline):
            self.desks[where].remotes.sync(self.hub)
        self.hub.cut = None

    @rule(keep=st.integers(0, 20))
    def the_hub_is_restored_from_an_old_backup(self, keep: int) -> None:
        self.hub.restored(keep)

    @rule(where=WHERE)
    def reopens(self, where: int) -> None:
        self.desks[where].close()
        self.desks[where] = Desk.open(self.path(where), PEOPLE[where])

    @invariant()
    def every_desk_is_sound(self) -> None:
        for desk in self.desks:
            assert desk.upkeep.verify() == []
            conn = desk.session.log.conn
            log = oracle.read_log(conn)
            assert oracle.table_rows(conn) == oracle.rows(log)
            assert oracle.listed_conflicts(conn) == oracle.conflicts(log)

    @invariant()
    def a_blind_checker_sees_nothing_of_the_others(self) -> None:
        for desk, me in zip(self.desks, PEOPLE, strict=True):
            rows = desk.session.log.rows(
                "SELECT 1 FROM main.assignments a JOIN main.articles x ON x.id = a.article WHERE a.blind = 'all'"
                " AND a.deleted = 0 AND a.state <> 'submitted' AND a.reviewer = ?",
                (desk.session.me,),
            )
            if rows and desk.articles.all():
                assert {claim.checker for claim in desk.claims.of("1")} <= {me}
                assert {change.by for change in desk.history.of() if change.kind in ("claims", "verdicts")} <= {me}

    def all_become_one_desk(self) -> None:
        for here, there in ((0, 1), (1, 2), (2, 0), (0, 2), (1, 0), (2, 1)):
            self.desks[here].merges.merge([self.path(there)])
        conns = [desk.session.log.conn for desk in self.desks]
        logs = [sorted(oracle.read_log(conn), key=lambda change: str(change["id"])) for conn in conns]
        assert logs[0] == logs[1] == logs[2] and {change["id"] for change in logs[0]} >= self.ever
        states = [(oracle.table_rows(conn), oracle.listed_conflicts(conn)) for conn in conns]
        assert states[0] == states[1] == states[2]
        texts = [set(conn.execute("SELECT sha FROM texts").fetchall()) for conn in conns]
        assert texts[0] == texts[1] == texts[2]
        for desk in (*self.desks, *self.desks):
            desk.remotes.sync(self.hub)
        assert sorted(change[0] for change in self.hub.log) == [change["id"] for change in logs[0]]
        for here, there in ((0, 1), (1, 2), (2, 0)):
            (again,) = self.desks[here].merges.merge([self.path(there)])
            assert again.added == 0
        self.every_desk_is_sound()


ThreeDesks.TestCase.settings = settings(
    max_examples=examples(20),
    stateful_step_count=14,
    deadline=None,
    suppress_health_check=[HealthCheck.too_slow, HealthCheck.filter_too_much],
)
TestThreeDesks = ThreeDesks.TestCase
