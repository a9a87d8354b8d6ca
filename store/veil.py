"""The veil: what blind review hides from whoever is looking, on every way of reading a desk at once.

Two rules, both by the assignments of an article:

- Under the blind level ``all`` two people see nothing of each other's work until both have submitted: those whose
  own set is blind and the checkers it is compared with. To everybody else a blind set shows once it is submitted.
- Under the level ``verdict`` a reviewer sees no verdict of others on a claim, nor what is said of it, before they
  have given their own.

While something is hidden, temporary views stand before the tables of the same names on this connection, and the
desk's own views are made once more on top of them. So a query sees only what may be seen, whoever wrote the query.
The log itself (``store.log``) reads and writes the tables beneath. The veil guards factdesk's reading, not the file:
whoever opens the file with another program sees all of it.
"""

from __future__ import annotations

import re
import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager

from store.people import reviewer_id
from store.schema import VIEWS, run

_UNSEEN = """
SELECT DISTINCT a.article, p.id FROM main.assignments a
JOIN main.assignments t ON t.article = a.article AND t.deleted = 0 AND t.state <> 'submitted'
  AND (t.role = 'checker' OR t.blind = 'all')
JOIN main.reviewers p ON p.id <> :me
WHERE a.deleted = 0 AND a.blind = 'all' AND a.reviewer IN (p.id, :me) AND t.reviewer IN (p.id, :me)
"""
"""Who is unseen on which article: one of the two is blind, and one of the two is not done."""

_UNREAD = """
SELECT DISTINCT article FROM main.assignments
WHERE reviewer = :me AND deleted = 0 AND role = 'reviewer' AND blind = 'verdict' AND state <> 'submitted'
"""

_OF_UNSEEN = 'EXISTS (SELECT 1 FROM unseen u WHERE u.article = c.article AND u.person = x."by")'
_VERDICT_DUE = """c."by" <> '{me}' AND c.article IN (SELECT article FROM unread)
  AND NOT EXISTS (SELECT 1 FROM main.verdicts o WHERE o.claim = c.id AND o."by" = '{me}' AND o.deleted = 0
    AND o.verdict <> '')"""


def _hanging(kind: str, *, judges: bool, by: str = "JOIN claims c ON c.id = x.claim") -> str:
    due = f" AND NOT (x.\"by\" <> '{{me}}' AND {_VERDICT_DUE})" if judges else ""
    return f"CREATE TEMP VIEW {kind} AS SELECT x.* FROM main.{kind} x {by} WHERE NOT {_OF_UNSEEN}{due};"


_VISIBLE = ("claims", "sweeps", "verdicts", "evidence", "comments", "reviews", "answers", "ticks", "adjudications",
            "sources")  # fmt: skip
_INDEXES = ("claims_fts", "claims_fts_data", "claims_fts_idx", "claims_fts_docsize", "claims_fts_config")
"""The search index of the claims, which holds their words, and its parts; ``store.search`` asks it by its full name."""


_DRAWN = "\n".join(
    [
        *(
            f"CREATE TEMP VIEW {kind} AS SELECT x.* FROM main.{kind} x WHERE NOT EXISTS ("
            f'SELECT 1 FROM unseen u WHERE u.article = x.article AND u.person = x."{who}");'
            for kind, who in (("claims", "by"), ("sweeps", "by"))
        ),
        _hanging("verdicts", judges=True),
        _hanging("evidence", judges=False),
        _hanging("comments", judges=True),
        _hanging("reviews", judges=True),
        _hanging("adjudications", judges=True),
        _hanging("answers", judges=True, by="JOIN reviews y ON y.id = x.review JOIN claims c ON c.id = y.claim"),
        _hanging("ticks", judges=True, by="JOIN evidence y ON y.id = x.evidence JOIN claims c ON c.id = y.claim"),
        # Sources are shared, but not by those who must not see each other: see ``Citing._source_for``.
        'CREATE TEMP VIEW sources AS SELECT x.* FROM main.sources x WHERE x."by" NOT IN (SELECT person FROM unseen)'
        " OR x.id IN (SELECT e.source FROM evidence e);",
        "CREATE TEMP VIEW changes AS SELECT x.* FROM main.changes x WHERE CASE x.kind "
        + " ".join(f"WHEN '{kind}' THEN x.item IN (SELECT id FROM {kind})" for kind in _VISIBLE)
        + " ELSE 1 END;",
        "CREATE TEMP VIEW conflicts AS SELECT x.* FROM main.conflicts x WHERE CASE x.kind "
        + " ".join(f"WHEN '{kind}' THEN x.item IN (SELECT id FROM {kind})" for kind in _VISIBLE)
        + " ELSE 1 END;",
        "CREATE TEMP VIEW claim_states AS SELECT s.id, s.unjudged,"
        f" CASE WHEN {_VERDICT_DUE} THEN s.unjudged ELSE s.whole END AS whole"
        " FROM main.claim_states s JOIN claims c ON c.id = s.id;",
        *(f"CREATE TEMP VIEW {name} AS SELECT NULL AS hidden WHERE 0;" for name in _INDEXES),
        VIEWS.replace("CREATE VIEW", "CREATE TEMP VIEW").replace("JOIN claim_states", "JOIN main.claim_states").strip(),
    ]
)

_NAMES = {"unseen", "unread", *re.findall(r"CREATE TEMP VIEW (\w+)", _DRAWN)}


class Veil:
    """Keeps one connection's veil as the assignments ask for it."""

    def __init__(self, conn: sqlite3.Connection) -> None:
        self._conn = conn
        self._seen: tuple[str, int] | None = None
        self._drawn = "?"
        """What is drawn: nothing, the views for the person of that id, with a mark before it, or not known."""
        self._off = False
        self._inside = False
        self.unseen: frozenset[tuple[str, str]] = frozenset()
        """The (article, person) ids whose work is hidden from who looked last."""

    def enter(self) -> None:
        """A transaction has begun."""
        self._inside = False

    def doubt(self) -> None:
        """Assignments or people were written here: look again before the next reading."""
        self._seen = None

    def torn(self) -> None:
        """A transaction was rolled back, and with it perhaps what was drawn inside."""
        self._seen, self._drawn = None, "?"

    def keep(self, viewer: str) -> None:
        """Draw, change or lift the veil so that it fits who is looking now; cheap when nothing has changed."""
        if self._off:
            return
        # Once a transaction has begun to read, nobody else's change can come into sight.
        inside = self._conn.in_transaction
        held = self._seen if inside and self._inside else None
        version = held[1] if held else self._conn.execute("PRAGMA data_version").fetchone()[0]
        self._inside = inside
        if self._seen == (viewer, version):
            return
        self._seen = (viewer, version)
        me = reviewer_id(viewer) if viewer else ""
        unseen = self._conn.execute(_UNSEEN, {"me": me}).fetchall()
        unread = self._conn.execute(_UNREAD, {"me": me}).fetchall()
        self.unseen = frozenset(unseen)
        if not unseen and not unread:
            self._lift()
            return
        if self._drawn != f"for {me}":
            self._lift()
            run(
                self._conn,
                "CREATE TEMP TABLE unseen (article TEXT, person TEXT, PRIMARY KEY (article, person)) WITHOUT ROWID;\n"
                "CREATE TEMP TABLE unread (article TEXT PRIMARY KEY) WITHOUT ROWID;\n" + _DRAWN.replace("{me}", me),
            )
            self._drawn = f"for {me}"
        self._conn.execute("DELETE FROM unseen")
        self._conn.execute("DELETE FROM unread")
        self._conn.executemany("INSERT INTO unseen VALUES (?, ?)", unseen)
        self._conn.executemany("INSERT INTO unread VALUES (?)", unread)

    @contextmanager
    def lifted(self) -> Iterator[None]:
        """Everything can be read inside: for what looks after the file and tells nobody what stands in it."""
        self._lift()
        self.unseen = frozenset()
        self._off = True
        try:
            yield
        finally:
            self._off = False
            self.doubt()

    def _lift(self) -> None:
        if not self._drawn:
            return
        for kind, name in self._conn.execute("SELECT type, name FROM temp.sqlite_master").fetchall():
            if name in _NAMES:
                self._conn.execute(f"DROP {kind} temp.{name}")
        self._drawn = ""
