"""The hand on an article: what a tag holds, clauses, and where the caret goes."""

from __future__ import annotations

from pathlib import Path

from tests.kit.at_the_article import Room, at_desk, span

TWO = "Both said they were close to the Bureau, and agents watched the troops. Nobody knew."


async def test_one_key_tags_from_the_caret_to_the_end_of_the_sentence(tmp_path: Path) -> None:
    async with at_desk(tmp_path, text=TWO) as r:
        await r.press(";", "T")
        assert r.quotes() == ["agents watched the troops"] and r.view.caret == r.claims()[0].end
        await r.press("G", "T")
        assert r.quotes() == ["agents watched the troops"] and "No word of a sentence follows" in r.said[-1]
        await r.press("ctrl+home", "w", "v", "w", "T")
        assert "said they were close to the Bureau, and agents watched the troops" in r.quotes()


async def test_the_caret_stays_behind_what_was_tagged_and_the_claim_in_hand(tmp_path: Path) -> None:
    async with at_desk(tmp_path, text=TWO) as r:
        await r.press("i", "c", "t")
        (claim,) = r.claims()
        assert claim.quote == "Both said they were close to the Bureau" and r.view.caret == claim.end
        await r.press(",", "1")
        (claim,) = r.claims()
        assert (claim.quote, claim.verdict) == ("Both said they were close to the", "supported")
        assert r.view.caret == claim.end
        await r.press("f")
        assert r.view.place and r.view.text[slice(*r.view.place)].startswith("Bureau, and agents")


async def test_clauses_are_walked_selected_and_passed_through_by_widening(tmp_path: Path) -> None:
    async with at_desk(tmp_path, text=TWO) as r:
        await r.press(";")
        assert r.at.startswith("agents")
        await r.press("alt+right")
        assert r.at.startswith("Nobody")
        await r.press(":", "w", "x", "x")
        assert r.view.selected_text == "agents watched the troops"
        await r.press("x")
        assert r.view.selected_text == TWO.split(" Nobody")[0]
        await r.press("escape", "ctrl+home", "w", "v", ";")
        assert r.view.selected_text == "said they were close to the Bureau"


async def test_words_that_a_claim_holds_but_for_a_mark_are_not_tagged_again(tmp_path: Path) -> None:
    async with at_desk(tmp_path, text=TWO) as r:
        claim = r.desk.claims.tag(r.article, *span(TWO, "Nobody knew."))
        await r.press("G", "b", "t")
        assert r.said == ["C1 holds these words already."] and r.in_hand == claim
        assert len(r.claims()) == 1


async def moving(r: Room) -> None:
    await r.press("z", "v")
    assert "moves on" in (await r.seen()).splitlines()[-1]


async def test_a_verdict_and_a_sweep_may_move_on_and_say_so(tmp_path: Path) -> None:
    async with at_desk(tmp_path, text=TWO, size=(120, 40)) as r:
        await moving(r)
        await r.press("i", "c", "t", "7")
        place = r.view.place
        assert place and r.view.text[slice(*place)] == "and agents watched the troops"
        assert "C1 lacks evidence · [ back" in (await r.seen()).splitlines()[-1]
        await r.press("[")
        assert r.in_hand is not None and r.in_hand.name == "C1"
        await r.press("r", "1")
        assert r.claims()[0].verdict == "supported" and r.view.place == place, "the picker moves on too"
        await r.press("[", "0")
        assert r.in_hand is not None and r.claims()[0].verdict == "", "no verdict stays"
        await r.press("f", "s")
        assert r.view.place and r.view.text[slice(*r.view.place)] == "Nobody knew."
        await r.press("s")
        assert "Everything is read. 1 lacks a verdict" in r.said[-1]
        await r.press("z", "v")
        assert "moves on" not in (await r.seen()).splitlines()[-1]


async def test_r_repeats_verdict_and_sources_on_what_is_in_hand_in_one_step(tmp_path: Path) -> None:
    async with at_desk(tmp_path, text=TWO) as r:
        await r.press("R")
        assert r.claims() == [] and "nothing to repeat" in r.said[-1]
        await r.press("i", "c", "t", "7")
        r.desk.evidence.add(r.claims()[0], "refutes", url="https://a.example", quote="No.", locator="p. 2", note="x")
        await r.press("f", "R")
        first, second = r.claims()
        assert (second.quote, second.verdict) == ("agents watched the troops", first.verdict)
        (piece,) = r.desk.evidence.of(second)
        assert (piece.stance, piece.quote, piece.locator, piece.note) == ("refutes", "", "", "")
        assert piece.source == r.desk.evidence.of(first)[0].source
        assert r.in_hand == second
        await r.press("u")
        assert [claim.name for claim in r.claims()] == ["C1"] and r.desk.upkeep.verify() == []


async def test_a_near_copy_is_pointed_out_with_a_way_to_it(tmp_path: Path) -> None:
    text = "The old bridge over the river fell in spring. He was sad. The old bridge over the river fell in Spring!"
    async with at_desk(tmp_path, text=text) as r:
        await r.press("t", "f", "s", "f", "t")
        await r.until(lambda: r.said, "it is said")
        assert r.said == ["C2 is nearly the same as C1: g n goes there."]
        await r.press("g", "n")
        assert r.in_hand is not None and r.in_hand.name == "C1"
        await r.press("d", "]", "g", "n")
        assert "No other claim here says nearly what C2 does." in r.said[-1]
