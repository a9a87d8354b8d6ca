"""Text fitted into cells."""

from __future__ import annotations

import unicodedata

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from rich.cells import cell_len

from store.reports import Checked
from store.text.coverage import Coverage
from tests.kit.depth import examples
from tui.kit.head_line import head_pieces
from tui.kit.styled_text import fit, fit_pieces, shorten, width_of

HOSTILE = st.text(
    st.one_of(
        st.characters(),
        st.sampled_from("a界é\u0301\u200d\u202e\x1b\t\n\x00👩👨👧🇫🇷\ufe0f[]"),
    ),
    max_size=60,
)


@settings(max_examples=examples(300))
@given(HOSTILE, st.integers(0, 30), st.booleans())
def test_a_fitted_text_fills_its_cells_exactly(text: str, cells: int, right: bool) -> None:
    assert cell_len(fit(text, cells, right=right)) == cells


@settings(max_examples=examples(300))
@given(HOSTILE, st.integers(1, 30))
def test_nothing_a_terminal_would_act_on_is_left(text: str, cells: int) -> None:
    shown = fit(text, cells)
    assert not any(unicodedata.category(character) in ("Cc", "Cs") for character in shown)
    assert "\u202e" not in shown


@settings(max_examples=examples(200))
@given(st.lists(st.tuples(HOSTILE, st.just("")), max_size=5), st.integers(0, 40), st.booleans())
def test_fitted_pieces_fill_their_cells_exactly(pieces: list[tuple[str, str]], cells: int, right: bool) -> None:
    assert sum(cell_len(text) for text, _ in fit_pieces(pieces, cells, right=right)) == cells


@pytest.mark.parametrize(
    ("text", "cells", "shown"),
    [
        ("abc", 3, "abc"),
        ("abcd", 3, "ab…"),
        ("界界界", 5, "界界…"),
        ("界界界", 4, "界…"),
        ("word after", 6, "word…"),
        ("anything", 1, "…"),
        ("anything", 0, ""),
        ("tab\there", 20, "tab␉here"),
    ],
)
def test_what_is_too_wide_is_cut_with_an_ellipsis(text: str, cells: int, shown: str) -> None:
    assert shorten(text, cells) == shown


def test_a_megabyte_is_cut_without_being_measured() -> None:
    class Text(str):
        read = 0

        def __getitem__(self, key: object) -> str:
            piece = super().__getitem__(key)  # type: ignore[index]
            Text.read += len(piece)
            return piece

    assert shorten(Text("a" * 1_000_000), 10) == "a" * 9 + "…"
    assert 0 < Text.read < 1000


def test_after_a_piece_that_is_cut_no_other_begins() -> None:
    pieces = [(" North Korean prisoners of war", "bold"), ("  Nora", "muted")]
    shown = "".join(text for text, _ in fit_pieces(pieces, 25))
    assert shown == " North Korean prisoners… "


@pytest.mark.parametrize("who", ["", "Bo", "Alexandra Constantinopolitana"])
def test_the_figures_of_the_head_are_never_cut(who: str) -> None:
    for cells in range(36, 161):
        pieces = head_pieces(who, Coverage(500, 370), Checked(28, 12), cells)
        said = "".join(text for text, _ in pieces)
        assert "read 74 % " in said and "checked 12 of 28" in said
        assert width_of(pieces) < cells, cells
