"""Who may settle what, what stands, and what is in the settled set once an adjudicator submits."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from store.desk import Desk
from store.errors import Refused
from store.records import Article
from store.settle.comparison import what_stands
from tests.kit.second_review import SPANS, scheme


@pytest.fixture
def dora(open_desk: Callable[..., Desk]) -> Desk:
    return open_desk("Dora")


def judged(desk: Desk, article: Article, span: tuple[int, int], verdict: str = "not_checkable") -> str:
    claim = desk.tag(article, *span)
    desk.give_verdict(claim, verdict, "So.")
    return claim.id


def test_what_all_who_looked_agree_on_is_settled_by_submitting(
    desk: Desk, bob: Desk, dora: Desk, open_desk: Callable[..., Desk], article: Article
) -> None:
    one, two = (judged(desk, article, span) for span in SPANS[:2])
    bob.review(one, "agree")
    bob.review(two, "agree")
    open_desk("Cy").review(one, "agree")  # Cy has not looked at the second
    dora.submit(article, "adjudicator")
    assert {item.claim.id for item in dora.settled(article)} == {one, two}
    assert dora.unsettled(dora.compare(article)) == []
    dora.undo()
    held = dora.assignment(article, "adjudicator")
    assert dora.settled(article) == [] and held is not None and held.state == "open"


def test_submitting_names_disputes_and_what_is_left_to_others(
    desk: Desk, bob: Desk, dora: Desk, article: Article
) -> None:
    one, two, three = (judged(desk, article, span) for span in SPANS)
    bob.review(one, "disagree", reason="too_vague")
    with pytest.raises(Refused, match="C1 is in dispute"):
        dora.submit(article, "adjudicator")
    dora.review(one, "agree")  # by that she takes part in it
    bob.review(two, "agree")
    dora.submit(article, "adjudicator")
    assert [item.claim.id for item in dora.settled(article)] == [two]
    assert [left.words for left in dora.unsettled(dora.compare(article))] == ["C1 is in dispute"]
    assert three not in [item.claim.id for item in dora.settled(article)]  # nobody else has looked at it


def test_who_may_settle_is_told_as_it_is_refused(desk: Desk, bob: Desk, dora: Desk, article: Article) -> None:
    one, two = (judged(desk, article, span) for span in SPANS[:2])
    bob.review(one, "disagree", reason="too_vague")
    bob.review(two, "disagree", reason="too_vague")
    dora.review(two, "agree")

    def as_refused(who: Desk) -> list[bool]:
        may = []
        for group in who.compare(article).groups:
            try:
                who.may_settle(group)
                may.append(True)
            except Refused:
                may.append(False)
        return may

    for who in (desk, bob, dora):
        assert who.yours(who.compare(article).groups) == as_refused(who)
    assert dora.yours(dora.compare(article).groups) == [True, False]
    desk.use_scheme(scheme(anyone_adjudicates=True))
    assert bob.yours(bob.compare(article).groups) == as_refused(bob) == [True, True]


def test_nobody_settles_what_is_kept_apart_and_not_in(desk: Desk, bob: Desk, dora: Desk, article: Article) -> None:
    desk.assign([article], ["Bob"], "reviewer", blind="all")
    judged(desk, article, SPANS[0])
    judged(bob, article, SPANS[0], "mixed")
    desk.submit(article, "checker")
    with pytest.raises(Refused):  # one set alone cannot be compared
        dora.compare(article)
    bob.add_evidence(bob.claims(article)[0], "supports", note="x")
    bob.add_evidence(bob.claims(article)[0], "refutes", note="x")
    bob.submit(article, "reviewer")
    groups = dora.compare(article).groups
    assert dora.yours(groups) == [True]


def test_both_says_what_will_stand(desk: Desk, bob: Desk, dora: Desk, article: Article) -> None:
    one = judged(desk, article, SPANS[0])
    bob.review(one, "change_span", span=(4, 37))
    (group,) = dora.compare(article).groups
    said = what_stands(group, dora.name_of)
    assert said.startswith("C1 stands as Ana has it: “Two prisoners") and said.endswith("no other edges do.")
    dora.adjudicate(group, "both_correct", rationale="So.")
    assert [(item.adjudication.start, item.adjudication.end) for item in dora.settled(article)] == [SPANS[0]]
    dora.undo()
    bob.take_back(bob.claim(one))
    two = judged(bob, article, (4, 37))
    (group,) = dora.compare(article).groups
    said = what_stands(group, dora.name_of)
    assert "C1 “" in said and "C2 “" in said and said.endswith("each with its own edges.")
    dora.adjudicate(group, "both_correct", rationale="So.")
    assert {item.claim.id for item in dora.settled(article)} == {one, two}
