"""Linear mode: what others do to the desk while a question waits for its answer."""

from __future__ import annotations

import shutil
from collections.abc import Callable
from pathlib import Path

import pytest

from store.desk import Desk
from tests.kit.at_the_article import SENTENCES, TEXT, span
from tests.kit.pipes import spoken

CORRECTED = "It was on Monday. " + TEXT.replace("in spring", "in autumn")


@pytest.fixture
def file(ana: Path) -> Path:
    """Ana has tagged two sentences."""
    with Desk.open(ana / "desk.db", "Ana") as desk:
        article = desk.articles.add(TEXT, title="Bridge")
        for quote in SENTENCES[1:3]:
            desk.claims.tag(article, *span(TEXT, quote))
    return ana / "desk.db"


def correct(file: Path) -> Callable[[], None]:
    def corrected() -> None:
        with Desk.open(file, "Cy") as desk:
            desk.corrections.correct(desk.corrections.plan(desk.articles.all()[0], CORRECTED))

    return corrected


def quotes(file: Path) -> list[str]:
    with Desk.open(file, "Eva") as desk:
        return [claim.quote for claim in desk.claims.of("1")]


def test_a_text_that_is_corrected_meanwhile_is_read_anew(file: Path) -> None:
    said = spoken(file, "Ana", "check", correct(file), "tag", "tag", "read 2", "quit")
    assert "Sentence 1, open: The old bridge fell in spring." in said
    assert "The text has been corrected since you were asked: nothing was changed." in said
    assert "The text has been corrected: this is how it is now." in said
    assert "Sentence 1, open: It was on Monday." in said and "2. The old bridge fell in autumn." in said
    assert quotes(file) == ["It was on Monday", *SENTENCES[1:3]]


@pytest.mark.parametrize(
    ("who", "does", "before", "answer"),
    [
        ("Ana", "check", ["words"], "2-3"),
        ("Ana", "check", ["clauses"], "1"),
        ("Ana", "check", ["claim C1", "edges"], "1-2"),
        ("Bo", "review", ["edges"], "1-2"),
    ],
)
def test_words_chosen_of_another_text_change_nothing(
    file: Path, who: str, does: str, before: list[str], answer: str
) -> None:
    said = spoken(file, who, does, *before, correct(file), answer, "quit")
    assert "The text has been corrected since you were asked: nothing was changed." in said
    assert quotes(file) == list(SENTENCES[1:3])
    with Desk.open(file, "Bo") as desk:
        assert not desk.reviews.of(desk.articles.get("1"))


def test_what_is_settled_of_another_text_changes_nothing(file: Path) -> None:
    with Desk.open(file, "Bo") as desk:
        for claim in desk.claims.of("1"):
            desk.reviews.decide(claim, "reject_claim", comment="Nothing.")
    said = spoken(file, "Eva", "compare", "own", "1", "1-2", "", correct(file), "The words were too many.", "quit")
    assert "The text has been corrected since you were asked: nothing was changed." in said
    with Desk.open(file, "Eva") as desk:
        assert desk.comparison.settled("1") == []


@pytest.mark.parametrize(("who", "does"), [("Ana", "check"), ("Bo", "review")])
def test_an_article_that_is_deleted_is_left(file: Path, who: str, does: str) -> None:
    def delete() -> None:
        with Desk.open(file, "Ana") as desk:
            desk.delete(desk.articles.get("1"))

    said = spoken(file, who, does, delete, "list", "list", "list")
    assert said.count("This article was deleted from the desk.") == 1
    assert said.endswith("Everything is saved.\n")


def test_a_claim_that_is_deleted_is_left(file: Path) -> None:
    def delete() -> None:
        with Desk.open(file, "Ana") as desk:
            desk.delete(desk.claims.of("1")[0])

    said = spoken(file, "Bo", "review", delete, "agree", "", "quit")
    assert "deleted" in said
    said = spoken(file, "Ana", "check", "claim C2", delete, "1", "quit")
    assert "deleted" in said and quotes(file) == []


@pytest.mark.parametrize("does", ["check", "review"])
def test_a_desk_that_is_gone_is_not_said_to_be_saved(file: Path, does: str) -> None:
    def gone() -> None:
        shutil.move(file, file.with_name("elsewhere.db"))

    said = spoken(file, "Bo", does, "claim C1", gone, "comment Ask.", "quit")
    assert "desk.db was deleted or moved while it was open here" in said
    assert "Everything is saved" not in said
    assert said.endswith("What you said since then is not saved.\n")


def test_nobody_agrees_with_what_they_were_not_told(file: Path) -> None:
    def judge() -> None:
        with Desk.open(file, "Ana") as desk:
            desk.verdicts.give(desk.claims.of("1")[0], "refuted", "She limped.")

    for answer in ("agree", "disagree", "verdict", "reject", "needs", "text No one.", "edges 1"):
        with Desk.open(file, "Ana") as desk:
            desk.verdicts.give(desk.claims.of("1")[0], "supported", "They said so.")
        said = spoken(file, "Bo", "review", "claim C1", judge, answer, "", "quit")
        assert "C1 has changed since it was told: this is how it is now." in said
        assert "Verdict: Refuted." in said.split("has changed since")[1] and "Nothing was changed." in said
    said = spoken(file, "Bo", "review", "claim C1", "edges", lambda: judged_again(file), "1", "quit")
    assert "C1 has changed since you saw it: look at it again." in said
    with Desk.open(file, "Bo") as desk:
        assert not desk.reviews.of(desk.articles.get("1"))
    assert "has changed" not in spoken(file, "Bo", "review", "claim C1", "comment Ask.", "agree", "quit")


def judged_again(file: Path) -> None:
    with Desk.open(file, "Ana") as desk:
        desk.verdicts.give(desk.claims.of("1")[0], "mixed", "Who knows.")


def test_nobody_accepts_what_they_were_not_told(file: Path) -> None:
    def propose(verdict: str) -> None:
        with Desk.open(file, "Bo") as desk:
            claim = desk.claims.of("1")[0]
            held = desk.reviews.mine(claim)
            desk.reviews.decide(claim, "change_verdict", verdict=verdict, justification="So.", seen=held)

    propose("refuted")
    said = spoken(file, "Ana", "check", "inbox", lambda: propose("mixed"), "accept", "", "accept", "done", "quit")
    assert "Bo has changed the review of C1 since you saw it: look at it again." in said
    after = said.split("look at it again.")[1]
    assert "This verdict: Mixed." in after.split("Accepted what Bo says of C1.")[0]
    with Desk.open(file, "Ana") as desk:
        assert desk.claims.of("1")[0].verdict == "mixed"


def test_nobody_settles_what_they_were_not_told(file: Path) -> None:
    def says(who: str, verdict: str) -> None:
        with Desk.open(file, who) as desk:
            claim = desk.claims.of("1")[0]
            desk.verdicts.give(claim, verdict, "So.") if who == "Ana" else desk.reviews.decide(
                claim, "change_verdict", verdict=verdict, justification="So.", seen=desk.reviews.mine(claim)
            )

    says("Ana", "supported")
    says("Bo", "refuted")
    for answers in (["first"], ["first", "So it was."], ["own", "3", "", "", "So it was."]):
        before, (last,) = answers[:-1], answers[-1:]
        said = spoken(file, "Eva", "compare", *before, lambda: says("Ana", "mixed"), last, "", "quit")
        assert "What is said here has changed since it was told: this is how it is now." in said, answers
        assert "Ana: Mixed." in said.split("has changed since")[1]
        says("Ana", "supported")
    with Desk.open(file, "Eva") as desk:
        assert desk.comparison.settled("1") == []
    assert "has changed" not in spoken(
        file, "Eva", "compare", "first So it was.", "back", "takeback", "both So.", "quit"
    )
