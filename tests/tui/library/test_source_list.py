"""The sources of the desk, by keys and by commands."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path

import pytest
from click.testing import Result

from store.desk import Desk
from tests.kit.desks import desk_at, shelve
from tests.kit.pilot import STORY_SIZES, notices, screen_text, send, settle, type_text
from tui import settings
from tui.app import FactdeskApp
from tui.article.screen import ArticleScreen
from tui.library.source_list import SourcesScreen

Cli = Callable[..., Result]


@pytest.fixture
def cited(tmp_path: Path) -> Path:
    """A desk on which one interview is two sources, each with a claim, and a third source has a claim, too."""
    with desk_at(tmp_path) as desk:
        article = shelve(desk, "Dam", claims=3)
        for claim, (url, title) in zip(desk.claims.of(article), CITED, strict=True):
            desk.evidence.add(claim, "supports", url=url, title=title, quote="We came on 10 October.")
        return desk.path


CITED = (
    ("https://a.example/interview", "Interview"),
    ("https://mirror.example/interview", "Interview, a copy"),
    ("https://b.example", "Statement"),
)


@pytest.mark.parametrize("size", STORY_SIZES)
async def test_two_that_are_one_are_merged_by_keys_and_a_claim_is_gone_to(cited: Path, size: tuple[int, int]) -> None:
    with Desk.open(cited, "Ana") as desk:
        app = FactdeskApp(desk, settings.load())
        async with app.run_test(size=size) as pilot:
            await send(pilot, "S")
            screen = app.screen
            assert isinstance(screen, SourcesScreen) and "3 sources" in screen_text(app)
            await send(pilot, "/")
            await type_text(pilot, "came interview")
            await settle(pilot)
            assert len(screen.shown) == 2
            await send(pilot, "escape", "M")
            assert any("First mark the source that stays" in said for said in notices(app))
            await send(pilot, "g", "g", "space", "down", "M")
            assert len(desk.sources.all()) == 2 and "cited by 2 claims" in notices(app)[-1]
            await send(pilot, "u")
            assert len(desk.sources.all()) == 3
            await send(pilot, "g", "g", "enter", "enter")
            await settle(pilot)
            assert isinstance(app.screen, ArticleScreen)


def test_the_commands_list_show_and_merge(cited: Path, cli: Cli, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("FACTDESK_DB", str(cited))
    monkeypatch.setenv("FACTDESK_REVIEWER", "Ana")
    listed = json.loads(cli("sources", "INTERVIEW", "--json").stdout)
    assert [(one["number"], one["claims"]) for one in listed] == [(1, 1), (2, 1)]
    assert cli("sources", "nobody said this").stderr.startswith("No source says that")
    shown = cli("sources", "show", "interview", "--json")
    assert shown.exit_code == 1 and "means several sources (1, 2)" in shown.stderr
    assert cli("sources", "merge", "1", "2").stdout == "1 Interview: cited by 2 claims in 1 article\n"
    told = cli("sources", "show", "1")
    assert "cited by 2 claims" in told.stderr and told.stdout.count("supports") == 2
    assert cli("sources", "merge", "1", "1").exit_code == 1
    assert cli("undo").exit_code == 0
    assert len(json.loads(cli("sources", "--json").stdout)) == 3


def test_finished_work_keeps_its_sources(demo: Path, cli: Cli, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("FACTDESK_DB", str(demo))
    result = cli("sources", "merge", "1", "6", "--as", "Reader")
    assert result.exit_code == 1 and "in work that is finished" in result.stderr
