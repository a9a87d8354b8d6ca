"""Tables, views and migrations of a desk file.

``changes`` and ``texts`` are the truth and only ever grow. All other tables are folded from them and are made again
from ``parts.KINDS`` whenever a migration touches them; ``sentences`` spares finding a text's sentences again. The
views are for people with Datasette or plain sqlite3.
"""

from __future__ import annotations

import re
import sqlite3
from collections.abc import Mapping
from functools import cache

from store.log import fulltext, staleness, verdict_requirements
from store.log.kinds import INTEGERS, KINDS, LISTS, REFERENCES
from store.vocabulary import BARE_OBJECTIONS, NOTES

_BARE = ", ".join(f"'{decision}'" for decision in BARE_OBJECTIONS)
_NOTED = "".join(f"\n    WHEN r.decision = '{decision}' THEN 'noted'" for decision in NOTES)

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

STANDING = (
    "version NOT IN (SELECT o.id FROM versions w JOIN versions o ON o.article = w.article"
    " AND (o.number, o.born) < (w.number, w.born) WHERE w.parent <> '' AND w.number > 0 AND w.deleted = 0"
    " UNION ALL SELECT o.id FROM versions o WHERE o.parent <> '' AND o.deleted = 1"
    " AND EXISTS (SELECT 1 FROM versions w WHERE w.article = o.article AND w.deleted = 0))"
)
"""The SQL for what lies on the text as it stands: what a correction, or its undo, left behind is in no count."""


def reviews_now(*, main: str = "", due: str = "") -> str:
    """The SELECT of the view of reviews as they stand.

    Args:
        main: where the states of claims are compared: empty, or ``main.`` for those beneath the veil.
        due: what `staleness.stale` asks.
    """
    return f"""
SELECT r.*, coalesce(o.verdict, '') AS verdict, coalesce(o.justification, '') AS justification,
  coalesce(a.outcome, '') AS answered, coalesce(a.reason, '') AS answer_reason, coalesce(a."by", '') AS answered_by,
  coalesce(a.updated, 0) AS answered_at,
  {staleness.stale(due, main)} AS stale, {verdict_requirements.taken("r")} AS again,
  coalesce(a.outcome = 'accepted' AND CASE r.decision
      WHEN 'missing_claim' THEN s.judge IS NULL OR s.judge = r."by" AND NOT {staleness.same("a.after", "s.whole", main)}
      ELSE r.decision IN ({_BARE}) AND {staleness.same("a.after", "s.whole", main)} END, 0) AS promised,
  CASE WHEN EXISTS (SELECT 1 FROM adjudications j WHERE j.claim = r.claim AND j.deleted = 0 AND j.outcome <> '')
      THEN 'settled'
    WHEN r.decision = 'agree' THEN 'agreed'{_NOTED}
    WHEN a.outcome = 'accepted' THEN 'accepted'
    WHEN a.outcome = 'rejected' AND (SELECT settles FROM schemes WHERE deleted = 0 ORDER BY born LIMIT 1) = 1
      THEN 'rejected'
    ELSE 'open' END AS standing
FROM reviews r JOIN claims c ON c.id = r.claim AND c.deleted = 0 JOIN {main}claim_states s ON s.id = r.claim
LEFT JOIN verdicts o ON o.claim = r.claim AND o."by" = r."by" AND o.deleted = 0
LEFT JOIN answers a ON a.review = r.id AND a.deleted = 0 AND a.outcome <> ''
  AND a."by" = CASE r.decision WHEN 'missing_claim' THEN r.whose ELSE c."by" END
  AND {staleness.answers_it("coalesce(o.verdict, '')")}
WHERE r.deleted = 0 AND r.decision <> ''"""


_LETTERS = "CDEFGHIJKLMNOPQRTUVWXYZ"
"""What the names of claims begin with: without S, with which those of suggestions do."""
_NTH = "(SELECT count(*) FROM claims e WHERE e.article = c.article AND e.number = c.number AND e.born < c.born)"
_CLAIM_NAME = f"""CASE WHEN NOT EXISTS (
      SELECT 1 FROM claims e WHERE e.article = c.article AND e.number = c.number AND e.born < c.born) THEN 'C'
    ELSE substr('{_LETTERS}', {_NTH} / {len(_LETTERS)}, {_NTH} >= {len(_LETTERS)})
      || substr('{_LETTERS}', {_NTH} % {len(_LETTERS)} + 1, 1) END || c.number"""
"""``C7``; where people who did not see each other's work gave the same number, the second is ``D7``, and so on."""


def claim_name(number: int, nth: int = 0) -> str:
    """The name of a claim by its number, and by how many claims had that number before it."""
    first, last = divmod(nth, len(_LETTERS))
    return (_LETTERS[first - 1] if first else "") + _LETTERS[last] + str(number)


def read_claim_name(said: str) -> tuple[int, int] | None:
    """The number and the place among those of one number that a name means; None when it cannot be a claim's name.

    ``7`` is ``C7``, and ``C7b``, as names were once, is ``D7``.
    """
    found = re.fullmatch(r"([A-Za-z]{0,2})(\d{1,12})([a-z]?)", said)
    letters = (found[1].upper() or "C") if found else ""
    if found is None or not set(letters) <= set(_LETTERS) or (found[3] and letters != "C"):
        return None
    places = [_LETTERS.index(letter) for letter in letters]
    nth = places[-1] + (len(_LETTERS) * (places[0] + 1) if len(places) > 1 else 0)
    return int(found[2]), nth or (ord(found[3]) - ord("a") if found[3] else 0)


VIEWS: Mapping[str, str] = {
    "claim_states": staleness.STATES,
    "reviews_now": reviews_now(),
    "ticks_now": """
SELECT t.*, e.claim, t.seen <> '' AND t.seen <> json_array(e.stance, e.quote, e.locator, e.note, coalesce(s.url, ''),
  coalesce(s.title, ''), coalesce(s.publisher, ''), coalesce(s.published, '')) AS outdated
FROM ticks t JOIN evidence e ON e.id = t.evidence AND e.deleted = 0 LEFT JOIN sources s ON s.id = e.source
WHERE t.deleted = 0 AND t.mark <> ''""",
    "claims_now": f"""
SELECT c.id,
  {_CLAIM_NAME} AS name,
  c.article, c.version, c.start, c."end", c.quote, c.prefix, c.suffix, c.claim_text, c.claimant, c.attribution,
  c.check_target, c.types, c.priority, c.tags, c.origin, c.pieces, c."by",
  (SELECT a.markup FROM articles a WHERE a.id = c.article) AS markup,
  CASE WHEN j.id IS NULL THEN coalesce(v.verdict, '') ELSE j.verdict END AS verdict,
  CASE WHEN j.id IS NULL THEN coalesce(v.justification, '') ELSE j.rationale END AS justification,
  (SELECT count(*) FROM evidence e WHERE e.claim = c.id AND e.deleted = 0) AS evidence_count,
  (SELECT count(*) FROM comments m WHERE m.claim = c.id AND m.deleted = 0) AS comment_count,
  CASE WHEN c.deleted THEN 'withdrawn' WHEN j.id IS NOT NULL
    THEN CASE WHEN {verdict_requirements.CHECK_AGAIN} THEN 'settle_again' ELSE 'settled' END
    WHEN EXISTS (SELECT 1 FROM reviews r WHERE r.claim = c.id AND r.deleted = 0)
      AND EXISTS (SELECT 1 FROM reviews_now r WHERE r.claim = c.id AND r.standing = 'open') THEN 'disputed'
    WHEN {verdict_requirements.LACKS} OR {verdict_requirements.CHECK_AGAIN} THEN 'tagged'
    WHEN NOT EXISTS (SELECT 1 FROM reviews r WHERE r.claim = c.id AND r.deleted = 0) THEN 'checked'
    WHEN (SELECT count(*) FROM reviews_now r WHERE r.claim = c.id AND r.stale = 0 AND (
        r.standing IN ('agreed', 'rejected')
        OR r.standing = 'accepted' AND r.promised = 0 AND r.decision NOT IN ({_BARE})))
      >= max(1, coalesce((SELECT required FROM schemes WHERE deleted = 0 ORDER BY born LIMIT 1), 1)) THEN 'reviewed'
    ELSE 'checked' END AS status,
  c.created, max(c.updated, coalesce(v.updated, 0), coalesce(j.updated, 0)) AS updated, c.heads, c.deleted,
  max(c.conflict, coalesce(v.conflict, 0), coalesce(j.conflict, 0)) AS conflict,
  CASE WHEN j.id IS NULL THEN v.id END AS verdict_id, j.id AS adjudication_id
FROM claims c LEFT JOIN verdicts v ON v.id = coalesce(
  (SELECT s.id FROM verdicts s WHERE s.claim = c.id AND s.deleted = 0 AND s.verdict <> '' AND s."by" = c."by"),
  (SELECT s.id FROM verdicts s WHERE s.claim = c.id AND s.deleted = 0 AND s.verdict <> '' ORDER BY s.born LIMIT 1))
LEFT JOIN adjudications j ON j.id = (
  SELECT x.id FROM adjudications x WHERE x.claim = c.id AND x.deleted = 0 AND x.outcome <> '' ORDER BY x.born LIMIT 1)""",  # noqa: E501
    "articles_now": """
SELECT a.id, a.title, a.url, a.publisher, a.author, a.published, a.language, a.lines, a.markup,
  coalesce(v.id, '') AS version, coalesce(v.number, 0) AS version_number, coalesce(v.text, '') AS sha,
  a."by", a.born, a.created, a.updated,
  a.heads, a.deleted, a.conflict
FROM articles a LEFT JOIN versions v ON v.id = (
  SELECT n.id FROM versions n WHERE n.article = a.id AND (n.deleted = 0 OR a.deleted = 0)
  ORDER BY n.deleted, n.number DESC, n.born DESC LIMIT 1)""",
    "open_disputes": """
SELECT a.title AS article, c.name AS claim, c.quote, p.name AS checker, c.verdict AS standing_verdict,
  w.name AS reviewer, r.decision, r.reason, r.comment, r.quote AS proposed_quote, r.claim_text AS proposed_claim_text,
  r.verdict AS proposed_verdict, r.answered, r.answer_reason, r.claim AS claim_id, r.id AS review_id
FROM reviews_now r JOIN claims_now c ON c.id = r.claim JOIN articles a ON a.id = c.article
LEFT JOIN reviewers p ON p.id = c."by" LEFT JOIN reviewers w ON w.id = r."by"
WHERE r.standing = 'open' AND a.deleted = 0""",
    "open_conflicts": """
SELECT x.kind, x.item, x.part, c.id AS change, r.name AS reviewer, datetime(c.at / 1000, 'unixepoch') AS at, c.patch
FROM conflicts x JOIN json_each(x.versions) n JOIN changes c ON c.id = n.value
LEFT JOIN reviewers r ON r.id = c.reviewer""",
}
"""The SELECT of each view, in the order in which they are made."""


def created(views: Mapping[str, str], temp: str = "") -> str:
    """The statements that make views; ``temp``: ``TEMP `` for this connection alone."""
    return "".join(f"CREATE {temp}VIEW {name} AS{select};\n" for name, select in views.items())


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
