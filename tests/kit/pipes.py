"""Linear mode through a pipe: answers in, plain lines out."""

from __future__ import annotations

import re
import subprocess

from tests.kit.terminal import FACTDESK

NOT_PLAIN = re.compile("[\\x00-\\x09\\x0b-\\x1f\\x7f-\\x9f\\u200e\\u200f\\u202a-\\u202e\\u2066-\\u2069\\u2500-\\u25ff]")
"""What has no place in plain lines: what acts on a terminal, boxes, blocks and signs."""


def piped(who: str, *args: object, answers: list[str]) -> str:
    """What is said on standard output when the answers come through a pipe."""
    done = subprocess.run(
        [FACTDESK, *map(str, args), "--plain", "--as", who],
        input="".join(f"{line}\n" for line in answers).encode(), capture_output=True,
    )  # fmt: skip
    said = done.stdout.decode()
    assert (done.returncode, done.stderr) == (0, b""), done.stderr
    assert NOT_PLAIN.findall(said) == []
    return said
