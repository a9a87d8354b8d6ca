"""Several sweeps as one step: what is unread in a stretch of text, and what is taken back of it."""

from __future__ import annotations

from collections.abc import Iterable

from store.check.claims import Checking
from store.records import Article, Sweep
from store.text.units import Span


def sweep_all(desk: Checking, article: Article, spans: Iterable[Span]) -> None:
    """Sweep some spans (start and end in code points) in one step of undo.

    Raises:
        Refused: one of them cannot be swept; then none is.
    """
    with desk.together():
        for start, end in spans:
            desk.sweep(article, start, end)


def unsweep_all(desk: Checking, sweeps: Iterable[Sweep]) -> None:
    """Take some sweeps back in one step of undo.

    Raises:
        Refused: one of them cannot be taken back; then none is.
    """
    with desk.together():
        for sweep in sweeps:
            desk.delete(sweep)
