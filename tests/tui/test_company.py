"""Who else is here: shown in the heads and in the library, told to the others, and in the way of nothing."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from store.desk import Desk
from store.person import NOBODY, Person
from store.records import Article
from store.who_is_here import BESIDE, Present
from tests.kit import depth
from tests.kit.at_the_article import Room, at_desk, opened
from tests.kit.desks import desk_at, shelve
from tests.kit.pilot import SIZES, screen_text, send, until
from tests.kit.terminal import Window
from tui import settings
from tui.app import FactdeskApp
from tui.kit.who_is_here import ways_to_say

at_every_size = pytest.mark.parametrize("size", SIZES)


@pytest.fixture(autouse=True)
def soon(monkeypatch: pytest.MonkeyPatch) -> None:
    """The app looks who is here as soon as it is shown, and often."""
    monkeypatch.setattr("tui.app.SETTLED_SECONDS", 0.1)
    monkeypatch.setattr("tui.kit.who_is_here.LOOK_SECONDS", 0.1)


@contextmanager
def at_work(desk: Desk, name: str, article: Article | None = None) -> Iterator[Desk]:
    """Somebody else has the desk open, and an article of it."""
    with Desk.open(desk.path, name) as other:
        other.here.enter(article.id if article else "")
        yield other


def head(room: Room) -> str:
    return screen_text(room.app).splitlines()[0]


def beside(desk: Desk) -> list[str]:
    return [one.name for one in desk.path.parent.iterdir() if BESIDE in one.name]


@at_every_size
async def test_who_comes_to_the_article_stands_in_its_head_until_they_go(tmp_path: Path, size: tuple[int, int]) -> None:
    async with at_desk(tmp_path, size=size) as r:
        other = r.desk.articles.add("Another.")
        with at_work(r.desk, "Bo", r.article) as bo:
            await r.until(lambda: "● Bo here ·" in head(r), "Bo is here")
            assert "read 0 %" in head(r)
            with at_work(r.desk, "Cy", r.article):
                await r.until(lambda: "● Bo and 1 more here ·" in head(r), "Cy is here, too")
            await r.until(lambda: "● Bo here ·" in head(r), "Cy has gone")
            bo.here.enter(other.id)
            await r.until(lambda: "●" not in head(r), "Bo is elsewhere")


async def test_others_are_told_where_you_are_and_nothing_is_left_behind(tmp_path: Path) -> None:
    async with at_desk(tmp_path) as r:
        with Desk.open(r.desk.path, "Bo") as bo:

            def told() -> list[tuple[str, str]]:
                return [(str(one.person), one.article) for one in bo.here.others()]

            await r.until(lambda: told() == [("Ana", r.article.id)], "Ana is on the article")
            await r.press("c")  # what lies over the article is about it
            await r.press("escape", "q")
            await r.until(lambda: told() == [("Ana", "")], "Ana is in the library")
            await r.press("ctrl+q")
    assert beside(r.desk) == []


async def test_nothing_that_is_being_typed_is_moved_by_who_comes_and_goes(tmp_path: Path) -> None:
    async with at_desk(tmp_path) as r:
        await r.press("t", "enter")
        await r.field("claimant")
        await r.press("enter")
        await r.write("the may")
        caret, top, focused = r.view.caret, r.view.scroll_offset, r.app.focused
        with at_work(r.desk, "Bo", r.article):
            await r.until(lambda: "● Bo here ·" in head(r), "Bo is here")
            assert (r.view.caret, r.view.scroll_offset, r.app.focused) == (caret, top, focused)
            await r.write("or")
            await r.press("escape")
        assert r.claims()[0].claimant == "the mayor"


NAMES = ("Bo", "Wolfeschlegelsteinhausenbergerdorff the Third", "王小明王小明王小明王小明", "👩‍👩‍👧 [b]", "عبد الله")


CELLS = (20, 30, 40, 50, 60, 70, 80, 100, 110, 120, 140, 200)


@pytest.mark.parametrize("cells", CELLS if depth.deep else CELLS[::2])
async def test_no_figure_is_cut_for_anybodys_name(tmp_path: Path, home: Path, cells: int) -> None:
    """At every second width; at all of them with ``--deep``."""
    with desk_at(tmp_path) as desk:
        article = shelve(desk, "The bridge that fell in spring", claims=2, verdicts=1)
        async with opened(desk, article, size=(cells, 24)) as r:
            figures = "read " + head(r).rstrip().partition("read ")[2]
            for name in NAMES:
                with at_work(desk, name, article):
                    await r.until(lambda: r.app.company, "it is known who is here")
                    assert r.app.company is not None
                    r.app.company.look()
                    await r.press()
                    assert len(r.app.company.present) == 1
                    assert "The bridge" in head(r) or cells < 60
                    assert head(r).rstrip().endswith(figures)
                    assert ("●" in head(r)) == ("here ·" in head(r) or "● ·" in head(r))


@at_every_size
async def test_the_library_says_who_is_at_work_on_which_article(
    tmp_path: Path, home: Path, size: tuple[int, int]
) -> None:
    with desk_at(tmp_path) as desk:
        bridge = shelve(desk, "Bridge", claims=1)
        shelve(desk, "Dam", claims=1)
        app = FactdeskApp(desk, settings.load())
        async with app.run_test(size=size) as pilot:
            with at_work(desk, "Bo", bridge) as bo:

                def row(title: str) -> str:
                    return next(line for line in screen_text(app).splitlines()[1:] if title in line)

                await until(pilot, lambda: "● Bo" in row("Bridge"), "Bo is at work on the bridge")
                lines = screen_text(app).splitlines()
                assert "● Bo here" in lines[0] and "●" not in row("Dam")
                assert "1 claim" in lines[0] or "/2" in lines[0] or "of 2 claims" in lines[0]
                await send(pilot, "home" if "Bridge" in lines[2] else "end")
                await until(pilot, lambda: "● Bo here now" in screen_text(app), "the row under the cursor says it")
                bo.here.enter()
                await until(pilot, lambda: "●" not in row("Bridge"), "Bo is in the library")
                assert "● Bo here" in screen_text(app).splitlines()[0]
            await until(pilot, lambda: "Bo" not in screen_text(app), "Bo has gone")


@pytest.mark.parametrize("how", [{"reviewing": "Zed"}, {"comparing": True}])
@at_every_size
async def test_review_and_comparison_say_it_in_their_heads(
    tmp_path: Path, home: Path, size: tuple[int, int], how: dict[str, str]
) -> None:
    with desk_at(tmp_path) as desk:
        article = shelve(desk, "Bridge", claims=1)
        with Desk.open(desk.path, "Zed") as zed:
            zed.claims.tag(article, 5, 20)
        app = FactdeskApp(desk, settings.load(), article, **how)  # type: ignore[arg-type]
        async with app.run_test(size=size) as pilot:
            with at_work(desk, "Bo", article):
                await until(pilot, lambda: "● Bo here ·" in screen_text(app).splitlines()[0], "Bo is here")
            await until(pilot, lambda: "● " not in screen_text(app).splitlines()[0], "Bo has gone")


async def test_who_reviews_blind_learns_no_name(tmp_path: Path, home: Path) -> None:
    with desk_at(tmp_path) as desk:
        article = shelve(desk, "Bridge", claims=1)
        desk.assignments.assign([article], ["Dee"], "reviewer", blind="verdict", whose="Ana")
        with at_work(desk, "Ana", article), Desk.open(desk.path, "Dee") as dee:
            app = FactdeskApp(dee, settings.load(), article, reviewing="Ana")
            async with app.run_test(size=(120, 40)) as pilot:
                await until(pilot, lambda: "● somebody here" in screen_text(app).splitlines()[0], "somebody is here")
                assert app.company is not None and app.company.present == [Present(NOBODY, article.id, 0)]


@pytest.mark.parametrize(
    ("names", "said"),
    [
        ((), []),
        (("me",), ["● you here too"]),
        (("Bo",), ["● Bo here", "● Bo here", "●"]),
        (("Bo", "me"), ["● Bo here", "● Bo here", "●"]),
        (("",), ["● somebody here", "● somebody here", "●"]),
        (("Bo", "Cy", "Dee"), ["● Bo and 2 more here", "● Bo and 2 more here", "● 3 here"]),
        (("", "Bo"), ["● Bo and others here", "● Bo and others here", "● others here"]),
        (("Bartholomew Jones",), ["● Bartholomew Jones here", "● Bartholomew… here", "●"]),
    ],
)
def test_it_is_said_in_ever_fewer_words(names: tuple[str, ...], said: list[str]) -> None:
    present = [Present(Person(name, name) if name else NOBODY, "a", 1) for name in names]
    assert ways_to_say(present, "me") == said


async def test_a_desk_that_is_taken_away_or_damaged_says_nothing_of_it(tmp_path: Path, home: Path) -> None:
    async with at_desk(tmp_path) as r:
        await r.until(lambda: beside(r.desk), "Ana is here")
        r.desk.path.rename(tmp_path / "elsewhere.db")
        assert r.app.company is not None
        r.app.company.look()
        assert beside(r.desk) == []
        (tmp_path / "elsewhere.db").rename(r.desk.path)
        r.app.company.look()
        assert len(beside(r.desk)) == 1
        with sqlite3.connect(r.desk.path) as other:
            other.execute("BEGIN EXCLUSIVE")
            r.app.company.look()
            other.rollback()
        assert r.app.is_running


def test_two_terminals_on_one_file_see_each_other(tmp_path: Path, home: Path, sample: Path) -> None:
    file = tmp_path / "desk.db"
    with Window("--db", file, "--as", "Bo", "open", sample) as bo:
        bo.until("Two North Korean", patience=60)
        with Window("--db", file, "--as", "Ana", "open", sample) as ana:
            ana.until("● Bo here", patience=60)
            bo.until("● Ana here", patience=60)
            ana.process.kill()
        with Window("--db", file, "--as", "Cy", "here") as listed:
            assert listed.finish(60) == 0
            assert "Bo" in listed.seen and "Ana" not in listed.seen
        bo.type("q")
        bo.until("1 article", patience=60)
        bo.type("\x11")
        assert bo.finish(60) == 0
    with Desk.open(file) as desk:
        assert beside(desk) == []
