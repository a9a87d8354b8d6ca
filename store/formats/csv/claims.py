"""CSV: one row per claim, for spreadsheets and for coming back.

UTF-8, records ending in CRLF, sorted by the article's date, title and id, then by version, start, end and id, so the
same claims give the same bytes whatever desk they are on. `COLUMNS` says what each column holds. Deleted claims and
articles are left out.

The last column, ``record``, is one JSON object with what the others cannot carry. ``import csv`` restores a claim
from it and from the columns before it:

    by, created, updated, updated_by     who tagged the claim, when, and who changed it last (times in ms UTC); all
                that follows has these four too. People stand by name; those who have been given another name since
                they joined, by name and id
    verdicts    everybody's, in the order given: verdict, justification; the one that stands in the columns verdict
                and justification has neither here
    evidence    in the order found: id, stance, quote, locator, note, source (null, or id, url, archive_url, title,
                publisher, published, retrieved, tier, origin), and ticks
    ticks       what others say of a piece of evidence: mark (seen, doubted, or empty when taken back), reason, note;
                seen: as JSON in a string, what they had before them
    comments    in the order written: id, reply_to (a comment or a review), body; resolved: 1 on the first comment of
                a thread that is done with
    origin      what it was made of; review: a reviewer tagged it as missing
    pieces      of a span with gaps, where its pieces lie: code points from its start, such as 0 2;13 18
    reviews     in the order given: id, decision, reason, comment, whose (the checker reviewed), blind, start, end,
                quote (the proposed span, 0 and 0 where none is), claim_text (the proposed one), seen (as JSON in a
                string, to the letter: what the reviewer had before them), sources (likewise: what was said of the
                sources), and answers; the reviewer's own verdict is among the verdicts
    answers     the checker's to a review: outcome, reason, seen and after (in a string: what was answered, and the
                claim as it then stood)
    adjudication    what settles the claim: adjudicator, outcome, chosen (whose values were taken), stands (0: not in
                the settled set), start, end, quote, claim_text, beside (ids of the claims compared with it); its
                verdict and rationale stand in the columns verdict and justification
    changed     what a correction has made of the words of the claim, of a review or of the adjudication, while nobody
                has looked: reason, before (the words it had)
    contested   for each part of the claim, a verdict, … the values that contend for it, the newest last: part,
                values, by, at

Ticks and what they saw, resolved, origin, reviews, their sources, answers, adjudication, changed and contested are
there only where there is something to tell.
Who is to review what is not said of one claim: assignments are in ``export tables``.
"""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import BinaryIO

from store.desk import Desk
from store.formats.anonymity import shown_names
from store.formats.contract import Loss
from store.formats.csv.cells import Column, header, lines
from store.formats.snapshot import Cancelled, pour, snapshot
from store.log import verdict_requirements
from store.log.atomic_write import filled
from store.log.kinds import KINDS, REFERENCES
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


def _object(members: Mapping[str, str], more: str = "") -> str:
    """SQL for a JSON object; ``members`` are SQL for JSON values, ``more`` is SQL for further members."""
    marks = ",".join(f'"{name}":%s' for name in members) + ("%s" if more else "")
    return f"printf('{{{marks}}}', {', '.join([*members.values(), *([more] if more else [])])})"


def _array(item: str, rows: str) -> str:
    return f"'[' || coalesce((SELECT group_concat({item}) FROM {rows}), '') || ']'"


def _some(name: str, item: str, rows: str) -> str:
    """SQL for the further member ``name``, an array; nothing where there are no rows."""
    return f"coalesce((SELECT ',\"{name}\":[' || group_concat({item}) || ']' FROM {rows}), '')"


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


def _contenders() -> str:
    """SELECT of all values that contend, as JSON; a view of its own, for SQLite's parser goes only so deep."""
    patch = (
        "CASE n.part WHEN 'deleted' THEN json_object('deleted', coalesce(json_extract(h.patch, '$.deleted'), 0))"
        " ELSE h.patch END"
    )
    people = ", ".join(f"'{column}'" for column, table in REFERENCES.items() if table == "reviewers")
    values = (
        "SELECT json_group_object(j.key, CASE WHEN j.type = 'array' THEN json(j.value)"
        f" WHEN j.key IN ({people}) AND j.value <> '' THEN json({_who('j.value')}) ELSE j.value END)"
        f" FROM json_each({patch}) j WHERE j.key IN (SELECT name FROM parts WHERE kind = n.kind AND part = n.part)"
    )
    told = _object({"part": "json_quote(n.part)", "values": f"({values})", "by": _who("h.reviewer"), "at": "h.at"})
    return (
        f"SELECT n.item, n.part, v.key AS place, {told} AS told FROM conflicts n, json_each(n.versions) v"
        " JOIN changes h ON h.id = v.value WHERE n.part IN (SELECT part FROM parts)"
    )


def _contested(alias: str) -> str:
    """SQL for the member ``contested`` of a row that has conflicts; nothing for all others."""
    rows = f"(SELECT told FROM contenders WHERE item = {alias}.id ORDER BY part, place)"
    return f"CASE WHEN {alias}.conflict THEN ',\"contested\":' || {_array('told', rows)} ELSE '' END"


def _changed(alias: str) -> str:
    """SQL for the member ``changed`` of a row whose words wait to be looked at; nothing for all others."""
    told = _object(_texts("t", "reason", "before") | _when("t"))
    rows = f"transfers t WHERE {verdict_requirements.UNSEEN.format(alias)} ORDER BY t.born LIMIT 1"
    return f"coalesce((SELECT ',\"changed\":' || {told} FROM {rows}), '')"


def _said(alias: str, name: str) -> str:
    """SQL for the member of a text that is left out where it is empty."""
    return f"CASE {alias}.{name} WHEN '' THEN '' ELSE ',\"{name}\":' || json_quote({alias}.{name}) END"


def _place(alias: str) -> dict[str, str]:
    """Start and end; 0 where a correction took the words away, and they lie on another version than the claim."""
    return {
        name: f'CASE WHEN {alias}.version = c.version THEN {alias}."{name}" ELSE 0 END' for name in ("start", "end")
    }


def _children(table: str, of: str = "claim = c.id", alias: str = "x") -> str:
    return f"(SELECT * FROM {table} WHERE {of} AND deleted = 0 ORDER BY born) {alias}"


_VERDICT = (
    f"CASE WHEN x.id IS c.verdict_id THEN {_object(_when('x'), _contested('x'))}"
    f" ELSE {_object(_texts('x', 'verdict', 'justification') | _when('x'), _contested('x'))} END"
)
_SOURCE = _object(
    _texts("s", "id", *(column for column in KINDS["sources"].columns if column != "deleted")) | _when("s"),
    _contested("s"),
)
_TICK = _object(_texts("t", "mark", "reason", "note") | _when("t"), f"{_said('t', 'seen')} || {_contested('t')}")
_EVIDENCE = _object(
    _texts("x", "id", "stance", "quote", "locator", "note")
    | {"source": f"CASE WHEN s.id IS NULL THEN 'null' ELSE {_SOURCE} END"}
    | _when("x"),
    f"{_some('ticks', _TICK, _children('ticks', 'evidence = x.id', 't'))} || {_contested('x')}",
)
_COMMENT = _object(
    _texts("x", "id", "reply_to", "body") | _when("x"),
    f"CASE WHEN x.resolved THEN ',\"resolved\":1' ELSE '' END || {_contested('x')}",
)
_ANSWER = _object(_texts("a", "outcome", "reason", "seen", "after") | _when("a"), _contested("a"))
_REVIEW = _object(
    _texts("x", "id", "decision", "reason", "comment")
    | {"whose": _who("x.whose"), "blind": "json_quote(x.blind)"}
    | _place("x")
    | _texts("x", "quote", "claim_text", "seen")
    | _when("x"),
    f"{_said('x', 'sources')} || {_some('answers', _ANSWER, _children('answers', 'review = x.id', 'a'))}"
    f" || {_changed('x')} || {_contested('x')}",
)
_ADJUDICATION = _object(
    {"adjudicator": _who("j.reviewer"), "outcome": "json_quote(j.outcome)"}
    | {"chosen": "CASE j.chosen WHEN '' THEN '\"\"' ELSE " + _who("j.chosen") + " END"}
    | {"stands": "j.stands"}
    | _place("j")
    | {"quote": "json_quote(j.quote)"}
    | {"claim_text": "json_quote(j.claim_text)", "beside": "j.beside"}
    | _when("j"),
    f"{_changed('j')} || {_contested('j')}",
)
_RECORD = _object(
    _when("o")
    | {
        "verdicts": _array(_VERDICT, _children("verdicts")),
        "evidence": _array(_EVIDENCE, f"{_children('evidence')} LEFT JOIN sources s ON s.id = x.source"),
        "comments": _array(_COMMENT, _children("comments")),
    },
    " || ".join(
        [
            "CASE WHEN o.origin = '' THEN '' ELSE ',\"origin\":' || json_quote(o.origin) END",
            _said("o", "pieces"),
            _some("reviews", _REVIEW, _children("reviews")),
            f"CASE WHEN j.id IS NULL THEN '' ELSE ',\"adjudication\":' || {_ADJUDICATION} END",
            _changed("o"),
            _contested("o"),
        ]
    ),
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
    Column("record", "all else that brings the claim back, as JSON", _RECORD, "word"),
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
    conn.execute(f"CREATE TEMP VIEW contenders AS {_contenders()}")
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
