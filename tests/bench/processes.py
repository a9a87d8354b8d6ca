"""A command of factdesk in a process of its own: its processor time and its memory."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path
from typing import NamedTuple


class Failed(Exception):
    """A command did not do what it was asked; it says why."""


class Used(NamedTuple):
    """Seconds of processor time, and the megabytes held at most."""

    seconds: float
    megabytes: float


def factdesk(path: Path, *words: str | Path) -> Used:
    """Run a command on a desk, from the start of its process to its end.

    Raises:
        Failed: it ended with another code than 0.
    """
    command = [sys.executable, "-m", "tui", "--db", str(path), "--as", "Ana", *map(str, words)]
    compiled = os.environ | {"PYTHONDONTWRITEBYTECODE": ""}  # as installed programs are
    with subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=subprocess.PIPE, env=compiled) as process:
        assert process.stderr is not None
        said = process.stderr.read()
        _, status, used = os.wait4(process.pid, 0)
        process.returncode = os.waitstatus_to_exitcode(status)
    if process.returncode:
        raise Failed(said.decode(errors="replace").strip() or " ".join(command))
    return Used(used.ru_utime + used.ru_stime, used.ru_maxrss / 1024)
