"""Checking an article by its keys: tag, verdict, sweep, edges, stacks, undo; and who may do it."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from store import scheme
from store.desk import Desk
from tests.kit.at_the_article import SENTENCES, TAGGED, TEXT, at_desk, opened, span
from tests.kit.desks import desk_at
from tests.kit.pilot import STORY_SIZES
from tui.kit.picker import Picker
from tui.library.name_form import NameForm
from tui.library.screen import LibraryScreen

at_every_size = pytest.mark.parametrize("size", STORY_SIZES, ids=lambda size: f"{size[0]}x{size[1]}")


# Tagging


async def test_what_a_key_did_not_save_is_not_said_to_be_saved(tmp_path: Path) -> None:
    async with at_desk(tmp_path) as r:
        await r.press("t", "1")
        saved = r.desk.session.saved_at
        await r.press("1")
        assert r.desk.session.saved_at == saved
        await r.press("t")
        assert r.desk.session.saved_at == saved
        await r.press("2")
        assert r.desk.session.saved_at > saved


@at_every_size
async def test_a_click_on_a_hint_does_it(tmp_path: Path, size: tuple[int, int]) -> None:
    async with at_desk(tmp_path, size=size) as r:
        await r.seen()
        line = r.screen.hint_line
        await r.pilot.click(line, offset=(line.text.index("t Tag") + 3, 0))
        await r.seen()
        assert r.quotes() == [TAGGED[0]]
        await r.pilot.click(line, offset=(line.text.index("1 Judge"), 0))
        await r.seen()
        assert isinstance(r.app.screen, Picker) and r.claims()[0].verdict == ""


@at_every_size
async def test_the_digits_say_which_verdict_they_give(tmp_path: Path, size: tuple[int, int]) -> None:
    async with at_desk(tmp_path, size=size) as r:
        await r.press("t")
        seen = " ".join((await r.seen()).split())
        for number, kind in enumerate(r.desk.scheme.active, 1):
            assert f"{number} {kind.glyph} {kind.label}" in re.sub(r"[│▊▌|] ?", "", seen), kind.label
        await r.press("question_mark")
        assert "1: Supported" in await r.seen()


@at_every_size
async def test_the_sentence_at_the_caret_is_tagged_saved_and_shown(tmp_path: Path, size: tuple[int, int]) -> None:
    async with at_desk(tmp_path, size=size) as r:
        assert "saved" not in await r.seen()
        await r.press("t")
        (claim,) = r.claims()
        assert claim.quote == TAGGED[0] and claim.checker == "Ana"
        seen = await r.seen()
        assert re.search(r"✓ saved \d\d:\d\d:\d\d", seen)
        assert "C1 · 1 of 1" in seen and "none yet" in seen
        assert "16 %" in seen.splitlines()[0]


@at_every_size
async def test_the_selection_is_tagged_without_its_outer_white_space(tmp_path: Path, size: tuple[int, int]) -> None:
    async with at_desk(tmp_path, size=size) as r:
        await r.go("2 500 people")
        await r.press("v", "w", "w")
        assert r.view.selected_text == "2 500 people "
        assert "2 words selected" in (await r.seen()).splitlines()[-1]
        await r.press("t")
        assert r.quotes() == ["2 500 people"]
        assert r.view.selection is None and not r.view.selecting
        assert r.in_hand is not None and r.in_hand.quote == "2 500 people"


async def test_what_holds_no_words_is_not_tagged_and_says_so(tmp_path: Path) -> None:
    async with at_desk(tmp_path) as r:
        await r.press("j", "v", "l", "t")  # nothing but the empty line between two paragraphs
        assert r.claims() == [] and len(r.said) == 1


async def test_a_span_that_is_tagged_already_is_refused_with_a_jump_to_the_first(tmp_path: Path) -> None:
    async with at_desk(tmp_path) as r:
        await r.press("t", "end", "i", "s")
        assert r.view.selected_text == SENTENCES[1]
        await r.press("t", "ctrl+home", "i", "s")
        assert r.view.selected_text == SENTENCES[0]
        await r.press("t")
        assert len(r.claims()) == 2
        assert r.said == [f"“{TAGGED[0]}” is already tagged as C1."]
        assert r.view.selection is None
        assert r.in_hand is not None and r.in_hand.name == "C1" and "C1 · 1 of 2" in await r.panel()


async def test_somebody_elses_claim_is_pointed_out_and_a_second_t_makes_ones_own(tmp_path: Path) -> None:
    async with at_desk(tmp_path) as r:
        with desk_at(tmp_path, "Bo") as bo:
            hers = bo.claims.tag(r.article, *span(TEXT, SENTENCES[1]))
        await r.press("end", "i", "s", "t")
        assert r.said == ["C1 by Bo holds these words already. t again tags it as yours too."]
        assert r.view.active == hers.id and len(r.claims()) == 1
        await r.press("t")
        assert [(claim.quote, claim.checker) for claim in r.claims()] == [(SENTENCES[1], "Bo"), (SENTENCES[1], "Ana")]
        assert r.in_hand is not None and r.in_hand.checker == "Ana"
        await r.press("u", "ctrl+home", "end", "i", "s", "t")
        assert len(r.claims()) == 1, "it is pointed out anew"


# Verdicts


@at_every_size
async def test_a_digit_gives_a_verdict_another_replaces_it_and_zero_takes_it_back(
    tmp_path: Path, size: tuple[int, int]
) -> None:
    async with at_desk(tmp_path, size=size) as r:
        await r.press("t", "1")
        assert r.claims()[0].verdict == "supported" and "✓ Supported" in await r.panel()
        await r.press("7")
        assert r.claims()[0].verdict == "refuted"
        assert "✗ Refuted" in (await r.panel()).splitlines()[0] and "✗" in (await r.seen()).splitlines()[1]
        await r.press("0")
        assert r.claims()[0].verdict == "" and "no verdict" in (await r.panel()).splitlines()[0]


@at_every_size
async def test_the_picker_gives_a_verdict_with_its_meaning_beside_it(tmp_path: Path, size: tuple[int, int]) -> None:
    async with at_desk(tmp_path, size=size) as r:
        await r.press("t", "r")
        assert isinstance(r.app.screen, Picker)
        seen = await r.seen()
        assert "Verdict on C1" in seen and "Evidence backs the claim" in seen
        await r.press("down", "enter")
        assert r.claims()[0].verdict == "mostly_supported"
        await r.press("r", "r")
        assert r.claims()[0].verdict == "refuted"
        await r.press("r", "escape")
        assert r.claims()[0].verdict == "refuted" and r.view.has_focus


async def test_a_verdict_needs_a_claim_and_a_digit_the_scheme_has(tmp_path: Path) -> None:
    async with at_desk(tmp_path) as r:
        await r.press("1", "r", "e", "c", "J", "enter", ".", "0", "d")
        assert len(r.said) == 9 and all("no claim" in said for said in r.said)
        assert r.uncovered and r.view.has_focus
        r.desk.schemes.use(scheme.load("averitec4").toml)
        await r.press("t", "5")
        assert r.claims()[0].verdict == "" and "has 4 verdicts" in r.said[-1]


# Sweeps


@at_every_size
async def test_a_sweep_reads_the_sentence_or_the_selection(tmp_path: Path, size: tuple[int, int]) -> None:
    async with at_desk(tmp_path, size=size) as r:
        await r.press("s")
        (sweep,) = r.desk.sweeps.of(r.article)
        assert TEXT[sweep.start : sweep.end] == SENTENCES[0]
        assert r.desk.coverage.of(r.article).open_sentences == 5
        assert "swept" in await r.panel()
        await r.press("down", "down", "i", "p", "s")
        assert r.desk.coverage.of(r.article).open_sentences == 2
        assert "–" in (await r.seen()).splitlines()[3][:4]
        assert "read 61 % ░" in (await r.seen()).splitlines()[0]


async def test_a_sweep_is_taken_back_at_the_caret_and_by_undo(tmp_path: Path) -> None:
    async with at_desk(tmp_path) as r:
        await r.press("s", "d")
        assert r.desk.sweeps.of(r.article) == [] and r.desk.coverage.of(r.article).words_read == 0
        await r.press("u")
        assert len(r.desk.sweeps.of(r.article)) == 1 and "swept" in await r.panel()
        await r.press("u")
        assert r.desk.sweeps.of(r.article) == [] and "open: no word of this sentence is read yet" in await r.panel()


# Edges


NUDGES = {
    ">": "bridge fell",
    "<": "The old bridge fell",
    ".": "old bridge fell in",
    ",": "old bridge",
    "z l": "ld bridge fell",
    "z h": " old bridge fell",
    "z L": "old bridge fell ",
    "z H": "old bridge fel",
}


@at_every_size
async def test_an_edge_moves_by_a_word_or_a_character_and_the_claim_stays_itself(
    tmp_path: Path, size: tuple[int, int]
) -> None:
    with desk_at(tmp_path) as desk:
        article = desk.articles.add(TEXT, title="Bridge")
        claim = desk.claims.tag(article, *span(TEXT, "old bridge fell"))
        desk.verdicts.give(claim, "supported")
        async with opened(desk, article, size=size, claim=claim.id) as r:
            for keys, quote in NUDGES.items():
                await r.press(*keys.split())
                (moved,) = r.claims()
                assert (moved.id, moved.name, moved.verdict) == (claim.id, "C1", "supported")
                assert moved.quote == quote == TEXT[moved.start : moved.end], keys
                assert r.view.active == claim.id and f"“{quote}”" in await r.panel()
                await r.press("u")
                assert r.quotes() == ["old bridge fell"]


async def test_the_edge_that_moves_stays_in_sight_of_a_claim_higher_than_the_view(tmp_path: Path) -> None:
    text = "\n".join(f"This is line {number} of a long list of lines." for number in range(80))
    async with at_desk(tmp_path, size=(80, 24), text=text) as r:
        claim = r.desk.claims.tag(r.article, 0, len(text) - 3)
        r.app.look_for_others()
        await r.press("]", "full_stop")
        end = r.desk.claims.get(claim.id).end
        assert end > claim.end
        row = r.view.rows.row_of(end - 1)
        assert r.view.scroll_offset.y <= row < r.view.scroll_offset.y + r.view.size.height


async def test_an_edge_that_cannot_go_on_stays_and_a_claim_never_becomes_empty(tmp_path: Path) -> None:
    async with at_desk(tmp_path) as r:
        await r.press("i", "w", "t", ">", ",", "<", *["z", "H"] * 5)
        assert r.quotes() == ["T"] and r.in_hand is not None
        await r.press(*["."] * 40)
        assert r.quotes() == [TEXT[: -len(".")]]
        await r.press(*["z", "L"] * 3)
        assert r.quotes() == [TEXT]


async def test_an_edge_never_splits_what_is_seen_as_one_character(tmp_path: Path) -> None:
    text = "One 👩‍👩‍👧‍👦 family e\u0301te\u0301."
    async with at_desk(tmp_path, text=text) as r:
        await r.press("i", "w", "t", *["z", "L"] * 2)
        assert r.quotes() == ["One 👩‍👩‍👧‍👦"]
        await r.press(*["z", "L"] * 9)
        assert r.quotes() == ["One 👩‍👩‍👧‍👦 family e\u0301"]


async def test_words_keep_sign_and_unit_under_motions_objects_edges_and_a_double_click(tmp_path: Path) -> None:
    text = "**In 2024 some 50 % paid -$5m in the U.S.** Fern\u00adseh\u00adturm: −3.5\u00a0°C."
    async with at_desk(tmp_path, text=text) as r:
        await r.press("ctrl+home", "w", "w", "w")
        assert r.at.startswith("some")
        await r.press("w", "i", "w", "t", "w", "w", "i", "w", "t", "w", "w", "w", "i", "w", "t")
        assert r.view.caret == r.claims()[-1].end, "the caret stays behind what was tagged"
        assert r.quotes() == ["50 %", "-$5m", "U.S."]
        await r.press("<", "b", "b", "b", "b")
        assert r.quotes()[-1] == "the U.S." and r.at.startswith("-$5m")
        await r.click(*r.cell(text.index("seh")), times=2)
        assert r.view.selected_text == "Fern\u00adseh\u00adturm"
        await r.press("escape", "w", "i", "w", "t")
        assert r.quotes()[-1] == "−3.5\u00a0°C"
        await r.press("ctrl+home", "v", *["w"] * 10, "t")
        assert "In 2024 some 50 % paid -$5m in the U.S." in r.quotes(), "emphasis stays outside"


@at_every_size
async def test_a_claim_is_given_the_selection_as_its_span(tmp_path: Path, size: tuple[int, int]) -> None:
    async with at_desk(tmp_path, size=size) as r:
        await r.press("t", "1", "ctrl+home", "w", "v", "w", "w", "h", "S")
        (claim,) = r.claims()
        assert (claim.quote, claim.verdict) == ("old bridge", "supported")
        await r.press("S")
        assert "Select the new span" in r.said[-1] and r.quotes() == ["old bridge"]


async def test_a_claim_is_widened_by_a_selection_that_ends_outside_it_or_in_another(tmp_path: Path) -> None:
    async with at_desk(tmp_path) as r:
        await r.press("i", "w", "t", "w", "w", "i", "w", "t", "ctrl+home")
        assert r.quotes() == ["The", "bridge"]
        await r.press("v", "w", "w", "l", "l", "S")  # from inside C1 to inside C2
        assert sorted((claim.name, claim.quote) for claim in r.claims()) == [("C1", "The old br"), ("C2", "bridge")]


async def test_edges_that_another_claim_has_are_refused_and_nothing_is_lost(tmp_path: Path) -> None:
    async with at_desk(tmp_path) as r:
        await r.press("i", "w", "t", "ctrl+home", "v", "w", "w", "h", "t")
        assert r.quotes() == ["The old", "The"]
        await r.press(",")
        assert r.quotes() == ["The old", "The"]
        assert "already has exactly these edges" in r.said[-1]


# Deleting, undoing


async def test_undo_and_redo_reach_across_a_restart_and_name_what_they_undo(tmp_path: Path) -> None:
    with desk_at(tmp_path) as desk:
        article = desk.articles.add(TEXT, title="Bridge")
        async with opened(desk, article) as r:
            await r.press("t", "7", "d")
            assert r.claims() == [] and "Deleted C1" in r.said[-1] and "No claim" in await r.panel()
    with desk_at(tmp_path) as desk:
        async with opened(desk, desk.articles.get(article.id)) as r:
            await r.press("u")
            (claim,) = r.claims()
            assert (claim.name, claim.verdict) == ("C1", "refuted")
            assert r.view.active == claim.id and "✗ Refuted" in await r.panel()
            assert "deletion" in r.said[-1].lower() or "delet" in r.said[-1].lower()
            assert "C1" in r.said[-1]
            await r.press("u")
            assert r.claims()[0].verdict == "" and "verdict" in r.said[-1]
            await r.press("u")
            assert r.claims() == [] and "tag" in r.said[-1].lower()
    with desk_at(tmp_path) as desk:
        async with opened(desk, desk.articles.get(article.id)) as r:
            await r.press("ctrl+r", "ctrl+r")
            assert r.claims()[0].verdict == "refuted" and "verdict" in r.said[-1]
            await r.press("ctrl+y")
            assert r.claims() == []
            await r.press("ctrl+r")
            assert "nothing" in r.said[-1].lower()
        assert desk.upkeep.verify() == []


async def test_undoing_the_import_of_the_open_article_leads_to_the_library_and_redo_brings_it_back(
    tmp_path: Path,
) -> None:
    async with at_desk(tmp_path) as r:
        await r.press("u")
        assert isinstance(r.app.screen, LibraryScreen) and r.desk.articles.all() == []
        await r.press("ctrl+r", "enter")
        assert r.uncovered and r.view.text == TEXT


async def test_an_undo_in_another_article_says_so(tmp_path: Path) -> None:
    async with at_desk(tmp_path) as r:
        other = r.desk.articles.add("Something else.", title="Else")
        r.desk.claims.tag(other, 0, 15)
        await r.press("u")
        assert "(in another article)" in r.said[-1] and r.desk.claims.of(other) == []


# Stacks


@at_every_size
async def test_nested_identical_start_and_overlapping_claims_are_cycled_and_told_apart(
    tmp_path: Path, size: tuple[int, int]
) -> None:
    with desk_at(tmp_path) as desk:
        article = desk.articles.add(TEXT, title="Bridge")
        whole = desk.claims.tag(article, *span(TEXT, SENTENCES[0]))
        same_start = desk.claims.tag(article, *span(TEXT, "The old bridge"))
        nested = desk.claims.tag(article, *span(TEXT, "old"))
        overlapping = desk.claims.tag(article, *span(TEXT, "old bridge fell"))
        async with opened(desk, article, size=size) as r:
            await r.press("ctrl+home", "w", "l")
            seen: list[tuple[str, str]] = []
            for _ in range(4):
                panel = await r.panel()
                assert r.in_hand is not None and f"“{r.in_hand.quote}”" in panel
                seen.append((r.in_hand.name, panel.splitlines()[0].split("  ")[0].strip()))
                await r.press("o")
            assert sorted(seen) == [
                ("C1", "C1 · 1 of 4"),
                ("C2", "C2 · 2 of 4"),
                ("C3", "C3 · 4 of 4"),
                ("C4", "C4 · 3 of 4"),
            ]
            await r.press("end", "[", "[", "[", "[")
            assert r.view.active == whole.id
            for claim in (same_start, overlapping, nested):
                await r.press("]")
                assert r.view.active == claim.id
            await r.press("d")
            assert sorted(claim.name for claim in r.claims()) == ["C1", "C2", "C4"]


@at_every_size
async def test_the_panel_names_the_claims_around_and_enter_takes_one(tmp_path: Path, size: tuple[int, int]) -> None:
    async with at_desk(tmp_path, size=size) as r:
        await r.press("t", "i", "w", "t", "ctrl+home")
        await r.press("enter")
        await r.field("stack")
        panel = await r.panel()
        other = "C2 (nested)" if r.in_hand and r.in_hand.name == "C1" else "C1 (around it)"
        assert other in panel
        await r.press("enter")
        assert r.in_hand is not None and r.in_hand.name == other[:2] and r.view.has_focus


# Nobody, and nobody who may


async def test_without_a_name_the_form_asks_and_then_the_key_works(tmp_path: Path) -> None:
    async with at_desk(tmp_path, reviewer="") as r:
        await r.press("escape")
        assert r.uncovered
        await r.press("t")
        assert isinstance(r.app.screen, NameForm) and r.claims() == []
        await r.write("Ben")
        await r.press("enter")
        assert r.uncovered and "Ben" in (await r.seen()).splitlines()[0]
        await r.press("t", "1")
        (claim,) = r.claims()
        assert (claim.checker, claim.verdict) == ("Ben", "supported")


async def test_what_was_typed_before_the_name_was_asked_is_not_lost(tmp_path: Path) -> None:
    with desk_at(tmp_path) as desk:
        article = desk.articles.add(TEXT, title="Bridge")
        claim = desk.claims.tag(article, *span(TEXT, SENTENCES[0]))
    with Desk.open(tmp_path / "desk.db") as desk:
        async with opened(desk, article, claim=claim.id) as r:
            await r.press("escape", "enter")
            await r.field("claimant")
            await r.press("enter")
            await r.write("the mayor")
            await r.press("escape")
            assert isinstance(r.app.screen, NameForm)
            await r.write("Ben")
            await r.press("enter")
            assert r.uncovered and "the mayor" in await r.seen()
            await r.press("escape")
            assert desk.claims.get(claim.id).claimant == "the mayor"


@at_every_size
async def test_a_desk_that_only_reads_says_so_shows_everything_and_loses_nothing(
    tmp_path: Path, size: tuple[int, int]
) -> None:
    with desk_at(tmp_path) as desk:
        article = desk.articles.add(TEXT, title="Bridge")
        claim = desk.claims.tag(article, *span(TEXT, SENTENCES[0]))
        desk.verdicts.give(claim, "supported", "I saw it.")
    (tmp_path / "desk.db").chmod(0o444)
    with Desk.open(tmp_path / "desk.db", "Ana") as desk:
        desk.session.read_only = desk.read_only or "This desk can only be read."  # a superuser may write any file
        async with opened(desk, article, size=size, claim=claim.id) as r:
            assert desk.read_only in r.said
            assert "✓ Supported" in await r.panel()
            await r.press("7", "d", "f", "t", "s", "u", "ctrl+home")
            assert r.said.count(desk.read_only) >= 5
            assert [(c.quote, c.verdict) for c in r.claims()] == [(SENTENCES[0], "supported")]
            await r.press("J")
            await r.write("And more. ")
            await r.press("escape")
            assert "And more." in await r.panel()
            await r.press("ctrl+b", "escape", "]", "[", "/")
            await r.write("2500")
            await r.press("enter")
            assert r.at.startswith("2 500") and "saved" not in await r.seen()
