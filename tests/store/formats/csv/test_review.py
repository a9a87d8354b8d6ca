"""Second review in the claims CSV: what everybody said of everybody's work goes out, and comes back to the byte."""

from __future__ import annotations

import json
import shutil
import tempfile
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from store.desk import Desk
from store.errors import Refused
from store.formats.csv.claim_import import Imported
from store.records import Claim
from store.text import units
from store.vocabulary import Decision, Outcome
from tests.kit.at_the_desk import TEXT
from tests.kit.csv_files import (
    NAMES,
    WORDS,
    another_desk,
    assert_honest,
    exported,
    file_of,
    imported,
    judged,
    reasons,
    rows_of,
)
from tests.kit.depth import examples

Row = dict[str, str]


@pytest.fixture
def cy(desk: Desk, open_desk: Callable[..., Desk]) -> Desk:
    """Cy's window on the same file."""
    return open_desk("Cy")


@pytest.fixture
def disputed(desk: Desk, bob: Desk, claim: Claim) -> Claim:
    """The claim with everything on it, and Bob's second look at all of it."""
    for piece in bob.evidence.of(claim):
        bob.ticks.tick(piece, "doubted", "outdated_source", "=old")
    review = bob.reviews.decide(claim, "change_span", span=(4, 36), reason="wrong_span", comment="- tighter")
    bob.threads.comment(claim, "Why so long?", reply_to=review.id)
    desk.threads.resolve(desk.threads.of(claim)[0])
    desk.answers.answer(desk.reviews.of(claim)[0], "rejected", 'It is "one" thing.')
    bob.reviews.missing(claim.article, 90, 97, whose="Ana", comment="and this?")
    return desk.claims.get(claim.id)


@pytest.fixture
def settled(disputed: Claim, cy: Desk) -> Claim:
    """The same, settled by Cy."""
    group = cy.comparison.group_of(disputed.id, cy.comparison.compare(disputed.article))
    cy.settlements.adjudicate(group, "merged", rationale="+so", verdict="mixed", span=(0, 36))
    return cy.claims.get(disputed.id)


# -- any second review at all ---------------------------------------------------------------------------------------

JUDGING = st.lists(
    st.tuples(
        st.sampled_from(["Ana", "Bob", "Cy"]),
        st.integers(0, 2),
        st.one_of(
            st.tuples(st.just("review"), st.sampled_from(list(Decision)), st.integers(0, 30), WORDS),
            st.tuples(st.just("review"), st.sampled_from(list(Decision)), st.integers(0, 30), WORDS),
            st.tuples(st.just("answer"), st.sampled_from(["accepted", "rejected"]), st.just(0), WORDS),
            st.tuples(st.just("answer"), st.sampled_from(["accepted", "rejected"]), st.just(0), WORDS),
            st.tuples(st.just("tick"), st.sampled_from(["seen", "doubted", ""]), st.just(0), WORDS),
            st.tuples(st.just("reply"), st.booleans(), st.just(0), WORDS),
            st.tuples(st.just("edit"), st.just(""), st.integers(0, 30), WORDS),
            st.tuples(st.just("settle"), st.sampled_from(list(Outcome)), st.just(0), WORDS),
            st.tuples(st.just("take back"), st.just(""), st.just(0), WORDS),
            st.tuples(st.just("unsettle"), st.just(""), st.just(0), WORDS),
            st.tuples(st.just("undo"), st.just(""), st.just(0), WORDS),
        ),
        st.booleans(),
    ),
    min_size=6,
    max_size=20,
)


def judge(desk: Desk, claim: Claim, deed: tuple[str, Any, int, str], held: dict[str, Any]) -> None:
    """One deed; with what was seen first in ``held``, acting on it again makes a conflict."""
    what, word, place, said = deed
    start, end = units.snap(TEXT, place, place + 20)
    if what == "review" and word == Decision.MISSING_CLAIM:
        desk.reviews.missing(claim.article, start, end, whose="Ana", comment=said)
    elif what == "review":
        values: dict[str, Any] = {
            Decision.CHANGE_SPAN: {"span": (start, end)},
            Decision.CHANGE_VERDICT: {"verdict": "supported", "justification": said},
            Decision.CHANGE_CLAIM_TEXT: {"claim_text": said},
            Decision.DISAGREE: {"reason": "missing_context"},
        }.get(word, {})
        seen = held.setdefault(f"{desk.reviewer} {claim.id}", desk.reviews.mine(claim.id))
        desk.reviews.decide(claim.id, word, comment=said, seen=seen, **values)
    elif what == "tick":
        for piece in desk.evidence.of(claim):
            desk.ticks.tick(piece, word, "biased_source", said)
    elif what == "edit":
        desk.claims.edit(claim, claim_text=said)
    elif what == "undo":
        desk.history.undo()
    elif what == "reply":
        heard = [*desk.threads.of(claim), *(review.id for review in desk.reviews.of(claim))]
        desk.threads.resolve(desk.threads.comment(claim, said, reply_to=heard[-1] if heard else ""), word)
    elif what == "answer" and (reviews := [r for r in desk.reviews.of(claim) if r.standing == "open"]):
        desk.answers.answer(reviews[-1], word, said)
    elif what == "take back" and (mine := desk.reviews.mine(claim)):
        desk.reviews.take_back(mine)
    elif what in ("settle", "unsettle"):
        comparison = held.setdefault(claim.article, desk.comparison.compare(claim.article))
        group = desk.comparison.group_of(claim.id, comparison)
        if what == "unsettle":
            desk.settlements.unsettle(group)
        else:
            own = {"verdict": "mixed", "claim_text": said} if word in (Outcome.OWN, Outcome.MERGED) else {}
            desk.settlements.adjudicate(group, word, rationale=said, **own)


@settings(max_examples=examples(30), suppress_health_check=list(HealthCheck))
@given(JUDGING)
def test_any_second_review_comes_back_to_the_byte(
    deeds: list[tuple[str, int, tuple[str, Any, int, str], bool]],
) -> None:
    folder = Path(tempfile.mkdtemp())
    try:
        file = folder / "desk.db"
        with Desk.open(file, "Ana") as ana, Desk.open(file, "Bob") as bob, Desk.open(file, "Cy") as cy:
            people = {"Ana": ana, "Bob": bob, "Cy": cy}
            for desk in people.values():
                desk.session.log.conn.execute("PRAGMA synchronous = OFF")
            ana.schemes.use(ana.scheme.toml + "\n[review]\nanyone_adjudicates = true\n")
            article = ana.articles.add(TEXT)
            claims = [ana.claims.tag(article, 0, 13), ana.claims.tag(article, 40, 60), bob.claims.tag(article, 5, 30)]
            for desk, claim in zip((ana, ana, bob), claims, strict=True):
                desk.evidence.add(claim, "supports", url="https://a.example", quote="=x")
                desk.verdicts.give(claim, "refuted", "because")
            held: dict[str, Any] = {}
            for who, which, deed, again in deeds:
                with suppress(Refused):
                    judge(people[who], claims[which], deed, held if again else {})
            data = exported(ana)
            assert_honest(ana, rows_of(data))
            with another_desk(ana) as other:
                other.schemes.use(ana.scheme.toml)
                imported(other, data)
                assert exported(other) == data
                assert judged(other, article.id) == judged(ana, article.id)
                assert contending(other) == contending(ana)
                assert other.upkeep.verify() == []
                assert imported(other, data).claims == 0
    finally:
        shutil.rmtree(folder)


def contending(desk: Desk) -> list[object]:
    return [
        (
            conflict.kind,
            conflict.item,
            conflict.part,
            [(one.by, one.at, dict(one.values)) for one in conflict.contenders],
        )
        for conflict in desk.conflicts.of()
    ]


# -- what the columns say ---------------------------------------------------------------------------------------------


def test_the_columns_tell_reviews_and_disputes(desk: Desk, bob: Desk, disputed: Claim) -> None:
    first, missed = rows_of(exported(desk))
    assert {name: first[name] for name in NAMES if "review" in name or name in ("status", "disputed", "origin")} == {
        "status": "disputed", "origin": "", "review_count": "1", "review_decisions": "Bob: change_span",
        "review_stale": "0", "last_review_decision": "change_span", "last_reviewer": "Bob",
        "last_reviewed_at": first["last_reviewed_at"], "disputed": "1",
    }  # fmt: skip
    assert first["last_reviewed_at"] >= first["created"]
    assert (missed["origin"], missed["checker"], missed["review_decisions"]) == ("review", "Bob", "Bob: missing_claim")
    assert {first[name] for name in ("adjudication", "adjudicated_by", "adjudicated_at", "rationale")} == {""}
    desk.claims.edit(disputed, claimant="Somebody else")
    assert rows_of(exported(desk))[0]["review_stale"] == "1"
    bob.reviews.decide(disputed.id, "agree")
    (row, _) = rows_of(exported(desk))
    assert (row["status"], row["disputed"], row["review_stale"]) == ("reviewed", "0", "0")


def test_a_settled_claim_shows_what_settled_it_and_keeps_everybodys_verdict(desk: Desk, settled: Claim) -> None:
    row = rows_of(exported(desk))[0]
    assert {name: row[name] for name in ("status", "verdict", "verdict_label", "justification", "disputed")} == {
        "status": "settled", "verdict": "mixed", "verdict_label": "Mixed", "justification": "'+so", "disputed": "0",
    }  # fmt: skip
    assert [row[name] for name in ("adjudicated_by", "adjudication", "rationale", "final_verdict")] == [
        "Cy", "merged", "'+so", "mixed",
    ]  # fmt: skip
    assert row["end"] == "37", "the checker's own edges stay"
    record = json.loads(row["record"])
    assert [(one["by"], one["verdict"]) for one in record["verdicts"]] == [("Ana", "refuted")]
    assert [row[name] for name in ("final_start", "final_end", "stands")] == ["0", "36", "1"]
    assert (row["verdict"], row["checker_verdict"]) == ("mixed", desk.verdicts.of(settled.id)[0].verdict)
    assert row["checker_justification"] == desk.verdicts.of(settled.id)[0].justification != ""
    assert (record["adjudication"]["start"], record["adjudication"]["end"]) == (0, 36)
    assert record["comments"][0]["resolved"] == 1
    assert [tick["mark"] for piece in record["evidence"] for tick in piece["ticks"]] == ["doubted", "doubted"]


def test_a_claim_that_nobody_reviewed_has_the_record_it_always_had(desk: Desk, claim: Claim) -> None:
    (row,) = rows_of(exported(desk))
    record = json.loads(row["record"])
    assert list(record) == ["by", "created", "updated", "updated_by", "verdicts", "evidence", "comments"]
    assert "ticks" not in record["evidence"][0]
    assert "resolved" not in record["comments"][0]


def test_second_review_of_one_article_is_not_told_with_another(desk: Desk, bob: Desk, disputed: Claim) -> None:
    other = desk.articles.add("Another text altogether.", title="Other")
    bob.reviews.decide(desk.claims.tag(other, 0, 7), "agree")
    assert [row["review_decisions"] for row in rows_of(exported(desk, "Other"))] == ["Bob: agree"]
    assert len(rows_of(exported(desk))) == 3


# -- coming back ------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("raw", [False, True])
def test_everything_said_of_a_claim_comes_back(desk: Desk, settled: Claim, raw: bool) -> None:
    data = exported(desk, raw=raw)
    with another_desk(desk) as other:
        assert imported(other, data, raw=raw).claims == 2
        assert exported(other, raw=raw) == data
        assert judged(other, settled.article) == judged(desk, settled.article)
        assert imported(other, data, raw=raw) == Imported(0, 2, ())
        assert other.upkeep.verify() == []


def test_a_stale_review_comes_back_stale_and_an_answered_one_answered(desk: Desk, bob: Desk, claim: Claim) -> None:
    other_claim = desk.claims.tag(claim.article, 48, 61)
    bob.reviews.decide(claim, "agree")
    bob.reviews.decide(other_claim, "change_claim_text", claim_text="2,500 soldiers arrived")
    desk.claims.edit(claim, claim_text="something else")
    desk.answers.answer(desk.reviews.of(other_claim)[0], "accepted")
    with another_desk(desk) as other:
        imported(other, exported(desk))
        found = {review.claim: review for review in other.reviews.of(other.articles.get(claim.article))}
        assert (found[claim.id].stale, found[other_claim.id].stale) == (True, False)
        assert (found[other_claim.id].standing, found[other_claim.id].answered_by) == ("accepted", "Ana")
        assert other.claims.get(other_claim.id).status == "tagged"


def test_two_windows_decisions_and_two_adjudications_come_back_as_conflicts(
    desk: Desk, bob: Desk, cy: Desk, open_desk: Callable[..., Desk], claim: Claim
) -> None:
    first = bob.reviews.decide(claim, "agree")
    bob.reviews.decide(claim, "disagree", reason="missing_context", seen=first)
    open_desk("Bob").reviews.decide(claim, "reject_claim", comment="Opinion.", seen=first)
    comparison = cy.comparison.compare(claim.article)
    dora = open_desk("Dora")
    cy.settlements.adjudicate(cy.comparison.group_of(claim.id, comparison), "first_correct", rationale="one")
    dora.settlements.adjudicate(dora.comparison.group_of(claim.id, comparison), "second_correct", rationale="two")
    data = exported(desk)
    with another_desk(desk) as other:
        imported(other, data)
        assert exported(other) == data
        assert contending(other) == contending(desk)
        assert {conflict.kind for conflict in other.conflicts.of()} == {"reviews", "adjudications"}
        one = next(conflict for conflict in other.conflicts.of() if conflict.kind == "adjudications")
        other.conflicts.settle(one, one.contenders[0])
        (how,) = other.comparison.adjudications(claim.article)
        assert (how.by, how.rationale) == ("Cy", "one")
        assert other.upkeep.verify() == []


def test_a_claim_that_was_deleted_here_comes_back_with_what_was_said_of_it(
    desk: Desk, bob: Desk, disputed: Claim
) -> None:
    data = exported(desk)
    desk.delete(disputed)
    assert imported(desk, data).claims == 1
    (review, _) = desk.reviews.of(desk.articles.get(disputed.article))
    assert (review.by, review.decision, review.answered) == ("Bob", "change_span", "rejected")
    assert len(desk.ticks.of(disputed)) == 2
    assert desk.upkeep.verify() == []
    desk.history.undo()
    assert len(desk.reviews.of(desk.articles.get(disputed.article))) == 1


def test_what_an_adjudicator_said_can_be_changed_in_a_spreadsheet_and_nobody_elses_verdict(
    desk: Desk, settled: Claim
) -> None:
    rows = rows_of(exported(desk))
    rows[0] |= {"verdict": "outdated", "justification": "later news", "rationale": "?", "final_verdict": "?"}
    with another_desk(desk) as other:
        imported(other, file_of(rows))
        (how,) = other.comparison.adjudications(settled.article)
        assert (how.verdict, how.rationale, how.by) == ("outdated", "later news", "Cy")
        assert [(one.by, one.verdict) for one in other.verdicts.of(settled.id)] == [("Ana", "refuted")]


def test_a_file_from_before_there_were_reviews_is_still_taken_and_known(desk: Desk, claim: Claim) -> None:
    gone = ("origin", "review_decisions", "review_stale", "adjudicated_at", "adjudication", "rationale")
    empty = ("review_count", "last_review_decision", "last_reviewer", "last_reviewed_at", "disputed")
    rows = [
        {name: "" if name in empty else cell for name, cell in row.items() if name not in gone}
        for row in rows_of(exported(desk))
    ]
    assert imported(desk, file_of(rows)) == Imported(0, 1, ())
    with another_desk(desk) as other:
        assert imported(other, file_of(rows)).claims == 1
        assert exported(other) == exported(desk)


def test_reasons_the_scheme_lacks_are_kept_and_told(desk: Desk, disputed: Claim) -> None:
    rows = rows_of(exported(desk))
    rows[0]["record"] = rows[0]["record"].replace("wrong_span", "too_wide")
    with another_desk(desk) as other:
        assert (
            "The scheme has no reason “too_wide”; it is kept (1) and shown as ?too_wide."
            in imported(other, file_of(rows)).notes
        )
        assert other.reviews.of(disputed.id)[0].reason == "too_wide"


def test_a_chosen_person_who_has_no_claim_in_the_file_is_known_afterwards(desk: Desk, bob: Desk, cy: Desk) -> None:
    article = desk.articles.add(TEXT)
    mine, theirs = desk.claims.tag(article, 0, 13), bob.claims.tag(article, 0, 18)
    desk.verdicts.give(mine, "supported")
    bob.verdicts.give(theirs, "refuted")
    cy.settlements.adjudicate(
        cy.comparison.group_of(mine, cy.comparison.compare(article)), "second_correct", rationale="Bob is right"
    )
    rows = [row for row in rows_of(exported(desk)) if row["checker"] == "Bob"]
    assert [row["adjudication"] for row in rows] == ["second_correct"]
    with another_desk(desk) as other:
        imported(other, file_of(rows))
        assert [(one.chosen, one.beside) for one in other.comparison.adjudications(article.id)] == [("Bob", (mine.id,))]
    rows = [row for row in rows_of(exported(desk)) if row["checker"] == "Ana"]
    with another_desk(desk) as other:
        imported(other, file_of(rows))
        assert [(one.chosen, one.stands) for one in other.comparison.adjudications(article.id)] == [("Bob", False)]


# -- what does not fit ------------------------------------------------------------------------------------------------


def with_review(row: Row, **values: object) -> Row:
    record = json.loads(row["record"])
    record["reviews"][0] |= values
    return row | {"record": json.dumps(record)}


def with_settlement(row: Row, **values: object) -> Row:
    record = json.loads(row["record"])
    record["adjudication"] |= values
    return row | {"record": json.dumps(record)}


def with_reviews(row: Row, *reviews: int) -> Row:
    record = json.loads(row["record"])
    record["reviews"] = [record["reviews"][n] for n in reviews]
    return row | {"record": json.dumps(record)}


def with_answer(row: Row, **values: object) -> Row:
    record = json.loads(row["record"])
    record["reviews"][0]["answers"][0] |= values
    return row | {"record": json.dumps(record)}


def with_tick(row: Row, **values: object) -> Row:
    record = json.loads(row["record"])
    record["evidence"][0]["ticks"][0] |= values
    return row | {"record": json.dumps(record)}


WRONG: dict[str, tuple[Callable[[Row], Row], str]] = {
    "no such decision": (lambda r: with_review(r, decision="maybe"), "no usable “decision”"),
    "no such blind level": (lambda r: with_review(r, blind="dark"), "no usable “blind”"),
    "a quote that is not there": (lambda r: with_review(r, quote="Three"), "a review whose quote is not in the text"),
    "edges without words": (lambda r: with_review(r, quote=""), "a review whose quote is not in the text"),
    "nobody reviewed": (lambda r: with_review(r, whose=""), "reviewer's name is empty"),
    "seen nothing": (lambda r: with_review(r, seen=""), "no usable “seen”"),
    "seen something else": (lambda r: with_review(r, seen='{"start": "0"}'), "no usable “seen”"),
    "two reviews by one": (lambda r: with_reviews(r, 0, 0), "two reviews of one thing by one person"),
    "reviews of another shape": (lambda r: r | {"record": r["record"].replace('"reviews":[', '"reviews":[7,')},
                                 "no usable “reviews”"),
    "no such answer": (lambda r: with_answer(r, outcome="perhaps"), "no usable “outcome”"),
    "an answer before time": (lambda r: with_answer(r, created=-1), "no usable “created”"),
    "no such mark": (lambda r: with_tick(r, mark="ok"), "no usable “mark”"),
    "no such outcome": (lambda r: with_settlement(r, outcome="draw"), "no usable “outcome”"),
    "settled on other words": (lambda r: with_settlement(r, end=20), "an adjudication whose quote is not in the text"),
    "settled beside what is no id": (lambda r: with_settlement(r, beside=["C2"]), "no usable “beside”"),
    "settled, and a verdict that stands": (
        lambda r: r | {"record": r["record"].replace('"verdict":"refuted","justification"', '"x":"","y"')},
        "two standing verdicts",
    ),
    "no such origin": (lambda r: r | {"record": json.dumps(json.loads(r["record"]) | {"origin": 7})},
                       "no usable “origin”"),
}  # fmt: skip


@pytest.mark.parametrize("wrong", WRONG)
def test_a_row_whose_review_does_not_fit_is_listed_and_nothing_is_imported(
    desk: Desk, settled: Claim, wrong: str
) -> None:
    good, other = rows_of(exported(desk))
    spoil, reason = WRONG[wrong]
    assert spoil(good) != good
    with another_desk(desk) as fresh:
        assert reason in reasons(fresh, file_of([other, spoil(good)]))[3]
