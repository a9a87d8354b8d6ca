"""The files of a format: those to be read, guarded against what no file should do, and those to be written.

What is read may be a file, a folder, a zip or a stream; what is written a file, a folder, a zip or a stream. A format
sees names and bytes.
"""

from __future__ import annotations

import io
import json
import re
import stat
import tempfile
import zipfile
import zlib
from collections.abc import Callable, Iterable, Iterator
from contextlib import AbstractContextManager, ExitStack, contextmanager
from functools import partial
from pathlib import Path, PurePosixPath
from typing import IO, Any, BinaryIO, NamedTuple, TypeVar, cast

from store.errors import Refused
from store.file_locks import open_to_read
from store.formats import zips
from store.text.shorten import shorten

Found = TypeVar("Found")

LONGEST_LINE = 32_000_000
"""Bytes that a line, or a file that is read as a whole, may have."""

_MANIFESTS = ("datapackage.json", ".manifest.json")
"""How the names of the manifests end that exports write."""
_ZIP = b"PK\x03\x04"
_EPOCH = (1980, 1, 1, 0, 0, 0)


class Problem(NamedTuple):
    """One record that did not come in, or came in mended: its place (``dev.jsonl, line 12``) and why, in words."""

    where: str
    why: str
    mended: bool = False

    def __str__(self) -> str:
        return f"{self.where}: {self.why}"


class Wrong(Refused):
    """A record that cannot be read; its text says why, without the place."""


class JsonObject(NamedTuple):
    """One JSON object of a file, with its place. What is asked of it must be of its kind, or ``Wrong`` is raised."""

    where: str
    values: dict[str, Any]

    def text(self, *names: str) -> str:
        """The text under the first of these names that is there; empty when none is, or it is null."""
        value = self.first(*names)
        if type(value) is str:
            return value
        if value is None:
            return ""
        if isinstance(value, bool) or not isinstance(value, str | int | float):
            raise Wrong(f"“{names[0]}” is not a text")
        return str(value)

    def texts(self, *names: str) -> dict[str, Any]:
        """The texts under these names, by name; empty where there is none."""
        return {name: self.text(name) for name in names}

    def first(self, *names: str) -> Any:
        """What stands under the first of these names that is there and not null."""
        for name in names:
            if (value := self.values.get(name)) is not None:
                return value
        return None

    def whole(self, *names: str) -> int:
        """A whole number that must be there."""
        value = self.first(*names)
        if isinstance(value, bool) or not isinstance(value, int) or abs(value) > 10**15:
            raise Wrong(f"“{names[0]}” is not a whole number")
        return value

    def each(self, *names: str) -> list[Any]:
        """The members of a list; none when it is not there, and one where an object stands in place of a list."""
        value = self.first(*names)
        if value is None:
            return []
        if isinstance(value, dict):
            return [value]
        if not isinstance(value, list):
            raise Wrong(f"“{names[0]}” is not a list")
        return value

    def words(self, *names: str) -> tuple[str, ...]:
        """The texts of a list."""
        value = self.first(*names)
        found = [value] if isinstance(value, str) else self.each(*names)
        if not all(isinstance(one, str) for one in found):
            raise Wrong(f"“{names[0]}” is not a list of texts")
        return tuple(found)

    def records(self, *names: str) -> list[JsonObject]:
        """The objects of a list."""
        return [self.of(one, names[0]) for one in self.each(*names)]

    def record(self, *names: str) -> JsonObject:
        """An object; an empty one where none is."""
        value = self.first(*names)
        return self.of({} if value is None else value, names[0])

    def of(self, value: object, name: str) -> JsonObject:
        """What should be an object."""
        if not isinstance(value, dict):
            raise Wrong(f"“{name}” is not an object")
        return JsonObject(self.where, value)


class File(NamedTuple):
    """A file to be read. ``name`` is its path within what was given, with ``/`` between folders."""

    name: str
    stream: Callable[[], AbstractContextManager[BinaryIO]]

    @property
    def stem(self) -> str:
        """The name without its folders and its ending."""
        return PurePosixPath(self.name).stem

    @property
    def suffix(self) -> str:
        return PurePosixPath(self.name).suffix.lower()

    def data(self) -> bytes:
        """All its bytes. Raises Wrong when they are too many, or cannot be read."""
        with self._opened() as file:
            data = file.read(LONGEST_LINE + 1)
        if len(data) > LONGEST_LINE:
            raise Wrong(f"it is longer than {LONGEST_LINE // 1_000_000} MB: split it")
        return data

    def text(self) -> str:
        """Its text, in UTF-8, to the letter. Raises Wrong when it is not."""
        try:
            return self.data().decode("utf-8-sig")
        except UnicodeDecodeError as error:
            raise Wrong(f"it is not UTF-8 (byte {error.start}): save it as UTF-8") from None

    def lines(self) -> Iterator[tuple[int, str] | Problem]:
        """Its lines with their numbers from 1, without line ends; those that are too long or not UTF-8 are told."""
        with self._opened() as file:
            number = 0
            while line := file.readline(LONGEST_LINE + 1):
                number += 1
                where = f"{self.name}, line {number}"
                if len(line) > LONGEST_LINE:
                    while line and not line.endswith(b"\n"):
                        line = file.readline(LONGEST_LINE)
                    yield Problem(where, f"it is longer than {LONGEST_LINE // 1_000_000} MB: split it")
                    continue
                try:
                    text = line.decode("utf-8-sig" if number == 1 else "utf-8")
                except UnicodeDecodeError:
                    yield Problem(where, "it is not UTF-8: save the file as UTF-8")
                    continue
                yield number, text.removesuffix("\n").removesuffix("\r")

    def records(self) -> Iterator[JsonObject | Problem]:
        """Its JSON objects: one a line, or those of one list, or one of several lines."""
        if self._begins_a_list():
            yield from self._listed()
            return
        for line in self.lines():
            if isinstance(line, Problem):
                yield line
                continue
            number, text = line
            if not text.strip():
                continue
            where = f"{self.name}, line {number}"
            found = parsed(text)
            if isinstance(found, str) and number == 1:
                yield from self._listed(found)
                return
            yield JsonObject(where, found) if isinstance(found, dict) else Problem(where, _no_object(found))

    def _begins_a_list(self) -> bool:
        with self._opened() as file:
            return file.read(4096).removeprefix(b"\xef\xbb\xbf").lstrip().startswith(b"[")

    def _listed(self, otherwise: str = "") -> Iterator[JsonObject | Problem]:
        """The objects of a file that is one JSON value; if it is none, why its first line was not either."""
        try:
            found = parsed(self.text())
        except Wrong as wrong:
            yield Problem(self.name, str(wrong))
            return
        if isinstance(found, str):
            yield Problem(f"{self.name}, line 1" if otherwise else self.name, otherwise or found)
            return
        for number, one in enumerate(found if isinstance(found, list) else [found], 1):
            where = f"{self.name}, record {number}"
            yield JsonObject(where, one) if isinstance(one, dict) else Problem(where, _no_object(one))

    @contextmanager
    def _opened(self) -> Iterator[BinaryIO]:
        try:
            with self.stream() as file:
                yield file
        except (OSError, zipfile.BadZipFile, EOFError, RuntimeError, zlib.error) as error:
            raise Wrong(f"it cannot be read ({getattr(error, 'strerror', None) or error})") from None


def parsed(text: str) -> Any:
    """A JSON value that is not a text; or why there is none, as a phrase."""
    try:
        found = json.loads(text)
    except RecursionError:
        return "its JSON is nested too deeply"
    except ValueError as error:
        return f"it is not JSON ({shorten(str(error).partition(': line')[0], 60)})"
    return "it is a single text, not a record" if isinstance(found, str) else found


def _no_object(found: object) -> str:
    return found if isinstance(found, str) and found.startswith("it") else "it is not a JSON object"


def each(files: Files, take: Callable[[JsonObject], Iterable[Found]]) -> Iterator[Found | Problem]:
    """What ``take`` makes of each JSON object of some files; what it raises ``Wrong`` for is a problem as a whole."""
    for file in files:
        try:
            for found in file.records():
                if isinstance(found, Problem):
                    yield found
                    continue
                try:
                    yield from list(take(found))
                except Wrong as wrong:
                    yield Problem(found.where, str(wrong))
        except Wrong as wrong:
            yield Problem(file.name, str(wrong))


class Files:
    """Files to be read, in the natural order of their names; use ``Files.at``."""

    def __init__(self, files: Iterable[File]) -> None:
        self._files = sorted(files, key=lambda file: _natural(file.name))

    def __iter__(self) -> Iterator[File]:
        return iter(self._files)

    def __len__(self) -> int:
        return len(self._files)

    def get(self, name: str) -> File | None:
        """The file of that name."""
        return next((file for file in self._files if file.name == name), None)

    @classmethod
    @contextmanager
    def at(cls, source: Path | BinaryIO, extensions: tuple[str, ...] = ()) -> Iterator[Files]:
        """The file, or those of a folder or zip, as long as it is open.

        Args:
            source: a file, a folder, a zip, or a stream, which is kept aside so that it can be read twice.
            extensions: how the names of the wanted files end; of a folder or zip only those are given.

        Raises:
            Refused: it is not there, cannot be read, holds none of them, or its names lead out of it.
        """
        with ExitStack() as stack:
            try:
                if not isinstance(source, Path):
                    yield cls([_of_stream(source, extensions, stack)])
                elif stat.S_IFMT(source.stat().st_mode) in (stat.S_IFREG, stat.S_IFDIR):
                    yield cls(_of_path(source, extensions, stack))
                else:  # a pipe or a device gives what it has only once
                    yield cls([_of_stream(stack.enter_context(open_to_read(source)), extensions, stack)])
            except OSError as error:
                where = source if isinstance(source, Path) else "the input"
                raise Refused(f"{where} cannot be read ({error.strerror or error}): check its name.") from None


def _of_stream(stream: BinaryIO, extensions: tuple[str, ...], stack: ExitStack) -> File:
    kept = stack.enter_context(tempfile.TemporaryFile())  # noqa: SIM115 (the stack closes it)
    while piece := stream.read(1 << 20):
        kept.write(piece)

    @contextmanager
    def again() -> Iterator[BinaryIO]:
        kept.seek(0)
        yield kept

    return File("the input", again)


def _of_path(path: Path, extensions: tuple[str, ...], stack: ExitStack) -> list[File]:
    if stat.S_ISDIR(path.stat().st_mode):
        inside = [
            file for file in path.rglob("*") if file.is_file() and not zips.is_hidden(str(file.relative_to(path)))
        ]
        files = [_of_file(file, file.relative_to(path).as_posix()) for file in inside]
        return _wanted(files, extensions, f"The folder {path}")
    with open_to_read(path) as file:
        packed = file.read(4) == _ZIP
    if packed and not path.name.lower().endswith(extensions):
        return _wanted(_of_zip(path, stack), extensions, str(path))
    return [_of_file(path, path.name)]


def _of_file(path: Path, name: str) -> File:
    return File(name, lambda: open_to_read(path))


def _wanted(files: list[File], extensions: tuple[str, ...], where: str) -> list[File]:
    named = [file for file in files if not file.name.endswith(_MANIFESTS)]
    found = [file for file in named if not extensions or file.name.lower().endswith(extensions)]
    if not found:
        raise Refused(f"{where} holds no file of this format; their names end in {', '.join(extensions)}.")
    return found


def _of_zip(path: Path, stack: ExitStack) -> list[File]:
    archive = stack.enter_context(zips.archive_in(stack.enter_context(open_to_read(path)), str(path)))
    inside = [one for one in archive.infolist() if not one.is_dir()]
    for one in inside:
        if zips.leads_out(one.filename):
            raise Refused(f"{path} holds “{shorten(one.filename)}”, a name that leads out of it; nothing was read.")
    return [File(one.filename, partial(_unpacked, archive, one)) for one in inside if not zips.is_hidden(one.filename)]


def _unpacked(archive: zipfile.ZipFile, one: zipfile.ZipInfo) -> BinaryIO:
    return cast("BinaryIO", archive.open(one))


def _natural(name: str) -> list[tuple[int, int, str]]:
    """Sorts numbers in names by their value."""
    pieces = re.split(r"(\d{1,15})", name)
    return [(1, int(piece), "") if piece.isdecimal() else (0, 0, piece.casefold()) for piece in pieces]


class Out:
    """Where a format writes: one file, or files by their names."""

    def __init__(self, file: Callable[[str], Any], zipped: zipfile.ZipFile | None = None) -> None:
        self._opened = file
        self.names: list[str] = []
        """The files that were written, in order."""

    @contextmanager
    def file(self, name: str = "") -> Iterator[IO[bytes]]:
        """A file to write, of a name where there are several. Names are made unique and safe with `name_for`."""
        self.names.append(name)
        with self._opened(name) as file:
            yield file

    def write(self, text: str, name: str = "") -> None:
        """Write a whole file of UTF-8."""
        with self.file(name) as file:
            file.write(text.encode("utf-8", "surrogatepass"))

    @classmethod
    def stream(cls, stream: BinaryIO) -> Out:
        """One file, into an open stream."""

        @contextmanager
        def file(name: str) -> Iterator[BinaryIO]:
            yield stream

        return cls(file)

    @classmethod
    def alone(cls, stream: BinaryIO) -> Out:
        """One file of a format that may have several, into an open stream. A second one is refused."""
        names: list[str] = []

        @contextmanager
        def file(name: str) -> Iterator[BinaryIO]:
            names.append(name)
            if len(names) > 1:
                raise Refused("It takes more than one file: name a folder, or a file that ends in .zip.")
            yield stream

        return cls(file)

    @classmethod
    def folder(cls, folder: Path) -> Out:
        """Files in a folder that is there."""

        @contextmanager
        def file(name: str) -> Iterator[BinaryIO]:
            path = folder / name
            path.parent.mkdir(parents=True, exist_ok=True)
            with path.open("wb") as opened:
                yield opened

        return cls(file)

    @classmethod
    @contextmanager
    def packed(cls, stream: BinaryIO) -> Iterator[Out]:
        """Files in a zip, whose bytes are the same for the same files."""
        with zipfile.ZipFile(stream, "w", zipfile.ZIP_DEFLATED) as archive:

            @contextmanager
            def file(name: str) -> Iterator[IO[bytes]]:
                held = io.BytesIO()
                yield held
                told = zipfile.ZipInfo(name, _EPOCH)
                told.compress_type, told.external_attr = zipfile.ZIP_DEFLATED, 0o644 << 16
                archive.writestr(told, held.getvalue())

            yield cls(file)


def name_for(number: int, title: str) -> str:
    """A name for the file of an article: its place in the export and the beginning of its title, safe everywhere."""
    plain = re.sub("[^a-z0-9]+", "-", title.casefold())[:40].strip("-")
    return f"{number:04d}-{plain}" if plain else f"{number:04d}"
