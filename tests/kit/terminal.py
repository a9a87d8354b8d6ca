"""A real pseudo-terminal for a program, and what it would show there."""

from __future__ import annotations

import fcntl
import os
import pty
import re
import select
import signal
import struct
import subprocess
import sys
import termios
import time
from codecs import getincrementaldecoder
from collections.abc import Callable, Sequence
from pathlib import Path
from types import TracebackType

from tests.kit.patience import PATIENCE

COUNTING = re.compile(r"(?:\r[A-Z]\w+ [\d,]+(?: \w+)?(?: of [\d,]+)? *)+\r +\r")
"""A line that counts along where people have to wait, and is gone in the end: on a busy machine it may be there."""


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

    @property
    def said(self) -> str:
        """What the program wrote and did not take away again, with lines that end as in a file."""
        return COUNTING.sub("", self.seen.replace("\r\n", "\n"))

    def type(self, keys: str) -> None:
        self.send(keys.encode())

    def send(self, data: bytes) -> None:
        """Send bytes as they are, as a terminal does when it answers."""
        os.write(self._ours, data)

    def pour(self, data: bytes) -> None:
        """Send much, and read meanwhile what the program writes: neither side waits for the other."""
        left = memoryview(data)
        while left:
            readable, writable, _ = select.select([self._ours], [self._ours], [], 60.0)
            if readable:
                self.listen(0)
            if writable:
                left = left[os.write(self._ours, left[:1024]) :]

    def wait_for(self, words: str, patience: float = PATIENCE) -> str:
        """Read until the program has written these words; fails when it does not."""
        give_up = time.monotonic() + patience
        while words not in self.seen:
            if not self.listen(give_up - time.monotonic()):
                raise AssertionError(f"{words!r} did not appear; the terminal saw {self.seen!r}")
        return self.seen

    def while_waiting(self, true: Callable[[], object], what: str, patience: float = PATIENCE) -> None:
        """Wait for something that shows elsewhere; what the program writes is read, so that it is never held up."""
        give_up = time.monotonic() + patience
        while not true():
            assert time.monotonic() < give_up, f"it did not come to pass: {what}; the terminal saw {self.seen!r}"
            self.listen(0.1)

    def interrupt(self, patience: float = PATIENCE) -> int:
        """Press Ctrl-C, again when it was too early to be heard; gives the exit code."""
        give_up = time.monotonic() + patience
        state = Path(f"/proc/{self.process.pid}/stat")
        if state.exists():
            self.while_waiting(lambda: ") S " in state.read_text(), "the program waits for an answer")
        while self.process.poll() is None and time.monotonic() < give_up:
            self.type("\x03")
            while self.listen(5.0):
                pass
        return self.finish()

    def finish(self, patience: float = PATIENCE) -> int:
        """Read to the end; gives the exit code."""
        give_up = time.monotonic() + patience
        while self.listen(give_up - time.monotonic()):
            pass
        return self.process.wait(max(0.1, give_up - time.monotonic()))

    def listen(self, seconds: float) -> bool:
        """Read what comes next; False at the end, or when nothing comes for that long."""
        ready, _, _ = select.select([self._ours], [], [], max(0.0, seconds))
        try:
            data = os.read(self._ours, 65536) if ready else b""
        except OSError:  # Linux's way of saying that the other side is closed
            data = b""
        self.seen += self._decode(data)
        return bool(data)


FACTDESK = str(Path(sys.executable).parent / "factdesk")


PLACE = re.compile(r"\x1b\[(\d+);(\d+)H")


STEP = re.compile(r"\x1b\[[0-9;?<>=$]*[A-Za-z]|\x1b\][^\x07]*\x07")
BEGUN = re.compile(r"\x1b(?:\[[0-9;?<>=$]*|\][^\x07]*)?")
"""A step of which the rest is still on its way, however long it is."""


class Window(Terminal):
    """A terminal with a window: what is written lands on rows and columns."""

    def __init__(self, *arguments: object, columns: int = 120, rows: int = 40) -> None:
        self._rows: list[list[str]] = []
        self._read_to = 0
        self._row = self._column = 0
        super().__init__([FACTDESK, *arguments], columns=columns, rows=rows)

    def resize(self, columns: int, rows: int) -> None:
        """Give the window another size, as dragging its corner does."""
        while self.listen(0.3):
            self.shown()
        self._rows = []
        fcntl.ioctl(self._ours, termios.TIOCSWINSZ, struct.pack("HHHH", rows, columns, 0, 0))
        os.kill(self.process.pid, signal.SIGWINCH)

    def shake(self, times: int) -> None:
        """Give the window other sizes in quick succession, from tiny to huge; in the end it has its own."""
        columns, rows = 120, 40
        for number in range(times, -1, -1):
            size = (rows, columns) if number == 0 else (1 + number * 7 % 60, 1 + number * 13 % 220)
            fcntl.ioctl(self._ours, termios.TIOCSWINSZ, struct.pack("HHHH", *size, 0, 0))
            os.kill(self.process.pid, signal.SIGWINCH)
            self.listen(0)

    def settled(self, patience: float = PATIENCE) -> str:
        """Read until nothing comes any more and the window stays as it is; gives the window."""
        give_up = time.monotonic() + patience
        before = None
        while (now := self.shown()) != before and time.monotonic() < give_up:
            before = now
            while self.listen(0.5) and time.monotonic() < give_up:
                pass
        return self.shown()

    def forget(self) -> None:
        """Let the window be empty, as a shell's may be that wrote over it."""
        self.shown()
        self._rows = []

    def close(self) -> None:
        """Close the window; the program is told that its terminal is gone."""
        os.close(self._ours)
        self._ours = os.open(os.devnull, os.O_RDWR)

    def shown(self) -> str:
        """What stands in the window now."""
        text = self.seen
        while self._read_to < len(text):
            if BEGUN.fullmatch(text, self._read_to):
                break
            place, step = PLACE.match(text, self._read_to), STEP.match(text, self._read_to)
            if place:
                self._row, self._column = int(place[1]) - 1, int(place[2]) - 1
            elif not step:
                self._put(text[self._read_to])
            found = place or step
            self._read_to = found.end() if found else self._read_to + 1
        return "\n".join("".join(row).rstrip() for row in self._rows)

    def _put(self, character: str) -> None:
        if character == "\r":
            self._column = 0
        elif character == "\n":
            self._row += 1
        elif character >= " ":
            self._rows += [[] for _ in range(self._row + 1 - len(self._rows))]
            row = self._rows[self._row]
            row += [" "] * (self._column + 1 - len(row))
            row[self._column] = character
            self._column += 1

    def __enter__(self) -> Window:
        return self

    def until(self, *words: str, patience: float = PATIENCE) -> str:
        """Read until all these words stand in the window at once; gives the window."""
        give_up = time.monotonic() + patience
        while True:
            shown = self.shown()
            if all(word in shown for word in words):
                return shown
            if time.monotonic() > give_up or not self.listen(give_up - time.monotonic()):
                raise AssertionError(f"{words} did not appear; the window shows\n{shown}")

    def until_it_is(self, whole: str, patience: float = PATIENCE) -> None:
        """Read until the window shows this and nothing else."""
        give_up = time.monotonic() + patience
        while self.shown() != whole:
            if time.monotonic() > give_up or not self.listen(give_up - time.monotonic()):
                raise AssertionError(f"the window shows\n{self.shown()}\nand not\n{whole}")
