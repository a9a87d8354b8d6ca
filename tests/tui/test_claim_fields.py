"""What is said of a claim can be said, read and changed at every door, field by field."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import click
import pytest
from click.testing import Result

from store.access.fields import CLAIM
from store.desk import Desk
from store.log.kinds import LISTS
from store.records import Article, Claim
from tests.kit.at_the_panel import room
from tests.kit.csv_files import exported, rows_of
from tests.kit.pipes import piped
from tui.cli import factdesk

Cli = Callable[..., Result]
CHOSEN = {"attribution": "headline", "check_target": "both", "types": "event", "priority": "high"}
VALUES = {name: CHOSEN.get(name, f"such {name}".replace("_", " ")) for name in CLAIM}
SAID: dict[str, Any] = {name: [value] if name in LISTS else value for name, value in VALUES.items()}
"""The same, as Python says it."""


def option(verb: str, field: str) -> str:
    """The option of a command that fills a field."""
    made = factdesk.get_command(click.Context(factdesk), verb)
    assert made is not None
    return next(one.opts[0] for one in made.params if one.name == field)


@pytest.fixture
def article(ana: Path, cli: Cli) -> int:
    Path("a.txt").write_text("The bridge fell at night. Nobody was hurt.\n", encoding="utf-8")
    assert cli("import", "a.txt").exit_code == 0
    return 1


def test_the_command_line_has_an_option_for_each_and_tells_each(article: int, cli: Cli) -> None:
    quote = ("--quote", "The bridge fell")
    said = [word for name, value in VALUES.items() for word in (option("tag", name), value)]
    assert cli("tag", article, *quote, *said).exit_code == 0
    shown = cli("show", article, "C1").stdout
    assert [value for value in VALUES.values() if value not in shown] == []
    for name in CLAIM:
        assert cli("edit", article, "C1", option("edit", name), "").exit_code == 0, name
        newest = cli("history", article, "C1").stdout.splitlines()[1]
        assert VALUES[name] in newest and ("_" not in name or name not in newest), f"{name}: {newest}"
    assert [value for value in VALUES.values() if value in cli("show", article, "C1").stdout] == []


def test_each_is_said_and_told_in_plain_lines(article: int) -> None:
    answers = ["tag The bridge fell", *(f"set {name} {value}" for name, value in VALUES.items()), "tell", "quit"]
    told = piped("Ana", "check", article, answers=answers).rpartition("Claim C1: “The bridge fell”.\n")[2]
    assert [value for value in VALUES.values() if value.casefold() not in told.casefold()] == []


def test_each_has_a_column_and_comes_back(article: int) -> None:
    with Desk.open(Path("desk.db"), "Ana") as desk:
        desk.claims.tag(desk.articles.get("1"), 0, 15, **SAID)
        (row,) = rows_of(exported(desk))
    assert {name: row[name] for name in CLAIM} == VALUES


async def test_each_is_in_the_panel_and_tab_goes_there(tmp_path: Path) -> None:
    def prepare(desk: Desk, article: Article, claim: Claim) -> None:
        desk.claims.edit(claim, **SAID)

    async with room(tmp_path, prepare=prepare) as r:
        seen = r.seen().casefold()
        assert [value for value in VALUES.values() if value not in seen] == []
        for name in CLAIM:
            await r.go(name)
