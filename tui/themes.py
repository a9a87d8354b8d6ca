"""The themes: factdesk's own colours for dark and for light rooms, Textual's, and those that people keep in files.

Those that are not ours are fitted: whatever is written stands out from each of their grounds.
"""

from __future__ import annotations

from dataclasses import fields, replace
from pathlib import Path
from typing import TYPE_CHECKING

from textual.theme import BUILTIN_THEMES, Theme

if TYPE_CHECKING:
    from tui.text.colours import RGB

DARK = Theme(
    name="factdesk-dark",
    primary="#6ea8d8",
    secondary="#8fa3b3",
    accent="#e0b25c",
    warning="#e5b567",
    error="#e07a73",
    success="#83bf7d",
    foreground="#d6d9dc",
    background="#15181b",
    surface="#1b1f23",
    panel="#23292e",
    dark=True,
    variables={
        "block-cursor-foreground": "#ffffff",
        "block-cursor-background": "#2f5f88",
        "block-cursor-blurred-foreground": "#d6d9dc",
        "block-cursor-blurred-background": "#2c343b",
        "border": "#6ea8d8",
        "border-blurred": "#39424a",
    },
)

LIGHT = Theme(
    name="factdesk-light",
    primary="#1f5f96",
    secondary="#5a6b78",
    accent="#8a5a00",
    warning="#8f6100",
    error="#b0302a",
    success="#2e7031",
    foreground="#22272b",
    background="#fbfaf7",
    surface="#f4f2ed",
    panel="#e8e5de",
    dark=False,
    variables={
        "block-cursor-foreground": "#ffffff",
        "block-cursor-background": "#1f5f96",
        "block-cursor-blurred-foreground": "#22272b",
        "block-cursor-blurred-background": "#d9d5cb",
        "border": "#1f5f96",
        "border-blurred": "#c9c4b8",
    },
)

THEMES = (DARK, LIGHT)
"""factdesk's own."""

_ROLES = ("primary", "secondary", "accent", "warning", "error", "success")
_GROUNDS = ("background", "surface", "panel")
_REFUSED = frozenset({"name", "ansi", "luminosity_spread", "text_alpha"})
"""What a file need not say: its own name is the theme's, and the rest is not a colour."""


def theme_named(name: str, folder: Path) -> Theme:
    """A theme by the name that a setting has for it; ``folder`` holds the files.

    Raises:
        Refused: there is none, or its file is not one of a theme, with what is wrong and where.
    """
    from store.errors import Refused

    if name in ("dark", "light"):
        return DARK if name == "dark" else LIGHT
    path = folder / f"{name}.toml"
    theme = BUILTIN_THEMES.get(name) or (_read(path, name) if path.is_file() else None)
    if theme is None:
        raise Refused(f"There is no theme “{name}”: choose another in the settings, or put {path} there.")
    return theme if theme.ansi else fitted(theme)


def counterpart(name: str) -> str:
    """The theme for the other light: of the same family, else factdesk's own."""
    for one, other in (("dark", "light"), ("light", "dark"), ("dawn", "moon"), ("moon", "dawn")):
        found = name.removesuffix(one) + other
        if name.endswith(one) and (found in BUILTIN_THEMES or found in ("dark", "light")):
            return found
    families = {"catppuccin-latte": "catppuccin-mocha", "rose-pine": "rose-pine-dawn"}
    if name in families or (name.startswith("catppuccin") and name in BUILTIN_THEMES):
        return families.get(name, "catppuccin-latte")
    theme = BUILTIN_THEMES.get(name)
    return "light" if theme is None or theme.dark else "dark"


def _read(path: Path, name: str) -> Theme:
    """The theme in a file: Textual's fields of a theme, each a colour, ``dark``, and a table of ``variables``."""
    from textual.color import Color, ColorParseError

    from store.errors import Refused
    from store.file_locks import read_text
    from store.toml import Toml

    try:
        toml = Toml(read_text(path), str(path))
    except UnicodeDecodeError:
        raise Refused(f"{path}: this is not UTF-8; save it as UTF-8.") from None
    except OSError as error:
        raise Refused(f"{path}: the theme cannot be read ({error.strerror}); make it readable.") from None
    known = tuple(field.name for field in fields(Theme) if field.name not in _REFUSED)
    toml.refuse_strangers(toml.values, known)
    if "primary" not in toml.values:
        raise Refused(f'{path}: a theme needs primary: write primary = "#6ea8d8", or another colour.')
    said = dict(toml.values)
    dark, variables = said.pop("dark", True), said.pop("variables", {})
    if not isinstance(dark, bool):
        raise toml.refuse("dark: write true or false.", key="dark")
    if not isinstance(variables, dict):
        raise toml.refuse("variables: write a table, [variables].", key="variables")
    for key, value in (*said.items(), *variables.items()):
        try:
            if Color.parse(str(value)).a < 1:
                raise ColorParseError("")
        except ColorParseError:
            raise toml.refuse(f'{key}: this is not a colour; write it as "#6ea8d8".', key=key) from None
    theme = Theme(name=name, primary="", dark=dark, variables={key: str(one) for key, one in variables.items()})
    for key, value in said.items():
        setattr(theme, key, str(value))
    return theme


def fitted(theme: Theme) -> Theme:
    """The theme with every colour of words moved in lightness, where it must be, until it can be read on each of the
    theme's grounds. What the theme says of its grounds stays."""
    from textual.color import Color

    from tui.text import colours

    told = theme.to_color_system().generate()

    def rgb(name: str) -> RGB:
        return Color.parse(told[name]).rgb

    def written(colour: RGB) -> str:
        return "#{:02x}{:02x}{:02x}".format(*colour)

    ground = colours.worst([rgb(name) for name in _GROUNDS], theme.dark)
    words = colours.legible(rgb("foreground"), ground, _LEAST)
    cursor = rgb("block-cursor-background")
    blurred = colours.blend(ground, words, 0.2)
    fit = {
        "foreground": words,
        "foreground-muted": colours.legible(colours.blend(words, ground, 0.35), ground, _LEAST),
        **{f"text-{role}": colours.legible(rgb(role), ground, _LEAST) for role in _ROLES},
        "block-cursor-background": cursor,
        "block-cursor-foreground": colours.legible(words, cursor, _LEAST),
        "block-cursor-blurred-background": blurred,
        "block-cursor-blurred-foreground": colours.legible(words, blurred, _LEAST),
    }
    return replace(
        theme, foreground=written(words), variables=theme.variables | {k: written(v) for k, v in fit.items()}
    )


_LEAST = 4.6
"""The least contrast of words: a little more than what is asked for, since colours are rounded."""
