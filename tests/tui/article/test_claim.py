"""The claim at hand, beside the open article: its fields, evidence and comments, by their keys."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from textual.widgets._toast import Toast

from tests.kit.at_the_article import TEXT, at_desk
from tests.kit.pilot import STORY_SIZES, settle
from tui.claim.evidence_form import EvidenceForm
from tui.kit.editors import LineEditor, TextEditor

at_every_size = pytest.mark.parametrize("size", STORY_SIZES, ids=lambda size: f"{size[0]}x{size[1]}")


@at_every_size
async def test_every_field_of_the_claim_is_edited_in_place_and_saved_when_left(
    tmp_path: Path, size: tuple[int, int]
) -> None:
    async with at_desk(tmp_path, size=size) as r:
        await r.press("t", "enter")
        for field, typed in (
            ("claim_text", "The bridge fell.\nIn spring; 日本語 שלום"),
            ("claimant", "the mayor"),
            ("tags", "bridge, spring"),
            ("why", "A log = a log"),
        ):
            await r.field(field)
            await r.press("enter")
            await r.write(typed)
            assert typed.splitlines()[0] in await r.seen()
            await r.press("escape")
        for field, key in (("attribution", "p"), ("check_target", "b"), ("priority", "h"), ("verdict", "r")):
            await r.field(field)
            await r.press("enter", key)
        await r.field("types")
        await r.press("enter", "space", "down", "space", "escape")
        (claim,) = r.claims()
        assert claim.claim_text == "The bridge fell.\nIn spring; 日本語 שלום"
        assert (claim.claimant, claim.tags, claim.justification) == (
            "the mayor",
            ("bridge", "spring"),
            "A log = a log",
        )
        assert (claim.attribution, claim.check_target, claim.priority) == ("paraphrase", "both", "high")
        assert claim.verdict == "refuted" and len(claim.types) == 2
        assert re.search(r"✓ saved \d\d:\d\d:\d\d", await r.seen())
        await r.press("escape")
        assert r.view.has_focus


async def test_ctrl_b_puts_a_field_back_and_tab_goes_through_the_fields(tmp_path: Path) -> None:
    async with at_desk(tmp_path) as r:
        await r.press("t", "enter")
        await r.field("claim_text")
        await r.press("enter")
        await r.write("never mind")
        await r.press("ctrl+b", "escape")
        assert r.claims()[0].claim_text == ""
        await r.press("enter")
        await r.write("kept")
        await r.press("tab")
        await r.write("the mayor")
        await r.press(*["tab"] * 6)
        await r.write("because")
        await r.press("ctrl+s")
        (claim,) = r.claims()
        (verdict,) = r.desk.verdicts.of(claim)
        assert (claim.claim_text, claim.claimant, verdict.justification) == ("kept", "the mayor", "because")


@at_every_size
async def test_why_is_one_key_from_the_text_and_leads_back_to_it(tmp_path: Path, size: tuple[int, int]) -> None:
    async with at_desk(tmp_path, size=size) as r:
        await r.press("t", "7", "J")
        await r.write("It stood\nin May.")
        assert "in May." in await r.panel()
        await r.press("escape")
        assert r.claims()[0].justification == "It stood\nin May." and r.view.has_focus
        await r.press("]")
        assert "no later claim" in r.said[-1].lower()


@at_every_size
async def test_evidence_is_added_by_a_form_and_shown_in_the_panel(tmp_path: Path, size: tuple[int, int]) -> None:
    async with at_desk(tmp_path, size=size) as r:
        await r.press("t", "7", "e")
        assert isinstance(r.app.screen, EvidenceForm)
        await r.write("https://city.example/log")
        await r.press("tab", "-", "tab")
        await r.write("No incident.")
        await r.press("tab")
        await r.write("p. 4")
        await r.press("escape")
        claim = r.claims()[0]
        (piece,) = r.desk.evidence.of(claim)
        assert piece.source is not None and piece.source.url == "https://city.example/log"
        assert (piece.stance, piece.quote, piece.locator) == ("refutes", "No incident.", "p. 4")
        assert r.view.has_focus and r.screen.open.get(claim.id) == claim
        await r.press("enter")
        await r.field("evidence")
        panel = await r.panel()
        assert "− refutes" in panel and "city.example/log" in panel and "“No incident.”" in panel
        await r.press("enter")
        assert isinstance(r.app.screen, EvidenceForm)
        await r.press("escape", "d")
        assert r.desk.evidence.of(claim) == []


@at_every_size
async def test_comments_are_written_answered_corrected_and_deleted(tmp_path: Path, size: tuple[int, int]) -> None:
    async with at_desk(tmp_path, size=size) as r:
        await r.press("t", "c")
        await r.write("Which bridge?")
        await r.press("escape")
        assert r.view.has_focus
        await r.press("enter")
        await r.field("comment")
        assert "Which bridge?" in await r.panel()
        await r.press("R")
        await r.write("The old one.")
        await r.press("escape")
        first, answer = r.desk.threads.of(r.claims()[0])
        assert (first.body, answer.body, answer.reply_to) == ("Which bridge?", "The old one.", first.id)
        await r.field("comment")
        await r.press("enter", "end")
        await r.write("!")
        await r.press("escape")
        assert r.desk.threads.of(r.claims()[0])[0].body == "Which bridge?!"
        await r.field("comment")
        await r.press("down", "d")
        assert [comment.body for comment in r.desk.threads.of(r.claims()[0])] == ["Which bridge?!"]


async def test_an_edit_is_saved_when_the_reviewer_goes_off_to_another_claim_by_mouse(tmp_path: Path) -> None:
    async with at_desk(tmp_path, size=(120, 40)) as r:
        await r.press("t", "1", "f", "t", "[", "J")
        await r.write("half a thou")
        await r.click(*r.cell(TEXT.index("Nobody")))
        assert r.claims()[0].justification == "half a thou"
        assert r.in_hand is not None and r.in_hand.name == "C2" and "half a thou" not in await r.panel()


@pytest.mark.parametrize("size", [(80, 24), (40, 12), (120, 40)])
@pytest.mark.parametrize("keys", [("t", "J"), ("t", "c"), ("t", "e"), ("/",)])
async def test_what_is_said_never_covers_what_is_typed(
    tmp_path: Path, size: tuple[int, int], keys: tuple[str, ...]
) -> None:
    async with at_desk(tmp_path, size=size, toasts=True) as r:
        await r.press(*keys)
        field = r.app.focused
        assert isinstance(field, (LineEditor, TextEditor))
        r.app.screen.say("Something that is to be read while words are being typed. " * 2)  # type: ignore[attr-defined]
        await r.until(lambda: bool(r.app.screen.query(Toast)), "it is shown")
        await settle(r.pilot)
        toast = r.app.screen.query(Toast).last()
        assert toast.region.height > 0
        row = field.cursor_screen_offset.y
        assert not toast.region.y <= row < toast.region.bottom
