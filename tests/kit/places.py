"""The places of the app: how to get to each, and what answers there."""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path

from tests.kit.at_a_review import OTHERS, at_review
from tests.kit.at_the_article import SITUATIONS, Room, at_desk
from tui.keys.actions import ACTIONS, Action
from tui.keys.keymap import answering
from tui.kit.screen import DeskScreen

PLACES = {**SITUATIONS, **OTHERS}


@asynccontextmanager
async def at(folder: Path, name: str) -> AsyncIterator[Room]:
    """Somewhere in the app: on one's own desk, or where somebody else has checked the article."""
    folder.mkdir()
    if name in SITUATIONS:
        async with at_desk(folder) as room:
            await room.press(*SITUATIONS[name])
            yield room
    else:
        async with at_review(folder, reviewing=None, size=(80, 24)) as room:
            await room.press(*OTHERS[name])
            yield room


def here(room: Room) -> tuple[DeskScreen[object], list[Action]]:
    """The screen on top, and the actions that answer on it."""
    screen = room.app.screen
    assert isinstance(screen, DeskScreen)
    scopes = answering(screen.scopes())
    return screen, [action for action in ACTIONS if action.scope in scopes]
