"""The way of a key from press to paint is short: who reads the code has few files to hold in mind at once."""

from __future__ import annotations

import re
import sys
from collections.abc import Callable
from pathlib import Path
from types import FrameType
from typing import Any

import pytest

from tests.kit.at_the_article import Room, at_desk
from tests.kit.paths import ROOT
from tui import app as tui_app
from tui.article import text_screen

FLOORS = (f"{ROOT}/store/", f"{ROOT}/tui/")


async def way_of(room: Room, key: str, painted: Callable[[], object]) -> set[str]:
    """The files of ours in which a function runs from the press of a key until a frame is drawn that shows it."""
    passed: set[str] = set()
    way: list[set[str]] = []

    def note(frame: FrameType, event: str, _: Any) -> None:
        file = frame.f_code.co_filename
        if event == "call" and file.startswith(FLOORS):
            passed.add(file.removeprefix(f"{ROOT}/"))

    def drawn() -> None:
        if not way and painted():
            way.append(set(passed))

    room.app.post_display_hook = drawn  # type: ignore[method-assign]
    sys.setprofile(note)
    try:
        await room.press(key)
        await room.until(lambda: way, "it is drawn")
    finally:
        sys.setprofile(None)
    return way[0]


async def test_t_passes_few_files_from_press_to_paint(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    # What goes on by itself meanwhile is no part of the way, nor is what follows the text later.
    for name in ("POLL_SECONDS", "FLUSH_SECONDS", "SETTLED_SECONDS"):
        monkeypatch.setattr(tui_app, name, 3600.0)
    monkeypatch.setattr(text_screen, "PANEL_DELAY", 3600.0)
    async with at_desk(tmp_path) as room:
        await room.press("v", "w", "t", *["right"] * 30, "v", "w")
        caret, claims = room.view.caret, len(room.claims())
        step = await way_of(room, "w", lambda: room.view.caret != caret)
        tags = []
        for _ in range(3):
            tags.append(await way_of(room, "t", lambda: not room.view.selecting))
            await room.press(*["right"] * 12, "v", "w", "w")
        assert len(room.claims()) == claims + 3
    # What passes by chance, as an old desk that is cleared away just then, is no part of the way either.
    tag = set.intersection(*tags)
    assert len(tag) <= 34, sorted(tag)
    assert len(tag - step) <= 19, sorted(tag - step)
    page = (Path(ROOT) / ".github" / "CONTRIBUTING.md").read_text(encoding="utf-8")
    told = set(re.findall(r"`((?:store|tui)/[\w/]+\.py)`", page.partition("## Follow a key")[2].partition("\n## ")[0]))
    assert tag <= told <= set.union(*tags), "the contributors' page tells the way"
