"""Reviewers' names: never empty, never two spellings of one."""

from __future__ import annotations

import unicodedata
from functools import lru_cache

from store.errors import Refused
from store.log import clock

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
    """The id of the reviewer of that name, the same on every desk and however its letters are cased."""
    return clock.derived("reviewer", check_name(name).casefold())
