"""How much is read and checked and what conflicts, as pieces of a line: the same figures on every screen."""

from __future__ import annotations

from store.desk import Desk
from store.reports import Checked
from store.text.coverage import Coverage
from tui.kit.styled_text import Piece, width_of
from tui.text.spans import CHECKED, OPEN, SWEPT, TAGGED
from tui.text.tables import read_cells

_WIDE = 75  # where there are fewer cells, who else is here comes before what is left
_TONES = {CHECKED: "success", TAGGED: "accent", SWEPT: "", OPEN: "muted"}


class ConflictCount:
    """The conflicts that wait in an article; counted again once something was written."""

    def __init__(self, desk: Desk) -> None:
        self._desk = desk
        self._waiting = 0
        self._counted: tuple[str, int] | None = None
        """In which article, and how far the history went then."""

    def of(self, article: str) -> int:
        """How many wait in an article, by its id."""
        now = (article, self._desk.history.mark())
        if now != self._counted:
            self._waiting, self._counted = self._desk.conflicts.counts(article)[article], now
        return self._waiting

    def pieces(self, article: str) -> list[Piece]:
        """What the head of a screen says of them, before the title of the article."""
        waiting = self.of(article)
        return [(f"≠ {counted_conflicts(waiting)}  ", "bold error")] if waiting else []


def counted_conflicts(waiting: int) -> str:
    """So many conflicts, in words."""
    return f"{waiting:,} conflict{'s' * (waiting != 1)}"


def conflicts_here(waiting: int) -> str:
    """The sentence that says so where there is no screen, and what lists them."""
    return f"{counted_conflicts(waiting)} here: `factdesk conflicts` lists what waits."


def head_pieces(who: str, coverage: Coverage, checked: Checked, cells: int) -> list[Piece]:
    """Who works here, ``read 74 % ███▓▓░··`` and ``checked 12 of 28``, and with room for it what is left of both.

    What there is no room for in so many cells is left out as a whole: a figure that was cut would be another one.
    """
    wide = cells >= _WIDE
    name: Piece = (f"  {who}  " if who else " ", "muted")
    read: list[Piece] = [("read ", "muted"), (f"{coverage.percent} % ", "bold")]
    bar = bar_pieces(coverage, 16 if wide else 8)
    left: list[Piece] = [(f" {coverage.left}", "")] if wide and coverage.words_read < coverage.words else []
    told: list[Piece] = []
    if checked.claims:
        said = f"{checked.checked:,} of {checked.claims:,}"
        told = [(" · " if wide else " ", "muted"), ("checked ", "muted"), (said, "bold")]
    full, short = _lacks(checked)
    ways = (
        [name, *read, *bar, *left, *told, *(full if wide else short)],
        [name, *read, *bar, *left, *told, *short],
        [name, *read, *bar, *told, *short],
        [name, *read, *bar, *told],
        [name, *read, *told],
    )
    return next((way for way in ways if width_of(way) < cells), [(" ", ""), *read, *told])


def bar_pieces(coverage: Coverage, cells: int) -> list[Piece]:
    """The bar alone, in so many cells."""
    drawn = read_cells(coverage, cells)
    return [(glyph * drawn.count(glyph), tone) for glyph, tone in _TONES.items() if glyph in drawn]


def _lacks(checked: Checked) -> tuple[list[Piece], list[Piece]]:
    """What the claims lack that are not checked, and how many they are."""
    left = checked.claims - checked.checked
    return ([(f" · {checked.lacking}", "")], [(f" · {left:,} lack{'s' * (left == 1)}", "")]) if left else ([], [])
