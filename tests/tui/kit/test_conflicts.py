"""The conflicts that wait, and settling them."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from store.desk import Desk
from store.history.change_sentences import values_in_words
from tests.kit.desks import desk_at, shelve
from tests.kit.pilot import SIZES, screen_text, send, settle
from tui.kit.conflicts import ConflictsScreen
from tui.kit.desk_app import DeskApp
from tui.kit.screen import DeskChanged, DeskScreen


class ConflictApp(DeskApp):
    def __init__(self, desk: Desk) -> None:
        super().__init__()
        self.desk = desk

    def on_mount(self) -> None:
        self.push_screen(DeskScreen())
        self.push_screen(ConflictsScreen(self.desk))

    def said(self) -> list[str]:
        return [str(notification.message) for notification in self._notifications]


def foot(app: ConflictApp) -> set[str]:
    """What the foot offers, in words."""
    assert isinstance(app.screen, DeskScreen)
    return {words for _, words, _ in app.screen.hinted() if words in screen_text(app).splitlines()[-1]}


@pytest.fixture
def desk(tmp_path: Path) -> Iterator[Desk]:
    """A desk on which Ana and Ben wrote the claim text of C1 without seeing each other."""
    with desk_at(tmp_path) as desk:
        article = shelve(desk, "Dam", claims=1)
        seen = desk.claims.of(article)[0]
        desk.claims.edit(seen, claim_text="The dam fell.")
        with Desk.open(desk.path, "Ben") as other:
            other.claims.edit(seen, claim_text="The dam [b]stands[/b].")
        yield desk


@pytest.mark.parametrize("size", SIZES)
async def test_a_conflict_shows_who_said_what_and_which_is_shown(desk: Desk, size: tuple[int, int]) -> None:
    app = ConflictApp(desk)
    async with app.run_test(size=size) as pilot:
        await settle(pilot)
        lines = screen_text(app).splitlines()
        ben = next(line for line in lines if "Ben" in line)
        ana = next(line for line in lines if "Ana" in line)
        assert "shown" in ben and "shown" not in ana
        assert "The dam fell." in screen_text(app)
        assert "[b]stands[/b]" in screen_text(app)


@pytest.mark.quick
async def test_the_chosen_value_stands_and_the_conflict_is_gone(desk: Desk) -> None:
    app = ConflictApp(desk)
    async with app.run_test(size=(120, 40)) as pilot:
        assert {"Keep it", "Keep mine", "Undo"} <= foot(app)
        await send(pilot, "G", "enter")
        assert desk.claims.of("1")[0].claim_text == "The dam fell."
        assert desk.conflicts.of() == []
        assert "No conflict waits." in screen_text(app)
        assert app.said()[0].startswith("Settled: Ana’s")
        assert {"Undo", "Help"} == foot(app), "what is done with a conflict is offered where there is one"
        desk.history.undo()
        app.screen.post_message(DeskChanged())
        await settle(pilot)
        assert {"Keep it", "Keep mine", "Undo"} <= foot(app)


async def test_settling_can_be_undone(desk: Desk) -> None:
    app = ConflictApp(desk)
    async with app.run_test(size=(120, 40)) as pilot:
        await send(pilot, "G", "enter")
        assert desk.conflicts.of() == []
        desk.history.undo()
        assert desk.claims.of("1")[0].claim_text == "The dam [b]stands[/b]."


async def test_the_heading_of_a_conflict_settles_nothing(desk: Desk) -> None:
    app = ConflictApp(desk)
    async with app.run_test(size=(120, 40)) as pilot:
        await send(pilot, "g", "g", "enter")
        assert len(desk.conflicts.of()) == 1
        assert app.said() == ["Choose one of the values below it."]


async def test_a_desk_without_conflicts_says_so(tmp_path: Path) -> None:
    with desk_at(tmp_path) as desk:
        app = ConflictApp(desk)
        async with app.run_test() as pilot:
            await send(pilot, "enter", "j")
            assert "No conflict waits." in screen_text(app)


def test_values_are_told_in_words() -> None:
    values = {"claim_text": "", "types": ["date", "event"]}
    assert values_in_words(values) == "claim text: (nothing) · types: date, event"
    assert values_in_words({"deleted": 1}) == "deleted"
    assert values_in_words({"deleted": 0}) == "kept"


async def test_a_key_keeps_mine_on_any_row_of_the_conflict_and_undo_takes_it_back(desk: Desk) -> None:
    app = ConflictApp(desk)
    async with app.run_test(size=(120, 40)) as pilot:
        await send(pilot, "g", "g", "m")
        assert desk.claims.of("1")[0].claim_text == "The dam fell." and desk.conflicts.of() == []
        await send(pilot, "m")
        assert app.said()[-1] == "No conflict waits."
        await send(pilot, "u")
        assert desk.claims.of("1")[0].claim_text == "The dam [b]stands[/b]."


async def test_a_key_keeps_theirs(desk: Desk) -> None:
    app = ConflictApp(desk)
    async with app.run_test(size=(80, 24)) as pilot:
        await send(pilot, "t")
        assert desk.claims.of("1")[0].claim_text == "The dam [b]stands[/b]." and desk.conflicts.of() == []


async def test_a_conflict_is_settled_with_another_value(desk: Desk) -> None:
    app = ConflictApp(desk)
    async with app.run_test(size=(80, 24)) as pilot:
        await send(pilot, "e")
        assert "The dam fell." in screen_text(app) and "Ben" in screen_text(app)
        await send(pilot, "ctrl+a", *"Half", "ctrl+s")
        assert desk.claims.of("1")[0].claim_text.startswith("Half") and desk.conflicts.of() == []
        assert "your claim text of C1 stands" in app.said()[-1]


async def test_what_can_only_be_chosen_is_not_edited(desk: Desk) -> None:
    claim = desk.claims.of("1")[0]
    with Desk.open(desk.path, "Ben") as other:
        other.claims.edit(claim, claimant="Ri")
    desk.delete(claim)
    app = ConflictApp(desk)
    async with app.run_test(size=(120, 40)) as pilot:
        at = next(i for i, conflict in enumerate(desk.conflicts.of()) if conflict.part == "deleted")
        await send(pilot, "g", "g", *["j"] * 3 * at, "e")
        assert app.said()[-1].startswith("Choose one of the values")
