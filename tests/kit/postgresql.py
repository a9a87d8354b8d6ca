"""A PostgreSQL server of the tests' own: in a folder of its own, on a free port of this machine, gone at the end."""

from __future__ import annotations

import functools
import os
import pwd
import shutil
import socket
import subprocess
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

MISSING = (
    "there is no PostgreSQL on this machine (initdb and pg_ctl), or nobody to run it as: what needs a server was not "
    "run. On Debian: apt-get install postgresql"
)


@functools.cache
def binaries() -> Path | None:
    """The folder of the server's programs; None where there is none."""
    places = [Path(found).parent for found in [shutil.which("initdb")] if found]
    for pattern in ("usr/lib/postgresql/*/bin", "usr/pgsql-*/bin", "usr/local/pgsql/bin", "opt/homebrew/opt/*/bin"):
        places += sorted(Path("/").glob(pattern), reverse=True)
    return next((place for place in places if (place / "initdb").exists() and (place / "pg_ctl").exists()), None)


@functools.cache
def runs_as() -> str | None:
    """Who runs the server: root may not. None where nobody else is to be had."""
    if os.geteuid():
        return pwd.getpwuid(os.geteuid()).pw_name
    names = {entry.pw_name for entry in pwd.getpwall()}
    return next((name for name in ("postgres", "nobody") if name in names), None)


def is_there() -> bool:
    """Whether a server can be started here."""
    return binaries() is not None and runs_as() is not None


class Server:
    """A running server. Logins are trusted over its socket; over the network they give a password."""

    def __init__(self, folder: Path, *, safe: bool) -> None:
        """``safe``: what it says is saved is on the disk."""
        self.folder = folder
        self._data = folder / "data"
        with socket.socket() as free:
            free.bind(("127.0.0.1", 0))
            self.port = free.getsockname()[1]
        if not os.geteuid():
            shutil.chown(folder, runs_as())
        self._run("initdb", "-D", self._data, "-U", "owner", "-A", "trust", "-E", "UTF8", "--locale=C", "--no-sync")
        hba = "local all all trust\nhost all all 127.0.0.1/32 scram-sha-256\n"
        (self._data / "pg_hba.conf").write_text(hba)
        options = f"port = {self.port}\nlisten_addresses = '127.0.0.1'\nunix_socket_directories = '{folder}'\n"
        options += "max_connections = 300\nshared_buffers = 64MB\n" + ("" if safe else "fsync = off\n")
        with (self._data / "postgresql.conf").open("a") as file:
            file.write(options)
        self._made = 0

    def _run(self, program: str, *arguments: object) -> None:
        found = binaries()
        assert found is not None
        who = runs_as() if not os.geteuid() else None
        with (self.folder / "said").open("wb") as said:  # a pipe would be kept open by the server
            done = subprocess.run(
                [found / program, *map(str, arguments)], cwd=self.folder, user=who, stdin=subprocess.DEVNULL,
                stdout=said, stderr=said, env={"PATH": "/usr/bin:/bin", "LC_ALL": "C"},
            )  # fmt: skip
        assert done.returncode == 0, (self.folder / "said").read_text()

    def start(self) -> None:
        self._run("pg_ctl", "-D", self._data, "-l", self.folder / "log", "-w", "-t", "60", "start")

    def stop(self) -> None:
        self._run("pg_ctl", "-D", self._data, "-m", "fast", "-w", "-t", "60", "stop")

    def by_socket(self, login: str, database: str) -> str:
        """The address for a login that is trusted."""
        return f"postgresql://{login}@/{database}?host={self.folder}&port={self.port}"

    def by_network(self, login: str, database: str, port: int = 0) -> str:
        """The address for a login that gives a password."""
        return f"postgresql://{login}@127.0.0.1:{port or self.port}/{database}"

    def sql(self, database: str, *statements: str) -> list[tuple[object, ...]]:
        """Do something as the owner; gives the rows of the last statement."""
        import psycopg

        with psycopg.connect(self.by_socket("owner", database), autocommit=True) as conn:
            cursor = None
            for statement in statements:
                cursor = conn.execute(statement)
            return cursor.fetchall() if cursor is not None and cursor.description else []

    def database(self, template: str = "template0") -> str:
        """A new database."""
        self._made += 1
        name = f"desk{self._made}"
        self.sql("postgres", f"CREATE DATABASE {name} TEMPLATE {template}")
        return name


@contextmanager
def server(*, safe: bool = False) -> Iterator[Server]:
    """A server that runs inside, and leaves nothing behind."""
    with tempfile.TemporaryDirectory(prefix="factdesk-pg-", dir="/tmp") as folder:
        Path(folder).chmod(0o755)
        made = Server(Path(folder), safe=safe)
        made.start()
        try:
            yield made
        finally:
            made.stop()
