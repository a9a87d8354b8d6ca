"""Suggestions: list what others or a model think is a claim; accept, amend or reject it; how good they are."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import click

from store.text.quotations import quoted
from tui.commands import command as words
from tui.commands.check import report_claim, report_claims
from tui.commands.claim_fields import claim_fields
from tui.commands.command import argument, as_json, command, found_proposal, proposed_span, said
from tui.commands.opened_desk import desk_to_read, desk_to_write
from tui.commands.output import listing, plain, say, show_json, show_json_list, tell
from tui.text.table_columns import Head

if TYPE_CHECKING:
    from store.desk import Desk
    from store.records import Claim, Suggestion
    from store.review.suggesters import Ratio, Suggester

_names = argument("names", "Its name in `factdesk suggestions`, such as S3, or its id.", nargs=-1, required=True,
                  metavar="SUGGESTION…")  # fmt: skip


@command(
    "suggestions",
    "factdesk suggestions 3",
    'factdesk suggestions 3 --all --by "Model 3"',
    "factdesk suggestions --measure --json",
)
@argument("articles", words.ARTICLE_WORDS + " With --measure: several, or all.", nargs=-1, metavar="ARTICLE")
@click.option("--all", "everything", is_flag=True, help="Include those that you have decided on.")
@words.option("--by", metavar="NAME", default="", help="Only those of one suggester.")
@click.option("--measure", is_flag=True, help="Show how good each suggester is, instead of the list.")
@as_json
def suggestions(articles: tuple[str, ...], everything: bool, by: str, measure: bool, as_json: bool) -> None:
    """List what others or a model suggest as claims in an article.

    A suggestion counts as nothing until you accept it (`factdesk suggestions accept`). With --measure: each suggester's
    precision and recall against the settled claims, where spans match that overlap by half or more, and how many
    suggestions people took.
    """
    if measure:
        if everything or by:
            raise click.UsageError("--measure counts all suggestions: leave --all and --by out.")
        _measured(articles, as_json)
        return
    if len(articles) != 1:
        raise click.UsageError("Name one article; several, or none for all, go with --measure.")
    with desk_to_read() as desk:
        about = desk.articles.get(articles[0])
        found = desk.suggestions.of(about, waiting=not everything)
        if by:
            id = desk.people.get(by).id
            found = [one for one in found if one.by.id == id]
        heads = (
            Head("name", lambda one: one.name),
            Head("who", lambda one: one.by, flexible=True),
            Head("label", lambda one: one.label, flexible=True),
            Head("sure", _sure, right=True),
            Head("quote", lambda one: one.quote_shown, flexible=True),
            Head("claim text", lambda one: one.claim_text, flexible=True, wrapped=True),
            Head("note", lambda one: one.note, flexible=True, spare=True),
            *([Head("you", lambda one: _chosen(desk, one))] if everything else []),
        )
        if desk.suggestions.hidden(about):
            say("Suggestions on this article are hidden from you until you have submitted your own set.")
        listing(heads, found, as_json, nothing="No suggestion waits for you here.")


def _sure(one: Suggestion) -> str:
    return "" if one.confidence is None else f"{one.confidence:.2f}"


def _chosen(desk: Desk, one: Suggestion) -> str:
    return f"{one.outcome} as {desk.claims.name_of(one.claim)}" if one.claim else one.outcome


@command(
    "suggestions accept",
    "factdesk suggestions accept 3 S3",
    "factdesk suggestions accept 3 S3 S4 S7",
)
@words.article
@_names
@as_json
def accept(article: str, names: tuple[str, ...], as_json: bool) -> None:
    """Make suggestions claims of your own.

    A claim gets the span, claim text and label of its suggestion: as your verdict where the scheme has one of that
    name, else as its type or a tag. `factdesk undo` undoes all of it.
    """
    with desk_to_write() as desk, desk.together():
        made = [desk.suggestions.accept(desk.suggestions.get(name, article)) for name in names]
    report_claims(made, as_json)


@command(
    "suggestions amend",
    'factdesk suggestions amend 3 S3 --quote "2 500 other soldiers"',
    'factdesk suggestions amend 3 S3 --claim-text "Ri came with 2,500 soldiers."',
)
@words.article
@argument("name", "Its name in `factdesk suggestions`, such as S3, or its id.", metavar="SUGGESTION")
@proposed_span
@claim_fields
@as_json
def amend(
    article: str,
    name: str,
    span: tuple[int, int] | None,
    quote: str | None,
    nth: int | None,
    as_json: bool,
    **details: Any,
) -> None:
    """Make a suggestion a claim of your own with other words or another span."""
    with desk_to_write() as desk:
        about = desk.suggestions.get(name, article)
        text = desk.articles.text_of_version(about.version)
        place = found_proposal(desk.articles.shown(desk.articles.get(about.article), text), span, quote, nth)
        fields = said(details)
        if place is None and not fields:
            raise click.UsageError("Say what to change: give --span, --quote or a field such as --claim-text.")
        claim: Claim = desk.suggestions.amend(about, *(place or ()), **fields)
        report_claim(claim, as_json)


@command("suggestions reject", "factdesk suggestions reject 3 S3", "factdesk suggestions reject 3 S3 S4 S7")
@words.article
@_names
@as_json
def reject(article: str, names: tuple[str, ...], as_json: bool) -> None:
    """Reject suggestions: they are not claims to you. You can still accept them later."""
    with desk_to_write() as desk, desk.together():
        done = [desk.suggestions.reject(desk.suggestions.get(name, article)) for name in names]
    if as_json:
        show_json_list(map(plain, done))
        return
    for one in done:
        tell(f"{one.name} {one.id} rejected: {quoted(one.quote_shown)}")


def _measured(articles: tuple[str, ...], as_json: bool) -> None:
    """How good each suggester is."""
    with desk_to_read() as desk:
        found = desk.suggesters.figures(articles)
    if as_json:
        show_json([_plain(one) for one in found])
        return
    heads = (
        Head("suggester", lambda one: one.name, flexible=True),
        Head("suggestions", lambda one: one.suggestions, right=True),
        Head("precision", lambda one: _told(one.precision), right=True),
        Head("recall", lambda one: _told(one.recall), right=True),
        Head("F1", lambda one: "" if one.f1 is None else f"{one.f1:.2f}", right=True),
        Head("same verdict", lambda one: _told(one.labels), right=True),
        Head("taken", lambda one: _told(one.taken), right=True),
        Head("before own pass", lambda one: _told(one.taken_before), right=True, spare=True),
        Head("after", lambda one: _told(one.taken_after), right=True, spare=True),
    )
    listing(heads, found, False, nothing="Nobody has suggested anything.")
    if found and not any(one.articles for one in found):
        say("Precision and recall need a settled set: `factdesk adjudicate` settles claims.")


def _told(ratio: Ratio) -> str:
    return "" if ratio.value is None else f"{ratio.value:.2f} ({ratio.of} of {ratio.all})"


def _plain(one: Suggester) -> dict[str, object]:
    """A suggester's figures with what each was counted from."""
    ratios = ("precision", "recall", "labels", "taken", "taken_before", "taken_after")
    counted = {name: {"value": (held := getattr(one, name)).value, "of": held.of, "all": held.all} for name in ratios}
    return {**one._asdict(), **counted}
