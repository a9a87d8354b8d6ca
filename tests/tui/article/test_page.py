"""The page: how long its rows are, which pane has the room, and what stands above the fold."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.kit.at_the_article import at_desk
from tests.kit.pilot import screen_text, send
from tui.claim.panel import ClaimPanel
from tui.kit.page import Place


@pytest.mark.parametrize(("size", "letters"), [((80, 24), 73), ((120, 40), 75), ((200, 60), 90)])
async def test_a_row_of_text_has_no_more_letters_than_are_set(
    tmp_path: Path, size: tuple[int, int], letters: int
) -> None:
    async with at_desk(tmp_path, size=size) as r:
        assert r.view.rows.width == letters
        await r.press("Z")
        assert r.view.rows.width == min(90, size[0] - r.view.around)
        await r.press("z", "w")
        assert r.view.rows.width == size[0] - r.view.around
        await r.press("z", "w", "Z")
        assert r.view.rows.width == letters
        r.app.remember(measure="60")
        await r.press("Z", "Z")
        assert r.view.rows.width == 60


@pytest.mark.parametrize("size", [(80, 24), (120, 40), (200, 60)])
async def test_each_pane_takes_all_the_room_and_gives_it_back_when_another_is_needed(
    tmp_path: Path, size: tuple[int, int]
) -> None:
    async with at_desk(tmp_path, size=size) as r:
        await r.press("t")
        shared = r.screen.panel.size
        await r.press("Z")
        assert r.screen.panel.size.area == 0 and "evidence" not in screen_text(r.app).replace("Add evidence", "")
        await r.press("J")
        await r.write("Seen.")
        assert r.screen.panel.size == shared and "Seen." in screen_text(r.app)
        await r.press("ctrl+s", "tab", "Z")
        assert r.screen.panel.size.width == size[0] and r.view.size.area == 0
        assert r.screen.panel.size.height == size[1] - 2
        await r.press("escape")
        assert r.screen.panel.size == shared and r.view.has_focus


async def test_in_a_broad_terminal_evidence_stands_beside_the_claim(tmp_path: Path) -> None:
    async with at_desk(tmp_path, size=(200, 60)) as r:
        await r.press("t", "4")
        claim = r.desk.claims.of(r.article)[0]
        r.desk.evidence.add(claim, "refutes", quote="No bridge fell.", title="City log")
        r.screen.panel.wrote(claim.id, "evidence")
        await r.until(lambda: "City log" in screen_text(r.app), "the evidence is shown")
        panel: ClaimPanel = r.screen.panel
        rows = screen_text(r.app).splitlines()
        verdict = next(row for row in rows if "verdict" in row and "evidence" not in row[:20])
        assert panel.lines.page.extents[Place("add_evidence")][0] == 0
        assert any("evidence" in row and "old bridge" in row for row in rows), verdict
        await r.field("add_evidence")
        await send(r.pilot, "up")
        assert panel.lines.place is not None and panel.lines.place.kind != "add_evidence"


async def test_verdict_why_and_evidence_stand_above_the_fold_at_80_by_24(tmp_path: Path) -> None:
    async with at_desk(tmp_path, size=(80, 24)) as r:
        await r.press("t", "4")
        claim = r.desk.claims.of(r.article)[0]
        r.desk.verdicts.justify(claim, "The log has it.")
        for stance in ("supports", "refutes"):
            r.desk.evidence.add(claim, stance, title=f"A log that {stance}", origin="The city")
        r.screen.panel.wrote(claim.id, "evidence")
        for words in ("verdict", "The log has it.", "2 sources, 1 origin", "A log that supports"):
            await r.until(lambda words=words: words in screen_text(r.app), words)


async def test_empty_fields_share_a_line_and_each_is_still_in_reach(tmp_path: Path) -> None:
    async with at_desk(tmp_path, size=(120, 40)) as r:
        await r.press("t")
        lines = r.screen.panel.lines
        names = ("claim_text", "claimant", "check_target", "priority", "types", "tags")
        await r.until(lambda: Place("tags") in lines.page.extents, "the panel follows")
        assert len({lines.page.extents[Place(name)][0] for name in names}) <= 3
        await r.field("claimant")
        await r.press("enter")
        await r.write("Ri")
        await r.press("ctrl+s")
        assert r.desk.claims.of(r.article)[0].claimant == "Ri"
        await r.until(lambda: "claimant  Ri" in screen_text(r.app), "the panel shows it")
