"""Which language a text is in: guessed from its script, its function words and letters of its own."""

from __future__ import annotations

import re
from collections import Counter
from functools import cache
from heapq import nlargest
from math import sqrt

from store.text.language_codes import is_code
from store.text.language_words import DEVANAGARI, LETTERS, WORDS

_SAMPLE = 4000
"""Code points of a text that are looked at."""
_MARGIN = 0.05
"""By how much a word the best language must lead the second: below it, nothing is guessed."""
_LEAST = 1.5
"""The least score that says anything: two words or so, of which one is the language's alone."""
_CYRILLIC = ("ru", "uk", "be", "sr", "bg", "mk")
_ENGLISH = "en"
_ONE_TABLE = {"nb": "no", "nn": "no", "bs": "hr", "sh": "hr", "yue": "zh", "wuu": "zh", "mr": "hi", "ne": "hi"}
"""Languages that are read by another's rules."""

_SCRIPTS = (
    (0x0041, 0x024F, "Latin"), (0x1E00, 0x1EFF, "Latin"), (0x0400, 0x052F, "Cyrillic"), (0x0370, 0x03FF, "el"),
    (0x1F00, 0x1FFF, "el"), (0x0531, 0x058F, "hy"), (0x0590, 0x05FF, "he"), (0x0600, 0x077F, "Arabic"),
    (0x0900, 0x097F, "hi"), (0x0980, 0x09FF, "bn"), (0x0A00, 0x0A7F, "pa"), (0x0A80, 0x0AFF, "gu"),
    (0x0B00, 0x0B7F, "or"), (0x0B80, 0x0BFF, "ta"), (0x0C00, 0x0C7F, "te"), (0x0C80, 0x0CFF, "kn"),
    (0x0D00, 0x0D7F, "ml"), (0x0D80, 0x0DFF, "si"), (0x0E00, 0x0E7F, "th"), (0x0E80, 0x0EFF, "lo"),
    (0x0F00, 0x0FFF, "bo"), (0x1000, 0x109F, "my"), (0x10A0, 0x10FF, "ka"), (0x1200, 0x139F, "am"),
    (0x1780, 0x17FF, "km"), (0x3040, 0x30FF, "Kana"), (0x3400, 0x9FFF, "Han"), (0xAC00, 0xD7A3, "ko"),
)  # fmt: skip
_WORD = re.compile(r"[^\W\d_]+")


def guess(text: str) -> str:
    """The BCP 47 code of the language that a text is in; empty when that cannot be told from it."""
    sample = text[:_SAMPLE]
    letters = Counter(sample)
    scripts: Counter[str] = Counter()
    for letter, times in letters.items():
        if letter.isalpha():
            scripts[_script(letter)] += times
    kana = scripts.pop("Kana", 0)
    if ideographs := kana + scripts.pop("Han", 0):
        # An ideograph says as much as three letters do.
        scripts["ja" if kana >= 0.05 * ideographs else "zh"] = 3 * ideographs
    script = max(scripts, key=lambda name: scripts[name], default="")
    if script == "Arabic":
        return "ur" if letters.keys() & set("ٹڈڑے") else "fa" if letters.keys() & set("پچگژ") else "ar"
    if script in ("Latin", "Cyrillic"):
        return _by_words(_WORD.findall(sample.lower()), letters, script)
    if script == "hi":
        words = Counter(sample.split())
        return max(DEVANAGARI, key=lambda language: sum(words[word] for word in DEVANAGARI[language].split()))
    return script


def spoken(language: str, text: str) -> str:
    """The language by whose rules a text is read: the one said, else the one guessed, else English."""
    said = language.partition("-")[0].lower()
    if not (said and is_code(said)):
        said = guess(text) or _ENGLISH
    return _ONE_TABLE.get(said, said)


def starters(language: str) -> frozenset[str]:
    """Words of a language, in small letters, that begin sentences; empty when it has no list."""
    return frozenset(WORDS.get(language, "").split())


@cache
def _script(letter: str) -> str:
    code = ord(letter)
    return next((name for first, last, name in _SCRIPTS if first <= code <= last), "")


@cache
def _weights(script: str) -> dict[str, dict[str, float]]:
    """What each word of the languages of a script says for each of them."""
    weights: dict[str, dict[str, float]] = {}
    for language in WORDS:
        if ("Cyrillic" if language in _CYRILLIC else "Latin") == script:
            for word in starters(language):
                weights.setdefault(word, {})[language] = 0.0
    for spoken_in in weights.values():
        spoken_in.update(dict.fromkeys(spoken_in, 1 / sqrt(len(spoken_in))))
    return weights


@cache
def _owners() -> dict[str, list[str]]:
    """The languages that a letter belongs to."""
    owners: dict[str, list[str]] = {}
    for language, letters in LETTERS.items():
        for letter in letters:
            owners.setdefault(letter, []).append(language)
    return owners


def _by_words(words: list[str], letters: Counter[str], script: str) -> str:
    weights = _weights(script)
    scores: dict[str, float] = {}
    for word, times in Counter(words).items():
        if word in weights:
            for language, weight in weights[word].items():
                scores[language] = scores.get(language, 0.0) + weight * times
    own: Counter[str] = Counter()
    for letter, times in letters.items():
        if letter > "\x7f":
            for language in _owners().get(letter, ()):
                own[language] += times
    for language, found in own.items():
        scores[language] = scores.get(language, 0.0) + 0.4 * min(1.5 * found, 0.1 * len(words) + 1)
    if not scores:
        return ""
    first, second = [*nlargest(2, scores.values()), 0.0][:2]
    enough = first >= _LEAST and first - second >= _MARGIN * len(words)
    return max(scores, key=lambda name: scores[name]) if enough else ""
