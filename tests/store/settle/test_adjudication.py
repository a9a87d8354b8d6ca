"""Who may settle what, what stands, and what is in the settled set once an adjudicator submits."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from store.desk import Desk
from store.errors import Refused
from store.records import Article
from store.settle.comparison_groups import what_stands
from tests.kit.second_review import SPANS, scheme


@pytest.fixture
def dora(open_desk: Callable[..., Desk]) -> Desk:
    return open_desk("Dora")


def judged(desk: Desk, article: Article, span: tuple[int, int], verdict: str = "not_checkable") -> str:
    claim = desk.claims.tag(article, *span)
    desk.verdicts.give(claim, verdict, "So.")
    return claim.id


def test_what_all_who_looked_agree_on_is_settled_by_submitting(
    desk: Desk, bob: Desk, dora: Desk, open_desk: Callable[..., Desk], article: Article
) -> None:
    one, two = (judged(desk, article, span) for span in SPANS[:2])
    bob.reviews.decide(one, "agree")
    bob.reviews.decide(two, "agree")
    open_desk("Cy").reviews.decide(one, "agree")  # Cy has not looked at the second
    dora.submissions.submit(article, "adjudicator")
    assert {item.claim.id for item in dora.comparison.settled(article)} == {one, two}
    assert dora.settlements.unsettled(dora.comparison.compare(article)) == []
    dora.history.undo()
    held = dora.assignments.mine(article, "adjudicator")
    assert dora.comparison.settled(article) == [] and held is not None and held.state == "open"


def test_submitting_names_disputes_and_what_is_left_to_others(
    desk: Desk, bob: Desk, dora: Desk, article: Article
) -> None:
    one, two, three = (judged(desk, article, span) for span in SPANS)
    bob.reviews.decide(one, "disagree", reason="too_vague")
    with pytest.raises(Refused, match="C1 is in dispute"):
        dora.submissions.submit(article, "adjudicator")
    dora.reviews.decide(one, "agree")  # by that she takes part in it
    bob.reviews.decide(two, "agree")
    dora.submissions.submit(article, "adjudicator")
    assert [item.claim.id for item in dora.comparison.settled(article)] == [two]
    assert [left.words for left in dora.settlements.unsettled(dora.comparison.compare(article))] == ["C1 is in dispute"]
    assert three not in [item.claim.id for item in dora.comparison.settled(article)]  # nobody else has looked at it


def test_who_may_settle_is_told_as_it_is_refused(desk: Desk, bob: Desk, dora: Desk, article: Article) -> None:
    one, two = (judged(desk, article, span) for span in SPANS[:2])
    bob.reviews.decide(one, "disagree", reason="too_vague")
    bob.reviews.decide(two, "disagree", reason="too_vague")
    dora.reviews.decide(two, "agree")

    def as_refused(who: Desk) -> list[bool]:
        may = []
        for group in who.comparison.compare(article).groups:
            try:
                who.settlements.may_settle(group)
                may.append(True)
            except Refused:
                may.append(False)
        return may

    for who in (desk, bob, dora):
        assert who.settlements.yours(who.comparison.compare(article).groups) == as_refused(who)
    assert dora.settlements.yours(dora.comparison.compare(article).groups) == [True, False]
    desk.schemes.use(scheme(anyone_adjudicates=True))
    assert bob.settlements.yours(bob.comparison.compare(article).groups) == as_refused(bob) == [True, True]


def test_nobody_settles_what_is_kept_apart_and_not_in(desk: Desk, bob: Desk, dora: Desk, article: Article) -> None:
    desk.assignments.assign([article], ["Bob"], "reviewer", blind="all")
    judged(desk, article, SPANS[0])
    judged(bob, article, SPANS[0], "mixed")
    desk.submissions.submit(article, "checker")
    with pytest.raises(Refused):  # one set alone cannot be compared
        dora.comparison.compare(article)
    bob.evidence.add(bob.claims.of(article)[0], "supports", note="x")
    bob.evidence.add(bob.claims.of(article)[0], "refutes", note="x")
    bob.submissions.submit(article, "reviewer")
    groups = dora.comparison.compare(article).groups
    assert dora.settlements.yours(groups) == [True]


def test_both_says_what_will_stand(desk: Desk, bob: Desk, dora: Desk, article: Article) -> None:
    one = judged(desk, article, SPANS[0])
    bob.reviews.decide(one, "change_span", span=(4, 37))
    (group,) = dora.comparison.compare(article).groups
    said = what_stands(group, dora.claims.name_of)
    assert said.startswith("C1 stands as Ana has it: “Two prisoners") and said.endswith("no other edges do.")
    dora.settlements.adjudicate(group, "both_correct", rationale="So.")
    assert [(item.adjudication.start, item.adjudication.end) for item in dora.comparison.settled(article)] == [SPANS[0]]
    dora.history.undo()
    bob.reviews.take_back(bob.claims.get(one))
    two = judged(bob, article, (4, 37))
    (group,) = dora.comparison.compare(article).groups
    said = what_stands(group, dora.claims.name_of)
    assert "C1 “" in said and "C2 “" in said and said.endswith("each with its own edges.")
    dora.settlements.adjudicate(group, "both_correct", rationale="So.")
    assert {item.claim.id for item in dora.comparison.settled(article)} == {one, two}


@pytest.mark.parametrize("how", ["agreed", "first_correct", "both_correct", "own", "as the reporter has it"])
def test_the_verdict_on_a_reported_claim_stands_when_it_is_settled(
    desk: Desk, bob: Desk, dora: Desk, article: Article, how: str
) -> None:
    bob.reviews.decide(judged(desk, article, SPANS[0]), "agree")
    missed = bob.reviews.missing(article, *SPANS[1])
    desk.answers.answer(missed, "accepted")
    desk.verdicts.give(missed.claim, "not_checkable")
    bob.reviews.decide(bob.claims.get(missed.claim), "agree")  # the reporter has looked at it
    seen = dora.comparison.compare(article)
    (group,) = (one for one in seen.groups if missed.claim in one.claims)
    if how == "agreed":
        dora.settlements.take_agreed(seen)
    elif how == "as the reporter has it":
        dora.settlements.take_all(seen, "Bob", "He saw it.")
    else:
        text = "Somebody said so." if how == "own" else None
        dora.settlements.adjudicate(group, how, rationale="So.", claim_text=text)
    (stands,) = (one for one in dora.comparison.settled_claims([missed.claim]))
    assert stands.verdict == "not_checkable"
    assert dora.claims.get(missed.claim).status == "settled"
    assert dora.library.stats().lacking.verdict == 0


def test_a_verdict_that_nobody_else_has_seen_is_not_agreed_on(
    desk: Desk, bob: Desk, dora: Desk, article: Article
) -> None:
    looked_at = judged(desk, article, SPANS[0])
    bob.reviews.decide(looked_at, "agree")
    missed = bob.reviews.missing(article, *SPANS[1])
    desk.answers.answer(missed, "accepted")
    desk.verdicts.give(missed.claim, "not_checkable")
    assert [group.kind for group in dora.comparison.compare(article).groups] == ["agreed", "not_reviewed"]
    assert dora.settlements.take_agreed(dora.comparison.compare(article)) == 1
    assert [item.claim.id for item in dora.comparison.settled(article)] == [looked_at]
    bob.reviews.decide(bob.claims.get(missed.claim), "agree")
    assert [group.kind for group in dora.comparison.compare(article).groups] == ["agreed", "agreed"]
