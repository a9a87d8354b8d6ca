"""Typing in the claim panel: what is saved, when, and what happens to it when others write meanwhile."""

from __future__ import annotations

from pathlib import Path

import pytest

from store.desk import Desk
from store.records import Article, Claim
from tests.kit.at_the_panel import room
from tests.kit.pilot import is_leaving, send, settle, type_text
from tui.claim.panel import ClaimPanel
from tui.kit.editors import LineEditor, TextEditor
from tui.kit.page import Place


@pytest.mark.parametrize(("kind", "field"), [("claim_text", "claim_text"), ("claimant", "claimant")])
async def test_a_text_is_edited_where_it_stands_and_saved_when_left(tmp_path: Path, kind: str, field: str) -> None:
    async with room(tmp_path) as r:
        await r.go(kind)
        row = r.panel.lines.page.extents[Place(kind)][0]
        await send(r.pilot, "enter")
        editor = r.app.focused
        assert isinstance(editor, (TextEditor, LineEditor))
        assert editor.region.y == r.panel.lines.region.y + row
        await type_text(r.pilot, "Who Ñ 字 [b]x[/b]")
        await send(r.pilot, "escape")
        assert getattr(r.now(), field) == "Who Ñ 字 [b]x[/b]"
        assert "Who Ñ 字 [b]x[/b]" in r.seen()
        assert r.app.focused is r.panel.lines
        assert [m.kind for m in r.app.kept(ClaimPanel.Changed)] == ["claims"]
        assert len(r.app.kept(ClaimPanel.Saved)) == 1


async def test_several_lines_of_justification_are_kept_and_make_room_as_they_grow(tmp_path: Path) -> None:
    async with room(tmp_path) as r:
        await r.go("why")
        await send(r.pilot, "enter")
        await type_text(r.pilot, "one\ntwo\nthree\nfour\nfive")
        seen = r.seen()
        assert all(word in seen for word in ("one", "two", "three", "four", "five", "evidence"))
        await send(r.pilot, "ctrl+s")
        assert [v.justification for v in r.desk.verdicts.of(r.claim)] == ["one\ntwo\nthree\nfour\nfive"]


async def test_nothing_is_written_when_nothing_was_typed(tmp_path: Path) -> None:
    async with room(tmp_path) as r:
        before = r.desk.history.mark()
        for kind in ("claim_text", "claimant", "tags", "why", "add_comment"):
            await r.go(kind)
            await send(r.pilot, "enter", "escape")
        assert r.desk.history.mark() == before
        assert not r.app.kept(ClaimPanel.Saved)


async def test_put_back_leaves_the_field_as_it_was(tmp_path: Path) -> None:
    async with room(tmp_path) as r:
        await r.go("claimant")
        await send(r.pilot, "enter")
        await type_text(r.pilot, "nobody")
        await send(r.pilot, "ctrl+b", "escape")
        assert r.now().claimant == ""
        assert "nobody" not in r.seen()


async def test_tab_saves_and_goes_through_all_fields_those_that_are_chosen_too(tmp_path: Path) -> None:
    async with room(tmp_path) as r:
        await r.go("claim_text")
        await send(r.pilot, "enter")
        for words in ("the claim", "the claimant", "one, two", "the reason"):
            await type_text(r.pilot, words)
            await send(r.pilot, "tab")
            if words == "the claimant":
                await send(r.pilot, "p", "tab", "tab", "h")
        claim = r.now()
        assert (claim.attribution, claim.check_target, claim.types, claim.priority) == ("paraphrase", "", (), "high")
        assert (claim.claim_text, claim.claimant, claim.tags) == ("the claim", "the claimant", ("one", "two"))
        assert [verdict.justification for verdict in r.desk.verdicts.of(r.claim)] == ["the reason"]
        assert r.app.focused is r.panel.lines


async def test_a_burst_of_keys_means_what_it_says(tmp_path: Path) -> None:
    async with room(tmp_path) as r:
        r.panel.focus()
        await r.go("claim_text")
        await send(r.pilot, "enter", "d", "e", "r", "tab", "u", "q", "escape", "down")
        claim = r.now()
        assert (claim.claim_text, claim.claimant) == ("der", "uq")


async def test_the_reason_is_written_from_the_text_and_leads_back_to_it(tmp_path: Path) -> None:
    async with room(tmp_path) as r:
        r.app.shown.text.focus()
        await send(r.pilot, "J")
        await type_text(r.pilot, "because")
        await send(r.pilot, "escape")
        assert [verdict.justification for verdict in r.desk.verdicts.of(r.claim)] == ["because"]
        assert r.app.focused is r.app.shown.text


async def test_what_was_typed_survives_a_refusal_and_is_saved_when_it_can_be(tmp_path: Path) -> None:
    async with room(tmp_path) as r:
        await r.go("claim_text")
        await send(r.pilot, "enter")
        await type_text(r.pilot, "typed with care")
        r.desk.session.read_only = "The disk is full."
        await send(r.pilot, "escape")
        assert r.app.said == ["The disk is full."]
        assert isinstance(r.app.focused, TextEditor)
        assert r.app.focused.text == "typed with care"
        r.app.shown.text.focus()
        await settle(r.pilot)
        assert "not saved" in r.seen()
        assert "typed with care" in r.seen()
        assert not r.panel.query(TextEditor)
        r.desk.session.read_only = ""
        await r.go("claim_text")
        await send(r.pilot, "enter", "escape")
        assert r.now().claim_text == "typed with care"
        assert "not saved" not in r.seen()


async def test_typing_goes_on_when_another_process_changes_the_claim(tmp_path: Path) -> None:
    async with room(tmp_path) as r:
        await r.go("claim_text")
        await send(r.pilot, "enter")
        await type_text(r.pilot, "mine")
        with Desk.open(r.desk.path, "Ben") as other:
            other.claims.edit(r.claim.id, claimant="a witness")
        r.panel.refresh_claim()
        await settle(r.pilot)
        assert isinstance(r.app.focused, TextEditor)
        assert r.app.focused.text == "mine"
        assert "a witness" in r.seen()
        await send(r.pilot, "escape")
        claim = r.now()
        assert (claim.claim_text, claim.claimant, claim.conflict) == ("mine", "a witness", False)


async def test_an_edit_on_top_of_what_somebody_else_has_changed_meanwhile_is_a_conflict(tmp_path: Path) -> None:
    async with room(tmp_path) as r:
        await r.go("claim_text")
        await send(r.pilot, "enter")
        await type_text(r.pilot, "mine")
        with Desk.open(r.desk.path, "Ben") as other:
            other.claims.edit(r.claim.id, claim_text="theirs")
        r.panel.refresh_claim()
        await send(r.pilot, "escape")
        (conflict,) = r.desk.conflicts.of(r.article)
        assert {c.values["claim_text"] for c in conflict.contenders} == {"mine", "theirs"}
        assert "≠ conflict" in r.seen()


async def test_moving_on_to_another_claim_saves_what_was_typed_where_it_belongs(tmp_path: Path) -> None:
    async with room(tmp_path) as r:
        second = r.desk.claims.tag(r.article, *r.desk.coverage.sentences(r.article)[1])
        await r.go("claim_text")
        await send(r.pilot, "enter")
        await type_text(r.pilot, "of the first")
        r.panel.show(second, position="C2 of 2")
        r.app.shown.text.focus()
        await settle(r.pilot)
        assert (r.now().claim_text, r.desk.claims.get(second.id).claim_text) == ("of the first", "")
        assert "C2 of 2" in r.seen()
        assert "of the first" not in r.seen()
        assert not r.panel.query(TextEditor)


async def test_a_claim_deleted_while_it_is_edited_refuses_and_keeps_the_text(tmp_path: Path) -> None:
    async with room(tmp_path) as r:
        await r.go("claimant")
        await send(r.pilot, "enter")
        await type_text(r.pilot, "gone")
        with Desk.open(r.desk.path, "Ben") as other:
            other.delete(other.claims.get(r.claim.id))
        r.panel.refresh_claim()
        await send(r.pilot, "escape")
        assert "deleted" in r.app.said[0]
        assert isinstance(r.app.focused, LineEditor)
        assert r.app.focused.value == "gone"


async def test_typing_goes_on_when_the_terminal_gets_the_focus_back(tmp_path: Path) -> None:
    async with room(tmp_path) as r:
        await r.go("claim_text")
        await send(r.pilot, "enter")
        await type_text(r.pilot, "half")
        r.app.app_focus = False
        await settle(r.pilot)
        assert r.now().claim_text == "half"
        r.app.app_focus = True
        await settle(r.pilot)
        await type_text(r.pilot, " done")
        await send(r.pilot, "escape")
        assert r.now().claim_text == "half done"


async def test_the_editor_stays_over_its_row_when_the_lines_scroll_or_the_terminal_changes(tmp_path: Path) -> None:
    def prepare(desk: Desk, article: Article, claim: Claim) -> None:
        for number in range(12):
            desk.threads.comment(claim, f"Comment {number}.")

    async with room(tmp_path, prepare=prepare, size=(110, 20)) as r:
        lines = r.panel.lines
        await r.go("why")
        await send(r.pilot, "enter")
        await type_text(r.pilot, "here")

        def apart() -> int:
            assert isinstance(r.app.focused, TextEditor)
            row = lines.page.extents[Place("why")][0] - round(lines.scroll_y)
            return r.app.focused.region.y - lines.region.y - row

        assert apart() == 0
        lines.scroll_to(y=4, animate=False)
        await settle(r.pilot)
        assert apart() == 0
        await r.pilot.resize_terminal(100, 30)
        await settle(r.pilot)
        assert apart() == 0
        await send(r.pilot, "escape")
        assert [verdict.justification for verdict in r.desk.verdicts.of(r.claim)] == ["here"]


@pytest.mark.parametrize("width", [30, 60, 90])
async def test_an_editor_opens_with_all_its_text_in_view(tmp_path: Path, width: int) -> None:
    reason = "A reason in many words. " * 12
    async with room(tmp_path, width=width, prepare=lambda d, a, c: d.verdicts.justify(c, reason)) as r:
        r.panel.action_justify()
        await settle(r.pilot)
        editor = r.app.focused
        assert isinstance(editor, TextEditor)
        assert editor.size.height >= editor.wrapped_document.height
        assert "comments" in r.seen()


async def test_help_over_an_editor_leads_back_into_it(tmp_path: Path) -> None:
    async with room(tmp_path) as r:
        await r.go("claim_text")
        await send(r.pilot, "enter")
        await type_text(r.pilot, "one")
        await send(r.pilot, "f1", "escape")
        await type_text(r.pilot, " two")
        await send(r.pilot, "escape")
        assert r.now().claim_text == "one two"


async def test_quitting_saves_what_is_being_typed(tmp_path: Path) -> None:
    async with room(tmp_path) as r:
        await r.go("claim_text")
        await send(r.pilot, "enter")
        await type_text(r.pilot, "last words")
        await send(r.pilot, "ctrl+q")
        assert r.now().claim_text == "last words"
        assert is_leaving(r.app)


async def test_quitting_waits_when_what_is_being_typed_cannot_be_saved(tmp_path: Path) -> None:
    async with room(tmp_path) as r:
        await r.go("claim_text")
        await send(r.pilot, "enter")
        await type_text(r.pilot, "last words")
        r.desk.session.read_only = "The disk is full."
        await send(r.pilot, "ctrl+q")
        assert not is_leaving(r.app)
        assert "last words" in r.seen()


async def test_claimants_known_on_the_desk_are_offered(tmp_path: Path) -> None:
    async with room(tmp_path) as r:
        other = r.desk.claims.tag(r.claim.article, 0, 3)
        r.desk.claims.edit(other, claimant="Volodymyr Zelensky")
        await r.go("claimant")
        await send(r.pilot, "enter")
        await type_text(r.pilot, "vol")
        await send(r.pilot, "right", "escape")
        assert r.now().claimant == "Volodymyr Zelensky"
