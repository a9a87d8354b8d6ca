"""The reviewer's summary: what they said of somebody's claims on one article, and what is left to say."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import TYPE_CHECKING, Any, NamedTuple

from store.access.people import People
from store.access.permissions import SUBMITTED
from store.access.session import Session
from store.check.articles import Articles
from store.check.assignments import Assignments
from store.check.claims import Claims
from store.check.kept_sentences import Coverages
from store.errors import Refused
from store.measure.figures_as_data import as_json
from store.person import NOBODY, Person
from store.records import Article, Claim, Review
from store.reports import Checked, Lacking
from store.review.answers import Proposal
from store.review.reviews import Reviews
from store.review.submission import Submissions
from store.scheme import Scheme
from store.settle.agreement import Agreement, Agreements
from store.text.coverage import Coverage, Place, left_in_words
from store.text.quotations import quoted
from store.text.shorten import shorten
from store.vocabulary import Blind, Decision, Role

if TYPE_CHECKING:
    from store.text.shown_text import Shown


class Decided(NamedTuple):
    """A decision and the claims it was taken on, each with the review, in text order."""

    decision: str
    claims: tuple[Proposal, ...]


class Passage(NamedTuple):
    """A place that is left to read, in code points: an open sentence, or a leftover of one in part."""

    start: int
    end: int
    kind: str  # sentence or leftover
    quote: str


class LeftUnread(NamedTuple):
    """What a checker had left unread when they submitted; without ``recorded``, nobody kept it."""

    checker: Person
    recorded: bool
    passages: tuple[Passage, ...]

    @property
    def words(self) -> str:
        """In words: ``3 sentences, 5 leftovers``, ``nothing left`` or ``not recorded``."""
        if not self.recorded:
            return "not recorded"
        leftovers = sum(one.kind == "leftover" for one in self.passages)
        return left_in_words(len(self.passages) - leftovers, leftovers)


class ChangedSince(NamedTuple):
    """What is not in a checker's submitted set as it was when they submitted it."""

    checker: Person
    claims: tuple[str, ...]  # their names, in text order
    sweeps: int

    @property
    def words(self) -> str:
        """As a sentence."""
        swept = f"{self.sweeps} sweep" + ("" if self.sweeps == 1 else "s")
        what = ", ".join([*self.claims, *([swept] if self.sweeps else [])])
        return f"{self.checker}'s set has changed since it was submitted: {what}."


class Summary(NamedTuple):
    """What one reviewer said of one article. Each claim of the queue is decided on, stale or unreviewed."""

    article: Article
    reviewer: Person
    whose: Person  # the checker under review, or nobody for everybody else
    checkers: tuple[Person, ...]  # those whose claims there are to review, in the order of the text
    blind: str  # the blind level of the assignment; open without one
    submitted: bool
    claims: int  # how many there are to review
    reviewed: int  # how many of these have a review that is not stale
    decided: tuple[Decided, ...]  # decisions that were taken, in the order of ``records.Decision``
    unreviewed: tuple[Claim, ...]
    stale: tuple[Proposal, ...]  # changed by the checker after the review
    disputes: tuple[Proposal, ...]  # objections that nobody has ended yet
    words: int  # of the article; what is read of them and what is left, as in ``coverage.Coverage``
    words_read: int
    open_sentences: int
    leftovers: int
    claims_checked: int  # of the claims to review, as far as their verdicts may be seen
    lacking: Lacking
    residue: tuple[Passage, ...]  # open sentences and leftovers, as they are now
    left_unread: tuple[LeftUnread, ...]  # by the checkers under review, when they submitted
    changed_since_submitted: tuple[ChangedSince, ...]  # the sets of these checkers
    agreement: tuple[
        Mapping[str, Any], ...
    ]  # comparisons as in ``renderings.as_json``, of the reviewer with each checker
    left_out: tuple[Person, ...]  # whose sets are not submitted, and so not compared

    @property
    def read(self) -> str:
        """How much of the article is read and what is left, in words."""
        return Coverage(self.words, self.words_read, open_sentences=self.open_sentences, leftovers=self.leftovers).read

    @property
    def checked(self) -> Checked:
        """How many of the claims to review are checked, and what the others lack."""
        return Checked(self.claims, self.claims_checked, self.lacking)


class Summaries:
    """What a reviewer said of an article, and what is left to say."""

    def __init__(
        self,
        session: Session,
        articles: Articles,
        claims: Claims,
        coverage: Coverages,
        people: People,
        assignments: Assignments,
        reviews: Reviews,
        submissions: Submissions,
        agreement: Agreements,
    ) -> None:
        self._session = session
        self._articles = articles
        self._claims = claims
        self._coverage = coverage
        self._people = people
        self._assignments = assignments
        self._reviews = reviews
        self._submissions = submissions
        self._agreement = agreement

    def of(self, article: Article | str, whose: str = "") -> Summary:
        """The summary of the person who is at the desk. ``whose`` names the checker; without it, the one assigned, or
        all.

        Where everything of the others' is hidden there is nothing to review, and only what is left to read is told.

        Raises:
            Unknown: nobody is called so.
            Refused: that person has no claims on the article, or they are your own.
        """
        article = self._articles.get(article)
        held = self._assignments.mine(article, Role.REVIEWER.value)
        checker = self._people.get(whose) if whose else held.whose if held else NOBODY
        try:
            queue = self._reviews.queue(article, checker).claims
        except Refused:
            if held is None or held.blind != Blind.ALL or checker.id == self._session.me:
                raise
            queue = ()
        fresh = [Proposal(claim, review) for claim, review in queue if review and not review.stale]
        missed = [Proposal(self._claims.get(review.claim), review) for review in self._missing(article, checker)]
        said = sorted([*fresh, *missed], key=lambda one: (one.claim.start, -one.claim.end, one.claim.id))
        stale = tuple(Proposal(claim, review) for claim, review in queue if review and review.stale)
        covered, checked = self._coverage.of(article), self._claims.checked(claim for claim, _ in queue)
        agreed = self._agreed(article, checker)
        checkers = tuple(dict.fromkeys(claim.checker for claim, _ in queue))
        return Summary(
            article, self._session.reviewer, checker, checkers, held.blind if held else Blind.OPEN.value,
            submitted=held is not None and held.state == SUBMITTED,
            claims=len(queue),
            reviewed=len(fresh),
            decided=tuple(
                Decided(decision.value, of)
                for decision in Decision
                if (of := tuple(one for one in said if decision in one.review.decisions))
            ),
            unreviewed=tuple(claim for claim, review in queue if review is None),
            stale=stale,
            disputes=tuple(one for one in [*said, *stale] if one.review.standing == "open"),
            words=covered.words,
            words_read=covered.words_read,
            open_sentences=covered.open_sentences,
            leftovers=covered.leftovers,
            claims_checked=checked.checked,
            lacking=checked.lacking,
            residue=passages_of(self._articles.shown(article), covered.residue),
            left_unread=tuple(self.left_unread(article, checker)),
            changed_since_submitted=tuple(self.changed_since(article, checker)),
            agreement=tuple(
                one for one in as_json(agreed.report)["comparisons"] if _is_of(self._session.reviewer, one["people"])
            ),
            left_out=tuple(one.person for one in agreed.left_out),
        )  # fmt: skip

    def left_unread(self, article: Article, whose: Person = NOBODY) -> Iterator[LeftUnread]:
        """What those who checked an article, or the one named, had left unread when they submitted."""
        for one in self._submissions.unread(article):
            me = one.person.id == self._session.me
            if not me and whose.id in ("", one.person.id):
                text = self._articles.text_of_version(one.version) if one.places else ""
                passages = passages_of(self._articles.shown(article, text), one.places or ())
                yield LeftUnread(one.person, one.places is not None, passages)

    def changed_since(self, article: Article, whose: Person = NOBODY) -> Iterator[ChangedSince]:
        """What has changed in the submitted sets of those who checked an article, or of the one named."""
        changed = self._submissions.changed(article)
        for one in self._assignments.of(article):
            me = one.reviewer.id == self._session.me
            checks = one.role == Role.CHECKER or one.blind == Blind.ALL
            if one.id in changed and checks and not me and whose.id in ("", one.reviewer.id):
                names = tuple(map(self._session.claim_name, changed[one.id].claims))
                yield ChangedSince(one.reviewer, names, changed[one.id].sweeps)

    def _agreed(self, article: Article, whose: Person) -> Agreement:
        people = list(filter(self._people.has, (self._session.reviewer, whose))) if whose else []
        return self._agreement.report([article], people)

    def _missing(self, article: Article, whose: Person) -> list[Review]:
        me = self._session.me
        return [
            review
            for review in self._reviews.of(article)
            if review.decision == Decision.MISSING_CLAIM and review.by.id == me and whose.id in ("", review.whose.id)
        ]


def passages_of(seen: Shown, places: Iterable[Place]) -> tuple[Passage, ...]:
    """Places that are left to read, with the words that people see there."""
    return tuple(Passage(one.start, one.end, one.kind, seen.words(one.start, one.end)) for one in places)


def _is_of(reviewer: str, people: Sequence[str]) -> bool:
    return len(people) == 2 and reviewer in people


def said_of(review: Review, scheme: Scheme) -> str:
    """A review in a few words: what is proposed, the reason, the comment."""
    proposed = {
        Decision.CHANGE_SPAN: quoted(shorten(review.quote_shown)),
        Decision.CHANGE_CLAIM_TEXT: quoted(shorten(review.claim_text)),
        Decision.CHANGE_VERDICT: scheme.verdict(review.verdict).label,
    }
    reason = scheme.reason(review.reason).label if review.reason else ""
    told = [*(proposed[decision] for decision in review.proposals), reason, shorten(review.comment)]
    return ": ".join(filter(None, told))
