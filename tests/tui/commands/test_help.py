"""The command line explains itself, and starts quickly."""

from __future__ import annotations

import ast
import re
import shlex
import subprocess
import sys
from collections.abc import Callable, Iterable
from pathlib import Path

import click
import pytest
from click.testing import Result

from store.vocabulary import Blind, Decision, Outcome, Role, Status
from tests.kit.terminal import FACTDESK
from tui.cli import HEADINGS, factdesk
from tui.commands.command import Command

VERBS = tuple(verb for verbs in HEADINGS.values() for verb in verbs)
Cli = Callable[..., Result]


def command(verb: str) -> click.Command:
    found = factdesk.get_command(click.Context(factdesk), verb)
    assert found is not None
    return found


@pytest.mark.parametrize("verb", VERBS)
def test_every_verb_has_help_with_an_example_that_begins_with_it(cli: Cli, verb: str) -> None:
    result = cli(*verb.split(), "--help")
    assert (result.exit_code, result.stderr) == (0, "")
    usage, _, example = result.stdout.partition("\nExample")
    assert f"factdesk {verb}" in usage
    assert f"factdesk {verb}" in example
    assert "--db FILE" in usage and "--as NAME" in usage


@pytest.mark.parametrize("verb", VERBS)
def test_every_argument_and_option_is_explained_in_words(verb: str) -> None:
    made = command(verb)
    assert (made.help or "").rstrip().endswith(".")
    for parameter in made.get_params(click.Context(made)):
        if getattr(parameter, "hidden", False):
            continue
        record = parameter.get_help_record(click.Context(made))
        assert record and record[1].strip(), parameter.name


@pytest.mark.parametrize("verb", VERBS)
def test_every_example_is_a_line_that_is_understood(verb: str) -> None:
    made = command(verb)
    assert isinstance(made, Command)
    for line in made.examples:
        words = shlex.split(re.split(r" (?:&&|\||>) ", line[line.index("factdesk ") :])[0])
        name, found, args = factdesk.resolve_command(click.Context(factdesk), words[1:])
        assert found is not None and name is not None
        found.make_context(name, args, parent=click.Context(factdesk))


def test_the_help_of_the_whole_lists_every_verb_and_the_exit_codes(cli: Cli) -> None:
    text = cli("--help").stdout
    assert "..." not in text
    for verb in VERBS:
        assert f"\n  {verb} " in text
    assert "0 done, 1 refused" in " ".join(text.split())


@pytest.mark.parametrize("verb", [verb for verb in VERBS if any(other.startswith(f"{verb} ") for other in VERBS)])
def test_the_help_of_a_verb_names_the_longer_verbs_that_begin_with_it(cli: Cli, verb: str) -> None:
    _, _, more = cli(verb, "--help").stdout.partition("See also:")
    assert [other for other in VERBS if other.startswith(f"{verb} ") and f"  {other} " not in more] == []


def test_the_help_names_every_word_an_option_may_hold(cli: Cli) -> None:
    from store.access.fields import ONE_OF

    text = " ".join((cli("tag", "--help").stdout + cli("evidence", "--help").stdout).split())
    missing = [str(word) for words in ONE_OF.values() for word in words if str(word) not in text]
    assert missing == []


@pytest.mark.parametrize(
    ("verb", "known"),
    [
        ("decide", [word for word in Decision if word != Decision.MISSING_CLAIM]),
        ("adjudicate", Outcome),
        ("assign", [*Role, *Blind]),
        ("claims", [word for word in Status if word != Status.WITHDRAWN]),
        ("tick", ["seen", "doubted"]),
        ("answer", ["accept", "reject"]),
    ],
)
def test_the_help_of_second_review_names_every_word_it_takes(cli: Cli, verb: str, known: Iterable[str]) -> None:
    text = " ".join(cli(verb, "--help").stdout.split())
    assert [str(word) for word in known if str(word) not in text] == []


@pytest.mark.parametrize(
    "args",
    [
        *(["--help"], ["--version"], ["export", "csv", "--help"], ["tag", "--help"]),
        *([verb, "--help"] for verb in ("review", "decide", "inbox", "compare", "adjudicate", "assign", "summary")),
    ],
)
def test_help_and_version_load_neither_textual_nor_sqlite_utils(home: Path, args: list[str]) -> None:
    program = (
        "import sys, atexit\n"
        f"sys.argv = ['factdesk', *{args!r}]\n"
        "atexit.register(lambda: print([m for m in ('textual', 'rich', 'sqlite_utils', 'sqlite3') if m in sys.modules],"
        " file=sys.stderr))\n"
        "from tui.cli import main\n"
        "main()\n"
    )
    run = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True)
    assert (run.returncode, run.stderr.strip()) == (0, "[]")
    assert "factdesk" in run.stdout


def test_a_verb_that_only_reads_does_not_load_textual(ana: Path, cli: Cli, sample: Path) -> None:
    cli("import", sample)
    program = (
        "import sys, atexit\n"
        "sys.argv = ['factdesk', 'articles']\n"
        "show = lambda: print([m for m in ('textual', 'sqlite_utils') if m in sys.modules], file=sys.stderr)\n"
        "atexit.register(show)\n"
        "from tui.cli import main\n"
        "main()\n"
    )
    run = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True)
    assert (run.returncode, run.stderr.strip()) == (0, "[]")


def test_a_verb_loads_only_its_own_module() -> None:
    program = (
        "import sys\n"
        "from click.testing import CliRunner\n"
        "from tui.cli import factdesk\n"
        "CliRunner().invoke(factdesk, ['undo', '--help'])\n"
        "print(sorted(m.rpartition('.')[2] for m in sys.modules if m.startswith('tui.commands.')))\n"
    )
    run = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True)
    loaded = ast.literal_eval(run.stdout)
    assert "undo" in loaded and not {"change", "history", "keys_and_config"} & set(loaded)


@pytest.mark.parametrize(
    ("name", "others"), [("csv", ("settled", "tables", "csv.claim_import")), ("settled", ("tables",))]
)
def test_a_format_loads_no_other(ana: Path, cli: Cli, sample: Path, name: str, others: tuple[str, ...]) -> None:
    cli("import", sample)
    program = (
        "import sys, atexit\n"
        f"sys.argv = ['factdesk', 'export', {name!r}]\n"
        "show = lambda: print([m for m in sys.modules if m.startswith(('store.formats.', 'store.measure.'))],"
        " file=sys.stderr)\n"
        "atexit.register(show)\n"
        "from tui.cli import main\n"
        "main()\n"
    )
    run = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True)
    assert run.returncode == 0 and "article_id" in run.stdout
    assert "'store.formats.csv.claim_columns'" in run.stderr and "store.measure.figures" not in run.stderr
    assert not [other for other in others if f"'store.formats.{other}'" in run.stderr]


@pytest.mark.parametrize("args", [["--version"], ["articles", "--version"], ["scheme", "--version", "list"]])
def test_the_installed_command_says_its_version(args: list[str]) -> None:
    run = subprocess.run([FACTDESK, *args], capture_output=True, text=True)
    assert (run.returncode, run.stderr) == (0, "")
    assert run.stdout.startswith("factdesk 0.")


@pytest.mark.parametrize(
    ("args", "words"),
    [
        (["nosuch"], "factdesk --help"),
        (["atricles"], "did you mean `factdesk articles`?"),
        (["no\x1b[31msuch"], "␛[31m"),
        (["tag"], "Missing argument"),
        (["tag", "1", "--nht", "2"], "--nth"),
        (["tag", "1", "x", "2"], "not a whole number"),
        (["tag", "1"], "START and END, or --quote"),
        (["tag", "1", "0", "3", "--quote", "x"], "not both"),
        (["tag", "1", "0", "3", "--nth", "1"], "--quote"),
        (["verdict", "1", "C1"], "KEY, --none or --justification"),
        (["verdict", "1", "C1", "refuted", "--none"], "not both"),
        (["evidence", "1", "C1", "--url", "https://a.example"], "--stance"),
        (["evidence", "1", "C1"], "--stance"),
        (["edit", "1", "C1"], "Say what to change"),
        (["edit", "1", "--claimant", "Ri"], "name the CLAIM"),
        (["edit", "1", "C1", "--language", "en"], "leave CLAIM out"),
        (["delete", "1", "--evidence", "1"], "CLAIM"),
        (["delete", "1", "C1", "--sweep", "1"], "article alone"),
        (["delete", "1", "C1", "--evidence", "1", "--verdict"], "one thing"),
        (["export"], "export csv"),
        (["import", "-", "-"], "once"),
        (["import", ""], "empty path"),
        (["history", "--limit", "9" * 30], "limit"),
        (["articles", "--db", ""], "name a file"),
        (["decide", "1", "C1"], "DECISION or --take-back"),
        (["decide", "1", "C1", "agree", "--take-back"], "not both"),
        (["decide", "1", "C1", "change_span", "--span", "1", "2", "--quote", "x"], "not both"),
        (["decide", "1", "C1", "change_span", "--nth", "2"], "--quote"),
        (["tick", "1", "C1", "1"], "seen, doubted or --take-back"),
        (["comment", "1", "C1", "x", "--reply-to", "1", "--on-review", "Bo"], "one of --reply-to"),
        (["adjudicate", "1", "C1"], "one of OUTCOME, --agreed"),
        (["adjudicate", "1", "C1", "--agreed"], "Leave CLAIM out"),
        (["adjudicate", "1", "--take-back"], "Name the CLAIM"),
        (["assign", "1"], "--to"),
        (["assign", "--to", "Bo"], "Name an ARTICLE"),
        (["assign", "1", "--all", "--to", "Bo"], "not both"),
        (["summary", "1", "--json", "--markdown"], "not both"),
    ],
)
def test_wrong_usage_exits_with_2_and_says_what_is_missing(
    ana: Path, cli: Cli, sample: Path, args: list[str], words: str
) -> None:
    cli("import", sample)
    cli("tag", 1, 20, 30)
    result = cli(*args)
    assert (result.exit_code, result.stdout) == (2, "")
    assert words in result.stderr
