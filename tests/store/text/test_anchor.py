"""Where a claim stands."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from store.errors import Refused
from store.text import anchor, units
from store.text.sentences import sentences as sentences_of
from tests.kit import paths
from tests.kit.hostile import hostile_texts

SAMPLE = paths.SAMPLE.read_text(encoding="utf-8")


def test_an_anchor_keeps_the_words_and_32_characters_on_each_side() -> None:
    start, end = anchor.find_quote(SAMPLE, "more than 3 000 soldiers")
    made = anchor.make(SAMPLE, start, end)
    assert (made.start, made.end) == (start, end)
    assert made.quote == "more than 3 000 soldiers"
    assert made.prefix == "nt Volodymyr Zelensky said that "
    assert made.suffix == " from the DPRK have already been"
    assert len(made.prefix) == len(made.suffix) == anchor.CONTEXT == 32


def test_context_is_shorter_at_the_ends_of_the_text() -> None:
    made = anchor.make("One two.", 0, 8)
    assert (made.prefix, made.suffix) == ("", "")


@pytest.mark.parametrize(
    ("start", "end", "sentence"),
    [
        (-1, 3, "The start -1 is negative; offsets count characters from 0."),
        (0, 4000, "The article text has 11 characters; the end 4000 lies beyond it, give one from 0 to 11."),
        (4, 2, "The start 4 comes after the end 2; give the smaller one first."),
        (2, 2, "The span 2 to 2 is empty; the end is one past the last character."),
        (4, 5, "The span 4 to 5 holds only white space; give one that holds words."),
        (0, 7, "The end 7 lies inside one visible character; give 5 or 8."),
        (6, 9, "The start 6 lies inside one visible character; give 5 or 8."),
    ],
)
def test_a_span_that_cannot_be_tagged_is_refused_in_one_sentence(start: int, end: int, sentence: str) -> None:
    with pytest.raises(Refused) as refused:
        anchor.make("one\n 👩‍👧 ab", start, end)
    assert str(refused.value) == sentence


@given(hostile_texts(), st.integers(-2, 40), st.integers(-2, 40))
def test_every_span_is_either_anchored_to_its_own_words_or_refused(text: str, start: int, end: int) -> None:
    edges = {0, len(text), *(edge for _, edge in units.graphemes(text))}
    good = start < end and {start, end} <= edges and bool(text[start:end].strip())
    if not good:
        with pytest.raises(Refused):
            anchor.make(text, start, end)
        return
    made = anchor.make(text, start, end)
    assert text[made.start : made.end] == made.quote
    assert text.startswith(made.prefix + made.quote + made.suffix, start - len(made.prefix))
    assert len(made.prefix) == min(start, 32)
    assert len(made.suffix) == min(len(text) - end, 32)


@given(hostile_texts())
def test_every_sentence_word_and_quotation_can_be_tagged(text: str) -> None:
    for span in [*sentences_of(text), *units.words(text), *units.quotations(text)]:
        assert anchor.make(text, *span).quote == text[slice(*span)]


def test_a_quote_that_stands_once_is_found() -> None:
    start, end = anchor.find_quote(SAMPLE, "couldnʼt even use a weapon")
    assert SAMPLE[start:end] == "couldnʼt even use a weapon"


def test_a_quote_that_stands_more_than_once_asks_which() -> None:
    with pytest.raises(Refused, match="“couldnʼt” stands 2 times in the article; say which, from 1 to 2"):
        anchor.find_quote(SAMPLE, "couldnʼt")
    first, second = (anchor.find_quote(SAMPLE, "couldnʼt", nth) for nth in (1, 2))
    assert first < second
    with pytest.raises(Refused, match="stands 2 times in the article; there is no number 3"):
        anchor.find_quote(SAMPLE, "couldnʼt", 3)
    with pytest.raises(Refused, match="there is no number 0"):
        anchor.find_quote(SAMPLE, "couldnʼt", 0)


def test_a_quote_that_reads_alike_is_pointed_to_but_not_taken() -> None:
    with pytest.raises(Refused, match="letter for letter; characters 0 to 5 read alike"):
        anchor.find_quote("2 500 men", "2500")
    with pytest.raises(Refused, match="does not contain “nowhere” letter for letter; copy it from the article"):
        anchor.find_quote("2 500 men", "nowhere")


def test_a_long_quote_is_shortened_in_the_refusal() -> None:
    with pytest.raises(Refused) as refused:
        anchor.find_quote("text", "long " * 100)
    assert len(str(refused.value)) < 200


def test_an_empty_quote_is_refused() -> None:
    with pytest.raises(Refused, match="The quote is empty"):
        anchor.find_quote("text", "")


def test_half_a_visible_character_is_no_place_for_a_quote() -> None:
    with pytest.raises(Refused, match="does not contain"):
        anchor.find_quote("cafe\u0301", "e")
    assert anchor.find_quote("cafe\u0301 e", "e") == (6, 7)


@given(hostile_texts(), st.data())
def test_the_places_of_a_quote_are_numbered_in_text_order(text: str, data: st.DataObject) -> None:
    words = list(units.words(text))
    if not words:
        return
    span = data.draw(st.sampled_from(words))
    quote = text[slice(*span)]
    edges = {0, *(end for _, end in units.graphemes(text))}
    places = [i for i in range(len(text)) if text.startswith(quote, i) and {i, i + len(quote)} <= edges]
    assert [anchor.find_quote(text, quote, k + 1)[0] for k in range(len(places))] == places
    assert span[0] in places
