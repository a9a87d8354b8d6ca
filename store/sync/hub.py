"""Making a hub and saying who may do what there: tables that only grow, and logins that write in their own name.

All of it is enforced by PostgreSQL, whatever program a login uses. Members may SELECT and INSERT. Triggers refuse every
UPDATE, DELETE and TRUNCATE, the owner's too, and number changes without a gap in the order in which they become
visible. A row-level policy takes from a login only the changes of the person it belongs to, unless it may bring what
others did (in files that were merged, or imported with their authors). ``sent_by`` says which login sent each change.
"""

from __future__ import annotations

import os
from typing import Any, NamedTuple

from store.errors import Refused
from store.person import Person
from store.sync.hub_address import Way, connect, driver
from store.sync.postgres import FORMAT, LOCK
from store.sync.server_faults import answering, refusal

MAY = ("read", "write", "bring")
"""What a login may: read; write in its person's name; bring what others did, too."""

_SECONDS = 60.0


class Member(NamedTuple):
    """A login of a hub."""

    login: str
    person: str
    """What the person is called who works under it."""
    may: str
    sent: int
    """How many changes it has sent."""
    last: int
    """When it last sent one, in ms UTC; 0 when it never has."""


class Standing(NamedTuple):
    """How a hub stands."""

    epoch: str
    login: str
    person: str
    """Whose login that is; empty where it belongs to nobody, as the owner's may."""
    may: str
    changes: int
    texts: int
    bytes: int
    """What all of it takes on the server's disk."""
    newest: int
    """When the newest change was sent, in ms UTC; 0 when there is none."""
    members: int


class Hub:
    """A hub, as its owner and its members look at it."""

    def __init__(self, way: Way, password: str = "") -> None:
        """Connect to the server.

        Raises:
            WrongPassword: it wants a password, or another one.
            Offline, Refused: it cannot be reached, or does not let one in.
        """
        self.address = way.address
        try:
            self._conn: Any = connect(way, password)
        except driver().Error as error:
            raise refusal(way.address, error) from None

    def close(self) -> None:
        """Close the connection."""
        self._conn.close()

    def init(self) -> bool:
        """Make the hub's tables and roles in the database; gives false when it is there already.

        Raises:
            Refused: the login may not make them.
        """
        sql = driver().sql
        with self._answering(), self._conn.transaction():
            if self._one("SELECT to_regclass('factdesk.hub') IS NOT NULL")[0]:
                return False
            self._conn.execute(_TABLES)
            self._conn.execute(
                "INSERT INTO factdesk.hub (epoch, format) VALUES (%s, %s)", (os.urandom(16).hex(), FORMAT)
            )
            reader, writer = self._groups()
            for group in (reader, writer):
                if not self._one("SELECT count(*) FROM pg_roles WHERE rolname = %s", group)[0]:
                    self._conn.execute(sql.SQL("CREATE ROLE {} NOLOGIN").format(sql.Identifier(group)))
            database = self._one("SELECT current_database()")[0]
            names = {"r": sql.Identifier(reader), "w": sql.Identifier(writer), "d": sql.Identifier(database)}
            for line in _GRANTS:
                self._conn.execute(sql.SQL(line).format(**names))
        return True

    def standing(self) -> Standing:
        """How it stands, and who asks."""
        with self._answering():
            return Standing(*self._one(_STANDING))

    def members(self) -> list[Member]:
        """Everybody who may use it, by login."""
        with self._answering():
            return [Member(*row) for row in self._conn.execute(_MEMBERS).fetchall()]

    def admit(self, login: str, person: Person, may: str = "write", password: str = "") -> bool:
        """Let somebody use it under a login, which is made when there is none; gives whether it was made.

        Args:
            login: the name of the PostgreSQL role.
            person: in whose name it writes.
            may: one of `MAY`.
            password: for the login. It goes to the server as a verifier, never itself.

        Raises:
            Refused: the login may not do that, or is the owner's.
        """
        sql = driver().sql
        name = sql.Identifier(login)
        with self._answering(), self._conn.transaction():
            made = not self._one("SELECT count(*) FROM pg_roles WHERE rolname = %s", login)[0]
            if made:
                self._conn.execute(sql.SQL("CREATE ROLE {} LOGIN").format(name))
            elif self._one("SELECT pg_has_role(%s::name, relowner, 'MEMBER') FROM pg_class WHERE oid = "
                           "'factdesk.changes'::regclass", login)[0]:  # fmt: skip
                raise Refused(f"{login} owns the hub and may do everything there: name another login.")
            if password:
                verifier = self._conn.pgconn.encrypt_password(password.encode(), login.encode(), b"scram-sha-256")
                self._conn.execute(sql.SQL("ALTER ROLE {} PASSWORD {}").format(name, sql.Literal(verifier.decode())))
            reader, writer = map(sql.Identifier, self._groups())
            self._conn.execute(sql.SQL("GRANT {} TO {}").format(reader, name))
            line = "REVOKE {} FROM {}" if may == "read" else "GRANT {} TO {}"
            self._conn.execute(sql.SQL(line).format(writer, name))
            self._conn.execute(_ADMIT, (login, person.id, str(person), may))
        return bool(made)

    def dismiss(self, login: str) -> bool:
        """Let a login use the hub no longer; gives whether it did. What it sent stays, and so does the login itself."""
        sql = driver().sql
        with self._answering(), self._conn.transaction():
            gone = self._conn.execute("DELETE FROM factdesk.members WHERE login = %s", (login,)).rowcount
            if gone:
                for group in map(sql.Identifier, self._groups()):
                    self._conn.execute(sql.SQL("REVOKE {} FROM {}").format(group, sql.Identifier(login)))
        return bool(gone)

    def _groups(self) -> tuple[str, str]:
        """The roles of those who may read and of those who may write, in this database alone."""
        found = self._one("SELECT current_database()")[0]
        return f"factdesk_{found[:40]}_reader", f"factdesk_{found[:40]}_writer"

    def _answering(self) -> Any:
        return answering(self.address, self._conn, _SECONDS)

    def _one(self, sql: str, *arguments: object) -> tuple[Any, ...]:
        found: tuple[Any, ...] = self._conn.execute(sql, arguments or None).fetchone()
        return found


_GRANTS = (
    "GRANT USAGE ON SCHEMA factdesk TO {r}",
    "GRANT SELECT ON ALL TABLES IN SCHEMA factdesk TO {r}",
    "GRANT TEMPORARY ON DATABASE {d} TO {w}",
    "GRANT USAGE ON SCHEMA factdesk TO {w}",
    "GRANT INSERT ON factdesk.texts, factdesk.page_bytes, factdesk.steps TO {w}",
    "GRANT INSERT (seq, id, action, reviewer, at, kind, item, parents, patch, undoes) ON factdesk.changes TO {w}",
)

_STANDING = """
SELECT h.epoch, session_user::text, coalesce(m.called, ''),
  CASE WHEN pg_has_role(session_user, (SELECT relowner FROM pg_class WHERE oid = 'factdesk.changes'::regclass),
    'MEMBER') THEN 'everything' ELSE coalesce(m.may, 'nothing') END,
  (SELECT count(*) FROM factdesk.changes), (SELECT count(*) FROM factdesk.texts),
  (SELECT sum(pg_total_relation_size(c.oid)) FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace
    WHERE n.nspname = 'factdesk' AND c.relkind = 'r')::bigint,
  coalesce((SELECT floor(extract(epoch FROM sent_at) * 1000)::bigint FROM factdesk.changes ORDER BY seq DESC LIMIT 1),
    0), (SELECT count(*) FROM factdesk.members)
FROM factdesk.hub h LEFT JOIN factdesk.members m ON m.login = session_user
"""
_MEMBERS = """
SELECT m.login::text, m.called, m.may, count(c.seq),
  coalesce(floor(extract(epoch FROM max(c.sent_at)) * 1000)::bigint, 0)
FROM factdesk.members m LEFT JOIN factdesk.changes c ON c.sent_by = m.login GROUP BY 1, 2, 3 ORDER BY 1
"""
_ADMIT = """
INSERT INTO factdesk.members (login, person, called, may) VALUES (%s, %s, %s, %s)
ON CONFLICT (login) DO UPDATE SET person = excluded.person, called = excluded.called, may = excluded.may
"""

_TABLES = f"""
CREATE SCHEMA factdesk;
CREATE TABLE factdesk.hub (
  one boolean PRIMARY KEY DEFAULT true CHECK (one), epoch text NOT NULL, format integer NOT NULL,
  made timestamptz NOT NULL DEFAULT now());
CREATE TABLE factdesk.steps (name text PRIMARY KEY);
CREATE TABLE factdesk.members (
  login name PRIMARY KEY, person text NOT NULL, called text NOT NULL,
  may text NOT NULL CHECK (may IN ('read', 'write', 'bring')));
CREATE TABLE factdesk.texts (
  sha text PRIMARY KEY, body text NOT NULL, CHECK (sha = encode(sha256(convert_to(body, 'UTF8')), 'hex')));
CREATE TABLE factdesk.page_bytes (
  body text CHECK (length(body) = 64), place integer CHECK (place >= 0),
  packed bytea NOT NULL CHECK (length(packed) < 1100000), PRIMARY KEY (body, place));
CREATE TABLE factdesk.changes (
  seq bigint PRIMARY KEY CHECK (seq > 0),
  id text NOT NULL UNIQUE CHECK (length(id) = 36),
  action text NOT NULL, reviewer text NOT NULL, at bigint NOT NULL, kind text NOT NULL, item text NOT NULL,
  parents text NOT NULL CHECK (left(parents, 1) = '['), patch text NOT NULL CHECK (left(patch, 1) = '{{'), undoes text,
  sent_by name NOT NULL DEFAULT session_user, sent_at timestamptz NOT NULL DEFAULT now());

CREATE FUNCTION factdesk.refuse() RETURNS trigger LANGUAGE plpgsql AS
  $$ BEGIN RAISE EXCEPTION 'the log is append-only'; END $$;
CREATE TRIGGER kept BEFORE UPDATE OR DELETE OR TRUNCATE ON factdesk.changes EXECUTE FUNCTION factdesk.refuse();
CREATE TRIGGER kept BEFORE UPDATE OR DELETE OR TRUNCATE ON factdesk.texts EXECUTE FUNCTION factdesk.refuse();
CREATE TRIGGER kept BEFORE UPDATE OR DELETE OR TRUNCATE ON factdesk.page_bytes EXECUTE FUNCTION factdesk.refuse();

CREATE FUNCTION factdesk.one_by_one() RETURNS trigger LANGUAGE plpgsql AS
  $$ BEGIN PERFORM pg_advisory_xact_lock({LOCK}); RETURN NULL; END $$;
CREATE FUNCTION factdesk.without_a_gap() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE low bigint; high bigint; many bigint;
BEGIN
  SELECT min(seq), max(seq), count(*) INTO low, high, many FROM added;
  IF many > 0 AND (high - low + 1 <> many OR high <> (SELECT max(seq) FROM factdesk.changes)
      OR low > 1 AND NOT EXISTS (SELECT 1 FROM factdesk.changes WHERE seq = low - 1)) THEN
    RAISE EXCEPTION 'changes are numbered without a gap';
  END IF;
  RETURN NULL;
END $$;
CREATE TRIGGER one_by_one BEFORE INSERT ON factdesk.changes EXECUTE FUNCTION factdesk.one_by_one();
CREATE TRIGGER without_a_gap AFTER INSERT ON factdesk.changes
  REFERENCING NEW TABLE AS added EXECUTE FUNCTION factdesk.without_a_gap();

ALTER TABLE factdesk.changes ENABLE ROW LEVEL SECURITY;
CREATE POLICY everything_is_read ON factdesk.changes FOR SELECT USING (true);
CREATE POLICY in_your_own_name ON factdesk.changes FOR INSERT WITH CHECK (
  reviewer = (SELECT person FROM factdesk.members WHERE login = session_user AND may = 'write')
  OR (SELECT may FROM factdesk.members WHERE login = session_user) = 'bring'
  OR kind = 'reviewers' AND item = reviewer AND parents = '[]'
    AND (SELECT may FROM factdesk.members WHERE login = session_user) IN ('write', 'bring'));
"""
