"""What waits for a reviewer: one rule for the queue, for what comes next and for what keeps a review open."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from store import Desk, Refused
from store.records import Article, Verdict
from store.vocabulary import Decision, Left
from tui.review.queue import ReviewQueue

TEXT = "It rained on 5 May. The river rose by two metres. Nobody was hurt."


@pytest.fixture
def article(desk: Desk) -> Article:
    page = desk.articles.add(TEXT, title="Rain")
    for start, end in ((0, 19), (20, 49), (50, 66)):
        desk.verdicts.give(desk.claims.tag(page, start, end), "not_checkable", "So it is.")
    return page


def test_what_is_settled_waits_for_nobody(desk: Desk, article: Article, open_desk: Callable[..., Desk]) -> None:
    bo, cyd, dan = (open_desk(name) for name in ("Bo", "Cyd", "Dan"))
    first, second, _ = desk.claims.of(article)
    bo.reviews.decide(first, Decision.DISAGREE, comment="It was 4 May.")
    cyd.settlements.adjudicate(cyd.comparison.compare(article).groups[0], "first_correct", rationale="So it says.")
    dan.reviews.decide(second, Decision.AGREE)
    desk.claims.edit(desk.claims.get(second.id), claimant="the mayor")
    queue = dan.reviews.queue(article)
    assert (len(queue.claims), queue.reviewed) == (3, 1)
    left = [(one.name, one.what) for one in dan.submissions.unfinished(article, "reviewer")]
    assert left == [("C2", Left.CHANGED), ("C3", Left.NOT_REVIEWED)]
    shown = ReviewQueue(queue.claims)
    at = (-1, 0, "")
    assert shown.next_due(at) == second.id and not shown.is_due(first.id) and shown.reviewed == 1
    with pytest.raises(Refused, match="settled"):
        dan.reviews.decide(first.id, Decision.AGREE)


def test_a_review_goes_with_its_verdict_by_every_door(
    desk: Desk, article: Article, open_desk: Callable[..., Desk]
) -> None:
    bo = open_desk("Bo")
    claim = desk.claims.of(article)[0]
    for door in (bo.reviews.take_back, bo.delete):
        review = bo.reviews.decide(claim, Decision.CHANGE_VERDICT, verdict="supported", comment="It did.")
        with pytest.raises(Refused, match="said by Bo: only they can take it back"):
            desk.delete(review)
        door(review)
        assert bo.reviews.of(claim) == []
        assert [one.verdict for one in bo.verdicts.of(claim) if one.by == "Bo" and one.verdict] == []
        bo.history.undo()
        assert bo.reviews.mine(claim) is not None
        bo.history.undo()


def test_what_a_verdict_alone_says_in_review_goes_with_it_by_every_door(
    desk: Desk, article: Article, open_desk: Callable[..., Desk]
) -> None:
    bo = open_desk("Bo")
    claim = desk.claims.of(article)[0]

    def verdict_of_bo() -> Verdict:
        return next(one for one in bo.verdicts.of(claim) if one.by == "Bo")

    for door in (lambda: bo.reviews.clear_verdict(claim), lambda: bo.delete(verdict_of_bo())):
        bo.reviews.decide(claim, Decision.CHANGE_VERDICT, verdict="supported", comment="It did.")
        door()
        assert bo.reviews.of(claim) == []
        assert [one.verdict for one in bo.verdicts.of(claim) if one.by == "Bo" and one.verdict] == []
        bo.history.undo()
        assert verdict_of_bo().verdict == "supported" and bo.reviews.mine(claim) is not None
        bo.reviews.decide(claim, Decision.CHANGE_SPAN, span=(claim.start, claim.end - 1))
        door()
        left = bo.reviews.mine(claim)
        assert left is not None and left.proposals == (Decision.CHANGE_SPAN,)
        bo.reviews.take_back(left)
