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
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import contextmanager
from datetime import datetime
from itertools import chain, islice
from types import TracebackType
from typing import TYPE_CHECKING, Any, BinaryIO, TextIO, TypeVar, cast

if TYPE_CHECKING:
    from store.scheme import Scheme
    from tui.text.table_columns import Head, TableCell

Result = TypeVar("Result")

_PATIENCE_SECONDS, _PAUSE_SECONDS = 0.3, 0.1
_UNSHOWN = "[\x7f-\x9f\xad\u061c\u200b-\u200f\u2028-\u202e\u2060-\u206f\ufeff\ud800-\udfff]"


def say(words: str) -> None:
    """A line for people, on standard error; where that cannot be written there is nobody to read it."""
    import click  # as in all that is said here: what opens the app says nothing

    from tui.text.safe import safe_block

    try:
        click.echo(safe_block(words), err=True)
    except OSError:
        _close(sys.stderr)


def close_output() -> None:
    """Let the interpreter's last flush go nowhere: the person who read the output has gone, or there is no room for
    it."""
    _close(sys.stdout)


def _close(stream: TextIO) -> None:
    os.dup2(os.open(os.devnull, os.O_WRONLY), stream.fileno())


def tell(line: str) -> None:
    """One line of data for people, on standard output."""
    import click

    from tui.text.safe import safe_block

    click.echo(safe_block(line))


def plain(record: object) -> Any:
    """A record as JSON knows it."""
    from store.formats.json_value import json_value

    return json_value(record)


def report(record: object, as_json: bool, line: str, **more: object) -> None:
    """What came of a command: the whole record as JSON, with what ``more`` there is to it, else one line for people."""
    if as_json:
        show_json({**plain(record), **more} if more else plain(record))
    else:
        tell(line)


def listing(
    heads: Sequence[Head],
    records: Iterable[Any],
    as_json: bool,
    *,
    nothing: str = "",
    as_plain: Callable[[Any], object] = plain,
) -> None:
    """Records as a table, or whole as JSON.

    Args:
        heads: the columns, each with what it shows of a record.
        records: read as they are shown, so that they may come from a generator.
        as_json: print a JSON array, of what ``as_plain`` makes of each.
        nothing: said when there are none to show in a table.
    """
    if as_json:
        show_json_list(map(as_plain, records))
        return
    coming = iter(records)
    first = list(islice(coming, 1))
    if nothing and not first:
        say(nothing)
    show_table(heads, ([head.cell(record) for head in heads] for record in chain(first, coming)))


def show_table(heads: Sequence[Head], rows: Iterable[Sequence[TableCell]]) -> None:
    """A table of cells: fitted into the terminal, or whole cells between tabs where there is none."""
    from tui.text.tables import table_lines

    for line in table_lines(heads, rows, terminal_width()):
        sys.stdout.write(line + "\n")


def terminal_width() -> int | None:
    """The cells of a row when people look at standard output, else None."""
    return shutil.get_terminal_size().columns if sys.stdout.isatty() else None


def is_attended() -> bool:
    """Whether somebody can be asked: the questions go to standard error, the answers come from standard input."""
    return sys.stdin.isatty() and sys.stderr.isatty()


def prompt(words: str, **how: Any) -> str:
    """What somebody at the terminal answers. Ctrl-C and the end of their input interrupt the run."""
    import click

    try:
        return str(click.prompt(words, err=True, **how))
    except click.Abort:
        raise KeyboardInterrupt from None


def confirm(words: str) -> bool:
    """Whether somebody at the terminal says yes. Ctrl-C and the end of their input interrupt the run."""
    import click

    try:
        return click.confirm(words, err=True)
    except click.Abort:
        raise KeyboardInterrupt from None


def written(write: Callable[[bool], Result], force: bool) -> Result:
    """Do what writes a file, told whether it may replace one. Where one is there, somebody at the terminal is asked.

    Raises:
        Refused: nobody can be asked or they said no, or it cannot be written.
    """
    from store.errors import Taken

    try:
        return write(force)
    except Taken as taken:
        if not is_attended() or not confirm(f"{taken.path} is there already. Replace it?"):
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


def local_time(ms: int) -> str:
    """A moment (ms UTC) on the clock of this machine, to the minute."""
    return datetime.fromtimestamp(ms / 1000).strftime("%Y-%m-%d %H:%M")


def spelt(*keys: str) -> str:
    """Keys such as decisions or outcomes, in words."""
    return " and ".join(keys).replace("_", " ")


def labelled(scheme: Scheme, verdict: str) -> str:
    """A verdict with its glyph, or nothing."""
    kind = scheme.verdict(verdict)
    return f"{kind.glyph} {kind.label}" if verdict else ""


def counted(number: int, one: str, many: str = "") -> str:
    """``1 claim``, ``2 claims``."""
    return f"{number:,} {one if number == 1 else many or one + 's'}"


class Progress:
    """A line on standard error that counts along when people have to wait; a pipe gets none of it."""

    def __init__(self, doing: str, unit: str = "") -> None:
        """``unit`` is put behind the number."""
        self._doing = doing
        self._unit = f" {unit}" if unit else ""
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
            self._show(f"{self._doing} {done:,}{self._unit}" + (f" of {total:,}" if total else ""))
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


@contextmanager
def importing() -> Iterator[tuple[Progress, Callable[[int, int], None]]]:
    """Tells how far an import of claims is: what is told of those that are checked, and of those that are in.

    Interrupted, it says how many are in.
    """
    done = total = 0
    with Progress("Checked") as checked, Progress("Imported") as progress:

        def saved(number: int, of: int) -> None:
            nonlocal done, total
            done, total = number, of
            progress(number, of)

        try:
            yield checked, saved
        except KeyboardInterrupt:
            kept = f"{done:,} of {counted(total, 'claim')} are in and stay; import again to bring in the rest."
            raise KeyboardInterrupt(f"interrupted; {kept if done else 'nothing was imported.'}") from None
