"""Looking at the desk: articles, claims, show, residue, stats, search, history, here."""

from __future__ import annotations

import sys
from collections.abc import Iterator, Mapping, Sequence
from typing import TYPE_CHECKING, Any, NamedTuple

import click

from tui.commands import command as words
from tui.commands.card import passage_heads, read_bar, read_figures, show_article, show_claim
from tui.commands.command import argument, as_json, command
from tui.commands.desks import desk_to_read, tell_conflicts
from tui.commands.output import (
    Progress,
    counted,
    labelled,
    listing,
    local_time,
    plain,
    say,
    show_json,
    show_table,
    tell,
    terminal_width,
    write_exactly,
)
from tui.text.table_columns import Head

if TYPE_CHECKING:
    from store.desk import Desk
    from store.records import Article
    from store.reports import ShelfRow, Stats
    from store.text.coverage import Coverage
    from store.who_is_here import Present


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
        chosen = _chosen(desk, articles) or desk.articles.all()
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


def _chosen(desk: Desk, refs: Sequence[str]) -> list[Article]:
    """The articles people named, each once."""
    return list({article.id: article for article in map(desk.articles.get, refs)}.values())


@command("show", "factdesk show 3", "factdesk show 3 C7", "factdesk show 3 --text > article.txt")
@words.article
@argument("claim", "Its name, such as C7, or its id. Without one: the article itself.", required=False)
@click.option("--text", is_flag=True, help="The article's text, exactly as the desk keeps it.")
@as_json
def show(article: str, claim: str | None, text: bool, as_json: bool) -> None:
    """Show a claim or an article with everything that belongs to it.

    The numbers before evidence, comments and sweeps are those that `evidence --edit`, `comment --edit`, `comment
    --reply-to` and `delete` take.
    """
    if text and (claim or as_json):
        raise click.UsageError("--text goes with an article alone.")
    with desk_to_read() as desk:
        if text:
            _show_text(desk.articles.text(desk.articles.get(article)))
        elif claim:
            show_claim(desk, desk.claims.get(claim, article), as_json)
        else:
            about = desk.articles.get(article)
            show_article(desk, about, as_json)
            tell_conflicts(desk, [about])


def _show_text(text: str) -> None:
    if sys.stdout.isatty():
        tell(text)
    else:
        write_exactly(text)


@command("residue", "factdesk residue 3", "factdesk residue 3 --json | jq -r '.[0] | \"\\(.start) \\(.end)\"'")
@words.article
@as_json
def list_residue(article: str, as_json: bool) -> None:
    """List what is left to read: open sentences and leftovers.

    No word of an open sentence is in a claim or a sweep. A leftover is the unread rest of a sentence; it counts if it
    has a digit or at least leftover_words words (in the scheme; otherwise four).
    """
    from store.review.summary import passages_of

    with desk_to_read() as desk:
        about = desk.articles.get(article)
        left = passages_of(desk.articles.shown(about), desk.coverage.of(about).residue)
        listing(passage_heads("words"), left, as_json, nothing="Nothing is left to read.")


@command("stats", "factdesk stats", "factdesk stats 3 4", "factdesk stats --json | jq .verdicts")
@words.articles
@as_json
def show_stats(articles: tuple[str, ...], as_json: bool) -> None:
    """Count claims and verdicts, and show how much is read and checked."""
    with desk_to_read() as desk:
        stats, scheme = desk.library.stats(_chosen(desk, articles)), desk.scheme
    if as_json:
        show_json(plain(stats))
        return
    from store.vocabulary import LACK_WORDS

    shares = {
        "done": [
            ("words read", stats.words_read, stats.words),
            ("claims checked", stats.claims_checked, stats.claims),
        ],
        "claims that lack": [
            (LACK_WORDS[what], count, stats.claims) for what, count in stats.lacking._asdict().items() if count
        ],
        "verdicts": [
            *((labelled(scheme, key), count, stats.claims) for key, count in stats.verdicts.items()),
            ("none yet", stats.lacking.verdict, stats.claims),
        ],
        "status": [(name, count, stats.claims) for name, count in stats.statuses.items()],
        "checkers": [(name, count, stats.claims) for name, count in stats.checkers.items()],
    }
    width = terminal_width()
    if width is None:
        _list_stats(stats, shares)
    else:
        _draw_stats(stats, shares, width)


Shares = Mapping[str, Sequence[tuple[str, int, int]]]
"""Under each heading: a name, how many, and of how many."""


def _list_stats(stats: Stats, shares: Shares) -> None:
    totals = (
        *("articles", "open_sentences", "leftovers", "claims", "evidence", "sources", "sweeps", "comments"),
        *("threads", "inbox", "conflicts"),
    )
    show_table(
        (Head("group"), Head("name"), Head("count"), Head("of")),
        [
            *(("total", name.replace("_", " "), getattr(stats, name), "") for name in totals),
            *((group, name, count, of) for group, rows in shares.items() for name, count, of in rows),
        ],
    )


def _draw_stats(stats: Stats, shares: Shares, width: int) -> None:
    from textwrap import wrap

    from store.reports import Checked
    from store.text.coverage import Coverage
    from tui.text.tables import percent, share_bar, table_lines

    totals = (
        counted(stats.articles, "article"),
        counted(stats.claims, "claim"),
        counted(stats.evidence, "piece of evidence", "pieces of evidence"),
        counted(stats.sources, "source"),
        counted(stats.sweeps, "sweep"),
        counted(stats.comments, "comment"),
        counted(stats.threads, "open thread"),
        f"{stats.inbox:,} in your inbox",
        counted(stats.conflicts, "conflict"),
    )
    tell("\n".join(wrap(" · ".join(totals), width)))
    read = Coverage(stats.words, stats.words_read, open_sentences=stats.open_sentences, leftovers=stats.leftovers)
    tell(f"read {read.read}")
    tell(f"checked {Checked(stats.claims, stats.claims_checked, stats.lacking)}")
    for group, listed in shares.items():
        rows = [
            (name, share_bar(count, of, percent(count, of).rjust(5)), f"{count:,} of {of:,}")
            for name, count, of in listed
            if of
        ]
        if rows:
            tell("")
            for line in table_lines((Head(group, flexible=True), Head(""), Head("", right=True)), rows, width):
                tell(line)


@command("search", "factdesk search prisoners Kursk", "factdesk search --json interview | jq length")
@argument("words", "What to look for: all of them, in one article, claim, passage, comment …", nargs=-1, required=True)
@as_json
def search(words: tuple[str, ...], as_json: bool) -> None:
    """Search all articles, claims, justifications, evidence, comments and sources."""
    from tui.text.table_columns import Marked

    with desk_to_read() as desk:
        known = {article.id: article for article in desk.articles.all()}
        hits = desk.library.search(" ".join(words))
        heads = (
            Head("article", lambda hit: known[hit.article].number if hit.article else "", right=True),
            Head("claim", lambda hit: desk.claims.get(hit.claim).name if hit.claim else ""),
            Head("where", lambda hit: hit.where.replace("_", " ")),
            Head("found", lambda hit: Marked(hit.snippet, hit.marks), flexible=True),
            Head("title", lambda hit: known[hit.article].title if hit.article else "", flexible=True, spare=True),
        )
        shown = hits if as_json else [hit for hit in hits if not hit.article or hit.article in known]
        listing(heads, shown, as_json, nothing="Nothing found.")


@command("replay", "factdesk replay 1", "factdesk replay 1 --plain")
@words.article
@click.option("--plain", is_flag=True, help="Print the steps as lines: for screen readers and pipes.")
@as_json
def replay(article: str, plain: bool, as_json: bool) -> None:
    """Show step by step how the check of an article grew: the text as it stood, in the app; or lines."""
    from tui.commands.desks import desk_of_ones_own, require_terminal, start_app

    if not (plain or as_json):
        require_terminal(instead="`factdesk replay --plain`")
        with desk_of_ones_own() as own:
            start_app(own, own.articles.get(article), replaying=True)
        return
    with desk_to_read() as desk:
        replay = desk.history.replay(article)
        steps = [replay.told(step) for step in replay.steps]
        if as_json:
            listing((), steps, True)
            return
        for step in steps:
            tell(f"{step.number}. {local_time(step.at)} {step.by}: {'; '.join(step.says)}. Then: {step.standing}.")
        if not steps:
            say("Nothing was done on this article yet.")


@command("history", "factdesk history", "factdesk history 3 C7", "factdesk history --limit 10 --json")
@argument("article", words.ARTICLE_WORDS + " Without one: the whole desk.", required=False)
@argument("claim", "Its name, such as C7, or its id. Without one: the whole article.", required=False)
@click.option(
    "--limit", type=click.IntRange(1, 1_000_000), default=100, show_default=True, metavar="N", help="How many."
)
@as_json
def history(article: str | None, claim: str | None, limit: int, as_json: bool) -> None:
    """Show who changed what and when, newest first."""
    with desk_to_read() as desk:
        about = desk.articles.get(article) if article else None
        numbers = {found.id: found.number for found in desk.articles.all(deleted=True)}
        heads = (
            Head("when", lambda change: local_time(change.at)),
            Head("who", lambda change: change.by, flexible=True),
            Head("article", lambda change: numbers.get(change.article, ""), right=True),
            Head("what", lambda change: change.sentence, flexible=True, wrapped=True),
        )
        listing(heads, desk.history.of(about, desk.claims.get(claim, about) if claim else None, limit), as_json)


@command("here", "factdesk here", "factdesk here --json | jq -r '.[].person'")
@as_json
def list_here(as_json: bool) -> None:
    """List who has this desk open now, and on which article.

    Blind review hides who it is; that somebody is here is told.
    """
    with desk_to_read() as desk:
        articles = {one.id: one for one in desk.articles.all()}
        heads = (
            Head("who", lambda one: one.person or "somebody", flexible=True),
            Head("article", lambda one: articles[one.article].number if one.article else "", right=True),
            Head("title", lambda one: articles[one.article].title if one.article else "in the library", flexible=True),
            Head("since", lambda one: local_time(one.since) if one.since else ""),
        )

        def told(one: Present) -> dict[str, Any]:
            about = articles.get(one.article)
            at = {"number": about.number, "title": about.title} if about else {"number": None, "title": ""}
            return {**plain(one), **at}

        nothing = "Nobody has this desk open now."
        listing(heads, desk.here.others(), as_json, nothing=nothing, as_plain=told)
