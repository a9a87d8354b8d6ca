"""Threads: what answers what."""

from __future__ import annotations

from store.check.threads import opened
from store.desk import Desk
from store.records import Article
from tests.kit.at_the_desk import FIRST


def test_a_thread_holds_all_that_answers_below_it_and_what_lost_its_answer_opens_one(
    desk: Desk, bob: Desk, article: Article
) -> None:
    claim = desk.claims.tag(article, *FIRST)
    first = desk.threads.comment(claim, "Is it so?")
    reply = bob.threads.comment(claim, "It is.", first)
    deeper = desk.threads.comment(claim, "Says who?", reply)
    other = bob.threads.comment(claim, "Something else.")
    assert [(one.root.id, [c.id for c in one.replies]) for one in opened(desk.threads.of(claim))] == [
        (first.id, [reply.id, deeper.id]),
        (other.id, []),
    ]
    bob.threads.resolve(reply)
    assert [one.root.id for one in desk.threads.unresolved(claim)] == [other.id]
    left = [comment for comment in desk.threads.of(claim) if comment.id != reply.id]
    assert [(one.root.id, len(one.replies)) for one in opened(left)] == [(first.id, 0), (deeper.id, 0), (other.id, 0)]
