"""The commands sync and hub, as two people with a file each use them."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import click
import pytest

from tests.kit.commands import BRIDGE, RIVER, TEXT, Cli, assert_refused, dump
from tests.kit.desks import once
from tests.kit.postgresql import Server


def done(result: Any) -> str:
    assert (result.exit_code, result.exception) == (0, None), result.stderr
    return str(result.stdout + result.stderr)


@pytest.fixture
def desks(home: Path, cli: Cli) -> tuple[Path, Path]:
    """Ana's desk with an article; Bo's is not there yet."""

    def imported() -> None:
        (home / "rain.txt").write_text(TEXT, encoding="utf-8")
        done(cli("import", home / "rain.txt", "--db", home / "ana.db", "--as", "Ana"))

    once(home, imported)
    return home / "ana.db", home / "bo.db"


def test_two_people_meet_in_a_folder(desks: tuple[Path, Path], home: Path, cli: Cli) -> None:
    (ana, bo), folder = desks, home / "meeting"
    assert_refused(cli("sync", "--db", ana, "--as", "Ana"), "This desk has not synced yet: name a hub")
    told = done(cli("sync", folder, "--db", ana, "--as", "Ana"))
    assert "3 changes sent, 0 received." in told
    told = done(cli("sync", folder, "--db", bo, "--as", "Bo"))
    assert "Made a new desk" in told and "0 changes sent, 3 received." in told and "It rained on 5 May.\tAna\t2" in told
    done(cli("tag", 1, "--quote", RIVER, "--db", ana, "--as", "Ana"))
    done(cli("tag", 1, "--quote", BRIDGE, "--db", bo, "--as", "Bo"))
    for who, path in (("Ana", ana), ("Bo", bo), ("Ana", ana)):
        (met,) = json.loads(cli("sync", "--json", "--db", path, "--as", who).stdout)
        assert met["remote"] == str(folder) and met["waiting"] == 0
    assert done(cli("claims", "--db", ana)) == done(cli("claims", "--db", bo))
    assert all(cli("verify", "--db", path).exit_code == 0 for path in desks)
    done(cli("sync", folder, "--forget", "--db", ana, "--as", "Ana"))
    assert "has not synced there" in done(cli("sync", folder, "--forget", "--db", ana, "--as", "Ana"))
    before = dump(ana)
    (home / "full").mkdir()
    (home / "full" / "photo.jpg").write_bytes(b"x")
    assert_refused(cli("sync", home / "full", "--db", ana, "--as", "Ana"), "holds other things")
    assert_refused(cli("sync", "https://example.org/x", "--db", ana, "--as", "Ana"), "not a place to sync with")
    assert_refused(cli("sync", ana, "--db", ana, "--as", "Ana"), "is this desk itself")
    assert dump(ana) == before


def test_the_story_of_a_hub(
    desks: tuple[Path, Path], postgresql: Server, cli: Cli, monkeypatch: pytest.MonkeyPatch
) -> None:
    ana, bo = desks
    database = postgresql.database()
    owner, ours = postgresql.by_socket("owner", database), postgresql.by_socket("ana2", database)
    assert_refused(cli("hub", "status", owner), "There is no hub at")
    assert "is a hub now" in done(cli("hub", "init", owner)) and "already" in done(cli("hub", "init", owner))
    assert "Nobody but the owner" in done(cli("hub", "roles", owner))
    assert cli("hub", "roles", owner, "--add", "ana2").exit_code == 2
    told = done(cli("hub", "roles", owner, "--add", "ana2", "--person", "Ana", "--db", ana))
    assert "ana2 may read, and send what Ana did." in told and "has no password" in told
    done(cli("hub", "roles", owner, "--add", "bo2", "--person", "Bo", "--may", "bring"))
    assert "3 changes sent" in done(cli("sync", ours, "--db", ana, "--as", "Ana"))
    theirs = postgresql.by_socket("bo2", database)
    assert "3 received" in done(cli("sync", theirs, "--db", bo, "--as", "Bo"))
    done(cli("tag", 1, "--quote", BRIDGE, "--db", bo, "--as", "Bo"))
    standing = json.loads(cli("hub", "status", theirs, "--json", "--db", bo).stdout)
    assert (standing["changes"], standing["to_send"], standing["to_fetch"]) == (3, 2, 0)
    told = done(cli("hub", "status", ours, "--db", ana))
    assert "You are ana2 as Ana, and may send what you did." in told and "0 to send and 0 to fetch" in told
    lines = done(cli("hub", "roles", ours)).splitlines()
    assert [line.split("\t")[:4] for line in lines[1:]] == [["ana2", "Ana", "write", "3"], ["bo2", "Bo", "bring", "0"]]
    assert_refused(cli("hub", "roles", ours, "--add", "eve", "--person", "Eve"), "does not let your login do that")
    # Ana sends in her own name only: what she brings in for Cy stays here, and she is told.
    done(cli("tag", 1, "--quote", RIVER, "--db", ana, "--as", "Cy"))
    told = done(cli("sync", "--db", ana, "--as", "Ana"))
    assert "Not sent: 1 by Cy." in told
    done(cli("hub", "roles", owner, "--remove", "bo2"))
    assert_refused(cli("sync", "--db", bo, "--as", "Bo"), "does not let your login do that")


def test_a_password_is_asked_for_and_never_shown(
    desks: tuple[Path, Path], postgresql: Server, cli: Cli, monkeypatch: pytest.MonkeyPatch
) -> None:
    ana, _ = desks
    database = postgresql.database()
    owner = postgresql.by_socket("owner", database)
    done(cli("hub", "init", owner))
    asked: list[str] = []

    def prompt(text: str, **options: object) -> str:
        asked.append(text)
        assert options["hide_input"]
        return "fish"

    where = postgresql.by_network("ana3", database)
    with monkeypatch.context() as attended:
        attended.setattr("tui.commands.sync.is_attended", lambda: True)
        attended.setattr(click, "prompt", prompt)
        told = done(cli("hub", "roles", owner, "--add", "ana3", "--person", "Ana"))
        assert "has no password" not in told
        told += done(cli("sync", where, "--db", ana, "--as", "Ana"))
        assert f":{database}:ana3:PASSWORD` into " in told
        told += done(cli("hub", "status", where, "--db", ana))
    assert len(asked) == 3 and "fish" not in told and b"fish" not in ana.read_bytes()
    assert_refused(cli("sync", "--db", ana, "--as", "Ana"), "wants a password")
    secret = where.replace("ana3@", "ana3:fish@")
    for line in (("sync", secret, "--db", ana, "--as", "Ana"), ("hub", "status", secret), ("hub", "init", secret)):
        result = cli(*line)
        assert result.exit_code == 1 and "~/.pgpass" in result.stderr and "fish" not in result.stderr


def test_watching_goes_on_through_a_stop_of_the_server(
    desks: tuple[Path, Path], postgresql: Server, cli: Cli, monkeypatch: pytest.MonkeyPatch
) -> None:
    ana, _ = desks
    database = postgresql.database()
    owner = postgresql.by_socket("owner", database)
    done(cli("hub", "init", owner))
    turns = iter([lambda: done(cli("tag", 1, "--quote", RIVER, "--db", ana, "--as", "Ana")), postgresql.stop,
                  lambda: None, postgresql.start, lambda: None])  # fmt: skip

    def sleep(seconds: float) -> None:
        try:
            next(turns)()
        except StopIteration:
            raise KeyboardInterrupt from None

    monkeypatch.setattr("tui.commands.sync.sleep", sleep)
    watched = cli("sync", owner, "--watch", "--db", ana, "--as", "Ana")
    assert watched.exit_code == 130 and watched.stderr.count("cannot be reached") == 1
    assert "3 changes sent" in watched.stderr and "1 change sent" in watched.stderr
    assert "0 changes sent, 0 received" in watched.stderr.rsplit("cannot be reached")[-1]
