"""CSV that does not fit: each row and its reason, and nothing imported."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path

import pytest

from store.desk import Desk
from store.errors import Nobody, Refused
from store.formats.csv import claim_import as csv_import
from store.formats.snapshot import Stopped
from store.records import Article, Claim
from tests.kit.at_the_desk import TEXT
from tests.kit.csv_files import another_desk, exported, file_of, imported, reasons, rows_of

Row = dict[str, str]
WRONG: dict[str, tuple[Callable[[Row], Row], str]] = {
    "unknown article": (
        lambda r: r | {"article_id": "x", "text_sha256": "", "article_title": "?", "article_url": ""},
        "is not on this desk",
    ),
    "no number": (lambda r: r | {"start": "one"}, "Its start “one” is not a whole number."),
    "negative": (lambda r: r | {"start": "-4"}, "is not the text at -4 to 37: it stands at 0 to 37."),
    "moved": (lambda r: r | {"start": "1", "end": "38"}, "is not the text at 1 to 38: it stands at 0 to 37."),
    "altered quote": (lambda r: r | {"quote": "Three prisoners"}, "is not the text at 0 to 37: copy it again."),
    "no quote": (lambda r: r | {"quote": ""}, "It has no quote; at 0 to 37 stands"),
    "bad id": (lambda r: r | {"claim_id": "7"}, "is not a claim id"),
    "bad word": (lambda r: r | {"priority": "urgent"}, "“urgent” is not a valid priority"),
    "bad record": (lambda r: r | {"record": "{"}, "Its record is damaged"),
    "record of another shape": (lambda r: r | {"record": "[]"}, "Its record has no usable"),
    "bad time": (lambda r: changed(r, created="soon"), "no usable “created”"),
    "time of the year 12000": (lambda r: changed(r, updated=2**60), "no usable “updated”"),
    "nobody": (lambda r: changed(r, by=""), "reviewer's name is empty"),
    "bad date": (lambda r: evidenced(r, "source", published="13.2.25"), "“13.2.25” is not a date"),
    "bad stance": (lambda r: evidenced(r, stance="maybe"), "“maybe” is not a valid stance"),
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
    "made by hand, bad time": (lambda r: r | {"record": "", "created": "yesterday"}, "“yesterday” is not a time"),
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
    desk.claims.tag(article, 90, 95)
    good, other = (row for row in rows_of(exported(desk)))
    spoil, reason = WRONG[wrong]
    with another_desk(desk) as fresh:
        found = reasons(fresh, file_of([other, spoil(good), other | {"start": "0"}]))
        assert sorted(found) == [3, 4]
        assert reason in found[3]


def test_a_claim_twice_in_the_file_is_listed_with_the_first_row(desk: Desk, article: Article, claim: Claim) -> None:
    (row,) = rows_of(exported(desk))
    with another_desk(desk) as fresh:
        assert f"It has the claim {claim.id}, as row 2 has already: leave" in reasons(fresh, file_of([row, row]))[3]
        copied = row | {"claim_id": claim.id[:-1] + ("0" if claim.id[-1] != "0" else "1")}
        assert "as row 2 has already" in reasons(fresh, file_of([row, copied]))[3]
        bare = {name: row[name] for name in ("article_id", "start", "end", "quote")}
        assert "is already tagged in row 2" in reasons(fresh, file_of([bare, bare]))[3]


def test_evidence_that_hangs_on_another_claim_here_is_not_taken_from_it(
    desk: Desk, article: Article, claim: Claim
) -> None:
    (row,) = rows_of(exported(desk))
    copied = row | {"claim_id": "", "start": "4", "quote": TEXT[4:37]}
    assert "which belongs to another claim on this desk" in reasons(desk, file_of([copied]))[2]


def test_an_article_is_not_guessed_when_two_have_the_title(desk: Desk, article: Article) -> None:
    desk.articles.add("Two other prisoners.", title=article.title)
    row = {"article_title": article.title, "start": "0", "end": "3", "quote": "Two"}
    assert "2 articles here are called “Prisoners of war”" in reasons(desk, file_of([row]))[2]


def test_words_that_are_tagged_already_are_not_tagged_again(desk: Desk, article: Article, claim: Claim) -> None:
    (row,) = rows_of(exported(desk))
    with another_desk(desk) as other:
        with Desk.open(other.path, "Ana") as ana:
            ana.claims.tag(article.id, 0, 37, claim_text=claim.claim_text)
        found = reasons(other, file_of([row]))[2]
        assert "C1 is already on this desk with another" in found and "it is not overwritten" in found


@pytest.mark.parametrize(
    ("data", "reason"),
    [
        (b"", "is empty"),
        (b"PK\x03\x04rest", "save it as CSV"),
        (b"\x00\x01\x02\x03", "no column of `export csv`"),
        (b"a,b,c\n1,2,3\n", "no column of `export csv`"),
        (b"word" * 100_000, "no column of `export csv`"),
        (b"article_id,start,end\n", "no column quote: add one"),
        (b"start,end,quote\n", "names the article: add article_title"),
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
    assert desk.claims.of(article) == []
    with Desk.open(desk.path) as nobody, pytest.raises(Nobody):
        imported(nobody, data)
