"""The search indexes of a desk: which words stand in its texts, its claims, and all that is said of claims.

They hold a folded copy (``text.find.indexed``), in which words of any script are found as ``/`` finds them. The copy
itself is kept nowhere: the log writes the words to the indexes, many rows to a statement, and takes them out again with
what stood there before. Its statements need the function ``folded``, which ``prepare`` gives a connection; nothing that
is made in the file does, so any other program can read all of a desk.
"""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager

SEARCHED: Mapping[str, tuple[str, ...]] = {
    "claims": ("quote", "claim_text", "claimant"),
    "verdicts": ("justification",),
    "evidence": ("quote", "locator", "note"),
    "comments": ("body",),
    "sources": ("title", "publisher", "url", "origin"),
    "reviews": ("comment", "claim_text"),
    "answers": ("reason",),
    "adjudications": ("rationale",),
}
"""The columns whose words are indexed, by kind."""

_SAID = tuple(SEARCHED)[1:]
"""The kinds that share the index ``said_fts``; a new one goes to the end."""
_KINDS = 16  # rows of so many kinds can share it

TOKENS = """tokenize = "unicode61 remove_diacritics 0 categories 'L* N* Co Mn Mc'\""""


def folding(words: str) -> str:
    """The SQL that folds what an expression gives. SQLite does so by itself, at a fifth of the price, in pure ASCII."""
    return f"CASE WHEN length({words}) = length(CAST({words} AS BLOB)) THEN lower({words}) ELSE folded({words}) END"


_CLAIMED = ", ".join(SEARCHED["claims"])
_FOLDED = ", ".join(f"{folding(name)} AS {name}" for name in SEARCHED["claims"])
INDEXES = {
    "texts_fts": f"CREATE VIRTUAL TABLE texts_fts USING fts5(body, content='', {TOKENS})",
    "claims_fts": f"CREATE VIRTUAL TABLE claims_fts USING fts5({_CLAIMED}, content='', {TOKENS})",
    "said_fts": f"CREATE VIRTUAL TABLE said_fts USING fts5(words, content='', {TOKENS})",
}


def as_said(kind: str) -> tuple[str, str]:
    """The SQL for the ``seq`` of what a row of ``said_fts`` stands for, and for whether that is of a kind."""
    return f"said_fts.rowid / {_KINDS}", f"said_fts.rowid % {_KINDS} = {_SAID.index(kind)}"


def _words(kind: str) -> str:
    """The SQL for all that a row says."""
    return "(" + " || ' ' || ".join(SEARCHED[kind]) + ")"


def _says(kind: str) -> str:
    """The SQL for whether a row says anything: what says nothing is not indexed."""
    return " || ".join(SEARCHED[kind]) + " <> ''"


def _said(kind: str) -> str:
    row = f"seq * {_KINDS} + {_SAID.index(kind)}"
    return f"SELECT {row} AS seq, {folding(_words(kind))} AS words FROM main.{kind} WHERE {_says(kind)}"


_HELD = {
    "texts_fts": ("body", "SELECT seq, folded(body) AS body FROM main.texts"),
    "claims_fts": (_CLAIMED, f"SELECT seq, {_FOLDED} FROM main.claims WHERE {_says('claims')}"),
    "said_fts": ("words", " UNION ALL ".join(map(_said, _SAID))),
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
def reindexing(conn: sqlite3.Connection, kind: str, others: Sequence[object], new: bool) -> Iterator[None]:
    """Keep the index of a kind while rows are written inside: ``others`` will say other words, and some may be new."""
    which, ids = among(others)
    (last,) = conn.execute(f"SELECT coalesce(max(seq), 0) FROM main.{kind}").fetchone()
    if others:
        _index(conn, kind, f"id {which}", ids, removed=True)
    yield
    if others:
        _index(conn, kind, f"id {which}", ids)
    if new:
        _index(conn, kind, "seq > ?", (last,))  # what is new has the greatest numbers, and lies side by side


def _index(conn: sqlite3.Connection, kind: str, which: str, named: Sequence[object], *, removed: bool = False) -> None:
    index = "claims_fts" if kind == "claims" else "said_fts"
    columns, all_held = _HELD[index]
    held = all_held if kind == "claims" else _said(kind)
    into, what = (f"{index}, rowid", "'delete', *") if removed else ("rowid", "*")
    conn.execute(f"INSERT INTO main.{index}({into}, {columns}) SELECT {what} FROM ({held} AND {which})", named)


def among(ids: Sequence[object]) -> tuple[str, tuple[object]]:
    """What is asked of a column that is to hold one of these ids, and the argument of that."""
    if len(ids) == 1:
        return "= ?", (ids[0],)
    return "IN (SELECT value FROM json_each(?))", (json.dumps(ids),)


def renew_search(conn: sqlite3.Connection) -> None:
    """Make all indexes again, with all that stands in their tables."""
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
