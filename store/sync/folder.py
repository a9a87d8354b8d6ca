"""A folder as a remote: for a network drive or a stick, where no SQLite file may be shared and no server is.

Nothing in it is ever written a second time. Changes lie in files that are named by the number of their first one; who
gives a file that name first has appended, and who comes second appends behind. A service that copies folders between
machines may put one such file in the place of another: then the loser's changes are not where its desk saw them, and
it sends all it has again, as to a remote that was restored from a backup.
"""

from __future__ import annotations

import hashlib
import json
import os
from collections.abc import Collection, Iterator, Mapping, Sequence
from contextlib import contextmanager, suppress
from pathlib import Path

from store.errors import Damaged, Offline, Refused
from store.file_locks import open_to_read
from store.log.atomic_write import part_beside, refuse_journal
from store.sync.contract import LogRow, Piece, Pushed, State

_NAME = "factdesk-folder.json"
_INSIDE = ("changes", "texts", "pages", "steps")
_FORMAT = 1
_TRIES = 100  # times that others may be quicker with a number


class Folder:
    """A folder that desks sync with, as a `Remote`."""

    def __init__(self, path: Path) -> None:
        """Look at a folder, or make it.

        Raises:
            Refused: it holds something else, or cannot be used.
            Offline: it is not there now.
        """
        self.address = str(path.resolve())
        self._path = path
        self._ids: dict[str, LogRow] = {}
        """The changes that were read, by their ids."""
        self._learnt: set[int] = set()
        """The files whose changes are in that."""
        self._starts: dict[int, int] = {}
        """The files that were read: by the number of their first change, how many changes they have."""
        with self._using():
            if path.exists() and not path.is_dir():
                raise Refused(f"{path} is a file: name a folder.")
            refuse_journal(path)
            path.mkdir(exist_ok=True)
            if not (path / _NAME).exists() and any(map(_is_strange, path.iterdir())):
                raise Refused(f"{path} holds other things: name a new or an empty folder for desks to meet in.")
            for inside in _INSIDE:
                (path / inside).mkdir(exist_ok=True)
            self._write(path / _NAME, json.dumps({"format": _FORMAT, "epoch": os.urandom(16).hex()}).encode())

    def state(self, at: int) -> State:
        """How it stands; see `Remote`."""
        with self._using():
            said = json.loads(_data(self._path / _NAME))
            if said["format"] > _FORMAT:
                raise Refused(f"{self._path} was made by a newer factdesk: update factdesk first.")
            last = self._last()
            found = self._read(at - 1, 1) if 0 < at <= last else []
            steps = frozenset(step.name for step in (self._path / "steps").iterdir() if not _is_hidden(step))
            return State(str(said["epoch"]), last, found[0][1][0] if found else "", steps)

    def keep(self, texts: Mapping[str, str], pieces: Sequence[Piece]) -> None:
        """Keep texts and pieces of pages; see `Remote`."""
        with self._using():
            for sha, body in texts.items():
                self._write(self._path / "texts" / sha, body.encode())
            for body, place, packed in pieces:
                folder = self._path / "pages" / body
                folder.mkdir(exist_ok=True)
                self._write(folder / f"{place:06d}", packed)

    def push(self, changes: Sequence[LogRow], steps: Collection[str]) -> Pushed:
        """Append changes; see `Remote`."""
        with self._using():
            for step in steps:
                self._write(self._path / "steps" / step, b"")
            for _ in range(_TRIES):
                last = self._learn()
                for row in changes:
                    if self._ids.get(row[0], row) != row:
                        raise Refused(
                            f"{self._path} and this desk both hold the change {row[0]}, with different content: one of "
                            "the two was altered by another program. Nothing was sent. Run `factdesk verify` here; if "
                            "this desk is sound, start a new folder."
                        )
                new = [row for row in changes if row[0] not in self._ids]
                if not new:
                    return Pushed(0, last, "")
                body = "".join(json.dumps(row, ensure_ascii=False) + "\n" for row in new).encode()
                head = f"{len(new)} {hashlib.sha256(body).hexdigest()}\n".encode()
                if self._write(self._path / "changes" / f"{last + 1:012d}", head + body):
                    return Pushed(len(new), last + len(new), new[-1][0])
            raise Offline(f"{self._path} is written to by others all the time; nothing was sent: try again.")

    def pull(self, after: int, limit: int, kinds: Collection[str] = ()) -> list[tuple[int, LogRow]]:
        """Changes after a number; see `Remote`."""
        with self._using():
            if not kinds:
                return self._read(after, limit)
            found: list[tuple[int, LogRow]] = []
            while len(found) < limit and (rows := self._read(after, limit)):
                found += [row for row in rows if row[1][4] in kinds]
                after = rows[-1][0]
            return found[:limit]

    def known(self, ids: Sequence[str]) -> set[str]:
        """Those of the ids that it has; see `Remote`."""
        with self._using():
            self._learn()
            return {id for id in ids if id in self._ids}

    def texts(self, shas: Sequence[str]) -> Mapping[str, str]:
        """Those of the texts that it has; see `Remote`."""
        found = {}
        with self._using():
            for sha in filter(_is_plain, shas):
                with suppress(FileNotFoundError):
                    found[sha] = _data(self._path / "texts" / sha).decode()
        return found

    def pieces(self, body: str) -> Iterator[Piece]:
        """The pieces of a page; see `Remote`."""
        with self._using():
            folder = self._path / "pages" / body
            for file in sorted(folder.iterdir()) if _is_plain(body) and folder.is_dir() else []:
                if file.name.isdecimal():
                    yield body, int(file.name), _data(file)

    def close(self) -> None:
        """There is nothing to let go of."""

    # -- the files ----------------------------------------------------------------------------------------------

    @contextmanager
    def _using(self) -> Iterator[None]:
        try:
            yield
        except (UnicodeDecodeError, ValueError, KeyError, TypeError) as error:
            raise Damaged(
                f"{self._path} holds a file that was altered ({error}); nothing was changed: start a new folder; the "
                "desks fill it again."
            ) from None
        except OSError as error:
            raise Offline(
                f"{self._path} cannot be used now ({error.strerror}); what is here waits to be sent: check that the "
                "folder is there, can be written, and has room."
            ) from None

    def _write(self, path: Path, data: bytes) -> bool:
        """Write a file whole; gives false when one of that name is there, which stays."""
        if path.exists():
            return False
        with part_beside(path) as (part, file):
            file.write(data)
            file.flush()
            os.fsync(file.fileno())
            file.close()
            try:
                os.link(part, path)
            except FileExistsError:
                return False
            except OSError:  # a drive that knows no second names; who loses a race finds out by what it saw there
                if path.exists():
                    return False
                part.rename(path)
        return True

    def _files(self) -> list[int]:
        """The numbers that files of changes are named by, in their order."""
        names = [file.name for file in (self._path / "changes").iterdir()]
        return sorted(int(name) for name in names if name.isdecimal() and len(name) == 12)

    def _rows(self, start: int) -> list[LogRow]:
        head, _, body = _data(self._path / "changes" / f"{start:012d}").partition(b"\n")
        count, sha = head.decode().split()
        if hashlib.sha256(body).hexdigest() != sha:
            raise ValueError(f"changes/{start:012d}")
        rows = [_row(json.loads(line)) for line in body.decode().split("\n") if line]
        if len(rows) != int(count):
            raise ValueError(f"changes/{start:012d}")
        self._starts[start] = len(rows)
        return rows

    def _read(self, after: int, limit: int) -> list[tuple[int, LogRow]]:
        found: list[tuple[int, LogRow]] = []
        for start in self._whole():
            if len(found) >= limit:
                break
            if self._starts.get(start) is None or start + self._starts[start] - 1 > after:
                found += [row for row in enumerate(self._rows(start), start) if row[0] > after]
        return found[:limit]

    def _whole(self) -> Iterator[int]:
        """The files of changes one behind the other, up to the first that is not there yet."""
        next = 1
        for start in self._files():
            if start != next:
                return
            if start not in self._starts:
                self._rows(start)
            yield start
            next = start + self._starts[start]

    def _last(self) -> int:
        last = 0
        for start in self._whole():
            last = start + self._starts[start] - 1
        return last

    def _learn(self) -> int:
        """Know every change that is there; gives the number of the last."""
        last = 0
        for start in self._whole():
            if start not in self._learnt:
                self._ids |= {row[0]: row for row in self._rows(start)}
                self._learnt.add(start)
            last = start + self._starts[start] - 1
        return last


def _data(path: Path) -> bytes:
    with open_to_read(path) as file:
        return file.read()


def _is_hidden(file: Path) -> bool:
    """Whether a file is on its way, or was when its writer was killed; or a system's own."""
    return file.name.startswith(".")


def _is_strange(file: Path) -> bool:
    """Whether something in a folder without a name is not what one is made of that was only begun."""
    return not _is_hidden(file) and (file.name not in _INSIDE or not file.is_dir() or any(file.iterdir()))


def _is_plain(name: str) -> bool:
    """Whether it is a SHA-256, which can be the name of a file."""
    return len(name) == 64 and name.isalnum() and name.isascii()


def _row(said: object) -> LogRow:
    if not isinstance(said, list) or [type(value) for value in said[:8]] != [str] * 3 + [int] + [str] * 4:
        raise ValueError("a change that is none")
    if len(said) != 9 or not (said[8] is None or isinstance(said[8], str)) or len(said[0]) != 36:
        raise ValueError("a change that is none")
    return tuple(said)
