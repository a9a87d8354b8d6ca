"""Several articles open at once, each where it was left; and what the palette finds besides actions."""

from __future__ import annotations

import os
from contextlib import nullcontext
from pathlib import Path

import pytest

from tests.kit.at_the_article import TEXT, at_desk
from tests.kit.pilot import screen_text
from tui.library.settings_form import SettingsForm

OTHER = "The lake froze in January. Nobody skated on it. The ice was thin, said the ranger."


async def test_articles_are_gone_through_each_where_it_was_left(tmp_path: Path) -> None:
    async with at_desk(tmp_path) as r:
        other = r.desk.articles.add(OTHER, title="Lake")
        await r.press("g", "t")
        assert "No other article is open" in r.said[-1]
        await r.press("G", "t", "[")
        left = (r.view.caret, r.in_hand)
        assert left[1] is not None
        r.app.open_article(other)
        await r.until(
            lambda: r.screen.open.article.id == other.id if r.screen.listening else False, "the other is open"
        )
        await r.press(")", "v", "w")
        caret = r.view.caret
        await r.press("g", "t")
        await r.until(lambda: r.screen.listening, "the first is back")
        assert (r.view.text, r.view.caret, r.in_hand) == (TEXT, *left)
        await r.press("g", "T")
        await r.until(lambda: r.screen.listening, "the other is back")
        assert (r.view.text, r.view.caret) == (OTHER, caret)


async def test_an_article_opened_again_begins_where_it_was_left(tmp_path: Path) -> None:
    async with at_desk(tmp_path) as r:
        await r.press("G", "b", "b")
        caret = r.view.caret
        await r.press("Q", "enter")
        await r.until(lambda: r.uncovered and r.screen.listening, "the article is open again")
        assert r.view.caret == caret


async def test_the_palette_finds_verdicts_claims_people_articles_and_settings(tmp_path: Path) -> None:
    async with at_desk(tmp_path, size=(120, 40)) as r:
        other = r.desk.articles.add(OTHER, title="Lake in winter")
        await r.press("t", "f", "t", "ctrl+p")
        await r.write("refuted")
        assert "Verdict 7: Refuted" in screen_text(r.app)
        await r.press("escape", "escape", "ctrl+p")
        await r.write("c1")
        await r.press("enter")
        assert r.in_hand is not None and r.in_hand.name == "C1"
        await r.press("ctrl+p")
        await r.write("after_verdict")
        await r.press("enter")
        assert isinstance(r.app.screen, SettingsForm)
        await r.press("escape", "ctrl+p")
        await r.write("list the claims of ana")
        await r.press("enter")
        assert r.screen.claim_list.filter_line.value == 'by:"Ana"'
        await r.press("escape", "escape", "ctrl+p")
        await r.write("lake in winter")
        await r.press("enter")
        await r.until(lambda: r.screen.listening and r.screen.open.article.id == other.id, "the article is open")


async def test_the_list_finds_a_claim_by_its_name(tmp_path: Path) -> None:
    async with at_desk(tmp_path, size=(120, 40)) as r:
        for start, end in r.desk.coverage.sentences(r.article):
            r.desk.claims.tag(r.article, start, end)
        await r.press("K")
        await r.write("C5")
        await r.until(lambda: r.screen.claim_list.rows.count == 1, "only that claim is listed")
        assert "1 of 6" in screen_text(r.app)
        await r.press("enter")
        assert r.in_hand is not None and r.in_hand.name == "C5"


async def test_a_long_text_goes_on_in_the_editor_that_is_named(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    script = tmp_path / "editor"
    script.write_text("#!/bin/sh\nprintf ', and more\\n' >> \"$1\"\n")
    script.chmod(0o755)
    async with at_desk(tmp_path, size=(120, 40)) as r:
        monkeypatch.setattr(type(r.app), "suspend", lambda app: nullcontext())
        monkeypatch.delenv("VISUAL", raising=False)
        monkeypatch.delenv("EDITOR", raising=False)
        await r.press("t", "J")
        await r.write("Because")
        await r.press("ctrl+g")
        assert "No editor is named" in r.said[-1] and list(r.drafts().values()) == ["Because"]
        monkeypatch.setenv("EDITOR", f"{script}")
        await r.press("ctrl+g", "escape")
        assert r.desk.verdicts.of(r.claims()[0])[0].justification == "Because, and more"
        monkeypatch.setenv("EDITOR", os.devnull)
        await r.press("J", "ctrl+g")
        assert "cannot be run" in r.said[-1]
