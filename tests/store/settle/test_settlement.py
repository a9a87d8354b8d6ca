"""Settled: every outcome, and two adjudicators at once."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

from store.desk import Desk
from store.errors import Refused, Unknown
from store.records import Article
from store.settle.comparison_groups import Group
from tests.kit import oracle
from tests.kit.at_the_desk import TEXT, conflicts_told_alike
from tests.kit.refusals import refused
from tests.kit.second_review import SPANS, scheme, status
from tests.kit.two_sets import kinds, tagged, twin

# -- outcomes -------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("outcome", "how", "wanted"),
    [
        ("first_correct", {}, (True, 0, 37, "mixed", "Ana")),
        ("second_correct", {}, (True, 4, 37, "mixed", "Bob")),
        ("both_correct", {}, (True, 0, 37, "mixed", "Ana")),
        ("both_wrong", {}, (True, 0, 37, "", "")),
        ("merged", {"span": (4, 37), "verdict": "refuted"}, (True, 4, 37, "refuted", "")),
        ("own", {"span": (2, 20), "claim_text": "Mine."}, (True, 2, 20, "mixed", "")),
        ("nothing_here", {}, (False, 0, 37, "", "")),
    ],
)
def test_every_outcome_settles_and_leaves_peoples_own_values(
    desk: Desk, bob: Desk, article: Article, dora: Desk, outcome: str, how: dict[str, Any], wanted: tuple[object, ...]
) -> None:
    claim = tagged(desk, article, SPANS[0], "mixed")
    bob.reviews.decide(claim, "change_span", span=(4, 37))
    before = oracle.visible(desk.session.log.conn)
    (group,) = dora.comparison.compare(article).groups
    assert "rationale" in refused(dora, lambda: dora.settlements.adjudicate(group, outcome, **how))
    done = dora.settlements.adjudicate(group, outcome, rationale="So it is.", **how)
    assert (done.stands, done.start, done.end, done.verdict, done.chosen) == wanted
    assert (done.by, done.rationale, done.quote) == ("Dora", "So it is.", TEXT[done.start : done.end])
    if "claim_text" in how:
        assert done.claim_text == "Mine."
    after = oracle.visible(desk.session.log.conn)
    assert {id: row for id, row in after.items() if id in before} == before
    assert (status(desk, claim), desk.claims.get(claim.id).verdict) == ("settled", wanted[3])
    assert desk.reviews.of(claim)[0].standing == "settled" and desk.library.shelf()[0].disputed == 0
    assert [one.claim.id for one in desk.comparison.settled(article)] == ([claim.id] if wanted[0] else [])
    assert [take.person for one in desk.comparison.settled(article) for take in one.takes] == (
        ["Ana", "Bob"] if wanted[0] else []
    )
    assert dora.comparison.compare(article).groups[0].settled == done
    assert "settled by Dora" in refused(desk, lambda: desk.claims.edit(claim.id, claimant="x"))
    desk.threads.comment(claim, "Comments stay open.")
    dora.history.undo()
    assert status(desk, claim) == "disputed" and desk.comparison.adjudications(article) == []
    dora.history.redo()
    assert desk.comparison.adjudications(article)[0].outcome == outcome and desk.upkeep.verify() == []


def test_an_outcome_needs_what_it_needs_and_nothing_else(desk: Desk, bob: Desk, article: Article, dora: Desk) -> None:
    claim = tagged(desk, article, SPANS[0], "mixed")
    bob.reviews.decide(claim, "change_verdict", verdict="refuted")
    (group,) = dora.comparison.compare(article).groups

    def says(outcome: str, **how: Any) -> str:
        return refused(dora, lambda: dora.settlements.adjudicate(group, outcome, rationale="So.", **how))

    assert "not an outcome" in says("third_correct")
    assert "needs a value" in says("own") and "needs a value" in says("merged")
    assert "belongs to merged or own" in says("first_correct", verdict="mixed")
    assert "Zed has said nothing" in says("second_correct", chosen="Zed")
    assert "no verdict" in says("own", verdict="nonsense")


def test_of_three_it_must_be_said_whose_values_are_taken(
    desk: Desk, bob: Desk, cy: Desk, article: Article, dora: Desk
) -> None:
    claim = tagged(desk, article, SPANS[0], "mixed")
    bob.reviews.decide(claim, "change_verdict", verdict="refuted")
    cy.reviews.decide(claim, "change_verdict", verdict="supported")
    (group,) = dora.comparison.compare(article).groups
    assert "one of Bob, Cy" in refused(
        dora, lambda: dora.settlements.adjudicate(group, "second_correct", rationale="So.")
    )
    done = dora.settlements.adjudicate(group, "second_correct", chosen="cy", rationale="So.")
    assert (done.chosen, done.verdict) == ("Cy", "supported")


def test_who_took_part_does_not_settle(desk: Desk, bob: Desk, article: Article, dora: Desk) -> None:
    claim = tagged(desk, article, SPANS[0], "mixed")
    bob.reviews.decide(claim, "reject_claim")
    (group,) = dora.comparison.compare(article).groups
    for party in (desk, bob):
        said = refused(party, lambda party=party: party.settlements.adjudicate(group, "first_correct", rationale="So."))  # type: ignore[misc]
        assert "took part" in said
    desk.schemes.use(scheme(anyone_adjudicates=True))
    assert desk.settlements.adjudicate(group, "second_correct", rationale="Bob is right.").stands is False


def test_nobody_settles_what_is_hidden_from_them(desk: Desk, bob: Desk, article: Article, dora: Desk) -> None:
    claim = tagged(desk, article, SPANS[0], "mixed")
    other = tagged(bob, article, (4, 37), "refuted")
    desk.assignments.assign([article], ["Dora"], "reviewer", blind="verdict")
    (group,) = dora.comparison.compare(article).groups
    assert {take.verdict for take in group.present} == {""}
    assert "hidden from you" in refused(
        dora, lambda: dora.settlements.adjudicate(group, "first_correct", rationale="So.")
    )
    assert "you took part in what is left" in refused(
        dora, lambda: dora.settlements.take_all(dora.comparison.compare(article), "Ana", "So.")
    )
    assert dora.claims.get(claim.id).verdict == dora.claims.get(other.id).verdict == ""


def test_two_claims_of_two_people_are_settled_together(desk: Desk, bob: Desk, article: Article, dora: Desk) -> None:
    mine, theirs = tagged(desk, article, SPANS[0], "mixed"), tagged(bob, article, (4, 37), "refuted")
    (group,) = dora.comparison.compare(article).groups
    done = dora.settlements.adjudicate(group, "second_correct", rationale="So.")
    assert (done.claim, done.beside, done.verdict) == (theirs.id, (mine.id,), "refuted")
    assert [one.claim.id for one in desk.comparison.settled(article)] == [theirs.id]
    assert {status(desk, mine), status(desk, theirs)} == {"settled"}
    (group,) = dora.comparison.compare(article).groups
    assert dora.settlements.adjudicate(group, "both_correct", rationale="Both.").claim == mine.id
    assert [one.claim.id for one in desk.comparison.settled(article)] == [mine.id, theirs.id]
    (group,) = dora.comparison.compare(article).groups
    dora.settlements.adjudicate(group, "nothing_here", rationale="None.")
    assert desk.comparison.settled(article) == [] and desk.conflicts.of() == []
    (group,) = dora.comparison.compare(article).groups
    assert "only they" in refused(bob, lambda: bob.settlements.unsettle(group))
    dora.settlements.unsettle(group)
    assert {status(desk, mine), status(desk, theirs)} == {"tagged"}
    assert "Nothing has been settled" in refused(
        dora, lambda: dora.settlements.unsettle(dora.comparison.compare(article).groups[0])
    )
    dora.history.undo()
    assert dora.comparison.compare(article).groups[0].settled is not None


def test_twins_stand_once(desk: Desk, article: Article, dora: Desk, open_desk: Callable[..., Desk]) -> None:
    twin(desk, article, SPANS[0], "mixed", open_desk("Manager"))
    assert kinds(dora, article) == ["agreed"] and len(desk.claims.of(article)) == 2
    assert dora.settlements.take_agreed(dora.comparison.compare(article)) == 1
    assert len(desk.comparison.settled(article)) == 1


def test_all_that_is_agreed_and_all_of_one_person_are_one_step(
    desk: Desk, bob: Desk, article: Article, dora: Desk
) -> None:
    claims = [tagged(desk, article, span, "mixed") for span in SPANS]
    bob.reviews.decide(claims[0], "agree")
    bob.reviews.decide(claims[1], "agree")
    bob.reviews.decide(claims[2], "change_verdict", verdict="refuted")
    assert dora.settlements.take_agreed(dora.comparison.compare(article)) == 2
    assert [status(desk, claim) for claim in claims] == ["settled", "settled", "disputed"]
    assert "Nothing of that kind" in refused(
        dora, lambda: dora.settlements.take_agreed(dora.comparison.compare(article))
    )
    dora.history.undo()
    assert [status(desk, claim) for claim in claims] == ["tagged", "tagged", "disputed"]
    assert "choose one of" in refused(
        dora, lambda: dora.settlements.take_all(dora.comparison.compare(article), "Zed", "So."), Unknown
    )
    assert "say why" in refused(dora, lambda: dora.settlements.take_all(dora.comparison.compare(article), "Bob", " "))
    assert dora.settlements.take_all(dora.comparison.compare(article), "bob", "Bob knows.") == 3
    assert [desk.claims.get(claim.id).verdict for claim in claims] == ["mixed", "mixed", "refuted"]
    dora.history.undo()
    assert desk.comparison.adjudications(article) == []
    assert "you took part" in refused(
        bob, lambda: bob.settlements.take_all(bob.comparison.compare(article), "Ana", "So.")
    )


def test_who_took_part_in_one_claim_takes_the_others(desk: Desk, bob: Desk, cy: Desk, article: Article) -> None:
    claims = [tagged(desk, article, span, "mixed") for span in SPANS[:2]]
    for claim in claims:
        bob.reviews.decide(claim, "agree")
    cy.reviews.decide(claims[0], "agree")
    assert cy.settlements.take_agreed(cy.comparison.compare(article, ["Ana", "Bob"])) == 1
    assert [status(desk, claim) for claim in claims] == ["tagged", "settled"]


# -- at the same time -----------------------------------------------------------------------------------------


def test_two_adjudicators_at_once_are_a_conflict_that_a_third_settles(
    desk: Desk, bob: Desk, cy: Desk, article: Article, dora: Desk
) -> None:
    claim = tagged(desk, article, SPANS[0], "mixed")
    bob.reviews.decide(claim, "change_verdict", verdict="refuted")
    one, other = cy.comparison.compare(article).groups[0], dora.comparison.compare(article).groups[0]
    cy.settlements.adjudicate(one, "first_correct", rationale="Ana.")
    dora.settlements.adjudicate(other, "second_correct", rationale="Bob.")
    (conflict,) = desk.conflicts.of()
    assert (conflict.kind, conflict.about) == ("adjudications", "C1")
    assert [contender.by for contender in conflict.contenders] == ["Cy", "Dora"]
    assert desk.claims.get(claim.id).conflict and desk.library.shelf()[0].article.id == article.id
    assert "took part" in refused(desk, lambda: desk.conflicts.settle(conflict, conflict.contenders[0]))
    assert dora.comparison.compare(article).groups[0].to_settle
    dora.conflicts.settle(conflict, conflict.contenders[0])
    assert not dora.comparison.compare(article).groups[0].to_settle
    assert desk.conflicts.of() == [] and desk.claims.get(claim.id).verdict == "mixed"
    assert desk.comparison.adjudications(article)[0].by == "Cy" and desk.upkeep.verify() == []


def test_a_place_settled_twice_at_once_is_one_conflict_in_words_and_is_settled_whole(
    desk: Desk, bob: Desk, cy: Desk, dora: Desk, article: Article, open_desk: Callable[..., Desk]
) -> None:
    mine, his = tagged(desk, article, SPANS[0], "mixed"), tagged(bob, article, (4, 37), "refuted")
    one, other = cy.comparison.compare(article).groups[0], dora.comparison.compare(article).groups[0]
    cy.settlements.adjudicate(one, "first_correct", rationale="Ana has the file.")
    dora.settlements.adjudicate(other, "second_correct", chosen="Bob", rationale="Bob was there.")
    (conflict,) = desk.conflicts.of()
    assert (conflict.about, len(conflict.beside)) == ("C2, C1", 1)
    assert conflicts_told_alike(desk) == {article.id: 1}
    assert [contender.words for contender in conflict.contenders] == [
        "settled C1: Ana is right, Mixed (“Ana has the file.”)",
        "settled C2: Bob is right, Refuted (“Bob was there.”)",
    ]
    assert desk.library.stats().conflicts == 1
    theirs, hers = conflict.contenders
    for party in (desk, bob):
        assert "took part" in refused(party, lambda who=party: who.conflicts.settle(conflict, theirs))
    assert "so yourself" in refused(dora, lambda: dora.conflicts.settle(conflict, hers))
    again = dora.comparison.compare(article).groups[0]
    assert "settled this independently" in refused(
        dora, lambda: dora.settlements.adjudicate(again, "second_correct", rationale="Bob.")
    )
    eve = open_desk("Eve")
    eve.conflicts.settle(eve.conflicts.of()[0], theirs)
    assert eve.conflicts.of() == []
    assert [(one.claim, one.by, one.stands) for one in eve.comparison.adjudications(article)] == [
        (mine.id, "Cy", True),
        (his.id, "Cy", False),
    ]
    eve.history.undo()
    assert {one.by for one in eve.comparison.adjudications(article)} == {"Dora"} and eve.upkeep.verify() == []


def test_what_another_adjudicator_has_handed_in_is_replaced_only_once_it_is_reopened(
    desk: Desk, bob: Desk, cy: Desk, dora: Desk, article: Article
) -> None:
    claim = tagged(desk, article, SPANS[0], "mixed")
    bob.reviews.decide(claim, "change_verdict", verdict="refuted")
    cy.settlements.adjudicate(cy.comparison.compare(article).groups[0], "first_correct", rationale="Ana.")
    cy.submissions.submit(article, "adjudicator")
    (group,) = dora.comparison.compare(article).groups
    assert "Cy's set on" in refused(
        dora, lambda: dora.settlements.adjudicate(group, "second_correct", rationale="Bob.")
    )
    refused(dora, lambda: dora.settlements.unsettle(group))
    assert desk.comparison.adjudications(article)[0].by == "Cy"
    cy.submissions.reopen(article, "adjudicator")
    dora.settlements.adjudicate(group, "second_correct", rationale="Bob.")
    assert desk.comparison.adjudications(article)[0].by == "Dora"


def test_history_and_undo_say_what_was_picked(desk: Desk, bob: Desk, dora: Desk, article: Article) -> None:
    tagged(desk, article, SPANS[0], "mixed")
    his = tagged(bob, article, (4, 37), "refuted")
    dora.settlements.adjudicate(
        dora.comparison.compare(article).groups[0], "second_correct", rationale="Bob was there."
    )
    assert dora.history.of(claim=his)[0].sentence == "settled C2: Bob is right, Refuted (“Bob was there.”)"
    assert dora.history.undo().sentence == "Undid: settled C2: Bob is right, Refuted (“Bob was there.”)"
    dora.settlements.adjudicate(
        dora.comparison.compare(article).groups[0], "own", verdict="mixed", span=SPANS[0], rationale="Both."
    )
    assert dora.history.undo().sentence.startswith("Undid: settled C1: the adjudicator’s own, Mixed, on “")


def test_who_has_seen_what_was_settled_may_settle_anew(
    desk: Desk, bob: Desk, cy: Desk, article: Article, dora: Desk
) -> None:
    claim = tagged(desk, article, SPANS[0], "mixed")
    bob.reviews.decide(claim, "change_verdict", verdict="refuted")
    cy.settlements.adjudicate(cy.comparison.compare(article).groups[0], "first_correct", rationale="Ana.")
    dora.settlements.adjudicate(dora.comparison.compare(article).groups[0], "second_correct", rationale="Bob.")
    assert desk.conflicts.of() == [] and desk.comparison.adjudications(article)[0].by == "Dora"
    told = [change.sentence for change in desk.history.of(claim=claim) if change.kind == "adjudications"]
    assert len(told) == 2


def test_a_claim_deleted_or_moved_behind_the_adjudicators_back(
    desk: Desk, bob: Desk, article: Article, dora: Desk
) -> None:
    claim = tagged(desk, article, SPANS[0], "mixed")
    bob.reviews.decide(claim, "reject_claim")
    group: Group = dora.comparison.compare(article).groups[0]
    desk.delete(desk.claims.get(claim.id))
    refused(dora, lambda: dora.settlements.adjudicate(group, "first_correct", rationale="So."), Unknown)
    with pytest.raises(Refused):
        dora.comparison.compare(article)
    desk.history.undo()
    dora.settlements.adjudicate(group, "first_correct", rationale="So.")
    found = dora.comparison.compare(article)
    other = tagged(desk, article, SPANS[1])
    assert "not among" in refused(dora, lambda: dora.comparison.group_of(other, found), Unknown)


def test_the_settled_stays_settled_when_a_verdict_is_retired(
    desk: Desk, bob: Desk, article: Article, dora: Desk
) -> None:
    claim = tagged(desk, article, SPANS[0], "mixed")
    bob.reviews.decide(claim, "agree")
    dora.settlements.take_agreed(dora.comparison.compare(article))
    dropped = scheme().replace('key = "mixed"', 'key = "blended"')
    assert "mixed (2)" in refused(desk, lambda: desk.schemes.use(dropped))
    desk.schemes.use(scheme().replace('key = "mixed"\n', 'key = "mixed"\nretired = true\n'))
    assert (
        desk.claims.get(claim.id).verdict == "mixed"
        and desk.comparison.settled(article)[0].adjudication.verdict == "mixed"
    )


def test_an_adjudicator_hands_in_when_the_sets_differ_nowhere_unsettled(
    desk: Desk, bob: Desk, dora: Desk, article: Article
) -> None:
    tagged(desk, article, SPANS[0], "mixed")
    tagged(bob, article, (4, 37), "mixed")
    tagged(bob, article, SPANS[1], "mixed")
    assert [one.words for one in dora.submissions.unfinished(article, "adjudicator")] == [
        "C1, C2: tagged with different edges",
        "C3: tagged by one person only",
    ]
    assert "C1, C2" in refused(dora, lambda: dora.submissions.submit(article, "adjudicator"))
    for group in dora.comparison.compare(article).groups:
        dora.settlements.adjudicate(group, "first_correct", rationale="So.")
    assert dora.submissions.unfinished(article, "adjudicator") == []
    assert dora.submissions.submit(article, "adjudicator").state == "submitted"


def test_a_conflict_goes_and_comes_back_with_its_claim(desk: Desk, bob: Desk, article: Article) -> None:
    claim = desk.claims.tag(article, *SPANS[0])
    seen = bob.claims.get(claim.id)
    desk.claims.edit(claim, claimant="She")
    bob.claims.edit(seen, claimant="He")
    assert len(desk.conflicts.of()) == 1
    desk.delete(desk.claims.get(claim.id))
    assert desk.conflicts.of() == [] and desk.library.stats().conflicts == 0
    desk.history.undo()
    assert len(desk.conflicts.of()) == 1
