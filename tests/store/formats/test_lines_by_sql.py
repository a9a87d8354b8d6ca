"""Formats whose lines SQLite puts together: to the byte what their ``write`` gives, with the same losses."""

from __future__ import annotations

import io
import tempfile
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings

from store.desk import Desk
from store.formats import FORMATS, export_to_any_format, outgoing_texts
from store.formats.contract import OF_TEXT, Text
from store.formats.csv.claim_columns import Exported
from tests.kit import exchange
from tests.kit.corrected import NEW, RAIN, SPANS, correct, tagged
from tests.kit.depth import examples
from tests.kit.desks import desk_at, put_a_filled_desk

STATED = [name for name in FORMATS if getattr(FORMATS[name].module, "statement", None)]
ANN = b"T1\tClaim 0 2;15 20\tES cells\n"


@pytest.fixture
def full(tmp_path: Path) -> Iterator[Desk]:
    """With all that hangs on a claim, spans of several pieces, a conflict, and words that a correction changed."""
    (tmp_path / "full").mkdir()
    put_a_filled_desk(tmp_path / "full" / "desk.db", exchange.a_full_desk)
    with desk_at(tmp_path / "full") as desk:
        data = {"a.txt": b"ES and somatic cells here.", "a.ann": ANN}
        exchange.brought_to(desk, FORMATS["brat"], data, tmp_path / "in")
        article = desk.articles.add(RAIN, title="Rain", url="https://paper.example/rain")
        claims = [tagged(desk, article, SPANS[name]) for name in ("rain", "schools", "report")]
        desk.verdicts.give(claims[0], "supported", "So “it” is \\ 100 %\x01\x1f\x7f\u2028.")
        for nth in range(3):
            desk.threads.comment(claims[1], f"Look, {nth}?")
        with Desk.open(desk.backup(tmp_path / "bo.db"), "Bo Ek") as bo:
            bo.claims.edit(claims[0].id, claim_text="It rained.")
            bo.reviews.decide(claims[1].id, "disagree", comment="No.")
            bo.claims.tag(article, 0, 4)
        desk.claims.edit(claims[0].id, claim_text="It poured.")
        desk.merges.merge([tmp_path / "bo.db"])
        correct(desk, article, NEW)
        yield desk


def written(
    desk: Desk, name: str, monkeypatch: pytest.MonkeyPatch, *, stated: bool, **how: Any
) -> tuple[bytes, Exported]:
    """A file, and what came of it: put together by SQLite alone, or by the format's ``write`` alone."""
    out = io.BytesIO()
    with monkeypatch.context() as patch:
        if stated:
            patch.delattr(outgoing_texts, "_marked")
        else:
            patch.setattr(export_to_any_format, "is_alike", lambda desk: False)
        done = FORMATS[name].write(desk, out, **how)
    return out.getvalue(), done


def test_jsonl_and_w3c_are_written_so_and_count_all_they_lose() -> None:
    assert STATED == ["jsonl", "w3c"]
    for name in STATED:
        form: Any = FORMATS[name].module
        assert form.statement.lost.keys() == form.loses - {*OF_TEXT}


@pytest.mark.parametrize("name", STATED)
def test_the_bytes_and_the_losses_are_those_of_write(name: str, full: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    ways: list[dict[str, Any]] = [{}, {"articles": ["1"]}, {"anonymous": True}]
    for who in ("Ana", "Bo Ek", "Zoe"):
        full.be(who)
        for how in ways:
            said, done = written(full, name, monkeypatch, stated=True, **how)
            assert (said, done) == written(full, name, monkeypatch, stated=False, **how)
            assert (done.rows > 2 and b"conflict" in said) or "articles" in how
    article = next(one for one in full.articles.all() if one.title == "Rain")
    full.be("Ana")
    for tags in ([","], ["a", ", ", ","], ['",', "b"], ["a\\", ",b"], ['a", "b', "c"], ["%s", "'"]):
        full.claims.edit(full.claims.of(article)[0].id, tags=tags)
        said, done = written(full, name, monkeypatch, stated=True)
        assert (said, done) == written(full, name, monkeypatch, stated=False)
    full.assignments.assign([article], ["Zoe"], "reviewer", blind="all")
    full.be("Zoe")
    blind, done = written(full, name, monkeypatch, stated=True)
    assert (blind, done) == written(full, name, monkeypatch, stated=False)
    assert b"It poured." not in blind and len(blind) < len(said)


@pytest.mark.parametrize("name", STATED)
@settings(max_examples=examples(20), suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(of=exchange.some_texts())
def test_hostile_words_are_the_same_either_way(name: str, of: list[Text], monkeypatch: pytest.MonkeyPatch) -> None:
    with tempfile.TemporaryDirectory() as folder, desk_at(Path(folder)) as desk:
        exchange.brought_to(desk, FORMATS["jsonl"], exchange.written(FORMATS["jsonl"].module, of), Path(folder, "in"))  # type: ignore[arg-type]
        stated, written_out = (written(desk, name, monkeypatch, stated=stated) for stated in (True, False))
        assert stated == written_out
