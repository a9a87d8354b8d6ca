"""Changes that were made on another desk, taken into a log: folded before the transaction that writes them begins."""

from __future__ import annotations

from collections import Counter
from collections.abc import Container, Sequence
from itertools import chain
from typing import NamedTuple

from store.log.fold import Entry
from store.log.kinds import KINDS
from store.log.log import LOGGED, Fold, Log, values_of

_MANY = 100  # changes to a statement
_CHUNK = 400


class Coming(NamedTuple):
    """Changes from another desk that are new here, their items folded, and the state of the desk that they fit."""

    rows: Sequence[Sequence[object]]
    changes: Sequence[Entry]
    folds: Sequence[Fold]
    items: Container[object]
    seen: tuple[int, int]


class LogUnion:
    """Takes changes that were made on other desks into a log."""

    def __init__(self, log: Log) -> None:
        self._log = log

    def fold_ahead(self, rows: Sequence[Sequence[object]], changes: Sequence[Entry]) -> Coming:
        """Changes that were made on another desk, with their items as they will be. Nothing is written.

        Outside a transaction this keeps nobody waiting. ``changes`` are the ``rows``, read; what one builds on comes
        before it, or is here. Those that are here already are passed over.
        """
        items = Counter([change.item for change in changes])
        with self._log.one_moment():
            seen = self._state()
            here = self._of(sorted(items))
            held = {change.id for change in here}
            if not held.isdisjoint([change.id for change in changes]):
                rows = [row for row in rows if row[0] not in held]
                changes = [change for change in changes if change.id not in held]
            known = {change.item for change in here}
            single: dict[str, list[Entry]] = {}
            grouped: dict[str, dict[str, list[Entry]]] = {}
            for change in changes:
                if items[change.item] == 1 and change.item not in known:
                    single.setdefault(change.kind, []).append(change)
                else:
                    grouped.setdefault(change.kind, {}).setdefault(change.item, []).append(change)
            for change in here:
                if entries := grouped.get(change.kind, {}).get(change.item):
                    entries.append(change)
            for found in grouped.values():
                for entries in found.values():
                    entries.sort()
            folds = [
                self._log.fold_items(KINDS[name], single.get(name, ()), grouped.get(name, {}), known)
                for name in dict.fromkeys([*single, *grouped])
                if name in KINDS  # what a newer factdesk has made of other kinds waits in the log
            ]
        return Coming(rows, changes, folds, items.keys(), seen)

    def _of(self, items: Sequence[str]) -> list[Entry]:
        """What the log holds of any number of items."""
        blocks = [items[start : start + _CHUNK] for start in range(0, len(items), _CHUNK)]
        return [change for block in blocks for change in self._log.entries(items=block)]

    def take_in(self, coming: Coming, via: int | None = None) -> range:
        """Append changes that were made on another desk, to the letter, and write their items.

        Must run inside ``writing()``. They are folded once more where somebody has changed one of their items since.
        ``via`` is the remote they came from.

        Returns:
            The numbers (``seq``) that the changes have here.
        """
        log, seen = self._log, self._state()
        if not self._still_fits(coming, seen):
            coming = self.fold_ahead(coming.rows, coming.changes)
        with log.refusing():
            self._append(coming.rows, via)
            for folded in coming.folds:
                log.write_fold(folded)
        return range(seen[0] + 1, seen[0] + 1 + len(coming.rows))

    def _append(self, rows: Sequence[Sequence[object]], via: int | None) -> None:
        """Append changes to the log, many to a statement: each by itself would cost half as much again.

        That they are JSON, and their ids as long as ids are, was found out when they were looked through. While SQLite
        asks that too, it keeps what every page was before a statement with many rows, which costs more than is saved.
        """
        conn = self._log.conn
        conn.execute("PRAGMA ignore_check_constraints = ON")
        try:
            for start in range(0, len(rows), _MANY):
                some = rows[start : start + _MANY]
                conn.execute(LOGGED + ", ".join([values_of(via)] * len(some)), tuple(chain.from_iterable(some)))
        finally:
            conn.execute("PRAGMA ignore_check_constraints = OFF")

    def _state(self) -> tuple[int, int]:
        """What tells what was written since: the newest change's number, and SQLite's for how the tables are made."""
        last = self._log.rows("SELECT coalesce(max(seq), 0) FROM main.changes")[0][0]
        return int(last), int(self._log.rows("PRAGMA main.schema_version")[0][0])

    def _still_fits(self, coming: Coming, now: tuple[int, int]) -> bool:
        """Whether nobody has touched since what changes from another desk were folded with."""
        last, made = coming.seen
        if now[1] != made:  # the tables were made again
            return False
        written = self._log.rows("SELECT item FROM main.changes WHERE seq > ?", (last,)) if now[0] > last else []
        return all(item not in coming.items for (item,) in written)
