"""Finding words as people type them."""

from __future__ import annotations

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from store.text import find as finding
from store.text import units
from store.text.find import find
from tests.kit.hostile import NASTY, hostile_texts
from tests.kit.spans import in_order_and_apart, quoted, stand_on_clusters


@pytest.mark.parametrize("needle", ["2500", "2,500", "2 500", "2\u00a0500"])
def test_a_number_is_found_however_its_digits_are_grouped(needle: str) -> None:
    text = "2 500 men, 2,500 men, 2500 men, 12\u202f500"
    assert quoted(text, find(text, needle)) == ["2 500", "2,500", "2500", "2\u202f500"]


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
    assert quoted(text, find(text, needle)) == expected


@given(hostile_texts(), hostile_texts(6))
def test_what_is_found_reads_like_the_needle(text: str, needle: str) -> None:
    found = find(text, needle)
    assert in_order_and_apart(found)
    assert stand_on_clusters(text, found)
    wanted = finding._Folded(needle).text
    assert all(wanted in finding._Folded(passage).text for passage in quoted(text, found))


@given(hostile_texts(), st.data())
@example("İ2 500ß x", None)
def test_every_word_of_a_text_is_found_where_it_stands(text: str, data: st.DataObject | None) -> None:
    found = list(units.words(text))
    if not found:
        return
    start, end = data.draw(st.sampled_from(found)) if data else found[-1]
    if finding._Folded(text[start:end]).text:
        assert any(a < end and start < b for a, b in find(text, text[start:end]))


@pytest.mark.parametrize("text", NASTY)
def test_nothing_raises_in_a_nasty_text(text: str) -> None:
    for needle in ("a", "2500", " ", "[", "\0", "“"):
        find(text * 3, needle)
