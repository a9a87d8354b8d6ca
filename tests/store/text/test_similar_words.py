"""Which text says nearly the same as another one."""

from __future__ import annotations

import pytest

from store.text.similar_words import lengths, nearest

WORDS = "Two North Korean prisoners of war were captured in Kursk"


@pytest.mark.parametrize(
    "copy",
    [
        "“Two North Korean prisoners of war were captured in Kursk.”",
        "TWO NORTH KOREAN PRISONERS OF WAR WERE CAPTURED IN KURSK!",
        "two\n\nNorth – Korean – prisoners – of – war, were … captured — in: Kursk",
        "Two North Korean prisoners of war were seized in Kursk",
    ],
)
def test_a_near_copy_is_found_whatever_marks_stand_between_its_words(copy: str) -> None:
    others = ["He left.", "Three South African trainers of peace had vanished from Cape", copy, copy]
    assert nearest(WORDS, others) == 2, "the first of two"
    least, most = lengths(WORDS)
    assert least <= len(copy) <= most


def test_what_says_something_else_or_next_to_nothing_is_no_near_copy() -> None:
    assert nearest(WORDS, ["Two North Korean soldiers were freed", ""]) is None
    assert nearest("He left", ["He left"]) is None
