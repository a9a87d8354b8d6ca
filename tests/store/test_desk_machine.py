"""Two people, one file, records as old as they come: what must hold whatever they do."""

from __future__ import annotations

import shutil
import tempfile
from collections.abc import Callable
from pathlib import Path
from typing import Any

from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, precondition, rule

from store.desk import Desk
from store.errors import Refused
from store.log.kinds import LISTS, default
from store.records import Article, Claim, Comment, Evidence, Source, Verdict
from tests.kit import oracle
from tests.kit.at_the_desk import conflicts_told_alike
from tests.kit.depth import examples

TEXTS = ("abc def ghi jkl mno", "日本 é👍 text", "one two")
WHO = st.sampled_from([0, 1])
PICK = st.integers(0, 60)
WORD = st.sampled_from(["", "x", "y"])
URL = st.sampled_from(["", "https://a.example", "HTTPS://A.example/", "https://b.example"])
KEY = st.sampled_from(["supported", "mixed", "refuted", ""])
DETAILS = st.fixed_dictionaries(
    {}, optional={"claimant": WORD, "claim_text": WORD, "tags": st.lists(WORD, max_size=2, unique=True)}
)
HELD = 12


class TwoPeople(RuleBasedStateMachine):
    """Each rule is one thing that one person does, with a record they may have been looking at for a while."""

    def __init__(self) -> None:
        super().__init__()
        self.folder = Path(tempfile.mkdtemp())
        self.desks = [Desk.open(self.folder / "desk.db", name) for name in ("Ana", "Bob")]
        self.held: list[list[Any]] = [[], []]
        self.log: oracle.Rows = []
        self.mark, self.shelf = self.desks[0].history.mark(), self.desks[0].library.shelf()

    def teardown(self) -> None:
        for desk in self.desks:
            desk.close()
        shutil.rmtree(self.folder)

    # -- what people do -----------------------------------------------------------------------------------

    def some(self, who: int, pick: int, kind: type) -> Any:
        """One of the newest records of a kind this person has in hand, perhaps a stale one."""
        fitting = [record for record in self.held[who] if isinstance(record, kind)][-HELD:]
        return fitting[-1 - pick % len(fitting)] if fitting else None

    def tries(self, who: int, act: Callable[[], Any]) -> None:
        """Do it and keep what it gives; a refusal must leave everything as it was."""
        desk = self.desks[who]
        before = desk.history.mark()
        try:
            made = act()
        except Refused as refusal:
            assert (
                "\n" not in str(refusal) and desk.history.mark() == before and not desk.session.log.conn.in_transaction
            )
        else:
            self.held[who].append(made)

    @initialize()
    def begin(self) -> None:
        for who in (0, 1):
            self.tries(who, lambda who=who: self.desks[who].articles.add(TEXTS[0]))  # type: ignore[misc]

    @rule(who=WHO, text=st.sampled_from(TEXTS))
    def adds_an_article(self, who: int, text: str) -> None:
        self.tries(who, lambda: self.desks[who].articles.add(text))

    @rule(who=WHO, pick=PICK, title=WORD, url=URL)
    def edits_an_article(self, who: int, pick: int, title: str, url: str) -> None:
        if article := self.some(who, pick, Article):
            self.tries(who, lambda: self.desks[who].articles.edit(article, title=title, url=url))

    @rule(who=WHO, pick=PICK, start=st.integers(-1, 12), length=st.integers(0, 9))
    def tags(self, who: int, pick: int, start: int, length: int) -> None:
        if article := self.some(who, pick, Article):
            self.tries(who, lambda: self.desks[who].claims.tag(article, start, start + length))

    @rule(who=WHO, pick=PICK, start=st.integers(-1, 12), length=st.integers(0, 9))
    def moves(self, who: int, pick: int, start: int, length: int) -> None:
        if claim := self.some(who, pick, Claim):
            self.tries(who, lambda: self.desks[who].claims.move(claim, start, start + length))

    @rule(
        who=WHO,
        pick=PICK,
        details=st.fixed_dictionaries(
            {}, optional={"claimant": WORD, "claim_text": WORD, "tags": st.lists(WORD, max_size=2)}
        ),
    )
    def edits(self, who: int, pick: int, details: dict[str, object]) -> None:
        if claim := self.some(who, pick, Claim):
            self.tries(who, lambda: self.desks[who].claims.edit(claim, **details))

    @rule(who=WHO, pick=PICK, kind=st.sampled_from([Claim, Verdict]), key=KEY, why=st.none() | WORD)
    def gives_a_verdict(self, who: int, pick: int, kind: type, key: str, why: str | None) -> None:
        if about := self.some(who, pick, kind):
            self.tries(who, lambda: self.desks[who].verdicts.give(about, key, why))

    @rule(who=WHO, pick=PICK, stance=st.sampled_from(["supports", "refutes"]), url=URL, title=WORD)
    def finds_evidence(self, who: int, pick: int, stance: str, url: str, title: str) -> None:
        if claim := self.some(who, pick, Claim):
            self.tries(who, lambda: self.desks[who].evidence.add(claim, stance, url=url, title=title))
            self.held[who] += [e.source for e in self.held[who][-1:] if isinstance(e, Evidence) and e.source]

    @rule(who=WHO, pick=PICK, quote=WORD, url=st.none() | URL)
    def edits_evidence(self, who: int, pick: int, quote: str, url: str | None) -> None:
        if evidence := self.some(who, pick, Evidence):
            details = {"quote": quote} | ({} if url is None else {"url": url})
            self.tries(who, lambda: self.desks[who].evidence.edit(evidence, **details))

    @rule(who=WHO, pick=PICK, title=WORD, url=st.none() | URL)
    def edits_a_source(self, who: int, pick: int, title: str, url: str | None) -> None:
        if source := self.some(who, pick, Source):
            details = {"title": title} | ({} if url is None else {"url": url})
            self.tries(who, lambda: self.desks[who].evidence.edit_source(source, **details))

    @rule(who=WHO, pick=PICK, start=st.integers(0, 9), length=st.integers(1, 9))
    def sweeps(self, who: int, pick: int, start: int, length: int) -> None:
        if article := self.some(who, pick, Article):
            self.tries(who, lambda: self.desks[who].sweeps.add(article, start, start + length))

    @rule(who=WHO, pick=PICK, body=WORD)
    def comments(self, who: int, pick: int, body: str) -> None:
        if claim := self.some(who, pick, Claim):
            self.tries(who, lambda: self.desks[who].threads.comment(claim, body))

    @rule(who=WHO, pick=PICK, body=WORD)
    def edits_a_comment(self, who: int, pick: int, body: str) -> None:
        if comment := self.some(who, pick, Comment):
            self.tries(who, lambda: self.desks[who].threads.edit(comment, body))

    @rule(who=WHO, pick=PICK)
    def deletes(self, who: int, pick: int) -> None:
        if record := self.some(who, pick, object):
            self.tries(who, lambda: self.desks[who].delete(record))

    @rule(who=WHO, pick=PICK)
    def looks_again(self, who: int, pick: int) -> None:
        desk = self.desks[who]
        for article in desk.articles.all():
            for claim in desk.claims.of(article):
                self.held[who] += [claim, *desk.verdicts.of(claim), *desk.evidence.of(claim), *desk.threads.of(claim)]

    @rule(who=WHO, pick=PICK, start=st.integers(0, 9))
    def does_several_things_together(self, who: int, pick: int, start: int) -> None:
        desk = self.desks[who]

        def together() -> Claim:
            with desk.together():
                claim = desk.claims.tag(article, start, start + 3, claimant="t")
                desk.verdicts.give(claim, "mixed")
                return desk.claims.edit(claim, claimant="together")

        if article := self.some(who, pick, Article):
            self.tries(who, together)

    @rule(who=WHO, pick=PICK, choice=PICK)
    def settles(self, who: int, pick: int, choice: int) -> None:
        if conflicts := self.desks[who].conflicts.of():
            conflict = conflicts[pick % len(conflicts)]
            contender = conflict.contenders[choice % len(conflict.contenders)]
            self.tries(who, lambda: self.desks[who].conflicts.settle(conflict, contender))
            now = {(c.item, c.part) for c in self.desks[who].conflicts.of()}
            assert (conflict.item, conflict.part) not in now

    @rule(who=WHO, redo=st.booleans())
    def undoes_or_redoes(self, who: int, redo: bool) -> None:
        desk = self.desks[who]
        before, log = oracle.table_rows(desk.session.log.conn), oracle.read_log(desk.session.log.conn)
        try:
            undone = desk.history.redo() if redo else desk.history.undo()
        except Refused:
            assert oracle.table_rows(desk.session.log.conn) == before
            return
        written: dict[str, set[str]] = {}
        for change in log:
            if change["action"] == undone.action:
                written.setdefault(change["item"], set()).update(change["patch"])
        reversed_values = {
            (change["item"], column): value
            for change in log
            if change["action"] == undone.action
            for column, value in change["patch"].items()
        }
        for item, row in oracle.table_rows(desk.session.log.conn).items():
            for column, value in row.items():
                if value != before[item][column]:
                    assert item in written
                    wrote = reversed_values.get((item, column), [] if column in LISTS else default(column))
                    held = oracle.as_held(column, wrote)
                    assert before[item][column] == held, "undo altered what another action had written"

    @precondition(lambda self: len(self.log) > 2)
    @rule(who=WHO)
    def undoes_all_and_redoes_all(self, who: int) -> None:
        desk = self.desks[who]
        before, undone = oracle.visible(desk.session.log.conn), 0
        while True:
            try:
                desk.history.undo()
            except Refused:
                break
            undone += 1
            assert undone < 200
        for _ in range(undone):
            desk.history.redo()
        assert oracle.visible(desk.session.log.conn) == before

    @rule(who=WHO)
    def reopens(self, who: int) -> None:
        self.desks[who].close()
        self.desks[who] = desk = Desk.open(self.folder / "desk.db", ("Ana", "Bob")[who])
        self.held[who] = list(desk.articles.all())  # a new window shows what is there now

    # -- what must hold -----------------------------------------------------------------------------------

    @invariant()
    def the_log_only_grows(self) -> None:
        log = oracle.read_log(self.desks[0].session.log.conn)
        assert log[: len(self.log)] == self.log
        ids = [change["id"] for change in log]
        assert ids == sorted(ids)
        self.log = log

    @invariant()
    def the_desk_verifies(self) -> None:
        for desk in self.desks:
            assert desk.upkeep.verify() == []

    @invariant()
    def tables_and_conflicts_are_those_of_the_oracle(self) -> None:
        conn = self.desks[1].session.log.conn
        log = oracle.read_log(conn)
        assert oracle.listed_conflicts(conn) == oracle.conflicts(log)
        assert oracle.table_rows(conn) == oracle.rows(log)

    @invariant()
    def every_quote_is_the_text(self) -> None:
        desk = self.desks[0]
        for article in desk.articles.all():
            text = desk.articles.text(article)
            for claim in desk.claims.of(article):
                assert text[claim.start : claim.end] == claim.quote
                assert text[: claim.start].endswith(claim.prefix) and text[claim.end :].startswith(claim.suffix)

    @invariant()
    def no_delete_hides_what_it_had_not_seen(self) -> None:
        conn = self.desks[0].session.log.conn
        rows = oracle.table_rows(conn)
        for item, own in oracle.by_item(oracle.read_log(conn)).items():
            if rows[item]["deleted"]:
                touching = [change for change in own if "deleted" in change["patch"]]
                deletes = [change for change in oracle.newest(touching, own) if change["patch"]["deleted"]]
                assert deletes and not [change for change in own if oracle.hidden_unseen(change, deletes, own)]

    @invariant()
    def nobody_contradicts_himself(self) -> None:
        """Every conflict is between two people: here nobody works in two windows at once."""
        conn = self.desks[0].session.log.conn
        by = {change["id"]: change["reviewer"] for change in oracle.read_log(conn)}
        for _, _, contenders in oracle.listed_conflicts(conn):
            assert len({by[id] for id in contenders}) > 1

    @invariant()
    def a_shelf_kept_up_is_the_shelf_counted_anew(self) -> None:
        desk = self.desks[0]
        self.mark, self.shelf = desk.history.mark(), desk.library.shelf_since(self.mark, self.shelf)
        assert self.shelf == desk.library.shelf()

    @invariant()
    def everything_can_be_read(self) -> None:
        one, other = self.desks
        assert one.articles.all() == other.articles.all() and one.conflicts.of() == other.conflicts.of()
        assert conflicts_told_alike(one) == other.conflicts.counts()
        assert (
            one.library.stats() == other.library.stats()
            and one.library.shelf() == other.library.shelf()
            and one.history.of() == other.history.of()
        )


TwoPeople.TestCase.settings = settings(
    max_examples=examples(30),
    stateful_step_count=25,
    deadline=None,
    suppress_health_check=[HealthCheck.too_slow, HealthCheck.filter_too_much],
)
TestTwoPeople = TwoPeople.TestCase
