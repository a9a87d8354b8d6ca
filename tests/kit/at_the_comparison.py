"""The app with people's sets on one article side by side, as an adjudicator has them before them."""

from __future__ import annotations

from collections.abc import AsyncIterator, Callable, Iterator
from contextlib import asynccontextmanager, contextmanager
from pathlib import Path
from typing import Any

from store.desk import Desk
from store.records import Adjudication, Article
from store.settle.comparison_groups import Group
from tests.kit.at_the_article import SENTENCES, TEXT, Room, span
from tests.kit.desks import desk_at, put_a_filled_desk
from tests.kit.pilot import screen_text, settle
from tui import settings
from tui.app import FactdeskApp
from tui.compare.screen import CompareScreen

AGREED, VERDICT, SPAN, REJECTED, OBJECTED = SENTENCES[:5]
LEFT = "It is being rebuilt"
"""Ana has tagged these. Ben agreed with the first, gave another verdict on the second, proposed another span
for the third, found nothing to check in the fourth, disagreed with the fifth, and left the sixth. And he reported:"""
MISSED = "3 million euros"


def check(desk: Desk, article: Article, *quotes: str, verdict: str = "supported") -> list[str]:
    """Tag these as who is at the desk, with verdict, reason and evidence; gives the claims' ids."""
    ids = []
    for quote in quotes:
        claim = desk.claims.tag(article, *span(desk.articles.text(article), quote), claim_text=f"{quote[:20]} it says.")
        desk.verdicts.give(claim, verdict, f"{desk.reviewer} saw the report.")
        desk.evidence.add(claim.id, "supports", url="https://council.example/report", title="Report", quote="It fell.")
        ids.append(claim.id)
    return ids


def two_sets(desk: Desk, article: Article) -> None:
    """Ana's claims and Ben's reviews of them, one group of each kind."""
    text = desk.articles.text(article)
    desk.be("Ana")
    agreed, verdict, bounds, rejected, objected, _ = check(desk, article, *SENTENCES[:5], LEFT)
    desk.be("Ben")
    desk.reviews.decide(agreed, "agree")
    desk.reviews.decide(verdict, "change_verdict", verdict="refuted", justification="Two were hurt.")
    desk.reviews.decide(bounds, "change_span", span=span(text, "inspected in 2019"), comment="Just the date.")
    desk.reviews.decide(rejected, "reject_claim", comment="An opinion.")
    desk.reviews.decide(objected, "disagree", reason="wrong_type", comment="Not a number.")
    desk.reviews.missing(article, *span(text, MISSED), whose="Ana")


def more_sets(desk: Desk, article: Article, *names: str) -> None:
    """More reviewers, who each give the second claim the verdict mixed and agree with the first."""
    claims = {claim.quote: claim.id for claim in desk.claims.of(article)}
    for name in names:
        desk.be(name)
        desk.reviews.decide(claims[AGREED], "agree")
        desk.reviews.decide(claims[VERDICT], "change_verdict", verdict="mixed", justification=f"{name} is not sure.")


class Bench(Room):
    """The comparison that is open, and the hands on the keyboard."""

    @property
    def comparing(self) -> CompareScreen:
        screens = [screen for screen in self.app.screen_stack if isinstance(screen, CompareScreen)]
        assert screens, "the comparison is not open any more"
        return screens[-1]

    @property
    def view(self) -> Any:
        return self.comparing.view

    async def seen(self) -> str:
        await self.until(lambda: self.comparing.followed, "the panel follows")
        return screen_text(self.app)

    async def panel(self) -> str:
        """What is said of the place at hand, in one line, its heading first."""
        rows, region = (await self.seen()).splitlines(), self.comparing.panel.region
        return " ".join(" ".join(row[region.x : region.right] for row in rows[region.y : region.bottom]).split())

    async def texts(self) -> list[str]:
        """The rows of the text, the legend of the lanes first."""
        rows, region = (await self.seen()).splitlines(), self.view.region
        return [row[: region.right] for row in rows[region.y - 1 : region.bottom]]

    @property
    def at_hand(self) -> Group:
        group = self.comparing.group
        assert group is not None, "no place is at hand"
        return group

    @property
    def quote(self) -> str:
        """The first quote of the group at hand."""
        return self.at_hand.present[0].quote

    async def to(self, quote: str) -> Group:
        """Take the group with a quote in hand, by the keys that go from place to place."""
        await self.press("g", "g")
        for _ in range(60):
            if any(take.quote == quote for take in self.at_hand.present):
                return self.at_hand
            await self.press("]")
        raise AssertionError(f"{quote!r} cannot be reached")

    async def because(self, why: str) -> None:
        """Give a rationale."""
        await self.write(why)
        await self.press("enter")

    def how(self, quote: str) -> Adjudication | None:
        """How the group with a quote is settled on the desk."""
        for group in self.desk.comparison.compare(self.article).groups:
            if any(take.quote == quote for take in group.present):
                return group.settled
        raise AssertionError(f"nobody has {quote!r}")

    async def elsewhere(self, do: Callable[[Desk], Any], name: str) -> None:
        """Let somebody do something to the desk in another process, and wait until it is seen here."""
        with Desk.open(self.desk.path, name) as desk:
            do(desk)
        self.app.look_for_others()
        await settle(self.pilot)
        await self.until(lambda: self.comparing.followed, "what others did is taken in")


@contextmanager
def compared_desk(
    folder: Path, prepare: Callable[[Desk, Article], Any] = two_sets, text: str = TEXT
) -> Iterator[tuple[Desk, Article]]:
    """A desk with an article on which people have said something."""

    def fill(desk: Desk) -> None:
        prepare(desk, desk.articles.add(text, title="Bridge"))

    put_a_filled_desk(folder / "desk.db", fill, text, prepare)
    with desk_at(folder) as desk:
        yield desk, desk.articles.get(1)


@asynccontextmanager
async def compared(desk: Desk, article: Article, size: tuple[int, int] = (120, 40)) -> AsyncIterator[Bench]:
    """The comparison, opened by its key from the article as who is at the desk sees it."""
    app = FactdeskApp(desk, settings.load(), article)
    async with app.run_test(size=size) as pilot:
        room = Bench(desk, article, app, pilot)
        await room.until(lambda: room.screen.listening, "the screen listens")
        await room.press("=")
        await room.until(lambda: room.comparing.listening, "the comparison listens")
        yield room


@asynccontextmanager
async def at_compare(
    folder: Path,
    *,
    who: str = "Dana",
    size: tuple[int, int] = (120, 40),
    prepare: Callable[[Desk, Article], Any] = two_sets,
) -> AsyncIterator[Bench]:
    """The comparison as an adjudicator has it before them."""
    with compared_desk(folder, prepare) as (desk, article):
        desk.be(who)
        async with compared(desk, article, size) as room:
            yield room


def five_sets(desk: Desk, article: Article) -> None:
    """What two, and three more, have done."""
    two_sets(desk, article)
    more_sets(desk, article, "Cleo", "Dmytro", "Esther")


def three_sets(desk: Desk, article: Article) -> None:
    """What two, and one more, have done."""
    two_sets(desk, article)
    more_sets(desk, article, "Cleo")
