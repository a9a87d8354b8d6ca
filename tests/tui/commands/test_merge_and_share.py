"""The commands merge and share, as two people with a file each use them."""

from __future__ import annotations

import json
import sqlite3
from pathlib import Path

import pytest

from tests.kit.commands import BRIDGE, RIVER, TEXT, Cli, assert_refused, dump
from tests.kit.desks import once


@pytest.fixture
def apart(home: Path, cli: Cli) -> tuple[Path, Path]:
    """Ana's desk and Bo's, which got its article by share; each has tagged a claim and named the article."""
    ana, bo = home / "ana.db", home / "bo.db"

    def shared() -> None:
        (home / "rain.txt").write_text(TEXT, encoding="utf-8")
        for who, *line in (
            ("Ana", "import", home / "rain.txt", "--db", ana),
            ("Ana", "share", bo, "--db", ana),
            ("Ana", "tag", 1, "--quote", RIVER, "--db", ana),
            ("Bo", "tag", 1, "--quote", BRIDGE, "--db", bo),
            ("Ana", "edit", 1, "--title", "Rain", "--db", ana),
            ("Bo", "edit", 1, "--title", "Flood", "--db", bo),
        ):
            result = cli(*line, "--as", who)
            assert (result.exit_code, result.exception) == (0, None), result.stderr

    once(home, shared)
    return ana, bo


def test_two_people_merge_see_what_contradicts_and_settle_it(apart: tuple[Path, Path], cli: Cli) -> None:
    ana, bo = apart
    before = dump(ana)
    tried = cli("merge", bo, "--dry-run", "--db", ana, "--as", "Ana")
    assert tried.exit_code == 0 and "3 changes would be added, 3 already here." in tried.stderr
    assert dump(ana) == before
    merged = cli("merge", bo, "--db", ana, "--as", "Ana")
    lines = [line.split("\t") for line in merged.stdout.splitlines()]
    assert lines[0] == ["article", "person", "added", "same", "conflicts"]
    assert ["Flood", "Bo", "2", "0", "1"] in lines and ["(people, scheme, sources)", "Bo", "1", "0", "0"] in lines
    assert "3 changes added" in merged.stderr and "`factdesk conflicts` shows them" in merged.stderr
    assert merged.stdout == tried.stdout
    assert "Rain" in cli("conflicts", "--db", ana).stdout
    asking = (("claims", 1), ("show", 1), ("compare", 1), ("review", 1, "--list"), ("summary", 1))
    for asks in asking:
        said = cli(*asks, "--db", ana, "--as", "Ana").stderr
        assert "1 conflict here: `factdesk conflicts` lists what waits." in said, asks
    assert_refused(cli("conflicts", "settle", 1, 7, "--db", ana, "--as", "Ana"), "mine or theirs")
    assert cli("conflicts", "settle", 1, "mine", "--set", "title", "x", "--db", ana, "--as", "Ana").exit_code == 2
    assert "Rain" in cli("conflicts", "settle", 1, "mine", "--db", ana, "--as", "Ana").stdout
    assert not any("conflict" in cli(*asks, "--db", ana, "--as", "Ana").stderr for asks in asking)
    assert cli("undo", "--db", ana, "--as", "Ana").exit_code == 0
    assert cli("edit", 1, "--title", "Wet", "--db", bo, "--as", "Bo").exit_code == 0
    assert cli("edit", 1, "--title", "Dry", "--db", ana, "--as", "Ana").exit_code == 0
    assert cli("merge", bo, "--db", ana, "--as", "Ana").exit_code == 0
    settled = cli("conflicts", "settle", 1, "--set", "title", "Rain and flood", "--db", ana, "--as", "Ana")
    assert "Rain and flood" in settled.stdout and "Rain and flood" in cli("articles", "--db", ana).stdout
    assert cli("merge", ana, "--db", bo, "--as", "Bo").exit_code == 0
    assert "There is no conflict." in cli("conflicts", "--db", bo).stderr
    again = cli("merge", bo, "--db", ana, "--as", "Ana")
    assert (again.exit_code, again.stdout) == (0, "") and "nothing new" in again.stderr
    assert all(cli("verify", "--db", path).exit_code == 0 for path in apart)


def test_a_merge_into_a_desk_that_is_not_there_makes_it_and_json_tells_all(apart: tuple[Path, Path], cli: Cli) -> None:
    new = apart[0].with_name("new.db")
    result = cli("merge", *apart, "--db", new, "--as", "Cy", "--json")
    first, second = json.loads(result.stdout)
    assert first["rows"][0].keys() >= {"article", "title", "person", "added", "same", "conflicts"}
    assert Path(second["file"]) == apart[1] and "Made a new desk" in result.stderr


def test_what_cannot_be_merged_is_refused_in_a_sentence_and_changes_nothing(apart: tuple[Path, Path], cli: Cli) -> None:
    ana, bo = apart
    conn = sqlite3.connect(bo)
    with conn:
        conn.execute("DROP TRIGGER changes_are_fixed")
        conn.execute(
            "UPDATE changes SET patch = json_set(patch, '$.title', 'forged') WHERE kind = 'articles' AND seq < 4"
        )
    conn.close()
    before = dump(ana)
    result = cli("merge", bo, "--db", ana, "--as", "Ana")
    assert_refused(result, "with different content", "factdesk verify", "--dry-run")
    assert_refused(cli("merge", ana.with_name("rain.txt"), "--db", ana, "--as", "Ana"), "is not a factdesk database")
    assert_refused(cli("merge", bo, "--db", ana), "who you are")
    assert_refused(cli("share", bo, "--db", ana, "--force"), "is a desk")
    assert dump(ana) == before and cli("merge", "--db", ana).exit_code == 2
