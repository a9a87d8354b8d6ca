"""What starting does before the text can be seen is counted: each module and each call there is waited for."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path

import pytest

from store.desk import Desk
from tui.keys.actions import ACTIONS
from tui.keys.keymap import parse

ROOT = Path(__file__).parents[2]

PROGRAM = """
import json, sys
root, file = sys.argv[1:]
calls = {}
def count(frame, event, argument):
    if event == "call" and frame.f_code.co_filename.startswith((root + "/store/", root + "/tui/")):
        name = frame.f_code.co_name
        if name != "<module>":
            calls[name] = calls.get(name, 0) + 1
sys.setprofile(count)
from store.desk import Desk
from tui import settings
from tui.app import FactdeskApp
with Desk.open(file, "Ana") as desk:
    app = FactdeskApp(desk, settings.load(), desk.articles.get("1"))
    seen = []
    def drawn():
        view = app.screen.view
        if not seen and any("prisoners" in strip.text for strip in view.render_lines(view.size.region)):
            sys.setprofile(None)
            seen.extend(sorted(sys.modules))
            app.exit()
    app.post_display_hook = drawn
    app.run(headless=True, size=(120, 40))
print(json.dumps([seen, calls]))
"""


@pytest.fixture(scope="module")
def begun(tmp_path_factory: pytest.TempPathFactory, sample: Path) -> tuple[list[str], dict[str, int]]:
    """The modules there are, and how often each function of factdesk was called, once the sample can be seen."""
    home = tmp_path_factory.mktemp("start")
    with Desk.open(home / "desk.db", "Ana") as desk:
        desk.articles.add(sample.read_text(encoding="utf-8"))
    done = subprocess.run(
        [sys.executable, "-c", PROGRAM, str(ROOT), str(home / "desk.db")],
        capture_output=True,
        text=True,
        cwd=ROOT,
        env={"FACTDESK_CONFIG": str(home), "TERM": "xterm-256color"},
    )
    modules, calls = json.loads(done.stdout.splitlines()[-1])
    return modules, calls


def test_the_first_frame_waits_for_no_more_modules_than_it_shows(begun: tuple[list[str], dict[str, int]]) -> None:
    modules, _ = begun
    assert "tui.view.view" in modules
    own = [name for name in modules if name.split(".")[0] in ("store", "tui")]
    assert len(own) <= 91, own
    later = ("store.scheme", "store.text.coverage", "store.text.sentences", "store.check.claims", "store.history",
             "store.access.permissions", "tui.claim", "tui.commands", "tui.article.open_article",
             "tui.article.tour", "tomllib", "sqlite_utils")  # fmt: skip
    assert not [name for name in modules if name.startswith(later)]


def test_the_first_frame_waits_for_no_more_calls_than_it_needs(begun: tuple[list[str], dict[str, int]]) -> None:
    _, calls = begun
    assert calls["render_line"] < 60  # it counts
    assert sum(calls.values()) <= 6_050, sorted(calls.items(), key=lambda one: -one[1])[:20]
    assert calls.get("canonical", 0) == 0
    assert calls["_by_id"] <= 2


def test_reading_a_file_loads_nothing_of_the_web_and_of_archives() -> None:
    code = "import sys, store.formats.articles.batch; print(*sys.modules)"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, cwd=ROOT)
    assert "store.formats.articles.batch" in done.stdout.split()
    assert not {"http.client", "zipfile", "email.message", "glob", "tomllib"} & set(done.stdout.split())


def test_the_keys_of_the_registry_are_written_as_they_are_read() -> None:
    assert all(parse(key) == tuple(key.split()) for action in ACTIONS for key in action.keys)
