"""The answers of the checker: what they change, whom they wait for, and what they cannot do."""

from __future__ import annotations

import pytest

from store.desk import Desk
from store.errors import Duplicate
from store.records import Article, Claim
from store.review.changes_since_review import changes
from store.vocabulary import Decision
from tests.kit import oracle
from tests.kit.refusals import refused
from tests.kit.second_review import DECISIONS, OBJECTIONS, SPANS, only, scheme, status


@pytest.mark.parametrize("decision", OBJECTIONS)
def test_to_accept_makes_what_is_proposed_the_checkers_own_change(
    desk: Desk, bob: Desk, article: Article, claim: Claim, decision: str
) -> None:
    bob.evidence.add(claim, "refutes", note="The report has it.")
    review = bob.reviews.decide(claim, decision, **DECISIONS[decision])
    assert [proposal.review for proposal in desk.answers.inbox()] == [review] and desk.library.shelf()[0].inbox == 1
    desk.submissions.submit(article, "checker")
    before = oracle.visible(desk.session.log.conn)
    answered = desk.answers.answer(review, "accepted")
    after = oracle.visible(desk.session.log.conn)
    assert (answered.answered, answered.answered_by, answered.standing) == ("accepted", "Ana", "accepted")
    assert [one.review.promised for one in desk.answers.inbox()] == [True] * (not Decision(decision).proposes)
    if decision == "reject_claim":
        assert desk.claims.of(article) == [] and desk.library.shelf()[0].disputed == 0
        desk.history.undo()
        assert oracle.visible(desk.session.log.conn) == before and only(desk, claim).standing == "open"
        return
    now = desk.claims.get(claim.id)
    proposed = {
        "change_span": ((now.start, now.end), (4, 37)),
        "change_verdict": ((now.verdict, now.justification), ("refuted", "No.")),
        "change_claim_text": (now.claim_text, "Two North Koreans were captured."),
    }.get(decision)
    assert proposed is None or proposed[0] == proposed[1]
    assert not only(desk, claim).stale
    assert status(desk, claim) == ("checked" if proposed is None else "reviewed")
    assert desk.verdicts.of(claim)[0].by == "Ana" and desk.history.of(limit=1)[0].by == "Ana"
    desk.history.undo()
    assert oracle.visible(desk.session.log.conn) == before and status(desk, claim) == "disputed"
    desk.history.redo()
    assert oracle.visible(desk.session.log.conn) == after and desk.upkeep.verify() == []


@pytest.mark.parametrize("decision", OBJECTIONS)
@pytest.mark.parametrize("settles", [False, True])
def test_to_reject_ends_the_dispute_only_where_the_scheme_says_so(
    desk: Desk, bob: Desk, claim: Claim, decision: str, settles: bool
) -> None:
    desk.schemes.use(scheme(checker_settles=settles))
    review = bob.reviews.decide(claim, decision, **DECISIONS[decision])
    assert "say why" in refused(desk, lambda: desk.answers.answer(review, "rejected", " "))
    answered = desk.answers.answer(review, "rejected", "It is right.")
    assert (answered.answered, answered.answer_reason) == ("rejected", "It is right.")
    assert answered.standing == ("rejected" if settles else "open") and desk.answers.inbox() == []
    assert status(desk, claim) == ("reviewed" if settles else "disputed")
    assert [one.review.answered for one in desk.answers.inbox(answered=True)] == ["rejected"]
    desk.history.undo()
    assert only(desk, claim).answered == "" and status(desk, claim) == "disputed"
    desk.history.redo()
    assert only(desk, claim).answered == "rejected"


def test_an_objection_made_again_with_other_words_waits_for_an_answer_again(
    desk: Desk, bob: Desk, claim: Claim
) -> None:
    desk.schemes.use(scheme(checker_settles=True))
    desk.answers.answer(bob.reviews.decide(claim, "disagree", reason="wrong_span"), "rejected", "No.")
    assert status(desk, claim) == "reviewed"
    bob.reviews.decide(claim, "disagree", reason="wrong_span", comment="Look at the first word.")
    assert status(desk, claim) == "disputed" and len(desk.answers.inbox()) == 1
    bob.history.undo()
    assert status(desk, claim) == "reviewed" and desk.answers.inbox() == []


def test_who_asks_for_evidence_again_after_looking_is_heard_again(desk: Desk, bob: Desk, claim: Claim) -> None:
    desk.answers.answer(bob.reviews.decide(claim, "needs_evidence"), "accepted")
    desk.evidence.add(claim, "supports", url="https://poor.example")
    assert only(desk, claim).stale and status(desk, claim) == "checked"
    bob.reviews.decide(claim.id, "needs_evidence")
    assert status(desk, claim) == "disputed" and len(desk.answers.inbox()) == 1


@pytest.mark.parametrize(("outcome", "reason"), [("accepted", ""), ("rejected", "No.")])
def test_an_answer_does_not_freshen_what_was_changed_behind_the_reviewers_back(
    desk: Desk, bob: Desk, claim: Claim, outcome: str, reason: str
) -> None:
    review = bob.reviews.decide(claim, "change_span", span=(4, 37))
    desk.claims.edit(claim, claimant="Baek")
    desk.answers.answer(only(desk, claim), outcome, reason)
    assert only(desk, claim).id == review.id and only(desk, claim).stale


def test_only_the_checker_answers_and_only_what_is_still_said(desk: Desk, bob: Desk, cy: Desk, claim: Claim) -> None:
    review = bob.reviews.decide(claim, "change_verdict", verdict="refuted")
    assert "Only Ana" in refused(cy, lambda: cy.answers.answer(review, "accepted"))
    assert "Only Ana" in refused(bob, lambda: bob.answers.answer(review, "accepted"))
    assert "not an answer" in refused(desk, lambda: desk.answers.answer(review, "maybe"))
    bob.verdicts.give(claim, "mixed")
    assert "Bob has changed" in refused(desk, lambda: desk.answers.answer(review, "accepted"))
    bob.reviews.decide(claim, "needs_evidence")
    assert "Bob has changed" in refused(desk, lambda: desk.answers.answer(review, "accepted"))
    agreed = bob.reviews.decide(claim, "agree")
    assert "nothing to answer" in refused(desk, lambda: desk.answers.answer(agreed, "accepted"))
    open_again = bob.reviews.decide(claim, "reject_claim")
    cy.settlements.adjudicate(cy.comparison.compare("1").groups[0], "first_correct", rationale="So it is.")
    assert "settled" in refused(desk, lambda: desk.answers.answer(open_again, "accepted"))


def test_a_span_that_another_claim_has_cannot_be_accepted(
    desk: Desk, bob: Desk, article: Article, claim: Claim
) -> None:
    review = bob.reviews.decide(claim, "change_span", span=(4, 37))
    desk.claims.tag(article, 4, 37, claim_text=claim.claim_text)
    assert "C2" in refused(desk, lambda: desk.answers.answer(review, "accepted"), Duplicate)


def test_a_retired_verdict_and_reason_stay_readable_and_are_not_given_or_taken_any_more(
    desk: Desk, bob: Desk, claim: Claim
) -> None:
    review = bob.reviews.decide(claim, "change_verdict", verdict="mixed")
    bob.ticks.tick(desk.evidence.of(claim)[0], "doubted", "irrelevant")
    retired = scheme()
    for key in ("mixed", "irrelevant", "wrong_span"):
        retired = retired.replace(f'key = "{key}"\n', f'key = "{key}"\nretired = true\n')
    gone = retired.replace('key = "irrelevant"', 'key = "beside_the_point"')
    assert "irrelevant (1)" in refused(desk, lambda: desk.schemes.use(gone))
    desk.schemes.use(retired)
    assert only(desk, claim).verdict == "mixed"
    assert "retired" in refused(desk, lambda: desk.answers.answer(review, "accepted"))
    assert "retired" in refused(bob, lambda: bob.reviews.decide(claim, "disagree", reason="wrong_span"))
    desk.answers.answer(review, "rejected", "It is gone.")


def test_what_was_accepted_without_a_value_waits_until_it_is_done(desk: Desk, bob: Desk, claim: Claim) -> None:
    review = bob.reviews.decide(claim, "disagree", reason="missing_context")
    assert desk.answers.answer(review, "accepted").promised
    assert [one.review.id for one in desk.answers.inbox()] == [review.id] and desk.library.shelf()[0].inbox == 1
    desk.claims.edit(desk.claims.get(claim.id), claim_text="Two were captured in May.")
    assert desk.answers.inbox() == [] and desk.library.shelf()[0].inbox == 0
    assert only(bob, claim).stale and bob.reviews.queue(claim.article).reviewed == 0


def test_what_the_checker_rejects_waits_for_its_reviewer(desk: Desk, bob: Desk, claim: Claim) -> None:
    desk.schemes.use(scheme(checker_settles=False))
    review = bob.reviews.decide(claim, "reject_claim")
    assert bob.answers.inbox() == [] and bob.library.shelf()[0].inbox == 0
    desk.answers.answer(review, "rejected", "It is a claim.")
    ((about, said),) = bob.answers.inbox()
    assert (about.id, said.answered, said.answer_reason) == (claim.id, "rejected", "It is a claim.")
    assert bob.library.shelf()[0].inbox == 1 and desk.answers.inbox() == []
    bob.threads.comment(claim, "I insist.", review.id)
    assert bob.answers.inbox() == [] and status(desk, claim) == "disputed"
    bob.history.undo()
    bob.reviews.decide(claim, "agree")
    assert bob.answers.inbox() == [] and bob.answers.inbox(answered=True) == []


def test_what_is_agreed_with_and_has_no_verdict_is_not_reviewed(desk: Desk, bob: Desk, article: Article) -> None:
    bare = desk.claims.tag(article, *SPANS[1])
    bob.reviews.decide(bare.id, "agree")
    assert status(desk, bare) == "tagged" and desk.library.shelf()[0].state != "final"
    desk.verdicts.give(bare.id, "not_enough_evidence", "No count.")
    assert status(desk, bare) == "checked", "it has changed since"
    bob.reviews.decide(bare.id, "agree")
    assert status(desk, bare) == "reviewed"


def test_another_description_of_a_source_brings_the_claim_back(desk: Desk, bob: Desk, claim: Claim) -> None:
    bob.reviews.decide(claim, "agree")
    source = desk.evidence.of(claim)[0].source
    assert source is not None
    desk.evidence.edit_source(source, tier="primary")
    assert not only(bob, claim).stale
    desk.evidence.edit_source(desk.evidence.sources()[0], title="The other report")
    review = only(bob, claim)
    assert review.stale and status(desk, claim) == "checked"
    found = changes(review, bob.claims.get(claim.id), bob.verdicts.of(claim)[0], bob.evidence.of(claim), bob.scheme)
    assert found == [("source title", "", "The other report")]
    bob.reviews.decide(claim.id, "agree")
    assert not only(bob, claim).stale
