"""Agreement on the screen: every figure with its n, what is not defined in words, and the claims behind each."""

from __future__ import annotations

import json
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from pathlib import Path
from threading import Event

import pytest

from store.desk import Desk
from store.measure.figures import Figure
from store.records import Article
from tests.kit.at_the_article import SENTENCES, Room, span
from tests.kit.at_the_comparison import AGREED, SPAN, VERDICT, check, compared_desk
from tests.kit.patience import PATIENCE
from tests.kit.pilot import SIZES, STORY_SIZES, screen_text, settle, write_file
from tui import settings
from tui.app import FactdeskApp
from tui.compare.agreement import AgreementScreen
from tui.compare.figure_claims import BehindScreen


def tagged(desk: Desk, article: Article) -> None:
    """Ana and Ben tag alone: Ben leaves one, differs on a verdict and on a span. Both submit; Cleo does not."""
    desk.be("Mara")
    desk.assignments.assign([article], ["Ana", "Ben", "Cleo"], "checker", blind="all")
    desk.be("Ana")
    check(desk, article, *SENTENCES[:5])
    desk.be("Ben")
    check(desk, article, AGREED, SENTENCES[3])
    (other,) = check(desk, article, VERDICT, verdict="mixed")
    desk.evidence.add(other, "refutes", url="https://other.example")
    check(desk, article, "inspected in 2019")
    desk.be("Cleo")
    check(desk, article, AGREED)
    for name in ("Ana", "Ben"):
        desk.be(name)
        desk.submissions.submit(article, "checker")


@asynccontextmanager
async def at_agreement(
    folder: Path,
    size: tuple[int, int] = (120, 40),
    *,
    keys: tuple[str, ...] = ("%",),
    sets: Callable[[Desk, Article], None] = tagged,
) -> AsyncIterator[Room]:
    """The figures on the desk, opened from the library and counted."""
    with compared_desk(folder, sets) as (desk, article):
        desk.be("Dana")
        app = FactdeskApp(desk, settings.load())
        async with app.run_test(size=size) as pilot:
            room = Room(desk, article, app, pilot)
            await settle(pilot)
            await room.press(*keys)
            await room.until(lambda: counted(room), "everything is counted")
            yield room


def counted(r: Room) -> bool:
    screen = r.app.screen
    return isinstance(screen, AgreementScreen) and screen.counted


def rows(r: Room) -> list[str]:
    return [" ".join(row.split()) for row in screen_text(r.app).splitlines()]


@pytest.mark.parametrize("size", SIZES)
async def test_every_figure_has_its_value_and_its_n(tmp_path: Path, size: tuple[int, int]) -> None:
    async with at_agreement(tmp_path, size) as r:
        seen = rows(r)
        assert any(row.startswith("agreement Ana, Ben 1 article") for row in seen)
        assert any(row.startswith("Ana and Ben 1 article that both submitted") for row in seen)
        assert any(row.startswith("span F1, same span 0.667 9") for row in seen)
        assert any(row.startswith("span F1, overlap of 0.5 or more 0.889 9") for row in seen)
        assert any(row.startswith("raw agreement 0.750 4") for row in seen)
        assert all(len(row) <= size[0] for row in screen_text(r.app).splitlines())


@pytest.mark.quick
async def test_what_is_not_defined_is_said_in_words(tmp_path: Path) -> None:
    async with at_agreement(tmp_path) as r:
        assert any(row.startswith("Krippendorff's alpha, MASI n/a: no types given") for row in rows(r))


def falls_in(desk: Desk, article: Article) -> None:
    """Ben opens his set again once he has seen Ana's, and gives her verdict."""
    tagged(desk, article)
    desk.be("Ben")
    desk.submissions.reopen(article, "checker")
    (own,) = (one for one in desk.claims.of(article) if one.quote == VERDICT and one.checker == "Ben")
    desk.evidence.add(own, "supports", url="https://other.example/more")
    desk.verdicts.give(own, "supported")
    desk.submissions.submit(article, "checker")


@pytest.mark.parametrize("size", STORY_SIZES)
async def test_verdicts_changed_after_the_reveal_are_shown_both_ways(tmp_path: Path, size: tuple[int, int]) -> None:
    async with at_agreement(tmp_path, size, sets=falls_in) as r:
        seen = rows(r)
        assert any(row.startswith("Verdicts changed after the reveal: Ben 1.") for row in seen)
        at = seen.index("verdict on what both marked, after the reveal")
        assert seen[at + 1].startswith("raw agreement 1.000 4")
        assert seen[at + 2].startswith("as first given blind 0.750 4")


async def test_the_q_of_ac1_is_named(tmp_path: Path) -> None:
    async with at_agreement(tmp_path, (80, 24)) as r:
        for _ in range(20):
            if "Gwet's AC1: " in screen_text(r.app):
                break
            await r.press("j")
        said = " ".join(screen_text(r.app).split())
        assert "The q of Gwet's AC1 is the number of verdicts in the scheme and of any others that were given." in said


async def test_sets_that_are_not_submitted_are_left_out_and_it_says_so(tmp_path: Path) -> None:
    async with at_agreement(tmp_path) as r:
        assert any(row.startswith("Left out, because not submitted: Cleo on 1.") for row in rows(r))


async def test_verdicts_stand_in_a_table_of_who_said_what(tmp_path: Path) -> None:
    async with at_agreement(tmp_path) as r:
        seen = rows(r)
        at = seen.index("verdicts: of Ana in rows, of Ben in columns")
        assert seen[at + 1] == "✓ ~" and seen[at + 2] == "✓ Supported 3 1" and seen[at + 3] == "~ Mixed · ·"


async def test_the_row_under_the_cursor_is_told_in_full(tmp_path: Path) -> None:
    async with at_agreement(tmp_path, (80, 24)) as r:
        assert "span F1, same span: 0.667; n = 9 claims" in screen_text(r.app)
        assert "Enter lists the claims behind one." in screen_text(r.app)


async def test_the_row_under_the_cursor_is_told_again_when_its_interval_is_known(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    may_go_on = Event()

    def late(_: Figure) -> tuple[float, float] | None:
        may_go_on.wait(PATIENCE)
        return 0.25, 0.75

    monkeypatch.setattr(Figure.interval, "func", late)
    with compared_desk(tmp_path, tagged) as (desk, article):
        desk.be("Dana")
        app = FactdeskApp(desk, settings.load())
        async with app.run_test(size=(80, 24)) as pilot:
            r = Room(desk, article, app, pilot)
            try:
                await settle(pilot)
                await r.press("%")
                await r.until(lambda: "n = 9 claims" in screen_text(app), "the figures are laid out")
                assert "95 % interval" not in screen_text(app)
            finally:
                may_go_on.set()
            await r.until(lambda: counted(r), "everything is counted")
            assert "n = 9 claims; 95 % interval 0.250–0.750" in " ".join(rows(r))


async def test_enter_lists_the_claims_behind_a_figure_and_opens_the_article_there(tmp_path: Path) -> None:
    async with at_agreement(tmp_path) as r:
        await r.press("enter")
        assert isinstance(r.app.screen, BehindScreen)
        seen = screen_text(r.app)
        assert "span F1, same span, Ana and Ben: 5 claims behind it" in seen
        assert seen.count("agreed") >= 3 and "span differs" in seen and "only Ana" in seen
        await r.write("differs")
        assert "C3" in screen_text(r.app) and "only Ana" not in screen_text(r.app)
        await r.press("enter")
        await r.until(lambda: r.uncovered and r.screen.listening, "the article is open")
        assert r.at.startswith(SPAN)
        await r.press("q")
        assert isinstance(r.app.screen, BehindScreen)


async def test_a_claim_withdrawn_since_is_listed_as_that(tmp_path: Path) -> None:
    async with at_agreement(tmp_path) as r:
        claim = next(one for one in r.desk.claims.of(r.article) if one.quote == SPAN)
        with Desk.open(r.desk.path, "Rita") as other:
            review = other.reviews.decide(claim.id, "reject_claim")
            other.be("Ana")
            other.answers.answer(review, "accepted")
        await r.press("enter")
        await r.write("span differs")
        assert f"Ana: {claim.name}, withdrawn" in screen_text(r.app)
        assert SPAN[:30] in screen_text(r.app)
        await r.press("enter")
        await r.until(lambda: r.uncovered and r.screen.listening, "the article is open")


async def test_a_heading_has_no_claims_behind_it(tmp_path: Path) -> None:
    async with at_agreement(tmp_path) as r:
        await r.press("g", "g", "enter")
        assert r.said[-1].startswith("Choose a figure")


async def test_figures_are_shown_article_by_article_and_pooled_again(tmp_path: Path) -> None:
    async with at_agreement(tmp_path) as r:
        await r.press("tab")
        await r.until(lambda: counted(r), "everything is counted")
        seen = rows(r)
        assert "1 Bridge" in seen and seen[0].endswith("article by article")
        assert any(row.startswith("span F1, same span 0.667 9") for row in seen)
        await r.press("tab")
        assert "1 Bridge" not in rows(r) and rows(r)[0].endswith("pooled")


@pytest.mark.parametrize("ending", ["json", "csv", "md"])
async def test_the_figures_are_written_to_a_file_as_its_name_ends(tmp_path: Path, ending: str) -> None:
    async with at_agreement(tmp_path) as r:
        await r.press("x")
        said = await write_file(r.pilot, f"figures.{ending}")
        assert said == f"Agreement written to {tmp_path / f'figures.{ending}'}."
        text = (tmp_path / f"figures.{ending}").read_text("utf-8")
        if ending == "json":
            assert json.loads(text)["left_out"][0]["person"] == "Cleo"
        else:
            assert "span_f1_exact" in text if ending == "csv" else "# Agreement" in text


async def test_a_file_of_another_ending_is_refused(tmp_path: Path) -> None:
    async with at_agreement(tmp_path) as r:
        await r.press("x")
        assert (await write_file(r.pilot, "figures.doc")).startswith("Give a name that ends in .json, .csv, .md")
        assert not (tmp_path / "figures.doc").exists()
        await r.press("escape", "escape")
        assert not isinstance(r.app.screen, AgreementScreen)


async def test_where_nobody_has_submitted_it_is_said(tmp_path: Path) -> None:
    def alone(desk: Desk, article: Article) -> None:
        desk.claims.tag(article, *span(desk.articles.text(article), AGREED))

    with compared_desk(tmp_path, alone) as (desk, article):
        app = FactdeskApp(desk, settings.load(), article)
        async with app.run_test(size=(80, 24)) as pilot:
            r = Room(desk, article, app, pilot)
            await r.until(lambda: r.screen.listening, "the screen listens")
            await r.press("%")
            await r.until(lambda: counted(r), "everything is counted")
            seen = screen_text(app)
            assert "Agreement needs two submitted sets" in seen and "Left out, because not submitted: Ana on 1." in seen
            assert "n/a: needs two" in seen


async def test_counting_that_is_done_cannot_be_stopped(tmp_path: Path) -> None:
    async with at_agreement(tmp_path) as r:
        assert "Stop" not in screen_text(r.app).splitlines()[-1], "the foot offers what there is to do"
        await r.press("s")
        assert r.said[-1] == "Everything is counted already."


async def test_counting_can_be_stopped_and_what_is_there_stays(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    from threading import Event

    from store.measure import figures

    go_on = Event()
    interval = figures.Figure.interval.func  # type: ignore[attr-defined]

    def slow(figure: figures.Figure) -> object:
        go_on.wait(PATIENCE)
        return interval(figure)

    monkeypatch.setattr(figures.Figure.interval, "func", slow)
    with compared_desk(tmp_path, tagged) as (desk, _):
        desk.be("Dana")
        app = FactdeskApp(desk, settings.load())
        async with app.run_test(size=(120, 40)) as pilot:
            r = Room(desk, desk.articles.all()[0], app, pilot)
            await settle(pilot)
            await r.press("%")
            await r.until(lambda: "counting 0 of" in screen_text(app), "counting has begun")
            assert "Stop" in screen_text(app).splitlines()[-1]
            await r.press("s")
            assert "Stop" not in screen_text(app).splitlines()[-1]
            go_on.set()
            assert "stopped at 0 of" in screen_text(app)
            assert any(row.startswith("span F1, same span 0.667") for row in rows(r))
            await r.press("q")
            assert not isinstance(app.screen, AgreementScreen)


async def test_blind_sets_stay_hidden_in_the_figures(tmp_path: Path) -> None:
    with compared_desk(tmp_path, tagged) as (desk, _):
        desk.be("Cleo")
        app = FactdeskApp(desk, settings.load())
        async with app.run_test(size=(120, 40)) as pilot:
            r = Room(desk, desk.articles.all()[0], app, pilot)
            await settle(pilot)
            await r.press("%")
            await r.until(lambda: counted(r), "everything is counted")
            seen = screen_text(app)
            assert "Ana" not in seen and "Ben" not in seen and "nobody has submitted a set" in seen
