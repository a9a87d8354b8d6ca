"""What a desk tells of its records, frozen as they are: its history, conflicts, what a search found, and counts.

Times are milliseconds since 1970 in UTC, offsets code points, as in `store.records`.
"""

from collections.abc import Iterable, Mapping
from typing import NamedTuple

from store.person import Person
from store.records import Article
from store.vocabulary import LACK_WORDS, LEFT_WORDS, Left


class Unfinished(NamedTuple):
    """One thing that keeps a set from being submitted; ``claim`` is the id of the claim, or the first, it is about."""

    claim: str
    name: str
    what: Left
    how: str = ""

    @property
    def words(self) -> str:
        return LEFT_WORDS[self.what].format(name=self.name, how=self.how)


class Change(NamedTuple):
    """One line of history: who did what, when. ``sentence`` reads without the rest."""

    id: str
    action: str
    by: Person
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
    by: Person
    at: int
    values: Mapping[str, object]
    words: str = ""  # what was said, where the values are not words
    stands: bool = False  # whether it is what the desk shows until the conflict is settled


class Conflict(NamedTuple):
    """Two people changed one part of one item without seeing each other; one value stands until it is settled."""

    kind: str
    item: str
    part: str
    article: str
    about: str  # "C7", or the article's title
    contenders: tuple[Contender, ...]  # newest last
    beside: tuple["Conflict", ...] = ()  # about further claims of one place: they are settled with it


class Undone(NamedTuple):
    """What an undo or redo did, in words, and where to look."""

    sentence: str
    action: str
    article: str
    claim: str


class Hit(NamedTuple):
    """A full-text search result. ``claim`` is empty when an article's text or title matched; a source that no claim
    cites has no ``article`` either. ``start`` and ``end`` (code points) are where the words stand in a text, else 0.
    ``where`` says what was found, such as quote or justification; ``marks`` are the words' spans in the snippet."""

    article: str
    claim: str
    snippet: str
    start: int = 0
    end: int = 0
    where: str = ""
    marks: tuple[tuple[int, int], ...] = ()


class Lacking(NamedTuple):
    """How many claims lack what they need to be checked; one that lacks two things counts under both."""

    verdict: int = 0
    evidence: int = 0
    justification: int = 0
    again: int = 0  # its words were changed by a correction, and nobody has looked at it since
    known_verdict: int = 0  # it has one that is not in the scheme

    @classmethod
    def total(cls, of: Iterable["Lacking"]) -> "Lacking":
        """The counts of several articles together."""
        return cls(*map(sum, zip(cls(), *of, strict=True)))

    def __str__(self) -> str:
        """In words: ``2 lack a verdict, 4 evidence``; empty when nothing is lacking."""
        counts = [(f"{n:,}", LACK_WORDS[what]) for what, n in self._asdict().items() if n]
        verb = "lacks" if counts and counts[0][0] == "1" else "lack"
        return ", ".join([f"{n} {what}" if i else f"{n} {verb} {what}" for i, (n, what) in enumerate(counts)])


class Checked(NamedTuple):
    """How many of some claims are checked: they have a verdict, and all that it requires. And what the others lack."""

    claims: int = 0
    checked: int = 0
    lacking: Lacking = Lacking()

    @classmethod
    def total(cls, of: Iterable["Checked"]) -> "Checked":
        """The counts of several articles together."""
        found = list(of)
        counts = (sum(one.claims for one in found), sum(one.checked for one in found))
        return cls(*counts, Lacking.total(one.lacking for one in found))

    @classmethod
    def alike(cls, claims: int, lacks: Iterable[str]) -> "Checked":
        """The counts of so many claims that all lack the same: some of the fields of `Lacking`."""
        what = frozenset(lacks)
        return cls(claims, claims * (not what), Lacking(*(claims * (name in what) for name in Lacking._fields)))

    def __str__(self) -> str:
        """In words: ``12 of 28 · 4 lack evidence``."""
        return f"{self.checked:,} of {self.claims:,}" + (f" · {self.lacking}" if self.checked < self.claims else "")


class ShelfRow(NamedTuple):
    """An article as the library lists it, with its counts. ``changed`` is the last change of anything in it, ms."""

    article: Article
    claims: int
    claims_checked: int  # those that have a verdict and all that it requires
    lacking: Lacking
    sweeps: int
    conflicts: int
    checkers: tuple[Person, ...]
    changed: int
    reviewed: int  # claims that are reviewed or settled
    disputed: int
    threads: int  # comment threads that are not resolved
    inbox: int  # proposals that wait for the answer of who is looking
    state: str  # new, in progress, submitted, in review, disputed, final
    suggestions: int = 0  # those on which who is looking has not chosen


class Stats(NamedTuple):
    """Counts over the desk or some of its articles. What is read and left, as in ``coverage.Coverage``."""

    articles: int
    words: int
    words_read: int
    open_sentences: int
    leftovers: int
    claims: int
    claims_checked: int  # those that have a verdict and all that it requires
    lacking: Lacking
    evidence: int
    sources: int
    sweeps: int
    comments: int
    conflicts: int
    threads: int  # comment threads that are not resolved
    inbox: int  # proposals that wait for the answer of who is looking
    statuses: Mapping[str, int]  # status -> claims, in the order of the work
    verdicts: Mapping[str, int]  # key -> claims, most first
    checkers: Mapping[str, int]  # name -> claims, most first
