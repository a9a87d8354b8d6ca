"""Moving about an open article: to what is left to check, from claim to claim, by search, by pane and by mouse."""

from __future__ import annotations

import io
from pathlib import Path

import pytest
from textual import events

from store.formats.csv import claim_import
from tests.kit.at_the_article import SENTENCES, TEXT, Room, at_desk, opened, span
from tests.kit.desks import desk_at
from tests.kit.pilot import STORY_SIZES
from tui.claim.evidence_form import EvidenceForm
from tui.kit.editors import TextEditor
from tui.kit.history import HistoryScreen
from tui.library.screen import LibraryScreen

at_every_size = pytest.mark.parametrize("size", STORY_SIZES, ids=lambda size: f"{size[0]}x{size[1]}")


# What is left to check


@at_every_size
async def test_the_loop_goes_from_one_open_sentence_to_the_next_until_none_is_left(
    tmp_path: Path, size: tuple[int, int]
) -> None:
    async with at_desk(tmp_path, size=size) as r:
        for number, sentence in enumerate(SENTENCES):
            assert r.at.startswith(sentence.lstrip("“")), "the caret is on the first word"
            await r.press("t" if number % 2 else "s", "f")
        assert r.said[-1] == "Everything is read. 3 lack a verdict: m."
        assert r.desk.coverage.of(r.article).residue == ()
        assert "read 100 %" in (await r.seen()).splitlines()[0] and "checked 0 of 3" in (await r.seen()).splitlines()[0]


@pytest.mark.quick
async def test_next_unread_goes_round_both_ways_and_says_so(tmp_path: Path) -> None:
    async with at_desk(tmp_path) as r:
        await r.press("f", "F")
        assert r.at == TEXT and r.said == []
        await r.press("F")
        assert r.at == SENTENCES[-1] and r.said == ["Wrapped around to the last unread place."]
        await r.press("F", "f", "f")
        assert r.at == TEXT and r.said[-1] == "Wrapped around to the first unread place."
        await r.press(*["t", "f"] * 5, "escape", "ctrl+home", "f")
        assert r.at == SENTENCES[-1] and len(r.said) == 2
        await r.press("f")
        assert r.said[-1] == "This is the only place left."


async def test_an_article_begun_opens_where_there_is_still_something_to_check(tmp_path: Path) -> None:
    with desk_at(tmp_path) as desk:
        article = desk.articles.add(TEXT, title="Bridge")
        desk.sweeps.add(article, *span(TEXT, SENTENCES[0]))
        async with opened(desk, article) as r:
            assert r.at.startswith(SENTENCES[1]) and r.view.place == span(TEXT, SENTENCES[1])


# From claim to claim


@at_every_size
async def test_brackets_go_from_claim_to_claim_and_m_to_those_that_lack_something(
    tmp_path: Path, size: tuple[int, int]
) -> None:
    with desk_at(tmp_path) as desk:
        article = desk.articles.add(TEXT, title="Bridge")
        claims = [desk.claims.tag(article, *span(TEXT, sentence)) for sentence in SENTENCES[:4]]
        for claim in claims[1:3]:
            desk.verdicts.give(claim, "supported")
        desk.evidence.add(claims[2], "supports", quote="It fell.")
        async with opened(desk, article, size=size, claim=claims[0].id) as r:

            def name() -> str:
                return r.in_hand.name if r.in_hand else ""

            been = [name()]
            for key in ("]", "]", "]", "[", "M", "m"):
                await r.press(key)
                been.append(name())
            assert been == ["C1", "C2", "C3", "C4", "C3", "C2", "C4"]
            assert r.said == ["C2: supported needs 1 piece of evidence that supports.", "C4: it needs a verdict."]
            await r.press("m")
            assert name() == "C1"
            assert r.said[-1] == "C1: it needs a verdict. Wrapped around to the first claim that lacks something."
            await r.press("M")
            assert name() == "C4" and "Wrapped around to the last claim" in r.said[-1]
            await r.press("]")
            assert r.said[-1] == "There is no later claim." and name() == "C4"
            assert "C4 · 4 of 4" in (await r.panel()).splitlines()[0]
            await r.press("ctrl+end", "[")
            assert name() == "C4"
            await r.press("ctrl+home", "[")
            assert r.said[-1] == "There is no earlier claim."


async def test_m_goes_to_a_verdict_that_the_scheme_does_not_know_and_says_so(tmp_path: Path) -> None:
    with desk_at(tmp_path) as desk:
        article = desk.articles.add(TEXT, title="Bridge")
        rows = f'article_id,quote,checker,verdict\n{article.id},"{SENTENCES[1]}",Dora,half_true\n'
        claim_import.read(desk, io.BytesIO(rows.encode()))
        async with opened(desk, article, size=(120, 40)) as r:
            assert "checked 0 of 1 · 1 lacks a verdict of the scheme" in (await r.seen()).splitlines()[0]
            await r.press("m")
            said = "?half_true is not a verdict of the scheme: give one that is"
            assert r.said[-1].startswith(f"C1: {said}.") and said in " ".join((await r.panel()).split())


# Finding


@at_every_size
async def test_2500_finds_2_500_with_a_count_and_n_and_esc(tmp_path: Path, size: tuple[int, int]) -> None:
    text = f"{TEXT} Later 2,500 came. And 2 500 left."
    async with at_desk(tmp_path, text=text, size=size) as r:
        await r.press("/")
        await r.write("2500")
        assert "1 of 3 found" in (await r.seen()).splitlines()[-1]
        await r.press("enter")
        assert r.at.startswith("2 500 people") and r.view.has_focus
        await r.press("n")
        assert r.at.startswith("2,500 came") and "2 of 3 found" in await r.seen()
        await r.press("n", "n")
        assert r.at.startswith("2 500 people") and "1 of 3 found" in await r.seen()
        await r.press("N")
        assert r.at.startswith("2 500 left") and "3 of 3 found" in await r.seen()
        await r.press("ctrl+home", "f3")
        assert r.at.startswith("2 500 people")
        await r.press("escape")
        assert "found" not in await r.seen() and r.uncovered
        await r.press("n")
        assert r.said == ["Nothing was searched for yet: / finds words."]


async def test_a_line_that_is_opened_again_at_once_takes_what_is_typed(tmp_path: Path) -> None:
    async with at_desk(tmp_path) as r:
        for words, others in (("bridge", "mayor"), ("mayor", "bridge")) * 4:
            await r.press("/")
            await r.write(words)
            await r.press("enter", "/", *others, "enter")
            assert r.at.startswith(others)


async def test_the_line_opens_with_the_old_words_selected_so_that_typing_replaces_them(tmp_path: Path) -> None:
    async with at_desk(tmp_path) as r:
        await r.press("/")
        await r.write("bridge")
        await r.press("enter", "/")
        await r.write("mayor")
        await r.press("enter")
        assert r.at.startswith("mayor")


async def test_a_find_extends_a_selection_that_has_begun(tmp_path: Path) -> None:
    async with at_desk(tmp_path) as r:
        await r.press("ctrl+home", "v", "w", "/")
        await r.write("mayor")
        await r.press("enter")
        assert r.view.selected_text == TEXT[: TEXT.index("mayor") + 5]
        await r.press("escape", "v", "/")
        await r.write("e")
        await r.press("enter")
        begun = r.view.selection
        await r.press("n")
        assert begun and r.view.selection and r.view.selection[0] == begun[0] and r.view.selection[1] > begun[1]
        await r.press("N")
        assert r.view.selection == begun


@pytest.mark.parametrize(("size", "rows"), [((40, 12), 6), ((60, 12), 6), ((30, 10), 4), ((80, 24), 13)])
async def test_a_small_terminal_shows_text(tmp_path: Path, size: tuple[int, int], rows: int) -> None:
    async with at_desk(tmp_path, size=size) as r:
        assert r.view.size.height >= rows


async def test_esc_leaves_the_line_where_the_caret_was_and_n_goes_to_what_was_found(tmp_path: Path) -> None:
    async with at_desk(tmp_path) as r:
        await r.press("/")
        await r.write("it was")
        await r.press("escape")
        assert r.at == TEXT and r.view.has_focus and "1 of 2 found" in await r.seen()
        await r.press("n")
        assert r.at.startswith("It was inspected")
        await r.press("n")
        assert r.at.startswith("It was safe")


async def test_what_is_not_there_is_said_and_the_next_search_works(tmp_path: Path) -> None:
    async with at_desk(tmp_path) as r:
        for _ in range(2):
            await r.press("/", "ctrl+u")
            await r.write("[/b] ‮tunnel")
            await r.press("enter")
        assert len(r.said) == 2 and "is not in this article" in r.said[-1] and "‮" not in r.said[-1]
        assert r.view.has_focus and r.at == TEXT
        await r.press("/", "ctrl+u")
        await r.write("MILLION")
        await r.press("enter")
        assert r.at.startswith("million")


async def test_the_selection_is_what_slash_begins_with_and_an_empty_line_forgets_the_search(tmp_path: Path) -> None:
    async with at_desk(tmp_path) as r:
        await r.press("w", "i", "w", "/", "enter")
        assert r.at.startswith("old bridge") and "1 of 1 found" in await r.seen()
        await r.press("t")
        assert " 1 of 1 found · ✓ saved " in (await r.seen()).splitlines()[-1]
        await r.press("/", "ctrl+u", "escape")
        assert "found" not in await r.seen() and r.view.has_focus


# Panes and lists


@at_every_size
async def test_tab_goes_round_the_panes_both_ways(tmp_path: Path, size: tuple[int, int]) -> None:
    async with at_desk(tmp_path, size=size) as r:
        await r.press("t", "tab")
        assert r.screen.panel.has_focus_within
        await r.press("tab")
        assert r.view.has_focus
        await r.press("L")
        assert r.screen.claim_list.has_focus_within
        await r.press("tab")
        assert r.view.has_focus
        await r.press("shift+tab")
        assert r.screen.claim_list.has_focus_within
        await r.press("escape")
        assert r.uncovered


@at_every_size
async def test_the_list_shows_the_claims_narrows_them_and_goes_to_one(tmp_path: Path, size: tuple[int, int]) -> None:
    with desk_at(tmp_path) as desk:
        article = desk.articles.add(TEXT, title="Bridge")
        for sentence in SENTENCES:
            desk.claims.tag(article, *span(TEXT, sentence))
        desk.verdicts.give(desk.claims.get("C2", article), "refuted")
        desk.verdicts.give(desk.claims.get("C5", article), "refuted")
        async with opened(desk, article, size=size) as r:
            await r.press("K")
            await r.write("verdict:refuted 2")
            seen = await r.seen()
            assert "1 of 6 claims" in seen and "C5" in seen
            await r.press("enter")
            assert r.view.has_focus and r.at.startswith(SENTENCES[4])
            await r.press("K", "ctrl+u")
            await r.write("by:ana open")
            assert "4 of 6 claims" in await r.seen()
            await r.press("down", "down", "enter")
            assert r.at.startswith(SENTENCES[3])
            await r.press("K", "ctrl+u", "escape")
            assert " 6 claims" in await r.seen()
            await r.press("home", "enter")
            assert r.at.startswith(SENTENCES[0])
            await r.press("L")
            assert "6 claims" not in await r.seen() and r.view.has_focus


async def test_what_is_tagged_and_judged_shows_in_the_list_at_once(tmp_path: Path) -> None:
    async with at_desk(tmp_path, size=(120, 40)) as r:
        await r.press("L")
        assert "No claims yet." in await r.seen()
        await r.press("tab", "t", "f", "t", "1")
        rows = [row[82:].strip() for row in (await r.seen()).splitlines() if "C1" in row or "C2" in row]
        assert any("✓" in row and "C2" in row for row in rows) and "2 claims" in await r.seen()
        await r.press("d")
        assert "1 claim " in await r.seen()


@pytest.mark.parametrize("key", ["J", "c", "enter", "e", "r"])
async def test_on_a_small_screen_the_panel_comes_back_when_something_is_done_in_it(tmp_path: Path, key: str) -> None:
    async with at_desk(tmp_path, size=(80, 24)) as r:
        await r.press("t", "L", "tab")
        assert not r.screen.panel.display
        await r.press(key)
        if key in ("J", "c"):
            await r.write("typed in sight")
            assert "typed in sight" in await r.seen() and isinstance(r.app.focused, TextEditor)
        elif key == "enter":
            assert r.screen.panel.lines.has_focus and "claimant" in await r.seen()
        else:
            assert not r.uncovered


async def test_at_80_by_24_every_part_of_the_panel_can_be_read_and_p_gives_it_room(tmp_path: Path) -> None:
    with desk_at(tmp_path) as desk:
        article = desk.articles.add(TEXT, title="Bridge")
        claim = desk.claims.tag(article, *span(TEXT, SENTENCES[0]))
        for number in range(4):
            desk.evidence.add(claim, "context", url=f"https://a.example/{number}", quote=f"passage {number}")
            desk.threads.comment(claim, f"remark {number}")
        async with opened(desk, article, size=(80, 24), claim=claim.id) as r:
            await r.press("enter", "home")
            shown = await r.panel()
            for _ in range(60):
                await r.press("down")
                shown += await r.panel()
            for number in range(4):
                assert f"passage {number}" in shown and f"remark {number}" in shown
            assert "tagged by Ana" in shown
            small = r.screen.panel.size.height
            await r.press("p")
            assert r.screen.panel.size.height >= small + 6
            await r.press("p")
            assert r.screen.panel.size.height == small


@pytest.mark.parametrize("size", [(80, 10), (40, 8), (20, 5), (10, 3)])
async def test_a_tiny_terminal_still_hears_its_keys(tmp_path: Path, size: tuple[int, int]) -> None:
    async with at_desk(tmp_path, size=size) as r:
        await r.press("t", "1", "J")
        await r.write("why not")
        await r.press("escape", "f", "e", "escape", "L", "K", "escape", "L", "?", "escape")
        (claim,) = r.claims()
        assert (claim.verdict, claim.justification) == ("supported", "why not")
        await r.press("q")
        assert isinstance(r.app.screen, LibraryScreen)


async def test_the_layout_follows_the_terminal_and_keeps_what_is_typed_and_at_hand(tmp_path: Path) -> None:
    async with at_desk(tmp_path, size=(120, 40)) as r:
        await r.press("f", "t", "J")
        await r.write("half a")
        for size in ((80, 24), (120, 40), (200, 60)):
            await r.pilot.resize_terminal(*size)
            await r.write(" thought")
            assert "half a thought" in await r.panel()
        await r.press("escape")
        assert r.desk.verdicts.of(r.claims()[0])[0].justification == "half a" + " thought" * 3
        assert r.in_hand is not None and r.view.at == r.in_hand.end - 1


async def test_history_leads_to_the_claim_of_a_change(tmp_path: Path) -> None:
    async with at_desk(tmp_path, size=(120, 40)) as r:
        await r.press("t", "f", "t", "[", "H")
        assert isinstance(r.app.screen, HistoryScreen)
        await r.press("w")
        seen = await r.seen()
        assert "C1" in seen and "C2" in seen
        await r.press("enter")
        assert r.uncovered and r.in_hand is not None and r.in_hand.name == "C2"


async def test_esc_drops_what_is_selected_or_sought_and_never_the_article_and_q_leaves_it(tmp_path: Path) -> None:
    async with at_desk(tmp_path) as r:
        await r.press("v", "w", "escape", "escape", "escape")
        assert r.uncovered and r.view.selection is None and r.view.has_focus
        await r.press("q")
        assert isinstance(r.app.screen, LibraryScreen)
        await r.press("enter", "Q")
        assert isinstance(r.app.screen, LibraryScreen)


async def test_keys_behind_the_one_that_leaves_do_nothing_and_no_harm(tmp_path: Path) -> None:
    async with at_desk(tmp_path) as r:
        await r.press("ctrl+q", *["t", "1", "f"] * 5)
    assert r.app.return_code == 0
    with desk_at(tmp_path) as desk:
        assert desk.claims.of(r.article) == []


# Mouse


@at_every_size
async def test_the_mouse_selects_by_dragging_and_by_clicks(tmp_path: Path, size: tuple[int, int]) -> None:
    async with at_desk(tmp_path, size=size) as r:
        begin, end = span(TEXT, "2 500 people")
        await r.mouse(events.MouseDown, *r.cell(begin))
        await r.mouse(events.MouseMove, *r.cell(end - 3))
        await r.mouse(events.MouseMove, *r.cell(end - 1))
        await r.mouse(events.MouseUp, *r.cell(end - 1))
        assert r.view.selected_text == "2 500 people"
        await r.press("t")
        assert r.quotes() == ["2 500 people"]
        await r.click(*r.cell(TEXT.index("daily")), times=2)
        assert r.view.selected_text == "daily"
        await r.click(*r.cell(TEXT.index("mayor")), times=3)
        assert r.view.selected_text == SENTENCES[1]
        await r.press("t")
        assert len(r.claims()) == 2
        await r.click(*r.cell(begin + 1))
        assert r.view.selection is None and r.in_hand is not None and r.in_hand.quote == "2 500 people"
        assert "2 500 people" in await r.panel()


@at_every_size
async def test_the_wheel_scrolls_and_the_caret_stays(tmp_path: Path, size: tuple[int, int]) -> None:
    text = "\n".join(f"Line {number} of many." for number in range(300))
    async with at_desk(tmp_path, text=text, size=size) as r:
        x, y = r.cell(0)
        for _ in range(3):
            await r.mouse(events.MouseScrollDown, x, y)
        assert r.view.scroll_offset.y == 9 and r.view.caret == 0
        assert "Line 9 of many." in await r.seen() and "Line 8 of" not in await r.seen()
        await r.mouse(events.MouseScrollUp, x, y)
        assert "Line 6 of many." in await r.seen()
        await r.press("j")
        assert r.at.startswith("Line 1 of many.") and "Line 1 of" in await r.seen()


async def test_a_click_in_a_field_of_the_panel_and_in_the_list_works(tmp_path: Path) -> None:
    async with at_desk(tmp_path, size=(120, 40)) as r:
        await r.press("t", "f", "t", "L")
        rows = (await r.seen()).splitlines()
        y = next(number for number, row in enumerate(rows) if "C1" in row[80:] and number > 20)
        await r.click(100, y, times=2)
        assert r.in_hand is not None and r.in_hand.name == "C1" and r.view.has_focus
        y = next(number for number, row in enumerate((await r.seen()).splitlines()) if "claimant" in row)
        await r.click(100, y, times=2)
        await r.write("the mayor")
        await r.press("escape")
        assert r.claims()[0].claimant == "the mayor"


# Under what lies over it


async def rest(r: Room) -> None:
    await r.press("escape")
    assert r.uncovered


async def test_forms_and_sheets_come_back_to_the_text_as_it_was(tmp_path: Path) -> None:
    async with at_desk(tmp_path) as r:
        await r.press("t", "b", "b")
        caret = r.view.caret
        for key in ("e", "r", "?", "ctrl+p", "H", "C"):
            await r.press(key)
            assert not r.uncovered
            await rest(r)
            assert (r.view.caret, r.view.has_focus) == (caret, True)
        await r.press("e")
        assert isinstance(r.app.screen, EvidenceForm)
