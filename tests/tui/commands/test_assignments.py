"""Handing work out and in from the command line, and what blind review hides there."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from store.access.names import reviewer_id
from tests.kit.commands import BRIDGE, NOBODY, RAIN, RIVER, Cli, People, assert_refused, dump
from tests.kit.desks import once
from tui.cli import HEADINGS


@pytest.fixture
def people(ana: Path, cli: Cli) -> People:
    """Four articles; Ana has checked the first."""
    people = People(cli, ana)

    def checked() -> None:
        people.bring("first.txt")
        for number in (2, 3, 4):
            people.bring(f"more/{number}.txt", f"Article {number}. It has a second sentence.\n")
        people.check("Ana", RAIN, RIVER)

    once(ana, checked)
    return people


def given(found: list[dict[str, Any]]) -> list[tuple[int, str, str]]:
    return [(one["number"], one["reviewer"], one["role"]) for one in found]


def test_one_article_is_given_to_one_person(people: People) -> None:
    line = people.say("Eva", "assign", 1, "--to", "Bo", "--of", "ana", "--blind", "verdict")
    assert line.startswith("1 Bo reviewer, of Ana, blind: verdict “")
    (one,) = people.ask("Eva", "assignments")
    wanted = {
        "number": 1, "reviewer": "Bo", "role": "reviewer", "blind": "verdict", "whose": "Ana", "state": "open",
        "reopened": 0, "by": "Eva", "article_state": "in progress",
    }  # fmt: skip
    assert {name: one[name] for name in wanted} == wanted
    people.say("Eva", "undo")
    assert people.ask("Eva", "assignments") == []


def test_who_is_new_and_who_has_it_already_is_said(people: People) -> None:
    assert "new on this desk" not in people.run("Eva", "assign", 1, "--to", "Tomas, Ines").stderr
    said = people.run("Eva", "assign", 1, "--to", "Tomaz,Ines")
    told = {line.split()[1]: line.endswith(": has it already") for line in said.stdout.splitlines()}
    assert told == {"Tomaz": False, "Ines": True}
    assert "Tomaz is new on this desk; did you mean Tomas?" in said.stderr


def test_a_folders_worth_is_given_out_evenly(people: People, ana: Path) -> None:
    made = people.ask("Eva", "assign", ana / "more", 1, *("--to", "Bo", "--to", "Cyd", "--to", "Dan"), "--each", 1)
    assert sorted(number for number, _, _ in given(made)) == [1, 2, 3, 4]
    assert [sum(name == who for _, who, _ in given(made)) for name in ("Bo", "Cyd", "Dan")] == [2, 1, 1]
    people.say("Eva", "assign", ana / "more" / "2.txt", "--to", "Fay", "--role", "checker")
    assert given(people.ask("Fay", "assignments", "--mine")) == [(2, "Fay", "checker")]


def test_all_articles_are_given_and_never_to_their_own_checker(people: People) -> None:
    made = people.ask("Eva", "assign", "--all", "--to", "Ana", "--to", "Bo", "--each", 1)
    assert (1, "Bo", "reviewer") in given(made) and len(made) == 4
    assert {who for number, who, _ in given(made) if number != 1} == {"Ana", "Bo"}


def test_assignments_are_listed_of_some_articles_or_ones_own(people: People) -> None:
    people.say("Eva", "assign", "--all", "--to", "Bo", "--role", "checker")
    people.say("Eva", "assign", 1, "--to", "Cyd", "--role", "adjudicator")
    assert given(people.ask("Eva", "assignments", 1)) == [(1, "Bo", "checker"), (1, "Cyd", "adjudicator")]
    assert given(people.ask("Cyd", "assignments", "--mine")) == [(1, "Cyd", "adjudicator")]
    heads, first, *rest = [line.split("\t") for line in people.say("Eva", "assignments").splitlines()]
    assert heads[:8] == ["no.", "title", "who", "role", "of", "blind", "set", "article is"]
    assert first[2:8] == ["Bo", "checker", "", "open", "open", "in progress"]
    assert len(rest) == 4
    assert people.run("Ana", "assignments", "--mine").stderr == "You have no assignment.\n"


def test_an_assignment_is_taken_back(people: People) -> None:
    people.say("Eva", "assign", 1, "--to", "Bo")
    people.say("Eva", "assign", 1, "--to", "Bo", "--role", "adjudicator")
    assert people.say("Eva", "unassign", 1, "--from", "bo", "--role", "reviewer").startswith("took back 1 Bo reviewer")
    assert given(people.ask("Eva", "assignments")) == [(1, "Bo", "adjudicator")]
    assert people.ask("Eva", "unassign", 1, "--from", "Bo")["deleted"] is True


def test_the_next_one_is_what_was_begun_then_the_order_of_the_desk(people: People) -> None:
    assert people.say("Bo", "next").startswith("1 to check “")
    assert people.ask("Bo", "next")["number"] == 1
    people.say("Eva", "assign", "--all", "--to", "Bo", "--role", "checker")
    assert people.ask("Bo", "next")["number"] == 1
    people.say("Bo", "tag", 3, "--quote", "Article 3", "--verdict", "not_checkable", "--justification", "x")
    assert people.say("Bo", "next").startswith("3 Bo checker “Article 3")
    people.say("Bo", "submit", 3)
    assert people.ask("Bo", "next")["number"] == 1


def test_submitting_locks_ones_set_until_it_is_reopened_which_is_recorded(people: People) -> None:
    assert people.say("Ana", "submit", 1).startswith("submitted 1 Ana checker “")
    assert_refused(people.run("Ana", "tag", 1, "--quote", BRIDGE), "submitted", "reopen")
    assert_refused(people.run("Ana", "submit", 1), "submitted already")
    assert people.ask("Eva", "articles")[0]["state"] == "submitted"
    made = people.ask("Ana", "reopen", 1)
    assert (made["state"], made["reopened"]) == ("open", 1)
    people.say("Ana", "tag", 1, "--quote", BRIDGE)
    assert "reopened the checker's set" in people.ask("Eva", "history", 1)[1]["sentence"]


def test_the_role_is_found_or_asked_for(people: People) -> None:
    people.say("Eva", "assign", 1, "--to", "Bo")
    people.say("Eva", "assign", 1, "--to", "Bo", "--role", "adjudicator")
    assert_refused(people.run("Bo", "submit", 1), "several sets", "--role reviewer or adjudicator")
    assert people.ask("Bo", "submit", 1, "--role", "adjudicator")["role"] == "adjudicator"
    for claim in ("C1", "C2"):
        people.say("Bo", "decide", 1, claim, "agree")
    assert people.ask("Bo", "submit", 1)["role"] == "reviewer"
    assert_refused(people.run("Bo", "reopen", 1), "several sets", "--role")
    assert people.ask("Bo", "reopen", 1, "--role", "reviewer")["state"] == "open"


def test_an_article_ends_final(people: People) -> None:
    for claim in ("C1", "C2"):
        people.say("Bo", "decide", 1, claim, "agree")
    assert people.ask("Eva", "articles")[0]["state"] == "in review"
    people.say("Ana", "submit", 1)
    people.say("Bo", "submit", 1)
    assert people.ask("Eva", "articles")[0]["state"] == "final"


REFUSED: dict[str, tuple[str, tuple[object, ...], tuple[str, ...]]] = {
    "ones own work": ("Eva", ("assign", 1, "--to", "Ana"), ("Ana worked on it already", "name others")),
    "an unknown role": (
        "Eva",
        ("assign", 1, "--to", "Bo", "--role", "boss"),
        ("“boss” is not a valid role", "adjudicator"),
    ),
    "an unknown level": ("Eva", ("assign", 1, "--to", "Bo", "--blind", "half"), ("“half”", "verdict")),
    "a blind adjudicator": (
        "Eva",
        ("assign", 1, "--to", "Bo", "--role", "adjudicator", "--blind", "all"),
        ("nothing can be hidden",),
    ),
    "a checker who is unknown": ("Eva", ("assign", 1, "--to", "Bo", "--of", "Anna"), ("did you mean Ana?",)),
    "more than there are": ("Eva", ("assign", 1, "--to", "Bo", "--each", 2), ("name others",)),
    "an article that is not there": ("Eva", ("assign", "nosuch", "--to", "Bo"), ("nosuch", "factdesk articles")),
    "a folder without articles": ("Eva", ("assign", "config", "--to", "Bo"), ("config",)),
    "a file that is not here": ("Eva", ("assign", "stray.txt", "--to", "Bo"), ("stray.txt", "factdesk import")),
    "a name that is none": ("Eva", ("assign", 1, "--to", " , "), ("Name the people",)),
    "an assignment that is none": ("Eva", ("unassign", 1, "--from", "Ana"), ("Ana has no assignment",)),
    "an assignment of a stranger": ("Eva", ("unassign", 1, "--from", "Anna"), ("did you mean Ana?",)),
    "a set with an open field": ("Ana", ("submit", 1), ("C3 has no verdict",)),
    "a set that is not reviewed": ("Bo", ("submit", 1, "--role", "reviewer"), ("C1 is not reviewed",)),
    "a set of nothing": ("Bo", ("submit", 1), ("done nothing", "--role")),
    "an unknown role to submit": ("Ana", ("submit", 1, "--role", "boss"), ("“boss” is not a role",)),
    "a set that is open already": ("Ana", ("reopen", 1), ("submitted nothing",)),
}


@pytest.mark.parametrize("case", REFUSED)
def test_is_refused_with_one_sentence_and_nothing_changed(
    people: People, ana: Path, case: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(ana)
    (ana / "config").mkdir(exist_ok=True)
    (ana / "stray.txt").write_text("A stray.", "utf-8")
    people.say("Ana", "tag", 1, "--quote", NOBODY)
    who, args, words = REFUSED[case]
    people.say("Eva", "comment", 1, "C1", "Eva works here.")
    before = dump(ana / "desk.db")
    assert_refused(people.run(who, *args), *words)
    assert dump(ana / "desk.db") == before


# -- what is hidden -----------------------------------------------------------------------------------------------

SECRETS = (
    "zebratext",
    "zebrawhy",
    "zebranote",
    "zebrasource",
    "zebrawords",
    "zebraview",
    "zebrarationale",
)
SECRET_TEXT = "An open sentence. Here is something to check. A third sentence.\n"

READS = {
    "articles": [()], "claims": [(), (1,), (1, "--status", "checked")], "show": [(1,), (1, "C1")], "residue": [(1,)],
    "stats": [(), (1,)], "search": [("zebratext",), ("zebr",)], "history": [(), (1,)], "review": [(1, "--list")],
    "summary": [(1,), (1, "--markdown")], "inbox": [(), ("--all",)], "threads": [(), ("--all",)],
    "compare": [(1,), (1, "Ana", "Bo"), (1, "Ana", "Cyd")], "settled": [(1,)], "assignments": [(), (1,), ("--mine",)],
    "next": [()], "agreement": [(), (1,)], "conflicts": [()], "export csv": [(), (1,)],
    "export settled": [(), (1,)], "verify": [()], "suggestions": [(1,)], "changed": [(1,)],
    "corrections": [(1,)], "diff": [(1,)], "versions": [(1,)], "sources": [(), ("zebr",)],
    "replay": [(1, "--plain")], "picture heat": [(1,)], "picture verdicts": [()], "picture agreement": [(), (1,)],
}  # fmt: skip
"""Every verb that shows something, with what is asked of it."""

ELSE = {
    "demo", "open", "import", "import csv", "tag", "verdict", "evidence", "sweep", "comment", "edit", "move",
    "keep", "update", "split", "join", "merge", "share",
    "suggestions accept", "suggestions amend", "suggestions reject",
    "delete", "undo", "redo", "conflicts settle", "decide", "missing", "tick", "answer", "resolve", "adjudicate",
    "assign", "unassign", "person rename", "submit", "reopen", "export tables", "backup", "backups",
    "restore", "rebuild",
    "sources show", "sources merge", "sync", "hub init", "hub status", "hub roles", "export bundle", "import bundle",
    "check", "config", "completion", "picture", "here", "serve",
    "export", "formats", "scheme", "scheme list", "scheme show", "scheme check", "scheme use", "keys", "keys check",
}  # fmt: skip
"""Every other verb: they write, show nothing of what people did, or are looked at below."""


def test_every_verb_is_looked_at() -> None:
    assert {verb for verbs in HEADINGS.values() for verb in verbs} == set(READS) | ELSE


def all_that_is_seen(people: People, who: str, folder: Path) -> str:
    """Everything that any command shows to somebody, refusals included."""
    seen = []
    for verb, asked in READS.items():
        for args in asked:
            for more in ((), ("--json",)):
                result = people.run(who, *verb.split(), *args, *more)
                seen.append(f"\n$ {verb} {args} {more}\n{result.stdout}{result.stderr}")
                assert "Something went wrong" not in result.stderr, seen[-1]
    tables = folder / f"tables-{len(list(folder.iterdir()))}"
    people.say(who, "export", "tables", tables)
    seen += [
        f"\n$ export tables {file.name}\n{file.read_text('utf-8')}"
        for file in sorted(tables.rglob("*"))
        if file.is_file() and "texts" not in file.parts and "scheme" not in file.name
    ]
    return "".join(seen)


def told(seen: str, words: str) -> list[str]:
    """Where some words can be read, other than in the article's own text, in what was asked and under a picture, whose
    signs are explained whether they stand in it or not."""
    lines = (line for line in seen.splitlines() if words in line)
    return [line for line in lines if not line.startswith("$ ") and not line.endswith("(a cell: 1 word)")]


@pytest.fixture
def secretive(ana: Path, cli: Cli) -> People:
    """Ana has checked an article with all she can say of it; Cyd has reviewed that; Fay has settled it."""
    people = People(cli, ana)

    def told_by_all() -> None:
        people.bring("secret.txt", SECRET_TEXT)
        people.say("Ana", "tag", 1, "--quote", "Here is something to check", "--claim-text", "The zebratext.")
        people.say(
            *("Ana", "evidence", 1, "C1", "--stance", "refutes", "--url", "https://zebrasource.example"),
            *("--note", "zebranote"),
        )
        people.say("Ana", "verdict", 1, "C1", "refuted", "--justification", "zebrawhy")
        people.say("Ana", "comment", 1, "C1", "zebrawords")
        people.say("Cyd", "decide", 1, "C1", "disagree", "--reason", "wrong_span", "--comment", "zebraview")
        people.say("Fay", "adjudicate", 1, "C1", "first-correct", "--rationale", "zebrarationale")

    once(ana, told_by_all)
    return people


def test_whoever_is_not_blind_sees_all_of_it(secretive: People, tmp_path: Path) -> None:
    seen = all_that_is_seen(secretive, "Eva", tmp_path)
    assert [secret for secret in SECRETS if not told(seen, secret)] == []
    assert told(seen, "refuted")


def test_whoever_tags_alone_sees_nothing_of_the_others(secretive: People, tmp_path: Path) -> None:
    secretive.say("Eva", "assign", 1, "--to", "Bo", "--blind", "all")
    seen = all_that_is_seen(secretive, "Bo", tmp_path)
    assert {secret: lines for secret in SECRETS if (lines := told(seen, secret))} == {}
    assert (
        secretive.ask("Bo", "claims") == secretive.ask("Bo", "inbox", "--all") == secretive.ask("Bo", "threads") == []
    )
    row, stats = secretive.ask("Bo", "articles")[0], secretive.ask("Bo", "stats")
    assert [row[name] for name in ("claims", "claims_checked", "reviewed", "disputed", "threads", "checkers")] == [
        *(0, 0, 0, 0, 0),
        [],
    ]
    assert [stats[name] for name in ("claims", "evidence", "sources", "comments", "verdicts", "checkers")] == [
        *(0, 0, 0, 0),
        {},
        {},
    ]
    assert row["words_read"] == 0 < row["words"]
    assert {change["kind"] for change in secretive.ask("Bo", "history", 1)} <= {"articles", "versions", "assignments"}
    assert_refused(secretive.run("Bo", "compare", 1), "nobody")
    assert_refused(secretive.run("Bo", "decide", 1, "C1", "agree"), "no claim C1")
    assert_refused(secretive.run("Bo", "unassign", 1, "--from", "Bo"), "someone else has to remove")


def test_both_see_all_once_both_have_submitted(secretive: People) -> None:
    secretive.say("Eva", "assign", 1, "--to", "Bo", "--blind", "all")
    secretive.check("Bo", "A third sentence")
    assert [claim["checker"] for claim in secretive.ask("Ana", "claims")] == ["Ana"]
    secretive.say("Bo", "submit", 1)
    assert [claim["checker"] for claim in secretive.ask("Bo", "claims")] == ["Bo"]
    secretive.say("Ana", "submit", 1)
    for name in ("Ana", "Bo"):
        assert [claim["checker"] for claim in secretive.ask(name, "claims")] == ["Ana", "Bo"]


JUDGED = ("zebrawhy", "zebrawords", "zebraview", "zebrarationale", "refuted", "Refuted")
"""What tells of the verdict."""


def test_where_the_verdict_is_hidden_nothing_tells_of_it_until_ones_own_is_given(
    secretive: People, tmp_path: Path
) -> None:
    secretive.say("Eva", "assign", 1, "--to", "Bo", "--of", "Ana", "--blind", "verdict")
    seen = all_that_is_seen(secretive, "Bo", tmp_path)
    assert {words: lines for words in JUDGED if (lines := told(seen, words))} == {}
    assert told(seen, "zebratext") and told(seen, "zebrasource")
    claim = secretive.ask("Bo", "claims")[0]
    assert (claim["verdict"], claim["justification"], claim["status"], claim["comment_count"]) == ("", "", "tagged", 0)
    assert secretive.ask("Bo", "stats")["verdicts"] == {}
    secretive.say("Fay", "adjudicate", 1, "C1", "--take-back")
    assert_refused(secretive.run("Bo", "decide", 1, "C1", "agree"), "hidden until you give yours")
    made = secretive.ask("Bo", "decide", 1, "C1", "agree", "--verdict", "supported")
    assert (made["decision"], made["blind"]) == ("change_verdict", "verdict")
    assert secretive.ask("Bo", "claims")[0]["verdict"] == "refuted"
    assert told(secretive.say("Bo", "show", 1, "C1"), "zebrawhy")


def test_a_person_gets_another_name_and_stays_who_they_are(people: People) -> None:
    people.say("Eva", "assign", 1, "--to", "Bo", "--of", "Ana")
    assert people.say("Eva", "person rename", "ana", "Ana Horvat").strip() == "Ana is called Ana Horvat from now on"
    assert {one["checker"] for one in people.ask("Ana", "claims", 1)} == {"Ana Horvat"}
    assert people.ask("Bo", "assignments", "--mine")[0]["whose"] == "Ana Horvat"
    people.say("Ana", "tag", 2, "--quote", "It has a second sentence.")
    assert people.ask("ana horvat", "history", 2)[0]["by"] == "Ana Horvat"
    assert_refused(people.run("Eva", "person rename", "Bo", "ANA"), "joined this desk", "choose another name")
    assert_refused(people.run("Eva", "person rename", "Bob", "Rob"), "did you mean Bo?")
    assert people.ask("Eva", "person rename", "Bo", "Bob") == {"id": reviewer_id("Bo"), "name": "Bob", "was": "Bo"}
    people.say("Eva", "undo")
    people.say("Eva", "undo")
    assert people.ask("Bo", "assignments", "--mine")[0]["whose"] == "Ana"
    assert "did you mean `factdesk person rename`?" in people.run("Eva", "person", "rname").stderr
