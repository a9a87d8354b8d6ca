"""What a terminal sends, in whatever pieces: a paste is one paste, and keys stay keys."""

from __future__ import annotations

from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st
from textual import events

from tui.keys.pasting import BEGIN, END, PastingParser

PASTED = st.text(st.sampled_from("ab \x1b[201~\n\r\tq:é\x07\x9b"), max_size=40).filter(
    lambda text: END not in text + END[:-1]
)


def heard(pieces: list[str]) -> list[str]:
    parser = PastingParser()
    return [
        token.text if isinstance(token, events.Paste) else f"<{token.key}>" if isinstance(token, events.Key) else "?"
        for piece in pieces
        for token in parser.feed(piece)
    ]


@given(PASTED, PASTED, st.data())
def test_a_paste_is_one_paste_in_whatever_pieces_it_comes(first: str, second: str, data: st.DataObject) -> None:
    sent = f"x{BEGIN}{first}{END}y\x1b[A{BEGIN}{second}{END}z"
    cuts = sorted(data.draw(st.sets(st.integers(0, len(sent)), max_size=6)) | {0, len(sent)})
    pieces = [sent[a:b] for a, b in pairwise(cuts)]
    assert heard(pieces) == ["<x>", first, "<y>", "<up>", second, "<z>"]


def test_an_escape_character_in_a_paste_is_no_key() -> None:
    assert heard([f"{BEGIN}one \x1b[31mred\x1b q{END}"]) == ["one \x1b[31mred\x1b q"]


def test_an_escape_key_is_not_waited_on_for_a_paste() -> None:
    assert heard(["\x1b[A", "q"]) == ["<up>", "<q>"]


@pytest.mark.parametrize("before", ["", "a", f"{BEGIN}one{END}", f"{BEGIN}one", f"{BEGIN}one\x1b[20"])
def test_reading_ends_when_the_terminal_does(before: str) -> None:
    parser = PastingParser()
    if before:
        list(parser.feed(before))
    assert list(parser.feed("")) == []
    assert parser.is_eof
