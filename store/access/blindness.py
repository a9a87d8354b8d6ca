"""The veil: what blind review hides from the person who is looking, on every way of reading a desk at once.

Two rules, both by the assignments of an article:

- Under the blind level ``all`` two people see nothing of each other's work until both have submitted: those whose
  own set is blind and the checkers it is compared with. To everybody else a blind set shows once it is submitted.
  What a third person says of the other's work, a claim missing from it or how it was settled, is hidden with it;
  all else that others do shows as to anybody once you have submitted.
- Under the level ``verdict`` a reviewer sees no verdict of others on a claim, nor what is said of it, before they
  have given their own. That the checker has accepted what they propose is told, without the checker's words.
  Suggestions on the article, which may have become the checker's claims, show once they have submitted.

What somebody without a set of their own suggests, such as a model, is not the work of a person compared: level ``all``
does not hide it, only what others chose of it.

And one by the scheme: where your own pass comes first, others' suggestions on an article show once you have submitted
a set on it, or adjudicate it.

While something is hidden, temporary views stand before the tables of the same names on this connection, and the
desk's own views are made once more on top of them. So a query sees only what may be seen, no matter who
wrote it. The log itself reads and writes the tables beneath. The veil guards factdesk's reading, not the file: who
opens that with another program sees all of it.
"""

from __future__ import annotations

import re
import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager
from functools import cache

from store.log.claim_status import reviews_now
from store.log.kinds import KINDS, SPANS
from store.log.tables import TAIL, run
from store.log.views import VIEWS, created

_UNSEEN = """
SELECT DISTINCT a.article, p.id FROM main.assignments a
CROSS JOIN main.assignments t ON t.article = a.article AND t.deleted = 0 AND t.state <> 'submitted'
  AND (t.role = 'checker' OR t.blind = 'all')
JOIN main.reviewers p ON p.id <> viewer()
WHERE a.deleted = 0 AND a.blind = 'all' AND a.reviewer IN (p.id, viewer()) AND t.reviewer IN (p.id, viewer())
"""
"""Who is unseen on which article: one of the two is blind, and one of the two is not done."""

_UNREAD = """
SELECT DISTINCT article FROM main.assignments
WHERE blind = 'verdict' AND +reviewer = viewer() AND deleted = 0 AND role = 'reviewer' AND state <> 'submitted'
"""

PASS_DONE = """EXISTS (SELECT 1 FROM main.assignments d WHERE d.article = x.article AND d.reviewer = viewer()
  AND d.deleted = 0 AND d.role <> 'adjudicator' AND (d.state = 'submitted' OR d.reopened > 0))"""
"""The SQL for whether the viewer's own pass over the article of a row ``x`` is done: their set was submitted."""

_PASS_DUE = f"""(x."by" <> viewer() AND EXISTS (SELECT 1 FROM main.schemes s WHERE s.deleted = 0 AND s.own_first = 1)
  AND NOT {PASS_DONE} AND NOT EXISTS (SELECT 1 FROM main.assignments d WHERE d.article = x.article
    AND d.reviewer = viewer() AND d.deleted = 0 AND d.role = 'adjudicator'))"""
"""The SQL for whether a suggestion ``x`` of somebody else's is kept until the viewer's own pass is done."""

_UNPASSED = f"SELECT 1 FROM main.suggestions x WHERE x.deleted = 0 AND {_PASS_DUE} LIMIT 1"


def _of_unseen(about: str) -> str:
    """The SQL for whether a row ``x`` is by somebody unseen on the article of a row ``about``."""
    return f'EXISTS (SELECT 1 FROM unseen u WHERE u.article = {about}.article AND u.person = x."by")'


_VERDICT_DUE = """c."by" <> viewer() AND c.article IN (SELECT article FROM unread)
  AND NOT EXISTS (SELECT 1 FROM main.verdicts o WHERE o.claim = c.id AND o."by" = viewer() AND o.deleted = 0
    AND o.verdict <> '')"""
_HAS_SET = """EXISTS (SELECT 1 FROM main.assignments d WHERE d.article = x.article AND d.reviewer = x."by"
  AND d.deleted = 0)"""
_UNREAD_THERE = '(x."by" <> viewer() AND x.article IN (SELECT article FROM unread))'
_JUDGES = f'(x."by" <> viewer() AND {_VERDICT_DUE})'
_MISSED = """x."by" <> viewer() AND EXISTS (SELECT 1 FROM main.reviews y JOIN unseen u ON u.person = y.whose
  WHERE y.claim = x.id AND u.article = x.article AND y.decision = 'missing_claim')"""
"""Somebody reports that a claim ``x`` is missing from the set of one who is unseen."""
_SETTLES = """EXISTS (SELECT 1 FROM unseen u WHERE u.article = c.article AND (u.person = x.chosen OR u.person IN (
  SELECT b."by" FROM main.claims b WHERE b.id IN (SELECT value FROM json_each(x.beside)))))"""
"""Somebody has compared a claim with one of the unseen, or taken their word."""


def _hanging(
    kind: str, *, judges: bool, by: str = "JOIN claims c ON c.id = x.claim", also: str = "", name: str = ""
) -> str:
    """The view of what hangs on claims, under a ``name`` of its own; ``also`` is what else hides a row."""
    hides = [_of_unseen("c"), *([_JUDGES] if judges else []), *([also] if also else [])]
    return f"CREATE TEMP VIEW {name or kind} AS SELECT x.* FROM main.{kind} x {by} WHERE NOT ({' OR '.join(hides)});"


_VISIBLE = ("claims", "sweeps", "verdicts", "evidence", "comments", "reviews", "answers", "ticks", "adjudications",
            "suggestions", "choices", "sources", "transfers")  # fmt: skip
_INDEX_PARTS = ("", "_data", "_idx", "_docsize", "_config")
_INDEXES = tuple(f"{index}_fts{part}" for index in ("claims", "said") for part in _INDEX_PARTS)
"""The search indexes of what people say, and their parts; ``search`` asks them by their full names."""


_ANSWERED = "JOIN reviews y ON y.id = x.review JOIN claims c ON c.id = y.claim"
_ANSWER = ("seq", "id", *KINDS["answers"].columns, '"by"', "born", "heads", "created", "updated", "updated_by",
           "conflict")  # fmt: skip


_ASSIGNMENT = [f'"{name}"' for name in ("seq", "id", *KINDS["assignments"].columns, *TAIL) if name != "unread"]
_SUBMITS = "EXISTS (SELECT 1 FROM unseen u WHERE u.article = x.article AND u.person = x.reviewer)"
_CHANGE = (
    "x.seq, x.id, x.action, x.reviewer, x.at, x.kind, x.item, x.parents, CASE WHEN x.kind = 'assignments'"
    " AND x.reviewer IN (SELECT person FROM unseen) THEN json_remove(x.patch, '$.unread') ELSE x.patch END AS patch,"
    " x.undoes, x.via"
)


_STANDING = {name: select for name, select in VIEWS.items() if name != "claim_states"}
_STANDING["reviews_now"] = reviews_now(main="main.", due=_VERDICT_DUE)

_DRAWN = "\n".join(
    [
        "CREATE TEMP TABLE unseen (article TEXT, person TEXT, PRIMARY KEY (article, person)) WITHOUT ROWID;",
        "CREATE TEMP TABLE unread (article TEXT PRIMARY KEY) WITHOUT ROWID;",
        *(
            f"CREATE TEMP VIEW {kind} AS SELECT x.* FROM main.{kind} x WHERE NOT ({hides});"
            for kind, hides in (
                ("claims", f"{_of_unseen('x')} OR {_MISSED}"),
                ("sweeps", _of_unseen("x")),
                ("suggestions", f"({_of_unseen('x')} AND {_HAS_SET}) OR {_UNREAD_THERE} OR {_PASS_DUE}"),
            )
        ),
        _hanging("verdicts", judges=True),
        _hanging("evidence", judges=False),
        _hanging("comments", judges=True),
        _hanging("reviews", judges=True),
        _hanging("adjudications", judges=True, also=_SETTLES),
        _hanging("answers", judges=True, by=_ANSWERED, name="answers_told"),
        # Of what is not told, you learn that your own proposal has been accepted, and see it in the claim.
        f"CREATE TEMP VIEW answers AS SELECT {', '.join(_ANSWER)} FROM answers_told UNION ALL SELECT "
        + ", ".join("''" if name in ("reason", "after") else f"x.{name}" for name in _ANSWER)
        + f" FROM main.answers x {_ANSWERED} WHERE {_JUDGES} AND NOT {_of_unseen('c')}"
        f" AND x.outcome = 'accepted' AND y.\"by\" = viewer();",
        _hanging("choices", judges=False, by="JOIN suggestions c ON c.id = x.suggestion"),
        _hanging("ticks", judges=True, by="JOIN evidence y ON y.id = x.evidence JOIN claims c ON c.id = y.claim"),
        # Sources are shared, but not by those who must not see each other: see ``Citing._source_for``.
        'CREATE TEMP VIEW sources AS SELECT x.* FROM main.sources x WHERE x."by" NOT IN (SELECT person FROM unseen)'
        " OR x.id IN (SELECT e.source FROM evidence e);",
        # What became of an item in a correction is hidden with it, whoever ran that.
        "CREATE TEMP VIEW transfers AS SELECT x.* FROM main.transfers x WHERE CASE x.kind "
        + " ".join(f"WHEN '{kind}' THEN x.item IN (SELECT id FROM {kind})" for kind in SPANS)
        + " ELSE 0 END;",
        *(
            f"CREATE TEMP VIEW {kept} AS SELECT {shown} FROM main.{kept} x WHERE CASE x.kind "
            + " ".join(
                f"WHEN '{kind}' THEN x.item IN (SELECT id FROM {'answers_told' if kind == 'answers' else kind})"
                for kind in _VISIBLE
            )
            + " ELSE 1 END;"
            for kept, shown in (("changes", _CHANGE), ("conflicts", "x.*"))
        ),
        # What was left unread at a submission tells where its claims lie.
        f"CREATE TEMP VIEW assignments AS SELECT {', '.join(f'x.{name}' for name in _ASSIGNMENT)},"
        f" CASE WHEN {_SUBMITS} THEN '' ELSE x.unread END AS unread FROM main.assignments x;",
        f"CREATE TEMP VIEW claim_states AS SELECT s.id, s.unjudged, CASE WHEN {_VERDICT_DUE} THEN '' ELSE s.judge END"
        " AS judge,"
        f" CASE WHEN {_VERDICT_DUE} THEN s.unjudged ELSE s.whole END AS whole, s.sources"
        " FROM main.claim_states s JOIN claims c ON c.id = s.id;",
        *(f"CREATE TEMP VIEW {name} AS SELECT NULL AS hidden WHERE 0;" for name in _INDEXES),
        # What is reviewed is compared with what stands beneath; while the verdict is hidden, without it.
        created(_STANDING, "TEMP "),
    ]
)


@cache
def _names() -> frozenset[str]:
    """The tables and views that hide."""
    return frozenset(re.findall(r"CREATE TEMP (?:TABLE|VIEW) (\w+)", _DRAWN))


class Veil:
    """Keeps one connection's veil as the assignments ask for it."""

    def __init__(self, conn: sqlite3.Connection) -> None:
        self._conn = conn
        self._viewer = ""
        """The id of who looked last: what the SQL asks as ``viewer()``."""
        conn.create_function("viewer", 0, lambda: self._viewer, deterministic=True)
        self._seen: tuple[str, int] | None = None
        self.version: int | None = None
        """The number of the state of the file that was last looked at; others' writes change it."""
        self._drawn: bool | None = None
        """Whether the views stand; None when that is not known."""
        self.off = False
        """Whether everything is shown, no matter who looks: see `lifted`."""
        self._inside = False
        self.unseen: frozenset[tuple[str, str]] = frozenset()
        """The (article, person) ids whose work is hidden from who looked last."""

    @property
    def drawn(self) -> bool:
        """Whether something was hidden from who looked last."""
        return self._drawn is not False

    def enter(self) -> None:
        """A transaction has begun."""
        self._inside = False

    def doubt(self) -> None:
        """Assignments or people were written here: look again before the next reading."""
        self._seen = None

    def torn(self) -> None:
        """A transaction was rolled back, and with it perhaps what was drawn inside."""
        self._seen, self._drawn = None, None

    def look(self) -> int:
        """Look whether others have written: the number of the state that the file is in now."""
        # Once a transaction has begun to read, nobody else's change can come into sight.
        inside = self._conn.in_transaction
        if self.version is None or not (inside and self._inside):
            self.version = int(self._conn.execute("PRAGMA data_version").fetchone()[0])
        self._inside = inside
        return self.version

    def keep(self, me: str) -> None:
        """Draw, change or lift the veil so that it fits who (an id) is looking now; cheap when nothing has changed."""
        version = self.look()
        if self._seen == (me, version):
            return
        self._seen, self._viewer = (me, version), me
        unseen = self._conn.execute(_UNSEEN).fetchall()
        unread = self._conn.execute(_UNREAD).fetchall()
        self.unseen = frozenset(unseen)
        if not unseen and not unread and not self._conn.execute(_UNPASSED).fetchone():
            self._lift()
            return
        if self._drawn is not True:
            self._lift()
            run(self._conn, _DRAWN)
            self._drawn = True
        self._conn.execute("DELETE FROM unseen")
        self._conn.execute("DELETE FROM unread")
        self._conn.executemany("INSERT INTO unseen VALUES (?, ?)", unseen)
        self._conn.executemany("INSERT INTO unread VALUES (?)", unread)

    @contextmanager
    def lifted(self) -> Iterator[None]:
        """Everything can be read inside: for what looks after the file and tells nobody what stands in it."""
        self._lift()
        self.unseen = frozenset()
        self.off = True
        try:
            yield
        finally:
            self.off = False
            self.doubt()

    def _lift(self) -> None:
        if self._drawn is False:
            return
        for kind, name in self._conn.execute("SELECT type, name FROM temp.sqlite_master").fetchall():
            if name in _names():
                self._conn.execute(f"DROP {kind} temp.{name}")
        self._drawn = False
