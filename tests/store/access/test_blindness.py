"""Blind review: what is hidden is hidden on every way of reading, found by looking at the desk itself."""

from __future__ import annotations

import re
from collections.abc import Callable
from pathlib import Path

import pytest

from store.desk import Desk
from store.errors import Refused
from store.records import Claim
from store.review.suggestions import Suggested
from tests.kit import depth
from tests.kit.at_the_desk import TEXT
from tests.kit.readings import MARK, WRITES, no_marks, same, told, word
from tests.kit.rooms import face
from tests.kit.second_review import SPANS

# -- everything hidden ----------------------------------------------------------------------------------------


def checks(desk: Desk, spans: tuple[tuple[int, int], ...] = SPANS, w: Callable[[], str] = lambda: next(word)) -> None:
    """Somebody's whole work on the article, each word of it marked; with an undo and a deletion."""
    article = desk.articles.get(1)
    for start, end in spans:
        claim = desk.claims.tag(article, start, end, claim_text=w(), claimant=w(), tags=[w()])
        desk.verdicts.give(claim, "mixed", w())
        for url in (f"https://{w()}.example", "https://shared.example"):
            evidence = desk.evidence.add(
                claim, "refutes" if "shared" in url else "supports", url=url, quote=w(), locator=w(), note=w(),
                title=w(), publisher=w(), origin=w(), archive_url=f"https://{w()}.example",
            )  # fmt: skip
        desk.evidence.edit(evidence, note=w())
        desk.threads.comment(desk.threads.comment(claim, w()).claim, w())
    desk.claims.move(desk.claims.of(article)[0], spans[0][0], spans[0][1] - 1)
    desk.sweeps.add(article, 138, 160)
    for suggestion in desk.suggestions.of(article)[:2]:
        if suggestion.label == "accept":
            desk.delete(desk.suggestions.amend(suggestion, claim_text=w()))
        else:
            desk.suggestions.reject(suggestion)
    desk.suggestions.add_many(article, [Suggested(21, 37, desk.reviewer, w(), w(), w())])
    desk.claims.tag(article, 4, 12, claimant=w())
    desk.history.undo()
    desk.delete(desk.claims.tag(article, 13, 20, claim_text=w()))


@pytest.mark.parametrize("role", ["reviewer", "checker"])
def test_a_blind_set_is_hidden_from_everybody_until_it_is_in(tmp_path: Path, role: str) -> None:
    look = ("Ana", "Dora") if role == "reviewer" else ("Ana", "")
    found: dict[str, list[dict[str, list[str]]]] = {who: [] for who in look}
    for works in (True, False):
        with Desk.open(tmp_path / f"{works}.db", "Manager") as desk:
            desk.articles.add(TEXT, title="Prisoners of war", url="https://example.org/war")
            desk.suggestions.add_many("1", [Suggested(4, 9, "Model", said) for said in ("accept", "reject")])
            desk.be("Ana")
            checks(desk, ((0, 10), (38, 60)), lambda: "plain")
            desk.be("Dora")
            desk.threads.comment(desk.claims.of("1")[0], "Look at this.")
            if works:  # what Bob said of what he could see then
                desk.be("Bob")
                desk.threads.comment(desk.claims.of("1")[0], next(word))
                desk.evidence.add(
                    desk.claims.of("1")[0], "context", url=f"https://{next(word)}.example", note=next(word)
                )
            desk.be("Manager")
            desk.assignments.assign(["1"], ["Bob"], role, blind="all")
            if works:
                with Desk.open(desk.path, "Bob") as bob:
                    assert len(bob.claims.of("1")) == 0
                    checks(bob)
            for looks, seen in found.items():
                with Desk.open(desk.path, looks) as looking:
                    seen.append(told(looking, tmp_path / "tables"))
    for with_it, without in found.values():
        no_marks(with_it)
        same(with_it, without)


def test_a_checker_does_not_see_the_blind_set_before_handing_in_their_own(tmp_path: Path) -> None:
    with Desk.open(tmp_path / "desk.db", "Ana") as ana, Desk.open(tmp_path / "desk.db", "Bob") as bob:
        ana.articles.add(TEXT)
        checks(ana, SPANS[:1], lambda: "plain")
        ana.assignments.assign(["1"], ["Bob"], "reviewer", blind="all")
        checks(bob)
        bob.submissions.submit("1", "reviewer")
        assert len(bob.claims.of("1")) == 3
        no_marks(told(ana, tmp_path / "tables"))
        ana.submissions.submit("1", "checker")
        assert len(ana.claims.of("1")) == len(bob.claims.of("1")) == 4


@pytest.mark.parametrize("in_first", ["Ana", "Bob", "nobody"])
def test_two_blind_people_see_each_other_once_both_are_in(tmp_path: Path, in_first: str) -> None:
    """That they see each other's words as well is looked up for one of them, and for all with ``--deep``."""
    ana_marks: list[str] = []

    def mine() -> str:
        ana_marks.append(next(word))
        return ana_marks[-1]

    with Desk.open(tmp_path / "desk.db", "Manager") as manager:
        manager.articles.add(TEXT, title="Prisoners of war")
        manager.suggestions.add_many("1", [Suggested(4, 9, "Model", said) for said in ("accept", "reject")])
        manager.assignments.assign(["1"], ["Ana", "Bob"], "checker", blind="all")
        with Desk.open(manager.path, "Ana") as ana, Desk.open(manager.path, "Bob") as bob:
            checks(ana, SPANS, mine)
            own = told(ana, tmp_path / "tables") if in_first == "nobody" else {}
            checks(bob)
            theirs = [claim.id for claim in bob.claims.of("1")]
            for desk in (ana, bob):
                if desk.reviewer == in_first:
                    desk.submissions.submit("1", "checker")
            found = told(ana, tmp_path / "tables", theirs)
            no_marks(found, tuple(ana_marks))
            if in_first == "nobody":
                same(told(ana, tmp_path / "tables"), own)
            names = [name for name in ("Ana", "Bob") if name != in_first]
            for desk in (ana, bob):
                if desk.reviewer in names:
                    desk.submissions.submit("1", "checker")
            assert len(ana.claims.of("1")) == len(bob.claims.of("1")) == len(manager.claims.of("1")) == 6
            for desk in ((ana, bob, manager) if depth.deep else (ana,)) if in_first == "nobody" else ():
                said = str(told(desk, tmp_path / "tables"))
                marks = re.findall(f"{MARK}\\d+", str([bob.evidence.of(claim) for claim in theirs]))
                assert marks and all(mark in said for mark in marks)
            ana.submissions.reopen("1", "checker")
            assert len(bob.claims.of("1")) == 3


def test_a_blind_pair_does_not_hide_what_others_review_afterwards(tmp_path: Path) -> None:
    with Desk.open(tmp_path / "desk.db", "Manager") as desk:
        desk.articles.add(TEXT)
        desk.assignments.assign(["1"], ["Ana", "Bob"], "checker", blind="all")
        for name in ("Ana", "Bob"):
            desk.be(name)
            checks(desk, SPANS[:2])
            desk.submissions.submit("1", "checker")
        desk.be("Manager")
        desk.assignments.assign(["1"], ["Cy"], "reviewer")
        desk.be("Cy")
        assert len(desk.reviews.queue("1").claims) == 4
        desk.reviews.decide(desk.reviews.queue("1", "Bob").claims[0][0], "agree")
        desk.be("Ana")
        assert len(desk.reviews.of(desk.articles.get(1))) == 1


@pytest.mark.parametrize("looks", ["Ana", "Bob"])
def test_what_others_say_of_a_hidden_set_is_hidden_with_it(tmp_path: Path, looks: str) -> None:
    found, paths = [], []
    for works in (True, False):
        paths.append(tmp_path / f"{works}.db")
        with Desk.open(paths[-1], "Manager") as desk:
            desk.articles.add(TEXT, title="Prisoners of war")
            for name in ("Cy", "Dora"):
                desk.be(name)
                desk.articles.edit(desk.articles.get(1), title=f"Prisoners of war, {name}")
            desk.assignments.assign(["1"], ["Ana"], "checker")
            desk.assignments.assign(["1"], ["Bob"], "reviewer", blind="all", whose="Ana")
            desk.assignments.assign(["1"], ["Cy"], "reviewer")
            desk.assignments.assign(["1"], ["Dora"], "adjudicator")
            for name, span in (("Ana", (0, 37)), ("Bob", (0, 36))):
                desk.be(name)
                desk.verdicts.give(desk.claims.tag("1", *span, claim_text="plain"), "not_enough_evidence", "plain")
                if name != "Ana":
                    desk.submissions.submit("1", "reviewer")
            if works:  # both can be seen by those who are not blind
                other = {"Ana": "Bob", "Bob": "Ana"}[looks]
                desk.be("Cy")
                desk.reviews.missing("1", 38, 96, whose=other, claim_text=next(word), comment=next(word))
                desk.be("Dora")
                (group, _) = desk.comparison.compare("1").groups
                assert len(group.claims) == 2
                with pytest.raises(Refused, match="Ana's set is kept apart"):
                    desk.settlements.adjudicate(group, "second_correct", chosen="Bob", rationale=next(word))
            desk.be(looks)
            found.append(told(desk, tmp_path / "tables"))
    no_marks(found[0])
    same(found[0], found[1])
    with Desk.open(paths[0], "Ana") as desk:
        desk.submissions.submit("1", "checker")
        desk.be("Dora")
        desk.settlements.adjudicate(
            desk.comparison.compare("1").groups[0], "second_correct", chosen="Bob", rationale=next(word)
        )
        desk.be("Ana")
        with pytest.raises(Refused, match="C1 is settled"):
            desk.submissions.reopen("1", "checker")
        desk.be(looks)
        said = str(told(desk, tmp_path / "tables"))
        assert len(set(re.findall(f"{MARK}\\d+", said))) == 3


def test_the_manager_sees_who_is_blind_and_can_take_it_back(tmp_path: Path) -> None:
    with Desk.open(tmp_path / "desk.db", "Ana") as desk:
        desk.articles.add(TEXT)
        desk.claims.tag("1", *SPANS[0])
        desk.assignments.assign(["1"], ["Bob"], "reviewer", blind="all")
        assert [(one.reviewer, one.role, one.blind) for one in desk.assignments.of()] == [
            ("Ana", "checker", "open"), ("Bob", "reviewer", "all"),
        ]  # fmt: skip
        assert "Bob" in desk.history.undo().sentence or "Ana" in desk.history.redo().sentence
        assert len(desk.claims.of("1")) == 1


def test_blind_people_do_not_share_what_they_know_of_a_source(tmp_path: Path) -> None:
    with Desk.open(tmp_path / "desk.db", "Cy") as desk:
        desk.articles.add(TEXT)
        other = desk.articles.add("Another article says so.")
        old = desk.evidence.add(desk.claims.tag(other, 0, 7), "supports", url="https://a.example", title="Old").source
        assert old is not None
        desk.be("Bob")
        desk.evidence.add(desk.claims.tag("1", 0, 10), "supports", url="https://a.example")
        desk.assignments.assign(["1"], ["Ana", "Bob"], "checker", blind="all")
        desk.be("Bob")
        theirs = desk.evidence.add(
            desk.claims.tag("1", *SPANS[0]), "supports", url="https://a.example", title=MARK
        ).source
        assert theirs is not None and theirs.title == MARK
        with pytest.raises(Refused, match="hidden from them"):
            desk.evidence.edit_source(old, title=MARK)
        desk.be("Ana")
        mine = desk.evidence.add(
            desk.claims.tag("1", *SPANS[0]), "supports", url="https://a.example", publisher="Mine"
        ).source
        assert mine is not None and (mine.title, mine.publisher) == ("", "Mine") and mine.id != theirs.id
        assert desk.evidence.edit_source(mine, title="My title").title == "My title"
        assert [source.title for source in desk.evidence.sources()] == ["My title", "Old"]
        assert desk.conflicts.of() == []


# -- the verdict hidden ---------------------------------------------------------------------------------------


@pytest.mark.parametrize("third", [False, True])
def test_a_verdict_and_what_is_said_of_it_are_hidden_until_one_gives_ones_own(tmp_path: Path, third: bool) -> None:
    found, paths = [], []
    for works in (True,) if third else (True, False):
        paths.append(tmp_path / f"{works}.db")
        with Desk.open(paths[-1], "Manager") as desk:
            desk.articles.add(TEXT, title="Prisoners of war")
            for name in ("Ana", "Cy", "Dora"):
                desk.be(name)
                desk.articles.edit(desk.articles.get(1), title=f"Prisoners of war, {name}")
            desk.be("Ana")
            claims = [desk.claims.tag("1", *span, claim_text="plain") for span in SPANS]
            for claim in claims:
                desk.evidence.add(claim, "supports", url="https://a.example", note="plain")
            desk.be("Manager")
            desk.assignments.assign(["1"], ["Cy"], "reviewer")
            desk.assignments.assign(["1"], ["Dora"], "adjudicator")
            desk.assignments.assign(["1"], ["Bob"], "reviewer", blind="verdict")
            if works:
                judged(desk, claims, third)
            desk.be("Bob")
            found.append(told(desk, tmp_path / "tables"))
    no_marks(found[0])
    if third:  # the adjudicator has made the article theirs
        return
    same(found[0], found[1])
    with Desk.open(paths[0], "Bob") as desk:
        first = desk.claims.of("1")[0]
        assert desk.assignments.verdict_hidden(first) and first.verdict == "" and desk.verdicts.of(first) == []
        review = desk.reviews.decide(first, "agree", verdict="mixed")
        assert review.decision == "agree" and not desk.assignments.verdict_hidden(first)
        assert desk.claims.get(first.id).verdict == "mixed" and MARK in desk.claims.get(first.id).justification
        for read in (desk.threads.of, desk.reviews.of, desk.ticks.of, lambda claim: desk.history.of(claim=claim)):
            assert MARK in str(read(first))
        assert desk.claims.of("1")[1].verdict == ""


def judged(desk: Desk, claims: list[Claim], settled: bool) -> None:
    """What people say of the claims' verdicts, each word of it marked."""
    desk.be("Ana")
    for claim in claims:
        desk.verdicts.give(claim, "mixed", next(word))
        desk.threads.comment(claim, next(word))
    desk.be("Cy")
    for claim in claims:
        desk.ticks.tick(desk.evidence.of(claim)[0], "doubted", "irrelevant", next(word))
    for claim, decision in zip(claims, ("change_verdict", "disagree", "change_claim_text"), strict=True):
        desk.reviews.decide(
            claim.id, decision, reason="wrong_span", comment=next(word),
            verdict="refuted" if decision == "change_verdict" else "",
            justification=next(word), claim_text=next(word) if decision == "change_claim_text" else "",
        )  # fmt: skip
    desk.be("Ana")
    for claim in claims[:2]:
        desk.answers.answer(desk.reviews.of(claim)[0], "rejected", next(word))
    if settled:
        desk.be("Dora")
        for group in desk.comparison.compare("1").groups:
            desk.settlements.adjudicate(group, "own", verdict="refuted", claim_text=next(word), rationale=next(word))


def test_what_was_accepted_is_not_stale_to_the_blind_and_tells_no_verdict(tmp_path: Path) -> None:
    with Desk.open(tmp_path / "desk.db", "Ana") as desk:
        desk.articles.add(TEXT)
        one, two = (desk.claims.tag("1", *span, claim_text='"plain"\n\\ é') for span in SPANS[:2])
        desk.verdicts.give(one, "mixed", next(word))
        desk.assignments.assign(["1"], ["Bob"], "reviewer", blind="verdict")
        desk.be("Bob")
        desk.reviews.decide(one, "change_span", span=(4, 37))
        desk.reviews.decide(two, "needs_evidence")
        desk.be("Ana")
        for claim in (one, two):
            desk.answers.answer(desk.reviews.of(claim)[0], "accepted", next(word))
        desk.be("Bob")
        for claim in (one, two):
            review = desk.reviews.mine(claim)
            assert review is not None
            assert (review.stale, review.standing, review.answer_reason) == (False, "accepted", "")
        assert desk.claims.get(one.id).quote == TEXT[4:37] and desk.assignments.verdict_hidden(desk.claims.get(one.id))
        assert desk.verdicts.of(one) == []
        no_marks(told(desk, tmp_path / "tables"))
        desk.be("Ana")
        desk.verdicts.give(one, "refuted", next(word))
        desk.be("Bob")
        assert [review.stale for review in desk.reviews.of(one)] == [False], "nor that the verdict has changed"
        desk.be("Ana")
        desk.claims.edit(one.id, claimant="Ri")
        desk.be("Bob")
        assert [review.stale for review in desk.reviews.of(one)] == [True]
        desk.reviews.decide(one.id, "change_span", span=(4, 30))
        desk.submissions.submit("1", "reviewer")
        assert MARK in str(desk.verdicts.of(one)) and MARK in str(desk.reviews.of(two))


def test_a_reviewer_who_looks_again_is_no_longer_blind(tmp_path: Path) -> None:
    with Desk.open(tmp_path / "desk.db", "Ana") as desk:
        desk.articles.add(TEXT)
        claim = desk.claims.tag("1", *SPANS[0])
        desk.verdicts.give(claim, "mixed")
        desk.assignments.assign(["1"], ["Bob"], "reviewer", blind="verdict")
        desk.be("Bob")
        assert desk.reviews.decide(claim.id, "reject_claim").blind == "verdict"
        assert desk.reviews.decide(claim.id, "agree", verdict="refuted").blind == "verdict"
        desk.history.undo()
        assert desk.assignments.verdict_hidden(claim)
        again = desk.reviews.decide(claim.id, "agree", verdict="mixed")
        assert (again.decision, again.blind) == ("agree", "revealed")


def test_the_blind_may_submit_and_then_see_all(tmp_path: Path) -> None:
    with Desk.open(tmp_path / "desk.db", "Ana") as desk:
        desk.articles.add(TEXT)
        claim = desk.claims.tag("1", *SPANS[0])
        desk.verdicts.give(claim, "mixed", MARK)
        desk.assignments.assign(["1"], ["Bob"], "reviewer", blind="verdict")
        desk.be("Bob")
        desk.reviews.decide(claim.id, "disagree", reason="wrong_span")
        no_marks(told(desk, tmp_path / "tables"))
        assert desk.claims.get(claim.id).verdict == ""
        desk.submissions.submit("1", "reviewer")
        assert desk.claims.get(claim.id).verdict == "mixed" and not desk.assignments.verdict_hidden(claim)


def test_the_veil_follows_who_looks_and_what_other_windows_assign(tmp_path: Path) -> None:
    with Desk.open(tmp_path / "desk.db", "Ana") as ana, Desk.open(tmp_path / "desk.db", "Bob") as bob:
        ana.articles.add(TEXT)
        ana.claims.tag("1", *SPANS[0])
        assert len(bob.claims.of("1")) == 1
        ana.assignments.assign(["1"], ["Bob"], "reviewer", blind="all")
        assert bob.claims.of("1") == [] and len(ana.claims.of("1")) == 1
        bob.be("Cy")
        assert len(bob.claims.of("1")) == 1
        bob.be("bOB")
        assert bob.claims.of("1") == []
        with bob.session.unveiled():
            assert len(bob.claims.of("1")) == 1
        assert bob.claims.of("1") == []
        with pytest.raises(Refused):
            bob.claims.tag("1", 5, 2)
        assert bob.claims.of("1") == []
        ana.history.undo()
        assert len(bob.claims.of("1")) == 1


def test_what_is_taken_for_a_write_is_there(tmp_path: Path) -> None:
    """All other methods are read by the tests above, so a new one has to be told apart."""
    with Desk.open(tmp_path / "desk.db") as desk:
        assert {name for name, _ in face(desk)} >= WRITES
