"""The reviewer's summary: every claim of the queue is decided on, stale or unreviewed, and nothing else is told."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from store.desk import Desk
from store.errors import Refused
from store.formats.summary import by_whom, markdown
from store.review.summary import said_of

TEXT = "It rained on 5 May. The river rose by 2 metres. Nobody was hurt. The bridge fell. The mayor left.\n"


def span(words: str) -> tuple[int, int]:
    return TEXT.index(words), TEXT.index(words) + len(words)


@pytest.fixture
def desk(tmp_path: Path) -> Iterator[Desk]:
    """Ana has tagged four claims; Bo is at the desk."""
    with Desk.open(tmp_path / "desk.db", "Ana") as desk:
        article = desk.articles.add(TEXT, title="The *flood*")
        for words in ("It rained on 5 May", "The river rose by 2 metres", "Nobody was hurt", "The bridge fell"):
            desk.verdicts.give(desk.claims.tag(article, *span(words)), "supported", "So it was.")
        desk.be("Bo")
        yield desk


def test_every_claim_is_decided_on_stale_or_unreviewed(desk: Desk) -> None:
    first, second, third, fourth = desk.claims.of("1")
    desk.reviews.decide(first, "agree")
    desk.reviews.decide(second, "disagree", reason="wrong_span", comment="2 metres is not said.")
    desk.reviews.decide(third, "agree")
    desk.be("Ana")
    desk.claims.edit(third, claim_text="No person was hurt.")
    desk.be("Bo")
    missed = desk.reviews.missing("1", *span("The mayor left")).claim
    found = desk.summaries.of("1", "Ana")
    assert [(one.decision, [p.claim.id for p in one.claims]) for one in found.decided] == [
        ("agree", [first.id]),
        ("disagree", [second.id]),
        ("missing_claim", [missed]),
    ]
    assert [one.claim.id for one in found.stale] == [third.id]
    assert [claim.id for claim in found.unreviewed] == [fourth.id]
    assert (found.claims, found.reviewed, found.submitted) == (4, 2, False)
    assert [one.claim.id for one in found.disputes] == [second.id, missed]
    assert found.residue == ()


def test_the_residue_is_told_and_markdown_shows_all_words_as_they_are(desk: Desk) -> None:
    desk.reviews.decide(desk.claims.of("1")[0], "comment", comment="See *there* | <b>")
    found = desk.summaries.of("1")
    assert [passage.quote for passage in found.residue] == ["The mayor left."]
    page = markdown(found, desk.scheme)
    assert page.startswith("# Review of The \\*flood\\*\n")
    assert "Bo reviewed 1 of 4 claims by Ana." in page
    assert by_whom(found._replace(checkers=("Ana", "Cy", "Dee"))) == "Ana, Cy and Dee"
    assert "| comment | 1 | C1 |\n| not reviewed | 3 | C2, C3, C4 |" in page
    assert "The mayor left." in page
    assert said_of(found.decided[0].claims[0].review, desk.scheme) == "See *there* | <b>"


def test_whoever_tags_alone_has_nothing_to_review_and_learns_nothing_of_others(desk: Desk) -> None:
    desk.assignments.assign(["1"], ["Bo"], "reviewer", blind="all")
    found = desk.summaries.of("1")
    assert (found.claims, found.blind, found.decided, found.unreviewed) == (0, "all", (), ())
    assert len(found.residue) == 5


def test_ones_own_claims_and_somebody_without_claims_are_refused(desk: Desk) -> None:
    desk.reviews.decide(desk.claims.of("1")[0], "agree")
    with pytest.raises(Refused, match="you cannot review your own"):
        desk.summaries.of("1", "Bo")
    desk.be("Ana")
    with pytest.raises(Refused, match="no claims by anybody else"):
        desk.summaries.of("1")
