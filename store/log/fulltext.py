"""The search indexes of a desk: which words stand in its texts and its claims.

They hold a folded copy (``text.find.indexed``), in which words of any script are found as ``/`` finds them. The copy
is kept nowhere else: two views make it, for the log, which writes the indexes many rows to a statement, and for
whoever compares them with their tables. The views need the function ``folded``, which ``prepare`` gives a connection;
no trigger and no other view does, so another program can read the rest of a desk.
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

VIEWS = {
    "texts_folded": "SELECT seq, folded(body) AS body FROM texts",
    "claims_folded": "SELECT seq, id, " + ", ".join(f"folded({name}) AS {name}" for name in _CLAIMED) + " FROM claims",
}
INDEXES = {
    "texts_fts": f"fts5(body, content='texts_folded', content_rowid='seq', {TOKENS})",
    "claims_fts": f"fts5({_COLUMNS}, content='claims_folded', content_rowid='seq', {TOKENS})",
}
_FORMER_TRIGGERS = ("texts_indexed", "claims_indexed", "claims_unindexed", "claims_reindexed")


def prepare(conn: sqlite3.Connection) -> None:
    """Give a connection what the indexes of a desk are made with."""
    conn.create_function("folded", 1, _folded, deterministic=True)


def _folded(text: str) -> str:
    from store.text.find import indexed

    return indexed(text)


def add_texts(conn: sqlite3.Connection, after: int) -> None:
    """Index the texts whose ``seq`` is greater than ``after``."""
    conn.execute(
        "INSERT INTO main.texts_fts(rowid, body) SELECT seq, body FROM main.texts_folded WHERE seq > ?", (after,)
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
            f" SELECT 'delete', seq, {_COLUMNS} FROM main.claims_folded {named}",
            ids,
        )
    yield
    if changed:
        named, ids = _among(changed)
        conn.execute(
            f"INSERT INTO main.claims_fts(rowid, {_COLUMNS}) SELECT seq, {_COLUMNS} FROM main.claims_folded {named}",
            ids,
        )


def _among(ids: Sequence[object]) -> tuple[str, tuple[object, ...]]:
    """The clause that picks rows by their ids, and its arguments."""
    if len(ids) == 1:
        return "WHERE id = ?", (ids[0],)
    return "WHERE id IN (SELECT value FROM json_each(?))", (json.dumps(ids),)


def renew(conn: sqlite3.Connection) -> None:
    """Make both indexes anew, with all that stands in their tables."""
    for trigger in _FORMER_TRIGGERS:
        conn.execute(f"DROP TRIGGER IF EXISTS {trigger}")
    for view, made in VIEWS.items():
        conn.execute(f"DROP VIEW IF EXISTS {view}")
        conn.execute(f"CREATE VIEW {view} AS {made}")
    for index, made in INDEXES.items():
        conn.execute(f"DROP TABLE IF EXISTS {index}")
        conn.execute(f"CREATE VIRTUAL TABLE {index} USING {made}")
        conn.execute(f"INSERT INTO {index}({index}) VALUES ('rebuild')")


def unfit(conn: sqlite3.Connection) -> Iterator[str]:
    """Those of the indexes that do not hold what their tables do. The connection must be able to write."""
    for index in INDEXES:
        try:
            conn.execute(f"INSERT INTO {index}({index}, rank) VALUES ('integrity-check', 1)")
        except sqlite3.DatabaseError:
            yield index
