"""Undo of very many changes from the keyboard: beside the screen, told at the foot, stopped by Esc."""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path

from tests.kit.at_the_article import Room, opened
from tests.kit.desks import brought, desk_at, held
from tests.kit.pilot import screen_text


@asynccontextmanager
async def with_many(folder: Path) -> AsyncIterator[Room]:
    """The app at an article into which Ana has brought 400 claims with verdicts at once."""
    with desk_at(folder) as desk:
        article = desk.articles.add("a" * 900 + ".\n\nThe end of it.")
        desk.imports.bring(brought(article, 400))
        async with opened(desk, article, size=(100, 24)) as room:
            yield room


def foot(r: Room) -> str:
    return screen_text(r.app).splitlines()[-1]


async def done(r: Room) -> None:
    await r.until(lambda: r.app.unsaved is not None and not r.app.unsaved.waits, "the long undo is over")


async def test_a_long_undo_goes_on_beside_the_screen_and_says_how_far_it_is(tmp_path: Path) -> None:
    async with with_many(tmp_path) as r:
        feet: list[str] = []
        stand = r.app.stand
        r.app.stand = lambda notice: (feet.append(notice), stand(notice))[0]  # type: ignore[method-assign, assignment]
        for key, doing, left, said in (("u", "Undoing", 0, "Undid: "), ("ctrl+r", "Redoing", 400, "Redid: ")):
            with held(r.desk):
                await r.press(key)
                assert "Esc stops it" in foot(r) and len(r.claims()) == 400 - left
                await r.press("G")
                assert r.view.caret >= 900
                await r.press("t")
                assert "Esc stops it" in r.said[-1]
                await r.press("g", "g")
            await done(r)
            assert r.said[-1].startswith(said) and len(r.claims()) == left
            assert f"{doing} 100 of 800 changes · Esc stops it" in feet
        assert "Esc stops it" not in foot(r) and r.desk.upkeep.verify() == []


async def test_esc_stops_a_long_undo_and_undo_goes_on_with_the_rest(tmp_path: Path) -> None:
    async with with_many(tmp_path) as r:
        with held(r.desk):
            await r.press("u", "escape")
        await done(r)
        assert r.said[-1] == "Stopped: 100 of 800 changes are undone. Undo goes on with the rest."
        left = "SELECT id FROM claims WHERE deleted = 0 UNION ALL SELECT id FROM verdicts WHERE deleted = 0"
        assert len(r.desk.session.log.rows(left)) == 700
        await r.press("u")
        await done(r)
        assert r.said[-1].startswith("Undid: ") and r.claims() == []
        await r.press("ctrl+r")
        await done(r)
        assert len(r.claims()) == 400 and r.desk.upkeep.verify() == []
