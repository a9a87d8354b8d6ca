"""The demo desk holds something of everything there is to try in second review."""

from __future__ import annotations

from pathlib import Path

import pytest

from store import demo as demos
from store.desk import Desk
from store.errors import Refused


def test_two_people_disagree_in_a_few_places_and_each_has_missed_a_claim(demo: Path) -> None:
    with Desk.open(demo, "Reader") as desk:
        compared = desk.comparison.compare("1", [demos.MARA, demos.TOMAS])
        kinds = [group.kind for group in compared.groups]
        assert kinds.count("agreed") == 5
        assert kinds.count("verdict_differs") == 2 and kinds.count("span_differs") == 1
        missed = [[take.person for take in group.present] for group in compared.groups if group.kind == "only"]
        assert sorted(missed) == [[demos.MARA], [demos.TOMAS]]
        assert compared.unsubmitted == ()


def test_one_dispute_is_open_and_waits_in_the_checkers_inbox(demo: Path) -> None:
    with Desk.open(demo, demos.MARA) as desk:
        inbox = [(one.review.by, one.review.decision, one.review.reason) for one in desk.answers.inbox()]
        assert inbox == [(demos.INES, "disagree", "secondary_source"), (demos.INES, "doubt", "secondary_source")]
        (row,) = desk.library.shelf()
        assert (row.state, row.disputed, row.inbox) == ("disputed", 1, 2) and row.threads


def test_everybody_but_the_reviewers_at_work_can_be_measured(demo: Path) -> None:
    with Desk.open(demo, "Reader") as desk:
        sets = desk.comparison.sets()
        (people,) = sets.takes.values()
        assert sorted(people) == [demos.MARA, demos.TOMAS]
        assert sorted(name for _, name in sets.left_out) == [demos.INES, "Reader"]


def test_the_third_person_has_claims_to_review_and_then_a_dispute_to_settle(demo: Path) -> None:
    with Desk.open(demo, "Reader") as desk:
        taken = desk.library.take_next()
        assert taken is not None and taken.assignment is not None
        assert (taken.assignment.role, taken.assignment.whose) == ("reviewer", demos.MARA)
        queue = desk.reviews.queue("1", demos.MARA)
        assert (len(queue.claims), queue.reviewed) == (9, 0)
        for claim, _ in queue.claims[:2]:
            desk.reviews.decide(claim, "agree")
        compared = desk.comparison.compare("1", [demos.MARA, demos.TOMAS, demos.INES])
        disputed = next(group for group in compared.groups if any(t.decision == "disagree" for t in group.present))
        assert desk.settlements.adjudicate(disputed, "first_correct", rationale="The count is the agency's own.").stands


def test_every_quote_is_in_the_text_and_every_source_is_a_sample(demo: Path) -> None:
    with Desk.open(demo, "Reader") as desk:
        text = desk.articles.text(desk.articles.get("1"))
        assert all(text[claim.start : claim.end] == claim.quote for claim in desk.claims.of("1"))
        for claim in desk.claims.of("1"):
            for piece in desk.evidence.of(claim):
                assert piece.source is not None and piece.source.url.startswith("https://example.org/sample/")
            assert claim.justification.startswith("Sample: ")
        assert desk.upkeep.verify() == []


def test_two_demos_say_the_same(tmp_path: Path) -> None:
    said = []
    for name in ("a.db", "b.db"):
        demos.make_demo(tmp_path / name)
        with Desk.open(tmp_path / name, "Reader") as desk:
            said.append([(c.name, c.checker, c.quote, c.verdict, c.status) for c in desk.claims.of("1")])
            assert desk.assignments.of(person="Reader") == []
    assert said[0] == said[1]


@pytest.mark.parametrize("name", [demos.MARA, "tomas", demos.INES])
def test_who_is_of_the_sample_gets_no_work_of_a_third_person(name: str, tmp_path: Path) -> None:
    demos.make_demo(tmp_path / "demo.db", name)
    with Desk.open(tmp_path / "demo.db", name) as desk:
        assert len(desk.assignments.of(person=name)) == 1


def test_no_file_is_overwritten_and_none_is_left_where_it_cannot_be_made(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    there = tmp_path / "there.db"
    there.write_text("mine")
    with pytest.raises(Refused, match="already"):
        demos.make_demo(there)
    assert there.read_text() == "mine"
    monkeypatch.setattr(demos, "_talk", lambda *_: 1 / 0)
    with pytest.raises(ZeroDivisionError):
        demos.make_demo(tmp_path / "half.db")
    assert [path.name for path in tmp_path.iterdir()] == ["there.db"]
