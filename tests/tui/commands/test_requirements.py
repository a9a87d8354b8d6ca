"""What a verdict asks for, at the command line: whoever gives, settles or takes it back."""

from __future__ import annotations

import csv
import io
from pathlib import Path

import pytest

from store.scheme import load
from tests.kit.commands import NOBODY, RAIN, RIVER, Cli, People
from tests.kit.desks import once


@pytest.fixture
def people(ana: Path, cli: Cli) -> People:
    people = People(cli, ana)

    def checked() -> None:
        people.bring("flood.txt")
        people.check("Ana", RAIN, RIVER)

    once(ana, checked)
    return people


def test_taking_a_decision_back_takes_its_verdict_too(people: People) -> None:
    people.say("Bo", "decide", 1, "C1", "change-verdict", "--verdict", "outdated", "--justification", "Long ago.")
    people.say("Bo", "decide", 1, "C1", "--take-back")
    shown = people.ask("Bo", "show", 1, "C1")
    assert shown["reviews"] == [] and [one["verdict"] for one in shown["verdicts"] if one["by"] == "Bo"] in ([], [""])
    assert "said nothing" in people.run("Bo", "decide", 1, "C1", "--take-back").stderr
    people.say("Bo", "decide", 1, "C1", "change-verdict", "--verdict", "outdated")
    people.say("Bo", "verdict", 1, "C1", "--none")
    assert people.ask("Bo", "show", 1, "C1")["reviews"] == []


def test_words_for_one_verdict_are_told_not_to_stay_under_another(people: People) -> None:
    result = people.run("Ana", "verdict", 1, "C1", "mixed")
    assert "Your justification of “Not checkable” does not stay under “Mixed”" in result.stderr
    assert people.ask("Ana", "show", 1, "C1")["justification"] == ""
    people.say("Ana", "verdict", 1, "C1", "not_checkable")
    assert people.ask("Ana", "show", 1, "C1")["justification"] == "So it is."


def test_a_guard_that_blocks_asks_the_adjudicator(people: People, ana: Path) -> None:
    (ana / "strict.toml").write_text(load("desk").toml.replace('guard = "warn"', 'guard = "block"', 1), "utf-8")
    people.say("Eva", "scheme", "use", ana / "strict.toml")
    people.say("Bo", "decide", 1, "C1", "agree")
    refused = people.run("Eva", "adjudicate", 1, "C1", "own", "--verdict", "refuted", "--rationale", "I know.")
    assert refused.exit_code == 1 and "needs 1 piece of evidence that refutes" in refused.stderr


def test_other_says_nothing_by_itself(people: People) -> None:
    refused = people.run("Bo", "decide", 1, "C1", "disagree", "--reason", "other")
    assert refused.exit_code == 1 and "“Other” says nothing by itself" in refused.stderr
    people.say("Bo", "decide", 1, "C1", "disagree", "--comment", "It rained on the 6th.")


def states(people: People) -> list[str]:
    """The status of every claim, which the list, the counts and the CSV agree on."""
    told = [one["status"] for one in people.ask("Eva", "claims", 1)]
    assert people.ask("Eva", "stats", 1)["statuses"] == {word: told.count(word) for word in told}
    rows = csv.DictReader(io.StringIO(people.say("Eva", "export", "csv")))
    assert [row["status"] for row in rows] == told
    checked = [one["name"] for one in people.ask("Eva", "claims", 1, "--status", "checked")]
    assert len(checked) == told.count("checked")
    return told


def test_checked_and_reviewed_say_that_nothing_is_lacking(people: People) -> None:
    people.say("Ana", "verdict", 1, "C1", "refuted", "--justification", "No gauge says so.")
    assert states(people) == ["tagged", "checked"]
    people.say("Bo", "decide", 1, "C1", "agree")
    people.say("Bo", "decide", 1, "C2", "agree")
    assert states(people) == ["tagged", "reviewed"]
    assert people.ask("Eva", "articles")[0]["state"] != "final"
    people.say("Ana", "evidence", 1, "C1", "--stance", "context", "--note", "A gauge.")
    assert states(people)[0] == "tagged"
    people.say("Ana", "evidence", 1, "C1", "--stance", "refutes", "--note", "The gauge.")
    assert states(people)[0] == "checked"
    people.say("Bo", "decide", 1, "C1", "agree")
    assert states(people)[0] == "reviewed"
    people.say("Ana", "verdict", 1, "C1", "outdated", "--justification", " \u2003")
    assert states(people)[0] == "tagged"


def test_another_scheme_another_requirement(people: People, ana: Path) -> None:
    assert states(people) == ["checked", "checked"]
    usual = load("desk").toml
    strict = usual.replace('key = "not_checkable"', 'key = "not_checkable"\nrequires_evidence = 2', 1)
    (ana / "strict.toml").write_text(strict, "utf-8")
    people.say("Eva", "scheme", "use", ana / "strict.toml")
    assert states(people) == ["tagged", "tagged"]
    for stance in ("context", "refutes"):
        people.say("Ana", "evidence", 1, "C1", "--stance", stance, "--note", "So.")
    assert states(people) == ["checked", "tagged"]
    people.say("Eva", "rebuild")
    people.say("Eva", "verify")
    assert states(people) == ["checked", "tagged"]
    people.say("Eva", "scheme", "use", "desk")
    assert states(people) == ["checked", "checked"]


def test_evidence_that_a_guarded_verdict_needs_stays_while_it_stands(people: People, ana: Path) -> None:
    (ana / "strict.toml").write_text(load("desk").toml.replace('guard = "warn"', 'guard = "block"', 1), "utf-8")
    people.say("Eva", "scheme", "use", ana / "strict.toml")
    people.say("Ana", "evidence", 1, "C1", "--stance", "refutes", "--note", "The gauge.")
    people.say("Ana", "verdict", 1, "C1", "refuted", "--justification", "No.")
    for words in (("delete", 1, "C1", "--evidence", 1), ("evidence", 1, "C1", "--edit", 1, "--stance", "context")):
        refused = people.run("Ana", *words)
        assert refused.exit_code == 1 and "take that back first" in refused.stderr
    exported = people.say("Eva", "export", "csv")
    (ana / "all.csv").write_text(exported, "utf-8")
    other = ("--db", ana / "other.db")
    people.say("Eva", "import", ana / "flood.txt", *other)
    people.say("Eva", "scheme", "use", ana / "strict.toml", *other)
    people.say("Eva", "import", "csv", ana / "all.csv", *other)
    assert people.say("Eva", "export", "csv", *other) == exported
    people.say("Ana", "verdict", 1, "C1", "--none")
    people.say("Ana", "delete", 1, "C1", "--evidence", 1)


def test_a_reviewers_comment_on_an_undecided_claim_waits_for_the_checker(people: People) -> None:
    people.say("Eva", "assign", 1, "--to", "Bo", "--of", "Ana")
    people.say("Bo", "comment", 1, "C1", "Which gauge?")
    people.say("Bo", "comment", 1, "C1", "And when?")
    (waiting,) = people.ask("Ana", "inbox")
    assert waiting["review"]["comment"] == "Which gauge?\n\nAnd when?" and people.ask("Ana", "stats")["inbox"] == 1
    people.say("Bo", "decide", 1, "C2", "agree")
    people.say("Bo", "comment", 1, "C2", "Well done.")
    assert [one["body"] for one in people.ask("Ana", "show", 1, "C2")["comments"]] == ["Well done."]
    assert len(people.ask("Ana", "inbox")) == 1


def test_a_verdict_that_the_scheme_does_not_know_is_not_checked(people: People, ana: Path) -> None:
    title = people.ask("Eva", "articles")[0]["title"]
    rows = f'article_title,quote,checker,verdict,justification\n"{title}","{NOBODY}",Dora,half_true,So it is.\n'
    (ana / "dora.csv").write_text(rows, "utf-8")
    people.say("Eva", "import", "csv", ana / "dora.csv")
    people.say("Bo", "decide", 1, "C3", "agree")
    assert states(people) == ["checked", "checked", "tagged"]
    said = "?half_true is not a verdict of the scheme: give one that is"
    assert people.ask("Eva", "show", 1, "C3")["lacks"] == [said] and said in people.say("Eva", "show", 1, "C3")
    for counts in (people.ask("Eva", "stats", 1), people.ask("Eva", "summary", 1), people.ask("Eva", "articles")[0]):
        assert (counts["claims_checked"], counts["lacking"]["known_verdict"]) == (2, 1)
        assert counts["lacking"]["verdict"] == 0
    assert "claims that lack\ta verdict of the scheme\t1\t3" in people.say("Eva", "stats", 1)
    for told in (("summary", 1, "--markdown"), ("articles",)):
        assert "1 lacks a verdict of the scheme" in people.say("Eva", *told)
    people.say("Bo", "decide", 1, "C1", "agree")
    people.say("Bo", "decide", 1, "C2", "agree")
    assert people.ask("Eva", "articles")[0]["state"] != "final"
    assert said in people.run("Dora", "submit", 1, "--as", "checker").stderr
    wider = load("desk").toml + '\n[[verdict]]\nkey = "half_true"\nlabel = "Half true"\nglyph = "%"\nretired = true\n'
    (ana / "wider.toml").write_text(wider, "utf-8")
    people.say("Eva", "scheme", "use", ana / "wider.toml")
    assert states(people) == ["reviewed", "reviewed", "reviewed"]
    assert people.ask("Eva", "show", 1, "C3")["lacks"] == []


NEEDS = "refuted needs 1 piece of evidence that refutes"


def test_who_accepts_a_verdict_that_lacks_something_is_told(people: People) -> None:
    people.say("Bo", "decide", 1, "C1", "change-verdict", "--verdict", "refuted")
    people.say("Bo", "decide", 1, "C2", "reject-claim", "--comment", "An aside.")
    assert people.run("Ana", "answer", 1, "C1", "accept").stderr == f"C1: {NEEDS}.\n"
    assert people.run("Ana", "answer", 1, "C2", "accept").stderr == ""


def test_what_is_settled_with_something_lacking_is_told_and_not_final(people: People) -> None:
    people.say("Dora", "tag", 1, "--quote", RAIN, "--own", "--verdict", "refuted")
    people.say("Eva", "adjudicate", 1, "C2", "first-correct", "--rationale", "It rose.")
    told = people.run("Eva", "adjudicate", 1, "C1", "second-correct", "--rationale", "No rain.", "--take", "Dora")
    assert f"{NEEDS}." in told.stderr
    people.say("Eva", "submit", 1)
    article = people.ask("Eva", "articles")[0]
    assert article["state"] != "final" and (article["claims_checked"], article["lacking"]["evidence"]) == (2, 1)
    assert article["lacking"]["verdict"] == 0, "what was settled as not standing asks for no verdict"
    assert people.ask("Eva", "show", 1, "C1")["lacks"] == []
    people.say("Eva", "reopen", 1)
    people.say("Eva", "adjudicate", 1, "C1", "--take-back")
    people.say("Dora", "evidence", 1, "C3", "--stance", "refutes", "--note", "The gauge.")
    told = people.run("Eva", "adjudicate", 1, "--all-of", "Dora", "--rationale", "No rain.")
    assert NEEDS not in told.stderr
    people.say("Eva", "submit", 1)
    assert people.ask("Eva", "articles")[0]["state"] == "final"


def test_what_is_settled_many_at_once_says_what_it_lacks(people: People) -> None:
    people.say("Dora", "tag", 1, "--quote", RAIN, "--own", "--verdict", "refuted")
    told = people.run("Eva", "adjudicate", 1, "--all-of", "Dora", "--rationale", "No rain.")
    assert "Of what is settled, 1 lacks evidence." in told.stderr
