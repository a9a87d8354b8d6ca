"""Reviews in files: those of JSON Lines come back as reviews, all others as comments that say what was decided."""

from __future__ import annotations

import io
import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from store.desk import Desk
from store.formats import FORMATS
from store.records import Article, Claim, Review
from tests.kit import exchange
from tests.kit.desks import desk_at

TEXT = "The city closes 41 schools, said the mayor. It rained for a week. Nobody was asked about “that”. Ten came."
QUOTES = ("The city closes 41 schools", "It rained for a week", "Nobody was asked", "Ten came", "the mayor")


@pytest.fixture
def desk(tmp_path: Path) -> Iterator[Desk]:
    """Ana's claims with Bo's reviews of many kinds; the last of them is stale."""
    (tmp_path / "desk").mkdir()
    with desk_at(tmp_path / "desk") as desk:
        article = desk.articles.add(TEXT, title="Schools")
        places = [(TEXT.index(quote), TEXT.index(quote) + len(quote)) for quote in QUOTES]
        closes, rained, asked, came, mayor = (desk.claims.tag(article, *place, types=["event"]) for place in places)
        desk.evidence.add(closes, "supports", url="https://city.example/", quote="“41”", locator="p. 2")
        desk.verdicts.give(closes, "supported", "Counted:\n“41” \\ all.")
        desk.be("Bo Ek")
        desk.reviews.decide(closes.id, "change_verdict", verdict="refuted", justification="40.", comment="Count again.")
        desk.reviews.decide(rained.id, "change_span", span=(places[1][0] + 3, places[1][1]), comment="Less.")
        desk.reviews.decide(asked.id, "change_claim_text", claim_text="Nobody asked them.")
        desk.reviews.decide(came.id, "disagree", reason=desk.scheme.reasons[0].key, comment="No.")
        desk.reviews.decide(mayor.id, "agree")
        desk.be("Ana")
        desk.claims.edit(mayor.id, claimant="The Paper")
        yield desk


def exported(desk: Desk, name: str) -> tuple[bytes, Any]:
    out = io.BytesIO()
    return (done := FORMATS[name].write(desk, out)) and out.getvalue(), done


def brought(desk: Desk, name: str, data: bytes, tmp_path: Path) -> Any:
    form = FORMATS[name].module
    assert form is not None
    return exchange.brought_to(desk, FORMATS[name], {f"in{form.extensions[0]}": data}, tmp_path)


def told(desk: Desk) -> list[tuple[Any, ...]]:
    """What each review on a desk says, with the words of its claim."""

    def one(claim: Claim, review: Review) -> tuple[Any, ...]:
        names = ("by", "whose", "decision", "reason", "comment", "verdict", "justification", "claim_text", "quote",
                 "start", "end", "stale", "standing", "created")  # fmt: skip
        return claim.quote, *(str(getattr(review, name)) for name in names)

    (article,) = desk.articles.all()
    return [one(claim, review) for claim in desk.claims.of(article) for review in desk.reviews.of(claim)]


def unnamed(data: bytes) -> list[dict[str, Any]]:
    """The lines of a file without the claims' names, which are given anew in the order of the file."""
    return [{name: value for name, value in json.loads(line).items() if name != "name"} for line in data.splitlines()]


def test_json_lines_bring_reviews_back_as_reviews(desk: Desk, empty: Desk, tmp_path: Path) -> None:
    data, done = exported(desk, "jsonl")
    assert not done.losses
    came = brought(empty, "jsonl", data, tmp_path)
    assert told(empty) == told(desk) and len(told(desk)) == 5 and not came.notes
    assert [row[-3] for row in told(desk)].count("True") == 1, "one is stale, and says so on both desks"
    assert unnamed(exported(empty, "jsonl")[0]) == unnamed(data)
    again = brought(empty, "jsonl", data, tmp_path)
    assert (again.claims, again.changed, again.notes) == (0, 0, ()) and told(empty) == told(desk)
    assert not empty.upkeep.verify()
    assert empty.history.undo() and not empty.articles.all()


def test_a_reviewers_withdrawn_verdict_keeps_its_reason(desk: Desk, empty: Desk, tmp_path: Path) -> None:
    (article,) = desk.articles.all()
    came = next(claim for claim in desk.claims.of(article) if claim.quote == "Ten came")
    desk.be("Bo Ek")
    desk.verdicts.give(came, "refuted", "Nine did.")
    desk.verdicts.give(desk.claims.get(came.id), "")
    data, done = exported(desk, "jsonl")
    assert not done.losses
    brought(empty, "jsonl", data, tmp_path)
    assert unnamed(exported(empty, "jsonl")[0]) == unnamed(data) and b"Nine did." in data
    (there,) = (claim for claim in empty.claims.of(empty.articles.get(1)) if claim.quote == "Ten came")
    assert (there.verdict, there.status, empty.upkeep.verify()) == ("", came.status, [])
    assert [(one.by, one.verdict, one.justification) for one in empty.verdicts.of(there)] == [
        ("Bo Ek", "", "Nine did.")
    ]


def test_what_was_changed_since_makes_a_review_that_came_in_stale(desk: Desk, empty: Desk, tmp_path: Path) -> None:
    brought(empty, "jsonl", exported(desk, "jsonl")[0], tmp_path)
    (article,) = empty.articles.all()
    closes = next(claim for claim in empty.claims.of(article) if claim.quote == QUOTES[0])
    empty.be("Ana")
    empty.verdicts.give(closes, "mixed", "Between.")
    assert empty.reviews.of(closes)[0].stale


def test_an_answer_is_lost_and_said(desk: Desk) -> None:
    (article,) = desk.articles.all()
    review = next(one for one in desk.reviews.of(article) if one.decision == "disagree")
    desk.answers.answer(review, "rejected", "It is so.")
    (lost,) = exported(desk, "jsonl")[1].losses
    assert (lost.what, lost.count) == ("reviews", 1)
    assert "without what was answered" in str(lost)


@pytest.mark.parametrize("spoil", [
    {"decision": "change_span", "end": None}, {"decision": "change_claim_text"}, {"decision": "change_verdict"},
    {"decision": "nonsense"}, {"decision": "missing_claim"}, {"stale": None}, {"start": 0, "end": 4, "quote": "Else"},
    {"person": "Ana"},
])  # fmt: skip
def test_what_is_no_whole_review_comes_in_as_a_comment(
    spoil: dict[str, Any], desk: Desk, empty: Desk, tmp_path: Path
) -> None:
    lines = [json.loads(line) for line in exported(desk, "jsonl")[0].splitlines()]
    claim = next(line for line in lines if line.get("quote") == "the mayor")
    claim["reviews"] = [claim["reviews"][0] | spoil]
    data = "\n".join(map(json.dumps, (lines[0], claim))).encode()
    came = brought(empty, "jsonl", data, tmp_path)
    assert not told(empty) and not came.refused
    assert came.notes == ("1 reviews came in as comments that say what was decided.",)
    (article,) = empty.articles.all()
    assert len(empty.threads.of(empty.claims.of(article)[0])) == 1


def test_a_review_of_a_claim_that_is_here_does_not_come_in_and_that_is_said(
    desk: Desk, empty: Desk, tmp_path: Path
) -> None:
    lines = [json.loads(line) for line in exported(desk, "jsonl")[0].splitlines()]
    bare = [{name: value for name, value in line.items() if name != "reviews"} for line in lines]
    brought(empty, "jsonl", "\n".join(map(json.dumps, bare)).encode(), tmp_path)
    came = brought(empty, "jsonl", "\n".join(map(json.dumps, lines)).encode(), tmp_path)
    assert came.notes == ("5 reviews of claims that were here already did not come in.",) and not told(empty)


def test_other_formats_bring_reviews_as_comments(desk: Desk, empty: Desk, tmp_path: Path) -> None:
    came = brought(empty, "w3c", exported(desk, "w3c")[0], tmp_path)
    assert not told(empty)
    assert came.notes == ("5 reviews came in as comments that say what was decided.",)
    for there in (empty, desk):  # where they are already, as comments or as reviews, none came in and none is missed
        began = there.history.mark()
        assert brought(there, "w3c", exported(desk, "w3c")[0], tmp_path).notes == ()
        assert there.history.mark() == began


def settled(desk: Desk) -> Article:
    """Eva settles two of Ana's claims: one with Bo's verdict, one with none."""
    desk.be("Eva")
    article = desk.articles.get(1)
    for group, how in zip(desk.comparison.compare(article).groups, ("second_correct", "both_wrong"), strict=False):
        desk.settlements.adjudicate(group, how, rationale="Eva asked the city.")
    desk.be("Ana")
    return article


@pytest.mark.parametrize("name", [name for name, form in FORMATS.items() if form.module and form.read])
def test_a_verdict_comes_back_as_that_of_who_gave_it_or_it_is_said_that_it_does_not(
    desk: Desk, empty: Desk, tmp_path: Path, name: str
) -> None:
    article = settled(desk)
    said = {"site": "https://desk.example/", "publisher": "The Desk"}
    out = io.BytesIO()
    form = FORMATS[name]
    done = form.write(desk, out, said={key: word for key, word in said.items() if key in form.module.options})
    losses = {loss.what: loss.count for loss in done.losses}
    assert losses["settled"] == 2 and ("judge" in losses) != (name == "jsonl")
    if name == "jsonl":
        brought(empty, name, out.getvalue(), tmp_path)
        for claim in desk.claims.of(article):
            (there,) = [one for one in empty.claims.of(empty.articles.get(1)) if one.quote == claim.quote]
            assert (there.verdict, there.checker) == (claim.verdict, "Ana")
            assert there.justification == (claim.justification if claim.verdict else "")
            given = {str(one.by): one.verdict for one in empty.verdicts.of(there)}
            if claim.status == "settled":
                assert given.get("Eva", "") == claim.verdict and "Ana" not in given
                told = {str(one.by): one.body for one in empty.threads.of(there)}
                assert told.get("Eva") == (None if claim.verdict else "Eva asked the city.") and "Ana" not in told
            assert given.get("Bo Ek") == {str(one.by): one.verdict for one in desk.verdicts.of(claim)}.get("Bo Ek")
        again = brought(empty, name, out.getvalue(), tmp_path)
        assert (again.claims, again.changed) == (0, 0) and empty.upkeep.verify() == []


def test_why_a_claim_was_settled_is_no_comment_on_the_desk_where_it_was(desk: Desk, tmp_path: Path) -> None:
    settled(desk)
    began = desk.history.mark()
    came = brought(desk, "jsonl", exported(desk, "jsonl")[0], tmp_path)
    assert (came.claims, came.known, came.changed, came.refused, came.notes) == (0, 5, 0, (), ())
    assert desk.history.mark() == began


def test_a_comment_that_is_refused_is_not_told_as_brought(desk: Desk, tmp_path: Path) -> None:
    settled(desk)
    lines = [json.loads(line) for line in exported(desk, "jsonl")[0].splitlines()]
    for line in lines[1:]:
        line["comments"] = [{"words": "Late.", "person": "Bo Ek"}] if line["quote"] in ("the mayor", "Ten came") else []
    came = brought(desk, "jsonl", "\n".join(map(json.dumps, lines)).encode(), tmp_path)
    (refused,) = came.refused
    assert "is settled by Eva" in refused.why
    assert came.notes == ("Comments on claims that were here already came in (1).",)


def test_a_verdict_that_somebody_else_gave_your_claim_here_is_left_out_and_said(
    desk: Desk, empty: Desk, tmp_path: Path
) -> None:
    brought(empty, "jsonl", exported(desk, "jsonl")[0], tmp_path)
    settled(desk)
    empty.be("Ana")
    came = brought(empty, "jsonl", exported(desk, "jsonl")[0], tmp_path)
    (there,) = (claim for claim in empty.claims.of(empty.articles.get(1)) if claim.quote == QUOTES[0])
    assert (there.verdict, came.changed) == ("supported", 0)
    assert "1 verdicts of others on claims that were here already did not come in." in came.notes
