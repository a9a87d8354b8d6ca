"""Plain text and Markdown.

The text stays as it was written, to the space: only what no text should hold is mended (`mended`), and every mend
is told in the draft's notes. Markdown stays Markdown; its front matter is read and removed, for it is not part
of the article.
"""

from __future__ import annotations

import codecs
import io
import re
import unicodedata
from collections.abc import Iterator
from contextlib import suppress
from datetime import date
from pathlib import PurePath

from store.errors import Refused
from store.formats.articles.reader import MARKDOWN, ArticleFile, ReadOptions, reader_of
from store.text.article_draft import DATE_HEADER, EXCERPT, Draft, is_whole, plain_title
from store.text.shown_text import as_seen
from store.vocabulary import Markup

ARTICLE_LIMIT_BYTES = 32_000_000
"""The longest file that is read, in bytes."""


def read(file: ArticleFile, options: ReadOptions) -> Iterator[Draft]:
    """The article in a file. Raises Refused as ``decoded`` does."""
    kind = reader_of(file)
    named = kind is MARKDOWN and bool(file.content_type or PurePath(file.name).suffix)
    draft = decoded(whole(file), file.where, markdown=kind is MARKDOWN)
    markup = Markup.MARKDOWN.value if named else ""  # what has no name may be any text
    yield draft._replace(url=draft.url or file.address, markup=markup)


def whole(file: ArticleFile) -> bytes:
    """All bytes of a file that holds one article. Raises Refused when there are too many."""
    if file.stream.seek(0, io.SEEK_END) > ARTICLE_LIMIT_BYTES:
        raise _too_long(file.where)
    file.stream.seek(0)
    return file.stream.read()


def decoded(data: bytes, where: str, *, markdown: bool = True) -> Draft:
    """The article in these bytes; ``where`` names them in refusals.

    Raises Refused for bytes that are too long, empty, binary or in an encoding that cannot be made out.
    """
    if len(data) > ARTICLE_LIMIT_BYTES:
        raise _too_long(where)
    if kind := next((kind for magic, kind in _MAGIC if data.startswith(magic)), ""):
        raise Refused(f"{where}: this is {kind}, not text; export it as plain text first.")
    decoded, reading = _decoded(data, where)
    text, mends = mended(decoded)
    notes = [*reading, *mends]
    fields: dict[str, str] = {}
    if markdown and (front := re.match(_FRONT_MATTER, text)):
        fields = _front_matter(front[1], notes)
        text = text[front.end() :]
        notes.append(f"front matter ({_count(front[0].count(chr(10)), 'line')}) read and removed")
    if not text.strip():
        raise Refused(f"{where}: it has no text; choose a file that holds an article.")
    header = DATE_HEADER.match(text)
    if header and (published := day(header[1], notes)):
        fields.setdefault("published", published)
    return Draft(
        text,
        fields.get("title", "") or (_heading(text) if markdown else ""),
        url=fields.get("url", ""),
        publisher=fields.get("publisher", ""),
        author=fields.get("author", ""),
        published=fields.get("published", ""),
        language=fields.get("language", ""),
        notes=tuple(notes),
    )


def mended(text: str) -> tuple[str, tuple[str, ...]]:
    """The text without what no article holds, and a phrase for each kind of mend.

    NUL and a leading byte order mark go, a lone surrogate becomes U+FFFD, CRLF and CR become LF. Nothing else is
    touched: no normalisation, no trimming.
    """
    notes: list[str] = []
    if nuls := text.count("\0"):
        text = text.replace("\0", "")
        notes.append(f"{_count(nuls, 'NUL')} removed")
    if marks := len(text) - len(text.lstrip("\ufeff")):
        text = text[marks:]
        notes.append(f"{_count(marks, 'byte order mark')} removed")
    if not is_whole(text):
        text, surrogates = re.subn("[\ud800-\udfff]", "\ufffd", text)
        notes.append(f"{_count(surrogates, 'lone surrogate')} became U+FFFD")
    if pairs := text.count("\r\n"):
        text = text.replace("\r\n", "\n")
        notes.append(f"{_count(pairs, 'CRLF line end')} became LF")
    if returns := text.count("\r"):
        text = text.replace("\r", "\n")
        notes.append(f"{_count(returns, 'CR line end')} became LF")
    return text, tuple(notes)


_ISO_DATE = r"([0-9]{4})(?:-([0-9]{2})(?:-([0-9]{2}))?)?(?:[T ].*)?"

# Every line between the dashes is a key with its value, a comment, or belongs to the key above it: prose between
# two rules is not a front matter.
_FRONT_MATTER = (
    r"---[ \t]*\n((?=[A-Za-z])(?:(?:[A-Za-z][\w-]*[ \t]*:|[ \t]|-[ \t]|#).*\n|\n)*?)(?:---|\.\.\.)[ \t]*(?:\n|\Z)"
)
_FIELDS = {
    "title": "title",
    "date": "published",
    "published": "published",
    "author": "author",
    "publisher": "publisher",
    "source": "publisher",
    "url": "url",
    "language": "language",
    "lang": "language",
}

_MAGIC = (
    (b"%PDF-", "a PDF"),
    (b"PK\x03\x04", "a zip archive or an office document"),
    (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1", "an old office document"),
    (b"{\\rtf", "an RTF document"),
    (b"\x89PNG\r\n\x1a\n", "a PNG picture"),
    (b"\xff\xd8\xff", "a JPEG picture"),
    (b"GIF8", "a GIF picture"),
    (b"RIFF", "a picture or a recording"),
    (b"II*\0", "a TIFF picture"),
    (b"MM\0*", "a TIFF picture"),
    (b"\x1f\x8b", "a gzip archive"),
    (b"BZh", "a bzip2 archive"),
    (b"\xfd7zXZ\0", "an xz archive"),
    (b"7z\xbc\xaf\x27\x1c", "a 7z archive"),
    (b"\x7fELF", "a program"),
    (b"SQLite format 3\0", "an SQLite database"),
)
_BYTE_ORDER_MARKS = (
    (codecs.BOM_UTF8, "utf-8", "UTF-8"),
    (codecs.BOM_UTF32_LE, "utf-32-le", "UTF-32"),
    (codecs.BOM_UTF32_BE, "utf-32-be", "UTF-32"),
    (codecs.BOM_UTF16_LE, "utf-16-le", "UTF-16"),
    (codecs.BOM_UTF16_BE, "utf-16-be", "UTF-16"),
)
_OPENING = 100_000
"""Code points in which a heading is looked for; one further on is not a title."""


def _decoded(data: bytes, where: str) -> tuple[str, tuple[str, ...]]:
    """The text, its byte order mark still on it, and how it was read when that was not UTF-8."""
    fault: UnicodeDecodeError | None = None
    for mark, codec, name in _BYTE_ORDER_MARKS:
        if data.startswith(mark):
            try:
                text = data.decode(codec, "surrogatepass")
            except UnicodeDecodeError as error:
                fault = error  # FF FE 00 00 begins UTF-32, or UTF-16 with a NUL
            else:
                return text, () if codec == "utf-8" else (f"read as {name}",)
    if fault:
        raise _undecodable(where, data, fault)
    try:
        text = data.decode("utf-8", "surrogatepass")
    except UnicodeDecodeError as error:
        fault = error
    nuls = data.count(0)
    controls = len(data.translate(None, _NO_CONTROLS))
    if controls and (fault or (controls > 1 and controls * 33 > len(data))) and (wide := _utf_16(data)):
        return wide, ("read as UTF-16",)
    if nuls * 10 > len(data) or nuls > max(16, len(data) // 10_000):
        raise Refused(
            f"{where}: this is a binary file, not text ({_count(nuls, 'NUL byte')}); export it as plain text first."
        )
    if not fault:
        return text, ()
    from store.formats.articles import charset

    if codec := charset.codec_of(data):
        with suppress(UnicodeDecodeError):  # further on than was looked at
            return data.decode(codec), (f"read as {charset.codec_words(codec)}",)
    raise _undecodable(where, data, fault)


def _utf_16(data: bytes) -> str:
    """The bytes as UTF-16 without a byte order mark, or nothing when they make no sense as that.

    Sense is that the first characters all exist, and that some of them are what any script shares with others:
    ASCII, or the full-width comma and full stop. In the wrong byte order, or in no UTF-16 at all, they are not.
    """
    best, best_share = "", 0.02
    for codec in ("utf-16-le", "utf-16-be"):
        try:
            text = data.decode(codec)
        except UnicodeDecodeError:
            continue
        sample = text[:10_000]
        if any(unicodedata.category(c) in _SENSELESS and c not in "\t\n\v\f\r\ufeff" for c in sample):
            continue
        share = sum(" " <= c <= "~" or c in "\n\u3001\u3002\uff0c" for c in sample) / max(len(sample), 1)
        if share > best_share:
            best, best_share = text, share
    return best


_SENSELESS = {"Cc", "Cn", "Co", "Cs"}
_NO_CONTROLS = bytes({*range(32, 256), *b"\t\n\v\f\r\x1b"} - {0x7F})


def _front_matter(lines: str, notes: list[str]) -> dict[str, str]:
    """The fields that a draft has a place for; the first value of a field counts."""
    fields: dict[str, str] = {}
    for line in lines.split("\n"):
        key, _, value = line.partition(":")
        name = _FIELDS.get(key.strip().lower(), "") if line[:1].isalpha() else ""
        value = plain_title(value)
        value = value[1:-1].strip() if value[:1] == value[-1:] and value[:1] in ('"', "'") else value
        if name == "publisher" and value.startswith(("http://", "https://")):
            name = "url"
        elif name == "published" and value:
            value = day(value, notes)
        elif name == "language" and value:
            value = known_language(value, notes)
        if name and value:
            fields.setdefault(name, value)
    return fields


def known_language(value: str, notes: list[str]) -> str:
    """The code of a language; nothing, and a note, when it is none."""
    from store.text.language_codes import checked_code

    try:
        return checked_code(value)
    except Refused as refusal:
        notes.append(f"the language was not read: {str(refusal).rstrip('.')}")
        return ""


def day(value: str, notes: list[str]) -> str:
    """The date in ISO 8601, without its time of day; nothing, and a note, when there is no such day."""
    if found := re.fullmatch(_ISO_DATE, value):
        year, month, day = found.groups()
        try:
            date(int(year), int(month or 1), int(day or 1))
        except ValueError:
            notes.append(f"there is no day {value[:40]}, so it is not used as a date")
            return ""
        return "-".join(part for part in (year, month, day) if part)
    notes.append(f"the date {value[:40]} is not of the form YYYY-MM-DD and was not read")
    return ""


def _seen(title: str) -> str:
    return plain_title(as_seen(title, Markup.MARKDOWN).text)


def _heading(text: str) -> str:
    """The first heading of a Markdown text: after ``#``, or underlined with ``=`` or ``-``."""
    above, fenced, alone = "", False, True
    for line in io.StringIO(text[:_OPENING]):
        line = line.rstrip()[:EXCERPT]
        if line.startswith(("```", "~~~")):
            fenced = not fenced
        elif not fenced:
            if (marks := re.match(r"#{1,6}[ \t]", line)) and (found := plain_title(line[marks.end() :])):
                return _seen(re.sub(r" #+$", "", found))
            if above and alone and len(line) > 1 and not (line.strip("=") and line.strip("-")):
                return _seen(above)
        above, alone = line.strip(), not above
    return ""


def _count(number: int, thing: str) -> str:
    return f"{number} {thing}" if number == 1 else f"{number} {thing}s"


def _too_long(where: str) -> Refused:
    return Refused(f"{where}: an article has at most {ARTICLE_LIMIT_BYTES // 1_000_000} MB; split the file.")


def _undecodable(where: str, data: bytes, error: UnicodeDecodeError) -> Refused:
    return Refused(
        f"{where}: its encoding cannot be recognised (byte {error.start}, 0x{data[error.start]:02X}, is not "
        f"{error.encoding.upper()}); save the file as UTF-8."
    )
