"""Merging another desk from the library, and sharing one."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from store.desk import Desk
from tests.kit.at_the_library import WorkApp
from tests.kit.desks import desk_at, shelve
from tests.kit.pilot import STORY_SIZES, notices, screen_text, send, settle, type_text, until


@pytest.fixture
def desk(tmp_path: Path, home: Path) -> Iterator[Desk]:
    """Ana's desk. Ben's, in the same folder, has two more claims, and another claim text for hers."""
    with desk_at(tmp_path) as desk:
        article = shelve(desk, "Dam", claims=1)
        with Desk.open(desk.backup(tmp_path / "ben.db"), "Ben") as ben:
            for start, end in ben.coverage.sentences(article)[1:3]:
                ben.claims.tag(article, start, end)
            ben.claims.edit(ben.claims.of(article)[0], claim_text="The dam stands.")
        desk.claims.edit(desk.claims.of(article)[0], claim_text="The dam fell.")
        yield desk


@pytest.mark.parametrize("size", STORY_SIZES)
async def test_a_merge_is_shown_first_and_done_on_enter(desk: Desk, size: tuple[int, int]) -> None:
    app = WorkApp(desk)
    async with app.run_test(size=size) as pilot:
        await settle(pilot)
        await send(pilot, "M")
        await type_text(pilot, str(desk.path.with_name("ben.db")))
        await send(pilot, "enter")
        await until(pilot, lambda: "would add 4 changes" in screen_text(app), "what would come of it is shown")
        assert len(desk.claims.of("1")) == 1 and "Ben" in screen_text(app) and "≠ 1" in screen_text(app)
        assert all(head in screen_text(app) for head in ("Article", "Person", "New", "Here already", "Conflicts"))
        assert "1 contradicts" in screen_text(app) and "settles it" in screen_text(app)
        await send(pilot, "enter")
        await until(pilot, lambda: "4 changes added" in screen_text(app), "it is merged")
        assert len(desk.claims.of("1")) == 3 and desk.upkeep.verify() == []
        await send(pilot, "escape")
        await until(pilot, lambda: "≠ 1 conflict" in screen_text(app), "the library counts the conflict")


async def test_esc_merges_nothing_and_what_is_not_a_desk_is_refused(desk: Desk) -> None:
    before = desk.history.mark()
    app = WorkApp(desk)
    async with app.run_test(size=(80, 24)) as pilot:
        await settle(pilot)
        await send(pilot, "M")
        await type_text(pilot, str(desk.path.with_name("ben.db")))
        await send(pilot, "enter")
        await until(pilot, lambda: "would add" in screen_text(app), "what would come of it is shown")
        await send(pilot, "escape", "M")
        await type_text(pilot, str(desk.path))
        await send(pilot, "enter")
        await until(
            pilot,
            lambda: any("is this desk itself" in said for said in notices(app)),
            str(notices(app)) + screen_text(app),
        )
    assert desk.history.mark() == before


async def test_the_marked_articles_are_shared(desk: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(desk.path.parent)
    shelve(desk, "Rain")
    app = WorkApp(desk)
    async with app.run_test(size=(80, 24)) as pilot:
        await settle(pilot)
        await send(pilot, "g", "g", "space", "W", "enter")
        await until(pilot, lambda: any("others merge it" in said for said in notices(app)), "it is written")
    with Desk.open(desk.path.with_name("desk-shared.db"), "Ben", create=False) as shared:
        assert len(shared.articles.all()) == 1 and shared.upkeep.verify() == []
