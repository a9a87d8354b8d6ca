"""A claim that the checker missed: reported by a reviewer, and taken back as one."""

from __future__ import annotations

from pathlib import Path

import pytest

from store.desk import Desk
from store.errors import Duplicate, Refused, Unknown
from store.records import Article, Claim
from store.settle.comparison_groups import AGREED, ONLY
from tests.kit.refusals import refused
from tests.kit.second_review import SPANS, only, status


def test_taking_a_missing_claim_back_takes_its_tag_with_it_as_one_step(tmp_path: Path) -> None:
    with Desk.open(tmp_path / "desk.db", "Ana") as desk:
        article = desk.articles.add("It fell. Nobody was hurt.")
        desk.claims.tag(article, 0, 8)
        desk.be("Ben")
        review = desk.reviews.missing(article, 9, 25)
        desk.reviews.take_back(review)
        assert [claim.quote for claim in desk.claims.of(article)] == ["It fell."]
        desk.history.undo()
        assert [claim.quote for claim in desk.claims.of(article)] == ["It fell.", "Nobody was hurt."]
        assert desk.reviews.mine(review.claim) is not None


def test_who_accepts_that_they_missed_a_claim_has_it_too(tmp_path: Path) -> None:
    with Desk.open(tmp_path / "desk.db", "Ana") as desk:
        article = desk.articles.add("It fell. Nobody was hurt. It was spring.")
        desk.claims.tag(article, 0, 8)
        desk.be("Ben")
        desk.reviews.decide(desk.claims.of(article)[0], "agree")
        taken, other = desk.reviews.missing(article, 9, 25), desk.reviews.missing(article, 26, 40)
        desk.verdicts.give(taken.claim, "mixed", "One limped.")
        desk.be("Ana")
        desk.answers.answer(desk.reviews.of(taken.claim)[0], "accepted")
        desk.answers.answer(desk.reviews.of(other.claim)[0], "rejected", "It is no claim.")
        assert [group.kind for group in desk.comparison.compare(article).groups] == [AGREED, AGREED, ONLY]
        take = desk.comparison.compare(article).groups[1].takes[0]
        assert take is not None
        assert (take.person, take.quote, take.verdict, take.decision) == (
            "Ana", "Nobody was hurt.", "", "missing_claim",
        )  # fmt: skip
        desk.be("Cy")
        assert desk.settlements.take_agreed(desk.comparison.compare(article)) == 2
        settled = desk.comparison.settled(article)[1]
        assert (settled.adjudication.chosen, settled.adjudication.verdict) == ("Ben", "mixed")
        desk.be("Ana")
        desk.history.undo()
        with pytest.raises(Refused, match="settled by Cy"):
            desk.history.undo()
        desk.be("Cy")
        desk.history.undo()
        desk.be("Ana")
        desk.history.undo()
        assert [group.kind for group in desk.comparison.compare(article).groups][1] == ONLY


def test_a_missing_claim_is_tagged_reported_and_answered(desk: Desk, bob: Desk, article: Article, claim: Claim) -> None:
    review = bob.reviews.missing(article, *SPANS[1], comment="A number.", claimant="They")
    found = desk.claims.get(review.claim)
    assert (found.checker, found.origin, found.claimant, review.whose) == ("Bob", "review", "They", "Ana")
    assert status(desk, found) == "disputed" and [one.claim.id for one in desk.answers.inbox()] == [found.id]
    assert [one.id for one, _ in bob.reviews.queue(article).claims] == [claim.id]
    assert "Only Ana" in refused(bob, lambda: bob.answers.answer(review, "accepted"))
    desk.answers.answer(review, "accepted")
    assert status(desk, found) == "tagged" and [one.review.promised for one in desk.answers.inbox()] == [True]
    bob.verdicts.give(found, "mixed")  # nobody else has looked at that
    assert status(desk, found) == "tagged" and [one.review.promised for one in desk.answers.inbox()] == [True]
    desk.answers.answer(only(desk, found), "accepted")
    assert status(desk, found) == "tagged" and desk.answers.inbox() == [], "it lacks evidence still"
    bob.history.undo()
    assert bob.submissions.unfinished(article, "checker") == []
    bob.reviews.take_back(only(bob, found))
    assert [one.id for one in desk.claims.of(article)] == [claim.id]
    bob.history.undo()
    assert status(desk, found) == "tagged"


def test_it_must_be_said_whose_set_misses_a_claim(
    desk: Desk, bob: Desk, cy: Desk, article: Article, claim: Claim
) -> None:
    cy.claims.tag(article, *SPANS[2])
    assert "Name the checker" in refused(bob, lambda: bob.reviews.missing(article, *SPANS[1]))
    assert "did you mean Ana" in refused(bob, lambda: bob.reviews.missing(article, *SPANS[1], whose="Anna"), Unknown)
    assert "your own set" in refused(bob, lambda: bob.reviews.missing(article, *SPANS[1], whose="Bob"))
    refused(bob, lambda: bob.reviews.missing(article, *SPANS[0], whose="Ana"), Duplicate)
    cy.be("CY")
    assert cy.reviews.missing(article, *SPANS[1]).whose == "Ana"
