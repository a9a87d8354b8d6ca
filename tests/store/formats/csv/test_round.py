"""Any desk at all comes back from its CSV to the byte, and cells mean what they meant."""

from __future__ import annotations

import csv
import io
import shutil
import sqlite3
import tempfile
from pathlib import Path
from typing import Any

from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st

from store.desk import Desk
from store.errors import Refused
from store.formats.articles.plaintext import mended
from store.formats.csv.cells import Column, lines, milliseconds, runs, unguarded
from store.records import Article, Claim
from store.text import units
from tests.kit.at_the_desk import TEXT
from tests.kit.csv_files import WORDS, another_desk, assert_honest, exported, imported, rows_of
from tests.kit.depth import examples
from tests.kit.hostile import hostile_texts

DETAILS = st.fixed_dictionaries(
    {},
    optional={
        "claim_text": WORDS,
        "claimant": WORDS,
        "attribution": st.sampled_from(["", "headline"]),
        "check_target": st.sampled_from(["", "both"]),
        "types": st.lists(st.sampled_from(["event", "quantity", "causal"]), max_size=2),
        "priority": st.sampled_from(["", "high"]),
        "tags": st.lists(WORDS, max_size=3),
    },
)
PLACE = st.tuples(st.integers(0, 60), st.integers(1, 25))
DEEDS = st.lists(
    st.tuples(
        st.sampled_from(["Ana", "Bob"]),
        st.one_of(
            st.tuples(st.just("tag"), st.integers(0, 1), PLACE, DETAILS),
            st.tuples(st.just("edit"), st.integers(0, 3), DETAILS),
            st.tuples(st.just("move"), st.integers(0, 3), PLACE),
            st.tuples(st.just("verdict"), st.integers(0, 3), st.sampled_from(["supported", "mixed", ""]), WORDS),
            st.tuples(st.just("evidence"), st.integers(0, 3), st.sampled_from(["supports", "refutes"]), WORDS, WORDS),
            st.tuples(st.just("comment"), st.integers(0, 3), WORDS),
            st.tuples(st.just("title"), st.integers(0, 1), WORDS),
            st.tuples(st.just("drop"), st.integers(0, 3)),
            st.tuples(st.just("undo")),
        ),
    ),
    min_size=4,
    max_size=16,
)


def do(desk: Desk, articles: list[Article], claims: list[Claim], deed: tuple[Any, ...]) -> None:
    """One deed of somebody who holds old records; what the desk refuses is not done."""
    what, which, how = deed[0], deed[1] if len(deed) > 1 else 0, deed[2:]
    claim = claims[which % len(claims)]
    try:
        if what == "tag":
            claims.append(desk.claims.tag(articles[which], *span(desk, articles[which], how[0]), **how[1]))
        elif what == "undo":
            desk.history.undo()
        elif what == "title":
            desk.articles.edit(articles[which], title=how[0])
        elif what == "edit":
            desk.claims.edit(claim, **how[0])
        elif what == "move":
            desk.claims.move(claim, *span(desk, desk.articles.get(claim.article), how[0]))
        elif what == "verdict":
            desk.verdicts.give(claim, how[0], how[1])
        elif what == "evidence":
            desk.evidence.add(claim, how[0], url=how[1], quote=how[2], title=how[2])
        elif what == "comment":
            desk.threads.comment(claim, how[0])
        elif what == "drop":
            desk.delete(claim)
    except Refused:
        pass


def span(desk: Desk, article: Article, place: tuple[int, int]) -> tuple[int, int]:
    text = desk.articles.text(article)
    start = place[0] % len(text)
    return units.snap(text, start, min(start + place[1], len(text)))


@settings(max_examples=examples(40), suppress_health_check=list(HealthCheck))
@given(
    st.tuples(hostile_texts(), hostile_texts()).map(lambda pair: [mended(text)[0] for text in pair]),
    st.tuples(WORDS, WORDS),
    DEEDS,
)
@example([TEXT, "b👩‍👩‍👧‍👦 =1\n\n+2 c"], ["=x", ""], [("Ana", ("tag", 1, (0, 8), {"claimant": "'=y"}))])
def test_any_desk_comes_back_from_its_csv_to_the_byte(
    texts: list[str], titles: tuple[str, str], deeds: list[tuple[str, tuple[Any, ...]]]
) -> None:
    folder = Path(tempfile.mkdtemp())
    try:
        with Desk.open(folder / "desk.db", "Ana") as ana, Desk.open(folder / "desk.db", "Bob") as bob:
            for desk in (ana, bob):
                desk.session.log.conn.execute("PRAGMA synchronous = OFF")
            articles = [
                ana.articles.add(f"{text} and so on", title=title) for text, title in zip(texts, titles, strict=True)
            ]
            claims = [ana.claims.tag(articles[1], *span(ana, articles[1], (len(texts[1]) + 1, 3)))]
            claims.append(bob.claims.tag(articles[0], *span(bob, articles[0], (len(texts[0]) + 4, 3))))
            for who, deed in deeds:
                do(ana if who == "Ana" else bob, articles, claims, deed)
            guarded, raw = exported(ana), exported(ana, raw=True)
            rows = rows_of(guarded)
            assert_honest(ana, rows)
            assert [{name: unguarded(cell) for name, cell in row.items()} for row in rows] == rows_of(raw)
            assert not any(runs(cell) for row in rows for cell in row.values())
            for data, how in ((guarded, {}), (raw, {"raw": True})):
                with another_desk(ana) as other:
                    imported(other, data, **how)
                    assert exported(other, **how) == data
                    assert other.upkeep.verify() == []
                    assert imported(other, data, **how).known == len(rows)
    finally:
        shutil.rmtree(folder)


@given(WORDS)
@example("'\t=x")
@example("=cmd|' /C calc'!A0")
def test_a_guard_is_taken_off_to_the_letter(value: str) -> None:
    conn = sqlite3.connect(":memory:")
    column = Column("x", "", "?1")
    written = str(conn.execute(lines([column], "", raw=False), (value,)).fetchone()[0])
    (cell,) = next(csv.reader(io.StringIO(written, newline="")))
    assert unguarded(cell) == value
    assert not runs(cell)
    assert cell == value or (runs(value) or value.startswith("'"))


@given(st.integers(0, 253_402_300_799_999))
def test_a_time_is_written_to_the_millisecond(at: int) -> None:
    conn = sqlite3.connect(":memory:")
    column = Column("x", "", "?1", "time")
    written = str(conn.execute(lines([column], "", raw=False), (at,)).fetchone()[0])
    assert milliseconds(written.strip()) == at
