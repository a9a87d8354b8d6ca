"""The claims of a desk as a format's own lines, put together by SQLite and not by Python.

To hand each value of very many claims to Python costs several times what SQLite takes to write their lines. A format
of JSON can say in SQL how it writes them: it has a ``statement`` beside its ``write``, and the bytes are the same.

What stands in every line is one text with marks in it, which SQLite fills at once: what is put together piece by piece
is copied with each piece. A member that may be left out is SQL for ``, "name": "value"``, or for an empty text.
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Sequence
from typing import NamedTuple

from store.access.session import Row
from store.desk import Desk
from store.formats.contract import Loss, Spot, Statement, Tally
from store.formats.csv.claim_columns import CONFLICT, LOOK_AGAIN
from store.log.clock import LATEST
from store.text.span_pieces import pieces_of

# -- what statements are made of ------------------------------------------------------------------------------------


class JsonText(NamedTuple):
    """A text of JSON, with ``%s`` for each of the ``values``: the SQL for what comes in there."""

    mark: str
    values: tuple[str, ...] = ()

    @property
    def sql(self) -> str:
        """The SQL for the text."""
        return f"printf('{self.mark}', {', '.join(self.values)})" if self.values else f"'{self.mark}'"


class HangingRows(NamedTuple):
    """What hangs on a claim: where its rows come from, each named ``by`` a letter, and which of them count."""

    rows: str
    table: str
    by: str
    which: str

    @property
    def any(self) -> str:
        """The condition under which a claim has one."""
        return f"EXISTS (SELECT 1 FROM {self.table} {self.by} WHERE {self.which})"

    @property
    def before(self) -> str:
        """How many of a claim come before a row."""
        which = self.which.replace(f"{self.by}.", "x.")
        return f"(SELECT count(*) FROM {self.table} x WHERE {which} AND x.born < {self.by}.born)"

    def each(self, one: JsonText, between: str = "', '") -> str:
        """``one`` of each of a claim, in their order; NULL when it has none."""
        ordered = f"SELECT {one.sql} AS one FROM {self.rows} WHERE {self.which} ORDER BY {self.by}.born"
        return f"CASE WHEN {self.any} THEN (SELECT group_concat(one, {between}) FROM ({ordered})) END"


EVIDENCE_ROWS = HangingRows(
    "evidence e LEFT JOIN sources s ON s.id = e.source", "evidence", "e", "e.claim = c.id AND e.deleted = 0"
)
COMMENT_ROWS = HangingRows("comments m", "comments", "m", "m.claim = c.id AND m.deleted = 0")
REVIEW_ROWS = HangingRows("reviews r", "reviews", "r", "r.claim = c.id AND r.deleted = 0 AND r.decision <> ''")
REVIEW_OWN = 'coalesce((SELECT o.{} FROM verdicts o WHERE o.claim = c.id AND o."by" = r."by" AND o.deleted = 0), \'\')'
"""The SQL for the verdict of who made a review, or for its justification."""

CITED = {
    **{name: f"e.{name}" for name in ("stance", "quote", "locator", "note")},
    **{
        name: f"s.{name}"
        for name in ("url", "title", "publisher", "published", "retrieved", "archive_url", "tier", "origin")
    },
}
"""The fields of a piece of evidence, each with the SQL for it."""

PIECES = "CASE WHEN c.pieces <> '' THEN pieces_told(c.pieces, c.start, c.\"end\") END"
"""The SQL for the pieces of a claim's span as JSON; NULL when it is one."""

WAITS = (
    f"CASE 2 * ({LOOK_AGAIN.sql}) + ({CONFLICT.sql}) WHEN 1 THEN '[\"conflict\"]' WHEN 2 THEN '[\"check_again\"]'"
    ' WHEN 3 THEN \'["conflict", "check_again"]\' END'
)
"""The SQL for what a claim waits for as JSON; NULL when it waits for nothing."""


class JsonMember(NamedTuple):
    """A member of an object, or a value in a list. One that ``may`` be left out has its comma with it."""

    told: JsonText
    may: bool = False


def json_object(*members: JsonMember) -> JsonText:
    """An object of these members."""
    return _within("{", members, "}")


def json_list(*values: JsonMember) -> JsonText:
    """A list of these values."""
    return _within("[", values, "]")


def _within(begin: str, members: Sequence[JsonMember], end: str) -> JsonText:
    """One text of all, that SQLite puts together at once; where the first may be left out, so may its comma."""
    marks = ["%s" if member.may else f", {member.told.mark}" for member in members]
    values = tuple(value for member in members for value in member.told.values)
    if not members[0].may:
        return JsonText(f"{begin}{''.join(marks)[2:]}{end}", values)
    return JsonText(f"{begin}%s{end}", (f"substr({JsonText(''.join(marks), values).sql}, 3)",))


def fixed(name: str, word: str) -> JsonMember:
    """A member that has the same word of the format in all objects."""
    return JsonMember(JsonText(f'"{name}": "{word}"'))


def always(name: str, value: str) -> JsonMember:
    """A member of text that stands there even when it is empty."""
    return ready(name, JsonText("%s", (f"json_quote({value})",)))


def ready(name: str, told: str | JsonText) -> JsonMember:
    """A member that stands there always, by its JSON or the SQL for that."""
    text = JsonText("%s", (told,)) if isinstance(told, str) else told
    return JsonMember(JsonText(f'"{name}": {text.mark}', text.values))


def some(told: str) -> JsonMember:
    """What may be left out, by the SQL for its JSON with a comma before it; empty where it is."""
    return JsonMember(JsonText("%s", (told,)), may=True)


def given(name: str, told: str) -> JsonMember:
    """A member that is left out where the SQL for its JSON, ``told``, gives NULL."""
    return some(f"coalesce(', \"{name}\": ' || {told}, '')")


def said_text(name: str, value: str) -> JsonMember:
    """A member of text that is left out where it is empty, or there is none."""
    return some(f"CASE WHEN {value} <> '' THEN ', \"{name}\": ' || json_quote({value}) ELSE '' END")


def found(name: str, value: str) -> JsonMember:
    """As ``said_text``, for a text that takes SQLite time to find."""
    return given(name, f"nullif(json_quote({value}), '\"\"')")


def person(id: str) -> str:
    """What somebody is called, by their id."""
    return f"coalesce((SELECT name FROM people WHERE id = {id}), {id})"


def listed(name: str, values: str) -> JsonMember:
    """A list, by the SQL for its values; left out where that gives NULL."""
    return given(name, f"'[' || {values} || ']'")


def kept_list(name: str, column: str) -> JsonMember:
    """A list that the desk keeps as JSON; left out where it is empty."""
    return given(name, f"nullif({column}, '[]')")


def moment(ms: str) -> str:
    """A moment in ms UTC as JSON; NULL for 0, which is not a moment."""
    told = f"strftime('\"%Y-%m-%dT%H:%M:%fZ\"', {ms} / 1000.0, 'unixepoch')"
    return f"CASE WHEN {ms} > 0 AND {ms} <= {LATEST} THEN {told} END"


# -- reading --------------------------------------------------------------------------------------------------------

_CLAIMS = (
    "SELECT CAST({claim} AS BLOB), {lost}, c.id FROM (SELECT ?1 AS id, ?2 AS article, ?3 AS sha) p"
    ' JOIN claims_now c ON c.version = p.id WHERE c.deleted = 0 ORDER BY c.start, c."end", c.id'
)
_SWEEPS = (
    "SELECT CAST({sweep} AS BLOB) FROM (SELECT ?1 AS id, ?2 AS article, ?3 AS sha) p JOIN (SELECT *, substr("
    '(SELECT body FROM texts WHERE sha = ?3), start + 1, "end" - start) AS words FROM sweeps) w ON w.version = p.id'
    ' WHERE w.deleted = 0 ORDER BY w.start, w."end", w.id'
)


class StatedLines:
    """The lines of a snapshot's claims and sweeps, an article at a time; counts the claims and what is lost."""

    def __init__(self, desk: Desk, statement: Statement) -> None:
        """``desk`` is a snapshot as a desk."""
        self._desk = desk
        self._tally = Tally()
        self._why = statement.why
        self._examples: dict[str, Spot] = {}
        self.claims = 0
        lost = " || ".join(f"CASE WHEN {has} THEN '{what} ' ELSE '' END" for what, has in statement.lost.items())
        self._claims = _CLAIMS.format(claim=statement.claim, lost=lost or "''")
        self._sweeps = _SWEEPS.format(sweep=statement.sweep)
        desk.session.define("pieces_told", 3, _pieces_told)

    def of(self, page: Row) -> Iterator[bytes]:
        """What stands in a version of an article, by the ``version``, the article's ``id`` and the text's ``sha``."""
        place = page["version"], page["id"], page["sha"]
        for line, lost, claim in self._desk.session.tuples(self._claims, *place):
            self.claims += 1
            for what in lost.split():
                self._tally.lost(what, self._example(what, claim), self._why.get(what, ""))
            yield line
        for (line,) in self._desk.session.tuples(self._sweeps, *place):
            yield line

    def _example(self, what: str, claim: str) -> Spot:
        """The first claim that loses a field, in the words by which it is named."""
        if what not in self._examples:
            (row,) = self._desk.session.rows("SELECT name, quote, claim_text FROM claims_now WHERE id = ?", claim)
            self._examples[what] = Spot(**row)
        return self._examples[what]

    def losses(self) -> list[Loss]:
        """What is lost of the claims so far."""
        return self._tally.losses()


def _pieces_told(said: str, start: int, end: int) -> str | None:
    return json.dumps(pieces_of(said, start, end)) if pieces_of(said, start, end) else None


def is_alike(desk: Desk) -> bool:
    """Whether this SQLite writes a text in JSON as Python does."""
    text = "".join(map(chr, range(1, 256))) + "\u2028\ufffd😀"
    return bool(desk.session.tuples("SELECT json_quote(?)", text)[0][0] == json.dumps(text, ensure_ascii=False))
