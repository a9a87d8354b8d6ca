"""Driving an app in tests: keys as a terminal sends them, text as it stands on the screen."""

from __future__ import annotations

import asyncio
import time
from collections.abc import Callable
from typing import Any

from textual import events
from textual.app import App
from textual.driver import Driver
from textual.keys import key_to_character
from textual.pilot import Pilot
from textual.strip import Strip

from tests.kit import depth
from tests.kit.patience import PATIENCE
from tui.keys.keymap import canonical
from tui.kit.desk_app import DeskApp
from tui.kit.save_form import SaveForm

TURNS, PASSES = 100, 10_000
"""Where something goes on by itself without an end, waiting for it does end."""
App.NOTIFICATION_TIMEOUT = 600.0  # what is said stays until a test has read it, however busy the machine is
SIZES = ((80, 24), (120, 40), (200, 60)) if depth.deep else ((80, 24), (120, 40))
"""Terminals that a screen is looked at on: a very large one, where all has room, only with ``--deep``."""
STORY_SIZES = SIZES if depth.deep else SIZES[:1]
"""Terminals that something is done on, where it is not its layout that counts: all of them only with ``--deep``."""


async def keys_done(app: App[Any]) -> None:
    """Wait until the keys so far are read, and all that they set off is done."""
    if isinstance(app, DeskApp):
        arrived = asyncio.Event()
        app.call_later(arrived.set)
        while (app.reading or not arrived.is_set()) and failure(app) is None and app.is_running:
            await asyncio.sleep(0)
        await app.all_done()


async def settle(pilot: Pilot[Any]) -> None:
    """Wait until what was sent has been done and shown: until nothing more comes but what time brings."""
    app = pilot.app
    for _ in range(TURNS):
        await keys_done(app)
        await idle()
        if failure(app) is not None or not app.is_running or not app.screen_stack:
            return
        draw(app)
        if is_idle():
            return


async def until(pilot: Pilot[Any], true: Callable[[], object], what: str, patience: float = PATIENCE) -> None:
    """Wait for something that happens by itself, and until it is shown.

    As long as it cannot even be asked, as the screen in question is not there, it has not come to pass.
    """
    give_up = time.monotonic() + patience
    while not _holds(true):
        assert time.monotonic() < give_up, f"it did not come to pass: {what}"
        assert pilot.app.is_running, f"the app is gone before it came to pass: {what}"
        await pilot.pause(0.005)
    await settle(pilot)


def _holds(true: Callable[[], object]) -> bool:
    try:
        return bool(true())
    except AssertionError:
        return False


async def at_rest(pilot: Pilot[Any]) -> None:
    """Wait until nothing is being worked out beside the screen."""
    await settle(pilot)
    await until(pilot, lambda: all(worker.is_finished for worker in pilot.app.workers), "all workers have ended")


async def send(pilot: Pilot[Any], *keys: str | events.Paste) -> None:
    """Press keys, written as people write them, and paste between them; far quicker than ``pilot.press``."""
    app = pilot.app
    for key in keys:
        if isinstance(key, events.Paste):
            key.set_sender(app)
            app.post_message(key)
            continue
        name = canonical(key)
        event = events.Key(
            name, " " if name == "space" else key if len(key) == 1 and key.isascii() else key_to_character(name)
        )
        event.set_sender(app)
        app.post_message(event)
    await settle(pilot)


async def type_text(pilot: Pilot[Any], text: str) -> None:
    """Type a text, a character at a time."""
    app = pilot.app
    for character in text:
        key = "enter" if character == "\n" else canonical("space" if character == " " else character)
        event = events.Key(key, "\r" if character == "\n" else character)
        event.set_sender(app)
        app.post_message(event)
    await settle(pilot)


async def paste(pilot: Pilot[Any], text: str) -> None:
    """Paste a text, as a terminal with bracketed paste sends it."""
    await send(pilot, events.Paste(text))


# What Textual and asyncio have no public place for: nowhere else do tests look into it.


def is_idle() -> bool:
    """Whether nothing in the loop is ready to go on: all messages are read, and all they set off is done."""
    return not asyncio.get_running_loop()._ready  # type: ignore[attr-defined]


async def idle() -> None:
    """Wait until nothing in the loop is ready to go on, what has just become due among it."""
    for _ in range(PASSES):
        await asyncio.sleep(0)
        if is_idle():
            return


def draw(app: App[Any]) -> None:
    """Show at once what has changed on the screen; else it is shown a sixtieth of a second later."""
    app.screen._on_timer_update()


def notices(app: App[Any]) -> list[str]:
    """What stands in the corner of the screen, oldest first."""
    return [str(notification.message) for notification in app._notifications]


def failure(app: App[Any]) -> Exception | None:
    """The error that ends the app."""
    return app._exception


def is_leaving(app: App[Any]) -> bool:
    """Whether the app has been told to end."""
    return app._exit


def terminal_of(app: App[Any]) -> Driver:
    """The terminal that the app is shown on."""
    assert app._driver is not None
    return app._driver


def screen_rows(app: App[Any]) -> list[Strip]:
    """The rows of the screen as they are drawn."""
    return app.screen._compositor.render_strips()


def screen_text(app: Any) -> str:
    """What stands on the screen, row by row."""
    return "\n".join("".join(segment.text for segment in strip).rstrip() for strip in screen_rows(app))


async def write_file(pilot: Pilot[Any], name: str = "") -> str:
    """Have the form that asks for a file write one of that name; gives what is said once it is written or refused."""
    form = pilot.app.screen
    assert isinstance(form, SaveForm)
    before = len(notices(pilot.app))
    if name:
        await type_text(pilot, name)
    await send(pilot, "enter")
    await until(pilot, lambda: not form.working, "the file is written or refused")
    assert len(notices(pilot.app)) > before, "nothing is said"
    return notices(pilot.app)[-1]
