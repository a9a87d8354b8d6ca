"""Linear mode: settling what people disagree on, through a pipe."""

from __future__ import annotations

from pathlib import Path

import pytest

from store.desk import Desk
from store.log.log import Edit
from tests.kit.at_the_article import SENTENCES, TEXT, span
from tests.kit.pipes import piped


@pytest.fixture
def two_sets(ana: Path) -> Path:
    """Ana has checked six sentences; Bo agrees on the first and differs on the others."""
    with Desk.open(ana / "desk.db", "Ana") as desk:
        article = desk.articles.add(TEXT, title="Bridge")
        for quote in SENTENCES[:6]:
            claim = desk.claims.tag(article, *span(TEXT, quote))
            desk.evidence.add(claim, "supports", quote="So it was.", url="https://a.test/log")
            desk.verdicts.give(claim, "supported", "The log says so.")
        desk.be("Bo")
        first, *others = desk.claims.of(article)
        desk.reviews.decide(first, "agree")
        for claim in others:
            desk.reviews.decide(claim, "change_verdict", verdict="refuted", justification="It does not.")
    return ana / "desk.db"


def test_each_way_to_settle_a_place_goes_through_a_pipe(two_sets: Path) -> None:
    said = piped("Eva", "compare", 1, answers=[
        "first", "The log is right.", "second", "", "both Both count.", "neither Nobody knows.", "own", "3", "1-2",
        "", "The words were too many.", "back", "back", "nothing Nothing here.", "undo", "redo", "state",
        "agreed", "list", "submit", "state", "reopen", "quit",
    ])  # fmt: skip
    assert "Your set is submitted: say reopen to change it." in said
    assert "5 places to settle for you" in said
    assert "Ana: Supported." in said and "Bo: Refuted." in said and "It does not." in said
    assert "Settled by Eva: Ana is right, Supported. The log is right." in said
    assert "Nothing is left to settle for you." in said and "Submitted." in said and "Reopened" in said
    with Desk.open(two_sets, "Eva") as desk:
        found = {one.claim.name: one.adjudication for one in desk.comparison.settled("1")}
        outcomes = {one.outcome for one in desk.comparison.adjudications("1")}
    assert found["C2"].outcome == "first_correct" and found["C2"].rationale == "The log is right."
    assert found["C3"].outcome == "second_correct" and found["C3"].rationale == "The log is right."
    assert {"both_correct", "own", "nothing_here"} <= outcomes and "C5" not in found
    assert (found["C6"].quote, found["C6"].verdict) == (" ".join(SENTENCES[5].split()[:2]), "mixed")


def test_a_place_is_merged_and_everything_else_taken_as_one_has_it(two_sets: Path) -> None:
    said = piped("Eva", "compare", 1, answers=[
        "merged", "1", "2", "Both are needed.", "back", "takeback", "merged", "1", "2", "Both are needed.",
        "all Bo", "Bo had the records.", "quit",
    ])  # fmt: skip
    assert "Taken back: this place is open again." in said
    with Desk.open(two_sets, "Eva") as desk:
        found = {one.claim.name: one.adjudication for one in desk.comparison.settled("1")}
    assert (found["C2"].outcome, found["C2"].verdict) == ("merged", "refuted")
    assert {found[f"C{n}"].verdict for n in (3, 4, 5, 6)} == {"refuted"}


def test_who_took_part_is_told_before_a_reason_is_asked(two_sets: Path) -> None:
    said = piped("Bo", "compare", 1, answers=["list", "claim C2", "first", "quit"])
    assert "You took part in this yourself" in said and "Why" not in said.split("You took part")[1]


@pytest.mark.parametrize("answers", [[], ["first"], ["own"], ["merged", "1"], ["all"], ["help"], ["nonsense"]])
def test_the_end_of_the_input_settles_nothing(two_sets: Path, answers: list[str]) -> None:
    assert piped("Eva", "compare", 1, answers=answers).endswith("Everything is saved.\n")
    with Desk.open(two_sets, "Eva") as desk:
        assert desk.comparison.settled("1") == []


def test_whose_word_is_in_conflict_is_said_behind_it(two_sets: Path) -> None:
    with Desk.open(two_sets, "Bo") as here, Desk.open(two_sets, "Bo") as there:
        claim = here.claims.of("1")[1]
        held = next(one for one in here.verdicts.of(claim) if one.by == "Bo")
        here.verdicts.justify(claim, "It never does.")
        there.session.write([Edit("verdicts", held.id, {"justification": "It seldom does."}, held.heads)])
    said = piped("Eva", "compare", 1, answers=["quit"])
    assert said.index("Bo: Refuted.") < said.index("Two versions of what Bo says are in conflict: `factdesk conflicts`")
