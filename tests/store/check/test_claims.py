"""Checking: claims, verdicts, sweeps, comments."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

from store import upkeep
from store.desk import Desk
from store.errors import Duplicate, Guarded, TaggedByAnother, Unknown
from store.records import Article, Status
from tests.kit.at_the_desk import BLOCKING, FIRST, TEXT
from tests.kit.refusals import refused

# -- claims ----------------------------------------------------------------------------------------------------


def test_a_tag_holds_its_quote_and_what_surrounds_it(desk: Desk, article: Article) -> None:
    claim = desk.tag(
        article, 38, 96, claim_text=" 2500 arrived ", types=["quantity", "date_time", "date_time"], tags="kursk"
    )
    assert claim.quote == TEXT[38:96] and claim.prefix == TEXT[6:38] and claim.suffix == TEXT[96:128]
    assert (claim.name, claim.checker, claim.status, claim.verdict) == ("C1", "Ana", Status.TAGGED, "")
    assert (claim.claim_text, claim.types, claim.tags) == ("2500 arrived", ("quantity", "date_time"), ("kursk",))
    assert desk.claim("c1", article) == claim == desk.claim(claim.id) and desk.claims(article) == [claim]


@pytest.mark.parametrize("span", [(-1, 5), (5, 2), (3, 3), (0, 10_000), (10_000, 10_001), (96, 98)])
def test_a_span_that_is_none_is_refused(desk: Desk, article: Article, span: tuple[int, int]) -> None:
    for act in (desk.tag, desk.sweep):
        refused(desk, lambda act=act: act(article, *span))  # type: ignore[misc]
    claim = desk.tag(article, *FIRST)
    refused(desk, lambda: desk.move(claim, *span))


def test_a_span_inside_a_grapheme_is_refused(desk: Desk) -> None:
    article = desk.add_article("e\u0301 and 👩\u200d🚀 flew")
    refused(desk, lambda: desk.tag(article, 1, 4))
    refused(desk, lambda: desk.tag(article, 0, 8))
    assert desk.tag(article, 0, 2).quote == "e\u0301"


def test_ones_own_claim_on_the_very_span_is_refused_with_the_claim_that_holds_it(desk: Desk, article: Article) -> None:
    claim = desk.tag(article, *FIRST, claim_text="Two came")
    for again in ({}, {"claim_text": "Two came"}, {"own": True}):
        with pytest.raises(Duplicate) as caught:
            desk.tag(article, *FIRST, **again)  # type: ignore[arg-type]
        assert caught.value.claim.id == claim.id and "as C1." in str(caught.value)
    other = desk.tag(article, 0, 36, claim_text="Two came")
    with pytest.raises(Duplicate) as caught:
        desk.move(other, *FIRST)
    assert caught.value.claim.id == claim.id
    desk.delete(desk.claim(claim.id))
    assert desk.tag(article, *FIRST).name == "C3"


def test_another_claim_text_makes_a_second_claim_of_ones_own(desk: Desk, article: Article) -> None:
    first = desk.tag(article, *FIRST, claim_text="Two came")
    second = desk.tag(article, *FIRST, claim_text="They were prisoners")
    assert [claim.claim_text for claim in desk.claims(article)] == ["Two came", "They were prisoners"]
    third = desk.tag(article, 0, 36, claim_text="Three came")
    assert desk.move(third, *FIRST).start == FIRST[0]
    assert len({first.id, second.id, third.id}) == 3 and upkeep.verify(desk) == []


def test_somebody_elses_claim_on_the_span_is_pointed_out_and_then_theirs(
    desk: Desk, bob: Desk, article: Article
) -> None:
    hers = desk.tag(article, *FIRST)
    with pytest.raises(TaggedByAnother) as caught:
        bob.tag(article, *FIRST, claim_text="other words")
    assert caught.value.claim.id == hers.id and "as C1 by Ana" in str(caught.value)
    his = bob.tag(article, *FIRST, own=True)
    assert [(claim.id, claim.checker) for claim in desk.claims(article)] == [(hers.id, "Ana"), (his.id, "Bob")]
    with pytest.raises(Duplicate, match="as C2"):
        bob.tag(article, *FIRST, own=True)
    moved = bob.tag(article, 0, 36)
    hers_too = desk.tag(article, 0, 35)
    assert desk.move(hers_too, moved.start, moved.end).end == 36, "edges may be somebody else's too"


def test_who_does_not_see_the_others_is_pointed_to_nobody(desk: Desk, bob: Desk, article: Article) -> None:
    desk.assign([article], ["Bob"], "reviewer", blind="all")
    desk.tag(article, *FIRST)
    assert bob.tag(article, *FIRST).checker == "Bob"


def test_what_a_third_person_tagged_can_be_missing_from_a_set(desk: Desk, bob: Desk, article: Article) -> None:
    desk.tag(article, *FIRST)
    bob.tag(article, 0, 36)
    with Desk.open(desk.path, "Cleo") as cleo:
        assert cleo.missing(article, 0, 36, whose="Ana").decision == "missing_claim"
        refused(cleo, lambda: cleo.missing(article, *FIRST, whose="Ana"), Duplicate)
    with Desk.open(desk.path, "Dan") as dan:
        refused(dan, lambda: dan.missing(article, 0, 36, whose="Ana"), Duplicate)


def test_claims_overlap_nest_and_come_in_text_order_the_longer_first(desk: Desk, article: Article) -> None:
    spans = [(10, 20), (0, 37), (0, 10), (0, 99), (15, 110)]
    for span in spans:
        desk.tag(article, *span)
    assert [(c.start, c.end) for c in desk.claims(article)] == [(0, 99), (0, 37), (0, 10), (10, 20), (15, 110)]


def test_names_are_never_given_twice_in_an_article(desk: Desk, article: Article) -> None:
    first, second = desk.tag(article, 0, 10), desk.tag(article, 0, 20)
    desk.delete(second)
    assert desk.tag(article, 0, 30).name == "C3" and first.name == "C1"
    other = desk.add_article("Something else.")
    assert desk.tag(other, 0, 9).name == "C1"
    assert desk.claim("C1", other).article == other.id
    said = refused(desk, lambda: desk.claim("C2", article), Unknown)
    assert "C2" in said
    for nothing in ("C2", "C99", "", "C", "x", "C1b", "C" + "9" * 40, "\ud800"):
        refused(desk, lambda nothing=nothing: desk.claim(nothing, article), Unknown)  # type: ignore[misc]
    refused(desk, lambda: desk.claim("C1"), Unknown)


def test_moving_keeps_identity_verdict_and_evidence(desk: Desk, article: Article) -> None:
    claim = desk.tag(article, *FIRST)
    desk.give_verdict(claim, "mixed", "so so")
    desk.add_evidence(claim, "supports", url="https://a.example")
    moved = desk.move(claim, 4, 30)
    assert (moved.id, moved.name, moved.verdict, moved.evidence_count) == (claim.id, "C1", "mixed", 1)
    assert moved.quote == TEXT[4:30] and moved.prefix == TEXT[:4]


def test_editing_a_claim_changes_what_is_named_and_nothing_else(desk: Desk, article: Article) -> None:
    claim = desk.tag(article, *FIRST, claimant="Ri")
    edited = desk.edit(claim, attribution="paraphrase", check_target="both", priority="high", tags=["a", "b"])
    assert (edited.attribution, edited.check_target, edited.priority) == ("paraphrase", "both", "high")
    assert (edited.claimant, edited.tags, edited.quote) == ("Ri", ("a", "b"), claim.quote)
    assert desk.edit(edited, claimant="", tags=[]).tags == ()
    for wrong in ({"attribution": "loud"}, {"types": ["nonsense"]}, {"quote": "x"}, {"start": 1}, {"verdict": "mixed"}):
        refused(desk, lambda wrong=wrong: desk.edit(claim, **wrong))  # type: ignore[misc]


def test_an_edit_that_changes_nothing_leaves_no_trace(desk: Desk, article: Article) -> None:
    claim = desk.tag(article, *FIRST, claimant="Ri")
    mark = desk.mark()
    desk.edit(claim, claimant="Ri")
    desk.edit(claim)
    desk.move(claim, *FIRST)
    desk.edit_article(article, title=article.title)
    assert desk.mark() == mark


def test_what_others_deleted_cannot_be_edited(desk: Desk, bob: Desk, article: Article) -> None:
    claim = desk.tag(article, *FIRST)
    evidence = desk.add_evidence(claim, "supports", url="https://a.example", quote="q")
    comment = desk.comment(claim, "Hm.")
    verdict = desk.give_verdict(claim, "mixed")
    bob.delete(bob.claim(claim.id))
    for act in (
        lambda: desk.edit(claim, claimant="x"),
        lambda: desk.move(claim, 0, 5),
        lambda: desk.give_verdict(claim, "mixed"),
        lambda: desk.give_verdict(verdict, "refuted"),
        lambda: desk.justify(claim, "x"),
        lambda: desk.add_evidence(claim, "supports", url="https://b.example"),
        lambda: desk.edit_evidence(evidence, quote="x"),
        lambda: desk.comment(claim, "x"),
        lambda: desk.edit_comment(comment, "x"),
        lambda: desk.delete(claim),
        lambda: desk.delete(evidence),
    ):
        refused(desk, act, Unknown)
    source = evidence.source
    assert source is not None
    desk.delete(source)
    bob.delete(bob.article(article.id))
    refused(desk, lambda: desk.edit_source(source, title="x"), Unknown)
    refused(desk, lambda: desk.edit_article(article, title="x"), Unknown)
    refused(desk, lambda: desk.tag(article, 0, 5), Unknown)
    refused(desk, lambda: desk.sweep(article, 0, 5), Unknown)
    refused(desk, lambda: desk.delete(article), Unknown)


# -- verdicts --------------------------------------------------------------------------------------------------


def test_everybody_has_one_verdict_of_their_own_and_the_checkers_stands(
    desk: Desk, bob: Desk, article: Article
) -> None:
    claim = desk.tag(article, *FIRST)
    bob.give_verdict(claim, "refuted")
    assert desk.claim(claim.id).verdict == "refuted"
    desk.give_verdict(claim, "supported", "seen it")
    desk.give_verdict(claim, "mixed")
    shown = desk.claim(claim.id)
    assert (shown.verdict, shown.justification, shown.status) == ("mixed", "", Status.TAGGED)
    assert [(v.by, v.verdict) for v in desk.verdicts(claim)] == [("Ana", "mixed"), ("Bob", "refuted")]
    assert desk.conflicts() == []


def test_a_verdict_is_taken_back_and_its_justification_stays(desk: Desk, article: Article) -> None:
    claim = desk.tag(article, *FIRST)
    desk.justify(claim, "because")
    assert desk.claim(claim.id).status == Status.TAGGED
    desk.give_verdict(claim, "mixed")
    taken = desk.give_verdict(claim, "")
    assert (taken.verdict, taken.justification) == ("", "because")
    assert desk.claim(claim.id).status == Status.TAGGED
    other = desk.tag(article, 0, 10)
    refused(desk, lambda: desk.give_verdict(other, ""))
    refused(desk, lambda: desk.justify(other, ""))


def test_a_verdict_the_scheme_does_not_have_is_refused(desk: Desk, article: Article) -> None:
    claim = desk.tag(article, *FIRST)
    assert "supported" in refused(desk, lambda: desk.give_verdict(claim, "perhaps"), Unknown)


def test_nobody_builds_on_somebody_elses_verdict(desk: Desk, bob: Desk, article: Article) -> None:
    verdict = desk.give_verdict(desk.tag(article, *FIRST), "mixed")
    assert "Ana" in refused(bob, lambda: bob.give_verdict(verdict, "refuted"))


def test_a_stale_verdict_of_ones_own_is_a_conflict_of_whole_verdicts(
    desk: Desk, article: Article, open_desk: Callable[..., Desk]
) -> None:
    claim = desk.tag(article, *FIRST)
    seen = desk.give_verdict(claim, "mixed", "first reason")
    elsewhere = open_desk("Ana")
    elsewhere.give_verdict(claim, "supported", "second reason")
    desk.give_verdict(seen, "refuted")
    (conflict,) = desk.conflicts()
    assert [(one.values["verdict"], one.values["justification"]) for one in conflict.contenders] == [
        ("supported", "second reason"),
        ("refuted", ""),
    ]
    assert desk.claim(claim.id).conflict


def test_a_guarded_verdict_waits_for_what_the_scheme_asks(desk: Desk, article: Article) -> None:
    desk.use_scheme(BLOCKING)
    claim = desk.tag(article, *FIRST)
    refused(desk, lambda: desk.give_verdict(claim, "refuted"), Guarded)
    desk.add_evidence(claim, "refutes", url="https://a.example")
    refused(desk, lambda: desk.give_verdict(claim, "refuted"), Guarded)
    assert desk.give_verdict(claim, "refuted", "it never rained").verdict == "refuted"
    assert "open" in refused(desk, lambda: desk.give_verdict(claim, "old"))


def test_a_warning_scheme_gives_the_verdict_and_says_what_lacks(desk: Desk, article: Article) -> None:
    claim = desk.tag(article, *FIRST)
    desk.give_verdict(claim, "refuted")
    assert len(desk.lacks(claim)) >= 1
    desk.add_evidence(claim, "refutes", url="https://a.example")
    assert desk.lacks(claim) == []


def test_a_scheme_that_drops_a_used_verdict_is_refused(desk: Desk, article: Article) -> None:
    claim = desk.tag(article, *FIRST)
    desk.give_verdict(claim, "mixed")
    assert "mixed (1)" in refused(desk, lambda: desk.use_scheme(BLOCKING))
    desk.give_verdict(claim, "")
    desk.use_scheme(BLOCKING)
    assert desk.scheme.id == "strict"
    refused(desk, lambda: desk.use_scheme("[scheme"))


# -- sweeps and comments ---------------------------------------------------------------------------------------


def test_a_stretch_is_swept_once(desk: Desk, bob: Desk, article: Article) -> None:
    sweep = desk.sweep(article, *FIRST)
    assert bob.sweep(article, *FIRST) == sweep and len(desk.sweeps(article)) == 1
    desk.delete(sweep)
    assert desk.sweeps(article) == [] and desk.sweep(article, *FIRST).id != sweep.id


def test_comments_answer_each_other(desk: Desk, bob: Desk, article: Article) -> None:
    claim, other = desk.tag(article, *FIRST), desk.tag(article, 0, 10)
    asked = desk.comment(claim, "Is it\r\nso?\0")
    answer = bob.comment(claim, "Yes.", asked)
    assert (asked.body, answer.reply_to, answer.by) == ("Is it\nso?", asked.id, "Bob")
    assert desk.comments(claim) == [asked, answer] and desk.claim(claim.id).comment_count == 2
    assert desk.edit_comment(asked, "Was it so?").body == "Was it so?"
    refused(desk, lambda: desk.comment(other, "x", asked), Unknown)
    refused(desk, lambda: desk.comment(claim, " "))
    refused(desk, lambda: desk.edit_comment(asked, "\n"))


def test_a_verdict_given_elsewhere_meanwhile_is_not_overwritten(desk: Desk, path: Path, article: Article) -> None:
    claim = desk.tag(article, 0, 10)
    with Desk.open(path, "Ana") as other:
        seen = other.claim(claim.id)
        desk.give_verdict(claim, "supported", "It says so.")
        other.justify(seen, "Written before that was seen.")
        (conflict,) = other.conflicts()
        said = [tuple(one.values.values()) for one in conflict.contenders]
        assert said == [("supported", "It says so."), ("", "Written before that was seen.")]
        other.settle(conflict, conflict.contenders[0])
        again = other.claim(claim.id)
        desk.give_verdict(desk.verdicts(claim)[0], "refuted")
        other.give_verdict(again, "mixed")
        assert [one.part for one in other.conflicts()] == ["verdict"]


def test_ones_own_earlier_verdict_is_no_conflict(desk: Desk, article: Article) -> None:
    claim = desk.tag(article, 0, 10)
    desk.give_verdict(claim, "supported", "It says so.")
    desk.give_verdict(claim, "refuted")
    desk.justify(claim, "Seen again.")
    assert desk.conflicts() == []
    assert [(one.verdict, one.justification) for one in desk.verdicts(claim)] == [("refuted", "Seen again.")]
