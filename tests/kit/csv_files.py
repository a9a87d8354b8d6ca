"""CSV in the tests: exported, read as a spreadsheet reads it, and brought to another desk."""

from __future__ import annotations

import csv
import io
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest
from hypothesis import strategies as st

from store.access.fields import clean
from store.access.names import reviewer_id
from store.desk import Desk
from store.formats.csv import claim_columns as csv_claims
from store.formats.csv import claim_import as csv_import
from store.formats.csv.cells import milliseconds, split, unguarded
from store.formats.csv.claim_columns import COLUMNS
from store.formats.csv.claim_import import ImportRefused
from store.records import Article, Claim
from store.vocabulary import Status
from tests.kit.hostile import hostile_texts

NAMES = [column.name for column in COLUMNS]

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
"""Words that a spreadsheet, a separator or a careless reader would stumble over."""


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
    before = exported(desk), desk.history.mark()
    with pytest.raises(ImportRefused) as refused:
        imported(desk, data)
    assert (exported(desk), desk.history.mark()) == before
    return {row.number: row.reason for row in refused.value.rows}


@contextmanager
def another_desk(of: Desk, reviewer: str = "Cleo") -> Iterator[Desk]:
    """An empty desk that has the same articles, come in another order."""
    with tempfile.TemporaryDirectory() as folder, Desk.open(Path(folder) / "other.db", reviewer) as desk:
        for article in reversed(of.articles.all()):
            desk.articles.add(
                of.articles.text(article), title=article.title, url=article.url, published=article.published
            )
        yield desk


def judged(desk: Desk, article: str) -> list[object]:
    """What people say of each other's work on an article, without what each desk numbers for itself."""
    parts: list[Any] = [*desk.reviews.of(desk.articles.get(article)), *desk.comparison.adjudications(article)]
    for claim in desk.claims.of(article):
        parts += [claim, *desk.ticks.of(claim), *desk.threads.of(claim), *desk.verdicts.of(claim)]
    return [part._replace(heads=()) for part in parts]


def assert_honest(desk: Desk, rows: list[dict[str, str]]) -> None:
    """Every row says what the desk says, and quotes the text at its place."""
    said = {}
    for article in desk.articles.all():
        for claim in desk.claims.of(article):
            said[claim.id] = (
                article.title, claim.name, claim.start, claim.end, claim.quote, claim.claim_text, claim.claimant,
                list(claim.types), list(claim.tags), claim.verdict, claim.justification, claim.checker,
                claim.evidence_count, claim.comment_count, claim.created, claim.updated, claim.conflict,
                claim.status, claim.status == Status.DISPUTED, claim.origin, reviews_in_words(desk, claim),
                desk.articles.text(article).count("\n", 0, claim.start) + 1,
            )  # fmt: skip
            assert desk.articles.text(article)[claim.start : claim.end] == claim.quote
    held = {}
    for row in rows:
        cells = {name: unguarded(cell) for name, cell in row.items()}
        held[cells["claim_id"]] = (
            cells["article_title"], cells["claim"], int(cells["start"]), int(cells["end"]), cells["quote"],
            cells["claim_text"], cells["claimant"], split(cells["types"]), split(cells["tags"]), cells["verdict"],
            cells["justification"], cells["checker"], int(cells["evidence_count"]), int(cells["comment_count"]),
            milliseconds(cells["created"]), milliseconds(cells["updated"]), cells["conflict"] == "1",
            cells["status"], cells["disputed"] == "1", cells["origin"],
            tuple(
                cells[name] for name in ("review_count", "review_decisions", "review_stale", "last_reviewer",
                "adjudication", "adjudicated_by", "rationale", "final_verdict")
            ),
            int(cells["line"]),
        )  # fmt: skip
    assert held == said


def reviews_in_words(desk: Desk, claim: Claim) -> tuple[str, ...]:
    """The cells about second review, told from what the desk tells."""
    reviews = desk.reviews.of(claim)
    newest = max(reviews, key=lambda review: (review.updated, reviewer_id(review.by)), default=None)
    settled = [one for one in desk.comparison.adjudications(claim.article) if one.claim == claim.id]
    how = [text for one in settled for text in (one.outcome, one.by, one.rationale, one.verdict)]
    said = [(review.by, dict.fromkeys([review.decision, *review.decisions])) for review in reviews]
    return (
        str(len(reviews)), " | ".join(f"{by}: {' + '.join(decisions)}" for by, decisions in said),
        str(sum(review.stale for review in reviews)), newest.by if newest else "", *(how or [""] * 4),
    )  # fmt: skip
