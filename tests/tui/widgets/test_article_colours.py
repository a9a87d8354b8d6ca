"""Where there are few colours or none, each state differs by more than its colour."""

from __future__ import annotations

import itertools

import pytest
from rich.style import Style

from tests.tui.widgets.at_the_view import ViewApp, showing
from tui.text.spans import Mark
from tui.view.palette import Ink, Palette

STATES = {
    "calm": Ink(),
    "swept": Ink(ground="swept"),
    "claim": Ink(colour="green"),
    "claim without a verdict": Ink(colour="", open=True),
    "claim at hand": Ink(colour="green", at_hand=True),
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
        palette = Palette(view)
        looks = {name: cues(palette.style(ink), colours) for name, ink in STATES.items()}
        for (one, here), (other, there) in itertools.combinations(looks.items(), 2):
            assert here != there, (one, other)


async def test_the_map_tells_claims_without_verdict_and_residue_by_glyph() -> None:
    text = "\n".join(["A claim.", "An open one.", "Nothing yet.", "Both."])
    marks = [Mark("C1", 0, 8, "✓", "green"), Mark("C2", 9, 21, "○", "", open=True), Mark("C3", 35, 40, "✓", "green")]
    async with showing(text, marks, residue=[(22, 34), (35, 40)]) as (view, _):
        shown = [view.render_line(y).text[-1] for y in range(4)]
        assert shown == ["┃", "│", "·", "┇"]
