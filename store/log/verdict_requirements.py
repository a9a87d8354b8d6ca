"""What the scheme's verdicts require, as a table: with it a query tells whether a claim is checked.

The table is made from the scheme that the desk uses, whenever that is written, and made again by `rebuild`.
"""

from __future__ import annotations

import sqlite3
from contextlib import suppress

from store.errors import Refused

TABLE = """
CREATE TABLE requirements (
  verdict TEXT NOT NULL, what TEXT NOT NULL, stance TEXT NOT NULL, pieces INTEGER NOT NULL,
  PRIMARY KEY (verdict, what, stance)
) STRICT, WITHOUT ROWID;
"""
"""``what`` is evidence or justification: at least so many pieces, of that stance or of any; and every verdict that the
scheme knows has a row ``verdict``, of no pieces."""

_SPACES = (*range(9, 14), *range(28, 33), 133, 160, 5760, *range(8192, 8203), 8232, 8233, 8239, 8287, 12288)
BLANK = f"char({', '.join(map(str, _SPACES))})"
"""The SQL for all white space: a justification of nothing else is none."""

LACKS = f"""(coalesce(v.verdict, '') NOT IN (SELECT verdict FROM requirements) OR EXISTS (
      SELECT 1 FROM requirements q WHERE q.verdict = v.verdict AND CASE q.what
        WHEN 'justification' THEN trim(v.justification, {BLANK}) = ''
        ELSE (SELECT count(*) FROM evidence e WHERE e.claim = c.id AND e.deleted = 0 AND q.stance IN ('', e.stance))
          < q.pieces END))"""
"""The SQL for whether a claim ``c`` with the verdict ``v`` lacks something to be checked, as `Scheme.missing` says."""

UNSEEN = "t.item = {}.id AND t.outcome = 'changed' AND t.answer = '' AND t.deleted = 0"
"""The SQL for whether a transfer ``t`` says that an item's words were changed, and nobody has looked since."""

_CHANGED = f"transfers t WHERE {UNSEEN}"

CHECK_AGAIN = f"""(EXISTS (SELECT 1 FROM {_CHANGED.format("c")})
    OR EXISTS (SELECT 1 FROM adjudications g WHERE g.claim = c.id AND g.deleted = 0 AND g.outcome <> ''
      AND (g.version <> c.version OR EXISTS (SELECT 1 FROM {_CHANGED.format("g")}))))"""
"""The SQL for whether a correction has changed the words of a claim ``c``, or those it was settled with, and nobody has
looked at it since."""


def taken(judgement: str) -> str:
    """SQL for what a correction has done to the words of a review or settlement of a claim ``c``, since it was given.

    ``vanished``: they are not in the text of the claim; ``changed``: others stand in their place; else empty.
    """
    return (
        f"CASE WHEN {judgement}.quote = '' THEN '' WHEN {judgement}.version <> c.version THEN 'vanished'"
        f" WHEN EXISTS (SELECT 1 FROM {_CHANGED.format(judgement)}) THEN 'changed' ELSE '' END"
    )


_Row = tuple[str, str, str, int]


def renew_requirements(conn: sqlite3.Connection) -> None:
    """Make the table again for the scheme that the desk uses."""
    conn.execute("DROP TABLE IF EXISTS main.requirements")
    conn.execute(TABLE)
    conn.executemany("INSERT INTO main.requirements VALUES (?, ?, ?, ?)", _asked(conn))


def fit(conn: sqlite3.Connection) -> bool:
    """Whether the table says what the scheme does."""
    return set(conn.execute("SELECT verdict, what, stance, pieces FROM main.requirements")) == _asked(conn)


def _asked(conn: sqlite3.Connection) -> set[_Row]:
    from store.scheme import load, parse

    chosen = conn.execute("SELECT body, name FROM main.schemes WHERE deleted = 0 ORDER BY born LIMIT 1").fetchone()
    found: set[_Row] = set()
    with suppress(Refused):  # a scheme that another program has written: who reads it is told
        for kind in (parse(*chosen) if chosen else load("desk")).verdicts:
            found.add((kind.key, "verdict", "", 0))
            found |= {(kind.key, "evidence", stance, 1) for stance in kind.requires_stance}
            if kind.requires_evidence:
                found.add((kind.key, "evidence", "", kind.requires_evidence))
            if kind.requires_justification:
                found.add((kind.key, "justification", "", 1))
    return found
