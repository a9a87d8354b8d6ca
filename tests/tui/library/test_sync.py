"""Syncing while the app runs: quietly, never in the way of a key, and in words when it cannot."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

import pytest

from store.desk import Desk
from tests.kit.at_the_library import WorkApp
from tests.kit.desks import desk_at, shelve
from tests.kit.pilot import STORY_SIZES, notices, screen_text, send, settle, type_text, until
from tui import settings
from tui.app import FactdeskApp
from tui.kit import background_sync


@pytest.fixture
def desk(tmp_path: Path, home: Path) -> Iterator[Desk]:
    """Ana's desk, with an article and a claim."""
    with desk_at(tmp_path) as desk:
        shelve(desk, "Dam", claims=1)
        yield desk


@pytest.fixture
def ben(tmp_path: Path, desk: Desk) -> Iterator[Desk]:
    with Desk.open(tmp_path / "ben.db", "Ben") as ben:
        yield ben


def sync(desk: Desk, folder: Path) -> None:
    with closing(desk.remotes.at(folder)) as remote:
        desk.remotes.sync(remote)


@pytest.mark.parametrize("size", STORY_SIZES)
async def test_a_place_is_named_once_and_what_others_do_appears_by_itself(
    desk: Desk, ben: Desk, tmp_path: Path, size: tuple[int, int], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(background_sync, "EVERY", 0.05)
    folder = tmp_path / "meeting"
    app = WorkApp(desk)
    async with app.run_test(size=size) as pilot:
        await settle(pilot)
        await send(pilot, "y", "enter")
        assert any("Name the place first" in said for said in notices(app))
        await type_text(pilot, "postgresql://ana:fish@db/x")
        await send(pilot, "enter")
        assert any("~/.pgpass" in said for said in notices(app)) and not any("fish" in said for said in notices(app))
        await send(pilot, "ctrl+u")
        await type_text(pilot, str(folder))
        await send(pilot, "enter")
        await until(pilot, lambda: "✓ synced " in screen_text(app), "it is synced")
        await until(pilot, lambda: any("Synced: " in said for said in notices(app)), "it says what came of it")
        sync(ben, folder)
        ben.articles.add("The river rose.", title="River")
        sync(ben, folder)
        await until(pilot, lambda: "River" in screen_text(app), "what Ben brought in is shown")
        desk.articles.add("The bridge fell.", title="Bridge")
        await until(pilot, lambda: sync(ben, folder) or len(ben.articles.all()) == 3, "Ben has what Ana brought in")
        await send(pilot, "y")
        await until(pilot, lambda: any("Synced: 0 sent" in said for said in notices(app)), "it says what came of it")
    assert desk.remotes.get(str(folder)) is not None and desk.upkeep.verify() == []


async def test_a_desk_that_syncs_goes_on_by_itself_and_says_that_it_cannot(
    desk: Desk, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(background_sync, "EVERY", 0.05)
    monkeypatch.setattr("tui.app.SETTLED_SECONDS", 0.05)
    folder = tmp_path / "meeting"
    sync(desk, folder)
    app = FactdeskApp(desk, settings.load(), desk.articles.get("1"))
    async with app.run_test(size=(140, 30)) as pilot:
        await until(pilot, lambda: "✓ synced " in screen_text(app), "the article's head says it")
        folder.rename(tmp_path / "away")
        (tmp_path / "meeting").write_text("in the way")
        desk.claims.edit(desk.claims.of("1")[0], claimant="Ri")
        await until(pilot, lambda: "✗ offline since " in screen_text(app), "it says that it cannot")
        await until(pilot, lambda: "1 to send" in screen_text(app), "and how much waits")
        assert not any("cannot be used" in said for said in notices(app))
        await pilot.resize_terminal(80, 24)
        await until(pilot, lambda: "offline since " in screen_text(app), "a narrow head says that, too")
        (tmp_path / "meeting").unlink()
        (tmp_path / "away").rename(folder)
        await until(pilot, lambda: "offline" not in screen_text(app), "it goes on")
        assert "synced" not in screen_text(app)
    assert desk.remotes.waiting(str(folder)) == 0


async def test_it_can_be_turned_off_and_a_desk_that_syncs_nowhere_starts_none(
    desk: Desk, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("tui.app.SETTLED_SECONDS", 0.01)
    for off in (False, True):
        if off:
            sync(desk, tmp_path / "meeting")
        app = FactdeskApp(desk, settings.load()._replace(sync="off" if off else "auto"))
        async with app.run_test(size=(80, 24)) as pilot:
            await settle(pilot)
            await pilot.pause(0.05)
            assert app._sync is None and "synced" not in screen_text(app)
