"""The desk's door: what each method makes of what it is given."""

from __future__ import annotations

import sqlite3
from collections.abc import Callable
from pathlib import Path

import pytest

from store import fields, upkeep
from store.articles import Draft
from store.desk import Desk
from store.records import Article, Status
from store.refusals import Duplicate, Guarded, Nobody, Refused, Unknown
from tests.store.conftest import TEXT

FIRST = (0, 37)
BLOCKING = """
[scheme]
id = "strict"
version = 1
label = "Strict"
guard = "block"

[[verdict]]
key = "refuted"
label = "Refuted"
hotkey = "r"
glyph = "x"
requires_stance = ["refutes"]
requires_justification = true

[[verdict]]
key = "open"
label = "Open"
hotkey = "o"
glyph = "o"

[[verdict]]
key = "old"
label = "Old"
hotkey = "d"
glyph = "d"
retired = true
replaced_by = "open"
"""


def refused(desk: Desk, act: Callable[[], object], kind: type[Refused] = Refused) -> str:
    """The refusal's text, having made sure that it is one sentence and that nothing was changed."""
    before = list(desk.log.conn.iterdump())
    with pytest.raises(kind) as caught:
        act()
    assert list(desk.log.conn.iterdump()) == before
    assert not desk.log.conn.in_transaction
    said = str(caught.value)
    assert said and "\n" not in said and "Traceback" not in said
    return said


# -- articles -------------------------------------------------------------------------------------------------


def test_an_article_is_given_back_with_all_that_was_said_of_it(desk: Desk) -> None:
    article = desk.add_article(
        TEXT, title=" Prisoners ", url="https://example.org/x", publisher="Post", author="Ri", published="2025-02"
    )
    assert (article.title, article.publisher, article.author, article.published) == (
        "Prisoners",
        "Post",
        "Ri",
        "2025-02",
    )
    assert (article.number, article.version_number, article.length, article.by) == (1, 1, len(TEXT), "Ana")
    assert desk.text(article) == TEXT and desk.articles() == [article]


def test_a_text_is_kept_to_the_character(desk: Desk) -> None:
    text = "a\u0301 👩\u200d👩\u200d👧 \u202eabc\t\x1b[31m [b]\n\n  ﷽ 𝒳  "
    assert desk.text(desk.add_article(text)) == text


@pytest.mark.parametrize("text", ["", " \n\t", "a\r\nb", "a\0b", "a\ud800b"])
def test_a_text_that_cannot_be_checked_or_stored_is_refused(desk: Desk, text: str) -> None:
    refused(desk, lambda: desk.add_article(text))


def test_the_same_text_or_the_same_url_is_the_same_article(desk: Desk, article: Article) -> None:
    assert desk.add_article(TEXT).id == article.id
    assert desk.add_article("Other words.", url="HTTPS://Example.org/war").id == article.id
    assert desk.text(desk.article(1)) == TEXT and len(desk.articles()) == 1


def test_adding_a_deleted_or_undone_article_again_brings_it_back_with_its_text(desk: Desk) -> None:
    article = desk.add_article(TEXT)
    desk.undo()
    again = desk.add_article(TEXT)
    assert again.id == article.id and desk.text(again) == TEXT
    desk.delete(again)
    assert desk.articles() == [] and desk.text(desk.add_article(TEXT)) == TEXT


def test_an_articles_details_change_and_its_text_does_not(desk: Desk, article: Article) -> None:
    edited = desk.edit_article(article, title="New", published="2025-02-19", language="uk")
    assert (edited.title, edited.published, edited.language, edited.sha) == ("New", "2025-02-19", "uk", article.sha)
    assert edited.url == article.url
    refused(desk, lambda: desk.edit_article(article, text="x"))
    assert "2025-02-30" in refused(desk, lambda: desk.edit_article(article, published="2025-02-30"))


def test_many_articles_come_in_as_one_step_of_undo(desk: Desk) -> None:
    told: list[int] = []
    drafts = [Draft(text=f"Article {n} says so.") for n in range(450)]
    new, known = desk.add_articles(iter([*drafts, drafts[0]]), progress=told.append)
    assert (len(new), len(known), told) == (450, 1, [200, 400, 451])
    assert "449 more" in desk.undo().sentence
    assert desk.articles() == []
    desk.redo()
    assert len(desk.articles()) == 450 and upkeep.verify(desk) == []


def test_a_cancelled_import_keeps_what_was_in(desk: Desk) -> None:
    asked = iter([False] * 250 + [True])
    new, _ = desk.add_articles((Draft(text=f"Article {n}.") for n in range(999)), cancelled=lambda: next(asked))
    assert len(new) == 250 == len(desk.articles())


# -- claims ---------------------------------------------------------------------------------------------------


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


def test_the_very_same_span_is_refused_with_the_claim_that_holds_it(desk: Desk, bob: Desk, article: Article) -> None:
    claim = desk.tag(article, *FIRST)
    with pytest.raises(Duplicate) as caught:
        bob.tag(article, *FIRST)
    assert caught.value.claim.id == claim.id and "C1" in str(caught.value)
    other = desk.tag(article, 0, 36)
    with pytest.raises(Duplicate) as caught:
        desk.move(other, *FIRST)
    assert caught.value.claim.id == claim.id
    refused(desk, lambda: desk.tag(article, *FIRST), Duplicate)
    desk.delete(desk.claim(claim.id))
    assert desk.tag(article, *FIRST).name == "C3"


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


# -- verdicts -------------------------------------------------------------------------------------------------


def test_everybody_has_one_verdict_of_their_own_and_the_checkers_stands(
    desk: Desk, bob: Desk, article: Article
) -> None:
    claim = desk.tag(article, *FIRST)
    bob.give_verdict(claim, "refuted")
    assert desk.claim(claim.id).verdict == "refuted"
    desk.give_verdict(claim, "supported", "seen it")
    desk.give_verdict(claim, "mixed")
    shown = desk.claim(claim.id)
    assert (shown.verdict, shown.justification, shown.status) == ("mixed", "seen it", Status.CHECKED)
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
        ("refuted", "first reason"),
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


# -- evidence and sources -------------------------------------------------------------------------------------


def test_evidence_of_one_url_shares_its_source(desk: Desk, bob: Desk, article: Article) -> None:
    one, two = desk.tag(article, 0, 10), desk.tag(article, 0, 20)
    first = desk.add_evidence(one, "supports", url="https://a.example/p", quote=" as\nwritten ", title="Report")
    second = bob.add_evidence(two, "refutes", url="https://a.example/p", locator="p. 2", publisher="Agency")
    third = desk.add_evidence(two, "context", url=" HTTPS://A.EXAMPLE/p ")
    assert first.source and second.source and third.source
    assert first.source.id == second.source.id == third.source.id
    (source,) = desk.sources()
    assert (source.title, source.publisher, source.url) == ("Report", "Agency", "https://a.example/p")
    assert first.quote == " as\nwritten "
    assert [e.stance for e in desk.evidence(two)] == ["refutes", "context"]
    assert desk.claim(two.id).evidence_count == 2


def test_sources_without_an_address_are_each_their_own(desk: Desk, article: Article) -> None:
    claim = desk.tag(article, *FIRST)
    first = desk.add_evidence(claim, "supports", title="Phone call")
    second = desk.add_evidence(claim, "supports", title="Phone call")
    bare = desk.add_evidence(claim, "context", note="common knowledge")
    assert first.source and second.source and first.source.id != second.source.id and bare.source is None


def test_a_source_that_moved_is_found_at_its_new_address_and_the_old_one_is_free(desk: Desk, article: Article) -> None:
    claim = desk.tag(article, *FIRST)
    old = desk.add_evidence(claim, "supports", url="https://old.example").source
    assert old is not None
    desk.edit_source(old, url="https://new.example")
    assert desk.add_evidence(claim, "supports", url="https://new.example").source.id == old.id  # type: ignore[union-attr]
    fresh = desk.add_evidence(claim, "supports", url="https://old.example").source
    assert fresh is not None and fresh.id != old.id and fresh.url == "https://old.example"
    assert desk.add_evidence(claim, "context", url="https://old.example").source == fresh


def test_a_deleted_source_comes_back_when_it_is_cited_again(desk: Desk, article: Article) -> None:
    claim = desk.tag(article, *FIRST)
    source = desk.add_evidence(claim, "supports", url="https://a.example", title="T").source
    assert source is not None
    desk.delete(source)
    assert desk.sources() == [] and desk.evidence(claim)[0].source is not None
    again = desk.add_evidence(claim, "supports", url="https://a.example").source
    assert again is not None and (again.id, again.title, again.deleted) == (source.id, "T", False)


def test_evidence_changes_and_cites_another_source(desk: Desk, article: Article) -> None:
    claim = desk.tag(article, *FIRST)
    evidence = desk.add_evidence(claim, "supports", url="https://a.example", quote="q")
    edited = desk.edit_evidence(evidence, stance="refutes", url="https://b.example", note="n")
    assert (edited.stance, edited.quote, edited.note) == ("refutes", "q", "n")
    assert edited.source is not None and edited.source.url == "https://b.example"
    assert desk.edit_evidence(edited, url="").source is None
    assert len(desk.sources()) == 2
    refused(desk, lambda: desk.edit_evidence(edited, stance=""))
    refused(desk, lambda: desk.add_evidence(claim, "maybe"))
    refused(desk, lambda: desk.add_evidence(claim, "supports", url="https://c.example", published="soon"))
    refused(desk, lambda: desk.add_evidence(claim, "supports", url="https://c.example", colour="red"))


def test_sources_are_found_by_url_or_title_and_marks_are_no_patterns(desk: Desk, article: Article) -> None:
    claim = desk.tag(article, *FIRST)
    for url, title in (("https://a.example/100%", "A_B"), ("https://b.example", "AxB")):
        desk.add_evidence(claim, "supports", url=url, title=title)
    assert [s.url for s in desk.sources("100%")] == ["https://a.example/100%"]
    assert [s.title for s in desk.sources("A_B")] == ["A_B"]
    assert len(desk.sources("EXAMPLE")) == 2 and desk.sources("\ud800") == []


# -- sweeps and comments --------------------------------------------------------------------------------------


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


# -- deleting and settling ------------------------------------------------------------------------------------


def test_deleting_a_claim_takes_what_hangs_on_it_and_undo_brings_all_back(desk: Desk, article: Article) -> None:
    claim = desk.tag(article, *FIRST)
    desk.give_verdict(claim, "mixed")
    desk.add_evidence(claim, "supports", url="https://a.example")
    desk.comment(claim, "Hm.")
    before = desk.stats()
    desk.delete(desk.claim(claim.id))
    assert desk.claims(article) == [] and desk.stats().evidence == desk.stats().comments == 0
    assert "C1" in desk.undo().sentence
    assert desk.stats() == before and desk.claim(claim.id).verdict == "mixed"


def test_deleting_an_article_takes_all_of_it(desk: Desk, article: Article) -> None:
    desk.give_verdict(desk.tag(article, *FIRST), "mixed")
    desk.sweep(article, 38, 96)
    before = desk.stats()
    desk.delete(article)
    assert desk.articles() == [] and desk.shelf() == [] and desk.search("Kursk") == []
    assert [a.title for a in desk.articles(deleted=True)] == ["Prisoners of war"]
    desk.undo()
    assert desk.stats() == before


def test_deleting_what_somebody_has_changed_meanwhile_waits_to_be_settled(
    desk: Desk, bob: Desk, article: Article
) -> None:
    claim = desk.tag(article, *FIRST)
    desk.give_verdict(claim, "mixed")
    bob.edit(bob.claim(claim.id), claimant="Ri")
    desk.delete(claim)
    shown = bob.claim(claim.id)
    assert shown.conflict and (shown.claimant, shown.verdict) == ("Ri", "mixed")
    (conflict,) = bob.conflicts(article)
    assert (conflict.kind, conflict.part, conflict.about) == ("claims", "deleted", "C1")
    assert [(one.by, one.values) for one in conflict.contenders] == [("Bob", {"deleted": 0}), ("Ana", {"deleted": 1})]
    assert bob.shelf()[0].conflicts == 1 == bob.stats().conflicts


@pytest.mark.parametrize("keep", [True, False])
def test_a_contested_delete_is_settled_either_way(desk: Desk, bob: Desk, article: Article, keep: bool) -> None:
    claim = desk.tag(article, *FIRST)
    desk.give_verdict(claim, "mixed")
    bob.edit(bob.claim(claim.id), claimant="Ri")
    desk.delete(claim)
    (conflict,) = bob.conflicts()
    bob.settle(conflict, conflict.contenders[0 if keep else 1])
    assert desk.conflicts() == [] and desk.stats().with_verdict == (1 if keep else 0)
    assert [c.claimant for c in desk.claims(article)] == (["Ri"] if keep else [])
    assert bool(desk.verdicts(claim)) is keep
    assert upkeep.verify(desk) == []


def test_a_conflict_is_settled_with_the_value_chosen(desk: Desk, bob: Desk, article: Article) -> None:
    claim = desk.tag(article, *FIRST)
    bob.edit(bob.claim(claim.id), claimant="Ri")
    assert desk.edit(claim, claimant="Baek").conflict
    (conflict,) = desk.conflicts()
    desk.settle(conflict, conflict.contenders[0])
    settled = bob.claim(claim.id)
    assert (settled.claimant, settled.conflict, desk.conflicts()) == ("Ri", False, [])


def test_a_conflict_that_has_changed_meanwhile_is_not_settled_blindly(desk: Desk, bob: Desk, article: Article) -> None:
    claim = desk.tag(article, *FIRST)
    bob.edit(bob.claim(claim.id), claimant="Ri")
    desk.edit(claim, claimant="Baek")
    (conflict,) = desk.conflicts()
    bob.settle(conflict, conflict.contenders[0])
    refused(desk, lambda: desk.settle(conflict, conflict.contenders[1]))
    assert desk.claim(claim.id).claimant == "Ri"


# -- one step -------------------------------------------------------------------------------------------------


def test_together_is_one_step_of_undo(desk: Desk, article: Article) -> None:
    with desk.together():
        claim = desk.tag(article, *FIRST)
        desk.edit(claim, claimant="Ri")
        desk.give_verdict(claim, "mixed")
        with desk.together():
            desk.add_evidence(claim, "supports", url="https://a.example")
        desk.move(claim, 0, 30)
    assert (
        len({change.action for change in desk.history() if change.kind not in ("reviewers", "articles", "versions")})
        == 1
    )
    assert "tagged C1" in desk.undo().sentence
    assert desk.claims(article) == [] and desk.conflicts() == [] and desk.sources() == []
    desk.redo()
    shown = desk.claim("C1", article)
    assert (shown.claimant, shown.verdict, shown.evidence_count, shown.end) == ("Ri", "mixed", 1, 30)
    assert desk.conflicts() == []


def test_an_exception_leaves_nothing_of_what_was_done_together(desk: Desk, article: Article) -> None:
    before = list(desk.log.conn.iterdump())
    with pytest.raises(ZeroDivisionError), desk.together():
        desk.tag(article, *FIRST)
        desk.be("Newcomer")
        desk.sweep(article, 38, 96)
        raise ZeroDivisionError
    assert list(desk.log.conn.iterdump()) == before
    claim = desk.tag(article, *FIRST)
    assert claim.checker == "Newcomer" and [r.name for r in desk.reviewers()] == ["Ana", "Newcomer"]
    assert desk.history()[0].action != desk.history(article)[-1].action and upkeep.verify(desk) == []


def test_a_refusal_inside_does_not_end_what_is_done_together(desk: Desk, article: Article) -> None:
    with desk.together():
        desk.tag(article, *FIRST)
        with pytest.raises(Duplicate):
            desk.tag(article, *FIRST)
        desk.sweep(article, 38, 96)
    assert len(desk.claims(article)) == 1 == len(desk.sweeps(article))
    desk.undo()
    assert desk.claims(article) == [] == desk.sweeps(article)


def test_an_import_joins_what_is_done_together(desk: Desk) -> None:
    with desk.together():
        first = desk.add_article("One says so.")
        desk.add_articles([Draft(text="Two says so."), Draft(text="Three says so.")])
        desk.tag(first, 0, 3)
    desk.undo()
    assert desk.articles() == []


# -- people ---------------------------------------------------------------------------------------------------


def test_nothing_is_written_until_somebody_says_who_they_are(path: Path) -> None:
    with Desk.open(path) as desk:
        assert desk.reviewer == ""
        refused(desk, lambda: desk.add_article(TEXT), Nobody)
        refused(desk, lambda: desk.undo(), Nobody)
        desk.be("  Ana   María ")
        desk.add_article(TEXT)
        assert [r.name for r in desk.reviewers()] == ["Ana María"]


@pytest.mark.parametrize("name", ["", "  ", "a\x1b[31m", "a\nb", "a\u202eb", "x" * 81, "\u200b"])
def test_a_name_that_is_none_is_refused(desk: Desk, name: str) -> None:
    refused(desk, lambda: desk.be(name))
    assert desk.reviewer == "Ana"


def test_one_person_in_two_spellings_is_one_person(desk: Desk, article: Article) -> None:
    desk.be("ANA")
    desk.tag(article, *FIRST)
    assert [r.name for r in desk.reviewers()] == ["Ana"] and desk.claim("C1", article).checker == "Ana"


# -- fields ---------------------------------------------------------------------------------------------------


def test_line_ends_nul_and_lone_surrogates_are_mended_in_every_field(desk: Desk, article: Article) -> None:
    dirty = "a\r\nb\rc\0d\udc80e"
    clean = "a\nb\ncd\ufffde"
    claim = desk.tag(article, *FIRST, claim_text=dirty, tags=[dirty])
    assert (claim.claim_text, claim.tags) == (clean, (clean,))
    assert desk.justify(claim, dirty).justification == clean
    evidence = desk.add_evidence(claim, "supports", url="https://a.example/" + dirty, quote=dirty, note=dirty)
    assert evidence.source is not None
    assert (evidence.quote, evidence.note, evidence.source.url) == (clean, clean, "https://a.example/" + clean)
    assert desk.comment(claim, dirty).body == clean
    assert desk.edit_article(article, title=dirty).title == clean
    assert upkeep.verify(desk) == []


@pytest.mark.parametrize(
    ("one", "other", "same"),
    [
        ("https://A.example", "https://a.example/", True),
        ("HTTP://a.example/x", "http://a.example/x", True),
        ("http://a.example/X", "http://a.example/x", False),
        ("http://a.example/x", "https://a.example/x", False),
        ("http://a.example/?q=1", "http://a.example/?q=2", False),
        ("http://[bad", "http://[bad", True),
        ("  a book ", "a book", True),
    ],
)
def test_two_spellings_of_one_address(one: str, other: str, same: bool) -> None:
    assert (fields.address(one) == fields.address(other)) is same


# -- brought in -----------------------------------------------------------------------------------------------

CLAIM_ID = "0190a0a0-0000-7000-8000-000000000001"


def made_elsewhere(article: Article, /, **other: object) -> dict[str, object]:
    return {
        "kind": "claims", "id": CLAIM_ID, "by": "Zoe", "created": 1_000, "updated": 1_000, "article": article.id,
        "number": 7, "version": article.version, "start": 0, "end": 3, "quote": "Two", "types": [], **other,
    }  # fmt: skip


def test_records_made_elsewhere_keep_their_ids_authors_and_times(desk: Desk, article: Article) -> None:
    verdict = {
        "kind": "verdicts", "id": CLAIM_ID[:-1] + "2", "by": "Yan", "created": 1_500, "updated": 3_000,
        "updated_by": "Zoe", "claim": CLAIM_ID, "verdict": "mixed",
    }  # fmt: skip
    desk.bring([made_elsewhere(article, updated=2_000, claimant="Ri"), verdict])
    claim = desk.claim("C7", article)
    assert (claim.id, claim.checker, claim.created, claim.updated) == (CLAIM_ID, "Zoe", 1_000, 3_000)
    (given,) = desk.verdicts(claim)
    assert (given.by, given.created, given.updated, given.verdict) == ("Yan", 1_500, 3_000, "mixed")
    assert desk.conflicts() == [] and upkeep.verify(desk) == []


def test_what_was_brought_is_undone_by_who_brought_it(desk: Desk, bob: Desk, article: Article) -> None:
    desk.bring([made_elsewhere(article, updated=2_000, claimant="Ri")])
    with Desk.open(desk.path, "Zoe") as zoe:
        refused(zoe, lambda: zoe.undo())
    assert "brought in" in desk.undo().sentence
    assert desk.claims(article) == [] and desk.conflicts() == []
    desk.redo()
    assert [(c.claimant, c.checker) for c in desk.claims(article)] == [("Ri", "Zoe")]
    assert upkeep.verify(desk) == []


@pytest.mark.parametrize(
    "wrong",
    [
        {"kind": "moods"},
        {"id": "C7"},
        {"by": ""},
        {"created": "yesterday"},
        {"updated": 1},
        {"start": "0"},
        {"quote": "Twenty"},
        {"end": 0},
        {"article": CLAIM_ID},
        {"version": ""},
        {"claimant": "a\0b"},
        {"types": "date"},
    ],
)
def test_a_record_that_does_not_fit_brings_nothing_in(desk: Desk, article: Article, wrong: dict[str, object]) -> None:
    good = made_elsewhere(article, id=CLAIM_ID[:-1] + "3")
    refused(desk, lambda: desk.bring([good, made_elsewhere(article, **wrong)]))


def test_a_record_is_brought_once(desk: Desk, article: Article) -> None:
    refused(desk, lambda: desk.bring([made_elsewhere(article), made_elsewhere(article)]))
    desk.bring([made_elsewhere(article)])
    assert CLAIM_ID in refused(desk, lambda: desk.bring([made_elsewhere(article)]))


# -- the README's ten lines -----------------------------------------------------------------------------------


def test_a_desk_is_pleasant_from_a_prompt(tmp_path: Path) -> None:
    with Desk.open(tmp_path / "desk.db", "Ana") as desk:
        article = desk.add_article("It rained on 5 May.")
        claim = desk.tag(article, 0, 19)
        desk.edit(claim, claimant="the mayor")
        desk.give_verdict(claim, "refuted", "The gauge was dry.")
        desk.add_evidence(claim, "refutes", url="https://weather.example/may", quote="0.0 mm")
        desk.delete(claim)
        assert desk.claims(article) == []
        desk.undo()
        assert desk.claims("1")[0].verdict == "refuted"
        assert [row["quote"] for row in desk.db.query("SELECT quote FROM claims_now")] == ["It rained on 5 May."]
    with pytest.raises(sqlite3.ProgrammingError):
        desk.articles()
