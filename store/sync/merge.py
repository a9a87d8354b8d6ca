"""Merging: the union of two desks' histories. Any order, any number of times, gives the same desk."""

from __future__ import annotations

import tempfile
import time
from bisect import bisect_left
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import ExitStack, closing
from pathlib import Path
from typing import NamedTuple

from store.access.session import Session
from store.errors import Refused
from store.garbage_collector import collector_at_rest
from store.history.conflicts import ARTICLE_OF_ITEM
from store.log import file as opening
from store.log.backup import backup
from store.log.journal import Journal
from store.log.log import Log
from store.log.union import LogUnion
from store.records import Progress
from store.sync.other_desk import OtherDesk, other_desk
from store.who_is_here import Here

_HOLD = 0.1  # seconds for which a block of changes should hold the file; others save between blocks
_ALONE = 0.4  # the same while nobody else is here: fewer and larger blocks write less in all
_LEAST, _MOST = 50, 20_000  # changes to a block
_TEXT = 500_000  # code points of texts to a block

_Cancelled = Callable[[], bool]


class MergedRow(NamedTuple):
    """What a merged desk held of one article by one person, counted in changes as the history lists them."""

    article: str  # id of the article; empty for people, schemes and sources
    title: str
    person: str
    added: int
    same: int  # changes that were on this desk already
    conflicts: int  # that wait to be settled, and in which this person's value contends


class Merged(NamedTuple):
    """What came of merging one file. What is hidden from you is not counted."""

    file: Path
    rows: tuple[MergedRow, ...]
    notes: tuple[str, ...] = ()  # sentences a person should know
    stopped: bool = False  # before all of it was in

    @property
    def added(self) -> int:
        """The changes that are new here."""
        return sum(row.added for row in self.rows)

    @property
    def same(self) -> int:
        """The changes that were here already."""
        return sum(row.same for row in self.rows)


class Merges:
    """Takes other desks' changes into this one."""

    def __init__(self, session: Session, here: Here) -> None:
        self._session = session
        self._here = here

    @collector_at_rest()
    def merge(
        self,
        paths: Iterable[Path | str],
        *,
        dry_run: bool = False,
        progress: Progress | None = None,
        cancelled: _Cancelled | None = None,
    ) -> list[Merged]:
        """Take in what other desks hold and this one does not. Their files are read only.

        All files are looked through before anything is written. It is written in short transactions, so that others
        can save meanwhile; broken off at any moment, it goes on when the file is merged again. What blind review hides
        from you stays hidden, and is not counted in what this gives back.

        Args:
            paths: the other desks' files: as they are in use, copies, backups, of earlier versions of factdesk.
            dry_run: change nothing; tell what would come of it.
            progress: told how much is done, in thousandths.
            cancelled: asked between transactions; what is in by then stays.

        Raises:
            Refused: a file is not a sound desk, or holds a change that this desk holds otherwise; or the desk cannot
                be written.
        """
        mine = Path(self._session.log.where)
        files = [Path(path) for path in paths]
        for path in files:
            if path.exists() and mine.exists() and path.samefile(mine):
                raise Refused(f"{path} is this desk itself: name another person's file.")
        if dry_run:
            return self._tried(files, progress, cancelled)
        self._session.check_writable()
        with ExitStack() as stack:
            others = [stack.enter_context(other_desk(path, mine)) for path in files]
            merged: list[Merged] = []
            for other in others:
                try:
                    if merged:
                        other.compare(mine)  # an earlier file may have brought some of it, or other words for it
                    merged.append(self._merge(other, progress, cancelled))
                except Refused as refusal:
                    if not merged:
                        raise
                    raise refusal.but(f"{merged[-1].file} and those before it are merged") from refusal
                if merged[-1].stopped:
                    break
        return merged

    def _tried(self, files: Sequence[Path], progress: Progress | None, cancelled: _Cancelled | None) -> list[Merged]:
        """What merging would do, found out with a copy of this desk."""
        with tempfile.TemporaryDirectory(prefix="factdesk-") as folder:
            copy = backup(self._session.log, Path(folder, "desk.db"))
            copy.chmod(0o600)
            conn, read_only, _ = opening.open_file(copy, create=False, patience=10.0)
            with closing(conn):
                session = Session(Log(conn, str(copy)), read_only)
                if self._session.reviewer:
                    session.be(self._session.reviewer)
                return Merges(session, Here(session, copy)).merge(files, progress=progress, cancelled=cancelled)

    def _merge(self, other: OtherDesk, progress: Progress | None, cancelled: _Cancelled | None) -> Merged:
        rows, stopped = self.take(other, progress=progress, cancelled=cancelled)
        return Merged(Path(other.name), tuple(rows), tuple(other.notes), stopped)

    @collector_at_rest()
    def take(
        self,
        other: OtherDesk,
        *,
        via: int | None = None,
        progress: Progress | None = None,
        cancelled: _Cancelled | None = None,
    ) -> tuple[list[MergedRow], bool]:
        """Take in what was found new in another desk; gives what came of it, and whether it was stopped.

        Args:
            other: what is new there.
            via: the remote that it came from.
            progress: told how much is done, in thousandths.
            cancelled: asked between transactions; what is in by then stays.

        Raises:
            Refused: it cannot be written; the sentence says what is in by then.
        """
        added: list[range] = []
        whole = len(other.new.texts) + len(other.new.pieces) + len(other.new.changes)
        done, stopped = 0, False

        def go_on(count: int) -> bool:
            nonlocal done, stopped
            done += count
            if progress and whole:
                progress(done * 1000 // whole, 1000)  # how many there are tells of what is hidden
            stopped = bool(cancelled and cancelled())
            return not stopped

        journal = Journal(self._session.log)
        try:
            if go_on(0) and self._take_texts(other, go_on) and self._take_pieces(other, go_on):
                journal.counted()
                self._take_changes(other, journal, added, go_on, via)
        except Refused as refusal:
            if not done:
                raise
            raise refusal.but("what is in by now stays; merge again for the rest") from refusal
        finally:
            journal.close()
            self._session.doubt()
        return self._rows(added, other.new.same), stopped

    def _take_texts(self, other: OtherDesk, go_on: Callable[[int], bool]) -> bool:
        held: dict[str, str] = {}
        for place, number in enumerate(other.new.texts, 1):
            sha, body = other.text(number)
            held[sha] = body
            if sum(map(len, held.values())) > _TEXT or place == len(other.new.texts):
                with self._session.log.writing():
                    self._session.log.keep(held)
                if not go_on(len(held)):
                    return False
                held.clear()
        return True

    def _take_pieces(self, other: OtherDesk, go_on: Callable[[int], bool]) -> bool:
        waiting: list[tuple[str, int, bytes]] = []
        for place, number in enumerate(other.new.pieces, 1):
            waiting.append(other.piece(number))
            if sum(len(packed) for _, _, packed in waiting) > _TEXT or place == len(other.new.pieces):
                with self._session.log.writing():
                    self._session.log.keep_bytes(waiting)
                if not go_on(len(waiting)):
                    return False
                waiting.clear()
        return True

    def _take_changes(
        self, other: OtherDesk, journal: Journal, added: list[range], go_on: Callable[[int], bool], via: int | None
    ) -> None:
        numbers, ends, at, size = other.new.changes, other.new.ends, 0, min(200, _MOST)
        union = LogUnion(self._session.log)
        while at < len(numbers):
            end = ends[min(bisect_left(ends, at + size), len(ends) - 1)]  # an item is folded once
            coming = union.fold_ahead(*other.changes(numbers[at:end]))
            with self._session.log.writing():
                began = time.monotonic()
                added.append(union.take_in(coming, via))
            took = max(time.monotonic() - began, 0.001)  # until it is on the disk
            at, count = end, end - at
            journal.grew(count)
            hold = _HOLD if self._here.others() else _ALONE
            size = min(_MOST, 2 * size, max(_LEAST, int(count * hold / took)))
            if not go_on(count):
                return

    def _rows(self, added: Sequence[range], same: Sequence[int]) -> list[MergedRow]:
        """What a merge did, by article and person, as far as who works here may see it."""
        session = self._session
        runs = [*((*run, 0) for run in _runs(same)), *((one[0], one[-1], 1) for one in added if one)]
        with session.with_table("merged", ("first INTEGER PRIMARY KEY", "last INTEGER", "added INTEGER"), runs):
            counted = session.tuples(_COUNTED)
            waiting = session.tuples(_WAITING)
            names = dict(session.tuples("SELECT id, title FROM articles"))
        conflicts = {(article, person): count for article, person, count in waiting}
        found = [
            MergedRow(
                article, names.get(article, ""), session.person(person), new, old,
                conflicts.get((article, person), 0),
            )
            for article, person, new, old in counted
        ]  # fmt: skip
        return sorted(found, key=lambda row: (not row.article, row.title, row.article, row.person))


def _runs(numbers: Iterable[int]) -> Iterator[tuple[int, int]]:
    """Numbers that follow each other, the first and the last of each run: most of what two desks share lies so."""
    first = last = 0
    for number in sorted(numbers):
        if number != last + 1:
            if last:
                yield first, last
            first = number
        last = number
    if last:
        yield first, last


_COUNTED = f"""
SELECT article, reviewer, sum(added), sum(1 - added) FROM (
  SELECT {ARTICLE_OF_ITEM} AS article, x.reviewer, m.added
  FROM temp.merged m CROSS JOIN changes x ON x.seq BETWEEN m.first AND m.last) GROUP BY article, reviewer
"""
_WAITING = f"""
SELECT x.article, c.reviewer, count(DISTINCT x.item || x.part) FROM (
  SELECT {ARTICLE_OF_ITEM} AS article, x.item, x.part, x.versions FROM conflicts x WHERE EXISTS (
    SELECT 1 FROM changes y WHERE y.item = x.item AND y.seq <= (
      SELECT m.last FROM temp.merged m WHERE m.first <= y.seq ORDER BY m.first DESC LIMIT 1))) x
JOIN json_each(x.versions) n JOIN changes c ON c.id = n.value GROUP BY 1, 2
"""
