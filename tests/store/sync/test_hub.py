"""A hub on a real PostgreSQL: what its logins may, what no fault of the server or the wire does to a desk."""

from __future__ import annotations

import re
import threading
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path
from typing import Any

import psycopg
import pytest

from store.access.names import reviewer_id
from store.desk import Desk
from store.errors import Offline, Refused
from store.person import Person
from store.sync import hub_address, postgres, server_faults
from store.sync import remotes as syncing
from store.sync.hub import Hub
from store.sync.hub_address import SECRET, way_to
from store.sync.server_faults import WrongPassword
from tests.kit.at_the_desk import TEXT
from tests.kit.postgresql import Server
from tests.kit.proxy import Proxy

PASSWORD = "öpen sésame %41"


@pytest.fixture
def database(postgresql: Server) -> str:
    """A hub, where Ana may write, Bo bring and Cy read."""
    name = postgresql.database()
    with closing(Hub(way_to(postgresql.by_socket("owner", name)))) as hub:
        assert hub.init() and not hub.init()
        for person, may in (("Ana", "write"), ("Bo", "bring"), ("Cy", "read")):
            hub.admit(person.lower(), Person(person, reviewer_id(person)), may, PASSWORD)
    return name


@pytest.fixture
def ana(tmp_path: Path) -> Iterator[Desk]:
    with Desk.open(tmp_path / "ana.db", "Ana") as desk:
        article = desk.articles.add(TEXT, title="Prisoners of war")
        for start in range(8):
            desk.claims.tag(article, start, start + 3)
        yield desk


def sync(desk: Desk, where: str, password: str = PASSWORD) -> syncing.Synced:
    with closing(desk.remotes.at(where, lambda _: password)) as remote:
        return desk.remotes.sync(remote)


def count(desk: Desk) -> int:
    return int(desk.session.log.rows("SELECT count(*) FROM changes")[0][0])


def rows(server: Server, database: str) -> list[tuple[Any, ...]]:
    return server.sql(database, "SELECT seq, id, sent_by::text FROM factdesk.changes ORDER BY seq")


def whole(server: Server, database: str, desk: Desk) -> None:
    """The hub holds every change of a desk once, and the desk is sound."""
    found = rows(server, database)
    assert [row[0] for row in found] == list(range(1, len(found) + 1)) and desk.upkeep.verify() == []
    assert {row[1] for row in found} == {id for (id,) in desk.session.log.rows("SELECT id FROM changes")}


# -- what the engine itself sees to ---------------------------------------------------------------------------

INSERT = (
    "INSERT INTO factdesk.changes (seq, id, action, reviewer, at, kind, item, parents, patch) VALUES"
    " ({seq}, '{id:036d}', 'a', '{who}', 1, '{kind}', '{item}', '[]', '{{}}')"
)


@pytest.mark.parametrize("login", ["ana", "bo", "cy", "owner"])
def test_nobody_alters_deletes_or_leaves_a_gap(postgresql: Server, database: str, ana: Desk, login: str) -> None:
    sync(ana, postgresql.by_network("ana", database))
    before = rows(postgresql, database)
    assert {row[2] for row in before} == {"ana"}
    last, who = len(before), reviewer_id(login.capitalize())
    with psycopg.connect(postgresql.by_socket(login, database), autocommit=True) as conn:
        for statement in (
            "UPDATE factdesk.changes SET patch = '{}'", "DELETE FROM factdesk.changes", "TRUNCATE factdesk.changes",
            "UPDATE factdesk.texts SET body = body", "DELETE FROM factdesk.page_bytes", "TRUNCATE factdesk.texts",
            "INSERT INTO factdesk.texts VALUES (repeat('0', 64), 'not what it is called')",
            INSERT.format(seq=last + 2, id=1, who=who, kind="claims", item="i"),
            INSERT.format(seq=last, id=1, who=who, kind="claims", item="i"),
            INSERT.format(seq=-5, id=1, who=who, kind="claims", item="i"),
        ):  # fmt: skip
            with pytest.raises(psycopg.Error):
                conn.execute(statement)
        if login != "owner":
            for statement in (
                "DELETE FROM factdesk.members", "UPDATE factdesk.members SET may = 'bring'",
                f"INSERT INTO factdesk.members VALUES ('{login}', 'x', 'x', 'bring')", "DELETE FROM factdesk.hub",
                "ALTER TABLE factdesk.changes DISABLE TRIGGER kept", "DROP TABLE factdesk.changes",
                "INSERT INTO factdesk.changes (seq, id, action, reviewer, at, kind, item, parents, patch, sent_by)"
                f" VALUES ({last + 1}, repeat('1', 36), 'a', '{who}', 1, 'claims', 'i', '[]', '{{}}', 'bo')",
            ):  # fmt: skip
                with pytest.raises(psycopg.Error):
                    conn.execute(statement)
    assert rows(postgresql, database) == before


def test_each_writes_in_their_own_name_unless_they_may_bring_what_others_did(postgresql: Server, database: str) -> None:
    ana, bo = reviewer_id("Ana"), reviewer_id("Bo")
    sent = 0

    def send(login: str, who: str, kind: str = "claims", item: str = "i") -> bool:
        nonlocal sent
        with psycopg.connect(postgresql.by_socket(login, database), autocommit=True) as conn:
            try:
                conn.execute(INSERT.format(seq=sent + 1, id=sent + 1, who=who, kind=kind, item=item))
            except psycopg.errors.InsufficientPrivilege:
                return False
        sent += 1
        return True

    assert send("ana", ana) and not send("ana", bo) and not send("cy", reviewer_id("Cy"))
    assert send("bo", ana) and send("bo", bo) and send("ana", "dee", "reviewers", "dee")
    assert not send("ana", "dee", "reviewers", "another") and not send("cy", "eve", "reviewers", "eve")
    with closing(Hub(way_to(postgresql.by_socket("owner", database)))) as hub:
        assert [(one.login, one.may, one.sent) for one in hub.members()] == [
            ("ana", "write", 2), ("bo", "bring", 2), ("cy", "read", 0)
        ]  # fmt: skip
        hub.admit("bo", Person("Bo", bo), "read")
        assert hub.dismiss("ana") and not hub.dismiss("ana")
        with pytest.raises(Refused, match="owns the hub"):
            hub.admit("owner", Person("Bo", bo))
    assert not send("ana", ana) and not send("bo", bo)


def test_who_may_only_read_fetches_and_is_told_what_waits(
    postgresql: Server, database: str, ana: Desk, tmp_path: Path
) -> None:
    sync(ana, postgresql.by_network("ana", database))
    with Desk.open(tmp_path / "cy.db", "Cy") as cy:
        cy.articles.add("My own.")
        met = sync(cy, postgresql.by_network("cy", database))
        assert met.received == count(ana) and met.sent == 0 and met.waiting == 3 and "may only read" in met.notes[0]


def test_those_who_append_at_once_leave_nothing_that_a_reader_misses(
    postgresql: Server, database: str, tmp_path: Path
) -> None:
    """Numbers become visible in their order: a cursor never runs past a change that is still to come."""
    where = postgresql.by_socket("bo", database)

    def append(number: int) -> None:
        remote = postgres.Postgres(way_to(where))
        for n in range(15):
            id = f"{number * 100 + n:036d}"
            remote.push([(id, id, "who", 1, "claims", id, "[]", "{}", None)], [])
        remote.close()

    threads = [threading.Thread(target=append, args=(number,)) for number in range(1, 5)]
    for thread in threads:
        thread.start()
    seen: list[str] = []
    reader, after = postgres.Postgres(way_to(where)), 0
    found: list[Any] = []
    going = True
    while going or found:
        going = any(thread.is_alive() for thread in threads)
        if found := reader.pull(after, 7):
            seen += [row[0] for _, row in found]
            after = found[-1][0]
    reader.close()
    assert len(seen) == len(set(seen)) == 60


# -- faults: a sentence, and a desk as it was -----------------------------------------------------------------


def refused(desk: Desk, where: str, said: str, kind: type[Refused] = Refused, password: str = PASSWORD) -> None:
    before = count(desk)
    with pytest.raises(kind, match=said) as found:
        sync(desk, where, password)
    told = str(found.value)
    assert "\n" not in told and PASSWORD not in told and told.endswith(".") and found.value.__cause__ is None
    assert count(desk) == before and desk.upkeep.verify() == []


def test_what_is_wrong_with_login_database_tables_or_rights_is_said(
    postgresql: Server, database: str, ana: Desk
) -> None:
    refused(ana, postgresql.by_network("ana", database), "does not let you in", WrongPassword, password="wrong")
    refused(ana, postgresql.by_network("nobody", database), "does not let you in", WrongPassword)
    refused(ana, postgresql.by_network("ana", "nowhere"), "no such database")
    bare = postgresql.database()
    refused(ana, postgresql.by_network("ana", bare), "There is no hub at .* yet: .*factdesk hub init")
    postgresql.sql(database, 'CREATE ROLE "stranger" LOGIN')
    refused(ana, postgresql.by_socket("stranger", database), "does not let your login do that .*hub roles")
    with closing(Hub(way_to(postgresql.by_socket("ana", bare)))) as hub, pytest.raises(Refused, match="permission"):
        hub.init()
    assert ana.remotes.all() == []


def test_a_password_is_taken_from_a_file_that_nobody_else_may_read(
    postgresql: Server, database: str, ana: Desk, tmp_path: Path, monkeypatch: pytest.MonkeyPatch,
    capfd: pytest.CaptureFixture[str],
) -> None:  # fmt: skip
    passwords, where = tmp_path / "pass words", postgresql.by_network("ana", database)
    monkeypatch.setenv("PGPASSFILE", str(passwords))

    def told() -> str:
        with closing(ana.remotes.at(where)) as remote, pytest.raises(WrongPassword) as found:
            ana.remotes.sync(remote)
        return str(found.value)

    line = re.search("write `(.*):PASSWORD` into '(.*)', and run `chmod 600 '(.*)'`", told())
    assert line and {line[2], line[3]} == {str(passwords)}
    passwords.write_text(f"{line[1]}:{PASSWORD}\n", encoding="utf-8")
    passwords.chmod(0o644)
    assert told().endswith(f"'{passwords}' is not used, for others may read it: run `chmod 600 '{passwords}'`.")
    passwords.chmod(0o600)
    with closing(ana.remotes.at(where)) as remote:
        assert ana.remotes.sync(remote).sent
    assert capfd.readouterr() == ("", "")  # libpq has put nothing of its own on the screen


def test_a_full_disk_there_leaves_all_to_be_sent_here(postgresql: Server, database: str, ana: Desk) -> None:
    postgresql.sql(
        database,
        "CREATE FUNCTION full_disk() RETURNS trigger LANGUAGE plpgsql AS"
        " $$ BEGIN RAISE 'could not extend file: No space left on device' USING ERRCODE = '53100'; END $$",
        "CREATE TRIGGER full_disk AFTER INSERT ON factdesk.changes EXECUTE FUNCTION full_disk()",
    )
    where = postgresql.by_network("ana", database)
    refused(ana, where, "has no room left .*waits here", Offline)
    postgresql.sql(database, "DROP TRIGGER full_disk ON factdesk.changes")
    assert sync(ana, where).sent == count(ana)


def test_a_server_that_stops_and_starts_again_is_waited_for(postgresql: Server, database: str, ana: Desk) -> None:
    where = postgresql.by_network("ana", database)
    with closing(ana.remotes.at(where, lambda _: PASSWORD)) as remote:
        ana.remotes.sync(remote)
        ana.claims.tag("1", 0, 9)
        postgresql.stop()
        try:
            for _ in range(2):
                with pytest.raises(Offline, match="cannot be reached"):
                    ana.remotes.sync(remote)
            refused(ana, where, "cannot be reached", Offline)
        finally:
            postgresql.start()
        assert ana.remotes.sync(remote).sent == 1
    whole(postgresql, database, ana)


@pytest.mark.parametrize("few", [0, 200])
def test_a_wire_that_is_cut_anywhere_leaves_no_doubles_and_no_gaps(
    postgresql: Server, database: str, ana: Desk, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, few: int
) -> None:
    monkeypatch.setattr(syncing, "_PUSH", 3)
    monkeypatch.setattr(postgres, "_FEW", few)
    with Desk.open(tmp_path / "bo.db", "Bo") as bo, Proxy(postgresql.port) as wire:
        reach = {
            desk: desk.remotes.at(postgresql.by_network(who, database, wire.port), lambda _: PASSWORD)
            for desk, who in ((ana, "ana"), (bo, "bo"))
        }
        for number in range(24):
            for desk, remote in reach.items():
                wire.cut_after = 150 + 331 * number
                try:
                    desk.remotes.sync(remote)
                except Offline as offline:
                    assert "\n" not in str(offline)
            bo.articles.add(f"Text {number}.")
        wire.cut_after = None
        for desk, remote in [*reach.items(), *reach.items()]:
            desk.remotes.sync(remote)
        for remote in reach.values():
            remote.close()
        assert wire.cuts > 8 and count(ana) == count(bo)
        whole(postgresql, database, ana)
        whole(postgresql, database, bo)


def test_a_slow_wire_is_waited_for_and_one_that_says_nothing_is_left(
    postgresql: Server, database: str, ana: Desk, monkeypatch: pytest.MonkeyPatch
) -> None:
    with Proxy(postgresql.port) as wire:
        wire.delay = 0.02
        with closing(ana.remotes.at(postgresql.by_network("ana", database, wire.port), lambda _: PASSWORD)) as remote:
            assert ana.remotes.sync(remote).sent == count(ana)
            wire.delay = 0
            wire.stalled.set()
            with monkeypatch.context() as soon, pytest.raises(Offline, match="has not answered for"):
                soon.setitem(postgres.Postgres._rows.__kwdefaults__, "seconds", 0.3)
                ana.remotes.sync(remote)
            wire.stalled.clear()
            assert ana.remotes.sync(remote).sent == 0


# -- where a hub is, and what stays secret --------------------------------------------------------------------


@pytest.mark.parametrize(
    "said",
    ["postgresql://ana:secret@db/x", "postgres://db/x?password=secret", "postgresql://db/x?pass%77ord=secret",
     "postgresql://ana:@db/x", "postgresql://db/x?sslpassword=secret", "POSTGRESQL://ana:secret@db/x"],
)  # fmt: skip
def test_an_address_with_a_password_is_refused_and_not_repeated(ana: Desk, said: str) -> None:
    with pytest.raises(Refused) as found:
        ana.remotes.at(said)
    assert str(found.value) == SECRET and "PGPASSFILE" in SECRET and "~/.pgpass" in SECRET


@pytest.mark.parametrize(
    ("said", "env", "mode"),
    [
        ("postgresql://db.example/x", {}, "verify-full"),
        ("postgresql://db.example/x", {"PGSSLMODE": "disable"}, "verify-full"),
        ("postgresql://db.example/x?hostaddr=127.0.0.1", {}, "verify-full"),
        ("postgresql://127.0.0.1,db.example/x", {}, "verify-full"),
        ("postgresql:///x", {"PGHOST": "db.example"}, "verify-full"),
        ("postgresql:///x?service=far", {}, "verify-full"),
        ("postgresql://db.example/x?sslmode=require", {}, "require"),
        ("postgresql://127.0.0.1/x", {}, None),
        ("postgresql://[::1]:99/x", {}, None),
        ("postgresql://localhost/x", {}, None),
        ("postgresql:///x?host=/run/pg", {}, None),
        ("postgresql:///x", {}, None),
    ],
)
def test_what_goes_over_a_network_is_protected_unless_the_address_says_otherwise(
    said: str, env: dict[str, str], mode: str | None
) -> None:
    way = way_to(said, env)
    assert way.parameters.get("sslmode") == mode and ("not checked" in way.note) == (mode == "require")


def test_a_server_without_a_certificate_is_not_spoken_to(postgresql: Server, database: str, ana: Desk) -> None:
    where = f"postgresql://ana@hub.example:{postgresql.port}/{database}?hostaddr=127.0.0.1"
    refused(ana, where, "cannot be reached safely .*sslrootcert")


def test_the_password_is_in_no_file_and_a_missing_driver_is_named(
    postgresql: Server, database: str, ana: Desk, monkeypatch: pytest.MonkeyPatch
) -> None:
    sync(ana, postgresql.by_network("ana", database))
    ana.flush()
    held = b"".join(file.read_bytes() for file in ana.path.parent.glob("ana.db*"))
    assert b"127.0.0.1" in held and PASSWORD.encode() not in held
    stored = postgresql.sql(database, "SELECT rolpassword FROM pg_authid WHERE rolname = 'ana'")
    assert str(stored[0][0]).startswith("SCRAM-SHA-256$")
    log = (postgresql.folder / "log").read_text()
    assert PASSWORD not in log

    def missing(name: str) -> None:
        raise ImportError(name)

    monkeypatch.setattr(hub_address, "import_module", missing)
    with pytest.raises(Refused, match=r"pip install 'factdesk\[hub\]'"):
        ana.remotes.at(postgresql.by_network("ana", database))


def test_every_complaint_is_a_sentence() -> None:
    for code in ("", "08006", "25006", "42501", "53100", "57P01", "23505", "P0001"):
        error = psycopg.errors.lookup(code)("what the server said") if code else psycopg.OperationalError("gone\nfar")
        told = server_faults.refusal("postgresql://h/d", error)
        assert "\n" not in str(told) and str(told)[-1] == "."
