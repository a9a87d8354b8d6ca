"""A long article: its text is seen and moved in at once, and the rest is taken up in slices behind that."""

from __future__ import annotations

import asyncio
from collections.abc import Iterable
from pathlib import Path

import pytest

from store.desk import Desk
from store.records import Article
from tests.kit.desks import desk_at
from tests.kit.pilot import send, settle, until
from tui import settings
from tui.app import FactdeskApp
from tui.article.open_article import OpenArticle
from tui.article.screen import ArticleScreen
from tui.article.text_screen import SHOWN_AT_ONCE, TextScreen

SENTENCE = "In year {n} the mayor said that the old bridge had cost {n} million euros. "


def long_article(desk: Desk) -> Article:
    text = "\n\n".join(SENTENCE.format(n=n) * 3 for n in range(1000, 1000 + SHOWN_AT_ONCE // 200))
    article = desk.articles.add(text, title="Long")
    assert article.length > SHOWN_AT_ONCE
    with desk.together():
        for number, (start, end) in enumerate(desk.coverage.sentences(article)[10:250]):
            claim = desk.claims.tag(article, start, end)
            if number % 2:
                desk.verdicts.give(claim, "not_checkable", "Nobody knows.")
    return article


def test_what_a_screen_loads_by_name_is_there_on_every_python() -> None:
    for screen in (ArticleScreen, TextScreen):
        for name in (*screen.READING, *screen.FURNITURE):
            assert name.startswith(("store.", "tui.")), (
                f"{name}: Python and the libraries differ from version to version"
            )


@pytest.fixture
def gate(monkeypatch: pytest.MonkeyPatch) -> asyncio.Event:
    """What is done in slices waits until this is set."""
    gate = asyncio.Event()

    async def held(work: Iterable[None]) -> None:
        await gate.wait()
        for _ in work:
            pass

    monkeypatch.setattr("tui.kit.long_work.in_slices", held)
    return gate


async def test_keys_that_move_are_heard_at_once_and_others_keep_their_place_behind_them(
    tmp_path: Path, home: Path, gate: asyncio.Event
) -> None:
    with desk_at(tmp_path) as desk:
        article = long_article(desk)
        app = FactdeskApp(desk, settings.load(), article)
        async with app.run_test(size=(80, 24)) as pilot:
            screen = app.screen
            assert isinstance(screen, ArticleScreen)
            await until(pilot, lambda: screen.focused is screen.view, "the text has the focus")
            await send(pilot, *["right"] * 20, "t", *["right"] * 3)
            assert screen.view.caret == 20 and not screen.listening
            gate.set()
            await until(pilot, lambda: screen.listening, "the screen listens")
            first = desk.claims.of(article)[0]
            assert (first.start, first.quote) == (0, SENTENCE.format(n=1000).strip().rstrip("."))
            assert screen.view.caret == first.end + 3


@pytest.mark.quick
async def test_what_is_taken_up_in_slices_is_what_the_desk_says(tmp_path: Path, home: Path) -> None:
    with desk_at(tmp_path) as desk:
        article = long_article(desk)
        app = FactdeskApp(desk, settings.load(), article)
        async with app.run_test(size=(80, 24)) as pilot:
            screen = app.screen
            assert isinstance(screen, ArticleScreen)
            await until(pilot, lambda: screen.listening, "the screen listens")
            claims = desk.claims.of(article)
            assert list(screen.open) == claims
            assert [mark.id for mark in screen.view.overlapping(0, article.length)] == [claim.id for claim in claims]
            assert screen.open.coverage == desk.coverage.of(article)
            assert screen.open.checked == desk.claims.checked(claims)
            assert screen.view.place == screen.open.coverage.residue[0][:2]
        steps = sum(1 for _ in OpenArticle(desk, article).read())
        assert steps > 2 * len(desk.coverage.sentences(article))


async def test_a_long_article_that_is_left_while_it_is_taken_up_leaves_nothing_running(
    tmp_path: Path, home: Path, gate: asyncio.Event
) -> None:
    with desk_at(tmp_path) as desk:
        app = FactdeskApp(desk, settings.load(), long_article(desk))
        async with app.run_test(size=(80, 24)) as pilot:
            await settle(pilot)
            running = [worker for worker in app.workers if not worker.is_finished]
            assert len(running) == 1
            await app.pop_screen()
            await until(pilot, lambda: all(worker.is_finished for worker in running), "nothing is running")
            gate.set()
            await settle(pilot)
            assert app.is_running and not isinstance(app.screen, ArticleScreen)
