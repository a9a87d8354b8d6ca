"""A real pseudo-terminal for a program, and what it would show there."""

from __future__ import annotations

import fcntl
import os
import pty
import select
import struct
import subprocess
import termios
import time
from codecs import getincrementaldecoder
from collections.abc import Sequence
from types import TracebackType


class Terminal:
    """Runs a program on a terminal of its own. Everything it wrote is in ``seen``.

    ``stdin`` or ``stdout`` may be a pipe's end instead of the terminal.
    """

    def __init__(
        self,
        program: Sequence[object],
        *,
        columns: int = 80,
        rows: int = 24,
        stdin: int | None = None,
        stdout: int | None = None,
        term: str = "xterm-256color",
    ) -> None:
        self._ours, theirs = pty.openpty()
        fcntl.ioctl(theirs, termios.TIOCSWINSZ, struct.pack("HHHH", rows, columns, 0, 0))
        self.seen = ""
        self._decode = getincrementaldecoder("utf-8")("replace").decode
        environment = {name: value for name, value in os.environ.items() if name not in ("COLUMNS", "LINES")}
        self.process = subprocess.Popen(
            [str(word) for word in program],
            stdin=theirs if stdin is None else stdin,
            stdout=theirs if stdout is None else stdout,
            stderr=theirs,
            env=environment | {"TERM": term},
            start_new_session=True,
            preexec_fn=lambda: fcntl.ioctl(2, termios.TIOCSCTTY, 0),
        )
        os.close(theirs)

    def __enter__(self) -> Terminal:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        if self.process.poll() is None:
            self.process.kill()
        self.process.wait()
        os.close(self._ours)

    def type(self, keys: str) -> None:
        self.send(keys.encode())

    def send(self, data: bytes) -> None:
        """Send bytes as they are, as a terminal does when it answers."""
        os.write(self._ours, data)

    def wait_for(self, words: str, patience: float = 20.0) -> str:
        """Read until the program has written these words; fails when it does not."""
        give_up = time.monotonic() + patience
        while words not in self.seen:
            if not self._read(give_up - time.monotonic()):
                raise AssertionError(f"{words!r} did not appear; the terminal saw {self.seen!r}")
        return self.seen

    def interrupt(self) -> int:
        """Press Ctrl-C, again when it was too early to be heard; gives the exit code."""
        for _ in range(40):
            self.type("\x03")
            while self._read(0.5):
                pass
            if self.process.poll() is not None:
                break
        return self.finish()

    def finish(self, patience: float = 20.0) -> int:
        """Read to the end; gives the exit code."""
        give_up = time.monotonic() + patience
        while self._read(give_up - time.monotonic()):
            pass
        return self.process.wait(max(0.1, give_up - time.monotonic()))

    def _read(self, seconds: float) -> bool:
        """Read what comes next; False at the end, or when nothing comes for that long."""
        ready, _, _ = select.select([self._ours], [], [], max(0.0, seconds))
        try:
            data = os.read(self._ours, 65536) if ready else b""
        except OSError:  # Linux's way of saying that the other side is closed
            data = b""
        self.seen += self._decode(data)
        return bool(data)
