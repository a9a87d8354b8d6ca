"""The history screen."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from store.desk import Desk
from store.records import Article, Claim
from tests.kit.desks import desk_at, shelve
from tests.kit.pilot import SIZES, screen_text, send, settle, type_text
from tui.kit import history
from tui.kit.desk_app import DeskApp
from tui.kit.history import HistoryScreen
from tui.kit.screen import DeskScreen


class HistoryApp(DeskApp):
    def __init__(self, desk: Desk, article: Article | None = None, claim: Claim | None = None) -> None:
        super().__init__()
        self.about = (desk, article, claim)
        self.given: list[tuple[str, str] | None] = []

    def on_mount(self) -> None:
        self.push_screen(DeskScreen())
        self.push_screen(HistoryScreen(*self.about), self.given.append)

    def said(self) -> list[str]:
        return [str(notification.message) for notification in self._notifications]


@pytest.fixture
def desk(tmp_path: Path) -> Iterator[Desk]:
    with desk_at(tmp_path) as desk:
        shelve(desk, "Dam", claims=2, verdicts=1)
        shelve(desk, "[b]Bridge[/b]", claims=1)
        yield desk


@pytest.mark.parametrize("size", SIZES)
async def test_who_did_what_is_listed_newest_first(desk: Desk, size: tuple[int, int]) -> None:
    app = HistoryApp(desk)
    async with app.run_test(size=size) as pilot:
        await settle(pilot)
        lines = screen_text(app).splitlines()
        tagged = [number for number, line in enumerate(lines) if "tagged C1" in line]
        assert len(tagged) == 2 and "[b]Bridge[/b]" in lines[tagged[0]] and "Dam" in lines[tagged[1]]
        assert "Ana" in lines[tagged[0]]


async def test_it_widens_from_the_claim_to_its_article_and_the_desk_and_back(desk: Desk) -> None:
    article = desk.articles.get("Dam")
    app = HistoryApp(desk, article, desk.claims.get("C2", article))
    async with app.run_test(size=(120, 40)) as pilot:
        await settle(pilot)
        assert "of C2" in screen_text(app) and "tagged C1" not in screen_text(app)
        await send(pilot, "tab")
        assert "of “Dam”" in screen_text(app) and "tagged C1" in screen_text(app)
        assert "[b]Bridge" not in screen_text(app)
        await send(pilot, "w")
        assert "of the whole desk" in screen_text(app) and "[b]Bridge[/b]" in screen_text(app)
        await send(pilot, "w")
        assert "of C2" in screen_text(app)


@pytest.mark.quick
async def test_undo_and_redo_work_from_there_and_are_listed(desk: Desk) -> None:
    app = HistoryApp(desk)
    async with app.run_test(size=(120, 40)) as pilot:
        await send(pilot, "u")
        assert app.said()[-1].startswith("Undid: tagged C1")
        assert desk.claims.of("[b]Bridge") == []
        assert "undid: " in screen_text(app).splitlines()[2]
        await send(pilot, "ctrl+r")
        assert len(desk.claims.of("[b]Bridge")) == 1


async def test_undoing_with_nothing_left_is_refused_in_words(tmp_path: Path) -> None:
    with desk_at(tmp_path / ".", "Ben") as desk:
        app = HistoryApp(desk)
        async with app.run_test(size=(80, 24)) as pilot:
            await send(pilot, "u")
            assert app.said() == ["Nothing of yours is left to undo."]
            assert "Nothing has been changed here." in screen_text(app)


async def test_words_narrow_it(desk: Desk) -> None:
    app = HistoryApp(desk)
    async with app.run_test(size=(120, 40)) as pilot:
        await send(pilot, "/")
        await type_text(pilot, "verdict")
        lines = [line for line in screen_text(app).splitlines() if "Ana" in line]
        assert len(lines) == 1 and "gave C1 the verdict" in lines[0]
        await send(pilot, "escape")
        assert len([line for line in screen_text(app).splitlines() if "Ana" in line]) > 3
        await send(pilot, "escape")
        await settle(pilot)
        assert app.given == [None]


async def test_choosing_a_change_gives_the_place_of_it(desk: Desk) -> None:
    app = HistoryApp(desk)
    async with app.run_test(size=(120, 40)) as pilot:
        await send(pilot, "enter")
        await settle(pilot)
        article = desk.articles.get("[b]Bridge")
        assert app.given == [(article.id, desk.claims.of(article)[0].id)]


async def test_a_change_of_something_deleted_leads_nowhere_and_says_so(desk: Desk) -> None:
    desk.delete(desk.articles.get("[b]Bridge"))
    app = HistoryApp(desk)
    async with app.run_test(size=(120, 40)) as pilot:
        await send(pilot, "enter")
        assert app.given == []
        assert "not on the desk any more" in app.said()[0]


async def test_more_is_read_when_the_cursor_comes_to_the_end(desk: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(history, "PAGE", 3)
    app = HistoryApp(desk)
    async with app.run_test(size=(80, 24)) as pilot:
        await settle(pilot)
        assert isinstance(app.screen, HistoryScreen)
        assert app.screen.rows.count == 3
        for _ in range(10):
            await send(pilot, "G")
        assert app.screen.rows.count == len(desk.history.of())
