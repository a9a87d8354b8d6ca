"""The figures of agreement as plain data: for JSON, CSV and Markdown.

The same report gives the same words. Pooled figures come with their intervals; those of single articles without, as
few claims stand behind each. The claims behind the figures are left out.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from itertools import chain
from typing import Any

from store.garbage_collector import collector_at_rest
from store.measure.coefficients import LEAST_UNITS, REPLICATES
from store.measure.figures import AFTER, Figure, Measured, Report
from store.text.markdown import escaped

FIGURE_COLUMNS = (
    "article_id",
    "annotator_a",
    "annotator_b",
    "measure",
    "unit",
    "value",
    "n",
    "low",
    "high",
    "note",
)
"""The columns of ``agreement.csv``."""


def as_json(report: Report) -> dict[str, Any]:
    """The report as what JSON has: mappings, lists, texts, numbers and None."""
    with collector_at_rest():
        comparisons = [compared(one) | {"by_article": list(each_article(one))} for one in report.comparisons]
    return {"people": list(report.people), "pairs": report.paired, "comparisons": comparisons}


def compared(comparison: Measured) -> dict[str, Any]:
    """A comparison as what JSON has, without its single articles."""
    return {
        "people": list(comparison.people),
        "articles": len(comparison.articles),
        "figures": [_plain(figure, figure.interval) for figure in comparison.pooled],
        "confusion": _confusion(comparison),
    }


def each_article(comparison: Measured) -> Iterator[dict[str, Any]]:
    """The single articles of a comparison, each as what JSON has."""
    for article, figures in comparison.by_article:
        yield {"article": article, "figures": [_plain(figure, None) for figure in figures]}


def as_rows(report: Report) -> Iterator[tuple[str | float | int | None, ...]]:
    """The rows of ``agreement.csv`` under `COLUMNS`, each comparison's pooled figures before its articles'.

    ``article_id`` is empty for pooled figures. Where other than two people are compared, both annotators are empty
    and the note names them. None stands where there is no value.
    """
    for comparison in report.comparisons:
        two = len(comparison.people) == 2
        who = comparison.people if two else ("", "")
        whom = "" if two or not comparison.people else f"all: {', '.join(comparison.people)}"
        for figure in comparison.pooled:
            yield _row("", who, whom, figure, figure.interval)
        for article, figures in comparison.by_article:
            for figure in figures:
                yield _row(article, who, whom, figure, None)


AC1_Q = "The q of Gwet's AC1 is the number of verdicts in the scheme and of any others that were given."
"""What the figure gwet_ac1 rests on."""


def explained() -> str:
    """What the figures are, in sentences: what is compared, what n counts, AC1's q, and how intervals are drawn."""
    return (
        "Verdicts, types and sources are compared for claims whose spans overlap by 0.5 or more; what only one person "
        "marked shows in the figures of what was found. What a checker took over from a proposal counts as it was "
        f"before. Beside each n stands what it counts. {AC1_Q} Intervals are 95 % percentiles of a bootstrap with "
        f"{REPLICATES} draws of what n counts; for span F1 of stretches of text whose claims overlap, for characters "
        f"of articles. None is drawn for fewer than {LEAST_UNITS} of them, nor where all draws come out alike."
    )


def as_markdown(report: Report) -> Iterator[str]:
    """The report as the pieces of a Markdown page, values to three places.

    Names and ids are shown as they are, never as markup.
    """
    yield "# Agreement\n"
    for comparison in report.comparisons:
        two = len(comparison.people) == 2
        names = [escaped(name) for name in comparison.people]
        title = " and ".join(names) if two else f"All: {', '.join(names)}" if names else "Nobody"
        yield f"\n## {title}\n\nArticles compared: {len(comparison.articles)}\n\n"
        yield from _table(
            ("", "measure", "value", "95 % interval", "n", "n counts"),
            (
                (
                    figure.group,
                    figure.words,
                    _value(figure),
                    f"{figure.interval[0]:.3f} to {figure.interval[1]:.3f}" if figure.interval else "–",
                    str(figure.measure.n),
                    figure.counts,
                )
                for figure in comparison.pooled
            ),
        )
        if comparison.confusion and comparison.confusion.labels:
            labels = [escaped(str(label)) for label in comparison.confusion.labels]
            rows = zip(labels, comparison.confusion.counts, strict=True)
            after = f" {AFTER}" if comparison.changed else ""
            yield f"\nVerdicts{after} of {names[0]} in rows, of {names[1]} in columns:\n\n"
            yield from _table(("", *labels), ((label, *map(str, counts)) for label, counts in rows))
        if len(comparison.articles) > 1:
            yield "\nBy article:\n\n"
            yield from _table(
                ("article", *(figure.words for figure in comparison.pooled)),
                (
                    (escaped(article), *(_value(figure) for figure in figures))
                    for article, figures in comparison.by_article
                ),
            )
    yield (f"\n{explained()}\n")


def _plain(figure: Figure, interval: tuple[float, float] | None) -> dict[str, Any]:
    return {
        "group": figure.group,
        "measure": figure.key,
        "words": figure.words,
        "value": figure.measure.value,
        "why": figure.measure.why,
        "n": figure.measure.n,
        "unit": figure.counts,
        "low": interval[0] if interval else None,
        "high": interval[1] if interval else None,
    }


def _confusion(comparison: Measured) -> dict[str, Any] | None:
    table = comparison.confusion
    return table and {"labels": list(table.labels), "counts": [list(row) for row in table.counts]}


def _row(
    article: str, who: Sequence[str], whom: str, figure: Figure, interval: tuple[float, float] | None
) -> tuple[str | float | int | None, ...]:
    measure = figure.measure
    note = "; ".join(filter(None, (figure.when, measure.why and f"n/a ({measure.why})", whom)))
    return (article, *who, figure.key, figure.counts, measure.value, measure.n, *(interval or (None, None)), note)


def _value(figure: Figure) -> str:
    value = figure.measure.value
    return f"n/a ({figure.measure.why})" if value is None else f"{value:.3f}"


def _table(header: Sequence[str], rows: Iterable[Sequence[str]]) -> Iterator[str]:
    for cells in chain([header, ["---"] * len(header)], rows):
        yield f"| {' | '.join(cells)} |\n"
