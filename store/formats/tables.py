"""Tables: a folder with one tidy CSV per table, every text, the scheme, and a ``datapackage.json`` that explains them.

The descriptor follows Frictionless' Tabular Data Package, so types, keys and references survive. Rows refer to each
other by id; people stand by name, and ``reviewers.csv`` has their ids. Deleted things are left out, and what hangs on
them; but what was done to them is in ``changes.csv``, the whole history. ``reply_to`` may name a comment that was
deleted since. Assignments, who checks, reviews or adjudicates which article, are here alone: no row of ``export csv``
is about them. ``agreement.csv`` is worked out from the others: how far those agree who have submitted their sets.
"""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any, cast

from store.desk import Desk
from store.formats.anonymity import shown_names
from store.formats.csv.cells import Column, header, lines
from store.formats.csv.claim_columns import Exported
from store.formats.folder import DESCRIPTOR, PROGRAM, SCHEME, TEXTS, sha256, whole_folder
from store.formats.snapshot import Cancelled, as_desk, check, pour, snapshot
from store.log.atomic_write import whole_file
from store.log.kinds import INTEGERS, KINDS, LISTS, PARENTS, REFERENCES
from store.measure.figures_as_data import FIGURE_COLUMNS as FIGURES
from store.measure.figures_as_data import as_rows
from store.records import Progress
from store.vocabulary import Blind

if TYPE_CHECKING:
    from store.formats.contract import Format

_ORDERS = {
    "articles": "x.published, x.title, x.id",
    "versions": "x.article, x.number, x.id",
    "pages": "x.version, x.id",
    "claims": 'x.article, x.start, x."end", x.id',
    "verdicts": "x.claim, x.id",
    "evidence": "x.claim, x.id",
    "comments": "x.claim, x.id",
    "reviews": "x.claim, x.id",
    "answers": "x.review, x.id",
    "ticks": "x.evidence, x.id",
    "adjudications": "x.claim, x.id",
    "assignments": "x.article, x.role, x.id",
    "sweeps": 'x.article, x.start, x."end", x.id',
    "suggestions": 'x.article, x.start, x."end", x.id',
    "choices": "x.suggestion, x.id",
    "sources": "x.url, x.title, x.id",
    "reviewers": "x.name, x.id",
}


@dataclass(frozen=True, slots=True)
class Table:
    """One file of the folder: its columns, the FROM they come from, and which of them name rows of other tables."""

    name: str
    columns: Sequence[Column]
    source: str
    references: Sequence[tuple[str, str]] = ()


def _who(name: str, says: str, column: str) -> Column:
    return Column(name, says, f"coalesce((SELECT name FROM people WHERE id = {column}), {column})")


def _column(name: str) -> Column:
    sql = f'x."{name}"'
    if REFERENCES.get(name) == "reviewers":
        return _who(name, _SAYS.get(name, ""), sql)
    if name in INTEGERS:
        return Column(name, _SAYS.get(name, ""), sql, "whole")
    return Column(name, _SAYS.get(name, ""), sql, "word" if name in LISTS or name in REFERENCES else "text")


_SAYS = {
    "number": "counted from 1: of a version within its article, of a claim in its short name",
    "start": "code points from the beginning of the text",
    "end": "one past the last code point",
    "text": "SHA-256 of the text; it is in texts/",
    "pieces": "of a span with gaps: where its pieces lie, in code points from its start, such as 0 2;13 18",
    "types": "keys of the scheme's claim types, a JSON array",
    "tags": "a JSON array",
    "verdict": "key of the scheme's verdict; empty when taken back",
    "reply_to": "id of the comment or review that is answered",
    "resolved": "1 on the first comment of a thread that is done with",
    "reviewer": "whose it is",
    "whose": "whose set is under review; empty for everybody's",
    "chosen": "whose values were taken",
    "reason": "key of the scheme's reason, or why in words",
    "seen": "what was before them when they said it, as JSON",
    "after": "the claim as it then stood, as JSON",
    "blind": f"{Blind.listed()}; revealed for a decision given again after the reveal",
    "stands": "1 while the claim is in the settled set",
    "beside": "ids of the claims that were compared with it, a JSON array",
    "instead": "ids of the other corrections that it was chosen instead of, a JSON array",
    "state": "open or submitted",
    "label": "what the suggester calls it: a verdict, a type or a word of their own",
    "confidence": "how sure the suggester is, 0 to 1; empty when not said",
    "outcome": "accepted, amended, rejected; of an adjudication how it was settled",
    "taken": "id of the claim that was made of the suggestion",
    "own_pass": "before or after: whether the choice was made before or after the chooser's own pass was submitted",
    "redirects": "the addresses before it, the one asked for first, a JSON array",
    "name": "the file's own name",
    "fetched": "when it was fetched, ms UTC; 0 for a file",
    "body": "of a comment its words; of a page the SHA-256 of its bytes, which are in the desk file",
    "settings": "with what it was read",
    "modified": "when the page says that it was last changed",
    "leaves": "where in the text the pages of a PDF begin, a JSON array of code points",
    "reopened": "how often a submitted set was opened again",
}
_MORE: Mapping[str, Sequence[Column]] = {
    "claims": (Column("name", "the claim's short name, such as C7", "n.name", "word"),),
    "reviews": (
        Column("verdict", "key of the reviewer's own verdict on the claim", "n.verdict"),
        Column("stale", "whether the checker has changed what was reviewed", "n.stale", "whole"),
        Column("standing", "agreed, noted, open, accepted, rejected or settled", "n.standing", "word"),
    ),
}
"""Columns that are derived, from the view of what stands now."""
_ID = Column("id", "", "x.id", "word")
_TAIL = (
    _who("by", "who made it", 'x."by"'),
    Column("created", "when, UTC", "x.created", "time"),
    Column("updated", "when it last changed, UTC", "x.updated", "time"),
    _who("updated_by", "who changed it last", "x.updated_by"),
    Column("conflict", "whether two people's values for one part of it wait to be settled", "x.conflict", "whole"),
)


def _table(name: str) -> Table:
    columns = [_column(column) for column in KINDS[name].columns if column != "deleted"]
    references = [(column.name, REFERENCES[column.name]) for column in columns if column.name in REFERENCES]
    more = _MORE.get(name, ())
    joined = f"LEFT JOIN {name}_now n ON n.id = x.id" if more else ""
    source = f"FROM {name} x {joined} WHERE {_alive(name)} ORDER BY {_ORDERS[name]}"
    return Table(name, [_ID, *more, *columns, *(() if name == "reviewers" else _TAIL)], source, references)


def _alive(name: str, x: str = "x") -> str:
    """SQL that holds for a row that is not deleted, nor hangs on anything that is."""
    alive = f"{x}.deleted = 0"
    if name == "sources":
        alive = f"({alive} OR {x}.id IN (SELECT source FROM evidence WHERE deleted = 0))"
    if above := PARENTS.get(name):
        column = KINDS[above].one
        alive += f' AND {x}."{column}" IN (SELECT id FROM {above} {x}x WHERE {_alive(above, x + "x")})'
    return alive


_CHANGES = Table(
    "changes",
    [
        Column("id", "sorts by time", "x.id", "word"),
        Column("action", "id of the first change of the step it belongs to", "x.action", "word"),
        _who("by", "who made it", "x.reviewer"),
        Column("at", "when, by their clock, UTC", "x.at", "time"),
        Column("kind", "the table it concerns", "x.kind"),
        Column("item", "the row it concerns", "x.item"),
        Column("parents", "the changes of that row its author had seen, a JSON array", "x.parents", "word"),
        Column("patch", "the new values, a JSON object", "x.patch", "word"),
        Column("undoes", "the action it reverses", "coalesce(x.undoes, '')"),
    ],
    "FROM changes x ORDER BY x.id",
)
_AGREEMENT = Table(
    "agreement",
    [
        Column("article_id", "the article; empty for the figures of all articles together", "x.article_id", "word"),
        Column("annotator_a", "who is compared; empty for everybody, whom the note names", "x.annotator_a"),
        Column("annotator_b", "with whom", "x.annotator_b"),
        Column("measure", "the figure's key", "x.measure", "word"),
        Column("unit", "what n counts", "x.unit", "word"),
        Column("value", "the figure; empty where it is not defined, and the note says why", "x.value", "maybe"),
        Column("n", "of how many", "x.n", "whole"),
        Column("low", "where the 95 % interval begins; empty where there is none", "x.low", "maybe"),
        Column("high", "where it ends", "x.high", "maybe"),
        Column("note", "why there is no value, or who is compared", "x.note"),
    ],
    "FROM agreement x ORDER BY x.rowid",
    (("article_id", "articles"), ("annotator_a", "reviewers"), ("annotator_b", "reviewers")),
)
TABLES = (*(_table(name) for name in _ORDERS), _AGREEMENT, _CHANGES)
"""The files in the order the descriptor lists them."""

_TYPES = {"whole": "integer", "maybe": "number", "time": "datetime"}
_ARRAYS = {*LISTS, "parents"}
_FLAGS = ("conflict", "resolved", "stands", "stale")


def write(
    desk: Desk,
    folder: Path,
    *,
    raw: bool = False,
    anonymous: bool = False,
    replace: bool = False,
    progress: Progress | None = None,
    cancelled: Cancelled | None = None,
) -> Exported:
    """Write the whole desk into a folder, as it is at one moment.

    Args:
        desk: the desk.
        folder: appears when all is in it, and not at all otherwise.
        raw: write cells that a spreadsheet would run as formulas as they are.
        anonymous: replace everybody's name and id, in the history too.
        replace: whether the files of an earlier export may be replaced; what else is in the folder stays.
        progress: told the rows written and all there are.
        cancelled: asked now and then; once it says yes, ``Stopped`` is raised and nothing remains.

    Raises:
        Taken: the folder holds an earlier export.
        Refused: it holds something else, it cannot be written, or the disk is full.
    """
    with (
        shown_names(desk, not anonymous) as desk,
        whole_folder(folder, replace=replace) as inside,
        snapshot(desk) as conn,
    ):
        _compare(conn, desk, cancelled)
        total = sum(_count(conn, table) for table in TABLES) if progress else 0
        done = 0

        def tell(rows: int) -> None:
            if progress:
                progress(done + rows, total)

        for table in TABLES:
            with whole_file(inside / f"{table.name}.csv") as file:
                file.write(header(table.columns))
                done += pour(conn, lines(table.columns, table.source, raw=raw), file, tell, cancelled)
        _write_texts(conn, inside / TEXTS)
        (inside / SCHEME).write_bytes(desk.scheme.toml.encode("utf-8", "surrogatepass"))
        descriptor = json.dumps(_descriptor(desk, inside), ensure_ascii=False, indent=2) + "\n"
        (inside / DESCRIPTOR).write_text(descriptor, encoding="utf-8", newline="\n")
    return Exported(done, "rows")


def _compare(conn: sqlite3.Connection, desk: Desk, cancelled: Cancelled | None) -> None:
    """Put the figures of agreement beside the snapshot, numbers as the text that a cell holds."""
    conn.execute(f"CREATE TEMP TABLE agreement ({', '.join(FIGURES)})")
    with as_desk(conn, desk) as still:
        for row in as_rows(still.agreement.report().report):
            check(cancelled)
            cells = [str(cell) if isinstance(cell, float) else cell for cell in row]
            conn.execute(f"INSERT INTO agreement VALUES ({', '.join('?' * len(cells))})", cells)


def _count(conn: sqlite3.Connection, table: Table) -> int:
    source = table.source[: table.source.rindex(" ORDER BY ")]
    return int(conn.execute(f"SELECT count(*) {source}").fetchone()[0])


def _write_texts(conn: sqlite3.Connection, folder: Path) -> None:
    folder.mkdir()
    living = "SELECT text FROM versions WHERE deleted = 0 AND article IN (SELECT id FROM articles WHERE deleted = 0)"
    for sha, body in conn.execute(f"SELECT sha, body FROM texts WHERE sha IN ({living})"):
        (folder / f"{sha.decode()}.txt").write_bytes(body)


def _descriptor(desk: Desk, folder: Path) -> dict[str, object]:
    scheme = desk.scheme
    return {
        "profile": "tabular-data-package",
        "name": PROGRAM,
        "title": "A factdesk: articles, claims, verdicts, evidence and second review",
        PROGRAM: {
            "scheme": {"id": scheme.id, "version": scheme.version, "sha256": scheme.hash, "path": SCHEME},
            "texts": f"{TEXTS}/<SHA-256 of the text>.txt, UTF-8, LF",
        },
        "resources": [_resource(table, folder / f"{table.name}.csv") for table in TABLES],
    }


def _resource(table: Table, file: Path) -> dict[str, object]:
    return {
        "name": table.name,
        "path": file.name,
        "bytes": file.stat().st_size,
        "hash": f"sha256:{sha256(file)}",
        "profile": "tabular-data-resource",
        "format": "csv",
        "mediatype": "text/csv",
        "encoding": "utf-8",
        "dialect": {"delimiter": ",", "lineTerminator": "\r\n", "quoteChar": '"', "doubleQuote": True, "header": True},
        "schema": {
            "fields": [_field(column) for column in table.columns],
            # What tells two figures apart may be empty, and so is not a key.
            **({} if table is _AGREEMENT else {"primaryKey": "id"}),
            "foreignKeys": [
                {"fields": column, "reference": {"resource": of, "fields": "name" if of == "reviewers" else "id"}}
                for column, of in table.references
            ],
        },
    }


def _field(column: Column) -> dict[str, object]:
    known: dict[str, object] = {"name": column.name}
    if column.name in _FLAGS:
        known |= {"type": "boolean", "trueValues": ["1"], "falseValues": ["0"]}
    elif column.name in _ARRAYS or column.name == "patch":
        known["type"] = "object" if column.name == "patch" else "array"
    else:
        known["type"] = _TYPES.get(column.kind, "string")
    if column.kind == "time":
        known["format"] = "%Y-%m-%dT%H:%M:%S.%fZ"
    return known | ({"description": column.says} if column.says else {})


def read(desk: Desk, source: Path, **how: Any) -> Any:
    """Import what such a folder, or a zip of it, holds; ``how`` is as in ``import_of_any_format.bring``."""
    from store.formats import import_of_any_format, tidy

    return import_of_any_format.bring(desk, cast("Format", tidy), source, **how)
