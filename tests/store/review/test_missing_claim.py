"""A claim that the checker missed: reported by a reviewer, and taken back as one."""

from __future__ import annotations

from pathlib import Path

import pytest

from store.desk import Desk
from store.errors import Duplicate, Refused, Unknown
from store.records import Article, Claim
from store.settle.comparison import AGREED, ONLY
from tests.kit.refusals import refused
from tests.kit.second_review import SPANS, only, status


def test_taking_a_missing_claim_back_takes_its_tag_with_it_as_one_step(tmp_path: Path) -> None:
    with Desk.open(tmp_path / "desk.db", "Ana") as desk:
        article = desk.add_article("It fell. Nobody was hurt.")
        desk.tag(article, 0, 8)
        desk.be("Ben")
        review = desk.missing(article, 9, 25)
        desk.take_back(review)
        assert [claim.quote for claim in desk.claims(article)] == ["It fell."]
        desk.undo()
        assert [claim.quote for claim in desk.claims(article)] == ["It fell.", "Nobody was hurt."]
        assert desk.my_review(review.claim) is not None


def test_who_accepts_that_they_missed_a_claim_has_it_too(tmp_path: Path) -> None:
    with Desk.open(tmp_path / "desk.db", "Ana") as desk:
        article = desk.add_article("It fell. Nobody was hurt. It was spring.")
        desk.tag(article, 0, 8)
        desk.be("Ben")
        desk.review(desk.claims(article)[0], "agree")
        taken, other = desk.missing(article, 9, 25), desk.missing(article, 26, 40)
        desk.give_verdict(taken.claim, "mixed", "One limped.")
        desk.be("Ana")
        desk.answer(desk.reviews(taken.claim)[0], "accepted")
        desk.answer(desk.reviews(other.claim)[0], "rejected", "It is no claim.")
        assert [group.kind for group in desk.compare(article).groups] == [AGREED, AGREED, ONLY]
        take = desk.compare(article).groups[1].takes[0]
        assert take is not None
        assert (take.person, take.quote, take.verdict, take.decision) == (
            "Ana", "Nobody was hurt.", "", "missing_claim",
        )  # fmt: skip
        desk.be("Cy")
        assert desk.take_agreed(desk.compare(article)) == 2
        settled = desk.settled(article)[1]
        assert (settled.adjudication.chosen, settled.adjudication.verdict) == ("Ben", "mixed")
        desk.be("Ana")
        desk.undo()
        with pytest.raises(Refused, match="settled by Cy"):
            desk.undo()
        desk.be("Cy")
        desk.undo()
        desk.be("Ana")
        desk.undo()
        assert [group.kind for group in desk.compare(article).groups][1] == ONLY


def test_a_missing_claim_is_tagged_reported_and_answered(desk: Desk, bob: Desk, article: Article, claim: Claim) -> None:
    review = bob.missing(article, *SPANS[1], comment="A number.", claimant="They")
    found = desk.claim(review.claim)
    assert (found.checker, found.origin, found.claimant, review.whose) == ("Bob", "review", "They", "Ana")
    assert status(desk, found) == "disputed" and [one.claim.id for one in desk.inbox()] == [found.id]
    assert [one.id for one, _ in bob.queue(article).claims] == [claim.id]
    assert "Only Ana" in refused(bob, lambda: bob.answer(review, "accepted"))
    desk.answer(review, "accepted")
    assert status(desk, found) == "tagged" and [one.review.promised for one in desk.inbox()] == [True]
    bob.give_verdict(found, "mixed")  # nobody else has looked at that
    assert status(desk, found) == "tagged" and [one.review.promised for one in desk.inbox()] == [True]
    desk.answer(only(desk, found), "accepted")
    assert status(desk, found) == "tagged" and desk.inbox() == [], "it lacks evidence still"
    bob.undo()
    assert bob.unfinished(article, "checker") == []
    bob.take_back(only(bob, found))
    assert [one.id for one in desk.claims(article)] == [claim.id]
    bob.undo()
    assert status(desk, found) == "tagged"


def test_it_must_be_said_whose_set_misses_a_claim(
    desk: Desk, bob: Desk, cy: Desk, article: Article, claim: Claim
) -> None:
    cy.tag(article, *SPANS[2])
    assert "Name the checker" in refused(bob, lambda: bob.missing(article, *SPANS[1]))
    assert "did you mean Ana" in refused(bob, lambda: bob.missing(article, *SPANS[1], whose="Anna"), Unknown)
    assert "Your own set" in refused(bob, lambda: bob.missing(article, *SPANS[1], whose="Bob"))
    refused(bob, lambda: bob.missing(article, *SPANS[0], whose="Ana"), Duplicate)
    cy.be("CY")
    assert cy.missing(article, *SPANS[1]).whose == "Ana"
