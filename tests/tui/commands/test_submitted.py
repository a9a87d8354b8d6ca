"""A set that is submitted does not change silently: nobody changes it, and what is agreed to afterwards is told."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.kit.commands import BRIDGE, NOBODY, RAIN, RIVER, Cli, People
from tests.kit.desks import once


@pytest.fixture
def people(ana: Path, cli: Cli) -> People:
    """Ana has checked three sentences, the first with evidence, and submitted them."""
    people = People(cli, ana)

    def submitted() -> None:
        people.bring("flood.txt")
        people.check("Ana", RAIN, RIVER, NOBODY)
        source = ("--url", "https://rain.example", "--title", "Rain")
        people.say("Ana", "evidence", 1, "C1", "--stance", "context", *source)
        people.say("Ana", "submit", 1)

    once(ana, submitted)
    return people


def changed(people: People, who: str = "Eva") -> dict[str, int]:
    """By person: what has changed in their submitted set."""
    return {one["reviewer"]: one["changed_since_submitted"] for one in people.ask(who, "assignments")}


def test_what_is_accepted_after_submission_is_told_and_makes_others_reviews_stale(people: People) -> None:
    for who in ("Bo", "Cyd"):
        people.say(who, "decide", 1, "C2", "agree")
    people.say(
        "Bo", "decide", 1, "C2", "change_verdict", "--verdict", "not_enough_evidence", "--justification", "Half."
    )
    assert set(changed(people).values()) == {0}
    people.say("Ana", "answer", 1, "C2", "accept")
    assert changed(people) == {"Ana": 1, "Bo": 0, "Cyd": 0}
    listed = people.say("Eva", "assignments")
    assert "submitted, changed since: 1" in listed
    assert "(after submission)" in people.say("Eva", "history", 1, "C2").splitlines()[1]
    (told,) = people.ask("Cyd", "summary", 1)["changed_since_submitted"]
    assert (told["checker"], told["claims"], told["sweeps"]) == ("Ana", ["C2"], 0)
    assert "Ana's set has changed since it was submitted: C2." in people.run("Cyd", "summary", 1).stderr
    assert "Ana's set has changed since it was submitted: C2." in people.say("Cyd", "summary", 1, "--markdown")
    assert [one["claim"]["name"] for one in people.ask("Cyd", "summary", 1)["stale"]] == ["C2"]
    people.say("Ana", "undo")
    assert changed(people)["Ana"] == 0
    people.say("Ana", "redo")
    assert changed(people)["Ana"] == 1
    people.say("Ana", "reopen", 1)
    assert changed(people)["Ana"] == 0
    people.say("Ana", "submit", 1)
    assert changed(people)["Ana"] == 0


def test_a_reported_claim_that_is_accepted_and_one_that_goes_count_too(people: People) -> None:
    people.say("Bo", "missing", 1, "--quote", BRIDGE)
    people.say("Bo", "decide", 1, "C3", "reject_claim")
    people.say("Ana", "answer", 1, "C3", "accept")
    people.say("Ana", "answer", 1, "C4", "accept")
    (told,) = people.ask("Bo", "summary", 1)["changed_since_submitted"]
    assert told["claims"] == ["C3", "C4"]
    people.say("Ana", "verdict", 1, "C4", "mixed", "--justification", "So.")
    assert changed(people)["Ana"] == 2


@pytest.mark.parametrize(
    "words",
    [
        ("edit", 1, "C1", "--claimant", "The mayor"),
        ("move", 1, "C1", "--quote", RAIN[:9]),
        ("delete", 1, "C1"),
        ("delete", 1, "C1", "--evidence", 1),
        ("evidence", 1, "C1", "--edit", 1, "--note", "Other words."),
        ("evidence", 1, "C1", "--edit", 1, "--title", "Sun"),
    ],
)
def test_nobody_changes_a_set_of_somebody_else_that_is_submitted(people: People, words: tuple[object, ...]) -> None:
    before = people.ask("Eva", "show", 1, "C1")
    for who in ("Eva", "Ana"):
        refused = people.run(who, *words)
        assert refused.exit_code == 1 and ("submitted" in refused.stderr or "finished" in refused.stderr)
    assert people.ask("Eva", "show", 1, "C1") == before


def test_a_source_that_a_submitted_set_cites_stays_as_it_is(people: People) -> None:
    people.bring("storm.txt", "The storm came.\n")
    people.say("Ana", "tag", 2, "--quote", "The storm came")
    cited = ("--stance", "context", "--url", "https://rain.example", "--title", "Sun")
    people.say("Ana", "evidence", 2, "C1", *cited)
    assert people.ask("Eva", "show", 1, "C1")["evidence"][0]["source"]["title"] == "Rain"
    assert changed(people)["Ana"] == 0


def test_a_sweep_of_a_submitted_set_stays(people: People) -> None:
    people.say("Ana", "reopen", 1)
    people.say("Ana", "sweep", 1, "--quote", BRIDGE)
    people.say("Ana", "submit", 1)
    refused = people.run("Eva", "delete", 1, "--sweep", 1)
    assert refused.exit_code == 1 and "Ana's set on “It rained on 5 May.” is submitted" in refused.stderr
