"""The kinds of remotes that tests of syncing run on: one in memory, a desk's file, a folder, PostgreSQL."""

from __future__ import annotations

import shutil
from collections.abc import Callable, Mapping
from contextlib import closing
from pathlib import Path
from urllib.parse import quote

import pytest

from store.access.names import reviewer_id
from store.desk import Desk
from store.person import Person
from store.sync.contract import Remote
from store.sync.desk_file import DeskFile
from store.sync.folder import Folder
from store.sync.hub import Hub
from store.sync.hub_address import Way, way_to
from store.sync.postgres import Postgres
from tests.kit.memory_remote import Memory
from tests.kit.postgresql import Server


class MakeRemote:
    """Makes a new empty remote; `again` opens it once more, as another desk would."""

    def __init__(self) -> None:
        self._opened: list[Remote] = []

    def __call__(self) -> Remote:
        """A new one."""
        self.new()
        return self.again()

    def again(self) -> Remote:
        self._opened.append(self.open())
        return self._opened[-1]

    def replaced(self) -> Remote:
        """Another one, empty, in its place."""
        return self()

    def own(self, person: str) -> Remote:
        """It, as it is for a person who may write in their own name only."""
        raise NotImplementedError

    def close(self) -> None:
        for remote in self._opened:
            remote.close()
        self._opened.clear()

    def new(self) -> None:
        raise NotImplementedError

    def open(self) -> Remote:
        raise NotImplementedError

    def backup(self) -> None:
        raise NotImplementedError

    def restore(self) -> None:
        raise NotImplementedError


class InMemory(MakeRemote):
    def new(self) -> None:
        self.one = Memory()

    def open(self) -> Remote:
        return self.one

    def own(self, person: str) -> Remote:
        if not hasattr(self, "one"):
            self.new()
        self.one.person = reviewer_id(person) if person else ""
        return self.one

    def again(self) -> Remote:
        self.one.person = ""
        return super().again()

    def backup(self) -> None:
        self.kept = len(self.one.log)

    def restore(self) -> None:
        self.one.restored(self.kept)


class InAFile(MakeRemote):
    """A desk that somebody may work in, too."""

    def __init__(self, folder: Path) -> None:
        super().__init__()
        self.folder = folder
        self.path = folder / "meeting.db"

    def new(self) -> None:
        self.close()
        for file in self.folder.glob("meeting.db*"):
            file.unlink()

    def open(self) -> Remote:
        return DeskFile(self.path, self.folder / "nobody.db")

    def backup(self) -> None:
        with Desk.open(self.path) as desk:
            desk.backup(self.folder / "kept.db")

    def restore(self) -> None:
        self.new()
        shutil.copy(self.folder / "kept.db", self.path)


class InAFolder(MakeRemote):
    def __init__(self, folder: Path) -> None:
        super().__init__()
        self.path = folder / "meeting"
        self.kept = folder / "kept"

    def new(self) -> None:
        shutil.rmtree(self.path, ignore_errors=True)

    def open(self) -> Remote:
        return Folder(self.path)

    def backup(self) -> None:
        shutil.copytree(self.path, self.kept)

    def restore(self) -> None:
        self.new()
        shutil.copytree(self.kept, self.path)


class OnAServer(MakeRemote):
    """A hub, with a login for everybody who asks, or one that may bring what others did."""

    def __init__(self, server: Server) -> None:
        super().__init__()
        self.server = server
        self.database = server.database()

    def new(self) -> None:
        self.close()
        self.server.sql(self.database, "DROP SCHEMA IF EXISTS factdesk CASCADE")
        with closing(Hub(self._way("owner"))) as hub:
            hub.init()
            hub.admit("bringer", Person("Everybody", "nobody in particular"), "bring")

    def _way(self, login: str) -> Way:
        return way_to(self.server.by_socket(login, self.database))

    def open(self) -> Remote:
        return Postgres(self._way("bringer")._replace(address="the hub"))

    def own(self, person: str) -> Remote:
        if not self.server.sql(self.database, "SELECT 1 FROM pg_namespace WHERE nspname = 'factdesk'"):
            self.new()
        login = f"log in {person}; --"
        with closing(Hub(self._way("owner"))) as hub:
            hub.admit(login, Person(person, reviewer_id(person)))
        way = way_to(self.server.by_socket(quote(login), self.database))
        self._opened.append(Postgres(way._replace(address="the hub")))
        return self._opened[-1]

    def backup(self) -> None:
        self.close()
        self.kept = self.server.database(self.database)

    def restore(self) -> None:
        self.close()
        self.database = self.server.database(self.kept)


KNOW_PEOPLE = ("memory", "PostgreSQL")
"""Those that can take from a person no more than that person's own changes."""

KINDS_OF_REMOTES: Mapping[str, Callable[[pytest.FixtureRequest, Path], MakeRemote]] = {
    "memory": lambda request, folder: InMemory(),
    "a desk's file": lambda request, folder: InAFile(folder),
    "a folder": lambda request, folder: InAFolder(folder),
    "PostgreSQL": lambda request, folder: OnAServer(request.getfixturevalue("postgresql")),
}
