"""The settled set: one row for each claim that an adjudicator let stand, with everybody's labels beside it.

A CSV file like that of ``csv_claims``, with the same rules for cells, in the order of the articles and of the settled
spans. What is settled as "nothing here", or as another person's claim, has no row of its own; nor has what nobody has
settled. The desk's claims as their checkers left them, and all that was said of each, are in ``export csv``.

The last column, ``labels``, is a JSON array with what each person said, whose claim it is first: person, claim (its
id), decision (a reviewer's; missing_claim of a checker who grants having missed it; empty on your own claim), start,
end, quote, claim_text, verdict, justification, and types (null when they did not say).
"""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import BinaryIO

from store.desk import Desk
from store.formats.anonymity import shown_names
from store.formats.csv.cells import Column, header, lines
from store.formats.csv.claim_columns import BOM, CONFLICT, LOOK_AGAIN, Exported, quote_shown
from store.formats.csv.claim_columns import COLUMNS as CLAIM_COLUMNS
from store.formats.csv.claim_columns import prepare as prepare_pages
from store.formats.snapshot import Cancelled, as_desk, pour, snapshot
from store.log.atomic_write import filled
from store.records import Article, Progress
from store.settle.comparison import Settled
from store.settle.comparison_groups import Take

_OF_THE_CLAIM = ("article_id", "article_title", "article_url", "article_date", "text_sha256", "version", "claim_id",
                 "claim")  # fmt: skip
_LABELS = (
    "(SELECT json_extract(value, '$.person') || ': ' || coalesce(nullif(json_extract(value, '$.decision'), ''),"
    " 'tagged') || ' ' || json_extract(value, '$.start') || '-' || json_extract(value, '$.end')"
    " || rtrim(' ' || json_extract(value, '$.verdict')) AS value FROM json_each(t.labels) ORDER BY key)"
)

SETTLED_COLUMNS: Sequence[Column] = (
    *(column for column in CLAIM_COLUMNS if column.name in _OF_THE_CLAIM),
    Column("start", "where the settled span begins in the text, in code points from 0", "j.start", "whole"),
    Column("end", "where it ends, one past its last code point", 'j."end"', "whole"),
    Column("line", "the line it begins on, from 1", "line_of(p.sha, j.start)", "whole"),
    Column("quote", "the settled span as it stands in the text", "j.quote"),
    Column("claim_text", "the statement that was checked, in the settled words", "j.claim_text"),
    Column("verdict", "key of the settled verdict", "j.verdict"),
    Column("verdict_label", "its label; ?key where the scheme has none", "coalesce(k.label, nullif('?' || j.verdict, '?'), '')"),  # noqa: E501
    Column("rating", "its rating in the scheme", "k.rating", "maybe"),
    Column("outcome", "first_correct, second_correct, both_correct, both_wrong, merged or own", "j.outcome", "word"),
    Column("chosen", "whose values were taken", "coalesce((SELECT name FROM people WHERE id = j.chosen), '')"),
    Column("rationale", "why", "j.rationale"),
    Column("adjudicator", "who settled it", "coalesce((SELECT name FROM people WHERE id = j.reviewer), j.reviewer)"),
    Column("settled_at", "when, UTC", "j.updated", "time"),
    CONFLICT,
    LOOK_AGAIN,
    quote_shown("j"),
    Column("people", "what each person said, such as Bo: agree 12-48 refuted, the tagger first", _LABELS, "many"),
    Column("labels", "the same in full, as JSON", "t.labels", "word"),
)  # fmt: skip
"""The columns in their order. Several values in one cell have " | " between them: see ``cells.Column``."""

_FROM = (
    "FROM settled t JOIN claims_now c ON c.id = t.claim JOIN pages p ON p.version = c.version"
    " JOIN adjudications j ON j.id = t.adjudication LEFT JOIN kinds k ON k.key = j.verdict"
    ' ORDER BY p.place, j.start, j."end", c.id'
)


def write(
    desk: Desk,
    to: Path | BinaryIO,
    articles: Iterable[Article | str] = (),
    *,
    raw: bool = False,
    excel: bool = False,
    anonymous: bool = False,
    replace: bool = False,
    progress: Progress | None = None,
    cancelled: Cancelled | None = None,
) -> Exported:
    """Write the settled set of some articles, or of all, as it is at one moment; arguments as in ``csv_claims.write``.

    Raises:
        Taken: a file of that name is there already.
        Refused: an article is not known, the file cannot be written, or the disk is full.
    """
    chosen = [desk.articles.get(article).id for article in articles]
    with shown_names(desk, not anonymous) as desk, snapshot(desk) as conn:
        prepare_pages(conn, chosen or None)
        total = _prepare(conn, desk)

        def fill(file: BinaryIO) -> int:
            file.write((BOM if excel else b"") + header(SETTLED_COLUMNS))
            told = (lambda done: progress(done, total)) if progress else None
            return pour(conn, lines(SETTLED_COLUMNS, _FROM, raw=raw), file, told, cancelled)

        return Exported(filled(to, fill, replace=replace), "claims")


def _prepare(conn: sqlite3.Connection, desk: Desk) -> int:
    """Put the settled claims beside the snapshot; gives their number."""
    conn.execute("CREATE TEMP TABLE settled (claim TEXT PRIMARY KEY, adjudication TEXT, labels TEXT) WITHOUT ROWID")
    with as_desk(conn, desk) as still:
        touched = conn.execute(
            "SELECT DISTINCT c.article FROM adjudications j JOIN claims c ON c.id = j.claim"
            " WHERE c.article IN (SELECT article FROM pages)"
        ).fetchall()
        for (article,) in touched:
            rows = [(one.claim.id, one.adjudication.id, _labels(one)) for one in still.comparison.settled(article)]
            conn.executemany("INSERT INTO settled VALUES (?, ?, ?)", rows)
        return int(conn.execute("SELECT count(*) FROM settled").fetchone()[0])


def _labels(settled: Settled) -> str:
    first = (settled.claim.id, settled.claim.checker)
    takes = sorted(
        settled.takes, key=lambda take: ((take.claim, take.person) != first, bool(take.decision), take.person)
    )
    return json.dumps([_label(take) for take in takes], ensure_ascii=False, separators=(",", ":"))


def _label(take: Take) -> dict[str, object]:
    names = ("person", "claim", "decision", "start", "end", "quote", "claim_text", "verdict", "justification", "types")
    return {name: getattr(take, name) for name in names}
