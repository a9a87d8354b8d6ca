"""The app as a whole: who is working, what is remembered, other people at the desk, and what goes wrong."""

from __future__ import annotations

import io
import subprocess
import threading
from collections.abc import Iterator
from pathlib import Path

import pytest
from rich.console import Console

from store.desk import Desk
from store.errors import Refused
from store.log.backup import contents
from tests.kit.desks import desk_at, shelve
from tests.kit.pilot import notices, screen_text, send, settle, type_text, until
from tui import settings
from tui.app import FactdeskApp
from tui.kit.screen import DeskChanged
from tui.library.library_actions import LibraryActions
from tui.library.name_form import NameForm
from tui.library.screen import LibraryScreen


@pytest.fixture
def config(home: Path) -> Path:
    return home / "config"


@pytest.fixture
def desk(tmp_path: Path) -> Iterator[Desk]:
    with desk_at(tmp_path) as desk:
        yield desk


def app_on(desk: Desk) -> FactdeskApp:
    return FactdeskApp(desk, settings.load())


# Who is working


async def test_the_name_is_asked_once_and_remembered(tmp_path: Path) -> None:
    with desk_at(tmp_path, "") as desk:
        app = app_on(desk)
        async with app.run_test(size=(80, 24)) as pilot:
            await settle(pilot)
            assert isinstance(app.screen, NameForm) and "Who is checking?" in screen_text(app)
            await type_text(pilot, " Ана  Ли ")
            await send(pilot, "enter")
            assert desk.reviewer == "Ана Ли"
            assert isinstance(app.screen, LibraryScreen)
            assert "Ана Ли" in screen_text(app).splitlines()[0]
        assert settings.load().reviewer == "Ана Ли"


async def test_no_name_is_asked_when_one_is_known(desk: Desk) -> None:
    app = app_on(desk)
    async with app.run_test() as pilot:
        await settle(pilot)
        assert isinstance(app.screen, LibraryScreen)


async def test_a_name_that_cannot_be_is_refused_and_one_that_is_missing_is_asked_when_it_is_needed(
    tmp_path: Path,
) -> None:
    with desk_at(tmp_path, "") as desk:
        app = app_on(desk)
        async with app.run_test(size=(80, 24)) as pilot:
            await settle(pilot)
            await type_text(pilot, "x" * 81)
            await send(pilot, "enter")
            assert isinstance(app.screen, NameForm) and len(notices(app)) == 1
            await send(pilot, "ctrl+b", "escape")
            assert isinstance(app.screen, LibraryScreen)
            await send(pilot, "s")
            assert isinstance(app.screen, NameForm)
            assert desk.articles.all() == []
            await type_text(pilot, "Ana")
            await send(pilot, "enter", "s")
            assert len(desk.articles.all()) == 1


async def test_a_name_that_cannot_be_kept_holds_for_now_and_says_so(tmp_path: Path, config: Path) -> None:
    config.write_text("in the way")
    with desk_at(tmp_path, "") as desk:
        app = FactdeskApp(desk, settings.Settings())
        async with app.run_test(size=(80, 24)) as pilot:
            await settle(pilot)
            await type_text(pilot, "Ana")
            await send(pilot, "enter")
            assert desk.reviewer == "Ana" and isinstance(app.screen, LibraryScreen)
            assert any("settings" in message for message in notices(app))


# What is remembered


async def test_the_theme_is_remembered(desk: Desk) -> None:
    app = app_on(desk)
    async with app.run_test() as pilot:
        await settle(pilot)
        assert app.theme == "factdesk-dark"
        await send(pilot, "f2")
        assert app.theme == "factdesk-light"
    assert settings.load().theme == "light"
    again = app_on(desk)
    async with again.run_test() as pilot:
        await settle(pilot)
        assert again.theme == "factdesk-light"


async def test_a_persons_own_keys_work_and_show_and_their_clashes_are_told(desk: Desk, config: Path) -> None:
    config.mkdir()
    (config / "keys.toml").write_text('[keys]\nimport_sample = "a"\nsort_articles = "n"\n')
    app = app_on(desk)
    async with app.run_test(size=(120, 40)) as pilot:
        await send(pilot, "s")
        assert desk.articles.all() == [] and "a   adds a sample article" in screen_text(app)
        await send(pilot, "a")
        assert len(desk.articles.all()) == 1
        assert any("line 3: n is meant for “Sort”" in message for message in notices(app))
        await send(pilot, "?")
        await type_text(pilot, "sample")
        assert any(line.split()[1:3] == ["a", "Sample"] for line in screen_text(app).splitlines() if "Sample" in line)


def test_a_wrong_key_file_is_refused_before_the_app_starts(desk: Desk, config: Path) -> None:
    config.mkdir()
    (config / "keys.toml").write_text('[keys]\nimport_simple = "a"\n')
    with pytest.raises(Refused, match=r"keys.toml, line 2, import_simple: .*did you mean import_sample\?"):
        app_on(desk)


# Leaving


@pytest.mark.parametrize("key", ["q", "ctrl+q"])
async def test_leaving(desk: Desk, key: str) -> None:
    app = app_on(desk)
    async with app.run_test() as pilot:
        await send(pilot, key)
    assert app.return_code == 0


async def test_leaving_saves_the_field_that_is_being_typed(desk: Desk) -> None:
    article = shelve(desk, "Dam")
    app = app_on(desk)
    async with app.run_test() as pilot:
        await send(pilot, "e", "end")
        await type_text(pilot, "s of old")
        await send(pilot, "ctrl+q")
    assert app.return_code == 0
    assert desk.articles.get(article).title == "Dams of old"


# Others at the same desk


async def test_the_screen_is_told_what_another_process_changed(desk: Desk) -> None:
    told: list[DeskChanged] = []
    app = app_on(desk)

    def hook(message: object) -> None:
        if isinstance(message, DeskChanged):
            told.append(message)

    async with app.run_test(message_hook=hook) as pilot:
        await settle(pilot)
        with Desk.open(desk.path, "Ben") as other:
            shelve(other, "Elsewhere")
        app.look_for_others()
        await until(pilot, lambda: told, "what others did is told")


# What goes wrong


async def test_an_error_of_its_own_ends_the_app_with_a_line_to_report(
    desk: Desk, monkeypatch: pytest.MonkeyPatch
) -> None:
    def broken(_: LibraryActions) -> None:
        raise ZeroDivisionError("[b]never[/b] divide")

    monkeypatch.setattr(LibraryActions, "action_import_sample", broken)
    app = app_on(desk)
    app.error_console = Console(file=io.StringIO(), width=200)
    with pytest.raises(ZeroDivisionError):
        async with app.run_test() as pilot:
            await send(pilot, "s")
    app._print_error_renderables()
    out = app.error_console.file.getvalue()  # type: ignore[attr-defined]
    assert app.return_code == 1
    assert "Please report this line: ZeroDivisionError: [b]never[/b] divide (test_app.py:" in out
    assert str(desk.path) in out
    assert "Traceback" not in out


async def test_a_desk_that_cannot_be_asked_is_said_once_and_not_four_times_a_second(
    desk: Desk, monkeypatch: pytest.MonkeyPatch
) -> None:
    app = app_on(desk)
    async with app.run_test() as pilot:
        await settle(pilot)

        def gone() -> int:
            raise Refused("The desk is gone.")

        monkeypatch.setattr(desk, "written_elsewhere", gone)
        for _ in range(3):
            app.look_for_others()
        await settle(pilot)
        assert notices(app).count("The desk is gone.") == 1


# The file


async def test_a_plain_copy_of_the_file_holds_everything_once_nobody_saves_any_more(
    desk: Desk, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    article = shelve(desk, "It rained on Monday and nobody saw it.")
    flush, threads, whole = desk.flush, set[int](), 0

    def noted() -> bool:
        nonlocal whole
        threads.add(threading.get_ident())
        all_made = len(made) == 8
        done = flush()
        whole += done and all_made
        return done

    made: list[object] = []
    monkeypatch.setattr(desk, "flush", noted)
    app = app_on(desk)
    async with app.run_test(size=(80, 24)) as pilot:
        await settle(pilot)
        made += [desk.claims.tag(article, number, number + 2) for number in range(8)]
        await until(pilot, lambda: whole, "what was saved comes into the file")
        subprocess.run(["cp", desk.path, tmp_path / "copy.db"], check=True)
        assert contents(tmp_path / "copy.db").claims == 8
        assert desk.path.with_name(f"{desk.path.name}-wal").stat().st_size > 0
    assert threads and threading.get_ident() not in threads, "keys would wait for it"
