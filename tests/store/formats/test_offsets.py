"""Where the words of a file stand, when they do not stand where it says."""

from __future__ import annotations

import pytest

from store.errors import Refused
from store.formats.contract import Spot
from store.formats.offsets import Finder

TEXT = "The river rose.\n\nThe old\u00a0bridge\nfell in May. It rose again. The new bridge\n  fell, too."


@pytest.mark.parametrize(
    ("quote", "found", "around", "at"),
    [
        ("The old bridge fell", "The old\u00a0bridge\nfell", ("", ""), -1),
        ("rose. The old", "rose.\n\nThe old", ("", ""), -1),
        ("bridge  fell", "bridge\n  fell", ("The  new", ", too."), -1),
        ("bridge fell", "bridge\nfell", ("", ""), 20),
    ],
)
def test_words_with_other_white_space_between_them_are_found_and_said(
    quote: str, found: str, around: tuple[str, str], at: int
) -> None:
    spot = Spot("1", at, at + len(quote) if at >= 0 else -1, quote, prefix=around[0], suffix=around[1])
    placed = Finder(TEXT, TEXT, (spot,), "codepoint").place(spot)
    start = TEXT.index(found)
    assert (placed.anchor.start, placed.anchor.quote) == (start, found)
    assert placed.mend.startswith("“") and f"stands at {start} to {start + len(found)}" in placed.mend
    assert placed.mend.endswith("with other white space")


def test_words_that_stand_so_are_taken_before_those_with_other_white_space() -> None:
    text = "It\nfell. It fell."
    spot = Spot("1", -1, -1, "It fell")
    placed = Finder(text, text, (spot,), "codepoint").place(spot)
    assert (placed.anchor.start, placed.mend) == (9, "")


def test_other_words_and_parts_of_a_character_are_not_found() -> None:
    for text, quote in (("The bridge fell.", "The bridges fell"), ("e\u0301 x", "e"), ("A b.", "Ab")):
        spot = Spot("1", -1, -1, quote)
        with pytest.raises(Refused, match="does not stand in its text"):
            Finder(text, text, (spot,), "codepoint").place(spot)
