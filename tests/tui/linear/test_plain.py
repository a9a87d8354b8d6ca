"""Linear mode: the whole work on an article through a pipe, in plain lines."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from click.testing import Result

from store.desk import Desk
from tests.kit.pipes import piped
from tests.kit.terminal import FACTDESK, Terminal

Cli = Callable[..., Result]


def told(cli: Cli, *args: object) -> Any:
    result = cli(*args, "--json")
    assert result.exit_code == 0, result.stderr
    return json.loads(result.stdout)


def test_the_demos_story_goes_through_a_pipe(demo: Path, cli: Cli, sample: Path) -> None:
    """Everything that Mara has on the demo desk, and a review of it, comes about by plain answers alone."""
    answers, wanted = [], {}
    with Desk.open(demo, "Mara") as desk:
        keys = [kind.key for kind in desk.scheme.active]
        for claim in desk.claims.of(desk.articles.all()[0]):
            if claim.checker != "Mara":
                continue
            pieces = desk.evidence.of(claim)
            answers += [
                f"find {claim.quote}",
                f"tag {claim.quote}",
                *([f"set claimant {claim.claimant}"] * bool(claim.claimant)),
            ]
            for piece in pieces:
                address = piece.source.url if piece.source else ""
                answers += [f"evidence {address}", piece.stance, piece.quote, "", "", ""]
            answers += [f"why {claim.justification}"] * bool(claim.justification)
            given = next(one for one in desk.verdicts.of(claim) if one.by == "Mara").verdict
            answers.append(str(keys.index(given) + 1))
            wanted[claim.quote.rstrip(".")] = (given, claim.claimant, [piece.stance for piece in pieces])
    cli("import", sample, "--as", "Mara")
    said = piped("Mara", "check", 1, answers=[*answers, "state", "submit", "yes"], apart=True)
    assert f"Checked {len(wanted)} of {len(wanted)}." in said and said.endswith("Everything is saved.\n")
    made = {
        one["quote"]: (
            one["verdict"],
            one["claimant"],
            [piece["stance"] for piece in told(cli, "show", 1, one["name"])["evidence"]],
        )
        for one in told(cli, "claims", 1)
    }
    assert made == wanted

    count = len(wanted)
    said = piped(
        "Ines", "review", 1, "--of", "Mara",
        answers=["look", *["seen"] * 8, "agree", "disagree", "1", "It leaves out the day.", "verdict", "1", "Because.",
                 *["agree"] * count, "missing in an interview with Chosun Ilbo", "state", "submit"],
        apart=True,
    )  # fmt: skip
    assert f"{count} of {count} reviewed." in said and "Submitted." in said
    said_of = [one["my_review"]["decision"] for one in told(cli, "review", 1, "--of", "Mara", "--as", "Ines")]
    assert (said_of[:3], set(said_of[3:])) == (["agree", "disagree", "change_verdict"], {"agree"})


def test_each_answer_of_a_check_does_what_it_says(cli: Cli) -> None:
    Path("a.txt").write_text("Rivers rose by 3 metres, and 40 people left. It rained for 5 days.\n", encoding="utf-8")
    cli("import", "a.txt", "--as", "Ana")
    said = piped("Ana", "check", 1, answers=[
        "clauses", "2", "edges 7-9", "7", "comment Ask the mayor.", "tell", "back", "sweep", "next", "words 3-5",
        "delete", "undo", "redo", "undo", "claim c2", "help", "nonsense", "", "list", "quit",
    ])  # fmt: skip
    assert "Claim C1: “40 people left”." in said and "Ana says: Ask the mayor." in said
    assert "“nonsense” is not an answer here: say" in said and "edges [3-7]: " in said
    claims = told(cli, "claims", 1)
    assert [one["quote"] for one in claims] == ["40 people left", "for 5 days"]
    assert claims[0]["verdict"] == "refuted"


def test_what_is_tagged_holds_no_more_than_the_words_that_are_meant(cli: Cli) -> None:
    text = "Rivers rose by 3 metres and 40 people left.\n\n**It rained for days.** She said: “It was cold.”\n"
    Path("a.md").write_text(text, encoding="utf-8")
    cli("import", "a.md", "--as", "Ana")
    piped("Ana", "check", 1, answers=["tag Rivers rose by 3 metres", "skip", "tag", "skip", "find rained", "tag",
                                      "skip", "quit"])  # fmt: skip
    quotes = [one["quote"] for one in told(cli, "claims", 1)]
    assert quotes == ["Rivers rose by 3 metres", "40 people left", "It rained for days"]


def test_the_same_words_are_not_tagged_twice_but_as_your_own(cli: Cli) -> None:
    Path("a.txt").write_text("Rivers rose by 3 metres. It rained for 5 days.\n", encoding="utf-8")
    cli("import", "a.txt", "--as", "Ana")
    with Desk.open("desk.db", "Ana") as desk:
        desk.claims.tag("1", 0, len("Rivers rose by 3 metres."))
    said = piped("Ana", "check", 1, answers=["find Rivers rose", "tag Rivers rose by 3 metres", "quit"])
    assert "C1" in said and len(told(cli, "claims", 1)) == 1
    said = piped("Bo", "check", 1, answers=["find Rivers rose", "tag Rivers rose by 3 metres", "own", "quit"])
    assert "Say own to tag it as yours too." in said
    assert [one["quote"] for one in told(cli, "claims", 1)] == ["Rivers rose by 3 metres."] * 2
    said = piped("Cy", "review", 1, "--of", "Ana", answers=["missing Rivers rose by 3 metres", "quit"])
    assert "Reported" not in said and len(told(cli, "claims", 1)) == 2


def test_a_claim_that_says_nearly_what_another_does_is_pointed_out(cli: Cli) -> None:
    Path("a.txt").write_text("Rivers rose by 3 metres. She said: rivers rose by 3 metres!\n", encoding="utf-8")
    cli("import", "a.txt", "--as", "Ana")
    said = piped("Ana", "check", 1, answers=["tag", "skip", "tag rivers rose by 3 metres", "quit"])
    assert "C2 is nearly the same as C1: claim C1 goes there." in said


def test_help_answers_at_every_numbered_question(cli: Cli) -> None:
    Path("a.txt").write_text("Rivers rose by 3 metres, and 40 people left. It rained for 5 days.\n", encoding="utf-8")
    cli("import", "a.txt", "--as", "Ana")
    said = piped("Ana", "check", 1, answers=[
        "clauses", "help", "2", "evidence", "HELP", "nonsense", "h", "supports", *[""] * 6, "edges help",
        "7-9", "submit", "help", "no", "submit", "maybe", "yes", "quit",
    ])  # fmt: skip
    one_of_two = "A number from 1 to 2 chooses one; two with a hyphen between them, as in 1-2,"
    assert said.count(one_of_two) == 1 and said.count("Which clause? a number, 1-2 for several, none> ") == 2
    assert said.count("Answer with a number or with first letters. An empty line means: none.") == 2
    assert "“nonsense” is not an answer here: say a number from 1 to" in said and said.count("A number from 1 to") == 2
    assert "An empty line means: no." in said and "“maybe” is not an answer here: say yes, or no." in said
    assert said.count("Not submitted.") == 1 and "This cannot be submitted yet" in said and "“help”" not in said
    assert [one["quote"] for one in told(cli, "claims", 1)] == ["40 people left"]


def test_a_wrong_answer_at_a_question_is_asked_for_again(cli: Cli) -> None:
    """Nothing of what was being done is given up for it, however long the number is."""
    Path("a.txt").write_text("Rivers rose by 3 metres, and 40 people left.", encoding="utf-8")
    cli("import", "a.txt", "--as", "Ana")
    nines = "9" * 5_000
    said = piped("Ana", "check", 1, answers=[
        "clauses", "3", nines, "2-1", "2", nines, "evidence", nines, "4", "supports", *[""] * 6, "edges", "x", "7-8",
        "remove evidence " + nines, "submit", nines, "yes", "quit",
    ])  # fmt: skip
    assert said.count("Which clause? a number, 1-2 for several, none> ") == 4
    assert "“3” is not a number from 1 to 2, or two with a hyphen between them." in said
    (claim,) = told(cli, "claims", 1)
    assert claim["quote"] == "40 people"
    assert [piece["stance"] for piece in told(cli, "show", 1, "C1")["evidence"]] == ["supports"]


def test_markdown_is_read_as_people_see_it(cli: Cli) -> None:
    text = (
        "# Rain\n\nThe **river** rose by [3 metres, they say](https://example.org/), and 40 *people* left. It rained.\n"
    )
    Path("a.md").write_text(text, encoding="utf-8")
    cli("import", "a.md", "--as", "Ana")
    said = piped("Ana", "check", 1, answers=[
        "find river rose", "words", "2-5", "edges", "2-3", "1", "find metres, they", "clauses", "", "words 7-8", "1",
        "find It rained", "sweep 1-2", "list", "read 1-3", "quit",
    ])  # fmt: skip
    assert "1 The, 2 river, 3 rose, 4 by, 5 3, 6 metres, 7 they, 8 say, " in said
    assert "open: The river rose by 3 metres, they say, and 40 people left." in said
    assert "Claim C1: “river rose”." in said and "Claim C2: “they say”." in said
    assert "2. The river rose by 3 metres, they say, and 40 people left." in said
    assert "https:" not in said and "*" not in said and "#" not in said
    assert [one["quote"] for one in told(cli, "claims", 1)] == ["**river** rose", "they say"]
    assert "It rained" not in str(told(cli, "residue", 1))


@pytest.mark.parametrize(
    "answers", [[], [""], ["tag"], ["tag", "why"], ["evidence"], ["tag", "evidence", "1"], ["words"]]
)
def test_the_end_of_the_input_leaves_with_everything_saved(cli: Cli, answers: list[str]) -> None:
    Path("a.txt").write_text("Rivers rose by 3 metres.", encoding="utf-8")
    cli("import", "a.txt", "--as", "Ana")
    assert piped("Ana", "check", 1, answers=answers).endswith("Everything is saved.\n")
    assert len(told(cli, "claims", 1)) == ("tag" in answers)


def test_what_an_article_holds_never_acts_on_the_terminal(cli: Cli) -> None:
    Path("a.txt").write_text("It \x1b[31mrose\x1b]0;t\x07 by 3 \u202emetres [b].", encoding="utf-8")
    cli("import", "a.txt", "--as", "Ana")
    assert "[b]" in piped("Ana", "check", 1, answers=["tag", "tell", "words"])


def test_a_person_at_a_terminal_is_asked_the_same(cli: Cli) -> None:
    Path("a.txt").write_text("Rivers rose by 3 metres.", encoding="utf-8")
    cli("import", "a.txt", "--as", "Ana")
    with Terminal([FACTDESK, "check", "1", "--plain", "--as", "Ana"]) as terminal:
        terminal.wait_for("What is it?")
        terminal.type("t\r")
        terminal.wait_for("Claim C1")
        terminal.type("q\r")
        terminal.wait_for("Everything is saved.")
        assert terminal.finish() == 0 and "\x1b" not in terminal.seen
    assert len(told(cli, "claims", 1)) == 1


def test_who_interrupts_a_question_reads_that_all_is_saved(cli: Cli) -> None:
    Path("a.txt").write_text("Rivers rose by 3 metres.", encoding="utf-8")
    cli("import", "a.txt", "--as", "Ana")
    with Terminal([FACTDESK, "check", "1", "--plain", "--as", "Ana"]) as terminal:
        terminal.wait_for("What is it?")
        terminal.type("words\r")
        terminal.wait_for("Which word?")
        assert terminal.interrupt() == 130
        assert "\nfactdesk: interrupted. Everything is saved." in terminal.seen.replace("\r", "")


def test_a_blind_reviewer_is_told_no_verdict(demo: Path, monkeypatch: pytest.MonkeyPatch, cli: Cli) -> None:
    monkeypatch.setenv("FACTDESK_DB", str(demo))
    cli("assign", "1", "--to", "Zoe", "--of", "Mara", "--blind", "verdict", "--as", "Mara")
    said = piped("Zoe", "review", 1, "--of", "Mara", answers=["list", "tell"])
    assert "Verdict:" not in said and "Why:" not in said


@pytest.mark.parametrize("verb", [("check",), ("review",)])
def test_who_comes_to_the_article_and_goes_is_said_in_a_line(
    ana: Path, cli: Cli, sample: Path, verb: tuple[str, ...]
) -> None:
    cli("import", sample)
    cli("tag", 1, 17, 49)
    with Desk.open(ana / "desk.db", "Bo") as bo, Terminal([FACTDESK, *verb, 1, "--plain", "--as", "Cy"]) as talk:
        talk.wait_for("> ", 60)
        assert [str(one.person) for one in bo.here.others()] == ["Cy"] and "Also" not in talk.seen
        bo.here.enter(bo.articles.get(1).id)
        talk.type("list\n")
        talk.wait_for("Also on this article now: Bo.", 60)
        bo.here.leave()
        talk.type("list\n")
        talk.wait_for("You are alone on this article again.", 60)
        talk.type("quit\n")
        assert talk.finish(60) == 0
        assert bo.here.others() == []


def test_a_sweep_leaves_out_the_words_of_claims(cli: Cli) -> None:
    Path("one.txt").write_text("Rivers rose by 3 metres in May and fell again. It rained.", encoding="utf-8")
    cli("import", "one.txt", "--as", "Ana")
    cli("tag", "1", "--quote", "Rivers rose by 3 metres in May", "--as", "Ana")
    cli("tag", "1", "--quote", "It rained", "--as", "Ana")
    said = piped("Ana", "check", 1, answers=["find rained", "sweep", "find Rivers", "sweep"])
    assert "Nothing is left to sweep here: every word is in a claim or a sweep." in said
    assert [one["quote"] for one in told(cli, "show", 1)["sweeps"]] == ["and fell again"]
