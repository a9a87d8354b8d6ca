"""Looking at the desk: articles, claims, show, residue, stats, search, history."""

from __future__ import annotations

import sys
from collections.abc import Iterator, Mapping, Sequence
from typing import TYPE_CHECKING, Any

import click

from tui.commands import verb as words
from tui.commands.desks import desk_to_read
from tui.commands.output import (
    Progress,
    counted,
    local_time,
    plain,
    say,
    show_json,
    show_json_list,
    show_table,
    tell,
    terminal_width,
    write_exactly,
)
from tui.commands.verb import argument, as_json, verb

if TYPE_CHECKING:
    from store.desk import Desk
    from store.records import Article, Claim, Review, ShelfRow, Stats, Tick
    from store.review.summary import Passage
    from store.text.coverage import Coverage
    from tui.text.tables import Bar


@verb("articles", "factdesk articles", "factdesk articles --json | jq -r '.[] | select(.claims == 0) | .title'")
@as_json
def list_articles(as_json: bool) -> None:
    """List the articles and how far they are read, checked and reviewed."""
    from tui.text.tables import Column

    with desk_to_read() as desk:
        shelf = desk.shelf()
        covered = _covered(desk, shelf)
        if as_json:
            show_json_list(_plain(row, coverage) for row, coverage in covered)
            return
        if not shelf:
            say("There is no article here yet: `factdesk import PATH` brings some in.")
        columns = (
            Column("no.", right=True),
            Column("title", flexible=True),
            Column("date", spare=True),
            Column("publisher", flexible=True, spare=True),
            Column("read"),
            Column("sentences left", right=True, spare=True),
            Column("leftovers", right=True, spare=True),
            Column("checked", right=True),
            Column("claims", right=True),
            Column("lacking", flexible=True, spare=True),
            Column("state"),
            Column("reviewed", right=True, spare=True),
            Column("inbox", right=True, spare=True),
            Column("threads", right=True, spare=True),
            Column("checkers", flexible=True, spare=True),
            Column("last change", spare=True),
        )
        show_table(
            columns,
            (
                (
                    row.article.number,
                    row.article.title,
                    row.article.published,
                    row.article.publisher,
                    _read_bar(coverage),
                    coverage.open_sentences,
                    coverage.leftovers,
                    row.claims_checked,
                    row.claims,
                    str(row.lacking),
                    words.article_state(row.state, row.disputed),
                    row.reviewed,
                    row.inbox,
                    row.threads,
                    ", ".join(row.checkers),
                    local_time(row.changed),
                )
                for row, coverage in covered
            ),
        )


def _covered(desk: Desk, shelf: Sequence[ShelfRow]) -> Iterator[tuple[ShelfRow, Coverage]]:
    with Progress("Measured") as progress:
        covered = desk.coverages(row.article for row in shelf)
        for number, (row, coverage) in enumerate(zip(shelf, covered, strict=True), 1):
            yield row, coverage
            progress(number, len(shelf))


def _plain(row: ShelfRow, coverage: Coverage) -> dict[str, Any]:
    record = plain(row)
    return {**record.pop("article"), **_figures(coverage), **record}


def _read_bar(coverage: Coverage) -> Bar:
    from tui.text.tables import Bar, read_cells

    return Bar(read_cells(coverage, 10), f"{coverage.percent} %")


def _figures(coverage: Coverage) -> dict[str, int]:
    """How much is read, and what is left."""
    return {part: getattr(coverage, part) for part in ("words", "words_read", "open_sentences", "leftovers")}


STATUSES = ("tagged", "checked", "reviewed", "disputed", "settled")


@verb(
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
    help=f"Only those that are {', '.join(STATUSES[:-1])} or {STATUSES[-1]}; may be repeated.",
)
@as_json
def list_claims(articles: tuple[str, ...], statuses: tuple[str, ...], as_json: bool) -> None:
    """List claims with their verdicts, in the order of the text."""
    from tui.text.tables import Column

    wanted = {words.word(status, {name: name for name in STATUSES}, "status") for status in statuses}
    with desk_to_read() as desk:
        chosen = _chosen(desk, articles) or desk.articles()
        found = (
            (article, claim)
            for article in chosen
            for claim in desk.claims(article)
            if not wanted or claim.status.value in wanted
        )
        if as_json:
            show_json_list(plain(claim) for _, claim in found)
            return
        scheme = desk.scheme

        def row(article: Article, claim: Claim) -> tuple[str | int, ...]:
            kind = scheme.verdict(claim.verdict)
            return (
                article.number,
                claim.name,
                claim.status.value,
                f"{kind.glyph} {kind.label}" if claim.verdict else "",
                claim.evidence_count,
                claim.quote,
                claim.claimant,
                claim.checker,
                claim.start,
                claim.end,
            )

        columns = (
            Column("article", right=True),
            Column("claim"),
            Column("status"),
            Column("verdict"),
            Column("evidence", right=True),
            Column("quote", flexible=True),
            Column("claimant", flexible=True, spare=True),
            Column("checker", flexible=True, spare=True),
            Column("start", right=True, spare=True),
            Column("end", right=True, spare=True),
        )
        show_table(columns, (row(article, claim) for article, claim in found))


def _chosen(desk: Desk, refs: Sequence[str]) -> list[Article]:
    """The articles people named, each once."""
    return list({article.id: article for article in map(desk.article, refs)}.values())


@verb("show", "factdesk show 3", "factdesk show 3 C7", "factdesk show 3 --text > article.txt")
@words.article
@argument("claim", "Its name, such as C7, or its id. Without one: the article itself.", required=False)
@click.option("--text", is_flag=True, help="The article's text, exactly as the desk keeps it.")
@as_json
def show(article: str, claim: str | None, text: bool, as_json: bool) -> None:
    """Show a claim, or an article, with all that hangs on it.

    The numbers in front of evidence, comments and sweeps are those that `evidence --edit`, `comment --edit`,
    `comment --reply-to` and `delete` take.
    """
    if text and (claim or as_json):
        raise click.UsageError("--text goes with an article alone.")
    with desk_to_read() as desk:
        if text:
            _show_text(desk.text(desk.article(article)))
        elif claim:
            _show_claim(desk, desk.claim(claim, article), as_json)
        else:
            _show_article(desk, desk.article(article), as_json)


def _show_text(text: str) -> None:
    if sys.stdout.isatty():
        tell(text)
    else:
        write_exactly(text)


def _show_claim(desk: Desk, claim: Claim, as_json: bool) -> None:
    from store.log import staleness as stale

    verdicts, evidence, comments = desk.verdicts(claim), desk.evidence(claim), desk.comments(claim)
    reviews, ticks, lacks = desk.reviews(claim), desk.ticks(claim), desk.lacks(claim)
    settled = [one for one in desk.adjudications(claim.article) if one.claim == claim.id]
    if as_json:
        hanging = {"verdicts": verdicts, "evidence": evidence, "comments": comments, "lacks": lacks}
        hanging |= {"reviews": reviews, "ticks": ticks, "adjudications": settled}
        show_json({**plain(claim), **plain(hanging)})
        return
    _fields(
        {
            "claim": f"{claim.name} {claim.id}",
            "quote": f"{claim.start}–{claim.end} “{claim.quote}”",
            "claim text": claim.claim_text,
            "claimant": claim.claimant,
            "attribution": claim.attribution,
            "check target": claim.check_target,
            "types": ", ".join(claim.types),
            "priority": claim.priority,
            "tags": ", ".join(claim.tags),
            "checker": f"{claim.checker}, {local_time(claim.created)}",
            "status": claim.status.value,
            "conflict": "waits to be settled, see `factdesk conflicts`" if claim.conflict else "",
        }
    )
    for verdict in verdicts:
        kind = desk.scheme.verdict(verdict.verdict)
        given = f"{kind.glyph} {kind.label} ({verdict.verdict})" if verdict.verdict else "none yet"
        _fields({"verdict": f"{given}, by {verdict.by}", "why": verdict.justification})
    _fields({"lacks": "; ".join(lacks)})
    for number, piece in enumerate(evidence, 1):
        source = piece.source
        about = (source.title, source.publisher, source.published, source.url) if source else ()
        _fields(
            {
                f"evidence {number}": " · ".join([piece.stance, *(part for part in about if part)]),
                "  passage": " ".join(part for part in (piece.locator, piece.quote and f"“{piece.quote}”") if part),
                "  archive": source.archive_url if source else "",
                "  note": piece.note,
                **{f"  {tick.mark}": _looked(desk, tick) for tick in ticks if tick.evidence == piece.id},
            }
        )
    for review in reviews:
        _fields(_reviewed(desk, review))
        if review.stale:
            theirs = next((one for one in verdicts if one.by == claim.checker), None)
            changed = stale.changes(review, claim, theirs, evidence, desk.scheme)
            _fields({f"  {one.what} was": f"{one.before or 'nothing'} → {one.after or 'nothing'}" for one in changed})
    for one in settled:
        _fields({"settled": f"{one.outcome.replace('_', ' ')}, by {one.by}", "  rationale": one.rationale})
    numbers = {comment.id: str(number) for number, comment in enumerate(comments, 1)}
    answerable = numbers | {review.id: f"the review by {review.by}" for review in reviews}
    for comment in comments:
        answered = f" to {answerable[comment.reply_to]}" if comment.reply_to in answerable else ""
        said = f"{comment.by}{answered}, {local_time(comment.created)}: {comment.body}"
        _fields({f"comment {numbers[comment.id]}": said})


def _looked(desk: Desk, tick: Tick) -> str:
    """Who looked at a piece of evidence, why they doubt it, and whether it is what they looked at."""
    reason = desk.scheme.reason(tick.reason).label if tick.reason else ""
    since = "the evidence has changed since" if tick.outdated else ""
    return " · ".join(filter(None, (f"by {tick.by}", reason, tick.note, since)))


def _reviewed(desk: Desk, review: Review) -> dict[str, str]:
    """A review, as fields: who says what and why, and what became of it."""
    from store.review.summary import said_of

    said = said_of(review, desk.scheme)
    answer = " by ".join(part for part in (review.answered, review.answered_by) if part)
    return {
        "review": f"{review.by}: {' and '.join(review.decisions).replace('_', ' ')}" + (f": {said}" if said else ""),
        "  stands": review.standing + (", changed since by the checker" if review.stale else ""),
        "  answer": answer + (f": {review.answer_reason}" if review.answer_reason else ""),
    }


def _show_article(desk: Desk, article: Article, as_json: bool) -> None:
    coverage, sweeps, text = desk.coverage(article), desk.sweeps(article), desk.text(article)
    read = desk.interpretation(article)
    checked = desk.checked(desk.claims(article))
    if as_json:
        swept = [{**plain(sweep), "quote": text[sweep.start : sweep.end]} for sweep in sweeps]
        figures = {**_figures(coverage), "claims": checked.claims, "claims_checked": checked.checked}
        show_json({**plain(article), **figures, "lacking": plain(checked.lacking), "sweeps": swept})
        return
    _fields(
        {
            "article": f"{article.number} {article.id}",
            "title": article.title,
            "url": article.url,
            "publisher": article.publisher,
            "author": article.author,
            "published": article.published,
            "language": "; ".join(filter(None, (article.language or read.language_words, read.marks_words))),
            "lines": article.lines or read.lines_words,
            "length": counted(article.length, "character"),
            "read": f"{_read_bar(coverage).bar} {coverage.read}",
            "checked": str(checked),
            "added": f"{article.by}, {local_time(article.created)}",
            "conflict": "waits to be settled, see `factdesk conflicts`" if article.conflict else "",
        }
    )
    for number, sweep in enumerate(sweeps, 1):
        _fields({f"sweep {number}": f"{sweep.start}–{sweep.end} “{text[sweep.start : sweep.end]}”"})


def _fields(values: dict[str, str]) -> None:
    """The fields that say something, a line each."""
    for name, value in values.items():
        if value:
            indented = value.replace("\n", "\n" + " " * 14)
            tell(f"{name:<13} {indented}")


@verb("residue", "factdesk residue 3", "factdesk residue 3 --json | jq -r '.[0] | \"\\(.start) \\(.end)\"'")
@words.article
@as_json
def list_residue(article: str, as_json: bool) -> None:
    """List what is left to read: open sentences, and leftovers of sentences in part.

    No word of an open sentence is in a claim or a sweep. A leftover is what is left of a sentence that has some; it
    counts when it holds a digit or at least as many words as the scheme's leftover_words says, else four.
    """
    from store.review.summary import passages

    with desk_to_read() as desk:
        about = desk.article(article)
        text = desk.text(about)
        left = passages(text, desk.coverage(about).residue)
        if as_json:
            show_json_list(plain(one) for one in left)
            return
        if not left:
            say("Nothing is left to read.")
        show_passages("words", left)


def show_passages(head: str, passages: Sequence[Passage]) -> None:
    """A table of open sentences and leftovers, their words under a head."""
    from tui.text.tables import Column

    columns = (Column("start", right=True), Column("end", right=True), Column("what"))
    show_table((*columns, Column(head, flexible=True, wrapped=True)), passages)


@verb("stats", "factdesk stats", "factdesk stats 3 4", "factdesk stats --json | jq .verdicts")
@words.articles
@as_json
def show_stats(articles: tuple[str, ...], as_json: bool) -> None:
    """Count claims and verdicts, and draw how much is read and checked."""
    with desk_to_read() as desk:
        stats, scheme = desk.stats(_chosen(desk, articles)), desk.scheme
    if as_json:
        show_json(plain(stats))
        return
    kinds = ((scheme.verdict(key), count) for key, count in stats.verdicts.items())
    shares = {
        "done": [
            ("words read", stats.words_read, stats.words),
            ("claims checked", stats.claims_checked, stats.claims),
        ],
        "claims that lack": [
            (f"{'a ' * (what != 'evidence')}{what}", count, stats.claims)
            for what, count in stats.lacking._asdict().items()
            if count
        ],
        "verdicts": [
            *((f"{kind.glyph} {kind.label}", count, stats.claims) for kind, count in kinds),
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
    from tui.text.tables import Column

    totals = (
        *("articles", "open_sentences", "leftovers", "claims", "evidence", "sources", "sweeps", "comments"),
        *("threads", "inbox", "conflicts"),
    )
    show_table(
        (Column("group"), Column("name"), Column("count"), Column("of")),
        [
            *(("total", name.replace("_", " "), getattr(stats, name), "") for name in totals),
            *((group, name, count, of) for group, rows in shares.items() for name, count, of in rows),
        ],
    )


def _draw_stats(stats: Stats, shares: Shares, width: int) -> None:
    from textwrap import wrap

    from store.records import Checked
    from store.text.coverage import Coverage
    from tui.text.tables import Column, lines, percent, share_bar

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
            for line in lines((Column(group, flexible=True), Column(""), Column("", right=True)), rows, width):
                tell(line)


@verb("search", "factdesk search prisoners Kursk", "factdesk search --json interview | jq length")
@argument("words", "What to look for: all of them, in one article or claim.", nargs=-1, required=True)
@as_json
def search(words: tuple[str, ...], as_json: bool) -> None:
    """Search the words of all articles and claims."""
    from tui.text.tables import Column

    with desk_to_read() as desk:
        hits = desk.search(" ".join(words))
        if as_json:
            show_json_list(plain(hit) for hit in hits)
            return
        known = {article.id: article for article in desk.articles()}
        columns = (
            Column("article", right=True),
            Column("claim"),
            Column("title", flexible=True),
            Column("found", flexible=True),
        )
        show_table(
            columns,
            (
                (
                    known[hit.article].number,
                    desk.claim(hit.claim).name if hit.claim else "",
                    known[hit.article].title,
                    hit.snippet,
                )
                for hit in hits
                if hit.article in known
            ),
        )
        if not hits:
            say("Nothing found.")


@verb("history", "factdesk history", "factdesk history 3 C7", "factdesk history --limit 10 --json")
@argument("article", words.ARTICLE_WORDS + " Without one: the whole desk.", required=False)
@argument("claim", "Its name, such as C7, or its id. Without one: the whole article.", required=False)
@click.option(
    "--limit", type=click.IntRange(1, 1_000_000), default=100, show_default=True, metavar="N", help="How many."
)
@as_json
def history(article: str | None, claim: str | None, limit: int, as_json: bool) -> None:
    """Show who changed what and when, the newest first."""
    from tui.text.tables import Column

    with desk_to_read() as desk:
        about = desk.article(article) if article else None
        changes = desk.history(about, desk.claim(claim, about) if claim else None, limit)
        if as_json:
            show_json_list(plain(change) for change in changes)
            return
        numbers = {found.id: str(found.number) for found in desk.articles(deleted=True)}
        columns = (
            Column("when"),
            Column("who", flexible=True),
            Column("article", right=True),
            Column("what", flexible=True, wrapped=True),
        )
        show_table(
            columns,
            (
                (local_time(change.at), change.by, numbers.get(change.article, ""), change.sentence)
                for change in changes
            ),
        )
