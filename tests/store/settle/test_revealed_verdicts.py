"""Where somebody changed a verdict once they could see the others', agreement is told both ways."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path

import pytest

from store.desk import Desk
from store.formats.agreement import changed, pieces
from tests.kit.at_the_desk import PLAIN_SCHEME, PLAIN_TEXT

FELL, HURT = (0, 15), (16, 32)
VERDICTS = {"raw_agreement", "cohen_kappa", "alpha_nominal", "gwet_ac1"}


@pytest.fixture
def desk(tmp_path: Path) -> Iterator[Desk]:
    """Ana has checked both sentences."""
    with Desk.open(tmp_path / "desk.db", "Ana") as desk:
        desk.schemes.use(PLAIN_SCHEME)
        article = desk.articles.add(PLAIN_TEXT)
        checks(desk, "Ana", "supported", "mixed")
        desk.be("Eva")
        assert article.number == 1
        yield desk


def checks(desk: Desk, who: str, *verdicts: str) -> None:
    desk.be(who)
    for span, verdict in zip((FELL, HURT), verdicts, strict=True):
        desk.verdicts.give(desk.claims.tag("1", *span, own=True), verdict, "So the papers.")


def own(desk: Desk, nth: int = 0) -> str:
    return [claim.id for claim in desk.claims.of("1") if claim.checker == desk.reviewer][nth]


def changes(desk: Desk, who: str, role: str, verdict: str) -> None:
    """Somebody opens their set again, gives another verdict on their first claim, and submits."""
    desk.be(who)
    desk.submissions.reopen("1", role)
    desk.verdicts.give(own(desk), verdict)
    desk.submissions.submit("1", role)


def figures(desk: Desk) -> dict[str, float | None]:
    (comparison,) = desk.agreement.report().report.comparisons
    return {figure.key: figure.measure.value for figure in comparison.pooled}


def hides_the_verdict(desk: Desk) -> None:
    """Bo gives another verdict than Ana's, which he cannot see, and then falls in with hers."""
    desk.assignments.assign(["1"], ["Bo"], "reviewer", blind="verdict", whose="Ana")
    desk.be("Bo")
    first, second = [claim.id for claim in desk.claims.of("1")]
    desk.reviews.decide(first, "agree", verdict="refuted")
    desk.reviews.decide(second, "agree", verdict="mixed")
    desk.reviews.decide(first, "agree")


def hides_all(desk: Desk) -> None:
    desk.assignments.assign(["1"], ["Bo"], "reviewer", blind="all", whose="Ana")
    checks(desk, "Bo", "refuted", "mixed")
    desk.submissions.submit("1", "reviewer")


def test_who_could_not_see_the_verdict_and_changed_theirs_counts_both_ways(desk: Desk) -> None:
    hides_the_verdict(desk)
    desk.submissions.submit("1", "reviewer")
    desk.be("Ana")
    desk.submissions.submit("1", "checker")
    found = desk.agreement.report()
    assert found.changed == {"Bo": 1}
    (comparison,) = found.report.comparisons
    told = {figure.key: (figure.words, figure.measure.value) for figure in comparison.pooled}
    assert told["raw_agreement"] == ("raw agreement, after the reveal", 1.0)
    assert told["raw_agreement_blind"] == ("raw agreement, as first given blind", 0.5)
    assert {key for key in told if key.endswith("_blind")} == {f"{key}_blind" for key in VERDICTS}
    keys = list(told)
    assert keys.index("raw_agreement_blind") == keys.index("raw_agreement") + 1
    behind = next(figure for figure in comparison.pooled if figure.key == "raw_agreement_blind").behind()
    assert [row.what for row in behind] == ["verdict differs", "agreed"]


def test_who_was_kept_apart_and_opened_their_set_after_the_reveal_counts_both_ways(desk: Desk) -> None:
    hides_all(desk)
    desk.be("Ana")
    desk.submissions.submit("1", "checker")
    assert figures(desk)["raw_agreement"] == 0.5 and desk.agreement.report().changed == {}
    changes(desk, "Bo", "reviewer", "supported")
    found = figures(desk)
    assert (found["raw_agreement"], found["raw_agreement_blind"]) == (1.0, 0.5)
    changes(desk, "Ana", "checker", "refuted")  # she could not see his either
    assert desk.agreement.report().changed == {"Ana": 1, "Bo": 1}
    found = figures(desk)
    assert (found["raw_agreement"], found["raw_agreement_blind"]) == (0.5, 0.5)


def test_what_was_changed_before_the_reveal_or_back_to_what_it_was_is_told_once(desk: Desk) -> None:
    hides_all(desk)
    changes(desk, "Bo", "reviewer", "mixed")  # Ana is not done
    desk.be("Ana")
    desk.submissions.submit("1", "checker")
    assert desk.agreement.report().changed == {}
    changes(desk, "Bo", "reviewer", "supported")
    assert figures(desk)["raw_agreement_blind"] == 0.5
    changes(desk, "Bo", "reviewer", "mixed")
    found = desk.agreement.report()
    assert found.changed == {} and changed(found) == ""
    for form in ("json", "csv", "markdown"):
        said = "".join(pieces(found, form))
        assert "_blind" not in said and "after the reveal" not in said and "first given" not in said


def test_what_was_changed_in_the_open_is_told_once(desk: Desk) -> None:
    checks(desk, "Bo", "refuted", "mixed")
    for who in ("Ana", "Bo"):
        desk.be(who)
        desk.submissions.submit("1", "checker")
    changes(desk, "Bo", "checker", "supported")
    assert desk.agreement.report().changed == {} and figures(desk)["raw_agreement"] == 1.0


def test_a_verdict_that_was_given_only_after_the_reveal_is_none_that_was_given_blind(desk: Desk) -> None:
    hides_all(desk)
    desk.be("Ana")
    desk.submissions.submit("1", "checker")
    desk.be("Bo")
    desk.submissions.reopen("1", "reviewer")
    desk.delete(desk.claims.get(own(desk, 1)))
    desk.verdicts.give(desk.claims.tag("1", *HURT), "mixed", "So the papers.")
    desk.submissions.submit("1", "reviewer")
    (comparison,) = desk.agreement.report().report.comparisons
    told = {figure.key: figure.measure for figure in comparison.pooled}
    assert (told["raw_agreement"].value, told["raw_agreement"].n) == (0.5, 2)
    assert (told["raw_agreement_blind"].value, told["raw_agreement_blind"].n) == (0.0, 1)


def test_every_form_names_both(desk: Desk) -> None:
    hides_the_verdict(desk)
    desk.submissions.submit("1", "reviewer")
    desk.be("Ana")
    desk.submissions.submit("1", "checker")
    found = desk.agreement.report()
    rows = [line.split(",") for line in "".join(pieces(found, "csv")).splitlines()]
    notes = {row[3]: row[-1] for row in rows if not row[0]}
    assert notes["raw_agreement"] == "after the reveal" and notes["raw_agreement_blind"] == "as first given blind"
    assert notes["span_f1_exact"] == ""
    page = "".join(pieces(found, "markdown"))
    assert "| raw agreement, as first given blind | 0.500 |" in page and "changed after the reveal: Bo 1." in page
    assert "\nVerdicts after the reveal of Ana in rows" in page
    told = json.loads("".join(pieces(found, "json")))
    assert told["changed_after_reveal"] == {"Bo": 1}
    words = [one["words"] for one in told["comparisons"][0]["figures"]]
    assert "raw agreement, as first given blind" in words and "raw agreement, after the reveal" in words


def test_three_people_are_told_both_ways_only_where_somebody_changed(desk: Desk) -> None:
    hides_the_verdict(desk)
    desk.submissions.submit("1", "reviewer")
    checks(desk, "Cy", "supported", "supported")
    for who in ("Ana", "Cy"):
        desk.be(who)
        desk.submissions.submit("1", "checker")
    both = {one.people: any(figure.when for figure in one.pooled) for one in desk.agreement.report().report.comparisons}
    assert both == {("Ana", "Bo"): True, ("Ana", "Cy"): False, ("Bo", "Cy"): True, ("Ana", "Bo", "Cy"): True}
