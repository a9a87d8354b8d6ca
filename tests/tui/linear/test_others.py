"""Linear mode: what others say and suggest, and what the article screen does beside tagging and verdicts."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from store.desk import Desk
from store.records import Article
from store.review.suggestions import Suggested
from store.scheme import load
from store.vocabulary import Decision
from tests.kit.at_the_article import SENTENCES, TEXT, span
from tests.kit.pipes import piped

CHECKED = SENTENCES[:4]


@pytest.fixture
def desk_file(ana: Path) -> Path:
    """Ana has checked four sentences; Ben proposes something on each and has found a fifth."""
    with Desk.open(ana / "desk.db", "Ana") as desk:
        article = desk.articles.add(TEXT, title="Bridge")
        for quote in CHECKED:
            claim = desk.claims.tag(article, *span(TEXT, quote))
            desk.evidence.add(claim, "supports", quote="So it was.", url="https://a.test/log")
            desk.verdicts.give(claim, "supported", "The log says so.")
        desk.be("Ben")
        first, second, third, fourth = desk.claims.of(article)
        desk.reviews.decide(first, "change_span", span=span(TEXT, "The old bridge fell"))
        desk.reviews.decide(second, "change_verdict", verdict="refuted", justification="One man limped.")
        desk.reviews.decide(third, "disagree", reason="other", comment="How would one know?")
        desk.ticks.tick(desk.evidence.of(fourth)[0], "doubted", "other", "That is another log.")
        desk.reviews.missing(article, *span(TEXT, SENTENCES[4]), whose="Ana")
    return ana / "desk.db"


def desk_of(file: Path, who: str = "Ana") -> Desk:
    return Desk.open(file, who)


def test_what_reviewers_say_is_told_and_answered_one_by_one(desk_file: Path) -> None:
    said = piped("Ana", "check", 1, answers=[
        "inbox", "accept", "tell", "reject", "", "reject", "Nobody limped.", "reply The harbour office knows.",
        "reply It is the same log.", "accept", "done", "list", "quit",
    ])  # fmt: skip
    assert "5 things wait for you" in said and "Say inbox" in said
    assert "“The old bridge fell”" in said and "One man limped." in said and "That is another log." in said
    assert "Nothing was changed." in said and "C5 waits here until you have given it a verdict" in said
    with desk_of(desk_file) as desk:
        first, second, third, *_ = desk.claims.of("1")
        assert first.quote == "The old bridge fell"
        held = {one.claim: one for one in desk.reviews.of(desk.articles.get("1")) if one.by == "Ben"}
        assert (held[second.id].answered, held[second.id].answer_reason) == ("rejected", "Nobody limped.")
        assert [one.body for one in desk.threads.of(third)] == ["The harbour office knows."]
        left = [(one.review.decision, one.review.promised) for one in desk.answers.inbox()]
        assert left == [("disagree", False), ("missing_claim", True)], "talked over, and taken over without a verdict"


def test_a_claim_in_the_inbox_is_gone_to_and_an_answer_undone(desk_file: Path) -> None:
    said = piped("Ana", "check", 1, answers=["inbox", "accept", "undo", "go", "tell", "quit"])
    assert said.count("“The old bridge fell in spring.”") >= 2, "back as it was, and gone to"
    assert "Ben" in said.split("What now with")[-2], "tell says what reviewers said"
    with desk_of(desk_file) as desk:
        assert desk.claims.of("1")[0].quote == "The old bridge fell in spring."


def test_a_reviewer_is_told_what_was_rejected_and_answers_it(desk_file: Path) -> None:
    with desk_of(desk_file) as desk:
        review = next(one.review for one in desk.answers.inbox() if one.review.decision == "change_verdict")
        desk.answers.answer(review, "rejected", "Nobody limped.")
    said = piped("Ben", "review", 1, answers=["inbox", "accept", "reply He did.", "quit"])
    assert "1 thing waits for you" in said and "Nobody limped." in said
    assert "That is what you said" in said
    with desk_of(desk_file) as desk:
        assert [one.body for one in desk.threads.of(desk.claims.of("1")[1])] == ["He did."]


def suggested(file: Path) -> Article:
    with desk_of(file) as desk:
        article = desk.articles.add(TEXT, title="Bridge")
        desk.suggestions.add_many(article, [
            Suggested(*span(TEXT, SENTENCES[0]), "Model 3", "refuted", "The bridge fell.", "It stands.", 0.83),
            Suggested(*span(TEXT, SENTENCES[1]), "Model 3", "quantity"),
            Suggested(*span(TEXT, SENTENCES[2]), "Cy", claim_text="It was spring."),
            Suggested(*span(TEXT, SENTENCES[3]), "Cy"),
        ])  # fmt: skip
    return article


def test_suggestions_are_accepted_amended_and_rejected(ana: Path) -> None:
    article = suggested(ana / "desk.db")
    said = piped("Ana", "check", 1, answers=[
        "suggestions", "accept", "amend One man was hurt.", "edges 1-3", "reject", "list", "quit",
    ])  # fmt: skip
    assert "4 suggestions wait" in said and "Say suggestions" in said
    assert "S1" in said and "Model 3" in said and "0.83" in said and "It stands." in said
    assert "Nothing waits for you any more." in said
    with desk_of(ana / "desk.db") as desk:
        assert [one.outcome for one in desk.suggestions.of(article)] == ["accepted", "amended", "amended", "rejected"]
        first, second, third = desk.claims.of(article)
        assert (first.claim_text, second.claim_text) == ("The bridge fell.", "One man was hurt.")
        assert third.quote == "It was inspected"


def test_a_suggestion_taken_is_undone_and_comes_again(ana: Path) -> None:
    article = suggested(ana / "desk.db")
    said = piped("Ana", "check", 1, answers=["suggestions", "reject", "undo", "back", "done", "state", "quit"])
    assert said.count("Suggestion S1") >= 2
    with desk_of(ana / "desk.db") as desk:
        assert {one.outcome for one in desk.suggestions.of(article)} == {""}


def test_suggestions_that_are_hidden_are_not_told(ana: Path) -> None:
    suggested(ana / "desk.db")
    with desk_of(ana / "desk.db") as desk:
        desk.schemes.use(load("desk").toml.replace("version = 1\n", "version = 1\nown_pass_first = true\n", 1))
    said = piped("Ana", "check", 1, answers=["suggestions", "quit"])
    assert "hidden from you until you have submitted" in said and "Model 3" not in said


def test_what_the_article_screen_does_with_a_claim_goes_in_plain_lines_too(desk_file: Path) -> None:
    said = piped("Ana", "check", 1, answers=[
        "claim C1", "0", "7", "change 1", "2", "They saw it.", "page 3", "", "The log", "2", "claim C1",
        "evidence https://a.test/log", "3", "Again.", "", "", "claim C1", "remove evidence 2",
        "comment Ask Ben.", "reply 1 I did.", "resolve 1", "remove comment 2", "tell",
        "claim C2", "repeat", "claim C2", "split", "It fell.", "It was old.", "", "join", "quit",
    ])  # fmt: skip
    assert "C1: No verdict." in said and "It is cited by 3 claims in 1 article." in said
    assert "This changes 4 claims in 1 article." in said, "asked before a source of others is changed"
    assert "C2 is 2 claims now: C2, C6." in said and "Joined C6 into C2." in said
    with desk_of(desk_file) as desk:
        first, second, third, *_ = desk.claims.of("1")
        assert (first.verdict, second.claim_text) == ("refuted", "It fell. It was old.")
        (piece,) = desk.evidence.of(first)
        assert (piece.stance, piece.quote, piece.locator) == ("refutes", "They saw it.", "page 3")
        assert piece.source and piece.source.title == "The log"
        assert [one.source.title for one in desk.evidence.of(third) if one.source] == [""], "only here"
        assert [(one.body, one.resolved) for one in desk.threads.of(first)] == [("Ask Ben.", True)]
        assert [one.stance for one in desk.evidence.of(second)] == ["supports", "refutes"], "the source came along"


def test_a_sweep_is_taken_back_where_it_is_and_the_text_is_read_out(ana: Path) -> None:
    with desk_of(ana / "desk.db") as desk:
        desk.articles.add(TEXT, title="Bridge")
    said = piped("Ana", "check", 1, answers=[
        f"find {SENTENCES[1]}", "sweep", f"find {SENTENCES[1]}", "sweep", "read 1-2", "read", "quit",
    ])  # fmt: skip
    assert "swept: " in said and "Took the sweep back." in said
    assert f"1. {SENTENCES[0]}" in said and f"2. {SENTENCES[1]}" in said
    with desk_of(ana / "desk.db") as desk:
        assert desk.sweeps.of("1") == []


def test_a_submitted_set_is_opened_again(desk_file: Path) -> None:
    said = piped(
        "Ana",
        "check",
        1,
        answers=[
            "inbox",
            "next",
            "next",
            "next",
            "next",
            "reject No.",
            "done",
            "submit",
            "yes",
            "state",
            "claim C1",
            "0",
            "reopen",
            "claim C1",
            "0",
            "quit",
        ],
    )
    assert (
        "Submitted." in said
        and said.count("Your set is submitted: say reopen to change it.") == 1
        and "Reopened" in said
    )
    with desk_of(desk_file) as desk:
        assert desk.claims.of("1")[0].verdict == ""


def test_a_reviewer_has_evidence_words_and_a_verdict_of_their_own(desk_file: Path) -> None:
    said = piped("Cy", "review", 1, "--of", "Ana", answers=[
        "read 1", "claim C1", "verdict", "7", "", "claim C1", "why No log says so.", "claim C1",
        "evidence https://b.test", "2", "It stands.", "", "", "", "claim C1", "comment Look again.",
        "claim C2", "repeat", "claim C1", "clear", "claim C1", "tell", "quit",
    ])  # fmt: skip
    assert f"1. {SENTENCES[0]}" in said
    with desk_of(desk_file, "Cy") as desk:
        first, second = desk.claims.of("1")[:2]
        given = {one.claim: one for claim in (first, second) for one in desk.verdicts.of(claim) if one.by == "Cy"}
        assert given[second.id].verdict == "refuted"
        assert first.id not in given or given[first.id].verdict == ""
        assert [one.quote for one in desk.evidence.of(first) if one.by == "Cy"] == ["It stands."]


ANSWERS = {
    "agree": ["agree"],
    "disagree": ["disagree", "1", "How would one know?"],
    "change_span": ["edges 1-2"],
    "change_verdict": ["verdict", "2", "No log says so."],
    "change_claim_text": ["text The bridge fell."],
    "reject_claim": ["reject"],
    "needs_evidence": ["needs"],
    "comment": ["comment Look again."],
}
"""What one answers to give each decision."""


def test_every_decision_is_an_answer_too(desk_file: Path) -> None:
    assert set(ANSWERS) == {str(word) for word in Decision if word.on_a_claim}
    given = list(ANSWERS)
    for who in ("Cy", "Dee", "Eli"):
        some, given = given[: len(CHECKED)], given[len(CHECKED) :]
        answers = [line for n, decision in enumerate(some, 1) for line in (f"claim C{n}", *ANSWERS[decision])]
        piped(who, "review", 1, "--of", "Ana", answers=[*answers, "quit"])
        with desk_of(desk_file, who) as desk:
            mine = [desk.reviews.mine(claim) for claim in desk.claims.of("1")]
        assert [review.decision for review in mine if review] == some
    assert not given


def test_the_next_claim_to_review_is_the_one_that_the_screen_goes_to(desk_file: Path) -> None:
    said = piped("Cy", "review", 1, "--of", "Ana", answers=["claim C4", "agree", "agree", "agree", "agree", "quit"])
    asked = re.findall(r"What do you say of (C\d)", said)
    assert asked == ["C1", "C4", "C1", "C2", "C3"], "from the last it goes round"
    assert "Every claim is reviewed." in said


@pytest.mark.parametrize(("who", "does"), [("Ana", "check"), ("Ben", "review"), ("Eva", "compare")])
def test_conflicts_are_told_wherever_you_work_on_their_article(desk_file: Path, who: str, does: str) -> None:
    with desk_of(desk_file) as desk, desk_of(desk_file, "Cy") as cy:
        first, second, *_ = desk.claims.of("1")
        for claim in (first, second):
            desk.claims.edit(claim, claimant="hers")
            cy.claims.edit(claim, claimant="his")
        for conflict in desk.conflicts.of()[1:]:
            desk.conflicts.settle(conflict, conflict.contenders[0])
        assert "1 conflict here: `factdesk conflicts` lists what waits." in piped(who, does, 1, answers=["quit"])
        desk.conflicts.settle(desk.conflicts.of()[0], desk.conflicts.of()[0].contenders[0])
    assert "conflict" not in piped(who, does, 1, answers=["quit"])
