"""The plan of the house: what may know what, how large anything may be, and what it may be called."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.kit.house import LINES, House
from tests.kit.paths import ROOT

OFFENCES: dict[str, tuple[str, ...]] = {
    "too_long": (
        "store/scheme.py",
        "tests/store/settle/test_comparison.py",
    ),
    "long_functions": (
        "store.check.assignments.assign",
        "store.history.imports.bring",
        "store.library.shelf.shelf",
        "store.review.reviews.decide",
        "store.settle.adjudication.adjudicate",
        "store.settle.comparison._takes",
    ),
    "names_twice": (
        "store: COLUMNS",
        "store: Comparison",
        "store: EVIDENCE",
        "store: Group",
        "store: LIMIT_BYTES",
        "store: Made",
        "store: Place",
        "store: Places",
        "store: Progress",
        "store: Record",
        "store: Row",
        "store: SUFFIXES",
        "store: checked",
        "store: groups",
        "store: make",
        "store: marks",
        "store: passages",
        "store: prepare",
        "store: read_text",
        "store: renew",
        "tui: LAYOUTS",
        "tui: OPEN",
        "tui: SWEPT",
        "tui: THEMES",
        "tui: parse",
        "tui: verdict",
    ),
}
"""What still stands against the plan: it may only become less."""


@pytest.fixture(scope="module")
def house() -> House:
    return House(ROOT)


@pytest.mark.parametrize("question", House.QUESTIONS)
def test_the_house_stands_as_it_was_planned(house: House, question: str) -> None:
    found, listed = set(getattr(house, question)()), set(OFFENCES.get(question, ()))
    assert not found - listed, f"{question}: against the plan"
    assert not listed - found, f"{question}: no longer so, take it off the list"


PLANTED = {
    "store/records.py": "class Claim(NamedTuple):\n    id: str\nclass Kept(Claim): ...\n",
    "store/errors.py": "class Refused(Exception): ...\nclass Gone(Refused): ...\ndef f():\n    import store.desk\n",
    "store/desk.py": "from store import errors\nLOG = 1\nclass Room: ...\nclass Desk(Room): ...\n",
    "store/log/reading.py": "LOG = 2\nclass Room: ...\nif 1:\n    from ..check import claims\n",
    "store/check/claims.py": "def read(): ...\nx = 1  # type: ignore[arg-type, misc]\n",
    "store/formats/one.py": "def read(): ...\n",
    "store/elsewhere/matching.py": "",
    "tui/app.py": "if TYPE_CHECKING:\n    from tui.commands import verb\nsetattr(1, '', 2)\n",
    "tui/commands/verb.py": "def long():\n" + "    pass\n" * 60,
    "tui/cli.py": "from importlib import import_module\nimport_module(f'tui.commands.{1}')\n" + "\n" * LINES,
    "tests/test_one.py": "from tests.store.test_two import one\n",
}
SEEN = {
    "without_a_place": ["store.elsewhere"],
    "arrows_up": ["store.errors knows store.desk", "store.log.reading knows store.check.claims",
                  "tui.app knows tui.commands.verb"],
    "circles": ["store.desk", "store.errors"],
    "own_bases": ["store.desk.Desk is a Room"],
    "silenced": ["store.check.claims"],
    "set_from_outside": ["tui.app"],
    "called_after_a_doing": ["store.log.reading"],
    "too_long": ["tui/cli.py"],
    "long_functions": ["tui.commands.verb.long"],
    "names_twice": ["store: Room"],
    "taken_from_tests": ["tests/test_one.py"],
}  # fmt: skip


def test_what_is_against_the_plan_is_found(tmp_path: Path) -> None:
    for place, text in PLANTED.items():
        (tmp_path / place).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / place).write_text(text, encoding="utf-8")
    house = House(tmp_path)
    assert {question: list(getattr(house, question)()) for question in House.QUESTIONS} == SEEN
