"""What a terminal sends, cut into keys, sequences and pastes: no unknown byte ever becomes a key.

A terminal sends more than keys: answers to questions, some of them late, mouse reports, focus, pastes. The lexer knows
the grammar of them all (CSI, SS3, and the strings OSC, DCS, APC, PM, SOS) and gives out whole tokens, whatever the
pieces in which the bytes come. Strings never become a token, and what is broken off is dropped, never read as keys.

Pure: the time is passed in, in seconds of any clock that only goes forward.
"""

import re
from collections.abc import Iterator
from enum import Enum
from typing import NamedTuple

ESC = "\x1b"
PASTE_BEGINS, PASTE_ENDS = "\x1b[200~", "\x1b[201~"

SILENCE = 1.0
"""Seconds without a byte after which a sequence or string that was begun is dropped."""
STRING_LIMIT = 5.0
"""Seconds that a string may last, however its bytes come."""
INTRODUCED = 0.3
"""Seconds after which ``ESC O`` or ``ESC ]`` with nothing behind it is Alt with that key."""
_TRICKLE = 0.15  # by so much one byte on its own puts off the end of a string: typing is not swallowed for long
_KEPT = 200  # characters of a CSI that are kept; what is longer is not a key

_C1 = {"\x9b": "[", "\x8f": "O", "\x90": "P", "\x98": "X", "\x9d": "]", "\x9e": "^", "\x9f": "_"}
_BEGINS = {
    "]": r"[0-9lLI]",
    "P": r"[0-9>=!+$|?{<]",
    "_": r"[0-9A-Za-z]",
    "^": r"[ -~]",
    "X": r"[ -~]",
}
_PLAIN = re.compile("[^\x1b\x80-\x9f\ufffd]+")
_TAIL = r"\[[0-?]*[ -/]*[@-~]|\[[<=>?0-9]|O[A-Za-z]|\][0-9lLI]|P[0-9>=!+$|?{<]|_[0-9A-Za-z]"


class SequenceKind(Enum):
    """What a token is."""

    CHARACTER = "character"
    ALT = "alt"
    """A character with Alt held, or Esc and the character at once: a terminal sends the same."""
    ESCAPE = "escape"
    CSI = "csi"
    """What stands behind ``ESC [``, the last character included."""
    SS3 = "ss3"
    """What stands behind ``ESC O``."""
    PASTE = "paste"


class Token(NamedTuple):
    """A whole key, sequence or paste; ``text`` is without its introducer."""

    kind: SequenceKind
    text: str


_ESCAPE = Token(SequenceKind.ESCAPE, ESC)


class _State(Enum):
    GROUND = "ground"
    ESCAPE = "escape"
    INTRODUCED = "introduced"  # ESC and ] P _ ^ X
    STRING = "string"
    STRING_ESCAPE = "string escape"
    CSI = "csi"
    CONSOLE = "console"  # ESC [ [
    MOUSE = "mouse"  # ESC [ M
    SS3 = "ss3"
    PASTE = "paste"


class Lexer:
    """Cuts a stream of characters into tokens; remembers where it is between two pieces.

    ``escape_delay`` is how many seconds an escape character may stand alone before it is the key Esc. ``deadline`` is
    when `tick` next has something to do, or None.
    """

    def __init__(self, escape_delay: float = 0.1) -> None:
        self.deadline: float | None = None
        self._delay = escape_delay
        self._state = _State.GROUND
        self._kept = ""  # of a CSI or SS3, or the introducer of a string
        self._eight_bits = False  # what was begun by a C1 character is never Alt with a key
        self._left = 0  # characters of a mouse report that are still to come
        self._string_until = 0.0
        self._pasted: list[str] = []
        self._pasted_last = ""  # its last characters, in which its end may have begun
        self._tail_until = 0.0
        self._tail = ""  # what was given out by time-out: nothing but Esc, or an introducer

    def feed(self, data: str, now: float) -> list[Token]:
        """Read what has come at a moment; gives what is whole by now."""
        tokens = self.tick(now)
        tail, self._tail = self._tail, ""
        if self._state is _State.GROUND and len(data) > 1 and now < self._tail_until:
            self._resume(tail, data)
        place = 0
        while place < len(data):
            if self._state is _State.PASTE:
                place = self._paste(data, place, tokens)
            elif self._state is _State.GROUND and (plain := _PLAIN.match(data, place)):
                tokens += [Token(SequenceKind.CHARACTER, character) for character in plain[0]]
                place = plain.end()
            else:
                tokens += self._read(data[place], now)
                place += 1
        self._wait(data, now)
        return tokens

    def tick(self, now: float) -> list[Token]:
        """Give up what has waited too long; gives the keys that it was, if it was any."""
        if self.deadline is None or now < self.deadline:
            return []
        state, self._state, self.deadline = self._state, _State.GROUND, None
        if state is _State.PASTE:
            return [self._whole_paste()]
        if state is _State.ESCAPE:
            return self._given_up("", now, _ESCAPE)
        if state is _State.INTRODUCED or (state is _State.SS3 and not self._kept and not self._eight_bits):
            introducer = "O" if state is _State.SS3 else self._kept
            return self._given_up(introducer, now, Token(SequenceKind.ALT, introducer))
        return []

    def _given_up(self, tail: str, now: float, token: Token) -> list[Token]:
        self._tail, self._tail_until = tail, now + SILENCE
        return [token]

    def _resume(self, tail: str, data: str) -> None:
        """Go on with a sequence whose head was taken for a key, where what comes now can be nothing but its rest."""
        if not tail and re.match(_TAIL, data):
            self._state = _State.ESCAPE
        elif tail in _BEGINS and re.match(_BEGINS[tail], data):
            self._state, self._kept = _State.INTRODUCED, tail

    def _wait(self, data: str, now: float) -> None:
        """Set the deadline by what was begun."""
        if self._state is _State.GROUND:
            self.deadline = None
        elif self._state is _State.PASTE:
            self.deadline = now + SILENCE if data == ESC else None
        elif self._state is _State.ESCAPE:
            self.deadline = now + self._delay
        elif self._state is _State.INTRODUCED or (self._state is _State.SS3 and not self._kept):
            self.deadline = now + INTRODUCED
        elif self._state in (_State.STRING, _State.STRING_ESCAPE):
            trickles = len(data) == 1 and self.deadline is not None
            later = max(self.deadline or now, now + _TRICKLE) if trickles else now + SILENCE
            self.deadline = min(later, self._string_until)
        else:
            self.deadline = now + SILENCE

    def _read(self, character: str, now: float) -> Iterator[Token]:
        """Read one character in the state that stands."""
        state = self._state
        if state is _State.STRING:
            self._in_string(character)
        elif state is _State.STRING_ESCAPE:
            self._state = _State.GROUND if character == "\\" else _State.ESCAPE
            if character != "\\":
                yield from self._read(character, now)
        elif state is _State.CSI:
            yield from self._in_csi(character, now)
        elif state is _State.ESCAPE:
            yield from self._after_escape(character, now)
        elif state is _State.INTRODUCED:
            if re.match(_BEGINS[self._kept], character):
                self._string(self._kept, now)
            else:
                self._state = _State.GROUND
                yield Token(SequenceKind.ALT, self._kept)
                yield from self._read(character, now)
        elif state is _State.SS3:
            yield from self._in_ss3(character, now)
        elif state is _State.CONSOLE:
            yield from self._in_console(character, now)
        elif state is _State.MOUSE:
            yield from self._in_mouse(character, now)
        else:
            yield from self._in_ground(character, now)

    def _in_ground(self, character: str, now: float) -> Iterator[Token]:
        if character == ESC:
            self._state = _State.ESCAPE
        elif character in _C1:
            self._introduce(_C1[character], now, eight_bits=True)
        elif not ("\x80" <= character <= "\x9f" or character == "\ufffd"):
            yield Token(SequenceKind.CHARACTER, character)

    def _after_escape(self, character: str, now: float) -> Iterator[Token]:
        if character == ESC:
            yield _ESCAPE
        elif character in "[O]P_^X":
            self._introduce(character, now)
        elif "\x80" <= character <= "\x9f" or character == "\ufffd":
            self._state = _State.GROUND
            yield _ESCAPE
            yield from self._read(character, now)
        else:
            self._state = _State.GROUND
            if character != "\\":  # that is the end of a string which has been given up
                yield Token(SequenceKind.ALT, character)

    def _introduce(self, introducer: str, now: float, *, eight_bits: bool = False) -> None:
        self._eight_bits = eight_bits
        if introducer in "[O":
            self._state, self._kept = _State.CSI if introducer == "[" else _State.SS3, ""
        elif eight_bits:
            self._string(introducer, now)
        else:
            self._state, self._kept = _State.INTRODUCED, introducer

    def _string(self, introducer: str, now: float) -> None:
        self._state, self._kept, self.deadline = _State.STRING, introducer, None
        self._string_until = now + STRING_LIMIT

    def _in_string(self, character: str) -> None:
        if character == ESC:
            self._state = _State.STRING_ESCAPE
        elif character == "\x9c" or (character == "\x07" and self._kept == "]"):
            self._state = _State.GROUND

    def _in_csi(self, character: str, now: float) -> Iterator[Token]:
        kept = self._kept
        if not kept and character == "[":
            self._state = _State.CONSOLE
        elif not kept and character == "M":
            self._state, self._left = _State.MOUSE, 3
        elif "@" <= character <= "~" or (character == "$" and kept.isdecimal() and kept.isascii()):
            self._state = _State.GROUND
            if kept + character == PASTE_BEGINS[2:]:
                self._state, self._pasted = _State.PASTE, []
            elif len(kept) < _KEPT:
                yield Token(SequenceKind.CSI, kept + character)
        elif " " <= character <= "?":
            self._kept = kept + character if len(kept) < _KEPT else kept
        else:  # it is cut off, and what cuts it off is read for itself
            self._state = _State.GROUND
            yield from self._read(character, now)

    def _in_console(self, character: str, now: float) -> Iterator[Token]:
        self._state = _State.GROUND
        if " " <= character <= "~":
            yield Token(SequenceKind.CSI, "[" + character)
        else:
            yield from self._read(character, now)

    def _in_mouse(self, character: str, now: float) -> Iterator[Token]:
        self._left -= 1
        if character == ESC or not self._left:
            self._state = _State.GROUND
        if character == ESC:
            yield from self._read(character, now)

    def _in_ss3(self, character: str, now: float) -> Iterator[Token]:
        if character in "0123456789;" and len(self._kept) < 8:
            self._kept += character
            return
        self._state = _State.GROUND
        if "@" <= character <= "~" or (not self._kept and "!" <= character <= "/"):
            yield Token(SequenceKind.SS3, self._kept + character)
        else:
            if not self._kept and not self._eight_bits:
                yield Token(SequenceKind.ALT, "O")
            yield from self._read(character, now)

    def _paste(self, data: str, place: int, tokens: list[Token]) -> int:
        """Take in what is pasted; gives where it ends in ``data``."""
        known = self._pasted_last + data[place:]
        ended = known.find(PASTE_ENDS)
        if ended < 0:
            self._pasted.append(data[place:])
            self._pasted_last = known[-len(PASTE_ENDS) + 1 :]
            return len(data)
        stop = place + ended + len(PASTE_ENDS) - len(self._pasted_last)
        self._pasted.append(data[place:stop])
        self._state = _State.GROUND
        tokens.append(self._whole_paste())
        return stop

    def _whole_paste(self) -> Token:
        pasted = "".join(self._pasted)
        self._pasted, self._pasted_last = [], ""
        text = pasted[: -len(PASTE_ENDS)] if pasted.endswith(PASTE_ENDS) else pasted.removesuffix(ESC)
        return Token(SequenceKind.PASTE, text.replace("\x00", ""))
