"""CSV out, CSV back in: nothing is lost, nothing is run, nothing is half done."""

from __future__ import annotations

import csv
import io
import json
import os
import resource
import shutil
import sqlite3
import tempfile
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st

from store import units, upkeep
from store.articles import mended
from store.desk import Desk
from store.fields import clean
from store.formats import FORMATS, csv_claims, csv_import
from store.formats.cells import Column, lines, milliseconds, runs, split, unguarded
from store.formats.csv_claims import COLUMNS
from store.formats.csv_import import ImportRefused
from store.formats.snapshot import Stopped
from store.records import Article, Claim
from store.refusals import Nobody, Refused
from tests.hostile import hostile_texts
from tests.store.conftest import TEXT

NAMES = [column.name for column in COLUMNS]


def exported(desk: Desk, *articles: Article | str, **how: Any) -> bytes:
    stream = io.BytesIO()
    csv_claims.write(desk, stream, articles, **how)
    return stream.getvalue()


def rows_of(data: bytes) -> list[dict[str, str]]:
    with io.StringIO(data.decode("utf-8-sig"), newline="") as file:
        return [dict(row) for row in csv.DictReader(file, strict=True)]


def file_of(rows: list[dict[str, str]], **how: Any) -> io.BytesIO:
    """What a spreadsheet would save of these rows."""
    stream = io.StringIO(newline="")
    writer = csv.DictWriter(stream, list(rows[0]), **how)
    writer.writeheader()
    writer.writerows(rows)
    return io.BytesIO(stream.getvalue().encode())


def imported(desk: Desk, data: bytes | io.BytesIO, **how: Any) -> csv_import.Imported:
    return csv_import.read(desk, data if isinstance(data, io.BytesIO) else io.BytesIO(data), **how)


def reasons(desk: Desk, data: bytes | io.BytesIO) -> dict[int, str]:
    """The rows an import refuses; it must leave the desk as it was."""
    before = exported(desk), desk.mark()
    with pytest.raises(ImportRefused) as refused:
        imported(desk, data)
    assert (exported(desk), desk.mark()) == before
    return dict(refused.value.rows)


@contextmanager
def another_desk(of: Desk, reviewer: str = "Cleo") -> Iterator[Desk]:
    """An empty desk that has the same articles, come in another order."""
    with tempfile.TemporaryDirectory() as folder, Desk.open(Path(folder) / "other.db", reviewer) as desk:
        for article in reversed(of.articles()):
            desk.add_article(of.text(article), title=article.title, url=article.url, published=article.published)
        yield desk


@pytest.fixture
def claim(desk: Desk, article: Article) -> Claim:
    """A claim with everything on it."""
    claim = desk.tag(
        article,
        0,
        37,
        claim_text="=SUM(A1)",
        claimant="Ri | Baek",
        types=["event", "quantity"],
        tags=["a|b", "c\\d", "'"],
    )
    desk.give_verdict(claim, "refuted", 'He said "no",\nand left; it\'s so.')
    desk.add_evidence(claim, "refutes", url="https://a.example/1|2", quote="no", tier="primary", published="2025-02")
    desk.add_evidence(claim, "context", note="heard of it")
    first = desk.comment(claim, "- really?")
    desk.comment(claim, "@Ana yes", reply_to=first)
    return desk.claim(claim.id)


# -- any desk at all ------------------------------------------------------------------------------------------------

WORDS = hostile_texts(6).map(clean) | st.sampled_from(
    [
        "=1+1",
        "'=1",
        "''+2",
        "-",
        "@x",
        "\t=a",
        "\ra",
        " =b",
        "'\t",
        '"=c"',
        "a|b",
        "a\\",
        " | ",
        "\\|",
        "＝１",
        "'tis",
        "\n+1",
    ]
).map(clean)
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
            claims.append(desk.tag(articles[which], *span(desk, articles[which], how[0]), **how[1]))
        elif what == "undo":
            desk.undo()
        elif what == "title":
            desk.edit_article(articles[which], title=how[0])
        elif what == "edit":
            desk.edit(claim, **how[0])
        elif what == "move":
            desk.move(claim, *span(desk, desk.article(claim.article), how[0]))
        elif what == "verdict":
            desk.give_verdict(claim, how[0], how[1])
        elif what == "evidence":
            desk.add_evidence(claim, how[0], url=how[1], quote=how[2], title=how[2])
        elif what == "comment":
            desk.comment(claim, how[0])
        elif what == "drop":
            desk.delete(claim)
    except Refused:
        pass


def span(desk: Desk, article: Article, place: tuple[int, int]) -> tuple[int, int]:
    text = desk.text(article)
    start = place[0] % len(text)
    return units.snap(text, start, min(start + place[1], len(text)))


@settings(max_examples=40, deadline=None, suppress_health_check=list(HealthCheck))
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
                desk.log.conn.execute("PRAGMA synchronous = OFF")
            articles = [
                ana.add_article(f"{text} and so on", title=title) for text, title in zip(texts, titles, strict=True)
            ]
            claims = [ana.tag(articles[1], *span(ana, articles[1], (len(texts[1]) + 1, 3)))]
            claims.append(bob.tag(articles[0], *span(bob, articles[0], (len(texts[0]) + 4, 3))))
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
                    assert upkeep.verify(other) == []
                    assert imported(other, data, **how).known == len(rows)
    finally:
        shutil.rmtree(folder)


def assert_honest(desk: Desk, rows: list[dict[str, str]]) -> None:
    """Every row says what the desk says, and quotes the text at its place."""
    said = {}
    for article in desk.articles():
        for claim in desk.claims(article):
            said[claim.id] = (
                article.title, claim.name, claim.start, claim.end, claim.quote, claim.claim_text, claim.claimant,
                list(claim.types), list(claim.tags), claim.verdict, claim.justification, claim.checker,
                claim.evidence_count, claim.comment_count, claim.created, claim.updated, claim.conflict,
                desk.text(article).count("\n", 0, claim.start) + 1,
            )  # fmt: skip
            assert desk.text(article)[claim.start : claim.end] == claim.quote
    held = {}
    for row in rows:
        cells = {name: unguarded(cell) for name, cell in row.items()}
        held[cells["claim_id"]] = (
            cells["article_title"], cells["claim"], int(cells["start"]), int(cells["end"]), cells["quote"],
            cells["claim_text"], cells["claimant"], split(cells["types"]), split(cells["tags"]), cells["verdict"],
            cells["justification"], cells["checker"], int(cells["evidence_count"]), int(cells["comment_count"]),
            milliseconds(cells["created"]), milliseconds(cells["updated"]), cells["conflict"] == "1",
            int(cells["line"]),
        )  # fmt: skip
    assert held == said


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


# -- what the file is -------------------------------------------------------------------------------------------------


def test_the_columns_stand_as_documented_and_say_what_the_claim_says(desk: Desk, claim: Claim) -> None:
    (row,) = rows_of(exported(desk))
    assert list(row) == NAMES
    assert NAMES[-1] == "record"
    assert {name: row[name] for name in ("claim", "start", "end", "line", "quote", "suffix", "status", "conflict")} == {
        "claim": "C1", "start": "0", "end": "37", "line": "1", "quote": TEXT[:37], "suffix": TEXT[37:69],
        "status": "checked", "conflict": "0",
    }  # fmt: skip
    assert row["types"] == "event | quantity"
    assert row["tags"] == r"a\|b | c\\d | '"
    assert (row["verdict"], row["verdict_label"], row["rating"]) == ("refuted", "Refuted", "1")
    assert [row[f"evidence_{name}"] for name in ("count", "supports", "refutes", "context")] == ["2", "0", "1", "1"]
    assert split(row["evidence_urls"]) == ["https://a.example/1|2"]
    assert row["claim_text"] == "'=SUM(A1)"
    assert (row["review_count"], row["final_verdict"], row["comment_count"]) == ("", "", "2")
    assert all(column.says for column in COLUMNS)


def test_records_end_in_crlf_and_a_quotes_own_line_breaks_stay(desk: Desk, article: Article) -> None:
    desk.tag(article, 80, 130)
    data = exported(desk)
    assert data.count(b"\r\n") == 2
    assert data.endswith(b"\r\n")
    assert b"\n\n\xe2\x80\x9cWe" in data


def test_an_empty_desk_gives_the_header_alone(desk: Desk) -> None:
    assert exported(desk) == ",".join(NAMES).encode() + b"\r\n"


def test_only_the_articles_asked_for_are_written_and_deleted_claims_never(desk: Desk, article: Article) -> None:
    other = desk.add_article("Another text altogether.", title="Other")
    gone = desk.tag(article, 0, 3)
    desk.tag(article, 4, 13)
    desk.tag(other, 0, 7)
    desk.delete(gone)
    assert [row["quote"] for row in rows_of(exported(desk, "Prisoners"))] == ["prisoners"]
    assert len(rows_of(exported(desk))) == 2
    desk.delete(other)
    assert len(rows_of(exported(desk))) == 1


def test_a_verdict_the_scheme_does_not_know_stays_readable(desk: Desk, article: Article) -> None:
    desk.tag(article, 0, 3)
    (row,) = rows_of(exported(desk))
    notes = imported_into_fresh(desk, [row | {"verdict": "pants_on_fire"}])
    assert any("pants_on_fire" in note for note in notes)


def imported_into_fresh(desk: Desk, rows: list[dict[str, str]]) -> tuple[str, ...]:
    with another_desk(desk) as other:
        notes = imported(other, file_of(rows)).notes
        (row,) = rows_of(exported(other))
        assert (row["verdict"], row["verdict_label"], row["checker"]) == ("pants_on_fire", "?pants_on_fire", "Ana")
    return notes


def test_excels_mark_is_written_when_asked_for_and_read_back(desk: Desk, claim: Claim) -> None:
    data = exported(desk, excel=True)
    assert data.startswith(b"\xef\xbb\xbfarticle_id,")
    with another_desk(desk) as other:
        imported(other, data)
        assert exported(other, excel=True) == data


def test_a_claim_of_a_megabyte_comes_back(desk: Desk) -> None:
    article = desk.add_article("word " * 200_000 + "end")
    desk.tag(article, 0, 1_000_003)
    data = exported(desk)
    with another_desk(desk) as other:
        assert imported(other, data).claims == 1
        assert exported(other) == data


# -- whole or not at all ----------------------------------------------------------------------------------------------


def test_a_file_is_replaced_only_when_all_is_written(desk: Desk, claim: Claim, tmp_path: Path) -> None:
    file = tmp_path / "claims.csv"
    file.write_text("mine")
    with pytest.raises(Stopped):
        csv_claims.write(desk, file, cancelled=lambda: True)
    assert file.read_text() == "mine"
    assert csv_claims.write(desk, file).rows == 1
    assert file.read_bytes() == exported(desk)
    assert sorted(path.name for path in tmp_path.iterdir() if "desk.db" not in path.name) == ["claims.csv"]


@contextmanager
def room_for(size: int) -> Iterator[None]:
    before = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (size, before[1]))
    try:
        yield
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, before)


def test_a_full_disk_is_one_sentence_and_leaves_nothing(desk: Desk, claim: Claim, tmp_path: Path) -> None:
    exported(desk)
    with room_for(1000), pytest.raises(Refused, match="no room on the disk"):
        csv_claims.write(desk, tmp_path / "claims.csv")
    assert not [path for path in tmp_path.iterdir() if "claims" in path.name]


def test_a_pipe_is_written_to_and_stays_a_pipe(desk: Desk, claim: Claim, tmp_path: Path) -> None:
    pipe = tmp_path / "pipe"
    os.mkfifo(pipe)
    with ThreadPoolExecutor() as pool:
        held = pool.submit(pipe.read_bytes)
        csv_claims.write(desk, pipe)
    assert held.result() == exported(desk)
    assert pipe.is_fifo()


def test_a_name_that_cannot_be_written_is_refused_in_a_sentence(desk: Desk, claim: Claim, tmp_path: Path) -> None:
    with pytest.raises(Refused, match="is a folder"):
        csv_claims.write(desk, tmp_path)
    with pytest.raises(Refused, match="no folder"):
        csv_claims.write(desk, tmp_path / "nowhere" / "claims.csv")
    link = tmp_path / "link.csv"
    (tmp_path / "real.csv").touch()
    link.symlink_to(tmp_path / "real.csv")
    csv_claims.write(desk, link)
    assert link.is_symlink()
    assert (tmp_path / "real.csv").read_bytes() == exported(desk)


# -- coming back ------------------------------------------------------------------------------------------------------


def test_everybodys_verdicts_evidence_and_comments_come_back_with_their_people(
    desk: Desk, bob: Desk, claim: Claim
) -> None:
    bob.give_verdict(claim, "supported", "I was there")
    with another_desk(desk) as other:
        assert imported(other, exported(desk)).claims == 1
        back = other.claim(claim.id)
        assert [(v.by, v.verdict, v.justification) for v in other.verdicts(back)] == [
            (v.by, v.verdict, v.justification) for v in desk.verdicts(claim)
        ]
        strip = [
            (e.id, e.stance, e.quote, e.note, e.source and e.source.url, e.by, e.created) for e in other.evidence(back)
        ]
        assert strip == [
            (e.id, e.stance, e.quote, e.note, e.source and e.source.url, e.by, e.created) for e in desk.evidence(claim)
        ]
        assert [(c.id, c.body, c.reply_to, c.by) for c in other.comments(back)] == [
            (c.id, c.body, c.reply_to, c.by) for c in desk.comments(claim)
        ]
        assert (back.name, back.checker, back.created, back.updated) == (
            claim.name,
            "Ana",
            claim.created,
            claim.updated,
        )


def test_a_waiting_conflict_comes_back_as_a_conflict(desk: Desk, bob: Desk, claim: Claim) -> None:
    seen = bob.claim(claim.id)
    desk.edit(claim, claimant="one")
    bob.edit(seen, claimant="two")
    with another_desk(desk) as other:
        data = exported(desk)
        imported(other, data)
        assert exported(other) == data
        (conflict,) = other.conflicts()
        assert [(one.by, one.values) for one in conflict.contenders] == [
            ("Ana", {"claimant": "one"}), ("Bob", {"claimant": "two"}),
        ]  # fmt: skip
        other.settle(conflict, conflict.contenders[0])
        assert other.claim(claim.id).claimant == "one"
        assert upkeep.verify(other) == []


def test_an_import_is_one_step_of_undo_of_whoever_imported(desk: Desk, claim: Claim) -> None:
    data = exported(desk)
    with another_desk(desk) as other:
        imported(other, data)
        other.undo()
        assert rows_of(exported(other)) == []
        other.redo()
        assert other.claim(claim.id).verdict == "refuted"
        other.undo()
        assert imported(other, data).claims == 1
        assert other.claim(claim.id).comment_count == 2
        assert upkeep.verify(other) == []


def test_what_is_here_already_is_passed_over_and_what_differs_is_listed(
    desk: Desk, claim: Claim, article: Article
) -> None:
    data = exported(desk)
    assert imported(desk, data) == csv_import.Imported(0, 1, ())
    desk.edit(claim, claimant="Somebody", tags=[])
    desk.comment(claim, "more")
    assert reasons(desk, data) == {
        2: "C1 is already on this desk with another claimant, tags, record (people, times, evidence or comments):"
        " it is not overwritten."
    }
    desk.delete(desk.claim(claim.id))
    assert imported(desk, data).claims == 1
    assert desk.claim(claim.id).claimant == "Ri | Baek"


def test_what_was_changed_in_a_spreadsheet_is_taken(desk: Desk, claim: Claim) -> None:
    (row,) = rows_of(exported(desk))
    row |= {"claimant": "Baek", "tags": "x | y", "verdict": "mixed", "justification": "both", "priority": "low"}
    with another_desk(desk) as other:
        imported(other, file_of([row]))
        back = other.claim(claim.id)
        assert (back.claimant, back.tags, back.priority) == ("Baek", ("x", "y"), "low")
        assert [(v.by, v.verdict, v.justification) for v in other.verdicts(back)] == [("Ana", "mixed", "both")]


def test_a_verdict_typed_where_none_stood_is_the_checkers(desk: Desk, article: Article) -> None:
    claim = desk.tag(article, 0, 3)
    desk.justify(claim, "a first thought")
    (row,) = rows_of(exported(desk))
    with another_desk(desk) as other:
        imported(other, file_of([row | {"verdict": "mixed"}]))
        (verdict,) = other.verdicts(claim.id)
        assert (verdict.by, verdict.verdict, verdict.justification) == ("Ana", "mixed", "a first thought")
    with another_desk(desk) as other:
        imported(other, file_of([row | {"verdict": "mixed", "justification": "a second"}]))
        assert [verdict.justification for verdict in other.verdicts(claim.id)] == ["a second"]


def test_a_file_made_by_hand_needs_only_the_place_and_the_words(desk: Desk, article: Article) -> None:
    data = (
        'article_title;start;end;quote;verdict;checker;evidence_urls;evidence_refutes\r\n'
        'Prisoners of war;0;13;Two prisoners;refuted;Dan;https://a.example | https://b.example;2\r\n'
        'Prisoners of war;48;61;2 500 soldiers;;;;\r\n'
    ).replace("48;61", f"{TEXT.index('2 500')};{TEXT.index('2 500') + 14}")  # fmt: skip
    assert imported(desk, data.encode()).claims == 2
    first, second = desk.claims(article)
    assert (first.checker, first.verdict, first.name, first.status) == ("Dan", "refuted", "C1", "checked")
    assert [(e.stance, e.source.url, e.by) for e in desk.evidence(first) if e.source] == [
        ("refutes", "https://a.example", "Dan"), ("refutes", "https://b.example", "Dan"),
    ]  # fmt: skip
    assert (second.quote, second.checker, second.name, second.suffix) == (
        "2 500 soldiers",
        "Ana",
        "C2",
        " arrived on October 10, 2024.\n\n“",
    )
    assert imported(desk, data.encode()).known == 2
    assert upkeep.verify(desk) == []


@pytest.mark.parametrize("separator", [",", ";", "\t"])
@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "cp1252", "utf-16"])
@pytest.mark.parametrize("hint", [False, True])
def test_files_are_read_as_spreadsheets_save_them(desk: Desk, separator: str, encoding: str, hint: bool) -> None:
    article = desk.add_article("Das Café „Fritz“ schloß 2024.", title="Café")
    desk.tag(article, 4, 23, claimant="Jürgen; der, der", tags=["ä"])
    stream = io.StringIO(newline="")
    rows = rows_of(exported(desk))
    writer = csv.DictWriter(stream, list(rows[0]), delimiter=separator)
    writer.writeheader()
    writer.writerows(rows)
    text = (f"sep={separator}\r\n" if hint else "") + stream.getvalue() + separator * 43 + "\r\n"
    with another_desk(desk) as other:
        assert imported(other, text.encode(encoding)).claims == 1
        assert exported(other) == exported(desk)


def test_names_survive_and_new_ones_follow(desk: Desk, article: Article) -> None:
    for start, end in ((0, 3), (4, 13), (14, 18)):
        desk.tag(article, start, end)
    rows = rows_of(exported(desk))
    for name in ("claim", "claim_id", "record"):
        rows[0] |= {name: ""}
    with another_desk(desk) as other:
        imported(other, file_of([rows[0], rows[2]]))
        assert [claim.name for claim in other.claims("Prisoners of war")] == ["C4", "C3"]
        notes = imported(other, file_of([rows[1] | {"claim": "C3"}])).notes
        assert [claim.name for claim in other.claims("Prisoners of war")] == ["C4", "C3b", "C3"]
        assert "C3 of “Prisoners of war” is another claim here" in notes[0]
        with another_desk(other) as third:
            imported(third, exported(other))
            assert exported(third) == exported(other)


def test_two_claims_on_the_very_same_words_come_back_as_two(desk: Desk, bob: Desk, article: Article) -> None:
    first = desk.tag(article, 0, 3)
    desk.delete(first)
    second = bob.tag(article, 0, 3)
    desk.undo()
    data = exported(desk)
    rows = rows_of(data)
    assert [row["claim_id"] for row in rows] == [first.id, second.id]
    with another_desk(desk) as other:
        assert imported(other, file_of(rows[1:])).claims == 1
        assert "is already tagged as C2" in reasons(other, file_of(rows[:1]))[2]
        assert imported(other, data) == csv_import.Imported(1, 1, ())
        assert exported(other) == data


def test_an_article_nobody_has_edited_takes_its_details_from_the_file(
    desk: Desk, claim: Claim, article: Article
) -> None:
    with another_desk(desk) as other, another_desk(desk) as edited:
        desk.edit_article(article, title="Renamed", published="2024-10-11")
        edited.edit_article(article.id, title="My own title")
        data = exported(desk)
        imported(other, data)
        assert exported(other) == data
        imported(edited, data)
        assert edited.article(article.id).title == "My own title"


def test_an_article_is_found_by_its_text_when_its_id_is_another(desk: Desk, claim: Claim, tmp_path: Path) -> None:
    data = exported(desk)
    with Desk.open(tmp_path / "other.db", "Cleo") as other:
        other.add_article(TEXT, title="Something else")
        assert imported(other, data).claims == 1
    with Desk.open(tmp_path / "third.db", "Cleo") as third:
        third.add_article(TEXT + " Corrected.", title="Prisoners of war", url="https://example.org/war")
        assert "has another text on this desk" in reasons(third, data)[2]


# -- what does not fit ------------------------------------------------------------------------------------------------

Row = dict[str, str]
WRONG: dict[str, tuple[Callable[[Row], Row], str]] = {
    "unknown article": (
        lambda r: r | {"article_id": "x", "text_sha256": "", "article_title": "?"},
        "is not on this desk",
    ),
    "no number": (lambda r: r | {"start": "one"}, "Its start “one” is no whole number."),
    "negative": (lambda r: r | {"start": "-4"}, "is not what stands at -4 to 37: it stands at 0 to 37."),
    "moved": (lambda r: r | {"start": "1", "end": "38"}, "is not what stands at 1 to 38: it stands at 0 to 37."),
    "altered quote": (lambda r: r | {"quote": "Three prisoners"}, "is not what stands at 0 to 37: copy it anew."),
    "no quote": (lambda r: r | {"quote": ""}, "It has no quote; at 0 to 37 stands"),
    "bad id": (lambda r: r | {"claim_id": "7"}, "is no claim id"),
    "bad word": (lambda r: r | {"priority": "urgent"}, "“urgent” is no priority"),
    "bad record": (lambda r: r | {"record": "{"}, "Its record is damaged"),
    "record of another shape": (lambda r: r | {"record": "[]"}, "Its record has no usable"),
    "bad time": (lambda r: changed(r, created="soon"), "no usable “created”"),
    "time of the year 12000": (lambda r: changed(r, updated=2**60), "no usable “updated”"),
    "nobody": (lambda r: changed(r, by=""), "reviewer's name is empty"),
    "bad date": (lambda r: evidenced(r, "source", published="13.2.25"), "“13.2.25” is no date"),
    "bad stance": (lambda r: evidenced(r, stance="maybe"), "“maybe” is no stance"),
    "bad evidence id": (lambda r: evidenced(r, id="1"), "no usable “id”"),
    "contested words that are not there": (
        lambda r: changed(
            r,
            contested=[{"part": "span", "values": {"start": 0, "end": 3, "quote": "One"}, "by": "Bo", "at": 1}],
        ),
        "a contested span whose quote is not in the text",
    ),
    "two verdicts by one": (
        lambda r: changed(r, verdicts=[*json.loads(r["record"])["verdicts"], *json.loads(r["record"])["verdicts"]]),
        "two verdicts by Ana",
    ),
    "two verdicts that stand": (
        lambda r: changed(
            r, verdicts=[one | {"by": name} for one in json.loads(r["record"])["verdicts"] for name in ("Ana", "Bo")]
        ),
        "two standing verdicts",
    ),
    "changed before it was made": (lambda r: changed(r, created=2, updated=1), "no usable “updated”"),
    "made by hand, bad time": (lambda r: r | {"record": "", "created": "yesterday"}, "“yesterday” is no time"),
}


def changed(row: Row, **values: object) -> Row:
    return row | {"record": json.dumps(json.loads(row["record"]) | values)}


def evidenced(row: Row, *inside: str, **values: object) -> Row:
    record = json.loads(row["record"])
    part = record["evidence"][0]
    for name in inside:
        part = part[name]
    part |= values
    return row | {"record": json.dumps(record)}


@pytest.mark.parametrize("wrong", WRONG)
def test_a_row_that_does_not_fit_is_listed_and_nothing_is_imported(
    desk: Desk, article: Article, claim: Claim, wrong: str
) -> None:
    desk.tag(article, 90, 95)
    good, other = (row for row in rows_of(exported(desk)))
    spoil, reason = WRONG[wrong]
    with another_desk(desk) as fresh:
        found = reasons(fresh, file_of([other, spoil(good), other | {"start": "0"}]))
        assert sorted(found) == [3, 4]
        assert reason in found[3]


def test_a_claim_twice_in_the_file_is_listed_with_the_first_row(desk: Desk, article: Article, claim: Claim) -> None:
    (row,) = rows_of(exported(desk))
    with another_desk(desk) as fresh:
        assert f"It has the claim {claim.id}, as row 2 has already." in reasons(fresh, file_of([row, row]))[3]
        copied = row | {"claim_id": claim.id[:-1] + ("0" if claim.id[-1] != "0" else "1")}
        assert "as row 2 has already" in reasons(fresh, file_of([row, copied]))[3]
        bare = {name: row[name] for name in ("article_id", "start", "end", "quote")}
        assert "is already tagged in row 2" in reasons(fresh, file_of([bare, bare]))[3]


def test_evidence_that_hangs_on_another_claim_here_is_not_taken_from_it(
    desk: Desk, article: Article, claim: Claim
) -> None:
    (row,) = rows_of(exported(desk))
    copied = row | {"claim_id": "", "start": "4", "quote": TEXT[4:37]}
    assert "which hangs on another claim on this desk" in reasons(desk, file_of([copied]))[2]


def test_an_article_is_not_guessed_when_two_have_the_title(desk: Desk, article: Article) -> None:
    desk.add_article("Two other prisoners.", title=article.title)
    row = {"article_title": article.title, "start": "0", "end": "3", "quote": "Two"}
    assert "2 articles here are called “Prisoners of war”" in reasons(desk, file_of([row]))[2]


def test_words_that_are_tagged_already_are_not_tagged_again(desk: Desk, article: Article, claim: Claim) -> None:
    (row,) = rows_of(exported(desk))
    with another_desk(desk) as other:
        other.tag(article.id, 0, 37)
        assert "is already tagged as C1" in reasons(other, file_of([row]))[2]


@pytest.mark.parametrize(
    ("data", "reason"),
    [
        (b"", "is empty"),
        (b"PK\x03\x04rest", "save it as CSV"),
        (b"\x00\x01\x02\x03", "no column of `export csv`"),
        (b"a,b,c\n1,2,3\n", "no column of `export csv`"),
        (b"word" * 100_000, "no column of `export csv`"),
        (b"article_id,start,end\n", "lacks the column quote"),
        (b"start,end,quote\n", "lacks the column article_id"),
        (b"article_id,start,start,end,quote\n", "the column start twice"),
        (b"article_id,start,end,quote,record\n", "but lacks claim_text"),
    ],
)
def test_a_file_that_is_no_such_csv_is_refused_in_a_sentence(desk: Desk, data: bytes, reason: str) -> None:
    with pytest.raises(Refused, match=reason):
        imported(desk, data)


def test_a_file_that_is_missing_or_a_folder_is_named(desk: Desk, tmp_path: Path) -> None:
    with pytest.raises(Refused, match=r"There is no file .*nowhere\.csv"):
        csv_import.read(desk, tmp_path / "nowhere.csv")
    with pytest.raises(Refused, match="is a folder"):
        csv_import.read(desk, tmp_path)


def test_a_file_that_breaks_off_is_listed(desk: Desk, claim: Claim) -> None:
    data = exported(desk)
    with another_desk(desk) as fresh:
        assert "the file breaks off" in reasons(fresh, data[:-20])[2]
        assert "cells where the header has" in reasons(fresh, data + b"1,2,3\r\n")[3]


def test_an_import_is_stopped_without_a_trace_and_needs_somebody(desk: Desk, article: Article) -> None:
    data = file_of([{"article_id": article.id, "start": "0", "end": "3", "quote": "Two"}] * 700).getvalue()
    with pytest.raises(Stopped):
        imported(desk, data, cancelled=lambda: True)
    assert desk.claims(article) == []
    with Desk.open(desk.path) as nobody, pytest.raises(Nobody):
        imported(nobody, data)


def test_the_table_of_formats_names_them_all() -> None:
    assert {name: (form.read is not None, form.folder) for name, form in FORMATS.items()} == {
        "csv": (True, False), "tables": (False, True),
    }  # fmt: skip
