"""Full-text search over articles, claims, what is said of these, and sources."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable, Mapping
from typing import Any, NamedTuple

from store.log.fulltext import SEARCHED, as_said
from store.reports import Hit
from store.text.find import find, indexed
from store.text.shorten import shorten
from store.text.units import Span

Query = Callable[..., list[dict[str, Any]]]

_TERM = r"(?<!\S)\d{1,3}(?:[ ,.\u00a0\u202f]\d{3})+(?!\w)|\S+"
_NUMBER = r"\W*(?:\d{1,3}(?:[ ,.\u00a0\u202f]\d{3})+|\d{1,19})\W*"
_LONGEST = 1000
_BEFORE, _BEHIND = 16, 100  # code points shown around what was found
_SHOWN = 160


class _Said(NamedTuple):
    """Something that is said of claims: its columns that are looked at, and how a row hangs on a claim ``c``."""

    kind: str
    where: tuple[str, ...]
    on_claim: str = "JOIN claims c ON c.id = x.claim"


_SAID = (
    _Said("verdicts", ("justification",)),
    _Said("adjudications", ("settlement",)),
    _Said("evidence", ("passage", "locator", "note")),
    _Said("comments", ("comment",)),
    _Said("reviews", ("review", "review")),
    _Said("answers", ("answer",), "JOIN reviews y ON y.id = x.review JOIN claims c ON c.id = y.claim"),
)
_CLAIM = ("quote", "claim_text", "claimant")


def search(rows: Query, words: str, limit: int) -> list[Hit]:
    """Where all the words stand together: in an article's text or title, in a claim, in one thing that is said of a
    claim, or in a source.

    What ``find`` finds as a whole word is found, and so is what begins with the last word, unless that is a number.
    ``2500`` also finds ``2 500``. Where a script parts no words, they are found anywhere. Only the first 1,000 code
    points are looked at. Where more is found than ``limit``, each kind has its share.
    """
    words = words[:_LONGEST].strip()
    if not words:
        return []
    query = asked(words) or '""'  # which finds nothing
    found = [_articles(rows, words, query, limit), _claims(rows, words, query, limit)]
    found += [_said(rows, said, words, query, limit) for said in _SAID]
    found.append(_sources(rows, words, query, limit))
    for _ in range(sum(map(len, found)) - limit):
        max(found, key=len).pop()
    return [hit for hits in found for hit in hits]


def _articles(rows: Query, words: str, query: str, limit: int) -> list[Hit]:
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
    hits = {row["article"]: _hit(row["article"], "", "title", shorten(row["title"], _SHOWN), words) for row in titles}
    for row in texts:
        body = rows("SELECT body FROM texts WHERE sha = ?", row["sha"])[0]["body"]
        start, end = _place(body, words)
        hit = _hit(row["article"], "", "text", _snippet(body, start, end), words)
        hits[row["article"]] = hit._replace(start=start, end=end)
    return list(hits.values())[:limit]


def _claims(rows: Query, words: str, query: str, limit: int) -> list[Hit]:
    claims = rows(
        "SELECT c.article, c.id AS claim, c.quote, c.claim_text, c.claimant FROM main.claims_fts"
        " JOIN claims c ON c.seq = claims_fts.rowid JOIN articles a ON a.id = c.article"
        " WHERE claims_fts MATCH ? AND c.deleted = 0 AND a.deleted = 0 ORDER BY claims_fts.rowid DESC LIMIT ?",
        query, limit,
    )  # fmt: skip
    return [_told(row, dict(zip(_CLAIM, _CLAIM, strict=True)), words) for row in claims]


def _said(rows: Query, said: _Said, words: str, query: str, limit: int) -> list[Hit]:
    columns = SEARCHED[said.kind]
    seq, of_kind = as_said(said.kind)
    found = rows(  # of a hidden answer nothing is told
        f"SELECT c.article, c.id AS claim, {', '.join(f'x.{column}' for column in columns)} FROM main.said_fts"
        f" JOIN {said.kind} x ON x.seq = {seq} {said.on_claim} JOIN articles a ON a.id = c.article"
        f" WHERE said_fts MATCH ? AND {of_kind} AND x.deleted = 0 AND c.deleted = 0 AND a.deleted = 0"
        f" AND x.{' || x.'.join(columns)} <> '' ORDER BY said_fts.rowid DESC LIMIT ?",
        query, limit,
    )  # fmt: skip
    return [_told(row, dict(zip(columns, said.where, strict=True)), words) for row in found]


def _sources(rows: Query, words: str, query: str, limit: int) -> list[Hit]:
    """Each source once, at the first claim that cites it; one that no claim cites has neither claim nor article."""
    columns = SEARCHED["sources"]
    seq, of_kind = as_said("sources")
    found = rows(
        f"SELECT x.id, {', '.join(f'x.{column}' for column in columns)} FROM main.said_fts"
        f" JOIN sources x ON x.seq = {seq} WHERE said_fts MATCH ? AND {of_kind} AND x.deleted = 0"
        " ORDER BY said_fts.rowid DESC LIMIT ?",
        query, limit,
    )  # fmt: skip
    hits = []
    for row in found:
        cited = rows(
            "SELECT c.article, c.id AS claim FROM evidence e JOIN claims c ON c.id = e.claim"
            " JOIN articles a ON a.id = c.article WHERE e.source = ? AND e.deleted = 0 AND c.deleted = 0"
            " AND a.deleted = 0 ORDER BY a.born, c.start, c.born LIMIT 1",
            row["id"],
        )  # fmt: skip
        at = cited[0] if cited else {"article": "", "claim": ""}
        hits.append(_told({**row, **at}, dict.fromkeys(columns, "source"), words))
    return hits


def _told(row: Mapping[str, str], columns: Mapping[str, str], words: str) -> Hit:
    """The hit in that column of a row that says most of the words; ``columns`` are what hits call them."""
    told = max(columns, key=lambda column: _number_said(row[column], words))
    return _hit(row["article"], row["claim"], columns[told], _snippet(row[told], *_place(row[told], words)), words)


def _hit(article: str, claim: str, where: str, snippet: str, words: str) -> Hit:
    return Hit(article, claim, snippet, where=where, marks=tuple(_marks(snippet, words)))


def _marks(snippet: str, words: str) -> list[Span]:
    """Where the words stand in a snippet, in order and apart."""
    marks: list[Span] = []
    for start, end in sorted(place for wanted in _terms(words) for place in find(snippet, wanted)):
        if not _begins(snippet, start):
            continue
        if marks and start <= marks[-1][1]:
            marks[-1] = (marks[-1][0], max(end, marks[-1][1]))
        else:
            marks.append((start, end))
    return marks


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


def _number_said(text: str, words: str) -> int:
    """How many of the words stand in a text."""
    return sum(bool(find(text, wanted)) for wanted in _terms(words))


def _place(text: str, words: str) -> Span:
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
