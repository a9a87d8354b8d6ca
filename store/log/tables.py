"""The tables of a desk file.

``changes`` and ``texts`` are the truth and only ever grow. All other tables are folded from them and are made again
from `kinds.KINDS` whenever a migration touches them; ``sentences`` spares finding a text's sentences again.
"""

from __future__ import annotations

import re
import sqlite3
from functools import cache

from store.log import fulltext, verdict_requirements
from store.log.kinds import INTEGERS, KINDS, LISTS, REFERENCES
from store.log.views import VIEWS, created

APPLICATION_ID = 0x66616374  # "fact"

TRUTH = """
CREATE TABLE texts (
  seq  INTEGER PRIMARY KEY,
  sha  TEXT NOT NULL UNIQUE CHECK (length(sha) = 64),
  body TEXT NOT NULL
) STRICT;
CREATE TABLE changes (
  seq      INTEGER PRIMARY KEY,
  id       TEXT NOT NULL UNIQUE CHECK (length(id) = 36),
  action   TEXT NOT NULL,
  reviewer TEXT NOT NULL,
  at       INTEGER NOT NULL,
  kind     TEXT NOT NULL,
  item     TEXT NOT NULL,
  parents  TEXT NOT NULL CHECK (json_valid(parents)),
  patch    TEXT NOT NULL CHECK (json_valid(patch)),
  undoes   TEXT,
  via      INTEGER
) STRICT;
CREATE INDEX changes_item ON changes(item, id);
CREATE INDEX changes_action ON changes(action);
CREATE INDEX changes_own ON changes(reviewer, id) WHERE id = action;
CREATE TRIGGER changes_are_kept BEFORE DELETE ON changes
  BEGIN SELECT RAISE(ABORT, 'the change log is append-only'); END;
CREATE TRIGGER changes_are_fixed
  BEFORE UPDATE OF id, action, reviewer, at, kind, item, parents, patch, undoes ON changes
  BEGIN SELECT RAISE(ABORT, 'the change log is append-only'); END;
CREATE TRIGGER texts_are_kept BEFORE DELETE ON texts
  BEGIN SELECT RAISE(ABORT, 'texts are never deleted'); END;
CREATE TRIGGER texts_are_fixed BEFORE UPDATE OF sha, body ON texts
  BEGIN SELECT RAISE(ABORT, 'texts are never edited'); END;
"""

PIECE = 1_000_000
"""Bytes of what an article was read from that are kept together: what is longer is saved in several transactions."""

PAGE_BYTES = """
CREATE TABLE page_bytes (
  seq    INTEGER PRIMARY KEY,
  body   TEXT NOT NULL CHECK (length(body) = 64),
  place  INTEGER NOT NULL,
  packed BLOB NOT NULL,
  UNIQUE (body, place)
) STRICT;
CREATE TRIGGER page_bytes_are_kept BEFORE DELETE ON page_bytes
  BEGIN SELECT RAISE(ABORT, 'what articles were read from is never deleted'); END;
CREATE TRIGGER page_bytes_are_fixed BEFORE UPDATE ON page_bytes
  BEGIN SELECT RAISE(ABORT, 'what articles were read from is never edited'); END;
"""
"""What articles were read from, such as web pages: their bytes under their SHA-256, in pieces that zlib has packed."""

REMOTES = """
CREATE TABLE remotes (
  id      INTEGER PRIMARY KEY,
  address TEXT NOT NULL,
  epoch   TEXT NOT NULL,
  pushed  INTEGER NOT NULL DEFAULT 0,
  pulled  INTEGER NOT NULL DEFAULT 0,
  seen    INTEGER NOT NULL DEFAULT 0,
  seen_id TEXT NOT NULL DEFAULT '',
  synced  INTEGER NOT NULL DEFAULT 0
) STRICT;
CREATE TABLE held_back (
  remote INTEGER NOT NULL, change INTEGER NOT NULL, PRIMARY KEY (remote, change)
) STRICT, WITHOUT ROWID;
"""
"""How far this file has synced with which remote, and what it may not send there. Nobody else is told of it."""

TAIL = ("by", "born", "heads", "created", "updated", "updated_by", "conflict")
"""What every folded row carries besides its parts: who and when, its first change and its newest ones."""

_INDEXES = """
CREATE INDEX articles_order ON articles(born);
CREATE INDEX versions_article ON versions(article, number);
CREATE INDEX versions_text ON versions(text);
CREATE INDEX versions_parent ON versions(parent) WHERE parent <> '';
CREATE INDEX pages_version ON pages(version);
CREATE INDEX claims_article ON claims(article, number);
CREATE INDEX claims_span ON claims(version, start, "end") WHERE deleted = 0;
CREATE INDEX verdicts_claim ON verdicts(claim);
CREATE INDEX evidence_claim ON evidence(claim);
CREATE INDEX evidence_source ON evidence(source) WHERE deleted = 0;
CREATE INDEX comments_claim ON comments(claim);
CREATE INDEX sweeps_article ON sweeps(article, start);
CREATE INDEX sources_url ON sources(url) WHERE deleted = 0;
CREATE INDEX reviews_claim ON reviews(claim);
CREATE INDEX answers_review ON answers(review);
CREATE INDEX ticks_evidence ON ticks(evidence);
CREATE INDEX adjudications_claim ON adjudications(claim);
CREATE INDEX transfers_item ON transfers(item);
CREATE INDEX transfers_version ON transfers(version);
CREATE INDEX assignments_article ON assignments(article);
CREATE INDEX suggestions_article ON suggestions(article, born);
CREATE INDEX choices_suggestion ON choices(suggestion);
CREATE INDEX assignments_reviewer ON assignments(reviewer, article) WHERE deleted = 0;
CREATE INDEX assignments_blind ON assignments(blind, article) WHERE deleted = 0;
"""


def column_of(column: str) -> str:
    if column in INTEGERS:
        rule = "INTEGER NOT NULL DEFAULT 0"
    elif column in LISTS:
        rule = "TEXT NOT NULL DEFAULT '[]'"
    else:
        rule = "TEXT NOT NULL DEFAULT ''"
    target = REFERENCES.get(column)
    return f'"{column}" {rule}' + (f" REFERENCES {target}(id)" if target else "")


def table(name: str) -> str:
    kind = KINDS[name]
    lines = ["seq INTEGER PRIMARY KEY", "id TEXT NOT NULL UNIQUE"]
    lines += [column_of(column) for column in kind.columns]
    lines += ['"by" TEXT NOT NULL REFERENCES reviewers(id)', "born TEXT NOT NULL", "heads TEXT NOT NULL"]
    lines += ["created INTEGER NOT NULL", "updated INTEGER NOT NULL", "updated_by TEXT NOT NULL"]
    lines += ["conflict INTEGER NOT NULL DEFAULT 0"]
    return f"CREATE TABLE {name} (\n  " + ",\n  ".join(lines) + "\n) STRICT;"


SENTENCES = """
CREATE TABLE sentences (
  text INTEGER PRIMARY KEY, splitter TEXT NOT NULL, edges TEXT NOT NULL, words TEXT NOT NULL
) STRICT;
"""
"""The sentences of ``texts.seq`` and how many words each has, with what they were found with: ``kept_sentences``."""

CACHE = (
    "\n".join(table(name) for name in KINDS)
    + """
CREATE TABLE conflicts (
  item TEXT NOT NULL, part TEXT NOT NULL, kind TEXT NOT NULL,
  versions TEXT NOT NULL CHECK (json_valid(versions)), PRIMARY KEY (item, part)
) STRICT, WITHOUT ROWID;
"""
    + SENTENCES
    + verdict_requirements.TABLE
    + _INDEXES
    + created(VIEWS)
)


def run(conn: sqlite3.Connection, script: str) -> None:
    """Run several statements inside the open transaction (``executescript`` would commit it first)."""
    statement = ""
    for line in script.splitlines():
        statement += line + "\n"
        if sqlite3.complete_statement(statement):
            conn.execute(statement)
            statement = ""


@cache
def indexed_columns(kind: str) -> tuple[str, ...]:
    """The columns of a kind that stand in an index, those of words included."""
    said = " ".join(re.findall(rf"^CREATE INDEX \w+ ON {kind}(\(.*);$", _INDEXES, re.MULTILINE))
    words = {*re.findall(r"\w+", said), *fulltext.SEARCHED.get(kind, ())}
    return tuple(column for column in (*KINDS[kind].columns, *TAIL) if column in words)


def index(conn: sqlite3.Connection) -> None:
    """Make the indexes that the file has not, or has otherwise."""
    held = dict(conn.execute("SELECT name, sql FROM sqlite_master WHERE type = 'index'"))
    for statement in re.findall("^(CREATE INDEX .*);$", _INDEXES, re.MULTILINE):
        name = statement.split()[2]
        if held.get(name) != statement:
            conn.execute(f"DROP INDEX IF EXISTS {name}")
            conn.execute(statement)


def renew(conn: sqlite3.Connection) -> None:
    """Make every table that is folded from the log again, empty, with its indexes and views."""
    for what, name in reversed(re.findall(r"^CREATE (TABLE|VIEW) (\w+)", CACHE, re.MULTILINE)):
        conn.execute(f"DROP {what} IF EXISTS {name}")
    run(conn, CACHE)
    verdict_requirements.renew_requirements(conn)
