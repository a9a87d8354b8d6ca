"""What is on the desk: articles, claims."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING, Any, NamedTuple

import click

from tui.commands import command as words
from tui.commands.command import as_json, command
from tui.commands.opened_desk import desk_to_read, tell_conflicts
from tui.commands.output import (
    Progress,
    labelled,
    listing,
    local_time,
    plain,
)
from tui.commands.show import read_bar, read_figures
from tui.text.table_columns import Head

if TYPE_CHECKING:
    from store.desk import Desk
    from store.records import Article
    from store.reports import ShelfRow
    from store.text.coverage import Coverage


class _Read(NamedTuple):
    """An article of the shelf, and how much of it is read."""

    row: ShelfRow
    coverage: Coverage


@command("articles", "factdesk articles", "factdesk articles --json | jq -r '.[] | select(.claims == 0) | .title'")
@as_json
def list_articles(as_json: bool) -> None:
    """List the articles and how much of them is read, checked and reviewed."""
    heads = (
        Head("no.", lambda one: one.row.article.number, right=True),
        Head("title", lambda one: one.row.article.title, flexible=True),
        Head("date", lambda one: one.row.article.published, spare=True),
        Head("publisher", lambda one: one.row.article.publisher, flexible=True, spare=True),
        Head("read", lambda one: read_bar(one.coverage)),
        Head("sentences left", lambda one: one.coverage.open_sentences, right=True, spare=True),
        Head("leftovers", lambda one: one.coverage.leftovers, right=True, spare=True),
        Head("checked", lambda one: one.row.claims_checked, right=True),
        Head("claims", lambda one: one.row.claims, right=True),
        Head("lacking", lambda one: str(one.row.lacking), flexible=True, spare=True),
        Head("state", lambda one: words.article_state(one.row.state, one.row.disputed)),
        Head("reviewed", lambda one: one.row.reviewed, right=True, spare=True),
        Head("inbox", lambda one: one.row.inbox, right=True, spare=True),
        Head("threads", lambda one: one.row.threads, right=True, spare=True),
        Head("checkers", lambda one: ", ".join(one.row.checkers), flexible=True, spare=True),
        Head("last change", lambda one: local_time(one.row.changed), spare=True),
    )
    with desk_to_read() as desk:
        nothing = "There is no article here yet: `factdesk import PATH` brings some in."
        listing(heads, _covered(desk), as_json, nothing=nothing, as_plain=_plain)


def _covered(desk: Desk) -> Iterator[_Read]:
    shelf = desk.library.shelf()
    with Progress("Measured") as progress:
        covered = desk.coverage.each(row.article for row in shelf)
        for number, (row, coverage) in enumerate(zip(shelf, covered, strict=True), 1):
            yield _Read(row, coverage)
            progress(number, len(shelf))


def _plain(one: _Read) -> dict[str, Any]:
    record = plain(one.row)
    return {**record.pop("article"), **read_figures(one.coverage), **record}


_STATUSES = ("tagged", "checked", "reviewed", "disputed", "settle_again", "settled")


@command(
    "claims",
    "factdesk claims 3",
    "factdesk claims --status disputed",
    "factdesk claims --json | jq '.[] | select(.verdict == \"\")'",
)
@words.articles
@click.option(
    "--status",
    "statuses",
    multiple=True,
    metavar="WORD",
    help=f"Only those that are {', '.join(_STATUSES[:-1])} or {_STATUSES[-1]}; may be repeated.",
)
@as_json
def list_claims(articles: tuple[str, ...], statuses: tuple[str, ...], as_json: bool) -> None:
    """List claims with their verdicts, in text order."""
    wanted = {words.word(status, _STATUSES, "a status") for status in statuses}
    with desk_to_read() as desk:
        chosen = articles_named(desk, articles) or desk.articles.all()
        numbers, scheme = {article.id: article.number for article in chosen}, desk.scheme
        heads = (
            Head("article", lambda claim: numbers[claim.article], right=True),
            Head("claim", lambda claim: claim.name),
            Head("status", lambda claim: claim.status.value),
            Head("verdict", lambda claim: labelled(scheme, claim.verdict)),
            Head("evidence", lambda claim: claim.evidence_count, right=True),
            Head("quote", lambda claim: claim.quote_shown, flexible=True),
            Head("claimant", lambda claim: claim.claimant, flexible=True, spare=True),
            Head("checker", lambda claim: claim.checker, flexible=True, spare=True),
            Head("start", lambda claim: claim.start, right=True, spare=True),
            Head("end", lambda claim: claim.end, right=True, spare=True),
            Head("claim text", lambda claim: claim.claim_text, flexible=True, spare=True),
        )
        found = (claim for article in chosen for claim in desk.claims.of(article))
        listing(heads, (claim for claim in found if not wanted or claim.status.value in wanted), as_json)
        tell_conflicts(desk, chosen)


def articles_named(desk: Desk, refs: Sequence[str]) -> list[Article]:
    """The articles people named, each once."""
    return list({article.id: article for article in map(desk.articles.get, refs)}.values())
