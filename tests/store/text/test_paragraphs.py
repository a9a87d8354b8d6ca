"""Lines: which of them are sentences of their own, and which were only wrapped."""

from __future__ import annotations

import textwrap

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from store.text.paragraphs import passages, wrapped_at
from store.text.sentences import sentences
from tests.kit.growth import grows
from tests.kit.hostile import hostile_texts
from tests.kit.spans import in_order_and_apart, quoted

STORY = (
    "The mayor resigned on Monday, hours after the council had voted to open an inquiry into the sale of the old "
    "harbour. She said that she had done nothing wrong. The council had asked for the papers three times, and each "
    "time they were told that there were none. Prosecutors did not want to say whether charges will follow. In the "
    "town hall nobody could be reached. The sale brought 4.2 million euros, of which half has been spent already."
)
WRAPPED_AT_51 = (
    "The two of them were brought to the front by train,\nand then on foot, and they came to Kursk on January\n"
    "5. Then they left the town again, as they had been\ntold to do by the officers."
)


@pytest.mark.parametrize(
    ("text", "number"),
    [
        ("Dates:\n\nJune 9 - West Palm Beach, FL\nJune 10 - Tampa, FL\nJune 14 - Miami, FL", 4),
        ("Mayor resigns\nBy Jane Doe\n5 May 2024\n\nThe mayor resigned on Monday.", 4),
        ("Get it on Amazon for $169.99\nAlso at Walmart", 2),
        ("Name\tAge\nAna\t41\nBo\t39", 3),
        ("Year   Deaths\n2019   4,100\n2020   5,200", 3),
        ("| Year | Deaths |\n| 2019 | 4,100 |", 2),
        ("Roses are red,\nviolets are blue,\nsugar is sweet,\nand so are you.", 4),
        ("Что нужно взять с собой:\nводу\nхлеб и сыр на три дня\nтёплую одежду", 4),
        ("• one thing that we know\n• another\n– a third one\n☐ a fourth\n▪ a fifth", 5),
        ("What we know so far:\n1. it was sold\n2. nobody knows to whom\n(a) it is gone\n(iv) so it was", 5),
        ("ANA: I never said that at all.\nBO: You did. We all heard it.\nAna Maria: No.\n[00:12] Silence.", 5),
        ("# Heading\nText under it.", 2),
        (WRAPPED_AT_51, 2),
        (textwrap.indent(WRAPPED_AT_51, "> "), 2),
        ("The council met on Monday to talk about the sale of the old\nharbour, which nobody had wanted.", 1),
        (textwrap.fill(STORY, 72), 6),
        ("彼は月曜日に市長に会い、港の売却について長い時間をかけて話し合\n"
         "った。そのあと記者会見を開いて、売却は正しかったと述べたが、詳\nしいことは何も言わなかった。", 2),
        ("This line is much longer than anything that somebody would wrap by hand, for it goes on and on and on and on "
         "and on and on.\nand so is this", 2),
    ],
)  # fmt: skip
def test_a_line_is_a_sentence_unless_it_was_wrapped(text: str, number: int) -> None:
    found = quoted(text, sentences(text))
    assert len(found) == number, found


@pytest.mark.parametrize("width", [60, 66, 72, 78, 90])
def test_wrapped_paragraphs_stay_whole_and_their_lists_do_not(width: int) -> None:
    prose = "\n\n".join(textwrap.fill(STORY[cut:], width) for cut in (0, 31, 148))
    assert quoted(prose, [*passages(prose)]) == prose.split("\n\n")
    assert abs(wrapped_at(prose) - width) < 12
    mixed = prose + "\n\nThe papers:\n- a deed\n- a letter\n\n1. sold\n2. spent"
    assert len([*passages(mixed)]) == 3 + 3 + 2


def test_one_wrapped_paragraph_in_a_text_of_lines_stays_whole() -> None:
    text = "\n".join(f"{n} June - Town {n * n}" for n in range(1, 9)) + "\n\n" + textwrap.fill(STORY, 64)
    assert wrapped_at(text) == 0 and len([*passages(text)]) == 9


def test_it_can_be_said_how_lines_are_meant() -> None:
    text = "It was wrapped\nby hand.\n- an item\n\nAnd so on"
    assert quoted(text, [*passages(text, lines="lines")]) == ["It was wrapped", "by hand.", "- an item", "And so on"]
    assert quoted(text, [*passages(text, lines="wrapped")]) == ["It was wrapped\nby hand.", "- an item", "And so on"]
    assert len([*passages(textwrap.fill(STORY, 72), lines="lines")]) == 7


@given(hostile_texts(), st.sampled_from(["", "lines", "wrapped"]), st.integers(0, 40))
@example("# Heading\nText. More\n- item\n- item", "", 20)
def test_passages_stand_in_order_and_leave_only_white_space_out(text: str, lines: str, body: int) -> None:
    found = [*passages(text, body, lines)]
    assert in_order_and_apart(found)
    inside = {i for start, end in found for i in range(start, end)}
    assert all(i in inside for i in range(min(body, len(text)), len(text)) if not text[i].isspace())


@pytest.mark.parametrize("line", ["a", "- a", "1. a", "a: b", "", "> a", "word " * 11, "|", "字" * 30])
def test_many_lines_take_no_longer_than_their_number_asks(line: str) -> None:
    assert not grows(lambda number: list(passages(f"{line}\n" * number)), 5_000, times=12)
