"""Handing a set in: what is left, what was said, the lock, and opening it again."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from store.desk import Desk
from store.records import Article
from tests.kit.at_a_review import Reviewed, at_review
from tests.kit.pilot import STORY_SIZES, screen_text, write_file
from tui.review.submit import SubmitScreen


def state(r: Reviewed, role: str = "reviewer") -> str:
    held = r.desk.assignments.mine(r.article, role)
    return held.state if held else ""


@pytest.mark.parametrize("size", STORY_SIZES)
async def test_what_is_left_stands_first_and_keeps_the_set_from_being_submitted(
    tmp_path: Path, size: tuple[int, int]
) -> None:
    async with at_review(tmp_path, size=size) as r:
        await r.press("a", "-", "ctrl+s")
        assert isinstance(r.app.screen, SubmitScreen)
        seen = screen_text(r.app)
        assert "2 of 4 reviewed" in seen and "○ not submitted yet" in seen
        assert seen.index("Not read yet  2 sentences") < seen.index("C3 is not reviewed")
        assert seen.index("C3 is not reviewed") < seen.index("What you said")
        assert "✓ agreed" in seen and "— nothing here" in seen
        await r.press("s")
        assert "This cannot be submitted yet: C3 is not reviewed" in r.said[-1]
        assert state(r) == "open"


@pytest.mark.quick
async def test_enter_goes_to_what_is_left(tmp_path: Path) -> None:
    async with at_review(tmp_path) as r:
        await r.press("ctrl+s", "down", "enter")
        assert r.at.startswith("Some 2 500 people")
        await r.press("ctrl+s", *["down"] * 7, "enter")
        assert r.uncovered and r.at_hand == "C3"


@pytest.mark.parametrize("size", STORY_SIZES)
async def test_submitting_locks_the_set_until_it_is_opened_again(tmp_path: Path, size: tuple[int, int]) -> None:
    async with at_review(tmp_path, size=size) as r:
        await r.press("a", "a", "a", "a", "ctrl+s", "ctrl+s")
        assert state(r) == "open" and r.said[-1].startswith("Not read yet: 2 sentences; 4 pieces of evidence not")
        assert "Ctrl+S again submits all the same" in r.said[-1]
        await r.press("ctrl+s")
        assert state(r) == "submitted" and "■ submitted" in screen_text(r.app)
        await r.press("escape", "-")
        assert "is submitted: reopen it to change it" in r.said[-1]
        assert r.said_of("C4") == "agree"
        await r.press("ctrl+o", "-")
        assert state(r) == "open" and r.said_of("C4") == "reject_claim"
        held = r.desk.assignments.mine(r.article, "reviewer")
        assert held is not None and held.reopened == 1


async def test_what_is_locked_is_refused_before_anything_is_asked(tmp_path: Path) -> None:
    def submitted(desk: Desk, article: Article) -> None:
        for claim in desk.claims.of(article):
            desk.verdicts.give(claim, "refuted")
            desk.evidence.add(claim, "refutes", quote="No.")
        desk.submissions.submit(article, "checker")

    async with at_review(tmp_path, who="Ana", reviewing=None, prepare=submitted) as r:
        for key in ("e", "J", "r"):
            said = len(r.said)
            await r.press("[", key)
            assert r.uncovered and len(r.said) > said and "is submitted: reopen it" in r.said[-1], key
        await r.press("enter", "enter")  # the claim text
        assert r.uncovered and "is submitted: reopen it" in r.said[-1]


@pytest.mark.parametrize("reviewing", [None, "Ana"])
async def test_the_screen_says_that_your_set_is_submitted_and_offers_what_can_be_done(
    tmp_path: Path, reviewing: str | None
) -> None:
    def submit(desk: Desk) -> None:
        for claim in desk.claims.of(1):
            if reviewing:
                desk.reviews.decide(claim, "agree")
        desk.submissions.submit(1, "reviewer" if reviewing else "checker")

    who = "Ben" if reviewing else "Ana"
    async with at_review(tmp_path, who=who, reviewing=reviewing) as r:
        usual = (await r.seen()).splitlines()[-1]
        assert "■ submitted" not in await r.head() and "t " in usual and "Reopen" not in usual
        await r.elsewhere(submit, who)
        await r.until(lambda: "■ submitted" in screen_text(r.app).splitlines()[0], "the head says so")
        foot = (await r.seen()).splitlines()[-1]
        assert "Ctrl+O Reopen  Ctrl+S Summary" in foot and "t Tag" not in foot and "a Agree" not in foot
        await r.press("g", "g")
        await r.press("escape", "ctrl+o")
        await r.until(lambda: "■ submitted" not in screen_text(r.app).splitlines()[0], "all is as before")
        assert "Reopen" not in (await r.seen()).splitlines()[-1]


async def test_a_reviewer_who_has_submitted_is_refused_before_being_asked_why(tmp_path: Path) -> None:
    async with at_review(tmp_path) as r:
        await r.press("a", "a", "a", "a", "ctrl+s", "ctrl+s", "ctrl+s", "escape")
        for key in ("D", "r", "e", "E"):
            said = len(r.said)
            await r.press(key)
            assert r.uncovered and len(r.said) > said and "is submitted: reopen it" in r.said[-1], key


async def test_the_checker_submits_and_reopens_in_the_same_way(tmp_path: Path) -> None:
    def complete(desk: Desk, article: Article) -> None:
        for claim in desk.claims.of(article):
            desk.verdicts.give(claim, "refuted")
            desk.evidence.add(claim, "refutes", quote="No.")

    async with at_review(tmp_path, who="Ana", reviewing=None, prepare=complete) as r:
        await r.press("ctrl+s")
        assert "Ready to submit." in screen_text(r.app)
        foot = screen_text(r.app).splitlines()[-1]
        assert "Submit" in foot and "Reopen" not in foot
        await r.press("s", "s")
        foot = screen_text(r.app).splitlines()[-1]
        assert "Reopen" in foot and "Submit" not in foot
        await r.press("escape", "[", "2")
        assert state(r, "checker") == "submitted"
        assert "is submitted" in r.said[-1]
        await r.press("ctrl+o", "2")
        assert state(r, "checker") == "open"


async def test_the_summary_is_copied_and_written_as_markdown_and_json(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    async with at_review(tmp_path) as r:
        await r.press("a", "-", "ctrl+s", "y")
        assert r.app.clipboard.startswith("# Review of Bridge\n")
        await r.press("x")
        assert await write_file(r.pilot) == f"Summary written to {tmp_path / 'review.md'}."
        assert (tmp_path / "review.md").read_text() == r.app.clipboard
        await r.press("x")
        await write_file(r.pilot, "review.json")
        told = json.loads((tmp_path / "review.json").read_text())
        assert (told["reviewer"], told["reviewed"], told["claims"]) == ("Ben", 2, 4)
        await r.press("x")
        assert "review.md is there already" in await write_file(r.pilot, "review.md")


async def test_a_figure_names_what_it_counts_whole_or_not_at_all(tmp_path: Path) -> None:
    def submit(desk: Desk, article: Article) -> None:
        desk.assignments.assign([article], ["Ana"], "checker")
        desk.submissions.submit(article, "checker")

    async with at_review(tmp_path, size=(200, 60), prepare=submit) as r:
        await r.press("a", "a", "a", "a", "ctrl+s", "ctrl+s", "ctrl+s")
        units = {
            line.split("n = ")[1].split(maxsplit=1)[1] for line in screen_text(r.app).splitlines() if "n = " in line
        }
        assert units
        for width in range(46, 110):
            await r.pilot.resize_terminal(width, 40)
            for line in screen_text(r.app).splitlines():
                told = line.split("n = ")[1].split(maxsplit=1) if "n = " in line else []
                assert not told[1:] or told[1].strip() in units, (width, line)


async def test_nothing_to_reopen_is_said(tmp_path: Path) -> None:
    async with at_review(tmp_path) as r:
        await r.press("ctrl+o")
        assert r.said[-1] == "You have submitted nothing as reviewer on “Bridge”."
