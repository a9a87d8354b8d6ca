"""The units a text is read in."""

from __future__ import annotations

import subprocess
import sys
from itertools import pairwise
from pathlib import Path

import pytest
import regex
from hypothesis import example, given, settings
from hypothesis import strategies as st

from store import units
from store.units import Span
from tests.hostile import NASTY, hostile_texts

SAMPLE = (Path(__file__).parents[2] / "seeds" / "000_b70d1dce7949a247.txt").read_text(encoding="utf-8")


def quoted(text: str, spans: object) -> list[str]:
    return [text[start:end] for start, end in spans]  # type: ignore[attr-defined]


def in_order_and_apart(spans: list[Span]) -> bool:
    return all(start < end for start, end in spans) and all(a[1] <= b[0] for a, b in pairwise(spans))


def stand_on_clusters(text: str, spans: list[Span]) -> bool:
    edges = {0, len(text), *(end for _, end in units.graphemes(text))}
    return all(start in edges and end in edges for start, end in spans)


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


def test_plain_prose_is_read_without_loading_regex() -> None:
    code = (
        "import sys; from store import units as u; t = sys.stdin.buffer.read().decode();"
        "u.sentences(t); list(u.words(t)); list(u.graphemes(t)); u.find(t, '2500'); u.quotations(t);"
        "[u.next_grapheme(t, i) + u.previous_grapheme(t, i) + u.next_word(t, i) for i in range(len(t) + 1)];"
        "sys.exit('regex' in sys.modules)"
    )
    subprocess.run([sys.executable, "-c", code], input=SAMPLE.encode(), check=True)


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


@given(st.sets(st.integers(0, 60), max_size=20), st.integers(-1, 61))
def test_the_unit_at_a_place_is_the_one_that_holds_it(edges: set[int], i: int) -> None:
    ordered = sorted(edges)
    spans = list(zip(ordered[::2], ordered[1::2], strict=False))
    assert units.unit_at(spans, i) == next((span for span in spans if span[0] <= i < span[1]), None)


# Sentences


def test_the_sample_article_has_thirty_sentences() -> None:
    found = quoted(SAMPLE, units.sentences(SAMPLE))
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
    assert quoted(text, units.sentences(text)) == expected


def test_the_language_decides_what_is_an_abbreviation() -> None:
    text = "Das gilt z. B. Hunden usw. Auch Katzen."
    assert len(units.sentences(text, "de-AT")) < len(units.sentences(text, "en"))
    assert units.sentences(text, "xx-unheard-of") == units.sentences(text)


@given(hostile_texts())
def test_sentences_are_trimmed_and_stay_inside_their_paragraph(text: str) -> None:
    found = units.sentences(text)
    assert in_order_and_apart(found)
    assert stand_on_clusters(text, found)
    assert all(units.trim(text, *span) == span for span in found)
    whole = units.paragraphs(text)
    assert all(any(a <= start and end <= b for a, b in whole) for start, end in found)


@given(hostile_texts())
def test_every_letter_and_digit_stands_in_a_sentence(text: str) -> None:
    inside = {i for start, end in units.sentences(text) for i in range(start, end)}
    assert all(i in inside for i, c in enumerate(text) if c.isalnum())


@given(
    st.lists(st.sampled_from(["He went home. ", "“Go on. Now go,” she said. ", "这是一个句子。", "“"]), max_size=12),
    st.integers(1, 400),
)
@settings(max_examples=30)
def test_a_paragraph_of_any_length_is_read_to_its_end(pieces: list[str], times: int) -> None:
    text = "".join(pieces) * times
    found = units.sentences(text)
    assert in_order_and_apart(found)
    assert sum(c.isalnum() for c in text) == sum(c.isalnum() for part in quoted(text, found) for c in part)


def test_a_long_paragraph_has_the_sentences_of_its_parts() -> None:
    one = "He went to Kursk. “I saw it. I left,” he said. "
    text = one * 500
    assert quoted(text, units.sentences(text)) == quoted(one, units.sentences(one)) * 500


# Finding


@pytest.mark.parametrize("needle", ["2500", "2,500", "2 500", "2\u00a0500"])
def test_a_number_is_found_however_its_digits_are_grouped(needle: str) -> None:
    text = "2 500 men, 2,500 men, 2500 men, 12\u202f500"
    assert quoted(text, units.find(text, needle)) == ["2 500", "2,500", "2500", "2\u202f500"]


@pytest.mark.parametrize(
    ("text", "needle", "expected"),
    [
        ("ZELENSKY, Zelensky", "zelensky", ["ZELENSKY", "Zelensky"]),
        ("Straße und STRASSE", "strasse", ["Straße", "STRASSE"]),
        ("İstanbul is here", "istanbul is", ["İstanbul is"]),
        ("ﬃce oﬃce", "office", ["oﬃce"]),
        ("cafe\u0301 and café and cafe", "café", ["cafe\u0301", "café", "cafe"]),
        ("couldnʼt couldn’t", "couldn't", ["couldnʼt", "couldn’t"]),
        ("“Go” – now", '"go" - now', ["“Go” – now"]),
        ("wrapped\n  here", "wrapped here", ["wrapped\n  here"]),
        ("soft\u00adhyphen", "softhyphen", ["soft\u00adhyphen"]),
        ("👍🏽 and 👍", "👍", ["👍🏽", "👍"]),
        ("ßßß", "s", ["ß", "ß", "ß"]),
        ("3.141 and 3 141", "3.14", ["3.14"]),
        ("aaaa", "aa", ["aa", "aa"]),
        ("text", "", []),
        ("te\u0301xt", "\u0301", []),
        ("[b] a.b", "a.b", ["a.b"]),
    ],
)
def test_searching_looks_past_case_accents_and_typography(text: str, needle: str, expected: list[str]) -> None:
    assert quoted(text, units.find(text, needle)) == expected


@given(hostile_texts(), hostile_texts(6))
def test_what_is_found_reads_like_the_needle(text: str, needle: str) -> None:
    found = units.find(text, needle)
    assert in_order_and_apart(found)
    assert stand_on_clusters(text, found)
    wanted = units._Folded(needle).text
    assert all(wanted in units._Folded(passage).text for passage in quoted(text, found))


@given(hostile_texts(), st.data())
@example("İ2 500ß x", None)
def test_every_word_of_a_text_is_found_where_it_stands(text: str, data: st.DataObject | None) -> None:
    found = list(units.words(text))
    if not found:
        return
    start, end = data.draw(st.sampled_from(found)) if data else found[-1]
    if units._Folded(text[start:end]).text:
        assert any(a < end and start < b for a, b in units.find(text, text[start:end]))


@pytest.mark.parametrize("text", NASTY)
def test_nothing_raises_on_a_nasty_text(text: str) -> None:
    text = text * 3
    for needle in ("a", "2500", " ", "[", "\0", "“"):
        units.find(text, needle)
    for i in (0, 1, len(text) // 2, len(text)):
        units.word_at(text, i), units.next_word(text, i), units.previous_word(text, i)
    assert stand_on_clusters(text, units.sentences(text) + units.quotations(text))


def test_a_date_in_may_ends_its_sentence() -> None:
    text = "The old bridge fell on 5 May. Nobody was hurt. In May. it rained."
    assert [text[start:end] for start, end in units.sentences(text)][:2] == [
        "The old bridge fell on 5 May.",
        "Nobody was hurt.",
    ]
