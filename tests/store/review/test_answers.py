"""The answers of the checker: what they change, whom they wait for, and what they cannot do."""

from __future__ import annotations

import pytest

from store import upkeep
from store.desk import Desk
from store.errors import Duplicate
from store.log.staleness import changes
from store.records import Article, Claim
from tests.kit import oracle
from tests.kit.refusals import refused
from tests.kit.second_review import DECISIONS, OBJECTIONS, SPANS, only, scheme, status


@pytest.mark.parametrize("decision", OBJECTIONS)
def test_to_accept_makes_what_is_proposed_the_checkers_own_change(
    desk: Desk, bob: Desk, article: Article, claim: Claim, decision: str
) -> None:
    bob.add_evidence(claim, "refutes", note="The report has it.")
    review = bob.review(claim, decision, **DECISIONS[decision])
    assert [proposal.review for proposal in desk.inbox()] == [review] and desk.shelf()[0].inbox == 1
    desk.submit(article, "checker")
    before = oracle.visible(desk.log.conn)
    answered = desk.answer(review, "accepted")
    after = oracle.visible(desk.log.conn)
    assert (answered.answered, answered.answered_by, answered.standing) == ("accepted", "Ana", "accepted")
    assert [one.review.promised for one in desk.inbox()] == [True] * (decision in ("disagree", "needs_evidence"))
    if decision == "reject_claim":
        assert desk.claims(article) == [] and desk.shelf()[0].disputed == 0
        desk.undo()
        assert oracle.visible(desk.log.conn) == before and only(desk, claim).standing == "open"
        return
    now = desk.claim(claim.id)
    proposed = {
        "change_span": ((now.start, now.end), (4, 37)),
        "change_verdict": ((now.verdict, now.justification), ("refuted", "No.")),
        "change_claim_text": (now.claim_text, "Two North Koreans were captured."),
    }.get(decision)
    assert proposed is None or proposed[0] == proposed[1]
    assert not only(desk, claim).stale
    assert status(desk, claim) == ("checked" if proposed is None else "reviewed")
    assert desk.verdicts(claim)[0].by == "Ana" and desk.history(limit=1)[0].by == "Ana"
    desk.undo()
    assert oracle.visible(desk.log.conn) == before and status(desk, claim) == "disputed"
    desk.redo()
    assert oracle.visible(desk.log.conn) == after and upkeep.verify(desk) == []


@pytest.mark.parametrize("decision", OBJECTIONS)
@pytest.mark.parametrize("settles", [False, True])
def test_to_reject_ends_the_dispute_only_where_the_scheme_says_so(
    desk: Desk, bob: Desk, claim: Claim, decision: str, settles: bool
) -> None:
    desk.use_scheme(scheme(checker_settles=settles))
    review = bob.review(claim, decision, **DECISIONS[decision])
    assert "say why" in refused(desk, lambda: desk.answer(review, "rejected", " "))
    answered = desk.answer(review, "rejected", "It is right.")
    assert (answered.answered, answered.answer_reason) == ("rejected", "It is right.")
    assert answered.standing == ("rejected" if settles else "open") and desk.inbox() == []
    assert status(desk, claim) == ("reviewed" if settles else "disputed")
    assert [one.review.answered for one in desk.inbox(answered=True)] == ["rejected"]
    desk.undo()
    assert only(desk, claim).answered == "" and status(desk, claim) == "disputed"
    desk.redo()
    assert only(desk, claim).answered == "rejected"


def test_an_objection_made_again_with_other_words_waits_for_an_answer_again(
    desk: Desk, bob: Desk, claim: Claim
) -> None:
    desk.use_scheme(scheme(checker_settles=True))
    desk.answer(bob.review(claim, "disagree", reason="wrong_span"), "rejected", "No.")
    assert status(desk, claim) == "reviewed"
    bob.review(claim, "disagree", reason="wrong_span", comment="Look at the first word.")
    assert status(desk, claim) == "disputed" and len(desk.inbox()) == 1
    bob.undo()
    assert status(desk, claim) == "reviewed" and desk.inbox() == []


def test_who_asks_for_evidence_again_after_looking_is_heard_again(desk: Desk, bob: Desk, claim: Claim) -> None:
    desk.answer(bob.review(claim, "needs_evidence"), "accepted")
    desk.add_evidence(claim, "supports", url="https://poor.example")
    assert only(desk, claim).stale and status(desk, claim) == "checked"
    bob.review(claim.id, "needs_evidence")
    assert status(desk, claim) == "disputed" and len(desk.inbox()) == 1


@pytest.mark.parametrize(("outcome", "reason"), [("accepted", ""), ("rejected", "No.")])
def test_an_answer_does_not_freshen_what_was_changed_behind_the_reviewers_back(
    desk: Desk, bob: Desk, claim: Claim, outcome: str, reason: str
) -> None:
    review = bob.review(claim, "change_span", span=(4, 37))
    desk.edit(claim, claimant="Baek")
    desk.answer(only(desk, claim), outcome, reason)
    assert only(desk, claim).id == review.id and only(desk, claim).stale


def test_only_the_checker_answers_and_only_what_is_still_said(desk: Desk, bob: Desk, cy: Desk, claim: Claim) -> None:
    review = bob.review(claim, "change_verdict", verdict="refuted")
    assert "Only Ana" in refused(cy, lambda: cy.answer(review, "accepted"))
    assert "Only Ana" in refused(bob, lambda: bob.answer(review, "accepted"))
    assert "no answer" in refused(desk, lambda: desk.answer(review, "maybe"))
    bob.give_verdict(claim, "mixed")
    assert "Bob has changed" in refused(desk, lambda: desk.answer(review, "accepted"))
    bob.review(claim, "needs_evidence")
    assert "Bob has changed" in refused(desk, lambda: desk.answer(review, "accepted"))
    agreed = bob.review(claim, "agree")
    assert "nothing to answer" in refused(desk, lambda: desk.answer(agreed, "accepted"))
    open_again = bob.review(claim, "reject_claim")
    cy.adjudicate(cy.compare("1").groups[0], "first_correct", rationale="So it is.")
    assert "settled" in refused(desk, lambda: desk.answer(open_again, "accepted"))


def test_a_span_that_another_claim_has_cannot_be_accepted(
    desk: Desk, bob: Desk, article: Article, claim: Claim
) -> None:
    review = bob.review(claim, "change_span", span=(4, 37))
    desk.tag(article, 4, 37, claim_text=claim.claim_text)
    assert "C2" in refused(desk, lambda: desk.answer(review, "accepted"), Duplicate)


def test_a_retired_verdict_and_reason_stay_readable_and_are_not_given_or_taken_any_more(
    desk: Desk, bob: Desk, claim: Claim
) -> None:
    review = bob.review(claim, "change_verdict", verdict="mixed")
    bob.tick(desk.evidence(claim)[0], "doubted", "irrelevant")
    retired = scheme()
    for key in ("mixed", "irrelevant", "wrong_span"):
        retired = retired.replace(f'key = "{key}"\n', f'key = "{key}"\nretired = true\n')
    gone = retired.replace('key = "irrelevant"', 'key = "beside_the_point"')
    assert "irrelevant (1)" in refused(desk, lambda: desk.use_scheme(gone))
    desk.use_scheme(retired)
    assert only(desk, claim).verdict == "mixed"
    assert "retired" in refused(desk, lambda: desk.answer(review, "accepted"))
    assert "retired" in refused(bob, lambda: bob.review(claim, "disagree", reason="wrong_span"))
    desk.answer(review, "rejected", "It is gone.")


def test_what_was_accepted_without_a_value_waits_until_it_is_done(desk: Desk, bob: Desk, claim: Claim) -> None:
    review = bob.review(claim, "disagree", reason="missing_context")
    assert desk.answer(review, "accepted").promised
    assert [one.review.id for one in desk.inbox()] == [review.id] and desk.shelf()[0].inbox == 1
    desk.edit(desk.claim(claim.id), claim_text="Two were captured in May.")
    assert desk.inbox() == [] and desk.shelf()[0].inbox == 0
    assert only(bob, claim).stale and bob.queue(claim.article).reviewed == 0


def test_what_the_checker_rejects_waits_for_its_reviewer(desk: Desk, bob: Desk, claim: Claim) -> None:
    desk.use_scheme(scheme(checker_settles=False))
    review = bob.review(claim, "reject_claim")
    assert bob.inbox() == [] and bob.shelf()[0].inbox == 0
    desk.answer(review, "rejected", "It is a claim.")
    ((about, said),) = bob.inbox()
    assert (about.id, said.answered, said.answer_reason) == (claim.id, "rejected", "It is a claim.")
    assert bob.shelf()[0].inbox == 1 and desk.inbox() == []
    bob.comment(claim, "I insist.", review.id)
    assert bob.inbox() == [] and status(desk, claim) == "disputed"
    bob.undo()
    bob.review(claim, "agree")
    assert bob.inbox() == [] and bob.inbox(answered=True) == []


def test_what_is_agreed_with_and_has_no_verdict_is_not_reviewed(desk: Desk, bob: Desk, article: Article) -> None:
    bare = desk.tag(article, *SPANS[1])
    bob.review(bare.id, "agree")
    assert status(desk, bare) == "tagged" and desk.shelf()[0].state != "final"
    desk.give_verdict(bare.id, "not_enough_evidence", "No count.")
    assert status(desk, bare) == "checked", "it has changed since"
    bob.review(bare.id, "agree")
    assert status(desk, bare) == "reviewed"


def test_another_description_of_a_source_brings_the_claim_back(desk: Desk, bob: Desk, claim: Claim) -> None:
    bob.review(claim, "agree")
    source = desk.evidence(claim)[0].source
    assert source is not None
    desk.edit_source(source, tier="primary")
    assert not only(bob, claim).stale
    desk.edit_source(desk.sources()[0], title="The other report")
    review = only(bob, claim)
    assert review.stale and status(desk, claim) == "checked"
    found = changes(review, bob.claim(claim.id), bob.verdicts(claim)[0], bob.evidence(claim), bob.scheme)
    assert found == [("source title", "", "The other report")]
    bob.review(claim.id, "agree")
    assert not only(bob, claim).stale
