"""Pasted text comes as one paste, whatever stands in it."""

from __future__ import annotations

from collections.abc import Iterable

from textual import events
from textual._xterm_parser import XTermParser
from textual.message import Message

BEGIN, END = "\x1b[200~", "\x1b[201~"
_ESCAPE = "\uffff"
"""Stands for an escape character on its way through the parser; no text holds it, being no character."""


class PastingParser(XTermParser):
    """Reads what a terminal sends. To Textual's own an escape character begins a key, within a paste, too."""

    _pasting = False
    _before = ""  # the end of what was read, where a paste may have begun
    _waiting = ""  # within a paste: what may be the beginning of its end

    def feed(self, data: str) -> Iterable[Message]:
        for piece in self._pieces(data) if data else ("",):
            for token in super().feed(piece):
                if isinstance(token, events.Paste):
                    token.text = token.text.replace(_ESCAPE, "\x1b")
                yield token

    def _pieces(self, data: str) -> Iterable[str]:
        while data:
            if not self._pasting:
                read = self._before + data
                begun = read.find(BEGIN)
                self._pasting = begun >= 0
                upto = begun + len(BEGIN) - len(self._before) if self._pasting else len(data)
                self._before = "" if self._pasting else read[-len(BEGIN) + 1 :]
                yield data[:upto]
                data = data[upto:]
            else:
                read, self._waiting = self._waiting + data, ""
                ended = read.find(END)
                if ended >= 0:
                    self._pasting = False
                    yield read[:ended].replace("\x1b", _ESCAPE) + END
                    data = read[ended + len(END) :]
                else:
                    held = next((n for n in range(len(END) - 1, 0, -1) if read.endswith(END[:n])), 0)
                    self._waiting = read[len(read) - held :]
                    if len(read) > held:
                        yield read[: len(read) - held].replace("\x1b", _ESCAPE)
                    data = ""
