"""``factdesk demo``."""

from __future__ import annotations

import sys
from collections.abc import Callable
from pathlib import Path

import pytest
from click.testing import Result

from store.desk import Desk
from tests.kit.terminal import Terminal

Run = Callable[..., Result]
FACTDESK = Path(sys.executable).parent / "factdesk"


def test_it_makes_a_desk_in_the_data_folder_and_never_over_another(
    cli: Run, home: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("platformdirs.user_data_dir", lambda *_, **__: str(home / "data"))
    made = [cli("demo", "--no-open") for _ in range(3)]
    assert [result.exit_code for result in made] == [0, 0, 0]
    names = ["demo.db", "demo-2.db", "demo-3.db"]
    assert [result.stdout.strip() for result in made] == [str(home / "data" / name) for name in names]
    assert sorted(path.name for path in (home / "data").iterdir()) == sorted(names)
    assert not (home / "desk.db").exists()


def test_it_says_what_to_try_next(cli: Run, home: Path) -> None:
    done = cli("demo", "--no-open", "--db", home / "a try.db")
    start = f"factdesk --db '{home / 'a try.db'}'"
    for next in ("review 1 --of Mara", "compare 1", "agreement"):
        assert f"{start} {next}" in done.stderr


def test_who_makes_it_is_given_work_in_it(cli: Run, ana: Path) -> None:
    cli("demo", "--no-open", "--db", ana / "demo.db")
    with Desk.open(ana / "demo.db", "Ana") as desk:
        assert [(one.role, one.whose) for one in desk.assignments.of(person="Ana")] == [
            ("reviewer", "Mara"),
            ("adjudicator", ""),
        ]


def test_on_a_terminal_it_asks_a_newcomer_for_their_name_and_gives_them_work(home: Path) -> None:
    with Terminal([FACTDESK, "demo", "--no-open", "--db", home / "demo.db"], columns=80, rows=24) as terminal:
        terminal.wait_for("Your name")
        terminal.type("Dora\r")
        assert terminal.finish() == 0
    with Desk.open(home / "demo.db", "Dora") as desk:
        assert [one.role for one in desk.assignments.of(person="Dora")] == ["reviewer", "adjudicator"]


def test_a_file_that_is_there_stays_as_it_is(cli: Run, home: Path) -> None:
    (home / "notes.db").write_text("mine")
    refused = cli("demo", "--no-open", "--db", home / "notes.db")
    assert refused.exit_code == 1 and refused.stdout == ""
    assert refused.stderr.startswith("factdesk: ") and "already" in refused.stderr and "notes.db" in refused.stderr
    assert (home / "notes.db").read_text() == "mine"


def test_a_folder_that_is_not_there_is_named(cli: Run, home: Path) -> None:
    refused = cli("demo", "--no-open", "--db", home / "none" / "demo.db")
    assert refused.exit_code == 1 and "none" in refused.stderr and refused.stderr.count("\n") == 1


def test_without_a_terminal_it_makes_nothing_it_could_not_show(cli: Run, ana: Path) -> None:
    refused = cli("demo", "--db", ana / "demo.db")
    assert refused.exit_code == 1 and "terminal" in refused.stderr
    assert not (ana / "demo.db").exists()


def test_it_opens_the_desk_and_says_what_is_next_when_that_is_left(ana: Path) -> None:
    with Terminal([FACTDESK, "demo", "--db", ana / "demo.db"], columns=120, rows=40) as terminal:
        terminal.wait_for("Two North Korean")
        terminal.wait_for("Tomas")
        terminal.type("q")
        assert terminal.finish() == 0
        assert "review 1 --of Mara" in terminal.seen.replace("\r\n", "")
