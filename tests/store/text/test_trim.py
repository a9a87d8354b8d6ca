"""What a tag holds of a span: no closing punctuation, no mark without its partner, and every word."""

from __future__ import annotations

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from store.text import trim, units
from store.text.clauses import conjunctions
from tests.kit.hostile import hostile_texts


@pytest.mark.parametrize(
    ("passage", "held"),
    [
        ("He left.", "He left"),
        ("He left?!", "He left"),
        ("“I entered the battle on January 5.", "I entered the battle on January 5"),
        ("known as GUR).", "known as GUR"),
        ("(known as GUR)", "(known as GUR)"),
        ("in the U.S.", "in the U.S."),
        ("at 5 p.m.", "at 5 p.m."),
        ("a Ph.D.", "a Ph.D."),
        ("see example.com.", "see example.com"),
        ("my injuries...", "my injuries"),
        ("…and so on…", "and so on"),
        ("“We won,” he said.", "“We won,” he said"),
        ("“We won,”", "“We won,”"),
        ("We won,” he said.", "We won,” he said"),
        ("the boys’.", "the boys’"),
        ("-5%", "-5%"),
        (".5", ".5"),
        ("— dijo.", "dijo"),
        ("¿Quién?", "¿Quién"),
        ("真的。", "真的"),
        ("他说：“真的。”", "他说：“真的。”"),
        ("[sic].", "[sic]"),
        ("• It rained.", "It rained"),
        ("▌ ☐ It rained.", "It rained"),
        ("**He left.** ", "He left"),
        ("**“He left.”**", "“He left.”"),
        ("...", "..."),
        ("", ""),
    ],
)
def test_closing_punctuation_and_unpaired_marks_stay_outside(passage: str, held: str) -> None:
    assert passage[slice(*trim.span(passage, 0, len(passage)))] == held


@given(hostile_texts(), st.data())
@example("“«(.*`‘’.”", None)
def test_every_word_stays_in_and_the_span_on_its_clusters(text: str, data: st.DataObject | None) -> None:
    start, end = (0, len(text))
    if data is not None:
        start = data.draw(st.integers(0, len(text)))
        start, end = units.snap(text, start, data.draw(st.integers(start, len(text))))
    left, right = trim.span(text, start, end)
    assert start <= left <= right <= end
    assert units.is_boundary(text, left) and units.is_boundary(text, right)
    assert list(units.words(text, left, right)) == list(units.words(text, *units.core(text, start, end)))


@pytest.mark.parametrize(
    ("text", "language", "held"),
    [
        ("and intelligence agents were close", "en", "intelligence agents were close"),
        ("But he left", "en", "he left"),
        ("android phones", "en", "android phones"),
        ("and", "en", "and"),
        ("dass er ging", "de", "er ging"),
        ("qu’il partit", "fr", "il partit"),
        ("and he left", "fi", "and he left"),
    ],
)
def test_a_leftover_loses_one_conjunction(text: str, language: str, held: str) -> None:
    assert text[slice(*trim.without(text, (0, len(text)), conjunctions(language)))] == held


def test_words_are_the_same_whatever_marks_stand_around_them() -> None:
    text = "He said: “We won the match.” Then he left."
    assert trim.same_words(text, (9, 28), (10, 26)) is False, "a pair of marks is part of it"
    assert trim.same_words(text, (10, 26), (10, 27))
    assert not trim.same_words(text, (10, 26), (10, 22))


def test_spans_of_the_same_words_begin_between_the_same_words() -> None:
    for text in ("“**U.S.** — (-5 %). He’s", "a ‘b’ ... .5", "真的。[sic] e\u0301."):
        spans = [(start, end) for start in range(len(text)) for end in range(start + 1, len(text) + 1)]
        worded = {one: trim.span(text, *one) for one in spans if any(map(str.isalnum, text[slice(*one)]))}
        for one, words in worded.items():
            left, right = trim.between_words(text, one[0])
            assert all(left <= other[0] <= right for other, others in worded.items() if others == words), (text, one)


def test_beyond_the_text_nothing_is_looked_for() -> None:
    assert trim.between_words("So.", -3) == (0, 0) and trim.between_words("So.", 9) == (2, 3)
