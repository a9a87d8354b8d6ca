"""Linear mode through a pipe: answers in, plain lines out."""

from __future__ import annotations

import io
import re
import subprocess
from collections.abc import Callable
from pathlib import Path

from click.testing import CliRunner

from store.desk import Desk
from tests.kit.terminal import FACTDESK
from tui.cli import factdesk
from tui.linear.check import LinearCheck
from tui.linear.conversation import Conversation
from tui.linear.review import LinearReview
from tui.linear.settle import LinearSettling

NOT_PLAIN = re.compile("[\\x00-\\x09\\x0b-\\x1f\\x7f-\\x9f\\u200e\\u200f\\u202a-\\u202e\\u2066-\\u2069\\u2500-\\u25ff]")
"""What has no place in plain lines: what acts on a terminal, boxes, blocks and signs."""


def piped(who: str, *args: object, answers: list[str], apart: bool = False) -> str:
    """What is said on standard output when the answers are what standard input holds; ``apart``, to another process."""
    command, held = [*map(str, args), "--plain", "--as", who], "".join(f"{line}\n" for line in answers).encode()
    if apart:
        done = subprocess.run([FACTDESK, *command], input=held, capture_output=True)
        code, out, err = done.returncode, done.stdout, done.stderr
    else:
        ran = CliRunner().invoke(factdesk, command, input=held, prog_name="factdesk")
        code, out, err = ran.exit_code, ran.stdout_bytes, ran.stderr_bytes or b""
    said = out.decode()
    assert (code, err) == (0, b""), err
    assert NOT_PLAIN.findall(said) == []
    return said


_MOST_LINES = 2_000


class _Answers(io.StringIO):
    """Answers one by one; what stands among them to be called is called when its turn comes."""

    def __init__(self, answers: list[str | Callable[[], object]]) -> None:
        super().__init__()
        self._left = answers

    def readline(self, size: int | None = -1, /) -> str:
        while self._left and not isinstance(self._left[0], str):
            act = self._left.pop(0)
            assert not isinstance(act, str)
            act()
        return f"{self._left.pop(0)}\n" if self._left else ""


class _Said(io.StringIO):
    """What is said; who never comes to an end is stopped."""

    def write(self, words: str, /) -> int:
        assert self.getvalue().count("\n") < _MOST_LINES, "it says the same again and again"
        return super().write(words)


def spoken(file: Path, who: str, does: str, *answers: str | Callable[[], object]) -> str:
    """What linear mode says on the desk's first article while others work on the same file."""
    said = _Said()
    with Desk.open(file, who) as desk:
        article, talk = desk.articles.all()[0], Conversation(_Answers(list(answers)), said)
        if does == "check":
            LinearCheck(desk, article, talk).run()
        elif does == "review":
            LinearReview(desk, article, "", talk).run()
        else:
            LinearSettling(desk, article, (), talk).run()
    assert NOT_PLAIN.findall(said.getvalue()) == []
    return said.getvalue()
