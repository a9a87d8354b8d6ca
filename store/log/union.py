"""Changes that were made on another desk, taken into a log: folded before the transaction that writes them begins."""

from __future__ import annotations

import json
from collections.abc import Container, Sequence
from typing import NamedTuple

from store.log.fold import Entry, entries_of
from store.log.kinds import KINDS
from store.log.log import LOGGED, Fold, Log

_CAME = LOGGED.replace(", undoes)", ", undoes, via)").replace("?)", "?, {via:d})")
_CHUNK = 400


class Coming(NamedTuple):
    """Changes from another desk that are new here, their items folded, and the state of the desk that they fit."""

    rows: Sequence[Sequence[object]]
    folds: Sequence[Fold]
    items: Container[object]
    seen: tuple[int, int]


class LogUnion:
    """Takes changes that were made on other desks into a log."""

    def __init__(self, log: Log) -> None:
        self._log = log

    def fold_ahead(self, rows: Sequence[Sequence[object]]) -> Coming:
        """Changes that were made on another desk, with their items as they will be. Nothing is written.

        Outside a transaction this keeps nobody waiting. ``rows`` hold the columns that `fold.entry` reads; what a
        change builds on comes before it, or is here. Those that are here already are passed over.
        """
        log = self._log
        with log.one_moment():
            seen = self._state()
            ids = json.dumps([row[0] for row in rows])
            held = set(log.rows("SELECT id FROM main.changes WHERE id IN (SELECT value FROM json_each(?))", (ids,)))
            coming = [row for row in rows if (row[0],) not in held] if held else rows
            with log.refusing():
                changes = entries_of(coming)
            items = [*dict.fromkeys(change.item for change in changes)]
            grouped: dict[str, dict[str, list[Entry]]] = {}
            for start in range(0, len(items), _CHUNK):
                for change in log.entries(items=items[start : start + _CHUNK]):
                    grouped.setdefault(change.kind, {}).setdefault(change.item, []).append(change)
            known = {item for found in grouped.values() for item in found}
            for change in changes:
                grouped.setdefault(change.kind, {}).setdefault(change.item, []).append(change)
            for found in grouped.values():
                for entries in found.values():
                    entries.sort()
            folds = [log.fold_items(KINDS[name], found, known) for name, found in grouped.items() if name in KINDS]
        # what a newer factdesk has made of other kinds waits in the log
        return Coming(coming, folds, {row[5] for row in rows}, seen)

    def take_in(self, coming: Coming, via: int | None = None) -> range:
        """Append changes that were made on another desk, to the letter, and write their items.

        Must run inside ``writing()``. They are folded once more where somebody has changed one of their items since.
        ``via`` is the remote they came from.

        Returns:
            The numbers (``seq``) that the changes have here.
        """
        log, seen = self._log, self._state()
        if not self._still_fits(coming, seen):
            coming = self.fold_ahead(coming.rows)
        with log.refusing():
            log.conn.executemany(LOGGED if via is None else _CAME.format(via=via), coming.rows)
            for folded in coming.folds:
                log.write_fold(folded)
        return range(seen[0] + 1, seen[0] + 1 + len(coming.rows))

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
