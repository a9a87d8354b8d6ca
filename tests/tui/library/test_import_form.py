"""Importing by a path, typed or picked."""

from __future__ import annotations

import os
import re
import subprocess
import sys
import threading
from collections.abc import Iterator
from contextlib import AbstractContextManager
from pathlib import Path
from typing import Any

import pytest
from textual.pilot import Pilot

from store.desk import Desk
from store.formats.articles import batch, fetch
from store.formats.articles import files as articles
from store.formats.articles.reader import ArticleFile
from tests.kit.desks import desk_at, held
from tests.kit.patience import PATIENCE
from tests.kit.pilot import at_rest, notices, screen_text, send, settle, type_text, until
from tests.kit.web_server import ok, site
from tui.kit.desk_app import DeskApp
from tui.kit.screen import DeskScreen
from tui.kit.unsaved import HELD_BESIDE
from tui.library.import_form import ImportForm


class ImportApp(DeskApp):
    def __init__(self, desk: Desk, folder: Path) -> None:
        super().__init__()
        self.desk = desk
        self.folder = folder
        self.given: list[str | None] = []

    def on_mount(self) -> None:
        self.push_screen(DeskScreen())
        self.push_screen(ImportForm(self.desk, self.folder), self.given.append)

    def said(self) -> list[str]:
        return notices(self)

    @property
    def path(self) -> str:
        assert isinstance(self.screen, ImportForm)
        return self.screen.finder.value

    def titles(self) -> list[str]:
        return sorted(article.title for article in self.desk.articles.all())


@pytest.fixture
def desk(tmp_path: Path) -> Iterator[Desk]:
    with desk_at(tmp_path) as desk:
        yield desk


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    folder = tmp_path / "texts"
    (folder / "reports").mkdir(parents=True)
    (folder / "[b]odd").mkdir()
    (folder / "alpha.txt").write_text("Alpha is the first letter.")
    (folder / "also.md").write_text("# Also\n\nThis one too.")
    (folder / "picture.png").write_bytes(b"\x89PNG\0")
    (folder / ".hidden.txt").write_text("Not shown.")
    (folder / "reports" / "deep.txt").write_text("Deep down.")
    return folder


async def done(app: ImportApp, pilot: Pilot[Any]) -> None:
    """Wait until the import that was begun has ended."""
    await settle(pilot)
    await at_rest(pilot)


async def test_a_folder_shows_its_folders_and_articles_and_nothing_else(desk: Desk, folder: Path) -> None:
    app = ImportApp(desk, folder)
    async with app.run_test(size=(80, 24)) as pilot:
        await settle(pilot)
        shown = screen_text(app)
        assert "[b]odd/" in shown and "reports/" in shown and "alpha.txt" in shown and "also.md" in shown
        assert "picture" not in shown and "hidden" not in shown


@pytest.mark.quick
async def test_a_picked_file_is_imported(desk: Desk, folder: Path) -> None:
    app = ImportApp(desk, folder)
    async with app.run_test(size=(80, 24)) as pilot:
        await type_text(pilot, "alp")
        await send(pilot, "enter")
        await done(app, pilot)
        assert app.titles() == ["Alpha is the first letter."]
        assert app.given == [desk.articles.all()[0].id]
        assert app.said()[0].startswith("Imported 1 article")


async def test_folders_are_walked_into_and_out_of(desk: Desk, folder: Path) -> None:
    app = ImportApp(desk, folder)
    async with app.run_test(size=(80, 24)) as pilot:
        await type_text(pilot, "rep")
        await send(pilot, "enter")
        assert app.path == f"{folder}{os.sep}reports{os.sep}"
        await send(pilot, "enter")
        await done(app, pilot)
        assert app.titles() == ["Deep down."]


async def test_tab_completes_as_far_as_the_names_agree(desk: Desk, folder: Path) -> None:
    app = ImportApp(desk, folder)
    async with app.run_test(size=(80, 24)) as pilot:
        await type_text(pilot, "a")
        await send(pilot, "tab")
        assert app.path == f"{folder}{os.sep}al"
        await type_text(pilot, "s")
        await send(pilot, "tab")
        assert app.path == f"{folder}{os.sep}also.md"


async def test_a_whole_folder_comes_in_with_the_folders_in_it(desk: Desk, folder: Path) -> None:
    app = ImportApp(desk, folder)
    async with app.run_test(size=(80, 24)) as pilot:
        await send(pilot, "up", "enter")
        await done(app, pilot)
        assert app.titles() == ["Alpha is the first letter.", "Also", "Deep down."]
        assert app.said() == [
            "Imported 3 articles. Read as English (“Alpha is the first letter.”, “Also”); "
            "language not known, read as English (“Deep down.”)."
        ]


async def test_what_is_already_here_is_said_and_not_doubled(desk: Desk, folder: Path) -> None:
    desk.articles.add("Deep down.")
    app = ImportApp(desk, folder)
    async with app.run_test(size=(80, 24)) as pilot:
        await send(pilot, "up", "enter")
        await done(app, pilot)
        assert len(desk.articles.all()) == 3
        assert app.said()[0].startswith("Imported 2 articles, 1 was already here. Read as English")


async def test_an_address_is_fetched_and_a_pattern_gives_its_files(
    desk: Desk, folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(fetch, "is_public", lambda address: address == "127.0.0.1")
    with site() as web:
        address = web.at("/a.txt", ok(b"It rained on Monday.", "text/plain"))
        for typed, says in ((address, "Enter fetches this page."), (f"{folder}/al*", "Enter imports all files")):
            app = ImportApp(desk, folder)
            async with app.run_test(size=(80, 24)) as pilot:
                await send(pilot, "ctrl+u")
                await type_text(pilot, typed)
                await settle(pilot)
                assert says in screen_text(app)
                await send(pilot, "enter")
                await done(app, pilot)
                assert app.given and app.given[0]
    assert app.titles() == ["Alpha is the first letter.", "Also", "It rained on Monday."]


async def test_what_a_refusal_names_can_be_typed_behind_the_address(desk: Desk, folder: Path) -> None:
    (folder / "list.csv").write_text("Story,Name\nIt rained on Monday.,A\n")
    with site() as web:
        address = web.at("/a.txt", ok(b"It snowed on Tuesday.", "text/plain"))
        for typed, option in ((address, " --private"), (f"{folder}/list.csv", " --column text=Story --captions")):
            app = ImportApp(desk, folder)
            async with app.run_test(size=(80, 24)) as pilot:
                await send(pilot, "ctrl+u")
                await type_text(pilot, typed)
                await send(pilot, "enter")
                await done(app, pilot)
                assert option.split()[0] in app.said()[-1], app.said()
                await type_text(pilot, option)
                await send(pilot, "enter")
                await done(app, pilot)
                assert app.given and app.given[0], app.said()
    assert {"It snowed on Tuesday.", "It rained on Monday."} <= {desk.articles.text(one) for one in desk.articles.all()}


async def test_a_list_of_links_is_fetched_when_that_is_chosen(
    desk: Desk, folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(fetch, "is_public", lambda address: address == "127.0.0.1")
    with site() as web:
        address = web.at("/a.txt", ok(b"It rained on Monday.", "text/plain"))
        (folder / "links.csv").write_text(f"url,title\n{address},Rain\n")
        app = ImportApp(desk, folder)
        async with app.run_test(size=(80, 24)) as pilot:
            await type_text(pilot, "links")
            await send(pilot, "enter")
            await done(app, pilot)
            assert "fetch the page that is named without a text" in screen_text(app) and not web.asked
            await send(pilot, "home", "enter")
            await done(app, pilot)
            assert app.given and app.titles() == ["Rain"]


@pytest.mark.parametrize("size", [(80, 24), (120, 40)])
async def test_files_that_cannot_be_read_are_named_and_the_rest_comes_in_when_asked_for(
    desk: Desk, folder: Path, size: tuple[int, int]
) -> None:
    (folder / "broken.txt").write_bytes(b"\x00\x01\x02\xff" * 100)
    (folder / "empty.txt").write_text("")
    app = ImportApp(desk, folder)
    async with app.run_test(size=size) as pilot:
        await send(pilot, "up", "enter")
        await done(app, pilot)
        told = "2 of 5 cannot be read, so nothing was imported. Enter imports the other 3."
        names = () if size[0] == 80 else ("/broken.", "/empty.")
        await until(pilot, lambda: told in screen_text(app), "it is told")
        shown = re.sub(r"[\s│]", "", screen_text(app))  # a path may be wrapped or cut off anywhere
        assert all(name in shown for name in names), screen_text(app)
        assert desk.articles.all() == [] and app.given == []
        await send(pilot, "enter")
        await done(app, pilot)
        assert len(desk.articles.all()) == 3
        assert app.said()[0].startswith("Imported 3 articles, 2 could not be read.")
        assert app.given and app.given[0]


async def test_files_that_cannot_be_read_keep_all_out_when_the_form_is_closed(desk: Desk, folder: Path) -> None:
    (folder / "empty.txt").write_text("")
    app = ImportApp(desk, folder)
    async with app.run_test(size=(80, 24)) as pilot:
        await send(pilot, "up", "enter")
        await done(app, pilot)
        await send(pilot, "escape")
        await settle(pilot)
        assert app.given == [None] and desk.articles.all() == []


@pytest.mark.parametrize("typed", ["nowhere.txt", "picture.png", ""])
async def test_a_path_that_gives_nothing_is_refused_and_can_be_mended(desk: Desk, folder: Path, typed: str) -> None:
    if not typed:
        folder = folder / "[b]odd"
    app = ImportApp(desk, folder)
    async with app.run_test(size=(80, 24)) as pilot:
        await type_text(pilot, typed)
        await send(pilot, "enter")
        await done(app, pilot)
        assert len(app.said()) == 1
        assert desk.articles.all() == []
        assert app.path == f"{folder}{os.sep}{typed}"
        assert app.focused is not None and not app.focused.disabled
        await send(pilot, "escape")
        await settle(pilot)
        assert app.given == [None]


async def test_a_folder_that_cannot_be_read_says_why(desk: Desk, folder: Path) -> None:
    app = ImportApp(desk, folder)
    async with app.run_test(size=(80, 24)) as pilot:
        await type_text(pilot, f"nowhere{os.sep}")
        assert "No such file or directory" in screen_text(app)


@pytest.mark.parametrize("checked", [False, True])
async def test_closing_while_it_works_stops_it_and_keeps_what_is_in(
    desk: Desk, folder: Path, monkeypatch: pytest.MonkeyPatch, checked: bool
) -> None:
    monkeypatch.setattr(batch, "HELD", 0)
    times = iter([False, True]) if checked else iter([True])
    for number in range(30):
        (folder / f"many{number:02}.txt").write_text(f"Number {number} of many.")
    reached, go_on = threading.Event(), threading.Event()
    opened = articles.open_articles

    def slow(path: Path) -> AbstractContextManager[ArticleFile]:
        if path.name == "many10.txt" and next(times):
            reached.set()
            go_on.wait(PATIENCE)
        return opened(path)

    monkeypatch.setattr(articles, "open_articles", slow)
    app = ImportApp(desk, folder)
    async with app.run_test(size=(80, 24)) as pilot:
        await send(pilot, "up", "enter")
        await until(pilot, reached.is_set, "the import is on its way")
        assert ("Importing" if checked else "Checking") in screen_text(app) and "Esc stops" in screen_text(app)
        await send(pilot, "escape")
        assert app.given == []
        go_on.set()
        await done(app, pilot)
        if not checked:
            assert (app.said(), app.given, desk.articles.all()) == (["Stopped: nothing was imported."], [None], [])
            return
        assert 10 <= len(desk.articles.all()) <= 15
        assert "stopped by you; what is in stays." in app.said()[0]
        assert app.given and app.given[0]


@pytest.mark.parametrize("way", ["it is let go", "Esc"])
async def test_while_another_program_holds_the_desk_the_foot_says_so_and_esc_gives_it_up(
    desk: Desk, folder: Path, way: str
) -> None:
    app = ImportApp(desk, folder)
    async with app.run_test(size=(80, 24)) as pilot:
        await settle(pilot)
        with held(desk):
            await type_text(pilot, "alpha")
            await send(pilot, "enter")
            await until(pilot, lambda: app.notice, "it is noticed")
            assert HELD_BESIDE in screen_text(app).splitlines()[-1] and app.titles() == []
            if way == "Esc":
                await send(pilot, "escape")
                await done(app, pilot)
        await done(app, pilot)
        assert not app.notice and app.given
        if way == "Esc":
            assert app.titles() == [] and app.said() == ["Imported 0 articles, stopped by you; what is in stays."]
        else:
            assert app.titles() and app.said()[0].startswith("Imported ")


async def test_the_desks_own_file_is_refused_and_stays_in_the_apps_hands(desk: Desk, folder: Path) -> None:
    desk.articles.add("It rained.", title="Rain")
    (folder / "link.txt").symlink_to(desk.path)
    for path in (desk.path, folder / "link.txt", desk.path.with_name(f"{desk.path.name}-shm")):
        app = ImportApp(desk, folder)
        async with app.run_test(size=(80, 24)) as pilot:
            await settle(pilot)
            await send(pilot, "ctrl+u")
            await type_text(pilot, str(path))
            await send(pilot, "enter")
            await until(
                pilot,
                lambda app=app: "open here" in " ".join([*app.said(), screen_text(app)]),
                f"{path} is refused",
            )
    code = "import sys; from store.desk import Desk; Desk.open(sys.argv[1], 'Bo').close()"
    subprocess.run([sys.executable, "-c", code, desk.path], check=True)
    assert desk.path.with_name(f"{desk.path.name}-wal").exists() and app.titles() == ["Rain"]
