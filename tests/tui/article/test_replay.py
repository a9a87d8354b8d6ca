"""Replaying a check: step by step, by itself, and as lines; what is hidden stays hidden."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path

import pytest
from click.testing import Result

from store.desk import Desk
from tests.kit.at_the_article import TAGGED, TEXT, at_desk, opened
from tests.kit.corrected import NEW, RAIN, SPANS, correct, tagged
from tests.kit.desks import desk_at, shelve
from tests.kit.pilot import SIZES, screen_text, send, until
from tui import settings
from tui.app import FactdeskApp
from tui.article import replay
from tui.article.replay import ReplayScreen

Cli = Callable[..., Result]


def test_a_replay_tells_what_there_was_after_each_step(tmp_path: Path) -> None:
    with desk_at(tmp_path, "Ana") as desk:
        article = desk.articles.add("It rained. It snowed.", title="Weather")
        claim = desk.claims.tag(article, 0, 9)
        desk.verdicts.give(claim.id, "mixed", "Hm.")
        piece = desk.evidence.add(claim.id, "context", quote="Rain.")
        desk.sweeps.add(article, 11, 21)
        desk.delete(piece)
        desk.history.undo()
        desk.delete(desk.claims.get(claim.id))
        replay = desk.history.replay(article)
        steps = [replay.told(step) for step in replay.steps]
        told = [(step.claims, step.verdicts, step.evidence, step.sweeps) for step in steps]
        assert [step.number for step in steps] == list(range(1, len(steps) + 1))
        assert told[-7:] == [
            (1, 0, 0, 0), (1, 1, 0, 0), (1, 1, 1, 0), (1, 1, 1, 1), (1, 1, 0, 1), (1, 1, 1, 1), (0, 0, 0, 1),
        ]  # fmt: skip
        assert steps[-7].claim == claim.id and "tagged" in steps[-7].says[0]


async def test_steps_are_gone_through_by_keys_and_by_themselves(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(replay, "STEP_SECONDS", 0.02)
    async with at_desk(tmp_path, size=(80, 24)) as r:
        await r.press("t", "4", "s", "g", "p")
        screen = r.app.screen
        assert isinstance(screen, ReplayScreen)
        many = len(screen.items)
        assert many >= 3 and f"step 1 of {many}" in screen_text(r.app)
        await r.press("right", "right", "left")
        assert f"step 2 of {many}" in screen_text(r.app)
        await r.press("left", "left")
        assert r.said[-1] == "This was the first step."
        await r.press("space")
        await r.until(lambda: f"step {many} of {many} · paused" in screen_text(r.app), "it plays to the end")
        assert "Then there were 1 claim" in screen_text(r.app)
        await r.press("right")
        assert r.said[-1] == "This was the last step."
        await r.press("escape")
        assert r.uncovered


@pytest.mark.parametrize("size", SIZES)
async def test_the_text_stands_at_each_step_as_it_stood_then(tmp_path: Path, size: tuple[int, int]) -> None:
    async with at_desk(tmp_path, size=size) as r:
        await r.press("t", "1", "f", "t", "u", "g", "p")
        screen = r.app.screen
        assert isinstance(screen, ReplayScreen)
        says = [" ".join(screen._replay.told(step).says) for step in screen.items]
        tagged = next(at for at, said in enumerate(says) if "tagged" in said)

        def drawn() -> list[tuple[str, bool]]:
            marks = screen.view.overlapping(0, len(screen.view.text))
            return [(screen.view.text[one.start : one.end], one.open) for one in marks]

        await r.press("home", *["right"] * tagged)
        assert drawn() == [(TAGGED[0], True)] and screen.view.active
        await r.press("right")
        assert drawn() == [(TAGGED[0], False)], "the verdict came with the next step"
        assert screen.view.text[screen.view.caret :].startswith(TAGGED[0])
        await r.press("end", "left")
        assert len(drawn()) == 2, "before the undo there were two claims"
        await r.press("end")
        assert len(drawn()) == 1
        await r.press("home")
        assert drawn() == [] and TEXT[:20] in screen_text(r.app) and "read 0 %" in screen_text(r.app)
        assert r.claims() and len(r.desk.claims.of(r.article)) == 1, "nothing is changed by looking"


async def test_an_earlier_version_of_the_text_is_shown_as_it_was(tmp_path: Path) -> None:
    with desk_at(tmp_path, "Ana") as desk:
        article = desk.articles.add(RAIN, title="Rain")
        tagged(desk, article, SPANS["schools"])
        correct(desk, article, NEW)
        async with opened(desk, desk.articles.get(article.id), size=(120, 40)) as r:
            await r.press("g", "p", "end")
            screen = r.app.screen
            assert isinstance(screen, ReplayScreen)
            assert screen.view.text == NEW and "43 schools" in screen_text(r.app)
            await r.press("left")
            assert screen.view.text == RAIN and "41 schools" in screen_text(r.app)
            (mark,) = screen.view.overlapping(0, len(RAIN))
            assert RAIN[mark.start : mark.end] == SPANS["schools"]


async def test_the_app_begins_with_the_replay_and_the_article_lies_behind_it(tmp_path: Path) -> None:
    with desk_at(tmp_path, "Ana") as desk:
        shelve(desk, "Dam", claims=2)
        article = desk.articles.all()[0]
        app = FactdeskApp(desk, settings.load(), article, replaying=True)
        async with app.run_test(size=(80, 24)) as pilot:
            await until(pilot, lambda: isinstance(app.screen, ReplayScreen), "the replay is shown")
            await send(pilot, "escape")
            assert not isinstance(app.screen, ReplayScreen)


def test_the_command_tells_the_steps_as_lines_and_as_json(ana: Path, cli: Cli) -> None:
    with Desk.open(ana / "desk.db", "Ana") as desk:
        desk.claims.tag(desk.articles.add("It rained.", title="One"), 0, 9)
    lines = cli("replay", 1, "--plain").stdout.splitlines()
    assert lines[0].startswith("1. ") and "Then: 1 claim, 0 verdicts, 0 sweeps and 0 pieces of evidence." in lines[-1]
    steps = json.loads(cli("replay", 1, "--json").stdout)
    assert steps[-1]["claims"] == 1 and "\x1b" not in "".join(lines)
    refused = cli("replay", 1)
    assert refused.exit_code and "--plain" in refused.stderr
