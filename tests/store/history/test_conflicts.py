"""Deleting, and settling what two people changed without seeing each other."""

from __future__ import annotations

import pytest

from store import upkeep
from store.desk import Desk
from store.records import Article
from tests.kit.at_the_desk import FIRST
from tests.kit.refusals import refused


def test_deleting_a_claim_takes_what_hangs_on_it_and_undo_brings_all_back(desk: Desk, article: Article) -> None:
    claim = desk.tag(article, *FIRST)
    desk.give_verdict(claim, "mixed")
    desk.add_evidence(claim, "supports", url="https://a.example")
    desk.comment(claim, "Hm.")
    before = desk.stats()
    desk.delete(desk.claim(claim.id))
    assert desk.claims(article) == [] and desk.stats().evidence == desk.stats().comments == 0
    assert "C1" in desk.undo().sentence
    assert desk.stats() == before and desk.claim(claim.id).verdict == "mixed"


def test_deleting_an_article_takes_all_of_it(desk: Desk, article: Article) -> None:
    desk.give_verdict(desk.tag(article, *FIRST), "mixed")
    desk.sweep(article, 38, 96)
    before = desk.stats()
    desk.delete(article)
    assert desk.articles() == [] and desk.shelf() == [] and desk.search("Kursk") == []
    assert [a.title for a in desk.articles(deleted=True)] == ["Prisoners of war"]
    desk.undo()
    assert desk.stats() == before


def test_deleting_what_somebody_has_changed_meanwhile_waits_to_be_settled(
    desk: Desk, bob: Desk, article: Article
) -> None:
    claim = desk.tag(article, *FIRST)
    desk.give_verdict(claim, "mixed")
    bob.edit(bob.claim(claim.id), claimant="Ri")
    desk.delete(claim)
    shown = bob.claim(claim.id)
    assert shown.conflict and (shown.claimant, shown.verdict) == ("Ri", "mixed")
    (conflict,) = bob.conflicts(article)
    assert (conflict.kind, conflict.part, conflict.about) == ("claims", "deleted", "C1")
    assert [(one.by, one.values) for one in conflict.contenders] == [("Bob", {"deleted": 0}), ("Ana", {"deleted": 1})]
    assert bob.shelf()[0].conflicts == 1 == bob.stats().conflicts


@pytest.mark.parametrize("keep", [True, False])
def test_a_contested_delete_is_settled_either_way(desk: Desk, bob: Desk, article: Article, keep: bool) -> None:
    claim = desk.tag(article, *FIRST)
    desk.give_verdict(claim, "mixed")
    bob.edit(bob.claim(claim.id), claimant="Ri")
    desk.delete(claim)
    (conflict,) = bob.conflicts()
    bob.settle(conflict, conflict.contenders[0 if keep else 1])
    assert desk.conflicts() == [] and sum(desk.stats().verdicts.values()) == (1 if keep else 0)
    assert [c.claimant for c in desk.claims(article)] == (["Ri"] if keep else [])
    assert bool(desk.verdicts(claim)) is keep
    assert upkeep.verify(desk) == []


def test_a_conflict_is_settled_with_the_value_chosen(desk: Desk, bob: Desk, article: Article) -> None:
    claim = desk.tag(article, *FIRST)
    bob.edit(bob.claim(claim.id), claimant="Ri")
    assert desk.edit(claim, claimant="Baek").conflict
    (conflict,) = desk.conflicts()
    desk.settle(conflict, conflict.contenders[0])
    settled = bob.claim(claim.id)
    assert (settled.claimant, settled.conflict, desk.conflicts()) == ("Ri", False, [])


def test_a_conflict_that_has_changed_meanwhile_is_not_settled_blindly(desk: Desk, bob: Desk, article: Article) -> None:
    claim = desk.tag(article, *FIRST)
    bob.edit(bob.claim(claim.id), claimant="Ri")
    desk.edit(claim, claimant="Baek")
    (conflict,) = desk.conflicts()
    bob.settle(conflict, conflict.contenders[0])
    refused(desk, lambda: desk.settle(conflict, conflict.contenders[1]))
    assert desk.claim(claim.id).claimant == "Ri"
