"""What is being typed is there again after a crash: offered where it was typed, gone once it is saved."""

from __future__ import annotations

import os
import signal
from pathlib import Path

import pytest

from store.desk import Desk
from store.drafts import Drafts
from tests.kit.at_a_review import at_review
from tests.kit.at_the_article import Room, at_desk
from tests.kit.pilot import screen_text
from tests.kit.terminal import Window
from tui.kit import editors
from tui.review.assign_form import AssignForm
from tui.settings import drafts_folder


@pytest.fixture(autouse=True)
def quick(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("FACTDESK_CONFIG", str(tmp_path / "config"))
    monkeypatch.setattr(editors, "DRAFT_SECONDS", 0.01)


async def kept(r: Room, words: str) -> None:
    await r.until(lambda: words in r.drafts().values(), f"{words!r} is kept as a draft")


async def test_a_draft_is_offered_where_it_was_typed_and_gone_once_it_is_saved(tmp_path: Path) -> None:
    async with at_desk(tmp_path) as r:
        await r.press("t", "J")
        await r.write("because of the spr")
        await kept(r, "because of the spr")
        await r.press("ctrl+b", "escape")
        assert not r.drafts()
        (claim,) = r.claims()
        Drafts(drafts_folder(), r.desk).keep(f"{claim.id}/why/", "because of the spr")
        await r.press("J")
        assert "because of the spr" in await r.panel() and "Your draft of " in r.said[0]
        await r.press("ctrl+z")
        assert "because of the spr" not in await r.panel()
        await r.press("ctrl+y")
        await r.write("ing")
        await r.press("escape")
        await r.until(lambda: not r.drafts(), "the draft is gone")
        assert r.desk.verdicts.of(claim)[0].justification == "because of the spring"
        await r.press("J", "escape")
        assert len(r.said) == 1


async def test_a_draft_that_is_taken_out_again_is_forgotten(tmp_path: Path) -> None:
    async with at_desk(tmp_path) as r:
        await r.press("t")
        Drafts(drafts_folder(), r.desk).keep(f"{r.claims()[0].id}/why/", "not this")
        await r.press("J", "ctrl+z", "escape")
        assert not r.drafts() and not r.desk.verdicts.of(r.claims()[0])


async def test_every_form_keeps_what_is_typed(tmp_path: Path) -> None:
    async with at_review(tmp_path, size=(80, 24)) as r:
        for keys, words in ((("D", "1"), "It says May."), (("e",), "https://a.example/x"), (("W",), "other words")):
            await r.press(*keys)
            await r.write(words)
            await r.until(lambda words=words: any(words in text for text in r.drafts().values()), words)
            await r.press("ctrl+z", *["ctrl+z"] * 9, "escape", "escape", "escape", "]")
        assert not r.drafts()
    (tmp_path / "other").mkdir()
    async with at_desk(tmp_path / "other") as r:
        await r.press("Q", "e")
        await r.write("! A longer title")
        await kept(r, "Bridge! A longer title")
        await r.press("escape")
        assert not r.drafts() and r.desk.articles.all()[0].title == "Bridge! A longer title"


async def test_what_was_chosen_in_a_form_is_back_after_esc_as_what_was_typed_is(tmp_path: Path) -> None:
    async with at_desk(tmp_path) as r:
        for way in ("words", "choices"):
            await r.press("Q", "a")
            if way == "words":
                await r.write("Bo")
            await r.press("tab", "c", "tab", "v", "escape")
            did = "typed and chose" if way == "words" else "chose"
            assert r.said[-1] == f"Nothing is done. What you {did} is kept, and is back in its field the next time."
            await r.press("a")
            form = r.app.screen
            assert isinstance(form, AssignForm) and "A checker" in screen_text(r.app)
            chosen = [form.editor(name).typed for name in ("people", "role", "blind")]
            assert chosen == ["Bo" if way == "words" else "", "checker", "verdict"]
            assert " is back in its field" in r.said[-1] and "Ctrl+Z" in r.said[-1]
            await r.press("ctrl+u", "tab", "ctrl+z", "tab", "ctrl+z", "escape", "escape")
            assert not r.drafts()


async def test_a_save_that_is_refused_keeps_the_words_through_a_crash(tmp_path: Path) -> None:
    async with at_desk(tmp_path) as r:
        await r.press("t", "J")
        await r.write("a long thought")
        with Desk.open(r.desk.path, "Ben") as ben:
            ben.delete(ben.claims.of(r.article)[0])
        await r.press("escape")
        assert "a long thought" in r.drafts().values() and "a long thought" in screen_text(r.app)


def test_what_was_being_typed_when_the_app_was_killed_is_offered_again(ana: Path, sample: Path) -> None:
    with Window("open", sample, columns=80, rows=24) as window:
        window.until("Two North Korean", "t Tag")
        window.type("tJ")
        window.until("Esc Done")
        window.type("half a thought")
        window.until("half a thought")
        folder = Path(os.environ["XDG_DATA_HOME"]) / "factdesk" / "drafts"
        window.while_waiting(
            lambda: (
                any(b"half a thought" in file.read_bytes() for file in folder.glob("*.db"))
                and not [*folder.glob("*-journal")]
            ),
            "the draft is kept",
        )
        window.process.send_signal(signal.SIGKILL)
        assert window.finish() == -signal.SIGKILL
    with Window("open", sample, columns=80, rows=24) as again:
        again.until("Two North Korean", "t Tag")
        again.type("[J")
        again.until("half a thought", "Your draft of")
        again.type("\x1b")
        again.until("✓ saved")
    with Desk.open(ana / "desk.db") as desk:
        assert desk.verdicts.of(desk.claims.of(desk.articles.all()[0])[0])[0].justification == "half a thought"
