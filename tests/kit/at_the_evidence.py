"""The evidence form laid over a screen, field by field."""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from textual.pilot import Pilot

from store.desk import Desk
from store.records import Claim, Evidence
from tests.kit.at_a_claim import ClaimApp, tagged
from tests.kit.pilot import send, settle, type_text
from tui.claim.evidence_form import EvidenceForm
from tui.claim.fields import CheckersFields
from tui.claim.panel import ClaimPanel

FIELDS = (
    *("url", "stance", "quote", "locator", "note"),
    *("title", "publisher", "published", "retrieved", "archive_url", "tier", "origin"),
)


@dataclass
class Filling:
    """A form laid over a screen."""

    desk: Desk
    claim: Claim
    form: EvidenceForm
    app: ClaimApp
    pilot: Pilot[Any]
    given: list[bool | None]

    def evidence(self) -> list[Evidence]:
        return self.desk.evidence.of(self.claim)

    async def into(self, name: str) -> None:
        """Go to a field with Tab; the fields of a known source are opened first."""
        if name in FIELDS[5:] and self.form.has_class("-folded"):
            await send(self.pilot, "ctrl+o")
        for _ in FIELDS:
            if self.app.focused is self.form.editor(name):
                return
            await send(self.pilot, "tab")
        raise AssertionError(f"{name} cannot be reached")

    async def fill(self, name: str, text: str) -> None:
        await self.into(name)
        await type_text(self.pilot, text)


@asynccontextmanager
async def filling(folder: Path, *, size: tuple[int, int] = (80, 24), prepare: Any = None) -> AsyncIterator[Filling]:
    with tagged(folder) as (desk, _, claim):
        piece = prepare(desk, claim) if prepare else None
        panel = ClaimPanel(desk, CheckersFields)
        app = ClaimApp(panel)
        async with app.run_test(size=size) as pilot:
            await settle(pilot)
            form = EvidenceForm(desk, desk.claims.get(claim.id), piece if isinstance(piece, Evidence) else None)
            given: list[bool | None] = []
            app.push_screen(form, given.append)
            await settle(pilot)
            yield Filling(desk, claim, form, app, pilot, given)
