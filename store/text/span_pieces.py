"""A span of several pieces: where they lie in it, kept as text beside the span and counted from its start.

``0 2;13 18`` are its first two code points, and five from the thirteenth on. It holds as long as it fits the span: the
first piece begins where the span does, and the last ends where it ends. Otherwise the span is one piece.
"""

from __future__ import annotations

import re
from collections.abc import Sequence

Pieces = tuple[tuple[int, int], ...]

_SAID = re.compile(r"\d{1,9} \d{1,9}(;\d{1,9} \d{1,9})+")


def spelt(pieces: Sequence[tuple[int, int]], start: int, end: int) -> str:
    """Pieces (code points of the text) of a span as they are kept; empty when there are not several."""
    if len(pieces) < 2:
        return ""
    inner = [edge for piece in pieces for edge in piece][1:-1]
    edges = [start, *inner, end]
    return ";".join(f"{a - start} {b - start}" for a, b in zip(edges[::2], edges[1::2], strict=True))


def in_words(pieces: Pieces, quote: str, start: int) -> str:
    """A span with gaps in words, such as ``2 pieces: ES … cells``; ``quote`` is the whole span. Else empty."""
    parts = " … ".join(" ".join(quote[a - start : b - start].split()) for a, b in pieces)
    return f"{len(pieces)} pieces: {parts}" if pieces else ""


def pieces_of(said: str, start: int, end: int) -> Pieces:
    """The pieces of a span in code points of the text; none where it is one."""
    if not _SAID.fullmatch(said):
        return ()
    edges = [start + int(edge) for edge in re.split("[; ]", said)]
    rising = all(a < b for a, b in zip(edges[::2], edges[1::2], strict=True))
    apart = all(b <= a for b, a in zip(edges[1::2], edges[2::2], strict=False))
    if not rising or not apart or (edges[0], edges[-1]) != (start, end):
        return ()
    return tuple(zip(edges[::2], edges[1::2], strict=True))
