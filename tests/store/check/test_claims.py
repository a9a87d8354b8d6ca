"""Checking: claims, verdicts, sweeps, comments."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from store.desk import Desk
from store.errors import Duplicate, Guarded, TaggedByAnother, Unknown
from store.log.claim_status import claim_name, read_claim_name
from store.records import Article
from store.scheme import NO_VERDICT, load, shipped
from store.vocabulary import Status
from tests.kit.at_the_desk import BLOCKING, FIRST, TEXT
from tests.kit.refusals import refused

# -- claims ----------------------------------------------------------------------------------------------------


def test_a_tag_holds_its_quote_and_what_surrounds_it(desk: Desk, article: Article) -> None:
    claim = desk.claims.tag(
        article, 38, 96, claim_text=" 2500 arrived ", types=["quantity", "date_time", "date_time"], tags="kursk"
    )
    assert claim.quote == TEXT[38:96] and claim.prefix == TEXT[6:38] and claim.suffix == TEXT[96:128]
    assert (claim.name, claim.checker, claim.status, claim.verdict) == ("C1", "Ana", Status.TAGGED, "")
    assert (claim.claim_text, claim.types, claim.tags) == ("2500 arrived", ("quantity", "date_time"), ("kursk",))
    assert desk.claims.get("c1", article) == claim == desk.claims.get(claim.id) and desk.claims.of(article) == [claim]


@pytest.mark.parametrize("scheme", shipped())
def test_what_was_just_tagged_lacks_a_verdict_and_nothing_else(tmp_path: Path, scheme: str) -> None:
    with Desk.open(tmp_path / "desk.db", "Ana") as desk:
        desk.schemes.use(load(scheme).toml)
        article = desk.articles.add(TEXT)
        claim = desk.claims.tag(article, *FIRST, claim_text="2500 arrived")
        assert desk.claims.lacking(article) == {claim.id: (NO_VERDICT,)}


def test_words_chosen_by_hand_are_tagged_without_the_marks_around_them(desk: Desk) -> None:
    text = "They are close, and agents watched. Nobody **knew.** [Why](https://x.org)"
    article = desk.articles.add(text, language="en", markup="markdown")

    def chosen(words: str, **how: bool) -> str:
        start = text.index(words)
        return text[slice(*desk.claims.chosen(article, start, start + len(words), **how))]

    assert chosen(" and agents watched.") == "and agents watched"
    assert chosen("and agents watched.", leftover=True) == "agents watched"
    assert chosen(text) == text and chosen("close, and agents watched. Nobody **knew.**").endswith("Nobody **knew")
    assert chosen("**knew.**") == "knew" and chosen(" [Why](https://x.org)") == "Why"
    assert chosen("https://x.org)") == "https://x.org", "what people do not see of it is tagged as it is written"
    assert chosen(", ") == ",", "what has no word in it is left to be refused"
    claim = desk.claims.tag(article, 0, text.index(" Nobody"))
    assert refused(desk, lambda: chosen(claim.quote), Duplicate) == "C1 holds these words already."


@pytest.mark.parametrize("span", [(-1, 5), (5, 2), (3, 3), (0, 10_000), (10_000, 10_001), (96, 98)])
def test_a_span_that_is_none_is_refused(desk: Desk, article: Article, span: tuple[int, int]) -> None:
    for act in (desk.claims.tag, desk.claims.chosen, desk.sweeps.add):
        refused(desk, lambda act=act: act(article, *span))  # type: ignore[misc]
    claim = desk.claims.tag(article, *FIRST)
    refused(desk, lambda: desk.claims.move(claim, *span))


def test_a_span_inside_a_grapheme_is_refused(desk: Desk) -> None:
    article = desk.articles.add("e\u0301 and 👩\u200d🚀 flew")
    refused(desk, lambda: desk.claims.tag(article, 1, 4))
    refused(desk, lambda: desk.claims.tag(article, 0, 8))
    assert desk.claims.tag(article, 0, 2).quote == "e\u0301"


def test_ones_own_claim_on_the_very_span_is_refused_with_the_claim_that_holds_it(desk: Desk, article: Article) -> None:
    claim = desk.claims.tag(article, *FIRST, claim_text="Two came")
    for again in ({}, {"claim_text": "Two came"}, {"own": True}):
        with pytest.raises(Duplicate) as caught:
            desk.claims.tag(article, *FIRST, **again)  # type: ignore[arg-type]
        assert caught.value.claim.id == claim.id and "as C1." in str(caught.value)
    other = desk.claims.tag(article, 0, 36, claim_text="Two came")
    with pytest.raises(Duplicate) as caught:
        desk.claims.move(other, *FIRST)
    assert caught.value.claim.id == claim.id
    desk.delete(desk.claims.get(claim.id))
    assert desk.claims.tag(article, *FIRST).name == "C3"


def test_another_claim_text_makes_a_second_claim_of_ones_own(desk: Desk, article: Article) -> None:
    first = desk.claims.tag(article, *FIRST, claim_text="Two came")
    second = desk.claims.tag(article, *FIRST, claim_text="They were prisoners")
    assert [claim.claim_text for claim in desk.claims.of(article)] == ["Two came", "They were prisoners"]
    third = desk.claims.tag(article, 0, 36, claim_text="Three came")
    assert desk.claims.move(third, *FIRST).start == FIRST[0]
    assert len({first.id, second.id, third.id}) == 3 and desk.upkeep.verify() == []


def test_somebody_elses_claim_on_the_span_is_pointed_out_and_then_theirs(
    desk: Desk, bob: Desk, article: Article
) -> None:
    hers = desk.claims.tag(article, *FIRST)
    with pytest.raises(TaggedByAnother) as caught:
        bob.claims.tag(article, *FIRST, claim_text="other words")
    assert caught.value.claim.id == hers.id and "as C1 by Ana" in str(caught.value)
    his = bob.claims.tag(article, *FIRST, own=True)
    assert [(claim.id, claim.checker) for claim in desk.claims.of(article)] == [(hers.id, "Ana"), (his.id, "Bob")]
    with pytest.raises(Duplicate, match="as C2"):
        bob.claims.tag(article, *FIRST, own=True)
    moved = bob.claims.tag(article, 0, 36)
    hers_too = desk.claims.tag(article, 0, 35)
    assert desk.claims.move(hers_too, moved.start, moved.end).end == 36, "edges may be somebody else's too"


def test_who_does_not_see_the_others_is_pointed_to_nobody(desk: Desk, bob: Desk, article: Article) -> None:
    desk.assignments.assign([article], ["Bob"], "reviewer", blind="all")
    desk.claims.tag(article, *FIRST)
    assert bob.claims.tag(article, *FIRST).checker == "Bob"


def test_what_a_third_person_tagged_can_be_missing_from_a_set(desk: Desk, bob: Desk, article: Article) -> None:
    desk.claims.tag(article, *FIRST)
    bob.claims.tag(article, 0, 36)
    with Desk.open(desk.path, "Cleo") as cleo:
        assert cleo.reviews.missing(article, 0, 36, whose="Ana").decision == "missing_claim"
        refused(cleo, lambda: cleo.reviews.missing(article, *FIRST, whose="Ana"), Duplicate)
    with Desk.open(desk.path, "Dan") as dan:
        refused(dan, lambda: dan.reviews.missing(article, 0, 36, whose="Ana"), Duplicate)


def test_claims_overlap_nest_and_come_in_text_order_the_longer_first(desk: Desk, article: Article) -> None:
    spans = [(10, 20), (0, 37), (0, 10), (0, 99), (15, 110)]
    for span in spans:
        desk.claims.tag(article, *span)
    assert [(c.start, c.end) for c in desk.claims.of(article)] == [(0, 99), (0, 37), (0, 10), (10, 20), (15, 110)]


def test_names_are_never_given_twice_in_an_article(desk: Desk, article: Article) -> None:
    first, second = desk.claims.tag(article, 0, 10), desk.claims.tag(article, 0, 20)
    desk.delete(second)
    assert desk.claims.tag(article, 0, 30).name == "C3" and first.name == "C1"
    other = desk.articles.add("Something else.")
    assert desk.claims.tag(other, 0, 9).name == "C1"
    assert desk.claims.get("C1", other).article == other.id
    said = refused(desk, lambda: desk.claims.get("C2", article), Unknown)
    assert "C2" in said
    for nothing in ("C2", "C99", "", "C", "x", "C1b", "C" + "9" * 40, "\ud800"):
        refused(desk, lambda nothing=nothing: desk.claims.get(nothing, article), Unknown)  # type: ignore[misc]
    refused(desk, lambda: desk.claims.get("C1"), Unknown)


def test_moving_keeps_identity_verdict_and_evidence(desk: Desk, article: Article) -> None:
    claim = desk.claims.tag(article, *FIRST)
    desk.verdicts.give(claim, "mixed", "so so")
    desk.evidence.add(claim, "supports", url="https://a.example")
    moved = desk.claims.move(claim, 4, 30)
    assert (moved.id, moved.name, moved.verdict, moved.evidence_count) == (claim.id, "C1", "mixed", 1)
    assert moved.quote == TEXT[4:30] and moved.prefix == TEXT[:4]


def test_editing_a_claim_changes_what_is_named_and_nothing_else(desk: Desk, article: Article) -> None:
    claim = desk.claims.tag(article, *FIRST, claimant="Ri")
    edited = desk.claims.edit(claim, attribution="paraphrase", check_target="both", priority="high", tags=["a", "b"])
    assert (edited.attribution, edited.check_target, edited.priority) == ("paraphrase", "both", "high")
    assert (edited.claimant, edited.tags, edited.quote) == ("Ri", ("a", "b"), claim.quote)
    assert desk.claims.edit(edited, claimant="", tags=[]).tags == ()
    for wrong in ({"attribution": "loud"}, {"types": ["nonsense"]}, {"quote": "x"}, {"start": 1}, {"verdict": "mixed"}):
        refused(desk, lambda wrong=wrong: desk.claims.edit(claim, **wrong))  # type: ignore[misc]


def test_an_edit_that_changes_nothing_leaves_no_trace(desk: Desk, article: Article) -> None:
    claim = desk.claims.tag(article, *FIRST, claimant="Ri")
    mark = desk.history.mark()
    desk.claims.edit(claim, claimant="Ri")
    desk.claims.edit(claim)
    desk.claims.move(claim, *FIRST)
    desk.articles.edit(article, title=article.title)
    assert desk.history.mark() == mark


def test_what_others_deleted_cannot_be_edited(desk: Desk, bob: Desk, article: Article) -> None:
    claim = desk.claims.tag(article, *FIRST)
    evidence = desk.evidence.add(claim, "supports", url="https://a.example", quote="q")
    comment = desk.threads.comment(claim, "Hm.")
    verdict = desk.verdicts.give(claim, "mixed")
    bob.delete(bob.claims.get(claim.id))
    for act in (
        lambda: desk.claims.edit(claim, claimant="x"),
        lambda: desk.claims.move(claim, 0, 5),
        lambda: desk.verdicts.give(claim, "mixed"),
        lambda: desk.verdicts.give(verdict, "refuted"),
        lambda: desk.verdicts.justify(claim, "x"),
        lambda: desk.evidence.add(claim, "supports", url="https://b.example"),
        lambda: desk.evidence.edit(evidence, quote="x"),
        lambda: desk.threads.comment(claim, "x"),
        lambda: desk.threads.edit(comment, "x"),
        lambda: desk.delete(claim),
        lambda: desk.delete(evidence),
    ):
        refused(desk, act, Unknown)
    source = evidence.source
    assert source is not None
    desk.delete(source)
    bob.delete(bob.articles.get(article.id))
    refused(desk, lambda: desk.evidence.edit_source(source, title="x"), Unknown)
    refused(desk, lambda: desk.articles.edit(article, title="x"), Unknown)
    refused(desk, lambda: desk.claims.tag(article, 0, 5), Unknown)
    refused(desk, lambda: desk.sweeps.add(article, 0, 5), Unknown)
    refused(desk, lambda: desk.delete(article), Unknown)


# -- verdicts --------------------------------------------------------------------------------------------------


def test_what_is_not_on_the_desk_is_told_in_words(desk: Desk, article: Article) -> None:
    claim = desk.claims.tag(article, *FIRST)
    desk.history.undo()
    refused(desk, lambda: desk.claims.may_edit(claim), Unknown)
    assert desk.articles.find("Another text.", "https://half.example/\ud83d") is None


def test_everybody_has_one_verdict_of_their_own_and_the_checkers_stands(
    desk: Desk, bob: Desk, article: Article
) -> None:
    claim = desk.claims.tag(article, *FIRST)
    bob.verdicts.give(claim, "refuted")
    assert desk.claims.get(claim.id).verdict == "refuted"
    desk.verdicts.give(claim, "supported", "seen it")
    desk.verdicts.give(claim, "mixed")
    shown = desk.claims.get(claim.id)
    assert (shown.verdict, shown.justification, shown.status) == ("mixed", "", Status.TAGGED)
    assert [(v.by, v.verdict) for v in desk.verdicts.of(claim)] == [("Ana", "mixed"), ("Bob", "refuted")]
    assert desk.conflicts.of() == []


def test_a_verdict_is_taken_back_and_its_justification_stays(desk: Desk, article: Article) -> None:
    claim = desk.claims.tag(article, *FIRST)
    desk.verdicts.justify(claim, "because")
    assert desk.claims.get(claim.id).status == Status.TAGGED
    desk.verdicts.give(claim, "mixed")
    taken = desk.verdicts.give(claim, "")
    assert (taken.verdict, taken.justification) == ("", "because")
    assert desk.claims.get(claim.id).status == Status.TAGGED
    other = desk.claims.tag(article, 0, 10)
    refused(desk, lambda: desk.verdicts.give(other, ""))
    refused(desk, lambda: desk.verdicts.justify(other, ""))


def test_a_verdict_the_scheme_does_not_have_is_refused(desk: Desk, article: Article) -> None:
    claim = desk.claims.tag(article, *FIRST)
    assert "supported" in refused(desk, lambda: desk.verdicts.give(claim, "perhaps"), Unknown)


def test_nobody_builds_on_somebody_elses_verdict(desk: Desk, bob: Desk, article: Article) -> None:
    verdict = desk.verdicts.give(desk.claims.tag(article, *FIRST), "mixed")
    assert "Ana" in refused(bob, lambda: bob.verdicts.give(verdict, "refuted"))


def test_a_stale_verdict_of_ones_own_is_a_conflict_of_whole_verdicts(
    desk: Desk, article: Article, open_desk: Callable[..., Desk]
) -> None:
    claim = desk.claims.tag(article, *FIRST)
    seen = desk.verdicts.give(claim, "mixed", "first reason")
    elsewhere = open_desk("Ana")
    elsewhere.verdicts.give(claim, "supported", "second reason")
    desk.verdicts.give(seen, "refuted")
    (conflict,) = desk.conflicts.of()
    assert [(one.values["verdict"], one.values["justification"]) for one in conflict.contenders] == [
        ("supported", "second reason"),
        ("refuted", ""),
    ]
    assert desk.claims.get(claim.id).conflict


def test_a_guarded_verdict_waits_for_what_the_scheme_asks(desk: Desk, article: Article) -> None:
    desk.schemes.use(BLOCKING)
    claim = desk.claims.tag(article, *FIRST)
    refused(desk, lambda: desk.verdicts.give(claim, "refuted"), Guarded)
    desk.evidence.add(claim, "refutes", url="https://a.example")
    refused(desk, lambda: desk.verdicts.give(claim, "refuted"), Guarded)
    assert desk.verdicts.give(claim, "refuted", "it never rained").verdict == "refuted"
    assert "open" in refused(desk, lambda: desk.verdicts.give(claim, "old"))


def test_a_warning_scheme_gives_the_verdict_and_says_what_lacks(desk: Desk, article: Article) -> None:
    claim = desk.claims.tag(article, *FIRST)
    desk.verdicts.give(claim, "refuted")
    assert len(desk.claims.lacks(claim)) >= 1
    desk.evidence.add(claim, "refutes", url="https://a.example")
    assert desk.claims.lacks(claim) == []


def test_a_scheme_that_drops_a_used_verdict_is_refused(desk: Desk, article: Article) -> None:
    claim = desk.claims.tag(article, *FIRST)
    desk.verdicts.give(claim, "mixed")
    assert "mixed (1)" in refused(desk, lambda: desk.schemes.use(BLOCKING))
    desk.verdicts.give(claim, "")
    desk.schemes.use(BLOCKING)
    assert desk.scheme.id == "strict"
    refused(desk, lambda: desk.schemes.use("[scheme"))


# -- sweeps and comments ---------------------------------------------------------------------------------------


def test_a_stretch_is_swept_once(desk: Desk, bob: Desk, article: Article) -> None:
    sweep = desk.sweeps.add(article, *FIRST)
    assert bob.sweeps.add(article, *FIRST) == sweep and len(desk.sweeps.of(article)) == 1
    desk.delete(sweep)
    assert desk.sweeps.of(article) == [] and desk.sweeps.add(article, *FIRST).id != sweep.id


def test_comments_answer_each_other(desk: Desk, bob: Desk, article: Article) -> None:
    claim, other = desk.claims.tag(article, *FIRST), desk.claims.tag(article, 0, 10)
    asked = desk.threads.comment(claim, "Is it\r\nso?\0")
    answer = bob.threads.comment(claim, "Yes.", asked)
    assert (asked.body, answer.reply_to, answer.by) == ("Is it\nso?", asked.id, "Bob")
    assert desk.threads.of(claim) == [asked, answer] and desk.claims.get(claim.id).comment_count == 2
    assert desk.threads.edit(asked, "Was it so?").body == "Was it so?"
    refused(desk, lambda: desk.threads.comment(other, "x", asked), Unknown)
    refused(desk, lambda: desk.threads.comment(claim, " "))
    refused(desk, lambda: desk.threads.edit(asked, "\n"))


def test_a_verdict_given_elsewhere_meanwhile_is_not_overwritten(desk: Desk, path: Path, article: Article) -> None:
    claim = desk.claims.tag(article, 0, 10)
    with Desk.open(path, "Ana") as other:
        seen = other.claims.get(claim.id)
        desk.verdicts.give(claim, "supported", "It says so.")
        other.verdicts.justify(seen, "Written before that was seen.")
        (conflict,) = other.conflicts.of()
        said = [tuple(one.values.values()) for one in conflict.contenders]
        assert said == [("supported", "It says so."), ("", "Written before that was seen.")]
        other.conflicts.settle(conflict, conflict.contenders[0])
        again = other.claims.get(claim.id)
        desk.verdicts.give(desk.verdicts.of(claim)[0], "refuted")
        other.verdicts.give(again, "mixed")
        assert [one.part for one in other.conflicts.of()] == ["verdict"]


def test_ones_own_earlier_verdict_is_no_conflict(desk: Desk, article: Article) -> None:
    claim = desk.claims.tag(article, 0, 10)
    desk.verdicts.give(claim, "supported", "It says so.")
    desk.verdicts.give(claim, "refuted")
    desk.verdicts.justify(claim, "Seen again.")
    assert desk.conflicts.of() == []
    assert [(one.verdict, one.justification) for one in desk.verdicts.of(claim)] == [("refuted", "Seen again.")]


def test_the_blind_number_apart_and_a_letter_tells_unrelated_claims_apart(desk: Desk, article: Article) -> None:
    people = ["Bob", "Cy", "Dan"]
    desk.assignments.assign([article], people, "reviewer", blind="all")
    for nth, name in enumerate(people):
        with Desk.open(desk.path, name) as own:
            made = [own.claims.tag(article, start, start + 3 + nth) for start in (0, 20)]
            assert [claim.name for claim in made] == ["C1", "C2"], "who is blind learns of nobody"
            for claim in made:
                own.verdicts.give(claim, "not_checkable", "A matter of taste.")
            own.submissions.submit(article, "reviewer")
    everyone = {claim.name: claim.checker for claim in desk.claims.of(article)}
    assert everyone == {"C1": "Bob", "C2": "Bob", "D1": "Cy", "D2": "Cy", "E1": "Dan", "E2": "Dan"}
    for name in everyone:
        assert desk.claims.get(name.lower(), article).name == name
    assert desk.claims.get("C1b", article).name == "D1"  # as it was once called
    assert desk.upkeep.verify() == []


@given(st.integers(0, 10**6), st.integers(0, 24 * 23 - 1))
def test_a_claims_name_is_read_back(number: int, nth: int) -> None:
    name = claim_name(number, nth)
    assert read_claim_name(name) == (number, nth) and "S" not in name
