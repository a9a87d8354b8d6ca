"""Undo and redo: without limit, across restarts, and never at somebody else's cost."""

from __future__ import annotations

import re
from collections.abc import Callable
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from store import upkeep
from store.desk import Desk
from store.errors import Duplicate, Refused
from store.records import Article
from tests.kit import oracle
from tests.kit.at_the_desk import TEXT


def seen(desk: Desk) -> dict[str, dict[str, object]]:
    return oracle.visible(desk.log.conn)


def refused(act: Callable[[], object]) -> str:
    with pytest.raises(Refused) as caught:
        act()
    return str(caught.value)


def test_undo_and_redo_name_what_they_did(desk: Desk, article: Article) -> None:
    claim = desk.tag(article, 0, 37)
    desk.edit(claim, claimant="Ri")
    desk.move(claim, 0, 36)
    desk.give_verdict(claim, "refuted")
    desk.justify(claim, "no record")
    evidence = desk.add_evidence(claim, "refutes", url="https://a.example")
    desk.edit_evidence(evidence, quote="q")
    desk.comment(claim, "Hm.")
    desk.sweep(article, 38, 96)
    desk.edit_article(article, title="New")
    desk.delete(desk.claim(claim.id))
    said: list[str] = []
    while len(said) < 11:
        undone = desk.undo()
        said.append(undone.sentence)
        assert undone.article == article.id
    for sentence, words in zip(
        said,
        (
            "Undid: deleted C1",
            "Undid: changed the title of “New”",
            "Undid: swept “They said that 2 500 soldiers",
            "Undid: commented on C1: “Hm.”",
            "Undid: changed the quoted passage of evidence on C1",
            "Undid: added evidence to C1",
            "Undid: changed the justification",
            "Undid: gave C1 the verdict Refuted",
            "Undid: moved C1 from “Two prisoners",
            "Undid: changed the claimant of C1",
            "Undid: tagged C1 “Two prisoners",
        ),
        strict=True,
    ):
        assert sentence.startswith(words)
    assert desk.redo().sentence.startswith("Redid: tagged C1")


def test_an_undone_edit_says_which_claim_to_look_at(desk: Desk, article: Article) -> None:
    claim = desk.tag(article, 0, 37)
    desk.add_evidence(claim, "supports", url="https://a.example")
    assert desk.undo().claim == claim.id
    assert desk.undo().claim == claim.id


def test_there_is_an_end_to_undo_and_to_redo(desk: Desk, article: Article) -> None:
    desk.tag(article, 0, 37)
    desk.undo()
    desk.undo()
    assert desk.articles() == []
    mark = desk.mark()
    assert "Nothing of yours" in refused(desk.undo)
    desk.redo()
    desk.redo()
    assert "nothing to redo" in refused(desk.redo)
    assert desk.mark() == mark + 3 and len(desk.claims("1")) == 1  # two articles' rows and the claim's


def test_redo_ends_where_something_else_was_done(desk: Desk, article: Article) -> None:
    desk.tag(article, 0, 37)
    desk.undo()
    desk.sweep(article, 0, 37)
    assert "nothing to redo" in refused(desk.redo)
    desk.undo()
    desk.redo()
    assert len(desk.sweeps(article)) == 1 and desk.claims(article) == []


def test_undo_survives_restarts_and_has_no_limit(path: Path) -> None:
    states = []
    with Desk.open(path, "Ana") as desk:
        article = desk.add_article(TEXT)
    for start in range(60):
        with Desk.open(path, "Ana") as desk:
            states.append(seen(desk))
            desk.tag(article, 0, 100 + start)
    with Desk.open(path, "Ana") as desk:
        last = seen(desk)
    for state in reversed(states):
        with Desk.open(path, "Ana") as desk:
            desk.undo()
            assert seen(desk) == state
    with Desk.open(path, "Ana") as desk:
        for state in [*states[1:], last]:
            desk.redo()
            assert seen(desk) == state


def test_undo_redo_undo_again_goes_back_and_forth(desk: Desk, article: Article) -> None:
    first = seen(desk)
    desk.tag(article, 0, 10)
    one = seen(desk)
    desk.tag(article, 0, 20)
    both = seen(desk)
    for state, act in (
        (one, desk.undo), (both, desk.redo), (one, desk.undo), (first, desk.undo), (one, desk.redo),
        (first, desk.undo), (one, desk.redo), (both, desk.redo), (one, desk.undo), (both, desk.redo),
    ):  # fmt: skip
        act()
        assert seen(desk) == state
    refused(desk.redo)


def test_each_person_undoes_their_own(desk: Desk, bob: Desk, article: Article) -> None:
    mine = desk.tag(article, 0, 10)
    theirs = bob.tag(article, 0, 20)
    desk.undo()
    assert [c.id for c in bob.claims(article)] == [theirs.id]
    bob.undo()
    desk.redo()
    assert [c.id for c in bob.claims(article)] == [mine.id]
    assert "Nothing of yours" in refused(bob.undo)


def test_undo_is_refused_when_somebody_has_changed_the_same_part(desk: Desk, bob: Desk, article: Article) -> None:
    claim = desk.tag(article, 0, 37)
    mine = desk.edit(claim, claimant="Ri")
    bob.edit(mine, claimant="Baek")
    mark = desk.mark()
    said = refused(desk.undo)
    assert re.search(r"Bob \(\d{4}-\d\d-\d\d \d\d:\d\d\) has changed the same claim", said)
    assert desk.mark() == mark and desk.claim(claim.id).claimant == "Baek"
    bob.undo()
    desk.undo()
    assert desk.claim(claim.id).claimant == ""


def test_undo_goes_past_what_somebody_did_to_another_part(desk: Desk, bob: Desk, article: Article) -> None:
    claim = desk.tag(article, 0, 37)
    mine = desk.edit(claim, claimant="Ri")
    bob.edit(mine, claim_text="Two men were taken")
    desk.undo()
    shown = desk.claim(claim.id)
    assert (shown.claimant, shown.claim_text) == ("", "Two men were taken")


@pytest.mark.parametrize("built", ["edit", "verdict", "evidence", "comment"])
def test_a_tag_that_others_built_on_is_not_undone(desk: Desk, bob: Desk, article: Article, built: str) -> None:
    claim = desk.tag(article, 0, 37)
    if built == "edit":
        bob.edit(claim, claimant="Ri")
    elif built == "verdict":
        bob.give_verdict(claim, "mixed")
    elif built == "evidence":
        bob.add_evidence(claim, "supports", url="https://a.example")
    else:
        bob.comment(claim, "Hm.")
    assert "Bob" in refused(desk.undo)
    assert desk.claim(claim.id).id == claim.id
    bob.undo()
    desk.undo()
    assert desk.claims(article) == []


def test_an_article_that_others_work_on_is_not_undone(desk: Desk, bob: Desk, article: Article) -> None:
    bob.sweep(article, 0, 37)
    assert "Bob" in refused(desk.undo)
    bob.undo()
    bob.tag(article, 0, 37)
    assert "Bob" in refused(desk.undo)


def test_a_redone_tag_that_others_built_on_is_not_undone_either(desk: Desk, bob: Desk, article: Article) -> None:
    claim = desk.tag(article, 0, 37)
    desk.undo()
    desk.redo()
    bob.comment(claim.id, "Hm.")
    assert "Bob" in refused(desk.undo)


def test_a_redone_delete_does_not_take_what_others_added_meanwhile(desk: Desk, bob: Desk, article: Article) -> None:
    claim = desk.tag(article, 0, 37)
    desk.delete(claim)
    desk.undo()
    bob.comment(claim.id, "Still true.")
    assert "Bob" in refused(desk.redo)
    assert len(desk.comments(claim.id)) == 1 and len(desk.claims(article)) == 1


def test_a_delete_can_be_redone_although_the_claim_was_reviewed_but_not_over_a_newer_review(
    desk: Desk, bob: Desk, article: Article
) -> None:
    claim = desk.tag(article, 0, 13)
    bob.tick(desk.add_evidence(claim, "supports", note="heard"), "seen")
    bob.review(claim, "agree")
    desk.delete(desk.claim(claim.id))
    desk.undo()
    desk.redo()
    assert desk.claims(article) == []
    desk.undo()
    bob.review(claim.id, "comment", comment="Look.")
    with pytest.raises(Refused, match=r"Bob .* has added a review to that claim since"):
        desk.redo()


def test_one_step_with_a_claim_and_what_hangs_on_it_goes_and_comes_as_one(desk: Desk, article: Article) -> None:
    with desk.together():
        claim = desk.tag(article, 0, 37)
        desk.add_evidence(claim, "supports", url="https://a.example")
        desk.give_verdict(claim, "mixed")
    with_all = seen(desk)
    for _ in range(3):
        desk.undo()
        assert desk.claims(article) == []
        desk.redo()
        assert seen(desk) == with_all


@pytest.mark.parametrize("title", ["", "Report"])
def test_a_source_that_others_cite_stays_when_its_finder_undoes(
    desk: Desk, bob: Desk, article: Article, title: str
) -> None:
    claim = desk.tag(article, 0, 37)
    desk.add_evidence(claim, "supports", url="https://a.example")
    bob.add_evidence(claim, "refutes", url="https://a.example", title=title)
    desk.undo()
    (evidence,) = desk.evidence(claim)
    assert evidence.by == "Bob" and evidence.source is not None and evidence.source.title == title
    assert [source.url for source in desk.sources()] == ["https://a.example"]
    desk.redo()
    assert len(desk.evidence(claim)) == 2


def test_undoing_a_stale_edit_gives_back_the_other_persons_value(desk: Desk, bob: Desk, article: Article) -> None:
    claim = desk.tag(article, 0, 37)
    bob.edit(claim, claimant="Bob's")
    desk.edit(claim, claimant="Ana's")
    assert len(desk.conflicts()) == 1
    assert "Ana" in refused(bob.undo)
    desk.undo()
    assert desk.claim(claim.id).claimant == "Bob's" and desk.conflicts() == []
    desk.redo()
    assert desk.claim(claim.id).claimant == "Ana's"


def test_undoing_a_settlement_puts_back_what_was_shown(desk: Desk, bob: Desk, article: Article) -> None:
    claim = desk.tag(article, 0, 37)
    bob.edit(claim, claimant="Bob's")
    desk.edit(claim, claimant="Ana's")
    (conflict,) = desk.conflicts()
    desk.settle(conflict, conflict.contenders[0])
    assert desk.claim(claim.id).claimant == "Bob's"
    desk.undo()
    assert desk.claim(claim.id).claimant == "Ana's"


def test_undoing_a_contested_delete_settles_it(desk: Desk, bob: Desk, article: Article) -> None:
    claim = desk.tag(article, 0, 37)
    bob.edit(claim, claimant="Ri")
    desk.delete(claim)
    assert len(desk.conflicts()) == 1
    desk.undo()
    assert desk.conflicts() == [] and desk.claim(claim.id).claimant == "Ri"


def test_a_scheme_is_undone_like_anything_else(desk: Desk) -> None:
    from store import scheme

    desk.use_scheme(scheme.load("truth6").toml)
    assert desk.scheme.id == "truth6"
    desk.undo()
    assert desk.scheme.id == "desk"
    desk.redo()
    assert desk.scheme.id == "truth6"


def test_the_log_keeps_what_was_undone(desk: Desk, article: Article) -> None:
    desk.tag(article, 0, 37)
    before = oracle.read_log(desk.log.conn)
    desk.undo()
    desk.redo()
    after = oracle.read_log(desk.log.conn)
    assert (
        after[: len(before)] == before
        and [change["undoes"] is not None for change in after[len(before) :]] == [True] * 2
    )


STEPS = st.lists(st.tuples(st.integers(0, 9), st.integers(0, 40), st.integers(1, 30)), min_size=1, max_size=14)


def act(desk: Desk, article: Article, what: int, where: int, size: int) -> None:
    """One thing a person does, chosen by three numbers."""
    claims = desk.claims(article)
    claim = claims[where % len(claims)] if claims else None
    if what <= 1 or claim is None:
        desk.tag(article, where, where + size)
    elif what == 2:
        desk.move(claim, where, where + size)
    elif what == 3:
        desk.edit(claim, claimant=f"person {size}", tags=[str(where)])
    elif what == 4:
        desk.give_verdict(claim, ("mixed", "refuted", "supported")[size % 3], f"because {where}")
    elif what == 5:
        desk.add_evidence(claim, "supports", url=f"https://{size % 3}.example", title=f"t{where % 2}")
    elif what == 6:
        desk.sweep(article, where, where + size)
    elif what == 7:
        desk.delete(claim)
    elif what == 8:
        with desk.together():
            desk.edit(claim, claimant="both")
            desk.comment(claim, "both")
            desk.edit(claim, claimant="and more")
    else:
        for verdict in desk.verdicts(claim):
            desk.delete(verdict)


@settings(max_examples=40, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(STEPS)
def test_undo_walks_back_through_every_state_and_redo_forth_again(
    tmp_path_factory: pytest.TempPathFactory, steps: list[tuple[int, int, int]]
) -> None:
    with Desk.open(tmp_path_factory.mktemp("desk") / "desk.db", "Ana") as desk:
        article = desk.add_article("abcdefghij." * 9)
        states = [seen(desk)]
        for what, where, size in steps:
            mark = desk.mark()
            try:
                act(desk, article, what, where, size)
            except Duplicate:
                continue
            if desk.mark() != mark:
                states.append(seen(desk))
        for state in reversed(states[:-1]):
            desk.undo()
            assert seen(desk) == state
        for state in states[1:]:
            desk.redo()
            assert seen(desk) == state
        with pytest.raises(Refused):
            desk.redo()
        assert desk.conflicts() == [] and upkeep.verify(desk) == []
