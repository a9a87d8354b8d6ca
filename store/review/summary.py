"""The reviewer's summary: what they said of somebody's claims on one article, and what is left to say."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import TYPE_CHECKING, Any, NamedTuple

from store.access.permissions import SUBMITTED
from store.errors import Refused
from store.formats.agreement_words import as_json, escaped
from store.history.words import shorten
from store.records import Article, Blind, Claim, Decision, Review, Role
from store.review.answers import Proposal
from store.scheme import Scheme
from store.settle.agreement import Agreement, report

if TYPE_CHECKING:
    from store.desk import Desk


class Decided(NamedTuple):
    """A decision and the claims it was taken on, each with the review, in text order."""

    decision: str
    claims: tuple[Proposal, ...]


class Passage(NamedTuple):
    """A stretch of the text, in code points."""

    start: int
    end: int
    quote: str


class Summary(NamedTuple):
    """What one reviewer said of one article. Each claim of the queue is decided on, stale or unreviewed."""

    article: Article
    reviewer: str
    whose: str  # the checker under review, or empty for everybody else
    blind: str  # the blind level of the assignment; open without one
    submitted: bool
    claims: int  # how many there are to review
    reviewed: int  # how many of these have a review that is not stale
    decided: tuple[Decided, ...]  # decisions that were taken, in the order of ``records.Decision``
    unreviewed: tuple[Claim, ...]
    stale: tuple[Proposal, ...]  # changed by the checker after the review
    disputes: tuple[Proposal, ...]  # objections that nobody has ended yet
    residue: tuple[Passage, ...]  # sentences that nobody accounted for
    agreement: tuple[
        Mapping[str, Any], ...
    ]  # comparisons as in ``renderings.as_json``, of the reviewer with each checker
    left_out: tuple[str, ...]  # whose sets are not submitted, and so not compared


def summary(desk: Desk, article: Article | str, whose: str = "") -> Summary:
    """The summary of whoever is at the desk. ``whose`` names the checker; without it, the one assigned, or all.

    Where everything of the others' is hidden there is nothing to review, and only the residue is told.

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
    text = desk.text(article)
    agreed = _agreement(desk, article, whose)
    return Summary(
        article, desk.reviewer, whose, held.blind if held else Blind.OPEN.value,
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
        residue=tuple(Passage(start, end, text[start:end]) for start, end in desk.coverage(article).residue),
        agreement=tuple(one for one in as_json(agreed.report)["comparisons"] if _is_of(desk.reviewer, one["people"])),
        left_out=tuple(one.person for one in agreed.left_out),
    )  # fmt: skip


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
        Decision.CHANGE_SPAN: f"“{shorten(review.quote)}”",
        Decision.CHANGE_CLAIM_TEXT: f"“{shorten(review.claim_text)}”",
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
    yield from ("", "## Accounted for by nobody", "")
    for passage in found.residue:
        yield f"- {escaped(shorten(passage.quote, 400))}"
    if not found.residue:
        yield "Every sentence is accounted for."
    for one in found.agreement:
        yield from ("", f"## Agreement of {escaped(' and '.join(one['people']))}", "")
        yield from ("| measure | value | n | n counts |", "|---|--:|--:|---|")
        for figure in one["figures"]:
            yield f"| {figure['words']} | {value_of(figure)} | {figure['n']} | {figure['unit']} |"
    if found.left_out:
        yield from ("", f"Not submitted, and so not compared: {escaped(', '.join(found.left_out))}.")


def value_of(figure: Mapping[str, Any]) -> str:
    """A figure's value to three places, or why there is none."""
    return f"n/a ({figure['why']})" if figure["value"] is None else f"{figure['value']:.3f}"


def by_whom(found: Summary) -> str:
    """Whose claims were reviewed, in words."""
    return found.whose or "everybody else"
