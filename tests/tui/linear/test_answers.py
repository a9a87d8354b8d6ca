"""Linear mode: answers of every kind, and what comes after what."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from store.desk import Desk
from tests.kit.pipes import spoken

TEXT = "In May the river rose by 3 metres, and 40 people left. It rained for 5 days. It poured."
START = len("In May ")


@pytest.fixture
def file(ana: Path) -> Path:
    with Desk.open(ana / "desk.db", "Ana") as desk:
        desk.articles.add(TEXT, title="Rain")
    return ana / "desk.db"


@pytest.fixture
def judged(file: Path) -> Path:
    """Ana has tagged two claims in one sentence and one more, and swept the rest."""
    with Desk.open(file, "Ana") as desk:
        article = desk.articles.get("1")
        for words in ("the river rose", "40 people left", "It poured"):
            at = TEXT.index(words)
            desk.claims.tag(article, at, at + len(words))
        desk.sweeps.add_all(article, desk.coverage.left(article, 0, len(TEXT)))
    return file


def asked(said: str, question: str) -> list[str]:
    return re.findall(f"{question} (C\\d+)", said)


def test_next_goes_through_every_claim_that_lacks_something(judged: Path) -> None:
    said = spoken(judged, "Ana", "check", "skip", "next", "skip", "skip", "quit")
    assert asked(said, "Verdict of") == ["C1", "C2", "C3", "C1", "C2"]
    assert said.count("Wrapped around to the first claim that lacks something.") == 1


def test_what_is_left_alone_says_so(judged: Path) -> None:
    with Desk.open(judged, "Ana") as desk:
        for claim in desk.claims.of("1")[:2]:
            desk.delete(claim)
        article = desk.articles.get("1")
        desk.sweeps.add_all(article, desk.coverage.left(article, 0, len(TEXT)))
    said = spoken(judged, "Ana", "check", "skip", "quit")
    assert asked(said, "Verdict of") == ["C3", "C3"] and "This is the only claim that lacks something." in said


def test_a_text_without_a_sentence_is_no_riddle(ana: Path) -> None:
    with Desk.open(ana / "desk.db", "Ana") as desk:
        desk.articles.add("👍", title="Thumb")
    said = spoken(ana / "desk.db", "Ana", "check", "find 👍", "words", "read", "tag", "edges", "tell", "quit")
    assert "Sentence 1, read: 👍" in said and "Claim C1: “👍”." in said and "There is no word here." in said


@pytest.mark.parametrize("around", ["\ufeff{}", "\u200f{}\u200e", "\u2067{}\u2069", "\u200b{} "])
def test_marks_that_nobody_sees_do_not_hide_an_answer(file: Path, around: str) -> None:
    said = spoken(file, "Ana", "check", around.format("tag"), around.format("7"), "quit")
    assert "C1: Refuted." in said


@pytest.mark.parametrize("blank", ["\t", "\u3000", "   "])
def test_any_blank_parts_a_word_from_what_follows(file: Path, blank: str) -> None:
    assert "Claim C1: “May the”" in spoken(file, "Ana", "check", f"words{blank}2-3", "quit")


def test_an_answer_that_is_long_is_not_read_out_again(file: Path) -> None:
    long = "x" * 5_000
    said = spoken(file, "Ana", "check", long, f"find {long}", f"tag {long}", "words", long, "", "tag", "evidence", long,
                  "", f"claim {long}", f"set {long}", f"remove {long}", "quit")  # fmt: skip
    assert "x" * 100 not in said


def test_first_letters_that_fit_several_are_asked_for_again(file: Path) -> None:
    with Desk.open(file, "Ana") as desk:
        desk.claims.tag("1", START, START + len("the river rose"))
    said = spoken(file, "Bo", "review", "verdict", "m", "mis", "Nobody measured.", "quit")
    assert "“m” may be Mostly supported, Mixed, Misleading or Mostly refuted: say more letters, or a number." in said
    with Desk.open(file, "Bo") as desk:
        (review,) = desk.reviews.of(desk.articles.get("1"))
    assert review.verdict == "misleading"
    said = spoken(file, "Bo", "review", "claim C1", "verdict", "n", "none", "quit")
    assert "“n” may be Not enough evidence, Not checkable or none" in said


def test_the_first_letters_of_a_name_mean_the_name(file: Path) -> None:
    with Desk.open(file, "Ana") as desk:
        claim = desk.claims.tag("1", START, START + len("the river rose"))
        desk.verdicts.give(claim, "refuted", "No.")
        desk.be("Tim")
        desk.reviews.decide(desk.claims.get(claim), "change_verdict", verdict="mixed", justification="So and so.")
    said = spoken(file, "Eva", "compare", "merged", "t", "tim", "tim", "Tim measured.", "quit")
    assert "“t” may be Tim or the first's" in said and "Mixed" in said.split("Settled by Eva")[1]


def test_at_a_question_for_words_help_explains_and_nothing_means_nothing(file: Path) -> None:
    said = spoken(file, "Ana", "check", "tag", "evidence", "1", "help", "nothing", "So it was.", "none", "", "undo", "",
                  "quit")  # fmt: skip
    assert said.count("Address of the source, or nothing> ") == 2 and "your own words" in said
    assert "Answer this first" in said
    with Desk.open(file, "Ana") as desk:
        (piece,) = desk.evidence.of(desk.claims.of("1")[0])
    assert (piece.quote, piece.locator, piece.note, piece.source) == ("So it was.", "", "", None)


@pytest.mark.parametrize(
    "before", [["words"], ["tag", "evidence"], ["tag", "evidence", "1"], ["tag", "why"], ["submit"], ["tag", "split"]]
)
def test_quit_leaves_in_the_middle_of_a_question(file: Path, before: list[str]) -> None:
    said = spoken(file, "Ana", "check", *before, "quit", "next", "next")
    assert said.endswith("> Everything is saved.\n") or said.endswith("> \nEverything is saved.\n")
    with Desk.open(file, "Ana") as desk:
        claims = desk.claims.of("1")
        assert [(one.justification, one.evidence_count) for one in claims] == [("", 0)] * ("tag" in before)


def test_whose_claim_it_is_is_said_where_it_is_not_yours(file: Path) -> None:
    with Desk.open(file, "Ana") as desk:
        desk.claims.tag("1", START, START + len("the river rose"))
    said = spoken(file, "Bo", "check", "list", "claim C1", "tell", "find poured", "tag", "list", "quit")
    assert said.count("Claim C1, Ana's: “the river rose”.") == 4 and "Claim C2: “It poured”." in said


def test_an_undo_in_another_article_says_where_it_was(file: Path) -> None:
    with Desk.open(file, "Ana") as desk:
        other = desk.articles.add("Snow fell on 3 days.", title="Snow")
        desk.claims.tag(other, 0, 4)
    said = spoken(file, "Ana", "check", "undo", "redo", "quit")
    assert said.count("(in another article)") == 2
