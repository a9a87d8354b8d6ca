"""Scripts with spacing marks on the screen: what stands beside a row stays in its column, and no cell is hidden."""

from __future__ import annotations

import unicodedata
from pathlib import Path
from typing import Any

import pytest

from tests.kit.at_the_article import at_desk
from tests.kit.pilot import screen_rows, screen_text, send, settle
from tui.library.screen import LibraryScreen
from tui.text.layout import Layout

TEXTS = {
    "Hindi": "राष्ट्रपति ने कहा कि स्त्रियों की शिक्षा के लिए पाँच करोड़ रुपये दिए जाएँगे। किसी ने विरोध नहीं किया। ",
    "Bengali": "রাষ্ট্রপতি বলেছেন যে শিক্ষার জন্য পাঁচ কোটি টাকা দেওয়া হবে। কেউ বিরোধিতা করেনি। ",
    "Tamil": "கல்விக்காக ஐந்து கோடி ரூபாய் வழங்கப்படும் என்று குடியரசுத் தலைவர் கூறினார். யாரும் எதிர்க்கவில்லை. ",
}


def terminal_cells(character: str) -> int:
    """The cells tmux and most terminals give one character, told by Unicode alone."""
    if unicodedata.category(character) in ("Mn", "Me", "Cf"):
        return 0
    return 2 if unicodedata.east_asian_width(character) in "WF" else 1


def at_cell(line: str, cell: int) -> str:
    """What a terminal shows from a cell on; it must be one where a character begins."""
    at = 0
    for i, character in enumerate(line):
        if at >= cell and terminal_cells(character):
            assert at == cell, f"a character lies across cell {cell} of {line!r}"
            return line[i:]
        at += terminal_cells(character)
    return ""


def lines(app: Any) -> list[str]:
    return ["".join(segment.text for segment in strip) for strip in screen_rows(app)]


@pytest.mark.parametrize("size", [(80, 24), (120, 40)], ids=lambda size: f"{size[0]}x{size[1]}")
@pytest.mark.parametrize("script", TEXTS)
async def test_the_panel_and_the_map_stay_in_their_columns(tmp_path: Path, script: str, size: tuple[int, int]) -> None:
    async with at_desk(tmp_path, text=TEXTS[script] * 12, size=size) as r:
        await r.press("t", "1", "v", "w", "t")
        await r.seen()
        panel, view = r.screen.panel.region, r.view.region
        text = "".join(TEXTS[script].split())
        shown = lines(r.app)
        assert {sum(map(terminal_cells, line)) for line in shown} == {size[0]}
        assert all(at_cell(line, view.right - 1) for line in shown[view.y : view.bottom])
        if panel.x:
            borders = {at_cell(line, panel.x - 1)[0] for line in shown[panel.y : panel.bottom]}
            assert len(borders) == 1, borders
        assert text[:20] in "".join("".join(lines(r.app)).split()), "and nothing is hidden"


def test_rows_of_letters_with_marks_end_after_words() -> None:
    for text in TEXTS.values():
        layout = Layout(text * 3, 40)
        for row in range(layout.rows - 1):
            end = layout.row_bounds(row)[1]
            assert text[(end - 1) % len(text)] == " ", layout.row(row).shown(*layout.row_bounds(row))


@pytest.mark.parametrize("script", TEXTS)
async def test_lists_and_what_is_laid_over_them_are_as_wide_as_the_screen(tmp_path: Path, script: str) -> None:
    async with at_desk(tmp_path, text=TEXTS[script] * 12) as r:
        r.desk.articles.edit(r.article, title=TEXTS[script] * 2)
        await r.press("t", "1")
        for keys in (("ctrl+p",), ("escape", "q")):
            await r.press(*keys)
            await settle(r.pilot)
            for line in lines(r.app):
                assert sum(map(terminal_cells, line)) == 80, line
        assert isinstance(r.app.screen, LibraryScreen)
        await send(r.pilot, "/")
        assert "Type what to look for." in screen_text(r.app)
