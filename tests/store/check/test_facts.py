"""Several claims on one span: each its own, divided and joined without losing anything."""

from __future__ import annotations

import pytest

from store.check.facts import in_one
from store.desk import Desk
from store.errors import Duplicate, TaggedByAnother
from store.records import Article, Claim
from tests.kit.refusals import refused

SPAN = (0, 37)
BOTH = "Two were captured. They are North Koreans."
ONE, OTHER = "Two were captured.", "They are North Koreans."


@pytest.fixture
def whole(desk: Desk, article: Article) -> Claim:
    claim = desk.claims.tag(article, *SPAN, claim_text=BOTH, claimant="Ri", types=["event"], tags=["war"])
    desk.evidence.add(claim, "supports", url="https://a.example")
    desk.threads.comment(claim, "Who says so?")
    desk.verdicts.give(claim, "supported", "He says so.")
    return desk.claims.get(claim.id)


def texts(desk: Desk, article: Article) -> list[tuple[str, str, str]]:
    return [(claim.name, claim.claim_text, claim.verdict) for claim in desk.claims.of(article)]


def test_another_claim_text_makes_another_claim_on_the_same_words(desk: Desk, bob: Desk, article: Article) -> None:
    first = desk.claims.tag(article, *SPAN, claim_text=ONE)
    read = desk.coverage.of(article).words_read
    second = desk.claims.tag(article, *SPAN, claim_text=OTHER)
    assert [claim.name for claim in desk.claims.of(article)] == ["C1", "C2"]
    for text in (ONE, OTHER, ""):  # without words what is there already is meant
        refused(desk, lambda text=text: desk.claims.tag(article, *SPAN, claim_text=text), Duplicate)  # type: ignore[misc]
    for text in (ONE, OTHER):
        refused(bob, lambda text=text: bob.claims.tag(article, *SPAN, claim_text=text, own=False), TaggedByAnother)  # type: ignore[misc]
    bob.claims.tag(article, *SPAN, claim_text="They speak Korean.")  # another fact needs no --own
    bob.claims.tag(article, *SPAN, claim_text=ONE, own=True)
    assert len(desk.claims.of(article)) == 4
    assert desk.coverage.of(article).words_read == read, "words under several claims count once"
    assert "C1 stands on the same words" in refused(desk, lambda: desk.claims.edit(second, claim_text=ONE), Duplicate)
    assert desk.claims.edit(first, claim_text=ONE) == first
    other = desk.claims.tag(article, 38, 60, claim_text=OTHER)
    refused(desk, lambda: desk.claims.move(other, *SPAN), Duplicate)


def test_a_claim_is_split_into_facts_in_one_step(desk: Desk, article: Article, whole: Claim) -> None:
    assert desk.claims.facts(whole) == [ONE, OTHER]
    made = desk.claims.split(whole, [ONE, "  ", OTHER, ONE, "Ri and Baek were."])
    assert texts(desk, article) == [("C1", ONE, ""), ("C2", OTHER, ""), ("C3", "Ri and Baek were.", "")]
    assert [one.id for one in made] == [claim.id for claim in desk.claims.of(article)]
    assert all((one.claimant, one.types, one.tags) == ("Ri", ("event",), ("war",)) for one in made)
    assert (made[0].evidence_count, made[0].comment_count, made[1].evidence_count) == (1, 1, 0)
    assert desk.verdicts.of(made[0])[0].justification == "He says so."  # what was written stays
    desk.history.undo()
    assert texts(desk, article) == [("C1", BOTH, "supported")]
    assert desk.claims.split(whole.id, [BOTH, OTHER])[0].verdict == "supported"  # its text is as it was
    assert "two different facts" in refused(desk, lambda: desk.claims.split(whole.id, ["One.", " One. "]))


def test_a_split_leaves_what_is_there_already(desk: Desk, bob: Desk, article: Article, whole: Claim) -> None:
    there = desk.claims.tag(article, *SPAN, claim_text=OTHER)
    desk.verdicts.give(there, "mixed")
    assert [one.id for one in desk.claims.split(whole.id, [ONE, OTHER])] == [whole.id, there.id]
    assert desk.claims.get(there.id).verdict == "mixed"
    assert "is Ana's" in refused(bob, lambda: bob.claims.split(there, ["A.", "B."]))


def test_facts_are_joined_with_all_that_hangs_on_them(desk: Desk, article: Article, whole: Claim) -> None:
    one, other = desk.claims.split(whole, [ONE, OTHER])
    desk.verdicts.give(one, "supported")
    desk.verdicts.give(other, "supported", "By their passports.")
    piece = desk.evidence.add(other, "supports", url="https://b.example")
    comment = desk.threads.comment(other, "Seen.")
    desk.claims.edit(other.id, tags=["war", "id"])
    merged = desk.claims.merge([one, other])
    assert (merged.id, merged.claim_text, merged.verdict) == (one.id, BOTH, "supported")
    assert (merged.tags, merged.justification) == (("war", "id"), "He says so.\nBy their passports.")
    assert [one.id for one in desk.evidence.of(merged)][1] == piece.id
    assert [one.id for one in desk.threads.of(merged)][1] == comment.id
    assert [claim.id for claim in desk.claims.of(article)] == [one.id]
    assert any(change.sentence == "moved evidence to C1" for change in desk.history.of(article))
    desk.history.undo()
    assert [row[1:] for row in texts(desk, article)] == [(ONE, "supported"), (OTHER, "supported")]
    assert desk.evidence.of(other)[0].id == piece.id and desk.upkeep.verify() == []
    desk.history.redo()
    assert len(desk.evidence.of(merged)) == 2 and desk.upkeep.verify() == []


def test_a_verdict_on_a_part_does_not_stay_on_the_whole(desk: Desk, article: Article, whole: Claim) -> None:
    one, other = desk.claims.split(whole, [ONE, OTHER])
    desk.verdicts.give(one, "supported")
    desk.verdicts.give(other, "refuted", "No passports.")
    merged = desk.claims.merge([one, other])
    assert (merged.verdict, desk.verdicts.of(merged)[0].justification) == ("", "He says so.\nNo passports.")


def test_what_cannot_be_joined_is_refused(desk: Desk, bob: Desk, article: Article, whole: Claim) -> None:
    one, other = desk.claims.split(whole, [ONE, OTHER])
    elsewhere = desk.claims.tag(article, 38, 60)
    theirs = bob.claims.tag(article, *SPAN, claim_text="They speak Korean.")
    assert "two claims or more" in refused(desk, lambda: desk.claims.merge([one, one]))
    assert "not have the same words" in refused(desk, lambda: desk.claims.merge([one, elsewhere]))
    assert "they stay apart" in refused(desk, lambda: desk.claims.merge([one, theirs]))
    bob.reviews.decide(other, "agree")
    assert "Bob has judged C2" in refused(desk, lambda: desk.claims.merge([one, other]))
    assert desk.claims.merge([other, one]).id == other.id


def test_what_a_suggestion_became_goes_along(desk: Desk, article: Article, whole: Claim) -> None:
    from store.review.suggestions import Suggested

    desk.suggestions.add_many(article, [Suggested(*SPAN, "Model 3", claim_text="They speak Korean.")])
    made = desk.suggestions.accept(desk.suggestions.of(article)[0])
    merged = desk.claims.merge([whole, made])
    (suggestion,) = desk.suggestions.of(article)
    assert (suggestion.outcome, suggestion.claim) == ("accepted", merged.id)


@pytest.mark.parametrize(
    ("said", "text"),
    [
        ((ONE, OTHER), BOTH),
        (("it rained", "it snowed", "it rained"), "it rained; it snowed"),
        (("下雨了。", "", "下雪了"), "下雨了。 下雪了"),
        (("", ""), ""),
    ],
)
def test_several_statements_are_one_text(said: tuple[str, ...], text: str) -> None:
    assert in_one(said) == text
