"""What a verdict asks for is asked of all who give, take over, settle or bring it; words stay with their verdict."""

from __future__ import annotations

import io
import json
from collections.abc import Callable
from pathlib import Path

import pytest

from store.desk import Desk
from store.errors import Guarded
from store.formats import FORMATS
from store.formats.csv import claim_import
from store.formats.import_of_any_format import FormatRefused
from store.records import Article, Claim
from tests.kit import exchange
from tests.kit.at_the_desk import BLOCKING
from tests.kit.refusals import refused
from tests.kit.second_review import SPANS, status


@pytest.fixture
def dora(open_desk: Callable[..., Desk]) -> Desk:
    return open_desk("Dora")


def test_a_blocking_guard_asks_the_adjudicator_too(desk: Desk, bob: Desk, dora: Desk, article: Article) -> None:
    desk.schemes.use(BLOCKING)
    claim = desk.claims.tag(article, *SPANS[0])
    desk.verdicts.give(claim, "open")
    bob.reviews.decide(claim.id, "agree")
    group = dora.comparison.compare(article).groups[0]
    said = refused(
        dora, lambda: dora.settlements.adjudicate(group, "own", verdict="refuted", rationale="I know."), Guarded
    )
    assert "needs 1 piece of evidence that refutes" in said
    bob.evidence.add(claim, "refutes", note="The record.")
    assert dora.settlements.adjudicate(
        dora.comparison.compare(article).groups[0], "own", verdict="refuted", rationale="The record."
    ).stands


def test_a_blocking_guard_asks_who_accepts_and_who_empties_the_words(desk: Desk, bob: Desk, article: Article) -> None:
    desk.schemes.use(BLOCKING)
    claim = desk.claims.tag(article, *SPANS[0])
    desk.verdicts.give(claim, "open")
    record = bob.evidence.add(claim, "refutes", note="The record.")
    review = bob.reviews.decide(claim.id, "change_verdict", verdict="refuted", justification="The record.")
    assert "justification" in refused(bob, lambda: bob.verdicts.justify(claim, " "), Guarded)
    assert "take that back first" in refused(bob, lambda: bob.delete(record), Guarded)
    assert desk.answers.answer(review, "accepted").answered == "accepted"


def test_a_blocking_guard_asks_an_import(desk: Desk, article: Article) -> None:
    desk.schemes.use(BLOCKING)
    text = desk.articles.text(article)
    rows = f'article_id,start,end,quote,verdict,justification\n{article.id},0,13,"{text[:13]}",refuted,So.\n'
    refused(desk, lambda: claim_import.read(desk, io.BytesIO(rows.encode())))
    assert desk.claims.of(article) == []


def test_a_bare_verdict_that_is_accepted_waits_until_it_was_looked_at(
    desk: Desk, bob: Desk, article: Article, claim: Claim
) -> None:
    for piece in desk.evidence.of(claim):
        desk.delete(piece)
    desk.verdicts.give(claim, "supported", "So.")
    review = bob.reviews.decide(desk.claims.get(claim.id), "change_verdict", verdict="refuted")
    desk.answers.answer(review, "accepted")
    assert desk.claims.lacks(claim.id) and status(desk, claim) == "tagged"
    desk.evidence.add(claim.id, "refutes", note="The record.")
    assert bob.submissions.unfinished(article, "reviewer")
    bob.reviews.decide(bob.claims.get(claim.id), "agree")
    assert status(desk, claim) == "reviewed"


def test_nothing_becomes_lacking_in_a_set_that_is_submitted(
    desk: Desk, bob: Desk, article: Article, claim: Claim
) -> None:
    piece = bob.evidence.add(claim, "supports", note="The record.")
    review = bob.reviews.decide(claim.id, "change_verdict", verdict="mostly_supported")
    desk.submissions.submit(article, "checker")
    said = refused(desk, lambda: desk.answers.answer(review, "accepted"), Guarded)
    assert "needs a justification" in said and "reopen it, add what is missing, then accept" in said
    review = bob.reviews.decide(
        claim.id, "change_verdict", verdict="mostly_supported", justification="So.", seen=review
    )
    desk.answers.answer(review, "accepted")
    said = refused(bob, lambda: bob.delete(piece), Guarded)
    assert "Ana's verdict on C1 needs it" in said and "they can reopen their set" in said
    refused(bob, lambda: bob.evidence.edit(piece, stance="context"), Guarded)
    desk.submissions.reopen(article, "checker")
    bob.delete(piece)
    assert desk.claims.lacks(claim.id)


def test_words_stay_with_the_verdict_they_were_written_for(desk: Desk, article: Article) -> None:
    claim = desk.claims.tag(article, *SPANS[0])
    desk.verdicts.justify(claim, "written before")
    assert desk.verdicts.give(claim.id, "mixed").justification == "written before"
    assert desk.verdicts.give(claim.id, "refuted").justification == ""
    assert "“Mixed” does not stay under “Refuted”" in desk.verdicts.put_aside(claim)
    desk.verdicts.justify(claim.id, "it is not so")
    assert desk.verdicts.give(claim.id, "mixed").justification == "written before"
    assert desk.verdicts.give(claim.id, "").justification == "written before"
    assert desk.verdicts.give(claim.id, "refuted").justification == "it is not so"
    assert desk.verdicts.give(claim.id, "supported", "new words").justification == "new words"
    desk.history.undo()
    assert desk.claims.get(claim.id).justification == "it is not so"


def test_what_is_accepted_brings_its_own_words_or_none(desk: Desk, bob: Desk, claim: Claim) -> None:
    desk.answers.answer(bob.reviews.decide(claim, "change_verdict", verdict="supported"), "accepted")
    assert (desk.claims.get(claim.id).verdict, desk.claims.get(claim.id).justification) == ("supported", "")


def test_to_take_a_review_back_takes_its_verdict_and_the_words(desk: Desk, bob: Desk, claim: Claim) -> None:
    bob.reviews.decide(claim, "change_verdict", verdict="mixed", justification="Half of it.")
    bob.reviews.take_back(bob.claims.get(claim.id))
    assert desk.reviews.of(claim) == []
    assert [(v.by, v.verdict, v.justification) for v in desk.verdicts.of(claim) if v.by == "Bob"] == [("Bob", "", "")]
    assert "said nothing" in refused(bob, lambda: bob.reviews.take_back(bob.claims.get(claim.id)))
    bob.verdicts.give(claim.id, "mixed")
    bob.reviews.take_back(bob.claims.get(claim.id))
    assert not any(v.verdict for v in desk.verdicts.of(claim) if v.by == "Bob")


def test_a_disagreement_says_what_is_wrong(desk: Desk, bob: Desk, claim: Claim) -> None:
    assert "say why" in refused(bob, lambda: bob.reviews.decide(claim, "disagree"))
    assert "Other" in refused(bob, lambda: bob.reviews.decide(claim, "disagree", reason="other", comment=" "))
    piece = desk.evidence.of(claim)[0]
    assert "Other" in refused(bob, lambda: bob.ticks.tick(piece, "doubted", "other"))
    assert bob.reviews.decide(claim, "disagree", comment="The year is wrong.").comment == "The year is wrong."
    assert bob.reviews.decide(claim, "disagree", reason="wrong_span").reason == "wrong_span"
    assert bob.reviews.decide(claim, "disagree", reason="other", comment="See page 4.").reason == "other"
    assert bob.ticks.tick(piece, "doubted", "other", "Page 4 is missing.").mark == "doubted"


def test_a_blocking_guard_refuses_a_file_before_anything_of_it_is_written(desk: Desk, tmp_path: Path) -> None:
    desk.schemes.use(BLOCKING)
    lines = [
        {"type": "article", "text": "One two three."},
        {"type": "claim", "start": 0, "end": 3, "quote": "One", "verdict": "open"},
        {"type": "article", "text": "Four five six."},
        {"type": "claim", "start": 0, "end": 4, "quote": "Four", "verdict": "refuted"},
    ]
    data = {"f.jsonl": "\n".join(map(json.dumps, lines)).encode()}
    with pytest.raises(FormatRefused, match=r"1 record does not fit; nothing.*It cannot have that verdict yet"):
        exchange.brought_to(desk, FORMATS["jsonl"], data, tmp_path)
    assert desk.articles.all() == []
    assert exchange.brought_to(desk, FORMATS["jsonl"], data, tmp_path, skip_bad=True).claims == 1
