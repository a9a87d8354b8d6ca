"""Who may know whom: the store has no screen, the screens have no SQL."""

from __future__ import annotations

import re
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
SQL = [
    r"\bSELECT \S", r"\bINSERT (?:OR|INTO)\b", r"\bUPDATE \S+ SET\b", r"\bDELETE FROM\b",
    r"\bimport sqlite3\b", r"\bsqlite3\.", r"\.log\.conn\b", r"\.conn\.execute\b",
]  # fmt: skip
MODULES = sorted(
    ".".join(file.relative_to(ROOT).with_suffix("").parts)
    for file in (ROOT / "store").rglob("*.py")
    if file.name != "__init__.py"
)


def loaded_after(code: str, *arguments: str) -> set[str]:
    """The modules that a fresh Python holds after running some code."""
    code = f"import sys; sys.path.insert(0, {str(ROOT)!r})\n{code}\nprint(*sys.modules)"
    run = subprocess.run([sys.executable, "-c", code, *arguments], capture_output=True, text=True, timeout=60)
    assert run.returncode == 0, run.stderr
    return {name.split(".")[0] for name in run.stdout.split()}


def test_the_store_knows_no_screen() -> None:
    loaded = loaded_after("import importlib\n" + "\n".join(f"importlib.import_module({name!r})" for name in MODULES))
    assert not loaded & {"textual", "rich", "tui", "click"}
    assert "store" in loaded and len(MODULES) > 15


def test_nothing_in_the_store_even_names_a_screen_library() -> None:
    for file in (ROOT / "store").rglob("*.py"):
        assert not re.search(r"^\s*(?:from|import) (?:textual|rich|tui|click)\b", file.read_text(), re.MULTILINE), file


def test_working_on_an_existing_desk_does_not_load_sqlite_utils(path: Path) -> None:
    from store.desk import Desk

    with Desk.open(path, "Ana") as desk:
        desk.add_article("It rained on Monday. Nobody saw it.")
    code = """
from store.desk import Desk
with Desk.open(sys.argv[1], "Ana") as desk:
    claim = desk.tag("1", 0, 20)
    desk.give_verdict(claim, "mixed")
    desk.add_evidence(claim, "supports", url="https://a.example")
    desk.claims("1"), desk.history(), desk.search("rained"), desk.shelf(), desk.conflicts(), desk.undo(), desk.redo()
"""
    loaded = loaded_after(code, str(path))
    assert "store" in loaded and not loaded & {"sqlite_utils", "textual", "rich"}
    with Desk.open(path) as desk:
        assert desk.claims("1")[0].verdict == "mixed"


@pytest.mark.parametrize(
    "pattern",
    [
        r"\bSELECT \S",
        r"\bINSERT (?:OR|INTO)\b",
        r"\bUPDATE \S+ SET\b",
        r"\bDELETE FROM\b",
        r"\bimport sqlite3\b",
        r"\bsqlite3\.",
        r"\.log\.conn\b",
        r"\.conn\.execute\b",
    ],
)
def test_the_screens_hold_no_sql(pattern: str) -> None:
    files = list((ROOT / "tui").rglob("*.py"))
    assert len(files) > 5
    held = [file.name for file in files if re.search(pattern, file.read_text())]
    assert held == []


def test_the_floors_of_the_store_are_climbed_downwards() -> None:
    """The pure rooms know no desk: text and measure import only records, errors and what lies below them."""
    allowed = {"text": {"errors", "records", "text", "toml"}, "measure": {"errors", "measure", "records", "text"}}
    for room, below in allowed.items():
        for file in (ROOT / "store" / room).glob("*.py"):
            imported = set(re.findall(r"^\s*from store\.(\w+)", file.read_text(), re.MULTILINE))
            assert imported <= below, file.name


def test_the_store_says_nothing_of_machines_or_makers() -> None:
    for file in (ROOT / "store").rglob("*.py"):
        assert not re.search(r"/tmp/|/work/|/root/|\bTODO\b|\bFIXME\b|NotImplemented", file.read_text()), file
