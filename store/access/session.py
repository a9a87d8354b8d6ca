"""The session: who is working at an open desk, what they may see, and the one door that every change goes through."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import AbstractContextManager, contextmanager
from typing import TYPE_CHECKING, Any, TypeVar, get_type_hints

from store.access.blindness import Veil
from store.access.names import Names, check_name
from store.errors import Nobody, ReadOnly, Unknown
from store.log import clock
from store.log.kinds import KINDS
from store.log.log import Edit, Log, Written
from store.person import NOBODY, Person
from store.vocabulary import Status

if TYPE_CHECKING:
    from store.scheme import Scheme

R = TypeVar("R", bound=tuple[Any, ...])
Row = dict[str, Any]
"""A row of a table or a query, by the names of its columns."""


class Session:
    """The only one who knows the connection and the veil; the rooms of a desk read and write through it."""

    def __init__(self, log: Log, read_only: str) -> None:
        self.log = log
        self.read_only = read_only
        """Why nothing can be written here, as a sentence; empty when it can."""
        self.veil = Veil(log.conn)
        self.saved_at = 0
        """When something was last saved through this desk, in ms UTC; 0 as long as nothing was."""
        self.action: str | None = None
        """The id of the action that the open transaction writes; empty before its first change, None outside."""
        self.found_open: set[tuple[str, str, str]] = set()
        """(article, role, person) of the sets that this transaction has found open; see `Permissions.must_be_open`."""
        self._fields: dict[object, list[tuple[str, Callable[[Any], object] | None]]] = {}
        """The fields of each kind of record, and how their columns are read."""
        self._step: str | None = None
        """The action that several transactions belong to; empty until the first of them has written."""
        self._said = ""
        """What the person who is working was called when they said who they are."""
        self._mine = ""
        """Their id, once they are known to have one here."""
        self._names: Names | None = None
        self._names_at: int | None = None
        """The state of the file in which the names were read, as `Veil.version` numbers it."""
        self._scheme: tuple[str, Scheme] | None = None
        self._scheme_at: tuple[int, int] | None = None
        """Others' writes and this connection's own, as they were counted when the scheme was last read."""

    # -- records ----------------------------------------------------------------------------------------------

    def record(self, of: Callable[..., R], row: Row, **said: object) -> R:
        """The record of a row: its fields hold the columns that are called like them, but for those that are ``said``.

        A person's column holds their id, a list's JSON, and ``heads`` ids with spaces between them.
        """
        fields = self._fields.get(of)
        if fields is None:
            fields = self._fields[of] = [(name, self._reader(name, type)) for name, type in get_type_hints(of).items()]
        return of(*[said[name] if name in said else read(row[name]) if read else row[name] for name, read in fields])

    def _reader(self, name: str, type: object) -> Callable[[Any], object] | None:
        """How the column of a field is read; None where it is told as it is stored."""
        return _headed if name == "heads" else self.person if type is Person else _READERS.get(type)

    # -- who is working, and by which scheme ------------------------------------------------------------------

    @property
    def reviewer(self) -> Person:
        """Who is looking and working: what is hidden from them is not read, and every change is theirs."""
        if not self._said:
            return NOBODY
        person = self.names.get(self._mine)
        if person is None:
            person = self.names.called(self._said)
            self._mine = person.id
        return person

    @property
    def me(self) -> str:
        """The id of who is working; empty as long as nobody has said who it is."""
        return self.reviewer.id

    def be(self, name: str) -> None:
        """Set who is working.

        Raises:
            Refused: the name is empty, too long, or has control characters.
        """
        self._said, self._mine = check_name(name), name.id if isinstance(name, Person) else ""

    def be_like(self, other: Session) -> None:
        """Work in the name of the same person as another session, which may belong to another thread."""
        self._said, self._mine = other._said, other._mine

    @property
    def names(self) -> Names:
        """Everybody on the desk; read again once somebody else has written to it."""
        if self._names is None or self._names_at != self.veil.version:
            self._names_at = self.veil.look()
            self._names = Names(self.log.rows(Names.QUERY))
        return self._names

    def called(self, name: str) -> Person:
        """The person who is called so, now or when they joined; also one who has not joined yet.

        Raises:
            Refused: it is not a name.
        """
        return self.names.called(name)

    @property
    def scheme(self) -> Scheme:
        """The desk's verdicts, claim types and reasons; the shipped ``desk`` scheme until another is chosen."""
        now = (self.log.written_elsewhere(), self.log.conn.total_changes)
        if self._scheme is not None and self._scheme_at == now:
            return self._scheme[1]
        rows = self.rows("SELECT body, heads, name FROM schemes WHERE deleted = 0 ORDER BY born LIMIT 1")
        heads = rows[0]["heads"] if rows else ""
        if self._scheme is None or self._scheme[0] != heads:
            from store.scheme import load, parse

            chosen = parse(rows[0]["body"], rows[0]["name"]) if rows else load("desk")
            self._scheme = (heads, chosen)
        self._scheme_at = now
        return self._scheme[1]

    # -- reading, through the veil ----------------------------------------------------------------------------

    def look(self) -> None:
        """Make the veil fit who is looking and what is hidden from them now; done before whatever is read."""
        if not self.veil.off:
            self.veil.keep(self.me)

    def rows(self, sql: str, *arguments: object) -> list[Row]:
        """The rows of a query, without what is hidden from who is working."""
        with self.log.refusing():
            self.look()
            cursor = self.log.conn.execute(sql, arguments)
            names = [description[0] for description in cursor.description]
            return [dict(zip(names, row, strict=True)) for row in cursor.fetchall()]

    def tuples(self, sql: str, *arguments: object) -> list[tuple[Any, ...]]:
        """As `rows`, for very many of them: their values alone."""
        with self.log.refusing():
            self.look()
            return self.log.conn.execute(sql, arguments).fetchall()

    @contextmanager
    def with_table(self, name: str, columns: Sequence[str], rows: Iterable[Sequence[object]]) -> Iterator[None]:
        """Inside, queries know one more table, and read the file as it is at one moment."""
        with self.log.refusing():
            self.look()  # the veil is drawn before its views are built upon
        try:
            with self.log.one_moment():
                self.log.conn.execute(f"CREATE TEMP TABLE {name} ({', '.join(columns)})")
                marks = ", ".join("?" * len(columns))
                self.log.conn.executemany(f"INSERT INTO temp.{name} VALUES ({marks})", rows)
                yield
        finally:
            self.veil.torn()

    def define(self, name: str, arguments: int, does: Callable[..., Any]) -> None:
        """Have queries know a function, whose answer hangs on its arguments alone."""
        self.log.conn.create_function(name, arguments, does, deterministic=True)

    def person(self, id: str) -> Person:
        """The person of that id; nobody when it is empty."""
        if not id:
            return NOBODY
        person = self.names.get(id)
        if person is None:  # they have joined since the names were read
            self._names = None
            person = self.names.get(id)
        return person or Person(id, id)

    def claim_name(self, claim: str) -> str:
        """The name of a claim, such as C7, by its id."""
        rows = self.rows("SELECT name FROM claims_now WHERE id = ?", claim)
        return rows[0]["name"] if rows else "That claim"

    def suggestion_name(self, suggestion: str) -> str:
        """The name of a suggestion, such as S3, by its id: its place among the article's by age."""
        rows = self.rows(
            "SELECT count(*) AS place FROM suggestions s JOIN main.suggestions e ON e.article = s.article"
            " AND e.born <= s.born WHERE s.id = ?",
            suggestion,
        )
        return f"S{rows[0]['place']}" if rows[0]["place"] else "That suggestion"

    def unveiled(self) -> AbstractContextManager[None]:
        """Inside, blind review hides nothing on this connection: for looking after the file, not for showing it."""
        return self.veil.lifted()

    # -- writing ----------------------------------------------------------------------------------------------

    def check_writable(self) -> None:
        """Refuse to begin what could not be written.

        Raises:
            ReadOnly: the desk cannot be written.
            Nobody: nobody has said who is working.
        """
        if self.read_only:
            raise ReadOnly(self.read_only)
        if not self._said:
            raise Nobody("factdesk does not know who you are: give a name with --as NAME or FACTDESK_REVIEWER.")

    @contextmanager
    def together(self) -> Iterator[None]:
        """Everything written inside is one transaction and one step of undo; an exception leaves nothing of it."""
        with self.writing():
            yield

    @contextmanager
    def one_step(self, action: str = "") -> Iterator[None]:
        """Everything written inside is one step of undo, though each write is saved at once and others come between.

        Args:
            action: the id of an earlier action that goes on here; empty for a new one.
        """
        if self._step is not None:
            yield
            return
        self._step = action
        try:
            yield
        finally:
            self._step = None

    @contextmanager
    def writing(self) -> Iterator[str]:
        """The transaction every write runs in; gives the id of who is working. Nested ones join the outer."""
        self.check_writable()
        if self.action is not None:
            yield self.join(self.reviewer)
            return
        try:
            with self.log.writing():
                self.action = self._step or ""
                self.found_open.clear()
                self.veil.enter()
                self.look()
                yield self.join(self.reviewer)
            if self.action:
                self.saved_at = clock.now()
            if self._step is not None:
                self._step = self.action
        except BaseException:
            self.veil.torn()
            self._names = None
            self._scheme_at = None
            raise
        finally:
            self.action = None
            self.found_open.clear()

    def open_action(self) -> None:
        """Begin the action with a change of your own: then all of it is yours to undo, no matter who is its author."""
        if not self.action:
            opener = [Edit("reviewers", self.me, {"deleted": 0})]
            self.action = self.log.write(self.me, opener, always=True).action

    def join(self, name: str) -> str:
        """The id of the person who is called so; who is new joins the desk with their first change."""
        person = self.called(name)
        if self.names.get(person.id) is None:
            self.log.write(person.id, [Edit("reviewers", person.id, {"name": str(person)}, None)])
            self.doubt()
        return person.id

    def write(self, edits: Iterable[Edit], *, undoes: str = "") -> Written:
        """Append changes to the log, in your name; inside `writing` alone."""
        made = list(edits)
        before = self.log.conn.total_changes
        written = self.log.write(self.me, made, action=self.action or "", undoes=undoes)
        if self._scheme_at and self._scheme_at[1] == before and not any(edit.kind == "schemes" for edit in made):
            self._scheme_at = self._scheme_at[0], self.log.conn.total_changes  # nothing of it was written here
        self.action = written.action
        if any(edit.kind in ("assignments", "reviewers", "schemes", "suggestions") for edit in made):
            self.doubt()
            self.found_open.clear()
        return written

    def doubt(self) -> None:
        """Assignments or people were written here: look again who they are and what they see."""
        self.veil.doubt()
        self._names = None

    def alive(self, kind: str, id: str) -> None:
        """Refuse to change what is deleted.

        Raises:
            Unknown: it is deleted, or was never here.
        """
        row = self.log.row(kind, id)
        if row is None or row["deleted"]:
            raise Unknown(
                f"That {KINDS[kind].one} has been deleted since you opened it: the person who deleted it can undo that."
            )


def _listed(words: str) -> tuple[str, ...]:
    # Nearly all lists are empty, and a desk has very many of them.
    return tuple(json.loads(words)) if words != "[]" else ()


def _headed(words: str) -> tuple[str, ...]:
    return tuple(words.split())


_READERS: Mapping[object, Callable[[Any], object]] = {bool: bool, Status: Status, tuple[str, ...]: _listed}
