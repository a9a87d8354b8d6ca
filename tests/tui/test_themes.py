"""Themes: Textual's own and those in files: chosen in the settings and by the palette, and refused in words."""

from __future__ import annotations

from pathlib import Path

import pytest
from textual.theme import BUILTIN_THEMES

from store.errors import Refused
from tests.kit.desks import desk_at, shelve
from tests.kit.pilot import screen_text, send, settle, type_text, until
from tui import settings
from tui.app import FactdeskApp
from tui.settings import THEME_NAMES, themes_folder
from tui.themes import counterpart, theme_named

OWN = """primary = "#336699"
background = "#101820"
dark = true

[variables]
border = "#445566"
"""


def written(text: str, name: str = "mine") -> Path:
    path = themes_folder() / f"{name}.toml"
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(text)
    return path


def test_every_theme_of_textual_is_known_by_name() -> None:
    assert set(THEME_NAMES) - {"dark", "light"} == set(BUILTIN_THEMES)
    for name in THEME_NAMES:
        other = counterpart(name)
        assert other in THEME_NAMES and theme_named(other, Path()).dark is not theme_named(name, Path()).dark


async def test_a_theme_is_chosen_in_the_settings_and_by_the_palette_and_remembered(tmp_path: Path) -> None:
    written(OWN)
    with desk_at(tmp_path) as desk:
        shelve(desk, "Dam", claims=1)
        app = FactdeskApp(desk, settings.load())
        async with app.run_test(size=(80, 24)) as pilot:
            await send(pilot, ",", "tab", "n", "tab")
            assert app.theme == "nord" and settings.load().theme == "nord"
            await send(pilot, "shift+tab", "m", "m", "tab")
            assert app.theme == "monokai" or app.theme == "mine"
            await send(pilot, "escape", "ctrl+p")
            await type_text(pilot, "theme: mine")
            await until(pilot, lambda: "Theme: mine" in screen_text(app), "it is offered")
            await send(pilot, "enter")
            assert (app.theme, settings.load().theme) == ("mine", "mine")
            assert app.theme_variables["background"].lower() == "#101820"
            await send(pilot, "f2")
            assert not app.current_theme.dark
        app = FactdeskApp(desk, settings.load()._replace(theme="mine"))
        async with app.run_test(size=(80, 24)) as pilot:
            await settle(pilot)
            assert app.theme == "mine"


async def test_a_theme_that_cannot_be_used_is_said_and_the_app_starts_in_its_own(tmp_path: Path) -> None:
    written("primary = 5\n")
    with desk_at(tmp_path) as desk:
        app = FactdeskApp(desk, settings.load()._replace(theme="mine"))
        async with app.run_test(size=(80, 24), notifications=True) as pilot:
            await until(pilot, lambda: "is not a colour" in " ".join(screen_text(app).split()), "it is said")
            assert app.theme == "factdesk-dark"


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("", "a theme needs primary"),
        ('primary = "sky"', "line 1, primary: this is not a colour"),
        ('primary = "#336699"\ndark = "yes"', "line 2, dark: write true or false"),
        ('primary = "#336699"\nvariables = 3', "line 2, variables: write a table"),
        ('primary = "#336699"\nprimry = "#336699"', "line 2, primry: there is no such key here"),
        ('primary = "#33669933"', "line 1, primary: this is not a colour"),
        ("primary", "this is not TOML"),
    ],
)
def test_a_bad_theme_is_refused_with_file_and_place(text: str, said: str) -> None:
    path = written(text)
    with pytest.raises(Refused) as refused:
        theme_named("mine", themes_folder())
    assert str(refused.value).startswith(str(path)) and said in str(refused.value)
    with pytest.raises(Refused, match="There is no theme “nothing”"):
        theme_named("nothing", themes_folder())
