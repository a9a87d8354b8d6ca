"""What blind review hides is in no export: each is searched for marks that only the hidden work bears."""

from __future__ import annotations

import io
from collections.abc import Callable
from pathlib import Path

import pytest

from store.desk import Desk
from store.formats import settled, tables
from store.formats.csv import claim_columns as csv_claims
from store.records import Article, Claim
from tests.kit.csv_files import rows_of


@pytest.fixture
def cy(desk: Desk, open_desk: Callable[..., Desk]) -> Desk:
    """Cy's window on the same file."""
    return open_desk("Cy")


def work(desk: Desk, article: Article) -> Claim:
    """Ana's work: what any reviewer under the level ``verdict`` may see is marked HIDDEN, all else SECRET."""
    claim = desk.claims.tag(article, 0, 13, claim_text="HIDDEN text", claimant="HIDDEN claimant", tags=["HIDDEN tag"])
    desk.verdicts.give(claim, "refuted", "SECRET why")
    desk.threads.comment(claim, "SECRET comment")
    desk.evidence.add(claim, "refutes", url="https://HIDDEN.example/", quote="HIDDEN quote", title="HIDDEN title")
    desk.sweeps.add(article, 80, 90)
    return desk.claims.get(claim.id)


def judged(claim: Claim, desk: Desk, *others: Desk) -> None:
    """What others say of it."""
    cy = others[0]
    cy.ticks.tick(desk.evidence.of(claim)[0], "doubted", "other", "SECRET tick")
    cy.reviews.decide(claim, "disagree", reason="missing_context", comment="SECRET review")
    desk.answers.answer(desk.reviews.of(claim)[0], "rejected", "SECRET answer")


def everything(desk: Desk, folder: Path) -> dict[str, str]:
    """All that is exported, file by file; the article's own words are no secret."""
    said = {}
    for name, write in (("csv", csv_claims.write), ("settled", settled.write)):
        stream = io.BytesIO()
        write(desk, stream)
        said[name] = stream.getvalue().decode()
    tables.write(desk, folder)
    return said | {path.name: path.read_text(encoding="utf-8") for path in folder.glob("*.csv")}


def marked(said: dict[str, str], *marks: str) -> list[tuple[str, str]]:
    return [(name, mark) for name, text in said.items() for mark in marks if mark in text]


def test_under_the_level_all_nothing_of_the_others_is_exported_until_both_have_submitted(
    desk: Desk, bob: Desk, cy: Desk, article: Article, tmp_path: Path
) -> None:
    claim = work(desk, article)
    judged(claim, desk, cy)
    desk.assignments.assign([article], ["Bob"], "reviewer", blind="all", whose="Ana")
    ids = [claim.id, *(piece.id for piece in desk.evidence.of(claim))]
    assert marked(everything(desk, tmp_path / "open"), "SECRET", "HIDDEN", *ids)
    assert marked(everything(bob, tmp_path / "blind"), "SECRET", "HIDDEN", *ids) == []
    mine = bob.claims.tag(article, 4, 13, claim_text="BOBS text")
    bob.evidence.add(mine, "supports", note="BOBS note")
    bob.verdicts.give(mine, "supported", "BOBS why")
    assert marked(everything(desk, tmp_path / "other way round"), "BOBS", mine.id) == []
    bob.submissions.submit(article, "reviewer")
    assert marked(everything(bob, tmp_path / "one"), "SECRET", "HIDDEN", *ids) == []
    desk.submissions.submit(article, "checker")
    told = {mark for _, mark in marked(everything(bob, tmp_path / "both"), "SECRET why", "HIDDEN text", *ids)}
    assert told == {"SECRET why", "HIDDEN text", *ids}
    assert marked(everything(desk, tmp_path / "both too"), "BOBS")


def test_under_the_level_verdict_no_verdict_nor_what_is_said_of_it_is_exported_before_ones_own(
    desk: Desk, bob: Desk, cy: Desk, article: Article, tmp_path: Path
) -> None:
    claim = work(desk, article)
    judged(claim, desk, cy)
    desk.assignments.assign([article], ["Bob"], "reviewer", blind="verdict", whose="Ana")
    said = everything(bob, tmp_path / "blind")
    assert marked(said, "SECRET", "refuted") == []
    assert "HIDDEN text" in said["csv"]
    (row,) = rows_of(said["csv"].encode())
    hidden = ("verdict", "last_reviewer", "status", "review_count", "disputed", "comment_count", "review_stale")
    assert [row[name] for name in hidden] == ["", "", "tagged", "0", "0", "0", "0"]
    cy.submissions.submit(article, "reviewer")
    assert marked(everything(bob, tmp_path / "still"), "SECRET") == []
    bob.reviews.decide(claim, "agree", verdict="refuted")
    told = everything(bob, tmp_path / "seen")
    assert {name for name, _ in marked(told, "SECRET")} == {
        "csv", "verdicts.csv", "comments.csv", "reviews.csv", "answers.csv", "ticks.csv", "changes.csv",
    }  # fmt: skip


def test_how_a_claim_was_settled_is_no_way_round(
    desk: Desk, bob: Desk, cy: Desk, open_desk: Callable[..., Desk], article: Article, tmp_path: Path
) -> None:
    claim = work(desk, article)
    judged(claim, desk, cy)
    desk.assignments.assign([article], ["Bob"], "reviewer", blind="verdict", whose="Ana")
    dora = open_desk("Dora")
    dora.settlements.adjudicate(
        dora.comparison.group_of(claim, dora.comparison.compare(article)),
        "own",
        rationale="SECRET so",
        verdict="outdated",
    )
    said = everything(bob, tmp_path / "blind")
    assert marked(said, "SECRET", "refuted", "outdated") == []
    assert rows_of(said["settled"].encode()) == []


def test_a_conflict_about_what_is_hidden_is_hidden_with_it(
    desk: Desk, bob: Desk, open_desk: Callable[..., Desk], article: Article, tmp_path: Path
) -> None:
    claim = work(desk, article)
    desk.assignments.assign([article], ["Bob"], "reviewer", blind="verdict", whose="Ana")
    (seen,) = desk.verdicts.of(claim)
    desk.verdicts.give(seen, "mixed", "SECRET one")
    open_desk("Ana").verdicts.give(seen, "supported", "SECRET two")
    assert {mark for _, mark in marked(everything(desk, tmp_path / "open"), "SECRET one", "SECRET two")} == {
        "SECRET one", "SECRET two",
    }  # fmt: skip
    said = everything(bob, tmp_path / "blind")
    assert marked(said, "SECRET") == []
    assert rows_of(said["csv"].encode())[0]["conflict"] == "0"
