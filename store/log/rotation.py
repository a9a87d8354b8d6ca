"""The backups that a desk has: which there are, when another is due, and which go in their turn."""

from __future__ import annotations

import re
from collections.abc import Iterator
from contextlib import suppress
from datetime import datetime
from pathlib import Path
from typing import NamedTuple

from store.errors import Refused
from store.log.backup import contents
from store.log.clock import now
from store.log.copies import BEFORE_UPDATE, DAILY, backups_folder, copy_by_itself
from store.log.file import reading_desk
from store.log.log import Log

NUMBER, DAYS = 7, 30
"""How many daily backups are kept, and for how many days an automatic one is at most, unless it is said otherwise."""

_DAY = 24 * 60 * 60 * 1000  # ms
_DATED = r"{}(?P<before>-before-restore)?-(?P<at>\d{{4}}-\d\d-\d\d-\d{{6}})(?P<why>-before-update)?(-\d+)?{}"

_WHY = {DAILY: "daily", BEFORE_UPDATE: "before an update"}
_BY_HAND, _REPLACED = "by hand", "replaced by restore"


class Backup(NamedTuple):
    """A copy of a desk: ``at`` is when it was made, in ms UTC by the clock of then, ``size`` in bytes."""

    number: int
    at: int
    why: str
    size: int
    file: Path

    @property
    def automatic(self) -> bool:
        return self.why in _WHY.values()


def backups_of(path: Path) -> list[Backup]:
    """The backups of a desk, be it there or not: the automatic ones, and those beside it, the newest first, from 1.

    They are known by their names; whether one is sound is for `backup.contents` to say.
    """
    path = path.resolve()
    found = [*_dated(backups_folder(path), path, _WHY), *_dated(path.parent, path, {DAILY: _BY_HAND})]
    found.sort(key=lambda one: (-one.at, one.file.name))
    return [one._replace(number=number) for number, one in enumerate(found, 1)]


class CheckedBackup(NamedTuple):
    """A backup that was looked into: what it holds, and what is wrong with it as a sentence, empty when it is sound.

    How many claims there are is not told: blind review may hide that.
    """

    number: int
    at: int
    why: str
    size: int
    articles: int
    problem: str
    file: Path


def check_backup(one: Backup) -> CheckedBackup:
    """Look into a backup; of a damaged one nothing is counted."""
    articles, problem = 0, ""
    try:
        articles = contents(one.file).articles
    except Refused as refusal:
        problem = str(refusal)
    return CheckedBackup(one.number, one.at, one.why, one.size, articles, problem, one.file)


def backup_of(path: Path, number: int) -> Path:
    """The backup of a desk by its number in `backups_of`. Raises Refused when there is none of that number."""
    found = backups_of(path)
    if not 1 <= number <= len(found):
        there = f"there are {len(found)}" if found else f"{path} has none"
        raise Refused(f"There is no backup {number}: {there}; `factdesk backups` lists them.")
    return found[number - 1].file


class Backups:
    """The backups that factdesk makes of a desk by itself."""

    def __init__(self, log: Log, path: Path, read_only: str) -> None:
        self._log = log
        self._path = path
        self._read_only = read_only

    @property
    def folder(self) -> Path:
        """Where they lie; it may not exist yet."""
        return backups_folder(self._path)

    def all(self) -> list[Backup]:
        """All backups of this desk, the newest first."""
        return backups_of(self._path)

    def due(self) -> bool:
        """Whether a day has gone by since the last automatic one, or the first change, and something is new since.

        One that a wrong clock has dated in the future does not put the next one off.
        """
        rows = [] if self._read_only else self._log.rows("SELECT at FROM main.changes ORDER BY seq LIMIT 1")
        made = [one for one in self.all() if one.automatic] if rows else []
        if not rows or any(0 <= now() - at < _DAY for at in (rows[0][0], *(one.at for one in made))):
            return False
        return not made or _newest(made[0].file) != self._log.rows(_NEWEST)

    def keep(self, number: int = NUMBER, days: int = DAYS) -> Path | None:
        """Make a backup if one is due; then those go whose turn it is.

        A daily one goes when ``number`` newer ones are there, and each after so many ``days``, but for the newest.
        Nothing else in the folder is touched, nor what is dated in the future.

        Returns:
            The new backup; None when none was due.

        Raises:
            Refused: it could not be made: the disk is full, or the folder cannot be written.
        """
        if number < 1 or not self.due():
            return None
        return self.make(number, days)

    def make(self, number: int = NUMBER, days: int = DAYS) -> Path:
        """Make one now, due or not; otherwise as `keep`. It may be called from any thread."""
        try:
            with reading_desk(self._path) as conn:
                made = copy_by_itself(conn, self._path, DAILY)
        except Refused as refusal:
            raise Refused(f"Today's backup was not made. {refusal}") from None
        past = [one for one in self.all() if one.automatic and one.at <= now() and one.file != made]
        daily = [one for one in past if one.why == _WHY[DAILY]]
        for one in past:
            if one in daily[number - 1 :] or now() - one.at > days * _DAY:
                with suppress(OSError):
                    one.file.unlink()
        return made


_NEWEST = "SELECT seq, id FROM main.changes ORDER BY seq DESC LIMIT 1"


def _newest(file: Path) -> list[tuple[object, ...]]:
    """The newest change in a backup; none when it cannot be read."""
    with suppress(Refused), reading_desk(file) as conn:
        return conn.execute(_NEWEST).fetchall()
    return []


def _dated(folder: Path, path: Path, reasons: dict[str, str]) -> Iterator[Backup]:
    """The copies of a desk in a folder, by their names, of no number yet."""
    known = re.compile(_DATED.format(re.escape(path.stem), re.escape(path.suffix)))
    with suppress(OSError):
        for file in folder.iterdir():
            name = known.fullmatch(file.name)
            why = reasons.get(name["why"] or DAILY) if name else None
            if name and why:
                with suppress(OSError, ValueError, OverflowError):
                    at = datetime.strptime(name["at"], "%Y-%m-%d-%H%M%S")
                    why = _REPLACED if name["before"] else why
                    yield Backup(0, int(at.timestamp() * 1000), why, file.stat().st_size, file)
