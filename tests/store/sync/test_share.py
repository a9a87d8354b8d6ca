"""Sharing: a clean file with all of a desk, or with some articles and all that belongs to them."""

from __future__ import annotations

import os
import sqlite3
import zlib
from pathlib import Path

import pytest

from store.desk import Desk
from store.errors import Refused, Taken
from store.records import Claim
from store.text.article_draft import Original
from tests.kit import oracle


def log(desk: Desk) -> list[dict[str, object]]:
    return sorted(oracle.read_log(desk.session.log.conn), key=lambda change: str(change["id"]))


def test_a_shared_file_is_the_desk_and_nothing_else(desk: Desk, claim: Claim, tmp_path: Path) -> None:
    desk.session.log.conn.execute("CREATE TABLE private_notes (words TEXT)")
    desk.session.log.conn.execute("INSERT INTO private_notes VALUES ('for nobody')")
    made = desk.shares.write(tmp_path / "for-bob.db")
    assert (made.articles, made.claims) == (1, 1)
    assert [file.name for file in tmp_path.glob("for-bob*")] == ["for-bob.db"] and not list(tmp_path.glob(".fact*"))
    assert b"private_notes" not in made.path.read_bytes() and made.path.read_bytes()[18:20] == b"\1\1"
    with Desk.open(made.path, "Bob") as shared:
        assert log(shared) == log(desk) and shared.upkeep.verify() == []


def test_some_articles_go_with_all_that_belongs_to_them_and_all_they_ever_named(
    desk: Desk, bob: Desk, claim: Claim, tmp_path: Path
) -> None:
    other = desk.articles.add("Nothing of this goes.", title="Other")
    desk.evidence.add(desk.claims.tag(other, 0, 7), "supports", url="https://other.example")
    evidence = desk.evidence.of(claim)[0]
    desk.evidence.edit(evidence, url="https://second.example")  # it cited another source before
    bob.reviews.decide(claim.id, "disagree", reason="other", comment="No.")
    made = desk.shares.write(tmp_path / "one.db", [desk.articles.get("1")])
    with Desk.open(made.path, "Bob") as shared:
        assert [one.title for one in shared.articles.all()] == ["Prisoners of war"]
        assert "Nothing of this goes" not in str(shared.session.log.rows("SELECT body FROM texts"))
        assert len(shared.reviews.of(claim)) == 1 and shared.upkeep.verify() == []
        shared.be("Ana")
        shared.evidence.edit(shared.evidence.of(claim)[0], url="https://a.example/1|2")
        assert shared.upkeep.verify() == []
    assert desk.merges.merge([made.path])[0].added > 0 and desk.upkeep.verify() == []


def test_what_is_hidden_stays_hidden_in_a_shared_file(desk: Desk, bob: Desk, claim: Claim, tmp_path: Path) -> None:
    desk.assignments.assign(["1"], ["Ana", "Bob"], "checker", blind="all")
    bob.claims.tag("1", 40, 50)
    with Desk.open(desk.shares.write(tmp_path / "s.db", ["1"]).path, "Ana") as shared:
        assert {one.checker for one in shared.claims.of("1")} == {"Ana"}
        shared.be("Bob")
        assert {one.checker for one in shared.claims.of("1")} == {"Bob"}


def test_a_file_that_is_there_or_a_desk_is_not_overwritten(desk: Desk, claim: Claim, tmp_path: Path) -> None:
    (tmp_path / "notes.txt").write_text("mine", encoding="utf-8")
    with pytest.raises(Taken):
        desk.shares.write(tmp_path / "notes.txt")
    made = desk.shares.write(tmp_path / "notes.txt", replace=True)
    for to, articles in ((desk.path, []), (made.path, []), (tmp_path / "no" / "x.db", []), (tmp_path / "x.db", ["7"])):
        with pytest.raises(Refused):
            desk.shares.write(to, articles, replace=True)
    assert not (tmp_path / "x.db").exists() and sqlite3.connect(desk.path).execute("SELECT 1 FROM claims").fetchone()


def test_what_an_article_was_read_from_goes_with_it_and_is_merged(desk: Desk, claim: Claim, tmp_path: Path) -> None:
    pages = {}
    for number, article in ((0, desk.articles.get("1")), (1, desk.articles.add("Another one."))):
        pages[number] = desk.pages.add(article, Original(os.urandom(1_500_000), f"https://{number}.example"))
    made = desk.shares.write(tmp_path / "one.db", ["1"])
    with Desk.open(made.path, "Bob") as shared, Desk.open(tmp_path / "new.db", "Cy") as new:
        assert shared.pages.data(pages[0]) == desk.pages.data(pages[0]) and shared.pages.data(pages[1]) == b""
        new.merges.merge([made.path, desk.path])
        assert new.pages.data(pages[1]) == desk.pages.data(pages[1])
        assert shared.upkeep.verify() == [] == new.upkeep.verify()


@pytest.mark.parametrize("packed", [b"not packed", zlib.compress(b"other"), zlib.compress(bytes(30_000_000))])
def test_a_page_that_was_altered_is_refused(desk: Desk, claim: Claim, tmp_path: Path, packed: bytes) -> None:
    desk.pages.add(desk.articles.get("1"), Original(b"as it was", "https://a.example"))
    made = desk.shares.write(tmp_path / "one.db")
    conn = sqlite3.connect(made.path, isolation_level=None)
    conn.execute("DROP TRIGGER page_bytes_are_fixed")
    conn.execute("UPDATE page_bytes SET packed = ?", (packed,))
    conn.close()
    with Desk.open(tmp_path / "new.db", "Cy") as new, pytest.raises(Refused, match="read from has been altered"):
        new.merges.merge([made.path])
