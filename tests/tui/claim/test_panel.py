"""The claim panel, as the keys and the mouse of a reviewer find it."""

from __future__ import annotations

from pathlib import Path

import pytest

from store.desk import Desk
from store.records import Article, Claim
from tests.kit.at_a_claim import ClaimApp, tagged
from tests.kit.at_the_panel import room
from tests.kit.hostile import NASTY
from tests.kit.pilot import screen_text, send, settle, type_text
from tui.claim.evidence_form import EvidenceForm
from tui.claim.fields import CheckersFields
from tui.claim.panel import ClaimPanel
from tui.kit.editors import LineEditor
from tui.kit.page import Place
from tui.kit.picker import Picker


@pytest.mark.quick
async def test_it_shows_everything_that_is_known_of_the_claim(tmp_path: Path) -> None:
    def prepare(desk: Desk, article: Article, claim: Claim) -> None:
        desk.claims.edit(
            claim,
            claim_text="The bridge collapsed on 5 May.",
            claimant="the mayor",
            attribution="direct_quote",
            check_target="both",
            types=("event",),
            priority="high",
            tags=("bridge", "May"),
        )
        desk.verdicts.give(claim, "refuted", "It stood on the 6th.")
        desk.evidence.add(
            claim,
            "context",
            url="https://www.city.example/log",
            title="City log",
            quote="No incident.",
            locator="p. 4",
            note="weekly",
            archive_url="https://keep.example/1",
            published="2024-05-06",
            retrieved="2024-06-01",
            tier="primary",
        )
        asked = desk.threads.comment(claim, "Which bridge?")
        desk.be("Ben")
        desk.threads.comment(claim, "The old one.", asked)
        desk.verdicts.give(claim, "supported", "I saw it.")
        desk.be("Ana")

    async with room(tmp_path, prepare=prepare) as r:
        seen = r.seen()
        for text in (
            "C1 of 1",
            "✗ Refuted",
            "“The bridge fell at night.”",
            "The bridge collapsed on 5 May.",
            "the mayor",
            "direct quote",
            "both",
            "Event",
            "high",
            "bridge · May",
            "It stood on the 6th.",
            "! refuted needs 1 piece of evidence",
            "Ben  ✓ Supported",
            "I saw it.",
            "○ context  City log",
            "“No incident.”",
            "city.example/log",
            "p. 4",
            "weekly",
            "published 6 May 2024",
            "retrieved 1 Jun 2024",
            "primary source",
            "archived keep.example/1",
            "Which bridge?",
            "↳ Ben",
            "The old one.",
            "tagged by Ana",
        ):
            assert text in seen, text


async def test_without_a_claim_it_says_what_to_do_and_what_the_sentence_is(tmp_path: Path) -> None:
    async with room(tmp_path) as r:
        r.panel.show(None, here="· open: no word of this sentence is read yet")
        await settle(r.pilot)
        seen = r.seen()
        assert "No claim selected" in seen
        assert "· open: no word of this sentence is read yet" in seen
        for line in ("t   tag", "s   sweep it: nothing to check; on a sweep,", "f   to the next unread"):
            assert line in seen


async def test_a_claim_without_a_verdict_says_so_and_names_the_key(tmp_path: Path) -> None:
    async with room(tmp_path) as r:
        assert "○ no verdict" in r.seen()
        assert "none yet  r gives one" in r.seen()


@pytest.mark.parametrize(
    ("field", "hotkey", "value"),
    [("attribution", "p", "paraphrase"), ("check_target", "b", "both"), ("priority", "h", "high")],
)
async def test_a_word_is_chosen_by_its_key(tmp_path: Path, field: str, hotkey: str, value: str) -> None:
    async with room(tmp_path) as r:
        await r.go(field)
        await send(r.pilot, "enter", hotkey)
        assert getattr(r.now(), field) == value
        assert f" {value}" in r.seen()
        await send(r.pilot, "enter", "0")
        assert getattr(r.now(), field) == ""


async def test_several_types_are_marked(tmp_path: Path) -> None:
    async with room(tmp_path) as r:
        await r.go("types")
        await send(r.pilot, "enter", "space", "down", "space", "escape")
        first, second = (kind.key for kind in r.desk.scheme.types[:2])
        assert r.now().types == (first, second)


async def test_the_verdict_is_chosen_with_its_letter_and_taken_back(tmp_path: Path) -> None:
    async with room(tmp_path) as r:
        r.panel.focus()
        await send(r.pilot, "r", "r")
        assert r.now().verdict == "refuted"
        assert "✗ Refuted" in r.seen()
        assert [m.kind for m in r.app.kept(ClaimPanel.Changed)] == ["verdicts"]
        await send(r.pilot, "r", "0")
        assert r.now().verdict == ""


async def test_ones_own_verdict_stands_beside_the_checkers(tmp_path: Path) -> None:
    async with room(tmp_path, prepare=lambda d, a, c: d.verdicts.give(c, "supported", "Seen.")) as r:
        r.desk.be("Ben")
        r.panel.refresh_claim()
        r.panel.focus()
        assert "not given by you" in r.seen()
        await send(r.pilot, "r", "r")
        assert {v.by: v.verdict for v in r.desk.verdicts.of(r.claim)} == {"Ana": "supported", "Ben": "refuted"}
        await r.go("other", next(v.id for v in r.desk.verdicts.of(r.claim) if v.by == "Ana"))
        await send(r.pilot, "enter")
        assert r.app.said == ["That verdict is Ana's: yours stands in the row “verdict”."]


async def test_a_comment_is_written_from_the_text_and_answered_and_deleted_in_the_panel(tmp_path: Path) -> None:
    async with room(tmp_path) as r:
        r.app.shown.text.focus()
        await send(r.pilot, "c")
        await type_text(r.pilot, "Is it so?\nReally?")
        await send(r.pilot, "escape")
        (comment,) = r.desk.threads.of(r.claim)
        assert comment.body == "Is it so?\nReally?"
        assert r.app.focused is r.app.shown.text
        await r.go("comment", comment.id)
        await send(r.pilot, "R")
        await type_text(r.pilot, "Yes.")
        await send(r.pilot, "escape")
        answer = r.desk.threads.of(r.claim)[1]
        assert (answer.body, answer.reply_to) == ("Yes.", comment.id)
        await r.go("comment", answer.id)
        await send(r.pilot, "enter")
        await type_text(r.pilot, " Yes.")
        await send(r.pilot, "escape")
        assert r.desk.threads.of(r.claim)[1].body == "Yes. Yes."
        await send(r.pilot, "d")
        assert [c.body for c in r.desk.threads.of(r.claim)] == ["Is it so?\nReally?"]
        assert "brings it back" in r.app.said[-1]


async def test_somebody_elses_comment_is_answered_and_not_changed(tmp_path: Path) -> None:
    def prepare(desk: Desk, article: Article, claim: Claim) -> None:
        desk.be("Ben")
        desk.threads.comment(claim, "Mine.")
        desk.be("Ana")

    async with room(tmp_path, prepare=prepare) as r:
        (comment,) = r.desk.threads.of(r.claim)
        await r.go("comment", comment.id)
        await send(r.pilot, "d")
        assert r.app.said == ["That comment is Ben's: answer it instead."]
        await send(r.pilot, "enter")
        await type_text(r.pilot, "And mine.")
        await send(r.pilot, "escape")
        assert [(c.by, c.body, c.reply_to) for c in r.desk.threads.of(r.claim)] == [
            ("Ben", "Mine.", ""),
            ("Ana", "And mine.", comment.id),
        ]


async def test_evidence_is_opened_from_its_row_and_deleted_with_a_key(tmp_path: Path) -> None:
    async with room(tmp_path, prepare=lambda d, a, c: d.evidence.add(c, "refutes", title="Log")) as r:
        (piece,) = r.desk.evidence.of(r.claim)
        await r.go("evidence", piece.id)
        await send(r.pilot, "enter")
        assert isinstance(r.app.screen, EvidenceForm)
        await send(r.pilot, "escape")
        assert not isinstance(r.app.screen, EvidenceForm)
        await send(r.pilot, "d")
        assert r.desk.evidence.of(r.claim) == []
        assert "− refutes" not in r.seen()


async def test_a_source_is_opened_and_its_address_copied(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capfd: pytest.CaptureFixture[str]
) -> None:
    opened, browser = tmp_path / "opened", tmp_path / "browser"
    browser.write_text(f'#!/bin/sh\necho noise; echo noise >&2\necho "$1" >> {opened}\n')
    browser.chmod(0o755)
    monkeypatch.setenv("BROWSER", f"{browser} %s")
    async with room(tmp_path) as r:
        r.panel.focus()
        await send(r.pilot, "O", "Y")
        assert not opened.exists() and r.app.clipboard == ""
        piece = r.desk.evidence.add(r.claim, "supports", url="https://a.example/x")
        other = r.desk.evidence.add(r.claim, "refutes", url="ftp://b.example")
        r.panel.show(r.now())
        await r.go("evidence", piece.id)
        await send(r.pilot, "O", "Y")
        await r.app.workers.wait_for_complete()
        assert opened.read_text() == "https://a.example/x\n" and r.app.clipboard == "https://a.example/x"
        await r.go("evidence", other.id)
        await send(r.pilot, "O", "Y")
        await r.app.workers.wait_for_complete()
        assert opened.read_text() == "https://a.example/x\n" and r.app.clipboard == "ftp://b.example"
    assert "noise" not in "".join(capfd.readouterr())


@pytest.mark.parametrize("command", ["w3m", "/usr/bin/lynx -accept_all_cookies %s"])
async def test_no_browser_takes_the_terminal(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, command: str) -> None:
    monkeypatch.setenv("BROWSER", command)
    monkeypatch.setattr("asyncio.create_subprocess_exec", lambda *_, **__: pytest.fail("it was started"))
    async with room(tmp_path) as r:
        r.desk.evidence.add(r.claim, "supports", url="https://a.example/x")
        r.panel.show(r.now())
        r.panel.focus()
        await send(r.pilot, "O")
        await r.app.workers.wait_for_complete()
        await settle(r.pilot)
        assert "No browser could be opened" in r.app.said[-1]


async def test_evidence_from_the_text_leads_back_to_the_text(tmp_path: Path) -> None:
    async with room(tmp_path) as r:
        r.app.shown.text.focus()
        await send(r.pilot, "e", "tab")
        await type_text(r.pilot, "-")
        await send(r.pilot, "tab")
        await type_text(r.pilot, "It stands.")
        await send(r.pilot, "escape")
        assert [piece.stance for piece in r.desk.evidence.of(r.claim)] == ["refutes"]
        assert r.app.focused is r.app.shown.text
        assert "− refutes" in r.seen()


async def test_a_row_without_evidence_or_comment_says_that_nothing_is_deleted_there(tmp_path: Path) -> None:
    async with room(tmp_path) as r:
        await r.go("claimant")
        await send(r.pilot, "d")
        assert "Only evidence and comments" in r.app.said[0]


async def test_stacked_claims_are_named_and_chosen(tmp_path: Path) -> None:
    async with room(tmp_path) as r:
        inner = r.desk.claims.tag(r.article, 4, 10)
        r.panel.show(r.now(), position="C1 of 2", stack=[r.now(), inner])
        await settle(r.pilot)
        assert "also here C2 (nested)" in r.seen()
        await r.go("stack", inner.id)
        await send(r.pilot, "enter")
        assert [message.claim for message in r.app.kept(ClaimPanel.Chosen)] == [inner.id]


async def test_a_click_is_the_cursor_and_a_double_click_edits(tmp_path: Path) -> None:
    async with room(tmp_path) as r:
        lines = r.panel.lines
        y = lines.page.extents[Place("claimant")][0]
        x = screen_text(r.app).splitlines()[lines.region.y + y].index("claimant") - lines.region.x
        await r.pilot.click(lines, offset=(x, y))
        assert lines.place == Place("claimant")
        assert r.app.focused is lines
        await r.pilot.click(lines, offset=(x, y), times=2)
        await settle(r.pilot)
        assert isinstance(r.app.focused, LineEditor)


async def test_escape_leads_to_the_text(tmp_path: Path) -> None:
    async with room(tmp_path) as r:
        r.panel.focus()
        await send(r.pilot, "escape")
        assert r.app.focused is r.app.shown.text


@pytest.mark.parametrize(("width", "size"), [(30, (80, 40)), (38, (120, 40)), (79, (80, 9)), (90, (200, 60))])
async def test_every_field_is_in_reach_and_in_view_at_every_size(
    tmp_path: Path, width: int, size: tuple[int, int]
) -> None:
    def prepare(desk: Desk, article: Article, claim: Claim) -> None:
        desk.verdicts.give(claim, "refuted", "A reason that goes on and on. " * 12)
        desk.evidence.add(claim, "refutes", url="https://a.example/" + "long/" * 20, quote="word " * 60)
        desk.threads.comment(claim, "First.")

    async with room(tmp_path, width=width, size=size, prepare=prepare) as r:
        lines = r.panel.lines
        r.panel.focus()
        reached = []
        await send(r.pilot, "home")
        for _ in range(150):
            if lines.place is not None and (not reached or reached[-1] != lines.place):
                reached.append(lines.place)
            first, last = lines.page.extents[lines.place or Place("")]
            top = round(lines.scroll_y)
            assert first < top + lines.size.height and last >= top
            await send(r.pilot, "down")
        assert reached == lines.page.places
        await send(r.pilot, "home")
        for _ in range(150):
            await send(r.pilot, "up")
        assert lines.place == lines.page.places[0]
        assert round(lines.scroll_y) == 0


async def test_no_key_fails_when_no_claim_is_at_hand(tmp_path: Path) -> None:
    async with room(tmp_path) as r:
        r.panel.show(None)
        for key in ("enter", "d", "R", "e", "c", "r", "up", "down", "pageup", "pagedown", "home", "end", "i"):
            r.panel.focus()
            await send(r.pilot, key)
            assert "No claim selected" in r.seen(), key
            assert not isinstance(r.app.screen, Picker), key


@pytest.mark.parametrize("width", [30, 60])
async def test_hostile_text_is_shown_as_text_and_never_wider_than_the_panel(tmp_path: Path, width: int) -> None:
    texts = [text for text in NASTY if text.strip()]
    with tagged(tmp_path) as (desk, _, claim):
        panel = ClaimPanel(desk, CheckersFields)
        app = ClaimApp(panel, width)
        async with app.run_test(size=(100, 30)) as pilot:
            await settle(pilot)
            for text in texts:
                said = desk.threads.comment(claim, text)
                desk.claims.edit(claim.id, claim_text=text, claimant=text, tags=(text,))
                desk.verdicts.justify(claim.id, text)
                piece = desk.evidence.add(claim, "refutes", quote=text, title=text, locator=text, note=text)
                panel.show(desk.claims.get(claim.id), position="C1 of 1")
                await settle(pilot)
                for y in range(panel.lines.size.height):
                    strip = panel.lines.render_line(y)
                    assert strip.cell_length == panel.lines.size.width
                    assert not any(c < " " or "\x7f" <= c < "\xa0" or c in "\u202e\u2066" for c in strip.text)
                desk.delete(said)
                desk.delete(piece)


async def test_a_very_long_quote_is_cut_and_says_so(tmp_path: Path) -> None:
    text = "word " * 100_000 + "end."
    with tagged(tmp_path, text) as (desk, _, claim):
        panel = ClaimPanel(desk, CheckersFields)
        app = ClaimApp(panel, 40, lambda: panel.show(claim))
        async with app.run_test(size=(100, 30)) as pilot:
            await settle(pilot)
            assert "…”" in screen_text(app)
            assert panel.lines.page.extents[Place("verdict")][0] <= 12
