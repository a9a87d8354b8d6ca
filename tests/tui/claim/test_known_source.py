"""The evidence form where the source is known on the desk already."""

from __future__ import annotations

from pathlib import Path

import pytest

from store.desk import Desk
from store.records import Claim
from tests.kit.at_the_evidence import filling
from tests.kit.pilot import SIZES, screen_text, send, type_text
from tui.kit.command_palette import Palette


def _known_well(desk: Desk, claim: Claim) -> None:
    other = desk.claims.tag(claim.article, 0, 4)
    desk.evidence.add(
        other, "context", url="https://city.example/log", title="City log", publisher="The city",
        published="2019-02-19", retrieved="2024-06-01", origin="the warden",
    )  # fmt: skip


@pytest.mark.parametrize("size", SIZES)
async def test_what_is_known_of_a_source_folds_to_two_lines_and_ctrl_o_opens_it(
    tmp_path: Path, size: tuple[int, int]
) -> None:
    async with filling(tmp_path, size=size, prepare=_known_well) as f:
        await type_text(f.pilot, "city")
        await send(f.pilot, "down", "enter")
        rows = [row.strip(" │▌") for row in screen_text(f.app).split("\n")]
        at = next(n for n, row in enumerate(rows) if row.startswith("The source"))
        assert rows[at].endswith("cited by 2 claims in 1 article")
        assert rows[at + 1 : at + 3] == [
            "City log · The city · 19 Feb 2019 · retrieved 1 Jun 2024",
            "no archived copy, no tier · origin: the warden",
        ]
        assert "Publisher" not in screen_text(f.app) and "Ctrl+O" in screen_text(f.app)
        await send(f.pilot, "tab", "tab", "tab", "tab")
        assert f.app.focused is f.form.editor("url"), "Tab goes round the fields that are shown"
        await send(f.pilot, "ctrl+o")
        assert f.app.focused is f.form.editor("title") and "Publisher" in screen_text(f.app)
        await send(f.pilot, "ctrl+p")
        assert isinstance(f.app.screen, Palette)
        await type_text(f.pilot, "Source")
        await send(f.pilot, "enter")
        assert f.app.focused is f.form.editor("note") and "Publisher" not in screen_text(f.app)
        await send(f.pilot, "escape")
        assert f.given == [True]
        (piece,) = f.evidence()
        assert piece.source is not None and piece.source.title == "City log"


async def test_a_source_made_here_is_not_folded(tmp_path: Path) -> None:
    async with filling(tmp_path) as f:
        await type_text(f.pilot, "https://city.example/log")
        await f.fill("title", "City log")
        await send(f.pilot, "tab")
        assert not f.form.has_class("-folded")
        assert "Ctrl+O" not in screen_text(f.app)


async def test_a_source_that_is_given_its_title_stays_open_for_the_rest(tmp_path: Path) -> None:
    def cited(desk: Desk, claim: Claim) -> None:
        desk.evidence.add(desk.claims.tag(claim.article, 0, 4), "context", url="https://city.example/log")

    async with filling(tmp_path, prepare=cited) as f:
        await type_text(f.pilot, "https://city.example/log")
        await f.fill("title", "City log")
        await send(f.pilot, "tab")
        assert f.app.focused is f.form.editor("publisher")
        assert not f.form.has_class("-folded")


async def test_another_address_in_place_of_a_known_one_leaves_the_known_source_as_it_is(tmp_path: Path) -> None:
    async with filling(tmp_path, prepare=_known_well) as f:
        await type_text(f.pilot, "city")
        await send(f.pilot, "down", "enter", "shift+tab")
        assert f.app.focused is f.form.editor("url")
        await send(f.pilot, "end")
        await type_text(f.pilot, "?page=2")
        await send(f.pilot, "enter")
        (piece,) = f.evidence()
        assert piece.source is not None and piece.source.url == "https://city.example/log?page=2"
        assert [source.title for source in f.desk.evidence.sources_at("https://city.example/log")] == ["City log"]
