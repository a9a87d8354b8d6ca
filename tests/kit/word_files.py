"""Word documents made for tests: paragraphs with comments and tracked changes."""

from __future__ import annotations

import io
from collections.abc import Sequence
from typing import Any

import docx
from docx.oxml import OxmlElement

Run = str | tuple[str, str, str] | Any
"""Words; words with the author and the words of a comment; or an element as ``inserted`` makes it."""


def word(
    *paragraphs: Sequence[Run],
    heading: str = "",
    items: Sequence[str] = (),
    table: Sequence[Sequence[str]] = (),
    author: str = "",
) -> bytes:
    document = docx.Document()
    document.core_properties.author = author
    if heading:
        document.add_heading(heading, 1)
    for runs in paragraphs:
        paragraph = document.add_paragraph()
        for run in runs:
            if isinstance(run, str):
                paragraph.add_run(run)
            elif isinstance(run, tuple):
                words, by, remark = run
                document.add_comment(paragraph.add_run(words), text=remark, author=by, initials="")
            else:
                paragraph._p.append(run)
    for item in items:
        document.add_paragraph(item, style="List Bullet")
    if table:
        made = document.add_table(len(table), len(table[0]))
        for row, cells in zip(made.rows, table, strict=True):
            for cell, words in zip(row.cells, cells, strict=True):
                cell.text = words
    file = io.BytesIO()
    document.save(file)
    return file.getvalue()


def inserted(words: str) -> Any:
    return _tracked("w:ins", "w:t", words)


def deleted(words: str) -> Any:
    return _tracked("w:del", "w:delText", words)


def _tracked(change: str, kind: str, words: str) -> Any:
    outer, run, text = OxmlElement(change), OxmlElement("w:r"), OxmlElement(kind)
    text.text = words
    text.set("{http://www.w3.org/XML/1998/namespace}space", "preserve")
    run.append(text)
    outer.append(run)
    return outer
