"""Deleting, and settling what two people changed without seeing each other."""

from __future__ import annotations

import csv
from collections.abc import Callable
from pathlib import Path

import pytest

from store.desk import Desk
from store.formats import FORMATS
from store.history import conflicts
from store.records import Article
from tests.kit.at_the_desk import FIRST, conflicts_told_alike
from tests.kit.refusals import refused


def test_deleting_a_claim_takes_what_hangs_on_it_and_undo_brings_all_back(desk: Desk, article: Article) -> None:
    claim = desk.claims.tag(article, *FIRST)
    desk.verdicts.give(claim, "mixed")
    desk.evidence.add(claim, "supports", url="https://a.example")
    desk.threads.comment(claim, "Hm.")
    before = desk.library.stats()
    desk.delete(desk.claims.get(claim.id))
    assert desk.claims.of(article) == [] and desk.library.stats().evidence == desk.library.stats().comments == 0
    assert "C1" in desk.history.undo().sentence
    assert desk.library.stats() == before and desk.claims.get(claim.id).verdict == "mixed"


def test_deleting_an_article_takes_all_of_it(desk: Desk, article: Article) -> None:
    desk.verdicts.give(desk.claims.tag(article, *FIRST), "mixed")
    desk.sweeps.add(article, 38, 96)
    before = desk.library.stats()
    desk.delete(article)
    assert desk.articles.all() == [] and desk.library.shelf() == [] and desk.library.search("Kursk") == []
    assert [a.title for a in desk.articles.all(deleted=True)] == ["Prisoners of war"]
    desk.history.undo()
    assert desk.library.stats() == before


def test_deleting_what_somebody_has_changed_meanwhile_waits_to_be_settled(
    desk: Desk, bob: Desk, article: Article
) -> None:
    claim = desk.claims.tag(article, *FIRST)
    desk.verdicts.give(claim, "mixed")
    bob.claims.edit(bob.claims.get(claim.id), claimant="Ri")
    desk.delete(claim)
    shown = bob.claims.get(claim.id)
    assert shown.conflict and (shown.claimant, shown.verdict) == ("Ri", "mixed")
    (conflict,) = bob.conflicts.of(article)
    assert (conflict.kind, conflict.part, conflict.about) == ("claims", "deleted", "C1")
    assert [(one.by, one.values) for one in conflict.contenders] == [("Bob", {"deleted": 0}), ("Ana", {"deleted": 1})]
    assert bob.library.shelf()[0].conflicts == 1 == bob.library.stats().conflicts


@pytest.mark.parametrize("keep", [True, False])
def test_a_contested_delete_is_settled_either_way(desk: Desk, bob: Desk, article: Article, keep: bool) -> None:
    claim = desk.claims.tag(article, *FIRST)
    desk.verdicts.give(claim, "mixed")
    bob.claims.edit(bob.claims.get(claim.id), claimant="Ri")
    desk.delete(claim)
    (conflict,) = bob.conflicts.of()
    bob.conflicts.settle(conflict, conflict.contenders[0 if keep else 1])
    assert desk.conflicts.of() == [] and sum(desk.library.stats().verdicts.values()) == (1 if keep else 0)
    assert [c.claimant for c in desk.claims.of(article)] == (["Ri"] if keep else [])
    assert bool(desk.verdicts.of(claim)) is keep
    assert desk.upkeep.verify() == []


def test_a_conflict_is_settled_with_the_value_chosen(desk: Desk, bob: Desk, article: Article) -> None:
    claim = desk.claims.tag(article, *FIRST)
    bob.claims.edit(bob.claims.get(claim.id), claimant="Ri")
    assert desk.claims.edit(claim, claimant="Baek").conflict
    (conflict,) = desk.conflicts.of()
    desk.conflicts.settle(conflict, conflict.contenders[0])
    settled = bob.claims.get(claim.id)
    assert (settled.claimant, settled.conflict, desk.conflicts.of()) == ("Ri", False, [])


def test_a_conflict_that_has_changed_meanwhile_is_not_settled_blindly(desk: Desk, bob: Desk, article: Article) -> None:
    claim = desk.claims.tag(article, *FIRST)
    bob.claims.edit(bob.claims.get(claim.id), claimant="Ri")
    desk.claims.edit(claim, claimant="Baek")
    (conflict,) = desk.conflicts.of()
    bob.conflicts.settle(conflict, conflict.contenders[0])
    refused(desk, lambda: desk.conflicts.settle(conflict, conflict.contenders[1]))
    assert desk.claims.get(claim.id).claimant == "Ri"


def test_conflicts_of_all_kinds_are_counted_once_where_they_belong(desk: Desk, bob: Desk, article: Article) -> None:
    claim = desk.claims.tag(article, *FIRST)
    evidence = desk.evidence.add(claim, "supports", url="https://a.example")
    assert evidence.source
    for one, word in ((bob, "his"), (desk, "hers")):
        one.claims.edit(claim, claimant=word, tags=[word])
        one.evidence.edit(evidence, note=word)
        one.evidence.edit_source(evidence.source, title=word)
        one.articles.edit(article, title=word)
    assert desk.conflicts.counts() == {article.id: 4, "": 1} and len(desk.conflicts.of()) == 5
    assert desk.library.stats().conflicts == 5 and desk.library.shelf()[0].conflicts == 4
    desk.delete(desk.claims.get(claim.id))
    assert desk.conflicts.counts().total() == len(desk.conflicts.of())


@pytest.mark.parametrize("few", [500, 0])
def test_what_conflicts_in_one_article_is_found_there_alone_as_on_the_whole_desk(
    desk: Desk, open_desk: Callable[..., Desk], article: Article, monkeypatch: pytest.MonkeyPatch, few: int
) -> None:
    monkeypatch.setattr(conflicts, "_FEW", few)  # more are found from the article's items, not from the conflicts
    assert not conflicts_told_alike(desk)
    window = open_desk("Ana")
    for it in (article, desk.articles.add("Another text. It has a second sentence, and a third.", title="Other")):
        claim = desk.claims.tag(it, *FIRST)
        evidence = desk.evidence.add(claim, "supports", url="https://a.example")
        comment = desk.threads.comment(claim, "Hm.")
        for one, word in ((window, "there"), (desk, "here")):
            one.claims.edit(claim, claimant=word)
            one.evidence.edit(evidence, note=word)
            one.articles.edit(it, title=word)
            one.threads.edit(comment, word)
        assert conflicts_told_alike(desk)[it.id] == 4
    desk.delete(desk.claims.get(claim.id))
    assert conflicts_told_alike(desk) == conflicts_told_alike(window) == {article.id: 4, it.id: 1}


def test_your_value_theirs_or_another_one_settles_and_a_value_that_cannot_be_does_not(
    desk: Desk, bob: Desk, article: Article
) -> None:
    claim = desk.claims.tag(article, *FIRST)
    bob.claims.edit(bob.claims.get(claim.id), priority="high")
    desk.claims.edit(claim, priority="low")
    (conflict,) = desk.conflicts.of()
    assert (desk.conflicts.mine(conflict).by, desk.conflicts.theirs(conflict).by) == ("Ana", "Bob")
    assert (bob.conflicts.mine(conflict).by, bob.conflicts.theirs(conflict).by) == ("Bob", "Ana")
    assert [one.stands for one in conflict.contenders] == [False, True]
    refused(desk, lambda: desk.conflicts.settle_as(conflict, priority="urgent"))
    refused(desk, lambda: desk.conflicts.settle_as(conflict, claimant="Ri"))
    desk.conflicts.settle_as(conflict, priority="normal")
    assert desk.claims.get(claim.id).priority == "normal" and desk.conflicts.of() == []
    desk.history.undo()
    assert desk.claims.get(claim.id).priority == "low"


def test_exports_mark_what_waits_also_in_evidence(desk: Desk, bob: Desk, article: Article, tmp_path: Path) -> None:
    claim = desk.claims.tag(article, *FIRST)
    evidence = desk.evidence.add(claim, "supports", url="https://a.example")
    marks = []
    for turn in range(3):
        if turn == 1:
            bob.evidence.edit(evidence, note="his")
            desk.evidence.edit(evidence, note="hers")
        elif turn:
            (conflict,) = desk.conflicts.of()
            desk.conflicts.settle(conflict, desk.conflicts.mine(conflict))
        FORMATS["csv"].write(desk, tmp_path / f"{turn}.csv")
        with (tmp_path / f"{turn}.csv").open(encoding="utf-8", newline="") as file:
            marks.append([row["conflict"] for row in csv.DictReader(file)])
    assert marks == [["0"], ["1"], ["0"]]


def test_undoing_how_a_conflict_was_settled_brings_it_back(desk: Desk, article: Article, tmp_path: Path) -> None:
    claim = desk.claims.tag(article, *FIRST)
    with Desk.open(desk.backup(tmp_path / "bob.db"), "Bob") as bob:
        desk.claims.edit(claim, claimant="Ana's")
        bob.claims.edit(claim.id, claimant="Bob's")
        desk.merges.merge([tmp_path / "bob.db"])
        (found,) = desk.conflicts.of()
        for chosen in found.contenders:  # also the one that stands, which changes nothing that is seen
            desk.conflicts.settle(found, chosen)
            assert desk.conflicts.of() == [] and desk.claims.get(claim.id).claimant == chosen.values["claimant"]
            bob.merges.merge([desk.path])
            assert bob.conflicts.of() == []
            desk.history.undo()
            assert desk.conflicts.of() == [found] and desk.claims.get(claim.id).conflict
            desk.history.redo()
            assert desk.conflicts.of() == []
            desk.history.undo()
            bob.merges.merge([desk.path])
            assert bob.conflicts.of() == desk.conflicts.of() == [found]
        assert desk.upkeep.verify() == bob.upkeep.verify() == []


def test_what_was_built_on_a_settled_conflict_contends_with_its_undoing(
    desk: Desk, article: Article, tmp_path: Path
) -> None:
    claim = desk.claims.tag(article, *FIRST)
    with Desk.open(desk.backup(tmp_path / "bob.db"), "Bob") as bob:
        desk.claims.edit(claim, claimant="Ana's")
        bob.claims.edit(claim.id, claimant="Bob's")
        desk.merges.merge([tmp_path / "bob.db"])
        (found,) = desk.conflicts.of()
        desk.conflicts.settle(found, found.contenders[0])
        bob.merges.merge([desk.path])
        bob.claims.edit(claim.id, claimant="Bob's new")
        desk.history.undo()
        desk.merges.merge([tmp_path / "bob.db"])
        (now,) = desk.conflicts.of()
        assert "Bob's new" in [one.values["claimant"] for one in now.contenders] and desk.upkeep.verify() == []
