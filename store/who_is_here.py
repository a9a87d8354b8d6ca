"""Who works at a desk just now, and on which article: kept beside the desk, never in it.

Each program that has the desk open keeps a small file next to it, as SQLite does, with a lock on it. The system lets go
of the lock however the program ends, so that nobody is told of somebody who has gone: the file of a program that was
killed is taken away by the next one that looks. No save waits for any of this, and nothing of it comes into history,
exports, backups, shares or merges.
"""

from __future__ import annotations

import json
import os
import stat
from collections.abc import Callable, Iterator
from contextlib import suppress
from pathlib import Path
from typing import NamedTuple

from store.access.names import check_name
from store.access.session import Session
from store.errors import Refused
from store.log import clock
from store.log.atomic_write import permit
from store.person import NOBODY, Person

BESIDE = "-here-"
"""What stands between the desk's name and the rest in the names of these files."""

_LONGEST = 4096  # bytes that are read of what a file says
_YOUNG = 60_000  # ms for which a file that has not its name yet may be somebody's who is just coming


class Present(NamedTuple):
    """Somebody at the desk. ``article`` is its id, empty where they have none open; ``since`` is in ms UTC.

    Where blind review hides who it is, that is nobody, since 0.
    """

    person: Person
    article: str
    since: int


class Here:
    """Who works at one desk: yourself, as far as you say so, and the others."""

    def __init__(self, session: Session, path: Path) -> None:
        self._session = session
        self._desk = path.resolve()
        self._file = -1  # the open file that says you are here
        self._path: Path | None = None
        self._said: tuple[str, str, str] | None = None

    def enter(self, article: str = "") -> None:
        """Let others know that you are here, and which article, by its id, you work on. Said again, it is where you
        are from then on; said as it was, it costs nothing.

        Nobody is told where nobody has said who is working, the desk is only read, or nothing can be kept beside it.
        """
        session, presence = self._session, self._session.log.presence
        me = session.reviewer
        if not me.id or session.read_only or (presence is not None and presence.lost):
            self.leave()
            return
        said = (me.id, str(me), article)
        if said == self._said and self._is_kept():
            return
        since = clock.now()
        told = {"person": me.id, "name": str(me), "article": article, "since": since}
        try:
            self._put(json.dumps(told, ensure_ascii=False).encode())
            self._said = said
        except OSError:
            self.leave()

    def leave(self) -> None:
        """Let others know that you are gone. Closing the desk does it, too."""
        path, self._path, self._said = self._path, None, None
        with suppress(OSError):
            if path is not None and self._is_mine(path):
                path.unlink()
        self._let_go()

    def others(self) -> list[Present]:
        """Who else is here, those first who came first. You are among them where you have the desk open twice.

        Each is told once for each article. Who it is stays hidden on an article on which your own work, or theirs, is
        blind; and as long as you have blind work anywhere, those it hides from you have no name on any article.
        """
        there = list(self._read())
        hidden = self._hidden() if there else lambda person, article: True
        found: dict[tuple[str, str], Present] = {}
        for one in there:
            if hidden(one.person.id, one.article):
                one = Present(NOBODY, one.article, 0)
            held = found.get((one.person.id, one.article))
            if held is None or one.since < held.since:
                found[one.person.id, one.article] = one
        return sorted(found.values(), key=lambda one: (one.since or clock.LATEST, one.person, one.article))

    # -- your own file ----------------------------------------------------------------------------------------

    def _put(self, said: bytes) -> None:
        """Say something in place of what was said: in a new file, locked before it has its name. Raises OSError."""
        path = self._path or self._desk.with_name(f"{self._desk.name}{BESIDE}{os.urandom(6).hex()}")
        part = path.with_name(f".{path.name}")
        file = os.open(part, os.O_RDWR | os.O_CREAT | os.O_EXCL | getattr(os, "O_NOFOLLOW", 0), 0o600)
        try:
            _lock(file, alone=True)
            permit(part, self._desk)  # those who read the desk may read this
            os.write(file, said)
            part.replace(path)
        except BaseException:
            os.close(file)
            with suppress(OSError):
                part.unlink()
            raise
        self._let_go()
        self._file, self._path = file, path

    def _is_kept(self) -> bool:
        """Whether what was said can still be read where it was put."""
        return self._path is not None and self._is_mine(self._path)

    def _is_mine(self, path: Path) -> bool:
        try:
            return os.path.samestat(os.fstat(self._file), path.lstat())
        except OSError:
            return False

    def _let_go(self) -> None:
        file, self._file = self._file, -1
        if file >= 0:
            os.close(file)

    # -- those of others --------------------------------------------------------------------------------------

    def _read(self) -> Iterator[Present]:
        """What the files of others say. Those of programs that have ended are taken away."""
        try:
            names = os.listdir(self._desk.parent)  # noqa: PTH208 (asked every second, wherever the desk lies)
        except OSError:
            return
        begun = f"{self._desk.name}{BESIDE}"
        for name in names:
            if name.removeprefix(".").startswith(begun):
                path = self._desk.with_name(name)
                if path != self._path and (said := _said_in(path)) and (one := self._understood(said)):
                    yield one

    def _understood(self, said: bytes) -> Present | None:
        """What a file says; None where it is not what factdesk writes."""
        try:
            told = json.loads(said)
            person, name, article, since = (told[key] for key in ("person", "name", "article", "since"))
            if not all(isinstance(one, str) for one in (person, name, article)) or type(since) is not int:
                return None
            who = self._session.names.get(person) or Person(check_name(name), person)
        except (ValueError, TypeError, KeyError, RecursionError, Refused):
            return None
        there = "SELECT id FROM main.articles WHERE id = ? AND deleted = 0"
        with self._session.log.refusing():
            is_there = bool(self._session.log.rows(there, (article,)))
        return Present(who, article if is_there else "", min(max(since, 1), clock.LATEST))

    def _hidden(self) -> Callable[[str, str], bool]:
        """Tells, by the ids of a person and an article, whether it is hidden from you who is there."""
        session = self._session
        session.look()
        unseen = session.veil.unseen
        own = "SELECT article FROM main.assignments WHERE reviewer = ? AND deleted = 0 AND state <> 'submitted'"
        blind = {article for (article,) in session.log.rows(f"{own} AND blind NOT IN ('', 'open')", (session.me,))}
        apart = {person for _, person in unseen} if blind else set()
        return lambda person, article: (
            person != session.me and (article in blind or person in apart or (article, person) in unseen)
        )


def _lock(file: int, *, alone: bool) -> None:
    """Keep a lock on an open file, until it is closed or the program ends. Raises OSError where that cannot be."""
    try:
        import fcntl
    except ImportError:
        raise OSError("there is nothing to lock it by") from None
    fcntl.flock(file, (fcntl.LOCK_EX if alone else fcntl.LOCK_SH) | fcntl.LOCK_NB)


def _said_in(path: Path) -> bytes:
    """What a file says as long as the program lives that keeps it; else nothing, and it is taken away."""
    part = path.name.startswith(".")
    try:
        status = path.lstat()
        if not stat.S_ISREG(status.st_mode) or status.st_nlink > 1:  # a second name of the desk is not to be opened
            return b""
        if part and clock.now() - status.st_mtime * 1000 < _YOUNG:
            return b""
        file = os.open(path, os.O_RDONLY | getattr(os, "O_NOFOLLOW", 0) | getattr(os, "O_NONBLOCK", 0))
    except OSError:
        return b""
    try:
        if _is_locked(file):
            return b"" if part else os.read(file, _LONGEST)
        with suppress(OSError):
            if os.path.samestat(status, path.lstat()):  # else somebody has just put another in its place
                path.unlink()
        return b""
    except OSError:
        return b""
    finally:
        os.close(file)


def _is_locked(file: int) -> bool:
    try:
        _lock(file, alone=False)
    except OSError:
        return True
    return False
