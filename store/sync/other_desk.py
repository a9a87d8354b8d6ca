"""Another desk's file: what it has that this one has not, looked through before any of it is taken. It is only read."""

from __future__ import annotations

import hashlib
import json
import re
import sqlite3
import zlib
from array import array
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager, suppress
from datetime import datetime
from pathlib import Path
from typing import Any, NamedTuple

from store.errors import Damaged, Refused
from store.garbage_collector import collector_at_rest
from store.log import clock
from store.log.file import reading_desk
from store.log.fold import Entry, entries_of, read
from store.log.kinds import KINDS, REFERENCES, Patch
from store.log.sqlite_faults import refusing_at
from store.log.tables import PIECE
from store.text.shorten import shorten

_CACHE = -64_000
"""Of either file that many KiB are kept in memory while they are compared, as of a desk that is open."""

_COLUMNS = ("id", "action", "reviewer", "at", "kind", "item", "parents", "patch", "undoes")
"""What a change says; its number is each desk's own."""

_KEPT = 10_000_000  # code points of texts that are kept while quotes are compared with them
_AT_HAND = 100_000  # changes that are kept from when they are looked through until they are taken: read once
_BLOCK = 2_000  # changes, and references, that are looked at together
_SHALLOW = 1_000  # characters of JSON that cannot hold lists in lists deeper than SQLite reads them
_SHAPES = re.compile("([0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12})+").fullmatch
_LAST = f"{clock.LATEST + 1:012x}"
_LAST_ID = f"{_LAST[:8]}-{_LAST[8:]}"
_DAY = 24 * 60 * 60 * 1000
TAKEN_FIRST = ("reviewers", "schemes", "articles", "versions", "assignments")
_ORDER = tuple(dict.fromkeys((*TAKEN_FIRST, *KINDS)))
"""The kinds in the order in which they are taken: each names only kinds before it, and what is hidden from whom is
known before anything that may be hidden is there."""

_POINTS = {
    kind.name: tuple((column, REFERENCES[column]) for column in kind.columns if column in REFERENCES)
    for kind in KINDS.values()
}

_UNSHARED = (
    f"SELECT o.seq, m.seq, {', '.join(f'o.{column}' for column in _COLUMNS)}"
    " FROM main.changes o LEFT JOIN mine.changes m ON m.id = o.id WHERE m.seq IS NULL OR NOT ("
    + " AND ".join(f"m.{column} IS o.{column}" for column in _COLUMNS[1:])
    + ") ORDER BY o.seq"
)
_SHARED = "SELECT m.seq FROM main.changes o CROSS JOIN mine.changes m ON m.id = o.id"


_Column = Sequence[Any]
_Row = tuple[Any, ...]


class Compared(NamedTuple):
    """What another desk has against this one."""

    changes: Sequence[int]
    """Its numbers of the changes that are new, in the order in which they are taken."""
    ends: Sequence[int]
    """How many of them have been taken whenever all of an item's are in."""
    texts: Sequence[int]
    """Its numbers of the texts that are new."""
    pieces: Sequence[int]
    """Its numbers of the pieces that are new of what articles were read from."""
    same: Sequence[int]
    """This desk's numbers of the changes that both have."""


class Mends(NamedTuple):
    """What a person can do about another desk, as the ends of sentences."""

    damaged: str
    """Where it cannot be taken."""
    unlike: str
    """Where it holds a change that this desk holds otherwise."""


FILE = Mends(
    "run `factdesk verify` on it, and ask for another copy.",
    "one of the two files was altered by another program. Nothing was changed. To find out which, run `factdesk verify`"
    " on each; if both are sound, run `factdesk merge --dry-run` with each on an earlier backup: the file that is "
    "refused there is the altered one.",
)


class OtherDesk:
    """Another desk's history as it stood when it was compared with one of ours."""

    def __init__(self, name: str, conn: sqlite3.Connection, mends: Mends = FILE) -> None:
        """Use `other_desk`, or `Stage.other_desk`. ``name``: what it is called in refusals."""
        self.name = name
        self._conn = conn
        self._mends = mends
        self.new = Compared((), (), (), (), ())
        self.notes: list[str] = []
        """What a person should know of it, as sentences."""
        self._bodies: dict[str, str | None] = {}
        self._at_hand: dict[int, tuple[_Row, Entry]] = {}
        """By number the changes that are kept until they are asked for."""

    # -- comparing ----------------------------------------------------------------------------------------------

    @collector_at_rest()
    def compare(self, mine: Path) -> None:
        """Find what is new in the file for the desk ``mine``, and look through all of it.

        Raises:
            Damaged: it cannot be taken; the sentence says what is wrong with the file.
            Refused: the two desks hold a change with different content.
        """
        with refusing_at(self.name):
            for name in ("changes", "texts"):
                made = self._conn.execute("SELECT type, sql FROM main.sqlite_master WHERE name = ?", (name,)).fetchone()
                if made is None or made[0] != "table" or not str(made[1]).startswith("CREATE TABLE"):
                    raise self._damaged(f"it has no table {name}")
            self._conn.execute("ATTACH DATABASE ? AS mine", (str(mine.resolve()),))
            try:
                for schema in ("main", "mine"):
                    self._conn.execute(f"PRAGMA {schema}.cache_size = {_CACHE}")
                self._look_through()
            finally:
                self._conn.execute("DETACH DATABASE mine")

    def _compared(self, found: _Found) -> tuple[list[tuple[int, str, int]], array[int]]:
        """What is new, by the place of its kind and by item, with its numbers; and our numbers of what both have.

        What is new is looked at on the way. That both hold a change otherwise is said before anything else.
        """
        places = {kind: place for place, kind in enumerate(_ORDER)}
        new: list[tuple[int, str, int]] = []
        unlike = array("q")
        damage: Damaged | None = None
        self._at_hand.clear()
        cursor = self._conn.execute(_UNSHARED)
        while block := cursor.fetchmany(_BLOCK):
            unlike.extend(row[0] for row in block if row[1] is not None)
            if unlike or damage:
                continue
            numbers, _, *columns = zip(*block, strict=True)
            rows = [row[2:] for row in block]
            try:
                changes = self._look_at(rows, columns, found)
            except Damaged as refusal:
                damage = refusal
                continue
            if len(self._at_hand) < _AT_HAND:
                self._at_hand |= zip(numbers, zip(rows, changes, strict=True), strict=True)
            kinds, items = columns[4:6]
            for kind in {*kinds}:
                places.setdefault(kind, len(places))
            new += zip(map(places.__getitem__, kinds), items, numbers, strict=True)
        if unlike:
            raise self._unlike(unlike)
        if damage:
            raise damage
        new.sort()  # as they were made: then most of what is written lies side by side
        return new, array("q", [seq for (seq,) in self._conn.execute(_SHARED)])

    def _new_pieces(self) -> array[int]:
        if not self._conn.execute("SELECT 1 FROM main.sqlite_master WHERE name = 'page_bytes'").fetchone():
            return array("q")  # its factdesk did not keep them yet
        pieces = self._conn.execute(
            "SELECT seq FROM main.page_bytes o WHERE NOT EXISTS (SELECT 1 FROM mine.page_bytes m"
            " WHERE m.body = o.body AND m.place = o.place) ORDER BY seq"
        )
        return array("q", [seq for (seq,) in pieces])

    def _unlike(self, numbers: Sequence[int]) -> Refused:
        (id,) = self._conn.execute("SELECT id FROM main.changes WHERE seq = ?", (numbers[0],)).fetchone()
        more = f" and {len(numbers) - 1:,} more" if len(numbers) > 1 else ""
        return Refused(
            f"{self.name} and this desk both hold the change {id}{more}, with different content: {self._mends.unlike}"
        )

    def _damaged(self, why: str) -> Damaged:
        return Damaged(f"{self.name} cannot be taken in: {why}. Nothing was changed: {self._mends.damaged}")

    # -- reading ------------------------------------------------------------------------------------------------

    def changes(self, numbers: Sequence[int]) -> tuple[list[_Row], list[Entry]]:
        """Some changes in the order of the numbers: as rows of ``_COLUMNS``, and read. Each is asked for once."""
        if missing := [number for number in numbers if number not in self._at_hand]:
            names = ", ".join(f"o.{column}" for column in _COLUMNS)
            asked = f"SELECT {names} FROM json_each(?) n CROSS JOIN main.changes o ON o.seq = n.value ORDER BY n.key"
            with refusing_at(self.name):
                rows = self._conn.execute(asked, (json.dumps(missing),)).fetchall()
            self._at_hand |= zip(missing, zip(rows, entries_of(rows), strict=True), strict=True)
        found = [self._at_hand.pop(number) for number in numbers]
        return [row for row, _ in found], [change for _, change in found]

    def text(self, number: int) -> tuple[str, str]:
        """A text under its SHA-256.

        Raises:
            Damaged: it is not the text of that hash.
        """
        with refusing_at(self.name):
            sha, body = self._conn.execute("SELECT sha, body FROM main.texts WHERE seq = ?", (number,)).fetchone()
        if not isinstance(body, str) or hashlib.sha256(body.encode()).hexdigest() != sha or "\0" in body:
            raise self._damaged(f"the text {str(sha)[:12]}… has been altered")
        return str(sha), body

    def piece(self, number: int) -> tuple[str, int, bytes]:
        """A piece of what an article was read from: the SHA-256 of the whole, its place, and the piece, packed.

        Raises:
            Damaged: it is not what a desk keeps.
        """
        with refusing_at(self.name):
            asked = "SELECT body, place, packed FROM main.page_bytes WHERE seq = ?"
            body, place, packed = self._conn.execute(asked, (number,)).fetchone()
        if not (isinstance(body, str) and type(place) is int and isinstance(packed, bytes)):
            raise self._damaged("a page that an article was read from is malformed")
        return body, place, packed

    def _page(self, body: str) -> str:
        """The SHA-256 of all pieces of a page that are there."""
        digest = hashlib.sha256()
        asked = "SELECT packed FROM main.page_bytes WHERE body = ? ORDER BY place"
        for (packed,) in self._conn.execute(asked, (body,)):
            unpacker = zlib.decompressobj()
            try:
                digest.update(unpacker.decompress(packed, PIECE + 1))
            except (zlib.error, TypeError):
                return "damaged"
            if unpacker.unconsumed_tail:  # it would unpack to more than any piece holds
                return "damaged"
        return digest.hexdigest()

    # -- looking through ----------------------------------------------------------------------------------------

    def _look_through(self) -> None:
        """Find what is new; refuse what no desk writes, and what would leave this desk unsound."""
        found = _Found()
        new, same = self._compared(found)
        ends = [place for place in range(1, len(new)) if new[place][1] != new[place - 1][1]]
        texts = self._conn.execute(
            "SELECT seq FROM main.texts o WHERE NOT EXISTS (SELECT 1 FROM mine.texts m WHERE m.sha = o.sha)"
            " ORDER BY seq"
        )
        self.new = Compared(
            array("q", [number for _, _, number in new]), array("q", [*ends, len(new)] if new else []),
            array("q", [seq for (seq,) in texts]), self._new_pieces(), same,
        )  # fmt: skip
        for number in self.new.texts:
            found.texts.add(self.text(number)[0])
        for body in {self.piece(number)[0] for number in self.new.pieces}:
            if self._page(body) != body:
                raise self._damaged(f"the page {body[:12]}… that an article was read from has been altered")
            found.pages.add(body)
        if strange := found.strange():
            raise self._damaged(f"the change {strange} builds on a change of something else")
        self._require_parents(found.outside)
        for kind, items in found.wanted.items():
            missing = [item for item in items if found.kinds.get(item) != kind]
            one = KINDS[kind].one
            said = f"{'an' if one[0] in 'aeio' else 'a'} {one} is missing that its changes name"
            self._require(said, missing, _ITEM, kind)
        of_kind: dict[str, list[str]] = {}
        for item, kind in found.kinds.items():
            of_kind.setdefault(kind, []).append(item)
        for kind, items_of in of_kind.items():
            self._require("a record has two kinds", items_of, _KIND, kind)
        self._require("a text is missing", found.shas - found.texts, _TEXT)
        self._require("a page that an article was read from is missing", found.bodies, _PAGE)
        if (ahead := found.latest - clock.now()) > _DAY:
            when = f"{datetime.fromtimestamp(found.latest / 1000):%Y-%m-%d}"
            self.notes.append(f"Changes are dated up to {when}, {ahead // _DAY:,} days ahead: a clock was wrong there.")
        self.notes += self._met(found.joined & found.worked)

    def _met(self, joined: Iterable[str]) -> list[str]:
        """What to know of people who began to work on both desks, each without the other's knowing of it."""
        asked = (
            "SELECT DISTINCT json_extract(patch, '$.name') FROM mine.changes p WHERE kind = 'reviewers'"
            " AND parents = '[]' AND item IN (SELECT value FROM json_each(?)) AND EXISTS ("
            "SELECT 1 FROM mine.changes w WHERE w.reviewer = p.item AND w.kind <> 'reviewers') ORDER BY 1"
        )
        found = self._conn.execute(asked, (json.dumps(sorted(joined)),)).fetchall()
        return [
            f"{shorten(str(name))} began both desks apart, and is one person once they are merged. If these are two "
            "people of one name, let one of them first take their work to a new desk under another name: "
            "`factdesk export csv`, the new name in its columns of people, `factdesk import csv`."
            for (name,) in found
        ]

    def _look_at(self, rows: Sequence[_Row], columns: Sequence[_Column], found: _Found) -> list[Entry]:
        """Read new changes: nothing but text and one whole number each, shaped as a desk shapes it."""
        changes: list[Entry] | None = None
        if _are_shaped(columns):
            with suppress(json.JSONDecodeError):
                changes = entries_of(rows)
        if changes is None:
            raise self._damaged(f"the change {str(columns[0][_malformed(columns)])[:36]} is malformed")
        if wrong := found.take(changes, columns):
            raise self._damaged(f"the change {wrong[0]} {wrong[1]}")
        for row, change in zip(rows, changes, strict=True):
            if "quote" in change.patch and self._is_misquoted(change.patch):
                raise self._damaged(f"the quote in the change {change.id} is not what its text says there")
            silent = not change.patch or (not change.parents and row[6] != "[]")
            if (silent or len(row[6]) + len(row[7]) > _SHALLOW) and not self._are_json(*row[6:8]):
                raise self._damaged(f"the change {change.id} is malformed")
        return changes

    def _are_json(self, *texts: str) -> bool:
        """Whether texts that say nothing to us, or are long, are JSON to SQLite, which keeps nothing else in a log."""
        return all(self._conn.execute("SELECT json_valid(?)", (text,)).fetchone()[0] for text in texts)

    def _is_misquoted(self, said: Patch) -> bool:
        if not said.get("version"):
            return False
        start, end, version = said.get("start"), said.get("end"), said["version"]
        if type(start) is not int or type(end) is not int or not isinstance(version, str):
            return False  # it does not fit its column, and is shown as such
        if version not in self._bodies:
            if sum(map(len, filter(None, self._bodies.values()))) > _KEPT:
                self._bodies.clear()
            self._bodies[version] = self._body(version)
        body = self._bodies[version]
        return body is not None and (not 0 <= start <= end or body[start:end] != said["quote"])

    def _body(self, version: str) -> str | None:
        """The text of a version, of either desk; None when there is none."""
        for there in ("main", "mine"):
            sha = f"SELECT json_extract(patch, '$.text') FROM {there}.changes WHERE item = ? AND kind = 'versions'"
            for (text,) in self._conn.execute(f"{sha} ORDER BY id LIMIT 1", (version,)).fetchall():
                for also in ("main", "mine"):
                    held = self._conn.execute(f"SELECT body FROM {also}.texts WHERE sha = ?", (text,)).fetchone()
                    if held:
                        return str(held[0])
        return None

    def _require_parents(self, outside: Iterable[tuple[str, str]]) -> None:
        """Refuse the file when changes build on what this desk does not hold of the same item."""
        told = list(outside)
        for start in range(0, len(told), _BLOCK):
            block = told[start : start + _BLOCK]
            asked = "SELECT id, item FROM mine.changes WHERE id IN (SELECT value FROM json_each(?))"
            held = dict(self._conn.execute(asked, (json.dumps([parent for parent, _ in block]),)))
            if bad := next((parent for parent, item in block if held.get(parent) != item), ""):
                raise self._damaged(f"a change builds on one that is in neither desk ({bad[:36]})")

    def _require(self, why: str, told: Iterable[str], asked: str, *about: str) -> None:
        """Refuse the file when this desk does not hold what is told of."""
        whole = list(told)
        for start in range(0, len(whole), _BLOCK):
            block = json.dumps(whole[start : start + _BLOCK])
            sql = f"SELECT p.value FROM json_each(?) p WHERE {asked} LIMIT 1"
            if bad := self._conn.execute(sql, (block, *about)).fetchone():
                raise self._damaged(f"{why} ({str(bad[0])[:36]})")


_ITEM = "NOT EXISTS (SELECT 1 FROM mine.changes m WHERE m.item = p.value AND m.kind = ?)"
_KIND = "(SELECT m.kind FROM mine.changes m WHERE m.item = p.value LIMIT 1) <> ?"
_PAGE = "NOT EXISTS (SELECT 1 FROM mine.page_bytes m WHERE m.body = p.value)"
_TEXT = "NOT EXISTS (SELECT 1 FROM mine.texts m WHERE m.sha = p.value)"


def _are_shaped(columns: Sequence[_Column]) -> bool:
    """Whether columns as ``_COLUMNS`` are nothing but text and one whole number each, shaped as a desk shapes them."""
    ids, action, reviewer, at, kind, item, parents, patches, undoes = columns
    texts = (ids, action, reviewer, kind, item, parents, patches, [one or "" for one in undoes])
    return (
        all({*map(type, column)} == {str} for column in texts)
        and {*map(type, at)} == {int}
        and {*map(len, ids)} == {36}
        and _SHAPES("".join(ids)) is not None
        and max(ids) < _LAST_ID
        and {one[:1] for one in parents} == {"["}
        and {one[:1] for one in patches} == {"{"}
    )


def _malformed(columns: Sequence[_Column]) -> int:
    """The place of the first change with which something is wrong by itself."""
    for place, row in enumerate(zip(*columns, strict=True)):
        with suppress(json.JSONDecodeError):
            if _are_shaped([(value,) for value in row]):
                read([row[6]], [row[7]])
                continue
        return place
    raise AssertionError("what is wrong with changes is wrong with one of them")


class _Found:
    """What has been found in the changes of a file so far."""

    def __init__(self) -> None:
        self.made: dict[str, str] = {}
        """New changes, each with its item."""
        self.kinds: dict[str, str] = {}
        """The items of new changes, each with its kind."""
        self.outside: set[tuple[str, str]] = set()
        """(parent, item) of the changes that build on what is not new, or comes later."""
        self.wanted: dict[str, set[str]] = {kind: set() for kind in KINDS}
        """By kind the items that changes name."""
        self.shas: set[str] = set()
        """Texts that versions name."""
        self.texts: set[str] = set()
        """Texts that are new."""
        self.named: set[str] = set()
        """What articles were read from, as changes name it."""
        self.pages: set[str] = set()
        """What articles were read from, where that is new."""
        self.joined: set[str] = set()
        """People whose first change is among these, and …"""
        self.worked: set[str] = set()
        """… who did something else."""
        self.latest = 0

    @property
    def bodies(self) -> set[str]:
        """What changes name and is not among what is new."""
        return self.named - self.pages

    def strange(self) -> str:
        """A change that builds on a new one of something else; what builds on a new one is no longer outside."""
        inside = {(parent, item) for parent, item in self.outside if parent in self.made}
        self.outside -= inside
        return next((parent for parent, item in inside if self.made[parent] != item), "")

    def take(self, changes: Sequence[Entry], columns: Sequence[_Column]) -> tuple[str, str] | None:
        """Take changes in, which stand in ``columns`` too; gives the one with which something is wrong, and what is."""
        ids, _, reviewers, times, kinds, items, *_ = columns
        made, kind_of = self.made, self.kinds.setdefault
        made.update(zip(ids, items, strict=True))
        for id, item, kind, parents in zip(ids, items, kinds, [change.parents for change in changes], strict=True):
            for parent in parents:
                if parent >= id:
                    return id, "comes before what it builds on"
                if (its := made.get(parent)) is None:
                    self.outside.add((parent, item))
                elif its != item:
                    return id, "builds on a change of something else"
            if kind_of(item, kind) != kind:
                return id, "gives a record a second kind"
        said: dict[str, list[Entry]] = {}
        for change in changes:
            said.setdefault(change.kind, []).append(change)
        for kind, some in said.items():
            for column, named in _POINTS.get(kind, ()):
                self.wanted[named] |= _told(column, some) - {""}
        self.shas.update(_told("text", said.get("versions", ())))
        self.named.update(_told("body", said.get("pages", ())))
        self.joined.update(change.item for change in said.get("reviewers", ()) if not change.parents)
        self.worked |= {reviewer for reviewer, kind in {*zip(reviewers, kinds, strict=True)} if kind != "reviewers"}
        self.wanted["reviewers"].update(reviewers)
        self.latest = max(self.latest, min(max(times), clock.LATEST))
        return None


def _told(column: str, changes: Iterable[Entry]) -> set[str]:
    """What changes say in a column, where that is a text."""
    return {told for change in changes if isinstance(told := change.patch.get(column), str)}


@contextmanager
def other_desk(path: Path, mine: Path) -> Iterator[OtherDesk]:
    """Another desk's file, compared with ours. It may be open elsewhere, a backup, older, or not to be written.

    Raises:
        Refused: it is not there, is not a desk, is damaged, is from a newer factdesk, or holds a change
            with different content.
    """
    with reading_desk(path) as conn:
        other = OtherDesk(str(path), conn)
        other.compare(mine)
        yield other
