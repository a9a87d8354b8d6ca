"""The settings in the app: what is changed holds at once and is remembered."""

from __future__ import annotations

from pathlib import Path

from store.desk import Desk
from tests.kit.desks import desk_at, shelve
from tests.kit.pilot import SIZES, screen_text, send, type_text
from tui import settings
from tui.app import FactdeskApp
from tui.library.settings_form import SettingsForm


async def test_colours_and_how_keys_are_read_change_at_once_and_for_the_next_start(tmp_path: Path) -> None:
    with desk_at(tmp_path) as desk:
        app = FactdeskApp(desk, settings.load())
        async with app.run_test(size=SIZES[0]) as pilot:
            await send(pilot, ",")
            assert isinstance(app.screen, SettingsForm)
            await send(pilot, "tab", "right", "tab", "n", "escape")
            assert not app.current_theme.dark
            assert (settings.load().theme, settings.load().layout) == ("light", "none")


async def test_another_name_is_yours_for_what_you_did_before_too(tmp_path: Path) -> None:
    with desk_at(tmp_path) as desk:
        shelve(desk, "Dam", claims=1)
        before = desk.reviewer.id
        app = FactdeskApp(desk, settings.load())
        async with app.run_test(size=SIZES[0]) as pilot:
            await send(pilot, ",", "ctrl+u")
            await type_text(pilot, "Ana Silva")
            await send(pilot, "escape")
            assert "Ana Silva" in screen_text(app)
        assert (desk.reviewer, desk.reviewer.id) == ("Ana Silva", before)
        assert {claim.checker for claim in desk.claims.of(desk.articles.all()[0])} == {"Ana Silva"}
        assert settings.load().reviewer == "Ana Silva"


async def test_a_name_that_is_undone_is_no_longer_remembered(tmp_path: Path) -> None:
    with desk_at(tmp_path) as desk:
        settings.save(reviewer="Ana")
        desk.be("Ana")
        shelve(desk, "Dam", claims=1)
        app = FactdeskApp(desk, settings.load())
        async with app.run_test(size=SIZES[0]) as pilot:
            await send(pilot, ",", "ctrl+u")
            await type_text(pilot, "Ana Silva")
            await send(pilot, "escape", "u")
            assert (desk.reviewer, settings.load().reviewer) == ("Ana", "Ana")
            await send(pilot, "ctrl+r")
            assert (desk.reviewer, settings.load().reviewer) == ("Ana Silva", "Ana Silva")


async def test_a_name_that_somebody_has_is_refused_and_nothing_changes(tmp_path: Path) -> None:
    with desk_at(tmp_path) as desk:
        shelve(desk, "Dam", claims=1)
        with Desk.open(desk.path, "Ben") as other:
            shelve(other, "Castle", claims=1)
        mine = desk.reviewer
        app = FactdeskApp(desk, settings.load())
        async with app.run_test(size=SIZES[0]) as pilot:
            await send(pilot, ",", "ctrl+u")
            await type_text(pilot, "Ben")
            await send(pilot, "enter")
            assert isinstance(app.screen, SettingsForm)
        assert desk.reviewer == mine and settings.load().reviewer != "Ben"


async def test_every_setting_that_the_palette_finds_has_its_field(tmp_path: Path) -> None:
    with desk_at(tmp_path) as desk:
        app = FactdeskApp(desk, settings.load())
        async with app.run_test(size=SIZES[0]) as pilot:
            found = [offer.choice.key for offer in app.offers() if offer.choice.key.startswith("setting:")]
            await send(pilot, ",")
            assert isinstance(app.screen, SettingsForm)
            assert len(found) >= 8 and all(app.screen.editor(id.removeprefix("setting:")) for id in found)
            assert "Backups kept" in screen_text(app)
