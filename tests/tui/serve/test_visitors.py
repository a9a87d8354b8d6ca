"""What those can do who come through a proxy: all the work, and nothing with the server's files."""

from __future__ import annotations

import csv
import io
import os
from pathlib import Path

import pytest
from aiohttp import ClientSession

from store.desk import Desk
from tests.kit.commands import TEXT
from tests.kit.served import Tab, served
from tui.keys.actions_and_keys import ACTIONS
from tui.serve.browser_app import NOT_FOR_VISITORS

PROXIED = ("--behind-proxy", "127.0.0.1", "--name-header", "X-Remote-User", "--origin", "http://desk.example")


@pytest.fixture
def desk(ana: Path) -> Path:
    """Ana's desk with an article in which a claim is tagged."""
    with Desk.open(ana / "desk.db", "Ana") as desk:
        article = desk.articles.add(TEXT, title="Rain")
        desk.claims.tag(article, 0, 18)
    return ana / "desk.db"


async def visiting(session: ClientSession, port: int, name: str) -> Tab:
    """A tab of somebody whom the proxy let through."""
    said = {"Host": "desk.example", "Origin": "http://desk.example", "X-Remote-User": name}
    address = f"http://127.0.0.1:{port}/ws/{os.urandom(16).hex()}?width=110&height=34"
    tab = Tab(await session.ws_connect(address, headers=said, max_msg_size=0))
    await tab.shows("Rain", name)
    return tab


async def fetched(session: ClientSession, port: int, key: object, name: str) -> tuple[int, bytes]:
    said = {"Host": "desk.example", "X-Remote-User": name}
    async with session.get(f"http://127.0.0.1:{port}/download/{key}", headers=said) as answer:
        return answer.status, await answer.read()


def test_every_action_that_visitors_lack_is_one() -> None:
    assert set(NOT_FOR_VISITORS) <= {action.id for action in ACTIONS}


async def test_what_reaches_the_servers_files_or_another_name_is_refused_in_words(desk: Path) -> None:
    with Desk.open(desk, "Ana") as own:
        before = own.history.mark()
    async with served(*PROXIED, EDITOR="touch") as server:
        tab = await visiting(server.session, await server.port(), "Bo")
        for keys, words in (
            ("i", "Importing is done"), ("M", "Merging is done"), ("W", "Sharing the desk"), ("y", "Naming a place"),
            ("B", "Looking after"), (",", "Your name is the one"), ("\x1b[20~", "Saving the desk"),
        ):  # fmt: skip
            await tab.type(keys)
            await tab.shows(words)
        await tab.type("\x1b[200~/etc/hostname\x1b[201~")  # a path that is dropped is a text
        await tab.shows("New article", "/etc/hostname")
        await tab.type("\x1b")
        await tab.until(lambda: "New article" not in tab.text, "the library")
        await tab.type("\r")
        await tab.shows("It rained on 5 May")
        await tab.type("gu")
        await tab.shows("Correcting from a file")
        await tab.type("[c")
        await tab.shows("Ctrl+B")
        await tab.type("\x07")
        await tab.shows("Starting an editor")
        await tab.close()
        assert not list(desk.parent.rglob("settings.toml"))
    with Desk.open(desk, "Ana") as own:
        assert own.history.mark() == before


async def test_what_is_saved_goes_to_the_visitors_browser_alone(desk: Path) -> None:
    async with served(*PROXIED) as server:
        port = await server.port()
        tab = await visiting(server.session, port, "Bo")
        await tab.type("E")
        await tab.shows("one row per claim")
        await tab.type("\r")
        await tab.shows("claims.csv")
        await tab.type("../../etc/mine.csv\r")
        await tab.shows("1 claim written to mine.csv.")
        await tab.until(lambda: bool(tab.told), "a download")
        ((kind, key),) = [one for one in tab.told if one[0] != "pong"]
        assert kind == "deliver_file_start"
        assert (await fetched(server.session, port, key, "Eva"))[0] == 404
        status, data = await fetched(server.session, port, key, "Bo")
        (row,) = csv.DictReader(io.StringIO(data.decode("utf-8-sig")))
        assert (status, row["quote"]) == (200, "It rained on 5 May")
        assert (await fetched(server.session, port, key, "Bo"))[0] == 404
        await tab.type("E")
        await tab.shows("one row per claim")
        await tab.type("bundle\r")
        await tab.shows("Sharing the desk")
        assert not [*desk.parent.rglob("*.csv"), *desk.parent.rglob("*shared*")]


async def test_what_a_visitor_sets_is_their_own(desk: Path, data_folder: Path) -> None:
    async with served(*PROXIED) as server:
        port = await server.port()
        bo, eva = await visiting(server.session, port, "Bo"), await visiting(server.session, port, "Eva")
        await bo.type("\x1bOQ")  # F2, the light theme
        await bo.until(lambda: bool(list(data_folder.rglob("settings.toml"))), "the theme is kept")
        (kept,) = data_folder.rglob("settings.toml")
        assert 'theme = "light"' in kept.read_text() and "visitors" in kept.parts
        await eva.close()
