"""The units a text is read in: graphemes, words, quotations, paragraphs. ``sentences`` are in a file of their own.

Pure functions over text. Every offset is a Unicode code point, 0-based; every span is ``(start, end)``, end
exclusive, into the text as given. Spans come in text order, do not overlap, and begin and end between grapheme
clusters, so each of them can be tagged as it stands. Nothing here raises on any text, lone surrogates included.

Most texts hold only characters that never join their neighbours; those are read with the standard library alone.
The ``regex`` package is loaded the first time a text needs Unicode's full rules (combining marks, flags, joined
emoji, Indic scripts).
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import cache, lru_cache
from itertools import chain
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
_WORD_CHARACTER = re.compile(r"[^\W_]")


# The long patterns take milliseconds to compile, so each is compiled when a text first needs it.


@cache
def _rare() -> re.Pattern[str]:
    """A character beyond the letters, marks and signs of Latin, Greek and Cyrillic that stand alone."""
    return re.compile("[^\0-\u02ff\u0370-\u0482\u048a-\u052f\u2010-\u20cf\u2100-\u214f\u2190-\u21ff]")


@cache
def _joining() -> re.Pattern[str]:
    """A character that may join its neighbours."""
    return re.compile(f"[^{_LONERS}]")


_LONG = 400
"""Code points from which it is kept what characters a text has. Shorter ones, of which there are very many, are looked
through each time, so that they do not put a long one out of mind."""


def _look_through(text: str) -> tuple[bool, bool]:
    everyday = text.isascii() or not _rare().search(text)
    return everyday, everyday or not _joining().search(text)


_seen_through = lru_cache(maxsize=4)(_look_through)


def _characters(text: str) -> tuple[bool, bool]:
    """Whether none of a text's characters is rare, and whether none may join its neighbours."""
    return _look_through(text) if len(text) < _LONG else _seen_through(text)


def is_everyday(text: str) -> bool:
    """Whether no character of a text joins another, is a word by itself, or runs on to the next: none is rare."""
    return _characters(text)[0]


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

    ``start`` and ``end`` stand on cluster boundaries. A space that carries a combining mark is not white space: the
    two are one cluster.
    """
    passage = text[start:end]
    right = start + len(passage.rstrip())
    left = min(start + len(passage) - len(passage.lstrip()), right)
    if left == right:
        return start, start
    return snap(text, left, right)


_EMPHATIC = frozenset("*_~`")
_EMPHASIS = r"(\*{1,3}|_{1,3}|~~|`{1,3})"
_OPENING, _CLOSING = rf"{_EMPHASIS}(?!\s)", rf"(?<!\s){_EMPHASIS}\Z"


def core(text: str, start: int, end: int) -> Span:
    """The span without white space and Markdown's emphasis at its ends: what a claim holds of it.

    ``**He left.**`` and ``He left.**`` become ``He left.``; a mark whose partner stands inside stays: ``He **left**``.
    """
    start, end = trim(text, start, end)
    while _WORD_CHARACTER.search(text, start, end):
        left, right = _bared(text[start:end])
        if (left, right) == (0, end - start) or not (
            is_boundary(text, start + left) and is_boundary(text, start + right)
        ):
            break
        start, end = start + left, start + right
    return start, end


def _bared(passage: str) -> Span:
    """The passage without a mark at either end that has no partner inside, or one at each that are partners."""
    size = len(passage)
    if passage[0] not in _EMPHATIC and passage[-1] not in _EMPHATIC:
        return 0, size
    opening, closing = re.match(_OPENING, passage), re.search(_CLOSING, passage[-4:])
    first, last = opening[1] if opening else "", closing[1] if closing else ""
    if first and first == last and first not in passage[len(first) : size - len(last)]:
        return len(first), size - len(last)
    if first and first not in passage[len(first) :]:
        return len(first), size
    if last and last not in passage[: size - len(last)]:
        return 0, size - len(last)
    return 0, size


# Words

# Han and hiragana: no spaces part the words, so each character is a word, as in UAX #29.
_IDEOGRAPHS = "\u3005-\u3007\u3041-\u3096\u3400-\u4dbf\u4e00-\u9fff\uf900-\ufaff\U00020000-\U000323af"
_BLANKS, _TIGHT = "\\ \u00a0\u2009\u202f", "\u00a0\u202f"  # the usual spaces in a number; those that part no line
_MONEY = "$¢£¤¥֏؋߾߿৲৳৻૱௹฿៛₠₡₢₣₤₥₦₧₨₩₪₫€₭₮₯₰₱₲₳₴₵₶₷₸₹₺₻₼₽₾₿⃀꠸﷼﹩＄￠￡￥￦"
_PERCENT = "%‰‱٪％"
_DEGREE = "°℃℉"


def _word(mark: str, letter: str, first: str, more: str, alone: str = f"[{_IDEOGRAPHS}]") -> str:
    """The pattern of a word without the signs around it, made of patterns for single characters.

    ``alone`` is a character that is a word."""
    dotted = rf"(?=.{mark}*\.) {letter} (?: \. {letter} )+ (?!{more}) (?: \. (?!{more}) )?"
    return rf"""
        (?=\w) {alone} {mark}*
      | (?: {dotted}                                                            # U.S., p.m.
          | [A-Z]{{1,3}} [{_MONEY}] (?: \d{{1,3}} (?: [{_BLANKS}] \d{{3}} )+ (?!\d) | (?=\d) ) {more}*    # US$5m
          | \d{{1,3}} ([{_BLANKS}]) \d{{3}} (?: \1 \d{{3}} )* (?!\d) {more}*    # 2 500
          | {first} {more}* )
        (?: (?: ['’\u00ad‐‑-] | \.(?=[a-z\d]) | (?<=\d)[,:/°′](?=\d) | _+
              | -[{_MONEY}](?=\d) | (?<=[א-ת])["״׳](?=[א-ת]) )
            (?: {dotted} | {more}+ ) )*
        (?: (?<=\d) [{_BLANKS}]? ° [CFK] (?!\w) )?                              # 20 °C
    """


@cache
def _everyday_word() -> re.Pattern[str]:
    return re.compile(_word("(?!)", r"[^\W\d_]", r"[^\W_]", r"[^\W_]", "(?!)"), re.VERBOSE)


@cache
def _plain_word() -> re.Pattern[str]:
    other = f"(?![{_IDEOGRAPHS}])"
    return re.compile(_word("(?!)", rf"{other}[^\W\d_]", rf"{other}[^\W_]", rf"[^\W_{_IDEOGRAPHS}]"), re.VERBOSE)


@cache
def _marked_word() -> Any:
    import regex

    other = f"(?![{_IDEOGRAPHS}])"
    letter, first, more = rf"{other}\p{{L}}\p{{M}}*", rf"{other}[\p{{L}}\p{{N}}]", rf"[[\w\p{{N}}]--[_{_IDEOGRAPHS}]]"
    return regex.compile(_word(r"[\p{M}\u200c\u200d]", letter, first, more), regex.VERBOSE | regex.V1)


# What belongs to a word before and behind it. Few words have any of it: a look at their neighbours spares the patterns.
_NAME = rf"(?<! [\w§№\#@] ) (?: §{{1,2}} | [№\#@] ) [{_TIGHT}]?"
_BEFORE_NAME = rf"{_NAME} \Z"
_BEFORE_NUMBER = rf"""
    (?: {_NAME}
      | (?: (?<! [\w)\]{_PERCENT}{_MONEY}{_DEGREE}′″−+±~≈-] ) [−+±~≈-] )?
        (?: (?<! \d ) [{_MONEY}] [{_TIGHT}]? )?
        (?: (?<! [\w.…)\]] ) \. )? ) \Z"""
_BEHIND_NUMBER = rf"""
    (?: [{_PERCENT}{_MONEY}{_DEGREE}′″]
      | (?<=\d) (?: [{_BLANKS}] [{_PERCENT}{_MONEY}] | [{_TIGHT}] [{_DEGREE}] ) (?! [{_BLANKS}]\d ) )
    (?! \.?\d )"""
_REACH = 4  # characters before a word that can belong to it
_NAMING, _AMOUNTS = frozenset("§№#@" + _MONEY), frozenset(_PERCENT + _MONEY + _DEGREE)
_BEFORE = _NAMING.union("−+±~≈-.", _TIGHT)
_BEHIND = _AMOUNTS.union("′″")


@cache
def _belongings() -> tuple[re.Pattern[str], ...]:
    return tuple(re.compile(pattern, re.VERBOSE) for pattern in (_BEFORE_NAME, _BEFORE_NUMBER, _BEHIND_NUMBER))


def _has_neighbours(text: str, left: int, right: int) -> bool:
    """Whether a word may have more before or behind it."""
    return text[left - 1] in _BEFORE or text[right - 1].isdigit() or text[right : right + 1] in _BEHIND


def _whole(text: str, left: int, right: int, start: int, end: int) -> Span:
    """A word with its sign and unit, as far as these stand between ``start`` and ``end``."""
    number = text[left].isdigit()
    before_name, before_number, behind = _belongings()
    if left > start and text[left - 1] in _BEFORE and not "\u2e80" <= text[left] <= "\u9fff":
        found = (before_number if number else before_name).search(text, max(start, left - _REACH), left)
        left = found.start() if found else left
    if right < end and (number or text[right - 1].isdigit()):
        found = behind.match(text, right, end)
        right = found.end() if found else right
    return left, right


def words(text: str, start: int = 0, end: int | None = None) -> Iterator[Span]:
    """The words of ``text[start:end]``; each has a letter or a digit, and every letter and digit is in one.

    ``couldn’t``, ``well-known``, ``example.com``, ``U.S.``, ``2.5``, ``2025-02-19`` and ``2 500`` (groups of three
    digits) are one word each. A number keeps its sign and unit: ``-5 %``, ``€3.5bn``, ``US$5m``, ``20 °C``; so do
    ``§ 5`` and ``№ 5`` (where no line can be broken at the space) and names: ``#MeToo``, ``@name``. Soft hyphens
    part nothing; Markdown's emphasis stays outside. In Chinese and Japanese each Han or hiragana character is a word;
    katakana, Hangul and scripts without spaces (Thai, Khmer) run on to the next space or mark.
    """
    end = len(text) if end is None else end
    done = start
    everyday, plain = _characters(text)
    if plain:
        pattern = _everyday_word() if everyday else _plain_word()
        for match in pattern.finditer(text, start, end):
            left, right = match.span()
            if _has_neighbours(text, left, right):
                left, right = _whole(text, left, right, done, end)
            yield left, right
            done = right
        return
    for match in _marked_word().finditer(text, start, end):
        # regex may know letters of a newer Unicode than Python does; what Python calls a letter or digit decides.
        if first := _WORD_CHARACTER.search(text, *match.span()):
            left, right = snap(text, first.start(), match.end())
            left, right = max(left, done), min(right, end)
            if _has_neighbours(text, left, right):
                left, right = snap(text, *_whole(text, left, right, done, end))
                left, right = max(left, done), min(right, end)
            yield left, right
            done = right


def _word_edge(text: str, i: int) -> int:
    """The nearest place at or before ``i`` that no word can span: past white space that belongs to no number or name.

    A space that carries a mark, or a vowel that clings to it, parts nothing.
    """
    i = min(i, len(text))
    while i > 0:
        parted = text[i - 1].isspace() and not _spanned(text, i - 1)
        if (parted or "\u3400" <= text[i : i + 1] <= "\u9fff") and is_boundary(text, i):
            break
        i -= 1
    return i


def _spanned(text: str, i: int) -> bool:
    """Whether the white space at ``i`` may stand inside a word: ``2 500``, ``50 %``, ``§ 5``."""
    before, after = text[i - 1 : i], text[i + 1 : i + 2]
    return (before.isdigit() and (after.isdigit() or after in _AMOUNTS)) or (text[i] in _TIGHT and before in _NAMING)


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
    if i > 0 and (word := word_at(text, i - 1)):
        return word[0]
    while i > 0 and not text[i - 1].isalnum():
        i -= 1
    word = word_at(text, i - 1) if i else None
    return word[0] if word else 0


# Paragraphs and quotations

_BLANK_LINE = r"\n\s*\n|\u2029"


def paragraphs(text: str) -> list[Span]:
    """The stretches between blank lines (or U+2029), without white space around them."""
    return list(each_paragraph(text))


def each_paragraph(text: str) -> Iterator[Span]:
    """The paragraphs one by one."""
    start = 0
    for match in chain(re.finditer(_BLANK_LINE, text), (None,)):
        end = match.start() if match else len(text)
        left, right = trim(text, start, end)
        if left < right:
            yield left, right
        start = match.end() if match else end


CLOSERS = {
    "“": "”", "„": "“”", "‟": "”", "”": "”", '"': '"', "«": "»", "»": "«", "‹": "›", "›": "‹",
    "‘": "’", "‚": "‘’", "「": "」", "『": "』", "《": "》", "〈": "〉",
}  # fmt: skip
MARK = f"[{''.join(sorted({*CLOSERS, *''.join(CLOSERS.values())}))}]"
_NESTING = 4  # more marks than this are never open at once: prose has two


def quotations(text: str) -> list[Span]:
    """The outermost quotations, each the span inside its marks, without white space at its ends.

    “…”, "…", «…», „…“, ‘…’, 「…」 and their kin. An apostrophe ends no quotation. A mark that nothing closes opens
    none, except the first of a paragraph: a quotation that goes on in the next one runs to the paragraph's end.
    """
    found = []
    for start, end in paragraphs(text):
        for opening, closing in marks(text, start, end):
            left = opening + 1 if is_boundary(text, opening + 1) else next_grapheme(text, opening)
            right = closing if is_boundary(text, closing) else previous_grapheme(text, closing)
            inside = trim(text, left, max(left, right))
            if inside[0] < inside[1]:
                found.append(inside)
    return found


@cache
def _mark() -> re.Pattern[str]:
    return re.compile(MARK)


def marks(text: str, begin: int, stop: int) -> list[Span]:
    """The outermost quotations of ``text[begin:stop]``, each as the places of its opening and its closing mark."""
    closed: list[Span] = []
    opened: list[int] = []
    for match in _mark().finditer(text, begin, stop):
        i, mark = match.start(), match[0]
        after = text[i + 1] if i + 1 < stop else " "
        if mark != "’" or not after.isalnum():
            level = next((k for k in reversed(range(len(opened))) if mark in CLOSERS[text[opened[k]]]), None)
            if level is not None:
                closed.append((opened[level], i))
                del opened[level:]
                continue
        before = text[i - 1] if i > begin else " "
        opens = mark in CLOSERS and not (after.isspace() and mark not in "«‹")
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
