"""The search indexes of a desk: which words stand in its texts and its claims.

They hold a folded copy (``text.find.indexed``), in which words of any script are found as ``/`` finds them. The copy
itself is kept nowhere: the log writes the words to the indexes, many rows to a statement, and takes them out again with
what stood there before. Its statements need the function ``folded``, which ``prepare`` gives a connection; nothing that
is made in the file does, so any other program can read all of a desk.
"""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Iterator, Sequence
from contextlib import contextmanager

from store.log.kinds import KINDS

_CLAIMED = ("quote", "claim_text", "claimant")
_COLUMNS = ", ".join(_CLAIMED)
_PLACES = [1 + KINDS["claims"].columns.index(column) for column in _CLAIMED]
TOKENS = """tokenize = "unicode61 remove_diacritics 0 categories 'L* N* Co Mn Mc'\""""

_FOLDED = ", ".join(f"folded({name}) AS {name}" for name in _CLAIMED)
INDEXES = {
    "texts_fts": f"CREATE VIRTUAL TABLE texts_fts USING fts5(body, content='', {TOKENS})",
    "claims_fts": f"CREATE VIRTUAL TABLE claims_fts USING fts5({_COLUMNS}, content='', {TOKENS})",
}
_HELD = {
    "texts_fts": ("body", "SELECT seq, folded(body) AS body FROM main.texts"),
    "claims_fts": (_COLUMNS, f"SELECT seq, {_FOLDED} FROM main.claims"),
}
"""The columns of each index, and what stands in them: ``seq`` and the folded words."""
_PARTS = ("config", "data", "idx", "docsize")  # the tables in which SQLite keeps an index
_FORMER = (
    "TRIGGER texts_indexed", "TRIGGER claims_indexed", "TRIGGER claims_unindexed", "TRIGGER claims_reindexed",
    "VIEW texts_folded", "VIEW claims_folded",
)  # fmt: skip


def prepare_search(conn: sqlite3.Connection) -> None:
    """Give a connection what the indexes of a desk are made with."""
    conn.create_function("folded", 1, _folded, deterministic=True)


def _folded(text: str) -> str:
    from store.text.find import indexed

    return indexed(text)


def add_texts(conn: sqlite3.Connection, after: int) -> None:
    """Index the texts whose ``seq`` is greater than ``after``."""
    conn.execute(
        "INSERT INTO main.texts_fts(rowid, body) SELECT seq, folded(body) FROM main.texts WHERE seq > ?", (after,)
    )


@contextmanager
def reindexing(conn: sqlite3.Connection, claims: Sequence[Sequence[object]]) -> Iterator[None]:
    """Keep the index of the claims while rows of theirs, ``id`` first and then their columns, are written inside."""
    new = {row[0]: tuple(row[place] for place in _PLACES) for row in claims}
    named, ids = _among(list(new))
    held = {id: tuple(texts) for id, *texts in conn.execute(f"SELECT id, {_COLUMNS} FROM main.claims {named}", ids)}
    changed = [id for id, texts in new.items() if held.get(id) != texts]
    if gone := [id for id in changed if id in held]:
        named, ids = _among(gone)
        conn.execute(
            f"INSERT INTO main.claims_fts(claims_fts, rowid, {_COLUMNS})"
            f" SELECT 'delete', seq, {_FOLDED} FROM main.claims {named}",
            ids,
        )
    yield
    if changed:
        named, ids = _among(changed)
        conn.execute(
            f"INSERT INTO main.claims_fts(rowid, {_COLUMNS}) SELECT seq, {_FOLDED} FROM main.claims {named}",
            ids,
        )


def _among(ids: Sequence[object]) -> tuple[str, tuple[object, ...]]:
    """The clause that picks rows by their ids, and its arguments."""
    if len(ids) == 1:
        return "WHERE id = ?", (ids[0],)
    return "WHERE id IN (SELECT value FROM json_each(?))", (json.dumps(ids),)


def renew_search(conn: sqlite3.Connection) -> None:
    """Make both indexes again, with all that stands in their tables."""
    for what, name in map(str.split, _FORMER):
        conn.execute(f"DROP {what} IF EXISTS {name}")
    for index, (columns, held) in _HELD.items():
        conn.execute(f"DROP TABLE IF EXISTS {index}")
        conn.execute(INDEXES[index])
        conn.execute(f"INSERT INTO main.{index}(rowid, {columns}) {held}")


def unfit(conn: sqlite3.Connection) -> Iterator[str]:
    """Those of the indexes that do not hold what their tables do, each word at its place; all are there.

    Nothing is written to the file: SQLite checks a temporary copy of the index against the folded words, as it would
    an index over a table. What SQLite does not look for there is not seen, such as a ``%_idx`` without a row.
    """
    for index, (columns, held) in _HELD.items():
        if outdated(conn, index):
            yield index
            continue
        conn.execute(f"CREATE TEMP VIEW words_held AS {held}")
        conn.execute(
            "CREATE VIRTUAL TABLE temp.index_held"
            f" USING fts5({columns}, content='words_held', content_rowid='seq', {TOKENS})"
        )
        for part in _PARTS:
            conn.execute(f"DELETE FROM temp.index_held_{part}")
            conn.execute(f"INSERT INTO temp.index_held_{part} SELECT * FROM main.{index}_{part}")
        try:
            conn.execute("INSERT INTO temp.index_held(index_held, rank) VALUES ('integrity-check', 1)")
        except sqlite3.DatabaseError:
            yield index
        finally:
            conn.execute("DROP TABLE temp.index_held")
            conn.execute("DROP VIEW temp.words_held")


def outdated(conn: sqlite3.Connection, index: str) -> bool:
    """Whether an index is made otherwise than in a new desk."""
    made = conn.execute("SELECT 1 FROM main.sqlite_master WHERE name = ? AND sql = ?", (index, INDEXES[index]))
    return made.fetchone() is None
