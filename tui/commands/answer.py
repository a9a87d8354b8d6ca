"""What others said of one's own claims: inbox, answer, threads, resolve."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

import click

from tui.commands import verb as words
from tui.commands.desks import desk_of_ones_own, desk_to_read, desk_to_write
from tui.commands.output import local_time, plain, say, show_json, show_json_list, show_table, tell
from tui.commands.review import decided
from tui.commands.verb import argument, as_json, verb
from tui.commands.check import nth_of, review_by

if TYPE_CHECKING:
    from store.desk import Desk
    from store.records import Claim, Comment, Review

ANSWERS = {"accept": "accepted", "accepted": "accepted", "reject": "rejected", "rejected": "rejected"}


@verb("inbox", "factdesk inbox", "factdesk inbox 3 --all", "factdesk inbox --json | jq length")
@argument("article", words.ARTICLE_WORDS + " Without one: the whole desk.", required=False)
@click.option("--all", "everything", is_flag=True, help="Also what is answered or settled, and plain comments.")
@as_json
def inbox(article: str | None, everything: bool, as_json: bool) -> None:
    """List what others say of your claims and of your reviews.

    What they propose waits for your `factdesk answer`; what you accepted without a value, for the change; what a
    checker rejected of yours, until you `comment --on-review` or `decide` anew; a verdict on a claim that you reported,
    until you `decide ARTICLE CLAIM agree`. A comment or a doubt waits until you `comment --on-review NAME`, or change
    what it is about.
    """
    from store.review.summary import said_of
    from tui.text.tables import Column

    with desk_of_ones_own() as desk:
        found = desk.inbox(article, answered=everything)
        if as_json:
            show_json_list(plain(one) for one in found)
            return
        if not found:
            say("Nothing waits for you.")
        numbers = {known.id: known.number for known in desk.articles()}
        columns = (
            Column("article", right=True),
            Column("claim"),
            Column("who"),
            Column("says"),
            Column("what and why", flexible=True, wrapped=True),
            Column("my quote", flexible=True),
            Column("my verdict", spare=True),
            Column("now"),
        )
        show_table(
            columns,
            (
                (
                    numbers[claim.article],
                    claim.name,
                    *_who_says(desk, review),
                    said_of(review, desk.scheme),
                    claim.quote,
                    claim.verdict,
                    _standing(review),
                )
                for claim, review in found
            ),
        )


def _who_says(desk: Desk, review: Review) -> tuple[str, str]:
    """Who says what of one's own claim, or of one's own review."""
    if review.by.casefold() != desk.reviewer.casefold():
        return review.by, decided(*review.decisions)
    return review.answered_by, f"{review.answered} my {decided(*review.decisions)}"


def _standing(review: Review) -> str:
    """What has become of a proposal."""
    if review.looks and review.stale:
        return "accepted, look at its verdict"
    if review.promised:
        return "accepted, not done yet"
    dispute = "in dispute" if review.standing == "open" else "" if review.answered else review.standing
    return ", ".join(part for part in (review.answered, dispute) if part)


@verb(
    "answer",
    "factdesk answer 3 C7 accept",
    'factdesk answer 3 C7 reject --by Bo --reason "The date is in the second paragraph."',
)
@words.article
@words.claim
@argument("answer", "accept, which makes it your own change, or reject.")
@click.option("--by", "reviewer", metavar="NAME", default="", help="Whose proposal, where several wait.")
@click.option("--reason", metavar="TEXT", default="", help="Why, in words; needed to reject.")
@as_json
def answer(article: str, claim: str, answer: str, reviewer: str, reason: str, as_json: bool) -> None:
    """Accept or reject what a reviewer proposes about your claim.

    To accept an objection without a value, such as disagree, changes nothing yet: change the claim, and it goes back
    to the reviewer. To talk about it, `factdesk comment --on-review NAME`.
    """
    outcome = words.word(answer, ANSWERS, "answer")
    with desk_to_write() as desk:
        about = desk.claim(claim, article)
        given = desk.answer(_proposal(desk, about, reviewer), outcome, reason)
        if as_json:
            show_json(plain(given))
        else:
            tell(f"{about.name} {given.id} {outcome}: {decided(*given.decisions)}, by {given.by}")


def _proposal(desk: Desk, claim: Claim, reviewer: str) -> Review:
    """The proposal that is to be answered. Raises Refused when there is none, or more than one."""
    from store.errors import Refused

    said = [one for one in desk.reviews(claim) if one.by.casefold() != desk.reviewer.casefold()]
    if reviewer:
        return review_by(desk, claim, reviewer)
    waiting = [one for one in said if one.standing == "open"]
    waiting = [one for one in waiting if not one.answered] or waiting
    if not waiting:
        raise Refused(f"Nobody proposes anything about {claim.name}: `factdesk inbox` lists what waits for you.")
    if len(waiting) > 1:
        raise Refused(
            f"{len(waiting)} people object to {claim.name}: say --by {' or --by '.join(r.by for r in waiting)}."
        )
    return waiting[0]


@verb("threads", "factdesk threads", "factdesk threads 3 --all")
@argument("article", words.ARTICLE_WORDS + " Without one: the whole desk.", required=False)
@click.option("--all", "everything", is_flag=True, help="Also those that are resolved.")
@as_json
def threads(article: str | None, everything: bool, as_json: bool) -> None:
    """List the threads of comments that are not resolved."""
    from tui.text.tables import Column

    with desk_to_read() as desk:
        chosen = [desk.article(article)] if article else desk.articles()
        found = [
            (about.number, claim, number, root, replies)
            for about in chosen
            for claim in desk.claims(about)
            if claim.comment_count
            for number, root, replies in _threads(desk.comments(claim))
            if everything or not root.resolved
        ]
        if as_json:
            show_json_list(
                {**plain(root), "claim_name": claim.name, "number": number, "replies": plain(replies)}
                for _, claim, number, root, replies in found
            )
            return
        if not found:
            say("There is no open thread.")
        columns = (
            Column("article", right=True),
            Column("claim"),
            Column("no.", right=True),
            Column("who", flexible=True),
            Column("says", flexible=True, wrapped=True),
            Column("replies", right=True),
            Column("last"),
            *([Column("now")] if everything else []),
        )
        show_table(
            columns,
            (
                (
                    article,
                    claim.name,
                    number,
                    root.by,
                    root.body,
                    len(replies),
                    local_time([root, *replies][-1].created),
                    *(["resolved" if root.resolved else "open"] if everything else []),
                )
                for article, claim, number, root, replies in found
            ),
        )


def _threads(comments: list[Comment]) -> Iterator[tuple[int, Comment, list[Comment]]]:
    """The comments that open a thread, each with its number in ``factdesk show`` and all that answer below it."""
    above = {comment.id: comment.reply_to for comment in comments}

    def root(id: str) -> str:
        while above[id] in above:
            id = above[id]
        return id

    for number, comment in enumerate(comments, 1):
        if comment.reply_to not in above:
            yield number, comment, [c for c in comments if c is not comment and root(c.id) == comment.id]


@verb("resolve", "factdesk resolve 3 C7 1", "factdesk resolve 3 C7 1 --open")
@words.article
@words.claim
@argument("number", "Any comment of the thread, by its number in `factdesk show`.", type=int, metavar="N")
@click.option("--open", "again", is_flag=True, help="Open the thread again instead.")
@as_json
def resolve(article: str, claim: str, number: int, again: bool, as_json: bool) -> None:
    """Say that a thread of comments is done with."""
    with desk_to_write() as desk:
        about = desk.claim(claim, article)
        root = desk.resolve(nth_of(desk.comments(about), number, "comment", about.name), not again)
        if as_json:
            show_json(plain(root))
        else:
            tell(f"{about.name} {root.id} {'open' if again else 'resolved'}")
