"""The field's words as frozen records.

Times are milliseconds since 1970 in UTC. Offsets are Unicode code points, 0-based and end-exclusive, into the
text of one version. People appear by name. ``heads`` names the newest changes a record shows: hand a record back
to the desk and the edit is made on top of exactly what was seen, so a stale edit surfaces as a conflict.

The records are named tuples because two dozen frozen dataclasses would take a tenth of the app's start to define.
"""

from __future__ import annotations

from collections.abc import Mapping
from enum import Enum
from typing import NamedTuple


class Words(str, Enum):
    """An enumeration whose members are their own stored text."""

    def __str__(self) -> str:
        return str(self.value)


class Attribution(Words):
    """How the article makes the claim; the empty string in a record means "not said"."""

    OWN_VOICE = "own_voice"
    DIRECT_QUOTE = "direct_quote"
    PARAPHRASE = "paraphrase"
    ANONYMOUS = "anonymous"
    HEADLINE = "headline"


class CheckTarget(Words):
    """What is to be verified: that it is so, that it was said, or both."""

    CONTENT = "content"
    ATTRIBUTION = "attribution"
    BOTH = "both"


class Priority(Words):
    HIGH = "high"
    NORMAL = "normal"
    LOW = "low"


class Stance(Words):
    """What a piece of evidence does to its claim."""

    SUPPORTS = "supports"
    REFUTES = "refutes"
    CONTEXT = "context"


class Tier(Words):
    """How close a source stands to the fact."""

    PRIMARY = "primary"
    SECONDARY = "secondary"
    TERTIARY = "tertiary"


class Status(Words):
    """Where a claim stands in the work. Derived, never stored."""

    TAGGED = "tagged"
    CHECKED = "checked"
    WITHDRAWN = "withdrawn"


class Reviewer(NamedTuple):
    id: str
    name: str


class Article(NamedTuple):
    """An article and its newest version. ``number`` is its place in the desk's list, counted from 1."""

    id: str
    number: int
    title: str
    url: str
    publisher: str
    author: str
    published: str  # ISO 8601: YYYY, YYYY-MM or YYYY-MM-DD; empty when unknown
    language: str  # BCP 47, e.g. "en"; empty when unknown
    version: str  # id of the newest version
    version_number: int
    sha: str  # SHA-256 of the version's text in UTF-8
    length: int  # code points
    by: str
    created: int
    updated: int
    heads: tuple[str, ...]
    deleted: bool = False
    conflict: bool = False


class Claim(NamedTuple):
    """A tagged span and what is said of it. ``verdict`` is the standing one: the checker's, until settled."""

    id: str
    name: str  # "C7", unique within its article
    article: str
    version: str
    start: int
    end: int
    quote: str
    prefix: str
    suffix: str
    claim_text: str
    claimant: str
    attribution: str
    check_target: str
    types: tuple[str, ...]
    priority: str
    tags: tuple[str, ...]
    checker: str
    verdict: str  # key of the scheme, or empty
    justification: str
    evidence_count: int
    comment_count: int
    status: Status
    created: int
    updated: int
    heads: tuple[str, ...]
    deleted: bool = False
    conflict: bool = False  # somebody's edit to the claim or a verdict on it is waiting to be settled


class Verdict(NamedTuple):
    """One person's conclusion on one claim."""

    id: str
    claim: str
    by: str
    verdict: str
    justification: str
    created: int
    updated: int
    heads: tuple[str, ...]
    deleted: bool = False
    conflict: bool = False


class Source(NamedTuple):
    """Something evidence is taken from; shared by all the evidence that cites its URL."""

    id: str
    url: str
    archive_url: str
    title: str
    publisher: str
    published: str
    retrieved: str
    tier: str
    origin: str  # where the source itself has it from: two sources of one origin are one
    by: str
    created: int
    updated: int
    heads: tuple[str, ...]
    deleted: bool = False
    conflict: bool = False


class Evidence(NamedTuple):
    """One source's bearing on one claim. ``quote`` is the source's own passage, ``locator`` where it stands."""

    id: str
    claim: str
    source: Source | None
    stance: str
    quote: str
    locator: str
    note: str
    by: str
    created: int
    updated: int
    heads: tuple[str, ...]
    deleted: bool = False
    conflict: bool = False


class Sweep(NamedTuple):
    """ "Read, nothing to check here": a stretch of one version's text."""

    id: str
    article: str
    version: str
    start: int
    end: int
    by: str
    created: int
    updated: int
    heads: tuple[str, ...]
    deleted: bool = False
    conflict: bool = False


class Comment(NamedTuple):
    id: str
    claim: str
    reply_to: str
    body: str
    by: str
    created: int
    updated: int
    heads: tuple[str, ...]
    deleted: bool = False
    conflict: bool = False


class Change(NamedTuple):
    """One line of history: who did what, when. ``sentence`` reads without the rest."""

    id: str
    action: str
    by: str
    at: int
    kind: str
    item: str
    article: str  # id of the article it belongs to, or empty
    sentence: str  # "gave C7 the verdict refuted"
    values: Mapping[str, object]
    undoes: str  # the action it reverses, or empty


class Contender(NamedTuple):
    """One of the values in a conflict."""

    change: str
    by: str
    at: int
    values: Mapping[str, object]


class Conflict(NamedTuple):
    """Two people changed one part of one item without seeing each other; the newest is shown until settled."""

    kind: str
    item: str
    part: str
    article: str
    about: str  # "C7", or the article's title
    contenders: tuple[Contender, ...]  # newest last


class Undone(NamedTuple):
    """What an undo or redo did, in words, and where to look."""

    sentence: str
    action: str
    article: str
    claim: str


class Hit(NamedTuple):
    """A full-text search result. ``claim`` is empty when the article's own text or title matched."""

    article: str
    claim: str
    snippet: str


class ShelfRow(NamedTuple):
    """An article as the library lists it, with its counts. ``changed`` is the last change of anything in it, ms."""

    article: Article
    claims: int
    with_verdict: int
    sweeps: int
    conflicts: int
    checkers: tuple[str, ...]
    changed: int


class Stats(NamedTuple):
    """Counts over the desk or some of its articles. Sentences and characters as in ``coverage.Coverage``."""

    articles: int
    claims: int
    with_verdict: int
    evidence: int
    sources: int
    sweeps: int
    comments: int
    conflicts: int
    verdicts: Mapping[str, int]  # key -> claims, most first
    checkers: Mapping[str, int]  # name -> claims, most first
    sentences: int
    accounted_sentences: int
    characters: int
    accounted_characters: int
