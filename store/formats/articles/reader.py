"""The kinds of file that articles are read from: one table, one module for each kind.

What a file is is told by its content where that is beyond doubt, else by its ending, else by what its beginning looks
like; what is left is plain text.
"""

import json
import re
from collections.abc import Callable, Iterable, Iterator, Mapping
from importlib import import_module
from pathlib import PurePath
from types import MappingProxyType
from typing import BinaryIO, NamedTuple

from store.errors import Refused
from store.text.article_draft import Draft

HEAD_BYTES = 4096
"""So much of a file is looked at to tell what it is."""


class ReadOptions(NamedTuple):
    """How articles are read.

    ``captions`` keeps the captions of pictures as a last paragraph. ``columns`` name the columns of a table or the keys
    of records that hold a field, where they are not called like it. ``follow`` gets the article at an address, for
    lists that name addresses alone; without it, nothing is fetched.
    """

    captions: bool = False
    columns: Mapping[str, str] = MappingProxyType({})
    follow: Callable[[str], Draft] | None = None


class ArticleFile(NamedTuple):
    """A file that is open to be read; the stream can be read from any place.

    ``where`` names it in messages, ``name`` is the name by whose ending its kind is told, ``content_type`` what a site
    says that it is, and ``address`` where it comes from, if that is the web.
    """

    stream: BinaryIO
    where: str
    name: str = ""
    content_type: str = ""
    address: str = ""


Arrived = Draft | Refused
"""An article of a file, or why one of its articles cannot come in."""


class Unfetched(Refused):
    """An article of a list has an address alone, and nobody has asked for it to be fetched."""


class FetchStopped(Exception):
    """Somebody has stopped fetching."""


class Reader(NamedTuple):
    """A kind of file. ``says`` is what it is and what is read of it; ``needs`` is the extra that reads it, if any.

    ``read`` gives the articles of a file. It raises Refused when nothing of it can be read.
    """

    name: str
    says: str
    extensions: tuple[str, ...]
    types: tuple[str, ...]
    module: str
    needs: str = ""
    listed: bool = False
    """Whether a file holds many articles; such files are not looked for in folders."""

    def names(self, file: ArticleFile) -> bool:
        """Whether the file says by its own type or ending that it is of this kind."""
        kind = file.content_type.partition(";")[0].strip()
        return kind in self.types if kind else PurePath(file.name).suffix.lower() in self.extensions

    def read(self, file: ArticleFile, options: ReadOptions) -> Iterable[Arrived]:
        read: Callable[[ArticleFile, ReadOptions], Iterable[Arrived]]
        try:
            read = import_module(f"store.formats.articles.{self.module}").read
        except ImportError as error:
            if not self.needs or (error.name or "").startswith("store"):
                raise
            from store.optional_libraries import command_to_add

            raise Refused(
                f"{file.where}: factdesk reads this kind of file ({self.name}) with more libraries; install them with "
                f"`{command_to_add(f'factdesk[{self.needs}]')}`."
            ) from None
        return read(file, options)


TEXT = Reader("text", "plain text, kept exactly", (".txt", ".text"), ("text/plain",), "plaintext")
MARKDOWN = Reader(
    "Markdown", "kept as written, shown without its marks; its front matter is read for title, author and date",
    (".md", ".markdown"), ("text/markdown",), "plaintext",
)  # fmt: skip
HTML = Reader(
    "web page", "the article of an HTML page, saved or at an `http(s)` address, with its title, author, site and date",
    (".html", ".htm", ".xhtml"), ("text/html", "application/xhtml+xml"), "html", "web",
)  # fmt: skip
DOCX = Reader(
    "Word", "a Word document with its tables, footnotes and comments", (".docx", ".docm"),
    ("application/vnd.openxmlformats-officedocument.wordprocessingml.document",), "docx", "documents",
)  # fmt: skip
PDF = Reader("PDF", "the paragraphs of a PDF that holds text", (".pdf",), ("application/pdf",), "pdf", "documents")
SHEET = Reader(
    "table", "CSV or TSV, one article or one address a row, with named columns", (".csv", ".tsv"),
    ("text/csv", "text/tab-separated-values"), "table", listed=True,
)  # fmt: skip
RECORDS = Reader(
    "records", "JSONL, JSON or JSON Feed, one article or one address a record", (".jsonl", ".ndjson", ".json"),
    ("application/json", "application/feed+json", "application/x-ndjson"), "records", listed=True,
)  # fmt: skip
FEED = Reader(
    "feed", "RSS or Atom", (".rss", ".atom", ".xml"),
    ("application/rss+xml", "application/atom+xml", "application/xml", "text/xml"), "feed", "web", listed=True,
)  # fmt: skip
ZIP = Reader("zip", "an archive of any of these", (".zip",), ("application/zip",), "archive", listed=True)

READERS: tuple[Reader, ...] = (TEXT, MARKDOWN, HTML, DOCX, PDF, SHEET, RECORDS, FEED, ZIP)
"""All kinds, in the order in which they are told."""
SUFFIXES: tuple[str, ...] = tuple(ending for one in READERS if not one.listed for ending in one.extensions)
"""What is taken for an article when a folder is read."""
LISTED: tuple[str, ...] = tuple(ending for one in READERS if one.listed for ending in one.extensions)
"""What may hold many articles; such files are read when they are named."""

_OFFICE = {
    "word/": DOCX,
    "xl/": "a spreadsheet; save it as CSV",
    "ppt/": "a presentation; save its text as a document",
    "content.xml": "an OpenDocument file; save it as .docx",
    "META-INF/container.xml": "an e-book; save its text as HTML or plain text",
}
_PAGE = rb"(?is)\s*(?:<\?xml[^>]*>\s*|<!--.*?-->\s*)*<(?:!doctype html|html|head|body)[\s>]"
_FEED = rb"<(?:rss|feed|rdf:RDF)[\s>]"


def articles_of(file: ArticleFile, options: ReadOptions) -> Iterator[Arrived]:
    """The articles of a file, each checked, and why some of them cannot come in.

    Raises:
        Refused: nothing of it can be read.
    """
    yield from reader_of(file).read(file, options)


def reader_of(file: ArticleFile) -> Reader:
    """The kind of a file. Raises Refused for one that holds no article for certain."""
    file.stream.seek(0)
    head = file.stream.read(HEAD_BYTES)
    if head.lstrip(b"\xef\xbb\xbf\r\n\t \0").startswith(b"%PDF-"):
        return PDF
    if head.startswith((b"PK\x03\x04", b"PK\x05\x06")):
        return _packed(file)
    ending = PurePath(file.name).suffix.lower()
    kind = file.content_type.partition(";")[0].strip()
    if kind == "text/plain" and ending in MARKDOWN.extensions:  # as sites send what they do not know
        file = file._replace(content_type="")
    for one in READERS:
        if one.names(file):
            return one if one is not FEED or re.search(_FEED, head) or not re.match(_PAGE, head) else HTML
    if kind.startswith(("image/", "audio/", "video/", "font/")):
        raise Refused(f"{file.where}: this is {kind}, not an article; check the address.")
    if re.match(_PAGE, head.removeprefix(b"\xef\xbb\xbf")):
        return HTML
    if re.search(_FEED, head[:1000]) and head.lstrip(b"\xef\xbb\xbf\r\n\t ").startswith(b"<"):
        return FEED
    return RECORDS if _is_json(head) else MARKDOWN if not ending and not kind else TEXT


def _packed(file: ArticleFile) -> Reader:
    """What is packed: a document, an archive, or what is neither."""
    from store.formats import zips

    names = zips.archive_in(file.stream, file.where).namelist()
    for beginning, kind in _OFFICE.items() if "[Content_Types].xml" in names or "mimetype" in names else ():
        if any(name.startswith(beginning) for name in names):
            if isinstance(kind, Reader):
                return kind
            raise Refused(f"{file.where}: this is {kind}.")
    return ZIP


def _is_json(head: bytes) -> bool:
    """Whether it begins as a list of records does: no prose begins so."""
    text = head.decode("utf-8-sig", "ignore").lstrip()
    if re.match(r'\[\s*\{\s*"|\{\s*"[^"\n]*"\s*:', text) is None:
        return False
    line = text.partition("\n")[0]
    if len(line) < HEAD_BYTES // 2 and line.rstrip() not in ("{", "["):
        try:
            json.loads(line.rstrip().rstrip(","))
        except (ValueError, RecursionError):
            return line.rstrip()[-1] in "{[,:"
    return True
