"""Evidence is ticked as seen or doubted, and threads are resolved as a whole."""

from __future__ import annotations

import pytest

from store.desk import Desk
from store.errors import Unknown
from store.records import Article, Claim
from tests.kit.refusals import refused
from tests.kit.second_review import SPANS


@pytest.mark.parametrize(
    "changed", [{"quote": "three"}, {"stance": "refutes"}, {"locator": "p. 4"}, {"title": "Other"}]
)
def test_a_tick_is_of_what_was_looked_at(desk: Desk, bob: Desk, claim: Claim, changed: dict[str, str]) -> None:
    (piece,) = desk.evidence(claim)
    bob.tick(piece, "seen")
    assert [tick.outdated for tick in bob.ticks(claim)] == [False]
    if "title" in changed:
        assert piece.source is not None
        desk.edit_source(piece.source, **changed)
    else:
        desk.edit_evidence(piece, **changed)
    assert [tick.outdated for tick in desk.ticks(claim)] == [True]
    bob.tick(bob.evidence(claim)[0], "seen")
    assert [tick.outdated for tick in bob.ticks(claim)] == [False]


def test_evidence_is_ticked_as_seen_or_doubted(desk: Desk, bob: Desk, claim: Claim) -> None:
    (evidence,) = desk.evidence(claim)
    assert "yours" in refused(desk, lambda: desk.tick(evidence, "seen"))
    assert "no mark" in refused(bob, lambda: bob.tick(evidence, "liked"))
    assert "say why" in refused(bob, lambda: bob.tick(evidence, "doubted"))
    assert "no reason" in refused(bob, lambda: bob.tick(evidence, "doubted", "nonsense"), Unknown)
    tick = bob.tick(evidence, "doubted", "irrelevant", "Another Kursk.")
    assert desk.ticks(claim) == [tick] and (tick.mark, tick.reason, tick.note) == (
        "doubted",
        "irrelevant",
        "Another Kursk.",
    )
    assert "only they" in refused(desk, lambda: desk.delete(tick))
    assert bob.tick(evidence, "seen").reason == ""
    bob.undo()
    assert desk.ticks(claim)[0].mark == "doubted"
    bob.tick(evidence, "")
    assert desk.ticks(claim) == []
    assert desk.evidence(claim) == [evidence]


def test_a_thread_begins_with_a_comment_or_a_review_and_is_resolved_as_a_whole(
    desk: Desk, bob: Desk, article: Article, claim: Claim
) -> None:
    other = desk.tag(article, *SPANS[1])
    review = bob.review(claim, "needs_evidence")
    answer = desk.comment(claim, "There is some.", review.id)
    first = desk.comment(claim, "And this?")
    reply = bob.comment(claim, "Yes.", first)
    assert "not said of C2" in refused(desk, lambda: desk.comment(other, "Here?", review.id), Unknown)
    assert desk.shelf()[0].threads == 2
    assert bob.resolve(reply).id == first.id and desk.shelf()[0].threads == 1
    bob.resolve(bob.comment(claim, "Thanks.", answer))
    assert desk.shelf()[0].threads == 0 and not desk.resolve(desk.comments(claim)[1], False).resolved
    assert desk.shelf()[0].threads == 1
