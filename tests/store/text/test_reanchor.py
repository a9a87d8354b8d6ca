"""Where claims go when their article is corrected: with their words, or to a person."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from store.text.reanchor import CHANGED, MOVED, VANISHED, Landing, alike, reanchor
from store.text.units import is_boundary
from store.text.word_difference import difference
from tests.bench.corrections import KINDS, measured

RAIN = "It rained on Monday in all of the city. The mayor said that 41 schools will close this year. Nobody saw it."


def landed(old: str, new: str, quote: str) -> tuple[str, str]:
    """What becomes of a quote, and what it covers then."""
    at = old.index(quote)
    (found,) = reanchor(old, new, [(at, at + len(quote))])
    return found.outcome, new[found.start : found.end]


@pytest.mark.parametrize(
    ("old", "new", "quote", "expected"),
    [
        (RAIN, f"A new first sentence. {RAIN}", "41 schools will close", (MOVED, "41 schools will close")),
        (RAIN, RAIN.replace(" said that ", " said\nthat  "), "said that 41 schools", (MOVED, "said\nthat  41 schools")),
        (RAIN, RAIN.replace("41", "43"), "41 schools will close", (CHANGED, "43 schools will close")),
        (RAIN, RAIN.replace("will close", "will not close"), "schools will close", (CHANGED, "schools will not close")),
        (RAIN, RAIN.replace("Monday", "Sunday, he said,"), "Monday", (CHANGED, "Sunday, he said,")),
        (RAIN, RAIN.replace(" The mayor said that 41 schools will close this year.", ""), "41 schools will close",
         (VANISHED, "")),
        (RAIN, "Wholly other words stand here now, none of which was there.", "41 schools will close", (VANISHED, "")),
        ("One 😀 city. Two.", "Zero. One 😀 city. Two.", "😀 city", (MOVED, "😀 city")),
        ("市长说四十一所学校将关闭。没有人看到。", "新的一句话。市长说四十一所学校将关闭。没有人看到。", "四十一所学校",
         (MOVED, "四十一所学校")),
        ("市长说四十一所学校将关闭。", "市长说四十三所学校将关闭。", "四十一所学校将关闭",
         (CHANGED, "四十三所学校将关闭")),
        ("It cost $5.2m in all, he said.", "It cost $5.3m in all, he said.", "cost $5.2m in all",
         (CHANGED, "cost $5.3m in all")),
        ("The unfairness of it all was plain.", "So: The unfairness of it all was plain.", "fairness",
         (MOVED, "fairness")),
    ],
)  # fmt: skip
def test_a_claim_goes_with_its_words_or_is_asked(old: str, new: str, quote: str, expected: tuple[str, str]) -> None:
    assert landed(old, new, quote) == expected


def test_words_that_were_amended_and_are_quoted_elsewhere_are_asked() -> None:
    sentence = "The minister promised that 41 schools in the northern province will close."
    amended = sentence.replace("41 schools", "12 small schools").replace("northern", "southern")
    old = f"It was a long day. {sentence} People were angry. That was all for a week."
    new = f"It was a long day. {amended} People were angry. That was all for a week. The old text read: {sentence}"
    outcome, _ = landed(old, new, "41 schools in the northern province will close")
    assert outcome == CHANGED


def test_what_is_said_twice_stays_with_its_own_surroundings() -> None:
    old = "He was born in May, they say. Yes, she said. It was a dark night in town, all of it. Yes, she said. He left."
    new = "A line more. " + old
    first, second = old.index("Yes"), old.rindex("Yes")
    found = reanchor(old, new, [(first, first + 13), (second, second + 13)])
    assert [(one.outcome, one.start) for one in found] == [(MOVED, first + 13), (MOVED, second + 13)]


TEXTS = st.text(st.sampled_from("ab .\n,1é市😀\u0301\u200d\0[]«"), max_size=60)


@settings(max_examples=150, deadline=None)
@given(TEXTS, TEXTS, st.data())
def test_no_span_ever_covers_other_words_in_silence(old: str, new: str, data: st.DataObject) -> None:
    edge = st.integers(0, len(old))
    spans = [(min(span), max(span)) for span in data.draw(st.lists(st.tuples(edge, edge), max_size=4))]
    for (start, end), found in zip(spans, reanchor(old, new, spans), strict=True):
        if found.outcome == VANISHED:
            assert found == Landing(VANISHED)
            continue
        assert 0 <= found.start < found.end <= len(new)
        assert is_boundary(new, found.start) and is_boundary(new, found.end)
        assert found.outcome == CHANGED or (not found.why and alike(old[start:end], new[found.start : found.end]))


@settings(max_examples=100, deadline=None)
@given(TEXTS)
def test_nothing_moves_in_a_text_that_stays(text: str) -> None:
    found = reanchor(text, text, [(at, at + 1) for at in range(len(text))])
    for at, one in enumerate(found):
        assert one.outcome == VANISHED or one.outcome == CHANGED or text[at] in text[one.start : one.end]


@settings(max_examples=150, deadline=None)
@given(TEXTS, TEXTS)
def test_a_word_difference_leads_from_one_text_to_the_other(old: str, new: str) -> None:
    blocks = difference(old, new)
    assert "".join(old[one.start : one.end] for one in blocks) == old
    assert "".join(new[one.new_start : one.new_end] for one in blocks) == new
    assert all(alike(old[one.start : one.end], new[one.new_start : one.new_end]) for one in blocks if one.same)


@pytest.mark.parametrize("kind", KINDS)
def test_made_corrections_are_right(kind: str) -> None:
    found = measured(kind, seeds=[21], texts=8)
    assert found.spans == 480
    assert found.silently_wrong <= 0.9  # a few hundred spans: the bench has thousands
    assert found.moved_unasked >= 94
