"""Keys by their place on the keyboard: under a Cyrillic, Greek, Hebrew or Arabic layout the commands keep their places.

``ф`` lies where ``a`` lies. A terminal with the kitty protocol says so itself; for all others the tables below hold the
usual layouts. What a key *is* always comes first: only a key that means nothing itself is read by its place.
"""

import unicodedata
from functools import cache
from typing import NamedTuple

_US = "`1234567890-=[]\\;',./"
_US_SHIFTED = '~!@#$%^&*()_+{}|:"<>?'
_SHIFTED = dict(zip(_US, _US_SHIFTED, strict=True))


class KeyLayout(NamedTuple):
    """The letters of a script's usual layout and, place by place, what lies there on a Latin keyboard."""

    script: str
    letters: str
    places: str


LAYOUTS = (
    KeyLayout("Cyrillic", "йцукенгшщзхъфывапролджэячсмитьбюёіїєґў№", "qwertyuiop[]asdfghjkl;'zxcvbnm,.`s]'\\o#"),
    KeyLayout("Greek", "ςερτυθιοπασδφγηξκλζχψωβνμ", "wertyuiopasdfghjklzxcvbnm"),
    KeyLayout("Hebrew", "קראטוןםפשדגכעיחלךףזסבהנמצתץ", "ertyuiopasdfghjkl;zxcvbnm,."),
    KeyLayout("Arabic", "ضصثقفغعهخحجدشسيبلاتنمكطئءؤرىةوزظ", "qwertyuiop[]asdfghjkl;'zxcvnm,./"),
)
_ELSEWHERE = frozenset("љњћђџјЉЊЋЂЏЈ")
"""Letters of layouts that put the Cyrillic ones elsewhere: for people who type those the table is of no use."""

_LEARNED: dict[str, str] = {}


class KeyPlace(NamedTuple):
    """Where a key lies: the Latin key there, and the script whose layout says so ("" where the terminal does)."""

    key: str
    script: str


@cache
def _table() -> dict[str, KeyPlace]:
    found: dict[str, KeyPlace] = {}
    for script, letters, places in LAYOUTS:
        for letter, place in zip(letters, places, strict=True):
            found.setdefault(letter, KeyPlace(place, script))
            if letter.upper() != letter and len(letter.upper()) == 1:
                found.setdefault(letter.upper(), KeyPlace(_SHIFTED.get(place, place.upper()), script))
    return found


def learn(letter: str, base: str) -> None:
    """Take in what a terminal says: this letter lies where ``base`` lies on a Latin keyboard."""
    if not letter.isascii() and base.isascii() and len(_LEARNED) < 1000:
        _LEARNED[letter] = base
        if letter.upper() != letter and len(letter.upper()) == 1:
            _LEARNED[letter.upper()] = _SHIFTED.get(base, base.upper())


class Places:
    """Finds the place of a key. ``on`` is False for a person who wants every key read as what it is."""

    def __init__(self, on: bool = True) -> None:
        self.on = on

    def of(self, character: str) -> KeyPlace | None:
        """Where a character lies, or None: ASCII is always what it is. A digit of any script lies on its own key."""
        if character.isascii() or len(character) != 1:
            return None
        if character.isdecimal():
            return KeyPlace(str(unicodedata.decimal(character)), "")
        if not self.on:
            return None
        if character in _LEARNED:
            return KeyPlace(_LEARNED[character], "")
        if character in _ELSEWHERE:
            self.on = False
            return None
        bare = unicodedata.normalize("NFD", character)[0]
        return _table().get(character) or _table().get(bare)
