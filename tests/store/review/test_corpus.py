"""Submitting many sets at once: one's own, and those that came by import."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from store.desk import Desk
from store.errors import Refused, Unknown
from store.records import Article
from store.review import corpus

TEXT = "It fell in May. Nobody was hurt. They all left."
WAS = (0, 15)


@pytest.fixture
def desk(tmp_path: Path) -> Iterator[Desk]:
    """Three articles, brought in by Eva with the claims of Ana, Bo and Cy."""
    with Desk.open(tmp_path / "desk.db", "Eva") as desk:
        articles = [desk.articles.add(f"{TEXT} {n}", title=f"Article {n}") for n in range(3)]
        desk.imports.bring(
            [record for article in articles for who in ("Ana", "Bo", "Cy") for record in brought(article, who)]
        )
        yield desk


def brought(article: Article, who: str, verdict: str = "not_checkable", nth: int = 1) -> list[dict[str, Any]]:
    id = f"0190a0a0-0000-7000-8{article.number:03d}-{nth:03d}{who.encode().hex().rjust(9, '0')}"
    when = {"by": who, "created": 1_000, "updated": 1_000}
    start, end = WAS
    return [
        {"kind": "claims", "id": id, "article": article.id, "number": nth, "version": article.version, "start": start,
         "end": end, "quote": TEXT[start:end], "types": [], **when},
        {"kind": "verdicts", "id": id.replace("-7000-", "-7001-"), "claim": id, "verdict": verdict,
         "justification": "So it is.", **when},
    ]  # fmt: skip


def state(desk: Desk) -> list[tuple[int, str, str, str]]:
    return sorted((desk.articles.get(x.article).number, x.reviewer, x.role, x.state) for x in desk.assignments.of())


def everything(desk: Desk) -> list[Any]:
    return [desk.session.log.rows(f"SELECT * FROM main.{table}") for table in ("changes", "assignments", "reviewers")]


def test_an_imported_corpus_is_submitted_in_the_name_of_whoever_runs_it_and_one_undo_takes_it_back(
    desk: Desk, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(corpus, "_FIRST", 1)  # in several transactions
    told: list[tuple[int, int]] = []
    found = desk.corpus.submit_all(["ana", "Bo"], lambda done, of: told.append((done, of)))
    assert (found.sets, found.before, found.unfinished, found.blind) == ({"Ana": 3, "Bo": 3}, 0, (), ())
    assert (found.checked.claims, found.checked.checked, found.open_sentences) == (6, 6, 9)
    assert told[0] == (1, 3) and told[-1] == (3, 3)
    assert state(desk) == [(n, who, "checker", "submitted") for n in (1, 2, 3) for who in ("Ana", "Bo")]
    assert len({change.action for change in desk.history.of(limit=6)}) == 1
    assert desk.history.of(limit=1)[0].by == "Eva" and "Ana's set" in " ".join(
        c.sentence for c in desk.history.of(limit=2)
    )
    assert desk.submissions.unread("1")[0].places == desk.coverage.of("1").residue
    assert desk.agreement.report().report.people == ("Ana", "Bo") and desk.corpus.submit_all(["Ana", "Bo"]).before == 6
    assert desk.upkeep.verify() == []
    assert "and 5 more" in desk.history.undo().sentence and state(desk) == []
    desk.history.redo()
    assert len(state(desk)) == 6
    desk.history.undo()
    assert desk.corpus.submit_all(["Ana"]).sets == {"Ana": 3}
    assert {one.reopened for one in desk.assignments.of()} == {0}


def test_a_set_with_something_made_by_hand_is_only_its_persons_to_submit(desk: Desk) -> None:
    desk.be("Bo")
    mine = [desk.claims.tag("2", 16, 32), desk.claims.tag("2", 33, 47), desk.claims.tag("3", 16, 32)]
    desk.be("Eva")
    before = everything(desk)
    with pytest.raises(Refused, match=r"Bo made 3 claims or reviews by hand \(on 2 articles\): only they can") as why:
        desk.corpus.submit_all(["Ana", "Bo"])
    assert "Ana" not in str(why.value) and everything(desk) == before
    with pytest.raises(Unknown, match="Anna"):
        desk.corpus.submit_all(["Anna"])
    desk.be("Bo")
    for claim in mine:
        desk.delete(claim)
    desk.be("Eva")
    assert desk.corpus.submit_all(["Bo"]).sets == {"Bo": 3}


def test_a_review_by_hand_counts_and_an_imported_claim_that_was_withdrawn_does_not(desk: Desk) -> None:
    desk.be("Cy")
    desk.reviews.decide(
        next(claim for claim in desk.claims.of("1") if claim.checker == "Ana"), "agree", verdict="not_checkable"
    )
    desk.delete(next(claim for claim in desk.claims.of("2") if claim.checker == "Cy"))
    desk.be("Eva")
    with pytest.raises(Refused, match=r"Cy made 1 claim or review by hand \(on 1 article\)"):
        desk.corpus.submit_all(["Cy"])
    assert desk.corpus.submit_all(["Ana"]).sets == {"Ana": 3}


@pytest.mark.parametrize("submits", [False, True])
def test_where_somebody_works_blind_nobody_elses_set_is_submitted(desk: Desk, submits: bool) -> None:
    desk.assignments.assign([desk.articles.get("2")], ["Dora"], "reviewer", blind="all", whose="Ana")
    if submits:  # Ana, whose set is open there, would then see hers
        desk.be("Dora")
        desk.claims.tag("2", 16, 32)
        desk.verdicts.give(desk.claims.of("2")[0], "not_checkable", "So.")
        desk.submissions.submit("2", "reviewer")
        desk.be("Eva")
    found = desk.corpus.submit_all(["Ana", "Bo"])
    assert (found.sets, found.blind) == ({"Ana": 2, "Bo": 2}, (desk.articles.get("2").id,))
    held = {one.reviewer: one for one in desk.assignments.of("2")}
    assert (held["Ana"].state, held["Dora"].blind) == ("open", "all")
    desk.be("Ana")
    assert not [claim for claim in desk.claims.of("2") if claim.checker == "Dora"]


def test_what_imported_claims_lack_is_counted_and_hinders_nothing(desk: Desk) -> None:
    article = desk.articles.add(TEXT, title="Last")
    desk.imports.bring([*brought(article, "Ana", "supported"), brought(article, "Bo")[0]])
    found = desk.corpus.submit_all(["Ana", "Bo"])
    assert found.sets == {"Ana": 4, "Bo": 4}
    assert (found.checked.claims, found.checked.checked) == (8, 6)
    assert (found.checked.lacking.verdict, found.checked.lacking.evidence) == (1, 1)


def test_your_own_sets_are_submitted_when_they_are_finished(desk: Desk) -> None:
    desk.be("Gil")
    for article, verdict in (("1", "not_checkable"), ("2", "")):
        claim = desk.claims.tag(article, 16, 32)
        if verdict:
            desk.verdicts.give(claim, verdict, "Who?")
    desk.be("Eva")
    desk.assignments.assign([desk.articles.get("3")], ["Gil"], "reviewer", whose="Ana")
    desk.be("Gil")
    desk.reviews.decide(next(claim for claim in desk.claims.of("3") if claim.checker == "Ana"), "agree")
    found = desk.corpus.submit_all()
    assert (found.sets, found.open_sentences) == ({"Gil": 2}, desk.coverage.of("1").open_sentences + 3)
    (kept,) = found.unfinished
    assert (kept.article, kept.role) == (desk.articles.get("2").id, "checker") and "has no verdict" in kept.why
    assert [one for one in state(desk) if one[3] == "submitted"] == [
        (1, "Gil", "checker", "submitted"), (3, "Gil", "reviewer", "submitted"),
    ]  # fmt: skip
    desk.history.undo()
    assert [one for one in state(desk) if one[3] == "submitted"] == []
