"""The registry of actions is complete: every action is carried out, explained and found; no key means two things."""

from __future__ import annotations

from itertools import combinations
from pathlib import Path

import pytest

from tests.kit.at_the_article import at_desk
from tests.kit.hands import HOSTILE, hands
from tests.kit.pilot import at_rest, screen_text, settle
from tests.kit.places import PLACES, at, here
from tui.keys.actions_and_keys import ACTIONS, Scope
from tui.keys.keymap import CHAINS, TYPING, KeyMap, display, is_printable
from tui.kit.command_palette import Palette
from tui.kit.help import HelpScreen
from tui.kit.screen import way


async def test_every_action_that_answers_somewhere_is_done_there_and_is_in_the_palette(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    met: set[tuple[Scope, str]] = set()
    async with hands(tmp_path, HOSTILE, monkeypatch) as hand:
        for name in PLACES:
            await hand.go(name)
            screen, actions = here(hand.app)
            hinted = [id for _, _, id in screen.hinted()]
            assert len(hinted) == len(set(hinted)), f"{name}: the foot says one thing twice"
            for action in actions:
                assert any(way(node, action.id) for node in screen.chain()), f"{name}: nobody does {action.id}"
                met.add((action.scope, action.id))
            await hand.press("ctrl+p")
            if name == "palette":  # the same key closes it
                await hand.press("ctrl+p")
            palette = hand.app.screen
            assert isinstance(palette, Palette)
            await settle(hand.pilot)
            offered = {choice.key for choice in palette.shown}
            wanted = {action.id for action in actions if action.scope not in TYPING} - {"command_palette"}
            assert wanted <= offered, name
            assert all(choice.label and choice.description.endswith(".") for choice in palette.shown)
    assert met == {(action.scope, action.id) for action in ACTIONS}


async def test_the_help_tells_every_key_of_every_action(tmp_path: Path) -> None:
    async with at_desk(tmp_path, size=(200, 60)) as r:
        await r.press("?")
        help = r.app.screen
        assert isinstance(help, HelpScreen)
        read = [help.cells(row) for row in help.shown]
        told = {(row[0][0][0], row[1], row[2][0][0]) for row in read if isinstance(row[1], str)}
        for action in ACTIONS:
            keys = " · ".join(display(key) for key in r.app.keymap.keys(action))
            title = action.title
            if title.startswith("Verdict ") and title[-1].isdigit():  # called as the scheme calls it
                title = f"{title[-1]}: {r.desk.scheme.active[int(title[-1]) - 1].label}"
            assert (keys, title, action.help) in told, action.id
        assert read[0] == ([("Check", "bold accent")], [("", "")], [("here", "muted")])


async def test_the_help_tells_the_first_key_it_has_found_in_full(tmp_path: Path) -> None:
    async with at_desk(tmp_path, size=(80, 24)) as r:
        await r.press("?")
        assert "t: Tag the selection or the sentence;" in screen_text(r.app)
        await r.press(*"written")
        await r.until(lambda: "g s: Show Markdown as it is written, or" in screen_text(r.app), "it is told in full")
        await r.press(*"xyz")
        await r.until(lambda: "No key or word matches." in screen_text(r.app), "nothing is found")


VERBS = {
    "Accept", "Add", "Agree", "Assign", "Choose", "Close", "Comment", "Copy", "Delete", "Disagree", "Done", "Doubt",
    "Edit", "Export", "Filter", "Find", "Finish", "Go", "Help", "Import", "Judge", "Keep", "List", "Merge", "Move",
    "Open", "Read", "Redo", "Reject", "Reopen", "Reply", "Resolve", "Restore", "Save", "Say", "Search", "See", "Show",
    "Sort", "Split", "Submit", "Sweep", "Tag", "Take", "Tick", "Unassign", "Undo", "Widen", "Work", "Write",
}  # fmt: skip
"""What a hint begins with; *Done* is what you say when you leave a field."""


@pytest.mark.parametrize(
    "name",
    ["text", "panel", "claims", "library", "history", "why", "filter", "review", "review panel", "summary", "inbox"],
)
async def test_the_hint_line_names_only_keys_that_work_there(tmp_path: Path, name: str) -> None:
    async with at(tmp_path / "desk", name) as r:
        await r.pilot.resize_terminal(200, 60)
        await at_rest(r.pilot)
        screen, actions = here(r.app)
        bound = {display(key) for action in actions for key in r.app.keymap.keys(action)}
        hinted = [key for key, _, _ in screen.hinted()]
        assert {said.split()[0] for _, said, _ in screen.hinted()} <= VERBS
        assert len(hinted) >= 2 and set(hinted) <= bound
        await r.until(
            lambda: all(key in screen_text(r.app).splitlines()[-1] for key in hinted), f"{hinted} stand at the foot"
        )


def test_every_action_has_a_title_a_sentence_of_help_and_is_there_once() -> None:
    for action in ACTIONS:
        assert action.title and len(action.title) <= 22 and not action.title.endswith("."), action
        assert action.help[:1].isupper() and action.help.endswith("."), action
        assert action.keys, action
    assert len({(action.scope, action.id) for action in ACTIONS}) == len(ACTIONS)


def test_no_key_of_the_registry_stands_in_the_way_of_another() -> None:
    """But for Space in a review, which looks at evidence where it pages elsewhere."""
    keymap = KeyMap.load()
    shadowed = set()
    for chain in CHAINS:
        actions = [action for action in ACTIONS if action.scope in chain]
        for one, other in combinations(actions, 2):
            for key in keymap.keys(one):
                for second in keymap.keys(other):
                    if chain[0] in TYPING and (is_printable(key.split()[0]) or is_printable(second.split()[0])):
                        continue
                    meets = f"{key} ".startswith(f"{second} ") or f"{second} ".startswith(f"{key} ")
                    if meets and one.id != other.id and {one.id, other.id} != {"look_on", "page_down"}:
                        shadowed.add(frozenset({f"{one.scope.value}.{one.id}", f"{other.scope.value}.{other.id}"}))
    assert not shadowed
    assert keymap.clashes == ()
