"""Sentences: where a reader checks one thing at a time. Pure functions; spans as in ``units``.

A text is first parted into ``paragraphs.passages``; inside each, every end mark is judged by what stands before and
after it. With every change of what is found here, in ``paragraphs`` or in ``language``, the ``EDITION`` of
``store.check.kept_sentences`` is raised. Patterns that only some texts need are compiled when one first does.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import cache

from store.text.abbreviations import ABBREVIATIONS, LATIN, Abbreviations
from store.text.language import spoken, starters
from store.text.paragraphs import passages
from store.text.units import Span, is_boundary, next_grapheme, trim

_WORD_CHARACTER = re.compile(r"[^\W_]")
_DATE_HEADER = re.compile(r"\s*date \d{4}-\d{2}-\d{2}\s")

_MARKS = re.compile("[.!?…‽。！？｡．؟۔।॥։።។៕။།]+")
_GREEK_MARKS = re.compile("[.!?…;\u037e]+")  # in Greek a semicolon asks
_EAST_ASIAN = frozenset("。！？｡")
_ALWAYS_ENDS = frozenset("।॥።។៕။།")
_CLOSES = frozenset("\"”’»›)]'」』）")
_CLOSES_BEFORE_SPACE = frozenset("“«‹")
_NOTE = re.compile(r"[¹²³⁴-⁹⁰]+|\[\^?(?:\d{1,4}|[a-z])\]")
_EMPHASIS = re.compile(r"[*_~]+")
_LEAD = re.compile(r"[\s\"'“”„‟«»‹›‘’‚「『《〈（(\[{¿¡*_~‐‑‒–—―-]*")
_QUOTES = frozenset("\"'“”„«»‹›‘’‚「『")
_ON_AFTER_QUOTATION = re.compile("と|って|という|との|など|だと")
_TOKEN = re.compile(r"[^\s()\[\]{}\"“”„‟«»‹›‘‚、。—–…!?/|*_~]+\Z")
_LONGEST = 40
"""Code points in which the word before a full stop is looked for; no abbreviation is longer."""
_WINDOW = 2000
"""Code points in which it is looked whether a quotation is open."""
_STOP = re.compile(r"\.")
_NUMBER = re.compile(r"[+-]?\d[\d.,:]*")
_ROMAN = re.compile(r"[IVXLC]+")
_DOTTED = re.compile(r"[^\W\d_]{1,2}(?:\.-?[^\W\d_]{1,2})+")
_DAY_OF_DATE = re.compile(r"\d{1,2}\.(?!\d)")
_WORD = re.compile(r"[^\W\d_]+")
_ORDINALS = frozenset(["de", "tr", "da", "no", "fi", "et", "cs", "sk", "sl", "hr", "sr", "bs", "hu", "lv", "is", "pl"])
"""Languages that write an ordinal number with a full stop."""
_OPENS_LOW = frozenset(["de", "da", "cs", "sk", "sl", "hr", "sr", "bs", "bg", "et", "lt", "lv", "is", "ru", "uk", "mk"])
"""Languages in which ``“`` closes what ``„`` opened."""
_SPACED_LETTERS = {
    "th": r"(?<=[\u0e01-\u0e2e\u0e30-\u0e45\u0e47-\u0e4e])\s+(?=[\u0e01-\u0e2e\u0e30-\u0e45])",
    "lo": r"(?<=[\u0e81-\u0ec5\u0ec8-\u0ecd])\s+(?=[\u0e81-\u0ec5])",
}
"""Spaces between two letters of a script that has no end marks; not beside ``ๆ`` and ``ฯ``."""
_EAST_ASIAN_LETTER = "[\u3040-\u30ff\u3400-\u4dbf\u4e00-\u9fff\U00020000-\U000323af「『“（]"
_ATTRIBUTED = r"(?:[A-Z][\w.’'-]*\s){1,3}(?:said|says|asked|adds|added|told|wrote|replied)\b"
_TIME = (
    r"(?:(?:Mon|Tues|Wednes|Thurs|Fri|Satur|Sun)day|January|February|March|April|May|June|July|August|September"
    r"|October|November|December|[ECMP][SD]?T|GMT|UTC|BST|CET)\b"
)
_ORDINAL_NOUN = (
    r"(?:Januar|Jänner|Februar|März|April|Mai|Juni|Juli|August|September|Oktober|November|Dezember|Jahrhunderts?"
    r"|Jahrtausends?|Lebensjahr|Geburtstag|Jahrestag|Stock|Etage|Klasse|Platz|Rang|Runde|Spieltag|Auflage|Staffel|Mal"
    r"|Tag|Woche|Monat|Jahr)\b"
)
_QUANTITY = (
    r"(?:\d|\b(?:[IVXLC]+|mio|mrd|tsd|tys|mln|mld|млн|млрд|тыс|тис|кв|million|billion|bin|milyon|milyar))\.?\s?\Z"
)
_ENDS_LISTS = frozenset(["etc", "usw", "itd", "ecc", "enz", "т.д"])


def sentences(text: str, language: str = "", lines: str = "") -> list[Span]:
    """The sentences of a text, as `each_sentence` finds them."""
    return list(each_sentence(text, language, lines))


def each_sentence(text: str, language: str = "", lines: str = "") -> Iterator[Span]:
    """The sentences one by one, without white space around them.

    Each sentence inside a quotation is one of its own; what introduces a quotation stays with its first sentence,
    an attribution after it with its last. Headings, list items and the lines of tables and transcripts are sentences.
    A ``date YYYY-MM-DD`` header before the first sentence belongs to none, nor does a paragraph without a letter or
    digit (``* * *``). Thai and Lao have no end marks: they are divided at their spaces.

    Args:
        text: any text.
        language: a BCP 47 tag; guessed from the text when empty.
        lines: how line ends are read, as in ``paragraphs.passages``.
    """
    rules = _rules(spoken(language, text))
    header = _DATE_HEADER.match(text)
    for start, end in passages(text, header.end() if header else 0, lines):
        left, right = start, start
        looked, lettered = start, False
        for cut in rules.ends(text, start, end):
            cut = cut if is_boundary(text, cut) else next_grapheme(text, cut)
            lettered = lettered or bool(_WORD_CHARACTER.search(text, looked, cut))
            looked = cut
            if lettered:
                if left < right:
                    yield trim(text, left, right)
                left, right, lettered = right, cut, False
            elif left < right:
                right = cut
        if left < right:
            yield trim(text, left, right)


class _Rules:
    """Where sentences end in one language."""

    def __init__(self, language: str) -> None:
        table = ABBREVIATIONS.get(language) or (LATIN if language != "ar" else Abbreviations())
        self.language = language
        self.marks = _GREEK_MARKS if language == "el" else _MARKS
        self.titles = frozenset(table.titles.split())
        self.numbered = frozenset(table.numbered.split())
        self.may_end = frozenset(table.may_end.split())
        self.units = frozenset(table.units.split())
        self.spaced = _spaced(table.spaced)
        self.starters = starters(language)
        self.ordinals = language in _ORDINALS
        self.low = language in _OPENS_LOW
        self.east_asian = re.compile(_EAST_ASIAN_LETTER) if language in ("zh", "ja") else None
        self.attributed = re.compile(_ATTRIBUTED) if language == "en" else None
        self.time = re.compile(_TIME) if language == "en" else None
        self.ordinal_noun = re.compile(_ORDINAL_NOUN) if language == "de" else None
        self.quantity = re.compile(_QUANTITY, re.IGNORECASE) if table.units else None
        self.gap = re.compile(_SPACED_LETTERS[language]) if language in _SPACED_LETTERS else None
        self.apostrophes = language in ("it", "fr", "ca")

    def ends(self, text: str, start: int, end: int) -> Iterator[int]:
        """The places behind the sentences of ``text[start:end]``, in order; the last is ``end``."""
        inside = self._inside_spaced(text, start, end)
        gaps = self.gap.finditer(text, start, end) if self.gap else iter(())
        gap = next(gaps, None)
        edge = start
        for marks in self.marks.finditer(text, start, end):
            while gap and gap.start() < marks.start():
                edge = gap.start()
                yield edge
                gap = next(gaps, None)
            if marks.start() < edge or marks.start() in inside:
                continue
            closed = self._closed(text, marks.end(), end)
            if closed < end and self._is_end(text, edge, marks, closed, end):
                edge = self._with_spaced_closers(text, start, closed, end)
                yield edge
        while gap:
            yield gap.start()
            gap = next(gaps, None)
        yield end

    def _inside_spaced(self, text: str, start: int, end: int) -> set[int]:
        """The full stops inside abbreviations written with blanks, but for the last of each."""
        if not self.spaced:
            return set()
        return {
            stop.start()
            for found in self.spaced.finditer(text, start, end)
            for stop in _STOP.finditer(text, found.start(), found.end() - 1)
        }

    def _closed(self, text: str, i: int, end: int) -> int:
        """Past the brackets, quotation marks, emphasis and notes that close what ends at ``i``."""
        while i < end:
            character = text[i]
            if character in _CLOSES or (character == "“" and self.low):
                i += 1
            elif character in _CLOSES_BEFORE_SPACE:
                if i + 1 < end and not text[i + 1].isspace():
                    break
                i += 1
            elif emphasis := _EMPHASIS.match(text, i, end):
                if emphasis.end() < end and not (text[emphasis.end()].isspace() or text[emphasis.end()] in _CLOSES):
                    break
                i = emphasis.end()
            elif note := _NOTE.match(text, i, end):
                i = note.end()
            else:
                break
        return i

    def _is_end(self, text: str, edge: int, marks: re.Match[str], closed: int, end: int) -> bool:
        """Whether a sentence ends with these marks and what closes behind them, up to ``closed`` < ``end``."""
        said = marks[0]
        if not _EAST_ASIAN.isdisjoint(said):
            return not (closed > marks.end() and _ON_AFTER_QUOTATION.match(text, closed, end))
        if not _ALWAYS_ENDS.isdisjoint(said):
            return True
        if self.east_asian and said[-1] in "!?．" and self._east_asian_ends(text, edge, marks, closed, end):
            return True
        if not text[closed].isspace():
            return False
        lead = _LEAD.match(text, closed, end)
        begin = lead.end() if lead else closed
        if begin == end:
            return True
        if text[begin].islower() or (text[begin] == "," and text[begin + 1 : begin + 2] != ","):
            return False
        if said == ".":
            return self._full_stop_ends(text, edge, marks.start(), closed, begin)
        quoted = said[-1] in "!?" and text[closed - 1] in "\"”’'"
        return not (quoted and self.attributed and self.attributed.match(text, begin, end))

    def _east_asian_ends(self, text: str, edge: int, marks: re.Match[str], closed: int, end: int) -> bool:
        """Whether a narrow mark, or a wide full stop that may stand in a number, ends a sentence as ``。`` does."""
        letter, at = self.east_asian, marks.start()
        assert letter is not None
        after_letter = letter.match(text, at - 1) is not None
        if marks[0][-1] == "．":
            return after_letter and len(text[max(edge, at - _LONGEST) : at].strip()) > 1  # else it heads: 一．
        return (after_letter and text[closed].isdigit()) or letter.match(text, closed, end) is not None

    def _full_stop_ends(self, text: str, edge: int, stop: int, closed: int, begin: int) -> bool:
        """Whether the single full stop at ``stop`` ends a sentence, when the next word begins at ``begin``."""
        token = self._token(text, max(edge, stop - _LONGEST), stop)
        if not token:
            return True
        low = self._lower(token)
        capital = len(token) == 1 and token.isupper() and not (token == "I" and self.language == "en")
        dotted = bool(_DOTTED.fullmatch(token))
        if closed > stop + 1 and not (dotted or capital or low in self.titles):
            return True
        at = stop - len(token)
        numeral = bool(_NUMBER.fullmatch(token))
        if numeral or (_ROMAN.fullmatch(token) and (self.ordinals or len(token) > 1)):
            if at - edge <= _LEAST_HEAD and not text[edge:at].strip(_HEAD):
                return False
            if self.ordinals and (numeral or self.language != "pl"):
                scored = at - edge > 1 and text[at - 1] in "-–" and text[at - 2].isdigit()  # they won 2–1.
                return self._ordinal_ends(text, token, closed, begin, scored)
        if numeral:
            return True
        if token.islower() and at > edge and text[at - 1] in "([":
            return False
        if text[begin].isdigit():
            return not (low in self.titles or low in self.numbered or capital)
        counted = low in self.units and (token.islower() or low not in self.titles)
        if low in self.titles and not counted:
            return False
        if counted and self.quantity and self.quantity.search(text, max(edge, at - _LONGEST), at):
            return True
        may_end = low in self.may_end
        if self.time and (may_end or dotted) and self.time.match(text, begin):
            return False
        if low in _ENDS_LISTS:
            return True
        return self._starts(text, begin) if capital or may_end or dotted else True

    def _ordinal_ends(self, text: str, token: str, closed: int, begin: int, scored: bool) -> bool:
        if _DAY_OF_DATE.match(text, begin) or (self.ordinal_noun and self.ordinal_noun.match(text, begin)):
            return False
        if scored or (token.isdigit() and len(token) > 2) or not (token.isdigit() or token.isalpha()):
            return True
        quoted = not _QUOTES.isdisjoint(text[closed:begin])
        return quoted or text[begin].isdigit() or self._starts(text, begin)

    def _token(self, text: str, left: int, stop: int) -> str:
        """The word before a full stop, back to a blank, bracket, quotation mark or dash."""
        found = _TOKEN.search(text, left, stop)
        if not found:
            return ""
        token = found[0].strip("'’")
        if self.apostrophes:
            token = re.split("['’]", token)[-1]
        low = self._lower(token)
        known = low in self.titles or low in self.numbered or low in self.may_end
        return token if known else re.split("[-‐‑]", token)[-1].lstrip(",;:.")

    def _starts(self, text: str, begin: int) -> bool:
        """Whether the word at ``begin`` is one that begins sentences."""
        word = _WORD.match(text, begin)
        if not word or self._lower(word[0]) not in self.starters:
            return False
        return len(word[0]) > 1 or text[word.end() : word.end() + 1] != "."

    def _lower(self, word: str) -> str:
        if self.language == "tr":
            word = word.replace("İ", "i").replace("I", "ı")
        return word.lower()

    def _with_spaced_closers(self, text: str, start: int, closed: int, end: int) -> int:
        """Past closing marks that stand behind a blank, and past faces: they belong to the sentence before."""
        while closed < end and text[closed].isspace():
            at = closed
            while at < end and text[at].isspace():
                at += 1
            if face := closed + 1 < end and text[closed + 1] > "\u2600" and _face().match(text, closed + 1, end):
                closed = face.end()
            elif at < end and self._closes_behind_blank(text, start, at, end):
                closed = at + (2 if text.startswith("''", at) else 1)
            else:
                break
        return closed

    def _closes_behind_blank(self, text: str, start: int, at: int, end: int) -> bool:
        mark = "''" if text.startswith("''", at) else text[at]
        behind = at + len(mark)
        if behind < end and not (text[behind].isspace() or text[behind] in _CLOSES):
            return False
        if mark == "»":
            return True
        left = max(start, at - _WINDOW)
        if mark in ('"', "''"):
            return text.count(mark, left, at) % 2 == 1
        opening = {"”": "“„", "“": "„"}.get(mark, "")
        return bool(opening) and sum(text.count(one, left, at) for one in opening) > text.count(mark, left, at)


_LEAST_HEAD = 8
_HEAD = " \t\n\u00a0>*_~-–—•+#\"'“„«»‹‘(["
"""What may stand before a number that heads a sentence, and in how many code points."""


@cache
def _face() -> re.Pattern[str]:
    """An emoji that shows a face or a hand, and so belongs to the sentence before it."""
    return re.compile(
        "[\U0001f600-\U0001f64f\U0001f90c-\U0001f93a\U0001f970-\U0001f97a\U0001f440-\U0001f450\U0001f590-\U0001f596"
        "\U0001f9d0\u2639\u263a\u261d\u270a-\u270d\u2764][\U0001f3fb-\U0001f3ff\ufe0f]*"
    )


def _spaced(words: str) -> re.Pattern[str] | None:
    if not words:
        return None
    ways = ("\\s?".join(map(re.escape, way.split())) for way in sorted(words.split("|"), key=len, reverse=True))
    return re.compile(rf"(?<![\w.])(?:{'|'.join(ways)})")


@cache
def _rules(language: str) -> _Rules:
    return _Rules(language)
