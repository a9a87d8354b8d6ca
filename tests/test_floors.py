"""The plan of the house: what may know what, how large anything may be, and what it may be called."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.kit.house import LINES, House
from tests.kit.paths import ROOT


@pytest.fixture(scope="module")
def house() -> House:
    return House(ROOT)


@pytest.mark.parametrize("question", House.QUESTIONS)
def test_the_house_stands_as_it_was_planned(house: House, question: str) -> None:
    assert not sorted(getattr(house, question)()), f"{question}: against the plan"


PLANTED = {
    "store/records.py": "class Claim(NamedTuple):\n    id: str\nclass Kept(Claim): ...\n",
    "store/errors.py": "class Refused(Exception): ...\nclass Gone(Refused): ...\ndef f():\n    import store.desk\n",
    "store/desk.py": "from store import errors\nclass Room: ...\nclass Desk(Room): ...\n",
    "store/log/reading.py": "class Room: ...\nif 1:\n    from ..check import claims\n",
    "store/check/claims.py": "def read(): ...\nx = 1  # type: ignore[arg-type, misc]\n",
    "store/formats/one.py": "def read(): ...\n",
    "store/elsewhere/matching.py": "",
    "tui/app.py": "if TYPE_CHECKING:\n    from tui.commands import command\nsetattr(1, '', 2)\n",
    "tui/commands/command.py": "def long():\n" + "    pass\n" * 60,
    "tui/cli.py": "from importlib import import_module\nimport_module(f'tui.commands.{1}')\n" + "\n" * LINES,
    "tests/test_one.py": "from tests.store.test_two import one\n",
}
SEEN = {
    "without_a_place": ["store.elsewhere"],
    "arrows_up": ["store.errors knows store.desk", "store.log.reading knows store.check.claims",
                  "tui.app knows tui.commands.command"],
    "circles": ["store.desk", "store.errors"],
    "own_bases": ["store.desk.Desk is a Room"],
    "silenced": ["store.check.claims"],
    "set_from_outside": ["tui.app"],
    "called_after_a_doing": ["store.log.reading"],
    "too_long": ["tui/cli.py"],
    "long_functions": ["tui.commands.command.long"],
    "names_twice": ["store: Room"],
    "taken_from_tests": ["tests/test_one.py"],
}  # fmt: skip


def test_what_is_against_the_plan_is_found(tmp_path: Path) -> None:
    for place, text in PLANTED.items():
        (tmp_path / place).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / place).write_text(text, encoding="utf-8")
    house = House(tmp_path)
    assert {question: list(getattr(house, question)()) for question in House.QUESTIONS} == SEEN
