"""How far people agree, from the command line; and a whole second review on one file, by three people."""

from __future__ import annotations

import csv
import json
from pathlib import Path
from typing import Any

import pytest

from store.measure.figures_as_data import explained
from tests.kit.commands import BRIDGE, MAYOR, NOBODY, RAIN, RIVER, Cli, People, assert_refused
from tests.kit.desks import once


@pytest.fixture
def people(ana: Path, cli: Cli) -> People:
    """Ana and Bo have each tagged an article without the other; Ana a second one, which Bo has not submitted."""
    people = People(cli, ana)

    def two_sets() -> None:
        people.bring("flood.txt")
        people.bring("second.txt", "A second article. It is short.\n")
        people.say("Eva", "assign", 1, "--to", "Bo", "--blind", "all")
        people.check("Ana", RAIN, RIVER, NOBODY)
        people.check("Ana", BRIDGE, verdict="not_enough_evidence")
        people.check("Bo", RAIN, "river rose by two metres", NOBODY)
        people.check("Bo", MAYOR, verdict="not_enough_evidence")
        people.say("Bo", "verdict", 1, bo(people, NOBODY), "not_enough_evidence", "--justification", "So it is.")
        for name, stance in (("Ana", "context"), ("Bo", "supports")):
            claim = "C1" if name == "Ana" else bo(people, RAIN)
            people.say(name, "evidence", 1, claim, "--stance", stance, "--url", "https://rain.example/day")
        people.check("Ana", "A second article", article=2)
        people.say("Ana", "submit", 1, "--role", "checker")
        people.say("Ana", "submit", 2)
        people.say("Bo", "submit", 1)
        people.say("Bo", "tag", 2, "--quote", "It is short")

    once(ana, two_sets)
    return people


def bo(people: People, quote: str) -> str:
    """The id of Bo's claim with that quote."""
    return next(one["id"] for one in people.ask("Bo", "claims", 1) if one["quote"] == quote and one["checker"] == "Bo")


def figures(comparison: dict[str, Any]) -> dict[str, tuple[float | None, int]]:
    return {one["measure"]: (one["value"], one["n"]) for one in comparison["figures"]}


def test_figures_are_those_of_the_submitted_sets(people: People) -> None:
    found = people.ask("Eva", "agreement")
    (comparison,) = found["comparisons"]
    assert comparison["people"] == ["Ana", "Bo"]
    said = figures(comparison)
    assert said["span_f1_exact"] == (0.5, 8)  # two of four spans each: 2 * 2 / (4 + 4)
    assert said["span_f1_half"] == (0.75, 8)
    assert said["raw_agreement"] == (2 / 3, 3)
    assert said["shared_sources"] == (1.0, 1)
    assert comparison["confusion"]["counts"][comparison["confusion"]["labels"].index("not_checkable")].count(2) == 1
    assert [(one["person"]) for one in found["left_out"]] == ["Bo"]


def test_who_is_left_out_is_told(people: People) -> None:
    result = people.run("Eva", "agreement")
    assert result.stderr == (
        "How the sets were made: Bo: 1 set made blind to all others.\nLeft out, because not submitted: Bo on 2.\n"
        f"{explained()}\n"
    )
    assert "The q of Gwet's AC1 is" in explained() and "bootstrap with 1000 draws" in explained()
    assert "Ana and Bo\tfound\tspan_f1_exact\t0.500\t\t8\tclaims\t" in result.stdout
    assert "Ana ↓ Bo →\tnot_enough_evidence\tnot_checkable" in result.stdout


def test_how_blind_the_sets_were_made_is_told(people: People) -> None:
    people.say("Bo", "reopen", 1)
    people.say("Bo", "submit", 1)
    for one in people.ask("Cyd", "review", 1):
        people.say("Cyd", "decide", 1, one["id"], "agree")
    people.say("Cyd", "submit", 1)
    said = {one["person"]: one for one in people.ask("Eva", "agreement", 1)["made"]}
    assert (said["Bo"]["apart"], said["Bo"]["decisions"], said["Bo"]["reopened"]) == (True, {}, 1)
    assert (said["Cyd"]["apart"], said["Cyd"]["decisions"], said["Cyd"]["reopened"]) == (False, {"open": 8}, 0)
    assert people.run("Eva", "agreement", 1).stderr == (
        "How the sets were made: Bo: 1 set made blind to all others, 1 set reopened after it was submitted; "
        f"Cyd: 8 decisions in the open.\n{explained()}\n"
    )
    assert "Bo" not in people.run("Eva", "agreement", 1, "--person", "Cyd", "--person", "Ana").stderr


def test_figures_of_some_articles_or_of_each(people: People) -> None:
    people.say("Bo", "delete", 2, "C2")
    people.check("Bo", "It is short", article=2)
    people.say("Bo", "submit", 2, "--role", "checker")
    (second,) = people.ask("Eva", "agreement", 2)["comparisons"]
    assert figures(second)["span_f1_exact"] == (0.0, 2)
    value = next(one for one in second["figures"] if one["measure"] == "raw_agreement")
    assert (value["value"], value["why"]) == (None, "0 matched")
    (both,) = people.ask("Eva", "agreement")["comparisons"]
    assert figures(both)["span_f1_exact"] == (0.4, 10)
    assert [len(one["figures"]) for one in both["by_article"]] == [11, 11]
    rows = [line.split("\t")[:5] for line in people.say("Eva", "agreement", "--by-article").splitlines()]
    assert ["Ana and Bo", "all", "found", "span_f1_exact", "0.400"] in rows
    assert ["Ana and Bo", "1", "found", "span_f1_exact", "0.500"] in rows
    assert ["Ana and Bo", "2", "verdict", "raw_agreement", "n/a: 0 matched"] in rows


def test_three_people_are_compared_by_two_and_all_together_or_only_some(people: People) -> None:
    for claim in ("C1", "C2", "C3", "C4"):
        people.say("Cyd", "decide", 1, claim, "agree")
    for one in people.ask("Cyd", "review", 1, "--of", "Bo"):
        people.say("Cyd", "decide", 1, one["id"], "reject-claim")
    people.say("Cyd", "submit", 1)
    found = people.ask("Eva", "agreement", 1)["comparisons"]
    assert [one["people"] for one in found] == [["Ana", "Bo"], ["Ana", "Cyd"], ["Bo", "Cyd"], ["Ana", "Bo", "Cyd"]]
    with_ana = figures(found[1])
    assert with_ana["span_f1_exact"] == (1.0, 8) and with_ana["raw_agreement"] == (1.0, 4)
    assert figures(found[2])["span_f1_exact"] == (0.5, 8)
    (two,) = people.ask("Eva", "agreement", 1, "--person", "cyd", "--person", "Ana")["comparisons"]
    assert two["people"] == ["Ana", "Cyd"]


def test_a_review_counts_with_what_it_proposes(people: People) -> None:
    people.say("Cyd", "decide", 1, "C1", "change-verdict", "--verdict", "not_enough_evidence")
    people.say("Cyd", "decide", 1, "C2", "change-span", "--quote", "metres")
    people.say("Cyd", "decide", 1, "C3", "agree")
    people.say("Cyd", "decide", 1, "C4", "reject-claim")
    for one in people.ask("Cyd", "review", 1, "--of", "Bo"):
        people.say("Cyd", "decide", 1, one["id"], "reject-claim")
    people.say("Cyd", "submit", 1)
    rows = people.ask("Eva", "agreement", 1, "--person", "Ana", "--person", "Cyd", "--claims", "span_f1_half")
    assert [(row["names"], row["what"]) for row in rows] == [
        (["C1", "C1"], "agreed"),
        (["C2", "C2"], "span differs"),
        (["C3", "C3"], "agreed"),
        (["C4", None], "only Ana"),
    ]
    rows = people.ask("Eva", "agreement", 1, "--person", "Ana", "--person", "Cyd", "--claims", "raw_agreement")
    assert [(row["names"][0], row["what"]) for row in rows] == [("C1", "verdict differs"), ("C3", "agreed")]


def test_the_claims_behind_a_figure_are_listed(people: People) -> None:
    rows = [line.split("\t") for line in people.say("Eva", "agreement", "--claims", "raw_agreement").splitlines()]
    assert rows[0] == ["people", "article", "claims", "how", "quote"]
    assert [(row[1], row[3], row[4]) for row in rows[1:]] == [
        ("1", "agreed", RAIN),
        ("1", "agreed", RIVER),
        ("1", "verdict differs", NOBODY),
    ]
    found = people.ask("Eva", "agreement", "--claims", "cohen_kappa")
    assert [row["what"] for row in found] == ["agreed", "agreed", "verdict differs"]
    unknown = people.run("Eva", "agreement", "--claims", "kappa")
    assert_refused(unknown, "no figure “kappa”", "use one of span_f1_exact")


def test_a_claim_withdrawn_after_a_review_stands_behind_the_figures_still(people: People) -> None:
    for claim in ("C1", "C2", "C3"):
        people.say("Cyd", "decide", 1, claim, "agree")
    people.say("Cyd", "decide", 1, "C4", "reject-claim")
    people.say("Ana", "answer", 1, "C4", "accept")
    for one in people.ask("Cyd", "review", 1, "--of", "Bo"):
        people.say("Cyd", "decide", 1, one["id"], "reject-claim")
    people.say("Cyd", "submit", 1)
    assert "C4" not in [one["name"] for one in people.ask("Eva", "claims", 1)]
    asked = ("agreement", 1, "--person", "Ana", "--person", "Cyd", "--claims", "span_f1_half")
    assert [(row["names"], row["what"]) for row in people.ask("Eva", *asked)][-1] == (["C4", None], "only Ana")
    assert people.say("Eva", *asked).splitlines()[-1].split("\t")[2:] == ["C4", "only Ana", BRIDGE]


def test_csv_markdown_and_files(people: People, tmp_path: Path) -> None:
    rows = list(csv.DictReader(people.say("Eva", "agreement", "--csv").splitlines()))
    exact = [row for row in rows if row["measure"] == "span_f1_exact"]
    assert [(row["article_id"] == "", row["annotator_a"], row["value"], row["n"]) for row in exact] == [
        (True, "Ana", "0.5", "8"),
        (False, "Ana", "0.5", "8"),
    ]
    page = people.say("Eva", "agreement", "--markdown")
    assert page.startswith("# Agreement\n") and "Left out, because not submitted: Bo on 2." in page
    for name, said in (("a.csv", "article_id,"), ("a.md", "# Agreement"), ("a.json", '{\n  "people"')):
        result = people.run("Eva", "agreement", "-o", tmp_path / name)
        assert (result.exit_code, result.stdout) == (0, "") and f"written to {tmp_path / name}" in result.stderr
        assert (tmp_path / name).read_text("utf-8").startswith(said)
    assert json.loads((tmp_path / "a.json").read_text("utf-8")) == people.ask("Eva", "agreement")


def test_the_folder_of_tables_has_the_same_figures(people: People, tmp_path: Path) -> None:
    people.check("Cyd", "second article", article=2)
    people.say("Cyd", "submit", 2)
    people.say("Eva", "export", "tables", tmp_path / "out")
    with (tmp_path / "out" / "agreement.csv").open(encoding="utf-8", newline="") as file:
        rows = list(csv.DictReader(file))
    assert rows == list(csv.DictReader(people.say("Eva", "agreement", "--csv").splitlines()))
    assert {(row["annotator_a"], row["annotator_b"]) for row in rows} == {
        ("Ana", "Bo"), ("Ana", "Cyd"), ("Bo", "Cyd"), ("", ""),
    }  # fmt: skip
    undefined = next(row for row in rows if row["annotator_a"] == "Bo" and row["measure"] == "raw_agreement")
    assert (undefined["value"], undefined["note"]) == ("", "n/a (needs two)")
    again = people.run("Eva", "export", "tables", tmp_path / "again")
    assert again.exit_code == 0
    assert (tmp_path / "again" / "agreement.csv").read_bytes() == (tmp_path / "out" / "agreement.csv").read_bytes()


def test_a_name_that_looks_like_a_formula_is_guarded_in_csv(people: People) -> None:
    people.check("=Bo", "It is short.", article=2)
    people.say("=Bo", "submit", 2)
    assert ",'=Bo,Ana," in people.say("Eva", "agreement", "--csv")


def test_nothing_to_compare_is_said(people: People) -> None:
    people.say("Bo", "reopen", 1)
    result = people.run("Eva", "agreement", 1)
    assert result.exit_code == 0
    assert "all\tfound\tspan_f1_exact\tn/a: needs two" in result.stdout
    assert result.stderr == (
        "Left out, because not submitted: Bo on 1.\n"
        "Agreement needs two submitted sets: `factdesk submit` hands yours in, "
        "`factdesk submit --all --of NAME…` those of people whose work you imported.\n"
    )


def test_what_is_asked_wrongly_is_refused(people: People, tmp_path: Path) -> None:
    assert_refused(people.run("Eva", "agreement", "--person", "Boo"), "“Boo”", "did you mean Bo?")
    assert_refused(people.run("Eva", "agreement", "nosuch"), "nosuch", "factdesk articles")
    for args in (["--json", "--csv"], ["-o", tmp_path / "a.txt"], ["--claims", "cohen_kappa", "--csv"]):
        assert people.run("Eva", "agreement", *args).exit_code == 2


def test_the_whole_story_of_a_second_review_on_one_file(ana: Path, cli: Cli) -> None:
    people = People(cli, ana)
    people.bring("flood.txt")
    people.say("Eva", "assign", 1, "--to", "Ana", "--role", "checker")
    people.say("Eva", "assign", 1, "--to", "Bo", "--of", "Ana", "--blind", "verdict")
    people.say("Eva", "assign", 1, "--to", "Dan", "--role", "adjudicator")
    # Ana checks.
    assert people.ask("Ana", "next")["role"] == "checker"
    people.check("Ana", RAIN, RIVER, NOBODY)
    people.check("Ana", BRIDGE, verdict="not_enough_evidence")
    people.say("Ana", "submit", 1)
    # Bo goes through her claims without seeing her verdicts.
    queue = people.ask("Bo", "review", 1)
    assert [one["verdict"] for one in queue] == [""] * 4
    people.say("Bo", "decide", 1, "C1", "agree", "--verdict", "not_checkable")
    people.say("Bo", "decide", 1, "C2", "change-span", "--quote", "river rose by two metres")
    people.say("Bo", "decide", 1, "C3", "disagree", "--reason", "missing_context", "--comment", "One was.")
    assert people.ask("Bo", "decide", 1, "C4", "agree", "--verdict", "refuted")["decision"] == "change_verdict"
    people.say("Bo", "missing", 1, "--quote", MAYOR)
    assert people.ask("Bo", "summary", 1)["residue"] == []
    people.say("Bo", "submit", 1)
    assert people.ask("Eva", "articles")[0]["state"] == "disputed"
    # Ana answers: she takes one up, rejects another, leaves the rest to Dan.
    assert [one["claim"]["name"] for one in people.ask("Ana", "inbox")] == ["C2", "C3", "C4", "C5"]
    people.say("Ana", "answer", 1, "C2", "accept")
    people.say("Ana", "answer", 1, "C4", "reject", "--reason", "No source says so.")
    before = [(one["id"], one["quote"], one["verdict"]) for one in people.ask("Eva", "claims", 1)]
    # Dan compares and settles.
    kinds = {" ".join(one["names"]): one["kind"] for one in people.ask("Dan", "compare", 1)["groups"]}
    assert kinds == {
        "C1": "agreed", "C2": "agreed", "C3": "objected", "C4": "verdict_differs", "C5": "only",
    }  # fmt: skip
    assert_refused(people.run("Dan", "submit", 1), "C3 is in dispute")
    people.say("Dan", "adjudicate", 1, "--agreed")
    people.say("Dan", "adjudicate", 1, "C3", "nothing-here", "--rationale", "A hope.")
    people.say("Dan", "adjudicate", 1, "C4", "first-correct", "--rationale", "Ana is right.")
    people.say("Dan", "adjudicate", 1, "C5", "own", "--verdict", "not_checkable", "--rationale", "Added.")
    people.say("Dan", "submit", 1)
    assert people.ask("Eva", "articles")[0]["state"] == "final"
    assert [one["claim"]["name"] for one in people.ask("Eva", "settled", 1)] == ["C1", "C2", "C4", "C5"]
    after = [(one["id"], one["quote"], one["verdict"]) for one in people.ask("Eva", "claims", 1)]
    assert [one[:2] for one in after] == [one[:2] for one in before]
    verdicts = {(one["by"], one["verdict"]) for one in people.ask("Eva", "show", 1, "C4")["verdicts"]}
    assert verdicts == {("Ana", "not_enough_evidence"), ("Bo", "refuted")}
    (comparison,) = people.ask("Eva", "agreement")["comparisons"]
    assert (comparison["people"], figures(comparison)["raw_agreement"]) == (["Ana", "Bo"], (0.5, 2))
    told = "How the sets were made: Bo: 4 decisions with the verdict hidden."
    assert told in people.run("Eva", "agreement").stderr and told in people.say("Eva", "agreement", "--markdown")
    summary = people.ask("Bo", "summary", 1)
    assert (summary["submitted"], summary["left_out"], len(summary["agreement"])) == (True, [], 1)
    assert figures(summary["agreement"][0]) == figures(comparison)
    assert "| raw agreement | 0.500 | 2 | matched claims with two verdicts |" in people.say(
        "Bo", "summary", 1, "--markdown"
    )
    assert "raw agreement\t0.500\t2\t" in people.say("Bo", "summary", 1)
    assert people.run("Eva", "verify").exit_code == 0


def test_agreement_comes_in_pieces_that_are_one_json(people: People) -> None:
    said = people.say("Eva", "agreement", "--json")
    whole = json.loads(said)
    assert json.dumps(whole, ensure_ascii=False, indent=2) + "\n" == said and whole["pairs"] is True


def test_the_pairs_of_very_many_people_are_left_out_and_that_is_said(
    people: People, monkeypatch: pytest.MonkeyPatch
) -> None:
    people.check("Cleo", "It rained")
    people.say("Cleo", "submit", 1)
    monkeypatch.setattr("store.measure.figures.MOST_PAIRED", 2)
    result = people.run("Eva", "agreement", 1, "--json")
    assert "3 people" in result.stderr and "--pairs" in result.stderr
    assert len(json.loads(result.stdout)["comparisons"]) == 1
    assert len(people.ask("Eva", "agreement", 1, "--pairs")["comparisons"]) == 4
