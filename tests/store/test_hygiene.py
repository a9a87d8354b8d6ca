"""Who may know whom: the store has no screen, the screens have no SQL."""

from __future__ import annotations

import re
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
FILES = sorted((ROOT / "store").rglob("*.py"))
MODULES = [".".join(file.relative_to(ROOT).with_suffix("").parts) for file in FILES if file.name != "__init__.py"]


def loaded_after(code: str, *arguments: str) -> set[str]:
    """The modules that a fresh Python holds after running some code."""
    code = f"import sys; sys.path.insert(0, {str(ROOT)!r})\n{code}\nprint(*sys.modules)"
    run = subprocess.run([sys.executable, "-c", code, *arguments], capture_output=True, text=True)
    assert run.returncode == 0, run.stderr
    return {name.split(".")[0] for name in run.stdout.split()}


def test_the_store_knows_no_screen() -> None:
    loaded = loaded_after("import importlib\n" + "\n".join(f"importlib.import_module({name!r})" for name in MODULES))
    assert not loaded & {"textual", "rich", "tui", "click"}
    assert "store" in loaded and len(MODULES) > 15


def test_nothing_in_the_store_even_names_a_screen_library() -> None:
    for file in (ROOT / "store").rglob("*.py"):
        assert not re.search(r"^\s*(?:from|import) (?:textual|rich|tui|click)\b", file.read_text(), re.MULTILINE), file


def test_the_public_face_is_a_desk_and_what_it_refuses_with_and_loads_nothing_before_it_is_asked() -> None:
    import store
    from store import errors
    from store.desk import Desk

    assert {name: getattr(store, name) for name in store.__all__} == {
        "Desk": Desk, "Busy": errors.Busy, "Duplicate": errors.Duplicate, "Refused": errors.Refused,
        "Unknown": errors.Unknown,
    }  # fmt: skip
    assert not hasattr(store, "Log")
    assert "sqlite3" not in loaded_after("import store")
    assert "sqlite3" in loaded_after("import store; store.Desk")


def test_what_folds_moves_lays_out_counts_and_measures_knows_no_file_and_no_screen() -> None:
    pure = "store.log.fold", "store.text.coverage", "store.measure.figures", "tui.text.motions", "tui.text.layout"
    assert not loaded_after(f"import {', '.join(pure)}") & {"sqlite3", "textual", "click"}


def test_a_desks_history_is_written_by_one_door() -> None:
    """Two more write what is not a desk yet: a copy to send, and what came in and is not merged."""
    writes = re.compile(r"(?:INSERT (?:OR \w+ )?INTO|REPLACE INTO|UPDATE|DELETE FROM) (?:main\.)?changes\b")
    found = {file.relative_to(ROOT).as_posix() for file in FILES if writes.search(file.read_text())}
    assert found == {"store/log/log.py", "store/sync/share.py", "store/sync/staged_changes.py"}


CONNECTED = {
    "store/access/session.py": "it reads and writes for all rooms",
    "store/desk.py": "`Desk.db` hands the connection out, for queries of your own",
    "store/upkeep.py": "it looks after the file below the log: its integrity, tables and indexes",
}
"""Who knows the connection of an open desk besides what it is logged with, and why."""


def test_the_connection_is_known_to_the_log_and_the_session() -> None:
    files = [*FILES, *(ROOT / "tui").rglob("*.py")]
    knows = {file.relative_to(ROOT).as_posix() for file in files if re.search(r"log\.conn\b", file.read_text())}
    assert {place for place in knows if not place.startswith("store/log/")} == CONNECTED.keys()
    assert (ROOT / "store/desk.py").read_text().count("log.conn") == 1


def test_records_are_tuples_which_are_made_in_no_time() -> None:
    from store import records

    own = [one for one in vars(records).values() if isinstance(one, type) and one.__module__ == records.__name__]
    assert len(own) > 10 and all(issubclass(one, tuple) for one in own)


def test_working_on_an_existing_desk_does_not_load_sqlite_utils(path: Path) -> None:
    from store.desk import Desk

    with Desk.open(path, "Ana") as desk:
        desk.articles.add("It rained on Monday. Nobody saw it.")
    code = """
from store.desk import Desk
with Desk.open(sys.argv[1], "Ana") as desk:
    claim = desk.claims.tag("1", 0, 20)
    desk.verdicts.give(claim, "mixed")
    desk.evidence.add(claim, "supports", url="https://a.example")
    desk.claims.of("1"), desk.history.of(), desk.library.search("rained"), desk.library.shelf()
    desk.conflicts.of(), desk.history.undo(), desk.history.redo()
"""
    loaded = loaded_after(code, str(path))
    assert "store" in loaded and not loaded & {"sqlite_utils", "textual", "rich"}
    with Desk.open(path) as desk:
        assert desk.claims.of("1")[0].verdict == "mixed"


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


def test_people_are_compared_by_who_they_are() -> None:
    """A name says what somebody is called; whether two are the same person only their ids tell."""
    folded = re.compile(
        r"\b(?:by|checker|whose|reviewer|person|answered_by|chosen)\.casefold\(\) (?:==|!=|in|not in)\b"
    )
    derived = re.compile(r"\breviewer_id\(")
    for file in (one for floor in ("store", "tui") for one in (ROOT / floor).rglob("*.py")):
        text = file.read_text()
        assert not folded.search(text), file
        assert not derived.search(text) or file.parts[-2:] in (("access", "names.py"), ("formats", "snapshot.py")), file


def test_the_store_says_nothing_of_machines_or_makers() -> None:
    for file in (ROOT / "store").rglob("*.py"):
        assert not re.search(r"/tmp/|/work/|/root/|\bTODO\b|\bFIXME\b|NotImplemented", file.read_text()), file


OPENING = {
    "the door to write": ("store/log/atomic_write.py",),
    "the door to read": ("store/file_locks.py",),
    "what the system tells of its drives": ("store/log/drives.py",),
    "SQLite's own file, before SQLite has it": (
        "store/log/file.py",
        "store/log/backup.py",
        "store/log/copies.py",
        "store/drafts.py",
    ),
    "inside a folder on its way": (
        "store/formats/folder.py",
        "store/formats/tables.py",
        "store/formats/files.py",
        "store/formats/signed.py",
    ),
    "the small files beside a desk that say who is here": ("store/who_is_here.py",),
    "in a folder that the app of a visitor made for what goes to the browser": ("tui/serve/server.py",),
    "inside an archive that is open": ("store/formats/articles/archive.py",),
    "what is shipped, and devices": (
        "store/scheme.py",
        "store/text/clauses.py",
        "store/text/triage.py",
        "tui/commands/run.py",
        "tui/kit/external_editor.py",
        "tui/commands/opened_desk.py",
        "tui/commands/output.py",
    ),
}


def test_files_are_opened_by_two_doors_alone() -> None:
    """To open what is open drops its locks, to write where a desk is replaces it: `open_files`, `atomic_write`."""
    opening = re.compile(
        r"(?<!Desk)\.open\(|(?<![\w.])open\(|\.(?:read|write)_(?:text|bytes)\(|mkstemp|NamedTemporary|copyfile\(|os\.replace"
    )
    ours = re.compile(r"def open\(|opening\.|browser\.open|self\._open|articles\.read_text\(")
    found = {
        file.relative_to(ROOT).as_posix()
        for floor in ("store", "tui")
        for file in (ROOT / floor).rglob("*.py")
        for line in file.read_text().splitlines()
        if opening.search(ours.sub("", line))
    }
    assert found - {file for files in OPENING.values() for file in files} == set()
