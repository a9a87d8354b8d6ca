"""Correcting an article from the command line."""

from __future__ import annotations

import json
import threading
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, HTTPServer
from pathlib import Path

import pytest

from tests.kit.commands import Cli, People, assert_refused, dump
from tests.kit.desks import once

OLD = "It rained on 5 May. The river rose by two metres. Nobody was hurt. The bridge fell in the end.\n"
NEW = "News of the day. It rained on 5 May. The river rose by three metres. The bridge fell in an end.\n"
QUOTES = ("It rained on 5 May", "The river rose by two metres", "Nobody was hurt", "The bridge fell in the end")


@pytest.fixture
def db(ana: Path) -> Path:
    return ana / "desk.db"


@pytest.fixture
def people(cli: Cli, ana: Path, tmp_path: Path) -> People:
    people = People(cli, tmp_path)

    def checked() -> None:
        people.bring("old.txt", OLD, by="Ana")
        people.check("Ana", *QUOTES)
        (tmp_path / "new.txt").write_text(NEW, "utf-8")

    once(tmp_path, checked)
    return people


def test_a_correction_moves_the_claims_and_lists_what_to_check(people: People, tmp_path: Path, db: Path) -> None:
    before = dump(db)
    said = people.say("Ana", "update", 1, tmp_path / "new.txt", "--dry-run")
    assert "would be version 2; 2 claims moved, 1 with small changes, 1 to check, 1 gone" in said
    assert dump(db) == before
    said = people.say("Ana", "update", 1, tmp_path / "new.txt")
    assert "version 2; 2 claims moved, 1 with small changes, 1 to check, 1 gone" in said
    assert "C2\tchanged\tnumber\tThe river rose by two metres\tThe river rose by three metres" in said
    waiting = people.ask("Ana", "corrections", 1)
    assert [(one["name"], one["outcome"]) for one in waiting] == [("C2", "changed"), ("C3", "vanished")]
    claims = {one["name"]: one for one in people.ask("Ana", "claims", 1)}
    assert claims.keys() == {"C1", "C2", "C4"} and claims["C2"]["status"] == "tagged"
    assert people.ask("Ana", "stats")["lacking"]["again"] == 1
    people.say("Ana", "keep", 1, "C2")
    assert [one["name"] for one in people.ask("Ana", "corrections", 1)] == ["C3"]
    assert people.ask("Ana", "claims", 1)[1]["status"] == "checked"
    people.say("Ana", "move", 1, "C3", "--quote", "News of the day")
    assert "Nothing waits" in people.run("Ana", "corrections").stderr
    assert people.say("Ana", "undo").startswith("Undid: moved C3")


def test_an_old_text_is_put_back_and_a_correction_is_undone(people: People, tmp_path: Path) -> None:
    people.say("Ana", "update", 1, tmp_path / "new.txt")
    assert "version 3; 4 claims moved" in people.say("Ana", "update", 1, "--version", 1)
    assert [one["number"] for one in people.ask("Ana", "versions", 1)] == [1, 2, 3]
    assert people.say("Ana", "undo").startswith("Undid: corrected the text of")
    assert people.say("Ana", "undo").startswith("Undid: corrected the text of")
    assert [one["quote"] for one in people.ask("Ana", "claims", 1)] == list(QUOTES)
    assert "sound" in people.say("Ana", "verify") + people.run("Ana", "verify").stderr


def test_versions_are_told_word_by_word(people: People, tmp_path: Path) -> None:
    assert_refused(people.run("Ana", "diff", 1), "only one version")
    people.say("Ana", "update", 1, tmp_path / "new.txt")
    said = people.say("Ana", "diff", 1)
    assert "rose by [-two-]{+three+} metres. " in said and said.startswith("{+News of the day. +}It rained on 5 May.")
    assert people.say("Ana", "diff", 1, 2, 1).count("{+two+}") == 1
    parts = people.ask("Ana", "diff", 1)
    assert "".join(part["new"] for part in parts) == NEW


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        (("old.txt",), ("as it stands",)),
        (("none.txt",), ("none.txt",)),
        (("--version", "7"), ("has no version 7", "one version")),
    ],
)
def test_what_cannot_be_done_is_refused(
    people: People, tmp_path: Path, db: Path, arguments: tuple[str, ...], words: tuple[str, ...]
) -> None:
    before = dump(db)
    given = [tmp_path / one if one.endswith(".txt") else one for one in arguments]
    assert_refused(people.run("Ana", "update", 1, *given), *words)
    assert dump(db) == before
    assert people.run("Ana", "update", 1).exit_code == 2
    assert people.run("Ana", "update", 1, "a.txt", "--version", 1).exit_code == 2


@pytest.fixture
def site() -> Iterator[tuple[str, dict[str, str]]]:
    """A site, and its pages by path."""
    pages: dict[str, str] = {}

    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            page = pages.get(self.path)
            self.send_response(200 if page is not None else 404)
            self.send_header("Content-Type", "text/plain; charset=utf-8")
            self.end_headers()
            self.wfile.write((page or "").encode())

        def log_message(self, *_: object) -> None:
            pass

    server = HTTPServer(("127.0.0.1", 0), Handler)
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()
    yield f"http://127.0.0.1:{server.server_port}", pages
    server.shutdown()
    thread.join()
    server.server_close()


def test_pages_are_looked_at_once_and_an_address_corrects(
    people: People, site: tuple[str, dict[str, str]], db: Path
) -> None:
    address, pages = site
    pages["/story.txt"] = OLD.replace(". ", ".  ")  # spaced otherwise: the same words
    people.say("Ana", "edit", 1, "--url", f"{address}/story.txt")
    before = dump(db)
    (same,) = people.ask("Ana", "changed", "--private")
    assert same["state"] == "same"
    pages["/story.txt"] = NEW
    result = people.run("Ana", "changed", 1, "--private", "--json")
    assert result.exit_code == 1
    (changed,) = json.loads(result.stdout)
    assert (changed["state"], changed["counts"]["to_check"], changed["claims"]) == ("changed", 1, 4)
    assert dump(db) == before
    refused = people.run("Ana", "changed", 1)
    assert refused.exit_code == 1 and "private" in refused.stdout
    assert "version 2; 2 claims moved" in people.say("Ana", "update", 1, f"{address}/story.txt", "--private")
    assert_refused(people.run("Ana", "update", 1, f"{address}/gone.txt", "--private"), "gone.txt")
