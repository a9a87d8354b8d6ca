"""The pages say what is true: their made parts are up to date, and their commands work as they are written."""

from __future__ import annotations

import os
import re
import shlex
import subprocess
import sys
from pathlib import Path

import pytest

from store.glossary import TERMS
from tests import readme, scenes
from tests.kit.stairs import STORE, TUI

TEXT, KEYS, FILES, CONTRIBUTING = (
    (readme.ROOT / name).read_text(encoding="utf-8")
    for name in ("README.md", "tui/README.md", "store/README.md", ".github/CONTRIBUTING.md")
)


@pytest.mark.parametrize("name", readme.PAGES)
def test_what_is_made_from_the_program_is_as_the_program_is(name: str) -> None:
    assert readme.page(name) == (readme.ROOT / name).read_text(encoding="utf-8"), "run: python -m tests.readme"


def test_the_readme_is_short_enough_for_a_newcomer() -> None:
    assert TEXT.count("\n") <= 250


@pytest.mark.parametrize("name", [*readme.PAGES, ".github/SECURITY.md"])
def test_every_link_leads_to_a_file_and_a_heading(name: str) -> None:
    for link in re.findall(r"\]\(([^)\s]+)\)", (readme.ROOT / name).read_text(encoding="utf-8")):
        if "://" in link:
            continue
        path, _, heading = link.partition("#")
        page = (readme.ROOT / name).parent / path if path else readme.ROOT / name
        assert page.exists(), link
        if heading:
            headings = re.findall(r"^#+ (.+)$", page.read_text(encoding="utf-8"), re.MULTILINE)
            assert heading in [words.lower().replace(" ", "-") for words in headings], link


def test_the_glossary_has_a_sentence_for_each_of_at_most_25_words() -> None:
    assert len({term.word for term in TERMS}) == len(TERMS) <= 25
    for term in TERMS:
        assert re.fullmatch(r"[A-Z][^.]*\.", term.meaning), term


def test_every_package_is_on_the_stairs() -> None:
    for floor, stairs in (("store", STORE), ("tui", TUI)):
        rooms = [room for step in stairs for room in step]
        packages = {file.parent.name for file in (readme.ROOT / floor).glob("*/__init__.py")}
        assert packages <= set(rooms), floor
        assert len(rooms) == len(set(rooms))


@pytest.mark.parametrize("name", scenes.SCENES)
def test_each_picture_is_what_the_app_shows_and_the_readme_has_it(name: str) -> None:
    assert f"(tests/pictures/{name}.svg)" in TEXT
    assert scenes.path_of(name).read_text(encoding="utf-8") == scenes.picture(name), "run: python -m tests.readme"


def test_the_pictures_are_small_and_need_nothing_from_elsewhere() -> None:
    assert {file.stem for file in scenes.FOLDER.iterdir()} == set(scenes.SCENES)
    for name in scenes.SCENES:
        text = scenes.path_of(name).read_text(encoding="utf-8")
        assert len(text.encode()) <= 60_000, name
        links = re.findall(r"https?://[^\s\"')…]+", text)
        assert {link for link in links if "example.org" not in link} <= {"http://www.w3.org/2000/svg"}


@pytest.fixture
def there(tmp_path: Path) -> Path:
    """A folder as a reader has it after the first command: the sample article in a new desk."""
    (tmp_path / "seeds").symlink_to(readme.ROOT / "seeds")
    return tmp_path


def run(command: str, folder: Path) -> str:
    """Run a command as it stands in the README, with the ``factdesk`` of this environment."""
    environment = os.environ | {
        "PATH": f"{Path(sys.executable).parent}{os.pathsep}{os.environ['PATH']}",
        "FACTDESK_CONFIG": str(folder / "config"),
        "FACTDESK_DB": str(folder / "desk.db"),
        "FACTDESK_REVIEWER": "Reader",
    }
    done = subprocess.run(command, shell=True, cwd=folder, env=environment, capture_output=True, text=True)
    assert done.returncode == 0, f"{command}\n{done.stderr}"
    return done.stdout


def test_the_commands_of_the_tour_work_in_their_order(there: Path) -> None:
    tour = re.search(r"Then, on the command line:\n\n((?:    .*\n)+)", TEXT)
    assert tour
    run("factdesk import seeds/000_b70d1dce7949a247.txt", there)
    run("factdesk tag 1 --quote 'more than 3 000 soldiers'", there)
    for command in tour[1].splitlines():
        run(command.strip(), there)
    assert "more than 3 000 soldiers" in (there / "claims.csv").read_text(encoding="utf-8")


def test_the_script_of_a_second_review_works_in_its_order(there: Path) -> None:
    script = re.search(r"from the assignment to the settled set:\n\n((?:    .*\n)+)", KEYS)
    assert script
    said = [run(command.strip(), there) for command in script[1].splitlines()]
    assert said[5].startswith("1 Bo reviewer, blind: verdict “")
    assert "change verdict" in said[7]
    assert '"outcome": "first_correct"' in (there / "settled.json").read_text(encoding="utf-8")


def test_the_commands_of_the_tour_of_review_work_in_their_order(there: Path) -> None:
    section = TEXT.split("## A tour of review\n")[1].split("\n## ")[0]
    commands = [line.strip() for line in re.findall(r"^ {4,}factdesk .*$", section, re.MULTILINE)]
    assert len(commands) >= 8
    said = ""
    for command in commands:
        opens_the_app = command in ("factdesk --db try.db", "factdesk --db try.db --as Mara")
        said += run(command.replace("--db", "articles --db") if opens_the_app else command, there)
    for told in ("Two North Korean", "Ines", "verdict differs", "first correct", "adjudicator"):
        assert told in said


def test_the_scheme_commands_work(there: Path) -> None:
    for command in ("factdesk scheme list", "factdesk scheme show desk > ours.toml", "factdesk scheme check ours.toml"):
        assert command in FILES + TEXT
        run(command, there)
    run("factdesk scheme use ours.toml", there)


def test_the_python_example_runs(there: Path) -> None:
    example = re.search(r"```python\n(.*?)```", TEXT, re.DOTALL)
    assert example
    said = run(f"{shlex.quote(sys.executable)} -c {shlex.quote(example[1])}", there)
    assert said == "outdated 4 of 499 words read\n"


def test_the_key_file_example_is_taken(there: Path) -> None:
    example = re.search(r"explains every clash:\n\n((?:    .*\n)+)", KEYS)
    assert example
    config = there / "config"
    config.mkdir()
    (config / "keys.toml").write_text(re.sub(r"^    ", "", example[1], flags=re.MULTILINE), encoding="utf-8")
    assert "Space" in run("factdesk keys", there)


def test_every_file_that_is_named_exists() -> None:
    for name in ("tests/pictures/article.svg", "seeds/000_b70d1dce7949a247.txt"):
        assert name in TEXT and (readme.ROOT / name).exists()
    named = re.findall(r"`((?:store|tui|tests|\.ci)/[\w./]+)`", CONTRIBUTING)
    assert len(named) > 20
    for name in named:
        assert "NAME" in name or (readme.ROOT / name).exists(), name
    spoken = re.findall(r"`(\w+)`\s+in\s+`((?:store|tui|tests)/[\w/]+\.py)`", CONTRIBUTING)
    assert len(spoken) > 15
    for word, name in spoken:
        assert re.search(rf"\b{word}\b", (readme.ROOT / name).read_text(encoding="utf-8")), f"{word} in {name}"


def test_every_table_that_is_named_exists() -> None:
    from store.log.tables import CACHE, TRUTH

    section = FILES.split("## The file")[1].split("\n## ")[0]
    named = re.findall(r"^\| ((?:`\w+`(?:, )?)+)", section, re.MULTILINE)
    assert len(named) > 10
    for name in named:
        for table in re.findall(r"`(\w+)`", name):
            assert re.search(rf"(TABLE|VIEW) {table}\b", CACHE + TRUTH), table
