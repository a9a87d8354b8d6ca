"""Moving the edges of a claim: always to a place that can be an edge, and never so far that nothing is left."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from store.text import units
from store.text.shown_text import Shown
from tests.kit.hostile import hostile_texts
from tests.kit.words import ONE
from tui.text.claim_edges import Edge, Step, nudge

TEXT = "“Ri couldnʼt eat,” said 2 500 men. He…"


def moved(quote: str, edge: Edge, step: Step, *, on: bool, text: str = TEXT) -> str | None:
    start = text.index(quote)
    span = nudge(Shown(text), (start, start + len(quote)), edge, step, on=on)
    return None if span is None else text[slice(*span)]


@pytest.mark.parametrize(
    ("quote", "edge", "on", "wanted"),
    [
        ("couldnʼt eat", "start", True, "eat"),
        ("couldnʼt eat", "start", False, "Ri couldnʼt eat"),
        ("couldnʼt eat", "end", True, "couldnʼt eat,” said"),
        ("couldnʼt eat", "end", False, "couldnʼt"),
        ("eat,” said 2 5", "end", True, "eat,” said 2 500"),
        ("dnʼt eat", "start", False, "couldnʼt eat"),
        ("eat,”", "end", False, "eat"),
        ("said 2 500", "end", False, "said"),
        ("eat", "start", True, None),
        ("eat", "end", False, None),
        ("He", "end", True, None),
        ("Ri", "start", False, None),
    ],
)
def test_an_edge_moves_by_words(quote: str, edge: Edge, on: bool, wanted: str | None) -> None:
    assert moved(quote, edge, "word", on=on) == wanted


@pytest.mark.parametrize("word", ONE)
def test_an_edge_takes_a_word_with_its_sign_and_unit(word: str) -> None:
    text = f"so {word}, then"
    end = 3 + len(word)
    assert nudge(Shown(text), (0, 2), "end", "word", on=True) == (0, end)
    assert nudge(Shown(text), (end + 2, len(text)), "start", "word", on=False) == (3, len(text))


def test_an_edge_moves_by_what_is_seen_as_one_character() -> None:
    text = "a👩‍👩‍👧‍👦e\u0301z"
    assert moved("a", "end", "character", on=True, text=text) == "a👩‍👩‍👧‍👦"
    assert moved("z", "start", "character", on=False, text=text) == "e\u0301z"
    assert moved(text, "end", "character", on=True, text=text) is None
    assert moved(text, "start", "character", on=False, text=text) is None
    assert moved("z", "end", "character", on=False, text=text) is None


@given(text=hostile_texts(), data=st.data())
def test_a_nudge_gives_a_span_with_one_edge_moved_the_right_way_or_none(text: str, data: st.DataObject) -> None:
    places = sorted({0, len(text), *(start for start, _ in units.graphemes(text))})
    if len(places) < 2:
        return
    start, end = sorted(data.draw(st.lists(st.sampled_from(places), min_size=2, max_size=2, unique=True)))
    edge: Edge = data.draw(st.sampled_from(["start", "end"]))
    step: Step = data.draw(st.sampled_from(["character", "word"]))
    on = data.draw(st.booleans())
    span = nudge(Shown(text), (start, end), edge, step, on=on)
    if span is None:
        return
    assert 0 <= span[0] < span[1] <= len(text)
    kept, before, after = (end, start, span[0]) if edge == "start" else (start, end, span[1])
    assert kept == (span[1] if edge == "start" else span[0])
    assert (after > before) is on and after != before and units.is_boundary(text, after)
    if step == "word":
        words = list(units.words(text))
        assert after in [word[0] if edge == "start" else word[1] for word in words]
