"""Pictures: each state has a sign and a word, screen, lines and SVG show the same rows, and the veil holds."""

from __future__ import annotations

import re
from datetime import date, datetime
from pathlib import Path
from xml.etree import ElementTree

import pytest

from store import scheme
from store.library.picture_figures import Heat, heat_of, timeline_of
from store.settle.agreement import Matrix
from tests.kit.at_the_article import at_desk
from tests.kit.desks import desk_at
from tests.kit.pilot import screen_text, until
from tui.kit.picture import SIGNS, Picture, agreement_matrix, heat_map, plain_lines, svg, verdicts_over_time
from tui.kit.picture_screen import PictureScreen


def test_every_state_has_a_sign_of_its_own_and_a_word() -> None:
    assert SIGNS.keys() == set(Heat)
    for part in (0, 1):
        assert len({told[part] for told in SIGNS.values()}) == len(SIGNS)


@pytest.mark.parametrize("cells", [80, 120])
@pytest.mark.parametrize("text", ["", "One", "word " * 499, "a b c\n\n" + "long " * 3000 + "\nlast 5"])
def test_a_heat_map_has_a_row_for_each_paragraph_and_fits(text: str, cells: int) -> None:
    rows = heat_of(text, [], [(0, 3)], [], scheme.load())
    drawn = heat_map("x", rows, cells)
    assert [len(row.words) for row in rows] == [len(line.split()) for line in text.split("\n") if line.split()]
    assert all(len("".join(said for said, _ in row.pieces)) <= cells for row in drawn.rows)


def test_a_heat_map_tells_what_was_refuted_from_what_is_checked(tmp_path: Path) -> None:
    with desk_at(tmp_path) as desk:
        article = desk.articles.add("It fell. It stands. It was red.")
        for start, verdict, stance in ((0, "supported", "supports"), (9, "refuted", "refutes"), (20, "refuted", "")):
            claim = desk.claims.tag(article, start, start + 6)
            if stance:
                desk.evidence.add(claim, stance, url="https://example.org/a")
            desk.verdicts.give(claim, verdict, "So it is.")
        (row,) = heat_map("x", desk.library.heat(article), 80).rows
        assert "".join(said for said, _ in row.pieces).split() == ["1", "██✗✗▓▓‐"]
        assert row.says == "Paragraph 1, 7 words: 2 refuted, 2 lacks, 1 rest, 2 checked."


def test_verdicts_stand_in_days_then_weeks_then_more() -> None:
    def at(*day: int) -> int:
        return int(datetime(*day, 12).timestamp() * 1000)  # type: ignore[arg-type]

    days = timeline_of([("a", at(2026, 3, 1)), ("b", at(2026, 3, 3)), ("a", at(2026, 3, 3))], ["b", "a"])
    assert days == (date(2026, 3, 1), 1, {"b": (0, 0, 1), "a": (1, 0, 1)})
    weeks = timeline_of([("a", at(2026, 3, 4)), ("a", at(2026, 4, 8))], ["a"])
    assert (weeks.begins, weeks.days, weeks.counts["a"]) == (date(2026, 3, 2), 7, (1, 0, 0, 0, 0, 1))
    years = timeline_of([("a", at(2016, 3, 4)), ("a", at(2026, 4, 8))], ["a"])
    assert len(years.counts["a"]) <= 60 and sum(years.counts["a"]) == 2
    assert timeline_of([], ["a"]).counts == {}


def test_a_matrix_tells_too_few_from_none_and_is_the_same_both_ways() -> None:
    drawn = agreement_matrix(Matrix(("Ana", "Bo", "Cy"), {("Ana", "Bo"): (0.92, 25), ("Bo", "Cy"): (1.0, 4)}), 80)
    rows = ["".join(text for text, _ in row.pieces).split() for row in drawn.rows]
    assert rows[1:] == [["Ana", "·", "█", "92", "–"], ["Bo", "█", "92", "·", "(4)"], ["Cy", "–", "(4)", "·"]]
    assert "Ana with Bo 92% of 25." in drawn.rows[1].says
    assert "Nobody has submitted" in agreement_matrix(Matrix((), {}), 80).legend


def words_of(picture: Picture) -> list[str]:
    tree = ElementTree.fromstring(svg(picture))
    name = "{http://www.w3.org/2000/svg}"
    return ["".join(text.text or "" for text in line.iter(f"{name}text")) for line in tree.iter(f"{name}g")]


async def test_the_screen_the_lines_and_the_svg_show_the_same_rows_and_enter_goes_to_a_claim(tmp_path: Path) -> None:
    async with at_desk(tmp_path, size=(80, 24)) as r:
        await r.press("t", "4", "g", "h")
        assert isinstance(r.app.screen, PictureScreen)
        picture = heat_map("“Bridge”", r.desk.library.heat(r.article), 76)
        seen = screen_text(r.app)
        for row, line, drawn in zip(picture.rows, plain_lines(picture)[2:], words_of(picture)[1:], strict=False):
            said = "".join(text for text, _ in row.pieces)
            assert said.strip() in seen and said.rstrip() == line and said == drawn
        assert "Paragraph 1, 12 words" in seen and "leftover" in seen
        await r.press("down", "up", "enter")
        await until(r.pilot, lambda: r.uncovered, "the article is back")
        assert r.screen.claim_at_hand() is not None
        timeline = verdicts_over_time(r.desk.library.timeline(), r.desk.scheme, 76)
        assert [row.says for row in timeline.rows] and "█ is 1" in timeline.legend


def test_svg_says_what_it_shows_and_takes_nothing_for_markup() -> None:
    drawn = svg(heat_map("<b>&\x1b[2J", heat_of("One two", [], [], [], scheme.load()), 80))
    assert "&lt;b&gt;&amp;" in drawn and "\x1b" not in drawn
    assert re.search(r"<title>Paragraph 1, 2 words: 2 rest\.</title>", drawn)
