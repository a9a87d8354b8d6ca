"""CSV: one row per claim, for spreadsheets and for coming back.

UTF-8, records ending in CRLF, sorted by the article's date, title and id, then by version, start, end and id, so the
same claims give the same bytes whatever desk they are on. `COLUMNS` says what each column holds. Deleted claims and
articles are left out.

The last column is ``record``: `record_shape` tells what stands in it.
"""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import BinaryIO

from store.desk import Desk
from store.formats.anonymity import shown_names
from store.formats.contract import Loss
from store.formats.csv.cells import Column, header, lines
from store.formats.csv.record_shape import RECORD, contenders
from store.formats.snapshot import Cancelled, pour, snapshot
from store.log import verdict_requirements
from store.log.atomic_write import filled
from store.log.kinds import KINDS
from store.records import Article, Progress
from store.vocabulary import Attribution, CheckTarget, Outcome, Priority, Stance

BOM = b"\xef\xbb\xbf"


@dataclass(frozen=True, slots=True)
class Exported:
    """What an export wrote: ``rows`` of ``things``, such as 12 claims, and what the format cannot hold."""

    rows: int
    things: str
    losses: tuple[Loss, ...] = ()


def _count(stance: str) -> str:
    return f"(SELECT count(*) FROM evidence x WHERE x.claim = c.id AND x.deleted = 0 AND x.stance = '{stance}')"


_URLS = (
    "(SELECT s.url AS value FROM evidence x JOIN sources s ON s.id = x.source"
    " WHERE x.claim = c.id AND x.deleted = 0 AND s.url <> '' ORDER BY x.born)"
)


def _pieces(value: str) -> str:
    """SQL for what is told of each piece of evidence, in the order found."""
    return (
        f"(SELECT {value} AS value FROM evidence x LEFT JOIN sources s ON s.id = x.source"
        " WHERE x.claim = c.id AND x.deleted = 0 ORDER BY x.born)"
    )


_DECISIONS = (
    "(SELECT p.name || ': ' || r.decision"
    " || CASE WHEN r.\"end\" > 0 AND r.decision <> 'change_span' THEN ' + change_span' ELSE '' END"
    " || CASE WHEN r.claim_text <> '' AND r.decision <> 'change_claim_text' THEN ' + change_claim_text' ELSE '' END"
    ' AS value FROM reviews r JOIN people p ON p.id = r."by"'
    " WHERE r.claim = c.id AND r.deleted = 0 ORDER BY r.born)"
)


def _settled(value: str) -> str:
    return f"CASE WHEN j.id IS NULL THEN '' ELSE {value} END"


def _final(name: str) -> str:
    """SQL for what was settled; nothing while its words are not in the text."""
    return f'CASE WHEN j.version = c.version THEN j."{name}" END'


def _own(name: str) -> str:
    """SQL for what the checker's own verdict holds."""
    own = 'v.claim = c.id AND v."by" = c."by" AND v.deleted = 0'
    return f"coalesce((SELECT v.{name} FROM verdicts v WHERE {own}), '')"


CONFLICT = Column(
    "conflict",
    "1 while two people's values for one thing about it wait to be settled, else 0",
    "CASE WHEN c.conflict THEN 1 WHEN (SELECT 1 FROM conflicts WHERE kind = 'evidence' LIMIT 1)"
    " THEN EXISTS (SELECT 1 FROM evidence e WHERE e.claim = c.id AND e.deleted = 0 AND e.conflict) ELSE 0 END",
    "whole",
)
"""The same in all files that have a row for each claim."""

LOOK_AGAIN = Column(
    "check_again",
    "1 while a correction has changed its words, or those it was settled with, and nobody has looked since, else 0",
    verdict_requirements.CHECK_AGAIN,
    "whole",
)
"""The same in all files that have a row for each claim."""


def quote_shown(of: str) -> Column:
    """The words that people see of a span, the same in all files that have a row for each claim."""
    return Column(
        "quote_shown",
        "the quote as people see it, without the marks of Markdown; empty where the text is not Markdown",
        f"CASE p.markup WHEN '' THEN '' ELSE seen_words(p.sha, p.markup, {of}.start, {of}.\"end\") END",
    )


COLUMNS: Sequence[Column] = (
    Column("article_id", "the article's id", "p.article", "word"),
    Column("article_title", "its title", "p.title"),
    Column("article_url", "its address", "p.url"),
    Column("article_date", "when it was published: YYYY, YYYY-MM or YYYY-MM-DD", "p.published"),
    Column("text_sha256", "SHA-256 of the version's text in UTF-8", "p.sha", "word"),
    Column("version", "number of the version, from 1", "p.number", "whole"),
    Column("claim_id", "the claim's id", "c.id", "word"),
    Column("claim", "its short name within the article, such as C7", "c.name", "word"),
    Column("start", "where it begins in the text, in code points from 0", "c.start", "whole"),
    Column("end", "where it ends, one past its last code point", 'c."end"', "whole"),
    Column("line", "the line it begins on, from 1", "line_of(p.sha, c.start)", "whole"),
    Column("quote", "the claim as it stands in the text", "c.quote"),
    Column("prefix", "up to 32 code points before it", "c.prefix"),
    Column("suffix", "up to 32 code points after it", "c.suffix"),
    Column("claim_text", "the statement that is checked, in words that stand alone", "c.claim_text"),
    Column("claimant", "who asserts it", "c.claimant"),
    Column("attribution", Attribution.listed(), "c.attribution"),
    Column("check_target", f"what is verified: {CheckTarget.listed()}", "c.check_target"),
    Column("types", "keys of the scheme's types, in the order given", "json_each(c.types)", "many", "c.types = '[]'"),
    Column("priority", Priority.listed(), "c.priority"),
    Column("tags", "free words, in the order given", "json_each(c.tags)", "many", "c.tags = '[]'"),
    Column("status", "tagged, checked (nothing is lacking), reviewed, disputed, settle_again (its words changed since) or settled", "c.status", "word"),  # noqa: E501
    Column("verdict", "key of the standing verdict: the adjudicator's once settled, else the checker's, else the first given", "c.verdict"),  # noqa: E501
    Column("verdict_label", "its label; ?key where the scheme has none", "coalesce(k.label, nullif('?' || c.verdict, '?'), '')"),  # noqa: E501
    Column("rating", "its rating in the scheme", "k.rating", "maybe"),
    Column("justification", "why the evidence yields it; once settled, the adjudicator's rationale", "c.justification"),
    Column("evidence_count", "pieces of evidence", "c.evidence_count", "whole"),
    Column("evidence_supports", "those that support the claim", _count("supports"), "whole"),
    Column("evidence_refutes", "those that refute it", _count("refutes"), "whole"),
    Column("evidence_context", "those that give context", _count("context"), "whole"),
    Column("evidence_urls", "their addresses, in the order found", _URLS, "many", "c.evidence_count = 0"),
    Column("checker", "who tagged it", "coalesce(w.name, c.\"by\")"),
    Column("created", "when it was tagged, UTC", "c.created", "time"),
    Column("updated", "when it or its standing verdict last changed, UTC", "c.updated", "time"),
    Column("origin", "review: reported as missing; suggestion:ID: made of one; else empty", "o.origin", "word"),
    Column("review_count", "reviews of it, a report that it was missing among them", "h.reviews", "whole"),
    Column("review_decisions", "who decided what, such as Bo: agree, in the order given", _DECISIONS, "many", "h.claim IS NULL"),  # noqa: E501
    Column("review_stale", "reviews that are older than what they are about", "h.stale", "whole"),
    Column("last_review_decision", "the newest decision", "coalesce(h.decision, '')", "word"),
    Column("last_reviewer", "whose it is", "coalesce(h.reviewer, '')"),
    Column("last_reviewed_at", "when it was made, UTC", "h.at", "time"),
    Column("disputed", "1 while a reviewer objects and neither the checker nor an adjudicator has ended it, else 0", "h.open", "whole"),  # noqa: E501
    Column("adjudicated_by", "who settled it", _settled("coalesce((SELECT name FROM people WHERE id = j.reviewer), j.reviewer)")),  # noqa: E501
    Column("adjudicated_at", "when, UTC", "j.updated", "time"),
    Column("adjudication", f"how: {Outcome.listed()}", "coalesce(j.outcome, '')", "word"),
    Column("rationale", "why it was settled so", "coalesce(j.rationale, '')"),
    Column("final_verdict", "key of the verdict it was settled with", "coalesce(j.verdict, '')"),
    Column("final_start", "where it begins as it was settled", _final("start"), "maybe"),
    Column("final_end", "where it ends as it was settled", _final("end"), "maybe"),
    Column("final_claim_text", "its statement as it was settled", "coalesce(j.claim_text, '')"),
    Column("stands", "1 when it is in the settled set, 0 when it was settled that it is not, else empty", _final("stands"), "maybe"),  # noqa: E501
    Column("checker_verdict", "once settled, key of the checker's own verdict", _settled(_own("verdict"))),
    Column("checker_justification", "once settled, the checker's own reason for it", _settled(_own("justification"))),
    Column("comment_count", "comments on it", "c.comment_count", "whole"),
    CONFLICT,
    Column("evidence_stances", f"what each piece of evidence does: {Stance.listed()}, in the order found", _pieces("x.stance"), "many", "c.evidence_count = 0"),  # noqa: E501
    Column("evidence_sources", "what it is taken from: an address, else a title", _pieces("coalesce(nullif(s.url, ''), s.title, '')"), "many", "c.evidence_count = 0"),  # noqa: E501
    Column("evidence_passages", "the words it quotes", _pieces("x.quote"), "many", "c.evidence_count = 0"),
    Column("evidence_locators", "where they stand in it", _pieces("x.locator"), "many", "c.evidence_count = 0"),
    LOOK_AGAIN,
    quote_shown("c"),
    Column("record", "all else that brings the claim back, as JSON", RECORD, "word"),
)  # fmt: skip
"""The columns in their order. Several values in one cell have " | " between them: see ``cells.Column``."""

FROM = (
    "FROM pages p CROSS JOIN claims_now c ON c.version = p.version AND c.deleted = 0"
    ' JOIN claims o ON o.id = c.id JOIN people w ON w.id = c."by" LEFT JOIN kinds k ON k.key = c.verdict'
    " LEFT JOIN heard h ON h.claim = c.id LEFT JOIN adjudications j ON j.id = c.adjudication_id"
)
"""Where the columns come from; needs what ``prepare`` makes, and for the columns about reviews what ``HEARD`` adds."""

HEARD = (
    "INSERT INTO heard SELECT r.claim, max(printf('%020d', r.updated) || p.id), r.decision, p.name, r.updated,"
    " count(*), sum(r.stale), sum(r.standing = 'open') > 0 FROM reviews_now r JOIN people p ON p.id = r.\"by\""
)
"""Sums the reviews up, claim by claim; what is not summed is of the newest."""

ORDER = 'ORDER BY p.place, c.start, c."end", c.id'


def prepare(conn: sqlite3.Connection, articles: Iterable[str] | None = None) -> None:
    """Make a snapshot ready to be asked ``FROM``, about these articles (ids) or all."""
    conn.execute(f"CREATE TEMP VIEW contenders AS {contenders()}")
    conn.execute(
        "CREATE TEMP TABLE heard (claim TEXT PRIMARY KEY, newest TEXT, decision TEXT, reviewer TEXT, at INTEGER,"
        " reviews INTEGER, stale INTEGER, open INTEGER) WITHOUT ROWID"
    )
    conn.execute("CREATE TEMP TABLE parts (kind TEXT, part TEXT, name TEXT)")
    conn.executemany(
        "INSERT INTO parts VALUES (?, ?, ?)",
        [(kind.name, part, name) for kind in KINDS.values() for part, names in kind.parts.items() for name in names],
    )
    conn.execute(
        "CREATE TEMP TABLE pages (place INTEGER PRIMARY KEY, article TEXT, title TEXT, url TEXT, published TEXT,"
        " version TEXT, sha TEXT, number INTEGER, markup TEXT)"
    )
    some = "" if articles is None else "AND a.id IN (SELECT value FROM json_each(?))"
    conn.execute(
        "INSERT INTO pages SELECT row_number() OVER (ORDER BY a.published, a.title, a.id, v.number, v.id), a.id,"
        " a.title, a.url, a.published, v.id, v.text, v.number, a.markup FROM articles a"
        f" JOIN versions v ON v.article = a.id WHERE a.deleted = 0 AND v.deleted = 0 {some}",
        [] if articles is None else [json.dumps(list(articles))],
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
    """Write the claims of some articles, or of all, as CSV: as they are at one moment, while others may work on.

    Args:
        desk: the desk.
        to: the file, written whole or not at all, or an open binary stream.
        articles: articles, or what people call them.
        raw: write cells that a spreadsheet would run as formulas as they are.
        excel: begin with a byte order mark, by which Excel knows UTF-8.
        anonymous: replace everybody's name by a number.
        replace: whether a file of that name may be replaced.
        progress: told the rows written and all there are.
        cancelled: asked now and then; once it says yes, ``Stopped`` is raised and no file remains.

    Raises:
        Taken: a file of that name is there already.
        Refused: an article is not known, the file cannot be written, or the disk is full.
    """
    chosen = [desk.articles.get(article).id for article in articles]
    with shown_names(desk, not anonymous) as desk, snapshot(desk) as conn:
        prepare(conn, chosen or None)
        within = "WHERE r.claim IN (SELECT c.id FROM pages p CROSS JOIN claims c ON c.version = p.version)"
        conn.execute(f"{HEARD} {within if chosen else ''} GROUP BY r.claim")
        total = 0
        if progress:
            count = "SELECT count(*) FROM pages p CROSS JOIN claims c ON c.version = p.version WHERE c.deleted = 0"
            total = conn.execute(count).fetchone()[0]

        def fill(file: BinaryIO) -> int:
            file.write((BOM if excel else b"") + header(COLUMNS))
            return pour(
                conn,
                lines(COLUMNS, f"{FROM} {ORDER}", raw=raw),
                file,
                (lambda done: progress(done, total)) if progress else None,
                cancelled,
            )

        return Exported(filled(to, fill, replace=replace), "claims")
