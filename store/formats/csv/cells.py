"""What stands in a cell: how values are written, and how they are read back.

Every text cell is quoted, numbers and times never are, and records end in CRLF as RFC 4180 has it; a cell's own line
breaks stay as they are. The lines are put together by SQLite itself, which is several times faster than handing a
million rows to Python, so each rule stands here twice: as SQL for writing, as Python for reading.

A spreadsheet runs a cell that begins with = + - @ (or their full-width twins), also behind white space and quotation
marks, and some run one that begins with a tab or carriage return. Such a cell gets a leading apostrophe; so does one
that already is such a cell behind apostrophes. Taking one apostrophe off such cells therefore gives back exactly
what was there.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime, timezone
from typing import Literal

from store.errors import Refused

_FORMULA = "=+-@＝＋－＠"
_RUN = re.compile(rf"""['" \t\n\r\v\f]*[{re.escape(_FORMULA)}]|'*[\t\r]""")
_BEFORE = "' ''\"' || char(9, 10, 11, 12, 13)"
_FORMULAS = f"'[{_FORMULA.replace('-', '')}-]*'"
_SUSPECTS = f"'[{_FORMULA.replace('-', '')} ''\"' || char(9, 10, 11, 12, 13) || '-]*'"
_TABS = "'[' || char(9, 13) || ']*'"


class BadCell(Refused):
    """What is wrong with one cell; ``column`` names it."""

    def __init__(self, column: str, sentence: str) -> None:
        super().__init__(sentence)
        self.column = column


@dataclass(frozen=True, slots=True)
class Column:
    """One column: its name, what it says, and the SQL that yields it.

    ``kind`` is text; many (several texts, which stand side by side with " | " between them, a backslash or bar within
    one behind a backslash); word (text that never begins like a formula); whole (a number); maybe (a number or
    NULL); or time (ms UTC or NULL, written in ISO 8601). For many, ``sql`` is a table whose column ``value`` holds
    the texts in order, and ``unless`` a quick condition under which there are none.
    """

    name: str
    says: str
    sql: str = ""
    kind: Literal["text", "many", "word", "whole", "maybe", "time"] = "text"
    unless: str = ""


def header(columns: Iterable[Column]) -> bytes:
    """The first line."""
    return ",".join(column.name for column in columns).encode() + b"\r\n"


def lines(columns: Sequence[Column], source: str, *, raw: bool) -> str:
    """SQL that gives one finished line for each row of ``source``: its FROM and what follows.

    Formulas are guarded unless ``raw``.
    """
    marks, values = [], []
    for column in columns:
        value = column.sql
        if column.kind == "many":
            marks.append('"%w"')
            values.append(_joined(column, raw))
        elif column.kind == "text" and not raw:
            marks.append('"%s%w"')
            values += [_guard(value), value]
        elif column.kind in ("text", "word"):
            marks.append('"%w"')
            values.append(value)
        elif column.kind == "whole":
            marks.append("%d")
            values.append(value)
        elif column.kind == "maybe":
            marks.append("%s")
            values.append(f"coalesce({value}, '')")
        else:
            marks.append("%s")
            values.append(f"strftime('%Y-%m-%dT%H:%M:%fZ', {value} / 1000.0, 'unixepoch')")
    return f"SELECT printf('{','.join(marks)}' || char(13, 10), {', '.join(values)}) {source}"


def plain(column: Column) -> str:
    """SQL for the column's value, not formatted; several values in one cell are joined."""
    return _joined(column, raw=True) if column.kind == "many" else column.sql


def _joined(column: Column, raw: bool) -> str:
    escaped = "replace(replace(value, '\\', '\\\\'), '|', '\\|')"
    cell = f"(SELECT group_concat({escaped}, ' | ') AS cell FROM {column.sql})"
    if not raw:
        cell = f"(SELECT {_guard('cell')} || cell FROM {cell})"
    cell = f"coalesce({cell}, '')"
    return f"CASE WHEN {column.unless} THEN '' ELSE {cell} END" if column.unless else cell


def _guard(value: str) -> str:
    # The first character settles it for nearly all cells; the rest is only worked out for those it does not.
    return (
        f"CASE WHEN {value} GLOB {_SUSPECTS} THEN CASE WHEN ltrim({value}, {_BEFORE}) GLOB {_FORMULAS}"
        f" OR ltrim({value}, '''') GLOB {_TABS} THEN '''' ELSE '' END ELSE '' END"
    )


def guarded(cell: str) -> str:
    """The cell with an apostrophe before it where a spreadsheet might run it, or take one off."""
    return f"'{cell}" if _RUN.match(cell) else cell


def unguarded(cell: str) -> str:
    """The value of a guarded cell."""
    return cell[1:] if cell[:1] == "'" and _RUN.match(cell, 1) else cell


def runs(cell: str) -> bool:
    """Whether a spreadsheet might run the cell as a formula."""
    return not cell.startswith("'") and bool(_RUN.match(cell))


def split(cell: str) -> list[str]:
    """The values of a cell that holds several; empty ones and the white space around them are dropped."""
    return [value for value in parallel(cell) if value]


def parallel(cell: str) -> list[str]:
    """As ``split``, with the empty ones: the values of a cell that stand one by one beside those of another."""
    if "|" not in cell and "\\" not in cell:
        return [cell.strip()]
    values = [""]
    for piece in re.findall(r"\\[\s\S]|\||[^\\|]+|\\$", cell):
        if piece == "|":
            values.append("")
        else:
            values[-1] += piece[1:] if len(piece) == 2 and piece[0] == "\\" else piece
    return [value.strip() for value in values]


def milliseconds(cell: str) -> int:
    """Milliseconds since 1970 of an ISO 8601 time, UTC where it names no zone. Raises Refused for anything else."""
    try:
        at = datetime.fromisoformat(re.sub(r"[Zz]$", "+00:00", cell.strip()))
        at = at if at.tzinfo else at.replace(tzinfo=timezone.utc)
        since = at - datetime(1970, 1, 1, tzinfo=timezone.utc)
    except (ValueError, OverflowError):
        raise Refused(f"“{cell}” is not a time: write it as 2026-11-23T12:00:00.123Z") from None
    return (since.days * 86_400 + since.seconds) * 1000 + since.microseconds // 1000
