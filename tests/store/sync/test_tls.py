"""A hub across a network: one speaks only to a server whose certificate is for its name, by an authority one trusts."""

from __future__ import annotations

import re
import shutil
import subprocess
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path
from typing import NamedTuple

import pytest

from store.access.names import reviewer_id
from store.desk import Desk
from store.errors import Refused
from store.person import Person
from store.sync.hub import Hub
from store.sync.hub_address import way_to
from tests.kit import postgresql
from tests.kit.at_the_desk import TEXT
from tests.kit.patience import PATIENCE

_NAME = "hub.example"


class _Protected(NamedTuple):
    server: postgresql.Server
    database: str
    folder: Path
    """Holds the certificates of two authorities: the one that signed the server's, and another."""

    def address(self, host: str, root: str) -> str:
        """The address of the hub at a host of that name; nobody is asked where that is."""
        known = f"hostaddr=127.0.0.1&sslrootcert={self.folder / root}"
        return f"postgresql://ana@{host}:{self.server.port}/{self.database}?{known}"

    @property
    def changes(self) -> int:
        """How many changes the hub holds."""
        return int(str(self.server.sql(self.database, "SELECT count(*) FROM factdesk.changes")[0][0]))


def _openssl(folder: Path, *arguments: str) -> None:
    done = subprocess.run(["openssl", *arguments], cwd=folder, capture_output=True, text=True, timeout=PATIENCE)
    assert done.returncode == 0, done.stderr


def _certificates(folder: Path) -> None:
    """Two authorities, and a server's certificate that the first of them has signed."""
    key = ("-newkey", "rsa:2048", "-nodes")
    for name in ("ours", "theirs"):
        files = ("-keyout", f"{name}.key", "-out", f"{name}.crt")
        _openssl(folder, "req", "-x509", *key, "-days", "2", "-subj", f"/CN={name}", *files)
    _openssl(folder, "req", "-new", *key, "-subj", f"/CN={_NAME}", "-keyout", "server.key", "-out", "server.csr")
    (folder / "names").write_text(f"subjectAltName = DNS:{_NAME}\n")
    signed = ("-CA", "ours.crt", "-CAkey", "ours.key", "-CAcreateserial", "-days", "2", "-extfile", "names")
    _openssl(folder, "x509", "-req", "-in", "server.csr", *signed, "-out", "server.crt")
    (folder / "broken.crt").write_text("no certificate\n")


@pytest.fixture(scope="module")
def protected(tmp_path_factory: pytest.TempPathFactory) -> Iterator[_Protected]:
    """A hub on a server of its own, which has a certificate, and on which Ana may write."""
    if not postgresql.is_there():
        pytest.skip(postgresql.MISSING)
    if not shutil.which("openssl"):
        pytest.skip("there is no openssl on this machine to make certificates with")
    folder = tmp_path_factory.mktemp("certificates")
    _certificates(folder)
    with postgresql.server() as running:
        for name in ("server.crt", "server.key"):
            placed = Path(shutil.copy(folder / name, running.folder / "data"))
            placed.chmod(0o600)
            shutil.chown(placed, postgresql.runs_as())
        running.sql("postgres", "ALTER SYSTEM SET ssl = on", "SELECT pg_reload_conf()")
        database = running.database()
        with closing(Hub(way_to(running.by_socket("owner", database)))) as hub:
            hub.init()
            hub.admit("ana", Person("Ana", reviewer_id("Ana")), "write", "sesame")
        yield _Protected(running, database, folder)


def _sync(desk: Desk, where: str) -> int:
    with closing(desk.remotes.at(where, lambda _: "sesame")) as remote:
        return desk.remotes.sync(remote).sent


def test_a_hub_with_a_certificate_of_a_trusted_authority_is_synced_with(protected: _Protected, desk: Desk) -> None:
    desk.articles.add(TEXT, title="Prisoners of war")
    assert _sync(desk, protected.address(_NAME, "ours.crt")) > 0
    with pytest.raises(Refused):
        _sync(desk, protected.address(_NAME, "theirs.crt"))
    assert _sync(desk, protected.address(_NAME, "ours.crt")) == 0


@pytest.mark.parametrize(
    ("host", "root", "advice"),
    [
        (_NAME, "theirs.crt", "is not trusted here; ask its owner for that authority's certificate.*sslrootcert=FILE"),
        ("other.example", "ours.crt", f"{_NAME}.* is not the one on its certificate; write that name"),
        (_NAME, "missing.crt", "missing.crt.* that sslrootcert names .*; ask the server's owner"),
        (_NAME, "broken.crt", "broken.crt.* that sslrootcert names .*; ask the server's owner"),
    ],
)
def test_any_other_is_refused_with_what_to_do(
    protected: _Protected, desk: Desk, host: str, root: str, advice: str
) -> None:
    desk.articles.add(TEXT, title="Prisoners of war")
    where, before = protected.address(host, root), protected.changes
    with pytest.raises(Refused, match=f"^{re.escape(where)} cannot be reached safely .*{advice}.*[.]$"):
        _sync(desk, where)
    assert protected.changes == before
