"""What is submitted, settled or somebody else's stays as it is, by whatever way one tries to change it."""

from __future__ import annotations

import io
from collections.abc import Callable

import pytest

from store.desk import Desk
from store.errors import Refused
from store.formats.csv import claim_columns as csv_claims
from store.formats.csv import claim_import as csv_import
from store.records import Article
from store.scheme import load
from tests.kit.second_review import SPANS, status


def settled(desk: Desk, bob: Desk, dora: Desk, article: Article) -> str:
    """Ana's claim, that Bob objects to and Dora has settled; its id."""
    claim = desk.claims.tag(article, *SPANS[0])
    desk.verdicts.give(claim, "not_checkable", "An opinion.")
    bob.reviews.decide(claim.id, "reject_claim")
    dora.settlements.adjudicate(
        dora.comparison.compare(article).groups[0], "nothing_here", rationale="It is an opinion."
    )
    return claim.id


@pytest.fixture
def dora(open_desk: Callable[..., Desk]) -> Desk:
    return open_desk("Dora")


# -- settled --------------------------------------------------------------------------------------------------


def test_undo_does_not_reach_what_is_settled(desk: Desk, bob: Desk, dora: Desk, article: Article) -> None:
    claim = settled(desk, bob, dora, article)
    with pytest.raises(Refused, match="C1 is settled by Dora"):
        desk.history.undo()
    assert desk.verdicts.of(claim)[0].verdict == "not_checkable"
    dora.history.undo()
    assert "gave C1 the verdict" in desk.history.undo().sentence
    dora.history.redo()
    with pytest.raises(Refused, match="C1 is settled by Dora"):
        desk.history.redo()
    assert status(desk, claim) == "settled"


def test_reopening_a_set_does_not_open_what_is_settled(desk: Desk, bob: Desk, dora: Desk, article: Article) -> None:
    desk.verdicts.give(desk.claims.tag(article, *SPANS[1]), "not_checkable", "An opinion.")
    desk.verdicts.give(desk.claims.tag(article, *SPANS[0]), "not_checkable", "An opinion.")
    desk.submissions.submit(article, "checker")
    bob.reviews.decide(desk.claims.of(article)[0].id, "reject_claim")
    dora.settlements.adjudicate(dora.comparison.compare(article).groups[0], "nothing_here", rationale="It is one.")
    desk.submissions.reopen(article, "checker")
    claim = desk.claims.of(article)[0]
    for act in (
        lambda: desk.delete(claim),
        lambda: desk.claims.move(claim, 0, 9),
        lambda: desk.claims.edit(claim, claimant="She"),
    ):
        with pytest.raises(Refused, match="C2 is settled by Dora"):
            act()
    assert [one.quote for one in desk.claims.of(article)] == [claim.quote, desk.claims.of(article)[1].quote]


# -- submitted ------------------------------------------------------------------------------------------------


def test_undoing_a_submission_is_a_reopening_on_record(desk: Desk, article: Article) -> None:
    desk.assignments.assign([article], ["Ana"], "checker")
    for times in (1, 2):
        desk.submissions.submit(article, "checker")
        desk.history.undo()
        (one,) = desk.assignments.of()
        assert (one.state, one.reopened) == ("open", times)


def test_an_article_with_a_submitted_set_stays(desk: Desk, bob: Desk, article: Article) -> None:
    bob.submissions.submit(article, "checker")
    with pytest.raises(Refused, match="sets that are submitted"):
        desk.delete(article)
    bob.submissions.reopen(article, "checker")
    desk.assignments.assign([article], ["Cy"], "reviewer")
    desk.be("Cy")
    with pytest.raises(Refused, match="given to you to review"):
        desk.delete(article)
    desk.be("Ana")
    desk.delete(article)
    assert desk.articles.all() == []


def test_import_writes_nothing_into_a_submitted_set_or_a_settled_claim(
    desk: Desk, bob: Desk, dora: Desk, article: Article
) -> None:
    settled(desk, bob, dora, article)
    whole = io.BytesIO()
    csv_claims.write(desk, whole)
    late = f"article_id,start,end,quote,checker\n{article.id},38,42,{desk.articles.text(article)[38:42]},Ana\n".encode()
    assert csv_import.read(desk, io.BytesIO(late)).claims == 1
    desk.history.undo()
    desk.verdicts.give(desk.claims.tag(article, *SPANS[2]), "not_checkable", "An opinion.")
    desk.submissions.submit(article, "checker")
    dora.be("Importer")
    with pytest.raises(csv_import.ImportRefused, match=r"Row 2: Ana's set on .* is submitted"):
        csv_import.read(dora, io.BytesIO(late))
    assert len(desk.claims.of(article)) == 2
    assert csv_import.read(dora, io.BytesIO(whole.getvalue())).known == 1


# -- somebody else's ------------------------------------------------------------------------------------------


def test_nobody_rewrites_or_deletes_what_others_said(desk: Desk, bob: Desk, article: Article) -> None:
    comment = desk.threads.comment(desk.claims.tag(article, *SPANS[0]), "Who counted?")
    with pytest.raises(Refused, match="That comment is Ana's"):
        bob.threads.edit(comment, "Nobody did.")
    with pytest.raises(Refused, match="said by Ana"):
        bob.delete(comment)
    assert bob.threads.of(comment.claim)[0].body == "Who counted?"
    assert bob.threads.resolve(comment).resolved


def test_a_source_that_finished_work_rests_on_is_only_filled_up(desk: Desk, bob: Desk, article: Article) -> None:
    claim = desk.claims.tag(article, *SPANS[0])
    desk.evidence.add(claim, "supports", url="https://a.example/x", title="One")
    desk.verdicts.give(claim, "supported", "It says so.")
    mine = bob.claims.tag(article, *SPANS[1])
    desk.submissions.submit(article, "checker")
    source = bob.evidence.add(mine, "refutes", url="https://a.example/x", title="Two", tier="primary").source
    assert source is not None and (source.title, source.tier) == ("One", "primary")
    with pytest.raises(Refused, match="Ana cites this source in work that is finished"):
        bob.evidence.edit_source(source, title="Two")
    assert bob.evidence.edit_source(source, publisher="The Times").publisher == "The Times"


# -- kept apart -----------------------------------------------------------------------------------------------


def test_what_was_given_is_not_given_on_other_terms(desk: Desk, article: Article) -> None:
    desk.claims.tag(article, *SPANS[0])
    desk.assignments.assign([article], ["Bob"], "reviewer")
    with pytest.raises(Refused, match=r"Bob has .* as reviewer already \(blind: open\): take that back first"):
        desk.assignments.assign([article], ["Bob"], "reviewer", blind="all")
    assert [one.blind for one in desk.assignments.of()] == ["open"]
    assert [one.reviewer for one in desk.assignments.assign([article], ["Bob"], "reviewer").all] == ["Bob"]


def test_who_is_compared_with_the_blind_has_a_set_from_the_start(
    desk: Desk, bob: Desk, open_desk: Callable[..., Desk], article: Article
) -> None:
    manager = open_desk("Manager")
    manager.assignments.assign([article], ["Ana"], "checker")
    manager.delete(manager.assignments.of()[0])
    manager.assignments.assign([article], ["Bob"], "reviewer", blind="all", whose="Ana")
    assert {(one.reviewer, one.role) for one in manager.assignments.of()} == {("Ana", "checker"), ("Bob", "reviewer")}
    bob.verdicts.give(bob.claims.tag(article, *SPANS[0]), "not_checkable", "An opinion.")
    bob.submissions.submit(article, "reviewer")
    assert desk.claims.of(article) == [] and len(manager.claims.of(article)) == 1


def test_who_begins_beside_the_blind_gets_a_set(
    desk: Desk, bob: Desk, open_desk: Callable[..., Desk], article: Article
) -> None:
    manager = open_desk("Manager")
    manager.assignments.assign([article], ["Bob"], "reviewer", blind="all")
    bob.verdicts.give(bob.claims.tag(article, *SPANS[0]), "not_checkable", "An opinion.")
    desk.claims.tag(article, *SPANS[1])
    assert {(one.reviewer, one.role) for one in manager.assignments.of()} == {("Ana", "checker"), ("Bob", "reviewer")}
    bob.submissions.submit(article, "reviewer")
    assert [one.quote for one in desk.claims.of(article)] == [desk.articles.text(article)[slice(*SPANS[1])]]


def test_a_late_blind_reviewer_opens_no_second_set(
    desk: Desk, bob: Desk, open_desk: Callable[..., Desk], article: Article
) -> None:
    manager = open_desk("Manager")
    manager.assignments.assign([article], ["Bob"], "reviewer", blind="all")
    bob.verdicts.give(bob.claims.tag(article, *SPANS[0]), "not_checkable", "An opinion.")
    bob.submissions.submit(article, "reviewer")
    manager.assignments.assign([article], ["Cy"], "reviewer", blind="all")
    assert {(one.reviewer, one.role) for one in manager.assignments.of()} == {("Bob", "reviewer"), ("Cy", "reviewer")}


def test_nobody_takes_back_what_keeps_others_work_from_them(
    desk: Desk, bob: Desk, open_desk: Callable[..., Desk], article: Article
) -> None:
    manager = open_desk("Manager")
    desk.claims.tag(article, *SPANS[1])
    blind = desk.assignments.assign([article], ["Bob"], "reviewer", blind="all").all[0]
    bob.claims.tag(article, *SPANS[0])
    with pytest.raises(Refused, match="hidden from you"):
        desk.delete(blind)
    with pytest.raises(Refused, match="hidden from you"):
        desk.history.undo()
    assert len(desk.claims.of(article)) == 1
    manager.delete(blind)
    assert len(desk.claims.of(article)) == 2


def test_a_scheme_is_refused_without_telling_what_is_hidden(desk: Desk, bob: Desk, article: Article) -> None:
    claim = desk.claims.tag(article, *SPANS[0])
    desk.verdicts.give(claim, "misleading", "Half of it.")
    desk.assignments.assign([article], ["Bob"], "reviewer", blind="verdict")
    other = load("truth6").toml
    with pytest.raises(Refused, match=r"misleading \(1\)"):
        desk.schemes.use(other)
    with pytest.raises(Refused, match="nobody says") as said:
        bob.schemes.use(other)
    assert "misleading" not in str(said.value)
    told = []
    for key in ("misleading", "outdated"):  # the one is in use, the other is not
        head, *verdicts = load("desk").toml.split("[[verdict]]")
        fewer = "[[verdict]]".join([head, *(one for one in verdicts if f'key = "{key}"' not in one)])
        with pytest.raises(Refused) as said:
            bob.schemes.use(fewer)
        told.append(str(said.value))
    assert told[0] == told[1]


def test_a_refused_undo_names_nobody_who_is_hidden(bob: Desk, desk: Desk, open_desk: Callable[..., Desk]) -> None:
    page = bob.articles.add("It rained on 5 May.", title="Rain")
    manager = open_desk("Manager")
    manager.assignments.assign([page], ["Ana"], "checker")
    manager.assignments.assign([page], ["Bob"], "reviewer", blind="all", whose="Ana")
    desk.claims.tag(page, 0, 9)
    with pytest.raises(Refused, match="Nothing was undone or redone: others have built on it since"):
        bob.history.undo()
