"""Undo and redo: without limit, across restarts, and never at somebody else's cost."""

from __future__ import annotations

import re
from collections.abc import Callable
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from store.desk import Desk
from store.errors import Duplicate, Refused
from store.records import Article
from tests.kit import oracle
from tests.kit.at_the_desk import TEXT
from tests.kit.depth import examples


def seen(desk: Desk) -> dict[str, dict[str, object]]:
    return oracle.visible(desk.session.log.conn)


def refused(act: Callable[[], object]) -> str:
    with pytest.raises(Refused) as caught:
        act()
    return str(caught.value)


def test_undo_and_redo_name_what_they_did(desk: Desk, article: Article) -> None:
    claim = desk.claims.tag(article, 0, 37)
    desk.claims.edit(claim, claimant="Ri")
    desk.claims.move(claim, 0, 36)
    desk.verdicts.give(claim, "refuted")
    desk.verdicts.justify(claim, "no record")
    evidence = desk.evidence.add(claim, "refutes", url="https://a.example")
    desk.evidence.edit(evidence, quote="q")
    desk.threads.comment(claim, "Hm.")
    desk.sweeps.add(article, 38, 96)
    desk.articles.edit(article, title="New")
    desk.delete(desk.claims.get(claim.id))
    said: list[str] = []
    while len(said) < 11:
        undone = desk.history.undo()
        said.append(undone.sentence)
        assert undone.article == article.id
    for sentence, words in zip(
        said,
        (
            "Undid: deleted C1",
            "Undid: changed the title of “New”",
            "Undid: swept “They said that 2 500 soldiers",
            "Undid: commented on C1: “Hm.”",
            "Undid: changed the passage of evidence on C1",
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
    assert desk.history.redo().sentence.startswith("Redid: tagged C1")


def test_an_undone_edit_says_which_claim_to_look_at(desk: Desk, article: Article) -> None:
    claim = desk.claims.tag(article, 0, 37)
    desk.evidence.add(claim, "supports", url="https://a.example")
    assert desk.history.undo().claim == claim.id
    assert desk.history.undo().claim == claim.id


def test_there_is_an_end_to_undo_and_to_redo(desk: Desk, article: Article) -> None:
    desk.claims.tag(article, 0, 37)
    desk.history.undo()
    desk.history.undo()
    assert desk.articles.all() == []
    mark = desk.history.mark()
    assert "Nothing of yours" in refused(desk.history.undo)
    desk.history.redo()
    desk.history.redo()
    assert "nothing to redo" in refused(desk.history.redo)
    assert desk.history.mark() == mark + 3 and len(desk.claims.of("1")) == 1  # two articles' rows and the claim's


def test_redo_ends_where_something_else_was_done(desk: Desk, article: Article) -> None:
    desk.claims.tag(article, 0, 37)
    desk.history.undo()
    desk.sweeps.add(article, 0, 37)
    assert "nothing to redo" in refused(desk.history.redo)
    desk.history.undo()
    desk.history.redo()
    assert len(desk.sweeps.of(article)) == 1 and desk.claims.of(article) == []


def test_undo_survives_restarts_and_has_no_limit(path: Path) -> None:
    states = []
    with Desk.open(path, "Ana") as desk:
        article = desk.articles.add(TEXT)
    for start in range(60):
        with Desk.open(path, "Ana") as desk:
            states.append(seen(desk))
            desk.claims.tag(article, 0, 100 + start)
    with Desk.open(path, "Ana") as desk:
        last = seen(desk)
    for state in reversed(states):
        with Desk.open(path, "Ana") as desk:
            desk.history.undo()
            assert seen(desk) == state
    with Desk.open(path, "Ana") as desk:
        for state in [*states[1:], last]:
            desk.history.redo()
            assert seen(desk) == state


def test_undo_redo_undo_again_goes_back_and_forth(desk: Desk, article: Article) -> None:
    first = seen(desk)
    desk.claims.tag(article, 0, 10)
    one = seen(desk)
    desk.claims.tag(article, 0, 20)
    both = seen(desk)
    undo, redo = desk.history.undo, desk.history.redo
    for state, act in (
        (one, undo), (both, redo), (one, undo), (first, undo), (one, redo),
        (first, undo), (one, redo), (both, redo), (one, undo), (both, redo),
    ):  # fmt: skip
        act()
        assert seen(desk) == state
    refused(desk.history.redo)


def test_each_person_undoes_their_own(desk: Desk, bob: Desk, article: Article) -> None:
    mine = desk.claims.tag(article, 0, 10)
    theirs = bob.claims.tag(article, 0, 20)
    desk.history.undo()
    assert [c.id for c in bob.claims.of(article)] == [theirs.id]
    bob.history.undo()
    desk.history.redo()
    assert [c.id for c in bob.claims.of(article)] == [mine.id]
    assert "Nothing of yours" in refused(bob.history.undo)


def test_undo_is_refused_when_somebody_has_changed_the_same_part(desk: Desk, bob: Desk, article: Article) -> None:
    claim = desk.claims.tag(article, 0, 37)
    mine = desk.claims.edit(claim, claimant="Ri")
    bob.claims.edit(mine, claimant="Baek")
    mark = desk.history.mark()
    said = refused(desk.history.undo)
    assert re.search(r"Bob \(\d{4}-\d\d-\d\d \d\d:\d\d\) has changed the same claim", said)
    assert desk.history.mark() == mark and desk.claims.get(claim.id).claimant == "Baek"
    bob.history.undo()
    desk.history.undo()
    assert desk.claims.get(claim.id).claimant == ""


def test_undo_goes_past_what_somebody_did_to_another_part(desk: Desk, bob: Desk, article: Article) -> None:
    claim = desk.claims.tag(article, 0, 37)
    mine = desk.claims.edit(claim, claimant="Ri")
    bob.claims.edit(mine, claim_text="Two men were taken")
    desk.history.undo()
    shown = desk.claims.get(claim.id)
    assert (shown.claimant, shown.claim_text) == ("", "Two men were taken")


@pytest.mark.parametrize("built", ["edit", "verdict", "evidence", "comment"])
def test_a_tag_that_others_built_on_is_not_undone(desk: Desk, bob: Desk, article: Article, built: str) -> None:
    claim = desk.claims.tag(article, 0, 37)
    if built == "edit":
        bob.claims.edit(claim, claimant="Ri")
    elif built == "verdict":
        bob.verdicts.give(claim, "mixed")
    elif built == "evidence":
        bob.evidence.add(claim, "supports", url="https://a.example")
    else:
        bob.threads.comment(claim, "Hm.")
    assert "Bob" in refused(desk.history.undo)
    assert desk.claims.get(claim.id).id == claim.id
    bob.history.undo()
    desk.history.undo()
    assert desk.claims.of(article) == []


def test_an_article_that_others_work_on_is_not_undone(desk: Desk, bob: Desk, article: Article) -> None:
    bob.sweeps.add(article, 0, 37)
    assert "Bob" in refused(desk.history.undo)
    bob.history.undo()
    bob.claims.tag(article, 0, 37)
    assert "Bob" in refused(desk.history.undo)


def test_a_redone_tag_that_others_built_on_is_not_undone_either(desk: Desk, bob: Desk, article: Article) -> None:
    claim = desk.claims.tag(article, 0, 37)
    desk.history.undo()
    desk.history.redo()
    bob.threads.comment(claim.id, "Hm.")
    assert "Bob" in refused(desk.history.undo)


def test_a_redone_delete_does_not_take_what_others_added_meanwhile(desk: Desk, bob: Desk, article: Article) -> None:
    claim = desk.claims.tag(article, 0, 37)
    desk.delete(claim)
    desk.history.undo()
    bob.threads.comment(claim.id, "Still true.")
    assert "Bob" in refused(desk.history.redo)
    assert len(desk.threads.of(claim.id)) == 1 and len(desk.claims.of(article)) == 1


def test_a_delete_can_be_redone_although_the_claim_was_reviewed_but_not_over_a_newer_review(
    desk: Desk, bob: Desk, article: Article
) -> None:
    claim = desk.claims.tag(article, 0, 13)
    bob.ticks.tick(desk.evidence.add(claim, "supports", note="heard"), "seen")
    bob.reviews.decide(claim, "agree")
    desk.delete(desk.claims.get(claim.id))
    desk.history.undo()
    desk.history.redo()
    assert desk.claims.of(article) == []
    desk.history.undo()
    bob.reviews.decide(claim.id, "comment", comment="Look.")
    with pytest.raises(Refused, match=r"Bob .* has added a review to that claim since"):
        desk.history.redo()


def test_one_step_with_a_claim_and_what_hangs_on_it_goes_and_comes_as_one(desk: Desk, article: Article) -> None:
    with desk.together():
        claim = desk.claims.tag(article, 0, 37)
        desk.evidence.add(claim, "supports", url="https://a.example")
        desk.verdicts.give(claim, "mixed")
    with_all = seen(desk)
    for _ in range(3):
        desk.history.undo()
        assert desk.claims.of(article) == []
        desk.history.redo()
        assert seen(desk) == with_all


@pytest.mark.parametrize("title", ["", "Report"])
def test_a_source_that_others_cite_stays_when_its_finder_undoes(
    desk: Desk, bob: Desk, article: Article, title: str
) -> None:
    claim = desk.claims.tag(article, 0, 37)
    desk.evidence.add(claim, "supports", url="https://a.example")
    bob.evidence.add(claim, "refutes", url="https://a.example", title=title)
    desk.history.undo()
    (evidence,) = desk.evidence.of(claim)
    assert evidence.by == "Bob" and evidence.source is not None and evidence.source.title == title
    assert [source.url for source in desk.evidence.sources()] == ["https://a.example"]
    desk.history.redo()
    assert len(desk.evidence.of(claim)) == 2


@pytest.mark.parametrize("instead", [{"title": "Report, 2nd edition"}, {"url": "https://b.example"}])
def test_a_source_made_for_one_claim_alone_goes_with_its_undo_and_comes_with_the_redo(
    desk: Desk, article: Article, instead: dict[str, str]
) -> None:
    first, second = (desk.claims.tag(article, *span) for span in ((0, 37), (38, 96)))
    piece = desk.evidence.add(first, "refutes", url="https://a.example", title="Report")
    desk.evidence.add(second, "context", url="https://a.example")
    before = seen(desk)
    desk.evidence.revise(piece, only_here="title" in instead, **instead)
    after = seen(desk)
    assert len(desk.evidence.sources()) == 2
    for _ in range(2):
        desk.history.undo()
        assert seen(desk) == before and len(desk.sources.all()) == 1
        desk.history.redo()
        assert seen(desk) == after and len(desk.sources.all()) == 2


def test_a_source_made_for_one_claim_stays_when_another_cites_it_by_then(
    desk: Desk, bob: Desk, article: Article
) -> None:
    first, second = (desk.claims.tag(article, *span) for span in ((0, 37), (38, 96)))
    piece = desk.evidence.add(first, "refutes", url="https://a.example", title="Report")
    desk.evidence.edit(piece, url="https://b.example")
    bob.evidence.add(bob.claims.get(second.id), "context", url="https://b.example")
    desk.history.undo()
    assert desk.evidence.get(piece.id).source == desk.evidence.sources_at("https://a.example")[0]
    assert len(desk.evidence.sources_at("https://b.example")) == 1


def test_undoing_a_stale_edit_gives_back_the_other_persons_value(desk: Desk, bob: Desk, article: Article) -> None:
    claim = desk.claims.tag(article, 0, 37)
    bob.claims.edit(claim, claimant="Bob's")
    desk.claims.edit(claim, claimant="Ana's")
    assert len(desk.conflicts.of()) == 1
    assert "Ana" in refused(bob.history.undo)
    desk.history.undo()
    assert desk.claims.get(claim.id).claimant == "Bob's" and desk.conflicts.of() == []
    desk.history.redo()
    assert desk.claims.get(claim.id).claimant == "Ana's"


def test_undoing_a_settlement_puts_back_what_was_shown(desk: Desk, bob: Desk, article: Article) -> None:
    claim = desk.claims.tag(article, 0, 37)
    bob.claims.edit(claim, claimant="Bob's")
    desk.claims.edit(claim, claimant="Ana's")
    (conflict,) = desk.conflicts.of()
    desk.conflicts.settle(conflict, conflict.contenders[0])
    assert desk.claims.get(claim.id).claimant == "Bob's"
    desk.history.undo()
    assert desk.claims.get(claim.id).claimant == "Ana's"


def test_undoing_a_contested_delete_settles_it(desk: Desk, bob: Desk, article: Article) -> None:
    claim = desk.claims.tag(article, 0, 37)
    bob.claims.edit(claim, claimant="Ri")
    desk.delete(claim)
    assert len(desk.conflicts.of()) == 1
    desk.history.undo()
    assert desk.conflicts.of() == [] and desk.claims.get(claim.id).claimant == "Ri"


def test_a_scheme_is_undone_like_anything_else(desk: Desk) -> None:
    from store import scheme

    desk.schemes.use(scheme.load("truth6").toml)
    assert desk.scheme.id == "truth6"
    desk.history.undo()
    assert desk.scheme.id == "desk"
    desk.history.redo()
    assert desk.scheme.id == "truth6"


def test_the_log_keeps_what_was_undone(desk: Desk, article: Article) -> None:
    desk.claims.tag(article, 0, 37)
    before = oracle.read_log(desk.session.log.conn)
    desk.history.undo()
    desk.history.redo()
    after = oracle.read_log(desk.session.log.conn)
    assert (
        after[: len(before)] == before
        and [change["undoes"] is not None for change in after[len(before) :]] == [True] * 2
    )


STEPS = st.lists(st.tuples(st.integers(0, 9), st.integers(0, 40), st.integers(1, 30)), min_size=1, max_size=14)


def act(desk: Desk, article: Article, what: int, where: int, size: int) -> None:
    """One thing a person does, chosen by three numbers."""
    claims = desk.claims.of(article)
    claim = claims[where % len(claims)] if claims else None
    if what <= 1 or claim is None:
        desk.claims.tag(article, where, where + size)
    elif what == 2:
        desk.claims.move(claim, where, where + size)
    elif what == 3:
        desk.claims.edit(claim, claimant=f"person {size}", tags=[str(where)])
    elif what == 4:
        desk.verdicts.give(claim, ("mixed", "refuted", "supported")[size % 3], f"because {where}")
    elif what == 5:
        desk.evidence.add(claim, "supports", url=f"https://{size % 3}.example", title=f"t{where % 2}")
    elif what == 6:
        desk.sweeps.add(article, where, where + size)
    elif what == 7:
        desk.delete(claim)
    elif what == 8:
        with desk.together():
            desk.claims.edit(claim, claimant="both")
            desk.threads.comment(claim, "both")
            desk.claims.edit(claim, claimant="and more")
    else:
        for verdict in desk.verdicts.of(claim):
            desk.delete(verdict)


@settings(max_examples=examples(40), suppress_health_check=[HealthCheck.too_slow])
@given(STEPS)
def test_undo_walks_back_through_every_state_and_redo_forth_again(
    tmp_path_factory: pytest.TempPathFactory, steps: list[tuple[int, int, int]]
) -> None:
    with Desk.open(tmp_path_factory.mktemp("desk") / "desk.db", "Ana") as desk:
        article = desk.articles.add("abcdefghij." * 9)
        states = [seen(desk)]
        for what, where, size in steps:
            mark = desk.history.mark()
            try:
                act(desk, article, what, where, size)
            except Duplicate:
                continue
            if desk.history.mark() != mark:
                states.append(seen(desk))
        for state in reversed(states[:-1]):
            desk.history.undo()
            assert seen(desk) == state
        for state in states[1:]:
            desk.history.redo()
            assert seen(desk) == state
        with pytest.raises(Refused):
            desk.history.redo()
        assert desk.conflicts.of() == [] and desk.upkeep.verify() == []
