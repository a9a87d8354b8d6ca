"""A whole check from the command line: everything the app does can be done by verbs."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from click.testing import Result

from store.desk import Desk
from tests.kit.desks import once

Cli = Callable[..., Result]


@pytest.fixture
def desk(ana: Path, cli: Cli, sample: Path) -> Path:
    """A desk of Ana's with the sample article."""

    def imported() -> None:
        assert cli("import", sample).exit_code == 0

    once(ana, imported)
    return ana / "desk.db"


def data(result: Result) -> Any:
    assert (result.exit_code, result.exception) == (0, None), result.stderr
    return json.loads(result.stdout)


def test_import_says_number_id_and_title_and_a_second_time_that_it_is_here(ana: Path, cli: Cli, sample: Path) -> None:
    first = cli("import", sample)
    number, id, title = first.stdout.split(" ", 2)
    assert (number, len(id)) == ("1", 36)
    assert title.startswith("Two North Korean prisoners")
    assert "Made a new desk" in first.stderr
    again = cli("import", sample)
    assert (again.exit_code, again.stdout) == (0, "")
    assert "Here already: 1 Two North Korean" in again.stderr


def test_tag_finds_a_quote_and_prints_name_id_and_place_in_one_line(desk: Path, cli: Cli) -> None:
    result = cli("tag", 1, "--quote", "North Korean", "--nth", 2)
    name, id, place, quote = result.stdout.rstrip("\n").split(" ", 3)
    assert (name, len(id), quote) == ("C1", 36, "“North Korean”")
    start, end = map(int, place.split("–"))
    assert cli("show", 1, "--text").stdout[start:end] == "North Korean"


def test_tag_takes_offsets_fields_and_a_verdict_as_one_step_of_undo(desk: Path, cli: Cli) -> None:
    claim = data(
        cli(
            *("tag", "Two North", 17, 49, "--claim-text", "They were prisoners.", "--claimant", "Ri"),
            *("--attribution", "paraphrase", "--check-target", "content", "--priority", "high"),
            *("--type", "event", "--type", "quantity", "--tag", "kursk", "--tag", "pow"),
            *("--verdict", "not_checkable", "--justification", "A matter of words.", "--json"),
        )
    )
    wanted = {
        "name": "C1", "start": 17, "end": 49, "claim_text": "They were prisoners.", "claimant": "Ri",
        "attribution": "paraphrase", "check_target": "content", "priority": "high", "types": ["event", "quantity"],
        "tags": ["kursk", "pow"], "verdict": "not_checkable", "justification": "A matter of words.", "checker": "Ana",
        "status": "checked",
    }  # fmt: skip
    assert {name: claim[name] for name in wanted} == wanted
    cli("undo")
    assert data(cli("claims", "--json")) == []
    cli("redo")
    assert data(cli("claims", 1, "--json"))[0]["verdict"] == "not_checkable"


def test_a_verdict_can_be_given_explained_and_taken_back(desk: Path, cli: Cli) -> None:
    cli("tag", 1, 17, 49)
    given = cli("verdict", 1, "C1", "refuted")
    assert given.stdout.startswith("C1 ") and given.stdout.endswith("refuted (Refuted)\n")
    assert "refuted needs 1 piece of evidence that refutes" in given.stderr
    assert data(cli("verdict", 1, "c1", "--justification", "He left later.", "--json"))["verdict"] == "refuted"
    taken = data(cli("verdict", 1, 1, "--none", "--json"))
    assert (taken["verdict"], taken["justification"]) == ("", "He left later.")


def test_another_persons_verdict_stands_beside_mine(desk: Path, cli: Cli) -> None:
    cli("tag", 1, 17, 49, "--verdict", "refuted")
    cli("verdict", 1, "C1", "supported", "--as", "Bo")
    verdicts = data(cli("show", 1, "C1", "--json"))["verdicts"]
    assert [(verdict["by"], verdict["verdict"]) for verdict in verdicts] == [("Ana", "refuted"), ("Bo", "supported")]


def test_evidence_is_added_changed_and_deleted_and_a_source_is_shared_by_its_url(desk: Path, cli: Cli) -> None:
    cli("tag", 1, 17, 49)
    cli("tag", 1, 50, 60)
    made = data(
        cli(
            *("evidence", 1, "C1", "--stance", "refutes", "--url", "https://a.example/x", "--quote", "on 10 October"),
            *("--locator", "p. 2", "--note", "phone", "--title", "Interview", "--publisher", "Chosun Ilbo"),
            *("--published", "2025-02-19", "--retrieved", "2025-03", "--archive-url", "https://archive.example/x"),
            *("--tier", "primary", "--origin", "the prisoner", "--json"),
        )
    )
    assert (made["stance"], made["quote"], made["locator"], made["note"]) == (
        *("refutes", "on 10 October", "p. 2"),
        "phone",
    )
    source = made["source"]
    assert (source["title"], source["tier"], source["origin"]) == ("Interview", "primary", "the prisoner")
    line = cli("evidence", 1, "C2", "--stance", "context", "--url", "https://a.example/x").stdout
    assert line.startswith("C2 ") and line.endswith("context https://a.example/x\n")
    changed = data(cli("evidence", 1, "C2", "--edit", 1, "--note", "again", "--title", "The interview", "--json"))
    assert (changed["note"], changed["source"]["title"]) == ("again", "The interview")
    shared = data(cli("show", 1, "C1", "--json"))["evidence"][0]["source"]
    assert (shared["id"], shared["title"]) == (changed["source"]["id"], "The interview")
    cli("undo")
    undone = data(cli("show", 1, "C2", "--json"))["evidence"][0]
    assert (undone["note"], undone["source"]["title"]) == ("", "Interview")
    assert cli("delete", 1, "C2", "--evidence", 1).stdout == "deleted evidence 1 on C2\n"
    assert data(cli("show", 1, "C2", "--json"))["evidence"] == []


def test_sweeps_leave_the_residue_and_come_back_when_deleted(desk: Path, cli: Cli) -> None:
    first = data(cli("residue", 1, "--json"))[0]
    swept = cli("sweep", 1, first["start"], first["end"])
    assert f" {first['start']}–{first['end']} " in swept.stdout
    assert first not in data(cli("residue", 1, "--json"))
    made = data(cli("sweep", 1, "--quote", "Prisoners Ri and Baek", "--json"))
    assert made["quote"] == "Prisoners Ri and Baek"
    assert len(data(cli("show", 1, "--json"))["sweeps"]) == 2
    assert cli("delete", 1, "--sweep", 1).exit_code == 0
    assert first in data(cli("residue", 1, "--json"))


def test_comments_answer_each_other_and_can_be_changed(desk: Path, cli: Cli) -> None:
    cli("tag", 1, 17, 49)
    cli("comment", 1, "C1", "Asked the ministry.")
    answer = data(cli("comment", 1, "C1", "And?", "--reply-to", 1, "--as", "Bo", "--json"))
    cli("comment", 1, "C1", "Asked the ministry on Monday.", "--edit", 1)
    comments = data(cli("show", 1, "C1", "--json"))["comments"]
    assert [(comment["by"], comment["body"]) for comment in comments] == [
        ("Ana", "Asked the ministry on Monday."),
        ("Bo", "And?"),
    ]
    assert answer["reply_to"] == comments[0]["id"]
    shown = cli("show", 1, "C1").stdout
    assert "comment 2     Bo to 1, " in shown
    assert "only they can take it back" in cli("delete", 1, "C1", "--comment", 2).stderr
    assert "That comment is Ana's" in cli("comment", 1, "C1", "Never.", "--edit", 1, "--as", "Bo").stderr
    assert cli("delete", 1, "C1", "--comment", 2, "--as", "Bo").exit_code == 0
    assert len(data(cli("show", 1, "C1", "--json"))["comments"]) == 1


def test_a_claim_keeps_its_name_when_it_is_moved_and_edited(desk: Path, cli: Cli) -> None:
    cli("tag", 1, 17, 49, "--type", "event", "--claimant", "Ri")
    moved = data(cli("move", 1, "C1", 17, 60, "--json"))
    assert (moved["name"], moved["end"]) == ("C1", 60)
    quoted = data(cli("move", 1, "C1", "--quote", "Prisoners Ri and Baek", "--json"))
    assert (quoted["id"], quoted["quote"]) == (moved["id"], "Prisoners Ri and Baek")
    edited = data(cli("edit", 1, "C1", "--claim-text", "Ri spoke.", "--type", "quote", "--claimant", "", "--json"))
    assert (edited["claim_text"], edited["types"], edited["claimant"]) == ("Ri spoke.", ["quote"], "")
    assert data(cli("edit", 1, "C1", "--type", "", "--json"))["types"] == []


def test_the_articles_own_details_can_be_edited(desk: Path, cli: Cli) -> None:
    cli("edit", 1, "--title", "Prisoners", "--url", "https://paper.example/1", "--published", "2025-02")
    cli("edit", "Prisoners", "--publisher", "The Paper", "--author", "Someone", "--language", "en")
    article = data(cli("show", "prison", "--json"))
    wanted = {
        *("Prisoners", "https://paper.example/1", "2025-02"),
        *("The Paper", "Someone", "en"),
    }
    parts = ("title", "url", "published", "publisher", "author", "language")
    assert {article[part] for part in parts} == wanted


def test_deleting_is_undone_article_and_claim(desk: Path, cli: Cli) -> None:
    cli("tag", 1, 17, 49)
    assert cli("delete", 1, "C1").stdout == "deleted C1\n"
    assert "“Two North" in cli("delete", 1).stdout
    assert data(cli("articles", "--json")) == []
    assert cli("undo").stdout.startswith("Undid: deleted ")
    assert data(cli("undo", "--json"))["sentence"].startswith("Undid: deleted C1")
    assert len(data(cli("claims", "--json"))) == 1


def test_deleting_my_verdict_leaves_the_claim(desk: Path, cli: Cli) -> None:
    cli("tag", 1, 17, 49, "--verdict", "refuted")
    assert cli("delete", 1, "C1", "--verdict").stdout == "deleted your verdict on C1\n"
    assert data(cli("show", 1, "C1", "--json"))["verdicts"] == []


def test_articles_claims_and_stats_count_the_same(desk: Path, cli: Cli) -> None:
    cli("tag", 1, 17, 178, "--verdict", "refuted")
    cli("tag", 1, 20, 30)
    (article,) = data(cli("articles", "--json"))
    stats = data(cli("stats", 1, "--json"))
    claims = data(cli("claims", 1, "--json"))
    assert (article["claims"], stats["claims"], len(claims)) == (2, 2, 2)
    shown = data(cli("show", 1, "--json"))
    names = ("words", "words_read", "open_sentences", "leftovers", "claims_checked", "lacking")
    lacking = {"verdict": 1, "evidence": 1, "justification": 0, "again": 0, "known_verdict": 0}
    figures = [499, 26, 29, 0, 0, lacking]
    assert [[one[name] for name in names] for one in (article, stats, shown)] == [figures] * 3
    assert stats["verdicts"] == {"refuted": 1}
    assert article["checkers"] == ["Ana"]


def test_an_article_named_twice_counts_once(desk: Path, cli: Cli) -> None:
    cli("tag", 1, 17, 178)
    assert len(data(cli("claims", 1, "Two North", "--json"))) == 1
    assert data(cli("stats", 1, "Two North", "--json")) == data(cli("stats", "--json"))


def test_piped_tables_are_whole_and_stand_between_tabs(desk: Path, cli: Cli) -> None:
    cli("tag", 1, 17, 178, "--verdict", "refuted")
    quote = data(cli("claims", "--json"))[0]["quote"]
    head, row = cli("claims").stdout.splitlines()
    cells = dict(zip(head.split("\t"), row.split("\t"), strict=True))
    assert (cells["quote"], cells["verdict"], cells["start"]) == (quote, "✗ Refuted", "17")
    head, row = cli("articles").stdout.splitlines()
    assert dict(zip(head.split("\t"), row.split("\t"), strict=True))["read"] == "5 %"
    assert "verdicts\t✗ Refuted\t1\t1" in cli("stats").stdout.splitlines()


def test_history_tells_who_did_what_on_desk_article_and_claim(desk: Path, cli: Cli) -> None:
    cli("tag", 1, 17, 49)
    cli("verdict", 1, "C1", "refuted", "--as", "Bo")
    newest = cli("history").stdout.splitlines()[1]
    assert newest.endswith("\tBo\t1\tgave C1 the verdict Refuted")
    assert len(data(cli("history", 1, "C1", "--json"))) == 2
    assert len(data(cli("history", 1, "--limit", 1, "--json"))) == 1
    times = [change["at"] for change in data(cli("history", 1, "--json"))]
    assert times == sorted(times, reverse=True) and times[0].endswith("Z")


def test_search_finds_words_of_articles_and_claims(desk: Path, cli: Cli) -> None:
    cli("tag", 1, 17, 49, "--claim-text", "A zeppelin landed.")
    cli("comment", 1, "C1", "Ask the weather office.")
    assert "\tC1\tclaim text\tA zeppelin landed.\t" in cli("search", "zeppelin").stdout
    (said,) = data(cli("search", "weather", "--json"))
    assert (said["where"], said["snippet"], said["marks"]) == ("comment", "Ask the weather office.", [[8, 15]])
    assert data(cli("search", "Chosun", "Ilbo", "--json"))[0]["claim"] == ""
    nothing = cli("search", "zzzz")
    assert (nothing.exit_code, nothing.stderr) == (0, "Nothing found.\n")


def test_a_conflict_is_listed_and_settled(desk: Path, cli: Cli) -> None:
    cli("tag", 1, 17, 49)
    with Desk.open(desk, "Ana") as mine, Desk.open(desk, "Bo") as theirs:
        seen = mine.claims.get("C1", "1")
        theirs.claims.edit(seen, claimant="Baek")
        mine.claims.edit(seen, claimant="Ri")
    assert [row.split("\t")[-1] for row in cli("conflicts").stdout.splitlines()[1:]] == [
        "claimant: Baek",
        "claimant: Ri",
    ]
    assert cli("conflicts", "settle", 1, 3).exit_code == 1
    assert cli("conflicts", "settle", 1, 1).stdout == "C1: claimant: Baek (by Bo)\n"
    assert data(cli("conflicts", "--json")) == []
    assert data(cli("claims", "--json"))[0]["claimant"] == "Baek"


def test_backup_stands_beside_the_desk_and_is_sound(desk: Path, cli: Cli) -> None:
    cli("tag", 1, 17, 49)
    copy = Path(cli("backup").stdout.strip())
    assert copy.parent == desk.parent and copy.name.startswith("desk-2")
    sound = cli("verify", "--db", copy)
    assert (sound.exit_code, sound.stdout) == (0, "")
    assert "is sound" in sound.stderr
    assert len(data(cli("--db", copy, "claims", "--json"))) == 1
    refused = cli("backup", copy)
    assert (refused.exit_code, refused.stdout) == (1, "")
    assert "nothing was overwritten" in refused.stderr


def test_verify_tells_what_another_program_changed_and_rebuild_mends_it(desk: Path, cli: Cli) -> None:
    import sqlite3

    cli("tag", 1, 17, 49)
    with sqlite3.connect(desk) as other:
        other.execute("UPDATE claims SET quote = 'something else'")
    found = cli("verify")
    assert found.exit_code == 1
    assert "is not the quote of the claim" in found.stdout
    assert "is not sound" in found.stderr
    assert cli("rebuild").exit_code == 0
    assert cli("verify").exit_code == 0


def test_the_scheme_is_shown_listed_checked_and_changed(desk: Path, cli: Cli, tmp_path: Path) -> None:
    assert "verdict\t7\trefuted\t✗ Refuted\t" in cli("scheme").stdout
    assert cli("scheme", "list").stdout.splitlines()[1].startswith("desk\tFact-checking desk\tsupported, ")
    toml = cli("scheme", "show", "truth6").stdout
    own = tmp_path / "own.toml"
    own.write_text(toml.replace('id = "truth6"', 'id = "ours"'), "utf-8")
    assert "ours version 1 is sound" in cli("scheme", "check", own).stdout
    assert cli("scheme", "use", own).stdout.startswith("ours ")
    assert data(cli("scheme", "--json"))["id"] == "ours"
    assert cli("scheme", "show").stdout == own.read_text("utf-8")
    assert cli("tag", 1, 17, 49, "--verdict", "half_true").exit_code == 0


def test_keys_lists_the_keys_as_they_are_with_ones_own(ana: Path, cli: Cli) -> None:
    assert "Check\tt\tTag\t" in cli("keys").stdout
    own = ana / "config" / "keys.toml"
    own.parent.mkdir()
    own.write_text('[keys]\ntag = "f6"\n', "utf-8")
    assert "Check\tF6\tTag\t" in cli("keys").stdout
    assert cli("keys", "check").stdout == f"{own}: all keys are fine.\n"
    tag = next(action for action in data(cli("keys", "--json")) if action["id"] == "tag")
    assert (tag["keys"], tag["scope"]) == (["F6"], "check")
    own.write_text('[keys]\ntag = "s"\n', "utf-8")
    clash = cli("keys", "check")
    assert clash.exit_code == 1
    assert "line 2" in clash.stdout and "Sweep" in clash.stdout


def test_the_nearest_of_two_global_options_counts(desk: Path, cli: Cli, tmp_path: Path) -> None:
    cli("--as", "Bo", "tag", 1, 17, 49, "--as", "Cy")
    assert data(cli("--db", tmp_path / "none.db", "claims", "--db", desk, "--json"))[0]["checker"] == "Cy"
    cli("tag", 1, 50, 60, "--as=Di")
    assert data(cli("claims", "--json"))[1]["checker"] == "Di"


def test_global_options_may_stand_between_the_words_of_a_verb(desk: Path, cli: Cli) -> None:
    assert cli("scheme", "--db", desk, "list").stdout.startswith("name\tlabel")
    assert cli("keys", "--as=Bo", "check").exit_code == 0


def test_what_somebody_else_tagged_is_pointed_out_and_own_tags_it_too(desk: Path, cli: Cli) -> None:
    cli("tag", 1, 17, 49)
    pointed = cli("tag", 1, 17, 49, "--as", "Bo")
    assert (pointed.exit_code, pointed.stdout) == (1, "")
    assert "is already tagged as C1 by Ana. Add --own to tag it as yours too." in pointed.stderr
    assert data(cli("tag", 1, 17, 49, "--as", "Bo", "--own", "--json"))["checker"] == "Bo"
    again = cli("tag", 1, 17, 49, "--as", "Bo", "--own")
    assert again.exit_code == 1 and "is already tagged as C2." in again.stderr
    assert data(cli("tag", 1, 17, 49, "--claim-text", "Other words.", "--json"))["name"] == "C3"


def test_who_is_here_is_listed_with_the_article_and_since_when(desk: Path, cli: Cli) -> None:
    assert cli("here").stderr == "Nobody has this desk open now.\n" and data(cli("here", "--json")) == []
    with Desk.open(desk, "Bo") as bo, Desk.open(desk, "Cy 王") as cy:
        bo.here.enter(bo.articles.get(1).id)
        cy.here.enter()
        heads, first, second = (line.split("\t") for line in cli("here").stdout.splitlines())
        assert heads == ["who", "article", "title", "since"]
        assert first[:2] == ["Bo", "1"] and first[2].startswith("Two North Korean") and len(first[3]) == 16
        assert second[:3] == ["Cy 王", "", "in the library"]
        one, other = data(cli("here", "--json"))
        assert (one["person"], one["number"], one["article"]) == ("Bo", 1, bo.articles.get(1).id) and one["title"]
        assert (other["person"], other["number"], other["article"], other["title"]) == ("Cy 王", None, "", "")
        bo.assignments.assign([1], ["Dee"], "reviewer", blind="verdict")  # type: ignore[list-item]
        assert cli("--as", "Dee", "here").stdout.splitlines()[-1].split("\t")[0] == "somebody"
    assert data(cli("here", "--json")) == []
