"""What differs between two texts: nothing is lost, nothing made up, and it reads in words."""

from __future__ import annotations

from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.kit.hostile import NASTY
from tui.text.differences import Part, difference

WORDS = st.lists(st.sampled_from(["the", "bridge", "fell", " ", " ", "\n", ",", "2 500", "é", "e\u0301"])).map("".join)


@pytest.mark.parametrize(
    ("old", "new", "parts"),
    [
        ("It fell.", "It fell.", [Part("same", "It fell.")]),
        ("It fell.", "It rose.", [Part("same", "It "), Part("gone", "fell"), Part("new", "rose"), Part("same", ".")]),
        ("", "new", [Part("new", "new")]),
        ("old", "", [Part("gone", "old")]),
        ("", "", []),
        ("a big red car", "a small blue car", [
            Part("same", "a "), Part("gone", "big red"), Part("new", "small blue"), Part("same", " car"),
        ]),
        ("fell in spring", "spring", [Part("gone", "fell in "), Part("same", "spring")]),
    ],
)  # fmt: skip
def test_a_difference_is_told_in_whole_words(old: str, new: str, parts: list[Part]) -> None:
    assert difference(old, new) == parts


@given(st.one_of(st.text(), WORDS, st.sampled_from(NASTY)), st.one_of(st.text(), WORDS, st.sampled_from(NASTY)))
def test_the_parts_make_up_both_texts(old: str, new: str) -> None:
    parts = difference(old, new)
    assert "".join(part.text for part in parts if part.kind != "new") == old
    assert "".join(part.text for part in parts if part.kind != "gone") == new
    assert all(part.text for part in parts)
    assert all(one.kind != other.kind for one, other in pairwise(parts))
    assert (old == new) == (not any(part.kind != "same" for part in parts))


def test_texts_too_long_to_compare_word_by_word_still_share_their_ends() -> None:
    old = "begin " + "one two " * 2_000 + "end"
    new = "begin " + "three four " * 2_000 + "end"
    kinds = [part.kind for part in difference(old, new)]
    assert kinds == ["same", "gone", "new", "same"]
