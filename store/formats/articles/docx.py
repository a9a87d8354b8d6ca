"""Word documents: what people see once all tracked changes are accepted, and the comments beside it."""

from __future__ import annotations

import io
import re
from collections import Counter
from collections.abc import Iterator
from datetime import datetime, timezone
from pathlib import PurePath
from typing import Any, NamedTuple

import docx
from docx.oxml import parse_xml

from store.errors import Refused
from store.formats import zips
from store.formats.articles.plaintext import whole
from store.formats.articles.reader import DOCX, ArticleFile, ReadOptions
from store.text.article_draft import Draft, Original, Remark, plain_title
from store.text.sentences import sentences

_W = "{http://schemas.openxmlformats.org/wordprocessingml/2006/main}"
_W14 = "{http://schemas.microsoft.com/office/word/2010/wordml}"
_W15 = "{http://schemas.microsoft.com/office/word/2012/wordml}"
_MC = "{http://schemas.openxmlformats.org/markup-compatibility/2006}"
_M = "{http://schemas.openxmlformats.org/officeDocument/2006/math}"

_TAKEN_AWAY = {_W + name for name in ("del", "moveFrom", "delText", "instrText", "delInstrText", "rPr", "pPr", "rt")}
_SIGNS = {
    _W + "tab": "\t",
    _W + "ptab": "\t",
    _W + "cr": "\n",
    _W + "noBreakHyphen": "\u2011",
    _W + "softHyphen": "\u00ad",
}
_NOTES = {_W + "footnoteReference": "footnotes", _W + "endnoteReference": "endnotes"}
_UNKNOWN = "Unknown"
_ROMAN = (
    ("m", 1000), ("cm", 900), ("d", 500), ("cd", 400), ("c", 100), ("xc", 90), ("l", 50), ("xl", 40), ("x", 10),
    ("ix", 9), ("v", 5), ("iv", 4), ("i", 1),
)  # fmt: skip


class _Mark(NamedTuple):
    """Where a comment begins, ends, or is referred to."""

    what: str
    id: str
    at: int


class _Block:
    """A paragraph or a row, with the marks of comments in it. ``kind`` says what stands on the next line with it."""

    def __init__(self, kind: str = "paragraph") -> None:
        self.kind = kind
        self.text = ""
        self.marks: list[_Mark] = []

    def add(self, other: _Block) -> None:
        self.marks += [mark._replace(at=mark.at + len(self.text)) for mark in other.marks]
        self.text += other.text

    def cut(self) -> None:
        """Take the white space off its edges."""
        start = len(self.text) - len(self.text.lstrip())
        self.text = self.text.strip()
        self.marks = [mark._replace(at=min(max(mark.at - start, 0), len(self.text))) for mark in self.marks]


class WordComment(NamedTuple):
    """A comment as it stands in a document: whose, of when (ms UTC, 0 when unknown), and its paragraphs.

    ``start`` and ``end`` are the edges of what it is about, the same where it is a point. ``answers`` is the id of the
    comment that it is a reply to.
    """

    id: str
    start: int
    end: int
    author: str
    at: int
    said: tuple[str, ...]
    answers: str = ""
    resolved: bool = False

    @property
    def words(self) -> str:
        """All that it says."""
        return "\n".join(self.said).strip()


class WordFile(NamedTuple):
    """A document that was read: its text, the comments on it, what it tells of itself, and what was done to read it."""

    text: str
    title: str
    comments: tuple[WordComment, ...]
    about: Any
    notes: tuple[str, ...]


def word_file(data: bytes, where: str) -> WordFile:
    """Read a document. Raises Refused when it cannot be opened, or holds no text."""
    zips.archive_in(io.BytesIO(data), where)
    try:
        document = docx.Document(io.BytesIO(data))
        walk = _Walk(document)
        walk.body(document.element.body)
        walk.end()
        walk.notes()
        text, marks = walk.joined()
        comments = tuple(_comments(document, marks))
    except Refused:
        raise
    except Exception as error:  # a parser of others, on a document of others
        raise Refused(
            f"{where}: this Word document cannot be read ({type(error).__name__}); open it in Word or "
            "LibreOffice, and save it again as .docx."
        ) from None
    if not text.strip():
        raise Refused(f"{where}: it has no text; choose a file that holds an article.")
    about = document.core_properties
    return WordFile(text, plain_title(walk.title or about.title or ""), comments, about, tuple(walk.told()))


def read(file: ArticleFile, options: ReadOptions) -> Iterator[Draft]:
    """The article in a document. Raises Refused when it cannot be opened, or holds no text."""
    data = whole(file)
    found = word_file(data, file.where)
    remarks = tuple(
        Remark(*about(found.text, one), one.author or _UNKNOWN, one.words, one.at, f"docx:{one.id}")
        for one in found.comments
        if one.words and not one.resolved
    )
    comments = f"{len(remarks)} comment{'' if len(remarks) == 1 else 's'} read"
    yield Draft(
        found.text,
        found.title,
        author=plain_title(found.about.author or ""),
        notes=(*found.notes, *([comments] if remarks else [])),
        original=Original(
            data,
            DOCX.types[0],
            f"python-docx {docx.__version__}",
            name=PurePath(file.name).name,
        ),
        remarks=remarks,
    )


class _Walk:
    """Goes through a document once."""

    def __init__(self, document: Any) -> None:
        self.blocks: list[_Block] = []
        self.title = ""
        self._part = document.part
        self._left: Counter[str] = Counter()
        self._referred: list[tuple[str, str]] = []
        self._asides: list[_Block] = []
        self._begun: _Block | None = None
        """A paragraph that the next one goes on with."""
        self._lists = _Lists(document)

    def body(self, element: Any) -> None:
        """Paragraphs and tables, one after the other."""
        for child in element:
            tag = child.tag
            if tag == _W + "p":
                self._paragraph(child)
            elif tag == _W + "tbl":
                for row in child.iter(_W + "tr"):
                    if next(row.iterancestors(_W + "tbl")) is child:
                        self._row(row)
            elif tag not in _TAKEN_AWAY and isinstance(tag, str) and tag != _W + "sectPr":
                self.body(child)

    def end(self) -> None:
        """Take up a paragraph that nothing went on with."""
        if self._begun is not None:
            self.blocks.append(self._begun)
            self._begun = None

    def notes(self) -> None:
        """Footnotes and endnotes, as a last block."""
        lines: list[str] = []
        for kind, id in self._referred:
            for rel in self._part.rels.values():
                if rel.reltype.endswith(f"/{kind}") and not rel.is_external:
                    for note in parse_xml(rel.target_part.blob):
                        if note.get(_W + "id") == id:
                            inner = self._aside(note)
                            lines.append(f"{len(lines) + 1}. {' '.join(inner.text.split())}")
        for line in lines:
            block = _Block("note")
            block.text = line
            self.blocks.append(block)
        self._left["footnote"] = len(lines)

    def joined(self) -> tuple[str, list[_Mark]]:
        """The whole text, and where its comments are."""
        whole = _Block()
        before = ""
        for block in self.blocks:
            block.cut()
            if block.text and whole.text:
                whole.text += "\n" if block.kind == before != "paragraph" else "\n\n"
            whole.add(block)
            before = block.kind if block.text else before
        return whole.text, whole.marks

    def told(self) -> Iterator[str]:
        """What people should know of how it was read."""
        for number, one, done in (
            (self._left["change"], "tracked change", "taken as accepted"),
            (self._left["footnote"], "footnote", "at the end"),
            (self._left["hidden"], "piece", "of hidden text left out"),
        ):
            if number:
                yield f"{number} {one}{'' if number == 1 else 's'} {done}"

    def _aside(self, element: Any) -> _Block:
        """What stands in an element, in one block."""
        kept, self.blocks = self.blocks, []
        self.body(element)
        inner, self.blocks = self.blocks, kept
        found = _Block()
        for block in inner:
            if found.text and block.text:
                found.text += " "
            found.add(block)
        return found

    def _row(self, row: Any) -> None:
        if row.find(f"{_W}trPr/{_W}del") is not None:
            self._left["change"] += 1
            return
        whole = _Block("row")
        for nth, cell in enumerate(row.iterchildren(_W + "tc", _W + "sdt")):
            inner = self._aside(cell)
            inner.text = inner.text.replace("\n", " ")
            inner.cut()
            whole.text += " | " if nth else ""
            whole.add(inner)
        whole.text = whole.text.rstrip(" |")
        self.blocks.append(whole)

    def _paragraph(self, paragraph: Any) -> None:
        kind, mark, style = self._lists.of(paragraph)
        block = _Block(kind)
        inner, self._begun = self._begun or _Block(), None
        self._inline(paragraph, inner)
        if paragraph.find(f"{_W}pPr/{_W}rPr/{_W}del") is not None:  # its end is deleted: the next one goes on
            self._left["change"] += 1
            self._begun = inner
            return
        inner.cut()
        if inner.text:
            block.text = mark() if mark else ""
        block.add(inner)
        if not self.title and inner.text and re.fullmatch(r"title|heading ?1", style, re.IGNORECASE):
            self.title = inner.text
        asides, self._asides = self._asides, []
        self.blocks += [block, *asides]

    def _inline(self, element: Any, into: _Block) -> None:
        for child in element:
            tag = child.tag
            if tag in (_W + "del", _W + "moveFrom", _W + "ins"):
                self._left["change"] += 1
            if tag in _TAKEN_AWAY or not isinstance(tag, str):
                continue
            if tag in (_W + "t", _M + "t"):
                into.text += (child.text or "").replace("\r", "\n").replace("\ufeff", "")
            elif tag in _SIGNS:
                into.text += _SIGNS[tag]
            elif tag == _W + "br":
                into.text += "\n" if child.get(_W + "type") in (None, "textWrapping") else ""
            elif tag == _W + "r" and child.find(f"{_W}rPr/{_W}vanish") is not None:
                self._left["hidden"] += 1
            elif tag in _NOTES:
                self._referred.append((_NOTES[tag], child.get(_W + "id", "")))
            elif tag in (_W + "commentRangeStart", _W + "commentRangeEnd", _W + "commentReference"):
                into.marks.append(_Mark(tag.rpartition("comment")[2], child.get(_W + "id", ""), len(into.text)))
            elif tag == _W + "txbxContent":
                box = self._aside(child)  # which begins a list of asides of its own
                self._asides.append(box)
            elif tag == _MC + "AlternateContent":
                self._inline(child.findall(_MC + "Choice")[:1], into)
            else:
                self._inline(child, into)


class _Level(NamedTuple):
    """How a list counts at one depth: the form of its numbers, what stands around them, and the first."""

    form: str = ""
    words: str = ""
    start: int = 1


class _Lists:
    """The marks of lists: how a paragraph's list counts, and how far it has come."""

    def __init__(self, document: Any) -> None:
        self._styles: dict[str, tuple[str, Any, str]] = {}
        for style in document.styles.element.iter(_W + "style"):
            name, above = style.find(_W + "name"), style.find(_W + "basedOn")
            self._styles[style.get(_W + "styleId", "")] = (
                name.get(_W + "val", "") if name is not None else "",
                style.find(f"{_W}pPr/{_W}numPr"),
                above.get(_W + "val", "") if above is not None else "",
            )
        self._levels: dict[str, dict[str, _Level]] = {}
        for rel in document.part.rels.values():
            if rel.reltype.endswith("/numbering") and not rel.is_external:
                self._read(rel.target_part.element)
        self._counted: Counter[tuple[str, str]] = Counter()

    def _read(self, numbering: Any) -> None:
        kinds = {
            abstract.get(_W + "abstractNumId"): {
                level.get(_W + "ilvl", "0"): _Level(
                    _value(level.find(_W + "numFmt")),
                    _value(level.find(_W + "lvlText")),
                    _whole(_value(level.find(_W + "start")), 1),
                )
                for level in abstract.iter(_W + "lvl")
            }
            for abstract in numbering.iter(_W + "abstractNum")
        }
        for number in numbering.iter(_W + "num"):
            levels = dict(kinds.get(_value(number.find(_W + "abstractNumId")), {}))
            for other in number.iter(_W + "lvlOverride"):
                at, start = other.get(_W + "ilvl", "0"), other.find(_W + "startOverride")
                if at in levels and start is not None:
                    levels[at] = levels[at]._replace(start=_whole(_value(start), 1))
            self._levels[number.get(_W + "numId", "")] = levels

    def of(self, paragraph: Any) -> tuple[str, Any, str]:
        """What kind of block a paragraph is, what gives its mark if it is in a list, and the name of its style."""
        style = _value(paragraph.find(f"{_W}pPr/{_W}pStyle"))
        name, listed = self._styles.get(style, ("", None, ""))[:2]
        seen = {style}
        while listed is None and (style := self._styles.get(style, ("", None, ""))[2]) and style not in seen:
            seen.add(style)
            listed = self._styles.get(style, ("", None, ""))[1]
        own = paragraph.find(f"{_W}pPr/{_W}numPr")
        listed = own if own is not None else listed
        if listed is None:
            return "paragraph", None, name
        number, level = _value(listed.find(_W + "numId")), _value(listed.find(_W + "ilvl")) or "0"
        form = self._levels.get(number, {}).get(level, _Level()).form
        if form in ("", "none"):
            return "paragraph", None, name
        return f"item of {number}", lambda: "• " if form == "bullet" else self._next(number, level), name

    def _next(self, number: str, level: str) -> str:
        """The number of the next item, as people see it: ``3.``, ``2.1``, ``b)``, ``iv.``"""
        levels = self._levels[number]
        self._counted[number, level] = self._counted.get((number, level), levels[level].start - 1) + 1
        for other in [key for key in self._counted if key[0] == number and key[1] > level]:
            del self._counted[other]  # inner lists begin anew

        def counted(found: re.Match[str]) -> str:
            at = str(int(found[1]) - 1)
            one = levels.get(at, _Level())
            return _numbered(self._counted.get((number, at), one.start), one.form)

        return (re.sub(r"%([1-9])", counted, levels[level].words) or f"{self._counted[number, level]}.") + " "


def _numbered(number: int, form: str) -> str:
    """A number as a list writes it."""
    if form.endswith("Letter") and number > 0:
        word = chr(ord("a") + (number - 1) % 26) * min((number - 1) // 26 + 1, 9)
    elif form.endswith("Roman") and 0 < number < 4000:
        word, rest = "", number
        for sign, worth in _ROMAN:
            word += sign * (rest // worth)
            rest %= worth
    else:
        return f"{number:02}" if form == "decimalZero" else str(number)
    return word.upper() if form.startswith("upper") else word


def _whole(said: str, default: int) -> int:
    return int(said) if re.fullmatch("[0-9]{1,6}", said) else default


def _value(element: Any) -> str:
    return element.get(_W + "val", "") if element is not None else ""


def _comments(document: Any, marks: list[_Mark]) -> Iterator[WordComment]:
    """The comments that stand anywhere in the text."""
    starts = {mark.id: mark.at for mark in reversed(marks) if mark.what == "RangeStart"}
    ends = {mark.id: mark.at for mark in marks if mark.what == "RangeEnd"}
    points = {mark.id: mark.at for mark in reversed(marks) if mark.what == "Reference"}
    threads = _threads(document)
    known: dict[str, str] = {}
    for rel in document.part.rels.values():
        if not rel.reltype.endswith("/comments") or rel.is_external:
            continue
        for comment in rel.target_part.element.iter(_W + "comment"):
            id = comment.get(_W + "id", "")
            paragraphs = list(comment.iter(_W + "p"))
            own = [paragraph.get(_W14 + "paraId", "") for paragraph in paragraphs]
            known |= dict.fromkeys(own, id)
            above = next((threads[one][0] for one in own if one in threads), "")
            point = points.get(id, ends.get(id, starts.get(id)))
            if point is not None:
                yield WordComment(
                    id, starts.get(id, point), ends.get(id, point), plain_title(comment.get(_W + "author", "")),
                    _moment(comment.get(_W + "date", "")), tuple(map(_words, paragraphs)), known.get(above, ""),
                    any(threads[one][1] for one in own if one in threads),
                )  # fmt: skip


def _words(paragraph: Any) -> str:
    nodes = paragraph.iter(_W + "t", _W + "br", _W + "tab")
    return "".join((node.text or "") if node.tag == _W + "t" else "\n\t"[node.tag == _W + "tab"] for node in nodes)


def about(text: str, comment: WordComment) -> tuple[int, int]:
    """The words that a comment is about without the spaces around them; of a single place its sentence."""
    start = comment.start
    words = text[start : comment.end]
    if words.strip():
        start += len(words) - len(words.lstrip())
        return start, start + len(words.strip())
    found = list(sentences(text))
    return next(((s, e) for s, e in found if e >= start), found[-1])


def _threads(document: Any) -> dict[str, tuple[str, bool]]:
    """Of a comment's paragraph the one that it replies to, and whether somebody has marked it as resolved."""
    found: dict[str, tuple[str, bool]] = {}
    for rel in document.part.rels.values():
        if rel.reltype.endswith("/commentsExtended") and not rel.is_external:
            for one in parse_xml(rel.target_part.blob).iter(_W15 + "commentEx"):
                done = one.get(_W15 + "done") in ("1", "true")
                found[one.get(_W15 + "paraId", "")] = (one.get(_W15 + "paraIdParent", ""), done)
    found.pop("", None)
    return found


def _moment(said: str) -> int:
    """A time as Word writes it, in ms UTC; 0 for what is none. Word's clock tells no zone, though it writes one."""
    try:
        moment = datetime.fromisoformat(said.replace("Z", "+00:00"))
    except ValueError:
        return 0
    ms = int((moment if moment.tzinfo else moment.replace(tzinfo=timezone.utc)).timestamp() * 1000)
    return max(ms, 0)
