"""What is pasted from a browser: the address, and the passage beside it or named by it."""

from __future__ import annotations

import pytest

from store.text.pasted import pasted


@pytest.mark.parametrize(
    ("text", "url", "passage"),
    [
        ("https://a.example/log", "https://a.example/log", ""),
        ("  https://a.example/log#part-2\n", "https://a.example/log#part-2", ""),
        ("“It fell.” https://a.example/log", "https://a.example/log", "It fell."),
        ("It fell.\nNobody saw it.\n\nhttps://a.example/log", "https://a.example/log", "It fell.\nNobody saw it."),
        ("https://a.example/log — It fell.", "https://a.example/log", "It fell."),
        ("It fell (https://a.example/log).", "https://a.example/log", "It fell"),
        ("https://a.example/log#:~:text=It%20fell%2C%20then", "https://a.example/log", "It fell, then"),
        (
            "https://a.example/log#top:~:text=the-,It%20fell,in%20May,-and",
            "https://a.example/log#top",
            "It fell … in May",
        ),
        ("It fell. https://a.example/fall_(city)", "https://a.example/fall_(city)", "It fell."),
        ("It fell (https://a.example/fall_(city)).", "https://a.example/fall_(city)", "It fell"),
        ("[It fell](https://a.example/a[1])", "https://a.example/a[1]", "It fell"),
        ("“He said “no”.” https://a.example", "https://a.example", "“He said “no”.”"),
        ("city log, page 4", "", "city log, page 4"),
        ("see https://a.example and https://b.example", "", "see https://a.example and https://b.example"),
        ("", "", ""),
    ],
)
def test_an_address_and_its_passage_are_told_apart(text: str, url: str, passage: str) -> None:
    assert pasted(text) == (url, passage)
