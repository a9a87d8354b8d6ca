"""Bringing in records that were made elsewhere."""

from __future__ import annotations

import pytest

from store.desk import Desk
from store.records import Article
from tests.kit.refusals import refused

CLAIM_ID = "0190a0a0-0000-7000-8000-000000000001"


def made_elsewhere(article: Article, /, **other: object) -> dict[str, object]:
    return {
        "kind": "claims", "id": CLAIM_ID, "by": "Zoe", "created": 1_000, "updated": 1_000, "article": article.id,
        "number": 7, "version": article.version, "start": 0, "end": 3, "quote": "Two", "types": [], **other,
    }  # fmt: skip


def test_records_made_elsewhere_keep_their_ids_authors_and_times(desk: Desk, article: Article) -> None:
    verdict = {
        "kind": "verdicts", "id": CLAIM_ID[:-1] + "2", "by": "Yan", "created": 1_500, "updated": 3_000,
        "updated_by": "Zoe", "claim": CLAIM_ID, "verdict": "mixed",
    }  # fmt: skip
    desk.imports.bring([made_elsewhere(article, updated=2_000, claimant="Ri"), verdict])
    claim = desk.claims.get("C7", article)
    assert (claim.id, claim.checker, claim.created, claim.updated) == (CLAIM_ID, "Zoe", 1_000, 3_000)
    (given,) = desk.verdicts.of(claim)
    assert (given.by, given.created, given.updated, given.verdict) == ("Yan", 1_500, 3_000, "mixed")
    assert desk.conflicts.of() == [] and desk.upkeep.verify() == []


def test_what_was_brought_is_undone_by_who_brought_it(desk: Desk, bob: Desk, article: Article) -> None:
    desk.imports.bring([made_elsewhere(article, updated=2_000, claimant="Ri")])
    with Desk.open(desk.path, "Zoe") as zoe:
        refused(zoe, lambda: zoe.history.undo())
    assert "brought in" in desk.history.undo().sentence
    assert desk.claims.of(article) == [] and desk.conflicts.of() == []
    desk.history.redo()
    assert [(c.claimant, c.checker) for c in desk.claims.of(article)] == [("Ri", "Zoe")]
    assert desk.upkeep.verify() == []


@pytest.mark.parametrize(
    "wrong",
    [
        {"kind": "moods"},
        {"id": "C7"},
        {"by": ""},
        {"created": "yesterday"},
        {"updated": 1},
        {"start": "0"},
        {"quote": "Twenty"},
        {"end": 0},
        {"article": CLAIM_ID},
        {"version": ""},
        {"claimant": "a\0b"},
        {"types": "date"},
    ],
)
def test_a_record_that_does_not_fit_brings_nothing_in(desk: Desk, article: Article, wrong: dict[str, object]) -> None:
    good = made_elsewhere(article, id=CLAIM_ID[:-1] + "3")
    refused(desk, lambda: desk.imports.bring([good, made_elsewhere(article, **wrong)]))


def test_a_record_is_brought_once(desk: Desk, article: Article) -> None:
    refused(desk, lambda: desk.imports.bring([made_elsewhere(article), made_elsewhere(article)]))
    desk.imports.bring([made_elsewhere(article)])
    assert CLAIM_ID in refused(desk, lambda: desk.imports.bring([made_elsewhere(article)]))
