"""How much is read and checked, as pieces of a line: the same two figures on every screen."""

from __future__ import annotations

from store.records import Checked
from store.text.coverage import Coverage
from tui.kit.pieces import Piece
from tui.text.tables import CHECKED, OPEN, SWEPT, TAGGED, read_cells

_TONES = {CHECKED: "success", TAGGED: "accent", SWEPT: "", OPEN: "muted"}


def read_pieces(coverage: Coverage, wide: bool) -> list[Piece]:
    """``read 74 % ███▓▓░··``, and where there is room what is left."""
    left: Piece = (f" {coverage.left}", "") if wide and coverage.words_read < coverage.words else ("", "")
    said: list[Piece] = [("read ", "muted"), (f"{coverage.percent} % ", "bold")]
    return [*said, *bar_pieces(coverage, 16 if wide else 8), left]


def bar_pieces(coverage: Coverage, cells: int) -> list[Piece]:
    """The bar alone, in so many cells."""
    drawn = read_cells(coverage, cells)
    return [(glyph * drawn.count(glyph), tone) for glyph, tone in _TONES.items() if glyph in drawn]


def checked_pieces(checked: Checked, wide: bool, broad: bool) -> list[Piece]:
    """``checked 12 of 28``, and what the others lack where there is room to say it, else how many they are."""
    left = checked.claims - checked.checked
    told = broad or (wide and sum(map(bool, checked.lacking)) == 1)
    lacks = (f"{checked.lacking}" if told else f"{left:,} lack{'s' * (left == 1)}") if left else ""
    said = f"{checked.checked:,} of {checked.claims:,}"
    return [("checked ", "muted"), (said, "bold"), (f" · {lacks}" if lacks else "", "")]
