"""People who get another name: everything says so, and they stay who they are."""

from __future__ import annotations

import csv
import io
import json
from pathlib import Path

import pytest

from store import Desk, Refused, Unknown
from store.access.names import Names, reviewer_id
from store.formats.csv import claim_columns, claim_import
from store.log.log import Edit
from store.vocabulary import Decision

TEXT = "It rained on 5 May. The river rose by two metres. Nobody was hurt."
RAIN, RIVER = (0, 19), (20, 49)


def work(path: Path) -> None:
    """Ana checks, Bo reviews, Ana answers, Cyd settles."""
    with Desk.open(path, "Ana") as ana, Desk.open(path, "Bo") as bo, Desk.open(path, "Cyd") as cyd:
        article = ana.articles.add(TEXT, title="Rain")
        claim = ana.claims.tag(article, *RAIN)
        ana.verdicts.give(claim, "supported", "It did.")
        piece = ana.evidence.add(claim, "supports", url="https://rain.example")
        ana.assignments.assign([article], ["Bo"], "reviewer", whose="Ana")
        bo.ticks.tick(piece, "seen")
        bo.reviews.decide(claim.id, Decision.DISAGREE, comment="It was 4 May.")
        ana.answers.answer(ana.answers.inbox()[0].review, "rejected", "It was 5 May.")
        bo.threads.comment(claim.id, "Hm.")
        cyd.settlements.adjudicate(
            cyd.comparison.compare(article).groups[0], "first_correct", rationale="The almanac says so."
        )
        ana.claims.tag(article, *RIVER)


def exported(desk: Desk) -> bytes:
    to = io.BytesIO()
    claim_columns.write(desk, to)
    return to.getvalue()


@pytest.fixture
def path(tmp_path: Path) -> Path:
    work(tmp_path / "desk.db")
    return tmp_path / "desk.db"


def names(desk: Desk) -> set[str]:
    """Every name that records tell."""
    article = desk.articles.get("1")
    found: set[str] = set(desk.comparison.voices(article))
    for claim in desk.claims.of(article):
        found |= {claim.checker, *(one.by for one in desk.evidence.of(claim)), *(v.by for v in desk.verdicts.of(claim))}
        for review in desk.reviews.of(claim):
            found |= {review.by, review.whose, review.answered_by}
        found |= {one.by for one in (*desk.threads.of(claim), *desk.ticks.of(claim))}
    for one in desk.assignments.of():
        found |= {one.reviewer, one.whose, one.by}
    for one in desk.comparison.adjudications(article):
        found |= {one.by, one.chosen}
    return found - {""}


def test_everything_stands_under_the_new_name_and_undo_takes_it_back(path: Path) -> None:
    with Desk.open(path, "Bo") as bo, Desk.open(path, "Ana") as ana:
        before, told = exported(bo), names(bo)
        was = ana.reviewer
        made = bo.people.rename("ana", "Anna Lee")
        assert (made, made.id) == ("Anna Lee", reviewer_id("Ana")) and bo.people.get("ANA") == "Anna Lee"
        assert names(bo) == {"Anna Lee", "Bo", "Cyd"} and told == {"Ana", "Bo", "Cyd"}
        assert [one.claim.name for one in ana.answers.inbox(answered=True)] == ["C1"]
        assert ana.reviewer == "Anna Lee" and ana.reviewer.id == was.id  # also where the desk is open already
        assert b"Ana" not in exported(bo).replace(b"renamed Ana", b"")
        assert bo.history.of()[0].sentence == "renamed Ana to Anna Lee"
        assert bo.upkeep.verify() == [] and bo.upkeep.rebuild() and names(bo) == {"Anna Lee", "Bo", "Cyd"}
        assert "renamed Ana to Anna Lee" in bo.history.undo().sentence
        assert exported(bo) == before and names(ana) == {"Ana", "Bo", "Cyd"} and ana.reviewer == "Ana"
        bo.history.redo()
        assert ana.people.all() == ["Anna Lee", "Bo", "Cyd"] and bo.upkeep.verify() == []


def test_a_name_old_or_new_means_the_same_person(path: Path) -> None:
    with Desk.open(path, "Bo") as bo:
        bo.people.rename("Ana", "Anna")
    for name in ("Ana", "ana", "Anna", "ANNA"):
        with Desk.open(path, name) as again:
            claim = again.claims.of("1")[1]
            assert again.reviewer == "Anna" and claim.checker.id == again.reviewer.id
            again.claims.edit(claim, claimant=name)
            assert again.people.all() == ["Anna", "Bo", "Cyd"]
            assert again.claims.get(claim.id).claimant == name
    with Desk.open(path, "Bo") as bo:
        bo.people.rename("Anna", "Anne")
    with Desk.open(path, "Anna") as other:  # a name nobody has, and nobody joined with
        assert other.claims.tag("1", 50, 66).checker == "Anna" and other.reviewer.id == reviewer_id("Anna")


def test_the_name_of_somebody_else_is_refused(path: Path) -> None:
    with Desk.open(path, "Bo") as bo:
        for name, says in (("BO", "called Bo"), ("Cyd", "called Cyd"), (" ", "empty"), ("a\nb", "control")):
            with pytest.raises(Refused, match=says):
                bo.people.rename("Ana", name)
        bo.people.rename("Ana", "Anna")
        with pytest.raises(Refused, match="“ana” is the name under which Anna joined this desk: choose another name"):
            bo.people.rename("Cyd", "ana")
        with pytest.raises(Unknown, match="Nobody called “Dan”"):
            bo.people.rename("Dan", "Dana")
        assert bo.people.rename("Anna", "ANNA") == "ANNA"
        bo.people.rename("Anna", "Ana")
        bo.people.rename("Ana", "Eve")
        bo.people.rename("Bo", "Bob")
        assert bo.people.all() == ["Bob", "Cyd", "Eve"]


def test_an_undo_gives_nobody_a_name_that_somebody_has_by_now(path: Path) -> None:
    with Desk.open(path, "Bo") as bo:
        bo.people.rename("Ana", "Anna")
        bo.people.rename("Ana", "Anne")
        with Desk.open(path, "Anna") as anna:
            anna.claims.tag("1", 50, 66)
        with pytest.raises(Refused, match="Somebody else on this desk is called Anna"):
            bo.history.undo()


def test_an_import_after_a_rename_leaves_it_undoable(path: Path, tmp_path: Path) -> None:
    with Desk.open(path, "Bo") as bo, Desk.open(tmp_path / "other.db", "Bo") as other:
        bo.people.rename("Bo", "Bob")
        article = other.articles.add(TEXT, title="Rain")
        other.claims.tag(article, 50, 66)
        claim_import.read(bo, io.BytesIO(exported(other)))
        assert "brought in records made elsewhere" in {one.sentence for one in bo.history.of()}
        bo.history.undo()
        assert "renamed Bo to Bob" in bo.history.undo().sentence and bo.reviewer == "Bo"


def test_an_export_comes_back_to_the_same_people_whatever_they_are_called(path: Path, tmp_path: Path) -> None:
    with Desk.open(path, "Bo") as bo:
        plain = exported(bo)
        bo.people.rename("Ana", "Anna")
        bo.people.rename("Cyd", "Sid")
        renamed = exported(bo)
        for file in (plain, renamed):  # nothing new: they are the same people's
            assert (claim_import.read(bo, io.BytesIO(file)).claims, exported(bo)) == (0, renamed)
        bo.history.undo()
        bo.history.undo()
        assert exported(bo) == plain and claim_import.read(bo, io.BytesIO(renamed)).claims == 0
    with Desk.open(tmp_path / "other.db", "Dora") as other:
        other.articles.add(TEXT, title="Rain")
        assert claim_import.read(other, io.BytesIO(renamed)).claims == 2
        assert exported(other) == renamed and other.upkeep.verify() == []
        assert other.people.get("Ana").id == other.people.get("Anna").id == reviewer_id("Ana")
    with Desk.open(tmp_path / "third.db", "Ana") as third:
        article = third.articles.add(TEXT, title="Rain")
        third.claims.tag(article, 50, 66)
        claim_import.read(third, io.BytesIO(renamed))
        assert third.people.all() == ["Ana", "Bo", "Sid"] and len(third.claims.of(article)) == 3
        assert {claim.checker.id for claim in third.claims.of(article)} == {third.reviewer.id}


def test_a_row_by_hand_names_people_as_they_are_called_now(path: Path) -> None:
    with Desk.open(path, "Bo") as bo:
        bo.people.rename("Ana", "Anna")
        row = b"article_title,quote,checker,verdict\r\nRain,Nobody was hurt.,anna,refuted\r\n"
        assert claim_import.read(bo, io.BytesIO(row)).claims == 1
        made = bo.claims.of("1")[-1]
        assert made.checker.id == reviewer_id("Ana") and made.verdict == "refuted"
        assert bo.people.all() == ["Anna", "Bo", "Cyd"]


def test_what_is_hidden_stays_hidden_from_a_new_name(tmp_path: Path) -> None:
    with Desk.open(tmp_path / "desk.db", "Ana") as ana:
        article = ana.articles.add(TEXT, title="Rain")
        ana.claims.tag(article, *RAIN)
        ana.assignments.assign([article], ["Bo"], "reviewer", blind="all")
        with Desk.open(tmp_path / "desk.db", "Bo") as bo:
            assert bo.claims.of(article) == []
            ana.people.rename("Bo", "Bob")
            ana.people.rename("Ana", "Anna")
            assert bo.claims.of(article) == [] and bo.reviewer == "Bob"
            rows = list(csv.DictReader(io.StringIO(exported(bo).decode())))
            assert rows == []


def test_two_names_for_one_person_that_did_not_see_each_other_are_a_conflict(path: Path) -> None:
    with Desk.open(path, "Bo") as bo:
        person = bo.people.get("Ana")
        base = tuple(str((bo.session.log.row("reviewers", person.id) or {})["heads"]).split())
        bo.people.rename("Ana", "Anna")
        with Desk.open(path, "Cyd") as cyd, cyd.session.writing():
            cyd.session.write([Edit("reviewers", person.id, {"name": "Anne"}, base)])
        (conflict,) = bo.conflicts.of()
        assert [one.values["name"] for one in conflict.contenders] == ["Anna", "Anne"]
        bo.conflicts.settle(conflict, conflict.contenders[0])
        assert bo.people.get("Ana") == "Anna" and bo.conflicts.of() == []


def test_two_people_of_one_name_are_told_apart() -> None:
    found = Names([("1", "Anna"), ("2", "Bo"), ("3", "anna")])
    assert list(found) == ["Anna", "Bo", "anna (2)"] and found.called("Anna (2)").id == "3"
    assert found.called("ANNA").id == "1" and json.dumps(list(found)) == '["Anna", "Bo", "anna (2)"]'
