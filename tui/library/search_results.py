"""What a search of the desk found, as rows of the library."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from store.reports import Hit
from tui.kit.rows import Cell, Column
from tui.kit.styled_text import Piece, shorten

COLUMNS = (Column("Article", share=1), Column("Claim", 5), Column("Where", 13), Column("Found", share=2))


class Found:
    """The hits of a search, or none yet. ``title_of`` and ``name_of`` tell of an article and of a claim by its id."""

    def __init__(self, hits: Sequence[Hit], title_of: Callable[[str], str], name_of: Callable[[str], str]) -> None:
        self.hits = hits
        self._title_of = title_of
        self._name_of = name_of

    def cells(self, index: int) -> tuple[Cell, ...]:
        """What stands in a row: the words that were looked for are bold."""
        hit = self.hits[index]
        found: list[Piece] = []
        at = 0
        for start, end in hit.marks:
            found += [(hit.snippet[at:start], "muted"), (hit.snippet[start:end], "bold")]
            at = end
        found.append((hit.snippet[at:], "muted"))
        return self._title_of(hit.article), [(self._name_of(hit.claim), "accent")], [(_where(hit), "muted")], found

    def about(self, index: int | None) -> str:
        """What was found in a row, and where, in as many words as there are."""
        if index is None or index >= len(self.hits):
            return ""
        hit = self.hits[index]
        place = (shorten(self._title_of(hit.article), 75), self._name_of(hit.claim), _where(hit))
        return f"{' · '.join(filter(None, place))}: {hit.snippet}"


def _where(hit: Hit) -> str:
    return hit.where.replace("_", " ")
