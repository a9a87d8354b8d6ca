"""The columns of a plain table: what stands at the head of each, which cell of a record, and how it yields room."""

from collections.abc import Callable
from itertools import pairwise
from typing import Any, NamedTuple


class ShareBar(NamedTuple):
    """A bar as it is drawn, and what it says in words; people see both, a pipe gets the text alone."""

    bar: str
    text: str

    def __str__(self) -> str:
        return self.text

    def drawn(self) -> str:
        """The bar and its text."""
        return f"{self.bar} {self.text}"


class Marked(NamedTuple):
    """A text in which some spans are marked: for people between asterisks; a pipe gets the text alone."""

    text: str
    marks: tuple[tuple[int, int], ...]

    def __str__(self) -> str:
        return self.text

    def drawn(self) -> str:
        """The text with what is marked between asterisks, on one line."""
        edges = [0, *(edge for mark in self.marks for edge in mark), len(self.text)]
        parts = (self.text[start:end] for start, end in pairwise(edges))
        return "*".join(" ".join(f"|{part}|".split())[1:-1] for part in parts)


TableCell = str | int | ShareBar | Marked


class Head(NamedTuple):
    """A column of a table. ``cell`` gives what stands under the title for a record.

    ``right`` aligns numbers. When room is short in a terminal, ``spare`` columns are left out, the last one first,
    and then ``flexible`` ones are narrowed; a ``wrapped`` one goes on in the next row instead of being cut.
    """

    title: str
    cell: Callable[[Any], TableCell] = str
    right: bool = False
    flexible: bool = False
    spare: bool = False
    wrapped: bool = False
