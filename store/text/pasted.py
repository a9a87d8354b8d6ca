"""What people paste from a browser: an address, and with it perhaps the passage that they marked there."""

from __future__ import annotations

import re
from typing import NamedTuple
from urllib.parse import unquote

_ADDRESS = re.compile(r"https?://[^\s<>\"“”]+", re.IGNORECASE)
_DIRECTIVE = ":~:"
_PAIRS = (("(", ")"), ("[", "]"))
_OPENING, _CLOSING = "\"'“‘«»„‚”’", "\"'”’»«“‘"


class Pasted(NamedTuple):
    """An address and a passage; each may be empty."""

    url: str
    passage: str


def pasted(text: str) -> Pasted:
    """The address in a pasted text, and the passage that came with it.

    The passage is what stands beside the one address, without the quotation marks around it, or the words that a
    link to a highlight names. A text with no address, or with several, is no more than a passage.
    """
    found = list(_ADDRESS.finditer(text))
    if len(found) != 1:
        return Pasted("", text.strip())
    address = _without_marks(found[0][0])
    start = found[0].start()
    before, behind = text[:start].rstrip(" (<["), text[start + len(address) :].lstrip(".,;)>]")
    url, highlight = _without_highlight(address)
    return Pasted(url, _unquoted(f"{before}\n{behind}") or highlight)


def _without_marks(address: str) -> str:
    """An address without the marks of the sentence around it; a bracket belongs to it if its partner does."""
    while address[-1] in ".,;" or any(
        address[-1] == one and address.count(one) > address.count(o) for o, one in _PAIRS
    ):
        address = address[:-1]
    return address


def _without_highlight(url: str) -> tuple[str, str]:
    """An address without what names a highlight in it, and the words of that."""
    page, _, fragment = url.partition("#")
    kept, marked, directive = fragment.partition(_DIRECTIVE)
    if not marked:
        return url, ""
    said = []
    for part in directive.split("&"):
        name, _, value = part.partition("=")
        if name == "text":
            # prefix-,start,end,-suffix: what leads up to the words and what follows them are no part of them
            words = [unquote(one) for one in value.split(",") if not one.endswith("-") and not one.startswith("-")]
            said.append(" … ".join(words))
    return f"{page}#{kept}" if kept else page, "\n".join(said)


def _unquoted(text: str) -> str:
    words = text.strip().strip("-–—|()<>[]").strip()
    if len(words) > 1 and words[0] in _OPENING and words[-1] in _CLOSING and not set(words[1:-1]) & set('"“”«»'):
        return words[1:-1].strip()
    return words
