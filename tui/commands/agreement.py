"""How far people agree: agreement."""

from __future__ import annotations

import sys
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple

import click

from tui.commands import command as words
from tui.commands.command import as_json, command, force
from tui.commands.opened_desk import desk_to_read
from tui.commands.output import listing, say, show_json_pieces, show_table, tell, write_exactly, written
from tui.text.table_columns import Head

if TYPE_CHECKING:
    from store.desk import Desk
    from store.measure.article_counts import Behind
    from store.measure.figures import Figure, Measured
    from store.settle.agreement import Agreement
    from tui.text.table_columns import TableCell


@command(
    "agreement",
    "factdesk agreement",
    "factdesk agreement 3 4 --person Ana --person Bo --by-article",
    "factdesk agreement --claims cohen_kappa",
    "factdesk agreement -o agreement.csv",
)
@words.articles
@words.option("--person", "people", multiple=True, metavar="NAME", help="Only these people; may be repeated.")
@click.option("--by-article", is_flag=True, help="Show each article's own figures, too.")
@click.option("--claims", "figure", metavar="FIGURE", help="List the claims behind a figure, by its name.")
@click.option("--pairs", is_flag=True, help="Show every pair, even with more than 20 people.")
@as_json
@click.option("--csv", "as_csv", is_flag=True, help="As CSV: a row for each figure, pooled and of each article.")
@click.option("--markdown", is_flag=True, help="Print Markdown, to file or send.")
@click.option("-o", "--output", metavar="FILE", help="The file to write: .json, .csv or .md.")
@force
def agreement(
    articles: tuple[str, ...],
    people: tuple[str, ...],
    by_article: bool,
    figure: str | None,
    pairs: bool,
    as_json: bool,
    as_csv: bool,
    markdown: bool,
    output: str | None,
    force: bool,
) -> None:
    """Measure how far people agree, in pairs and all together.

    Only submitted sets count; the command says which are left out and how blind the others were made. For more than 20
    people it shows only the figures of all; --pairs adds every pair. A change that a checker made by accepting a
    proposal does not count, nor does a claim withdrawn in that way. A claim and its reviews belong together; other
    spans are matched one to one by overlap. If someone changed a verdict after seeing the others', the figures of
    verdicts are shown twice: as first given blind, and after the reveal. A figure that is not defined says why; n is
    what it counts. Read the figures together: verdicts are compared only where both people marked the same words.
    """
    from store.formats.agreement import pieces, write

    form = _form(as_json, as_csv, markdown, output)
    if figure and form not in ("", "json"):
        raise click.UsageError("The claims behind a figure are listed as a table or with --json.")
    with desk_to_read() as desk:
        found = desk.agreement.report(articles, people, pairs or None)
        if figure:
            _show_claims(desk, found, figure, form == "json")
        elif form and output:
            from tui.settings import path_of

            to = path_of(output)
            written(lambda replace: write(found, to, form, replace=replace), force)
            say(f"Agreement written to {to}")
        elif form == "json":
            show_json_pieces(pieces(found, form))
        elif form:
            for piece in pieces(found, form):
                write_exactly(piece)
        else:
            _show(found, by_article)
        _say_whose_sets(found, explain=not form and not figure)


def _form(as_json: bool, as_csv: bool, markdown: bool, output: str | None) -> str:
    from store.formats.agreement import AGREEMENT_SUFFIXES

    said = [name for name, given in (("json", as_json), ("csv", as_csv), ("markdown", markdown)) if given]
    if len(said) > 1:
        raise click.UsageError("Give one of --json, --csv and --markdown.")
    if said or output is None:
        return said[0] if said else ""
    form = AGREEMENT_SUFFIXES.get(Path(output).suffix.lower(), "")
    if not form:
        raise click.UsageError("Say what FILE is to be: --json, --csv or --markdown, or a name that ends so.")
    return form


def _show(found: Agreement, by_article: bool) -> None:
    columns = (
        Head("people", flexible=True),
        *([Head("article", right=True)] if by_article else []),
        Head("of"),
        Head("figure"),
        Head("value", right=True),
        Head("95 %", right=True),
        Head("n", right=True),
        Head("what n counts", flexible=True, spare=True),
        Head("measure", flexible=True, spare=True),
    )
    show_table(columns, _rows(found, by_article))
    for comparison in found.report.comparisons:
        _show_confusion(comparison)


def _rows(found: Agreement, by_article: bool) -> Iterator[tuple[TableCell, ...]]:
    for comparison in found.report.comparisons:
        who = _who(comparison.people)
        for figure in comparison.pooled:
            yield (who, *(["all"] if by_article else []), *_cells(figure, figure.interval))
        for id, figures in comparison.by_article if by_article else ():
            for figure in figures:
                yield (who, found.articles[id].number, *_cells(figure, None))


def _cells(figure: Figure, interval: tuple[float, float] | None) -> tuple[TableCell, ...]:
    measure = figure.measure
    value = f"n/a: {measure.why}" if measure.value is None else f"{measure.value:.3f}"
    sure = f"{interval[0]:.3f}–{interval[1]:.3f}" if interval else ""
    return figure.group, figure.key, value, sure, measure.n, figure.counts, figure.words


def _show_confusion(comparison: Measured) -> None:
    table = comparison.confusion
    if table is None or not any(map(any, table.counts)):
        return
    one, other = comparison.people
    used = [k for k in range(len(table.labels)) if any(table.counts[k]) or any(counts[k] for counts in table.counts)]
    tell("")
    show_table(
        (Head(f"{one} ↓ {other} →", flexible=True), *(Head(str(table.labels[k]), right=True) for k in used)),
        ((str(table.labels[k]), *(table.counts[k][j] for j in used)) for k in used),
    )


class _Behind(NamedTuple):
    """A claim behind a figure, and the people who are compared there."""

    people: Sequence[str]
    behind: Behind


def _show_claims(desk: Desk, found: Agreement, key: str, as_json: bool) -> None:
    """The claims behind a figure, for every two people and for all."""
    from store.errors import Unknown

    known = {figure.key: figure.words for one in found.report.comparisons for figure in one.pooled}
    if key not in known:
        raise Unknown(f"There is no figure “{key}”: use one of {', '.join(known)}.")
    rows = [
        _Behind(comparison.people, behind)
        for comparison in found.report.comparisons
        for figure in comparison.pooled
        if figure.key == key
        for behind in figure.behind()
    ]
    claims = {
        claim.id: claim
        for article in (found.articles[id] for id in {one.behind.article for one in rows})
        for claim in (*desk.claims.of(article), *desk.comparison.withdrawn(article))
    }

    def as_plain(one: _Behind) -> dict[str, object]:
        behind = one.behind
        names = [claims[id].name if id else None for id in behind.marks]
        ids = {"article": behind.article, "claims": list(behind.marks)}
        return {"people": list(one.people), **ids, "names": names, "what": behind.what}

    def named(one: _Behind) -> str:
        return " ".join(dict.fromkeys(claims[id].name for id in one.behind.marks if id))

    heads = (
        Head("people", lambda one: _who(one.people), flexible=True),
        Head("article", lambda one: found.articles[one.behind.article].number, right=True),
        Head("claims", named),
        Head("how", lambda one: one.behind.what, flexible=True),
        Head("quote", lambda one: next(claims[id].quote_shown for id in one.behind.marks if id), flexible=True),
    )
    listing(heads, rows, as_json, nothing="No claim stands behind it.", as_plain=as_plain)


def _who(people: Sequence[str]) -> str:
    return " and ".join(people) if len(people) == 2 else "all"


def _say_whose_sets(found: Agreement, explain: bool) -> None:
    from store.formats.agreement import again, changed, left_out, made, unpaired
    from store.measure.figures_as_data import explained

    sys.stdout.flush()
    if said := unpaired(found):
        say(f"{said} Add --pairs for every two.")
    for sentence in filter(None, (changed(found), made(found), again(found), left_out(found))):
        say(sentence)
    if len(found.report.people) > 1 and explain:
        say(explained())
    if len(found.report.people) < 2:
        say(
            "Agreement needs two submitted sets: `factdesk submit` hands yours in, `factdesk submit --all --of NAME…` "
            "those of people whose work you imported."
        )
