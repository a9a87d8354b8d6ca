"""Somebody else saves another value of the field you are typing in: it is said at once, and nobody's words are lost."""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path

import pytest

from store.desk import Desk
from tests.kit.at_the_article import Room, at_desk
from tests.kit.desks import desk_at
from tests.kit.pilot import SIZES
from tui import settings
from tui.app import FactdeskApp
from tui.kit.conflicts import ConflictsScreen
from tui.kit.editors import LineEditor, TextEditor

at_every_size = pytest.mark.parametrize("size", SIZES)
SAYS = "≠ Bo has just saved “her deputy” here; you are typing “the mayor”."


@asynccontextmanager
async def typing(
    folder: Path, words: str = "the mayor", size: tuple[int, int] = (120, 40), kind: str = "claimant"
) -> AsyncIterator[Room]:
    """Ana types in a field of a claim."""
    async with at_desk(folder, size=size, toasts=True) as r:
        await r.press("t", "enter")
        await r.field(kind)
        await r.press("enter")
        await r.write(words)
        yield r


def bo_saves(r: Room, **details: object) -> None:
    with Desk.open(r.desk.path, "Bo") as bo:
        bo.claims.edit(bo.claims.of(r.article)[0], **details)


def editor(r: Room) -> LineEditor | TextEditor:
    assert isinstance(r.app.focused, (LineEditor, TextEditor))
    return r.app.focused


async def told(r: Room) -> None:
    await r.until(lambda: any(SAYS in one for one in r.said), "both values are said")


@at_every_size
async def test_it_is_said_at_once_with_both_values_and_the_keys_that_choose(
    tmp_path: Path, size: tuple[int, int]
) -> None:
    async with typing(tmp_path, size=size) as r:
        caret, top = r.view.caret, r.view.scroll_offset
        bo_saves(r, claimant="her deputy")
        await told(r)
        (said,) = (one for one in r.said if SAYS in one)
        assert said.endswith("Ctrl+S keeps yours, Ctrl+T takes theirs, Esc keeps both as a conflict.")
        assert "≠ Bo: “her deputy”" in await r.panel()
        assert "Keep yours" in await r.seen() and "Take theirs" in await r.seen()
        assert (editor(r).typed, r.view.caret, r.view.scroll_offset) == ("the mayor", caret, top)
        await r.write(" of Odesa")
        assert editor(r).typed == "the mayor of Odesa"


async def test_ctrl_s_keeps_yours_in_sight_of_theirs(tmp_path: Path) -> None:
    async with typing(tmp_path) as r:
        bo_saves(r, claimant="her deputy")
        await told(r)
        await r.press("ctrl+s")
        assert (r.claims()[0].claimant, r.desk.conflicts.of()) == ("the mayor", [])
        assert "≠" not in await r.panel()


async def test_ctrl_t_takes_theirs_and_undoing_brings_yours_back(tmp_path: Path) -> None:
    async with typing(tmp_path) as r:
        bo_saves(r, claimant="her deputy")
        await told(r)
        await r.press("ctrl+t")
        assert editor(r).typed == "her deputy" and "≠" not in await r.panel()
        await r.press("escape")
        assert (r.claims()[0].claimant, r.desk.conflicts.of()) == ("her deputy", [])
        await r.field("claimant")
        await r.press("enter")
        await r.press("ctrl+u", "ctrl+k")
        await r.write("the mayor")
        bo_saves(r, claimant="a passer-by")
        await r.until(lambda: any("“a passer-by” here; you" in one for one in r.said), "it is said again")
        await r.press("ctrl+t", "ctrl+z")
        assert editor(r).typed == "the mayor"
        await r.press("escape")
        assert (r.claims()[0].claimant, r.desk.conflicts.of()) == ("the mayor", [])


async def test_leaving_without_a_choice_keeps_both_as_a_conflict_and_says_where_it_is_settled(tmp_path: Path) -> None:
    async with typing(tmp_path) as r:
        bo_saves(r, claimant="her deputy")
        await told(r)
        await r.press("tab")
        said = "≠ Saved as a conflict: Bo says “her deputy”, you “the mayor”. C settles it."
        assert said in r.said
        (conflict,) = r.desk.conflicts.of(r.article)
        assert {one.values["claimant"] for one in conflict.contenders} == {"the mayor", "her deputy"}
        await r.press("escape", "C")
        assert isinstance(r.app.screen, ConflictsScreen)


async def test_what_was_saved_in_the_same_moment_is_said_when_it_is_saved(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("tui.app.POLL_SECONDS", 3600.0)
    async with typing(tmp_path) as r:
        bo_saves(r, claimant="her deputy")
        await r.press("ctrl+s")
        assert "≠ Saved as a conflict: Bo says “her deputy”, you “the mayor”. C settles it." in r.said


async def test_a_field_in_which_nothing_was_typed_goes_on_from_theirs(tmp_path: Path) -> None:
    async with typing(tmp_path, words="") as r:
        bo_saves(r, claimant="her deputy")
        await r.until(lambda: editor(r).typed == "her deputy", "theirs is in the field")
        assert "Bo has just saved “her deputy” here: you go on from that." in r.said
        await r.write("!")
        await r.press("escape")
        assert (r.claims()[0].claimant, r.desk.conflicts.of()) == ("her deputy!", [])


async def test_the_same_value_of_two_people_is_one(tmp_path: Path) -> None:
    async with typing(tmp_path) as r:
        bo_saves(r, claimant="the mayor")
        await r.until(lambda: r.in_hand and r.in_hand.claimant == "the mayor", "Bo's word is here")
        await r.press("escape")
        assert (r.claims()[0].claimant, r.desk.conflicts.of()) == ("the mayor", [])


async def test_another_field_that_somebody_saves_is_no_rival(tmp_path: Path) -> None:
    async with typing(tmp_path) as r:
        bo_saves(r, claim_text="The bridge fell.")
        await r.until(lambda: r.in_hand and r.in_hand.claim_text, "Bo's words are here")
        await r.seen()
        assert not any("≠" in one for one in r.said)
        await r.press("ctrl+t")
        assert "Nobody else has saved anything in this field since you opened it." in r.said
        await r.press("escape")
        assert (r.claims()[0].claimant, r.desk.conflicts.of()) == ("the mayor", [])


@pytest.mark.parametrize("theirs", ["", "王" * 300, "[bold]x[/]\u202e\x1b[2J", "a\nb"])
async def test_any_text_of_theirs_is_told_on_one_line_and_taken_whole(tmp_path: Path, theirs: str) -> None:
    async with typing(tmp_path, words="mine", kind="claim_text") as r:
        bo_saves(r, claim_text="first")
        await r.until(lambda: any("“first” here; you" in one for one in r.said), "it is said")
        bo_saves(r, claim_text=theirs)
        kept = r.claims()[0].claim_text
        await r.until(lambda: r.screen.panel.editor.rival and r.screen.panel.editor.rival.value == kept, "again")
        assert "mine" in await r.panel()
        await r.press("ctrl+t", "escape")
        assert (r.claims()[0].claim_text, r.desk.conflicts.of()) == (kept, [])


async def test_two_windows_of_one_person_are_told_of_each_other(tmp_path: Path) -> None:
    async with typing(tmp_path) as r:
        with Desk.open(r.desk.path, "Ana") as again:
            again.claims.edit(again.claims.of(r.article)[0], claimant="her deputy")
        await r.until(lambda: any("Ana has just saved “her deputy”" in one for one in r.said), "it is said")


async def test_a_verdict_that_changes_under_an_open_form_is_said_with_both_values(tmp_path: Path) -> None:
    async with at_desk(tmp_path, toasts=True) as r:
        with Desk.open(r.desk.path, "Bo") as bo:
            claim = bo.claims.tag(r.article, 0, 29)
            bo.verdicts.give(claim, "not_checkable", "Nobody knows.")
            await r.until(lambda: r.claims() and r.screen.open.get(claim.id), "Bo's claim is here")
            await r.press("]")
            await r.seen()
            await r.press("e")
            assert not r.uncovered
            await r.write("https://a.example")
            bo.verdicts.give(claim, "mixed")
            said = "≠ Bo has just changed the verdict on C1: “Mixed”, before it was “Not checkable”."
            await r.until(lambda: said in r.said, "it is said over the form")
            await r.press("tab")
            assert [one.source and one.source.url for one in r.desk.evidence.of(claim)] == ["https://a.example"]


async def test_ones_own_verdict_and_what_was_hidden_before_are_no_news(tmp_path: Path) -> None:
    async with at_desk(tmp_path, toasts=True) as r:
        await r.press("t", "enter")
        await r.field("why")
        await r.press("enter")
        await r.write("Because.")
        with Desk.open(r.desk.path, "Ana") as again:
            again.verdicts.give(r.claims()[0], "mixed")
        await r.until(lambda: "Mixed" in r.screen.panel.heading.text, "the verdict is shown")
        assert not any("verdict on" in one for one in r.said)


async def test_a_reviewers_proposal_is_kept_as_a_draft_beside_what_the_checker_saves(tmp_path: Path) -> None:
    with desk_at(tmp_path, "Bo") as desk:
        article = desk.articles.add("The bridge fell. Nobody was hurt.", title="Bridge")
        desk.claims.tag(article, 0, 16)
    with Desk.open(tmp_path / "desk.db", "Ana") as desk:
        app = FactdeskApp(desk, settings.load(), article, reviewing="Bo")
        async with app.run_test(size=(120, 40), notifications=True) as pilot:
            r = Room(desk, article, app, pilot)
            await r.until(lambda: r.screen.listening, "the screen listens")
            await r.press("enter")
            await r.field("claim_text")
            await r.press("enter")
            await r.write(" mine")
            bo_saves(r, claim_text="theirs")
            await r.until(lambda: any("Esc keeps yours as a draft." in one for one in r.said), "it is said")
            await r.press("escape")
            assert desk.conflicts.of() == [] and any("mine" in text for text in r.drafts().values())
