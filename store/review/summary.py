"""The reviewer's summary: what they said of somebody's claims on one article, and what is left to say."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import TYPE_CHECKING, Any, NamedTuple

from store.access.permissions import SUBMITTED
from store.errors import Refused
from store.formats.agreement_words import as_json, escaped
from store.history.words import shorten
from store.records import Article, Blind, Checked, Claim, Decision, Lacking, Review, Role
from store.review.answers import Proposal
from store.scheme import Scheme
from store.settle.agreement import Agreement, report
from store.text.coverage import Coverage, Place, left_in_words
from store.text.quotations import quoted

if TYPE_CHECKING:
    from store.desk import Desk


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

    checker: str
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

    checker: str
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
    reviewer: str
    whose: str  # the checker under review, or empty for everybody else
    checkers: tuple[str, ...]  # those whose claims there are to review, in the order of the text
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
    left_out: tuple[str, ...]  # whose sets are not submitted, and so not compared

    @property
    def read(self) -> str:
        """How much of the article is read and what is left, in words."""
        return Coverage(self.words, self.words_read, open_sentences=self.open_sentences, leftovers=self.leftovers).read

    @property
    def checked(self) -> Checked:
        """How many of the claims to review are checked, and what the others lack."""
        return Checked(self.claims, self.claims_checked, self.lacking)


def summary(desk: Desk, article: Article | str, whose: str = "") -> Summary:
    """The summary of whoever is at the desk. ``whose`` names the checker; without it, the one assigned, or all.

    Where everything of the others' is hidden there is nothing to review, and only what is left to read is told.

    Raises:
        Unknown: nobody is called so.
        Refused: that person has no claims on the article, or they are one's own.
    """
    article = desk.article(article)
    held = desk.assignment(article, Role.REVIEWER.value)
    whose = desk.person(whose).name if whose else held.whose if held else ""
    try:
        queue = desk.queue(article, whose).claims
    except Refused:
        if held is None or held.blind != Blind.ALL or whose.casefold() == desk.reviewer.casefold():
            raise
        queue = ()
    fresh = [Proposal(claim, review) for claim, review in queue if review and not review.stale]
    missed = [Proposal(desk.claim(review.claim), review) for review in _missing(desk, article, whose)]
    said = sorted([*fresh, *missed], key=lambda one: (one.claim.start, -one.claim.end, one.claim.id))
    stale = tuple(Proposal(claim, review) for claim, review in queue if review and review.stale)
    covered, checked = desk.coverage(article), desk.checked(claim for claim, _ in queue)
    agreed = _agreement(desk, article, whose)
    checkers = tuple(dict.fromkeys(claim.checker for claim, _ in queue))
    return Summary(
        article, desk.reviewer, whose, checkers, held.blind if held else Blind.OPEN.value,
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
        residue=passages(desk.text(article), covered.residue),
        left_unread=tuple(left_unread(desk, article, whose)),
        changed_since_submitted=tuple(changed_since(desk, article, whose)),
        agreement=tuple(one for one in as_json(agreed.report)["comparisons"] if _is_of(desk.reviewer, one["people"])),
        left_out=tuple(one.person for one in agreed.left_out),
    )  # fmt: skip


def passages(text: str, places: Iterable[Place]) -> tuple[Passage, ...]:
    """Places that are left to read, with their words."""
    return tuple(Passage(one.start, one.end, one.kind, text[one.start : one.end]) for one in places)


def left_unread(desk: Desk, article: Article, whose: str = "") -> Iterator[LeftUnread]:
    """What those who checked an article, or the one named, had left unread when they submitted."""
    for one in desk.unread(article):
        me = one.person.casefold() == desk.reviewer.casefold()
        if not me and whose.casefold() in ("", one.person.casefold()):
            text = desk.text_of_version(one.version) if one.places else ""
            yield LeftUnread(one.person, one.places is not None, passages(text, one.places or ()))


def changed_since(desk: Desk, article: Article, whose: str = "") -> Iterator[ChangedSince]:
    """What has changed in the submitted sets of those who checked an article, or of the one named."""
    changed = desk.changed_since_submitted(article)
    for one in desk.assignments(article):
        me = one.reviewer.casefold() == desk.reviewer.casefold()
        checks = one.role == Role.CHECKER or one.blind == Blind.ALL
        if one.id in changed and checks and not me and whose.casefold() in ("", one.reviewer.casefold()):
            names = tuple(map(desk.name_of, changed[one.id].claims))
            yield ChangedSince(one.reviewer, names, changed[one.id].sweeps)


def _agreement(desk: Desk, article: Article, whose: str) -> Agreement:
    known = {person.name.casefold() for person in desk.reviewers()}
    people = [name for name in (desk.reviewer, whose) if name.casefold() in known] if whose else []
    return report(desk, [article], people)


def _is_of(reviewer: str, people: Sequence[str]) -> bool:
    return len(people) == 2 and reviewer.casefold() in [name.casefold() for name in people]


def _missing(desk: Desk, article: Article, whose: str) -> list[Review]:
    me = desk.reviewer.casefold()
    return [
        review
        for review in desk.reviews(article)
        if review.decision == Decision.MISSING_CLAIM
        and review.by.casefold() == me
        and whose.casefold() in ("", review.whose.casefold())
    ]


def said_of(review: Review, scheme: Scheme) -> str:
    """A review in a few words: what is proposed, the reason, the comment."""
    proposed = {
        Decision.CHANGE_SPAN: quoted(shorten(review.quote)),
        Decision.CHANGE_CLAIM_TEXT: quoted(shorten(review.claim_text)),
        Decision.CHANGE_VERDICT: scheme.verdict(review.verdict).label,
    }
    reason = scheme.reason(review.reason).label if review.reason else ""
    told = [*(proposed[decision] for decision in review.proposals), reason, shorten(review.comment)]
    return ": ".join(filter(None, told))


def markdown(found: Summary, scheme: Scheme) -> str:
    """The summary as Markdown, ready to be filed or sent."""
    return "\n".join(_markdown(found, scheme)) + "\n"


def _markdown(found: Summary, scheme: Scheme) -> Iterator[str]:
    yield f"# Review of {escaped(found.article.title)}"
    yield ""
    yield f"{escaped(found.reviewer)} reviewed {found.reviewed} of {found.claims} claims by {escaped(by_whom(found))}."
    state = "submitted" if found.submitted else "not submitted yet"
    yield f"Blind level: {found.blind}; {state}."
    yield ""
    yield f"Read {found.read}. Checked {found.checked}."
    yield ""
    yield "| decision | claims | which |"
    yield "|---|--:|---|"
    for decision, claims in (*found.decided, ("stale", found.stale)):
        if claims:
            names = ", ".join(one.claim.name for one in claims)
            yield f"| {decision.replace('_', ' ')} | {len(claims)} | {names} |"
    if found.unreviewed:
        names = ", ".join(claim.name for claim in found.unreviewed)
        yield f"| not reviewed | {len(found.unreviewed)} | {names} |"
    for title, proposals in (("In dispute", found.disputes), ("Changed after the review", found.stale)):
        if proposals:
            yield from ("", f"## {title}", "")
            for claim, review in proposals:
                words = said_of(review, scheme)
                decided = review.decision.replace("_", " ")
                yield f"- {claim.name} “{escaped(shorten(claim.quote))}”: {decided}" + (
                    f": {escaped(words)}" * bool(words)
                )
    yield from ("", "## Not read yet", "")
    yield from _unread(left_in_words(found.open_sentences, found.leftovers), found.residue)
    for left in found.left_unread:
        yield from ("", f"## Left unread by {escaped(left.checker)} when they submitted", "")
        yield from _unread(left.words, left.passages)
    if found.changed_since_submitted:
        yield from ("", "## Changed after submission", "")
        yield from (f"- {escaped(one.words)}" for one in found.changed_since_submitted)
    for one in found.agreement:
        yield from ("", f"## Agreement of {escaped(' and '.join(one['people']))}", "")
        yield from ("| measure | value | n | n counts |", "|---|--:|--:|---|")
        for figure in one["figures"]:
            yield f"| {figure['words']} | {value_of(figure)} | {figure['n']} | {figure['unit']} |"
    if found.left_out:
        yield from ("", f"Not submitted, and so not compared: {escaped(', '.join(found.left_out))}.")


def _unread(words: str, passages: Iterable[Passage]) -> Iterator[str]:
    yield f"{words[0].upper()}{words[1:]}."
    rows = [f"- {escaped(shorten(one.quote, 400))}" + " (leftover)" * (one.kind == "leftover") for one in passages]
    yield from ["", *rows] if rows else []


def value_of(figure: Mapping[str, Any]) -> str:
    """A figure's value to three places, or why there is none."""
    return f"n/a ({figure['why']})" if figure["value"] is None else f"{figure['value']:.3f}"


def by_whom(found: Summary) -> str:
    """Whose claims were reviewed, in words."""
    *most, last = found.checkers or (found.whose or "others",)
    return f"{', '.join(most)} and {last}" if most else last
