"""Records that no desk could show: refused at the door, whoever brings them, and harmless where they are already."""

from __future__ import annotations

import csv
import io
import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from click.testing import Result

from store.desk import Desk
from store.formats import FORMATS
from store.formats.csv import claim_columns as csv_claims
from store.formats.csv import claim_import as csv_import
from store.log import clock
from store.log.kinds import fits
from store.records import Article
from tests.kit.refusals import refused
from tests.kit.second_review import SPANS

Cli = Callable[..., Result]
LATE = clock.LATEST + 1
NOBODY = "11111111-1111-4111-8111-111111111111"
SECOND = "22222222-2222-4222-8222-222222222222"


@pytest.fixture
def reviewed(desk: Desk, bob: Desk, article: Article) -> Desk:
    """A claim with comments, evidence that was looked at, a review and the answer to it."""
    claim = desk.claims.tag(article, *SPANS[0])
    desk.verdicts.give(claim, "refuted", "No.")
    desk.threads.comment(claim, "Really?", bob.threads.comment(claim, "Who says so?"))
    bob.ticks.tick(desk.evidence.add(claim, "refutes", url="https://a.example"), "seen")
    desk.answers.answer(bob.reviews.decide(claim.id, "change_verdict", verdict="mixed", comment="Half."), "accepted")
    return desk


def row_of(desk: Desk) -> dict[str, str]:
    file = io.BytesIO()
    csv_claims.write(desk, file)
    (row,) = csv.DictReader(io.StringIO(file.getvalue().decode(), newline=""))
    return row


def file_of(row: dict[str, str], record: dict[str, Any]) -> bytes:
    out = io.StringIO()
    writer = csv.DictWriter(out, row)
    writer.writeheader()
    writer.writerow(row | {"record": json.dumps(record)})
    return out.getvalue().encode()


def _each(record: Any, name: str) -> list[dict[str, Any]]:
    """Every object within the record that has such a value."""
    found = []
    if isinstance(record, dict):
        found += [record] if name in record else []
        record = list(record.values())
    for one in record if isinstance(record, list) else ():
        found += _each(one, name)
    return found


HOSTILE: dict[str, Callable[[dict[str, Any]], Any]] = {
    "a time past the year 9999": lambda r: r.update(updated=LATE),
    "a time of a comment": lambda r: r["comments"][0].update(created=LATE, updated=LATE),
    "a time of evidence": lambda r: r["evidence"][0].update(updated=10**15),
    "a time of a review": lambda r: r["reviews"][0].update(created=-1),
    "a comment that answers itself": lambda r: r["comments"][0].update(reply_to=r["comments"][0]["id"]),
    "comments that answer each other": lambda r: r["comments"][0].update(reply_to=r["comments"][1]["id"]),
    "a contending answer to itself": lambda r: r["comments"][0].update(contested=[
        {"part": "place", "values": {"claim": NOBODY, "reply_to": r["comments"][0]["id"]}, "by": "Eve", "at": 1}]),
    "a contending time": lambda r: r.update(contested=[
        {"part": "claimant", "values": {"claimant": "x"}, "by": "Eve", "at": LATE}]),
    "what a review saw": lambda r: r["reviews"][0].update(seen="{}"),
    "a review that saw no types": lambda r: r["reviews"][0].update(
        seen=json.dumps({"start": 0, "end": 1, "quote": "", "claim_text": ""})),
    "what a review saw of sources": lambda r: r["reviews"][0].update(sources="[1]"),
    "what an answer answered": lambda r: r["reviews"][0]["answers"][0].update(seen="[]x"),
    "what an answer left": lambda r: r["reviews"][0]["answers"][0].update(after="[]"),
    "what a tick saw": lambda r: r["evidence"][0]["ticks"][0].update(seen="{}"),
}  # fmt: skip


@pytest.mark.parametrize("spoil", HOSTILE.values(), ids=HOSTILE.keys())
def test_a_file_with_a_hostile_record_is_refused_whole(
    reviewed: Desk, tmp_path: Path, article: Article, spoil: Callable[[dict[str, Any]], Any]
) -> None:
    row = row_of(reviewed)
    record = json.loads(row["record"])
    with Desk.open(tmp_path / "other.db", "Eve") as other:
        other.articles.add(reviewed.articles.text(article), title=article.title, url=article.url)
        spoil(record)
        said = refused(other, lambda: csv_import.read(other, io.BytesIO(file_of(row, record))))
        assert "Row 2" in said
        assert other.upkeep.verify() == [] and other.claims.of(1) == []


def test_the_record_as_it_was_is_taken(reviewed: Desk, tmp_path: Path, article: Article) -> None:
    row = row_of(reviewed)
    with Desk.open(tmp_path / "other.db", "Eve") as other:
        other.articles.add(reviewed.articles.text(article), title=article.title, url=article.url)
        assert csv_import.read(other, io.BytesIO(file_of(row, json.loads(row["record"])))).claims == 1
        assert other.upkeep.verify() == []


def test_a_time_of_a_row_by_hand_is_refused_too(desk: Desk, article: Article) -> None:
    quote = desk.articles.text(article)[:9]
    rows = f"article_id,start,end,quote,created\n{article.id},0,9,{quote},9999-12-31T23:59:59.999Z\n".encode()
    refused(desk, lambda: csv_import.read(desk, io.BytesIO(rows)))


@pytest.mark.parametrize(
    "wrong",
    [
        {"created": LATE, "updated": LATE}, {"updated": 0}, {"created": "1"}, {"by": None}, {"by": 5},
        {"contested": 5}, {"contested": [5]}, {"contested": [{"part": "body"}]}, {"reply_to": NOBODY},
        {"contested": [{"part": "body", "values": {"body": "x"}, "by": "Eve", "at": LATE}]},
        {"contested": [{"part": "body", "values": {"body": 5}, "by": "Eve", "at": 5}]},
        {"created": True}, {"body": 5}, {"resolved": 2**70}, {"kind": 5}, {"kind": "persons"}, {"id": "x"},
    ],
)  # fmt: skip
def test_what_python_brings_is_refused_by_the_same_rule(reviewed: Desk, wrong: dict[str, Any]) -> None:
    claim = reviewed.claims.of("1")[0]
    good = {"kind": "comments", "id": NOBODY, "claim": claim.id, "body": "Hm.", "by": "Eve", "created": 5, "updated": 6}
    refused(reviewed, lambda: reviewed.imports.bring([good | wrong]))
    refused(
        reviewed,
        lambda: reviewed.imports.bring([good | {"reply_to": SECOND}, good | {"id": SECOND, "reply_to": NOBODY}]),
    )
    assert reviewed.imports.bring([good]) == [NOBODY]


def _add(desk: Desk, kind: str, item: str, patch: object, at: int = 5, parents: str = "[]") -> None:
    """Append a change as a program of somebody's own might."""
    said = patch if isinstance(patch, str) else json.dumps(patch)
    id = clock.after(str(desk.session.log.rows("SELECT max(id) FROM changes")[0][0]))
    who = desk.session.log.rows("SELECT id FROM reviewers ORDER BY seq")[0][0]
    desk.session.log.conn.execute(
        "INSERT INTO changes (id, action, reviewer, at, kind, item, parents, patch) VALUES (?, ?, ?, ?, ?, ?, ?, ?)",
        (id, id, who, at, kind, item, parents, said),
    )


def test_a_desk_that_holds_such_records_already_opens_shows_and_exports(
    reviewed: Desk, tmp_path: Path, ana: Path, cli: Cli
) -> None:
    claim = reviewed.claims.of("1")[0].id
    answer, review, tick = (
        reviewed.session.log.rows(f"SELECT id FROM {kind}")[0][0] for kind in ("answers", "reviews", "ticks")
    )
    _add(reviewed, "comments", NOBODY, {"claim": claim, "reply_to": NOBODY, "body": "I answer myself.", "resolved": 0})
    _add(reviewed, "comments", SECOND, {"claim": claim, "reply_to": SECOND, "body": "So do I."}, at=2**60)
    _add(
        reviewed,
        "claims",
        claim,
        {"claimant": "Late"},
        at=2**60,
        parents=json.dumps(list(reviewed.claims.get(claim).heads)),
    )
    _add(reviewed, "articles", reviewed.articles.all()[0].id, {"title": "Late"}, at=-(2**60))
    _add(reviewed, "answers", answer, {"outcome": "accepted", "reason": "", "seen": "[1]", "after": "{}"})
    _add(reviewed, "reviews", review, {"seen": "nothing", "sources": "{}"})
    _add(reviewed, "ticks", tick, {"seen": "5"})
    _add(reviewed, "claims", claim, "[1]")
    _add(reviewed, "claims", claim, {"claimant": "x"}, parents='{"a": 1}')
    _add(reviewed, "claims", claim, '{"start": ' + "9" * 5000 + "}")
    reviewed.session.log.conn.execute(
        "DELETE FROM _sqlite_migrations WHERE name = '0011_file'"
    )  # as an older factdesk left it
    reviewed.session.log.conn.executescript(
        f"UPDATE reviews SET seen = 'nothing'; UPDATE claims SET updated = {2**60};"
        f"UPDATE answers SET after = 'x'; UPDATE ticks SET seen = 'x'; UPDATE articles SET updated = {2**60}"
    )
    path = reviewed.path
    with Desk.open(path, "Ana") as desk:
        desk.upkeep.rebuild()
        assert {line.split("is malformed")[-1].split("builds on")[-1] for line in desk.upkeep.verify()} == {
            ": another program has written it.", " 1, which is missing.",
        }  # fmt: skip
        comments = desk.threads.of(claim)
        assert desk.threads.resolve(next(one for one in comments if one.id == NOBODY)).resolved
        for number, format in enumerate(FORMATS.values()):
            format.write(desk, tmp_path / f"out{number}")
        desk.history.of(), desk.conflicts.of(), desk.library.shelf(), desk.answers.inbox(), desk.library.stats()
        for one in desk.comparison.compare("1").groups:
            assert one
    for words in (
        ("articles",), ("claims",), ("show", 1), ("show", 1, "C1", "--json"), ("history",), ("history", "--json"),
        ("stats",), ("inbox",), ("compare", 1), ("agreement",), ("summary", 1), ("conflicts",), ("threads",),
        ("articles", "--json"), ("claims", "--json"),
    ):  # fmt: skip
        result = cli(*words)
        assert result.exit_code in (0, 1, 2) and "went wrong" not in result.stderr, (words, result.stderr)
        assert result.exit_code == 0 or words[0] in ("summary", "threads", "agreement"), (words, result.stderr)


@pytest.mark.parametrize("sql", ["UPDATE reviews SET seen = 'x'", f"UPDATE claims SET updated = {2**60}"])
def test_an_older_desk_with_what_cannot_be_shown_is_mended_when_it_is_opened(reviewed: Desk, sql: str) -> None:
    claim = reviewed.claims.of("1")[0]
    _add(reviewed, "claims", claim.id, {"claimant": "Late"}, at=2**60, parents=json.dumps(list(claim.heads)))
    reviewed.session.log.refold([("claims", claim.id)])
    reviewed.session.log.conn.execute("DELETE FROM _sqlite_migrations WHERE name = '0011_file'")
    reviewed.session.log.conn.execute(sql)
    with Desk.open(reviewed.path, "Ana") as desk:
        assert desk.upkeep.verify() == [] and desk.claims.get(claim.id).updated == clock.LATEST


def test_documents_are_what_those_who_look_at_them_rely_on(reviewed: Desk) -> None:
    for kind, column in (("reviews", "seen"), ("reviews", "sources"), ("answers", "seen"), ("ticks", "seen")):
        (said,) = reviewed.session.log.rows(f"SELECT {column} FROM {kind}")[0]
        assert said and fits(column, said) and not fits(column, said[:-1])
    for wrong in ("x", "5", '"x"', "[1]", "[[1]]", "{}", "[" * 5000, "9" * 5000):
        assert not fits("seen", wrong) and not fits("after", wrong)
