"""Linear mode: what is told, in words alone, and no less than the app shows."""

from __future__ import annotations

from pathlib import Path

from store.desk import Desk
from tests.kit.at_the_article import SENTENCES, TEXT, span
from tests.kit.pipes import spoken

MARKDOWN = """\
Here are ![5 cows](cow.png) and 6 goats.

> It was cold, and it rained for 5 days.

- [x] Task 13 is done.
- [ ] Task 14 is open.

* First 10 things.

| Name | People |
|------|--------|
| Ana  | 5,000  |
| Bo   | 6      |
"""


def test_the_signs_of_markdown_are_told_in_words(ana: Path) -> None:
    with Desk.open(ana / "desk.db", "Ana") as desk:
        article = desk.articles.add(MARKDOWN, title="Farm", markup="markdown")
        start = MARKDOWN.index("Name")
        desk.claims.tag(article, start, MARKDOWN.index("| Bo") - len("  |\n"))
    said = spoken(ana / "desk.db", "Ana", "check", "read 1-8", "list", "find cows", "clauses", "", "quit")
    for words in (
        "Here are picture: 5 cows and 6 goats.", "quoted: It was cold, and it rained for 5 days.",
        "done: Task 13 is done.", "to do: Task 14 is open.", ". First 10 things.", "Bo, 6",
        "“Name, People; Ana, 5,000”",
    ):  # fmt: skip
        assert words in said, words


def test_all_that_hangs_on_a_claim_is_told(ana: Path) -> None:
    file = ana / "desk.db"
    with Desk.open(file, "Ana") as desk:
        article = desk.articles.add(TEXT, title="Bridge")
        claim = desk.claims.tag(article, *span(TEXT, SENTENCES[0]), claim_text="It fell.")
        piece = desk.evidence.add(claim, "supports", url="https://a.test", quote="So it was.", origin="The wire")
        desk.evidence.add(claim, "supports", url="https://b.test", quote="It was.")
        desk.verdicts.give(claim, "supported", "The log says so.")
        desk.claims.tag(article, *span(TEXT, SENTENCES[0]), claim_text="It was old.")
        desk.be("Bo")
        desk.ticks.tick(piece, "seen")
        desk.reviews.decide(desk.claims.get(claim), "disagree", reason="other", comment="No.")
        desk.be("Cy")
        desk.verdicts.give(claim, "mixed", "Half of it fell.")
    said = spoken(file, "Ana", "check", "claim C1", "tell", "quit")
    for words in (
        "Bo has seen evidence 1.", "In dispute.", "from The wire, added by Ana.",
        "C2 is on the same words: It was old.",
        "2 sources, 2 origins.",
    ):  # fmt: skip
        assert words in said, words
    assert said.count("Half of it fell.") == 1 and "Cy" in said


def test_who_settles_hears_the_evidence_and_the_reasons(ana: Path) -> None:
    file = ana / "desk.db"
    with Desk.open(file, "Ana") as desk:
        article = desk.articles.add(TEXT, title="Bridge")
        claim = desk.claims.tag(article, *span(TEXT, SENTENCES[0]))
        desk.evidence.add(claim, "supports", url="https://a.test", quote="So it was.")
        desk.verdicts.give(claim, "supported", "The log says so.")
        desk.be("Bo")
        desk.claims.tag(article, *span(TEXT, SENTENCES[1]))
        desk.reviews.decide(desk.claims.get(claim), "disagree", reason="other", comment="Another bridge.")
    said = spoken(file, "Eva", "compare", "next", "quit")
    assert "So it was." in said and "https://a.test" in said and "Another bridge." in said
    assert "Ana has nothing here." in said


def test_what_you_said_in_a_review_is_told_back(ana: Path) -> None:
    file = ana / "desk.db"
    with Desk.open(file, "Ana") as desk:
        article = desk.articles.add(TEXT, title="Bridge")
        for quote in SENTENCES[:4]:
            desk.claims.tag(article, *span(TEXT, quote))
    said = spoken(file, "Bo", "review", "reject", "needs", "edges 1-2", "text It was.", "claim C1", "agree", "quit")
    for words in ("C1: nothing here.", "C2: needs evidence.", "C3: other span.", "C4: other words.", "C1: agreed."):
        assert words in said, words
