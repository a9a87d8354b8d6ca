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
    (piece,) = desk.evidence.of(claim)
    bob.ticks.tick(piece, "seen")
    assert [tick.outdated for tick in bob.ticks.of(claim)] == [False]
    if "title" in changed:
        assert piece.source is not None
        desk.evidence.edit_source(piece.source, **changed)
    else:
        desk.evidence.edit(piece, **changed)
    assert [tick.outdated for tick in desk.ticks.of(claim)] == [True]
    bob.ticks.tick(bob.evidence.of(claim)[0], "seen")
    assert [tick.outdated for tick in bob.ticks.of(claim)] == [False]


def test_evidence_is_ticked_as_seen_or_doubted(desk: Desk, bob: Desk, claim: Claim) -> None:
    (evidence,) = desk.evidence.of(claim)
    assert "yours" in refused(desk, lambda: desk.ticks.tick(evidence, "seen"))
    assert "not a mark" in refused(bob, lambda: bob.ticks.tick(evidence, "liked"))
    assert "say why" in refused(bob, lambda: bob.ticks.tick(evidence, "doubted"))
    assert "no reason" in refused(bob, lambda: bob.ticks.tick(evidence, "doubted", "nonsense"), Unknown)
    tick = bob.ticks.tick(evidence, "doubted", "irrelevant", "Another Kursk.")
    assert desk.ticks.of(claim) == [tick] and (tick.mark, tick.reason, tick.note) == (
        "doubted",
        "irrelevant",
        "Another Kursk.",
    )
    assert "only they" in refused(desk, lambda: desk.delete(tick))
    assert bob.ticks.tick(evidence, "seen").reason == ""
    bob.history.undo()
    assert desk.ticks.of(claim)[0].mark == "doubted"
    bob.ticks.tick(evidence, "")
    assert desk.ticks.of(claim) == []
    assert desk.evidence.of(claim) == [evidence]


def test_a_thread_begins_with_a_comment_or_a_review_and_is_resolved_as_a_whole(
    desk: Desk, bob: Desk, article: Article, claim: Claim
) -> None:
    other = desk.claims.tag(article, *SPANS[1])
    review = bob.reviews.decide(claim, "needs_evidence")
    answer = desk.threads.comment(claim, "There is some.", review.id)
    first = desk.threads.comment(claim, "And this?")
    reply = bob.threads.comment(claim, "Yes.", first)
    assert "not about C2" in refused(desk, lambda: desk.threads.comment(other, "Here?", review.id), Unknown)
    assert desk.library.shelf()[0].threads == 2
    assert bob.threads.resolve(reply).id == first.id and desk.library.shelf()[0].threads == 1
    bob.threads.resolve(bob.threads.comment(claim, "Thanks.", answer))
    assert desk.library.shelf()[0].threads == 0 and not desk.threads.resolve(desk.threads.of(claim)[1], False).resolved
    assert desk.library.shelf()[0].threads == 1
