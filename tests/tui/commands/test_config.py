"""Settling in: paths and settings on the command line, a file in a command's place, completion in the shell."""

from __future__ import annotations

import json
import os
import subprocess
from collections.abc import Callable
from pathlib import Path

import pytest
from click.shell_completion import BashComplete
from click.testing import Result

from tests.kit.released import RELEASED, unpack
from tests.kit.terminal import FACTDESK, Terminal
from tui.cli import factdesk
from tui.library.article_list import ORDERS
from tui.settings import SETTINGS, Settings

Cli = Callable[..., Result]


def standing(cli: Cli, *args: object) -> dict[str, tuple[str, str]]:
    return {row["name"]: (row["value"], row["origin"]) for row in json.loads(cli(*args, "config", "--json").stdout)}


def test_every_path_and_setting_is_told_with_where_it_comes_from(
    cli: Cli, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("FACTDESK_CONFIG", str(tmp_path / "mine"))
    monkeypatch.setenv("FACTDESK_DB", str(tmp_path / "team.db"))
    monkeypatch.delenv("FACTDESK_REVIEWER", raising=False)
    told = standing(cli)
    assert told["desk"] == (str(tmp_path / "team.db"), "FACTDESK_DB")
    assert told["keys"] == (str(tmp_path / "mine" / "keys.toml"), "FACTDESK_CONFIG")
    assert told["theme"] == ("dark", "default")
    assert not (tmp_path / "team.db").exists() and not (tmp_path / "mine").exists()
    assert cli("config", "theme", "light").stdout == "light\n"
    assert standing(cli)["theme"] == ("light", "settings")
    assert standing(cli, "--as", "Bo", "--db", "x.db")["reviewer"] == ("Bo", "--as")
    assert cli("config", "theme", "").stdout == "dark\n"
    assert cli("config", "keys").stdout == f"{tmp_path / 'mine' / 'keys.toml'}\n"


@pytest.mark.parametrize(
    ("setting", "value", "says"),
    [
        ("theme", "pink", "theme cannot be “pink”: it is one of dark, light, ansi-dark"),
        ("reverse", "yes", "reverse cannot be “yes”: it is one of true, false."),
        ("desk", "x.db", "There is no setting “desk”: it is one of reviewer, theme"),
        ("nme", None, "There is no setting “nme”: it is one of desk, backups, settings"),
        ("reviewer", "a\x1b[31m", "control character"),
    ],
)
def test_what_cannot_be_set_is_refused_and_nothing_is_saved(
    cli: Cli, setting: str, value: str | None, says: str
) -> None:
    before = standing(cli)
    result = cli("config", setting, *([value] if value is not None else []))
    assert result.exit_code == 1 and result.stdout == "" and says in result.stderr and "\x1b" not in result.stderr
    assert standing(cli) == before


@pytest.mark.parametrize(
    ("text", "says"),
    [
        (b'primary = "no such colour"', "line 1, primary: this is not a colour"),
        (b'background = "#101820"', "a theme needs primary"),
        (b"\xff\xfe", "save it as UTF-8."),
        (None, "There is no theme “mine”"),
    ],
)
def test_a_theme_whose_file_is_wrong_is_refused(
    cli: Cli, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, text: bytes | None, says: str
) -> None:
    monkeypatch.setenv("FACTDESK_CONFIG", str(tmp_path / "mine"))
    file = tmp_path / "mine" / "themes" / "mine.toml"
    (file if text is None else file.parent).mkdir(parents=True)
    if text is not None:
        file.write_bytes(text)
    result = cli("config", "theme", "mine")
    assert result.exit_code == 1 and says in result.stderr and "codec" not in result.stderr
    assert cli("config", "theme").stdout == "dark\n"


def test_a_setting_that_the_surroundings_overrule_says_so(cli: Cli, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("FACTDESK_REVIEWER", "Eva")
    result = cli("config", "reviewer", "Ana")
    assert result.stdout == "Eva\n" and "FACTDESK_REVIEWER says otherwise here" in result.stderr
    monkeypatch.delenv("FACTDESK_REVIEWER")
    assert cli("config", "reviewer").stdout == "Ana\n"


def test_your_own_new_name_is_remembered_and_nobody_elses(cli: Cli) -> None:
    Path("one.txt").write_text("Rivers rose by 3 metres.", encoding="utf-8")
    cli("config", "reviewer", "Ana")
    cli("import", "one.txt")
    cli("tag", "1", "--quote", "3 metres", "--as", "Bo")
    cli("person", "rename", "Bo", "Bob")
    assert cli("config", "reviewer").stdout == "Ana\n"
    cli("person", "rename", "Ana", "Ana Silva")
    assert cli("config", "reviewer").stdout == "Ana Silva\n"
    cli("undo")
    assert cli("config", "reviewer").stdout == "Ana\n"


def test_the_settings_that_people_set_are_those_that_are_kept() -> None:
    assert set(SETTINGS) == set(Settings._fields) - {"told"}
    assert SETTINGS["sort"].choices == tuple(order.key for order in ORDERS)


def test_a_file_in_a_commands_place_is_opened_and_a_commands_name_wins(cli: Cli, tmp_path: Path) -> None:
    Path("piece.txt").write_text("Rivers rose by 3 metres.", encoding="utf-8")
    Path("stats").write_text("A file that is called like a command.", encoding="utf-8")
    with Terminal([FACTDESK, "--db", tmp_path / "d.db", "--as", "Ana", "piece.txt"]) as terminal:
        terminal.wait_for("Rivers")
        terminal.type("q")
        terminal.wait_for("1 article")
    assert "Rivers" in cli("--db", tmp_path / "d.db", "articles").stdout
    assert "articles" in cli("--db", tmp_path / "d.db", "stats").stdout
    result = cli("artcles")
    assert result.exit_code == 2 and "did you mean `factdesk articles`?" in result.stderr
    assert "There is no command and no file “art/peace.txt”" in cli("art/peace.txt").stderr


@pytest.mark.parametrize("verb", ["", "tag", "import csv", "export jsonl"])
def test_h_is_help(cli: Cli, verb: str) -> None:
    assert cli(*verb.split(), "-h").stdout == cli(*verb.split(), "--help").stdout != ""


def complete(*words: str) -> list[str]:
    *typed, begun = words
    found = BashComplete(factdesk, {}, "factdesk", "_FACTDESK_COMPLETE").get_completions(typed, begun)
    return [item.value if item.type == "plain" else item.type for item in found]


def test_commands_articles_and_claims_are_completed(cli: Cli) -> None:
    for name, text in (("one", "Rivers rose by 3 metres."), ("two", "It \x1b[31mrained\nfor 5 days.")):
        Path(f"{name}.txt").write_text(text, encoding="utf-8")
        cli("import", f"{name}.txt", "--as", "Ana")
    cli("tag", "2", "--quote", "5 days", "--as", "Ana")
    assert complete("sh") == ["show", "share"]
    assert "import" in complete("imp") and "import csv" not in complete("")
    assert complete("import", "cs") == ["csv"] and "jsonl" in complete("export", "")
    assert complete("show", "") == ["1", "2"] and complete("show", "Riv") == complete("claims", "rivers") == ["1"]
    assert complete("show", "2", "") == ["C1"] and complete("show", "1", "") == []
    assert complete("verdict", "2", "C1", "ref") == ["refuted"]
    assert complete("config", "the") == ["theme"] and complete("config", "theme", "l") == ["light"]
    assert complete("--as", "a") == ["Ana"] and complete("--db", "a") == ["file"] and complete("piece.t") == ["file"]
    assert "--db" in complete("show", "--")


@pytest.mark.parametrize(
    "typed",
    [
        "review 1 --of", "missing 1 --of", "summary 1 --of", "assign 1 --of", "assign 1 --to", "assign 1 --to Bo --to",
        "submit --all --of", "unassign 1 --from", "person rename", "answer 1 C1 --by", "comment 1 C1 --on-review",
        "agreement --person", "adjudicate 1 C1 --take", "adjudicate 1 --all-of", "suggestions 1 --by", "compare 1",
        "hub roles postgresql://owner@hub.example/newsroom --add bo --person",
    ],
)  # fmt: skip
def test_people_are_completed_wherever_a_command_asks_for_one(cli: Cli, typed: str) -> None:
    for name in ("Ana Silva", "Bo"):
        Path("one.txt").write_text(f"Rivers rose by 3 metres, says {name}.", encoding="utf-8")
        cli("import", "one.txt", "--as", name)
    assert complete(*typed.split(), "a") == ["Ana Silva"] and complete(*typed.split(), "") == ["Ana Silva", "Bo"]


def test_verdicts_and_reasons_are_completed_behind_their_options(cli: Cli) -> None:
    Path("one.txt").write_text("Rivers rose by 3 metres.", encoding="utf-8")
    cli("import", "one.txt", "--as", "Ana")
    for typed in ("tag 1 --verdict", "decide 1 C1 --verdict", "adjudicate 1 C1 --verdict"):
        assert complete(*typed.split(), "ref") == ["refuted"]
    assert complete("decide", "1", "C1", "--reason", "wrong_t") == ["wrong_type"]
    assert complete("person", "rename", "Ana", "") == []


def test_completing_makes_no_desk_and_says_nothing() -> None:
    there = set(Path.cwd().rglob("*"))
    assert complete("show", "") == complete("nonsense", "") == complete("show", "9", "C") == []
    assert set(Path.cwd().rglob("*")) == there


def test_completing_leaves_a_desk_of_an_earlier_factdesk_as_it_is(cli: Cli) -> None:
    old = unpack(next(iter(RELEASED)), Path("old.db"))
    before, there = old.read_bytes(), set(Path.cwd().rglob("*"))
    assert complete("--db", "old.db", "review", "1", "--of", "") == complete("--db", "old.db", "show", "") == []
    assert old.read_bytes() == before and set(Path.cwd().rglob("*")) == there
    assert cli("--db", "old.db", "articles").exit_code == 0
    assert complete("--db", "old.db", "show", "") == ["1"]


@pytest.mark.parametrize("shell", ["bash", "zsh", "fish"])
def test_what_a_shell_reads_is_printed(cli: Cli, shell: str) -> None:
    result = cli("completion", shell)
    assert (result.exit_code, result.stderr) == (0, "") and f"_FACTDESK_COMPLETE={shell}_complete" in result.stdout


def test_bash_completes_by_what_is_printed() -> None:
    script = f"""
        PATH={Path(FACTDESK).parent}:$PATH
        eval "$(factdesk completion bash)"
        COMP_WORDS=(factdesk conf) COMP_CWORD=1
        _factdesk_completion factdesk
        echo "${{COMPREPLY[@]}}"
    """
    done = subprocess.run(["bash", "-c", script], capture_output=True, text=True, env=os.environ)
    assert (done.stdout, done.stderr) == ("conflicts config\n", "")


@pytest.mark.parametrize(
    ("begun", "whole"), [("A", r"Ana\ Silva"), ("'Ana S", "Ana Silva"), (r"Ana\ S", r"Ana\ Silva")]
)
def test_bash_is_given_a_name_as_one_word(cli: Cli, begun: str, whole: str) -> None:
    Path("one.txt").write_text("Rivers rose by 3 metres.", encoding="utf-8")
    cli("import", "one.txt", "--as", "Ana Silva")
    asked = """_factdesk_completion "$1"; printf '%s\n' "${COMPREPLY[@]}" """
    script = f'{cli("completion", "bash").stdout}\nCOMP_WORDS=(factdesk --as "$2") COMP_CWORD=2\n{asked}'
    done = subprocess.run(["bash", "-c", script, "bash", FACTDESK, begun], capture_output=True, text=True, check=True)
    assert done.stdout == f"{whole}\n"


def test_fish_is_given_a_name_with_a_comma_whole(cli: Cli) -> None:
    assert 'string split -m 1 "," $completion' in cli("completion", "fish").stdout
