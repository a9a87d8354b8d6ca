"""What starting does before the text can be seen is counted: each module and each call there is waited for."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path
from typing import NamedTuple

import pytest

from store.desk import Desk
from tui.keys.actions_and_keys import ACTIONS
from tui.keys.keymap import parse

ROOT = Path(__file__).parents[2]

PROGRAM = """
import json, sys
from typing import ForwardRef
root, file = sys.argv[1:]
calls = {}
def count(frame, event, argument):
    if event == "call" and frame.f_code.co_filename.startswith((root + "/store/", root + "/tui/")):
        code = frame.f_code
        name = code.co_filename[len(root) + 1:-3].replace("/", ".") + "." + code.co_name
        if code.co_name != "<module>":
            calls[name] = calls.get(name, 0) + 1
sys.setprofile(count)
from textual.app import App
from tui.__main__ import start
from tui.commands import opened_desk
opened_desk.has_terminal = lambda **_: True  # it draws into the air
def compiled():
    for name, module in list(sys.modules.items()):
        if name.startswith(("store", "tui")):
            for one in vars(module).values():
                own = getattr(one, "__module__", "") == name and hasattr(one, "_fields")
                if own and any(isinstance(each, ForwardRef) for each in one.__annotations__.values()):
                    yield f"{name}.{one.__name__}"
seen, run = [], App.run
def seen_once(app):
    def drawn():
        view = app.screen.view
        if not seen and any("prisoners" in strip.text for strip in view.render_lines(view.size.region)):
            sys.setprofile(None)
            widgets = sorted(type(one).__name__ for one in app._registry)
            seen.extend((sorted(sys.modules), sorted(compiled()), widgets))
            app.exit()
    app.post_display_hook = drawn
    run(app, headless=True, size=(120, 40))
App.run = seen_once
sys.argv = ["factdesk", "open", file]
start()
print(json.dumps([*seen, calls]))
"""


class Begun(NamedTuple):
    modules: list[str]
    compiled: list[str]
    """The named tuples whose annotations were texts, each of which is compiled when the class is made."""
    widgets: list[str]
    """All nodes that are there, by the names of their classes: each has its styles found, and a task of its own."""
    calls: dict[str, int]
    """How often each function of factdesk was called, by module and name."""


@pytest.fixture(scope="module")
def begun(tmp_path_factory: pytest.TempPathFactory, sample: Path) -> Begun:
    """What there is, and was done, once the sample can be seen."""
    home = tmp_path_factory.mktemp("start")
    with Desk.open(home / "desk.db", "Ana") as desk:
        desk.articles.add(sample.read_text(encoding="utf-8"))
    done = subprocess.run(
        [sys.executable, "-c", PROGRAM, str(ROOT), str(sample)],
        capture_output=True,
        text=True,
        cwd=ROOT,
        env={
            "FACTDESK_CONFIG": str(home),
            "FACTDESK_DB": str(home / "desk.db"),
            "FACTDESK_REVIEWER": "Ana",
            "TERM": "xterm-256color",
            "PYTHONUTF8": "1",
        },
    )
    return Begun(*json.loads(done.stdout.splitlines()[-1]))


def test_the_first_frame_waits_for_no_more_modules_than_it_shows(begun: Begun) -> None:
    modules = begun.modules
    assert "tui.view.view" in modules
    own = [name for name in modules if name.split(".")[0] in ("store", "tui")]
    assert len(own) <= 90, own
    assert "click" not in modules  # what reads a whole command line takes longer than reading the article
    later = ("store.scheme", "store.text.coverage", "store.text.sentences", "store.check.claims", "store.history",
             "store.access.permissions", "tui.claim", "tui.cli", "tui.commands.command", "tui.article.open_article",
             "tui.article.tour", "tui.article.claim_actions", "tomllib", "sqlite_utils", "store.reports",
             "store.drafts", "tui.kit.unsaved", "tui.keys.keyboard_layouts",
             "store.log.rotation")  # fmt: skip
    assert not [name for name in modules if name.startswith(later)]


def test_the_first_frame_waits_for_no_annotations_to_be_compiled(begun: Begun) -> None:
    unloaded = ["store.formats.Listed"]  # it tells of modules that are not loaded
    assert begun.compiled == unloaded, "leave `from __future__ import annotations` out where these are made"


def test_the_first_frame_waits_for_no_more_widgets_than_it_shows(begun: Begun) -> None:
    shown = ["ArticleScreen", "ArticleView", "Bar", "Ground", "Ground", "HintLine", "Vertical"]
    assert begun.widgets == sorted([*shown, "ToastRack"]), "ToastRack is Textual's own"


def test_the_first_frame_waits_for_no_more_calls_than_it_needs(begun: Begun) -> None:
    calls = begun.calls
    assert calls["tui.view.article_rows.render_lines"] == 2  # it counts: the frame, and the look that finds it
    assert sum(times for name, times in calls.items() if name.endswith(".render_line")) <= 2  # head and foot
    assert sum(calls.values()) <= 4_700, sorted(calls.items(), key=lambda one: -one[1])[:20]
    assert calls.get("tui.keys.keymap.canonical", 0) == 0
    assert calls["store.check.articles._by_id"] <= 2


def test_reading_a_file_loads_nothing_of_the_web_and_of_archives() -> None:
    code = "import sys, store.formats.articles.batch; print(*sys.modules)"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, cwd=ROOT)
    assert "store.formats.articles.batch" in done.stdout.split()
    loaded = set(done.stdout.split())
    assert not {"http.client", "zipfile", "email.message", "glob", "tomllib", "shlex", "dataclasses"} & loaded
    assert not {f"store.formats.articles.{name}" for name in ("fetch", "address", "entry", "plaintext")} & loaded


def test_the_keys_of_the_registry_are_written_as_they_are_read() -> None:
    assert all(parse(key) == tuple(key.split()) for action in ACTIONS for key in action.keys)
