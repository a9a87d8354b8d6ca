"""Frames that ask only for the lines that changed show the same as whole ones, on every screen."""

from __future__ import annotations

import random
from pathlib import Path

import pytest
from textual.geometry import Region

from tests.bench.frames import Sink
from tests.kit.grid import Grid
from tests.kit.hands import HOSTILE, KEYS, hands
from tests.kit.pilot import at_rest, settle, terminal_of
from tui.kit.screen import bands

HERE = (
    "text",
    "panel",
    "claims",
    "find",
    "evidence",
    "verdict",
    "library",
    "assignments",
    "history",
    "help",
    "review",
    "review panel",
    "disagree",
    "summary",
    "inbox",
    "compare",
    "settle own",
    "agreement",
)  # fmt: skip


@pytest.mark.parametrize("part", range(3))
async def test_what_was_sent_piece_by_piece_is_what_a_whole_frame_shows(
    part: int, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    dice = random.Random(part)
    async with hands(tmp_path, HOSTILE, monkeypatch) as hand:
        sink = terminal_of(hand.app)
        assert isinstance(sink, Sink)
        sent = ""
        for name in HERE[part::3]:
            await hand.go(name)
            hand.app.screen.refresh()
            for _ in range(12):
                await hand.press(*dice.choice(KEYS))
            await at_rest(hand.pilot)  # figures come in one by one
            hand.app.clear_notifications()
            await hand.followed()
            piecewise, whole = Grid(), Grid()
            sent += "".join(sink.sent)
            piecewise.feed(sent)
            sink.sent.clear()
            hand.app.screen.refresh()
            await settle(hand.pilot)
            assert sink.sent
            whole.feed("".join(sink.sent))
            assert len(whole.cells) >= 80 * 24
            for place, shown in whole.cells.items():
                assert piecewise.cells[place] == shown, (name, place, hand.log[-13:])
            sent = "".join(sink.sent)


def test_regions_with_common_rows_are_one_band() -> None:
    text, map_cell, foot = Region(0, 4, 50, 3), Region(79, 6, 1, 4), Region(0, 23, 80, 1)
    assert bands([foot, map_cell, text]) == (Region(0, 4, 80, 6), foot)
    assert bands([Region(0, 1, 5, 2), Region(0, 3, 5, 1)]) == (Region(0, 1, 5, 2), Region(0, 3, 5, 1))
    assert bands([]) == ()
