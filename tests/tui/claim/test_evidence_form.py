"""The evidence form, field by field, as it is typed into."""

from __future__ import annotations

import asyncio
from datetime import date
from pathlib import Path

import pytest
from textual import events
from textual.message import Message

from store.desk import Desk
from store.records import Claim, Evidence
from tests.kit.at_the_evidence import FIELDS, filling
from tests.kit.pilot import SIZES, screen_text, send, settle, type_text
from tui.kit.command_palette import Palette


async def test_nothing_is_made_when_nothing_is_entered(tmp_path: Path) -> None:
    async with filling(tmp_path) as f:
        await send(f.pilot, *["tab"] * len(FIELDS), "escape")
        assert f.evidence() == []
        assert f.given == [False]


@pytest.mark.quick
async def test_the_first_field_left_makes_the_evidence_and_each_further_one_is_saved_when_left(tmp_path: Path) -> None:
    async with filling(tmp_path) as f:
        await type_text(f.pilot, "https://city.example/log")
        assert f.evidence() == []
        await send(f.pilot, "tab")
        (made,) = f.evidence()
        assert made.source is not None
        assert made.source.url == "https://city.example/log"
        assert "saved" in screen_text(f.app)
        await type_text(f.pilot, "-")
        await f.fill("quote", "No incident.\nNone at all.")
        await f.fill("locator", "p. 4")
        await f.fill("title", "City log")
        await f.fill("publisher", "The city")
        await f.fill("published", "2024-05")
        await f.fill("archive_url", "https://keep.example/1")
        await f.fill("tier", "1")
        await f.fill("origin", "the warden")
        await f.fill("note", "Asked twice.")
        await send(f.pilot, "escape")
        assert f.given == [True]
        (piece,) = f.evidence()
        assert piece.id == made.id
        assert (piece.stance, piece.quote, piece.locator, piece.note) == (
            "refutes",
            "No incident.\nNone at all.",
            "p. 4",
            "Asked twice.",
        )
        source = piece.source
        assert source is not None
        assert (source.title, source.publisher, source.published) == ("City log", "The city", "2024-05")
        assert (source.archive_url, source.tier, source.origin) == ("https://keep.example/1", "primary", "the warden")


async def test_the_day_of_retrieval_is_today_once_there_is_an_address(tmp_path: Path) -> None:
    async with filling(tmp_path) as f:
        await f.fill("url", "https://city.example/log")
        await send(f.pilot, "tab")
        (piece,) = f.evidence()
        assert piece.source is not None
        assert piece.source.retrieved == date.today().isoformat()
        assert f.form.editor("retrieved").typed == date.today().isoformat()


async def test_a_source_without_an_address_is_kept_whatever_was_filled_first(tmp_path: Path) -> None:
    async with filling(tmp_path) as f:
        await f.fill("quote", "It fell.")
        await f.fill("title", "A book")
        await f.fill("publisher", "A house")
        await send(f.pilot, "escape")
        (piece,) = f.evidence()
        assert piece.source is not None
        assert (piece.quote, piece.source.title, piece.source.publisher) == ("It fell.", "A book", "A house")
        assert piece.source.retrieved == ""


async def test_an_address_given_later_belongs_to_the_source_that_is_there(tmp_path: Path) -> None:
    async with filling(tmp_path) as f:
        await f.fill("title", "A log")
        await f.fill("url", "https://city.example/log")
        await send(f.pilot, "escape")
        (piece,) = f.evidence()
        assert piece.source is not None
        assert (piece.source.title, piece.source.url) == ("A log", "https://city.example/log")


async def test_a_mistyped_address_is_corrected_and_what_was_said_of_the_source_stays(tmp_path: Path) -> None:
    async with filling(tmp_path) as f:
        await f.fill("url", "https://city.example/lo")
        await f.fill("title", "A log")
        await f.fill("url", "g")
        await send(f.pilot, "escape")
        (piece,) = f.evidence()
        assert piece.source is not None
        assert (piece.source.title, piece.source.url) == ("A log", "https://city.example/log")
        assert [source.url for source in f.desk.evidence.sources()] == ["https://city.example/log"]


def _known(desk: Desk, claim: Claim) -> None:
    other = desk.claims.tag(claim.article, *desk.coverage.sentences(desk.articles.get(claim.article))[1])
    desk.evidence.add(other, "context", url="https://city.example/log", title="City log", retrieved="2024-06-01")
    desk.evidence.add(other, "context", url="https://city.example/map", title="City map")


async def test_a_known_source_is_offered_and_fills_its_fields(tmp_path: Path) -> None:
    async with filling(tmp_path, prepare=_known) as f:
        await type_text(f.pilot, "city")
        seen = screen_text(f.app)
        assert "https://city.example/log  City log" in seen
        assert "https://city.example/map  City map" in seen
        await send(f.pilot, "down", "enter")
        (piece,) = f.evidence()
        assert piece.source is not None
        assert piece.source.title == "City log"
        assert f.form.editor("title").typed == "City log"
        assert f.form.editor("retrieved").typed == "2024-06-01"
        assert f.app.focused is f.form.editor("stance")
        assert "City map" not in screen_text(f.app)
        assert len(f.desk.evidence.sources()) == 2


async def test_a_known_source_is_offered_however_its_address_is_spelt(tmp_path: Path) -> None:
    async with filling(tmp_path, prepare=_known) as f:
        for typed in ("http://city.example/log", "https://www.city.example/log/", "https://CITY.example/log#page=4"):
            await send(f.pilot, "ctrl+u")
            assert "City log" not in screen_text(f.app)
            await type_text(f.pilot, typed)
            assert "https://city.example/log  City log" in screen_text(f.app)
        await send(f.pilot, "down", "enter")
        (piece,) = f.evidence()
        assert piece.source is not None and piece.source.title == "City log" and len(f.desk.evidence.sources()) == 2


SLOW = [("", "-"), ("offers", "-"), ("url", "-"), ("stance", "-"), ("stance", ""), ("quote", "-")]
"""Which field takes its time, and the key that is pressed in the next; where it is the stance, none as well."""


@pytest.mark.parametrize(("slow", "stance_key"), SLOW)
async def test_keys_behind_a_taken_source_are_neither_lost_nor_misplaced(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, slow: str, stance_key: str
) -> None:
    async with filling(tmp_path, prepare=_known) as f:
        await type_text(f.pilot, "city")
        if slow:
            widget = f.form.addresses if slow == "offers" else f.form.editor(slow)
            dispatch = widget._dispatch_message

            async def late(message: Message) -> None:
                await asyncio.sleep(0.02)
                await dispatch(message)

            monkeypatch.setattr(widget, "_dispatch_message", late)
        await send(f.pilot, "down", "enter", *stance_key, "tab", "Q", "tab")
        (piece,) = f.evidence()
        assert piece.source is not None and piece.source.url == "https://city.example/log"
        assert (piece.stance, piece.quote) == ("refutes" if stance_key else "context", "Q")


async def test_ones_own_address_is_corrected_to_another_spelling(tmp_path: Path) -> None:
    async with filling(tmp_path) as f:
        await type_text(f.pilot, "http://bridge.example/a")
        await send(f.pilot, "tab", "shift+tab")
        await send(f.pilot, "ctrl+u")
        await type_text(f.pilot, "https://bridge.example/a")
        await send(f.pilot, "tab")
        assert [source.url for source in f.desk.evidence.sources()] == ["https://bridge.example/a"]


async def test_a_known_source_is_taken_with_a_click(tmp_path: Path) -> None:
    async with filling(tmp_path, prepare=_known) as f:
        await type_text(f.pilot, "city")
        await f.pilot.click(f.form.addresses, offset=(6, 1))
        await settle(f.pilot)
        (piece,) = f.evidence()
        assert piece.source is not None
        assert piece.source.title == "City map"


@pytest.mark.parametrize("key", ["enter", "tab", "escape", "ctrl+s"])
async def test_an_address_is_not_saved_while_a_known_source_is_offered_for_it(tmp_path: Path, key: str) -> None:
    async with filling(tmp_path, prepare=_known) as f:
        await type_text(f.pilot, "https://city.example/")
        await send(f.pilot, key)
        assert f.evidence() == [] and f.app.focused is f.form.editor("url")
        seen = screen_text(f.app)
        assert "Known sources are like this." in seen and "City log" not in seen
        await send(f.pilot, key)
        (piece,) = f.evidence()
        assert piece.source is not None
        assert piece.source.url == "https://city.example/"


async def test_the_stance_is_taken_by_a_key(tmp_path: Path) -> None:
    async with filling(tmp_path) as f:
        await f.fill("quote", "It fell.")
        await f.into("stance")
        stances = {"+": "supports", "-": "refutes", "=": "supports", "−": "refutes", "+o": "context"}
        for keys, stance in stances.items():
            await type_text(f.pilot, keys)
            await send(f.pilot, "tab")
            assert [piece.stance for piece in f.evidence()] == [stance]
            await send(f.pilot, "shift+tab")


async def test_the_arrows_go_through_the_choices_and_backspace_takes_one_back(tmp_path: Path) -> None:
    async with filling(tmp_path) as f:
        await f.into("stance")
        await send(f.pilot, "right", "backspace")
        await f.into("tier")
        await send(f.pilot, "left")
        await send(f.pilot, "tab")
        (piece,) = f.evidence()
        assert piece.source is not None
        assert (piece.stance, piece.source.tier) == ("supports", "tertiary")
        await f.into("tier")
        await send(f.pilot, "backspace", "tab")
        (piece,) = f.evidence()
        assert piece.source is not None
        assert piece.source.tier == ""


async def test_a_click_takes_a_choice(tmp_path: Path) -> None:
    async with filling(tmp_path, size=(100, 40)) as f:
        await f.pilot.click(f.form.editor("stance"), offset=(20, 0))
        await f.fill("locator", "p. 4")
        await send(f.pilot, "escape")
        assert [piece.stance for piece in f.evidence()] == ["refutes"]


async def test_the_stance_begins_with_what_the_verdict_still_needs(tmp_path: Path) -> None:
    async with filling(tmp_path, prepare=lambda d, c: d.verdicts.give(c, "refuted", "No.")) as f:
        assert f.form.editor("stance").typed == "refutes"
        await f.fill("quote", "It stands.")
        await send(f.pilot, "escape")
        assert [piece.stance for piece in f.evidence()] == ["refutes"]


@pytest.mark.parametrize("field", ["published", "retrieved"])
async def test_what_is_no_date_is_said_beside_its_field_and_stays_to_be_mended(tmp_path: Path, field: str) -> None:
    async with filling(tmp_path) as f:
        await f.fill("title", "A log")
        await f.fill(field, "5 May")
        await send(f.pilot, "tab")
        editor = f.form.editor(field)
        assert f.app.focused is editor
        assert editor.typed == "5 May"
        rows = screen_text(f.app).split("\n")
        assert "! “5 May” is not a date" in rows[editor.region.bottom]
        assert f.app.said == []
        await send(f.pilot, *["backspace"] * 5)
        await type_text(f.pilot, "2024-05-05")
        await send(f.pilot, "escape")
        (piece,) = f.evidence()
        assert piece.source is not None
        assert getattr(piece.source, field) == "2024-05-05"
        assert f.given == [True]


def _piece(desk: Desk, claim: Claim) -> Evidence:
    return desk.evidence.add(claim, "supports", url="https://a.example", quote="Old.", title="T", retrieved="2020")


async def test_existing_evidence_is_edited(tmp_path: Path) -> None:
    async with filling(tmp_path, prepare=_piece) as f:
        assert f.form.editor("url").typed == "https://a.example"
        assert f.form.editor("stance").typed == "supports"
        await f.fill("quote", " New.")
        await f.fill("title", "!")
        await send(f.pilot, "escape")
        (piece,) = f.evidence()
        assert piece.source is not None
        assert (piece.quote.strip(), piece.source.title) in {("Old. New.", "T!"), ("New.Old.", "T!")}


async def test_another_address_cites_another_source_and_leaves_the_old_one_alone(tmp_path: Path) -> None:
    async with filling(tmp_path, prepare=_piece) as f:
        await f.fill("url", "/other")
        await send(f.pilot, "tab")
        (piece,) = f.evidence()
        assert piece.source is not None
        assert (piece.source.url, piece.source.title) == ("https://a.example/other", "")
        assert f.form.editor("title").typed == ""
        assert [source.title for source in f.desk.evidence.sources("https://a.example")] == ["T", ""]


async def test_an_edit_on_top_of_somebody_elses_is_a_conflict(tmp_path: Path) -> None:
    async with filling(tmp_path, prepare=_piece) as f:
        with Desk.open(f.desk.path, "Ben") as other:
            (theirs,) = other.evidence.of(f.claim.id)
            other.evidence.edit(theirs, note="theirs")
        await f.fill("note", "mine")
        await send(f.pilot, "escape")
        assert len(f.desk.conflicts.of()) == 1


async def test_what_cannot_be_saved_stays_in_the_form(tmp_path: Path) -> None:
    async with filling(tmp_path) as f:
        f.desk.session.read_only = "The disk is full."
        await f.fill("url", "https://a.example")
        await send(f.pilot, "escape")
        assert f.app.screen is f.form
        assert f.form.editor("url").typed == "https://a.example"
        assert "! The disk is full." in screen_text(f.app)
        f.desk.session.read_only = ""
        await send(f.pilot, "escape")
        assert f.given == [True]


@pytest.mark.parametrize("size", SIZES)
async def test_every_field_comes_into_view(tmp_path: Path, size: tuple[int, int]) -> None:
    async with filling(tmp_path, size=size) as f:
        for name in FIELDS:
            await f.into(name)
            editor = f.form.editor(name)
            assert f.form.find_widget(editor).visible_region.height == editor.size.height > 0
            assert editor.region.bottom < size[1]


def _hostile(desk: Desk, claim: Claim) -> Evidence:
    return desk.evidence.add(claim, "supports", url="https://a.example", title="[b]\u202ex\x1b[2J 字", note="[/]\n\x9b")


async def test_what_is_hostile_is_shown_as_text_and_stays_as_it_is(tmp_path: Path) -> None:
    async with filling(tmp_path, prepare=_hostile) as f:
        assert "[b]·x␛[2J 字" in screen_text(f.app)
        await send(f.pilot, *["tab"] * len(FIELDS), "escape")
        assert f.given == [False]
        (piece,) = f.evidence()
        assert piece.source is not None
        assert (piece.source.title, piece.note) == ("[b]\u202ex\x1b[2J 字", "[/]\n\x9b")


async def test_what_is_said_of_this_evidence_and_of_its_source_stand_apart(tmp_path: Path) -> None:
    async with filling(tmp_path, size=(80, 40), prepare=_known) as f:
        await type_text(f.pilot, "city")
        await send(f.pilot, "down", "enter")
        rows = screen_text(f.app).split("\n")
        order = ("Address", "This evidence", "Stance", "Passage", "Note", "The source", "Title", "Origin")
        assert "City log" in screen_text(f.app) and f.form.has_class("-folded")
        await send(f.pilot, "ctrl+o")
        rows = screen_text(f.app).split("\n")
        places = [next(n for n, row in enumerate(rows) if f" {word}" in row) for word in order]
        assert places == sorted(places)
        assert "cited by 2 claims in 1 article" in rows[places[5]]


@pytest.mark.parametrize(
    ("answer", "titles"), [("y", ["City log!"]), ("n", ["City log", "City log!"]), ("escape", ["City log"])]
)
async def test_a_change_to_a_source_that_others_cite_says_so_first(
    tmp_path: Path, answer: str, titles: list[str]
) -> None:
    async with filling(tmp_path, prepare=_known) as f:
        await type_text(f.pilot, "city")
        await send(f.pilot, "down", "enter")
        await f.fill("title", "!")
        await send(f.pilot, "tab")
        assert "2 claims in 1 article" in screen_text(f.app)
        assert [source.title for source in f.desk.evidence.sources("city.example/log")] == ["City log"]
        await send(f.pilot, answer)
        assert sorted(source.title for source in f.desk.evidence.sources("city.example/log")) == titles
        if answer == "escape":
            assert f.app.focused is f.form.editor("title") and f.form.editor("title").typed == "City log!"
            return
        (piece,) = f.evidence()
        assert piece.source is not None and piece.source.title == "City log!"
        await f.fill("published", "2024")
        await send(f.pilot, "tab")
        assert f.app.screen is f.form, "it is asked once"
        f.desk.history.undo()
        f.desk.history.undo()
        (piece,) = f.evidence()
        assert piece.source is not None and piece.source.title == "City log"


async def test_a_stance_alone_or_what_is_emptied_again_leaves_no_evidence(tmp_path: Path) -> None:
    async with filling(tmp_path) as f:
        await f.into("stance")
        await send(f.pilot, "-", "tab")
        assert f.evidence() == []
        await f.fill("title", "ab")
        await send(f.pilot, "tab", "shift+tab")
        assert [piece.stance for piece in f.evidence()] == ["refutes"]
        await send(f.pilot, "ctrl+u", "escape")
        assert f.evidence() == [] and f.desk.evidence.sources() == []
        assert f.app.screen is not f.form


@pytest.mark.parametrize("field", ["url", "quote"])
async def test_an_address_pasted_with_its_passage_fills_both(tmp_path: Path, field: str) -> None:
    async with filling(tmp_path) as f:
        await f.into(field)
        f.app.post_message(events.Paste("“It fell in May.”\nhttps://city.example/log"))
        await settle(f.pilot)
        (piece,) = f.evidence()
        assert piece.source is not None
        assert (piece.source.url, piece.quote) == ("https://city.example/log", "It fell in May.")
        assert f.form.editor("quote").typed == "It fell in May."
        f.desk.history.undo()
        assert f.evidence() == [], "it was one step"


async def test_a_pasted_address_is_whole_though_known_ones_are_like_it(tmp_path: Path) -> None:
    async with filling(tmp_path, prepare=_known) as f:
        f.app.post_message(events.Paste("https://city.example/"))
        await settle(f.pilot)
        await send(f.pilot, "tab")
        (piece,) = f.evidence()
        assert piece.source is not None and piece.source.url == "https://city.example/"


async def test_the_palette_opens_over_the_form_and_leaves_it_as_it_was(tmp_path: Path) -> None:
    async with filling(tmp_path) as f:
        await type_text(f.pilot, "https://a.example")
        await send(f.pilot, "ctrl+p")
        assert isinstance(f.pilot.app.screen, Palette)
        await send(f.pilot, "escape")
        assert f.pilot.app.screen is f.form and f.form.editor("url").typed == "https://a.example"
