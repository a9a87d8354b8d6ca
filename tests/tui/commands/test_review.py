"""A second look from the command line: review, decide, missing, tick, summary; and the checker's answer."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

from store.desk import Desk
from store.errors import Busy
from store.review.answers import Answers
from store.review.reviews import Reviews
from store.vocabulary import Decision
from tests.kit.commands import BRIDGE, MAYOR, NOBODY, RAIN, RIVER, Cli, People, assert_refused, dump
from tests.kit.desks import once
from tests.kit.terminal import FACTDESK, Terminal


@pytest.fixture
def people(ana: Path, cli: Cli) -> People:
    """Ana has checked three sentences, the first with evidence; Bo can review them."""
    people = People(cli, ana)

    def checked() -> None:
        people.bring("flood.txt")
        people.check("Ana", RAIN, RIVER, NOBODY)
        people.say("Ana", "evidence", 1, "C1", "--stance", "context", "--url", "https://rain.example")

    once(ana, checked)
    return people


def values(people: People) -> list[tuple[str, ...]]:
    """All that the checker has said."""
    mine = ("name", "quote", "claim_text", "verdict", "justification", "checker", "types")
    return [tuple(str(claim[name]) for name in mine) for claim in people.ask("Eva", "claims", 1)]


DECISIONS = {
    "agree": (),
    "disagree": ("--reason", "missing_context", "--comment", "Half of it."),
    "change_span": ("--quote", "river rose"),
    "change_verdict": ("--verdict", "not_enough_evidence", "--justification", "No gauge there."),
    "change_claim_text": ("--claim-text", "The river rose."),
    "reject_claim": ("--comment", "A matter of taste."),
    "needs_evidence": (),
    "comment": ("--comment", "Seen."),
}


def test_every_decision_of_the_field_can_be_given(people: People) -> None:
    assert {*DECISIONS, "missing_claim"} == {str(word) for word in Decision}


@pytest.mark.parametrize("decision", DECISIONS)
def test_a_decision_is_kept_and_changes_nothing_of_the_checkers(people: People, decision: str) -> None:
    before = values(people)
    made = people.ask("Bo", "decide", 1, "C2", decision.replace("_", "-"), *DECISIONS[decision])
    assert (made["decision"], made["by"], made["whose"], made["stale"]) == (decision, "Bo", "Ana", False)
    assert made["seen"]["quote"] == RIVER
    assert values(people) == before
    assert people.ask("Bo", "show", 1, "C2")["reviews"] == [made]
    line = people.say("Bo", "decide", 1, "C2", decision, *DECISIONS[decision])
    assert line.startswith(f"C2 {made['id']} {decision.replace('_', ' ')}")


def test_what_is_proposed_stands_in_the_review(people: People) -> None:
    span = people.ask("Bo", "decide", 1, "C2", "change_span", "--span", 24, 34)
    assert (span["start"], span["end"], span["quote"]) == (24, 34, "river rose")
    text = people.ask("Bo", "decide", 1, "C2", "change_claim_text", "--claim-text", "The river rose.")
    assert (text["claim_text"], text["quote"]) == ("The river rose.", "river rose")
    verdict = people.ask("Bo", "decide", 1, "C2", *("change_verdict", *DECISIONS["change_verdict"]))
    assert (verdict["verdict"], verdict["justification"]) == ("not_enough_evidence", "No gauge there.")
    assert (verdict["claim_text"], verdict["quote"]) == ("The river rose.", "river rose")
    assert len(people.ask("Bo", "show", 1, "C2")["reviews"]) == 1
    shown = people.run("Bo", "decide", 1, "C2", "agree")
    assert shown.stderr.startswith("Your change span and change verdict and change claim text gave way to it")


def test_a_decision_can_be_taken_back_and_undone(people: People) -> None:
    people.say("Bo", "decide", 1, "C2", "agree")
    assert people.say("Bo", "decide", 1, "C2", "--take-back") == "took back “agree” on C2\n"
    assert people.ask("Bo", "show", 1, "C2")["reviews"] == []
    people.say("Bo", "undo")
    assert people.ask("Bo", "show", 1, "C2")["reviews"][0]["decision"] == "agree"


def test_the_queue_lists_the_claims_and_how_many_are_reviewed(people: People) -> None:
    people.say("Bo", "decide", 1, "C1", "agree")
    people.say("Bo", "decide", 1, "C3", "agree")
    people.say("Ana", "edit", 1, "C3", "--claim-text", "No person was hurt.")
    result = people.run("Bo", "review", 1, "--list")
    rows = [line.split("\t") for line in result.stdout.splitlines()]
    assert rows[0][:2] == ["claim", "I say"]
    assert [row[:2] for row in rows[1:]] == [["C1", "agree"], ["C2", ""], ["C3", "agree · stale"]]
    assert result.stderr == "1 of 3 reviewed.\n"
    queue = people.ask("Bo", "review", 1, "--of", "Ana")
    assert [(one["name"], one["my_review"] and one["my_review"]["stale"]) for one in queue] == [
        ("C1", False), ("C2", None), ("C3", True),
    ]  # fmt: skip


@pytest.mark.parametrize("command", [("review", "1"), ("review", "1", "--of", "Ana"), ("next",)])
def test_on_a_terminal_the_review_opens_in_the_app(people: People, command: tuple[str, ...]) -> None:
    people.say("Eva", "assign", 1, "--to", "Bo")
    people.say("Bo", "decide", 1, "C1", "agree")
    with Terminal([FACTDESK, *command, "--as", "Bo"], columns=120, rows=40) as terminal:
        terminal.wait_for("1 of 3 reviewed")
        terminal.type("\x11")
        assert terminal.finish() == 0


def test_on_a_terminal_an_adjudicators_work_opens_as_a_comparison(people: People) -> None:
    people.say("Bo", "decide", 1, "C1", "agree")
    people.say("Eva", "assign", 1, "--to", "Cy", "--role", "adjudicator")
    with Terminal([FACTDESK, "next", "--as", "Cy"], columns=120, rows=40) as terminal:
        terminal.wait_for("to settle")
        terminal.type("\x11")
        assert terminal.finish() == 0


def test_a_reviewer_who_is_blind_to_all_is_told_to_work_alone(people: People) -> None:
    people.say("Eva", "assign", 1, "--to", "Bo", "--blind", "all")
    assert_refused(people.run("Bo", "review", 1, "--list"), "blind", "factdesk check")
    with Terminal([FACTDESK, "review", "1", "--as", "Bo"], columns=120, rows=40) as terminal:
        terminal.wait_for("This review is blind")
        terminal.type("\x11")
        assert terminal.finish() == 0
    assert "Ana" not in terminal.seen


def test_a_missing_claim_waits_until_the_checker_takes_it_over(people: People) -> None:
    made = people.ask("Bo", "missing", 1, "--quote", BRIDGE, "--comment", "Checkable.", "--claimant", "The mayor")
    assert (made["decision"], made["whose"], made["comment"]) == ("missing_claim", "Ana", "Checkable.")
    (claim,) = [one for one in people.ask("Ana", "claims", 1) if one["id"] == made["claim"]]
    assert (claim["quote"], claim["claimant"], claim["origin"], claim["checker"]) == (
        *(BRIDGE, "The mayor", "review"),
        "Bo",
    )
    assert [one["review"]["id"] for one in people.ask("Ana", "inbox")] == [made["id"]]
    assert "accepted: missing claim, by Bo" in people.say("Ana", "answer", 1, "C4", "accept")
    assert [one["claim"]["name"] for one in people.ask("Ana", "inbox")] == ["C4"], "it waits for a verdict"
    people.say("Bo", "missing", 1, "--quote", MAYOR)
    people.say("Bo", "decide", 1, "C5", "--take-back")
    assert [one["name"] for one in people.ask("Ana", "claims", 1)] == ["C1", "C2", "C3", "C4"]


def test_evidence_is_ticked_as_seen_or_doubted(people: People) -> None:
    seen = people.ask("Bo", "tick", 1, "C1", 1, "seen")
    doubted = people.ask("Bo", "tick", 1, "C1", seen["evidence"], "doubted", "--reason", "dead_link", "--note", "404")
    assert (doubted["id"], doubted["mark"], doubted["reason"], doubted["note"]) == (
        *(seen["id"], "doubted", "dead_link"),
        "404",
    )
    assert people.ask("Eva", "show", 1, "C1")["ticks"] == [doubted]
    assert "doubted     by Bo · Dead link · 404" in people.say("Eva", "show", 1, "C1")
    people.say("Bo", "tick", 1, "C1", 1, "--take-back")
    assert people.ask("Eva", "show", 1, "C1")["ticks"] == []


def test_the_checker_accepts_and_it_becomes_their_own_change(people: People) -> None:
    people.say("Bo", "decide", 1, "C2", "change_span", "--quote", "river rose")
    people.say("Bo", "decide", 1, "C3", "change_verdict", "--verdict", "not_enough_evidence")
    inbox = people.ask("Ana", "inbox", 1)
    assert [(one["claim"]["name"], one["claim"]["quote"], one["review"]["quote"]) for one in inbox] == [
        ("C2", RIVER, "river rose"),
        ("C3", NOBODY, ""),
    ]
    assert people.ask("Ana", "answer", 1, "C2", "accept")["answered"] == "accepted"
    people.say("Ana", "answer", 1, "C3", "accept")
    assert [(one["quote"], one["verdict"]) for one in people.ask("Eva", "claims", 1)][1:] == [
        ("river rose", "not_checkable"),
        (NOBODY, "not_enough_evidence"),
    ]
    assert people.run("Ana", "inbox").stderr == "Nothing waits for you.\n"
    people.say("Ana", "undo")
    assert [one["claim"]["name"] for one in people.ask("Ana", "inbox")] == ["C3"]


def test_a_rejected_proposal_stays_in_dispute_and_is_told_with_the_reason(people: People) -> None:
    people.say("Bo", "decide", 1, "C2", "change_span", "--quote", "river rose")
    given = people.ask("Ana", "answer", 1, "C2", "reject", "--reason", "The height matters.")
    assert (given["answered"], given["answer_reason"], given["standing"]) == ("rejected", "The height matters.", "open")
    assert people.ask("Ana", "inbox") == []
    (row,) = people.say("Ana", "inbox", "--all").splitlines()[1:]
    assert row.endswith("rejected, in dispute")
    assert [claim["name"] for claim in people.ask("Eva", "claims", "--status", "disputed")] == ["C2"]
    assert "rejected by Ana: The height matters." in people.say("Bo", "show", 1, "C2")


def test_where_two_people_object_the_answer_names_one(people: People) -> None:
    for name in ("Bo", "Cyd"):
        people.say(name, "decide", 1, "C2", "disagree", "--reason", "wrong_span")
    assert_refused(people.run("Ana", "answer", 1, "C2", "accept"), "2 people object to C2", "--by Bo or --by Cyd")
    assert people.ask("Ana", "answer", 1, "C2", "accept", "--by", "cyd")["by"] == "Cyd"
    assert people.ask("Ana", "answer", 1, "C2", "accept")["by"] == "Bo"


def test_threads_are_answered_counted_and_resolved(people: People) -> None:
    people.say("Bo", "decide", 1, "C2", "disagree", "--reason", "wrong_span")
    people.say("Ana", "comment", 1, "C2", "Which words?", "--on-review", "Bo")
    people.say("Bo", "comment", 1, "C2", "The last two.", "--reply-to", 1)
    people.say("Eva", "comment", 1, "C1", "Nice.")
    found = people.ask("Ana", "threads", 1)
    assert [(one["claim_name"], one["number"], one["body"], [r["body"] for r in one["replies"]]) for one in found] == [
        ("C1", 1, "Nice.", []),
        ("C2", 1, "Which words?", ["The last two."]),
    ]
    assert people.ask("Ana", "articles")[0]["threads"] == people.ask("Ana", "stats")["threads"] == 2
    assert people.ask("Ana", "resolve", 1, "C2", 2)["resolved"] is True
    assert [one["claim_name"] for one in people.ask("Ana", "threads")] == ["C1"]
    assert people.ask("Ana", "articles")[0]["threads"] == 1
    assert people.say("Ana", "threads", "--all").count("resolved") == 1
    people.say("Ana", "resolve", 1, "C2", 1, "--open")
    assert len(people.ask("Ana", "threads")) == 2


def test_articles_stats_and_claims_count_what_was_reviewed(people: People) -> None:
    people.say("Bo", "decide", 1, "C1", "agree")
    people.say("Bo", "decide", 1, "C2", "disagree", "--reason", "wrong_span")
    row = people.ask("Ana", "articles")[0]
    assert {name: row[name] for name in ("state", "reviewed", "disputed", "inbox")} == {
        "state": "disputed", "reviewed": 1, "disputed": 1, "inbox": 1,
    }  # fmt: skip
    assert "disputed (1)\t1\t1\t0" in people.say("Ana", "articles")
    assert people.ask("Bo", "articles")[0]["inbox"] == 0
    stats = people.ask("Ana", "stats", 1)
    assert (stats["statuses"], stats["inbox"]) == ({"checked": 1, "reviewed": 1, "disputed": 1}, 1)
    assert "status\tdisputed\t1\t3" in people.say("Ana", "stats").splitlines()
    rows = [line.split("\t")[1:3] for line in people.say("Ana", "claims").splitlines()[1:]]
    assert rows == [["C1", "reviewed"], ["C2", "disputed"], ["C3", "checked"]]
    both = people.ask("Ana", "claims", "--status", "reviewed", "--status", "checked")
    assert [claim["name"] for claim in both] == ["C1", "C3"]


def test_the_summary_is_told_as_text_markdown_and_json(people: People) -> None:
    people.say("Bo", "decide", 1, "C1", "agree")
    people.say("Bo", "decide", 1, "C2", "disagree", "--reason", "wrong_span", "--comment", "Too *long*.")
    people.say("Bo", "missing", 1, "--quote", BRIDGE)
    found = people.ask("Bo", "summary", 1)
    assert (found["claims"], found["reviewed"], found["whose"], found["submitted"]) == (3, 2, "", False)
    assert [(one["decision"], [c["claim"]["name"] for c in one["claims"]]) for one in found["decided"]] == [
        ("agree", ["C1"]),
        ("disagree", ["C2"]),
        ("missing_claim", ["C4"]),
    ]
    assert [claim["name"] for claim in found["unreviewed"]] == ["C3"]
    assert [one["claim"]["name"] for one in found["disputes"]] == ["C2", "C4"]
    assert [passage["quote"] for passage in found["residue"]] == [f"{MAYOR}."]
    result = people.run("Bo", "summary", 1, "--of", "Ana")
    assert "disagree\t1\tC2" in result.stdout and f"{MAYOR}." in result.stdout
    assert result.stderr == (
        "Not submitted, and so not compared: Ana, Bo.\n2 of 3 claims by Ana reviewed; not submitted yet.\n"
        "Read 85 % · 1 sentence. Checked 3 of 3.\n"
    )
    page = people.say("Bo", "summary", 1, "--markdown")
    assert page.startswith("# Review of ") and "Too \\*long\\*." in page


REFUSED = {
    "ones own claims": ("Ana", ("review", 1, "--list", "--of", "Ana"), ("yours", "you cannot review your own")),
    "a decision on ones own claim": ("Ana", ("decide", 1, "C1", "agree"), ("C1 is yours",)),
    "claims of somebody who has none": ("Bo", ("review", 1, "--list", "--of", "Eva"), ("no claims by Eva",)),
    "an article without claims": ("Bo", ("review", 2, "--list"), ("no claims by anybody else",)),
    "an unknown checker": ("Bo", ("review", 1, "--list", "--of", "Anna"), ("“Anna”", "did you mean Ana?")),
    "an unknown checker who lacks a claim": ("Bo", ("missing", 1, "0", "2", "--of", "Anna"), ("did you mean Ana?",)),
    "a summary of ones own": ("Ana", ("summary", 1), ("no claims by anybody else",)),
    "the app without a terminal": ("Bo", ("review", 1), ("terminal", "factdesk review --plain", "decide")),
    "an unknown decision": ("Bo", ("decide", 1, "C1", "maybe"), ("“maybe” is not a decision", "change_span")),
    "a disagreement without a reason": ("Bo", ("decide", 1, "C1", "disagree"), ("choose a reason",)),
    "an unknown reason": ("Bo", ("decide", 1, "C1", "disagree", "--reason", "x"), ("no reason “x”", "wrong_span")),
    "a comment without words": ("Bo", ("decide", 1, "C1", "comment"), ("comment is empty",)),
    "a change of nothing": ("Bo", ("decide", 1, "C1", "change-span", "--span", 0, 18), ("has already",)),
    "a span that is none": ("Bo", ("decide", 1, "C1", "change-span", "--span", 9, 4), ("comes after",)),
    "a span beyond the text": ("Bo", ("decide", 1, "C1", "change-span", "--span", 9, 999), ("999", "beyond")),
    "a verdict that is none": ("Bo", ("decide", 1, "C1", "change-verdict", "--verdict", "x"), ("no verdict “x”",)),
    "an unknown claim": ("Bo", ("decide", 1, "C9", "agree"), ("C9", "factdesk claims")),
    "nothing to take back": ("Bo", ("decide", 1, "C1", "--take-back"), ("said nothing about C1",)),
    "a missing claim that is there": ("Bo", ("missing", 1, "--quote", RAIN), ("already tagged as C1",)),
    "a missing claim of ones own": ("Ana", ("missing", 1, "--quote", MAYOR, "--of", "Ana"), ("your own set",)),
    "evidence that is not there": ("Bo", ("tick", 1, "C1", 2, "seen"), ("no evidence 2 on C1",)),
    "evidence by an id that is none": ("Bo", ("tick", 1, "C1", "abc", "seen"), ("no evidence “abc” on C1",)),
    "a tick on ones own evidence": ("Ana", ("tick", 1, "C1", 1, "seen"), ("yours", "someone else")),
    "a tick that is none": ("Bo", ("tick", 1, "C1", 1, "liked"), ("“liked” is not a mark", "doubted")),
    "a doubt without a reason": ("Bo", ("tick", 1, "C1", 1, "doubted"), ("say why",)),
    "an answer where nobody asked": ("Ana", ("answer", 1, "C1", "accept"), ("Nobody proposes anything about C1",)),
    "an answer that is none": ("Ana", ("answer", 1, "C1", "perhaps"), ("“perhaps” is not an answer", "accept")),
    "an answer to somebody silent": ("Ana", ("answer", 1, "C1", "accept", "--by", "Eva"), ("Eva has not reviewed C1",)),
    "a reply to a review that is none": ("Ana", ("comment", 1, "C1", "x", "--on-review", "Eva"), ("has not reviewed",)),
    "a thread that is not there": ("Ana", ("resolve", 1, "C1", 1), ("no comment 1 on C1",)),
    "a status that is none": ("Ana", ("claims", "--status", "odd"), ("“odd” is not a status", "disputed")),
}


@pytest.mark.parametrize("case", REFUSED)
def test_is_refused_with_one_sentence_and_nothing_changed(people: People, ana: Path, case: str) -> None:
    people.bring("empty.txt", "Nothing is tagged here.\n")
    who, args, words = REFUSED[case]
    before = dump(ana / "desk.db")
    assert_refused(people.run(who, *args), *words)
    assert dump(ana / "desk.db") == before


def test_only_the_checker_answers_and_only_with_a_reason_to_reject(people: People, ana: Path) -> None:
    people.say("Bo", "decide", 1, "C2", "disagree", "--reason", "wrong_span")
    before = dump(ana / "desk.db")
    assert_refused(people.run("Eva", "answer", 1, "C2", "accept"), "Only Ana can answer")
    assert_refused(people.run("Ana", "answer", 1, "C2", "reject"), "say why")
    assert dump(ana / "desk.db") == before


@pytest.mark.parametrize(
    ("room", "method", "command", "act"),
    [
        (Reviews, "decide", ("Bo", "decide", 1, "C2", "agree"), lambda desk: desk.delete(desk.claims.get("C2", "1"))),
        (
            Reviews,
            "decide",
            ("Bo", "decide", 1, "C2", "agree"),
            lambda desk: desk.claims.move(desk.claims.get("C2", "1"), 24, 34),
        ),
        (
            Answers,
            "answer",
            ("Ana", "answer", 1, "C3", "accept"),
            lambda desk: desk.threads.comment(desk.claims.get("C3", "1"), "No."),
        ),
    ],
    ids=["deleted", "moved", "commented"],
)
def test_nothing_changes_between_what_a_command_reads_and_what_it_writes(
    people: People,
    ana: Path,
    monkeypatch: pytest.MonkeyPatch,
    room: type,
    method: str,
    command: tuple[object, ...],
    act: Callable[[Desk], object],
) -> None:
    people.say("Bo", "decide", 1, "C3", "reject_claim")
    original = getattr(room, method)
    kept_out: list[bool] = []

    def with_others(self: object, *args: object, **details: object) -> object:
        with Desk.open(ana / "desk.db", "Ana", patience=0.05) as other, pytest.raises(Busy):
            act(other)
        kept_out.append(True)
        return original(self, *args, **details)

    monkeypatch.setattr(room, method, with_others)
    done = people.run(*command)
    assert (done.exit_code, kept_out) == (0, [True]), done.stderr


def test_a_verdict_retired_meanwhile_is_kept_and_told_and_cannot_be_taken(
    people: People, ana: Path, tmp_path: Path
) -> None:
    people.say("Bo", "decide", 1, "C2", "change_verdict", "--verdict", "not_enough_evidence")
    people.say("Bo", "decide", 1, "C3", "disagree", "--reason", "wrong_span")
    scheme = people.say("Eva", "scheme", "show", "desk")
    own = tmp_path / "own.toml"
    own.write_text(scheme.replace('key = "wrong_span"', 'key = "other_span"'), "utf-8")
    before = dump(ana / "desk.db")
    assert_refused(people.run("Eva", "scheme", "use", own), "wrong_span (1)", "retired = true")
    assert dump(ana / "desk.db") == before
    for key in ('key = "not_enough_evidence"', 'key = "wrong_span"'):
        scheme = scheme.replace(key, f"{key}\nretired = true")
    own.write_text(scheme, "utf-8")
    people.say("Eva", "scheme", "use", own)
    assert people.ask("Bo", "show", 1, "C3")["reviews"][0]["reason"] == "wrong_span"
    before = dump(ana / "desk.db")
    assert_refused(people.run("Ana", "answer", 1, "C2", "accept"), "not_enough_evidence", "retired")
    retired = people.run("Bo", "decide", 1, "C1", "disagree", "--reason", "wrong_span")
    assert_refused(retired, "“wrong_span” is retired")
    assert dump(ana / "desk.db") == before
