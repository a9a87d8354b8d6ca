"""The library, by its keys."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from pathlib import Path

import pytest

from store.check.kept_sentences import Coverages
from store.desk import Desk
from store.records import Article
from store.text.coverage import Coverage
from store.text.units import Span
from tests.kit.at_the_library import counted
from tests.kit.desks import desk_at, shelve
from tests.kit.pilot import SIZES, notices, screen_text, send, settle, type_text, until
from tui import settings
from tui.app import FactdeskApp
from tui.article.screen import ArticleScreen
from tui.kit.rows import Rows
from tui.library.article_form import ArticleForm
from tui.library.screen import LibraryScreen


class LibraryApp(FactdeskApp):
    """The app, with the article screen left out: what would be opened is written down."""

    def __init__(self, desk: Desk) -> None:
        super().__init__(desk, settings.load())
        self.opened: list[tuple[str, str]] = []

    def open_article(self, article: Article, claim: str = "", found: Span | None = None) -> None:
        self.opened.append((article.title, claim and self.desk.claims.get(claim).name))

    def said(self) -> list[str]:
        return [str(notification.message) for notification in self._notifications]

    @property
    def library(self) -> LibraryScreen:
        assert isinstance(self.screen, LibraryScreen)
        return self.screen

    def titles(self) -> list[str]:
        return [row.article.title for row in self.library.articles.rows]


@pytest.fixture
def desk(tmp_path: Path) -> Iterator[Desk]:
    with desk_at(tmp_path) as desk:
        yield desk


@pytest.fixture
def full(desk: Desk) -> Desk:
    shelve(desk, "Dam", claims=4, verdicts=4, publisher="Reuters", published="2025-02-01")
    shelve(desk, "Bridge", claims=2, verdicts=1, publisher="Chosun Ilbo", published="2025-03-01")
    shelve(desk, "Castle", publisher="Reuters", published="2024-01-01")
    return desk


# An empty desk


@pytest.mark.parametrize("size", SIZES)
async def test_an_empty_desk_explains_itself_and_one_key_adds_the_sample(desk: Desk, size: tuple[int, int]) -> None:
    app = LibraryApp(desk)
    async with app.run_test(size=size) as pilot:
        await settle(pilot)
        assert "This desk is empty" in screen_text(app) and "s   adds a sample article" in screen_text(app)
        assert "drop or paste them\n   N   adds" in re.sub(" +\n", "\n", screen_text(app)), "each key has one line"
        await send(pilot, "s")
        assert "Two North Korean prisoners" in screen_text(app) and "19 Feb 2025" in screen_text(app)
        assert len(desk.articles.all()) == 1
        await send(pilot, "s")
        assert len(desk.articles.all()) == 1
        assert "already on this desk" in app.said()[-1]


async def test_every_key_on_an_empty_library_is_harmless(desk: Desk) -> None:
    app = LibraryApp(desk)
    async with app.run_test(size=(80, 24)) as pilot:
        keys = "enter right n e d delete u ctrl+z ctrl+r ctrl+y o O H escape C escape f escape / escape j k G escape"
        await send(pilot, *keys.split())
        assert app.library.rows.index is None
        assert app.opened == []
        assert "There is no article here to do that with." in app.said()


# What it shows


@pytest.mark.parametrize("size", SIZES)
async def test_each_article_is_a_line_with_its_counts(full: Desk, size: tuple[int, int]) -> None:
    app = LibraryApp(full)
    async with app.run_test(size=size) as pilot:
        await counted(pilot)
        dam = next(line for line in screen_text(app).splitlines() if "Dam" in line)
        bridge = next(line for line in screen_text(app).splitlines() if "Bridge" in line)
        castle = next(line for line in screen_text(app).splitlines() if "Castle" in line)
        assert "✓" in dam and "4/4" in dam and "██ 100 %" in dam and ("1 Feb 2025" in dam or size[0] < 100)
        assert "✓" not in bridge and "1/2" in bridge and " 47 %" in bridge
        assert " – " in castle and " 0 %" in castle
        if size[0] >= 160:
            assert "Chosun Ilbo" in bridge


@pytest.mark.quick
async def test_what_is_shown_as_read_is_the_desks(full: Desk) -> None:
    app = LibraryApp(full)
    async with app.run_test(size=(120, 40)) as pilot:
        await counted(pilot)
        listed = app.library.articles
        shown = [found.share for row in listed.rows if (found := listed.read(row))]
        assert shown == [full.coverage.of(row.article).share for row in listed.rows]


async def test_only_articles_in_sight_are_counted(desk: Desk) -> None:
    for number in range(40):
        shelve(desk, f"Article {number:02}", claims=1)
    app = LibraryApp(desk)
    async with app.run_test(size=(80, 14)) as pilot:
        await counted(pilot)
        listed = app.library.articles

        def known() -> int:
            return sum(listed.known(row) is not None for row in listed.rows)

        await until(pilot, lambda: known() >= 8, "what is in sight is counted")
        assert known() < 20


async def test_what_is_said_below_the_list_ends_at_a_word_when_there_is_more(desk: Desk) -> None:
    shelve(desk, "Dam", claims=4, verdicts=4, publisher="A newspaper of the whole region and all " * 9)
    app = LibraryApp(desk)
    async with app.run_test(size=(80, 24)) as pilot:
        await settle(pilot)
        about = [line.strip() for line in screen_text(app).splitlines()[-5:-1]]
        assert all(about) and about[-1].endswith("…")
        assert about[-1][:-1].split()[-1] in ["A", "newspaper", "of", "the", "whole", "region", "and", "all"]


async def test_hostile_titles_are_shown_harmlessly(desk: Desk) -> None:
    shelve(desk, "[red]x[/red][@click=app.quit]y[/]\x1b[2J", publisher="[/]\u202e", claims=1)
    app = LibraryApp(desk)
    async with app.run_test(size=(120, 40)) as pilot:
        await settle(pilot)
        assert "[red]x[/red][@click=app.quit]y[/]" in screen_text(app)
        await send(pilot, "d")
        assert app.said()[-1].startswith("Deleted “[red]x[/red][@click=app.quit]y[/]")
        assert "\x1b" not in screen_text(app)


# Opening


async def test_enter_opens_the_article_of_the_cursor(full: Desk) -> None:
    app = LibraryApp(full)
    async with app.run_test() as pilot:
        await settle(pilot)
        await send(pilot, "j", "enter")
        assert app.opened == [(app.titles()[1], "")]


async def test_a_double_click_opens_too(full: Desk) -> None:
    app = LibraryApp(full)
    async with app.run_test() as pilot:
        await settle(pilot)
        await pilot.click(Rows, offset=(10, 2), times=2)
        await settle(pilot)
        assert app.opened == [(app.titles()[1], "")]


async def test_take_next_goes_through_what_is_unfinished_and_only_that(full: Desk) -> None:
    app = LibraryApp(full)
    async with app.run_test() as pilot:
        await settle(pilot)
        await send(pilot, "n", "n", "n", "n")
        taken = [title for title, _ in app.opened]
        assert set(taken) == {"Bridge", "Castle"}
        assert taken[0] != taken[1]


async def test_take_next_says_when_nothing_is_left(desk: Desk) -> None:
    shelve(desk, "Dam", claims=4, verdicts=4)
    app = LibraryApp(desk)
    async with app.run_test() as pilot:
        await send(pilot, "n")
        assert app.opened == []
        assert app.said() == ["Nothing is left to check here."]


# Order, filter, search


async def test_sorting_goes_through_the_columns_and_is_remembered(full: Desk) -> None:
    app = LibraryApp(full)
    async with app.run_test(size=(120, 40)) as pilot:
        await settle(pilot)
        await send(pilot, "o")
        assert app.titles() == ["Bridge", "Castle", "Dam"] and "Title ▲" in screen_text(app)
        await send(pilot, "O")
        assert app.titles() == ["Dam", "Castle", "Bridge"] and "Title ▼" in screen_text(app)
        await send(pilot, "o")
        assert app.titles() == ["Bridge", "Dam", "Castle"] and "Date ▼" in screen_text(app)
    assert settings.load().sort == "date"
    again = LibraryApp(full)
    async with again.run_test() as pilot:
        await settle(pilot)
        assert again.titles() == ["Bridge", "Dam", "Castle"]


async def test_sorting_by_read_puts_the_least_read_first(full: Desk) -> None:
    app = LibraryApp(full)
    async with app.run_test(size=(120, 40)) as pilot:
        await settle(pilot)
        await send(pilot, *(["o"] * 5))
        assert "Read ▲" in screen_text(app)
        await counted(pilot)
        assert app.titles() == ["Castle", "Bridge", "Dam"]


async def test_a_click_on_a_title_sorts_by_it_and_a_second_turns_it_round(full: Desk) -> None:
    app = LibraryApp(full)
    async with app.run_test(size=(120, 40)) as pilot:
        await settle(pilot)
        await pilot.click(Rows, offset=(3, 0))
        assert app.titles() == ["Bridge", "Castle", "Dam"]
        await pilot.click(Rows, offset=(3, 0))
        assert app.titles() == ["Dam", "Castle", "Bridge"]


async def test_sorting_keeps_the_cursor_on_its_article(full: Desk) -> None:
    app = LibraryApp(full)
    async with app.run_test() as pilot:
        await settle(pilot)
        await send(pilot, "j")
        article = app.library.articles.rows[1].article.title
        await send(pilot, "o", "O", "o")
        assert app.titles()[app.library.rows.cursor] == article


async def test_the_filter_narrows_while_typing_and_escape_shows_all_again(full: Desk) -> None:
    app = LibraryApp(full)
    async with app.run_test() as pilot:
        await send(pilot, "f")
        await type_text(pilot, "reut 2025")
        assert app.titles() == ["Dam"]
        assert "1 of 3 shown" in screen_text(app)
        await send(pilot, "escape")
        assert app.titles() == ["Dam"]
        await send(pilot, "escape")
        assert len(app.titles()) == 3
        assert "shown" not in screen_text(app)


async def test_the_filter_that_nothing_matches_says_so_and_enter_opens_what_it_left(full: Desk) -> None:
    app = LibraryApp(full)
    async with app.run_test() as pilot:
        await send(pilot, "f")
        await type_text(pilot, "zebra")
        assert "No article matches" in screen_text(app)
        await send(pilot, "enter")
        assert app.opened == []
        await send(pilot, *(["backspace"] * 5))
        await type_text(pilot, "castle")
        await send(pilot, "enter")
        assert app.opened == [("Castle", "")]


async def test_searching_finds_words_of_articles_and_claims_and_enter_jumps_to_the_claim(full: Desk) -> None:
    app = LibraryApp(full)
    async with app.run_test(size=(120, 40)) as pilot:
        await send(pilot, "/")
        assert "Type what to look for." in screen_text(app) and "found" not in screen_text(app)
        await type_text(pilot, "bridge fell")
        await until(pilot, lambda: "5 found" in screen_text(app), "all five are found")
        shown = screen_text(app)
        assert "C2" in shown and "The bridge fell in spring" in shown
        place = next(i for i, hit in enumerate(full.library.search("bridge fell")) if hit.claim)
        await send(pilot, *(["down"] * place), "enter")
        title, claim = app.opened[0]
        assert title in ("Dam", "Bridge") and claim == "C2"
        await send(pilot, "escape", "escape")
        assert len(app.titles()) == 3


async def test_a_hit_in_a_text_is_gone_to_with_the_words_marked(desk: Desk) -> None:
    text = (
        "\n".join(f"Line {n} of a long list." for n in range(400)) + "\nThen the Café Lanterne burned down.\nThe end."
    )
    desk.articles.add(text, title="A long one")
    app = FactdeskApp(desk, settings.load())
    async with app.run_test(size=(80, 24)) as pilot:
        await send(pilot, "/")
        await type_text(pilot, "cafe lanterne")
        library = app.screen
        assert isinstance(library, LibraryScreen)
        await until(pilot, lambda: "1 found" in screen_text(app), "it is found")
        assert "Then the Café Lanterne" in " ".join(screen_text(app).split())
        await send(pilot, "enter")
        await until(pilot, lambda: isinstance(app.screen, ArticleScreen) and app.screen.listening, "the article opens")
        assert isinstance(app.screen, ArticleScreen)
        view = app.screen.view
        assert view.caret == text.index("Café Lanterne")
        assert "Café Lanterne burned" in screen_text(app) and "1 of 1 found" in screen_text(app)


async def test_a_search_without_a_result_says_so(full: Desk) -> None:
    app = LibraryApp(full)
    async with app.run_test() as pilot:
        await send(pilot, "/")
        await type_text(pilot, "zebra")
        await until(pilot, lambda: "Nothing holds all these words." in screen_text(app), "it is said")
        await send(pilot, "enter", "escape", "escape")
        assert app.opened == []


async def test_what_a_search_finds_is_not_sorted_and_the_articles_come_back(full: Desk) -> None:
    app = LibraryApp(full)
    async with app.run_test(size=(120, 40)) as pilot:
        await send(pilot, "end", "/")
        await type_text(pilot, "castle")
        await until(pilot, lambda: "1 found" in screen_text(app), "it is found")
        await send(pilot, "escape", "o", "O")
        assert all("is not sorted" in words for words in notices(app))
        assert "1 found" in screen_text(app)
        await send(pilot, "down", "down", "escape")
        assert len(app.titles()) == 3


# Changing


async def test_deleting_can_be_undone_and_redone_and_each_is_said(full: Desk) -> None:
    app = LibraryApp(full)
    async with app.run_test() as pilot:
        await settle(pilot)
        await send(pilot, "o", "g", "g", "d")
        assert app.titles() == ["Castle", "Dam"]
        assert app.said()[-1] == "Deleted “Bridge” and what was marked in it. u brings it back."
        await send(pilot, "u")
        assert app.titles() == ["Bridge", "Castle", "Dam"]
        assert len(full.claims.of("Bridge")) == 2
        assert app.titles()[app.library.rows.cursor] == "Bridge"
        assert app.said()[-1].startswith("Undid: ")
        await send(pilot, "ctrl+r")
        assert app.titles() == ["Castle", "Dam"]
        assert app.said()[-1].startswith("Redid: ")


async def test_details_are_saved_field_by_field(full: Desk) -> None:
    app = LibraryApp(full)
    async with app.run_test() as pilot:
        await settle(pilot)
        await send(pilot, "o", "g", "g", "e", "end")
        await type_text(pilot, " of 서울")
        await send(pilot, "tab", "tab", "tab")
        await type_text(pilot, "Kim")
        await send(pilot, "escape")
        article = full.articles.get("Bridge of")
        assert (article.title, article.author, article.published) == ("Bridge of 서울", "Kim", "2025-03-01")
        assert "Bridge of 서울" in app.titles()


async def test_a_detail_that_cannot_be_is_refused_and_stays_to_be_mended(full: Desk) -> None:
    app = LibraryApp(full)
    async with app.run_test() as pilot:
        await settle(pilot)
        await send(pilot, "o", "g", "g", "e", "tab", "end")
        await type_text(pilot, "x")
        await send(pilot, "escape")
        assert "is not a date" in app.said()[-1]
        assert "2025-03-01x" in screen_text(app)
        assert full.articles.get("Bridge").published == "2025-03-01"
        await send(pilot, "backspace", "backspace", "2", "escape")
        assert full.articles.get("Bridge").published == "2025-03-02"
        assert app.library.is_current


async def test_language_and_lines_are_chosen_in_the_details(full: Desk) -> None:
    article = full.articles.add("Prices:\nbread 5 euros\nthe milk is 2 euros", title="Zoo")
    app = LibraryApp(full)
    async with app.run_test() as pilot:
        await settle(pilot)
        await send(pilot, "o", "G", "e", "tab", "tab", "tab", "tab", "tab")
        assert "auto (not wrapped), lines or wrapped" in screen_text(app)
        await type_text(pilot, "Deutsch")
        await send(pilot, "tab")
        assert "did you mean “de”?" in app.said()[-1] and full.articles.get("Zoo").language == ""
        await send(pilot, *["backspace"] * 6)
        await type_text(pilot, "e")
        await send(pilot, "home", "delete")
        await type_text(pilot, "d")
        await send(pilot, "tab")
        await type_text(pilot, "wrapped")
        await send(pilot, "enter")
        changed = full.articles.get("Zoo")
        assert (changed.language, changed.lines) == ("de", "wrapped")
        assert len(full.coverage.sentences(changed)) == 1 < len(full.coverage.sentences(article))


async def test_a_detail_put_back_is_as_it_was(full: Desk) -> None:
    app = LibraryApp(full)
    async with app.run_test() as pilot:
        await settle(pilot)
        await send(pilot, "o", "g", "g", "e", "tab", "end")
        await type_text(pilot, "x")
        assert isinstance(app.screen, ArticleForm) and "2025-03-01x" in screen_text(app)
        await send(pilot, "enter", "ctrl+b", "escape")
        assert full.articles.get("Bridge").published == "2025-03-01"
        assert app.library.is_current


async def test_what_another_process_adds_appears_by_itself(full: Desk) -> None:
    app = LibraryApp(full)
    async with app.run_test() as pilot:
        await settle(pilot)
        with Desk.open(full.path, "Ben") as other:
            shelve(other, "Elsewhere", claims=1)
        await until(pilot, lambda: "Elsewhere" in screen_text(app), "what others added appears")


async def test_a_read_only_desk_is_shown_and_refuses_in_words(full: Desk) -> None:
    full.session.read_only = "This desk cannot be written: its disk is full."
    app = LibraryApp(full)
    async with app.run_test(size=(120, 40)) as pilot:
        await settle(pilot)
        assert "read-only" in screen_text(app)
        await send(pilot, "d")
        assert app.said().count("This desk cannot be written: its disk is full.") >= 1
        assert len(app.titles()) == 3


async def test_one_message_is_shown_at_a_time_and_never_over_the_hints(full: Desk) -> None:
    app = LibraryApp(full)
    async with app.run_test(size=(80, 24), notifications=True) as pilot:
        await settle(pilot)
        await send(pilot, "d", "u", "d")
        assert len(app.said()) == 3
        await until(pilot, lambda: "Deleted" in screen_text(app), "the last message is shown")
        shown = screen_text(app)
        assert shown.count("Deleted") == 1 and "Undid" not in shown
        assert "Help" in shown.splitlines()[-1]


async def test_a_message_is_shown_whole_however_long_it_is(full: Desk) -> None:
    app = LibraryApp(full)
    async with app.run_test(size=(80, 24), notifications=True) as pilot:
        await settle(pilot)
        for cells in range(33, 43):
            app.notify(f"{'so ' * 20}"[: cells - 4] + f" end{cells}", markup=False)
            await until(
                pilot,
                lambda cells=cells: any(f"end{cells}" in line for line in screen_text(app).splitlines()[-5:-1]),
                f"all of {cells} cells is shown",
            )
            assert "Help" in screen_text(app).splitlines()[-1], cells


async def test_of_a_desk_of_before_it_is_said_once_that_articles_are_counted_by_words(full: Desk) -> None:
    async def told() -> list[str]:
        app = LibraryApp(full)
        async with app.run_test() as pilot:
            await settle(pilot)
            return [said for said in app.said() if "counted by words" in said]

    assert await told() == []
    made = "UPDATE _sqlite_migrations SET applied_at = '2025-01-01 00:00:00+00:00' WHERE name = '0001_initial'"
    full.session.log.conn.execute(made)
    assert len(await told()) == 1 and settings.load().told == "words"
    assert await told() == []


async def test_only_what_has_changed_is_counted_anew(full: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    counted_of: list[str] = []
    found = Coverages.each

    def coverages(self: Coverages, articles: Iterable[Article]) -> Iterator[Coverage]:
        asked = list(articles)
        counted_of.extend(article.title for article in asked)
        return found(self, asked)

    monkeypatch.setattr(Coverages, "each", coverages)
    app = LibraryApp(full)
    async with app.run_test(size=(120, 40)) as pilot:
        await counted(pilot)
        assert set(counted_of) == {"Bridge", "Dam"}
        counted_of.clear()
        article = next(article for article in full.articles.all() if article.title == "Dam")
        full.delete(full.claims.of(article)[0])  # the last change of the article stays the same by that
        shelve(full, "Elm", claims=1)
        app.library.refill()
        await counted(pilot)
        assert set(counted_of) == {"Dam", "Elm"}
        dam = next(line for line in screen_text(app).splitlines() if "Dam" in line)
        assert "3/3" in dam and "100 %" not in dam
