"""A text in an editor of your own choice, outside the app."""

from __future__ import annotations

import os
import shlex
import signal
import subprocess
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

from textual.app import App, SuspendNotSupported

from store.errors import Refused


def edited_outside(app: App[Any], text: str) -> str:
    """Give the terminal to the editor of ``VISUAL`` or ``EDITOR`` with a text; gives the text as it was left.

    A last line end that editors add is not part of it.

    Raises:
        Refused: no editor is named, it cannot be run or ends with an error, or the terminal cannot be given away.
    """
    try:
        command = shlex.split(os.environ.get("VISUAL") or os.environ.get("EDITOR") or "")
    except ValueError:
        raise Refused("EDITOR cannot be read: a quotation mark in it has no partner; set it again.") from None
    if not command:
        raise Refused("No editor is named: set EDITOR before you start factdesk, such as EDITOR=nano.")
    with TemporaryDirectory(prefix="factdesk-") as folder:
        path = Path(folder) / "text.txt"
        path.write_bytes(text.encode("utf-8", "surrogatepass"))
        try:
            with app.suspend():
                fault = _fault(*command, str(path))
        except SuspendNotSupported:
            raise Refused("This terminal cannot be given to another program.") from None
        if fault:
            raise Refused(fault)
        try:
            left = path.read_bytes().decode("utf-8")
        except (OSError, UnicodeDecodeError):
            raise Refused(f"{command[0]} left no text in UTF-8; your text is as it was.") from None
    return left if text.endswith("\n") else left.removesuffix("\n").removesuffix("\r")


def _fault(*command: str) -> str:
    """Run an editor; gives why what it leaves does not count, or nothing.

    It raises nothing, for Textual takes its terminal back only then. Ctrl+C is for the editor alone.
    """
    before = signal.signal(signal.SIGINT, lambda *_: None)
    try:
        failed = subprocess.run(command, check=False).returncode != 0
    except OSError as error:
        return f"{command[0]} cannot be run ({error.strerror}): set EDITOR to a program you have."
    finally:
        signal.signal(signal.SIGINT, before)
    return f"{command[0]} ended with an error; your text is as it was." if failed else ""
