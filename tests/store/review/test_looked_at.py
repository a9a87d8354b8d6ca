"""What counts as reviewed was looked at by somebody else; what is remarked and doubted reaches who it is for."""

from __future__ import annotations

from collections.abc import Callable

from store.desk import Desk
from store.records import Article, Claim, Comment, Review
from tests.kit.refusals import refused
from tests.kit.second_review import SPANS, status


def waits(desk: Desk) -> list[tuple[str, str]]:
    """What waits in somebody's inbox; the count of the library is the same."""
    found = [(one.claim.name, one.review.decision) for one in desk.inbox()]
    assert sum(row.inbox for row in desk.shelf()) == desk.stats().inbox == len(found)
    return found


def test_a_verdict_on_a_reported_claim_goes_to_who_reported_it(
    desk: Desk, bob: Desk, article: Article, claim: Claim
) -> None:
    bob.review(claim, "agree")
    missed = bob.missing(article, *SPANS[1])
    desk.answer(missed, "accepted")
    assert waits(desk) == [("C2", "missing_claim")] and waits(bob) == []
    desk.give_verdict(missed.claim, "not_checkable")
    assert status(desk, missed.claim) == "checked" and desk.shelf()[0].state != "final"
    assert waits(desk) == [] and waits(bob) == [("C2", "missing_claim")]
    assert "not looked at its verdict" in refused(bob, lambda: bob.submit(article, "reviewer"))
    assert [(one.name, review.stale) for one, review in bob.queue(article).claims if review] == [
        ("C1", False), ("C2", True),
    ]  # fmt: skip
    bob.review(bob.claim(missed.claim), "agree")
    assert status(desk, missed.claim) == "reviewed" and waits(bob) == []
    desk.give_verdict(missed.claim, "not_enough_evidence", "No count.")  # changed since: it is looked at again
    assert status(desk, missed.claim) == "checked" and waits(bob) == [("C2", "missing_claim")]
    bob.give_verdict(missed.claim, "not_checkable")  # the reporter sees it otherwise
    assert status(desk, missed.claim) == "checked" and waits(desk) == [("C2", "missing_claim")]
    desk.answer(desk.reviews(missed.claim)[0], "accepted")
    assert status(desk, missed.claim) == "reviewed" and waits(desk) == waits(bob) == []
    assert {one.verdict for one in desk.verdicts(missed.claim)} == {"not_checkable"}


def test_a_verdict_given_before_the_report_is_accepted_is_looked_at_by_accepting(
    desk: Desk, bob: Desk, article: Article
) -> None:
    desk.tag(article, *SPANS[0])
    missed = bob.missing(article, *SPANS[1])
    bob.give_verdict(missed.claim, "not_checkable")
    desk.answer(desk.reviews(missed.claim)[0], "accepted")
    assert status(desk, missed.claim) == "reviewed" and waits(desk) == waits(bob) == []
    assert "yours" in refused(bob, lambda: bob.review(bob.claim(missed.claim), "agree"))


def test_a_remark_on_an_undecided_claim_waits_for_its_checker(desk: Desk, bob: Desk, claim: Claim) -> None:
    review = bob.review(claim, "comment", comment="Is that the year?")
    assert waits(desk) == [("C1", "comment")] and waits(bob) == []
    desk.comment(claim, "It is.", review.id)
    assert waits(desk) == []
    bob.review(bob.claim(claim.id), "comment", comment="And the day?")
    assert waits(desk) == [("C1", "comment")]
    desk.answer(desk.reviews(claim)[0], "accepted")
    assert waits(desk) == []


def test_what_is_said_of_a_claim_is_a_review_while_who_says_it_reviews_and_has_not_decided(
    desk: Desk, bob: Desk, open_desk: Callable[..., Desk], article: Article, claim: Claim
) -> None:
    cy = open_desk("Cy")
    assert isinstance(bob.remark(claim, "A thread."), Comment), "nobody gave it to him"
    assert isinstance(bob.remark(claim, "Where?", reviewing=True), Review)
    assert isinstance(desk.remark(claim, "My own.", reviewing=True), Comment)
    made = bob.remark(claim, "When?")
    assert isinstance(made, Review) and made.comment == "Where?\n\nWhen?"
    bob.review(claim.id, "disagree", reason="wrong_span", comment="Longer.")
    assert isinstance(bob.remark(claim, "See above."), Comment) and not bob.remarks(claim)
    desk.edit(claim.id, claimant="Baek")  # what he decided is not on the claim as it is now
    made = bob.remark(bob.claim(claim.id), "Still.")
    assert isinstance(made, Review) and made.comment == "Longer.\n\nStill."
    desk.assign([article], ["Cy"], "reviewer", whose="Bob")
    assert not cy.remarks(claim, reviewing=True), "Cy reviews Bob's"
    bob.review(claim.id, "agree")
    bob.submit(article, "reviewer")
    desk.edit(claim.id, claimant="Ri")
    assert isinstance(bob.remark(claim.id, "Comments stay open.", reviewing=True), Comment)


def test_a_doubt_about_evidence_waits_for_whose_it_is(desk: Desk, bob: Desk, claim: Claim) -> None:
    piece = desk.evidence(claim)[0]
    tick = bob.tick(piece, "doubted", "secondary_source", "Who counted?")
    assert waits(desk) == [("C1", "doubt")]
    (found,) = desk.inbox()
    assert (found.review.by, found.review.reason, found.review.comment) == ("Bob", "secondary_source", "Who counted?")
    assert "reply" in refused(desk, lambda: desk.answer(found.review, "accepted"))
    desk.comment(claim, "The agency did.", tick.id)
    assert waits(desk) == []
    bob.tick(piece, "doubted", "dead_link")
    assert waits(desk) == [("C1", "doubt")]
    desk.edit_evidence(piece, note="Another copy.")
    assert waits(desk) == []
    assert [one.review.decision for one in desk.inbox(answered=True)] == ["doubt"]
