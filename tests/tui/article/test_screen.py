"""The open article as a whole: how it begins, what it always says, and others who work on the same desk."""

from __future__ import annotations

import re
import subprocess
from datetime import datetime
from pathlib import Path

import pytest

from store import sample
from store.desk import Desk
from store.formats.articles import files
from tests.kit.at_the_article import SENTENCES, TAGGED, TEXT, at_desk, colleague, opened, span
from tests.kit.desks import desk_at
from tests.kit.pilot import SIZES, screen_text
from tests.kit.terminal import FACTDESK
from tui.claim.evidence_form import EvidenceForm
from tui.kit.conflicts import ConflictsScreen
from tui.library.screen import LibraryScreen

at_every_size = pytest.mark.parametrize("size", SIZES, ids=lambda size: f"{size[0]}x{size[1]}")


# What it shows


async def test_a_text_from_right_to_left_is_said_to_stand_in_logical_order(tmp_path: Path) -> None:
    async with at_desk(tmp_path, text="ירושלים היא עיר. The rest is English.") as r:
        assert any("logical order" in said for said in r.said)
    (tmp_path / "other").mkdir()
    async with at_desk(tmp_path / "other") as r:
        assert not any("logical order" in said for said in r.said)


@at_every_size
async def test_it_shows_the_title_the_date_the_text_and_what_can_be_done(tmp_path: Path, size: tuple[int, int]) -> None:
    with desk_at(tmp_path) as desk:
        article = desk.articles.add(TEXT, title="[b]Bridge[/b] \x1b[31m", published="2025-02-19")
        async with opened(desk, article, size=size) as r:
            seen = (await r.seen()).splitlines()
            assert "[b]Bridge[/b] ␛[31m" in seen[0] and "19 Feb 2025" in seen[0] and "Ana" in seen[0]
            assert "read 0 % ········" in seen[0] and "checked" not in seen[0]
            assert size[0] < 100 or "6 sentences" in seen[0]
            assert any("The old bridge fell in spring." in row for row in seen)
            assert "t Tag" in seen[-1] and "? Help" in seen[-1]
            await r.press("t", "J")
            assert "Esc Done" in (await r.seen()).splitlines()[-1]


async def test_it_opens_at_a_claim_when_told_so(tmp_path: Path) -> None:
    with desk_at(tmp_path) as desk:
        article = desk.articles.add(TEXT, title="Bridge")
        desk.claims.tag(article, *span(TEXT, SENTENCES[0]))
        claim = desk.claims.tag(article, *span(TEXT, SENTENCES[4]))
        async with opened(desk, article, claim=claim.id) as r:
            assert r.at.startswith(SENTENCES[4]) and "C2 · 2 of 2" in await r.panel()


@pytest.mark.parametrize("environment", [{"NO_COLOR": "1"}, {"TEXTUAL_COLOR_SYSTEM": "standard"}, {}])
@pytest.mark.parametrize("theme", ["dark", "light"])
async def test_every_state_of_the_text_has_a_sign_that_needs_no_colour(
    tmp_path: Path, environment: dict[str, str], theme: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("TERM", "xterm-256color")
    for name, value in environment.items():
        monkeypatch.setenv(name, value)
    async with at_desk(tmp_path, text="One.\nTwo.\nThree.\nFour.\nFive.") as r:
        if theme == "light":
            await r.press("f2")
        await r.press("t", "1", "j", "t", "7", "j", "t", "j", "s")
        margins = [row[:4] for row in (await r.seen()).splitlines()[1:6]]
        assert [margin.strip() for margin in margins] == ["✓", "✗", "○", "–", "·"]


class Clock:
    """The clock of the desk; a test sets its seconds."""

    seconds = 0

    @classmethod
    def now(cls) -> int:
        return int(datetime(2025, 2, 19, 12, 3, cls.seconds).timestamp() * 1000)


async def test_the_last_save_is_told_whatever_was_saved_and_nothing_else_is(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    async with at_desk(tmp_path, size=(120, 40)) as r:
        monkeypatch.setattr("store.log.clock.now", Clock.now)

        async def told() -> list[str]:
            return re.findall(r"✓ saved 12:03:(\d\d)", await r.seen())

        await r.press("w", "v", "escape", "f", "d")
        assert await told() == []
        for number, key in enumerate(("t", "1", ".", "d", "u", "ctrl+r", "u")):
            Clock.seconds = 10 + number
            await r.press(key)
            assert await told() == [str(10 + number)], key
        Clock.seconds = 30
        await r.press("enter")
        await r.field("claimant")
        await r.press("enter")
        await r.write("x")
        assert await told() == ["16"]
        await r.press("escape")
        assert await told() == ["30"]
        Clock.seconds = 40
        await r.press("enter", "escape", "e", "escape", "f", "M")
        assert await told() == ["30"]


@at_every_size
async def test_any_text_is_shown_worked_on_and_kept_as_it_is(tmp_path: Path, size: tuple[int, int]) -> None:
    text = (
        "[b]x[/b] \u202eabc\u202c\n"
        "这是一个句子。他说“你好。再见。”然后走了。\n👩‍👩‍👧‍👦 🇫🇷 e\u0301te\u0301 مرحبا\tטקסט\n"
        + "https://example.com/"
        + "a" * 300
        + "\n"
        + "word " * 5000
    )
    async with at_desk(tmp_path, text=text, size=size) as r:
        seen = await r.seen()
        assert "这是一个句子" in seen and "[b]x[/b] ·abc·" in seen
        await r.press("t", "1", "end", "i", "w", "t", "down", "i", "s", "t", "ctrl+end", "b", "i", "w", "t")
        assert len(r.claims()) >= 3
        assert all(claim.quote == text[claim.start : claim.end] for claim in r.claims())
        assert "word" in await r.seen() and text[: r.view.caret].endswith("word")
        await r.press("f", "s", "ctrl+home", *["l"] * 60, "t")
        assert r.desk.upkeep.verify() == []


# Others at the same desk


@at_every_size
async def test_what_another_process_writes_appears(tmp_path: Path, size: tuple[int, int]) -> None:
    async with at_desk(tmp_path, size=size) as r:
        await r.press("t")
        tag = ("tag", "1", "--quote", SENTENCES[4], "--verdict", "refuted")
        done = subprocess.run(
            [FACTDESK, "--db", r.desk.path, "--as", "Ben", *tag], capture_output=True, text=True, check=False
        )
        assert done.returncode == 0, done.stderr
        await r.until(lambda: len(r.screen.open) == 2, "the other claim is here")
        assert "33 %" in (await r.seen()).splitlines()[0] and "C1 · 1 of 2" in await r.panel()
        await r.press("]")
        panel = await r.panel()
        assert r.at.startswith(SENTENCES[4]) and "C2 · 2 of 2" in panel and "✗ Refuted" in panel
        assert "Ben" in panel or "not given by you" in panel


async def test_what_others_change_of_the_claim_at_hand_is_shown_at_once(tmp_path: Path) -> None:
    async with at_desk(tmp_path, size=(120, 60)) as r:
        await r.press("t", "c")
        await r.write("Which bridge?")
        await r.press("escape")
        with colleague(r) as ben:
            (claim,) = ben.claims.of(r.article)
            ben.claims.edit(claim, claimant="the mayor")
            await r.until(lambda: r.in_hand and r.in_hand.claimant, "the claimant is here")
            assert "the mayor" in await r.panel()
            evidence = ben.evidence.add(claim, "context", url="https://a.example/", quote="As it was.")
            await r.until(lambda: r.in_hand and r.in_hand.evidence_count, "the evidence is here")
            assert "As it was." in await r.panel()
            ben.evidence.edit(evidence, quote="As it is.")
            await r.until(lambda: "As it is." in screen_text(r.app), "what it says now is here")
            ben.claims.move(ben.claims.get(claim.id), *span(TEXT, "old bridge fell"))
            await r.until(lambda: r.in_hand and r.in_hand.quote == "old bridge fell", "the edges have moved")
            assert "“old bridge fell”" in await r.panel()
            ben.articles.edit(r.article, title="The fall")
            await r.until(lambda: r.screen.open.article.title == "The fall", "the title is here")
            assert "The fall" in (await r.seen()).splitlines()[0]
            ben.sweeps.add(r.article, *span(TEXT, SENTENCES[1]))
            await r.until(lambda: r.screen.open.sweeps, "the sweep is here")
            assert "read 25 % ▓░░░" in (await r.seen()).splitlines()[0]


async def test_other_lines_chosen_elsewhere_are_the_sentences_of_the_open_article(tmp_path: Path) -> None:
    text = "Prices:\nbread 5 euros\nthe milk is 2 euros"
    async with at_desk(tmp_path, text=text) as r:
        await r.press("t")
        assert r.screen.open.coverage.open_sentences == 2
        with Desk.open(r.desk.path, "Ben") as ben:
            ben.articles.edit(r.article, lines="wrapped")
        await r.until(lambda: r.screen.open.article.lines == "wrapped", "the lines are here")
        assert r.view.units.sentence_at(20) == (0, len(text))
        assert r.screen.open.coverage.left == "1 leftover"
        with Desk.open(r.desk.path, "Ben") as ben:
            ben.articles.edit(ben.articles.get(r.article.id), lines="")
        await r.until(lambda: not r.screen.open.article.lines, "the lines are here")
        assert r.screen.open.coverage.open_sentences == 2


@at_every_size
async def test_a_conflicting_edit_overwrites_nobody_and_is_listed_and_settled(
    tmp_path: Path, size: tuple[int, int]
) -> None:
    async with at_desk(tmp_path, size=size) as r:
        await r.press("t", "enter")
        await r.field("claimant")
        await r.press("enter")
        await r.write("the mayor")
        with colleague(r) as ben:
            (claim,) = ben.claims.of(r.article)
            ben.claims.edit(claim, claimant="her deputy")
        await r.until(lambda: r.in_hand and r.in_hand.claimant == "her deputy", "Ben's word is here")
        assert "the mayor" in await r.panel()
        await r.press("escape")
        (conflict,) = r.desk.conflicts.of(r.article)
        assert {str(contender.values["claimant"]) for contender in conflict.contenders} == {"the mayor", "her deputy"}
        await r.press("home")
        assert "≠" in (await r.panel()).splitlines()[0]
        await r.until(lambda: "≠ 1 conflict" in screen_text(r.app).splitlines()[0], "it stands in the head")
        await r.press("C")
        assert isinstance(r.app.screen, ConflictsScreen)
        seen = await r.seen()
        assert "the mayor" in seen and "her deputy" in seen
        await r.press("down", "enter")
        assert r.desk.conflicts.of(r.article) == []
        await r.press("escape")
        assert "≠" not in (await r.panel()).splitlines()[0]
        await r.until(lambda: "≠" not in screen_text(r.app).splitlines()[0], "it has gone from the head")


async def test_a_claim_that_another_deletes_goes_and_what_is_typed_in_it_stays_in_sight(tmp_path: Path) -> None:
    async with at_desk(tmp_path, size=(120, 40)) as r:
        await r.press("t", "J")
        await r.write("a long thought")
        with colleague(r) as ben:
            ben.delete(ben.claims.of(r.article)[0])
        await r.until(lambda: not len(r.screen.open), "the claim is gone")
        assert "a long thought" in await r.panel()
        await r.press("escape")
        assert "not on this desk" in r.said[-1] and "a long thought" in await r.panel()
        await r.press("ctrl+b", "escape")
        panel = await r.panel()
        assert "a long thought" not in panel and "No claim" in panel and r.view.has_focus
        await r.press("t")
        assert r.quotes() == [TAGGED[0]]


@at_every_size
async def test_an_article_that_another_deletes_is_left_for_the_library(tmp_path: Path, size: tuple[int, int]) -> None:
    async with at_desk(tmp_path, size=size) as r:
        await r.press("t")
        with colleague(r) as ben:
            ben.delete(ben.articles.get(r.article.id))
        await r.until(lambda: isinstance(r.app.screen, LibraryScreen), "the library is shown")
        assert r.said.count("This article was deleted from the desk.") == 1


async def test_a_form_over_an_article_that_another_deletes_is_finished_first(tmp_path: Path) -> None:
    async with at_desk(tmp_path) as r:
        await r.press("t", "e")
        await r.write("https://a.example")
        with colleague(r) as ben:
            ben.delete(ben.articles.get(r.article.id))
        await r.until(lambda: r.said, "it is said")
        assert isinstance(r.app.screen, EvidenceForm) and "https://a.example" in await r.seen()
        await r.press("escape")
        assert isinstance(r.app.screen, EvidenceForm) and "https://a.example" in await r.seen()
        await r.press("ctrl+b", "escape")
        await r.until(lambda: isinstance(r.app.screen, LibraryScreen), "the library is shown")


async def test_what_is_typed_when_another_deletes_the_article_stays_until_it_is_left(tmp_path: Path) -> None:
    async with at_desk(tmp_path) as r:
        await r.press("t", "J")
        await r.write("a long thought")
        with colleague(r) as ben:
            ben.delete(ben.articles.get(r.article.id))
        await r.until(lambda: r.said, "it is said")
        assert "cannot be saved" in r.said[0] and "a long thought" in await r.panel()
        await r.press("escape")
        assert r.uncovered and "a long thought" in await r.panel()
        await r.press("ctrl+b", "escape")
        await r.until(lambda: isinstance(r.app.screen, LibraryScreen), "the library is shown")


async def test_an_article_deleted_and_brought_back_while_a_form_was_open_is_as_it_was(tmp_path: Path) -> None:
    async with at_desk(tmp_path) as r:
        await r.press("t", "1", "e")
        with colleague(r) as ben:
            ben.delete(ben.articles.get(r.article.id))
            await r.until(lambda: r.said, "it is said")
            ben.history.undo()
        r.app.look_for_others()
        await r.press("escape")
        assert r.uncovered and "C1 · 1 of 1" in await r.panel()
        await r.press("f", "t")
        assert len(r.claims()) == 2
        with colleague(r) as ben:
            ben.delete(ben.articles.get(r.article.id))
        await r.until(lambda: isinstance(r.app.screen, LibraryScreen), "the library is shown")
        assert len(r.said) == 2


async def test_a_resize_keeps_the_selected_claim_in_view_and_lays_out_the_head_anew(tmp_path: Path) -> None:
    with desk_at(tmp_path) as desk:
        desk.articles.add_many([files.read(sample.path())])
        async with opened(desk, desk.articles.all()[0], size=(120, 40)) as r:
            await r.press("t", "ctrl+home", "]")
            for width, height in ((40, 10), (80, 24), (200, 60), (80, 24), (120, 40)):
                await r.pilot.resize_terminal(width, height)
                await r.until(lambda width=width: r.screen.size.width == width, "the screen has its size")
                await r.until(lambda width=width: r.view.size.width <= width, "the text has, too")
                assert 0 <= r.view.rows.row_of(r.view.caret) - r.view.scroll_offset.y < r.view.size.height
                head = screen_text(r.app).splitlines()[0]
                assert width < 80 or (head.startswith(" Two North Korean") and "1 lacks" in head), head
                assert not head.endswith("…"), head


async def test_the_date_stands_whole_in_the_head_or_not_at_all(tmp_path: Path) -> None:
    with desk_at(tmp_path) as desk:
        article = desk.articles.add(TEXT, title="The bridge fell by night", published="2025-02-19")
        async with opened(desk, article, size=(120, 24)) as r:
            assert "The bridge fell by night  19 Feb 2025  " in screen_text(r.app)
            for width in range(60, 112, 4):
                await r.pilot.resize_terminal(width, 24)
                await r.until(lambda width=width: r.screen.size.width == width, "the screen has its size")
                head = screen_text(r.app).splitlines()[0]
                dated = head.partition("Ana")[0].strip()
                assert dated.endswith(("night", "…", "  19 Feb 2025")) and not re.search(r"  \d.*…", dated), head
