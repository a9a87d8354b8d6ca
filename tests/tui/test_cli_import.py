"""Bringing articles in: files, folders, standard input, what was mended."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path

import pytest
from click.testing import Result

from tui.commands import bringing

Cli = Callable[..., Result]


def titles(cli: Cli) -> list[str]:
    return [article["title"] for article in json.loads(cli("articles", "--json").stdout)]


def test_standard_input_is_read_as_bytes_and_as_markdown(ana: Path, cli: Cli) -> None:
    result = cli("import", "-", input="# A title\r\n\r\nCafé.\r\n".encode("utf-16"))
    assert result.stdout.endswith(" A title\n")
    assert "standard input: read as UTF-16; 1 byte order mark taken out; 3 CRLF line ends became LF" in result.stderr
    assert cli("show", 1, "--text").stdout == "# A title\n\nCafé.\n"


def test_what_was_mended_is_told_by_file(ana: Path, cli: Cli) -> None:
    (ana / "a.txt").write_bytes(b"One.\r\nTwo\0.\r")
    (ana / "b.txt").write_bytes("Café au lait, s'il vous plaît.".encode("windows-1252"))
    (ana / "c.txt").write_bytes(b"Clean.")
    told = cli("import", ana / "a.txt", ana / "b.txt", ana / "c.txt").stderr.splitlines()
    assert told[:2] == [
        f"{ana / 'a.txt'}: 1 NUL taken out; 1 CRLF line end became LF; 1 CR line end became LF",
        f"{ana / 'b.txt'}: read as windows-1252",
    ]
    assert len(told) == 3 and told[2].startswith("Made a new desk")


def test_a_folder_is_searched_in_natural_order_and_undone_as_one_step(ana: Path, cli: Cli) -> None:
    folder = ana / "folder"
    (folder / "deep").mkdir(parents=True)
    for name in ("10.txt", "2.md", "deep/1.txt", "1.txt", ".hidden.txt", "notes.pdf"):
        (folder / name).write_text(f"Article {name}.", "utf-8")
    result = cli("import", folder)
    assert [line.split(" ", 2)[2] for line in result.stdout.splitlines()] == [
        *("Article 1.txt.", "Article 2.md.", "Article 10.txt.", "Article deep/1.txt."),
    ]
    assert cli("undo").exit_code == 0
    assert titles(cli) == []


def test_json_gives_the_records_and_says_which_are_new(ana: Path, cli: Cli) -> None:
    cli("import", "-", input="Old article.")
    (ana / "new.txt").write_text("New article.", "utf-8")
    (ana / "old.txt").write_text("Old article.", "utf-8")
    records = json.loads(cli("import", "--json", ana / "new.txt", ana / "old.txt").stdout)
    assert {record["title"]: record["new"] for record in records} == {"New article.": True, "Old article.": False}


def test_a_file_given_twice_is_one_article(ana: Path, cli: Cli) -> None:
    (ana / "a.txt").write_text("Article.", "utf-8")
    assert cli("import", ana / "a.txt", ana / "a.txt").exit_code == 0
    assert titles(cli) == ["Article."]


@pytest.mark.parametrize("held", [0, 25, 1_000])
def test_the_same_articles_come_in_however_little_text_is_held(
    ana: Path, cli: Cli, monkeypatch: pytest.MonkeyPatch, held: int
) -> None:
    monkeypatch.setattr(bringing, "HELD", held)
    for number in range(6):
        (ana / f"{number}.txt").write_text(f"Article {number}.", "utf-8")
    assert cli("import", *(ana / f"{number}.txt" for number in range(6))).exit_code == 0
    assert titles(cli) == [f"Article {number}." for number in range(6)]


def test_a_file_that_vanishes_between_check_and_import_is_told_and_the_others_stay(
    ana: Path, cli: Cli, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(bringing, "HELD", 0)
    first, second = ana / "1.txt", ana / "2.txt"
    first.write_text("First.", "utf-8")
    second.write_text("Second.", "utf-8")
    drafts = bringing.Batch.drafts

    def vanish(batch: bringing.Batch) -> object:
        first.unlink(missing_ok=True)
        return drafts(batch)

    monkeypatch.setattr(bringing.Batch, "drafts", vanish)
    result = cli("import", first, second)
    assert result.exit_code == 1
    assert f"factdesk: {first}: there is no such file" in result.stderr
    assert titles(cli) == ["Second."]


def test_names_with_spaces_dashes_and_other_scripts_are_read(
    ana: Path, cli: Cli, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(ana)
    for name in ("a b.txt", "-dash.txt", "статья.txt", "csv"):
        (ana / name).write_text(f"Article {name}.", "utf-8")
    assert cli("import", "a b.txt", "статья.txt", "./csv", "--", "-dash.txt").exit_code == 0
    assert len(titles(cli)) == 4
