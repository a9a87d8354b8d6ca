"""Searching at the doors: ``factdesk search`` and the library's ``/`` find words of every script."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path

import pytest
from click.testing import Result

from store.desk import Desk
from tests.kit.desks import desk_at
from tests.kit.pilot import screen_text, send, type_text, until
from tests.kit.words import FOUND, NOT_FOUND
from tui import settings
from tui.app import FactdeskApp

Cli = Callable[..., Result]


@pytest.fixture
def desk(ana: Path) -> Path:
    path = ana / "desk.db"
    with Desk.open(path, "Ana") as made:
        for number, (text, _) in enumerate((*FOUND, *NOT_FOUND)):
            made.articles.add(text, title=f"Text {number}")
    return path


def test_the_command_finds_words_of_every_script(desk: Path, cli: Cli) -> None:
    with Desk.open(desk, "Ana") as held:
        texts = {article.id: held.articles.text(article) for article in held.articles.all()}
    for text, words in FOUND:
        hits = json.loads(cli("search", words, "--json").stdout)
        assert text in [texts[hit["article"]] for hit in hits], words
    for text, words in NOT_FOUND:
        hits = json.loads(cli("search", words, "--json").stdout)
        assert text not in [texts[hit["article"]] for hit in hits], words


async def test_the_library_finds_words_of_every_script(tmp_path: Path) -> None:
    with desk_at(tmp_path, "Ana") as desk:
        for number, (text, _) in enumerate(FOUND):
            desk.articles.add(text, title=f"Text {number}")
        app = FactdeskApp(desk, settings.load())
        async with app.run_test(size=(80, 24)) as pilot:
            for text, words in FOUND[::3]:
                await send(pilot, "/", "ctrl+u")
                await type_text(pilot, words)
                wanted = desk.library.search(words)
                assert wanted, words
                found = f" {len(wanted)} found"
                await until(pilot, lambda found=found: found in screen_text(app), f"{words} is found")
                assert text in [desk.articles.text(desk.articles.get(hit.article)) for hit in wanted]
