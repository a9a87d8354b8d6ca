"""How much of each article is read, and its sentences with their words, which are found once and then kept.

To part a text into sentences and words takes longer than all else that is asked of it, and its outcome is always the
same. So the desk keeps it, in the table ``sentences``, next to what it was found with: another ``EDITION`` finds it
again. Nobody waits for the keeping and nothing depends on it.
"""

from __future__ import annotations

import json
from collections import OrderedDict
from collections.abc import Iterable, Iterator, Sequence
from contextlib import suppress
from datetime import datetime, timedelta
from itertools import accumulate, chain, islice, pairwise
from typing import TYPE_CHECKING, NamedTuple
from unicodedata import unidata_version

from store.access.session import Session
from store.check.articles import Articles
from store.check.claims import Claims
from store.records import Article
from store.vocabulary import Markup

if TYPE_CHECKING:
    from store.text.coverage import Coverage, Held
    from store.text.interpretation import Interpretation
    from store.text.shown_text import Shown
    from store.text.units import Span

EDITION = 3
"""To be raised with every change of what ``store.text.sentences`` finds, or of the words that ``store.text.coverage``
counts in them: what was kept of them is then found again."""

_CHUNK = 200
_HELD = 4
_OF_ARTICLES = "c.article IN (SELECT value FROM json_each(?))"
_ENOUGH = 500_000
"""Sentences are saved in batches of this many code points: a write for each text would cost more than splitting it."""


class Parted(NamedTuple):
    """A text's sentences, and how many words each of them has."""

    sentences: list[Span]
    words: list[int]


class Coverages:
    """How much of each article is read, and its sentences."""

    def __init__(self, session: Session, articles: Articles, claims: Claims) -> None:
        self._session = session
        self._articles = articles
        self._claims = claims
        self._lately: OrderedDict[str, Parted] = OrderedDict()
        self._to_keep: list[tuple[str, str, str, str]] = []
        self._to_keep_length = 0

    @property
    def was_counted_by_sentences(self) -> bool:
        """Whether the desk was made by an edition of factdesk that counted a sentence as checked for one word of it."""
        asked = "SELECT name, applied_at FROM _sqlite_migrations WHERE name IN ('0001_initial', '0008_submission')"
        applied = dict(self._session.tuples(asked))
        with suppress(ValueError, KeyError):
            made, counted = (datetime.fromisoformat(applied[step]) for step in ("0001_initial", "0008_submission"))
            return counted - made > timedelta(minutes=1)
        return False

    def sentences(self, article: Article) -> list[Span]:
        """The sentences of an article's newest version, as spans of code points."""
        return self._part(article).sentences

    def interpretation(self, article: Article | str) -> Interpretation:
        """The language and the kind of lines that an article is read with, as set or guessed from its text."""
        return next(self.interpretations([self._articles.get(article).id]))[1]

    def interpretations(self, articles: Iterable[str]) -> Iterator[tuple[str, Interpretation]]:
        """The interpretation of each of many articles, which are given by id, with its title."""
        from store.text.interpretation import interpretation
        from store.text.shown_text import as_seen

        rest = iter(articles)
        while chunk := list(islice(rest, _CHUNK)):
            for title, sha, language, lines, markup in self._session.tuples(
                "SELECT title, sha, language, lines, markup FROM articles_now"
                " WHERE id IN (SELECT value FROM json_each(?)) ORDER BY born",
                json.dumps(chunk),
            ):
                yield title, interpretation(as_seen(self._articles.text(sha), markup).masked, language, lines)

    def of(self, article: Article | str) -> Coverage:
        """How much of an article its claims and sweeps cover, and what is left."""
        return next(self._covered([self._articles.get(article)]))

    def left(self, article: Article, start: int, end: int) -> list[Span]:
        """What is unread between two offsets of an article, and can be swept: never a claim's words."""
        from store.text.coverage import Ledger

        held = self._held_in([article]).get((article.id, article.version), [])
        text, sentences = self._articles.shown(article), self.sentences(article)
        return Ledger(text, sentences, held, self._session.scheme.leftover_words).left(start, end)

    def each(self, articles: Iterable[Article]) -> Iterator[Coverage]:
        """The coverage of each of many articles, in their order."""
        rest = iter(articles)
        while chunk := list(islice(rest, _CHUNK)):
            yield from self._covered(chunk)

    def _covered(self, articles: Sequence[Article]) -> Iterator[Coverage]:
        from store.text.coverage import coverage, untouched

        held, least = self._held_in(articles), self._session.scheme.leftover_words
        kept = self._kept(articles)
        for article in articles:
            parted = kept.get(article.sha) or self._part(article)
            lying = held.get((article.id, article.version))
            if lying:
                yield coverage(self._articles.shown(article), parted.sentences, lying, least)
            else:
                yield untouched(*parted)

    def _held_in(self, articles: Sequence[Article]) -> dict[tuple[str, str], list[Held]]:
        """Where claims and sweeps lie, by article and version."""
        from store.text.coverage import Hold

        ids = json.dumps([article.id for article in articles])
        found: dict[tuple[str, str], list[Held]] = {}
        lacking = {row["id"] for row, lacks in self._claims.required(_OF_ARTICLES, ids) if lacks}
        for table in ("claims", "sweeps"):
            for id, article, version, start, end in self._session.tuples(
                f'SELECT id, article, version, start, "end" FROM {table} c WHERE {_OF_ARTICLES} AND deleted = 0', ids
            ):
                hold = Hold.SWEPT if table == "sweeps" else Hold.TAGGED if id in lacking else Hold.CHECKED
                found.setdefault((article, version), []).append((start, end, hold))
        return found

    # -- sentences that are kept ------------------------------------------------------------------------------

    def in_slices(self, article: Article) -> Iterator[None]:
        """Find the sentences of an article that may be long, and yield often; then `sentences` has them at once."""
        key = _key(article)
        if key not in self._lately:
            found = self._kept([article]).get(article.sha)
            if found is None:
                found = Parted([], [])
                yield from _parting(found, self._articles.shown(article), article.language, article.lines)
                self._to_keep.append((_with(article), *kept(found), article.sha))
                self._to_keep_length += article.length
            yield
            self._lately[key] = found
            if len(self._lately) > _HELD:
                self._lately.popitem(last=False)

    def _part(self, article: Article) -> Parted:
        for _ in self.in_slices(article):
            pass
        if self._to_keep_length >= _ENOUGH:
            self.keep()
        return self._lately[_key(article)]

    def _kept(self, articles: Sequence[Article]) -> dict[str, Parted]:
        """What is kept of the texts of some articles, by SHA-256."""
        wanted = {article.sha: _with(article) for article in articles}
        found = {}
        for sha, by, words, edges in self._session.tuples(
            "SELECT t.sha, s.splitter, s.words, s.edges FROM texts t JOIN sentences s ON s.text = t.seq"
            " WHERE t.sha IN (SELECT value FROM json_each(?))",
            json.dumps(list(wanted)),
        ):
            with suppress(ValueError, TypeError):  # another program's doing: they are found again
                if by == wanted[sha]:
                    spans = unpacked(edges)
                    found[sha] = Parted(spans, counted(spans, words))
        return found

    def keep(self) -> None:
        """Write down the sentences found since the last time."""
        rows, self._to_keep, self._to_keep_length = self._to_keep, [], 0
        if rows and not self._session.read_only:
            self._session.log.aside(
                "INSERT OR REPLACE INTO main.sentences (text, splitter, edges, words)"
                " SELECT seq, ?, ?, ? FROM main.texts WHERE sha = ?",
                rows,
            )


def _key(article: Article) -> str:
    return f"{article.sha} {_with(article)}"


def _with(article: Article) -> str:
    return found_with(article.language, article.lines, article.markup)


def found_with(language: str, lines: str, markup: str = "") -> str:
    """What the sentences of a text are found with, by name: as long as this is the same, so are they."""
    return f"{language},{lines},{markup}{markup and ','}factdesk {EDITION}, Unicode {unidata_version}"


def parted(text: str, by: str) -> Parted | None:
    """A text's sentences and their words, found again; None where another edition found them, as ``by`` says."""
    from store.text.shown_text import as_seen

    language, lines, markup, *_ = *by.split(",", 3), "", "", ""
    markup = markup if markup in set(Markup) else ""
    if by != found_with(language, lines, markup):
        return None
    found = Parted([], [])
    for _ in _parting(found, as_seen(text, markup), language, lines):
        pass
    return found


def _parting(found: Parted, text: Shown, language: str, lines: str) -> Iterator[None]:
    """Fill in a text's sentences and their words, and yield often."""
    from store.text.coverage import words_of
    from store.text.language import spoken
    from store.text.sentences import each_sentence

    known = spoken(language, text.masked)
    yield  # of a long text this alone is a slice
    for span in each_sentence(text.masked, known, lines):
        found.sentences.append(text.fit(*span))
        yield
    for count in words_of(text, found.sentences):
        found.words.append(count)
        yield


def kept(found: Parted) -> tuple[str, str]:
    """A text's sentences and words as they are kept."""
    return packed(found.sentences), json.dumps(found.words, separators=(",", ":"))


def counted(edges: Sequence[Span], words: str) -> list[int]:
    """The words of each sentence, as they are kept. Raises ValueError when they are not of these sentences."""
    found = json.loads(words)
    if len(found) != len(edges) or not all(type(count) is int and count >= 0 for count in found):
        raise ValueError(words)
    return list(found)


def packed(spans: Iterable[Span]) -> str:
    """Spans in text order as a short JSON list: each edge as its distance from the one before."""
    edges = [0, *chain.from_iterable(spans)]
    return json.dumps([after - before for before, after in pairwise(edges)], separators=(",", ":"))


def unpacked(edges: str) -> list[Span]:
    """The spans that ``packed`` made into a list."""
    places = list(accumulate(json.loads(edges)))
    return list(zip(places[::2], places[1::2], strict=True))
