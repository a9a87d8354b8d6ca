"""Backups in the app: the daily one is made beside the work, and the list says how to put one back."""

from __future__ import annotations

from pathlib import Path

import pytest

from store.desk import Desk
from store.log import clock, rotation
from tests.kit.desks import desk_at, shelve
from tests.kit.pilot import notices, screen_text, send, until
from tui import settings
from tui.app import FactdeskApp
from tui.library.backup_list import BackupsSheet

DAYS = 3 * 24 * 60 * 60 * 1000


@pytest.fixture
def old(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A desk that was begun days ago, and has no backup."""
    with desk_at(tmp_path) as desk:
        shelve(desk, "Dam", claims=1)
    monkeypatch.setattr(rotation, "now", lambda: clock.now() + DAYS)
    return tmp_path / "desk.db"


async def test_the_daily_backup_is_made_beside_the_work_and_listed(old: Path) -> None:
    with Desk.open(old, "Ana") as desk:
        app = FactdeskApp(desk, settings.load())
        async with app.run_test(size=(80, 24)) as pilot:
            await until(pilot, lambda: bool(desk.backups.all()), "it is made")
            await send(pilot, "B")
            assert isinstance(app.screen, BackupsSheet)
            await until(pilot, lambda: "✓ sound" in screen_text(app), "it is checked")
            assert "daily" in screen_text(app) and "desk-backups" in app.screen.detail(app.screen.current)
            await send(pilot, "enter")
            assert "factdesk restore 1" in notices(app)[-1]
            await send(pilot, "escape")
            assert not isinstance(app.screen, BackupsSheet)


async def test_where_it_cannot_be_made_that_is_said_and_the_app_goes_on(old: Path) -> None:
    old.with_name("desk-backups").write_text("a file where the folder would be")
    with Desk.open(old, "Ana") as desk:
        app = FactdeskApp(desk, settings.load())
        async with app.run_test(size=(80, 24)) as pilot:
            await until(pilot, lambda: any("backup was not made" in said for said in notices(app)), "it is said")
            await send(pilot, "B")
            await until(pilot, lambda: "There is none yet" in screen_text(app), "none is listed")
