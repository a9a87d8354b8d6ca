"""What a desk's file is made of, and what another program has made of that."""

from __future__ import annotations

import sqlite3
from contextlib import closing
from functools import lru_cache

from store.log import fulltext
from store.log.kinds import KINDS
from store.log.tables import CACHE, PAGE_BYTES, REMOTES, TAIL, TRUTH, run

SchemaPart = tuple[str, str, str]
"""What is made in a database: table, view, trigger or index; its name; and the SQL that makes it."""


def strangers(conn: sqlite3.Connection) -> list[SchemaPart]:
    """Views, triggers and indexes that another program has put among the desk's, or in the place of them.

    Views and tables with other names belong to others.
    """
    own, held = _own(), _made(conn)
    tables = {name for (what, name) in own if what in ("table", "view")}
    return [
        (what, name, sql)
        for (what, name), (sql, on) in held.items()
        if (what != "table" or ("view", name) in own)
        and (on in tables or any((kind, name) in own for kind in ("table", "view", "trigger", "index")))
        and own.get((what, name), ("", ""))[0] != sql
    ]


def missing(conn: sqlite3.Connection) -> list[SchemaPart]:
    """Tables, views, triggers and indexes of the desk's that are not there."""
    held = _made(conn)
    return [(what, name, sql) for (what, name), (sql, _) in _own().items() if (what, name) not in held]


def lacking(conn: sqlite3.Connection) -> list[tuple[str, str]]:
    """The columns of folded tables that are not there: the table and the column."""
    found = []
    for kind in KINDS.values():
        held = {row[1] for row in conn.execute(f"PRAGMA main.table_info({kind.name})")}
        found += [(kind.name, column) for column in ("seq", "id", *kind.columns, *TAIL) if column not in held]
    return found


def _made(conn: sqlite3.Connection) -> dict[tuple[str, str], tuple[str, str]]:
    """What is made in a database, in the order of making, by kind and name: its SQL, and the table it is made on."""
    rows = conn.execute("SELECT type, name, sql, tbl_name FROM main.sqlite_master WHERE sql IS NOT NULL ORDER BY rowid")
    return {(what, name): (sql, on) for what, name, sql, on in rows}


@lru_cache(maxsize=1)
def _own() -> dict[tuple[str, str], tuple[str, str]]:
    """What is made in a new desk."""
    with closing(sqlite3.connect(":memory:", isolation_level=None)) as conn:
        fulltext.prepare_search(conn)
        run(conn, TRUTH)
        run(conn, PAGE_BYTES)
        run(conn, REMOTES)
        run(conn, CACHE)
        fulltext.renew_search(conn)
        return _made(conn)


def _quoted(name: str) -> str:
    return '"' + name.replace('"', '""') + '"'


def drop_strangers(conn: sqlite3.Connection) -> None:
    """Take away what another program has put among the desk's views, triggers and indexes."""
    for what, name, _ in strangers(conn):
        conn.execute(f"DROP {what} IF EXISTS {_quoted(name)}")


def supply(conn: sqlite3.Connection) -> None:
    """Make the views, triggers and indexes that are missing. Tables are made by ``tables.renew``."""
    for what, _, sql in missing(conn):
        if what != "table":
            conn.execute(sql)
