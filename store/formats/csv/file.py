"""Reading CSV files as spreadsheets leave them: any of three separators, UTF-8, UTF-16 or Western European."""

from __future__ import annotations

import codecs
import csv
import io
from collections.abc import Collection, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import BinaryIO

from store.errors import Refused

_SEPARATORS = ",;\t"
_ALIKE = {b"PK\x03\x04": "a spreadsheet or another packed file", b"\xd0\xcf\x11\xe0": "an old Excel file"}


class CsvFile:
    """An open CSV file. ``where`` names it in refusals, ``size`` is its length in bytes.

    ``header`` are the names of its columns; unnamed ones are left out.
    """

    def __init__(self, file: BinaryIO, where: str, known: Collection[str]) -> None:
        """Look into the file: ``known`` are the names of columns by which the separator is told.

        Raises Refused for a file that is empty, no text, or has none of these columns in its first line.
        """
        self.where = where
        self.size = file.seek(0, io.SEEK_END)
        self._file = file
        file.seek(0)
        start = file.read(4)
        if not self.size:
            raise Refused(f"{where} is empty: export it anew.")
        if start in _ALIKE:
            raise Refused(f"{where} is {_ALIKE[start]}: save it as CSV first.")
        self._encoding = _encoding(file)
        first = self._text().readline().rstrip("\r\n")
        self._hint = first.lower().startswith("sep=") and len(first) == 5  # Excel's own way to say the separator
        if self._hint:
            text = self._text()
            text.readline()
            first = text.readline().rstrip("\r\n")
        names = {separator: _names(first, separator) for separator in _SEPARATORS}
        self._separator = max(_SEPARATORS, key=lambda separator: len(set(names[separator]) & set(known)))
        self._names = names[self._separator]
        self.header = [name for name in self._names if name]
        if not set(self.header) & set(known):
            raise Refused(f"{where} has no column of `export csv` in its first line: name another file.")
        twice = sorted({name for name in self.header if self.header.count(name) > 1})
        if twice:
            raise Refused(f"{where} has the column {twice[0]} twice: take one of them out.")

    @property
    def done(self) -> int:
        """Bytes read so far."""
        return self._file.tell()

    def rows(self) -> Iterator[tuple[int, dict[str, str] | str]]:
        """The rows below the header: the number a spreadsheet gives them, and their cells by column.

        Instead of its cells comes what is wrong with a row that does not fit the header. Empty rows are left out.
        """
        text = self._text()
        if self._hint:
            text.readline()
        number = 0
        with _long_cells():
            try:
                for number, cells in enumerate(csv.reader(text, delimiter=self._separator, strict=True), 1):
                    if number == 1 or not any(cells):
                        continue
                    if len(cells) < len(self._names) or any(cells[len(self._names) :]):
                        yield number, f"It has {len(cells)} cells where the header has {len(self._names)}."
                        continue
                    yield number, {name: cell for name, cell in zip(self._names, cells, strict=False) if name}
            except csv.Error:
                yield number + 1, "A quotation mark is missing or stands in the wrong place, or the file breaks off."

    def _text(self) -> io.TextIOWrapper:
        self._file.seek(0)
        return io.TextIOWrapper(_Open(self._file), self._encoding, newline="")


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
        yield CsvFile(io.BytesIO(source.read()), "the input", known)
        return
    if source.is_dir():
        raise Refused(f"{source} is a folder: name a file in it.")
    try:
        file = source.open("rb")
    except FileNotFoundError:
        raise Refused(f"There is no file {source}: check the name.") from None
    except OSError as error:
        raise Refused(f"{source} cannot be read ({error.strerror}): check its permissions.") from None
    with file:
        yield CsvFile(file, str(source), known)


def _encoding(file: BinaryIO) -> str:
    file.seek(0)
    if file.read(2) in (codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE):
        return "utf-16"
    file.seek(0)
    decoder = codecs.getincrementaldecoder("utf-8")()
    try:
        while chunk := file.read(1 << 20):
            decoder.decode(chunk)
        decoder.decode(b"", final=True)
    except UnicodeDecodeError:
        return "cp1252"
    return "utf-8-sig"


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
