"""What people said of a text that is corrected since: it goes with their words, and stands for no others."""

from __future__ import annotations

from collections.abc import Mapping
from csv import DictReader
from pathlib import Path

import pytest

from store.desk import Desk
from store.errors import Refused
from store.formats.csv.claim_columns import write as write_claims
from store.formats.settled import write as write_settled
from store.records import Article, Claim
from store.settle.comparison_groups import AGREED, OBJECTED, Group
from tests.kit.corrected import NEW, RAIN, SPANS, correct, tagged
from tests.kit.csv_files import file_of, imported


@pytest.fixture
def article(desk: Desk) -> Article:
    return desk.articles.add(RAIN, title="Rain")


@pytest.fixture
def claims(desk: Desk, article: Article) -> Mapping[str, Claim]:
    """Ana's claims, each with a verdict that Bo agrees with."""
    found = {name: tagged(desk, article, quote) for name, quote in SPANS.items()}
    for claim in found.values():
        desk.verdicts.give(claim, "not_checkable", "So it is.")
    desk.be("Bo")
    for claim in found.values():
        desk.reviews.decide(claim.id, "agree")
    desk.be("Cy")
    return found


def groups(desk: Desk, article: Article) -> list[Group]:
    return list(desk.comparison.compare(article.id).groups)


def settled(desk: Desk, article: Article) -> None:
    desk.settlements.take_agreed(desk.comparison.compare(article.id))


def rows(desk: Desk, folder: Path, name: str) -> dict[str, dict[str, str]]:
    file = folder / name
    {"settled.csv": write_settled, "claims.csv": write_claims}[name](desk, file, replace=True)
    with file.open(encoding="utf-8-sig", newline="") as opened:
        return {row["claim"]: row for row in DictReader(opened)}


def test_agreement_goes_with_the_words_it_was_about(desk: Desk, article: Article, claims: Mapping[str, Claim]) -> None:
    for text in (NEW, "Once more. " + NEW):
        correct(desk, article, text)
        found = groups(desk, article)
        assert [group.kind for group in found] == [AGREED] * 3
        for group in found:
            for take in group.said:
                assert take.quote == text[take.start : take.end] and (take.start, take.end) == (group.start, group.end)
    assert "Nobody saw it" not in [group.present[0].quote for group in found]  # its words are gone


def test_a_claim_that_its_checker_moved_is_not_what_its_reviewer_agreed_with(
    desk: Desk, article: Article, claims: Mapping[str, Claim]
) -> None:
    desk.be("Ana")
    desk.claims.move(claims["rain"].id, 0, len("It rained on Monday"))
    text = "A new sentence. " + RAIN
    correct(desk, article, text)
    (ana, bo) = groups(desk, article)[0].present
    assert (ana.quote, bo.quote) == ("It rained on Monday", SPANS["rain"]) and text[bo.start : bo.end] == bo.quote


def test_what_is_settled_moves_along_and_what_changed_is_settled_again(
    desk: Desk, article: Article, claims: Mapping[str, Claim], tmp_path: Path
) -> None:
    settled(desk, article)
    correct(desk, article, NEW)
    standing = {claim.name: claim.status.value for claim in desk.claims.of(article.id)}
    assert standing == {"C1": "settled", "C2": "settle_again", "C4": "settled"}
    assert desk.claims.lacks(claims["schools"])[-1] == "its words were changed: check it again"
    comparison = desk.comparison.compare(article.id)
    assert [group.to_settle for group in comparison.groups] == [False, True, False]
    assert [one.words for one in desk.settlements.unsettled(comparison)] == [
        "C2: settled, but a correction has changed its words: settle it again"
    ]
    assert {one.name: one.item for one in desk.transfers.waiting(article.id)} == {
        "C2": claims["schools"].id, "C3": claims["nobody"].id,
    }  # fmt: skip
    assert {name: row["check_again"] for name, row in rows(desk, tmp_path, "settled.csv").items()} == {
        "C1": "0", "C2": "1", "C4": "0",
    }  # fmt: skip
    again = rows(desk, tmp_path, "claims.csv")
    assert {name: (row["status"], row["check_again"]) for name, row in again.items()}["C2"] == ("settle_again", "1")
    desk.settlements.adjudicate(comparison.groups[1], "first_correct", rationale="43 it is.")
    assert desk.claims.get(claims["schools"].id).status == "settled" and desk.upkeep.verify() == []
    assert [one.name for one in desk.transfers.waiting(article.id)] == ["C3"]
    desk.history.undo()
    assert desk.claims.get(claims["schools"].id).status == "settle_again"
    desk.transfers.keep(claims["schools"].id)  # the adjudicator may just as well say that it holds
    assert desk.claims.get(claims["schools"].id).status == "settled"
    assert not any(group.to_settle for group in groups(desk, article)) and desk.upkeep.verify() == []


def test_what_was_settled_on_words_that_are_gone_stands_for_no_others(
    desk: Desk, article: Article, claims: Mapping[str, Claim], tmp_path: Path
) -> None:
    words = "that 41 schools will close this year. Nobody saw it"
    start = RAIN.index(words)
    group = next(one for one in groups(desk, article) if claims["report"].id in one.claims)
    desk.settlements.adjudicate(group, "own", span=(start, start + len(words)), rationale="It begins there.")
    text = RAIN.replace("The mayor said that 41 schools will close this year. Nobody saw it. ", "")
    correct(desk, article, text)
    (report,) = [one for one in groups(desk, article) if claims["report"].id in one.claims]
    assert report.settled is not None and report.to_settle
    assert (report.settled.again, report.settled.start, report.settled.end) == ("vanished", 0, 0)
    assert report.settled.quote == words
    assert desk.comparison.settled(article.id) == [] and rows(desk, tmp_path, "settled.csv") == {}
    row = rows(desk, tmp_path, "claims.csv")["C4"]
    assert (row["status"], row["final_start"], row["final_end"], row["stands"]) == ("settle_again", "", "", "")
    with Desk.open(tmp_path / "other.db", "Eve") as other:
        other.articles.add(text, title="Rain")
        imported(other, file_of([row]))
        assert [one.quote for one in other.comparison.adjudications(1) if one.again] == [words]
        assert other.comparison.settled(1) == [] and other.upkeep.verify() == []
    desk.settlements.adjudicate(report, "first_correct", rationale="As Ana has it.")
    (stands,) = desk.comparison.settled(article.id)
    assert stands.adjudication.quote == SPANS["report"] and desk.upkeep.verify() == []
    assert desk.claims.get(claims["report"].id).status == "settled"


def test_a_proposal_whose_words_are_gone_is_still_an_objection(
    desk: Desk, article: Article, claims: Mapping[str, Claim]
) -> None:
    desk.be("Bo")
    start = RAIN.index("Nobody")
    desk.reviews.decide(claims["schools"].id, "change_span", span=(start, start + len("Nobody saw it")))
    correct(desk, article, NEW)
    (review,) = desk.reviews.of(claims["schools"].id)
    assert (review.again, review.stale, review.start, review.end) == ("vanished", True, 0, 0)
    assert review.quote == "Nobody saw it" and review.decisions == ("change_span",)
    (group,) = [one for one in groups(desk, article) if claims["schools"].id in one.claims]
    assert group.kind == OBJECTED
    with pytest.raises(Refused, match="propose others"):
        desk.proposals.reword(desk.claims.get(claims["schools"].id), review, "Really.")
    desk.be("Cy")
    with pytest.raises(Refused, match="words that Bo proposed are not in the corrected text"):
        desk.settlements.adjudicate(group, "second_correct", rationale="Bo is right.")
    desk.be("Bo")
    desk.reviews.decide(claims["schools"].id, "agree")
    (review,) = desk.reviews.of(claims["schools"].id)
    assert not review.again and not review.stale and desk.upkeep.verify() == []


def test_proposed_words_that_a_correction_changed_come_back_to_their_reviewer(
    desk: Desk, article: Article, claims: Mapping[str, Claim]
) -> None:
    desk.be("Bo")
    words = "said that 41 schools will close this year"
    start = RAIN.index(words)
    desk.reviews.decide(claims["rain"].id, "change_span", span=(start, start + len(words)))
    correct(desk, article, NEW)
    (review,) = desk.reviews.of(claims["rain"].id)
    assert (review.again, review.stale, review.quote) == ("changed", True, words.replace("41", "43"))
    desk.be("Ana")
    with pytest.raises(Refused, match="A correction has changed the words proposed for C1"):
        desk.answers.answer(review, "accepted")
    desk.be("Bo")
    about = desk.claims.get(claims["rain"].id)
    desk.reviews.decide(about, "change_span", span=(review.start, review.end), seen=review)
    (review,) = desk.reviews.of(claims["rain"].id)
    assert not review.again and not review.stale
    desk.be("Ana")
    desk.answers.answer(review, "accepted")
    assert desk.claims.get(claims["rain"].id).quote == words.replace("41", "43") and desk.upkeep.verify() == []
