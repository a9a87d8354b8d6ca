"""Changed words inside a claim: which go along unasked, and which a person has to look at.

A claim is carried only if every change in it is punctuation, case, a function word or a known pair of endings. A
number, a negation, a name, a quotation, a word of degree or of tense is always asked. Without words for the language
all but punctuation and case is.
"""

from __future__ import annotations

import unicodedata
from collections.abc import Callable, Mapping, Sequence
from functools import cache, partial
from pathlib import Path
from typing import NamedTuple

from store.text.token_correspondence import in_order
from store.text.tokens import Tokens, Vocabulary
from store.text.units import Span
from store.toml import Toml

ASKED = ("number", "negation", "name", "quotation", "degree", "tense", "words")
"""Why a change is asked, in the order in which people are asked."""
PASSED = ("punctuation", "case", "function words", "letters")
"""What a change may be to be carried."""

_WORDS = Path(__file__).with_name("words")
_OPENING, _CLOSING, _TOGGLING = "“„«‹", "”»›", '"‟'
_MARKS = _OPENING + _CLOSING + _TOGGLING
_BRACKETS = "()[]{}<>"
_CUTTING = frozenset(_BRACKETS + ":;?!/-–—")
_PER = "%‰‱′″"
_FAR = 4_000
"""Code points before a place in which an open quotation is looked for, within its paragraph."""
_MOST_FUNCTION, _STEM, _LONG_STEM = 2, 4, 5


class Judgement(NamedTuple):
    """Whether a change may be carried unasked, and for which reason, or why it is asked."""

    carried: bool
    reason: str


class _Lists(NamedTuple):
    """What is known of one language."""

    numbers: frozenset[str] = frozenset()
    negations: frozenset[str] = frozenset()
    prefixes: tuple[str, ...] = ()
    degree: frozenset[str] = frozenset()
    function: frozenset[str] = frozenset()
    groups: Mapping[str, int] = {}
    endings: frozenset[tuple[str, str]] = frozenset()
    spellings: tuple[tuple[str, str], ...] = ()
    doubled: str = ""
    known: bool = False


def knows(language: str) -> bool:
    """Whether there are words for a language, by its code."""
    return _lists(language.partition("-")[0].lower()).known


@cache
def _lists(language: str) -> _Lists:
    try:
        found = Toml((_WORDS / f"{language}.toml").read_text(encoding="utf-8"), f"{language}.toml").values
    except (OSError, ValueError):
        return _Lists()
    words = {name: frozenset(str(found[name]).split()) for name in ("numbers", "negations", "degree", "function")}
    groups = {word: k for k, group in enumerate(_listed(found["groups"])) for word in str(group).split()}
    return _Lists(
        **words,
        prefixes=tuple(str(found["prefixes"]).split()),
        groups=groups,
        endings=frozenset((str(one), str(other)) for one, other in _pairs(found["endings"])),
        spellings=tuple((str(one), str(other)) for one, other in _pairs(found["spellings"])),
        doubled=str(found["doubled"]),
        known=True,
    )


def _listed(value: object) -> Sequence[object]:
    return value if isinstance(value, list) else []


def _pairs(value: object) -> list[tuple[str, str]]:
    return [(str(one[0]), str(one[1])) for one in _listed(value) if isinstance(one, list) and len(one) == 2]


def triage(old: str, span: Span, new: str, place: Span, language: str) -> Judgement:
    """Whether the words of a claim may be replaced by those that stand at its place in another text.

    Args:
        old: the text before.
        span: where the claim stood in it, in code points.
        new: the text after.
        place: where it stands there.
        language: the language of both, as its code.
    """
    lists = _lists(language.partition("-")[0].lower())
    vocabulary = Vocabulary()
    before, after = (_Stretch(text, at, vocabulary) for text, at in ((old, span), (new, place)))
    found = []
    i = j = 0
    matches = [*in_order(before.tokens.numbers, after.tokens.numbers), (len(before.tokens), len(after.tokens), 0)]
    for at, there, count in matches:
        if at > i or there > j:
            found.append(_judge(before.run(i, at), after.run(j, there), lists))
        i, j = at + count, there + count
    asked = [reason for reason in found if reason in ASKED]
    if asked:
        return Judgement(False, min(asked, key=ASKED.index))
    return Judgement(True, max(found, key=PASSED.index, default=PASSED[0]))


class _Run(NamedTuple):
    """Tokens of one text that stand in place of others."""

    words: tuple[str, ...]
    names: tuple[str, ...]
    """Those with a capital that do not begin a sentence."""
    quoted: bool
    """Whether the place is inside a quotation."""
    digits: bool
    """Whether a mark among them stands right before a digit, as a sign does."""

    @property
    def letters(self) -> str:
        """All letters and digits, in small letters."""
        whole = unicodedata.normalize("NFC", "".join(self.words)).casefold()
        return "".join(one for one in whole if one.isalnum() or unicodedata.category(one)[0] == "M")

    @property
    def plain(self) -> tuple[str, ...]:
        """The words in small letters, without marks."""
        return tuple(word.lower().replace("’", "'") for word in self.words if any(map(str.isalnum, word)))

    @property
    def marks(self) -> tuple[str, ...]:
        """All that are not words."""
        return tuple(word for word in self.words if not any(map(str.isalnum, word)))


class _Stretch:
    """A claim in its text."""

    def __init__(self, text: str, place: Span, vocabulary: Vocabulary) -> None:
        self._text = text
        self._start = place[0]
        self.tokens = Tokens(text[slice(*place)], vocabulary)

    def run(self, first: int, last: int) -> _Run:
        """Some of the tokens."""
        tokens = self.tokens
        words = tuple(map(tokens.word, range(first, last)))
        names = tuple(
            word for k, word in zip(range(first, last), words, strict=True) if word[0].isupper() and not self._opens(k)
        )
        at = tokens.starts[first] if first < len(tokens) else len(tokens.text)
        signs = any(
            not any(map(str.isalnum, word)) and word not in _BRACKETS + _MARKS and self._before_digit(tokens.ends[k])
            for k, word in zip(range(first, last), words, strict=True)
        )
        return _Run(words, names, self._quotes(self._start + at), signs)

    def _before_digit(self, at: int) -> bool:
        return self._text[self._start + at : self._start + at + 1].isdigit()

    def _opens(self, token: int) -> bool:
        """Whether a token begins a sentence."""
        before = self._text[: self._start + self.tokens.starts[token]][-20:].rstrip(" \t" + _MARKS + "'‘’" + _BRACKETS)
        return not before or before[-1] in ".!?…\n:"

    def _quotes(self, at: int) -> bool:
        """Whether a quotation is open at a place."""
        begin = max(0, self._text.rfind("\n", 0, at) + 1, at - _FAR)
        depth, toggled = 0, False
        for one in self._text[begin:at]:
            if one in _OPENING:
                depth += 1
            elif one in _CLOSING:
                depth = max(0, depth - 1)
            elif one in _TOGGLING:
                toggled = not toggled
        return depth > 0 or toggled


# -- the rules, in order: the first that fits decides ---------------------------------------------------------------


def _judge(old: _Run, new: _Run, lists: _Lists) -> str:
    """What one change is."""
    differs = partial(_differs, old, new)
    if old.digits or new.digits or differs(partial(_is_number, lists=lists)):
        return "number"
    if differs(partial(_is_negation, lists=lists)) or _turned(old.plain, new.plain, lists.prefixes):
        return "negation"
    if old.letters == new.letters:
        return _respelt(old, new)
    if old.quoted or new.quoted or _sorts(old) != _sorts(new):
        return "quotation"
    if old.names != new.names:
        return "name"
    if differs(lists.degree.__contains__):
        return "degree"
    if [lists.groups[word] for word in old.plain if word in lists.groups] != [
        lists.groups[word] for word in new.plain if word in lists.groups
    ]:
        return "tense"
    return _slight(old, new, lists)


def _differs(old: _Run, new: _Run, meant: Callable[[str], bool]) -> bool:
    """Whether the words of a sort are others than before."""
    one, other = ([word.lower().replace("’", "'") for word in run.words] for run in (old, new))
    return list(filter(meant, one)) != list(filter(meant, other))


def _is_number(word: str, lists: _Lists) -> bool:
    return word in lists.numbers or any(one in _PER or unicodedata.category(one)[0] in "SN" for one in word)


def _is_negation(word: str, lists: _Lists) -> bool:
    return word in lists.negations or word.endswith("n't")


def _turned(old: Sequence[str], new: Sequence[str], prefixes: Sequence[str]) -> bool:
    """Whether a word is another with a prefix that turns its meaning."""
    return any(one == prefix + other or other == prefix + one for one in old for other in new for prefix in prefixes)


def _sorts(run: _Run) -> list[str]:
    """The quotation marks of a run, whatever their shape."""
    return ['"' for mark in run.words if mark in _MARKS]


def _respelt(old: _Run, new: _Run) -> str:
    """What a change is that leaves all letters as they are."""
    if _sorts(old) != _sorts(new):
        return "quotation"
    capitals = [[word for word in run.words if len(word) > 1 and word.isupper()] for run in (old, new)]
    if capitals[0] != capitals[1]:
        return "name"
    if len(old.plain) != len(new.plain) and not old.marks and not new.marks:
        return "words"  # such as “a part” and “apart”
    one, other = ([word.replace("’", "'") for word in run.words if any(map(str.isalnum, word))] for run in (old, new))
    return "case" if one != other and old.plain == new.plain else "punctuation"


def _slight(old: _Run, new: _Run, lists: _Lists) -> str:
    """Whether a change is one of function words, or of an ending."""
    one, other = ([word for word in run.plain if word not in lists.groups] for run in (old, new))
    marks = {*old.marks, *new.marks}
    if lists.known and not marks & _CUTTING and max(len(old.plain), len(new.plain)) <= _MOST_FUNCTION:
        if all(word in lists.function for word in (*one, *other)):
            return "function words"
        capitals = any(word[0].isupper() for run in (old, new) for word in run.words)
        if not marks and not capitals and len(old.plain) == len(new.plain) == len(one) == len(other) == 1:
            return "letters" if _same_word(one[0], other[0], lists) else "words"
    return "words"


def _same_word(one: str, other: str, lists: _Lists) -> bool:
    """Whether two words are one with a known pair of endings, or in two spellings."""
    stem = 0
    while stem < min(len(one), len(other)) and one[stem] == other[stem]:
        stem += 1
    if stem < _STEM:
        return False
    if {(one[stem:], other[stem:]), (other[stem:], one[stem:])} & lists.endings:
        return True
    if any(one == other.replace(a, b) or other == one.replace(a, b) for a, b in lists.spellings):
        return True
    short, long = sorted((one, other), key=len)
    twice = long[stem - 1] == long[stem] and long[stem] in lists.doubled if len(long) > len(short) else False
    return stem >= _LONG_STEM and twice and long[:stem] + long[stem + 1 :] == short
