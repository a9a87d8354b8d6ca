"""The cells a text takes, as terminals draw it."""

from __future__ import annotations

import sys
import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st
from rich.cells import split_graphemes
from rich.segment import Segment
from textual.strip import Strip

from tests.kit.hostile import hostile_texts
from tui.text.cells import cell_len, cut
from tui.text.layout import Layout
from tui.text.safe import safe


def test_every_spacing_mark_has_a_cell_and_nothing_else_has_another_width() -> None:
    for code in range(sys.maxunicode + 1):
        character = chr(code)
        if unicodedata.category(character) == "Mc":
            assert cell_len(character) == cell_len("क" + character) - 1 == 1, hex(code)
        elif unicodedata.category(character) in ("Mn", "Me") and code < 0x0E000 and not 0x1160 <= code < 0x1200:
            assert cell_len(character) == 0, hex(code)
    assert [cell_len(text) for text in ("a", "字", "👍", "한", "\u200b")] == [1, 2, 2, 2, 0]


@pytest.mark.parametrize(
    ("word", "cells"),
    [("कि", 2), ("हिन्दी", 5), ("स्त्री", 4), ("क्षि", 3), ("বাংলা", 5), ("தமிழ்", 4), ("ไทย", 3), ("عربي", 4)],
)
def test_words_are_as_wide_as_terminals_draw_them(word: str, cells: int) -> None:
    assert cell_len(word) == cells
    layout = Layout(word, 40)
    assert layout.row(0).width == cells and layout.cell_of(len(word)) == cells
    assert Strip([Segment(word * 12)]).crop(0, 20).cell_length == 20


@given(hostile_texts(), st.integers(1, 30))
def test_what_is_cut_fits_and_ends_between_clusters(text: str, cells: int) -> None:
    shown = cut(safe(text), cells)
    assert cell_len(shown) <= cells
    assert shown == safe(text) or shown.endswith("…")
    assert split_graphemes(shown)[1] == cell_len(shown)
