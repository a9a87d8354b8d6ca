"""The contract of a format: what a module must have so that a desk can be written as it and read from it.

A format is a module (or any object) with the names of `Format`. It knows no desk: ``write`` is given the texts with
their annotations and puts them into files, ``read`` is given files and yields the texts and annotations that it finds.
What is the same for all - where words stand, whose claims they are, what is here already, what is hidden from whom -
is done once, in `outgoing_texts`, `export_to_any_format` and `import_of_any_format`.

Offsets are counted from 0, the end is not counted in; a format says in which ``unit`` its files count them, and both
``write`` and ``read`` deal in that unit. A format whose files hold no offsets has the unit ``none``; its spots are
found by their quote.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from types import MappingProxyType
from typing import TYPE_CHECKING, Any, Literal, NamedTuple, Protocol

from store.text.quotations import quoted
from store.text.shorten import shorten

if TYPE_CHECKING:
    from store.formats.files import Files, Out, Problem
    from store.scheme import Scheme

Unit = Literal["codepoint", "utf-16", "byte", "none"]
UNITS: tuple[Unit, ...] = ("codepoint", "utf-16", "byte")
"""What files count offsets in: code points, as Python and desks do; UTF-16 units, as browsers do; bytes of UTF-8."""

FIELDS: Mapping[str, str] = MappingProxyType(
    {
        "claim": "the claim itself",
        "span": "the place in the text",
        "overlap": "spans that share words with another",
        "discontinuous": "the gaps in a span of several pieces",
        "claim_text": "the statement in words that stand alone",
        "claimant": "who asserts it",
        "types": "the claim types",
        "tags": "the tags",
        "details": "attribution, what is verified, and priority",
        "verdict": "the verdict",
        "note": "the justification",
        "judge": "who gave the verdict, where that is not who tagged it",
        "settled": "how it was settled",
        "person": "who tagged it",
        "time": "when it was tagged",
        "evidence": "the evidence with its sources",
        "reviews": "what reviewers decided",
        "comments": "the comments",
        "waits": "the mark on what is contested, or has other words since a correction",
        "sweeps": "what was read and holds nothing to check",
        "title": "the article's title",
        "url": "the article's address",
        "language": "the article's language",
        "lines": "how the lines of the text are to be read",
        "markup": "that the text is Markdown",
        "publication": "the article's author, publisher and date",
    }
)
"""What a desk has to give, by the name that a format says it carries or loses, with what it is in words."""

OF_TEXT = ("sweeps", "title", "url", "language", "lines", "markup", "publication")
"""The fields that belong to an article and not to a claim."""

COMMON_DETAILS = ("title", "url", "language", "publisher", "author", "published", "markup")
"""What a `Text` tells of its article, by names under which files of other tools may have room for it."""

DETAILS = (*COMMON_DETAILS, "lines")
"""All that a `Text` tells of its article, by its names in files of our own; other tools have other things as lines."""


class Cited(NamedTuple):
    """A piece of evidence with its source."""

    stance: str = "context"
    quote: str = ""
    locator: str = ""
    note: str = ""
    url: str = ""
    title: str = ""
    publisher: str = ""
    published: str = ""
    retrieved: str = ""
    archive_url: str = ""
    tier: str = ""
    origin: str = ""


class Said(NamedTuple):
    """What somebody said of a claim: a comment, or with ``decision`` a review. ``at`` is in ms UTC, 0 when unknown.

    Of a review, ``verdict`` is the reviewer's own with its justification (``note``), ``reason`` a key of the scheme,
    and ``claim_text`` and the span, with the words on it (``quote``), are what it proposes; ``end`` is 0 where it
    proposes none. ``stale`` says whether what it is about has changed since: None where a file does not say, and then
    it comes in as a comment. ``answered`` says that somebody has answered it, which no file tells.
    """

    words: str
    person: str = ""
    decision: str = ""
    verdict: str = ""
    at: int = 0
    reason: str = ""
    note: str = ""
    claim_text: str = ""
    start: int = 0
    end: int = 0
    quote: str = ""
    stale: bool | None = None
    answered: bool = False


class Spot(NamedTuple):
    """One annotation as a file has it, before a desk sees it, or as a desk gives it to a file.

    ``key`` is its id in the file. ``label`` is what a file calls it when that may be a verdict, a type or a tag: a
    desk decides. ``note`` is the justification. ``machine`` says that a program made it, not a person. ``at`` is when,
    in ms UTC, 0 when unknown. ``extra`` is what else the file says, to be given back to it. ``name`` is the claim's
    own, such as C7. ``judge`` gave the verdict, where that is not ``person``; ``settled`` says that somebody settled
    it so, which no file tells. ``waits`` has "conflict" while two people's values for one thing about it wait to be
    settled, and "check_again" while nobody has looked at it since a correction changed its words.
    """

    key: str = ""
    start: int = -1
    end: int = -1
    quote: str = ""
    prefix: str = ""
    suffix: str = ""
    fragments: tuple[tuple[int, int], ...] = ()
    label: str = ""
    verdict: str = ""
    note: str = ""
    claim_text: str = ""
    claimant: str = ""
    attribution: str = ""
    check_target: str = ""
    types: tuple[str, ...] = ()
    priority: str = ""
    tags: tuple[str, ...] = ()
    person: str = ""
    machine: bool = False
    at: int = 0
    evidence: tuple[Cited, ...] = ()
    reviews: tuple[Said, ...] = ()
    comments: tuple[Said, ...] = ()
    extra: Mapping[str, Any] = MappingProxyType({})
    name: str = ""
    waits: tuple[str, ...] = ()
    judge: str = ""
    settled: bool = False


class Text(NamedTuple):
    """One article with what is marked in it. ``where`` is its place in a file, such as ``dev.jsonl, line 12``.

    ``markup`` says that the text is Markdown, of which people see the words alone, ``lines`` whether each of its lines
    is a sentence (``lines``) or it was wrapped by hand (``wrapped``); empty where its lines tell that themselves.
    ``stated`` has what stands in it as the format's ``statement`` writes it, instead of ``spots`` and ``sweeps``.
    """

    key: str
    text: str
    title: str = ""
    url: str = ""
    language: str = ""
    publisher: str = ""
    author: str = ""
    published: str = ""
    spots: tuple[Spot, ...] = ()
    sweeps: tuple[Spot, ...] = ()
    where: str = ""
    markup: str = ""
    lines: str = ""
    stated: Iterable[bytes] = ()


@dataclass(frozen=True, slots=True)
class Loss:
    """A field of `FIELDS` that a file does not hold although the desk has it: of how many, and one of them."""

    what: str
    count: int
    example: str = ""
    why: str = ""

    def __str__(self) -> str:
        one = "article" if self.what in OF_TEXT else "claim"
        of = f"{self.count:,} {one}" if self.count == 1 else f"{self.count:,} {one}s"
        such = f", such as {self.example}" if self.example else ""
        why = f"; {self.why}" if self.why else ""
        return f"{FIELDS.get(self.what, self.what)} ({of}{such}{why})"


@dataclass(frozen=True, slots=True)
class Options:
    """What somebody said about a file to be read or written. ``said`` holds the format's own options by their names."""

    scheme: Scheme
    unit: str = ""
    said: Mapping[str, str] = field(default_factory=dict)

    def verdict_word(self, key: str, format: str) -> str:
        """What a format calls a verdict: as the scheme says for it, else the verdict's label; empty for none."""
        kind = self.scheme.verdict(key)
        return kind.export.get(format, kind.label if kind.known else key) if key else ""

    def verdict_key(self, word: str, format: str) -> str:
        """The key of the verdict that a format calls so: the first that the scheme says, or of that key or label."""
        wanted = _alike(word)
        for kind in self.scheme.verdicts if wanted else ():
            if wanted in (_alike(kind.key), _alike(kind.label)):
                return kind.key
        called = (kind.key for kind in self.scheme.verdicts if wanted == _alike(kind.export.get(format, "")))
        return next(called, "") if wanted else ""


class Statement(NamedTuple):
    """How a format writes what stands in an article: the SQL for the lines of one claim, and of one sweep.

    A claim is a row ``c`` of ``claims_now``, a sweep a row ``w`` of ``sweeps`` with its ``words``; ``p`` has the id and
    ``sha`` of the text, and its ``article``. ``lost`` has for each field of claims that the format loses the condition
    under which a claim has it, and ``why`` what is told of that.
    """

    claim: str
    sweep: str
    lost: Mapping[str, str]
    why: Mapping[str, str] = MappingProxyType({})


def _alike(word: str) -> str:
    return " ".join(word.replace("_", " ").replace("-", " ").split()).casefold()


class Format(Protocol):
    """What a module must have to be a format."""

    @property
    def name(self) -> str:
        """What it is called in commands: small letters, digits and hyphens."""

    @property
    def says(self) -> str:
        """What it is, in a phrase."""

    @property
    def extensions(self) -> tuple[str, ...]:
        """How the names of its files end, such as ``.jsonl``; the first is that of a new file."""

    @property
    def many(self) -> bool:
        """Whether it is several files, in a folder or a zip."""

    @property
    def unit(self) -> Unit:
        """What its files count offsets in; ``none`` where they hold no offsets."""

    @property
    def carries(self) -> frozenset[str]:
        """The fields of `FIELDS` that come back from a file as they were."""

    @property
    def loses(self) -> frozenset[str]:
        """The others; the two together are `FIELDS`."""

    @property
    def partly(self) -> frozenset[str]:
        """Those of ``loses`` that are written as far as they go: ``write`` says for which claims they are not whole."""

    @property
    def needs(self) -> str:
        """What must be installed for it, such as ``factdesk[documents]``; empty when nothing."""

    @property
    def options(self) -> Mapping[str, str]:
        """What somebody may say about a file, by name, with what each means."""

    @property
    def statement(self) -> Statement:
        """The SQL for what ``write`` gives; only where very many claims are to be written fast need there be one."""

    def sniff(self, head: bytes) -> bool:
        """Whether a file that begins so may be of this format. Never raises."""

    def read(self, files: Files, options: Options) -> Iterator[Text | Problem]:
        """The texts in some files, and a problem for each record that cannot be read. Never half a record."""

    def write(self, texts: Iterable[Text], out: Out, options: Options) -> list[Loss]:
        """Write texts, the same bytes for the same texts; gives what of ``partly`` was lost."""


def held(what: str, of: Spot | Text) -> Any:
    """What a spot, or an article, has of a field; empty when it has nothing to lose."""
    if isinstance(of, Text):
        parts = (of.author, of.publisher, of.published)
        return (parts if any(parts) else ()) if what == "publication" else getattr(of, what)
    if what == "details":
        parts = (of.attribution, of.check_target, of.priority)
        return parts if any(parts) else ()
    if what == "span":
        return (of.start, of.end) if of.end > 0 else ()
    names = {"claim": "quote", "discontinuous": "fragments", "time": "at", "overlap": "key"}
    return getattr(of, names.get(what, what))


def overlapping(spots: Iterable[Spot]) -> set[int]:
    """The places in a list of spots of those that share words with an earlier one, or have the very same."""
    order = sorted(enumerate(spots), key=lambda one: (one[1].start, -one[1].end, one[0]))
    found, reach = set(), 0
    for place, spot in order:
        if spot.start < reach:
            found.add(place)
        reach = max(reach, spot.end)
    return found


class Tally:
    """Counts what is lost, a field at a time, with the first example of each."""

    def __init__(self) -> None:
        self._counts: Counter[str] = Counter()
        self._first: dict[str, str] = {}
        self._why: dict[str, str] = {}

    def lost(self, what: str, of: Spot | Text, why: str = "") -> None:
        """Count a claim or an article that loses a field; the first ``why`` is told."""
        self._counts[what] += 1
        self._why.setdefault(what, why)
        if what not in self._first:
            words = of.title if isinstance(of, Text) else of.claim_text or of.quote
            name = f"{of.name} " if isinstance(of, Spot) and of.name else ""
            self._first[what] = name + quoted(shorten(words, 40)) if words else name.strip()

    def passing(self, texts: Iterable[Text], fields: Iterable[str]) -> Iterator[Text]:
        """The texts as they come; what they have of these fields is counted as lost."""
        wanted = [what for what in FIELDS if what in set(fields)]
        for text in texts:
            for what in wanted:
                if what in OF_TEXT and held(what, text):
                    self.lost(what, text)
            crossing = overlapping(text.spots) if "overlap" in wanted else ()
            for place, spot in enumerate(text.spots):
                for what in wanted:
                    if what not in OF_TEXT and (place in crossing if what == "overlap" else held(what, spot)):
                        self.lost(what, spot)
            yield text

    def losses(self) -> list[Loss]:
        """All that was counted, in the order of `FIELDS`."""
        return [
            Loss(what, self._counts[what], self._first[what], self._why[what]) for what in FIELDS if self._counts[what]
        ]
