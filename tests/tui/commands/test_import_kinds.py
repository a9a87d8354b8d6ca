"""Articles as people have them, through the command: addresses, lists, documents with comments."""

from __future__ import annotations

import json
import subprocess
import sys
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from click.testing import Result

from store.formats.articles import fetch
from tests.kit.web_server import Site, ok, onward, site
from tests.kit.word_files import word

Cli = Callable[..., Result]
WORDS = "The council met on Monday and said that it will close forty-one schools by the end of {}. "
EXTRAS = {"trafilatura", "lxml", "feedparser", "docx", "pypdf", "lxml_html_clean"}


def page(year: int) -> bytes:
    return (
        f"<html lang=en><title>Schools in {year}</title><body><article><p>{WORDS.format(year) * 4}</article>".encode()
    )


@pytest.fixture
def web(monkeypatch: pytest.MonkeyPatch) -> Iterator[Site]:
    monkeypatch.setattr(fetch, "is_public", lambda address: address == "127.0.0.1")
    with site() as found:
        yield found


def test_a_page_is_fetched_kept_and_known_again_without_fetching(ana: Path, cli: Cli, web: Site) -> None:
    start = web.at("/old", onward("/new"))
    web.at("/new", ok(page(2024)))
    result = cli("import", start)
    assert result.exit_code == 0 and f"{start} → {web.address}/new" in result.stderr
    (article,) = json.loads(cli("articles", "--json").stdout)
    assert (article["title"], article["url"]) == ("Schools in 2024", f"{web.address}/new")
    asked = len(web.asked)
    again = cli("import", f"{web.address}/new/")
    assert "Here already: 1 Schools in 2024" in again.stderr and len(web.asked) == asked
    assert cli("verify").exit_code == 0
    refused = cli("import", web.address.replace("127.0.0.1", "127.0.0.2"))
    assert refused.exit_code == 1 and "it is in a private network (127.0.0.2); --private" in refused.stderr


def test_a_list_of_links_is_fetched_when_asked_and_goes_on_where_it_was_left(ana: Path, cli: Cli, web: Site) -> None:
    for year in (2021, 2022, 2023):
        web.at(f"/{year}", ok(page(year)))
    links = ana / "links.csv"
    links.write_text("url\n" + "".join(f"{web.address}/{year}\n" for year in (2021, 1999, 2022, 2023)))
    plain = cli("import", links)
    assert plain.exit_code == 1 and "links.csv, row 2: it has no text, only an address; --fetch" in plain.stderr
    assert web.asked == [] and not (ana / "desk.db").exists()
    strict = cli("import", links, "--fetch")
    assert strict.exit_code == 1 and "row 3" in strict.stderr and "there is no such page" in strict.stderr
    assert "Nothing was imported; --skip-bad imports the other 3 articles." in strict.stderr
    assert cli("import", links, "--fetch", "--skip-bad").exit_code == 1
    assert len(json.loads(cli("articles", "--json").stdout)) == 3
    asked = web.asked.count("/2021")
    assert cli("import", links, "--fetch", "--skip-bad").stderr.count("Here already") == 3
    assert web.asked.count("/2021") == asked


def test_comments_of_a_word_document_come_in_as_suggestions_by_their_authors(ana: Path, cli: Cli) -> None:
    draft = ana / "draft.docx"
    draft.write_bytes(word(["It closes ", ("41", "Bo", "41 or 43?"), " schools. ", ("He", "", "Who?"), " agreed."]))
    result = cli("import", draft)
    assert result.exit_code == 0 and "2 comments came in as suggestions." in result.stderr
    shown = json.loads(cli("suggestions", 1, "--json").stdout)
    assert [(one["quote"], one["by"], one["note"]) for one in shown] == [
        ("41", "Bo", "41 or 43?"),
        ("He", "Unknown", "Who?"),
    ]
    again = cli("import", draft)
    assert "Here already" in again.stderr and "suggestion" not in again.stderr
    assert cli("undo").exit_code == 0
    assert json.loads(cli("articles", "--json").stdout) == []


def test_a_wrong_column_is_wrong_usage(ana: Path, cli: Cli) -> None:
    result = cli("import", "a.csv", "--column", "words=Body")
    assert result.exit_code == 2 and "“words=Body” is not FIELD=NAME" in result.stderr


def test_help_and_the_app_load_nothing_of_the_extras() -> None:
    for code in (
        "from tui.cli import main; sys.argv[1:] = ['--help']; main()",
        "import tui.app, tui.library.import_form, store.desk",
    ):
        program = f"import sys, atexit; atexit.register(lambda: print(*sys.modules))\n{code}"
        run = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True)
        assert run.returncode == 0, run.stderr
        loaded = {name.split(".")[0] for name in run.stdout.split()}
        assert "tui" in loaded and not loaded & EXTRAS
