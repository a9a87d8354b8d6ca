"""What only opens the app ends the same whichever way it is read: plainly, or by the whole command line."""

from __future__ import annotations

import io
import shutil
import sys
from collections.abc import Callable, Iterator, Sequence
from contextlib import redirect_stderr, redirect_stdout
from pathlib import Path
from typing import NamedTuple

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from store.desk import Desk
from store.records import Article
from tests.kit import depth
from tests.kit.terminal import FACTDESK, Terminal
from tui import cli
from tui.__main__ import plain_opening, start
from tui.commands import import_and_open, opened_desk, output

WHOLE = "_FACTDESK_COMPLETE"
"""With this variable the whole command line is read; click takes an empty one for none."""

PATHS = (
    "rain.txt",
    "twice.txt",
    "folder",
    "list.csv",
    "empty.txt",
    "bytes.txt",
    "missing.txt",
    "import",
    "open",
    "stats",
    "ftp://rain",
)
ODD = ("", "-", "--", "--json", "--help", "--version", "--db=desk.db", "--as=Bo", "-h", "--nonsense")
VALUES = {
    "--db": ("desk.db", "other.db", "folder", "rain.txt", "missing/desk.db", "", "--as"),
    "--as": ("Bo", "", "Bo\x07", "B" * 300, "--db"),
}
ENDS: dict[str, BaseException | None] = {
    "as asked": None,
    "with a code": SystemExit(3),
    "by Ctrl-C": KeyboardInterrupt(),
    "by a reader who left": BrokenPipeError(),
    "by a full disk": OSError(28, "No space left on device"),
    "by a file": OSError(13, "Permission denied", "settings.toml"),
    "by letters that are none": UnicodeEncodeError("utf-8", "\ud800", 0, 1, "surrogates"),
    "by a fault": RuntimeError("a fault"),
}


class Ended(NamedTuple):
    code: object
    out: str
    err: str
    shown: list[tuple[str, str, str]]
    """The desk, the person and the article that the app was begun with."""
    articles: list[str]


def written_out(
    options: list[tuple[str, str]], place: list[str], at: list[int], odd: list[tuple[int, str]]
) -> list[str]:
    """A command line: what is opened, with options before, between and after, and words that are not plain."""
    groups = [[word] for word in place]
    for (name, value), where in zip(options, at, strict=False):
        groups.insert(where % (len(groups) + 1), [name, value])
    words = [word for group in groups for word in group]
    for where, word in odd:
        words.insert(where % (len(words) + 1), word)
    return words


option = st.sampled_from([(name, value) for name, values in VALUES.items() for value in values])
path = st.sampled_from(PATHS)
place = st.one_of(
    st.just([]), path.map(lambda one: [one]), path.map(lambda one: ["open", one]), st.lists(path, max_size=3)
)
position = st.integers(0, 5)
odd = st.one_of(st.just([]), st.just([]), st.lists(st.tuples(position, st.sampled_from(ODD)), max_size=1))
lines = st.builds(written_out, st.lists(option, max_size=3), place, st.lists(position, min_size=3, max_size=3), odd)


@pytest.fixture(scope="module")
def furnished(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with a desk, and what one may open or not."""
    folder = tmp_path_factory.mktemp("plain") / "home"
    folder.mkdir()
    for name, text in (("rain", "It rained in May."), ("twice", "It rained twice."), ("empty", ""), ("bytes", "\0\1")):
        (folder / f"{name}.txt").write_text(text)
    (folder / "list.csv").write_text("title,text\nA,It rained.\nB,It snowed.\n")
    (folder / "folder").mkdir()
    (folder / "import").write_text("It rained on the import.")
    with Desk.open(folder / "desk.db", "Ana") as desk:
        desk.articles.add("It rained twice.")
    return folder


@pytest.fixture
def outside(monkeypatch: pytest.MonkeyPatch) -> Iterator[pytest.MonkeyPatch]:
    monkeypatch.delenv("FACTDESK_REVIEWER", raising=False)
    monkeypatch.delenv("FACTDESK_DEBUG", raising=False)
    monkeypatch.setattr("gc.set_threshold", lambda *_: None)
    with monkeypatch.context() as patch:
        yield patch


def ends(
    way: Callable[[], None], words: Sequence[str], furnished: Path, attended: bool, reviewer: str, end: str,
    patch: pytest.MonkeyPatch,
) -> Ended:  # fmt: skip
    """What a command line comes to in a folder of its own."""
    home = furnished.with_name("run")
    shutil.rmtree(home, ignore_errors=True)
    shutil.copytree(furnished, home)
    shown: list[tuple[str, str, str]] = []

    def show(desk: Desk, article: Article | None = None) -> None:
        shown.append((str(desk.path), str(desk.reviewer), article.title if article else ""))
        if (error := ENDS[end]) is not None:
            raise error

    patch.chdir(home)
    patch.setattr(sys, "argv", ["factdesk", *words])
    patch.setattr(import_and_open, "start_app", show)
    patch.setattr(output, "_close", lambda _: None)
    patch.setattr(opened_desk, "has_terminal", lambda **_: attended)
    patch.setenv("FACTDESK_DB", "desk.db")
    patch.setenv("FACTDESK_CONFIG", str(home / "config"))
    patch.setenv("FACTDESK_REVIEWER", reviewer)
    code: object = None
    with redirect_stdout(io.StringIO()) as out, redirect_stderr(io.StringIO()) as err:
        try:
            way()
        except SystemExit as leaving:
            code = leaving.code
    with Desk.open(home / "desk.db") as desk:
        return Ended(
            code or 0, out.getvalue(), err.getvalue(), shown, [article.title for article in desk.articles.all()]
        )


@settings(max_examples=depth.examples(600), deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(lines, st.booleans(), st.sampled_from(["Ana", "Ana", ""]), st.sampled_from(list(ENDS)))
def test_a_plain_opening_ends_as_the_whole_command_line_has_it(
    furnished: Path, outside: pytest.MonkeyPatch, words: list[str], attended: bool, reviewer: str, end: str
) -> None:
    outside.chdir(furnished)
    if plain_opening(words) is None:
        return
    plainly = ends(start, words, furnished, attended, reviewer, end, outside)
    wholly = ends(cli.main, words, furnished, attended, reviewer, end, outside)
    assert plainly == wholly


@pytest.mark.parametrize(
    ("words", "plain"),
    [
        *(([], True), (["rain.txt"], True), (["open", "rain.txt"], True), (["--db", "a.db", "rain.txt"], True)),
        *((["open", "--as", "Bo", "import", "--db", "a.db"], True), (["--as", "Bo"], True)),
        *((["open"], False), (["missing.txt"], False), (["import"], False), (["open", "-"], False)),
        *((["rain.txt", "twice.txt"], False), (["--db=a.db"], False), (["--db", "", "rain.txt"], False)),
        *((["open", "rain.txt", "--captions"], False), (["--", "rain.txt"], False), (["rain.txt", "--as"], False)),
    ],
)
def test_what_is_plain(furnished: Path, monkeypatch: pytest.MonkeyPatch, words: list[str], plain: bool) -> None:
    monkeypatch.chdir(furnished)
    assert (plain_opening(words) is not None) == plain
    monkeypatch.setenv(WHOLE, "bash_complete")
    assert plain_opening(words) is None  # the shell asks what may follow


@pytest.mark.parametrize("wholly", [False, True])
@pytest.mark.parametrize("at_the_end", [False, True])
def test_a_question_that_is_not_answered_ends_both_ways_alike(
    home: Path, sample: Path, monkeypatch: pytest.MonkeyPatch, at_the_end: bool, wholly: bool
) -> None:
    if wholly:
        monkeypatch.setenv(WHOLE, "")
    with Terminal([FACTDESK, "open", sample]) as terminal:
        terminal.wait_for("Who is working?")
        if at_the_end:
            terminal.type("\x04")
        assert (terminal.finish() if at_the_end else terminal.interrupt()) == 130
        assert "factdesk: interrupted" in terminal.seen and "Traceback" not in terminal.seen
    assert not (home / "desk.db").exists() and not (home / "config").exists()


def test_on_a_terminal_both_ways_say_the_same_to_the_letter(
    ana: Path, sample: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (ana / "folder").mkdir()
    (ana / "empty.txt").write_text("")
    (ana / "config").mkdir()
    (ana / "config" / "keys.toml").write_text('[keys]\ntga = "t"\n', "utf-8")
    lines: list[list[object]] = [
        [], [sample], ["open", sample], ["open", ana / "missing.txt"], ["open", ana / "empty.txt"], [ana / "folder"],
        ["--db", ana / "folder", sample], ["--as", "Bo\x07", sample], ["--db", sample],
    ]  # fmt: skip
    for line in lines:
        said = []
        for wholly in (False, True):
            monkeypatch.setenv(WHOLE, "") if wholly else monkeypatch.delenv(WHOLE, raising=False)
            (ana / "desk.db").unlink(missing_ok=True)
            with Terminal([FACTDESK, *line]) as terminal:
                said.append((terminal.finish(), terminal.said))
        assert said[0] == said[1], line
        assert said[0][0] == 1 and "factdesk: " in said[0][1], line
