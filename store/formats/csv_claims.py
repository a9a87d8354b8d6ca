"""CSV: one row per claim, for spreadsheets and for coming back.

UTF-8, records ending in CRLF, sorted by the article's date, title and id, then by version, start, end and id, so the
same claims give the same bytes whatever desk they are on. `COLUMNS` says what each column holds. Deleted claims and
articles are left out.

The last column, ``record``, is one JSON object with what the others cannot carry. ``import csv`` restores a claim
from it and from the columns before it:

    by, created, updated, updated_by     who tagged the claim, when, and who changed it last (times in ms UTC)
    verdicts    everybody's, in the order given: by, created, updated, updated_by, verdict, justification; the one
                that stands in the columns verdict and justification has neither here
    evidence    in the order found: id, stance, quote, locator, note, by, created, updated, updated_by and source
                (null, or id, url, archive_url, title, publisher, published, retrieved, tier, origin and the same four)
    comments    in the order written: id, reply_to, body, by, created, updated, updated_by
    contested   only where a conflict waits: for each part of the claim, verdict, … the values that contend for it,
                the newest last: part, values, by, at
"""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import BinaryIO

from store.desk import Desk
from store.formats.cells import Column, header, lines
from store.formats.snapshot import Cancelled, Progress, pour, snapshot
from store.formats.whole import unwritten, whole_file
from store.parts import KINDS
from store.records import Article

BOM = b"\xef\xbb\xbf"


@dataclass(frozen=True, slots=True)
class Exported:
    """What an export wrote: ``rows`` of ``things``, such as 12 claims."""

    rows: int
    things: str


def _count(stance: str) -> str:
    return f"(SELECT count(*) FROM evidence x WHERE x.claim = c.id AND x.deleted = 0 AND x.stance = '{stance}')"


_URLS = (
    "(SELECT s.url AS value FROM evidence x JOIN sources s ON s.id = x.source"
    " WHERE x.claim = c.id AND x.deleted = 0 AND s.url <> '' ORDER BY x.born)"
)


def _object(members: Mapping[str, str], more: str = "") -> str:
    """SQL for a JSON object; ``members`` are SQL for JSON values, ``more`` is SQL for further members."""
    marks = ",".join(f'"{name}":%s' for name in members) + ("%s" if more else "")
    return f"printf('{{{marks}}}', {', '.join([*members.values(), *([more] if more else [])])})"


def _array(item: str, rows: str) -> str:
    return f"'[' || coalesce((SELECT group_concat({item}) FROM {rows}), '') || ']'"


def _who(column: str) -> str:
    return f"coalesce((SELECT said FROM people WHERE id = {column}), json_quote({column}))"


def _texts(alias: str, *columns: str) -> dict[str, str]:
    return {column: f"json_quote({alias}.{column})" for column in columns}


def _when(alias: str) -> dict[str, str]:
    return {
        "by": _who(f'{alias}."by"'),
        "created": f"{alias}.created",
        "updated": f"{alias}.updated",
        "updated_by": _who(f"{alias}.updated_by"),
    }


def _contested(alias: str) -> str:
    """SQL for the member ``contested`` of a row that has conflicts; nothing for all others."""
    patch = (
        "CASE n.part WHEN 'deleted' THEN json_object('deleted', coalesce(json_extract(h.patch, '$.deleted'), 0))"
        " ELSE h.patch END"
    )
    values = (
        "SELECT json_group_object(j.key, CASE j.type WHEN 'array' THEN json(j.value) ELSE j.value END)"
        f" FROM json_each({patch}) j WHERE j.key IN (SELECT name FROM parts WHERE kind = n.kind AND part = n.part)"
    )
    contender = _object({"part": "json_quote(n.part)", "values": f"({values})", "by": _who("h.reviewer"), "at": "h.at"})
    rows = (
        f"(SELECT m.kind, m.part, v.value AS change FROM conflicts m, json_each(m.versions) v WHERE m.item = {alias}.id"
        " AND m.part IN (SELECT part FROM parts) ORDER BY m.part, v.key) n JOIN changes h ON h.id = n.change"
    )
    return f"CASE WHEN {alias}.conflict THEN ',\"contested\":' || {_array(contender, rows)} ELSE '' END"


def _children(table: str) -> str:
    return f"(SELECT * FROM {table} WHERE claim = c.id AND deleted = 0 ORDER BY born) x"


_VERDICT = (
    f"CASE WHEN x.id IS c.verdict_id THEN {_object(_when('x'), _contested('x'))}"
    f" ELSE {_object(_texts('x', 'verdict', 'justification') | _when('x'), _contested('x'))} END"
)
_SOURCE = _object(
    _texts("s", "id", *(column for column in KINDS["sources"].columns if column != "deleted")) | _when("s"),
    _contested("s"),
)
_EVIDENCE = _object(
    _texts("x", "id", "stance", "quote", "locator", "note")
    | {"source": f"CASE WHEN s.id IS NULL THEN 'null' ELSE {_SOURCE} END"}
    | _when("x"),
    _contested("x"),
)
_COMMENT = _object(_texts("x", "id", "reply_to", "body") | _when("x"), _contested("x"))
_RECORD = _object(
    _when("o")
    | {
        "verdicts": _array(_VERDICT, _children("verdicts")),
        "evidence": _array(_EVIDENCE, f"{_children('evidence')} LEFT JOIN sources s ON s.id = x.source"),
        "comments": _array(_COMMENT, _children("comments")),
    },
    _contested("o"),
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
    Column("attribution", "own_voice, direct_quote, paraphrase, anonymous or headline", "c.attribution"),
    Column("check_target", "what is verified: content, attribution or both", "c.check_target"),
    Column("types", "keys of the scheme's types, in the order given", "json_each(c.types)", "many", "c.types = '[]'"),
    Column("priority", "high, normal or low", "c.priority"),
    Column("tags", "free words, in the order given", "json_each(c.tags)", "many", "c.tags = '[]'"),
    Column("status", "tagged or checked", "c.status", "word"),
    Column("verdict", "key of the standing verdict: the checker's, else the first given", "c.verdict"),
    Column("verdict_label", "its label; ?key where the scheme has none", "coalesce(k.label, nullif('?' || c.verdict, '?'), '')"),  # noqa: E501
    Column("rating", "its rating in the scheme", "k.rating", "maybe"),
    Column("justification", "why the evidence yields it", "c.justification"),
    Column("evidence_count", "pieces of evidence", "c.evidence_count", "whole"),
    Column("evidence_supports", "those that support the claim", _count("supports"), "whole"),
    Column("evidence_refutes", "those that refute it", _count("refutes"), "whole"),
    Column("evidence_context", "those that give context", _count("context"), "whole"),
    Column("evidence_urls", "their addresses, in the order found", _URLS, "many"),
    Column("checker", "who tagged it", "coalesce(w.name, c.\"by\")"),
    Column("created", "when it was tagged, UTC", "c.created", "time"),
    Column("updated", "when it or its standing verdict last changed, UTC", "c.updated", "time"),
    *(
        Column(name, "empty until there are reviews", "''", "empty")
        for name in (
            "review_count", "last_review_decision", "last_reviewer", "last_reviewed_at", "disputed", "adjudicated_by",
            "final_verdict",
        )
    ),
    Column("comment_count", "comments on it", "c.comment_count", "whole"),
    Column("conflict", "1 while two people's values for one thing wait to be settled, else 0", "c.conflict", "whole"),
    Column("record", "all else that brings the claim back, as JSON", _RECORD, "word"),
)  # fmt: skip
"""The columns in their order. Several values in one cell have " | " between them: see ``cells.Column``."""

FROM = (
    "FROM pages p CROSS JOIN claims_now c ON c.version = p.version AND c.deleted = 0"
    ' JOIN claims o ON o.id = c.id JOIN people w ON w.id = c."by" LEFT JOIN kinds k ON k.key = c.verdict'
)
"""Where the columns come from; needs what ``prepare`` makes."""

ORDER = 'ORDER BY p.place, c.start, c."end", c.id'


def prepare(conn: sqlite3.Connection, articles: Iterable[str] | None = None) -> None:
    """Make a snapshot ready to be asked ``FROM``, about these articles (ids) or all."""
    conn.execute("CREATE TEMP TABLE parts (kind TEXT, part TEXT, name TEXT)")
    conn.executemany(
        "INSERT INTO parts VALUES (?, ?, ?)",
        [(kind.name, part, name) for kind in KINDS.values() for part, names in kind.parts.items() for name in names],
    )
    conn.execute(
        "CREATE TEMP TABLE pages (place INTEGER PRIMARY KEY, article TEXT, title TEXT, url TEXT, published TEXT,"
        " version TEXT, sha TEXT, number INTEGER)"
    )
    some = "" if articles is None else "AND a.id IN (SELECT value FROM json_each(?))"
    conn.execute(
        "INSERT INTO pages SELECT row_number() OVER (ORDER BY a.published, a.title, a.id, v.number, v.id), a.id,"
        " a.title, a.url, a.published, v.id, v.text, v.number FROM articles a JOIN versions v ON v.article = a.id"
        f" WHERE a.deleted = 0 AND v.deleted = 0 {some}",
        [] if articles is None else [json.dumps(list(articles))],
    )


def write(
    desk: Desk,
    to: Path | BinaryIO,
    articles: Iterable[Article | str] = (),
    *,
    raw: bool = False,
    excel: bool = False,
    progress: Progress | None = None,
    cancelled: Cancelled | None = None,
) -> Exported:
    """Write the claims of some articles, or of all, as CSV: as they are at one moment, while others may work on.

    Args:
        desk: the desk.
        to: the file, written whole or not at all and replaced if there is one, or an open binary stream.
        articles: articles, or what people call them.
        raw: write cells that a spreadsheet would run as formulas as they are.
        excel: begin with a byte order mark, by which Excel knows UTF-8.
        progress: told the rows written and all there are.
        cancelled: asked now and then; once it says yes, ``Stopped`` is raised and no file remains.

    Raises:
        Refused: an article is not known, the file cannot be written, or the disk is full.
    """
    chosen = [desk.article(article).id for article in articles]
    with snapshot(desk) as conn:
        prepare(conn, chosen or None)
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

        if isinstance(to, Path):
            with whole_file(to) as file:
                return Exported(fill(file), "claims")
        try:
            return Exported(fill(to), "claims")
        except BrokenPipeError:
            raise
        except OSError as error:
            raise unwritten("the output", error) from None
