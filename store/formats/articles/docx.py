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
from store.formats.articles.archive import refuse_bomb
from store.formats.articles.plaintext import whole
from store.formats.articles.reader import DOCX, ArticleFile, ReadOptions
from store.text.draft import Draft, Original, Remark, plain_title
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


def read(file: ArticleFile, options: ReadOptions) -> Iterator[Draft]:
    """The article in a document. Raises Refused when it cannot be opened, or holds no text."""
    data = whole(file)
    refuse_bomb(io.BytesIO(data), file.where)
    try:
        document = docx.Document(io.BytesIO(data))
        walk = _Walk(document)
        walk.body(document.element.body)
        walk.notes()
        text, marks = walk.joined()
        remarks = tuple(_remarks(document, text, marks))
    except Refused:
        raise
    except Exception as error:  # a parser of others, on a document of others
        raise Refused(
            f"{file.where}: this Word document cannot be read ({type(error).__name__}); open it in Word or "
            "LibreOffice, and save it again as .docx."
        ) from None
    if not text.strip():
        raise Refused(f"{file.where}: it has no text; choose a file that holds an article.")
    about = document.core_properties
    yield Draft(
        text,
        plain_title(walk.title or about.title or ""),
        author=plain_title(about.author or ""),
        notes=tuple(walk.told(len(remarks))),
        original=Original(
            data,
            DOCX.types[0],
            f"python-docx {docx.__version__}",
            name=PurePath(file.name).name,
        ),
        remarks=remarks,
    )  # fmt: skip


class _Walk:
    """Goes through a document once."""

    def __init__(self, document: Any) -> None:
        self.blocks: list[_Block] = []
        self.title = ""
        self._part = document.part
        self._left: Counter[str] = Counter()
        self._referred: list[tuple[str, str]] = []
        self._asides: list[_Block] = []
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

    def told(self, comments: int) -> Iterator[str]:
        """What people should know of how it was read."""
        for number, one, done in (
            (self._left["change"], "tracked change", "taken as accepted"),
            (comments, "comment", "read"),
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
        inner = _Block()
        self._inline(paragraph, inner)
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
                self._asides.append(self._aside(child))
            elif tag == _MC + "AlternateContent":
                self._inline(child.findall(_MC + "Choice")[:1], into)
            else:
                self._inline(child, into)


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
        self._formats: dict[str, dict[str, str]] = {}
        for rel in document.part.rels.values():
            if rel.reltype.endswith("/numbering") and not rel.is_external:
                self._read(rel.target_part.element)
        self._counted: Counter[tuple[str, str]] = Counter()

    def _read(self, numbering: Any) -> None:
        kinds = {
            abstract.get(_W + "abstractNumId"): {
                level.get(_W + "ilvl", "0"): _value(level.find(_W + "numFmt")) for level in abstract.iter(_W + "lvl")
            }
            for abstract in numbering.iter(_W + "abstractNum")
        }
        for number in numbering.iter(_W + "num"):
            self._formats[number.get(_W + "numId", "")] = kinds.get(_value(number.find(_W + "abstractNumId")), {})

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
        form = self._formats.get(number, {}).get(level, "")
        if form in ("", "none"):
            return "paragraph", None, name
        return f"item of {number}", lambda: "• " if form == "bullet" else self._next(number, level), name

    def _next(self, number: str, level: str) -> str:
        self._counted[number, level] += 1
        for other in [key for key in self._counted if key[0] == number and key[1] > level]:
            del self._counted[other]  # inner lists begin anew
        return f"{self._counted[number, level]}. "


def _value(element: Any) -> str:
    return element.get(_W + "val", "") if element is not None else ""


def _remarks(document: Any, text: str, marks: list[_Mark]) -> Iterator[Remark]:
    """The comments that have words and are not resolved, at the words that they are about."""
    starts = {mark.id: mark.at for mark in reversed(marks) if mark.what == "RangeStart"}
    ends = {mark.id: mark.at for mark in marks if mark.what == "RangeEnd"}
    points = {mark.id: mark.at for mark in reversed(marks) if mark.what == "Reference"}
    resolved = _resolved(document)
    for rel in document.part.rels.values():
        if not rel.reltype.endswith("/comments") or rel.is_external:
            continue
        for comment in rel.target_part.element.iter(_W + "comment"):
            id = comment.get(_W + "id", "")
            words = "\n".join(
                "".join(node.text or "" for node in paragraph.iter(_W + "t")) for paragraph in comment.iter(_W + "p")
            ).strip()
            point = points.get(id, ends.get(id, starts.get(id)))
            done = resolved.intersection(paragraph.get(_W14 + "paraId", "") for paragraph in comment.iter(_W + "p"))
            if not words or point is None or done:
                continue
            start, end = _about(text, starts.get(id, point), ends.get(id, point))
            yield Remark(
                start,
                end,
                plain_title(comment.get(_W + "author", "")) or _UNKNOWN,
                words,
                _moment(comment.get(_W + "date", "")),
                f"docx:{id}",
            )


def _about(text: str, start: int, end: int) -> tuple[int, int]:
    """The words between two places without the spaces around them; of a single place its sentence."""
    words = text[start:end]
    if words.strip():
        start += len(words) - len(words.lstrip())
        return start, start + len(words.strip())
    found = list(sentences(text))
    return next(((s, e) for s, e in found if e >= start), found[-1])


def _resolved(document: Any) -> set[str]:
    """The paragraphs of the comments that somebody has marked as resolved."""
    found: set[str] = set()
    for rel in document.part.rels.values():
        if rel.reltype.endswith("/commentsExtended") and not rel.is_external:
            for one in parse_xml(rel.target_part.blob).iter(_W15 + "commentEx"):
                if one.get(_W15 + "done") in ("1", "true"):
                    found.add(one.get(_W15 + "paraId", ""))
    return found - {""}


def _moment(said: str) -> int:
    """A time as Word writes it, in ms UTC; 0 for what is none. Word's clock tells no zone, though it writes one."""
    try:
        moment = datetime.fromisoformat(said.replace("Z", "+00:00"))
    except ValueError:
        return 0
    ms = int((moment if moment.tzinfo else moment.replace(tzinfo=timezone.utc)).timestamp() * 1000)
    return max(ms, 0)
