"""What is saved here is shown by what saved it, and not read once more as if somebody else had."""

from __future__ import annotations

from collections.abc import AsyncIterator, Callable
from contextlib import AbstractAsyncContextManager, asynccontextmanager
from pathlib import Path

import pytest

from store.desk import Desk
from tests.kit.at_a_review import at_review
from tests.kit.at_the_article import Room, at_desk
from tests.kit.at_the_comparison import at_compare

LOOK = "PRAGMA data_version"
FIRST = "SELECT at FROM main.changes ORDER BY seq LIMIT 1"  # once, for the daily backup
SYNCS = "SELECT 1 FROM main.remotes WHERE id > 0 LIMIT 1"
"""Asked once, some time after the start."""
PLACES: list[tuple[str, Callable[[Path], AbstractAsyncContextManager[Room]], tuple[str, ...]]] = [
    ("article", at_desk, ("t", "1", "full_stop", "d", "u", "f s")),
    ("review", at_review, ("a", "minus", "1", "full_stop", "u")),
    ("comparison", at_compare, ("A", "u")),
]


@asynccontextmanager
async def listening(room: Room) -> AsyncIterator[list[str]]:
    """What is asked of the file while the app looks three times whether others have written."""
    asked: list[str] = []
    conn = room.desk.db.conn
    conn.set_trace_callback(asked.append)
    try:
        yield asked
        await room.until(lambda: asked.count(LOOK) >= 3, "the app has looked")
    finally:
        conn.set_trace_callback(None)


@pytest.mark.parametrize("place", PLACES, ids=[name for name, *_ in PLACES])
async def test_once_a_saving_key_is_shown_nothing_is_read_again(
    tmp_path: Path, place: tuple[str, Callable[[Path], AbstractAsyncContextManager[Room]], tuple[str, ...]]
) -> None:
    _, at, keys = place
    async with at(tmp_path) as r:
        await Room.seen(r)
        for key in keys:
            before = r.desk.history.mark()
            await r.press(*key.split())
            await r.seen()
            assert r.desk.history.mark() != before, f"{key} saves nothing"
            async with listening(r) as asked:
                pass
            assert {LOOK} <= set(asked) <= {LOOK, SYNCS, FIRST}, key


async def test_what_a_form_saves_is_seen_beneath_it_and_what_others_save_everywhere(tmp_path: Path) -> None:
    async with at_desk(tmp_path, size=(120, 60)) as r:
        await r.press("t", "e")
        await r.write("https://council.example")
        await r.press("tab")
        lines = r.screen.panel.lines
        await r.until(lambda: any(at.kind == "evidence" for at in lines.page.places), "it stands in the panel beneath")
        with Desk.open(r.desk.path, "Ben") as ben:
            ben.claims.edit(ben.claims.of(r.article)[0], claimant="the mayor")
        await r.until(lambda: r.in_hand is not None and bool(r.in_hand.claimant), "the claimant is here")


async def test_two_screens_that_save_between_two_looks_are_both_told(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Each has shown what it wrote itself, and nothing of what the other did."""
    monkeypatch.setattr("tui.app.POLL_SECONDS", 3600)
    async with at_desk(tmp_path, size=(120, 60)) as r:
        await r.press("t", "e")
        await r.write("https://council.example")
        await r.press("tab")
        assert len(r.desk.evidence.of(r.desk.claims.of(r.article)[0])) == 1
        r.app.look_for_others()
        lines = r.screen.panel.lines
        await r.until(lambda: any(at.kind == "evidence" for at in lines.page.places), "it stands in the panel beneath")
