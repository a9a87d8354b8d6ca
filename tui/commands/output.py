"""What a command gives back: data on standard output, words on standard error.

Nothing that an article, a name or a path holds reaches a terminal as a control character: tables and words show
substitutes, and JSON escapes them.
"""

from __future__ import annotations

import io
import json
import os
import re
import shutil
import sys
import time
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import fields, is_dataclass
from datetime import datetime, timezone
from enum import Enum
from types import TracebackType
from typing import TYPE_CHECKING, Any, BinaryIO, TextIO, TypeVar, cast

import click

if TYPE_CHECKING:
    from tui.text.tables import Cell, Column

Result = TypeVar("Result")

_TIMES = frozenset({"created", "updated", "changed", "at", "answered_at"})
_DOCUMENTS = frozenset({"seen"})
_INTERNAL = frozenset({"heads"})
_PATIENCE_SECONDS, _PAUSE_SECONDS = 0.3, 0.1
_UNSHOWN = "[\x7f-\x9f\xad\u061c\u200b-\u200f\u2028-\u202e\u2060-\u206f\ufeff\ud800-\udfff]"


def say(words: str) -> None:
    """A line for people, on standard error; where that cannot be written there is nobody to read it."""
    from tui.text.safe import safe_block

    try:
        click.echo(safe_block(words), err=True)
    except OSError:
        _close(sys.stderr)


def close_output() -> None:
    """Let the interpreter's last flush go nowhere: whoever read the output has gone, or there is no room for it."""
    _close(sys.stdout)


def _close(stream: TextIO) -> None:
    os.dup2(os.open(os.devnull, os.O_WRONLY), stream.fileno())


def tell(line: str) -> None:
    """One line of data for people, on standard output."""
    from tui.text.safe import safe_block

    click.echo(safe_block(line))


def show_table(columns: Sequence[Column], rows: Iterable[Sequence[Cell]]) -> None:
    """A table: fitted into the terminal, or whole cells between tabs where there is none."""
    from tui.text.tables import lines

    for line in lines(columns, rows, terminal_width()):
        sys.stdout.write(line + "\n")


def terminal_width() -> int | None:
    """The cells of a row when people look at standard output, else None."""
    return shutil.get_terminal_size().columns if sys.stdout.isatty() else None


def is_attended() -> bool:
    """Whether somebody can be asked: the questions go to standard error, the answers come from standard input."""
    return sys.stdin.isatty() and sys.stderr.isatty()


def written(write: Callable[[bool], Result], force: bool) -> Result:
    """Do what writes a file, told whether it may replace one. Where one is there, somebody at the terminal is asked.

    Raises:
        Refused: nobody can be asked or they said no, or it cannot be written.
    """
    from store.errors import Taken

    try:
        return write(force)
    except Taken as taken:
        if not is_attended() or not click.confirm(f"{taken.path} is there already. Replace it?", err=True):
            raise
    return write(True)


def show_json(value: object) -> None:
    """A record as one JSON object."""
    show_json_pieces([json.dumps(value, ensure_ascii=False, indent=2) + "\n"])


def show_json_list(values: Iterable[object]) -> None:
    """Records as a JSON array with one of them on each line, written as they come."""

    def pieces() -> Iterable[str]:
        between = "[\n"
        for value in values:
            yield between + json.dumps(value, ensure_ascii=False)
            between = ",\n"
        yield "[]\n" if between == "[\n" else "\n]\n"

    show_json_pieces(pieces())


def show_json_pieces(pieces: Iterable[str]) -> None:
    """JSON that comes in pieces."""
    for piece in pieces:
        write_exactly(re.sub(_UNSHOWN, lambda found: f"\\u{ord(found[0]):04x}", piece))
    sys.stdout.flush()


def write_exactly(text: str) -> None:
    """Data for programs, on standard output: UTF-8 whatever the locale, line ends as they are.

    On a terminal it is shown without control characters.
    """
    sys.stdout.flush()
    if sys.stdout.isatty():
        from tui.text.safe import safe_block

        sys.stdout.write(safe_block(text))
    else:
        sys.stdout.buffer.write(text.encode("utf-8", "surrogatepass"))


def data_stream() -> BinaryIO:
    """Standard output for bytes of UTF-8 text; on a terminal they are shown without control characters."""
    sys.stdout.flush()
    return cast("BinaryIO", _Shown()) if sys.stdout.isatty() else sys.stdout.buffer


class _Shown(io.RawIOBase):
    """Takes records of text, each of them whole, and shows them on the terminal."""

    def writable(self) -> bool:
        return True

    def write(self, record: Any) -> int:
        from tui.text.safe import safe_block

        text = bytes(record).decode("utf-8", "replace")
        sys.stdout.write(safe_block(text.removeprefix("\ufeff").replace("\r\n", "\n")))
        return len(record)


def plain(value: Any) -> Any:
    """A record as JSON knows it: times as ISO 8601 in UTC, enumerations as their text, without internal parts.

    What is kept as JSON (what a reviewer had seen) is an object in it.
    """
    if type(value) in (str, int, bool):  # most are, and there are very many
        return value
    if is_dataclass(value):
        named = [(part.name, getattr(value, part.name)) for part in fields(value)]
    elif isinstance(value, tuple) and hasattr(value, "_asdict"):
        named = list(value._asdict().items())
    else:
        named = []
    if named:
        return {name: _part(name, held) for name, held in named if name not in _INTERNAL}
    if isinstance(value, Mapping):
        return {str(key): plain(held) for key, held in value.items()}
    if isinstance(value, tuple | list):
        return [plain(held) for held in value]
    if isinstance(value, frozenset):
        return sorted(plain(held) for held in value)
    return value.value if isinstance(value, Enum) else value


def _part(name: str, held: Any) -> Any:
    if name in _TIMES:
        return _time(held)
    if name in _DOCUMENTS:
        return json.loads(held) if held else None
    return plain(held)


def _time(ms: int) -> str | None:
    if not ms:
        return None  # it has not happened
    moment = datetime.fromtimestamp(ms / 1000, timezone.utc)
    return moment.isoformat(timespec="milliseconds").replace("+00:00", "Z")


def local_time(ms: int) -> str:
    """A moment (ms UTC) on the clock of this machine, to the minute."""
    return datetime.fromtimestamp(ms / 1000).strftime("%Y-%m-%d %H:%M")


def counted(number: int, one: str, many: str = "") -> str:
    """``1 claim``, ``2 claims``."""
    return f"{number:,} {one if number == 1 else many or one + 's'}"


class Progress:
    """A line on standard error that counts along when people have to wait; a pipe gets none of it."""

    def __init__(self, doing: str) -> None:
        self._doing = doing
        self._shown = ""
        self._next = time.monotonic() + _PATIENCE_SECONDS if sys.stderr.isatty() else float("inf")

    def __enter__(self) -> Progress:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._show("")

    def __call__(self, done: int, total: int = 0) -> None:
        if time.monotonic() >= self._next:
            self._show(f"{self._doing} {done:,}" + (f" of {total:,}" if total else ""))
            self._next = time.monotonic() + _PAUSE_SECONDS

    def note(self, words: str) -> None:
        """Say something while the line is there."""
        self._show("")
        say(words)

    def _show(self, line: str) -> None:
        if line != self._shown:
            sys.stderr.write("\r" + line.ljust(len(self._shown)) + ("" if line else "\r"))
            sys.stderr.flush()
            self._shown = line
