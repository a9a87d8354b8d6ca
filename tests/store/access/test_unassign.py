"""Taking an assignment back: not what is done, and not what hides something from whoever asks."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from store.desk import Desk
from store.errors import Refused
from store.records import Article


def test_work_that_is_open_can_be_taken_back_and_given_again(desk: Desk, article: Article) -> None:
    (one,) = desk.assignments.assign([article], ["Bob"], "reviewer").all
    desk.delete(one)
    assert desk.assignments.of() == []
    desk.history.undo()
    assert [given.reviewer for given in desk.assignments.of()] == ["Bob"]


def test_a_submitted_set_stays_until_it_is_reopened(desk: Desk, bob: Desk, article: Article) -> None:
    bob.submissions.submit(article, "checker")
    (one,) = desk.assignments.of()
    with pytest.raises(Refused, match="Bob's set on “Prisoners of war” is submitted"):
        desk.delete(one)
    bob.submissions.reopen(article, "checker")
    desk.delete(desk.assignments.of()[0])
    assert desk.assignments.of() == []


@pytest.mark.parametrize("level", ["verdict", "all"])
def test_nobody_lifts_what_is_hidden_from_themselves(
    level: str, desk: Desk, open_desk: Callable[..., Desk], article: Article
) -> None:
    desk.verdicts.give(desk.claims.tag(article, 0, 10), "supported")
    (one,) = desk.assignments.assign([article], ["Cy"], "reviewer", blind=level).all
    cy = open_desk("Cy")
    with pytest.raises(Refused, match="someone else has to remove it"):
        cy.delete(one)
    assert not any(claim.verdict for claim in cy.claims.of(article))
    desk.delete(one)
    assert [claim.verdict for claim in cy.claims.of(article)] == ["supported"]
