"""Full-text search over articles and claims."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable
from typing import Any

from store.records import Hit
from store.text.find import find, indexed
from store.text.shorten import shorten

Query = Callable[..., list[dict[str, Any]]]

_TERM = r"(?<!\S)\d{1,3}(?:[ ,.\u00a0\u202f]\d{3})+(?!\w)|\S+"
_NUMBER = r"\W*(?:\d{1,3}(?:[ ,.\u00a0\u202f]\d{3})+|\d{1,19})\W*"
_LONGEST = 1000
_BEFORE, _BEHIND = 16, 100  # code points shown around what was found
_SHOWN = 160


def search(rows: Query, words: str, limit: int) -> list[Hit]:
    """Where all the words stand together: in an article's text or title, or in a claim.

    What ``find`` finds as a whole word is found, and so is what begins with the last word, unless that is a number.
    ``2500`` also finds ``2 500``. Where a script parts no words, they are found anywhere. Only the first 1,000 code
    points are looked at.
    """
    words = words[:_LONGEST].strip()
    if not words:
        return []
    query = asked(words) or '""'  # which finds nothing
    hits: dict[tuple[str, str], Hit] = {}
    titles = rows(
        "SELECT id AS article, title FROM articles WHERE deleted = 0 AND instr(folded(title), folded(?)) LIMIT ?",
        words, limit,
    )  # fmt: skip
    texts = rows(
        "SELECT a.id AS article, t.sha FROM texts_fts"
        " JOIN texts t ON t.seq = texts_fts.rowid JOIN articles_now a ON a.sha = t.sha"
        " WHERE texts_fts MATCH ? AND a.deleted = 0 ORDER BY texts_fts.rowid DESC LIMIT ?",
        query, limit,
    )  # fmt: skip
    claims = rows(
        "SELECT c.article, c.id, c.quote, c.claim_text, c.claimant FROM main.claims_fts"
        " JOIN claims c ON c.seq = claims_fts.rowid JOIN articles a ON a.id = c.article"
        " WHERE claims_fts MATCH ? AND c.deleted = 0 AND a.deleted = 0 ORDER BY claims_fts.rowid DESC LIMIT ?",
        query, limit,
    )  # fmt: skip
    for row in titles:
        hits[row["article"], ""] = Hit(row["article"], "", shorten(row["title"], _SHOWN))
    for row in texts:
        body = rows("SELECT body FROM texts WHERE sha = ?", row["sha"])[0]["body"]
        start, end = _place(body, words)
        hits[row["article"], ""] = Hit(row["article"], "", _snippet(body, start, end), start, end)
    for row in claims:
        told = max((row["quote"], row["claim_text"], row["claimant"]), key=lambda text: _said(text, words))
        hits.setdefault(
            (row["article"], row["id"]), Hit(row["article"], row["id"], _snippet(told, *_place(told, words)))
        )
    return list(hits.values())[:limit]


def asked(words: str) -> str:
    """The full-text query for all the words: each a phrase of the index, the last perhaps only a beginning.

    A number is looked for as a whole, in either grouping. Empty when there is no letter and no digit to look for.
    """
    terms = [phrases for word in re.findall(_TERM, words) if (phrases := _phrases(word))]
    if terms and not re.fullmatch(_NUMBER, words.split()[-1]):
        terms[-1] = [phrase + "*" for phrase in terms[-1]]
    return " AND ".join(dict.fromkeys("(" + " OR ".join(phrases) + ")" for phrases in terms))


def _phrases(word: str) -> list[str]:
    """The ways in which a word may stand in the index."""
    ways = [indexed(word)]
    if re.fullmatch(_NUMBER, word):
        digits = re.sub(r"\D", "", word)
        ways += [digits, re.sub(r"(?<=\d)(?=(?:\d{3})+$)", " ", digits)]
    phrases = ("".join(part if unicodedata.category(part)[0] in "LNM" else " " for part in way).strip() for way in ways)
    return [f'"{phrase}"' for phrase in dict.fromkeys(phrases) if any(map(str.isalnum, phrase))]


def _terms(words: str) -> list[str]:
    """The words as they were typed: all of them, then each."""
    return list(dict.fromkeys((words, *(word for word in re.findall(_TERM, words) if _phrases(word)))))


def _said(text: str, words: str) -> int:
    """How many of the words stand in a text."""
    return sum(bool(find(text, wanted)) for wanted in _terms(words))


def _place(text: str, words: str) -> tuple[int, int]:
    """Where the words stand in a text first: together or else one of them, whole or else at a word's beginning."""
    for wanted in _terms(words):
        places = [found.span() for found in re.finditer(re.escape(wanted), text, re.IGNORECASE)]
        if not any(_begins(text, start) for start, _ in places):
            places = find(text, wanted)
        if places:
            return max(places, key=lambda place: (_begins(text, place[0]) + _begins(text, place[1]), -place[0]))
    return 0, 0


def _begins(text: str, i: int) -> bool:
    """Whether no letter or digit joins what is before ``i`` to what is behind it."""
    return not (0 < i < len(text) and _joins(text[i - 1]) and _joins(text[i]))


def _joins(character: str) -> bool:
    return unicodedata.category(character)[0] in "LNM"


def _snippet(text: str, start: int, end: int) -> str:
    """What stands around a place, on one line, from a word's beginning."""
    begin = max(0, start - _BEFORE) if len(text) > _SHOWN else 0
    if begin:
        space = re.compile(r"\s+").search(text, begin, start)
        begin = space.end() if space else begin
    beyond = end + _BEHIND
    head, tail = "…" if begin else "", "…" if beyond < len(text) else ""
    return head + shorten(text[begin:beyond], _SHOWN) + tail
