"""What others said of your own claims: inbox, answer, threads, resolve."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING, Any, NamedTuple

import click

from tui.commands import command as words
from tui.commands.command import argument, as_json, command, nth_of
from tui.commands.opened_desk import desk_of_ones_own, desk_to_read, desk_to_write
from tui.commands.output import listing, local_time, plain, report, say, spelt
from tui.text.table_columns import Head

if TYPE_CHECKING:
    from store.desk import Desk
    from store.records import Claim, Comment, Review

_ANSWERS = {"accept": "accepted", "accepted": "accepted", "reject": "rejected", "rejected": "rejected"}


@command("inbox", "factdesk inbox", "factdesk inbox 3 --all", "factdesk inbox --json | jq length")
@argument("article", words.ARTICLE_WORDS + " Without one: the whole desk.", required=False)
@click.option("--all", "everything", is_flag=True, help="Include what is answered or settled, and plain comments.")
@as_json
def inbox(article: str | None, everything: bool, as_json: bool) -> None:
    """List what others say about your claims and reviews.

    A proposal waits for `factdesk answer`. An objection without a value that you accepted waits for your change.
    Something of yours that a checker rejected waits until you `comment --on-review` or `decide` again. A verdict on a
    claim that you reported waits for `decide ARTICLE CLAIM agree`. A comment or a doubt waits until you `comment
    --on-review NAME`, or change what it is about.
    """
    from store.review.summary import said_of

    with desk_of_ones_own() as desk:
        numbers = {known.id: known.number for known in desk.articles.all()}
        heads = (
            Head("article", lambda one: numbers[one.claim.article], right=True),
            Head("claim", lambda one: one.claim.name),
            Head("who", lambda one: one.review.answered_by if _is_own(desk, one.review) else one.review.by),
            Head("says", lambda one: _says(desk, one.review)),
            Head("what and why", lambda one: said_of(one.review, desk.scheme), flexible=True, wrapped=True),
            Head("my quote", lambda one: one.claim.quote_shown, flexible=True),
            Head("my verdict", lambda one: one.claim.verdict, spare=True),
            Head("now", lambda one: _standing(one.review)),
        )
        listing(heads, desk.answers.inbox(article, answered=everything), as_json, nothing="Nothing waits for you.")


def _is_own(desk: Desk, review: Review) -> bool:
    return review.by.id == desk.reviewer.id


def _says(desk: Desk, review: Review) -> str:
    """What somebody says of your own claim, or of your own review."""
    said = spelt(*review.decisions)
    return f"{review.answered} my {said}" if _is_own(desk, review) else said


def _standing(review: Review) -> str:
    """What has become of a proposal."""
    if review.looks and review.stale:
        return "accepted, look at its verdict"
    if review.promised:
        return "accepted, not done yet"
    dispute = "in dispute" if review.standing == "open" else "" if review.answered else review.standing
    return ", ".join(part for part in (review.answered, dispute) if part)


@command(
    "answer",
    "factdesk answer 3 C7 accept",
    'factdesk answer 3 C7 reject --by Bo --reason "The date is in the second paragraph."',
)
@words.article
@words.claim
@argument("answer", "accept, which makes it your own change, or reject.")
@words.option("--by", "reviewer", metavar="NAME", default="", help="Whose proposal, if several wait.")
@click.option("--reason", metavar="TEXT", default="", help="Why; required to reject.")
@as_json
def answer(article: str, claim: str, answer: str, reviewer: str, reason: str, as_json: bool) -> None:
    """Accept or reject what a reviewer proposes about your claim.

    Accepting an objection without a value, such as disagree, changes nothing yet: change the claim, and it goes back to
    the reviewer. To discuss it, use `factdesk comment --on-review NAME`.
    """
    from store.records import ACCEPTED
    from store.vocabulary import Decision

    outcome = _ANSWERS[words.word(answer, _ANSWERS, "an answer")]
    with desk_to_write() as desk:
        about = desk.claims.get(claim, article)
        given = desk.answers.answer(desk.answers.waiting(about, reviewer), outcome, reason)
        if outcome == ACCEPTED and Decision.CHANGE_VERDICT in given.proposals:
            for sentence in desk.claims.lacks(about):
                say(f"{about.name}: {sentence}.")
        report(given, as_json, f"{about.name} {given.id} {outcome}: {spelt(*given.decisions)}, by {given.by}")


class _Listed(NamedTuple):
    """A thread, its claim, and the number of its first comment in ``factdesk show``."""

    claim: Claim
    number: int
    root: Comment
    replies: list[Comment]


@command("threads", "factdesk threads", "factdesk threads 3 --all")
@argument("article", words.ARTICLE_WORDS + " Without one: the whole desk.", required=False)
@click.option("--all", "everything", is_flag=True, help="Include resolved threads.")
@as_json
def threads(article: str | None, everything: bool, as_json: bool) -> None:
    """List the unresolved threads of comments."""
    with desk_to_read() as desk:
        chosen = [desk.articles.get(article)] if article else desk.articles.all()
        numbers = {about.id: about.number for about in chosen}
        heads = (
            Head("article", lambda one: numbers[one.claim.article], right=True),
            Head("claim", lambda one: one.claim.name),
            Head("no.", lambda one: one.number, right=True),
            Head("who", lambda one: one.root.by, flexible=True),
            Head("says", lambda one: one.root.body, flexible=True, wrapped=True),
            Head("replies", lambda one: len(one.replies), right=True),
            Head("last", lambda one: local_time([one.root, *one.replies][-1].created)),
            *([Head("now", lambda one: "resolved" if one.root.resolved else "open")] if everything else []),
        )
        claims = (claim for about in chosen for claim in desk.claims.of(about) if claim.comment_count)
        found = (one for claim in claims for one in _threads(desk, claim) if everything or not one.root.resolved)
        listing(heads, found, as_json, nothing="There is no open thread.", as_plain=_plain)


def _threads(desk: Desk, claim: Claim) -> Iterator[_Listed]:
    from store.check.threads import opened

    comments = desk.threads.of(claim)
    for thread in opened(comments):
        yield _Listed(claim, comments.index(thread.root) + 1, *thread)


def _plain(one: _Listed) -> dict[str, Any]:
    return {**plain(one.root), "claim_name": one.claim.name, "number": one.number, "replies": plain(one.replies)}


@command("resolve", "factdesk resolve 3 C7 1", "factdesk resolve 3 C7 1 --open")
@words.article
@words.claim
@argument("number", "Any comment of the thread, by its number in `factdesk show`.", type=int, metavar="N")
@click.option("--open", "again", is_flag=True, help="Reopen the thread instead.")
@as_json
def resolve(article: str, claim: str, number: int, again: bool, as_json: bool) -> None:
    """Mark a thread of comments as resolved."""
    with desk_to_write() as desk:
        about = desk.claims.get(claim, article)
        root = desk.threads.resolve(nth_of(desk.threads.of(about), number, "comment", about.name), not again)
        report(root, as_json, f"{about.name} {root.id} {'open' if again else 'resolved'}")
