"""Jump mode: labels on what is in view, pressed to go there."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.kit.at_the_article import TEXT, Room, at_desk
from tests.kit.pilot import screen_rows
from tui.kit.jump import ALPHABET, MOST, JumpScreen, labels
from tui.library.screen import LibraryScreen


@given(st.integers(0, MOST))
def test_labels_differ_and_none_begins_another(count: int) -> None:
    found = labels(count)
    assert len(set(found)) == len(found) == count
    short = {label for label in found if len(label) == 1}
    assert not any(label[0] in short for label in found if len(label) == 2)


@pytest.mark.parametrize(("count", "short"), [(20, 20), (26, 26), (140, 21), (334, 13), (501, 7), (676, 0)])
def test_as_many_as_can_have_one_letter(count: int, short: int) -> None:
    assert [len(label) for label in labels(count)].count(1) == short and len(set(ALPHABET)) == 26


def letters(r: Room, x: int, y: int) -> str:
    """The label that is drawn from a cell of the screen on."""
    assert isinstance(r.app.screen, JumpScreen)
    cells = screen_rows(r.app)[y].crop(x, x + 2)
    return "".join(one.text for one in cells if one.style and one.style.reverse)


def label_at(r: Room, offset: int) -> str:
    """The label that is drawn over a place of the text."""
    return letters(r, *r.cell(offset))


@pytest.mark.parametrize("size", [(80, 24), (120, 40)])
async def test_a_label_leads_to_its_word_and_a_capital_selects_up_to_it(tmp_path: Path, size: tuple[int, int]) -> None:
    async with at_desk(tmp_path, size=size) as r:
        await r.press("'")
        mayor = TEXT.index("mayor")
        label = label_at(r, mayor)
        assert re.fullmatch("[a-z]{1,2}", label)
        await r.press(*label)
        assert r.uncovered and r.view.caret == mayor and r.view.selection is None
        await r.press("ctrl+home", "f4")
        label = label_at(r, TEXT.index("bridge"))
        assert len(label) == 1
        await r.press(label.upper())
        assert r.view.selected_text == "The old bridge"


async def test_in_select_mode_a_word_is_taken_whole(tmp_path: Path) -> None:
    async with at_desk(tmp_path) as r:
        await r.press("ctrl+home", "v", "'")
        label = label_at(r, TEXT.index("hurt"))
        await r.press(*label)
        assert r.view.selected_text == "The old bridge fell in spring. Nobody was hurt" and r.view.selecting


async def test_what_is_no_label_leaves_and_does_nothing(tmp_path: Path) -> None:
    async with at_desk(tmp_path) as r:
        for key in ("escape", "1", "ctrl+s", "/"):
            await r.press("'", key)
            assert r.uncovered and r.claims() == [] and r.said == [], key


async def test_claims_and_places_have_labels_in_the_margin(tmp_path: Path) -> None:
    async with at_desk(tmp_path) as r:
        await r.press("t", "G", "'")
        x, y = r.view.region.x, r.view.region.y
        await r.press(*letters(r, x + 2, y))
        assert r.in_hand is not None and r.in_hand.name == "C1"
        await r.press("escape", "ctrl+home", "'")
        at = y + r.view.rows.row_of(TEXT.index("It is being"))
        await r.press(*letters(r, x, at))
        assert r.view.place and r.view.text[slice(*r.view.place)] == "It is being rebuilt for 3 million euros."


async def test_rows_of_lists_and_panel_are_jumped_to(tmp_path: Path) -> None:
    async with at_desk(tmp_path, size=(120, 40)) as r:
        await r.press("t", "f", "t", "L")
        await r.panel()  # list and panel show what is selected a moment later
        await r.press("'")
        region = r.screen.claim_list.rows.region
        await r.press(*letters(r, region.x + 1, region.y))
        assert r.screen.claim_list.rows.cursor == 0
        await r.press("'")
        region = r.screen.panel.lines.region
        await r.press(*next(filter(None, (letters(r, region.x, y) for y in range(region.y, region.bottom)))))
        assert r.screen.panel.lines.has_focus
        await r.press("Q")
        assert isinstance(r.app.screen, LibraryScreen)
        await r.press("'", "escape")
        assert isinstance(r.app.screen, LibraryScreen)
