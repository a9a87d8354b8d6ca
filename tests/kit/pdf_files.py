"""PDFs made for tests: lines of text at given places, and pages that are pictures."""

from __future__ import annotations

import io

from pypdf import PdfWriter
from pypdf.generic import (
    ArrayObject,
    DecodedStreamObject,
    DictionaryObject,
    FloatObject,
    NameObject,
    NumberObject,
)

Placed = tuple[str, float, float, float]
"""A line with its place (from the lower left, in points) and the size of its letters."""


def column(lines: str, x: float = 72, y: float = 720, size: float = 11, gap: float = 13) -> list[Placed]:
    """Lines under each other; an empty one leaves as much room as there is between paragraphs."""
    found = []
    for line in lines.split("\n"):
        if line:
            found.append((line, x, y, size))
        y -= gap if line else gap * 0.8
    return found


def pdf(*pages: list[Placed] | None, title: str = "", author: str = "", password: str = "") -> bytes:
    """A PDF; a page that is None is a picture."""
    writer = PdfWriter()
    font = DictionaryObject(
        {
            NameObject("/Type"): NameObject("/Font"),
            NameObject("/Subtype"): NameObject("/Type1"),
            NameObject("/BaseFont"): NameObject("/Helvetica"),
            NameObject("/Encoding"): NameObject("/WinAnsiEncoding"),
        }
    )
    for lines in pages:
        page = writer.add_blank_page(612, 792)
        resources = DictionaryObject({NameObject("/Font"): DictionaryObject({NameObject("/F1"): font})})
        if lines is None:
            picture = DecodedStreamObject()
            picture.set_data(b"\0\0\0")
            picture.update(
                {
                    NameObject("/Type"): NameObject("/XObject"),
                    NameObject("/Subtype"): NameObject("/Image"),
                    NameObject("/Width"): NumberObject(1),
                    NameObject("/Height"): NumberObject(1),
                    NameObject("/ColorSpace"): NameObject("/DeviceRGB"),
                    NameObject("/BitsPerComponent"): NumberObject(8),
                }
            )
            objects = DictionaryObject({NameObject("/I1"): writer._add_object(picture)})
            resources[NameObject("/XObject")] = objects
        page[NameObject("/Resources")] = resources
        content = DecodedStreamObject()
        content.set_data(b"q 9 0 0 9 0 0 cm /I1 Do Q" if lines is None else b"\n".join(map(_drawn, lines)))
        page[NameObject("/Contents")] = writer._add_object(content)
        page[NameObject("/MediaBox")] = ArrayObject([FloatObject(n) for n in (0, 0, 612, 792)])
    if title or author:
        writer.add_metadata({"/Title": title, "/Author": author})
    if password:
        writer.encrypt(password, algorithm="RC4-128")
    file = io.BytesIO()
    writer.write(file)
    return file.getvalue()


def _drawn(line: Placed) -> bytes:
    words, x, y, size = line
    said = words.encode("cp1252").replace(b"\\", b"\\\\").replace(b"(", b"\\(").replace(b")", b"\\)")
    return f"BT /F1 {size} Tf 1 0 0 1 {x} {y} Tm (".encode() + said + b") Tj ET"
