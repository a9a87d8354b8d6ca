"""What another desk's log says is refused, or is JSON to every program that reads this one's."""

from __future__ import annotations

import json
import shutil
import sqlite3
import sys
from pathlib import Path
from tempfile import TemporaryDirectory

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from store.desk import Desk
from store.errors import Refused
from tests.kit.depth import examples

_PLAIN = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=3), inner, max_size=3),
    max_leaves=6,
)
_ODD = [
    *"\0\t\n\v\x1f\x7f\x85\u2028\ufeff'\"\\,:+-.0eE[]{}", "NaN", "-Infinity", "1e999", "01", "0x1", "1.", ".5",
    "\\ud800", "\\x41", "\\u12", "/**/", "//", "true", "nul", 5000 * "1",
    *(deep * "[" + deep * "]" for deep in (400, 900, 1500)),
]  # fmt: skip


@st.composite
def _said(draw: st.DrawFn) -> str:
    """What begins as JSON does, most of it JSON, with something odd put in."""
    text = json.dumps({"tags": draw(_PLAIN), "tags ": draw(_PLAIN)}, ensure_ascii=draw(st.booleans()))
    for odd in draw(st.lists(st.sampled_from(_ODD), max_size=2)):
        place = draw(st.integers(0, len(text)))
        text = text[:place] + odd + text[place:]
    return text.encode("utf-8", "replace").decode()


def _alter(path: Path, column: str, said: str) -> None:
    """Let another program alter the newest change of a log."""
    conn = sqlite3.connect(path, isolation_level=None)
    conn.execute("DROP TRIGGER changes_are_fixed")
    conn.execute("PRAGMA ignore_check_constraints = ON")
    conn.execute(f"UPDATE changes SET {column} = ? WHERE seq = (SELECT max(seq) FROM changes)", (said,))
    conn.close()


@pytest.fixture(scope="module")
def files(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, Path]:
    """Two desks that were one until one of them tagged a claim."""
    folder = tmp_path_factory.mktemp("json")
    with Desk.open(folder / "mine.db", "Ana") as desk:
        desk.articles.add("It rained.")
        theirs = desk.backup(folder / "theirs.db")
    with Desk.open(theirs, "Bo") as other:
        other.claims.tag("1", 0, 10)
    return folder / "mine.db", theirs


def _try(files: tuple[Path, Path], column: str, said: str) -> bool:
    """Whether a file is taken in of which a change says this; either way what this desk's log says is JSON."""
    with TemporaryDirectory() as name:
        mine, theirs = (Path(shutil.copy(file, name)) for file in files)
        _alter(theirs, column, said)
        with Desk.open(mine, "Ana") as desk:
            try:
                desk.merges.merge([theirs])
            except Refused as refusal:
                assert "malformed" in str(refusal) or column == "parents", refusal
                return False
            log = desk.session.log
            assert log.rows("SELECT id FROM changes WHERE NOT (json_valid(patch) AND json_valid(parents))") == []
            assert log.rows("PRAGMA ignore_check_constraints") == [(0,)]
        return True


@settings(max_examples=examples(300))
@given(_said(), st.sampled_from(["patch", "parents"]))
def test_whatever_a_log_says_is_json_once_it_is_taken_in(files: tuple[Path, Path], said: str, column: str) -> None:
    _try(files, column, said)


@pytest.mark.parametrize(("column", "said"), [("patch", '{"tags": %s}'), ("parents", "[%s]")])
def test_lists_in_lists_deeper_than_sqlite_reads_are_refused_where_python_reads_them(
    files: tuple[Path, Path], column: str, said: str
) -> None:
    limit = sys.getrecursionlimit()
    sys.setrecursionlimit(20_000)
    try:
        assert not _try(files, column, said % (2_500 * "[" + 2_500 * "]"))
    finally:
        sys.setrecursionlimit(limit)


def test_plain_json_is_taken_in(files: tuple[Path, Path]) -> None:
    assert _try(files, "patch", '{ "tags": [] }')
