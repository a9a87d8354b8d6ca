"""What people are called: names are never empty, and no two people of a desk are called alike.

Who somebody stays under another name is their id: see `store.person`.
"""

from __future__ import annotations

import unicodedata
from collections.abc import Iterable, Iterator
from functools import lru_cache

from store.errors import Refused
from store.log import clock
from store.person import Person

LONGEST_NAME = 80
"""Code points, counted after composing (NFC) and collapsing white space."""

_REORDERING = {"LRE", "RLE", "LRO", "RLO", "PDF", "LRI", "RLI", "FSI", "PDI"}


_BLANK = frozenset("\u115f\u1160\u2800\u3164\uffa0")
"""Letters and signs that show nothing: fillers of Hangul, the empty Braille pattern."""


@lru_cache(maxsize=512)  # every write asks
def check_name(name: str) -> str:
    """The name as the desk keeps it: composed (NFC), white space trimmed and collapsed to single spaces.

    Raises Refused when it is empty or invisible, longer than ``LONGEST_NAME``, or holds a control character,
    a line break, a lone surrogate or a character that turns the direction of the text around it.
    """
    for place, character in enumerate(name, 1):
        if (
            unicodedata.category(character) in {"Cc", "Cs", "Zl", "Zp"}
            or unicodedata.bidirectional(character) in _REORDERING
        ):
            raise Refused(
                f"The reviewer's name has a control character (U+{ord(character):04X}) at place {place}; "
                "give the name without it."
            )
    kept = unicodedata.normalize("NFC", " ".join(name.split()))
    if not any(unicodedata.category(character)[0] in "LNPS" and character not in _BLANK for character in kept):
        raise Refused('The reviewer\'s name is empty; say who you are, for example "Ada Lovelace".')
    if len(kept) > LONGEST_NAME:
        raise Refused(
            f"The reviewer's name has {len(kept)} characters and may have {LONGEST_NAME}; give a shorter one."
        )
    return kept


def split_names(said: str) -> list[str]:
    """Names with commas between them, as people write them."""
    return [name for part in said.split(",") if (name := " ".join(part.split()))]


@lru_cache(maxsize=512)
def reviewer_id(name: str) -> str:
    """The id of somebody whose first name that is, as `check_name` keeps it: on every desk, and however it is cased."""
    return clock.derived("reviewer", name.casefold())


class Names:
    """Everybody on a desk, by their ids and by what they are called."""

    QUERY = "SELECT id, name FROM main.reviewers ORDER BY born"
    """Asks a desk for what a `Names` is made from."""

    def __init__(self, people: Iterable[tuple[str, str]]) -> None:
        """``people`` are pairs of id and name in the order in which they joined.

        Two who were given one name on different desks are told apart by a number behind the later name.
        """
        self._people: dict[str, Person] = {}
        self._called: dict[str, Person] = {}
        for id, name in people:
            told, times = name, 1
            while told.casefold() in self._called:
                told, times = f"{name} ({times + 1})", times + 1
            self._people[id] = self._called[told.casefold()] = Person(told, id)

    def __iter__(self) -> Iterator[Person]:
        return iter(self._people.values())

    def get(self, id: str) -> Person | None:
        """The person of that id, or None when they are not on this desk."""
        return self._people.get(id)

    def called(self, name: str) -> Person:
        """The person who is called so here, or was when they joined; else somebody new. A `Person` is known by the id.

        Raises:
            Refused: it is not a name.
        """
        given = name.id if isinstance(name, Person) else ""
        if given in self._people:
            return self._people[given]
        name = check_name(name)
        first = reviewer_id(name)
        return self._people.get(first) or self._called.get(name.casefold()) or Person(name, given or first)

    def must_be_free(self, name: str, person: str) -> None:
        """Refuse a name for a person (an id) that somebody else has here, or had when they joined."""
        other = self.called(name)
        if other.id == person or other.id not in self._people:
            return
        if other.casefold() == name.casefold():
            raise Refused(f"Somebody else on this desk is called {other}: choose another name.")
        raise Refused(f"“{name}” is the name under which {other} joined this desk: choose another name.")
