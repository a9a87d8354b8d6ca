"""Suggestions: no claims until somebody makes them one, each chooses alone, and nothing of it is lost."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from store.desk import Desk
from store.errors import Unknown
from store.records import Article, Suggestion
from store.review.suggestions import Meaning, Suggested, SuggestionsBrought, meaning
from store.scheme import load
from tests.kit.csv_files import another_desk, exported, imported
from tests.kit.refusals import refused
from tests.kit.second_review import SPANS

FIRST, SECOND, THIRD = (
    Suggested(*SPANS[0], "Model 3", "refuted", "Two were captured.", "It was three.", 0.83, "brat:T1"),
    Suggested(*SPANS[1], "Model 3", "Quantity", confidence=1),
    Suggested(*SPANS[0], "Cy", "odd", "Both were captured.", at=1_700_000_000_000),
)


@pytest.fixture
def suggested(desk: Desk, article: Article) -> list[Suggestion]:
    assert desk.suggestions.add_many(article, [FIRST, SECOND, THIRD]) == SuggestionsBrought(3, 0, 0)
    return desk.suggestions.of(article)


def own_pass_first(desk: Desk) -> None:
    desk.schemes.use(load("desk").toml.replace("version = 1\n", "version = 1\nown_pass_first = true\n", 1))


def test_a_label_means_what_the_scheme_calls_so() -> None:
    desk, facts = load("desk"), load("factscore3")
    assert meaning(desk, " Refuted ") == meaning(desk, "refuted") == Meaning(verdict="refuted")
    assert meaning(desk, "QUANTITY") == Meaning(type="quantity")
    assert (meaning(facts, "NS"), meaning(facts, "IR")) == (Meaning("not_supported"), Meaning("irrelevant"))
    assert meaning(desk, "SUPPORTS") == Meaning(tag="SUPPORTS")  # two verdicts are called so
    assert meaning(desk, "  ") == Meaning()


def names(found: list[Suggestion]) -> list[str]:
    return [one.name for one in found]


def test_a_suggestion_is_shown_with_who_said_what_and_counts_as_nothing(
    desk: Desk, article: Article, suggested: list[Suggestion]
) -> None:
    first, third, second = suggested
    assert (first.name, third.name, second.name) == ("S1", "S3", "S2")  # by age; the list is in the order of the text
    assert (first.by, first.label, first.confidence, first.note) == ("Model 3", "refuted", 0.83, "It was three.")
    assert (first.quote, first.origin) == (desk.articles.text(article)[slice(*SPANS[0])], "brat:T1")
    assert (third.by, third.confidence, third.created) == ("Cy", None, 1_700_000_000_000)
    assert desk.claims.of(article) == [] and desk.coverage.of(article).words_read == 0
    assert desk.library.stats().claims == 0 and desk.upkeep.verify() == []
    assert desk.suggestions.get("s2", article) == second == desk.suggestions.get(second.id)
    assert "no suggestion S9" in refused(desk, lambda: desk.suggestions.get("S9", article), Unknown)


def test_what_comes_again_is_known_and_only_what_differs_is_changed(
    desk: Desk, article: Article, suggested: list[Suggestion]
) -> None:
    mark = desk.history.mark()
    assert desk.suggestions.add_many(article, [FIRST, SECOND, THIRD, THIRD]) == SuggestionsBrought(0, 0, 3)
    assert desk.history.mark() == mark
    again = FIRST._replace(note="It was two.", start=SPANS[0][0], end=SPANS[0][1] - 1)
    assert desk.suggestions.add_many(article, [again]) == SuggestionsBrought(0, 1, 0)
    assert [one.note for one in desk.suggestions.of(article) if one.name == "S1"] == ["It was two."]
    desk.suggestions.reject("S1" and desk.suggestions.get("S1", article))
    assert desk.suggestions.add_many(article, [FIRST]) == SuggestionsBrought(0, 0, 1)  # somebody has chosen on it
    for wrong in (FIRST._replace(confidence=1.5), FIRST._replace(start=5, end=5), FIRST._replace(by=" ")):
        refused(desk, lambda wrong=wrong: desk.suggestions.add_many(article, [SECOND, wrong]))  # type: ignore[misc]


def test_accepting_makes_a_claim_that_points_back(desk: Desk, article: Article, suggested: list[Suggestion]) -> None:
    first, third, second = suggested
    claim = desk.suggestions.accept(first)
    assert (claim.start, claim.end, claim.claim_text) == (*SPANS[0], "Two were captured.")
    assert (claim.checker, claim.verdict, claim.origin) == ("Ana", "refuted", f"suggestion:{first.id}")
    assert desk.suggestions.made_into(claim) == desk.suggestions.get(first)
    assert desk.suggestions.get(first)[14:17] == ("accepted", claim.id, "before")
    assert names(desk.suggestions.of(article, waiting=True)) == ["S3", "S2"]
    assert "already yours, as C1" in refused(desk, lambda: desk.suggestions.accept(first))
    assert "is C1 by now" in refused(desk, lambda: desk.suggestions.reject(first))
    assert desk.suggestions.accept(second).types == ("quantity",)
    other = desk.suggestions.accept(third)  # another fact on the same words
    assert (other.name, other.tags, other.verdict) == ("C3", ("odd",), "")
    assert desk.upkeep.verify() == []


def test_amending_takes_another_span_or_other_words(desk: Desk, article: Article, suggested: list[Suggestion]) -> None:
    first, third, second = suggested
    narrower = desk.suggestions.amend(second, SPANS[1][0], SPANS[1][1] - 8)
    reworded = desk.suggestions.amend(first, claim_text="Two soldiers were captured.")
    desk.suggestions.amend(third)
    assert narrower.end == SPANS[1][1] - 8 and reworded.claim_text == "Two soldiers were captured."
    assert [one.outcome for one in desk.suggestions.of(article)] == ["amended", "accepted", "amended"]


def test_each_choice_is_one_step_of_undo(desk: Desk, article: Article, suggested: list[Suggestion]) -> None:
    first, _, second = suggested
    desk.suggestions.accept(first)
    assert "accepted S1" in desk.history.undo().sentence
    assert desk.claims.of(article) == [] and names(desk.suggestions.of(article, waiting=True)) == ["S1", "S3", "S2"]
    desk.history.redo()
    assert [claim.verdict for claim in desk.claims.of(article)] == ["refuted"]
    assert desk.suggestions.get(first).outcome == "accepted"
    desk.delete(desk.claims.of(article)[0])
    assert desk.suggestions.get(first).outcome == ""  # it waits again: there is no claim
    assert desk.suggestions.choices(first) == []
    desk.suggestions.reject(second)
    assert "rejected S2" in desk.history.undo().sentence
    told = [change.sentence for change in desk.history.of(article)]
    assert any(sentence.startswith("suggested S1 “Two") and "brought in by Ana" in sentence for sentence in told)
    assert desk.upkeep.verify() == []


def test_bringing_is_one_step_of_undo_until_somebody_has_chosen(
    desk: Desk, bob: Desk, article: Article, suggested: list[Suggestion]
) -> None:
    bob.suggestions.reject(suggested[0])
    assert "Bob" in refused(desk, desk.history.undo)
    bob.history.undo()
    assert "suggested S1" in desk.history.undo().sentence
    assert desk.suggestions.of(article) == []
    assert desk.suggestions.add_many(article, [FIRST]).changed == 1  # it comes back
    assert names(desk.suggestions.of(article)) == ["S1"]


def test_everybody_chooses_for_themselves(desk: Desk, bob: Desk, article: Article, suggested: list[Suggestion]) -> None:
    first = suggested[0]
    desk.suggestions.reject(first)
    assert bob.suggestions.get(first).outcome == ""
    claim = bob.suggestions.accept(first)
    assert claim.checker == "Bob"
    said = [(one.by, one.outcome, one.claim) for one in desk.suggestions.choices(first)]
    assert said == [("Ana", "rejected", ""), ("Bob", "accepted", claim.id)]
    assert desk.conflicts.of() == []


def test_a_claim_that_is_there_already_counts_as_made_of_it(
    desk: Desk, article: Article, suggested: list[Suggestion]
) -> None:
    mine = desk.claims.tag(article, *SPANS[0], claim_text="Two were captured.")
    desk.verdicts.give(mine, "mixed")
    assert desk.suggestions.accept(suggested[0]).verdict == "mixed"  # your verdict stays
    assert [claim.id for claim in desk.claims.of(article)] == [mine.id]
    desk.history.undo()
    assert [claim.id for claim in desk.claims.of(article)] == [mine.id]


def test_a_submitted_set_takes_none_in(desk: Desk, article: Article, suggested: list[Suggestion]) -> None:
    first, _, second = suggested
    desk.verdicts.give(desk.suggestions.accept(second), "not_checkable", "No.")
    desk.submissions.submit(article, "checker")
    assert "submitted" in refused(desk, lambda: desk.suggestions.accept(first))
    assert desk.suggestions.reject(first)[14:17] == ("rejected", "", "after")
    assert "submitted" in refused(desk, lambda: desk.delete(desk.claims.of(article)[0]))


def test_they_are_hidden_until_ones_own_pass_is_done_if_the_scheme_says_so(
    desk: Desk, bob: Desk, article: Article, suggested: list[Suggestion], open_desk: Callable[..., Desk]
) -> None:
    own_pass_first(desk)
    assert desk.suggestions.of(article) == [] and desk.suggestions.hidden(article)
    refused(desk, lambda: desk.suggestions.accept(suggested[0].id), Unknown)
    assert not any("suggested" in change.sentence for change in desk.history.of(article))
    assert names(open_desk("Cy").suggestions.of(article)) == ["S3"]  # one's own is never hidden
    desk.verdicts.give(desk.claims.tag(article, *SPANS[0]), "not_checkable", "No.")
    desk.submissions.submit(article, "checker")
    assert names(desk.suggestions.of(article)) == ["S1", "S3", "S2"] and not desk.suggestions.hidden(article)
    assert bob.suggestions.of(article) == []
    desk.submissions.reopen(article, "checker")
    claim = desk.suggestions.accept(suggested[0])
    assert desk.suggestions.get(suggested[0]).own_pass == "after" and claim.name == "C2"
    desk.assignments.assign([article], ["Dan"], "adjudicator")
    assert len(open_desk("Dan").suggestions.of(article)) == 3
    assert desk.upkeep.verify() == [] == bob.upkeep.verify()


def test_blind_review_hides_what_they_became(
    desk: Desk, bob: Desk, article: Article, suggested: list[Suggestion]
) -> None:
    desk.suggestions.accept(suggested[0])
    desk.assignments.assign([article], ["Bob"], "reviewer", blind="verdict")
    assert bob.suggestions.of(article) == []
    bob.reviews.decide(bob.claims.of(article)[0], "agree", verdict="refuted")
    bob.submissions.submit(article, "reviewer")
    assert len(bob.suggestions.of(article)) == 3


def test_those_who_do_not_see_each_other_do_not_see_what_they_chose(
    desk: Desk, bob: Desk, article: Article, suggested: list[Suggestion]
) -> None:
    desk.assignments.assign([article], ["Ana", "Bob"], "checker", blind="all")
    desk.suggestions.accept(suggested[0])
    assert bob.suggestions.choices(suggested[0]) == []
    assert not any("accepted" in change.sentence for change in bob.history.of(article))
    assert bob.suggestions.accept(suggested[0]).checker == "Bob"
    assert len(desk.claims.of(article)) == 1


def test_an_article_goes_with_its_suggestions_and_comes_back_with_them(
    desk: Desk, bob: Desk, article: Article, suggested: list[Suggestion]
) -> None:
    desk.suggestions.reject(suggested[0])
    assert "Model 3" in refused(desk, lambda: desk.delete(suggested[0]))
    desk.delete(article)
    assert desk.session.rows("SELECT 1 AS x FROM suggestions WHERE deleted = 0") == []
    desk.history.undo()
    assert [one.outcome for one in desk.suggestions.of(article)] == ["rejected", "", ""]
    assert desk.upkeep.verify() == [] and desk.upkeep.rebuild() and desk.upkeep.verify() == []
    assert [one.outcome for one in desk.suggestions.of(article)] == ["rejected", "", ""]


def test_an_accepted_suggestion_keeps_its_origin_through_csv(
    desk: Desk, bob: Desk, article: Article, suggested: list[Suggestion]
) -> None:
    claim = desk.suggestions.accept(suggested[0])
    desk.evidence.add(claim, "refutes", url="https://a.example")
    bob.evidence.add(claim, "context", note="Bob's own")
    bob.reviews.decide(claim.id, "agree")
    data = exported(desk)
    assert data.count(b"Model 3") == 0  # no suggestion is exported as a claim
    with another_desk(desk) as other:
        imported(other, data)
        assert exported(other) == data
        (there,) = other.claims.of("1")
        assert there.origin == f"suggestion:{suggested[0].id}" and not there.missed
        assert there.status == desk.claims.get(claim.id).status
        assert other.suggestions.of("1") == [] and other.suggestions.made_into(there) is None
        assert other.upkeep.verify() == []


def test_the_library_counts_the_suggestions_that_wait_for_you(
    desk: Desk, bob: Desk, article: Article, suggested: list[Suggestion]
) -> None:
    def waiting(of: Desk) -> int:
        return of.library.shelf()[0].suggestions

    assert waiting(desk) == waiting(bob) == 3
    mark, shelf = desk.history.mark(), desk.library.shelf()
    desk.suggestions.reject(suggested[0])
    claim = desk.suggestions.accept(suggested[1])
    assert (waiting(desk), waiting(bob)) == (1, 3)
    assert desk.library.shelf_since(mark, shelf)[0].suggestions == 1
    desk.delete(claim)
    assert waiting(desk) == 2, "what it was made of waits again"
    own_pass_first(desk)
    desk.assignments.assign([article], ["Bob"], "checker")
    assert waiting(bob) == len(bob.suggestions.of(article, waiting=True))
