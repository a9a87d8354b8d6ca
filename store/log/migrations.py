"""The migrations of a desk file: how one of an earlier factdesk is brought up to date, step by step."""

from __future__ import annotations

import sqlite3
from collections.abc import Callable, Mapping
from typing import TYPE_CHECKING

from store.log import fulltext, verdict_requirements
from store.log.clock import LATEST
from store.log.kinds import DOCUMENTS, KINDS, fits
from store.log.log import Log
from store.log.tables import (
    APPLICATION_ID,
    CACHE,
    PAGE_BYTES,
    REMOTES,
    SENTENCES,
    TRUTH,
    column_of,
    index,
    run,
    table,
)
from store.log.views import VIEWS, created

if TYPE_CHECKING:
    from sqlite_utils import Migrations


def bring_up_to_date(conn: sqlite3.Connection) -> None:
    """Apply the migrations that a desk has not seen. The write lock is held."""
    from sqlite_utils import Database

    if conn.execute("SELECT 1 FROM sqlite_master WHERE name = 'changes'").fetchone():
        _fill_up(conn)  # steps fold and index by the columns there are today, whichever of them comes first
    _migrations().apply(Database(conn))


def _migrations() -> Migrations:
    """The desk's migrations, in order."""
    from sqlite_utils import Migrations

    found = Migrations("factdesk")
    for name, step in _STEPS.items():
        found(name=name)(lambda db, step=step: step(db.conn))
    return found


def _initial(conn: sqlite3.Connection) -> None:
    run(conn, f"PRAGMA application_id = {APPLICATION_ID};")
    run(conn, TRUTH)
    run(conn, PAGE_BYTES)
    run(conn, REMOTES)
    run(conn, CACHE)


def _pages(conn: sqlite3.Connection) -> None:
    """What articles were read from is kept."""
    if not conn.execute("SELECT 1 FROM sqlite_master WHERE name = 'page_bytes'").fetchone():
        run(conn, PAGE_BYTES)


def _remotes(conn: sqlite3.Connection) -> None:
    """A desk remembers how far it has synced."""
    if not conn.execute("SELECT 1 FROM sqlite_master WHERE name = 'remotes'").fetchone():
        run(conn, REMOTES)


def _fill_up(conn: sqlite3.Connection) -> None:
    """Add the tables and columns that ``parts.KINDS`` has and the file has not, and make the views and indexes again.

    A log that knows nothing of a column folds to its default, so nothing has to be read again.
    """
    for name, kind in KINDS.items():
        held = {row[1] for row in conn.execute(f"PRAGMA table_info({name})")}
        if not held:
            run(conn, table(name))
        for column in kind.columns if held else ():
            if column not in held:
                conn.execute(f"ALTER TABLE {name} ADD COLUMN {column_of(column)}")
    for (view,) in conn.execute("SELECT name FROM sqlite_master WHERE type = 'view'").fetchall():
        conn.execute(f"DROP VIEW {view}")
    run(conn, created(VIEWS))
    index(conn)


def _filled(conn: sqlite3.Connection) -> None:
    """Nothing is left to do: tables and columns are filled up before any step, and a new desk begins with all."""


def _sentences(conn: sqlite3.Connection) -> None:
    run(conn, "DROP TABLE IF EXISTS sentences;\n" + SENTENCES)


def _sound(conn: sqlite3.Connection) -> None:
    """What no desk could show is folded to what can be told; to fold it again changes nothing else."""
    Log(conn, "the desk").refold(_unsound(conn))


def _unsound(conn: sqlite3.Connection) -> list[tuple[str, str]]:
    """The (kind, item) pairs that were brought in with times or documents that are none."""
    found = list(conn.execute("SELECT DISTINCT kind, item FROM changes WHERE at NOT BETWEEN 0 AND ?", (LATEST,)))
    for kind in KINDS.values():
        for column in DOCUMENTS & set(kind.columns):
            rows = conn.execute(f"SELECT id, {column} FROM {kind.name} WHERE {column} <> ''")
            found += [(kind.name, id) for id, said in rows if not fits(column, said)]
    return found


def _readable(conn: sqlite3.Connection) -> None:
    """The search indexes are as in a new desk: all of them, and so that any program can read all of a desk."""
    if any(fulltext.outdated(conn, name) for name in fulltext.INDEXES):
        fulltext.renew_search(conn)


def _status(conn: sqlite3.Connection) -> None:
    """A claim is checked when its verdict lacks nothing that the scheme requires."""
    verdict_requirements.renew_requirements(conn)


def _unplaced(conn: sqlite3.Connection) -> None:
    """Claims lose the second index on their article: no query needed it, and every claim that came in paid for it."""
    conn.execute("DROP INDEX IF EXISTS claims_place")


def _careful(conn: sqlite3.Connection) -> None:
    """While terms or states of an assignment are contested, those that hide most stand."""
    Log(conn, "the desk").refold(conn.execute("SELECT kind, item FROM conflicts WHERE kind = 'assignments'").fetchall())


def _reopened(conn: sqlite3.Connection) -> None:
    """A conflict of which somebody took back how it was settled waits again."""
    asked = (
        "SELECT DISTINCT kind, item FROM changes c WHERE undoes IS NOT NULL AND EXISTS (SELECT 1 FROM changes d"
        " WHERE d.item = c.item AND json_array_length(d.parents) > 1)"
    )
    Log(conn, "the desk").refold(conn.execute(asked).fetchall())


def _first_answers(conn: sqlite3.Connection) -> None:
    """Answers that factdesk 0.2 gave are answers, though they kept less of what they answered."""
    asked = "SELECT DISTINCT kind, item FROM conflicts WHERE kind = 'answers'"
    Log(conn, "the desk").refold(conn.execute(asked).fetchall())


_STEPS: Mapping[str, Callable[[sqlite3.Connection], None]] = {
    "0001_initial": _initial,
    "0002_second_review": _filled,
    "0003_sentences": _sentences,
    "0004_history": index,  # history finds what was deleted, too, by the claim it hung on
    "0005_looked_at": _filled,  # reviews and ticks keep what they saw of sources and evidence
    "0006_units": _filled,  # articles say how their lines are meant
    "0007_search": fulltext.renew_search,  # search holds words of all scripts; the log keeps the indexes, not triggers
    "0008_submission": _sentences,  # a submission keeps what was left unread, sentences are kept with their words
    "0011_file": _sound,
    "0010_review": _filled,  # a missing claim that was accepted is reviewed once its verdict was looked at
    "0012_index": _readable,
    "0013_status": _status,
    "0014_suggestions": _filled,  # suggestions, what people choose of them, and claims of other origins than a report
    "0015_corrections": _filled,  # versions know what they correct, and what became of their claims is kept
    "0016_careful": _careful,
    "0016_pages": _pages,
    "0017_last_text": _filled,  # an article that others keep has a text, also when who brought it in took that back
    "0018_remotes": _remotes,
    "0019_pieces": _filled,  # a span of several pieces keeps where they lie
    "0020_markup": _filled,  # articles say whether their text is Markdown
    "0021_again": _filled,  # what was settled or proposed of words that a correction changed says so
    "0022_reopened": _reopened,
    "0023_instead": _filled,  # a version knows the corrections that it was chosen instead of
    "0024_names": _filled,  # claims of one number are C7 and D7
    "0025_said": _readable,  # search finds what is said of claims, and their sources
    "0026_blind": index,  # who is blind is found without reading everybody's assignments
    "0027_first_answers": _first_answers,
    "0028_known": _status,  # a verdict that is not in the scheme does not make a claim checked
    "0029_place": _unplaced,  # an article's claims are found by one index
}

STEPS = tuple(_STEPS)
"""The names of the migrations, in order."""
