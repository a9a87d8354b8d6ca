"""Words: what the caret goes by, what an edge moves by, what a double click takes; and what a claim leaves outside."""

from __future__ import annotations

import pytest

from store.text import units
from tests.kit.spans import quoted
from tests.kit.words import ONE

SEVERAL = {
    "a - b": ["a", "b"],
    "100%-owned": ["100%", "owned"],
    "see A. Then": ["see", "A", "Then"],
    "5 % 10": ["5", "10"],
    "5 € 10": ["5", "10"],
    "5.2%。专": ["5.2%", "专"],
    "50%-60%": ["50%", "60%"],
    "30% 20%": ["30%", "20%"],
    "5 $10": ["5", "$10"],
    "5-6, (5)-6": ["5-6", "5", "6"],
    "--5 ~~5~~": ["5", "5"],
    "a+5 a@b": ["a", "5", "a", "b"],
    "the end.Next U.S.Army": ["the", "end", "Next", "U.S", "Army"],
    "in the U.S. Then": ["in", "the", "U.S.", "Then"],
    "# Heading": ["Heading"],
    "5\n% 6\n500": ["5", "6", "500"],
    "5°C-7 5°Celsius": ["5°C", "7", "5°", "Celsius"],
    "**bold** _it_ __init__ `x` ~~gone~~": ["bold", "it", "init", "x", "gone"],
    "_5%_ **-5%**": ["5%", "-5%"],
    "第5号#中国#": ["第", "5", "号", "中", "国"],
}


@pytest.mark.parametrize("word", ONE)
def test_a_word_keeps_its_sign_and_unit(word: str) -> None:
    text = f"(so {word}; then नमस्ते"  # which needs Unicode's full rules
    assert quoted(word, units.words(word)) == [word]
    assert quoted(text, units.words(text)) == ["so", word, "then", "नमस्ते"]


@pytest.mark.parametrize("text", SEVERAL)
def test_words_are_parted_where_a_reader_parts_them(text: str) -> None:
    assert quoted(text, units.words(text)) == SEVERAL[text]


@pytest.mark.parametrize("word", ONE)
def test_motions_take_the_word_whole(word: str) -> None:
    text = f"so {word}, then"
    start = 3
    end = start + len(word)
    for inside in range(start, end):
        assert units.word_at(text, inside) == (start, end)
        assert units.next_word(text, inside) == text.index("then")
        assert units.previous_word(text, inside + 1) == start


def test_words_of_a_part_stay_inside_it() -> None:
    text = "-$5 % and U.S."
    assert quoted(text, units.words(text, 1, 4)) == ["$5"]
    assert quoted(text, units.words(text, 2, 5)) == ["5 %"]
    assert quoted(text, units.words(text, 10, 13)) == ["U.S"]


@pytest.mark.parametrize(
    ("passage", "claimed"),
    [
        ("**He left.**", "He left."),
        (" _**He left.**_ ", "He left."),
        ("**He left.", "He left."),
        ("He left.**", "He left."),
        ("He **left**", "He **left**"),
        ("**A** and **B**", "**A** and **B**"),
        ("`code`", "code"),
        ("~~gone~~", "gone"),
        ("~5% of it*", "~5% of it"),
        ("* item", "* item"),
        ("****", "****"),
        ("*\u0301x", "*\u0301x"),
    ],
)
def test_emphasis_at_an_edge_stays_outside(passage: str, claimed: str) -> None:
    assert passage[slice(*units.core(passage, 0, len(passage)))] == claimed


def test_many_short_texts_do_not_put_a_long_one_out_of_mind() -> None:
    long = "Ein längerer Text. " * 100
    list(units.words(long))
    looked = units._seen_through.cache_info().misses
    for number in range(20):
        list(units.words(f"Kürzer: {number}"))
    list(units.words(long))
    assert units._seen_through.cache_info().misses == looked
