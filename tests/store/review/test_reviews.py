"""The second look: decisions, what makes them stale, the checker's answer, and the status that follows."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

from store import upkeep
from store.desk import Desk
from store.errors import Duplicate, Unknown
from store.log.staleness import changes
from store.records import Article, Claim, Review
from tests.kit import oracle
from tests.kit.at_the_desk import TEXT
from tests.kit.refusals import refused
from tests.kit.second_review import SPANS, scheme, status


@pytest.fixture
def claim(desk: Desk, article: Article) -> Claim:
    """Ana's claim with her verdict and evidence."""
    claim = desk.tag(article, *SPANS[0], claim_text="Two were captured.", claimant="Ri")
    desk.add_evidence(claim, "supports", url="https://a.example", quote="two")
    desk.give_verdict(claim, "supported", "It says so.")
    return desk.claim(claim.id)


@pytest.fixture
def cy(desk: Desk, open_desk: Callable[..., Desk]) -> Desk:
    return open_desk("Cy")


DECISIONS: dict[str, dict[str, Any]] = {
    "agree": {},
    "disagree": {"reason": "wrong_span", "comment": "It begins later."},
    "change_span": {"span": (4, 37)},
    "change_verdict": {"verdict": "refuted", "justification": "No."},
    "change_claim_text": {"claim_text": "Two North Koreans were captured."},
    "reject_claim": {},
    "needs_evidence": {"comment": "Where?"},
    "comment": {"comment": "Hm."},
}
OBJECTIONS = [name for name in DECISIONS if name not in ("agree", "comment")]


def only(desk: Desk, claim: Claim) -> Review:
    (found,) = desk.reviews(claim)
    return found


# -- decisions ------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("decision", DECISIONS)
def test_a_decision_is_kept_beside_the_claim_and_changes_nothing_of_it(
    desk: Desk, bob: Desk, claim: Claim, decision: str
) -> None:
    before = desk.claim(claim.id)._replace(status=claim.status), desk.evidence(claim)
    verdict = desk.verdicts(claim)[0]
    review = bob.review(claim, decision, **DECISIONS[decision])
    assert (review.by, review.whose, review.decision, review.stale) == ("Bob", "Ana", decision, False)
    standing = {"agree": "agreed", "comment": "noted"}.get(decision, "open")
    assert (review.standing, review.blind, review.answered) == (standing, "open", "")
    assert only(desk, claim) == review == bob.my_review(claim)
    assert (desk.claim(claim.id)._replace(status=claim.status), desk.evidence(claim)) == before
    assert desk.verdicts(claim)[0] == verdict
    wanted = {"agree": "reviewed", "comment": "checked"}.get(decision, "disputed")
    assert status(desk, claim) == wanted
    bob.undo()
    assert desk.reviews(claim) == [] and status(desk, claim) == "checked"
    bob.redo()
    assert only(desk, claim).decision == decision and status(desk, claim) == wanted
    bob.take_back(only(bob, claim))
    assert desk.reviews(claim) == [] and status(desk, claim) == "checked"
    assert upkeep.verify(desk) == []


def test_other_span_verdict_and_words_are_proposed_together_and_accepted_together(
    desk: Desk, bob: Desk, claim: Claim
) -> None:
    bob.review(claim, "change_span", span=(4, 37), comment="It begins later.")
    bob.add_evidence(claim, "refutes", note="The report has it.")
    bob.review(claim, "change_verdict", verdict="refuted", justification="No.")
    review = bob.review(claim, "change_claim_text", claim_text="Two North Koreans were captured.")
    assert review.decisions == ("change_span", "change_verdict", "change_claim_text")
    assert (review.start, review.end, review.verdict, review.decision) == (4, 37, "refuted", "change_verdict")
    assert bob.review(claim, "change_span", span=(0, 30)).decisions == review.decisions
    told = desk.history(claim=claim)[0].sentence
    assert "another verdict" in told and "as the span of C1" in told and "as the claim text" in told
    before = oracle.visible(desk.log.conn)
    desk.answer(only(desk, claim), "accepted")
    now = desk.claim(claim.id)
    assert (now.start, now.end, now.claim_text) == (0, 30, "Two North Koreans were captured.")
    assert desk.verdicts(claim)[0].verdict == "refuted" and status(desk, claim) == "reviewed"
    desk.undo()
    assert oracle.visible(desk.log.conn) == before


def test_one_of_several_proposals_is_taken_back_alone(bob: Desk, claim: Claim) -> None:
    bob.review(claim, "change_span", span=(4, 37))
    both = bob.review(claim, "change_verdict", verdict="refuted")
    bob.take_back(both, "change_span")
    assert only(bob, claim).decisions == ("change_verdict",) and only(bob, claim).end == 0
    bob.undo()
    bob.take_back(only(bob, claim), "change_verdict")
    assert only(bob, claim).decisions == ("change_span",) and only(bob, claim).verdict == ""
    bob.take_back(only(bob, claim), "change_span")
    assert bob.reviews(claim) == []


def test_the_checkers_verdict_ends_the_proposal_of_another_and_no_more(bob: Desk, claim: Claim) -> None:
    bob.review(claim, "change_span", span=(4, 37))
    bob.review(claim, "change_verdict", verdict="refuted")
    assert bob.review(claim, "change_verdict", verdict="supported").decisions == ("change_span",)
    assert bob.review(claim, "agree").decisions == ("agree",)


@pytest.mark.parametrize(
    ("decision", "how", "says"),
    [
        ("shrug", {}, "no decision"),
        ("missing_claim", {}, "no decision"),
        ("disagree", {}, "say why"),
        ("disagree", {"reason": "nonsense"}, "no reason “nonsense”"),
        ("change_span", {}, "Which span"),
        ("change_span", {"span": (0, 37)}, "already"),
        ("agree", {"span": (1, 5)}, "change_span"),
        ("change_verdict", {}, "Which verdict"),
        ("change_verdict", {"verdict": "nonsense"}, "no verdict"),
        ("disagree", {"reason": "wrong_span", "verdict": "refuted"}, "agree and change_verdict"),
        ("change_claim_text", {}, "Which claim text"),
        ("change_claim_text", {"claim_text": " Two were captured. "}, "already"),
        ("agree", {"claim_text": "x"}, "change_claim_text"),
        ("comment", {"comment": " \n"}, "empty"),
    ],
)
def test_a_decision_that_is_not_whole_is_refused(
    bob: Desk, claim: Claim, decision: str, how: dict[str, Any], says: str
) -> None:
    assert says in refused(bob, lambda: bob.review(claim, decision, **how))


def test_nobody_reviews_their_own_or_what_is_gone_settled_or_changed(
    desk: Desk, bob: Desk, cy: Desk, article: Article, claim: Claim
) -> None:
    assert "yours" in refused(desk, lambda: desk.review(claim, "agree"))
    desk.be("ANA")
    assert "yours" in refused(desk, lambda: desk.review(claim, "agree"))
    desk.be("Ana")
    seen = bob.claim(claim.id)
    desk.edit(claim, claimant="Baek")
    assert "changed meanwhile" in refused(bob, lambda: bob.review(seen, "agree"))
    seen = bob.claim(claim.id)
    desk.give_verdict(claim.id, "mixed")
    assert "changed meanwhile" in refused(bob, lambda: bob.review(seen, "agree"))
    assert bob.review(bob.claim(claim.id), "disagree", reason="wrong_span").standing == "open"
    cy.adjudicate(cy.compare(article).groups[0], "first_correct", rationale="So it is.")
    assert "settled by Cy" in refused(bob, lambda: bob.review(claim.id, "agree"))
    assert "settled" in refused(bob, lambda: bob.take_back(only(bob, claim)))
    other = desk.tag(article, *SPANS[1])
    desk.delete(other)
    refused(bob, lambda: bob.review(other, "agree"), Unknown)


def test_a_submitted_review_is_closed_until_it_is_reopened(
    desk: Desk, bob: Desk, article: Article, claim: Claim
) -> None:
    review = bob.review(claim, "agree")
    bob.submit(article, "reviewer")
    evidence = desk.evidence(claim)[0]
    for act in (
        lambda: bob.review(claim.id, "reject_claim"),
        lambda: bob.take_back(review),
        lambda: bob.tick(evidence, "seen"),
        lambda: bob.missing(article, *SPANS[1]),
        lambda: bob.give_verdict(claim.id, "mixed"),
        lambda: bob.tag(article, *SPANS[1]),
    ):
        assert "reopen it" in refused(bob, act)
    bob.comment(claim, "Comments stay open.")
    bob.reopen(article, "reviewer")
    assert bob.review(claim.id, "reject_claim").decision == "reject_claim"


def test_what_one_says_again_takes_the_place_of_what_one_said(desk: Desk, bob: Desk, claim: Claim) -> None:
    first = bob.review(claim, "change_span", span=(4, 37))
    second = bob.review(claim, "needs_evidence")
    assert second.id == first.id and (second.start, second.end, second.quote) == (0, 0, "")
    bob.undo()
    assert only(desk, claim).decision == "change_span" and only(desk, claim).end == 37


def test_the_checkers_very_verdict_is_an_agreement(desk: Desk, bob: Desk, claim: Claim) -> None:
    assert bob.review(claim, "change_verdict", verdict="supported").decision == "agree"
    changed = bob.review(claim, "agree", verdict="refuted")
    assert (changed.decision, changed.verdict) == ("change_verdict", "refuted")
    assert [(v.by, v.verdict) for v in desk.verdicts(claim)] == [("Ana", "supported"), ("Bob", "refuted")]
    agreed = bob.review(claim, "agree")
    assert (agreed.decision, agreed.verdict) == ("agree", "supported")
    assert {group.kind for group in desk.compare("1").groups} == {"agreed"}


# -- stale ----------------------------------------------------------------------------------------------------

EDITS: dict[str, Callable[[Desk, Claim], object]] = {
    "span": lambda desk, claim: desk.move(claim.id, 4, 37),
    "verdict": lambda desk, claim: desk.give_verdict(claim.id, "mixed"),
    "justification": lambda desk, claim: desk.justify(claim.id, "Because."),
    "claim text": lambda desk, claim: desk.edit(claim.id, claim_text="Other"),
    "claimant": lambda desk, claim: desk.edit(claim.id, claimant="Baek"),
    "types": lambda desk, claim: desk.edit(claim.id, types=["quantity"]),
    "more evidence": lambda desk, claim: desk.add_evidence(claim.id, "refutes", url="https://b.example"),
    "evidence": lambda desk, claim: desk.edit_evidence(desk.evidence(claim)[0], locator="p. 2"),
    "less evidence": lambda desk, claim: desk.delete(desk.evidence(claim)[0]),
}


@pytest.mark.parametrize("edit", EDITS)
@pytest.mark.parametrize("decision", ["agree", "disagree", "change_verdict"])
def test_a_change_by_the_checker_makes_a_review_stale_until_it_is_undone(
    desk: Desk, bob: Desk, article: Article, claim: Claim, edit: str, decision: str
) -> None:
    bob.review(claim, decision, **DECISIONS[decision])
    was = status(desk, claim)
    assert bob.queue(article).reviewed == 1
    EDITS[edit](desk, claim)
    assert only(desk, claim).stale and bob.queue(article).reviewed == 0
    ends = "tagged" if desk.lacks(claim.id) else "checked"
    assert status(desk, claim) == ("disputed" if decision != "agree" else ends)
    assert [one.words for one in bob.unfinished(article, "reviewer")] == ["C1 was changed after your review"]
    desk.undo()
    assert not only(desk, claim).stale and status(desk, claim) == was
    desk.redo()
    assert not bob.review(claim.id, decision, **DECISIONS[decision]).stale


def test_what_others_add_makes_no_review_stale(desk: Desk, bob: Desk, cy: Desk, claim: Claim) -> None:
    bob.review(claim, "agree")
    bob.add_evidence(claim, "refutes", url="https://b.example")
    cy.add_evidence(claim, "refutes", url="https://c.example")
    bob.tick(desk.evidence(claim)[0], "seen")
    cy.review(claim, "change_verdict", verdict="refuted")
    desk.comment(claim, "Hm.")
    assert not any(review.stale for review in desk.reviews(claim))


def test_a_blind_agreement_is_stale_once_the_verdict_changes(
    desk: Desk, bob: Desk, article: Article, claim: Claim
) -> None:
    desk.assign([article], ["Bob"], "reviewer", blind="verdict")
    bob.review(claim.id, "agree", verdict="supported")
    assert not only(desk, claim).stale and status(desk, claim) == "reviewed"
    desk.give_verdict(claim.id, "outdated", "It was so.")
    assert only(desk, claim).stale and status(desk, claim) == "checked"


def test_a_blind_objection_is_not_stale_for_a_verdict_it_has_not_seen(
    desk: Desk, bob: Desk, article: Article, claim: Claim
) -> None:
    desk.assign([article], ["Bob"], "reviewer", blind="verdict")
    bob.review(claim.id, "disagree", reason="wrong_span")
    desk.give_verdict(claim.id, "mixed")
    assert not only(desk, claim).stale
    desk.move(claim.id, 4, 37)
    assert only(desk, claim).stale


# -- answers --------------------------------------------------------------------------------------------------


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


# -- missing claims -------------------------------------------------------------------------------------------


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


# -- ticks, threads -------------------------------------------------------------------------------------------


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


# -- status ---------------------------------------------------------------------------------------------------


def test_two_reviews_may_be_required(desk: Desk, bob: Desk, cy: Desk, claim: Claim) -> None:
    desk.use_scheme(scheme(required=2))
    bob.review(claim, "agree")
    cy.review(claim, "comment", comment="Hm.")
    assert status(desk, claim) == "checked"
    cy.review(claim, "agree")
    assert status(desk, claim) == "reviewed"
    cy.review(claim, "reject_claim")
    assert status(desk, claim) == "disputed"
    desk.answer(desk.reviews(claim)[1], "rejected", "No.")
    assert status(desk, claim) == "disputed"
    cy.review(claim, "agree")
    desk.give_verdict(claim.id, "outdated", "It was so.")
    assert status(desk, claim) == "checked"
    desk.give_verdict(claim.id, "")
    assert status(desk, claim) == "tagged"
    desk.delete(desk.claim(claim.id))
    assert desk.reviews(claim) == [] and desk.inbox() == []


def test_reviewing_is_told_in_the_history(desk: Desk, bob: Desk, article: Article, claim: Claim) -> None:
    review = bob.review(claim, "change_span", span=(4, 37), reason="wrong_span", comment="Shorter.")
    bob.tick(desk.evidence(claim)[0], "seen")
    desk.answer(review, "rejected", "No.")
    told = [f"{change.by} {change.sentence}" for change in desk.history(claim=claim, limit=3)]
    assert told[0].startswith("Ana rejected what was proposed about C1: “No.”") and told[1] == "Bob saw evidence on C1"
    assert told[2] == f"Bob proposed “{TEXT[4:37]}” as the span of C1 (Wrong span): “Shorter.”"


def test_the_queue_is_somebodys_claims_in_text_order(desk: Desk, bob: Desk, cy: Desk, article: Article) -> None:
    assert "no claims by anybody else" in refused(bob, lambda: bob.queue(article))
    later, first = desk.tag(article, *SPANS[1]), cy.tag(article, *SPANS[0])
    assert [one.id for one, _ in bob.queue(article).claims] == [first.id, later.id]
    assert [one.id for one, _ in bob.queue(article, "ana").claims] == [later.id]
    assert "yours" in refused(desk, lambda: desk.queue(article, "Ana"))
    assert "did you mean Cy" in refused(bob, lambda: bob.queue(article, "Cyy"), Unknown)
    bob.sweep(article, *SPANS[2])
    assert "no claims by Bob" in refused(desk, lambda: desk.queue(article, "Bob"))
