"""PDFs that hold text: their lines put together to paragraphs again, without what stands on the edge of every page."""

from __future__ import annotations

import io
import logging
import re
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from itertools import pairwise
from pathlib import PurePath
from typing import Any, NamedTuple

import pypdf
from pypdf.errors import DependencyError, EmptyFileError, FileNotDecryptedError, PdfReadError, WrongPasswordError

from store.errors import Refused
from store.formats.articles.plaintext import mended, whole
from store.formats.articles.reader import ArticleFile, ReadOptions
from store.text.article_draft import Draft, Original, plain_title

MOST_PAGES = 3_000
"""So many pages may a PDF have."""
LEAST_ON_A_PAGE = 20
"""Code points a page, over all pages: with fewer, a PDF that has pictures is scanned."""

_LETTERS = {"ﬀ": "ff", "ﬁ": "fi", "ﬂ": "fl", "ﬃ": "ffi", "ﬄ": "ffl", "ﬅ": "st", "ﬆ": "st"}
_LIGATURE = re.compile("[" + "".join(_LETTERS) + "]")
_ENDED = re.compile(r"[.!?:…。！？][\"'”’»)\]]*$")
_ITEM = re.compile(r"[•‣▪▫●○◦■□✓✔☐☑☒] ")
"""How an item of a list begins."""
_NO_TITLE = re.compile(
    r"untitled.*|document\d*|microsoft \w+ - .*|.*\.(?:docx?|pdf|indd|tex|odt|rtf|qxd|pptx?|pages|dvi|xlsx?)", re.I
)


_GUTTER, _LETTER = 1.5, 0.5
"""Between two columns there is room of so many letters' height; and how wide a letter is for its height."""
_ALIGNED = 6.0
"""Points within which lines that begin under each other begin."""
_LEAST_ROWS, _WORDY = 5, 12
"""So many rows have two columns that are text, and so many code points has the left one."""
_Place = tuple[float, float, float]


class _Line(NamedTuple):
    """A line of text with its place on the page, in points from the lower left, and the size of its letters."""

    text: str
    x: float
    y: float
    size: float


def read(file: ArticleFile, options: ReadOptions) -> Iterator[Draft]:
    """The article in a PDF. Raises Refused when it is locked, damaged, scanned or without text."""
    data = whole(file)
    faults = _Faults()
    logger = logging.getLogger("pypdf")
    before = logger.propagate
    logger.addHandler(faults)
    logger.propagate = False
    try:
        pages, about, pictures = _opened(data, file.where)
    finally:
        logger.removeHandler(faults)
        logger.propagate = before
    pages = [[line for line in page if line.text.strip()] for page in pages]
    if sum(len(line.text) for page in pages for line in page) < LEAST_ON_A_PAGE * len(pages) and pictures:
        raise Refused(
            f"{file.where}: this PDF is scanned, its pages are pictures; run it through text recognition (such as "
            "ocrmypdf) first."
        )
    edges = _without_edges(pages) + _without_edges(pages)
    joined, hyphens, leaves = _Paragraphs(pages).joined()
    text, ligatures = _LIGATURE.subn(lambda found: _LETTERS[found[0]], joined)
    leaves = tuple(leaf + _grown(joined, leaf) for leaf in leaves)
    clean, mends = mended(text)
    if not clean.strip():
        raise Refused(f"{file.where}: it has no text; choose a file that holds an article.")
    notes = [
        f"{number} {one}{'' if number == 1 else 's'} {done}"
        for number, one, done in (
            (hyphens, "word", "divided at the end of a line put together"),
            (edges, "line", "at the edge of pages left out"),
            (ligatures, "ligature", "written as letters"),
            (faults.fonts, "font", "not fully read"),
            (faults.others, "fault", "in the file passed over"),
        )
        if number
    ]
    yield Draft(
        clean,
        _title(about.get("/Title")),
        author=plain_title(_said(about.get("/Author"))),
        notes=(*notes, *mends),
        original=Original(
            data, "application/pdf", f"pypdf {pypdf.__version__}", name=PurePath(file.name).name,
            leaves=leaves if clean == text else (),
        ),
    )  # fmt: skip


class _Faults(logging.Handler):
    """Counts what the library complains of, instead of showing hundreds of lines."""

    def __init__(self) -> None:
        super().__init__()
        self._seen: set[str] = set()

    def emit(self, record: logging.LogRecord) -> None:
        self._seen.add(record.getMessage()[:200])

    @property
    def fonts(self) -> int:
        return sum("font" in one.lower() for one in self._seen)

    @property
    def others(self) -> int:
        return len(self._seen) - self.fonts


def _opened(data: bytes, where: str) -> tuple[list[list[_Line]], dict[str, Any], bool]:
    """The lines of every page, what the PDF says of itself, and whether it has pictures."""
    try:
        reader = pypdf.PdfReader(io.BytesIO(data))
        if reader.is_encrypted and not reader.decrypt(""):
            raise FileNotDecryptedError
        if len(reader.pages) > MOST_PAGES:
            raise Refused(f"{where}: it has {len(reader.pages):,} pages; split it into parts of {MOST_PAGES:,}.")
        pages = [_lines(page) for page in reader.pages]
        about = dict(reader.metadata or {})
        pictures = any(_has_picture(page) for page in reader.pages)
    except Refused:
        raise
    except (FileNotDecryptedError, WrongPasswordError, DependencyError):
        raise Refused(f"{where}: this PDF is locked; save it without a password, or print it to a new PDF.") from None
    except EmptyFileError:
        raise Refused(f"{where}: it has no text; choose a file that holds an article.") from None
    except PdfReadError:
        raise Refused(f"{where}: this PDF is damaged; get it again.") from None
    except Exception as error:  # a parser of others, on a document of others
        raise Refused(f"{where}: this PDF cannot be read ({type(error).__name__}); print it to a new PDF.") from None
    if not pages:
        raise Refused(f"{where}: it has no pages; get it again.")
    return pages, about, pictures


def _has_picture(page: Any) -> bool:
    try:
        objects = page["/Resources"]["/XObject"].get_object()
        return any(objects[name].get_object().get("/Subtype") == "/Image" for name in objects)
    except Exception:  # a page without any
        return False


def _lines(page: Any) -> list[_Line]:
    """The lines of a page in the order in which they are written, two columns one after the other."""
    rows: list[tuple[_Line, list[_Line]]] = []
    parts: list[list[str]] = []
    places: list[_Place] = []
    beyond = 0.0  # where what is written last ends, near enough

    def end() -> None:
        row = [_Line(text, *place) for pieces, place in zip(parts, places, strict=True) if (text := _spaced(pieces))]
        if row:
            whole = row[0]._replace(text=_spaced(piece for pieces in parts for piece in pieces))
            rows.append((whole, row))
        parts.clear()
        places.clear()

    def take(text: str, cm: Sequence[float], tm: Sequence[float], font: object, size: float) -> None:
        nonlocal beyond
        x, y = cm[4] + tm[4], cm[5] + tm[5]
        size = abs(size * (tm[3] or tm[1] or 1) * (cm[3] or 1))
        for nth, part in enumerate(text.split("\n")):
            if nth:
                end()
            if part.strip():
                if parts and abs(y - places[-1][1]) > max(size, places[-1][2]) * 0.7:
                    end()
                if not parts or x - beyond > size * _GUTTER:
                    places.append((x, y, size))
                    parts.append([])
                beyond = x + _width(part.strip(), size)
            if part and parts:
                parts[-1].append(part)

    page.extract_text(visitor_text=take)
    end()
    return _in_columns(rows)


def _width(words: str, size: float) -> float:
    """How wide some words are, in points, near enough."""
    return size * sum(_LETTER if one < "\u2e80" and not one.isupper() else 2 * _LETTER for one in words)


def _spaced(pieces: Iterable[str]) -> str:
    return " ".join("".join(pieces).split())


def _in_columns(rows: list[tuple[_Line, list[_Line]]]) -> list[_Line]:
    """The lines in the order of reading, where two columns were written across: the left one first.

    What begins in the right column begins at one place in many rows. A row that runs over both parts what is above it
    from what is below.
    """
    starts = Counter(round(parts[1].x / _ALIGNED) for _, parts in rows if len(parts) == 2)
    at, count = max(starts.items(), key=lambda one: one[1] + starts[one[0] + 1], default=(0, 0))
    count += starts[at + 1]
    gutter = at * _ALIGNED - _ALIGNED
    both = [parts for _, parts in rows if len(parts) == 2 and gutter <= parts[1].x <= gutter + 3 * _ALIGNED]
    wordy = sum(len(parts[0].text) for parts in both) >= _WORDY * len(both)
    if count < _LEAST_ROWS or not wordy:  # such as the rows of a table
        return [whole for whole, _ in rows]
    ordered: list[_Line] = []
    right: list[_Line] = []
    for _, parts in rows:
        first = parts[0]
        over = first.x < gutter < first.x + _width(first.text, first.size)
        if over:
            ordered += right
            right = []
        for part in parts:
            (right if part.x >= gutter and not over else ordered).append(part)
    return [*ordered, *right]


def _without_edges(pages: list[list[_Line]]) -> int:
    """Take the head and foot lines out that are alike, but for digits, on half of the pages; how many they were."""
    gone = 0
    for edge in (0, -1):
        alike = Counter(re.sub(r"\d+", "#", page[edge].text) for page in pages if page)
        common = {text for text, count in alike.items() if count >= 3 and count * 2 >= len(pages)}
        for page in pages:
            if page and re.sub(r"\d+", "#", page[edge].text) in common:
                page.pop(edge)
                gone += 1
    return gone


class _Paragraphs:
    """Puts lines together to paragraphs."""

    def __init__(self, pages: list[list[_Line]]) -> None:
        self._pages = pages
        lines = [line for page in pages for line in page]
        gaps = [round(a.y - b.y, 1) for page in pages for a, b in pairwise(page) if a.y > b.y]
        counted = Counter(gaps)
        self._gap = counted.most_common(1)[0][0] if counted else 0.0
        self._widest = max((len(line.text) for line in lines), default=0)
        words = Counter(word for line in lines for word in re.findall(r"[^\W\d_]+(?:-[^\W\d_]+)*", line.text))
        self._words = {word.lower() for word in words}
        self._hyphens = 0

    def joined(self) -> tuple[str, int, tuple[int, ...]]:
        """The text, how many words were put together, and where each page begins in it."""
        text: list[str] = []
        length = 0
        leaves: list[int] = []
        before: _Line | None = None
        for page in self._pages:
            first = True
            for line in page:
                between = "" if before is None else self._between(before, line, turned=first)
                words = line.text
                if between == "-":
                    cut = len(text[-1]) - 1
                    text[-1], length, between = text[-1][:cut], length - 1, ""
                    self._hyphens += 1
                if first:
                    leaves.append(length + len(between))
                    first = False
                text.append(between + words)
                length += len(between) + len(words)
                before = line
            if first:
                leaves.append(length)
        return "".join(text), self._hyphens, tuple(leaves)

    def _between(self, before: _Line, line: _Line, *, turned: bool) -> str:
        """What stands between two lines: nothing, a space, a line end, a blank line; or a hyphen that goes."""
        if self._parted(before, line, turned):
            return "\n\n"
        if _ITEM.match(line.text):
            return "\n"
        if before.text[-1:] in ("-", "\u00ad", "\u2010") and line.text[:1].islower() and before.text[-2:-1].isalpha():
            head = re.findall(r"[^\W\d_]+(?:-[^\W\d_]+)*(?=.$)", before.text)[-1:]
            tail = re.match(r"[^\W\d_]+", line.text)
            if before.text[-1] == "-" and head and tail:
                with_it, without = f"{head[0]}-{tail[0]}".lower(), f"{head[0]}{tail[0]}".lower()
                if with_it in self._words and without not in self._words:
                    return ""
            return "-"
        return "" if before.text[-1:] in ("-", "\u2010", "\u2013") and before.text[-2:-1] != " " else " "

    def _parted(self, before: _Line, line: _Line, turned: bool) -> bool:
        if max(before.size, line.size) > min(before.size, line.size) * 1.15:
            return True
        ended = _ENDED.search(before.text) is not None
        if turned or line.y > before.y:  # the next page or column
            return ended or (line.text[:1].isupper() and len(before.text) * 3 < self._widest)
        if before.y - line.y > self._gap * 1.3:
            return True
        return ended and line.x - before.x > line.size * 0.8  # a first line that is set in


def _grown(text: str, place: int) -> int:
    """By how much a place moves when ligatures before it become letters."""
    return sum(len(_LETTERS[one]) - 1 for one in _LIGATURE.findall(text, 0, place))


def _said(value: object) -> str:
    try:
        return str(value or "").replace("\0", "")
    except Exception:  # an object that the file does not hold
        return ""


def _title(value: object) -> str:
    said = _said(value)
    return "" if "\0" in str(value or "") or _NO_TITLE.fullmatch(said.strip()) else plain_title(said)
