"""Esc never decides, disagrees, settles, gives out or submits; where fields save on leaving it saves what was typed."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from pathlib import Path

import pytest

from store.desk import Desk
from store.records import Article
from tests.kit.at_a_review import at_review
from tests.kit.at_the_article import Room, at_desk
from tests.kit.at_the_comparison import SPAN, VERDICT, at_compare
from tests.kit.pilot import screen_text
from tui.kit.editors import LineEditor, TextEditor
from tui.kit.save_form import SaveForm
from tui.review.submit import SubmitScreen
from tui.settings import drafts_folder

WORDS = "a thought of mine"


@pytest.fixture(autouse=True)
def apart(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("FACTDESK_CONFIG", str(tmp_path / "config"))
    monkeypatch.chdir(tmp_path)


def written(r: Room) -> int:
    """How much is written on the desk."""
    return int(r.desk.session.log.rows("SELECT count(*) FROM main.changes")[0][0])


async def leaves_it(r: Room, ask: Callable[[], Awaitable[object]], key: str, words: str = WORDS) -> None:
    """Ask, type, press Esc: nothing is done, the words are offered when it is asked again, and a key does it."""
    before = written(r)
    await ask()
    editor = r.app.screen.focused
    assert isinstance(editor, (LineEditor, TextEditor)), "a field has the focus"
    assert "Esc Not now" in screen_text(r.app) and f"Ctrl+S {key}" in screen_text(r.app)
    await r.write(words)
    await r.press("escape")
    assert written(r) == before and r.app.screen.focused is not editor
    await ask()
    assert (
        any(words in one.typed for one in [*r.app.screen.query(LineEditor), *r.app.screen.query(TextEditor)])
        and written(r) == before
    )
    await r.press("escape")
    assert written(r) == before
    assert any(words in text for text in r.drafts().values())
    await ask()
    await r.press("ctrl+s")
    assert written(r) > before and not r.drafts()


@pytest.mark.parametrize(
    ("keys", "verb"),
    [
        (("D", "1"), "Disagree"),
        (("D", "1", "shift+tab"), "Disagree"),
        (("W",), "Say it"),
        (("c",), "Say it"),
        (("space", "U", "1"), "Doubt"),
    ],
    ids=lambda value: "-".join(value) if isinstance(value, tuple) else "",
)
async def test_no_review_is_given_by_esc(tmp_path: Path, keys: tuple[str, ...], verb: str) -> None:
    async with at_review(tmp_path) as r:
        if keys[0] == "space":
            await r.press("space")
            keys = keys[1:]

        async def ask() -> None:
            await r.press(*keys)

        await leaves_it(r, ask, verb)


async def test_words_that_were_said_of_a_claim_as_it_was_are_not_said_of_it_as_it_is(tmp_path: Path) -> None:
    async with at_review(tmp_path) as r:
        await r.press("-")
        await r.elsewhere(
            lambda desk: desk.claims.edit(desk.claims.get("C1", desk.articles.all()[0]), claimant="the mayor")
        )
        await r.press("[")
        review = r.review("C1")
        assert review is not None and review.stale

        async def ask() -> None:
            await r.row("words")
            await r.press("enter")

        await leaves_it(r, ask, "Say it")
        review = r.review("C1")
        assert review is not None and (review.comment, review.stale) == (WORDS, False)


def objected(desk: Desk, article: Article) -> None:
    desk.be("Ben")
    desk.reviews.decide(desk.claims.get("C1", article), "reject_claim")


@pytest.mark.parametrize(("keys", "verb"), [(("x",), "Reject"), (("R",), "Reply")])
async def test_no_proposal_is_answered_by_esc(tmp_path: Path, keys: tuple[str, ...], verb: str) -> None:
    async with at_review(tmp_path, who="Ana", reviewing=None, prepare=objected) as r:
        await r.press("I")

        async def ask() -> None:
            await r.press(*keys)

        await leaves_it(r, ask, verb)


async def test_no_proposal_is_rejected_by_esc_in_the_panel(tmp_path: Path) -> None:
    async with at_review(tmp_path, who="Ana", reviewing=None, prepare=objected) as r:
        await r.press("!")

        async def ask() -> None:
            await r.row("review")
            await r.press("x")

        await leaves_it(r, ask, "Reject")


@pytest.mark.parametrize(
    "keys",
    [("1",), ("3",), ("4",), ("0",), ("5", "tab", "tab", "tab"), ("6", "r"), ("6", "r", "tab")],
    ids=lambda keys: "-".join(keys),
)
async def test_nothing_is_settled_by_esc(tmp_path: Path, keys: tuple[str, ...]) -> None:
    async with at_compare(tmp_path) as r:
        await r.to(VERDICT)
        await r.press("2")
        await r.because("So.")  # what Ctrl+S takes again where no reason is typed

        async def ask() -> None:
            await r.to(SPAN)
            await r.press(*keys)

        await leaves_it(r, ask, "Settle")


async def test_what_is_typed_for_one_place_is_not_offered_for_another(tmp_path: Path) -> None:
    async with at_compare(tmp_path) as r:
        await r.to(VERDICT)
        await r.press("1")
        await r.write(WORDS)
        await r.press("escape")
        await r.to(SPAN)
        await r.press("1")
        assert WORDS not in screen_text(r.app)
        await r.because("The date alone.")
        await r.to(VERDICT)
        await r.press("1")
        assert WORDS in screen_text(r.app)
        await r.press("enter")
        how = r.how(VERDICT)
        assert how is not None and how.rationale == WORDS and not r.drafts()


async def test_nothing_is_given_out_by_esc(tmp_path: Path) -> None:
    async with at_desk(tmp_path) as r:
        await r.press("Q")

        async def ask() -> None:
            await r.press("a")

        await leaves_it(r, ask, "Assign", "Bo")
        assert [one.reviewer for one in r.desk.assignments.of()] == ["Bo"]


async def test_nothing_is_submitted_or_written_to_a_file_by_esc(tmp_path: Path) -> None:
    async with at_review(tmp_path) as r:
        await r.press("a", "a", "a", "a")
        before, files = written(r), sorted(tmp_path.iterdir())
        await r.press("ctrl+s")
        assert isinstance(r.app.screen, SubmitScreen)
        await r.press("ctrl+s", "escape", "ctrl+s", "escape")  # asked once what is left, and left
        assert r.uncovered
        await r.press("ctrl+e", "enter")
        assert isinstance(r.app.screen, SaveForm)
        await r.write("claims.csv")
        await r.press("escape")
        assert r.uncovered and written(r) == before and "claims.csv" not in [path.name for path in tmp_path.iterdir()]
        assert len(files) <= len(list(tmp_path.iterdir()))


@pytest.mark.parametrize(
    ("keys", "found"),
    [
        (("t", "J"), lambda r: r.desk.verdicts.of(r.claims()[0])[0].justification),
        (("t", "c"), lambda r: r.desk.threads.of(r.claims()[0])[0].body),
        (("t", "enter", "down", "down", "down", "enter"), lambda r: r.claims()[0].claim_text),
        (("t", "enter", "down", "down", "down", "enter", "tab"), lambda r: r.claims()[0].claimant),
        (("t", "e", "tab", "tab"), lambda r: r.desk.evidence.of(r.claims()[0])[0].quote),
        (("t", "e", "tab", "tab", "tab"), lambda r: r.desk.evidence.of(r.claims()[0])[0].locator),
        (("Q", "e", "tab", "tab"), lambda r: r.desk.articles.all()[0].publisher),
    ],
    ids=lambda value: "-".join(value) if isinstance(value, tuple) else "",
)
async def test_where_fields_save_on_leaving_esc_closes_and_saves(
    tmp_path: Path, keys: tuple[str, ...], found: Callable[[Room], str]
) -> None:
    async with at_desk(tmp_path) as r:
        await r.press(*keys)
        editor = r.app.screen.focused
        assert isinstance(editor, (LineEditor, TextEditor)) and "Esc Done" in screen_text(r.app)
        await r.write(WORDS)
        await r.press("escape")
        assert found(r) == WORDS and not editor.is_attached and not r.drafts()


async def test_a_reason_for_a_verdict_that_is_given_is_saved_by_esc_and_decides_nothing(tmp_path: Path) -> None:
    async with at_review(tmp_path) as r:
        await r.press("J")
        await r.write(WORDS)
        await r.press("escape")
        assert r.review("C1") is None and "0 of 4 reviewed" in await r.head()
        assert [one.justification for one in r.desk.verdicts.of(r.claim("C1")) if one.by == "Ben"] == [WORDS]


async def test_what_waits_in_the_panel_is_kept_when_the_app_is_left(tmp_path: Path) -> None:
    async with at_review(tmp_path) as r:
        await r.press("W")
        await r.write(WORDS)
        await r.press("ctrl+q")
        await r.until(lambda: r.app.return_code is not None, "the app is left")
        assert r.review("C1") is None and len(r.drafts()) == 1


async def test_without_words_it_is_asked_for_them(tmp_path: Path) -> None:
    async with at_review(tmp_path, who="Ana", reviewing=None, prepare=objected) as r:
        await r.press("I", "x", "ctrl+s")
        assert "Write it in words first" in r.said[-1] and "Ctrl+S Reject" in screen_text(r.app)
        review = r.review("C1")
        assert review is not None and not review.answered


async def test_words_that_cannot_be_kept_go_into_the_clipboard(tmp_path: Path) -> None:
    folder = drafts_folder()
    folder.parent.mkdir(parents=True, exist_ok=True)
    folder.write_text("a file where the folder should be")
    async with at_review(tmp_path) as r:
        await r.press("D", "1")
        await r.write(WORDS)
        await r.press("escape")
        assert r.review("C1") is None and r.app.clipboard == WORDS and "in the clipboard" in r.said[-1]
