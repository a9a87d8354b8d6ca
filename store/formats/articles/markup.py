"""Text in paragraphs, made from a tree of mark-up: what a person would see, without the marks."""

from __future__ import annotations

import re
from typing import Any

_SPACES = re.compile(r"[ \t\n\r\f]+")
_PARAGRAPHS = frozenset(
    [
        "head",
        "p",
        "quote",
        "blockquote",
        "div",
        "section",
        "article",
        "header",
        "footer",
        "main",
        "aside",
        "figure",
        "figcaption",
        "address",
        "details",
        "summary",
        "h1",
        "h2",
        "h3",
        "h4",
        "h5",
        "h6",
        "hr",
        "table",
        "body",
        "form",
        "fieldset",
        "dl",
        "dt",
        "dd",
        "pre",
    ]
)
_LISTS = frozenset(("list", "ul", "ol"))
_ITEMS = frozenset(("item", "li"))
_ROWS = frozenset(("row", "tr"))
_CELLS = frozenset(("cell", "td", "th"))
_LINES = frozenset(("lb", "br"))
_VERBATIM = frozenset(("code", "pre"))
_UNSEEN = frozenset(("script", "style", "template", "noscript", "svg", "iframe", "object", "graphic", "title", "meta"))


class Prose:
    """Collects paragraphs: one blank line between them, an item of a list and a row of a table on a line each."""

    def __init__(self) -> None:
        self._blocks: list[tuple[str, str]] = []  # what it is, and its text
        self._pieces: list[str] = []
        self._kind = "paragraph"
        self._mark = ""
        self._lists: list[int] = []  # for each open list the number of its last item; -1 where they have none
        self._cells: list[str] | None = None
        self._verbatim = 0
        self._unseen = 0

    @classmethod
    def of(cls, tree: Any) -> str:
        """The text of a tree of elements."""
        from lxml import etree

        blocks = cls()
        for event, element in etree.iterwalk(tree, events=("start", "end", "comment", "pi")):
            if event == "start":
                blocks._open(element)
                blocks._add(element.text)
            else:
                if event == "end":
                    blocks._close(element.tag)
                if element is not tree:
                    blocks._add(element.tail)
        return blocks.text()

    def text(self) -> str:
        """All of it."""
        self._end()
        pieces: list[str] = []
        before = ""
        for kind, text in self._blocks:
            together = kind == before and kind != "paragraph"
            pieces.append(("\n" if together else "\n\n") + text if pieces else text)
            before = kind
        return "".join(pieces)

    def _open(self, element: Any) -> None:
        tag = element.tag
        if tag in _UNSEEN:
            self._unseen += 1
        if tag in _LINES:
            self._pieces.append("\n")
        elif tag in _CELLS and self._cells is not None:
            self._pieces = []
        elif tag in _ROWS:
            self._end()
            self._cells = []
        elif tag in _LISTS and self._cells is None:
            self._end()
            numbered = tag == "ol" or element.get("rend") == "ol"
            self._lists.append(0 if numbered else -1)
        elif tag in _ITEMS and self._cells is None:
            self._end()
            self._kind, self._mark = "item", "• "
            if self._lists and self._lists[-1] >= 0:
                self._lists[-1] += 1
                self._mark = f"{self._lists[-1]}. "
        elif tag in _PARAGRAPHS:
            self._part()
        if tag in _VERBATIM:
            self._verbatim += 1

    def _close(self, tag: str) -> None:
        if tag in _UNSEEN:
            self._unseen -= 1
        if tag in _VERBATIM:
            self._verbatim -= 1
        if tag in _CELLS and self._cells is not None:
            self._cells.append(_shown(self._pieces).replace("\n", " "))
            self._pieces = []
        elif tag in _ROWS and self._cells is not None:
            row = " | ".join(self._cells).rstrip(" |")
            if row:
                self._blocks.append(("row", row))
            self._cells, self._pieces = None, []
        elif tag in _LISTS and self._cells is None:
            self._end()
            self._lists = self._lists[:-1]
        elif tag in _ITEMS and self._cells is None:
            self._end()
        elif tag in _PARAGRAPHS:
            self._part()

    def _add(self, words: str | None) -> None:
        if not words or self._unseen:
            return
        if not self._verbatim:
            words = _SPACES.sub(" ", words)
            if not self._pieces or self._pieces[-1][-1:] in (" ", "\n"):
                words = words.lstrip(" ")
        if words:
            self._pieces.append(words)

    def _part(self) -> None:
        """A paragraph begins or ends: within an item or a cell that is no more than a new line."""
        if self._cells is not None or self._mark:
            self._pieces.append("\n")
        else:
            self._end()

    def _end(self) -> None:
        if self._cells is None:
            text = _shown(self._pieces)
            if self._mark:
                text = re.sub(r"\n+", "\n", text)
            if text:
                self._blocks.append((self._kind, self._mark + text))
            self._pieces, self._kind, self._mark = [], "paragraph", ""


def _shown(pieces: list[str]) -> str:
    """The pieces as one text, without spaces at the edges of lines."""
    return re.sub(r" +(?=\n|$)", "", "".join(pieces)).strip("\n").rstrip(" \t\n")
