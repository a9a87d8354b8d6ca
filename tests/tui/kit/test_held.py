"""Another program holds the desk, or its file is gone: the screen goes on, says so at once, draws nothing as done."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

from store.desk import Desk
from tests.kit.at_a_review import at_review
from tests.kit.at_the_article import SENTENCES, Room, at_desk
from tests.kit.desks import held
from tests.kit.pilot import screen_text, write_file
from tests.kit.places import PLACES, at, here
from tui.claim.disagreement_form import WhyForm
from tui.claim.evidence_form import EvidenceForm
from tui.keys.actions_and_keys import WRITES
from tui.kit.save_form import SaveForm

HELD = "Not saved yet: another program holds the desk · Esc discards it"


def foot(r: Room) -> str:
    return screen_text(r.app).splitlines()[-1]


async def let_go(r: Room) -> None:
    assert r.app.unsaved is not None
    await r.until(lambda: r.app.unsaved is not None and not r.app.unsaved.waits, "what waited is saved")


@pytest.mark.parametrize("how", ["IMMEDIATE", "EXCLUSIVE"])
async def test_the_first_key_waits_the_next_is_refused_and_motions_work(tmp_path: Path, how: str) -> None:
    async with at_desk(tmp_path) as r:
        with held(r.desk, how):
            await r.press("t")
            assert HELD in foot(r) and "saved 1" not in foot(r) and "saved 2" not in foot(r)
            assert len(r.screen.open) == 0 and r.in_hand is None
            await r.press("1")
            assert r.said == [HELD]
            await r.press("G", "L")
            assert HELD in foot(r)
            await r.press("L")
            assert r.view.caret > len(SENTENCES[0]) and r.claims() == []
        await let_go(r)
        assert r.quotes() == [SENTENCES[0].rstrip(".")] and "saved" in await r.seen() and HELD not in foot(r)
        await r.press("1")
        assert r.claims()[0].verdict


async def test_esc_gives_up_what_waits_and_nothing_else(tmp_path: Path) -> None:
    async with at_desk(tmp_path) as r:
        await r.press("v", "w")
        with held(r.desk):
            await r.press("t", "escape")
            assert HELD not in foot(r) and r.view.selection and r.said[-1] == "Discarded: nothing was saved."
        await r.press("w")
        assert r.claims() == []
        await r.press("t")
        assert len(r.claims()) == 1


async def test_a_real_program_that_holds_the_file_is_waited_for(tmp_path: Path) -> None:
    hold = (
        "import sqlite3, sys\nfile = sqlite3.connect(sys.argv[1], isolation_level=None)\n"
        "file.execute('BEGIN IMMEDIATE')\nprint('held', flush=True)\nsys.stdin.read()"
    )
    async with at_desk(tmp_path) as r:
        with subprocess.Popen(
            [sys.executable, "-c", hold, str(r.desk.path)], stdin=subprocess.PIPE, stdout=subprocess.PIPE
        ) as other:
            assert other.stdout is not None and other.stdout.readline() == b"held\n"
            await r.press("s", "j")
            assert HELD in foot(r) and r.screen.open.sweeps == []
            other.kill()
        await let_go(r)
        assert len(r.desk.sweeps.of(r.article)) == 1


async def test_words_typed_in_a_field_stay_in_it_until_they_are_saved(tmp_path: Path) -> None:
    async with at_desk(tmp_path) as r:
        await r.press("t", "enter")
        await r.field("claimant")
        await r.press("enter")
        await r.write("the mayor")
        with held(r.desk):
            await r.press("tab")
            assert HELD in foot(r) and "the mayor" in await r.panel()
            await r.press("escape")
            assert HELD not in foot(r) and "the mayor" in await r.panel()
            await r.write("ess")
            await r.press("escape")
            assert HELD in foot(r)
            await r.write(" of it")
        await let_go(r)
        assert r.claims()[0].claimant == "the mayoress" and "the mayoress of it" in await r.panel()
        await r.press("escape")
        assert r.claims()[0].claimant == "the mayoress of it"


async def test_a_new_comment_that_waited_is_written_once(tmp_path: Path) -> None:
    async with at_desk(tmp_path) as r:
        await r.press("t", "c")
        await r.write("Who counted?")
        with held(r.desk):
            await r.press("escape")
        await let_go(r)
        await r.press("escape", "escape", "k")
        assert [comment.body for comment in r.desk.threads.of(r.claims()[0])] == ["Who counted?"]


async def test_a_form_stays_open_until_its_field_is_saved(tmp_path: Path) -> None:
    async with at_desk(tmp_path) as r:
        await r.press("t", "e")
        await r.write("https://a.example")
        with held(r.desk):
            await r.press("tab")
            form = r.app.screen
            assert isinstance(form, EvidenceForm) and HELD in foot(r) and form.focused is form.editor("url")
        await let_go(r)
        assert r.desk.evidence.of(r.claims()[0])[0].source is not None and form.focused is form.editor("stance")


async def test_a_disagreement_keeps_its_words_and_is_given_once(tmp_path: Path) -> None:
    async with at_review(tmp_path) as r:
        await r.press("D", "enter")
        await r.write("It says May.")
        with held(r.desk):
            await r.press("ctrl+s")
            assert isinstance(r.app.screen, WhyForm) and HELD in foot(r)
            await r.press("escape")
            assert isinstance(r.app.screen, WhyForm) and "It says May." in screen_text(r.app)
            await r.press("ctrl+s", "tab")
        await let_go(r)
        review = r.review("C1")
        assert review is not None and "It says May." in review.comment and r.at_hand == "C2"


@pytest.mark.parametrize("name", [name for name in PLACES if "find" not in name])
async def test_no_key_anywhere_waits_for_the_lock_or_draws_what_is_not_saved(tmp_path: Path, name: str) -> None:
    async with at(tmp_path / "desk", name) as r:
        assert r.app.unsaved is not None
        before = r.desk.history.mark()
        with held(r.desk):
            screen, actions = here(r.app)
            for action in actions:
                if action.id in WRITES:
                    await screen.do(action.id)
                    assert r.desk.history.mark() == before, action.id
                    if r.app.unsaved.waits:
                        assert HELD in foot(r), action.id
                        await r.press("escape")
            assert not any("held by another program" in said for said in r.said), r.said


async def test_leaving_waits_for_what_is_not_saved(tmp_path: Path) -> None:
    async with at_desk(tmp_path) as r:
        with held(r.desk):
            await r.press("t", "ctrl+q")
            assert r.app.is_running and r.said == [HELD]
        await let_go(r)
        assert r.quotes() == [SENTENCES[0].rstrip(".")]


# The file is gone


async def test_a_file_that_is_gone_is_noticed_and_all_of_it_is_saved_elsewhere_by_one_key(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    async with at_desk(tmp_path) as r:
        await r.press("t")
        r.desk.path.unlink()
        await r.until(lambda: r.said, "it is noticed")
        assert "was deleted or moved while it was open" in r.said[0]
        assert "the desk's file is gone · F9 saves elsewhere" in foot(r) and "✓ saved" not in await r.seen()
        await r.press("1")
        assert "nothing was changed" in r.said[-1] and not r.claims()[0].verdict
        await r.press("c")
        await r.write("A thought.")
        await r.press("escape", "f9")
        assert isinstance(r.app.screen, SaveForm)
        said = await write_file(r.pilot, "rescued.db")
        assert "rescued.db" in said and "A thought." in await r.panel()
    with Desk.open(tmp_path / "rescued.db", "Ana") as other:
        assert [claim.quote for claim in other.claims.of("1")] == [SENTENCES[0].rstrip(".")]


async def test_a_file_put_in_place_of_the_open_one_is_noticed_and_left_alone(tmp_path: Path) -> None:
    async with at_desk(tmp_path) as r:
        other = tmp_path / "other.db"
        with Desk.open(other, "Zoe") as desk:
            desk.articles.add("Something else.")
        other.replace(r.desk.path)
        await r.press("t")
        await r.until(lambda: r.said, "it is noticed")
        assert len(r.screen.open) == 0 and "replaced by another file" in " ".join(r.said)
    with Desk.open(tmp_path / "desk.db", "Zoe") as desk:
        assert [article.title for article in desk.articles.all()] == [""] or len(desk.articles.all()) == 1
        assert desk.claims.of("1") == []
