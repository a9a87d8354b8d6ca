"""The units a text is read in: graphemes, words, sentences, quotations, paragraphs; and finding words in it.

Pure functions over text. Every offset is a Unicode code point, 0-based; every span is ``(start, end)``, end
exclusive, into the text as given. Spans come in text order, do not overlap, and begin and end between grapheme
clusters, so each of them can be tagged as it stands. Nothing here raises on any text, lone surrogates included.

Most texts hold only characters that never join their neighbours; those are read with the standard library alone.
The ``regex`` package is loaded the first time a text needs Unicode's full rules (combining marks, flags, joined
emoji, Indic scripts).
"""

from __future__ import annotations

import re
import unicodedata
from bisect import bisect_right
from collections.abc import Iterator, Sequence
from functools import cache, lru_cache
from itertools import pairwise
from typing import Any

Span = tuple[int, int]

# Characters that never extend the character before them (UAX #29: Other, Control, LV, LVT or pictographic, and no
# Indic consonant). A text made of these alone has one cluster per character, "\r\n" apart.
_LONERS = (
    "\0-\u02ff\u0370-\u0482\u048a-\u052f\u0531-\u0556\u0561-\u0587\u05d0-\u05ea\u0620-\u064a\u0660-\u066f"
    "\u0671-\u06d3\u0e01-\u0e30\u0e32\u0e3f-\u0e46\u0e4f-\u0e5b\u1e00-\u200b\u200e-\u20cf\u2100-\u2bff"
    "\u2e80-\u3029\u3030-\u3098\u309b-\ua48c\uac00-\ud7a3\uf900-\ufaff\uff01-\uff9d"
    "\U0001f000-\U0001f1e5\U0001f200-\U0001f3fa\U0001f400-\U0001faff\U00020000-\U000323af"
)
# Characters that may take the next one into their cluster: CR, ZWJ, leading Hangul jamo, and GCB=Prepend.
_TAKERS = (
    "\r\u200d\u1100-\u115f\ua960-\ua97c\u0600-\u0605\u06dd\u070f\u0890\u0891\u08e2\u0d4e\U000110bd\U000110cd"
    "\U000111c2\U000111c3\U000113d1\U0001193f\U00011941\U00011a84-\U00011a89\U00011d46\U00011f02"
)
# Loners that take nothing, of which most texts are made: spares loading the long patterns to begin with.
_COMMON = frozenset(map(chr, (0x09, 0x0A, *range(0x20, 0x300), *range(0x370, 0x483), *range(0x2010, 0x2028))))
_SINGLES = re.compile(r"\r\n|.", re.DOTALL)


# The long patterns take milliseconds to compile, so each is compiled when a text first needs it.


@cache
def _joining() -> re.Pattern[str]:
    """A character that may join its neighbours."""
    return re.compile(f"[^{_LONERS}]")


@cache
def _certain() -> re.Pattern[str]:
    """A character that begins a cluster whatever surrounds it."""
    return re.compile(f"(?<![{_TAKERS}])[{_LONERS}]")


def _is_certain(text: str, i: int) -> bool:
    """Whether a cluster begins at ``i``, for 0 < ``i`` < ``len(text)``, whatever surrounds it."""
    return (text[i] in _COMMON and text[i - 1] in _COMMON) or bool(_certain().match(text, i))


@cache
def _clusters() -> Any:
    """UAX #29 extended grapheme clusters. Flags are spelt out: ``\\X`` alone takes quadratic time in a row of them."""
    import regex  # type: ignore[import-untyped]

    flag = r"\p{Regional_Indicator}{2}[\p{GCB=Extend}\p{GCB=ZWJ}\p{GCB=SpacingMark}]*"
    return regex.compile(rf"{flag}|\X")


def graphemes(text: str, start: int = 0, end: int | None = None) -> Iterator[Span]:
    """The extended grapheme clusters (UAX #29) of ``text[start:end]``, which they partition."""
    end = len(text) if end is None else end
    plain = _COMMON.issuperset(text[start:end]) or not _joining().search(text, start, end)
    pattern = _SINGLES if plain else _clusters()
    for match in pattern.finditer(text, start, end):
        yield match.span()


def _cluster_edge(text: str, i: int) -> int:
    """The nearest place at or before ``i`` that is a cluster boundary whatever surrounds it."""
    while i > 0 and not _is_certain(text, i):
        i -= 1
    return i


def is_boundary(text: str, i: int) -> bool:
    """Whether ``i`` stands between two grapheme clusters, or at either end of the text."""
    if not 0 < i < len(text):
        return i in (0, len(text))
    if _is_certain(text, i):
        return True
    return any(end == i for _, end in _clusters_around(text, i))


def next_grapheme(text: str, i: int) -> int:
    """The first boundary after ``i``; the end of the text when there is none."""
    if i + 1 >= len(text) or _is_certain(text, i + 1):
        return min(i + 1, len(text))
    for _, end in _clusters_around(text, i):
        if end > i:
            return end
    return len(text)


def previous_grapheme(text: str, i: int) -> int:
    """The last boundary before ``i``; 0 when there is none."""
    if i <= 1:
        return 0
    if _is_certain(text, i - 1):
        return i - 1
    *_, (start, _) = _clusters_around(text, i - 1)
    return start


def _clusters_around(text: str, i: int) -> Iterator[Span]:
    """The clusters from the last certain boundary up to and including the one that holds ``i``."""
    for match in _clusters().finditer(text, _cluster_edge(text, i)):
        yield match.span()
        if match.end() > i:
            return


def snap(text: str, start: int, end: int) -> Span:
    """``start`` and ``end`` moved outwards to the nearest cluster boundaries."""
    if not is_boundary(text, start):
        start = previous_grapheme(text, start)
    if not is_boundary(text, end):
        end = next_grapheme(text, end)
    return start, end


def trim(text: str, start: int, end: int) -> Span:
    """The span without white space at its ends; ``(start, start)`` when there is nothing else in it.

    ``start`` and ``end`` stand on cluster boundaries. A space that carries a combining mark is no white space: the
    two are one cluster.
    """
    passage = text[start:end]
    right = start + len(passage.rstrip())
    left = min(start + len(passage) - len(passage.lstrip()), right)
    if left == right:
        return start, start
    return snap(text, left, right)


def unit_at(spans: Sequence[Span], i: int) -> Span | None:
    """The span that holds the character at ``i``; ``spans`` are in order and do not overlap."""
    k = bisect_right(spans, i, key=lambda span: span[0]) - 1
    return spans[k] if k >= 0 and i < spans[k][1] else None


# Words

# Han and hiragana: no spaces part the words, so each character is a word, as in UAX #29.
_IDEOGRAPHS = "\u3005-\u3007\u3041-\u3096\u3400-\u4dbf\u4e00-\u9fff\uf900-\ufaff\U00020000-\U000323af"
_WORD = r"""
    (?=\w) {ideograph} {mark}*
  | (?: \d{{1,3}} ([\ \u00a0\u2009\u202f]) \d{{3}} (?: \1 \d{{3}} )* (?!\d)   # 2 500, with any usual space
      | {first} )
    {more}*
    (?: (?: ['’‐‑-] | \.(?=[a-z\d]) | (?<=\d)[,:/](?=\d) ) {more}+ )*
"""
_WORD_CHARACTER = re.compile(r"[^\W_]")


@cache
def _plain_word() -> re.Pattern[str]:
    ideograph, first, more = f"[{_IDEOGRAPHS}]", f"(?![{_IDEOGRAPHS}])[^\\W_]", f"[^\\W{_IDEOGRAPHS}]"
    return re.compile(_WORD.format(ideograph=ideograph, mark="(?!)", first=first, more=more), re.VERBOSE)


@cache
def _marked_word() -> Any:
    import regex

    return regex.compile(
        _WORD.format(
            ideograph=f"[{_IDEOGRAPHS}]",
            mark=r"[\p{M}\u200c\u200d]",
            first=f"(?![{_IDEOGRAPHS}])[\\p{{L}}\\p{{N}}]",
            more=f"(?:(?![{_IDEOGRAPHS}])[\\w\\p{{N}}])",
        ),
        regex.VERBOSE,
    )


@lru_cache(maxsize=4)
def _is_plain(text: str) -> bool:
    return text.isascii() or not _joining().search(text)


def words(text: str, start: int = 0, end: int | None = None) -> Iterator[Span]:
    """The words of ``text[start:end]``; each begins with a letter or a digit.

    ``couldn’t``, ``well-known``, ``example.com``, ``2.5``, ``2025-02-19`` and ``2 500`` (groups of three digits) are
    one word each. In Chinese and Japanese each Han or hiragana character is a word; katakana, Hangul and scripts
    without spaces (Thai, Khmer) run on to the next space or mark.
    """
    end = len(text) if end is None else end
    if _is_plain(text):
        for match in _plain_word().finditer(text, start, end):
            yield match.span()
        return
    done = start
    for match in _marked_word().finditer(text, start, end):
        # regex may know letters of a newer Unicode than Python does; what Python calls a letter or digit decides.
        if first := _WORD_CHARACTER.search(text, *match.span()):
            left, right = snap(text, first.start(), match.end())
            left, right = max(left, done), min(right, end)
            yield left, right
            done = right


def _word_edge(text: str, i: int) -> int:
    """The nearest place at or before ``i`` that no word can span: past white space that parts no digits."""
    i = min(i, len(text))
    while i > 0:
        if text[i - 1].isspace() and not (text[i : i + 1].isdigit() and text[i - 2 : i - 1].isdigit()):
            break
        if "\u3400" <= text[i : i + 1] <= "\u9fff":
            break
        i -= 1
    return i


def word_at(text: str, i: int) -> Span | None:
    """The word that holds the character at ``i``."""
    for start, end in words(text, _word_edge(text, i)):
        if start > i:
            break
        if i < end:
            return start, end
    return None


def next_word(text: str, i: int) -> int:
    """The start of the first word that begins after ``i``; the end of the text when there is none."""
    return next((start for start, _ in words(text, _word_edge(text, i)) if start > i), len(text))


def previous_word(text: str, i: int) -> int:
    """The start of the last word that begins before ``i``; 0 when there is none."""
    i = min(i, len(text))
    while i > 0 and not text[i - 1].isalnum():
        i -= 1
    begin = 0
    for start, _ in words(text, _word_edge(text, i - 1) if i else 0):
        if start >= i:
            break
        begin = start
    return begin


# Paragraphs and quotations

_BLANK_LINE = re.compile(r"\n\s*\n|\u2029")


def paragraphs(text: str) -> list[Span]:
    """The stretches between blank lines (or U+2029), without white space around them."""
    found = []
    start = 0
    for match in [*_BLANK_LINE.finditer(text), None]:
        end = match.start() if match else len(text)
        left, right = trim(text, start, end)
        if left < right:
            found.append((left, right))
        start = match.end() if match else end
    return found


_CLOSERS = {
    "“": "”", "„": "“”", "‟": "”", "”": "”", '"': '"', "«": "»", "»": "«", "‹": "›", "›": "‹",
    "‘": "’", "‚": "‘’", "「": "」", "『": "』", "《": "》", "〈": "〉",
}  # fmt: skip
_MARK = re.compile("[" + "".join(sorted({*_CLOSERS, *"".join(_CLOSERS.values())})) + "]")
_NESTING = 4  # more marks than this are never open at once: prose has two


def quotations(text: str) -> list[Span]:
    """The outermost quotations, each the span inside its marks, without white space at its ends.

    “…”, "…", «…», „…“, ‘…’, 「…」 and their kin. An apostrophe ends no quotation. A mark that nothing closes opens
    none, except the first of a paragraph: a quotation that goes on in the next one runs to the paragraph's end.
    """
    found = []
    for start, end in paragraphs(text):
        for opening, closing in _marks(text, start, end):
            left = opening + 1 if is_boundary(text, opening + 1) else next_grapheme(text, opening)
            right = closing if is_boundary(text, closing) else previous_grapheme(text, closing)
            inside = trim(text, left, max(left, right))
            if inside[0] < inside[1]:
                found.append(inside)
    return found


def _marks(text: str, begin: int, stop: int) -> list[Span]:
    """The outermost quotations of ``text[begin:stop]``, each as the places of its opening and its closing mark."""
    closed: list[Span] = []
    opened: list[int] = []
    for match in _MARK.finditer(text, begin, stop):
        i, mark = match.start(), match[0]
        after = text[i + 1] if i + 1 < stop else " "
        if mark != "’" or not after.isalnum():
            level = next((k for k in reversed(range(len(opened))) if mark in _CLOSERS[text[opened[k]]]), None)
            if level is not None:
                closed.append((opened[level], i))
                del opened[level:]
                continue
        before = text[i - 1] if i > begin else " "
        opens = mark in _CLOSERS and not (after.isspace() and mark not in "«‹")
        # These marks also close, or stand for apostrophes, feet and inches, straight after a letter or a digit.
        if mark in '"”‘' and before.isalnum() and before < "\u2e80":
            opens = False
        if opens:
            opened.append(i)
            del opened[:-_NESTING]
    if opened and opened[0] == begin:
        closed.append((begin, stop))
    found: list[Span] = []
    for left, right in sorted(closed, key=lambda span: (span[0], -span[1])):
        if not found or left > found[-1][1]:
            found.append((left, right))
    return found


# Sentences

_DATE_HEADER = re.compile(r"\s*date \d{4}-\d{2}-\d{2}\s")
_SURROGATE = re.compile("[\ud800-\udfff]")
_HEADING = re.compile(r"[ ]{0,3}#{1,6}\s")
_ITEM = re.compile(r"\s*[-*+•–]\s")
_NUMBERED_ITEM = re.compile(r"\s*(?:[-*+•–]|\d{1,3}[.)])\s")
_NUMBER = re.compile(r"\s*\d{1,3}[.)]\s*")
_FIRST_NUMBER = re.compile(r"^[^\S\n]*1[.)]\s", re.MULTILINE)  # else a wrapped line may begin with a date: "5. Then"
_WRAP = 120  # no text is wrapped by hand wider than this
_WINDOW = 2000
_ENDS_IN_FULL_STOP = re.compile(r"(?:\w\w|[^\w\s])[.…]\s?$")  # and not in an initial or an abbreviation's last letter
_AFTER_MAY = re.compile(r"\bMay\.\s+(?=[A-Z][a-z])")  # no abbreviation, yet sentencex may read on: "on 5 May. Nobody"
_EDITION = 1
"""To be raised with every change of what ``sentences`` finds: what was kept of them is then found anew."""
_AFTER_QUOTATION = re.compile(rf"{_MARK.pattern}\s+(?=\S)")


def splitter(language: str = "") -> str:
    """What ``sentences`` finds them with: as long as this is the same, so are the sentences of a text."""
    return f"{_spoken(language)}, {_tools()}"


@cache
def _tools() -> str:
    from importlib.metadata import version

    packages = ", ".join(f"{package} {version(package)}" for package in ("sentencex", "regex"))
    return f"factdesk {_EDITION}, {packages}, Unicode {unicodedata.unidata_version}"


def _spoken(language: str) -> str:
    return language.partition("-")[0].lower() or "en"


def sentences(text: str, language: str = "") -> list[Span]:
    """The sentences, without white space around them; ``language`` is a BCP 47 tag, English when empty.

    Each sentence inside a quotation is one of its own; what introduces a quotation stays with its first sentence,
    an attribution after it with its last. Headings and list items are sentences. A newline ends no sentence in a
    paragraph wrapped by hand (no line longer than 120 characters), and every one elsewhere. A ``date YYYY-MM-DD``
    header before the first sentence belongs to none, nor does a paragraph without a letter or digit (``* * *``).
    """
    found: list[Span] = []
    readable = _SURROGATE.sub("\ufffd", text)
    header = _DATE_HEADER.match(text)
    body = header.end() if header else 0
    for first, last in paragraphs(text):
        if last <= body:
            continue
        for start, end in _blocks(text, max(first, body), last):
            edges = [start]
            for cut in sorted({*_cuts(readable, start, end, _spoken(language)), end}):
                cut = cut if is_boundary(text, cut) else next_grapheme(text, cut)
                if len(edges) == 1 and cut < end and _NUMBER.fullmatch(text, start, cut):
                    continue
                if _WORD_CHARACTER.search(text, edges[-1], cut):
                    edges.append(cut)
                elif len(edges) > 1:
                    edges[-1] = cut
            found += [trim(text, left, right) for left, right in pairwise(edges)]
    return found


def _blocks(text: str, start: int, end: int) -> Iterator[Span]:
    """The paragraph, parted where its lines are headings, list items, or not wrapped by hand."""
    lines = text[start:end].split("\n")
    wrapped = max(map(len, lines)) <= _WRAP
    item = _NUMBERED_ITEM if _FIRST_NUMBER.search(text[start:end]) else _ITEM
    begin = at = start
    after_heading = False
    for line in lines:
        heading = bool(_HEADING.match(line))
        if begin < at and (not wrapped or heading or after_heading or item.match(line)):
            yield begin, at - 1
            begin = at
        after_heading = heading
        at += len(line) + 1
    yield begin, end


def _cuts(text: str, start: int, end: int, language: str, depth: int = 0) -> Iterator[int]:
    """Where sentences end inside ``text[start:end]``, in no order; at most two quotations deep."""
    from sentencex import segment  # type: ignore[import-untyped]

    quoted = _marks(text, start, end)
    at = start
    while end - at > 1:
        # In one long piece sentencex takes quadratic time, so it reads a window at a time and the last sentence of
        # a window is read again at the head of the next. A quotation cut in two would not be known for one.
        stop = min(at + _WINDOW, end)
        split = unit_at(quoted, stop - 1)
        window = text[at : split[0] if split and stop < end and at < split[0] else stop]
        pieces = segment(language, window)
        if len(pieces) > 1 and "".join(pieces) == window:
            for piece in pieces[:-1]:
                at += len(piece)
                yield at
            if at + len(pieces[-1]) == end:
                break
        else:
            space = window.rfind(" ") + 1
            at += space if space and at + len(window) < end else len(window)
    if language == "en":
        yield from (found.end() for found in _AFTER_MAY.finditer(text, start, end))
    for left, right in quoted:
        if depth < 2:
            yield from _cuts(text, left + 1, right, language, depth + 1)
        # “He went home.” Then: a full stop, unlike a comma, leaves no room for an attribution.
        if _ENDS_IN_FULL_STOP.search(text, max(left + 1, right - 4), right):
            beyond = _AFTER_QUOTATION.match(text, right, end)
            if beyond and (text[beyond.end()].isupper() or text[beyond.end()] in _CLOSERS):
                yield beyond.end()


# Finding

_LOOKALIKES = {
    **dict.fromkeys("‘’‛′ʼ‚`", "'"), **dict.fromkeys("“”„‟″«»", '"'), **dict.fromkeys("‐‑‒–—―−", "-"),
}  # fmt: skip
_INVISIBLE = "\u00ad\u200b\u200c\u200d\u2060\ufe0e\ufe0f\ufeff"


@cache
def _folded_character(character: str) -> str:
    """The character without case, diacritics and typographic dress; any number of characters, none included."""
    if character in _INVISIBLE or _SURROGATE.match(character):
        return "" if character in _INVISIBLE else character
    bare = unicodedata.normalize("NFKD", _LOOKALIKES.get(character, character).casefold())
    bare = "".join(part for part in bare if not unicodedata.combining(part))
    return unicodedata.normalize("NFKC", bare).casefold()


class _Folded:
    """A text as searches see it, and the way back to the offsets of the text itself."""

    def __init__(self, text: str) -> None:
        table = {ord(character): _folded_character(character) for character in set(text)}
        odd = "".join(map(re.escape, (chr(code) for code, folded in table.items() if len(folded) != 1)))
        # Between digits a single space, comma or apostrophe only groups them: 2 500, 2,500 and 2500 read alike.
        edit = re.compile(
            r"(?P<grouping>(?<=\d)[ ,'’\u00a0\u2009\u202f](?=\d))|(?P<space>\s{2,}|[^\S ])"
            + (f"|[{odd}]" if odd else "")
        )
        parts: list[str] = []
        self._folded_at = [0]
        self._stretches: list[tuple[int, int]] = []  # where each stretch begins in the text; its end when replaced
        length = at = 0

        def add(part: str, start: int, end: int) -> None:
            nonlocal length
            if part:
                parts.append(part)
                self._stretches.append((start, end))
                length += len(part)
                self._folded_at.append(length)

        for match in edit.finditer(text):
            start, end = match.span()
            add(text[at:start].translate(table), at, 0)
            if match.lastgroup != "grouping":
                add(" " if match.lastgroup else table[ord(match[0])], start, end)
            at = end
        add(text[at:].translate(table), at, 0)
        self.text = "".join(parts)

    def span(self, start: int, end: int) -> Span:
        """The span of the text that ``self.text[start:end]`` was made from."""
        k = bisect_right(self._folded_at, start) - 1
        begin, stop = self._stretches[k]
        left = begin if stop else begin + start - self._folded_at[k]
        k = bisect_right(self._folded_at, end - 1) - 1
        begin, stop = self._stretches[k]
        return left, stop or begin + end - self._folded_at[k]


_fold_article = lru_cache(maxsize=1)(_Folded)


def find(text: str, needle: str) -> list[Span]:
    """Where ``needle`` stands in ``text``, left to right, as spans of ``text`` that split no cluster.

    Case, diacritics, the kind of quotation mark, apostrophe or dash, and the kind and length of white space do not
    matter, nor do separators between digits: ``2500`` finds ``2 500`` and ``2,500``. An empty needle finds nothing.
    """
    wanted = _Folded(needle).text
    if not wanted:
        return []
    folded = _fold_article(text)
    found: list[Span] = []
    at = folded.text.find(wanted)
    while at >= 0:
        start, end = snap(text, *folded.span(at, at + len(wanted)))
        if not found or start >= found[-1][1]:
            found.append((start, end))
        at = folded.text.find(wanted, at + len(wanted))
    return found
