"""Where there are few colours or none, each state differs by more than its colour."""

from __future__ import annotations

import itertools
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager
from pathlib import Path

import pytest
from rich.color import Color as RichColor
from rich.color import ColorSystem
from rich.style import Style
from textual.color import Color

from store.text.coverage import Place
from tests.kit import depth as extent
from tests.kit.at_the_view import ViewApp, showing
from tests.kit.pilot import settle
from tui.kit.styled_text import Tones
from tui.kit.terminal_colours import Grounded, _of_256, fixed
from tui.settings import THEME_NAMES
from tui.text.colours import (
    _NEAREST,
    DEUTAN,
    NAMES,
    PROTAN,
    RGB,
    SAFE_SIGNS,
    SIGN,
    TEXT,
    choice_of,
    chosen_of,
    contrast,
    distance,
    nearest,
    seen_by,
)
from tui.text.spans import Mark
from tui.themes import THEMES, theme_named
from tui.view.article_colours import Ink, TextPalette
from tui.view.view import ArticleView

WORDS = (
    "foreground", "foreground-muted",
    *(f"text-{role}" for role in ("primary", "secondary", "accent", "warning", "error", "success")),
)  # fmt: skip
"""What is written in, of a theme's own colours."""

STATES = {
    "calm": Ink(),
    "claim": Ink(colour="green"),
    "claim without a verdict": Ink(colour="", open=True),
    "claim at hand": Ink(colour="green", at_hand=True),
    "swept": Ink(ground="swept"),
    "found in a selection": Ink(found=1, selected=True),
    "place in hand": Ink(ground="residue", in_hand=True),
    "found": Ink(found=1),
    "found in a claim": Ink(found=1, colour="green"),
}


class Sixteen(ViewApp):
    native_ansi_color = True


def cues(style: Style, colours: bool) -> tuple[object, ...]:
    """What tells a style from others without the colour of its letters."""
    paper = style.bgcolor.name if style.bgcolor and colours else ""
    return (style.bold, style.italic, style.underline, style.reverse, style.dim, paper)


@pytest.mark.parametrize("colours", [False, True], ids=["none", "sixteen"])
async def test_states_differ_without_the_colour_of_their_letters(
    monkeypatch: pytest.MonkeyPatch, colours: bool
) -> None:
    if not colours:
        monkeypatch.setenv("NO_COLOR", "1")
    async with showing(app=Sixteen() if colours else ViewApp()) as (view, _):
        palette = TextPalette(view)
        looks = {name: cues(palette.style(ink), colours) for name, ink in STATES.items()}
        for (one, here), (other, there) in itertools.combinations(looks.items(), 2):
            assert here != there, (one, other)


# Contrast and distance


def shown(colour: RichColor | None, depth: str) -> RGB:
    assert colour is not None and colour.triplet is not None
    if depth == "256":
        colour = colour.downgrade(ColorSystem.EIGHT_BIT)
    red, green, blue = colour.get_truecolor()
    return red, green, blue


def inks(colour: str) -> Iterator[Ink]:
    for edge, at_hand, deep in itertools.product((False, True), repeat=3):
        yield Ink(colour=colour, edge=edge, at_hand=at_hand, deep=deep)
    yield Ink(colour=colour, found=1)
    yield Ink(colour=colour, found=2)
    yield Ink(colour=colour, selected=True)
    yield Ink(colour=colour, caret=2)
    yield Ink(colour=colour, in_hand=True)
    yield Ink(ground="residue", in_hand=True)
    yield Ink(colour="", open=True)
    yield from (Ink(), Ink(ground="swept"), Ink(ground="residue"), Ink(found=1), Ink(selected=True), Ink(caret=2))


@asynccontextmanager
async def drawn(monkeypatch: pytest.MonkeyPatch, theme: str, depth: str) -> AsyncIterator[ArticleView]:
    if depth == "256":
        monkeypatch.delenv("COLORTERM")
    app = ViewApp()
    for known in THEMES:
        app.register_theme(known)
    async with showing(app=app) as (view, pilot):
        app.theme = theme
        await settle(pilot)
        assert app.console.color_system == depth
        yield view


@pytest.mark.parametrize("depth", ["truecolor", "256"])
@pytest.mark.parametrize("theme", ["factdesk-dark", "factdesk-light"])
async def test_every_verdict_stands_out_from_its_ground_and_from_the_others(
    monkeypatch: pytest.MonkeyPatch, theme: str, depth: str
) -> None:
    """What is least is reported, so that a change of colours shows what it costs."""
    async with drawn(monkeypatch, theme, depth) as view:
        check_colours(view, theme, depth)


@pytest.mark.parametrize("depth", ["truecolor", *(["256"] if extent.deep else [])])
async def test_so_it_does_in_every_other_theme(monkeypatch: pytest.MonkeyPatch, depth: str) -> None:
    names = [name for name in THEME_NAMES if name not in ("dark", "light") and not name.startswith("ansi")]
    if depth == "256":
        monkeypatch.delenv("COLORTERM")
    async with showing(app=ViewApp()) as (view, pilot):
        for name in names:
            theme = theme_named(name, Path("nowhere"))
            view.app.register_theme(theme)
            view.app.theme = theme.name
            await settle(pilot)
            check_colours(view, name, depth, few=True)
            told = view.app.theme_variables
            pairs = [(word, ground) for word in WORDS for ground in ("background", "surface", "panel")]
            pairs += [(f"block-cursor-{one}foreground", f"block-cursor-{one}background") for one in ("", "blurred-")]
            for word, ground in pairs:
                found = contrast(Color.parse(told[word]).rgb, Color.parse(told[ground]).rgb)
                assert found >= TEXT, (name, word, ground, found)


def check_colours(view: ArticleView, theme: str, depth: str, *, few: bool = False) -> None:
    """Everything drawn of every verdict stands out, and the verdicts do from each other."""
    palette, tones = TextPalette(view), Tones(view)
    least: dict[str, tuple[float, str]] = {}

    def look(place: str, name: str, style: Style) -> None:
        found = contrast(shown(style.color, depth), shown(style.bgcolor, depth))
        least[place] = min(least.get(place, (99.0, "")), (found, name))

    for name in (*NAMES, "#3366aa", "#101010", "#fafafa", "accent", "bright_white", "black"):
        look("word", name, tones.style(f"bold {name}"))
        look("margin", name, palette.margin(name))
        look("margin at hand", name, palette.margin(name, True))
        look("map", name, palette.map(name, False))
        look("map in view", name, palette.map(name, True))
        for ink in () if few and name not in ("green", "yellow", "#101010") else inks(name):
            look("text", f"{name} {ink}", palette.style(ink))
    verdicts = {name: shown(palette.margin(name).color, depth) for name in NAMES}
    print(theme, depth, {place: round(found, 2) for place, (found, _) in least.items()})
    for place, (found, name) in least.items():
        assert found >= (SIGN if place.startswith("map") else TEXT), (theme, place, name, found)
    for eyes, floor in (((None, 12.0), (PROTAN, 6.0), (DEUTAN, 6.0)), ((None, 12.0), (PROTAN, 2.0), (DEUTAN, 2.0)))[
        depth == "256"
    ]:
        pairs = itertools.combinations(verdicts.items(), 2)
        apart = min(
            (distance(*(seen_by(eyes, colour) if eyes else colour for colour in (one, other))), here, there)
            for (here, one), (there, other) in pairs
        )
        print(theme, depth, "apart", apart)
        assert apart[0] >= floor, (theme, apart)


@pytest.mark.parametrize("theme", ["ansi-dark", "ansi-light"])
async def test_with_few_colours_words_have_the_terminals_own_and_a_sign_only_what_is_safe(
    monkeypatch: pytest.MonkeyPatch, theme: str
) -> None:
    app = ViewApp()
    async with showing(app=app) as (view, pilot):
        app.theme = theme
        await settle(pilot)
        palette, tones = TextPalette(view), Tones(view)
        safe = {*SAFE_SIGNS[theme == "ansi-dark"].values(), "default"}
        for name in NAMES:
            styles = [
                palette.margin(name),
                palette.margin(name, True),
                palette.map(name, False),
                palette.map(name, True),
            ]
            styles.append(tones.style(name, sign=True))
            for style in styles:
                assert style.color is None or style.color.name in safe, (name, style)
                assert style.bgcolor is None or style.bgcolor.is_default, (name, style)
            for ink in inks(name):
                style = palette.style(ink)
                assert style.color is None or style.color.is_default
                assert style.bgcolor is None or style.bgcolor.is_default
                assert not style.dim


async def test_the_map_tells_checked_tagged_swept_and_open_by_glyph() -> None:
    text = "\n".join(["A claim.", "An open one.", "Nothing yet.", "Both.", "A swept one.", "It lacks."])
    marks = [Mark("C1", 0, 8, "✓", "green"), Mark("C2", 9, 21, "○", "", open=True), Mark("C3", 35, 40, "✓", "green")]
    marks.append(Mark("C4", 54, 63, "✓", "green", lacking=True))
    left = [Place(22, 34), Place(35, 40, leftover=True)]
    async with showing(text, marks, sweeps=[Mark("S", 41, 53)], residue=left) as (view, _):
        shown = [view.render_line(y).text[-1] for y in range(6)]
        assert shown == ["█", "▓", "·", "·", "░", "▓"]


@pytest.mark.parametrize("theme", ["factdesk-dark", "factdesk-light"])
async def test_what_is_chosen_of_256_colours_is_known_for_the_own_themes(
    monkeypatch: pytest.MonkeyPatch, theme: str
) -> None:
    async with drawn(monkeypatch, theme, "256") as view:
        grounded = Grounded(view)
        choice_of.cache_clear()
        assert chosen_of(fixed(), grounded.ground, grounded.dark) == {name: grounded.colour(name) for name in NAMES}
        assert not choice_of.cache_info().currsize
        assert choice_of(fixed(), grounded.ground, grounded.dark) == chosen_of(fixed(), grounded.ground, grounded.dark)


def test_what_is_known_of_256_colours_is_what_is_found() -> None:
    levels = (0, 95, 135, 175, 215, 255)
    all_of_them = [*itertools.product(levels, repeat=3), *((8 + 10 * step,) * 3 for step in range(24))]
    assert set(fixed()) == {one for one in all_of_them if _of_256(one) == one}
    assert {(colour, ground): nearest(fixed(), colour, ground) for colour, ground in _NEAREST} == _NEAREST
