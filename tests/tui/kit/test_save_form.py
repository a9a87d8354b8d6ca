"""Writing claims to a file from within the app, beside the screen."""

from __future__ import annotations

import csv
import io
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager
from pathlib import Path
from threading import Event
from typing import Any

import pytest
from textual.pilot import Pilot

from store.desk import Desk
from store.errors import Refused
from store.formats.csv import claim_columns as csv_claims
from store.formats.snapshot import Stopped
from tests.kit.at_a_review import at_review
from tests.kit.at_the_article import at_desk
from tests.kit.desks import desk_at, shelve
from tests.kit.pilot import SIZES, STORY_SIZES, screen_text, send, settle, until, write_file
from tui import settings
from tui.app import FactdeskApp
from tui.kit.desk_app import DeskApp
from tui.kit.save_form import SaveForm
from tui.kit.screen import DeskScreen
from tui.library.screen import LibraryScreen


@pytest.fixture
def desk(tmp_path: Path) -> Iterator[Desk]:
    with desk_at(tmp_path) as desk:
        for title, claims in (("Bridge", 3), ("Castle", 2), ("Dam", 1)):
            shelve(desk, title, claims=claims, verdicts=1)
        yield desk


@asynccontextmanager
async def library(desk: Desk, size: tuple[int, int] = (80, 24)) -> AsyncIterator[tuple[FactdeskApp, Pilot[Any]]]:
    app = FactdeskApp(desk, settings.load())
    async with app.run_test(size=size) as pilot:
        await settle(pilot)
        yield app, pilot


def titles(file: Path) -> list[str]:
    with file.open(encoding="utf-8", newline="") as lines:
        return [row["article_title"] for row in csv.DictReader(lines)]


@pytest.mark.parametrize("size", SIZES)
async def test_enter_twice_writes_all_claims_of_the_desk(tmp_path: Path, desk: Desk, size: tuple[int, int]) -> None:
    async with library(desk, size) as (app, pilot):
        await send(pilot, "E", "enter")
        seen = " ".join(screen_text(app).replace("│", " ").split())
        assert "of all articles" in seen and "claims.csv" in seen and "Esc Not now" in seen
        assert await write_file(pilot) == f"6 claims written to {tmp_path / 'claims.csv'}."
        assert isinstance(app.screen, LibraryScreen)
    whole = io.BytesIO()
    csv_claims.write(desk, whole)
    assert (tmp_path / "claims.csv").read_bytes() == whole.getvalue()


async def test_with_marks_only_what_is_marked_is_written(tmp_path: Path, desk: Desk) -> None:
    async with library(desk) as (_, pilot):
        await send(pilot, "g", "g", "space", "space", "ctrl+e", "enter")
        said = await write_file(pilot, "two.csv")
        assert said.endswith(f"written to {tmp_path / 'two.csv'}.")
        assert len(set(titles(tmp_path / "two.csv"))) == 2


@pytest.mark.quick
async def test_a_file_that_is_there_stays_and_the_next_name_is_offered(tmp_path: Path, desk: Desk) -> None:
    (tmp_path / "claims.csv").write_text("mine")
    async with library(desk) as (app, pilot):
        await send(pilot, "E", "enter")
        assert "claims-2.csv" in screen_text(app)
        assert "is there already" in await write_file(pilot, "claims.csv")
        await send(pilot, *["backspace"] * 20)
        assert (await write_file(pilot)).endswith(f"{tmp_path / 'claims-2.csv'}.")
    assert (tmp_path / "claims.csv").read_text() == "mine"


async def test_what_cannot_be_written_is_said_and_can_be_mended(tmp_path: Path, desk: Desk) -> None:
    async with library(desk) as (app, pilot):
        await send(pilot, "E", "enter")
        assert "There is no folder" in await write_file(pilot, "nowhere/c.csv")
        assert "nowhere/c.csv" in screen_text(app), "what was typed is still there"
        await send(pilot, "ctrl+u")
        assert await write_file(pilot, "c.csv") == f"6 claims written to {tmp_path / 'c.csv'}."


async def test_esc_writes_nothing(tmp_path: Path, desk: Desk) -> None:
    async with library(desk) as (app, pilot):
        await send(pilot, "E", "enter", "c")
        assert isinstance(app.screen, SaveForm)
        await send(pilot, "escape")
        assert isinstance(app.screen, LibraryScreen)
    assert not list(tmp_path.glob("c*.csv")) and not (tmp_path / "c").exists()


async def test_an_article_writes_its_own_claims_from_the_keyboard(tmp_path: Path) -> None:
    async with at_desk(tmp_path) as r:
        shelve(r.desk, "Another", claims=2)
        await r.press("t", "1", ")", "t", "ctrl+e", "enter")
        assert "“Bridge”" in screen_text(r.app)
        assert await write_file(r.pilot) == f"2 claims written to {tmp_path / 'claims.csv'}."
        assert r.uncovered
        with (tmp_path / "claims.csv").open(encoding="utf-8", newline="") as lines:
            rows = list(csv.DictReader(lines))
        assert [(row["quote"], bool(row["verdict"])) for row in rows] == [
            (claim.quote, bool(claim.verdict)) for claim in r.claims()
        ]


async def test_a_reviewer_writes_what_a_reviewer_may_see(tmp_path: Path) -> None:
    async with at_review(tmp_path) as r:
        await r.press("a", "ctrl+e", "enter")
        assert await write_file(r.pilot) == f"4 claims written to {tmp_path / 'claims.csv'}."
        assert "Ben: agree" in (tmp_path / "claims.csv").read_text("utf-8")


class _Slow:
    """Writes a row, and the next only when it is let go on."""

    def __init__(self) -> None:
        self.go_on = Event()

    def __call__(self, to: Path, progress: Any, cancelled: Any) -> str:
        progress(1, 4)
        while not self.go_on.wait(0.01):
            if cancelled():
                raise Stopped("The export was stopped; nothing was written.")
        if to.name == "bad.csv":
            raise Refused("It is full.")
        return "Done."


class _Form(DeskApp):
    def __init__(self, write: _Slow) -> None:
        super().__init__()
        self.write = write

    def on_mount(self) -> None:
        self.push_screen(DeskScreen())
        self.push_screen(SaveForm("Write it", self.write, name="it.csv", intro="A file."))

    def said(self) -> list[str]:
        return [str(notification.message) for notification in self._notifications]


async def test_while_it_writes_it_shows_how_far_and_esc_stops_it() -> None:
    app = _Form(_Slow())
    async with app.run_test(size=(80, 24)) as pilot:
        await settle(pilot)
        await send(pilot, "enter")
        await until(pilot, lambda: "1 of 4" in screen_text(app), "it tells how far it is")
        assert "Esc Stop" in screen_text(app)
        await send(pilot, "escape")
        await until(pilot, lambda: not isinstance(app.screen, SaveForm), "the form closes")
        assert app.said() == ["The export was stopped; nothing was written."]


async def test_a_refusal_at_the_end_lets_the_name_be_mended() -> None:
    app = _Form(_Slow())
    async with app.run_test(size=(80, 24)) as pilot:
        await settle(pilot)
        app.write.go_on.set()
        assert await write_file(pilot, "bad.csv") == "It is full."
        assert isinstance(app.screen, SaveForm) and "Write it" in screen_text(app)
        await send(pilot, "ctrl+u")
        assert await write_file(pilot) == "Done."
        assert not isinstance(app.screen, SaveForm)


async def test_every_format_is_offered_with_how_it_begins_and_what_it_loses(tmp_path: Path, desk: Desk) -> None:
    async with library(desk, (120, 40)) as (app, pilot):
        await send(pilot, "E")
        assert "proof" in screen_text(app) and "labelstudio" in screen_text(app)
        await send(pilot, *"doccano", "enter")
        shown = screen_text(app)
        assert '{"id": 1, "text": "This is about Bridge.' in shown and "doccano of all articles" in shown
        said = await write_file(pilot, "d.jsonl")
        assert said.startswith(f"6 claims written to {tmp_path / 'd.jsonl'}. Lost: ")
        assert "the justification (3 claims" in said
        await send(pilot, "E", *"brat", "enter")
        assert (await write_file(pilot, "out")).startswith(f"6 claims written to {tmp_path / 'out'}.")
        assert (tmp_path / "out" / "annotation.conf").exists()


async def test_the_selected_claim_is_copied_as_text_markdown_or_claim_review(tmp_path: Path) -> None:
    async with at_desk(tmp_path) as r:
        await r.press("t", "1", "g", "c", "m")
        assert r.app.clipboard.startswith("“") and "**" in r.app.clipboard
        await r.press("g", "c", "t")
        assert "✓ Supported" in r.app.clipboard and "**" not in r.app.clipboard
        copied = r.app.clipboard
        await r.press("g", "c", "c", *"nowhere", "enter")
        assert r.app.clipboard == copied and "Give the address of the page" in r.said[-1]
        await r.press("ctrl+u", *"https://desk.example/checks", "enter")
        assert '"@type": "ClaimReview"' in r.app.clipboard
        assert '"url": "https://desk.example/checks#c1"' in r.app.clipboard and "example.org" not in r.app.clipboard


@pytest.mark.parametrize("size", STORY_SIZES)
async def test_a_format_asks_for_its_own_options_and_whether_people_are_named(
    tmp_path: Path, desk: Desk, size: tuple[int, int]
) -> None:
    async with library(desk, size) as (app, pilot):
        await send(pilot, "E", *"claimreview", "enter")
        await settle(pilot)
        shown = screen_text(app)
        assert "People" in shown and "Site" in shown and "Layout" in shown
        await send(pilot, "shift+tab", "u", "shift+tab", *"feed", "shift+tab", "shift+tab", *"https://d.example/c")
        await send(pilot, "tab", "tab", "tab", "tab")
        await send(pilot, *"c.jsonld", "enter")
        await until(pilot, (tmp_path / "c.jsonld").exists, "the file is written")
        written = (tmp_path / "c.jsonld").read_text()
        assert '"DataFeed"' in written and '"url": "https://d.example/c#c1"' in written


async def test_people_are_numbers_in_what_is_written_if_that_is_chosen(tmp_path: Path, desk: Desk) -> None:
    async with library(desk) as (_, pilot):
        await send(pilot, "E", *"jsonl", "enter")
        await settle(pilot)
        await send(pilot, "shift+tab", "u", "tab")
        await send(pilot, *"c.jsonl", "enter")
        await until(pilot, (tmp_path / "c.jsonl").exists, "the file is written")
        written = (tmp_path / "c.jsonl").read_text()
        assert '"person": "Person 1"' in written and "Ana" not in written


async def test_the_choice_under_the_cursor_is_told_in_full_where_rows_are_short(desk: Desk) -> None:
    async with library(desk) as (app, pilot):
        await send(pilot, "E", *"w3c", "down")
        told = " ".join(screen_text(app).replace("│", " ").split())
        assert "one annotation per claim, with the texts; loses discontinuous, judge, settled, reviews" in told
