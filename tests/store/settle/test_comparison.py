"""Side by side: the groups of a comparison."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from store.desk import Desk
from store.errors import Unknown
from store.records import Article
from store.vocabulary import Decision
from tests.kit.refusals import refused
from tests.kit.second_review import DECISIONS, SPANS, status
from tests.kit.two_sets import kinds, tagged, twin

# -- comparing ------------------------------------------------------------------------------------------------


KINDS = {
    "agree": "agreed",
    "change_span": "span_differs",
    "change_verdict": "verdict_differs",
    "reject_claim": "rejected",
}
"""What each decision makes of a checker and a reviewer; all others are objections or notes."""


@pytest.mark.parametrize("decision", DECISIONS)
def test_a_checker_and_a_reviewer_side_by_side(desk: Desk, bob: Desk, article: Article, decision: str) -> None:
    claim = tagged(desk, article, SPANS[0], "mixed")
    bare = tagged(desk, article, SPANS[1])
    bob.reviews.decide(claim, decision, **DECISIONS[decision])
    found = bob.comparison.compare(article)
    kind = KINDS.get(decision, "objected" if Decision(decision).objects else "not_reviewed")
    assert (found.people, found.unsubmitted) == (("Ana", "Bob"), ("Ana", "Bob"))
    assert [(group.kind, group.claims) for group in found.groups] == [(kind, (claim.id,)), ("not_reviewed", (bare.id,))]
    mine, theirs = found.groups[0].takes
    assert mine is not None and (mine.person, mine.verdict, mine.decision) == ("Ana", "mixed", "")
    assert theirs is not None and (theirs.person, theirs.decision) == ("Bob", decision)
    assert theirs.start == (4 if decision == "change_span" else 0)
    wanted = {"agree": "mixed", "change_verdict": "refuted"}.get(decision, "")
    assert theirs.verdict == wanted and found.groups[1].takes[1] is None
    bob.submissions.submit(article, "checker")
    assert bob.comparison.compare(article).unsubmitted == ("Ana", "Bob")  # there is a reviewer's set of Bob's too


def test_two_checkers_side_by_side_by_overlap(desk: Desk, bob: Desk, article: Article, dora: Desk) -> None:
    tagged(desk, article, SPANS[0], "mixed")
    tagged(bob, article, (4, 37), "mixed")
    tagged(desk, article, SPANS[1], "mixed")
    tagged(bob, article, SPANS[2], "mixed")
    found = dora.comparison.compare(article)
    assert [group.kind for group in found.groups] == ["span_differs", "only", "only"]
    assert [len(group.claims) for group in found.groups] == [2, 1, 1]
    assert found.groups[0].start == 0 and found.groups[0].end == 37
    assert dora.comparison.group_of(found.groups[0].claims[1], found) == found.groups[0]


def test_three_people_and_reviewed_claims_keep_together(desk: Desk, bob: Desk, cy: Desk, article: Article) -> None:
    first, second = tagged(desk, article, SPANS[0], "mixed"), tagged(desk, article, (4, 30), "mixed")
    bob.reviews.decide(first, "change_span", span=(4, 31))
    bob.reviews.decide(second, "agree")
    tagged(cy, article, (3, 31), "refuted")
    groups = cy.comparison.compare(article).groups
    assert [group.claims[0] for group in groups] == [first.id, second.id]
    assert [len(group.claims) for group in groups] == [1, 2]
    assert [group.kind for group in groups] == ["only", "span_differs"]
    assert kinds(cy, article, "ana", "bob") == ["span_differs", "agreed"]
    assert [take.person for take in groups[1].present] == ["Ana", "Cy", "Bob"]


def test_twins_stay_one_place_when_both_are_reviewed(
    desk: Desk, bob: Desk, cy: Desk, dora: Desk, article: Article, open_desk: Callable[..., Desk]
) -> None:
    twin(desk, article, SPANS[0], "mixed", dora)
    mine, his = desk.claims.of(article)
    cy.reviews.decide(mine, "agree")
    cy.reviews.decide(his, "reject_claim")
    (group,) = dora.comparison.compare(article).groups
    assert (group.kind, group.claims) == ("rejected", (mine.id, his.id))
    assert [(take.person, take.decision) for take in group.present] == [("Ana", ""), ("Bob", ""), ("Cy", "agree")]
    assert [(take.person, take.claim, take.decision) for take in group.also] == [("Cy", his.id, "reject_claim")]
    dora.settlements.adjudicate(group, "both_correct", rationale="They are one.")
    (group,) = dora.comparison.compare(article).groups
    assert group.settled is not None and [one.stands for one in dora.comparison.adjudications(article)] == [True, False]
    assert {status(dora, claim) for claim in group.claims} == {"settled"}
    assert "took part" in refused(cy, lambda: cy.settlements.adjudicate(group, "nothing_here", rationale="No."))


def test_a_set_that_may_not_be_seen_is_no_empty_set(desk: Desk, bob: Desk, cy: Desk, article: Article) -> None:
    desk.assignments.assign([article], ["Ana", "Bob", "Cy"], "checker", blind="all")
    for who in (desk, bob):
        tagged(who, article, SPANS[0], "not_checkable")
        who.submissions.submit(article, "checker")
    assert set(desk.comparison.sets().takes[article.id]) == {"Ana", "Bob"}
    assert cy.comparison.sets().takes == {} and cy.comparison.sets().left_out == ((article.id, "Cy"),)


def test_a_dispute_of_two_is_one_whoever_else_has_not_reviewed_yet(
    desk: Desk, bob: Desk, cy: Desk, article: Article
) -> None:
    claims = [tagged(desk, article, span, "mixed") for span in SPANS]
    bob.reviews.decide(claims[0].id, "change_span", span=(4, 37))
    bob.reviews.decide(claims[1].id, "agree")
    cy.reviews.decide(claims[2].id, "disagree", reason="wrong_type")
    assert kinds(desk, article) == ["span_differs", "agreed", "objected"]


def test_voices_are_the_checkers_then_the_reviewers(desk: Desk, bob: Desk, cy: Desk, article: Article) -> None:
    assert desk.comparison.voices(article) == ()
    claim = tagged(cy, article, SPANS[0], "mixed")
    tagged(bob, article, SPANS[1])
    desk.reviews.decide(claim.id, "agree")
    cy.reviews.decide(bob.claims.of(article)[1].id, "agree")
    assert desk.comparison.voices(article) == desk.comparison.compare(article).people == ("Bob", "Cy", "Ana")


def test_how_a_group_is_settled_is_read_by_itself(desk: Desk, bob: Desk, article: Article, dora: Desk) -> None:
    claim = tagged(desk, article, SPANS[0], "mixed")
    bob.reviews.decide(claim.id, "disagree", reason="wrong_type")
    (group,) = dora.comparison.compare(article).groups
    assert dora.comparison.settlement(group) is None
    done = dora.settlements.adjudicate(group, "both_wrong", rationale="So.")
    assert desk.comparison.settlement(group) == done == dora.comparison.compare(article).groups[0].settled


def test_to_compare_takes_two_who_have_said_something(desk: Desk, bob: Desk, article: Article, dora: Desk) -> None:
    assert "nobody" in refused(desk, lambda: desk.comparison.compare(article))
    claim = tagged(desk, article, SPANS[0])
    assert "two people" in refused(desk, lambda: desk.comparison.compare(article))
    bob.reviews.decide(claim, "agree")
    dora.sweeps.add(article, *SPANS[2])
    assert "Dora has said nothing" in refused(desk, lambda: desk.comparison.compare(article, ["Ana", "Dora"]))
    assert "did you mean Bob" in refused(desk, lambda: desk.comparison.compare(article, ["Ana", "Bobb"]), Unknown)
    assert "two people" in refused(desk, lambda: desk.comparison.compare(article, ["Ana", "ana"]))


def test_sets_are_those_that_are_in(desk: Desk, bob: Desk, article: Article) -> None:
    claim = tagged(desk, article, SPANS[0], "not_checkable")
    bob.reviews.decide(claim, "agree")
    assert desk.comparison.sets().takes == {} and desk.comparison.sets().left_out == (
        (article.id, "Ana"),
        (article.id, "Bob"),
    )
    bob.submissions.submit(article, "reviewer")
    desk.submissions.submit(article, "checker")
    found = desk.comparison.sets([article])
    assert found.left_out == () and [take.verdict for take in found.takes[article.id]["Bob"]] == ["not_checkable"]


def test_what_was_agreed_with_is_what_was_seen(desk: Desk, bob: Desk, article: Article) -> None:
    claim = tagged(desk, article, SPANS[0], "mixed", claim_text="First.")
    bob.reviews.decide(claim, "agree")
    desk.claims.move(claim.id, 4, 37)
    desk.verdicts.give(claim.id, "refuted")
    theirs = desk.comparison.compare(article).groups[0].takes[1]
    assert theirs is not None and (theirs.start, theirs.verdict, theirs.claim_text) == (0, "mixed", "First.")
