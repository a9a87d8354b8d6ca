"""The second look: decisions, what makes them stale, the checker's answer, and the status that follows."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

from store.desk import Desk
from store.errors import Unknown
from store.records import Article, Claim
from store.vocabulary import Decision
from tests.kit import oracle
from tests.kit.at_the_desk import TEXT
from tests.kit.refusals import refused
from tests.kit.second_review import DECISIONS, SPANS, only, scheme, status

# -- decisions ------------------------------------------------------------------------------------------------


def test_what_holds_of_every_decision_is_tried_with_every_decision() -> None:
    assert set(DECISIONS) == {str(word) for word in Decision if word.on_a_claim}


@pytest.mark.parametrize("decision", DECISIONS)
def test_a_decision_is_kept_beside_the_claim_and_changes_nothing_of_it(
    desk: Desk, bob: Desk, claim: Claim, decision: str
) -> None:
    before = desk.claims.get(claim.id)._replace(status=claim.status), desk.evidence.of(claim)
    verdict = desk.verdicts.of(claim)[0]
    review = bob.reviews.decide(claim, decision, **DECISIONS[decision])
    assert (review.by, review.whose, review.decision, review.stale) == ("Bob", "Ana", decision, False)
    agrees, objects = decision == Decision.AGREE, Decision(decision).objects
    standing = "agreed" if agrees else "open" if objects else "noted"
    assert (review.standing, review.blind, review.answered) == (standing, "open", "")
    assert only(desk, claim) == review == bob.reviews.mine(claim)
    assert (desk.claims.get(claim.id)._replace(status=claim.status), desk.evidence.of(claim)) == before
    assert desk.verdicts.of(claim)[0] == verdict
    wanted = "reviewed" if agrees else "disputed" if objects else "checked"
    assert status(desk, claim) == wanted
    bob.history.undo()
    assert desk.reviews.of(claim) == [] and status(desk, claim) == "checked"
    bob.history.redo()
    assert only(desk, claim).decision == decision and status(desk, claim) == wanted
    bob.reviews.take_back(only(bob, claim))
    assert desk.reviews.of(claim) == [] and status(desk, claim) == "checked"
    assert desk.upkeep.verify() == []


def test_other_span_verdict_and_words_are_proposed_together_and_accepted_together(
    desk: Desk, bob: Desk, claim: Claim
) -> None:
    bob.reviews.decide(claim, "change_span", span=(4, 37), comment="It begins later.")
    bob.evidence.add(claim, "refutes", note="The report has it.")
    bob.reviews.decide(claim, "change_verdict", verdict="refuted", justification="No.")
    review = bob.reviews.decide(claim, "change_claim_text", claim_text="Two North Koreans were captured.")
    assert review.decisions == ("change_span", "change_verdict", "change_claim_text")
    assert (review.start, review.end, review.verdict, review.decision) == (4, 37, "refuted", "change_verdict")
    assert bob.reviews.decide(claim, "change_span", span=(0, 30)).decisions == review.decisions
    told = desk.history.of(claim=claim)[0].sentence
    assert "another verdict" in told and "as the span of C1" in told and "as the claim text" in told
    before = oracle.visible(desk.session.log.conn)
    desk.answers.answer(only(desk, claim), "accepted")
    now = desk.claims.get(claim.id)
    assert (now.start, now.end, now.claim_text) == (0, 30, "Two North Koreans were captured.")
    assert desk.verdicts.of(claim)[0].verdict == "refuted" and status(desk, claim) == "reviewed"
    desk.history.undo()
    assert oracle.visible(desk.session.log.conn) == before


def test_one_of_several_proposals_is_taken_back_alone(bob: Desk, claim: Claim) -> None:
    bob.reviews.decide(claim, "change_span", span=(4, 37))
    both = bob.reviews.decide(claim, "change_verdict", verdict="refuted")
    bob.reviews.take_back(both, "change_span")
    assert only(bob, claim).decisions == ("change_verdict",) and only(bob, claim).end == 0
    bob.history.undo()
    bob.reviews.take_back(only(bob, claim), "change_verdict")
    assert only(bob, claim).decisions == ("change_span",) and only(bob, claim).verdict == ""
    bob.reviews.take_back(only(bob, claim), "change_span")
    assert bob.reviews.of(claim) == []


def test_the_checkers_verdict_ends_the_proposal_of_another_and_no_more(bob: Desk, claim: Claim) -> None:
    bob.reviews.decide(claim, "change_span", span=(4, 37))
    bob.reviews.decide(claim, "change_verdict", verdict="refuted")
    assert bob.reviews.decide(claim, "change_verdict", verdict="supported").decisions == ("change_span",)
    assert bob.reviews.decide(claim, "agree").decisions == ("agree",)


@pytest.mark.parametrize(
    ("decision", "how", "says"),
    [
        ("shrug", {}, "not a decision"),
        ("missing_claim", {}, "not a decision"),
        ("disagree", {}, "say why"),
        ("disagree", {"reason": "nonsense"}, "no reason “nonsense”"),
        ("change_span", {}, "Which span"),
        ("change_span", {"span": (0, 37)}, "already"),
        ("agree", {"span": (1, 5)}, "change_span"),
        ("change_verdict", {}, "Which verdict"),
        ("change_verdict", {"verdict": "nonsense"}, "no verdict"),
        ("disagree", {"reason": "wrong_span", "verdict": "refuted"}, "agree and change_verdict"),
        ("change_claim_text", {}, "Which claim text"),
        ("change_claim_text", {"claim_text": " Two were captured. "}, "already"),
        ("agree", {"claim_text": "x"}, "change_claim_text"),
        ("comment", {"comment": " \n"}, "empty"),
    ],
)
def test_a_decision_that_is_not_whole_is_refused(
    bob: Desk, claim: Claim, decision: str, how: dict[str, Any], says: str
) -> None:
    assert says in refused(bob, lambda: bob.reviews.decide(claim, decision, **how))


def test_nobody_reviews_their_own_or_what_is_gone_settled_or_changed(
    desk: Desk, bob: Desk, cy: Desk, article: Article, claim: Claim
) -> None:
    assert "yours" in refused(desk, lambda: desk.reviews.decide(claim, "agree"))
    desk.be("ANA")
    assert "yours" in refused(desk, lambda: desk.reviews.decide(claim, "agree"))
    desk.be("Ana")
    seen = bob.claims.get(claim.id)
    desk.claims.edit(claim, claimant="Baek")
    assert "changed since you saw it" in refused(bob, lambda: bob.reviews.decide(seen, "agree"))
    seen = bob.claims.get(claim.id)
    desk.verdicts.give(claim.id, "mixed")
    assert "changed since you saw it" in refused(bob, lambda: bob.reviews.decide(seen, "agree"))
    assert bob.reviews.decide(bob.claims.get(claim.id), "disagree", reason="wrong_span").standing == "open"
    cy.settlements.adjudicate(cy.comparison.compare(article).groups[0], "first_correct", rationale="So it is.")
    assert "settled by Cy" in refused(bob, lambda: bob.reviews.decide(claim.id, "agree"))
    assert "settled" in refused(bob, lambda: bob.reviews.take_back(only(bob, claim)))
    other = desk.claims.tag(article, *SPANS[1])
    desk.delete(other)
    refused(bob, lambda: bob.reviews.decide(other, "agree"), Unknown)


def test_a_submitted_review_is_closed_until_it_is_reopened(
    desk: Desk, bob: Desk, article: Article, claim: Claim
) -> None:
    review = bob.reviews.decide(claim, "agree")
    bob.submissions.submit(article, "reviewer")
    evidence = desk.evidence.of(claim)[0]
    for act in (
        lambda: bob.reviews.decide(claim.id, "reject_claim"),
        lambda: bob.reviews.take_back(review),
        lambda: bob.ticks.tick(evidence, "seen"),
        lambda: bob.reviews.missing(article, *SPANS[1]),
        lambda: bob.verdicts.give(claim.id, "mixed"),
        lambda: bob.claims.tag(article, *SPANS[1]),
    ):
        assert "reopen it" in refused(bob, act)
    bob.threads.comment(claim, "Comments stay open.")
    bob.submissions.reopen(article, "reviewer")
    assert bob.reviews.decide(claim.id, "reject_claim").decision == "reject_claim"


def test_what_one_says_again_takes_the_place_of_what_one_said(desk: Desk, bob: Desk, claim: Claim) -> None:
    first = bob.reviews.decide(claim, "change_span", span=(4, 37))
    second = bob.reviews.decide(claim, "needs_evidence")
    assert second.id == first.id and (second.start, second.end, second.quote) == (0, 0, "")
    bob.history.undo()
    assert only(desk, claim).decision == "change_span" and only(desk, claim).end == 37


def test_the_checkers_very_verdict_is_an_agreement(desk: Desk, bob: Desk, claim: Claim) -> None:
    assert bob.reviews.decide(claim, "change_verdict", verdict="supported").decision == "agree"
    changed = bob.reviews.decide(claim, "agree", verdict="refuted")
    assert (changed.decision, changed.verdict) == ("change_verdict", "refuted")
    assert [(v.by, v.verdict) for v in desk.verdicts.of(claim)] == [("Ana", "supported"), ("Bob", "refuted")]
    agreed = bob.reviews.decide(claim, "agree")
    assert (agreed.decision, agreed.verdict) == ("agree", "supported")
    assert {group.kind for group in desk.comparison.compare("1").groups} == {"agreed"}


# -- stale ----------------------------------------------------------------------------------------------------

EDITS: dict[str, Callable[[Desk, Claim], object]] = {
    "span": lambda desk, claim: desk.claims.move(claim.id, 4, 37),
    "verdict": lambda desk, claim: desk.verdicts.give(claim.id, "mixed"),
    "justification": lambda desk, claim: desk.verdicts.justify(claim.id, "Because."),
    "claim text": lambda desk, claim: desk.claims.edit(claim.id, claim_text="Other"),
    "claimant": lambda desk, claim: desk.claims.edit(claim.id, claimant="Baek"),
    "types": lambda desk, claim: desk.claims.edit(claim.id, types=["quantity"]),
    "more evidence": lambda desk, claim: desk.evidence.add(claim.id, "refutes", url="https://b.example"),
    "evidence": lambda desk, claim: desk.evidence.edit(desk.evidence.of(claim)[0], locator="p. 2"),
    "less evidence": lambda desk, claim: desk.delete(desk.evidence.of(claim)[0]),
}


@pytest.mark.parametrize("edit", EDITS)
@pytest.mark.parametrize("decision", ["agree", "disagree", "change_verdict"])
def test_a_change_by_the_checker_makes_a_review_stale_until_it_is_undone(
    desk: Desk, bob: Desk, article: Article, claim: Claim, edit: str, decision: str
) -> None:
    bob.reviews.decide(claim, decision, **DECISIONS[decision])
    was = status(desk, claim)
    assert bob.reviews.queue(article).reviewed == 1
    EDITS[edit](desk, claim)
    assert only(desk, claim).stale and bob.reviews.queue(article).reviewed == 0
    ends = "tagged" if desk.claims.lacks(claim.id) else "checked"
    assert status(desk, claim) == ("disputed" if decision != "agree" else ends)
    assert [one.words for one in bob.submissions.unfinished(article, "reviewer")] == [
        "C1 was changed after your review"
    ]
    desk.history.undo()
    assert not only(desk, claim).stale and status(desk, claim) == was
    desk.history.redo()
    assert not bob.reviews.decide(claim.id, decision, **DECISIONS[decision]).stale


def test_what_others_add_makes_no_review_stale(desk: Desk, bob: Desk, cy: Desk, claim: Claim) -> None:
    bob.reviews.decide(claim, "agree")
    bob.evidence.add(claim, "refutes", url="https://b.example")
    cy.evidence.add(claim, "refutes", url="https://c.example")
    bob.ticks.tick(desk.evidence.of(claim)[0], "seen")
    cy.reviews.decide(claim, "change_verdict", verdict="refuted")
    desk.threads.comment(claim, "Hm.")
    assert not any(review.stale for review in desk.reviews.of(claim))


def test_a_blind_agreement_is_stale_once_the_verdict_changes(
    desk: Desk, bob: Desk, article: Article, claim: Claim
) -> None:
    desk.assignments.assign([article], ["Bob"], "reviewer", blind="verdict")
    bob.reviews.decide(claim.id, "agree", verdict="supported")
    assert not only(desk, claim).stale and status(desk, claim) == "reviewed"
    desk.verdicts.give(claim.id, "outdated", "It was so.")
    assert only(desk, claim).stale and status(desk, claim) == "checked"


def test_a_blind_objection_is_not_stale_for_a_verdict_it_has_not_seen(
    desk: Desk, bob: Desk, article: Article, claim: Claim
) -> None:
    desk.assignments.assign([article], ["Bob"], "reviewer", blind="verdict")
    bob.reviews.decide(claim.id, "disagree", reason="wrong_span")
    desk.verdicts.give(claim.id, "mixed")
    assert not only(desk, claim).stale
    desk.claims.move(claim.id, 4, 37)
    assert only(desk, claim).stale


# -- status ---------------------------------------------------------------------------------------------------


def test_two_reviews_may_be_required(desk: Desk, bob: Desk, cy: Desk, claim: Claim) -> None:
    desk.schemes.use(scheme(required=2))
    bob.reviews.decide(claim, "agree")
    cy.reviews.decide(claim, "comment", comment="Hm.")
    assert status(desk, claim) == "checked"
    cy.reviews.decide(claim, "agree")
    assert status(desk, claim) == "reviewed"
    cy.reviews.decide(claim, "reject_claim")
    assert status(desk, claim) == "disputed"
    desk.answers.answer(desk.reviews.of(claim)[1], "rejected", "No.")
    assert status(desk, claim) == "disputed"
    cy.reviews.decide(claim, "agree")
    desk.verdicts.give(claim.id, "outdated", "It was so.")
    assert status(desk, claim) == "checked"
    desk.verdicts.give(claim.id, "")
    assert status(desk, claim) == "tagged"
    desk.delete(desk.claims.get(claim.id))
    assert desk.reviews.of(claim) == [] and desk.answers.inbox() == []


def test_reviewing_is_told_in_the_history(desk: Desk, bob: Desk, article: Article, claim: Claim) -> None:
    review = bob.reviews.decide(claim, "change_span", span=(4, 37), reason="wrong_span", comment="Shorter.")
    bob.ticks.tick(desk.evidence.of(claim)[0], "seen")
    desk.answers.answer(review, "rejected", "No.")
    told = [f"{change.by} {change.sentence}" for change in desk.history.of(claim=claim, limit=3)]
    assert told[0].startswith("Ana rejected what was proposed about C1: “No.”") and told[1] == "Bob saw evidence on C1"
    assert told[2] == f"Bob proposed “{TEXT[4:37]}” as the span of C1 (Wrong span): “Shorter.”"


def test_the_queue_is_somebodys_claims_in_text_order(desk: Desk, bob: Desk, cy: Desk, article: Article) -> None:
    assert "no claims by anybody else" in refused(bob, lambda: bob.reviews.queue(article))
    later, first = desk.claims.tag(article, *SPANS[1]), cy.claims.tag(article, *SPANS[0])
    assert [one.id for one, _ in bob.reviews.queue(article).claims] == [first.id, later.id]
    assert [one.id for one, _ in bob.reviews.queue(article, "ana").claims] == [later.id]
    assert "yours" in refused(desk, lambda: desk.reviews.queue(article, "Ana"))
    assert "did you mean Cy" in refused(bob, lambda: bob.reviews.queue(article, "Cyy"), Unknown)
    bob.sweeps.add(article, *SPANS[2])
    assert "no claims by Bob" in refused(desk, lambda: desk.reviews.queue(article, "Bob"))
