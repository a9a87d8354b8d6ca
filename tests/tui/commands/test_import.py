"""Bringing articles in: files, folders, standard input, what was mended."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from click.testing import Result

from store.errors import Refused
from store.formats.articles import batch as batches
from store.formats.articles.reader import Arrived, ArticleFile, ReadOptions

Cli = Callable[..., Result]


def titles(cli: Cli) -> list[str]:
    return [article["title"] for article in json.loads(cli("articles", "--json").stdout)]


def test_standard_input_is_read_as_bytes_and_as_markdown(ana: Path, cli: Cli) -> None:
    result = cli("import", "-", input="# A title\r\n\r\nCafé.\r\n".encode("utf-16"))
    assert result.stdout.endswith(" A title\n")
    assert "standard input: read as UTF-16; 1 byte order mark removed; 3 CRLF line ends became LF" in result.stderr
    assert cli("show", 1, "--text").stdout == "# A title\n\nCafé.\n"


def test_what_was_mended_is_told_by_file(ana: Path, cli: Cli) -> None:
    (ana / "a.txt").write_bytes(b"One.\r\nTwo\0.\r")
    (ana / "b.txt").write_bytes("Café au lait, s'il vous plaît.".encode("windows-1252"))
    (ana / "c.txt").write_bytes(b"Clean.")
    told = cli("import", ana / "a.txt", ana / "b.txt", ana / "c.txt").stderr.splitlines()
    assert told[:2] == [
        f"{ana / 'a.txt'}: 1 NUL removed; 1 CRLF line end became LF; 1 CR line end became LF",
        f"{ana / 'b.txt'}: read as windows-1252",
    ]
    assert len(told) == 4 and told[2].startswith("Made a new desk") and told[3].startswith("Read as French")


GERMAN = "Im 20. Jahrhundert war das noch anders. Heute ist es nicht mehr so, sagt man."


def test_what_is_said_of_an_article_that_is_here_already_holds_for_it(ana: Path, cli: Cli) -> None:
    (ana / "a.txt").write_text(GERMAN, "utf-8")
    (ana / "b.txt").write_text(LIST, "utf-8")
    cli("import", ana / "a.txt")
    again = cli("import", ana / "a.txt", ana / "b.txt", "--language", "de", "--lines", "wrapped").stderr
    assert "Changed: 1 Im 20. Jahrhundert" in again and ": language is now de and lines is now wrapped." in again
    assert [(one["language"], one["lines"]) for one in json.loads(cli("articles", "--json").stdout)] == [
        ("de", "wrapped")
    ] * 2
    assert "Changed" not in cli("import", ana / "a.txt", "--language", "German").stderr
    assert "Changed" not in cli("import", ana / "a.txt").stderr
    cli("undo")
    assert json.loads(cli("articles", "--json").stdout)[0]["language"] == ""


LIST = "June 9 - West Palm Beach, FL\nJune 10 - Tampa, FL\nJune 14 - Miami, FL\n"


def shown(cli: Cli, article: int) -> dict[str, str]:
    lines = [line.partition(" ") for line in cli("show", article).stdout.splitlines()]
    return {name: value.strip() for name, _, value in lines}


def sentences(cli: Cli, article: int) -> int:
    return len(cli("residue", article, "--json").stdout.split('"start"')) - 1


def test_the_language_is_guessed_said_and_never_stored(ana: Path, cli: Cli) -> None:
    (ana / "a.txt").write_text(GERMAN, "utf-8")
    assert cli("import", ana / "a.txt").stderr.splitlines()[-1] == "Read as German."
    assert json.loads(cli("articles", "--json").stdout)[0]["language"] == ""
    assert shown(cli, 1)["language"] == "read as German" and sentences(cli, 1) == 2
    assert cli("import", ana / "a.txt").stderr.splitlines()[-1].startswith("Here already: 1 ")
    many = ana / "many"
    many.mkdir()
    (many / "1.txt").write_text("สภาประชุมเมื่อวันจันทร์ แล้วก็กลับบ้าน", "utf-8")
    (many / "2.txt").write_text("Ri, Kim, Lee.", "utf-8")
    (many / "3.txt").write_text("The council met, and they said that it was not so.", "utf-8")
    thai, english = "“สภาประชุมเมื่อวันจันทร์”", "“The council met, and they said that it…”"
    assert cli("import", many).stderr.splitlines()[-1] == (
        f"Read as Thai ({thai}); Thai has no sentence marks, divided at its spaces ({thai}); read as English "
        f"({english}); language not known, read as English (“Ri, Kim, Lee.”); "
        "set it with `factdesk edit … --language`."
    )
    for number in range(4, 9):
        (many / f"{number}.txt").write_text(f"The council met {number} times, and they said that it was so.", "utf-8")
    assert cli("import", many).stderr.splitlines()[-1] == "Read as English (all 5)."
    other = ("--db", ana / "other.db")
    assert "Read as English (6 of 8); read as Thai (“" in cli("import", many, *other).stderr
    assert sentences(cli, 2) == 2


def test_language_and_lines_can_be_said_at_import_and_changed(ana: Path, cli: Cli) -> None:
    (ana / "a.txt").write_text(GERMAN, "utf-8")
    (ana / "b.txt").write_text(LIST, "utf-8")
    (ana / "c.md").write_text("---\nlang: fr\n---\n" + GERMAN.replace("noch", "also"), "utf-8")
    result = cli("import", "--language", "EN-gb", "--lines", "wrapped", ana / "a.txt", ana / "b.txt", ana / "c.md")
    assert result.exit_code == 0 and "ead as" not in result.stderr
    articles = json.loads(cli("articles", "--json").stdout)
    assert [(article["language"], article["lines"]) for article in articles] == [("en-GB", "wrapped")] * 3
    assert (sentences(cli, 1), sentences(cli, 2)) == (2 + 1, 1)
    assert cli("edit", 1, "--language", "").exit_code == 0 and cli("edit", 2, "--lines", "auto").exit_code == 0
    assert (sentences(cli, 1), sentences(cli, 2)) == (2, 3)
    assert cli("edit", 2, "--lines", "wrapped").exit_code == 0 and shown(cli, 2)["lines"] == "wrapped"
    assert cli("undo").exit_code == 0 and sentences(cli, 2) == 3


@pytest.mark.parametrize(
    ("option", "value", "mend"),
    [
        ("--language", "Deutsch", "did you mean “de”?"),
        ("--language", "de_AT", "did you mean “de-AT”?"),
        ("--language", "xx-yy", "write a code such as en"),
        ("--lines", "wrap", "use one of auto, lines, wrapped"),
    ],
)
def test_a_language_or_lines_that_mean_nothing_are_refused_at_every_door(
    ana: Path, cli: Cli, option: str, value: str, mend: str
) -> None:
    (ana / "a.txt").write_text(GERMAN, "utf-8")
    refused = cli("import", ana / "a.txt", option, value)
    assert refused.exit_code == 1 and mend in refused.stderr and f"“{value}”" in refused.stderr
    assert cli("articles").exit_code == 1  # not even a desk was made
    cli("import", ana / "a.txt")
    refused = cli("edit", 1, option, value)
    assert refused.exit_code == 1 and mend in refused.stderr and len(refused.stderr.splitlines()) == 1
    article = json.loads(cli("articles", "--json").stdout)[0]
    assert (article["language"], article["lines"]) == ("", "")


def test_a_wrapped_text_is_told(ana: Path, cli: Cli) -> None:
    text = (
        "The two of them were brought to the front by train,\nand then on foot, and they came to Kursk on January\n"
        "5. Then they left the town again, as they had been\ntold to do by the officers."
    )
    (ana / "a.txt").write_text(text, "utf-8")
    assert cli("import", ana / "a.txt").stderr.splitlines()[-1] == "Read as English; wrapped at 51 columns."
    assert sentences(cli, 1) == 2 and shown(cli, 1)["lines"] == "wrapped at 51 columns"
    assert cli("edit", 1, "--lines", "lines").exit_code == 0 and sentences(cli, 1) == 4


def test_a_folder_is_searched_in_natural_order_and_undone_as_one_step(ana: Path, cli: Cli) -> None:
    folder = ana / "folder"
    (folder / "deep").mkdir(parents=True)
    for name in ("10.txt", "2.md", "deep/1.txt", "1.txt", ".hidden.txt", "notes.png"):
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
    monkeypatch.setattr(batches, "HELD", held)
    for number in range(6):
        (ana / f"{number}.txt").write_text(f"Article {number}.", "utf-8")
    assert cli("import", *(ana / f"{number}.txt" for number in range(6))).exit_code == 0
    assert titles(cli) == [f"Article {number}." for number in range(6)]


def test_a_file_that_vanishes_between_check_and_import_is_told_and_the_others_stay(
    ana: Path, cli: Cli, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(batches, "HELD", 0)
    first, second = ana / "1.txt", ana / "2.txt"
    first.write_text("First.", "utf-8")
    second.write_text("Second.", "utf-8")
    drafts = batches.Batch.drafts

    def vanish(batch: batches.Batch) -> object:
        first.unlink(missing_ok=True)
        return drafts(batch)

    monkeypatch.setattr(batches.Batch, "drafts", vanish)
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


def test_what_the_rest_of_a_file_brings_is_told_as_it_is(ana: Path, cli: Cli) -> None:
    article = {"type": "article", "id": "a", "title": "A", "text": "It rained. It fell."}
    nowhere = {"type": "claim", "id": "1", "article": "a", "start": 500, "end": 600, "quote": "nowhere"}
    rained = {"type": "claim", "id": "2", "article": "a", "start": 0, "end": 9, "quote": "It rained"}
    alone = ana / "alone.jsonl"
    mixed = ana / "mixed.jsonl"
    other = {"type": "article", "id": "b", "title": "B", "text": "Other."}
    for file, rows in ((alone, [article, nowhere]), (mixed, [article, nowhere, rained, other])):
        file.write_text("".join(f"{json.dumps(row)}\n" for row in rows), encoding="utf-8")

    def refusal(file: Path) -> str:
        told = cli("import", "jsonl", file).stderr
        return str(told.partition("nothing was imported.")[2].strip())

    assert refusal(alone) == "--skip-bad imports 1 article without claims."
    assert refusal(mixed) == "--skip-bad imports the other 1 claim and 1 article without claims."
    assert cli("import", "jsonl", mixed, "--skip-bad").stdout.startswith("2 articles, 1 claim imported")
    assert refusal(alone) == "" and refusal(mixed) == "--skip-bad imports the other 1 claim."


def test_a_detail_that_cannot_be_kept_refuses_all_before_any_is_in(ana: Path, cli: Cli) -> None:
    folder = ana / "many"
    folder.mkdir()
    for number in range(3):
        (folder / f"{number}.md").write_text(f"# Number {number}\n\nText.", "utf-8")
    read = batches.articles_of
    with pytest.MonkeyPatch.context() as patch:

        def odd(file: ArticleFile, options: ReadOptions) -> Iterator[Arrived]:
            for draft in read(file, options):
                assert not isinstance(draft, Refused)
                yield draft._replace(published="yesterday") if file.name == "2.md" else draft

        patch.setattr(batches, "articles_of", odd)
        refused = cli("import", folder)
        assert (refused.exit_code, (ana / "desk.db").exists()) == (1, False)
        assert f"{folder / '2.md'}: “yesterday” is" in refused.stderr
        assert "--skip-bad imports the other 2 articles" in refused.stderr
        rest = cli("import", folder, "--skip-bad")
        assert (rest.exit_code, titles(cli)) == (1, ["Number 0", "Number 1"])
