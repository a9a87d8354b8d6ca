"""An article as read, before a desk has it, and the title it goes by."""

import re
import unicodedata
from collections.abc import Mapping
from itertools import islice
from pathlib import Path
from typing import NamedTuple

EXCERPT = 1_000
"""Code points of a sentence or heading that are looked at for a title."""
TITLE_LENGTH = 100
"""The longest title made from a text, in grapheme clusters."""


DATE_HEADER = re.compile(r" ?date ([0-9]{4}-[0-9]{2}-[0-9]{2})\s")
"""A first line that only dates the text."""


class Original(NamedTuple):
    """The bytes that an article was read from, and where they come from.

    ``address`` is where the redirects ended, empty for a file; ``redirects`` are the addresses before it. ``fetched``
    is in ms UTC, 0 for a file; ``name`` is the file's own. ``settings`` tell with what the bytes were read: equal
    bytes and settings give an equal text. ``leaves`` are the places in the text at which the pages of a PDF begin.
    """

    data: bytes
    content_type: str
    settings: str = ""
    name: str = ""
    address: str = ""
    redirects: tuple[str, ...] = ()
    fetched: int = 0
    modified: str = ""
    leaves: tuple[int, ...] = ()


class Remark(NamedTuple):
    """What somebody wrote beside an article in the file it comes from: a comment in Word.

    ``at`` is in ms UTC, ``key`` tells it from the others of the file.
    """

    start: int
    end: int
    author: str
    words: str
    at: int = 0
    key: str = ""


class Draft(NamedTuple):
    """An article as read, before a desk has it.

    ``heading`` is the title that the file gives it, in its front matter or as a heading. ``published`` is YYYY,
    YYYY-MM or YYYY-MM-DD, and like the other fields empty when unknown. ``notes`` tells what was mended and how the
    bytes were read, a phrase each. ``where`` names it among others of one file: its line, its row.
    """

    text: str
    heading: str = ""
    url: str = ""
    publisher: str = ""
    author: str = ""
    published: str = ""
    language: str = ""
    lines: str = ""
    markup: str = ""
    path: Path | None = None
    notes: tuple[str, ...] = ()
    where: str = ""
    original: Original | None = None
    remarks: tuple[Remark, ...] = ()

    def saying(self, said: Mapping[str, str]) -> "Draft":
        """The same text with these details in place of its own; their names are those of the fields."""
        return self._replace(
            heading=said.get("heading", self.heading),
            url=said.get("url", self.url),
            publisher=said.get("publisher", self.publisher),
            author=said.get("author", self.author),
            published=said.get("published", self.published),
            language=said.get("language", self.language),
            lines=said.get("lines", self.lines),
            markup=said.get("markup", self.markup),
        )

    @property
    def title(self) -> str:
        """The heading, else the first sentence, on one line and of at most ``TITLE_LENGTH``."""
        if self.heading:
            return _shortened(self.heading)
        header = DATE_HEADER.match(self.text)
        text = self.text[header.end() if header else 0 :] or self.text
        if self.markup:
            from store.text.markdown import SIGNS
            from store.text.shown_text import as_seen

            text = as_seen(text[: 2 * EXCERPT], self.markup).text.lstrip(SIGNS)
        return _shortened(_first_sentence(text, self.language, self.lines))


def _shortened(title: str) -> str:
    """The title on one line, cut at a word when it is longer than ``TITLE_LENGTH``."""
    title = plain_title(title[: 2 * EXCERPT])
    if len(title) <= TITLE_LENGTH:
        return title
    from store.text.units import graphemes

    clusters = list(islice(graphemes(title), TITLE_LENGTH + 1))
    if len(clusters) <= TITLE_LENGTH and len(title) <= EXCERPT:
        return title
    kept = title[: min(clusters[: TITLE_LENGTH - 1][-1][1], EXCERPT)]
    words = kept.rpartition(" ")[0]
    return (words if len(words) * 2 > len(kept) else kept).rstrip(" ,;:–—-") + "…"


def _first_sentence(text: str, language: str, lines: str) -> str:
    from store.text.sentences import sentences  # patterns that titled articles do without

    opening = text.strip()[:EXCERPT].partition("\n\n")[0]
    return next((opening[start:end] for start, end in sentences(opening, language, lines)), opening)


def is_whole(text: str) -> bool:
    """Whether a text has no lone surrogate, so that it can be written as UTF-8."""
    try:
        text.encode()
    except UnicodeEncodeError:
        return False
    return True


def plain_title(value: str) -> str:
    """On one line: control characters and line ends become spaces, and runs of white space one space."""
    if value.isprintable():
        return " ".join(value.split())
    return " ".join("".join(" " if unicodedata.category(c) in {"Cc", "Zl", "Zp"} else c for c in value).split())
