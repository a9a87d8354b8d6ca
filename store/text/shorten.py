"""A text on one short line."""

from __future__ import annotations


def shorten(text: str, length: int = 60) -> str:
    """The beginning of a text on one line, at most ``length`` code points."""
    line = " ".join(text.split())
    return line if len(line) <= length else line[: length - 1].rstrip() + "…"
