"""A third look from the command line: compare, adjudicate, settled."""

from __future__ import annotations

from pathlib import Path

import pytest

from store.desk import Desk
from tests.kit.commands import BRIDGE, MAYOR, NOBODY, RAIN, RIVER, Cli, People, assert_refused, dump
from tests.kit.desks import once


@pytest.fixture
def people(ana: Path, cli: Cli) -> People:
    """Ana has checked four sentences; Bo agrees on the first, objects to the others, and has found a fifth."""
    people = People(cli, ana)

    def two_sets() -> None:
        people.bring("flood.txt")
        people.check("Ana", RAIN, RIVER, NOBODY, BRIDGE)
        people.say("Bo", "decide", 1, "C1", "agree")
        people.say("Bo", "decide", 1, "C2", "change-span", "--quote", "river rose")
        people.say("Bo", "decide", 1, "C3", "change-verdict", "--verdict", "not_enough_evidence")
        people.say("Bo", "decide", 1, "C4", "reject-claim")
        people.say("Bo", "missing", 1, "--quote", MAYOR)
        for name in ("Ana", "Bo"):
            people.say(name, "submit", 1)

    once(ana, two_sets)
    return people


def settled(people: People) -> dict[str, tuple[str, str, str]]:
    """Claim → outcome, quote and verdict of the settled set."""
    return {
        one["claim"]["name"]: tuple(one["adjudication"][part] for part in ("outcome", "quote", "verdict"))  # type: ignore[misc]
        for one in people.ask("Eva", "settled", 1)
    }


def test_compare_lays_what_people_say_of_one_claim_in_one_row(people: People) -> None:
    rows = [line.split("\t") for line in people.say("Eva", "compare", 1).splitlines()]
    assert rows[0][:5] == ["claims", "how", "Ana", "Bo", "settled"]
    assert [row[:2] for row in rows[1:]] == [
        ["C1", "agreed"],
        ["C2", "span differs"],
        ["C3", "verdict differs"],
        ["C4", "rejected: nothing here"],
        ["C5", "only Bo"],
    ]
    assert rows[2][2].endswith(f"“{RIVER}”") and rows[2][3].endswith("“river rose”")
    assert rows[5][2:4] == ["—", f"“{MAYOR}”"]


def test_compare_as_json_carries_people_groups_and_claims(people: People) -> None:
    found = people.ask("Eva", "compare", 1, "Bo", "Ana")
    assert (found["people"], found["unsubmitted"], found["article"]["number"]) == (["Bo", "Ana"], [], 1)
    assert [(group["kind"], group["names"]) for group in found["groups"]][1] == ("span_differs", ["C2"])
    bo, ana = found["groups"][1]["takes"]
    assert ((bo["person"], bo["quote"]), (ana["person"], ana["quote"])) == (("Bo", "river rose"), ("Ana", RIVER))
    assert found["groups"][4]["takes"][1] is None


def test_sets_that_are_not_submitted_are_told(people: People) -> None:
    people.say("Bo", "reopen", 1)
    assert people.run("Eva", "compare", 1).stderr.splitlines() == [
        "Not submitted yet: Bo.", "To settle: 4 for you, 0 for others.",
    ]  # fmt: skip
    assert people.ask("Eva", "compare", 1)["unsubmitted"] == ["Bo"]


OUTCOMES = {
    "first-correct": ((), ("first_correct", RIVER, "not_checkable")),
    "second-correct": (("--take", "bo"), ("second_correct", "river rose", "not_checkable")),
    "both-correct": ((), ("both_correct", RIVER, "not_checkable")),
    "both-wrong": ((), ("both_wrong", RIVER, "")),
    "merged": (("--quote", "river rose", "--verdict", "refuted"), ("merged", "river rose", "refuted")),
    "own": (("--span", 20, 34, "--claim-text", "It rose."), ("own", "The river rose", "not_checkable")),
}


@pytest.mark.parametrize("outcome", OUTCOMES)
def test_each_outcome_settles_and_leaves_everybodys_own_values(people: People, outcome: str) -> None:
    options, wanted = OUTCOMES[outcome]
    before = people.ask("Eva", "compare", 1)["groups"][1]["takes"]
    line = people.say("Eva", "adjudicate", 1, "C2", outcome, *options, "--rationale", "By the gauge.")
    assert line.startswith("C2 ") and outcome.replace("-", " ") in line
    assert settled(people) == {"C2": wanted}
    group = people.ask("Eva", "compare", 1)["groups"][1]
    assert (group["takes"], group["settled"]["rationale"]) == (before, "By the gauge.")
    (one,) = people.ask("Eva", "settled", 1)
    assert [take["person"] for take in one["takes"]] == ["Ana", "Bo"]
    (claim,) = people.ask("Eva", "claims", 1, "--status", "settled")
    assert (claim["name"], claim["verdict"]) == ("C2", wanted[2])


def test_nothing_belongs_here_is_settled_without_joining_the_set(people: People) -> None:
    line = people.say("Eva", "adjudicate", 1, "C4", "nothing_here", "--rationale", "A hope.")
    assert line.endswith("nothing here: not in the settled set\n")
    assert settled(people) == {}
    assert people.ask("Eva", "show", 1, "C4")["adjudications"][0]["outcome"] == "nothing_here"
    assert "nothing here, by Eva" in people.say("Ana", "show", 1, "C4")


def test_what_is_agreed_and_all_of_one_person_are_settled_at_once_and_undone_at_once(people: People) -> None:
    assert people.say("Eva", "adjudicate", 1, "--agreed").startswith("settled 1 place in ")
    assert settled(people) == {"C1": ("both_correct", RAIN, "not_checkable")}
    made = people.ask("Eva", "adjudicate", 1, "--all-of", "Bo", "--rationale", "Bo had the records.")
    assert len(made) == 4
    assert settled(people) == {
        "C1": ("both_correct", RAIN, "not_checkable"),
        "C2": ("second_correct", "river rose", "not_checkable"),
        "C3": ("second_correct", NOBODY, "not_enough_evidence"),
        "C5": ("first_correct", MAYOR, ""),
    }
    people.say("Eva", "undo")
    assert list(settled(people)) == ["C1"]
    people.say("Eva", "redo")
    assert len(settled(people)) == 4


def test_what_is_settled_can_be_taken_back_and_settled_anew(people: People) -> None:
    people.say("Eva", "adjudicate", 1, "C2", "first-correct", "--rationale", "So.")
    assert people.say("Eva", "adjudicate", 1, "C2", "--take-back") == "took back how C2 was settled\n"
    assert settled(people) == {}
    assert people.ask("Eva", "claims", "--status", "disputed")[0]["name"] == "C2"
    people.say("Eva", "adjudicate", 1, "C2", "first-correct", "--rationale", "So.")
    anew = people.run("Fay", "adjudicate", 1, "C2", "second-correct", "--rationale", "No.")
    assert anew.stderr == "Before, Eva had settled it: first correct.\n"
    assert settled(people)["C2"][0] == "second_correct"
    said = [change["sentence"] for change in people.ask("Eva", "history", 1, "C2")]
    assert sum(sentence.startswith("settled C2") for sentence in said) == 3


def test_two_adjudicators_at_once_are_a_conflict_that_is_shown_and_can_be_settled(people: People, ana: Path) -> None:
    with Desk.open(ana / "desk.db", "Eva") as eva, Desk.open(ana / "desk.db", "Fay") as fay:
        seen = [
            (
                desk,
                next(
                    group
                    for group in desk.comparison.compare("1").groups
                    if group.claims == (desk.claims.get("C3", "1").id,)
                ),
            )
            for desk in (fay, eva)
        ]
        for (desk, group), outcome in zip(seen, ("first_correct", "second_correct"), strict=True):
            desk.settlements.adjudicate(group, outcome, rationale="The file.")
    (conflict,) = people.ask("Eva", "conflicts")
    assert (conflict["about"], [one["by"] for one in conflict["contenders"]]) == ("C3", ["Fay", "Eva"])
    people.say("Eva", "conflicts", "settle", 1, 1)
    assert people.ask("Eva", "conflicts") == []
    assert settled(people)["C3"] == ("first_correct", NOBODY, "not_checkable")


REFUSED = {
    "what one checked": ("Ana", ("adjudicate", 1, "C2", "first-correct", "--rationale", "x"), ("took part",)),
    "what one reviewed": ("Bo", ("adjudicate", 1, "C2", "first-correct", "--rationale", "x"), ("took part",)),
    "all of it by one who reviewed": (
        "Bo",
        ("adjudicate", 1, "--all-of", "Bo", "--rationale", "x"),
        ("you took part",),
    ),
    "no rationale": ("Eva", ("adjudicate", 1, "C2", "first-correct"), ("write a rationale",)),
    "no rationale for all of one": ("Eva", ("adjudicate", 1, "--all-of", "Bo"), ("write a rationale",)),
    "an outcome that is none": ("Eva", ("adjudicate", 1, "C2", "fine"), ("“fine” is not an outcome", "nothing_here")),
    "an own without a value": ("Eva", ("adjudicate", 1, "C2", "own", "--rationale", "x"), ("needs a value",)),
    "a value where none belongs": (
        "Eva",
        ("adjudicate", 1, "C2", "first-correct", "--verdict", "refuted", "--rationale", "x"),
        ("merged or own",),
    ),
    "a verdict that is none": (
        "Eva",
        ("adjudicate", 1, "C2", "own", "--verdict", "odd", "--rationale", "x"),
        ("no verdict “odd”", "supported"),
    ),
    "values of somebody silent": (
        "Eva",
        ("adjudicate", 1, "C2", "second-correct", "--take", "Fay", "--rationale", "x"),
        ("Fay has said nothing here",),
    ),
    "a claim that is not there": ("Eva", ("adjudicate", 1, "C9", "first-correct", "--rationale", "x"), ("C9",)),
    "all of somebody silent": ("Eva", ("adjudicate", 1, "--all-of", "Eva", "--rationale", "x"), ("not compared",)),
    "nothing to take back": ("Eva", ("adjudicate", 1, "C2", "--take-back"), ("Nothing has been settled",)),
    "a comparison with a stranger": ("Eva", ("compare", 1, "Ana", "Boo"), ("“Boo”", "did you mean Bo?")),
    "a comparison with one person": ("Eva", ("compare", 1, "Ana"), ("two people",)),
    "a comparison with somebody silent": ("Eva", ("compare", 1, "Ana", "Eva"), ("Eva has said nothing",)),
    "the checkers change of what is submitted": ("Ana", ("edit", 1, "C2", "--claimant", "x"), ("submitted", "reopen")),
    "a decision on what is submitted": ("Bo", ("decide", 1, "C2", "agree"), ("submitted", "reopen")),
}


@pytest.mark.parametrize("case", REFUSED)
def test_is_refused_with_one_sentence_and_nothing_changed(people: People, ana: Path, case: str) -> None:
    who, args, words = REFUSED[case]
    people.say("Eva", "comment", 1, "C1", "Eva works here.")
    before = dump(ana / "desk.db")
    assert_refused(people.run(who, *args), *words)
    assert dump(ana / "desk.db") == before


def test_a_settled_claim_is_closed_to_checker_and_reviewer(people: People, ana: Path) -> None:
    people.say("Eva", "adjudicate", 1, "C2", "first-correct", "--rationale", "So.")
    for name in ("Ana", "Bo"):
        people.say(name, "reopen", 1)
    before = dump(ana / "desk.db")
    assert_refused(people.run("Ana", "edit", 1, "C2", "--claimant", "x"), "settled by Eva")
    assert_refused(people.run("Bo", "decide", 1, "C2", "agree"), "settled by Eva")
    assert_refused(people.run("Ana", "answer", 1, "C2", "accept"), "Nobody proposes anything")
    assert dump(ana / "desk.db") == before


def test_a_scheme_may_let_anyone_settle(people: People, tmp_path: Path) -> None:
    own = tmp_path / "own.toml"
    own.write_text(people.say("Eva", "scheme", "show", "desk") + "\n[review]\nanyone_adjudicates = true\n", "utf-8")
    people.say("Eva", "scheme", "use", own)
    people.say("Bo", "adjudicate", 1, "C2", "second-correct", "--rationale", "So.")
    assert settled(people)["C2"][1] == "river rose"


def test_settled_words_are_shown_without_the_marks_of_markdown(ana: Path, cli: Cli) -> None:
    with Desk.open(ana / "desk.db", "Ana") as desk:
        article = desk.articles.add("The *river* rose.\n\nNobody was hurt.", markup="markdown")
        claim = desk.claims.tag(article, 0, 17)
        desk.verdicts.give(claim, "refuted")
    people = People(cli, ana)
    people.say("Bo", "decide", 1, "C1", "change-verdict", "--verdict", "not_enough_evidence")
    people.say("Eva", "adjudicate", 1, "C1", "first-correct", "--rationale", "Ana is right.")
    assert "The river rose" in people.say("Eva", "settled", 1)
    (one,) = people.ask("Eva", "settled", 1)
    told = one["adjudication"]
    assert (told["quote"], told["quote_shown"]) == ("The *river* rose.", "The river rose.")
