"""The claims CSV: what its columns hold, and that a file is whole or not there."""

from __future__ import annotations

import os
import resource
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from pathlib import Path

import pytest

from store.desk import Desk
from store.errors import Refused
from store.formats import FORMATS
from store.formats.csv import claim_columns as csv_claims
from store.formats.csv.cells import split
from store.formats.csv.claim_columns import COLUMNS
from store.formats.snapshot import Stopped
from store.records import Article, Claim
from tests.kit.at_the_desk import TEXT
from tests.kit.csv_files import NAMES, another_desk, exported, file_of, imported, rows_of


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
    assert (row["review_count"], row["final_verdict"], row["comment_count"]) == ("0", "", "2")
    assert all(column.says for column in COLUMNS)


def test_records_end_in_crlf_and_a_quotes_own_line_breaks_stay(desk: Desk, article: Article) -> None:
    desk.claims.tag(article, 80, 130)
    data = exported(desk)
    assert data.count(b"\r\n") == 2
    assert data.endswith(b"\r\n")
    assert b"\n\n\xe2\x80\x9cWe" in data


def test_an_empty_desk_gives_the_header_alone(desk: Desk) -> None:
    assert exported(desk) == ",".join(NAMES).encode() + b"\r\n"


def test_only_the_articles_asked_for_are_written_and_deleted_claims_never(desk: Desk, article: Article) -> None:
    other = desk.articles.add("Another text altogether.", title="Other")
    gone = desk.claims.tag(article, 0, 3)
    desk.claims.tag(article, 4, 13)
    desk.claims.tag(other, 0, 7)
    desk.delete(gone)
    assert [row["quote"] for row in rows_of(exported(desk, "Prisoners"))] == ["prisoners"]
    assert len(rows_of(exported(desk))) == 2
    desk.delete(other)
    assert len(rows_of(exported(desk))) == 1


def test_a_verdict_the_scheme_does_not_know_stays_readable(desk: Desk, article: Article) -> None:
    desk.claims.tag(article, 0, 3)
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
    article = desk.articles.add("word " * 200_000 + "end")
    desk.claims.tag(article, 0, 1_000_003)
    data = exported(desk)
    with another_desk(desk) as other:
        assert imported(other, data).claims == 1
        assert exported(other) == data


def test_a_file_is_replaced_only_when_all_is_written(desk: Desk, claim: Claim, tmp_path: Path) -> None:
    file = tmp_path / "claims.csv"
    file.write_text("mine")
    with pytest.raises(Stopped):
        csv_claims.write(desk, file, replace=True, cancelled=lambda: True)
    assert file.read_text() == "mine"
    assert csv_claims.write(desk, file, replace=True).rows == 1
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
    csv_claims.write(desk, link, replace=True)
    assert link.is_symlink()
    assert (tmp_path / "real.csv").read_bytes() == exported(desk)


def test_the_table_of_formats_names_them_all() -> None:
    own = {name: (form.read is not None, form.folder) for name, form in FORMATS.items() if form.module is None}
    assert own == {
        "bundle": (True, False), "csv": (True, False), "settled": (False, False), "tables": (True, True),
    }  # fmt: skip


def test_of_markdown_the_words_stand_as_people_see_them_too(desk: Desk) -> None:
    text = "It **rained** [on Monday](https://a.example/b) in all of the city.\n"
    article = desk.articles.add(text, markup="markdown")
    desk.claims.tag(article, 0, text.index(" in all"))
    plain = desk.articles.add("It rained on Monday, said nobody.")
    desk.claims.tag(plain, 0, 9)
    shown = {row["quote"]: row["quote_shown"] for row in rows_of(exported(desk))}
    assert shown == {"It **rained** [on Monday](https://a.example/b)": "It rained on Monday", "It rained": ""}
    with another_desk(desk) as other:
        assert imported(other, exported(desk)).claims == 2
