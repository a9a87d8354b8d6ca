"""The app with an article open that somebody else has checked: Ana has tagged and judged, Ben has it before him."""

from __future__ import annotations

from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from store.desk import Desk
from store.records import Article, Claim, Review
from tests.kit.at_the_article import TEXT, Room
from tests.kit.desks import desk_at, put_a_filled_desk
from tests.kit.pilot import settle
from tui import settings
from tui.app import FactdeskApp
from tui.review.screen import ReviewScreen

CHECKED = 4
"""The first sentences of the text are Ana's claims C1 to C4: refuted, supported, refuted, supported."""


def check(desk: Desk, article: Article) -> None:
    """Tag the first sentences as who is at the desk, with a verdict, its reason and a piece of evidence each."""
    for number, (start, end) in enumerate(desk.coverage.sentences(article)[:CHECKED]):
        claim = desk.claims.tag(article, start, end)
        desk.verdicts.give(claim, "supported" if number % 2 else "refuted", "The council says so.")
        desk.evidence.add(
            claim, "supports" if number % 2 else "refutes", url="https://council.example/report", title="Report",
            quote="The bridge fell in May.",
        )  # fmt: skip


@dataclass
class Reviewed(Room):
    """The open article, and the desk as others at it see it."""

    def claim(self, name: str) -> Claim:
        return self.desk.claims.get(name, self.article)

    def review(self, name: str, by: str = "Ben") -> Review | None:
        """Somebody's review of a claim."""
        return next((one for one in self.desk.reviews.of(self.claim(name)) if one.by == by), None)

    def said_of(self, name: str) -> str:
        """Ben's decision on a claim, or nothing."""
        review = self.review(name)
        return review.decision if review else ""

    @property
    def at_hand(self) -> str:
        """The name of the claim at hand."""
        return self.in_hand.name if self.in_hand else ""

    @property
    def reviewing(self) -> ReviewScreen:
        screen = self.screen
        assert isinstance(screen, ReviewScreen)
        return screen

    async def head(self) -> str:
        return (await self.seen()).splitlines()[0]

    async def elsewhere(self, do: Callable[[Desk], Any], name: str = "Ana") -> None:
        """Let somebody do something to the desk in another process, and wait until it is seen here."""
        with Desk.open(self.desk.path, name) as desk:
            do(desk)
        self.app.look_for_others()
        await settle(self.pilot)

    async def row(self, kind: str, nth: int = 0) -> None:
        """Go down in the panel to the nth row of a kind."""
        if not self.screen.panel.lines.has_focus:
            await self.press("enter")
        await self.seen()
        await self.press("home")
        places = [place for place in self.screen.panel.lines.page.places if place.kind == kind]
        assert len(places) > nth, f"there is no {kind} in the panel"
        for _ in range(200):
            if self.screen.panel.lines.place == places[nth]:
                return
            await self.press("down")
        raise AssertionError(f"{kind} cannot be reached")


@asynccontextmanager
async def at_review(
    folder: Path,
    *,
    who: str = "Ben",
    reviewing: str | None = "",
    size: tuple[int, int] = (120, 40),
    text: str = TEXT,
    prepare: Callable[[Desk, Article], Any] = lambda desk, article: None,
) -> AsyncIterator[Reviewed]:
    """The app as somebody has it before them: Ben in the review of Ana's claims, unless said otherwise."""
    put_a_filled_desk(folder / "desk.db", lambda desk: check(desk, desk.articles.add(text, title="Bridge")), text)
    with desk_at(folder, "Ana") as desk:
        article = desk.articles.get(1)
        prepare(desk, article)
        desk.be(who)
        app = FactdeskApp(desk, settings.load(), article, "", reviewing)
        async with app.run_test(size=size) as pilot:
            room = Reviewed(desk, article, app, pilot)
            await room.until(lambda: room.screen.listening, "the screen listens")
            yield room


OTHERS: dict[str, tuple[str, ...]] = {
    "review": ("V",),
    "review panel": ("V", "tab"),
    "review claims": ("V", "L"),
    "review words": ("V", "W"),
    "reasons": ("V", "D"),
    "disagree": ("V", "D", "1"),
    "missing": ("V", "G", "t"),
    "summary": ("V", "ctrl+s"),
    "summary file": ("V", "ctrl+s", "x"),
    "inbox": ("I",),
    "compare": ("G", "t", "="),
    "compare panel": ("G", "t", "=", "tab"),
    "compare list": ("G", "t", "=", "L"),
    "settle": ("G", "t", "=", "1"),
    "settle own": ("G", "t", "=", "6"),
    "settled file": ("G", "t", "=", "E"),
    "agreement": ("%",),
    "agreement file": ("%", "x"),
}
"""Where one can be once somebody else has checked the article, and the keys that lead there from its text."""


def assigned(blind: str, who: str = "Ben", whose: str = "") -> object:
    """Makes ``who`` a reviewer of the article, so blind."""

    def prepare(desk: Desk, article: Article) -> None:
        desk.assignments.assign([article], [who], "reviewer", blind=blind, whose=whose)

    return prepare
