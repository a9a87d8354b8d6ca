"""What a field may hold: values as people give them, checked and in the form a desk stores."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterable, Mapping
from datetime import date

from store.errors import Refused
from store.log.kinds import LISTS, Patch
from store.text.shorten import shorten
from store.vocabulary import Attribution, CheckTarget, Lines, Markup, Priority, Stance, Tier, Words

ARTICLE = ("title", "url", "publisher", "author", "published", "language", "lines", "markup")
CLAIM = ("claim_text", "claimant", "attribution", "check_target", "types", "priority", "tags")
SOURCE = ("url", "archive_url", "title", "publisher", "published", "retrieved", "tier", "origin")
EVIDENCE = ("stance", "quote", "locator", "note")

ONE_OF: Mapping[str, type[Words]] = {
    "attribution": Attribution,
    "check_target": CheckTarget,
    "priority": Priority,
    "stance": Stance,
    "tier": Tier,
}
"""The fields that hold one word of an enumeration; all but ``stance`` may be empty."""

DATES = ("published", "retrieved")

LEFT_TO_THE_TEXT = "auto"
"""The word for empty ``lines``: their own lengths tell how the lines of an article are meant."""


NO_MARKUP = "plain"
"""The word for empty ``markup``: people see the text as it is stored."""


def checked(fields: Mapping[str, object], allowed: Collection[str], types: Collection[str] = ()) -> Patch:
    """Fields as stored values; ``types`` are the claim types of the scheme.

    Raises:
        Refused: a field has no such name, or a value it cannot hold.
    """
    values: Patch = {}
    for name, value in fields.items():
        if name not in allowed:
            raise Refused(f"There is no field “{name}” here: use one of {', '.join(allowed)}.")
        if name in LISTS:
            words = [value] if isinstance(value, str) else value
            values[name] = _list(name, words if isinstance(words, Iterable) else (), types)
            continue
        said = clean(str(value)) if value is not None else ""
        if name in ONE_OF:
            said = _one_of(name, said.strip())
        elif name in DATES:
            said = _date(said.strip())
        elif name == "language":
            said = _language(said)
        elif name == "lines":
            said = _lines(said.strip())
        elif name == "markup":
            said = _markup(said.strip().casefold())
        elif name != "quote":
            said = said.strip()
        values[name] = said
    return values


def _list(name: str, words: Iterable[object], types: Collection[str]) -> list[str]:
    said = [clean(str(word)).strip() for word in words]
    chosen = list(dict.fromkeys(word for word in said if word))
    strange = [word for word in chosen if word not in types] if name == "types" and types else []
    if strange:
        raise Refused(f"The scheme has no claim type “{shorten(strange[0], 30)}”: use some of {', '.join(types)}.")
    return chosen


def _one_of(name: str, said: str) -> str:
    choices = [str(choice) for choice in ONE_OF[name]]
    if said not in choices and (said or name == "stance"):
        raise Refused(
            f"“{shorten(said, 30)}” is not a valid {name.replace('_', ' ')}: use one of {', '.join(choices)}."
        )
    return said


def _date(said: str) -> str:
    if not said:
        return ""
    match = re.fullmatch(r"([0-9]{4})(?:-([0-9]{2})(?:-([0-9]{2}))?)?", said)
    try:
        if match is None:
            raise ValueError
        date(int(match[1]), int(match[2] or 1), int(match[3] or 1))
    except ValueError:
        raise Refused(f"“{shorten(said, 30)}” is not a date. Use YYYY-MM-DD, YYYY-MM or YYYY.") from None
    return said


def _language(said: str) -> str:
    if not said:
        return ""
    from store.text.language_codes import checked_code as code  # long lists, which most edits do without

    return code(said)


def _lines(said: str) -> str:
    if said in ("", LEFT_TO_THE_TEXT):
        return ""
    ways = [str(way) for way in Lines]
    if said not in ways:
        raise Refused(
            f"“{shorten(said, 30)}” is not a way to read lines: use one of {', '.join((LEFT_TO_THE_TEXT, *ways))}."
        )
    return said


def _markup(said: str) -> str:
    if said in ("", NO_MARKUP):
        return ""
    ways = [str(way) for way in Markup]
    if said not in ways:
        raise Refused(
            f"“{shorten(said, 30)}” is not a way to mark up text: use one of {', '.join((NO_MARKUP, *ways))}."
        )
    return said


def value_words(name: str, value: str) -> str:
    """What a field holds as people read it: only the words of an enumeration are kept with underscores."""
    return value.replace("_", " ") if name in ONE_OF else value


def clean(text: str) -> str:
    """Text as a desk stores it: LF line ends, no NUL, no lone surrogates."""
    if "\r" in text or "\0" in text:
        text = text.replace("\r\n", "\n").replace("\r", "\n").replace("\0", "")
    return text if text.isascii() else re.sub("[\ud800-\udfff]", "\ufffd", text)
