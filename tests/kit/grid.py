"""What a terminal shows once it was sent an app's frames."""

from __future__ import annotations

import re

from rich.cells import cell_len

from store.text import units


class Grid:
    """As much of a terminal as Textual's updates need: places, styles, text."""

    _CODE = re.compile(r"\x1b\[(\d+);(\d+)H|\x1b\[([\d;]*)m|\x1b\[[?\d;]*[A-Za-ln-z]|\x1b\][^\x07]*\x07|\n|[^\x1b\n]+")

    def __init__(self) -> None:
        self.cells: dict[tuple[int, int], tuple[str, str]] = {}

    def feed(self, sent: str) -> None:
        x = y = 0
        style = ""
        for code in self._CODE.finditer(sent):
            if code[1]:
                x, y = int(code[2]) - 1, int(code[1]) - 1
            elif code[3] is not None:
                style = code[3]
            elif code[0] == "\n":
                x, y = 0, y + 1
            elif code[0][0] != "\x1b":
                for start, end in units.graphemes(code[0]):
                    shown = code[0][start:end]
                    for i in range(cell_len(shown)):
                        self.cells[x + i, y] = (shown if i == 0 else "", style)
                    x += cell_len(shown)
