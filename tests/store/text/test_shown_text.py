"""Markdown as people see it: what is hidden, where spans lie, and that offsets and places agree on any text."""

from __future__ import annotations

import re

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from markdown_it import MarkdownIt

from store.text import units
from store.text.coverage import Hold, coverage
from store.text.find import find_seen
from store.text.markdown import unseen
from store.text.sentences import sentences
from store.text.shown_text import Shown, as_seen
from tests.kit.depth import examples
from tests.kit.hostile import hostile_texts

ARTICLE = """\
# The **mayor** resigns #

By [Ann Lee](https://x.org/2024/05?a=1 "On 7 May. Here")’s desk, *5 May*. He **really** left; 2 * 3 * 4, snake_case.

> He said: “I _never_ took it.”

- one `code *x*` thing
- [x] done &amp; dusted

![A picture](p.png) of <b>him</b><br>here, <https://a.org/1>, [notes][n] and \\*no\\*.

```python
a = **b
```

| Year | Sum |
|------|----:|
| 2023 | **2** |

Title
=====

[n]: https://x.org/notes "Notes"
"""


def quote(seen: Shown, words: str) -> str:
    (place,) = find_seen(seen, words)
    return seen.source[slice(*seen.core(*place))]


@pytest.mark.parametrize(
    ("source", "words"),
    [
        ("**He** _left_ __early__ ***now*** ~~no~~", "He left early now no"),
        ("2 * 3 * 4, snake_case_name, a*b, \\*no\\*, 5 _ 6", "2 * 3 * 4, snake_case_name, a*b, *no*, 5 _ 6"),
        ("**a *b* c** *d **e***", "a b c d e"),
        ("[a](b) [c d](<e f> 'g') ![h](i) [j][k] [l](m(n)o)", "a c d ▣ h [j][k] l"),
        ("[a [b](c) d](e)", "[a b d](e)"),
        ("[T][r], [r] and [s].\n\n[r]: http://x.org 'Y'\n", "T, r and [s].\n\n"),
        ("`a *b*` ``c ` d`` `e", "a *b* c ` d `e"),
        ("&amp; &lt;b&gt; &#8212; &nbsp;x &unknown; AT&T", "& <b> — \xa0x &unknown; AT&T"),
        ("a<br>b <i>c</i> 1 < 2 > 0 <!-- d --> e <https://x.org>", "a b c 1 < 2 > 0  e https://x.org"),
        ("# A #\n## B\n#c\n\nD\n---\nE\n===\n", "A\nB\n#c\n\nD\nE\n"),
        ("- a\n  * b\n+ c\n1. d\n- [ ] e\n- [x] f\n", "• a\n  • b\n• c\n1. d\n☐ e\n☑ f\n"),
        ("> a\n> > b\n", "▌ a\n▌ ▌ b\n"),
        ("a\n\n***\n\n* * *\n", "a\n\n───\n\n─ ─ ─\n"),
        ("a\n```py\n*b*\n# c\n```\nd\n\n    *e*\n", "a\n*b*\n# c\nd\n\n    *e*\n"),
        ("| a | b |\n|---|:-:|\n| c | *d* |\n", "│ a │ b │\n│ c │ d │\n"),
        ("<!-- a\n\nb -->\nc\n", "c\n"),
        ("🇫*🇷* e*\u0301f* **中**文", "🇫*🇷* e*\u0301f* 中文"),
        ("*open, **open, [open](, `open, <open", "*open, **open, [open](, `open, <open"),
    ],
)
def test_people_see_words_not_marks(source: str, words: str) -> None:
    assert as_seen(source, "markdown").text == words


def test_a_plain_text_is_shown_as_it_is_stored() -> None:
    seen = as_seen("**He** left.", "")
    assert not seen and seen.text == seen.masked == "**He** left." and seen.core(0, 6) == (2, 4)


@pytest.mark.parametrize(
    ("words", "quote_kept"),
    [
        ("mayor", "mayor"),
        ("The mayor resigns", "The **mayor** resigns"),
        ("Ann Lee", "Ann Lee"),
        ("Ann Lee’s desk", '[Ann Lee](https://x.org/2024/05?a=1 "On 7 May. Here")’s desk'),
        ("desk, 5 May", "desk, *5 May*"),
        ("May. He really", "May*. He **really**"),
        ("one code *x* thing", "one `code *x*` thing"),
        ("done & dusted", "done &amp; dusted"),
        ("him here", "him</b><br>here"),
    ],
)
def test_a_claim_takes_marks_only_with_their_partners(words: str, quote_kept: str) -> None:
    assert quote(as_seen(ARTICLE, "markdown"), words) == quote_kept


def test_coverage_counts_the_words_people_see() -> None:
    seen = as_seen(ARTICLE, "markdown")
    found = [seen.fit(*span) for span in sentences(seen.masked)]
    words = [seen.words(*span) for span in found]
    assert words[:4] == [
        "The mayor resigns",
        "By Ann Lee’s desk, 5 May.",
        "He really left; 2 * 3 * 4, snake_case.",
        "▌ He said: “I never took it.”",
    ]
    counted = coverage(seen, found)
    assert counted.words == sum(1 for _ in units.words(seen.text))
    (start, end), (left, _) = find_seen(seen, "By")[0], find_seen(seen, "5 May.")[0]
    held = coverage(seen, found, [(start, left, Hold.SWEPT)], 4)
    assert held.words_read == 4 and held.sentences_in_part == 1  # By, Ann, Lee’s, desk
    (leftover,) = (place for place in held.residue if place.leftover)
    assert seen.words(leftover.start, leftover.end) == "5 May"
    no_digits = as_seen("He left [the town](https://x.org/2024/05) then.", "markdown")
    (start, end) = find_seen(no_digits, "He left")[0]
    assert coverage(no_digits, [(0, len(no_digits.source))], [(start, end, Hold.SWEPT)], 4).leftovers == 0


_PIECES = [
    *("*", "**", "_", "`", "```\n", "[", "](", ")", "![", "]", "> ", "- ", "# ", "|", "\n", "\n\n", "---\n", "&amp;"),
    *("<b>", "<!--", "-->", "\\", "~~", "a", "é", "中", "e\u0301", "\u0301", "🇫", "\u200d", "👩", " ", "1. ", "\t"),
    "[r]: u\n",
]
_TEXTS = st.lists(st.sampled_from(_PIECES), max_size=30).map("".join) | hostile_texts()


@settings(max_examples=examples(400))
@given(_TEXTS)
def test_what_is_hidden_and_what_is_shown_are_the_source_in_order(text: str) -> None:
    seen = as_seen(text, "markdown")
    rebuilt, at, shown = "", 0, ""
    for start, end, sign, _ in seen.marks:
        assert at <= start < end <= len(text) and len(sign) <= 1
        assert units.is_boundary(text, start) and units.is_boundary(text, end)
        rebuilt += text[at:start] + text[start:end]
        shown += text[at:start] + sign
        at = end
    assert rebuilt + text[at:] == text and shown + text[at:] == seen.text
    assert len(seen.masked) == len(text) and seen.masked.count("\n") == text.count("\n")
    # A mark is hidden together with its partner, or not at all.
    starts = {mark.start for mark in seen.marks}
    assert all(mark.partner < 0 or mark.partner in starts for mark in seen.marks)


@settings(max_examples=examples(400))
@given(_TEXTS, st.data())
def test_places_and_offsets_lead_to_each_other(text: str, data: st.DataObject) -> None:
    seen = as_seen(text, "markdown")
    boundaries = [0, *(end for _, end in units.graphemes(seen.text))]
    for place in boundaries:
        offset = seen.offset(place)
        assert seen.place(offset) == place == seen.place(seen.before(place)) and seen.caret(offset) == offset
        assert units.is_boundary(text, offset) and seen.before(place) <= offset
    start, end = sorted((data.draw(st.integers(0, len(text))), data.draw(st.integers(0, len(text)))))
    left, right = seen.fit(start, end)
    if seen.words(start, end):
        assert seen.words(left, right) == seen.words(start, end) and seen.fit(left, right) == (left, right)
        assert not any(mark.start < edge < mark.end for mark in seen.marks for edge in (left, right))


@settings(max_examples=examples(300))
@given(_TEXTS)
def test_spans_of_sentences_lie_in_order(text: str) -> None:
    seen = as_seen(text, "markdown")
    at = 0
    for start, end in (seen.fit(*span) for span in sentences(seen.masked)):
        assert at <= start < end
        at = end


def test_a_program_that_reads_markdown_sees_the_same_words() -> None:
    def visible(tokens: list[object]) -> str:
        parts = []
        for token in tokens:
            if token.children:  # type: ignore[attr-defined]
                parts.append(visible(token.children))  # type: ignore[attr-defined]
            elif token.type in ("text", "code_inline", "fence", "code_block"):  # type: ignore[attr-defined]
                parts.append(token.content)  # type: ignore[attr-defined]
            elif token.type in ("softbreak", "hardbreak") or token.type.startswith("html"):  # type: ignore[attr-defined]
                parts.append(" ")
        return "".join(parts) if all(token.level for token in tokens) else " ".join(parts)  # type: ignore[attr-defined]

    source = ARTICLE.replace("![A picture](p.png) of", "A picture of")
    read = MarkdownIt("commonmark").enable(["table", "strikethrough"]).parse(source)
    wanted = re.findall(r"\w+", visible([*read]))
    found = re.findall(r"\w+", as_seen(source, "markdown").text)
    assert [word for word in found if word != "x"] == [word for word in wanted if word != "x"]


def test_headings_and_emphasis_are_known_as_such() -> None:
    source = (
        "# One **two** three\n\nA *b* **c d** ***e*** __f__ _g_ `**h**` ~~i~~ a_b_c\n\n"
        "Under\nlined\n=====\n\n---\n\n- [ ] *x*\n\n## Last ##\n* **item**\n\n####"
    )
    seen = as_seen(source, "markdown")
    told = [[seen.words(*span).strip() for span in spans] for spans in (seen.strong, seen.slanted)]
    assert [words for words in told[0] if words] == ["One two three", "c d", "e", "f", "Under\nlined", "Last", "item"]
    assert told[1] == ["b", "e", "g", "x"]
    assert Shown(source).strong == Shown(source).slanted == []


@given(hostile_texts())
@settings(max_examples=examples(40), deadline=None)
def test_what_is_emphasised_lies_in_order_within_the_text(text: str) -> None:
    seen = as_seen(f"# {text}\n**{text}** *{text}*", "markdown")
    for spans in (seen.strong, seen.slanted):
        edges = [edge for span in spans for edge in span]
        assert edges == sorted(edges) and all(0 <= edge <= len(seen.source) for edge in edges)


def test_the_time_it_takes_grows_with_the_text_alone() -> None:
    """Counted, not timed: how many stretches are found, and that none of these ends in an hour."""
    pieces = (
        "*a ",
        "[a](b",
        "`",
        "<!--",
        "[",
        "**a*",
        "#",
        "<a ",
        "> ",
        "*_",
        "![a](",
        "~~a",
        "\\",
        "| ",
        "[a]:",
        "- ",
    )
    for piece in pieces:
        assert len(unseen(piece * 20_000)) <= 60_000
