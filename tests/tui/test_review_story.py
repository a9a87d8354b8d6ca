"""A second review from the first tag to the settled set: four people, one after the other, at their own keyboards."""

from __future__ import annotations

import csv
import io
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any

import pytest
from textual.pilot import Pilot

from store.desk import Desk
from store.records import Article
from tests.kit.at_a_review import Reviewed
from tests.kit.at_the_comparison import Bench
from tests.kit.commands import Cli
from tests.kit.pilot import STORY_SIZES, notices, screen_text, send, settle, type_text, until
from tui import settings
from tui.app import FactdeskApp
from tui.article.screen import ArticleScreen
from tui.compare.screen import CompareScreen
from tui.library.screen import LibraryScreen
from tui.review.inbox import InboxScreen
from tui.review.screen import ReviewScreen
from tui.review.submit import SubmitScreen

ARRIVED = "he was brought to Russia on October 10, 2024, along with 2 500 other soldiers"
ENTERED = "I entered the battle on January 5"
DRONE = "Two of them died, but Ri survived, albeit with injuries"
TREASON = "And he added that in the North Korean army, surrendering means treason"
MISSED = "There are approximately 12 000 soldiers, including 500 officers and three generals"
WHY_ENTERED = "A captive says it, nobody else does."


class Keyboard:
    """Somebody at the app on the desk's file; ``article`` and ``bench`` are what the open screens offer."""

    def __init__(self, desk: Desk, app: FactdeskApp, pilot: Pilot[Any]) -> None:
        self.desk = desk
        self.app = app
        self.pilot = pilot

    async def press(self, *keys: str) -> None:
        await send(self.pilot, *keys)

    async def write(self, text: str) -> None:
        await type_text(self.pilot, text)

    async def on(self, kind: type[Any]) -> None:
        """Wait for a screen of that kind, until it listens."""
        await until(
            self.pilot,
            lambda: isinstance(self.app.screen, kind) and getattr(self.app.screen, "listening", True),
            f"{kind.__name__} opens",
        )

    @property
    def seen(self) -> str:
        return screen_text(self.app)

    @property
    def words(self) -> str:
        """What stands on the screen as if it were one line."""
        return " ".join(self.seen.replace("│", " ").split())

    @property
    def said(self) -> str:
        """What was said last."""
        return notices(self.app)[-1]

    @property
    def the_article(self) -> Article:
        return self.desk.articles.get(1)

    @property
    def article(self) -> Reviewed:
        return Reviewed(self.desk, self.the_article, self.app, self.pilot)

    @property
    def bench(self) -> Bench:
        return Bench(self.desk, self.the_article, self.app, self.pilot)


@asynccontextmanager
async def sitting(path: Path, who: str, size: tuple[int, int]) -> AsyncIterator[Keyboard]:
    """Somebody starts factdesk on a desk, and leaves it at the end."""
    with Desk.open(path, who) as desk:
        app = FactdeskApp(desk, settings.load())
        async with app.run_test(size=size) as pilot:
            await settle(pilot)
            assert isinstance(app.screen, LibraryScreen)
            yield Keyboard(desk, app, pilot)


@pytest.mark.parametrize("size", STORY_SIZES)
async def test_a_second_review_from_the_first_tag_to_the_settled_set(
    home: Path, cli: Cli, size: tuple[int, int]
) -> None:
    path = home / "desk.db"
    async with sitting(path, "Ana", size) as ana:
        await checks(ana)
    first = originals(path)
    async with sitting(path, "Eva", size) as eva:
        await hands_out(eva)
    async with sitting(path, "Ben", size) as ben:
        await reviews(ben)
    assert originals(path) == first, "a reviewer changes nothing of the checker's"
    async with sitting(path, "Ana", size) as ana:
        await answers(ana)
    answered = originals(path)
    assert [(was[0], now[0]) for was, now in zip(first, answered, strict=True) if was != now] == [
        (DRONE, DRONE.removesuffix(" injuries")),
    ], "only what was accepted is another, and by its checker"  # fmt: skip
    async with sitting(path, "Dana", size) as dana:
        await settles(dana)
    assert originals(path) == answered, "an adjudicator changes nothing of anybody's"

    claims = rows(cli("export", "csv").stdout)
    assert [(row["quote"], row["checker"], row["verdict"], row["status"]) for row in claims] == [
        (ARRIVED, "Ana", "refuted", "settled"),
        (ENTERED, "Ana", "not_enough_evidence", "settled"),
        (DRONE.removesuffix(" injuries"), "Ana", "not_enough_evidence", "settled"),
        (TREASON, "Ana", "not_enough_evidence", "settled"),
        (MISSED, "Ben", "", "settled"),
    ]
    assert [row["review_decisions"] for row in claims] == [
        "Ben: agree", "Ben: disagree", "Ben: change_span", "Ben: agree", "Ben: missing_claim",
    ]  # fmt: skip
    settled = rows(cli("export", "settled").stdout)
    text = sample_text(path)
    assert [text[int(row["start"]) : int(row["end"])] for row in settled] == [row["quote"] for row in claims]
    assert [(row["outcome"], row["chosen"], row["rationale"]) for row in settled] == [
        ("both_correct", "Ana", "agreed by all"),
        ("first_correct", "Ana", WHY_ENTERED),
        ("both_correct", "Ana", "agreed by all"),
        ("both_correct", "Ana", "agreed by all"),
        ("both_correct", "Ben", "agreed by all"),
    ]
    where = at(text, ENTERED)
    assert settled[1]["people"] == f"Ana: tagged {where} not_enough_evidence | Ben: disagree {where}"
    assert {row["adjudicator"] for row in settled} == {"Dana"}
    assert cli("verify").exit_code == 0


async def checks(ana: Keyboard) -> None:
    """Ana takes the sample article, tags four claims in it, judges and proves them, and hands in."""
    await ana.press("s", "enter")
    await ana.on(ArticleScreen)
    article = ana.article
    await article.go(ARRIVED)
    await ana.press("v", *["w"] * 14, "t")
    assert article.quotes() == [ARRIVED]
    await ana.press("7", "J")
    await ana.write("He left in December.")
    await ana.press("escape", "e")
    await ana.write("https://chosun.example/prisoners")
    await ana.press("tab", "r", "tab")
    await ana.write("They were brought there in December.")
    await ana.press("escape")
    assert "C1 · 1 of 1" in await article.panel() and "chosun.example" in await article.panel()
    for quote in (ENTERED, DRONE, TREASON):
        await article.go(quote)
        await ana.press("t", "8", "J")
        await ana.write("Nobody else was there.")
        await ana.press("escape")
    assert article.quotes() == [ARRIVED, ENTERED, DRONE, TREASON]
    await ana.press("ctrl+s")
    await ana.on(SubmitScreen)
    assert "Ready to submit." in ana.words
    await ana.press("ctrl+s")
    assert ana.said.startswith("Not read yet: 26 sentences")
    await ana.press("ctrl+s")
    assert "■ submitted" in ana.words


async def hands_out(eva: Keyboard) -> None:
    """Eva gives the article to a reviewer and an adjudicator."""
    assert "◑ submitted" in eva.words
    await eva.press("a")
    await eva.write("Ben")
    await eva.press("ctrl+s")
    assert eva.said == "Given as reviewer: Ben 1 article. u takes it back."
    await eva.press("a")
    await eva.write("Dana")
    await eva.press("tab", "a", "ctrl+s")
    assert eva.said == "Given as adjudicator: Dana 1 article. u takes it back."


async def reviews(ben: Keyboard) -> None:
    """Ben agrees, disagrees, proposes an edge, agrees again, reports what is missing, reads the summary, hands in."""
    assert "▹ to review" in ben.words
    await ben.press("n")
    await ben.on(ReviewScreen)
    article = ben.article
    assert "0 of 4 reviewed" in await article.head()
    assert article.at_hand == "C1" and "He left in December." in await article.panel()
    await ben.press("a")
    assert article.at_hand == "C2"
    await ben.press("D", "a")
    await ben.write("A soldier under guard says it.")
    await ben.press("ctrl+s")
    assert article.at_hand == "C3"
    await ben.press(",")
    panel = await article.panel()
    assert "↔ other span" in panel and "injuries−]" in " ".join(panel.split())
    await ben.press("m", "a")
    assert "4 of 4 reviewed" in await article.head()
    await article.go(MISSED)
    await ben.press("t")
    assert "from Ana's set" in await article.panel()
    await ben.press("ctrl+s")
    await ben.on(SubmitScreen)
    for words in ("✓ agreed 2 C1, C4", "✗ disagreed 1 C2", "↔ other span 1 C3", "+ was missing 1 C5", "In dispute 3"):
        assert words in ben.words
    await ben.press("ctrl+s", "ctrl+s", "end")
    # Three of nine spans are the same, four overlap by a half.
    assert "Agreement of Ana and Ben" in ben.words and "span F1, same span 0.667 n = 9 claims" in ben.words


async def answers(ana: Keyboard) -> None:
    """Ana rejects what Ben says of the second claim, takes his edge up, and admits that she missed one."""
    assert "✉ 3 for you" in ana.words and "! disputed (3)" in ana.words
    await ana.press("I")
    await ana.on(InboxScreen)
    assert "3 wait for you" in ana.words and "A soldier under guard says it." in ana.words
    await ana.press("x")
    await ana.write("The article says so itself.")
    await ana.press("ctrl+s")
    assert "2 wait for you" in ana.words and "injuries−]" in ana.words
    await ana.press("y")
    assert "1 waits for you" in ana.words and MISSED[:40] in ana.words and "theirs C5" in ana.words
    await ana.press("y")
    assert "1 waits for you" in ana.words and "to be done" in ana.words, "it has no verdict yet"
    await ana.press("q")
    assert "! disputed (1)" in ana.words


async def settles(dana: Keyboard) -> None:
    """Dana compares the two, settles the dispute with a reason, takes the rest as agreed, and is done."""
    await dana.press("n")
    await dana.on(CompareScreen)
    bench = dana.bench
    assert "… 1 to settle" in await bench.seen(), "a long title does not touch the count"
    seen = await bench.panel()
    assert seen.startswith("! objected 2 of 5") and "A soldier under guard says it." in seen
    await dana.press("1")
    await bench.because(WHY_ENTERED)
    assert "0 to settle" in await bench.seen()
    await dana.press("A")
    assert dana.said == "Settled 4 places that everybody agrees on. Of what is settled, 1 lacks a verdict."
    await dana.press("ctrl+s")
    await dana.on(SubmitScreen)
    assert "Ready to submit." in dana.words
    await dana.press("ctrl+s", "escape", "q")
    await dana.on(LibraryScreen)
    assert "● final" not in dana.words and "checked 4" in dana.words, "the missing claim has no verdict yet"


def originals(path: Path) -> list[tuple[Any, ...]]:
    """What Ana says of her claims; the history says that nobody but her has changed any of it."""
    found = []
    with Desk.open(path) as desk:
        for claim in desk.claims.of("1"):
            if claim.checker == "Ana":
                said: list[Any] = [
                    claim,
                    *(verdict for verdict in desk.verdicts.of(claim) if verdict.by == "Ana"),
                    *(evidence for evidence in desk.evidence.of(claim) if evidence.by == "Ana"),
                ]
                ids = {one.id for one in said}
                changed = [change for change in desk.history.of(claim=claim) if change.item in ids]
                assert {change.item for change in changed} == ids and {change.by for change in changed} == {"Ana"}
                found.append((claim.quote, *(one.heads for one in said)))
    return found


def sample_text(path: Path) -> str:
    with Desk.open(path) as desk:
        return desk.articles.text(desk.articles.get("1"))


def at(text: str, quote: str) -> str:
    return f"{text.index(quote)}-{text.index(quote) + len(quote)}"


def rows(text: str) -> list[dict[str, str]]:
    return list(csv.DictReader(io.StringIO(text, newline="")))
