"""A text goes to an editor outside, and the terminal comes back whatever becomes of the editor."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any, cast

import pytest
from textual.app import App

from store.errors import Refused
from tui.kit.external_editor import edited_outside


class Giving:
    """Gives its terminal away and takes it back as Textual does: only if nothing was raised meanwhile."""

    away = False

    @contextmanager
    def suspend(self) -> Iterator[None]:
        self.away = True
        yield
        self.away = False


def edited(monkeypatch: pytest.MonkeyPatch, command: str) -> str:
    monkeypatch.setenv("VISUAL", command)
    app = Giving()
    try:
        return edited_outside(cast("App[Any]", app), "before")
    finally:
        assert not app.away


def script(path: Path, lines: str) -> str:
    path.write_text(f"#!/bin/sh\n{lines}\n")
    path.chmod(0o755)
    return f"{path}"


@pytest.mark.parametrize(
    ("command", "why"),
    [
        ("/no/such/editor", "cannot be run"),
        ("code 'x", "cannot be read"),
        ("false", "ended with an error"),
        ("rm", "left no text"),
    ],
)
def test_an_editor_that_fails_leaves_text_and_terminal(monkeypatch: pytest.MonkeyPatch, command: str, why: str) -> None:
    with pytest.raises(Refused, match=why):
        edited(monkeypatch, command)


def test_what_is_no_text_is_not_taken(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    with pytest.raises(Refused, match="no text in UTF-8"):
        edited(monkeypatch, script(tmp_path / "editor", "printf '\\377' > \"$1\""))


def test_an_interruption_is_for_the_editor(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    editor = script(tmp_path / "editor", 'trap "" INT; kill -INT $PPID; printf after > "$1"')
    try:
        assert edited(monkeypatch, editor) == "after"
    except KeyboardInterrupt:
        pytest.fail("The app was interrupted with its editor.")
