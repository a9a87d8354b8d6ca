"""A corpus that was annotated elsewhere, from four people's CSV files to the figures of agreement."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.kit.commands import Cli, People, assert_refused
from tests.kit.desks import once

PEOPLE = ("Ada", "Ben", "Cyd", "Dan")


@pytest.fixture
def people(ana: Path, cli: Cli) -> People:
    """Three articles, and what four people made of them, each in a file of their own."""
    people = People(cli, ana)

    def brought_in() -> None:
        for n in (1, 2, 3):
            people.bring(f"{n}.txt", f"Article {n} tells of rain. It fell in May. Nobody was hurt.\n")
        for who in PEOPLE:
            rows = ["article_title,quote,verdict,checker"]
            for n in (1, 2, 3):
                verdict = "refuted" if (who, n) == ("Dan", 3) else "supported"
                rows.append(f"{people.ask('Eva', 'articles')[n - 1]['title']},It fell in May.,{verdict},{who}")
            (ana / f"{who}.csv").write_text("\n".join(rows), "utf-8")
            people.say("Eva", "import", "csv", ana / f"{who}.csv")

    once(ana, brought_in)
    return people


def test_four_files_give_figures(people: People) -> None:
    assert "`factdesk submit --all --of NAME…` those of people" in people.run("Eva", "agreement").stderr
    done = people.run("Eva", "submit", "--all", "--of", *PEOPLE)
    assert done.exit_code == 0 and done.stdout == "submitted 12 sets: Ada 3, Ben 3, Cyd 3, Dan 3\n"
    assert "Left unread: 6 sentences." in done.stderr and "Claims checked: 0 of 12 · 12 lack evidence" in done.stderr
    found = people.ask("Eva", "agreement")
    assert found["people"] == list(PEOPLE) and found["left_out"] == []
    raw = {
        tuple(one["people"]): figure["value"]
        for one in found["comparisons"]
        for figure in one["figures"]
        if figure["measure"] == "raw_agreement"
    }
    assert (raw["Ada", "Ben"], raw["Ada", "Dan"]) == (1.0, pytest.approx(2 / 3)) and len(raw) == 7
    again = people.ask("Eva", "submit", "--all", "--of", "Ada,Ben", "--of", "Dan")
    assert (again["sets"], again["before"]) == ({"Ada": 0, "Ben": 0, "Dan": 0}, 9)
    people.say("Eva", "undo")
    assert people.ask("Eva", "assignments") == []


def test_nothing_of_it_is_done_when_a_claim_was_tagged_by_hand(people: People) -> None:
    people.say("Ben", "tag", 2, "--quote", "Nobody was hurt")
    assert_refused(
        people.run("Eva", "submit", "--all", "--of", "Ada", "Ben"),
        "Ben made 1 claim or review by hand (on 1 article): only they can submit those sets. Nothing was submitted.",
    )
    assert people.ask("Eva", "assignments") == []


def test_all_your_own_sets_and_which_stay_open(people: People) -> None:
    people.check("Fay", "Nobody was hurt", article=1)
    people.say("Fay", "tag", 2, "--quote", "Nobody was hurt")
    done = people.run("Fay", "submit", "--all")
    assert (done.exit_code, done.stdout) == (1, "submitted 1 set: Fay 1\n")
    assert "2 as checker: This cannot be submitted yet: C" in done.stderr
    found = people.run("Fay", "submit", "--all", "--json")
    assert found.exit_code == 1 and '"number": 2' in found.stdout


@pytest.mark.parametrize(
    "wrong",
    [(), ("1", "--of", "Ada"), ("1", "--all"), ("--all", "--role", "checker"), ("--all", "--of", " "), ("1", "2")],
)
def test_what_does_not_go_together_is_wrong_usage(people: People, wrong: tuple[str, ...]) -> None:
    assert people.run("Eva", "submit", *wrong).exit_code == 2
