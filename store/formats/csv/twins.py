"""The claims of a desk that a row may mean: the one of its id, and those of its checker that say the same."""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Callable, Mapping, Sequence
from typing import Any, NamedTuple

from store.access import fields
from store.formats.csv.blocks import TWINS
from store.formats.csv.cells import BadCell, plain, split
from store.formats.csv.claim_columns import COLUMNS, FROM
from store.formats.csv.file import CsvRow
from store.formats.csv.place import Page
from store.formats.csv.record import Json, content, identified
from store.person import Person
from store.text.anchor import Anchor

VALUES = (*fields.CLAIM, "verdict", "justification")
"""The columns whose cells hold the value, whatever the record says."""
CELL_LISTS = ("types", "tags")
_SAID = {"record": "record (people, times, evidence, comments or reviews)"}


class RowClaim(NamedTuple):
    """A row's claim: who has it, where it stands, and its id, which may be the row's own or made for its checker."""

    row: CsvRow
    cells: Mapping[str, str]
    page: Page
    span: Anchor
    by: Person
    id: str
    own_id: bool
    record: Json | None
    values: dict[str, object]


class Twins:
    """Finds what is here of a row's claim, on a snapshot of a desk that was made ready by ``claims.prepare``."""

    def __init__(self, conn: sqlite3.Connection, called: Callable[[str], Person]) -> None:
        self._conn = conn
        self._called = called
        self._tagged: dict[str, bool] = {}
        """By article: whether it has claims here."""

    def has(self, claim: RowClaim) -> bool:
        """Whether the desk has the claim of the row's own id; an id that was just made is nowhere."""
        asked = "SELECT 1 AS x FROM main.claims WHERE id = ? AND deleted = 0"
        return bool(claim.cells.get("claim_id", "").strip()) and self.one(asked, claim.id) is not None

    def of(self, claim: RowClaim) -> list[str]:
        """The claims here by the row's checker, on the same words, with the same claim text."""
        article = claim.page.article
        if article not in self._tagged:
            asked = "SELECT 1 AS x FROM main.claims WHERE article = ? AND deleted = 0 LIMIT 1"
            self._tagged[article] = self.one(asked, article) is not None
        if not self._tagged[article]:
            return []
        text = str(claim.values.get("claim_text", ""))
        return [row["id"] for row in self.rows(TWINS, claim.page.version, *claim.span[:2], claim.by.id, text)]

    def compare(self, claim: RowClaim, here: Sequence[str]) -> None:
        """Refuse a row that says something else than the claims that are here; what is hidden is not compared.

        Raises:
            BadCell: none of them is as the row has it; it says how the first is not.
        """
        for id in here:
            name, other = self._differing(claim, id)
            if not other:
                return
            what = ", ".join(_SAID.get(column, column.replace("_", " ")) for column in other)
            wrong = BadCell(other[0], f"{name} is already on this desk with another {what}: it is not overwritten.")
            if id == here[0]:
                first = wrong
        raise first

    def _differing(self, claim: RowClaim, here: str) -> tuple[str, list[str]]:
        """The name of a claim here, and the columns in which the row says something else."""
        names = [name for name in VALUES if name in claim.cells]
        names += ["start", "end", *(["record"] if claim.record is not None else [])]
        asked = ", ".join(f'{plain(column)} AS "{column.name}"' for column in COLUMNS if column.name in names)
        row = self.one(f"SELECT c.name AS name, {asked} {FROM} WHERE c.id = ?", here)
        if row is None:
            return "", []
        same = here == claim.id
        said = {name: (self._held(name, row[name], same), self._meant(name, claim, same)) for name in names}
        return row["name"], [name for name, (held, meant) in said.items() if held != meant]

    def _held(self, name: str, value: Any, same: bool) -> object:
        """What a claim on the desk says in a column; of another id, but for what two claims never share."""
        if name == "record":
            return self._record(value, same)
        return split(value) if name in CELL_LISTS else value

    def _meant(self, name: str, claim: RowClaim, same: bool) -> object:
        """What a row says in a column, however it is written."""
        if name == "record":
            return self._record(claim.cells[name], same)
        if name in ("start", "end"):
            return getattr(claim.span, name)
        said = claim.cells[name]
        return claim.values.get(name, said.strip() if name == "verdict" else said)

    def _record(self, cell: str, same: bool) -> object:
        record = identified(json.loads(cell), self._called)
        return record if same else content(record)

    def rows(self, sql: str, *values: object) -> list[dict[str, Any]]:
        """The rows that a statement gives, by column."""
        cursor = self._conn.execute(sql, values)
        names = [description[0] for description in cursor.description]
        return [dict(zip(names, row, strict=True)) for row in cursor.fetchall()]

    def one(self, sql: str, *values: object) -> dict[str, Any] | None:
        """The first row that a statement gives."""
        return next(iter(self.rows(sql, *values)), None)
