"""Agreement is of what each said by themselves: what a checker takes over from a reviewer makes nobody agree."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from store.desk import Desk
from store.records import Claim
from store.settle.comparison_groups import AGREED, OBJECTED, ONLY, SPAN_DIFFERS, VERDICT_DIFFERS, Take
from tests.kit.at_the_desk import PLAIN_SCHEME, PLAIN_TEXT


@pytest.fixture
def desk(tmp_path: Path) -> Iterator[Desk]:
    with Desk.open(tmp_path / "desk.db", "Ana") as desk:
        desk.schemes.use(PLAIN_SCHEME)
        desk.verdicts.give(desk.claims.tag(desk.articles.add(PLAIN_TEXT), 0, 15), "supported", "So the papers.")
        yield desk


def claim(desk: Desk) -> Claim:
    return desk.claims.of("1")[0]


def accepts(desk: Desk, decision: str, **proposed: object) -> None:
    """Ben proposes something about Ana's claim, and she accepts it."""
    desk.be("Ben")
    review = desk.reviews.decide(claim(desk), decision, **proposed)  # type: ignore[arg-type]
    desk.be("Ana")
    desk.answers.answer(review, "accepted")


def submit(desk: Desk) -> None:
    for name, role in (("Ana", "checker"), ("Ben", "reviewer")):
        desk.be(name)
        desk.submissions.submit("1", role)


def counted(desk: Desk, name: str = "Ana") -> Take:
    """What counts of a person, in the figures."""
    (take,) = desk.comparison.sets().takes[desk.articles.get(1).id][name]
    return take


def figure(desk: Desk, key: str) -> float | None:
    (comparison,) = desk.agreement.report().report.comparisons
    return next(figure.measure.value for figure in comparison.pooled if figure.key == key)


def kinds(desk: Desk) -> list[str]:
    return [group.kind for group in desk.comparison.compare("1").groups]


def test_an_accepted_verdict_leaves_the_figures_as_they_were(desk: Desk) -> None:
    accepts(desk, "change_verdict", verdict="mixed", justification="Not all of them.")
    assert claim(desk).verdict == "mixed" and kinds(desk) == [AGREED]
    submit(desk)
    assert (counted(desk).verdict, counted(desk, "Ben").verdict) == ("supported", "mixed")
    assert figure(desk, "raw_agreement") == 0.0


def test_an_accepted_span_leaves_the_figures_as_they_were(desk: Desk) -> None:
    accepts(desk, "change_span", span=(0, 7))
    assert claim(desk).quote == "It fell" and kinds(desk) == [AGREED]
    submit(desk)
    assert (counted(desk).quote, counted(desk, "Ben").quote) == ("It fell in May.", "It fell")
    assert figure(desk, "span_f1_exact") == 0.0


def test_an_accepted_claim_text_is_agreed_on_and_counts_as_it_was(desk: Desk) -> None:
    desk.be("Ben")
    review = desk.reviews.decide(claim(desk), "change_claim_text", claim_text="The tower fell in May.")
    assert kinds(desk) == [OBJECTED]
    desk.be("Ana")
    desk.answers.answer(review, "accepted")
    assert kinds(desk) == [AGREED]
    submit(desk)
    assert (counted(desk).claim_text, counted(desk, "Ben").claim_text) == ("", "The tower fell in May.")


def test_a_proposal_accepted_and_reviewed_anew_is_still_not_what_the_checker_said(desk: Desk) -> None:
    accepts(desk, "change_verdict", verdict="mixed")
    desk.be("Ben")
    desk.reviews.decide(claim(desk), "agree")
    submit(desk)
    assert counted(desk).verdict == "supported"


def test_what_the_checker_changes_after_that_is_theirs(desk: Desk) -> None:
    accepts(desk, "change_verdict", verdict="mixed")
    desk.verdicts.give(claim(desk), "refuted")
    assert kinds(desk) == [VERDICT_DIFFERS]
    desk.be("Ben")
    desk.reviews.decide(claim(desk), "agree", verdict="refuted")
    submit(desk)
    assert counted(desk).verdict == "refuted" and figure(desk, "raw_agreement") == 1.0


def test_two_proposals_accepted_one_after_the_other_lead_back_to_the_beginning(desk: Desk) -> None:
    accepts(desk, "change_span", span=(0, 7))
    desk.be("Cy")
    review = desk.reviews.decide(claim(desk), "change_span", span=(0, 10))
    desk.be("Ana")
    desk.answers.answer(review, "accepted")
    assert claim(desk).quote == "It fell in"
    desk.submissions.submit("1", "checker")
    assert counted(desk).quote == "It fell in May."


def test_a_rejected_proposal_and_one_taken_back_change_nothing(desk: Desk) -> None:
    accepts(desk, "change_span", span=(0, 7))
    desk.history.undo()
    assert kinds(desk) == [SPAN_DIFFERS]
    desk.answers.answer(desk.reviews.of(claim(desk))[0], "rejected", "The month belongs to it.")
    submit(desk)
    assert counted(desk).quote == "It fell in May."


def test_a_claim_granted_to_be_missing_counts_for_who_found_it(desk: Desk) -> None:
    desk.be("Ben")
    desk.reviews.decide(claim(desk), "agree")
    review = desk.reviews.missing("1", 16, 32)
    desk.verdicts.give(review.claim, "mixed")
    assert kinds(desk) == [AGREED, ONLY]
    desk.be("Ana")
    desk.answers.answer(desk.reviews.of(review.claim)[0], "accepted")
    assert kinds(desk) == [AGREED, AGREED]
    submit(desk)
    assert counted(desk).quote == "It fell in May."
    assert [take.quote for take in desk.comparison.sets().takes[desk.articles.get(1).id]["Ben"]] == [
        "It fell in May.",
        "Nobody was hurt.",
    ]
    assert figure(desk, "span_f1_exact") == pytest.approx(2 / 3)


def test_a_claim_withdrawn_by_acceptance_still_counts_for_who_tagged_it(desk: Desk) -> None:
    cited = desk.evidence.add(claim(desk), "supports", url="https://example.org/may").source
    tagged = claim(desk)
    accepts(desk, "reject_claim")
    assert desk.claims.of("1") == []
    assert [(one.id, one.status) for one in desk.comparison.withdrawn("1")] == [(tagged.id, "withdrawn")]
    submit(desk)
    take = counted(desk)
    assert (take.quote, take.verdict) == ("It fell in May.", "supported")
    assert cited is not None and take.sources == {cited.id}
    assert counted(desk, "Ben").rejects
    assert figure(desk, "span_f1_exact") == 0.0
    desk.be("Ana")
    desk.submissions.reopen("1", "checker")
    desk.history.undo()
    desk.history.undo()
    desk.history.undo()
    assert desk.comparison.withdrawn("1") == [] and [one.id for one in desk.claims.of("1")] == [tagged.id]


def test_a_claim_deleted_by_its_checker_unasked_counts_for_nobody(desk: Desk) -> None:
    desk.be("Ben")
    desk.reviews.decide(claim(desk), "reject_claim")
    desk.be("Ana")
    desk.delete(claim(desk))
    submit(desk)
    assert desk.comparison.withdrawn("1") == [] and not desk.comparison.sets().takes[desk.articles.get(1).id]["Ana"]


def test_what_was_accepted_before_something_was_rejected_counts_as_it_was(desk: Desk) -> None:
    accepts(desk, "change_span", span=(0, 7))
    desk.be("Ben")
    review = desk.reviews.decide(claim(desk), "change_verdict", verdict="mixed")
    desk.be("Ana")
    desk.answers.answer(review, "rejected", "They all say so.")
    assert (claim(desk).quote, claim(desk).verdict) == ("It fell", "supported")
    assert counted_alone(desk).quote == "It fell in May."


def test_what_was_accepted_one_after_the_other_counts_as_it_was_before_the_first(desk: Desk) -> None:
    accepts(desk, "change_span", span=(0, 7))
    accepts(desk, "change_verdict", verdict="mixed")
    accepts(desk, "change_verdict", verdict="refuted")
    accepts(desk, "change_span", span=(3, 7))
    assert (claim(desk).quote, claim(desk).verdict) == ("fell", "refuted")
    found = counted_alone(desk)
    assert (found.quote, found.verdict) == ("It fell in May.", "supported")


def test_what_was_accepted_and_undone_is_not_looked_behind(desk: Desk) -> None:
    accepts(desk, "change_span", span=(0, 7))
    desk.history.undo()
    desk.claims.move(claim(desk), 0, 7)
    assert counted_alone(desk).quote == "It fell"


def counted_alone(desk: Desk) -> Take:
    """What would count of Ana if she submitted now."""
    desk.be("Ana")
    desk.submissions.submit("1", "checker")
    return counted(desk)
