"""Reading an article to its end: places in hand, sweeping what is left, claims that lack something, by real keys."""

from __future__ import annotations

from pathlib import Path

import pytest

from store.desk import Desk
from store.records import Article
from tests.kit import paths
from tests.kit.at_the_article import SENTENCES, TAGGED, TEXT, Room, at_desk, colleague, opened, span
from tests.kit.desks import desk_at
from tests.kit.pilot import SIZES, screen_text
from tests.kit.sample_claims import SAMPLE_CLAIMS
from tui.review.submit import SubmitScreen
from tui.view.paint import MAP

SAMPLE = paths.SAMPLE.read_text(encoding="utf-8")
PRICES = "Prices rose 5% in May and fell 3% in June. Nobody knew why."
HALF = "Prices rose 5% in May"


def in_hand(r: Room) -> str:
    return r.view.text[slice(*r.view.place)] if r.view.place else ""


def swept(r: Room) -> list[str]:
    return [r.view.text[sweep.start : sweep.end] for sweep in r.desk.sweeps.of(r.article)]


@pytest.fixture
def sample(tmp_path: Path) -> tuple[Desk, Article]:
    with desk_at(tmp_path) as desk:
        article = desk.articles.add(SAMPLE, title="Two prisoners")
        with desk.together():
            for place in SAMPLE_CLAIMS:
                desk.claims.tag(article, *place)
        yield desk, article


def half_tagged(desk: Desk) -> Article:
    article = desk.articles.add(PRICES, title="Prices")
    desk.claims.tag(article, 0, len(HALF))
    return article


# Places


@pytest.mark.parametrize("size", SIZES, ids=lambda size: f"{size[0]}x{size[1]}")
async def test_f_and_capital_f_go_through_all_that_is_left_in_the_order_of_the_text(
    sample: tuple[Desk, Article], size: tuple[int, int]
) -> None:
    desk, article = sample
    left = [SAMPLE[place.start : place.end] for place in desk.coverage.of(article).residue]
    assert len(left) == 8
    async with opened(desk, article, size=size) as r:
        head = (await r.seen()).splitlines()[0]
        assert "read 81 %" in head and "checked 0 of 28" in head
        assert size[0] < 100 or ("3 sentences, 5 leftovers" in head and "28 lack a verdict" in head)
        been = [in_hand(r)]
        for _ in left[1:]:
            await r.press("f")
            been.append(in_hand(r))
        assert been == left and r.said == []
        await r.press("f")
        assert in_hand(r) == left[0] and r.said == ["Wrapped around to the first unread place."]
        await r.press("F", "F")
        assert in_hand(r) == left[-2] and r.said[-1] == "Wrapped around to the last unread place."
        margins = {row[:1] for row in (await r.seen()).splitlines()[1:-1]}
        assert "◦" in margins


async def test_t_tags_what_is_in_hand_without_its_conjunction_and_s_sweeps_exactly_it(tmp_path: Path) -> None:
    with desk_at(tmp_path) as desk:
        async with opened(desk, half_tagged(desk)) as r:
            assert in_hand(r) == "and fell 3% in June" and r.view.caret == len(HALF) + 1
            await r.press("t")
            assert r.quotes() == [HALF, "fell 3% in June"] and in_hand(r) == ""
            await r.press("u", "f", "s")
            assert r.quotes() == [HALF] and swept(r) == ["and fell 3% in June"]
            await r.press("s")
            assert swept(r) == [] and "Took the sweep back" in r.said[-1]
            await r.press("f", "f")
            assert in_hand(r) == "Nobody knew why."
            await r.press("s", "f")
            assert swept(r) == ["Nobody knew why."] and in_hand(r) == "and fell 3% in June"


@pytest.mark.parametrize("keys", [["l"], ["w"], ["v"], ["i", "w"], ["down"], ["escape"], ["G"], ["["]])
async def test_a_motion_an_object_or_esc_lets_the_place_go(tmp_path: Path, keys: list[str]) -> None:
    with desk_at(tmp_path) as desk:
        async with opened(desk, half_tagged(desk)) as r:
            assert in_hand(r)
            await r.press(*keys)
            assert in_hand(r) == ""


async def test_the_caret_stands_on_the_first_word_and_not_on_a_mark(tmp_path: Path) -> None:
    async with at_desk(tmp_path) as r:
        await r.press("f", "f")
        assert in_hand(r) == SENTENCES[2] and r.at.startswith("It was inspected")
        await r.press("t")
        assert r.quotes() == [TAGGED[2]]


async def test_what_is_left_of_this_sentence_comes_first(tmp_path: Path) -> None:
    with desk_at(tmp_path) as desk:
        article = desk.articles.add(PRICES, title="Prices")
        desk.claims.tag(article, *span(PRICES, "fell 3% in June"))
        async with opened(desk, article) as r:
            await r.press("]", "f")
            assert in_hand(r) == "Prices rose 5% in May and"
            await r.press("escape", "ctrl+end", "f")
            assert in_hand(r) == "Nobody knew why." or r.said


async def test_a_place_that_another_reads_meanwhile_is_in_hand_no_more(tmp_path: Path) -> None:
    with desk_at(tmp_path) as desk:
        async with opened(desk, half_tagged(desk)) as r:
            with colleague(r) as ben:
                ben.sweeps.add(r.article, *span(PRICES, "and fell"))
            await r.until(lambda: r.screen.open.sweeps, "the sweep is here")
            assert in_hand(r) == ""
            await r.press("f")
            assert in_hand(r) == "3% in June"


# Sweeping


async def test_s_in_a_half_tagged_sentence_sweeps_what_is_left_and_never_the_claim(tmp_path: Path) -> None:
    with desk_at(tmp_path) as desk:
        article = desk.articles.add(PRICES, title="Prices")
        claim = desk.claims.tag(article, *span(PRICES, "5% in May"))
        other = desk.claims.tag(article, *span(PRICES, "3% in June"))
        async with opened(desk, article) as r:
            await r.press("[", "s")
            assert swept(r) == ["Prices rose", "and fell"]
            assert r.desk.coverage.of(r.article).open_sentences == 1 and r.desk.coverage.of(r.article).leftovers == 0
            assert [(c.id, c.quote) for c in r.claims()] == [(claim.id, "5% in May"), (other.id, "3% in June")]
            await r.press("u")
            assert swept(r) == [], "one key is one step of undo"
            await r.press("s", "s")
            assert swept(r) == [] and r.said[-1] == "Took 2 sweeps back; u brings them again."
            await r.press("u")
            assert swept(r) == ["Prices rose", "and fell"]


async def test_a_selection_is_swept_around_the_claims_in_it(tmp_path: Path) -> None:
    with desk_at(tmp_path) as desk:
        async with opened(desk, half_tagged(desk)) as r:
            await r.press("ctrl+home", "v", "G", "s")
            assert swept(r) == ["and fell 3% in June. Nobody knew why"] and r.view.selection is None
            await r.press("ctrl+home", "s")
            assert swept(r) == [] and r.quotes() == [HALF]


async def test_where_every_word_is_in_a_claim_there_is_nothing_to_sweep(tmp_path: Path) -> None:
    async with at_desk(tmp_path) as r:
        await r.press("t", "s")
        assert r.said[-1] == "Nothing is left to sweep here: every word is in a claim."
        assert swept(r) == [] and r.quotes() == [TAGGED[0]]


# What is missing


async def test_m_goes_to_each_claim_that_lacks_something_until_every_claim_is_checked(tmp_path: Path) -> None:
    with desk_at(tmp_path) as desk:
        article = desk.articles.add(TEXT, title="Bridge")
        claims = [desk.claims.tag(article, *span(TEXT, sentence)) for sentence in SENTENCES[:3]]
        desk.verdicts.give(claims[1], "refuted")
        desk.verdicts.give(claims[2], "not_enough_evidence")
        async with opened(desk, article, size=(200, 60)) as r:
            assert "1 lacks a verdict, 1 evidence, 1 a justification" in (await r.seen()).splitlines()[0]
            await r.press("ctrl+home", "m")
            assert r.said[-1] == "C2: refuted needs 1 piece of evidence that refutes."
            r.desk.evidence.add(claims[1], "refutes", quote="No.")
            await r.press("m")
            assert r.said[-1].startswith("C3: not enough evidence needs a justification")
            r.desk.verdicts.justify(claims[2], "Nobody was asked.")
            await r.press("m")
            assert r.said[-1].startswith("C1: it needs a verdict. Wrapped around")
            key = [kind.key for kind in r.desk.scheme.active].index("not_checkable") + 1
            r.desk.verdicts.justify(claims[0], "Nobody knows.")
            await r.press(str(key), "m")
            assert r.said[-1] == "Every claim here is checked."
            assert "checked 3 of 3" in (await r.seen()).splitlines()[0]


async def test_g_m_lists_what_is_missing_and_enter_goes_there(tmp_path: Path) -> None:
    with desk_at(tmp_path) as desk:
        article = desk.articles.add(TEXT, title="Bridge")
        for sentence in SENTENCES[:2]:
            desk.claims.tag(article, *span(TEXT, sentence))
        async with opened(desk, article) as r:
            await r.press("g", "m")
            assert isinstance(r.app.screen, SubmitScreen) and "C1 has no verdict" in screen_text(r.app)
            await r.press("enter")
            assert r.uncovered and r.in_hand and r.in_hand.name == "C1"
            await r.press("ctrl+s", "G", "m", "down", "enter")
            assert r.uncovered and r.in_hand and r.in_hand.name == "C2"


async def test_from_the_summary_one_goes_to_what_is_left_with_it_in_hand(tmp_path: Path) -> None:
    with desk_at(tmp_path) as desk:
        async with opened(desk, half_tagged(desk)) as r:
            await r.press("G", "ctrl+s")
            seen = screen_text(r.app)
            assert "Not read yet  1 sentence, 1 leftover" in seen
            assert "◦ and fell 3% in June" in seen and "· Nobody knew why." in seen
            await r.press("down", "enter")
            assert in_hand(r) == "and fell 3% in June"
            await r.press("t")
            assert r.quotes() == [HALF, "fell 3% in June"]


async def test_submitting_with_something_unread_asks_once_and_keeps_what_was_left(tmp_path: Path) -> None:
    with desk_at(tmp_path) as desk:
        article = half_tagged(desk)
        desk.verdicts.give(desk.claims.of(article)[0], "not_checkable", "Nobody knows.")
        async with opened(desk, article) as r:
            await r.press("ctrl+s", "ctrl+s")
            assert r.said[-1].startswith("Not read yet: 1 sentence, 1 leftover. Ctrl+S again submits all the same")
            assert desk.submissions.unread(article) == []
            await r.press("ctrl+s")
            assert "■ submitted" in screen_text(r.app)
            (kept,) = desk.submissions.unread(article)
            assert kept.places == desk.coverage.of(article).residue


async def test_the_reviewer_sees_what_the_checker_had_left_unread(tmp_path: Path) -> None:
    with desk_at(tmp_path) as desk:
        article = half_tagged(desk)
        desk.verdicts.give(desk.claims.of(article)[0], "not_checkable", "Nobody knows.")
        desk.submissions.submit(article, "checker")
        desk.be("Ben")
        desk.sweeps.add(article, len(HALF) + 1, len(PRICES))
        async with opened(desk, article, size=(120, 40)) as r:
            await r.press("V", "ctrl+s")
            seen = screen_text(r.app)
            assert "Read 100 %, nothing is left." in seen
            assert "Left unread by Ana when they submitted  1 sentence, 1 leftover" in seen
            assert "◦ and fell 3% in June" in seen


# Drawing


@pytest.mark.parametrize("colour", [True, False])
async def test_the_place_in_hand_is_seen_with_colour_and_without(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, colour: bool
) -> None:
    monkeypatch.setenv("TERM", "xterm-256color")
    monkeypatch.setenv("COLORTERM", "truecolor")
    if not colour:
        monkeypatch.setenv("NO_COLOR", "1")
    with desk_at(tmp_path) as desk:
        async with opened(desk, half_tagged(desk)) as r:
            row = (await r.seen()).splitlines()[1]
            style = r.view.render_line(0).crop(5 + len(HALF) + 6, 5 + len(HALF) + 7)
            held = next(iter(style)).style
            await r.press("escape")
            bare = (await r.seen()).splitlines()[1]
            style = r.view.render_line(0).crop(5 + len(HALF) + 6, 5 + len(HALF) + 7)
            assert held != next(iter(style)).style
            assert ("[and fell 3% in June" in row) is not colour and "[" not in bare
            assert row.replace("[", " ").replace("]", " ")[:-MAP] == bare[:-MAP], "no cell is hidden"


async def test_an_edit_in_a_long_text_looks_at_its_own_sentence_only(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    from store.text.coverage import Ledger

    text = "\n\n".join([TEXT] * 300)
    looked: list[int] = []
    look = Ledger._look
    monkeypatch.setattr(Ledger, "_look", lambda self, k: looked.append(k) or look(self, k))
    async with at_desk(tmp_path, text=text) as r:
        await r.until(lambda: hasattr(r.screen, "open"), "the article is read")
        looked.clear()
        await r.press("t", "7", "f", "s", "u")
        assert sorted(set(looked)) == [0, 1] and len(looked) == 3
