"""Reviewers' names."""

from __future__ import annotations

import pytest

from store.access.names import LONGEST_NAME, check_name, split_names
from store.desk import Desk
from store.errors import Refused


@pytest.mark.parametrize(
    ("given", "kept"),
    [
        ("Ada Lovelace", "Ada Lovelace"),
        ("  Ada   Lovelace\u00a0", "Ada Lovelace"),
        ("Rene\u0301", "Ren\u00e9"),
        ("Мария", "Мария"),
        ("علی\u200cرضا", "علی\u200cرضا"),
        ("[b]x[/b]", "[b]x[/b]"),
        ("n" * LONGEST_NAME, "n" * LONGEST_NAME),
    ],
)
def test_a_name_is_kept_in_one_spelling(given: str, kept: str) -> None:
    assert check_name(given) == kept
    assert check_name(kept) == kept


@pytest.mark.parametrize(
    ("given", "says"),
    [
        ("", "is empty"),
        (" \u3000 ", "is empty"),
        ("\u200b\u200d", "is empty"),
        ("\u3164\u2800", "is empty"),
        ("Ada\nLovelace", r"U\+000A\) at place 4"),
        ("\x1b[31mAda", r"U\+001B\) at place 1"),
        ("Ada\x9b", r"U\+009B"),
        ("Ada\u202e", r"U\+202E"),
        ("Ada\ud800", r"U\+D800"),
        ("n" * (LONGEST_NAME + 1), "81 characters and may have 80"),
    ],
)
def test_a_name_that_cannot_be_told_apart_or_shown_is_refused(given: str, says: str) -> None:
    with pytest.raises(Refused, match=says):
        check_name(given)


def test_names_that_are_new_here_are_told_with_those_they_may_be_a_slip_of(desk: Desk, bob: Desk) -> None:
    desk.articles.add("It rained.")
    bob.articles.add("It snowed.")
    assert split_names(" ana,  Bobb , , \n,Ada  Lovelace,") == ["ana", "Bobb", "Ada Lovelace"]
    assert desk.people.new(["ana", "Bobb", "Ada Lovelace", "n" * 81]) == {
        "Bobb": ["Bob"],
        "Ada Lovelace": [],
        "n" * 81: [],
    }
