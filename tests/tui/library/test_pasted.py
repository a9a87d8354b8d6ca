"""Files and addresses dropped or pasted in the library are offered for import, other words as a new article."""

from __future__ import annotations

import shlex
from collections.abc import Iterator
from pathlib import Path

import pytest
from textual import events

from store.desk import Desk
from tests.kit.desks import desk_at
from tests.kit.pilot import notices, screen_text, send, settle, type_text, until
from tui import settings
from tui.app import FactdeskApp
from tui.library.dropped_files import dropped, lost_file
from tui.library.import_form import ImportForm
from tui.library.new_form import NewArticleForm


@pytest.fixture
def desk(tmp_path: Path) -> Iterator[Desk]:
    with desk_at(tmp_path) as desk:
        yield desk


@pytest.fixture
def files(tmp_path: Path) -> list[Path]:
    names = ("It's a [b]day[b].txt", "Bericht über 50 % – 日本.txt")
    found = [tmp_path / name for name in names]
    for number, file in enumerate(found):
        file.write_text(f"It rained on day {number}. Nobody saw it.", "utf-8")
    return found


def test_paths_are_known_however_a_terminal_writes_them(files: list[Path], monkeypatch: pytest.MonkeyPatch) -> None:
    one, other = map(str, files)
    escaped = one.replace(" ", r"\ ").replace("'", r"\'").replace("[", r"\[").replace("]", r"\]")
    for pasted in (one, f"  {one}\n", f'"{one}"', shlex.quote(one), escaped, files[0].as_uri(), f"{one}\r\n"):
        assert dropped(pasted) == (one,), pasted
    for pasted in (f"{one}\n{other}", shlex.join([one, other]), f"{files[0].as_uri()} {files[1].as_uri()}"):
        assert dropped(pasted) == (one, other), pasted
    assert dropped("https://paper.example/a?b=1") == ("https://paper.example/a?b=1",)
    monkeypatch.chdir(files[0].parent)
    assert dropped(f"./{files[1].name}") == (f"{Path(files[1].name)}",)


@pytest.mark.parametrize(
    "pasted",
    ["", " \n", "It rained on Monday.", "/no/such/file", "file:///no/such", "“quoted", "'", "https://a b",
     "ftp://a.example/b", "~nobody-at-all/x", "a" * 30_000, "/\0", "https://paper.example and more words",
     "file://[a/rain.txt"],
)  # fmt: skip
def test_what_names_nothing_is_a_text(pasted: str) -> None:
    assert dropped(pasted) == () and lost_file(pasted) == ""


def test_what_is_plainly_a_file_that_is_not_there_is_no_text(files: list[Path]) -> None:
    there, gone = str(files[0]), f"{files[0].parent}/It is gone.txt"
    escaped = gone.replace(" ", r"\ ")
    for pasted in (
        gone,
        f"'{gone}'\n",
        escaped,
        Path(gone).as_uri(),
        Path(gone).as_uri().replace("file", "FILE", 1),
        f"{there}\n{gone}",
        shlex.join([there, gone]),
    ):
        assert (dropped(pasted), lost_file(pasted)) == ((), gone), pasted
    assert lost_file("/no/such/Notes.PDF") == "/no/such/Notes.PDF" and lost_file("~/no-such.md").endswith("/no-such.md")
    for words in ("/no such/file.txt", f"{gone} says more", "/r/news told it", "notes.txt", "./notes.txt", there,
                  "https://paper.example/notes.txt", f"See\n{gone}", "/no/such/picture.png"):  # fmt: skip
        assert lost_file(words) == "", words


async def test_a_file_that_is_not_there_is_said_and_no_article_is_offered(desk: Desk, tmp_path: Path) -> None:
    app = FactdeskApp(desk, settings.load())
    async with app.run_test(size=(100, 24)) as pilot:
        await settle(pilot)
        library = app.screen
        await paste(app, f"'{tmp_path}/It is gone.txt'")
        await until(pilot, lambda: notices(app), "it is said")
        assert notices(app)[-1] == f"There is no file {tmp_path}/It is gone.txt: check the name."
        assert app.screen is library and desk.articles.all() == []


async def paste(app: FactdeskApp, text: str) -> None:
    (app.focused or app.screen).post_message(events.Paste(text))


async def test_files_that_are_dropped_are_imported_by_enter(desk: Desk, files: list[Path]) -> None:
    app = FactdeskApp(desk, settings.load())
    async with app.run_test(size=(100, 24)) as pilot:
        await settle(pilot)
        for pasted, count in ((shlex.quote(str(files[0])), 1), (shlex.join(map(str, files)), 2)):
            await paste(app, pasted)
            await until(pilot, lambda: isinstance(app.screen, ImportForm), "the import is offered")
            await settle(pilot)
            await send(pilot, "enter")
            await until(pilot, lambda: not isinstance(app.screen, ImportForm), "it is imported")
            assert len(desk.articles.all()) == count
        assert "1 was already here" in notices(app)[-1]


async def test_words_that_are_pasted_are_offered_as_a_new_article(desk: Desk) -> None:
    app = FactdeskApp(desk, settings.load())
    async with app.run_test(size=(80, 24)) as pilot:
        await settle(pilot)
        assert "drop or paste" in screen_text(app)
        await paste(app, "It rained on Monday.\r\n\r\nNobody [b]saw[/b] it.\n")
        await until(pilot, lambda: isinstance(app.screen, NewArticleForm), "the form is open")
        await settle(pilot)
        assert "It rained on Monday." in screen_text(app)
        await type_text(pilot, "Rain")
        await send(pilot, "tab")
        await type_text(pilot, "2026-05-01")
        await send(pilot, "ctrl+s")
        (article,) = desk.articles.all()
        assert (article.title, article.published) == ("Rain", "2026-05-01")
        assert desk.articles.text(article) == "It rained on Monday.\n\nNobody [b]saw[/b] it.\n"
        assert notices(app)[-1].startswith("Added “Rain”")


async def test_a_new_article_is_typed_and_an_empty_one_or_a_bad_date_is_refused(desk: Desk) -> None:
    desk.articles.add("Something else.")
    app = FactdeskApp(desk, settings.load())
    async with app.run_test(size=(80, 24)) as pilot:
        await settle(pilot)
        await send(pilot, "N", "ctrl+s")
        assert "The text is empty" in notices(app)[-1] and isinstance(app.screen, NewArticleForm)
        await type_text(pilot, "It rained.")
        await send(pilot, "escape")
        assert "is kept" in notices(app)[-1]
        await send(pilot, "N")
        await settle(pilot)
        assert app.screen.editor("text").typed == "It rained."  # type: ignore[attr-defined]
        await send(pilot, "shift+tab", "shift+tab")
        await type_text(pilot, "yesterday")
        await send(pilot, "ctrl+s")
        assert isinstance(app.screen, NewArticleForm) and len(desk.articles.all()) == 1
        assert "yesterday" in notices(app)[-1]
        await send(pilot, "ctrl+u")
        await type_text(pilot, "2026")
        await send(pilot, "ctrl+s")
        assert [one.title for one in desk.articles.all()] == ["", "It rained."]
