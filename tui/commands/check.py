"""Checking an article: check, tag, verdict, evidence, sweep, comment."""

from __future__ import annotations

import sys
from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

import click

from store.text.quotations import quoted
from store.vocabulary import Stance, Tier
from tui.commands import command as words
from tui.commands.claim_fields import claim_fields
from tui.commands.command import as_json, command, found_span, nth_of, said, span
from tui.commands.opened_desk import desk_to_write
from tui.commands.output import plain, report, say, show_json_list, tell

if TYPE_CHECKING:
    from store.desk import Desk
    from store.records import Claim, Comment, Review, Verdict


@command("check", "factdesk check 3", "factdesk check 3 --plain")
@words.article
@click.option("--plain", is_flag=True, help="Ask in plain lines, one thing at a time: for screen readers and pipes.")
def check(article: str, plain: bool) -> None:
    """Check an article of the desk, in the app or by plain questions.

    With --plain nothing is drawn: each sentence that is left to read is told, and you answer with a word, such as tag
    or sweep, a verdict by its number, and so on. `help` explains the answers. Every answer is saved at once.
    """
    from tui.commands.opened_desk import desk_of_ones_own, require_terminal, start_app

    if not plain:
        require_terminal(instead="`factdesk check --plain`")
    with desk_of_ones_own() as desk:
        about = desk.articles.get(article)
        if not plain:
            start_app(desk, about)
            return
        from tui.linear.check import LinearCheck
        from tui.linear.conversation import Conversation

        LinearCheck(desk, about, Conversation(sys.stdin, sys.stdout)).run()


@command(
    "tag",
    'factdesk tag 3 --quote "2 500 other soldiers" --claimant Ri --verdict refuted',
    'factdesk tag 3 --quote "2 500 other soldiers" --claim-text "Ri came with 2,500 soldiers."',
    "factdesk tag 3 120 158 --own --json",
    numbers=True,
)
@words.article
@span
@claim_fields
@words.option("--verdict", "key", metavar="KEY", help="Your verdict, by its key in `factdesk scheme`.")
@click.option("--justification", metavar="TEXT", help="Why.")
@click.option("--own", is_flag=True, help="Tag it as yours even where somebody else has tagged the same words.")
@as_json
def tag(
    article: str,
    start: int | None,
    end: int | None,
    quote: str | None,
    nth: int | None,
    key: str | None,
    justification: str | None,
    own: bool,
    as_json: bool,
    **details: Any,
) -> None:
    """Tag words of an article as a claim.

    You can give its fields and your verdict at the same time; `factdesk undo` undoes all of it together. To tag words
    again that you have already tagged, use another `--claim-text`.
    """
    from store.errors import Refused, TaggedByAnother

    with desk_to_write() as desk:
        about = desk.articles.get(article)
        place = found_span(desk.articles.shown(about), start, end, quote, nth)
        try:
            claim = desk.claims.tag(about, *place, own=own, **said(details))
        except TaggedByAnother as theirs:
            raise Refused(f"{theirs} Add --own to tag it as yours too.") from None
        given = _conclude(desk, claim, key, justification) if key or justification else None
        claim = desk.claims.get(claim)
        report_claim(claim, as_json)
        if near := desk.claims.near_copy(claim):
            say(f"{claim.name} is nearly the same as {near.name}.")
        if given and key:
            _warn(desk, claim, given)


def _conclude(desk: Desk, claim: Claim, key: str | None, justification: str | None) -> Verdict:
    """Give the verdict, or only the justification when there is no ``key``."""
    return (
        desk.verdicts.justify(claim, justification or "")
        if key is None
        else desk.verdicts.give(claim, key, justification)
    )


def report_claim(claim: Claim, as_json: bool) -> None:
    report(claim, as_json, _line(claim))


def report_claims(claims: Sequence[Claim], as_json: bool) -> None:
    """Several claims, a line each, or as a JSON array."""
    if as_json:
        show_json_list(map(plain, claims))
        return
    for claim in claims:
        tell(f"{_line(claim)} {claim.claim_text}".rstrip())


def _line(claim: Claim) -> str:
    from store.text.shorten import shorten

    return f"{claim.name} {claim.id} {claim.start}–{claim.end} {quoted(shorten(claim.quote_shown))}"


def _warn(desk: Desk, claim: Claim, given: Verdict) -> None:
    """Say what the scheme still asks of a verdict just given."""
    stances = [piece.stance for piece in desk.evidence.of(claim)]
    for sentence in desk.scheme.lacks(given.verdict, given.justification, stances):
        say(f"{claim.name}: {sentence}.")
    if aside := desk.verdicts.put_aside(claim):
        say(aside)


@command(
    "verdict",
    'factdesk verdict 3 C7 refuted --justification "He left on 10 October."',
    "factdesk verdict 3 C7 --none",
)
@words.article
@words.claim
@words.argument("key", "The verdict, by its key in `factdesk scheme`.", required=False)
@click.option("--justification", metavar="TEXT", help="Why; without KEY the verdict stays as it is.")
@click.option("--none", "none", is_flag=True, help="Remove your verdict.")
@as_json
def verdict(article: str, claim: str, key: str | None, justification: str | None, none: bool, as_json: bool) -> None:
    """Give your verdict on a claim.

    Other people's verdicts stay as they are. The command says what the scheme still requires, such as evidence.
    """
    if none and key:
        raise click.UsageError("Give KEY or --none, not both.")
    if not none and not key and justification is None:
        raise click.UsageError("Say which: give KEY, --none or --justification.")
    with desk_to_write() as desk:
        about = desk.claims.get(claim, article)
        if none and justification is None:
            desk.reviews.clear_verdict(about)
            given = next(one for one in desk.verdicts.of(about) if one.by.id == desk.reviewer.id)
        else:
            given = _conclude(desk, about, "" if none else key, justification)
        label = desk.scheme.verdict(given.verdict).label
        said_so = f"{given.verdict} ({label})" if given.verdict else "no verdict"
        report(given, as_json, f"{about.name} {given.id} {said_so}")
        if key:
            _warn(desk, about, given)


@command(
    "evidence",
    'factdesk evidence 3 C7 --stance refutes --url https://example.org/a --quote "on 10 October" --locator "p. 2"',
    'factdesk evidence 3 C7 --edit 1 --note "Confirmed by phone"',
)
@words.article
@words.claim
@click.option("--stance", metavar="WORD", help=f"What it does to the claim: {Stance.listed()}.")
@click.option("--url", metavar="URL", help="Where the source is; a known URL is the same source.")
@click.option("--quote", metavar="TEXT", help="The source's own passage, word for word.")
@click.option("--locator", metavar="TEXT", help="Where the passage is: page, paragraph, time.")
@click.option("--note", metavar="TEXT", help="Anything else.")
@click.option("--title", metavar="TEXT", help="The source's title.")
@click.option("--publisher", metavar="NAME", help="Who published it.")
@click.option("--published", metavar="DATE", help="When: YYYY-MM-DD, YYYY-MM or YYYY.")
@click.option("--retrieved", metavar="DATE", help="When you read it.")
@click.option("--archive-url", metavar="URL", help="Where a copy is kept.")
@click.option("--tier", metavar="WORD", help=f"How close it is to the fact: {Tier.listed()}.")
@click.option(
    "--origin", metavar="TEXT", help="Where the source has it from; two sources with one origin count as one."
)
@click.option("--edit", type=int, metavar="N", help="Change the evidence with that number in `factdesk show` instead.")
@click.option("--only-here", is_flag=True, help="With --edit: leave the source as it is for others who cite it.")
@as_json
def evidence(article: str, claim: str, edit: int | None, only_here: bool, as_json: bool, **details: str | None) -> None:
    """Add evidence to a claim, or change it.

    What you say about a source, such as its title, applies to all evidence that cites it; with --only-here, to this
    evidence alone, which then cites a source of its own.
    """
    given = said(details)
    if only_here and edit is None:
        raise click.UsageError("Say which evidence: --only-here goes with --edit.")
    if not given:
        raise click.UsageError("Say something of it: at least --stance." if edit is None else "Say what to change.")
    if edit is None and "stance" not in given:
        raise click.UsageError("Give its --stance: supports, refutes or context.")
    with desk_to_write() as desk:
        about = desk.claims.get(claim, article)
        if edit is None:
            piece = desk.evidence.add(about, **given)
        else:
            held = nth_of(desk.evidence.of(about), edit, "evidence", about.name)
            piece = desk.evidence.revise(held, only_here=only_here, **given)
        source = piece.source.url or piece.source.title if piece.source else ""
        report(piece, as_json, " ".join(filter(None, (about.name, piece.id, piece.stance, source))))


@command("sweep", "factdesk sweep 3 0 118", 'factdesk sweep 3 --quote "They spoke in an interview."', numbers=True)
@words.article
@span
@as_json
def sweep(article: str, start: int | None, end: int | None, quote: str | None, nth: int | None, as_json: bool) -> None:
    """Mark words as read, with nothing to check in them."""
    from store.text.shorten import shorten

    with desk_to_write() as desk:
        about = desk.articles.get(article)
        text = desk.articles.shown(about)
        made = desk.sweeps.add(about, *found_span(text, start, end, quote, nth))
        quote = text.words(made.start, made.end)
        report(made, as_json, f"{made.id} {made.start}–{made.end} {quoted(shorten(quote))}", quote=quote)


@command(
    "comment", 'factdesk comment 3 C7 "Asked the ministry on Monday."', "factdesk comment 3 C7 --reply-to 1 Thanks"
)
@words.article
@words.claim
@words.argument("text", "What to say.")
@click.option("--reply-to", type=int, metavar="N", help="Reply to the comment with that number in `factdesk show`.")
@words.option("--on-review", metavar="NAME", help="Reply to that person's review of the claim.")
@click.option("--edit", type=int, metavar="N", help="Change the comment with that number instead.")
@as_json
def comment(
    article: str,
    claim: str,
    text: str,
    reply_to: int | None,
    on_review: str | None,
    edit: int | None,
    as_json: bool,
) -> None:
    """Comment on a claim, or reply to a comment or a review.

    If you were assigned to review the claim and have not decided yet, this counts as a review that only comments.
    """
    if sum(given is not None for given in (reply_to, on_review, edit)) > 1:
        raise click.UsageError("Give one of --reply-to, --on-review and --edit.")
    with desk_to_write() as desk:
        about = desk.claims.get(claim, article)
        there = desk.threads.of(about)
        made: Comment | Review
        if edit is not None:
            made = desk.threads.edit(nth_of(there, edit, "comment", about.name), text)
        elif on_review is not None:
            made = desk.threads.comment(about, text, desk.answers.said_by(about, on_review).id)
        else:
            answered = nth_of(there, reply_to, "comment", about.name) if reply_to is not None else None
            made = desk.threads.comment(about, text, answered) if answered else desk.reviews.remark(about, text)
        report(made, as_json, f"{about.name} {made.id}")
