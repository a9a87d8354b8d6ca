"""Spans of several pieces: their hull is the claim, and where the pieces lie is kept and given back."""

from __future__ import annotations

import io
from collections.abc import Iterator
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from store.desk import Desk
from store.formats import FORMATS
from store.text.span_pieces import in_words, pieces_of, spelt
from tests.kit import exchange
from tests.kit.desks import desk_at

BODY = "ES and somatic cells here."
ANN = b"T1\tClaim 0 2;15 20\tES cells\n"


@pytest.fixture
def desk(tmp_path: Path) -> Iterator[Desk]:
    (tmp_path / "one").mkdir()
    with desk_at(tmp_path / "one") as desk:
        yield desk


def brought(desk: Desk, folder: Path, **how: object) -> None:
    data = {"a.txt": BODY.encode(), "a.ann": ANN}
    exchange.brought_to(desk, FORMATS["brat"], data, folder / "in", **how)


def test_brat_pieces_lie_on_the_claim_and_go_out_again(desk: Desk, tmp_path: Path) -> None:
    brought(desk, tmp_path)
    (claim,) = desk.claims.of("1")
    assert (claim.quote, claim.pieces) == ("ES and somatic cells", ((0, 2), (15, 20)))
    assert in_words(claim.pieces, claim.quote, claim.start) == "2 pieces: ES … cells"
    out = FORMATS["brat"].write(desk, tmp_path / "out")
    (file,) = (tmp_path / "out").glob("*.ann")
    assert file.read_bytes() == b"T1\tClaim 0 2;15 20\tES cells\n"
    assert "discontinuous" not in [loss.what for loss in out.losses]
    assert desk.upkeep.verify() == []


@pytest.mark.parametrize("name", ["jsonl", "csv", "tables"])
def test_pieces_go_along_to_another_desk(desk: Desk, tmp_path: Path, name: str) -> None:
    brought(desk, tmp_path)
    to = tmp_path / "out" if name == "tables" else tmp_path / "out.jsonl"
    FORMATS[name].write(desk, to)
    (tmp_path / "two").mkdir()
    with desk_at(tmp_path / "two", "Zoe") as other:
        other.articles.add(BODY)
        FORMATS[name].read(other, to)  # type: ignore[misc]
        assert [one.pieces for one in other.claims.of("1")] == [((0, 2), (15, 20))]


def test_other_edges_have_no_gaps_and_undo_brings_them_back(desk: Desk, tmp_path: Path) -> None:
    brought(desk, tmp_path)
    (claim,) = desk.claims.of("1")
    assert desk.claims.move(claim, 3, 14).pieces == ()
    desk.history.undo()
    assert desk.claims.get(claim.id).pieces == ((0, 2), (15, 20))


def test_an_accepted_suggestion_keeps_its_pieces_and_an_amended_one_does_not(desk: Desk, tmp_path: Path) -> None:
    brought(desk, tmp_path, suggest=True)
    (one,) = desk.suggestions.of("1")
    assert one.pieces == ((0, 2), (15, 20))
    claim = desk.suggestions.amend(one, 0, 14)
    assert claim.pieces == ()
    desk.history.undo()
    assert desk.suggestions.accept(one).pieces == one.pieces


def test_a_correction_before_the_claim_takes_its_pieces_along(desk: Desk, tmp_path: Path) -> None:
    brought(desk, tmp_path)
    article = desk.articles.get("1")
    desk.corrections.correct(desk.corrections.plan(article, f"Yes. {BODY}"))
    (claim,) = desk.claims.of("1")
    assert (claim.start, claim.pieces) == (5, ((5, 7), (20, 25)))


def test_a_format_without_gaps_says_so(desk: Desk, tmp_path: Path) -> None:
    brought(desk, tmp_path)
    out = FORMATS["doccano"].write(desk, io.BytesIO())
    assert [loss.count for loss in out.losses if loss.what == "discontinuous"] == [1]


@given(st.lists(st.integers(0, 60), min_size=4, max_size=10, unique=True).map(sorted), st.integers(0, 5), st.text())
def test_what_is_spelt_is_read_back_and_anything_else_is_one_piece(edges: list[int], on: int, junk: str) -> None:
    pairs = tuple(zip(edges[::2], edges[1::2], strict=False))
    start, end = pairs[0][0], pairs[-1][1]
    said = spelt(pairs, start, end)
    assert pieces_of(said, start, end) == pairs and pieces_of(said, start, end + 1) == ()
    assert pieces_of(said, start + on, end + on) == tuple((a + on, b + on) for a, b in pairs)
    assert pieces_of(junk, start, end) in ((), pairs)
