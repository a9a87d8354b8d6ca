"""A claim or an article as lines of fields, each as far as it says something: show; and what is left to read of one."""

from __future__ import annotations

import sys
from typing import TYPE_CHECKING

import click

from store.text.quotations import quoted
from tui.commands import command as words
from tui.commands.command import argument, as_json, command
from tui.commands.opened_desk import desk_to_read, tell_conflicts
from tui.commands.output import counted, labelled, local_time, plain, show_json, spelt, tell, write_exactly
from tui.text.table_columns import Head, ShareBar

if TYPE_CHECKING:
    from store.desk import Desk
    from store.records import Article, Claim, Review, Tick
    from store.text.coverage import Coverage


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


def show_claim(desk: Desk, claim: Claim, as_json: bool) -> None:
    from store.access.fields import CLAIM
    from store.check.sources import origins_said
    from store.review import changes_since_review as since
    from store.vocabulary import field_words

    verdicts, evidence, comments = desk.verdicts.of(claim), desk.evidence.of(claim), desk.threads.of(claim)
    reviews, ticks, lacks = desk.reviews.of(claim), desk.ticks.of(claim), desk.claims.lacks(claim)
    settled = [one for one in desk.comparison.adjudications(claim.article) if one.claim == claim.id]
    if as_json:
        hanging = {"verdicts": verdicts, "evidence": evidence, "comments": comments, "lacks": lacks}
        hanging |= {"reviews": reviews, "ticks": ticks, "adjudications": settled}
        show_json({**plain(claim), **plain(hanging)})
        return
    _fields(
        {
            "claim": f"{claim.name} {claim.id}",
            "quote": f"{claim.start}–{claim.end} {quoted(claim.quote_shown)}",
            **{field_words(name): _held(claim, name) for name in CLAIM},
            "checker": f"{claim.checker}, {local_time(claim.created)}",
            "status": claim.status.value,
            "conflict": "waits to be settled, see `factdesk conflicts`" if claim.conflict else "",
        }
    )
    for verdict in verdicts:
        given = f"{labelled(desk.scheme, verdict.verdict)} ({verdict.verdict})" if verdict.verdict else "none yet"
        _fields({"verdict": f"{given}, by {verdict.by}", "why": verdict.justification})
    _fields({"lacks": "; ".join(lacks)})
    _fields({"sources": origins_said(evidence) if len(evidence) > 1 else ""})
    for number, piece in enumerate(evidence, 1):
        source = piece.source
        about = (source.title, source.publisher, source.published, source.url) if source else ()
        _fields(
            {
                f"evidence {number}": " · ".join([piece.stance, *(part for part in about if part)]),
                "  passage": " ".join(part for part in (piece.locator, piece.quote and quoted(piece.quote)) if part),
                "  archive": source.archive_url if source else "",
                "  note": piece.note,
                **{f"  {tick.mark}": _looked(desk, tick) for tick in ticks if tick.evidence == piece.id},
            }
        )
    for review in reviews:
        _fields(_reviewed(desk, review))
        if review.stale:
            theirs = next((one for one in verdicts if one.by.id == claim.checker.id), None)
            changed = since.changes(review, claim, theirs, evidence, desk.scheme)
            _fields({f"  {one.what} was": f"{one.before or 'nothing'} → {one.after or 'nothing'}" for one in changed})
    for one in settled:
        _fields({"settled": f"{spelt(one.outcome)}, by {one.by}", "  rationale": one.rationale})
    numbers = {comment.id: str(number) for number, comment in enumerate(comments, 1)}
    answerable = numbers | {review.id: f"the review by {review.by}" for review in reviews}
    for comment in comments:
        answered = f" to {answerable[comment.reply_to]}" if comment.reply_to in answerable else ""
        said = f"{comment.by}{answered}, {local_time(comment.created)}: {comment.body}"
        _fields({f"comment {numbers[comment.id]}": said})


def _held(claim: Claim, name: str) -> str:
    """What a field of a claim holds, in the words that a command takes."""
    held = getattr(claim, name)
    return held if isinstance(held, str) else ", ".join(held)


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
        "review": f"{review.by}: {spelt(*review.decisions)}" + (f": {said}" if said else ""),
        "  stands": review.standing + (", changed since by the checker" if review.stale else ""),
        "  answer": answer + (f": {review.answer_reason}" if review.answer_reason else ""),
    }


def show_article(desk: Desk, article: Article, as_json: bool) -> None:
    coverage, sweeps, text = desk.coverage.of(article), desk.sweeps.of(article), desk.articles.text(article)
    read = desk.coverage.interpretation(article)
    checked = desk.claims.checked(desk.claims.of(article))
    if as_json:
        swept = [{**plain(sweep), "quote": text[sweep.start : sweep.end]} for sweep in sweeps]
        figures = {**read_figures(coverage), "claims": checked.claims, "claims_checked": checked.checked}
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
            "markup": article.markup,
            "length": counted(article.length, "character"),
            "read": f"{read_bar(coverage).bar} {coverage.read}",
            "checked": str(checked),
            "added": f"{article.by}, {local_time(article.created)}",
            "conflict": "waits to be settled, see `factdesk conflicts`" if article.conflict else "",
        }
    )
    for number, sweep in enumerate(sweeps, 1):
        _fields({f"sweep {number}": f"{sweep.start}–{sweep.end} {quoted(text[sweep.start : sweep.end])}"})


def _fields(values: dict[str, str]) -> None:
    """The fields that say something, a line each."""
    for name, value in values.items():
        if value:
            indented = value.replace("\n", "\n" + " " * 14)
            tell(f"{name:<13} {indented}")


def read_bar(coverage: Coverage) -> ShareBar:
    from tui.text.tables import read_cells

    return ShareBar(read_cells(coverage, 10), f"{coverage.percent} %")


def read_figures(coverage: Coverage) -> dict[str, int]:
    """How much is read, and what is left."""
    return {part: getattr(coverage, part) for part in ("words", "words_read", "open_sentences", "leftovers")}


def passage_heads(title: str) -> tuple[Head, ...]:
    """The columns of a table of open sentences and leftovers, their words under a title."""
    return (
        Head("start", lambda one: one.start, right=True),
        Head("end", lambda one: one.end, right=True),
        Head("what", lambda one: one.kind),
        Head(title, lambda one: one.quote, flexible=True, wrapped=True),
    )
