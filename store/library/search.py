"""Full-text search over articles and claims."""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import Any

from store.history.words import shorten
from store.records import Hit
from store.text.find import find

Query = Callable[..., list[dict[str, Any]]]

_UNSPACED = "[\u0e00-\u0eff\u1780-\u17ff\u3040-\u30ff\u3400-\u4dbf\u4e00-\u9fff\uf900-\ufaff]"
_TERM = r"(?<!\S)\d{1,3}(?:[ ,.\u00a0\u202f]\d{3})+(?!\w)|\S+"
_NUMBER = r"\W*(?:\d{1,3}(?:[ ,.\u00a0\u202f]\d{3})+|\d{1,19})\W*"
_LONGEST = 1000
_BEFORE, _BEHIND = 16, 100  # code points shown around what was found


def search(rows: Query, words: str, limit: int) -> list[Hit]:
    """Where all the words stand together: in an article's text or title, or in a claim.

    Words match whole and without regard to case or accents; the last may be a beginning. ``2500`` also finds
    ``2 500``. Scripts without spaces are searched as they stand. Only the first 1,000 code points are looked at.
    """
    words = words[:_LONGEST].strip()
    if not words:
        return []
    hits: dict[tuple[str, str], Hit] = {}
    if re.search(_UNSPACED, words):
        like = f"%{escaped(words)}%"
        texts = rows(
            "SELECT a.id AS article, t.sha FROM texts t JOIN articles_now a ON a.sha = t.sha"
            " WHERE a.deleted = 0 AND t.body LIKE ? ESCAPE '\\' LIMIT ?",
            like, limit,
        )  # fmt: skip
        claims = rows(
            "SELECT article, id, quote AS snippet FROM claims WHERE deleted = 0 AND"
            " (quote LIKE ?1 ESCAPE '\\' OR claim_text LIKE ?1 ESCAPE '\\' OR claimant LIKE ?1 ESCAPE '\\') LIMIT ?2",
            like, limit,
        )  # fmt: skip
    else:
        query = _fts(words) or '""'  # which finds nothing
        texts = rows(
            "SELECT a.id AS article, t.sha FROM texts_fts"
            " JOIN texts t ON t.seq = texts_fts.rowid JOIN articles_now a ON a.sha = t.sha"
            " WHERE texts_fts MATCH ? AND a.deleted = 0 ORDER BY texts_fts.rowid DESC LIMIT ?",
            query, limit,
        )  # fmt: skip
        claims = rows(
            "SELECT c.article, c.id, snippet(claims_fts, -1, '', '', '…', 14) AS snippet FROM main.claims_fts"
            " JOIN claims c ON c.seq = claims_fts.rowid JOIN articles a ON a.id = c.article"
            " WHERE claims_fts MATCH ? AND c.deleted = 0 AND a.deleted = 0 ORDER BY claims_fts.rowid DESC LIMIT ?",
            query, limit,
        )  # fmt: skip
    titles = rows(
        "SELECT id AS article, title AS snippet FROM articles WHERE deleted = 0 AND title LIKE ? ESCAPE '\\' LIMIT ?",
        f"%{escaped(words)}%",
        limit,
    )
    for row in titles:
        hits[row["article"], ""] = Hit(row["article"], "", shorten(row["snippet"], 160))
    for row in texts:
        # FTS5 would look for the words in the whole of a long text again, and does not say where they stand.
        body = rows("SELECT body FROM texts WHERE sha = ?", row["sha"])[0]["body"]
        start, end = _place(body, words)
        hits[row["article"], ""] = Hit(row["article"], "", _snippet(body, start, end), start, end)
    for row in claims:
        hits.setdefault((row["article"], row["id"]), Hit(row["article"], row["id"], shorten(row["snippet"], 160)))
    return list(hits.values())[:limit]


def _place(text: str, words: str) -> tuple[int, int]:
    """Where the words stand in a text first, together or else the first of them that does."""
    terms = [word for word in re.findall(_TERM, words) if any(character.isalnum() for character in word)]
    for wanted in dict.fromkeys((words, *terms)):
        if whole := re.search(rf"(?<!\w){re.escape(wanted)}", text, re.IGNORECASE):
            return whole.span()
        if found := find(text, wanted):
            return found[0]
    return 0, 0


def _snippet(text: str, start: int, end: int) -> str:
    """What stands around a place, on one line, from a word's beginning."""
    begin = max(0, start - _BEFORE)
    if begin:
        space = re.compile(r"\s+").search(text, begin, start)
        begin = space.end() if space else begin
    beyond = end + _BEHIND
    head, tail = "…" if begin else "", "…" if beyond < len(text) else ""
    return head + shorten(text[begin:beyond], 160) + tail


def escaped(words: str) -> str:
    """Words with the marks that LIKE reads as patterns escaped by a backslash."""
    return words.replace("\\", "\\\\").replace("%", "\\%").replace("_", "\\_")


def _fts(words: str) -> str:
    """An FTS5 query for all the words: each a quoted phrase, numbers in either grouping, the last as a beginning."""
    found = [word for word in re.findall(_TERM, words) if any(character.isalnum() for character in word)]
    terms = []
    for index, word in enumerate(found):
        if re.fullmatch(_NUMBER, word):
            digits = re.sub(r"\D", "", word)
            grouped = re.sub(r"(?<=\d)(?=(?:\d{3})+$)", " ", digits)
            terms.append("(" + " OR ".join(dict.fromkeys((_phrase(digits), _phrase(grouped)))) + ")")
        else:
            terms.append(_phrase(word) + ("*" if index == len(found) - 1 else ""))
    return " AND ".join(dict.fromkeys(terms))


def _phrase(word: str) -> str:
    return '"' + word.replace('"', '""') + '"'
