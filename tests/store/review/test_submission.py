"""What was left unread at a submission is kept with it; what claims lack is asked in one place."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

from store.desk import Desk
from store.errors import Refused
from store.formats.summary import markdown
from store.log import clock
from store.log.log import Edit
from store.records import Article
from store.reports import Checked, Lacking
from store.text.coverage import Place
from tests.kit.at_the_desk import BLOCKING, TEXT
from tests.kit.second_review import scheme

SOME = "They said that"


@pytest.fixture
def half_done(desk: Desk, article: Article) -> Desk:
    """One sentence read in part, its leftover a matter of the digits in it; the others open."""
    desk.verdicts.give(desk.claims.tag(article, 38, 38 + len(SOME)), "not_checkable", "Who?")
    return desk


def test_what_is_left_is_kept_with_the_submission_and_goes_when_it_is_opened_again(half_done: Desk) -> None:
    desk, article = half_done, half_done.articles.get("1")
    left = desk.coverage.of(article)
    assert (left.open_sentences, left.leftovers) == (4, 1)
    assert desk.submissions.unread(article) == []
    desk.submissions.submit(article, "checker")
    (kept,) = desk.submissions.unread(article)
    assert kept == (article.id, "Ana", "checker", article.version, left.residue)
    assert Place(53, 95, leftover=True) in left.residue and desk.upkeep.verify() == []
    desk.upkeep.rebuild()
    assert desk.submissions.unread(article) == [kept]
    desk.submissions.reopen(article, "checker")
    assert desk.submissions.unread(article) == []
    for start, end, _ in left.residue[:2]:
        desk.sweeps.add(article, start, end)
    desk.submissions.submit(article, "checker")
    assert desk.submissions.unread(article)[0].places == left.residue[2:]
    desk.history.undo()
    assert desk.submissions.unread(article) == [] and desk.assignments.of(article)[0].state == "open"
    desk.history.redo()
    assert desk.submissions.unread(article)[0].places == left.residue[2:]


def test_the_reviewer_is_shown_it_and_what_is_left_now_apart_from_it(half_done: Desk) -> None:
    desk, article = half_done, half_done.articles.get("1")
    desk.submissions.submit(article, "checker")
    desk.be("Bo")
    before = desk.summaries.of(article, "Ana")
    desk.sweeps.add(article, 0, len(TEXT))
    found = desk.summaries.of(article, "Ana")
    (left,) = found.left_unread
    assert (left.checker, left.recorded, left.words) == ("Ana", True, "4 sentences, 1 leftover")
    assert [one.quote for one in left.passages if one.kind == "leftover"] == [TEXT[53:95]]
    assert before.residue == left.passages and found.residue == ()
    assert (found.read, str(found.checked)) == ("100 %", "1 of 1")
    page = markdown(found, desk.scheme)
    assert "Read 100 %. Checked 1 of 1." in page
    assert "## Left unread by Ana when they submitted\n\n4 sentences, 1 leftover.\n" in page
    assert f"- {TEXT[53:95]} (leftover)\n" in page


def test_of_a_set_submitted_by_an_earlier_edition_nothing_is_recorded(half_done: Desk) -> None:
    desk, article = half_done, half_done.articles.get("1")
    held = desk.submissions.submit(article, "checker")
    with desk.together():
        desk.session.write([Edit("assignments", held.id, {"version": "", "unread": ""})])
    assert desk.submissions.unread(article)[0].places is None
    desk.be("Bo")
    found = desk.summaries.of(article, "Ana")
    assert [one.words for one in found.left_unread] == ["not recorded"]
    assert "\n\nNot recorded.\n" in markdown(found, desk.scheme)


@pytest.mark.parametrize("unread", ["[[1,2", "7", "[[1]]", '[["a",2,0]]', "null", "[[5,2,0],[-3,2,1]]"])
def test_what_another_program_wrote_there_breaks_nothing(half_done: Desk, unread: str) -> None:
    desk, article = half_done, half_done.articles.get("1")
    held = desk.submissions.submit(article, "checker")
    with desk.together():
        desk.session.write([Edit("assignments", held.id, {"unread": unread})])
    assert not desk.submissions.unread(article)[0].places
    desk.be("Bo")
    assert desk.summaries.of(article, "Ana").left_unread[0].passages == ()


def test_who_is_blind_to_a_set_learns_nothing_of_what_it_left(half_done: Desk) -> None:
    desk, article = half_done, half_done.articles.get("1")
    desk.assignments.assign([article], ["Bo"], "reviewer", blind="all")
    desk.submissions.submit(article, "checker")
    desk.be("Bo")
    assert desk.submissions.unread(article) == [] and len(desk.summaries.of(article).residue) == 5
    conn = desk.db.conn
    assert conn.execute("SELECT unread FROM assignments WHERE state = 'submitted'").fetchall() == [("",)]
    assert not [patch for (patch,) in conn.execute("SELECT patch FROM changes") if "53,95" in patch.replace(" ", "")]
    desk.submissions.submit(article, "reviewer")
    assert len(desk.submissions.unread(article)) == 2


def test_one_is_asked_before_anything_is_written(half_done: Desk) -> None:
    desk, article = half_done, half_done.articles.get("1")
    assert desk.submissions.may_submit(article, "checker") is None
    claim = desk.claims.tag(article, 98, 117)
    mark = desk.history.mark()
    for ask in (desk.submissions.may_submit, desk.submissions.submit):
        with pytest.raises(Refused, match=f"{claim.name} has no verdict"):
            ask(article, "checker")
    assert desk.history.mark() == mark
    desk.delete(claim)
    desk.submissions.submit(article, "checker")
    with pytest.raises(Refused, match="is submitted already"):
        desk.submissions.may_submit(article, "checker")


# -- what claims lack -----------------------------------------------------------------------------------------


def test_what_a_claim_lacks_is_told_until_it_is_checked(desk: Desk, article: Article) -> None:
    claim = desk.claims.tag(article, 0, 37)
    lacking = [desk.claims.lacks(claim)]
    assert str(desk.claims.checked(desk.claims.of(article))) == "0 of 1 · 1 lacks a verdict"
    desk.verdicts.give(claim, "supported")
    lacking.append(desk.claims.lacks(claim))
    assert str(desk.claims.checked(desk.claims.of(article))) == "0 of 1 · 1 lacks evidence"
    desk.evidence.add(claim, "supports", url="https://a.example")
    assert [*lacking, desk.claims.lacks(claim)] == [
        ["it needs a verdict"],
        ["supported needs 1 piece of evidence that supports"],
        [],
    ]
    assert desk.claims.checked(desk.claims.of(article)) == Checked(1, 1, Lacking())
    assert desk.claims.lacking(article) == {} and str(desk.claims.checked([])) == "0 of 0"


def test_many_are_counted_as_each_is_asked(desk: Desk, article: Article) -> None:
    desk.schemes.use(BLOCKING.replace('guard = "block"\n', ""))
    verdicts = ["", "refuted", "refuted", "open"]
    claims = [desk.claims.tag(article, 4 * n, 4 * n + 3) for n in range(8)]
    for n, claim in enumerate(claims):
        if verdicts[n % 4]:
            desk.verdicts.give(claim, verdicts[n % 4], " \t\u2003" if n < 4 else "because")
        if n % 2:
            desk.evidence.add(claim, "refutes")
    asked = {claim.id: [lack.sentence for lack in desk.claims.lacking(article).get(claim.id, ())] for claim in claims}
    assert asked == {claim.id: desk.claims.lacks(claim) for claim in claims}
    done = desk.claims.checked(desk.claims.of(article))
    assert done == Checked(8, sum(not lacks for lacks in asked.values()), Lacking(2, 2, 2))
    (row,) = desk.library.shelf()
    stats = desk.library.stats()
    assert (row.claims_checked, row.lacking) == (stats.claims_checked, stats.lacking) == done[1:]
    read = desk.coverage.of(article)
    assert (read.words_tagged, read.words_checked) == (4, 1)


def test_status_and_counts_agree_on_what_is_checked(desk: Desk, bob: Desk, article: Article) -> None:
    keys = ["", *(kind.key for kind in desk.scheme.verdicts), "true", "?mixed", "MIXED"]
    claims = [desk.claims.tag(article, n, n + 3) for n in range(len(keys) * 4)]
    edits = [
        Edit("verdicts", clock.derived("verdict", claim.id, desk.session.me), {
            "claim": claim.id, "reviewer": desk.session.me, "verdict": keys[n // 4], "deleted": 0,
            "justification": "So." if n % 2 else "",
        })
        for n, claim in enumerate(claims) if keys[n // 4]
    ]  # fmt: skip
    with desk.session.writing():
        desk.session.write(edits)
    for n, claim in enumerate(claims):
        for stance in ("supports", "refutes") if n % 4 > 1 else ():
            desk.evidence.add(claim, stance)
    lacking = desk.claims.lacking(article)
    told = {claim.id: claim.status == "checked" for claim in desk.claims.of(article)}
    assert told == {claim.id: claim.id not in lacking for claim in claims}
    assert {lack.what for n in (-1, -5, -9) for lack in lacking[claims[n].id]} == {"known_verdict"}
    assert desk.library.stats().lacking.known_verdict == 12
    for claim in claims:
        bob.reviews.decide(claim.id, "agree")
    assert {claim.id: claim.status == "reviewed" for claim in desk.claims.of(article)} == told
    assert desk.library.shelf()[0].reviewed == sum(told.values())


def test_a_place_settled_as_nothing_to_check_asks_for_no_verdict(desk: Desk, bob: Desk, article: Article) -> None:
    desk.schemes.use(scheme(anyone_adjudicates=True))
    claim = desk.claims.tag(article, 0, 37)
    bob.claims.tag(article, 38, 95)
    desk.be("Dora")
    (group, _) = desk.comparison.compare(article).groups
    desk.settlements.adjudicate(group, "nothing_here", rationale="An aside.")
    assert desk.claims.lacks(claim) == [] and desk.claims.checked(desk.claims.of(article))[:2] == (2, 1)


def test_the_schemes_least_leftover_is_the_desks(desk: Desk, article: Article, open_desk: Callable[..., Desk]) -> None:
    start = TEXT.index("The ministry")
    desk.claims.tag(article, start, start + len("The ministry"))
    before = desk.coverage.of(article)
    desk.schemes.use(desk.scheme.toml.replace("version = 1", "version = 1\nleftover_words = 2", 1))
    assert desk.coverage.of(article).leftovers == before.leftovers + 1
    assert open_desk("Bo").coverage.of(article) == desk.coverage.of(article)


def test_a_desk_of_before_is_counted_by_words_at_once(path: Path, half_done: Desk) -> None:
    """The sentences kept before are made anew with their words; nothing else about coverage is stored."""
    expected = half_done.coverage.of("1")
    conn = half_done.session.log.conn
    conn.execute("DROP TABLE sentences")
    conn.execute("CREATE TABLE sentences (text INTEGER PRIMARY KEY, splitter TEXT, edges TEXT, characters INTEGER)")
    conn.execute("DELETE FROM _sqlite_migrations WHERE name = '0008_submission'")
    half_done.close()
    with Desk.open(path, "Ana") as later:
        assert later.coverage.of("1") == expected
