"""Who is here: told to others while a program runs, kept beside the desk alone, and hidden where work is blind."""

from __future__ import annotations

import fcntl
import json
import os
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from store.desk import Desk
from store.person import NOBODY
from store.records import Article
from store.who_is_here import BESIDE, Present
from tests.kit.paths import ROOT
from tests.kit.somebody_else import as_somebody_else


@pytest.fixture
def bo(desk: Desk) -> Iterator[Desk]:
    """The same file, opened by Bo."""
    with Desk.open(desk.path, "Bo") as other:
        yield other


def beside(desk: Desk) -> list[str]:
    """What lies beside the desk to say who is here."""
    return [one.name for one in desk.path.parent.iterdir() if BESIDE in one.name]


def seen(desk: Desk) -> list[tuple[str, str]]:
    return [(str(one.person), one.article) for one in desk.here.others()]


def test_who_comes_goes_and_moves_is_told_to_the_others_and_not_to_oneself(
    desk: Desk, article: Article, bo: Desk
) -> None:
    bo.here.enter()
    assert seen(desk) == [("Bo", "")] and seen(bo) == []
    bo.here.enter(article.id)
    desk.here.enter(article.id)
    assert seen(desk) == [("Bo", article.id)] and seen(bo) == [("Ana", article.id)]
    (one,) = desk.here.others()
    assert one.person.id == bo.reviewer.id and one.since > 0
    bo.here.enter(article.id)
    assert desk.here.others() == [one]
    bo.here.leave()
    assert seen(desk) == [] and len(beside(desk)) == 1


def test_closing_the_desk_leaves_nothing(desk: Desk, article: Article) -> None:
    with Desk.open(desk.path, "Bo") as other:
        other.here.enter(article.id)
        assert len(beside(desk)) == 1
    assert beside(desk) == [] and seen(desk) == []


def test_nothing_of_it_comes_into_the_desk(desk: Desk, article: Article, bo: Desk) -> None:
    before, dump = desk.written_elsewhere(), list(desk.session.log.conn.iterdump())
    bo.here.enter(article.id)
    assert desk.written_elsewhere() == before
    assert list(desk.session.log.conn.iterdump()) == dump


def test_one_person_with_the_desk_open_twice_on_an_article_is_told_once(desk: Desk, article: Article, bo: Desk) -> None:
    with Desk.open(desk.path, "Bo") as again:
        bo.here.enter(article.id)
        again.here.enter(article.id)
        assert seen(desk) == [("Bo", article.id)]
        assert seen(again) == [("Bo", article.id)]


def test_the_entry_of_a_program_that_was_killed_is_not_told_and_taken_away(desk: Desk, article: Article) -> None:
    program = (
        "import sys; from store.desk import Desk; desk = Desk.open(sys.argv[1], 'Cy')\n"
        "desk.here.enter(sys.argv[2]); print('in', flush=True); sys.stdin.read()"
    )
    with subprocess.Popen(
        [sys.executable, "-c", program, desk.path, article.id],
        stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True, cwd=ROOT,
    ) as process:  # fmt: skip
        assert process.stdout is not None and process.stdout.readline() == "in\n"
        assert seen(desk) == [("Cy", article.id)]
        process.kill()
    assert len(beside(desk)) == 1
    assert seen(desk) == [] and beside(desk) == []


def test_where_nobody_said_who_they_are_or_the_desk_is_only_read_nobody_is_told(
    desk: Desk, article: Article, tmp_path: Path
) -> None:
    with Desk.open(desk.path) as nameless:
        nameless.here.enter(article.id)
        assert beside(desk) == []
        nameless.be("Dee")
        nameless.here.enter(article.id)
        assert seen(desk) == [("Dee", article.id)]
        nameless.session.read_only = "not to be written"
        nameless.here.enter(article.id)
        assert beside(desk) == []


COMES = """
    desk = Desk.open(args[0], "Bo")
    desk.here.enter(args[1])
    say(read_only=bool(desk.read_only), seen=[str(one.person) for one in desk.here.others()],
        beside=[name for name in os.listdir(os.path.dirname(args[0])) if "-here-" in name])
    desk.close()
"""


@pytest.mark.parametrize("may_write", [True, False])
def test_users_of_one_machine_see_each_other_and_who_may_only_read_leaves_no_trace(
    shared: Path, may_write: bool
) -> None:
    with Desk.open(shared / "desk.db", "Ana") as desk:
        article = desk.articles.add("It rained.")
        shared.chmod(0o777 if may_write else 0o755)
        for file in shared.iterdir():
            file.chmod(0o666 if may_write else 0o644)
        desk.here.enter(article.id)
        told = as_somebody_else(COMES, str(desk.path), article.id)
        assert (told["read_only"], told["seen"]) == (not may_write, ["Ana"])
        assert len(told["beside"]) == 1 + may_write  # type: ignore[arg-type]
        assert len(beside(desk)) == 1


def test_a_desk_whose_folder_is_gone_or_takes_nothing_more_raises_nothing(
    desk: Desk, article: Article, bo: Desk, tmp_path: Path
) -> None:
    bo.here.enter(article.id)
    elsewhere = tmp_path.with_name(f"{tmp_path.name}-moved")
    tmp_path.rename(elsewhere)
    bo.here.enter("other")
    assert bo.here.others() == []
    bo.here.leave()
    elsewhere.rename(tmp_path)
    assert seen(desk) == [] and beside(desk) == []


def test_a_file_that_somebody_took_away_comes_back_when_it_is_said_again(
    desk: Desk, article: Article, bo: Desk
) -> None:
    bo.here.enter(article.id)
    (name,) = beside(desk)
    desk.path.with_name(name).unlink()
    assert seen(desk) == []
    bo.here.enter(article.id)
    assert seen(desk) == [("Bo", article.id)]


HOSTILE = (
    b"", b"{", b"[]", b"null", b"\xff\xfe", b"[" * 4000, b'{"person": 1}', b"9" * 4000,
    b'{"person": "x", "name": "", "article": "", "since": 1}',
    b'{"person": "x", "name": "a\\u001b[2Jb", "article": "", "since": 1}',
    b'{"person": "x", "name": "\\ud800", "article": "", "since": 1}',
    b'{"person": "x", "name": "Cy", "article": "", "since": true}',
)  # fmt: skip


@pytest.mark.parametrize("said", HOSTILE)
def test_what_is_not_written_by_factdesk_is_nobody(desk: Desk, said: bytes) -> None:
    path = desk.path.with_name(f"{desk.path.name}{BESIDE}1")
    path.write_bytes(said)
    with path.open() as kept:
        fcntl.flock(kept, fcntl.LOCK_EX)
        assert desk.here.others() == []
        assert path.exists()
    assert desk.here.others() == [] and not path.exists()


def test_a_pipe_or_a_link_in_its_place_is_passed_over(desk: Desk, tmp_path: Path) -> None:
    begun = f"{desk.path.name}{BESIDE}"
    secret = tmp_path / "secret"
    secret.write_text("not to be touched")
    os.mkfifo(desk.path.with_name(f"{begun}pipe"))
    desk.path.with_name(f"{begun}link").symlink_to(secret)
    desk.path.with_name(f"{begun}folder").mkdir()
    assert desk.here.others() == [] and secret.exists()


def test_what_a_file_says_is_told_within_bounds(desk: Desk) -> None:
    path = desk.path.with_name(f"{desk.path.name}{BESIDE}1")
    told = {"person": "x", "name": "王" * 80, "article": "nowhere", "since": 10**30}
    path.write_text(json.dumps(told), encoding="utf-8")
    with path.open() as kept:
        fcntl.flock(kept, fcntl.LOCK_EX)
        (one,) = desk.here.others()
    assert (one.person, one.article) == ("王" * 80, "") and one.since < 10**15


# Blind review


def test_who_works_blind_learns_only_that_somebody_is_here(desk: Desk, article: Article, bo: Desk) -> None:
    desk.claims.tag(article, 0, 5)
    other = desk.articles.add("Another article.")
    desk.assignments.assign([article], ["Bo"], "reviewer", blind="verdict", whose="Ana")
    with Desk.open(desk.path, "Cy") as cy:
        desk.here.enter(article.id)
        cy.here.enter(article.id)
        assert bo.here.others() == [Present(NOBODY, article.id, 0)]
        desk.here.enter(other.id)
        assert seen(bo) == [("Ana", other.id), ("", article.id)]
        assert sorted(seen(cy)) == [("Ana", other.id)]


def test_two_who_must_not_see_each_other_are_nameless_to_each_other_everywhere(
    desk: Desk, article: Article, bo: Desk
) -> None:
    other = desk.articles.add("Another article.")
    desk.assignments.assign([article], ["Bo", "Cy"], "reviewer", blind="all")
    with Desk.open(desk.path, "Cy") as cy:
        cy.here.enter(other.id)
        assert seen(bo) == [("", other.id)]
        cy.here.enter()
        assert seen(bo) == [("", "")]
        cy.here.enter(article.id)
        assert seen(bo) == [("", article.id)]


def test_once_the_work_is_done_names_are_told(desk: Desk, article: Article, bo: Desk) -> None:
    desk.claims.tag(article, 0, 5)
    desk.assignments.assign([article], ["Bo"], "reviewer", blind="verdict", whose="Ana")
    desk.here.enter(article.id)
    assert seen(bo) == [("", article.id)]
    bo.reviews.decide(bo.claims.of(article)[0], "agree", verdict="not_checkable")
    bo.submissions.submit(article, "reviewer")
    assert seen(bo) == [("Ana", article.id)]
