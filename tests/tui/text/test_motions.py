from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from store.text import units
from tests.kit.hostile import hostile_texts
from tui.text import motions
from tui.text.layout import Layout
from tui.text.motions import Units

TEXT = "He said: “I left. They stayed.” Nobody asked.\n\nA second paragraph. Its end."


def at(words: str) -> int:
    return TEXT.index(words)


@given(hostile_texts(), st.integers(1, 20), st.data())
def test_every_motion_lands_on_a_caret_position(text: str, width: int, data: st.DataObject) -> None:
    layout = Layout(text, width)
    offset = data.draw(st.integers(0, len(text)))
    found = Units(text)
    places = {
        "left": motions.left(text, offset),
        "right": motions.right(text, offset),
        "next_word": motions.next_word(text, offset),
        "previous_word": motions.previous_word(text, offset),
        "next_sentence": motions.next_start(found.sentences, offset, len(text)),
        "previous_paragraph": motions.previous_start(found.paragraphs, offset),
        "row_start": motions.row_start(layout, offset),
        "down": motions.by_rows(layout, offset, 1, 3),
        "up": motions.by_rows(layout, offset, -1, 3),
    }
    for name, place in places.items():
        assert 0 <= place <= len(text), name
        # The end of a line is one even where it parts a carriage return from its newline.
        assert units.is_boundary(text, place) or text[place : place + 1] == "\n", name


@given(hostile_texts())
def test_right_visits_every_grapheme_and_left_goes_the_same_way_back(text: str) -> None:
    there = [0]
    while there[-1] < len(text):
        there.append(motions.right(text, there[-1]))
    assert there == [0, *(end for _, end in units.graphemes(text))]
    back = [len(text)]
    while back[-1] > 0:
        back.append(motions.left(text, back[-1]))
    assert back == there[::-1]


@given(hostile_texts(), st.integers(1, 20), st.integers(0, 20))
def test_down_visits_every_row_and_up_goes_back(text: str, width: int, goal: int) -> None:
    layout = Layout(text, width)
    caret = layout.offset_at(0, goal)
    places = [caret]
    for row in range(1, layout.rows):
        caret = motions.by_rows(layout, caret, 1, goal)
        assert layout.row_of(caret) == row
        places.append(caret)
    assert motions.by_rows(layout, caret, 1, goal) == len(text)
    for place in places[-2::-1]:
        caret = motions.by_rows(layout, caret, -1, goal)
        assert caret == place
    assert motions.by_rows(layout, caret, -1, goal) == 0


@given(hostile_texts(), st.integers(1, 20), st.data())
def test_row_ends_stay_in_their_row(text: str, width: int, data: st.DataObject) -> None:
    layout = Layout(text, width)
    offset = data.draw(st.integers(0, len(text)))
    row = layout.row_of(offset)
    assert layout.row_of(motions.row_start(layout, offset)) == row
    assert layout.row_of(motions.row_end(layout, offset)) == row


@given(hostile_texts(), st.data())
def test_widening_ends_and_each_time_holds_what_was_selected(text: str, data: st.DataObject) -> None:
    found = Units(text)
    start = data.draw(st.integers(0, len(text)))
    span = (start, start)
    for _ in range(10):
        wider = found.wider(*span)
        if wider is None:
            return
        assert wider[0] <= span[0] <= span[1] <= wider[1]
        assert wider[1] - wider[0] > span[1] - span[0]
        span = wider
    raise AssertionError(f"still wider: {span}")


def test_sentences_and_paragraphs_are_walked_by_their_starts() -> None:
    found = Units(TEXT)
    end = len(TEXT)
    assert motions.next_start(found.sentences, at("He"), end) == at("They")
    assert motions.next_start(found.paragraphs, at("He"), end) == at("A second")
    assert motions.next_start(found.paragraphs, at("Its"), end) == end
    assert motions.previous_start(found.sentences, at("asked")) == at("Nobody")
    assert motions.previous_start(found.sentences, 0) == 0


def test_the_units_at_a_place() -> None:
    found = Units(TEXT)
    assert found.word_at(at("left") + 1) == (at("left"), at("left") + 4)
    assert TEXT[slice(*found.word_at(at("left") + 4) or (0, 0))] == "left"
    assert TEXT[slice(*found.quotation_at(at("They")) or (0, 0))] == "I left. They stayed."
    assert found.quotation_at(at("Nobody")) is None
    assert TEXT[slice(*found.sentence_at(at("Its")) or (0, 0))] == "Its end."
    assert TEXT[slice(*found.sentence_at(len(TEXT)) or (0, 0))] == "Its end."
    assert TEXT[slice(*found.paragraph_at(at("They")) or (0, 0))] == TEXT[: at("\n")]
    assert Units("").sentence_at(0) is None


def test_widening_goes_from_word_to_paragraph() -> None:
    found = Units(TEXT)
    span = (at("stayed"), at("stayed"))
    widened = []
    while wider := found.wider(*span):
        span = wider
        widened.append(TEXT[slice(*span)])
    assert widened[0] == "stayed"
    assert widened[-1] == TEXT[: at("\n")]
    assert widened[:4] == ["stayed", "They stayed", "They stayed.”", "“I left. They stayed.”"]


def test_known_sentences_are_taken_as_they_are() -> None:
    assert Units("One. Two.", sentences=[(0, 9)]).sentence_at(6) == (0, 9)
