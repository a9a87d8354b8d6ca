"""Another desk's file: what it has that this one has not, looked through before any of it is taken. It is only read."""

from __future__ import annotations

import hashlib
import json
import re
import sqlite3
import zlib
from array import array
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from datetime import datetime
from functools import lru_cache
from pathlib import Path
from typing import NamedTuple

from store.errors import Damaged, Refused
from store.log import clock
from store.log.file import reading_desk, refusing_at
from store.log.fold import Entry, entry
from store.log.kinds import KINDS, REFERENCES
from store.log.tables import PIECE

_COLUMNS = ("id", "action", "reviewer", "at", "kind", "item", "parents", "patch", "undoes")
"""What a change says; its number is each desk's own."""

_BLOCK = 2_000  # changes, and references, that are looked at together
_SHAPE = re.compile("[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}").fullmatch
_LAST = f"{clock.LATEST + 1:012x}"
_LAST_ID = f"{_LAST[:8]}-{_LAST[8:]}"
_DAY = 24 * 60 * 60 * 1000
_FIRST = ("reviewers", "schemes", "articles", "versions", "assignments")
_ORDER = tuple(dict.fromkeys((*_FIRST, *KINDS)))
"""The kinds in the order in which they are taken: each names only kinds before it, and what is hidden from whom is
known before anything that may be hidden is there."""

_POINTS = {
    kind.name: tuple((column, REFERENCES[column]) for column in kind.columns if column in REFERENCES)
    for kind in KINDS.values()
}


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


class OtherDesk:
    """Another desk's file as it stood when it was compared with one of ours."""

    def __init__(self, path: Path, conn: sqlite3.Connection) -> None:
        """Use `other_desk`."""
        self.path = path
        self._conn = conn
        self.new = Compared((), (), (), (), ())
        self.notes: list[str] = []
        """What a person should know of it, as sentences."""
        self._body_of = lru_cache(maxsize=32)(self._body)

    # -- comparing ----------------------------------------------------------------------------------------------

    def compare(self, mine: Path) -> None:
        """Find what is new in the file for the desk ``mine``, and look through all of it.

        Raises:
            Damaged: it cannot be taken; the sentence says what is wrong with the file.
            Refused: the two desks hold a change with different content.
        """
        with refusing_at(self.path):
            for name in ("changes", "texts"):
                made = self._conn.execute("SELECT type, sql FROM main.sqlite_master WHERE name = ?", (name,)).fetchone()
                if made is None or made[0] != "table" or not str(made[1]).startswith("CREATE TABLE"):
                    raise self._damaged(f"it has no table {name}")
            self._conn.execute("ATTACH DATABASE ? AS mine", (str(mine.resolve()),))
            try:
                self.new = self._compared()
                self._look_through()
            finally:
                self._conn.execute("DETACH DATABASE mine")

    def _compared(self) -> Compared:
        alike = " AND ".join(f"m.{column} IS o.{column}" for column in _COLUMNS[1:])
        coming: dict[str, dict[str, array[int]]] = {}
        same, unlike = array("q"), array("q")
        for theirs, ours, is_alike, kind, item in self._conn.execute(
            f"SELECT o.seq, m.seq, {alike}, CASE WHEN m.seq IS NULL THEN o.kind END, o.item FROM main.changes o"
            " LEFT JOIN mine.changes m ON m.id = o.id ORDER BY o.seq"
        ):
            if ours is None:
                coming.setdefault(kind, {}).setdefault(item, array("q")).append(theirs)
            else:
                (same if is_alike else unlike).append(ours if is_alike else theirs)
        if unlike:
            raise self._unlike(unlike)
        changes, ends = array("q"), array("q")
        for kind in (*_ORDER, *(kind for kind in coming if kind not in KINDS)):
            for numbers in coming.pop(kind, {}).values():
                changes.extend(numbers)
                ends.append(len(changes))
        texts = self._conn.execute(
            "SELECT seq FROM main.texts o WHERE NOT EXISTS (SELECT 1 FROM mine.texts m WHERE m.sha = o.sha)"
            " ORDER BY seq"
        )
        return Compared(changes, ends, array("q", [seq for (seq,) in texts]), self._new_pieces(), same)

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
            f"{self.path} and this desk both hold the change {id}{more}, with different content: one of the two files "
            "was altered by another program. Nothing was changed. To find out which, run `factdesk verify` on each; if "
            "both are sound, run `factdesk merge --dry-run` with each on an earlier backup: the file that is refused "
            "there is the altered one."
        )

    def _damaged(self, why: str) -> Damaged:
        return Damaged(
            f"{self.path} cannot be merged: {why}. Nothing was changed: run `factdesk verify` on it, and ask for "
            "another copy."
        )

    # -- reading ------------------------------------------------------------------------------------------------

    def changes(self, numbers: Sequence[int]) -> list[tuple[object, ...]]:
        """Some changes, as rows of ``_COLUMNS``, in the order of the numbers."""
        names = ", ".join(f"o.{column}" for column in _COLUMNS)
        asked = f"SELECT {names} FROM json_each(?) n CROSS JOIN main.changes o ON o.seq = n.value ORDER BY n.key"
        with refusing_at(self.path):
            return self._conn.execute(asked, (json.dumps(list(numbers)),)).fetchall()

    def text(self, number: int) -> tuple[str, str]:
        """A text under its SHA-256.

        Raises:
            Damaged: it is not the text of that hash.
        """
        with refusing_at(self.path):
            sha, body = self._conn.execute("SELECT sha, body FROM main.texts WHERE seq = ?", (number,)).fetchone()
        if not isinstance(body, str) or hashlib.sha256(body.encode()).hexdigest() != sha or "\0" in body:
            raise self._damaged(f"the text {str(sha)[:12]}… has been altered")
        return str(sha), body

    def piece(self, number: int) -> tuple[str, int, bytes]:
        """A piece of what an article was read from: the SHA-256 of the whole, its place, and the piece, packed.

        Raises:
            Damaged: it is not what a desk keeps.
        """
        with refusing_at(self.path):
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
        """Refuse what no desk writes, and what would leave this desk unsound."""
        found = _Found()
        for number in self.new.texts:
            found.texts.add(self.text(number)[0])
        for body in {self.piece(number)[0] for number in self.new.pieces}:
            if self._page(body) != body:
                raise self._damaged(f"the page {body[:12]}… that an article was read from has been altered")
            found.pages.add(body)
        latest = 0
        for row in self._rows():
            change = self._one(row)
            latest = max(latest, change.at)
            if why := found.take(change):
                raise self._damaged(f"the change {change.id} {why}")
            if self._is_misquoted(change):
                raise self._damaged(f"the quote in the change {change.id} is not what its text says there")
        self._require("a change builds on one that is in neither desk", found.outside, _PARENT)
        for kind, items in found.wanted.items():
            missing = {(item, kind) for item in items - found.items.get(kind, set())}
            one = KINDS[kind].one
            self._require(f"{'an' if one[0] in 'aeio' else 'a'} {one} is missing that its changes name", missing, _ITEM)
        self._require("a record has two kinds", found.kinds.items(), _KIND)
        self._require("a text is missing", ((sha, "") for sha in found.shas - found.texts), _TEXT)
        self._require("a page that an article was read from is missing", ((one, "") for one in found.bodies), _PAGE)
        if (ahead := latest - clock.now()) > _DAY:
            when = f"{datetime.fromtimestamp(latest / 1000):%Y-%m-%d}"
            self.notes.append(f"Changes are dated up to {when}, {ahead // _DAY:,} days ahead: a clock was wrong there.")

    def _rows(self) -> Iterator[tuple[object, ...]]:
        for start in range(0, len(self.new.changes), _BLOCK):
            yield from self.changes(self.new.changes[start : start + _BLOCK])

    def _one(self, row: tuple[object, ...]) -> Entry:
        """A change; nothing but text and one whole number, shaped as a desk shapes it."""
        id, at, undoes = row[0], row[3], row[8]
        texts = {*map(type, (*row[:3], *row[4:8], undoes or ""))}
        if texts != {str} or type(at) is not int or not _SHAPE(str(id)) or str(id) >= _LAST_ID:
            raise self._damaged(f"the change {str(id)[:36]} is malformed")
        change = entry(row)
        if str(row[6])[:1] != "[" or str(row[7])[:1] != "{":
            raise self._damaged(f"the change {id} is malformed")
        return change

    def _is_misquoted(self, change: Entry) -> bool:
        said = change.patch
        if "quote" not in said or not said.get("version"):
            return False
        start, end, version = said.get("start"), said.get("end"), said["version"]
        if type(start) is not int or type(end) is not int or not isinstance(version, str):
            return False  # it does not fit its column, and is shown as such
        body = self._body_of(version)
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

    def _require(self, why: str, pairs: Iterable[tuple[str, str]], asked: str) -> None:
        """Refuse the file when this desk does not hold what these pairs tell of."""
        told = list(pairs)
        for start in range(0, len(told), _BLOCK):
            block = json.dumps(told[start : start + _BLOCK])
            sql = f"SELECT p.value ->> 0 FROM json_each(?) p WHERE {asked} LIMIT 1"
            if bad := self._conn.execute(sql, (block,)).fetchone():
                raise self._damaged(f"{why} ({str(bad[0])[:36]})")


_PARENT = "NOT EXISTS (SELECT 1 FROM mine.changes m WHERE m.id = p.value ->> 0 AND m.item = p.value ->> 1)"
_ITEM = "NOT EXISTS (SELECT 1 FROM mine.changes m WHERE m.item = p.value ->> 0 AND m.kind = p.value ->> 1)"
_KIND = "EXISTS (SELECT 1 FROM mine.changes m WHERE m.item = p.value ->> 0 AND m.kind <> p.value ->> 1)"
_PAGE = "NOT EXISTS (SELECT 1 FROM mine.page_bytes m WHERE m.body = p.value ->> 0)"
_TEXT = "NOT EXISTS (SELECT 1 FROM mine.texts m WHERE m.sha = p.value ->> 0)"


class _Found:
    """What has been found in the changes of a file so far."""

    def __init__(self) -> None:
        self.made: dict[str, str] = {}
        """New changes, each with its item."""
        self.kinds: dict[str, str] = {}
        """The items of new changes, each with its kind."""
        self.items: dict[str, set[str]] = {}
        """By kind the items of new changes."""
        self.outside: set[tuple[str, str]] = set()
        """(parent, item) of the changes that build on what is not new."""
        self.wanted: dict[str, set[str]] = {}
        """By kind the items that changes name."""
        self.shas: set[str] = set()
        """Texts that versions name."""
        self.texts: set[str] = set()
        """Texts that are new."""
        self.named: set[str] = set()
        """What articles were read from, as changes name it."""
        self.pages: set[str] = set()
        """What articles were read from, where that is new."""

    @property
    def bodies(self) -> set[str]:
        """What changes name and is not among what is new."""
        return self.named - self.pages

    def take(self, change: Entry) -> str:
        """Take a change in; gives what is wrong with it, or nothing."""
        for parent in change.parents:
            if parent >= change.id:
                return "comes before what it builds on"
            if parent not in self.made:
                self.outside.add((parent, change.item))
            elif self.made[parent] != change.item:
                return "builds on a change of something else"
        self.made[change.id] = change.item
        if self.kinds.setdefault(change.item, change.kind) != change.kind:
            return "gives a record a second kind"
        self.items.setdefault(change.kind, set()).add(change.item)
        self.wanted.setdefault("reviewers", set()).add(change.reviewer)
        for column, kind in _POINTS.get(change.kind, ()):
            named = change.patch.get(column)
            if isinstance(named, str) and named:
                self.wanted.setdefault(kind, set()).add(named)
        if change.kind == "versions" and isinstance(text := change.patch.get("text"), str):
            self.shas.add(text)
        if change.kind == "pages" and isinstance(body := change.patch.get("body"), str):
            self.named.add(body)
        return ""


@contextmanager
def other_desk(path: Path, mine: Path) -> Iterator[OtherDesk]:
    """Another desk's file, compared with ours. It may be open elsewhere, a backup, older, or not to be written.

    Raises:
        Refused: it is not there, is not a desk, is damaged, is from a newer factdesk, or holds a change
            with different content.
    """
    with reading_desk(path) as conn:
        other = OtherDesk(path, conn)
        other.compare(mine)
        yield other
