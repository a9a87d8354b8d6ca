"""The field's words as frozen records.

Times are milliseconds since 1970 in UTC. Offsets are Unicode code points, 0-based and end-exclusive, into the text of
one version. ``heads`` names the newest changes a record shows: an edit on top of older ones surfaces as a conflict.
They are named tuples because two dozen frozen dataclasses would take a tenth of the app's start to define.
"""

from collections.abc import Callable
from typing import NamedTuple

from store.person import Person
from store.vocabulary import Decision, Status

MISSED = "review"  # the origin of a claim that a reviewer found missing in somebody's set: it is in the reviewer's

Progress = Callable[[int, int], None]  # told how much of something long is done, and how much there is of it


class Article(NamedTuple):
    """An article and its newest version. ``number`` is its place in the desk's list, counted from 1."""

    id: str
    number: int
    title: str
    url: str
    publisher: str
    author: str
    published: str  # ISO 8601: YYYY, YYYY-MM or YYYY-MM-DD; empty when unknown
    language: str  # BCP 47, e.g. "en"; empty when it is to be guessed from the text
    lines: str  # how its line ends are read: "lines", "wrapped", or empty to tell from the text
    markup: str  # how the text is marked up: "markdown", or empty where people see it as it is stored
    version: str  # id of the newest version
    version_number: int
    sha: str  # SHA-256 of the version's text in UTF-8
    length: int  # code points
    by: Person
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
    origin: str  # what it was made of: "review", "suggestion:" with an id, "brat:T1"; empty when just tagged
    checker: Person
    verdict: str  # key of the scheme, or empty
    justification: str
    evidence_count: int
    comment_count: int
    status: Status
    created: int
    updated: int
    heads: tuple[str, ...]
    quote_shown: str  # the quote as people see it: without the marks of Markdown
    deleted: bool = False
    conflict: bool = False  # somebody's edit to the claim or a verdict on it is waiting to be settled
    pieces: tuple[tuple[int, int], ...] = ()  # of a span with gaps, in code points

    @property
    def missed(self) -> bool:
        """Whether a reviewer reported it as missing from somebody's set: it belongs to the reviewer's own."""
        return self.origin == MISSED


class Verdict(NamedTuple):
    """One person's conclusion on one claim."""

    id: str
    claim: str
    by: Person
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
    by: Person
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
    by: Person
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
    by: Person
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
    resolved: bool  # of the comment that opens a thread: whether the thread is done with
    by: Person
    created: int
    updated: int
    heads: tuple[str, ...]
    deleted: bool = False
    conflict: bool = False


class Review(NamedTuple):
    """One second reader's decision on one claim. It proposes; it changes nothing of the checker's.

    It may propose several things at once: ``decision`` is change_verdict when a verdict is among them, else the last.
    """

    id: str
    claim: str
    by: Person
    whose: Person  # whose set was under review: the checker
    decision: str
    reason: str  # key of the scheme, or empty
    comment: str  # what, where, why in words
    blind: str  # the blind level it was given under; "revealed" when given again after the reveal
    start: int  # the proposed span; 0 and 0 when none is proposed, or its words are not in the text any more
    end: int
    quote: str
    claim_text: str  # the proposed claim text
    verdict: str  # the reviewer's own verdict on the claim, or empty
    justification: str
    stale: bool  # the checker has changed what was reviewed
    standing: str  # agreed, noted, open (in dispute), accepted, rejected (by a checker who may), settled
    answered: str  # accepted, rejected or empty
    answer_reason: str
    answered_by: Person
    answered_at: int
    promised: bool  # accepted, and still to be done: the change an objection asks for, or a missing claim's verdict
    again: str  # changed or vanished: what a correction did to the words of the proposed span since; else empty
    seen: str  # JSON: what the reviewer had before them
    sources: str  # JSON: what was said then of the sources of its evidence
    created: int
    updated: int
    heads: tuple[str, ...]
    quote_shown: str  # the proposed words as people see them
    deleted: bool = False
    conflict: bool = False

    @property
    def looks(self) -> bool:
        """Of a missing claim that was accepted: whether its verdict is somebody else's, which its reporter looks at."""
        return self.decision == Decision.MISSING_CLAIM and (self.stale or bool(self.seen))

    @property
    def proposals(self) -> tuple[Decision, ...]:
        """What it proposes to change: span, verdict and claim text, as the decisions are called."""
        proposed = {
            Decision.CHANGE_SPAN: bool(self.end or self.quote),
            Decision.CHANGE_VERDICT: self.decision == Decision.CHANGE_VERDICT,
            Decision.CHANGE_CLAIM_TEXT: bool(self.claim_text),
        }
        return tuple(one for one in proposed if proposed[one])

    @property
    def decisions(self) -> tuple[str, ...]:
        """What is decided: all that is proposed, or the decision itself."""
        return tuple(decision.value for decision in self.proposals) or (self.decision,)


ACCEPTED, REJECTED = "accepted", "rejected"
"""The outcomes of an answer."""


class Tick(NamedTuple):
    """A reviewer's look at one piece of evidence: "seen", or "doubted" for a reason of the scheme."""

    id: str
    evidence: str
    by: Person
    mark: str
    reason: str
    note: str
    outdated: bool  # the evidence or its source says something else by now
    created: int
    updated: int
    heads: tuple[str, ...]
    deleted: bool = False
    conflict: bool = False


class Adjudication(NamedTuple):
    """The act that settles a claim, with the values that stand from then on."""

    id: str
    claim: str
    by: Person
    outcome: str
    chosen: Person  # whose values were taken, or nobody
    stands: bool  # whether the claim is in the settled set
    start: int  # 0 and 0 when its words are not in the text any more
    end: int
    quote: str
    verdict: str
    claim_text: str
    rationale: str
    beside: tuple[str, ...]  # ids of the other people's claims that were compared with it
    again: str  # changed or vanished: what a correction did to its words since, which is to be looked at; else empty
    created: int
    updated: int
    heads: tuple[str, ...]
    quote_shown: str  # the words as people see them: without the marks of Markdown
    deleted: bool = False
    conflict: bool = False


class Assignment(NamedTuple):
    """An article given to a person in a role. ``state`` is open or submitted."""

    id: str
    article: str
    reviewer: Person
    role: str
    blind: str
    whose: Person  # the checker under review, or nobody for all
    state: str
    reopened: int  # how often a submitted set was opened again
    by: Person
    created: int
    updated: int
    heads: tuple[str, ...]
    deleted: bool = False
    conflict: bool = False


class Suggestion(NamedTuple):
    """A span that a person or a model suggests as a claim, with what the person who is looking chose."""

    id: str
    name: str  # "S3", its place among the article's suggestions by age
    article: str
    version: str
    start: int
    end: int
    quote: str
    prefix: str
    suffix: str
    label: str  # what the suggester calls it: a verdict, a type or a word of their own; empty when not said
    claim_text: str
    note: str
    confidence: float | None  # 0 to 1; None when not said
    origin: str  # "format:key", such as "brat:T1"; empty when not said
    outcome: str  # accepted, amended or rejected by you; empty while it waits for you
    claim: str  # id of your claim that was made of it, or empty
    own_pass: str  # before or after: whether you chose before or after your own pass was submitted
    by: Person
    created: int
    updated: int
    heads: tuple[str, ...]
    quote_shown: str  # the quote as people see it
    deleted: bool = False
    conflict: bool = False
    pieces: tuple[tuple[int, int], ...] = ()  # of a span with gaps, in code points


class Choice(NamedTuple):
    """What one person chose of a suggestion."""

    id: str
    suggestion: str
    by: Person
    outcome: str  # accepted, amended or rejected
    claim: str  # id of the claim that was made of it, or empty
    own_pass: str  # before or after their own pass was submitted
    created: int
    updated: int
    heads: tuple[str, ...]
    deleted: bool = False
    conflict: bool = False


def id_of(claim: Claim | str) -> str:
    """The id of a claim given as its record or as that id."""
    return claim.id if isinstance(claim, Claim) else claim
