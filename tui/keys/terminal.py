"""What a terminal sends becomes events: only what Textual is known to understand is handed to it, and whole.

Textual's own parser reads as keys what it does not know, so a late answer of the terminal could run commands; and one
byte that is not UTF-8 ends its reading. Here `tui.keys.lexer` stands before it.
"""

from __future__ import annotations

import asyncio
import os
import re
import select
import signal
import time
from codecs import getincrementaldecoder, register_error
from collections.abc import Iterable, Iterator

from textual import constants, events
from textual._ansi_sequences import ANSI_SEQUENCES_KEYS, IGNORE_SEQUENCE
from textual._keyboard_protocol import FUNCTIONAL_KEYS
from textual._xterm_parser import XTermParser
from textual.drivers.linux_driver import LinuxDriver
from textual.message import Message

from tui.keys.lexer import ESC, Lexer, SequenceKind, Token

_POLL = 0.1  # seconds between two looks at whether the app has ended
_READ = 4096
_ALTERNATE_KEYS = "\x1b[=4;2u"
"""Asks a terminal with the kitty protocol to say on which place of the keyboard a key lies, too."""

# Compiled when the first of them comes: the app is seen before.
_KEY = (
    r"(?P<code>\d{1,7})?(?::(?P<shifted>\d{0,7}))?(?::(?P<base>\d{1,7}))?"
    r"(?:;(?P<mods>\d{0,3})(?::(?P<event>\d))?)?(?:;(?P<text>[\d:]{0,40}))?(?P<end>[u~ABCDEFHPQRS])"
)
_OTHER_KEYS = r"27;(\d{1,3});(\d{1,7})~"  # how xterm sends what has no sequence of its own
_MOUSE = r"<\d{1,4};-?\d{1,6};-?\d{1,6}[Mm]"
_RESIZED = r"48(?:;[1-9]\d{0,5}){4}t"
_MODE = r"\?(?:2026|2048);\d\$y"
_CURSOR = r"(\d{1,6});\d{1,6}R"
_RELEASED = "3"


class TerminalParser:
    """Turns what a terminal sends into Textual's events, in whatever pieces it comes.

    ``clock`` gives seconds; tests pass it in.
    """

    def __init__(self, debug: bool = False, clock: object = time.monotonic) -> None:
        self._inner = XTermParser(debug)
        self._lexer = Lexer(constants.ESCAPE_DELAY)
        self._clock = clock if callable(clock) else time.monotonic

    @property
    def wait(self) -> float:
        """Seconds until `tick` has something to do, `_POLL` at most."""
        deadline = self._lexer.deadline
        return _POLL if deadline is None else min(_POLL, max(0.0, deadline - self._clock()))

    def feed(self, data: str) -> Iterator[Message]:
        """The events that are whole with what has just come."""
        return self._events(self._lexer.feed(data, self._clock()))

    def tick(self) -> Iterator[Message]:
        """The events that time alone has decided."""
        return self._events(self._lexer.tick(self._clock()))

    def _events(self, tokens: Iterable[Token]) -> Iterator[Message]:
        for token in tokens:
            if token.kind is SequenceKind.CHARACTER:
                yield from self._inner.feed(token.text)
            elif token.kind is SequenceKind.ESCAPE:
                yield events.Key("escape", ESC)
            elif token.kind is SequenceKind.PASTE:
                yield events.Paste(token.text)
            elif token.kind is SequenceKind.ALT:
                yield from self._alt(token.text)
            elif token.kind is SequenceKind.SS3:
                yield from self._known(f"{ESC}O{token.text}")
            elif (sent := _passed(token.text)) is not None:
                yield from self._inner.feed(sent)

    def _known(self, sequence: str) -> Iterator[Message]:
        if ANSI_SEQUENCES_KEYS.get(sequence, IGNORE_SEQUENCE) is not IGNORE_SEQUENCE:
            yield from self._inner.feed(sequence)

    def _alt(self, character: str) -> Iterator[Message]:
        if f"{ESC}{character}" in ANSI_SEQUENCES_KEYS:
            yield from self._known(f"{ESC}{character}")
            return
        for event in self._inner.feed(character):
            if isinstance(event, events.Key):
                name = f"shift+{event.key.lower()}" if len(event.key) == 1 and event.key.isupper() else event.key
                event = events.Key(f"alt+{name}", event.character)
            yield event


def _passed(body: str) -> str | None:
    """A CSI as Textual understands it, or None when it is none of those; ``body`` stands behind ``ESC [``."""
    whole = f"{ESC}[{body}"
    if body in ("I", "O") or re.fullmatch(_MOUSE, body) or re.fullmatch(_RESIZED, body) or re.fullmatch(_MODE, body):
        return whole
    if cursor := re.fullmatch(_CURSOR, body):
        return whole if int(cursor[1]) != 1 else _key(re.fullmatch(_KEY, body))
    known = ANSI_SEQUENCES_KEYS.get(whole)
    if known is not None:
        return whole if known is not IGNORE_SEQUENCE else None
    if other := re.fullmatch(_OTHER_KEYS, body):
        body = f"{other[2]};{other[1]}u"
    return _key(re.fullmatch(_KEY, body))


def _key(found: re.Match[str] | None) -> str | None:
    """A key in the kitty protocol without what Textual does not read: kind of event, shifted and base key."""
    if found is None:
        return None
    code, mods, text, end = found["code"] or "1", found["mods"] or "", found["text"] or "", found["end"]
    characters = [part for part in text.split(":") if part]
    functional = f"{int(code)}{end}" in FUNCTIONAL_KEYS
    if found["event"] == _RELEASED or not (functional or (end == "u" and _printable(code))):
        return None
    if not all(_printable(part) for part in characters):
        return None
    if found["base"] and _printable(found["base"]):
        from tui.keys.keyboard_layouts import learn

        learn(chr(int(code)), chr(int(found["base"])))
    if mods in ("", "1", "2") and not characters and not functional:  # the character itself says all
        shifted = found["shifted"] if found["shifted"] and _printable(found["shifted"]) else ""
        characters = [shifted or str(ord(chr(int(code)).upper()[0]))] if mods == "2" else [code]
        mods = "1"
    if end == "R":  # to Textual that is where the cursor stands
        code, end = "13", "~"
    return f"{ESC}[{int(code)};{mods}{';' + ':'.join(characters) if characters else ''}{end}"


def _printable(code: str) -> bool:
    """Whether a code point given in digits is a character that a person can type."""
    point = int(code)
    return (
        point < 0x110000 and not 0xD800 <= point <= 0xF8FF and (chr(point).isprintable() or point in (9, 13, 27, 127))
    )


def _control_byte(error: UnicodeError) -> tuple[str, int]:
    """What stands for a byte that is not UTF-8: its control, where terminals mean one by it, so that what follows is
    no key; else the sign for nothing known."""
    assert isinstance(error, UnicodeDecodeError)
    byte = error.object[error.start]
    alone = error.end == error.start + 1
    return (chr(byte) if alone and 0x80 <= byte < 0xA0 else "\ufffd"), error.end


register_error("factdesk.controls", _control_byte)


class TerminalDriver(LinuxDriver):
    """Textual's driver, reading through `TerminalParser`. A byte that is not UTF-8 is passed over."""

    def start_application_mode(self) -> None:
        super().start_application_mode()  # type: ignore[no-untyped-call]
        if not constants.DISABLE_KITTY_KEY and self._writer_thread is not None:
            self.write(_ALTERNATE_KEYS)
            self.flush()
        self._tell_sizes_in_turn()

    def _tell_sizes_in_turn(self) -> None:
        """Have new sizes of the window told by the loop: told in the signal itself, a thousand would interrupt each
        other until no more fit into one another. Those that come before the loop is there are one."""
        tell, loop, due = signal.getsignal(signal.SIGWINCH), asyncio.get_running_loop(), False
        if not callable(tell):
            return

        def told() -> None:
            nonlocal due
            due = False
            tell(signal.SIGWINCH, None)

        def resized(number: int, frame: object) -> None:
            nonlocal due
            if not due:
                due = True
                loop.call_soon_threadsafe(told)

        signal.signal(signal.SIGWINCH, resized)

    def run_input_thread(self) -> None:
        parser = TerminalParser(self._debug)
        decode = getincrementaldecoder("utf-8")("factdesk.controls").decode
        while not self.exit_event.is_set():
            ready, _, _ = select.select([self.fileno], [], [], parser.wait)
            data = os.read(self.fileno, _READ) if ready else b""
            if ready and not data:  # nothing will ever come again
                self.exit_event.wait(_POLL)
            for message in parser.feed(decode(data)) if data else parser.tick():
                self.process_message(message)
