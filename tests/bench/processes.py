"""A command of factdesk in a process of its own: its processor time and its memory."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path
from typing import NamedTuple

_STARTER = """
import os, sys
silent = [(os.POSIX_SPAWN_OPEN, 1, os.devnull, os.O_WRONLY, 0)]
_, status, used = os.wait4(os.posix_spawn(sys.argv[1], sys.argv[1:], os.environ, file_actions=silent), 0)
print(os.waitstatus_to_exitcode(status), used.ru_utime + used.ru_stime, used.ru_maxrss / 1024)
"""
"""A process is told to have held what the one that started it held until then: a small one starts it, and tells."""


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
    done = subprocess.run([sys.executable, "-ISc", _STARTER, *command], capture_output=True, env=compiled, check=True)
    code, seconds, megabytes = done.stdout.split()
    if int(code):
        raise Failed(done.stderr.decode(errors="replace").strip() or " ".join(command))
    return Used(float(seconds), float(megabytes))
