"""Assignments: who gets what, never their own work, handed in and opened again."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable

import pytest

from store.desk import Desk
from store.errors import Refused, Unknown
from store.records import Article, Claim
from tests.kit.refusals import refused
from tests.kit.second_review import SPANS, scheme


@pytest.fixture
def articles(desk: Desk) -> list[Article]:
    return [desk.articles.add(f"Article {n} says so. And more.", title=f"Article {n}") for n in range(6)]


def held(desk: Desk) -> list[tuple[str, str, str]]:
    return [(desk.articles.get(one.article).title, one.reviewer, one.role) for one in desk.assignments.of()]


def test_articles_are_given_evenly_as_one_step_of_undo(desk: Desk, articles: list[Article]) -> None:
    made = desk.assignments.assign(articles, ["Bob", "Cy", "Dora"], "reviewer", each=1).all
    assert Counter(one.reviewer for one in made) == {"Bob": 2, "Cy": 2, "Dora": 2}
    assert [one.article for one in made] == [article.id for article in articles]
    again, new = desk.assignments.assign(articles, ["Bob", "Cy", "Dora"], "reviewer", each=1)
    assert new == [] and [one.id for one in again] == [one.id for one in made] and len(desk.assignments.of()) == 6
    two, new = desk.assignments.assign(articles, ["Bob", "Cy", "Dora"], "reviewer", each=2)
    assert {one.id for one in new} == {one.id for one in two} - {one.id for one in made}
    assert {one.id for one in made} <= {one.id for one in two} and len(desk.assignments.of()) == 12
    assert Counter(one.reviewer for one in desk.assignments.of()) == {"Bob": 4, "Cy": 4, "Dora": 4}
    desk.history.undo()
    assert [one.id for one in desk.assignments.of()] == [one.id for one in made]
    desk.history.undo()
    assert desk.assignments.of() == [] and len(desk.articles.all()) == 6


def test_nobody_gets_their_own_work(desk: Desk, bob: Desk, articles: list[Article]) -> None:
    bob.claims.tag(articles[0], 0, 7)
    made = desk.assignments.assign(articles[:2], ["Bob", "Cy"], "reviewer", each=1).all
    assert [one.reviewer for one in made] == ["Cy", "Bob"]
    assert "Bob worked on it" in refused(desk, lambda: desk.assignments.assign(articles[:1], ["Bob"], "reviewer"))
    said = refused(desk, lambda: desk.assignments.assign(articles[:1], ["Bob", "Cy"], "reviewer", each=2))
    assert "needs 2 as reviewer, and 1" in said
    said = refused(desk, lambda: desk.assignments.assign(articles, ["Cy"], "reviewer", each=2))
    assert "worked on it" not in said
    cy = desk
    cy.be("Cy")
    cy.reviews.decide(cy.claims.of(articles[0])[0], "agree")
    for name in ("Bob", "Cy"):
        assert name in refused(desk, lambda name=name: desk.assignments.assign(articles[:1], [name], "adjudicator"))  # type: ignore[misc]
    assert desk.assignments.assign(articles[:1], ["Dora"], "adjudicator").all[0].reviewer == "Dora"
    desk.schemes.use(scheme(anyone_adjudicates=True))
    assert desk.assignments.assign(articles[:1], ["Bob"], "adjudicator").all[0].reviewer == "Bob"


def test_with_whose_only_that_person_is_barred(desk: Desk, bob: Desk, articles: list[Article]) -> None:
    desk.claims.tag(articles[0], 0, 7)
    bob.claims.tag(articles[0], 0, 9)
    made = desk.assignments.assign(articles[:1], ["Ana", "Bob"], "reviewer", whose="ana").all
    assert [(one.reviewer, one.whose) for one in made] == [("Bob", "Ana")]
    assert [claim.checker for claim, _ in bob.reviews.queue(articles[0], made[0].whose).claims] == ["Ana"]
    assert len(bob.submissions.unfinished(articles[0], "reviewer")) == 1


@pytest.mark.parametrize(
    ("people", "role", "how", "says"),
    [
        (["Bob"], "boss", {}, "not a valid role"),
        (["Bob"], "reviewer", {"blind": "half"}, "not a valid blind level"),
        (["Bob"], "adjudicator", {"blind": "all"}, "nothing can be hidden"),
        (["Bob"], "checker", {"blind": "verdict"}, "first verdict"),
        ([], "reviewer", {}, "Name the people"),
        (["\n"], "reviewer", {}, "name"),
        (["Bob"], "reviewer", {"whose": "Anna"}, "did you mean Ana"),
        (["Bob"], "reviewer", {"whose": "Zoltán"}, "known are Ana"),
    ],
)
def test_what_cannot_be_assigned_is_refused(
    desk: Desk, articles: list[Article], people: list[str], role: str, how: dict[str, str], says: str
) -> None:
    assert says in refused(desk, lambda: desk.assignments.assign(articles, people, role, **how))  # type: ignore[arg-type]


def test_whoever_is_blind_to_all_has_somebody_to_be_compared_with(desk: Desk, articles: list[Article]) -> None:
    desk.claims.tag(articles[0], 0, 7)
    (made,) = desk.assignments.assign(articles[:1], ["Bob"], "reviewer", blind="all").all
    assert (made.reviewer, made.blind) == ("Bob", "all")
    assert held(desk) == [("Article 0", "Ana", "checker"), ("Article 0", "Bob", "reviewer")]


def test_take_the_next_one(desk: Desk, bob: Desk, articles: list[Article]) -> None:
    def taken() -> tuple[str, str]:
        work = bob.library.take_next()
        assert work is not None
        return work.article.title, work.assignment.role if work.assignment else ""

    assert taken() == ("Article 0", "")  # nothing is assigned: the first with something to check
    desk.assignments.assign(articles[1:4], ["Bob"], "reviewer")
    desk.claims.tag(articles[2], 0, 7)
    desk.claims.tag(articles[3], 0, 7)
    assert taken() == ("Article 2", "reviewer")  # in the first, there is nothing to review yet
    bob.reviews.decide(bob.claims.of(articles[3])[0], "agree")
    assert taken() == ("Article 3", "reviewer")
    bob.submissions.submit(articles[3], "reviewer")
    assert taken() == ("Article 2", "reviewer")
    desk.delete(articles[2])
    assert taken() == ("Article 1", "reviewer")


# -- handing in -----------------------------------------------------------------------------------------------


def test_a_checker_hands_in_what_is_finished(desk: Desk, article: Article) -> None:
    claim, bare = desk.claims.tag(article, *SPANS[0]), desk.claims.tag(article, *SPANS[1])
    desk.verdicts.give(claim, "refuted")
    said = refused(desk, lambda: desk.submissions.submit(article, "checker"))
    assert "C1: refuted needs" in said and "C2 has no verdict" in said
    desk.evidence.add(claim, "refutes", url="https://a.example")
    desk.verdicts.give(bare, "not_checkable", "It is an opinion.")
    desk.verdicts.justify(claim, "It says so.")
    assert desk.submissions.submit(article, "checker").state == "submitted"
    assert "already" in refused(desk, lambda: desk.submissions.submit(article, "checker"))
    desk.history.undo()
    assert [(one.state, one.reopened) for one in desk.assignments.of()] == [("open", 1)]
    desk.history.redo()
    assert [(one.state, one.reopened) for one in desk.assignments.of()] == [("submitted", 1)]


def test_a_reviewer_hands_in_what_is_reviewed_and_an_adjudicator_what_is_settled(
    desk: Desk, bob: Desk, article: Article, open_desk: Callable[..., Desk]
) -> None:
    claims = [desk.claims.tag(article, *span) for span in SPANS]
    bob.reviews.decide(claims[0], "reject_claim")
    left = bob.submissions.unfinished(article, "reviewer")
    assert [one.words for one in left] == ["C2 is not reviewed", "C3 is not reviewed"]
    assert [(bob.claims.get(one.claim).name, one.name) for one in left] == [("C2", "C2"), ("C3", "C3")]
    dora = open_desk("Dora")
    assert "C1 is in dispute" in refused(dora, lambda: dora.submissions.submit(article, "adjudicator"))
    for group in dora.comparison.compare(article).groups:
        dora.settlements.adjudicate(group, "first_correct", rationale="So it is.")
    assert bob.submissions.unfinished(article, "reviewer") == []
    assert [desk.submissions.submit(article, role).state for desk, role in ((bob, "reviewer"), (dora, "adjudicator"))]
    assert "submitted" in refused(dora, lambda: dora.settlements.unsettle(dora.comparison.compare(article).groups[0]))
    dora.submissions.reopen(article, "adjudicator")
    dora.settlements.unsettle(dora.comparison.compare(article).groups[0])


def test_a_set_that_is_in_is_closed_on_every_way_of_changing_it(desk: Desk, bob: Desk, article: Article) -> None:
    claim = desk.claims.tag(article, *SPANS[0])
    desk.verdicts.give(claim, "not_checkable", "It is an opinion.")
    evidence = desk.evidence.add(claim, "context", url="https://a.example")
    sweep = desk.sweeps.add(article, *SPANS[2])
    verdict = desk.verdicts.of(claim)[0]
    desk.submissions.submit(article, "checker")
    claim = desk.claims.get(claim.id)
    for act in (
        lambda: desk.claims.tag(article, *SPANS[1]),
        lambda: desk.claims.move(claim, 4, 37),
        lambda: desk.claims.edit(claim, claimant="Ri"),
        lambda: desk.verdicts.give(claim, "mixed"),
        lambda: desk.verdicts.justify(claim, "Because."),
        lambda: desk.evidence.add(claim, "context", url="https://b.example"),
        lambda: desk.evidence.edit(evidence, locator="p. 2"),
        lambda: desk.sweeps.add(article, *SPANS[1]),
        lambda: desk.delete(claim),
        lambda: desk.delete(evidence),
        lambda: desk.delete(verdict),
        lambda: desk.delete(sweep),
    ):
        assert "reopen it" in refused(desk, act)
    desk.threads.comment(claim, "Comments stay open.")
    theirs = bob.claims.tag(article, *SPANS[1])
    assert desk.reviews.decide(theirs, "agree").standing == "agreed"
    assert "reopen it" in refused(desk, lambda: desk.claims.tag(article, 0, 9))
    assert desk.reviews.missing(article, 0, 9, whose="Bob").decision == "missing_claim"


def test_reopening_is_counted_and_told(desk: Desk, article: Article) -> None:
    assert "submitted nothing" in refused(desk, lambda: desk.submissions.reopen(article, "checker"))
    for times in (1, 2):
        desk.submissions.submit(article, "checker")
        assert "submitted the checker's set" in desk.history.of(limit=1)[0].sentence
        opened = desk.submissions.reopen(article, "checker")
        assert (opened.state, opened.reopened) == ("open", times)
        assert "reopened the checker's set" in desk.history.of(limit=1)[0].sentence
    desk.claims.tag(article, *SPANS[0])
    desk.history.undo()
    desk.history.undo()
    found = desk.assignments.mine(article, "checker")
    assert found is not None and (found.state, found.reopened) == ("submitted", 2)


def test_a_reviewer_does_not_edit_what_is_the_checkers(desk: Desk, bob: Desk, article: Article) -> None:
    claim = desk.claims.tag(article, *SPANS[0])
    evidence = desk.evidence.add(claim, "supports", url="https://a.example")
    bob.reviews.decide(claim, "agree")
    for act in (
        lambda: bob.claims.move(claim, 4, 37),
        lambda: bob.claims.edit(claim, claimant="Ri"),
        lambda: bob.delete(claim),
        lambda: bob.delete(evidence),
        lambda: bob.evidence.edit(evidence, locator="p. 2"),
    ):
        assert "propose the change" in refused(bob, act)
    assert bob.delete(bob.evidence.add(claim, "refutes", url="https://b.example")) is None  # type: ignore[func-returns-value]


# -- states ---------------------------------------------------------------------------------------------------


def test_the_states_of_an_article(desk: Desk, bob: Desk, article: Article, open_desk: Callable[..., Desk]) -> None:
    def state() -> str:
        return desk.library.shelf()[0].state

    def finished(claim: Claim) -> Claim:
        desk.verdicts.give(claim, "not_checkable", "It is an opinion.")
        return desk.claims.get(claim.id)

    assert state() == "new"
    claim = finished(desk.claims.tag(article, *SPANS[0]))
    assert state() == "in progress"
    desk.submissions.submit(article, "checker")
    assert state() == "submitted"
    desk.assignments.assign([article], ["Bob"], "reviewer")
    assert state() == "in review"
    bob.reviews.decide(claim, "needs_evidence")
    assert state() == "disputed" and desk.library.shelf()[0].disputed == 1
    bob.reviews.decide(claim, "agree")
    assert state() == "in review" and desk.library.shelf()[0].reviewed == 1
    bob.submissions.submit(article, "reviewer")
    assert state() == "final"
    desk.submissions.reopen(article, "checker")
    assert state() == "in review"
    with pytest.raises(Unknown):
        desk.people.get("Nobody")
    with pytest.raises(Refused):
        desk.submissions.submit(article, "boss")


def test_without_a_role_the_only_set_is_meant_and_several_are_named(desk: Desk, articles: list[Article]) -> None:
    article = articles[0]
    desk.be("Bob")
    assert "done nothing" in refused(desk, lambda: desk.submissions.submit(article))
    desk.claims.tag(article, 0, 3)
    assert "C1 has no verdict" in refused(desk, lambda: desk.submissions.submit(article))
    desk.verdicts.give(desk.claims.of(article)[0], "not_checkable", "So.")
    assert "submitted nothing" in refused(desk, lambda: desk.submissions.reopen(article))
    assert desk.submissions.submit(article).role == desk.submissions.reopen(article).role == "checker"
    desk.assignments.assign([article], ["Bob"], "reviewer", whose="Ana")
    for ask in (lambda: desk.submissions.submit(article), lambda: desk.assignments.get(article, "bob")):
        assert "say --role checker or reviewer" in refused(desk, ask)
    assert desk.assignments.get(article, "bob", "reviewer").whose == "Ana"
    desk.submissions.submit(article, "checker")
    assert desk.submissions.submit(article).role == "reviewer", "the only one that is open"
    assert "say --role checker or reviewer" in refused(desk, lambda: desk.submissions.reopen(article))
    assert "see `factdesk assignments`" in refused(desk, lambda: desk.assignments.get(article, "Bob", "adjudicator"))
