"""Any review desk comes back from its CSV to the byte: blind sets, sources cited across, disputes, settled claims."""

from __future__ import annotations

import random
import shutil
import tempfile
from collections.abc import Callable
from contextlib import ExitStack, suppress
from pathlib import Path
from typing import Any

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from store.desk import Desk
from store.errors import Refused
from store.log import clock
from store.text import units
from store.vocabulary import Decision, Outcome
from tests.kit.at_the_desk import TEXT
from tests.kit.csv_files import another_desk, assert_honest, exported, file_of, imported, judged, rows_of
from tests.kit.depth import examples

PEOPLE = ("Ana", "Bob", "Cy", "Dee")
URLS = ("https://a.example", "https://b.example/x", "", "https://a.example/")


class Office:
    """Four people on one desk, each doing what chance says; what the desk refuses is not done."""

    def __init__(self, folder: Path, stack: ExitStack, seed: int) -> None:
        self.chance = random.Random(seed)
        file = folder / "desk.db"
        self.desks = [stack.enter_context(Desk.open(file, name)) for name in PEOPLE]
        for desk in self.desks:
            desk.session.log.conn.execute("PRAGMA synchronous = OFF")
        lead = self.desks[0]
        lead.schemes.use(lead.scheme.toml + "\n[review]\nanyone_adjudicates = true\n")
        self.articles = [lead.articles.add(TEXT, title="One"), lead.articles.add("Another. " + TEXT, title="Two")]
        for article in self.articles:
            if self.chance.random() < 0.7:
                blind = self.chance.choice(["all", "all", "verdict", "open"])
                people = self.chance.sample(PEOPLE[1:], self.chance.randint(1, 3))
                lead.assignments.assign([article], people, "reviewer", blind=blind)
        self.held: dict[str, Any] = {}

    def work(self) -> None:
        """Everybody tags, most hand in, and then anything may happen."""
        first = [self.tag, self.tag, self.cite]
        later = [self.tag, self.cite, self.cite] + [self.judge] * 4 + [self.answer, self.change] * 2
        later += [self.settle, self.settle, self.submit, self.undo, self.withdraw]
        for turn in range(80):
            if turn in (25, 60):
                self.finish()
            desk, article = self.chance.choice(self.desks), self.chance.choice(self.articles)
            deed: Callable[..., object] = self.chance.choice(first if turn < 25 else later)
            with suppress(Refused):
                deed(desk, article)

    def tag(self, desk: Desk, article: Any) -> None:
        start = self.chance.randrange(100)
        span = units.snap(TEXT, start, start + self.chance.randint(2, 30))
        said = {"claim_text": self.chance.choice(["", "", "One", "=2"])}
        claim = desk.claims.tag(article, *span, own=self.chance.random() < 0.5, **said)
        self.cite(desk, article, claim)
        if self.chance.random() < 0.7:
            desk.verdicts.give(claim, self.chance.choice(["supported", "refuted"]), "because")

    def cite(self, desk: Desk, article: Any, claim: Any = None) -> None:
        claim = claim or self.one(desk.claims.of(article))
        url, title = self.chance.choice(URLS), self.chance.choice(["", "A | title", "=t"])
        stance = self.chance.choice(["supports", "refutes", "context"])
        piece = desk.evidence.add(claim, stance, url=url, title=title, quote="a | b\\", locator="p. 2")
        if self.chance.random() < 0.3:
            seen = self.held.setdefault(f"{desk.reviewer} piece", piece)
            desk.evidence.edit(seen, url=self.chance.choice(URLS), quote="other")

    def judge(self, desk: Desk, article: Any) -> None:
        if self.chance.random() < 0.2:
            start = self.chance.randrange(100)
            desk.reviews.missing(article, *units.snap(TEXT, start, start + 9), whose=self.chance.choice(PEOPLE))
            return
        claim = self.one(desk.claims.of(article))
        for piece in desk.evidence.of(claim)[:1]:
            with suppress(Refused):
                desk.ticks.tick(piece, self.chance.choice(["seen", "doubted"]), "biased_source", "hm")
        with suppress(Refused):
            desk.verdicts.give(claim, "mixed", "my own")
        values: dict[str, Any] = self.chance.choice(
            [{}, {"span": (claim.start, claim.end - 1)}, {"verdict": "supported"}, {"claim_text": "Two"}]
        )
        seen = self.held.setdefault(claim.id + desk.reviewer, desk.reviews.mine(claim.id))
        decision = self.chance.choice(list(Decision))
        desk.reviews.decide(claim.id, decision, comment="so", reason="missing_context", seen=seen, **values)

    def answer(self, desk: Desk, article: Any) -> None:
        review = self.one(desk.reviews.of(article))
        if self.chance.random() < 0.5:
            desk.threads.comment(review.claim, "why?", reply_to=review.id)
        desk.answers.answer(review, self.chance.choice(["accepted", "rejected"]), "no")

    def settle(self, desk: Desk, article: Any) -> None:
        comparison = desk.comparison.compare(article)
        group = desk.comparison.group_of(self.one(desk.claims.of(article)).id, comparison)
        if self.chance.random() < 0.2:
            desk.settlements.unsettle(group)
        outcome = self.chance.choice(list(Outcome))
        own = {"verdict": "mixed", "claim_text": "own"} if outcome in (Outcome.OWN, Outcome.MERGED) else {}
        desk.settlements.adjudicate(group, outcome, rationale="+so", **own)

    def submit(self, desk: Desk, article: Any) -> None:
        role = self.chance.choice(["checker", "reviewer"])
        if self.chance.random() < 0.3:
            desk.submissions.reopen(article, role)
        desk.submissions.submit(article, role)

    def change(self, desk: Desk, article: Any) -> None:
        claim = self.one(desk.claims.of(article))
        old = self.held.setdefault(f"{desk.reviewer} old", claim)
        what = self.chance.randrange(5)
        if what == 0:
            desk.claims.move(claim, claim.start, claim.end + 1)
        elif what == 1:
            desk.claims.edit(old, claim_text=self.chance.choice(["x", ""]), tags=["a|b"])
        elif what == 2:
            desk.threads.comment(claim, "=hm", reply_to=self.one([*desk.threads.of(claim), ""]))
        elif what == 3:
            desk.delete(self.one(desk.evidence.of(claim)))
        else:
            desk.articles.edit(article, title=f"Title {self.chance.randrange(9)}")

    def withdraw(self, desk: Desk, article: Any) -> None:
        desk.delete(self.one(desk.claims.of(article)))

    def undo(self, desk: Desk, article: Any) -> None:
        (desk.history.undo if self.chance.random() < 0.7 else desk.history.redo)()

    def finish(self) -> None:
        """Most hand in what they have, so that others see it; some go on after that."""
        for article in self.articles:
            for desk in self.desks:
                for claim in desk.claims.of(article):
                    with suppress(Refused):
                        if claim.checker == desk.reviewer and not claim.verdict:
                            desk.verdicts.give(claim, "supported")
                for role in ("checker", "reviewer"):
                    with suppress(Refused):
                        desk.submissions.submit(article, role)

    def one(self, things: list[Any]) -> Any:
        if not things:
            raise Refused("There is nothing to choose from.")
        return self.chance.choice(things)


@settings(max_examples=examples(8), suppress_health_check=list(HealthCheck))
@given(st.integers(0, 2**32), st.sampled_from([*PEOPLE, "Zed"]))
def test_any_review_desk_comes_back_to_the_byte(seed: int, reader: str) -> None:
    comes_back(seed, reader)


def comes_back(seed: int, reader: str) -> int:
    folder = Path(tempfile.mkdtemp())
    try:
        with ExitStack() as stack:
            office = Office(folder, stack, seed)
            office.work()
            desk = stack.enter_context(Desk.open(folder / "desk.db", reader))
            data = exported(desk)
            rows = rows_of(data)
            assert_honest(desk, rows)
            with another_desk(desk) as other:
                other.schemes.use(desk.scheme.toml)
                told = imported(other, data)
                assert (told.claims, told.known, told.refused) == (len(rows), 0, ())
                assert exported(other) == data
                for article in office.articles:
                    assert judged(other, article.id) == judged(desk, article.id)
                assert other.upkeep.verify() == []
                assert (imported(other, data).claims, exported(other)) == (0, data)
                if rows:
                    told = imported(other, file_of([row | {"claim_id": clock.after("")} for row in rows]))
                    assert (told.claims, told.known, told.refused) == (0, len(rows), ()) and exported(other) == data
            return len(rows)
    finally:
        shutil.rmtree(folder)
