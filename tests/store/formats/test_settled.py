"""The settled set: what stands, with everybody's labels kept beside it."""

from __future__ import annotations

import io
import json
from collections.abc import Callable
from typing import Any

import pytest

from store.desk import Desk
from store.errors import Unknown
from store.formats import settled
from store.formats.csv.cells import split
from store.records import Article
from tests.kit.csv_files import rows_of

Row = dict[str, str]


def exported(desk: Desk, *articles: Article | str, **how: Any) -> bytes:
    stream = io.BytesIO()
    settled.write(desk, stream, articles, **how)
    return stream.getvalue()


@pytest.fixture
def cy(desk: Desk, open_desk: Callable[..., Desk]) -> Desk:
    """Cy's window on the same file."""
    return open_desk("Cy")


@pytest.fixture
def settling(desk: Desk, bob: Desk, cy: Desk, article: Article) -> Article:
    """Three claims: one settled with Bob's edges and Cy's verdict, one struck out, one settled by nobody."""
    first, second = desk.claims.tag(article, 0, 37, claim_text="=two"), desk.claims.tag(article, 38, 60)
    desk.claims.tag(article, 100, 110)
    for claim in (first, second):
        desk.verdicts.give(claim, "refuted", "because")
    bob.claims.tag(article, 0, 13, types=["event"])
    bob.reviews.decide(first.id, "change_verdict", verdict="supported", justification="I was there")
    bob.reviews.decide(second.id, "reject_claim", comment="An opinion.")
    compared = cy.comparison.compare(article)
    cy.settlements.adjudicate(
        cy.comparison.group_of(first, compared),
        "merged",
        rationale="-both",
        verdict="mixed",
        span=(4, 37),
        claim_text="+all",
    )
    cy.settlements.adjudicate(cy.comparison.group_of(second, compared), "nothing_here", rationale="An opinion.")
    return article


def test_a_row_has_what_was_settled_and_what_everybody_had_said(desk: Desk, settling: Article) -> None:
    (row,) = rows_of(exported(desk))
    assert list(row) == [column.name for column in settled.SETTLED_COLUMNS]
    text = desk.articles.text(settling)
    assert {name: row[name] for name in list(row)[7:-2] if name != "settled_at"} == {
        "claim": "C1", "start": "4", "end": "37", "line": "1", "quote": text[4:37], "claim_text": "'+all",
        "verdict": "mixed", "verdict_label": "Mixed", "rating": row["rating"], "outcome": "merged", "chosen": "",
        "rationale": "'-both", "adjudicator": "Cy", "conflict": "0", "check_again": "0",
        "quote_shown": "",
    }  # fmt: skip
    assert split(row["people"])[:2] == ["Ana: tagged 0-37 refuted", "Bob: change_verdict 0-37 supported"]
    labels = json.loads(row["labels"])
    assert [(one["person"], one["decision"], one["verdict"], one["justification"]) for one in labels[:2]] == [
        ("Ana", "", "refuted", "because"), ("Bob", "change_verdict", "supported", "I was there"),
    ]  # fmt: skip
    assert [label["quote"] for label in labels[:2]] == [text[0:37]] * 2
    assert all(text[one["start"] : one["end"]] == one["quote"] for one in labels)
    assert all(column.says for column in settled.SETTLED_COLUMNS)


def test_everybodys_own_claims_in_a_group_are_beside_the_one_that_stands(
    desk: Desk, bob: Desk, cy: Desk, article: Article
) -> None:
    mine, theirs = desk.claims.tag(article, 0, 37), bob.claims.tag(article, 4, 37, types=["event"])
    cy.settlements.adjudicate(
        cy.comparison.group_of(mine, cy.comparison.compare(article)), "second_correct", rationale="Tighter."
    )
    (row,) = rows_of(exported(desk))
    assert (row["claim_id"], row["start"], row["chosen"]) == (theirs.id, "4", "Bob")
    labels = {one["person"]: one for one in json.loads(row["labels"])}
    assert {name: one["claim"] for name, one in labels.items()} == {"Ana": mine.id, "Bob": theirs.id}
    assert labels["Bob"]["types"] == ["event"]
    assert split(row["people"]) == ["Bob: tagged 4-37", "Ana: tagged 0-37"]


def test_what_is_taken_back_leaves_the_set_and_nothing_settled_gives_the_header_alone(
    desk: Desk, cy: Desk, settling: Article
) -> None:
    cy.settlements.unsettle(cy.comparison.group_of(desk.claims.of(settling)[0], cy.comparison.compare(settling)))
    head = exported(desk)
    assert head == ",".join(column.name for column in settled.SETTLED_COLUMNS).encode() + b"\r\n"
    assert exported(desk, excel=True) == b"\xef\xbb\xbf" + head


def test_only_the_articles_asked_for_are_told_and_rows_stand_in_their_order(
    desk: Desk, bob: Desk, cy: Desk, settling: Article
) -> None:
    other = desk.articles.add("Another text altogether. And more of it.", title="A text")
    for start, end in ((25, 40), (0, 24)):
        claim = desk.claims.tag(other, start, end)
        bob.reviews.decide(claim, "agree")
    assert cy.settlements.take_agreed(cy.comparison.compare(other)) == 2
    assert [(row["article_title"], row["start"]) for row in rows_of(exported(desk))] == [
        ("A text", "0"), ("A text", "25"), ("Prisoners of war", "4"),
    ]  # fmt: skip
    assert len(rows_of(exported(desk, other))) == 2
    assert exported(desk, "Prisoners", raw=True).count(b"'") == 0
    with pytest.raises(Unknown):
        exported(desk, "nowhere")
