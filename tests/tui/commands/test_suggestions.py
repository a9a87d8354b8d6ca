"""Suggestions and the facts of one span, from the command line."""

from __future__ import annotations

from pathlib import Path

import pytest

from store.desk import Desk
from store.review.suggestions import Suggested
from tests.kit.commands import BRIDGE, NOBODY, RAIN, RIVER, TEXT, Cli, People, assert_refused
from tests.kit.desks import once

FIRST, SECOND = "It rained.", "It was 5 May."


def span(words: str) -> tuple[int, int]:
    at = TEXT.index(words)
    return at, at + len(words)


@pytest.fixture
def people(ana: Path, cli: Cli) -> People:
    """A model has suggested three claims, Cy one."""
    people = People(cli, ana)

    def suggested() -> None:
        people.bring("flood.txt")
        with Desk.open(ana / "desk.db", "Eva") as desk:
            desk.suggestions.add_many(
                "1",
                [
                    Suggested(*span(RAIN), "Model 3", "not_checkable", "It rained on 5 May 2024.", confidence=0.9),
                    Suggested(*span(RIVER), "Model 3", "mixed", confidence=0.5),
                    Suggested(*span("Nobody was"), "Model 3", "quantity"),
                    Suggested(*span(BRIDGE), "Cy", note="Which bridge?"),
                ],
            )

    once(ana, suggested)
    return people


def test_suggestions_are_listed_accepted_amended_and_rejected(people: People) -> None:
    rows = [line.split("\t") for line in people.say("Ana", "suggestions", 1).splitlines()]
    assert rows[0][:6] == ["name", "who", "label", "sure", "quote", "claim text"]
    assert rows[1][:6] == ["S1", "Model 3", "not_checkable", "0.90", RAIN, "It rained on 5 May 2024."]
    assert [row[0] for row in rows[1:]] == ["S1", "S2", "S3", "S4"]
    assert people.say("Ana", "claims", 1).count("\n") == 1  # none of them is a claim
    assert people.say("Ana", "suggestions", "accept", 1, "S1", "s4").splitlines()[0].startswith("C1 ")
    people.say("Ana", "suggestions", "amend", 1, "S3", "--quote", NOBODY)
    assert "S2" in people.say("Ana", "suggestions", "reject", 1, "S2")
    claims = {one["name"]: one for one in people.ask("Ana", "claims", 1)}
    assert (claims["C1"]["verdict"], claims["C1"]["claim_text"]) == ("not_checkable", "It rained on 5 May 2024.")
    assert (claims["C3"]["quote"], claims["C3"]["types"]) == (NOBODY, ["quantity"])
    assert people.run("Ana", "suggestions", 1).stderr == "No suggestion waits for you here.\n"
    told = [line.split("\t")[-1] for line in people.say("Ana", "suggestions", 1, "--all").splitlines()]
    assert told == ["you", "accepted as C1", "rejected", "amended as C3", "accepted as C2"]
    assert len(people.ask("Ana", "suggestions", 1, "--all", "--by", "cy")) == 1
    people.say("Ana", "undo")
    assert len(people.ask("Ana", "suggestions", 1)) == 1
    assert len(people.ask("Bo", "suggestions", 1)) == 4


def test_what_cannot_be_is_refused_and_all_or_none_is_done(people: People) -> None:
    assert_refused(people.run("Ana", "suggestions", "accept", 1, "S1", "S9"), "no suggestion S9")
    assert people.ask("Ana", "claims", 1) == []
    assert people.run("Ana", "suggestions").exit_code == 2
    assert people.run("Ana", "suggestions", "amend", 1, "S1").exit_code == 2
    assert people.run("Ana", "suggestions", 1, "--measure", "--all").exit_code == 2
    people.say("Ana", "suggestions", "accept", 1, "S1")
    assert_refused(people.run("Ana", "suggestions", "accept", 1, "S1"), "already yours, as C1")
    assert_refused(people.run("Ana", "suggestions", 1, "--by", "Nobody"), "Nobody")


def test_they_are_hidden_until_your_own_set_is_in_if_the_scheme_says_so(people: People, tmp_path: Path) -> None:
    scheme = people.say("Eva", "scheme", "show", "desk").replace(
        "version = 1\n", "version = 1\nown_pass_first = true\n", 1
    )
    (tmp_path / "ours.toml").write_text(scheme, "utf-8")
    people.say("Eva", "scheme", "use", tmp_path / "ours.toml")
    result = people.run("Ana", "suggestions", 1)
    assert "hidden from you until you have submitted" in result.stderr and "S1" not in result.stdout
    people.check("Ana", RAIN)
    people.say("Ana", "submit", 1)
    assert len(people.ask("Ana", "suggestions", 1)) == 4


def test_each_suggester_is_measured_against_the_settled_claims(people: People) -> None:
    assert people.run("Eva", "suggestions", "--measure").stderr.startswith("Precision and recall need a settled set")
    people.say("Ana", "suggestions", "accept", 1, "S1")
    people.say("Ana", "suggestions", "reject", 1, "S4")
    people.check("Ana", RIVER, NOBODY)
    for claim in ("C1", "C2"):
        people.say("Bo", "decide", 1, claim, "agree")
    for claim in ("C1", "C2", "C3"):
        people.say("Eva", "adjudicate", 1, claim, "own", "--verdict", "not_checkable", "--rationale", "So it is.")
    cy, model = people.ask("Eva", "suggestions", "--measure")
    assert (model["name"], model["articles"], model["suggestions"]) == ("Model 3", 1, 3)
    assert model["precision"] == {"value": 1.0, "of": 3, "all": 3} == model["recall"]
    assert model["f1"] == 1.0 and model["labels"] == {"value": 0.5, "of": 1, "all": 2}
    assert model["taken"] == model["taken_before"] == {"value": 1.0, "of": 1, "all": 1}
    assert cy["precision"] == {"value": 0.0, "of": 0, "all": 1} and cy["taken"]["value"] == 0
    row = people.say("Eva", "suggestions", "--measure", 1).splitlines()[2].split("\t")
    assert row[:6] == ["Model 3", "3", "1.00 (3 of 3)", "1.00 (3 of 3)", "1.00", "0.50 (1 of 2)"]


def test_a_claim_is_split_into_facts_and_they_are_joined_again(people: People) -> None:
    people.say("Ana", "tag", 1, "--quote", RAIN, "--claim-text", f"{FIRST} {SECOND}")
    made = people.ask("Ana", "split", 1, "C1", FIRST, SECOND)
    assert [(one["name"], one["claim_text"]) for one in made] == [("C1", FIRST), ("C2", SECOND)]
    listed = [line.split("\t")[-1] for line in people.say("Ana", "claims", 1).splitlines()]
    assert listed == ["claim text", FIRST, SECOND]
    assert people.ask("Ana", "join", 1, "C2", "C1")["claim_text"] == f"{SECOND} {FIRST}"
    assert_refused(people.run("Ana", "split", 1, "C2", FIRST), "two different facts")
    assert_refused(people.run("Ana", "join", 1, "C2"), "two claims or more")
    assert people.say("Ana", "tag", 1, "--quote", RAIN, "--claim-text", FIRST)
    assert people.say("Bo", "tag", 1, "--quote", RAIN, "--claim-text", "It was wet.")  # another fact needs no --own
    assert_refused(people.run("Eva", "tag", 1, "--quote", RAIN, "--claim-text", FIRST), "tagged as C", "--own")
