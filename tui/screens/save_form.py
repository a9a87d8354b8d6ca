"""Asks for a file, and has it written."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

from store.refusals import Refused
from tui.screens.form import Field, Form


class SaveForm(Form[str]):
    """Asks for the name of a file that is not there yet. Gives what ``write`` said of it; Esc writes nothing."""

    def __init__(self, title: str, write: Callable[[Path], str], *, placeholder: str, intro: str) -> None:
        told = f"{intro} A file that is there already stays. Enter writes it, Esc does not."
        super().__init__(title, [Field("path", "File", placeholder=placeholder)], intro=told)
        self._write = write
        self._path = ""

    def save(self, name: str, value: str) -> None:
        self._path = value.strip()

    def close_form(self) -> None:
        editor = self.editor("path")
        try:
            if not self._path:
                raise Refused("Which file? Type its name, with the folder when it is not this one.")
            path = Path(self._path).expanduser()
            if path.exists():
                raise Refused(f"{path} is there already: give another name.")
            said = self._write(path)
        except (Refused, ValueError) as refusal:
            self.set_focus(editor)
            editor.begin()
            raise Refused(str(refusal)) from None
        self.dismiss(said)

    def leave(self) -> None:
        self.dismiss(None)
