"""Sentences: what a checker takes one at a time."""

from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from store.text import units
from store.text.sentences import sentences
from tests.hostile import NASTY, hostile_texts
from tests.store.spans import in_order_and_apart, quoted, stand_on_clusters

SAMPLE = (Path(__file__).parents[2] / "seeds" / "000_b70d1dce7949a247.txt").read_text(encoding="utf-8")


def test_the_sample_article_has_thirty_sentences() -> None:
    found = quoted(SAMPLE, sentences(SAMPLE))
    assert len(found) == 30
    assert found[0].startswith("Two North Korean prisoners of war")
    assert found[4] == "Ri said that he was brought to Russia on October 10, 2024, along with 2 500 other soldiers."
    assert found[7] == "“I entered the battle on January 5."
    assert found[10] == "This led to many casualties,” he added."
    assert found[14:16] == [
        "I couldnʼt carry anything heavy because of my injuries...",
        "So even if I tried to resist, it was obvious that I would be captured.",
    ]
    assert found[18] == "Participation of the DPRK military in the war in Ukraine"
    assert found[29].startswith("According to the head of the Main Intelligence Directorate (known as GUR)")


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("He said: “I went. I saw it.” Then he left.", ["He said: “I went.", "I saw it.”", "Then he left."]),
        ("“I went out. I saw it.” Then he left.", ["“I went out.", "I saw it.”", "Then he left."]),
        ("The so-called “U.S.” Army came.", ["The so-called “U.S.” Army came."]),
        ("„Ich ging. Er kam.“ Dann.", ["„Ich ging.", "Er kam.“", "Dann."]),
        ("「行く。来る。」次。", ["「行く。", "来る。」", "次。"]),
        ("He said “she said ‘go. Now.’ twice. Really.”", ["He said “she said ‘go.", "Now.’ twice.", "Really.”"]),
        ("It was wrapped\nby hand. And\nso was this", ["It was wrapped\nby hand.", "And\nso was this"]),
        ("A heading\n" + "word " * 30 + "end.", ["A heading", "word " * 30 + "end."]),
        ("# Heading\nText here.\n- an item\n- another", ["# Heading", "Text here.", "- an item", "- another"]),
        ("They came on January\n5. Then they left.", ["They came on January\n5.", "Then they left."]),
        ("Two things:\n1. one\n2. two", ["Two things:", "1. one", "2. two"]),
        ("In 2024 there were\n300) men", ["In 2024 there were\n300) men"]),
        (" date 2025-02-19 It began. It ended.", ["It began.", "It ended."]),
        ("A date 2025-02-19 inside.", ["A date 2025-02-19 inside."]),
        (" date 2025-02-19 ", []),
        ("One.\n\n* * *\n\n🙂\n\nTwo", ["One.", "Two"]),
        ("A lone \ud800 surrogate. Next one.", ["A lone \ud800 surrogate.", "Next one."]),
    ],
)
def test_sentences_are_what_a_checker_takes_one_at_a_time(text: str, expected: list[str]) -> None:
    assert quoted(text, sentences(text)) == expected


def test_the_language_decides_what_is_an_abbreviation() -> None:
    text = "Das gilt z. B. Hunden usw. Auch Katzen."
    assert len(sentences(text, "de-AT")) < len(sentences(text, "en"))
    assert sentences(text, "xx-unheard-of") == sentences(text)


@given(hostile_texts())
def test_sentences_are_trimmed_and_stay_inside_their_paragraph(text: str) -> None:
    found = sentences(text)
    assert in_order_and_apart(found)
    assert stand_on_clusters(text, found)
    assert all(units.trim(text, *span) == span for span in found)
    whole = units.paragraphs(text)
    assert all(any(a <= start and end <= b for a, b in whole) for start, end in found)


@given(hostile_texts())
def test_every_letter_and_digit_stands_in_a_sentence(text: str) -> None:
    inside = {i for start, end in sentences(text) for i in range(start, end)}
    assert all(i in inside for i, c in enumerate(text) if c.isalnum())


@given(
    st.lists(st.sampled_from(["He went home. ", "“Go on. Now go,” she said. ", "这是一个句子。", "“"]), max_size=12),
    st.integers(1, 400),
)
@settings(max_examples=30)
def test_a_paragraph_of_any_length_is_read_to_its_end(pieces: list[str], times: int) -> None:
    text = "".join(pieces) * times
    found = sentences(text)
    assert in_order_and_apart(found)
    assert sum(c.isalnum() for c in text) == sum(c.isalnum() for part in quoted(text, found) for c in part)


def test_a_long_paragraph_has_the_sentences_of_its_parts() -> None:
    one = "He went to Kursk. “I saw it. I left,” he said. "
    text = one * 500
    assert quoted(text, sentences(text)) == quoted(one, sentences(one)) * 500


def test_a_date_in_may_ends_its_sentence() -> None:
    text = "The old bridge fell on 5 May. Nobody was hurt. In May. it rained."
    assert [text[start:end] for start, end in sentences(text)][:2] == [
        "The old bridge fell on 5 May.",
        "Nobody was hurt.",
    ]


@pytest.mark.parametrize("text", NASTY)
def test_no_sentence_of_a_nasty_text_splits_a_cluster(text: str) -> None:
    assert stand_on_clusters(text * 3, sentences(text * 3))
