"""Correcting the text that is open, and walking through what waits afterwards, by keys."""

from __future__ import annotations

from pathlib import Path

import pytest

from store.desk import Desk
from tests.kit.at_the_article import TEXT, Room, at_desk, colleague, opened, span
from tests.kit.desks import brought, desk_at, held
from tests.kit.pilot import screen_text
from tui.article.corrections import CorrectionsScreen
from tui.article.screen import ArticleScreen
from tui.article.versions import VersionsScreen

NEW = "News. " + TEXT.replace("3 million", "5 million").replace("Nobody was hurt, said the mayor.", "That was all.")
QUOTES = ("The old bridge fell in spring", "Nobody was hurt", "It is being rebuilt for 3 million euros")


def tag(desk: Desk, room: Room) -> None:
    for quote in QUOTES:
        claim = desk.claims.tag(room.article, *span(TEXT, quote))
        desk.verdicts.give(claim, "not_checkable", "So it is.")


def fill(folder: Path) -> Path:
    file = folder / "new.txt"
    file.write_text(NEW, "utf-8")
    return file


async def corrected(room: Room, folder: Path) -> None:
    """Correct the open text by its key, from a file."""
    tag(room.desk, room)
    await room.press("g", "u")
    await room.write(str(fill(folder)))
    await room.press("enter")
    await room.until(lambda: room.uncovered and room.view.text == NEW, "the new text is shown")


async def test_a_text_is_corrected_by_a_key_and_shown_at_once(tmp_path: Path) -> None:
    async with at_desk(tmp_path, size=(120, 40)) as room:
        await corrected(room, tmp_path)
        assert [claim.quote for claim in room.screen.open] == [QUOTES[0], "It is being rebuilt for 5 million euros"]
        assert "1 claim moved, 1 to check, 1 gone" in room.said[-1]
        await room.press("m")
        assert "its words were" in await room.panel()
        await room.press("u")
        assert room.view.text == TEXT and room.quotes() == list(QUOTES)


@pytest.mark.parametrize("size", [(80, 24), (120, 40)])
async def test_old_and_new_words_are_seen_and_kept_by_one_key(tmp_path: Path, size: tuple[int, int]) -> None:
    async with at_desk(tmp_path, size=size) as room:
        await corrected(room, tmp_path)
        await room.press("g", "r")
        assert isinstance(room.app.screen, CorrectionsScreen)
        seen = screen_text(room.app)
        assert "1 to check · 1 gone" in seen and "C3" in seen and "number" in seen
        assert "old words" in seen and "3 million" in seen and "5 million" in seen
        assert "[−3−]" in seen and "[+5+]" in seen
        await room.press("y")
        assert [one.name for one in room.desk.transfers.waiting(room.article)] == ["C2"]
        await room.press("u")
        assert [one.name for one in room.desk.transfers.waiting(room.article)] == ["C3", "C2"]
        await room.press("home", "enter")
        assert room.uncovered and room.in_hand and room.in_hand.name == "C3"


async def test_what_came_in_on_an_earlier_text_is_carried_over_by_a_key(tmp_path: Path) -> None:
    async with at_desk(tmp_path, size=(120, 40)) as room:
        with Desk.open(room.desk.backup(tmp_path / "bo.db"), "Bo") as bo:
            bo.claims.tag(room.article, *span(TEXT, "Some 2 500 people"))
        await corrected(room, tmp_path)
        room.desk.merges.merge([tmp_path / "bo.db"])
        await room.press("g", "r")
        assert "1 claim on another text: c carries over" in screen_text(room.app)
        await room.press("c")
        assert "1 claim moved" in room.said[-1] and "another text" not in screen_text(room.app)
        assert "Some 2 500 people" in [claim.quote for claim in room.desk.claims.of(room.article.id)]
        await room.press("u")
        assert room.desk.corrections.behind(room.article.id) == (1, 0)


async def test_a_claim_that_is_gone_is_tagged_again_or_withdrawn(tmp_path: Path) -> None:
    async with at_desk(tmp_path, size=(120, 40)) as room:
        await corrected(room, tmp_path)
        await room.press("g", "r", "down", "enter")
        assert "Its words are gone from the text" in room.said[-1]
        await room.press("t")
        await room.press(*["delete"] * len("Nobody was hurt"))
        await room.write("That was all")
        await room.press("ctrl+s")
        assert room.desk.claims.of(room.article)[1].quote == "That was all"
        await room.press("u")
        assert [one.name for one in room.desk.transfers.waiting(room.article)] == ["C3", "C2"]
        await room.press("d")
        assert [one.name for one in room.desk.transfers.waiting(room.article)] == ["C2"]
        await room.press("u", "escape")
        assert len(room.desk.transfers.waiting(room.article)) == 2 and room.uncovered


async def test_versions_are_compared_word_by_word_and_put_back(tmp_path: Path) -> None:
    async with at_desk(tmp_path, size=(120, 40)) as room:
        await corrected(room, tmp_path)
        await room.press("g", "v")
        assert isinstance(room.app.screen, VersionsScreen)
        seen = screen_text(room.app)
        assert "[−3−]" in seen and "[+5+]" in seen and "[+News. +]" in seen
        await room.press("v")
        assert "News. The old bridge fell in spring. That was all." in screen_text(room.app)
        await room.press("down", "b")
        assert room.desk.articles.text(room.desk.articles.get(room.article.id)) == TEXT
        assert room.quotes() == list(QUOTES)
        await room.press("escape")
        assert room.uncovered and room.view.text == TEXT


async def test_a_correction_by_somebody_else_is_shown(tmp_path: Path) -> None:
    async with at_desk(tmp_path) as room:
        tag(room.desk, room)
        with colleague(room) as other:
            other.corrections.correct(other.corrections.plan(room.article.id, NEW))
        await room.until(lambda: room.view.text == NEW, "the text is shown as it was corrected")
        assert isinstance(room.app.screen, ArticleScreen) and len(room.screen.open) == 2


@pytest.mark.parametrize(
    ("typed", "said"),
    [("", "Name the file"), ("none.txt", "none.txt"), ("http://127.0.0.1:9/x", "private")],
)
async def test_what_cannot_be_read_is_refused_and_can_be_mended(tmp_path: Path, typed: str, said: str) -> None:
    async with at_desk(tmp_path, size=(120, 40)) as room:
        await room.press("g", "u")
        await room.write(typed)
        await room.press("enter")
        await room.until(lambda: said in room.said[-1:][0] if room.said else False, "it is refused")
        assert not room.uncovered
        await room.press("escape")
        assert room.uncovered and room.view.text == TEXT


async def test_a_long_correction_goes_on_beside_the_screen_and_can_be_stopped(tmp_path: Path) -> None:
    old = "a" * 900 + ".\n\nThe end of it."
    with desk_at(tmp_path) as desk:
        article = desk.articles.add(old)
        desk.imports.bring(brought(article, 600))
        (tmp_path / "new.txt").write_text(f"News of today.\n\n{old}", "utf-8")
        async with opened(desk, article, size=(100, 24)) as room:

            async def correct(*keys: str) -> None:
                await room.press("g", "u")
                await room.write(str(tmp_path / "new.txt"))
                with held(desk):
                    await room.press("enter", *keys)
                    if not keys:
                        assert "Esc stops it" in screen_text(room.app).splitlines()[-1]
                await room.until(lambda: room.app.unsaved is not None and not room.app.unsaved.waits, "it is over")

            await correct("escape")
            assert room.said[-1].startswith("Stopped: ") and "Correct it with the same text to go on" in room.said[-1]
            assert room.view.text == old
            await correct()
            assert "550 claims moved" in room.said[-1] and room.view.text.startswith("News of today.")
            assert desk.upkeep.verify() == []


async def test_a_key_pressed_on_a_text_that_was_just_corrected_elsewhere_writes_nothing(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The words that were seen are not where they were, and the app has not looked yet."""
    monkeypatch.setattr("tui.app.POLL_SECONDS", 3600.0)
    async with at_desk(tmp_path) as room:
        await room.press("v", "w")
        with colleague(room) as other:
            other.corrections.correct(other.corrections.plan(room.article.id, NEW))
        for key in ("t", "s"):
            await room.press(key)
            assert "was corrected after you read it, and nothing was changed" in room.said[-1]
        assert room.claims() == [] and room.desk.sweeps.of(room.article.id) == []
