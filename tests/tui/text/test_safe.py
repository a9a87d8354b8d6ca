from __future__ import annotations

import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st
from rich.cells import cell_len

from store.text import units
from tests.kit.hostile import hostile_texts
from tui.text import safe as safe_module
from tui.text.safe import safe, safe_block

BIDI = {"LRE", "RLE", "LRO", "RLO", "PDF", "LRI", "RLI", "FSI", "PDI"}


@given(hostile_texts())
def test_each_code_point_is_shown_as_one(text: str) -> None:
    assert len(safe(text)) == len(safe_block(text)) == len(text)


@given(hostile_texts())
def test_what_is_shown_can_be_written_and_steers_no_terminal(text: str) -> None:
    shown = safe(text)
    shown.encode("utf-8")
    for character in shown:
        assert unicodedata.category(character) not in ("Cc", "Cs", "Zl", "Zp")
        assert unicodedata.bidirectional(character) not in BIDI


@given(hostile_texts())
def test_what_is_shown_is_shown_the_same_again(text: str) -> None:
    assert safe(safe(text)) == safe(text)


@given(hostile_texts())
def test_graphemes_are_as_wide_alone_as_together(text: str) -> None:
    shown = safe(text)
    assert cell_len(shown) == sum(cell_len(shown[start:end]) for start, end in units.graphemes(text))


@given(st.text(st.characters(categories=("L", "N", "P", "S"))))
def test_visible_text_stays_as_it_is(text: str) -> None:
    assert safe(text) == text


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("\x1b[2J", "␛[2J"),
        ("a\tb\nc\r", "a␉b␊c␍"),
        ("\x7f\x9b\ud800", "␡\ufffd\ufffd"),
        ("\u202eabc\u202c", "·abc·"),
        ("a\u200bb\ufeff\u00ad", "a·b··"),
        ("l\u2028p\u2029", "l␤p¶"),
        ("a\u200db", "a·b"),
        ("👩\u200d👧", "👩\u200d👧"),
        ("👩\u200d", "👩·"),
        ("می\u200cخواهم", "می\u200cخواهم"),
        ("pass\u200cword", "pass·word"),
        ("🏴\U000e0067\U000e0062\U000e007f", "🏴\U000e0067\U000e0062\U000e007f"),
        ("a\U000e0067", "a·"),
        ("[bold]x[/]", "[bold]x[/]"),
    ],
)
def test_dangerous_characters_become_visible_ones(text: str, shown: str) -> None:
    assert safe(text) == shown


def test_what_can_be_printed_is_not_dangerous() -> None:
    dangerous = safe_module._dangerous("")
    assert not [hex(code) for code in range(0x110000) if chr(code).isprintable() and dangerous.match(chr(code))]


def test_a_block_keeps_its_lines_and_turns_tabs_into_spaces() -> None:
    assert safe_block("a\tb\nc\x1b") == "a b\nc␛"
