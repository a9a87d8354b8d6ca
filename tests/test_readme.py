"""The README says what is true: its made parts are up to date, and its commands work as they stand."""

from __future__ import annotations

import os
import re
import shlex
import subprocess
import sys
from pathlib import Path

import pytest

from tests import readme

TEXT = readme.README.read_text(encoding="utf-8")


def test_keys_commands_and_columns_are_those_of_the_program() -> None:
    assert readme.page(TEXT) == TEXT, "run: python -m tests.readme"


def test_the_picture_is_what_the_app_shows() -> None:
    assert readme.PICTURE.read_text(encoding="utf-8") == readme.picture(), "run: python -m tests.readme"


def test_the_picture_needs_nothing_from_elsewhere() -> None:
    links = re.findall(r"https?://[^\s\"')]+", readme.PICTURE.read_text(encoding="utf-8"))
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
    done = subprocess.run(command, shell=True, cwd=folder, env=environment, capture_output=True, text=True, timeout=60)
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
    script = re.search(r"from handing out to the settled set:\n\n((?:    .*\n)+)", TEXT)
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
        assert command.split(">")[0].strip() in re.sub(r"\s+", " ", TEXT)
        run(command, there)
    run("factdesk scheme use ours.toml", there)


def test_the_python_example_runs(there: Path) -> None:
    example = re.search(r"```python\n(.*?)```", TEXT, re.DOTALL)
    assert example
    said = run(f"{shlex.quote(sys.executable)} -c {shlex.quote(example[1])}", there)
    assert said == "outdated 4 of 499 words read\n"


def test_the_key_file_example_is_taken(there: Path) -> None:
    example = re.search(r"clashes are told in words:\n\n((?:    .*\n)+)", TEXT)
    assert example
    config = there / "config"
    config.mkdir()
    (config / "keys.toml").write_text(re.sub(r"^    ", "", example[1], flags=re.MULTILINE), encoding="utf-8")
    assert "Space" in run("factdesk keys", there)


def test_every_file_and_table_that_is_named_exists(there: Path) -> None:
    for name in ("tests/pictures/article.svg", "seeds/000_b70d1dce7949a247.txt", ".ci/run", "tui/keys/actions.py"):
        assert name in TEXT and (readme.ROOT / name).exists()
    from store.log.tables import CACHE, TRUTH

    section = TEXT.split("## The file")[1].split("##")[0]
    for name in re.findall(r"^\| ((?:`\w+`(?:, )?)+)", section, re.MULTILINE):
        for table in re.findall(r"`(\w+)`", name):
            assert re.search(rf"(TABLE|VIEW) {table}\b", CACHE + TRUTH), table
