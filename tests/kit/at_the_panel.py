"""A claim panel that shows a claim, and everything around it."""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from textual.pilot import Pilot

from store.desk import Desk
from store.records import Article, Claim
from tests.kit.at_a_claim import ClaimApp, tagged
from tests.kit.pilot import screen_text, send, settle
from tui.claim.fields import CheckersFields
from tui.claim.panel import ClaimPanel
from tui.kit.page import Place


@dataclass
class Room:
    """A panel that shows a claim, and everything around it."""

    desk: Desk
    article: Article
    claim: Claim
    panel: ClaimPanel
    app: ClaimApp
    pilot: Pilot[Any]

    def now(self) -> Claim:
        return self.desk.claims.get(self.claim.id)

    def seen(self) -> str:
        return screen_text(self.app)

    async def go(self, kind: str, id: str = "") -> None:
        """Go down to a place with the keys of the panel."""
        self.panel.focus()
        await send(self.pilot, "home")
        for _ in range(80):
            if self.panel.lines.place == Place(kind, id):
                return
            await send(self.pilot, "down")
        raise AssertionError(f"{kind} cannot be reached")


@asynccontextmanager
async def room(
    folder: Path, *, width: int = 60, size: tuple[int, int] = (110, 40), prepare: Any = None
) -> AsyncIterator[Room]:
    with tagged(folder) as (desk, article, claim):
        if prepare:
            prepare(desk, article, claim)
        panel = ClaimPanel(desk, CheckersFields)
        heard: list[Any] = []
        app = ClaimApp(panel, width, lambda: panel.show(desk.claims.get(claim.id), position="C1 of 1"))
        app.heard = heard
        async with app.run_test(size=size, message_hook=heard.append) as pilot:
            await settle(pilot)
            yield Room(desk, article, claim, panel, app, pilot)
