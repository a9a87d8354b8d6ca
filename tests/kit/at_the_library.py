"""The app at its library, with what it would open written down."""

from __future__ import annotations

from typing import Any

from textual.pilot import Pilot

from store.desk import Desk
from store.records import Article
from store.text.units import Span
from tests.kit.pilot import at_rest, screen_text, settle, until
from tui import settings
from tui.app import FactdeskApp
from tui.review.assignments import AssignmentsScreen


async def counted(pilot: Pilot[Any]) -> None:
    """Wait until the coverage of what is in sight is known."""
    await settle(pilot)
    await until(pilot, lambda: "… %" not in screen_text(pilot.app), "what is in sight is counted")
    await at_rest(pilot)


class WorkApp(FactdeskApp):
    """The app, with what would be opened written down."""

    def __init__(self, desk: Desk) -> None:
        super().__init__(desk, settings.load())
        self.opened: list[tuple[str, str, str]] = []

    def open_article(self, article: Article, claim: str = "", found: Span | None = None) -> None:
        self.opened.append(("article", article.title, ""))

    def review_article(self, article: Article, whose: str = "", claim: str = "") -> None:
        self.opened.append(("review", article.title, whose))

    def open_comparison(self, article: Article) -> None:
        self.opened.append(("compare", article.title, ""))

    def said(self) -> list[str]:
        return [str(notification.message) for notification in self._notifications]

    @property
    def work(self) -> AssignmentsScreen:
        assert isinstance(self.screen, AssignmentsScreen)
        return self.screen
