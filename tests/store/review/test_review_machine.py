"""Two checkers, two reviewers, one of them blind to verdicts, and an adjudicator on one file, whatever they do."""

from __future__ import annotations

import json
import shutil
import tempfile
from collections.abc import Callable
from pathlib import Path
from typing import Any

from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, rule

from store.access.names import reviewer_id
from store.desk import Desk
from store.errors import Refused
from store.records import Claim, Review
from store.reports import ShelfRow
from store.settle.comparison_groups import Group
from tests.kit import oracle
from tests.kit.depth import examples
from tests.kit.second_review import scheme

TEXT = "One came here. Two went there. Three have stayed. Four are gone."
PEOPLE = ("Ana", "Bob", "Cy", "Blind", "Dora")  # Ana and Bob check, Cy and Blind review, Dora settles
WHO = st.sampled_from(range(len(PEOPLE)))
CHECKER = st.sampled_from((0, 1))
REVIEWER = st.sampled_from((2, 3))
PICK = st.integers(0, 20)
KEY = st.sampled_from(["supported", "refuted", "mixed", ""])
WORD = st.sampled_from(["", "x", "y"])
SPAN = st.tuples(st.integers(0, 50), st.integers(2, 12)).map(lambda place: (place[0], place[0] + place[1]))
OWNED = ("claims", "verdicts", "evidence", "reviews", "answers", "ticks", "sweeps")
"""The kinds whose rows are somebody's own."""


class Story(RuleBasedStateMachine):
    """Each rule is one thing that one person does with what they see."""

    def __init__(self) -> None:
        super().__init__()
        self.folder = Path(tempfile.mkdtemp())
        self.desks = [Desk.open(self.folder / "desk.db", name) for name in PEOPLE]
        self.disputes: dict[str, str] = {}
        self.rows: dict[str, dict[str, object]] = {}
        self.did = ("", "")
        self.shelves: list[tuple[int, list[ShelfRow]]] = []

    def teardown(self) -> None:
        for desk in self.desks:
            desk.close()
        shutil.rmtree(self.folder)

    @initialize(settles=st.booleans(), required=st.integers(1, 2))
    def begin(self, settles: bool, required: int) -> None:
        ana, bob = self.desks[:2]
        self.settles = settles
        ana.schemes.use(scheme(checker_settles=settles, required=required))
        ana.articles.add(TEXT)
        for desk, span in ((ana, (0, 14)), (bob, (15, 30))):
            claim = desk.claims.tag("1", *span)
            desk.verdicts.give(claim, "mixed", "so")
            desk.evidence.add(claim, "supports", url="https://a.example")
        ana.assignments.assign(["1"], ["Blind"], "reviewer", blind="verdict")
        self.start = {reviewer_id(name): self.actions(name) for name in PEOPLE}
        self.shelves = [(desk.history.mark(), desk.library.shelf()) for desk in self.desks]
        self.remember()

    def actions(self, name: str) -> int:
        asked = "SELECT count(DISTINCT action) FROM main.changes WHERE reviewer = ?"
        return int(self.desks[0].session.log.rows(asked, (reviewer_id(name),))[0][0])

    # -- what people do -----------------------------------------------------------------------------------

    def some(self, things: list[Any], pick: int) -> Any:
        return things[pick % len(things)] if things else None

    def tries(self, who: int, what: str, act: Callable[[], Any]) -> None:
        """Do it; a refusal must leave everything as it was."""
        desk = self.desks[who]
        before = desk.history.mark()
        self.did = (reviewer_id(PEOPLE[who]), what)
        try:
            act()
        except Refused as refusal:
            assert (
                "\n" not in str(refusal) and desk.history.mark() == before and not desk.session.log.conn.in_transaction
            )

    def others(self, who: int) -> list[Claim]:
        return [claim for claim in self.desks[who].claims.of("1") if claim.checker != PEOPLE[who]]

    def own(self, who: int) -> list[Claim]:
        return [claim for claim in self.desks[who].claims.of("1") if claim.checker == PEOPLE[who]]

    @rule(who=CHECKER, span=SPAN)
    def tags(self, who: int, span: tuple[int, int]) -> None:
        self.tries(who, "tag", lambda: self.desks[who].claims.tag("1", *span))

    @rule(who=CHECKER, pick=PICK, span=SPAN)
    def moves(self, who: int, pick: int, span: tuple[int, int]) -> None:
        if claim := self.some(self.own(who), pick):
            self.tries(who, "move", lambda: self.desks[who].claims.move(claim, *span))

    @rule(who=CHECKER, pick=PICK, claimant=WORD)
    def edits(self, who: int, pick: int, claimant: str) -> None:
        if claim := self.some(self.own(who), pick):
            self.tries(who, "edit", lambda: self.desks[who].claims.edit(claim, claimant=claimant))

    @rule(who=WHO, pick=PICK, key=KEY, why=WORD)
    def gives_a_verdict(self, who: int, pick: int, key: str, why: str) -> None:
        if claim := self.some(self.desks[who].claims.of("1"), pick):
            self.tries(who, "verdict", lambda: self.desks[who].verdicts.give(claim, key, why))

    @rule(who=WHO, pick=PICK, note=WORD)
    def finds_evidence(self, who: int, pick: int, note: str) -> None:
        if claim := self.some(self.desks[who].claims.of("1"), pick):
            self.tries(who, "evidence", lambda: self.desks[who].evidence.add(claim, "refutes", note=note))

    @rule(who=CHECKER, pick=PICK)
    def deletes(self, who: int, pick: int) -> None:
        if claim := self.some(self.own(who), pick):
            self.tries(who, "delete", lambda: self.desks[who].delete(claim))

    @rule(who=REVIEWER, pick=PICK, decision=st.sampled_from(["agree", "disagree", "reject_claim", "needs_evidence"]))
    def decides(self, who: int, pick: int, decision: str) -> None:
        if claim := self.some(self.others(who), pick):
            reason = "wrong_span" if decision == "disagree" else ""
            self.tries(who, "review", lambda: self.desks[who].reviews.decide(claim, decision, reason=reason))

    @rule(who=st.sampled_from((0, 1, 2, 3)), pick=PICK, verdict=KEY, agree=st.booleans())
    def decides_on_the_verdict(self, who: int, pick: int, verdict: str, agree: bool) -> None:
        if claim := self.some(self.others(who), pick):
            decision = "agree" if agree else "change_verdict"
            self.tries(who, "review", lambda: self.desks[who].reviews.decide(claim, decision, verdict=verdict))

    @rule(who=REVIEWER, pick=PICK, span=SPAN, words=WORD)
    def proposes(self, who: int, pick: int, span: tuple[int, int], words: str) -> None:
        if claim := self.some(self.others(who), pick):
            how: dict[str, Any] = {"claim_text": words} if words else {"span": span}
            decision = "change_claim_text" if words else "change_span"
            self.tries(who, "review", lambda: self.desks[who].reviews.decide(claim, decision, **how))

    @rule(who=REVIEWER, span=SPAN, whose=st.sampled_from(("Ana", "Bob")))
    def misses(self, who: int, span: tuple[int, int], whose: str) -> None:
        self.tries(who, "missing", lambda: self.desks[who].reviews.missing("1", *span, whose=whose))

    @rule(who=WHO, pick=PICK)
    def takes_back(self, who: int, pick: int) -> None:
        desk = self.desks[who]
        mine = [review for review in desk.reviews.of(desk.articles.get(1)) if review.by == PEOPLE[who]]
        if review := self.some(mine, pick):
            self.tries(who, "take_back", lambda: desk.reviews.take_back(review))

    @rule(who=REVIEWER, pick=PICK, mark=st.sampled_from(["seen", "doubted", ""]))
    def ticks(self, who: int, pick: int, mark: str) -> None:
        desk = self.desks[who]
        pieces = [e for claim in self.others(who) for e in desk.evidence.of(claim) if e.by != PEOPLE[who]]
        if piece := self.some(pieces, pick):
            self.tries(who, "tick", lambda: desk.ticks.tick(piece, mark, "irrelevant"))

    @rule(who=CHECKER, pick=PICK, accept=st.booleans())
    def answers(self, who: int, pick: int, accept: bool) -> None:
        desk = self.desks[who]
        if proposal := self.some(desk.answers.inbox(answered=True), pick):
            outcome, reason = ("accepted", "") if accept else ("rejected", "no")
            self.tries(who, f"answer {outcome}", lambda: desk.answers.answer(proposal.review, outcome, reason))

    @rule(
        who=WHO, pick=PICK, outcome=st.sampled_from(["first_correct", "second_correct", "nothing_here", "both_wrong"])
    )
    def adjudicates(self, who: int, pick: int, outcome: str) -> None:
        desk = self.desks[who]
        if group := self.some(self.groups(who), pick):
            self.tries(who, "adjudicate", lambda: desk.settlements.adjudicate(group, outcome, rationale="so"))

    @rule(pick=PICK)
    def unsettles(self, pick: int) -> None:
        settled = [group for group in self.groups(4) if group.settled]
        if group := self.some(settled, pick):
            self.tries(4, "unsettle", lambda: self.desks[4].settlements.unsettle(group))

    def groups(self, who: int) -> list[Group]:
        try:
            return list(self.desks[who].comparison.compare("1").groups)
        except Refused:
            return []

    @rule(who=WHO, role=st.sampled_from(["checker", "reviewer"]), opens=st.booleans())
    def hands_in(self, who: int, role: str, opens: bool) -> None:
        desk = self.desks[who]
        self.tries(
            who, "submit", lambda: desk.submissions.reopen("1", role) if opens else desk.submissions.submit("1", role)
        )

    @rule(who=WHO, redo=st.booleans())
    def undoes_or_redoes(self, who: int, redo: bool) -> None:
        self.tries(who, "undo", self.desks[who].history.redo if redo else self.desks[who].history.undo)

    # -- what must hold -----------------------------------------------------------------------------------

    def remember(self) -> None:
        self.rows = oracle.rows(oracle.read_log(self.desks[0].session.log.conn))
        self.disputes = self.open_disputes()

    def open_disputes(self) -> dict[str, str]:
        """The reviews in dispute, each with its claim."""
        desk = self.desks[4]
        return {r.id: r.claim for r in desk.reviews.of(desk.articles.get(1)) if r.standing == "open"}

    @invariant()
    def nobody_changes_what_is_somebody_elses(self) -> None:
        """Only what falls with a claim that its own checker withdraws, and comes back with it, is touched by others."""
        if not self.rows:
            return
        me, what = self.did
        log = oracle.read_log(self.desks[0].session.log.conn)
        now = oracle.rows(log)
        made = {item: own[0] for item, own in oracle.by_item(log).items()}
        for item, row in now.items():
            before = self.rows.get(item)
            if made[item]["kind"] not in OWNED or before is None or before == row or made[item]["reviewer"] == me:
                continue
            changed = {column for column in row if row[column] != before[column]}
            claim = str(row.get("claim", ""))
            assert changed == {"deleted"} and claim and made[claim]["reviewer"] == me, (
                what,
                made[item]["kind"],
                changed,
            )

    @invariant()
    def a_dispute_ends_only_as_it_may(self) -> None:
        if not self.rows:
            return
        me, what = self.did
        now = self.open_disputes()
        log = oracle.read_log(self.desks[0].session.log.conn)
        made = {item: own[0] for item, own in oracle.by_item(log).items()}
        for review, claim in self.disputes.items():
            if review in now:
                continue
            by_reviewer = made[review]["reviewer"] == me and what in ("review", "take_back", "verdict", "undo")
            by_checker = what in ("answer accepted", "delete", "undo") or (what == "answer rejected" and self.settles)
            gone = bool(oracle.rows(log)[claim]["deleted"])
            assert by_reviewer or by_checker or what == "adjudicate" or gone, (PEOPLE, what)
        self.remember()

    @invariant()
    def stale_is_never_missed(self) -> None:
        """A review is fresh only when the claim is what its reviewer saw, or became what they proposed."""
        if not self.rows:
            return
        desk = self.desks[4]
        log = oracle.read_log(desk.session.log.conn)
        for review in desk.reviews.of(desk.articles.get(1)):
            if review.decision != "missing_claim" and not review.stale:
                assert self.fresh(review, log), review

    def fresh(self, review: Review, log: oracle.Rows) -> bool:
        own = oracle.by_item(log)
        written = [
            c["id"] for c in own[review.id] if "decision" in c["patch"] and c["patch"].get("seen") == review.seen
        ]
        now = self.shown(review, own, None)
        blind = "verdict" not in json.loads(review.seen)
        moments = [min(written)]
        moments += [c["id"] for c in self.answers_to(own, review) if c["patch"].get("outcome") == "accepted"]
        for moment in moments:
            then = self.shown(review, own, moment)
            if then == now or (blind and then[:-1] == now[:-1]):
                return True
        # The moment of an undo gives back an older sight: what the review says it has seen is what stands.
        saw, (start, end, claimant, pieces, verdict) = json.loads(review.seen), now
        return (saw["start"], saw["end"], saw["claimant"], len(saw["evidence"])) == (start, end, claimant, pieces) and (
            blind or saw["verdict"] == verdict
        )

    def answers_to(self, own: dict[str, oracle.Rows], review: Review) -> oracle.Rows:
        return [c for rows in own.values() for c in rows if rows[0]["patch"].get("review") == review.id]

    def shown(self, review: Review, own: dict[str, oracle.Rows], until: str | None) -> tuple[object, ...]:
        """The claim, its checker's evidence and verdict as the log has them, up to the action of a change."""
        by = own[review.claim][0]["reviewer"]
        last = until
        if until is not None:
            action = next(c["action"] for rows in own.values() for c in rows if c["id"] == until)
            last = max(c["id"] for rows in own.values() for c in rows if c["action"] == action)

        def row(item: str) -> dict[str, object]:
            kept = [change for change in own[item] if last is None or change["id"] <= last]
            found: dict[str, object] = {}
            for change in kept:
                found |= change["patch"]
            return found

        claim = row(review.claim)
        pieces, verdict = 0, ""
        for item, changes in own.items():
            first = changes[0]
            if first["patch"].get("claim") != review.claim or first["reviewer"] != by:
                continue
            held = row(item)
            if not held or held.get("deleted"):
                continue
            pieces += first["kind"] == "evidence"
            verdict = str(held.get("verdict", "")) if first["kind"] == "verdicts" else verdict
        return claim.get("start", 0), claim.get("end", 0), claim.get("claimant", ""), pieces, verdict

    @invariant()
    def the_blind_reviewer_sees_no_verdict_before_giving_one(self) -> None:
        if not self.rows:
            return
        desk = self.desks[3]
        for claim in self.others(3):
            if desk.assignments.verdict_hidden(claim):
                assert (
                    not claim.verdict and not claim.justification and claim.status in ("tagged", "disputed", "reviewed")
                )
                assert [verdict for verdict in desk.verdicts.of(claim) if verdict.by != "Blind"] == []
                assert all(review.by == "Blind" for review in desk.reviews.of(claim))

    @invariant()
    def a_shelf_kept_up_is_the_shelf_counted_anew(self) -> None:
        for who, (mark, shelf) in enumerate(self.shelves):
            desk = self.desks[who]
            self.shelves[who] = desk.history.mark(), desk.library.shelf_since(mark, shelf)
            assert self.shelves[who][1] == desk.library.shelf()

    @invariant()
    def the_desk_verifies(self) -> None:
        assert self.desks[0].upkeep.verify() == []

    @rule()
    def everybody_reads_everything_they_may(self) -> None:
        for desk in self.desks:
            (
                desk.library.shelf(),
                desk.answers.inbox(answered=True),
                desk.history.of(limit=20),
                desk.library.stats(),
                desk.comparison.settled("1"),
                desk.comparison.sets(),
            )

    @rule()
    def all_is_undone_and_redone(self) -> None:
        """Who undoes all they can and redoes it is where they were; nobody's refusal leaves anything half undone."""
        for who, desk in enumerate(self.desks):
            before, undone = oracle.visible(desk.session.log.conn), 0
            self.did = (reviewer_id(PEOPLE[who]), "undo")
            while self.actions(PEOPLE[who]) and undone < 300:
                try:
                    desk.history.undo()
                except Refused:
                    break
                undone += 1
            for _ in range(undone):
                desk.history.redo()
            assert oracle.visible(desk.session.log.conn) == before


Story.TestCase.settings = settings(
    max_examples=examples(15),
    stateful_step_count=25,
    deadline=None,
    suppress_health_check=[HealthCheck.too_slow, HealthCheck.filter_too_much],
)
TestStory = Story.TestCase
