"""Automatic backups: made when they are due, kept by number and age, listed, put back; never in anybody's way."""

from __future__ import annotations

import json
import os
import shutil
import stat
from collections.abc import Callable
from datetime import datetime, timedelta
from pathlib import Path

import pytest
from click.testing import Result

from store.desk import Desk
from store.errors import Refused
from store.log import copies
from store.log.backup import contents, restore
from store.log.migrations import STEPS
from store.log.rotation import backup_of, backups_of
from tests.kit import oracle
from tests.kit.desks import fill
from tests.kit.released import unpack
from tui.commands import import_and_open

Cli = Callable[..., Result]
DAY = timedelta(days=1)


@pytest.fixture
def travel(monkeypatch: pytest.MonkeyPatch) -> Callable[[timedelta], None]:
    """Let the wall clock of backups be so far from now."""
    from store.log import clock, rotation

    now = clock.now

    def go(by: timedelta) -> None:
        class Dated(datetime):
            @classmethod
            def now(cls, tz: object = None) -> datetime:  # type: ignore[override]
                return datetime.fromtimestamp(now() / 1000) + by

        monkeypatch.setattr(copies, "datetime", Dated)
        monkeypatch.setattr(rotation, "now", lambda: now() + int(by.total_seconds() * 1000))

    return go


def everything(path: Path) -> tuple[object, ...]:
    with Desk.open(path, create=False) as desk:
        assert desk.upkeep.verify() == []
        conn = desk.session.log.conn
        return oracle.read_log(conn), oracle.table_rows(conn), conn.execute("SELECT sha, body FROM texts").fetchall()


def test_one_is_made_when_a_day_has_gone_by_and_something_is_new(
    desk: Desk, travel: Callable[[timedelta], None]
) -> None:
    desk.path.chmod(0o600)
    assert desk.backups.keep() is None  # nothing is in it
    desk.articles.add("It rained.")
    assert desk.backups.keep() is None and not desk.backups.folder.exists()  # it was begun today
    travel(DAY)
    made = desk.backups.keep()
    assert made is not None and made.parent == desk.backups.folder == desk.path.with_name("desk-backups")
    assert stat.S_IMODE(made.stat().st_mode) == 0o600 and stat.S_IMODE(made.parent.stat().st_mode) == 0o700
    assert contents(made).articles == 1 and desk.backups.keep() is None
    travel(2 * DAY)
    assert not desk.backups.due()  # nothing is new
    desk.articles.add("It snowed.")
    assert desk.backups.due() and desk.backups.keep(0) is None and desk.backups.keep() is not None


def test_what_is_restored_from_one_is_what_was_backed_up(path: Path, travel: Callable[[timedelta], None]) -> None:
    fill(path)
    before = everything(path)
    travel(DAY)
    with Desk.open(path, "Ana") as desk:
        desk.backups.keep()
        desk.articles.add("It snowed.")
    kept = restore(path, backup_of(path, 1))
    assert everything(path) == before and kept is not None
    assert [one.why for one in backups_of(path)] == ["daily", "replaced by restore"]


def test_they_go_by_number_and_by_age_and_the_newest_stays(desk: Desk, travel: Callable[[timedelta], None]) -> None:
    for day in range(1, 7):
        travel(day * DAY)
        desk.articles.add(f"Day {day}.")
        assert desk.backups.keep(3) is not None
    assert [contents(one.file).articles for one in desk.backups.all()] == [6, 5, 4]
    other = desk.backups.folder / "notes.txt"
    other.write_text("mine")
    travel(40 * DAY)
    assert desk.articles.add("Day 40.") and desk.backups.keep(3)
    assert [contents(one.file).articles for one in desk.backups.all()] == [7] and other.exists()


@pytest.mark.parametrize("years", [-1, 1])
def test_a_wrong_clock_puts_off_no_backup_and_removes_none_that_is_new(
    desk: Desk, travel: Callable[[timedelta], None], years: int
) -> None:
    for step in (0, 1, 2):
        travel(years * 365 * DAY + step * DAY)
        desk.articles.add(f"Wrong {step}.")
        desk.backups.keep(2)
    wrong = len(desk.backups.all())
    travel(3 * DAY)
    desk.articles.add("Right.")
    made = desk.backups.keep(2)
    assert made is not None and wrong >= 2 and made in [one.file for one in desk.backups.all()]
    assert desk.backups.keep(2) is None
    travel(4 * DAY)
    desk.articles.add("Right again.")
    again = desk.backups.keep(2)
    assert again is not None and made.exists() and again.exists()


def test_before_a_newer_factdesk_changes_a_desk_it_is_copied(path: Path) -> None:
    unpack(STEPS[0], path)
    before = path.read_bytes()
    with Desk.open(path, "Ana") as desk:
        (made,) = desk.backups.all()
        assert (made.why, made.automatic, desk.warning) == ("before an update", True, "")
    copy = made.file.read_bytes()
    shutil.copy(made.file, path.with_name("again.db"))
    assert everything(path.with_name("again.db")) == everything(path) and copy[100:] == before[100:]
    with Desk.open(path, "Ana") as desk:
        assert len(desk.backups.all()) == 1


def test_where_none_can_be_made_that_is_said_and_the_work_goes_on(
    path: Path, ana: Path, cli: Cli, monkeypatch: pytest.MonkeyPatch
) -> None:
    unpack(STEPS[0], path)
    blocked = path.with_name("desk-backups")
    blocked.write_text("a file where the folder would be")
    told = cli("articles")
    assert told.exit_code == 0 and "without a backup of it" in told.stderr and told.stderr.count("\n") == 1
    written = cli("tag", 1, 0, 4)
    assert written.exit_code == 0 and "Today's backup was not made. " in written.stderr
    assert blocked.read_text() == "a file where the folder would be"
    blocked.unlink()
    room = shutil.disk_usage(path.parent)._replace(free=1000)
    monkeypatch.setattr(shutil, "disk_usage", lambda _: room)
    assert "too little room" in cli("tag", 1, 5, 9).stderr and not list(blocked.glob("*"))
    monkeypatch.undo()


def test_a_full_disk_leaves_no_half_of_one(desk: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    desk.articles.add("It rained.")

    def full(*_: object) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(os, "fsync", full)
    with pytest.raises(Refused, match=r"Today's backup was not made\. There is no room"):
        desk.backups.make()
    assert list(desk.backups.folder.iterdir()) == []


def test_the_command_lists_them_and_restore_takes_one_by_its_number(
    path: Path, ana: Path, cli: Cli, travel: Callable[[timedelta], None]
) -> None:
    assert "no backup yet" in cli("backups").stderr
    fill(path)
    travel(2 * DAY)
    assert cli("sweep", 1, 21, 35).exit_code == 0
    assert cli("backup").exit_code == 0
    (folder,) = path.parent.glob("desk-backups")
    (folder / "desk-2020-01-01-000000.db").write_bytes(b"torn")
    rows = json.loads(cli("backups", "--json").stdout)
    assert sorted((row["number"], bool(row["problem"])) for row in rows) == [(1, False), (2, False), (3, True)]
    assert {rows[0]["why"], rows[1]["why"]} == {"daily", "by hand"} and rows[2]["why"] == "daily"
    told = cli("backups")
    assert "✗ damaged" in told.stdout and "✓ sound" in told.stdout and str(folder) in told.stderr
    assert cli("config", "backups").stdout.strip() == str(folder)
    refused = cli("restore", 4, "--force")
    assert refused.exit_code == 1 and "no backup 4" in refused.stderr
    daily = next(row["number"] for row in rows if row["why"] == "daily")
    assert cli("restore", daily, "--force").exit_code == 0
    with Desk.open(path, "Ana") as desk:
        assert desk.sweeps.of("1") == [] and desk.claims.of("1")


def test_one_article_is_opened_before_the_backup_is_made_and_several_after(
    path: Path, ana: Path, cli: Cli, travel: Callable[[timedelta], None], monkeypatch: pytest.MonkeyPatch
) -> None:
    begun: list[int] = []
    monkeypatch.setattr(import_and_open, "require_terminal", lambda **_: None)
    monkeypatch.setattr(import_and_open, "start_app", lambda desk, article: begun.append(len(desk.backups.all())))
    fill(path)
    travel(2 * DAY)
    rain, snow = path.with_name("rain.txt"), path.with_name("snow.txt")
    rain.write_text("It rained in May.")
    snow.write_text("It snowed in June.")
    assert cli("open", rain).exit_code == 0
    assert cli("open", rain, snow).exit_code == 0
    assert begun == [0, 1]


def test_none_is_made_where_they_are_turned_off(
    path: Path, ana: Path, cli: Cli, travel: Callable[[timedelta], None]
) -> None:
    fill(path)
    travel(2 * DAY)
    assert cli("config", "keep_backups", "off").exit_code == 0
    assert cli("tag", 1, 0, 4).exit_code == 0 and not path.with_name("desk-backups").exists()
    assert cli("config", "keep_backups", "3").exit_code == 0
    assert cli("articles").exit_code == 0 and not path.with_name("desk-backups").exists()  # reading makes none
    assert cli("tag", 1, 5, 9).exit_code == 0 and len(backups_of(path)) == 1
