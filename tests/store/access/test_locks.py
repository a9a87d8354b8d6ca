"""What is submitted, settled or somebody else's stays as it is, by whatever way one tries to change it."""

from __future__ import annotations

import io
from collections.abc import Callable

import pytest

from store.desk import Desk
from store.errors import Refused
from store.formats.csv import claims as csv_claims
from store.formats.csv import reader as csv_import
from store.records import Article
from store.scheme import load
from tests.kit.second_review import SPANS, status


def settled(desk: Desk, bob: Desk, dora: Desk, article: Article) -> str:
    """Ana's claim, that Bob objects to and Dora has settled; its id."""
    claim = desk.tag(article, *SPANS[0])
    desk.give_verdict(claim, "not_checkable", "An opinion.")
    bob.review(claim.id, "reject_claim")
    dora.adjudicate(dora.compare(article).groups[0], "nothing_here", rationale="It is an opinion.")
    return claim.id


@pytest.fixture
def dora(open_desk: Callable[..., Desk]) -> Desk:
    return open_desk("Dora")


# -- settled --------------------------------------------------------------------------------------------------


def test_undo_does_not_reach_what_is_settled(desk: Desk, bob: Desk, dora: Desk, article: Article) -> None:
    claim = settled(desk, bob, dora, article)
    with pytest.raises(Refused, match="C1 is settled by Dora"):
        desk.undo()
    assert desk.verdicts(claim)[0].verdict == "not_checkable"
    dora.undo()
    assert "gave C1 the verdict" in desk.undo().sentence
    dora.redo()
    with pytest.raises(Refused, match="C1 is settled by Dora"):
        desk.redo()
    assert status(desk, claim) == "settled"


def test_reopening_a_set_does_not_open_what_is_settled(desk: Desk, bob: Desk, dora: Desk, article: Article) -> None:
    desk.give_verdict(desk.tag(article, *SPANS[1]), "not_checkable", "An opinion.")
    desk.give_verdict(desk.tag(article, *SPANS[0]), "not_checkable", "An opinion.")
    desk.submit(article, "checker")
    bob.review(desk.claims(article)[0].id, "reject_claim")
    dora.adjudicate(dora.compare(article).groups[0], "nothing_here", rationale="It is one.")
    desk.reopen(article, "checker")
    claim = desk.claims(article)[0]
    for act in (lambda: desk.delete(claim), lambda: desk.move(claim, 0, 9), lambda: desk.edit(claim, claimant="She")):
        with pytest.raises(Refused, match="C2 is settled by Dora"):
            act()
    assert [one.quote for one in desk.claims(article)] == [claim.quote, desk.claims(article)[1].quote]


# -- submitted ------------------------------------------------------------------------------------------------


def test_undoing_a_submission_is_a_reopening_on_record(desk: Desk, article: Article) -> None:
    desk.assign([article], ["Ana"], "checker")
    for times in (1, 2):
        desk.submit(article, "checker")
        desk.undo()
        (one,) = desk.assignments()
        assert (one.state, one.reopened) == ("open", times)


def test_an_article_with_a_submitted_set_stays(desk: Desk, bob: Desk, article: Article) -> None:
    bob.submit(article, "checker")
    with pytest.raises(Refused, match="sets that are submitted"):
        desk.delete(article)
    bob.reopen(article, "checker")
    desk.assign([article], ["Cy"], "reviewer")
    desk.be("Cy")
    with pytest.raises(Refused, match="given to you to review"):
        desk.delete(article)
    desk.be("Ana")
    desk.delete(article)
    assert desk.articles() == []


def test_import_writes_nothing_into_a_submitted_set_or_a_settled_claim(
    desk: Desk, bob: Desk, dora: Desk, article: Article
) -> None:
    settled(desk, bob, dora, article)
    whole = io.BytesIO()
    csv_claims.write(desk, whole)
    late = f"article_id,start,end,quote,checker\n{article.id},38,42,{desk.text(article)[38:42]},Ana\n".encode()
    assert csv_import.read(desk, io.BytesIO(late)).claims == 1
    desk.undo()
    desk.give_verdict(desk.tag(article, *SPANS[2]), "not_checkable", "An opinion.")
    desk.submit(article, "checker")
    dora.be("Importer")
    with pytest.raises(csv_import.ImportRefused, match=r"Row 2: Ana's set on .* is submitted"):
        csv_import.read(dora, io.BytesIO(late))
    assert len(desk.claims(article)) == 2
    assert csv_import.read(dora, io.BytesIO(whole.getvalue())).known == 1


# -- somebody else's ------------------------------------------------------------------------------------------


def test_nobody_rewrites_or_deletes_what_others_said(desk: Desk, bob: Desk, article: Article) -> None:
    comment = desk.comment(desk.tag(article, *SPANS[0]), "Who counted?")
    with pytest.raises(Refused, match="That comment is Ana's"):
        bob.edit_comment(comment, "Nobody did.")
    with pytest.raises(Refused, match="said by Ana"):
        bob.delete(comment)
    assert bob.comments(comment.claim)[0].body == "Who counted?"
    assert bob.resolve(comment).resolved


def test_a_source_that_finished_work_rests_on_is_only_filled_up(desk: Desk, bob: Desk, article: Article) -> None:
    claim = desk.tag(article, *SPANS[0])
    desk.add_evidence(claim, "supports", url="https://a.example/x", title="One")
    desk.give_verdict(claim, "supported", "It says so.")
    mine = bob.tag(article, *SPANS[1])
    desk.submit(article, "checker")
    source = bob.add_evidence(mine, "refutes", url="https://a.example/x", title="Two", tier="primary").source
    assert source is not None and (source.title, source.tier) == ("One", "primary")
    with pytest.raises(Refused, match="Ana cites this source in work that is finished"):
        bob.edit_source(source, title="Two")
    assert bob.edit_source(source, publisher="The Times").publisher == "The Times"


# -- kept apart -----------------------------------------------------------------------------------------------


def test_what_was_given_is_not_given_on_other_terms(desk: Desk, article: Article) -> None:
    desk.tag(article, *SPANS[0])
    desk.assign([article], ["Bob"], "reviewer")
    with pytest.raises(Refused, match=r"Bob has .* as reviewer already \(blind: open\): take that back first"):
        desk.assign([article], ["Bob"], "reviewer", blind="all")
    assert [one.blind for one in desk.assignments()] == ["open"]
    assert [one.reviewer for one in desk.assign([article], ["Bob"], "reviewer")] == ["Bob"]


def test_who_is_compared_with_the_blind_has_a_set_from_the_start(
    desk: Desk, bob: Desk, open_desk: Callable[..., Desk], article: Article
) -> None:
    manager = open_desk("Manager")
    manager.assign([article], ["Ana"], "checker")
    manager.delete(manager.assignments()[0])
    manager.assign([article], ["Bob"], "reviewer", blind="all", whose="Ana")
    assert {(one.reviewer, one.role) for one in manager.assignments()} == {("Ana", "checker"), ("Bob", "reviewer")}
    bob.give_verdict(bob.tag(article, *SPANS[0]), "not_checkable", "An opinion.")
    bob.submit(article, "reviewer")
    assert desk.claims(article) == [] and len(manager.claims(article)) == 1


def test_who_begins_beside_the_blind_gets_a_set(
    desk: Desk, bob: Desk, open_desk: Callable[..., Desk], article: Article
) -> None:
    manager = open_desk("Manager")
    manager.assign([article], ["Bob"], "reviewer", blind="all")
    bob.give_verdict(bob.tag(article, *SPANS[0]), "not_checkable", "An opinion.")
    desk.tag(article, *SPANS[1])
    assert {(one.reviewer, one.role) for one in manager.assignments()} == {("Ana", "checker"), ("Bob", "reviewer")}
    bob.submit(article, "reviewer")
    assert [one.quote for one in desk.claims(article)] == [desk.text(article)[slice(*SPANS[1])]]


def test_a_late_blind_reviewer_opens_no_second_set(
    desk: Desk, bob: Desk, open_desk: Callable[..., Desk], article: Article
) -> None:
    manager = open_desk("Manager")
    manager.assign([article], ["Bob"], "reviewer", blind="all")
    bob.give_verdict(bob.tag(article, *SPANS[0]), "not_checkable", "An opinion.")
    bob.submit(article, "reviewer")
    manager.assign([article], ["Cy"], "reviewer", blind="all")
    assert {(one.reviewer, one.role) for one in manager.assignments()} == {("Bob", "reviewer"), ("Cy", "reviewer")}


def test_nobody_takes_back_what_keeps_others_work_from_them(
    desk: Desk, bob: Desk, open_desk: Callable[..., Desk], article: Article
) -> None:
    manager = open_desk("Manager")
    desk.tag(article, *SPANS[1])
    blind = desk.assign([article], ["Bob"], "reviewer", blind="all")[0]
    bob.tag(article, *SPANS[0])
    with pytest.raises(Refused, match="hidden from you"):
        desk.delete(blind)
    with pytest.raises(Refused, match="hidden from you"):
        desk.undo()
    assert len(desk.claims(article)) == 1
    manager.delete(blind)
    assert len(desk.claims(article)) == 2


def test_a_scheme_is_refused_without_telling_what_is_hidden(desk: Desk, bob: Desk, article: Article) -> None:
    claim = desk.tag(article, *SPANS[0])
    desk.give_verdict(claim, "misleading", "Half of it.")
    desk.assign([article], ["Bob"], "reviewer", blind="verdict")
    other = load("truth6").toml
    with pytest.raises(Refused, match=r"misleading \(1\)"):
        desk.use_scheme(other)
    with pytest.raises(Refused, match="nobody says") as said:
        bob.use_scheme(other)
    assert "misleading" not in str(said.value)
    told = []
    for key in ("misleading", "outdated"):  # the one is in use, the other is not
        head, *verdicts = load("desk").toml.split("[[verdict]]")
        fewer = "[[verdict]]".join([head, *(one for one in verdicts if f'key = "{key}"' not in one)])
        with pytest.raises(Refused) as said:
            bob.use_scheme(fewer)
        told.append(str(said.value))
    assert told[0] == told[1]


def test_a_refused_undo_names_nobody_who_is_hidden(bob: Desk, desk: Desk, open_desk: Callable[..., Desk]) -> None:
    page = bob.add_article("It rained on 5 May.", title="Rain")
    manager = open_desk("Manager")
    manager.assign([page], ["Ana"], "checker")
    manager.assign([page], ["Bob"], "reviewer", blind="all", whose="Ana")
    desk.tag(page, 0, 9)
    with pytest.raises(Refused, match="Nothing was undone or redone: others have built on it since"):
        bob.undo()
