"""Syncing: this desk and a remote give each other what they have not. Any order, any number of times, as in merging.

What a desk remembers of a remote lies in its table ``remotes``, which is nobody's history: how far it has sent
(``pushed``, a number of its own log), how far it has fetched (``pulled``, a number of the remote's), and one change
that it knows to be there (``seen``, ``seen_id``). The cursors only ever lag behind the truth, never run ahead: what is
broken off anywhere is done again, and what is there already is passed over. A remote that was replaced has another
epoch; one that was restored from an old backup has another change, or none, at ``seen``: then both cursors start over,
and all that any desk holds flows back.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from contextlib import closing
from pathlib import Path
from typing import NamedTuple

from store.access.session import Session
from store.errors import Refused
from store.log import clock
from store.log.kinds import REFERENCES
from store.log.migrations import STEPS
from store.person import Person
from store.records import Progress
from store.sync.contract import ROW_COLUMNS, LogRow, Piece, Pushed, Remote, State
from store.sync.merge import MergedRow, Merges
from store.sync.other_desk import TAKEN_FIRST, Mends
from store.sync.staged_changes import Stage

_PUSH = 10_000  # changes that are sent together
_PULL = 100_000  # changes that are fetched, looked through and taken in together
_BYTES = 4_000_000  # of texts and pages that are sent together

_COLUMNS = ", ".join(ROW_COLUMNS)
_Cancelled = Callable[[], bool]

MENDS = Mends(
    "tell the person who looks after it; `factdesk backup` keeps this desk as it is.",
    "one of the two was altered by another program. Nothing was changed. Run `factdesk verify` here; if this desk is "
    "sound, tell the person who looks after the other.",
)


class RemoteLink(NamedTuple):
    """What this desk remembers of a remote, as the table ``remotes`` has it."""

    id: int
    address: str
    epoch: str
    pushed: int
    pulled: int
    seen: int
    seen_id: str
    synced: int
    """When something was last exchanged, in ms UTC; 0 when nothing was yet."""


class Synced(NamedTuple):
    """What came of syncing with one remote. What is hidden from you is not counted among what was received."""

    remote: str
    sent: int
    """Changes that the remote did not have."""
    rows: tuple[MergedRow, ...]
    """What was received, by article and person."""
    held: tuple[tuple[Person, int], ...] = ()
    """People whose changes the remote does not take from you, and how many wait here."""
    waiting: int = 0
    """Changes that are still to be sent."""
    notes: tuple[str, ...] = ()
    """Sentences a person should know."""
    stopped: bool = False
    """Before all of it was done."""

    @property
    def received(self) -> int:
        """The changes that are new here."""
        return sum(row.added for row in self.rows)


class Remotes:
    """Syncs this desk with remotes, and remembers them."""

    def __init__(self, session: Session, merges: Merges) -> None:
        self._session = session
        self._merges = merges

    # -- what is remembered -----------------------------------------------------------------------------------

    def all(self) -> list[RemoteLink]:
        """The remotes this desk has synced with, the oldest first."""
        names = ", ".join(RemoteLink._fields)
        return [RemoteLink(*row) for row in self._session.log.rows(f"SELECT {names} FROM main.remotes WHERE id > 0")]

    def get(self, address: str) -> RemoteLink | None:
        """What is remembered of a remote; None when this desk has not synced with it."""
        return next((link for link in self.all() if link.address == address), None)

    def forget(self, address: str) -> bool:
        """Remember a remote no longer; gives whether it was remembered. What came from it stays.

        Raises:
            ReadOnly: the desk cannot be written.
        """
        self._session.check_writable()
        link = self.get(address)
        if link:
            with self._session.log.writing():
                self._drop(link.id)
        return link is not None

    def waiting(self, address: str) -> int:
        """How many changes are to be sent to a remote, without those that it does not take from you."""
        link = self.get(address)
        asked = "SELECT count(*) FROM main.changes WHERE seq > ? AND via IS NOT ?"
        return int(self._session.log.rows(asked, (link.pushed, link.id) if link else (0, 0))[0][0])

    def at(self, where: str | Path, ask: Callable[[str], str] | None = None) -> Remote:
        """What a person names as the place to sync with: a PostgreSQL hub, another desk's file, or else a folder.

        Args:
            where: ``postgresql://LOGIN@HOST/DATABASE``; a file, or a name that ends in ``.db``; a folder.
            ask: asks for the password of a hub that wants one.

        Raises:
            Refused: it is none of these, holds a password, or cannot be used.
            Offline: it cannot be reached now.
        """
        from store.sync.hub_address import is_hub, way_to

        said, mine = str(where), Path(self._session.log.where)
        if is_hub(said):
            from store.sync.postgres import Postgres

            return Postgres(way_to(said), ask)
        if "://" in said:
            raise Refused("That is not a place to sync with: name postgresql://LOGIN@HOST/DATABASE or a folder.")
        path = Path(where)
        if not path.is_dir() and (path.is_file() or path.suffix == ".db"):
            from store.sync.desk_file import DeskFile

            return DeskFile(path, mine)
        from store.sync.folder import Folder

        return Folder(path)

    # -- syncing ----------------------------------------------------------------------------------------------

    def sync(self, remote: Remote, *, progress: Progress | None = None, cancelled: _Cancelled | None = None) -> Synced:
        """Take in what a remote has and this desk has not, then send what the remote has not.

        All is written in short transactions, so that others can work meanwhile; what is broken off goes on next time.

        Args:
            remote: as `open_remote` gives it.
            progress: told how many changes are done, and about how many there are.
            cancelled: asked between transactions; what is in by then stays.

        Raises:
            Offline: the remote cannot be reached now.
            Refused: it holds what no desk holds, or a newer factdesk's work; or this desk cannot be written.
        """
        self._session.check_writable()
        known = self.get(remote.address)
        state = remote.state(known.seen if known else 0)
        if newer := sorted(state.steps - set(STEPS)):
            raise Refused(
                f"{remote.address} holds the work of a newer factdesk (step {newer[0]}): update factdesk first. "
                "Nothing was changed; what you do here waits until then."
            )
        link, notes = self._linked(remote, state)
        work = _Work(self._session, self._merges, remote, link, state, progress, cancelled)
        rows = work.pull()
        sent = 0 if work.stopped or not state.takes else work.push()
        if not state.takes and (waiting := self.waiting(link.address)):
            notes.append(f"{remote.address} takes nothing from you: your login may only read. {waiting:,} wait here.")
        return Synced(
            remote.address, sent, tuple(rows), tuple(self._held(link)), self.waiting(link.address),
            (*notes, *work.notes), work.stopped,
        )  # fmt: skip

    def _linked(self, remote: Remote, state: State) -> tuple[RemoteLink, list[str]]:
        """What is remembered of a remote; started over when it is new, another one, or not as it was."""
        links = self.all()
        link = next((one for one in links if one.epoch == state.epoch), None)
        earlier = next((one for one in links if one.address == remote.address and one is not link), None)
        notes = []
        at = state if link and link.address == remote.address else remote.state(link.seen if link else 0)
        if link and link.seen and at.id != link.seen_id:
            notes.append(f"{remote.address} was restored from an earlier state: all of this desk is sent again.")
            earlier, link = link, None
        elif earlier and earlier.seen:
            notes.append(f"{remote.address} was replaced by another: all of this desk is sent to it.")
        if link and not earlier and link.address == remote.address:
            return link, notes
        with self._session.log.writing():
            if earlier:
                self._drop(earlier.id)
            if link:
                self._session.log.remember(
                    "UPDATE main.remotes SET address = ? WHERE id = ?", [(remote.address, link.id)]
                )
            else:
                self._session.log.remember(_BEGIN, [(remote.address, state.epoch)])
        found = self.get(remote.address)
        assert found is not None
        return found, notes

    def _drop(self, id: int) -> None:
        self._session.log.remember("DELETE FROM main.held_back WHERE remote = ?", [(id,)])
        self._session.log.remember("DELETE FROM main.remotes WHERE id = ?", [(id,)])

    def _held(self, link: RemoteLink) -> Iterator[tuple[Person, int]]:
        asked = (
            "SELECT c.reviewer, count(*) FROM main.held_back h JOIN main.changes c ON c.seq = h.change"
            " WHERE h.remote = ? GROUP BY 1 ORDER BY min(c.seq)"
        )
        for person, count in self._session.log.rows(asked, (link.id,)):
            yield self._session.person(person), int(count)


_BEGIN = """
INSERT INTO main.remotes (id, address, epoch) VALUES (1 + max(coalesce((SELECT max(id) FROM main.remotes), 0),
  coalesce((SELECT max(via) FROM main.changes), 0)), ?, ?)
"""
"""A new remote's number is none that changes have come by."""


class _Work:
    """One sync with one remote."""

    def __init__(
        self,
        session: Session,
        merges: Merges,
        remote: Remote,
        link: RemoteLink,
        state: State,
        progress: Progress | None,
        cancelled: _Cancelled | None,
    ) -> None:
        self._session, self._log, self._merges = session, session.log, merges
        self._remote, self._link, self._state = remote, link, state
        self._cancelled = cancelled
        self._progress = progress
        self._before = link.pulled
        self._holds = False
        self._done = 0
        unsent = self._log.rows("SELECT coalesce(max(seq), 0) FROM main.changes")[0][0] - link.pushed
        self._whole = state.last - link.pulled + unsent
        self.notes: list[str] = []
        self.stopped = False

    def _tell(self, count: int) -> None:
        self._done += count
        if self._progress and self._whole:
            self._progress(min(self._done, self._whole), self._whole)
        self.stopped = self.stopped or bool(self._cancelled and self._cancelled())

    # -- fetching ---------------------------------------------------------------------------------------------

    def pull(self) -> list[MergedRow]:
        """Take in all that the remote has beyond the cursor; what hides something before what it hides."""
        rows: list[MergedRow] = []
        after, until = self._link.pulled, self._state.last
        self._tell(0)
        if until - after > _PULL and not self.stopped:
            rows += self._taken(after, until, until - after, TAKEN_FIRST)[0]
        while after < until and not self.stopped:
            found, last, last_id = self._taken(after, until, _PULL)
            rows += found
            if not last or self.stopped:
                break
            self._remember(pulled=last, seen=last, seen_id=last_id)
            self._tell(last - after)
            after = last
        return _summed(rows)

    def _taken(
        self, after: int, until: int, most: int, kinds: tuple[str, ...] = ()
    ) -> tuple[list[MergedRow], int, str]:
        """Fetch some changes and take them in; gives what came of it, and the last of them."""
        mine = Path(self._log.where)
        with closing(Stage(self._remote.address, mine)) as stage:
            if not stage.fill(self._remote, after, until, most, kinds):
                return [], 0, ""
            other = stage.other_desk(MENDS)
            rows, stopped = self._merges.take(other, via=self._link.id, cancelled=self._cancelled)
            self.stopped = self.stopped or stopped
            self.notes += [note for note in other.notes if note not in self.notes]
            return rows, stage.last, stage.last_id

    # -- sending ----------------------------------------------------------------------------------------------

    def push(self) -> int:
        """Send all that the remote may not have and takes from here; gives how many it did not have."""
        sent = 0
        moved = self._state.last > self._before or not self._state.person
        if moved and not self.stopped and (held := self._held_back()):
            sent += self._send(held, self._link.pushed)
        while not self.stopped:
            asked = f"SELECT seq, via IS ?, {_COLUMNS} FROM main.changes WHERE seq > ? ORDER BY seq LIMIT ?"
            rows = self._log.rows(asked, (self._link.id, self._link.pushed, _PUSH))
            if not rows:
                break
            sent += self._send([(row[0], row[2:]) for row in rows if not row[1]], rows[-1][0])
            self._tell(len(rows))
        return sent

    def _send(self, rows: list[tuple[int, LogRow]], until: int) -> int:
        """Send some changes; with them all of this desk's up to a number have been looked at."""
        may, known = self._allowed(rows) if self._state.person else (rows, set())
        added, found = 0, {}
        if may:
            self._send_texts([change for _, change in may])
            pushed = self._remote.push([change for _, change in may], STEPS)
            added, found = pushed.added, self._found(pushed)
        if self._state.person or self._holds:
            held = {number for number, change in rows if change[0] not in known} - {number for number, _ in may}
            self._log_held([number for number, _ in rows], held)
        self._remember(pushed=until, **found)
        return added

    def _found(self, pushed: Pushed) -> dict[str, object]:
        """What was sent is seen there, and need not be fetched again when nobody else's came between."""
        if not pushed.added:
            return {}
        between = pushed.last - pushed.added != self._link.pulled
        return {"seen": pushed.last, "seen_id": pushed.id} | ({} if between else {"pulled": pushed.last})

    def _send_texts(self, changes: list[LogRow]) -> None:
        texts: dict[str, str] = {}
        pieces: list[Piece] = []
        size = 0
        for sha, body, piece in self._named(changes):
            if piece:
                pieces.append(piece)
            else:
                texts[sha] = body
            size += len(body) + (len(piece[2]) if piece else 0)
            if size > _BYTES:
                self._remote.keep(texts, pieces)
                texts, pieces, size = {}, [], 0
        if texts or pieces:
            self._remote.keep(texts, pieces)

    def _named(self, changes: list[LogRow]) -> Iterator[tuple[str, str, Piece | None]]:
        """The texts and the pieces of pages that changes name."""
        for change in changes:
            kind, patch = change[4], change[7]
            if kind == "versions" and isinstance(sha := json.loads(patch).get("text"), str):
                for (body,) in self._log.rows("SELECT body FROM main.texts WHERE sha = ?", (sha,)):
                    yield sha, body, None
            elif kind == "pages" and isinstance(page := json.loads(patch).get("body"), str):
                for (place,) in self._log.rows("SELECT place FROM main.page_bytes WHERE body = ? ORDER BY 1", (page,)):
                    asked = "SELECT packed FROM main.page_bytes WHERE body = ? AND place = ?"
                    yield page, "", (page, place, self._log.rows(asked, (page, place))[0][0])

    # -- who may send only what is their own ------------------------------------------------------------------

    def _held_back(self) -> list[tuple[int, LogRow]]:
        """What the remote did not take so far."""
        asked = (
            f"SELECT seq, {_COLUMNS} FROM main.held_back h JOIN main.changes c ON c.seq = h.change"
            " WHERE h.remote = ? ORDER BY seq"
        )
        found = [(row[0], row[1:]) for row in self._log.rows(asked, (self._link.id,))]
        self._holds = bool(found)
        return found

    def _allowed(self, rows: list[tuple[int, LogRow]]) -> tuple[list[tuple[int, LogRow]], set[str]]:
        """Those that the remote takes from who works here, and that build on nothing that it has not; and the ids of
        others' that it has by now."""
        asked = (
            "SELECT id, item, parents FROM main.held_back h JOIN main.changes c ON c.seq = h.change WHERE remote = ?"
        )
        here = {change[0] for _, change in rows}
        before = [row for row in self._log.rows(asked, (self._link.id,)) if row[0] not in here]
        theirs = [change[0] for _, change in rows if not self._own(change)]
        known = self._remote.known([*theirs, *(id for id, _, _ in before)])
        held = {id for id, _, _ in before} - known
        unmade = {item for id, item, parents in before if id in held and parents == "[]"}
        may = []
        for number, change in rows:
            if change[0] in known:
                continue
            if self._own(change) and not _builds_on(change, held, unmade):
                may.append((number, change))
                continue
            held.add(change[0])
            if change[6] == "[]":
                unmade.add(change[5])
        return may, known

    def _own(self, change: LogRow) -> bool:
        """Whether it is of the person whose changes the remote takes; anybody may say that somebody has joined."""
        joins = change[4] == "reviewers" and change[5] == change[2] and change[6] == "[]"
        return change[2] == self._state.person or joins

    def _log_held(self, numbers: list[int], held: set[int]) -> None:
        with self._log.writing():
            self._log.remember(
                "DELETE FROM main.held_back WHERE remote = ? AND change = ?",
                ((self._link.id, number) for number in numbers if number not in held),
            )
            self._log.remember(
                "INSERT OR IGNORE INTO main.held_back VALUES (?, ?)", ((self._link.id, number) for number in held)
            )

    # -- what is remembered -----------------------------------------------------------------------------------

    def _remember(self, **values: object) -> None:
        values["synced"] = clock.now()
        sets = ", ".join(f"{name} = ?" for name in values)
        with self._log.writing():
            self._log.remember(f"UPDATE main.remotes SET {sets} WHERE id = ?", [(*values.values(), self._link.id)])
        self._link = self._link._replace(**values)  # type: ignore[arg-type]


def _builds_on(change: LogRow, held: set[str], unmade: set[str]) -> bool:
    """Whether a change builds on, or names, what is held back."""
    if not held:
        return False
    parents, patch = json.loads(change[6]), json.loads(change[7])
    named = {value for column, value in patch.items() if column in REFERENCES or column == "item"}
    return not held.isdisjoint(parents) or not unmade.isdisjoint({change[2], *named})


def _summed(rows: list[MergedRow]) -> list[MergedRow]:
    """One row for each article and person."""
    found: dict[tuple[str, str], MergedRow] = {}
    for row in rows:
        held = found.get((row.article, row.person))
        found[row.article, row.person] = (
            row if held is None else row._replace(added=held.added + row.added, same=held.same + row.same)
        )
    return list(found.values())
