"""The installed command on a real terminal, in a pipe, and interrupted."""

from __future__ import annotations

import json
import os
import re
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Sequence
from pathlib import Path

import pytest
from click.testing import Result

from tests.kit import depth
from tests.kit.desks import once
from tests.kit.patience import PATIENCE
from tests.kit.terminal import FACTDESK, Terminal

Cli = Callable[..., Result]
HOSTILE = "Evil \x1b[31mred\x1b[0m \x9b31m bell\x07 \u202eback\u202c [bold]claims[/bold] 日本語 👩‍👩‍👧‍👦.\n"


def run(*args: object, **details: object) -> subprocess.CompletedProcess[str]:
    return subprocess.run(  # type: ignore[call-overload, no-any-return]
        [FACTDESK, *map(str, args)], **{"capture_output": True, "text": True, "stdin": subprocess.DEVNULL} | details
    )


def test_a_whole_check_by_the_installed_command(ana: Path, sample: Path) -> None:
    assert run("import", sample).returncode == 0
    tagged = run("tag", 1, "--quote", "October 10, 2024", "--verdict", "refuted", "--json")
    claim = json.loads(tagged.stdout)
    assert claim["quote"] == "October 10, 2024"
    assert run("evidence", 1, claim["id"], "--stance", "refutes", "--url", "https://a.example").returncode == 0
    (listed,) = json.loads(run("claims", "--json").stdout)
    assert (listed["verdict"], listed["evidence_count"]) == ("refuted", 1)
    exported = run("export", "csv")
    assert exported.stderr == ""
    assert exported.stdout.count("refuted") > 0


def test_the_name_is_asked_once_and_remembered(home: Path, sample: Path) -> None:
    with Terminal([FACTDESK, "import", sample]) as terminal:
        terminal.wait_for("Who is working?")
        terminal.type("\r")
        terminal.wait_for("name is empty")
        terminal.type("Ada  Lovelace\r")
        assert terminal.finish() == 0
        assert str(home / "config" / "settings.toml") in terminal.seen.replace("\r\n", "")
    tagged = run("tag", 1, 17, 30, "--json")
    assert json.loads(tagged.stdout)["checker"] == "Ada Lovelace"


def test_ctrl_c_at_the_question_ends_it_with_130_and_nothing_changed(home: Path, sample: Path) -> None:
    with Terminal([FACTDESK, "import", sample]) as terminal:
        terminal.wait_for("Who is working?")
        assert terminal.interrupt() == 130
        assert "factdesk: interrupted" in terminal.seen and "Traceback" not in terminal.seen
    assert not (home / "desk.db").exists() and not (home / "config").exists()


TABLES = ("articles", "claims", "stats", "history", "residue 1", "show 1", "show 1 C1")
OF_REVIEW = ("review 1 --list", "summary 1", "inbox --as Ana", "threads", "compare 1", "settled 1", "assignments")


def wide(verbs: Sequence[str], *widths: int) -> list[tuple[str, int]]:
    """Each verb at the next of the widths, and at all of them with ``--deep``."""
    every = [(verb, columns) for verb in verbs for columns in widths]
    return every if depth.deep else [(verb, widths[n % len(widths)]) for n, verb in enumerate(verbs)]


@pytest.mark.parametrize(("verb", "columns"), wide(TABLES[:3], 40, 80, 200) + wide(TABLES[3:], 80))
def test_tables_fit_the_terminal_and_no_control_of_a_text_reaches_it(
    ana: Path, cli: Cli, verb: str, columns: int
) -> None:
    """Each table at one width; with ``--deep`` those that fill it at three."""
    from rich.cells import cell_len

    def made() -> None:
        cli("import", "-", input=(HOSTILE * 3).encode())
        cli("tag", 1, 0, 60, "--claim-text", HOSTILE, "--claimant", HOSTILE, "--verdict", "refuted")
        cli("edit", 1, "--title", HOSTILE, "--publisher", HOSTILE)

    once(ana, made)
    with Terminal([FACTDESK, *verb.split()], columns=columns) as terminal:
        assert terminal.finish() == 0, terminal.seen
        seen = terminal.said
    for dangerous in ("\x1b", "\x9b", "\x07", "\u202e", "\r"):
        assert dangerous not in seen
    if not verb.startswith("show"):
        assert [line for line in seen.split("\n") if cell_len(line) > columns] == []
    if verb == "show 1 C1":
        assert "[bold]claims[/bold]" in seen


@pytest.mark.parametrize(("verb", "columns"), wide(OF_REVIEW, 40, 80, 200))
def test_tables_of_second_review_fit_the_terminal_and_let_no_control_through(
    ana: Path, cli: Cli, verb: str, columns: int
) -> None:
    """Each table at one width, and with ``--deep`` at three."""
    from rich.cells import cell_len

    def reviewed() -> None:
        cli("import", "-", input=(HOSTILE * 3).encode())
        cli("edit", 1, "--title", HOSTILE)
        for place in ((0, 60), (60, 90), (90, 110)):
            cli("tag", 1, *place, "--verdict", "refuted")
        cli("assign", 1, "--to", "Bo Somebody with a long name", "--of", "Ana", "--as", "Eva")
        cli("decide", 1, "C1", "disagree", "--reason", "wrong_span", "--comment", HOSTILE, "--as", "Bo")
        cli("decide", 1, "C2", "change-claim-text", "--claim-text", HOSTILE, "--as", "Bo")
        cli("comment", 1, "C1", HOSTILE, "--on-review", "Bo")
        cli("adjudicate", 1, "C2", "first-correct", "--rationale", HOSTILE, "--as", "Eva")

    once(ana, reviewed)
    with Terminal([FACTDESK, *verb.split(), *([] if "--as" in verb else ["--as", "Bo"])], columns=columns) as terminal:
        assert terminal.finish() == 0, terminal.seen
        seen = terminal.said
    for dangerous in ("\x1b", "\x9b", "\x07", "\u202e", "\r"):
        assert dangerous not in seen
    assert "C1" in seen or verb in ("settled 1", "assignments")
    table = re.sub(r"\n[^\n]*(reviewed|ubmitted|Read )[^\n]*\.(?=\n)", "", seen)  # said beside it; may be wrapped
    assert [line for line in table.split("\n") if cell_len(line) > columns] == []


@pytest.mark.parametrize("verb", ["summary 1 --of Ana --markdown --as Bo", "agreement --markdown", "agreement --csv"])
def test_pages_are_safe_on_a_terminal(
    demo: Path, ana: Path, cli: Cli, verb: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("FACTDESK_DB", str(demo))
    assert cli("edit", 1, "--title", HOSTILE).exit_code == 0
    assert cli("tag", 1, 0, 20, "--claim-text", HOSTILE).exit_code == 0
    assert cli("review", 1, "--of", "Ana", "--list", "--as", "Bo").exit_code == 0
    assert cli("decide", 1, "C1", "comment", "--comment", HOSTILE, "--as", "Bo").exit_code in (0, 1, 2)
    with Terminal([FACTDESK, *verb.split()]) as terminal:
        terminal.finish()
    assert not {"\x1b", "\x9b", "\x07", "\u202e"} & set(terminal.seen)


@pytest.mark.parametrize(
    "args",
    [
        ("tag", "1", "\x1b[2Jx", "3"),
        ("tag", "1", "--\x1b[2J"),
        ("sh\x1b[2Jow",),
        ("show", "1", "2", "\x1b[2J\u202e"),
        ("decide", "1", "C1", "\x07\x9b31m"),
    ],
)
def test_wrong_usage_is_told_without_what_it_held(ana: Path, args: tuple[str, ...]) -> None:
    with Terminal([FACTDESK, *args]) as terminal:
        assert terminal.finish() in (1, 2)
    assert not {"\x1b", "\x9b", "\x07", "\u202e"} & set(terminal.seen)


def test_json_is_safe_on_a_terminal_and_the_same_data(ana: Path, cli: Cli) -> None:
    cli("import", "-", input=HOSTILE.encode())
    cli("tag", 1, 0, 60)
    with Terminal([FACTDESK, "claims", "--json"]) as terminal:
        assert terminal.finish() == 0
    for dangerous in ("\x1b", "\x9b", "\x07", "\u202e"):
        assert dangerous not in terminal.seen
    assert json.loads(terminal.said)[0]["quote"] == HOSTILE[:60]


def test_text_and_csv_are_exact_in_a_pipe_and_safe_on_a_terminal(ana: Path, cli: Cli) -> None:
    cli("import", "-", input=HOSTILE.encode())
    cli("tag", 1, 0, 60)
    assert run("show", 1, "--text", text=False).stdout == HOSTILE.encode()
    for args in (["show", "1", "--text"], ["export", "csv"]):
        assert "\x1b[31mred" in run(*args).stdout
        with Terminal([FACTDESK, *args]) as terminal:
            assert terminal.finish() == 0
        assert "␛[31mred" in terminal.seen and "\x1b" not in terminal.seen


def test_bars_are_drawn_where_people_look_and_left_out_of_a_pipe(ana: Path, cli: Cli) -> None:
    cli("import", "-", input="One thing. Another.")
    cli("tag", 1, 0, 10, "--verdict", "refuted")
    with Terminal([FACTDESK, "stats"]) as terminal:
        assert terminal.finish() == 0
    assert re.search("words read      █████████████·······  66 % +2 of 3\r\n", terminal.seen)
    assert "█" not in run("stats").stdout
    with Terminal([FACTDESK, "articles"]) as terminal:
        assert terminal.finish() == 0
    assert "▓▓▓▓▓▓▓··· 66 %" in terminal.seen


def test_a_reader_that_goes_away_is_no_error_to_speak_of(ana: Path, cli: Cli) -> None:
    cli("import", "-", input="\n\n".join(f"This is sentence number {n}." for n in range(5000)))
    for args in (["residue", "1"], ["residue", "1", "--json"], ["show", "1", "--text"], ["--help"]):
        shell = subprocess.run(
            ["bash", "-c", '"$@" | head -c 10 >/dev/null', "bash", FACTDESK, *args], capture_output=True, text=True
        )
        assert (shell.returncode, shell.stderr) == (0, "")


def test_output_that_has_no_room_is_refused_in_a_sentence(ana: Path, cli: Cli, sample: Path) -> None:
    cli("import", sample)
    with open("/dev/full", "w") as full:  # noqa: PTH123
        for args in (["articles"], ["articles", "--json"], ["export", "csv"]):
            result = run(*args, capture_output=False, stdout=full, stderr=subprocess.PIPE)
            assert result.returncode == 1
            assert "Traceback" not in result.stderr and "Exception ignored" not in result.stderr
            assert result.stderr.startswith("factdesk: ") and result.stderr.count("\n") == 1


@pytest.mark.parametrize("locale", ["C", "POSIX"])
def test_a_plain_locale_and_an_ascii_output_do_not_break_it(ana: Path, cli: Cli, locale: str) -> None:
    cli("import", "-", input=HOSTILE.encode())
    environment = {**os.environ, "LC_ALL": locale, "PYTHONIOENCODING": "ascii", "PYTHONUTF8": "0"}
    for args in (["articles"], ["claims"], ["scheme"], ["keys"]):
        assert run(*args, env=environment).returncode == 0
    text = run("show", "1", "--text", env=environment, text=False).stdout
    assert text == HOSTILE.encode()
    assert json.loads(run("articles", "--json", env=environment, text=False).stdout)[0]["number"] == 1


def test_ctrl_c_keeps_the_articles_that_are_in_and_says_so(ana: Path, cli: Cli) -> None:
    folder = ana / "many"
    folder.mkdir()
    for number in range(400):
        (folder / f"{number}.txt").write_text(f"Article number {number}.\n" + "Filler text. " * 50, "utf-8")
    args = ["import", *(f"{folder}/{number}.txt" for number in range(400))]
    program = """
import time, store.check.articles, store.formats.articles.batch as b
from tui.cli import main
drafts, b.HELD, store.check.articles._IMPORT_SECONDS = b.Batch.drafts, 0, 1e9
def slow(batch):
    for number, draft in enumerate(drafts(batch)):
        if number == 399:
            time.sleep(1_000)
        yield draft
b.Batch.drafts = slow
main()
"""
    process = subprocess.Popen(
        [sys.executable, "-c", program, *args],
        stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True,
    )  # fmt: skip
    give_up = time.monotonic() + PATIENCE
    while len(json.loads(cli("articles", "--json").stdout or "[]")) < 200:
        assert time.monotonic() < give_up and process.poll() is None
        time.sleep(0.05)
    process.send_signal(signal.SIGINT)
    out, err = process.communicate()
    assert (process.returncode, out) == (130, "")
    assert "factdesk: interrupted; 200 of 400 articles are in and stay" in err
    assert "Traceback" not in err
    assert len(json.loads(cli("articles", "--json").stdout)) == 200
    assert cli("verify").exit_code == 0


def test_the_app_without_a_terminal_on_any_side_names_the_headless_commands(ana: Path, sample: Path) -> None:
    for args in ([], ["open", sample]):
        for side in ("stdin", "stdout"):
            read, write = os.pipe()
            try:
                end = {side: read if side == "stdin" else write}
                with Terminal([FACTDESK, *args], **end) as terminal:
                    assert terminal.finish() == 1
                    assert "factdesk import" in terminal.seen and "Traceback" not in terminal.seen
            finally:
                os.close(read)
                os.close(write)
    assert not (ana / "desk.db").exists()


def test_open_imports_an_article_and_shows_it_in_the_app(ana: Path, cli: Cli) -> None:
    (ana / "a.txt").write_text("# Zeppelins\n\nA zeppelin landed in Kursk.", "utf-8")
    with Terminal([FACTDESK, "open", ana / "a.txt"]) as terminal:
        terminal.wait_for("landed")
        terminal.type("\x11")
        assert terminal.finish() == 0
    assert len(json.loads(cli("articles", "--json").stdout)) == 1


def test_open_reads_an_article_from_a_pipe_and_then_the_keys_from_the_terminal(ana: Path, cli: Cli) -> None:
    read, write = os.pipe()
    os.write(write, b"A zeppelin landed in Kursk. It left.")
    os.close(write)
    with Terminal([FACTDESK, "open", "-"], stdin=read) as terminal:
        os.close(read)
        terminal.wait_for("landed")
        terminal.type("t")
        terminal.wait_for("C1")
        terminal.type("\x11")
        assert terminal.finish() == 0
    assert [claim["quote"] for claim in json.loads(cli("claims", "--json").stdout)] == ["A zeppelin landed in Kursk"]


def test_several_articles_and_no_verb_at_all_open_the_library(ana: Path, cli: Cli) -> None:
    for name in ("Aardvark", "Zebra"):
        (ana / f"{name}.txt").write_text(f"{name} news. A second sentence.", "utf-8")
    for args in (["open", ana / "Aardvark.txt", ana / "Zebra.txt"], []):
        with Terminal([FACTDESK, *args]) as terminal:
            terminal.wait_for("Aardvark")
            terminal.wait_for("Zebra")
            terminal.type("\x11")
            assert terminal.finish() == 0
    assert len(json.loads(cli("articles", "--json").stdout)) == 2


def test_a_key_file_with_an_error_stops_the_app_with_a_sentence(ana: Path) -> None:
    (ana / "config").mkdir()
    (ana / "config" / "keys.toml").write_text('[keys]\ntga = "t"\n', "utf-8")
    with Terminal([FACTDESK]) as terminal:
        assert terminal.finish() == 1
    assert "keys.toml, line 2" in terminal.seen.replace("\r\n", "")
    assert "Traceback" not in terminal.seen
