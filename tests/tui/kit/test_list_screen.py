"""What every list does: it is read anew when the desk has changed."""

from __future__ import annotations

from pathlib import Path

from store.desk import Desk
from tests.kit.desks import desk_at, shelve
from tests.kit.pilot import screen_text, send, settle
from tui.kit.desk_app import DeskApp
from tui.kit.history import HistoryScreen
from tui.kit.screen import DeskChanged, DeskScreen


class ListApp(DeskApp):
    def __init__(self, desk: Desk) -> None:
        super().__init__()
        self.desk = desk

    def on_mount(self) -> None:
        self.push_screen(DeskScreen())
        self.push_screen(HistoryScreen(self.desk))


async def test_what_changed_under_another_screen_is_shown_once_it_is_left(tmp_path: Path) -> None:
    with desk_at(tmp_path) as desk:
        shelve(desk, "Dam", claims=1)
        app = ListApp(desk)
        async with app.run_test(size=(120, 40)) as pilot:
            await settle(pilot)
            listed = app.screen
            assert isinstance(listed, HistoryScreen)
            for _ in range(2):  # what lies right under another screen may be in sight
                app.push_screen(HistoryScreen(desk))
                await settle(pilot)
            desk.threads.comment(desk.claims.of("Dam")[0], "While you were away.")
            before = listed.items
            listed.post_message(DeskChanged())
            await settle(pilot)
            assert listed.items is before  # nobody sees it: it is not read for every edit
            await send(pilot, "escape", "escape")
            await settle(pilot)
            assert app.screen is listed and "While you were away." in screen_text(app)


async def test_a_list_that_is_shown_is_read_anew_at_once(tmp_path: Path) -> None:
    with desk_at(tmp_path) as desk:
        shelve(desk, "Dam", claims=1)
        app = ListApp(desk)
        async with app.run_test(size=(120, 40)) as pilot:
            await settle(pilot)
            desk.threads.comment(desk.claims.of("Dam")[0], "Just now.")
            app.screen.post_message(DeskChanged())
            await settle(pilot)
            assert "Just now." in screen_text(app)
