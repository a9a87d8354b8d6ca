"""Run the README's first command on a terminal of its own and see the sample article appear in the app.

``python tests/first_command.py COMMAND``, run by .ci/run in a clean copy. Only the standard library.
"""

from __future__ import annotations

import fcntl
import os
import pty
import select
import struct
import subprocess
import sys
import tempfile
import termios
import time
from pathlib import Path

PATIENCE = 600.0
"""Seconds for installing and starting."""


def main() -> None:
    ours, theirs = pty.openpty()
    fcntl.ioctl(theirs, termios.TIOCSWINSZ, struct.pack("HHHH", 40, 120, 0, 0))
    with tempfile.TemporaryDirectory() as home:
        variables = {"HOME": home, "TERM": "xterm-256color", "FACTDESK_CONFIG": home, "FACTDESK_DB": f"{home}/desk.db"}
        process = subprocess.Popen(
            ["bash", "-c", sys.argv[1]],
            stdin=theirs,
            stdout=theirs,
            stderr=theirs,
            env=os.environ | variables,
            start_new_session=True,
            preexec_fn=lambda: fcntl.ioctl(2, termios.TIOCSCTTY, 0),
        )
        os.close(theirs)
        seen = wait_for(ours, "Who is working", "")
        os.write(ours, b"Reader\r")
        seen = wait_for(ours, "interview with Chosun Ilbo", seen)
        os.write(ours, b"t")
        seen = wait_for(ours, "saved", seen)
        os.write(ours, b"\x11")
        end = time.monotonic() + 30
        while process.poll() is None and time.monotonic() < end:
            read(ours, 0.2)
        assert process.poll() == 0, f"it ended with {process.poll()}"
        assert Path(home, "desk.db").exists()
    print("the README's first command opens the sample article, and a tag is saved")


def wait_for(terminal: int, words: str, seen: str) -> str:
    end = time.monotonic() + PATIENCE
    while words not in seen:
        assert time.monotonic() < end, f"{words!r} did not appear in {seen[-2000:]!r}"
        seen += read(terminal, 1.0)
    return seen


def read(terminal: int, seconds: float) -> str:
    ready, _, _ = select.select([terminal], [], [], seconds)
    try:
        return os.read(terminal, 65536).decode("utf-8", "replace") if ready else ""
    except OSError:
        return ""


if __name__ == "__main__":
    main()
