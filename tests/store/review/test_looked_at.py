"""What counts as reviewed was looked at by somebody else; what is remarked and doubted reaches who it is for."""

from __future__ import annotations

from collections.abc import Callable

from store.desk import Desk
from store.records import Article, Claim, Comment, Review
from tests.kit.refusals import refused
from tests.kit.second_review import SPANS, status


def waits(desk: Desk) -> list[tuple[str, str]]:
    """What waits in somebody's inbox; the count of the library is the same."""
    found = [(one.claim.name, one.review.decision) for one in desk.answers.inbox()]
    assert sum(row.inbox for row in desk.library.shelf()) == desk.library.stats().inbox == len(found)
    return found


def test_a_verdict_on_a_reported_claim_goes_to_who_reported_it(
    desk: Desk, bob: Desk, article: Article, claim: Claim
) -> None:
    bob.reviews.decide(claim, "agree")
    missed = bob.reviews.missing(article, *SPANS[1])
    desk.answers.answer(missed, "accepted")
    assert waits(desk) == [("C2", "missing_claim")] and waits(bob) == []
    desk.verdicts.give(missed.claim, "not_checkable")
    assert status(desk, missed.claim) == "checked" and desk.library.shelf()[0].state != "final"
    assert waits(desk) == [] and waits(bob) == [("C2", "missing_claim")]
    assert "not looked at its verdict" in refused(bob, lambda: bob.submissions.submit(article, "reviewer"))
    assert [(one.name, review.stale) for one, review in bob.reviews.queue(article).claims if review] == [
        ("C1", False), ("C2", True),
    ]  # fmt: skip
    bob.reviews.decide(bob.claims.get(missed.claim), "agree")
    assert status(desk, missed.claim) == "reviewed" and waits(bob) == []
    desk.verdicts.give(missed.claim, "not_enough_evidence", "No count.")  # changed since: it is looked at again
    assert status(desk, missed.claim) == "checked" and waits(bob) == [("C2", "missing_claim")]
    bob.verdicts.give(missed.claim, "not_checkable")  # the reporter sees it otherwise
    assert status(desk, missed.claim) == "checked" and waits(desk) == [("C2", "missing_claim")]
    desk.answers.answer(desk.reviews.of(missed.claim)[0], "accepted")
    assert status(desk, missed.claim) == "reviewed" and waits(desk) == waits(bob) == []
    assert {one.verdict for one in desk.verdicts.of(missed.claim)} == {"not_checkable"}


def test_a_verdict_given_before_the_report_is_accepted_is_looked_at_by_accepting(
    desk: Desk, bob: Desk, article: Article
) -> None:
    desk.claims.tag(article, *SPANS[0])
    missed = bob.reviews.missing(article, *SPANS[1])
    bob.verdicts.give(missed.claim, "not_checkable")
    desk.answers.answer(desk.reviews.of(missed.claim)[0], "accepted")
    assert status(desk, missed.claim) == "reviewed" and waits(desk) == waits(bob) == []
    assert "yours" in refused(bob, lambda: bob.reviews.decide(bob.claims.get(missed.claim), "agree"))


def test_a_remark_on_an_undecided_claim_waits_for_its_checker(desk: Desk, bob: Desk, claim: Claim) -> None:
    review = bob.reviews.decide(claim, "comment", comment="Is that the year?")
    assert waits(desk) == [("C1", "comment")] and waits(bob) == []
    assert "Nobody proposes anything about C1" in refused(desk, lambda: desk.answers.waiting(claim))
    assert desk.answers.said_by(claim, "bob").id == desk.answers.waiting(claim, "Bob").id == review.id
    assert "Ana has not reviewed C1" in refused(desk, lambda: desk.answers.said_by(claim, "Ana"))
    desk.threads.comment(claim, "It is.", review.id)
    assert waits(desk) == []
    bob.reviews.decide(bob.claims.get(claim.id), "comment", comment="And the day?")
    assert waits(desk) == [("C1", "comment")]
    desk.answers.answer(desk.reviews.of(claim)[0], "accepted")
    assert waits(desk) == []


def test_what_is_said_of_a_claim_is_a_review_while_who_says_it_reviews_and_has_not_decided(
    desk: Desk, bob: Desk, open_desk: Callable[..., Desk], article: Article, claim: Claim
) -> None:
    cy = open_desk("Cy")
    assert isinstance(bob.reviews.remark(claim, "A thread."), Comment), "nobody gave it to him"
    assert isinstance(bob.reviews.remark(claim, "Where?", reviewing=True), Review)
    assert isinstance(desk.reviews.remark(claim, "My own.", reviewing=True), Comment)
    made = bob.reviews.remark(claim, "When?")
    assert isinstance(made, Review) and made.comment == "Where?\n\nWhen?"
    bob.reviews.decide(claim.id, "disagree", reason="wrong_span", comment="Longer.")
    assert isinstance(bob.reviews.remark(claim, "See above."), Comment) and not bob.reviews.remark_decides(claim)
    desk.claims.edit(claim.id, claimant="Baek")  # what he decided is not on the claim as it is now
    made = bob.reviews.remark(bob.claims.get(claim.id), "Still.")
    assert isinstance(made, Review) and made.comment == "Longer.\n\nStill."
    desk.assignments.assign([article], ["Cy"], "reviewer", whose="Bob")
    assert not cy.reviews.remark_decides(claim, reviewing=True), "Cy reviews Bob's"
    bob.reviews.decide(claim.id, "agree")
    bob.submissions.submit(article, "reviewer")
    desk.claims.edit(claim.id, claimant="Ri")
    assert isinstance(bob.reviews.remark(claim.id, "Comments stay open.", reviewing=True), Comment)


def test_a_doubt_about_evidence_waits_for_whose_it_is(desk: Desk, bob: Desk, claim: Claim) -> None:
    piece = desk.evidence.of(claim)[0]
    tick = bob.ticks.tick(piece, "doubted", "secondary_source", "Who counted?")
    assert waits(desk) == [("C1", "doubt")]
    (found,) = desk.answers.inbox()
    assert (found.review.by, found.review.reason, found.review.comment) == ("Bob", "secondary_source", "Who counted?")
    assert "reply" in refused(desk, lambda: desk.answers.answer(found.review, "accepted"))
    assert desk.answers.said_by(claim, "bob").id == tick.id
    desk.threads.comment(claim, "The agency did.", tick.id)
    assert waits(desk) == []
    bob.ticks.tick(piece, "doubted", "dead_link")
    assert waits(desk) == [("C1", "doubt")]
    desk.evidence.edit(piece, note="Another copy.")
    assert waits(desk) == []
    assert [one.review.decision for one in desk.answers.inbox(answered=True)] == ["doubt"]
