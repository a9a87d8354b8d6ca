"""What a terminal sends, in whatever pieces: keys are keys, a paste is one paste, and nothing else does anything."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import pairwise

import pytest
from hypothesis import example, given
from hypothesis import strategies as st
from textual import constants, events
from textual._ansi_sequences import ANSI_SEQUENCES_KEYS, IGNORE_SEQUENCE
from textual._keyboard_protocol import FUNCTIONAL_KEYS
from textual._xterm_parser import XTermParser

from store.errors import Refused
from tui.keys import keyboard_layouts
from tui.keys.keymap import canonical
from tui.keys.lexer import PASTE_BEGINS as BEGIN
from tui.keys.lexer import PASTE_ENDS as END
from tui.keys.lexer import Lexer, SequenceKind
from tui.keys.terminal import TerminalParser

LATER = 10.0

SENT = {
    "t": "t",
    "\x1b[A": "up",
    "\x1bOA": "up",
    "\x1b[1;5C": "ctrl+right",
    "\x1b[1;2R": "shift+f3",
    "\x1b[3~": "delete",
    "\x1b[[A": "f1",
    "\x1b[7$": "shift+home",
    "\x9bA": "up",
    "\x8fA": "up",
    "\x1b[Z": "shift+tab",
    "\x1b[116u": "t",
    "\x1b[116;1:1u": "t",
    "\x1b[116;1:2u": "t",
    "\x1b[116;1:3u": "",
    "\x1b[116::116;1u": "t",
    "\x1b[1092::97;1;1092u": "ф",
    "\x1b[97:65;2;65u": "A",
    "\x1b[97:65;2u": "A",
    "\x1b[1;2:3A": "",
    "\x1b[1;1:1A": "up",
    "\x1b[27u": "escape",
    "\x1b[13u": "enter",
    "\x1b[57421;1u": "pageup",
    "\x1b[27;5;116~": "ctrl+t",
    "\x1b[27;3;116~": "alt+t",
    "\x1b[27;2;65~": "A",
    "\x1b[99~": "",
    "\x1b[99999999u": "",
    "\x1b[1114112u": "",
    "\x1b[55296u": "",
    "\x1b[57344u": "",
    "\x1b[7u": "",
    "\x1b[116;;1114112u": "",
    "\x1b[8;24;80t": "",
    "\x1b[?62;22;52c": "",
    "\x1b[>0;276;0c": "",
    "\x1b[0n": "",
    "\x1b[?1u": "",
    "\x1b[48;0;80;0;0t": "",
    "\x1b[M !!": "",
    "\x1b[M\ufffd\ufffd\ufffd": "",
    "\x1b]11;rgb:1e1e/1e1e/2e2e\x1b\\": "",
    "\x1b]11;rgb:1e1e/1e1e/2e2e\x07": "",
    "\x1b]52;c;aGVsbG8=\x1b\\": "",
    "\x9d52;c;t\x9c": "",
    "\x1bP>|tmux 3.3a\x1b\\": "",
    "\x1bP1+r544e=787465726d\x1b\\": "",
    "\x1b_Gi=31;OK\x1b\\": "",
    "\x1b\\": "",
    "\ufffd": "",
    "\x85": "",
    "\x1bt": "alt+t",
    "\x1bT": "alt+shift+t",
    "\x1b/": "alt+slash",
    "\x1b[8;2\r": "enter",
    "\x1b[" + "1;" * 5000 + "A": "",
    "\x1b[24;80R": "cursor",
    "\x1b[<0;4;5M": "mouse",
    "\x1b[I": "focus",
}


class Clock:
    """Seconds that pass when told to."""

    def __init__(self) -> None:
        self.now = 100.0

    def __call__(self) -> float:
        return self.now


def told(tokens: Iterator[object]) -> Iterator[str]:
    for token in tokens:
        if isinstance(token, events.Paste):
            yield token.text
        elif isinstance(token, events.Key):
            try:
                yield canonical(token.key)
            except Refused:
                yield token.key
        elif isinstance(token, events.CursorPosition):
            yield "cursor"
        elif isinstance(token, events.MouseEvent):
            yield "mouse"
        else:
            yield "focus" if isinstance(token, events.AppFocus) else type(token).__name__


def heard(pieces: list[str], pause: float = 0.0) -> list[str]:
    """What comes of some pieces, with so many seconds between them, and a long silence at the end."""
    clock = Clock()
    parser = TerminalParser(clock=clock)
    found = []
    for piece in pieces:
        found += told(parser.feed(piece))
        clock.now += pause
        found += told(parser.tick())
    clock.now += LATER
    return [*found, *told(parser.tick())]


@pytest.mark.parametrize(("sent", "means"), SENT.items(), ids=[ascii(sent)[:30] for sent in SENT])
def test_a_sequence_means_one_key_or_nothing_wherever_it_is_cut(sent: str, means: str) -> None:
    expected = [means] if means else []
    assert heard([sent]) == expected
    assert heard([sent, "q"]) == [*expected, "q"]
    for cut in range(1, min(len(sent), 40)):
        assert heard([sent[:cut], sent[cut:]], 0.05) == expected
    assert heard(list(sent[:400]), 0.0) == heard([sent[:400]])


@pytest.mark.parametrize(
    ("pieces", "pause", "means"),
    [
        (["\x1b"], 0.2, ["escape"]),
        (["\x1b", "q"], 0.2, ["escape", "q"]),
        (["\x1b", "q"], 0.05, ["alt+q"]),
        (["\x1b\x1b"], 0.2, ["escape", "escape"]),
        (["\x1b]"], 0.4, ["alt+right_square_bracket"]),
        (["\x1b]", "q"], 0.05, ["alt+right_square_bracket", "q"]),
        (["\x1bO"], 0.4, ["alt+shift+o"]),
        (["\x1b", "[8;24;80t"], 0.2, ["escape"]),
        (["\x1b", "]11;rgb:1e1e/1e1e/2e2e\x07"], 0.2, ["escape"]),
        (["\x1b]", "11;rgb:1e1e/1e1e/2e2e\x07"], 0.4, ["alt+right_square_bracket"]),
        (["\x1b", "OA"], 0.2, ["escape", "up"]),
        (["\x1b[8;2"], 2.0, []),
        (["\x1b[8;2", "4;80t"], 0.6, []),
        (["\x1b]11;rgb", "t"], 1.2, ["t"]),
        ([f"{BEGIN}one", "\x1b"], 1.2, ["one"]),
        ([f"{BEGIN}one", "\x1b", "[201~q"], 0.4, ["one", "q"]),
        ([f"{BEGIN}one", f"two{END}"], 60.0, ["onetwo"]),
        ([f"{BEGIN}a\x1b[8;24;80t\x00 t{END}"], 0.0, ["a\x1b[8;24;80t t"]),
    ],
)
def test_time_decides_what_bytes_alone_cannot(pieces: list[str], pause: float, means: list[str]) -> None:
    assert heard(pieces, pause) == means


def test_a_key_typed_into_an_unfinished_answer_is_heard_again_soon() -> None:
    clock = Clock()
    parser = TerminalParser(clock=clock)
    list(parser.feed("\x1b]11;rgb:1e1e"))
    found: list[str] = []
    for _ in range(60):  # somebody types on, ten keys a second
        clock.now += 0.1
        found += told(parser.tick())
        found += told(parser.feed("j"))
    assert set(found) == {"j"} and len(found) >= 9


PASTED = st.text(st.sampled_from("ab \x1b[201~\n\r\tq:é\x07\x9b"), max_size=40).filter(
    lambda text: END not in text + END[:-1]
)


@given(PASTED, PASTED, st.data())
def test_a_paste_is_one_paste_in_whatever_pieces_it_comes(first: str, second: str, data: st.DataObject) -> None:
    sent = f"x{BEGIN}{first}{END}y\x1b[A{BEGIN}{second}{END}z"
    cuts = sorted(data.draw(st.sets(st.integers(0, len(sent)), max_size=6)) | {0, len(sent)})
    pieces = [sent[a:b] for a, b in pairwise(cuts) if a < b]
    assert heard(pieces) == ["x", first, "y", "up", second, "z"]


SCRAPS = st.lists(
    st.sampled_from(["\x1b", "[", "]", "O", "P", "M", "\\", "200~", "201~", "\x9b", "\x9d", "\x9c", "\x07", "\ufffd"])
    | st.sampled_from(sorted(SENT)[:40])
    | st.text(max_size=5),
    max_size=12,
)


@given(SCRAPS, st.data())
@example(["\x1b", "]", "\x1b[8;24;80t"], None)
def test_no_text_is_an_error_and_pieces_without_pauses_mean_the_same(
    scraps: list[str], data: st.DataObject | None
) -> None:
    sent = "".join(scraps)
    whole = [(token.kind, token.text) for token in lexed([sent] if sent else [])]
    cuts = sorted((data.draw(st.sets(st.integers(0, len(sent)), max_size=8)) if data else set()) | {0, len(sent)})
    pieces = [sent[a:b] for a, b in pairwise(cuts) if a < b]
    assert [(token.kind, token.text) for token in lexed(pieces)] == whole
    heard(pieces, 0.3)


def lexed(pieces: list[str]) -> list[object]:
    lexer = Lexer()
    found = [token for piece in pieces for token in lexer.feed(piece, 1.0)]
    while lexer.deadline is not None and lexer.deadline < 90:
        found += lexer.tick(lexer.deadline)
    return found


def test_what_textual_knows_is_heard_as_it_hears_it() -> None:
    """Its tables are private names: this says when an update moves them."""
    differ = []
    for sequence, keys in ANSI_SEQUENCES_KEYS.items():
        if keys is IGNORE_SEQUENCE or sequence == "\x1b":
            continue
        theirs = list(told(iter(XTermParser().feed(sequence))))
        if heard([sequence]) != theirs:
            differ.append(sequence)
    assert len(ANSI_SEQUENCES_KEYS) > 300 and len(FUNCTIONAL_KEYS) > 100
    assert len(differ) <= 5, differ
    assert constants.ESCAPE_DELAY > 0


def test_a_terminal_that_says_where_a_key_lies_teaches_it(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(keyboard_layouts, "_LEARNED", {})
    heard(["\x1b[241::59;1;241u"])
    place = keyboard_layouts.Places().of("ñ")
    assert place is not None and (place.key, place.script) == (";", "")
    assert keyboard_layouts.Places(on=False).of("ñ") is None


def test_a_lexer_knows_when_it_has_something_to_do() -> None:
    lexer = Lexer(0.1)
    assert lexer.deadline is None
    assert lexer.feed("\x1b", 5.0) == [] and lexer.deadline == pytest.approx(5.1)
    assert lexer.tick(5.05) == [] and [token.kind for token in lexer.tick(5.11)] == [SequenceKind.ESCAPE]
    assert lexer.deadline is None
