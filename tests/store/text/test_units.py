"""The units a text is read in."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest
import regex
from hypothesis import example, given
from hypothesis import strategies as st

from store.log import verdict_requirements
from store.text import units
from tests.kit.hostile import NASTY, hostile_texts
from tests.kit.spans import in_order_and_apart, quoted, stand_on_clusters

# Graphemes


@pytest.mark.parametrize(
    "cluster",
    [
        "a",
        "\r\n",
        "e\u0301",
        "👍🏽",
        "👩‍👩‍👧‍👦",
        "🇫🇷",
        "1️⃣",
        "क्षि",
        "각",
        "\u1100\u1161\u11a8",
        "か\u3099",
        "น้",
        "🏴󠁧󠁢󠁥󠁮󠁧󠁿",
        "\u06001",
    ],
)
def test_what_a_reader_sees_as_one_character_is_one_cluster(cluster: str) -> None:
    text = "x" + cluster + cluster + "y"
    assert quoted(text, units.graphemes(text)) == ["x", cluster, cluster, "y"]


@given(hostile_texts())
def test_graphemes_partition_the_text(text: str) -> None:
    assert "".join(quoted(text, units.graphemes(text))) == text


@given(hostile_texts())
def test_graphemes_are_those_of_the_unicode_rules(text: str) -> None:
    assert quoted(text, units.graphemes(text)) == regex.findall(r"\X", text)


@given(hostile_texts(), hostile_texts())
def test_boundaries_found_locally_agree_with_those_of_the_whole_text(before: str, after: str) -> None:
    text = before + after
    edges = [0, *(end for _, end in units.graphemes(text))]
    assert [i for i in range(len(text) + 1) if units.is_boundary(text, i)] == edges
    for i in range(len(text) + 1):
        assert units.next_grapheme(text, i) == min((e for e in edges if e > i), default=len(text))
        assert units.previous_grapheme(text, i) == max((e for e in edges if e < i), default=0)
        assert units.snap(text, i, i) == (max(e for e in edges if e <= i), min(e for e in edges if e >= i))


@given(hostile_texts(), st.data())
def test_graphemes_of_a_part_are_those_of_the_whole(text: str, data: st.DataObject) -> None:
    clusters = list(units.graphemes(text))
    edges = [0, *(end for _, end in clusters)]
    start = data.draw(st.sampled_from(edges))
    end = data.draw(st.sampled_from([edge for edge in edges if edge >= start]))
    assert list(units.graphemes(text, start, end)) == [c for c in clusters if start <= c[0] and c[1] <= end]


def test_characters_read_without_the_unicode_rules_need_none() -> None:
    own = regex.compile(
        r"[\p{GCB=Other}\p{GCB=Control}\p{GCB=CR}\p{GCB=LF}\p{GCB=LV}\p{GCB=LVT}--\p{InCB=Consonant}]", regex.V1
    )
    takers = regex.compile(r"[\p{GCB=Prepend}\p{GCB=L}\p{GCB=CR}\p{GCB=ZWJ}]")
    for code in range(sys.maxunicode + 1):
        character = chr(code)
        if not units._joining().match(character):
            assert own.match(character), hex(code)
        if takers.match(character):
            assert not units._certain().match(character + "x", 1), hex(code)
        if character in units._COMMON:
            assert units._certain().match(character * 2, 1), hex(code)


def test_a_place_outside_the_text_is_no_boundary() -> None:
    assert not units.is_boundary("ab", -1)
    assert not units.is_boundary("ab", 3)


def test_plain_prose_is_read_without_loading_regex(sample: Path) -> None:
    code = (
        "import sys; from store.text import find as finding, sentences, units as u;"
        "t = sys.stdin.buffer.read().decode();"
        "sentences.sentences(t); finding.find(t, '2500'); list(u.words(t)); list(u.graphemes(t)); u.quotations(t);"
        "[u.next_grapheme(t, i) + u.previous_grapheme(t, i) + u.next_word(t, i) for i in range(len(t) + 1)];"
        "sys.exit('regex' in sys.modules)"
    )
    subprocess.run([sys.executable, "-c", code], input=sample.read_bytes(), check=True)


# Words


@pytest.mark.parametrize(
    "word",
    [
        "couldnʼt",
        "couldn't",
        "couldn’t",
        "2 500",
        "2,500",
        "2.5",
        "12\u00a0000",
        "12\u202f000",
        "1 234 567",
        "2 500.5",
        "1,234,567.89",
        "well-known",
        "2025-02-19",
        "10:30",
        "5G",
        "12th",
        "example.com",
        "नमस्ते",
        "ре\u0301ки",
        "한국어",
        "カタカナ",
    ],
)
def test_these_are_one_word_each(word: str) -> None:
    text = f"(so {word}, then"
    assert quoted(text, units.words(text)) == ["so", word, "then"]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("2024 300 men", ["2024", "300", "men"]),
        ("October 10, 2024", ["October", "10", "2024"]),
        ("12 0000", ["12", "0000"]),
        ("the boys' toys", ["the", "boys", "toys"]),
        ("one — two -- three", ["one", "two", "three"]),
        ("the end.Next one", ["the", "end", "Next", "one"]),
        ("他说你好。Then", ["他", "说", "你", "好", "Then"]),
        ("ひらカタ", ["ひ", "ら", "カタ"]),
        ("* * * 🙂 …", []),
    ],
)
def test_words_end_where_a_reader_expects(text: str, expected: list[str]) -> None:
    assert quoted(text, units.words(text)) == expected


@given(hostile_texts())
def test_words_stand_in_the_text_in_order_each_with_a_letter_or_digit(text: str) -> None:
    found = list(units.words(text))
    assert in_order_and_apart(found)
    assert stand_on_clusters(text, found)
    assert all(any(c.isalnum() for c in word) for word in quoted(text, found))
    covered = {i for start, end in found for i in range(start, end)}
    assert all(i in covered for i, c in enumerate(text) if c.isalnum())


@given(hostile_texts())
@example("\u0e01 \u0e33\u0e01\u0e33")  # a vowel sign that clings to the space before it
def test_motions_by_word_agree_with_the_words_of_the_whole_text(text: str) -> None:
    found = list(units.words(text))
    for i in [i for i in range(len(text) + 1) if units.is_boundary(text, i)]:
        assert units.word_at(text, i) == next(((a, b) for a, b in found if a <= i < b), None)
        assert units.next_word(text, i) == next((a for a, _ in found if a > i), len(text))
        assert units.previous_word(text, i) == max((a for a, _ in found if a < i), default=0)


# Paragraphs, trimming, quotations


@given(hostile_texts())
def test_paragraphs_leave_only_white_space_between_them(text: str) -> None:
    found = units.paragraphs(text)
    assert in_order_and_apart(found)
    assert stand_on_clusters(text, found)
    edges = [0, *(i for span in found for i in span), len(text)]
    assert not "".join(text[a:b] for a, b in zip(edges[::2], edges[1::2], strict=True)).strip()


def test_blank_lines_part_paragraphs_even_with_spaces_in_them() -> None:
    text = "\n one\nstill one \n \t\n\n two\u2029three"
    assert quoted(text, units.paragraphs(text)) == ["one\nstill one", "two", "three"]


@given(hostile_texts(), st.data())
def test_trimming_drops_white_space_and_nothing_else(text: str, data: st.DataObject) -> None:
    edges = [0, *(end for _, end in units.graphemes(text))]
    start = data.draw(st.sampled_from(edges))
    end = data.draw(st.sampled_from([edge for edge in edges if edge >= start]))
    left, right = units.trim(text, start, end)
    assert start <= left <= right <= end
    assert text[left:right].strip() == text[start:end].strip()
    assert stand_on_clusters(text, [(left, right)])
    clusters = quoted(text, units.graphemes(text, left, right))
    assert not clusters or not (clusters[0].isspace() or clusters[-1].isspace())


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("“They came,” he said. “Then they left.”", ["They came,", "Then they left."]),
        ('6" tall, "so it is," 5" wide', ["so it is,"]),
        ("« Il va. »", ["Il va."]),
        ("»Ich gehe« und „du gehst“ und „on idzie”", ["Ich gehe", "du gehst", "on idzie"]),
        ("他说“你好”。「行く」", ["你好", "行く"]),
        ("‘Don’t go,’ said the boys’ father", ["Don’t go,"]),
        ("Hawai‘i and couldnʼt", []),
        ("“She said ‘go’ twice.”", ["She said ‘go’ twice."]),
        ("“To be continued. Here.\n\n“Then it ended.” Yes", ["To be continued. Here.", "Then it ended."]),
        ("An “unclosed one.\n\nNext” paragraph", []),
        ("empty “” and “ ”", []),
    ],
)
def test_quotations_are_the_words_inside_the_marks(text: str, expected: list[str]) -> None:
    assert quoted(text, units.quotations(text)) == expected


@given(hostile_texts())
def test_quotations_stay_inside_their_paragraph(text: str) -> None:
    found = units.quotations(text)
    assert in_order_and_apart(found)
    assert stand_on_clusters(text, found)
    whole = units.paragraphs(text)
    assert all(any(a <= start and end <= b for a, b in whole) for start, end in found)


@pytest.mark.parametrize("text", NASTY)
def test_nothing_raises_on_a_nasty_text(text: str) -> None:
    text = text * 3
    for i in (0, 1, len(text) // 2, len(text)):
        units.word_at(text, i), units.next_word(text, i), units.previous_word(text, i)
    assert stand_on_clusters(text, units.quotations(text))


@given(st.text("aZé’“”…—–.,-'$€%§№#@ \n0123456789²½жα\u00a0\u202f\u00ad_*’°C", max_size=60))
def test_an_everyday_text_has_the_words_it_would_have_among_rare_characters(text: str) -> None:
    assert units.is_everyday(text) and not units.is_everyday(text + "\n中")
    assert [*units.words(text)] == [*units.words(text + "\n中")][:-1]


def test_white_space_is_known_to_sql() -> None:
    said = verdict_requirements.BLANK.removeprefix("char(").removesuffix(")")
    assert [int(code) for code in said.split(", ")] == [n for n in range(0x3001) if chr(n).isspace()]
