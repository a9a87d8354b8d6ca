"""What the fields and words of a desk are called, and that they are called so wherever they are told."""

from __future__ import annotations

from store.access.fields import ARTICLE, CLAIM, EVIDENCE, SOURCE
from store.desk import Desk
from store.log.log import Edit
from store.records import Article
from store.review.changes_since_review import changes
from store.vocabulary import FIELD_WORDS, SHORT_FIELD_WORDS, Outcome, outcome_words
from tui.kit.page import VALUE


def test_every_field_that_can_be_edited_has_a_name() -> None:
    assert {*ARTICLE, *CLAIM, *SOURCE, *EVIDENCE} <= FIELD_WORDS.keys()
    assert SHORT_FIELD_WORDS.keys() <= {*CLAIM}
    longest = max(len(SHORT_FIELD_WORDS.get(name, FIELD_WORDS[name])) for name in CLAIM)
    assert longest <= VALUE - 2, "it has a label's room in the panel"


def test_what_has_changed_is_told_by_the_fields_names_and_as_it_is_written(
    desk: Desk, bob: Desk, article: Article
) -> None:
    claim = desk.claims.tag(article, 0, 8, claim_text="See a_b.", attribution="own_voice")
    bob.reviews.decide(claim, "agree")
    desk.claims.edit(claim, claim_text="See c_d.", attribution="direct_quote", check_target="both")
    review = bob.reviews.of(claim)[0]
    assert changes(review, bob.claims.get(claim.id), None, (), bob.scheme) == [
        ("claim text", "See a_b.", "See c_d."),
        ("attribution", "own voice", "direct quote"),
        ("check target", "", "both"),
    ]


def test_every_outcome_has_words_and_one_of_a_newer_factdesk_its_name() -> None:
    told = {str(one) for one in Outcome if outcome_words(one, "Ana") != one.replace("_", " ")}
    assert told == {*map(str, Outcome)} - {"merged"}
    assert outcome_words("first_correct", "Ana") == "Ana is right" and outcome_words("split_up", "") == "split up"


def test_the_history_tells_what_only_a_newer_factdesk_knows_by_its_name(
    desk: Desk, bob: Desk, article: Article
) -> None:
    claim = desk.claims.tag(article, 0, 8)
    bob.reviews.decide(claim, "agree")
    (review,) = bob.reviews.of(claim)
    settled = {"claim": claim.id, "reviewer": bob.reviewer.id, "outcome": "{split}_up", "stands": 1}
    with bob.session.writing():
        bob.session.write([Edit("reviews", review.id, {"decision": "{split}"}), Edit("adjudications", None, settled)])
    told = [one.sentence for one in desk.history.of(article)]
    assert "reviewed C1 ({split})" in told and "settled C1: {split} up" in told
