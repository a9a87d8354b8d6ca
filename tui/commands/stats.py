"""The figures of a desk: stats."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING

from tui.commands import command as words
from tui.commands.articles_and_claims import articles_named
from tui.commands.command import as_json, command
from tui.commands.opened_desk import desk_to_read
from tui.commands.output import (
    counted,
    labelled,
    plain,
    show_json,
    show_table,
    tell,
    terminal_width,
)
from tui.text.table_columns import Head

if TYPE_CHECKING:
    from store.reports import Stats


@command("stats", "factdesk stats", "factdesk stats 3 4", "factdesk stats --json | jq .verdicts")
@words.articles
@as_json
def show_stats(articles: tuple[str, ...], as_json: bool) -> None:
    """Count claims and verdicts, and show how much is read and checked."""
    with desk_to_read() as desk:
        stats, scheme = desk.library.stats(articles_named(desk, articles)), desk.scheme
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
