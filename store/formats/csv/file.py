"""Reading CSV files as spreadsheets leave them: any of three separators, UTF-8, UTF-16 or Western European."""

from __future__ import annotations

import codecs
import csv
import io
import re
import shutil
import tempfile
from collections.abc import Collection, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import BinaryIO, NamedTuple

from store.errors import Refused
from store.file_locks import open_to_read
from store.formats.articles import charset

_SEPARATORS = ",;\t"
_ALIKE = {b"PK\x03\x04": "a spreadsheet or another packed file", b"\xd0\xcf\x11\xe0": "an old Excel file"}
_UNICODE = ("utf-8-sig", "utf-16")
_ESCAPED = re.compile("[\udc80-\udcff]")
"""What stands for a byte that could not be read."""
_BROKEN = (
    "A quotation mark is missing or in the wrong place, or the file breaks off: correct it there, "
    "because nothing after it can be read."
)


class CsvRow(NamedTuple):
    """A row below the header."""

    number: int
    """As a spreadsheet counts: the header is row 1."""
    line: int
    """The line of the file on which it begins, from 1."""
    cells: dict[str, str]
    """By column."""


class BadRow(NamedTuple):
    """A row that does not fit, and why. ``column`` is empty where it is not a single cell's fault."""

    number: int
    line: int
    column: str
    reason: str

    @classmethod
    def of(cls, number: int, line: int, refusal: Refused) -> BadRow:
        """Why a row was refused, as a sentence."""
        said = str(refusal)
        said = said[:1].upper() + said[1:] + ("" if said.endswith(".") else ".")
        return cls(number, line, getattr(refusal, "column", ""), said)

    def __str__(self) -> str:
        line = f" (line {self.line})" if self.line != self.number else ""
        return f"row {self.number}{line}{self.column and f', column {self.column}'}: {self.reason}"


class CsvFile:
    """An open CSV file. ``where`` names it in refusals, ``size`` is its length in bytes.

    ``header`` are the names of its columns; unnamed ones are left out. ``note`` says how it was read, when that was
    not as UTF-8.
    """

    def __init__(self, file: BinaryIO, where: str, known: Collection[str], lacking: str = "") -> None:
        """Look into the file: ``known`` are the names of columns by which the separator is told.

        Raises Refused for a file that is empty, no text, or has none of these columns in its first line; ``lacking``
        says that of the last.
        """
        self.where = where
        self.size = file.seek(0, io.SEEK_END)
        self._file = file
        file.seek(0)
        start = file.read(4)
        if not self.size:
            raise Refused(f"{where} is empty: export it again.")
        if start in _ALIKE:
            raise Refused(f"{where} is {_ALIKE[start]}: save it as CSV first.")
        self._encoding, self._damaged = _encoding(file, where)
        said = "" if self._encoding in _UNICODE else charset.codec_words(self._encoding)
        self.note = f"The file is not UTF-8: it was read as {said}." if said else ""
        first, self._hint = self._opening()
        names = {separator: _names(first, separator) for separator in _SEPARATORS}
        self._separator = max(_SEPARATORS, key=lambda separator: len(set(names[separator]) & set(known)))
        self._names = names[self._separator]
        self.header = [name for name in self._names if name]
        if not set(self.header) & set(known):
            raise Refused(lacking or f"{where} has no column of `export csv` in its first line: name another file.")
        twice = sorted({name for name in self.header if self.header.count(name) > 1})
        if twice:
            raise Refused(f"{where} has the column {twice[0]} twice: remove one of them.")

    def _opening(self) -> tuple[str, bool]:
        """The line with the names, and whether a line before it says what the separator is, as Excel writes it."""
        text = self._text()
        try:
            first = text.readline().rstrip("\r\n")
            hint = first.lower().startswith("sep=") and len(first) == 5
            return (text.readline().rstrip("\r\n") if hint else first), hint
        except UnicodeDecodeError:
            raise Refused(f"{self.where} is damaged in its first line: save it as CSV in UTF-8.") from None

    @property
    def done(self) -> int:
        """Bytes read so far."""
        return self._file.tell()

    def rows(self, wanted: Collection[str]) -> Iterator[CsvRow | BadRow]:
        """The rows below the header with the cells that are ``wanted``, and what is wrong with those that do not fit.

        Empty rows are left out.
        """
        names = [(place, name) for place, name in enumerate(self._names) if name in wanted]
        text = self._text()
        before = 1 if self._hint else 0
        if self._hint:
            text.readline()
        reader = csv.reader(text, delimiter=self._separator, strict=True)
        number, line, end = 0, 1, before
        with _long_cells():
            try:
                for number, cells in enumerate(reader, 1):
                    line, end = end + 1, reader.line_num + before
                    if number > 1 and any(cells):
                        yield self._row(number, line, cells, names)
            except csv.Error:
                yield BadRow(number + 1, end + 1, "", _BROKEN)
            except UnicodeDecodeError as error:
                wrong = f"It is not in {error.encoding.upper()}: save the file as CSV in UTF-8."
                yield BadRow(number + 1, end + 1, "", wrong)

    def _row(self, number: int, line: int, cells: list[str], names: list[tuple[int, str]]) -> CsvRow | BadRow:
        if len(cells) < len(self._names) or any(cells[len(self._names) :]):
            wrong = f"It has {len(cells)} cells where the header has {len(self._names)}."
            return BadRow(number, line, "", wrong)
        row = {name: cells[place] for place, name in names}
        for name, cell in row.items() if self._damaged else ():
            if bad := _ESCAPED.search(cell):
                encoding = "UTF-8" if self._encoding in _UNICODE else charset.codec_words(self._encoding)
                byte = ord(bad[0]) - 0xDC00
                wrong = f"It has the byte 0x{byte:02X}, which is not {encoding}: type that cell again."
                return BadRow(number, line, name, wrong)
        return CsvRow(number, line, row)

    def _text(self) -> io.TextIOWrapper:
        self._file.seek(0)
        errors = "strict" if self._encoding == "utf-16" else "surrogateescape"
        return io.TextIOWrapper(_Open(self._file), self._encoding, errors, newline="")


class _Open(io.BufferedReader):
    """A reader whose closing leaves the file under it open."""

    def __init__(self, file: BinaryIO) -> None:
        super().__init__(file)  # type: ignore[arg-type]

    def close(self) -> None:
        if not self.closed:
            self.detach()


@contextmanager
def csv_file(source: Path | BinaryIO, known: Collection[str]) -> Iterator[CsvFile]:
    """A CSV file, opened from a path or read from a stream; see ``CsvFile``."""
    if not isinstance(source, Path):
        with tempfile.TemporaryFile() as held:
            shutil.copyfileobj(source, held)
            yield CsvFile(held, "the input", known)
        return
    try:
        file = open_to_read(source)
    except FileNotFoundError:
        raise Refused(f"There is no file {source}: check the name.") from None
    except IsADirectoryError:
        raise Refused(f"{source} is a folder: name a file in it.") from None
    except (OSError, ValueError) as error:
        reason = getattr(error, "strerror", None) or "no such name is possible"
        raise Refused(f"{source} cannot be read ({reason}): check its name and its permissions.") from None
    with file:
        yield CsvFile(file, str(source), known)


def _encoding(file: BinaryIO, where: str) -> tuple[str, bool]:
    """The encoding, and whether some bytes do not fit it.

    Bytes that hold at least as much good UTF-8 as bad are damaged UTF-8. What cannot be told and is mostly ASCII is
    Western.
    """
    file.seek(0)
    if file.read(2) in (codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE):
        return "utf-16", False
    file.seek(0)
    decoder = codecs.getincrementaldecoder("utf-8")("surrogateescape")
    plain = good = bad = 0
    while chunk := file.read(1 << 20):
        text = decoder.decode(chunk)
        if not text.isascii():
            escaped = len(_ESCAPED.findall(text))
            beyond = sum(character > "\x7f" for character in text)
            plain, good, bad = plain + len(text) - beyond, good + beyond - escaped, bad + escaped
        else:
            plain += len(text)
    bad += len(decoder.decode(b"", final=True))
    if not bad or good >= bad:
        return "utf-8-sig", bad > 0
    file.seek(0)
    found = charset.codec_of(charset.telling_lines(file))
    if not found and bad * 10 > plain * 3:
        raise Refused(f"{where} is in an encoding that cannot be recognised: save it as CSV in UTF-8.")
    return found or "cp1252", True


def _names(line: str, separator: str) -> list[str]:
    try:
        return [cell.strip().lower() for cell in next(csv.reader([line], delimiter=separator), [])]
    except csv.Error:  # no header: a NUL, or a word of more than 128 kB
        return []


@contextmanager
def _long_cells() -> Iterator[None]:
    """The csv module refuses cells of more than 128 kB, and a claim may be longer."""
    before = csv.field_size_limit(2**31 - 1)
    try:
        yield
    finally:
        csv.field_size_limit(before)
