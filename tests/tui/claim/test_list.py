"""The list of claims: order, filter, count, and keeping up with single changes."""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest
from textual.pilot import Pilot

from store.desk import Desk
from store.records import Article, Claim
from tests.kit.at_a_claim import ClaimApp
from tests.kit.desks import desk_at
from tests.kit.hostile import NASTY
from tests.kit.pilot import screen_text, send, settle, type_text
from tui.claim.list import ClaimList, matcher

TEXT = "Rain fell. Snow fell later. Hail fell last. It was open to all. The rain went on."


@dataclass
class Listing:
    desk: Desk
    article: Article
    list: ClaimList
    app: ClaimApp
    pilot: Pilot[Any]

    def rows(self) -> list[str]:
        """The rows as they stand on the screen, without the head."""
        rows = self.list.rows
        return [text for y in range(rows.size.height) if (text := rows.render_line(y).text.strip())]

    async def filter(self, words: str) -> list[str]:
        """Type a filter; gives the names of the claims that are left."""
        self.list.action_filter()
        self.list.filter_line.value = ""
        await type_text(self.pilot, words)
        return [row.split()[0] for row in self.rows() if row[0] == "C"]


@asynccontextmanager
async def listing(folder: Path, width: int = 100, size: tuple[int, int] = (140, 30)) -> AsyncIterator[Listing]:
    with desk_at(folder) as desk:
        article = desk.articles.add(TEXT, title="Weather")
        spans = desk.coverage.sentences(article)
        for place in (1, 0, 2):
            desk.claims.tag(article, *spans[place])
        desk.be("Ben")
        for place in (3, 4):
            desk.claims.tag(article, *spans[place])
        desk.verdicts.give(desk.claims.get("C4", article), "supported")
        desk.be("Ana")
        desk.verdicts.give(desk.claims.get("C1", article), "refuted", "It was hail.")
        desk.claims.edit(desk.claims.get("C3", article), claim_text="Ice fell.", claimant="the Ministry")
        claims = ClaimList(desk)
        heard: list[Any] = []
        app = ClaimApp(claims, width, lambda: claims.show_claims(desk.claims.of(article)))
        app.heard = heard
        async with app.run_test(size=size, message_hook=heard.append) as pilot:
            await settle(pilot)
            claims.focus()
            await settle(pilot)
            yield Listing(desk, article, claims, app, pilot)


@pytest.mark.quick
async def test_claims_stand_in_text_order_with_verdict_quote_and_checker(tmp_path: Path) -> None:
    async with listing(tmp_path) as at:
        assert [row.split() for row in at.rows()] == [
            ["C2", "○", "no", "verdict", "Rain", "fell.", "Ana"],
            ["C1", "✗", "Refuted", "Snow", "fell", "later.", "Ana"],
            ["C3", "○", "no", "verdict", "Hail", "fell", "last.", "Ana"],
            ["C4", "✓", "Supported", "It", "was", "open", "to", "all.", "Ben"],
            ["C5", "○", "no", "verdict", "The", "rain", "went", "on.", "Ben"],
        ]
        assert "5 claims" in screen_text(at.app)
        assert "3 without a verdict" in screen_text(at.app)


FOUND: tuple[tuple[str, list[str]], ...] = (
    ("rain", ["C2", "C5"]),
    ("RAIN on", ["C5"]),
    ("ice", ["C3"]),
    ("ministry", ["C3"]),
    ("open", ["C2", "C3", "C5"]),
    ('"open"', ["C4"]),
    ('"fell l"', ["C1", "C3"]),
    ("verdict:refuted", ["C1"]),
    ("verdict:supp", ["C4"]),
    ("refuted", ["C1"]),
    ("ben supported", ["C4"]),
    ("by:be", ["C4", "C5"]),
    ("by:ben open", ["C5"]),
    ("verdict:refuted by:ben", []),
    ("by:", []),
    ("", ["C2", "C1", "C3", "C4", "C5"]),
)
"""Which claims words of the filter leave."""


async def test_the_filter_narrows_the_list(tmp_path: Path) -> None:
    async with listing(tmp_path) as at:
        for words, names in FOUND:
            assert await at.filter(words) == names, words
            assert at.list.count == ("5" if len(names) == 5 else f"{len(names)} of 5"), words
            assert f"{at.list.count} claims" in screen_text(at.app), words
            assert ("No claim matches." in screen_text(at.app)) == (not names), words


async def test_enter_in_the_filter_goes_to_the_first_claim_found(tmp_path: Path) -> None:
    async with listing(tmp_path) as at:
        await at.filter("by:ben")
        await send(at.pilot, "down", "enter")
        assert [message.claim for message in at.app.kept(ClaimList.Chosen)] == [at.desk.claims.get("C5", at.article).id]


async def test_escape_leaves_the_filter_which_stays_while_it_holds_words(tmp_path: Path) -> None:
    async with listing(tmp_path) as at:
        await at.filter("rain")
        await send(at.pilot, "escape")
        assert at.app.focused is at.list.rows
        assert at.list.filter_line.display
        assert len(at.rows()) == 2
        await at.filter("")
        await send(at.pilot, "escape")
        assert not at.list.filter_line.display
        assert len(at.rows()) == 5


async def test_enter_and_a_double_click_choose_the_claim_in_the_row(tmp_path: Path) -> None:
    async with listing(tmp_path) as at:
        await send(at.pilot, "down", "enter")
        await at.pilot.click(at.list.rows, offset=(8, 3), times=2)
        await settle(at.pilot)
        names = [at.desk.claims.get(message.claim).name for message in at.app.kept(ClaimList.Chosen)]
        assert names == ["C1", "C4"]


async def test_a_changed_claim_is_shown_anew_where_it_stands(tmp_path: Path) -> None:
    async with listing(tmp_path) as at:
        claim = at.desk.claims.get("C2", at.article)
        at.desk.verdicts.give(claim, "supported")
        at.list.put(at.desk.claims.get(claim.id))
        await settle(at.pilot)
        assert at.rows()[0].split()[:3] == ["C2", "✓", "Supported"]
        assert "2 without a verdict" in screen_text(at.app)


async def test_a_moved_claim_finds_its_new_place(tmp_path: Path) -> None:
    async with listing(tmp_path) as at:
        claim = at.desk.claims.get("C2", at.article)
        at.list.put(at.desk.claims.move(claim, 16, 27))
        await settle(at.pilot)
        assert [row.split()[0] for row in at.rows()] == ["C1", "C2", "C3", "C4", "C5"]


async def test_a_new_claim_joins_and_a_deleted_one_goes(tmp_path: Path) -> None:
    async with listing(tmp_path) as at:
        new = at.desk.claims.tag(at.article, 0, 4)
        at.list.put(new)
        at.list.drop(at.desk.claims.get("C3", at.article).id)
        at.list.drop("nobody")
        await settle(at.pilot)
        assert [row.split()[0] for row in at.rows()] == ["C2", "C6", "C1", "C4", "C5"]
        assert at.list.count == "5"


async def test_a_changed_claim_joins_or_leaves_what_the_filter_shows(tmp_path: Path) -> None:
    async with listing(tmp_path) as at:
        assert await at.filter("open") == ["C2", "C3", "C5"]
        claim = at.desk.claims.get("C3", at.article)
        at.desk.verdicts.give(claim, "supported")
        at.list.put(at.desk.claims.get(claim.id))
        at.desk.verdicts.give(at.desk.claims.get("C1", at.article), "")
        at.list.put(at.desk.claims.get("C1", at.article))
        await settle(at.pilot)
        assert [row.split()[0] for row in at.rows()] == ["C2", "C1", "C5"]
        assert at.list.count == "3 of 5"


async def test_the_claim_at_hand_is_marked_and_in_view(tmp_path: Path) -> None:
    async with listing(tmp_path, size=(140, 5)) as at:
        for name in ("C5", "C2"):
            at.list.activate(at.desk.claims.get(name, at.article).id)
            await settle(at.pilot)
            assert [row.split()[1] for row in at.rows() if row.startswith("▸")] == [name]
        at.list.activate("nobody")
        await settle(at.pilot)
        assert not any("▸" in row for row in at.rows())


@pytest.mark.parametrize("width", [30, 50, 70, 100])
async def test_every_width_shows_name_glyph_and_quote(tmp_path: Path, width: int) -> None:
    async with listing(tmp_path, width) as at:
        first, second = at.rows()[:2]
        assert "C2" in first and "○" in first and "Rain fell." in first
        assert "C1" in second and "✗" in second and "Snow fell" in second
        assert at.list.rows.render_line(0).cell_length == at.list.rows.size.width


async def test_an_empty_list_says_so(tmp_path: Path) -> None:
    async with listing(tmp_path) as at:
        at.list.show_claims([])
        await settle(at.pilot)
        assert "No claims yet." in screen_text(at.app)
        await send(at.pilot, "enter", "down", "end")
        assert not at.app.kept(ClaimList.Chosen)


async def test_hostile_quotes_are_shown_as_text(tmp_path: Path) -> None:
    async with listing(tmp_path) as at:
        claim = at.desk.claims.of(at.article)[0]
        for quote in filter(str.strip, NASTY):
            at.list.put(claim._replace(quote=quote))
            strip = at.list.rows.render_line(0)
            assert strip.cell_length == at.list.rows.size.width
            assert not any(c < " " or "\x7f" <= c < "\xa0" or c in "\u202e\u2066" for c in strip.text)


async def test_ten_thousand_claims_draw_only_the_rows_in_view(tmp_path: Path) -> None:
    async with listing(tmp_path) as at:
        claim = at.desk.claims.of(at.article)[0]
        many = [
            claim._replace(id=f"{n:05}", name=f"C{n}", start=n, end=n + 1, quote=f"word {n}", quote_shown=f"word {n}")
            for n in range(10_000)
        ]
        asked: list[int] = []
        cells = at.list._cells

        def counted(index: int) -> Any:
            asked.append(index)
            return cells(index)

        at.list._cells = counted  # type: ignore[method-assign]
        at.list.show_claims(many)
        await settle(at.pilot)
        await send(at.pilot, "end", "pageup")
        assert "C997" in screen_text(at.app)
        assert len(set(asked)) < 200
        assert (await at.filter("9999"))[-1:] == ["C9999"]


def test_a_filter_with_an_unknown_verdict_matches_nothing(tmp_path: Path) -> None:
    with desk_at(tmp_path) as desk:
        article = desk.articles.add(TEXT, title="Weather")
        claim: Claim = desk.claims.tag(article, 0, 4)
        assert not matcher("verdict:nonsense", desk.scheme)(claim)
        assert matcher("verdict:gone", desk.scheme)(claim._replace(verdict="gone"))
